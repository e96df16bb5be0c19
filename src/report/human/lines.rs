//! Many messages for people: one line each, and what came of them all.

use std::fmt::{self, Write};

use super::layout::{Ink, Page, Style, pad, shorten, width};
use super::verdict;
use crate::analysis::{Analysis, ObservedRoute};
use crate::printable::{machine_name, printable};
use crate::report::record::{Tally, place, sender};
use crate::report::route::verdict::sign;

/// The longest words of outcomes and routes.
const OUTCOME: usize = 12;
const ROUTE: usize = 9;

/// Of hosts and senders; a longer one is shortened in its middle, so that the columns stand.
const NAME: usize = 32;

/// Renders one message as one line: outcome, route, host, sender, path.
///
/// # Errors
/// Those of `out`.
pub(super) fn line(analysis: &Analysis, style: &Style, out: &mut impl Write) -> fmt::Result {
    let mut page = Page { out, style };
    let outcome = analysis.outcome;
    let word = sign(outcome);
    page.put(verdict::ink(outcome), word)?;
    page.spaces(OUTCOME + 2 - word.len())?;
    let route = analysis.observed.route.map_or("-", ObservedRoute::as_str);
    page.put(Ink::Plain, route)?;
    page.spaces(ROUTE + 2 - route.len())?;
    let host = analysis
        .observed
        .host
        .as_deref()
        .or(analysis.observed.ip.as_deref());
    for name in [host, sender(analysis)] {
        let name = machine_name(name.unwrap_or("-"));
        let shown = shorten(&name, NAME);
        page.put(Ink::Plain, &shown)?;
        page.spaces((NAME + 2).saturating_sub(width(&shown)))?;
    }
    page.line(Ink::Plain, &printable(&place(&analysis.source)))
}

/// Renders what came of all messages: counts by outcome, expected against observed, providers, the
/// slowest hop.
///
/// # Errors
/// Those of `out`.
pub(super) fn tally(tally: &Tally, style: &Style, out: &mut impl Write) -> fmt::Result {
    writeln!(out)?;
    super::summary(&tally.summary, style, out)?;
    let mut page = Page { out, style };
    if !tally.routes.is_empty() {
        page.section("Expected and observed")?;
    }
    let rows = tally.routes_by_count();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (row.expected_text(), row.observed_text(), row.count))
        .collect();
    let room = page.columns().saturating_sub(20) / 2;
    let wide = |of: &mut dyn Iterator<Item = usize>| of.max().unwrap_or(0).min(room);
    let left = wide(&mut rows.iter().map(|row| width(&row.0)));
    let right = wide(&mut rows.iter().map(|row| width(&row.1)));
    for (expected, observed, count) in &rows {
        let expected = machine_name(expected);
        let observed = machine_name(observed);
        let expected = pad(&shorten(&expected, left), left);
        let observed = pad(&shorten(&observed, right), right);
        page.line(
            Ink::Plain,
            &format!("  {expected}  ->  {observed}  {count:>8}"),
        )?;
    }
    if !tally.providers.is_empty() {
        page.section("Handed over by")?;
    }
    for (provider, count) in tally.providers_by_count() {
        page.line(
            Ink::Plain,
            &format!("  {}  {count:>8}", pad(provider, left + right + 6)),
        )?;
    }
    if let Some((hop, source)) = &tally.slowest {
        page.section("Slowest hop")?;
        let by = hop
            .by
            .as_deref()
            .map_or("an unnamed server".into(), machine_name);
        let claimed = if hop.believed { "" } else { " (claimed)" };
        let text = format!(
            "{} s until {by}, hop {}{claimed} of {}",
            hop.delay,
            hop.number,
            printable(&place(source))
        );
        page.item((Ink::Plain, "  "), (Ink::Plain, &text))?;
    }
    Ok(())
}
