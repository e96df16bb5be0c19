//! Several messages: the counts, the filters, a row for each, and the totals.

use maud::{Markup, html};

use super::sign;
use crate::analysis::{Analysis, Outcome};
use crate::printable::{machine_name, printable};
use crate::report::record::{Tally, place, sender};
use crate::report::route::hops::delay;
use crate::report::route::verdict::{Verdict, sign as word};

/// The page's title, and how to come to the totals, which stand behind the messages.
pub(super) fn top() -> Markup {
    html! {
        header.top {
            h1 { "Mail routes" }
            p.note {
                "Each row is a message and opens to its whole report. "
                a href="#totals" { "Go to the totals" }
            }
        }
    }
}

/// They need the script, and are not shown without it.
pub(super) fn filters() -> Markup {
    html! {
        form.filters role="search" aria-label="Filter the messages" {
            fieldset {
                legend { "Show" }
                @for outcome in Outcome::ALL {
                    label class={ "is-" (outcome) } data-filter=(outcome) {
                        input type="checkbox" name="outcome" value=(outcome) checked;
                        " " (outcome) " " span.count {}
                    }
                }
            }
            label.search {
                span { "with the text" }
                input type="search" name="text" autocomplete="off" spellcheck="false";
            }
            p.shown role="status" {}
        }
    }
}

/// What is seen of a message before its report is opened.
pub(super) fn row(analysis: &Analysis) -> Markup {
    let verdict = Verdict::of(analysis);
    html! {
        span.word { (sign(verdict.outcome)) span { (verdict.sign) } }
        span.sentence {
            (verdict.sentence())
            @if let Some(observed) = verdict.observed() { ": " (observed) }
        }
        span.who { bdi { (printable(sender(analysis).unwrap_or("–"))) } }
        span.place { bdi { (printable(&place(&analysis.source))) } }
    }
}

/// How many messages had which outcome.
pub(super) fn counts(tally: &Tally) -> Markup {
    let messages = tally.summary.messages;
    html! {
        section.counts id="summary" tabindex="-1" {
            h2 { (messages) @if messages == 1 { " message" } @else { " messages" } }
            ul.outcomes {
                @for outcome in Outcome::ALL.iter().filter(|outcome| tally.of(**outcome) > 0) {
                    li class={ "is-" (outcome) } {
                        (sign(*outcome))
                        b { (tally.of(*outcome)) }
                        " "
                        span { (word(*outcome)) }
                    }
                }
            }
        }
    }
}

/// What came of all messages.
pub(super) fn totals(tally: &Tally) -> Markup {
    html! {
        section.totals id="totals" tabindex="-1" {
            h2 { "Totals" }
            @if !tally.routes.is_empty() {
                h3 { "Expected and observed" }
                table.stacked role="table" {
                    thead role="rowgroup" {
                        tr role="row" {
                            @for name in ["Expected", "Observed", "Messages"] {
                                th scope="col" role="columnheader" { (name) }
                            }
                        }
                    }
                    tbody role="rowgroup" {
                        @for row in tally.routes_by_count() {
                            tr role="row" {
                                th scope="row" role="rowheader" { (printable(&row.expected_text())) }
                                td role="cell" data-label="Observed" { (printable(&row.observed_text())) }
                                td role="cell" data-label="Messages" { (row.count) }
                            }
                        }
                    }
                }
            }
            @let providers = tally.providers_by_count();
            @if !providers.is_empty() {
                h3 { "Known providers and platforms" }
                dl.facts {
                    @for (provider, count) in providers {
                        div { dt { (machine_name(provider)) } dd { (count) } }
                    }
                }
            }
            @if let Some((hop, source)) = &tally.slowest {
                h3 { "Slowest hop" }
                p {
                    (delay(hop.delay)) " until "
                    bdi.host { (hop.by.as_deref().map_or("an unnamed server".into(), machine_name)) }
                    ", hop " (hop.number)
                    @if !hop.believed { " (claimed)" }
                    " of " bdi { (printable(&place(source))) }
                }
            }
        }
    }
}
