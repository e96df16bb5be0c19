//! Ctrl-C, and being asked to end (SIGTERM): what is done is told, and no more is begun. A second
//! time ends the program at once.

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use signal_hook::consts::SIGTERM;
use signal_hook::flag;

static INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// What a shell expects of a program that SIGINT ended.
const INTERRUPTED_TWICE: i32 = 130;

/// And of one that SIGTERM ended.
const TERMINATED_TWICE: i32 = 143;

/// Listens from now on. Only for many messages: one is done before anybody can be impatient, and
/// somebody who pastes must be able to end it.
///
/// Where SIGINT is ignored, as in a script's background, it stays so.
pub(crate) fn listen() {
    // Whichever cannot be listened for ends the program as it does any other. The order of the two
    // is that of what is done when it comes: first it is seen whether it came before.
    let again = Arc::clone(&INTERRUPTED);
    let _ = flag::register_conditional_shutdown(SIGTERM, TERMINATED_TWICE, again)
        .and_then(|_| flag::register(SIGTERM, Arc::clone(&INTERRUPTED)));
    // Ctrl-C would be lost if nobody waited for it.
    if thread::Builder::new().spawn(|| ()).is_ok() {
        let _ = ctrlc::try_set_handler(|| {
            if INTERRUPTED.swap(true, Ordering::Relaxed) {
                std::process::exit(INTERRUPTED_TWICE);
            }
        });
    }
}

pub(crate) fn came() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
