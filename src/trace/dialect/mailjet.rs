//! Mailjet.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from app.contoso.example (Unknown [203.0.113.4])
///     by in.mailjet.com (Mailjet) with ESMTP id 4f8c9d;
///     Thu, 27 Feb 2025 14:29:23 +0000 (UTC)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mailjet"), order: Order::HeloFirst, software: &[], hosts: &[Domain::new("mailjet.com")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app.contoso.example (Unknown [203.0.113.4])\n\tby in.mailjet.com (Mailjet) with ESMTP id 4f8c9d;\n\tThu, 27 Feb 2025 14:29:23 +0000 (UTC)",
            r#"Named("mailjet")"#,
            "helo=app.contoso.example; ip=203.0.113.4; by=in.mailjet.com; with=ESMTP; id=4f8c9d; software=Mailjet; date=2025-02-27T14:29:23Z",
        );
    }
}
