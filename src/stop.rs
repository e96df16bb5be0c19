//! Whether anybody still waits for what is made of a message.
//!
//! It is asked once a field, wherever fields are read, judged, shown and redacted; where nobody
//! waits any more, the rest is left out, and what comes of it is an error.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Asked whether to stop. By default nothing ever does.
#[derive(Clone, Default)]
pub struct Stop(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl Stop {
    /// Stops where `asked` says so; it is asked often, and may be asked again behind a yes.
    pub fn when(asked: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(asked)))
    }

    /// Whether to stop.
    pub fn is_set(&self) -> bool {
        self.0.as_ref().is_some_and(|asked| asked())
    }
}

/// Stops where the flag is set.
impl From<Arc<AtomicBool>> for Stop {
    fn from(flag: Arc<AtomicBool>) -> Self {
        Self::when(move || flag.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&self.0.is_some()).finish()
    }
}
