//! Courier: `(AUTH: LOGIN user, TLS: TLSv1/SSLv3,128bits,CIPHER)`; told by that comment, or by its id.

use std::borrow::Cow;

use super::generic::set_tls;
use super::{ClientForm, Marks};
use crate::lex;
use crate::trace::Hop;
use crate::trace::received::Received;

pub(super) fn knows(marks: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    (marks.id.len() >= 26 && is_numbered(marks.id)) || received.comments().any(is_its_own)
}

fn is_its_own(comment: &str) -> bool {
    ["AUTH:", "TLS:", "SSL:"]
        .iter()
        .any(|start| comment.starts_with(start))
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, received: &Received<'x>) {
    for comment in received.comments().filter(|comment| is_its_own(comment)) {
        if let Some(auth) = comment.strip_prefix("AUTH:") {
            let auth = auth.get(..lex::seek_byte(auth, 0, b',')).unwrap_or(auth);
            if let Some(user) = lex::Words(auth).nth(1) {
                hop.authenticated_as = Some(Cow::Borrowed(user));
            }
        }
        let tls = lex::split_at_part(comment, "TLS:");
        if let Some((_, tls)) = tls.or_else(|| lex::split_at_part(comment, "SSL:")) {
            let mut parts = tls.splitn(4, ',').map(lex::trim);
            set_tls(hop, parts.next(), parts.nth(1));
        }
    }
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
