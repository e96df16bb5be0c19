//! Cisco Secure Email (IronPort AsyncOS): `with ESMTP/TLS/CIPHER`.

use super::generic::set_tls;
use super::{ClientForm, Marks};
use crate::lex;
use crate::trace::Hop;
use crate::trace::received::{Key, Received};

pub(super) fn knows(_: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    cipher(received).is_some()
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    if let Some(cipher) = cipher(received) {
        set_tls(hop, None, Some(cipher));
    }
}

fn cipher<'x>(received: &Received<'x>) -> Option<&'x str> {
    let protocol = received.clause(Key::With).next()?;
    lex::split_at_part(protocol.text, "/TLS/").map(|(_, cipher)| cipher)
}
