//! Programs that empty a mailbox, told by the protocol that they write behind `by`.

use super::{ClientForm, Marks};
use crate::lex;
use crate::trace::received::Received;

pub(super) fn knows(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    lex::Words(marks.with).any(is_protocol)
}

/// `IMAP`, `IMAP4`, `IMAP4rev1`, `POP2`, `POP3`, each with `S`, `-SSL`, `-TLS` behind it, and what
/// fetchmail calls POP3's relatives; in any case.
fn is_protocol(word: &str) -> bool {
    let is = |name: &&str| word.eq_ignore_ascii_case(name);
    if ["APOP", "KPOP", "SDPS", "ETRN", "ODMR"].iter().any(is) {
        return true;
    }
    let Some(rest) = ["IMAP", "POP"].iter().find_map(|stem| {
        let (head, rest) = word.split_at_checked(stem.len())?;
        head.eq_ignore_ascii_case(stem).then_some(rest)
    }) else {
        return false;
    };
    let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let rest = rest.strip_prefix("rev1").unwrap_or(rest);
    let rest = rest.trim_start_matches(['-', '/', '+', '_']);
    ["", "S", "SSL", "TLS", "STARTTLS"]
        .iter()
        .any(|end| rest.eq_ignore_ascii_case(end))
}

#[cfg(test)]
mod tests {
    use crate::trace::Intake;

    #[test]
    fn a_helo_empties_no_mailbox() {
        for body in [
            "from x with IMAP (203.0.113.9) by mx.example.net with Microsoft SMTP Server id 15.1.2.3; Tue, 13 Aug 2024 10:19:41 +0100",
            "from x with POP3 (203.0.113.9) by mx.example.net; Tue, 13 Aug 2024 10:19:41 +0100",
            "from IMAP (fetchmail [203.0.113.9]) by mx.example.net (Postfix) with ESMTP id 1; Tue, 13 Aug 2024 10:19:41 +0100",
        ] {
            assert_eq!(super::super::read(body).intake, Intake::Client, "in {body}");
        }
    }

    #[test]
    fn every_way_to_empty_a_mailbox() {
        for with in [
            "IMAP",
            "IMAP4",
            "IMAPS",
            "IMAP4-SSL",
            "IMAP4rev1",
            "imap+tls",
            "POP",
            "POP2",
            "POP3",
            "POP3S",
            "POP3-SSL",
            "POP3 SSL",
            "pop3/ssl",
            "APOP",
            "KPOP",
            "SDPS",
            "ETRN",
            "ODMR",
            "SMTP (fetchmail-6.4.37)",
            "ESMTP (getmail6)",
            "fdm (2.0, account)",
            "IMAP4-SSL getmail6 msgid:11/376136",
        ] {
            let body = format!(
                "from mail.example.com [192.0.2.9] by laptop.example.net with {with}; 28 Feb 2023 07:55:24 -0000"
            );
            assert_eq!(
                super::super::read(&body).intake,
                Intake::Retrieval,
                "in {body:?}"
            );
        }
        for with in ["ESMTP", "ESMTPS", "POPULAR", "SMTP", "IMAPPROXY", "LMTP"] {
            let body = format!(
                "from mail.example.com [192.0.2.9] by laptop.example.net with {with}; 28 Feb 2023 07:55:24 -0000"
            );
            assert_eq!(
                super::super::read(&body).intake,
                Intake::Client,
                "in {body:?}"
            );
        }
        // The client's own words before the `by` are none of the program's.
        for client in ["x with IMAP [192.0.2.9]", "x (with POP3)", "IMAP4-SSL"] {
            let body = format!(
                "from {client} by mx.example.net with ESMTP id 1; Tue, 28 Feb 2023 07:55:24 +0000"
            );
            assert_eq!(
                super::super::read(&body).intake,
                Intake::Client,
                "in {body:?}"
            );
        }
    }
}
