//! A sentence for each fact.

use std::borrow::Cow;

use super::reasons::spf_identity;
use super::verdicts::composite as why;
use super::{Pen, Sentence, instant};
use crate::evidence::fact::Fact;
use crate::evidence::{OtherResult, ReturnPath, Signature, Spf};

/// What a fact says.
pub(crate) fn fact(fact: &Fact<'_>) -> Sentence {
    let mut pen = Pen::default();
    pen.fact(fact);
    pen.written()
}

impl Pen {
    fn fact(&mut self, fact: &Fact<'_>) -> &mut Self {
        match fact {
            Fact::Spf(spf) => self.spf(spf),
            Fact::Dkim(dkim) => self.own("DKIM ").word(dkim.word).about(&dkim.domain),
            Fact::Other { result, composite } => self.other(result, composite.map(why)),
            Fact::Signature { signature, result } => self.signature(signature, *result),
            Fact::ReturnPath { path, of_sender } => self.return_path(path, *of_sender),
            Fact::MessageId(Some(host)) => self.own("made at ").host(host),
            Fact::MessageId(None) => self.own("names no host"),
            Fact::ThreadIndex(begun) => {
                self.own("written by Exchange or Outlook");
                match begun.and_then(instant) {
                    Some(begun) => self.own("; the conversation began at ").own(&begun),
                    None => self,
                }
            }
            Fact::OfExchange("") => self.own("a field that Exchange adds"),
            Fact::OfExchange(value) => self.own("a field that Exchange adds: ").shortened(value),
            Fact::Marker {
                provider,
                value,
                verdict,
                ..
            } => {
                self.own("a field that ").own(provider).own(" adds: ");
                match verdict {
                    Some(verdict) => self.verdict(verdict),
                    None => self.shortened(value),
                }
            }
            Fact::Verdict(verdict) => self.verdict(verdict),
            Fact::Helo { name, .. } => self
                .own("the client at the border called itself ")
                .host(name),
        }
    }

    /// A result word.
    fn word(&mut self, word: &str) -> &mut Self {
        self.text(&word.to_ascii_lowercase())
    }

    /// ` for DOMAIN`, where there is one.
    fn about(&mut self, domain: &Option<Cow<'_, str>>) -> &mut Self {
        match domain.as_deref() {
            Some(domain) => self.own(" for ").host(domain),
            None => self,
        }
    }

    fn spf(&mut self, spf: &Spf<'_>) -> &mut Self {
        self.own("SPF ")
            .word(spf.word)
            .about(&spf.domain)
            .own(" (")
            .own(spf_identity(spf.identity))
            .own(")");
        if let Some(client) = spf.client.as_deref() {
            self.own(", client ").address(client);
        }
        match spf.nothing_checked {
            true => self.own(", and its comment says that no record was checked"),
            false => self,
        }
    }

    fn other(&mut self, other: &OtherResult<'_>, meaning: Option<&str>) -> &mut Self {
        self.text(&other.method.to_ascii_uppercase())
            .own(" ")
            .word(other.word)
            .about(&other.domain);
        match meaning {
            Some(meaning) => self.own(": ").own(meaning),
            None => self,
        }
    }

    fn signature(&mut self, signature: &Signature<'_>, result: Option<&str>) -> &mut Self {
        self.own("a signature that claims ");
        match signature.domain.as_deref() {
            Some(domain) => self.host(domain),
            None => self.own("an unknown domain"),
        };
        if let Some(algorithm) = signature.algorithm.as_deref() {
            self.own(", ").text(algorithm);
        }
        match result {
            Some(word) => self
                .own("; the result \"")
                .word(word)
                .own("\" may be about it"),
            None => self,
        }
    }

    fn return_path(&mut self, path: &ReturnPath<'_>, of_sender: bool) -> &mut Self {
        self.own("<").mailbox(&path.address).own(">");
        match (path.decoded.as_deref(), of_sender) {
            (Some(address), true) => self
                .own(", in which ")
                .mailbox(address)
                .own(" is the sender"),
            (Some(address), false) => self.own(", with ").mailbox(address).own(" in it"),
            (None, _) if path.address.is_empty() => {
                self.own(", the null reverse-path of a notification")
            }
            (None, _) => self,
        }
    }

    /// The beginning of a long value; the whole stands in the header.
    fn shortened(&mut self, value: &str) -> &mut Self {
        const SHOWN: usize = 120;
        let end = value.char_indices().nth(SHOWN).map(|(end, _)| end);
        match end.and_then(|end| value.get(..end)) {
            Some(start) => self.value(start).own("…"),
            None => self.value(value),
        }
    }
}
