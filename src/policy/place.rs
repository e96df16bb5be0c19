//! Texts under the name that the user knows them by, and errors that point into them.
//!
//! Knows nothing of what the texts say.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::printable::is_hostile;

/// How much of an offending line an error shows, in characters.
const SHOWN: usize = 100;

/// Why a text could not be read: the place, the line that stands there, and what would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The name under which the text was given.
    pub source: String,
    /// 1-based; 0 where the error is about the text as a whole.
    pub line: u32,
    /// 1-based, in characters; 0 where the error is about the text as a whole.
    pub column: u32,
    /// What is wrong and what would help: a lowercase fragment.
    pub says: String,
    /// The line, cut where it is long, and the marked part of it.
    shown: Option<Shown>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    text: String,
    before: usize,
    marked: usize,
}

impl ReadError {
    /// About a text as a whole, or about several.
    pub(crate) fn whole(source: &str, says: impl Into<String>) -> Self {
        Self {
            source: source.to_owned(),
            line: 0,
            column: 0,
            says: says.into(),
            shown: None,
        }
    }

    /// `source:line:column`, as editors and compilers write it.
    pub fn place(&self) -> String {
        let source = printable(&self.source);
        match self.line {
            0 => source.into_owned(),
            line => format!("{source}:{line}:{}", self.column),
        }
    }
}

/// `place: what is wrong`, and below it the line with a mark under the offending text.
impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.says)?;
        let Some(shown) = &self.shown else {
            return Ok(());
        };
        let number = self.line.to_string();
        let gutter = number.len();
        write!(
            f,
            "\n{number} | {}\n{:gutter$} | {:before$}{:^<marked$}",
            shown.text,
            "",
            "",
            "",
            before = shown.before,
            marked = shown.marked
        )
    }
}

impl std::error::Error for ReadError {}

/// A text and its name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'t> {
    pub(crate) name: &'t str,
    pub(crate) text: &'t str,
}

impl Named<'_> {
    /// An error at a byte range of the text.
    pub(crate) fn error(&self, span: Range<usize>, says: impl Into<String>) -> ReadError {
        let (line, column) = self.position(span.start);
        ReadError {
            source: self.name.to_owned(),
            line,
            column,
            says: says.into(),
            shown: Some(self.shown(span)),
        }
    }

    /// `name:line:column` of a byte offset.
    pub(crate) fn place(&self, offset: usize) -> String {
        let (line, column) = self.position(offset);
        format!("{}:{line}:{column}", printable(self.name))
    }

    /// The 1-based line of a byte offset.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        self.position(offset).0
    }

    fn before(&self, offset: usize) -> &str {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(..end).unwrap_or_default()
    }

    fn position(&self, offset: usize) -> (u32, u32) {
        let before = self.before(offset);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(start..).map_or(0, |l| l.chars().count()) + 1;
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (clamp(line), clamp(column))
    }

    fn shown(&self, span: Range<usize>) -> Shown {
        let head = self.before(span.start);
        let start = head.rfind('\n').map_or(0, |at| at + 1);
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        let column = head.get(start..).map_or(0, |l| l.chars().count());
        let marked = self
            .text
            .get(head.len()..self.before(span.end).len())
            .map_or(1, |t| t.lines().next().unwrap_or_default().chars().count())
            .max(1);
        // A long line is shown from shortly before the offending text.
        let skip = match line.chars().count() > SHOWN {
            true => column.saturating_sub(SHOWN / 4),
            false => 0,
        };
        let part: String = line.chars().skip(skip).take(SHOWN).collect();
        let before = column - skip;
        Shown {
            marked: marked.min(SHOWN.saturating_sub(before).max(1)),
            before,
            text: one_wide(&part),
        }
    }
}

/// Text with hostile characters escaped as Rust has them, line ends as `\n`.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if is_hostile(c) => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Text with each hostile character as one visible one, so that a mark below it stays right.
fn one_wide(text: &str) -> String {
    let visible = |c| match c {
        '\t' => ' ',
        c if is_hostile(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(visible).collect()
}

/// Bytes as text: UTF-8, or UTF-16 as Windows PowerShell writes redirected output; with or
/// without a byte-order mark.
pub(crate) fn decode<'b>(bytes: &'b [u8], name: &str) -> Result<Cow<'b, str>, ReadError> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, name).map(Cow::Borrowed),
        [0xff, 0xfe, rest @ ..] => utf16(rest, name, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, name, u16::from_be_bytes),
        // Both forms begin with an ASCII character, so a zero byte beside it tells UTF-16.
        [first, 0, ..] if *first != 0 => utf16(bytes, name, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(bytes, name, u16::from_be_bytes),
        _ => utf8(bytes, name).map(Cow::Borrowed),
    }
}

fn utf8<'b>(bytes: &'b [u8], name: &str) -> Result<&'b str, ReadError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = good.iter().filter(|b| **b == b'\n').count() + 1;
        ReadError::whole(
            name,
            format!("line {line} is not UTF-8 text: save the file as UTF-8"),
        )
    })
}

fn utf16<'b>(
    bytes: &[u8],
    name: &str,
    unit: fn([u8; 2]) -> u16,
) -> Result<Cow<'b, str>, ReadError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    match text.collect::<Result<String, _>>() {
        Ok(text) if rest.is_empty() => Ok(Cow::Owned(text)),
        Ok(_) | Err(_) => Err(ReadError::whole(
            name,
            "looks like UTF-16 and is damaged: save the file as UTF-8",
        )),
    }
}
