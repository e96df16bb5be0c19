//! HCL (IBM, Lotus) Domino. The id is a date and a number.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example ([203.0.113.34])
///           by notes.example.net (IBM Domino Release 9.0.1FP10)
///           with ESMTP id 2021010215584608-1459 ;
///           Sat, 2 Jan 2021 15:58:46 +0530
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("domino"), order: Order::Unknown, software: &["Lotus Domino", "IBM Domino", "HCL Domino", "Lotus SMTP"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example ([203.0.113.34])\n          by notes.example.net (IBM Domino Release 9.0.1FP10)\n          with ESMTP id 2021010215584608-1459 ;\n          Sat, 2 Jan 2021 15:58:46 +0530",
            r#"Named("domino")"#,
            "helo=mail.contoso.example; ip=203.0.113.34; by=notes.example.net; with=ESMTP; id=2021010215584608-1459; software=IBM Domino Release 9.0.1FP10; date=2021-01-02T10:28:46Z",
        );
    }
}
