//! Lexical pieces that several fields share: comments and folding white space (RFC 5322 3.2.2),
//! quoted strings (3.2.4), domains and address literals (RFC 5321 4.1.2, 4.1.3).
//!
//! Knows nothing of the field it is in. All functions work on bytes that mean the same in every
//! position of UTF-8 text, so an index they return is always a character boundary.

use std::net::{IpAddr, Ipv4Addr};

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

/// A set of bytes, looked up rather than compared: for words, which are short and end in many ways.
pub(crate) struct Bytes([bool; 256]);

/// White space as `split_ascii_whitespace` has it: with the form feed, other than [`is_wsp`].
static ASCII_SPACE: Bytes = Bytes::new(b" \t\r\n\x0c");

#[expect(
    clippy::indexing_slicing,
    reason = "a table of all bytes, and constant evaluation"
)]
impl Bytes {
    /// Those of `list`.
    pub(crate) const fn new(list: &[u8]) -> Self {
        let mut table = [false; 256];
        let mut at = 0;
        while at < list.len() {
            table[list[at] as usize] = true;
            at += 1;
        }
        Bytes(table)
    }

    #[inline]
    pub(crate) const fn has(&self, byte: u8) -> bool {
        self.0[byte as usize]
    }

    /// The index, from `at` (at most the length) on, of the first byte of this set, or the length.
    #[inline]
    pub(crate) fn seek(&self, bytes: &[u8], mut at: usize) -> usize {
        while let Some(byte) = bytes.get(at)
            && !self.has(*byte)
        {
            at += 1;
        }
        at
    }
}

/// Eight bytes that are all `byte`.
pub(crate) const fn splat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each of eight bytes.
const MARKS: u64 = splat(0x80);

/// Marks those of eight bytes that are `byte`; the lowest mark is exact, those above it need not be.
#[inline]
pub(crate) const fn equal(eight: u64, byte: u8) -> u64 {
    let rest = eight ^ splat(byte);
    rest.wrapping_sub(splat(1)) & !rest & MARKS
}

/// Marks those of eight bytes that are less than `limit` (at most 128), as exactly as [`equal`].
#[inline]
pub(crate) const fn below(eight: u64, limit: u8) -> u64 {
    eight.wrapping_sub(splat(limit)) & !eight & MARKS
}

/// The index, from `at` on, of the first byte that is a `stop`, or the length where there is none.
///
/// Trace fields are made of short pieces, for which eight bytes in a register are faster than a
/// call. `near` marks where a stop may be (at least at every stop), lowest mark exact.
#[inline]
pub(crate) fn seek(
    bytes: &[u8],
    mut at: usize,
    near: impl Fn(u64) -> u64,
    stop: impl Fn(u8) -> bool,
) -> usize {
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let marks = match rest.first_chunk() {
            Some(eight) => near(u64::from_le_bytes(*eight)),
            None => match bytes.last_chunk() {
                // The last eight, those before `at` shifted out; a mark behind the end is none.
                Some(eight) => near(u64::from_le_bytes(*eight) >> (64 - 8 * rest.len())),
                None => {
                    let found = rest.iter().position(|byte| stop(*byte));
                    return at + found.unwrap_or(rest.len());
                }
            },
        };
        if marks == 0 {
            at += 8;
            continue;
        }
        at += marks.trailing_zeros() as usize / 8;
        match bytes.get(at) {
            Some(byte) if stop(*byte) => return at,
            Some(_) => at += 1,
            None => break,
        }
    }
    bytes.len()
}

/// The index of the first `byte` from `at` on, or the length where there is none.
#[inline]
pub(crate) fn seek_byte(text: &str, at: usize, byte: u8) -> usize {
    seek(
        text.as_bytes(),
        at,
        |eight| equal(eight, byte),
        |found| found == byte,
    )
}

/// Whether `byte` stands in `text`.
#[inline]
pub(crate) fn has(text: &str, byte: u8) -> bool {
    seek_byte(text, 0, byte) < text.len()
}

/// The index of the first `part`, which is short and not empty: looked for by its first byte, where
/// a search that prepares itself costs more than it saves.
#[inline]
fn seek_part(text: &str, part: &str) -> Option<usize> {
    let first = *part.as_bytes().first()?;
    let mut at = 0;
    loop {
        at = seek_byte(text, at, first);
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        if rest.starts_with(part.as_bytes()) {
            return Some(at);
        }
        if rest.is_empty() {
            return None;
        }
        at += 1;
    }
}

/// Whether a short `part` stands in `text`.
#[inline]
pub(crate) fn contains(text: &str, part: &str) -> bool {
    seek_part(text, part).is_some()
}

/// Whether a byte less than `limit` (at most 128) stands in `text`.
#[inline]
pub(crate) fn has_below(text: &str, limit: u8) -> bool {
    let bytes = text.as_bytes();
    let near = |eight| below(eight, limit);
    seek(bytes, 0, near, |byte| byte < limit) < bytes.len()
}

/// `text` before the first short `part` and behind it.
#[inline]
pub(crate) fn split_at_part<'x>(text: &'x str, part: &str) -> Option<(&'x str, &'x str)> {
    let at = seek_part(text, part)?;
    Some((text.get(..at)?, text.get(at + part.len()..)?))
}

/// `text` before the first `byte` and behind it.
#[inline]
pub(crate) fn split_at_byte(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = seek_byte(text, 0, byte);
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The words of `text` between ASCII white space, as `split_ascii_whitespace` has them.
#[derive(Debug, Clone)]
pub(crate) struct Words<'x>(pub(crate) &'x str);

impl<'x> Iterator for Words<'x> {
    type Item = &'x str;

    #[inline]
    fn next(&mut self) -> Option<&'x str> {
        let text = trim_start(self.0);
        if text.is_empty() {
            return None;
        }
        let end = ASCII_SPACE.seek(text.as_bytes(), 0);
        let (word, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        Some(word)
    }
}

/// Without ASCII white space at the beginning; mostly there is none.
#[inline]
pub(crate) fn trim_start(text: &str) -> &str {
    match text.as_bytes().first() {
        Some(byte) if *byte <= b' ' => text.trim_ascii_start(),
        _ => text,
    }
}

/// Without ASCII white space at both ends; mostly there is none.
#[inline]
pub(crate) fn trim(text: &str) -> &str {
    let text = trim_start(text);
    match text.as_bytes().last() {
        Some(byte) if *byte <= b' ' => text.trim_ascii_end(),
        _ => text,
    }
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
        let from = at;
        at = seek(
            bytes,
            at,
            // `(` and `)` differ in their lowest bit only.
            |eight| equal(eight | splat(1), b')') | equal(eight, b'\\'),
            |byte| matches!(byte, b'(' | b')' | b'\\'),
        );
        steps::step(at - from.min(at) + 1);
        match bytes.get(at)? {
            b'(' => depth += 1,
            b')' => {
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

/// `IPv4-address-literal = Snum 3("."  Snum)`, as the standard library has it.
fn dotted_quad(bytes: &[u8]) -> Option<Ipv4Addr> {
    let (a, rest) = octet(bytes)?;
    let (b, rest) = octet(rest.strip_prefix(b".")?)?;
    let (c, rest) = octet(rest.strip_prefix(b".")?)?;
    let (d, rest) = octet(rest.strip_prefix(b".")?)?;
    rest.is_empty().then(|| Ipv4Addr::new(a, b, c, d))
}

/// `Snum = 1*3DIGIT`, up to 255, without leading zeros; a fourth digit is left behind.
fn octet(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let digit = |at: usize| {
        let byte = bytes.get(at).copied().unwrap_or_default();
        byte.is_ascii_digit().then(|| byte - b'0')
    };
    let first = digit(0)?;
    let Some(second) = digit(1) else {
        return Some((first, bytes.get(1..)?));
    };
    if first == 0 {
        return None;
    }
    let Some(third) = digit(2) else {
        return Some((first * 10 + second, bytes.get(2..)?));
    };
    let whole = u16::from(first) * 100 + u16::from(second * 10 + third);
    Some((u8::try_from(whole).ok()?, bytes.get(3..)?))
}

/// Reads an address literal or a plain address (RFC 5321 4.1.3): brackets, `IPv6:` and a zone
/// (`fe80::1%4`) are dropped, and IPv4-mapped IPv6 counts as IPv4.
pub(crate) fn parse_ip(text: &str) -> Option<IpAddr> {
    if let Some(plain) = dotted_quad(text.as_bytes()) {
        return Some(IpAddr::V4(plain));
    }
    let text = bare_address(text);
    // Most of what is asked about is a name.
    if !text.starts_with(|first: char| first.is_ascii_hexdigit() || first == ':') {
        return None;
    }
    let text = match split_at_byte(text, b'%') {
        Some((address, zone)) if !zone.is_empty() && has(address, b':') => address,
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
