//! Message-IDs, `Thread-Index`, Exchange's fields, and the fields among which the catalogue looks
//! for providers' markers: name and body in, a [`Mark`] or nothing out.
//!
//! All of them are the sender's claims, or the receiving platform's own additions; which they are
//! is not told here. Knows nothing of any provider.

use std::borrow::Cow;

use jiff::Timestamp;

use super::Mark;
use super::value::{domain, unfolded};
use crate::lex::{domain_of, is_wsp};

/// Fields that hold a Message-ID: the message's own, and the one that a relay replaced.
const MESSAGE_IDS: [&str; 7] = [
    "Message-ID",
    "Origin-messageId",
    "Resent-Message-ID",
    "Original-Message-ID",
    "X-Original-Message-ID",
    "X-Google-Original-Message-ID",
    "X-Microsoft-Original-Message-ID",
];

/// Exchange's fields by the beginning of their names.
const EXCHANGE_PREFIXES: [&str; 5] = [
    "X-MS-",
    "X-Microsoft-Antispam",
    "X-Forefront-",
    "X-Exchange-",
    "X-EOP",
];

/// Exchange's fields by their whole names.
const EXCHANGE: [&str; 8] = [
    "x-mclm-sbr-processed",
    "X-OriginatorOrg",
    "X-ClientProxiedBy",
    "X-OrganizationHeadersPreserved",
    "X-CrossPremisesHeadersPromoted",
    "Thread-Topic",
    "Accept-Language",
    "Content-Language",
];

/// Markers that do not begin with `X-`.
const MARKERS: [&str; 5] = [
    "Feedback-ID",
    "Reporting-Meta",
    "TM-MAIL-JID",
    "UI-OutboundReport",
    "Original-Envelope-Id",
];

/// Whether a field is one of the many `X-` fields that none of the lists above knows.
#[inline]
pub(super) fn is_unknown(name: &str) -> bool {
    match name.as_bytes() {
        [b'X' | b'x', b'-', third, fourth, ..] => {
            !is_start_of_known(third.to_ascii_lowercase(), fourth.to_ascii_lowercase())
        }
        _ => false,
    }
}

/// What the field is a mark of, if of anything.
pub(super) fn read<'x>(name: &str, body: &'x str) -> Option<Mark<'x>> {
    let listed = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    if listed(&MESSAGE_IDS) {
        return Some(message_id(body));
    }
    if name.eq_ignore_ascii_case("Thread-Index") {
        return Some(Mark::ThreadIndex {
            begun: conversation_begun(body),
        });
    }
    if EXCHANGE_PREFIXES.iter().any(|prefix| begins(name, prefix)) || listed(&EXCHANGE) {
        return Some(Mark::Exchange {
            value: unfolded(body),
        });
    }
    if begins(name, "X-") || begins(name, "IronPort-") || listed(&MARKERS) {
        return Some(Mark::Marker { body });
    }
    None
}

/// Whether one of the names above has these letters behind its `X-`.
const fn is_start_of_known(third: u8, fourth: u8) -> bool {
    matches!(
        (third, fourth),
        (b'c', b'l' | b'r')
            | (b'e', b'o' | b'x')
            | (b'f', b'o')
            | (b'g', b'o')
            | (b'm', b's' | b'i' | b'c')
            | (b'o', b'r')
    )
}

fn begins(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// `msg-id = [CFWS] "<" id-left "@" id-right ">" [CFWS]` (RFC 5322 3.6.4)
fn message_id(body: &str) -> Mark<'_> {
    let id = match unfolded(body) {
        Cow::Borrowed(text) => Cow::Borrowed(bare_id(text)),
        Cow::Owned(text) => Cow::Owned(bare_id(&text).to_owned()),
    };
    let host = match &id {
        Cow::Borrowed(text) => domain_of(text).and_then(domain),
        Cow::Owned(text) => domain_of(text)
            .and_then(domain)
            .map(|name| Cow::Owned(name.into_owned())),
    };
    Mark::MessageId { id, host }
}

fn bare_id(text: &str) -> &str {
    let inner = text.strip_prefix('<').unwrap_or(text);
    inner.strip_suffix('>').unwrap_or(inner)
}

/// The base64 length of the 22-byte header block that every Thread-Index begins with.
const HEADER_BLOCK: usize = 29;

/// Seconds from 1601-01-01, where FILETIME begins, to 1970-01-01.
const FILETIME_EPOCH: i64 = 11_644_473_600;

/// When the conversation began ([MS-OXOMSG] 2.2.1.3), in whole seconds.
///
/// The header block opens with a reserved byte of 1 and the high bytes of a FILETIME. As the
/// FILETIME of our days begins with a byte of 1 too, two forms are in use: in one that byte stands
/// for both (`01 D9 E7 …`, six bytes of time), in the other it is written twice (`01 01 D9 E7 …`,
/// then one byte of precision less). The second byte tells them apart: FILETIMEs of 1970 and later
/// begin with `01 9D`, and end in 2057 with `01 FF`.
///
/// ```text
/// Thread-Index: AQHZS0ljK1OFDltwD80S81Qo68wiBIQ==
/// ```
fn conversation_begun(body: &str) -> Option<Timestamp> {
    let mut bits = 0u64;
    let mut length = 0usize;
    for byte in body.bytes().filter(|&byte| !is_wsp(byte)) {
        if byte == b'=' {
            break;
        }
        let sextet = sextet(byte)?;
        if length < 8 {
            bits = bits << 6 | u64::from(sextet);
        }
        length += 1;
    }
    if length < HEADER_BLOCK {
        return None;
    }
    let [_, _, first, second, third, ..] = bits.to_be_bytes();
    let filetime = match (first, second, third) {
        (1, 0x9d.., _) => bits << 16,
        (1, 1, 0x9d..) => bits << 24,
        _ => return None,
    };
    let ticks = i64::try_from(filetime).ok()?;
    let seconds = ticks / 10_000_000 - FILETIME_EPOCH;
    Timestamp::from_second(seconds).ok()
}

/// One character of base64 (RFC 4648 4).
const fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_known_name_is_passed_over() {
        let names = MESSAGE_IDS
            .iter()
            .chain(&EXCHANGE_PREFIXES)
            .chain(&EXCHANGE);
        for name in names.filter(|name| begins(name, "X-")) {
            let mark = read(name, "a@b.example");
            assert!(!matches!(mark, Some(Mark::Marker { .. }) | None), "{name}");
            assert!(!is_unknown(name), "{name}");
        }
    }

    #[test]
    fn thread_index_times() {
        for (body, wanted) in [
            // The documented sample (its base64 is one character too long), sent 07:50:56
            (
                "AQHZS0ljK1OFDltwD80S81Qo68wiBIQ==",
                Some("2023-02-28T07:50:54Z"),
            ),
            // Header block and one reply, the time behind two ones
            (
                "AQHabxTmtvFdRAal3UOLjdxfiBNTJbE4t/o3",
                Some("2024-03-05T15:50:50Z"),
            ),
            (
                "AQHZk4c0wunWrcRwOEuIze5OJ5fZoQ==",
                Some("2023-05-31T06:14:48Z"),
            ),
            // The time behind a single one
            (
                "Adnnu3rDSW/DfOFSRWOUSQ6WaQIIBg==",
                Some("2023-09-15T10:00:38Z"),
            ),
            (
                "Adx7A/APBiGWZjveSA623HeP3KPU2A==",
                Some("2026-01-01T09:49:35Z"),
            ),
            (
                "AdvEYJ5i8zqshJGvT96uuEriJ/I5BAAB\r\n VaqwAAAAChAAAA",
                Some("2025-05-13T23:41:59Z"),
            ),
            ("<3704394654516636>", None),
            ("AQHZS0ljK1OF", None),
            ("AgHZS0ljK1OFDltwD80S81Qo68wiBIQ==", None),
            ("AQKZS0ljK1OFDltwD80S81Qo68wiBIQ==", None),
            ("AQEAS0ljK1OFDltwD80S81Qo68wiBIQ==", None),
            ("", None),
        ] {
            let Some(Mark::ThreadIndex { begun }) = read("Thread-Index", body) else {
                panic!("{body}")
            };
            assert_eq!(
                begun.map(|time| time.to_string()).as_deref(),
                wanted,
                "{body}"
            );
        }
    }

    #[test]
    fn message_ids() {
        for (name, body, wanted, host) in [
            (
                "Message-ID",
                "<12185193-354a@smtp-relay.smtp.example.com>",
                "12185193-354a@smtp-relay.smtp.example.com",
                Some("smtp-relay.smtp.example.com"),
            ),
            (
                "Message-Id",
                "\r\n <a@b.example>",
                "a@b.example",
                Some("b.example"),
            ),
            (
                "Origin-messageId",
                "<167e568a947345aab7675f7fbd1e3dbd@mydomain.ovh>",
                "167e568a947345aab7675f7fbd1e3dbd@mydomain.ovh",
                Some("mydomain.ovh"),
            ),
            (
                "X-Microsoft-Original-Message-ID",
                "<a@b.example>",
                "a@b.example",
                Some("b.example"),
            ),
            (
                "Message-ID",
                "<019e$c50a$@contoso.example>",
                "019e$c50a$@contoso.example",
                Some("contoso.example"),
            ),
            ("Message-ID", "<a@b c.example>", "a@b c.example", None),
            ("Message-ID", "<no-host>", "no-host", None),
            ("Message-ID", "<a@b\r\n .example>", "a@b .example", None),
            ("Message-ID", "", "", None),
        ] {
            let Some(Mark::MessageId { id, host: read }) = read(name, body) else {
                panic!("{name}")
            };
            assert_eq!(id, wanted);
            assert_eq!(read.as_deref(), host, "{body}");
        }
    }

    #[test]
    fn kinds_of_fields() {
        for name in [
            "x-ms-has-attach",
            "X-MS-Exchange-CrossTenant-Id",
            "x-mclm-sbr-processed",
            "X-OriginatorOrg",
            "X-ClientProxiedBy",
            "Thread-Topic",
            "Accept-Language",
            "Content-Language",
        ] {
            assert!(
                matches!(read(name, " true"), Some(Mark::Exchange { value }) if value == "true"),
                "{name}"
            );
        }
        for name in [
            "X-MSFBL",
            "X-SES-Outgoing",
            "x-sib-id",
            "Feedback-Id",
            "IronPort-SDR",
            "X-IronPort-AV",
            "Reporting-Meta",
            "TM-MAIL-JID",
            "UI-OutboundReport",
            "Original-Envelope-Id",
        ] {
            let mark = read(name, "a\r\n b ");
            assert!(
                matches!(mark, Some(Mark::Marker { body }) if Mark::value_of(body) == "a b"),
                "{name}"
            );
        }
        for name in ["X", "Subject", "List-ID", "MIME-Version", "", "Éx"] {
            assert_eq!(read(name, "a"), None, "{name}");
        }
    }
}
