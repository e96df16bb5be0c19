//! Bytes into text, so far as the header section goes: byte-order marks, UTF-16 in either order,
//! Latin-1 where the bytes are no UTF-8.
//!
//! The end of the header section is looked for in the bytes, so that a body is neither converted
//! nor checked nor read. NUL, C1 and other controls stay as data. Not supported: UTF-32, and
//! charsets other than Latin-1.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use crate::header::{MAX_SECTION_BYTES, empty_line};

/// How far the bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// To the first empty line that is not a leading one.
    Section,
    /// To the end, or so many bytes.
    Whole(usize),
}

/// Text made of bytes.
#[derive(Debug, Clone)]
pub(super) struct Decoded<'x> {
    pub(super) text: Cow<'x, str>,
    /// What was converted and the 1-based line where it first was.
    pub(super) converted: Option<(Conversion, u32)>,
    /// The input goes on behind the limit.
    pub(super) limit: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conversion {
    ByteOrderMark,
    Utf16,
    Latin1,
}

/// Reads `bytes` as text.
pub(super) fn decode(bytes: &[u8], extent: Extent) -> Decoded<'_> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => {
            let mut decoded = decode_bytes(rest, extent);
            decoded.converted = Some((Conversion::ByteOrderMark, 1));
            decoded
        }
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, u16::from_le_bytes, extent),
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, u16::from_be_bytes, extent),
        _ if looks_like_utf16(bytes, 1) => decode_utf16(bytes, u16::from_le_bytes, extent),
        _ if looks_like_utf16(bytes, 0) => decode_utf16(bytes, u16::from_be_bytes, extent),
        _ => decode_bytes(bytes, extent),
    }
}

/// Every byte at an index of that parity is NUL and no other is: ASCII in UTF-16.
///
/// The first 32 bytes tell: no field name and no sentence before it has a NUL in it.
fn looks_like_utf16(bytes: &[u8], nul_parity: usize) -> bool {
    let head = bytes.get(..bytes.len().min(32)).unwrap_or_default();
    head.len() >= 4
        && head
            .iter()
            .enumerate()
            .all(|(i, &b)| (b == 0) == (i % 2 == nul_parity))
}

fn decode_bytes(bytes: &[u8], extent: Extent) -> Decoded<'_> {
    let (end, limit) = extent_of(bytes, extent);
    let read = bytes.get(..end).unwrap_or(bytes);
    match std::str::from_utf8(read) {
        Ok(text) => Decoded {
            text: Cow::Borrowed(text),
            converted: None,
            limit,
        },
        Err(error) => {
            let valid = read.get(..error.valid_up_to()).unwrap_or_default();
            let line = line_at(valid);
            Decoded {
                text: Cow::Owned(with_latin1(read)),
                converted: Some((Conversion::Latin1, line)),
                limit,
            }
        }
    }
}

/// UTF-8 where it is valid, Latin-1 for the bytes that are not.
fn with_latin1(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|&byte| char::from(byte)));
    }
    text
}

/// Where to stop reading, and whether that is because of a limit.
fn extent_of(bytes: &[u8], extent: Extent) -> (usize, bool) {
    let limit = match extent {
        Extent::Section => MAX_SECTION_BYTES,
        Extent::Whole(limit) => limit,
    };
    let considered = bytes.get(..limit).unwrap_or(bytes);
    if extent == Extent::Section
        && let Some(end) = section_end(considered)
    {
        return (end, false);
    }
    if considered.len() == bytes.len() {
        return (bytes.len(), false);
    }
    // Whole lines only, so that no character is cut in two.
    let end = memchr::memrchr(b'\n', considered).map_or(considered.len(), |at| at + 1);
    (end, true)
}

/// The index behind the first empty line that is not a leading one.
pub(super) fn section_end(bytes: &[u8]) -> Option<usize> {
    empty_line(bytes, leading_blank(bytes))
}

/// The length of the blank lines, and of an mbox's `From ` lines among them, that stand first.
fn leading_blank(bytes: &[u8]) -> usize {
    let mut start = 0;
    while let Some(rest) = bytes.get(start..)
        && let Some(end) = memchr(b'\n', rest)
        && let Some(line) = rest.get(..end)
        && (line.iter().all(u8::is_ascii_whitespace) || super::is_separator(line))
    {
        start += end + 1;
    }
    start
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, extent: Extent) -> Decoded<'static> {
    let (capacity, section) = match extent {
        Extent::Section => (MAX_SECTION_BYTES, true),
        Extent::Whole(limit) => (limit, false),
    };
    let units = bytes.as_chunks::<2>().0.iter().map(|&pair| unit(pair));
    let mut text =
        String::with_capacity(if section { 4096 } else { bytes.len() / 2 }.min(capacity));
    let mut limit = false;
    let mut line_start = 0;
    let mut begun = false;
    for decoded in char::decode_utf16(units) {
        let character = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
        // A second byte-order mark is no part of a field's name.
        if text.is_empty() && character == '\u{FEFF}' {
            continue;
        }
        if text.len() + character.len_utf8() > capacity {
            text.truncate(if line_start == 0 {
                text.len()
            } else {
                line_start
            });
            limit = true;
            break;
        }
        text.push(character);
        if character == '\n' {
            let line = text.get(line_start..).unwrap_or_default();
            if begun && section && matches!(line, "\n" | "\r\n") {
                break;
            }
            begun |= !line.trim_ascii().is_empty() && !super::is_separator(line.as_bytes());
            line_start = text.len();
        }
    }
    Decoded {
        text: Cow::Owned(text),
        converted: Some((Conversion::Utf16, 1)),
        limit,
    }
}

/// The 1-based line that follows `before`.
fn line_at(before: &[u8]) -> u32 {
    u32::try_from(memchr_iter(b'\n', before).count()).map_or(u32::MAX, |n| n.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_keeps_whole_lines() {
        let text = "A: 1\nB: 2\nC: 3\n";
        for limit in 10..=14 {
            let decoded = decode(text.as_bytes(), Extent::Whole(limit));
            assert_eq!(
                (decoded.text.as_ref(), decoded.limit),
                ("A: 1\nB: 2\n", true)
            );
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let decoded = decode(&units, Extent::Whole(limit));
            assert_eq!(
                (decoded.text.as_ref(), decoded.limit),
                ("A: 1\nB: 2\n", true)
            );
        }
        let decoded = decode(text.as_bytes(), Extent::Whole(15));
        assert_eq!((decoded.text.as_ref(), decoded.limit), (text, false));
    }

    #[test]
    fn only_ascii_in_utf16_is_taken_for_it() {
        assert!(looks_like_utf16(b"A\0:\0", 1));
        assert!(looks_like_utf16(b"\0A\0:", 0));
        assert!(!looks_like_utf16(b"A\0", 1), "too short to tell");
        assert!(!looks_like_utf16(b"A\0:\0B: ", 1));
        assert!(!looks_like_utf16(b"\0\0\0\0", 1));
    }
}
