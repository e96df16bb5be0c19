//! The header's lines, to be quoted where a finding rests on one, and as a whole.
//!
//! A line that is cited has an id, so that a link leads to it. What a hostile header would swell
//! is cut, and said to be: long lines, long fields, and all but the cited lines of a long header.
//! A page of many messages leaves those out of all but its first headers: which, the page knows.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, PreEscaped, html};

use super::SHRINK;
use crate::RawMessage;
use crate::printable::printable;

/// So many characters of a line.
const LINE_MAX: usize = 4000;

/// So many lines of a field, where it is quoted beside a finding.
const FIELD_MAX: usize = 40;

/// So many bytes of the header as a whole; lines that are cited stand behind it, too.
const HEADER_MAX: usize = 512 << 10;

/// So many lines of it.
const LINES_MAX: usize = 5000;

/// A tabulator in a folded line is white space and nothing else.
const TABULATOR: &str = "    ";

/// The lines of a header, by their numbers in the input.
pub(super) struct Quotes<'x> {
    prefix: &'x str,
    lines: Vec<(u32, &'x str)>,
    by_number: BTreeMap<u32, usize>,
    cited: BTreeSet<u32>,
    /// Lines that are not cited are marked, so that the page may leave them out.
    may_shrink: bool,
}

impl<'x> Quotes<'x> {
    pub(super) fn of(
        header: Option<&'x RawMessage<'_>>,
        prefix: &'x str,
        cited: BTreeSet<u32>,
        may_shrink: bool,
    ) -> Self {
        let mut lines: Vec<_> = header
            .map(|header| header.numbered_lines().collect())
            .unwrap_or_default();
        while lines.last().is_some_and(|(_, text)| text.is_empty()) {
            lines.pop();
        }
        let mut by_number = BTreeMap::new();
        for (index, (number, _)) in lines.iter().enumerate() {
            if cited.contains(number) {
                by_number.entry(*number).or_insert(index);
            }
        }
        Self {
            prefix,
            lines,
            by_number,
            cited,
            may_shrink,
        }
    }

    /// Whether there is anything to quote.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// `line 17`, as a link to it where it can be quoted.
    pub(super) fn cite(&self, line: u32) -> Markup {
        html! {
            @match self.target(line) {
                Some(target) => a.cite href=(target) { "line " (line) },
                None => span.cite { "line " (line) },
            }
        }
    }

    /// Where a link to a line leads.
    pub(super) fn target(&self, line: u32) -> Option<String> {
        let known = self.by_number.contains_key(&line);
        known.then(|| format!("#{}L{line}", self.prefix))
    }

    /// The field that a line is of.
    pub(super) fn field(&self, line: u32) -> Option<Markup> {
        let at = *self.by_number.get(&line)?;
        let folded = |index: usize| {
            let line = self.lines.get(index);
            line.is_some_and(|(_, text)| text.starts_with([' ', '\t']))
        };
        let mut start = at;
        while start > 0 && at - start < FIELD_MAX && folded(start) {
            start -= 1;
        }
        let mut end = at + 1;
        while folded(end) {
            end += 1;
        }
        let shown = end.min(start + FIELD_MAX).max(at + 1);
        let quoted = self.lines.get(start..shown)?;
        Some(html! {
            div.lines {
                @for (number, text) in quoted {
                    (self::line(*number, text, *number == line, None))
                }
                @if shown < end { p.cut { "… " (end - shown) " more lines of this field" } }
            }
        })
    }

    /// The header as a whole: each run of lines that are not cited, and then the next that is.
    pub(super) fn whole(&self) -> Markup {
        let mut left = HEADER_MAX;
        let mut rest = self.lines.as_slice();
        let mut runs = Vec::new();
        while !rest.is_empty() {
            let start = self.lines.len() - rest.len();
            let is_target = |(at, (number, _)): (usize, &(u32, &str))| {
                self.by_number.get(number) == Some(&(start + at))
            };
            let end = rest.iter().enumerate().position(is_target);
            let (run, more) = rest.split_at(end.unwrap_or(rest.len()));
            // How much of the run there is room for.
            let fits = run.iter().enumerate().position(|(at, (_, text))| {
                let full = left == 0 || start + at >= LINES_MAX;
                left = left.saturating_sub(text.len().min(LINE_MAX) + 1);
                full
            });
            let target = more.split_first();
            if let Some(((_, text), _)) = target {
                left = left.saturating_sub(text.len().min(LINE_MAX) + 1);
            }
            runs.push((
                run,
                fits.unwrap_or(run.len()),
                target.map(|(line, _)| *line),
            ));
            rest = target.map_or(&[], |(_, rest)| rest);
        }
        let mark = PreEscaped(char::from(SHRINK).to_string());
        html! {
            div.lines.whole {
                @for (run, fits, target) in runs {
                    @let shrinks = self.may_shrink && fits > 0;
                    @if shrinks { (mark) }
                    @for (number, text) in run.iter().take(fits) {
                        (line(*number, text, self.cited.contains(number), None))
                    }
                    (left_out(run.len() - fits))
                    @if shrinks { (mark) (left_out(run.len())) (mark) }
                    @if let Some((number, text)) = target {
                        (line(number, text, true, Some(&format!("{}L{number}", self.prefix))))
                    }
                }
            }
        }
    }
}

fn left_out(lines: usize) -> Markup {
    html! {
        @if lines > 0 { p.cut { "… " (lines) @if lines == 1 { " line" } @else { " lines" } } }
    }
}

fn line(number: u32, text: &str, cited: bool, id: Option<&str>) -> Markup {
    let end = text.char_indices().nth(LINE_MAX).map(|(end, _)| end);
    let shown = end.map_or(text, |end| text.get(..end).unwrap_or_default());
    let more = text.get(shown.len()..).unwrap_or_default().chars().count();
    let shown = shown.replace('\t', TABULATOR);
    html! {
        div.line.cited[cited] id=[id] tabindex=[id.map(|_| "-1")] {
            span.number { (number) }
            span.text {
                (printable(&shown))
                @if more > 0 { span.cut { " … " (more) " more characters" } }
            }
        }
    }
}
