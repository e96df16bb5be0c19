//! One message's report: the verdict, why, the picture, the timeline, the hops, the evidence, the
//! warnings and the header.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::quote::Quotes;
use super::{heading, picture, sign, timeline};
use crate::RawMessage;
use crate::analysis::{Analysis, HopInfo, Outcome};
use crate::printable::{machine_name, printable};
use crate::report::record::place;
use crate::report::route::findings::{self, Fact};
use crate::report::route::hops::{Hop, hops};
use crate::report::route::path::{HOPS_MAX, Path, window};
use crate::report::route::verdict::Verdict;

/// So many rows of hops, of evidence and of warnings; the others are counted.
const ROWS_MAX: usize = 300;

/// With more hops than these, the delays stand beside the picture and not below it.
const BESIDE_MIN: usize = 10;

/// `level` is that of the verdict's heading; `prefix` begins each id. What a page of many messages
/// may leave out is marked where it `may_shrink`.
pub(super) fn report(
    analysis: &Analysis,
    header: Option<&RawMessage<'_>>,
    prefix: &str,
    level: u8,
    may_shrink: bool,
) -> Markup {
    let hops = hops(analysis);
    let quotes = Quotes::of(header, prefix, cited(analysis), may_shrink);
    let page = Page {
        analysis,
        hops: &hops,
        quotes: &quotes,
        prefix,
        level: level + 1,
    };
    let outcome = analysis.outcome;
    html! {
        article class={ "report is-" (outcome) } data-outcome=(outcome) {
            (verdict(analysis, level))
            @if outcome == Outcome::Error {
                (page.message())
            } @else {
                div.columns {
                    div.words {
                        (page.why())
                        (page.settle())
                        (page.warnings())
                        (page.message())
                        // A long picture leaves room beside it.
                        @if hops.len() > BESIDE_MIN { (page.timeline()) }
                    }
                    (page.picture())
                }
                @if hops.len() <= BESIDE_MIN { (page.timeline()) }
                (page.hops())
                (page.evidence())
            }
            (page.header())
        }
    }
}

fn verdict(analysis: &Analysis, level: u8) -> Markup {
    let verdict = Verdict::of(analysis);
    html! {
        header.verdict {
            p.word { (sign(verdict.outcome)) span { (verdict.sign) } }
            (heading(level, "sentence", &html! {
                (verdict.says)
                @if !verdict.name.is_empty() { " " span.name { (verdict.name) } }
            }))
            @if !verdict.facts.is_empty() {
                dl.facts {
                    @for (label, value) in &verdict.facts {
                        div { dt { (label) } dd { (value) } }
                    }
                }
            }
        }
    }
}

/// The lines that a finding rests on.
fn cited(analysis: &Analysis) -> BTreeSet<u32> {
    let reasons = analysis.reasons.iter().filter_map(|reason| reason.line);
    let warnings = analysis.warnings.iter().filter_map(|warning| warning.line);
    let lines = reasons
        .chain(warnings)
        .chain(analysis.hops.iter().map(|hop| hop.line));
    lines
        .chain(analysis.evidence.iter().map(|item| item.line))
        .collect()
}

struct Page<'p> {
    analysis: &'p Analysis,
    hops: &'p [Hop<'p>],
    quotes: &'p Quotes<'p>,
    prefix: &'p str,
    level: u8,
}

impl Page<'_> {
    fn title(&self, title: &str) -> Markup {
        heading(self.level, "title", &html! { (title) })
    }

    fn why(&self) -> Markup {
        let reasons = findings::reasons(self.analysis);
        html! {
            @if !reasons.is_empty() {
                section.why {
                    (self.title("Why"))
                    ol.reasons {
                        @for reason in &reasons {
                            li { (self.cited(reason.line, &html! { (reason.says) })) }
                        }
                    }
                }
            }
        }
    }

    /// A sentence and its line, all of it a link to that line.
    fn cited(&self, line: Option<u32>, says: &Markup) -> Markup {
        let inside = html! {
            @if let Some(line) = line { span.cite { "line " (line) } " " }
            span.says { (says) }
        };
        html! {
            @match line.and_then(|line| self.quotes.target(line)) {
                Some(target) => a.reason href=(target) { (inside) },
                None => span.reason { (inside) },
            }
        }
    }

    fn settle(&self) -> Markup {
        let options = findings::settle(self.analysis);
        html! {
            @if !options.is_empty() {
                section.settle {
                    (self.title("What would settle it"))
                    ul.options {
                        @for option in &options {
                            // A page with a form finds its field by these.
                            li data-option=(option.option) data-value=[&option.value] {
                                span.offer {
                                    @if option.is_of_policy { "in the policy: " }
                                    code.ask[!option.is_whole] { (option.text) }
                                    @if option.is_whole {
                                        " "
                                        button.copy type="button" data-copy=(option.text) {
                                            "Copy" span.unseen { " " (option.text) }
                                        }
                                    }
                                }
                                @if !option.says.is_empty() { " " span.when { (option.says) } }
                            }
                        }
                    }
                }
            }
        }
    }

    fn warnings(&self) -> Markup {
        let warnings = findings::warnings(self.analysis);
        html! {
            @if !warnings.is_empty() {
                section.warnings {
                    (self.title(findings::warnings_title(self.analysis.outcome)))
                    ul.reasons {
                        @for (code, warning) in warnings.iter().take(ROWS_MAX) {
                            li {
                                (self.cited(warning.line, &html! {
                                    b.code { (code) } " " (warning.says)
                                }))
                            }
                        }
                    }
                    (more(warnings.len()))
                }
            }
        }
    }

    fn message(&self) -> Markup {
        let rows = findings::message(self.analysis);
        html! {
            section.about {
                (self.title("Message"))
                dl.facts {
                    @for (label, value) in &rows {
                        div { dt { (label) } dd { bdi { (value) } } }
                    }
                    div { dt { "Read from" } dd { bdi { (printable(&place(&self.analysis.source))) } } }
                }
            }
        }
    }

    fn picture(&self) -> Markup {
        let path = Path::of(self.analysis, self.hops);
        html! {
            section.route {
                (self.title("The route"))
                (picture::picture(&path, self.prefix))
            }
        }
    }

    fn timeline(&self) -> Markup {
        let (start, end) = window(self.hops, HOPS_MAX);
        let shown = self.hops.get(start..end).unwrap_or_default();
        html! {
            @if shown.len() > 1 {
                section.delays {
                    (self.title("Delays"))
                    (timeline::timeline(shown, self.hops))
                }
            }
        }
    }

    fn hops(&self) -> Markup {
        let (start, end) = window(self.hops, ROWS_MAX);
        let rows = self.analysis.hops.iter().zip(self.hops);
        let rows = rows.take(end).skip(start);
        let claimed = self.hops.iter().any(|hop| !hop.believed);
        let verified = self.hops.iter().any(|hop| hop.verified);
        html! {
            section.hops {
                (self.title("Hops, from the origin to the delivery"))
                @if self.hops.is_empty() {
                    p { "None: there is no Received field." }
                } @else {
                    table.stacked role="table" {
                        thead role="rowgroup" {
                            tr role="row" {
                                @for name in ["Hop", "Client", "Server", "Protocol", "Time (UTC)", "Delay", "Field"] {
                                    th scope="col" role="columnheader" { (name) }
                                }
                            }
                        }
                        tbody role="rowgroup" {
                            @for (info, hop) in rows { (self.hop(info, hop)) }
                        }
                    }
                    @if end - start < self.hops.len() {
                        p.note { (start) " older and " (self.hops.len() - end) " newer hops are not shown." }
                    }
                    @if verified {
                        p.note {
                            b { "verified" } ": the server looked the client's name up and confirmed it; \
                            any other name is what the client calls itself."
                        }
                    }
                    @if claimed {
                        p.note {
                            b { "claimed" } ": no server of the recipient's side, or that you trust, wrote this."
                        }
                    }
                }
            }
        }
    }

    fn hop(&self, info: &HopInfo, hop: &Hop<'_>) -> Markup {
        let dash = || html! { span.faint { "–" } };
        let more = more_of(info, hop);
        html! {
            tr.is-claimed[!hop.believed].is-deciding[hop.deciding] role="row" {
                th scope="row" role="rowheader" {
                    span.number { (hop.number) }
                    " "
                    @if hop.believed { span.standing { (hop.standing()) } }
                    @else { span.tag.faint { (hop.standing()) } }
                    @if hop.deciding { " " span.tag.strong { "hand-over" } }
                }
                td role="cell" data-label="Client" {
                    @match &hop.client {
                        Some(client) => bdi.host { (client) },
                        None if hop.address.is_none() => (dash()),
                        None => {},
                    }
                    @if let Some(address) = &hop.address { " " span.address { "[" (address) "]" } }
                    @if hop.verified { " " span.tag { "verified" } }
                    @for aside in &hop.asides { span.aside { (aside) } }
                }
                td role="cell" data-label="Server" {
                    @match &hop.server {
                        Some(server) => bdi.host { (server) },
                        None => (dash()),
                    }
                }
                td role="cell" data-label="Protocol" {
                    @match hop.transport().as_str() {
                        "" => (dash()),
                        transport => (transport),
                    }
                }
                td role="cell" data-label="Time (UTC)" {
                    @if let Some(day) = &hop.day { span.day { (day) } " " }
                    @match &hop.time {
                        Some(time) => span.time { (time) },
                        None => (dash()),
                    }
                }
                td role="cell" data-label="Delay" {
                    @match &hop.delay {
                        Some((_, says)) => span.delay { (says) },
                        None => (dash()),
                    }
                }
                td role="cell" data-label="Field" { (self.quotes.cite(hop.line)) }
            }
            tr.more role="row" {
                td role="cell" colspan="7" {
                    details.quote {
                        summary { "The field" span.unseen { " of hop " (hop.number) } }
                        @if !more.is_empty() {
                            dl.facts {
                                @for (label, value) in &more { div { dt { (label) } dd { bdi { (value) } } } }
                            }
                        }
                        @match self.quotes.field(hop.line) {
                            Some(quote) => (quote),
                            None => div.lines { div.line { span.text { "Received: " (cut(&info.raw)) } } },
                        }
                    }
                }
            }
        }
    }

    fn evidence(&self) -> Markup {
        html! {
            @for (attested, title) in [
                (true, "Evidence attested by the recipient's side"),
                (false, "Evidence only claimed"),
            ] {
                @let facts = findings::evidence(self.analysis, attested);
                @if !facts.is_empty() {
                    section.evidence.is-claimed[!attested] {
                        (self.title(title))
                        table.stacked role="table" {
                            thead role="rowgroup" {
                                tr role="row" {
                                    @for name in ["Kind", "What it says", "Points to", "Field"] {
                                        th scope="col" role="columnheader" { (name) }
                                    }
                                }
                            }
                            tbody role="rowgroup" {
                                @for fact in facts.iter().take(ROWS_MAX) { (self.fact(fact)) }
                            }
                        }
                        (more(facts.len()))
                    }
                }
            }
        }
    }

    fn fact(&self, fact: &Fact) -> Markup {
        html! {
            tr role="row" {
                th scope="row" role="rowheader" { (fact.kind) }
                td role="cell" data-label="What it says" {
                    (fact.says)
                    @if let Some(quote) = self.quotes.field(fact.line) {
                        details.quote {
                            summary { "The field" span.unseen { " of " (fact.kind) ", line " (fact.line) } }
                            (quote)
                        }
                    }
                }
                td role="cell" data-label="Points to" {
                    @match fact.points_to {
                        Some(route) => (route),
                        None => span.faint { "–" },
                    }
                }
                td role="cell" data-label="Field" { (self.quotes.cite(fact.line)) }
            }
        }
    }

    fn header(&self) -> Markup {
        html! {
            @if !self.quotes.is_empty() {
                section.header {
                    (self.title("The header"))
                    details.raw {
                        summary { "The header as it was read, with the lines that are cited above marked" }
                        (self.quotes.whole())
                    }
                }
            }
        }
    }
}

/// What a hop's row has no room for.
fn more_of(info: &HopInfo, hop: &Hop<'_>) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| text.as_deref().map(cut);
    let cipher = info.tls.as_ref().and_then(|tls| tls.cipher.as_deref());
    let cipher = cipher
        .map(machine_name)
        .filter(|cipher| Some(cipher) != hop.tls.as_ref());
    let rows = [
        ("Queue id", text(&info.id)),
        ("For", text(&info.for_)),
        ("Envelope from", text(&info.envelope_from)),
        ("Cipher", cipher.map(|cipher| cipher.into_owned())),
        ("Software", text(&info.software)),
    ];
    let rows = rows
        .into_iter()
        .filter_map(|(label, value)| Some((label, value?)));
    rows.collect()
}

/// Printable, and no longer than is worth reading.
fn cut(text: &str) -> String {
    const MOST: usize = 4000;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", printable(text.get(..end).unwrap_or_default())),
        None => printable(text).into_owned(),
    }
}

fn more(count: usize) -> Markup {
    html! {
        @if count > ROWS_MAX { p.note { "… and " (count - ROWS_MAX) " more." } }
    }
}
