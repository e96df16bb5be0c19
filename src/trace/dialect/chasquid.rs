//! chasquid: `tls CIPHER (over submission+TLS, TLS-1.3, envelope from "a@example.com")`.

use super::ClientForm;
use super::generic::{cipher_behind_tls, set_envelope, set_tls, uncomma};
use crate::lex;
use crate::trace::Hop;
use crate::trace::received::Received;

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
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
