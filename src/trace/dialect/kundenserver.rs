//! IONOS: `by mx-ha.gmx.net (mxgmxus004) with ESMTPS (Nemesis)`; the machine stands before the
//! software.

use std::borrow::Cow;

use super::{ClientForm, Marks};
use crate::trace::Hop;
use crate::trace::received::{Key, Received};

pub(super) fn knows(_: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    // In the client's part the word may be the client's.
    (received.follows_by(Key::With) || !received.has(Key::From))
        && received
            .clause(Key::With)
            .any(|piece| piece.text == "Nemesis")
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, _: &Received<'x>) {
    hop.software = Some(Cow::Borrowed("Nemesis"));
}
