//! KumoMTA: its own address stands in the software's comment, `(KumoMTA 198.51.100.9)`.

use std::borrow::Cow;

use super::ClientForm;
use super::client::address;
use crate::lex;
use crate::trace::Hop;
use crate::trace::received::{Key, Received};

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    let own = received
        .clause(Key::By)
        .find_map(|piece| piece.text.strip_prefix("KumoMTA "))
        .and_then(|rest| address(rest.split_ascii_whitespace().last()?));
    if let (Some(server), Some(text)) = (&mut hop.by, own)
        && lex::parse_ip(text).is_some()
    {
        server.ip = Some(Cow::Borrowed(text));
    }
}
