//! No message takes more memory or time than a long one may, whatever is in it.

use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use smarthop::analysis::{Outcome, WarningCode};
use smarthop::redact::Redactor;
use smarthop::report::{Json, Report as _};
use smarthop::{Analysis, Catalogue, Detail, Expectation, RawMessage, Repair};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// Of one message, with all that is made of it.
const MEMORY_MAX: usize = 32 * MIB;

/// The same for time; without optimisation it is some twenty times as slow.
const TIME_MAX: Duration = match cfg!(debug_assertions) {
    true => Duration::from_secs(10),
    false => Duration::from_millis(500),
};

const BORDER: &str = "Received: from relay.example.net (relay.example.net [203.0.113.9])\n\
    \tby mx.example.org (Postfix) with ESMTPS id 4PQsPF43SEm78WdxQ\n\
    \tfor <john@example.org>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)\n";

const AUTHOR: &str = "From: <newsletter@mydomain.ovh>\n";

/// `part` as often as makes `length` bytes.
fn many(part: &str, length: usize) -> String {
    part.repeat(length / part.len())
}

fn shapes(length: usize) -> Vec<(&'static str, String)> {
    let of = |before: &str, part: &str| {
        format!("{BORDER}{AUTHOR}{before}{}\n\nbody\n", many(part, length))
    };
    let hop = "Received: from a.example (a.example [192.0.2.1]) by b.example (Postfix) with SMTP id \
               A; Tue, 28 Feb 2023 07:51:01 +0000\n";
    vec![
        ("folds", of("Subject: x\n", " x\n")),
        ("short folds", of("Subject: x\n", "\t\n")),
        ("one long line", of("Subject: ", "x")),
        ("encoded words", of("Subject: ", "=?utf-8?q?=41?= ")),
        (
            "one long encoded word",
            format!(
                "{BORDER}{AUTHOR}Subject: =?utf-8?b?{}?=\n\n",
                many("QUJD", length)
            ),
        ),
        ("hops", of("", hop)),
        ("short hops", of("", "Received:x\n")),
        ("authors", of("From: ", "a@b.example,")),
        ("short authors", of("From: ", "a,")),
        ("groups", of("To: ", "a:;,")),
        ("recipients", of("To: ", "a@b.example,")),
        ("escapes in quotes", of("Received: from \"", "\\\"")),
        ("quotes", of("Received: from x by \"", "\"\"")),
        ("nested comments", of("Received: from x (", "(")),
        ("comments", of("Received: from x ", "(x)")),
        ("brackets", of("Received: from x [", "[")),
        ("clauses", of("Received: ", "by x from y ")),
        (
            "dates",
            of(
                "Received: from x by y; ",
                "Tue, 28 Feb 2023 07:51:01 +0000; ",
            ),
        ),
        ("fields", of("", "A:b\n")),
        ("results", of("Authentication-Results: x", "; spf=pass")),
        (
            "result fields",
            of(
                "",
                "Authentication-Results: x; spf=pass smtp.mailfrom=a.example\n",
            ),
        ),
        (
            "signatures",
            of("", "DKIM-Signature: v=1; d=a.example; s=x; b=y\n"),
        ),
        ("tags", of("DKIM-Signature: ", "d=a;")),
        ("identifiers", of("Message-ID: <", "a@b")),
        ("markers", of("", "X-SES-Outgoing: 2023.02.28-192.0.2.1\n")),
        ("paths", of("", "Return-Path: <a@b.example>\n")),
        ("empty lines", many("\n", length)),
        ("marks of quoting", of("", "> ")),
        (
            "quoted lines",
            format!("hello\n{}", many("> Received: x\n", length)),
        ),
        ("entities", of("Received: from ", "&lt;")),
        (
            "tags of HTML",
            format!("<pre>{}", many("<code>Received: x<br>\n", length)),
        ),
        (
            "indents",
            format!("hello\n{}", many("\u{a0}Received: x\n", length)),
        ),
        (
            "numbers",
            (1..length / 16)
                .map(|n| format!("{n} Received: x\n"))
                .collect(),
        ),
        ("links", of("Received: from ", "a<http://a>")),
        ("defanged", of("Received: from ", "a[.]")),
        (
            "JSON",
            format!("[{{\"name\":\"value\"}},{}", many("[],", length)),
        ),
        (
            "separators",
            many("From a@b.example Tue Feb 28 07:51:01 2023\n", length),
        ),
    ]
}

/// Reads, judges, redacts and writes it.
fn work(bytes: &[u8], repair: Repair, expectation: &Expectation) -> (Outcome, bool, usize) {
    let raw = RawMessage::new(bytes, repair);
    let mut analysis: Analysis =
        smarthop::analyze_with(&raw, expectation, Catalogue::builtin(), Detail::Full);
    let limit = |w: &smarthop::analysis::Warning| w.code == WarningCode::Limit;
    let is_limited = analysis.warnings.iter().any(limit);
    let outcome = analysis.outcome;
    let header = Redactor::numbered().redact(&mut analysis, Some(&raw));
    let mut part = Vec::new();
    Json::default().message(&analysis, header.as_ref(), &mut part);
    (outcome, is_limited, part.len())
}

/// One after the other: there is one allocator.
#[test]
fn no_message_takes_more_than_a_long_one_may() {
    let hosts = ["relay.example.net", "203.0.113.0/24"];
    let hosts = hosts.map(|host| host.parse().expect("a host"));
    let expectation = Expectation::connector(hosts.to_vec());
    let sample = format!("{BORDER}{AUTHOR}Subject: x\n\n");
    // What is made once for all messages is no message's.
    let (outcome, is_limited, _) = work(sample.as_bytes(), Repair::Pasted, &expectation);
    assert_eq!((outcome, is_limited), (Outcome::Pass, false));
    let mut worst = Vec::new();
    for length in [1, 3, 64] {
        // What is far beyond the limit is cut as what is a little beyond it: one of them will do.
        let shapes = match length {
            64 => vec![(
                "folds",
                format!(
                    "{BORDER}{AUTHOR}Subject: x\n{}\n",
                    many(" x\n", length * MIB)
                ),
            )],
            _ => shapes(length * MIB),
        };
        for (shape, text) in shapes {
            let repairs = [Repair::Encoding, Repair::Pasted];
            for repair in repairs.into_iter().take(if length == 1 { 2 } else { 1 }) {
                let before = MEMORY.current_usage();
                MEMORY.reset_peak_usage();
                let start = Instant::now();
                let (outcome, is_limited, _) = work(text.as_bytes(), repair, &expectation);
                let (time, peak) = (start.elapsed(), MEMORY.peak_usage() - before);
                if peak > MEMORY_MAX || time > TIME_MAX {
                    worst.push(format!(
                        "{shape}, {length} MiB, {repair:?}: {} KiB, {time:?}",
                        peak >> 10
                    ));
                }
                if length > 2 && text.starts_with(BORDER) {
                    assert!(is_limited, "{shape}, {repair:?} says nothing of a limit");
                    assert_ne!(outcome, Outcome::Pass, "{shape}, {repair:?}");
                }
            }
        }
    }
    assert!(worst.is_empty(), "{worst:#?}");
}
