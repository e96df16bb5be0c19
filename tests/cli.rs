//! The command line as a script sees it: exit status, standard output, standard error.

#![cfg(feature = "cli")]
#![expect(clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A mail that a known platform's border server took from a host with a verified name.
const MESSAGE: &str = "\
Received: from relay.example.com (relay.example.com [192.0.2.25])\r
\tby in31.mail.ovh.net (Postfix) with ESMTPS id 4PQsPF43SEm78WdxQ\r
\tfor <john.smith@example.net>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)\r
From: <newsletter@example.org>\r
To: <john.smith@example.net>\r
Subject: a subject\r
\r
Received: a body's line is no field\r
";

struct Run {
    status: i32,
    out: String,
    err: String,
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
    command.env_remove("NO_COLOR").env_remove("TERM");
    command
}

fn done(output: Output) -> Run {
    Run {
        status: output.status.code().expect("not killed"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn smarthop(args: &[&str]) -> Run {
    done(
        command()
            .args(args)
            .stdin(Stdio::null())
            .output()
            .expect("it runs"),
    )
}

fn pasted(args: &[&str], input: &str) -> Run {
    let mut child = command()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(input.as_bytes()).expect("it reads all");
    drop(stdin);
    done(child.wait_with_output().expect("it ends"))
}

/// A folder of its own for each test, empty.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a folder");
    path
}

fn lines(out: &str) -> Vec<serde_json::Value> {
    let schema: serde_json::Value =
        serde_json::from_str(&smarthop(&["schema"]).out).expect("a schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let parse = |line| {
        let value = serde_json::from_str(line).expect("a line is JSON");
        let errors: Vec<_> = validator
            .iter_errors(&value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}: {line}");
        value
    };
    out.lines().map(parse).collect()
}

#[test]
fn wrong_usage_is_2_and_never_a_pass() {
    for (args, says) in [
        (&["check"][..], "nothing is expected"),
        (
            &["check", "--sender", "a@example.com"],
            "nothing is expected",
        ),
        (
            &["check", "--exchange-host", "mx.example.com"],
            "nothing is expected",
        ),
        (&["check", "--platform", "ovhcloud"], "nothing is expected"),
        (&["check", "--expect", "connector"], "add --smart-host"),
        (&["check", "--expect", ""], "--expect"),
        (&["check", "--smart-host", ""], "--smart-host"),
        (
            &[
                "check",
                "--smart-host",
                "relay.example.com",
                "--smart-host",
                "",
            ],
            "--smart-host",
        ),
        (&["check", "--smart-host", " "], "--smart-host"),
        (&["check", "--smart-host", "*.com"], "public suffix"),
        (&["check", "--smart-host", "*.co.uk"], "public suffix"),
        (&["check", "--smart-host", "0.0.0.0/0"], "--smart-host"),
        (&["check", "--smart-host", "::/0"], "--smart-host"),
        (
            &["check", "--smart-host", "a.example.com", "--trust", ""],
            "--trust",
        ),
        (
            &[
                "check",
                "--smart-host",
                "a.example.com",
                "--receiver",
                "*.com",
            ],
            "--receiver",
        ),
        (
            &["check", "--expect", "exchange", "--exchange-host", ""],
            "--exchange-host",
        ),
        (
            &["check", "--expect", "exchange", "--platform", ""],
            "--platform",
        ),
        (
            &["check", "--expect", "exchange", "--platform", "other"],
            "known are",
        ),
        (
            &["check", "--expect", "exchange", "--authserv-id", "a b"],
            "plain token",
        ),
        (
            &["check", "--expect", "exchange", "--sender", ""],
            "--sender",
        ),
        (
            &[
                "check",
                "--expect",
                "exchange",
                "--sender",
                "A <a@example.com>",
            ],
            "bare address",
        ),
        (
            &[
                "check",
                "--expect",
                "exchange",
                "--catalogue",
                "nowhere.toml",
            ],
            "nowhere.toml",
        ),
        (&["check", "--expect", "exchange", "-j", "0"], "--threads"),
        (&["check", "--expect", "exchange", "-", "-"], "twice"),
        (
            &["trace", "--smart-host", "relay.example.com"],
            "--smart-host",
        ),
        (&["trace", "--format", "yaml"], "yaml"),
    ] {
        let run = smarthop(args);
        assert_eq!(run.status, 2, "{args:?}: {}", run.err);
        assert_eq!(run.out, "", "{args:?}");
        assert!(run.err.contains(says), "{args:?}: {}", run.err);
        assert!(
            run.err.contains("Usage: smarthop") || run.err.contains("--help"),
            "{}",
            run.err
        );
    }
}

#[test]
fn help_and_version_are_0() {
    for args in [
        &["--help"][..],
        &["check", "--help"],
        &["trace", "-h"],
        &["--version"],
    ] {
        let run = smarthop(args);
        assert_eq!(run.status, 0, "{args:?}");
        assert!(run.out.contains("smarthop"), "{args:?}");
    }
}

#[test]
fn no_header_says_what_to_paste() {
    for input in ["", "\n\n", "just a sentence\nand another\n"] {
        let run = pasted(&["check", "--smart-host", "relay.example.com"], input);
        assert_eq!(run.status, 2, "{input:?}: {}", run.out);
        assert_eq!(run.out, "");
        assert!(
            run.err.starts_with("smarthop: error: standard input: "),
            "{}",
            run.err
        );
        assert!(run.err.contains("paste"), "{}", run.err);
        let run = pasted(&["trace", "--format", "json"], input);
        assert_eq!(run.status, 2);
        let lines = lines(&run.out);
        assert_eq!(lines[0]["outcome"], "error");
        assert_eq!(lines[0]["source"]["format"], "stdin");
    }
}

#[test]
fn an_unreadable_input_does_not_stop_the_others() {
    let folder = folder("unreadable");
    let good = folder.join("good.eml");
    fs::write(&good, MESSAGE).expect("a file");
    let missing = folder.join("missing.eml");
    let [good, missing] = [&good, &missing].map(|path| path.to_str().expect("UTF-8"));

    let run = smarthop(&["trace", "--format", "json", "--summary", missing, good]);
    assert_eq!(run.status, 2, "{}", run.err);
    assert!(
        run.err
            .starts_with(&format!("smarthop: error: {missing}: cannot be read: "))
    );
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    let lines = lines(&run.out);
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["outcome"], "error");
    assert_eq!(lines[0]["source"]["path"], missing);
    assert_eq!(lines[1]["outcome"], "unchecked");
    assert_eq!(lines[1]["source"]["path"], good);
    assert_eq!(lines[1]["source"]["format"], "eml");
    assert_eq!(lines[2]["summary"]["messages"], 2);
    assert_eq!(lines[2]["summary"]["error"], 1);
    assert_eq!(lines[2]["summary"]["unchecked"], 1);

    let run = smarthop(&["trace", missing, good, "--summary"]);
    let first = run.out.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("UNCHECKED  ") && first.ends_with(good),
        "{first}"
    );
    assert!(
        run.out.contains("\n2 messages: 1 unchecked, 1 error\n"),
        "{}",
        run.out
    );
}

#[test]
fn folders_are_searched_in_order_and_links_to_folders_are_not_followed() {
    let root = folder("folders");
    let names = [
        "b.eml",
        "a.EML",
        "inner/c.eml",
        "inner/deeper/d.eml",
        "no.txt",
        "eml",
    ];
    fs::create_dir_all(root.join("inner/deeper")).expect("folders");
    for name in names {
        fs::write(root.join(name), MESSAGE).expect("a file");
    }
    fs::write(root.join("notes.txt"), "no message\n").expect("a file");
    let run = smarthop(&["trace", "--format", "json", root.to_str().expect("UTF-8")]);
    assert_eq!(run.status, 0, "{}", run.err);
    let found: Vec<String> = lines(&run.out)
        .iter()
        .map(|line| {
            let path = Path::new(line["source"]["path"].as_str().expect("a path"));
            path.strip_prefix(&root)
                .expect("below it")
                .to_string_lossy()
                .replace('\\', "/")
        })
        .collect();
    assert_eq!(
        found,
        [
            "a.EML",
            "b.eml",
            "eml",
            "inner/c.eml",
            "inner/deeper/d.eml",
            "no.txt"
        ],
        "found by content, in the order of names"
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&root, root.join("inner/loop")).expect("a link");
        let run = smarthop(&["trace", "--format", "json", root.to_str().expect("UTF-8")]);
        assert_eq!(run.status, 2, "{}", run.err);
        assert_eq!(lines(&run.out).len(), 7, "the rest goes on");
        assert!(run.err.contains("loop: is a symbolic link to a folder"));
    }

    let empty = folder("empty-folder");
    let run = smarthop(&["trace", empty.to_str().expect("UTF-8")]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("no message found"), "{}", run.err);
}

#[test]
fn threads_do_not_change_the_order() {
    let root = folder("threads");
    for number in 0..700 {
        let message = MESSAGE.replace("a subject", &format!("number {number}"));
        fs::write(root.join(format!("{number:03}.eml")), message).expect("a file");
    }
    let root = root.to_str().expect("UTF-8");
    let one = smarthop(&["trace", "--format", "json", "-j", "1", root]);
    let four = smarthop(&["trace", "--format", "json", "-j", "4", root]);
    assert_eq!(one.out.lines().count(), 700);
    assert!(one.out == four.out);
}

#[test]
fn standard_input_and_a_file_tell_the_same() {
    let root = folder("same");
    let path = root.join("message.eml");
    fs::write(&path, MESSAGE).expect("a file");
    let args = [
        "check",
        "--smart-host",
        "relay.example.com",
        "--format",
        "json",
    ];
    let from_file = smarthop(&[&args[..], &[path.to_str().expect("UTF-8")]].concat());
    let from_stdin = pasted(&args, MESSAGE);
    let dash = pasted(&[&args[..], &["-"]].concat(), MESSAGE);
    assert_eq!(from_stdin.out, dash.out);
    assert_eq!(from_file.status, from_stdin.status);
    let (mut file, mut stdin) = (lines(&from_file.out), lines(&from_stdin.out));
    assert_eq!(stdin[0]["source"]["path"], serde_json::Value::Null);
    file[0]["source"].take();
    stdin[0]["source"].take();
    assert_eq!(file, stdin);
    assert_eq!(
        file[0]["hops"].as_array().expect("a list").len(),
        1,
        "the body has no fields"
    );
}

#[test]
fn a_page_of_one_message_and_of_several() {
    let sample = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/documented-sample/message.eml"
    );
    let args = [
        "check",
        "--smart-host",
        "smtp-relay.example.com",
        "--format",
        "html",
    ];
    let one = smarthop(&[&args[..], &[sample]].concat());
    assert_eq!(one.status, 0);
    assert!(one.out.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    assert!(one.out.ends_with("</body></html>\n"));
    let reason = r##"<a class="reason" href="#m1-L17">"##;
    assert!(one.out.contains(reason) && one.out.contains(r#"id="m1-L17""#));
    assert!(one.out.contains(r#"<article class="report is-pass""#));

    let root = folder("page");
    fs::write(root.join("a.eml"), MESSAGE).expect("a file");
    fs::copy(sample, root.join("b.eml")).expect("a file");
    fs::write(root.join("c.eml"), "no header\n").expect("a file");
    let root = root.to_str().expect("UTF-8");
    let many = smarthop(&[&args[..], &["-j", "2", root, "missing.eml"]].concat());
    assert_eq!(many.out.matches("<details class=\"message ").count(), 4);
    assert!(many.out.contains(r#"id="m2-L17""#));
    assert!(many.out.contains("<b>1</b> <span>PASS</span>"));
    assert_eq!(
        smarthop(&[&args[..], &["-j", "1", root, "missing.eml"]].concat()).out,
        many.out
    );
}

#[test]
fn colour_only_where_it_is_wanted() {
    let plain = pasted(&["trace"], MESSAGE);
    assert!(!plain.out.contains('\u{1b}'), "no terminal, no colour");
    let coloured = pasted(&["trace", "--color", "always"], MESSAGE);
    assert!(coloured.out.contains('\u{1b}'));
    let never = pasted(&["trace", "--color", "never"], MESSAGE);
    assert_eq!(never.out, plain.out);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let root = folder("pipe");
    for number in 0..300 {
        fs::write(root.join(format!("{number}.eml")), MESSAGE).expect("a file");
    }
    let mut child = command()
        .args(["trace", root.to_str().expect("UTF-8")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn the_schema_is_the_shipped_one() {
    let run = smarthop(&["schema"]);
    assert_eq!(run.status, 0);
    assert!(run.out == include_str!("../src/report/schema.json"));
}

/// What of each message the user's word made his own, and its warnings.
fn mine(out: &str) -> Vec<(String, bool)> {
    let of = |line: &serde_json::Value| {
        let warnings = line["warnings"].as_array().expect("a list").iter();
        let told = warnings
            .clone()
            .any(|warning| warning["code"] == "not-mine");
        let mine = line["message"]["mine"]
            .as_str()
            .unwrap_or("null")
            .to_owned();
        (mine, told)
    };
    lines(out).iter().map(of).collect()
}

const MINE: &[&str] = &[
    "check",
    "--smart-host",
    "relay.example.com",
    "--format",
    "json",
];

fn with_id(id: &str) -> String {
    MESSAGE.replace(
        "Subject:",
        &format!("Message-ID: <{id}@example.org>\r\nSubject:"),
    )
}

fn mbox_of(messages: &[String]) -> String {
    let of = |message: &String| {
        let plain = message.replace('\r', "");
        format!("From a@example.org Tue Feb 28 07:51:01 2023\n{plain}\n")
    };
    messages.iter().map(of).collect()
}

#[test]
fn one_message_is_the_users_own_and_several_are_wrong_usage() {
    let root = folder("mine");
    let path = |name: &str| root.join(name).to_str().expect("UTF-8").to_owned();
    fs::create_dir_all(root.join("one")).expect("a folder");
    fs::create_dir_all(root.join("two")).expect("a folder");
    for name in ["one/a.eml", "two/a.eml", "two/b.eml"] {
        fs::write(path(name), MESSAGE).expect("a file");
    }
    let two = mbox_of(&[MESSAGE.to_owned(), MESSAGE.to_owned()]);
    fs::write(path("one.mbox"), mbox_of(&[MESSAGE.to_owned()])).expect("a file");
    fs::write(path("two.mbox"), &two).expect("a file");
    fs::write(
        path("list"),
        format!("{}\n{}\n", path("one/a.eml"), path("two/b.eml")),
    )
    .expect("a file");
    let run = |more: &[&str]| smarthop(&[MINE, &["--mine"], more].concat());
    for one in [path("one/a.eml"), path("one"), path("one.mbox")] {
        let run = run(&[&one]);
        assert_eq!(
            mine(&run.out),
            [("vouched".to_owned(), false)],
            "{one}: {}",
            run.err
        );
    }
    assert_eq!(
        mine(&pasted(&[MINE, &["--mine"]].concat(), MESSAGE).out).len(),
        1
    );
    let list = path("list");
    let several = [
        run(&[&path("one/a.eml"), &path("two/a.eml")]),
        run(&[&path("two")]),
        run(&[&path("two.mbox")]),
        run(&["-j", "4", &path("two.mbox")]),
        run(&["--files-from", &list]),
        pasted(&[MINE, &["--mine"]].concat(), &two),
    ];
    for run in several {
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{}", run.err);
        assert!(run.err.contains("--mine=TOKEN"), "{}", run.err);
    }
    for short in ["--mine=", "--mine=1234567", "--mine=       1"] {
        let run = smarthop(&[MINE, &[short, &path("one/a.eml")]].concat());
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{short}");
        assert!(run.err.contains("at least 8 characters"), "{}", run.err);
    }
}

#[test]
fn a_token_tells_the_users_own_message_whatever_the_threads() {
    let root = folder("token");
    let id = |number: usize, id: &str| {
        fs::write(root.join(format!("{number:02}.eml")), with_id(id)).expect("a file");
    };
    (0..40).for_each(|number| id(number, &format!("other-{number}")));
    id(20, "route-7f3a9c");
    let path = root.to_str().expect("UTF-8");
    let run = |more: &[&str]| smarthop(&[MINE, &["--mine=route-7f3a9c", path], more].concat());
    let first = run(&["-j", "1"]);
    let own: Vec<_> = mine(&first.out);
    let held = own
        .iter()
        .filter(|(mine, told)| mine == "token" && !told)
        .count();
    let others = own
        .iter()
        .filter(|(mine, told)| mine == "null" && *told)
        .count();
    assert_eq!((held, others), (1, 39));
    assert_eq!(own[20].0, "token");
    assert_eq!(run(&["-j", "4"]).out, first.out);
    let human = smarthop(&[
        "trace",
        "--mine=route-7f3a9c",
        root.join("20.eml").to_str().expect("UTF-8"),
    ]);
    assert!(
        human.out.contains("judged as your own message"),
        "{}",
        human.out
    );
    // The last of all takes it from the first.
    id(39, "route-7f3a9c.2");
    for threads in ["1", "4"] {
        let run = run(&["-j", threads]);
        assert!(
            mine(&run.out)
                .iter()
                .all(|(mine, told)| mine == "null" && *told)
        );
    }
    let list: String = (0..40).map(|n| format!("{path}/{n:02}.eml\n")).collect();
    let listed = [MINE, &["--mine=route-7f3a9c", "--files-from", "-"]].concat();
    assert!(
        mine(&pasted(&listed, &list).out)
            .iter()
            .all(|(mine, _)| mine == "null")
    );
}

#[test]
fn of_a_piped_mbox_nothing_is_the_users_before_its_end_is_known() {
    let args = [MINE, &["--mine=route-7f3a9c"]].concat();
    let mut messages: Vec<_> = (0..40).map(|n| with_id(&format!("other-{n}"))).collect();
    messages[0] = with_id("route-7f3a9c");
    let run = pasted(&args, &mbox_of(&messages));
    let own = mine(&run.out);
    assert_eq!((own.len(), own[0].0.as_str()), (40, "token"), "{}", run.err);
    messages[39] = with_id("7.route-7f3a9c");
    let own = mine(&pasted(&args, &mbox_of(&messages)).out);
    assert!(own.len() == 40 && own.iter().all(|(mine, told)| mine == "null" && *told));
}
