//! The documents are held to the program: each `$ ` line of their console blocks is run and prints
//! what they show, their links lead somewhere, and no option or key is missing from its reference.
//!
//! `cargo run --release -- …` runs the program that was built for the test; other cargo commands
//! are left to those who run them (`.ci/run` runs the README's first and its test command as
//! written), and what speaks to the server is run by `tests/serve.rs`. A line `...` in the output
//! stands for any number of lines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod shown;

use std::path::Path;
use std::process::Command;

use shown::{Shown, Step, is_alike, steps};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(document: &str) -> String {
    std::fs::read_to_string(root().join(document)).unwrap_or_else(|e| panic!("{document}: {e}"))
}

/// The README, and the pages of `docs/` beside it.
fn documents() -> Vec<String> {
    let mut found = vec!["README.md".to_owned()];
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            found.push(format!("docs/{name}"));
        }
    }
    found.sort();
    found
}

fn smarthop(args: &[&str]) -> (String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_smarthop"))
        .args(args)
        .current_dir(root())
        .env_remove("SMARTHOP_POLICY")
        .output()
        .unwrap();
    (
        String::from_utf8(done.stdout).unwrap(),
        String::from_utf8(done.stderr).unwrap(),
    )
}

/// The words between backquotes of a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Whether a document holds a word in backquotes, alone or with what stands behind it.
fn explains(document: &str, word: &str) -> bool {
    quoted(document).any(|quote| {
        quote
            .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'))
            .any(|part| part == word)
    })
}

#[test]
fn the_documents_show_what_happens() {
    let program = Path::new(env!("CARGO_BIN_EXE_smarthop")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut run = 0;
    for document in documents() {
        for step in steps(&text(&document), "console") {
            if let Step::Run(shown) = step {
                run += usize::from(happens(&document, &shown, &path));
            }
        }
    }
    assert!(run >= 15, "only {run} commands of the documents were run");
}

/// Runs one command, unless others do.
fn happens(document: &str, shown: &Shown, path: &str) -> bool {
    let Shown {
        line,
        command,
        output,
    } = shown;
    let command = command.replacen("cargo run --release -- ", "smarthop ", 1);
    let elsewhere = ["cargo ", "tests/", "smarthop serve", "curl "];
    if elsewhere.iter().any(|begin| command.starts_with(begin)) {
        return false;
    }
    let done = Command::new("bash")
        .args(["-c", &command])
        .current_dir(root())
        .env("PATH", path)
        .env_remove("COLUMNS")
        .output()
        .unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    let errors = String::from_utf8(done.stderr).unwrap();
    let printed: Vec<&str> = text.lines().chain(errors.lines()).collect();
    if output.is_empty() {
        assert!(
            errors.is_empty(),
            "{document}:{line}: `{command}` says {errors}"
        );
    } else {
        assert!(
            is_alike(output, &printed, |shown, printed| shown.trim_end()
                == printed.trim_end()),
            "{document}:{line}: `{command}` prints\n{text}{errors}\ninstead of\n{}",
            output.join("\n")
        );
    }
    true
}

#[test]
fn the_readme_is_short() {
    let lines = text("README.md").lines().count();
    assert!(lines <= 150, "the README has {lines} lines");
}

#[test]
fn links_lead_somewhere() {
    let mut followed = 0;
    let others = ["SECURITY.md", "CHANGELOG.md"].map(str::to_owned);
    for document in documents().into_iter().chain(others) {
        let content = text(&document);
        let folder = root().join(&document);
        let folder = folder.parent().unwrap();
        for target in content
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            if target.contains("://") {
                continue;
            }
            assert!(
                file.is_empty() || folder.join(file).exists(),
                "{document}: {target} leads nowhere"
            );
            let within = if file.is_empty() {
                &content
            } else {
                &std::fs::read_to_string(folder.join(file)).unwrap_or_default()
            };
            let is_anchor = |line: &str| {
                let title = line.trim_start_matches('#').trim().to_lowercase();
                let kept = title
                    .chars()
                    .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
                line.starts_with('#') && kept.collect::<String>().replace(' ', "-") == heading
            };
            assert!(
                heading.is_empty() || within.lines().any(is_anchor),
                "{document}: {target} leads to no heading"
            );
            followed += 1;
        }
    }
    assert!(followed >= 30, "only {followed} links were followed");
}

#[test]
fn the_book_has_every_page() {
    let summary = text("docs/SUMMARY.md");
    for document in documents() {
        let name = document.trim_start_matches("docs/");
        if !matches!(name, "README.md" | "SUMMARY.md") {
            assert!(
                summary.contains(&format!("({name})")),
                "SUMMARY.md lacks {name}"
            );
        }
    }
}

/// The subcommands that a help lists.
fn subcommands(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    listed
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_option_has_its_place() {
    let reference = [text("docs/options.md"), text("docs/guide.md")].concat();
    let mut looked_at = 0;
    let mut left = vec![Vec::new()];
    while let Some(command) = left.pop() {
        let mut args: Vec<&str> = command.iter().map(String::as_str).collect();
        args.push("--help");
        let (help, _) = smarthop(&args);
        let name = command.join(" ");
        for line in help
            .lines()
            .map(str::trim_start)
            .filter(|line| line.starts_with('-'))
        {
            let long = line
                .split([' ', ',', '[', '='])
                .find(|word| word.starts_with("--"));
            let Some(long) = long.filter(|long| !matches!(*long, "--help" | "--version")) else {
                continue;
            };
            looked_at += 1;
            let is_told = reference.contains(&format!("`{long}"))
                || reference.contains(&format!("{long}`"))
                || reference.contains(&format!(" {long} "));
            assert!(
                is_told,
                "neither options.md nor guide.md has {long} of `smarthop {name}`"
            );
        }
        for sub in subcommands(&help) {
            assert!(
                reference.contains(&sub),
                "neither options.md nor guide.md has `smarthop {name} {sub}`"
            );
            left.push([command.clone(), vec![sub]].concat());
        }
    }
    assert!(looked_at >= 60, "only {looked_at} options");
}

/// The keys that the program knows at a place, as its error about an unknown one lists them.
fn keys_known(args: &[&str], file: &str, content: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    std::fs::write(&path, content).unwrap();
    let path = path.to_str().unwrap();
    let (_, error) = smarthop(&[args, &[path]].concat());
    let (_, listed) = error
        .split_once("known are ")
        .or_else(|| error.split_once("expected one of "))
        .unwrap_or_else(|| panic!("no keys in {error}"));
    let first = listed.lines().next().unwrap_or_default();
    quoted(first).map(str::to_owned).collect()
}

#[test]
fn every_key_of_a_policy_has_its_place() {
    let reference = text("docs/policy.md");
    for table in [
        "",
        "[platform]",
        "[receiver]",
        "[[connector]]",
        "[[account]]",
        "[[domain]]",
        "[[recipient]]",
    ] {
        let keys = keys_known(
            &["policy", "check"],
            "keys.toml",
            &format!("{table}\nzzz = 1\n"),
        );
        assert!(keys.len() >= 2, "{table}: {keys:?}");
        for key in keys {
            assert!(
                explains(&reference, &key),
                "policy.md lacks {key} of {table}"
            );
        }
    }
}

#[test]
fn every_key_of_the_catalogue_has_its_place() {
    let reference = text("docs/catalogue.md");
    let provider = "[[provider]]\nid = \"a\"\nname = \"b\"\n";
    for table in [
        "",
        "[[provider.networks]]",
        "[[provider.service]]",
        "[[provider.marker]]",
        "[[provider.stamp]]",
        "[provider.receiving]",
    ] {
        let content = match table {
            "" => "[[provider]]\nzzz = 1\n".to_owned(),
            table => format!("{provider}{table}\nzzz = 1\n"),
        };
        let keys = keys_known(
            &["providers", "--catalogue"],
            "keys-of-an-entry.toml",
            &content,
        );
        assert!(keys.len() >= 3, "{table}: {keys:?}");
        for key in keys {
            assert!(
                explains(&reference, &key),
                "catalogue.md lacks {key} of {table}"
            );
        }
    }
}

#[test]
fn every_key_and_word_of_the_json_has_its_place() {
    let reference = text("docs/json.md");
    let schema: serde_json::Value = serde_json::from_str(&smarthop(&["schema"]).0).unwrap();
    let mut keys = 0;
    let of = |value: &serde_json::Value| {
        let properties = value["properties"].as_object().into_iter().flatten();
        properties.map(|(key, _)| key.clone()).collect::<Vec<_>>()
    };
    let definitions = schema["$defs"].as_object().unwrap();
    for (name, part) in definitions
        .iter()
        .chain([(&"the whole".to_owned(), &schema)])
    {
        for key in of(part) {
            keys += 1;
            assert!(explains(&reference, &key), "json.md lacks {key} of {name}");
        }
        let words = part["oneOf"].as_array().into_iter().flatten();
        for word in words
            .filter_map(|one| one["const"].as_str())
            .filter(|_| name != "WarningCode")
        {
            assert!(explains(&reference, word), "json.md lacks {word} of {name}");
        }
    }
    assert!(keys >= 60, "only {keys} keys");
}
