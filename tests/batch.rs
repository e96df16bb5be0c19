//! Many messages: mailboxes, folders, lists, compressed files; what cannot be read; the order of
//! results; the formats for machines.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// With a network its egress is known, so that another client is a stranger.
const CONNECTOR: &[&str] = &[
    "check",
    "--smart-host",
    "relay.example.net",
    "--smart-host",
    "192.0.2.128/25",
];
const FROM: &str = "From a@example.com Tue Feb 28 07:51:01 2023\n";

/// An empty folder of its own.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("batch")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A message that came from the connector, or from somebody else.
fn message(subject: &str, client: &str, ip: &str) -> String {
    format!(
        "Received: from {client} ({client} [{ip}])\n\tby mx.example.org (Postfix) with ESMTPS id \
         4PQsPF43SEm78WdxQ\n\tfor <john@example.org>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)\n\
         From: <newsletter@example.com>\nTo: <john@example.org>\nSubject: {subject}\n\
         Date: Tue, 28 Feb 2023 07:51:00 +0000\nMessage-ID: <{}@example.com>\n\n",
        subject.len()
    )
}

fn pass(subject: &str) -> String {
    message(subject, "relay.example.net", "192.0.2.25")
}

fn fail(subject: &str) -> String {
    message(subject, "mail.stranger.example", "198.51.100.7")
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
    command.args(args).stdin(Stdio::null());
    for name in ["NO_COLOR", "COLUMNS", "SMARTHOP_POLICY"] {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    command(CONNECTOR)
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn values(output: &Output) -> Vec<Value> {
    text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn json(folder: &Path, args: &[&str]) -> (Vec<Value>, Output) {
    let output = run(folder, &[&["--format", "json"], args].concat());
    (values(&output), output)
}

/// `subject outcome` of each record; of an error `path error`.
fn outcomes(values: &[Value]) -> Vec<String> {
    let of = |value: &Value| {
        let name = value["message"]["subject"]
            .as_str()
            .or(value["source"]["path"].as_str());
        format!(
            "{} {}",
            name.unwrap_or("-"),
            value["outcome"].as_str().unwrap()
        )
    };
    values.iter().map(of).collect()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn errors(output: &Output) -> Vec<String> {
    let stderr = text(&output.stderr);
    let lines = stderr
        .lines()
        .filter(|line| line.starts_with("smarthop: error: "));
    lines.map(str::to_owned).collect()
}

#[test]
fn results_come_in_the_order_of_names_whatever_the_threads() {
    let folder = scratch("order");
    for number in 0..300 {
        let text = if number % 7 == 0 {
            fail("f")
        } else {
            pass("p")
        };
        let sub = folder.join(format!("box{}", number % 3));
        fs::create_dir_all(&sub).unwrap();
        fs::write(sub.join(format!("{number:03}.eml")), text).unwrap();
    }
    let one = run(&folder, &["-j1", "."]);
    let lines: Vec<String> = text(&one.stdout).lines().map(str::to_owned).collect();
    let paths: Vec<&str> = lines[..300]
        .iter()
        .map(|line| line.split_whitespace().last().unwrap())
        .collect();
    assert!(paths.is_sorted(), "{paths:?}");
    assert_eq!(status(&one), 1);
    for threads in ["-j2", "-j8"] {
        let more = run(&folder, &[threads, "."]);
        assert_eq!(text(&more.stdout), text(&one.stdout), "{threads}");
    }
    let unordered = run(&folder, &["-j4", "--unordered", "."]);
    let mut lines: Vec<String> = text(&unordered.stdout)
        .lines()
        .take(300)
        .map(str::to_owned)
        .collect();
    let mut ordered: Vec<String> = text(&one.stdout)
        .lines()
        .take(300)
        .map(str::to_owned)
        .collect();
    lines.sort();
    ordered.sort();
    assert_eq!(lines, ordered);
}

#[test]
fn for_people_each_message_has_a_line_and_all_have_a_summary() {
    let folder = scratch("lines");
    fs::write(folder.join("a.eml"), pass("p")).unwrap();
    fs::write(folder.join("b.eml"), fail("f")).unwrap();
    fs::write(folder.join("c.eml"), "From: <c@example.com>\n\n").unwrap();
    let output = run(&folder, &["."]);
    let all = text(&output.stdout);
    let lines: Vec<Vec<&str>> = all
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines[0],
        [
            "PASS",
            "connector",
            "relay.example.net",
            "newsletter@example.com",
            "./a.eml"
        ]
    );
    assert_eq!(
        lines[1],
        [
            "FAIL",
            "other",
            "mail.stranger.example",
            "newsletter@example.com",
            "./b.eml"
        ]
    );
    assert_eq!(
        lines[2],
        ["INCONCLUSIVE", "unknown", "-", "c@example.com", "./c.eml"]
    );
    assert!(
        all.contains("3 messages: 1 pass, 1 fail, 1 inconclusive"),
        "{all}"
    );
    let row = all
        .lines()
        .find(|line| line.contains("->  connector relay.example.net"))
        .unwrap();
    assert_eq!(row.split_whitespace().last(), Some("1"), "{all}");
    assert!(all.contains("->  other"), "{all}");
    let shown = |args: &[&str]| {
        let output = run(&folder, args);
        assert_eq!(status(&output), 1);
        let words = text(&output.stdout);
        let words = words
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(shown(&["--quiet", "."]), ["PASS", "FAIL", "INCONCLUSIVE"]);
    assert_eq!(
        shown(&["-q", "--only", "fail,inconclusive", "."]),
        ["FAIL", "INCONCLUSIVE"]
    );
    assert_eq!(shown(&["-q", "--only", "pass", "a.eml", "b.eml"]), ["PASS"]);
    // All are counted.
    assert!(text(&run(&folder, &["--only", "pass", "."]).stdout).contains("3 messages: 1 pass"));
    // One message alone has its whole report, and so has each with --long.
    assert!(
        text(&run(&folder, &["a.eml"]).stdout).contains("Hops"),
        "no full report"
    );
    let long = text(&run(&folder, &["--long", "."]).stdout);
    assert_eq!(long.matches("== ./").count(), 3, "{long}");
    assert!(long.contains("Hops"), "{long}");
}

#[test]
fn an_mbox_is_split() {
    let folder = scratch("mbox");
    let body = "text\n\n>From a@example.com Tue Feb 28 07:51:01 2023\nSubject: quoted\n\n";
    let mbox = format!(
        "{FROM}{}{body}{FROM}{}{body}{FROM}{}",
        pass("a"),
        fail("b"),
        pass("c")
    );
    fs::write(folder.join("mail"), &mbox).unwrap();
    let (found, output) = json(&folder, &["mail"]);
    assert_eq!(outcomes(&found), ["a pass", "b fail", "c pass"]);
    assert_eq!(status(&output), 1);
    for (index, value) in found.iter().enumerate() {
        assert_eq!(value["source"]["message"], index);
        assert_eq!(value["source"]["format"], "mbox");
        // Lines are those of the file.
        let line = usize::try_from(value["hops"][0]["line"].as_u64().unwrap()).unwrap();
        assert!(
            mbox.lines().nth(line - 1).unwrap().starts_with("Received:"),
            "{line}"
        );
    }
    // CRLF, standard input, many more on several threads: the same.
    fs::write(folder.join("crlf"), mbox.replace('\n', "\r\n")).unwrap();
    assert_eq!(
        outcomes(&json(&folder, &["crlf"]).0),
        ["a pass", "b fail", "c pass"]
    );
    let piped = piped(&["--format", "json"], mbox.as_bytes());
    assert_eq!(outcomes(&values(&piped)), ["a pass", "b fail", "c pass"]);
    assert_eq!(values(&piped)[2]["source"]["message"], 2);
    fs::write(folder.join("many"), mbox.clone().repeat(100)).unwrap();
    let (one, _) = json(&folder, &["-j1", "many"]);
    let (more, _) = json(&folder, &["-j4", "many"]);
    assert_eq!(one.len(), 300);
    assert_eq!(one, more);
    let lines = text(&run(&folder, &["mail"]).stdout);
    assert!(lines.lines().next().unwrap().ends_with("mail#0"), "{lines}");
}

fn piped(args: &[&str], input: &[u8]) -> Output {
    let mut child = command(CONNECTOR)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn what_a_sender_writes_into_an_mbox_is_no_pass() {
    let folder = scratch("mbox-attack");
    let with_length = |length: usize, body: &str| {
        let header =
            fail("attack").replace("Subject:", &format!("Content-Length: {length}\nSubject:"));
        format!(
            "{FROM}{header}{body}{FROM}{}\n{FROM}{}",
            pass("next"),
            pass("last")
        )
    };
    let forged = format!("hello\n\n{FROM}{}bye\n\n", pass("forged"));
    let read = |text: String| {
        fs::write(folder.join("mail"), text).unwrap();
        let (found, output) = json(&folder, &["mail"]);
        for value in &found {
            let codes: Vec<&str> = value["warnings"]
                .as_array()
                .unwrap()
                .iter()
                .map(|w| w["code"].as_str().unwrap())
                .collect();
            let doubted = codes.contains(&"mbox-boundary");
            if doubted {
                assert_eq!(value["observed"]["attested"], false);
                assert_eq!(value["reasons"][0]["code"], "mbox-boundary");
            }
            assert_eq!(value["outcome"] == "inconclusive", doubted, "{value}");
        }
        assert_ne!(status(&output), 0);
        outcomes(&found)
    };
    // An mboxcl2: the length is right, and the body holds a message.
    assert_eq!(
        read(with_length(forged.len(), &forged)),
        [
            "attack inconclusive",
            "forged inconclusive",
            "next pass",
            "last pass"
        ]
    );
    // A length that lies: too short, over the next message, beyond the end.
    for length in [2, 9 + FROM.len() + pass("next").len(), 1 << 40] {
        assert_eq!(
            read(with_length(length, "hello\n\n\n")),
            ["attack inconclusive", "next inconclusive", "last pass"],
            "{length}"
        );
    }
    // A From line that lacks its empty line, or its date.
    for line in [FROM, "\nFrom b@example.com\n"] {
        let text = format!("{FROM}{}hello\n{line}{}", fail("attack"), pass("forged"));
        assert_eq!(read(text), ["attack inconclusive", "forged inconclusive"]);
    }
    // A message of its own is one message, whatever its body holds.
    fs::write(
        folder.join("one.eml"),
        format!("{FROM}{}{forged}", fail("attack")),
    )
    .unwrap();
    assert_eq!(outcomes(&json(&folder, &["one.eml"]).0), ["attack fail"]);
}

#[test]
fn maildirs_are_searched_with_their_subfolders() {
    let folder = scratch("maildir");
    for sub in ["mail", "mail/.Sent", "mail/.Sent.2023"] {
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(folder.join(sub).join(part)).unwrap();
        }
        fs::write(
            folder.join(sub).join("cur/1677570661.1.host:2,S"),
            pass("cur"),
        )
        .unwrap();
        fs::write(folder.join(sub).join("new/1677570662.2.host"), fail("new")).unwrap();
        fs::write(folder.join(sub).join("tmp/1677570663.3.host"), pass("tmp")).unwrap();
    }
    fs::write(folder.join("mail/subscriptions"), "V\t2\nSent\n").unwrap();
    // In a Maildir a file is one message, even where its first line is an mbox's.
    let text = format!("{FROM}{}x\n\n{FROM}{}", pass("alone"), pass("forged"));
    fs::write(folder.join("mail/new/1677570664.4.host"), text).unwrap();
    let (found, output) = json(&folder, &["mail"]);
    let mut expected = vec!["alone pass"];
    expected.extend(["cur pass", "new fail"].repeat(3));
    let mut seen = outcomes(&found);
    seen.sort();
    expected.sort_unstable();
    assert_eq!(seen, expected);
    assert!(
        found
            .iter()
            .all(|value| value["source"]["format"] == "maildir")
    );
    assert!(errors(&output).is_empty());
    let notes = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        notes.contains("note: 1 file is no message and was skipped"),
        "{notes}"
    );
}

#[test]
fn an_outlook_message_is_read() {
    let folder = scratch("msg");
    let write = |name: &str, stream: &str, text: &str| {
        let mut file = cfb::create(folder.join(name)).unwrap();
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        file.create_stream(stream)
            .unwrap()
            .write_all(&bytes)
            .unwrap();
        file.flush().unwrap();
    };
    // The kind is told by content.
    write(
        "outlook.bin",
        "/__substg1.0_007D001F",
        &pass("o").replace('\n', "\r\n"),
    );
    write("sent.msg", "/__substg1.0_0037001F", "Subject");
    let (found, output) = json(&folder, &["."]);
    assert_eq!(outcomes(&found), ["o pass", "./sent.msg error"]);
    assert_eq!(found[0]["source"]["format"], "msg");
    assert_eq!(found[1]["error"]["code"], "no-header");
    assert_eq!(status(&output), 2);
    let bytes = fs::read(folder.join("outlook.bin")).unwrap();
    assert_eq!(
        outcomes(&values(&piped(&["--format", "json"], &bytes))),
        ["o pass"]
    );
}

fn gzip(text: &str) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn compressed_files_are_undone() {
    let folder = scratch("compressed");
    let mbox = format!("{FROM}{}{FROM}{}", pass("a"), fail("b"));
    let (first, second) = mbox.split_at(100);
    fs::write(folder.join("1.eml.gz"), gzip(&pass("gz"))).unwrap();
    fs::write(folder.join("2"), zstd(&pass("zst"))).unwrap();
    fs::write(folder.join("3.gz"), gzip(&mbox)).unwrap();
    // Several members, several frames, and a frame of something else.
    fs::write(folder.join("4.gz"), [gzip(first), gzip(second)].concat()).unwrap();
    let skipped = b"\x50\x2a\x4d\x18\x03\0\0\0abc".to_vec();
    fs::write(
        folder.join("5.zst"),
        [zstd(first), skipped, zstd(second)].concat(),
    )
    .unwrap();
    let mut cut = gzip(&pass("cut"));
    cut.truncate(60);
    fs::write(folder.join("6.eml.gz"), cut).unwrap();
    let (found, output) = json(&folder, &["."]);
    assert_eq!(
        outcomes(&found),
        [
            "gz pass",
            "zst pass",
            "a pass",
            "b fail",
            "a pass",
            "b fail",
            "a pass",
            "b fail",
            "./6.eml.gz error"
        ]
    );
    assert_eq!(errors(&output).len(), 1);
    assert_eq!(
        outcomes(&values(&piped(&["--format", "json"], &gzip(&mbox)))),
        ["a pass", "b fail"]
    );
}

#[test]
fn lists_of_paths_are_read() {
    let folder = scratch("lists");
    fs::create_dir(folder.join("sub")).unwrap();
    fs::write(folder.join("a b.eml"), pass("a")).unwrap();
    fs::write(folder.join("sub/c\nd.eml"), fail("c")).unwrap();
    fs::write(folder.join("lines"), "a b.eml\r\n\nsub\nnowhere.eml\n").unwrap();
    fs::write(folder.join("nuls"), "sub/c\nd.eml\0a b.eml\0").unwrap();
    let (found, output) = json(&folder, &["--files-from", "lines"]);
    assert_eq!(outcomes(&found), ["a pass", "c fail", "nowhere.eml error"]);
    assert_eq!(status(&output), 1);
    let (found, _) = json(&folder, &["-0", "--files-from", "nuls"]);
    assert_eq!(outcomes(&found), ["c fail", "a pass"]);
    let mut child = command(CONNECTOR)
        .args(["--format", "json", "--files-from", "-"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"a b.eml\n").unwrap();
    assert_eq!(
        outcomes(&values(&child.wait_with_output().unwrap())),
        ["a pass"]
    );
    for args in [
        &["--files-from", "nowhere"][..],
        &["-0", "a b.eml"],
        &["--files-from", "lines", "x"],
    ] {
        let output = run(&folder, args);
        assert_eq!(status(&output), 2, "{args:?}");
        assert!(output.stdout.is_empty());
    }
    // A list of nothing is no pass.
    fs::write(folder.join("empty"), "\n").unwrap();
    assert_eq!(status(&run(&folder, &["--files-from", "empty"])), 2);
}

#[test]
#[cfg(unix)]
fn what_cannot_be_read_is_told_once_and_the_rest_goes_on() {
    use std::os::unix::fs::symlink;
    let folder = scratch("errors");
    fs::create_dir_all(folder.join("mail/deep")).unwrap();
    fs::write(folder.join("mail/a.eml"), pass("a")).unwrap();
    fs::write(folder.join("mail/deep/z.eml"), pass("z")).unwrap();
    fs::write(folder.join("outside.eml"), pass("outside")).unwrap();
    fs::write(folder.join("mail/notes.txt"), "no message\n").unwrap();
    fs::write(folder.join("mail/empty.eml"), "").unwrap();
    symlink("../outside.eml", folder.join("mail/link.eml")).unwrap();
    symlink("nowhere", folder.join("mail/m-broken.eml")).unwrap();
    symlink("..", folder.join("mail/deep/loop")).unwrap();
    symlink("self", folder.join("mail/self")).unwrap();
    let made = Command::new("mkfifo")
        .arg(folder.join("mail/fifo"))
        .status()
        .unwrap();
    assert!(made.success());
    let (found, output) = json(&folder, &["-j2", "mail", "nowhere.eml"]);
    assert_eq!(
        outcomes(&found),
        [
            "a pass",
            "mail/deep/loop error",
            "z pass",
            "mail/empty.eml error",
            "mail/fifo error",
            "outside pass",
            "mail/m-broken.eml error",
            "mail/self error",
            "nowhere.eml error",
        ]
    );
    let lines = errors(&output);
    assert_eq!(lines.len(), 6, "{lines:?}");
    for (line, words) in lines.iter().zip([
        "mail/deep/loop: is a symbolic link to a folder",
        "mail/empty.eml: the input is empty",
        "mail/fifo: is a FIFO",
        "mail/m-broken.eml: is a symbolic link that leads nowhere",
        "mail/self: is a symbolic link that leads nowhere",
        "nowhere.eml: cannot be read: there is no such file",
    ]) {
        assert!(line.contains(words), "{line}");
    }
    assert_eq!(status(&output), 2);
    assert!(text(&output.stderr).contains("note: 1 file is no message"));
    // A FIFO that is named is not waited for.
    assert_eq!(status(&run(&folder, &["mail/fifo"])), 2);
    // Nothing but what is no message.
    fs::create_dir(folder.join("none")).unwrap();
    assert_eq!(status(&run(&folder, &["none"])), 2);
    fs::write(folder.join("none/x"), "no message\n").unwrap();
    let output = run(&folder, &["-q", "none"]);
    assert_eq!(status(&output), 2);
    assert!(
        text(&output.stderr).contains("no message found"),
        "{output:?}"
    );
}

/// Whoever reads the results holds the run up, in the midst of the mbox, and delivers into it.
#[test]
fn an_mbox_that_changes_meanwhile_is_one_error_and_the_rest_goes_on() {
    for (name, threads, grows) in [("grows", "-j1", true), ("shrinks", "-j2", false)] {
        let folder = scratch(name);
        let messages = |count: usize| {
            let one = |_| format!("{FROM}{}body\n\n", pass("mbox"));
            (0..count).map(one).collect::<String>()
        };
        fs::write(folder.join("a.mbox"), messages(1000)).unwrap();
        fs::write(folder.join("b.eml"), pass("behind")).unwrap();
        let mut run = command(CONNECTOR)
            .args(["--format", "json", threads, "a.mbox", "b.eml"])
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = run.stdout.take().unwrap();
        let mut results = vec![0];
        // The mbox is open now; the results of all of it are more than a pipe and a buffer hold.
        out.read_exact(&mut results).unwrap();
        let mbox = File::options().append(true).open(folder.join("a.mbox"));
        let mut mbox = mbox.unwrap();
        match grows {
            true => mbox.write_all(messages(1).as_bytes()).unwrap(),
            false => mbox.set_len(messages(10).len() as u64).unwrap(),
        }
        out.read_to_end(&mut results).unwrap();
        let mut output = run.wait_with_output().unwrap();
        output.stdout = results;
        let all = outcomes(&values(&output));
        let (told, rest): (Vec<_>, Vec<_>) = all.iter().partition(|line| line.contains("error"));
        assert_eq!(told, ["a.mbox error"], "{name}");
        assert_eq!(rest.last().unwrap().as_str(), "behind pass", "{name}");
        assert!(rest.len() > 10, "{name}: {}", rest.len());
        let [error] = &errors(&output)[..] else {
            panic!("{name}: {:?}", errors(&output))
        };
        assert!(
            error.starts_with("smarthop: error: a.mbox: changed while it was read"),
            "{name}: {error}"
        );
        assert_eq!(status(&output), 2, "{name}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn only_the_header_section_is_read() {
    let folder = scratch("sparse");
    // 8 GiB of nothing on disk.
    let path = folder.join("big.eml");
    fs::write(&path, pass("big")).unwrap();
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(8 << 30)
        .unwrap();
    let begun = std::time::Instant::now();
    assert_eq!(outcomes(&json(&folder, &["."]).0), ["big pass"]);
    assert!(begun.elapsed().as_secs() < 2, "{:?}", begun.elapsed());
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = scratch("pipe");
    fs::write(
        folder.join("mail"),
        format!("{FROM}{}", pass("a")).repeat(3000),
    )
    .unwrap();
    let mut child = command(CONNECTOR)
        .args(["--format", "json", "mail"])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 100]).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    assert_eq!((status(&output), text(&output.stderr).as_str()), (0, ""));
}

/// The program with SIGINT as a terminal's shell gives it: what a script starts in the background
/// ignores it, its tests and what they start too.
#[cfg(unix)]
fn interruptible(args: &[&str]) -> Command {
    const RESET: &str = "--default-signal=INT";
    let can_reset = Command::new("env").args([RESET, "true"]).output();
    if !can_reset.is_ok_and(|output| output.status.success()) {
        return command(args);
    }
    let program = command(args);
    let mut reset = Command::new("env");
    reset.arg(RESET).arg(program.get_program()).args(args);
    for (name, value) in program.get_envs() {
        if value.is_none() {
            reset.env_remove(name);
        }
    }
    reset
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_with_what_is_done() {
    ends_with_what_is_done("-INT");
}

/// As a service's manager and `timeout` ask it to.
#[test]
#[cfg(unix)]
fn being_asked_to_end_is_as_ctrl_c() {
    ends_with_what_is_done("-TERM");
}

#[cfg(unix)]
fn ends_with_what_is_done(signal: &str) {
    let folder = scratch(&format!("interrupt{signal}"));
    let mbox = format!("{FROM}{}", pass("a"));
    let mut child = interruptible(CONNECTOR)
        .args(["--format", "json", "--summary", "-"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than what is looked at to see that it is an mbox, so that it is being split.
    let writer = std::thread::spawn(move || {
        for _ in 0..10_000 {
            if input.write_all(mbox.as_bytes()).is_err() {
                return;
            }
        }
        std::thread::sleep(std::time::Duration::from_secs(2));
        for _ in 0..10_000 {
            let _ = input.write_all(mbox.as_bytes());
        }
    });
    let mut out = child.stdout.take().unwrap();
    let mut begun = [0; 1];
    out.read_exact(&mut begun).unwrap();
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let mut rest = text(&begun);
    out.read_to_string(&mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(rest.ends_with("}\n"), "a line is cut");
    let last: Value = serde_json::from_str(rest.lines().last().unwrap()).unwrap();
    let messages = last["summary"]["messages"].as_u64().unwrap();
    assert_eq!(messages as usize, rest.lines().count() - 1);
    assert!(messages < 20_000, "nothing was interrupted");
    assert_eq!(status(&output), 2);
    assert!(
        text(&output.stderr).contains("interrupted after"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn formats_for_machines_have_every_message() {
    let folder = scratch("formats");
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(folder.join("in/a.eml"), pass("=1+1")).unwrap();
    fs::write(folder.join("in/b.eml"), fail("a|b`c<x>&")).unwrap();
    fs::write(folder.join("in/c.eml"), "From: <c@example.com>\n\n").unwrap();
    fs::write(folder.join("in/d.eml"), "").unwrap();
    let of = |format: &str| {
        let output = run(&folder, &["--format", format, "in"]);
        assert_eq!(status(&output), 1);
        text(&output.stdout)
    };
    let junit = of("junit");
    assert!(
        junit.contains(r#"tests="4""#) && junit.contains(r#"failures="2" errors="1""#),
        "{junit}"
    );
    assert_eq!(junit.matches(r#"classname="in""#).count(), 4, "{junit}");
    assert!(junit.contains(r#"type="inconclusive""#), "{junit}");
    let csv = of("csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    let mut column = |name: &str| {
        reader
            .headers()
            .unwrap()
            .iter()
            .position(|known| known == name)
            .unwrap()
    };
    let (outcome, subject) = (column("outcome"), column("subject"));
    let outcomes: Vec<&str> = rows.iter().map(|row| &row[outcome]).collect();
    assert_eq!(outcomes, ["pass", "fail", "inconclusive", "error"]);
    assert_eq!(&rows[0][subject], "'=1+1");
    let markdown = of("markdown");
    assert!(
        markdown.starts_with("## smarthop: 3 of 4 not as expected\n"),
        "{markdown}"
    );
    assert!(markdown.contains("| ✅ pass | 1 |"), "{markdown}");
    // --only goes for all of them.
    let only = run(&folder, &["--format", "csv", "--only", "error", "in"]);
    assert_eq!(text(&only.stdout).lines().count(), 2);
}

#[test]
fn completions_and_the_manual_know_the_options() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = command(&["completions", shell]).output().unwrap();
        assert!(output.status.success());
        assert!(text(&output.stdout).contains("files-from"), "{shell}");
    }
    let output = command(&["man"]).output().unwrap();
    let page = text(&output.stdout);
    assert!(
        page.starts_with(".ie") && page.contains("smart\\-host"),
        "{page}"
    );
}

#[test]
fn what_is_no_message_is_named_where_that_is_asked() {
    let folder = scratch("verbose");
    fs::write(folder.join("a.eml"), pass("a")).unwrap();
    fs::write(folder.join("notes.txt"), "some notes\n").unwrap();
    let said = |args: &[&str]| text(&run(&folder, args).stderr);
    let named = "note: ./notes.txt: is no message and was skipped";
    assert!(said(&["--verbose", "."]).contains(named));
    assert!(!said(&["."]).contains("notes.txt"));
}

#[test]
#[cfg(target_os = "linux")]
fn paths_that_are_no_text_can_be_told_apart() {
    use std::os::unix::ffi::OsStringExt as _;
    let folder = scratch("bytes");
    for byte in [0xFE, 0xFF] {
        let name = std::ffi::OsString::from_vec(vec![b'a', byte, b'.', b'e', b'm', b'l']);
        fs::write(folder.join(name), pass("a")).unwrap();
    }
    let (values, _) = json(&folder, &["."]);
    let paths: Vec<_> = values
        .iter()
        .map(|v| v["source"]["path"].as_str())
        .collect();
    assert_eq!(paths, [Some("./a%FE.eml"), Some("./a%FF.eml")]);
}

/// `message` as the attachment of another.
fn carrying(message: &str, encoding: &str) -> String {
    format!(
        "{}Content-Type: multipart/mixed; boundary=\"x\"\n\n--x\nContent-Type: text/plain\n\nsee \
         attached\n--x\nContent-Type: message/rfc822\n{encoding}\n{message}\n--x--\n",
        fail("outer").strip_suffix('\n').unwrap()
    )
}

#[test]
fn a_message_that_another_carries_is_told_and_looked_at() {
    let folder = scratch("inside");
    let plain = carrying(&pass("inner"), "");
    let base64 = carrying(
        "UmVjZWl2ZWQ6IGZyb20gcmVsYXkuZXhhbXBsZS5uZXQgKHJlbGF5LmV4YW1wbGUubmV0IFsx\n\
         OTIuMC4yLjI1XSkKCWJ5IG14LmV4YW1wbGUub3JnIChQb3N0Zml4KSB3aXRoIEVTTVRQUyBp\n\
         ZCBBOyBUdWUsIDI4IEZlYiAyMDIzIDA3OjUxOjAxICswMDAwCglmb3IgPGpvaG5AZXhhbXBs\n\
         ZS5vcmc+OyBUdWUsIDI4IEZlYiAyMDIzIDA3OjUxOjAxICswMDAwClN1YmplY3Q6IGlubmVy\n\
         CgpiCg==",
        "Content-Transfer-Encoding: base64\n",
    );
    for (what, mail) in [("plain", plain), ("base64", base64)] {
        fs::write(folder.join("a.eml"), &mail).unwrap();
        let (outer, _) = json(&folder, &["a.eml"]);
        let codes = outer[0]["warnings"].as_array().unwrap();
        let told = codes.iter().find(|w| w["code"] == "message-inside");
        assert_eq!(outcomes(&outer), ["outer fail"], "{what}");
        let line = told.unwrap_or_else(|| panic!("{what}: {codes:?}"))["line"].as_u64();
        let (inner, _) = json(&folder, &["--inside", "a.eml"]);
        assert_eq!(inner[0]["message"]["subject"], "inner", "{what}");
        assert_eq!(inner[0]["hops"][0]["line"].as_u64(), line, "{what}");
        assert!(mail.lines().count() as u64 > line.unwrap());
    }
    fs::write(folder.join("a.eml"), pass("alone")).unwrap();
    let (none, _) = json(&folder, &["--inside", "a.eml"]);
    assert_eq!(none[0]["error"]["code"], "no-message-inside");
}

#[test]
fn what_is_not_opened_is_named() {
    let folder = scratch("archives");
    for (name, head, what) in [
        ("a.zip", &b"PK\x03\x04\x14\0\0\0"[..], "zip archive"),
        ("a.bz2", b"BZh91AY&SY\0", "bzip2 -dc"),
        ("a.xz", b"\xfd7zXZ\0\0", "xz -dc"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0", "7z archive"),
        ("b.eml", b"PK\x03\x04\x14\0\0\0", "zip archive"),
    ] {
        fs::write(folder.join(name), head).unwrap();
        let (values, output) = json(&folder, &[name]);
        assert_eq!(
            (status(&output), &values[0]["error"]["code"]),
            (2, &Value::from("packed"))
        );
        assert!(
            errors(&output)[0].contains(what),
            "{name}: {:?}",
            errors(&output)
        );
    }
}
