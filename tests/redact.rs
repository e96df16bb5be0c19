//! `--redact`: nothing personal is left in any format, and the verdict, the hosts and the route are
//! those of the message as it is.
//!
//! What is personal is collected here without the program's own reading: by hand for made
//! messages; for the fixtures by `mail-parser`, and by what stands before an `@`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod cases;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use cases::Case;
use mail_parser::MessageParser;
use proptest::prelude::*;
use regex::Regex;
use serde_json::Value;
use smarthop::redact::Redactor;
use smarthop::{Catalogue, Expectation, RawMessage, Repair, analyze_message};

/// Every format, and whether it is asked for several messages.
const FORMATS: &[(&str, &[&str], bool)] = &[
    ("human", &["--format", "human"], false),
    ("human, a line each", &["--format", "human"], true),
    ("human, several", &["--format", "human", "--long"], true),
    ("json", &["--format", "json", "--summary"], false),
    ("csv", &["--format", "csv"], false),
    ("markdown", &["--format", "markdown"], false),
    ("junit", &["--format", "junit"], false),
    ("html", &["--format", "html"], false),
];

/// Local parts of the fixtures that are words of a trace field, of a sentence or of a product: as
/// addresses they are gone, as words they are not.
const PLAIN: &[&str] = &["1", "a", "b", "x", "webhost"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of this test's own.
fn scratch(name: &str, text: &str) -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("redact-{number}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

struct Output {
    status: i32,
    /// Standard output and standard error.
    text: String,
    out: String,
}

fn run(args: &[String], extra: &[&str], paths: &[&str], input: Option<&[u8]>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
    command
        .current_dir(root())
        .args(args)
        .args(extra)
        .args(["--color", "never"])
        .args(paths)
        .env_remove("COLUMNS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.unwrap_or_default()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    Output {
        status: output.status.code().unwrap(),
        text: format!("{out}{errors}"),
        out,
    }
}

/// The redacted output of one message in a format; in one for several it stands there twice.
fn redacted(args: &[String], format: &(&str, &[&str], bool), path: &str, pasted: bool) -> Output {
    let (_, extra, many) = *format;
    let extra: Vec<&str> = extra.iter().copied().chain(["--redact"]).collect();
    match (many, pasted) {
        (false, true) => {
            let input = std::fs::read(root().join(path)).unwrap();
            run(args, &extra, &[], Some(&input))
        }
        (false, false) => run(args, &extra, &[path], None),
        (true, _) => run(args, &extra, &[path, path], None),
    }
}

/// Finds what is left of secrets: each as a word of its own, not inside a longer word or a host's
/// name; a plain word only as an address, or as a whole value.
struct Search {
    any: Option<Regex>,
    each: Vec<(String, Regex)>,
}

impl Search {
    fn of(secrets: &BTreeSet<String>, route: &BTreeSet<String>) -> Self {
        let mut each = Vec::new();
        for secret in secrets {
            let folded = secret.to_lowercase();
            if !route.contains(&folded) {
                let pattern = pattern_of(secret, PLAIN.contains(&&*folded));
                each.push((secret.clone(), pattern));
            }
        }
        let all: Vec<&str> = each.iter().map(|(_, pattern)| pattern.as_str()).collect();
        Self {
            any: (!all.is_empty()).then(|| Regex::new(&all.join("|")).unwrap()),
            each: each
                .iter()
                .map(|(secret, pattern)| (secret.clone(), Regex::new(pattern).unwrap()))
                .collect(),
        }
    }

    fn not_in(&self, text: &str) -> Vec<&str> {
        let none = self.each.iter().filter(|(_, regex)| !regex.is_match(text));
        none.map(|(secret, _)| secret.as_str()).collect()
    }

    fn left_in(&self, text: &str) -> Vec<&str> {
        if !self.any.as_ref().is_some_and(|any| any.is_match(text)) {
            return Vec::new();
        }
        let left = self.each.iter().filter(|(_, regex)| regex.is_match(text));
        left.map(|(secret, _)| secret.as_str()).collect()
    }
}

/// Lines of a report may be wrapped within a secret.
fn pattern_of(secret: &str, plain: bool) -> String {
    let words: Vec<String> = secret.split_whitespace().map(regex::escape).collect();
    let secret = words.join(r"\s+");
    if plain {
        let value = match secret.bytes().all(|byte| byte.is_ascii_digit()) {
            true => String::new(),
            false => format!("|\"{secret}\""),
        };
        return format!(r"(?i)(?:^|[^\w.=+-]){secret}@{value}");
    }
    // `info@` is the beginning of an address.
    let is_local = secret.ends_with('@');
    let before = r"(?:^|[^\p{L}\p{N}._-]|[^\p{L}\p{N}][._-])";
    let after = r"(?:$|[^\p{L}\p{N}._-]|[._-](?:[^\p{L}\p{N}]|$))";
    format!("(?i){before}{secret}{}", if is_local { "" } else { after })
}

/// The names of hosts in an analysis, and their labels.
fn route_words(analysis: &Value) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut take = |value: &Value| {
        if let Some(name) = value.as_str().map(str::to_lowercase) {
            words.extend(name.split('.').map(str::to_owned));
            words.insert(name);
        }
    };
    for hop in analysis["hops"].as_array().into_iter().flatten() {
        take(&hop["by"]["host"]);
        take(&hop["from"]["helo"]);
        take(&hop["from"]["reverse_dns"]);
    }
    for place in ["expected", "observed"] {
        take(&analysis[place]["connector"]["smart_host"]);
        take(&analysis[place]["connector"]["name"]);
    }
    words
}

/// What is personal in a header, by `mail-parser` and by what stands before an `@`.
fn secrets_of(header: &str) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    let unfolded = Regex::new(r"\r?\n[ \t]+").unwrap().replace_all(header, " ");
    let address = Regex::new(r#"([\w.!#$%&'*+/=?^`{|}~-]+)@[\w\[.-]"#).unwrap();
    // `smtp.mailfrom=`, `envelope-from=` and such stand before an address.
    let key = Regex::new(r"(?i)^(?:[a-z]+\.[a-z]+|envelope-from|sender|receiver|i|auth|from|for|identity|recipient|orig_to)[=:]").unwrap();
    for found in address.captures_iter(&unfolded) {
        let local = &found[1];
        let local = key.find(local).map_or(local, |key| &local[key.end()..]);
        let local = local.trim_start_matches(['\'', '=']);
        // `x=@example.com` is a key and a domain: there is no local part in it.
        if !local.is_empty() && !local.starts_with("=?") && !local.ends_with('=') {
            secrets.insert(local.to_owned());
        }
    }
    let Some(message) = MessageParser::new().parse_headers(header.as_bytes()) else {
        return secrets;
    };
    let lists = [
        message.from(),
        message.to(),
        message.cc(),
        message.sender(),
        message.reply_to(),
    ];
    for one in lists.into_iter().flatten().flat_map(|list| list.iter()) {
        secrets.extend(one.name().map(str::to_owned));
        let local = one.address().and_then(|address| address.rsplit_once('@'));
        secrets.extend(local.map(|(local, _)| local.to_owned()));
    }
    secrets.extend(message.subject().map(str::to_owned));
    let id = message.message_id();
    secrets.extend(id.map(|id| id.rsplit_once('@').map_or(id, |(left, _)| left).to_owned()));
    // `bounce-mary=example.net@…` gives an address in which a domain is the local part.
    let domain = |secret: &str| {
        unfolded
            .to_lowercase()
            .contains(&format!("@{}", secret.to_lowercase()))
    };
    secrets.retain(|secret| !secret.trim().is_empty() && !domain(secret));
    secrets
}

/// What must be the same with `--redact`: all but texts and people.
fn same_verdict(plain: &Value, redacted: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut same = |what: String, a: &Value, b: &Value| {
        if a != b {
            wrong.push(format!("{what}: {a} is {b}"));
        }
    };
    for path in [
        "/schema_version",
        "/tool",
        "/source/message",
        "/source/format",
        "/outcome",
        "/message/date",
        "/expected/route",
        "/expected/connector",
        "/expected/source",
        "/observed/route",
        "/observed/connector",
        "/observed/provider",
        "/observed/scope",
        "/observed/hop",
        "/observed/date",
        "/observed/tls",
        "/observed/border",
        "/observed/attested",
        "/observed/identity",
        "/observed/attested_by",
    ] {
        let at = |value: &Value| value.pointer(path).cloned().unwrap_or_default();
        same(path.to_owned(), &at(plain), &at(redacted));
    }
    if !plain["observed"]["identity"].is_null() {
        for key in ["host", "ip"] {
            same(
                key.to_owned(),
                &plain["observed"][key],
                &redacted["observed"][key],
            );
        }
    }
    for (list, keys) in [
        (
            "hops",
            &[
                "number",
                "line",
                "by",
                "with",
                "tls",
                "date",
                "delay_seconds",
                "believed",
                "party",
            ][..],
        ),
        ("reasons", &["code", "line"]),
        ("warnings", &["code", "line"]),
        ("settle", &["option"]),
        (
            "evidence",
            &["kind", "line", "result", "attested", "points_to"],
        ),
    ] {
        let (a, b) = (
            plain[list].as_array().unwrap(),
            redacted[list].as_array().unwrap(),
        );
        same(
            format!("length of {list}"),
            &a.len().into(),
            &b.len().into(),
        );
        for (index, (a, b)) in a.iter().zip(b).enumerate() {
            for key in keys {
                same(format!("{list}.{index}.{key}"), &a[key], &b[key]);
            }
        }
    }
    wrong
}

fn schema() -> &'static jsonschema::Validator {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = std::fs::read_to_string(root().join("src/report/schema.json")).unwrap();
        jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
    })
}

/// The first line, as JSON.
fn first_object(output: &Output) -> Value {
    serde_json::from_str(output.out.lines().next().unwrap()).unwrap()
}

/// What is personal in a message.
enum Secrets<'s> {
    /// Nothing of it may be left.
    ByHand(&'s BTreeSet<String>),
    /// A host of the route may be called so too.
    Found(&'s BTreeSet<String>),
}

/// Everything that a message must hold: no secret in any format, the same verdict, valid JSON.
fn check(
    name: &str,
    args: &[String],
    path: &str,
    pasted: bool,
    secrets: &Secrets<'_>,
    wrong: &mut Vec<String>,
) {
    let input = std::fs::read(root().join(path)).unwrap();
    let json = &["--format", "json"];
    let plain = match pasted {
        true => run(args, json, &[], Some(&input)),
        false => run(args, json, &[path], None),
    };
    let analysis = first_object(&plain);
    let search = match secrets {
        Secrets::ByHand(secrets) => Search::of(secrets, &BTreeSet::new()),
        Secrets::Found(secrets) => Search::of(secrets, &route_words(&analysis)),
    };
    let header = RawMessage::new(&input, Repair::Encoding).text.into_owned();
    // JSON escapes what may mislead a reader; decoded it stands in neither text.
    let subject = analysis["message"]["subject"].as_str().unwrap_or_default();
    let before = [&header, plain.text.as_str(), subject].concat();
    for secret in search.not_in(&before) {
        wrong.push(format!("{name}: {secret:?} is no secret of it"));
    }
    let left = |what: &str, text: &str| {
        let left = search.left_in(text);
        left.iter()
            .map(|secret| format!("{name}: {what}: {secret:?} is left"))
            .collect::<Vec<_>>()
    };
    for format in FORMATS {
        let output = redacted(args, format, path, pasted);
        if plain.status != output.status {
            wrong.push(format!(
                "{name}: {}: exit status {}",
                format.0, output.status
            ));
        }
        wrong.extend(left(format.0, &output.text));
        if format.0 == "json" {
            let shown = first_object(&output);
            let errors = schema().iter_errors(&shown);
            wrong.extend(errors.map(|error| format!("{name}: schema: {error}")));
            let differ = same_verdict(&analysis, &shown);
            wrong.extend(differ.into_iter().map(|says| format!("{name}: {says}")));
        }
    }
    let text = quoted(&input, pasted);
    wrong.extend(left("header", &text));
}

/// The header as a format may quote it.
fn quoted(bytes: &[u8], pasted: bool) -> String {
    let repair = if pasted {
        Repair::Pasted
    } else {
        Repair::Encoding
    };
    let raw = RawMessage::new(bytes, repair);
    let mut analysis = analyze_message(&raw, &Expectation::default(), Catalogue::builtin());
    let shown = Redactor::numbered()
        .redact(&mut analysis, Some(&raw))
        .unwrap();
    let numbers = |raw: &RawMessage<'_>| raw.numbered_lines().map(|(at, _)| at).collect::<Vec<_>>();
    assert_eq!(numbers(&shown), numbers(&raw));
    shown.text.into_owned()
}

/// A message through `relay.example.net` to `mx.example.org`, and what is personal in it.
struct Made {
    name: &'static str,
    /// Between the border's Received and the sender's fields.
    header: &'static str,
    secrets: &'static [&'static str],
    /// What stays.
    kept: &'static [&'static str],
}

const BORDER: &str = "\
Received: from relay.example.net (relay.example.net [192.0.2.25])
	by mx.example.org (Postfix) with ESMTPS id 4PQsPF43SEm78WdxQ;
	Tue, 28 Feb 2023 07:51:01 +0000 (UTC)
";

const MADE: &[Made] = &[
    Made {
        name: "local parts that are words and labels",
        header: "\
Received: from mail.example.com (mail.example.com [198.51.100.7])
	by relay.example.net (Postfix) with ESMTP id 4PQsPF43SE1 for <info@example.org>;
	Tue, 28 Feb 2023 07:51:00 +0000
From: \"Mail\" <mail@example.com>
To: info@example.org, client@example.org, handed@example.org, a@example.org,
 example@example.org, postfix@example.org, unknown@example.org, esmtps@example.org
Reply-To: relay@example.net
Message-ID: <by@mail.example.com>
Subject: hand-over
",
        secrets: &[
            "mail@example.com",
            "info@",
            "client@",
            "handed@",
            "a@",
            "example@",
            "postfix@",
            "unknown@",
            "esmtps@",
            "relay@",
            "by@",
        ],
        kept: &[
            "mail.example.com",
            "relay.example.net",
            "handed over by",
            "198.51.100.7",
        ],
    },
    Made {
        name: "addresses that are folded, or broken by comments",
        header: "\
Received: from ex.example.com (ex.example.com [198.51.100.7])
	by relay.example.net (Postfix) with ESMTP id 4PQsPF43SE1 for <john.smith
	@example.org>; Tue, 28 Feb 2023 07:51:00 +0000
Received-SPF: Pass (relay.example.net: domain of jane.doe@
	example.com designates 192.0.2.25) envelope-from=\"jane.doe@example.com\";
From: Jane
 Doe <jane.doe
 @example.com>
To: (the one)john.smith(at home)@
 example.org
Subject: A visit
 to the doctor
",
        secrets: &[
            "jane.doe",
            "john.smith",
            "Jane",
            "Doe",
            "A visit to the doctor",
            "doctor",
        ],
        kept: &["ex.example.com", "example.com"],
    },
    Made {
        name: "encoded words, other scripts, other cases",
        header: "\
Received: from ex.example.com (ex.example.com [198.51.100.7])
	by relay.example.net (Postfix) with ESMTP id 4PQsPF43SE1 for <JÜRGEN@EXAMPLE.ORG>;
	Tue, 28 Feb 2023 07:51:00 +0000
From: =?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <Juergen.Mueller@example.com>
Sender: =?utf-8?b?bGlzYS5tYXllckBleGFtcGxlLmNvbQ==?= <JUERGEN.MUELLER@EXAMPLE.COM>
To: jürgen@example.org
Cc: =?utf-8?q?lisa.mayer=40example.com?= <lisa.mayer@example.com>
Subject: =?utf-8?b?R2VoYWx0c2Vyaw==?= =?utf-8?b?bMOkcnVuZw==?=
Thread-Topic: =?utf-8?q?Gehaltserkl=C3=A4rung?=
Keywords: Gehalt
Comments: von Lisa Mayer
",
        secrets: &[
            "Jürgen",
            "juergen.mueller",
            "lisa.mayer",
            "lisa",
            "mayer",
            "Gehaltserklärung",
            "Gehalt",
            "R2VoYWx0c2Vyaw",
            "bGlzYS5tYXllckBleGFtcGxlLmNvbQ",
            "J=C3=BCrgen_M=C3=BCller",
        ],
        kept: &["example.com", "ex.example.com"],
    },
    Made {
        name: "addresses in addresses",
        header: "\
Return-Path: <bounce-77-john.smith=example.org@bounces.example.net>
Received: from ex.example.com (ex.example.com [198.51.100.7])
	by relay.example.net (Postfix) with ESMTP id 4PQsPF43SE1
	(envelope-from <SRS0=aB3d=XY=example.com=jane.doe@relay.example.net>);
	Tue, 28 Feb 2023 07:51:00 +0000
Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.25;
	envelope-from=prvs=012345678=jane.doe@example.com; receiver=john.smith@example.org
Authentication-Results: mx.example.org; spf=pass
	smtp.mailfrom=bounce-77-john.smith=example.org@bounces.example.net;
	dkim=pass header.i=jane.doe+tag@example.com header.d=example.com header.b=HDetLEPl
List-Unsubscribe: <mailto:leave-77-john.smith=example.org@lists.example.net>,
 <https://example.net/u?m=john.smith%40example.org&i=am9obi5zbWl0aEBleGFtcGxlLm9yZw==>
X-Forward: john%2Esmith%40example.org
DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=jane.doe; i=jane.doe@example.com; b=HDiy
From: jane.doe+tag@example.com
To: john.smith%example.org@relay.example.net
",
        secrets: &[
            "john.smith",
            "jane.doe",
            "jane.doe+tag",
            "bounce-77-john.smith",
            "john%2Esmith",
            "am9obi5zbWl0aEBleGFtcGxlLm9yZw",
            "HDetLEPl",
            "HDiy",
        ],
        kept: &["bounces.example.net", "example.com", "192.0.2.25"],
    },
    Made {
        name: "two people of one name",
        header: "\
Received: from ex.example.com (ex.example.com [198.51.100.7])
	by relay.example.net (Postfix) with ESMTP id 4PQsPF43SE1;
	Tue, 28 Feb 2023 07:51:00 +0000
From: John Smith <john@example.com>
To: John Smith <smith@example.org>
Cc: \"Smith, John\" <john@example.org>
",
        secrets: &["John", "Smith", "John Smith", "john@", "smith@"],
        kept: &["ex.example.com"],
    },
    Made {
        name: "somebody's machine, by address literal",
        header: "\
Received: from [IPv6:2001:db8:0:0::DEAD] (johns-pc.dyn.isp.example [IPv6:2001:db8::dead])
	by relay.example.net (Postfix) with ESMTPSA id 4PQsPF43SE1;
	Tue, 28 Feb 2023 07:51:00 +0000
X-Originating-IP: [203.0.113.9]
Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=2001:DB8::DEAD;
	helo=johns-pc.dyn.isp.example; x-ip=203.0.113.9
From: john@example.com
Message-ID: <99d0e1c2-77aa@JOHNS-PC>
In-Reply-To: <77ff@[203.0.113.9]>
References: <aaa111@[IPv6:2001:db8::dead]> <bbb222@example.net>
",
        secrets: &[
            "2001:db8::dead",
            "2001:db8:0:0::DEAD",
            "johns-pc.dyn.isp.example",
            "johns-pc",
            "203.0.113.9",
            "99d0e1c2-77aa",
            "77ff",
            "aaa111",
            "bbb222",
        ],
        kept: &["relay.example.net", "192.0.2.25"],
    },
    Made {
        name: "accounts by their bare names",
        header: "\
Received: from DESKTOP-7Q2 (unknown [10.20.30.40])
	(Authenticated sender: jsmith)
	by relay.example.net (Postfix) with ESMTPA id 4PQsPF43SE1;
	Tue, 28 Feb 2023 07:51:00 +0000
Authentication-Results: mx.example.org; auth=pass smtp.auth=jsmith smtp.mailfrom=john@example.com
X-Authenticated-User: jsmith
X-Sender: jsmith
From: john@example.com
Feedback-ID: jsmith:DESKTOP-7Q2
",
        secrets: &["jsmith", "DESKTOP-7Q2", "10.20.30.40", "john"],
        kept: &["relay.example.net"],
    },
    Made {
        name: "a web mail program",
        header: "\
Received: from 203.0.113.77 (SquirrelMail authenticated user joe)
	by relay.example.net with HTTP; Tue, 28 Feb 2023 07:51:00 +0000
From: joe@example.com
Cc: joe@example.org
",
        secrets: &["joe", "203.0.113.77"],
        kept: &["relay.example.net", "SquirrelMail authenticated user"],
    },
    Made {
        name: "a user of the server itself",
        header: "\
Received: from clara by relay.example.net with local (Exim 4.96)
	(envelope-from <clara@relay.example.net>) id 1pWuXY-000abc-12;
	Tue, 28 Feb 2023 07:51:00 +0000
Message-ID: <E1pWuXY-000abc-12@relay.example.net>
From: clara@example.com (Clara Meier)
",
        secrets: &["clara", "Meier", "E1pWuXY-000abc-12"],
        kept: &["1pWuXY-000abc-12", "relay.example.net", "Exim 4.96"],
    },
    Made {
        name: "quoted local parts",
        header: "\
Return-Path: <\"john q. public\"@example.com>
Received: from ex.example.com (ex.example.com [198.51.100.7])
	by relay.example.net (Postfix) with ESMTP id 4PQsPF43SE1
	for <\"anna \\\"x\\\" kowalski@home\"@example.org>; Tue, 28 Feb 2023 07:51:00 +0000
Received-SPF: Pass (mailfrom) envelope-from=\"john q. public\"@example.com; client-ip=192.0.2.25
From: \"john q. public\"@example.com
To: \"anna \\\"x\\\" kowalski@home\"@example.org, o'brien@example.org, {we|rd}@example.org
",
        secrets: &[
            "john q. public",
            "public",
            "kowalski",
            "anna",
            "o'brien",
            "brien",
            "{we|rd}",
        ],
        kept: &["example.com", "example.org"],
    },
    Made {
        name: "short and numeric local parts",
        header: "\
Received: from ex.example.com (ex.example.com [198.51.100.7])
	by relay.example.net (Postfix) with ESMTP id 4PQsPF43SE1 for <jd@example.org>;
	Tue, 28 Feb 2023 07:51:00 +0000
From: x@example.com
To: jd@example.org, 28@example.org, 0612345678@example.org
Subject: 28
",
        secrets: &["x@", "jd", "jd@", "28@", "0612345678"],
        kept: &["2023-02-28"],
    },
    Made {
        name: "what looks like an address and what does not",
        header: "\
Received: from ex.example.com (ex.example.com [198.51.100.7])
	by relay.example.net (Nobody knows Walter Q) with ESMTP (walter's queue) id 4PQsPF43SE1
	(said walter.white.name) ; Tue, 28 Feb 2023 07:51:00 +0000
From: Walter
To: undisclosed-recipients: walter.white.name@example.org;
X-Note: walter@@example.com, @, walter@, <walter
Bcc: walter@@example.com
no field at all, says walter
",
        secrets: &["walter", "walter.white.name", "walter's"],
        kept: &["ex.example.com"],
    },
];

#[test]
fn no_made_message_leaves_anything_personal() {
    let mut wrong = Vec::new();
    let args = ["check", "--smart-host", "relay.example.net"].map(str::to_owned);
    for made in MADE {
        for ends in ["\n", "\r\n"] {
            let text = [
                BORDER,
                made.header,
                "Date: Tue, 28 Feb 2023 07:50:59 +0000\n\nbody\n",
            ];
            let path = scratch("message.eml", &text.concat().replace('\n', ends));
            let path = path.to_str().unwrap();
            let secrets: BTreeSet<String> = made.secrets.iter().map(|s| (*s).to_owned()).collect();
            check(
                made.name,
                &args,
                path,
                false,
                &Secrets::ByHand(&secrets),
                &mut wrong,
            );
            let output = redacted(&args, &FORMATS[3], path, false);
            let bytes = std::fs::read(path).unwrap();
            let header = quoted(&bytes, false);
            for kept in made.kept {
                if !output.text.contains(kept) && !header.contains(kept) {
                    wrong.push(format!("{}: {kept:?} is gone", made.name));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn no_fixture_leaves_anything_personal() {
    let cases = cases::all();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let results = std::thread::scope(|scope| {
        let shares = cases.chunks(cases.len().div_ceil(threads));
        let workers: Vec<_> = shares
            .map(|share| scope.spawn(|| share.iter().map(check_fixture).collect::<Vec<_>>()))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect::<Vec<_>>()
    });
    let found: usize = results.iter().map(|(secrets, _)| secrets).sum();
    let wrong: Vec<String> = results
        .iter()
        .flat_map(|(_, wrong)| wrong.clone())
        .collect();
    assert!(
        cases.len() > 300 && found > 3 * cases.len(),
        "{found} secrets"
    );
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// How many secrets a fixture has, and what is wrong.
fn check_fixture(case: &Case) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let (name, pasted) = (&case.name, case.pasted);
    // Vouching for a message is for one, and some formats are given several.
    let args = case.args.iter().filter(|arg| *arg != "--mine");
    let mut args: Vec<String> = args.cloned().collect();
    let path = format!("fixtures/{name}/message.eml");
    let bytes = case.message();
    let repair = if pasted {
        Repair::Pasted
    } else {
        Repair::Encoding
    };
    let mut secrets = secrets_of(&RawMessage::new(&bytes, repair).text);
    if pasted {
        // The formats for several messages are given the file.
        args.push("--repair".to_owned());
    }
    // The repository's own paths are nobody's.
    secrets.retain(|secret| !path.contains(secret.as_str()));
    check(
        name,
        &args,
        &path,
        pasted,
        &Secrets::Found(&secrets),
        &mut wrong,
    );
    (secrets.len(), wrong)
}

/// A message from `from`, of this subject.
fn message(from: &str, subject: &str, number: usize) -> String {
    format!(
        "{BORDER}Received: from {from}-pc (unknown [10.0.0.{number}]) by relay.example.net with \
         ESMTPSA id Q{number};\n\tTue, 28 Feb 2023 07:51:00 +0000\nFrom: <{from}@example.com>\n\
         To: <{from}@example.org>\nSubject: {subject}\nMessage-ID: <m{number}x{number}@example.com>\n\
         Date: Tue, 28 Feb 2023 07:50:59 +0000\n\nbody\n"
    )
}

/// A folder of 120 messages of three people.
fn folder() -> PathBuf {
    let first = scratch("000.eml", &message("alice", "Re: hello", 0));
    let folder = first.parent().unwrap().to_owned();
    for number in 1..120 {
        let from = ["alice", "bob", "carol"][number % 3];
        let text = message(from, &format!("Letter {number}"), number);
        std::fs::write(folder.join(format!("{number:03}.eml")), text).unwrap();
    }
    folder
}

/// The stand-ins of a run, numbered in the order in which they come: a run has its own key.
fn numbered(text: &str) -> String {
    let mut known: Vec<String> = Vec::new();
    let word = Regex::new(r"\b(user|id|subject|client|address)-([\w]{8})").unwrap();
    word.replace_all(text, |found: &regex::Captures<'_>| {
        let whole = found[0].to_owned();
        let at = known
            .iter()
            .position(|other| *other == whole)
            .unwrap_or_else(|| {
                known.push(whole);
                known.len() - 1
            });
        format!("{}#{at}", &found[1])
    })
    .into_owned()
}

#[test]
fn the_same_people_are_called_the_same_in_a_whole_run() {
    let folder = folder();
    let folder = folder.to_str().unwrap();
    let args = ["check", "--smart-host", "relay.example.net"].map(str::to_owned);
    let json = |threads: &str| {
        let extra = ["--redact", "--format", "json", "--summary", "-j", threads];
        run(&args, &extra, &[folder], None).out
    };
    let one = json("1");
    let senders: BTreeSet<String> = one
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|object| object["message"]["from"][0].as_str().map(str::to_owned))
        .collect();
    assert_eq!(senders.len(), 3, "{senders:?}");
    assert!(!one.contains("alice") && !one.contains("Letter"));
    assert_ne!(one, json("1"), "the key is another in each run");
    assert_eq!(
        numbered(&one),
        numbered(&json("4")),
        "threads make no difference"
    );
    for (name, format, _) in FORMATS {
        let run = |threads| {
            let extra: Vec<&str> = format
                .iter()
                .copied()
                .chain(["--redact", "-j", threads])
                .collect();
            run(&args, &extra, &[folder], None)
        };
        let (one, four) = (run("1"), run("4"));
        assert!(
            ["alice", "bob", "carol", "Letter"]
                .iter()
                .all(|secret| !one.text.contains(secret)),
            "{name}"
        );
        assert_eq!(numbered(&one.out), numbered(&four.out), "{name}");
    }
}

#[test]
fn one_message_is_called_the_same_in_every_format_and_run() {
    let path = scratch("m.eml", &message("alice", "Re: hello", 7));
    let args = ["trace"].map(str::to_owned);
    for (name, format, many) in FORMATS {
        if *many {
            continue;
        }
        let extra: Vec<&str> = format.iter().copied().chain(["--redact"]).collect();
        let run = || run(&args, &extra, &[path.to_str().unwrap()], None).text;
        assert_eq!(run(), run(), "{name}");
        if !matches!(*name, "csv" | "markdown" | "junit") {
            assert!(run().contains("user1@example.com"), "{name}: {}", run());
        }
    }
}

#[test]
fn the_verdict_is_that_of_the_message_as_it_is() {
    // The policy knows the senders by their addresses.
    let policy = "[[connector]]\nid = 29\nname = \"news\"\nsmart-host = \"relay.example.net\"\n\
                  [[account]]\naddress = \"alice@example.com\"\nconnector = 29\n\
                  [[account]]\naddress = \"bob@example.com\"\nconnector = 0\n";
    let policy = scratch("routing.toml", policy);
    // A relay of no known provider may be an entrance, too: who received it is told.
    let recipient = ["--recipient", "mary@example.edu"];
    let args = ["check", "--policy", policy.to_str().unwrap()];
    let args = [args.as_slice(), &recipient].concat();
    let args: Vec<String> = args.into_iter().map(str::to_owned).collect();
    let mut wrong = Vec::new();
    for (from, outcome) in [
        ("alice", "pass"),
        ("bob", "fail"),
        ("carol", "inconclusive"),
    ] {
        let path = scratch("m.eml", &message(from, "A letter", 9));
        let path = path.to_str().unwrap();
        let secrets = BTreeSet::from([from.to_owned(), "A letter".to_owned(), "m9x9".to_owned()]);
        check(
            from,
            &args,
            path,
            false,
            &Secrets::ByHand(&secrets),
            &mut wrong,
        );
        let output = redacted(&args, &FORMATS[3], path, false);
        assert_eq!(first_object(&output)["outcome"], outcome);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_path_shows_no_address_name_or_subject() {
    let args = ["trace"].map(str::to_owned);
    let text = message("alice", "Salary of Bob", 9);
    for (name, shown) in [
        ("Salary of Bob.eml", "[subject1].eml"),
        ("2023-02-28 Salary_of_Bob_.eml", "[subject1].eml"),
        ("alice@example.com.eml", "user1@example.com.eml"),
        ("alice%40example.com.eml", "user1@example.com.eml"),
        ("for-alice-2.eml", "for-user1-2.eml"),
        ("mail.eml", "mail.eml"),
    ] {
        let path = scratch(name, &text);
        let output = redacted(&args, &FORMATS[3], path.to_str().unwrap(), false);
        let object = first_object(&output);
        let found = object["source"]["path"].as_str().unwrap();
        let found = Path::new(found).file_name().unwrap().to_str().unwrap();
        assert_eq!(found, shown, "{name}");
    }
    // No message, hence nobody known; an address is one anyhow.
    let path = scratch("m.eml", "").with_file_name("alice@example.com.eml");
    for format in FORMATS {
        let output = redacted(&args, format, path.to_str().unwrap(), false);
        assert_eq!(output.status, 2);
        assert!(
            !output.text.contains("alice"),
            "{}: {}",
            format.0,
            output.text
        );
        assert!(
            output.text.contains("@example.com.eml: "),
            "{}: {}",
            format.0,
            output.text
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the text: no panic, the same lines, and no address that was one.
    #[test]
    fn any_text_keeps_its_lines(lines in prop::collection::vec(line(), 0..24)) {
        let text = lines.concat();
        let raw = RawMessage::new(text.as_bytes(), Repair::Encoding);
        let mut analysis = analyze_message(&raw, &Expectation::default(), Catalogue::builtin());
        let (outcome, hops) = (analysis.outcome, analysis.hops.len());
        let shown = Redactor::numbered().redact(&mut analysis, Some(&raw)).unwrap();
        prop_assert_eq!(shown.text.matches('\n').count(), raw.text.matches('\n').count());
        prop_assert_eq!((analysis.outcome, analysis.hops.len()), (outcome, hops));
        let json = serde_json::to_string(&analysis).unwrap();
        for text in [&*shown.text, &json] {
            prop_assert!(!text.to_lowercase().contains("zarathustra"), "{}", text);
        }
    }
}

/// A line of a header, in which somebody may stand anywhere.
fn line() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "Received: ",
        "From: ",
        "To: ",
        "Subject: ",
        "Message-ID: ",
        "Return-Path: ",
        "X-A: ",
        " ",
        "\t",
        "Authentication-Results: ",
        "Received-SPF: ",
        "DKIM-Signature: ",
        "References: ",
        "",
        "Delivered-To: ",
        "Date: ",
        "X-Sender: ",
        "X-MS-Exchange-X: ",
        "List-Id: ",
    ]);
    let piece = prop::sample::select(vec![
        "zarathustra@example.com",
        "<Zarathustra@example.com>",
        "\"zarathustra\"@example.com",
        "zarathustra%40example.com",
        "zarathustra @example.com",
        "b-1-zarathustra=example.com@x.example",
        "from a.example ([192.0.2.1])",
        "by mx.example",
        "for <",
        ">",
        "(",
        ")",
        "\"",
        "\\",
        ";",
        ",",
        "with ESMTPSA",
        "(Authenticated sender: zarathustra@example.com)",
        "spf=pass",
        "=?utf-8?q?=41?=",
        "id 1",
        "@",
        "=",
        "envelope-from=zarathustra@example.com",
        "é",
        "\u{202e}",
        "[",
        "]",
        ":",
        "a b",
        "Tue, 28 Feb 2023 07:51:00 +0000",
        "<zarathustra.1@[192.0.2.7]>",
        "%",
        "smtp.mailfrom=",
    ]);
    let body = prop::collection::vec((piece, prop::sample::select(vec![" ", "\t", "  "])), 0..8);
    let end = prop::sample::select(vec!["\n", "\r\n", "\n", "\n\n"]);
    (name, body, end).prop_map(|(name, body, end)| {
        let body: String = body
            .iter()
            .flat_map(|(piece, space)| [*piece, *space])
            .collect();
        format!("{name}{body}{end}")
    })
}
