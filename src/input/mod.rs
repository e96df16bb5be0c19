//! Bytes as people have them into text that can be split into fields.
//!
//! A source form has a file of its own: `encoding.rs` is what any of them goes through,
//! `repair.rs` what people paste; an mbox, a Maildir and an Outlook message come down to one
//! [`RawMessage`] for each message. Knows nothing of what a header means.

mod damage;
mod encoding;
mod graph;
pub mod inside;
mod kind;
pub mod mbox;
#[cfg(feature = "msg")]
pub mod msg;
mod note;
#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod pieces;
mod repair;

use std::borrow::Cow;

use memchr::memchr;

use crate::analysis::WarningCode;
use encoding::{Decoded, Extent};
use repair::Repaired;

pub use crate::stop::Stop;
pub use encoding::{Decoder, Form};
pub use kind::{Archive, Kind};
pub use note::{Instead, Note, Noted};

/// Whether text that was pasted is repaired (contract section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repair {
    /// Only what is always done: byte-order marks, UTF-16, Latin-1, leading blank lines, an mbox
    /// `From ` line, a program's own first line, line ends that are CR alone or CR CR LF.
    #[default]
    Encoding,
    /// Also entities, quoting, folding, indents, stray lines, a value on the next line.
    Pasted,
}

/// So many lines of what is no header are looked at.
const LINES_HINTED: usize = 200;

/// A message's header section as text, and how its lines relate to the input's.
#[derive(Debug, Clone)]
pub struct RawMessage<'x> {
    /// The header section with the empty line that ends it, and nothing of the body; borrowed
    /// where nothing had to be changed.
    pub text: Cow<'x, str>,
    /// What was done to it.
    pub notes: Vec<Noted>,
    /// What it is where it is no header.
    instead: Option<Instead>,
    lines: Lines,
    joined: Vec<u32>,
    stop: Stop,
}

#[derive(Debug, Clone)]
enum Lines {
    /// Line n of the text is line n + offset of the input.
    Offset(u32),
    /// Line n (from 1) of the text is line `table[n - 1]` of the input.
    Table(Vec<u32>),
}

impl<'x> RawMessage<'x> {
    /// Reads `bytes`: never fails; text that has no field is for the caller to refuse.
    pub fn new(bytes: &'x [u8], repair: Repair) -> Self {
        if graph::begins(bytes.get(..Form::HEAD).unwrap_or(bytes)) {
            return Self::of_graph(bytes);
        }
        let mut message = Self::read(bytes, Extent::Section);
        if message.text.len() < bytes.len()
            && let Some(inside) = inside::inside(bytes)
        {
            message.notes.push(Note::MessageInside.on(inside.line));
        }
        if repair == Repair::Encoding || !repair::is_needed(&message.text) {
            return message;
        }
        let mut whole = Self::read(bytes, Extent::Whole(repair::MAX_PASTE_BYTES));
        let inside = message.notes.iter();
        let inside = inside.filter(|noted| noted.note == Note::MessageInside);
        whole.notes.extend(inside);
        match repair::repair(&whole.text) {
            Some(repaired) => whole.with(repaired),
            None => message.hinted(&whole.text),
        }
    }

    fn of_graph(bytes: &'x [u8]) -> Self {
        let whole = encoding::decode(bytes, Extent::Whole(repair::MAX_PASTE_BYTES));
        let mut notes = Vec::new();
        tell_conversion(&whole, &mut notes);
        let read = graph::header(&whole.text);
        let instead = read.as_ref().err().copied();
        let (text, lines) = read.unwrap_or_default();
        Self {
            instead,
            text: Cow::Owned(text),
            notes,
            lines: Lines::Table(lines),
            joined: Vec::new(),
            stop: Stop::default(),
        }
    }

    /// Tells what a text without a field is, where that is known.
    fn hinted(mut self, whole: &str) -> Self {
        let analysed =
            |line: &str| line.contains("Submitting host") && line.contains("Receiving host");
        if whole.lines().take(LINES_HINTED).any(analysed) {
            self.instead = Some(Instead::HeaderAnalysis);
        }
        self
    }

    /// What the input is instead, where it has no header and that is known.
    pub fn instead(&self) -> Option<Instead> {
        self.instead
    }

    /// The same, of which nothing more is made where `stop` says so.
    pub fn until(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }

    pub(crate) const fn stop(&self) -> &Stop {
        &self.stop
    }

    /// The same, of text that a [`Decoder`] made of an input of that form.
    pub fn converted(text: &'x [u8], form: Form, repair: Repair) -> Self {
        let mut message = Self::new(text, repair);
        message.notes.splice(0..0, form.notes());
        message
    }

    fn read(bytes: &'x [u8], extent: Extent) -> Self {
        let decoded = encoding::decode(bytes, extent);
        let mut notes = Vec::new();
        tell_conversion(&decoded, &mut notes);
        let (start, skipped) = skip_leading(&decoded.text, &mut notes);
        let text = match decoded.text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(start..).unwrap_or_default()),
            Cow::Owned(mut text) => {
                text.drain(..start);
                Cow::Owned(text)
            }
        };
        Self {
            text,
            notes,
            instead: None,
            lines: Lines::Offset(skipped),
            joined: Vec::new(),
            stop: Stop::default(),
        }
    }

    /// This message, repaired.
    fn with(mut self, repaired: Repaired) -> Self {
        if !repaired.reached_end {
            // The limit lies behind what is read.
            self.notes.retain(|noted| noted.note != Note::SectionLimit);
        }
        // Bytes of a body are no matter of the header's.
        let last = repaired
            .lines
            .last()
            .map_or(0, |&line| self.input_line(line));
        self.notes.retain(|noted| {
            noted.note.code() != WarningCode::RepairedEncoding
                || noted.line.is_none_or(|line| line <= last)
        });
        for mut noted in repaired.notes {
            noted.line = noted.line.map(|line| self.input_line(line));
            self.notes.push(noted);
        }
        let table = repaired
            .lines
            .iter()
            .map(|&line| self.input_line(line))
            .collect();
        Self {
            text: Cow::Owned(repaired.text),
            notes: self.notes,
            instead: None,
            lines: Lines::Table(table),
            joined: repaired.joined,
            stop: self.stop,
        }
    }

    /// The 1-based lines of [`RawMessage::text`], ascending, that stood without white space and
    /// that repair joined to the field above. A sender whose first line is no field could aim at
    /// this: evidence that rests on such a line, in the last field before the sender's own, is
    /// worth less.
    pub fn joined_lines(&self) -> &[u32] {
        &self.joined
    }

    /// The same, of a message whose first line is line `line` (1-based) of a longer input.
    pub fn starting_at(mut self, line: u32) -> Self {
        let before = line.saturating_sub(1);
        let lines = self
            .notes
            .iter_mut()
            .filter_map(|noted| noted.line.as_mut());
        match &mut self.lines {
            Lines::Offset(offset) => *offset = offset.saturating_add(before),
            Lines::Table(table) => table
                .iter_mut()
                .for_each(|line| *line = line.saturating_add(before)),
        }
        lines.for_each(|line| *line = line.saturating_add(before));
        self
    }

    /// The same, of a message that is encoded on line `line` of a longer input and below.
    pub fn placed_at(mut self, line: u32) -> Self {
        let lines = self
            .notes
            .iter_mut()
            .filter_map(|noted| noted.line.as_mut());
        lines.for_each(|own| *own = line);
        self.lines = Lines::Table(vec![line]);
        self
    }

    /// The message of an mbox that begins at `line` of the input, and is perhaps none of its own:
    /// nothing in it is believed (contract: `mbox-boundary`).
    pub fn in_doubt(mut self, line: u32, doubt: mbox::Doubt) -> Self {
        self.notes.insert(0, Note::Boundary(doubt).on(line));
        self
    }

    /// Why this is perhaps no message of its own, and the line where it begins.
    pub(crate) fn boundary(&self) -> Option<(mbox::Doubt, Option<u32>)> {
        self.notes.iter().find_map(|noted| {
            let Note::Boundary(doubt) = noted.note else {
                return None;
            };
            Some((doubt, noted.line))
        })
    }

    /// The same message with another text of as many lines.
    pub(crate) fn with_text(&self, text: String) -> RawMessage<'static> {
        RawMessage {
            text: Cow::Owned(text),
            notes: self.notes.clone(),
            instead: self.instead,
            lines: self.lines.clone(),
            joined: self.joined.clone(),
            stop: self.stop.clone(),
        }
    }

    /// The lines of [`RawMessage::text`] without their ends, each with its line of the input.
    pub fn numbered_lines(&self) -> impl Iterator<Item = (u32, &str)> {
        let lines = self.text.lines().zip(1u32..);
        lines.map(|(line, number)| (self.input_line(number), line))
    }

    /// The line of the input as given for a 1-based line of [`RawMessage::text`].
    pub fn input_line(&self, line: u32) -> u32 {
        match &self.lines {
            Lines::Offset(offset) => line.saturating_add(*offset),
            Lines::Table(table) => {
                let index = (line as usize).saturating_sub(1);
                table.get(index).or(table.last()).copied().unwrap_or(line)
            }
        }
    }
}

fn tell_conversion(decoded: &Decoded<'_>, notes: &mut Vec<Noted>) {
    notes.extend(decoded.form.notes());
    notes.extend(decoded.latin1.map(|line| Note::Latin1.on(line)));
    if decoded.limit {
        notes.push(Noted {
            note: Note::SectionLimit,
            line: None,
        });
    }
}

/// The index behind leading blank lines and an mbox's `From ` lines, and how many lines they are.
fn skip_leading(text: &str, notes: &mut Vec<Noted>) -> (usize, u32) {
    let mut start = 0;
    let mut skipped = 0u32;
    let mut blank = None;
    let mut boundary = None;
    let mut programs = None;
    while let Some(rest) = text.get(start..)
        && !rest.is_empty()
    {
        let end = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        let line = rest.get(..end).unwrap_or(rest);
        let is_blank = line.bytes().all(|b| b.is_ascii_whitespace());
        let is_programs = start == 0 && is_programs(line.as_bytes());
        if !is_blank && !is_programs && !is_separator(line.as_bytes()) {
            break;
        }
        start += end;
        skipped = skipped.saturating_add(1);
        let first = match is_blank {
            true => &mut blank,
            false if is_programs => &mut programs,
            false => &mut boundary,
        };
        first.get_or_insert(skipped);
    }
    let blank = blank.filter(|_| start < text.len());
    let programs_note = match is_banner(text.as_bytes()) {
        true => Note::BannerBefore,
        false => Note::LengthBefore,
    };
    let found = [
        (programs_note, programs),
        (Note::MboxLineBefore, boundary),
        (Note::BlankLinesBefore, blank),
    ];
    notes.extend(
        found
            .iter()
            .filter_map(|(note, line)| Some(note.on((*line)?))),
    );
    (start, skipped)
}

/// White space that no mail program puts into a header, and that others put in its place.
const fn odd_space(character: char) -> bool {
    matches!(
        character,
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// An mbox's line between messages (RFC 4155), escaped or not: `From alice@example.com Tue …`.
///
/// `From :` begins a field, with white space before its colon.
fn is_separator(line: &[u8]) -> bool {
    let line = line.strip_prefix(b">").unwrap_or(line);
    line.strip_prefix(b"From ")
        .is_some_and(|rest| rest.iter().find(|&&b| b != b' ' && b != b'\t') != Some(&b':'))
}

/// A first line that is a program's own, and none of the message.
fn is_programs(line: &[u8]) -> bool {
    is_length(line) || is_banner(line)
}

/// What Outlook writes above the header that it shows, and what comes of it writes, too.
fn is_banner(line: &[u8]) -> bool {
    line.starts_with(b"Microsoft Mail Internet Headers Version ")
}

/// The first line of an `.emlx`: how long the message under it is.
fn is_length(line: &[u8]) -> bool {
    let digits = line.trim_ascii();
    !digits.is_empty() && digits.len() < 20 && digits.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests;
