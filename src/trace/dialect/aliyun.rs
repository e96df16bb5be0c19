//! Alibaba Cloud. `NAME(mailfrom:ADDRESS fp:TOKEN)`, and its own address behind its name.
//!
//! An address in the name's place is the client's HELO literal, printed without its brackets. The
//! address behind `ip:` stands beside words of the client's own, so it counts as bare.

use std::borrow::Cow;

use super::{ClientForm, Dialect, Domain, Order};
use crate::lex;
use crate::trace::received::{Key, Kind, Received};
use crate::trace::{AddressPlace, ClientAddress, Family, Hop};

/// ```text
/// from 192.0.2.88(mailfrom:jane.doe@contoso.example fp:SMTPD_---0VxyOw0I_1685000000)
///           by smtp.aliyun-inc.com(10.147.41.120);
///           Thu, 25 May 2023 15:33:20 +0800
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("aliyun"), order: Order::Unknown, software: &[], hosts: &[Domain::new("aliyun-inc.com"), Domain::new("aliyun.com"), Domain::new("alibaba-inc.com")], matches: None, refine };

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let comments = received
        .clause(Key::From)
        .filter(|piece| piece.kind == Kind::Comment);
    let words = comments.flat_map(|comment| lex::Words(comment.text));
    // The last one: the words before it are the client's.
    let Some(text) = words.filter_map(|word| word.strip_prefix("ip:")).last() else {
        return;
    };
    if let (Some(client), Some(ip)) = (&mut hop.from, lex::parse_ip(text)) {
        client.helo = form.name.map(|(name, _)| Cow::Borrowed(name)).or(client.helo.take());
        client.address = Some(ClientAddress { text: Cow::Borrowed(text), ip: Some(ip), place: AddressPlace::Bare });
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from 192.0.2.88(mailfrom:jane.doe@contoso.example fp:SMTPD_---0VxyOw0I_1685000000)\n          by smtp.aliyun-inc.com(10.147.41.120);\n          Thu, 25 May 2023 15:33:20 +0800",
            r#"Named("aliyun")"#,
            "bare-ip=192.0.2.88; by=smtp.aliyun-inc.com; by-ip=10.147.41.120; envelope=jane.doe@contoso.example; date=2023-05-25T07:33:20Z",
        );
        agrees(
            "from 192.0.2.10(mailfrom:jane.doe@contoso.example ip:203.0.113.66)\n          by smtp.aliyun-inc.com\n          with SMTP;\n          Mon, 02 Jun 2025 17:15:10 +0800",
            r#"Named("aliyun")"#,
            "helo=192.0.2.10; bare-ip=203.0.113.66; by=smtp.aliyun-inc.com; with=SMTP; envelope=jane.doe@contoso.example; date=2025-06-02T09:15:10Z",
        );
    }
}
