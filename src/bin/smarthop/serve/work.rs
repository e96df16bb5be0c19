//! Inputs into analyses, in their order, on a thread that may block. Bounded in messages and in
//! what is made of them, and given up where nobody waits any more.

use std::hash::RandomState;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use smarthop::analysis::{Source, SourceFormat};
use smarthop::input::{Kind, Stop};
use smarthop::policy::Vouching;
use smarthop::redact::Redactor;
use smarthop::{Analysis, Detail, RawMessage, Repair};

use super::options::{Meant, Task};
use super::place::Place;
use super::refusal::Refusal;
use super::request::{Asked, Input};
use super::workers::Weight;
use super::{ANSWER_OWN, PAGE_MAX, SECTION_MAX, Server, UNIT, UNPACKED_MAX};
use crate::ahead::{self, Look, Refused};
use crate::examiner::{Examiner, Longest, Message};
use crate::sources::{self, Bounds, Budget, Content, OpenMbox, Trouble};

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
    task: Task,
    asked: Asked,
    max: u64,
    answer: A,
) -> Result<Done<A>, Refusal> {
    let Meant {
        mut expectation,
        repair,
        redact,
    } = server.loaded.meant(task, &asked.options)?;
    // Set when this future is dropped: after too long, or where the connection is gone.
    let given_up = GivenUp::default();
    let seen = given_up.0.clone();
    let weight = weight(&asked.inputs);
    let at = server.clone();
    let done = server.workers.run(weight, move || {
        let mut reading = Reading {
            bounds: Bounds {
                unpacked: Budget::new(UNPACKED_MAX),
                window: WINDOW_MAX,
                msg: MSG_MAX,
                held: HELD_MAX,
                stop: Some(seen.clone()),
            },
            repair,
        };
        if let Some(mine) = reading.look(&expectation.mine, &asked.inputs, &seen)? {
            expectation.mine = mine;
            // Read again, and counted anew.
            reading.bounds.unpacked = Budget::new(UNPACKED_MAX);
        }
        let mut many = asked.inputs.len() > 1;
        let mut work = Work {
            server: &at,
            place: asked.place.clone(),
            room: ANSWER_OWN,
            reading,
            examiner: Examiner {
                expectation: &expectation,
                catalogue: at.loaded.catalogue(),
                repair,
                detail: Detail::Full,
                inside: false,
                longest: Some(Longest {
                    bytes: SECTION_MAX,
                    trouble: too_long(),
                }),
                redactor: redact.then(|| redactor(many)),
                quotes: true,
                stop: Stop::from(seen.clone()),
            },
            left: max,
            max,
            given_up: seen,
            answer,
        };
        for input in asked.inputs {
            many |= work.input(&input)?;
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

/// How inputs are read.
struct Reading {
    bounds: Bounds,
    repair: Repair,
}

impl Reading {
    /// What an input is.
    fn content<'i>(&self, input: &'i Input) -> Result<Content<'i>, Trouble> {
        match input {
            Input::File { name, bytes } => {
                let name = Path::new(name.as_deref().unwrap_or_default());
                sources::named(name, bytes, &self.bounds, self.repair)
            }
            Input::Unnamed(bytes) => sources::unnamed(bytes.clone(), &self.bounds),
        }
    }

    /// Looks at all inputs before any is judged, where the user vouches for his own.
    fn look(
        &self,
        mine: &Vouching,
        inputs: &[Input],
        given_up: &AtomicBool,
    ) -> Result<Option<Vouching>, Refusal> {
        let Some(mut look) = Look::of(mine) else {
            return Ok(None);
        };
        for input in inputs {
            if given_up.load(Ordering::Relaxed) {
                return Err(Refusal::timeout());
            }
            let looked = match self.content(input) {
                Ok(Content::Section(section)) => look.at(&section),
                Ok(Content::Mbox(mut mbox)) => {
                    look.at_mbox(&mut mbox, self.repair, |_| ()).map(drop)
                }
                Err(_) => look.at_nothing(),
            };
            looked.map_err(|refused| match refused {
                Refused::Several => Refusal::bad("wrong-option", ahead::SEVERAL),
                Refused::List(_) => Refusal::internal(),
            })?;
        }
        Ok(Some(look.vouching()))
    }
}

struct Work<'s, A> {
    server: &'s Server,
    place: Arc<Place>,
    /// How large the answer may be with the memory that there is for it.
    room: usize,
    reading: Reading,
    examiner: Examiner<'s>,
    /// How many messages may still come, of how many.
    left: u64,
    max: u64,
    given_up: Arc<AtomicBool>,
    answer: A,
}

impl<A: Answer> Work<'_, A> {
    /// One input; tells whether it was an mbox.
    fn input(&mut self, input: &Input) -> Result<bool, Refusal> {
        let (name, alone, several) = match input {
            Input::File { name, .. } => (name.clone(), SourceFormat::Eml, SourceFormat::Mbox),
            Input::Unnamed(_) => (None, SourceFormat::Stdin, SourceFormat::Stdin),
        };
        let source = |message, format| Source {
            path: name.clone(),
            message,
            format,
        };
        match self.reading.content(input) {
            Ok(Content::Section(section)) => {
                let source = source(0, section.format);
                self.examine(&Message::Alone(&section), source)?;
            }
            Ok(Content::Mbox(mbox)) => {
                self.mbox(*mbox, |number| source(number, several))?;
                return Ok(true);
            }
            Err(trouble) => self.examine(&Message::Unread(trouble), source(0, alone))?,
        }
        Ok(false)
    }

    fn mbox(&mut self, mbox: OpenMbox, source: impl Fn(u64) -> Source) -> Result<(), Refusal> {
        let personal = self.examiner.redactor.take();
        self.examiner.redactor = personal.map(|_| redactor(true));
        let mut number = 0;
        for message in mbox.messages {
            let message = match message {
                Ok(message) => message,
                Err(error) => {
                    let trouble = Message::Unread(Trouble::from(error));
                    return self.examine(&trouble, source(number));
                }
            };
            number = message.number + 1;
            let source = source(message.number);
            self.examine(&Message::OfMbox(&message, mbox.form), source)?;
        }
        Ok(())
    }

    fn examine(&mut self, message: &Message<'_>, source: Source) -> Result<(), Refusal> {
        if self.given_up.load(Ordering::Relaxed) {
            return Err(Refusal::timeout());
        }
        let Some(left) = self.left.checked_sub(1) else {
            return Err(Refusal::too_many("messages", self.max));
        };
        self.left = left;
        let answer = &mut self.answer;
        let take = |analysis: Analysis, raw: Option<&RawMessage<'_>>| answer.take(analysis, raw);
        self.examiner.examine(message, source, take);
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

fn too_long() -> Trouble {
    Trouble {
        code: "too-large",
        says: format!(
            "the header section is longer than {} KiB: use `smarthop check` on the file",
            SECTION_MAX >> 10
        ),
    }
}
