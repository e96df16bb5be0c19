//! A message's header section, read and no more of it.

use std::fs::{File, Metadata};
use std::io::{self, Read};

use smarthop::header::{MAX_SECTION_BYTES, empty_line};
use smarthop::input::inside;

use super::Trouble;

/// Most header sections fit into one.
pub(super) const CHUNK: usize = 16 << 10;

/// A byte more than the library takes, so that the library is the one to tell of its limit.
pub(super) const READ_MAX: usize = MAX_SECTION_BYTES + 1;

/// A buffer that is used for one message after the other, so that it is neither made nor zeroed
/// for each.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    filled: usize,
}

impl Buffer {
    pub(super) fn clear(&mut self) {
        self.filled = 0;
        // One long header shall not hold its memory for ever.
        if self.bytes.len() > 4 * CHUNK {
            self.bytes = Vec::new();
        }
    }

    pub(super) fn filled(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }

    /// Reads as much as tells what this is the beginning of: mostly once.
    pub(super) fn read_head(&mut self, from: &mut (impl Read + ?Sized)) -> io::Result<()> {
        while self.filled < CHUNK && memchr::memchr(b'\n', self.filled()).is_none() {
            if self.read(from)? == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Reads on once; 0 at the end.
    pub(super) fn read(&mut self, from: &mut (impl Read + ?Sized)) -> io::Result<usize> {
        if self.bytes.len() < self.filled + CHUNK {
            let more = (self.filled + CHUNK).max(2 * self.bytes.len());
            self.bytes.resize(more, 0);
        }
        // A piece at first, and then as much again as there is: a file after a long one is not
        // read in larger pieces for it.
        let most = self.filled + self.filled.max(CHUNK);
        let most = most.min(self.bytes.len());
        let room = self.bytes.get_mut(self.filled..most).unwrap_or_default();
        loop {
            match from.read(room) {
                Ok(read) => {
                    self.filled += read;
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whether a file is another one than it was, by what tells of a change in it.
pub(super) fn is_changed(before: &Metadata, now: &Metadata) -> bool {
    before.len() != now.len() || before.modified().ok() != now.modified().ok()
}

/// Reads a message on, whose beginning is in the buffer, up to the empty line behind its header
/// section; gives its length. `file` is where the bytes come from in the end: it must not change
/// while more than one piece of it is read.
pub(super) fn read_section(
    buffer: &mut Buffer,
    from: &mut dyn Read,
    file: Option<&File>,
) -> Result<usize, Trouble> {
    let mut search = Search::default();
    if let Some(end) = search.go_on(buffer.filled()) {
        return Ok(end);
    }
    let before = file.map(File::metadata).transpose()?;
    loop {
        if buffer.filled >= READ_MAX {
            return Ok(buffer.filled);
        }
        let read = buffer.read(from)?;
        let end = search.go_on(buffer.filled());
        if end.is_none() && read > 0 {
            continue;
        }
        let changed = match (file, before) {
            (Some(file), Some(before)) => is_changed(&before, &file.metadata()?),
            _ => false,
        };
        return match changed {
            true => Err(Trouble::changed()),
            false => Ok(end.unwrap_or(buffer.filled)),
        };
    }
}

/// Reads a message on, whole or as much of it as is taken; otherwise as [`read_section`].
pub(super) fn read_whole(
    buffer: &mut Buffer,
    from: &mut dyn Read,
    file: Option<&File>,
) -> Result<usize, Trouble> {
    let before = file.map(File::metadata).transpose()?;
    while buffer.filled < READ_MAX && buffer.read(from)? > 0 {}
    match (file, before) {
        (Some(file), Some(before)) if is_changed(&before, &file.metadata()?) => {
            Err(Trouble::changed())
        }
        _ => Ok(buffer.filled),
    }
}

/// Reads on behind a header section of `length` bytes where the message may carry another.
pub(super) fn read_carried(
    buffer: &mut Buffer,
    length: usize,
    from: &mut dyn Read,
) -> io::Result<usize> {
    let section = buffer.filled().get(..length).unwrap_or_default();
    if !inside::is_multipart(section) {
        return Ok(length);
    }
    while buffer.filled < inside::LOOKED_MAX && buffer.read(from)? > 0 {}
    Ok(buffer.filled)
}

/// What was pasted or piped: all of it within bounds, since its first empty line may be the
/// paste's. What is beyond is taken and dropped, so that a writer does not fail.
pub(super) fn pasted(mut from: impl Read, max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.by_ref().take(max as u64).read_to_end(&mut bytes)?;
    // Not after an end: a terminal would ask for a second one.
    if bytes.len() >= max {
        io::copy(&mut from, &mut io::sink())?;
    }
    Ok(bytes)
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
        while !self.field_seen {
            let Some(at) = memchr::memchr(b'\n', bytes.get(self.searched..)?) else {
                self.searched = bytes.len();
                return None;
            };
            let end = self.searched + at + 1;
            self.field_seen = may_be_field(bytes.get(self.line..end)?);
            (self.line, self.searched) = (end, end);
        }
        // The line end above the empty line, and one that was cut in two, are looked at again.
        let from = self.searched.saturating_sub(2).max(self.line - 1);
        self.searched = bytes.len();
        empty_line(bytes, from)
    }
}

fn may_be_field(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let blank = line.iter().all(u8::is_ascii_whitespace);
    !blank && !line.starts_with(b"From ") && !line.starts_with(b">From ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use std::io::Write as _;

    use super::*;

    fn header_section(from: &mut dyn Read) -> Vec<u8> {
        let mut buffer = Buffer::default();
        let length = read_section(&mut buffer, from, None).expect("memory can be read");
        buffer.filled().get(..length).expect("within").to_vec()
    }

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
            let read = header_section(&mut message.as_bytes());
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
        let read = pasted(&mut terminal, READ_MAX).expect("memory can be read");
        assert_eq!(String::from_utf8_lossy(&read), "A: b\nC: d\n");
        assert_eq!(terminal.0, [b"after the end"]);
    }

    #[test]
    fn an_empty_line_is_found_wherever_a_piece_of_it_ends() {
        for message in [
            "A: b\r\nC: d\r\n\r\nbody\n\n",
            "A: b\nC: d\n\nbody\r\n\r\n",
            "A: b\r\nC: d\n\nbody\r\n\r\n",
            "\n\r\nA: b\nC: d\n\r\nbody\n\n",
            "A: b\r\n\n\r\n",
        ] {
            let end = message.find("body").unwrap_or(7);
            for cut in 0..=message.len() {
                let mut search = Search::default();
                let first = search.go_on(&message.as_bytes()[..cut]);
                let found = first.or_else(|| search.go_on(message.as_bytes()));
                assert_eq!(found, Some(end), "{message:?} cut at {cut}");
                assert_eq!(first.is_some(), cut >= end, "{message:?} cut at {cut}");
            }
        }
    }

    /// A file whose second piece is only read once somebody has written to it.
    struct Written<'f, W: Fn(&File)>(&'f File, W, usize);

    impl<W: Fn(&File)> Read for Written<'_, W> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.2 += 1;
            if self.2 == 2 {
                self.1(self.0);
            }
            self.0.read(buffer)
        }
    }

    #[test]
    fn a_file_that_changes_between_two_pieces_is_no_message() {
        let path = std::env::temp_dir().join(format!("smarthop-section-{}", std::process::id()));
        let long = format!("Subject: {}\n\nbody", "x".repeat(3 * CHUNK));
        let read = |written: &dyn Fn(&File)| {
            std::fs::write(&path, &long).expect("a file can be written");
            let file = File::options().read(true).append(true).open(&path);
            let file = file.expect("it can be opened");
            let mut buffer = Buffer::default();
            read_section(&mut buffer, &mut Written(&file, written, 0), Some(&file))
        };
        let whole = read(&|_| {});
        let grown = read(&|mut file| file.write_all(b"more").expect("it can be written"));
        let shrunk = read(&|file| file.set_len(20).expect("it can be cut"));
        let removed = read(&|_| std::fs::remove_file(&path).expect("it can be removed"));
        let _ = std::fs::remove_file(&path);
        assert_eq!(whole.expect("it is as it was"), long.len() - 4);
        // What is open stays as it was, whatever becomes of its name.
        assert_eq!(removed.expect("it is as it was"), long.len() - 4);
        for changed in [grown, shrunk] {
            assert_eq!(changed.expect_err("it changed").code, "changed");
        }
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
        let read = header_section(&mut reader);
        assert_eq!(read.len(), header.len());
        assert!(reader.1 <= header.len() + CHUNK, "{}", reader.1);
    }
}
