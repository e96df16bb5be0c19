//! Hops into a chain: their order, the links between them, their delays.
//!
//! Trace fields stand newest first (RFC 5321 4.4: each server prepends its own); a [`Chain`] has
//! them oldest first, as a message travels. Knows nothing of providers, trust or expectations.

use std::net::IpAddr;

use super::{Hop, Server};
use crate::header::{FieldName, HeaderSection};
use crate::host::{is_inner, same_name, same_organisation};
use crate::lex;

/// How the server of one hop relates to the client of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// There is no hop before this one.
    Origin,
    /// The client of this hop is the server of the hop before it, by name, address or organisation.
    Linked,
    /// One of the two says nothing of itself.
    Unknown,
    /// The client of this hop is somebody else than the server of the hop before it.
    Gap,
}

/// One hop in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkedHop<'x> {
    /// What the field says.
    pub hop: Hop<'x>,
    /// Index of the field in the header section.
    pub field: usize,
    /// The 1-based line of the field in the text.
    pub line: u32,
    /// 1 is the origin.
    pub number: u32,
    /// The link to the hop before it.
    pub link: Link,
    /// Seconds since the hop before it, where both give an instant; negative where that is later.
    pub delay: Option<i64>,
}

/// The hops of one message, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chain<'x> {
    hops: Vec<LinkedHop<'x>>,
}

impl<'x> Chain<'x> {
    /// Reads every `Received` field of a section and links the hops.
    pub fn of(section: &HeaderSection<'x>) -> Self {
        let mut hops: Vec<LinkedHop<'x>> = section
            .walk()
            .filter(|(_, field)| field.kind == FieldName::Received)
            .map(|(index, field)| LinkedHop {
                hop: super::dialect::read(field.body),
                field: index,
                line: field.line,
                number: 0,
                link: Link::Origin,
                delay: None,
            })
            .collect();
        hops.reverse();
        let mut before: Option<&LinkedHop<'x>> = None;
        for (number, linked) in (1..).zip(&mut hops) {
            linked.number = number;
            if let Some(before) = before {
                linked.link = link(&before.hop, &linked.hop);
                linked.delay = match (before.hop.date, linked.hop.date) {
                    (Some(earlier), Some(later)) => Some(later.as_second() - earlier.as_second()),
                    _ => None,
                };
            }
            before = Some(linked);
        }
        Self { hops }
    }

    /// The hops, origin first.
    pub fn hops(&self) -> &[LinkedHop<'x>] {
        &self.hops
    }

    /// The hop with this number (1 is the origin).
    pub fn hop(&self, number: u32) -> Option<&LinkedHop<'x>> {
        self.hops.get(number.checked_sub(1)? as usize)
    }

    /// The last hop: the delivery.
    pub fn newest(&self) -> Option<&LinkedHop<'x>> {
        self.hops.last()
    }
}

/// The hop that took longest, the latest of several, if any took time.
pub(crate) fn slowest<H>(
    hops: impl IntoIterator<Item = H>,
    delay: impl Fn(&H) -> Option<i64>,
) -> Option<H> {
    let timed = hops.into_iter().filter(|hop| delay(hop) > Some(0));
    timed.max_by_key(|hop| delay(hop))
}

/// Whether the client of `newer` is the server of `older`.
fn link(older: &Hop<'_>, newer: &Hop<'_>) -> Link {
    let (Some(client), Some(server)) = (&newer.from, &older.by) else {
        return Link::Unknown;
    };
    let names = [client.helo.as_deref(), client.reverse_dns.as_deref()];
    let ip = client.address.as_ref().and_then(|address| address.ip);
    if names
        .iter()
        .flatten()
        .any(|name| is_server(name, ip, server))
        || ip.is_some_and(|ip| server_ip(server) == Some(ip))
        || ip.is_some_and(|ip| ip.is_loopback()) && same_system(newer.by.as_ref(), server)
    {
        return Link::Linked;
    }
    let says_nothing = names.iter().flatten().next().is_none() && ip.is_none();
    if says_nothing || server.host.is_none() && server.ip.is_none() {
        Link::Unknown
    } else {
        Link::Gap
    }
}

/// Whether a client's name means this server. A bare address in the place of a name counts as one.
fn is_server(name: &str, ip: Option<IpAddr>, server: &Server<'_>) -> bool {
    let Some(host) = server.host.as_deref() else {
        let literal = lex::parse_ip(name);
        return literal.is_some()
            && literal == server_ip(server)
            && (ip.is_none() || ip == literal);
    };
    same_name(name, host)
        || is_localhost(name) && is_localhost(host)
        || short_name(name, host)
        || short_name(host, name)
        || same_organisation(name, host)
}

/// Whether `short` is a single label and the first one of `long`: `EX1` and `EX1.example.com`.
/// `localhost` names no machine in particular.
fn short_name(short: &str, long: &str) -> bool {
    !short.contains('.')
        && !short.eq_ignore_ascii_case("localhost")
        && long
            .split('.')
            .next()
            .is_some_and(|label| label.eq_ignore_ascii_case(short))
}

/// Whether two stamps are one machine's (amavis, LMTP, a queue). A neighbour in the same
/// organisation is another machine.
///
/// Where the newer one calls itself `localhost` or by an inner address, so may the older one; a
/// named one must be named alike.
pub(crate) fn same_machine(newer: Option<&Server<'_>>, older: &Server<'_>) -> bool {
    let Some(newer) = newer else { return false };
    match (newer.host.as_deref(), older.host.as_deref()) {
        _ if is_nameless(newer) && is_nameless(older) => true,
        (Some(a), Some(b)) if same_name(a, b) || short_name(a, b) || short_name(b, a) => true,
        _ => matches!((server_ip(newer), server_ip(older)), (Some(a), Some(b)) if a == b),
    }
}

/// Whether two stamps are one machine's, or an organisation's that gives its machine two names: how
/// a loopback client links. That shows a gap, or none, and nobody's side.
fn same_system(newer: Option<&Server<'_>>, older: &Server<'_>) -> bool {
    let host = newer.and_then(|newer| newer.host.as_deref());
    same_machine(newer, older)
        || matches!((host, older.host.as_deref()), (Some(a), Some(b)) if same_organisation(a, b))
}

/// Whether a server gives itself no name that means anything elsewhere.
fn is_nameless(server: &Server<'_>) -> bool {
    match server.host.as_deref() {
        Some(host) => is_localhost(host),
        None => server_ip(server).is_some_and(is_inner),
    }
}

fn is_localhost(name: &str) -> bool {
    same_name(name, "localhost") || same_name(name, "localhost.localdomain")
}

fn server_ip(server: &Server<'_>) -> Option<IpAddr> {
    server.ip.as_deref().and_then(lex::parse_ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The links and delays of a header's hops, origin first.
    fn chain_of(fields: &[&str]) -> Vec<(Link, Option<i64>)> {
        let text: String = fields
            .iter()
            .map(|body| format!("Received: {body}\n"))
            .collect();
        let section = HeaderSection::parse(&text);
        Chain::of(&section)
            .hops()
            .iter()
            .map(|linked| (linked.link, linked.delay))
            .collect()
    }

    fn link_of(newer: &str, older: &str) -> Link {
        let links = chain_of(&[newer, older]);
        links.last().expect("two hops").0
    }

    const RELAY: &str = "from client.example.org (client.example.org [203.0.113.9]) by relay.example.net \
                         (Postfix) with ESMTP id A; Tue, 28 Feb 2023 07:51:00 +0000";

    #[test]
    fn hops_link_by_name_address_and_organisation() {
        let by_mx = |client: &str| {
            format!(
                "from {client} by mx.example.com (Postfix) with ESMTP id B; Tue, 28 Feb 2023 07:51:02 +0000"
            )
        };
        assert_eq!(
            link_of(&by_mx("relay.example.net (unknown [192.0.2.1])"), RELAY),
            Link::Linked
        );
        assert_eq!(
            link_of(&by_mx("out7.EXAMPLE.net (unknown [192.0.2.1])"), RELAY),
            Link::Linked
        );
        assert_eq!(
            link_of(&by_mx("relay (unknown [192.0.2.1])"), RELAY),
            Link::Linked
        );
        assert_eq!(
            link_of(&by_mx("other.example.org (unknown [192.0.2.1])"), RELAY),
            Link::Gap
        );
        let addressed = "from x.example.org (203.0.113.9) by EX1.contoso.local (192.0.2.1) with Microsoft SMTP Server \
                         id 15.1.2507.61; Tue, 28 Feb 2023 07:51:00 +0000";
        assert_eq!(
            link_of(&by_mx("other.example.org (unknown [192.0.2.1])"), addressed),
            Link::Linked
        );
        assert_eq!(
            link_of(&by_mx("other.example.org (unknown [192.0.2.2])"), addressed),
            Link::Gap
        );
        assert_eq!(
            link_of(
                "by mx.example.com with SMTP id C; Tue, 28 Feb 2023 07:51:02 +0000",
                RELAY
            ),
            Link::Unknown
        );
    }

    #[test]
    fn a_loopback_client_links_to_its_own_machine_only() {
        let reinjected = |by: &str| {
            format!(
                "from localhost (localhost [127.0.0.1]) by {by} (Postfix) with ESMTP id B; Tue, 28 Feb 2023 07:51:02 +0000"
            )
        };
        assert_eq!(
            link_of(&reinjected("relay.example.net"), RELAY),
            Link::Linked
        );
        assert_eq!(link_of(&reinjected("mx.example.com"), RELAY), Link::Gap);
        let amavis = "from relay.example.net ([127.0.0.1]) by localhost (relay.example.net [127.0.0.1]) \
                      (amavisd-new, port 10024) with ESMTP id D; Tue, 28 Feb 2023 07:51:01 +0000";
        assert_eq!(
            link_of(&reinjected("relay.example.net"), amavis),
            Link::Linked
        );
    }

    #[test]
    fn the_origin_is_first_and_a_delay_may_be_negative() {
        let late = RELAY.replace("07:51:00 +0000", "08:51:05 +0100");
        let early = "from relay.example.net (relay.example.net [192.0.2.1]) by mx.example.com (Postfix) with ESMTP \
                     id B; Tue, 28 Feb 2023 07:51:02 +0000";
        assert_eq!(
            chain_of(&[early, &late]),
            [(Link::Origin, None), (Link::Linked, Some(-3))]
        );
    }
}
