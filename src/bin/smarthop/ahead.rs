//! A look at all messages before any is judged, where the user vouches for his own (`--mine`): for
//! one message it must be the only one, and of those that hold a token there must not be two.
//!
//! Files are read twice. Standard input cannot be: of what was looked at, the header sections are
//! kept.

use std::collections::VecDeque;
use std::io;
use std::sync::PoisonError;

use smarthop::input::Form;
use smarthop::input::mbox::MboxMessage;
use smarthop::policy::Vouching;
use smarthop::vouch::Holders;
use smarthop::{RawMessage, Repair};

use crate::config::{Job, Order};
use crate::interrupt;
use crate::sources::{self, Content, Entry, Found, OpenMbox, Reader, Section, Trouble};

/// What `--mine` without a token says of several messages.
pub(crate) const SEVERAL: &str = "--mine is for one message, and here are several: put a token of your own into the Message-ID \
     or the Subject of the one that you sent, and say --mine=TOKEN";

/// Standard input, read already.
pub(crate) enum Kept {
    /// A message.
    Section(Section<'static>),
    /// An mbox that is not split yet.
    Whole(Box<OpenMbox>),
    /// The messages of an mbox, and what ended them.
    Mbox(VecDeque<MboxMessage>, Form, Option<Trouble>),
}

/// Why nothing is judged.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Several messages, and no token.
    Several,
    /// The list of paths cannot be read.
    List(io::Error),
}

/// Looks at the job's messages where that is asked for, and makes of its token what they say.
pub(crate) fn look(job: &mut Job) -> Result<(), Refused> {
    let Some(mut look) = Look::of(&job.expectation.mine) else {
        return Ok(());
    };
    job.inputs = job.inputs.clone().known().map_err(Refused::List)?;
    let walk = job.inputs.clone().walk(Order::Any).map_err(Refused::List)?;
    let mut reader = Reader::default();
    for found in walk {
        if interrupt::came() {
            return Ok(());
        }
        match found {
            Found::File(item) => match reader.read(&item, job.repair_files) {
                Ok(Entry::Section(section)) => look.at(&section)?,
                Ok(Entry::Mbox) => {
                    if let Ok(mut mbox) = sources::open_mbox(&item.path) {
                        look.at_mbox(&mut mbox, job.repair_files, |_| ())?;
                    }
                }
                Ok(Entry::Skipped) => {}
                // Perhaps it can be read next time.
                Err(_) => look.at_nothing()?,
            },
            Found::Nothing(..) => look.at_nothing()?,
            #[cfg(feature = "mail")]
            Found::Mail(mail) => look.at(&mail.section())?,
            Found::Stdin => {
                let kept = look.at_stdin(job.repair_files)?;
                *job.stdin.get_mut().unwrap_or_else(PoisonError::into_inner) = Some(kept);
            }
        }
    }
    job.expectation.mine = look.vouching();
    Ok(())
}

/// What is looked for.
pub(crate) enum Look {
    /// How many messages there are.
    Count(u64),
    /// Which of them hold the token.
    Token(Holders),
}

impl Look {
    /// What there is to look for, if anything.
    pub(crate) fn of(vouching: &Vouching) -> Option<Self> {
        match vouching {
            Vouching::None | Vouching::Sole { .. } => None,
            Vouching::Every => Some(Self::Count(0)),
            Vouching::Token(token) => Some(Self::Token(Holders::of(token))),
        }
    }

    /// What was found, once all was looked at.
    pub(crate) fn vouching(self) -> Vouching {
        match self {
            Self::Count(_) => Vouching::Every,
            Self::Token(holders) => holders.vouching(),
        }
    }

    pub(crate) fn at(&mut self, section: &Section<'_>) -> Result<(), Refused> {
        self.at_bytes(&section.bytes, section.form, section.repair)
    }

    fn at_bytes(&mut self, bytes: &[u8], form: Form, repair: Repair) -> Result<(), Refused> {
        if let Self::Token(holders) = self {
            holders.look(&RawMessage::converted(bytes, form, repair));
        }
        self.at_nothing()
    }

    /// Something that may be a message.
    pub(crate) fn at_nothing(&mut self) -> Result<(), Refused> {
        match self {
            Self::Count(count) => {
                *count += 1;
                if *count > 1 {
                    return Err(Refused::Several);
                }
            }
            Self::Token(_) => {}
        }
        Ok(())
    }

    pub(crate) fn at_mbox(
        &mut self,
        mbox: &mut OpenMbox,
        repair: Repair,
        mut keep: impl FnMut(MboxMessage),
    ) -> Result<Option<Trouble>, Refused> {
        for message in mbox.messages.by_ref() {
            match message {
                Ok(message) => {
                    self.at_bytes(&message.header, mbox.form, repair)?;
                    keep(message);
                }
                Err(error) => return Ok(Some(Trouble::from(error))),
            }
            if interrupt::came() {
                break;
            }
        }
        Ok(None)
    }

    fn at_stdin(&mut self, repair: Repair) -> Result<Result<Kept, Trouble>, Refused> {
        Ok(match sources::stdin() {
            Ok(Content::Section(section)) => {
                self.at(&section)?;
                Ok(Kept::Section(section))
            }
            Ok(Content::Mbox(mut mbox)) => {
                let mut messages = VecDeque::new();
                let trouble = self.at_mbox(&mut mbox, repair, |m| messages.push_back(m))?;
                Ok(Kept::Mbox(messages, mbox.form, trouble))
            }
            Err(trouble) => {
                self.at_nothing()?;
                Err(trouble)
            }
        })
    }
}
