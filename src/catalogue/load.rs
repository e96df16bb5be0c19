//! Entries from a user's file, in the form of the built-in ones: errors with line, column and
//! what would help. (TOML 1.0; the data model is in `form.rs`.)

use std::fmt;

use serde::Deserialize;

use super::form::Provider;

/// Why a catalogue file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogueError {
    /// 1-based line, where known.
    pub line: Option<u32>,
    /// 1-based column in characters, where known.
    pub column: Option<u32>,
    /// What is wrong.
    pub says: String,
    /// A known key that was perhaps meant.
    pub suggestion: Option<String>,
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}")?;
            if let Some(column) = self.column {
                write!(f, ", column {column}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.says)?;
        match &self.suggestion {
            Some(meant) => write!(f, "; did you mean `{meant}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CatalogueError {}

/// A file with several entries.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Several {
    provider: Vec<Provider>,
}

/// The entries of a file: one on the top level, or several as `[[provider]]`.
pub(super) fn entries(text: &str) -> Result<Vec<Provider>, CatalogueError> {
    let several = toml::from_str::<toml::Table>(text)
        .map_err(|error| located(text, &error))?
        .contains_key("provider");
    let entries = if several {
        toml::from_str::<Several>(text).map(|file| file.provider)
    } else {
        toml::from_str::<Provider>(text).map(|entry| vec![entry])
    }
    .map_err(|error| located(text, &error))?;
    for (number, entry) in entries.iter().enumerate() {
        entry.check().map_err(unlocated)?;
        decides_for_one_owner(entry).map_err(unlocated)?;
        if entries
            .iter()
            .take(number)
            .any(|other| other.id == entry.id)
        {
            return Err(unlocated(format!("provider `{}` is there twice", entry.id)));
        }
    }
    Ok(entries)
}

/// `*.co.uk` would make everybody in the United Kingdom that provider.
fn decides_for_one_owner(entry: &Provider) -> Result<(), String> {
    for (key, patterns) in [
        ("egress", &entry.egress),
        ("border-stamps", &entry.receiving.border_stamps),
        ("bounce-domains", &entry.bounce_domains),
        ("signing-domains", &entry.signing_domains),
    ] {
        for pattern in patterns.iter() {
            let name = pattern.as_str();
            let name = name.strip_prefix("*.").unwrap_or(name);
            if psl::domain_str(name).is_none_or(|domain| domain.contains(['*', '#'])) {
                return Err(format!(
                    "provider `{}`: {key} `{pattern}` covers a public suffix: name a domain below it",
                    entry.id
                ));
            }
        }
    }
    Ok(())
}

fn unlocated(says: String) -> CatalogueError {
    CatalogueError {
        line: None,
        column: None,
        says,
        suggestion: None,
    }
}

fn located(text: &str, error: &toml::de::Error) -> CatalogueError {
    let message = error.message();
    let before = error.span().and_then(|span| {
        // For an item of a list the parser gives the whole list.
        let item = message
            .split('`')
            .nth(1)
            .and_then(|item| text.get(span.clone())?.find(&format!("\"{item}\"")));
        text.get(..span.start + item.unwrap_or(0))
    });
    let position = before.map(|before| {
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(start..).unwrap_or("").chars().count() + 1;
        (
            u32::try_from(line).unwrap_or(u32::MAX),
            u32::try_from(column).unwrap_or(u32::MAX),
        )
    });
    let suggestion = suggestion(message);
    let says = match message.split_once(", expected ") {
        // Beside the one that was meant, the list of all keys is noise.
        Some((unknown, _)) if suggestion.is_some() => unknown,
        _ => message,
    };
    CatalogueError {
        line: position.map(|(line, _)| line),
        column: position.map(|(_, column)| column),
        says: says.trim_end().replace('\n', ": "),
        suggestion,
    }
}

/// The known word nearest to the unknown one, out of serde's ``unknown field `a`, expected one of
/// `b`, `c` ``.
fn suggestion(message: &str) -> Option<String> {
    let (unknown, known) = message
        .strip_prefix("unknown field ")
        .or_else(|| message.strip_prefix("unknown variant "))?
        .split_once(", expected ")?;
    let unknown = unknown.trim_matches('`');
    known
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|word| (distance(unknown, word), word))
        .min()
        .filter(|(distance, _)| *distance * 3 <= unknown.len().max(3))
        .map(|(_, word)| word.to_owned())
}

/// Letters to insert, delete or replace; underscores and hyphens are the same.
fn distance(a: &str, b: &str) -> usize {
    // A key is short; whatever a hostile file holds, the work is bounded.
    let letters = |text: &str| -> String {
        let letters = text.chars().take(64);
        let plain = letters.map(|c| {
            if c == '_' {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        });
        plain.collect()
    };
    strsim::levenshtein(&letters(a), &letters(b))
}
