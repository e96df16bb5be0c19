//! What is only claimed below the border: it may explain, warn and suggest, and never decides a
//! pass (contract sections 5 and 7).

use super::Facts;
use super::client::Exit;
use crate::catalogue::Provider;
use crate::evidence::Mark;
use crate::trace::Hop;
use crate::trace::chain::LinkedHop;

/// Something below the border that says a host we look for was on the way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim<'a> {
    /// The field.
    pub(crate) field: usize,
    /// What it says.
    pub(crate) what: Claimed<'a>,
}

/// What a claim consists of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Claimed<'a> {
    /// A name, as client or server.
    Host(&'a str),
    /// A client address.
    Address(&'a str),
    /// The form of the provider's own Received fields.
    Form(&'a Provider),
    /// Exchange's own form.
    ExchangeForm,
    /// A field that the provider adds.
    Marker(&'a str),
}

/// The first thing below the border that claims this exit.
pub(crate) fn claimed_below<'a>(facts: &Facts<'a, '_>, exit: &Exit<'a>) -> Option<Claim<'a>> {
    facts
        .path
        .claimed()
        .find_map(|linked| claimed_in(facts, exit, linked))
        .or_else(|| marker_of(facts, exit))
}

fn claimed_in<'a>(
    facts: &Facts<'a, '_>,
    exit: &Exit<'a>,
    linked: &'a LinkedHop<'_>,
) -> Option<Claim<'a>> {
    let hop = &linked.hop;
    let claim = |what| {
        Some(Claim {
            field: linked.field,
            what,
        })
    };
    if let Some(name) = names(hop).find(|name| names_exit(exit, hop, name)) {
        return claim(Claimed::Host(name));
    }
    if let Some(address) = hop.from.as_ref().and_then(|client| client.address.as_ref())
        && address.ip.is_some_and(|ip| {
            exit.named.iter().any(|host| host.contains(ip))
                || exit
                    .providers
                    .iter()
                    .any(|p| p.network_exclusive_contains(ip).is_some())
        })
    {
        return claim(Claimed::Address(&address.text));
    }
    if let Some(provider) = exit
        .providers
        .iter()
        .find(|provider| has_form(provider, facts, linked))
    {
        return claim(Claimed::Form(provider));
    }
    (!exit.is_connector && hop.is_exchange_transport()).then_some(Claim {
        field: linked.field,
        what: Claimed::ExchangeForm,
    })
}

/// Whether a field has the form of the provider's own servers.
fn has_form(provider: &Provider, facts: &Facts<'_, '_>, linked: &LinkedHop<'_>) -> bool {
    let by = linked.hop.by.as_ref().and_then(|by| by.host.as_deref());
    let from = linked
        .hop
        .from
        .as_ref()
        .and_then(|client| client.helo.as_deref());
    let body = facts
        .section
        .fields()
        .get(linked.field)
        .map_or("", |field| field.body);
    provider.stamp_matches(by, from, body)
}

/// The names of a hop: client's and server's.
fn names<'a>(hop: &'a Hop<'_>) -> impl Iterator<Item = &'a str> {
    let client = hop.from.as_ref();
    let helo = client.and_then(|client| client.helo.as_deref());
    let reverse_dns = client.and_then(|client| client.reverse_dns.as_deref());
    let by = hop.by.as_ref().and_then(|by| by.host.as_deref());
    [helo, reverse_dns, by].into_iter().flatten()
}

fn names_exit(exit: &Exit<'_>, hop: &Hop<'_>, name: &str) -> bool {
    use super::client::Ground;
    match exit.names(name, None) {
        // The Exchange server may be the smart host's neighbour.
        Some(Ground::Organisation(_)) => !hop.is_exchange_transport(),
        Some(_) => true,
        None => exit.candidates(name).any(|provider| {
            provider.is_smart_host(name) || (!exit.is_connector && provider.is_internal(name))
        }),
    }
}

/// A field that the exit's provider adds. Exchange's own marks are no claim.
fn marker_of<'a>(facts: &Facts<'a, '_>, exit: &Exit<'a>) -> Option<Claim<'a>> {
    if !exit.is_connector || exit.providers.is_empty() {
        return None;
    }
    facts.evidence.marks.iter().find_map(|marked| {
        let Mark::Marker { body } = marked.mark else {
            return None;
        };
        let name = facts.section.fields().get(marked.field)?.name;
        if !facts.catalogue.may_be_marker(name) {
            return None;
        }
        let value = Mark::value_of(body);
        let known = exit
            .providers
            .iter()
            .any(|provider| provider.marker(name, &value).is_some());
        known.then_some(Claim {
            field: marked.field,
            what: Claimed::Marker(name),
        })
    })
}
