//! The scripts of the README, run where their interpreter is.
#![cfg(all(feature = "cli", unix))]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn script(name: &str) -> PathBuf {
    root().join("tests/scripts").join(name)
}

/// An interpreter's command with smarthop on its path; none where it is not installed.
fn interpreter(name: &str) -> Option<Command> {
    let installed = Command::new(name).arg("--version").output().is_ok();
    if !installed {
        println!("skipped: {name} is not installed");
        return None;
    }
    let own = Path::new(env!("CARGO_BIN_EXE_smarthop")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(name);
    command
        .env("PATH", format!("{}:{path}", own.display()))
        .current_dir(root());
    command.env_remove("SMARTHOP_POLICY");
    Some(command)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const PASS: &str = "fixtures/documented-sample/message.eml";
const FAIL: &str = "fixtures/platform/exchange/after-smart-host/message.eml";
const INCONCLUSIVE: &str = "fixtures/receiver/outlook/connector-host-helo-only/message.eml";

#[test]
fn the_shell_script_tells_each_verdict() {
    for (host, path, status, says) in [
        (
            "smtp-relay.example.com",
            PASS,
            0,
            "left through sender-id.example.com",
        ),
        ("smtp-relay.example.com", FAIL, 1, "left through"),
        ("smtp-relay.example.com", INCONCLUSIVE, 3, "not settled: "),
        ("smtp-relay.example.com", "nowhere.eml", 2, "not read: "),
        ("*.com", PASS, 2, "smarthop gave no result"),
    ] {
        let (Some(mut bash), Some(_)) = (interpreter("bash"), interpreter("jq")) else {
            return;
        };
        let output = bash
            .arg(script("verdict.sh"))
            .args([host, path])
            .output()
            .unwrap();
        let said = text(&output);
        assert!(said.contains(says), "{host} {path}: {said}");
        assert_eq!(output.status.code(), Some(status), "{host} {path}: {said}");
    }
}

#[test]
fn the_step_writes_the_summary_and_is_red() {
    let Some(mut bash) = interpreter("bash") else {
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("step");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("mails")).unwrap();
    fs::copy(root().join(PASS), folder.join("mails/a.eml")).unwrap();
    fs::write(folder.join("mails/b.eml"), "From: <b@example.com>\n\n").unwrap();
    fs::copy(
        root().join("fixtures/policy/routing.toml"),
        folder.join("routing.toml"),
    )
    .unwrap();
    let step = fs::read_to_string(script("github-actions.yml")).unwrap();
    let (_, commands) = step.split_once("  run: |\n").unwrap();
    // As GitHub runs `shell: bash`.
    bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", commands]);
    bash.env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .env("SMARTHOP_POLICY", "routing.toml");
    let output = bash.current_dir(&folder).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
    let summary = fs::read_to_string(folder.join("summary.md")).unwrap();
    assert!(
        summary.contains("| ✅ pass | 1 |") && summary.contains("| ❔ inconclusive | 1 |"),
        "{summary}"
    );
    let junit = fs::read_to_string(folder.join("smarthop.xml")).unwrap();
    assert!(
        junit.contains(r#"tests="2""#) && junit.contains(r#"failures="1""#),
        "{junit}"
    );
}

#[test]
fn the_pytest_passes_and_fails() {
    for (mails, passes) in [(PASS, true), (INCONCLUSIVE, false)] {
        let Some(mut python) = interpreter("python3") else {
            return;
        };
        python
            .arg("-B")
            .arg(script("test_route.py"))
            .env("MAILS", mails);
        let output = python.output().unwrap();
        assert_eq!(output.status.success(), passes, "{}", text(&output));
        assert_eq!(
            text(&output).contains("inconclusive: "),
            !passes,
            "{}",
            text(&output)
        );
    }
}

#[test]
fn the_powershell_script_lists_what_did_not_pass() {
    let Some(mut pwsh) = interpreter("pwsh") else {
        return;
    };
    let arguments = [
        "-SmartHost",
        "smtp-relay.example.com",
        "-Mails",
        INCONCLUSIVE,
    ];
    let output = pwsh
        .arg("-NoProfile")
        .arg("-File")
        .arg(script("Verdict.ps1"))
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
    assert!(text(&output).contains("inconclusive"), "{}", text(&output));
}
