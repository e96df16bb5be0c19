//! IceWarp, formerly Merak.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from app01 ([203.0.113.21])
///         by mail.example.net (IceWarp 13.0.3.9 DEB9 x64) with ASMTP (SSL) id 202308211142000001
///         for <recipient@example.net>; Mon, 21 Aug 2023 11:42:00 +0200
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("icewarp"), order: Order::Unknown, software: &["IceWarp", "Merak"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app01 ([203.0.113.21])\n        by mail.example.net (IceWarp 13.0.3.9 DEB9 x64) with ASMTP (SSL) id 202308211142000001\n        for <recipient@example.net>; Mon, 21 Aug 2023 11:42:00 +0200",
            r#"Named("icewarp")"#,
            "helo=app01; ip=203.0.113.21; by=mail.example.net; with=ASMTP; id=202308211142000001; for=recipient@example.net; software=IceWarp 13.0.3.9 DEB9 x64; date=2023-08-21T09:42:00Z",
        );
    }
}
