//! Google's servers. The name in the TCP-info ends in the root dot and was confirmed by a forward
//! look-up; without one, the address alone stands there.

use super::client::Shape;
use super::{ClientForm, Dialect, Domain, Marks, Order, confirm};
use crate::trace::received::{Key, Received};
use crate::trace::{Family, Hop};
use std::borrow::Cow;

/// ```text
/// from mail.contoso.example (mail.contoso.example. [203.0.113.187])
///         by mx.google.com with ESMTPS id e13si473474wrg.0.2022.01.11.01.02.12
///         for <recipient@example.net>
///         (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);
///         Tue, 11 Jan 2022 01:02:12 -0800 (PST)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Gmail, order: Order::HeloFirst, software: &[], hosts: &[Domain::new("google.com"), Domain::new("gmail.com"), Domain::new("googlemail.com")], matches: Some(matches), refine };

fn matches(marks: &Marks<'_>, form: &ClientForm<'_>, received: &Received<'_>) -> bool {
    // Between Google's machines: `by 2002:a05:… with SMTP id …`, without a client.
    !form.present
        && marks.with == "SMTP"
        && marks.software.is_empty()
        && received.clause(Key::By).next().is_some_and(|by| by.text.starts_with("2002:"))
}

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    let dotted = form.shape == Shape::NameAndAddress && form.slot.is_some_and(|slot| slot.ends_with('.'));
    let smtp = hop.with.as_deref().is_some_and(|with| with.contains("SMTP"));
    if dotted && smtp && form.infos == 1 && hop.id.is_some() {
        confirm(hop);
    }
    // `from 123456 named unknown by gmailapi.google.com`: a project's number.
    if let Some(client) = &mut hop.from {
        let number = client.helo.as_deref().and_then(|helo| helo.split_once(" named ")).map(|(number, _)| number.to_owned());
        if let (Some(number), Some((first, _))) = (number, form.name) {
            client.helo = Some(if number == first { Cow::Borrowed(first) } else { Cow::Owned(number) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn the_border() {
        agrees(
            "from mail.contoso.example (mail.contoso.example. [203.0.113.187])\n        by mx.google.com with ESMTPS id e13si473474wrg.0.2022.01.11.01.02.12\n        for <recipient@example.net>\n        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n        Tue, 11 Jan 2022 01:02:12 -0800 (PST)",
            "Gmail",
            "helo=mail.contoso.example; verified=mail.contoso.example; ip=203.0.113.187; by=mx.google.com; with=ESMTPS; tls=TLS1_3; cipher=TLS_AES_256_GCM_SHA384; id=e13si473474wrg.0.2022.01.11.01.02.12; for=recipient@example.net; date=2022-01-11T09:02:12Z",
        );
        agrees(
            "from mail.contoso.example ([203.0.113.187])\n by mx.google.com with ESMTPS id e13; Tue, 11 Jan 2022 01:02:12 -0800 (PST)",
            "Gmail",
            "helo=mail.contoso.example; ip=203.0.113.187; by=mx.google.com; with=ESMTPS; id=e13; date=2022-01-11T09:02:12Z",
        );
    }

    #[test]
    fn a_literal_whose_brackets_are_questioned() {
        agrees(
            "from ?IPv6:::ffff:192.168.1.20? (p5b2f1234.isp.example. [203.0.113.77])\n        by smtp.gmail.com with ESMTPSA id h7-v6sm4wrm.1.2023.02.28.07.50.58\n        for <multiple recipients>\n        (version=TLS1_2 cipher=ECDHE-RSA-AES128-GCM-SHA256 bits=128/128);\n        Mon, 27 Feb 2023 23:50:58 -0800 (PST)",
            "Gmail",
            "helo=?IPv6:::ffff:192.168.1.20?; verified=p5b2f1234.isp.example; ip=203.0.113.77; by=smtp.gmail.com; with=ESMTPSA; tls=TLS1_2; cipher=ECDHE-RSA-AES128-GCM-SHA256; id=h7-v6sm4wrm.1.2023.02.28.07.50.58; date=2023-02-28T07:50:58Z",
        );
    }

    #[test]
    fn within_and_by_the_interface() {
        agrees(
            "by 2002:a2e:b008:0:b0:2b6:c873:4214 with SMTP id y8csp83780ljk;\n Fri, 15 Sep 2023 03:03:05 -0700 (PDT)",
            "Gmail",
            "by-ip=2002:a2e:b008:0:b0:2b6:c873:4214; with=SMTP; id=y8csp83780ljk; date=2023-09-15T10:03:05Z",
        );
        agrees(
            "from 384836569573 named unknown by gmailapi.google.com with\n HTTPREST; Wed, 6 Mar 2019 03:39:24 -0500",
            "Gmail",
            "helo=384836569573; by=gmailapi.google.com; with=HTTPREST; date=2019-03-06T08:39:24Z",
        );
    }
}
