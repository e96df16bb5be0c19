//! What some bytes are the beginning of, by their content alone: a message, an mbox, an Outlook
//! message, something compressed, or nothing of these.
//!
//! Knows nothing of files' names.

use std::io::Read as _;

use super::mbox::begins_mbox;
use super::{Decoder, Form, RawMessage, Repair, graph};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One message.
    Message,
    /// Messages, each below a `From ` line.
    Mbox,
    /// An Outlook message (a compound file, [MS-CFB] 2.2).
    Msg,
    /// gzip (RFC 1952 2.3.1).
    Gzip,
    /// Zstandard (RFC 8878 3.1.1).
    Zstd,
    /// A message as Microsoft Graph gives it, as JSON.
    Graph,
    /// Something that may hold messages and is not opened.
    Archive(Archive),
    /// Nothing of these.
    Other,
}

/// What is not opened, by its own mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archive {
    /// APPNOTE.TXT 4.3.7.
    Zip,
    /// `BZh`.
    Bzip2,
    /// The .xz file format, 2.1.1.1.
    Xz,
    /// 7zFormat.txt.
    SevenZip,
    /// RAR, of either version.
    Rar,
    /// POSIX ustar.
    Tar,
    /// Outlook's store, [MS-PST] 2.2.2.6.
    Pst,
}

impl Archive {
    /// What it is, and what would help.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Zip => {
                "is a zip archive, which is not opened: unpack it (unzip) and give what is in it"
            }
            Self::Bzip2 => {
                "is compressed by bzip2, which is not undone here: give `bzip2 -dc FILE` as standard input"
            }
            Self::Xz => {
                "is compressed by xz, which is not undone here: give `xz -dc FILE` as standard input"
            }
            Self::SevenZip => {
                "is a 7z archive, which is not opened: unpack it (7z x) and give what is in it"
            }
            Self::Rar => "is a rar archive, which is not opened: unpack it and give what is in it",
            Self::Tar => {
                "is a tar archive, which is not opened: unpack it (tar xf) and give what is in it"
            }
            Self::Pst => {
                "is an Outlook data file, which is not opened: save the message from Outlook as .msg, or copy its header"
            }
        }
    }

    fn of(head: &[u8]) -> Option<Self> {
        Some(match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..] => Self::Bzip2,
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => Self::SevenZip,
            [b'R', b'a', b'r', b'!', 0x1A, 7, ..] => Self::Rar,
            [b'!', b'B', b'D', b'N', ..] => Self::Pst,
            _ if head.get(257..262) == Some(b"ustar") => Self::Tar,
            _ => return None,
        })
    }
}

/// Fields of which every message as somebody got it has some, and other texts hardly any.
const MESSAGE_FIELDS: &[&str] = &[
    "received",
    "from",
    "date",
    "message-id",
    "return-path",
    "delivered-to",
    "authentication-results",
];

/// More lines without one of [`MESSAGE_FIELDS`] are no header.
const LINES_MAX: usize = 200;

impl Kind {
    /// Of what `head` is the beginning; some hundred bytes do, a whole header section is best.
    pub fn of(head: &[u8]) -> Self {
        if let Some(kind) = Self::of_mark(head) {
            return kind;
        }
        match Form::of(head).is_plain() {
            true => Self::of_text(head),
            false => {
                let mut text = Vec::new();
                // What cannot be converted is nothing that is read.
                let read = Decoder::new(head).and_then(|mut from| from.read_to_end(&mut text));
                read.map_or(Self::Other, |_| Self::of_text(&text))
            }
        }
    }

    /// The same, only of what is no text and begins with a mark of its own.
    pub fn of_mark(head: &[u8]) -> Option<Self> {
        Some(match head {
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Self::Msg,
            [0x1F, 0x8B, 8, ..] => Self::Gzip,
            // A frame, or one of something else, which may stand before it (RFC 8878 3.1.2).
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Self::Zstd,
            _ => return Archive::of(head).map(Self::Archive),
        })
    }

    fn of_text(text: &[u8]) -> Self {
        if graph::begins(text) {
            Self::Graph
        } else if begins_mbox(text.trim_ascii_start()) {
            Self::Mbox
        } else if begins_message(text) {
            Self::Message
        } else {
            Self::Other
        }
    }
}

/// Fields from the first line on, one of them such as a message has.
fn begins_message(head: &[u8]) -> bool {
    let raw = RawMessage::new(head, Repair::Encoding);
    for (number, line) in raw.text.lines().take(LINES_MAX).enumerate() {
        if line.starts_with([' ', '\t']) && number > 0 {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            return false;
        };
        let name = name.trim_end();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
            return false;
        }
        if MESSAGE_FIELDS
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
        {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        for (head, kind) in [
            (
                &b"Return-Path: <a@example.com>\nReceived: x\n"[..],
                Kind::Message,
            ),
            (
                b"X-Own: 1\r\n folded\r\nRECEIVED : from x\r\n",
                Kind::Message,
            ),
            (b"\xef\xbb\xbf\nReceived: from x\n", Kind::Message),
            (b"\xff\xfeD\0a\0t\0e\0:\0 \0x\0\n\0", Kind::Message),
            (
                b"From a@example.com Tue Feb 28 07:51:01 2023\nA: b\n",
                Kind::Mbox,
            ),
            (
                b"\n\nFrom a@example.com Tue Feb 28 07:51:01 2023\nA: b\n",
                Kind::Mbox,
            ),
            (b"From a@example.com\nReceived: b\n", Kind::Mbox),
            (b"From \nReceived: b\n", Kind::Mbox),
            (b"From 1844347792267117879@xxx\r\nX-A: b\r\n", Kind::Mbox),
            (b"From the team to you\nNote: b\n", Kind::Other),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", Kind::Msg),
            (b"\x1f\x8b\x08\0", Kind::Gzip),
            (b"\x28\xb5\x2f\xfd\0", Kind::Zstd),
            (b"\x53\x2a\x4d\x18\x04\0\0\0", Kind::Zstd),
            (b"PK\x03\x04\x14", Kind::Archive(Archive::Zip)),
            (b"BZh91AY&SY", Kind::Archive(Archive::Bzip2)),
            (b"\xfd7zXZ\0", Kind::Archive(Archive::Xz)),
            (b"7z\xbc\xaf\x27\x1c", Kind::Archive(Archive::SevenZip)),
            (b"BZh: 1\nFrom: x\n", Kind::Message),
            (b"338      \nReceived: x\n", Kind::Message),
            (b"{\"internetMessageHeaders\":[", Kind::Graph),
            (b"{\"a\":[", Kind::Other),
            (
                b"\0\0\0\xd0\r\xf0\0\0Received: from x\rFrom: x\r",
                Kind::Message,
            ),
            (b"# Notes\nFrom: here\n", Kind::Other),
            (b"Note: a thing\nTODO: b\n\nFrom: x\n", Kind::Other),
            (b"[package]\nname = \"a\"\n", Kind::Other),
            (b"date time:\n", Kind::Other),
            (b" From: x\n", Kind::Other),
            (b"", Kind::Other),
        ] {
            assert_eq!(Kind::of(head), kind, "{:?}", String::from_utf8_lossy(head));
        }
    }
}
