//! A mailbox as a probe's recipient has it: IMAP, POP3 or a Maildir. Looked at, and left as it was.
//!
//! Knows nothing of routes: which message is a probe's is told by its token.

pub(crate) mod address;
pub(crate) mod args;
mod imap;
mod maildir;
mod pop3;
mod utf7;

use std::path::PathBuf;

use smarthop::header::HeaderSection;
use smarthop::policy::Vouching;
use smarthop::vouch::Holders;
use smarthop::{RawMessage, Repair};

use crate::secret::Login;
use crate::wire::{Endpoint, Trouble};
pub(crate) use address::{Address, Way};

/// The field of a probe that holds its token beside Message-ID and Subject: relays replace the
/// one, and filters write into the other.
pub(crate) const FIELD: &str = "X-Smarthop-Probe";

/// A header section that a server may send. Longer ones are cut, as the library would.
pub(crate) const HEADER: usize = 1 << 20;

/// Where a mailbox is, and who may read it.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    Imap {
        endpoint: Endpoint,
        login: Login,
        folder: String,
        /// Folders to look into as well; none: those that the server calls so.
        junk: Vec<String>,
    },
    Pop3 {
        endpoint: Endpoint,
        login: Login,
    },
    Maildir {
        path: PathBuf,
        junk: Vec<String>,
    },
}

/// Where a message lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// As people write it; empty where a mailbox has only one.
    pub(crate) folder: String,
    /// Among what is unwanted.
    pub(crate) junk: bool,
    id: Id,
}

/// How a mailbox finds a message again.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Id {
    /// Its folder as the server writes it, that folder's UIDVALIDITY, and the UID.
    Imap(String, u32, u32),
    /// The unique-id.
    Pop3(String),
    Maildir(PathBuf),
}

#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) header: Vec<u8>,
    pub(crate) place: Place,
}

/// What became of a message that was to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deleted {
    Gone,
    /// The server can only take out all that is marked, also what others marked.
    Marked,
}

pub(crate) trait Mailbox {
    /// Remembers what is there, so that only what comes later is looked at.
    fn mark(&mut self) -> Result<(), Trouble>;

    /// What has come since, and holds one of the tokens: with the token's number. What a broken
    /// connection kept from being told is found by the next look.
    fn find(&mut self, tokens: &[&str]) -> Result<Vec<(usize, Found)>, Trouble>;

    /// Deletes one message.
    fn delete(&mut self, place: &Place) -> Result<Deleted, Trouble>;
}

/// Which messages of a mailbox are read.
#[derive(Debug, Clone)]
pub(crate) enum Which {
    Newest(usize),
    /// From that day on, by the server's date.
    Since(jiff::civil::Date),
}

/// The header of one message, and what tells it from the others of its mailbox.
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) header: Vec<u8>,
}

/// Reads messages one after the other, the oldest first.
pub(crate) type Listing = Box<dyn Iterator<Item = Result<Listed, Trouble>> + Send>;

impl Store {
    pub(crate) fn open(&self) -> Box<dyn Mailbox + Send> {
        match self.clone() {
            Self::Imap {
                endpoint,
                login,
                folder,
                junk,
            } => Box::new(imap::Imap::new(endpoint, login, &folder, &junk)),
            Self::Pop3 { endpoint, login } => Box::new(pop3::Pop3::new(endpoint, login)),
            Self::Maildir { path, junk } => Box::new(maildir::Maildir::new(path, junk)),
        }
    }

    /// The messages of a server's mailbox; a Maildir is read as files.
    pub(crate) fn list(&self, which: &Which) -> Result<Listing, Trouble> {
        match self.clone() {
            Self::Imap {
                endpoint,
                login,
                folder,
                ..
            } => imap::list(&endpoint, &login, &folder, which),
            Self::Pop3 { endpoint, login } => pop3::list(&endpoint, &login, which),
            Self::Maildir { path, .. } => Err(Trouble::Answer(format!(
                "{}: give a Maildir as a path",
                path.display()
            ))),
        }
    }

    /// Whether folders beside the one are seen.
    pub(crate) const fn sees_junk(&self) -> bool {
        !matches!(self, Self::Pop3 { .. })
    }
}

/// Which of the tokens this message is the probe of.
fn holder(header: &[u8], tokens: &[&str]) -> Option<usize> {
    let raw = RawMessage::new(header, Repair::Encoding);
    let section = HeaderSection::parse(&raw.text);
    let own = |token: &str| {
        let mut fields = section.fields().iter();
        fields
            .any(|field| field.name.eq_ignore_ascii_case(FIELD) && field.unfolded().trim() == token)
    };
    tokens
        .iter()
        .position(|token| own(token) || vouched(&raw, token))
}

/// By Message-ID or Subject.
fn vouched(raw: &RawMessage<'_>, token: &str) -> bool {
    let mut holders = Holders::of(token);
    holders.look(raw);
    match holders.vouching() {
        Vouching::Sole { holder, .. } => holder.is_some(),
        Vouching::None | Vouching::Every | Vouching::Token(_) => false,
    }
}

/// Names that servers and mail programs give to the folder of what is unwanted, in the languages
/// of theirs, where a server does not say which it is (RFC 6154).
const JUNK: &[&str] = &[
    "junk",
    "spam",
    "junk email",
    "junk e-mail",
    "junk mail",
    "junk-e-mail",
    "bulk mail",
    "bulk",
    "courrier indésirable",
    "indésirables",
    "pourriel",
    "spamverdacht",
    "werbung",
    "correo no deseado",
    "posta indesiderata",
    "lixo eletrônico",
    "ongewenste e-mail",
    "wiadomości-śmieci",
];

fn is_junk(folder: &str) -> bool {
    let last = folder.rsplit(['/', '.']).next().unwrap_or(folder);
    JUNK.contains(&last.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: [&str; 2] = ["0123456789abcdef", "fedcba9876543210"];

    #[test]
    fn a_probe_is_known_by_any_of_its_three_places() {
        for header in [
            "Message-ID: <fedcba9876543210@example.com>\n\n",
            "Message-ID: <other@example.com>\nSubject: [tag] probe fedcba9876543210\n\n",
            "Message-ID: <other@example.com>\nSubject: gone\nx-smarthop-probe: fedcba9876543210\n\n",
        ] {
            assert_eq!(holder(header.as_bytes(), &TOKENS), Some(1), "{header}");
        }
    }

    #[test]
    fn an_answer_to_a_probe_is_none() {
        for header in [
            "Subject: Re: probe fedcba9876543210\nMessage-ID: <1@example.com>\n\n",
            "Subject: Undelivered\nIn-Reply-To: <fedcba9876543210@example.com>\n\n\
             X-Smarthop-Probe: fedcba9876543210\n",
            "X-Smarthop-Probe: fedcba9876543210 and more\n\n",
        ] {
            assert_eq!(holder(header.as_bytes(), &TOKENS), None, "{header}");
        }
    }

    #[test]
    fn junk_is_known_by_its_last_name() {
        for name in ["Junk", "INBOX.Spam", "Mail/Courrier indésirable"] {
            assert!(is_junk(name), "{name}");
        }
        assert!(!is_junk("Junkers") && !is_junk("Spam/keep"));
    }
}
