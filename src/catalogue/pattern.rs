//! Host name patterns of the catalogue.
//!
//! A pattern describes whole names, ASCII without case, one trailing dot ignored:
//!
//! ```text
//! pattern = label *("." label)
//! ```
//!
//! - `*.` at the start stands for one or more labels; elsewhere a label `*` is any one label;
//! - `*` inside a label stands for zero or more letters, digits, `-` or `_` of that label;
//! - `#` stands for one or more digits.
//!
//! A [`LabelPattern`] says where in such a name a customer's label stands.
//!
//! There is no escape, no alternation and no other special character. A label's pattern runs as a
//! set of positions in one word, so matching is linear in the name whatever it holds.
//!
//! Knows nothing of providers. The build script uses this file too.

use std::borrow::Cow;

/// What a pattern's label may hold: its positions and its end fit into one word.
const LABEL_LIMIT: usize = 62;

/// A host name pattern of the catalogue's own small language.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    text: Cow<'static, str>,
    /// How many bytes at the end are plain: most names fail there, before any label is read.
    tail: usize,
}

impl Pattern {
    /// A pattern that [`Self::parse`] has read at build time.
    pub(crate) const fn known(text: &'static str, tail: usize) -> Self {
        Self {
            text: Cow::Borrowed(text),
            tail,
        }
    }

    /// Reads a pattern; a trailing dot is dropped.
    ///
    /// # Errors
    ///
    /// Says what is wrong with a text that describes no host name, or every one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.strip_suffix('.').unwrap_or(text);
        let quoted = format!("host pattern `{text}`");
        if text.is_empty() {
            return Err("empty host pattern: a host name such as `relay#.example.com`".to_owned());
        }
        if text.len() > 253 {
            return Err(format!("{quoted} is longer than a host name may be"));
        }
        for label in text.split('.') {
            if label.is_empty() {
                return Err(format!("{quoted} has an empty label"));
            }
            if label.len() > LABEL_LIMIT {
                return Err(format!(
                    "{quoted} has a label of more than {LABEL_LIMIT} characters"
                ));
            }
            if let Some(odd) = label
                .chars()
                .find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*' | '#')))
            {
                return Err(format!(
                    "{quoted} holds `{}`: letters, digits, `-`, `_`, `*` (any part of a label) \
                     and `#` (digits) are known",
                    odd.escape_default()
                ));
            }
        }
        if text
            .bytes()
            .all(|byte| matches!(byte, b'*' | b'#' | b'.' | b'-'))
        {
            return Err(format!(
                "{quoted} would match any name: name at least a domain"
            ));
        }
        let plain = text.rfind(['*', '#']).map_or(0, |sign| sign + 1);
        Ok(Self {
            tail: text.len() - plain,
            text: Cow::Owned(text.to_ascii_lowercase()),
        })
    }

    /// The pattern as text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many bytes at the end are plain.
    #[allow(
        dead_code,
        reason = "the build script, which compiles this file too, asks for it"
    )]
    pub(crate) fn tail(&self) -> usize {
        self.tail
    }

    /// Whether the last `count` labels are plain names, so that nobody else can register a match.
    #[must_use]
    pub fn ends_in_plain_labels(&self, count: usize) -> bool {
        let mut labels = self.text.rsplit('.');
        (0..count).all(|_| {
            labels
                .next()
                .is_some_and(|label| !label.bytes().any(|b| matches!(b, b'*' | b'#')))
        })
    }

    /// Whether the pattern describes this whole name.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let name = name.strip_suffix('.').unwrap_or(name);
        let pattern: &str = &self.text;
        if !ends_in(name.as_bytes(), pattern.as_bytes(), self.tail) {
            return false;
        }
        let (pattern, open) = match pattern.strip_prefix("*.") {
            Some(rest) => (rest, true),
            None => (pattern, false),
        };
        let mut wanted = Some(pattern.as_bytes());
        let mut left = Some(name.as_bytes());
        while let Some(pattern) = wanted {
            let Some(rest) = left else { return false };
            let (before, label) = last_label(rest);
            let (ahead, pattern) = last_label(pattern);
            if !label_matches(pattern, label) {
                return false;
            }
            (wanted, left) = (ahead, before);
        }
        match left {
            None => !open,
            // What `*.` stands for must still be labels, not an empty one before a dot.
            Some(rest) => {
                open && rest
                    .split(|byte| *byte == b'.')
                    .all(|label| !label.is_empty())
            }
        }
    }
}

/// Where a customer's label stands in a provider's host names: a pattern with one `{}` in its
/// place, `mx0?-{}.mail.example.com`. Beside it in the same label stand only plain characters and
/// `?`, one letter or digit each; the other labels are a [`Pattern`]'s.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LabelPattern(Cow<'static, str>);

/// The place of the label.
const PLACE: &str = "{}";

impl LabelPattern {
    /// A pattern that [`Self::parse`] has read at build time.
    pub(crate) const fn known(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Reads a pattern; a trailing dot is dropped.
    ///
    /// # Errors
    ///
    /// Says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.strip_suffix('.').unwrap_or(text);
        let quoted = format!("label pattern `{text}`");
        let Some((before, behind)) = text.split_once(PLACE) else {
            return Err(format!("{quoted} needs one `{{}}` in the label's place"));
        };
        let start = before.rsplit('.').next().unwrap_or_default();
        let end = behind.split('.').next().unwrap_or_default();
        if start.contains(['*', '#']) || end.contains(['*', '#', '{']) {
            return Err(format!(
                "{quoted}: beside `{{}}` in its label stand only plain characters and `?`"
            ));
        }
        let other = |labels: Option<&str>| labels.is_some_and(|labels| labels.contains('?'));
        if other(before.strip_suffix(start)) || other(behind.strip_prefix(end)) {
            return Err(format!("{quoted}: `?` stands only in the label of `{{}}`"));
        }
        if behind
            .split('.')
            .skip(1)
            .filter(|label| !label.contains(['*', '#']))
            .count()
            < 2
        {
            return Err(format!("{quoted}: its domain must be written out"));
        }
        // What is left must be a host pattern.
        Pattern::parse(&text.replacen(PLACE, "x", 1).replace('?', "x"))?;
        Ok(Self(Cow::Owned(text.to_ascii_lowercase())))
    }

    /// The pattern as text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The label in this name, as written there; labels compare without case.
    #[must_use]
    pub fn label<'n>(&self, name: &'n str) -> Option<&'n str> {
        let name = name.strip_suffix('.').unwrap_or(name);
        let (pattern, open) = match self.0.strip_prefix("*.") {
            Some(rest) => (rest, true),
            None => (&*self.0, false),
        };
        let mut found = None;
        let mut wanted = Some(pattern);
        let mut left = Some(name);
        while let Some(pattern) = wanted {
            let (ahead, pattern) = last_part(pattern);
            let (before, label) = last_part(left?);
            match pattern.split_once(PLACE) {
                Some((start, end)) => found = Some(between(start, end, label)?),
                None if label_matches(pattern.as_bytes(), label.as_bytes()) => {}
                None => return None,
            }
            (wanted, left) = (ahead, before);
        }
        let whole = match left {
            None => !open,
            Some(rest) => open && rest.split('.').all(|label| !label.is_empty()),
        };
        found.filter(|_| whole)
    }
}

impl std::fmt::Display for LabelPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What stands before the last dot, if there is one, and the label behind it.
fn last_part(name: &str) -> (Option<&str>, &str) {
    match name.rsplit_once('.') {
        Some((before, label)) => (Some(before), label),
        None => (None, name),
    }
}

/// The part of a label between what stands before and behind it: letters, digits and hyphens.
fn between<'n>(start: &str, end: &str, label: &'n str) -> Option<&'n str> {
    let cut = label.len().checked_sub(end.len())?;
    let part = label.get(start.len()..cut)?;
    let fits = |pattern: &str, text: Option<&str>| {
        text.is_some_and(|text| {
            pattern
                .bytes()
                .zip(text.bytes())
                .all(|(wanted, byte)| match wanted {
                    b'?' => byte.is_ascii_alphanumeric(),
                    plain => plain.eq_ignore_ascii_case(&byte),
                })
        })
    };
    let word = part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !part.is_empty()
        && !part.starts_with('-')
        && !part.ends_with('-');
    (word && fits(start, label.get(..start.len())) && fits(end, label.get(cut..))).then_some(part)
}

/// What stands before the last dot, if there is one, and the label behind it.
fn last_label(name: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let dot = name.iter().rposition(|byte| *byte == b'.');
    match dot.and_then(|dot| Some((name.get(..dot)?, name.get(dot + 1..)?))) {
        Some((before, label)) => (Some(before), label),
        None => (None, name),
    }
}

/// Whether the last `tail` bytes of both are the same, without case.
fn ends_in(name: &[u8], pattern: &[u8], tail: usize) -> bool {
    let end = |text: &'_ [u8]| text.len().checked_sub(tail);
    let (Some(name_end), Some(pattern_end)) = (end(name), end(pattern)) else {
        return false;
    };
    match (name.get(name_end..), pattern.get(pattern_end..)) {
        (Some(name), Some(pattern)) => name.eq_ignore_ascii_case(pattern),
        _ => false,
    }
}

/// Follows every way through the pattern at once: bit n is set where its first n characters can
/// account for the label so far.
fn label_matches(pattern: &[u8], label: &[u8]) -> bool {
    if label.is_empty() {
        return false;
    }
    if !pattern.iter().any(|byte| matches!(byte, b'*' | b'#')) {
        return pattern.eq_ignore_ascii_case(label);
    }
    let skip_stars = |mut states: u64| {
        for (position, byte) in pattern.iter().enumerate() {
            if *byte == b'*' && states & (1 << position) != 0 {
                states |= 1 << (position + 1);
            }
        }
        states
    };
    let mut states = skip_stars(1);
    for byte in label {
        let mut next = 0u64;
        for (position, wanted) in pattern.iter().enumerate() {
            let here = states & (1 << position) != 0;
            let behind = states & (1 << (position + 1)) != 0;
            let word = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            let taken = match wanted {
                b'*' => (here || behind) && word,
                // A further digit goes on from behind the sign.
                b'#' => (here || behind) && byte.is_ascii_digit(),
                plain => here && plain.eq_ignore_ascii_case(byte),
            };
            if taken {
                next |= 1 << (position + 1);
            }
        }
        states = skip_stars(next);
        if states == 0 {
            return false;
        }
    }
    states & (1 << pattern.len()) != 0
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label<'n>(pattern: &str, name: &'n str) -> Option<&'n str> {
        LabelPattern::parse(pattern).expect(pattern).label(name)
    }

    #[test]
    fn a_label_stands_where_the_pattern_says() {
        let filter = "mx0?-{}.filter.example.com";
        assert_eq!(
            label(filter, "mx0a-00aaaa01.filter.example.com"),
            Some("00aaaa01")
        );
        assert_eq!(
            label(filter, "MX0B-00AAAA01.Filter.Example.COM."),
            Some("00AAAA01")
        );
        let cloud = "esa*.{}.*.example.com";
        assert_eq!(
            label(cloud, "esa1.hc123-45.eu.example.com"),
            Some("hc123-45")
        );
        let below = "*.{}.example.com";
        assert_eq!(label(below, "a.b.hc123-45.example.com"), Some("hc123-45"));
        for (pattern, name) in [
            (filter, "mx0a-.filter.example.com"),
            (filter, "mx0a--x.filter.example.com"),
            (filter, "mx0a-x-.filter.example.com"),
            (filter, "mx0aa-x.filter.example.com"),
            (filter, "mx0.-x.filter.example.com"),
            (filter, "mx0--x.filter.example.com"),
            (filter, "mx0a-x_y.filter.example.com"),
            (filter, "mx0a-é.filter.example.com"),
            (filter, "mxé-x.filter.example.com"),
            (filter, "mx0a-x.y.filter.example.com"),
            (filter, "a.mx0a-x.filter.example.com"),
            (filter, "mx0a-x.filter.example.com.example.net"),
            (filter, "mx0a-x.filter.example.net"),
            (filter, ""),
            (cloud, "esa1.hc123-45.example.com"),
            (cloud, "x.esa1.hc123-45.eu.example.com"),
            (below, "hc123-45.example.com"),
            (below, ".hc123-45.example.com"),
        ] {
            assert_eq!(label(pattern, name), None, "{pattern} and {name}");
        }
    }

    #[test]
    fn texts_that_hold_no_place_for_a_label_are_refused() {
        for text in [
            "",
            "mx.example.com",
            "{}",
            "{}.com",
            "a.{}.*.com",
            "{}-{}.example.com",
            "{}.{}.example.com",
            "*{}.example.com",
            "{}#.example.com",
            "a?.{}.example.com",
            "{}.a?.example.com",
            "{}..example.com",
            "{} .example.com",
        ] {
            assert!(LabelPattern::parse(text).is_err(), "{text}");
        }
    }

    fn matches(pattern: &str, name: &str) -> bool {
        Pattern::parse(pattern).expect(pattern).matches(name)
    }

    #[test]
    fn names_match_whole() {
        for (pattern, name, expected) in [
            ("mx.example.com", "MX.Example.COM.", true),
            ("mx.example.com.", "mx.example.com", true),
            ("mx.example.com", "xmx.example.com", false),
            ("mx.example.com", "mx.example.com.example.net", false),
            ("mx.example.com", "a.mx.example.com", false),
            ("mx.example.com", "mx.example.com..", false),
            ("mx.example.com", "", false),
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "a.b.c.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", ".example.com", false),
            ("*.example.com", "a..example.com", false),
            ("*.example.com", "aexample.com", false),
            ("a.*.example.com", "a.b.example.com", true),
            ("a.*.example.com", "a.b.c.example.com", false),
            ("a.*.example.com", "a.example.com", false),
            ("in#.example.com", "in31.example.com", true),
            ("in#.example.com", "in.example.com", false),
            ("in#.example.com", "in3x.example.com", false),
            ("*#-#.example.com", "a11-10.example.com", true),
            ("*#-#.example.com", "a-10.example.com", false),
            ("#*5.example.com", "15.example.com", true),
            ("#*#.example.com", "1.example.com", false),
            ("*mb#.example.com", "dm6pr14mb2698.example.com", true),
            ("*mb#.example.com", "mb1mb.example.com", false),
            ("mail-*.example.com", "mail-.example.com", true),
            ("mail-*.example.com", "mail-a.b.example.com", false),
            ("mail-*.example.com", "mail-a b.example.com", false),
            ("mail-*.example.com", "mail-é.example.com", false),
            ("smtp.example.*", "smtp.example.fr", true),
            ("smtp.example.*", "smtp.example", false),
            ("smtp.example.*", "smtp.example.", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} and {name}");
        }
    }

    #[test]
    fn long_names_take_one_pass() {
        let pattern = format!("{}.example.com", "*a".repeat(31));
        let name = format!("{}b.example.com", "a".repeat(100_000));
        assert!(!matches(&pattern, &name));
        assert!(matches(
            "*.example.com",
            &format!("{}example.com", "a.".repeat(100_000))
        ));
    }

    #[test]
    fn texts_that_describe_no_host_are_refused() {
        for text in [
            "",
            ".",
            "a..b",
            "*",
            "*.*",
            "*.#",
            "a b",
            "a/b",
            "[192.0.2.1]",
            "é.example",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
        assert!(Pattern::parse(&"a".repeat(63)).is_err());
        assert!(Pattern::parse(&"a.".repeat(128)).is_err());
    }
}
