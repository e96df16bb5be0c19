//! XMail. `with [XMail 1.20 ESMTP Server]`: the protocol stands between the product and its kind. The
//! reverse-path stands behind a second `from`.

use std::borrow::Cow;

use super::ClientForm;
use crate::trace::Hop;
use crate::trace::received::{Key, Received};

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    if let Some(Cow::Borrowed(phrase)) = hop.with
        && let Some(protocol) = phrase.split(' ').find(|word| word.ends_with("SMTP"))
    {
        hop.with = Some(Cow::Borrowed(protocol));
        hop.software = Some(Cow::Borrowed(phrase));
    }
    if hop.envelope_from.is_none() {
        hop.envelope_from = received
            .clause(Key::SecondFrom)
            .next()
            .and_then(|piece| piece.text.strip_prefix('<')?.strip_suffix('>'))
            .filter(|path| !path.is_empty())
            .map(Cow::Borrowed);
    }
}
