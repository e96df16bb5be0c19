//! Lexical pieces that several fields share: comments and folding white space (RFC 5322 3.2.2),
//! quoted strings (3.2.4), domains and address literals (RFC 5321 4.1.2, 4.1.3).
//!
//! Knows nothing of the field it is in. All functions work on bytes that mean the same in every
//! position of UTF-8 text, so an index they return is always a character boundary.

use std::net::IpAddr;

/// Counts the bytes looked at, so that tests can show that reading grows with the text and no
/// faster; nothing outside tests.
#[cfg(test)]
pub(crate) mod steps {
    use std::cell::Cell;

    thread_local! {
        static COUNT: Cell<usize> = const { Cell::new(0) };
    }

    /// So many bytes more.
    pub(crate) fn step(bytes: usize) {
        COUNT.with(|count| count.set(count.get() + bytes));
    }

    /// How many bytes `work` looks at.
    pub(crate) fn of(work: impl FnOnce()) -> usize {
        COUNT.with(|count| count.set(0));
        work();
        COUNT.with(Cell::get)
    }
}

/// Outside tests steps cost nothing.
#[cfg(not(test))]
pub(crate) mod steps {
    /// Nothing.
    pub(crate) const fn step(_bytes: usize) {}
}

/// White space within an unfolded or folded field body.
pub(crate) const fn is_wsp(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The text up to the first white space or one of `stops`.
pub(crate) fn first_word<'x>(text: &'x str, stops: &[u8]) -> &'x str {
    let end = text
        .bytes()
        .position(|byte| is_wsp(byte) || stops.contains(&byte));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The index behind the comment that opens at `start`, or `None` where it does not close.
///
/// `comment = "(" *([FWS] ccontent) [FWS] ")"`; `ccontent = ctext / quoted-pair / comment`.
/// Quotes mean nothing inside a comment. Nesting is counted, never recursed.
pub(crate) fn comment_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.get(start) != Some(&b'(') {
        return None;
    }
    let mut depth = 1usize;
    let mut at = start + 1;
    loop {
        let offset = memchr::memchr3(b'(', b')', b'\\', bytes.get(at..)?)?;
        steps::step(offset + 1);
        at += offset;
        match bytes.get(at) {
            Some(b'(') => depth += 1,
            Some(b')') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            // What is escaped may be a character of several bytes; none of the rest is looked for.
            _ => at += 1,
        }
        at += 1;
    }
}

/// The index behind the quoted string that opens at `start`, or `None` where it does not close.
///
/// `quoted-string = DQUOTE *([FWS] qcontent) [FWS] DQUOTE`
pub(crate) fn quoted_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(start..)?;
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut escaped = false;
    for (offset, byte) in bytes.iter().enumerate().skip(1) {
        steps::step(1);
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(start + offset + 1),
            _ => {}
        }
    }
    None
}

/// The domain of an address: what stands after the last `@` outside quotes (RFC 5321 4.1.2).
///
/// `None` where there is no such `@`, nothing behind it, or a quote that never closes.
pub(crate) fn domain_of(address: &str) -> Option<&str> {
    let bytes = address.as_bytes();
    let mut at = None;
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'"' => index = quoted_end(address, index)?,
            b'@' => {
                at = Some(index);
                index += 1;
            }
            _ => index += 1,
        }
    }
    let domain = address.get(at? + 1..)?.trim_matches(['>', ' ', '\t']);
    (!domain.is_empty()).then_some(domain)
}

/// An address without what surrounds it: brackets and `IPv6:` are no part of it.
pub(crate) fn bare_address(text: &str) -> &str {
    let text = text.strip_prefix('[').unwrap_or(text);
    let text = text.strip_suffix(']').unwrap_or(text);
    match text.get(..5) {
        Some(tag) if tag.eq_ignore_ascii_case("IPv6:") => text.get(5..).unwrap_or(text),
        _ => text,
    }
}

/// Reads an address literal or a plain address (RFC 5321 4.1.3): brackets, `IPv6:` and a zone
/// (`fe80::1%4`) are dropped, and IPv4-mapped IPv6 counts as IPv4.
pub(crate) fn parse_ip(text: &str) -> Option<IpAddr> {
    let text = bare_address(text);
    // Most of what is asked about is a name.
    if !text.starts_with(|first: char| first.is_ascii_hexdigit() || first == ':') {
        return None;
    }
    let text = match text.split_once('%') {
        Some((address, zone)) if !zone.is_empty() && address.contains(':') => address,
        _ => text,
    };
    text.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_nest_and_escape() {
        assert_eq!(comment_end("(a (b) c) d", 0), Some(9));
        assert_eq!(comment_end(r"(a \) b) c", 0), Some(8));
        assert_eq!(comment_end("(never closed (x)", 0), None);
        assert_eq!(comment_end("no comment", 0), None);
        assert_eq!(
            comment_end("(\")\"", 0),
            Some(3),
            "a quote means nothing in a comment"
        );
    }

    #[test]
    fn the_domain_follows_the_last_at_outside_quotes() {
        assert_eq!(domain_of("a@example.com"), Some("example.com"));
        assert_eq!(
            domain_of("\"x@relay.example.com\"@evil.example"),
            Some("evil.example")
        );
        assert_eq!(
            domain_of("a@relay.example.com@evil.example"),
            Some("evil.example")
        );
        assert_eq!(domain_of("\"unclosed@example.com"), None);
        assert_eq!(domain_of("postmaster"), None);
        assert_eq!(domain_of("a@"), None);
    }

    #[test]
    fn addresses_lose_brackets_tag_and_zone() {
        let v4 = Some("192.0.2.1".parse().expect("an address"));
        assert_eq!(parse_ip("[192.0.2.1]"), v4);
        assert_eq!(parse_ip("::ffff:192.0.2.1"), v4);
        assert_eq!(parse_ip("[IPv6:::ffff:192.0.2.1]"), v4);
        assert_eq!(
            parse_ip("fe80::1%4"),
            Some("fe80::1".parse().expect("an address"))
        );
        assert_eq!(parse_ip("11.22.333.44"), None);
        assert_eq!(parse_ip("2023.12.14.06"), None);
        assert_eq!(parse_ip("192.0.2.1%4"), None);
    }
}
