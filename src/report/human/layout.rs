//! Text into columns: how wide it is, where it may break, and how it is shortened and coloured.
//!
//! Works on text that is already printable. Widths are terminal columns: East Asian wide
//! characters take two, combining marks none.

use std::fmt::{self, Write};

use owo_colors::OwoColorize as _;

use crate::report::columns::fitting;
pub(super) use crate::report::columns::{shorten, width};

/// Narrower than this no table can be laid out; a narrower terminal has to wrap.
const WIDTH_MIN: usize = 60;

/// Wider than this, a line of prose is hard to follow.
const PROSE_MAX: usize = 110;

/// How a report is laid out and whether it may be coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The width of the terminal, in columns; at least 60 are used.
    pub width: usize,
    /// Colours, as ANSI escape sequences.
    pub colour: bool,
}

impl Default for Style {
    /// 80 columns without colour.
    fn default() -> Self {
        Self {
            width: 80,
            colour: false,
        }
    }
}

/// What a colour means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Title,
    Faint,
    Good,
    Bad,
    Doubt,
    Copy,
}

impl Style {
    pub(super) fn columns(&self) -> usize {
        self.width.max(WIDTH_MIN)
    }

    fn paint(&self, ink: Ink, text: &str, out: &mut impl Write) -> fmt::Result {
        if !self.colour || text.is_empty() {
            return out.write_str(text);
        }
        match ink {
            Ink::Plain => out.write_str(text),
            Ink::Title => write!(out, "{}", text.bold()),
            Ink::Faint => write!(out, "{}", text.dimmed()),
            Ink::Good => write!(out, "{}", text.green().bold()),
            Ink::Bad => write!(out, "{}", text.red().bold()),
            Ink::Doubt => write!(out, "{}", text.yellow().bold()),
            Ink::Copy => write!(out, "{}", text.cyan()),
        }
    }
}

/// Where the lines of a report go.
pub(super) struct Page<'p, W> {
    pub(super) out: &'p mut W,
    pub(super) style: &'p Style,
}

impl<W: Write> Page<'_, W> {
    pub(super) fn columns(&self) -> usize {
        self.style.columns()
    }

    /// Text in its colour, without a line end.
    pub(super) fn put(&mut self, ink: Ink, text: &str) -> fmt::Result {
        self.style.paint(ink, text, self.out)
    }

    /// So many spaces.
    pub(super) fn spaces(&mut self, count: usize) -> fmt::Result {
        (0..count).try_for_each(|_| self.out.write_char(' '))
    }

    pub(super) fn end_line(&mut self) -> fmt::Result {
        self.out.write_char('\n')
    }

    pub(super) fn line(&mut self, ink: Ink, text: &str) -> fmt::Result {
        self.put(ink, text)?;
        self.end_line()
    }

    /// An empty line and a section's title.
    pub(super) fn section(&mut self, title: &str) -> fmt::Result {
        self.end_line()?;
        self.line(Ink::Title, title)
    }

    /// A label and a text that wraps beside it, never under it.
    pub(super) fn item(&mut self, label: (Ink, &str), body: (Ink, &str)) -> fmt::Result {
        self.item_at(0, label, body)
    }

    /// The same, where `before` columns of the line are already written.
    pub(super) fn item_at(
        &mut self,
        before: usize,
        label: (Ink, &str),
        body: (Ink, &str),
    ) -> fmt::Result {
        let indent = before + width(label.1);
        let room = self.columns().min(PROSE_MAX).saturating_sub(indent).max(20);
        let mut lines = wrap(body.1, room).into_iter();
        self.put(label.0, label.1)?;
        self.line(body.0, lines.next().unwrap_or_default())?;
        for line in lines {
            self.out.write_str(&" ".repeat(indent))?;
            self.line(body.0, line)?;
        }
        Ok(())
    }
}

/// `text` and spaces up to `columns`.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let mut padded = text.to_owned();
    padded.push_str(&" ".repeat(columns.saturating_sub(width(text))));
    padded
}

/// Spaces up to `columns` and `text`.
pub(super) fn pad_left(text: &str, columns: usize) -> String {
    let mut padded = " ".repeat(columns.saturating_sub(width(text)));
    padded.push_str(text);
    padded
}

/// `text` in lines of at most `columns` (2 or more): broken at spaces; a word that is longer than a
/// line, behind the last of its dots, dashes and the like that fits, else wherever it must be.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<&str> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let mut rest = text.trim_matches(' ');
    while !rest.is_empty() {
        let end = fitting(rest.char_indices(), rest.len(), columns);
        let end = if end == rest.len() {
            end
        } else {
            break_before(rest, end)
        };
        let (line, next) = rest.split_at(end);
        lines.push(line.trim_end_matches(' '));
        rest = next.trim_start_matches(' ');
    }
    lines
}

/// The best place to break `text` at or before `end`, which is not its own end.
fn break_before(text: &str, end: usize) -> usize {
    let fits = text.get(..end).unwrap_or(text);
    if text.get(end..).is_some_and(|next| next.starts_with(' ')) {
        return end;
    }
    match fits.rfind(' ') {
        // A long word is not pushed to the next line if it does not fit there either.
        Some(space) if space > 0 && (end - space < end * 2 / 3) => space,
        _ => fits
            .rfind(['.', '-', '@', '=', '/', ',', ';', ':', '_'])
            .map(|index| index + 1)
            .filter(|index| *index > end / 2)
            .or_else(|| fits.rfind(' ').filter(|space| *space > 0))
            .unwrap_or(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_then_at_dots() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), [""; 0]);
        assert_eq!(
            wrap("mail.relay.example.com", 12),
            ["mail.relay.", "example.com"]
        );
        assert_eq!(wrap("aaaaaaaaaa", 4), ["aaaa", "aaaa", "aa"]);
        assert_eq!(wrap("試験試験", 5), ["試験", "試験"]);
        assert_eq!(wrap("fits just", 9), ["fits just"]);
        assert_eq!(wrap("fits just so", 9), ["fits just", "so"]);
    }

    #[test]
    fn no_line_is_too_long_and_nothing_is_lost() {
        let text = "the client a.very.long.example.com 試験メール said-so-itself-and-nobody-else x";
        for columns in 2..90 {
            let lines = wrap(text, columns);
            assert!(
                lines.iter().all(|line| width(line) <= columns),
                "{columns}: {lines:?}"
            );
            let bare = |text: &str| text.replace(' ', "");
            assert_eq!(bare(&lines.concat()), bare(text), "{columns}");
        }
    }
}
