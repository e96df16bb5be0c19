//! Ctrl-C, and being asked to end: what is done is told, and no more is begun. A second time ends
//! the program at once.

use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// What a shell expects of a program that SIGINT ended.
const INTERRUPTED_TWICE: i32 = 130;

/// Listens from now on. Only for many messages: one is done before anybody can be impatient, and
/// somebody who pastes must be able to end it.
pub(crate) fn listen() {
    // Without it Ctrl-C ends the program as it does any other.
    let _ = ctrlc::try_set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED_TWICE);
        }
    });
}

pub(crate) fn came() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
