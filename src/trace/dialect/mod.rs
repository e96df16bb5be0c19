//! Phase two: clauses into a hop, one module a server family.
//!
//! The reading by the grammar alone (`generic`) comes first; then the first dialect of the
//! registry that recognises its own form refines it. A dialect is one file (with a real form above
//! it, which also stands in its tests) and one line of the registry.
//!
//! A dialect decides by `Marks`, which the server itself writes behind the first top-level `by`;
//! the client's HELO and reverse DNS stand before it. A field that shows signs of text broken out
//! of its place has no verified name, whatever the dialect says.

mod client;
mod generic;
mod rivals;
#[cfg(test)]
mod testing;

use super::received::{Key, Kind, Received};
use super::{AddressPlace, Family, Hop, Intake};
use crate::lex;
use client::ClientForm;

/// Declares the dialects' modules and their order, the commonest first.
macro_rules! registry {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// The dialects; the first that matches reads the field.
        const REGISTRY: &[Dialect] = &[$($module::DIALECT),*];

        /// The place of the first dialect, of those before `limit`, whose recogniser knows the
        /// form. Written out, so that each recogniser becomes a few comparisons in line.
        #[inline]
        fn asked(
            limit: usize,
            marks: &Marks<'_>,
            form: &ClientForm<'_>,
            received: &Received<'_>,
        ) -> Option<usize> {
            let mut place = 0;
            $(
                if let Some(matches) = const { $module::DIALECT.matches } {
                    if place >= limit {
                        return None;
                    }
                    if matches(marks, form, received) {
                        return Some(place);
                    }
                }
                place += 1;
            )*
            None
        }
    };
}

registry![
    exchange,
    gmail,
    postfix,
    exim,
    sendmail,
    retrieval,
    qmail,
    zmailer,
    sendgrid,
    powermta,
    amavis,
    yahoo,
    opensmtpd,
    momentum,
    lmtp,
    mailgun,
    kumomta,
    mailchannels,
    oracle,
    aliyun,
    haraka,
    halon,
    chasquid,
    stalwart,
    brevo,
    proofpoint,
    mimecast,
    cisco,
    barracuda,
    fortimail,
    sophos,
    trend_micro,
    messagelabs,
    kundenserver,
    mailjet,
    mandrill,
    socketlabs,
    amazon_ses,
    zoho,
    yandex,
    mail_ru,
    coremail,
    tencent,
    icloud,
    aol,
    exchange_imc,
    communigate,
    mdaemon,
    domino,
    intermail,
    mercury,
    icewarp,
    groupwise,
    mailenable,
    kerio,
    imail,
    xmail,
    courier,
    james,
    smail,
    smap,
    obtuse,
    mail_filters,
    mailing_lists,
    webmail,
];

/// What a server writes about itself, behind the first `by`.
struct Marks<'x> {
    /// Its name; empty where it writes none.
    host: &'x str,
    /// The name's end, as [`tail`] has it.
    host_tail: u64,
    /// The first comment that tells the software; empty where there is none.
    software: &'x str,
    /// The protocol.
    with: &'x str,
    /// The id.
    id: &'x str,
    /// A comment that stands in place of all clauses: `(qmail 1 invoked by uid 2)`.
    lead: &'x str,
}

impl Marks<'_> {
    /// The server's name lies in `domain`; ASCII, without case.
    fn host_in(&self, domain: &Domain) -> bool {
        if self.host_tail & domain.mask != domain.tail {
            return false;
        }
        let Some(at) = self.host.len().checked_sub(domain.name.len()) else {
            return false;
        };
        let inside = at == 0 || self.host.as_bytes().get(at - 1) == Some(&b'.');
        inside
            && self
                .host
                .get(at..)
                .is_some_and(|end| end.eq_ignore_ascii_case(domain.name))
    }

    /// The protocol is this one, in any case.
    fn with_is(&self, protocol: &str) -> bool {
        self.with.eq_ignore_ascii_case(protocol)
    }

    /// The software's comment begins with this.
    fn software_is(&self, name: &str) -> bool {
        self.software.starts_with(name)
    }
}

/// A domain of a family's servers, with what lets most names be told from it at a glance.
struct Domain {
    name: &'static str,
    tail: u64,
    mask: u64,
}

impl Domain {
    const fn new(name: &'static str) -> Self {
        let kept = if name.len() < 8 {
            8 * name.len() as u32
        } else {
            64
        };
        let mask = if kept == 64 {
            u64::MAX
        } else {
            (1 << kept) - 1
        };
        Domain {
            name,
            tail: tail(name),
            mask,
        }
    }
}

/// The last eight bytes of a name in lower case, the last one lowest.
const fn tail(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let Some(mut last) = bytes.last_chunk() else {
        return short_tail(bytes);
    };
    let mut lower = *last;
    lower.make_ascii_lowercase();
    last = &lower;
    u64::from_be_bytes(*last)
}

/// [`tail`] of less than eight bytes.
const fn short_tail(mut rest: &[u8]) -> u64 {
    let mut packed = 0u64;
    let mut taken = 0;
    while let Some((last, before)) = rest.split_last() {
        packed |= (last.to_ascii_lowercase() as u64) << (8 * taken);
        rest = before;
        taken += 1;
    }
    packed
}

/// Families, one bit each by their place in the registry.
type Families = u128;

/// Which families a field can be of by its names: most fields pass most families by, told from
/// two letters of the server's name and two of its software.
struct Index {
    /// By the first and the second byte of the software's comment; no name is shorter.
    first: [Families; 256],
    second: [Families; 256],
    /// By the fifth and sixth byte from the end of the server's name; no domain is shorter.
    fifth: [Families; 256],
    sixth: [Families; 256],
}

static INDEX: Index = Index::build();

#[expect(
    clippy::indexing_slicing,
    reason = "tables of all bytes, and constant evaluation"
)]
impl Index {
    const fn build() -> Self {
        let mut index = Index {
            first: [0; 256],
            second: [0; 256],
            fifth: [0; 256],
            sixth: [0; 256],
        };
        // Also the proof that there are no more families than bits.
        let mut at = 0;
        while at < REGISTRY.len() {
            let bit: Families = 1 << at;
            let dialect = &REGISTRY[at];
            let mut name = 0;
            while name < dialect.software.len() {
                let software = dialect.software[name].as_bytes();
                index.first[software[0] as usize] |= bit;
                index.second[software[1] as usize] |= bit;
                name += 1;
            }
            let mut host = 0;
            while host < dialect.hosts.len() {
                let domain = &dialect.hosts[host];
                assert!(domain.name.len() >= 6);
                index.fifth[(domain.tail >> 32) as usize & 0xff] |= bit;
                index.sixth[(domain.tail >> 40) as usize & 0xff] |= bit;
                host += 1;
            }
            at += 1;
        }
        index
    }

    fn by_software(&self, software: &str) -> Families {
        match software.as_bytes() {
            [first, second, ..] => {
                self.first[usize::from(*first)] & self.second[usize::from(*second)]
            }
            _ => 0,
        }
    }

    fn by_host(&self, tail: u64) -> Families {
        self.fifth[(tail >> 32) as usize & 0xff] & self.sixth[(tail >> 40) as usize & 0xff]
    }
}

/// The first family that recognises its form.
fn recognise(
    marks: &Marks<'_>,
    form: &ClientForm<'_>,
    received: &Received<'_>,
) -> Option<&'static Dialect> {
    let named = named(marks);
    let place = asked(named.unwrap_or(REGISTRY.len()), marks, form, received).or(named)?;
    REGISTRY.get(place)
}

/// The place of the first family that is told by its software or its servers' names.
fn named(marks: &Marks<'_>) -> Option<usize> {
    let by_software = INDEX.by_software(marks.software);
    let by_host = INDEX.by_host(marks.host_tail);
    let mut left = by_software | by_host;
    while left != 0 {
        let place = left.trailing_zeros() as usize;
        let bit = left & left.wrapping_neg();
        left &= !bit;
        let dialect = REGISTRY.get(place)?;
        if (by_software & bit != 0 && dialect.software.iter().any(|name| marks.software_is(name)))
            || (by_host & bit != 0 && dialect.hosts.iter().any(|domain| marks.host_in(domain)))
        {
            return Some(place);
        }
    }
    None
}

/// Tells a family's form.
type Recogniser = fn(&Marks<'_>, &ClientForm<'_>, &Received<'_>) -> bool;

/// What a family prints first in its client's part; hence what an address there is, where another
/// stands beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// The HELO, and the TCP-info right behind it.
    HeloFirst,
    /// The socket's address, or a name looked up for it; what the client said stands behind it.
    AddressFirst,
    /// The name that was looked up, or not known to us.
    Unknown,
}

/// One family of servers.
struct Dialect {
    family: Family,
    order: Order,
    /// What the software's comment begins with.
    software: &'static [&'static str],
    /// The domains its servers' names lie in.
    hosts: &'static [Domain],
    /// Whether the field has this family's form in another way, if there is one.
    matches: Option<Recogniser>,
    /// What this family means by its form, over the reading by the grammar alone.
    refine: for<'x> fn(&mut Hop<'x>, &ClientForm<'x>, &Received<'x>),
}

/// The reading by the grammar alone says all.
fn as_read<'x>(_: &mut Hop<'x>, _: &ClientForm<'x>, _: &Received<'x>) {}

/// What stands before the TCP-info is the HELO, and no name was looked up.
fn helo_only<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, _: &Received<'x>) {
    if let Some(client) = &mut hop.from {
        client.reverse_dns = None;
    }
}

/// The message was written on this server.
fn local<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, _: &Received<'x>) {
    hop.intake = Intake::Local;
}

/// The client's address stands in the name's place, with no TCP-info beside it.
fn address_first<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    if form.name_address.is_some() && form.address.is_none() {
        address_is_tcp_info(hop);
    }
}

/// The server puts its socket's address into the name's place.
fn address_is_tcp_info(hop: &mut Hop<'_>) {
    if let Some(address) = hop.from.as_mut().and_then(|client| client.address.as_mut()) {
        address.place = AddressPlace::TcpInfo;
    }
}

/// The server confirmed the name it looked up; nothing to confirm where it names none.
fn confirm(hop: &mut Hop<'_>) {
    if let Some(client) = &mut hop.from {
        let addressed = client
            .address
            .as_ref()
            .is_some_and(|address| address.place == AddressPlace::TcpInfo);
        client.reverse_dns_verified = addressed && client.reverse_dns.is_some();
    }
}

/// Reads one `Received` body (folds included).
pub fn read(body: &str) -> Hop<'_> {
    let mut hop = Hop::default();
    read_into(body, &mut hop);
    hop
}

/// In place: a hop is too large to be moved about.
fn read_into<'x>(body: &'x str, hop: &mut Hop<'x>) {
    let mut received = Received::new(body);
    received.parse();
    let form = ClientForm::read(&received);
    generic::read(&received, &form, hop);
    let chosen = {
        let marks = marks(&received, hop);
        recognise(&marks, &form, &received)
    };
    if let Some(dialect) = chosen {
        hop.family = dialect.family;
        (dialect.refine)(hop, &form, &received);
    }
    let order = chosen.map_or(Order::Unknown, |dialect| dialect.order);
    if form.rivals || rivals::stand_in(&received, &form, order, hop.family) {
        hop.rivals = true;
        hop.doubtful = true;
        if order == Order::AddressFirst
            && let (Some(text), Some(client)) = (form.name_address, &mut hop.from)
        {
            client.address = Some(generic::client_address(text, AddressPlace::Bare));
        }
    }
    if hop.doubtful
        && let Some((host, address)) = exchange::resubmission(body)
    {
        let server = crate::trace::Server {
            host: Some(host.into()),
            ip: Some(address.into()),
        };
        hop.by = Some(server);
        hop.family = Family::Exchange;
        (hop.doubtful, hop.rivals) = (false, false);
    }
    if hop.doubtful {
        hop.intake = Intake::Client;
        if let Some(client) = &mut hop.from {
            client.reverse_dns_verified = false;
            if let Some(address) = &mut client.address {
                address.place = AddressPlace::Bare;
            }
        }
    }
}

fn marks<'h>(received: &Received<'h>, hop: &'h Hop<'_>) -> Marks<'h> {
    let lead = received
        .lead()
        .next()
        .filter(|piece| piece.kind == Kind::Comment)
        .map_or("", |piece| lex::trim(piece.text));
    // A field without `from` has no client's part before its clauses.
    let own = |key: Key| received.follows_by(key) || !received.has(Key::From);
    let host = hop
        .by
        .as_ref()
        .and_then(|by| by.host.as_deref())
        .unwrap_or("");
    Marks {
        host,
        host_tail: tail(host),
        software: hop.software.as_deref().unwrap_or(""),
        with: if own(Key::With) {
            hop.with.as_deref().unwrap_or("")
        } else {
            ""
        },
        id: if own(Key::Id) {
            hop.id.as_deref().unwrap_or("")
        } else {
            ""
        },
        lead,
    }
}

#[cfg(test)]
mod tests {
    use super::super::received::MAX_FIELD;
    use crate::lex::steps;

    /// Text that grows with `n`, each a way to make a careless reader go back.
    fn hostile(n: usize) -> Vec<String> {
        let mut fields = vec![
            format!("from a {}{} by b", "(".repeat(n), ")".repeat(n)),
            format!("from a {} by b", "(".repeat(n)),
            format!("from a {} by b", "(x ".repeat(n)),
            format!("from a {} by b", "(\\".repeat(n)),
            format!("from a{} by b", "(b)".repeat(n)),
            format!("from a by b{}", ";".repeat(n)),
            format!(
                "from 192.0.2.1 (SquirrelMail authenticated user {}){}",
                "x".repeat(n),
                ";".repeat(n)
            ),
            format!("by b; {}", "Tue, ".repeat(n)),
            format!("by b; {}", "(UTC)".repeat(n)),
            format!("by b; 1 Jan 2024 00:00:00 +0000{}", " (".repeat(n)),
        ];
        for piece in [
            "\"",
            "\"\\\"",
            "<",
            "[",
            "[x ",
            "by ",
            "from ",
            "id <",
            "@",
            "é",
            "\u{1F980} ",
            "1 ",
            "a=",
            "(]",
            "[)",
        ] {
            fields.push(format!("from {} by b", piece.repeat(n)));
            fields.push(format!("from a by b {}", piece.repeat(n)));
            fields.push(format!(
                "from a ({}) by b (Postfix) with ESMTP id 1; {}",
                piece.repeat(n),
                piece.repeat(n)
            ));
        }
        fields
    }

    #[test]
    fn work_grows_with_the_text_and_no_faster() {
        for (small, large) in hostile(1_000).iter().zip(hostile(8_000)) {
            let few = steps::of(|| drop(super::read(small)));
            let many = steps::of(|| drop(super::read(&large)));
            let shown: String = small.chars().take(40).collect();
            assert!(
                many <= few * 9 + 10_000,
                "{few} steps became {many} in {shown:?}"
            );
        }
    }

    #[test]
    fn work_is_bounded_whatever_the_field() {
        let mut fields = hostile(50_000);
        fields.push(format!("from a by b ({})", "x".repeat(64 << 20)));
        fields.push(format!("from a by b with {}", "x ".repeat(32 << 20)));
        fields.push(";".repeat(1_000_000));
        for field in &fields {
            let steps = steps::of(|| drop(super::read(field)));
            let shown: String = field.chars().take(40).collect();
            assert!(steps <= 8 * MAX_FIELD, "{steps} steps in {shown:?}");
            assert!(
                field.len() <= MAX_FIELD || super::read(field).limit_reached,
                "silent in {shown:?}"
            );
        }
    }

    /// Whatever a client manages to put into its name, the server's own part is read, and the name
    /// that is confirmed stays the one in the server's TCP-info.
    #[test]
    fn a_name_cannot_leave_its_place() {
        let inserts = [
            "(",
            ")",
            "[",
            "]",
            "<",
            ">",
            "\"",
            "\\",
            ";",
            ",",
            "=",
            "@",
            " by ",
            " from ",
            " with IMAP ",
            " id x ",
            "\r\n ",
            "é",
            " (Postfix)",
            "(relay.example.com [192.0.2.1])",
            "; Tue, 2 Jan 2024 19:02:09 +0000",
            " by mx (Postfix) with ESMTP id 1; ",
        ];
        let tail = " (host.isp.example [203.0.113.9])\r\n\tby mx.example.net (Postfix) with ESMTPS id 4Q;\r\n\tTue, 2 Jan 2024 19:02:09 +0000";
        for one in inserts {
            for two in inserts {
                let body = format!("from ev{one}il{two}.example{tail}");
                let hop = super::read(&body);
                assert_ne!(hop.intake, super::Intake::Retrieval, "in {body:?}");
                let client = hop.from.unwrap_or_default();
                if client.reverse_dns_verified {
                    assert_eq!(
                        client.reverse_dns.as_deref(),
                        Some("host.isp.example"),
                        "in {body:?}"
                    );
                }
                let believed = client
                    .address
                    .filter(|address| address.place == super::AddressPlace::TcpInfo);
                if let Some(address) = believed {
                    assert_eq!(address.text, "203.0.113.9", "in {body:?}");
                }
            }
        }
    }

    /// With a root dot it is not read as an address, but is none the less no name.
    #[test]
    fn an_address_with_a_root_dot_is_no_name() {
        let hop =
            super::read("from 192.0.2.7. (relay.example.com [203.0.113.9]) by mx.example.net");
        let client = hop.from.expect("a client");
        assert_eq!(client.helo, None);
        let address = client.address.expect("an address");
        assert_eq!(address.text, "203.0.113.9");
        let hop = super::read("from relay.example.com. by mx.example.net");
        let client = hop.from.expect("a client");
        assert_eq!(client.helo.as_deref(), Some("relay.example.com"));
    }

    #[test]
    fn what_stands_beside_the_date() {
        use super::testing::agrees;
        // An `=` belongs to the address (VERP).
        agrees(
            "from (127.0.0.1) by mail90.example.net id hgs0ok2ddl42\n for <recipient@example.net>; Wed, 29 Aug 2018 20:26:47 +0000\n (envelope-from <bounce-mc.us14_65.395-recipient=example.net@mail90.example.net>)",
            r#"Named("powermta")"#,
            "ip=127.0.0.1; by=mail90.example.net; id=hgs0ok2ddl42; for=recipient@example.net; envelope=bounce-mc.us14_65.395-recipient=example.net@mail90.example.net; date=2018-08-29T20:26:47Z",
        );
        // IBM's gateway tells TLS before the date.
        agrees(
            "from mail.contoso.example (203.0.113.67) by d50.example.net (198.51.100.22)\n with IBM ESMTP SMTP Gateway: Authorized Use Only!;\n (version=TLSv1/SSLv3 cipher=AES128-GCM-SHA256 bits=128/128)\n Wed, 8 Mar 2017 11:46:17 -0500",
            "Generic",
            "helo=mail.contoso.example; ip=203.0.113.67; by=d50.example.net; by-ip=198.51.100.22; with=IBM ESMTP SMTP Gateway: Authorized Use Only!; tls=TLSv1/SSLv3; cipher=AES128-GCM-SHA256; date=2017-03-08T16:46:17Z",
        );
        // A clause between two semicolons.
        agrees(
            "by mx.example.net with ESMTP id 04EKOWYD930WHFJSF1;\n for <recipient@example.net>; Tue, 7 Mar 2017 14:29:24 -0800",
            "Generic",
            "by=mx.example.net; with=ESMTP; id=04EKOWYD930WHFJSF1; for=recipient@example.net; date=2017-03-07T22:29:24Z",
        );
        // MailMarshal found no name, and says so.
        agrees(
            "from mail.contoso.example (Not Verified[203.0.113.13]) by gate.example.net\n (using TLS: TLSv1.2, AES256-SHA)\n id <B5f77d0bb0000>; Fri, 02 Oct 2020 18:15:39 -0700",
            "Generic",
            "helo=mail.contoso.example; ip=203.0.113.13; by=gate.example.net; tls=TLSv1.2; cipher=AES256-SHA; id=B5f77d0bb0000; date=2020-10-03T01:15:39Z",
        );
        // Xeams writes a comment into the brackets.
        agrees(
            "from [(203.0.113.14)] by mx.example.net with Xeams SMTP;\n Wed, 2 Jul 2003 16:42:03 -0800 (PST)",
            "Generic",
            "ip=203.0.113.14; by=mx.example.net; with=Xeams SMTP; date=2003-07-03T00:42:03Z",
        );
    }

    #[test]
    fn a_field_that_says_nothing_is_unparsed() {
        for body in ["", " ", "hello", "(((", "; not a date", "\u{fffd}"] {
            assert!(super::read(body).unparsed, "in {body:?}");
        }
        for body in [
            "Wed, 7 Jun 2017 11:35:20 -0400",
            "from a",
            "by b",
            "(qmail 1 invoked by uid 2); 7 Jun 2017 11:35:20 -0400",
        ] {
            assert!(!super::read(body).unparsed, "in {body:?}");
        }
    }
}
