//! Every folder of `fixtures/` that holds a `case.toml` is a case: a message, how it is asked
//! about, and what must come of it.
//!
//! `[expect]` is written by hand and says what is true: each key is a path into the JSON;
//! `reasons`, `warnings` and `settle` are lists of codes and options, `hops` is a number. Each
//! message is read with LF and with CRLF line ends and must give the same analysis. Of the cases
//! that are `recorded`, text and JSON as the program prints them stand beside the message.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod cases;

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use cases::{Case, root};

struct Output {
    status: i32,
    text: String,
}

/// What the program prints of a case.
fn run(case: &Case, extra: &[&str]) -> Output {
    let path = format!("fixtures/{}/message.eml", case.name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
    command
        .current_dir(root())
        .args(&case.args)
        .args(extra)
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if !case.pasted {
        command.arg(path);
    }
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    if case.pasted {
        stdin.write_all(&case.message()).unwrap();
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    Output {
        status: output.status.code().unwrap(),
        text: String::from_utf8(output.stdout).unwrap(),
    }
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

/// What stands at a key of `[expect]`.
fn found(analysis: &Value, key: &str) -> Value {
    let each = |list: &str, part: &str| {
        let items = analysis[list].as_array().unwrap().iter();
        items.map(|item| item[part].clone()).collect()
    };
    match key {
        "warnings" | "reasons" => each(key, "code"),
        "settle" => each(key, "option"),
        "hops" => Value::from(analysis[key].as_array().unwrap().len()),
        path => path
            .split('.')
            .fold(analysis, |value, key| match key.parse::<usize>() {
                Ok(index) => &value[index],
                Err(_) => &value[key],
            })
            .clone(),
    }
}

/// Compares one line of `[expect]`.
fn holds(analysis: &Value, key: &str, wanted: &toml::Value) -> Result<(), String> {
    let found = found(analysis, key);
    let wanted = match wanted.as_str() {
        Some("null") => Value::Null,
        _ => serde_json::to_value(wanted).unwrap(),
    };
    (wanted == found)
        .then_some(())
        .ok_or_else(|| format!("{key}: expected {wanted}, found {found}"))
}

#[test]
fn every_case_gives_what_is_true_with_lf_and_with_crlf() {
    let schema: Value = serde_json::from_str(
        &std::fs::read_to_string(root().join("src/report/schema.json")).unwrap(),
    )
    .unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut wrong = Vec::new();
    for case in cases::all() {
        let (name, bytes) = (&case.name, case.message());
        assert!(
            !case.shows.is_empty() && !case.form.is_empty(),
            "{name}: says nothing of itself"
        );
        for key in [
            "outcome",
            "observed.route",
            "observed.hop",
            "reasons",
            "warnings",
        ] {
            assert!(
                case.expect.contains_key(key),
                "{name}: [expect] lacks {key}"
            );
        }
        let analysis = case.of(&bytes, &[]).unwrap();
        for (key, wanted) in &case.expect {
            if let Err(says) = holds(&analysis, key, wanted) {
                wrong.push(format!("{name}: {says}"));
            }
        }
        for error in schema.iter_errors(&analysis) {
            wrong.push(format!(
                "{name}: schema: {error} at {}",
                error.instance_path()
            ));
        }
        if !case.exact && case.of(&with_crlf(&bytes), &[]).unwrap() != analysis {
            wrong.push(format!("{name}: CRLF line ends give another analysis"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const EXIT: &[(&str, i32)] = &[
    ("pass", 0),
    ("unchecked", 0),
    ("fail", 1),
    ("error", 2),
    ("inconclusive", 3),
];

#[test]
fn recorded_cases_read_as_recorded_and_the_program_says_what_the_library_does() {
    let mut recorded = 0;
    for case in cases::all() {
        let name = &case.name;
        if !case.recorded {
            let extra = ["human.snap", "json.snap"].map(|file| case.folder.join(file).exists());
            assert_eq!(extra, [false, false], "{name} is not `recorded`");
            continue;
        }
        recorded += 1;
        let human = run(&case, &["--color", "never"]);
        let json = run(&case, &["--format", "json"]);
        let mut analysis: Value = serde_json::from_str(json.text.lines().next().unwrap()).unwrap();
        let mut own = case.of(&case.message(), &[]).unwrap();
        // The library is not told where a message came from.
        own["source"] = analysis["source"].clone();
        for analysis in [&mut analysis, &mut own] {
            analysis["source"]["path"] = Value::Null;
            analysis["tool"]["version"] = Value::from("[version]");
            analysis["tool"]["catalogue"] = Value::from("[date]");
        }
        assert_eq!(analysis, own, "{name}: program and library differ");
        let outcome = analysis["outcome"].as_str().unwrap();
        let exit = EXIT.iter().find(|(word, _)| *word == outcome).unwrap().1;
        assert_eq!([human.status, json.status], [exit; 2], "{name}: {outcome}");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&case.folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(case.shows.as_str());
        settings.bind(|| {
            insta::assert_snapshot!("human", human.text);
            insta::assert_snapshot!("json", serde_json::to_string_pretty(&analysis).unwrap());
        });
    }
    assert!((25..=45).contains(&recorded), "{recorded} are recorded");
}
