//! The library's rooms (the modules of `lib.rs`) lean on one another in one direction: no circle,
//! so that each can be read, tested and changed knowing only what is below it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::Regex;

/// What closes a circle today, and goes: none is added.
const KNOWN: &[(&str, &str)] = &[
    ("analysis", "input"),
    ("analysis", "words"),
    ("anomaly", "examine"),
    ("policy", "words"),
    ("wire", "examine"),
];

type Rooms = BTreeMap<String, BTreeSet<String>>;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("src/bin") {
            files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The code of a file, without its tests and comments.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The names behind `crate::`, of each room's code.
fn rooms() -> Rooms {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = std::fs::read_to_string(source.join("lib.rs")).unwrap();
    let module = Regex::new(r"(?m)^(?:pub )?mod (\w+);").unwrap();
    let names: BTreeSet<&str> = module
        .captures_iter(&lib)
        .map(|m| m.extract::<1>().1[0])
        .collect();
    // What `lib.rs` gives on is said by its shorter name too.
    let given = Regex::new(r"pub use (\w+)::\{?([\w, ]+)\}?;").unwrap();
    let mut homes: BTreeMap<&str, &str> = names.iter().map(|name| (*name, *name)).collect();
    for (_, [home, items]) in given.captures_iter(&lib).map(|m| m.extract()) {
        homes.extend(items.split(", ").map(|item| (item, home)));
    }
    let named = Regex::new(r"\bcrate::(?:(\w+)|\{([^}]*)\})").unwrap();
    let word = Regex::new(r"\w+").unwrap();
    let mut paths = Vec::new();
    files(&source, &mut paths);
    let mut rooms = Rooms::new();
    for path in paths {
        let inside = path.strip_prefix(&source).unwrap();
        let first = inside.iter().next().unwrap().to_str().unwrap();
        let room = first.trim_end_matches(".rs");
        if !names.contains(room) || path.ends_with("tests.rs") {
            continue;
        }
        let leans = rooms.entry(room.to_owned()).or_default();
        for found in named.captures_iter(&code(&path)) {
            let listed = found.get(1).or(found.get(2)).unwrap().as_str();
            let homes = word
                .find_iter(listed)
                .filter_map(|name| homes.get(name.as_str()));
            leans.extend(
                homes
                    .filter(|home| **home != room)
                    .map(|home| (*home).to_owned()),
            );
        }
    }
    rooms
}

/// The rooms that lie on a circle: those left where rooms that lean on nothing left, or on which
/// nothing left leans, are taken away.
fn circle(mut rooms: Rooms) -> Rooms {
    loop {
        let left: BTreeSet<String> = rooms.keys().cloned().collect();
        for leans in rooms.values_mut() {
            leans.retain(|room| left.contains(room));
        }
        let leaned: BTreeSet<String> = rooms.values().flatten().cloned().collect();
        rooms.retain(|room, leans| !leans.is_empty() && leaned.contains(room));
        if rooms.len() == left.len() {
            return rooms;
        }
    }
}

#[test]
fn rooms_lean_on_one_another_in_no_circle() {
    let mut rooms = rooms();
    assert!(rooms.len() > 15, "{rooms:?}");
    assert!(rooms["route"].contains("trust") && rooms["catalogue"].contains("host"));
    for (room, other) in KNOWN {
        rooms.get_mut(*room).unwrap().remove(*other);
    }
    let circle = circle(rooms);
    assert!(
        circle.is_empty(),
        "these lean on one another in a circle: {circle:#?}"
    );
}

#[test]
fn a_circle_is_found() {
    let rooms = |pairs: &[(&str, &str)]| {
        let mut rooms = Rooms::new();
        for (room, other) in pairs {
            rooms
                .entry((*room).to_owned())
                .or_default()
                .insert((*other).to_owned());
        }
        rooms
    };
    let plain = [("a", "b"), ("b", "c"), ("a", "c"), ("d", "a")];
    assert!(circle(rooms(&plain)).is_empty());
    let round = circle(rooms(&[&plain[..], &[("c", "a")]].concat()));
    assert_eq!(round.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
}
