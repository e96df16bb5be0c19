//! AOL's old servers: `from user@aol.com`, and a version with underscores.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from joe@example.com
///     by imo-m03.mail.example.com (mail_out_v39.1.) id k.28.2ac3d4c0 (15900);
///     Thu, 8 Aug 2002 07:36:13 -0400 (EDT)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("aol"), order: Order::Unknown, software: &["mail_out_v", "v8", "v9", "MAIL_OUT"], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.lead.starts_with("mail_out")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from joe@example.com\n\tby imo-m03.mail.example.com (mail_out_v39.1.) id k.28.2ac3d4c0 (15900);\n\tThu, 8 Aug 2002 07:36:13 -0400 (EDT)",
            r#"Named("aol")"#,
            "helo=joe@example.com; by=imo-m03.mail.example.com; id=k.28.2ac3d4c0; software=mail_out_v39.1.; date=2002-08-08T11:36:13Z",
        );
    }
}
