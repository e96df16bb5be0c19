//! Paths into messages' header sections: standard input, files, and folders searched for `.eml`.
//!
//! Of a file no more is read than its header section. Not here yet: mbox, Maildir, Outlook `.msg`;
//! each is one more arm of [`Input`]. Knows nothing of what a header means.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use smarthop::analysis::{Source, SourceFormat};
use smarthop::header::MAX_SECTION_BYTES;

/// Most header sections fit into one.
const CHUNK: u64 = 16 << 10;

/// A byte more than the library takes, twice for UTF-16, so that the library is the one to tell of
/// its limit.
const READ_MAX: usize = 2 * (MAX_SECTION_BYTES + 1);

/// Where one message is, or why there is none.
#[derive(Debug)]
pub(crate) enum Input {
    /// Standard input.
    Stdin,
    /// A file with one message.
    File(PathBuf),
    /// A path in which there is nothing to read.
    Nothing(PathBuf, Trouble),
}

/// Why an input cannot be analysed.
#[derive(Debug)]
pub(crate) struct Trouble {
    /// A stable word.
    pub(crate) code: &'static str,
    /// What, and what would help.
    pub(crate) says: String,
}

impl Input {
    /// The inputs that the arguments stand for, in their order; a folder's in the order of names.
    pub(crate) fn of_paths(paths: &[PathBuf]) -> Vec<Self> {
        if paths.is_empty() {
            return vec![Self::Stdin];
        }
        let mut inputs = Vec::with_capacity(paths.len());
        for path in paths {
            if path.as_os_str() == "-" {
                inputs.push(Self::Stdin);
            } else if path.is_dir() {
                folder(path, &mut inputs);
            } else {
                inputs.push(Self::File(path.clone()));
            }
        }
        inputs
    }

    /// How the results name it.
    pub(crate) fn source(&self) -> Source {
        let (path, format) = match self {
            Self::Stdin => (None, SourceFormat::Stdin),
            Self::File(path) | Self::Nothing(path, _) => {
                (Some(path.to_string_lossy().into_owned()), SourceFormat::Eml)
            }
        };
        Source {
            path,
            message: 0,
            format,
        }
    }

    /// The bytes of the header section, with more behind it where its end is not certain.
    pub(crate) fn read(self) -> Result<Vec<u8>, Trouble> {
        match self {
            Self::Stdin => pasted(io::stdin().lock()).map_err(|error| unreadable(&error)),
            Self::File(path) => File::open(path)
                .and_then(header_section)
                .map_err(|error| unreadable(&error)),
            Self::Nothing(_, trouble) => Err(trouble),
        }
    }
}

fn unreadable(error: &io::Error) -> Trouble {
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
        _ => format!("cannot be read: {error}: try a copy of it"),
    };
    Trouble {
        code: "unreadable",
        says,
    }
}

/// The `.eml` files below `root`, each folder's in the order of their names; symbolic links are
/// not followed, so no file comes twice and no search is endless.
fn folder(root: &Path, inputs: &mut Vec<Input>) {
    let before = inputs.len();
    // A stack in place of recursion: the depth is somebody else's choice.
    let mut open = vec![root.to_path_buf()];
    while let Some(path) = open.pop() {
        let entries = match fs::read_dir(&path).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => {
                inputs.push(Input::Nothing(path, unreadable(&error)));
                continue;
            }
        };
        let mut folders = Vec::new();
        let mut files = Vec::new();
        for entry in entries {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() && is_eml(&entry.path()) => files.push(entry.path()),
                Ok(_) => {}
                Err(error) => inputs.push(Input::Nothing(entry.path(), unreadable(&error))),
            }
        }
        files.sort();
        inputs.extend(files.into_iter().map(Input::File));
        folders.sort_by(|a, b| b.cmp(a));
        open.append(&mut folders);
    }
    if inputs.len() == before {
        let says = "no message found: put .eml files there, or give a file".to_owned();
        inputs.push(Input::Nothing(
            root.to_path_buf(),
            Trouble {
                code: "no-message",
                says,
            },
        ));
    }
}

fn is_eml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("eml"))
}

/// What was pasted or piped: all of it within bounds, since its first empty line may be the
/// paste's. What is beyond is taken and dropped, so that a writer does not fail.
fn pasted(mut from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.by_ref()
        .take(READ_MAX as u64)
        .read_to_end(&mut bytes)?;
    // Not after an end: a terminal would ask for a second one.
    if bytes.len() >= READ_MAX {
        io::copy(&mut from, &mut io::sink())?;
    }
    Ok(bytes)
}

/// A message up to the empty line behind its header section.
fn header_section(mut from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut search = Search::default();
    loop {
        let read = from.by_ref().take(CHUNK).read_to_end(&mut bytes)?;
        if let Some(end) = search.go_on(&bytes) {
            bytes.truncate(end);
            return Ok(bytes);
        }
        if read == 0 || bytes.len() >= READ_MAX {
            return Ok(bytes);
        }
    }
}

/// The search for the first empty line that may have a header field above it. In UTF-16 none is
/// found, and all is read.
#[derive(Default)]
struct Search {
    /// The start of the first line that has not been looked at whole.
    line: usize,
    /// How far its end has been looked for.
    searched: usize,
    /// A line above it may be a field: it is neither blank nor an mbox's `From ` line, both of
    /// which may stand above the header with empty lines behind them.
    field_seen: bool,
}

impl Search {
    /// The index behind the empty line, if it is in `bytes`, which has grown since the last call.
    fn go_on(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(at) = memchr::memchr(b'\n', bytes.get(self.searched..)?) {
            let end = self.searched + at + 1;
            let line = bytes.get(self.line..end)?;
            let empty = matches!(line, b"\n" | b"\r\n");
            if empty && self.field_seen {
                return Some(end);
            }
            self.field_seen = self.field_seen || may_be_field(line);
            (self.line, self.searched) = (end, end);
        }
        self.searched = bytes.len();
        None
    }
}

fn may_be_field(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let blank = line.iter().all(u8::is_ascii_whitespace);
    !blank && !line.starts_with(b"From ") && !line.starts_with(b">From ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_stops_at_the_empty_line() {
        for (message, section) in [
            ("A: b\n\nbody", "A: b\n\n"),
            ("A: b\r\n\r\nC: body\r\n", "A: b\r\n\r\n"),
            ("A: b\n\r\nbody", "A: b\n\r\n"),
            ("\n\nA: b\n\nbody\n\n", "\n\nA: b\n\n"),
            (
                "From a@example.com Tue\n\nA: b\n\nbody",
                "From a@example.com Tue\n\nA: b\n\n",
            ),
            ("\u{feff}\nA: b\n\nbody", "\u{feff}\nA: b\n\n"),
            ("A: b\n c\n\t\n\nbody", "A: b\n c\n\t\n\n"),
            ("A: b", "A: b"),
            ("", ""),
        ] {
            let read = header_section(message.as_bytes()).expect("memory can be read");
            assert_eq!(String::from_utf8_lossy(&read), section, "{message:?}");
        }
    }

    /// A terminal: after its end it can be read on.
    struct Terminal<'b>(Vec<&'b [u8]>);

    impl Read for Terminal<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some(part) = self.0.first_mut() else {
                return Ok(0);
            };
            let read = part.read(buffer)?;
            if part.is_empty() {
                self.0.remove(0);
            }
            Ok(read)
        }
    }

    #[test]
    fn one_end_is_enough() {
        let mut terminal = Terminal(vec![b"A: b\n", b"C: d\n", b"", b"after the end"]);
        let read = pasted(&mut terminal).expect("memory can be read");
        assert_eq!(String::from_utf8_lossy(&read), "A: b\nC: d\n");
        assert_eq!(terminal.0, [b"after the end"]);
    }

    /// A reader that gives one byte at a time and counts them.
    struct Slow<'b>(&'b [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let (Some(byte), Some(place)) = (self.0.get(self.1), buffer.first_mut()) else {
                return Ok(0);
            };
            *place = *byte;
            self.1 += 1;
            Ok(1)
        }
    }

    #[test]
    fn the_body_is_not_read() {
        let header = format!("Subject: {}\r\n\r\n", "x".repeat(40_000));
        let message = format!("{header}{}", "body\r\n".repeat(100_000));
        let mut reader = Slow(message.as_bytes(), 0);
        let read = header_section(&mut reader).expect("memory can be read");
        assert_eq!(read.len(), header.len());
        assert!(reader.1 <= header.len() + CHUNK as usize, "{}", reader.1);
    }
}
