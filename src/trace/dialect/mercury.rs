//! Mercury/32 and Pegasus' relatives.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from app01 (203.0.113.21) by mail.example.net (Mercury/32 v4.80) ID MG000F77;
///     23 Aug 22 14:31:34 +0900
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mercury"), order: Order::Unknown, software: &["Mercury"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app01 (203.0.113.21) by mail.example.net (Mercury/32 v4.80) ID MG000F77;\n    23 Aug 22 14:31:34 +0900",
            r#"Named("mercury")"#,
            "helo=app01; ip=203.0.113.21; by=mail.example.net; id=MG000F77; software=Mercury/32 v4.80; date=2022-08-23T05:31:34Z",
        );
    }
}
