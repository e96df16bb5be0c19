//! Symantec Email Security.cloud (MessageLabs). The client's address stands in the name's place.

use super::{ClientForm, Dialect, Domain, Marks, Order, address_first};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from [203.0.113.201] (using TLSv1.2 with cipher DHE-RSA-AES256-GCM-SHA384 (256 bits))
///     by server-2.bemta.az-b.eu-central-1.aws.symcld.net id 5A/F0-04030-76FF6054;
///     Wed, 13 Sep 2023 09:10:24 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("messagelabs"), order: Order::AddressFirst, software: &[], hosts: &[Domain::new("messagelabs.com"), Domain::new("symanteccloud.com")], matches: Some(matches), refine: address_first };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.host.starts_with("server-") && marks.host.contains(".bemta.")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from [203.0.113.201] (using TLSv1.2 with cipher DHE-RSA-AES256-GCM-SHA384 (256 bits))\n\tby server-2.bemta.az-b.eu-central-1.aws.symcld.net id 5A/F0-04030-76FF6054;\n\tWed, 13 Sep 2023 09:10:24 +0000",
            r#"Named("messagelabs")"#,
            "ip=203.0.113.201; by=server-2.bemta.az-b.eu-central-1.aws.symcld.net; tls=TLSv1.2; cipher=DHE-RSA-AES256-GCM-SHA384; id=5A/F0-04030-76FF6054; date=2023-09-13T09:10:24Z",
        );
    }
}
