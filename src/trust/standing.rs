//! What each field of results is worth: a [`TrustedPath`] and the gathered evidence into a
//! [`Standing`] a field (contract section 6; RFC 8601 section 5 on whose results count). Knows
//! nothing of routes or verdicts.

use super::{Belief, Segment, TrustedPath};
use crate::evidence::{Evidence, MethodResult, ResultCode, ResultField, Results};
use crate::header::{Field, FieldName, HeaderSection};
use crate::host::{same_name, same_organisation};
use crate::policy::{AuthservId, Method};
use crate::trace::Client;

impl<'p> TrustedPath<'p, '_, '_> {
    /// Which of the gathered result fields are believed (contract section 6), in order: for each
    /// the number of the hop that its results without a client address are about, if it is known.
    pub(crate) fn standings(
        &self,
        section: &HeaderSection<'_>,
        evidence: &Evidence<'_>,
        belief: Belief<'_>,
    ) -> Vec<Standing> {
        let results = &evidence.results;
        let mut standings: Vec<Standing> = results
            .iter()
            .map(|results| self.standing_above(results))
            .collect();
        self.doubt_reordered(results, &mut standings);
        for segment in &self.segments {
            for index in self.written_below(section, segment, results) {
                raise(
                    &mut standings,
                    index,
                    Standing::Believed(segment.border_hop),
                );
            }
        }
        for named in belief.authserv_ids {
            for index in self.named_below(section, named, results) {
                raise(&mut standings, index, Standing::Named);
            }
        }
        standings
    }

    /// What a field is worth by standing above a border's Received.
    fn standing_above(&self, results: &Results<'_>) -> Standing {
        let segment = self
            .segments
            .iter()
            .find(|segment| results.field < segment.border_field);
        match segment {
            Some(segment)
                if results.kind != ResultField::ArcAuthenticationResults
                    || self.is_operators_id(segment, results.authserv_id.as_deref()) =>
            {
                Standing::Believed(self.about(segment, results.field))
            }
            _ => Standing::Claimed,
        }
    }

    /// Where a platform writes its results below its stamp and they stand above it, somebody put
    /// the header into another order (Proton's export does), and the sender's own fields may stand
    /// there, too: only the first of each method counts.
    fn doubt_reordered(&self, results: &[Results<'_>], standings: &mut [Standing]) {
        for segment in &self.segments {
            let by = self.border_name(segment);
            let Some(platform) = segment.platform.filter(|platform| {
                by.is_some_and(|by| platform.writes_results_below(by))
                    && !platform.methods_in_fields().is_empty()
            }) else {
                continue;
            };
            let above = || {
                results.iter().enumerate().filter(|(_, results)| {
                    results.kind != ResultField::ArcAuthenticationResults
                        && self.segment_of(results.field) == Some(segment.border_hop)
                })
            };
            let firsts: Vec<usize> = platform
                .methods_in_fields()
                .iter()
                .filter_map(|method| {
                    let first = above().find(|(_, results)| {
                        results.kind == ResultField::AuthenticationResults
                            && self.is_operators_id(segment, results.authserv_id.as_deref())
                            && has_method(results, method)
                    });
                    first.map(|(index, _)| index)
                })
                .collect();
            for (index, _) in above().filter(|(index, _)| !firsts.contains(index)) {
                if let Some(standing) = standings.get_mut(index) {
                    *standing = Standing::Claimed;
                }
            }
        }
    }

    /// The fields in the block directly under a border's stamp that its server is known to write
    /// there. What follows them may be the sender's, who writes what follows.
    fn written_below(
        &self,
        section: &HeaderSection<'_>,
        segment: &Segment<'_>,
        results: &[Results<'_>],
    ) -> Vec<usize> {
        let Some(platform) = segment.platform.filter(|platform| {
            self.border_name(segment)
                .is_some_and(|by| platform.writes_results_below(by))
        }) else {
            return Vec::new();
        };
        let by = self.border_name(segment);
        let is_own = |results: &Results<'_>| {
            let id = results.authserv_id.as_deref();
            id.is_some_and(|id| by.is_some_and(|by| same_name(by, id)))
                || self.is_operators_id(segment, id)
        };
        // Where a receiver's results stand above its stamp, none below count.
        if results.iter().any(|results| {
            results.field < segment.border_field
                && results.kind != ResultField::ReceivedSpf
                && is_own(results)
                && self.segment_of(results.field) == Some(segment.border_hop)
        }) {
            return Vec::new();
        }
        let end = block_end(section, segment.border_field, is_receivers);
        let block: Vec<(usize, &Results<'_>)> =
            within(results, segment.border_field, end).collect();
        let methods = platform.methods_in_fields();
        let mut found = Vec::new();
        if methods.is_empty() {
            let first = block
                .iter()
                .position(|(_, results)| results.kind == ResultField::AuthenticationResults);
            let Some((first, (index, own))) = first.and_then(|at| Some((at, *block.get(at)?)))
            else {
                return found;
            };
            if !is_own(own) {
                return found;
            }
            found.push(index);
            // Its Received-SPF stands before; one behind it is the sender's.
            let spf = block
                .iter()
                .take(first)
                .find(|(_, results)| results.kind == ResultField::ReceivedSpf);
            found.extend(spf.map(|(index, _)| *index));
        } else {
            for method in methods {
                let first = block.iter().find(|(_, results)| {
                    results.kind == ResultField::AuthenticationResults
                        && is_own(results)
                        && has_method(results, method)
                });
                found.extend(first.map(|(index, _)| *index));
            }
        }
        let client = self.chain.hop(segment.border_hop);
        let client = client.and_then(|linked| linked.hop.from.as_ref());
        found.retain(|index| {
            results
                .get(*index)
                .is_some_and(|results| !names_another(results, client))
        });
        found
    }

    /// The number of the border hop of the stretch that a field above it belongs to.
    fn segment_of(&self, field: usize) -> Option<u32> {
        self.segments
            .iter()
            .find(|segment| field < segment.border_field)
            .map(|segment| segment.border_hop)
    }

    /// The fields of a service that the user named, directly under the border's stamp.
    fn named_below(
        &self,
        section: &HeaderSection<'_>,
        named: &AuthservId,
        results: &[Results<'_>],
    ) -> Vec<usize> {
        let Ok(border) = self.border else {
            return Vec::new();
        };
        let end = block_end(section, border.hop.field, is_trace_addition);
        let own = |results: &Results<'_>| is_under(results, &named.id);
        // A service that writes above the stamp wrote nothing below it.
        if results
            .iter()
            .any(|results| results.field < border.hop.field && own(results))
        {
            return Vec::new();
        }
        let first = |method: Option<&str>| {
            let has = |results: &Results<'_>| method.is_none_or(|own| has_method(results, own));
            within(results, border.hop.field, end)
                // `none` (RFC 8601 2.2) says that no method was tried.
                .find(|(_, results)| own(results) && (results.results.is_empty() || has(results)))
                .filter(|(_, results)| has(results))
                .filter(|(_, results)| !names_another(results, border.client()))
                .map(|(index, _)| index)
        };
        match named.methods.is_empty() {
            true => first(None).into_iter().collect(),
            false => named
                .methods
                .iter()
                .filter_map(|method| first(Some(method.name())))
                .collect(),
        }
    }

    /// What `--authserv-id` would have to name, where fields directly below the border's stamp
    /// under its own id are not believed and hold a result that `identifies` somebody: Postfix's
    /// milters write there, each in a field of its own perhaps, and so may the sender.
    pub(crate) fn claimed_milter_id(
        &self,
        section: &HeaderSection<'_>,
        evidence: &Evidence<'_>,
        standings: &[Standing],
        identifies: impl Fn(&MethodResult<'_>) -> bool,
    ) -> Option<AuthservId> {
        let border = self.border.ok()?;
        let hop = &border.hop.hop;
        let by = hop.server_name()?;
        let end = block_end(section, border.hop.field, is_trace_addition);
        let named = |results: &Results<'_>| {
            // The platform's ids are the catalogue's; any other is only the sender's word.
            let of_platform = || {
                let segment = self.segments.last()?;
                let id = results.authserv_id.as_deref()?;
                segment
                    .platform
                    .filter(|platform| platform.is_authserv_id(id))
            };
            results.kind == ResultField::AuthenticationResults
                && (is_under(results, by) || of_platform().is_some())
        };
        let own = || {
            within(&evidence.results, border.hop.field, end).filter(|(_, results)| named(results))
        };
        let id = own().next()?.1.authserv_id.as_deref()?;
        let helps = |(index, results): &(usize, &Results<'_>)| {
            standings.get(*index) == Some(&Standing::Claimed)
                && !results.unsound
                && !names_another(results, border.client())
                && results
                    .results
                    .iter()
                    .any(|result| is_pass(result) && identifies(result))
        };
        let of = |methods| AuthservId {
            id: id.to_owned(),
            methods,
        };
        if own().next().filter(helps).is_some() {
            return Some(of(Vec::new()));
        }
        let methods: Vec<Method> = [Method::Spf, Method::Dkim]
            .into_iter()
            .filter(|method| {
                let mut fields = own().filter(|(_, results)| {
                    is_under(results, id) && has_method(results, method.name())
                });
                fields.next().is_some_and(|first| helps(&first))
            })
            .collect();
        (!methods.is_empty()).then(|| of(methods))
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
        self.chain.hop(segment.border_hop)?.hop.server_name()
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

/// Lets a field that is only claimed count.
fn raise(standings: &mut [Standing], index: usize, to: Standing) {
    if let Some(standing) = standings.get_mut(index)
        && *standing == Standing::Claimed
    {
        *standing = to;
    }
}

/// The index behind the last field of the block under a stamp.
fn block_end(
    section: &HeaderSection<'_>,
    stamp: usize,
    belongs: impl Fn(&Field<'_>) -> bool,
) -> usize {
    let below = section.fields().get(stamp + 1..).unwrap_or_default();
    stamp + 1 + below.iter().take_while(|field| belongs(field)).count()
}

/// What a receiver writes below its own stamp: results, fields of its own, and (Yandex) the
/// Return-Path. A signature or a seal is already the sender's.
fn is_receivers(field: &Field<'_>) -> bool {
    match field.kind {
        FieldName::AuthenticationResults | FieldName::ReceivedSpf | FieldName::ReturnPath => true,
        FieldName::Other => has_prefix(field.name, "x-"),
        FieldName::Received
        | FieldName::ArcAuthenticationResults
        | FieldName::DkimSignature
        | FieldName::From
        | FieldName::Sender
        | FieldName::To
        | FieldName::Subject
        | FieldName::Date
        | FieldName::MessageId => false,
    }
}

/// What a milter or a filter may have put above its results.
fn is_trace_addition(field: &Field<'_>) -> bool {
    match field.kind {
        FieldName::ArcAuthenticationResults | FieldName::DkimSignature => true,
        FieldName::Other => has_prefix(field.name, "arc-") || is_receivers(field),
        FieldName::AuthenticationResults
        | FieldName::ReceivedSpf
        | FieldName::Received
        | FieldName::ReturnPath
        | FieldName::From
        | FieldName::Sender
        | FieldName::To
        | FieldName::Subject
        | FieldName::Date
        | FieldName::MessageId => is_receivers(field),
    }
}

fn has_prefix(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The gathered fields between a stamp and the end of its block, with their indices.
fn within<'r, 'x>(
    results: &'r [Results<'x>],
    stamp: usize,
    end: usize,
) -> impl Iterator<Item = (usize, &'r Results<'x>)> {
    results
        .iter()
        .enumerate()
        .filter(move |(_, results)| results.field > stamp && results.field < end)
}

/// Whether a field stands under an authserv-id, written as a plain token.
fn is_under(results: &Results<'_>, id: &str) -> bool {
    let own = results.authserv_id.as_deref();
    results.kind == ResultField::AuthenticationResults && own.is_some_and(|own| same_name(own, id))
}

/// Whether a field holds a result of a method.
fn has_method(results: &Results<'_>, method: &str) -> bool {
    results.results.iter().any(|result| {
        let own = match result {
            MethodResult::Spf(_) => "spf",
            MethodResult::Dkim(_) => "dkim",
            MethodResult::Other(other) => &other.method,
        };
        own.eq_ignore_ascii_case(method)
    })
}

fn is_pass(result: &MethodResult<'_>) -> bool {
    match result {
        MethodResult::Spf(spf) => spf.result == ResultCode::Pass,
        MethodResult::Dkim(dkim) => dkim.result == ResultCode::Pass,
        MethodResult::Other(_) => false,
    }
}

/// Whether a field has an SPF result for another address than this client's: then it is about
/// another message, or another hop.
fn names_another(results: &Results<'_>, client: Option<&Client<'_>>) -> bool {
    let address = client.and_then(|client| client.address.as_ref());
    results.results.iter().any(|result| match result {
        MethodResult::Spf(spf) => match (spf.client.as_deref(), address) {
            (None, _) => false,
            (Some(_), None) => true,
            // Documentation redacts addresses into ones that are none.
            (Some(text), Some(address)) => match (address.ip, spf.client_ip) {
                (Some(own), Some(other)) => own != other,
                (None, None) => address.text != text,
                _ => true,
            },
        },
        MethodResult::Dkim(_) | MethodResult::Other(_) => false,
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
