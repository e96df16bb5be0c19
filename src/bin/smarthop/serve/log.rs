//! The log, on standard error, by a thread of its own: whoever reads it may stop reading, and the
//! server goes on. What finds no room in the queue is left out and counted.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How many lines may wait, of some hundred bytes each.
const LINES_MAX: usize = 1024;

/// How long the end waits for lines that nobody may ever read.
const END_TIME: Duration = Duration::from_millis(500);

pub(super) struct Log {
    /// Where lines go; none where no thread could be made.
    to: Mutex<Option<SyncSender<String>>>,
    left_out: Arc<AtomicU64>,
    /// Closed when the last line is written.
    ended: Mutex<Receiver<()>>,
}

impl Log {
    pub(super) fn start() -> Self {
        let (to, lines) = sync_channel::<String>(LINES_MAX);
        let (end, ended) = sync_channel(0);
        let left_out = Arc::new(AtomicU64::new(0));
        let missing = left_out.clone();
        let write = move || {
            let _end: SyncSender<()> = end;
            for line in lines {
                // Where standard error is closed, nobody is there to be told.
                let _ = writeln!(io::stderr(), "{line}");
                let missing = missing.swap(0, Ordering::Relaxed);
                if missing > 0 {
                    let _ = writeln!(io::stderr(), "smarthop: note: {missing} lines left out");
                }
            }
        };
        Self {
            to: Mutex::new(thread::Builder::new().spawn(write).is_ok().then_some(to)),
            left_out,
            ended: Mutex::new(ended),
        }
    }

    /// Never waits.
    pub(super) fn say(&self, line: String) {
        let to = self.to.lock().unwrap_or_else(PoisonError::into_inner);
        if to.as_ref().is_none_or(|to| to.try_send(line).is_err()) {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Gives what was said its time to be written.
    pub(super) fn end(&self) {
        drop(
            self.to
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        match ended.recv_timeout(END_TIME) {
            Ok(()) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
    }
}
