//! MailChannels (`trex`). Where no name was found `[UNAVAILABLE].` or `[TEMPUNAVAIL].` stands in its place.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from server.contoso.example (server.contoso.example [203.0.113.162])
///     (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)
///     by 100.96.18.43 (trex/5.9.12);
///     Fri, 17 Dec 2021 15:31:23 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mailchannels"), order: Order::HeloFirst, software: &["trex/"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from server.contoso.example (server.contoso.example [203.0.113.162])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)\n\tby 100.96.18.43 (trex/5.9.12);\n\tFri, 17 Dec 2021 15:31:23 +0000",
            r#"Named("mailchannels")"#,
            "helo=server.contoso.example; rdns=server.contoso.example; ip=203.0.113.162; by-ip=100.96.18.43; tls=TLSv1.3; cipher=TLS_AES_256_GCM_SHA384; software=trex/5.9.12; date=2021-12-17T15:31:23Z",
        );
        agrees(
            "from server.contoso.example ([UNAVAILABLE]. [203.0.113.162])\n\tby 0.0.0.0:2500 (trex/6.0.2);\n\tFri, 17 Dec 2021 15:31:23 +0000",
            r#"Named("mailchannels")"#,
            "helo=server.contoso.example; ip=203.0.113.162; by-ip=0.0.0.0; software=trex/6.0.2; date=2021-12-17T15:31:23Z",
        );
    }
}
