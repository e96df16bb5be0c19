//! Microsoft Exchange transport, and SMTPSVC of Windows Server.
//!
//! Prints the HELO with the socket's address, and never a name that it looked up. Mailbox servers
//! write `with mapi`; Exchange Online's delivery writes `with HTTPS`.

use super::{ClientForm, Dialect, Domain, Marks, Order, helo_only};
use crate::trace::received::Received;
use crate::trace::{Family, Hop, Intake};
use std::borrow::Cow;

/// ```text
/// from mail.contoso.example (203.0.113.75) by
///  PA1PEPF000CC3F9.mail.protection.outlook.com (10.167.242.4) with Microsoft
///  SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id
///  15.20.9542.4 via Frontend Transport; Sat, 17 Jan 2026 16:02:20 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Exchange, order: Order::HeloFirst, software: &[], hosts: &[], matches: Some(matches), refine };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.with.starts_with("Microsoft SMTP")
        || marks.with == "mapi"
        || (marks.with.starts_with("HTTP") && (marks.host_in(&Domain::new("outlook.com")) || marks.host_in(&Domain::new("exchangelabs.com"))))
}

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    helo_only(hop, form, received);
    let with = hop.with.as_deref().unwrap_or("");
    let pickup = hop.from.as_ref().and_then(|client| client.helo.as_deref()) == Some("mail pickup service");
    if with == "mapi" || pickup {
        hop.intake = Intake::Local;
    }
    if hop.software.is_none() && with.starts_with("Microsoft") {
        hop.software = Some(Cow::Borrowed("Microsoft SMTP Server"));
    }
}

/// Exchange Online's resubmission by its spam filter, from a mailbox server to itself, which has two
/// `by` clauses; the server's name and address. Only the whole field in exactly that form: what a
/// HELO breaks into is followed by the rest of the server's own words.
///
/// ```text
/// from AM0PR07MB0001.eurprd07.prod.outlook.com (2603:10a6:205:e::18) by
///  AM0PR07MB0001.eurprd07.prod.outlook.com (2603:10a6:205:e::18) with
///  MailboxResubmission by AntispamTT id 15.20.7292.36; Fri, 15 Dec 2023 14:39:52 +0000
/// ```
pub(super) fn resubmission(body: &str) -> Option<(&str, &str)> {
    let (clauses, date) = body.split_once(';')?;
    let mut words = clauses.split_ascii_whitespace();
    let mut next = |wanted: Option<&str>| {
        words
            .next()
            .filter(|word| wanted.is_none_or(|wanted| *word == wanted))
    };
    next(Some("from"))?;
    let client = next(None)?;
    let address = next(None)?;
    next(Some("by"))?;
    let server = next(None)?;
    next(Some(address))?;
    for word in ["with", "MailboxResubmission", "by", "AntispamTT", "id"] {
        next(Some(word))?;
    }
    let id = next(None)?;
    let number = id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let plain_date = date.split_ascii_whitespace().count() <= 6
        && !date.contains(['(', ')', '[', ']', ';', '='])
        && date.bytes().filter(u8::is_ascii_alphabetic).count() <= 9;
    let its_own = crate::host::label_before(server, "outlook.com").is_some()
        && client.eq_ignore_ascii_case(server);
    let address = address.strip_prefix('(')?.strip_suffix(')')?;
    let ip = crate::lex::parse_ip(address).is_some();
    (words.next().is_none() && number && plain_date && its_own && ip).then_some((server, address))
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn a_resubmission_is_its_own_whole_field_only() {
        let server = "AM0PR07MB0001.eurprd07.prod.outlook.com (2603:10a6:205:e::18)";
        let own = format!(
            "from {server} by\n {server} with\n MailboxResubmission by AntispamTT id 15.20.7292.36; Fri, 15 Dec 2023 14:39:52 +0000"
        );
        assert!(!super::super::read(&own).doubtful);
        // As a HELO, at servers that go on behind it.
        for behind in [
            " (evil.example [203.0.113.66])\n by mx.example.net (Postfix) with ESMTP id 1; Fri, 15 Dec 2023 14:39:53 +0000",
            " by mx.example.net with SMTP; Fri, 15 Dec 2023 14:39:53 +0000",
        ] {
            assert!(super::super::read(&format!("{own}{behind}")).doubtful);
        }
        assert!(super::super::read(&own.replacen("AM0PR07MB0001", "x", 1)).doubtful);
    }

    #[test]
    fn transport_prints_the_helo_and_the_socket() {
        agrees(
            "from mail.contoso.example (203.0.113.75) by\n PA1PEPF000CC3F9.mail.protection.outlook.com (10.167.242.4) with Microsoft\n SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id\n 15.20.9542.4 via Frontend Transport; Sat, 17 Jan 2026 16:02:20 +0000",
            "Exchange",
            "helo=mail.contoso.example; ip=203.0.113.75; by=PA1PEPF000CC3F9.mail.protection.outlook.com; by-ip=10.167.242.4; with=Microsoft SMTP Server; tls=TLS1_2; cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; id=15.20.9542.4; software=Microsoft SMTP Server; date=2026-01-17T16:02:20Z",
        );
    }

    #[test]
    fn mapi_is_a_mailbox_and_keeps_its_zone() {
        agrees(
            "from EX1.contoso.example ([fe80::1:2])\n by EX1.contoso.example ([fe80::1:2%6]) with mapi id\n 15.01.2507.037; Fri, 15 Mar 2024 12:22:31 +0100",
            "Exchange",
            "helo=EX1.contoso.example; ip=fe80::1:2; by=EX1.contoso.example; by-ip=fe80::1:2%6; with=mapi; id=15.01.2507.037; intake=local; date=2024-03-15T11:22:31Z",
        );
        agrees(
            "from EX1.contoso.example ([fe80::1:2])\n by EX1.contoso.example ([fe80::1:2%6]) with mapi id ;\n Fri, 15 Mar 2024 12:22:31 +0100",
            "Exchange",
            "helo=EX1.contoso.example; ip=fe80::1:2; by=EX1.contoso.example; by-ip=fe80::1:2%6; with=mapi; intake=local; date=2024-03-15T11:22:31Z",
        );
    }

    #[test]
    fn delivery_within_the_cloud() {
        agrees(
            "from LV3PR10MB8129.namprd10.prod.outlook.com (::1) by\n MW4PR10MB5749.namprd10.prod.outlook.com with HTTPS; Thu, 1 Jan 2026 09:51:08\n +0000",
            "Exchange",
            "helo=LV3PR10MB8129.namprd10.prod.outlook.com; ip=::1; by=MW4PR10MB5749.namprd10.prod.outlook.com; with=HTTPS; date=2026-01-01T09:51:08Z",
        );
    }

    #[test]
    fn smtpsvc_and_the_pickup_folder() {
        agrees(
            "from app01 ([192.0.2.9] RDNS failed) by web.contoso.example\n over TLS secured channel with Microsoft SMTPSVC(8.5.9600.16384);\n Mon, 6 May 2024 08:00:00 +0200",
            "Exchange",
            "helo=app01; ip=192.0.2.9; by=web.contoso.example; with=Microsoft SMTPSVC; tls-seen=yes; software=8.5.9600.16384; date=2024-05-06T06:00:00Z",
        );
        agrees(
            "from mail pickup service by web.contoso.example with\n Microsoft SMTPSVC; Mon, 6 May 2024 08:00:00 +0200",
            "Exchange",
            "helo=mail pickup service; by=web.contoso.example; with=Microsoft SMTPSVC; software=Microsoft SMTP Server; intake=local; date=2024-05-06T06:00:00Z",
        );
    }

    #[test]
    fn a_redacted_or_impossible_address_is_kept_as_written() {
        agrees(
            "from out.fabrikam.example (192.0.2.user@spot) by\n mx.contoso.example (10.0.0.1) with Microsoft SMTP Server id 15.20.1.2; Thu, 1 Jan 2026 09:51:08 +0000",
            "Exchange",
            "helo=out.fabrikam.example; no-ip=192.0.2.user@spot; by=mx.contoso.example; by-ip=10.0.0.1; with=Microsoft SMTP Server; id=15.20.1.2; software=Microsoft SMTP Server; date=2026-01-01T09:51:08Z",
        );
    }
}
