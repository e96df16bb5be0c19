//! MailEnable. Often names no host of its own.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from app01 ([203.0.113.16]) by mail.example.net with MailEnable ESMTPA;
///  Tue, 20 Feb 2024 09:26:17 -0500
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mailenable"), order: Order::Unknown, software: &[], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.with.starts_with("MailEnable") || marks.host.starts_with("MailEnable")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app01 ([203.0.113.16]) by mail.example.net with MailEnable ESMTPA;\n Tue, 20 Feb 2024 09:26:17 -0500",
            r#"Named("mailenable")"#,
            "helo=app01; ip=203.0.113.16; by=mail.example.net; with=MailEnable ESMTPA; date=2024-02-20T14:26:17Z",
        );
        agrees(
            "from (127.0.0.1 [127.0.0.1]) by MailEnable Inbound Mail Agent with ESMTP; Sun, 04 Aug 2002 05:31:23 -08:00",
            r#"Named("mailenable")"#,
            "ip=127.0.0.1; by=MailEnable Inbound Mail Agent; with=ESMTP; date=2002-08-04T13:31:23Z",
        );
    }
}
