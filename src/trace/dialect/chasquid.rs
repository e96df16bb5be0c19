//! chasquid: `tls CIPHER (over submission+TLS, TLS-1.3, envelope from "a@example.com")`. Prints
//! `HELO ([IP])`, and printed `[IP] (HELO)` before; of a user that authenticated only what he calls
//! himself, so that an address alone is none of the socket's.

use std::borrow::Cow;

use super::client::Shape;
use super::generic::{cipher_behind_tls, set_envelope, set_tls, uncomma};
use super::{ClientForm, address_is_tcp_info};
use crate::lex;
use crate::trace::Hop;
use crate::trace::received::Received;

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let is_first = form.name_address.is_some() && form.address.is_none();
    if is_first && form.shape == Shape::NameOnly {
        address_is_tcp_info(hop);
        if let Some(client) = &mut hop.from {
            client.helo = form.slot.map(Cow::Borrowed);
            client.reverse_dns = None;
        }
    }
    if let Some(cipher) = cipher_behind_tls(received) {
        set_tls(hop, None, Some(cipher));
    }
    let Some(over) = received
        .comments()
        .find(|comment| comment.starts_with("over "))
    else {
        return;
    };
    let mut words = lex::Words(over).map(uncomma);
    if let Some(version) = words.find(|word| word.starts_with("TLS-")) {
        set_tls(hop, Some(version), None);
    }
    if let Some((_, path)) = lex::split_at_part(over, "envelope from ") {
        set_envelope(hop, lex::trim(path).trim_matches('"'));
    }
}
