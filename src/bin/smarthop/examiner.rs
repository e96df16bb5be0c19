//! One message from its bytes to a result, whoever brings it: a file, standard input, an mbox, a
//! request. Knows nothing of formats, of threads, or of where messages come from.

use std::borrow::Cow;

use smarthop::analysis::Source;
use smarthop::input::mbox::MboxMessage;
use smarthop::input::{Form, Stop, inside};
use smarthop::redact::Redactor;
use smarthop::{Analysis, Catalogue, Detail, Expectation, RawMessage, Repair, analyze_with};

use crate::sources::{Section, Trouble};

/// What there is to examine.
pub(crate) enum Message<'b> {
    /// A message that stands by itself.
    Alone(&'b Section<'b>),
    /// One of an mbox, and how that is written down.
    OfMbox(&'b MboxMessage, Form),
    /// An input of which nothing can be read.
    Unread(Trouble),
}

/// What messages are held against, and how far they are looked at.
pub(crate) struct Examiner<'e> {
    pub(crate) expectation: &'e Expectation,
    pub(crate) catalogue: &'e Catalogue,
    /// Of an mbox's messages.
    pub(crate) repair: Repair,
    pub(crate) detail: Detail,
    /// What a message carries is looked at in its place.
    pub(crate) inside: bool,
    /// The longest header section, where one is refused for it, and how that is told.
    pub(crate) longest: Option<Longest>,
    /// Personal parts are replaced.
    pub(crate) redactor: Option<Redactor>,
    /// What is made of it quotes the header.
    pub(crate) quotes: bool,
    /// Asked once a field whether anybody still waits for it.
    pub(crate) stop: Stop,
}

/// A bound of a header section.
pub(crate) struct Longest {
    /// In bytes.
    pub(crate) bytes: usize,
    /// What is said of a longer one.
    pub(crate) trouble: Trouble,
}

impl Examiner<'_> {
    /// Examines one message, and hands on the result with the header as it may be shown, where
    /// there is one.
    pub(crate) fn examine<T>(
        &self,
        message: &Message<'_>,
        source: Source,
        take: impl FnOnce(Analysis, Option<&RawMessage<'_>>) -> T,
    ) -> T {
        let unread = |trouble: &Trouble| {
            let says = trouble.says.clone();
            smarthop::unreadable(self.catalogue, trouble.code, says)
        };
        let mut analysis = match message {
            Message::Unread(trouble) => unread(trouble),
            Message::Alone(section) if self.inside => match inside::inside(&section.bytes) {
                None => unread(&Trouble::carries_none()),
                Some(found) => {
                    let line = found.line;
                    let analyze = |raw: RawMessage<'_>, take| self.hand_on(raw, source, take);
                    return match &found.bytes {
                        Cow::Borrowed(bytes) => {
                            let raw = RawMessage::new(bytes, section.repair);
                            analyze(raw.starting_at(line), take)
                        }
                        Cow::Owned(bytes) => {
                            let raw = RawMessage::new(bytes, section.repair);
                            analyze(raw.placed_at(line), take)
                        }
                    };
                }
            },
            Message::Alone(section) => {
                let raw = RawMessage::converted(&section.bytes, section.form, section.repair);
                return self.hand_on(raw, source, take);
            }
            Message::OfMbox(message, form) => match self.too_long(message.header.len() / 2) {
                // Not decoded, to be told of as what it is: in UTF-16 it is twice as long.
                Some(trouble) => unread(trouble),
                None => {
                    let mut raw = RawMessage::converted(&message.header, *form, self.repair)
                        .starting_at(message.line);
                    if let Some(doubt) = message.doubt {
                        raw = raw.in_doubt(message.line, doubt);
                    }
                    return self.hand_on(raw, source, take);
                }
            },
        };
        analysis.source = source;
        self.show(analysis, None, take)
    }

    fn hand_on<T>(
        &self,
        raw: RawMessage<'_>,
        source: Source,
        take: impl FnOnce(Analysis, Option<&RawMessage<'_>>) -> T,
    ) -> T {
        let raw = raw.until(self.stop.clone());
        let mut analysis = self.analyze(&raw);
        analysis.source = source;
        self.show(analysis, Some(&raw), take)
    }

    /// With personal parts replaced, where that is wanted.
    fn show<T>(
        &self,
        mut analysis: Analysis,
        raw: Option<&RawMessage<'_>>,
        take: impl FnOnce(Analysis, Option<&RawMessage<'_>>) -> T,
    ) -> T {
        let Some(redactor) = &self.redactor else {
            return take(analysis, raw);
        };
        if self.quotes {
            let redacted = redactor.redact(&mut analysis, raw);
            return take(analysis, redacted.as_ref());
        }
        redactor.redact_analysis(&mut analysis, raw, self.detail);
        take(analysis, None)
    }

    fn analyze(&self, raw: &RawMessage<'_>) -> Analysis {
        if let Some(trouble) = self.too_long(raw.text.len()) {
            return smarthop::unreadable(self.catalogue, trouble.code, trouble.says.clone());
        }
        // What is personal, and what belongs to the route, is told from the whole of it.
        let detail = match self.redactor {
            Some(_) => Detail::Full,
            None => self.detail,
        };
        analyze_with(raw, self.expectation, self.catalogue, detail)
    }

    fn too_long(&self, length: usize) -> Option<&Trouble> {
        let longest = self.longest.as_ref()?;
        (length >= longest.bytes).then_some(&longest.trouble)
    }
}
