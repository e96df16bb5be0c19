//! Haraka: `HELO ([HELO literal] [IP])`, where the HELO is an address.

use super::ClientForm;
use super::client::address;
use super::generic::client_address;
use crate::lex;
use crate::trace::received::{Key, Kind, Received};
use crate::trace::{AddressPlace, Hop};

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    let mut pieces = received.clause(Key::From);
    let Some(info) = pieces.find(|piece| piece.kind == Kind::Comment) else {
        return;
    };
    let mut words = lex::Words(info.text);
    let literal = words.next().filter(|word| word.starts_with('['));
    let socket = words.next().filter(|word| word.starts_with('['));
    if let (Some(_), Some(ip), Some(client)) = (literal, socket.and_then(address), &mut hop.from) {
        client.address = Some(client_address(ip, AddressPlace::TcpInfo));
    }
}
