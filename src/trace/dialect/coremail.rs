//! Coremail (NetEase and many others in China).
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from app.contoso.example (unknown [203.0.113.4])
///     by smtp1 (Coremail) with SMTP id C8CowABnH8Zk3ZJl0WvFAA--.1234S2;
///     Mon, 01 Jan 2024 23:40:12 +0800 (CST)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("coremail"), order: Order::HeloFirst, software: &["Coremail", "AIMC "], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app.contoso.example (unknown [203.0.113.4])\n\tby smtp1 (Coremail) with SMTP id C8CowABnH8Zk3ZJl0WvFAA--.1234S2;\n\tMon, 01 Jan 2024 23:40:12 +0800 (CST)",
            r#"Named("coremail")"#,
            "helo=app.contoso.example; ip=203.0.113.4; by=smtp1; with=SMTP; id=C8CowABnH8Zk3ZJl0WvFAA--.1234S2; software=Coremail; date=2024-01-01T15:40:12Z",
        );
        agrees(
            "from joe$example.net ( [203.0.113.4] ) by\n ajax-webmail-wmsvr1 (Coremail) ; Mon, 1 Jan 2024 23:40:12 +0800 (GMT+08:00)",
            r#"Named("coremail")"#,
            "helo=joe$example.net; ip=203.0.113.4; by=ajax-webmail-wmsvr1; software=Coremail; date=2024-01-01T15:40:12Z",
        );
    }
}
