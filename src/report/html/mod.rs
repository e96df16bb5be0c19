//! Analyses as a page to send on: one self-contained HTML file, or the inside of one report for a
//! page that has a head of its own.
//!
//! Nothing in it is asked for elsewhere: the style and the one script are inline, named by their
//! hashes in a Content-Security-Policy (CSP Level 3) that allows nothing else, so no attribute of
//! it is a style or a handler. Escaping is `maud`'s; every text of a header is made printable
//! before. It works without the script, which adds only copying, filters and open folds for a
//! print.
//!
//! Several messages are rows that open, written as they come; their counts stand behind them and
//! are shown before them, and the totals last. A row that is the only one is opened by the script. A page is bounded: beyond `HEADERS_MAX` messages only the lines of
//! their headers that are cited follow, beyond `REPORTS_MAX` bytes of reports only rows
//! follow, and beyond `ROWS_MAX` rows only what did not pass; the rest is counted.

mod message;
mod picture;
mod quote;
mod summary;
mod timeline;

use std::io::{self, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{Markup, PreEscaped, html};
use memchr::{memchr, memchr2};
use sha2::{Digest as _, Sha256};

use super::record::{Record, Report, Tally};
use crate::RawMessage;
use crate::analysis::{Analysis, Outcome};

/// The style of a page and of a fragment.
pub const STYLE: &str = include_str!("style.css");

/// The script of a page and of a fragment. It listens on the document, so that fragments that are
/// inserted later work, too.
pub const SCRIPT: &str = include_str!("script.js");

/// So many bytes of whole reports: a browser opens a page of that size.
const REPORTS_MAX: usize = 48 << 20;

/// So many messages are shown with their whole headers; of the others stand the lines that are
/// cited. A header that gateways swelled is most of its report, and whoever has more messages than
/// that opens few of them.
const HEADERS_MAX: u64 = 200;

/// So many rows of messages that went the expected way, and as many again of the others.
const ROWS_MAX: [u64; 2] = [10_000, 20_000];

/// Stands in a part for the prefix of its ids, until its place among the messages is known.
/// No text has it: a control character in a header is escaped.
const PREFIX: u8 = 1;

/// Stands in a part between a message's row and its report.
const FOLD: u8 = 2;

/// Stands three times in a part that may shrink: before lines that nothing cites, between them and
/// what is said in their place, and behind that.
const SHRINK: u8 = 3;

/// The format.
#[derive(Debug)]
pub struct Html {
    /// There may be several messages: each is a row.
    many: bool,
    number: u64,
    reports: usize,
    rows: [u64; 2],
    left_out: u64,
}

impl Html {
    /// A page; of `many` messages, with a row for each.
    pub const fn new(many: bool) -> Self {
        Self {
            many,
            number: 0,
            reports: 0,
            rows: [0; 2],
            left_out: 0,
        }
    }

    /// Whether there is room for one more row.
    fn has_room(&mut self, outcome: Outcome) -> bool {
        let kind = match outcome {
            Outcome::Pass | Outcome::Unchecked => 0,
            Outcome::Fail | Outcome::Inconclusive | Outcome::Error => 1,
        };
        let (Some(rows), Some(most)) = (self.rows.get_mut(kind), ROWS_MAX.get(kind)) else {
            return false;
        };
        *rows += 1;
        *rows <= *most
    }
}

impl Report for Html {
    fn quotes(&self) -> bool {
        true
    }

    fn message(
        &mut self,
        analysis: &Analysis,
        header: Option<&RawMessage<'_>>,
        part: &mut Vec<u8>,
    ) {
        let prefix = char::from(PREFIX).to_string();
        if self.many {
            part.extend_from_slice(summary::row(analysis).into_string().as_bytes());
            part.push(FOLD);
        }
        let heading = if self.many { 2 } else { 1 };
        let report = message::report(analysis, header, &prefix, heading, self.many);
        part.extend_from_slice(report.into_string().as_bytes());
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let title = if self.many {
            "Mail routes"
        } else {
            "Mail route"
        };
        let head = html! {
            (head(title))
            (PreEscaped("<body>"))
            @if self.many { (summary::top()) }
            (PreEscaped("<main"))
            @if self.many { (PreEscaped(" class=\"batch\"")) }
            (PreEscaped(">"))
            @if self.many { (summary::filters()) (PreEscaped("<div class=\"messages\">")) }
        };
        let head = head.into_string();
        // The document is put together from parts; what is open here, `end` closes.
        out.write_all(b"<!DOCTYPE html>\n<html lang=\"en\">\n")?;
        out.write_all(head.as_bytes())
    }

    fn take(&mut self, record: &Record, part: &[u8], out: &mut dyn Write) -> io::Result<()> {
        self.number += 1;
        let prefix = format!("m{}-", self.number);
        if !self.many {
            return numbered(part, &prefix, Headers::Whole, out).map(drop);
        }
        if !self.has_room(record.outcome) {
            self.left_out += 1;
            return Ok(());
        }
        let fold = memchr(FOLD, part).unwrap_or(part.len());
        let (row, report) = part.split_at(fold);
        let outcome = record.outcome;
        let headers = match self.number > HEADERS_MAX {
            true => Headers::Cited,
            false => Headers::Whole,
        };
        if self.reports + part.len() > REPORTS_MAX {
            write!(
                out,
                "<div class=\"message is-{outcome}\" data-outcome=\"{outcome}\"><div class=\"row\">"
            )?;
            numbered(row, &prefix, headers, out)?;
            return out.write_all(b"</div></div>\n");
        }
        write!(
            out,
            "<details class=\"message is-{outcome}\" data-outcome=\"{outcome}\"><summary class=\"row\">"
        )?;
        numbered(row, &prefix, headers, out)?;
        out.write_all(b"</summary>")?;
        let report = report.get(1..).unwrap_or_default();
        self.reports += row.len() + numbered(report, &prefix, headers, out)?;
        out.write_all(b"</details>\n")
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        let end = html! {
            @if self.many {
                (PreEscaped("</div>"))
                @if self.left_out > 0 {
                    p.note {
                        "… and " (self.left_out) " more messages, which are counted but not shown: \
                        a page with more rows would hardly open."
                    }
                }
                (summary::counts(tally))
                (summary::totals(tally))
            } @else if self.number == 0 {
                p.note { "There is no message to show." }
            }
            (PreEscaped("</main>"))
            (foot())
            script { (PreEscaped(SCRIPT)) }
            (PreEscaped("</body></html>\n"))
        };
        out.write_all(end.into_string().as_bytes())
    }
}

/// The inside of one report, for a page that has [`STYLE`] and [`SCRIPT`]. Its headings begin with
/// the second level, and its ids with `m1-`.
pub fn fragment(analysis: &Analysis, header: Option<&RawMessage<'_>>) -> String {
    fragment_numbered(analysis, header, 1)
}

/// The same for message `number` of a page with several: its ids begin with `m` and that number.
pub fn fragment_numbered(
    analysis: &Analysis,
    header: Option<&RawMessage<'_>>,
    number: u64,
) -> String {
    message::report(analysis, header, &format!("m{number}-"), 2, false).into_string()
}

/// What stands above the rows of several messages in a page of one's own: how many had which
/// outcome, and the filters. The rows are those that [`Report::take`] of a [`Html`] of many writes; they belong
/// into an element of the class `messages`.
pub fn above_rows(tally: &Tally) -> String {
    html! { (summary::counts(tally)) (summary::filters()) }.into_string()
}

/// What stands below them: what came of all messages.
pub fn below_rows(tally: &Tally) -> String {
    summary::totals(tally).into_string()
}

/// The Content-Security-Policy of a whole page.
pub fn content_security_policy() -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; \
         form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// A hash-source (CSP Level 3, 2.3.1).
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(content_security_policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="referrer" content="no-referrer";
            meta name="color-scheme" content="light dark";
            meta name="robots" content="noindex";
            title { (title) " · smarthop" }
            // Without one a browser would ask for it.
            link rel="icon" href="data:,";
            style { (PreEscaped(STYLE)) }
        }
    }
}

fn foot() -> Markup {
    html! {
        footer.foot {
            p {
                "Made by smarthop " (env!("CARGO_PKG_VERSION")) " from the header alone. "
                "This page asks for nothing elsewhere."
            }
        }
    }
}

/// How much of the messages' headers is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Headers {
    Whole,
    Cited,
}

/// Writes a part with the prefix of its ids, and with as much of its header as is to be shown;
/// returns how many bytes of it.
fn numbered(
    mut part: &[u8],
    prefix: &str,
    headers: Headers,
    out: &mut dyn Write,
) -> io::Result<usize> {
    // Outside of what may shrink, in the lines, in what is said in their place.
    let (mut state, mut written) = (0, 0);
    let hidden = match headers {
        Headers::Whole => 2,
        Headers::Cited => 1,
    };
    loop {
        let mark = memchr2(PREFIX, SHRINK, part);
        let (before, rest) = part.split_at(mark.unwrap_or(part.len()));
        if state != hidden {
            out.write_all(before)?;
            written += before.len();
        }
        let Some((mark, rest)) = rest.split_first() else {
            return Ok(written);
        };
        if *mark == SHRINK {
            state = (state + 1) % 3;
        } else if state != hidden {
            out.write_all(prefix.as_bytes())?;
        }
        part = rest;
    }
}

/// A heading of the level that the page has room for.
fn heading(level: u8, class: &str, inside: &Markup) -> Markup {
    html! {
        @match level {
            1 => h1 class=(class) { (inside) },
            2 => h2 class=(class) { (inside) },
            3 => h3 class=(class) { (inside) },
            _ => h4 class=(class) { (inside) },
        }
    }
}

/// The sign of an outcome, for whoever sees no colours; its word stands beside it.
fn sign(outcome: Outcome) -> Markup {
    html! {
        svg.sign viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false" {
            circle cx="12" cy="12" r="11" {}
            @match outcome {
                Outcome::Pass => path d="M6.5 12.5l3.8 3.8 7.2-8.1" {},
                Outcome::Fail => path d="M7.8 7.8l8.4 8.4M16.2 7.8l-8.4 8.4" {},
                Outcome::Inconclusive => path d="M9 9.3c.2-1.9 1.4-2.9 3.1-2.9 1.8 0 3 1.1 3 2.6 0 2.3-3 2.4-3 4.7M12.1 17.3v.3" {},
                Outcome::Unchecked => path d="M7 12h10" {},
                Outcome::Error => path d="M12 6.2v7.2M12 17.3v.3" {},
            }
        }
    }
}

#[cfg(test)]
mod tests;
