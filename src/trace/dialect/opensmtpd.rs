//! OpenSMTPD: `from localhost (NAME [local])` is its own queue.

use super::ClientForm;
use crate::trace::received::{Key, Kind, Received};
use crate::trace::{Hop, Intake};

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let queued = received
        .clause(Key::From)
        .any(|piece| piece.kind == Kind::Comment && piece.text.ends_with("[local]"));
    if queued && form.address.is_none() {
        hop.intake = Intake::Local;
    }
}
