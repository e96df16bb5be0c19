//! Text that somebody else wrote into text that is safe to show: what could move the cursor, turn the
//! reading order round, hide, or pass for something else is escaped as `\u{…}`.
//!
//! Knows nothing of formats, colours or widths. Look-alike letters are left alone in running text;
//! [`machine_name`] escapes them where a host or an address stands.

use std::borrow::Cow;
use std::fmt::Write as _;

/// How many combining marks may stand on one character; more pile up over the lines around.
const MARKS_MAX: usize = 2;

/// `text` without anything that a terminal would obey or not show.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut marks = 0;
    escape(text, move |char| {
        marks = if is_combining(char) { marks + 1 } else { 0 };
        marks > MARKS_MAX || is_hostile(char)
    })
}

/// `text` for XML or HTML, between tags or in a quoted attribute, without what XML has no way to
/// write (XML 1.0 2.2).
pub fn markup(text: &str) -> Cow<'_, str> {
    let is_plain = |char: char| !matches!(char, '&' | '<' | '>' | '"' | '\'') && is_xml(char);
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            char if is_xml(char) => escaped.push(char),
            _ => {}
        }
    }
    Cow::Owned(escaped)
}

const fn is_xml(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A host, an address or another machine-made word: everything outside printable ASCII is escaped,
/// so that a look-alike letter shows itself.
#[cfg(feature = "formats")]
pub(crate) fn machine_name(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    escape(text, |char| !matches!(char, ' '..='~'))
}

fn escape(text: &str, mut must: impl FnMut(char) -> bool) -> Cow<'_, str> {
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut any = false;
    for char in text.chars() {
        if must(char) {
            any = true;
            // Writing to a String cannot fail.
            let _ = write!(escaped, "\\u{{{:x}}}", u32::from(char));
        } else {
            escaped.push(char);
        }
    }
    if any {
        Cow::Owned(escaped)
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether `char` is one that must not reach a terminal as it is.
pub(crate) const fn is_hostile(char: char) -> bool {
    matches!(char,
        // C0, DEL and C1 controls: cursor, colours, titles, line ends.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        // Bidirectional marks, embeddings, overrides and isolates (UAX #9).
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Line and paragraph separators.
        | '\u{2028}' | '\u{2029}'
        // Shown as nothing: soft hyphen, joiners, fillers, invisible operators, byte-order mark.
        | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        // Shown as an empty place: other spaces than U+0020, the blank Braille cell.
        | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{2800}'
        // Variation selectors and tags.
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}'
        // Interlinear annotation, specials; the musical and shorthand format controls.
        | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{1bca0}'..='\u{1bca3}'
        // Private use: whatever a font makes of it.
        | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}'
        // Non-characters of the basic plane.
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}')
}

/// The blocks of combining marks that belong to no one script.
const fn is_combining(char: char) -> bool {
    matches!(char,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_touched() {
        for text in [
            "Test SBR 3 (SIB)",
            "réunion à 9 h",
            "試験メール",
            "C:\\temp",
            "e\u{301}te",
        ] {
            assert!(
                matches!(printable(text), Cow::Borrowed(same) if same == text),
                "{text}"
            );
        }
    }

    #[test]
    fn every_class_of_hostile_character_is_escaped() {
        for (char, class) in [
            ('\u{1b}', "C0"),
            ('\t', "C0"),
            ('\r', "C0"),
            ('\n', "C0"),
            ('\0', "C0"),
            ('\u{7f}', "DEL"),
            ('\u{85}', "C1"),
            ('\u{9b}', "C1"),
            ('\u{61c}', "bidi"),
            ('\u{200e}', "bidi"),
            ('\u{200f}', "bidi"),
            ('\u{202a}', "bidi"),
            ('\u{202e}', "bidi"),
            ('\u{2066}', "bidi"),
            ('\u{2069}', "bidi"),
            ('\u{2028}', "separator"),
            ('\u{2029}', "separator"),
            ('\u{200b}', "zero width"),
            ('\u{200d}', "zero width"),
            ('\u{2060}', "zero width"),
            ('\u{feff}', "zero width"),
            ('\u{ad}', "zero width"),
            ('\u{3164}', "filler"),
            ('\u{a0}', "space"),
            ('\u{2003}', "space"),
            ('\u{fe0f}', "variation"),
            ('\u{e0041}', "tag"),
            ('\u{fff9}', "annotation"),
            ('\u{e000}', "private use"),
            ('\u{f8ff}', "private use"),
            ('\u{10fffd}', "private use"),
            ('\u{ffff}', "non-character"),
        ] {
            let code = u32::from(char);
            let expected = format!("a\\u{{{code:x}}}b");
            assert_eq!(printable(&format!("a{char}b")), expected, "{class}");
            assert_eq!(machine_name(&format!("a{char}b")), expected, "{class}");
        }
    }

    #[test]
    fn marks_do_not_pile_up() {
        let zalgo = format!("a{}", "\u{300}".repeat(4));
        assert_eq!(printable(&zalgo), "a\u{300}\u{300}\\u{300}\\u{300}");
    }

    #[test]
    fn a_look_alike_shows_itself_in_a_name() {
        assert_eq!(
            machine_name("smtp.ex\u{430}mple.com"),
            "smtp.ex\\u{430}mple.com"
        );
        assert_eq!(machine_name("smtp.example.com"), "smtp.example.com");
    }
}
