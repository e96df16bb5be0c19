//! Courier: told by its comment on the login, or by its id.

use super::{ClientForm, Marks};
use crate::lex;
use crate::trace::received::Received;

pub(super) fn knows(marks: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    (marks.id.len() >= 26 && is_numbered(marks.id))
        || received
            .comments()
            .any(|comment| comment.starts_with("AUTH: "))
}

/// Three numbers of at least eight digits: a serial, the time and the process.
fn is_numbered(id: &str) -> bool {
    let Some((serial, rest)) = lex::split_at_byte(id, b'.') else {
        return false;
    };
    let Some((time, process)) = lex::split_at_byte(rest, b'.') else {
        return false;
    };
    [serial, time, process]
        .iter()
        .all(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
