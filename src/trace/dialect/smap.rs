//! Firewall mail proxies: smap, csmap, smtpd. `NAME(IP)`, `via` in place of `with`.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::{Key, Received};
use crate::trace::Family;

/// ```text
/// from relay01.contoso.example(192.0.2.3) by gw.example.net via csmap (V6.0)
///     id srcAAAIQaqS0; Mon, 22 Jul 02 16:02:21 +0100
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("smap"), order: Order::Unknown, software: &[], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(_: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    received.clause(Key::Via).next().is_some_and(|piece| matches!(piece.text, "smap" | "csmap" | "smtpd"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from relay01.contoso.example(192.0.2.3) by gw.example.net via csmap (V6.0)\n\tid srcAAAIQaqS0; Mon, 22 Jul 02 16:02:21 +0100",
            r#"Named("smap")"#,
            "helo=relay01.contoso.example; ip=192.0.2.3; by=gw.example.net; id=srcAAAIQaqS0; date=2002-07-22T15:02:21Z",
        );
        agrees(
            "from mail.contoso.example by [198.51.100.146]\n          via smtpd (for mx.example.net [198.51.100.45]) with SMTP; 2 Sep 2002 10:26:06 UT",
            r#"Named("smap")"#,
            "helo=mail.contoso.example; by-ip=198.51.100.146; with=SMTP; date=2002-09-02T10:26:06Z",
        );
    }
}
