//! Smail 3. The socket's address stands behind a second `from`, `from NAME from [IP]`, or in a comment,
//! `NAME(really [IP])`.

use super::client::address;
use super::generic::client_address;
use super::{ClientForm, Marks};
use crate::trace::received::{Key, Received};
use crate::trace::{AddressPlace, Hop};

pub(super) fn knows(_: &Marks<'_>, form: &ClientForm<'_>, _: &Received<'_>) -> bool {
    form.slot == Some("really")
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let Some(client) = &mut hop.from else { return };
    if form.slot == Some("really") {
        client.reverse_dns = None;
    }
    let second = received.clause(Key::SecondFrom).next();
    if let (None, Some(ip)) = (
        &client.address,
        second.and_then(|piece| address(piece.text)),
    ) {
        // A HELO may have opened the second clause.
        client.address = Some(client_address(ip, AddressPlace::Bare));
    }
}
