//! LMTP into a mail store: Dovecot, Cyrus, Zimbra, Stalwart's and others' delivery within one system.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from mx.example.net
///     by store.example.net with LMTP
///     id PyuMEbLBfWSyAg8AJNpUsQ
///     (envelope-from <jane.doe@contoso.example>)
///     for <recipient@example.net>; Mon, 05 Jun 2023 11:06:26 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("lmtp"), order: Order::Unknown, software: &["Cyrus"], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.with.get(..4).is_some_and(|with| with.eq_ignore_ascii_case("LMTP"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mx.example.net\n\tby store.example.net with LMTP\n\tid PyuMEbLBfWSyAg8AJNpUsQ\n\t(envelope-from <jane.doe@contoso.example>)\n\tfor <recipient@example.net>; Mon, 05 Jun 2023 11:06:26 +0000",
            r#"Named("lmtp")"#,
            "helo=mx.example.net; by=store.example.net; with=LMTP; id=PyuMEbLBfWSyAg8AJNpUsQ; for=recipient@example.net; envelope=jane.doe@contoso.example; date=2023-06-05T11:06:26Z",
        );
        agrees(
            "from compute5.internal (compute5.nyi.internal [10.202.2.45])\n\t by sloti7d1t02 (Cyrus 3.9.0-alpha0-552) with LMTPA;\n\t Mon, 05 Jun 2023 07:06:26 -0400",
            r#"Named("lmtp")"#,
            "helo=compute5.internal; rdns=compute5.nyi.internal; ip=10.202.2.45; by=sloti7d1t02; with=LMTPA; software=Cyrus 3.9.0-alpha0-552; date=2023-06-05T11:06:26Z",
        );
        agrees(
            "from mail.example.net (LHLO mail.example.net) (10.2.2.20) by\n mail.example.net with LMTP; Thu, 18 Jun 2015 16:50:56 -0700 (PDT)",
            r#"Named("lmtp")"#,
            "helo=mail.example.net; rdns=mail.example.net; ip=10.2.2.20; by=mail.example.net; with=LMTP; date=2015-06-18T23:50:56Z",
        );
    }
}
