//! How far it is, on standard error where that is a terminal: a bar, a rate, the time left.
//!
//! The bar's unit is a file; an mbox counts as one for each [`PIECE`] of it.

use std::fmt;
use std::io::{self, IsTerminal as _};
use std::thread;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::config::{Inputs, Order};

/// About what a message with its body takes.
const PIECE: u64 = 64 << 10;

/// A bar, or none.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    messages: u64,
    /// Where results are seen on the same terminal, the bar gives way to them.
    shared: bool,
}

impl Progress {
    pub(crate) const fn none() -> Self {
        Self {
            bar: None,
            messages: 0,
            shared: false,
        }
    }

    /// A bar where somebody can see it. How much there is, is counted meanwhile.
    pub(crate) fn begin(inputs: &Inputs) -> Self {
        if !io::stderr().is_terminal() {
            return Self::none();
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
        let template = "{wide_bar} {percent:>3} %  {msg}  {rate}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                let _ = write!(out, "{:.0}/s", state.per_sec());
            };
            bar.set_style(style.with_key("rate", rate));
        }
        let counted = bar.clone();
        if let Inputs::Paths(paths) = inputs
            && let Ok(walk) = Inputs::Paths(paths.clone()).walk(Order::Any)
        {
            // Where it cannot be counted, the bar has no end.
            let _ = thread::Builder::new().spawn(move || {
                let files = walk.count() as u64;
                counted.set_length(counted.length().unwrap_or(0) + files);
            });
        }
        Self {
            bar: Some(bar),
            messages: 0,
            shared: io::stdout().is_terminal(),
        }
    }

    /// A file is done.
    pub(crate) fn file(&mut self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    /// A message is done.
    pub(crate) fn message(&mut self) {
        self.messages += 1;
        if let Some(bar) = &self.bar
            && self.messages.is_multiple_of(64)
        {
            bar.set_message(format!("{} messages", HumanCount(self.messages)));
        }
    }

    /// An mbox is begun.
    pub(crate) fn mbox(&self, length: Option<u64>) {
        if let Some(bar) = &self.bar {
            bar.inc_length(length.unwrap_or(0) / PIECE);
        }
    }

    /// So many bytes of an mbox are done, and `before` were when it was last told.
    pub(crate) fn within(&self, before: u64, now: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(now / PIECE - before / PIECE);
        }
    }

    /// Does what writes to the terminal.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Whether results should be written as soon as they are there, with the bar out of their way.
    pub(crate) const fn is_shared(&self) -> bool {
        self.bar.is_some() && self.shared
    }

    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
