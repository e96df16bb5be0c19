//! Yahoo and AOL: `from 203.0.113.91 (EHLO NAME) by 10.253.230.181 with SMTPs`. Without the HELO the
//! address may be anybody's word.

use super::{ClientForm, Marks, address_is_tcp_info};
use crate::trace::Hop;
use crate::trace::received::Received;

pub(super) fn knows(marks: &Marks<'_>, form: &ClientForm<'_>, _: &Received<'_>) -> bool {
    is_greeted(form) && marks.host.is_empty() && marks.with.eq_ignore_ascii_case("SMTPs")
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    if is_greeted(form) {
        address_is_tcp_info(hop);
    }
}

/// The HELO stands behind the address alone.
fn is_greeted(form: &ClientForm<'_>) -> bool {
    form.name_address.is_some() && form.address.is_none() && form.helo.is_some()
}
