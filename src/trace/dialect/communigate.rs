//! CommuniGate Pro. `[IP] (HELO x)`, `[IP] (account NAME HELO x)`, `NAME ([IP] verified)`; the address in
//! the name's place is the socket's.

use super::{Dialect, Order, address_first};
use crate::trace::Family;

/// ```text
/// from [203.0.113.9] (account joe@example.net HELO [192.0.2.10])
///   by mail.example.net (CommuniGate Pro SMTP 6.2.15)
///   with ESMTPSA id 88402416 for recipient@example.org; Mon, 04 Dec 2023 13:15:07 -0800
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("communigate"), order: Order::AddressFirst, software: &["CommuniGate"], hosts: &[], matches: None, refine: address_first };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        // Two addresses: the first is the socket's, and the stamp is doubtful for the second.
        agrees(
            "from [203.0.113.9] (account joe@example.net HELO [192.0.2.10])\n  by mail.example.net (CommuniGate Pro SMTP 6.2.15)\n  with ESMTPSA id 88402416 for recipient@example.org; Mon, 04 Dec 2023 13:15:07 -0800",
            r#"Named("communigate")"#,
            "helo=[192.0.2.10]; bare-ip=203.0.113.9; by=mail.example.net; with=ESMTPSA; id=88402416; for=recipient@example.org; auth=joe@example.net; software=CommuniGate Pro SMTP 6.2.15; date=2023-12-04T21:15:07Z",
        );
        agrees(
            "from mail.contoso.example ([203.0.113.9] verified)\n  by mail.example.net (CommuniGate Pro SMTP 6.2.15)\n  with ESMTP id 88402417 for recipient@example.org; Mon, 04 Dec 2023 13:15:07 -0800",
            r#"Named("communigate")"#,
            "helo=mail.contoso.example; ip=203.0.113.9; by=mail.example.net; with=ESMTP; id=88402417; for=recipient@example.org; software=CommuniGate Pro SMTP 6.2.15; date=2023-12-04T21:15:07Z",
        );
    }
}
