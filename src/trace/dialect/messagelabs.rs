//! MessageLabs: told by its hosts' names also where their domain is another's,
//! `server-2.bemta.az-b.eu-central-1.aws.symcld.net`.

use super::{ClientForm, Marks};
use crate::trace::received::Received;

pub(super) fn knows(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.host.starts_with("server-") && marks.host.contains(".bemta.")
}
