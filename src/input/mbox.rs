//! An mbox (RFC 4155, and its kin mboxo, mboxrd, mboxcl2) into the header sections of its
//! messages, as a stream: bodies are passed over and not kept, so memory is a read buffer and one
//! header section, whatever the size.
//!
//! A `From ` line begins a message where an empty line (or the file's beginning) stands above it
//! and a date stands in it. Whoever delivers into an mboxo or mboxrd quotes such lines of a body
//! as `>From `, so there they are certain. In an mboxcl2 nothing is quoted and `Content-Length`
//! tells where a body ends; but a sender can write that field too, and a `From ` line into his
//! body as well. So the field only ever confirms: where it ends at a `From ` line or the end with
//! none inside, nothing is changed by it; where it does not, the messages are split at the `From `
//! lines all the same, so that none is hidden, and each that the two readings do not agree on
//! carries a [`Doubt`]. So do those on both sides of a `From ` line that lacks its empty line or
//! its date and has a header field under it. Some programs write no dates at all (`From - ` and a
//! bare `From `: Thunderbird; `From 1844347792267117879@xxx`: Google Takeout): where the first
//! `From ` line is such a one, others of its form are as good as dated ones.
//!
//! Of the crates that split an mbox, one (`mail-parser`'s iterator) keeps every body and splits at
//! each `From ` line alike, and others map the whole file; hence own code. UTF-16 and lines that
//! end in CR alone are for a [`Decoder`](super::Decoder) in front. Not supported: `>From ` undone
//! (bodies are not read), MMDF. Knows nothing of what a header means, but for `Content-Length`.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr2, memmem};

use crate::header::{MAX_SECTION_BYTES, empty_line};

/// Two searches run over each piece; it shall stay in a processor's own cache in between.
const BUFFER: usize = 128 << 10;

/// A byte-order mark, where a file that begins with one was appended to another.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A longer line is no `From ` line; RFC 5321 4.5.3.1 has 256 octets for a path.
const SEPARATOR_MAX: usize = 1024;

/// How much of the line under a `From ` line is looked at; no field name is longer.
const NEXT_LINE: usize = 256;

/// A `From ` line's sender may hold blanks; its date is not looked for behind so many words.
const WORDS_MAX: usize = 24;

/// Why it is not certain where a message begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// `Content-Length` and the `From ` lines do not agree, and the sender may have written both.
    ContentLength,
    /// A `From ` line has no empty line above it, or no date.
    Separator,
    /// A body holds a `From ` line in UTF-16, as where one file was appended to another.
    Encoding,
}

/// One message of an mbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MboxMessage {
    /// 0-based number within the mbox.
    pub number: u64,
    /// Where its `From ` line begins, in bytes.
    pub offset: u64,
    /// The 1-based line of the mbox that is its `From ` line.
    pub line: u32,
    /// Its `From ` line, and its header section with the empty line behind.
    pub header: Vec<u8>,
    /// Set where it is not certain that this is a message of its own.
    pub doubt: Option<Doubt>,
}

/// Splits an mbox: an iterator over its messages, in their order.
#[derive(Debug)]
pub struct Mbox<R> {
    from: R,
    buffer: Vec<u8>,
    /// The part of the buffer that is not yet passed over.
    at: usize,
    end: usize,
    /// Nothing more is to be read.
    exhausted: bool,
    /// Of `buffer[at]`.
    offset: u64,
    line: u64,
    /// How long the mbox is, where that is known.
    length: Option<u64>,
    /// How much of a header section is kept.
    section_max: usize,
    number: u64,
    /// Where the body ends that some Content-Length claims, the farthest one.
    claim: Option<u64>,
    /// What is doubtful about the beginning of the next message.
    doubt: Option<Doubt>,
    /// The form of the first `From ` line.
    own: Option<Form>,
    /// The body that is passed over holds a `From ` line in UTF-16.
    foreign: bool,
    finder: memmem::Finder<'static>,
}

/// What a `From ` line is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Certain,
    Weak,
    None,
}

impl<R: Read> Mbox<R> {
    /// An mbox of `length` bytes, where that is known: a Content-Length beyond it then puts doubt
    /// on its neighbours only.
    pub fn new(from: R, length: Option<u64>) -> Self {
        Self {
            from,
            buffer: vec![0; BUFFER],
            at: 0,
            end: 0,
            exhausted: false,
            offset: 0,
            line: 1,
            length,
            section_max: MAX_SECTION_BYTES,
            number: 0,
            claim: None,
            doubt: None,
            own: None,
            foreign: false,
            finder: memmem::Finder::new("From "),
        }
    }

    /// The same, which keeps so many bytes of each header section, and a line more, where that is
    /// less than [`MAX_SECTION_BYTES`]: whoever takes it tells by the length.
    pub fn keeping(mut self, section_max: usize) -> Self {
        self.section_max = section_max.min(MAX_SECTION_BYTES);
        self
    }

    /// How many bytes are passed over.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..self.end).unwrap_or_default()
    }

    fn consume(&mut self, bytes: usize) {
        let passed = self.rest().get(..bytes).unwrap_or_default();
        self.line += memchr_iter(b'\n', passed).count() as u64;
        self.at += bytes;
        self.offset += bytes as u64;
    }

    /// Reads on; false at the end, or where the buffer is full.
    fn fill(&mut self) -> io::Result<bool> {
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.end, 0);
            self.end -= self.at;
            self.at = 0;
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        if self.exhausted || room.is_empty() {
            return Ok(false);
        }
        loop {
            match self.from.read(room) {
                Ok(read) => {
                    self.exhausted = read == 0;
                    self.end += read;
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// At least so many bytes, or all there are.
    fn want(&mut self, bytes: usize) -> io::Result<()> {
        while self.end - self.at < bytes && self.fill()? {}
        Ok(())
    }

    /// The length of the line that begins here, with its end; where it is longer than the buffer,
    /// of the piece that is there. 0 at the end.
    fn line_length(&mut self) -> io::Result<usize> {
        let mut searched = 0;
        loop {
            let rest = self.rest();
            if let Some(at) = memchr(b'\n', rest.get(searched..).unwrap_or_default()) {
                return Ok(searched + at + 1);
            }
            searched = rest.len();
            if !self.fill()? {
                return Ok(searched);
            }
        }
    }

    fn read_message(&mut self) -> io::Result<Option<MboxMessage>> {
        if self.number == 0 {
            self.skip_blank_lines()?;
            let length = self.line_length()?;
            let line = self.rest().get(..length).unwrap_or_default();
            self.own = line.strip_prefix(b"From ").map(Form::of);
        }
        let (offset, line) = (self.offset, self.line);
        let mut doubt = self.doubt.take();
        let mut section = Section {
            max: self.section_max,
            ..Section::default()
        };
        let cut = self.read_section(&mut section)?;
        if section.bytes.is_empty() {
            return Ok(None);
        }
        let own = section.length.map(|length| {
            let claimed = self.offset.saturating_add(length.unwrap_or(u64::MAX));
            // It can't be: it is as good as one that ends at no `From ` line.
            match self.length {
                Some(all) if claimed > all => 0,
                _ => claimed,
            }
        });
        self.claim = self.claim.max(own);
        let after = match cut {
            Some(separator) => self.boundary(separator),
            None => self.skip_body()?,
        };
        doubt = doubt.or(after);
        self.doubt = after;
        let message = MboxMessage {
            number: self.number,
            offset,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            header: section.bytes,
            doubt,
        };
        self.number += 1;
        Ok(Some(message))
    }

    fn skip_blank_lines(&mut self) -> io::Result<()> {
        loop {
            let length = self.line_length()?;
            let line = self.rest().get(..length).unwrap_or_default();
            if length == 0 || !line.iter().all(u8::is_ascii_whitespace) {
                return Ok(());
            }
            self.consume(length);
        }
    }

    /// The `From ` line that stands here and the header section under it; where another `From `
    /// line stands in the section, it ends there.
    fn read_section(&mut self, section: &mut Section) -> io::Result<Option<Separator>> {
        if let Some(whole) = self.whole_section()? {
            self.consume(whole.bytes.len());
            *section = whole;
            return Ok(None);
        }
        loop {
            let first = self.rest().first();
            if !section.bytes.is_empty() && first.is_none_or(|byte| matches!(byte, b'F' | 0xEF)) {
                let separator = self.separator(false)?;
                if separator != Separator::None {
                    return Ok(Some(separator));
                }
            }
            let length = self.line_length()?;
            let line = self.rest().get(..length).unwrap_or_default();
            let ended = section.take(line);
            self.consume(length);
            if ended || length == 0 {
                return Ok(None);
            }
        }
    }

    /// The same at once, where the whole section is in the buffer and no other `From ` line in it,
    /// as nearly always.
    fn whole_section(&mut self) -> io::Result<Option<Section>> {
        let found = Section::within(self.rest(), &self.finder);
        // What is left of the buffer may be too little.
        if found.is_none() && self.at > 0 && self.fill()? {
            return Ok(Section::within(self.rest(), &self.finder));
        }
        Ok(found)
    }

    /// What a `From ` line is that may stand here, at the beginning of a line.
    fn separator(&mut self, below_blank: bool) -> io::Result<Separator> {
        self.want(SEPARATOR_MAX + NEXT_LINE)?;
        let rest = self.rest();
        let rest = rest.strip_prefix(MARK).unwrap_or(rest);
        // A CR is a line end in the whole of an input or nowhere: one alone ends this line only
        // where another program may have written it.
        let head = rest.get(..SEPARATOR_MAX).unwrap_or(rest);
        let Some(line_end) = memchr2(b'\n', b'\r', head) else {
            return Ok(Separator::None);
        };
        let (line, next) = rest.split_at_checked(line_end + 1).unwrap_or_default();
        let Some(words) = line.strip_prefix(b"From ") else {
            return Ok(Separator::None);
        };
        let lone_cr = line.ends_with(b"\r") && !next.starts_with(b"\n");
        let next = next.strip_prefix(b"\n").unwrap_or(next);
        let next = next.get(..NEXT_LINE).unwrap_or(next);
        let form = Form::of(words);
        let is_own = form != Form::Words && self.own == Some(form) && begins_field(next);
        Ok(match (form, below_blank && !lone_cr) {
            (Form::Dated, true) => Separator::Certain,
            (_, true) if is_own => Separator::Certain,
            (Form::Dated, false) | (_, true) if begins_field(next) => Separator::Weak,
            (Form::Bare | Form::Dash | Form::Address, false) if begins_message(next) => {
                Separator::Weak
            }
            _ => Separator::None,
        })
    }

    /// Passes over a body, up to the `From ` line of the next message or to the end; tells what is
    /// doubtful about that boundary.
    fn skip_body(&mut self) -> io::Result<Option<Doubt>> {
        // An empty line ended the header section.
        let mut below_blank = true;
        loop {
            // Here a line begins.
            self.want(SEPARATOR_MAX)?;
            let rest = self.rest();
            if rest
                .strip_prefix(MARK)
                .unwrap_or(rest)
                .starts_with(b"From ")
            {
                let separator = self.separator(below_blank)?;
                if separator != Separator::None {
                    let doubt = self.boundary(separator);
                    return Ok(self.foreign_body().or(doubt));
                }
            }
            match self.skip_to_from()? {
                Some(blank) => below_blank = blank,
                None => {
                    let doubt = self.last_boundary();
                    return Ok(self.foreign_body().or(doubt));
                }
            }
        }
    }

    fn foreign_body(&mut self) -> Option<Doubt> {
        std::mem::take(&mut self.foreign).then_some(Doubt::Encoding)
    }

    /// Passes over everything up to the next line that begins with `From `; tells whether the line
    /// above it is empty.
    fn skip_to_from(&mut self) -> io::Result<Option<bool>> {
        // Longer than what is looked for, and than two line ends and a mark before it.
        const KEPT: usize = 16;
        let mut line_begins = true;
        loop {
            let rest = self.rest();
            let mut from = 0;
            while let Some(found) = self.finder.find(rest.get(from..).unwrap_or_default()) {
                let at = from + found;
                let above = rest.get(..at).unwrap_or_default();
                let above = above.strip_suffix(MARK).unwrap_or(above);
                let start = above.len();
                // A CR alone is no line end here, and what stands behind it is in doubt.
                if let Some(line) = above.strip_suffix(b"\n").or(above.strip_suffix(b"\r")) {
                    let line = line.strip_suffix(b"\r").unwrap_or(line);
                    let blank = above.ends_with(b"\n")
                        && (line.ends_with(b"\n") || (line.is_empty() && line_begins));
                    self.foreign |= holds_utf16_from(above);
                    self.consume(start);
                    return Ok(Some(blank));
                }
                from = at + 1;
            }
            let foreign = holds_utf16_from(rest);
            let passed = rest.len().saturating_sub(KEPT);
            line_begins &= passed == 0;
            self.foreign |= foreign;
            self.consume(passed);
            if !self.fill()? {
                self.consume(self.end - self.at);
                return Ok(None);
            }
        }
    }

    /// The doubt about the boundary at this `From ` line, which takes part in what the claims say.
    fn boundary(&mut self, separator: Separator) -> Option<Doubt> {
        match self.claim {
            Some(claim) if claim > self.offset => Some(Doubt::ContentLength),
            Some(claim) => {
                self.claim = None;
                // An empty line ends the body, counted or not.
                (claim + 2 < self.offset).then_some(Doubt::ContentLength)
            }
            None => (separator == Separator::Weak).then_some(Doubt::Separator),
        }
    }

    fn last_boundary(&mut self) -> Option<Doubt> {
        let claim = self.claim.take()?;
        (claim > self.offset || claim + 2 < self.offset).then_some(Doubt::ContentLength)
    }
}

impl<R: Read> Iterator for Mbox<R> {
    type Item = io::Result<MboxMessage>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.read_message();
        if read.is_err() {
            // What follows is unknown.
            self.exhausted = true;
            self.at = self.end;
        }
        read.transpose()
    }
}

/// A header section while it is read.
#[derive(Debug, Default)]
struct Section {
    bytes: Vec<u8>,
    /// Beyond so many bytes no more is kept.
    max: usize,
    /// Some field was there, so that an empty line is the end.
    begun: bool,
    /// The last line had its end.
    whole_line: bool,
    /// Content-Length, and none in it where it is no number or not always the same.
    length: Option<Option<u64>>,
}

impl Section {
    /// The section that `rest` begins with, where it is an ordinary one: a field stands right
    /// below its `From ` line, an empty line ends it, and no line between begins with `From `.
    fn within(rest: &[u8], from: &memmem::Finder<'_>) -> Option<Self> {
        let separator = memchr(b'\n', rest)?;
        if !rest.get(separator + 1)?.is_ascii_graphic() {
            return None;
        }
        let bytes = rest.get(..empty_line(rest, separator + 1)?)?;
        let fields = bytes.get(separator..)?;
        let begins_line = |at: usize| {
            let above = fields.get(..at).unwrap_or_default();
            let above = above.strip_suffix(MARK).unwrap_or(above);
            above.ends_with(b"\n")
        };
        if from.find_iter(fields).any(begins_line) {
            return None;
        }
        let mut section = Self {
            bytes: bytes.to_vec(),
            max: bytes.len(),
            begun: true,
            whole_line: true,
            length: None,
        };
        for line in lines_in_c(fields) {
            section.hear_length(line);
        }
        Some(section)
    }

    /// Takes note of a line that may be a Content-Length.
    fn hear_length(&mut self, line: &[u8]) {
        if let Some(value) = content_length(line) {
            self.length = Some(match self.length {
                None | Some(None) if self.length.is_some() => None,
                Some(before) if before != value => None,
                _ => value,
            });
        }
    }

    /// Takes a line, or the piece of one; true where it ends the section.
    fn take(&mut self, line: &[u8]) -> bool {
        let is_first = self.bytes.is_empty();
        let begins = self.whole_line || is_first;
        let blank = begins && matches!(line, b"\n" | b"\r\n");
        if self.bytes.len() <= self.max {
            self.bytes.extend_from_slice(line);
        }
        self.whole_line = line.ends_with(b"\n");
        if blank || is_first {
            return blank && self.begun;
        }
        self.begun |= !line.iter().all(u8::is_ascii_whitespace);
        if begins {
            self.hear_length(line);
        }
        false
    }
}

/// The lines that stand behind a line end and begin with a C, as Content-Length does.
fn lines_in_c(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    const BLOCK: usize = 64;
    let begins = |(end, first): (&u8, &u8)| (*end == b'\n') & (*first | 0x20 == b'c');
    let behind = text.get(1..).unwrap_or_default();
    let blocks = text.chunks(BLOCK).zip(behind.chunks(BLOCK)).enumerate();
    blocks
        // Without a branch for each byte, so that they are compared at once: most have none.
        .filter(move |(_, (ends, firsts))| {
            let pairs = ends.iter().zip(*firsts);
            pairs.fold(false, |any, pair| any | begins(pair))
        })
        .flat_map(move |(block, (ends, firsts))| {
            let pairs = ends.iter().zip(firsts).enumerate();
            pairs
                .filter(move |(_, pair)| begins(*pair))
                .map(move |(index, _)| block * BLOCK + index)
        })
        .map(move |at| {
            let line = behind.get(at..).unwrap_or_default();
            let length = memchr(b'\n', line).map_or(line.len(), |end| end + 1);
            line.get(..length).unwrap_or_default()
        })
}

/// The value of a Content-Length field; none in it where that is no number.
fn content_length(line: &[u8]) -> Option<Option<u64>> {
    const NAME: &[u8] = b"content-length";
    let (name, value) = line.split_at_checked(NAME.len())?;
    if !name.eq_ignore_ascii_case(NAME) {
        return None;
    }
    let value = value.trim_ascii_start().strip_prefix(b":")?.trim_ascii();
    Some(
        std::str::from_utf8(value)
            .ok()
            .and_then(|digits| digits.parse().ok()),
    )
}

/// Whether lines begin like a header: a name of RFC 5322 2.2, and its colon. A blank line may
/// stand before it.
fn begins_field(lines: &[u8]) -> bool {
    name_of_field(lines).is_some()
}

/// The same, of a field that stands first in messages as somebody got them.
fn begins_message(lines: &[u8]) -> bool {
    const FIRST: &[&str] = &[
        "authentication-results",
        "date",
        "delivered-to",
        "from",
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "status",
        "subject",
        "to",
        ">from",
    ];
    name_of_field(lines).is_some_and(|name| {
        let known = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
        let x = name.get(..2).is_some_and(|x| x.eq_ignore_ascii_case(b"x-"));
        x || FIRST.iter().any(known)
    })
}

fn name_of_field(lines: &[u8]) -> Option<&[u8]> {
    let line = lines.trim_ascii_start();
    let bare = line.strip_prefix(b">").unwrap_or(line);
    if bare.starts_with(b"From ") {
        return Some(b">From");
    }
    let end = bare
        .iter()
        .position(|byte| !byte.is_ascii_graphic() || *byte == b':')?;
    (end > 0 && bare.get(end) == Some(&b':')).then(|| bare.get(..end))?
}

/// Whether `From ` stands in it as UTF-16, in either order.
fn holds_utf16_from(text: &[u8]) -> bool {
    // Most bodies have no NUL at all.
    memchr(0, text).is_some() && memmem::find(text, b"F\0r\0o\0m\0 ").is_some()
}

/// What stands behind `From ` in a line that may begin a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A date, as asctime or RFC 5322 write it.
    Dated,
    /// Nothing.
    Bare,
    /// `-`, as Thunderbird writes it.
    Dash,
    /// One word with an `@`.
    Address,
    /// Anything else.
    Words,
}

impl Form {
    fn of(words: &[u8]) -> Self {
        if has_date(words) {
            return Self::Dated;
        }
        match words.trim_ascii() {
            b"" => Self::Bare,
            b"-" => Self::Dash,
            word if word.contains(&b'@') && !word.iter().any(u8::is_ascii_whitespace) => {
                Self::Address
            }
            _ => Self::Words,
        }
    }
}

/// Whether text begins as an mbox does: with a `From ` line that has a date, or with one that has
/// none and a header field right under it.
pub(super) fn begins_mbox(text: &[u8]) -> bool {
    let head = text.get(..SEPARATOR_MAX).unwrap_or(text);
    let Some(end) = memchr(b'\n', head) else {
        return false;
    };
    let (line, next) = text.split_at_checked(end).unwrap_or_default();
    let Some(words) = line.strip_prefix(b"From ") else {
        return false;
    };
    let next = next.get(..NEXT_LINE).unwrap_or(next);
    match Form::of(words) {
        Form::Dated => true,
        Form::Bare | Form::Dash | Form::Address => begins_field(next),
        Form::Words => begins_message(next),
    }
}

#[cfg(test)]
fn is_dated_separator(line: &[u8]) -> bool {
    line.strip_prefix(b"From ").is_some_and(has_date)
}

/// A day of the week, a month and a day (or the reverse), a time, and a year with perhaps a zone
/// before it: `Tue Feb 28 07:51:01 2023`, `Tue, 28 Feb 2023 07:51:01 +0000`.
fn has_date(words: &[u8]) -> bool {
    const DAYS: &[&[u8]] = &[b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"];
    const MONTHS: &[&[u8]] = &[
        b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
        b"dec",
    ];
    let is_one =
        |word: &[u8], of: &[&[u8]]| of.iter().any(|known| word.eq_ignore_ascii_case(known));
    let is_number = |word: &[u8], most: usize| {
        !word.is_empty() && word.len() <= most && word.iter().all(u8::is_ascii_digit)
    };
    let is_year = |word: &[u8]| word.len() == 4 && is_number(word, 4);
    let is_time = |word: &[u8]| {
        word.contains(&b':')
            && word
                .split(|byte| *byte == b':')
                .all(|part| is_number(part, 2))
    };
    let mut words = words
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX);
    while words
        .by_ref()
        .any(|word| is_one(word.strip_suffix(b",").unwrap_or(word), DAYS))
    {
        let ahead = words.clone().take(6);
        let (mut month, mut day, mut time, mut year) = (false, false, false, false);
        for word in ahead {
            month |= is_one(word, MONTHS);
            day |= is_number(word, 2);
            time |= is_time(word);
            year |= is_year(word);
        }
        if month && day && time && year {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::input::pieces::Pieces;

    fn split_by(text: &str, piece: usize, length: Option<u64>) -> Vec<MboxMessage> {
        Mbox::new(Pieces(text.as_bytes(), piece), length)
            .collect::<io::Result<_>>()
            .expect("memory can be read")
    }

    /// The same by bytes, by pieces and at once, with LF and with CRLF; subjects, each with `?`
    /// where it is doubtful.
    fn subjects(text: &str) -> Vec<String> {
        let read = |text: &str, piece| {
            let messages = split_by(text, piece, Some(text.len() as u64));
            let subjects: Vec<String> = messages
                .iter()
                .map(|message| {
                    let header = String::from_utf8_lossy(&message.header).into_owned();
                    let subject = header
                        .lines()
                        .find_map(|line| line.strip_prefix("Subject: "));
                    let sign = message.doubt.map_or("", |_| "?");
                    format!("{}{sign}", subject.unwrap_or("-"))
                })
                .collect();
            for (index, message) in messages.iter().enumerate() {
                assert_eq!(message.number, index as u64);
                let before = &text[..usize::try_from(message.offset).expect("small")];
                assert!(text[before.len()..].starts_with("From "), "{text:?}");
                assert_eq!(message.line as usize, before.matches('\n').count() + 1);
                assert!(text.as_bytes()[before.len()..].starts_with(&message.header));
            }
            subjects
        };
        let at_once = read(text, usize::MAX);
        for piece in [1, 7] {
            assert_eq!(read(text, piece), at_once, "in pieces of {piece}: {text:?}");
        }
        if !text.contains("Content-Length") {
            assert_eq!(
                read(&text.replace('\n', "\r\n"), usize::MAX),
                at_once,
                "CRLF: {text:?}"
            );
        }
        at_once
    }

    const FROM: &str = "From alice@example.com Tue Feb 28 07:51:01 2023\n";

    #[test]
    fn messages_are_split_at_from_lines() {
        for (text, expected) in [
            (
                format!("{FROM}Subject: a\n\nbody\n\n{FROM}Subject: b\n\nbody\n"),
                &["a", "b"][..],
            ),
            (
                format!("{FROM}Subject: a\n\n{FROM}Subject: b\n\n"),
                &["a", "b"],
            ),
            (
                format!("\n\n{FROM}Subject: a\n\n\n\n\n{FROM}Subject: b"),
                &["a", "b"],
            ),
            // mboxo, mboxrd: a quoted line.
            (
                format!("{FROM}Subject: a\n\n\n>{FROM}Subject: b\n\n\n>>{FROM}Subject: c\n"),
                &["a"],
            ),
            // No date, and no header under it: a sentence.
            (
                format!("{FROM}Subject: a\n\nx\n\nFrom me to you\nwith love\n"),
                &["a"],
            ),
            (
                format!("{FROM}Subject: a\n\nx\n{FROM}is what the file says\n"),
                &["a"],
            ),
            // Something lacks.
            (
                format!("{FROM}Subject: a\n\nx\n{FROM}Subject: b\n\n"),
                &["a?", "b?"],
            ),
            (
                format!("{FROM}Subject: a\n\nx\n\nFrom bob\nSubject: b\n\n"),
                &["a?", "b?"],
            ),
            (
                format!("{FROM}Subject: a\n{FROM}Subject: b\n\n"),
                &["a?", "b?"],
            ),
            // What is in doubt is only what stands at the boundary.
            (
                format!(
                    "{FROM}Subject: a\n\n\n{FROM}Subject: b\n\nx\n{FROM}Subject: c\n\n\n{FROM}Subject: d\n\n"
                ),
                &["a", "b?", "c?", "d"],
            ),
            (String::new(), &[]),
        ] {
            assert_eq!(subjects(&text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_content_length_only_confirms() {
        let second = format!("{FROM}Subject: b\n\nbody\n");
        let inner = format!("x\n\n{FROM}Subject: forged\n\nz\n");
        let with = |length: &str, body: &str| {
            format!(
                "{FROM}Subject: a\nContent-Length: {length}\n\n{body}\n{second}\n{FROM}Subject: c\n\n"
            )
        };
        // Right, with its last line end counted or not.
        assert_eq!(subjects(&with("5", "body\n")), ["a", "b", "c"]);
        assert_eq!(subjects(&with("6", "body\n")), ["a", "b", "c"]);
        // Too short, and no number: the boundary that it misses is in doubt.
        assert_eq!(subjects(&with("2", "body\n")), ["a?", "b?", "c"]);
        assert_eq!(subjects(&with("-5", "body\n")), ["a?", "b?", "c"]);
        assert_eq!(
            subjects(&with("5\nContent-Length: 6", "body\n")),
            ["a?", "b?", "c"]
        );
        // Beyond the end of the file.
        assert_eq!(subjects(&with("99999999", "body\n")), ["a?", "b?", "c"]);
        assert_eq!(
            subjects(&with("18446744073709551615", "body\n")),
            ["a?", "b?", "c"]
        );
        // Over the next message, up to the third: who wrote b?
        let over = (6 + second.len() + 1).to_string();
        assert_eq!(subjects(&with(&over, "body\n")), ["a?", "b?", "c"]);
        // A body that holds a message; its length is right.
        let right = inner.len().to_string();
        assert_eq!(subjects(&with(&right, &inner)), ["a?", "forged?", "b", "c"]);
        // The forged one tells a length of its own, over the next one.
        let forged = format!(
            "x\n\n{FROM}Subject: forged\nContent-Length: {}\n\nz\n",
            3 + second.len()
        );
        let right = forged.len().to_string();
        assert_eq!(
            subjects(&with(&right, &forged)),
            ["a?", "forged?", "b?", "c"]
        );
    }

    #[test]
    fn where_the_length_is_unknown_a_claim_holds_until_its_end() {
        let text = format!("{FROM}Content-Length: 999999\n\nx\n\n{FROM}A: b\n\n\n{FROM}A: b\n\n");
        let doubts = |length| -> Vec<bool> {
            split_by(&text, 9, length)
                .iter()
                .map(|message| message.doubt.is_some())
                .collect()
        };
        assert_eq!(doubts(None), [true, true, true]);
        assert_eq!(doubts(Some(text.len() as u64)), [true, true, false]);
    }

    #[test]
    fn dates_of_from_lines() {
        for (line, expected) in [
            ("From alice@example.com Tue Feb 28 07:51:01 2023\n", true),
            ("From - Tue Feb 28 07:51:01 2023\r\n", true),
            ("From alice@example.com  Tue Feb  8 07:51 2023", true),
            ("From 17592@xxx Tue Feb 28 07:51:01 +0000 2023\n", true),
            (
                "From alice at example.com Tue Feb 28 07:51:01 CET 2023 remote from x\n",
                true,
            ),
            (
                "From sun@example.com Sun, 26 Feb 2023 07:51:01 +0000\n",
                true,
            ),
            (
                "From \"sat sun\" a@example.com Sun Feb 26 07:51:01 2023",
                true,
            ),
            ("From alice@example.com\n", false),
            ("From Tue on I am away until Feb\n", false),
            (">From alice@example.com Tue Feb 28 07:51:01 2023\n", false),
            ("From: alice@example.com Tue Feb 28 07:51:01 2023\n", false),
        ] {
            assert_eq!(is_dated_separator(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn no_line_that_begins_with_a_c_is_passed_over() {
        for before in 0..200 {
            let text = format!(
                "c: no line end above\n{}\nContent-Length: 7\ncc: x\nC",
                "x".repeat(before)
            );
            let lines: Vec<_> = lines_in_c(text.as_bytes()).collect();
            assert_eq!(
                lines,
                [&b"Content-Length: 7\n"[..], b"cc: x\n", b"C"],
                "{before}"
            );
        }
    }

    #[test]
    fn long_lines_and_long_headers_pass() {
        let long = "x".repeat(3 * BUFFER);
        let text =
            format!("{FROM}Subject: a\nX: {long}\nY: 1\n\n{long}\n\n{FROM}Subject: b\n\n{long}");
        let messages = split_by(&text, 4096, None);
        assert_eq!(messages.len(), 2);
        assert!(messages[0].header.ends_with(b"\nY: 1\n\n"));
        assert!(messages[1].header.ends_with(b"Subject: b\n\n"));
    }

    #[test]
    fn an_error_ends_it() {
        struct Broken(bool);
        impl Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("broken"));
                }
                buffer[..FROM.len()].copy_from_slice(FROM.as_bytes());
                Ok(FROM.len())
            }
        }
        let read: Vec<bool> = Mbox::new(Broken(false), None)
            .map(|item| item.is_ok())
            .collect();
        assert_eq!(read, [false]);
    }
}
