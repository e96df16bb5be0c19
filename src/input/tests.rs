//! Pastes as people make them, and what a sender could try with them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::header::{End, FieldName, HeaderSection};

/// The documented page's header, shortened.
const SAMPLE: &str = "\
Return-Path: <bounces-249164590-newsletter=mydomain.ovh@sender-id.example.com>
Delivered-To: john.smith@guides.ovh
Received: from localhost (HELO queue) (127.0.0.1)
    by localhost with SMTP; 28 Feb 2023 09:51:02 +0200
Received: from vr45.mail.ovh.net (unknown [10.101.8.45])
    by out28.mail.ovh.net (Postfix) with ESMTP id 4PQqLG4KHRzRxRQZj
    for <john.smith@guides.ovh>; Tue, 28 Feb 2023 07:51:02 +0000 (UTC)
Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=11.22.333.44; helo=sender-id.example.com
Authentication-Results: in31.mail.ovh.net;
    dkim=pass (1024-bit key; unprotected) header.d=smtp.example.com header.b=\"HDetLEPl\";
    dkim-atps=neutral
Received: from sender-id.example.com (sender-id.example.com [11.22.333.44])
    by in31.mail.ovh.net (Postfix) with ESMTPS id 4PQsPF43SEm78WdxQ
    for <john.smith@guides.ovh>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=smtp.example.com;
    q=dns/txt; s=mail; bh=gZnUUk4TldsnAE7L+M9zwjuOeOmD6FwV4Yyq99XN2a0=;
    h=from:subject:date:to:mime-version:content-type:list-unsubscribe;
    b=HDiySKAl0J78ByyGlPjCVc+zvEv/DP9NkfUdso8DkB5z1Lig4rfbqCLnD6SE6wh7sjsZMsae0gk
    Muy0Uur0tw2nWq/WI94O4grD/KAWWC+jo2w/1+0ol1VCQN2+zQEhM+HJj4pcnn+MfU/RrXLkXfDV
    BLfqJiRcWJCQ3fy3Gag=
Received: by smtp-relay.smtp.example.com with ESMTP id 12185513; Tue Feb 28 2023 07:51:00 GMT+0000
X-MS-Has-Attach:
From: <newsletter@mydomain.ovh>
";

fn pasted(text: &str) -> RawMessage<'_> {
    RawMessage::new(text.as_bytes(), Repair::Pasted)
}

fn codes(message: &RawMessage<'_>) -> Vec<(&'static str, u32)> {
    message
        .notes
        .iter()
        .map(|noted| (noted.note.code().as_str(), noted.line.unwrap_or(0)))
        .collect()
}

/// Name, unfolded value with its white space made one space, and the line of the input.
fn read(message: &RawMessage<'_>) -> Vec<(String, String, u32)> {
    HeaderSection::parse(&message.text)
        .fields()
        .iter()
        .map(|field| {
            let words: Vec<_> = field
                .unfolded()
                .split_whitespace()
                .map(str::to_owned)
                .collect();
            (
                field.name.to_owned(),
                words.join(" "),
                message.input_line(field.line),
            )
        })
        .collect()
}

/// The sample's fields, on lines that `line` gives for the sample's own.
fn sample(line: impl Fn(u32) -> u32) -> Vec<(String, String, u32)> {
    let message = RawMessage::new(SAMPLE.as_bytes(), Repair::Encoding);
    let fields = read(&message);
    assert_eq!(fields.len(), 11);
    fields
        .into_iter()
        .map(|(name, value, n)| (name, value, line(n)))
        .collect()
}

fn each_line(change: impl Fn(&str) -> String) -> String {
    SAMPLE.lines().map(|line| change(line) + "\n").collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn dressed(dress: &str, text: &str) -> String {
    text.lines()
        .map(|line| format!("{dress}{line}\n"))
        .collect()
}

#[track_caller]
fn repairs(paste: &str, expected: &[(&str, u32)], line: impl Fn(u32) -> u32) {
    let message = pasted(paste);
    assert_eq!(read(&message), sample(line), "{paste}");
    assert_eq!(codes(&message), expected, "{paste}");
}

#[test]
fn well_formed_text_is_borrowed_as_it_is() {
    for text in [SAMPLE.to_owned(), SAMPLE.replace('\n', "\r\n")] {
        for repair in [Repair::Encoding, Repair::Pasted] {
            let message = RawMessage::new(text.as_bytes(), repair);
            assert!(matches!(message.text, Cow::Borrowed(same) if same == text));
            assert!(message.notes.is_empty());
        }
    }
}

#[test]
fn the_body_is_no_part_of_the_text() {
    let text = "A: 1\r\n\r\nReceived: from the body\r\n";
    for repair in [Repair::Encoding, Repair::Pasted] {
        assert_eq!(
            RawMessage::new(text.as_bytes(), repair).text,
            "A: 1\r\n\r\n"
        );
    }
    let mut bytes = b"A: 1\n\n".to_vec();
    bytes.extend([0xE9, 0xFF, 0, b'\n']);
    let message = RawMessage::new(&bytes, Repair::Pasted);
    assert!(message.notes.is_empty());
}

#[test]
fn the_documented_page() {
    let page = format!(
        "Ecco un esempio di intestazione di un’email:\n\n&lt;robert@hisdomain.ovh&gt;\n\n\
         <pre class=\"bgwhite\"><code>{}</code></pre>\n\n### Rimuovere un connettore\n",
        escaped(SAMPLE)
    );
    let expected = [
        ("repaired-layout", 1),
        ("repaired-layout", 5),
        ("repaired-entities", 5),
    ];
    repairs(&page, &expected, |n| n + 4);
}

#[test]
fn a_stray_line_before_the_header() {
    let paste = format!("<robert@hisdomain.ovh>\n{SAMPLE}\nbody\n");
    repairs(&paste, &[("repaired-layout", 1)], |n| n + 1);
    let file = RawMessage::new(paste.as_bytes(), Repair::Encoding);
    assert!(
        read(&file).is_empty(),
        "a file is repaired only where that is asked for"
    );
}

#[test]
fn entities() {
    repairs(&escaped(SAMPLE), &[("repaired-entities", 1)], |n| n);
}

#[test]
fn quoting() {
    repairs(
        &each_line(|l| format!("> {l}")),
        &[("repaired-quoting", 1)],
        |n| n,
    );
    repairs(
        &each_line(|l| format!(">{l}")),
        &[("repaired-quoting", 1)],
        |n| n,
    );
    repairs(
        &each_line(|l| format!("> >> {l}")),
        &[("repaired-quoting", 1)],
        |n| n,
    );
    let answered = format!(
        "John wrote:\n\n{}> \n> Received: body\n",
        each_line(|l| format!("> {l}"))
    );
    repairs(
        &answered,
        &[("repaired-layout", 1), ("repaired-quoting", 3)],
        |n| n + 2,
    );
}

#[test]
fn indents() {
    for indent in ["  ", "\t", "\u{a0}\u{a0} "] {
        let paste = each_line(|l| format!("{indent}{l}"));
        repairs(&paste, &[("repaired-layout", 1)], |n| n);
    }
    // Only the first line was copied with the space before it.
    repairs(&format!("   {SAMPLE}"), &[("repaired-layout", 1)], |n| n);
}

#[test]
fn no_break_spaces_as_folding() {
    let paste = each_line(|l| l.replace("    ", "\u{a0}\u{a0}\u{a0}\u{a0}"));
    repairs(&paste, &[("repaired-folding", 4)], |n| n);
}

#[test]
fn lost_folding() {
    let paste = each_line(|l| l.trim_start().to_owned());
    repairs(&paste, &[("repaired-folding", 4)], |n| n);
    let message = pasted(&paste);
    assert_eq!(
        message.joined_lines(),
        [4, 6, 7, 10, 11, 13, 14, 16, 17, 18, 19, 20]
    );
    repairs(
        &paste.replace('\n', "\r\n"),
        &[("repaired-folding", 4)],
        |n| n,
    );
}

#[test]
fn lost_folding_of_microsofts_forms() {
    let paste = "\
Received: from AM0PR10MB1234.EURPRD10.PROD.OUTLOOK.COM ([fe80::1234])
by DB7PR10MB5678.EURPRD10.PROD.OUTLOOK.COM
([fe80::abcd%5]) with mapi id 15.20.1234.012; Tue, 28 Feb 2023 07:51:00
+0000
Authentication-Results: spf=pass (sender IP is 192.0.2.1)
smtp.mailfrom=example.com; dkim=pass (signature was verified)
header.d=example.com;dmarc=pass action=none
header.from=example.com;compauth=pass reason=100
To: <a@example.net>
";
    let fields = read(&pasted(paste));
    let lines: Vec<_> = fields
        .iter()
        .map(|field| (field.0.as_str(), field.2))
        .collect();
    assert_eq!(
        lines,
        [("Received", 1), ("Authentication-Results", 5), ("To", 9)]
    );
    assert!(fields[0].1.ends_with("07:51:00 +0000"));
    assert!(fields[1].1.ends_with("reason=100"));
}

#[test]
fn wrapped_lines_among_folded_ones() {
    let paste = SAMPLE
        .replace(
            "client-ip=11.22.333.44; helo",
            "client-ip=11.22.333.44;\nhelo",
        )
        .replace(
            "(1024-bit key; unprotected)",
            "(1024-bit key;\nunprotected)",
        )
        .replace("ESMTPS id", "ESMTPS\nid");
    let message = pasted(&paste);
    assert_eq!(codes(&message), [("repaired-folding", 9)]);
    let values = |fields: Vec<(String, String, u32)>| -> Vec<_> {
        fields
            .into_iter()
            .map(|(name, value, _)| (name, value))
            .collect()
    };
    assert_eq!(values(read(&message)), values(sample(|n| n)));
}

#[test]
fn a_value_on_the_next_line() {
    let paste = SAMPLE.replace("Received: ", "Received:\t\n");
    let message = pasted(&paste);
    assert_eq!(codes(&message), [("repaired-layout", 4)]);
    let values: Vec<_> = read(&message).into_iter().map(|field| field.1).collect();
    assert_eq!(
        values,
        sample(|n| n)
            .into_iter()
            .map(|field| field.1)
            .collect::<Vec<_>>()
    );
}

#[test]
fn html_line_breaks() {
    let paste = each_line(|l| l.replace("    ", "&nbsp;&nbsp; ").replace('<', "&lt;") + "<br />");
    let message = pasted(&paste);
    assert_eq!(read(&message), sample(|n| n));
}

#[test]
fn double_spacing() {
    let paste = each_line(|l| format!("{l}\n"));
    repairs(&paste, &[("repaired-layout", 2)], |n| 2 * n - 1);
    let with_body = format!("{paste}\n\nbody\n\nReceived: from the body\n");
    repairs(&with_body, &[("repaired-layout", 2)], |n| 2 * n - 1);
}

#[test]
fn line_ends_that_are_cr_alone() {
    let paste = SAMPLE.replace('\n', "\r");
    repairs(&paste, &[("repaired-layout", 1)], |n| n);
}

#[test]
fn leading_blank_lines_and_the_mbox_line() {
    for repair in [Repair::Encoding, Repair::Pasted] {
        let text = format!("\r\n \n{SAMPLE}");
        let message = RawMessage::new(text.as_bytes(), repair);
        assert_eq!(read(&message), sample(|n| n + 2));
        assert_eq!(codes(&message), [("repaired-layout", 1)]);

        for mark in ["", ">"] {
            let text = format!("{mark}From alice@example.com Tue Feb 28 07:51:02 2023\n{SAMPLE}");
            let message = RawMessage::new(text.as_bytes(), repair);
            assert_eq!(read(&message), sample(|n| n + 1));
            assert_eq!(codes(&message), [("repaired-layout", 1)]);
        }
        let message = RawMessage::new(b"From : alice@example.com\nTo: x\n", repair);
        assert_eq!(read(&message).len(), 2);
    }
}

#[test]
fn encodings() {
    let utf16 = |mark: bool, unit: fn(u16) -> [u8; 2], text: &str| -> Vec<u8> {
        mark.then_some(0xFEFF)
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(unit)
            .collect()
    };
    let mut inputs = vec![[b"\xEF\xBB\xBF", SAMPLE.as_bytes()].concat()];
    for text in [
        SAMPLE.replace('\n', "\r\n"),
        format!("{SAMPLE}\nReceived: body\n"),
    ] {
        for mark in [true, false] {
            inputs.push(utf16(mark, u16::to_le_bytes, &text));
            inputs.push(utf16(mark, u16::to_be_bytes, &text));
        }
    }
    for bytes in inputs {
        for repair in [Repair::Encoding, Repair::Pasted] {
            let message = RawMessage::new(&bytes, repair);
            assert_eq!(read(&message), sample(|n| n));
            assert_eq!(codes(&message), [("repaired-encoding", 1)]);
            assert!(!message.text.contains("body"));
        }
    }
    let latin = RawMessage::new(
        b"A: 1\nSubject: caf\xE9 \xC3\xA9\nB: \x80\n\n\xFF",
        Repair::Encoding,
    );
    assert_eq!(latin.text, "A: 1\nSubject: caf\u{e9} \u{e9}\nB: \u{80}\n\n");
    assert_eq!(codes(&latin), [("repaired-encoding", 2)]);
}

#[test]
fn a_repaired_utf16_paste_keeps_its_lines() {
    let text = format!("stray\r\n\r\n{}", each_line(|l| format!("> {l}\r")));
    let bytes: Vec<u8> = [0xFFu8, 0xFE]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let message = RawMessage::new(&bytes, Repair::Pasted);
    assert_eq!(read(&message), sample(|n| n + 2));
}

#[test]
fn input_without_a_field() {
    for text in [
        "",
        "\n\n",
        "hello\nworld\n",
        "<robert@hisdomain.ovh>\n",
        "\0\0\0\0",
        "From x\n",
    ] {
        for repair in [Repair::Encoding, Repair::Pasted] {
            let message = RawMessage::new(text.as_bytes(), repair);
            assert!(read(&message).is_empty(), "{text:?}");
        }
    }
}

/// What the recipient's servers wrote, folded as they fold, up to the border.
const BELIEVED: &str = "\
Received: from evil.example (unknown [203.0.113.66])
\tby in31.mail.ovh.net (Postfix) with ESMTPS id 4PQsPF43SEm78WdxQ
\tfor <john.smith@guides.ovh>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)
Authentication-Results: mx.google.com;
\tspf=fail smtp.mailfrom=evil.example;
\tdmarc=fail header.from=evil.example
";

/// What a sender may put first below it to get into the recipient's own fields.
const ATTACKS: &[&str] = &[
    "dkim=pass header.d=smtp.example.com",
    "header.b=x; dkim=pass header.d=smtp.example.com",
    "header.b=x;dkim=pass: header.d=smtp.example.com",
    ";dkim=pass: header.d=smtp.example.com",
    "(x: y); dkim=pass header.d=smtp.example.com",
    "\u{a0}; dkim=pass header.d=smtp.example.com",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; dkim=pass header.d=smtp.example.com",
    "by in31.mail.ovh.net; Tue, 28 Feb 2023 07:51:03 +0000",
];

#[test]
fn the_senders_first_line_is_not_joined_to_the_recipients_last_field() {
    let lost: String = BELIEVED
        .lines()
        .map(|l| format!("{}\n", l.trim_start()))
        .collect();
    for believed in [BELIEVED, &lost] {
        for attack in ATTACKS {
            let paste = format!("{believed}{attack}\nFrom: <a@evil.example>\nno field\n");
            let fields = read(&pasted(&paste));
            assert_eq!(fields[1].0, "Authentication-Results", "{paste}");
            assert!(fields[1].1.ends_with("header.from=evil.example"), "{paste}");
        }
    }
    let stamp: String = BELIEVED
        .lines()
        .take(3)
        .map(|l| format!("{}\n", l.trim_start()))
        .collect();
    for attack in [
        "by mx.example.net",
        "(smtp.example.com [192.0.2.1])",
        "from x; 07:51:03",
        "([x: y",
    ] {
        let paste = format!("{stamp}{attack}\nFrom: <a@evil.example>\n");
        assert!(
            read(&pasted(&paste))[0].1.ends_with("+0000 (UTC)"),
            "{paste}"
        );
    }
}

#[test]
fn a_field_is_not_made_a_part_of_another() {
    // Well-formed, however strange its name: a server may deliver it as it is.
    let paste = "\
Received-SPF: fail (mx.example.net: no) client-ip=203.0.113.66
client-ip=192.0.2.1;: x
From: <a@evil.example>
no field
";
    let fields = read(&pasted(paste));
    assert_eq!(
        fields[0].1,
        "fail (mx.example.net: no) client-ip=203.0.113.66"
    );
    assert_eq!(fields[1].0, "client-ip=192.0.2.1;");

    // An unfinished field takes no field.
    let paste = "Authentication-Results: mx.example.net;\nX-Id: 1\nTo: <a@b.example>\nno field\n";
    let names: Vec<_> = read(&pasted(paste))
        .into_iter()
        .map(|field| field.0)
        .collect();
    assert_eq!(names, ["Authentication-Results", "X-Id", "To"]);
}

#[test]
fn a_paste_beyond_the_limit_is_told_where_it_matters() {
    let long = "X-Long: header\n".repeat(repair::MAX_PASTE_BYTES / 15 + 1);
    let paste = format!("stray\nReceived: by a.example\n{long}");
    assert_eq!(
        codes(&pasted(&paste)),
        [("limit", 0), ("repaired-layout", 1)]
    );
    let paste = format!("stray\nReceived: by a.example\n\n{long}\u{e9}");
    assert_eq!(codes(&pasted(&paste)), [("repaired-layout", 1)]);
}

#[test]
fn a_fold_is_never_made_a_field() {
    let forged = "Received: from sender-id.example.com by in31.mail.ovh.net; 07:51:03";
    let malformed = ["", "no field at all\n"];
    for end in malformed {
        for fold in [" ", "\t", "  "] {
            let subject = format!("Subject: x\n{fold}{forged}\n");
            for paste in [
                format!("{BELIEVED}{subject}{end}"),
                format!(" {BELIEVED}{subject}{end}"),
                format!("stray\n{BELIEVED}{subject}{end}"),
                format!("{BELIEVED}Subject: a<br>{forged}<br>\n{end}"),
                format!("{BELIEVED}Subject: &#10;{forged}\n{end}"),
                format!("{BELIEVED}Subject: a\n> {forged}\n{end}"),
                format!("{BELIEVED}Subject: a\n<pre>{forged}\n{end}"),
                format!("{BELIEVED}\n{forged}\n{end}"),
                format!("<pre>{BELIEVED}Subject: a\n{fold}<p>{forged}</p>\n{end}</pre>"),
                dressed(">", &format!("{BELIEVED}{subject}{end}")),
                dressed("> ", &format!("{BELIEVED}{subject}{end}")),
                dressed(" ", &format!("{BELIEVED}{subject}{end}")),
                dressed("&gt; ", &format!("{BELIEVED}{subject}{end}")),
                dressed(">  ", &format!("{BELIEVED}{subject}{end}")),
                format!("{BELIEVED}no field\n\n{forged}\n{end}"),
            ] {
                let message = pasted(&paste);
                let received = HeaderSection::parse(&message.text)
                    .fields()
                    .iter()
                    .filter(|field| field.kind == FieldName::Received)
                    .count();
                assert_eq!(received, 1, "{paste}\nbecame\n{}", message.text);
            }
        }
    }
}

#[test]
fn a_subject_with_entities_is_left_alone() {
    for text in [
        "Received: by a.example\nSubject: &lt;b&gt; in HTML\nFrom: a@example.com\n",
        "Return-Path: <a@example.com>\nSubject: &lt;\nFrom: &lt;x@example.com&gt;\n",
    ] {
        let message = pasted(text);
        assert!(matches!(message.text, Cow::Borrowed(same) if same == text));
        assert!(message.notes.is_empty());
    }
}

#[test]
fn a_line_that_is_no_field_ends_a_paste_and_is_told() {
    let paste = format!("{BELIEVED}no field at all, however it is read\nTo: <x@example.com>\n");
    let message = pasted(&paste);
    assert_eq!(codes(&message), [("truncated", 7)]);
    assert_eq!(
        HeaderSection::parse(&message.text).ended_by(),
        End::EmptyLine
    );
    assert_eq!(read(&message).len(), 2);
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(SAMPLE.lines().map(str::to_owned).collect::<Vec<_>>()),
        1 => proptest::sample::select(ATTACKS).prop_map(str::to_owned),
        1 => Just(String::new()),
        1 => "[ \t>&;<\u{a0}]{0,3}(Received|Subject|h=x|</pre>|<br>|&lt;|é)?[:;(]? ?[a-z&;<>]{0,9}",
    ]
}

fn paste() -> impl Strategy<Value = String> {
    let ends = proptest::sample::select(&["\n", "\r\n", "\r", "\n\n"][..]);
    let dress = proptest::sample::select(&["", "", "> ", "  ", "&nbsp;", "<p>"][..]);
    (proptest::collection::vec(line(), 0..14), ends, dress).prop_map(|(lines, end, dress)| {
        lines
            .iter()
            .map(|line| format!("{dress}{line}{end}"))
            .collect()
    })
}

fn well_formed() -> impl Strategy<Value = String> {
    let field = "[A-Za-z][!-9;-~]{0,9}[ \t]?:[ -~é\r]{0,20}(\r?\n[ \t][ -~\r]{0,20}){0,3}\r?\n";
    let body = proptest::collection::vec(line(), 0..6);
    (proptest::collection::vec(field, 2..8), body, any::<bool>()).prop_map(|(fields, body, raw)| {
        // One raw bracket, so that nothing is evidently escaped.
        let bracket = if raw {
            "Return-Path: <>\n"
        } else {
            "X-Received: <\r\n"
        };
        format!("{bracket}{}\n{}", fields.concat(), body.join("\n"))
    })
}

fn check(text: &str) {
    let section = HeaderSection::parse(text);
    let mut end = 0;
    let mut line = 0;
    for field in section.fields() {
        assert_eq!(field.span.start, end, "fields follow each other");
        end = field.span.end;
        assert!(field.line > line);
        line = field.line;
        let whole = &text[field.span.clone()];
        assert!(whole.starts_with(field.name) && whole.contains(field.body));
        assert_eq!(
            text[..field.span.start].matches('\n').count() + 1,
            field.line as usize
        );
        assert!(!field.unfolded().contains('\n'));
    }
    assert_eq!(section.end(), end);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for repair in [Repair::Encoding, Repair::Pasted] {
            let message = RawMessage::new(&bytes, repair);
            check(&message.text);
        }
    }

    #[test]
    fn any_paste(text in paste()) {
        let message = pasted(&text);
        check(&message.text);
        let lines = text.split(['\n', '\r']).count();
        for field in HeaderSection::parse(&message.text).fields() {
            let line = message.input_line(field.line) as usize;
            prop_assert!(line >= 1 && line <= lines);
            if text.contains('\n') {
                let given = text.split('\n').nth(line - 1).unwrap();
                prop_assert!(given.contains(field.name), "{given:?} has no {}", field.name);
            }
        }
    }

    #[test]
    fn repair_twice_is_repair_once(text in paste()) {
        let once = pasted(&text);
        let twice = pasted(&once.text);
        prop_assert_eq!(&twice.text, &once.text);
    }

    #[test]
    fn well_formed_is_never_repaired(text in well_formed()) {
        let file = RawMessage::new(text.as_bytes(), Repair::Encoding);
        let paste = pasted(&text);
        prop_assert!(matches!(paste.text, Cow::Borrowed(_)));
        prop_assert_eq!(&paste.text, &file.text);
        prop_assert!(paste.notes.is_empty());
    }

    #[test]
    fn lf_and_crlf_agree(text in paste()) {
        let lf = text.replace('\r', "");
        let crlf = lf.replace('\n', "\r\n");
        for repair in [Repair::Encoding, Repair::Pasted] {
            let (lf, crlf) = (RawMessage::new(lf.as_bytes(), repair), RawMessage::new(crlf.as_bytes(), repair));
            prop_assert_eq!(read(&lf), read(&crlf));
        }
    }
}

#[test]
fn lines_are_numbered_as_in_the_input() {
    let raw = RawMessage::new(b"\r\nTo: a@example.com\r\n b\r\n\r\nbody", Repair::Encoding);
    let lines: Vec<_> = raw.numbered_lines().collect();
    assert_eq!(lines, [(2, "To: a@example.com"), (3, " b"), (4, "")]);
    let pasted = RawMessage::new(b"> To: a@example.com\n> Subject: b\n", Repair::Pasted);
    let lines: Vec<_> = pasted.numbered_lines().collect();
    assert_eq!(lines, [(1, "To: a@example.com"), (2, "Subject: b")]);
}
