//! An analysis for people: the verdict, why, what would settle it, the hops, the evidence and the
//! warnings, in this order.
//!
//! Plain text, readable without colour and at 80 columns. Everything that stems from a header is
//! made printable before it is laid out, and laid out before it is coloured. Decides nothing:
//! words for what the analysis holds, and no more.

mod findings;
mod hops;
mod layout;
mod verdict;

use std::fmt::{self, Write};

pub use layout::Style;
use layout::{Ink, Page};

use super::sanitize::printable;
use crate::analysis::{Analysis, Outcome, Source, SourceFormat, Summary};

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
        SourceFormat::Eml | SourceFormat::Maildir | SourceFormat::Msg | SourceFormat::Stdin => {}
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

/// `2023-02-28T07:51:01Z` as `2023-02-28 07:51:01 UTC`.
fn instant(date: &str) -> String {
    match date.strip_suffix('Z').and_then(|date| date.split_once('T')) {
        Some((day, time)) => format!("{} {} UTC", printable(day), printable(time)),
        None => printable(date).into_owned(),
    }
}

#[cfg(test)]
mod tests;
