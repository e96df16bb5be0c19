//! What each field of results is worth: a [`TrustedPath`] and the gathered evidence into a
//! [`Standing`] a field (contract section 6; RFC 8601 section 5 on whose results count). Knows
//! nothing of routes or verdicts.

use super::{Belief, Segment, TrustedPath};
use crate::evidence::{Evidence, MethodResult, ResultField, Results};
use crate::header::{FieldName, HeaderSection};
use crate::host::{same_name, same_organisation};

impl<'p> TrustedPath<'p, '_, '_> {
    /// Which of the gathered result fields are believed (contract section 6), in order: for each
    /// the number of the hop that its results without a client address are about, if it is known.
    pub(crate) fn standings(
        &self,
        section: &HeaderSection<'_>,
        evidence: &Evidence<'_>,
        belief: Belief<'_>,
    ) -> Vec<Standing> {
        let mut standings: Vec<Standing> = evidence
            .results
            .iter()
            .map(|results| self.standing(section, results))
            .collect();
        for id in belief.authserv_ids {
            let topmost = evidence.results.iter().position(|results| {
                results.kind == ResultField::AuthenticationResults
                    && results
                        .authserv_id
                        .as_deref()
                        .is_some_and(|own| own.eq_ignore_ascii_case(id))
            });
            if let Some(standing) = topmost.and_then(|index| standings.get_mut(index))
                && *standing == Standing::Claimed
            {
                *standing = Standing::Named;
            }
        }
        standings
    }

    fn standing(&self, section: &HeaderSection<'_>, results: &Results<'_>) -> Standing {
        for segment in &self.segments {
            if results.field < segment.border_field {
                let own = results.kind != ResultField::ArcAuthenticationResults
                    || self.is_operators_id(segment, results.authserv_id.as_deref());
                return if own {
                    Standing::Believed(self.about(segment, results.field))
                } else {
                    Standing::Claimed
                };
            }
            if let Some(by) = self.border_name(segment)
                && segment
                    .platform
                    .is_some_and(|platform| platform.writes_results_below(by))
                && is_in_block_below(section, segment, by, results)
            {
                return Standing::Believed(segment.border_hop);
            }
        }
        Standing::Claimed
    }

    /// The hop whose client a field of results without an address is about: the border's, where the
    /// border's own server wrote the field (the first stamp below it names the same host), else
    /// that of the inner server's own.
    fn about(&self, segment: &Segment<'_>, field: usize) -> u32 {
        let below = self
            .chain
            .hops()
            .iter()
            .rev()
            .find(|linked| linked.field > field);
        let writer = below.and_then(|linked| linked.hop.by.as_ref()?.host.as_deref());
        match (below, writer, self.border_name(segment)) {
            (Some(_), Some(writer), Some(border)) if same_name(writer, border) => {
                segment.border_hop
            }
            (Some(linked), _, _) => linked.number,
            (None, _, _) => segment.border_hop,
        }
    }

    /// The name of the server that stamped this segment's border.
    fn border_name(&self, segment: &Segment<'_>) -> Option<&'p str> {
        let hop = &self.chain.hop(segment.border_hop)?.hop;
        hop.by.as_ref()?.host.as_deref().filter(|_| !hop.doubtful)
    }

    /// Whether an authserv-id is of the operator of this segment's border.
    fn is_operators_id(&self, segment: &Segment<'_>, id: Option<&str>) -> bool {
        let Some(id) = id else { return false };
        let by = self.border_name(segment);
        match segment.platform {
            Some(platform) => platform.is_authserv_id(id),
            None => by.is_some_and(|by| same_name(by, id) || same_organisation(by, id)),
        }
    }
}

/// What a field of results is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The recipient's side wrote it; results without an address are about the client of this hop.
    Believed(u32),
    /// The user named the service that wrote it; which client it is about is not known.
    Named,
    /// Anybody may have written it.
    Claimed,
}

impl Standing {
    /// Whether the results count.
    pub(crate) fn is_attested(self) -> bool {
        self != Self::Claimed
    }
}

/// Whether the block directly under a border stamp (Gmail's) holds this field: the first field of
/// each kind there, and for `Authentication-Results` only under the operator's own id. A second
/// one may be the sender's, who writes what follows.
fn is_in_block_below(
    section: &HeaderSection<'_>,
    segment: &Segment<'_>,
    by: &str,
    results: &Results<'_>,
) -> bool {
    let own_id = || {
        results
            .authserv_id
            .as_deref()
            .is_some_and(|id| same_name(id, by))
    };
    let fitting = match results.kind {
        ResultField::ReceivedSpf => true,
        ResultField::AuthenticationResults => own_id(),
        ResultField::ArcAuthenticationResults => false,
    };
    let Some(between) = section
        .fields()
        .get(segment.border_field + 1..=results.field)
    else {
        return false;
    };
    let Some((own, before)) = between.split_last() else {
        return false;
    };
    fitting
        && before.iter().all(|field| {
            field.kind != own.kind
                && matches!(
                    field.kind,
                    FieldName::ReceivedSpf | FieldName::AuthenticationResults
                )
        })
}

/// The believed results, each with its place: the one view of authentication that the rules get.
pub(crate) fn believed<'e, 'x>(
    evidence: &'e Evidence<'x>,
    standings: &'e [Standing],
) -> impl Iterator<Item = (&'e Results<'x>, &'e MethodResult<'x>, Standing)> {
    evidence
        .results
        .iter()
        .zip(standings)
        .filter(|(_, standing)| standing.is_attested())
        .flat_map(|(results, standing)| {
            results
                .results
                .iter()
                .map(move |result| (results, result, *standing))
        })
}
