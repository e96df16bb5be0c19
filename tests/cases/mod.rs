//! The cases: every folder below `fixtures/` that holds a `case.toml`, and what the library makes
//! of its message, asked with the arguments that stand there.
#![allow(dead_code, reason = "each test uses a part of it")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use smarthop::ask::{Ask, AskOption};
use smarthop::{Catalogue, Expectation, RawMessage, Repair};

/// The package's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Each case's name (its path below `fixtures/`, with `/`) and folder, by name.
pub(crate) fn folders() -> Vec<(String, PathBuf)> {
    let fixtures = root().join("fixtures");
    let mut found = Vec::new();
    let mut left = vec![fixtures.clone()];
    while let Some(folder) = left.pop() {
        if folder.join("case.toml").is_file() {
            let name = folder.strip_prefix(&fixtures).unwrap();
            let name = name.to_str().unwrap().replace('\\', "/");
            found.push((name, folder));
            continue;
        }
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 400, "only {} cases", found.len());
    found
}

/// A case as its `case.toml` has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// Its name, and its folder.
    #[serde(skip)]
    pub(crate) name: String,
    #[serde(skip)]
    pub(crate) folder: PathBuf,
    /// What it shows, in a sentence.
    pub(crate) shows: String,
    /// Where the forms in it come from.
    pub(crate) form: String,
    /// The arguments, without the path.
    pub(crate) args: Vec<String>,
    /// The message is pasted into standard input.
    #[serde(default)]
    pub(crate) pasted: bool,
    /// The message is not run with CRLF line ends (it has its own).
    #[serde(default)]
    pub(crate) exact: bool,
    /// Text and JSON are recorded beside it, as examples of how it is said.
    #[serde(default)]
    pub(crate) recorded: bool,
    /// `path.in.json = value`: the truth, by hand.
    pub(crate) expect: BTreeMap<String, toml::Value>,
}

/// All cases, by name.
pub(crate) fn all() -> Vec<Case> {
    let read = |(name, folder): (String, PathBuf)| {
        let text = std::fs::read_to_string(folder.join("case.toml")).unwrap();
        let case: Case =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{name}/case.toml: {error}"));
        Case {
            name,
            folder,
            ..case
        }
    };
    folders().into_iter().map(read).collect()
}

/// What a command's arguments ask.
pub(crate) fn expectation<'t>(
    args: impl IntoIterator<Item = &'t str>,
) -> Result<Expectation, String> {
    let mut ask = Ask::default();
    let mut args = args.into_iter();
    let command = args.next();
    while let Some(arg) = args.next() {
        let (name, value) = match arg.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (arg, None),
        };
        let option = name.strip_prefix("--").and_then(AskOption::named);
        let option = option.ok_or_else(|| format!("{arg} is no option"))?;
        let value = match (value, option) {
            (Some(value), _) => value,
            (None, AskOption::Mine) => "",
            (None, _) => args.next().ok_or_else(|| format!("{arg} has no value"))?,
        };
        let value = match option.is_document() {
            true => std::fs::read_to_string(root().join(value)).unwrap(),
            false => value.to_owned(),
        };
        ask.set(option, &value).map_err(|error| error.to_string())?;
    }
    let asked = match command {
        Some("trace") => ask.trace(Catalogue::builtin()),
        _ => ask.expectation(Catalogue::builtin()),
    };
    asked.map_err(|error| error.to_string())
}

/// What the library makes of a message.
pub(crate) fn analysis(message: &[u8], repair: Repair, expectation: &Expectation) -> Value {
    let raw = RawMessage::new(message, repair);
    let analysis = smarthop::analyze_message(&raw, expectation, Catalogue::builtin());
    serde_json::to_value(analysis).unwrap()
}

impl Case {
    pub(crate) fn message(&self) -> Vec<u8> {
        std::fs::read(self.folder.join("message.eml")).unwrap()
    }

    /// What its arguments and further ones ask.
    pub(crate) fn expectation(&self, extra: &[String]) -> Result<Expectation, String> {
        // `--mine` stands in the place of one with a token, which did not hold.
        let is_mine = extra.iter().any(|option| option == "--mine");
        let own = self.args.iter();
        let own = own.filter(|arg| !(is_mine && arg.starts_with("--mine=")));
        expectation(own.chain(extra).map(String::as_str))
    }

    /// What the library makes of a message, asked as this case asks and with more options.
    pub(crate) fn of(&self, message: &[u8], extra: &[String]) -> Result<Value, String> {
        let repair = match self.pasted {
            true => Repair::Pasted,
            false => Repair::Encoding,
        };
        Ok(analysis(message, repair, &self.expectation(extra)?))
    }
}
