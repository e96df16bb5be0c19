//! MDaemon. Its own address stands in brackets or parentheses behind its name.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from app01 [192.0.2.8] by mail.example.net [198.51.100.195]
///  with ESMTP (MDaemon PRO v21.0.1) for <recipient@example.net>;
///  Thu, 12 Sep 2022 19:22:49 -0500
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mdaemon"), order: Order::Unknown, software: &["MDaemon", "VisNetic"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app01 [192.0.2.8] by mail.example.net [198.51.100.195]\n with ESMTP (MDaemon PRO v21.0.1) for <recipient@example.net>;\n Thu, 12 Sep 2022 19:22:49 -0500",
            r#"Named("mdaemon")"#,
            "helo=app01; ip=192.0.2.8; by=mail.example.net; by-ip=198.51.100.195; with=ESMTP; for=recipient@example.net; software=MDaemon PRO v21.0.1; date=2022-09-13T00:22:49Z",
        );
    }
}
