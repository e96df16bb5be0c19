//! Where records go: to standard output through a format, to standard error, into the counts.

use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use smarthop::analysis::Outcome;
use smarthop::report::{Record, Report, Tally, printable};

use crate::exit;
use crate::output::Stdout;
use crate::progress::Progress;

/// How often results are shown where a bar stands on the same terminal; each time it is drawn anew.
const SHOW_EVERY: Duration = Duration::from_millis(100);

/// What came of one message.
pub(crate) struct Done {
    pub(crate) record: Record,
    /// As the format renders it.
    pub(crate) part: Vec<u8>,
}

pub(crate) struct Sink {
    out: Stdout,
    report: Box<dyn Report>,
    only: Vec<Outcome>,
    pub(crate) progress: Progress,
    tally: Tally,
    skipped: u64,
    trouble: bool,
    /// When results were last shown beside a bar.
    shown: Instant,
}

impl Sink {
    pub(crate) fn new(report: Box<dyn Report>, only: Vec<Outcome>, progress: Progress) -> Self {
        let mut sink = Self {
            out: Stdout::new(),
            report,
            only,
            progress,
            tally: Tally::default(),
            skipped: 0,
            trouble: false,
            shown: Instant::now(),
        };
        let result = sink.report.begin(&mut sink.out);
        sink.note(result);
        sink
    }

    pub(crate) fn take(&mut self, done: &Done) {
        self.tally.count(&done.record);
        self.progress.message();
        if let Some(error) = error_line(&done.record) {
            // What comes before it on standard output shall be seen before it.
            self.flush();
            self.progress.aside(|| tell(&error));
        }
        if self.only.is_empty() || self.only.contains(&done.record.outcome) {
            let result = self.report.take(&done.record, &done.part, &mut self.out);
            self.note(result);
        }
    }

    /// A file that is no message.
    pub(crate) fn skip(&mut self, path: &Path, verbose: bool) {
        self.skipped += 1;
        if verbose {
            self.flush();
            let path = path.to_string_lossy();
            let path = printable(&path);
            self.progress
                .aside(|| say("note", &format!("{path}: is no message and was skipped")));
        }
    }

    /// A share is done: what is there is shown where a bar stands on the same terminal.
    pub(crate) fn share_ends(&mut self) {
        if self.progress.is_shared() && self.shown.elapsed() >= SHOW_EVERY {
            self.flush();
            self.shown = Instant::now();
        }
    }

    fn flush(&mut self) {
        let out = &mut self.out;
        let result = self.progress.aside(|| out.flush());
        self.note(result);
    }

    fn note(&mut self, result: io::Result<()>) {
        if let Err(error) = result
            && !self.trouble
        {
            self.trouble = true;
            let says = "make room, or write elsewhere";
            self.progress.aside(|| {
                tell(&format!(
                    "standard output: cannot be written: {error}: {says}"
                ));
            });
        }
    }

    /// Ends the report, and gives the exit status.
    pub(crate) fn finish(mut self, interrupted: bool, quiet: bool) -> u8 {
        self.progress.end();
        let result = self.report.end(&self.tally, &mut self.out);
        self.note(result);
        self.flush();
        let messages = self.tally.summary.messages;
        if self.skipped > 0 && (!quiet || messages == 0) {
            let (files, are) = match self.skipped {
                1 => ("file", "is no message and was"),
                _ => ("files", "are no messages and were"),
            };
            say("note", &format!("{} {files} {are} skipped", self.skipped));
        }
        if interrupted {
            self.trouble = true;
            say(
                "error",
                &format!("interrupted after {messages} messages: the others were not read"),
            );
        } else if messages == 0 {
            tell("no message found: give a file, or a folder with messages in it");
        }
        exit::status(&self.tally.summary, self.trouble)
    }
}

fn error_line(record: &Record) -> Option<String> {
    let error = record.error.as_ref()?;
    let path = record.source.path.as_deref().unwrap_or("standard input");
    Some(format!("{}: {}", printable(path), printable(&error.says)))
}

/// An error, on standard error; where that is closed, nobody is there to be told.
pub(crate) fn tell(says: &str) {
    say("error", says);
}

/// Something that is no error, on standard error.
#[cfg(feature = "api")]
pub(crate) fn note(says: &str) {
    say("note", says);
}

pub(crate) fn say(kind: &str, says: &str) {
    let _ = writeln!(io::stderr().lock(), "smarthop: {kind}: {says}");
}
