//! MailMarshal: `NAME (Not Verified[IP]) by HOST (using TLS: TLSv1.2, AES256-SHA)`.

use std::borrow::Cow;

use super::generic::{behind, uncomma};
use super::{ClientForm, Marks};
use crate::lex;
use crate::trace::received::Received;
use crate::trace::{Hop, Tls};

pub(super) fn knows(_: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    received
        .comments()
        .any(|comment| comment.starts_with("Not Verified[") || tls(comment).is_some())
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    if let (Some("Verified"), Some(client)) = (form.slot, &mut hop.from) {
        client.reverse_dns = None;
    }
    if let Some(words) = received.comments().find_map(tls) {
        let mut words = words.map(|word| Cow::Borrowed(uncomma(word)));
        hop.tls = Some(Tls {
            version: words.next(),
            cipher: words.next(),
        });
    }
}

/// `using TLS: VERSION, CIPHER`
fn tls(comment: &str) -> Option<lex::Words<'_>> {
    behind(comment, &["using", "TLS:"])
}
