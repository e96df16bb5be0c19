//! Property values and tags of the fields in this room: raw text in, plain values out, borrowed
//! wherever the text allows it.
//!
//! A value is either one whole quoted string or has no quote in it (RFC 8601 2.2 `pvalue`,
//! RFC 7208 9.1 `key-value-pair`). A quoted local part with a bare domain behind it is no usable
//! value: servers that do not quote what the client sent write it, and there a quote that the
//! client opened can swallow what the server wrote next. Knows nothing of any field.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};

use crate::lex::{domain_of, is_wsp, quoted_end};

/// A property that may stand at most once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Slot<'x> {
    /// Not there.
    #[default]
    Absent,
    /// Its one value, as written.
    Once(&'x str),
    /// Written more than once: which one holds cannot be told.
    Repeated,
}

impl<'x> Slot<'x> {
    pub(super) fn put(&mut self, value: &'x str) {
        *self = match self {
            Self::Absent => Self::Once(value),
            Self::Once(_) | Self::Repeated => Self::Repeated,
        };
    }

    pub(super) fn once(self) -> Option<&'x str> {
        match self {
            Self::Once(value) => Some(value),
            Self::Absent | Self::Repeated => None,
        }
    }

    pub(super) fn is_present(self) -> bool {
        self != Self::Absent
    }
}

/// Control bytes other than the white space of a fold; a lone CR is one (RFC 5322 2.3).
pub(super) fn has_control(text: &str) -> bool {
    let bytes = text.as_bytes();
    // No early exit: the loop over all bytes is then done many at a time.
    let control = bytes.iter().fold(false, |found, &byte| {
        found | (byte < b' ' && !is_wsp(byte)) | (byte == 0x7f)
    });
    control || memchr_iter(b'\r', bytes).any(|index| bytes.get(index + 1) != Some(&b'\n'))
}

/// The value without its quotes; `None` where quotes stand anywhere but around the whole of it.
///
/// `value = token / quoted-string`
pub(super) fn unquoted(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.bytes().any(|byte| byte == b'"') {
        return Some(Cow::Borrowed(raw));
    }
    if quoted_end(raw, 0) != Some(raw.len()) {
        return None;
    }
    let inner = raw.get(1..raw.len() - 1)?;
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    let mut plain = String::with_capacity(inner.len());
    let mut escaped = false;
    for character in inner.chars() {
        if character == '\\' && !escaped {
            escaped = true;
        } else {
            plain.push(character);
            escaped = false;
        }
    }
    Some(Cow::Owned(plain))
}

/// A value without quotes, white space and control bytes; empty is none.
pub(super) fn token(raw: &str) -> Option<Cow<'_, str>> {
    let value = unquoted(raw)?;
    let plain = !value.is_empty()
        && !value
            .bytes()
            .any(|byte| is_wsp(byte) || byte.is_ascii_control() || byte == b'"');
    plain.then_some(value)
}

/// A host name by its characters: labels of letters, digits, `-` and `_`, none of them empty but
/// the one behind a final dot. Letters beyond ASCII stay: they are shown, and equal no ASCII name.
pub(super) fn is_domain(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    if !text.is_ascii() {
        return text.split('.').all(|label| {
            !label.is_empty()
                && label
                    .chars()
                    .all(|c| c == '-' || c == '_' || c.is_alphanumeric())
        });
    }
    let mut before = b'.';
    text.bytes().all(|byte| {
        let fits = match byte {
            b'.' => before != b'.',
            _ => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
        };
        before = byte;
        fits
    }) && before != b'.'
}

/// A bare domain.
pub(super) fn domain(raw: &str) -> Option<Cow<'_, str>> {
    token(raw).filter(|name| is_domain(name))
}

/// The domain of an address, or a bare domain: after the last `@` outside quotes.
pub(super) fn mailbox_domain(raw: &str) -> Option<Cow<'_, str>> {
    match unquoted(raw)? {
        Cow::Borrowed(address) => domain_part(address).map(Cow::Borrowed),
        Cow::Owned(address) => domain_part(&address).map(|name| Cow::Owned(name.to_owned())),
    }
}

fn domain_part(address: &str) -> Option<&str> {
    let address = match address.strip_prefix('<') {
        Some(inner) => inner.strip_suffix('>')?,
        None => address,
    };
    if !is_unbroken(address) {
        return None;
    }
    let name = if memchr(b'@', address.as_bytes()).is_some() {
        domain_of(address)?
    } else {
        address
    };
    is_domain(name).then_some(name)
}

/// No white space, bracket or control byte outside quotes, and no control byte within them.
pub(super) fn is_unbroken(address: &str) -> bool {
    let bytes = address.as_bytes();
    let mut index = 0;
    let mut quoted = false;
    while let Some(&byte) = bytes.get(index) {
        match byte {
            b'"' => {
                let Some(end) = quoted_end(address, index) else {
                    return false;
                };
                index = end;
                quoted = true;
            }
            0..=b' ' | 0x7f | b'<' | b'>' | b'(' | b')' => return false,
            _ => index += 1,
        }
    }
    // Outside quotes each byte has been looked at.
    !quoted || !has_control(address)
}

/// Without the white space at either end.
pub(super) fn trimmed(text: &str) -> &str {
    let start = text.bytes().take_while(|byte| is_wsp(*byte)).count();
    let text = text.get(start..).unwrap_or_default();
    let end = text.bytes().rev().take_while(|byte| is_wsp(*byte)).count();
    text.get(..text.len() - end).unwrap_or_default()
}

/// Trimmed, and its folds undone (RFC 5322 2.2.3): line ends go, their white space stays.
pub(super) fn unfolded(text: &str) -> Cow<'_, str> {
    let text = trimmed(text);
    if memchr2(b'\r', b'\n', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((line, behind)) = memchr2(b'\r', b'\n', rest.as_bytes())
        .and_then(|at| Some((rest.get(..at)?, rest.get(at + 1..)?)))
    {
        plain.push_str(line);
        rest = behind;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_quoted_string_loses_its_quotes() {
        assert_eq!(unquoted("plain").as_deref(), Some("plain"));
        assert_eq!(unquoted("\"a b\"").as_deref(), Some("a b"));
        assert_eq!(unquoted(r#""a\"b""#).as_deref(), Some("a\"b"));
        assert_eq!(unquoted("\"a\"@evil.example"), None);
        assert_eq!(unquoted("a\"b\""), None);
        assert_eq!(unquoted("\"open"), None);
        assert_eq!(unquoted("\""), None);
    }

    #[test]
    fn mailbox_domains() {
        for (raw, wanted) in [
            ("x@contoso.example", Some("contoso.example")),
            ("contoso.example", Some("contoso.example")),
            ("<x@contoso.example>", Some("contoso.example")),
            ("\"x@contoso.example\"", Some("contoso.example")),
            ("@contoso.example", Some("contoso.example")),
            ("a@relay.example.com@evil.example", Some("evil.example")),
            (
                r#""\"a@relay.example.com\"@evil.example""#,
                Some("evil.example"),
            ),
            ("\"a@relay.example.com\"@evil.example", None),
            ("\"a b@contoso.example\"", None),
            ("\"x@contoso.example", None),
            ("x@contoso..example", None),
            ("x@[192.0.2.1]", None),
            ("x@contoso.example\u{1}", None),
            ("<x@contoso.example", None),
            ("<>", None),
            ("", None),
            ("x@", None),
        ] {
            assert_eq!(mailbox_domain(raw).as_deref(), wanted, "{raw}");
        }
    }

    #[test]
    fn unfolding_trims_and_keeps_the_white_space() {
        assert_eq!(unfolded(" a\r\n b \r\n"), "a b");
        assert_eq!(unfolded("\n\ta\n\tb"), "a\tb");
        assert!(matches!(unfolded("\r\n plain "), Cow::Borrowed("plain")));
    }
}
