//! A message, or only its header, as JSON, into a header section: Microsoft Graph's
//! `internetMessageHeaders` (`GET …/messages/{id}?$select=internetMessageHeaders`), in its own
//! spelling or PowerShell's (`ConvertTo-Json`), the Gmail API's `payload.headers`, Amazon SES's
//! `mail.headers`, Mailgun's `message-headers`. Each is a list of names and values, newest first,
//! as they stood in the message, with their folds undone.
//!
//! Not supported: several messages in one answer. Knows nothing of what a header means.

use memchr::{memchr_iter, memmem};
use serde_json::Value;

use super::Instead;

/// The keys that hold the headers, and those that hold what has one of them; in lower case.
const KEYS: [&str; 3] = ["internetmessageheaders", "message-headers", "headers"];
const OUTER: [&str; 3] = ["payload", "mail", "message"];

/// Whether `text` begins as such an object or list does.
pub(super) fn begins(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    if !matches!(text, [b'{' | b'[', ..]) {
        return false;
    }
    let text = text.to_ascii_lowercase();
    let holds = |word: &str| memmem::find(&text, word.as_bytes()).is_some();
    holds("internetmessageheaders")
        || holds("graph.microsoft.com")
        || holds("\"message-headers\"")
        || (holds("\"name\"") && holds("\"value\""))
}

/// The header section in it, and the line of the input of each of its lines.
pub(super) fn header(text: &str) -> Result<(String, Vec<u32>), Instead> {
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|_| Instead::GraphMessage)?;
    let list = list_of(&value)?;
    let mut header = String::new();
    let mut lines = Vec::new();
    let mut at = 0;
    let mut line = 1u32;
    for item in list {
        let (name, value) = pair(item).ok_or(Instead::GraphMessage)?;
        // Fields come in the order of the text.
        let quoted = serde_json::to_string(name).map_err(|_| Instead::GraphMessage)?;
        let rest = text.get(at..).unwrap_or_default();
        if let Some(found) = rest.find(&quoted) {
            let passed = rest.get(..found).unwrap_or_default();
            let more = memchr_iter(b'\n', passed.as_bytes()).count();
            line = line.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
            at += found + quoted.len();
        }
        let clean = |text: &str| text.replace(['\r', '\n'], " ");
        header.push_str(&clean(name));
        header.push_str(": ");
        header.push_str(clean(value).trim());
        header.push('\n');
        lines.push(line);
    }
    match lines.is_empty() {
        true => Err(Instead::GraphMessage),
        false => Ok((header, lines)),
    }
}

/// The list of headers in an answer, be it of one message or a search that found one.
fn list_of(value: &Value) -> Result<&Vec<Value>, Instead> {
    let mut value = value;
    let mut messages = found(value);
    match (messages.next(), messages.next()) {
        (Some(_), Some(_)) => return Err(Instead::SeveralMessages),
        (Some(one), None) => value = one,
        (None, _) => {}
    }
    if let Some(outer) = OUTER.iter().find_map(|key| member(value, key)) {
        value = outer;
    }
    let inner = KEYS.iter().find_map(|key| member(value, key));
    inner
        .unwrap_or(value)
        .as_array()
        .ok_or(Instead::GraphMessage)
}

/// The messages that a search found, or that stand in a list, as far as they have a header: those
/// that somebody sent himself have none.
fn found(value: &Value) -> impl Iterator<Item = &Value> {
    let list = member(value, "value").unwrap_or(value).as_array();
    let is_message = |item: &&Value| KEYS.iter().any(|key| member(item, key).is_some());
    list.into_iter().flatten().filter(is_message)
}

/// A member of an object by its name, without case.
fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    let mut members = value.as_object()?.iter();
    members.find_map(|(name, value)| name.eq_ignore_ascii_case(key).then_some(value))
}

/// `{"name": …, "value": …}` or `[…, …]`.
fn pair(item: &Value) -> Option<(&str, &str)> {
    if let Some([name, value]) = item.as_array().map(Vec::as_slice) {
        return Some((name.as_str()?, value.as_str()?));
    }
    Some((
        member(item, "name")?.as_str()?,
        member(item, "value")?.as_str()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_come_with_their_lines() {
        let list = "[\n {\"name\":\"Received\",\"value\":\"from a\\r\\n\\tby b\"},\n \
                    {\"name\":\"From\",\n  \"value\":\"x@example.com\"}]";
        let text = "Received: from a  \tby b\nFrom: x@example.com\n".to_owned();
        assert_eq!(header(list), Ok((text.clone(), vec![2, 3])));
        for (object, before) in [
            (format!("{{\"internetMessageHeaders\":{list}}}"), 0),
            (
                format!("{{\"body\":\"Received\",\n\"internetMessageHeaders\":{list}}}"),
                1,
            ),
            (
                format!("{{\"value\":[{{\n\"internetMessageHeaders\":{list}}}]}}"),
                1,
            ),
            (
                format!(
                    "[{{\"InternetMessageHeaders\":{}}}]",
                    list.replace("\"n", "\"N")
                ),
                0,
            ),
            (
                format!("{{\"id\":\"x\",\"payload\":{{\"headers\":{list}}}}}"),
                0,
            ),
            (format!("{{\"mail\":\n{{\"headers\":{list}}}}}"), 1),
            (
                "{\"message-headers\":[\n[\"Received\",\"from a\\r\\n\\tby b\"],\n\n\
                 [\"From\",\"x@example.com\"]]}"
                    .to_owned(),
                1,
            ),
        ] {
            assert!(begins(object.as_bytes()));
            let (read, lines) = header(&object).unwrap_or_default();
            assert_eq!(
                (read.as_str(), lines.last()),
                (text.as_str(), Some(&(3 + before)))
            );
        }
        let two = format!(
            "{{\"value\":[{0},{0}]}}",
            format_args!("{{\"headers\":{list}}}")
        );
        assert_eq!(header(&two), Err(Instead::SeveralMessages));
        let sent = format!("{{\"value\":[{{\"subject\":\"x\"}},{{\"headers\":{list}}}]}}");
        assert_eq!(header(&sent), Ok((text, vec![2, 3])));
        for other in [
            "{}",
            "[1]",
            "{\"internetMessageHeaders\":[]}",
            "[{\"name\":1}]",
            "{",
        ] {
            assert_eq!(header(other), Err(Instead::GraphMessage), "{other}");
        }
    }
}
