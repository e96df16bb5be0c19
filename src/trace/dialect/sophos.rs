//! Sophos Email (Reflexion) and PureMessage.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (203.0.113.8) by
///  mf-inbound-eu-central-1.prod.hydra.sophos.com (Sophos PureMessage Version 4.4) with ESMTP id abc;
///  Wed, 15 Jan 2025 12:01:40 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("sophos"), order: Order::Unknown, software: &["Sophos", "PureMessage"], hosts: &[Domain::new("sophos.com"), Domain::new("reflexion.net")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (203.0.113.8) by\n mf-inbound-eu-central-1.prod.hydra.sophos.com (Sophos PureMessage Version 4.4) with ESMTP id abc;\n Wed, 15 Jan 2025 12:01:40 +0000",
            r#"Named("sophos")"#,
            "helo=mail.contoso.example; ip=203.0.113.8; by=mf-inbound-eu-central-1.prod.hydra.sophos.com; with=ESMTP; id=abc; software=Sophos PureMessage Version 4.4; date=2025-01-15T12:01:40Z",
        );
    }
}
