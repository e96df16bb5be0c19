//! Halon. Its form is Postfix's; whether the name was confirmed is the operator's script's affair.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (mail.contoso.example [203.0.113.22])
///  by mx.list.example (Halon) with ESMTPS
///  id 7b6a374b-d338-11ef-99a4-01e77a169b0f;
///  Wed, 15 Jan 2025 13:01:42 +0100 (CET)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("halon"), order: Order::HeloFirst, software: &["Halon"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (mail.contoso.example [203.0.113.22])\n by mx.list.example (Halon) with ESMTPS\n id 7b6a374b-d338-11ef-99a4-01e77a169b0f;\n Wed, 15 Jan 2025 13:01:42 +0100 (CET)",
            r#"Named("halon")"#,
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.22; by=mx.list.example; with=ESMTPS; id=7b6a374b-d338-11ef-99a4-01e77a169b0f; software=Halon; date=2025-01-15T12:01:42Z",
        );
    }
}
