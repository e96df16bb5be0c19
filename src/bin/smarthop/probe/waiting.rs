//! What is waited for, on standard error where that is a terminal.

use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use smarthop::report::printable;

use super::{Delivery, State};

const EVERY: Duration = Duration::from_millis(200);

/// Shows it until this is dropped.
pub(super) struct Shown(Arc<AtomicBool>);

impl Drop for Shown {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

pub(super) fn show<'s>(
    scope: &'s Scope<'s, '_>,
    deliveries: &'s Mutex<Vec<Delivery>>,
) -> Option<Shown> {
    if !io::stderr().is_terminal() {
        return None;
    }
    let end = Arc::new(AtomicBool::new(false));
    let ended = Arc::clone(&end);
    let begun = Instant::now();
    scope.spawn(move || {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        while !ended.load(Ordering::Relaxed) {
            let says = {
                let all = deliveries.lock().unwrap_or_else(PoisonError::into_inner);
                says(&all, begun.elapsed())
            };
            bar.set_message(says);
            bar.tick();
            thread::sleep(EVERY);
        }
        bar.finish_and_clear();
    });
    Some(Shown(end))
}

fn says(all: &[Delivery], since: Duration) -> String {
    let sending = |one: &&Delivery| matches!(one.state, State::Planned | State::Sending(_));
    let sent = |one: &&Delivery| matches!(one.state, State::Sent(..));
    let unsent = all.iter().filter(sending).count();
    let awaited: Vec<_> = all.iter().filter(sent).collect();
    let of = all.len();
    let mut text = format!("{} of {of} done", of - unsent - awaited.len());
    if unsent > 0 {
        text.push_str(&format!(", {unsent} to send"));
    }
    if let Some(first) = awaited.first() {
        let (from, to) = (printable(&first.from), printable(&first.to));
        text.push_str(&format!(", waiting for {from} → {to}"));
        if awaited.len() > 1 {
            text.push_str(&format!(" and {} more", awaited.len() - 1));
        }
    }
    format!("{text} ({} s)", since.as_secs())
}
