//! Apple iCloud, where it is no Postfix.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from app.contoso.example (host.isp.example [203.0.113.4]) by
///  p00-icloudmta-asmtp-us-west-2a-100-percent-1.icloud.com with ESMTPSA id 1A2B3C;
///  Mon, 01 Jan 2024 23:40:12 +0000 (UTC)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("icloud"), order: Order::HeloFirst, software: &[], hosts: &[Domain::new("icloud.com"), Domain::new("me.com"), Domain::new("mac.com"), Domain::new("apple.com")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app.contoso.example (host.isp.example [203.0.113.4]) by\n p00-icloudmta-asmtp-us-west-2a-100-percent-1.icloud.com with ESMTPSA id 1A2B3C;\n Mon, 01 Jan 2024 23:40:12 +0000 (UTC)",
            r#"Named("icloud")"#,
            "helo=app.contoso.example; rdns=host.isp.example; ip=203.0.113.4; by=p00-icloudmta-asmtp-us-west-2a-100-percent-1.icloud.com; with=ESMTPSA; id=1A2B3C; date=2024-01-01T23:40:12Z",
        );
    }
}
