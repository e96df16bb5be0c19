//! `docs/codes.md` is what the program says of its codes, `smarthop explain` prints it, and no code
//! is seen in a fixture that has no explanation.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod cases;

use std::fs;
use std::process::{Command, Output};

use smarthop::codes::{self, Kind};

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
    let path = cases::root().join("docs/codes.md");
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

/// What a case's `[expect]` lists of one kind.
fn listed<'c>(case: &'c toml::Table, list: &str) -> Vec<&'c str> {
    let found = case.get("expect").and_then(|expect| expect.get(list));
    let found = found.and_then(toml::Value::as_array);
    let found = found.into_iter().flatten();
    found.filter_map(toml::Value::as_str).collect()
}

#[test]
fn what_the_fixtures_say_is_explained() {
    let mut seen = 0;
    for (name, folder) in cases::folders() {
        let text = fs::read_to_string(folder.join("case.toml")).unwrap();
        let case: toml::Table = text.parse().unwrap();
        for (list, kind) in [
            ("reasons", Kind::Reason),
            ("settle", Kind::Setting),
            ("warnings", Kind::Warning),
        ] {
            for code in listed(&case, list) {
                let known = codes::of(code);
                let is_known = known.iter().any(|own| own.code == code && own.kind == kind);
                assert!(is_known, "{name}: {code} of {list}");
                seen += 1;
            }
        }
    }
    assert!(seen > 1_000, "only {seen} codes were looked at");
}
