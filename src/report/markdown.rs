//! Records as Markdown (CommonMark with GitHub's tables), for the summary of a CI job: the counts,
//! what did not pass, and what did.
//!
//! A job's summary may have 1 MiB, so of each kind only the first rows are kept and the others are
//! counted. What stems from a header stands in code spans, in which nothing is a link, a mention or
//! markup; a backtick or a bar in it is escaped.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::record::{Record, Report, Tally, place, sender};
use super::route::findings::{self, Hint};
use crate::RawMessage;
use crate::analysis::{Analysis, Outcome};
use crate::examine::Detail;
use crate::printable::printable;

/// How many rows are kept of what did not pass, and of what did.
const ROWS: [usize; 2] = [850, 150];

/// A longer text is cut: 1,000 rows stay below 1 MiB.
const TEXT_MAX: usize = 160;

/// The format.
#[derive(Debug, Default)]
pub struct Markdown {
    trouble: Rows,
    fine: Rows,
}

#[derive(Debug, Default)]
struct Rows {
    text: Vec<u8>,
    kept: usize,
    all: usize,
}

impl Rows {
    fn take(&mut self, row: &[u8], most: usize) {
        self.all += 1;
        if self.kept < most {
            self.kept += 1;
            self.text.extend_from_slice(row);
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(
            b"| outcome | route | host | sender | message | why | what would settle it |\n",
        )?;
        out.write_all(b"| --- | --- | --- | --- | --- | --- | --- |\n")?;
        out.write_all(&self.text)?;
        match self.all - self.kept {
            0 => Ok(()),
            more => writeln!(out, "\n… and {more} more."),
        }
    }
}

impl Report for Markdown {
    fn detail(&self) -> Detail {
        Detail::Verdict
    }

    fn message(
        &mut self,
        analysis: &Analysis,
        _header: Option<&RawMessage<'_>>,
        part: &mut Vec<u8>,
    ) {
        let route = analysis.observed.route.map_or("–", |route| route.as_str());
        let reason = analysis.reasons.first().map(|reason| reason.says.as_str());
        let says = reason.or(analysis.error.as_ref().map(|error| error.says.as_str()));
        // The likeliest; the whole report has all.
        let hint = findings::settle(analysis).first().map(Hint::line);
        let mut row = format!("| {} | {route} |", sign(analysis.outcome));
        for text in [
            analysis.observed.host.as_deref(),
            sender(analysis),
            Some(place(&analysis.source).as_str()),
            says,
            hint.as_deref(),
        ] {
            let _ = write!(row, " {} |", text.map_or("–".to_owned(), code));
        }
        row.push('\n');
        part.extend_from_slice(row.as_bytes());
    }

    fn take(&mut self, record: &Record, part: &[u8], _out: &mut dyn Write) -> io::Result<()> {
        match record.outcome {
            Outcome::Fail | Outcome::Inconclusive | Outcome::Error => {
                self.trouble.take(part, ROWS[0])
            }
            Outcome::Pass | Outcome::Unchecked => self.fine.take(part, ROWS[1]),
        }
        Ok(())
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "## smarthop: {}\n", headline(tally))?;
        out.write_all(b"| outcome | messages |\n| --- | ---: |\n")?;
        for outcome in Outcome::ALL
            .iter()
            .filter(|outcome| tally.of(**outcome) > 0)
        {
            writeln!(out, "| {} | {} |", sign(*outcome), tally.of(*outcome))?;
        }
        if !tally.routes.is_empty() {
            out.write_all(b"\n| expected | observed | messages |\n| --- | --- | ---: |\n")?;
        }
        for row in tally.routes_by_count() {
            let (expected, observed) = (code(&row.expected_text()), code(&row.observed_text()));
            writeln!(out, "| {expected} | {observed} | {} |", row.count)?;
        }
        if self.trouble.all > 0 {
            out.write_all(b"\n### What did not pass\n\n")?;
            self.trouble.write(out)?;
        }
        if self.fine.all > 0 {
            writeln!(
                out,
                "\n<details><summary>The other {} messages</summary>\n",
                self.fine.all
            )?;
            self.fine.write(out)?;
            out.write_all(b"\n</details>\n")?;
        }
        Ok(())
    }
}

fn headline(tally: &Tally) -> String {
    let messages = tally.summary.messages;
    match messages - tally.summary.pass - tally.summary.unchecked {
        0 if messages == 0 => "no message".to_owned(),
        0 => format!("{messages} of {messages} as expected"),
        trouble => format!("{trouble} of {messages} not as expected"),
    }
}

const fn sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✅ pass",
        Outcome::Fail => "❌ fail",
        Outcome::Inconclusive => "❔ inconclusive",
        Outcome::Unchecked => "unchecked",
        Outcome::Error => "⚠️ error",
    }
}

/// A code span: nothing ends it early, and nothing in it ends the table's cell.
fn code(text: &str) -> String {
    let cut: String = text.chars().take(TEXT_MAX).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    let safe = printable(&cut)
        .replace('`', "\\u{60}")
        .replace('|', "\\u{7c}");
    match safe.trim().is_empty() {
        true => "–".to_owned(),
        false => format!("`{safe}{more}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn written(analyses: Vec<Analysis>) -> String {
        let (mut report, mut tally, mut out) = (Markdown::default(), Tally::default(), Vec::new());
        for analysis in analyses {
            let mut part = Vec::new();
            report.message(&analysis, None, &mut part);
            let record = Record::from(analysis);
            tally.count(&record);
            report.take(&record, &part, &mut out).expect("memory");
        }
        report.end(&tally, &mut out).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn every_outcome_is_told() {
        let text = written(
            sample::all()
                .into_iter()
                .map(|(_, analysis)| analysis)
                .collect(),
        );
        for outcome in Outcome::ALL {
            assert!(
                text.contains(&format!("| {} | ", sign(*outcome))),
                "{outcome}\n{text}"
            );
        }
        let (trouble, fine) = text.split_once("<details>").expect("both");
        assert!(
            trouble.contains("❌ fail | ") && fine.contains("✅ pass | "),
            "{text}"
        );
    }

    #[test]
    fn each_row_has_its_cells_whatever_stands_in_them() {
        let mut analysis = sample::failed();
        analysis.message.from = vec!["a|b`c\\|@team <b>[x](http://x.example)\n| x".to_owned()];
        analysis.expected = None;
        let text = written(vec![analysis, sample::hostile()]);
        for line in text.lines().filter(|line| line.starts_with("| ❌")).skip(1) {
            assert_eq!(line.matches('|').count(), 8, "{line}");
            assert_eq!(line.matches('`').count() % 2, 0, "{line}");
        }
    }

    #[test]
    fn rows_are_bounded() {
        let text = written(vec![sample::failed(); ROWS[0] + 5]);
        assert!(text.contains("… and 5 more."));
        assert!(text.len() < 1 << 20);
    }
}
