//! fetchmail, getmail and others that empty a mailbox: no hand-over. Only the protocol and the
//! software that the program itself writes behind `by` tell it.

use super::{ClientForm, Dialect, Marks, Order};
use crate::lex;
use crate::trace::received::Received;
use crate::trace::{Family, Hop, Intake};

/// ```text
/// from pop.example.com [203.0.113.10]
///     by laptop.example.net with IMAP (fetchmail-6.4.37)
///     for <joe@localhost> (single-drop); Tue, 13 Aug 2024 10:19:41 +0100 (IST)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("retrieval"), order: Order::Unknown, software: &[], hosts: &[], matches: Some(matches), refine };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    lex::Words(marks.with).any(is_protocol)
        || ["fetchmail", "retchmail", "getmail", "mpop", "fdm", "mbsync", "Vircom POPDOWN", "POPcon"]
            .iter()
            .any(|name| marks.software_is(name) || marks.with.starts_with(name))
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
    ["", "S", "SSL", "TLS", "STARTTLS"].iter().any(|end| rest.eq_ignore_ascii_case(end))
}

fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, _: &Received<'x>) {
    hop.intake = Intake::Retrieval;
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;
    use crate::trace::Intake;

    #[test]
    fn a_mailbox_was_emptied() {
        agrees(
            "from pop.example.com [203.0.113.10]\n\tby laptop.example.net with IMAP (fetchmail-6.4.37)\n\tfor <joe@localhost> (single-drop); Tue, 13 Aug 2024 10:19:41 +0100 (IST)",
            r#"Named("retrieval")"#,
            "helo=pop.example.com; ip=203.0.113.10; by=laptop.example.net; with=IMAP; for=joe@localhost; software=fetchmail-6.4.37; intake=retrieval; date=2024-08-13T09:19:41Z",
        );
    }

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
        use crate::trace::Intake;
        for with in [
            "IMAP", "IMAP4", "IMAPS", "IMAP4-SSL", "IMAP4rev1", "imap+tls", "POP", "POP2", "POP3", "POP3S", "POP3-SSL", "POP3 SSL", "pop3/ssl",
            "APOP", "KPOP", "SDPS", "ETRN", "ODMR", "SMTP (fetchmail-6.4.37)", "ESMTP (getmail6)", "fdm (2.0, account)", "IMAP4-SSL getmail6 msgid:11/376136",
        ] {
            let body = format!("from mail.example.com [192.0.2.9] by laptop.example.net with {with}; 28 Feb 2023 07:55:24 -0000");
            assert_eq!(super::super::read(&body).intake, Intake::Retrieval, "in {body:?}");
        }
        for with in ["ESMTP", "ESMTPS", "POPULAR", "SMTP", "IMAPPROXY", "LMTP"] {
            let body = format!("from mail.example.com [192.0.2.9] by laptop.example.net with {with}; 28 Feb 2023 07:55:24 -0000");
            assert_eq!(super::super::read(&body).intake, Intake::Client, "in {body:?}");
        }
        // The client's own words before the `by` are none of the program's.
        for client in ["x with IMAP [192.0.2.9]", "x (with POP3)", "IMAP4-SSL"] {
            let body = format!("from {client} by mx.example.net with ESMTP id 1; Tue, 28 Feb 2023 07:55:24 +0000");
            assert_eq!(super::super::read(&body).intake, Intake::Client, "in {body:?}");
        }
    }
}
