//! What is expected of one message: the plan, applied to its sender.

use crate::analysis::{ExpectedRoute, ExpectedSource};
use crate::message::Summary;
use crate::policy::{Connector, Expectation, Lookup, Plan, Policy, Route};
use crate::trace::Hop;

/// The expectation for one message.
#[derive(Debug, Clone)]
pub(crate) enum Expected<'a> {
    /// Nothing is expected.
    Nothing,
    /// This route is.
    Route(ExpectedRow<'a>),
    /// No row of the policy covers the sender.
    Unlisted(Unlisted<'a>),
    /// Rows exist, but which of them holds is not to be told: what the policy says, or nothing
    /// where From has several addresses of which it says different things.
    Undecided(Option<Lookup<'a>>),
}

/// Why no row covers the sender.
#[derive(Debug, Clone)]
pub(crate) enum Unlisted<'a> {
    /// There is no address to look up.
    NoFrom,
    /// None covers this address.
    Sender(Lookup<'a>, String),
}

/// A route that is expected, and by what.
#[derive(Debug, Clone)]
pub(crate) struct ExpectedRow<'a> {
    /// The route.
    pub(crate) route: ExpectedRoute,
    /// The connector, where that is the route.
    pub(crate) connector: Option<&'a Connector>,
    /// The sender that the expectation is for.
    pub(crate) sender: Option<String>,
    /// Where it comes from.
    pub(crate) source: ExpectedSource,
    /// Which row of the policy it is.
    pub(crate) row: Option<Lookup<'a>>,
}

impl<'a> ExpectedRow<'a> {
    /// The connector, where it requires TLS and this hand-over shows none.
    pub(crate) fn without_tls(&self, hop: &Hop<'_>) -> Option<&'a Connector> {
        let connector = self.connector.filter(|connector| connector.require_tls);
        connector.filter(|_| !hop.has_tls())
    }

    fn given(
        route: ExpectedRoute,
        connector: Option<&'a Connector>,
        expectation: &Expectation,
    ) -> Self {
        let (sender, source) = (expectation.sender.clone(), expectation.source);
        Self {
            route,
            connector,
            sender,
            source,
            row: None,
        }
    }
}

/// Applies the plan to a message.
pub(crate) fn expected_of<'a>(expectation: &'a Expectation, message: &Summary) -> Expected<'a> {
    match &expectation.plan {
        Plan::Nothing => Expected::Nothing,
        Plan::Connector(connector) => Expected::Route(ExpectedRow::given(
            ExpectedRoute::Connector,
            Some(connector),
            expectation,
        )),
        Plan::Exchange(_) => Expected::Route(ExpectedRow::given(
            ExpectedRoute::Exchange,
            None,
            expectation,
        )),
        Plan::Policy(policy) => by_policy(policy, expectation, message),
    }
}

/// The sender is `--sender`, else the one address of From, among several the one that Sender
/// names; never the Return-Path or a display name.
fn by_policy<'a>(policy: &'a Policy, expectation: &Expectation, message: &Summary) -> Expected<'a> {
    let recipients = message.to.iter().chain(&message.cc);
    let recipients: Vec<&str> = recipients.map(String::as_str).collect();
    let row = |sender: &str| row_of(policy.expectation_for(sender, &recipients), sender);
    if let Some(sender) = &expectation.sender {
        return row(sender);
    }
    let named = message.sender.as_ref().filter(|sender| {
        message.from.len() > 1
            && !message.several_senders
            && message
                .from
                .iter()
                .any(|from| from.eq_ignore_ascii_case(sender))
    });
    match (message.from.as_slice(), named) {
        ([], _) => Expected::Unlisted(Unlisted::NoFrom),
        ([only], _) => row(only),
        (_, Some(sender)) => row(sender),
        ([first, others @ ..], None) => {
            let expected = row(first);
            match others.iter().all(|other| is_alike(&expected, &row(other))) {
                true => expected,
                false => Expected::Undecided(None),
            }
        }
    }
}

fn row_of<'a>(lookup: Lookup<'a>, sender: &str) -> Expected<'a> {
    if let Lookup::Undecided { .. } = &lookup {
        return Expected::Undecided(Some(lookup));
    }
    let (Some(route), Some(source)) = (lookup.route(), lookup.source()) else {
        return Expected::Unlisted(Unlisted::Sender(lookup, sender.to_owned()));
    };
    let (route, connector) = match route {
        Route::Connector(connector) => (ExpectedRoute::Connector, Some(connector)),
        Route::Exchange => (ExpectedRoute::Exchange, None),
    };
    Expected::Route(ExpectedRow {
        route,
        connector,
        sender: Some(sender.to_owned()),
        source,
        row: Some(lookup),
    })
}

fn is_alike(a: &Expected<'_>, b: &Expected<'_>) -> bool {
    match (a, b) {
        (Expected::Route(a), Expected::Route(b)) => {
            a.route == b.route && a.connector.map(|c| c.id) == b.connector.map(|c| c.id)
        }
        (Expected::Unlisted(_), Expected::Unlisted(_)) => true,
        _ => false,
    }
}
