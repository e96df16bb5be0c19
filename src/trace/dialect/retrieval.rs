//! fetchmail, getmail and others that empty a mailbox: no hand-over. Only the protocol and the
//! software that the program itself writes behind `by` tell it.

use super::{ClientForm, Dialect, Marks, Order};
use crate::trace::received::Received;
use crate::trace::{Family, Hop, Intake};

/// ```text
/// from pop.example.com [203.0.113.10]
///     by laptop.example.net with IMAP (fetchmail-6.4.37)
///     for <joe@localhost> (single-drop); Tue, 13 Aug 2024 10:19:41 +0100 (IST)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("retrieval"), order: Order::Unknown, software: &[], hosts: &[], matches: Some(matches), refine };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    const PROTOCOLS: [&str; 11] = ["IMAP", "IMAP4", "IMAPS", "POP", "POP2", "POP3", "POP3S", "APOP", "KPOP", "SDPS", "ETRN"];
    (marks.with.len() <= 5 && PROTOCOLS.iter().any(|protocol| marks.with_is(protocol)))
        || ["fetchmail", "getmail", "mpop", "fdm", "Vircom POPDOWN"].iter().any(|name| marks.software_is(name))
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
}
