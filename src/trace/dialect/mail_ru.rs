//! mail.ru where its form is not Exim's.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from app.contoso.example (unknown [203.0.113.4]) by mx12.mail.ru with ESMTP id 3xYzAb;
///  Thu, 07 Jan 2021 16:13:20 +0300
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mail-ru"), order: Order::HeloFirst, software: &[], hosts: &[Domain::new("mail.ru"), Domain::new("smailru.net")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app.contoso.example (unknown [203.0.113.4]) by mx12.mail.ru with ESMTP id 3xYzAb;\n Thu, 07 Jan 2021 16:13:20 +0300",
            r#"Named("mail-ru")"#,
            "helo=app.contoso.example; ip=203.0.113.4; by=mx12.mail.ru; with=ESMTP; id=3xYzAb; date=2021-01-07T13:13:20Z",
        );
    }
}
