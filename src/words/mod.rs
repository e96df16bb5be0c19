//! The only room with sentences: one for each reason, each settlement, each anomaly and each fact
//! of the evidence. Knows nothing of how anything was found.
//!
//! A [`Sentence`] is written with a [`Pen`], which keeps of what kind each fact in it is; a [`Lens`]
//! shows the facts otherwise than they are.

pub(crate) mod anomalies;
pub mod codes;
pub(crate) mod facts;
mod instant;
pub(crate) mod reasons;
mod sentence;
pub(crate) mod settle;
pub(crate) mod verdicts;

pub(crate) use instant::instant;
pub use sentence::Sentence;
pub(crate) use sentence::{FactKind, Lens, Pen};

use crate::input::{Instead, RawMessage};

/// Why an input has no header, and what would help.
pub(crate) fn no_header(raw: &RawMessage<'_>) -> String {
    let what = match raw.instead() {
        Some(Instead::GraphMessage) => {
            return "it is JSON without a message's internetMessageHeaders: ask Microsoft Graph \
                    for one message with $select=internetMessageHeaders"
                .to_owned();
        }
        Some(Instead::SeveralMessages) => {
            return "it is JSON of several messages: give each on its own, as \
                    `GET …/messages/{id}?$select=internetMessageHeaders` has it"
                .to_owned();
        }
        Some(Instead::HeaderAnalysis) => {
            return "it is what a header analyser made of a header: paste the header itself, which \
                    was given to it"
                .to_owned();
        }
        None if raw.text.trim().is_empty() => "the input is empty",
        None => "there is no header field in it",
    };
    format!(
        "{what}: paste the whole header of the received message, as the mail program's \
         \"show original\" or \"view source\" gives it, from the first line (Return-Path, \
         Received) on"
    )
}

/// Of what nobody waits for any more.
pub(crate) const fn given_up() -> &'static str {
    "it was given up before it was done: nobody waited for it any more"
}
