//! Batches, as a user runs them, beside what any program would have to do: `cargo bench --bench
//! batch`, or with what to measure: `cargo bench --bench batch -- files mbox start growth memory
//! python` (all of them without a word).
//!
//! Makes its own corpora under `target/tmp/batch-corpus` (7 GiB for all steps, 4 of them the mbox
//! of `memory`; the files' bodies are holes, so they have their length and take no room): headers
//! of 2 to 30 KiB, bodies of 0 to 500 KiB. Every command is run several times, in turn with the others, and its
//! best time counts: the page cache is warm, and a busy machine disturbs least so.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program of its own"
)]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use mail_parser::MessageParser;

const SAMPLE: &str = include_str!("../fixtures/documented-sample/message.eml");
const CHECK: &[&str] = &["check", "--smart-host", "smtp-relay.example.com"];
const ROUNDS: usize = 5;

fn main() {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let is_asked = |word: &str| asked.is_empty() || asked.iter().any(|asked| asked == word);
    let steps: [(&str, fn()); 6] = [
        ("files", files),
        ("mbox", mbox),
        ("start", start),
        ("growth", growth),
        ("memory", memory),
        ("python", python),
    ];
    for (word, step) in steps {
        if is_asked(word) {
            println!("\n== {word}");
            step();
        }
    }
}

fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("batch-corpus")
}

/// A number that is the same in each run, spread evenly below `most`.
fn spread(number: usize, most: usize) -> usize {
    number.wrapping_mul(2_654_435_761) % 1_000_003 * most / 1_000_003
}

/// A header of the sample's form with about `size` bytes.
fn header(number: usize, size: usize) -> String {
    let end = SAMPLE.find("\n\n").map_or(SAMPLE.len(), |at| at + 1);
    let mut text = SAMPLE.get(..end).unwrap_or(SAMPLE).to_owned();
    let mut line = 0;
    while text.len() < size {
        let _ = write!(
            text,
            "X-Filler-{line}: {number:08x} {:0>48}\n  a second line, folded, of the same field {number}\n",
            line * 7919
        );
        line += 1;
    }
    text.push('\n');
    text
}

fn header_size(number: usize) -> usize {
    2048 + spread(number, 28 << 10)
}

/// A folder of messages, a thousand in each folder below it.
fn folder(count: usize) -> PathBuf {
    let folder = scratch().join(format!("{count}"));
    if folder.join("done").exists() {
        return folder;
    }
    println!("making {count} messages");
    let _ = fs::remove_dir_all(&folder);
    for number in 0..count {
        let sub = folder.join(format!("{:04}", number / 1000));
        if number % 1000 == 0 {
            fs::create_dir_all(&sub).unwrap();
        }
        let mut file = File::create(sub.join(format!("{number:06}.eml"))).unwrap();
        let header = header(number, header_size(number));
        file.write_all(header.as_bytes()).unwrap();
        file.set_len((header.len() + spread(number + 7, 500 << 10)) as u64)
            .unwrap();
    }
    fs::write(folder.join("done"), "").unwrap();
    folder
}

/// An mbox of 10,000 messages with bodies of text, 0 to 100 KiB.
fn one_mbox() -> PathBuf {
    let path = scratch().join("10000.mbox");
    if path.exists() {
        return path;
    }
    println!("making an mbox");
    fs::create_dir_all(scratch()).unwrap();
    let line = format!("{}\n", "all work and no play ".repeat(4).trim_end());
    let text = line.repeat((100 << 10) / line.len());
    let part = path.with_extension("part");
    let mut out = BufWriter::new(File::create(&part).unwrap());
    for number in 0..10_000 {
        let lines = spread(number + 7, text.len() / line.len());
        out.write_all(b"From a@example.com Tue Feb 28 07:51:01 2023\n")
            .unwrap();
        out.write_all(header(number, header_size(number)).as_bytes())
            .unwrap();
        out.write_all(
            text.get(..lines * line.len())
                .unwrap_or_default()
                .as_bytes(),
        )
        .unwrap();
        out.write_all(b"\n").unwrap();
    }
    out.flush().unwrap();
    fs::rename(part, &path).unwrap();
    path
}

/// The files of a folder, in the order of names.
fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut subs: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    subs.retain(|path| path.is_dir());
    subs.sort();
    let mut found = Vec::new();
    for sub in subs {
        let mut files: Vec<_> = fs::read_dir(sub)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        found.append(&mut files);
    }
    found
}

/// A message up to the end of its header section.
fn section<'b>(path: &Path, buffer: &'b mut Vec<u8>) -> &'b [u8] {
    let mut file = File::open(path).unwrap();
    let mut filled = 0;
    loop {
        if buffer.len() < filled + (16 << 10) {
            buffer.resize(filled + (16 << 10), 0);
        }
        let read = file.read(buffer.get_mut(filled..).unwrap()).unwrap();
        // Two bytes of what was there before: the end may be cut in two.
        let from = filled.saturating_sub(2);
        filled += read;
        let new = buffer.get(from..filled).unwrap();
        if let Some(at) = memchr::memmem::find(new, b"\n\n") {
            return buffer.get(..from + at + 2).unwrap();
        }
        if read == 0 {
            return buffer.get(..filled).unwrap();
        }
    }
}

fn bare_reader(folder: &Path) -> usize {
    let mut buffer = Vec::new();
    paths(folder)
        .iter()
        .map(|path| section(path, &mut buffer).len())
        .sum()
}

fn whole_files(folder: &Path) -> usize {
    let mut buffer = Vec::new();
    let lines = |path: &PathBuf| {
        buffer.clear();
        File::open(path).unwrap().read_to_end(&mut buffer).unwrap();
        memchr::memchr_iter(b'\n', &buffer).count()
    };
    paths(folder).iter().map(lines).sum()
}

fn parse_headers(folder: &Path) -> usize {
    let (mut buffer, parser) = (Vec::new(), MessageParser::default());
    let parsed = |path: &PathBuf| parser.parse_headers(section(path, &mut buffer)).is_some();
    paths(folder).into_iter().filter(parsed).count()
}

fn smarthop(args: &[&str], path: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
    command.args(CHECK).args(args).arg(path);
    command
}

/// Runs a command with its output in a file.
fn run(mut command: Command) {
    let out = File::create(scratch().join("out")).unwrap();
    command
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(Stdio::null())
        .status()
        .unwrap();
}

type Run<'r> = (String, Box<dyn Fn() + 'r>);

/// The best time of each, all of them in turn.
fn times(runs: &[Run<'_>], rounds: usize) -> Vec<Duration> {
    let mut best = vec![Duration::MAX; runs.len()];
    for _ in 0..rounds {
        for ((_, run), best) in runs.iter().zip(&mut best) {
            let begun = Instant::now();
            run();
            *best = (*best).min(begun.elapsed());
        }
    }
    best
}

/// A table; ratios are to the first row.
fn table(runs: &[Run<'_>], rounds: usize, count: usize) -> Vec<Duration> {
    let best = times(runs, rounds);
    let first = best.first().copied().unwrap_or_default();
    for ((name, _), time) in runs.iter().zip(&best) {
        println!(
            "{name:44} {:9.1} ms {:9.2} µs each {:7.2} x",
            time.as_secs_f64() * 1e3,
            time.as_secs_f64() * 1e6 / count as f64,
            time.as_secs_f64() / first.as_secs_f64()
        );
    }
    best
}

fn files() {
    let folder = folder(10_000);
    let folder = folder.as_path();
    let own = |name: &str, args: &'static [&'static str]| -> Run<'_> {
        (
            format!("smarthop {name}"),
            Box::new(move || run(smarthop(args, folder))),
        )
    };
    let runs: Vec<Run<'_>> = vec![
        (
            "(a) bare reader, one thread".into(),
            Box::new(|| {
                black_box(bare_reader(folder));
            }),
        ),
        own("-j1, one line each", &["-j1"]),
        own("-j1 --format json", &["-j1", "--format", "json"]),
        own("-j2, one line each", &["-j2"]),
        own("-j2 --format json", &["-j2", "--format", "json"]),
        (
            "(b) whole files, lines counted".into(),
            Box::new(|| {
                black_box(whole_files(folder));
            }),
        ),
        (
            "(d) mail-parser's parse_headers".into(),
            Box::new(|| {
                black_box(parse_headers(folder));
            }),
        ),
    ];
    table(&runs, ROUNDS, 10_000);
}

fn mbox() {
    let path = one_mbox();
    let path = path.as_path();
    let length = fs::metadata(path).unwrap().len();
    println!("{} MiB", length >> 20);
    let runs: Vec<Run<'_>> = vec![
        (
            "wc -l".into(),
            Box::new(|| {
                let mut command = Command::new("wc");
                command.arg("-l").arg(path);
                run(command);
            }),
        ),
        (
            "smarthop -j1, one line each".into(),
            Box::new(|| run(smarthop(&["-j1"], path))),
        ),
        (
            "smarthop -j2, one line each".into(),
            Box::new(|| run(smarthop(&["-j2"], path))),
        ),
    ];
    for (time, (name, _)) in table(&runs, ROUNDS, 10_000).iter().zip(&runs) {
        println!(
            "{name:44} {:9.2} GB/s",
            length as f64 / time.as_secs_f64() / 1e9
        );
    }
}

fn start() {
    let path = scratch().join("one.eml");
    fs::create_dir_all(scratch()).unwrap();
    fs::write(&path, SAMPLE).unwrap();
    let runs: Vec<Run<'_>> = vec![
        ("true".into(), Box::new(|| run(Command::new("true")))),
        (
            "smarthop, one message".into(),
            Box::new(|| run(smarthop(&[], &path))),
        ),
        (
            "smarthop, one message, json".into(),
            Box::new(|| run(smarthop(&["--format", "json"], &path))),
        ),
    ];
    table(&runs, 300, 1);
}

fn growth() {
    let folders: Vec<(usize, PathBuf)> = [1000, 10_000, 100_000]
        .map(|count| (count, folder(count)))
        .into();
    for (count, folder) in &folders {
        let runs: Vec<Run<'_>> = vec![
            (
                format!("{count}: (a) bare reader"),
                Box::new(|| {
                    black_box(bare_reader(folder));
                }),
            ),
            (
                format!("{count}: -j1, one line each"),
                Box::new(|| run(smarthop(&["-j1"], folder))),
            ),
        ];
        table(&runs, 3, *count);
    }
}

/// The same mbox again and again, 4 GiB of it; the last message is cut.
fn huge_mbox() -> PathBuf {
    let path = scratch().join("huge.mbox");
    if path.exists() {
        return path;
    }
    println!("making an mbox of 4 GiB");
    let one = one_mbox();
    let part = path.with_extension("part");
    let mut out = File::create(&part).unwrap();
    let mut length = 0;
    while length < 4 << 30 {
        length += io::copy(&mut File::open(&one).unwrap(), &mut out).unwrap();
    }
    out.set_len(4 << 30).unwrap();
    fs::rename(part, &path).unwrap();
    path
}

/// Peak memory, as the kernel counts it (GNU time).
fn memory() {
    let huge = huge_mbox();
    for (name, path) in [
        ("100,000 messages", folder(100_000)),
        ("an mbox of 4 GiB", huge),
    ] {
        for args in [&["-j1"][..], &["-j2"], &["-j2", "--format", "json"]] {
            let mut command = Command::new("/usr/bin/time");
            command
                .args(["-f", "%M", env!("CARGO_BIN_EXE_smarthop")])
                .args(CHECK)
                .args(args)
                .arg(&path);
            match command.stdout(Stdio::null()).output() {
                Ok(output) => {
                    let said = String::from_utf8_lossy(&output.stderr).into_owned();
                    let peak = said.lines().last().unwrap_or_default();
                    println!("{name:20} {:24} {peak:>8} KiB", args.join(" "));
                }
                Err(error) => println!("skipped: /usr/bin/time: {error}"),
            }
        }
    }
}

/// SpamScope's mail-parser, of PyPI, in an environment of its own; 200 messages of the 10,000.
fn python() {
    const COUNT: usize = 200;
    const PROGRAM: &str = "import sys, mailparser\nfor path in sys.stdin.read().split('\\n'):\n    \
                           m = mailparser.parse_from_file(path); m.received\n";
    let venv = scratch().join("venv");
    let python = venv.join("bin/python");
    let is_there = |program: &Path, args: &[&str]| {
        let mut command = Command::new(program);
        command
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let made = is_there(&python, &["-c", "import mailparser"])
        || (is_there(
            Path::new("python3"),
            &["-m", "venv", &venv.to_string_lossy()],
        ) && is_there(&python, &["-m", "pip", "install", "-q", "mail-parser"]));
    if !made {
        println!("skipped: no python3, or mail-parser cannot be installed");
        return;
    }
    let list = paths(&folder(10_000));
    let list: Vec<String> = list
        .iter()
        .take(COUNT)
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let file = scratch().join("list");
    fs::write(&file, list.join("\n")).unwrap();
    let own = |count: usize| -> Command {
        let many = scratch().join(format!("list{count}"));
        fs::write(&many, format!("{}\n", list.join("\n")).repeat(count)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
        command.args(CHECK).arg("-j1").arg("--files-from").arg(many);
        command
    };
    let runs: Vec<Run<'_>> = vec![
        (
            "(c) SpamScope's mail-parser".into(),
            Box::new(|| {
                let out = File::create(scratch().join("out")).unwrap();
                let mut command = Command::new(&python);
                command
                    .args(["-c", PROGRAM])
                    .stdin(File::open(&file).unwrap())
                    .stdout(out);
                command.status().unwrap();
            }),
        ),
        (
            "smarthop -j1, one line each".into(),
            Box::new(|| run(own(1))),
        ),
    ];
    if let [python, own] = table(&runs, 3, COUNT)[..] {
        let times = python.as_secs_f64() / own.as_secs_f64();
        println!("smarthop is {times:.0} times as fast, both with their start");
    }
}
