//! qmail, netqmail, qmail-ldap, qpsmtpd-less descendants and OVHcloud's. `NAME (HELO x) (IP)`, and
//! only `NAME (IP)` where both agree; NAME is what tcpserver found, confirmed or not. The date has
//! no weekday. Local deliveries are told by a comment in place of all clauses.

use super::client::Shape;
use super::{ClientForm, Dialect, Marks, Order, address_is_tcp_info};
use crate::trace::received::{Key, Received};
use crate::trace::{Family, Hop};
use std::borrow::Cow;

/// ```text
/// from unknown (HELO output28.mail.ovh.net) (192.168.11.93)
///     by 192.168.1.2 with AES256-GCM-SHA384 encrypted SMTP; 28 Feb 2023 09:51:02 +0200
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Qmail, order: Order::Unknown, software: &[], hosts: &[], matches: Some(matches), refine };

fn matches(marks: &Marks<'_>, form: &ClientForm<'_>, received: &Received<'_>) -> bool {
    marks.lead.starts_with("qmail ")
        || marks.software_is("qmail")
        || (form.present
            && received.has(Key::By)
            && received.date.date.is_some()
            && !received.date.weekday
            && (marks.software.is_empty() || marks.software_is("qp "))
            && marks.id.is_empty()
            && (form.helo.is_some() || form.shape == Shape::Plain)
            && !marks.with.contains('/')
            && !received.clause(Key::With).any(|piece| piece.text.contains('/')))
}

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    if form.name_address.is_some() && form.address.is_none() && form.helo.is_some() {
        address_is_tcp_info(hop);
    }
    // HELO and reverse DNS at once.
    if let (Some(client), None, true) = (&mut hop.from, form.helo, form.address.is_some()) {
        client.reverse_dns = form.plain_name().or(form.looked_up()).map(Cow::Borrowed);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn from_the_network() {
        agrees(
            "from unknown (HELO output28.mail.ovh.net) (192.168.11.93)\n    by 192.168.1.2 with AES256-GCM-SHA384 encrypted SMTP; 28 Feb 2023 09:51:02 +0200",
            "Qmail",
            "helo=output28.mail.ovh.net; ip=192.168.11.93; by-ip=192.168.1.2; with=SMTP; cipher=AES256-GCM-SHA384; date=2023-02-28T07:51:02Z",
        );
        agrees(
            "from localhost (HELO queue) (127.0.0.1)\n    by localhost with SMTP; 28 Feb 2023 09:51:02 +0200",
            "Qmail",
            "helo=queue; rdns=localhost; ip=127.0.0.1; by=localhost; with=SMTP; date=2023-02-28T07:51:02Z",
        );
        agrees(
            "from mail.contoso.example (203.0.113.9)\n  by mx.example.net with (ECDHE-RSA-AES256-GCM-SHA384 encrypted) SMTP; 28 Feb 2023 09:51:02 -0000",
            "Qmail",
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.9; by=mx.example.net; with=SMTP; cipher=ECDHE-RSA-AES256-GCM-SHA384; date=2023-02-28T09:51:02Z",
        );
        // A HELO that is an address, in a place where no address belongs: either may be the socket's.
        agrees(
            "from unknown (HELO ?192.168.23.32?) (joe@203.0.113.9)\n  by mx.example.net (qp 87263) with SMTP; 28 Feb 2023 09:51:02 -0000",
            "Qmail",
            "helo=?192.168.23.32?; bare-ip=203.0.113.9; by=mx.example.net; with=SMTP; software=qp 87263; date=2023-02-28T09:51:02Z",
        );
    }

    #[test]
    fn comments_name_no_host() {
        agrees("(qmail 47739 invoked by uid 1001);\n 28 Feb 2023 09:51:02 -0000", "Qmail", "intake=local; date=2023-02-28T09:51:02Z");
        agrees("(qmail 21503 invoked from network);\n 28 Feb 2023 09:51:02 -0000", "Qmail", "date=2023-02-28T09:51:02Z");
        agrees(
            "(qmail 1 messnum 2 invoked from network[203.0.113.9/host.isp.example]);\n 28 Feb 2023 09:51:02 -0000",
            "Qmail",
            "rdns=host.isp.example; ip=203.0.113.9; date=2023-02-28T09:51:02Z",
        );
    }

    #[test]
    fn qmail_ldap() {
        agrees(
            "from unknown (HELO [192.0.2.1]) ([203.0.113.9]) (envelope-sender <a@example.com>)\n          by 198.51.100.2 (qmail-ldap-1.03) with SMTP\n          for <b@example.net>; 28 Feb 2023 09:51:02 -0000",
            "Qmail",
            "helo=[192.0.2.1]; bare-ip=203.0.113.9; by-ip=198.51.100.2; with=SMTP; for=b@example.net; envelope=a@example.com; software=qmail-ldap-1.03; date=2023-02-28T09:51:02Z",
        );
    }
}
