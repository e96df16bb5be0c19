//! Brevo, formerly Sendinblue. No client; the id is a UUID, the date JavaScript's or with the month's
//! whole name.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// by smtp-relay.smtp.example.com with ESMTP id 12185513-794a-4762-b3ee-a4044d30975e; Tue Feb 28 2023 07:51:00 GMT+0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("brevo"), order: Order::Unknown, software: &[], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, form: &ClientForm<'_>, _: &Received<'_>) -> bool {
    !form.present && marks.with == "ESMTP" && marks.software.is_empty() && marks.host.starts_with("smtp-relay.") && marks.id.len() == 36
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "by smtp-relay.smtp.example.com with ESMTP id 12185513-794a-4762-b3ee-a4044d30975e; Tue Feb 28 2023 07:51:00 GMT+0000",
            r#"Named("brevo")"#,
            "by=smtp-relay.smtp.example.com; with=ESMTP; id=12185513-794a-4762-b3ee-a4044d30975e; date=2023-02-28T07:51:00Z",
        );
        agrees(
            "by smtp-relay.sendinblue.com with ESMTP id 6bcbd017-968e-4ac8-a56b-164b163c76d4;\n Wed, 03 January 2024 04:02:11 +0000 (UTC)",
            r#"Named("brevo")"#,
            "by=smtp-relay.sendinblue.com; with=ESMTP; id=6bcbd017-968e-4ac8-a56b-164b163c76d4; date=2024-01-03T04:02:11Z",
        );
    }
}
