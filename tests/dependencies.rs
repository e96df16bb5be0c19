//! What is linked in has a licence and an origin that `deny.toml` allows. Asks `cargo metadata`
//! alone, so that it needs neither a network nor another tool.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn deny() -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

/// An SPDX expression: `A OR (B AND C)`; `A/B` is what was written before there were any.
fn is_allowed(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut at = 0;
    let is = any(&words, &mut at, allowed);
    is && at == words.len()
}

fn next_is(words: &[&str], at: &mut usize, word: &str) -> bool {
    let is = words.get(*at) == Some(&word);
    *at += usize::from(is);
    is
}

/// `all *( "OR" all )`
fn any(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut is = all(words, at, allowed);
    while next_is(words, at, "OR") {
        is |= all(words, at, allowed);
    }
    is
}

/// `one *( "AND" one )`
fn all(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut is = one(words, at, allowed);
    while next_is(words, at, "AND") {
        is &= one(words, at, allowed);
    }
    is
}

/// `"(" any ")" / licence [ "WITH" exception ]`; an exception only adds rights.
fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    if next_is(words, at, "(") {
        let is = any(words, at, allowed);
        return is & next_is(words, at, ")");
    }
    let is = words.get(*at).is_some_and(|word| allowed.contains(word));
    *at += 1;
    if next_is(words, at, "WITH") {
        *at += 1;
    }
    is
}

#[test]
fn expressions() {
    let allowed = BTreeSet::from(["MIT", "ISC", "Apache-2.0"]);
    for (expression, is) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("MIT AND (GPL-3.0-only OR ISC)", true),
        ("(MIT OR ISC) AND GPL-3.0-only", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("MIT ISC", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), is, "{expression:?}");
    }
}

#[test]
fn licences_and_origins() {
    let deny = deny();
    let list = |key| {
        let licences = deny.get("licenses").and_then(|table| table.get(key));
        licences.and_then(|list| list.as_array())
    };
    let (allow, exceptions) = (list("allow").unwrap(), list("exceptions"));
    let exceptions = exceptions.map_or(&[][..], Vec::as_slice);
    let allowed: BTreeSet<_> = allow.iter().filter_map(|name| name.as_str()).collect();
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--all-features",
            "--locked",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{says}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata.get("packages").and_then(Value::as_array).unwrap();
    assert!(packages.len() > 50, "{}", packages.len());
    let mut wrong = Vec::new();
    for package in packages {
        let text = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, source) = (text("name"), text("source"));
        let is_own = source.is_empty() && name == env!("CARGO_PKG_NAME");
        if !is_own && !source.starts_with("registry+") {
            wrong.push(format!("{name}: its source is {source:?}, and no registry"));
        }
        let licence = text("license");
        let mut allowed = allowed.clone();
        for exception in exceptions {
            if exception.get("crate").and_then(|of| of.as_str()) == Some(name) {
                let also = exception.get("allow").and_then(|list| list.as_array());
                allowed.extend(also.into_iter().flatten().filter_map(|name| name.as_str()));
            }
        }
        if !is_allowed(licence, &allowed) {
            wrong.push(format!("{name}: its licence is {licence:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn manifest() -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

/// The text of the sources in these places.
fn sources(places: &[&str]) -> String {
    let mut text = String::new();
    let mut left: Vec<_> = places
        .iter()
        .map(|place| Path::new(env!("CARGO_MANIFEST_DIR")).join(place))
        .collect();
    while let Some(path) = left.pop() {
        // What is fuzzed has a manifest of its own.
        if path.is_dir() && !path.join("Cargo.toml").is_file() {
            left.extend(
                std::fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|end| end == "rs") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    text
}

/// Whether a crate is named there: before `::`, in a `use`, or as a macro.
fn is_used(name: &str, text: &str) -> bool {
    let name = name.replace('-', "_");
    let word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    text.match_indices(&name).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
        let behind = text.get(at + name.len()..).unwrap_or_default();
        let follows = ["::", " as ", ";", "!"];
        !word(before)
            && before != Some(&b':')
            && follows.iter().any(|next| behind.starts_with(next))
    })
}

#[test]
fn no_dependency_is_unused() {
    let manifest = manifest();
    for (table, places) in [
        ("dependencies", &["src"][..]),
        (
            "build-dependencies",
            &[
                "build.rs",
                "src/catalogue/form.rs",
                "src/catalogue/pattern.rs",
            ],
        ),
        ("dev-dependencies", &["src", "tests", "benches", "examples"]),
    ] {
        let text = sources(places);
        let named = manifest.get(table).unwrap().as_table().unwrap().keys();
        let unused: Vec<_> = named.filter(|name| !is_used(name, &text)).collect();
        assert!(unused.is_empty(), "{table}: {unused:?}");
    }
    for used in [
        "use clap::Args;",
        "clap::Args",
        "x!(clap::a)",
        "use clap as c;",
        "clap!()",
    ] {
        assert!(is_used("clap", used), "{used}");
    }
    for other in [
        "use clap_mangen::Man;",
        "crate::clap::x",
        "my_clap::x",
        "// clap",
        "clapper::x",
    ] {
        assert!(!is_used("clap", other), "{other}");
    }
}

/// What a feature turns on, with what that does.
fn reached<'m>(features: &'m toml::Table, name: &'m str, into: &mut BTreeSet<&'m str>) {
    if into.insert(name) {
        for next in features
            .get(name)
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten()
        {
            reached(features, next.as_str().unwrap(), into);
        }
    }
}

#[test]
fn what_reads_a_command_line_is_the_command_lines_alone() {
    let manifest = manifest();
    let features = manifest.get("features").unwrap().as_table().unwrap();
    for feature in ["formats", "msg", "serve"] {
        let mut on = BTreeSet::new();
        reached(features, feature, &mut on);
        assert!(on.len() > 1, "{feature}");
        assert!(
            !on.iter().any(|name| name.contains("clap")),
            "{feature}: {on:?}"
        );
    }
    let mut on = BTreeSet::new();
    reached(features, "default", &mut on);
    assert!(on.contains("dep:clap"), "{on:?}");
    let dependencies = manifest.get("dependencies").unwrap().as_table().unwrap();
    for (name, how) in dependencies {
        let optional = how.get("optional").and_then(toml::Value::as_bool) == Some(true);
        let by_default = on.contains(format!("dep:{name}").as_str());
        assert_eq!(optional, by_default, "{name} is in no feature");
    }
}
