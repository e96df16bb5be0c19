//! FortiMail.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (mail.contoso.example [203.0.113.8])
///     by fortimail.example.net  with ESMTP id 3A5C1f2X012345-3A5C1f2Z012345
///     (version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NO)
///     for <recipient@example.net>; Wed, 15 Jan 2025 12:01:40 +0100
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("fortimail"), order: Order::HeloFirst, software: &["FortiMail"], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.host.starts_with("fml") || marks.host.starts_with("fortimail")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (mail.contoso.example [203.0.113.8])\n\tby fortimail.example.net  with ESMTP id 3A5C1f2X012345-3A5C1f2Z012345\n\t(version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NO)\n\tfor <recipient@example.net>; Wed, 15 Jan 2025 12:01:40 +0100",
            r#"Named("fortimail")"#,
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.8; by=fortimail.example.net; with=ESMTP; tls=TLSv1.2; cipher=ECDHE-RSA-AES256-GCM-SHA384; id=3A5C1f2X012345-3A5C1f2Z012345; for=recipient@example.net; date=2025-01-15T11:01:40Z",
        );
    }
}
