//! Ipswitch IMail (`SMTPD32`).
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example [203.0.113.102] by mail.example.net with ESMTP
///   (SMTPD32-8.15) id A47AAD01DC; Thu, 06 Jun 2022 19:16:10 +0800
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("imail"), order: Order::Unknown, software: &["SMTPD32", "SMTPD-", "SMTPD ("], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example [203.0.113.102] by mail.example.net with ESMTP\n  (SMTPD32-8.15) id A47AAD01DC; Thu, 06 Jun 2022 19:16:10 +0800",
            r#"Named("imail")"#,
            "helo=mail.contoso.example; ip=203.0.113.102; by=mail.example.net; with=ESMTP; id=A47AAD01DC; software=SMTPD32-8.15; date=2022-06-06T11:16:10Z",
        );
    }
}
