//! An analysis as one line of JSON (contract section 9; RFC 8259, JSON Lines).
//!
//! Every key is always there. Beyond what JSON asks for, everything that a terminal would obey or
//! not show is written as `\uXXXX`: the same value to a parser, and harmless to look at.

use std::io::{self, Write};

use memchr::memchr;
use serde::Serialize;
use serde_json::ser::Formatter;

use super::record::{Report, Tally};
use crate::RawMessage;
use crate::analysis::{Analysis, Summary, SummaryLine};
use crate::printable::is_hostile;

/// Writes one analysis, as one line.
///
/// # Errors
/// Those of `out`.
pub fn json(analysis: &Analysis, out: impl Write) -> io::Result<()> {
    line(analysis, out)
}

/// Writes the counts, as one line: the last one.
///
/// # Errors
/// Those of `out`.
pub fn json_summary(summary: Summary, out: impl Write) -> io::Result<()> {
    line(&SummaryLine::from(summary), out)
}

/// The format: a line a message, and one with the counts where that is wished.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json {
    /// Whether the counts come last.
    pub summary: bool,
}

impl Report for Json {
    fn message(
        &mut self,
        analysis: &Analysis,
        _header: Option<&RawMessage<'_>>,
        part: &mut Vec<u8>,
    ) {
        // Writing to a Vec cannot fail, and the types have no value that JSON has not.
        let _ = json(analysis, part);
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        match self.summary {
            true => json_summary(tally.summary, out),
            false => Ok(()),
        }
    }
}

fn line(value: &impl Serialize, mut out: impl Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Harmless);
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

const DEL: u8 = 0x7f;

/// serde_json's compact form, with hostile characters escaped too.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + Write,
    {
        // The controls below the space are serde_json's to escape, before it asks for a fragment.
        let is_plain = |text: &str| text.is_ascii() && memchr(DEL, text.as_bytes()).is_none();
        if is_plain(fragment) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(|char| char >= char::from(DEL) && is_hostile(char)) {
            let (safe, hostile) = rest.split_at(at);
            writer.write_all(safe.as_bytes())?;
            let mut chars = hostile.chars();
            if let Some(char) = chars.next() {
                let mut units = [0; 2];
                for unit in char.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::analysis::Outcome;
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
