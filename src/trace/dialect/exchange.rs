//! Microsoft Exchange transport, and SMTPSVC of Windows Server: told by the protocol, `mapi` and
//! `HTTPS` included.

use std::borrow::Cow;

use super::generic::set_tls;
use super::{ClientForm, Marks};
use crate::trace::received::{Key, Received};
use crate::trace::{Family, Hop, Intake, Server};

pub(super) fn knows(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.with.starts_with("Microsoft SMTP")
        || marks.with == "mapi"
        || (marks.with.starts_with("HTTP")
            && (marks.host_in("outlook.com") || marks.host_in("exchangelabs.com")))
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    // SMTPSVC: `by HOST over TLS secured channel with Microsoft SMTPSVC(…)`
    let mut words = received
        .clause(Key::By)
        .skip_while(|piece| piece.text != "over");
    if words.nth(1).is_some_and(|piece| piece.text == "TLS") {
        set_tls(hop, None, None);
    }
    let with = hop.with.as_deref().unwrap_or("");
    let pickup =
        hop.from.as_ref().and_then(|client| client.helo.as_deref()) == Some("mail pickup service");
    if with == "mapi" || pickup {
        hop.intake = Intake::Local;
    }
    if hop.software.is_none() && with.starts_with("Microsoft") {
        hop.software = Some(Cow::Borrowed("Microsoft SMTP Server"));
    }
}

/// A resubmission is no doubt, though it has two `by` clauses.
pub(super) fn resubmitted<'x>(body: &'x str, hop: &mut Hop<'x>) {
    if let Some((host, address)) = resubmission(body) {
        hop.by = Some(Server {
            host: Some(host.into()),
            ip: Some(address.into()),
        });
        hop.family = Family::Exchange;
        (hop.doubtful, hop.rivals) = (false, false);
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
fn resubmission(body: &str) -> Option<(&str, &str)> {
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
}
