//! The evidence as it is shown: every fact of a header with its standing, and which of the known
//! exits it points to. Nothing here decides.

use super::Facts;
use super::client::Exit;
use super::rules::Exits;
use crate::analysis::ObservedRouteHint;
use crate::catalogue::Provider;
use crate::evidence::fact::{Fact, Item};
use crate::evidence::verdict::{self, Composite, Verdict, Way};
use crate::evidence::{Mark, Marked, MethodResult, ResultCode, Results, ReturnPath, Signature};
use crate::host::same_name;
use crate::trust::Standing;

/// All facts, in the header's order.
pub(crate) fn items<'l>(facts: &'l Facts<'_, '_>, exits: &Exits<'_>) -> Vec<Item<'l>> {
    let evidence = facts.evidence;
    let few = evidence.results.len() * 2 + evidence.marks.len().min(16);
    let mut items =
        Vec::with_capacity(few + evidence.signatures.len() + evidence.return_paths.len() + 1);
    for (results, standing) in evidence.results.iter().zip(facts.standings) {
        let all = results.results.iter();
        items.extend(all.map(|result| of_result(exits, results, result, *standing)));
    }
    let signatures = evidence.signatures.iter();
    items.extend(signatures.map(|signature| of_signature(facts, exits, signature)));
    let paths = evidence.return_paths.iter();
    items.extend(paths.map(|path| of_return_path(facts, exits, path)));
    let marks = evidence.marks.iter();
    items.extend(marks.filter_map(|marked| of_mark(facts, exits, marked)));
    items.extend(of_helo(facts, exits));
    items.sort_by_key(|item| item.field);
    if facts.boundary.is_some() {
        items.iter_mut().for_each(|item| item.attested = false);
    }
    items
}

/// Where a domain points: to a connector, to the platform, elsewhere.
fn points_to(exits: &Exits<'_>, domain: &str) -> ObservedRouteHint {
    let connector = exits.connectors.iter().any(|(connector, exit)| {
        exit.names(domain, None).is_some()
            || exit.candidates(domain).any(|p| {
                p.bounce_domain(domain) || p.signing_domain(domain) || p.is_smart_host(domain)
            })
            || connector
                .bounce_domains
                .iter()
                .chain(&connector.dkim)
                .any(|own| same_name(own, domain))
    });
    let exchange = exits.exchange.names(domain, None).is_some()
        || exits
            .exchange
            .candidates(domain)
            .any(|p| p.is_internal(domain) || p.bounce_domain(domain) || p.signing_domain(domain));
    hint(connector, exchange)
}

/// Where a provider's own field points.
fn points_to_provider(exits: &Exits<'_>, provider: &Provider) -> ObservedRouteHint {
    let of = |exit: &Exit<'_>| exit.providers.iter().any(|own| own.id == provider.id);
    let connector = exits.connectors.iter().any(|(_, exit)| of(exit));
    hint(connector, of(&exits.exchange))
}

const fn hint(connector: bool, exchange: bool) -> ObservedRouteHint {
    match (connector, exchange) {
        (true, _) => ObservedRouteHint::Connector,
        (false, true) => ObservedRouteHint::Exchange,
        (false, false) => ObservedRouteHint::Other,
    }
}

/// Whether a field stands above the border's Received: one of the recipient's servers put it there.
fn is_above_border(facts: &Facts<'_, '_>, field: usize) -> bool {
    facts
        .path
        .border()
        .is_ok_and(|border| field < border.hop.field)
}

fn of_result<'l>(
    exits: &Exits<'_>,
    results: &'l Results<'_>,
    result: &'l MethodResult<'_>,
    standing: Standing,
) -> Item<'l> {
    let (fact, code, domain) = match result {
        MethodResult::Spf(spf) => (Fact::Spf(spf), Some(spf.result), &spf.domain),
        MethodResult::Dkim(dkim) => (Fact::Dkim(dkim), Some(dkim.result), &dkim.domain),
        MethodResult::Other(other) => {
            let reason = other.reason.filter(|_| other.method == "compauth");
            let composite = reason.and_then(Composite::of);
            let fact = Fact::Other {
                result: other,
                composite,
            };
            (fact, None, &other.domain)
        }
    };
    let passed = domain.as_deref().filter(|_| code == Some(ResultCode::Pass));
    Item {
        fact,
        field: results.field,
        attested: standing.is_attested() && !results.unsound,
        points_to: passed.map(|domain| points_to(exits, domain)),
    }
}

fn of_signature<'l>(
    facts: &'l Facts<'_, '_>,
    exits: &Exits<'_>,
    signature: &'l Signature<'_>,
) -> Item<'l> {
    let own = signature.signature.as_deref().unwrap_or_default();
    let results = facts.evidence.results.iter();
    let mut results = results.flat_map(|results| &results.results);
    let result = results.find_map(|result| match result {
        MethodResult::Dkim(dkim) => {
            let part = dkim.signature.as_deref().filter(|part| part.len() >= 8)?;
            own.starts_with(part).then_some(dkim.word)
        }
        MethodResult::Spf(_) | MethodResult::Other(_) => None,
    });
    let domain = signature.domain.as_deref();
    Item {
        fact: Fact::Signature { signature, result },
        field: signature.field,
        attested: false,
        points_to: domain.map(|domain| points_to(exits, domain)),
    }
}

fn of_return_path<'l>(
    facts: &'l Facts<'_, '_>,
    exits: &Exits<'_>,
    path: &'l ReturnPath<'_>,
) -> Item<'l> {
    let of_sender = path.decoded.as_ref().is_some_and(|address| {
        let mut from = facts.from.iter();
        from.any(|from| from.eq_ignore_ascii_case(address))
    });
    let domain = path.domain.as_deref();
    Item {
        fact: Fact::ReturnPath { path, of_sender },
        field: path.field,
        attested: is_above_border(facts, path.field),
        points_to: domain.map(|domain| points_to(exits, domain)),
    }
}

fn of_mark<'l>(
    facts: &'l Facts<'_, '_>,
    exits: &Exits<'_>,
    marked: &'l Marked<'_>,
) -> Option<Item<'l>> {
    let field = facts.section.fields().get(marked.field)?;
    let verdict = || verdict::read(field.name, field.body);
    let (fact, points_to) = match &marked.mark {
        Mark::MessageId { host, .. } => {
            let host = host.as_deref();
            let points_to = host.map(|host| points_to(exits, host));
            (Fact::MessageId(host), points_to)
        }
        Mark::ThreadIndex { begun } => {
            let points_to = Some(ObservedRouteHint::Exchange);
            (Fact::ThreadIndex(*begun), points_to)
        }
        Mark::Exchange { value } => match verdict() {
            Some(verdict) => {
                let out = verdict.way() == Some(Way::Out);
                let points_to = out.then_some(ObservedRouteHint::Exchange);
                return Some(of_verdict(facts, marked, verdict, points_to));
            }
            None => (Fact::OfExchange(value), Some(ObservedRouteHint::Exchange)),
        },
        Mark::Marker { body } => {
            let may_be = facts.catalogue.may_be_marker(field.name);
            let value = may_be.then(|| Mark::value_of(body));
            let hit = value
                .as_deref()
                .and_then(|value| facts.catalogue.marker(field.name, value));
            let Some(hit) = hit else {
                return verdict().map(|verdict| of_verdict(facts, marked, verdict, None));
            };
            let (provider, client) = (hit.provider, hit.client_ip.map(str::to_owned));
            let fact = Fact::Marker {
                provider: &provider.name,
                client,
                value: value?,
                verdict: verdict(),
            };
            (fact, Some(points_to_provider(exits, provider)))
        }
    };
    Some(Item {
        fact,
        field: marked.field,
        attested: false,
        points_to,
    })
}

/// What a platform or a filter says of the message: attested where the recipient's side wrote it,
/// and never an identity.
fn of_verdict<'l>(
    facts: &Facts<'_, '_>,
    marked: &Marked<'_>,
    verdict: Verdict,
    points_to: Option<ObservedRouteHint>,
) -> Item<'l> {
    Item {
        fact: Fact::Verdict(verdict),
        field: marked.field,
        attested: is_above_border(facts, marked.field),
        points_to,
    }
}

fn of_helo<'l>(facts: &'l Facts<'_, '_>, exits: &Exits<'_>) -> Option<Item<'l>> {
    let border = facts.path.border().ok()?;
    let client = border.client()?;
    let name = client.helo.as_deref()?;
    let address = client.address.as_ref().map(|address| &*address.text);
    Some(Item {
        fact: Fact::Helo { name, address },
        field: border.hop.field,
        attested: false,
        points_to: Some(points_to(exits, name)),
    })
}
