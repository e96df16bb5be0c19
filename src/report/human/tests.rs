use super::layout::width;
use super::*;
use crate::printable::is_hostile;
use crate::report::sample;

fn rendered(analysis: &Analysis, style: Style) -> String {
    let mut out = String::new();
    human(analysis, &style, &mut out).expect("a String takes everything");
    out
}

fn without_colour(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').expect("a colour ends").1;
    }
    plain + rest
}

#[test]
fn samples_at_80_columns() {
    for (name, analysis) in sample::all() {
        insta::assert_snapshot!(name, rendered(&analysis, Style::default()));
    }
}

#[test]
fn nothing_is_wider_than_the_page() {
    for (name, analysis) in sample::all() {
        for columns in [60, 72, 80, 81, 100, 132, 250] {
            let text = rendered(
                &analysis,
                Style {
                    width: columns,
                    colour: false,
                },
            );
            for line in text.lines().filter(|line| !line.starts_with("  --trust")) {
                assert!(
                    width(line) <= columns,
                    "{name} at {columns}: {} {line}",
                    width(line)
                );
            }
        }
    }
}

#[test]
fn nothing_hostile_gets_through() {
    for (name, analysis) in sample::all() {
        let text = rendered(&analysis, Style::default());
        let found = text.chars().find(|char| *char != '\n' && is_hostile(*char));
        assert_eq!(found, None, "{name}");
        let mut out = String::new();
        heading(&analysis.source, &Style::default(), &mut out).expect("a String");
        assert_eq!(out.lines().count(), 1);
        assert!(!out.trim_end_matches('\n').contains(is_hostile), "{name}");
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    for (name, analysis) in sample::all() {
        let plain = rendered(&analysis, Style::default());
        let coloured = rendered(
            &analysis,
            Style {
                width: 80,
                colour: true,
            },
        );
        assert_ne!(plain, coloured, "{name}");
        assert_eq!(plain, without_colour(&coloured), "{name}");
    }
}

#[test]
fn the_verdict_is_the_first_line() {
    for (name, analysis) in sample::all() {
        let text = rendered(&analysis, Style::default());
        let sign = analysis.outcome.as_str().to_uppercase();
        assert!(text.starts_with(&format!("{sign}  ")), "{name}: {text}");
    }
}

#[test]
fn the_summary_leaves_out_what_there_is_not() {
    let mut counts = Summary::default();
    let mut out = String::new();
    counts.count(Outcome::Pass);
    summary(&counts, &Style::default(), &mut out).expect("a String");
    counts.count(Outcome::Pass);
    counts.count(Outcome::Inconclusive);
    summary(&counts, &Style::default(), &mut out).expect("a String");
    assert_eq!(
        out,
        "1 message: 1 pass\n3 messages: 2 pass, 1 inconclusive\n"
    );
}
