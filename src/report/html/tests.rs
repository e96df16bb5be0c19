#![expect(clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeSet, HashMap};

use scraper::{ElementRef, Html as Page, Selector};

use super::*;
use crate::analysis::{Settle, WarningCode};
use crate::printable::is_hostile;
use crate::report::sample;
use crate::{Catalogue, Expectation, Repair, analyze_message};

/// What must stay text wherever it stands.
const EVIL: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;\u{202e}\u{200b}\u{1}\u{2}`</style>";

const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "link", "style", "script", "body", "main", "header", "footer",
    "article", "section", "div", "span", "p", "a", "b", "bdi", "h1", "h2", "h3", "ol", "ul", "li",
    "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "code",
    "button", "form", "fieldset", "legend", "label", "input", "svg", "circle", "path", "rect",
    "line", "text", "desc",
];

const ATTRIBUTES: &[&str] = &[
    "id",
    "class",
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "rel",
    "href",
    "role",
    "scope",
    "colspan",
    "tabindex",
    "type",
    "value",
    "checked",
    "autocomplete",
    "spellcheck",
    "data-outcome",
    "data-label",
    "data-copy",
    "data-option",
    "data-value",
    "data-filter",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "focusable",
    "viewBox",
    "width",
    "height",
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "d",
    "font-size",
    "text-anchor",
];

fn page(messages: &[(&Analysis, Option<&RawMessage<'_>>)], many: bool) -> String {
    let (mut report, mut tally, mut out) = (Html::new(many), Tally::default(), Vec::new());
    report.begin(&mut out).expect("memory");
    for (analysis, header) in messages {
        let mut part = Vec::new();
        report.message(analysis, *header, &mut part);
        let record = Record::from((*analysis).clone());
        tally.count(&record);
        report.take(&record, &part, &mut out).expect("memory");
    }
    report.end(&tally, &mut out).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

fn text(element: ElementRef<'_>) -> String {
    let words: Vec<_> = element.text().flat_map(str::split_whitespace).collect();
    words.join(" ")
}

/// Checks what holds of every page, whatever is in it.
fn sound(name: &str, source: &str) -> Page {
    let page = Page::parse_document(source);
    assert!(page.errors.is_empty(), "{name}: {:?}", page.errors);
    let hostile = source
        .chars()
        .find(|char| *char != '\n' && is_hostile(*char));
    assert_eq!(hostile, None, "{name}");
    let mut ids = BTreeSet::new();
    let mut scripts = 0;
    for element in page.select(&selector("*")) {
        let tag = element.value().name();
        assert!(ELEMENTS.contains(&tag), "{name}: <{tag}>");
        scripts += usize::from(tag == "script");
        for (attribute, value) in element.value().attrs() {
            assert!(
                ATTRIBUTES.contains(&attribute),
                "{name}: {attribute}={value}"
            );
            assert!(!value.contains("://"), "{name}: {attribute}={value}");
        }
        if let Some(id) = element.value().id() {
            assert!(ids.insert(id.to_owned()), "{name}: #{id} twice");
        }
    }
    assert_eq!(scripts, 1, "{name}");
    for element in page.select(&selector("[href], [aria-labelledby]")) {
        let value = element.value();
        if let Some(href) = value.attr("href").filter(|href| *href != "data:,") {
            let target = href.strip_prefix('#').expect("a link within the page");
            assert!(ids.contains(target), "{name}: {href}");
        }
        for id in value
            .attr("aria-labelledby")
            .unwrap_or_default()
            .split_whitespace()
        {
            assert!(ids.contains(id), "{name}: {id}");
        }
    }
    let headings = selector("h1, h2, h3, h4");
    let levels = page
        .select(&headings)
        .map(|heading| heading.value().name()[1..].parse());
    let levels: Vec<u8> = levels.map(|level| level.expect("a level")).collect();
    assert_eq!(levels.first(), Some(&1), "{name}");
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "{name}: {levels:?}"
    );
    page
}

/// The documented sample as it is analysed, and its header.
fn documented<R>(then: impl FnOnce(&Analysis, &RawMessage<'_>) -> R) -> R {
    let bytes = include_bytes!("../../../fixtures/documented-sample/message.eml");
    analysed(bytes, then)
}

fn analysed<R>(bytes: &[u8], then: impl FnOnce(&Analysis, &RawMessage<'_>) -> R) -> R {
    let raw = RawMessage::new(bytes, Repair::Encoding);
    let host = "smtp-relay.example.com".parse().expect("a host");
    let analysis = analyze_message(&raw, &Expectation::connector([host]), Catalogue::builtin());
    then(&analysis, &raw)
}

#[test]
fn every_sample_is_a_sound_page_that_says_its_verdict() {
    for (name, analysis) in sample::all() {
        for many in [false, true] {
            let source = page(&[(&analysis, None)], many);
            let page = sound(name, &source);
            let word = page
                .select(&selector(".verdict .word"))
                .next()
                .expect("a word");
            assert_eq!(
                text(word),
                analysis.outcome.as_str().to_uppercase(),
                "{name}"
            );
            assert!(
                word.select(&selector("svg.sign")).next().is_some(),
                "{name}"
            );
            let report = page.select(&selector("article")).next().expect("a report");
            assert_eq!(
                report.value().attr("data-outcome"),
                Some(analysis.outcome.as_str())
            );
        }
    }
}

#[test]
fn the_documented_sample() {
    documented(|analysis, raw| {
        let mut analysis = analysis.clone();
        analysis.source.path = Some("message.eml".to_owned());
        let page = sound("documented", &page(&[(&analysis, Some(raw))], false));
        let blocks = "p, h1, h2, li, dt, dd, th, td:not([colspan]), summary, .line, desc, svg text";
        let blocks = selector(&format!("main :is({blocks})"));
        let blocks = page.select(&blocks);
        let lines: Vec<_> = blocks
            .map(|block| format!("{}: {}", block.value().name(), text(block)))
            .collect();
        insta::assert_snapshot!("documented", lines.join("\n"));
    });
}

#[test]
fn a_reason_leads_to_its_line() {
    documented(|analysis, raw| {
        let page = sound("documented", &page(&[(analysis, Some(raw))], false));
        let reason = page
            .select(&selector(".why a.reason"))
            .next()
            .expect("a link");
        assert_eq!(reason.value().attr("href"), Some("#m1-L17"));
        let line = page
            .select(&selector("details.raw [id='m1-L17']"))
            .next()
            .expect("its target");
        assert!(
            text(line).starts_with("17 Received: from sender-id.example.com"),
            "{}",
            text(line)
        );
        assert_eq!(line.value().attr("tabindex"), Some("-1"));
        // Beside each hop its whole field, its own line marked.
        let quotes: Vec<_> = page.select(&selector("tr.more .lines")).map(text).collect();
        assert_eq!(quotes.len(), analysis.hops.len());
        assert!(
            quotes[1].contains("id 4PQsPF43SEm78WdxQ") && quotes[1].contains("19 for <john"),
            "{}",
            quotes[1]
        );
    });
}

#[test]
fn hostile_text_stays_text() {
    let mut analysis = sample::failed();
    let evil = || Some(EVIL.to_owned());
    analysis.message.subject = evil();
    analysis.message.message_id = evil();
    analysis.message.return_path = evil();
    analysis.message.sender = evil();
    for list in [&mut analysis.message.from, &mut analysis.message.to] {
        *list = vec![EVIL.to_owned(); 5];
    }
    analysis.source.path = evil();
    analysis.observed.host = evil();
    analysis.observed.ip = evil();
    analysis.observed.provider = evil();
    analysis.observed.attested_by = evil();
    let connector = analysis
        .expected
        .as_mut()
        .and_then(|expected| expected.connector.as_mut());
    let connector = connector.expect("a connector");
    (connector.name, connector.smart_host) = (evil(), evil());
    analysis.observed.connector = analysis.expected.as_ref().and_then(|e| e.connector.clone());
    analysis.reasons[0].says = EVIL.into();
    analysis.settle = vec![Settle {
        option: EVIL.to_owned(),
        value: Some(EVIL.to_owned()),
        says: EVIL.into(),
    }];
    analysis.evidence = sample::documented().evidence;
    for item in &mut analysis.evidence {
        (item.says, item.field) = (EVIL.into(), EVIL.to_owned());
    }
    analysis.warnings = sample::documented().warnings;
    analysis.warnings[0].says = EVIL.into();
    analysis.warnings[0].code = WarningCode::ChainGap;
    analysis.hops[1].gap = true;
    for hop in &mut analysis.hops {
        let from = hop.from.get_or_insert(crate::analysis::HopFrom {
            helo: None,
            reverse_dns: None,
            reverse_dns_verified: false,
            ip: None,
            ip_valid: false,
        });
        (from.helo, from.reverse_dns, from.ip) = (evil(), Some(format!("{EVIL}.")), evil());
        let by = hop.by.as_mut().expect("a server");
        (by.host, by.ip) = (evil(), evil());
        for text in [
            &mut hop.with,
            &mut hop.id,
            &mut hop.for_,
            &mut hop.envelope_from,
            &mut hop.authenticated_as,
            &mut hop.software,
            &mut hop.date,
        ] {
            *text = evil();
        }
        hop.tls = Some(crate::analysis::TlsInfo {
            version: evil(),
            cipher: evil(),
        });
        hop.raw = EVIL.to_owned();
    }
    let header = format!(
        "{}Subject: {EVIL}\r\n\r\n",
        format!("X-Evil: {EVIL}\r\n\t{EVIL}\r\n").repeat(30)
    );
    let raw = RawMessage::new(header.as_bytes(), Repair::Encoding);
    for many in [false, true] {
        let page = sound(
            "hostile",
            &page(
                &[(&analysis, Some(&raw)), (&analysis, None)][..1 + usize::from(many)],
                many,
            ),
        );
        let shown = text(page.root_element());
        let kept = shown.matches("<script>alert(1)</script>").count();
        assert!(kept > 60, "{kept}");
    }
}

#[test]
fn a_field_of_a_mebibyte_is_cut() {
    let long = format!(
        "Received: from a ({} [192.0.2.1]) by mx.example.net; Mon, 2 Jun 2025 09:15:10 +0000\r\n\
         Subject: {}\r\n{}From: <a@example.com>\r\n\r\n",
        "<b>".repeat(200_000),
        "\u{202e}x".repeat(350_000),
        " folded\r\n".repeat(100_000),
    );
    assert!(long.len() > 2 << 20);
    analysed(long.as_bytes(), |analysis, raw| {
        let source = page(&[(analysis, Some(raw))], false);
        sound("long", &source);
        assert!(source.len() < 6 << 20, "{}", source.len());
        assert!(source.contains(" more characters") && source.contains(" lines"));
    });
}

#[test]
fn thousands_of_hops_are_counted() {
    let mut analysis = sample::documented();
    let template = analysis.hops[0].clone();
    let hops = (1..=5000).map(|number| {
        let mut hop = template.clone();
        (hop.number, hop.line) = (number, number);
        hop
    });
    analysis.hops = hops.collect();
    analysis.observed.hop = Some(30);
    let page = sound("many hops", &page(&[(&analysis, None)], false));
    let rows = page.select(&selector(".hops tbody tr.is-deciding")).count();
    assert_eq!(rows, 1);
    let shown = text(page.root_element());
    assert!(shown.contains("9 older and 4691 newer hops are not shown."));
    assert!(shown.contains("4931 newer hops are not shown"));
    assert_eq!(
        page.select(&selector("svg.picture .head.is-deciding"))
            .count(),
        1
    );
}

#[test]
fn the_policy_allows_what_is_there_and_nothing_else() {
    let source = page(&[(&sample::documented(), None)], false);
    let page = sound("documented", &source);
    let policy = page
        .select(&selector("meta[http-equiv='Content-Security-Policy']"))
        .next();
    let policy = policy
        .and_then(|meta| meta.value().attr("content"))
        .expect("a policy");
    let directives: HashMap<_, _> = policy
        .split(';')
        .filter_map(|part| part.trim().split_once(' '))
        .collect();
    assert_eq!(directives["default-src"], "'none'");
    for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
        let inside = page
            .select(&selector(tag))
            .next()
            .expect("one")
            .text()
            .collect::<String>();
        let digest = Sha256::digest(inside.as_bytes());
        let wanted = format!("'sha256-{}'", BASE64_STANDARD.encode(digest));
        assert_eq!(directives[directive], wanted, "{tag}");
    }
    for strange in [
        "http:",
        "https:",
        "@import",
        "url(",
        "eval(",
        "innerHTML",
        "</",
    ] {
        assert!(
            !STYLE.contains(strange) && !SCRIPT.contains(strange),
            "{strange}"
        );
    }
}

#[test]
fn several_messages_are_written_as_they_come() {
    let (mut report, mut tally, mut out) = (Html::new(true), Tally::default(), Vec::new());
    report.begin(&mut out).expect("memory");
    let mut lengths = vec![out.len()];
    for (_, analysis) in sample::all() {
        let mut part = Vec::new();
        report.message(&analysis, None, &mut part);
        let record = Record::from(analysis);
        tally.count(&record);
        report.take(&record, &part, &mut out).expect("memory");
        assert!(
            out.len() - lengths[lengths.len() - 1] >= part.len(),
            "it is held back"
        );
        lengths.push(out.len());
    }
    report.end(&tally, &mut out).expect("memory");
    let page = sound("batch", &String::from_utf8(out).expect("UTF-8"));
    assert_eq!(page.select(&selector("details.message")).count(), 6);
    let counts: Vec<_> = page.select(&selector(".outcomes li")).map(text).collect();
    assert_eq!(
        counts,
        [
            "1 PASS",
            "1 FAIL",
            "2 INCONCLUSIVE",
            "1 UNCHECKED",
            "1 ERROR"
        ]
    );
    for outcome in Outcome::ALL {
        let row = selector(&format!(
            "details.message[data-outcome='{outcome}'] > summary .word"
        ));
        assert!(
            page.select(&row)
                .all(|word| text(word) == outcome.as_str().to_uppercase())
        );
        assert!(page.select(&row).next().is_some(), "{outcome}");
    }
}

#[test]
fn beyond_a_number_only_cited_lines_of_headers_are_shown() {
    documented(|analysis, header| {
        let most = HEADERS_MAX as usize;
        let source = page(&vec![(analysis, Some(header)); most + 2], true);
        assert!(!source.contains([char::from(PREFIX), char::from(SHRINK)]));
        let page = sound("many", &source);
        let raw: Vec<_> = page.select(&selector(".raw")).collect();
        assert_eq!(raw.len(), most + 2);
        let line = selector(".line");
        let lines: Vec<_> = raw.iter().map(|raw| raw.select(&line).count()).collect();
        assert_eq!(
            lines[0],
            header
                .numbered_lines()
                .filter(|(_, text)| !text.is_empty())
                .count()
        );
        assert_eq!(lines[0], lines[most - 1]);
        assert_eq!(
            lines[most],
            raw[most].select(&selector(".line[id]")).count()
        );
        assert!(text(raw[most]).contains("lines"), "it is said");
        assert!(!text(raw[0]).contains("… "), "nothing is left out");
    });
}

#[test]
fn a_page_of_many_messages_is_bounded() {
    let mut report = Html::new(true);
    let analysis = sample::failed();
    let mut part = Vec::new();
    report.message(&analysis, None, &mut part);
    let record = Record::from(analysis);
    let mut out = Vec::new();
    let most = ROWS_MAX[1] as usize;
    for _ in 0..most + 7 {
        report.take(&record, &part, &mut out).expect("memory");
    }
    report.end(&Tally::default(), &mut out).expect("memory");
    let text = String::from_utf8(out).expect("UTF-8");
    assert!(text.len() < REPORTS_MAX + most * 2000, "{}", text.len());
    assert!(
        text.contains("<div class=\"message is-fail\"")
            && text.contains("<details class=\"message is-fail\"")
    );
    assert!(text.contains("… and 7 more messages"));
}

#[test]
fn a_fragment_is_the_inside_of_a_report() {
    documented(|analysis, raw| {
        let one = fragment(analysis, Some(raw));
        let two = fragment_numbered(analysis, Some(raw), 2);
        assert!(
            one.starts_with("<article class=\"report is-pass\"") && one.ends_with("</article>")
        );
        assert!(one.contains("href=\"#m1-L17\"") && two.contains("href=\"#m2-L17\""));
        let head = format!(
            "<!DOCTYPE html><html><head><title>x</title><script></script></head><body><h1>x</h1>{one}{two}</body></html>"
        );
        sound("fragments", &head);
    });
}

/// Relative luminance and contrast (WCAG 2.2).
fn contrast(a: &str, b: &str) -> f64 {
    let luminance = |colour: &str| {
        let part = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour");
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_text_is_readable_in_both_schemes() {
    let colours = |text: &'static str| -> HashMap<&str, &str> {
        let lines = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "));
        lines
            .map(|(name, value)| (name, value.trim_end_matches(';')))
            .collect()
    };
    let (light, rest) = STYLE
        .split_once("@media screen and (prefers-color-scheme: dark)")
        .expect("both");
    let dark = rest.split_once("*, *::before").expect("its end").0;
    for (scheme, colours) in [("light", colours(light)), ("dark", colours(dark))] {
        for (ink, papers) in [
            (
                "ink",
                &[
                    "paper",
                    "card",
                    "soft",
                    "mark",
                    "good-soft",
                    "bad-soft",
                    "doubt-soft",
                    "calm-soft",
                ][..],
            ),
            ("faint", &["paper", "card", "soft"]),
            (
                "link",
                &[
                    "paper",
                    "card",
                    "soft",
                    "good-soft",
                    "bad-soft",
                    "doubt-soft",
                    "calm-soft",
                ],
            ),
            ("good", &["paper", "card", "good-soft"]),
            ("bad", &["paper", "card", "bad-soft"]),
            ("doubt", &["paper", "card", "doubt-soft"]),
            ("calm", &["paper", "card", "calm-soft"]),
        ] {
            for paper in papers {
                let contrast = contrast(colours[ink], colours[paper]);
                assert!(contrast >= 4.5, "{scheme}: {ink} on {paper}: {contrast:.2}");
            }
        }
    }
}
