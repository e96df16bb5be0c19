//! Web mail programs: `from 192.0.2.199 (SquirrelMail authenticated user joe)`.

use super::{ClientForm, address_is_tcp_info};
use crate::trace::Hop;
use crate::trace::received::{Kind, Piece, Received};

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    // The program's own comment stands beside the browser's address.
    if hop.authenticated_as.is_some() && form.address.is_none() {
        address_is_tcp_info(hop);
    }
}

/// SquirrelMail 1.4 wrote `(SquirrelMail authenticated user x); by HOST with HTTP; date`.
pub(super) fn is_slip(before: &[Piece<'_>], _: &str) -> bool {
    before.last().is_some_and(|piece| {
        piece.kind == Kind::Comment
            && ["SquirrelMail", "NaSMail"].iter().any(|name| {
                piece
                    .text
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with(" authenticated user "))
            })
    })
}
