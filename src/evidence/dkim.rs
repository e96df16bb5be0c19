//! `DKIM-Signature` (RFC 6376 3.5): its tags d, s, i, a and the beginning of b.
//!
//! A signature is a claim of whoever wrote the field; whether it verifies is never computed here.
//! Quotes and comments mean nothing in a tag list. Knows nothing of results.

use std::borrow::Cow;

use super::Signature;
use super::value::{Slot, domain, token, trimmed};
use crate::lex::is_wsp;
use memchr::memchr;

/// Enough of `b` to match the `header.b` of a result, which has 8 or a few more (RFC 6008 3).
const SIGNATURE_LENGTH: usize = 16;

/// Reads the tags; one that stands twice is none.
///
/// ```text
/// tag-list  =  tag-spec *( ";" tag-spec ) [ ";" ]
/// tag-spec  =  [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
/// ```
/// ```text
/// DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=smtp.example.com;
///     q=dns/txt; s=mail; bh=gZnUUk4TldsnAE7L+M9zwjuOeOmD6FwV4Yyq99XN2a0=;
///     h=from:subject:date:to; b=HDiySKAl0J78ByyGlPjCVc+zvEv
/// ```
pub(super) fn read<'x>(body: &'x str, field: usize) -> Signature<'x> {
    let mut signing_domain = Slot::Absent;
    let mut selector = Slot::Absent;
    let mut identity = Slot::Absent;
    let mut algorithm = Slot::Absent;
    let mut signature = Slot::Absent;
    let mut rest = Some(body);
    while let Some(text) = rest {
        let (tag, behind) = split_at_byte(text, b';');
        rest = behind;
        let (name, Some(value)) = split_at_byte(tag, b'=') else {
            continue;
        };
        let value = trimmed(value);
        match trimmed(name) {
            "d" => signing_domain.put(value),
            "s" => selector.put(value),
            "i" => identity.put(value),
            "a" => algorithm.put(value),
            "b" => signature.put(value),
            _ => {}
        }
    }
    Signature {
        field,
        domain: signing_domain.once().and_then(domain),
        selector: selector.once().and_then(token),
        identity: identity.once().and_then(token),
        algorithm: algorithm.once().and_then(token),
        signature: signature.once().and_then(beginning),
    }
}

/// The text before the first such byte, and what is behind it.
fn split_at_byte(text: &str, byte: u8) -> (&str, Option<&str>) {
    match memchr(byte, text.as_bytes()) {
        Some(at) => (text.get(..at).unwrap_or(text), text.get(at + 1..)),
        None => (text, None),
    }
}

/// The first characters, folding white space removed.
fn beginning(value: &str) -> Option<Cow<'_, str>> {
    let head = value.get(..SIGNATURE_LENGTH).unwrap_or(value);
    if head.is_ascii() && !head.bytes().any(is_wsp) {
        return (!head.is_empty()).then_some(Cow::Borrowed(head));
    }
    let head = value
        .chars()
        .filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n'));
    Some(Cow::Owned(head.take(SIGNATURE_LENGTH).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> [String; 5] {
        let read = read(body, 4);
        assert_eq!(read.field, 4);
        [
            read.domain,
            read.selector,
            read.identity,
            read.algorithm,
            read.signature,
        ]
        .map(|tag| tag.as_deref().unwrap_or("-").to_owned())
    }

    #[test]
    fn signatures() {
        for (body, wanted) in [
            (
                "v=1; a=rsa-sha256; c=relaxed/relaxed; d=smtp.example.com; q=dns/txt; s=mail; bh=gZnUUk4TldsnAE7L+M9zwjuOeOmD6FwV4Yyq99XN2a0=; h=from:subject; b=HDiySKAl0J78ByyGlPjCVc+zvEv/DP9NkfUdso8DkB5z1Lig4rfbqCLnD6SE6wh7",
                [
                    "smtp.example.com",
                    "mail",
                    "-",
                    "rsa-sha256",
                    "HDiySKAl0J78ByyG",
                ],
            ),
            (
                "v=1; a=rsa-sha256; d=email-od.com;i=@email-od.com;s=dkim; b=EXAMPLE",
                [
                    "email-od.com",
                    "dkim",
                    "@email-od.com",
                    "rsa-sha256",
                    "EXAMPLE",
                ],
            ),
            (
                "d = contoso.example ; s = a ; b = AB CD EF GH IJ KL MN OP QR",
                ["contoso.example", "a", "-", "-", "ABCDEFGHIJKLMNOP"],
            ),
            (
                "d=a.example; d=b.example; s=x; s=x; b=1; b=2",
                ["-", "-", "-", "-", "-"],
            ),
            (
                "d=relay.example.com evil.example; s=",
                ["-", "-", "-", "-", "-"],
            ),
            (
                "D=contoso.example; bd=contoso.example",
                ["-", "-", "-", "-", "-"],
            ),
            (
                "\"; d=contoso.example; \"",
                ["contoso.example", "-", "-", "-", "-"],
            ),
            ("", ["-", "-", "-", "-", "-"]),
        ] {
            assert_eq!(shown(body), wanted, "{body}");
            assert_eq!(
                shown(&body.replace(' ', "\r\n\t")),
                wanted,
                "folded: {body}"
            );
            assert_eq!(shown(&body.replace(' ', "\n ")), wanted, "folded: {body}");
        }
    }

    #[test]
    fn a_fold_within_the_beginning_of_b() {
        assert_eq!(
            read("b=AAAA\r\n\tBBBBCCCC\r\n\tDDDDEEEE", 0)
                .signature
                .as_deref(),
            Some("AAAABBBBCCCCDDDD")
        );
        assert!(matches!(
            read("b=0123456789abcdef\r\n 0", 0).signature,
            Some(Cow::Borrowed("0123456789abcdef"))
        ));
    }
}
