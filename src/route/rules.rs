//! The outcome: where the client at the border is placed, and what that means for what was
//! expected (contract sections 5 and 7).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a rule asks for one placement; the others are other rules' to answer"
)]

use super::Facts;
use super::claims::{Claim, Claimed, claimed_below};
use super::client::{Contradiction, Exit, Ground, Match, signed_by};
use super::exit::{Entrance, Resent, Unshown};
use super::expected::{Expected, ExpectedRow};
use super::place::{Placed, Placement, place};
use crate::analysis::{ExpectedRoute, Identity, ObservedRoute, Outcome, Reason, Scope, Settle};
use crate::host::{HostSpec, same_organisation};
use crate::policy::Connector;
use crate::trust::{Doubt, Handover, Unseen};

/// One of the exits that are known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who<'a> {
    /// A connector, or `None` where two of one provider cannot be told apart.
    Connector(Option<&'a Connector>),
    /// The Exchange platform.
    Exchange,
}

impl Who<'_> {
    pub(crate) fn route(self) -> ObservedRoute {
        match self {
            Self::Connector(_) => ObservedRoute::Connector,
            Self::Exchange => ObservedRoute::Exchange,
        }
    }
}

/// Everything the report says of the verdict.
#[derive(Debug)]
pub(crate) struct Verdict<'a, 'x> {
    pub(crate) outcome: Outcome,
    /// The code of the rule that decided.
    pub(crate) code: &'static str,
    pub(crate) placed: Placed<'a, 'a, 'x>,
    pub(crate) reasons: Vec<Reason>,
}

/// The exits that are known in one run.
#[derive(Debug)]
pub(crate) struct Exits<'a> {
    /// Each connector with what it stands for.
    pub(crate) connectors: Vec<(&'a Connector, Exit<'a>)>,
    /// The Exchange platform.
    pub(crate) exchange: Exit<'a>,
}

impl<'a> Exits<'a> {
    pub(crate) fn of(facts: &Facts<'a, '_>) -> Self {
        let connectors: Vec<_> = facts
            .expectation
            .connectors()
            .iter()
            .map(|connector| (connector, Exit::connector(connector, facts)))
            .collect();
        let exchange = Exit::exchange(facts, connectors.iter().map(|(_, exit)| exit));
        Self {
            connectors,
            exchange,
        }
    }

    /// What the expected route stands for.
    pub(crate) fn expected(&self, row: &ExpectedRow<'a>) -> Option<&Exit<'a>> {
        match (row.route, row.connector) {
            (ExpectedRoute::Exchange, _) => Some(&self.exchange),
            (ExpectedRoute::Connector, Some(wanted)) => self
                .connectors
                .iter()
                .find(|(own, _)| std::ptr::eq(*own, wanted))
                .map(|(_, exit)| exit),
            (ExpectedRoute::Connector, None) => None,
        }
    }

    /// Whether a provider is that of a connector.
    pub(crate) fn is_connectors(&self, provider: &crate::catalogue::Provider) -> bool {
        self.connectors
            .iter()
            .flat_map(|(_, exit)| &exit.providers)
            .any(|own| own.id == provider.id)
    }

    /// The exit that a client was matched with.
    pub(crate) fn of_who(&self, who: Who<'a>, found: &Match<'a>) -> &Exit<'a> {
        let connector = match who {
            Who::Exchange => None,
            Who::Connector(Some(own)) => self
                .connectors
                .iter()
                .find(|(connector, _)| std::ptr::eq(*connector, own)),
            // Two that cannot be told apart stand for the same provider.
            Who::Connector(None) => self.connectors.iter().find(|(_, exit)| {
                found
                    .ground
                    .provider()
                    .is_none_or(|own| exit.providers.iter().any(|known| known.id == own.id))
            }),
        };
        connector.map_or(&self.exchange, |(_, exit)| exit)
    }
}

/// A decision of one rule: the outcome and its first reason.
struct Decision {
    outcome: Outcome,
    code: &'static str,
    field: Option<usize>,
    says: String,
}

impl Decision {
    fn open(code: &'static str, field: Option<usize>, says: String) -> Self {
        Self {
            outcome: Outcome::Inconclusive,
            code,
            field,
            says,
        }
    }
}

/// What the rules look at.
pub(super) struct Case<'c, 'a, 'x> {
    pub(super) facts: &'c Facts<'a, 'x>,
    pub(super) exits: &'c Exits<'a>,
    pub(super) expected: &'c Expected<'a>,
    pub(super) placed: &'c Placed<'a, 'a, 'x>,
}

/// The rules, in order: the first that has an answer gives it.
const RULES: &[fn(&Case<'_, '_, '_>) -> Option<Decision>] = &[
    nothing_expected,
    sender_not_covered,
    no_hand_over_seen,
    cut_short,
    border_guessed,
    client_unnamed,
    inner_client,
    identities_disagree,
    exit_not_shown,
    connectors_alike,
    recipient_not_known,
    resent_perhaps,
    expected_exit,
    other_exit,
    helo_only,
    helo_contradicted,
    operator_not_shown,
    exchange_by_structure,
    stranger,
];

/// Decides: the first rule's answer, with what else speaks for it.
pub(crate) fn decide<'a, 'x>(
    facts: &Facts<'a, 'x>,
    exits: &Exits<'a>,
    expected: &Expected<'a>,
) -> Verdict<'a, 'x> {
    let placed = place(facts, exits);
    let case = Case {
        facts,
        exits,
        expected,
        placed: &placed,
    };
    let decision = RULES
        .iter()
        .find_map(|rule| rule(&case))
        .unwrap_or_else(|| {
            Decision::open("undecided", None, "no rule decides this message".to_owned())
        });
    let line = decision.field.and_then(|field| facts.line(field));
    let says = match placed.vouched {
        true => format!(
            "{}; this rests on a field that the recipient did not write, and you vouch for it: the message is your own",
            decision.says
        ),
        false => decision.says,
    };
    let mut reasons = vec![Reason {
        code: decision.code.to_owned(),
        line,
        says,
    }];
    reasons.extend(super::reasons::further(facts, exits, expected, &placed));
    Verdict {
        outcome: decision.outcome,
        code: decision.code,
        placed,
        reasons,
    }
}

/// Whether the command line takes the value: what a header calls a host need not be one.
pub(super) fn is_taken(settle: &Settle) -> bool {
    match settle.option.as_str() {
        "--smart-host" | "--exchange-host" | "--receiver" | "--trust" | "egress" => settle
            .value
            .as_ref()
            .is_none_or(|value| value.parse::<HostSpec>().is_ok()),
        _ => true,
    }
}

/// What a header that breaks off asks for.
const WHOLE: &str =
    "the header breaks off below: take it whole, with its line breaks, or save the mail as a file";

impl<'a, 'x> Case<'_, 'a, 'x> {
    pub(super) fn border(&self) -> Option<Handover<'a, 'x>> {
        self.placed.border
    }

    pub(super) fn row(&self) -> Option<&ExpectedRow<'a>> {
        match self.expected {
            Expected::Route(row) => Some(row),
            Expected::Nothing | Expected::Unlisted { .. } | Expected::Undecided { .. } => None,
        }
    }

    fn border_field(&self) -> Option<usize> {
        self.border().map(|border| border.hop.field)
    }

    /// The client at the border, as a sentence calls it.
    pub(super) fn client(&self) -> String {
        self.border()
            .map(|border| client_text(&border))
            .unwrap_or_else(|| "no client".to_owned())
    }

    /// The client, with the provider it belongs to, where one is known.
    fn client_and_provider(&self) -> String {
        let border = self.border();
        let provider = border.and_then(|border| {
            let by_name = border
                .client_name()
                .and_then(|name| self.facts.catalogue.of_egress(name));
            by_name.or_else(|| {
                Some(
                    self.facts
                        .catalogue
                        .of_network(border.client_ip()?)?
                        .provider,
                )
            })
        });
        match provider {
            Some(provider) => format!("{}, a host of {}", self.client(), provider.name),
            None => self.client(),
        }
    }

    /// The server that stamped the border.
    pub(super) fn server(&self) -> &'a str {
        self.border()
            .map_or("no server", |border| server_text(&border))
    }

    pub(super) fn expected_who(&self) -> Who<'a> {
        match self.row() {
            Some(ExpectedRow {
                route: ExpectedRoute::Connector,
                connector,
                ..
            }) => Who::Connector(*connector),
            _ => Who::Exchange,
        }
    }

    fn is_expected(&self, who: Who<'_>) -> bool {
        match (self.expected_who(), who) {
            (Who::Exchange, Who::Exchange) => true,
            (Who::Connector(Some(wanted)), Who::Connector(Some(own))) => std::ptr::eq(wanted, own),
            (Who::Connector(_), Who::Connector(_)) => true,
            _ => false,
        }
    }

    /// What is claimed below the border of the exit that is expected.
    fn claim(&self) -> Option<Claim<'a>> {
        let exit = self.row().and_then(|row| self.exits.expected(row))?;
        claimed_below(self.facts, exit)
    }

    /// Whether a believed DKIM pass shows passage through the expected connector.
    fn is_signed(&self) -> bool {
        let exit = self.row().and_then(|row| self.exits.expected(row));
        exit.is_some_and(|exit| signed_by(self.facts, exit).is_some())
    }

    /// Whether all hosts are known from which the expected connector's mail arrives.
    fn is_egress_known(&self) -> bool {
        let Some(exit) = self.row().and_then(|row| self.exits.expected(row)) else {
            return false;
        };
        let facts = self.facts;
        let told = |name: &str| facts.catalogue.of_smart_host(name).is_some();
        let catalogued = !exit.providers.is_empty()
            && exit.named.iter().all(|host| host.name().is_none_or(told));
        let complete = catalogued && exit.providers.iter().all(|own| own.egress_is_complete());
        let egress =
            matches!(self.expected_who(), Who::Connector(Some(own)) if !own.egress.is_empty());
        if complete || egress || exit.is_bounded() {
            return true;
        }
        let Some(border) = self.border() else {
            return false;
        };
        let another = || {
            let by_name = border
                .client_name()
                .and_then(|name| facts.catalogue.of_egress(name));
            let by_network = || Some(facts.catalogue.of_network(border.client_ip()?)?.provider);
            by_name
                .or_else(by_network)
                .is_some_and(|other| exit.providers.iter().all(|own| own.id != other.id))
        };
        catalogued && another() || self.are_both_own(exit, &border)
    }

    /// Whether smart host and client are both of the sender's own organisation, and Exchange's own
    /// stamp stands right below the border: there are no further hosts to reckon with.
    fn are_both_own(&self, exit: &Exit<'a>, border: &Handover<'a, 'x>) -> bool {
        let facts = self.facts;
        let own_host = exit
            .named
            .iter()
            .filter_map(|host| host.name())
            .any(|name| facts.is_own_organisation(name));
        let own_client = match border.client_name() {
            Some(name) => facts.is_own_organisation(name),
            None => border
                .client()
                .and_then(|client| client.helo.as_deref())
                .filter(|helo| facts.is_own_organisation(helo))
                .is_some_and(|helo| {
                    facts
                        .spf_passes(border)
                        .any(|(domain, _)| same_organisation(domain, helo))
                }),
        };
        own_host && own_client && facts.is_exchange_below(border)
    }
}

fn nothing_expected(case: &Case<'_, '_, '_>) -> Option<Decision> {
    matches!(case.expected, Expected::Nothing).then(|| Decision {
        outcome: Outcome::Unchecked,
        code: "nothing-expected",
        field: case.border_field(),
        says: match &case.placed.placement {
            Placement::Unseen(unseen) => {
                format!("nothing is expected; {}", unseen_text(case, *unseen))
            }
            Placement::Guessed(_) => {
                "nothing is expected; where the recipient's side begins is not sure".to_owned()
            }
            _ => format!(
                "nothing is expected; {} took it from {}",
                case.server(),
                case.client()
            ),
        },
    })
}

fn sender_not_covered(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let field = case
        .facts
        .section
        .fields()
        .iter()
        .position(|f| f.kind == crate::header::FieldName::From);
    match case.expected {
        Expected::Unlisted {
            says,
            sender: Some(_),
        } if case.facts.expectation.ignore_unlisted => Some(Decision {
            outcome: Outcome::Unchecked,
            code: "unlisted-sender",
            field,
            says: says.clone(),
        }),
        Expected::Unlisted { says, .. } => {
            Some(Decision::open("unlisted-sender", field, says.clone()))
        }
        Expected::Undecided { says, .. } => {
            Some(Decision::open("undecided-sender", field, says.clone()))
        }
        Expected::Nothing | Expected::Route(_) => None,
    }
}

fn no_hand_over_seen(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Unseen(unseen) = case.placed.placement else {
        return None;
    };
    let newest = case.facts.path.newest().map(|linked| linked.field);
    let inside = case.facts.path.oldest_believed();
    let (code, field) = match unseen {
        Unseen::NoReceived => ("no-received", None),
        Unseen::Late => ("late-received", newest),
        Unseen::Inside => ("no-hand-over", inside.map(|linked| linked.field)),
        Unseen::OtherReceiver(number) => {
            let linked = inside.filter(|linked| linked.number == number);
            ("other-receiver", linked.map(|linked| linked.field))
        }
    };
    Some(Decision::open(code, field, unseen_text(case, unseen)))
}

fn unseen_text(case: &Case<'_, '_, '_>, unseen: Unseen) -> String {
    match unseen {
        Unseen::NoReceived => {
            "there is no Received field, so no server says where it came from; take the whole header at the recipient".to_owned()
        }
        Unseen::Late => "the newest Received field stands below From, To, Subject or Date, where only the author writes: \
             nobody delivered this message; take the header at the recipient"
            .to_owned(),
        Unseen::Inside => "no hand-over is to be seen: every client is on the recipient's side".to_owned(),
        Unseen::OtherReceiver(_) => {
            let linked = case.facts.path.oldest_believed();
            let by = linked.and_then(|linked| linked.hop.by.as_ref()).and_then(|by| by.host.as_deref().or(by.ip.as_deref()));
            format!(
                "the message was handed over to {}, which is none of the servers named with --receiver",
                by.unwrap_or("an unnamed server")
            )
        }
    }
}

fn border_guessed(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Guessed(doubt) = case.placed.placement else {
        return None;
    };
    let (server, client) = (case.server(), case.client());
    let says = match doubt {
        Doubt::TwoClients => format!(
            "{server} took it from {client}, but the field names two client addresses, or has more clauses than one \
             server writes: the client's words may stand where the server's are looked for"
        ),
        Doubt::Inner => format!(
            "{server} took it from {client}, an inner address: one of the recipient's own servers, or anybody at all \
             behind address translation; where the recipient's side begins is not sure"
        ),
        Doubt::Neighbour => format!(
            "{server} took it from {client}, a host of the same domain: one of the recipient's own servers, or a \
             customer of the same company; where the recipient's side begins is not sure"
        ),
        Doubt::Pickup => format!(
            "{server} wrote a stamp that names no client outside: any program on that machine can have written what \
             stands below; where the recipient's side begins is not sure"
        ),
        Doubt::Unlinked => format!(
            "{server} took it from {client}, one of the recipient's own servers, but the next stamp is not that server's: \
             where the recipient's side begins is not sure"
        ),
        Doubt::Delivering => format!(
            "{server} took it from {client}, from where a platform delivers to its own customers, but the platform's \
             stamp is not the next: where the recipient's side begins is not sure"
        ),
    };
    let code = match doubt {
        Doubt::TwoClients => "doubtful-client",
        _ => "guessed-border",
    };
    Some(Decision::open(code, case.border_field(), says))
}

fn client_unnamed(case: &Case<'_, '_, '_>) -> Option<Decision> {
    matches!(case.placed.placement, Placement::Nameless).then(|| {
        Decision::open(
            "no-client",
            case.border_field(),
            format!(
                "{} took it from a client of which its stamp tells neither an address nor a name that it verified",
                case.server()
            ),
        )
    })
}

fn inner_client(case: &Case<'_, '_, '_>) -> Option<Decision> {
    matches!(case.placed.placement, Placement::Inner).then(|| {
        Decision::open(
            "inner-client",
            case.border_field(),
            format!(
                "{} took it from {}, an inner address, which says nothing outside its own network",
                case.server(),
                case.client()
            ),
        )
    })
}

fn identities_disagree(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Disagree(connector, exchange) = case.placed.placement else {
        return None;
    };
    Some(Decision::open(
        "identities-disagree",
        case.border_field(),
        format!(
            "{} is the connector {}, and the Exchange platform {}: the two do not agree",
            case.client(),
            identity_text(&connector),
            identity_text(&exchange)
        ),
    ))
}

fn exit_not_shown(case: &Case<'_, '_, '_>) -> Option<Decision> {
    if let Placement::TakesIn(_, client) = case.placed.placement {
        return Some(Decision::open(
            "exit-not-shown",
            case.border_field(),
            format!(
                "{} takes mail in from outside, too: its own stamp shows that it took this message from {client}; \
                 it may be a forwarder, or the recipient's own entrance",
                case.client()
            ),
        ));
    }
    let Placement::NotShown(_, provider, why) = case.placed.placement else {
        return None;
    };
    let seen = match why {
        Unshown::Outside(client, _) => {
            format!("its own stamps show that it took the message from {client}, outside")
        }
        Unshown::Mailbox => {
            "its own stamps show a mailbox of its, and not the smart host".to_owned()
        }
        Unshown::OtherLabel(label) => {
            format!("{label} in its name is another customer's label than the smart host's")
        }
        Unshown::Inbound(name) => {
            format!("{name} is a name by which it delivers to its own customers")
        }
        Unshown::Envelope(domain) => {
            format!("the envelope sender is {domain}'s, and not the sender's own")
        }
        Unshown::Nothing => {
            "nothing that is believed shows where it took the message from".to_owned()
        }
    };
    Some(Decision::open(
        "exit-not-shown",
        case.border_field(),
        format!(
            "{} is {}, which also receives for others; {seen}: it may be the recipient's filter, a redirection or a forwarder",
            case.client(),
            provider.name
        ),
    ))
}

/// Two connectors of one provider that cannot be told apart.
fn connectors_alike(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Strong(Who::Connector(None), found, _) = &case.placed.placement else {
        return None;
    };
    if case.row()?.route == ExpectedRoute::Exchange {
        return None;
    }
    Some(Decision::open(
        "connectors-alike",
        Some(found.field),
        format!(
            "{} is a connector {}, but the policy has more than one that it may be",
            case.client(),
            identity_text(found)
        ),
    ))
}

fn recipient_not_known(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Strong(_, found, standing) = &case.placed.placement else {
        return None;
    };
    case.row()?;
    let why = match standing.entrance.as_ref()? {
        Entrance::NotKnown => "nothing believed tells who received the message".to_owned(),
        Entrance::Within(domain) => {
            format!(
                "the recipient's domain {domain} is the sender's own, or of the same organisation"
            )
        }
        Entrance::AddressedTo(address) => format!(
            "it is addressed to {address}, of the sender's own domain or the same organisation, and was received by somebody else"
        ),
    };
    Some(Decision::open(
        "recipient-not-known",
        Some(found.field),
        format!(
            "{} is {}; but such a host may take mail in for its own domain, too, and {why}: \
             it may have been the entrance, and not the exit",
            case.client(),
            identity_text(found)
        ),
    ))
}

fn resent_perhaps(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Strong(Who::Connector(_), found, standing) = &case.placed.placement else {
        return None;
    };
    case.row()?;
    let (field, why) = match standing.resent? {
        Resent::To(server, field) => (
            field,
            format!("a stamp below says that Exchange's outgoing server handed over to {server}"),
        ),
        Resent::Field(name, field) => (field, format!("the field {name} is there")),
        Resent::Envelope(field) => (
            field,
            "the envelope sender was rewritten by a forwarder".to_owned(),
        ),
    };
    Some(Decision::open(
        "resent-perhaps",
        Some(field),
        format!(
            "{} is {}; but {why}: a forwarder or a list may have sent the message on through the same host",
            case.client(),
            identity_text(found)
        ),
    ))
}

fn expected_exit(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Strong(who, found, standing) = &case.placed.placement else {
        return None;
    };
    let row = case.row()?;
    let (code, exit) = match (row.route, *who) {
        (ExpectedRoute::Exchange, Who::Exchange) => ("left-through-exchange", exchange_text(found)),
        (ExpectedRoute::Connector, Who::Connector(Some(own)))
            if row
                .connector
                .is_some_and(|wanted| std::ptr::eq(wanted, own)) =>
        {
            (
                "left-through-connector",
                connector_exit_text(case, own, found),
            )
        }
        _ => return None,
    };
    if case.facts.expectation.require_account && found.scope != Scope::Account {
        return Some(Decision::open(
            "account-not-shown",
            Some(found.field),
            format!(
                "it left through {exit}, {}, but nothing believed shows the account, which --require account asks for",
                identity_text(found)
            ),
        ));
    }
    let forwards = match standing.recipient {
        Some(domain) => {
            format!("; mail that this host only forwards to {domain} looks the same")
        }
        None => String::new(),
    };
    Some(Decision {
        outcome: Outcome::Pass,
        code,
        field: Some(found.field),
        says: format!("{}{forwards}", left_text(case, &exit, found)),
    })
}

fn other_exit(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Strong(who, found, _) = &case.placed.placement else {
        return None;
    };
    let wanted = wanted_text(case.row()?);
    let (code, exit) = match *who {
        Who::Exchange => ("left-through-exchange", exchange_text(found)),
        Who::Connector(Some(own)) => (
            "left-through-other-connector",
            connector_exit_text(case, own, found),
        ),
        Who::Connector(None) => ("left-through-other-connector", "a connector".to_owned()),
    };
    let code = match (case.row()?.route, *who) {
        (ExpectedRoute::Exchange, Who::Connector(_)) => "left-through-connector",
        _ => code,
    };
    Some(Decision {
        outcome: Outcome::Fail,
        code,
        field: Some(found.field),
        says: format!("{}, not through {wanted}", left_text(case, &exit, found)),
    })
}

fn helo_only(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Helo(who, _) = case.placed.placement else {
        return None;
    };
    let exit = match who {
        Who::Connector(Some(own)) => connector_text(own),
        Who::Connector(None) => "a connector".to_owned(),
        Who::Exchange => "the Exchange platform".to_owned(),
    };
    Some(Decision::open(
        "helo-only",
        case.border_field(),
        format!(
            "{} took it from {}, which is {exit} by its HELO alone; the client chose that name",
            case.server(),
            case.client()
        ),
    ))
}

/// The expected route's own HELO, contradicted: lists age, and relays have generic names.
fn helo_contradicted(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Contradicted(who, helo, by) = case.placed.placement else {
        return None;
    };
    if !case.is_expected(who) {
        return None;
    }
    let (field, why) = match by {
        Contradiction::Spf { field, domain } => (
            Some(field),
            format!("SPF of {domain} does not allow this client"),
        ),
        Contradiction::ReverseDns(name) => (
            case.border_field(),
            format!("its verified reverse-DNS name is {name}"),
        ),
        Contradiction::Network(provider) => (
            case.border_field(),
            format!(
                "its address is in none of the networks of {}",
                provider.name
            ),
        ),
    };
    Some(Decision::open(
        "helo-contradicted",
        field,
        format!(
            "{} took it from {}, which announced itself as {helo}; but {why}",
            case.server(),
            case.client()
        ),
    ))
}

/// A host in the smart host's domain, where nothing believed shows the smart host's operator.
fn operator_not_shown(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Neighbour(who, own) = case.placed.placement else {
        return None;
    };
    case.is_expected(who).then(|| {
        Decision::open(
            "operator-not-shown",
            case.border_field(),
            format!(
                "{} took it from {}, a host of {}, where the smart host {} is, too; but no believed DKIM pass \
                 shows that the operator of {} sent it, and not a customer",
                case.server(),
                case.client(),
                own.domain,
                own.smart_host,
                own.domain
            ),
        )
    })
}

/// The oldest stamp that was read has one of the recipient's own servers as its client, and the
/// header breaks off: the hand-over stands in what is missing.
fn cut_short(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let border = case.border()?;
    let guessed = match case.placed.placement {
        Placement::Guessed(doubt) => doubt != Doubt::TwoClients,
        Placement::Inner => true,
        _ => false,
    };
    // A whole header has a From (RFC 5322 3.6).
    let breaks_off = case.facts.cut || case.facts.from.is_empty();
    let last = case.facts.path.below(border.hop.number).next().is_none();
    let code = match border.is_inner() {
        true => "cut-short",
        false => "guessed-border",
    };
    (guessed && breaks_off && last).then(|| {
        Decision::open(
            code,
            case.border_field(),
            format!(
                "{} took it from {}, one of the recipient's own servers, and nothing tells from whom that took it; {WHOLE}",
                case.server(),
                case.client()
            ),
        )
    })
}

/// Whether Exchange's own stamp stands right below, and nothing better is known of the client.
fn is_structure(case: &Case<'_, '_, '_>) -> bool {
    match case.placed.placement {
        Placement::Structure => true,
        Placement::Contradicted(..) => case
            .border()
            .is_some_and(|border| case.facts.is_exchange_below(&border)),
        _ => false,
    }
}

fn exchange_by_structure(case: &Case<'_, '_, '_>) -> Option<Decision> {
    if !is_structure(case) {
        return None;
    }
    let row = case.row()?;
    let seen = format!(
        "{} took it from {}, right above Exchange's own stamp: an Exchange server's own way out",
        case.server(),
        case.client()
    );
    let decision = |outcome, code, says| Decision {
        outcome,
        code,
        field: case.border_field(),
        says,
    };
    // Vouched for, the stamp is what it says, and its server the client.
    if case.placed.vouched {
        return Some(match row.route {
            ExpectedRoute::Exchange => decision(Outcome::Pass, "left-through-exchange", seen),
            ExpectedRoute::Connector => decision(
                Outcome::Fail,
                "left-through-exchange",
                format!("{seen}, not through {}", wanted_text(row)),
            ),
        });
    }
    Some(match (row.route, case.claim()) {
        (ExpectedRoute::Exchange, _) => decision(
            Outcome::Inconclusive,
            "exchange-by-structure",
            format!("{seen}, but whose server it is only --exchange-host can say"),
        ),
        (ExpectedRoute::Connector, None) if case.is_signed() => decision(
            Outcome::Inconclusive,
            "exchange-by-structure",
            format!(
                "{seen}; but a believed DKIM pass shows that it went through {}, too",
                wanted_text(row)
            ),
        ),
        (ExpectedRoute::Connector, None) if case.is_egress_known() => decision(
            Outcome::Fail,
            "exchange-by-structure",
            format!("{seen}, not through {}", wanted_text(row)),
        ),
        (ExpectedRoute::Connector, None) => decision(
            Outcome::Inconclusive,
            "egress-unknown",
            format!(
                "{seen}; but from which hosts the mail of {} arrives is not known: a relay that adds no stamp looks the same",
                wanted_text(row)
            ),
        ),
        (ExpectedRoute::Connector, Some(claim)) => decision(
            Outcome::Inconclusive,
            "exchange-by-structure",
            format!(
                "{seen}; {} is only claimed below it ({})",
                wanted_text(row),
                claim_text(&claim)
            ),
        ),
    })
}

fn stranger(case: &Case<'_, '_, '_>) -> Option<Decision> {
    if !matches!(
        case.placed.placement,
        Placement::Stranger | Placement::Contradicted(..) | Placement::Neighbour(..)
    ) {
        return None;
    }
    let row = case.row()?;
    let wanted = wanted_text(row);
    let handed = format!(
        "{} took it from {}",
        case.server(),
        case.client_and_provider()
    );
    let unknown = |says| Decision::open("egress-unknown", case.border_field(), says);
    Some(match case.claim() {
        None if row.route == ExpectedRoute::Connector && !case.is_egress_known() => {
            unknown(format!(
                "{handed}, which is not known to be {wanted}; but from which hosts that one's mail arrives is not known either"
            ))
        }
        None if row.route == ExpectedRoute::Exchange && is_own_server(case) => unknown(format!(
            "{handed}, a host of the sender's own domain: the Exchange server's own way out, perhaps, or another server there"
        )),
        None => Decision {
            outcome: Outcome::Fail,
            code: "left-through-stranger",
            field: case.border_field(),
            says: format!("{handed}, which is not {wanted}"),
        },
        Some(claim) => Decision::open(
            "claimed-below",
            case.border_field(),
            format!(
                "{handed}, which is not known to be {wanted}; that is only claimed below ({}): \
                 a forwarder, perhaps, or {wanted} under another name",
                claim_text(&claim)
            ),
        ),
    })
}

/// Whether a stranger has a name in the sender's own domain, and the user named no Exchange server.
fn is_own_server(case: &Case<'_, '_, '_>) -> bool {
    let Some(border) = case.border() else {
        return false;
    };
    let helo = border.client().and_then(|client| client.helo.as_deref());
    case.facts.expectation.exchange_hosts.is_empty()
        && [border.client_name(), helo]
            .into_iter()
            .flatten()
            .any(|name| case.facts.is_own_organisation(name))
}

fn left_text(case: &Case<'_, '_, '_>, exit: &str, found: &Match<'_>) -> String {
    match found.identity {
        Identity::Dkim => format!("it left through {exit}, {}", identity_text(found)),
        _ => [
            "it left through ",
            exit,
            ": ",
            case.server(),
            " took it from ",
            &case.client(),
            ", ",
            &identity_text(found),
        ]
        .concat(),
    }
}

/// What was expected, as a sentence calls it.
pub(crate) fn wanted_text(row: &ExpectedRow<'_>) -> String {
    match (row.route, row.connector) {
        (ExpectedRoute::Connector, Some(connector)) => connector_text(connector),
        _ => "the Exchange outgoing server".to_owned(),
    }
}

fn connector_text(connector: &Connector) -> String {
    let host = connector
        .smart_hosts
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" or ");
    match &connector.name {
        Some(name) => format!("the connector {name} ({host})"),
        None => format!("the connector {host}"),
    }
}

/// A connector as the exit, with what is known of its host.
fn connector_exit_text(case: &Case<'_, '_, '_>, own: &Connector, found: &Match<'_>) -> String {
    match found.ground {
        // Not the host that was named, but one of the same operator.
        Ground::Organisation(organisation) => {
            let host = case
                .border()
                .and_then(|border| border.client_name())
                .unwrap_or(organisation.domain);
            format!(
                "{host}, a host of {}, the organisation of {}",
                organisation.domain,
                connector_text(own)
            )
        }
        _ => connector_text(own),
    }
}

fn exchange_text(found: &Match<'_>) -> String {
    match found.ground {
        Ground::Provider(provider) => format!("the Exchange outgoing server of {}", provider.name),
        Ground::Named(host) => format!("the Exchange outgoing server {host}"),
        _ => "the Exchange outgoing server".to_owned(),
    }
}

/// How the client is known, as the second half of a sentence about it.
pub(crate) fn identity_text(found: &Match<'_>) -> String {
    let whose = match found.ground {
        Ground::Named(host) => format!("{host}, which was named"),
        Ground::Provider(provider) if found.scope == Scope::Account => {
            format!(
                "{} (catalogue entry {}), under your own account",
                provider.name, provider.id
            )
        }
        Ground::Provider(provider) => format!(
            "{} (catalogue entry {}); any customer's mail would look so",
            provider.name, provider.id
        ),
        Ground::Organisation(own) => format!(
            "a host of {}, whose operator a believed DKIM pass shows",
            own.domain
        ),
        Ground::Account(domain, _) => format!("{domain}, a domain of the account"),
        Ground::Operator(domain) => {
            format!("{domain}, which authorises it, while its HELO is the named host's")
        }
    };
    match found.identity {
        Identity::Network => format!("known by its address as {whose}"),
        Identity::ReverseDns => format!("known by its verified reverse-DNS name as {whose}"),
        Identity::Spf => format!("known by a believed SPF pass as {whose}"),
        Identity::Dkim => {
            format!(
                "as a believed DKIM pass by {} shows: {whose}",
                found.domain.unwrap_or("its domain")
            )
        }
        Identity::Helo => format!("by its HELO as {whose}"),
    }
}

/// What a claim says, as a sentence calls it.
pub(crate) fn claim_text(claim: &Claim<'_>) -> String {
    match claim.what {
        Claimed::Host(name) => format!("a Received field names {name}"),
        Claimed::Address(address) => format!("a Received field names {address}"),
        Claimed::Form(provider) => format!("a Received field has the form of {}", provider.name),
        Claimed::ExchangeForm => "a Received field has Exchange's form".to_owned(),
        Claimed::Marker(field) => format!("a field {field} is there"),
    }
}

/// `NAME [ADDRESS]`: the verified name, else the HELO.
pub(crate) fn client_text(border: &Handover<'_, '_>) -> String {
    let Some(client) = border.client() else {
        return "no client".to_owned();
    };
    let name = border.client_name().or(client.helo.as_deref());
    let address = client.address.as_ref().map(|address| &*address.text);
    match (name, address) {
        (Some(name), Some(address)) if name.trim_matches(['[', ']']) != address => {
            [name, " [", address, "]"].concat()
        }
        (_, Some(address)) => ["[", address, "]"].concat(),
        (Some(name), None) => name.to_owned(),
        (None, None) => "an unnamed client".to_owned(),
    }
}

/// The server that stamped a hop.
pub(crate) fn server_text<'p>(border: &Handover<'p, '_>) -> &'p str {
    let by = border.hop.hop.by.as_ref();
    by.and_then(|by| by.host.as_deref().or(by.ip.as_deref()))
        .unwrap_or("the receiving server")
}
