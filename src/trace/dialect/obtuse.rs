//! Obtuse smtpd, a store-and-forward firewall proxy. `NAME(IP), claiming to be "HELO" via SMTP by
//! HOST, id smtpdXXX`: NAME is what it looked up, and the claim is left out where it is the same.
//!
//! Nothing in the form tells that a name was confirmed; and as `via` stands before `by`, where a
//! HELO may have put it, the address counts as bare. Its dates have no zone.

use super::{ClientForm, Dialect, Marks, Order};
use crate::trace::received::{Key, Received};
use crate::trace::{Family, Hop};
use std::borrow::Cow;

/// ```text
/// from host.isp.example(203.0.113.27), claiming to be "mail.contoso.example"
///  via SMTP by gw.example.net, id smtpd1PBsZT; Sun Nov 13 15:38:52 2005
/// ```
pub(super) const DIALECT: Dialect = Dialect {
    family: Family::Named("obtuse"),
order: Order::Unknown,
    software: &[],
    hosts: &[],
    matches: Some(matches),
    refine,
};

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    marks.id.starts_with("smtpd")
        && received
            .clause(Key::Via)
            .next()
            .is_some_and(|piece| piece.text == "SMTP")
}

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let Some(client) = &mut hop.from else { return };
    if client.address.is_none() {
        return;
    }
    client.reverse_dns = form.plain_name().map(Cow::Borrowed);
    let mut words = received
        .clause(Key::From)
        .map(|piece| piece.text)
        .skip_while(|word| *word != "claiming");
    if let (Some(_), Some("to"), Some("be"), Some(claim)) =
        (words.next(), words.next(), words.next(), words.next())
    {
        client.helo = Some(Cow::Borrowed(claim.trim_matches('"')));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from host.isp.example(203.0.113.27), claiming to be \"mail.contoso.example\"\n via SMTP by gw.example.net, id smtpd1PBsZT; Sun Nov 13 15:38:52 2005",
            r#"Named("obtuse")"#,
            "helo=mail.contoso.example; rdns=host.isp.example; bare-ip=203.0.113.27; by=gw.example.net; id=smtpd1PBsZT",
        );
        agrees(
            "from host.isp.example(203.0.113.27)\n via SMTP by gw.example.net, id smtpdEDUB8h; Sun Nov 13 14:50:12 2005",
            r#"Named("obtuse")"#,
            "helo=host.isp.example; rdns=host.isp.example; bare-ip=203.0.113.27; by=gw.example.net; id=smtpdEDUB8h",
        );
    }
}
