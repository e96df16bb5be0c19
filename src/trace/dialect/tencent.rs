//! Tencent (QQ Mail, exmail).
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from app.contoso.example (unknown [203.0.113.4])
///     by newxmesmtplogicsvrszc2.qq.com (NewEsmtp) with SMTP
///     id 2F9A1B3C; Mon, 01 Jan 2024 23:40:12 +0800
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("tencent"), order: Order::HeloFirst, software: &["NewEsmtp", "ESMTP)"], hosts: &[Domain::new("qq.com"), Domain::new("tencent.com")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app.contoso.example (unknown [203.0.113.4])\n\tby newxmesmtplogicsvrszc2.qq.com (NewEsmtp) with SMTP\n\tid 2F9A1B3C; Mon, 01 Jan 2024 23:40:12 +0800",
            r#"Named("tencent")"#,
            "helo=app.contoso.example; ip=203.0.113.4; by=newxmesmtplogicsvrszc2.qq.com; with=SMTP; id=2F9A1B3C; software=NewEsmtp; date=2024-01-01T15:40:12Z",
        );
    }
}
