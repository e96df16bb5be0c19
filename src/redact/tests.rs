#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::{Catalogue, Expectation, Repair, analyze_message};

/// An analysis and its header, as they are and redacted.
fn both(header: &str, redactor: &Redactor) -> (Analysis, Analysis, RawMessage<'static>) {
    let raw = RawMessage::new(header.as_bytes(), Repair::Encoding);
    let plain = analyze_message(&raw, &Expectation::default(), Catalogue::builtin());
    let mut redacted = plain.clone();
    let text = redactor.redact(&mut redacted, Some(&raw)).unwrap();
    (plain, redacted, text)
}

fn header(header: &str) -> String {
    both(header, &Redactor::numbered()).2.text.into_owned()
}

#[test]
fn fields_keep_their_lines_and_lose_their_people() {
    for (given, wanted) in [
        (
            "Received: from mail.example.com (mail.example.com [198.51.100.7])\n\
             \tby mx.example.org (Postfix) with ESMTPS id 4PQ1\n\
             \tfor <mail@example.org>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)\n",
            "Received: from mail.example.com (mail.example.com [198.51.100.7])\n\
             \tby mx.example.org (Postfix) with ESMTPS id 4PQ1\n\
             \tfor <user1@example.org>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)\n",
        ),
        (
            "From: Jane Doe\r\n <jane@example.com>,\r\n (the boss) <Jane@example.org>\r\n",
            "From: <user1@example.com>, <user1@example.org>\n \n \n",
        ),
        (
            "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nThread-Topic: Gr\u{fc}\u{df}e\nSubject:\n",
            "Subject: [subject1]\nThread-Topic: [subject1]\nSubject:\n",
        ),
        (
            "Message-ID:\n <1@example.com>\nReferences: <1@example.com> <2@[192.0.2.1]>\n",
            "Message-ID: <id1@example.com>\n \nReferences: <id1@example.com>, <id2@address1>\n",
        ),
        (
            "X-Note: me@example.com,\n\tme\nReturn-Path: <>",
            "X-Note: [removed]\n \nReturn-Path: <>",
        ),
        (
            "X-Jane-Id: 1\nFrom: jane@example.com\n",
            "X-removed-Id: [removed]\nFrom: <user1@example.com>\n",
        ),
        (
            "From: a@example.com\nno field, a@example.com\n\nbody\n",
            "From: <user1@example.com>\n[removed]\n\n",
        ),
        (
            "Received-SPF: Pass (mailfrom) client-ip=2001:db8::7; helo=jane-pc;\n\
             \tenvelope-from=\"jane doe\"@example.com; x=jane\n",
            "Received-SPF: Pass (mailfrom) client-ip=address1; helo=[removed];\n\
             \tenvelope-from=user1@example.com; x=[removed]\n",
        ),
    ] {
        assert_eq!(header(given), wanted, "{given}");
    }
}

/// The client of the oldest hop below a border, and whether it is a person's.
#[test]
fn whose_machine_a_client_is() {
    const BORDER: &str = "Received: from relay.example.net (relay.example.net [192.0.2.25]) \
        by mx.example.org (Postfix) with ESMTPS id 1; Tue, 28 Feb 2023 07:51:01 +0000\n";
    for (client, with, persons) in [
        ("[192.168.1.7] (unknown [192.168.1.7])", "ESMTPSA", true),
        (
            "mail.example.com (mail.example.com [198.51.100.7])",
            "ESMTPSA",
            true,
        ),
        (
            "mail.example.com (mail.example.com [198.51.100.7])",
            "ESMTPS",
            false,
        ),
        ("mail.example.com (unknown [198.51.100.7])", "ESMTP", false),
        ("DESKTOP-7Q2 (unknown [198.51.100.7])", "ESMTP", true),
        (
            "localhost.localdomain (unknown [198.51.100.7])",
            "ESMTP",
            true,
        ),
        (
            "198-51-100-7.dyn.isp.example (198-51-100-7.dyn.isp.example [198.51.100.7])",
            "ESMTP",
            true,
        ),
        ("pc12.example.com (unknown [10.1.2.3])", "ESMTP", true),
        ("web3.example.net (unknown [10.1.2.3])", "ESMTP", false),
        ("localhost (localhost [127.0.0.1])", "ESMTP", false),
        (
            "relay.example.net (relay.example.net [198.51.100.7])",
            "mapi",
            false,
        ),
    ] {
        let text = format!(
            "{BORDER}Received: from {client} by relay.example.net (Postfix) with {with} id 2; \
             Tue, 28 Feb 2023 07:51:00 +0000\nFrom: a@example.com\n"
        );
        let (plain, redacted, _) = both(&text, &Redactor::numbered());
        let (plain, redacted) = (&plain.hops[0], &redacted.hops[0]);
        assert_eq!(
            redacted.from.as_ref().unwrap() != plain.from.as_ref().unwrap(),
            persons,
            "{client} {with}"
        );
        if persons {
            assert!(!redacted.from.as_ref().unwrap().ip_valid, "{client}");
        }
    }
    // Handed in at the border: nobody's server, and so somebody's machine.
    let text = "Received: from pc (host.isp.example [198.51.100.7]) by mx.example.org (Postfix) \
        with ESMTPSA id 1; Tue, 28 Feb 2023 07:51:01 +0000\nFrom: a@example.com\n";
    let (_, redacted, _) = both(text, &Redactor::numbered());
    assert_eq!(redacted.observed.ip.as_deref(), Some("address1"));
    assert!(
        redacted
            .reasons
            .iter()
            .all(|reason| !reason.says.contains("198.51.100.7"))
    );
}

#[test]
fn a_key_makes_the_same_of_the_same_and_tells_nothing() {
    let key = RandomState::new();
    let (keyed, other) = (Redactor::keyed(key.clone()), Redactor::keyed(key));
    let sender = |text: &str, redactor: &Redactor| both(text, redactor).1.message.from[0].clone();
    let first = sender("To: x@example.org\nFrom: Jane@example.com\n", &keyed);
    assert_eq!(first, sender("From: jane@example.com\n", &other));
    assert_ne!(first, sender("From: joan@example.com\n", &keyed));
    let stranger = Redactor::keyed(RandomState::new());
    assert_ne!(first, sender("From: jane@example.com\n", &stranger));
    assert!(
        first.starts_with("user-") && first.ends_with("@example.com"),
        "{first}"
    );
}

/// With more people than are remembered every unknown word goes.
#[test]
fn too_many_people_leave_nobody() {
    use std::fmt::Write;
    let mut text =
        String::from("Received: from desk (x [192.0.2.1]) by mx.example.org with ESMTP; x\nTo: ");
    for number in 0..70_000 {
        write!(text, "p{number:06}q@example.com,\n ").unwrap();
    }
    text.push_str("zoe@example.com\nX-MS-Has: x\nReturn-Path: <zoe@example.com>\n");
    let (_, redacted, shown) = both(&text, &Redactor::numbered());
    let shown = format!(
        "{}{}",
        serde_json::to_string(&redacted).unwrap(),
        shown.text
    );
    assert!(!shown.contains("zoe") && !shown.contains("p069999q"));
}

/// Twice the text is twice the work.
#[test]
fn the_work_grows_with_the_text() {
    use crate::lex::steps;
    for piece in [
        "\\\"", "\"", "a@", "=?", "%41", "<a@b>", "(", "a=", "x ", " ", "a b@c ", "\"a\"@",
    ] {
        let work = |times: usize| {
            let text = format!(
                "Received: {0}\nFrom: {0}\nReceived-SPF: {0}\n",
                piece.repeat(times)
            );
            let raw = RawMessage::new(text.as_bytes(), Repair::Encoding);
            let mut analysis = analyze_message(&raw, &Expectation::default(), Catalogue::builtin());
            steps::of(|| {
                Redactor::numbered().redact(&mut analysis, Some(&raw));
            })
        };
        let (once, twice) = (work(2_000), work(4_000));
        assert!(
            once > 0 && twice <= 2 * once + once / 4,
            "{piece:?}: {once}, {twice}"
        );
    }
}

const DELIVERY: &str = "Received: from relay.example.net (relay.example.net [192.0.2.25]) \
    by mx.example.org (Postfix) with ESMTPS id 1; Tue, 28 Feb 2023 07:51:01 +0000\n";

/// The deciding client is the finding: nothing that the sender writes hides it.
#[test]
fn the_deciding_client_stays_whatever_the_sender_writes() {
    for (name, looked_up, to, more) in [
        ("authenticated.example.com", "unknown", "a", ""),
        ("auth=x", "unknown", "a", ""),
        ("sasl1.example.com", "unknown", "a", ""),
        ("sasl1.example.com", "sasl1.example.com", "a", ""),
        ("mta.example.com", "unknown", "sasl.bob", ""),
        (
            "mta.example.com",
            "unknown",
            "a",
            "X-Originating-IP: [198.51.100.9]\n",
        ),
        (
            "mta.example.com",
            "unknown",
            "a",
            "Message-ID: <a@[198.51.100.9]>\n",
        ),
        (
            "mta.example.com",
            "unknown",
            "a",
            "Received: from mta.example.com (pc [198.51.100.9]) (Authenticated sender: jo) by \
             relay.example.net with ESMTPSA id 2; Tue, 28 Feb 2023 07:51:00 +0000\n",
        ),
    ] {
        let text = format!(
            "Received: from {name} ({looked_up} [198.51.100.9]) by mx.example.org (Postfix) with \
             ESMTPS id 1 for <{to}@example.org>; Tue, 28 Feb 2023 07:51:01 +0000\n{more}\
             From: jane@example.com\n"
        );
        let (plain, redacted, _) = both(&text, &Redactor::numbered());
        assert_eq!(plain.observed.ip.as_deref(), Some("198.51.100.9"), "{text}");
        assert_eq!(redacted.observed.ip, plain.observed.ip, "{text}");
        assert_eq!(redacted.observed.host, plain.observed.host, "{text}");
        assert_eq!(
            redacted.hops.last().unwrap().from,
            plain.hops.last().unwrap().from,
            "{text}"
        );
        let says = |analysis: &Analysis| analysis.reasons[0].says.clone();
        assert_eq!(says(&redacted), says(&plain), "{text}");
    }
}

/// However it is written, a person's address goes.
#[test]
fn a_persons_address_goes_in_every_form() {
    for (form, secret) in [
        ("(HELO ?192.168.178.23?)", "192.168.178.23"),
        ("('203.0.113.200')", "203.0.113.200"),
        ("(!203.0.113.200)", "203.0.113.200"),
        ("(_203.0.113.200_)", "203.0.113.200"),
        ("(203.0.113.200!)", "203.0.113.200"),
        ("(203-0-113-200)", "203-0-113-200"),
        ("(203.0.113.200-port)", "203.0.113.200"),
        ("(p203.0.113.200.dip.example)", "203.0.113.200"),
        ("(cust-203-0-113-200.isp.example)", "203-0-113-200"),
        ("(200.113.0.203.in-addr.arpa)", "200.113.0.203"),
    ] {
        let text = format!(
            "{DELIVERY}Received: from janes-pc (unknown [203.0.113.200]) {form} by \
             relay.example.net (Postfix) with ESMTPSA id 2; Tue, 28 Feb 2023 07:51:00 +0000\n\
             From: jane@example.com\n"
        );
        let (_, redacted, shown) = both(&text, &Redactor::numbered());
        let raw = &redacted.hops[0].raw;
        assert!(
            !raw.contains(secret) && !shown.text.contains(secret),
            "{form}: {raw}"
        );
        assert!(raw.contains("relay.example.net"), "{raw}");
    }
}

/// A web mail program hands over to its own server: the browser is the second hop's client.
#[test]
fn a_browser_is_a_persons_at_any_hop() {
    for more in ["", "X-Originating-IP: 203.0.113.200\n"] {
        for clause in ["via HTTP", "with HTTP"] {
            let text = format!(
                "{DELIVERY}Received: from [203.0.113.200] by web1.example.net {clause}; Tue, 28 \
                 Feb 2023 07:51:00 +0000\nReceived: (from jane@localhost) by web1.example.net \
                 (8.14/8.14/Submit) id x; Tue, 28 Feb 2023 07:50:57 +0000\n{more}\
                 From: jane@example.com\n"
            );
            let (_, redacted, shown) = both(&text, &Redactor::numbered());
            let json = serde_json::to_string(&redacted).unwrap();
            assert!(!json.contains("203.0.113.200"), "{json}");
            assert!(!shown.text.contains("203.0.113.200"), "{}", shown.text);
        }
    }
    // Where nothing else says so, the field does.
    let text = format!(
        "{DELIVERY}Received: from box.isp.example (box.isp.example [203.0.113.200]) by \
         web1.example.net with ESMTP; Tue, 28 Feb 2023 07:51:00 +0000\nReceived: by \
         box2.example.net id x; Tue, 28 Feb 2023 07:50:57 +0000\n\
         X-Originating-IP: 203.0.113.200\nFrom: jane@example.com\n"
    );
    let (_, redacted, _) = both(&text, &Redactor::numbered());
    let json = serde_json::to_string(&redacted).unwrap();
    assert!(!json.contains("203.0.113.200"), "{json}");
}

#[test]
fn a_laptop_with_a_mail_server_of_its_own_is_a_persons() {
    let text = format!(
        "{DELIVERY}Received: from janes-macbook.local (c200.dyn.isp.example [203.0.113.200]) by \
         relay.example.net (Postfix) with ESMTPSA id 2; Tue, 28 Feb 2023 07:51:00 +0000\n\
         Received: by janes-macbook.local (Postfix, from userid 501) id 3; Tue, 28 Feb 2023 \
         07:50:59 +0000\nFrom: jane@example.com\n"
    );
    let (_, redacted, shown) = both(&text, &Redactor::numbered());
    let text = serde_json::to_string(&redacted).unwrap() + &shown.text;
    for secret in ["macbook", "c200", "203.0.113.200"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    // A server of the sender's own on such a line is the route's.
    let text = format!(
        "{DELIVERY}Received: from mail.example.com (c200.dyn.isp.example [203.0.113.200]) by \
         relay.example.net (Postfix) with ESMTPSA id 2; Tue, 28 Feb 2023 07:51:00 +0000\n\
         Received: by mail.example.com (Postfix) id 3; Tue, 28 Feb 2023 07:50:59 +0000\n\
         From: jane@example.com\n"
    );
    let (_, redacted, _) = both(&text, &Redactor::numbered());
    let from = redacted.hops[1].from.as_ref().unwrap();
    assert_eq!(from.helo.as_deref(), Some("mail.example.com"));
}

/// A sentence's own words are no facts of the message, whoever is called so.
#[test]
fn our_own_words_stay() {
    for local in ["aligns", "believed"] {
        let text = format!(
            "Received: from mail.example.com (mail.example.com [198.51.100.7]) by mx.example.org \
             (Postfix) with ESMTPS id 1 for <joe@example.org>; Tue, 28 Feb 2023 07:51:01 +0000\n\
             Return-Path: <{local}@example.com>\nFrom: {local}@example.com\nDate: {local}\n"
        );
        let (plain, redacted, shown) = both(&text, &Redactor::numbered());
        let says = |analysis: &Analysis| analysis.warnings[0].says.clone();
        assert!(says(&plain).contains(local), "{}", says(&plain));
        assert_eq!(says(&redacted), says(&plain));
        assert_eq!(redacted.evidence[1].says, "<user1@example.com>");
        assert!(!shown.text.contains(local), "{}", shown.text);
    }
}
