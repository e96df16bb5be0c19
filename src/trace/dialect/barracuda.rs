//! Barracuda Networks.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (mail.contoso.example [203.0.113.8]) by
///  mx-inbound11-22.us-east-2a.ess.aws.cudaops.barracudanetworks.com
///  (version=TLSv1.2 cipher=ECDHE-RSA-AES128-GCM-SHA256 bits=128 verify=NO);
///  Wed, 15 Jan 2025 12:01:40 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("barracuda"), order: Order::HeloFirst, software: &["Spam Firewall", "Spam & Virus Firewall"], hosts: &[Domain::new("barracudanetworks.com"), Domain::new("cudamail.com")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (mail.contoso.example [203.0.113.8]) by\n mx-inbound11-22.us-east-2a.ess.aws.cudaops.barracudanetworks.com\n (version=TLSv1.2 cipher=ECDHE-RSA-AES128-GCM-SHA256 bits=128 verify=NO);\n Wed, 15 Jan 2025 12:01:40 +0000",
            r#"Named("barracuda")"#,
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.8; by=mx-inbound11-22.us-east-2a.ess.aws.cudaops.barracudanetworks.com; tls=TLSv1.2; cipher=ECDHE-RSA-AES128-GCM-SHA256; date=2025-01-15T12:01:40Z",
        );
    }
}
