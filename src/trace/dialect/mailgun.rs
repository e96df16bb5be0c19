//! Mailgun, in a container: its name is the container's, of hexadecimal digits, as is the id.

use super::{ClientForm, Marks};
use crate::trace::received::Received;

pub(super) fn knows(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    marks.host.len() == 12 && marks.id.len() == 24 && is_hex(marks.host) && is_hex(marks.id)
}
