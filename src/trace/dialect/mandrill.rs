//! Mandrill (Mailchimp Transactional). Inner hosts name the sender's address alone.

use super::{ClientForm, Dialect, Marks, address_first};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from [203.0.113.201] by mandrillapp.com id
///  2b7afc3f0d0a4991a2d3cb57dfff2308; Wed, 15 Jan 2025 12:01:40 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mandrill"), matches, refine: address_first };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.host_in("mandrillapp.com") || marks.software_is("Mailchimp")
}

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
