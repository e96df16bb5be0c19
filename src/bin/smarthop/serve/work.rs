//! Inputs into analyses, in their order, on a thread that may block. Bounded in messages and in
//! what is made of them, and given up where nobody waits any more.

use std::hash::RandomState;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use smarthop::analysis::{Source, SourceFormat};
use smarthop::input::{Kind, Stop};
use smarthop::redact::Redactor;
use smarthop::{Analysis, Catalogue, Expectation, RawMessage, Repair, analyze_message};

use super::options::{Ask, Loaded};
use super::place::Place;
use super::refusal::Refusal;
use super::request::{Asked, Input};
use super::workers::Weight;
use super::{ANSWER_OWN, PAGE_MAX, SECTION_MAX, Server, UNIT, UNPACKED_MAX};
use crate::ahead::{self, Look, Refused};
use crate::run::analyze_section;
use crate::sources::{self, Bounds, Budget, Content, OpenMbox, Stdin, Trouble};

/// What is light: a header section or a few, none of which is compressed or an mbox.
const LIGHT_BYTES: usize = 64 << 10;
const LIGHT_INPUTS: usize = 4;

/// The window of Zstandard that every decoder should take (RFC 8878 3.1.1.1.2).
const WINDOW_MAX: u64 = 8 << 20;

/// How much of a compressed Outlook message is taken.
const MSG_MAX: u64 = 16 << 20;

/// How much of one message is held: twice its longest header section for UTF-16, and all that is
/// repaired of a paste.
const HELD_MAX: usize = 4 * SECTION_MAX + 4;

/// What is made of analyses.
pub(super) trait Answer: Send + 'static {
    /// Takes the next one; there is no header of an input that cannot be read.
    fn take(&mut self, analysis: Analysis, header: Option<&RawMessage<'_>>);

    /// How large it is by now, in bytes.
    fn len(&self) -> usize;

    /// How large it may be.
    fn max(&self) -> usize {
        PAGE_MAX
    }
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
    // Set when this future is dropped: after too long, or where the connection is gone.
    let given_up = GivenUp::default();
    let seen = given_up.0.clone();
    let weight = weight(&asked.inputs);
    let at = server.clone();
    let done = server.workers.run(weight, move || {
        let mut work = Work {
            server: &at,
            loaded: &at.loaded,
            place: asked.place.clone(),
            room: ANSWER_OWN,
            bounds: Bounds {
                unpacked: Budget::new(UNPACKED_MAX),
                window: WINDOW_MAX,
                msg: MSG_MAX,
                held: HELD_MAX,
                stop: Some(seen.clone()),
            },
            expectation: asked_for.expectation,
            repair: asked_for.repair,
            redactor: asked_for.redact.then(|| redactor(asked.inputs.len() > 1)),
            left: max,
            max,
            given_up: seen,
            answer,
        };
        let mut many = asked.inputs.len() > 1;
        work.look(&asked.inputs)?;
        // Read again, and counted anew.
        work.bounds.unpacked = Budget::new(UNPACKED_MAX);
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
    done.await.ok_or_else(Refusal::internal)?
}

/// Light is what is short and stays as short as it is.
fn weight(inputs: &[Input]) -> Weight {
    let bytes = inputs.iter().map(|input| match input {
        Input::File { bytes, .. } | Input::Unnamed(bytes) => bytes,
    });
    let length: usize = bytes.clone().map(|bytes| bytes.len()).sum();
    let mut kinds = bytes.map(|bytes| Kind::of(bytes));
    match length <= LIGHT_BYTES
        && inputs.len() <= LIGHT_INPUTS
        && kinds.all(|kind| matches!(kind, Kind::Message | Kind::Other))
    {
        true => Weight::Light,
        false => Weight::Heavy,
    }
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
    server: &'s Server,
    place: Arc<Place>,
    bounds: Bounds,
    /// How large the answer may be with the memory that there is for it.
    room: usize,
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
    /// Looks at all inputs before any is judged, where the user vouches for his own.
    fn look(&mut self, inputs: &[Input]) -> Result<(), Refusal> {
        let Some(mut look) = Look::of(&self.expectation.mine) else {
            return Ok(());
        };
        for input in inputs {
            if self.given_up.load(Ordering::Relaxed) {
                return Err(Refusal::timeout());
            }
            self.look_at(input, &mut look)
                .map_err(|refused| match refused {
                    Refused::Several => Refusal::bad("wrong-option", ahead::SEVERAL),
                    Refused::List(_) => Refusal::internal(),
                })?;
        }
        self.expectation.mine = look.vouching();
        Ok(())
    }

    fn look_at(&self, input: &Input, look: &mut Look) -> Result<(), Refused> {
        let mut mbox = match input {
            Input::File { name, bytes } => {
                let name = name.as_deref().unwrap_or_default();
                match sources::named(Path::new(name), bytes, &self.bounds, self.repair) {
                    Ok(Content::Section(bytes, _, form)) => {
                        return look.at(&bytes, form, self.repair);
                    }
                    Ok(Content::Mbox(mbox)) => mbox,
                    Err(_) => return look.at_nothing(),
                }
            }
            Input::Unnamed(bytes) => match sources::unnamed(bytes.clone(), &self.bounds) {
                Ok(Stdin::Paste(bytes, form)) => return look.at(&bytes, form, Repair::Pasted),
                Ok(Stdin::Msg(bytes)) => {
                    return look.at(&bytes, smarthop::input::Form::default(), Repair::Encoding);
                }
                Ok(Stdin::Mbox(mbox)) => mbox,
                Err(_) => return look.at_nothing(),
            },
        };
        look.at_mbox(&mut mbox, self.repair, |_| ())?;
        Ok(())
    }

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
                match sources::named(Path::new(&path), &bytes, &self.bounds, self.repair) {
                    Ok(Content::Section(bytes, format, form)) => {
                        let raw = RawMessage::converted(&bytes, form, self.repair);
                        let raw = raw.until(self.stop());
                        self.message(&raw, source(0, format))?;
                    }
                    Ok(Content::Mbox(mbox)) => {
                        self.mbox(*mbox, |number| source(number, SourceFormat::Mbox))?;
                        return Ok(true);
                    }
                    Err(trouble) => self.trouble(trouble, source(0, SourceFormat::Eml))?,
                }
            }
            Input::Unnamed(bytes) => match sources::unnamed(bytes, &self.bounds) {
                Ok(Stdin::Paste(bytes, form)) => {
                    let raw = RawMessage::converted(&bytes, form, Repair::Pasted);
                    let raw = raw.until(self.stop());
                    self.message(&raw, Source::default())?;
                }
                Ok(Stdin::Msg(bytes)) => {
                    let raw = RawMessage::new(&bytes, Repair::Encoding);
                    let raw = raw.until(self.stop());
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

    /// Asked once a field of each message.
    fn stop(&self) -> Stop {
        Stop::from(self.given_up.clone())
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
            let analyze = |raw: &RawMessage<'_>| match raw.text.len() < SECTION_MAX {
                true => {
                    let raw = raw.clone().until(self.stop());
                    analyze_message(&raw, &self.expectation, catalogue)
                }
                false => too_long(catalogue),
            };
            let length = message.header.len();
            let (raw, mut analysis) = match length < 2 * SECTION_MAX {
                true => analyze_section(&message, mbox.form, self.repair, analyze),
                // Not decoded, to be told of as what it is below.
                false => (RawMessage::new(b"", self.repair), too_long(catalogue)),
            };
            if raw.text.len() >= SECTION_MAX {
                analysis = too_long(catalogue);
            }
            analysis.source = source(message.number);
            self.give(analysis, Some(&raw.until(self.stop())))?;
        }
        Ok(())
    }

    fn message(&mut self, raw: &RawMessage<'_>, source: Source) -> Result<(), Refusal> {
        if raw.text.len() >= SECTION_MAX {
            let mut analysis = too_long(self.loaded.catalogue());
            analysis.source = source;
            return self.give(analysis, None);
        }
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
        let (length, max) = (self.answer.len(), self.answer.max());
        if length > max {
            return Err(Refusal::too_many("MiB of answer", (max >> 20) as u64));
        }
        while self.room < length {
            let room = self.server.answers.clone().try_acquire_owned();
            self.place.hold(room.map_err(|_| Refusal::busy())?);
            self.room += UNIT;
        }
        Ok(())
    }
}

fn too_long(catalogue: &Catalogue) -> Analysis {
    let says = format!(
        "the header section is longer than {} KiB: use `smarthop check` on the file",
        SECTION_MAX >> 10
    );
    smarthop::unreadable(catalogue, "too-large", says)
}
