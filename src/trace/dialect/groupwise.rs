//! Novell (Micro Focus) GroupWise, NIMS and NetMail.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from GWGC6-MTA by gc6.example.net
///     with Novell_GroupWise; Tue, 30 Nov 2010 10:09:15 -0700
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("groupwise"), order: Order::Unknown, software: &["Novell", "GroupWise"], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.with.starts_with("Novell") || marks.with.starts_with("NetMail")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from GWGC6-MTA by gc6.example.net\n\twith Novell_GroupWise; Tue, 30 Nov 2010 10:09:15 -0700",
            r#"Named("groupwise")"#,
            "helo=GWGC6-MTA; by=gc6.example.net; with=Novell_GroupWise; date=2010-11-30T17:09:15Z",
        );
        agrees(
            "from app01 joe@example.net [203.0.113.21]\n\tby smtp2.example.net with Novell NIMS $Revision: 2.88.1.1 $ on Novell NetWare; Tue, 30 Jul 2002 22:14:57 +0200",
            r#"Named("groupwise")"#,
            "helo=app01; ip=203.0.113.21; by=smtp2.example.net; with=Novell NIMS; date=2002-07-30T20:14:57Z",
        );
    }
}
