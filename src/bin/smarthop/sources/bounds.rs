//! What is taken of bytes, and until when: files of one's own have none of these bounds.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use smarthop::header::MAX_SECTION_BYTES;

/// The largest window that `zstd` itself undoes without being told to.
const ZSTD_WINDOW: u64 = 128 << 20;

/// How much of an Outlook message is taken from where one cannot seek.
const MSG_MAX: u64 = 256 << 20;

/// How much is taken.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    /// How much a compressed input may unpack to.
    pub(crate) unpacked: u64,
    /// The window of Zstandard (RFC 8878 3.1.1.1.2), which is held in memory.
    pub(crate) window: u64,
    /// How much of an Outlook message is unpacked.
    pub(crate) msg: u64,
    /// How much of one message is held.
    pub(crate) held: usize,
    /// Set where nobody waits for it any more.
    pub(crate) stop: Option<Arc<AtomicBool>>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            unpacked: u64::MAX,
            window: ZSTD_WINDOW,
            msg: MSG_MAX,
            // A byte more than the library takes, so that the library is the one to tell of its
            // limit.
            held: MAX_SECTION_BYTES + 1,
            stop: None,
        }
    }
}

/// A reader that has so many bytes at most, and fails where there would be more: a part of them
/// would be another input. It fails where nobody waits any more, too.
pub(super) struct Bounded<R> {
    from: R,
    left: u64,
    stop: Option<Arc<AtomicBool>>,
}

impl<R> Bounded<R> {
    pub(super) fn new(from: R, max: u64, bounds: &Bounds) -> Self {
        Self {
            from,
            left: max,
            stop: bounds.stop.clone(),
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let stop = self.stop.as_ref();
        if stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            return Err(io::Error::other("it was given up"));
        }
        let read = self.from.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            let says = "it unpacks to more than is taken here: use `smarthop check` on the file";
            io::Error::new(io::ErrorKind::FileTooLarge, says)
        })?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_up_ends() {
        let stop = Arc::new(AtomicBool::new(false));
        let bounds = Bounds {
            stop: Some(stop.clone()),
            ..Bounds::default()
        };
        let mut endless = Bounded::new(io::repeat(0), u64::MAX, &bounds);
        assert_eq!(endless.read(&mut [0; 100]).ok(), Some(100));
        stop.store(true, Ordering::Relaxed);
        assert!(endless.read(&mut [0; 100]).is_err());
    }
}
