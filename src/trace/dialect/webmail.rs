//! Web mail programs: `from 192.0.2.199 (SquirrelMail authenticated user joe)`.

use super::{ClientForm, address_is_tcp_info};
use crate::trace::Hop;
use crate::trace::received::Received;

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    // The program's own comment stands beside the browser's address.
    if hop.authenticated_as.is_some() && form.address.is_none() {
        address_is_tcp_info(hop);
    }
}
