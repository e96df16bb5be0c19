//! Everything the fuzzer keeps, as ordinary tests: the minimised corpora of `tests/fuzz/corpus`
//! and the inputs of `tests/fuzz/regressions` that once broke something, through the checks that
//! the fuzz targets run, and every fixture through them as well.

mod cases;

use std::path::Path;

#[path = "fuzz/checks.rs"]
mod checks;
#[path = "fuzz/program.rs"]
#[allow(dead_code, reason = "no server without its feature")]
mod program;

/// The files of a folder, by name; none where the folder is not there, as in the published crate.
fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let bytes = std::fs::read(&path).expect("a file");
            (path.display().to_string(), bytes)
        })
        .collect();
    files.sort();
    files
}

/// Names the file before whatever the check says of it.
struct Named<'n>(&'n str);

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("in {}", self.0);
        }
    }
}

fn run(target: &str, check: fn(&[u8])) {
    for kind in ["corpus", "regressions"] {
        for (name, bytes) in files(&format!("tests/fuzz/{kind}/{target}")) {
            let _named = Named(&name);
            check(&bytes);
        }
    }
}

#[test]
fn header() {
    run("header", checks::header);
}

#[test]
fn received() {
    run("received", checks::received);
}

#[test]
fn helo() {
    run("helo", checks::helo);
}

#[test]
fn analysis() {
    run("analysis", checks::analysis);
}

#[test]
fn mbox() {
    run("mbox", checks::mbox);
}

#[test]
fn policy() {
    run("policy", checks::policy);
}

#[cfg(feature = "serve")]
#[test]
fn server() {
    run("server", program::server);
}

#[cfg(feature = "cli")]
#[test]
fn check() {
    run("check", program::check);
}

/// Each fixture as it is, with some of the expectations, and below a stranger's hand-over.
#[test]
fn fixtures() {
    let folders = cases::folders().into_iter();
    let messages: Vec<_> = folders
        .map(|(_, folder)| folder.join("message.eml"))
        .collect();
    let plans: Vec<u8> = (b'A'..=b'L').collect();
    for (path, plan) in messages.iter().zip(plans.iter().cycle()) {
        let name = path.display().to_string();
        let _named = Named(&name);
        let message = std::fs::read(path).expect("a message");
        checks::header(&message);
        let stranger = [[*plan, b'`'], [b'A', b'`']];
        let rows = [[*plan, b'@'], [*plan, b'A'], [b'G', b'@']];
        for row in rows.iter().chain(&stranger) {
            checks::analysis(&[&row[..], &message].concat());
        }
    }
}
