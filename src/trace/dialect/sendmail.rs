//! sendmail 8, told by its two versions: its own and that of its configuration.

use super::{ClientForm, Marks};
use crate::trace::received::Received;
use crate::trace::{Hop, Intake};

/// `(8.17.1/8.17.1)`
pub(super) fn knows(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    let versioned = marks
        .software
        .strip_prefix("8.")
        .and_then(|rest| rest.split_once('/'));
    versioned.is_some_and(|(rest, _)| rest.starts_with(|first: char| first.is_ascii_digit()))
        || marks.software.starts_with("Sendmail 8.")
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    let submitted = hop
        .software
        .as_deref()
        .is_some_and(|software| software.ends_with("/Submit"));
    let lead = received.lead().next();
    if submitted || lead.is_some_and(|piece| piece.text.starts_with("from ")) {
        hop.intake = Intake::Local;
    }
}
