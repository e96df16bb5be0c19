//! Families of a line or two, each of which one server in some ten thousand is.

use std::borrow::Cow;

use super::client::{address, host_name};
use super::generic::{behind, client_address, set_envelope, set_tls};
use super::{ClientForm, Marks};
use crate::lex;
use crate::trace::received::{Key, Received};
use crate::trace::{AddressPlace, Client, DateStanding, Hop, Intake, date};

/// Active!gate: `(envelope sender: <a@example.com>)`
pub(super) fn active_gate<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    let path = received
        .comments()
        .find_map(|comment| behind(comment, &["envelope", "sender:"])?.next());
    if let Some(path) = path {
        set_envelope(hop, path);
    }
}

/// CrediShield: `from NAME (IP) at Tue, 21 Apr 2020 23:32:11 +0900 by HOST with ESMTP CrediShield`
pub(super) fn knows_credishield(
    _: &Marks<'_>,
    _: &ClientForm<'_>,
    received: &Received<'_>,
) -> bool {
    let last = received.clause(Key::With).next_back();
    last.is_some_and(|piece| piece.text == "CrediShield")
}

pub(super) fn credishield<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    if hop.date_standing != DateStanding::Missing {
        return;
    }
    if let Some((_, text)) = received.client_part().rsplit_once(" at ") {
        let reading = date::read(text);
        if reading.standing == DateStanding::Known {
            (hop.date, hop.date_standing) = (reading.date, reading.standing);
        }
    }
}

/// `(Generic MTA with TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 256/256)`
pub(super) fn generic_mta<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    let suite = received
        .comments()
        .find_map(|comment| behind(comment, &["Generic", "MTA", "with"]));
    if let Some(mut suite) = suite {
        set_tls(hop, suite.next(), suite.next());
    }
    hop.software = Some(Cow::Borrowed("Generic MTA"));
}

/// `(from NAME [IP])`, where others name a local user.
pub(super) fn navgw<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let Some(client) = received.lead_comment().strip_prefix("from ") else {
        return;
    };
    let mut words = lex::Words(client);
    if let (Some(name), Some(ip), false) =
        (words.next(), words.next().and_then(address), form.present)
    {
        hop.intake = Intake::Client;
        hop.from = Some(Client {
            helo: host_name(name).map(Cow::Borrowed),
            address: Some(client_address(ip, AddressPlace::TcpInfo)),
            ..Client::default()
        });
    }
}

/// nbSMTP: `for uid 1000 a@example.com`, a local user.
pub(super) fn nbsmtp<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, _: &Received<'x>) {
    if hop.for_.as_deref() == Some("uid") {
        hop.for_ = None;
    }
}

/// `(ofmipd IP)`, `(qfscan … remoteip=IP)`
pub(super) fn beside_qmail<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let lead = received.lead_comment();
    let ip = lead
        .strip_prefix("ofmipd ")
        .or_else(|| lex::split_at_part(lead, "remoteip=").map(|(_, ip)| ip));
    let ip = ip.and_then(|ip| lex::Words(ip).next()).and_then(address);
    if let (Some(ip), false) = (ip, form.present) {
        hop.from = Some(Client {
            address: Some(client_address(ip, AddressPlace::TcpInfo)),
            ..Client::default()
        });
    }
}
