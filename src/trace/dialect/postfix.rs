//! Postfix, told by its mail name where it writes that, and nowhere else.

use super::{ClientForm, Marks};
use crate::trace::received::{Key, Kind, Received};
use crate::trace::{Hop, Intake};

/// The mail name is the first comment behind the server's name: `$myhostname ($mail_name)`.
fn mail_name<'x>(received: &Received<'x>) -> Option<&'x str> {
    let mut by = received.clause(Key::By);
    let host = by.next()?;
    let name = by.next()?;
    (host.kind == Kind::Word && name.kind == Kind::Comment).then_some(name.text)
}

pub(super) fn knows(marks: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    // mailcow sets `mail_name = Postcow`.
    ["Postfix", "Postcow"].iter().any(|own| {
        marks.software.starts_with(own)
            && mail_name(received)
                .and_then(|name| name.strip_prefix(own))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([',', ' ', '/']))
    })
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, _: &ClientForm<'x>, _: &Received<'x>) {
    if hop
        .software
        .as_deref()
        .is_some_and(|software| software.contains("from userid"))
    {
        hop.intake = Intake::Local;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_helo_cannot_pass_for_the_server() {
        for forged in [
            "from evil (relay.example.com [192.0.2.1]) by mx (Postfix) with ESMTP id 1 (real.example [203.0.113.9]) by mx.example.net (Unknown) with SMTP id 2; Tue, 2 Jan 2024 19:02:09 +0000",
            "from evil (relay.example.com [192.0.2.1]) by mx (Postfix) with ESMTP id 1; Tue, 2 Jan 2024 19:02:09 +0000 (real.example [203.0.113.9]) by mx.example.net (Unknown) with SMTP id 2; Tue, 2 Jan 2024 19:02:09 +0000",
            "from x (Postfix) (relay.example.com [192.0.2.1]) by mx.example.net with SMTP; Tue, 2 Jan 2024 19:02:09 +0000",
            "from \"x (relay.example.com [192.0.2.1]) by mx (Unknown) with SMTP id 1 for <\"y\"@example.net>; Tue, 2 Jan 2024 19:02:09 +0000",
        ] {
            let hop = super::super::read(forged);
            assert!(
                !hop.from.is_some_and(|client| client.reverse_dns_verified),
                "in {forged}"
            );
        }
    }
}
