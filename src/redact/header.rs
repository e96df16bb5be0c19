//! A header section into text of as many lines, with nothing personal in it.
//!
//! A field that is read keeps its words, as far as they are harmless; addresses and ids are
//! written anew on the field's first line, since folds, comments and encoded words may hide
//! anything; of every other field only the name is left. Knows nothing of what is personal.

use super::REMOVED;
use super::known::mailboxes;
use super::text::{Mode, Scrubber, address_in, fold};
use crate::header::{Field, HeaderSection, MAX_ADDRESSES_BYTES, MAX_SHOWN_BYTES, prefix};
use crate::trace::received::MAX_FIELD;

/// What is kept of a field.
enum Form {
    /// Its harmless words.
    Words,
    /// Its addresses, without names.
    Addresses,
    /// Its message ids.
    Ids,
    /// That it is a subject.
    Subject,
    /// Its name.
    Nothing,
}

const WORDS: [&str; 13] = [
    "received",
    "authentication-results",
    "arc-authentication-results",
    "arc-message-signature",
    "arc-seal",
    "received-spf",
    "dkim-signature",
    "date",
    "resent-date",
    "delivery-date",
    "mime-version",
    "x-mclm-sbr-processed",
    "x-ms-has-attach",
];

const ADDRESSES: [&str; 21] = [
    "from",
    "to",
    "cc",
    "bcc",
    "sender",
    "reply-to",
    "return-path",
    "delivered-to",
    "envelope-to",
    "x-original-to",
    "x-envelope-to",
    "x-envelope-from",
    "x-sender",
    "apparently-to",
    "errors-to",
    "resent-from",
    "resent-to",
    "resent-cc",
    "resent-sender",
    "disposition-notification-to",
    "return-receipt-to",
];

const SUBJECTS: [&str; 2] = ["subject", "thread-topic"];

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a field holds addresses with people's names.
pub(super) fn holds_addresses(name: &str) -> bool {
    is_one_of(name, &ADDRESSES)
}

/// Whether a field holds message ids: `Message-ID`, `Origin-messageId`, `References`.
pub(super) fn is_message_id(name: &str) -> bool {
    let folded = name.to_ascii_lowercase();
    folded.contains("message-id")
        || folded.contains("messageid")
        || is_one_of(name, &["references", "in-reply-to"])
}

/// Whether a field holds the address of the machine that somebody wrote the message on:
/// `X-Originating-IP`, `X-Sender-IP`, `X-Client-Addr`.
pub(super) fn names_client(name: &str) -> bool {
    if !name.starts_with(['X', 'x']) {
        return false;
    }
    let folded = name.to_ascii_lowercase();
    let whose = [
        "originat",
        "client",
        "sender",
        "source",
        "user",
        "remote",
        "real",
        "forwarded-for",
    ];
    let what = ["ip", "addr", "forwarded-for"];
    folded.starts_with("x-")
        && whose.iter().any(|word| folded.contains(word))
        && what.iter().any(|word| folded.contains(word))
}

fn form_of(name: &str) -> Form {
    if is_one_of(name, &WORDS) {
        Form::Words
    } else if holds_addresses(name) {
        Form::Addresses
    } else if is_message_id(name) {
        Form::Ids
    } else if is_one_of(name, &SUBJECTS) {
        Form::Subject
    } else {
        Form::Nothing
    }
}

/// The text of a section, redacted; what stands behind its end is gone, but for its lines.
pub(super) fn redacted(section: &HeaderSection<'_>, with: &mut Scrubber<'_, '_>) -> String {
    let text = section.text();
    let mut shown = String::with_capacity(text.len());
    for (_, field) in section.walk() {
        let whole = text.get(field.span.clone()).unwrap_or_default();
        shown.push_str(&with.field_name(field.name));
        match form_of(field.name) {
            // No server writes as much, and none of it is read.
            Form::Words if field.body.len() > MAX_FIELD => {
                shown.push_str(": ");
                shown.push_str(REMOVED);
                push_lines(whole, &mut shown);
            }
            Form::Words => {
                let body = whole.get(field.name.len()..).unwrap_or_default();
                let (lines, end) = match body.strip_suffix('\n') {
                    Some(lines) => (lines, "\n"),
                    None => (body, ""),
                };
                let scrubbed = with.scrub(lines, Mode::Header);
                shown.push_str(&scrubbed.replace('\r', ""));
                shown.push_str(end);
            }
            form @ (Form::Addresses | Form::Ids | Form::Subject | Form::Nothing) => {
                let value = value(&form, field, with);
                let colon = if value.is_empty() { ":" } else { ": " };
                shown.push_str(colon);
                shown.push_str(&value);
                push_lines(whole, &mut shown);
            }
        }
    }
    for line in text
        .get(section.end()..)
        .unwrap_or_default()
        .split_inclusive('\n')
    {
        if !line.trim().is_empty() {
            shown.push_str(REMOVED);
        }
        if line.ends_with('\n') {
            shown.push('\n');
        }
    }
    shown
}

/// The line ends of `whole`, with continuation lines that say nothing.
fn push_lines(whole: &str, shown: &mut String) {
    let ends = whole.bytes().filter(|byte| *byte == b'\n').count();
    let continued = !whole.ends_with('\n');
    for end in 1..=ends {
        shown.push('\n');
        if end < ends || continued {
            shown.push(' ');
        }
    }
}

fn value(form: &Form, field: &Field<'_>, with: &mut Scrubber<'_, '_>) -> String {
    if field.body.trim().is_empty() {
        return String::new();
    }
    let values: Vec<String> = match form {
        Form::Subject => vec![with.subject(&subject(field))],
        Form::Ids => {
            let body = prefix(field.body, MAX_ADDRESSES_BYTES);
            let ids = body.split(|char: char| char.is_whitespace() || "<>,".contains(char));
            let ids = ids.filter(|id| address_in(id).is_some());
            ids.map(|id| format!("<{}>", with.message_id(id))).collect()
        }
        Form::Addresses if field.body.trim() == "<>" => vec!["<>".to_owned()],
        Form::Addresses => {
            let found = mailboxes(field)
                .into_iter()
                .filter_map(|(_, address)| address);
            found
                .map(|address| format!("<{}>", with.address(&address)))
                .collect()
        }
        Form::Words | Form::Nothing => Vec::new(),
    };
    match values.is_empty() {
        true => REMOVED.to_owned(),
        false => values.join(", "),
    }
}

/// The decoded subject, so that it is called the same as where it is shown.
fn subject(field: &Field<'_>) -> String {
    use mail_parser::HeaderValue;
    use mail_parser::parsers::MessageStream;
    // As much as is shown of it.
    let bytes = [prefix(field.body, MAX_SHOWN_BYTES).as_bytes(), b"\r\n"].concat();
    #[expect(clippy::wildcard_enum_match_arm, reason = "text is looked for")]
    match MessageStream::new(&bytes).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => fold(field.body),
    }
}
