//! Cisco Secure Email (IronPort AsyncOS). `NAME (HELO x) ([IP])`, `with ESMTP/TLS/CIPHER`, qmail's date.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Domain, Marks, Order, as_read};
use crate::lex;
use crate::trace::received::{Key, Received};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (HELO out.contoso.example) ([203.0.113.30])
///   by ob1.hc489-80.eu.iphmx.com with ESMTP/TLS/ECDHE-RSA-AES256-GCM-SHA384; 26 May 2025 13:44:26 +0200
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("cisco"), order: Order::Unknown, software: &[], hosts: &[Domain::new("iphmx.com")], matches: Some(matches), refine: as_read };

fn matches(_: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    received.clause(Key::With).next().is_some_and(|piece| lex::contains(piece.text, "/TLS/"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (HELO out.contoso.example) ([203.0.113.30])\n  by ob1.hc489-80.eu.iphmx.com with ESMTP/TLS/ECDHE-RSA-AES256-GCM-SHA384; 26 May 2025 13:44:26 +0200",
            r#"Named("cisco")"#,
            "helo=out.contoso.example; rdns=mail.contoso.example; ip=203.0.113.30; by=ob1.hc489-80.eu.iphmx.com; with=ESMTP; cipher=ECDHE-RSA-AES256-GCM-SHA384; date=2025-05-26T11:44:26Z",
        );
    }
}
