//! Postfix. Prints `HELO (NAME [IP])`; NAME is confirmed by a forward look-up, or `unknown`. The
//! HELO is stripped of `<>()\";:@` before it is printed (`smtpd.c`), so it cannot leave its place.

use super::client::Shape;
use super::{ClientForm, Dialect, Marks, Order, confirm};
use crate::trace::received::{Key, Kind, Received};
use crate::trace::{Family, Hop, Intake};

/// ```text
/// from mx.list.example (mx.list.example [203.0.113.19])
///     (using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits))
///     (Authenticated sender: jane.doe@contoso.example)
///     by smtp.list.example (Postfix) with ESMTPSA id 992F91118C
///     for <list@list.example>; Fri, 27 Oct 2023 12:21:23 +0000 (UTC)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Postfix, order: Order::HeloFirst, software: &[], hosts: &[], matches: Some(matches), refine };

/// The mail name is the first comment behind the server's name: `$myhostname ($mail_name)`.
fn mail_name<'x>(received: &Received<'x>) -> Option<&'x str> {
    let mut by = received.clause(Key::By);
    let host = by.next()?;
    let name = by.next()?;
    (host.kind == Kind::Word && name.kind == Kind::Comment).then_some(name.text)
}

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    // mailcow sets `mail_name = Postcow`.
    ["Postfix", "Postcow"].iter().any(|own| {
        marks.software_is(own)
            && mail_name(received).and_then(|name| name.strip_prefix(own)).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with([',', ' ', '/'])
            })
    })
}

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    if form.shape == Shape::NameAndAddress && form.infos == 1 && form.helo.is_none() {
        confirm(hop);
    }
    if hop.software.as_deref().is_some_and(|software| software.contains("from userid")) {
        hop.intake = Intake::Local;
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn smtpd() {
        agrees(
            "from mx.list.example (mx.list.example [203.0.113.19])\n\t(using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits))\n\t(Authenticated sender: jane.doe@contoso.example)\n\tby smtp.list.example (Postfix) with ESMTPSA id 992F91118C\n\tfor <list@list.example>; Fri, 27 Oct 2023 12:21:23 +0000 (UTC)",
            "Postfix",
            "helo=mx.list.example; verified=mx.list.example; ip=203.0.113.19; by=smtp.list.example; with=ESMTPSA; tls=TLSv1.2; cipher=ECDHE-RSA-AES256-GCM-SHA384; id=992F91118C; for=list@list.example; auth=jane.doe@contoso.example; software=Postfix; date=2023-10-27T12:21:23Z",
        );
    }

    #[test]
    fn the_address_is_never_the_one_in_the_helo() {
        agrees(
            "from [192.0.2.1] (unknown [203.0.113.66])\n\tby mx.example.net (Postfix) with ESMTP id 4Q;\n\tFri, 27 Oct 2023 12:21:23 +0000 (UTC)",
            "Postfix",
            "helo=[192.0.2.1]; ip=203.0.113.66; by=mx.example.net; with=ESMTP; id=4Q; software=Postfix; date=2023-10-27T12:21:23Z",
        );
    }

    #[test]
    fn pickup_and_other_forms() {
        agrees(
            "by client-host (Postfix, from userid 1000)\n id 824A8520261; Tue,  2 Jan 2024 19:02:09 -0900 (AKST)",
            "Postfix",
            "by=client-host; id=824A8520261; software=Postfix, from userid 1000; intake=local; date=2024-01-03T04:02:09Z",
        );
        agrees(
            "from mx.example.net (mx.example.net [IPv6:2001:db8::1])\n\tby in.example.org (Postfix) with ESMTPS id 1 for <a@example.org>;\n\tTue,  2 Jan 2024 19:02:09 +0000 (UTC) (envelope-from b@example.net)",
            "Postfix",
            "helo=mx.example.net; verified=mx.example.net; ip=2001:db8::1; by=in.example.org; with=ESMTPS; id=1; for=a@example.org; envelope=b@example.net; software=Postfix; date=2024-01-02T19:02:09Z",
        );
    }

    #[test]
    fn an_impossible_address_is_kept_as_written() {
        agrees(
            "from sender-id.example.com (sender-id.example.com [11.22.333.44])\n    by in31.mail.ovh.net (Postfix) with ESMTPS id 4P\n    for <john.smith@guides.ovh>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)",
            "Postfix",
            "helo=sender-id.example.com; verified=sender-id.example.com; no-ip=11.22.333.44; by=in31.mail.ovh.net; with=ESMTPS; id=4P; for=john.smith@guides.ovh; software=Postfix; date=2023-02-28T07:51:01Z",
        );
    }

    #[test]
    fn a_helo_cannot_pass_for_the_server() {
        for forged in [
            "from evil (relay.example.com [192.0.2.1]) by mx (Postfix) with ESMTP id 1 (real.example [203.0.113.9]) by mx.example.net (Unknown) with SMTP id 2; Tue, 2 Jan 2024 19:02:09 +0000",
            "from evil (relay.example.com [192.0.2.1]) by mx (Postfix) with ESMTP id 1; Tue, 2 Jan 2024 19:02:09 +0000 (real.example [203.0.113.9]) by mx.example.net (Unknown) with SMTP id 2; Tue, 2 Jan 2024 19:02:09 +0000",
            "from x (Postfix) (relay.example.com [192.0.2.1]) by mx.example.net with SMTP; Tue, 2 Jan 2024 19:02:09 +0000",
            "from \"x (relay.example.com [192.0.2.1]) by mx (Unknown) with SMTP id 1 for <\"y\"@example.net>; Tue, 2 Jan 2024 19:02:09 +0000",
        ] {
            let hop = super::super::read(forged);
            assert!(!hop.from.is_some_and(|client| client.reverse_dns_verified), "in {forged}");
        }
    }
}
