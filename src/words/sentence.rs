//! A sentence: words of the program's own, and between them facts of a message, each known by its
//! kind. A [`Pen`] writes it; a [`Lens`] shows its facts otherwise than they are.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

/// Words of the program's own with facts of a message between them.
///
/// To read and to print it is a text. Of the facts it keeps where they stand and of what kind they
/// are, so that what is personal can be replaced without searching for it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    text: String,
    /// In their order, none within another.
    atoms: Vec<Atom>,
}

/// A fact within a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Atom {
    kind: FactKind,
    start: usize,
    end: usize,
}

/// What kind of fact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FactKind {
    /// The name of a host or an address in its place, or a domain.
    Host,
    /// A client's address.
    Address,
    /// `local@domain`.
    Mailbox,
    /// The value of a field, which whoever wrote it chose.
    Value,
    /// Any other text.
    Text,
}

/// Shows the facts of a sentence.
pub(crate) trait Lens {
    /// What is shown in the place of a fact.
    fn show(&mut self, kind: FactKind, fact: &str) -> String;
}

impl Sentence {
    /// The sentence as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same sentence, its facts seen through a lens.
    pub(crate) fn through(&self, lens: &mut impl Lens) -> Self {
        let mut pen = Pen::default();
        let mut written = 0;
        let part = |start, end| self.text.get(start..end).unwrap_or_default();
        for atom in &self.atoms {
            pen.own(part(written, atom.start));
            pen.atom(atom.kind, &lens.show(atom.kind, part(atom.start, atom.end)));
            written = atom.end;
        }
        pen.own(part(written, self.text.len()));
        pen.written()
    }
}

impl Deref for Sentence {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// A text of which nothing is known is a fact from end to end.
impl From<String> for Sentence {
    fn from(text: String) -> Self {
        let atom = Atom {
            kind: FactKind::Text,
            start: 0,
            end: text.len(),
        };
        Self {
            text,
            atoms: vec![atom],
        }
    }
}

impl From<&str> for Sentence {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl PartialEq<str> for Sentence {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Sentence {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl JsonSchema for Sentence {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

/// Writes one sentence.
#[derive(Debug, Default)]
pub(crate) struct Pen {
    sentence: Sentence,
}

impl Pen {
    pub(crate) fn written(self) -> Sentence {
        self.sentence
    }

    /// Words of the program's own, or the catalogue's.
    pub(crate) fn own(&mut self, words: &str) -> &mut Self {
        self.sentence.text.push_str(words);
        self
    }

    /// A fact of the message, or of what the user named.
    fn atom(&mut self, kind: FactKind, fact: &str) -> &mut Self {
        let start = self.sentence.text.len();
        self.sentence.text.push_str(fact);
        let end = self.sentence.text.len();
        self.sentence.atoms.push(Atom { kind, start, end });
        self
    }

    /// The name of a host or an address in its place, or a domain.
    pub(crate) fn host(&mut self, host: &str) -> &mut Self {
        self.atom(FactKind::Host, host)
    }

    /// A client's address.
    pub(crate) fn address(&mut self, address: &str) -> &mut Self {
        self.atom(FactKind::Address, address)
    }

    /// `local@domain`.
    pub(crate) fn mailbox(&mut self, mailbox: &str) -> &mut Self {
        self.atom(FactKind::Mailbox, mailbox)
    }

    /// What a header says in somebody's own words: a marker's value, the name of a connector.
    pub(crate) fn value(&mut self, value: &str) -> &mut Self {
        self.atom(FactKind::Value, value)
    }

    /// Any other text: a field's name, a word of a result, what a policy calls something.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.atom(FactKind::Text, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names the kinds in place of the facts.
    struct Kinds;

    impl Lens for Kinds {
        fn show(&mut self, kind: FactKind, _: &str) -> String {
            format!("<{kind:?}>")
        }
    }

    #[test]
    fn a_lens_sees_the_facts_alone() {
        let mut pen = Pen::default();
        pen.own("it is ").address("192.0.2.1").own(", not ");
        pen.mailbox("joe@example.org").own(" at ");
        pen.host("mx.example.org").own(".");
        let written = pen.written();
        assert_eq!(
            written,
            "it is 192.0.2.1, not joe@example.org at mx.example.org."
        );
        let seen = written.through(&mut Kinds);
        assert_eq!(seen, "it is <Address>, not <Mailbox> at <Host>.");
        // It is still known where they stand.
        assert_eq!(seen.through(&mut Kinds), seen);
        let mut own = Pen::default();
        own.own("nothing");
        assert_eq!(own.written().through(&mut Kinds), "nothing");
        assert_eq!(Sentence::from("anything").through(&mut Kinds), "<Text>");
        assert_eq!(
            serde_json::to_string(&seen).ok().as_deref(),
            Some("\"it is <Address>, not <Mailbox> at <Host>.\"")
        );
    }
}
