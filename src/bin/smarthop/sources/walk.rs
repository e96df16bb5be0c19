//! Paths into files: folders are searched, in the order of names, Maildirs are known by their
//! `cur` and `new`, and lists of paths are read as they come.
//!
//! Nothing is opened. A symbolic link to a file is followed; one to a folder is not, so that no
//! search is endless. A Maildir's `tmp` is not looked into: nothing there is delivered yet.

use std::fs::{self, FileType};
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{Found, Item, Origin, Trouble};

/// What the command line names.
#[derive(Debug, Clone)]
pub(crate) enum Root {
    Stdin,
    Path(PathBuf),
    #[cfg(feature = "mail")]
    Mail(Mail),
}

/// A mailbox on a server: it is only opened when its turn comes.
#[cfg(feature = "mail")]
#[derive(Clone)]
pub(crate) struct Mail(
    pub(crate) std::sync::Arc<dyn Fn() -> Box<dyn Iterator<Item = Found> + Send> + Send + Sync>,
);

#[cfg(feature = "mail")]
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mail")
    }
}

/// Everything below the roots: lazily, so that the number of files costs no memory.
pub(crate) struct Walk {
    roots: Box<dyn Iterator<Item = Result<Root, (PathBuf, Trouble)>> + Send>,
    open: Option<Folder>,
    #[cfg(feature = "mail")]
    mail: Option<Box<dyn Iterator<Item = Found> + Send>>,
    sorted: bool,
}

struct Folder {
    root: PathBuf,
    entries: walkdir::IntoIter,
    /// The folder of the last entry, and what files there are.
    within: Option<(PathBuf, Origin)>,
    empty: bool,
}

impl Walk {
    /// `sorted`: each folder in the order of names, for which its names are read at once.
    pub(crate) fn new(
        roots: impl Iterator<Item = Result<Root, (PathBuf, Trouble)>> + Send + 'static,
        sorted: bool,
    ) -> Self {
        Self {
            roots: Box::new(roots),
            open: None,
            #[cfg(feature = "mail")]
            mail: None,
            sorted,
        }
    }

    fn begin(&mut self, path: PathBuf) -> Option<Found> {
        let kind = match fs::metadata(&path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) => return Some(Found::Nothing(path, error.into())),
        };
        if kind.is_dir() {
            let walk = WalkDir::new(&path);
            let walk = if self.sorted {
                // All of one folder, so that their names decide.
                walk.sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str()))
            } else {
                walk
            };
            self.open = Some(Folder {
                root: path,
                entries: walk.into_iter(),
                within: None,
                empty: true,
            });
            return None;
        }
        Some(file(path, kind, Origin::Named))
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            #[cfg(feature = "mail")]
            if let Some(mail) = &mut self.mail {
                match mail.next() {
                    Some(found) => return Some(found),
                    None => self.mail = None,
                }
            }
            if let Some(folder) = &mut self.open {
                if let Some(found) = folder.next() {
                    return Some(found);
                }
                let Some(root) = self
                    .open
                    .take()
                    .filter(|folder| folder.empty)
                    .map(|f| f.root)
                else {
                    continue;
                };
                let says = "no message found: the folder is empty: give another one, or a file";
                return Some(Found::Nothing(root, Trouble::new("no-message", says)));
            }
            let found = match self.roots.next()? {
                Ok(Root::Stdin) => Some(Found::Stdin),
                Ok(Root::Path(path)) => self.begin(path),
                #[cfg(feature = "mail")]
                Ok(Root::Mail(mail)) => {
                    self.mail = Some((mail.0)());
                    continue;
                }
                Err((path, trouble)) => Some(Found::Nothing(path, trouble)),
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

impl Folder {
    fn next(&mut self) -> Option<Found> {
        loop {
            let entry = match self.entries.next() {
                Some(Ok(entry)) => entry,
                Some(Err(error)) => {
                    self.empty = false;
                    let path = error.path().unwrap_or(&self.root).to_path_buf();
                    let error = error.into_io_error();
                    let error =
                        error.unwrap_or_else(|| io::Error::other("the folders form a loop"));
                    return Some(Found::Nothing(path, error.into()));
                }
                None => return None,
            };
            let kind = entry.file_type();
            if kind.is_dir() {
                if entry.file_name() == "tmp" && entry.path().parent().is_some_and(is_maildir) {
                    self.entries.skip_current_dir();
                }
                continue;
            }
            self.empty = false;
            let path = entry.into_path();
            if kind.is_symlink() {
                return Some(self.link(path));
            }
            let origin = self.origin(&path);
            return Some(file(path, kind, origin));
        }
    }

    /// A symbolic link: what it leads to, unless that is a folder.
    fn link(&mut self, path: PathBuf) -> Found {
        match fs::metadata(&path) {
            Ok(target) if target.is_dir() => {
                let says =
                    "is a symbolic link to a folder and is not followed: give that folder too";
                Found::Nothing(path, Trouble::new("link", says))
            }
            Ok(target) => {
                let origin = self.origin(&path);
                file(path, target.file_type(), origin)
            }
            Err(error) => {
                let says = format!("is a symbolic link that leads nowhere: {error}: remove it");
                Found::Nothing(path, Trouble::new("link", &says))
            }
        }
    }

    fn origin(&mut self, path: &Path) -> Origin {
        let Some(folder) = path.parent() else {
            return Origin::Searched;
        };
        if let Some((known, origin)) = &self.within
            && known == folder
        {
            return *origin;
        }
        let named = folder
            .file_name()
            .is_some_and(|name| name == "cur" || name == "new");
        let origin = match named && folder.parent().is_some_and(is_maildir) {
            true => Origin::Maildir,
            false => Origin::Searched,
        };
        self.within = Some((folder.to_path_buf(), origin));
        origin
    }
}

/// Whether a folder is a Maildir, or one of a Maildir++'s subfolders.
fn is_maildir(folder: &Path) -> bool {
    folder.join("cur").is_dir() && folder.join("new").is_dir()
}

fn file(path: PathBuf, kind: FileType, origin: Origin) -> Found {
    if kind.is_file() {
        return Found::File(Item { path, origin });
    }
    let says = format!(
        "is {} and not a file: it is not read; pipe what comes from it into standard input",
        special(kind)
    );
    Found::Nothing(path, Trouble::new("no-file", &says))
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_kind: FileType) -> &'static str {
    "something special"
}

/// A list of paths, one a line, or each ended by NUL.
pub(crate) struct Listed {
    from: Box<dyn BufRead + Send>,
    name: PathBuf,
    end: u8,
    done: bool,
}

/// A path is no longer than this on any system (PATH_MAX is 4096 on Linux).
const PATH_BYTES: u64 = 64 << 10;

impl Listed {
    pub(crate) fn new(from: Box<dyn BufRead + Send>, name: PathBuf, nul: bool) -> Self {
        let end = if nul { 0 } else { b'\n' };
        Self {
            from,
            name,
            end,
            done: false,
        }
    }
}

impl Iterator for Listed {
    type Item = Result<Root, (PathBuf, Trouble)>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let mut bytes = Vec::new();
            let from = &mut self.from;
            let read = io::Read::take(from, PATH_BYTES).read_until(self.end, &mut bytes);
            if let Err(error) = read {
                self.done = true;
                return Some(Err((self.name.clone(), error.into())));
            }
            if bytes.is_empty() {
                return None;
            }
            if bytes.last() == Some(&self.end) {
                bytes.pop();
            } else if bytes.len() as u64 >= PATH_BYTES {
                self.done = true;
                let says = "is no list of paths: a line is longer than a path can be: with -0, end \
                            each path by a NUL";
                return Some(Err((self.name.clone(), Trouble::new("no-list", says))));
            }
            if self.end == b'\n' && bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
            if !bytes.is_empty() {
                return Some(Ok(Root::Path(path_of(bytes))));
            }
        }
        None
    }
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
