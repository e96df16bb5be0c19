//! Exim, told by its name or by its ids alone; what it puts first is the name it verified, or the
//! address (`host_build_sender_fullhost`).

use std::borrow::Cow;

use super::client::Shape;
use super::generic::{self, set_tls};
use super::{ClientForm, Marks, address_is_tcp_info, confirm};
use crate::lex;
use crate::trace::received::{Piece, Received};
use crate::trace::{Client, Hop, Intake};

pub(super) fn knows(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.software.starts_with("Exim")
        // The id alone (T-Online, mail.ru, and servers that hide their version).
        || (is_id(marks.id)
            && marks.with.bytes().all(|byte| !byte.is_ascii_uppercase())
            && !marks.with.is_empty())
}

/// `xxxxxx-xxxxxx-xx`, or `xxxxxx-xxxxxxxxxxx-xxxx` since 4.97; T-Online's `xxxxxx-xxxxxxx`, which
/// begins with the time in base 62, too: in 1 until the year 2028, in 2 from then on.
fn is_id(id: &str) -> bool {
    if !matches!(id.len(), 14 | 16 | 23) || id.len() == 14 && !id.starts_with(['1', '2']) {
        return false;
    }
    let mut parts = id.split('-').map(|part| {
        if part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            part.len()
        } else {
            0
        }
    });
    matches!(
        (parts.next(), parts.next(), parts.next(), parts.next()),
        (Some(6), Some(6), Some(2), None)
            | (Some(6), Some(11), Some(4), None)
            | (Some(6), Some(7), None, None)
    )
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    // `with esmtps (TLS1.3) tls CIPHER`
    if let Some(cipher) = generic::cipher_behind_tls(received) {
        set_tls(hop, None, Some(cipher));
    }
    // Without a client's part: `(helo=NAME) by HOST with esmtp (Exim 4.96)`.
    let said = received.lead_comment().strip_prefix("helo=");
    if let (Some(helo), false) = (said.and_then(generic::said_name), form.present) {
        hop.from = Some(Client {
            helo: Some(Cow::Borrowed(helo)),
            ..Client::default()
        });
    }
    let with = hop.with.as_deref().unwrap_or("");
    if with.starts_with("local")
        || (with.is_empty()
            && form.present
            && form.address.is_none()
            && form.name_address.is_none())
    {
        hop.intake = Intake::Local;
        return;
    }
    // `from [IP] (helo=x)`, `from [IP] (port=1 helo=x)`, `from [IP]`
    if form.name_address.is_some() && form.address.is_none() {
        address_is_tcp_info(hop);
        return;
    }
    let Some(name) = form.plain_name() else {
        return;
    };
    // Exim 3: `from NAME (HELO) [IP.PORT]`
    if let (Shape::Beside, Some(helo), Some(client)) = (form.shape, form.looked_up(), &mut hop.from)
        && client.address.is_some()
    {
        client.helo = Some(Cow::Borrowed(helo));
        client.reverse_dns = Some(Cow::Borrowed(name));
        return;
    }
    if form.shape == Shape::Bracketed && form.infos == 1 {
        if let Some(client) = &mut hop.from {
            client.reverse_dns = Some(Cow::Borrowed(name));
        }
        confirm(hop);
    } else if form.shape == Shape::None && form.helo.is_none() {
        hop.intake = Intake::Client;
    }
}

/// Host Europe's: `from NAME ([IP] helo=x); authenticated by HOST running ExIM with esmtpsa id 1; date`.
pub(super) fn is_slip(_: &[Piece<'_>], behind: &str) -> bool {
    lex::Words(behind).take(2).eq(["authenticated", "by"])
}
