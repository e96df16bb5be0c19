//! qmail and its descendants, told by their comments, or by a date without weekday and a client's part
//! of tcpserver's. Only they write neither software nor id.

use std::borrow::Cow;

use super::client::{Shape, address, host_name};
use super::generic::client_address;
use super::{ClientForm, Marks, address_is_tcp_info};
use crate::trace::received::{Key, Received};
use crate::trace::{AddressPlace, Client, Hop};

pub(super) fn knows(marks: &Marks<'_>, form: &ClientForm<'_>, received: &Received<'_>) -> bool {
    marks.lead.starts_with("qmail ")
        || marks.software.starts_with("qmail")
        || (form.present
            && received.has(Key::By)
            && received.date.date.is_some()
            && !received.date.weekday
            && (marks.software.is_empty() || marks.software.starts_with("qp "))
            && marks.id.is_empty()
            && (form.helo.is_some() || form.shape == Shape::Plain)
            && !marks.with.contains('/')
            && !received
                .clause(Key::With)
                .any(|piece| piece.text.contains('/')))
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    // `(qmail 1 messnum 2 invoked from network[IP/RDNS])`: Speakeasy's and eircom's.
    let remote = received
        .lead_comment()
        .split_once("invoked from network[")
        .and_then(|(_, rest)| rest.split_once(']'));
    if let (Some((remote, _)), false) = (remote, form.present) {
        let (ip, name) = remote.split_once('/').unwrap_or((remote, ""));
        hop.from = address(ip).map(|ip| Client {
            reverse_dns: host_name(name).map(Cow::Borrowed),
            address: Some(client_address(ip, AddressPlace::TcpInfo)),
            ..Client::default()
        });
    }
    if form.name_address.is_some() && form.address.is_none() && form.helo.is_some() {
        address_is_tcp_info(hop);
    }
    // HELO and reverse DNS at once.
    if let (Some(client), None, true) = (&mut hop.from, form.helo, form.address.is_some()) {
        client.reverse_dns = form.plain_name().or(form.looked_up()).map(Cow::Borrowed);
    }
}
