//! Kerio (GFI) Connect.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example ([203.0.113.16])
///     by mail.example.net (Kerio Connect 9.4.2) with ESMTPS
///     (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256 bits))
///     for recipient@example.net; Tue, 20 Feb 2024 09:26:17 +0100
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("kerio"), order: Order::Unknown, software: &["Kerio"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example ([203.0.113.16])\n\tby mail.example.net (Kerio Connect 9.4.2) with ESMTPS\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256 bits))\n\tfor recipient@example.net; Tue, 20 Feb 2024 09:26:17 +0100",
            r#"Named("kerio")"#,
            "helo=mail.contoso.example; ip=203.0.113.16; by=mail.example.net; with=ESMTPS; tls=TLSv1.3; cipher=TLS_AES_256_GCM_SHA384; for=recipient@example.net; software=Kerio Connect 9.4.2; date=2024-02-20T08:26:17Z",
        );
    }
}
