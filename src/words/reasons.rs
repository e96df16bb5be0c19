//! A sentence for each reason.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the reasons that decide and those beside them are written apart"
)]

use super::anomalies::boundary;
use super::{Pen, Sentence};
use crate::analysis::{Border, Identity, Scope};
use crate::catalogue::Provider;
use crate::evidence::SpfIdentity;
use crate::policy::{Connector, Lookup, Route};
use crate::route::claims::{Claim, Claimed};
use crate::route::client::{Contradiction, Ground, Match, Organisation};
use crate::route::exit::{Entrance, Resent, Unshown};
use crate::route::expected::Unlisted;
use crate::route::reason::{
    Beside, Cited, Glance, Peer, Reason, Strange, Structure, Through, Took, Wanted,
};
use crate::route::rules::Who;
use crate::trust::{Doubt, Unseen};

/// A reason.
pub(crate) fn cited(cited: &Cited<'_>) -> Sentence {
    let mut pen = Pen::default();
    pen.reason(&cited.reason);
    if cited.vouched {
        pen.own(
            "; this rests on a field that the recipient did not write, and you vouch for it: the \
             message is your own",
        );
    }
    pen.written()
}

/// Which row of a policy it is and what it means.
pub(crate) fn lookup(lookup: &Lookup<'_>, sender: &str) -> String {
    let mut pen = Pen::default();
    pen.lookup(lookup, sender);
    pen.written().to_string()
}

/// What a header that breaks off asks for.
const WHOLE: &str =
    "the header breaks off below: take it whole, with its line breaks, or save the mail as a file";

const UNSURE: &str = "where the recipient's side begins is not sure";

const EXCHANGE: &str = "the Exchange outgoing server";

impl Pen {
    fn reason(&mut self, reason: &Reason<'_>) -> &mut Self {
        match reason {
            Reason::NothingExpected(glance) => self.own("nothing is expected; ").glance(*glance),
            Reason::UnlistedSender(Unlisted::NoFrom) => {
                self.own("the message has no From address to look up; `--sender` gives one")
            }
            Reason::UnlistedSender(Unlisted::Sender(lookup, sender)) => self.lookup(lookup, sender),
            Reason::UndecidedSender(Some(lookup)) => self.lookup(lookup, ""),
            Reason::UndecidedSender(None) => {
                self.own("From has several addresses, of which the policy expects different routes")
            }
            Reason::Unseen(unseen, by) => self.unseen(*unseen, *by),
            Reason::CutShort(took, _) => self.took(took).own(
                ", one of the recipient's own servers, and nothing tells from whom that took it; ",
            ).own(WHOLE),
            Reason::GuessedBorder(doubt, took) => self.guessed(*doubt, took),
            Reason::NoClient(took) => self.server(took).own(
                " took it from a client of which its stamp tells neither an address nor a name \
                 that it verified",
            ),
            Reason::InnerClient(took) => self
                .took(took)
                .own(", an inner address, which says nothing outside its own network"),
            Reason::Boundary(doubt, _) => self.own(boundary(*doubt)),
            Reason::Undecided => self.own("no rule decides this message"),
            Reason::Limit => self.own(
                "the header is longer than is read of one, and what would decide may stand in \
                 the rest",
            ),
            _ => self.of_exit(reason),
        }
    }

    /// A strong identity, and what it comes to.
    fn of_exit(&mut self, reason: &Reason<'_>) -> &mut Self {
        match reason {
            Reason::IdentitiesDisagree {
                took,
                connector,
                exchange,
            } => self
                .client(took)
                .own(" is the connector ")
                .identity(connector)
                .own(", and the Exchange platform ")
                .identity(exchange)
                .own(": the two do not agree"),
            Reason::ExitNotShown(took, provider, why) => self
                .client(took)
                .own(" is ")
                .provider(provider)
                .own(", which also receives for others; ")
                .unshown(*why)
                .own(": it may be the recipient's filter, a redirection or a forwarder"),
            Reason::TakesIn(took, client) => self
                .client(took)
                .own(
                    " takes mail in from outside, too: its own stamp shows that it took this \
                     message from ",
                )
                .outsider(*client)
                .own("; it may be a forwarder, or the recipient's own entrance"),
            Reason::ConnectorsAlike(took, found) => self
                .client(took)
                .own(" is a connector ")
                .identity(found)
                .own(", but the policy has more than one that it may be"),
            Reason::RecipientNotKnown(took, found, entrance) => {
                self.client(took)
                    .own(" is ")
                    .identity(found)
                    .own("; but such a host may take mail in for its own domain, too, and ");
                self.entrance(entrance)
                    .own(": it may have been the entrance, and not the exit")
            }
            Reason::ResentPerhaps(took, found, resent) => {
                self.client(took).own(" is ").identity(found).own("; but ");
                self.resent(*resent).own(
                    ": a forwarder or a list may have sent the message on through the same host",
                )
            }
            Reason::Left {
                took,
                through,
                found,
                beside,
            } => self.left(took, through, found).beside(*beside),
            Reason::AccountNotShown(through, found) => self
                .own("it left through ")
                .through(through)
                .own(", ")
                .identity(found)
                .own(", but nothing believed shows the account, which --require account asks for"),
            _ => self.of_client(reason),
        }
    }

    /// A client that is known weakly, or not.
    fn of_client(&mut self, reason: &Reason<'_>) -> &mut Self {
        match reason {
            Reason::HeloOnly(took, who) => self
                .took(took)
                .own(", which is ")
                .who(*who)
                .own(" by its HELO alone; the client chose that name"),
            Reason::HeloContradicted(took, helo, by) => self
                .took(took)
                .own(", which announced itself as ")
                .host(helo)
                .own("; but ")
                .contradiction(*by),
            Reason::OperatorNotShown(took, own) => self.operator_not_shown(took, *own),
            Reason::ByStructure(took, structure) => self.structure(took, *structure),
            Reason::Stranger {
                took,
                provider,
                wanted,
                strange,
            } => self.stranger(took, *provider, *wanted, *strange),
            _ => self.further(reason),
        }
    }

    /// What else speaks for or against a verdict.
    fn further(&mut self, reason: &Reason<'_>) -> &mut Self {
        match reason {
            Reason::PolicyRow(lookup, sender) => self.lookup(lookup, sender),
            Reason::HandOver {
                took,
                how,
                verified,
            } => self.hand_over(took, *how, *verified),
            Reason::Contradicted(helo, by) => self.contradicted(helo, *by),
            Reason::Spf {
                word,
                identity,
                domain,
                ..
            } => self
                .own("SPF ")
                .text(word)
                .own(" for that client: ")
                .own(spf_identity(*identity))
                .own(" ")
                .domain(*domain),
            Reason::DkimPass(domain) => self.own("DKIM pass by ").host(domain),
            Reason::ReturnPath { domain, holds } => {
                self.own("the Return-Path is at the connector's domain ")
                    .host(domain);
                match holds {
                    Some((address, true)) => self.own(", with the sender ").mailbox(address),
                    Some((address, false)) => self.own(", with the address ").mailbox(address),
                    None => return self,
                }
                .own(" in it")
            }
            Reason::Marker {
                field,
                carries,
                client,
            } if carries == client => self
                .text(field)
                .own(" carries the client's address ")
                .address(&carries.to_string()),
            Reason::Marker {
                field,
                carries,
                client,
            } => self
                .text(field)
                .own(" carries ")
                .address(&carries.to_string())
                .own(", but the client was ")
                .address(&client.to_string()),
            Reason::TlsMissing(wanted) => self
                .wanted(*wanted)
                .own(" requires TLS, and this hand-over shows none"),
            Reason::OnlyClaimed(wanted, claim) => self
                .wanted(*wanted)
                .own(" is only claimed below the border: ")
                .claim(claim),
            _ => self,
        }
    }

    fn glance(&mut self, glance: Glance<'_>) -> &mut Self {
        match glance {
            Glance::Unseen(unseen, by) => self.unseen(unseen, by),
            Glance::Unsure => self.own(UNSURE),
            Glance::Took(took) => self.took(&took),
        }
    }

    fn unseen(&mut self, unseen: Unseen, by: Option<&str>) -> &mut Self {
        match unseen {
            Unseen::NoReceived => self.own(
                "there is no Received field, so no server says where it came from; take the whole \
                 header at the recipient",
            ),
            Unseen::Late => self.own(
                "the newest Received field stands below From, To, Subject or Date, where only the \
                 author writes: nobody delivered this message; take the header at the recipient",
            ),
            Unseen::Inside => {
                self.own("no hand-over is to be seen: every client is on the recipient's side")
            }
            Unseen::OtherReceiver(_) => {
                self.own("the message was handed over to ");
                match by {
                    Some(by) => self.host(by),
                    None => self.own("an unnamed server"),
                }
                .own(", which is none of the servers named with --receiver")
            }
        }
    }

    fn guessed(&mut self, doubt: Doubt, took: &Took<'_>) -> &mut Self {
        match doubt {
            Doubt::TwoClients => self.took(took).own(
                ", but the field names two client addresses, or has more clauses than one server \
                 writes: the client's words may stand where the server's are looked for",
            ),
            Doubt::Inner => self
                .took(took)
                .own(
                    ", an inner address: one of the recipient's own servers, or anybody at all \
                     behind address translation; ",
                )
                .own(UNSURE),
            Doubt::Neighbour => self
                .took(took)
                .own(
                    ", a host of the same domain: one of the recipient's own servers, or a \
                     customer of the same company; ",
                )
                .own(UNSURE),
            Doubt::Pickup => self
                .server(took)
                .own(
                    " wrote a stamp that names no client outside: any program on that machine can \
                     have written what stands below; ",
                )
                .own(UNSURE),
            Doubt::Unlinked => self
                .took(took)
                .own(
                    ", one of the recipient's own servers, but the next stamp is not that \
                     server's: ",
                )
                .own(UNSURE),
            Doubt::Delivering => self
                .took(took)
                .own(
                    ", from where a platform delivers to its own customers, but the platform's \
                     stamp is not the next: ",
                )
                .own(UNSURE),
        }
    }

    fn unshown(&mut self, why: Unshown<'_>) -> &mut Self {
        match why {
            Unshown::Outside(client, _) => self
                .own("its own stamps show that it took the message from ")
                .outsider(client)
                .own(", outside"),
            Unshown::Mailbox => {
                self.own("its own stamps show a mailbox of its, and not the smart host")
            }
            Unshown::OtherLabel(label) => self
                .text(label)
                .own(" in its name is another customer's label than the smart host's"),
            Unshown::Inbound(name) => self
                .host(name)
                .own(" is a name by which it delivers to its own customers"),
            Unshown::Envelope(Some(domain)) => self
                .own("the envelope sender is ")
                .host(domain)
                .own("'s, and not the sender's own"),
            Unshown::Envelope(None) => {
                self.own("nothing that is believed tells the envelope sender")
            }
            Unshown::Nothing => {
                self.own("nothing that is believed shows where it took the message from")
            }
        }
    }

    fn entrance(&mut self, entrance: &Entrance) -> &mut Self {
        match entrance {
            Entrance::NotKnown => self.own("nothing believed tells who received the message"),
            Entrance::Within(domain) => self
                .own("the recipient's domain ")
                .host(domain)
                .own(" is the sender's own, or of the same organisation"),
            Entrance::AddressedTo(address) => self.own("it is addressed to ").mailbox(address).own(
                ", of the sender's own domain or the same organisation, and was received by \
                     somebody else",
            ),
        }
    }

    fn resent(&mut self, resent: Resent<'_>) -> &mut Self {
        match resent {
            Resent::To(server, _) => self
                .own("a stamp below says that Exchange's outgoing server handed over to ")
                .host(server),
            Resent::Field(name, _) => self.own("the field ").text(name).own(" is there"),
            Resent::Envelope(_) => self.own("the envelope sender was rewritten by a forwarder"),
        }
    }

    fn left(&mut self, took: &Took<'_>, through: &Through<'_>, found: &Match<'_>) -> &mut Self {
        self.own("it left through ").through(through);
        match found.identity {
            Identity::Dkim => {}
            Identity::Network | Identity::ReverseDns | Identity::Spf | Identity::Helo => {
                self.own(": ").took(took);
            }
        }
        self.own(", ").identity(found)
    }

    fn beside(&mut self, beside: Beside<'_>) -> &mut Self {
        match beside {
            Beside::Expected => self,
            Beside::Forwards(domain) => self
                .own("; mail that this host only forwards to ")
                .host(domain)
                .own(" looks the same"),
            Beside::NotThrough(wanted) => self.own(", not through ").wanted(wanted),
        }
    }

    fn through(&mut self, through: &Through<'_>) -> &mut Self {
        match *through {
            Through::Connector(connector) => self.connector(connector),
            // Not the host that was named, but one of the same operator.
            Through::Organisation(host, organisation, connector) => self
                .host(host)
                .own(", a host of ")
                .host(organisation.domain)
                .own(", the organisation of ")
                .connector(connector),
            Through::SomeConnector => self.own("a connector"),
            Through::Exchange(Ground::Provider(provider)) => {
                self.own(EXCHANGE).own(" of ").provider(provider)
            }
            Through::Exchange(Ground::Named(host)) => {
                self.own(EXCHANGE).own(" ").host(&host.to_string())
            }
            Through::Exchange(
                Ground::Organisation(_) | Ground::Account(..) | Ground::Operator(_),
            ) => self.own(EXCHANGE),
        }
    }

    fn who(&mut self, who: Who<'_>) -> &mut Self {
        match who {
            Who::Connector(Some(own)) => self.connector(own),
            Who::Connector(None) => self.own("a connector"),
            Who::Exchange => self.own("the Exchange platform"),
        }
    }

    fn contradiction(&mut self, by: Contradiction<'_>) -> &mut Self {
        match by {
            Contradiction::Spf { domain, .. } => self
                .own("SPF of ")
                .host(domain)
                .own(" does not allow this client"),
            Contradiction::ReverseDns(name) => {
                self.own("its verified reverse-DNS name is ").host(name)
            }
            Contradiction::Network(provider) => self
                .own("its address is in none of the networks of ")
                .provider(provider),
        }
    }

    fn contradicted(&mut self, helo: &str, by: Contradiction<'_>) -> &mut Self {
        self.own("the HELO ").host(helo).own(" is contradicted");
        match by {
            Contradiction::Spf { .. } => self.own(": ").contradiction(by),
            Contradiction::ReverseDns(name) => {
                self.own(" by the verified reverse-DNS name ").host(name)
            }
            Contradiction::Network(provider) => self
                .own(" by the address, which is in none of the networks of ")
                .provider(provider),
        }
    }

    fn operator_not_shown(&mut self, took: &Took<'_>, own: Organisation<'_>) -> &mut Self {
        self.took(took)
            .own(", a host of ")
            .host(own.domain)
            .own(", where the smart host ")
            .host(own.smart_host)
            .own(" is, too; but no believed DKIM pass shows that the operator of ")
            .host(own.domain)
            .own(" sent it, and not a customer")
    }

    fn structure(&mut self, took: &Took<'_>, structure: Structure<'_>) -> &mut Self {
        self.took(took)
            .own(", right above Exchange's own stamp: an Exchange server's own way out");
        match structure {
            Structure::Honest => self,
            Structure::HonestNotThrough(wanted) | Structure::NotThrough(wanted) => {
                self.own(", not through ").wanted(wanted)
            }
            Structure::Whose => self.own(", but whose server it is only --exchange-host can say"),
            Structure::Signed(wanted) => self
                .own("; but a believed DKIM pass shows that it went through ")
                .wanted(wanted)
                .own(", too"),
            Structure::EgressUnknown(wanted) => self
                .own("; but from which hosts the mail of ")
                .wanted(wanted)
                .own(" arrives is not known: a relay that adds no stamp looks the same"),
            Structure::Claimed(wanted, claim) => self
                .own("; ")
                .wanted(wanted)
                .own(" is only claimed below it (")
                .claim(&claim)
                .own(")"),
        }
    }

    fn stranger(
        &mut self,
        took: &Took<'_>,
        provider: Option<&Provider>,
        wanted: Wanted<'_>,
        strange: Strange<'_>,
    ) -> &mut Self {
        self.took(took);
        if let Some(provider) = provider {
            self.own(", a host of ").provider(provider);
        }
        match strange {
            Strange::EgressUnknown => self
                .own(", which is not known to be ")
                .wanted(wanted)
                .own("; but from which hosts that one's mail arrives is not known either"),
            Strange::OwnServer => self.own(
                ", a host of the sender's own domain: the Exchange server's own way out, perhaps, \
                 or another server there",
            ),
            Strange::NotIt => self.own(", which is not ").wanted(wanted),
            Strange::Claimed(claim) => self
                .own(", which is not known to be ")
                .wanted(wanted)
                .own("; that is only claimed below (")
                .claim(&claim)
                .own("): a forwarder, perhaps, or ")
                .wanted(wanted)
                .own(" under another name"),
        }
    }

    fn hand_over(&mut self, took: &Took<'_>, how: Border, verified: bool) -> &mut Self {
        let how = match how {
            Border::Named => "the receiver that was named",
            Border::Platform => "the border stamp of the recipient's platform",
            Border::Found => "the oldest stamp of the recipient's side",
            Border::Guessed => "perhaps the oldest stamp of the recipient's side",
        };
        let name = match verified {
            true => "a reverse-DNS name that it verified",
            false => "a name that nobody verified",
        };
        self.own("handed over by ").client(took).own(" to ");
        self.server(took)
            .own(", ")
            .own(how)
            .own(", under ")
            .own(name)
    }

    /// `SERVER took it from CLIENT`
    fn took(&mut self, took: &Took<'_>) -> &mut Self {
        self.server(took).own(" took it from ").client(took)
    }

    fn server(&mut self, took: &Took<'_>) -> &mut Self {
        match took.server {
            Some(server) => self.host(server),
            None => self.own("the receiving server"),
        }
    }

    /// `NAME [ADDRESS]`: the verified name, else the HELO.
    fn client(&mut self, took: &Took<'_>) -> &mut Self {
        let Some(Peer { name, address }) = took.client else {
            return self.own("no client");
        };
        match (name, address) {
            (Some(name), Some(address)) if name.trim_matches(['[', ']']) != address => {
                self.host(name).own(" [").address(address).own("]")
            }
            (_, Some(address)) => self.own("[").address(address).own("]"),
            (Some(name), None) => self.host(name),
            (None, None) => self.own("an unnamed client"),
        }
    }

    /// A client outside, by its address, else its HELO.
    fn outsider(&mut self, client: Option<&str>) -> &mut Self {
        match client {
            Some(client) => self.host(client),
            None => self.own("an unnamed client"),
        }
    }

    fn domain(&mut self, domain: Option<&str>) -> &mut Self {
        match domain {
            Some(domain) => self.host(domain),
            None => self.own("an unknown domain"),
        }
    }

    fn provider(&mut self, provider: &Provider) -> &mut Self {
        self.own(&provider.name)
    }

    /// What was expected.
    fn wanted(&mut self, wanted: Wanted<'_>) -> &mut Self {
        match wanted {
            Wanted::Connector(connector) => self.connector(connector),
            Wanted::Exchange => self.own(EXCHANGE),
        }
    }

    fn connector(&mut self, connector: &Connector) -> &mut Self {
        self.own("the connector ");
        match &connector.name {
            Some(name) => self.text(name).own(" (").smart_hosts(connector).own(")"),
            None => self.smart_hosts(connector),
        }
    }

    fn smart_hosts(&mut self, connector: &Connector) -> &mut Self {
        for (at, host) in connector.smart_hosts.iter().enumerate() {
            if at > 0 {
                self.own(" or ");
            }
            self.host(&host.to_string());
        }
        self
    }

    /// How the client is known, as the second half of a sentence about it.
    fn identity(&mut self, found: &Match<'_>) -> &mut Self {
        match found.identity {
            Identity::Network => self.own("known by its address as "),
            Identity::ReverseDns => self.own("known by its verified reverse-DNS name as "),
            Identity::Spf => self.own("known by a believed SPF pass as "),
            Identity::Dkim => {
                self.own("as a believed DKIM pass by ");
                match found.domain {
                    Some(domain) => self.host(domain),
                    None => self.own("its domain"),
                }
                .own(" shows: ")
            }
            Identity::Helo => self.own("by its HELO as "),
        };
        match found.ground {
            Ground::Named(host) => self.host(&host.to_string()).own(", which was named"),
            Ground::Provider(provider) => {
                self.provider(provider)
                    .own(" (catalogue entry ")
                    .own(&provider.id);
                self.own(match found.scope {
                    Scope::Account => "), under your own account",
                    Scope::Host | Scope::Organisation | Scope::Provider => {
                        "); any customer's mail would look so"
                    }
                })
            }
            Ground::Organisation(own) => self
                .own("a host of ")
                .host(own.domain)
                .own(", whose operator a believed DKIM pass shows"),
            Ground::Account(domain, _) => self.host(domain).own(", a domain of the account"),
            Ground::Operator(domain) => self
                .host(domain)
                .own(", which authorises it, while its HELO is the named host's"),
        }
    }

    /// What a claim says.
    pub(super) fn claim(&mut self, claim: &Claim<'_>) -> &mut Self {
        match claim.what {
            Claimed::Host(name) => self.own("a Received field names ").host(name),
            Claimed::Address(address) => self.own("a Received field names ").address(address),
            Claimed::Form(provider) => self
                .own("a Received field has the form of ")
                .provider(provider),
            Claimed::ExchangeForm => self.own("a Received field has Exchange's form"),
            Claimed::Marker(field) => self.own("a field ").text(field).own(" is there"),
        }
    }

    fn lookup(&mut self, lookup: &Lookup<'_>, sender: &str) -> &mut Self {
        use crate::policy::printable;
        let sender = printable(sender);
        match lookup {
            Lookup::Account {
                row,
                untagged,
                route,
            } => {
                self.own("account row ").mailbox(&printable(&row.address));
                if *untagged {
                    self.own(" (for ")
                        .mailbox(&sender)
                        .own(", a sub-address of it)");
                }
                match route {
                    Route::Connector(_) => self.own(": bound to ").route(*route),
                    Route::Exchange => self
                        .own(": bound to no connector (0), so it leaves through ")
                        .route(*route),
                }
            }
            Lookup::Recipient { row, route } => self
                .own("recipient row ")
                .host(&row.domain)
                .own(": mail to these recipients leaves through ")
                .route(*route)
                .own(", whoever sends it"),
            Lookup::Domain { row, route } => self
                .own("domain row ")
                .host(&row.name)
                .own(": the policy does not list ")
                .mailbox(&sender)
                .own(", and new accounts of the domain start with ")
                .route(*route),
            Lookup::Undecided { says } => self.text(says),
            Lookup::Unlisted => self.own("no row of the policy covers ").mailbox(&sender),
        }
    }

    fn route(&mut self, route: Route<'_>) -> &mut Self {
        self.text(&route.to_string())
    }
}

/// How an SPF identity is called.
pub(crate) const fn spf_identity(identity: SpfIdentity) -> &'static str {
    match identity {
        SpfIdentity::MailFrom => "MAIL FROM",
        SpfIdentity::Helo => "HELO",
    }
}
