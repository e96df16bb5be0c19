//! What is taken of bytes, and until when: files of one's own have none of these bounds.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use smarthop::header::MAX_SECTION_BYTES;

/// The largest window that `zstd` itself undoes without being told to.
const ZSTD_WINDOW: u64 = 128 << 20;

/// How much of an Outlook message is taken from where one cannot seek.
const MSG_MAX: u64 = 256 << 20;

/// How many bytes there may still be; each that shares it takes of the same.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Arc<AtomicU64>);

impl Budget {
    pub(crate) fn new(bytes: u64) -> Self {
        Self(Arc::new(AtomicU64::new(bytes)))
    }

    /// Takes so many, if there are.
    fn take(&self, bytes: u64) -> bool {
        let order = Ordering::Relaxed;
        let taken = self
            .0
            .fetch_update(order, order, |left| left.checked_sub(bytes));
        taken.is_ok()
    }
}

/// How much is taken.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    /// How much the compressed inputs may unpack to, together.
    pub(crate) unpacked: Budget,
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
            unpacked: Budget::new(u64::MAX),
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
    left: Budget,
    stop: Option<Arc<AtomicBool>>,
}

impl<R> Bounded<R> {
    #[cfg(feature = "serve")]
    pub(super) fn new(from: R, max: u64, bounds: &Bounds) -> Self {
        Self {
            from,
            left: Budget::new(max),
            stop: bounds.stop.clone(),
        }
    }

    /// One that takes of what all compressed inputs have together.
    pub(super) fn unpacking(from: R, bounds: &Bounds) -> Self {
        Self {
            from,
            left: bounds.unpacked.clone(),
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
        if !self.left.take(read as u64) {
            let says = "it unpacks to more than is taken here: use `smarthop check` on the file";
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, says));
        }
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

    #[test]
    fn what_is_unpacked_is_counted_together() {
        let bounds = Bounds {
            unpacked: Budget::new(150),
            ..Bounds::default()
        };
        let read = || Bounded::unpacking(io::repeat(0), &bounds).read(&mut [0; 100]);
        assert_eq!(read().ok(), Some(100));
        let error = read().expect_err("it is too much");
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
