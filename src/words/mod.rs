//! The only room with sentences: one for each reason, each settlement, each anomaly and each fact
//! of the evidence. Knows nothing of how anything was found.
//!
//! A sentence is written with a [`Pen`]: its own words as they are, each fact through a [`Lens`],
//! which knows of what kind it is.

pub(crate) mod anomalies;
pub(crate) mod facts;
mod instant;
pub(crate) mod reasons;
pub(crate) mod settle;
pub(crate) mod verdicts;

use std::borrow::Cow;

pub(crate) use instant::instant;

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

/// Shows the facts of a sentence.
pub(crate) trait Lens {
    /// The name of a host or its address in the name's place, or a domain.
    fn host<'t>(&mut self, host: &'t str) -> Cow<'t, str>;
    /// A client's address.
    fn address<'t>(&mut self, address: &'t str) -> Cow<'t, str>;
    /// `local@domain`.
    fn mailbox<'t>(&mut self, mailbox: &'t str) -> Cow<'t, str>;
    /// Anything else: a field's name, a word of a result, what a policy calls something.
    fn text<'t>(&mut self, text: &'t str) -> Cow<'t, str>;
}

/// Facts as they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain;

impl Lens for Plain {
    fn host<'t>(&mut self, host: &'t str) -> Cow<'t, str> {
        Cow::Borrowed(host)
    }

    fn address<'t>(&mut self, address: &'t str) -> Cow<'t, str> {
        Cow::Borrowed(address)
    }

    fn mailbox<'t>(&mut self, mailbox: &'t str) -> Cow<'t, str> {
        Cow::Borrowed(mailbox)
    }

    fn text<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        Cow::Borrowed(text)
    }
}

/// Writes one sentence.
pub(crate) struct Pen<'l> {
    written: String,
    lens: &'l mut dyn Lens,
}

impl<'l> Pen<'l> {
    pub(crate) fn new(lens: &'l mut dyn Lens) -> Self {
        Self {
            written: String::with_capacity(160),
            lens,
        }
    }

    pub(crate) fn written(self) -> String {
        self.written
    }

    /// Words of the program's own, or the catalogue's.
    pub(crate) fn own(&mut self, words: &str) -> &mut Self {
        self.written.push_str(words);
        self
    }

    pub(crate) fn host(&mut self, host: &str) -> &mut Self {
        let shown = self.lens.host(host);
        self.written.push_str(&shown);
        self
    }

    pub(crate) fn address(&mut self, address: &str) -> &mut Self {
        let shown = self.lens.address(address);
        self.written.push_str(&shown);
        self
    }

    pub(crate) fn mailbox(&mut self, mailbox: &str) -> &mut Self {
        let shown = self.lens.mailbox(mailbox);
        self.written.push_str(&shown);
        self
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        let shown = self.lens.text(text);
        self.written.push_str(&shown);
        self
    }
}
