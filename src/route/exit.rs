//! Whether a client that is known is the exit of *this* sender (contract section 5): a provider
//! that also receives or forwards for others, a host that may be the recipient's entrance as well,
//! mail that was sent on again.
//!
//! Knows nothing of what is expected.

use std::net::IpAddr;

use super::Facts;
use super::client::{Exit, Ground, Match, Organisation, own_word};
use super::rules::{Exits, Who};
use crate::analysis::{Border, Identity};
use crate::catalogue::Provider;
use crate::evidence::SpfIdentity;
use crate::host::{
    HostSpec, is_inner, is_of_organisation, organisation, same_name, same_organisation,
};
use crate::trace::chain::{Link, LinkedHop};
use crate::trace::{AddressPlace, Family, Hop};
use crate::trust::Handover;

/// Why nothing shows that a provider took the message from this sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unshown<'a> {
    /// Its own stamps show that it took the message from a client outside; the hop.
    Outside(Option<&'a str>, u32),
    /// Its own stamps show a mailbox of its own, where a connector was looked for.
    Mailbox,
    /// The client's name carries another customer's label.
    OtherLabel(&'a str),
    /// The client's name is one by which the provider delivers to its customers.
    Inbound(&'a str),
    /// It only sends for customers, but the envelope sender is somebody else's, or not known.
    Envelope(Option<&'a str>),
    /// Nothing tells.
    Nothing,
}

/// Which of the four ways shows that a client of such a provider is the exit of this sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The provider's own stamps.
    Stamps,
    /// A name under which it only sends.
    Direction,
    /// The customer's label.
    Label,
    /// A filter, where the recipient has none of its make.
    NoFilter,
    /// The user named the very address.
    Address,
}

/// The provider of a client that was identified: by the catalogue's entry it matched, by its
/// verified name or network, or by the smart host that the user named.
pub(crate) fn provider_of<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    found: &Match<'a>,
) -> Option<&'a Provider> {
    let by_smart_host = || match found.ground {
        Ground::Named(HostSpec::Name(name)) => facts.catalogue.of_smart_host(name),
        Ground::Named(HostSpec::Below(domain)) => facts.catalogue.of_egress(domain),
        Ground::Named(HostSpec::Network(_))
        | Ground::Provider(_)
        | Ground::Organisation(_)
        | Ground::Account(..)
        | Ground::Operator(_) => None,
    };
    let by_helo = || {
        let helo = border.client()?.helo.as_deref()?;
        facts
            .catalogue
            .of_egress(helo)
            .filter(|_| found.identity == Identity::Helo)
    };
    // A signature shows passage, and says nothing of the client.
    if found.identity == Identity::Dkim {
        return found.ground.provider().or_else(by_smart_host);
    }
    found
        .ground
        .provider()
        .or_else(|| facts.provider_of_client(border))
        .or_else(by_smart_host)
        .or_else(by_helo)
}

/// Whether the user named the very address of this client.
pub(crate) fn is_that_address(border: &Handover<'_, '_>, found: &Match<'_>) -> bool {
    match found.ground {
        Ground::Named(HostSpec::Network(network)) => {
            network.prefix_len() == network.max_prefix_len()
                && border
                    .client_ip()
                    .is_some_and(|ip| network.addr() == ip.to_canonical())
        }
        Ground::Named(_)
        | Ground::Provider(_)
        | Ground::Organisation(_)
        | Ground::Account(..)
        | Ground::Operator(_) => false,
    }
}

/// The customers' labels in the smart hosts that the user named.
fn labels<'a>(exit: &Exit<'a>, provider: &Provider) -> Vec<&'a str> {
    exit.named
        .iter()
        .filter_map(|host| host.name())
        .filter_map(|name| provider.label(name))
        .collect()
}

/// Whether a client of a provider that also receives for others is the exit of this sender: the
/// four ways of contract section 5, and no fifth. `Ok` where one of them shows it.
pub(crate) fn shown<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
    who: Who<'a>,
    found: &Match<'a>,
    provider: &'a Provider,
) -> Result<Way, Unshown<'a>> {
    if is_that_address(border, found) {
        return Ok(Way::Address);
    }
    let helo = border.client().and_then(|client| client.helo.as_deref());
    let names = [border.client_name(), helo];
    // HELO and reverse DNS may disagree there: either one that says so marks a delivery.
    if let Some(name) = names
        .into_iter()
        .flatten()
        .find(|name| provider.delivers_inbound(name))
    {
        return Err(Unshown::Inbound(name));
    }
    let own_words = || {
        let word = own_word(facts, border).filter(|(own, _)| own.id == provider.id);
        border
            .client_name()
            .into_iter()
            .chain(word.map(|(_, helo)| helo))
    };
    let wanted = labels(exit, provider);
    if !wanted.is_empty() {
        let found: Vec<&str> = own_words()
            .filter_map(|name| provider.label(name))
            .collect();
        let same = |label: &&&str| wanted.iter().any(|own| own.eq_ignore_ascii_case(label));
        if let Some(other) = found.iter().find(|label| !same(label)) {
            return Err(Unshown::OtherLabel(other));
        }
        if !found.is_empty() {
            return Ok(Way::Label);
        }
    }
    let run = own_stamps(facts, border, provider);
    let by_stamps = match (who, &run) {
        (Who::Exchange, run) if run.mailbox || run.authenticated || run.own_users => {
            return Ok(Way::Stamps);
        }
        (Who::Connector(_), run) => match run.mailbox {
            true => Unshown::Mailbox,
            false if run.intake.is_some_and(|by| serves(exit, provider, by, run)) => {
                return Ok(Way::Stamps);
            }
            false => run.outside(),
        },
        (Who::Exchange, run) => run.outside(),
    };
    let sends = own_words()
        .chain(run.intake)
        .any(|name| provider.only_sends(name) && !provider.delivers_inbound(name));
    let no_filter = !provider.keeps_mailboxes()
        && (border.how == Border::Named || facts.is_to_consumers(border));
    if matches!(who, Who::Connector(_)) && (sends || no_filter) {
        return match own_envelope(facts, border, exit) {
            Ok(()) if sends => Ok(Way::Direction),
            Ok(()) => Ok(Way::NoFilter),
            Err(domain) => Err(Unshown::Envelope(domain)),
        };
    }
    Err(by_stamps)
}

/// Whether the intake is the named smart host, or another name of the same service, and its client
/// authenticated there; one that takes mail of its customers only need not say so, nor stamp.
fn serves(exit: &Exit<'_>, provider: &Provider, by: &str, run: &OwnStamps<'_>) -> bool {
    let service = provider.service_of(by);
    let customers_only = service.is_some_and(|service| service.customers_only);
    let same = exit.named.iter().any(|host| {
        host.matches_name(by)
            || host.name().is_some_and(|name| {
                let own = provider.service_of(name);
                own.is_some() && own == service
            })
    });
    same && (run.authenticated || customers_only && (run.client.is_some() || run.cut))
}

/// Whether the believed envelope sender is of the sender's own organisation, or at a bounce domain
/// of the connector: a forwarder that rewrites the envelope shows his own. `Err` gives the domain.
fn own_envelope<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Result<(), Option<&'a str>> {
    let is_own = |domain: &str| {
        facts.is_own_organisation(domain)
            || exit.bounce_domains.iter().any(|own| same_name(own, domain))
            || exit.providers.iter().any(|own| own.bounce_domain(domain))
    };
    let spf = facts
        .spf_of(border)
        .filter(|spf| spf.result.identity == SpfIdentity::MailFrom)
        .filter_map(|spf| spf.result.domain.as_deref());
    let mut believed: Vec<&str> = facts.envelope_domains(border).chain(spf).collect();
    if believed.is_empty() {
        return Err(None);
    }
    believed.retain(|domain| !is_own(domain));
    match believed.first() {
        Some(domain) => Err(Some(domain)),
        None => Ok(()),
    }
}

/// What a provider's own stamps, right below the border, show.
#[derive(Debug, Clone, Copy, Default)]
struct OwnStamps<'a> {
    /// A mailbox of its own.
    mailbox: bool,
    /// A client that authenticated at the intake.
    authenticated: bool,
    /// A client outside, at a server where foreign mail never arrives.
    own_users: bool,
    /// The server of the intake.
    intake: Option<&'a str>,
    /// The intake's own stamp is missing: another of the provider's names it as client.
    cut: bool,
    /// The client outside that the intake shows, and its hop.
    client: Option<(Option<&'a str>, u32)>,
}

impl<'a> OwnStamps<'a> {
    fn outside(&self) -> Unshown<'a> {
        match self.client {
            Some((client, hop)) => Unshown::Outside(client, hop),
            None => Unshown::Nothing,
        }
    }
}

/// Reads the provider's own stamps, as long as each is by one of its hosts and the one above names
/// one of its hosts as client.
fn own_stamps<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    provider: &Provider,
) -> OwnStamps<'a> {
    let mut run = OwnStamps::default();
    if !provider.always_stamps() && !facts.vouched || !is_its_client(facts, provider, border) {
        return run;
    }
    let mut above: &LinkedHop<'_> = border.hop;
    // Whether the stamp above names a client, which must be the provider's.
    let mut names_client = true;
    let mut oldest: Option<&'a LinkedHop<'_>> = None;
    for linked in facts.path.below(border.hop.number) {
        let hop = &linked.hop;
        if hop.doubtful {
            break;
        }
        if client_names(&above.hop).any(|name| provider.redirects(name)) {
            return OwnStamps::default();
        }
        let by = hop.by.as_ref();
        let host = by.and_then(|by| by.host.as_deref());
        let its = host.is_some_and(|host| provider.is_own_stamp(host))
            || by
                .and_then(|by| by.ip.as_deref())
                .and_then(crate::lex::parse_ip)
                .is_some_and(|ip| {
                    host.is_none()
                        && (provider.inner_network_contains(ip)
                            || provider.receiving_network_contains(ip))
                });
        let follows = !names_client
            || above.number == border.hop.number
            || hop_client_is_its(provider, &above.hop);
        let qmail = hop.by.is_none() && hop.family == Family::Qmail && hop.from.is_none();
        if qmail && follows {
            continue;
        }
        if !its || !follows {
            break;
        }
        let field = facts.section.fields().get(linked.field);
        let body = field.map_or("", |field| field.body);
        if shows_mailbox(hop, provider) {
            run.mailbox = true;
            run.intake = host;
            return run;
        }
        if hop.is_submission() {
            run.authenticated = true;
            run.intake = host;
            run.client = None;
            return run;
        }
        if hop.from.is_none() {
            if !provider.is_clientless_form(host, hop.with.as_deref(), body) {
                break;
            }
            names_client = false;
            above = linked;
            continue;
        }
        // A mailbox server as the client of an outgoing one; where mailbox servers relay among
        // themselves, any mail looks so.
        if client_names(hop).any(|name| provider.is_mailbox(name))
            && hop_client_is_its(provider, hop)
            && !host.is_some_and(|by| provider.is_mailbox(by))
        {
            run.mailbox = true;
            run.intake = host;
            return run;
        }
        names_client = true;
        oldest = Some(linked);
        above = linked;
    }
    let Some(intake) = oldest else { return run };
    if intake.hop.from.is_none() {
        return run;
    }
    let host = intake.hop.by.as_ref().and_then(|by| by.host.as_deref());
    run.intake = host;
    if hop_client_is_its(provider, &intake.hop) {
        // One of its transport hosts: the run was cut. What the last stamp says of a server that
        // takes mail of customers only holds all the same.
        let customers_only = |name: &&str| {
            provider
                .service_of(name)
                .is_some_and(|service| service.customers_only)
        };
        run.intake = host
            .into_iter()
            .chain(client_names(&intake.hop))
            .find(customers_only);
        run.cut = true;
        return run;
    }
    if is_outside(&intake.hop, provider) {
        run.own_users = host.is_some_and(|host| provider.takes_only_own_users(host));
        run.client = Some((client_name(&intake.hop), intake.number));
    }
    run
}

/// Whether a stamp shows a mailbox of the provider's: written there, or through its interface.
fn shows_mailbox(hop: &Hop<'_>, provider: &Provider) -> bool {
    let with = hop.with.as_deref().unwrap_or_default();
    let written = with.eq_ignore_ascii_case("mapi")
        || with.get(..4).is_some_and(|word| {
            word.eq_ignore_ascii_case("HTTP") && !with.to_ascii_lowercase().contains("smtp")
        });
    let by = hop.by.as_ref().and_then(|by| by.host.as_deref());
    written || by.is_some_and(|by| provider.is_mailbox(by) && by.starts_with("gmailapi"))
}

/// Whether the client at the border is the provider's strongly.
fn is_its_client(facts: &Facts<'_, '_>, provider: &Provider, border: &Handover<'_, '_>) -> bool {
    border.client_ip().is_some_and(|ip| {
        provider.network_exclusive_contains(ip).is_some()
            || provider.receiving_network_contains(ip)
            || facts.vouched && provider.network_contains(ip).is_some()
    }) || border
        .client_name()
        .is_some_and(|name| provider.egress_matches(name) || provider.is_own_stamp(name))
        || facts.vouched
            && border.client().is_some_and(|client| {
                client
                    .helo
                    .as_deref()
                    .is_some_and(|helo| provider.is_own_stamp(helo))
            })
}

/// Whether the client of one of a provider's own stamps is its own again: by its networks, by a
/// verified name, or by an inner address with a name of its own where its customers' machines
/// cannot reach that server.
fn hop_client_is_its(provider: &Provider, hop: &Hop<'_>) -> bool {
    let Some(ip) = hop.client_ip() else {
        return false;
    };
    let own_name = || client_names(hop).any(|name| provider.is_own_stamp(name));
    provider.network_exclusive_contains(ip).is_some()
        || provider.inner_network_contains(ip)
        || provider.receiving_network_contains(ip)
        || hop
            .client_name()
            .is_some_and(|name| provider.is_own_stamp(name))
        || is_inner(ip) && provider.guards_inner() && own_name()
}

fn client_names<'a>(hop: &'a Hop<'_>) -> impl Iterator<Item = &'a str> {
    let client = hop.from.as_ref();
    let helo = client.and_then(|client| client.helo.as_deref());
    let reverse_dns = client.and_then(|client| client.reverse_dns.as_deref());
    [helo, reverse_dns].into_iter().flatten()
}

/// What a client is called by: its address, else its HELO.
fn client_name<'a>(hop: &'a Hop<'_>) -> Option<&'a str> {
    let client = hop.from.as_ref()?;
    let address = client.address.as_ref().map(|address| &*address.text);
    address.or(client.helo.as_deref())
}

/// Whether the address of a stamp's client is none of the provider's own.
fn is_outside(hop: &Hop<'_>, provider: &Provider) -> bool {
    hop.client_ip().is_some_and(|ip| {
        !is_inner(ip)
            && !provider.receiving_network_contains(ip)
            && provider.network_contains(ip).is_none()
    }) && !hop
        .client_name()
        .is_some_and(|name| provider.is_own_stamp(name))
}

/// The client's address in the TCP-info part, of a stamp that may be doubtful: enough for a doubt,
/// and for nothing else.
fn claimed_ip(hop: &Hop<'_>) -> Option<IpAddr> {
    let address = hop.from.as_ref()?.address.as_ref()?;
    address
        .ip
        .filter(|_| address.place == AddressPlace::TcpInfo)
}

/// A host matched by its organisation whose own stamp right below shows a client outside that did
/// not authenticate: it takes mail in for others, too.
pub(crate) fn takes_mail_in<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    own: Organisation<'_>,
) -> Option<(Option<&'a str>, u32)> {
    let below = facts.path.below(border.hop.number).next()?;
    let hop = &below.hop;
    let by = hop.by.as_ref().and_then(|by| by.host.as_deref())?;
    let outside = !is_inner(claimed_ip(hop)?)
        && !hop
            .client_name()
            .is_some_and(|name| is_of_organisation(name, own.domain));
    // The very smart host took it, of a message for which the user vouches.
    let named = facts.vouched && same_name(by, own.smart_host);
    (is_of_organisation(by, own.domain) && outside && !hop.is_submission() && !named)
        .then(|| (client_name(hop), below.number))
}

/// Why a host may be the recipient's entrance as well as the sender's exit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entrance {
    /// Nothing believed says who received the message.
    NotKnown,
    /// The recipient is of the sender's own domains, or of the host's organisation.
    Within(String),
    /// To or Cc names an address there, and not the recipient.
    AddressedTo(String),
}

/// Whether the matched host may be one's own entrance: any that the catalogue does not know as
/// one-way. `Ok` gives the recipient's domain where it is outside.
pub(crate) fn entrance<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    found: &Match<'a>,
    way: Option<Way>,
) -> Result<Option<&'a str>, Entrance> {
    let provider = provider_of(facts, border, found);
    let one_way = provider.is_some_and(|provider| !provider.receives_for_others);
    if one_way {
        return Ok(None);
    }
    // Its own stamps show its customer, whoever else it receives for; a filter that stands on
    // nobody's entrance is none of the recipient's.
    if matches!(way, Some(Way::Stamps | Way::NoFilter)) {
        return Ok(None);
    }
    let recipients = facts.recipients(border);
    let known: Vec<&'a str> = recipients
        .iter()
        .copied()
        .filter_map(crate::lex::domain_of)
        .chain(facts.recipient_domain)
        .filter(|domain| !facts.catalogue.is_routing_domain(domain))
        .collect();
    let hosts = hosts_of(border, found);
    let within = |domain: &str| {
        facts.is_own_organisation(domain)
            || hosts
                .iter()
                .any(|host| same_organisation(host, domain) || same_name(host, domain))
    };
    if let Some(domain) = known.iter().find(|domain| within(domain)) {
        return Err(Entrance::Within((*domain).to_owned()));
    }
    let Some(first) = known.first() else {
        return Err(Entrance::NotKnown);
    };
    // A colleague's address to which it was sent may forward to the one that received it.
    if facts.expectation.recipients.is_empty() {
        let addressed = |to: &str| {
            recipients
                .iter()
                .any(|known| known.eq_ignore_ascii_case(to))
        };
        let mut all = facts.to.iter().chain(facts.cc);
        let any = all.clone().any(|to| addressed(to));
        let colleague = all.find(|to| crate::lex::domain_of(to).is_some_and(within));
        if let Some(colleague) = colleague.filter(|_| !any) {
            return Err(Entrance::AddressedTo(colleague.clone()));
        }
    }
    Ok(Some(first))
}

/// The names of the matched host.
fn hosts_of<'a>(border: &Handover<'a, '_>, found: &Match<'a>) -> Vec<&'a str> {
    let mut hosts: Vec<&str> = border.client_name().into_iter().collect();
    match found.ground {
        Ground::Named(HostSpec::Name(name) | HostSpec::Below(name)) => hosts.push(name),
        Ground::Organisation(own) => hosts.push(own.domain),
        Ground::Named(HostSpec::Network(_)) => {
            hosts.extend(border.client().and_then(|client| client.helo.as_deref()));
        }
        Ground::Provider(_) | Ground::Account(..) | Ground::Operator(_) => {}
    }
    hosts
}

/// What says that a message was sent on again after its exit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resent<'a> {
    /// A claimed stamp in which Exchange's outgoing host hands over to this other server.
    To(&'a str, usize),
    /// A field that a forwarder writes.
    Field(&'a str, usize),
    /// The envelope sender has the form of a rewritten one (SRS), or a forwarder's.
    Envelope(usize),
}

/// Whether the message may have been sent on again by a forwarder or list.
pub(crate) fn resent<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<Resent<'a>> {
    let fields = facts.section.fields();
    // What stands above the border behind a trusted forwarder is that one's.
    let trusted = facts.path.passed_trusted();
    let from = if trusted { border.hop.field } else { 0 };
    let field = fields.iter().enumerate().skip(from).find(|(_, field)| {
        let starts = |word: &str| {
            field
                .name
                .get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        starts("Resent-") || starts("X-Forwarded-")
    });
    if let Some((index, field)) = field {
        return Some(Resent::Field(field.name, index));
    }
    if let Some(path) = facts
        .evidence
        .return_paths
        .iter()
        .find(|path| !trusted && is_rewritten(&path.address))
    {
        return Some(Resent::Envelope(path.field));
    }
    facts.path.below(border.hop.number).find_map(|linked| {
        let by = linked.hop.by.as_ref()?.host.as_deref()?;
        let elsewhere = is_from_exchange(exits, &linked.hop)
            && !is_connectors(facts, border, exit, linked, by)
            || is_from_structure(facts, linked)
                && !is_connectors(facts, border, exit, linked, by)
                && !is_own_relay(facts, &linked.hop, by);
        elsewhere.then_some(Resent::To(by, linked.field))
    })
}

/// Whether a message for which the user vouches came back to its exit: the newest stamp, below it,
/// of a server that took it from Exchange's outgoing host is somebody else's, and neither the
/// connector's nor the sender's own. A forwarder there uses the same smart host, or sent the message
/// back to the sender's.
pub(crate) fn returned<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<Resent<'a>> {
    let (linked, by) = facts.path.below(border.hop.number).find_map(|linked| {
        let by = linked.hop.by.as_ref()?.host.as_deref()?;
        let left = is_from_exchange(exits, &linked.hop) || is_from_structure(facts, linked);
        left.then_some((linked, by))
    })?;
    let on_its_way =
        is_connectors(facts, border, exit, linked, by) || is_own_relay(facts, &linked.hop, by);
    (!on_its_way).then_some(Resent::To(by, linked.field))
}

/// Whether the matched host's own stamp, right below, shows that the message came in there from
/// somebody else: then it was an entrance, whoever wrote the message.
pub(crate) fn came_in(facts: &Facts<'_, '_>, exits: &Exits<'_>, border: &Handover<'_, '_>) -> bool {
    let Some(linked) = facts.path.below(border.hop.number).next() else {
        return false;
    };
    let hop = &linked.hop;
    let Some(by) = hop.by.as_ref().and_then(|by| by.host.as_deref()) else {
        return false;
    };
    border.hop.link == Link::Linked
        && claimed_ip(hop).is_some_and(|ip| !is_inner(ip))
        && !hop.is_submission()
        && !is_from_exchange(exits, hop)
        && !is_from_structure(facts, linked)
        && !client_names(hop)
            .any(|name| facts.is_own_organisation(name) || same_organisation(name, by))
}

/// Whether the client of a stamp is Exchange's outgoing host, by its address or by a name.
fn is_from_exchange(exits: &Exits<'_>, hop: &Hop<'_>) -> bool {
    let by_address = claimed_ip(hop).is_some_and(|ip| {
        exits
            .exchange
            .named
            .iter()
            .any(|host| host.contains(ip) && !is_inner(ip))
            || exits
                .exchange
                .providers
                .iter()
                .any(|own| own.network_exclusive_contains(ip).is_some())
    });
    by_address || client_names(hop).any(|name| is_exchange_name(&exits.exchange, name))
}

/// Whether Exchange's own stamp, and no platform's receiving one, stands right below a stamp that
/// Exchange itself did not write: its client is an Exchange server's way out.
fn is_from_structure(facts: &Facts<'_, '_>, linked: &LinkedHop<'_>) -> bool {
    let handover = Handover {
        hop: linked,
        how: Border::Guessed,
    };
    !linked.hop.is_exchange_transport() && facts.is_exchange_below(&handover)
}

/// Whether a server that took a message from Exchange is the sender's own, by its name or because
/// an inner address reached it.
fn is_own_relay(facts: &Facts<'_, '_>, hop: &Hop<'_>, by: &str) -> bool {
    facts.is_own_organisation(by)
        || client_names(hop).any(|name| same_organisation(name, by))
        || claimed_ip(hop).is_none_or(is_inner)
}

fn is_exchange_name(exit: &Exit<'_>, name: &str) -> bool {
    matches!(
        exit.names(name, None),
        Some(Ground::Named(_) | Ground::Provider(_))
    )
}

/// Whether a stamp's server is the connector's: the border's client, whose stamp stands right below,
/// or one of its names; or one of the platform's own.
fn is_connectors(
    facts: &Facts<'_, '_>,
    border: &Handover<'_, '_>,
    exit: &Exit<'_>,
    linked: &LinkedHop<'_>,
    by: &str,
) -> bool {
    if linked.number + 1 == border.hop.number && border.hop.link != Link::Gap {
        return true;
    }
    let body = facts
        .section
        .fields()
        .get(linked.field)
        .map_or("", |field| field.body);
    let client = linked.hop.from.as_ref();
    let helo = client.and_then(|client| client.helo.as_deref());
    let providers = exit
        .providers
        .iter()
        .copied()
        .chain(facts.catalogue.platforms());
    let of_provider = providers.into_iter().any(|own| {
        own.is_own_stamp(by) || own.is_smart_host(by) || own.stamp_matches(Some(by), helo, body)
    });
    let named = exit.names(by, None).is_some()
        || exit
            .named
            .iter()
            .filter_map(|host| host.name())
            .any(|name| same_organisation(name, by));
    let of_client = border
        .client_name()
        .or_else(|| border.client().and_then(|client| client.helo.as_deref()))
        .is_some_and(|name| same_organisation(name, by));
    of_provider || named || of_client || organisation(by).is_none()
}

/// Sender Rewriting Scheme, or the form of a forwarding mailbox (`user+caf_=…`).
fn is_rewritten(path: &str) -> bool {
    let path = path.trim_start_matches('<');
    let starts = |word: &str| {
        path.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    let lower = path.to_ascii_lowercase();
    (starts("SRS0") || starts("SRS1"))
        && path
            .as_bytes()
            .get(4)
            .is_some_and(|byte| matches!(byte, b'=' | b'+' | b'-'))
        || lower.contains("+srs=")
        || lower.contains("+caf_=")
}
