//! Zoho Mail. Puts the address into the name's place where it found no name.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from app.contoso.example (203.0.113.4 [203.0.113.4]) by mx.zohomail.com
///     with SMTPS id 1610000000123456.78; Thu, 7 Jan 2021 05:13:20 -0800 (PST)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("zoho"), order: Order::HeloFirst, software: &[], hosts: &[Domain::new("zohomail.com"), Domain::new("zoho.com"), Domain::new("zoho.eu"), Domain::new("zohomail.eu"), Domain::new("zoho.in")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app.contoso.example (203.0.113.4 [203.0.113.4]) by mx.zohomail.com\n\twith SMTPS id 1610000000123456.78; Thu, 7 Jan 2021 05:13:20 -0800 (PST)",
            r#"Named("zoho")"#,
            "helo=app.contoso.example; ip=203.0.113.4; by=mx.zohomail.com; with=SMTPS; id=1610000000123456.78; date=2021-01-07T13:13:20Z",
        );
    }
}
