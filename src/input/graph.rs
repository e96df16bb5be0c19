//! A message as Microsoft Graph gives it (`GET …/messages/{id}?$select=internetMessageHeaders`),
//! or only the list of its headers, into a header section: each is a `name` and a `value`, newest
//! first, as they stood in the message, with their folds undone.
//!
//! Not supported: several messages in one answer. Knows nothing of what a header means.

use memchr::{memchr_iter, memmem};
use serde_json::Value;

/// The key that holds the headers.
const KEY: &str = "internetMessageHeaders";

/// Whether `text` begins as such an object or list does.
pub(super) fn begins(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let holds = |word: &str| memmem::find(text, word.as_bytes()).is_some();
    matches!(text, [b'{' | b'[', ..])
        && (holds(KEY) || holds("graph.microsoft.com") || (holds("\"name\"") && holds("\"value\"")))
}

/// The header section in it, and the line of the input of each of its lines.
pub(super) fn header(text: &str) -> Option<(String, Vec<u32>)> {
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let list = list_of(&value)?;
    let mut header = String::new();
    let mut lines = Vec::new();
    let mut at = 0;
    let mut line = 1u32;
    for item in list {
        let (name, value) = (word(item, "name")?, word(item, "value")?);
        // Fields come in the order of the text.
        let quoted = serde_json::to_string(name).ok()?;
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
    (!lines.is_empty()).then_some((header, lines))
}

fn list_of(value: &Value) -> Option<&Vec<Value>> {
    let object = match value.get("value").and_then(Value::as_array) {
        // An answer to a search, of one message.
        Some(messages) if messages.len() == 1 => messages.first()?,
        _ => value,
    };
    object.get(KEY).unwrap_or(object).as_array()
}

fn word<'v>(item: &'v Value, key: &str) -> Option<&'v str> {
    item.get(key)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_come_with_their_lines() {
        let list = "[\n {\"name\":\"Received\",\"value\":\"from a\\r\\n\\tby b\"},\n \
                    {\"name\":\"From\",\n  \"value\":\"x@example.com\"}]";
        let text = "Received: from a  \tby b\nFrom: x@example.com\n".to_owned();
        assert_eq!(header(list), Some((text.clone(), vec![2, 3])));
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
        ] {
            assert!(begins(object.as_bytes()));
            let (read, lines) = header(&object).unwrap_or_default();
            assert_eq!(
                (read.as_str(), lines.last()),
                (text.as_str(), Some(&(3 + before)))
            );
        }
        for other in [
            "{}",
            "[1]",
            "{\"internetMessageHeaders\":[]}",
            "[{\"name\":1}]",
            "{",
        ] {
            assert_eq!(header(other), None, "{other}");
        }
    }
}
