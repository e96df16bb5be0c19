//! The placement of the client as the contract's `observed`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the report says of one placement what it says of no other"
)]

use super::{connector, owned, tls};
use crate::analysis::{Border, Identity, Observed, ObservedRoute};
use crate::route::Facts;
use crate::route::place::Placement;
use crate::route::rules::{Verdict, Who};
use crate::trust::Handover;
use crate::words::instant;

/// The route that was observed.
pub(super) fn observed(facts: &Facts<'_, '_>, verdict: &Verdict<'_, '_>) -> Observed {
    let Some(border) = verdict.placed.border else {
        return Observed {
            route: Some(ObservedRoute::Unknown),
            attested: Some(false),
            ..Observed::default()
        };
    };
    let placement = &verdict.placed.placement;
    let believed = !verdict.placed.vouched;
    let (route, attested) = match placement {
        Placement::Strong(_, _, standing)
            if standing.entrance.is_some() || standing.resent.is_some() =>
        {
            (ObservedRoute::Unknown, false)
        }
        Placement::Strong(who, ..) => (who.route(), believed),
        Placement::Helo(who, _) => (who.route(), false),
        Placement::Structure => (ObservedRoute::Exchange, false),
        Placement::Stranger | Placement::Contradicted(..) | Placement::Neighbour(..) => {
            (ObservedRoute::Other, believed)
        }
        Placement::Unseen(_)
        | Placement::Guessed(_)
        | Placement::Nameless
        | Placement::Inner
        | Placement::Disagree(..)
        | Placement::TakesIn(..)
        | Placement::NotShown(..) => (ObservedRoute::Unknown, false),
    };
    let found = match placement {
        Placement::Strong(_, found, _)
        | Placement::Helo(_, found)
        | Placement::TakesIn(found, _)
        | Placement::NotShown(found, ..) => Some(*found),
        Placement::Unseen(_)
        | Placement::Guessed(_)
        | Placement::Nameless
        | Placement::Inner
        | Placement::Disagree(..)
        | Placement::Contradicted(..)
        | Placement::Neighbour(..)
        | Placement::Structure
        | Placement::Stranger => None,
    };
    let through = match placement {
        Placement::Strong(Who::Connector(own), _, standing)
            if standing.entrance.is_none() && standing.resent.is_none() =>
        {
            own.map(connector)
        }
        Placement::Helo(Who::Connector(own), _) => own.map(connector),
        _ => None,
    };
    let known = || client_provider(facts, &border);
    let mut observed = Observed {
        route: Some(route),
        connector: through,
        provider: found
            .and_then(|found| found.ground.provider().map(|p| p.id.to_string()))
            .or_else(known),
        scope: found.map(|found| found.scope),
        border: Some(match placement {
            Placement::Guessed(_) => Border::Guessed,
            _ => border.how,
        }),
        attested: Some(attested),
        identity: found.map(|found| found.identity),
        ..Observed::default()
    };
    if let Some(found) = found.filter(|found| found.identity == Identity::Dkim) {
        observed.provider = found
            .ground
            .provider()
            .map(|provider| provider.id.to_string());
        observed.attested_by = found.authserv_id.map(str::to_owned);
        return observed;
    }
    let hop = &border.hop.hop;
    let by = hop.by.as_ref();
    observed.host = border
        .client_name()
        .map(str::to_owned)
        .or_else(|| owned(&border.client()?.helo));
    observed.ip = border
        .client()
        .and_then(|client| Some(client.address.as_ref()?.text.clone().into_owned()));
    observed.hop = Some(border.hop.number);
    observed.date = hop.date.and_then(instant);
    observed.tls = tls(&hop.tls);
    observed.attested_by = match border.how {
        // Its server's name may be the client's invention.
        _ if hop.doubtful => None,
        _ if route == ObservedRoute::Unknown && matches!(placement, Placement::Guessed(_)) => None,
        Border::Guessed => None,
        Border::Named | Border::Platform | Border::Found => {
            by.and_then(|by| owned(&by.host).or_else(|| owned(&by.ip)))
        }
    };
    observed
}

/// The provider that the client belongs to, by its verified name or exclusive network, whatever
/// was expected.
fn client_provider(facts: &Facts<'_, '_>, border: &Handover<'_, '_>) -> Option<String> {
    let by_name = border
        .client_name()
        .and_then(|name| facts.catalogue.of_egress(name));
    let by_network = || Some(facts.catalogue.of_network(border.client_ip()?)?.provider);
    by_name
        .or_else(by_network)
        .map(|provider| provider.id.to_string())
}
