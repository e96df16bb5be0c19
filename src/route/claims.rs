//! What is only claimed below the border: it may explain, warn and suggest, and never decides a
//! pass (contract sections 5 and 7).

use super::Facts;
use super::client::Exit;
use super::rules::Who;
use crate::catalogue::Provider;
use crate::evidence::Mark;
use crate::trace::chain::{Link, LinkedHop};
use crate::trace::{Client, Family, Hop};
use crate::trust::{Handover, is_strongly, tcp_ip, verified_name};

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

/// What the stamps of a provider that also receives for others show of where it took the message
/// from (contract section 5, fifth rule).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Intake<'a> {
    /// A mailbox of its own, an authenticated client, or the sender's Exchange.
    Sender,
    /// Its border stamp shows an outside client.
    Outside(&'a str),
    /// Nothing.
    Nothing,
}

/// Reads the provider's own stamps, which stand directly below the border: each of them is a
/// server of its own that the stamp above names as client, or that follows one.
pub(crate) fn intake_of<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    provider: &Provider,
    who: Who<'_>,
    named: &[&Exit<'a>],
) -> Intake<'a> {
    let mut shows_sender = false;
    let mut above: &LinkedHop<'_> = border.hop;
    for linked in facts.path.claimed() {
        if client_names(&above.hop).any(|name| provider.redirects(name)) {
            return Intake::Nothing;
        }
        let hop = &linked.hop;
        if hop.by.is_none() && hop.family == Family::Qmail {
            continue;
        }
        let by = hop.by.as_ref().and_then(|by| by.host.as_deref());
        let follows = follows(provider, above);
        let Some(by) = by.filter(|by| follows && provider.is_own_stamp(by)) else {
            // An on-premises server announces another name than its inner one.
            shows_sender |= hop.is_exchange_transport();
            break;
        };
        let client = hop.from.as_ref();
        let known = client.is_some_and(|client| is_senders(facts, provider, named, client));
        let exchange_below = || {
            let below = facts.path.hop(linked.number.saturating_sub(1));
            below.is_some_and(|below| below.hop.is_exchange_transport())
        };
        if provider.is_border_stamp(by) {
            // The sender's own Exchange may hand over here (a hybrid platform); whoever expects
            // the platform itself, and not a connector that leads to it, has no such server.
            let exchange = matches!(who, Who::Connector(_)) && exchange_below();
            return if known || exchange {
                Intake::Sender
            } else {
                Intake::Outside(client_text(hop))
            };
        }
        let is_senders = known
            || provider.is_mailbox(by)
            || is_submission(hop, by, provider)
            || hop.is_submission();
        if !is_senders && client.is_some_and(|client| is_outside(client, provider)) {
            return if exchange_below() {
                Intake::Sender
            } else {
                Intake::Outside(client_text(hop))
            };
        }
        shows_sender |= is_senders;
        above = linked;
    }
    if shows_sender {
        Intake::Sender
    } else {
        Intake::Nothing
    }
}

/// Whether a client is the sender's Exchange by the provider's own stamp: a host that the user
/// named, or an outgoing host of another platform, by network or verified reverse DNS.
fn is_senders(
    facts: &Facts<'_, '_>,
    provider: &Provider,
    named: &[&Exit<'_>],
    client: &Client<'_>,
) -> bool {
    named
        .iter()
        .flat_map(|exit| &exit.named)
        .any(|host| is_strongly(host, client))
        || facts
            .catalogue
            .platforms()
            .filter(|platform| platform.id != provider.id)
            .any(|platform| {
                verified_name(client).is_some_and(|name| platform.egress_matches(name))
                    || tcp_ip(client)
                        .is_some_and(|ip| platform.network_exclusive_contains(ip).is_some())
            })
}

/// Whether the stamp below this one may be the provider's own: its client is linked, is one of the
/// provider's own by name, or sits at an inner address of its.
fn follows(provider: &Provider, above: &LinkedHop<'_>) -> bool {
    let ip = above.hop.from.as_ref().and_then(tcp_ip);
    above.link != Link::Gap
        || ip.is_some_and(crate::host::is_inner)
        || client_names(&above.hop).any(|name| provider.is_own_stamp(name))
}

fn client_names<'a>(hop: &'a Hop<'_>) -> impl Iterator<Item = &'a str> {
    let client = hop.from.as_ref();
    let helo = client.and_then(|client| client.helo.as_deref());
    let reverse_dns = client.and_then(|client| client.reverse_dns.as_deref());
    [helo, reverse_dns].into_iter().flatten()
}

fn client_text<'a>(hop: &'a Hop<'_>) -> &'a str {
    let client = hop.from.as_ref();
    client
        .and_then(|client| {
            client
                .address
                .as_ref()
                .map(|address| &*address.text)
                .or(client.helo.as_deref())
        })
        .unwrap_or("an unnamed client")
}

/// A client outside that a submission server, or an Exchange server which is not of the border,
/// took the message from: those take mail of their own users only.
fn is_submission(hop: &Hop<'_>, by: &str, provider: &Provider) -> bool {
    let takes_mail_of_users =
        provider.is_smart_host(by) && !provider.egress_matches(by) || hop.is_exchange_transport();
    takes_mail_of_users
        && hop
            .from
            .as_ref()
            .is_some_and(|client| is_outside(client, provider))
}

/// Whether a client's address is none of the provider's own.
fn is_outside(client: &Client<'_>, provider: &Provider) -> bool {
    tcp_ip(client).is_some_and(|ip| {
        !crate::host::is_inner(ip)
            && !provider.receiving_network_contains(ip)
            && provider.network_contains(ip).is_none()
    }) && !verified_name(client).is_some_and(|name| provider.is_own_stamp(name))
}
