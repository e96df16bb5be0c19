//! Records as CSV (RFC 4180, but for line ends that are LF): a line of names, and one a message.
//!
//! For a spreadsheet, which runs what looks like a formula: such a cell gets an apostrophe before
//! it. Every cell is quoted, so that no other separator a spreadsheet may look for splits one.
//! Control characters are escaped, so a message is one line.

use std::borrow::Cow;
use std::io::{self, Write};

use super::record::{Report, connector_name, sender};
use super::route::findings;
use crate::RawMessage;
use crate::analysis::Analysis;
use crate::printable::printable;

const NAMES: [&str; 23] = [
    "path",
    "message",
    "outcome",
    "reason",
    "says",
    "expected_route",
    "expected_connector",
    "observed_route",
    "observed_connector",
    "host",
    "ip",
    "provider",
    "scope",
    "identity",
    "attested",
    "sender",
    "from",
    "message_id",
    "subject",
    "date",
    "warnings",
    "mine",
    "settle",
];

/// The format.
#[derive(Debug, Clone, Copy, Default)]
pub struct Csv;

impl Report for Csv {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&line(&NAMES.map(Cow::Borrowed))?)
    }

    fn message(
        &mut self,
        analysis: &Analysis,
        _header: Option<&RawMessage<'_>>,
        part: &mut Vec<u8>,
    ) {
        // Writing to memory cannot fail, and all lines have the same length.
        if let Ok(line) = line(&cells(analysis)) {
            part.extend_from_slice(&line);
        }
    }
}

fn line(cells: &[Cow<'_, str>]) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    writer.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
    writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))
}

fn cells(analysis: &Analysis) -> [Cow<'_, str>; NAMES.len()] {
    let observed = &analysis.observed;
    let expected = analysis.expected.as_ref();
    let reason = analysis.reasons.first();
    let error = analysis.error.as_ref();
    let connector = |of: Option<&crate::analysis::ConnectorRef>| -> Cow<'_, str> {
        of.and_then(connector_name).unwrap_or_default().into()
    };
    let settle: Vec<String> = findings::settle(analysis)
        .iter()
        .map(findings::Hint::line)
        .collect();
    let warnings: Vec<&str> = analysis
        .warnings
        .iter()
        .map(|warning| warning.code.as_str())
        .collect();
    [
        analysis.source.path.as_deref().unwrap_or("-").into(),
        analysis.source.message.to_string().into(),
        analysis.outcome.as_str().into(),
        reason
            .map(|r| r.code.as_str())
            .or(error.map(|e| e.code.as_str()))
            .unwrap_or_default()
            .into(),
        reason
            .map(|r| r.says.as_str())
            .or(error.map(|e| e.says.as_str()))
            .unwrap_or_default()
            .into(),
        expected
            .map_or("", |expected| expected.route.as_str())
            .into(),
        connector(expected.and_then(|expected| expected.connector.as_ref())),
        observed.route.map_or("", |route| route.as_str()).into(),
        connector(observed.connector.as_ref()),
        observed.host.as_deref().unwrap_or_default().into(),
        observed.ip.as_deref().unwrap_or_default().into(),
        observed.provider.as_deref().unwrap_or_default().into(),
        observed.scope.map_or("", |scope| scope.as_str()).into(),
        observed
            .identity
            .map_or("", |identity| identity.as_str())
            .into(),
        observed
            .attested
            .map_or("", |attested| if attested { "true" } else { "false" })
            .into(),
        sender(analysis).unwrap_or_default().into(),
        analysis.message.from.join(" ").into(),
        analysis
            .message
            .message_id
            .as_deref()
            .unwrap_or_default()
            .into(),
        analysis
            .message
            .subject
            .as_deref()
            .unwrap_or_default()
            .into(),
        analysis.message.date.as_deref().unwrap_or_default().into(),
        warnings.join(" ").into(),
        analysis
            .message
            .mine
            .map_or("", |mine| mine.as_str())
            .into(),
        settle.join("; ").into(),
    ]
    .map(defused)
}

/// A cell that no spreadsheet takes for a formula: those begin with one of a few characters, after
/// blanks perhaps, and in their full-width forms too.
fn defused(cell: Cow<'_, str>) -> Cow<'_, str> {
    let begins = cell
        .trim_start_matches([' ', '\u{a0}', '\u{3000}'])
        .chars()
        .next();
    let runs = begins.is_some_and(|char| {
        matches!(char, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '|' | '%')
            || matches!(
                char,
                '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}' | '\u{2212}'
            )
    });
    let cell = match cell {
        Cow::Borrowed(text) => printable(text),
        Cow::Owned(text) => Cow::Owned(printable(&text).into_owned()),
    };
    // A lone dash, or a path of standard input, is none.
    match runs && cell != "-" {
        true => Cow::Owned(format!("'{cell}")),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn read(analysis: &Analysis) -> Vec<String> {
        let mut bytes = Vec::new();
        Csv.begin(&mut bytes).expect("memory");
        Csv.message(analysis, None, &mut bytes);
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 2);
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        assert_eq!(reader.headers().expect("names"), &NAMES[..]);
        let record = reader
            .records()
            .next()
            .expect("a line")
            .expect("as many cells as names");
        record.iter().map(str::to_owned).collect()
    }

    fn cell<'r>(record: &'r [String], name: &str) -> &'r str {
        let index = NAMES
            .iter()
            .position(|known| *known == name)
            .expect("a name");
        record.get(index).expect("a cell")
    }

    #[test]
    fn every_sample_is_one_line() {
        for (name, analysis) in sample::all() {
            let record = read(&analysis);
            assert_eq!(
                cell(&record, "outcome"),
                analysis.outcome.as_str(),
                "{name}"
            );
        }
        let record = read(&sample::unreadable());
        assert!(!cell(&record, "says").is_empty());
    }

    #[test]
    fn formulas_are_defused() {
        for (subject, expected) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("\t=1", "'\\u{9}=1"),
            ("\r\n=1", "'\\u{d}\\u{a}=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("a;=1,\"=2\"\n=3", "a;=1,\"=2\"\\u{a}=3"),
            ("plain", "plain"),
        ] {
            let mut analysis = sample::documented();
            analysis.message.subject = Some(subject.to_owned());
            assert_eq!(cell(&read(&analysis), "subject"), expected, "{subject:?}");
        }
    }
}
