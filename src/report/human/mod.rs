//! An analysis for people: the verdict, why, what would settle it, the hops, the evidence and the
//! warnings, in this order.
//!
//! Plain text, readable without colour and at 80 columns. Everything that stems from a header is
//! made printable before it is laid out, and laid out before it is coloured. Decides nothing:
//! words for what the analysis holds, and no more.

mod findings;
mod hops;
mod layout;
mod lines;
mod verdict;

use std::fmt::{self, Write};
use std::io;

pub use layout::Style;
use layout::{Ink, Page};

use super::record::{Report, Tally};
use crate::RawMessage;
use crate::analysis::{Analysis, Outcome, Source, SourceFormat, Summary};
use crate::examine::Detail;
use crate::printable::printable;

/// Whole reports, one below the other.
#[derive(Debug, Clone, Copy)]
pub struct Blocks {
    /// How they are laid out.
    pub style: Style,
    /// There may be several: each has a heading.
    pub many: bool,
    /// Whether the counts come last.
    pub summary: bool,
}

impl Report for Blocks {
    fn message(
        &mut self,
        analysis: &Analysis,
        _header: Option<&RawMessage<'_>>,
        part: &mut Vec<u8>,
    ) {
        // Standard error tells it; a report would only say it twice.
        if analysis.outcome == Outcome::Error {
            return;
        }
        let mut text = String::new();
        // Writing to a String cannot fail.
        if self.many {
            let _ = heading(&analysis.source, &self.style, &mut text);
        }
        let _ = human(analysis, &self.style, &mut text);
        if self.many {
            text.push('\n');
        }
        part.extend_from_slice(text.as_bytes());
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn io::Write) -> io::Result<()> {
        let mut text = String::new();
        if self.summary {
            let _ = summary(&tally.summary, &self.style, &mut text);
        }
        out.write_all(text.as_bytes())
    }
}

/// A line a message, and at the end what came of them all.
#[derive(Debug, Clone, Copy)]
pub struct Lines {
    /// How they are laid out.
    pub style: Style,
    /// Whether it is told what came of them all.
    pub summary: bool,
}

impl Report for Lines {
    fn detail(&self) -> Detail {
        Detail::Verdict
    }

    fn message(
        &mut self,
        analysis: &Analysis,
        _header: Option<&RawMessage<'_>>,
        part: &mut Vec<u8>,
    ) {
        // Standard error tells it.
        if analysis.outcome == Outcome::Error {
            return;
        }
        let _ = lines::line(analysis, &self.style, &mut Text(part));
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn io::Write) -> io::Result<()> {
        let mut text = String::new();
        if self.summary {
            let _ = lines::tally(tally, &self.style, &mut text);
        }
        out.write_all(text.as_bytes())
    }
}

/// A buffer that takes text.
struct Text<'p>(&'p mut Vec<u8>);

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Renders one analysis.
///
/// # Errors
/// Those of `out`.
pub fn human(analysis: &Analysis, style: &Style, out: &mut impl Write) -> fmt::Result {
    let mut page = Page { out, style };
    verdict::render(analysis, &mut page)?;
    if analysis.outcome == Outcome::Error {
        return Ok(());
    }
    findings::reasons(analysis, &mut page)?;
    findings::settle(analysis, &mut page)?;
    findings::message(analysis, &mut page)?;
    hops::render(analysis, &mut page)?;
    findings::evidence(analysis, &mut page)?;
    findings::warnings(analysis, &mut page)
}

/// Renders the line that tells which of several messages follows.
///
/// # Errors
/// Those of `out`.
pub fn heading(source: &Source, style: &Style, out: &mut impl Write) -> fmt::Result {
    let path = source.path.as_deref().unwrap_or("standard input");
    let mut title = format!("== {}", printable(path));
    match source.format {
        SourceFormat::Mbox => write!(title, ", message {}", source.message)?,
        SourceFormat::Eml
        | SourceFormat::Maildir
        | SourceFormat::Msg
        | SourceFormat::Mailbox
        | SourceFormat::Stdin => {}
    }
    Page { out, style }.line(Ink::Title, &title)
}

/// Renders the counts, in one line.
///
/// # Errors
/// Those of `out`.
pub fn summary(summary: &Summary, style: &Style, out: &mut impl Write) -> fmt::Result {
    let mut page = Page { out, style };
    let messages = if summary.messages == 1 {
        "message"
    } else {
        "messages"
    };
    page.put(Ink::Title, &format!("{} {messages}", summary.messages))?;
    let mut between = ": ";
    for outcome in Outcome::ALL {
        let count = match outcome {
            Outcome::Pass => summary.pass,
            Outcome::Fail => summary.fail,
            Outcome::Inconclusive => summary.inconclusive,
            Outcome::Unchecked => summary.unchecked,
            Outcome::Error => summary.error,
        };
        if count > 0 {
            page.put(Ink::Plain, between)?;
            page.put(verdict::ink(*outcome), &format!("{count} {outcome}"))?;
            between = ", ";
        }
    }
    page.end_line()
}

#[cfg(test)]
mod tests;
