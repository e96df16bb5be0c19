//! A job, done: inputs into records, in the order of the inputs whatever the number of threads.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::panic;
use std::thread;

use smarthop::analysis::{Analysis, Outcome, Summary};
use smarthop::report::printable;
use smarthop::{RawMessage, Repair, analyze_message};

use crate::config::Job;
use crate::exit;
use crate::output::Stdout;
use crate::sources::Input;

/// How many inputs a thread takes at a time: enough that starting threads does not count, few
/// enough that results come early and memory stays small.
const SHARE: usize = 128;

/// What came of one input.
struct Record {
    outcome: Outcome,
    /// For standard output.
    text: Vec<u8>,
    /// For standard error.
    error: Option<String>,
}

/// Does the job and returns its exit status.
pub(crate) fn run(mut job: Job) -> u8 {
    let inputs = std::mem::take(&mut job.inputs);
    if inputs.iter().any(|input| matches!(input, Input::Stdin)) {
        prompt();
    }
    let mut sink = Sink {
        out: Stdout::new(),
        summary: Summary::default(),
        trouble: false,
    };
    if job.threads == 1 || inputs.len() < SHARE {
        for input in inputs {
            let record = record(&job, input);
            sink.take(record);
        }
    } else {
        side_by_side(&job, inputs, &mut sink);
    }
    if job.summary {
        let last = job.format.summary(&sink.summary);
        sink.write(&last);
    }
    sink.finish()
}

fn side_by_side(job: &Job, inputs: Vec<Input>, sink: &mut Sink) {
    let mut inputs = inputs.into_iter();
    loop {
        let mut shares: Vec<Vec<Input>> = Vec::with_capacity(job.threads);
        for _ in 0..job.threads {
            let share: Vec<Input> = inputs.by_ref().take(SHARE).collect();
            if !share.is_empty() {
                shares.push(share);
            }
        }
        if shares.is_empty() {
            return;
        }
        let records: Vec<Vec<Record>> = thread::scope(|scope| {
            let work: Vec<_> = shares
                .into_iter()
                .map(|share| {
                    scope.spawn(move || share.into_iter().map(|input| record(job, input)).collect())
                })
                .collect();
            let done = work.into_iter().map(|work| work.join());
            done.map(|share| share.unwrap_or_else(|cause| panic::resume_unwind(cause)))
                .collect()
        });
        records
            .into_iter()
            .flatten()
            .for_each(|record| sink.take(record));
    }
}

/// One input, read, analysed and rendered.
fn record(job: &Job, input: Input) -> Record {
    let source = input.source();
    let repair = match &input {
        Input::Stdin => Repair::Pasted,
        Input::File(_) | Input::Nothing(..) => job.repair_files,
    };
    let mut analysis = match input.read() {
        Ok(bytes) => {
            let raw = RawMessage::new(&bytes, repair);
            analyze_message(&raw, &job.expectation, &job.catalogue)
        }
        Err(trouble) => smarthop::unreadable(&job.catalogue, trouble.code, trouble.says),
    };
    analysis.source = source;
    Record {
        outcome: analysis.outcome,
        error: error_line(&analysis),
        text: job.format.message(&analysis),
    }
}

fn error_line(analysis: &Analysis) -> Option<String> {
    let error = analysis.error.as_ref()?;
    let path = analysis.source.path.as_deref().unwrap_or("standard input");
    Some(format!("{}: {}", printable(path), printable(&error.says)))
}

/// Where records go, and what is remembered of them.
struct Sink {
    out: Stdout,
    summary: Summary,
    trouble: bool,
}

impl Sink {
    fn take(&mut self, record: Record) {
        self.summary.count(record.outcome);
        if let Some(error) = &record.error {
            // What comes before it on standard output shall be seen before it.
            self.flush();
            tell(error);
        }
        self.write(&record.text);
    }

    fn write(&mut self, bytes: &[u8]) {
        let result = self.out.write(bytes);
        self.note(result);
    }

    fn flush(&mut self) {
        let result = self.out.flush();
        self.note(result);
    }

    fn note(&mut self, result: io::Result<()>) {
        if let Err(error) = result
            && !self.trouble
        {
            self.trouble = true;
            tell(&format!(
                "standard output: cannot be written: {error}: make room, or write elsewhere"
            ));
        }
    }

    fn finish(mut self) -> u8 {
        self.flush();
        exit::status(&self.summary, self.trouble)
    }
}

/// An error, on standard error; where that is closed, nobody is there to be told.
pub(crate) fn tell(says: &str) {
    let _ = writeln!(io::stderr().lock(), "smarthop: error: {says}");
}

/// On a terminal: what to paste, and how to end.
fn prompt() {
    if !io::stdin().is_terminal() {
        return;
    }
    let end: Cow<'_, str> = if cfg!(windows) {
        "Ctrl-Z and Enter".into()
    } else {
        "Ctrl-D".into()
    };
    let _ = writeln!(
        io::stderr().lock(),
        "Paste the whole header of the received message (\"show original\", \"view source\"), from \
         its first line on.\nThen press Enter and end with {end}."
    );
}
