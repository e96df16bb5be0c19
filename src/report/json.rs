//! An analysis as one line of JSON (contract section 9; RFC 8259, JSON Lines).
//!
//! Every key is always there. Beyond what JSON asks for, everything that a terminal would obey or
//! not show is written as `\uXXXX`: the same value to a parser, and harmless to look at.

mod writer;

use std::io::{self, Write};

use serde::Serialize;

use super::record::{Report, Tally};
use crate::analysis::{Analysis, Summary, SummaryLine};
use writer::Writer;

/// Writes one analysis, as one line.
///
/// # Errors
/// Those of `out`.
pub fn json(analysis: &Analysis, mut out: impl Write) -> io::Result<()> {
    let mut text = Vec::new();
    line(analysis, &mut text)?;
    out.write_all(&text)
}

/// Writes the counts, as one line: the last one.
///
/// # Errors
/// Those of `out`.
pub fn json_summary(summary: Summary, mut out: impl Write) -> io::Result<()> {
    let mut text = Vec::new();
    line(&SummaryLine::from(summary), &mut text)?;
    out.write_all(&text)
}

/// The format: a line a message, and one with the counts where that is wished.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json {
    /// Whether the counts come last.
    pub summary: bool,
}

impl Report for Json {
    fn message(&mut self, analysis: &Analysis, part: &mut Vec<u8>) {
        // The types have no value that cannot be written.
        let _ = line(analysis, part);
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        match self.summary {
            true => json_summary(tally.summary, out),
            false => Ok(()),
        }
    }
}

fn line(value: &impl Serialize, out: &mut Vec<u8>) -> io::Result<()> {
    value.serialize(&mut Writer { out })?;
    out.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::analysis::Outcome;
    use crate::report::sanitize::is_hostile;
    use crate::report::{sample, schema};

    fn written(analysis: &Analysis) -> String {
        let mut out = Vec::new();
        json(analysis, &mut out).expect("a Vec takes everything");
        String::from_utf8(out).expect("UTF-8")
    }

    fn assert_valid(line: &str) {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let validator = jsonschema::draft202012::new(&schema()).expect("a schema");
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}\n{line}");
    }

    #[test]
    fn every_sample_is_one_valid_line() {
        for (name, analysis) in sample::all() {
            let line = written(&analysis);
            assert_eq!(line.matches('\n').count(), 1, "{name}");
            assert!(line.ends_with("}\n"), "{name}");
            assert_valid(&line);
        }
    }

    #[test]
    fn a_line_is_what_serde_json_writes() {
        for (name, analysis) in sample::all() {
            let other = serde_json::to_string(&analysis).expect("JSON");
            if !other.contains(is_hostile) {
                assert_eq!(written(&analysis), format!("{other}\n"), "{name}");
            }
        }
    }

    #[test]
    fn the_documented_sample() {
        insta::assert_json_snapshot!("documented-sample", sample::documented());
    }

    #[test]
    fn an_error_keeps_its_keys() {
        let line = written(&sample::unreadable());
        let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(value["outcome"], "error");
        assert!(
            value["observed"]
                .as_object()
                .expect("an object")
                .values()
                .all(|v| v.is_null())
        );
        assert_eq!(value["observed"].as_object().expect("an object").len(), 13);
        assert_eq!(value["message"]["from"], serde_json::json!([]));
        assert_eq!(value["hops"], serde_json::json!([]));
    }

    #[test]
    fn hostile_characters_are_escaped_and_keep_their_value() {
        let mut analysis = sample::documented();
        let hostile = "a\u{1b}[2J\r\n\u{7f}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{e0041}\u{e000}\"\\試験";
        analysis.message.subject = Some(hostile.to_owned());
        let line = written(&analysis);
        assert!(line.contains(
            r#"a\u001b[2J\r\n\u007f\u009b31m\u202e\u2066\u200b\ufeff\u2028\udb40\udc41\ue000\"\\試験"#
        ));
        assert!(!line.trim_end_matches('\n').contains(is_hostile), "{line}");
        let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(value["message"]["subject"], hostile);
    }

    #[test]
    fn the_summary_is_a_valid_line() {
        let mut summary = Summary::default();
        for outcome in Outcome::ALL {
            summary.count(*outcome);
        }
        summary.count(Outcome::Pass);
        let mut out = Vec::new();
        json_summary(summary, &mut out).expect("a Vec takes everything");
        let line = String::from_utf8(out).expect("UTF-8");
        assert_eq!(
            line,
            "{\"schema_version\":1,\"summary\":{\"messages\":6,\"pass\":2,\"fail\":1,\
             \"inconclusive\":1,\"unchecked\":1,\"error\":1}}\n"
        );
        assert_valid(&line);
    }
}
