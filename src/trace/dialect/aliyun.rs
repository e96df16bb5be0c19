//! Alibaba Cloud. An address in the name's place is the client's HELO literal, printed without its
//! brackets. The address behind `ip:` stands beside words of the client's own, so it counts as bare.

use std::borrow::Cow;

use super::ClientForm;
use crate::lex;
use crate::trace::received::{Key, Kind, Received};
use crate::trace::{AddressPlace, ClientAddress, Hop};

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let comments = received
        .clause(Key::From)
        .filter(|piece| piece.kind == Kind::Comment);
    let words = comments.flat_map(|comment| lex::Words(comment.text));
    // The last one: the words before it are the client's.
    let Some(text) = words.filter_map(|word| word.strip_prefix("ip:")).last() else {
        return;
    };
    if let (Some(client), Some(ip)) = (&mut hop.from, lex::parse_ip(text)) {
        client.helo = form
            .name
            .map(|(name, _)| Cow::Borrowed(name))
            .or(client.helo.take());
        client.address = Some(ClientAddress {
            text: Cow::Borrowed(text),
            ip: Some(ip),
            place: AddressPlace::Bare,
        });
    }
}
