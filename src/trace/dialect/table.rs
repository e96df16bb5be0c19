//! The table of server families: how each shows itself, what its form means, and samples with their
//! expected reading, which are its tests. Within a row any mark is enough; the first row wins, the
//! commonest stand first.
//!
//! Unless its row says more, nothing in a family's form tells that a name was confirmed.

use super::client::ClientForm;
use super::{
    Marks, aliyun, brevo, chasquid, cisco, communigate, courier, exchange, exim, gmail, haraka,
    indimail, kumomta, kundenserver, mailgun, mailmarshal, messagelabs, obtuse, opensmtpd, postfix,
    powermta, qmail, rare, retrieval, sendmail, smail, webmail, xmail, yahoo, zmailer,
};
use crate::trace::received::{Piece, Received};
use crate::trace::{AddressPlace, Family, Hop, Intake};

/// One family of servers.
pub(super) struct Dialect {
    pub(super) family: Family,
    /// What the software's comment begins with.
    software: &'static [&'static str],
    /// The domains its servers' names lie in.
    hosts: &'static [&'static str],
    /// What its servers' names begin with.
    host_starts: &'static [&'static str],
    /// What the protocol begins with (`with`); in any case.
    protocols: &'static [&'static str],
    /// What the link begins with (`via`).
    links: &'static [&'static str],
    /// What the comment in place of all clauses begins with.
    leads: &'static [&'static str],
    /// Whether the field has this family's form in another way.
    knows: Option<fn(&Marks<'_>, &ClientForm<'_>, &Received<'_>) -> bool>,
    pub(super) order: Order,
    /// What an address in the name's place, with no TCP-info beside it, is.
    pub(super) alone: AddressPlace,
    pub(super) names: Names,
    /// How its servers come by a message.
    pub(super) intake: Intake,
    /// Whether a `;` before the first `by` ends nothing, by the pieces before it and the text
    /// behind it.
    slip: Option<fn(&[Piece<'_>], &str) -> bool>,
    /// What else its form means.
    pub(super) refine: Option<for<'x> fn(&mut Hop<'x>, &ClientForm<'x>, &Received<'x>)>,
    #[cfg_attr(not(test), expect(dead_code, reason = "samples are tests"))]
    samples: Samples,
}

/// What a family prints first in its client's part; hence what an address there is, where another
/// stands beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The HELO, and the TCP-info right behind it.
    HeloFirst,
    /// The socket's address, or a name looked up for it; what the client said stands behind it.
    AddressFirst,
    /// The name that was looked up, or not known to us.
    Unknown,
}

/// What a family prints of the name that it looked up for a client.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// It prints one where it found one.
    LookedUp,
    /// As a rule none, so that none in its place says nothing.
    Seldom,
    /// None ever: what stands before the address is the HELO.
    Never,
    /// The one that stands alone in the only TCP-info, `HELO (NAME [IP])`, was confirmed by a
    /// forward look-up.
    Confirmed,
}

/// Fields, folded as they stand in a mail, each with what is read in them; outside tests nothing is
/// kept of them.
struct Samples(#[cfg(test)] &'static [(&'static str, &'static str)]);

const fn samples(samples: &'static [(&'static str, &'static str)]) -> Samples {
    #[cfg(not(test))]
    let _ = samples;
    Samples(
        #[cfg(test)]
        samples,
    )
}

impl Dialect {
    /// Whether a field is of this family.
    pub(super) fn knows(
        &self,
        marks: &Marks<'_>,
        form: &ClientForm<'_>,
        received: &Received<'_>,
    ) -> bool {
        begins(marks.software, self.software)
            || self.hosts.iter().any(|domain| marks.host_in(domain))
            || begins(marks.host, self.host_starts)
            || self.protocols.iter().any(|protocol| {
                let start = marks.with.as_bytes().get(..protocol.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(protocol.as_bytes()))
            })
            || begins(marks.via, self.links)
            || begins(marks.lead, self.leads)
            || self.knows.is_some_and(|knows| knows(marks, form, received))
    }
}

/// Whether a `;` before the first `by` ends nothing at one of the families.
pub(super) fn is_slip(before: &[Piece<'_>], behind: &str) -> bool {
    let mut slips = TABLE.iter().filter_map(|dialect| dialect.slip);
    slips.any(|slip| slip(before, behind))
}

/// Whether `text` begins with one of `starts`; most differ in the first letter.
fn begins(text: &str, starts: &[&str]) -> bool {
    let first = text.as_bytes().first();
    first.is_some()
        && starts
            .iter()
            .any(|start| start.as_bytes().first() == first && text.starts_with(start))
}

/// The reading by the grammar alone says all.
const PLAIN: Dialect = Dialect {
    family: Family::Generic,
    software: &[],
    hosts: &[],
    host_starts: &[],
    protocols: &[],
    links: &[],
    leads: &[],
    knows: None,
    order: Order::Unknown,
    alone: AddressPlace::Bare,
    names: Names::LookedUp,
    intake: Intake::Client,
    slip: None,
    refine: None,
    samples: samples(&[]),
};

/// The families.
pub(super) static TABLE: &[Dialect] = &[
    // Microsoft Exchange transport, and SMTPSVC of Windows Server. Mailbox servers write `with
    // mapi`; Exchange Online's delivery writes `with HTTPS`.
    Dialect {
        family: Family::Exchange,
        knows: Some(exchange::knows),
        order: Order::HeloFirst,
        names: Names::Never,
        refine: Some(exchange::refine),
        samples: samples(&[
            (
                "from mail.contoso.example (203.0.113.75) by
    PA1PEPF000CC3F9.mail.protection.outlook.com (10.167.242.4) with Microsoft
    SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id
    15.20.9542.4 via Frontend Transport; Sat, 17 Jan 2026 16:02:20 +0000",
                "helo=mail.contoso.example; ip=203.0.113.75; \
                 by=PA1PEPF000CC3F9.mail.protection.outlook.com; by-ip=10.167.242.4; \
                 with=Microsoft SMTP Server; tls=TLS1_2; \
                 cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; id=15.20.9542.4; \
                 software=Microsoft SMTP Server; date=2026-01-17T16:02:20Z",
            ),
            (
                "from EX1.contoso.example ([fe80::1:2])
    by EX1.contoso.example ([fe80::1:2%6]) with mapi id
    15.01.2507.037; Fri, 15 Mar 2024 12:22:31 +0100",
                "helo=EX1.contoso.example; ip=fe80::1:2; by=EX1.contoso.example; \
                 by-ip=fe80::1:2%6; with=mapi; id=15.01.2507.037; intake=local; \
                 date=2024-03-15T11:22:31Z",
            ),
            (
                "from EX1.contoso.example ([fe80::1:2])
    by EX1.contoso.example ([fe80::1:2%6]) with mapi id ;
    Fri, 15 Mar 2024 12:22:31 +0100",
                "helo=EX1.contoso.example; ip=fe80::1:2; by=EX1.contoso.example; \
                 by-ip=fe80::1:2%6; with=mapi; intake=local; date=2024-03-15T11:22:31Z",
            ),
            (
                "from LV3PR10MB8129.namprd10.prod.outlook.com (::1) by
    MW4PR10MB5749.namprd10.prod.outlook.com with HTTPS; Thu, 1 Jan 2026 09:51:08
    +0000",
                "helo=LV3PR10MB8129.namprd10.prod.outlook.com; ip=::1; \
                 by=MW4PR10MB5749.namprd10.prod.outlook.com; with=HTTPS; \
                 date=2026-01-01T09:51:08Z",
            ),
            (
                "from app01 ([192.0.2.9] RDNS failed) by web.contoso.example
    over TLS secured channel with Microsoft SMTPSVC(8.5.9600.16384);
    Mon, 6 May 2024 08:00:00 +0200",
                "helo=app01; ip=192.0.2.9; by=web.contoso.example; with=Microsoft SMTPSVC; \
                 tls-seen=yes; software=8.5.9600.16384; date=2024-05-06T06:00:00Z",
            ),
            (
                "from mail pickup service by web.contoso.example with
    Microsoft SMTPSVC; Mon, 6 May 2024 08:00:00 +0200",
                "helo=mail pickup service; by=web.contoso.example; with=Microsoft SMTPSVC; \
                 software=Microsoft SMTP Server; intake=local; date=2024-05-06T06:00:00Z",
            ),
            (
                "from out.fabrikam.example (192.0.2.user@spot) by
    mx.contoso.example (10.0.0.1) with Microsoft SMTP Server id 15.20.1.2;
    Thu, 1 Jan 2026 09:51:08 +0000",
                "helo=out.fabrikam.example; no-ip=192.0.2.user@spot; by=mx.contoso.example; \
                 by-ip=10.0.0.1; with=Microsoft SMTP Server; id=15.20.1.2; \
                 software=Microsoft SMTP Server; date=2026-01-01T09:51:08Z",
            ),
            (
                "from a.example.com (192.0.2.184) by ex1.example.net (192.0.2.11)
    with Microsoft SMTP Server (TLS) id 15.0.1497.23; Wed, 27 Mar 2024 19:01:55 +0800",
                "helo=a.example.com; ip=192.0.2.184; by=ex1.example.net; by-ip=192.0.2.11; \
                 with=Microsoft SMTP Server; tls-seen=yes; id=15.0.1497.23; \
                 software=Microsoft SMTP Server; date=2024-03-27T11:01:55Z",
            ),
            (
                "from a.example.com ([192.0.2.116]) by mc2.example.net over TLS secured channel
    with Microsoft SMTPSVC(7.5.7601.22712); Fri, 21 Nov 2014 14:17:54 -0800",
                "helo=a.example.com; ip=192.0.2.116; by=mc2.example.net; with=Microsoft SMTPSVC; \
                 tls-seen=yes; software=7.5.7601.22712; date=2014-11-21T22:17:54Z",
            ),
            (
                "from EX01.example.com ([fe80::d943:55cc:ec54:4033]) by EX01.example.com
    ([fe80::d943:55cc:ec54:4033%9]]) with mapi id 15.20.7091.028;
    Tue, 28 Feb 2023 07:50:58 +0000",
                "helo=EX01.example.com; ip=fe80::d943:55cc:ec54:4033; by=EX01.example.com; \
                 by-ip=fe80::d943:55cc:ec54:4033%9; with=mapi; id=15.20.7091.028; intake=local; \
                 date=2023-02-28T07:50:58Z",
            ),
        ]),
        ..PLAIN
    },
    // Google's servers. The name in the TCP-info ends in the root dot and was confirmed by a
    // forward look-up; without one, the address alone stands there.
    Dialect {
        family: Family::Gmail,
        hosts: &["google.com", "gmail.com", "googlemail.com"],
        knows: Some(gmail::knows),
        order: Order::HeloFirst,
        refine: Some(gmail::refine),
        samples: samples(&[
            (
                "from mail.contoso.example (mail.contoso.example. [203.0.113.187])
    by mx.google.com with ESMTPS id e13si473474wrg.0.2022.01.11.01.02.12
    for <recipient@example.net>
    (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);
    Tue, 11 Jan 2022 01:02:12 -0800 (PST)",
                "helo=mail.contoso.example; verified=mail.contoso.example; ip=203.0.113.187; \
                 by=mx.google.com; with=ESMTPS; tls=TLS1_3; cipher=TLS_AES_256_GCM_SHA384; \
                 id=e13si473474wrg.0.2022.01.11.01.02.12; for=recipient@example.net; \
                 date=2022-01-11T09:02:12Z",
            ),
            (
                "from mail.contoso.example ([203.0.113.187])
    by mx.google.com with ESMTPS id e13; Tue, 11 Jan 2022 01:02:12 -0800 (PST)",
                "helo=mail.contoso.example; ip=203.0.113.187; by=mx.google.com; with=ESMTPS; \
                 id=e13; date=2022-01-11T09:02:12Z",
            ),
            // The brackets of a literal are questioned.
            (
                "from ?IPv6:::ffff:192.168.1.20? (p5b2f1234.isp.example. [203.0.113.77])
    by smtp.gmail.com with ESMTPSA id h7-v6sm4wrm.1.2023.02.28.07.50.58
    for <multiple recipients>
    (version=TLS1_2 cipher=ECDHE-RSA-AES128-GCM-SHA256 bits=128/128);
    Mon, 27 Feb 2023 23:50:58 -0800 (PST)",
                "helo=?IPv6:::ffff:192.168.1.20?; verified=p5b2f1234.isp.example; \
                 ip=203.0.113.77; by=smtp.gmail.com; with=ESMTPSA; tls=TLS1_2; \
                 cipher=ECDHE-RSA-AES128-GCM-SHA256; id=h7-v6sm4wrm.1.2023.02.28.07.50.58; \
                 date=2023-02-28T07:50:58Z",
            ),
            (
                "by 2002:a2e:b008:0:b0:2b6:c873:4214 with SMTP id y8csp83780ljk;
    Fri, 15 Sep 2023 03:03:05 -0700 (PDT)",
                "by-ip=2002:a2e:b008:0:b0:2b6:c873:4214; with=SMTP; id=y8csp83780ljk; \
                 date=2023-09-15T10:03:05Z",
            ),
            (
                "from 384836569573 named unknown by gmailapi.google.com with
    HTTPREST; Wed, 6 Mar 2019 03:39:24 -0500",
                "helo=384836569573; by=gmailapi.google.com; with=HTTPREST; \
                 date=2019-03-06T08:39:24Z",
            ),
        ]),
        ..PLAIN
    },
    // Postfix. NAME of `HELO (NAME [IP])` is confirmed by a forward look-up, or `unknown`. The
    // HELO is stripped of `<>()\";:@` before it is printed (`smtpd.c`), so it cannot leave its
    // place.
    Dialect {
        family: Family::Postfix,
        knows: Some(postfix::knows),
        order: Order::HeloFirst,
        names: Names::Confirmed,
        refine: Some(postfix::refine),
        samples: samples(&[
            (
                "from mail.example.com (mail.example.com [192.0.2.9]) by mx.example.net
    (Postcow) with ESMTPS id 0666DAAAF00 for <b@example.net>; Fri, 20 Jun 2025 15:55:42 +0000",
                "helo=mail.example.com; verified=mail.example.com; ip=192.0.2.9; \
                 by=mx.example.net; with=ESMTPS; id=0666DAAAF00; for=b@example.net; \
                 software=Postcow; date=2025-06-20T15:55:42Z",
            ),
            (
                "from mx.list.example (mx.list.example [203.0.113.19])
    (using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits))
    (Authenticated sender: jane.doe@contoso.example)
    by smtp.list.example (Postfix) with ESMTPSA id 992F91118C
    for <list@list.example>; Fri, 27 Oct 2023 12:21:23 +0000 (UTC)",
                "helo=mx.list.example; verified=mx.list.example; ip=203.0.113.19; \
                 by=smtp.list.example; with=ESMTPSA; tls=TLSv1.2; \
                 cipher=ECDHE-RSA-AES256-GCM-SHA384; id=992F91118C; for=list@list.example; \
                 auth=jane.doe@contoso.example; software=Postfix; date=2023-10-27T12:21:23Z",
            ),
            (
                "from [192.0.2.1] (unknown [203.0.113.66])
    by mx.example.net (Postfix) with ESMTP id 4Q;
    Fri, 27 Oct 2023 12:21:23 +0000 (UTC)",
                "helo=[192.0.2.1]; ip=203.0.113.66; by=mx.example.net; with=ESMTP; id=4Q; \
                 software=Postfix; date=2023-10-27T12:21:23Z",
            ),
            (
                "by client-host (Postfix, from userid 1000)
    id 824A8520261; Tue,  2 Jan 2024 19:02:09 -0900 (AKST)",
                "by=client-host; id=824A8520261; software=Postfix, from userid 1000; \
                 intake=local; date=2024-01-03T04:02:09Z",
            ),
            (
                "from mx.example.net (mx.example.net [IPv6:2001:db8::1])
    by in.example.org (Postfix) with ESMTPS id 1 for <a@example.org>;
    Tue,  2 Jan 2024 19:02:09 +0000 (UTC) (envelope-from b@example.net)",
                "helo=mx.example.net; verified=mx.example.net; ip=2001:db8::1; \
                 by=in.example.org; with=ESMTPS; id=1; for=a@example.org; \
                 envelope=b@example.net; software=Postfix; date=2024-01-02T19:02:09Z",
            ),
            (
                "from sender-id.example.com (sender-id.example.com [11.22.333.44])
    by in31.mail.ovh.net (Postfix) with ESMTPS id 4P
    for <john.smith@guides.ovh>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)",
                "helo=sender-id.example.com; verified=sender-id.example.com; no-ip=11.22.333.44; \
                 by=in31.mail.ovh.net; with=ESMTPS; id=4P; for=john.smith@guides.ovh; \
                 software=Postfix; date=2023-02-28T07:51:01Z",
            ),
        ]),
        ..PLAIN
    },
    // Exim (`host_build_sender_fullhost`, `received_header_text`). The host's verified name stands
    // first, and `helo=` behind the address only where it differs; without a verified name the
    // address itself stands in the name's place.
    Dialect {
        family: Family::Exim,
        knows: Some(exim::knows),
        order: Order::AddressFirst,
        refine: Some(exim::refine),
        slip: Some(exim::is_slip),
        samples: samples(&[
            // T-Online's.
            (
                "from relay.example.net ([203.0.113.9]) by mailin12.isp.example
    with esmtp id 1LvVik-1tia6C0; Sun, 19 Apr 2009 14:02:02 +0200",
                "helo=relay.example.net; verified=relay.example.net; ip=203.0.113.9; \
                 by=mailin12.isp.example; with=esmtp; id=1LvVik-1tia6C0; \
                 date=2009-04-19T12:02:02Z",
            ),
            (
                "from mail.contoso.example ([203.0.113.187])
    by mx.list.example with esmtps (TLS1.2:ECDHE_RSA_AES_256_GCM_SHA384:256)
    (Exim 4.90_1) (envelope-from <jane.doe@contoso.example>) id 1rl5e9-0000N0-VW
    for list@list.example; Fri, 15 Mar 2024 07:22:49 -0400",
                "helo=mail.contoso.example; verified=mail.contoso.example; ip=203.0.113.187; \
                 by=mx.list.example; with=esmtps; tls=TLS1.2; \
                 cipher=ECDHE_RSA_AES_256_GCM_SHA384; id=1rl5e9-0000N0-VW; \
                 for=list@list.example; envelope=jane.doe@contoso.example; software=Exim 4.90_1; \
                 date=2024-03-15T11:22:49Z",
            ),
            (
                "from host.isp.example ([203.0.113.51]:14140 helo=mail.contoso.example)
    by smtp.contoso.example with esmtps  (TLS1.2) tls TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    (Exim 4.97.1)
    (envelope-from <jane.doe@contoso.example>)
    id 1q4F7F-00000000abc-1xyz; Wed, 31 May 2023 08:15:25 +0200",
                "helo=mail.contoso.example; verified=host.isp.example; ip=203.0.113.51; \
                 by=smtp.contoso.example; with=esmtps; tls=TLS1.2; \
                 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; id=1q4F7F-00000000abc-1xyz; \
                 envelope=jane.doe@contoso.example; software=Exim 4.97.1; \
                 date=2023-05-31T06:15:25Z",
            ),
            (
                "from [203.0.113.9] (port=50122 helo=[192.0.2.7])
    by mx.example.net with esmtpsa (TLS1.3) tls TLS_AES_256_GCM_SHA384
    (Exim 4.96)
    id 1rl5e9-0000N0-VW; Fri, 15 Mar 2024 07:22:49 -0400",
                "helo=[192.0.2.7]; ip=203.0.113.9; by=mx.example.net; with=esmtpsa; tls=TLS1.3; \
                 cipher=TLS_AES_256_GCM_SHA384; id=1rl5e9-0000N0-VW; software=Exim 4.96; \
                 date=2024-03-15T11:22:49Z",
            ),
            (
                "from [203.0.113.9] (helo=relay.example.com ident=x)
    by mx.example.net with smtp id 1rl5e9-0000N0-VW; Fri, 15 Mar 2024 07:22:49 -0400",
                "helo=relay.example.com; ip=203.0.113.9; by=mx.example.net; with=smtp; \
                 id=1rl5e9-0000N0-VW; date=2024-03-15T11:22:49Z",
            ),
            (
                "from host.isp.example (relay.example.com) [203.0.113.9.13219] (mail)
    by mx.example.net with esmtp (Exim 3.35 #1 (Debian))
    id 1rl5e9-0001vC-00; Sun, 31 Oct 2004 04:01:23 +0100",
                "helo=relay.example.com; rdns=host.isp.example; ip=203.0.113.9; \
                 by=mx.example.net; with=esmtp; id=1rl5e9-0001vC-00; \
                 software=Exim 3.35 #1 (Debian); date=2004-10-31T03:01:23Z",
            ),
            (
                "from www-data by web.example.net with local (Exim 4.94.2)
    (envelope-from <www-data@web.example.net>)
    id 1rl5e9-0000N0-VW
    for a@example.org; Fri, 15 Mar 2024 07:22:49 -0400",
                "helo=www-data; by=web.example.net; with=local; id=1rl5e9-0000N0-VW; \
                 for=a@example.org; envelope=www-data@web.example.net; software=Exim 4.94.2; \
                 intake=local; date=2024-03-15T11:22:49Z",
            ),
            (
                "(helo=helo.example.com) by mx.example.net with esmtp (Exim 4.96)
    id 1rAaaa-000001-AA; Mon, 4 Dec 2023 10:00:00 +0000",
                "helo=helo.example.com; by=mx.example.net; with=esmtp; id=1rAaaa-000001-AA; \
                 software=Exim 4.96; date=2023-12-04T10:00:00Z",
            ),
            (
                "from [192.0.2.7]; authenticated by srv1.example.net running ExIM with esmtpsa
    (TLS1.3:ECDHE_RSA_AES_128_GCM_SHA256:128) id 1rQm1q-0005M4-8D;
    Fri, 19 Jan 2024 11:23:14 +0100",
                "ip=192.0.2.7; by=srv1.example.net; with=esmtpsa; tls=TLS1.3; \
                 cipher=ECDHE_RSA_AES_128_GCM_SHA256; id=1rQm1q-0005M4-8D; \
                 date=2024-01-19T10:23:14Z",
            ),
            (
                "from pool.example.com ([192.0.2.7] helo=phone.example); authenticated
    by srv1.example.net running ExIM with esmtpsa
    (TLS1.3:ECDHE_RSA_AES_128_GCM_SHA256:128) id 1rQm1q-0005M4-8D;
    Fri, 19 Jan 2024 11:23:14 +0100",
                "helo=phone.example; verified=pool.example.com; ip=192.0.2.7; \
                 by=srv1.example.net; with=esmtpsa; tls=TLS1.3; \
                 cipher=ECDHE_RSA_AES_128_GCM_SHA256; id=1rQm1q-0005M4-8D; \
                 date=2024-01-19T10:23:14Z",
            ),
            (
                "from [192.0.2.86] (helo=zen..) by proxy04.example.net with esmtpsa
    (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <a@example.com>)
    id 1s29n7-000Dtu-1X; Wed, 01 May 2024 15:14:33 +0200",
                "helo=zen.; ip=192.0.2.86; by=proxy04.example.net; with=esmtpsa; tls=TLS1.3; \
                 cipher=TLS_AES_256_GCM_SHA384; id=1s29n7-000Dtu-1X; envelope=a@example.com; \
                 software=Exim 4.96; date=2024-05-01T13:14:33Z",
            ),
        ]),
        ..PLAIN
    },
    // sendmail 8. Prints `HELO (USER@NAME [IP] (may be forged))`; without that remark NAME was
    // confirmed by a forward look-up, and without NAME the address stands alone.
    Dialect {
        family: Family::Sendmail,
        knows: Some(sendmail::knows),
        order: Order::HeloFirst,
        names: Names::Confirmed,
        refine: Some(sendmail::refine),
        samples: samples(&[
            (
                "from a.example.com (pool.example.com [192.0.2.12]) (authenticated bits=0)
    (User authenticated as user1@EXAMPLE.COM) by outgoing.example.org (8.14.7/8.12.4)
    with ESMTP id 623FGHYW030955; Tue, 3 Mar 2026 10:16:19 -0500",
                "helo=a.example.com; verified=pool.example.com; ip=192.0.2.12; \
                 by=outgoing.example.org; with=ESMTP; id=623FGHYW030955; auth=user1@EXAMPLE.COM; \
                 software=8.14.7/8.12.4; date=2026-03-03T15:16:19Z",
            ),
            (
                "from mail.contoso.example (mail.contoso.example [203.0.113.45])
    by mx.example.net (8.17.1/8.17.1) with ESMTPS id 30G7x1Qr012345
    (version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NOT)
    for <recipient@example.net>; Mon, 16 Jan 2023 08:59:01 +0100",
                "helo=mail.contoso.example; verified=mail.contoso.example; ip=203.0.113.45; \
                 by=mx.example.net; with=ESMTPS; tls=TLSv1.3; cipher=TLS_AES_256_GCM_SHA384; \
                 id=30G7x1Qr012345; for=recipient@example.net; software=8.17.1/8.17.1; \
                 date=2023-01-16T07:59:01Z",
            ),
            (
                "from relay.example.com (relay.example.com [203.0.113.45] (may be forged))
    (authenticated bits=0)
    by mx.example.net (8.17.1/8.17.1) with ESMTP id 30G7x1Qr012345;
    Mon, 16 Jan 2023 08:59:01 +0100",
                "helo=relay.example.com; ip=203.0.113.45; by=mx.example.net; with=ESMTP; \
                 id=30G7x1Qr012345; software=8.17.1/8.17.1; date=2023-01-16T07:59:01Z",
            ),
            (
                "from relay.example.com (IDENT:joe@[203.0.113.45])
    by mx.example.net (8.17.1/8.17.1) with ESMTP id 30G7x1Qr012345;
    Mon, 16 Jan 2023 08:59:01 +0100",
                "helo=relay.example.com; ip=203.0.113.45; by=mx.example.net; with=ESMTP; \
                 id=30G7x1Qr012345; software=8.17.1/8.17.1; date=2023-01-16T07:59:01Z",
            ),
            (
                "(from joe@localhost)
    by web.example.net (8.17.1/8.17.1/Submit) id 30G7x1Qr012345
    for a@example.org; Mon, 16 Jan 2023 08:59:01 +0100",
                "by=web.example.net; id=30G7x1Qr012345; for=a@example.org; \
                 software=8.17.1/8.17.1/Submit; intake=local; date=2023-01-16T07:59:01Z",
            ),
        ]),
        ..PLAIN
    },
    // fetchmail, getmail and others that empty a mailbox: no hand-over. Only the protocol and the
    // software that the program itself writes behind `by` tell it.
    Dialect {
        family: Family::Named("retrieval"),
        software: &[
            "fetchmail",
            "retchmail",
            "getmail",
            "mpop",
            "fdm",
            "mbsync",
            "Vircom POPDOWN",
            "POPcon",
        ],
        protocols: &[
            "fetchmail",
            "retchmail",
            "getmail",
            "mpop",
            "fdm",
            "mbsync",
            "Vircom POPDOWN",
            "POPcon",
        ],
        knows: Some(retrieval::knows),
        intake: Intake::Retrieval,
        samples: samples(&[
            (
                "from imap.example.com ([2001:db8::6d]:993) by desk.home.example
    with IMAP4-SSL getmail6 msgid:11/376136; 28 Feb 2023 07:55:24 -0000",
                "helo=imap.example.com; ip=2001:db8::6d; by=desk.home.example; with=IMAP4-SSL; \
                 intake=retrieval; date=2023-02-28T07:55:24Z",
            ),
            (
                "from pop.example.com [192.0.2.9] by laptop.example.net with POP3-SSL
    (mpop-1.4.18); Tue, 13 Aug 2024 10:19:41 +0100",
                "helo=pop.example.com; ip=192.0.2.9; by=laptop.example.net; with=POP3-SSL; \
                 software=mpop-1.4.18; intake=retrieval; date=2024-08-13T09:19:41Z",
            ),
            (
                "from pop.example.com [203.0.113.10]
    by laptop.example.net with IMAP (fetchmail-6.4.37)
    for <joe@localhost> (single-drop); Tue, 13 Aug 2024 10:19:41 +0100 (IST)",
                "helo=pop.example.com; ip=203.0.113.10; by=laptop.example.net; with=IMAP; \
                 for=joe@localhost; software=fetchmail-6.4.37; intake=retrieval; \
                 date=2024-08-13T09:19:41Z",
            ),
        ]),
        ..PLAIN
    },
    // qmail, netqmail, qmail-ldap, qpsmtpd-less descendants and OVHcloud's. `NAME (HELO x) (IP)`,
    // and only `NAME (IP)` where both agree; NAME is what tcpserver found, confirmed or not. The
    // date has no weekday. Local deliveries are told by a comment in place of all clauses.
    Dialect {
        family: Family::Qmail,
        knows: Some(qmail::knows),
        refine: Some(qmail::refine),
        samples: samples(&[
            (
                "from unknown (HELO output28.mail.ovh.net) (192.168.11.93)
    by 192.168.1.2 with AES256-GCM-SHA384 encrypted SMTP; 28 Feb 2023 09:51:02 +0200",
                "helo=output28.mail.ovh.net; ip=192.168.11.93; by-ip=192.168.1.2; with=SMTP; \
                 cipher=AES256-GCM-SHA384; date=2023-02-28T07:51:02Z",
            ),
            (
                "from localhost (HELO queue) (127.0.0.1)
    by localhost with SMTP; 28 Feb 2023 09:51:02 +0200",
                "helo=queue; rdns=localhost; ip=127.0.0.1; by=localhost; with=SMTP; \
                 date=2023-02-28T07:51:02Z",
            ),
            (
                "from mail.contoso.example (203.0.113.9)
    by mx.example.net with (ECDHE-RSA-AES256-GCM-SHA384 encrypted) SMTP;
    28 Feb 2023 09:51:02 -0000",
                "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.9; \
                 by=mx.example.net; with=SMTP; cipher=ECDHE-RSA-AES256-GCM-SHA384; \
                 date=2023-02-28T09:51:02Z",
            ),
            (
                "from unknown (HELO ?192.168.23.32?) (joe@203.0.113.9)
    by mx.example.net (qp 87263) with SMTP; 28 Feb 2023 09:51:02 -0000",
                "helo=?192.168.23.32?; bare-ip=203.0.113.9; by=mx.example.net; with=SMTP; \
                 software=qp 87263; date=2023-02-28T09:51:02Z",
            ),
            (
                "(qmail 47739 invoked by uid 1001);
    28 Feb 2023 09:51:02 -0000",
                "intake=local; date=2023-02-28T09:51:02Z",
            ),
            (
                "(qmail 21503 invoked from network);
    28 Feb 2023 09:51:02 -0000",
                "date=2023-02-28T09:51:02Z",
            ),
            (
                "(qmail 1 messnum 2 invoked from network[203.0.113.9/host.isp.example]);
    28 Feb 2023 09:51:02 -0000",
                "rdns=host.isp.example; ip=203.0.113.9; date=2023-02-28T09:51:02Z",
            ),
            (
                "from unknown (HELO [192.0.2.1]) ([203.0.113.9]) (envelope-sender <a@example.com>)
    by 198.51.100.2 (qmail-ldap-1.03) with SMTP
    for <b@example.net>; 28 Feb 2023 09:51:02 -0000",
                "helo=[192.0.2.1]; bare-ip=203.0.113.9; by-ip=198.51.100.2; with=SMTP; \
                 for=b@example.net; envelope=a@example.com; software=qmail-ldap-1.03; \
                 date=2023-02-28T09:51:02Z",
            ),
        ]),
        ..PLAIN
    },
    // ZMailer, vger.kernel.org's until 2023. The flags tell which look-ups agreed; with `OK-OK` in
    // front NAME is confirmed.
    Dialect {
        family: Family::Named("zmailer"),
        knows: Some(zmailer::knows),
        refine: Some(zmailer::refine),
        samples: samples(&[
            (
                r#"from mx-out.contoso.example ([203.0.113.92]:33347 "EHLO
    mx-out.contoso.example" rhost-flags-OK-OK-OK-OK)
    by list.example with ESMTP id S1725268AbfFEEwW (ORCPT
    <rfc822;list@list.example>); Wed, 5 Jun 2019 00:52:22 -0400"#,
                "helo=mx-out.contoso.example; verified=mx-out.contoso.example; ip=203.0.113.92; \
                 by=list.example; with=ESMTP; id=S1725268AbfFEEwW; date=2019-06-05T04:52:22Z",
            ),
            (
                r#"from [203.0.113.92] ([203.0.113.92]:33347 "EHLO relay.example.com"
    rhost-flags-FAIL-FAIL-OK-OK)
    by list.example with ESMTP id S1725268AbfFEEwW; Wed, 5 Jun 2019 00:52:22 -0400"#,
                "helo=relay.example.com; ip=203.0.113.92; by=list.example; with=ESMTP; \
                 id=S1725268AbfFEEwW; date=2019-06-05T04:52:22Z",
            ),
        ]),
        ..PLAIN
    },
    // SendGrid. The HELO is an account's token; behind it `(unknown)` or `(NAME [IP])`. Its inner
    // hosts write Go's `time.String`, without `;`.
    Dialect {
        family: Family::Named("sendgrid"),
        software: &["SG"],
        host_starts: &["filterdrecv-", "recvd-", "geopod-ismtpd-"],
        order: Order::HeloFirst,
        samples: samples(&[
            (
                "from [192.0.2.7] (unknown) by geopod-ismtpd-1 (SG) with ESMTP id ABCdef
    for <b@example.net>; Mon, 4 Dec 2023 10:00:00 +0000",
                "helo=[192.0.2.7]; by=geopod-ismtpd-1; with=ESMTP; id=ABCdef; for=b@example.net; \
                 software=SG; date=2023-12-04T10:00:00Z",
            ),
            (
                "from MjA3NDc4Mg (unknown)
    by geopod-ismtpd-1 (SG) with ESMTP id 9m770onmSl6g1XQlfrzHTA
    for <list@list.example>; Sat, 10 Oct 2020 22:27:28.137 +0000 (UTC)",
                "helo=MjA3NDc4Mg; by=geopod-ismtpd-1; with=ESMTP; id=9m770onmSl6g1XQlfrzHTA; \
                 for=list@list.example; software=SG; date=2020-10-10T22:27:28Z",
            ),
            (
                "by filterdrecv-p3mdw1-6685f47d68-78qj6 with SMTP
    id filterdrecv-p3mdw1-6685f47d68-78qj6-18-5F823550-11
    2020-10-10 22:27:28.209801416 +0000 UTC m=+258684.658973014",
                "by=filterdrecv-p3mdw1-6685f47d68-78qj6; with=SMTP; \
                 id=filterdrecv-p3mdw1-6685f47d68-78qj6-18-5F823550-11; date=2020-10-10T22:27:28Z",
            ),
        ]),
        ..PLAIN
    },
    // PowerMTA. NAME of `NAME (IP)` is the HELO. The reverse-path stands behind the date.
    Dialect {
        family: Family::Named("powermta"),
        software: &["PowerMTA"],
        knows: Some(powermta::knows),
        order: Order::HeloFirst,
        names: Names::Never,
        samples: samples(&[
            (
                "from (127.0.0.1) by mail90.example.net id hgs0ok2ddl42
    for <recipient@example.net>; Wed, 29 Aug 2018 20:26:47 +0000
    (envelope-from <bounce-mc.us14_65.395-recipient=example.net@mail90.example.net>)",
                "ip=127.0.0.1; by=mail90.example.net; id=hgs0ok2ddl42; \
                 for=recipient@example.net; \
                 envelope=bounce-mc.us14_65.395-recipient=example.net@mail90.example.net; \
                 date=2018-08-29T20:26:47Z",
            ),
            (
                "from app01 (192.0.2.44) by mta4.contoso.example (PowerMTA v5.0r3)
    id hq5k3c0e97c8 for <recipient@example.net>; Thu, 18 Jul 2024 13:40:51 -0700
    (envelope-from <bounce-1@news.contoso.example>)",
                "helo=app01; ip=192.0.2.44; by=mta4.contoso.example; id=hq5k3c0e97c8; \
                 for=recipient@example.net; envelope=bounce-1@news.contoso.example; \
                 software=PowerMTA v5.0r3; date=2024-07-18T20:40:51Z",
            ),
            (
                "by mta4.contoso.example id hq5k3c0e97c9 for <recipient@example.net>;
    Thu, 18 Jul 2024 13:40:51 -0700 (envelope-from <bounce-1@news.contoso.example>)",
                "by=mta4.contoso.example; id=hq5k3c0e97c9; for=recipient@example.net; \
                 envelope=bounce-1@news.contoso.example; date=2024-07-18T20:40:51Z",
            ),
        ]),
        ..PLAIN
    },
    // amavis. Takes the message from the mail server beside it, and prints its own address behind
    // `by localhost (NAME [IP])`.
    Dialect {
        family: Family::Amavis,
        software: &["amavis"],
        order: Order::HeloFirst,
        samples: samples(&[
            (
                "from mx.example.net ([127.0.0.1])
    by localhost (mx.example.net [127.0.0.1]) (amavisd-new, port 10024)
    with ESMTP id dUeMPCWvyZPD for <recipient@example.net>;
    Mon,  5 Jun 2023 13:06:28 +0200 (CEST)",
                "helo=mx.example.net; ip=127.0.0.1; by=localhost; by-ip=127.0.0.1; with=ESMTP; \
                 id=dUeMPCWvyZPD; for=recipient@example.net; software=amavisd-new, port 10024; \
                 date=2023-06-05T11:06:28Z",
            ),
            (
                "from mx.example.net ([IPv6:::1])
    by localhost (mx.example.net [UNIX: localhost]) (amavis, unix socket)
    with LMTP id abc; Mon,  5 Jun 2023 13:06:28 +0200",
                "helo=mx.example.net; ip=::1; by=localhost; with=LMTP; id=abc; \
                 software=amavis, unix socket; date=2023-06-05T11:06:28Z",
            ),
        ]),
        ..PLAIN
    },
    // Yahoo and AOL. The client's address stands first, `(EHLO NAME)` behind it; inner hosts write
    // a `pod-id`, which is no id of the message.
    Dialect {
        family: Family::Named("yahoo"),
        software: &["Yahoo Inc.", "VZM Hermes"],
        hosts: &["yahoo.com", "yahoodns.net", "aol.com"],
        knows: Some(yahoo::knows),
        order: Order::AddressFirst,
        names: Names::Seldom,
        refine: Some(yahoo::refine),
        samples: samples(&[
            (
                "from 203.0.113.91 (EHLO o1.em.contoso.example)
    by 10.253.230.181 with SMTPs
    (version=TLS1_2 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
    Tue, 01 Mar 2022 10:15:24 +0000",
                "helo=o1.em.contoso.example; ip=203.0.113.91; by-ip=10.253.230.181; with=SMTPs; \
                 tls=TLS1_2; cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; \
                 date=2022-03-01T10:15:24Z",
            ),
            (
                "by hermes--production-bf1-5f49dbcd6b-p2w7v (Yahoo Inc. Hermes SMTP Server)
    with ESMTPA ID 2e0a1f;
    Tue, 01 Mar 2022 10:15:24 +0000 (UTC)",
                "by=hermes--production-bf1-5f49dbcd6b-p2w7v; with=ESMTPA; id=2e0a1f; \
                 software=Yahoo Inc. Hermes SMTP Server; date=2022-03-01T10:15:24Z",
            ),
            (
                "from 10.196.69.212
    by atlas101.mail.ne1.yahoo.com pod-id NONE with HTTP; Tue, 1 Mar 2022 10:15:24 +0000",
                "bare-ip=10.196.69.212; by=atlas101.mail.ne1.yahoo.com; with=HTTP; \
                 date=2022-03-01T10:15:24Z",
            ),
            (
                "from [192.0.2.250] by web28416.mail.ukl.yahoo.com via HTTP;
    Wed, 09 Mar 2011 11:19:45 GMT",
                "bare-ip=192.0.2.250; by=web28416.mail.ukl.yahoo.com; date=2011-03-09T11:19:45Z",
            ),
        ]),
        ..PLAIN
    },
    // OpenSMTPD. `<unknown>` or `unknown` for no name, `[local]` for its own queue; whether NAME
    // was confirmed depends on a filter.
    Dialect {
        family: Family::Named("opensmtpd"),
        software: &["OpenSMTPD"],
        order: Order::HeloFirst,
        refine: Some(opensmtpd::refine),
        samples: samples(&[
            (
                "from mail.contoso.example (mail.contoso.example [203.0.113.7])
    by mx.example.net (OpenSMTPD) with ESMTPS id 5db34e0d
    (TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO)
    for <recipient@example.net>;
    Tue, 7 Apr 2020 01:38:29 -0600 (MDT)",
                "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.7; \
                 by=mx.example.net; with=ESMTPS; tls=TLSv1.3; cipher=TLS_AES_256_GCM_SHA384; \
                 id=5db34e0d; for=recipient@example.net; software=OpenSMTPD; \
                 date=2020-04-07T07:38:29Z",
            ),
            (
                "from localhost (mx.example.net [local])
    by mx.example.net (OpenSMTPD) with ESMTPA id 5db34e0e
    for <recipient@example.net>;
    Tue, 7 Apr 2020 01:38:29 -0600 (MDT)",
                "helo=localhost; by=mx.example.net; with=ESMTPA; id=5db34e0e; \
                 for=recipient@example.net; software=OpenSMTPD; intake=local; \
                 date=2020-04-07T07:38:29Z",
            ),
        ]),
        ..PLAIN
    },
    // Momentum (Message Systems, SparkPost), formerly Ecelerity.
    Dialect {
        family: Family::Named("momentum"),
        software: &["ecelerity", "Momentum"],
        hosts: &["sparkpostmail.com", "msgfocus.com"],
        samples: samples(&[(
            "from [192.0.2.205] ([192.0.2.205:50387] helo=app.contoso.example)
    by m12.prod.contoso.example (envelope-from <a@contoso.example>)
    (ecelerity 4.2.38.62368 r(Core:4.2.38.4)) with ESMTP
    id 80/0A-02454-4DCB6054; Tue, 12 Sep 2023 09:57:40 -0400",
            "helo=app.contoso.example; ip=192.0.2.205; by=m12.prod.contoso.example; \
                 with=ESMTP; id=80/0A-02454-4DCB6054; envelope=a@contoso.example; \
                 software=ecelerity 4.2.38.62368 r(Core:4.2.38.4); date=2023-09-12T13:57:40Z",
        )]),
        ..PLAIN
    },
    // LMTP into a mail store: Dovecot, Cyrus, Zimbra, Stalwart's and others' delivery within one
    // system.
    Dialect {
        family: Family::Named("lmtp"),
        software: &["Cyrus"],
        protocols: &["LMTP"],
        samples: samples(&[
            (
                "from mx.example.net
    by store.example.net with LMTP
    id PyuMEbLBfWSyAg8AJNpUsQ
    (envelope-from <jane.doe@contoso.example>)
    for <recipient@example.net>; Mon, 05 Jun 2023 11:06:26 +0000",
                "helo=mx.example.net; by=store.example.net; with=LMTP; \
                 id=PyuMEbLBfWSyAg8AJNpUsQ; for=recipient@example.net; \
                 envelope=jane.doe@contoso.example; date=2023-06-05T11:06:26Z",
            ),
            (
                "from compute5.internal (compute5.nyi.internal [10.202.2.45])
    by sloti7d1t02 (Cyrus 3.9.0-alpha0-552) with LMTPA;
    Mon, 05 Jun 2023 07:06:26 -0400",
                "helo=compute5.internal; rdns=compute5.nyi.internal; ip=10.202.2.45; \
                 by=sloti7d1t02; with=LMTPA; software=Cyrus 3.9.0-alpha0-552; \
                 date=2023-06-05T11:06:26Z",
            ),
            (
                "from mail.example.net (LHLO mail.example.net) (10.2.2.20) by
    mail.example.net with LMTP; Thu, 18 Jun 2015 16:50:56 -0700 (PDT)",
                "helo=mail.example.net; rdns=mail.example.net; ip=10.2.2.20; \
                 by=mail.example.net; with=LMTP; date=2015-06-18T23:50:56Z",
            ),
        ]),
        ..PLAIN
    },
    // Mailgun: Go programs in containers, whose names are hexadecimal, or hosts of its own
    // domains.
    Dialect {
        family: Family::Named("mailgun"),
        hosts: &["mailgun.net", "mailgun.org", "postgun.com"],
        knows: Some(mailgun::knows),
        order: Order::HeloFirst,
        samples: samples(&[
            (
                "from smtp.contoso.example (host.isp.example [203.0.113.171]) by
    smtp-out-n04.prod.us-west-2.postgun.com with SMTP id
    5fdcfc203d3433393d993814 (version=TLS1.2,
    cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256); Fri, 18 Dec 2020 18:59:44
    GMT",
                "helo=smtp.contoso.example; rdns=host.isp.example; ip=203.0.113.171; \
                 by=smtp-out-n04.prod.us-west-2.postgun.com; with=SMTP; tls=TLS1.2; \
                 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; id=5fdcfc203d3433393d993814; \
                 date=2020-12-18T18:59:44Z",
            ),
            (
                "from [127.0.0.1] (host.isp.example [203.0.113.1]) by bf7aa1d4e8a6 with
    SMTP id 660a079b99f27ed5a03038a8; Mon, 01 Apr 2024 01:02:19 GMT",
                "helo=[127.0.0.1]; rdns=host.isp.example; ip=203.0.113.1; by=bf7aa1d4e8a6; \
                 with=SMTP; id=660a079b99f27ed5a03038a8; date=2024-04-01T01:02:19Z",
            ),
        ]),
        ..PLAIN
    },
    // KumoMTA. NAME of `NAME (IP)` is the HELO; its own address stands in the software's comment.
    Dialect {
        family: Family::Named("kumomta"),
        software: &["KumoMTA"],
        order: Order::HeloFirst,
        names: Names::Never,
        refine: Some(kumomta::refine),
        samples: samples(&[(
            "from app01.contoso.example (192.0.2.31)
    by mta.contoso.example (KumoMTA 198.51.100.9)
    with ESMTPS (TLSv1_3:TLS_AES_256_GCM_SHA384) id 39f0c2d4e1a011ee8f2f0242ac120002
    for <recipient@example.net>; Mon, 21 Aug 2023 09:12:44 +0000",
            "helo=app01.contoso.example; ip=192.0.2.31; by=mta.contoso.example; \
                 by-ip=198.51.100.9; with=ESMTPS; tls=TLSv1_3; cipher=TLS_AES_256_GCM_SHA384; \
                 id=39f0c2d4e1a011ee8f2f0242ac120002; for=recipient@example.net; \
                 software=KumoMTA 198.51.100.9; date=2023-08-21T09:12:44Z",
        )]),
        ..PLAIN
    },
    // MailChannels (`trex`). Where no name was found `[UNAVAILABLE].` or `[TEMPUNAVAIL].` stands
    // in its place.
    Dialect {
        family: Family::Named("mailchannels"),
        software: &["trex/"],
        order: Order::HeloFirst,
        samples: samples(&[
            (
                "from server.contoso.example (server.contoso.example [203.0.113.162])
    (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)
    by 100.96.18.43 (trex/5.9.12);
    Fri, 17 Dec 2021 15:31:23 +0000",
                "helo=server.contoso.example; rdns=server.contoso.example; ip=203.0.113.162; \
                 by-ip=100.96.18.43; tls=TLSv1.3; cipher=TLS_AES_256_GCM_SHA384; \
                 software=trex/5.9.12; date=2021-12-17T15:31:23Z",
            ),
            (
                "from server.contoso.example ([UNAVAILABLE]. [203.0.113.162])
    by 0.0.0.0:2500 (trex/6.0.2);
    Fri, 17 Dec 2021 15:31:23 +0000",
                "helo=server.contoso.example; ip=203.0.113.162; by-ip=0.0.0.0; \
                 software=trex/6.0.2; date=2021-12-17T15:31:23Z",
            ),
        ]),
        ..PLAIN
    },
    // Oracle Communications, Sun Java System and iPlanet Messaging Server, and PMDF before them.
    Dialect {
        family: Family::Named("oracle"),
        software: &[
            "Oracle Communications",
            "Sun Java",
            "iPlanet",
            "PMDF",
            "Sun Internet",
            "Netscape Messaging",
        ],
        samples: samples(&[(
            "from app.contoso.example ([203.0.113.174])
    by omta.mail.example.net
    (Oracle Communications Messaging Server 8.1.0.1.20210428 64bit (built Apr 28
    2021)) with ESMTPS id <0QTK001AIADMHQK@omta.mail.example.net> for
    recipient@example.net; Sun, 25 Jul 2021 17:35:06 -0700 (PDT)",
            "helo=app.contoso.example; ip=203.0.113.174; by=omta.mail.example.net; \
                 with=ESMTPS; id=0QTK001AIADMHQK@omta.mail.example.net; \
                 for=recipient@example.net; \
                 software=Oracle Communications Messaging Server 8.1.0.1.20210428 64bit (built \
                 Apr 28 2021); date=2021-07-26T00:35:06Z",
        )]),
        ..PLAIN
    },
    // Alibaba Cloud. `NAME(mailfrom:ADDRESS fp:TOKEN)`, and its own address behind its name.
    Dialect {
        family: Family::Named("aliyun"),
        hosts: &["aliyun-inc.com", "aliyun.com", "alibaba-inc.com"],
        refine: Some(aliyun::refine),
        samples: samples(&[
            (
                "from 192.0.2.88(mailfrom:jane.doe@contoso.example fp:SMTPD_---0VxyOw0I_1685000000)
    by smtp.aliyun-inc.com(10.147.41.120);
    Thu, 25 May 2023 15:33:20 +0800",
                "bare-ip=192.0.2.88; by=smtp.aliyun-inc.com; by-ip=10.147.41.120; \
                 envelope=jane.doe@contoso.example; date=2023-05-25T07:33:20Z",
            ),
            (
                "from 192.0.2.10(mailfrom:jane.doe@contoso.example ip:203.0.113.66)
    by smtp.aliyun-inc.com
    with SMTP;
    Mon, 02 Jun 2025 17:15:10 +0800",
                "helo=192.0.2.10; bare-ip=203.0.113.66; by=smtp.aliyun-inc.com; with=SMTP; \
                 envelope=jane.doe@contoso.example; date=2025-06-02T09:15:10Z",
            ),
        ]),
        ..PLAIN
    },
    // Haraka. NAME of `HELO (NAME [IP])` is confirmed only where a plugin says so elsewhere. The
    // reverse-path stands outside any comment.
    Dialect {
        family: Family::Named("haraka"),
        software: &["Haraka"],
        order: Order::HeloFirst,
        refine: Some(haraka::refine),
        samples: samples(&[
            (
                "from x.example.com ([192.0.2.9] [198.51.100.66]) by mx.example.net
    (Haraka/1.3.3) with ESMTPS id E5D4345F.1 envelope-from <a@example.com>;
    Tue, 28 Aug 2012 15:26:19 +0000",
                "helo=x.example.com; bare-ip=198.51.100.66; by=mx.example.net; with=ESMTPS; \
                 id=E5D4345F.1; envelope=a@example.com; software=Haraka/1.3.3; \
                 date=2012-08-28T15:26:19Z",
            ),
            (
                "from mail.contoso.example (mail.contoso.example [203.0.113.31])
    by mx.example.net (Haraka/3.0.3) with ESMTPS id 7B6A374B-D338-11EF-99A4.1
    envelope-from <jane.doe@contoso.example>
    (cipher=TLS_AES_256_GCM_SHA384); Wed, 15 Jan 2025 13:01:42 +0100",
                "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.31; \
                 by=mx.example.net; with=ESMTPS; cipher=TLS_AES_256_GCM_SHA384; \
                 id=7B6A374B-D338-11EF-99A4.1; envelope=jane.doe@contoso.example; \
                 software=Haraka/3.0.3; date=2025-01-15T12:01:42Z",
            ),
        ]),
        ..PLAIN
    },
    // Halon. Its form is Postfix's; whether the name was confirmed is the operator's script's
    // affair.
    Dialect {
        family: Family::Named("halon"),
        software: &["Halon"],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from mail.contoso.example (mail.contoso.example [203.0.113.22])
    by mx.list.example (Halon) with ESMTPS
    id 7b6a374b-d338-11ef-99a4-01e77a169b0f;
    Wed, 15 Jan 2025 13:01:42 +0100 (CET)",
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.22; \
                 by=mx.list.example; with=ESMTPS; id=7b6a374b-d338-11ef-99a4-01e77a169b0f; \
                 software=Halon; date=2025-01-15T12:01:42Z",
        )]),
        ..PLAIN
    },
    // chasquid. Prints `HELO ([IP])`, and printed `[IP] (HELO)` before; of a user that authenticated
    // only what he calls himself, so that an address alone is none of the socket's.
    Dialect {
        family: Family::Named("chasquid"),
        software: &["chasquid"],
        names: Names::Never,
        refine: Some(chasquid::refine),
        samples: samples(&[
            (
                r#"from mail.contoso.example ([203.0.113.187])
    by mx.example.net (chasquid) with ESMTPS
    tls TLS_AES_128_GCM_SHA256
    (over SMTP, TLS-1.3, envelope from "jane.doe@contoso.example")
    ; Sat, 20 Jan 2024 10:00:00 +0000"#,
                "helo=mail.contoso.example; ip=203.0.113.187; by=mx.example.net; with=ESMTPS; \
                 tls=TLS-1.3; cipher=TLS_AES_128_GCM_SHA256; envelope=jane.doe@contoso.example; \
                 software=chasquid; date=2024-01-20T10:00:00Z",
            ),
            (
                r#"from [203.0.113.187] (mail.contoso.example)
    by mx.example.net (chasquid) with ESMTPS
    tls TLS_AES_128_GCM_SHA256
    (over SMTP, TLS-1.3, envelope from "jane.doe@contoso.example")
    ; Sat, 20 Jan 2024 10:00:00 +0000"#,
                "helo=mail.contoso.example; ip=203.0.113.187; by=mx.example.net; with=ESMTPS; \
                 tls=TLS-1.3; cipher=TLS_AES_128_GCM_SHA256; envelope=jane.doe@contoso.example; \
                 software=chasquid; date=2024-01-20T10:00:00Z",
            ),
            (
                r#"from a.example.com by mx.example.net (chasquid) with ESMTPSA
    tls TLS_AES_128_GCM_SHA256
    (over submission+TLS, TLS-1.3, envelope from "a@example.com")
    ; Sat, 20 Jan 2024 10:00:00 +0000"#,
                "helo=a.example.com; by=mx.example.net; with=ESMTPSA; tls=TLS-1.3; \
                 cipher=TLS_AES_128_GCM_SHA256; envelope=a@example.com; software=chasquid; \
                 date=2024-01-20T10:00:00Z",
            ),
        ]),
        ..PLAIN
    },
    // Stalwart. Google's form, with the root dot; the look-up is an option of the operator's.
    Dialect {
        family: Family::Named("stalwart"),
        software: &["Stalwart"],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from mail.contoso.example (mail.contoso.example. [203.0.113.208])
    (using TLSv1.3 with cipher TLS13_AES_256_GCM_SHA384)
    by mx.example.net (Stalwart SMTP) with ESMTPS id 41A2C80D73C;
    Tue, 29 Aug 2023 16:20:12 +0000",
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.208; \
                 by=mx.example.net; with=ESMTPS; tls=TLSv1.3; cipher=TLS13_AES_256_GCM_SHA384; \
                 id=41A2C80D73C; software=Stalwart SMTP; date=2023-08-29T16:20:12Z",
        )]),
        ..PLAIN
    },
    // Brevo, formerly Sendinblue. No client; the id is a UUID, the date JavaScript's or with the
    // month's whole name.
    Dialect {
        family: Family::Named("brevo"),
        knows: Some(brevo::knows),
        samples: samples(&[
            (
                "by smtp-relay.smtp.example.com with ESMTP
    id 12185513-794a-4762-b3ee-a4044d30975e; Tue Feb 28 2023 07:51:00 GMT+0000",
                "by=smtp-relay.smtp.example.com; with=ESMTP; \
                 id=12185513-794a-4762-b3ee-a4044d30975e; date=2023-02-28T07:51:00Z",
            ),
            (
                "by smtp-relay.sendinblue.com with ESMTP id 6bcbd017-968e-4ac8-a56b-164b163c76d4;
    Wed, 03 January 2024 04:02:11 +0000 (UTC)",
                "by=smtp-relay.sendinblue.com; with=ESMTP; \
                 id=6bcbd017-968e-4ac8-a56b-164b163c76d4; date=2024-01-03T04:02:11Z",
            ),
        ]),
        ..PLAIN
    },
    // Proofpoint Protection Server (`PPS`), which runs beside a sendmail, and Proofpoint
    // Essentials.
    Dialect {
        family: Family::Named("proofpoint"),
        software: &["PPS"],
        hosts: &["ppe-hosted.com", "pphosted.com"],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from mail.contoso.example (mail.contoso.example [203.0.113.107])
    by mx0a-00128a01.pphosted.com (PPS) with ESMTPS id 3de4uyau7m-1
    (version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NOT);
    Fri, 07 Jan 2022 10:01:33 -0500",
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.107; \
                 by=mx0a-00128a01.pphosted.com; with=ESMTPS; tls=TLSv1.2; \
                 cipher=ECDHE-RSA-AES256-GCM-SHA384; id=3de4uyau7m-1; software=PPS; \
                 date=2022-01-07T15:01:33Z",
        )]),
        ..PLAIN
    },
    // Mimecast. `with ESMTP with STARTTLS`.
    Dialect {
        family: Family::Named("mimecast"),
        hosts: &[
            "mimecast.com",
            "mimecast.co.za",
            "mimecast.eu",
            "mimecast-offshore.com",
        ],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from exchange.contoso.example (static-10.isp.example [203.0.113.226])
    by relay.mimecast.com with ESMTP with STARTTLS (version=TLSv1.2,
    cipher=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384) id
    za-mta-140-IHIEWF1LOE-ANzAJ2hOBpQ-6; Wed, 14 May 2025 06:48:10 +0200",
            "helo=exchange.contoso.example; rdns=static-10.isp.example; ip=203.0.113.226; \
                 by=relay.mimecast.com; with=ESMTP; tls=TLSv1.2; \
                 cipher=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384; \
                 id=za-mta-140-IHIEWF1LOE-ANzAJ2hOBpQ-6; date=2025-05-14T04:48:10Z",
        )]),
        ..PLAIN
    },
    // Cisco Secure Email (IronPort AsyncOS). `NAME (HELO x) ([IP])`, `with ESMTP/TLS/CIPHER`,
    // qmail's date.
    Dialect {
        family: Family::Named("cisco"),
        hosts: &["iphmx.com"],
        knows: Some(cisco::knows),
        refine: Some(cisco::refine),
        samples: samples(&[(
            "from mail.contoso.example (HELO out.contoso.example) ([203.0.113.30])
    by ob1.hc489-80.eu.iphmx.com with ESMTP/TLS/ECDHE-RSA-AES256-GCM-SHA384;
    26 May 2025 13:44:26 +0200",
            "helo=out.contoso.example; rdns=mail.contoso.example; ip=203.0.113.30; \
                 by=ob1.hc489-80.eu.iphmx.com; with=ESMTP; cipher=ECDHE-RSA-AES256-GCM-SHA384; \
                 date=2025-05-26T11:44:26Z",
        )]),
        ..PLAIN
    },
    // Barracuda Networks.
    Dialect {
        family: Family::Named("barracuda"),
        software: &["Spam Firewall", "Spam & Virus Firewall"],
        hosts: &["barracudanetworks.com", "cudamail.com"],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from mail.contoso.example (mail.contoso.example [203.0.113.8]) by
    mx-inbound11-22.us-east-2a.ess.aws.cudaops.barracudanetworks.com
    (version=TLSv1.2 cipher=ECDHE-RSA-AES128-GCM-SHA256 bits=128 verify=NO);
    Wed, 15 Jan 2025 12:01:40 +0000",
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.8; \
                 by=mx-inbound11-22.us-east-2a.ess.aws.cudaops.barracudanetworks.com; \
                 tls=TLSv1.2; cipher=ECDHE-RSA-AES128-GCM-SHA256; date=2025-01-15T12:01:40Z",
        )]),
        ..PLAIN
    },
    // FortiMail.
    Dialect {
        family: Family::Named("fortimail"),
        software: &["FortiMail"],
        host_starts: &["fml", "fortimail"],
        order: Order::HeloFirst,
        samples: samples(&[
            (
                "from mail.contoso.example (mail.contoso.example [203.0.113.8])
    by fortimail.example.net  with ESMTP id 3A5C1f2X012345-3A5C1f2Z012345
    (version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NO)
    for <recipient@example.net>; Wed, 15 Jan 2025 12:01:40 +0100",
                "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.8; \
                 by=fortimail.example.net; with=ESMTP; tls=TLSv1.2; \
                 cipher=ECDHE-RSA-AES256-GCM-SHA384; id=3A5C1f2X012345-3A5C1f2Z012345; \
                 for=recipient@example.net; date=2025-01-15T11:01:40Z",
            ),
            (
                "from a.example.com ([192.0.2.9]) (user=a@example.com mech=LOGIN bits=0)
    by fml.example.net with ESMTP id 1-1; Mon, 4 Dec 2023 10:00:00 +0000",
                "helo=a.example.com; ip=192.0.2.9; by=fml.example.net; with=ESMTP; id=1-1; \
                 auth=a@example.com; date=2023-12-04T10:00:00Z",
            ),
        ]),
        ..PLAIN
    },
    // Sophos Email (Reflexion) and PureMessage.
    Dialect {
        family: Family::Named("sophos"),
        software: &["Sophos", "PureMessage"],
        hosts: &["sophos.com", "reflexion.net"],
        samples: samples(&[(
            "from mail.contoso.example (203.0.113.8) by
    mf-inbound-eu-central-1.prod.hydra.sophos.com (Sophos PureMessage Version 4.4)
    with ESMTP id abc;
    Wed, 15 Jan 2025 12:01:40 +0000",
            "helo=mail.contoso.example; ip=203.0.113.8; \
                 by=mf-inbound-eu-central-1.prod.hydra.sophos.com; with=ESMTP; id=abc; \
                 software=Sophos PureMessage Version 4.4; date=2025-01-15T12:01:40Z",
        )]),
        ..PLAIN
    },
    // Trend Micro Email Security, a Postfix of another name, and InterScan.
    Dialect {
        family: Family::Named("trend-micro"),
        software: &["Trend Micro", "InterScan", "TMASE", "IMSS", "IMSVA"],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from mail.contoso.example (unknown [203.0.113.170])
    by repre01.tmes.trendmicro.eu (Trend Micro Email Security) with ESMTPS id B1A361000156A;
    Wed, 13 Sep 2023 09:10:24 +0000 (UTC)",
            "helo=mail.contoso.example; ip=203.0.113.170; by=repre01.tmes.trendmicro.eu; \
                 with=ESMTPS; id=B1A361000156A; software=Trend Micro Email Security; \
                 date=2023-09-13T09:10:24Z",
        )]),
        ..PLAIN
    },
    // Symantec Email Security.cloud (MessageLabs). The client's address stands in the name's
    // place.
    Dialect {
        family: Family::Named("messagelabs"),
        hosts: &["messagelabs.com", "symanteccloud.com"],
        knows: Some(messagelabs::knows),
        order: Order::AddressFirst,
        alone: AddressPlace::TcpInfo,
        samples: samples(&[(
            "from [203.0.113.201] (using TLSv1.2 with cipher DHE-RSA-AES256-GCM-SHA384
    (256 bits))
    by server-2.bemta.az-b.eu-central-1.aws.symcld.net id 5A/F0-04030-76FF6054;
    Wed, 13 Sep 2023 09:10:24 +0000",
            "ip=203.0.113.201; by=server-2.bemta.az-b.eu-central-1.aws.symcld.net; \
                 tls=TLSv1.2; cipher=DHE-RSA-AES256-GCM-SHA384; id=5A/F0-04030-76FF6054; \
                 date=2023-09-13T09:10:24Z",
        )]),
        ..PLAIN
    },
    // IONOS and 1&1 (`Nemesis`). Its own address stands in the comment behind its name.
    Dialect {
        family: Family::Named("kundenserver"),
        software: &["Nemesis"],
        order: Order::AddressFirst,
        alone: AddressPlace::TcpInfo,
        names: Names::Seldom,
        knows: Some(kundenserver::knows),
        refine: Some(kundenserver::refine),
        samples: samples(&[
            (
                "from mout.example.com ([192.0.2.221]) by mx-ha.example.net (mxgmxus004)
    with ESMTPS (Nemesis) id 0M5u99-1Y5SBn46rB-00xoWE for <b@example.net>;
    Sat, 29 Nov 2014 00:32:10 +0100",
                "helo=mout.example.com; ip=192.0.2.221; by=mx-ha.example.net; with=ESMTPS; \
                 id=0M5u99-1Y5SBn46rB-00xoWE; for=b@example.net; software=Nemesis; \
                 date=2014-11-28T23:32:10Z",
            ),
            (
                "from client.contoso.example ([203.0.113.170]) by mrelayeu.kundenserver.de
    (mreue009 [212.227.15.167]) with ESMTPSA (Nemesis) id 1MTRdK-1qxOHH0d8K-00TpEb
    for <recipient@example.net>; Mon, 23 Oct 2023 10:12:44 +0200",
                "helo=client.contoso.example; ip=203.0.113.170; by=mrelayeu.kundenserver.de; \
                 by-ip=212.227.15.167; with=ESMTPSA; id=1MTRdK-1qxOHH0d8K-00TpEb; \
                 for=recipient@example.net; software=Nemesis; date=2023-10-23T08:12:44Z",
            ),
        ]),
        ..PLAIN
    },
    // Mailjet.
    Dialect {
        family: Family::Named("mailjet"),
        hosts: &["mailjet.com"],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from app.contoso.example (Unknown [203.0.113.4])
    by in.mailjet.com (Mailjet) with ESMTP id 4f8c9d;
    Thu, 27 Feb 2025 14:29:23 +0000 (UTC)",
            "helo=app.contoso.example; ip=203.0.113.4; by=in.mailjet.com; with=ESMTP; \
                 id=4f8c9d; software=Mailjet; date=2025-02-27T14:29:23Z",
        )]),
        ..PLAIN
    },
    // Mandrill (Mailchimp Transactional). Inner hosts name the sender's address alone.
    Dialect {
        family: Family::Named("mandrill"),
        software: &["Mailchimp"],
        hosts: &["mandrillapp.com"],
        order: Order::AddressFirst,
        alone: AddressPlace::TcpInfo,
        samples: samples(&[(
            "from [203.0.113.201] by mandrillapp.com id
    2b7afc3f0d0a4991a2d3cb57dfff2308; Wed, 15 Jan 2025 12:01:40 +0000",
            "ip=203.0.113.201; by=mandrillapp.com; id=2b7afc3f0d0a4991a2d3cb57dfff2308; \
                 date=2025-01-15T12:01:40Z",
        )]),
        ..PLAIN
    },
    // SocketLabs.
    Dialect {
        family: Family::Named("socketlabs"),
        hosts: &["socketlabs.com", "email-od.com"],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from mail.contoso.example (host.isp.example [203.0.113.55])
    by r3.h.in.socketlabs.com
    with ESMTP(version=Tls12 cipher=Aes256 bits=256); Mon, 18 Sep 2023 18:29:59 -0400",
            "helo=mail.contoso.example; rdns=host.isp.example; ip=203.0.113.55; \
                 by=r3.h.in.socketlabs.com; with=ESMTP; tls=Tls12; cipher=Aes256; \
                 date=2023-09-18T22:29:59Z",
        )]),
        ..PLAIN
    },
    // Amazon SES, inbound, and Amazon's own relays.
    Dialect {
        family: Family::Named("amazon-ses"),
        hosts: &["amazonaws.com", "amazonses.com", "amazon.com"],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from mail.contoso.example (mail.contoso.example [203.0.113.12])
    by inbound-smtp.us-east-1.amazonaws.com with SMTP id abc0d1efg2hij3
    for recipient@example.net;
    Mon, 18 Sep 2023 22:29:59 +0000 (UTC)",
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.12; \
                 by=inbound-smtp.us-east-1.amazonaws.com; with=SMTP; id=abc0d1efg2hij3; \
                 for=recipient@example.net; date=2023-09-18T22:29:59Z",
        )]),
        ..PLAIN
    },
    // Zoho Mail. Puts the address into the name's place where it found no name.
    Dialect {
        family: Family::Named("zoho"),
        hosts: &[
            "zohomail.com",
            "zoho.com",
            "zoho.eu",
            "zohomail.eu",
            "zoho.in",
        ],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from app.contoso.example (203.0.113.4 [203.0.113.4]) by mx.zohomail.com
    with SMTPS id 1610000000123456.78; Thu, 7 Jan 2021 05:13:20 -0800 (PST)",
            "helo=app.contoso.example; ip=203.0.113.4; by=mx.zohomail.com; with=SMTPS; \
                 id=1610000000123456.78; date=2021-01-07T13:13:20Z",
        )]),
        ..PLAIN
    },
    // Yandex. Prints `HELO (NAME [IP])` as Postfix does; NAME was confirmed by a forward look-up,
    // or is `unknown`. TLS may stand behind the date.
    Dialect {
        family: Family::Named("yandex"),
        software: &["smtp/Yandex", "nwsmtp/Yandex", "Yandex"],
        hosts: &["yandex.net", "yandex.ru", "yandex.com"],
        order: Order::HeloFirst,
        names: Names::Confirmed,
        samples: samples(&[
            (
                "from mail.contoso.example (mail.contoso.example [203.0.113.12])
    by iva5-1a2b3c.qloud-c.yandex.net (smtp/Yandex) with ESMTPS id a1B2c3D4-aB12cD34;
    Thu, 07 Jan 2021 16:13:20 +0300",
                "helo=mail.contoso.example; verified=mail.contoso.example; ip=203.0.113.12; \
                 by=iva5-1a2b3c.qloud-c.yandex.net; with=ESMTPS; id=a1B2c3D4-aB12cD34; \
                 software=smtp/Yandex; date=2021-01-07T13:13:20Z",
            ),
            (
                "by iva5-1a2b3c.qloud-c.yandex.net with HTTP;
    Thu, 07 Jan 2021 16:13:20 +0300",
                "by=iva5-1a2b3c.qloud-c.yandex.net; with=HTTP; date=2021-01-07T13:13:20Z",
            ),
            (
                "from app.contoso.example (host.isp.example [203.0.113.12])
    by myt6-10e59078d438.qloud-c.yandex.net (smtpcorp/Yandex) with ESMTPS
    id 7NjxFLSI33-Jfw4Y4ig;
    Wed, 17 Nov 2021 22:19:41 +0300
    (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
    (Client certificate not present)",
                "helo=app.contoso.example; verified=host.isp.example; ip=203.0.113.12; \
                 by=myt6-10e59078d438.qloud-c.yandex.net; with=ESMTPS; tls=TLSv1.3; \
                 cipher=TLS_AES_256_GCM_SHA384; id=7NjxFLSI33-Jfw4Y4ig; \
                 software=smtpcorp/Yandex; date=2021-11-17T19:19:41Z",
            ),
        ]),
        ..PLAIN
    },
    // mail.ru where its form is not Exim's.
    Dialect {
        family: Family::Named("mail-ru"),
        hosts: &["mail.ru", "smailru.net"],
        order: Order::HeloFirst,
        names: Names::Seldom,
        samples: samples(&[(
            "from app.contoso.example (unknown [203.0.113.4]) by mx12.mail.ru with ESMTP
    id 3xYzAb;
    Thu, 07 Jan 2021 16:13:20 +0300",
            "helo=app.contoso.example; ip=203.0.113.4; by=mx12.mail.ru; with=ESMTP; \
                 id=3xYzAb; date=2021-01-07T13:13:20Z",
        )]),
        ..PLAIN
    },
    // Coremail (NetEase and many others in China).
    Dialect {
        family: Family::Named("coremail"),
        software: &["Coremail", "AIMC "],
        order: Order::HeloFirst,
        samples: samples(&[
            (
                "from app.contoso.example (unknown [203.0.113.4])
    by smtp1 (Coremail) with SMTP id C8CowABnH8Zk3ZJl0WvFAA--.1234S2;
    Mon, 01 Jan 2024 23:40:12 +0800 (CST)",
                "helo=app.contoso.example; ip=203.0.113.4; by=smtp1; with=SMTP; \
                 id=C8CowABnH8Zk3ZJl0WvFAA--.1234S2; software=Coremail; date=2024-01-01T15:40:12Z",
            ),
            (
                "from joe$example.net ( [203.0.113.4] ) by
    ajax-webmail-wmsvr1 (Coremail) ; Mon, 1 Jan 2024 23:40:12 +0800 (GMT+08:00)",
                "helo=joe$example.net; ip=203.0.113.4; by=ajax-webmail-wmsvr1; \
                 software=Coremail; date=2024-01-01T15:40:12Z",
            ),
            (
                "from example.com (unknown []) by gzsmtp4 (Coremail) with SMTP id AbC;
    Thu, 28 May 2026 21:29:39 +0800 (CST)",
                "helo=example.com; by=gzsmtp4; with=SMTP; id=AbC; software=Coremail; \
                 date=2026-05-28T13:29:39Z",
            ),
            (
                "from [192.0.2.7] (unknown []) by gzsmtp4 (Coremail) with SMTP id AbC;
    Thu, 28 May 2026 21:29:39 +0800 (CST)",
                "helo=[192.0.2.7]; by=gzsmtp4; with=SMTP; id=AbC; software=Coremail; \
                 date=2026-05-28T13:29:39Z",
            ),
        ]),
        ..PLAIN
    },
    // Tencent (QQ Mail, exmail).
    Dialect {
        family: Family::Named("tencent"),
        software: &["NewEsmtp", "ESMTP)"],
        hosts: &["qq.com", "tencent.com"],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from app.contoso.example (unknown [203.0.113.4])
    by newxmesmtplogicsvrszc2.qq.com (NewEsmtp) with SMTP
    id 2F9A1B3C; Mon, 01 Jan 2024 23:40:12 +0800",
            "helo=app.contoso.example; ip=203.0.113.4; by=newxmesmtplogicsvrszc2.qq.com; \
                 with=SMTP; id=2F9A1B3C; software=NewEsmtp; date=2024-01-01T15:40:12Z",
        )]),
        ..PLAIN
    },
    // Apple iCloud, where it is no Postfix.
    Dialect {
        family: Family::Named("icloud"),
        hosts: &["icloud.com", "me.com", "mac.com", "apple.com"],
        order: Order::HeloFirst,
        samples: samples(&[(
            "from app.contoso.example (host.isp.example [203.0.113.4]) by
    p00-icloudmta-asmtp-us-west-2a-100-percent-1.icloud.com with ESMTPSA id 1A2B3C;
    Mon, 01 Jan 2024 23:40:12 +0000 (UTC)",
            "helo=app.contoso.example; rdns=host.isp.example; ip=203.0.113.4; \
                 by=p00-icloudmta-asmtp-us-west-2a-100-percent-1.icloud.com; with=ESMTPSA; \
                 id=1A2B3C; date=2024-01-01T23:40:12Z",
        )]),
        ..PLAIN
    },
    // AOL's old servers: `from user@aol.com`, and a version with underscores.
    Dialect {
        family: Family::Named("aol"),
        software: &["mail_out_v", "v8", "v9", "MAIL_OUT"],
        leads: &["mail_out"],
        samples: samples(&[(
            "from joe@example.com
    by imo-m03.mail.example.com (mail_out_v39.1.) id k.28.2ac3d4c0 (15900);
    Thu, 8 Aug 2002 07:36:13 -0400 (EDT)",
            "helo=joe@example.com; by=imo-m03.mail.example.com; id=k.28.2ac3d4c0; \
                 software=mail_out_v39.1.; date=2002-08-08T11:36:13Z",
        )]),
        ..PLAIN
    },
    // Microsoft Exchange 5.5 (Internet Mail Service). Printed the name it looked up.
    Dialect {
        family: Family::Named("exchange-imc"),
        software: &["Microsoft Exchange Internet Mail"],
        protocols: &["Internet Mail Service", "Microsoft Mail"],
        samples: samples(&[
            (
                "from mail.contoso.example (203.0.113.4 [203.0.113.4]) by srv.example.net
    with SMTP (Microsoft Exchange Internet Mail Service Version 5.5.2650.21)
    id QKN25DRB; Mon, 5 Aug 2002 18:02:07 -0300",
                "helo=mail.contoso.example; ip=203.0.113.4; by=srv.example.net; with=SMTP; \
                 id=QKN25DRB; \
                 software=Microsoft Exchange Internet Mail Service Version 5.5.2650.21; \
                 date=2002-08-05T21:02:07Z",
            ),
            (
                "by SERVER1 with Internet Mail Service (5.5.2653.19)
    id <RVW28K7A>; Mon, 26 Aug 2002 20:11:00 +0200",
                "by=SERVER1; with=Internet Mail Service; id=RVW28K7A; software=5.5.2653.19; \
                 date=2002-08-26T18:11:00Z",
            ),
        ]),
        ..PLAIN
    },
    // CommuniGate Pro. `[IP] (HELO x)`, `[IP] (account NAME HELO x)`, `NAME ([IP] verified)`; the
    // address in the name's place is the socket's.
    Dialect {
        family: Family::Named("communigate"),
        software: &["CommuniGate"],
        order: Order::AddressFirst,
        alone: AddressPlace::TcpInfo,
        refine: Some(communigate::refine),
        samples: samples(&[
            (
                "from [203.0.113.9] (account joe@example.net HELO [192.0.2.10])
    by mail.example.net (CommuniGate Pro SMTP 6.2.15)
    with ESMTPSA id 88402416 for recipient@example.org; Mon, 04 Dec 2023 13:15:07 -0800",
                "helo=[192.0.2.10]; bare-ip=203.0.113.9; by=mail.example.net; with=ESMTPSA; \
                 id=88402416; for=recipient@example.org; auth=joe@example.net; \
                 software=CommuniGate Pro SMTP 6.2.15; date=2023-12-04T21:15:07Z",
            ),
            (
                "from mail.contoso.example ([203.0.113.9] verified)
    by mail.example.net (CommuniGate Pro SMTP 6.2.15)
    with ESMTP id 88402417 for recipient@example.org; Mon, 04 Dec 2023 13:15:07 -0800",
                "helo=mail.contoso.example; ip=203.0.113.9; by=mail.example.net; with=ESMTP; \
                 id=88402417; for=recipient@example.org; software=CommuniGate Pro SMTP 6.2.15; \
                 date=2023-12-04T21:15:07Z",
            ),
        ]),
        ..PLAIN
    },
    // MDaemon. Its own address stands in brackets or parentheses behind its name.
    Dialect {
        family: Family::Named("mdaemon"),
        software: &["MDaemon", "VisNetic"],
        samples: samples(&[(
            "from app01 [192.0.2.8] by mail.example.net [198.51.100.195]
    with ESMTP (MDaemon PRO v21.0.1) for <recipient@example.net>;
    Thu, 12 Sep 2022 19:22:49 -0500",
            "helo=app01; ip=192.0.2.8; by=mail.example.net; by-ip=198.51.100.195; \
                 with=ESMTP; for=recipient@example.net; software=MDaemon PRO v21.0.1; \
                 date=2022-09-13T00:22:49Z",
        )]),
        ..PLAIN
    },
    // HCL (IBM, Lotus) Domino. The id is a date and a number.
    Dialect {
        family: Family::Named("domino"),
        software: &["Lotus Domino", "IBM Domino", "HCL Domino", "Lotus SMTP"],
        samples: samples(&[(
            "from mail.contoso.example ([203.0.113.34])
    by notes.example.net (IBM Domino Release 9.0.1FP10)
    with ESMTP id 2021010215584608-1459 ;
    Sat, 2 Jan 2021 15:58:46 +0530",
            "helo=mail.contoso.example; ip=203.0.113.34; by=notes.example.net; with=ESMTP; \
                 id=2021010215584608-1459; software=IBM Domino Release 9.0.1FP10; \
                 date=2021-01-02T10:28:46Z",
        )]),
        ..PLAIN
    },
    // Openwave InterMail, Critical Path and Post.Office.
    Dialect {
        family: Family::Named("intermail"),
        software: &[
            "InterMail",
            "Post.Office",
            "Email Mx",
            "6.0",
            "6.7",
            "7.0",
            "7.2",
            "7.3",
            "8.0",
            "8.5",
            "9.0",
        ],
        samples: samples(&[(
            "from spinnaker ([203.0.113.6])
    by fe01.example.net
    (InterMail vM.8.01.05.02 201-2260-151-103-20110920) with ESMTP
    id <20020919180238.RUXM977.fe01@spinnaker>; Thu, 19 Sep 2002 14:02:38 -0400",
            "helo=spinnaker; ip=203.0.113.6; by=fe01.example.net; with=ESMTP; \
                 id=20020919180238.RUXM977.fe01@spinnaker; \
                 software=InterMail vM.8.01.05.02 201-2260-151-103-20110920; \
                 date=2002-09-19T18:02:38Z",
        )]),
        ..PLAIN
    },
    // Mercury/32 and Pegasus' relatives.
    Dialect {
        family: Family::Named("mercury"),
        software: &["Mercury"],
        samples: samples(&[(
            "from app01 (203.0.113.21) by mail.example.net (Mercury/32 v4.80) ID MG000F77;
    23 Aug 22 14:31:34 +0900",
            "helo=app01; ip=203.0.113.21; by=mail.example.net; id=MG000F77; \
                 software=Mercury/32 v4.80; date=2022-08-23T05:31:34Z",
        )]),
        ..PLAIN
    },
    // IceWarp, formerly Merak.
    Dialect {
        family: Family::Named("icewarp"),
        software: &["IceWarp", "Merak"],
        samples: samples(&[(
            "from app01 ([203.0.113.21])
    by mail.example.net (IceWarp 13.0.3.9 DEB9 x64) with ASMTP (SSL) id 202308211142000001
    for <recipient@example.net>; Mon, 21 Aug 2023 11:42:00 +0200",
            "helo=app01; ip=203.0.113.21; by=mail.example.net; with=ASMTP; \
                 id=202308211142000001; for=recipient@example.net; \
                 software=IceWarp 13.0.3.9 DEB9 x64; date=2023-08-21T09:42:00Z",
        )]),
        ..PLAIN
    },
    // Novell (Micro Focus) GroupWise, NIMS and NetMail.
    Dialect {
        family: Family::Named("groupwise"),
        software: &["Novell", "GroupWise"],
        protocols: &["Novell", "NetMail"],
        samples: samples(&[
            (
                "from GWGC6-MTA by gc6.example.net
    with Novell_GroupWise; Tue, 30 Nov 2010 10:09:15 -0700",
                "helo=GWGC6-MTA; by=gc6.example.net; with=Novell_GroupWise; \
                 date=2010-11-30T17:09:15Z",
            ),
            (
                "from app01 joe@example.net [203.0.113.21]
    by smtp2.example.net with Novell NIMS $Revision: 2.88.1.1 $ on Novell NetWare;
    Tue, 30 Jul 2002 22:14:57 +0200",
                "helo=app01; ip=203.0.113.21; by=smtp2.example.net; with=Novell NIMS; \
                 date=2002-07-30T20:14:57Z",
            ),
        ]),
        ..PLAIN
    },
    // MailEnable. Often names no host of its own.
    Dialect {
        family: Family::Named("mailenable"),
        host_starts: &["MailEnable"],
        protocols: &["MailEnable"],
        samples: samples(&[
            (
                "from app01 ([203.0.113.16]) by mail.example.net with MailEnable ESMTPA;
    Tue, 20 Feb 2024 09:26:17 -0500",
                "helo=app01; ip=203.0.113.16; by=mail.example.net; with=MailEnable ESMTPA; \
                 date=2024-02-20T14:26:17Z",
            ),
            (
                "from (127.0.0.1 [127.0.0.1]) by MailEnable Inbound Mail Agent with ESMTP;
    Sun, 04 Aug 2002 05:31:23 -08:00",
                "ip=127.0.0.1; by=MailEnable Inbound Mail Agent; with=ESMTP; \
                 date=2002-08-04T13:31:23Z",
            ),
        ]),
        ..PLAIN
    },
    // Kerio (GFI) Connect.
    Dialect {
        family: Family::Named("kerio"),
        software: &["Kerio"],
        samples: samples(&[(
            "from mail.contoso.example ([203.0.113.16])
    by mail.example.net (Kerio Connect 9.4.2) with ESMTPS
    (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256 bits))
    for recipient@example.net; Tue, 20 Feb 2024 09:26:17 +0100",
            "helo=mail.contoso.example; ip=203.0.113.16; by=mail.example.net; with=ESMTPS; \
                 tls=TLSv1.3; cipher=TLS_AES_256_GCM_SHA384; for=recipient@example.net; \
                 software=Kerio Connect 9.4.2; date=2024-02-20T08:26:17Z",
        )]),
        ..PLAIN
    },
    // Ipswitch IMail (`SMTPD32`).
    Dialect {
        family: Family::Named("imail"),
        software: &["SMTPD32", "SMTPD-", "SMTPD ("],
        samples: samples(&[(
            "from mail.contoso.example [203.0.113.102] by mail.example.net with ESMTP
    (SMTPD32-8.15) id A47AAD01DC; Thu, 06 Jun 2022 19:16:10 +0800",
            "helo=mail.contoso.example; ip=203.0.113.102; by=mail.example.net; with=ESMTP; \
                 id=A47AAD01DC; software=SMTPD32-8.15; date=2022-06-06T11:16:10Z",
        )]),
        ..PLAIN
    },
    // XMail. Ports stand beside the addresses; the software takes the protocol's place.
    Dialect {
        family: Family::Named("xmail"),
        protocols: &["[XMail", "XMail"],
        names: Names::Never,
        refine: Some(xmail::refine),
        samples: samples(&[(
            "from mail.contoso.example (203.0.113.86:23198)
    by mx1.example.net with [XMail 1.20 ESMTP Server]
    id <S72E> for <recipient@example.net> from <bounce-1@contoso.example>;
    Sat, 18 Sep 2004 23:17:54 -0500",
            "helo=mail.contoso.example; bare-ip=203.0.113.86; by=mx1.example.net; \
                 with=ESMTP; id=S72E; for=recipient@example.net; \
                 envelope=bounce-1@contoso.example; software=XMail 1.20 ESMTP Server; \
                 date=2004-09-19T04:17:54Z",
        )]),
        ..PLAIN
    },
    // Courier. Prints IPv4 as mapped IPv6, `softdnserr` for a failed look-up, and an id of three
    // numbers.
    Dialect {
        family: Family::Named("courier"),
        software: &["courier"],
        knows: Some(courier::knows),
        refine: Some(courier::refine),
        samples: samples(&[(
            "from app01 (host.isp.example [::ffff:203.0.113.69])
    (AUTH: CRAM-MD5 joe@example.net, TLS: TLS1.3,128bits,ECDHE_RSA_AES_128_GCM_SHA256)
    by mail.example.net with ESMTPSA
    id 00000000005DC0D6.0000000064EC6711.00003756; Mon, 28 Aug 2023 11:21:21 +0200",
            "helo=app01; rdns=host.isp.example; ip=::ffff:203.0.113.69; by=mail.example.net; \
                 with=ESMTPSA; tls=TLS1.3; cipher=ECDHE_RSA_AES_128_GCM_SHA256; \
                 id=00000000005DC0D6.0000000064EC6711.00003756; auth=joe@example.net; \
                 date=2023-08-28T09:21:21Z",
        )]),
        ..PLAIN
    },
    // Apache James.
    Dialect {
        family: Family::Named("james"),
        software: &["JAMES SMTP", "James", "Apache James"],
        protocols: &["JAMES"],
        samples: samples(&[(
            "from 203.0.113.16 (EHLO app01) ([203.0.113.16])
    by mail.example.net (JAMES SMTP Server ) with ESMTPSA id 1234
    for <recipient@example.net>;
    Tue, 20 Feb 2024 09:26:17 +0000 (UTC)",
            "helo=app01; ip=203.0.113.16; by=mail.example.net; with=ESMTPSA; id=1234; \
                 for=recipient@example.net; software=JAMES SMTP Server; date=2024-02-20T09:26:17Z",
        )]),
        ..PLAIN
    },
    // Smail 3. A second `from` names the socket's address.
    Dialect {
        family: Family::Named("smail"),
        software: &["smail", "Smail", "/\\"],
        knows: Some(smail::knows),
        refine: Some(smail::refine),
        samples: samples(&[
            (
                r"from mx6.example.com from [203.0.113.103] by mail5.example.net
    (/\##/\ Smail3.1.30.16 #30.56) with esmtp
    for <recipient@example.net> sender: <a@example.com>
    id <mP/17oq90-002OfmP@mail5.example.net>; Tue, 10 Sep 2002 13:53:50 -0500 (CDT)",
                "helo=mx6.example.com; bare-ip=203.0.113.103; by=mail5.example.net; with=esmtp; \
                 id=mP/17oq90-002OfmP@mail5.example.net; for=recipient@example.net; \
                 software=/\\##/\\ Smail3.1.30.16 #30.56; date=2002-09-10T18:53:50Z",
            ),
            (
                "by mail5.example.net (Smail3.1.29.1 #35)
    id m0xy3um-002Oj6C; Fri, 30 Jan 98 01:02 MET",
                "by=mail5.example.net; id=m0xy3um-002Oj6C; software=Smail3.1.29.1 #35; \
                 date=1998-01-30T00:02:00Z",
            ),
            (
                "from mx6.example.com(really [203.0.113.103]) by mail5.example.net
    via sendmail with smtp id <m10mxoK-001kwNC@mail5.example.net>
    for <recipient@example.net>; Thu, 27 May 1999 11:54:52 +0100 (BST)
    (Smail-3.2 1996-Jul-4 #3 built 1998-May-29)",
                "helo=mx6.example.com; ip=203.0.113.103; by=mail5.example.net; with=smtp; \
                 id=m10mxoK-001kwNC@mail5.example.net; for=recipient@example.net; \
                 date=1999-05-27T10:54:52Z",
            ),
        ]),
        ..PLAIN
    },
    // Firewall mail proxies: smap, csmap, smtpd. `NAME(IP)`, `via` in place of `with`.
    Dialect {
        family: Family::Named("smap"),
        links: &["smap", "csmap", "smtpd"],
        samples: samples(&[
            (
                "from relay01.contoso.example(192.0.2.3) by gw.example.net via csmap (V6.0)
    id srcAAAIQaqS0; Mon, 22 Jul 02 16:02:21 +0100",
                "helo=relay01.contoso.example; ip=192.0.2.3; by=gw.example.net; id=srcAAAIQaqS0; \
                 date=2002-07-22T15:02:21Z",
            ),
            (
                "from mail.contoso.example by [198.51.100.146]
    via smtpd (for mx.example.net [198.51.100.45]) with SMTP; 2 Sep 2002 10:26:06 UT",
                "helo=mail.contoso.example; by-ip=198.51.100.146; with=SMTP; \
                 date=2002-09-02T10:26:06Z",
            ),
        ]),
        ..PLAIN
    },
    // Obtuse smtpd, a store-and-forward firewall proxy. Its dates have no zone.
    Dialect {
        family: Family::Named("obtuse"),
        knows: Some(obtuse::knows),
        refine: Some(obtuse::refine),
        samples: samples(&[
            (
                r#"from host.isp.example(203.0.113.27), claiming to be "mail.contoso.example"
    via SMTP by gw.example.net, id smtpd1PBsZT; Sun Nov 13 15:38:52 2005"#,
                "helo=mail.contoso.example; rdns=host.isp.example; bare-ip=203.0.113.27; \
                 by=gw.example.net; id=smtpd1PBsZT",
            ),
            (
                "from host.isp.example(203.0.113.27)
    via SMTP by gw.example.net, id smtpdEDUB8h; Sun Nov 13 14:50:12 2005",
                "helo=host.isp.example; rdns=host.isp.example; bare-ip=203.0.113.27; \
                 by=gw.example.net; id=smtpdEDUB8h",
            ),
        ]),
        ..PLAIN
    },
    // Filters and proxies that stand in the way of a message on one machine: MailShield, Content
    // Technologies, Clearswift, SpamAssassin, qmail-scanner and others.
    Dialect {
        family: Family::Named("mail-filters"),
        software: &[
            "MailShield",
            "Content Technologies",
            "Clearswift",
            "EMWAC",
            "MIMEDefang",
            "Proxmox",
            "ASSP",
            "F-Secure",
            "Tumbleweed",
            "LSMTP",
            "SMTPL",
        ],
        protocols: &["qmail-scanner", "SpamAssassin"],
        samples: samples(&[
            (
                "from exchange1.example.net (unverified) by mailgateway.example.net
    (Clearswift SMTPRS 5.1.7) with ESMTP id <T5cde81f695ac1d100407d@mailgateway.example.net>
    for <recipient@example.org>; Thu, 22 Aug 2002 13:14:10 +0100",
                "helo=exchange1.example.net; by=mailgateway.example.net; with=ESMTP; \
                 id=T5cde81f695ac1d100407d@mailgateway.example.net; for=recipient@example.org; \
                 software=Clearswift SMTPRS 5.1.7; date=2002-08-22T12:14:10Z",
            ),
            (
                "from joe@example.com by mailhost with qmail-scanner-1.00 (uvscan: v4.1.40/v4209.
    . Clean. Processed in 0.436395 secs); 26 Jun 2002 23:46:52 -0000",
                "helo=joe@example.com; by=mailhost; with=qmail-scanner-1.00; \
                 software=uvscan: v4.1.40/v4209. . Clean. Processed in 0.436395 secs; \
                 date=2002-06-26T23:46:52Z",
            ),
        ]),
        ..PLAIN
    },
    // Mailing-list managers: bulk_mailer, Ecartis, Listar, LISTSERV, dmail. The message was made
    // on the server.
    Dialect {
        family: Family::Named("mailing-lists"),
        software: &["bulk_mailer", "LISTSERV", "Listar", "ECARTIS"],
        protocols: &["ECARTIS", "LISTAR"],
        links: &["dmail-", "listexpand"],
        intake: Intake::Local,
        samples: samples(&[
            (
                "by lists.example.net (bulk_mailer v1.13); Mon, 9 Sep 2002 14:18:11 -0700",
                "by=lists.example.net; software=bulk_mailer v1.13; intake=local; \
                 date=2002-09-09T21:18:11Z",
            ),
            (
                "with ECARTIS (v1.0.0; list announce); Thu, 25 Jul 2002 23:51:00 -0700 (PDT)",
                "with=ECARTIS; software=v1.0.0; list announce; intake=local; \
                 date=2002-07-26T06:51:00Z",
            ),
        ]),
        ..PLAIN
    },
    // Web mail programs: SquirrelMail, Horde, Roundcube, and others that write `with HTTP`. The
    // client is a browser; its address may stand in the name's place.
    Dialect {
        family: Family::Named("webmail"),
        protocols: &["HTTP"],
        order: Order::AddressFirst,
        refine: Some(webmail::refine),
        slip: Some(webmail::is_slip),
        samples: samples(&[
            (
                "from a.example.com by b.example.net with HTTP (HTTP/1.1 POST);
    Mon, 4 Dec 2023 10:00:00 +0000",
                "helo=a.example.com; by=b.example.net; with=HTTP; date=2023-12-04T10:00:00Z",
            ),
            (
                "from 192.0.2.199 (SquirrelMail authenticated user joe)
    by webmail.example.net with HTTP;
    Thu, 23 Sep 2021 14:35:29 -0600 (MDT)",
                "ip=192.0.2.199; by=webmail.example.net; with=HTTP; auth=joe; \
                 date=2021-09-23T20:35:29Z",
            ),
            (
                "from host.isp.example (host.isp.example [198.51.100.7])
    by webmail.example.net (Horde Framework) with HTTPS; Thu, 23 Sep 2021 14:35:29 +0000",
                "helo=host.isp.example; rdns=host.isp.example; ip=198.51.100.7; \
                 by=webmail.example.net; with=HTTPS; software=Horde Framework; \
                 date=2021-09-23T14:35:29Z",
            ),
        ]),
        ..PLAIN
    },
    // MailMarshal. Says so where it found no name, and tells TLS in words of its own.
    Dialect {
        family: Family::Named("mailmarshal"),
        knows: Some(mailmarshal::knows),
        refine: Some(mailmarshal::refine),
        samples: samples(&[(
            "from mail.contoso.example (Not Verified[203.0.113.13]) by gate.example.net
    (using TLS: TLSv1.2, AES256-SHA)
    id <B5f77d0bb0000>; Fri, 02 Oct 2020 18:15:39 -0700",
            "helo=mail.contoso.example; ip=203.0.113.13; by=gate.example.net; tls=TLSv1.2; \
                 cipher=AES256-SHA; id=B5f77d0bb0000; date=2020-10-03T01:15:39Z",
        )]),
        ..PLAIN
    },
    // indimail, a relative of qmail: `by host NAME`.
    Dialect {
        family: Family::Named("indimail"),
        knows: Some(indimail::knows),
        slip: Some(indimail::is_slip),
        refine: Some(indimail::refine),
        samples: samples(&[
            (
                "(indimail 1000 invoked from network); by mx.example.net mailstore (invoked
    for bounce) ; Mon, 4 Dec 2023 10:00:00 +0000",
                "by=mx.example.net; date=2023-12-04T10:00:00Z",
            ),
            (
                "indimail-mta queue 58962 by host mx.example.net (invoked for bounce);
    Mon, 4 Dec 2023 10:00:00 +0000",
                "by=mx.example.net; date=2023-12-04T10:00:00Z",
            ),
        ]),
        ..PLAIN
    },
    // Active!gate.
    Dialect {
        family: Family::Named("active-gate"),
        software: &["Active!gate"],
        refine: Some(rare::active_gate),
        samples: samples(&[(
            "from mail.example.com (unknown [192.0.2.40])
    (envelope sender: <a@example.com>) (not using TLS) by ss11.example.net (Active!gate)
    with ESMTP id bPLQ01611B; Mon, 27 Apr 2026 15:11:16 +0800",
            "helo=mail.example.com; ip=192.0.2.40; by=ss11.example.net; with=ESMTP; \
                 id=bPLQ01611B; envelope=a@example.com; software=Active!gate; \
                 date=2026-04-27T07:11:16Z",
        )]),
        ..PLAIN
    },
    // A server that calls itself so.
    Dialect {
        family: Family::Named("generic-mta"),
        software: &["Generic MTA with TLS"],
        refine: Some(rare::generic_mta),
        samples: samples(&[(
            "from m1.example.com [(192.0.2.185)] by gw02.example.net
    (envelope-from <a@example.com>) (Generic MTA
    with TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 256/256) with ESMTP id 1938894362;
    Wed, 10 Apr 2024 15:31:13 +0800",
            "helo=m1.example.com; ip=192.0.2.185; by=gw02.example.net; with=ESMTP; \
                 tls=TLSv1.2; cipher=ECDHE-RSA-AES256-GCM-SHA384; id=1938894362; \
                 envelope=a@example.com; software=Generic MTA; date=2024-04-10T07:31:13Z",
        )]),
        ..PLAIN
    },
    // nbSMTP.
    Dialect {
        family: Family::Named("nbsmtp"),
        software: &["nbSMTP"],
        refine: Some(rare::nbsmtp),
        samples: samples(&[(
            "by host1.example.net (nbSMTP-1.00) for uid 1000 a@example.com;
    Tue, 19 Aug 2025 18:13:37 +0200 (CEST)",
            "by=host1.example.net; software=nbSMTP-1.00; date=2025-08-19T16:13:37Z",
        )]),
        ..PLAIN
    },
    // CrediShield. The date stands before `by`.
    Dialect {
        family: Family::Named("credishield"),
        knows: Some(rare::knows_credishield),
        refine: Some(rare::credishield),
        samples: samples(&[(
            "from 192.0.2.1 (192.0.2.1) at Tue, 21 Apr 2020 23:32:11 +0900
    by mail.example.com with ESMTP CrediShield",
            "helo=192.0.2.1; ip=192.0.2.1; by=mail.example.com; with=ESMTP; \
                 date=2020-04-21T14:32:11Z",
        )]),
        ..PLAIN
    },
    // Norton AntiVirus for Gateways. The client stands in a comment.
    Dialect {
        family: Family::Named("navgw"),
        software: &["NAVGW"],
        refine: Some(rare::navgw),
        samples: samples(&[(
            "(from mail.contoso.example [203.0.113.40]) by gate.example.net
    (NAVGW 2.5.1.13) with SMTP id M2002082917165412345;
    Thu, 29 Aug 2002 17:16:54 +0200",
            "helo=mail.contoso.example; ip=203.0.113.40; by=gate.example.net; with=SMTP; \
                 id=M2002082917165412345; software=NAVGW 2.5.1.13; date=2002-08-29T15:16:54Z",
        )]),
        ..PLAIN
    },
    // Programs beside a qmail: mess822's ofmipd, qfscan.
    Dialect {
        family: Family::Named("qmail-filters"),
        leads: &["ofmipd ", "qfscan "],
        refine: Some(rare::beside_qmail),
        samples: samples(&[
            (
                "(ofmipd 203.0.113.165);
    29 Aug 2002 15:27:49 -0000",
                "ip=203.0.113.165; date=2002-08-29T15:27:49Z",
            ),
            (
                "(qfscan 0.5. spam=2/0/0/0 remoteip=203.0.113.211):
    29 Aug 2002 03:27:47 -0000",
                "ip=203.0.113.211; date=2002-08-29T03:27:47Z",
            ),
        ]),
        ..PLAIN
    },
];

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;
    use super::*;

    #[test]
    fn each_sample_is_known_by_its_row_and_read_as_it_says() {
        for dialect in TABLE {
            assert!(!dialect.samples.0.is_empty(), "{:?}", dialect.family);
            for (field, reading) in dialect.samples.0 {
                agrees(field, dialect.family, reading);
            }
        }
    }

    #[test]
    fn no_family_has_two_rows() {
        for (at, dialect) in TABLE.iter().enumerate() {
            let first = TABLE.iter().position(|row| row.family == dialect.family);
            assert_eq!(first, Some(at), "{:?}", dialect.family);
        }
    }
}
