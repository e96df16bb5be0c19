//! Momentum (Message Systems, SparkPost), formerly Ecelerity. `([IP:PORT] helo=NAME)`.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from [192.0.2.205] ([192.0.2.205:50387] helo=app.contoso.example)
///     by m12.prod.contoso.example (envelope-from <a@contoso.example>)
///     (ecelerity 4.2.38.62368 r(Core:4.2.38.4)) with ESMTP
///     id 80/0A-02454-4DCB6054; Tue, 12 Sep 2023 09:57:40 -0400
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("momentum"), order: Order::Unknown, software: &["ecelerity", "Momentum"], hosts: &[Domain::new("sparkpostmail.com"), Domain::new("msgfocus.com")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from [192.0.2.205] ([192.0.2.205:50387] helo=app.contoso.example)\n\tby m12.prod.contoso.example (envelope-from <a@contoso.example>)\n\t(ecelerity 4.2.38.62368 r(Core:4.2.38.4)) with ESMTP\n\tid 80/0A-02454-4DCB6054; Tue, 12 Sep 2023 09:57:40 -0400",
            r#"Named("momentum")"#,
            "helo=app.contoso.example; ip=192.0.2.205; by=m12.prod.contoso.example; with=ESMTP; id=80/0A-02454-4DCB6054; envelope=a@contoso.example; software=ecelerity 4.2.38.62368 r(Core:4.2.38.4); date=2023-09-12T13:57:40Z",
        );
    }
}
