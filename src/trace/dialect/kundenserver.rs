//! IONOS and 1&1 (`Nemesis`). Its own address stands in the comment behind its name.

use super::{Dialect, Order, address_first};
use crate::trace::Family;

/// ```text
/// from client.contoso.example ([203.0.113.170]) by mrelayeu.kundenserver.de
///  (mreue009 [212.227.15.167]) with ESMTPSA (Nemesis) id 1MTRdK-1qxOHH0d8K-00TpEb
///  for <recipient@example.net>; Mon, 23 Oct 2023 10:12:44 +0200
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("kundenserver"), order: Order::AddressFirst, software: &["Nemesis"], hosts: &[], matches: None, refine: address_first };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from client.contoso.example ([203.0.113.170]) by mrelayeu.kundenserver.de\n (mreue009 [212.227.15.167]) with ESMTPSA (Nemesis) id 1MTRdK-1qxOHH0d8K-00TpEb\n for <recipient@example.net>; Mon, 23 Oct 2023 10:12:44 +0200",
            r#"Named("kundenserver")"#,
            "helo=client.contoso.example; ip=203.0.113.170; by=mrelayeu.kundenserver.de; by-ip=212.227.15.167; with=ESMTPSA; id=1MTRdK-1qxOHH0d8K-00TpEb; for=recipient@example.net; software=Nemesis; date=2023-10-23T08:12:44Z",
        );
    }
}
