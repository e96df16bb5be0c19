//! SocketLabs.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (host.isp.example [203.0.113.55]) by r3.h.in.socketlabs.com
///         with ESMTP(version=Tls12 cipher=Aes256 bits=256); Mon, 18 Sep 2023 18:29:59 -0400
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("socketlabs"), order: Order::HeloFirst, software: &[], hosts: &[Domain::new("socketlabs.com"), Domain::new("email-od.com")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (host.isp.example [203.0.113.55]) by r3.h.in.socketlabs.com\n        with ESMTP(version=Tls12 cipher=Aes256 bits=256); Mon, 18 Sep 2023 18:29:59 -0400",
            r#"Named("socketlabs")"#,
            "helo=mail.contoso.example; rdns=host.isp.example; ip=203.0.113.55; by=r3.h.in.socketlabs.com; with=ESMTP; tls=Tls12; cipher=Aes256; date=2023-09-18T22:29:59Z",
        );
    }
}
