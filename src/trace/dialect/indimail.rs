//! indimail: `(indimail 1000 invoked from network); by host NAME (invoked for bounce); date`.

use std::borrow::Cow;

use super::{ClientForm, Marks};
use crate::trace::Hop;
use crate::trace::received::{Key, Kind, Piece, Received};

pub(super) fn knows(_: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    let lead = received.lead().next();
    lead.is_some_and(|piece| piece.text.starts_with("indimail"))
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    let mut words = received
        .clause(Key::By)
        .take_while(|piece| piece.kind == Kind::Word)
        .map(|piece| piece.text);
    if let (Some("host"), Some(name), Some(server)) = (words.next(), words.next(), &mut hop.by) {
        server.host = Some(Cow::Borrowed(name));
    }
    hop.software = None;
}

/// Behind its comment alone.
pub(super) fn is_slip(before: &[Piece<'_>], behind: &str) -> bool {
    matches!(before, [lead] if lead.kind == Kind::Comment && lead.text.starts_with("indimail"))
        && behind.starts_with("by ")
}
