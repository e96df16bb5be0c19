//! An Outlook message (`.msg`, [MS-OXMSG] 2.1.2) into the header that it was delivered with: the
//! property PidTagTransportMessageHeaders (0x007D, [MS-OXOMSG] 2.2.3.20), which stands in a stream
//! of its own, as UTF-16LE (type 001F) or as bytes (001E).
//!
//! The compound file itself is the `cfb` crate's matter. Not supported: a message that is attached
//! to this one, and one that was never delivered: it has no such property. Knows nothing of what a
//! header means.

use std::io::{self, BufRead as _, Read, Seek};

use crate::header::MAX_SECTION_BYTES;

const UNICODE: &str = "/__substg1.0_007D001F";
const BYTES: &str = "/__substg1.0_007D001E";

/// What Exchange puts above the header on some ways out of a mailbox.
const PREAMBLE: &str = "Microsoft Mail Internet Headers Version 2.0";

/// Why there is no header.
#[derive(Debug)]
pub enum MsgError {
    /// It is no compound file, or a damaged one.
    Damaged(io::Error),
    /// It holds no header: it was sent from here, or never.
    NoHeader,
}

impl std::fmt::Display for MsgError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Damaged(error) => write!(
                f,
                "the Outlook message cannot be read: {error}: save it from Outlook again"
            ),
            Self::NoHeader => f.write_str(
                "the Outlook message holds no internet header, as one that was sent and not \
                 received: save the copy that its recipient got",
            ),
        }
    }
}

impl std::error::Error for MsgError {}

/// The header with which an Outlook message was delivered, as text.
///
/// # Errors
/// Where the file is damaged, or has no such header.
pub fn transport_header(from: impl Read + Seek) -> Result<Vec<u8>, MsgError> {
    let mut file = cfb::CompoundFile::open(from).map_err(MsgError::Damaged)?;
    let (path, is_unicode) = match (file.is_stream(UNICODE), file.is_stream(BYTES)) {
        (true, _) => (UNICODE, true),
        (false, true) => (BYTES, false),
        (false, false) => return Err(MsgError::NoHeader),
    };
    let mut stream = file.open_stream(path).map_err(MsgError::Damaged)?;
    let mut bytes = Vec::new();
    let most = 2 * (MAX_SECTION_BYTES as u64 + 1);
    stream.fill_buf().map_err(MsgError::Damaged)?;
    stream
        .by_ref()
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(MsgError::Damaged)?;
    let text = if is_unicode { utf8(&bytes) } else { bytes };
    let text = match text.strip_prefix(PREAMBLE.as_bytes()) {
        // Its line stays, empty: lines are counted.
        Some(rest) => rest.to_vec(),
        None => text,
    };
    let end = text
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |at| at + 1);
    let text = text.get(..end).unwrap_or_default();
    match text.trim_ascii().is_empty() {
        true => Err(MsgError::NoHeader),
        false => Ok(text.to_vec()),
    }
}

fn utf8(bytes: &[u8]) -> Vec<u8> {
    let units = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_le_bytes(*pair));
    let chars = char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER));
    chars.collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use super::*;

    fn msg(streams: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory");
        for (name, bytes) in streams {
            let mut stream = file.create_stream(name).expect("memory");
            stream.write_all(bytes).expect("memory");
        }
        file.flush().expect("memory");
        file.into_inner()
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn the_header_comes_out_of_either_type() {
        let header = "Received: from a.example\r\nSubject: r\u{e9}union \u{1f4e7}\r\n\r\n";
        let long = format!("{header}X: {}\r\n", "y".repeat(9000));
        for text in [header, &long] {
            let unicode = msg(&[
                ("/__substg1.0_0037001F", &utf16("x")),
                (UNICODE, &utf16(text)),
            ]);
            assert_eq!(
                transport_header(unicode).expect("a header"),
                text.as_bytes()
            );
            let bytes = msg(&[(BYTES, format!("{text}\0").as_bytes())]);
            assert_eq!(transport_header(bytes).expect("a header"), text.as_bytes());
        }
        let preamble = msg(&[(BYTES, format!("{PREAMBLE}\r\n{header}").as_bytes())]);
        assert_eq!(
            transport_header(preamble).expect("a header"),
            format!("\r\n{header}").as_bytes()
        );
    }

    #[test]
    fn without_a_header_there_is_a_reason() {
        for streams in [
            &[("/__substg1.0_0037001F", &b"x\0"[..])][..],
            &[(UNICODE, b"")],
        ] {
            let error = transport_header(msg(streams)).expect_err("no header");
            assert!(matches!(error, MsgError::NoHeader), "{error}");
        }
        let mut damaged = msg(&[(BYTES, b"Received: x\r\n")]).into_inner();
        damaged.truncate(700);
        let error = transport_header(Cursor::new(damaged)).expect_err("damaged");
        assert!(matches!(error, MsgError::Damaged(_)), "{error}");
    }
}
