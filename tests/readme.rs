//! Everything the README shows is run: each `$ ` line of its console blocks, with what it prints.
//!
//! `cargo run --release -- …` runs the program that was built for the test; other cargo commands
//! are left to those who run them (`.ci/run` runs the first and the test command as written), and
//! what speaks to the server is run by `tests/serve.rs`. A line `...` in the output stands for any
//! number of lines.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::Command;

struct Shown {
    line: usize,
    command: String,
    output: Vec<String>,
}

fn shown(readme: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let mut inside = false;
    for (number, line) in readme.lines().enumerate() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            found.push(Shown {
                line: number + 1,
                command: command.to_owned(),
                output: Vec::new(),
            });
        } else if inside && let Some(last) = found.last_mut() {
            if last.command.ends_with('\\') && last.output.is_empty() {
                last.command.pop();
                last.command.push_str(line.trim_start_matches("> "));
            } else {
                last.output.push(line.to_owned());
            }
        }
    }
    found
}

/// Whether the printed lines are the shown ones, `...` standing for any.
fn is_alike(shown: &[String], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((first, rest)) if first == "..." => (0..=printed.len())
            .any(|skipped| is_alike(rest, printed.get(skipped..).unwrap_or_default())),
        Some((first, rest)) => printed.split_first().is_some_and(|(line, after)| {
            first.trim_end() == line.trim_end() && is_alike(rest, after)
        }),
    }
}

#[test]
fn the_readme_shows_what_happens() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_smarthop")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut run = 0;
    for Shown {
        line,
        command,
        output,
    } in shown(&readme)
    {
        let command = command.replacen("cargo run --release -- ", "smarthop ", 1);
        let elsewhere = ["cargo ", "tests/", "smarthop serve", "curl "];
        if elsewhere.iter().any(|begin| command.starts_with(begin)) {
            continue;
        }
        let done = Command::new("bash")
            .args(["-c", &command])
            .current_dir(root)
            .env("PATH", &path)
            .env_remove("COLUMNS")
            .output()
            .unwrap();
        let text = String::from_utf8(done.stdout).unwrap();
        let errors = String::from_utf8(done.stderr).unwrap();
        let printed: Vec<&str> = text.lines().chain(errors.lines()).collect();
        run += 1;
        if !output.is_empty() {
            assert!(
                is_alike(&output, &printed),
                "README.md:{line}: `{command}` prints\n{text}{errors}\ninstead of\n{}",
                output.join("\n")
            );
        } else {
            assert!(
                errors.is_empty(),
                "README.md:{line}: `{command}` says {errors}"
            );
        }
    }
    assert!(run >= 5, "only {run} commands of the README were run");
}
