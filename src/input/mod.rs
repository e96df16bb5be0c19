//! Bytes as people have them into text that can be split into fields.
//!
//! Knows nothing of what a header means.

use std::borrow::Cow;

use crate::analysis::Warning;

/// Whether text that was pasted is repaired (contract section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repair {
    /// Only what is always done: byte-order marks, UTF-16, Latin-1, leading blank lines, an mbox
    /// `From ` line.
    #[default]
    Encoding,
    /// Also entities, quoting, folding, indents, stray lines, a value on the next line.
    Pasted,
}

/// A message's header section as text, and how its lines relate to the input's.
#[derive(Debug, Clone)]
pub struct RawMessage<'x> {
    /// The header section; borrowed where nothing had to be changed.
    pub text: Cow<'x, str>,
    /// What was done to it.
    pub warnings: Vec<Warning>,
    lines: Lines,
}

#[derive(Debug, Clone)]
enum Lines {
    /// Line n of the text is line n + offset of the input.
    Offset(u32),
    /// Line n (from 1) of the text is line `table[n - 1]` of the input.
    Table(Vec<u32>),
}

impl<'x> RawMessage<'x> {
    /// Reads `bytes`.
    pub fn new(bytes: &'x [u8], repair: Repair) -> Self {
        let _ = (bytes, repair);
        todo!()
    }

    /// The line of the input as given for a 1-based line of [`RawMessage::text`].
    pub fn input_line(&self, line: u32) -> u32 {
        match &self.lines {
            Lines::Offset(offset) => line + offset,
            Lines::Table(table) => table.get(line as usize - 1).copied().unwrap_or(line),
        }
    }
}
