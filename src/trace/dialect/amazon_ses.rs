//! Amazon SES, inbound, and Amazon's own relays.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (mail.contoso.example [203.0.113.12])
///  by inbound-smtp.us-east-1.amazonaws.com with SMTP id abc0d1efg2hij3
///  for recipient@example.net;
///  Mon, 18 Sep 2023 22:29:59 +0000 (UTC)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("amazon-ses"), order: Order::HeloFirst, software: &[], hosts: &[Domain::new("amazonaws.com"), Domain::new("amazonses.com"), Domain::new("amazon.com")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (mail.contoso.example [203.0.113.12])\n by inbound-smtp.us-east-1.amazonaws.com with SMTP id abc0d1efg2hij3\n for recipient@example.net;\n Mon, 18 Sep 2023 22:29:59 +0000 (UTC)",
            r#"Named("amazon-ses")"#,
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.12; by=inbound-smtp.us-east-1.amazonaws.com; with=SMTP; id=abc0d1efg2hij3; for=recipient@example.net; date=2023-09-18T22:29:59Z",
        );
    }
}
