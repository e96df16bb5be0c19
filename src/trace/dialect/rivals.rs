//! Two addresses in one stamp: which one is the socket's?
//!
//! A server prints the address of its socket, and beside it what the client said: its HELO, the
//! answer of its ident service (RFC 1413: any printable text), a name of its own DNS. Any of these
//! may hold another address, in brackets and parentheses of its own. So a second, different
//! address anywhere between `from` and `by` makes the stamp doubtful, but for the two places where
//! a literal is known to be the HELO whatever it says:
//!
//! - in the name's place, for families that print the HELO first, with their TCP-info right behind;
//! - Exim's `helo=[literal]`, as one unbroken word right behind the socket's own address.
//!
//! Knows nothing of names.

use std::net::IpAddr;

use super::client::{address, is_tcp_info};
use super::{ClientForm, Order};
use crate::lex;
use crate::trace::Family;
use crate::trace::received::{Key, Kind, Received};

/// Whether the client's part of a field holds two different addresses, a HELO in its known place
/// passed over.
pub(super) fn stand_in(
    received: &Received<'_>,
    form: &ClientForm<'_>,
    order: Order,
    family: Family,
) -> bool {
    let part = received.client_part();
    let mut seen = Seen::default();
    seen.take(part);
    if !seen.differ {
        return false;
    }
    let literal = match order {
        Order::HeloFirst => literal_in_the_names_place(received, form, family),
        Order::AddressFirst if family == Family::Exim => helo_word(received),
        Order::AddressFirst | Order::Unknown => None,
    };
    let Some(literal) = literal else { return true };
    let start = (literal.as_ptr() as usize).saturating_sub(part.as_ptr() as usize);
    let mut seen = Seen::default();
    seen.take(part.get(..start).unwrap_or(part));
    seen.take(part.get(start + literal.len()..).unwrap_or(part));
    seen.differ
}

/// `[203.0.113.25] (host.isp.example [203.0.113.66])`, where the HELO stands first.
fn literal_in_the_names_place<'x>(
    received: &Received<'x>,
    form: &ClientForm<'x>,
    family: Family,
) -> Option<&'x str> {
    let mut pieces = received.clause(Key::From);
    let literal = pieces.next().filter(|piece| piece.kind == Kind::Word)?;
    if form.name_address.is_none() && !(family == Family::Gmail && is_questioned(literal.text)) {
        return None;
    }
    let info = pieces.next().filter(|piece| piece.kind == Kind::Comment)?;
    is_tcp_info(info.text).then_some(literal.text)
}

/// Google writes `?` for what it would not have in a HELO, the brackets of a literal among it:
/// `?IPv6:::ffff:192.168.1.20?`.
fn is_questioned(word: &str) -> bool {
    let inner = word
        .strip_prefix('?')
        .and_then(|word| word.strip_suffix('?'));
    inner.is_some_and(|inner| !inner.contains('?') && address(inner).is_some())
}

/// Exim: `NAME ([IP]:PORT helo=[literal] …)`, `[IP] (port=PORT helo=[literal] …)`.
fn helo_word<'x>(received: &Received<'x>) -> Option<&'x str> {
    let mut pieces = received.clause(Key::From);
    let name = pieces.next().filter(|piece| piece.kind == Kind::Word)?;
    let info = pieces.next().filter(|piece| piece.kind == Kind::Comment)?;
    let mut words = lex::Words(info.text);
    let mut word = words.next()?;
    let addressed = match address(word) {
        Some(_) => {
            word = words.next()?;
            true
        }
        None => address(name.text).is_some(),
    };
    if word
        .strip_prefix("port=")
        .is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
    {
        word = words.next()?;
    }
    let literal = word.strip_prefix("helo=")?;
    let inner = literal.strip_prefix('[')?.strip_suffix(']')?;
    (addressed && !inner.contains(['[', ']']) && address(literal).is_some()).then_some(word)
}

/// An address as it stands in a text: what is shaped like one and is none counts as itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Address<'x> {
    Ip(IpAddr),
    Shaped(&'x str),
}

/// The addresses of a text, as far as two are to be told from one.
#[derive(Debug, Default)]
struct Seen<'x> {
    first: First<'x>,
    differ: bool,
}

/// The first address; most texts have no other, and it need not be read.
#[derive(Debug, Clone, Copy, Default)]
enum First<'x> {
    #[default]
    None,
    /// A run that may be one.
    Run(&'x str),
    Read(Address<'x>),
}

impl<'x> Seen<'x> {
    /// Each longest run of the characters that addresses are made of; a run that is more than an
    /// address (`203.0.113.66.static.isp.example`) is a name.
    fn take(&mut self, text: &'x str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            while bytes.get(at).is_some_and(|byte| RUN.has(*byte)) {
                at += 1;
            }
            lex::steps::step(at - start + 1);
            if let Some(run) = text.get(start..at).filter(|run| may_be_address(run)) {
                self.take_run(run);
            }
            at += 1;
        }
    }

    fn take_run(&mut self, run: &'x str) {
        let first = match self.first {
            First::None => return self.first = First::Run(run),
            First::Run(first) if first == run => return,
            First::Run(first) => match read(first) {
                Some(first) => first,
                None => return self.first = First::Run(run),
            },
            First::Read(first) => first,
        };
        self.first = First::Read(first);
        self.differ |= read(run).is_some_and(|found| found != first);
    }
}

/// Most runs are names.
fn may_be_address(run: &str) -> bool {
    run.as_bytes().first().is_some_and(u8::is_ascii_digit) || lex::has(run, b':')
}

/// What addresses, their tags, zones and ports are made of, and what host names are.
static RUN: lex::Bytes =
    lex::Bytes::new(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:-_%");

/// The address that a run is, with or without tag, zone, port or root dot.
fn read(run: &str) -> Option<Address<'_>> {
    let first = *run.as_bytes().first()?;
    if first.is_ascii_digit()
        && let Some(quad) = quad(run)
    {
        return Some(lex::parse_ip(quad).map_or(Address::Shaped(quad), Address::Ip));
    }
    if !lex::has(run, b':') {
        return None;
    }
    let bare = run.trim_end_matches(['.', '-', '_']);
    if let Some(ip) = lex::parse_ip(bare) {
        return Some(Address::Ip(ip));
    }
    // `ip:192.0.2.1`, and `IPv6:` before either kind.
    let (key, rest) = lex::split_at_byte(run, b':')?;
    let is_key = key.as_bytes().first().is_none_or(u8::is_ascii_alphabetic)
        && !lex::has(key, b'.')
        && !rest.is_empty();
    if !is_key {
        return None;
    }
    let rest = rest.trim_end_matches(['.', '-', '_']);
    match quad(rest) {
        Some(quad) => Some(lex::parse_ip(quad).map_or(Address::Shaped(quad), Address::Ip)),
        None => lex::parse_ip(rest).map(Address::Ip),
    }
}

/// Four numbers with dots between them, without the port behind a colon or a fourth dot.
fn quad(run: &str) -> Option<&str> {
    let mut dots = 0;
    for (at, byte) in run.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {}
            b'.' if dots < 3 => dots += 1,
            b'.' | b':' if dots == 3 => {
                let port = run.get(at + 1..).unwrap_or("");
                let is_port = port
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.');
                return if is_port { run.get(..at) } else { None };
            }
            _ => return None,
        }
    }
    (dots == 3).then_some(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> usize {
        let mut seen = Seen::default();
        seen.take(text);
        match seen.first {
            _ if seen.differ => 2,
            First::Run(run) => usize::from(read(run).is_some()),
            First::Read(_) => 1,
            First::None => 0,
        }
    }

    #[test]
    fn an_address_is_seen_in_every_dress() {
        for dressed in [
            "203.0.113.25",
            "[203.0.113.25]",
            "x[203.0.113.25]y",
            "(203.0.113.25)",
            "203.0.113.25.",
            "203.0.113.25:54884",
            "203.0.113.25.54884",
            "[203.0.113.25]:25",
            "ip:203.0.113.25",
            "ip=203.0.113.25",
            "IPv6:::ffff:203.0.113.25",
            "[::ffff:203.0.113.25]",
            "joe@203.0.113.25",
            "\"203.0.113.25\"",
            "203.0.113.25/24",
            "\u{e9}203.0.113.25\u{e9}",
        ] {
            assert_eq!(addresses(dressed), 1, "in {dressed:?}");
            assert_eq!(
                addresses(&format!("{dressed} 203.0.113.25")),
                1,
                "in {dressed:?}"
            );
            assert_eq!(
                addresses(&format!("{dressed} 203.0.113.66")),
                2,
                "in {dressed:?}"
            );
        }
        for dressed in [
            "2001:db8::1",
            "[IPv6:2001:db8::1]",
            "2001:db8::1%4",
            "ipv6:2001:0DB8::1",
        ] {
            assert_eq!(
                addresses(&format!("{dressed} 2001:db8:0::1")),
                1,
                "in {dressed:?}"
            );
            assert_eq!(
                addresses(&format!("{dressed} 2001:db8::2")),
                2,
                "in {dressed:?}"
            );
        }
        assert_eq!(addresses("203.0.113.025 203.0.113.25"), 2);
    }

    #[test]
    fn what_only_looks_like_an_address_is_none() {
        for text in [
            "203.0.113.25.static.isp.example",
            "203-0-113-25.isp.example",
            "c-203.0.113.25.isp.example",
            "TLS1.2:ECDHE_RSA_AES_256_GCM_SHA384:256",
            "using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
            "port=54884",
            ":33347",
            "10:22:11",
            "1.2.3",
            "face",
            "by",
        ] {
            assert_eq!(addresses(text), 0, "in {text:?}");
        }
    }

    /// What families print behind the client's part.
    const SERVERS: [&str; 8] = [
        "by mx.example.net (Postfix) with ESMTP id 4bB1Xk0Q2Sz9rxG",
        "by mx.example.net with esmtps (Exim 4.96) id 1uM4Xk-0001Ab-2C",
        "by mx.example.net (8.17.1/8.17.1) with ESMTPS id 5529FADj003254",
        "by mx.google.com with ESMTPS id e13si473474wrg.0.2022.01.11.01.02.12",
        "by mx.example.net (10.0.0.1) with Microsoft SMTP Server id 15.1.2507.39",
        "by 10.197.36.11 with SMTPs",
        "by mx-ha.gmx.net (mxgmx116 [212.227.15.9]) with ESMTPS (Nemesis) id 1MabcD-1uM4Xk2abc-00abcd",
        "by mail.example.net with ESMTP id 1",
    ];

    #[test]
    fn a_second_address_is_a_doubt_at_every_server() {
        for client in [
            "[203.0.113.66] (helo=foo ident=x) (relay.example.com [203.0.113.25])",
            "[203.0.113.66] (helo=foo ident=(203.0.113.25) x)",
            "[203.0.113.66] [203.0.113.25]",
            "[203.0.113.25] x [203.0.113.66]",
            "(relay.example.com [203.0.113.25]) [203.0.113.66]",
            "x ([203.0.113.25] [203.0.113.66])",
            "[203.0.113.66] (helo=x [203.0.113.25])",
            "x 203.0.113.25 (relay.example.com [203.0.113.66])",
            "x (203.0.113.25) (relay.example.com [203.0.113.66])",
            "x (relay.example.com (y [203.0.113.25]) [203.0.113.66])",
            "x [IPv6:2001:db8::25] ([203.0.113.66])",
            "x (relay.example.com [::ffff:203.0.113.25]) ([203.0.113.66])",
            "x (relay.example.com [IPv6:2001:db8::25] IPv6:2001:db8::66)",
            "203.0.113.66 (EHLO x) (relay.example.com [203.0.113.25])",
            "x [203.0.113.25] via y (unknown [203.0.113.66])",
            "x with y [203.0.113.25] id z for w (unknown [203.0.113.66])",
        ] {
            for server in SERVERS {
                let body = format!("from {client} {server}; Tue, 28 Feb 2023 09:51:02 +0000");
                let hop = super::super::read(&body);
                assert!(hop.doubtful && hop.rivals, "in {body:?}");
                let place = hop
                    .from
                    .and_then(|client| client.address)
                    .map(|address| address.place);
                assert_ne!(
                    place,
                    Some(crate::trace::AddressPlace::TcpInfo),
                    "in {body:?}"
                );
            }
        }
    }

    #[test]
    fn a_literal_helo_in_its_known_place_is_none() {
        // Each with the servers that print it there, by their places above.
        let known: [(&str, &[usize]); 7] = [
            ("[203.0.113.25] (unknown [203.0.113.66])", &[0, 2, 3, 4]),
            (
                "203.0.113.25 (host.isp.example [203.0.113.66])",
                &[0, 2, 3, 4],
            ),
            ("[IPv6:2001:db8::25] (203.0.113.66)", &[0, 2, 3, 4]),
            ("[203.0.113.66] (helo=[203.0.113.25])", &[1]),
            (
                "[203.0.113.66] (port=54884 helo=[203.0.113.25] ident=x)",
                &[1],
            ),
            (
                "host.isp.example ([203.0.113.66] helo=[203.0.113.25])",
                &[1],
            ),
            (
                "host.isp.example ([203.0.113.66]:54884 helo=[203.0.113.25])",
                &[1],
            ),
        ];
        for (client, servers) in known {
            for (place, server) in SERVERS.iter().enumerate() {
                let body = format!("from {client} {server}; Tue, 28 Feb 2023 09:51:02 +0000");
                let hop = super::super::read(&body);
                assert_eq!(hop.doubtful, !servers.contains(&place), "in {body:?}");
                if !hop.doubtful {
                    let address = hop
                        .from
                        .and_then(|client| client.address)
                        .expect("an address");
                    assert_eq!(address.text, "203.0.113.66", "in {body:?}");
                }
            }
        }
    }

    #[test]
    fn no_address_is_taken_from_behind_a_helo_of_exims() {
        for client in ["x (helo=y [203.0.113.25])", "x (helo=y) ([203.0.113.25])"] {
            let body = format!("from {client} {}", SERVERS[1]);
            assert!(super::super::read(&body).rivals, "in {body:?}");
        }
    }

    #[test]
    fn one_address_twice_is_one() {
        for client in [
            "203.0.113.4 (203.0.113.4 [203.0.113.4])",
            "[203.0.113.4] ([203.0.113.4]:50387 helo=app.contoso.example)",
            "203.0.113.4 (EHLO app) ([203.0.113.4])",
            "x (x [::ffff:203.0.113.4]) (port=54884)",
        ] {
            for server in SERVERS {
                let body = format!("from {client} {server}");
                assert!(!super::super::read(&body).rivals, "in {body:?}");
            }
        }
    }
}
