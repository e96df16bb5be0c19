//! Zoho Mail. Puts the address into the name's place where it found no name.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from app.contoso.example (203.0.113.4 [203.0.113.4]) by mx.zohomail.com
///     with SMTPS id 1610000000123456.78; Thu, 7 Jan 2021 05:13:20 -0800 (PST)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("zoho"), matches, refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.host_in("zohomail.com") || marks.host_in("zoho.com") || marks.host_in("zoho.eu") || marks.host_in("zohomail.eu") || marks.host_in("zoho.in")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app.contoso.example (203.0.113.4 [203.0.113.4]) by mx.zohomail.com\n\twith SMTPS id 1610000000123456.78; Thu, 7 Jan 2021 05:13:20 -0800 (PST)",
            r#"Named("zoho")"#,
            "helo=app.contoso.example; ip=203.0.113.4; by=mx.zohomail.com; with=SMTPS; id=1610000000123456.78; date=2021-01-07T13:13:20Z",
        );
    }
}
