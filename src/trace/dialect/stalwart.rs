//! Stalwart. Google's form, with the root dot; the look-up is an option of the operator's.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (mail.contoso.example. [203.0.113.208])
///     (using TLSv1.3 with cipher TLS13_AES_256_GCM_SHA384)
///     by mx.example.net (Stalwart SMTP) with ESMTPS id 41A2C80D73C;
///     Tue, 29 Aug 2023 16:20:12 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("stalwart"), order: Order::HeloFirst, software: &["Stalwart"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (mail.contoso.example. [203.0.113.208])\n\t(using TLSv1.3 with cipher TLS13_AES_256_GCM_SHA384)\n\tby mx.example.net (Stalwart SMTP) with ESMTPS id 41A2C80D73C;\n\tTue, 29 Aug 2023 16:20:12 +0000",
            r#"Named("stalwart")"#,
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.208; by=mx.example.net; with=ESMTPS; tls=TLSv1.3; cipher=TLS13_AES_256_GCM_SHA384; id=41A2C80D73C; software=Stalwart SMTP; date=2023-08-29T16:20:12Z",
        );
    }
}
