//! From what the command line names to messages' header sections: `walk.rs` finds the files,
//! `open.rs` tells what each of them is and undoes compression, `section.rs` reads no more of a
//! message than its header section. Knows nothing of what a header means.

mod bounds;
#[cfg(feature = "serve")]
mod memory;
mod open;
mod section;
mod walk;

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

use smarthop::Repair;
use smarthop::analysis::SourceFormat;
use smarthop::input::Form;

#[cfg(feature = "serve")]
pub(crate) use bounds::Bounds;
#[cfg(feature = "serve")]
pub(crate) use bounds::Budget;
#[cfg(feature = "serve")]
pub(crate) use memory::{named, unnamed};
pub(crate) use open::{Entry, OpenMbox, Reader, open_mbox, stdin};
#[cfg(feature = "mail")]
pub(crate) use walk::Mail;
pub(crate) use walk::{Listed, Root, Walk};

/// One message, or its header section, perhaps with something behind it.
#[derive(Debug)]
pub(crate) struct Section<'b> {
    pub(crate) bytes: Cow<'b, [u8]>,
    pub(crate) format: SourceFormat,
    /// How it was written down, where that was undone.
    pub(crate) form: Form,
    /// What of it is repaired.
    pub(crate) repair: Repair,
}

/// What an input turned out to be.
pub(crate) enum Content<'b> {
    Section(Section<'b>),
    /// Messages to be split.
    Mbox(Box<OpenMbox>),
}

/// Why an input cannot be analysed.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    /// A stable word.
    pub(crate) code: &'static str,
    /// What, and what would help.
    pub(crate) says: String,
}

impl Trouble {
    fn new(code: &'static str, says: &str) -> Self {
        Self {
            code,
            says: says.to_owned(),
        }
    }

    pub(crate) fn carries_none() -> Self {
        Self::new(
            "no-message-inside",
            "carries no other message as an attachment: leave out --inside to look at itself",
        )
    }

    #[cfg(feature = "mail")]
    pub(crate) fn of_mailbox(says: &str) -> Self {
        Self::new("unreadable", &format!("cannot be read: {says}"))
    }

    #[cfg(feature = "mail")]
    pub(crate) fn empty_mailbox() -> Self {
        let says = "no message found: give another folder, or an earlier --since";
        Self::new("no-message", says)
    }

    pub(crate) fn changed() -> Self {
        Self::new(
            "changed",
            "changed while it was read, so the result would be of no one message: run again",
        )
    }
}

/// What there may be to read.
#[derive(Debug)]
pub(crate) enum Found {
    /// Standard input.
    Stdin,
    /// A file.
    File(Item),
    /// A path in which there is nothing to read.
    Nothing(PathBuf, Trouble),
    /// A message of a mailbox on a server.
    #[cfg(feature = "mail")]
    Mail(Fetched),
}

/// A message's header section as a server gave it.
#[cfg(feature = "mail")]
#[derive(Debug)]
pub(crate) struct Fetched {
    /// The mailbox's URL, with what tells the message from others.
    pub(crate) path: PathBuf,
    pub(crate) header: Vec<u8>,
}

#[cfg(feature = "mail")]
impl Fetched {
    pub(crate) fn section(&self) -> Section<'_> {
        Section {
            bytes: Cow::Borrowed(&self.header),
            format: SourceFormat::Mailbox,
            form: Form::default(),
            repair: Repair::Encoding,
        }
    }
}

/// A file, and how it was found.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) path: PathBuf,
    pub(crate) origin: Origin,
}

/// How a file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It was named: it must be a message.
    Named,
    /// In a folder, where it may be something else.
    Searched,
    /// In a Maildir's `cur` or `new`, where every file is one message.
    Maildir,
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        // The enum is open: whatever is not known here tells what the system says.
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "io::ErrorKind is non-exhaustive"
        )]
        let says = match error.kind() {
            io::ErrorKind::NotFound => {
                "cannot be read: there is no such file: check the path".to_owned()
            }
            io::ErrorKind::PermissionDenied => {
                "cannot be read: permission denied: run as a user who may read it".to_owned()
            }
            // Our own: of what is unpacked, and of text in several encodings.
            io::ErrorKind::FileTooLarge | io::ErrorKind::InvalidData => {
                format!("cannot be read: {error}")
            }
            _ => format!("cannot be read: {error}: try a copy of it"),
        };
        Self {
            code: "unreadable",
            says,
        }
    }
}
