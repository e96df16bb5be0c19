//! Where the cases are: every folder below `fixtures/` that holds a `case.toml`.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

/// The package's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Each case's name (its path below `fixtures/`, with `/`) and folder, by name.
pub(crate) fn folders() -> Vec<(String, PathBuf)> {
    let fixtures = root().join("fixtures");
    let mut found = Vec::new();
    let mut left = vec![fixtures.clone()];
    while let Some(folder) = left.pop() {
        if folder.join("case.toml").is_file() {
            let name = folder.strip_prefix(&fixtures).unwrap();
            let name = name.to_str().unwrap().replace('\\', "/");
            found.push((name, folder));
            continue;
        }
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 400, "only {} cases", found.len());
    found
}
