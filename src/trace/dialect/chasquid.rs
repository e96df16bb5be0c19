//! chasquid's older form, `from [IP] (HELO)`.

use std::borrow::Cow;

use super::client::Shape;
use super::{ClientForm, address_is_tcp_info};
use crate::trace::Hop;
use crate::trace::received::Received;

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    let is_first = form.name_address.is_some() && form.address.is_none();
    if !is_first || form.shape != Shape::NameOnly {
        return;
    }
    address_is_tcp_info(hop);
    if let Some(client) = &mut hop.from {
        client.helo = form.slot.map(Cow::Borrowed);
    }
}
