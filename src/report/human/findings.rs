//! Why, what would settle it, the message itself, the evidence and the warnings: lists.

use std::fmt::{self, Write};

use super::layout::{Ink, Page};
use crate::analysis::Analysis;
use crate::report::route::findings;

pub(super) fn reasons<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    let reasons = findings::reasons(analysis);
    if reasons.is_empty() {
        return Ok(());
    }
    page.section("Why")?;
    let lines = Gutter::of(reasons.iter().map(|reason| reason.line));
    for reason in &reasons {
        let label = format!("  {}", lines.label(reason.line));
        page.item((Ink::Faint, &label), (Ink::Plain, &reason.says))?;
    }
    Ok(())
}

pub(super) fn settle<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    let options = findings::settle(analysis);
    if options.is_empty() {
        return Ok(());
    }
    page.section("What would settle it")?;
    for option in options {
        page.put(Ink::Plain, "  ")?;
        if option.is_of_policy {
            page.put(Ink::Faint, "in the policy: ")?;
        }
        // Never wrapped: it is there to be copied.
        let ink = if option.is_whole {
            Ink::Copy
        } else {
            Ink::Plain
        };
        page.line(ink, &option.text)?;
        if !option.says.is_empty() {
            page.item((Ink::Plain, "      "), (Ink::Faint, &option.says))?;
        }
    }
    Ok(())
}

pub(super) fn message<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    let rows = findings::message(analysis);
    if rows.is_empty() {
        return Ok(());
    }
    page.section("Message")?;
    for (label, value) in rows {
        page.item(
            (Ink::Faint, &format!("  {label:11}  ")),
            (Ink::Plain, &value),
        )?;
    }
    Ok(())
}

pub(super) fn evidence<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    let items = &analysis.evidence;
    let lines = items.iter().map(|item| item.line.to_string().len());
    let lines = lines.max().unwrap_or(0);
    let kinds = items.iter().map(|item| item.kind.as_str().len());
    let kinds = kinds.max().unwrap_or(0);
    for (attested, ink, title) in [
        (
            true,
            Ink::Plain,
            "Evidence attested by the recipient's side [where it points]",
        ),
        (false, Ink::Faint, "Evidence only claimed [where it points]"),
    ] {
        let facts = findings::evidence(analysis, attested);
        if !facts.is_empty() {
            page.section(title)?;
        }
        for fact in facts {
            let (line, kind) = (fact.line, fact.kind.as_str());
            let label = format!("  line {line:lines$}  {kind:kinds$}  ");
            let says = match fact.points_to {
                Some(route) => format!("{} [{route}]", fact.says),
                None => fact.says,
            };
            page.item((Ink::Faint, &label), (ink, &says))?;
        }
    }
    Ok(())
}

pub(super) fn warnings<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    let warnings = findings::warnings(analysis);
    if warnings.is_empty() {
        return Ok(());
    }
    page.section(findings::warnings_title(analysis.outcome))?;
    let lines = Gutter::of(warnings.iter().map(|(_, warning)| warning.line));
    let codes = warnings.iter().map(|(code, _)| code.as_str().len());
    let codes = codes.max().unwrap_or(0);
    for (code, warning) in &warnings {
        let line = lines.label(warning.line);
        page.put(Ink::Faint, &format!("  {line}"))?;
        let code = format!("{:codes$}  ", code.as_str());
        let indent = lines.width() + 2;
        page.item_at(indent, (Ink::Doubt, &code), (Ink::Plain, &warning.says))?;
    }
    Ok(())
}

/// The column with the lines of the input: as wide as its widest and a gap, absent where there is none.
struct Gutter(usize);

impl Gutter {
    fn of(lines: impl Iterator<Item = Option<u32>>) -> Self {
        Self(
            lines
                .flatten()
                .map(|line| line.to_string().len())
                .max()
                .unwrap_or(0),
        )
    }

    fn width(&self) -> usize {
        if self.0 == 0 {
            0
        } else {
            "line   ".len() + self.0
        }
    }

    fn label(&self, line: Option<u32>) -> String {
        match line {
            Some(line) => format!("line {line:>width$}  ", width = self.0),
            None => " ".repeat(self.width()),
        }
    }
}
