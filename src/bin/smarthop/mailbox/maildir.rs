//! A Maildir and, as Dovecot and Courier lay them out, its folders of what is unwanted.

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{Deleted, Found, HEADER, Id, Mailbox, Place, holder, is_junk, utf7};
use crate::wire::Trouble;

pub(super) struct Maildir {
    root: PathBuf,
    junk: Vec<String>,
    known: HashSet<String>,
}

impl Maildir {
    pub(super) fn new(root: PathBuf, junk: Vec<String>) -> Self {
        Self {
            root,
            junk,
            known: HashSet::new(),
        }
    }

    /// The folders, and whether each is one of what is unwanted.
    fn folders(&self) -> Result<Vec<(PathBuf, String, bool)>, Trouble> {
        let failed = |error: std::io::Error| {
            Trouble::Connection(format!("{}: {error}", self.root.display()))
        };
        if !self.root.join("new").is_dir() {
            let says = format!("{}: is no Maildir: it has no new/", self.root.display());
            return Err(Trouble::Connection(says));
        }
        let mut all = vec![(self.root.clone(), "INBOX".to_owned(), false)];
        for entry in fs::read_dir(&self.root).map_err(failed)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let folder = utf7::decoded(name.trim_start_matches('.'));
            let is_one = match self.junk.is_empty() {
                true => is_junk(&folder),
                false => self.junk.contains(&folder),
            };
            if is_one {
                all.push((entry.path(), folder, true));
            }
        }
        Ok(all)
    }

    fn messages(&self) -> Result<Vec<(PathBuf, Place)>, Trouble> {
        let mut all = Vec::new();
        for (path, folder, junk) in self.folders()? {
            for part in ["new", "cur"] {
                let Ok(entries) = fs::read_dir(path.join(part)) else {
                    continue;
                };
                for entry in entries.flatten() {
                    let place = Place {
                        folder: folder.clone(),
                        junk,
                        id: Id::Maildir(entry.path()),
                    };
                    all.push((entry.path(), place));
                }
            }
        }
        Ok(all)
    }
}

/// What stays of a name when a reader moves it from `new` to `cur`.
fn base(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split(":2,").next().unwrap_or_default().to_owned()
}

fn header(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(HEADER).unwrap_or(u64::MAX);
    fs::File::open(path)
        .ok()?
        .take(limit)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

impl Mailbox for Maildir {
    fn mark(&mut self) -> Result<(), Trouble> {
        let messages = self.messages()?;
        self.known = messages.iter().map(|(path, _)| base(path)).collect();
        Ok(())
    }

    fn find(&mut self, tokens: &[&str]) -> Result<Vec<(usize, Found)>, Trouble> {
        let mut found = Vec::new();
        for (path, place) in self.messages()? {
            if self.known.contains(&base(&path)) {
                continue;
            }
            // Somebody may have moved it meanwhile: then it comes the next time.
            let Some(header) = header(&path) else {
                continue;
            };
            self.known.insert(base(&path));
            if let Some(number) = holder(&header, tokens) {
                found.push((number, Found { header, place }));
            }
        }
        Ok(found)
    }

    fn delete(&mut self, place: &Place) -> Result<Deleted, Trouble> {
        let Id::Maildir(path) = &place.id else {
            return Err(Trouble::Answer("not of this mailbox".to_owned()));
        };
        // A reader may have moved it from `new` to `cur` meanwhile.
        let moved = self
            .messages()?
            .into_iter()
            .map(|(known, _)| known)
            .find(|known| base(known) == base(path));
        let path = moved.as_ref().unwrap_or(path);
        fs::remove_file(path)
            .map(|()| Deleted::Gone)
            .map_err(|error| Trouble::Connection(format!("{}: {error}", path.display())))
    }
}
