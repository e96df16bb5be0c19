//! `docs/codes.md` is what the program says of its codes, `smarthop explain` prints it, and no code
//! is seen in a fixture that has no explanation.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use smarthop::codes::{self, Kind};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn explain(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_smarthop"))
        .arg("explain")
        .args(args)
        .output()
        .unwrap()
}

/// `INSTA_UPDATE=always` writes it anew, as it does the fixtures' snapshots.
#[test]
fn the_documentation_is_the_programs() {
    let path = root().join("docs/codes.md");
    let made = codes::markdown();
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "docs/codes.md differs; INSTA_UPDATE=always cargo test --test codes writes it"
    );
}

#[test]
fn each_code_is_explained_and_listed() {
    let list = String::from_utf8(explain(&[]).stdout).unwrap();
    for known in codes::all() {
        let listed = format!("\n  {}\n", known.code);
        assert!(list.contains(&listed), "{}", known.code);
    }
    let output = explain(&["--mine"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.starts_with("--mine (settles a doubt)\n"));
    assert!(text.contains("\n  Why it matters: ") && text.contains("\n  What to do: "));
    // A reason and a warning.
    let text = String::from_utf8(explain(&["no-received"]).stdout).unwrap();
    assert!(text.contains("no-received (reason)") && text.contains("no-received (warning)"));
}

#[test]
fn what_is_no_code_leads_to_one() {
    let output = explain(&["helo-onyl"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let says = String::from_utf8(output.stderr).unwrap();
    assert!(says.contains("did you mean `helo-only`?"), "{says}");
    let says = String::from_utf8(explain(&["\u{1b}[31m"]).stderr).unwrap();
    assert!(
        !says.contains('\u{1b}') && says.contains("lists them"),
        "{says}"
    );
}

/// The codes of one list of an analysis.
fn codes_of<'v>(analysis: &'v Value, list: &str, key: &str) -> Vec<&'v str> {
    let list = analysis[list].as_array().map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(|item| item[key].as_str()).collect()
}

#[test]
fn what_the_fixtures_say_is_explained() {
    let mut seen = 0;
    let mut folders = vec![root().join("fixtures")];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.to_string_lossy().into_owned();
            if !name.ends_with("json.snap") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let body = text.splitn(3, "---\n").nth(2).unwrap();
            let analysis: Value = serde_json::from_str(body).unwrap();
            for (list, key, kind) in [
                ("reasons", "code", Kind::Reason),
                ("settle", "option", Kind::Setting),
                ("warnings", "code", Kind::Warning),
            ] {
                for code in codes_of(&analysis, list, key) {
                    let known = codes::of(code);
                    let is_known = known.iter().any(|own| own.code == code && own.kind == kind);
                    assert!(is_known, "{name}: {code} of {list}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 1_000, "only {seen} codes were looked at");
}
