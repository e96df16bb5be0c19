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
    // Of the first one only the name lies in the smart host's domain, and no DKIM pass shows whose.
    assert!(many.out.contains("<b>1</b> <span>PASS</span>"));
    assert!(many.out.contains("<b>1</b> <span>INCONCLUSIVE</span>"));
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

const TOKEN: &str = "route-test-7f3a9c";
const RELAY: [&str; 3] = ["check", "--smart-host", "smtp-relay.example.com"];

/// A mail that only who sent it can judge: the front end shows an inner client. `more` is whole
/// fields.
fn doubtful(id: &str, subject: &str, more: &str) -> String {
    format!(
        "Received: from smtp-relay.example.com (unknown [10.8.0.1])\n\
         \tby mx.example.net (Postfix) with ESMTPS id 4VkGq53DWNz9tQd\n\
         \tfor <paul.brook@example.net>; Tue, 21 May 2024 08:30:05 +0000 (UTC)\n\
         From: <nora.field@example.org>\n\
         To: <paul.brook@example.net>\n\
         Subject: {subject}\n\
         Date: Tue, 21 May 2024 08:30:00 +0000\n\
         Message-ID: <{id}@example.org>\n\
         {more}\n\
         Hello.\n"
    )
}

/// Outcome, `message.mine`, and whether it is warned of as not the user's, of each message.
fn mine_of(run: &Run) -> Vec<(String, Option<String>, bool)> {
    let word = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    lines(&run.out)
        .iter()
        .map(|line| {
            let warnings = line["warnings"].as_array().expect("a list");
            (
                word(&line["outcome"]).expect("an outcome"),
                word(&line["message"]["mine"]),
                warnings.iter().any(|warning| warning["code"] == "not-mine"),
            )
        })
        .collect()
}

fn vouched() -> (String, Option<String>, bool) {
    ("pass".to_owned(), Some("token".to_owned()), false)
}

fn not_mine() -> (String, Option<String>, bool) {
    ("inconclusive".to_owned(), None, true)
}

/// What a run with the token says of these messages, files in this order.
fn token_run(name: &str, messages: &[String], more: &[&str]) -> Run {
    let root = folder(name);
    for (number, message) in messages.iter().enumerate() {
        fs::write(root.join(format!("{number:02}.eml")), message).expect("a file");
    }
    let token = format!("--mine={TOKEN}");
    let own = [&token, "--format", "json", root.to_str().expect("UTF-8")];
    smarthop(&[&RELAY[..], more, &own].concat())
}

#[test]
fn a_token_makes_the_message_that_holds_it_the_users_own() {
    let id = format!("1.{TOKEN}");
    let subject = format!("Spring list {TOKEN}");
    let reply = "In-Reply-To: <0@example.org>\n";
    let automatic = "Auto-Submitted: auto-replied\n";
    for (name, message, wanted) in [
        ("id", doubtful(&id, "Spring list", ""), vouched()),
        (
            "id-of-reply",
            doubtful(&id, "Re: Spring list", reply),
            vouched(),
        ),
        ("subject", doubtful("1", &subject, ""), vouched()),
        ("neither", doubtful("1", "Spring list", ""), not_mine()),
        (
            "other-case",
            doubtful("1", &subject.to_uppercase(), ""),
            not_mine(),
        ),
        (
            "re",
            doubtful("1", &format!("Re: {subject}"), ""),
            not_mine(),
        ),
        ("reply", doubtful("1", &subject, reply), not_mine()),
        ("automatic", doubtful("1", &subject, automatic), not_mine()),
        (
            "elsewhere",
            doubtful(
                "1",
                "Spring list",
                &format!("X-Token: {TOKEN}\nReferences: <{id}>\n"),
            ),
            not_mine(),
        ),
    ] {
        let run = token_run(
            &format!("token-{name}"),
            std::slice::from_ref(&message),
            &[],
        );
        assert_eq!(
            mine_of(&run)[..],
            *std::slice::from_ref(&wanted),
            "{name}: {}",
            run.err
        );
        let token = format!("--mine={TOKEN}");
        let run = pasted(
            &[&RELAY[..], &[&token, "--format", "json"]].concat(),
            &message,
        );
        assert_eq!(mine_of(&run), [wanted], "{name}, pasted: {}", run.err);
    }
}

#[test]
fn a_token_of_two_messages_makes_neither_of_them_the_users_own() {
    let held = |number: u32| doubtful(&format!("{number}.{TOKEN}"), "Spring list", "");
    let other = doubtful("9", "Other list", "");

    let two = [held(1), other.clone(), held(2)];
    let twice = [held(1), other.clone(), held(1)];
    let wanted_of_two = [not_mine(), not_mine(), not_mine()];
    let wanted_of_twice = [vouched(), not_mine(), vouched()];
    for (name, messages, wanted) in [
        ("two", &two, wanted_of_two),
        ("twice", &twice, wanted_of_twice),
    ] {
        let one = token_run(&format!("token-{name}"), messages, &["-j1"]);
        assert_eq!(mine_of(&one), wanted, "{name}: {}", one.err);
        let eight = token_run(&format!("token-{name}"), messages, &["-j8"]);
        assert_eq!(one.out, eight.out, "{name}");

        // The same as one mbox, from a file and from standard input.
        let mbox: String = messages
            .iter()
            .map(|message| format!("From x@example.org Tue May 21 08:30:05 2024\n{message}\n"))
            .collect();
        let path = folder(&format!("token-mbox-{name}")).join("all.mbox");
        fs::write(&path, &mbox).expect("a file");
        let token = format!("--mine={TOKEN}");
        let args = [&RELAY[..], &[&token, "--format", "json"]].concat();
        for run in [
            smarthop(&[&args[..], &[path.to_str().expect("UTF-8")]].concat()),
            pasted(&args, &mbox),
        ] {
            assert_eq!(mine_of(&run), wanted, "{name}: {}", run.err);
        }
    }

    // Of many, on as many threads as there may be.
    let mut many: Vec<String> = (0..60)
        .map(|number| doubtful(&number.to_string(), "List", ""))
        .collect();
    many.push(held(1));
    let one = token_run("token-many", &many, &["-j1"]);
    let eight = token_run("token-many", &many, &["-j8"]);
    assert_eq!(one.out, eight.out);
    let own = mine_of(&one).into_iter().filter(|of| *of == vouched());
    assert_eq!(own.count(), 1);
}

#[test]
fn without_a_token_only_one_message_is_vouched_for() {
    let root = folder("mine-of-several");
    let message = doubtful("1", "Spring list", "");
    let [a, b, mbox] = ["a.eml", "b.eml", "two.mbox"].map(|name| root.join(name));
    fs::write(&a, &message).expect("a file");
    fs::write(&b, doubtful("2", "Spring list", "")).expect("a file");
    let line = "From x@example.org Tue May 21 08:30:05 2024\n";
    let two = format!("{line}{message}\n{line}{message}\n");
    fs::write(&mbox, &two).expect("a file");
    let [a, b, mbox] = [&a, &b, &mbox].map(|path| path.to_str().expect("UTF-8"));

    let mine = [&RELAY[..], &["--mine"]].concat();
    assert_eq!(smarthop(&[&mine[..], &[a]].concat()).status, 0);
    assert_eq!(pasted(&mine, &message).status, 0);
    assert_eq!(smarthop(&[&RELAY[..], &[a]].concat()).status, 3);
    for run in [
        smarthop(&[&mine[..], &[a, b]].concat()),
        smarthop(&[&mine[..], &[mbox]].concat()),
        smarthop(&[&mine[..], &[root.to_str().expect("UTF-8")]].concat()),
        pasted(&mine, &two),
    ] {
        assert_eq!((run.status, &*run.out), (2, ""), "{}", run.err);
        assert!(run.err.contains("--mine=TOKEN"), "{}", run.err);
    }
    for token in ["--mine=1234567", "--mine="] {
        let run = smarthop(&[&RELAY[..], &[token, a]].concat());
        assert_eq!((run.status, &*run.out), (2, ""), "{}", run.err);
        assert!(run.err.contains("at least 8 characters"), "{}", run.err);
    }
}

#[test]
fn an_inner_address_is_said_once() {
    let root = folder("inner-address");
    for number in 0..5 {
        let message = doubtful(&number.to_string(), "Spring list", "");
        fs::write(root.join(format!("{number}.eml")), message).expect("a file");
    }
    let root = root.to_str().expect("UTF-8");
    let run = smarthop(&[&RELAY[..], &["--smart-host", "10.8.0.1", root]].concat());
    assert_eq!(run.status, 3, "it identifies nobody: {}", run.out);
    let said = run.err.matches("10.8.0.1 is an inner address").count();
    assert_eq!(said, 1, "{}", run.err);
    let run = smarthop(&[&RELAY[..], &["--smart-host", "203.0.113.1", root]].concat());
    assert!(!run.err.contains("inner address"), "{}", run.err);
}

#[test]
fn a_slip_in_a_providers_name_is_said() {
    for name in ["smtp-relay.brveo.com", "brevo"] {
        let args = ["check", "--smart-host", name, "--format", "json"];
        let line = &lines(&pasted(&args, MESSAGE).out)[0];
        let warnings = line["warnings"].as_array().expect("a list");
        let slip = warnings.iter().find(|w| w["code"] == "likely-slip");
        let says = slip.expect("a warning")["says"].as_str().expect("words");
        assert!(says.contains("smtp-relay.brevo.com"), "{says}");
        assert_ne!(line["outcome"], "pass");
        assert_eq!(line["settle"][0]["value"], "smtp-relay.brevo.com", "{name}");
    }
    let args = [
        "check",
        "--smart-host",
        "relay.example.com",
        "--format",
        "json",
    ];
    let line = &lines(&pasted(&args, MESSAGE).out)[0];
    assert!(!line["warnings"].to_string().contains("likely-slip"));
}

#[test]
fn a_usual_slip_is_told_in_one_sentence_with_what_was_meant() {
    let root = folder("slips");
    let mail = root.join("message.eml");
    fs::write(&mail, MESSAGE).expect("a file");
    let json = root.join("connector.json");
    fs::write(&json, "{\"id\": 29, \"smtp\": \"relay.example.com\"}").expect("a file");
    let [mail, json] = [&mail, &json].map(|path| path.to_str().expect("UTF-8"));
    for (args, says) in [
        (&[mail][..], "smarthop check --smart-host HOST"),
        (
            &["check", "--smart-host", mail],
            "name the smart host first",
        ),
        (
            &["trace", "--smart-host", "relay.example.com", mail],
            "trace expects nothing",
        ),
        (
            &["trace", "-s", "relay.example.com", mail],
            "trace expects nothing",
        ),
        (&["trace", "--policy=p.toml", mail], "trace expects nothing"),
        (&["serve", "--port", "9999"], "--listen 127.0.0.1:PORT"),
        (&["serve", "--listen", "localhost"], "127.0.0.1:8025"),
        (&["check", "-p", json, mail], "--connector"),
        (&["check", "-p", mail, mail], "is no policy, but a mail"),
        (
            &["check", "-p", "missing.toml", mail],
            "missing.toml: cannot be read",
        ),
        (&["check", "-s", "relay.example.com,", mail], "empty host"),
        (&["providers", "brveo"], "did you mean `brevo`"),
        (
            &["check", "-e", "exchange", "--catalogue", "missing.toml"],
            "--catalogue missing.toml",
        ),
        (
            &["providers", "--catalogue", "missing.toml"],
            "--catalogue missing.toml",
        ),
    ] {
        let run = smarthop(args);
        assert_eq!(
            (run.status, run.out.as_str()),
            (2, ""),
            "{args:?}: {}",
            run.err
        );
        assert!(
            run.err.starts_with("smarthop: error: "),
            "{args:?}: {}",
            run.err
        );
        assert!(run.err.contains(says), "{args:?}: {}", run.err);
        assert!(!run.err.contains("Usage:"), "{args:?}: {}", run.err);
    }
    // Not a message's name, but a host's that is also a file here.
    let here = command()
        .current_dir(&root)
        .args(["check", "--smart-host", "message.eml"])
        .stdin(Stdio::null())
        .output();
    let here = done(here.expect("it runs"));
    assert!(
        here.status == 2 && here.err.contains("name the smart host first"),
        "{}",
        here.err
    );
    let by_variable = command()
        .env("SMARTHOP_POLICY", "missing.toml")
        .args(["check", mail])
        .output();
    let by_variable = done(by_variable.expect("it runs"));
    assert!(
        by_variable
            .err
            .contains("error: SMARTHOP_POLICY: missing.toml"),
        "{}",
        by_variable.err
    );
}

#[test]
fn short_options_and_lists_say_the_same() {
    let long = [
        "check",
        "--smart-host",
        "a.example.com",
        "--smart-host",
        "relay.example.com",
    ];
    let long = pasted(&[&long[..], &["--format", "json"]].concat(), MESSAGE);
    let short = [
        "check",
        "-s",
        "a.example.com,relay.example.com",
        "-f",
        "json",
    ];
    let short = pasted(&short, MESSAGE);
    assert_eq!((short.status, &short.out), (long.status, &long.out));
    let connector = &lines(&short.out)[0]["expected"]["connector"]["smart_host"];
    assert_eq!(connector, "a.example.com");
    let exchange = pasted(&["check", "-e", "exchange", "-f", "json"], MESSAGE);
    assert_eq!(lines(&exchange.out)[0]["expected"]["route"], "exchange");
    let brevo = smarthop(&["providers", "Brevo"]);
    assert_eq!(
        (brevo.status, brevo.out),
        (0, smarthop(&["providers", "brevo"]).out)
    );
}
