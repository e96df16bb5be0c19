//! Apache James.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from 203.0.113.16 (EHLO app01) ([203.0.113.16])
///           by mail.example.net (JAMES SMTP Server ) with ESMTPSA id 1234
///           for <recipient@example.net>;
///           Tue, 20 Feb 2024 09:26:17 +0000 (UTC)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("james"), order: Order::Unknown, software: &["JAMES SMTP", "James", "Apache James"], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.with.starts_with("JAMES")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from 203.0.113.16 (EHLO app01) ([203.0.113.16])\n          by mail.example.net (JAMES SMTP Server ) with ESMTPSA id 1234\n          for <recipient@example.net>;\n          Tue, 20 Feb 2024 09:26:17 +0000 (UTC)",
            r#"Named("james")"#,
            "helo=app01; ip=203.0.113.16; by=mail.example.net; with=ESMTPSA; id=1234; for=recipient@example.net; software=JAMES SMTP Server; date=2024-02-20T09:26:17Z",
        );
    }
}
