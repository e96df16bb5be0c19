//! Records as JUnit XML, for what shows test results: one test case a message, in classes by
//! folder.
//!
//! `fail` and `inconclusive` are failures of that type (`skipped` would read as green); what cannot
//! be analysed is an error. The file begins with its counts, so it is put together in memory, some
//! hundred bytes a message, and written at the end.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::record::{Record, Report, Tally};
use super::route::findings;
use super::sanitize::printable;
use crate::RawMessage;
use crate::analysis::{Analysis, Outcome, Source, SourceFormat};
use crate::examine::Detail;

/// The format.
#[derive(Debug)]
pub struct JunitReport {
    suite: TestSuite,
}

impl Default for JunitReport {
    fn default() -> Self {
        Self {
            suite: TestSuite::new("smarthop"),
        }
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

    fn take(&mut self, record: &Record, _part: &[u8], _out: &mut dyn Write) -> io::Result<()> {
        let (class, name) = class_and_name(&record.source);
        let mut case = TestCase::new(name, status(record));
        case.set_classname(class);
        self.suite.add_test_case(case);
        Ok(())
    }

    fn end(&mut self, _tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        let mut report = Junit::new("smarthop");
        report.add_test_suite(std::mem::replace(
            &mut self.suite,
            TestSuite::new("smarthop"),
        ));
        report
            .serialize(out)
            .map_err(|error| io::Error::other(error.to_string()))
    }
}

fn status(record: &Record) -> TestCaseStatus {
    let kind = match record.outcome {
        Outcome::Pass | Outcome::Unchecked => return TestCaseStatus::success(),
        Outcome::Fail | Outcome::Inconclusive => NonSuccessKind::Failure,
        Outcome::Error => NonSuccessKind::Error,
    };
    let mut status = TestCaseStatus::non_success(kind);
    let error = record.error.as_ref();
    let reason = record.reason.as_ref();
    let says = reason
        .map(|r| r.says.as_str())
        .or(error.map(|e| e.says.as_str()));
    status.set_type(error.map_or(record.outcome.as_str(), |error| error.code.as_str()));
    status.set_message(printable(says.unwrap_or_default()));
    let observed = &record.observed;
    let host = observed
        .host
        .as_deref()
        .map(|host| format!(" of {}", printable(host)));
    if let Some(route) = observed.route {
        let line = reason
            .and_then(|reason| reason.line)
            .map(|line| format!("line {line}: "));
        let mut description = format!(
            "{}{}\nobserved: {route}{}",
            line.unwrap_or_default(),
            printable(says.unwrap_or_default()),
            host.unwrap_or_default()
        );
        for hint in findings::hints(&record.settle) {
            description.push_str("\nwould settle it: ");
            description.push_str(&hint.line());
        }
        status.set_description(description);
    }
    status
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
