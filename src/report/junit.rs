//! Records as JUnit XML, for what shows test results: one test case a message, in classes by
//! folder.
//!
//! `fail` and `inconclusive` are failures of that type (`skipped` would read as green); what cannot
//! be analysed is an error. A suite begins with its counts, so cases are kept until there are
//! [`SUITE_CASES`] of them, and then go as a suite: few messages are one suite, and memory does not
//! grow with their number. Counts of the whole, which are optional, are there where there is one.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::record::{Record, Report, Tally};
use super::route::findings;
use crate::RawMessage;
use crate::analysis::{Analysis, Outcome, Source, SourceFormat};
use crate::examine::Detail;
use crate::printable::{markup, printable};

/// How many cases a suite has, of some hundred bytes each.
const SUITE_CASES: u64 = 1000;

/// The format.
#[derive(Debug, Default)]
pub struct JunitReport {
    /// The cases of the suite that is not written yet.
    cases: String,
    counts: Counts,
    /// How many suites are written.
    suites: u64,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    tests: u64,
    failures: u64,
    errors: u64,
}

impl Counts {
    fn attributes(self) -> String {
        let Self {
            tests,
            failures,
            errors,
        } = self;
        format!(r#"tests="{tests}" skipped="0" failures="{failures}" errors="{errors}""#)
    }
}

impl Report for JunitReport {
    fn detail(&self) -> Detail {
        Detail::Verdict
    }

    fn message(
        &mut self,
        _analysis: &Analysis,
        _header: Option<&RawMessage<'_>>,
        _part: &mut Vec<u8>,
    ) {
    }

    fn take(&mut self, record: &Record, _part: &[u8], out: &mut dyn Write) -> io::Result<()> {
        self.counts.tests += 1;
        match record.outcome {
            Outcome::Pass | Outcome::Unchecked => {}
            Outcome::Fail | Outcome::Inconclusive => self.counts.failures += 1,
            Outcome::Error => self.counts.errors += 1,
        }
        case(record, &mut self.cases);
        match self.counts.tests >= SUITE_CASES {
            true => self.suite(None, out),
            false => Ok(()),
        }
    }

    fn end(&mut self, _tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        if self.suites == 0 {
            self.suite(Some(self.counts), out)?;
        } else if self.counts.tests > 0 {
            self.suite(None, out)?;
        }
        out.write_all(b"</testsuites>\n")
    }
}

impl JunitReport {
    /// Writes the cases that there are; `whole` where they are all.
    fn suite(&mut self, whole: Option<Counts>, out: &mut dyn Write) -> io::Result<()> {
        if self.suites == 0 {
            let counts = whole.map_or_else(String::new, |all| format!(" {}", all.attributes()));
            writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
            writeln!(out, r#"<testsuites name="smarthop"{counts}>"#)?;
        }
        self.suites += 1;
        let number = match self.suites {
            1 => String::new(),
            number => format!(" {number}"),
        };
        let counts = std::mem::take(&mut self.counts).attributes();
        writeln!(out, r#"    <testsuite name="smarthop{number}" {counts}>"#)?;
        out.write_all(self.cases.as_bytes())?;
        self.cases.clear();
        writeln!(out, "    </testsuite>")
    }
}

/// Appends one message's case. Writing to a String cannot fail.
fn case(record: &Record, to: &mut String) {
    let (class, name) = class_and_name(&record.source);
    let (class, name) = (markup(&class), markup(&name));
    let _ = write!(to, r#"        <testcase name="{name}" classname="{class}""#);
    let element = match record.outcome {
        Outcome::Pass | Outcome::Unchecked => {
            to.push_str("/>\n");
            return;
        }
        Outcome::Fail | Outcome::Inconclusive => "failure",
        Outcome::Error => "error",
    };
    let error = record.error.as_ref();
    let reason = record.reason.as_ref();
    let says = reason
        .map(|r| r.says.as_str())
        .or(error.map(|e| e.says.as_str()));
    let says = printable(says.unwrap_or_default());
    let says = markup(&says);
    let kind = error.map_or(record.outcome.as_str(), |error| error.code.as_str());
    let kind = markup(kind);
    let _ = write!(
        to,
        ">\n            <{element} message=\"{says}\" type=\"{kind}\""
    );
    let observed = &record.observed;
    match observed.route {
        None => to.push_str("/>\n"),
        Some(route) => {
            to.push('>');
            if let Some(line) = reason.and_then(|reason| reason.line) {
                let _ = write!(to, "line {line}: ");
            }
            let _ = write!(to, "{says}\nobserved: {route}");
            if let Some(host) = observed.host.as_deref() {
                let _ = write!(to, " of {}", markup(&printable(host)));
            }
            for hint in findings::hints(&record.settle) {
                let _ = write!(to, "\nwould settle it: {}", markup(&hint.line()));
            }
            let _ = writeln!(to, "</{element}>");
        }
    }
    to.push_str("        </testcase>\n");
}

/// The folder, with a dot between its parts, and the file's name; of an mbox the number.
fn class_and_name(source: &Source) -> (String, String) {
    let path = printable(source.path.as_deref().unwrap_or("standard input")).replace('\\', "/");
    let dotted = |path: &str| {
        let parts = path
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".");
        parts.collect::<Vec<_>>().join(".")
    };
    let number = format!("message {}", source.message);
    let (class, name) = match (source.format, path.rsplit_once('/')) {
        (SourceFormat::Mbox, _) => (dotted(&path), number),
        (SourceFormat::Stdin, _) => (path, number),
        (_, Some((folder, name))) => (dotted(folder), name.to_owned()),
        (_, None) => (String::new(), path),
    };
    let class = if class.is_empty() {
        "smarthop".to_owned()
    } else {
        class
    };
    (class, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    /// However many messages there are, no more than a suite's cases are kept.
    #[test]
    fn it_streams() {
        let mut report = JunitReport::default();
        let mut out = Vec::new();
        let record = Record::from(sample::failed());
        for _ in 0..2500 {
            report.take(&record, &[], &mut out).expect("memory");
            let kept = report.cases.matches("<testcase ").count();
            assert!(kept < 1000, "{kept}");
        }
        report.end(&Tally::default(), &mut out).expect("memory");
        let text = String::from_utf8(out).expect("UTF-8");
        for suite in [
            r#"<testsuite name="smarthop" tests="1000" skipped="0" failures="1000" errors="0">"#,
            r#"<testsuite name="smarthop 2" tests="1000" skipped="0" failures="1000" errors="0">"#,
            r#"<testsuite name="smarthop 3" tests="500" skipped="0" failures="500" errors="0">"#,
        ] {
            assert!(text.contains(suite), "{suite}");
        }
        assert!(text.contains("<testsuites name=\"smarthop\">\n"), "{text}");
        assert_eq!(text.matches("<testcase ").count(), 2500);
        for end in ["</testsuite>", "</testcase>", "</testsuites>"] {
            let begin = end.replace("</", "<").replace('>', " ");
            assert_eq!(text.matches(end).count(), text.matches(&begin).count());
        }
    }

    #[test]
    fn without_messages_it_is_a_report() {
        let text = written(Vec::new());
        assert!(
            text.contains(r#"<testsuites name="smarthop" tests="0""#),
            "{text}"
        );
        assert!(text.ends_with("</testsuites>\n"), "{text}");
    }

    fn written(analyses: Vec<Analysis>) -> String {
        let mut report = JunitReport::default();
        let mut out = Vec::new();
        for analysis in analyses {
            report
                .take(&Record::from(analysis), &[], &mut out)
                .expect("memory");
        }
        assert!(out.is_empty());
        report.end(&Tally::default(), &mut out).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn every_outcome_has_its_place() {
        let text = written(vec![
            sample::documented(),
            sample::failed(),
            sample::inconclusive(),
            sample::unchecked(),
            sample::unreadable(),
        ]);
        assert!(text.contains(r#"tests="5""#), "{text}");
        assert!(text.contains(r#"failures="2" errors="1""#), "{text}");
        assert!(text.contains(r#"<failure message="#), "{text}");
        assert!(
            text.contains(r#"type="fail""#) && text.contains(r#"type="inconclusive""#),
            "{text}"
        );
        assert!(!text.contains("<skipped"), "{text}");
        assert_eq!(text.matches("<error ").count(), 1, "{text}");
    }

    #[test]
    fn hostile_text_stays_text() {
        let mut analysis = sample::failed();
        analysis.source.path = Some("a\u{1b}]0;\"><testcase>/x&y".to_owned());
        let text = written(vec![analysis, sample::hostile()]);
        assert!(!text.contains('\u{1b}'), "{text}");
        assert_eq!(text.matches("<testcase ").count(), 2, "{text}");
        assert!(text.contains("name=\"x&amp;y\""), "{text}");
    }

    #[test]
    fn classes_are_folders() {
        let of = |path: &str, message, format| {
            class_and_name(&Source {
                path: Some(path.to_owned()),
                message,
                format,
            })
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            of("./mails/in/a.eml", 0, SourceFormat::Eml),
            pair("mails.in", "a.eml")
        );
        assert_eq!(of("a.eml", 0, SourceFormat::Eml), pair("smarthop", "a.eml"));
        assert_eq!(
            of("/x/all.mbox", 7, SourceFormat::Mbox),
            pair("x.all.mbox", "message 7")
        );
    }
}
