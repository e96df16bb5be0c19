//! Headers as people paste and keep them, each a form that somebody met: what was done to them is
//! undone and told, and the lines are those of the input.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use smarthop::analysis::{Analysis, EvidenceKind, Identity, Outcome};
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

/// As fastmail/authentication_milter#110 tells of Outlook's store: an LF was made CRLF twice.
/// <https://github.com/fastmail/authentication_milter/issues/110>
#[test]
fn lines_that_end_in_cr_cr_lf() {
    let text = format!("{HEADER}\nReceived: from a body\n").replace('\n', "\r\r\n");
    for repair in [Repair::Encoding, Repair::Pasted] {
        for text in [text.clone(), format!("\u{feff}{text}")] {
            let analysis = judged(&text, repair, &["relay.example.net"]);
            assert_eq!(analysis.outcome, Outcome::Pass, "{:#?}", analysis.reasons);
            assert_eq!(analysis.hops.len(), 2);
            let codes: Vec<_> = analysis.warnings.iter().map(|w| w.code.as_str()).collect();
            assert!(codes.contains(&"repaired-layout"), "{codes:?}");
            assert!(!codes.contains(&"truncated"), "{codes:?}");
        }
    }
}

/// What MailStore and Outlook write above a header, and files keep.
/// <https://github.com/s1t5/mail-archiver/issues/560>, <https://github.com/jstedfast/MimeKit/issues/1089>
#[test]
fn outlooks_banner() {
    let text = format!("Microsoft Mail Internet Headers Version 2.0\n{HEADER}\nbody\n");
    for repair in [Repair::Encoding, Repair::Pasted] {
        for text in [
            text.clone(),
            text.replace('\n', "\r\n"),
            text.replace('\n', "\r"),
        ] {
            let analysis = judged(&text, repair, &["relay.example.net"]);
            assert_eq!(analysis.outcome, Outcome::Pass, "{:#?}", analysis.error);
            assert_eq!(analysis.hops.last().unwrap().line, 3);
        }
    }
    // A sender's first line is no program's.
    let text = format!("X-A: b\nMicrosoft Mail Internet Headers Version 2.0\n{HEADER}");
    let analysis = judged(&text, Repair::Encoding, &["relay.example.net"]);
    assert_eq!(analysis.outcome, Outcome::Inconclusive);
}

/// The Message Header Analyzer's own copy of a header has an empty line below each, folds too.
/// <https://github.com/microsoft/MHA/issues/119>
#[test]
fn an_empty_line_below_each() {
    passes(&HEADER.replace('\n', "\n\n"), 7, LAYOUT);
}

/// What an IMAP server answers, pasted with the header.
/// <https://github.com/jstedfast/MimeKit/issues/856>
#[test]
fn the_answer_of_an_imap_server() {
    let text = format!("* 1 FETCH (UID 5 BODY[HEADER] {{812}}\n{HEADER}\n)\na3 OK done\n");
    passes(&text, 5, LAYOUT);
}

/// Lines that a server puts before a message, of which some look like fields.
/// <https://github.com/GOVCERT-LU/eml_parser/issues/24>
#[test]
fn a_queue_files_records() {
    let records = "*** ENVELOPE RECORDS deferred/4/4PQsPF43SEm78WdxQ ***\n\
        message_size:             812             765               1               0\n\
        message_arrival_time: Tue Feb 28 07:51:01 2023\n\
        named_attribute: client_address=198.51.100.9\n\
        sender: bounce@example.com\n\
        recipient: john@example.org\n\
        *** MESSAGE CONTENTS deferred/4/4PQsPF43SEm78WdxQ ***\n";
    let end = "*** MESSAGE FILE END deferred/4/4PQsPF43SEm78WdxQ ***\n";
    passes(&format!("{records}{HEADER}\nbody\n{end}"), 11, LAYOUT);
    // With its header alone (postcat -h).
    passes(&format!("{records}{HEADER}{end}"), 11, LAYOUT);
    // A body that quotes such records is none.
    let text = format!("Subject: x\n\n{records}{HEADER}");
    let analysis = judged(&text, Repair::Pasted, &["relay.example.net"]);
    assert_eq!(analysis.outcome, Outcome::Inconclusive);
}

/// A change to a test's message, as a review shows it.
#[test]
fn the_marks_of_a_diff() {
    passes(&each_line(|_, line| format!("+{line}")), 4, LAYOUT);
    let body = each_line(|_, line| format!("+{line}"));
    passes(
        &format!("@@ -0,0 +1,17 @@\n{body}+\n+body\n"),
        5,
        &["repaired-layout", "repaired-layout"],
    );
    // One field of that name is the sender's.
    let text = HEADER.replace("From:", "+Received: from relay.example.org by x\nFrom:");
    passes(&text, 4, &[]);
}

/// Headers as other interfaces than Microsoft Graph's give them, and Graph's as PowerShell writes
/// it. <https://github.com/microsoftgraph/microsoft-graph-docs/issues/2716>
#[test]
fn headers_as_json() {
    let fields = HEADER.replace("\n        ", " ");
    let fields = || fields.lines().map(|line| line.split_once(": ").unwrap());
    let list = |name: &str, value: &str| {
        let each = fields().map(|(n, v)| format!("{{{name:?}:{n:?},\n{value:?}:{v:?}}}"));
        format!("[{}]", each.collect::<Vec<_>>().join(",\n"))
    };
    let graph = list("name", "value");
    let shell = list("Name", "Value");
    let pairs: Vec<_> = fields().map(|(n, v)| format!("[{n:?},{v:?}]")).collect();
    for json in [
        format!("{{\"InternetMessageHeaders\":{shell}}}"),
        format!("{{\"value\":[{{\"id\":\"1\"}},{{\"internetMessageHeaders\":{graph}}}]}}"),
        format!("{{\"id\":\"x\",\"payload\":{{\"headers\":{graph}}}}}"),
        format!("{{\"notificationType\":\"Received\",\"mail\":{{\"headers\":{graph}}}}}"),
        format!("{{\"message-headers\":[{}]}}", pairs.join(",")),
    ] {
        let analysis = judged(&json, Repair::Encoding, &["relay.example.net"]);
        assert_eq!(
            analysis.outcome,
            Outcome::Pass,
            "{:?} {json}",
            analysis.error
        );
    }
    let two = format!(
        "{{\"value\":[{{\"internetMessageHeaders\":{graph}}},{{\"internetMessageHeaders\":{graph}}}]}}"
    );
    let analysis = judged(&two, Repair::Encoding, &["relay.example.net"]);
    assert!(analysis.error.unwrap().says.contains("several messages"));
}

/// The values of a field, above a border that is the relay's.
fn read(field: &str) -> Analysis {
    judged(
        &format!("{field}\n{HEADER}"),
        Repair::Encoding,
        &["relay.example.net"],
    )
}

/// Google writes `?` for the brackets of a HELO that is an address.
/// <https://github.com/rspamd/rspamd/issues/2275>
#[test]
fn a_literal_whose_brackets_are_questioned() {
    let text = HEADER.replace(
        "from relay.example.net (",
        "from ?IPv6:::ffff:192.168.1.20? (",
    );
    let analysis = judged(&text, Repair::Encoding, &["relay.example.net"]);
    assert_eq!(analysis.outcome, Outcome::Pass, "{:#?}", analysis.reasons);
    let from = analysis.hops[0].from.clone().unwrap();
    assert_eq!(from.ip.as_deref(), Some("203.0.113.9"));
    assert!(from.reverse_dns_verified);
    // What else stands between them may be anybody's words.
    for helo in [
        "?192.168.1.20",
        "?x [192.168.1.20]?",
        "?192.168.1.20? [192.0.2.66]",
    ] {
        let text = HEADER.replace("from relay.example.net (", &format!("from {helo} ("));
        let analysis = judged(&text, Repair::Encoding, &["relay.example.net"]);
        assert_ne!(analysis.outcome, Outcome::Pass, "{helo}");
    }
}

/// chasquid's forms, the older of which has the address first.
/// <https://github.com/albertito/chasquid/issues/76>
#[test]
fn an_address_before_the_helo() {
    for client in [
        "[203.0.113.9] (mail.example.com)",
        "mail.example.com ([203.0.113.9])",
    ] {
        let text = format!(
            "Received: from {client}\n\tby mx.example.org (chasquid) with ESMTPS\n\
             \ttls TLS_AES_128_GCM_SHA256\n\t(over SMTP, TLS-1.3, envelope from \"a@example.com\")\n\
             \t; Sat, 20 Jan 2024 10:00:00 +0000\nFrom: a@example.com\nTo: john@example.org\n\n"
        );
        let analysis = judged(&text, Repair::Encoding, &["203.0.113.9"]);
        let observed = &analysis.observed;
        assert_eq!(observed.ip.as_deref(), Some("203.0.113.9"), "{client}");
        assert_eq!(
            observed.host.as_deref(),
            Some("mail.example.com"),
            "{client}"
        );
        assert_eq!(observed.identity, Some(Identity::Network), "{client}");
    }
    // Two addresses: the HELO is one of them, whichever.
    let text = "Received: from [203.0.113.9] ([198.51.100.66])\n\tby mx.example.org (chasquid) \
                with ESMTP; Sat, 20 Jan 2024 10:00:00 +0000\nFrom: a@example.com\n\n";
    let analysis = judged(text, Repair::Encoding, &["203.0.113.9"]);
    assert_eq!(analysis.observed.identity, None);
}

/// An author whose local part is quoted, brackets and all.
/// <https://github.com/trusteddomainproject/OpenDMARC/issues/243>
#[test]
fn a_quoted_local_part() {
    let author = "\"Someone <someone@junk.example>\"@example.com";
    let text = HEADER.replace("Newsletter <newsletter@example.com>", author);
    let analysis = judged(&text, Repair::Encoding, &["relay.example.net"]);
    assert_eq!(analysis.message.from, [author]);
}

/// White space where the grammar of today has none.
/// <https://github.com/jstedfast/MailKit/issues/355>
#[test]
fn spaces_in_an_address() {
    for author in [
        "Worldwide Delivery < newsletter@example.com >",
        "newsletter @ example.com",
        "Newsletter newsletter@example.com",
    ] {
        let text = HEADER.replace("Newsletter <newsletter@example.com>", author);
        let analysis = judged(&text, Repair::Encoding, &["relay.example.net"]);
        assert_eq!(
            analysis.message.from,
            ["newsletter@example.com"],
            "{author}"
        );
    }
}

/// Results with words that are none, and with two zones in a date.
/// <https://github.com/jstedfast/MimeKit/issues/584>, <https://github.com/ddeboer/imap/issues/89>
#[test]
fn words_that_are_no_results() {
    let analysis = read(
        "Authentication-Results: mx.google.com;\n dkim=dkim_pass header.i=@example.com;\n \
         dmarc=success(p=REJECT) header.from=example.com",
    );
    let codes: Vec<_> = analysis.warnings.iter().map(|w| w.code.as_str()).collect();
    assert!(codes.contains(&"unauthenticated-sender"), "{codes:?}");
    let text = HEADER.replace("23:51:02 -0800 (PST)", "23:51:02 -0-100 -0700");
    let analysis = judged(&text, Repair::Encoding, &["relay.example.net"]);
    assert_eq!(analysis.outcome, Outcome::Pass);
    assert!(analysis.hops[0].date.is_none());
    assert!(
        analysis
            .warnings
            .iter()
            .any(|w| w.code.as_str() == "unparsed-date")
    );
}

/// Cisco's third identity is no second MAIL FROM, and its sentence names a HELO.
/// <https://github.com/lieser/dkim_verifier/issues/187>
#[test]
fn ciscos_three_identities() {
    let domains = |field: &str| -> Vec<String> {
        let spf = read(field).evidence.into_iter();
        let spf = spf.filter(|item| item.kind == EvidenceKind::Spf);
        spf.map(|item| item.domain.unwrap_or_default()).collect()
    };
    assert_eq!(
        domains(
            "Authentication-Results: mx.google.com; spf=None smtp.pra=newsletter@example.com;\n \
             spf=Pass smtp.mailfrom=bounce@example.com;\n spf=None smtp.helo=postmaster@relay.example.net"
        ),
        ["example.com", "relay.example.net"]
    );
    assert_eq!(
        domains(
            "Received-SPF: None (esa1.example.org: no sender authenticity information available\n \
             from domain of postmaster@relay.example.net) identity=helo;\n client-ip=203.0.113.9; \
             receiver=esa1.example.org;\n envelope-from=\"bounce@example.com\""
        ),
        ["relay.example.net"]
    );
}

/// Servers of one provider that are called by two names: a gap is where a reader would see one.
/// <https://github.com/microsoft/MHA/issues/63>
#[test]
fn two_names_of_one_provider_are_no_gap() {
    let gaps = |older: &str, client: &str, ip: &str| {
        let text = format!(
            "Received: from {client} ({client} [{ip}])\n\tby mx.example.org (Postfix) with ESMTPS id A; \
             Mon, 26 Mar 2018 13:35:40 +0000 (UTC)\nReceived: by {older} with SMTP id 1; \
             Mon, 26 Mar 2018 13:35:36 +0000\nFrom: a@example.com\n\n"
        );
        let analysis = judged(&text, Repair::Encoding, &["relay.example.net"]);
        analysis
            .warnings
            .iter()
            .any(|w| w.code.as_str() == "chain-gap")
    };
    assert!(!gaps(
        "filter0383p1iad2.sendgrid.net",
        "o1.em.example.com",
        "149.72.1.10"
    ));
    assert!(!gaps(
        "cloudflare-email.net",
        "a-b.email.cloudflare.net",
        "104.30.8.10"
    ));
    assert!(gaps(
        "filter0383p1iad2.sendgrid.net",
        "o1.em.example.com",
        "203.0.113.9"
    ));
    assert!(gaps(
        "relay.fabrikam.example",
        "o1.em.example.com",
        "149.72.1.10"
    ));
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
