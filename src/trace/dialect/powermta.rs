//! PowerMTA where it hides its name: told by the reverse-path behind the date.

use super::client::Shape;
use super::{ClientForm, Marks};
use crate::trace::received::Received;

pub(super) fn knows(marks: &Marks<'_>, form: &ClientForm<'_>, received: &Received<'_>) -> bool {
    marks.software.is_empty()
        && marks.with.is_empty()
        && (form.shape == Shape::Plain || !form.present)
        && received.tail.contains("(envelope-from <")
}
