//! Bytes into text: byte-order marks, UTF-16 in either order with and without one, lines that end
//! in CR alone or in CR CR LF, Latin-1 where the bytes are no UTF-8.
//!
//! [`Decoder`] is a reader and stands in front of whatever looks at text: what tells a message
//! from an mbox, what splits an mbox, what looks for the end of a header section. [`decode`] is
//! the same for bytes in memory; the end of the header section is looked for on the way, so that a
//! body is neither converted nor checked nor read. NUL, C1 and other controls stay as data. Not
//! supported: UTF-32, and charsets other than Latin-1.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::{CoderResult, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter};

use super::{Note, Noted};
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
    pub(super) form: Form,
    /// The 1-based line of the first byte that was read as Latin-1.
    pub(super) latin1: Option<u32>,
    /// The input goes on behind the limit.
    pub(super) limit: bool,
}

/// How an input writes its text down. What is not plain is converted by a [`Decoder`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form {
    /// How much stands before the text that is none.
    prefix: usize,
    charset: Charset,
    ends: Ends,
}

/// How its lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Ends {
    /// In LF or CRLF, or nobody can tell.
    #[default]
    Lf,
    /// In CR alone.
    Cr,
    /// In CR CR LF: CRLF was made of the LF of each CRLF, as a program does that writes it as text
    /// on Windows.
    CrCrLf,
}

impl Ends {
    /// In UTF-16 a NUL stands beside each of these, on one side or the other.
    fn of(head: &[u8]) -> Self {
        let Some(at) = memchr(b'\n', head) else {
            // Where there is another line end, a CR is what somebody wrote.
            return match memchr(b'\r', head) {
                Some(_) => Self::Cr,
                None => Self::Lf,
            };
        };
        let before = head.get(..at).unwrap_or_default().iter().rev();
        let mut before = before.filter(|byte| **byte != 0);
        match (before.next(), before.next()) {
            (Some(b'\r'), Some(b'\r')) => Self::CrCrLf,
            _ => Self::Lf,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Charset {
    /// Bytes in which ASCII is ASCII.
    #[default]
    Bytes,
    /// The same behind a UTF-8 byte-order mark.
    Marked,
    Utf16Le,
    Utf16Be,
    Utf32,
}

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Form {
    /// How much of an input tells its form: the first line of a header is far shorter.
    pub const HEAD: usize = 16 << 10;

    /// The form of which `head` is the beginning: [`Form::HEAD`] bytes, or all there are.
    pub fn of(head: &[u8]) -> Self {
        let head = head.get(..Self::HEAD).unwrap_or(head);
        let mut charset = Charset::of(head);
        let prefix = match charset {
            Charset::Bytes => binary_prefix(head),
            Charset::Marked | Charset::Utf16Le | Charset::Utf16Be | Charset::Utf32 => 0,
        };
        let head = head.get(prefix..).unwrap_or_default();
        if prefix > 0 {
            charset = Charset::of(head);
        }
        Self {
            prefix,
            charset,
            ends: Ends::of(head),
        }
    }

    /// Nothing is to be converted, but for bytes that are no UTF-8.
    pub fn is_plain(self) -> bool {
        self == Self::default()
    }

    /// What is to be said of a conversion.
    pub(super) fn notes(self) -> impl Iterator<Item = Noted> {
        let converted = match self.charset {
            Charset::Bytes => None,
            Charset::Marked => Some(Note::ByteOrderMark),
            Charset::Utf16Le | Charset::Utf16Be | Charset::Utf32 => Some(Note::Utf16),
        };
        let ends = match self.ends {
            Ends::Lf => None,
            Ends::Cr => Some(Note::CarriageReturns),
            Ends::CrCrLf => Some(Note::DoubledReturns),
        };
        let prefix = (self.prefix > 0).then_some(Note::BinaryBefore);
        let all = prefix.into_iter().chain(converted).chain(ends);
        all.map(|note| note.on(1))
    }
}

impl Charset {
    fn of(head: &[u8]) -> Self {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => Self::Marked,
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Self::Utf32,
            [0xFF, 0xFE, ..] => Self::Utf16Le,
            [0xFE, 0xFF, ..] => Self::Utf16Be,
            _ if looks_like_utf16(head, 1) => Self::Utf16Le,
            _ if looks_like_utf16(head, 0) => Self::Utf16Be,
            _ => Self::Bytes,
        }
    }
}

/// How many bytes stand before the first field of a message that some program keeps behind a head
/// of its own, as Outlook for Mac does (`.olk15MsgSource`). A header has no NUL in its first line.
fn binary_prefix(head: &[u8]) -> usize {
    const HEAD_MAX: usize = 4096;
    const FIRST: &[&[u8]] = &[
        b"Received:",
        b"Return-Path:",
        b"Delivered-To:",
        b"Authentication-Results:",
        b"From:",
        b"To:",
        b"Date:",
        b"Subject:",
        b"Message-ID:",
        b"MIME-Version:",
        b"Content-Type:",
        b"X-",
    ];
    let start = head.get(..64).unwrap_or(head);
    // Its very first byte tells: a NUL in a line of text may be a sender's, who would have what
    // stands before it left out.
    let is_binary = start.first() == Some(&0) || start.first().is_some_and(|byte| *byte > 0x7F);
    if !is_binary || memchr(0, start).is_none() {
        return 0;
    }
    let head = head.get(..HEAD_MAX).unwrap_or(head);
    let begins = |name: &&[u8]| {
        memchr::memmem::find_iter(head, name).find(|at| {
            *at > 0
                && head
                    .get(at - 1)
                    .is_some_and(|byte| !(b' '..=b'~').contains(byte))
        })
    };
    FIRST.iter().filter_map(begins).min().unwrap_or(0)
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

/// A reader of text out of one of bytes: UTF-8 (or what bytes there were), lines that end in LF or
/// CRLF, as many lines as before, no byte-order mark in front.
///
/// What is UTF-16 at first and something else later, as where one file was appended to another, is
/// an error: a message may be hidden in it.
pub struct Decoder<R> {
    from: R,
    form: Form,
    /// Bytes that are read and not yet converted.
    raw: Vec<u8>,
    at: usize,
    /// Text that is converted and not yet given.
    ready: Vec<u8>,
    given: usize,
    utf16: Option<encoding_rs::Decoder>,
    ended: bool,
    /// Both bytes of so many units in a row were ASCII.
    foreign: usize,
    /// The last byte of text was a CR, and is given as LF.
    behind_cr: bool,
    /// So many CRs were the last bytes of text, and are not yet given.
    crs: usize,
    /// The text begins here.
    at_start: bool,
}

/// How much is converted at a time.
const PIECE: usize = 16 << 10;

/// So many UTF-16 characters in a row, each of which reads as two of ASCII, are ASCII. Chinese has
/// such characters, but a third of it at most.
const FOREIGN_MAX: usize = 24;

impl<R: Read> Decoder<R> {
    /// Reads as much as tells the form.
    ///
    /// # Errors
    /// Where `from` fails, or what comes from it is text of a kind that is not read.
    pub fn new(mut from: R) -> io::Result<Self> {
        let mut raw = Vec::new();
        // Until a line ends, or it is evident that none does.
        while memchr(b'\n', &raw).is_none() && raw.len() < Form::HEAD {
            let before = raw.len();
            raw.resize(before + 4096, 0);
            let read = read(&mut from, raw.get_mut(before..).unwrap_or_default())?;
            raw.truncate(before + read);
            if read == 0 {
                break;
            }
        }
        let form = Form::of(&raw);
        let prefix = form.prefix;
        let (mark, utf16) = match form.charset {
            Charset::Bytes => (prefix, None),
            Charset::Marked => (UTF8_MARK.len(), None),
            Charset::Utf16Le => (prefix, Some(UTF_16LE.new_decoder_without_bom_handling())),
            Charset::Utf16Be => (prefix, Some(UTF_16BE.new_decoder_without_bom_handling())),
            Charset::Utf32 => {
                return Err(invalid("it is UTF-32 text: save it as UTF-8"));
            }
        };
        Ok(Self {
            from,
            form,
            raw,
            at: mark,
            ready: Vec::new(),
            given: 0,
            utf16,
            ended: false,
            foreign: 0,
            behind_cr: false,
            crs: 0,
            at_start: true,
        })
    }

    /// What the input turned out to be.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// What is read but not yet converted; reads on where there is nothing.
    fn refill(&mut self) -> io::Result<()> {
        if self.at < self.raw.len() {
            return Ok(());
        }
        self.at = 0;
        self.raw.resize(PIECE, 0);
        let read = read(&mut self.from, &mut self.raw)?;
        self.raw.truncate(read);
        self.ended = read == 0;
        Ok(())
    }

    /// Converts what is there.
    fn convert(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        let raw = self.raw.get(self.at..).unwrap_or_default();
        match &mut self.utf16 {
            None => {
                self.ready.extend_from_slice(raw);
                self.at = self.raw.len();
            }
            Some(decoder) => {
                // A character takes no more than one and a half times its bytes.
                self.ready.resize(raw.len() * 2 + 16, 0);
                let (result, read, written, _) =
                    decoder.decode_to_utf8(raw, &mut self.ready, self.ended);
                debug_assert_eq!(result, CoderResult::InputEmpty, "there was room");
                self.ready.truncate(written);
                self.at += read;
                self.foreign = foreign(&self.ready, self.foreign);
                if self.foreign >= FOREIGN_MAX {
                    let says = "it begins as UTF-16 text and goes on as another: save all of it \
                                in one encoding, UTF-8 best";
                    return Err(invalid(says));
                }
                if self.at_start && self.ready.starts_with(UTF8_MARK) {
                    // A second mark is no part of a field's name.
                    let marks = self.ready.chunks(UTF8_MARK.len());
                    let marks = marks.take_while(|mark| *mark == UTF8_MARK).count();
                    self.ready.drain(..marks * UTF8_MARK.len());
                }
            }
        }
        self.at_start &= self.ready.is_empty();
        match self.form.ends {
            Ends::Lf => {}
            Ends::Cr => self.end_at_cr(),
            Ends::CrCrLf => self.leave_out_crs(),
        }
        Ok(())
    }

    fn end_at_cr(&mut self) {
        let mut behind_cr = self.behind_cr;
        self.ready.retain_mut(|byte| {
            let is_second = behind_cr && *byte == b'\n';
            behind_cr = *byte == b'\r';
            if behind_cr {
                *byte = b'\n';
            }
            !is_second
        });
        self.behind_cr = behind_cr;
    }

    /// Leaves out the CRs before an LF; any other is what somebody wrote.
    fn leave_out_crs(&mut self) {
        let mut text = Vec::with_capacity(self.ready.len() + self.crs);
        for byte in std::mem::take(&mut self.ready) {
            if byte == b'\r' {
                self.crs += 1;
                continue;
            }
            if byte == b'\n' {
                self.crs = 0;
            }
            text.resize(text.len() + std::mem::take(&mut self.crs), b'\r');
            text.push(byte);
        }
        if self.ended {
            text.resize(text.len() + std::mem::take(&mut self.crs), b'\r');
        }
        self.ready = text;
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // What needs no conversion goes straight into the caller's room.
        let straight = self.utf16.is_none() && self.form.ends == Ends::Lf;
        while self.given == self.ready.len() {
            if straight && self.at >= self.raw.len() {
                return read(&mut self.from, buffer);
            }
            if self.ended || buffer.is_empty() {
                return Ok(0);
            }
            self.refill()?;
            self.convert()?;
        }
        let ready = self.ready.get(self.given..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        if let (Some(to), Some(text)) = (buffer.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(text);
        }
        self.given += count;
        Ok(count)
    }
}

fn read(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

fn invalid(says: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, says)
}

/// How many of the last characters in a row are two of ASCII each, or a byte-order mark the wrong
/// way round; stops counting where they are too many.
fn foreign(text: &[u8], before: usize) -> usize {
    // ASCII as ever: nothing is to be counted.
    if text.is_ascii() {
        return 0;
    }
    let is_ascii = |byte: u32| matches!(byte, 0x20..=0x7E | 9 | 10 | 13);
    let mut run = before;
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            let unit = u32::from(character);
            run = match unit {
                0xFFFE => FOREIGN_MAX,
                _ if unit <= 0xFFFF && is_ascii(unit >> 8) && is_ascii(unit & 0xFF) => run + 1,
                _ => 0,
            };
            if run >= FOREIGN_MAX {
                return run;
            }
        }
    }
    run
}

/// Reads `bytes` as text.
pub(super) fn decode(bytes: &[u8], extent: Extent) -> Decoded<'_> {
    let form = Form::of(bytes);
    let plain = match (form.charset, form.ends) {
        (Charset::Bytes, Ends::Lf) => bytes.get(form.prefix..),
        (Charset::Marked, Ends::Lf) => bytes.get(UTF8_MARK.len()..),
        _ => None,
    };
    let mut decoded = match plain {
        Some(bytes) => decode_bytes(bytes, extent),
        None => {
            let text = converted(bytes, extent).unwrap_or_default();
            let Decoded {
                text,
                latin1,
                limit,
                ..
            } = decode_bytes(&text, extent);
            Decoded {
                text: Cow::Owned(text.into_owned()),
                form,
                latin1,
                limit,
            }
        }
    };
    decoded.form = form;
    decoded
}

/// As much of the converted text as `extent` says, and a byte more where it goes on. What cannot
/// be read is no text.
fn converted(bytes: &[u8], extent: Extent) -> io::Result<Vec<u8>> {
    let mut from = Decoder::new(bytes)?;
    let most = most(extent) + 1;
    let mut text = Vec::new();
    let mut end = None;
    while text.len() < most && end.is_none() {
        let before = text.len();
        let piece = PIECE.min(most - before);
        if from.by_ref().take(piece as u64).read_to_end(&mut text)? == 0 {
            break;
        }
        if extent == Extent::Section {
            end = section_end(&text);
        }
    }
    Ok(text)
}

fn decode_bytes(bytes: &[u8], extent: Extent) -> Decoded<'_> {
    let (end, limit) = extent_of(bytes, extent);
    let read = bytes.get(..end).unwrap_or(bytes);
    let (text, latin1) = match std::str::from_utf8(read) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(error) => {
            let valid = read.get(..error.valid_up_to()).unwrap_or_default();
            (Cow::Owned(with_latin1(read)), Some(line_at(valid)))
        }
    };
    Decoded {
        text,
        form: Form::default(),
        latin1,
        limit,
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

const fn most(extent: Extent) -> usize {
    match extent {
        Extent::Section => MAX_SECTION_BYTES,
        Extent::Whole(limit) => limit,
    }
}

/// Where to stop reading, and whether that is because of a limit.
fn extent_of(bytes: &[u8], extent: Extent) -> (usize, bool) {
    let considered = bytes.get(..most(extent)).unwrap_or(bytes);
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
        && (line.iter().all(u8::is_ascii_whitespace)
            || super::is_separator(line)
            || (start == 0 && super::is_programs(line)))
    {
        start += end + 1;
    }
    start
}

/// The 1-based line that follows `before`.
fn line_at(before: &[u8]) -> u32 {
    u32::try_from(memchr_iter(b'\n', before).count()).map_or(u32::MAX, |n| n.saturating_add(1))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::input::pieces::Pieces;

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    fn read_all(bytes: &[u8], piece: usize) -> io::Result<String> {
        let mut text = Vec::new();
        Decoder::new(Pieces(bytes, piece))?.read_to_end(&mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    #[test]
    fn every_form_is_read_in_pieces_of_any_length() {
        let text = format!(
            "Subject: a plain beginning\nA: r\u{e9}union \u{1f4e7}\n\n{}\n",
            "\u{4f60}\u{597d} ".repeat(9000)
        );
        let crlf = text.replace('\n', "\r\n");
        let cr = text.replace('\n', "\r");
        let mark = "\u{feff}";
        for (bytes, read) in [
            (text.clone().into_bytes(), &text),
            (crlf.clone().into_bytes(), &crlf),
            (cr.clone().into_bytes(), &text),
            (format!("{mark}{text}").into_bytes(), &text),
            (format!("{mark}{cr}").into_bytes(), &text),
            (utf16(&text, u16::to_le_bytes), &text),
            (utf16(&crlf, u16::to_be_bytes), &crlf),
            (utf16(&format!("{mark}{text}"), u16::to_le_bytes), &text),
            (
                utf16(&format!("{mark}{mark}{crlf}"), u16::to_be_bytes),
                &crlf,
            ),
            (utf16(&format!("{mark}{cr}"), u16::to_be_bytes), &text),
        ] {
            for piece in [1, 3, 1000, usize::MAX] {
                let text = read_all(&bytes, piece).unwrap_or_default();
                assert!(text == *read, "{:?} in pieces of {piece}", &bytes[..4]);
            }
        }
    }

    #[test]
    fn what_changes_its_encoding_on_the_way_is_an_error() {
        let mail = "Received: from a.example (a.example [192.0.2.1]) by b.example\nFrom: x\n\n";
        let mut le = utf16(&format!("\u{feff}{mail}"), u16::to_le_bytes);
        le.extend_from_slice(mail.as_bytes());
        assert!(read_all(&le, usize::MAX).is_err());
        let mut be = utf16(&format!("\u{feff}{mail}"), u16::to_be_bytes);
        be.extend(utf16(&format!("\u{feff}{mail}"), u16::to_le_bytes));
        assert!(read_all(&be, 7).is_err());
        assert!(read_all(b"\xff\xfe\0\0A\0\0\0", 8).is_err(), "UTF-32");
    }

    #[test]
    fn nothing_of_a_text_is_left_out_for_a_nul_in_it() {
        for text in [
            "Received: from x\0\u{b}Received: from y\nFrom: z\n\n",
            "> Received: from x\0\u{b}Received: from y\nFrom: z\n\n",
            " \0\u{b}Received: from y\nFrom: z\n\n",
        ] {
            assert!(Form::of(text.as_bytes()).is_plain(), "{text:?}");
        }
        assert!(!Form::of(b"\0\0\0\xd0Received: from y\r").is_plain());
    }

    #[test]
    fn a_limit_keeps_whole_lines() {
        let text = "A: 1\nB: 2\nC: 3\n";
        for limit in 10..=14 {
            let decoded = decode(text.as_bytes(), Extent::Whole(limit));
            assert_eq!(
                (decoded.text.as_ref(), decoded.limit),
                ("A: 1\nB: 2\n", true)
            );
            let units = utf16(text, u16::to_be_bytes);
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
