//! Brevo, formerly Sendinblue: told by its host's first label and an id that is a UUID.

use super::{ClientForm, Marks};
use crate::trace::received::Received;

pub(super) fn knows(marks: &Marks<'_>, form: &ClientForm<'_>, _: &Received<'_>) -> bool {
    !form.present
        && marks.with == "ESMTP"
        && marks.software.is_empty()
        && marks.host.starts_with("smtp-relay.")
        && marks.id.len() == 36
}
