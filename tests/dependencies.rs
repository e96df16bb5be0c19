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
