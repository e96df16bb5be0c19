//! What would settle an inconclusive (contract section 7): options, each with its condition in
//! words. An option with a value is tried on the message itself, and offered only where it decides.
//!
//! No value is offered that stands only in a claimed field.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "one ground or placement is asked for; the others are answered elsewhere"
)]

use super::place::Placement;
use super::rules::{Case, Exits, Who, is_taken};
use super::{Facts, expected::Expected, rules::Verdict};
use crate::analysis::{Outcome, Settle};
use crate::host::{HostSpec, same_organisation};
use crate::policy::{Connector, Expectation, Plan, Vouching};
use crate::trust::{Doubt, Unseen};

/// What a message comes to under another expectation.
pub(crate) type Trial<'t> = &'t dyn Fn(&Expectation) -> Outcome;

/// The largest policy that is copied to try an offer on: more rows cost more than the offer is
/// worth.
const TRIED_ROWS: usize = 2_000;

struct Offers<'o, 'c, 'a, 'x> {
    case: Case<'c, 'a, 'x>,
    trial: Trial<'o>,
    offers: Vec<Settle>,
}

/// The options that would settle this verdict, the likeliest first.
pub(crate) fn settle<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    expected: &Expected<'a>,
    verdict: &Verdict<'a, '_>,
    trial: Trial<'_>,
) -> Vec<Settle> {
    if verdict.outcome != Outcome::Inconclusive {
        return Vec::new();
    }
    let mut offers = Offers {
        case: Case {
            facts,
            exits,
            expected,
            placed: &verdict.placed,
        },
        trial,
        offers: Vec::new(),
    };
    match expected {
        Expected::Unlisted {
            sender: Some(_), ..
        } => offers.plain(
            "--unlisted",
            Some("ignore".to_owned()),
            "if senders without a row are to be passed over",
        ),
        Expected::Undecided {
            names_sender: true, ..
        } => offers.plain(
            "--sender",
            None,
            "with the address that sent it, if you know which of them it was",
        ),
        Expected::Route(_) => offers.of_route(verdict.code),
        Expected::Nothing
        | Expected::Unlisted { sender: None, .. }
        | Expected::Undecided {
            names_sender: false,
            ..
        } => {}
    }
    let mut offers = offers.offers;
    offers.retain(is_taken);
    offers
}

impl Offers<'_, '_, '_, '_> {
    fn of_route(&mut self, code: &str) {
        self.slip();
        self.mine();
        match code {
            "guessed-border" | "cut-short" => self.guessed(),
            "inner-client" | "no-client" => {
                self.trust("if that client is one of the recipient's own servers");
                self.receiver_unknown();
            }
            "other-receiver" => {
                self.receiver(
                    "if that server is one of the recipient's MX, too, and no filter stands before it",
                );
                self.trust("if that client is the recipient's filter, forwarder or list");
            }
            "no-hand-over" => self.name_inside(),
            "exit-not-shown" => {
                self.receiver(
                    "if that server is the recipient's MX, and no filter stands before it",
                );
                self.trust("if that client is the recipient's filter, forwarder or list");
                self.bounce_domains();
            }
            "recipient-not-known" => self.plain(
                "--recipient",
                None,
                "with the address that received it, if that is outside the sender's own domains",
            ),
            "resent-perhaps" | "connectors-alike" | "account-not-shown" => self.account(),
            "operator-not-shown" => self.organisation(),
            "helo-only" => {
                self.milter();
                self.name_matched();
                self.account();
            }
            "helo-contradicted" => self.name_matched(),
            "identities-disagree" => self.name_client(self.case.expected_who()),
            "egress-unknown" => {
                self.milter();
                self.name_client(self.case.expected_who());
                self.other_route();
                self.account();
            }
            "exchange-by-structure" => {
                self.milter();
                self.name_client(Who::Exchange);
                self.account();
            }
            "claimed-below" => {
                self.milter();
                self.trust("if that client is the recipient's filter, forwarder or list");
                self.name_client(self.case.expected_who());
                self.account();
            }
            _ => {}
        }
    }

    fn plain(&mut self, option: &str, value: Option<String>, says: &str) {
        self.offers.push(Settle {
            option: option.to_owned(),
            value,
            says: says.to_owned(),
        });
    }

    /// Tries an expectation; an offer that decides says how.
    fn tried(&mut self, option: &str, value: Option<String>, says: &str, tried: &Expectation) {
        let comes_to = match (self.trial)(tried) {
            Outcome::Pass => "a pass",
            Outcome::Fail => "a fail",
            Outcome::Inconclusive | Outcome::Unchecked | Outcome::Error => return,
        };
        if self
            .offers
            .iter()
            .any(|known| known.option == option && known.value == value)
        {
            return;
        }
        self.plain(option, value, &format!("{says}: then it is {comes_to}"));
    }

    fn expectation(&self) -> Expectation {
        self.case.facts.expectation.clone()
    }

    /// Whether an expectation may be copied to try an offer on.
    fn is_copied(&self) -> bool {
        match &self.case.facts.expectation.plan {
            Plan::Policy(policy) => policy.accounts.len() + policy.domains.len() <= TRIED_ROWS,
            Plan::Nothing | Plan::Connector(_) | Plan::Exchange(_) => true,
        }
    }

    fn mine(&mut self) {
        if self.case.facts.vouched || !self.is_copied() {
            return;
        }
        let mut tried = self.expectation();
        tried.mine = Vouching::Every;
        self.tried("--mine", None, "if you sent this message yourself", &tried);
    }

    /// The smart host that was perhaps meant.
    fn slip(&mut self) {
        let facts = self.case.facts;
        let Who::Connector(Some(own)) = self.case.expected_who() else {
            return;
        };
        let slip = own
            .smart_hosts
            .iter()
            .filter_map(HostSpec::name)
            .find_map(|name| Some((name.to_owned(), facts.catalogue.slip(name)?)));
        if let Some((name, slip)) = slip {
            let option = match facts.expectation.plan {
                Plan::Policy(_) => "smart-host",
                Plan::Nothing | Plan::Connector(_) | Plan::Exchange(_) => "--smart-host",
            };
            self.plain(
                option,
                slip.smart_host.map(str::to_owned),
                &format!("if you meant that by {name}, in its place"),
            );
        }
    }

    fn host(&self) -> Option<String> {
        let border = self.case.border()?;
        let by = border.hop.hop.by.as_ref()?;
        let name = by.host.as_deref().or(by.ip.as_deref())?;
        (!border.hop.hop.doubtful).then(|| name.to_owned())
    }

    /// The client as an option's value: its verified name, else its address.
    fn clients(&self) -> Vec<String> {
        let hop = match self.case.border() {
            Some(border) => border.hop,
            None => match self.case.facts.path.oldest_believed() {
                Some(hop) => hop,
                None => return Vec::new(),
            },
        };
        let Some(client) = hop.hop.from.as_ref().filter(|_| !hop.hop.doubtful) else {
            return Vec::new();
        };
        let name = crate::trust::verified_name(client).map(str::to_owned);
        let ip = crate::trust::tcp_ip(client).map(|ip| ip.to_string());
        name.into_iter().chain(ip).collect()
    }

    fn trust(&mut self, says: &str) {
        if !self.is_copied() {
            return;
        }
        for value in self.clients() {
            let Ok(host) = value.parse::<HostSpec>() else {
                continue;
            };
            let mut tried = self.expectation();
            tried.trust.push(host);
            // One that leads to a fail would turn what it cannot know into a certainty.
            if (self.trial)(&tried) == Outcome::Pass {
                let says = format!("{says}, and stamps what it takes");
                return self.tried("--trust", Some(value), &says, &tried);
            }
        }
    }

    fn receiver(&mut self, says: &str) {
        let host = self.host().or_else(|| {
            let hop = self.case.facts.path.oldest_believed()?;
            let by = hop.hop.by.as_ref().filter(|_| !hop.hop.doubtful)?;
            Some(by.host.as_deref().or(by.ip.as_deref())?.to_owned())
        });
        let parsed = host
            .as_ref()
            .and_then(|value| Some((value.clone(), value.parse::<HostSpec>().ok()?)));
        if let Some((value, host)) = parsed.filter(|_| self.is_copied()) {
            let mut tried = self.expectation();
            tried.receivers.push(host);
            self.tried("--receiver", Some(value), says, &tried);
        }
    }

    fn receiver_unknown(&mut self) {
        self.plain(
            "--receiver",
            None,
            "with the name of the recipient's MX, if all his mail comes in there",
        );
    }

    fn guessed(&mut self) {
        let doubt = self.case.facts.path.doubt();
        let before = self.offers.len();
        if !matches!(doubt, Some(Doubt::Inner)) {
            self.receiver("if that server is the recipient's MX, and no filter stands before it");
        }
        self.trust("if that client is one of the recipient's own servers");
        if self.offers.len() == before || matches!(doubt, Some(Doubt::Inner)) {
            self.receiver_unknown();
        }
    }

    /// The client of the last inner stamp may be an exit after all.
    fn name_inside(&mut self) {
        if matches!(self.case.facts.path.border(), Err(Unseen::Inside)) {
            self.receiver_unknown();
        }
    }

    fn milter(&mut self) {
        let id = self.case.facts.path.claimed_milter_id(
            self.case.facts.section,
            self.case.facts.evidence,
            self.case.facts.standings,
            |_| true,
        );
        let Some(own) = id else { return };
        let id = own.to_string();
        if self.is_copied() {
            let mut tried = self.expectation();
            tried.authserv_ids.push(own);
            self.tried(
                "--authserv-id",
                Some(id),
                "if that service writes its results directly below the receiving server's stamp, always, and removes forged ones",
                &tried,
            );
        }
    }

    /// Whether the client is one of a provider that also receives for others: it is nobody's own.
    fn is_two_way(&self) -> bool {
        let Some(border) = self.case.border() else {
            return false;
        };
        let facts = self.case.facts;
        let helo = border.client().and_then(|client| client.helo.as_deref());
        let announced = helo.and_then(|helo| facts.catalogue.of_egress(helo));
        facts
            .provider_of_client(&border)
            .into_iter()
            .chain(announced)
            .any(|provider| provider.receives_for_others)
    }

    /// Whether the client may be the recipient's own: of his domain, or of the server's.
    fn is_recipients(&self) -> bool {
        let Some(border) = self.case.border() else {
            return true;
        };
        let facts = self.case.facts;
        let helo = border.client().and_then(|client| client.helo.as_deref());
        let by = self.host();
        let recipients = facts.recipients(&border);
        [border.client_name(), helo]
            .into_iter()
            .flatten()
            .any(|name| {
                by.as_deref().is_some_and(|by| same_organisation(by, name))
                    || recipients
                        .iter()
                        .filter_map(|recipient| crate::lex::domain_of(recipient))
                        .any(|domain| same_organisation(domain, name))
            })
    }

    /// Names the client as an exit, where the user knows it to be his.
    fn name_client(&mut self, who: Who<'_>) {
        let border = self.case.border();
        if border.is_none_or(|border| border.is_inner())
            || self.is_two_way()
            || self.is_recipients()
        {
            return;
        }
        for value in self.clients() {
            self.named(
                who,
                value,
                "if you know that host to be yours, or your relay's",
            );
        }
    }

    /// Names the client as the exit that its HELO announces.
    fn name_matched(&mut self) {
        let who = match &self.case.placed.placement {
            Placement::Helo(who, _) | Placement::Contradicted(who, ..) => *who,
            _ => self.case.expected_who(),
        };
        self.name_client(who);
    }

    /// The client as the exit that is not expected.
    fn other_route(&mut self) {
        if let Who::Connector(_) = self.case.expected_who() {
            self.name_client(Who::Exchange);
        }
    }

    fn named(&mut self, who: Who<'_>, value: String, says: &str) {
        let Ok(host) = value.parse::<HostSpec>() else {
            return;
        };
        if !self.is_copied() {
            return;
        }
        let mut tried = self.expectation();
        let option = match who {
            Who::Exchange => {
                tried.exchange_hosts.push(host);
                "--exchange-host"
            }
            Who::Connector(own) => {
                let policy = matches!(tried.plan, Plan::Policy(_));
                let wanted = own.and_then(|own| own.id);
                match connector_of(&mut tried, wanted) {
                    Some(connector) if policy => connector.egress.push(host),
                    Some(connector) => connector.smart_hosts.push(host),
                    None => return,
                }
                match policy {
                    true => "egress",
                    false => "--smart-host",
                }
            }
        };
        self.tried(option, Some(value), says, &tried);
    }

    /// The host in the smart host's domain, and the wildcard of its own.
    fn organisation(&mut self) {
        let Some(name) = self.case.border().and_then(|border| border.client_name()) else {
            return;
        };
        let name = crate::host::without_root(name).to_owned();
        let who = self.case.expected_who();
        let wildcard = name
            .split_once('.')
            .map(|(_, parent)| format!("*.{parent}"));
        self.named(who, name, "if you know that host to be your relay's");
        if let Some(wildcard) = wildcard {
            self.named(
                who,
                wildcard,
                "if you know all hosts of that domain to be your relay's, and no customer's",
            );
        }
    }

    fn bounce_domains(&mut self) {
        let policy = matches!(self.case.facts.expectation.plan, Plan::Policy(_));
        let envelope = matches!(
            self.case.placed.placement,
            Placement::NotShown(_, _, super::exit::Unshown::Envelope(_))
        );
        if policy && envelope {
            self.plain(
                "bounce-domains",
                None,
                "with the domain of the envelope sender, if your relay sets it for you",
            );
        }
    }

    /// The believed domain that would tell an account, as a key of the policy.
    fn account(&mut self) {
        let facts = self.case.facts;
        // A provider's own domain tells no account of it.
        let own = |domain: &str| {
            let shared = facts
                .catalogue
                .providers()
                .any(|provider| provider.bounce_domain(domain) || provider.signing_domain(domain));
            !shared && !facts.is_own_domain(domain)
        };
        let spf = self.case.border().and_then(|border| {
            let mut passes = facts
                .spf_passes(&border)
                .map(|(domain, _)| domain.to_owned());
            passes.find(|domain| own(domain))
        });
        let dkim = facts
            .dkim_passes()
            .map(|(domain, _)| domain)
            .find(|domain| own(domain))
            .map(str::to_owned);
        let wanted = match self.case.expected_who() {
            Who::Connector(own) => own.and_then(|own| own.id),
            Who::Exchange => return,
        };
        let policy = matches!(facts.expectation.plan, Plan::Policy(_));
        if !policy || !self.is_copied() {
            return;
        }
        if let Some(domain) = spf {
            let mut tried = self.expectation();
            if let Some(connector) = connector_of(&mut tried, wanted) {
                connector.bounce_domains.push(domain.clone());
                self.tried(
                    "bounce-domains",
                    Some(domain),
                    "if your relay sets that envelope domain for you alone",
                    &tried,
                );
            }
        }
        if let Some(domain) = dkim {
            let mut tried = self.expectation();
            if let Some(connector) = connector_of(&mut tried, wanted) {
                connector.dkim.push(domain.clone());
                self.tried(
                    "dkim",
                    Some(domain),
                    "if your relay signs by that domain for you alone",
                    &tried,
                );
            }
        }
    }
}

fn connector_of(tried: &mut Expectation, id: Option<u64>) -> Option<&mut Connector> {
    match &mut tried.plan {
        Plan::Connector(connector) | Plan::Exchange(Some(connector)) => Some(connector),
        Plan::Policy(policy) => policy
            .connectors
            .iter_mut()
            .find(|connector| connector.id == id),
        Plan::Nothing | Plan::Exchange(None) => None,
    }
}
