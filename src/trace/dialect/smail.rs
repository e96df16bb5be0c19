//! Smail 3. A second `from` names the socket's address.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::lex;
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from mx6.example.com from [203.0.113.103] by mail5.example.net
///     (/\##/\ Smail3.1.30.16 #30.56) with esmtp for <recipient@example.net> sender: <a@example.com>
///     id <mP/17oq90-002OfmP@mail5.example.net>; Tue, 10 Sep 2002 13:53:50 -0500 (CDT)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("smail"), order: Order::Unknown, software: &["smail"], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    lex::contains(marks.software, "Smail")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mx6.example.com from [203.0.113.103] by mail5.example.net\n\t(/\\##/\\ Smail3.1.30.16 #30.56) with esmtp for <recipient@example.net> sender: <a@example.com>\n\tid <mP/17oq90-002OfmP@mail5.example.net>; Tue, 10 Sep 2002 13:53:50 -0500 (CDT)",
            r#"Named("smail")"#,
            "helo=mx6.example.com; bare-ip=203.0.113.103; by=mail5.example.net; with=esmtp; id=mP/17oq90-002OfmP@mail5.example.net; for=recipient@example.net; software=/\\##/\\ Smail3.1.30.16 #30.56; date=2002-09-10T18:53:50Z",
        );
        agrees(
            "by mail5.example.net (Smail3.1.29.1 #35)\n id m0xy3um-002Oj6C; Fri, 30 Jan 98 01:02 MET",
            r#"Named("smail")"#,
            "by=mail5.example.net; id=m0xy3um-002Oj6C; software=Smail3.1.29.1 #35; date=1998-01-30T00:02:00Z",
        );
    }

    #[test]
    fn a_word_before_the_address_is_no_name() {
        agrees(
            "from mx6.example.com(really [203.0.113.103]) by mail5.example.net\n via sendmail with smtp id <m10mxoK-001kwNC@mail5.example.net>\n for <recipient@example.net>; Thu, 27 May 1999 11:54:52 +0100 (BST)\n (Smail-3.2 1996-Jul-4 #3 built 1998-May-29)",
            "Generic",
            "helo=mx6.example.com; ip=203.0.113.103; by=mail5.example.net; with=smtp; id=m10mxoK-001kwNC@mail5.example.net; for=recipient@example.net; date=1999-05-27T10:54:52Z",
        );
    }
}
