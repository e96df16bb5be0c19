//! The outcome: where the client at the border is placed, and what that means for what was
//! expected (contract sections 5 and 7).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a rule asks for one placement; the others are other rules' to answer"
)]

use super::Facts;
use super::claims::{Claim, claimed_below};
use super::client::{Contradiction, Exit, Ground, Match, signed_by};
use super::exit::Resent;
use super::expected::{Expected, ExpectedRow, Unlisted};
use super::place::{Placed, Placement, place};
use super::reason::{Beside, Cited, Glance, Reason, Strange, Structure, Through, Took, Wanted};
use crate::analysis::{ExpectedRoute, ObservedRoute, Outcome, ReasonCode, Scope};
use crate::catalogue::Provider;
use crate::host::same_organisation;
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
    /// The code of the reason that decided.
    pub(crate) code: ReasonCode,
    pub(crate) placed: Placed<'a, 'a, 'x>,
    /// Why, the deciding reason first.
    pub(crate) reasons: Vec<Cited<'a>>,
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
                .find(|(own, _)| own.is(wanted))
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
                .find(|(connector, _)| connector.is(own)),
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

/// A decision of one rule: the outcome, its reason, and the field that rests on.
struct Decision<'a> {
    outcome: Outcome,
    field: Option<usize>,
    reason: Reason<'a>,
}

impl<'a> Decision<'a> {
    fn open(field: Option<usize>, reason: Reason<'a>) -> Self {
        Self {
            outcome: Outcome::Inconclusive,
            field,
            reason,
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

type Rule = for<'a> fn(&Case<'_, 'a, '_>) -> Option<Decision<'a>>;

/// The rules, in order: the first that has an answer gives it.
const RULES: &[Rule] = &[
    boundary_doubted,
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
        .unwrap_or_else(|| Decision::open(None, Reason::Undecided));
    let code = decision.reason.code();
    let mut reasons = vec![Cited {
        reason: decision.reason,
        line: decision.field.and_then(|field| facts.line(field)),
        vouched: placed.vouched && facts.boundary.is_none(),
    }];
    // Nothing is left that these could say where the message is perhaps none of its own.
    if facts.boundary.is_none() {
        reasons.extend(super::reasons::further(facts, exits, expected, &placed));
    }
    Verdict {
        outcome: decision.outcome,
        code,
        placed,
        reasons,
    }
}

impl<'a, 'x> Case<'_, 'a, 'x> {
    pub(super) fn border(&self) -> Option<Handover<'a, 'x>> {
        self.placed.border
    }

    pub(super) fn row(&self) -> Option<&ExpectedRow<'a>> {
        match self.expected {
            Expected::Route(row) => Some(row),
            Expected::Nothing | Expected::Unlisted(_) | Expected::Undecided(_) => None,
        }
    }

    fn border_field(&self) -> Option<usize> {
        self.border().map(|border| border.hop.field)
    }

    /// The hand-over at the border.
    fn took(&self) -> Took<'a> {
        let nobody = Took {
            server: None,
            client: None,
        };
        self.border().map_or(nobody, |border| Took::of(&border))
    }

    /// The provider that the client belongs to.
    fn provider(&self) -> Option<&'a Provider> {
        self.facts.provider_of_client(&self.border()?)
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
            (Who::Connector(Some(wanted)), Who::Connector(Some(own))) => wanted.is(own),
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
            facts
                .provider_of_client(&border)
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

/// The sender of the message before it may have written this one, or of this one the one behind it.
fn boundary_doubted<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let (doubt, line) = case.facts.boundary?;
    let outcome = match case.expected {
        Expected::Nothing => Outcome::Unchecked,
        Expected::Unlisted(_) if case.facts.expectation.ignore_unlisted => Outcome::Unchecked,
        Expected::Unlisted(_) | Expected::Undecided(_) | Expected::Route(_) => {
            Outcome::Inconclusive
        }
    };
    Some(Decision {
        outcome,
        field: None,
        reason: Reason::Boundary(doubt, line),
    })
}

fn nothing_expected<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    matches!(case.expected, Expected::Nothing).then(|| Decision {
        outcome: Outcome::Unchecked,
        field: case.border_field(),
        reason: Reason::NothingExpected(match &case.placed.placement {
            Placement::Unseen(unseen) => Glance::Unseen(*unseen, looked_at(case)),
            Placement::Guessed(_) => Glance::Unsure,
            _ => Glance::Took(case.took()),
        }),
    })
}

fn sender_not_covered<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let field = case
        .facts
        .section
        .fields()
        .iter()
        .position(|f| f.kind == crate::header::FieldName::From);
    match case.expected {
        Expected::Unlisted(why) => {
            let outcome = match why {
                Unlisted::Sender(..) if case.facts.expectation.ignore_unlisted => {
                    Outcome::Unchecked
                }
                Unlisted::Sender(..) | Unlisted::NoFrom => Outcome::Inconclusive,
            };
            Some(Decision {
                outcome,
                field,
                reason: Reason::UnlistedSender(why.clone()),
            })
        }
        Expected::Undecided(lookup) => {
            let reason = Reason::UndecidedSender(lookup.clone());
            Some(Decision::open(field, reason))
        }
        Expected::Nothing | Expected::Route(_) => None,
    }
}

fn no_hand_over_seen<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Unseen(unseen) = case.placed.placement else {
        return None;
    };
    let newest = case.facts.path.newest().map(|linked| linked.field);
    let inside = case.facts.path.oldest_believed();
    let field = match unseen {
        Unseen::NoReceived => None,
        Unseen::Late => newest,
        Unseen::Inside => inside.map(|linked| linked.field),
        Unseen::OtherReceiver(number) => {
            let linked = inside.filter(|linked| linked.number == number);
            linked.map(|linked| linked.field)
        }
    };
    Some(Decision::open(
        field,
        Reason::Unseen(unseen, looked_at(case)),
    ))
}

/// The server of the oldest believed stamp, at which the hand-over was looked for.
fn looked_at<'a>(case: &Case<'_, 'a, '_>) -> Option<&'a str> {
    let by = case.facts.path.oldest_believed()?.hop.by.as_ref()?;
    by.host.as_deref().or(by.ip.as_deref())
}

fn border_guessed<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Guessed(doubt) = case.placed.placement else {
        return None;
    };
    let reason = Reason::GuessedBorder(doubt, case.took());
    Some(Decision::open(case.border_field(), reason))
}

fn client_unnamed<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    matches!(case.placed.placement, Placement::Nameless)
        .then(|| Decision::open(case.border_field(), Reason::NoClient(case.took())))
}

fn inner_client<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    matches!(case.placed.placement, Placement::Inner)
        .then(|| Decision::open(case.border_field(), Reason::InnerClient(case.took())))
}

fn identities_disagree<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Disagree(connector, exchange) = case.placed.placement else {
        return None;
    };
    let reason = Reason::IdentitiesDisagree {
        took: case.took(),
        connector,
        exchange,
    };
    Some(Decision::open(case.border_field(), reason))
}

fn exit_not_shown<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let reason = match case.placed.placement {
        Placement::TakesIn(_, client) => Reason::TakesIn(case.took(), client),
        Placement::NotShown(_, provider, why) => Reason::ExitNotShown(case.took(), provider, why),
        _ => return None,
    };
    Some(Decision::open(case.border_field(), reason))
}

/// Two connectors of one provider that cannot be told apart.
fn connectors_alike<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Strong(Who::Connector(None), found, _) = &case.placed.placement else {
        return None;
    };
    if case.row()?.route == ExpectedRoute::Exchange {
        return None;
    }
    let reason = Reason::ConnectorsAlike(case.took(), *found);
    Some(Decision::open(Some(found.field), reason))
}

fn recipient_not_known<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Strong(_, found, standing) = &case.placed.placement else {
        return None;
    };
    case.row()?;
    let why = standing.entrance.clone()?;
    let reason = Reason::RecipientNotKnown(case.took(), *found, why);
    Some(Decision::open(Some(found.field), reason))
}

fn resent_perhaps<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Strong(Who::Connector(_), found, standing) = &case.placed.placement else {
        return None;
    };
    case.row()?;
    let resent = standing.resent?;
    let (Resent::To(_, field) | Resent::Field(_, field) | Resent::Envelope(field)) = resent;
    let reason = Reason::ResentPerhaps(case.took(), *found, resent);
    Some(Decision::open(Some(field), reason))
}

fn expected_exit<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Strong(who, found, standing) = &case.placed.placement else {
        return None;
    };
    let row = case.row()?;
    let is_it = match (row.route, *who) {
        (ExpectedRoute::Exchange, Who::Exchange) => true,
        (ExpectedRoute::Connector, Who::Connector(Some(own))) => {
            row.connector.is_some_and(|wanted| wanted.is(own))
        }
        _ => false,
    };
    if !is_it {
        return None;
    }
    let through = through(case, *who, found);
    if case.facts.expectation.require_account && found.scope != Scope::Account {
        let reason = Reason::AccountNotShown(through, *found);
        return Some(Decision::open(Some(found.field), reason));
    }
    let beside = standing
        .recipient
        .map_or(Beside::Expected, Beside::Forwards);
    Some(Decision {
        outcome: Outcome::Pass,
        field: Some(found.field),
        reason: Reason::Left {
            took: case.took(),
            through,
            found: *found,
            beside,
        },
    })
}

fn other_exit<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Strong(who, found, _) = &case.placed.placement else {
        return None;
    };
    Some(Decision {
        outcome: Outcome::Fail,
        field: Some(found.field),
        reason: Reason::Left {
            took: case.took(),
            through: through(case, *who, found),
            found: *found,
            beside: Beside::NotThrough(Wanted::of(case.row()?)),
        },
    })
}

/// The exit that was found, with what is known of its host.
fn through<'a>(case: &Case<'_, 'a, '_>, who: Who<'a>, found: &Match<'a>) -> Through<'a> {
    match (who, found.ground) {
        (Who::Exchange, ground) => Through::Exchange(ground),
        (Who::Connector(None), _) => Through::SomeConnector,
        (Who::Connector(Some(own)), Ground::Organisation(organisation)) => {
            let name = case.border().and_then(|border| border.client_name());
            let host = name.unwrap_or(organisation.domain);
            Through::Organisation(host, organisation, own)
        }
        (Who::Connector(Some(own)), _) => Through::Connector(own),
    }
}

fn helo_only<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Helo(who, _) = case.placed.placement else {
        return None;
    };
    let reason = Reason::HeloOnly(case.took(), who);
    Some(Decision::open(case.border_field(), reason))
}

/// The expected route's own HELO, contradicted: lists age, and relays have generic names.
fn helo_contradicted<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Contradicted(who, helo, by) = case.placed.placement else {
        return None;
    };
    if !case.is_expected(who) {
        return None;
    }
    let field = match by {
        Contradiction::Spf { field, .. } => Some(field),
        Contradiction::ReverseDns(_) | Contradiction::Network(_) => case.border_field(),
    };
    let reason = Reason::HeloContradicted(case.took(), helo, by);
    Some(Decision::open(field, reason))
}

/// A host in the smart host's domain, where nothing believed shows the smart host's operator.
fn operator_not_shown<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let Placement::Neighbour(who, own) = case.placed.placement else {
        return None;
    };
    case.is_expected(who).then(|| {
        let reason = Reason::OperatorNotShown(case.took(), own);
        Decision::open(case.border_field(), reason)
    })
}

/// The oldest stamp that was read has one of the recipient's own servers as its client, and the
/// header breaks off: the hand-over stands in what is missing.
fn cut_short<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    let border = case.border()?;
    let guessed = match case.placed.placement {
        Placement::Guessed(doubt) => doubt != Doubt::TwoClients,
        Placement::Inner => true,
        _ => false,
    };
    // A whole header has a From (RFC 5322 3.6).
    let breaks_off = case.facts.cut || case.facts.from.is_empty();
    let last = case.facts.path.below(border.hop.number).next().is_none();
    (guessed && breaks_off && last).then(|| {
        let reason = Reason::CutShort(case.took(), border.is_inner());
        Decision::open(case.border_field(), reason)
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

fn exchange_by_structure<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    if !is_structure(case) {
        return None;
    }
    let row = case.row()?;
    let wanted = Wanted::of(row);
    let decision = |outcome, structure| Decision {
        outcome,
        field: case.border_field(),
        reason: Reason::ByStructure(case.took(), structure),
    };
    // Vouched for, the stamp is what it says, and its server the client.
    if case.placed.vouched {
        return Some(match row.route {
            ExpectedRoute::Exchange => decision(Outcome::Pass, Structure::Honest),
            ExpectedRoute::Connector => {
                decision(Outcome::Fail, Structure::HonestNotThrough(wanted))
            }
        });
    }
    let open = |structure| decision(Outcome::Inconclusive, structure);
    Some(match (row.route, case.claim()) {
        (ExpectedRoute::Exchange, _) => open(Structure::Whose),
        (ExpectedRoute::Connector, None) if case.is_signed() => open(Structure::Signed(wanted)),
        (ExpectedRoute::Connector, None) if case.is_egress_known() => {
            decision(Outcome::Fail, Structure::NotThrough(wanted))
        }
        (ExpectedRoute::Connector, None) => open(Structure::EgressUnknown(wanted)),
        (ExpectedRoute::Connector, Some(claim)) => open(Structure::Claimed(wanted, claim)),
    })
}

fn stranger<'a>(case: &Case<'_, 'a, '_>) -> Option<Decision<'a>> {
    if !matches!(
        case.placed.placement,
        Placement::Stranger | Placement::Contradicted(..) | Placement::Neighbour(..)
    ) {
        return None;
    }
    let row = case.row()?;
    let strange = match case.claim() {
        None if row.route == ExpectedRoute::Connector && !case.is_egress_known() => {
            Strange::EgressUnknown
        }
        None if row.route == ExpectedRoute::Exchange && is_own_server(case) => Strange::OwnServer,
        None => Strange::NotIt,
        Some(claim) => Strange::Claimed(claim),
    };
    let outcome = match strange {
        Strange::NotIt => Outcome::Fail,
        Strange::EgressUnknown | Strange::OwnServer | Strange::Claimed(_) => Outcome::Inconclusive,
    };
    Some(Decision {
        outcome,
        field: case.border_field(),
        reason: Reason::Stranger {
            took: case.took(),
            provider: case.provider(),
            wanted: Wanted::of(row),
            strange,
        },
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
