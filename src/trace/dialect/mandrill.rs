//! Mandrill (Mailchimp Transactional). Inner hosts name the sender's address alone.

use super::{Dialect, Domain, Order, address_first};
use crate::trace::Family;

/// ```text
/// from [203.0.113.201] by mandrillapp.com id
///  2b7afc3f0d0a4991a2d3cb57dfff2308; Wed, 15 Jan 2025 12:01:40 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mandrill"), order: Order::AddressFirst, software: &["Mailchimp"], hosts: &[Domain::new("mandrillapp.com")], matches: None, refine: address_first };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from [203.0.113.201] by mandrillapp.com id\n 2b7afc3f0d0a4991a2d3cb57dfff2308; Wed, 15 Jan 2025 12:01:40 +0000",
            r#"Named("mandrill")"#,
            "ip=203.0.113.201; by=mandrillapp.com; id=2b7afc3f0d0a4991a2d3cb57dfff2308; date=2025-01-15T12:01:40Z",
        );
    }
}
