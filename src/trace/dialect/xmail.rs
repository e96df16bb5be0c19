//! XMail. `with [XMail 1.20 ESMTP Server]`: the protocol stands between the product and its kind. The
//! reverse-path stands behind a second `from`.

use std::borrow::Cow;

use super::ClientForm;
use crate::lex;
use crate::trace::Hop;
use crate::trace::received::{Key, Received, squeeze};

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    let inner = received
        .clause(Key::With)
        .next()
        .and_then(|piece| piece.text.strip_prefix('[')?.strip_suffix(']'));
    if let Some(phrase) = inner
        && let Some(protocol) = lex::Words(phrase).find(|word| word.ends_with("SMTP"))
    {
        hop.with = Some(Cow::Borrowed(protocol));
        hop.software = Some(squeeze(phrase));
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
