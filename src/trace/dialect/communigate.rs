//! CommuniGate Pro: `[IP] (account NAME HELO x)`, `NAME (account NAME [IP] verified)`.

use std::borrow::Cow;

use super::ClientForm;
use super::client::address;
use super::generic::{client_address, said_name};
use crate::lex;
use crate::trace::received::{Key, Kind, Received};
use crate::trace::{AddressPlace, Hop};

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let account = received
        .clause(Key::From)
        .filter(|piece| piece.kind == Kind::Comment)
        .find(|piece| piece.text.starts_with("account "));
    let (Some(account), Some(client)) = (account, &mut hop.from) else {
        return;
    };
    let mut words = lex::Words(account.text).skip(1);
    hop.authenticated_as = words.next().map(Cow::Borrowed);
    match (words.next(), words.next()) {
        (Some("HELO"), Some(helo)) => client.helo = said_name(helo).map(Cow::Borrowed),
        (Some(word), _) if form.address.is_none() => {
            if let Some(ip) = address(word) {
                if let (None, Some((name, _))) = (&client.helo, form.name) {
                    client.helo = Some(Cow::Borrowed(name));
                }
                client.address = Some(client_address(ip, AddressPlace::TcpInfo));
            }
        }
        _ => {}
    }
}
