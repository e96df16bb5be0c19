//! A message that another carries as an attachment (RFC 2046 5.2.1), as somebody gets it who asks
//! for "the mail as an attachment": the first `message/rfc822` part, or file named `.eml`, wherever
//! it is nested, as it is, in base64 or in quoted-printable (which RFC 2046 forbids for the former,
//! and many send).
//!
//! Not supported: an Outlook message that is attached as one. Knows of a part's header only its
//! type, its encoding and its file's name.

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
        let bytes = match part.encoding {
            Encoding::Plain => Cow::Borrowed(content),
            Encoding::Base64 => Cow::Owned(decoded(content)?),
            Encoding::QuotedPrintable => Cow::Owned(unquoted(content)),
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
    encoding: Encoding,
}

/// How a part is written down (RFC 2045 6).
enum Encoding {
    Plain,
    Base64,
    QuotedPrintable,
}

impl<'x> Part<'x> {
    fn at(message: &'x [u8], start: usize) -> Option<Self> {
        let mut part = Self {
            boundary: &[],
            content: start,
            is_message: false,
            encoding: Encoding::Plain,
        };
        let mut is_multipart = false;
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
                part.is_message &= line.is_empty() && !is_multipart;
                break;
            }
            let line = line.to_ascii_lowercase();
            let value = |name: &[u8]| line.strip_prefix(name).map(<[u8]>::trim_ascii_start);
            if let Some(kind) = value(b"content-type:") {
                part.is_message |=
                    kind.starts_with(b"message/rfc822") || kind.starts_with(b"message/global");
                is_multipart = kind.starts_with(b"multipart/");
            }
            part.is_message |= names_eml(&line);
            if let Some(encoding) = value(b"content-transfer-encoding:") {
                part.encoding = match encoding {
                    _ if encoding.starts_with(b"base64") => Encoding::Base64,
                    _ if encoding.starts_with(b"quoted-printable") => Encoding::QuotedPrintable,
                    _ => Encoding::Plain,
                };
            }
        }
        Some(part)
    }
}

/// Whether a line, in lower case, names a file `….eml`: `name=`, `filename=`, and with a charset
/// (RFC 2231).
fn names_eml(line: &[u8]) -> bool {
    let names = [&b"name="[..], b"name*="];
    names.iter().any(|key| {
        memmem::find_iter(line, key).any(|at| {
            let value = line.get(at + key.len()..).unwrap_or_default();
            let end = memchr(b';', value).unwrap_or(value.len());
            let value = value.get(..end).unwrap_or_default().trim_ascii();
            let value = value.strip_suffix(b"\"").unwrap_or(value);
            value.ends_with(b".eml")
        })
    })
}

/// quoted-printable (RFC 2045 6.7); what is none stays.
fn unquoted(text: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| {
        char::from(*byte)
            .to_digit(16)
            .and_then(|n| u8::try_from(n).ok())
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'=', rest) {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        bytes.extend_from_slice(before);
        rest = match behind {
            [_, b'\n', rest @ ..] | [_, b'\r', b'\n', rest @ ..] => rest,
            [_, high, low, rest @ ..] if digit(high).is_some() && digit(low).is_some() => {
                bytes.extend(
                    digit(high)
                        .zip(digit(low))
                        .map(|(high, low)| high << 4 | low),
                );
                rest
            }
            [equals, rest @ ..] => {
                bytes.push(*equals);
                rest
            }
            [] => &[],
        };
    }
    bytes.extend_from_slice(rest);
    bytes
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
        for named in [
            "Content-Type: application/octet-stream; name=\"A b.EML\"\nContent-Transfer-Encoding: base64\n\n\
             UmVjZWl2ZWQ6IHgKRnJvbTogYkBleGFtcGxlLmNvbQoKYm9keQ==",
            "Content-Disposition: attachment;\n filename*=utf-8''a.eml; size=1\n\nReceived: x\nFrom: \
             b@example.com\n\nbody",
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\nRec=65ived: =\n\
             x\nFrom: b=40example.com\n\nbody",
        ] {
            let mail = mail(named);
            let found = inside(mail.as_bytes()).expect("one");
            assert_eq!(String::from_utf8_lossy(&found.bytes), own, "{named}");
        }
        for none in [
            mail("Content-Type: application/pdf; name=a.eml.pdf\n\nReceived: x\n\n"),
            mail("Content-Type: text/plain\n\nContent-Type: message/rfc822\n\nx"),
            "From: a\n\n\n--x\nContent-Type: message/rfc822\n\nReceived: x\n".to_owned(),
            String::new(),
        ] {
            assert_eq!(inside(none.as_bytes()), None, "{none}");
        }
    }
}
