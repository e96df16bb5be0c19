//! Web mail programs: SquirrelMail, Horde, Roundcube, and others that write `with HTTP`. The client is a
//! browser; its address may stand in the name's place.

use super::{ClientForm, Dialect, Marks, Order, address_is_tcp_info};
use crate::trace::received::Received;
use crate::trace::{Family, Hop};

/// ```text
/// from 192.0.2.199 (SquirrelMail authenticated user joe)
///  by webmail.example.net with HTTP;
///  Thu, 23 Sep 2021 14:35:29 -0600 (MDT)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("webmail"), order: Order::AddressFirst, software: &[], hosts: &[], matches: Some(matches), refine };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.with.get(..4).is_some_and(|with| with.eq_ignore_ascii_case("HTTP"))
}

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    // The program's own comment stands beside the browser's address.
    if hop.authenticated_as.is_some() && form.address.is_none() {
        address_is_tcp_info(hop);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from 192.0.2.199 (SquirrelMail authenticated user joe)\n by webmail.example.net with HTTP;\n Thu, 23 Sep 2021 14:35:29 -0600 (MDT)",
            r#"Named("webmail")"#,
            "ip=192.0.2.199; by=webmail.example.net; with=HTTP; auth=joe; date=2021-09-23T20:35:29Z",
        );
        agrees(
            "from host.isp.example (host.isp.example [198.51.100.7])\n by webmail.example.net (Horde Framework) with HTTPS; Thu, 23 Sep 2021 14:35:29 +0000",
            r#"Named("webmail")"#,
            "helo=host.isp.example; rdns=host.isp.example; ip=198.51.100.7; by=webmail.example.net; with=HTTPS; software=Horde Framework; date=2021-09-23T14:35:29Z",
        );
    }
}
