//! Every folder of `fixtures/` that holds a `case.toml` is a case: a message, how the program is
//! called, and what must come of it.
//!
//! `[expect]` is written by hand and says what is true; the snapshots beside it record how it is
//! said. Each message is read with LF and with CRLF line ends and must give the same analysis.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod cases;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

use cases::{folders, root};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it shows, in a sentence.
    shows: String,
    /// Where the forms in it come from.
    form: String,
    /// The arguments, without the path.
    args: Vec<String>,
    /// The message is pasted into standard input.
    #[serde(default)]
    pasted: bool,
    /// The message is not run with CRLF line ends (it has its own).
    #[serde(default)]
    exact: bool,
    /// `path.in.json = value`: the truth, by hand.
    expect: BTreeMap<String, toml::Value>,
}

fn cases() -> Vec<(String, PathBuf, Case)> {
    let read = |(name, folder): (String, PathBuf)| {
        let text = std::fs::read_to_string(folder.join("case.toml")).unwrap();
        let case =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{name}/case.toml: {error}"));
        (name, folder, case)
    };
    folders().into_iter().map(read).collect()
}

struct Output {
    status: i32,
    text: String,
}

fn run(args: &[String], extra: &[&str], path: &str, input: Option<&[u8]>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
    command
        .current_dir(root())
        .args(args)
        .args(extra)
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS");
    if input.is_none() {
        command.arg(path);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.unwrap_or_default()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    Output {
        status: output.status.code().unwrap(),
        text: String::from_utf8(output.stdout).unwrap(),
    }
}

/// The JSON of a run, without what differs between line ends.
fn json(case: &Case, path: &str, input: Option<&[u8]>) -> (i32, Value) {
    let output = run(&case.args, &["--format", "json"], path, input);
    let line = output.text.lines().next().unwrap_or_default();
    let mut value: Value =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{path}: {error}: {line}"));
    value["source"]["path"] = Value::Null;
    (output.status, value)
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    let mut before = 0;
    for byte in bytes {
        if *byte == b'\n' && before != b'\r' {
            out.push(b'\r');
        }
        out.push(*byte);
        before = *byte;
    }
    out
}

fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.')
        .fold(value, |value, key| match key.parse::<usize>() {
            Ok(index) => &value[index],
            Err(_) => &value[key],
        })
}

/// Compares one line of `[expect]`: a list is a set of codes that must all be there.
fn holds(analysis: &Value, key: &str, wanted: &toml::Value) -> Result<(), String> {
    let found = match key {
        "warnings" | "reasons" => {
            let codes = analysis[key]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["code"].clone())
                .collect();
            Value::Array(codes)
        }
        key => at(analysis, key).clone(),
    };
    let wanted_json = serde_json::to_value(wanted).unwrap();
    let fits = match (&wanted_json, &found) {
        (Value::Array(wanted), Value::Array(found)) if matches!(key, "warnings" | "reasons") => {
            wanted.iter().all(|code| found.contains(code))
        }
        (Value::String(none), Value::Null) if none == "null" => true,
        (wanted, found) => wanted == found,
    };
    fits.then_some(())
        .ok_or_else(|| format!("{key}: expected {wanted_json}, found {found}"))
}

const EXIT: &[(&str, i32)] = &[
    ("pass", 0),
    ("unchecked", 0),
    ("fail", 1),
    ("error", 2),
    ("inconclusive", 3),
];

#[test]
fn every_case_gives_what_is_true_with_lf_and_with_crlf() {
    let schema: Value = serde_json::from_str(
        &std::fs::read_to_string(root().join("src/report/schema.json")).unwrap(),
    )
    .unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut wrong = Vec::new();
    let cases = cases();
    for (name, folder, case) in &cases {
        let bytes = std::fs::read(folder.join("message.eml")).unwrap();
        assert!(
            !case.shows.is_empty() && !case.form.is_empty(),
            "{name}: says nothing of itself"
        );
        for key in ["outcome", "observed.route", "observed.hop"] {
            assert!(
                case.expect.contains_key(key),
                "{name}: [expect] lacks {key}"
            );
        }
        let path = format!("fixtures/{name}/message.eml");
        let (status, analysis) = json(case, &path, case.pasted.then_some(&bytes[..]));
        for (key, wanted) in &case.expect {
            if let Err(says) = holds(&analysis, key, wanted) {
                wrong.push(format!("{name}: {says}"));
            }
        }
        let outcome = analysis["outcome"].as_str().unwrap();
        let exit = EXIT.iter().find(|(word, _)| *word == outcome).unwrap().1;
        if exit != status {
            wrong.push(format!(
                "{name}: outcome {outcome}, but exit status {status}"
            ));
        }
        for error in schema.iter_errors(&analysis) {
            wrong.push(format!(
                "{name}: schema: {error} at {}",
                error.instance_path()
            ));
        }
        if !case.exact {
            let crlf = with_crlf(&bytes);
            let copy = scratch.join(format!("{}.crlf.eml", name.replace('/', "-")));
            std::fs::write(&copy, &crlf).unwrap();
            let (_, with_crlf) = json(
                case,
                copy.to_str().unwrap(),
                case.pasted.then_some(&crlf[..]),
            );
            if with_crlf != analysis {
                wrong.push(format!("{name}: CRLF line ends give another analysis"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_reads_as_recorded() {
    for (name, folder, case) in cases() {
        let bytes = std::fs::read(folder.join("message.eml")).unwrap();
        let path = format!("fixtures/{name}/message.eml");
        let input = case.pasted.then_some(&bytes[..]);
        let human = run(&case.args, &["--color", "never"], &path, input);
        let (_, mut analysis) = json(&case, &path, input);
        analysis["tool"]["version"] = Value::from("[version]");
        analysis["tool"]["catalogue"] = Value::from("[date]");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(case.shows.as_str());
        settings.bind(|| {
            insta::assert_snapshot!("human", human.text);
            insta::assert_snapshot!("json", serde_json::to_string_pretty(&analysis).unwrap());
        });
    }
}
