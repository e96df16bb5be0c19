//! The verdict: one line, and under it who handed the message to whom and how that is known.

use std::fmt::{self, Write};

use super::layout::{Ink, Page, shorten, width};
use crate::analysis::{Analysis, Outcome};
use crate::report::route::verdict::Verdict;

/// The widest label of the facts, and the gap behind it.
const LABEL: usize = 11;

/// Shorter than this a name is hardly one.
const NAME_MIN: usize = 16;

pub(super) fn render<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    let verdict = Verdict::of(analysis);
    headline(&verdict, page)?;
    if !verdict.facts.is_empty() {
        page.end_line()?;
    }
    for (label, value) in &verdict.facts {
        page.item(
            (Ink::Faint, &format!("  {label:LABEL$}")),
            (Ink::Plain, value),
        )?;
    }
    Ok(())
}

/// The colour of an outcome.
pub(super) const fn ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Pass => Ink::Good,
        Outcome::Fail | Outcome::Error => Ink::Bad,
        Outcome::Inconclusive => Ink::Doubt,
        Outcome::Unchecked => Ink::Title,
    }
}

fn headline<W: Write>(verdict: &Verdict, page: &mut Page<'_, W>) -> fmt::Result {
    let sign = format!("{}  ", verdict.sign);
    if verdict.outcome == Outcome::Error {
        return page.item((Ink::Bad, &sign), (Ink::Plain, &verdict.says));
    }
    let mut says = verdict.says.clone();
    if !verdict.name.is_empty() {
        // Where it cannot stay on the line, it gets the next one for itself.
        let room = page.columns().saturating_sub(width(&sign) + 1);
        let rest = room.saturating_sub(width(&says));
        says.push(' ');
        says.push_str(&shorten(
            &verdict.name,
            if rest < NAME_MIN { room } else { rest },
        ));
    }
    page.item((ink(verdict.outcome), &sign), (Ink::Title, &says))
}
