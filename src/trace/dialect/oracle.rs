//! Oracle Communications, Sun Java System and iPlanet Messaging Server, and PMDF before them.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from app.contoso.example ([203.0.113.174])
///  by omta.mail.example.net
///  (Oracle Communications Messaging Server 8.1.0.1.20210428 64bit (built Apr 28
///  2021)) with ESMTPS id <0QTK001AIADMHQK@omta.mail.example.net> for
///  recipient@example.net; Sun, 25 Jul 2021 17:35:06 -0700 (PDT)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("oracle"), order: Order::Unknown, software: &["Oracle Communications", "Sun Java", "iPlanet", "PMDF", "Sun Internet", "Netscape Messaging"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app.contoso.example ([203.0.113.174])\n by omta.mail.example.net\n (Oracle Communications Messaging Server 8.1.0.1.20210428 64bit (built Apr 28\n 2021)) with ESMTPS id <0QTK001AIADMHQK@omta.mail.example.net> for\n recipient@example.net; Sun, 25 Jul 2021 17:35:06 -0700 (PDT)",
            r#"Named("oracle")"#,
            "helo=app.contoso.example; ip=203.0.113.174; by=omta.mail.example.net; with=ESMTPS; id=0QTK001AIADMHQK@omta.mail.example.net; for=recipient@example.net; software=Oracle Communications Messaging Server 8.1.0.1.20210428 64bit (built Apr 28 2021); date=2021-07-26T00:35:06Z",
        );
    }
}
