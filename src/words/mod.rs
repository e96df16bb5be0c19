//! The only room with sentences: one for each anomaly and each fact of the evidence.
//!
//! Knows nothing of how anything was found.

pub(crate) mod anomalies;
pub(crate) mod facts;
mod instant;
pub(crate) mod verdicts;

pub(crate) use instant::instant;

use crate::input::RawMessage;

/// Why an input has no header, and what would help.
pub(crate) fn no_header(raw: &RawMessage<'_>) -> String {
    if let Some(hint) = raw.hint() {
        return hint.to_owned();
    }
    let what = match raw.text.trim().is_empty() {
        true => "the input is empty",
        false => "there is no header field in it",
    };
    format!(
        "{what}: paste the whole header of the received message, as the mail program's \
         \"show original\" or \"view source\" gives it, from the first line (Return-Path, \
         Received) on"
    )
}
