//! Everything the fuzzer keeps, as ordinary tests: the minimised corpora of `tests/fuzz/corpus`
//! and the inputs of `tests/fuzz/regressions` that once broke something, through the checks that
//! the fuzz targets run, and every fixture through them as well.

#![expect(clippy::indexing_slicing, reason = "tests")]

mod cases;

use std::path::Path;
use std::time::{Duration, Instant};

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
    let mut inputs = Vec::new();
    for kind in ["corpus", "regressions"] {
        for (name, bytes) in files(&format!("tests/fuzz/{kind}/{target}")) {
            let _named = Named(&name);
            check(&bytes);
            inputs.push(bytes);
        }
    }
    let seconds = std::env::var("MUTATE")
        .ok()
        .and_then(|seconds| seconds.parse().ok());
    if let Some(seconds) = seconds {
        inputs.extend(
            files(&format!("tests/fuzz/seeds/{target}"))
                .into_iter()
                .map(|(_, bytes)| bytes),
        );
        mutate(target, &inputs, Duration::from_secs(seconds), check);
    }
}

/// For so long: what was changed by chance, without a fuzzer's knowledge of what is new. What
/// breaks a check is kept beside the fuzzer's findings.
fn mutate(target: &str, inputs: &[Vec<u8>], time: Duration, check: fn(&[u8])) {
    let dictionary = include_str!("fuzz/words.dict");
    let words: Vec<&str> = dictionary
        .lines()
        .filter_map(|line| line.split('"').nth(1))
        .collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/artifacts")
        .join(target);
    let begun = Instant::now();
    let seed = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let mut chance = Chance(seed.unwrap_or(0x9E37_79B9_7F4A_7C15));
    let mut count = 0u64;
    while begun.elapsed() < time && !inputs.is_empty() {
        let mut input = inputs[chance.below(inputs.len())].clone();
        for _ in 0..=chance.below(6) {
            change(&mut input, inputs, &words, &mut chance);
        }
        input.truncate(16 << 10);
        let checked = std::panic::catch_unwind(|| check(&input));
        if let Err(panic) = checked {
            std::fs::create_dir_all(&folder).expect("a folder");
            let path = folder.join(format!("mutation-{count}"));
            std::fs::write(&path, &input).expect("a file");
            eprintln!("in {}", path.display());
            std::panic::resume_unwind(panic);
        }
        count += 1;
    }
    eprintln!("{target}: {count} mutations in {:?}", begun.elapsed());
}

fn change(input: &mut Vec<u8>, inputs: &[Vec<u8>], words: &[&str], chance: &mut Chance) {
    let at = chance.below(input.len() + 1);
    let end = (at + chance.below(64)).min(input.len());
    let piece = |bytes: &[u8], chance: &mut Chance| {
        let start = chance.below(bytes.len() + 1);
        let end = (start + chance.below(256)).min(bytes.len());
        bytes[start..end].to_vec()
    };
    match chance.below(8) {
        0 => input.truncate(at),
        1 => drop(input.drain(at..end)),
        2 => {
            let twice = input[at..end].to_vec();
            drop(input.splice(at..at, twice));
        }
        3 => {
            let word = words[chance.below(words.len())];
            drop(input.splice(at..at, word.bytes()));
        }
        4 => {
            let other = piece(&inputs[chance.below(inputs.len())], chance);
            drop(input.splice(at..end, other));
        }
        5 => {
            const SIGNS: &[u8] = b"\0\r\n\t ;:,()<>[]\"\\=@%&\xff\xfe\xef";
            input.insert(at, SIGNS[chance.below(SIGNS.len())]);
        }
        6 => {
            let own = piece(input, chance);
            drop(input.splice(at..end, own));
        }
        _ => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
    }
}

/// xorshift64 (Marsaglia, 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
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
