//! JSON into values with places; and what looks like JSON in an API console.
//!
//! Besides RFC 8259 this reads what the OVHcloud API console prints and what its guide shows:
//! no quotes round keys, a line end in place of a comma, a key of several words
//! (`Data utworzenia: "…"`, where the page was translated), and several answers one after the
//! other. A console's answer:
//!
//! ```text
//! {
//!     smartHost: "smtp-relay.example.com"
//!     displayName: "testconnector"
//!     porta: 587
//!     id: 29
//! }
//! ```
//!
//! hjson and json5 crates do not read this: the one takes an unquoted value to the line's end,
//! the other wants commas. Nesting is bounded, work is linear. Knows nothing of connectors.

use std::ops::Range;

use super::ReadError;
use super::place::{self, Named};

/// Nesting beyond which a text is no API's answer: `ConvertTo-Json -Depth` goes to 100.
const DEPTH_MAX: usize = 128;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) span: Range<usize>,
}

/// Objects keep their keys' order.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    String(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The value under a key, without case: translated pages write `ID`, PowerShell's property
    /// names have no case.
    pub(super) fn field(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Object(fields) => fields
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(key))
                .map(|(_, node)| node),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::List(_) => {
                None
            }
        }
    }

    /// As [`Node::field`], with `null` as absent.
    pub(super) fn present(&self, key: &str) -> Option<&Node> {
        self.field(key).filter(|node| node.value != Value::Null)
    }

    /// A whole number, also one in quotes.
    pub(super) fn integer(&self) -> Option<u64> {
        match &self.value {
            Value::Number(text) | Value::String(text) => text.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) => None,
        }
    }

    /// A string that is not blank.
    pub(super) fn string(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Object(_) => {
                None
            }
        }
    }

    /// True or false, also as a word or as PowerShell's 1 and 0.
    pub(super) fn boolean(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(value) => Some(*value),
            Value::Number(text) => Some(text != "0"),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Value::String(_) | Value::Null | Value::List(_) | Value::Object(_) => None,
        }
    }
}

/// The values of a text, one after the other.
pub(super) fn parse(text: Named<'_>) -> Result<Vec<Node>, ReadError> {
    let mut reader = Reader { text, at: 0 };
    let mut nodes = Vec::new();
    loop {
        reader.skip_separators();
        if reader.peek().is_none() {
            return Ok(nodes);
        }
        nodes.push(reader.value(0)?);
    }
}

struct Reader<'t> {
    text: Named<'t>,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn error(&self, at: usize, says: &str) -> ReadError {
        let end = self.text.text.len().min(at + 1);
        self.text.error(at..end, says)
    }

    /// White space (a copied page's no-break spaces too) and commas.
    fn skip_separators(&mut self) {
        let rest = self.rest();
        let next = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        self.at += rest.len() - next.len();
    }

    /// `value = object / array / string / bare`
    fn value(&mut self, depth: usize) -> Result<Node, ReadError> {
        let start = self.at;
        if depth > DEPTH_MAX {
            return Err(self.error(start, "nested too deeply"));
        }
        let value = match self.peek() {
            Some('{') => self.object(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Value::String(self.quoted()?),
            Some('}' | ']' | ':') | None => {
                return Err(self.error(start, "a value is missing here"));
            }
            Some(_) => self.bare(),
        };
        Ok(Node {
            value,
            span: start..self.at,
        })
    }

    /// `array = "[" *(value [","]) "]"`
    fn list(&mut self, depth: usize) -> Result<Value, ReadError> {
        let start = self.at;
        self.bump();
        let mut items = Vec::new();
        loop {
            self.skip_separators();
            match self.peek() {
                Some(']') => {
                    self.bump();
                    return Ok(Value::List(items));
                }
                None => return Err(self.error(start, "this `[` is never closed")),
                Some(_) => items.push(self.value(depth + 1)?),
            }
        }
    }

    /// `object = "{" *(key ":" value [","]) "}"`, or the console's `{ null }` for no answer.
    fn object(&mut self, depth: usize) -> Result<Value, ReadError> {
        let start = self.at;
        self.bump();
        let mut fields: Vec<(String, Node)> = Vec::new();
        loop {
            self.skip_separators();
            match self.peek() {
                Some('}') => {
                    self.bump();
                    return Ok(Value::Object(fields));
                }
                None => return Err(self.error(start, "this `{` is never closed")),
                Some(_) if fields.is_empty() && self.is_null_object() => return Ok(Value::Null),
                Some(_) => {
                    let key = self.key()?;
                    self.skip_separators();
                    fields.push((key, self.value(depth + 1)?));
                }
            }
        }
    }

    /// Consumes `null }`, where that is what follows.
    fn is_null_object(&mut self) -> bool {
        let Some(rest) = self.rest().strip_prefix("null") else {
            return false;
        };
        let Some(rest) = rest.trim_start().strip_prefix('}') else {
            return false;
        };
        self.at = self.text.text.len() - rest.len();
        true
    }

    /// `key = string / *<any character but a line end, ":", "{", "}", "[", "]", DQUOTE>`, with
    /// the colon behind it.
    fn key(&mut self) -> Result<String, ReadError> {
        let start = self.at;
        let key = if self.peek() == Some('"') {
            self.quoted()?
        } else {
            let rest = self.rest();
            let stop = |c: char| matches!(c, ':' | '{' | '}' | '[' | ']' | '"' | '\n' | '\r');
            let end = rest.find(stop).unwrap_or(rest.len());
            self.at += end;
            rest.get(..end).unwrap_or_default().trim().to_owned()
        };
        let rest = self.rest();
        match rest.trim_start().strip_prefix(':') {
            Some(behind) if !key.is_empty() => {
                self.at = self.text.text.len() - behind.len();
                Ok(key)
            }
            Some(_) | None => Err(self.error(start, "a `key: value` is expected here")),
        }
    }

    /// `null`, `true`, `false`, a number, or a word without quotes.
    fn bare(&mut self) -> Value {
        let rest = self.rest();
        let stop = |c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | '[' | ']' | '"');
        let word = rest.get(..rest.find(stop).unwrap_or(rest.len()));
        let word = word.unwrap_or_default();
        self.at += word.len();
        match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            // Leniently: whether `1e3` is a number matters to nobody here.
            _ if word.parse::<f64>().is_ok() => Value::Number(word.to_owned()),
            _ => Value::String(word.to_owned()),
        }
    }

    /// `string = DQUOTE *char DQUOTE` with RFC 8259's escapes; an unpaired surrogate becomes
    /// U+FFFD.
    fn quoted(&mut self) -> Result<String, ReadError> {
        let start = self.at;
        self.bump();
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let end = rest.find(['"', '\\', '\n']).unwrap_or(rest.len());
            out.push_str(rest.get(..end).unwrap_or_default());
            self.at += end;
            match self.peek() {
                Some('"') => {
                    self.bump();
                    return Ok(out);
                }
                Some('\\') => {
                    self.bump();
                    self.escape(&mut out)?;
                }
                Some(_) | None => {
                    return Err(self.error(start, "this quote is not closed in its line"));
                }
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), ReadError> {
        let start = self.at;
        let letter = self.peek();
        self.bump();
        let plain = match letter {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => self.code_point(start)?,
            Some(_) | None => {
                return Err(self.error(start, "unknown escape: a backslash is written `\\\\`"));
            }
        };
        out.push(plain);
        Ok(())
    }

    fn code_point(&mut self, start: usize) -> Result<char, ReadError> {
        let Some(first) = self.four_digits() else {
            return Err(self.error(start, "`\\u` wants four hexadecimal digits"));
        };
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        let before = self.at;
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 2;
            if let Some(second @ 0xdc00..0xe000) = self.four_digits() {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// What an error calls a value: its kind, or the value itself where it is short.
pub(super) fn shown(node: &Node) -> String {
    let cut = |text: &str| match text.chars().count() {
        0..=60 => place::printable(text).into_owned(),
        _ => {
            let head: String = text.chars().take(60).collect();
            format!("{}…", place::printable(&head))
        }
    };
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(text) => cut(text),
        Value::String(text) => format!("`{}`", cut(text)),
        Value::List(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<Node> {
        parse(Named { name: "api", text }).expect(text)
    }

    fn says(text: &str) -> String {
        let error = parse(Named { name: "api", text }).expect_err(text);
        format!("{}: {}", error.place(), error.says)
    }

    /// As the guide shows it, keys translated with the page.
    const CONSOLE: &str = "{
    smartHost: \"smtp-relay.example.com\"
    displayName: \"testconnector\"
    State: \"OK\"
    maxSendSize: 100
    smartHostAuthMechanism: \"basicAuthRequireTLS\"
    porta: 587
    lastUpdateDate: null
    Data utworzenia: \"2023-09-25T14:06:02+02:00\"
    taskPendingId: 0
    ID: 29
    requireTLS: true
}";

    #[test]
    fn the_consoles_print_is_read() {
        let nodes = parsed(CONSOLE);
        let [node] = nodes.as_slice() else {
            panic!("one object")
        };
        let host = node.field("smartHost").and_then(Node::string);
        assert_eq!(host, Some("smtp-relay.example.com"));
        assert_eq!(node.field("id").and_then(Node::integer), Some(29));
        assert_eq!(node.field("requireTLS").and_then(Node::boolean), Some(true));
        let date = node.field("Data utworzenia").and_then(Node::string);
        assert_eq!(date, Some("2023-09-25T14:06:02+02:00"));
        assert_eq!(
            node.field("lastUpdateDate").map(|n| &n.value),
            Some(&Value::Null)
        );
        assert_eq!(node.present("lastUpdateDate"), None);
    }

    #[test]
    fn json_and_console_say_the_same() {
        let values = |text| -> Vec<Value> { parsed(text).into_iter().map(|n| n.value).collect() };
        let plain = |node: Node| {
            let Value::Object(fields) = node.value else {
                panic!("an object, not {node:?}")
            };
            let values = fields.into_iter().map(|(key, node)| (key, node.value));
            values.collect::<Vec<_>>()
        };
        let json = r#"{"a": "x\u00e9\ud83d\ude00\n", "b" : 1, "c":{}, "d": [], "e": false}"#;
        let console =
            "{\n  a: \"x\\u00e9\\ud83d\\ude00\\n\"\r\n\u{a0}b: 1\n  c: {\n  }\n d:[\n]\n e:false}";
        let [json] = <[Node; 1]>::try_from(parsed(json)).expect("one");
        let [console] = <[Node; 1]>::try_from(parsed(console)).expect("one");
        assert_eq!(plain(json), plain(console));
        assert_eq!(values("{\n    null\n}"), [Value::Null]);
        assert_eq!(values(""), []);
        assert_eq!(
            values("\"\\ud800x\""),
            [Value::String("\u{fffd}x".to_owned())]
        );
    }

    #[test]
    fn lists_need_no_commas_and_answers_may_follow_one_another() {
        let numbers = |node: &Node| {
            let Value::List(items) = &node.value else {
                panic!("a list, not {node:?}")
            };
            items.iter().filter_map(Node::integer).collect::<Vec<_>>()
        };
        let nodes = parsed("[\n    29\n    30\n]\n[31, 32]");
        assert_eq!(
            nodes.iter().map(numbers).collect::<Vec<_>>(),
            [[29, 30], [31, 32]]
        );
    }

    #[test]
    fn error_texts() {
        for (text, expected) in [
            ("{ a: 1", "api:1:1: this `{` is never closed"),
            ("\n [1", "api:2:2: this `[` is never closed"),
            (
                "{ a: \"x\n }",
                "api:1:6: this quote is not closed in its line",
            ),
            ("{ a\n b: 1 }", "api:1:3: a `key: value` is expected here"),
            ("{ : 1 }", "api:1:3: a `key: value` is expected here"),
            ("{ a: }", "api:1:6: a value is missing here"),
            ("]", "api:1:1: a value is missing here"),
            (
                r#""\x""#,
                "api:1:3: unknown escape: a backslash is written `\\\\`",
            ),
            (r#""\u12""#, "api:1:3: `\\u` wants four hexadecimal digits"),
        ] {
            assert_eq!(says(text), expected, "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        assert!(says(&"[".repeat(100_000)).ends_with("nested too deeply"));
        assert!(says(&"{a:".repeat(100_000)).ends_with("nested too deeply"));
    }
    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "[{}\\[\\]:,\"a1 \n\\\\u\u{a0}]{0,40}") {
            // Each place that a value claims lies within the text.
            for node in parse(Named { name: "p", text: &text }).unwrap_or_default() {
                proptest::prop_assert!(text.get(node.span).is_some());
            }
        }
    }
}
