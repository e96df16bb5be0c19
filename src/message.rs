//! What a message says of itself: addresses, subject, date, decoded by `mail-parser` (RFC 5322
//! 3.6, RFC 2047). Nothing of it is believed.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "one kind of field or value is looked for; the others are passed over"
)]

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address, HeaderValue};

use crate::header::{
    Field, FieldName, HeaderSection, MAX_ADDRESSES_BYTES, MAX_SHOWN_BYTES, prefix,
};
use crate::trace::date;

/// Whom a message names as its authors and recipients: what an expectation and a verdict ask for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Summary {
    /// The addresses of every From field, each once.
    pub(crate) from: Vec<String>,
    /// The address of Sender.
    pub(crate) sender: Option<String>,
    /// Sender holds another address, or stands there twice: then it decides nothing (RFC 5322 3.6).
    pub(crate) several_senders: bool,
    /// The addresses of To.
    pub(crate) to: Vec<String>,
    /// The addresses of Cc.
    pub(crate) cc: Vec<String>,
    /// A From or Sender field is longer than is read of one.
    pub(crate) limit: bool,
}

/// Most addresses that are taken of one field; a list's To may hold thousands.
pub(crate) const ADDRESSES_MAX: usize = 1000;

impl Summary {
    /// Reads the fields of a section.
    pub(crate) fn of(section: &HeaderSection<'_>) -> Self {
        let mut summary = Self::default();
        for (_, field) in section.walk() {
            summary.limit |= matches!(field.kind, FieldName::From | FieldName::Sender)
                && field.body.len() > MAX_ADDRESSES_BYTES;
            match field.kind {
                FieldName::From => addresses(field, &mut summary.from),
                FieldName::Sender => {
                    let mut found = Vec::new();
                    addresses(field, &mut found);
                    let mut found = found.into_iter();
                    let first = found.next();
                    summary.several_senders |=
                        found.next().is_some() || summary.sender.is_some() && first.is_some();
                    summary.sender = summary.sender.or(first);
                }
                FieldName::To => addresses(field, &mut summary.to),
                FieldName::Other if field.name.eq_ignore_ascii_case("cc") => {
                    addresses(field, &mut summary.cc);
                }
                _ => {}
            }
        }
        summary
    }
}

/// What the first field of a name that has any says.
fn first<T>(
    section: &HeaderSection<'_>,
    kind: FieldName,
    read: impl Fn(&Field<'_>) -> Option<T>,
) -> Option<T> {
    let mut fields = section.fields().iter().filter(|own| own.kind == kind);
    fields.find_map(read)
}

/// Message-ID without `<` and `>`.
pub(crate) fn message_id(section: &HeaderSection<'_>) -> Option<String> {
    first(section, FieldName::MessageId, |field| {
        let id = field.unfolded();
        let id = id.trim().trim_start_matches('<');
        // Some join the next line to it: what stands behind is no part of it.
        let id = id.split_once('>').map_or(id, |(id, _)| id);
        (!id.is_empty()).then(|| id.to_owned())
    })
}

/// The decoded subject.
pub(crate) fn subject(section: &HeaderSection<'_>) -> Option<String> {
    first(section, FieldName::Subject, |field| Some(text(field)))
}

/// Date, where it gives an instant.
pub(crate) fn date(section: &HeaderSection<'_>) -> Option<jiff::Timestamp> {
    first(section, FieldName::Date, |field| {
        date::read(field.body).date
    })
}

/// A field's bytes as `mail-parser` wants them: up to and including a line end.
fn stream_bytes(body: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len() + 2);
    bytes.extend_from_slice(body.as_bytes());
    bytes.extend_from_slice(b"\r\n");
    bytes
}

fn addresses(field: &Field<'_>, into: &mut Vec<String>) {
    let bytes = stream_bytes(prefix(field.body, MAX_ADDRESSES_BYTES));
    let HeaderValue::Address(found) = MessageStream::new(&bytes).parse_address() else {
        return;
    };
    let each: Box<dyn Iterator<Item = _>> = match &found {
        Address::List(list) => Box::new(list.iter()),
        Address::Group(groups) => Box::new(groups.iter().flat_map(|group| group.addresses.iter())),
    };
    for address in each.filter_map(whole_address) {
        let known = into.iter().any(|known| *known == address);
        if !known && into.len() < ADDRESSES_MAX && address.contains('@') {
            into.push(address.into_owned());
        }
    }
}

/// `"a b"@example.com` has its quoted local part in the name's place (`local-part = dot-atom /
/// quoted-string`, RFC 5322 3.4.1), and a name without `<` stands before its address.
fn whole_address<'a>(address: &'a Addr<'_>) -> Option<Cow<'a, str>> {
    let text = address.address.as_deref()?;
    let plain = !text.contains('"') && text.contains([' ', '\t']);
    Some(match address.name.as_deref() {
        // `a @ example.com` (`obs-local-part`, `obs-domain`), `Name a@example.com`.
        _ if plain && let Some((before, domain)) = text.rsplit_once('@') => {
            let local = before
                .split_ascii_whitespace()
                .next_back()
                .unwrap_or_default();
            let domain = domain.split_ascii_whitespace().next().unwrap_or_default();
            Cow::Owned(format!("{local}@{domain}"))
        }
        Some(local) if text.starts_with('@') => {
            let quoted = local.replace('\\', "\\\\").replace('"', "\\\"");
            Cow::Owned(format!("\"{quoted}\"{text}"))
        }
        _ => Cow::Borrowed(text),
    })
}

/// An unstructured field's text, decoded.
pub(crate) fn text(field: &Field<'_>) -> String {
    unstructured(field.body).unwrap_or_default()
}

/// A body with its encoded words decoded (RFC 2047).
pub(crate) fn unstructured(body: &str) -> Option<String> {
    match MessageStream::new(&stream_bytes(prefix(body, MAX_SHOWN_BYTES))).parse_unstructured() {
        HeaderValue::Text(text) => Some(text.into_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_are_addresses() {
        for (body, wanted) in [
            ("Some One <a@example.com>", &["a@example.com"][..]),
            ("Some One < a@example.com >", &["a@example.com"]),
            ("a@example.com (Some One)", &["a@example.com"]),
            ("<a@example.com", &["a@example.com"]),
            ("a @ example.com", &["a@example.com"]),
            ("Some One a@example.com", &["a@example.com"]),
            (
                "\"a b\"@example.com, c@example.com",
                &["\"a b\"@example.com", "c@example.com"],
            ),
            (
                "\"a <b@x.example>\"@example.com",
                &["\"a <b@x.example>\"@example.com"],
            ),
            ("One <\"a b\"@example.com>", &["\"a b\"@example.com"]),
            ("\"b@x.example\" <a@example.com>", &["a@example.com"]),
            (
                "all: a@example.com, b@example.com;",
                &["a@example.com", "b@example.com"],
            ),
            ("nobody", &[]),
        ] {
            let text = format!("From: {body}\n\n");
            let section = HeaderSection::parse(&text);
            let summary = Summary::of(&section);
            assert_eq!(summary.from, wanted, "{body}");
        }
    }
}
