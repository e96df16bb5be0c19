//! The outcome: where the client at the border is placed, and what that means for what was
//! expected (contract sections 5 and 7).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a rule asks for one placement; the others are other rules' to answer"
)]

use super::Facts;
use super::claims::{Claim, Claimed, Intake, claimed_below, intake_of};
use super::client::{Exit, Ground, Match, by_dkim, by_helo, strong};
use super::expected::{Expected, ExpectedRow};
use crate::analysis::{
    Border, ExpectedRoute, Identity, ObservedRoute, Outcome, Reason, Scope, Settle,
};
use crate::catalogue::Provider;
use crate::host::{HostSpec, is_inner, same_name};
use crate::policy::Connector;
use crate::trust::{Handover, Unseen};

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

/// Where the client at the border is placed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Placement<'a> {
    /// No hand-over is seen.
    Unseen(Unseen),
    /// The border is not sure.
    Guessed,
    /// Two strong identities name different exits.
    Disagree(Match<'a>, Match<'a>),
    /// A provider that also receives for others, and nothing shows that it took the message from
    /// this sender.
    NotShown(Who<'a>, Match<'a>, &'a Provider, Intake<'a>),
    /// A strong identity.
    Strong(Who<'a>, Match<'a>),
    /// The HELO alone.
    Helo(Who<'a>, Match<'a>),
    /// Exchange by structure: its own stamp stands right below.
    Structure,
    /// Anybody else.
    Stranger,
}

/// Everything the report says of the verdict.
#[derive(Debug)]
pub(crate) struct Verdict<'a> {
    pub(crate) outcome: Outcome,
    pub(crate) placement: Placement<'a>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) settle: Vec<Settle>,
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

    fn all(&self) -> Vec<&Exit<'a>> {
        self.connectors
            .iter()
            .map(|(_, exit)| exit)
            .chain([&self.exchange])
            .collect()
    }
}

/// Places the client at the border: connector, exchange (strong); one of them by HELO alone;
/// exchange by structure; a stranger. DKIM shows passage and decides only where the client would
/// otherwise be a stranger or HELO-only.
pub(crate) fn place<'a>(facts: &Facts<'a, '_>, exits: &Exits<'a>) -> Placement<'a> {
    let border = match facts.path.border() {
        Ok(border) => border,
        Err(unseen) => return Placement::Unseen(unseen),
    };
    if border.how == Border::Guessed {
        return Placement::Guessed;
    }
    if border.client().is_none() {
        return Placement::Unseen(Unseen::Inside);
    }
    let connector = best(exits, |exit| strong(facts, &border, exit));
    let exchange = strong(facts, &border, &exits.exchange);
    let placed = match (connector, exchange) {
        (Some((_, connector)), Some(exchange))
            if !is_named_host(&connector) || is_named_host(&exchange) =>
        {
            return Placement::Disagree(connector, exchange);
        }
        (Some((who, connector)), _) => (Who::Connector(who), connector),
        (None, Some(exchange)) => (Who::Exchange, exchange),
        (None, None) => match weakly(facts, exits, &border) {
            Placement::Strong(who, found) => (who, found),
            weak => return weak,
        },
    };
    let (who, found) = placed;
    if border.hop.hop.doubtful {
        return Placement::Guessed;
    }
    let helo = border.client().and_then(|client| client.helo.as_deref());
    match found.ground {
        // Some deliver inbound mail from the same addresses, under another HELO only.
        Ground::Provider(provider) if helo.is_some_and(|helo| provider.delivers_inbound(helo)) => {
            Placement::NotShown(who, found, provider, Intake::Nothing)
        }
        Ground::Provider(provider)
            if found.scope == Scope::Provider && provider.receives_for_others =>
        {
            match intake_of(facts, &border, provider, who, &exits.all()) {
                Intake::Sender => Placement::Strong(who, found),
                intake => Placement::NotShown(who, found, provider, intake),
            }
        }
        _ => Placement::Strong(who, found),
    }
}

/// The connector that is matched best; `None` in its place where two are matched equally.
fn best<'a>(
    exits: &Exits<'a>,
    matched: impl Fn(&Exit<'a>) -> Option<Match<'a>>,
) -> Option<(Option<&'a Connector>, Match<'a>)> {
    let mut best: Option<(Option<&'a Connector>, Match<'a>)> = None;
    for (connector, exit) in &exits.connectors {
        let Some(found) = matched(exit) else { continue };
        best = match best {
            Some((_, known)) if known.rank() < found.rank() => continue,
            Some((_, known)) if known.rank() == found.rank() => Some((None, known)),
            _ => Some((Some(connector), found)),
        };
    }
    best
}

/// A host that the user named, known by its address or verified name.
fn is_named_host(found: &Match<'_>) -> bool {
    matches!(found.ground, Ground::Named(_)) && found.identity <= Identity::ReverseDns
}

fn weakly<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    border: &Handover<'a, '_>,
) -> Placement<'a> {
    let helo = best(exits, |exit| by_helo(facts, border, exit))
        .map(|(connector, found)| Placement::Helo(Who::Connector(connector), found))
        .or_else(|| {
            by_helo(facts, border, &exits.exchange)
                .map(|found| Placement::Helo(Who::Exchange, found))
        });
    if helo.is_none() && facts.is_exchange_right_below() {
        return Placement::Structure;
    }
    match best(exits, |exit| by_dkim(facts, border, exit)) {
        Some((connector, found)) => Placement::Strong(Who::Connector(connector), found),
        None => helo.unwrap_or(Placement::Stranger),
    }
}

/// A decision of one rule: the outcome and its first reason.
struct Decision {
    outcome: Outcome,
    code: &'static str,
    field: Option<usize>,
    says: String,
    settle: Vec<Settle>,
}

/// What the rules look at.
struct Case<'c, 'a, 'x> {
    facts: &'c Facts<'a, 'x>,
    exits: &'c Exits<'a>,
    expected: &'c Expected<'a>,
    placement: Placement<'a>,
}

/// The rules, in order: the first that has an answer gives it.
const RULES: &[fn(&Case<'_, '_, '_>) -> Option<Decision>] = &[
    nothing_expected,
    sender_not_covered,
    no_hand_over_seen,
    border_guessed,
    identities_disagree,
    exit_not_shown,
    connectors_alike,
    expected_exit,
    other_exit,
    helo_only,
    cut_short,
    exchange_by_structure,
    stranger,
];

/// Decides: the first rule's answer, with what else speaks for it.
pub(crate) fn decide<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    expected: &Expected<'a>,
) -> Verdict<'a> {
    let placement = place(facts, exits);
    let case = Case {
        facts,
        exits,
        expected,
        placement,
    };
    let decision = RULES
        .iter()
        .find_map(|rule| rule(&case))
        .unwrap_or_else(|| Decision {
            outcome: Outcome::Inconclusive,
            code: "undecided",
            field: None,
            says: "no rule decides this message".to_owned(),
            settle: Vec::new(),
        });
    let line = decision.field.and_then(|field| facts.line(field));
    let mut reasons = vec![Reason {
        code: decision.code.to_owned(),
        line,
        says: decision.says,
    }];
    reasons.extend(super::reasons::further(facts, exits, expected, placement));
    Verdict {
        outcome: decision.outcome,
        placement,
        reasons,
        settle: decision.settle.into_iter().filter(is_taken).collect(),
    }
}

/// Whether the command line takes the value: what a header calls a host need not be one.
fn is_taken(settle: &Settle) -> bool {
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

impl<'a> Case<'_, 'a, '_> {
    fn border(&self) -> Option<Handover<'a, '_>> {
        self.facts.path.border().ok()
    }

    fn row(&self) -> Option<&ExpectedRow<'a>> {
        match self.expected {
            Expected::Route(row) => Some(row),
            Expected::Nothing | Expected::Unlisted { .. } | Expected::Undecided { .. } => None,
        }
    }

    fn border_field(&self) -> Option<usize> {
        self.border().map(|border| border.hop.field)
    }

    /// The client at the border, as a sentence calls it.
    fn client(&self) -> String {
        self.border()
            .map(|border| client_text(&border))
            .unwrap_or_else(|| "no client".to_owned())
    }

    /// The server that stamped the border.
    fn server(&self) -> &'a str {
        match self.facts.path.border() {
            Ok(border) => server_text(&border),
            Err(_) => "no server",
        }
    }

    /// The client as an option's value: its address, which names it alone; else its verified name.
    fn client_value(&self) -> Option<String> {
        let border = self.border()?;
        let ip = border.client_ip().map(|ip| ip.to_string());
        ip.or_else(|| border.client_name().map(str::to_owned))
    }

    /// The client as a server to trust, where that would lead further: its verified name, else its
    /// address.
    fn trusted_value(&self) -> Option<String> {
        let border = self.border().filter(|_| self.facts.path.client_stamps())?;
        let name = border.client_name().map(str::to_owned);
        name.or_else(|| border.client_ip().map(|ip| ip.to_string()))
    }

    /// The options that name the client as an exit: also by its HELO, where a believed SPF pass of
    /// that very name authorises the client.
    fn name_authorised(&self, who: Who<'_>) -> Vec<Settle> {
        let helo = self.border().and_then(|border| {
            let helo = border.client()?.helo.as_deref()?;
            let mut passes = self.facts.spf_passes(&border);
            let authorised = passes.any(|(domain, _)| same_name(domain, helo));
            authorised.then(|| helo.to_owned())
        });
        let mut settle_with = self.name_client(who);
        settle_with.extend(settle(self.option_of(who), helo));
        settle_with
    }

    /// The option that names the client as an exit.
    fn name_client(&self, who: Who<'_>) -> Vec<Settle> {
        settle(self.option_of(who), self.client_value())
    }

    fn option_of(&self, who: Who<'_>) -> &'static str {
        let policy = self
            .facts
            .expectation
            .connectors()
            .iter()
            .any(|connector| connector.id.is_some());
        match who {
            Who::Connector(_) if policy => "egress",
            Who::Connector(_) => "--smart-host",
            Who::Exchange => "--exchange-host",
        }
    }

    fn expected_who(&self) -> Who<'a> {
        match self.row() {
            Some(ExpectedRow {
                route: ExpectedRoute::Connector,
                connector,
                ..
            }) => Who::Connector(*connector),
            _ => Who::Exchange,
        }
    }

    /// What is claimed below the border of the exit that is expected.
    fn claim(&self) -> Option<Claim<'a>> {
        let exit = self.row().and_then(|row| self.exits.expected(row))?;
        claimed_below(self.facts, exit)
    }
}

fn settle(option: &str, value: Option<String>) -> Vec<Settle> {
    value
        .map(|value| Settle {
            option: option.to_owned(),
            value: Some(value),
            says: String::new(),
        })
        .into_iter()
        .collect()
}

fn nothing_expected(case: &Case<'_, '_, '_>) -> Option<Decision> {
    matches!(case.expected, Expected::Nothing).then(|| Decision {
        outcome: Outcome::Unchecked,
        code: "nothing-expected",
        field: case.border_field(),
        says: match case.placement {
            Placement::Unseen(unseen) => {
                format!("nothing is expected; {}", unseen_text(case, unseen))
            }
            Placement::Guessed => {
                "nothing is expected; where the recipient's side begins is not sure".to_owned()
            }
            _ => format!(
                "nothing is expected; {} took it from {}",
                case.server(),
                case.client()
            ),
        },
        settle: Vec::new(),
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
        Expected::Unlisted { says, .. } if case.facts.expectation.ignore_unlisted => {
            Some(Decision {
                outcome: Outcome::Unchecked,
                code: "unlisted-sender",
                field,
                says: says.clone(),
                settle: Vec::new(),
            })
        }
        Expected::Unlisted { says, sender } => Some(Decision {
            outcome: Outcome::Inconclusive,
            code: "unlisted-sender",
            field,
            says: says.clone(),
            settle: match sender {
                Some(_) => settle("--unlisted", Some("ignore".to_owned())),
                None => Vec::new(),
            },
        }),
        Expected::Undecided { says, names_sender } => Some(Decision {
            outcome: Outcome::Inconclusive,
            code: "undecided-sender",
            field,
            says: says.clone(),
            settle: match names_sender {
                true => settle("--sender", case.facts.from.first().cloned()),
                false => Vec::new(),
            },
        }),
        Expected::Nothing | Expected::Route(_) => None,
    }
}

fn no_hand_over_seen(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Unseen(unseen) = case.placement else {
        return None;
    };
    let newest = case.facts.path.newest();
    let (code, field, settle) = match unseen {
        Unseen::NoReceived => ("no-received", None, Vec::new()),
        Unseen::Late => (
            "late-received",
            newest.map(|linked| linked.field),
            Vec::new(),
        ),
        Unseen::Inside => {
            let inside = case.facts.path.oldest_believed();
            let client = inside.and_then(|linked| linked.hop.from.as_ref());
            let value = client
                .and_then(crate::trust::tcp_ip)
                .map(|ip| ip.to_string());
            let option = match case.expected_who() {
                Who::Connector(_) => "--smart-host",
                Who::Exchange => "--exchange-host",
            };
            (
                "no-hand-over",
                inside.map(|linked| linked.field),
                settle(option, value),
            )
        }
        Unseen::OtherReceiver(number) => {
            let linked = case
                .facts
                .path
                .oldest_believed()
                .filter(|linked| linked.number == number);
            let by = linked.and_then(|linked| linked.hop.by.as_ref());
            let by = by
                .and_then(|by| by.host.as_deref().or(by.ip.as_deref()))
                .map(str::to_owned);
            (
                "other-receiver",
                linked.map(|linked| linked.field),
                settle("--receiver", by),
            )
        }
    };
    let says = unseen_text(case, unseen);
    Some(Decision {
        outcome: Outcome::Inconclusive,
        code,
        field,
        says,
        settle,
    })
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
    let Placement::Guessed = case.placement else {
        return None;
    };
    let below = case.facts.path.doubt();
    let by = below
        .or(case.facts.path.oldest_believed())
        .and_then(|linked| linked.hop.by.as_ref());
    let receiver = by
        .and_then(|by| by.host.as_deref().or(by.ip.as_deref()))
        .map(str::to_owned);
    // A whole header has a From (RFC 5322 3.6).
    let breaks_off =
        case.facts.path.below_border().is_none() && (case.facts.cut || case.facts.from.is_empty());
    Some(Decision {
        outcome: Outcome::Inconclusive,
        code: "guessed-border",
        field: case.border_field(),
        says: match case.border().is_some_and(|border| border.hop.hop.doubtful) {
            _ if breaks_off => format!(
                "{} took it from {}, one of the recipient's own servers, and nothing tells from whom that took it; {WHOLE}",
                case.server(),
                case.client()
            ),
            true => format!(
                "{} took it from {}, but the field has more clauses than one server writes: \
                 the client's words may stand where the server's are looked for",
                case.server(),
                case.client()
            ),
            false => format!(
                "{} took it from {}, one of the recipient's own servers, but the next stamp is not that server's: \
                 where the recipient's side begins is not sure",
                case.server(),
                case.client()
            ),
        },
        settle: settle("--receiver", receiver.filter(|_| !breaks_off)),
    })
}

fn identities_disagree(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Disagree(connector, exchange) = case.placement else {
        return None;
    };
    Some(Decision {
        outcome: Outcome::Inconclusive,
        code: "identities-disagree",
        field: case.border_field(),
        says: format!(
            "{} is the connector {}, and the Exchange platform {}: the two do not agree",
            case.client(),
            identity_text(&connector),
            identity_text(&exchange)
        ),
        settle: case.name_client(case.expected_who()),
    })
}

fn exit_not_shown(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::NotShown(who, _, provider, intake) = case.placement else {
        return None;
    };
    let seen = match intake {
        Intake::Outside(client) => {
            format!("its own stamps show that it took the message from {client}, outside")
        }
        Intake::Nothing | Intake::Sender => {
            "its own stamps do not show where it took the message from".to_owned()
        }
    };
    let mut settle_with = settle("--trust", case.trusted_value());
    if matches!(intake, Intake::Nothing) || settle_with.is_empty() {
        settle_with.extend(case.name_client(who));
    }
    Some(Decision {
        outcome: Outcome::Inconclusive,
        code: "exit-not-shown",
        field: case.border_field(),
        says: format!(
            "{} is {}, which also receives for others; {seen}: it may be the recipient's filter, a redirection or a forwarder",
            case.client(),
            provider.name
        ),
        settle: settle_with,
    })
}

/// Two connectors of one provider that cannot be told apart.
fn connectors_alike(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Strong(Who::Connector(None), found) = case.placement else {
        return None;
    };
    if case.row()?.route == ExpectedRoute::Exchange {
        return None;
    }
    Some(Decision {
        outcome: Outcome::Inconclusive,
        code: "connectors-alike",
        field: Some(found.field),
        says: format!(
            "{} is a connector {}, but the policy has more than one that it may be",
            case.client(),
            identity_text(&found)
        ),
        settle: account_settle(case),
    })
}

/// The believed domain that would tell an account, as a key of the policy.
fn account_settle(case: &Case<'_, '_, '_>) -> Vec<Settle> {
    let facts = case.facts;
    // A provider's own domain tells no account of it.
    let own = |domain: &str| {
        let shared = facts
            .catalogue
            .providers()
            .any(|provider| provider.bounce_domain(domain) || provider.signing_domain(domain));
        !shared && !facts.is_own_domain(domain)
    };
    let spf = case.border().and_then(|border| {
        let mut passes = facts
            .spf_passes(&border)
            .map(|(domain, _)| domain.to_owned());
        passes.find(|domain| own(domain))
    });
    let dkim = || {
        facts
            .dkim_passes()
            .map(|(domain, _)| domain)
            .find(|domain| own(domain))
    };
    match spf {
        Some(domain) => settle("bounce-domains", Some(domain)),
        None => settle("dkim", dkim().map(str::to_owned)),
    }
}

fn expected_exit(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Strong(who, found) = case.placement else {
        return None;
    };
    let row = case.row()?;
    let (code, exit) = match (row.route, who) {
        (ExpectedRoute::Exchange, Who::Exchange) => {
            ("left-through-exchange", exchange_text(&found))
        }
        (ExpectedRoute::Connector, Who::Connector(Some(own)))
            if row
                .connector
                .is_some_and(|wanted| std::ptr::eq(wanted, own)) =>
        {
            ("left-through-connector", connector_text(own))
        }
        _ => return None,
    };
    if case.facts.expectation.require_account && found.scope != Scope::Account {
        return Some(Decision {
            outcome: Outcome::Inconclusive,
            code: "account-not-shown",
            field: Some(found.field),
            says: format!(
                "it left through {exit}, {}, but nothing believed shows the account, which --require account asks for",
                identity_text(&found)
            ),
            settle: account_settle(case),
        });
    }
    let outcome = Outcome::Pass;
    Some(Decision {
        outcome,
        code,
        field: Some(found.field),
        says: left_text(case, &exit, &found),
        settle: Vec::new(),
    })
}

fn other_exit(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Strong(who, found) = case.placement else {
        return None;
    };
    let wanted = wanted_text(case.row()?);
    let (code, exit) = match who {
        Who::Exchange => ("left-through-exchange", exchange_text(&found)),
        Who::Connector(Some(own)) => ("left-through-other-connector", connector_text(own)),
        Who::Connector(None) => ("left-through-other-connector", "a connector".to_owned()),
    };
    let code = match (case.row()?.route, who) {
        (ExpectedRoute::Exchange, Who::Connector(_)) => "left-through-connector",
        _ => code,
    };
    Some(Decision {
        outcome: Outcome::Fail,
        code,
        field: Some(found.field),
        says: format!("{}, not through {wanted}", left_text(case, &exit, &found)),
        settle: Vec::new(),
    })
}

fn helo_only(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Helo(who, _) = case.placement else {
        return None;
    };
    let exit = match who {
        Who::Connector(Some(own)) => connector_text(own),
        Who::Connector(None) => "a connector".to_owned(),
        Who::Exchange => "the Exchange platform".to_owned(),
    };
    Some(Decision {
        outcome: Outcome::Inconclusive,
        code: "helo-only",
        field: case.border_field(),
        says: format!(
            "{} took it from {}, which is {exit} by its HELO alone; the client chose that name",
            case.server(),
            case.client()
        ),
        settle: case.name_authorised(who),
    })
}

/// The oldest stamp that was read has one of the recipient's own servers as its client, and the
/// header breaks off: the hand-over stands in what is missing.
fn cut_short(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let border = case.border().filter(|_| case.facts.cut)?;
    let is_inside = border.client_ip().is_some_and(is_inner);
    (is_inside && case.facts.path.below_border().is_none()).then(|| Decision {
        outcome: Outcome::Inconclusive,
        code: "cut-short",
        field: case.border_field(),
        says: format!(
            "{} took it from {}, an inner address, and nothing tells from whom that took it; {WHOLE}",
            case.server(),
            case.client()
        ),
        settle: Vec::new(),
    })
}

fn exchange_by_structure(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Structure = case.placement else {
        return None;
    };
    let row = case.row()?;
    let seen = format!(
        "{} took it from {}, right above Exchange's own stamp: an Exchange server's own way out",
        case.server(),
        case.client()
    );
    let decision = |outcome, says, settle| Decision {
        outcome,
        code: "exchange-by-structure",
        field: case.border_field(),
        says,
        settle,
    };
    Some(match (row.route, case.claim()) {
        (ExpectedRoute::Exchange, _) => decision(
            Outcome::Inconclusive,
            format!("{seen}, but whose server it is only --exchange-host can say"),
            case.name_client(Who::Exchange),
        ),
        (ExpectedRoute::Connector, None) => decision(
            Outcome::Fail,
            format!("{seen}, not through {}", wanted_text(row)),
            Vec::new(),
        ),
        (ExpectedRoute::Connector, Some(claim)) => decision(
            Outcome::Inconclusive,
            format!(
                "{seen}; {} is only claimed below it ({})",
                wanted_text(row),
                claim_text(&claim)
            ),
            case.name_client(Who::Exchange),
        ),
    })
}

fn stranger(case: &Case<'_, '_, '_>) -> Option<Decision> {
    let Placement::Stranger = case.placement else {
        return None;
    };
    let row = case.row()?;
    let wanted = wanted_text(row);
    let handed = format!("{} took it from {}", case.server(), case.client());
    Some(match case.claim() {
        None => Decision {
            outcome: Outcome::Fail,
            code: "left-through-stranger",
            field: case.border_field(),
            says: format!("{handed}, which is not {wanted}"),
            settle: Vec::new(),
        },
        Some(claim) => Decision {
            outcome: Outcome::Inconclusive,
            code: "claimed-below",
            field: case.border_field(),
            says: format!(
                "{handed}, which is not known to be {wanted}; that is only claimed below ({}): \
                 a forwarder, perhaps, or {wanted} under another name",
                claim_text(&claim)
            ),
            settle: settle("--trust", case.trusted_value())
                .into_iter()
                .chain(case.name_client(case.expected_who()))
                .collect(),
        },
    })
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
        Ground::Provider(provider) => format!(
            "{} (catalogue entry {}); any customer's mail would look so",
            provider.name, provider.id
        ),
        Ground::Organisation(domain) => format!("a host of {domain}, any of which counts"),
        Ground::Account(domain) => format!("{domain}, a domain of the account"),
        Ground::OwnDomain(domain) => {
            format!("{domain}, which authorises it, while its HELO is the smart host's name")
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
        Identity::Helo => format!("by its HELO alone {whose}"),
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
