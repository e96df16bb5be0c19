//! Which route was observed, by where the client at the border was placed.

use super::Facts;
use super::client::Match;
use super::place::{Placed, Placement};
use super::rules::Who;
use crate::analysis::{Border, Identity, ObservedRoute};
use crate::catalogue::Provider;
use crate::policy::Connector;
use crate::trust::Handover;

/// What is observed of one hand-over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a, 'x> {
    /// The route.
    pub(crate) route: ObservedRoute,
    /// By a strong identity, or for a stranger by a believed stamp.
    pub(crate) attested: bool,
    /// What the client was matched with.
    pub(crate) found: Option<Match<'a>>,
    /// The connector, where it is one and it is known which.
    pub(crate) connector: Option<&'a Connector>,
    /// The provider that the client belongs to, whatever was expected.
    pub(crate) provider: Option<&'a Provider>,
    /// How the border was found.
    pub(crate) border: Border,
    /// The hand-over that decides; `None` where DKIM alone does.
    pub(crate) at: Option<Handover<'a, 'x>>,
    /// The name of the server that stamped it is sure: that of a doubtful stamp may be the
    /// client's invention.
    pub(crate) is_stamped: bool,
}

impl<'a, 'x> Seen<'a, 'x> {
    /// `None` where no hand-over is seen.
    pub(crate) fn of(facts: &Facts<'a, 'x>, placed: &Placed<'a, 'a, 'x>) -> Option<Self> {
        let border = placed.border?;
        let placement = &placed.placement;
        let (route, is_sure, found) = of_placement(placement);
        let by_dkim = found.is_some_and(|found| found.identity == Identity::Dkim);
        let matched = found.and_then(|found| found.ground.provider());
        let connector = if let Placement::Strong(Who::Connector(own), ..)
        | Placement::Helo(Who::Connector(own), _) = placement
            && route == ObservedRoute::Connector
        {
            *own
        } else {
            None
        };
        let how = match matches!(placement, Placement::Guessed(_)) {
            true => Border::Guessed,
            false => border.how,
        };
        if facts.boundary.is_some() {
            return Some(Self::claimed(how, (!by_dkim).then_some(border)));
        }
        Some(Self {
            route,
            attested: is_sure && !placed.vouched,
            found,
            connector,
            provider: match by_dkim {
                true => matched,
                false => matched.or_else(|| facts.provider_of_client(&border)),
            },
            border: how,
            at: (!by_dkim).then_some(border),
            is_stamped: !border.hop.hop.doubtful && how != Border::Guessed,
        })
    }

    /// A hand-over that is only claimed: it stands in what is perhaps no message of its own.
    fn claimed(border: Border, at: Option<Handover<'a, 'x>>) -> Self {
        Self {
            route: ObservedRoute::Unknown,
            attested: false,
            found: None,
            connector: None,
            provider: None,
            border,
            at,
            is_stamped: false,
        }
    }
}

/// The route, whether that is sure where the stamp is believed, and what the client matched.
fn of_placement<'a>(placement: &Placement<'a>) -> (ObservedRoute, bool, Option<Match<'a>>) {
    match placement {
        // The recipient's own entrance, perhaps, or a message that was sent on again.
        Placement::Strong(_, found, standing)
            if standing.entrance.is_some() || standing.resent.is_some() =>
        {
            (ObservedRoute::Unknown, false, Some(*found))
        }
        Placement::Strong(who, found, _) => (who.route(), true, Some(*found)),
        Placement::Helo(who, found) => (who.route(), false, Some(*found)),
        Placement::TakesIn(found, _) | Placement::NotShown(found, ..) => {
            (ObservedRoute::Unknown, false, Some(*found))
        }
        Placement::Structure => (ObservedRoute::Exchange, false, None),
        Placement::Stranger | Placement::Contradicted(..) | Placement::Neighbour(..) => {
            (ObservedRoute::Other, true, None)
        }
        Placement::Unseen(_)
        | Placement::Guessed(_)
        | Placement::Nameless
        | Placement::Inner
        | Placement::Disagree(..) => (ObservedRoute::Unknown, false, None),
    }
}
