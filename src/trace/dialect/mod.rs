//! Phase two: clauses into a hop.
//!
//! The reading by the grammar alone (`generic`) comes first; then the first row of the table of
//! families that knows its own form refines it. A new family is one row of `table.rs` with its
//! samples; only one that computes has a file of code.
//!
//! A family is told by `Marks`, which the server itself writes behind the first top-level `by`; the
//! client's HELO and reverse DNS stand before it. A field that shows signs of text broken out of its
//! place has no verified name, whatever the family.

mod client;
mod generic;
mod rivals;
mod table;
#[cfg(test)]
mod testing;

// The families that compute.
mod aliyun;
mod brevo;
mod chasquid;
mod cisco;
mod communigate;
mod courier;
mod exchange;
mod exim;
mod gmail;
mod haraka;
mod indimail;
mod kumomta;
mod kundenserver;
mod mailgun;
mod mailmarshal;
mod messagelabs;
mod obtuse;
mod opensmtpd;
mod postfix;
mod powermta;
mod qmail;
mod rare;
mod retrieval;
mod sendmail;
mod smail;
mod webmail;
mod xmail;
mod yahoo;
mod zmailer;

use super::received::{Key, Received};
use super::{AddressPlace, DateStanding, Family, Hop, Intake};
use client::{ClientForm, Shape};
use table::{Dialect, Names, Order, TABLE};

/// What a server writes about itself, behind the first `by`.
struct Marks<'x> {
    /// Its name; empty where it writes none.
    host: &'x str,
    /// The first comment that tells the software; empty where there is none.
    software: &'x str,
    /// The protocol.
    with: &'x str,
    /// The link: `via`.
    via: &'x str,
    /// The id.
    id: &'x str,
    /// A comment that stands in place of all clauses: `(qmail 1 invoked by uid 2)`.
    lead: &'x str,
}

impl<'h> Marks<'h> {
    fn of(received: &Received<'h>, hop: &'h Hop<'_>) -> Self {
        // A field without `from` has no client's part before its clauses.
        let own = |key: Key, text: Option<&'h str>| {
            text.filter(|_| received.follows_by(key) || !received.has(Key::From))
                .unwrap_or("")
        };
        let host = hop.by.as_ref().and_then(|by| by.host.as_deref());
        let via = received.clause(Key::Via).next().map(|piece| piece.text);
        Marks {
            host: host.unwrap_or(""),
            software: hop.software.as_deref().unwrap_or(""),
            with: own(Key::With, hop.with.as_deref()),
            via: own(Key::Via, via),
            id: own(Key::Id, hop.id.as_deref()),
            lead: received.lead_comment(),
        }
    }

    /// The server's name lies in `domain`; ASCII, without case.
    fn host_in(&self, domain: &str) -> bool {
        let Some((labels, end)) = self
            .host
            .len()
            .checked_sub(domain.len())
            .and_then(|at| self.host.as_bytes().split_at_checked(at))
        else {
            return false;
        };
        matches!(labels.last(), None | Some(b'.')) && end.eq_ignore_ascii_case(domain.as_bytes())
    }
}

/// What a family's form means, over the reading by the grammar alone.
fn refine<'x>(
    dialect: &Dialect,
    hop: &mut Hop<'x>,
    form: &ClientForm<'x>,
    received: &Received<'x>,
) {
    hop.family = dialect.family;
    if dialect.intake != Intake::Client {
        hop.intake = dialect.intake;
    }
    match dialect.names {
        Names::LookedUp | Names::Seldom => {}
        Names::Never => {
            if let Some(client) = &mut hop.from {
                client.reverse_dns = None;
            }
        }
        Names::Confirmed => {
            if form.shape == Shape::NameAndAddress && form.infos == 1 && form.helo.is_none() {
                confirm(hop);
            }
        }
    }
    if dialect.alone == AddressPlace::TcpInfo
        && form.name_address.is_some()
        && form.address.is_none()
    {
        address_is_tcp_info(hop);
    }
    if let Some(refine) = dialect.refine {
        refine(hop, form, received);
    }
}

/// Whether nothing was read of a field.
fn says_nothing(hop: &Hop<'_>) -> bool {
    hop.from.is_none()
        && hop.by.is_none()
        && hop.with.is_none()
        && hop.id.is_none()
        && hop.for_.is_none()
        && matches!(
            hop.date_standing,
            DateStanding::Missing | DateStanding::Unreadable
        )
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
    received.parse(table::is_slip);
    let form = ClientForm::read(&received);
    generic::read(&received, &form, hop);
    let chosen = {
        let marks = Marks::of(&received, hop);
        TABLE
            .iter()
            .find(|dialect| dialect.knows(&marks, &form, &received))
    };
    if let Some(dialect) = chosen {
        refine(dialect, hop, &form, &received);
    }
    hop.unparsed = says_nothing(hop);
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
    if hop.doubtful {
        exchange::resubmitted(body, hop);
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

impl Family {
    /// Whether its servers print the name that they looked up for a client, so that where none
    /// stands none was found.
    pub(crate) fn prints_reverse_dns(self) -> bool {
        let row = TABLE.iter().find(|dialect| dialect.family == self);
        row.is_none_or(|row| matches!(row.names, Names::LookedUp | Names::Confirmed))
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

    /// A comment in place of the client's part names a client only where there is no other part.
    #[test]
    fn a_leading_comment_names_no_client_beside_a_from() {
        for lead in [
            "(qmail 1 messnum 2 invoked from network[192.0.2.1/relay.example.com])",
            "(ofmipd 192.0.2.1)",
            "(qfscan 0.5. remoteip=192.0.2.1)",
            "(helo=relay.example.com)",
            "(from relay.example.com [192.0.2.1])",
        ] {
            for server in ["(qmail)", "(Exim 4.96)", "(NAVGW 2.5)", ""] {
                let body = format!(
                    "{lead} from mail.example (host.isp.example [203.0.113.9]) by mx.example.net {server} with esmtp; Tue, 2 Jan 2024 19:02:09 +0000"
                );
                let client = super::read(&body).from.unwrap_or_default();
                let address = client.address.map(|address| address.text);
                assert_eq!(address.as_deref(), Some("203.0.113.9"), "in {body:?}");
                assert_eq!(client.helo.as_deref(), Some("mail.example"), "in {body:?}");
            }
        }
    }

    /// What one family's comment means is nothing in a HELO at another's server.
    #[test]
    fn one_familys_words_are_none_at_another() {
        for (words, server) in [
            ("(account joe HELO relay.example.com)", "(Postfix)"),
            ("(AUTH: LOGIN joe, TLS: TLSv1.2,128bits,X)", "(Postfix)"),
            ("(using TLS: TLSv1.2, X)", "(8.17.1/8.17.1)"),
            (
                "(over TLS, TLS-1.3, envelope from \"a@example.com\")",
                "(Postfix)",
            ),
            ("(envelope sender: <a@example.com>)", "(Exim 4.96)"),
        ] {
            let body = format!(
                "from evil {words} (host.isp.example [203.0.113.9]) by mx.example.net {server} with ESMTP id 1; Tue, 2 Jan 2024 19:02:09 +0000"
            );
            let hop = super::read(&body);
            assert_eq!(hop.authenticated_as, None, "in {body:?}");
            assert_eq!(hop.envelope_from, None, "in {body:?}");
            assert_eq!(hop.tls, None, "in {body:?}");
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
