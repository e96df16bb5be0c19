//! Trend Micro Email Security, a Postfix of another name, and InterScan.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (unknown [203.0.113.170])
///     by repre01.tmes.trendmicro.eu (Trend Micro Email Security) with ESMTPS id B1A361000156A;
///     Wed, 13 Sep 2023 09:10:24 +0000 (UTC)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("trend-micro"), order: Order::HeloFirst, software: &["Trend Micro", "InterScan", "TMASE", "IMSS", "IMSVA", "NAVGW"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (unknown [203.0.113.170])\n\tby repre01.tmes.trendmicro.eu (Trend Micro Email Security) with ESMTPS id B1A361000156A;\n\tWed, 13 Sep 2023 09:10:24 +0000 (UTC)",
            r#"Named("trend-micro")"#,
            "helo=mail.contoso.example; ip=203.0.113.170; by=repre01.tmes.trendmicro.eu; with=ESMTPS; id=B1A361000156A; software=Trend Micro Email Security; date=2023-09-13T09:10:24Z",
        );
    }
}
