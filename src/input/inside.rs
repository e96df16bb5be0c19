//! A message that another carries as an attachment (RFC 2046 5.2.1), as somebody gets it who asks
//! for "the mail as an attachment": the first `message/rfc822` part, wherever it is nested, as it
//! is or in base64 (which RFC 2046 forbids and many send).
//!
//! Not supported: quoted-printable around it, and one that is attached as a file of another type.
//! Knows of a part's header only its type and its encoding.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use crate::header::empty_line;

/// How much of a message is looked at.
pub const LOOKED_MAX: usize = 8 << 20;

/// A part's header is no longer.
const PART_LINES_MAX: usize = 100;

/// A message within another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside<'x> {
    /// It.
    pub bytes: Cow<'x, [u8]>,
    /// The 1-based line on which it begins; where it is encoded, that of the part.
    pub line: u32,
}

/// Looks for it behind the header section of `message`.
pub fn inside(message: &[u8]) -> Option<Inside<'_>> {
    let message = message.get(..LOOKED_MAX).unwrap_or(message);
    let body = empty_line(message, 0)?;
    if !is_multipart(message.get(..body)?) {
        return None;
    }
    let mut at = body;
    while let Some(found) = memmem::find(message.get(at..)?, b"\n--") {
        let boundary = at + found + 1;
        at = boundary + 2;
        let part = Part::at(message, boundary)?;
        if !part.is_message {
            continue;
        }
        let content = message.get(part.content..)?;
        let mark = [b"\n", part.boundary].concat();
        let end = memmem::find(content, &mark).unwrap_or(content.len());
        let content = content.get(..end)?;
        let before = message.get(..part.content)?;
        let line = memchr::memchr_iter(b'\n', before).count();
        let bytes = match part.is_base64 {
            true => Cow::Owned(decoded(content)?),
            false => Cow::Borrowed(content),
        };
        return Some(Inside {
            bytes,
            line: u32::try_from(line).map_or(u32::MAX, |line| line.saturating_add(1)),
        });
    }
    None
}

/// Whether a message of that header may carry another.
pub fn is_multipart(header: &[u8]) -> bool {
    let header = header.to_ascii_lowercase();
    memmem::find(&header, b"multipart/").is_some()
}

/// What stands below a boundary.
struct Part<'x> {
    boundary: &'x [u8],
    content: usize,
    is_message: bool,
    is_base64: bool,
}

impl<'x> Part<'x> {
    fn at(message: &'x [u8], start: usize) -> Option<Self> {
        let mut part = Self {
            boundary: &[],
            content: start,
            is_message: false,
            is_base64: false,
        };
        for number in 0..PART_LINES_MAX {
            let rest = message.get(part.content..)?;
            let end = memchr(b'\n', rest)?;
            let line = rest.get(..end)?.trim_ascii_end();
            part.content += end + 1;
            if number == 0 {
                part.boundary = line;
                continue;
            }
            // Another boundary: this one was the last of its kind.
            if line.is_empty() || line.starts_with(b"--") {
                part.is_message &= line.is_empty();
                break;
            }
            let line = line.to_ascii_lowercase();
            let value = |name: &[u8]| line.strip_prefix(name).map(<[u8]>::trim_ascii_start);
            if let Some(kind) = value(b"content-type:") {
                part.is_message =
                    kind.starts_with(b"message/rfc822") || kind.starts_with(b"message/global");
            }
            if let Some(encoding) = value(b"content-transfer-encoding:") {
                part.is_base64 = encoding.starts_with(b"base64");
            }
        }
        Some(part)
    }
}

/// base64 (RFC 2045 6.8) without what is none of it; stops at its end.
fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xFF) as u8);
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(part: &str) -> String {
        format!(
            "From: a@example.com\nContent-Type: multipart/mixed;\n boundary=x\n\n--x\nContent-Type: \
             multipart/alternative; boundary=y\n\n--y\nContent-Type: text/plain\n\n\
             see\n--y--\n--x\n{part}\n--x--\n"
        )
    }

    #[test]
    fn the_first_attached_message_is_found() {
        let own = "Received: x\nFrom: b@example.com\n\nbody";
        let plain = mail(&format!(
            "content-type: Message/RFC822; name=a.eml\n\n{own}"
        ));
        let found = inside(plain.as_bytes()).expect("one");
        assert_eq!((found.bytes.as_ref(), found.line), (own.as_bytes(), 16));
        let crlf = plain.replace('\n', "\r\n");
        let found = inside(crlf.as_bytes()).expect("one");
        assert!(found.bytes.starts_with(b"Received: x\r\nFrom: b"));
        let encoded = mail(
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n\
             UmVjZWl2ZWQ6IHgKRnJvbTogYkBleGFtcGxlLmNvbQoKYm9keQ==",
        );
        let found = inside(encoded.as_bytes()).expect("one");
        assert_eq!((found.bytes.as_ref(), found.line), (own.as_bytes(), 17));
        for none in [
            mail("Content-Type: text/plain\n\nContent-Type: message/rfc822\n\nx"),
            "From: a\n\n\n--x\nContent-Type: message/rfc822\n\nReceived: x\n".to_owned(),
            String::new(),
        ] {
            assert_eq!(inside(none.as_bytes()), None, "{none}");
        }
    }
}
