//! Cisco Secure Email (IronPort AsyncOS): `with ESMTP/TLS/CIPHER`.

use super::{ClientForm, Marks};
use crate::lex;
use crate::trace::received::{Key, Received};

pub(super) fn knows(_: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    received
        .clause(Key::With)
        .next()
        .is_some_and(|piece| lex::contains(piece.text, "/TLS/"))
}
