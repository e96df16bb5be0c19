//! Inputs into analyses, in their order, on a thread that may block. Bounded in messages and in
//! what is made of them, and given up where nobody waits any more.

use std::hash::RandomState;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use smarthop::analysis::{Source, SourceFormat};
use smarthop::redact::Redactor;
use smarthop::{Analysis, Expectation, RawMessage, Repair, analyze_message};

use super::options::{Ask, Loaded};
use super::refusal::Refusal;
use super::request::{Asked, Input};
use super::{ANSWER_MAX, Server, UNPACKED_MAX};
use crate::run::analyze_section;
use crate::sources::{self, Content, OpenMbox, Stdin, Trouble};

/// What is made of analyses.
pub(super) trait Answer: Send + 'static {
    /// Takes the next one; there is no header of an input that cannot be read.
    fn take(&mut self, analysis: Analysis, header: Option<&RawMessage<'_>>);

    /// How large it is by now, in bytes.
    fn len(&self) -> usize;
}

/// What came of a request.
pub(super) struct Done<A> {
    pub(super) answer: A,
    /// Several messages, or an mbox, which may hold several.
    pub(super) many: bool,
}

/// Reads, analyses and answers; `max` messages at most.
pub(super) async fn answer<A: Answer>(
    server: &Arc<Server>,
    ask: Ask,
    asked: Asked,
    max: u64,
    answer: A,
) -> Result<Done<A>, Refusal> {
    let asked_for = server.loaded.expectation(ask, &asked.options)?;
    let worker = server.workers.clone().acquire_owned().await;
    let worker = worker.map_err(|_| Refusal::internal())?;
    // Set when this future is dropped: after too long, or where the connection is gone.
    let given_up = GivenUp::default();
    let seen = given_up.0.clone();
    let server = server.clone();
    let done = tokio::task::spawn_blocking(move || {
        let _worker = worker;
        let mut work = Work {
            loaded: &server.loaded,
            expectation: asked_for.expectation,
            repair: asked_for.repair,
            redactor: asked_for.redact.then(|| redactor(asked.inputs.len() > 1)),
            left: max,
            max,
            given_up: seen,
            answer,
        };
        let mut many = asked.inputs.len() > 1;
        for input in asked.inputs {
            many |= work.input(input)?;
        }
        if work.left == max {
            let says = "no message found in what was sent";
            return Err(Refusal::bad("no-message", says));
        }
        let answer = work.answer;
        Ok(Done { answer, many })
    });
    done.await.map_err(|_| Refusal::internal())?
}

/// Of messages that are shown together, or of one alone.
fn redactor(many: bool) -> Redactor {
    match many {
        true => Redactor::keyed(RandomState::new()),
        false => Redactor::numbered(),
    }
}

#[derive(Default)]
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Work<'s, A> {
    loaded: &'s Loaded,
    expectation: Expectation,
    repair: Repair,
    redactor: Option<Redactor>,
    /// How many messages may still come, of how many.
    left: u64,
    max: u64,
    given_up: Arc<AtomicBool>,
    answer: A,
}

impl<A: Answer> Work<'_, A> {
    /// One input; tells whether it was an mbox.
    fn input(&mut self, input: Input) -> Result<bool, Refusal> {
        match input {
            Input::File { name, bytes } => {
                let path = name.clone().unwrap_or_default();
                let source = |message, format| Source {
                    path: name.clone(),
                    message,
                    format,
                };
                match sources::named(Path::new(&path), &bytes, UNPACKED_MAX, self.repair) {
                    Ok(Content::Section(bytes, format, form)) => {
                        let raw = RawMessage::converted(&bytes, form, self.repair);
                        self.message(&raw, source(0, format))?;
                    }
                    Ok(Content::Mbox(mbox)) => {
                        self.mbox(*mbox, |number| source(number, SourceFormat::Mbox))?;
                        return Ok(true);
                    }
                    Err(trouble) => self.trouble(trouble, source(0, SourceFormat::Eml))?,
                }
            }
            Input::Unnamed(bytes) => match sources::unnamed(bytes, UNPACKED_MAX) {
                Ok(Stdin::Paste(bytes, form)) => {
                    let raw = RawMessage::converted(&bytes, form, Repair::Pasted);
                    self.message(&raw, Source::default())?;
                }
                Ok(Stdin::Msg(bytes)) => {
                    let raw = RawMessage::new(&bytes, Repair::Encoding);
                    self.message(&raw, Source::default())?;
                }
                Ok(Stdin::Mbox(mbox)) => {
                    self.mbox(*mbox, |message| Source {
                        message,
                        ..Source::default()
                    })?;
                    return Ok(true);
                }
                Err(trouble) => self.trouble(trouble, Source::default())?,
            },
        }
        Ok(false)
    }

    fn mbox(&mut self, mbox: OpenMbox, source: impl Fn(u64) -> Source) -> Result<(), Refusal> {
        self.redactor = self.redactor.take().map(|_| redactor(true));
        let mut number = 0;
        for message in mbox.messages {
            let message = match message {
                Ok(message) => message,
                Err(error) => return self.trouble(Trouble::from(error), source(number)),
            };
            number = message.number + 1;
            let catalogue = self.loaded.catalogue();
            let analyze = |raw: &RawMessage<'_>| analyze_message(raw, &self.expectation, catalogue);
            let (raw, mut analysis) = analyze_section(&message, mbox.form, self.repair, analyze);
            analysis.source = source(message.number);
            self.give(analysis, Some(&raw))?;
        }
        Ok(())
    }

    fn message(&mut self, raw: &RawMessage<'_>, source: Source) -> Result<(), Refusal> {
        let mut analysis = analyze_message(raw, &self.expectation, self.loaded.catalogue());
        analysis.source = source;
        self.give(analysis, Some(raw))
    }

    fn trouble(&mut self, trouble: Trouble, source: Source) -> Result<(), Refusal> {
        let catalogue = self.loaded.catalogue();
        let mut analysis = smarthop::unreadable(catalogue, trouble.code, trouble.says);
        analysis.source = source;
        self.give(analysis, None)
    }

    fn give(
        &mut self,
        mut analysis: Analysis,
        raw: Option<&RawMessage<'_>>,
    ) -> Result<(), Refusal> {
        if self.given_up.load(Ordering::Relaxed) {
            return Err(Refusal::timeout());
        }
        let Some(left) = self.left.checked_sub(1) else {
            return Err(Refusal::too_many("messages", self.max));
        };
        self.left = left;
        let redacted = self.redactor.as_ref();
        let redacted = redacted.map(|redactor| redactor.redact(&mut analysis, raw));
        let raw = redacted.as_ref().map_or(raw, Option::as_ref);
        self.answer.take(analysis, raw);
        match self.answer.len() > ANSWER_MAX {
            true => Err(Refusal::too_many(
                "MiB of answer",
                (ANSWER_MAX >> 20) as u64,
            )),
            false => Ok(()),
        }
    }
}
