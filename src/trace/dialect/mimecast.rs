//! Mimecast. `with ESMTP with STARTTLS`.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from exchange.contoso.example (static-10.isp.example [203.0.113.226])
///  by relay.mimecast.com with ESMTP with STARTTLS (version=TLSv1.2,
///  cipher=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384) id
///  za-mta-140-IHIEWF1LOE-ANzAJ2hOBpQ-6; Wed, 14 May 2025 06:48:10 +0200
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mimecast"), order: Order::HeloFirst, software: &[], hosts: &[Domain::new("mimecast.com"), Domain::new("mimecast.co.za"), Domain::new("mimecast.eu"), Domain::new("mimecast-offshore.com")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from exchange.contoso.example (static-10.isp.example [203.0.113.226])\n by relay.mimecast.com with ESMTP with STARTTLS (version=TLSv1.2,\n cipher=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384) id\n za-mta-140-IHIEWF1LOE-ANzAJ2hOBpQ-6; Wed, 14 May 2025 06:48:10 +0200",
            r#"Named("mimecast")"#,
            "helo=exchange.contoso.example; rdns=static-10.isp.example; ip=203.0.113.226; by=relay.mimecast.com; with=ESMTP; tls=TLSv1.2; cipher=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384; id=za-mta-140-IHIEWF1LOE-ANzAJ2hOBpQ-6; date=2025-05-14T04:48:10Z",
        );
    }
}
