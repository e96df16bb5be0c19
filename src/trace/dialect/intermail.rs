//! Openwave InterMail, Critical Path and Post.Office.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from spinnaker ([203.0.113.6])
///           by fe01.example.net
///           (InterMail vM.8.01.05.02 201-2260-151-103-20110920) with ESMTP
///           id <20020919180238.RUXM977.fe01@spinnaker>; Thu, 19 Sep 2002 14:02:38 -0400
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("intermail"), order: Order::Unknown, software: &["InterMail", "Post.Office", "Email Mx"], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.software.get(..3).is_some_and(|v| matches!(v, "6.0" | "6.7" | "7.0" | "7.2" | "7.3" | "8.0" | "8.5" | "9.0"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from spinnaker ([203.0.113.6])\n          by fe01.example.net\n          (InterMail vM.8.01.05.02 201-2260-151-103-20110920) with ESMTP\n          id <20020919180238.RUXM977.fe01@spinnaker>; Thu, 19 Sep 2002 14:02:38 -0400",
            r#"Named("intermail")"#,
            "helo=spinnaker; ip=203.0.113.6; by=fe01.example.net; with=ESMTP; id=20020919180238.RUXM977.fe01@spinnaker; software=InterMail vM.8.01.05.02 201-2260-151-103-20110920; date=2002-09-19T18:02:38Z",
        );
    }
}
