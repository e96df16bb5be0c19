//! Headers as people paste and keep them, each a form that somebody met: what was done to them is
//! undone and told, and the lines are those of the input.
#![expect(clippy::unwrap_used, reason = "tests")]

use smarthop::analysis::{Analysis, Outcome};
use smarthop::{Catalogue, Expectation, RawMessage, Repair, analyze_message};

const HEADER: &str = "Delivered-To: john@example.org\n\
    Received: by 2002:a05:6a10:1 with SMTP id x1csp1; Mon, 27 Feb 2023 23:51:02 -0800 (PST)\n\
    Return-Path: <bounce@example.com>\n\
    Received: from relay.example.net (relay.example.net. [203.0.113.9])\n        \
    by mx.google.com with ESMTPS id a1si1\n        \
    for <john@example.org>\n        \
    (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n        \
    Mon, 27 Feb 2023 23:51:02 -0800 (PST)\n\
    From: Newsletter <newsletter@example.com>\n\
    To: john@example.org\n\
    Subject: connector test\n\
    Date: Tue, 28 Feb 2023 07:50:56 +0000\n\
    Message-ID: <t1@example.com>\n";

fn judged(text: &str, repair: Repair, hosts: &[&str]) -> Analysis {
    let hosts: Vec<_> = hosts.iter().map(|host| host.parse().unwrap()).collect();
    let raw = RawMessage::new(text.as_bytes(), repair);
    analyze_message(&raw, &Expectation::connector(hosts), Catalogue::builtin())
}

fn codes(analysis: &Analysis) -> Vec<&'static str> {
    let codes = analysis.warnings.iter().map(|w| w.code.as_str());
    codes.filter(|code| code.starts_with("repaired-")).collect()
}

/// It is the header, from the relay, with its border on that line, and it is told what was done.
#[track_caller]
fn passes(text: &str, line: usize, told: &[&str]) {
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let analysis = judged(&text, Repair::Pasted, &["relay.example.net"]);
        assert_eq!(analysis.outcome, Outcome::Pass, "{:#?}", analysis.reasons);
        let hop = analysis.observed.hop.unwrap();
        let hop = analysis.hops.iter().find(|one| one.number == hop).unwrap();
        assert_eq!(hop.line as usize, line);
        assert_eq!(
            analysis.message.message_id.as_deref(),
            Some("t1@example.com")
        );
        assert_eq!(codes(&analysis), told);
    }
}

fn each_line(change: impl Fn(usize, &str) -> String) -> String {
    let lines = HEADER.lines().enumerate();
    lines
        .map(|(at, line)| change(at + 1, line) + "\n")
        .collect()
}

const LAYOUT: &[&str] = &["repaired-layout"];

#[test]
fn gmails_whole_page() {
    for space in ["\t", " "] {
        let table = [
            "Original Message",
            "Message ID\t<t1@example.com>",
            "Created at:\tTue, Feb 28, 2023 at 8:50 AM (Delivered after 5 seconds)",
            "From:\tNewsletter <newsletter@example.com>",
            "To:\tjohn@example.org",
            "Subject:\tconnector test",
            "SPF:\tPASS with IP 203.0.113.9 Learn more",
            "DKIM:\t'PASS' with domain example.com Learn more",
            "DMARC:\t'PASS' Learn more",
            "",
            "",
            "Download Original",
            "Copy to clipboard",
            "",
        ];
        let table = table.join("\n").replace('\t', space);
        passes(&format!("{table}\n{HEADER}\nbody\n"), 18, LAYOUT);
    }
}

#[test]
fn a_sentence_and_a_sign_of_somebody_elses_page() {
    let page = "---\ntitle: how to\n---\n\n<style>\n pre { x: y; }\n</style>\n\nsee:\n\n\
        &lt;robert@hisdomain.example&gt;\n\n";
    passes(&format!("{page}{HEADER}"), 16, LAYOUT);
    passes(&format!("Hello,\nsee this:\n\n{HEADER}"), 7, LAYOUT);
}

#[test]
fn fields_of_a_message_above_an_empty_line_are_its_header() {
    // What follows may be a body, and anybody's.
    let text = format!("see\nFrom: a@example.com\nSubject: x\n\n{HEADER}");
    let analysis = judged(&text, Repair::Pasted, &["relay.example.net"]);
    assert_eq!(analysis.outcome, Outcome::Inconclusive);
    let analysis = judged(
        &format!("Subject: x\n\n{HEADER}"),
        Repair::Pasted,
        &["relay.example.net"],
    );
    assert_eq!(analysis.outcome, Outcome::Inconclusive);
}

#[test]
fn values_below_their_names() {
    let text = each_line(|_, line| match line.starts_with(' ') {
        true => line.to_owned(),
        false => line.replacen(": ", ":\t\n", 1),
    });
    passes(
        &text.replace("Subject:\t\n", "X-Other:\t\nvalue\nSubject:\t\nRe: "),
        7,
        LAYOUT,
    );
}

#[test]
fn a_fence_around_it() {
    for fence in ["```", "~~~", "```text"] {
        passes(&format!("{fence}\n{HEADER}{}\n", &fence[..3]), 5, LAYOUT);
    }
}

#[test]
fn line_numbers() {
    passes(&each_line(|at, line| format!("{at:4}  {line}")), 4, LAYOUT);
    passes(&each_line(|at, line| format!("{at}: {line}")), 4, LAYOUT);
    passes(
        &each_line(|at, line| format!("{:3} | {line}", at + 7)),
        4,
        LAYOUT,
    );
    passes(&each_line(|at, line| format!("{at}\t{line}")), 4, LAYOUT);
}

#[test]
fn odd_spaces() {
    let text = HEADER.replacen("Received: from", "\u{200b}Received: from", 1);
    let text = text.replacen("        by", "\u{a0} \u{a0} \u{a0} by", 1);
    let text = text.replacen("        for", "\u{2003}\u{2003}for", 1);
    let text = text.replacen("); Mon", ");\u{a0} Mon", 1);
    passes(&text, 4, &["repaired-layout", "repaired-folding"]);
}

#[test]
fn links_beside_names() {
    let text = HEADER
        .replace(
            "relay.example.net ",
            "relay.example.net<http://relay.example.net> ",
        )
        .replace(
            "relay.example.net. ",
            "relay.example.net.<http://relay.example.net./> ",
        )
        .replace(
            "john@example.org",
            "john@example.org<mailto:john@example.org>",
        );
    passes(&text, 4, LAYOUT);
    // To elsewhere, as where a gateway rewrites links: what the name was is not known.
    let text = text.replace(
        "<http://relay.example.net./>",
        "<https://safelinks.example/?u=x>",
    );
    let analysis = judged(
        &text,
        Repair::Pasted,
        &["relay.example.net", "198.51.100.0/24"],
    );
    assert_eq!(
        analysis.outcome,
        Outcome::Inconclusive,
        "{:#?}",
        analysis.reasons
    );
}

#[test]
fn defanged() {
    let text = HEADER.replace("relay.example.net", "relay[.]example[.]net");
    passes(&text.replace("203.0.113.9", "203[.]0[.]113[.]9"), 4, LAYOUT);
}

#[test]
fn the_answer_of_a_pop3_server() {
    let text = format!("+OK message follows\n{HEADER}");
    passes(&text, 5, LAYOUT);
    let indented: String = text.lines().map(|line| format!("     {line}\n")).collect();
    passes(&indented, 5, &["repaired-layout", "repaired-layout"]);
}

#[test]
fn an_id_with_the_next_line_glued_to_it() {
    let text = HEADER.replace("<t1@example.com>", "\n <t1@example.com>MIME-Version: 1.0");
    passes(&text, 4, &[]);
}

#[test]
fn lost_folding_below_what_thunderbird_adds() {
    let text = each_line(|_, line| line.trim_start().to_owned());
    let text = format!(
        "X-Account-Key: account2\nX-UIDL: 1.2\nX-Mozilla-Status: 0001\nX-Mozilla-Keys:\n{text}"
    );
    passes(&text, 8, &["repaired-folding"]);
}

/// What programs keep is read as a file, too, without being asked for repair.
#[test]
fn forms_of_programs() {
    let binary = format!("\0\0\0\u{10}\r\u{f0}\0\0Cmrs\0\u{1}\0\0\u{12}4\0\0\u{1}\0{HEADER}");
    let json: Vec<String> = HEADER
        .replace("\n        ", " ")
        .lines()
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| format!("{{\"name\":{name:?},\"value\":{value:?}}}"))
        .collect();
    let json = json.join(",\n");
    for (what, text, line) in [
        (
            "Apple Mail",
            format!("338      \n{HEADER}\nbody\n<?xml version=\"1.0\"?>\n"),
            5,
        ),
        ("Outlook for Mac", binary.clone(), 4),
        ("Outlook for Mac, CR", binary.replace('\n', "\r"), 4),
        (
            "Microsoft Graph",
            format!("{{\"id\":\"x\",\n\"internetMessageHeaders\":[\n{json}]}}"),
            6,
        ),
        ("Microsoft Graph's list", format!("[{json}]"), 4),
    ] {
        for repair in [Repair::Encoding, Repair::Pasted] {
            let analysis = judged(&text, repair, &["relay.example.net"]);
            assert_eq!(
                analysis.outcome,
                Outcome::Pass,
                "{what}: {:?}",
                analysis.error
            );
            let hop = analysis.observed.hop.unwrap();
            let hop = analysis.hops.iter().find(|one| one.number == hop).unwrap();
            assert_eq!(hop.line, line, "{what}");
        }
    }
}

#[test]
fn what_is_no_header_is_named() {
    for (text, says) in [
        (
            "Hop\tSubmitting host\tReceiving host\tTime\n1\ta.example\tb.example\t8:50\n",
            "header analyser",
        ),
        (
            "{\"internetMessageHeaders\":null,\n\"subject\":\"x\"}",
            "internetMessageHeaders",
        ),
    ] {
        let analysis = judged(text, Repair::Pasted, &["relay.example.net"]);
        assert_eq!(analysis.outcome, Outcome::Error);
        assert!(analysis.error.unwrap().says.contains(says), "{text}");
    }
}
