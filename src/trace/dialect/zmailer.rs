//! ZMailer, vger.kernel.org's until 2023. `NAME ([IP]:PORT "EHLO x" rhost-flags-…)`: the flags tell
//! which look-ups agreed; with `OK-OK` in front NAME is confirmed.

use std::borrow::Cow;

use super::{ClientForm, Marks, confirm};
use crate::trace::Hop;
use crate::trace::received::{Key, Kind, Received};

pub(super) fn knows(marks: &Marks<'_>, form: &ClientForm<'_>, received: &Received<'_>) -> bool {
    let numbered = marks
        .id
        .strip_prefix('S')
        .is_some_and(|rest| rest.bytes().take_while(u8::is_ascii_digit).count() >= 4);
    numbered && form.infos == 1 && flags(received).is_some()
}

/// The flags at the end of the client's only comment, with nothing but the name before it: a HELO that
/// closes the comment early leaves the server's own flags outside.
fn flags<'x>(received: &Received<'x>) -> Option<&'x str> {
    let mut pieces = received.clause(Key::From);
    let (name, info, None) = (pieces.next()?, pieces.next()?, pieces.next()) else {
        return None;
    };
    if name.kind != Kind::Word || info.kind != Kind::Comment {
        return None;
    }
    info.text
        .rsplit([' ', '\t', '\r', '\n', '"'])
        .next()?
        .strip_prefix("rhost-flags-")
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let confirmed = flags(received).is_some_and(|flags| flags.starts_with("OK-OK"));
    let name = form.plain_name().filter(|_| confirmed);
    if let Some(client) = &mut hop.from {
        client.reverse_dns = name.map(Cow::Borrowed);
    }
    confirm(hop);
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;
    use crate::trace::Family;

    #[test]
    fn a_helo_brings_no_flags_of_its_own() {
        agrees(
            "from relay.example.com ([203.0.113.92]:33347 \"EHLO x\" rhost-flags-OK-OK-OK-OK)\" rhost-flags-FAIL-BAD-OK-OK)\n by list.example with ESMTP id S1725268AbfFEEwW; Wed, 5 Jun 2019 00:52:22 -0400",
            Family::Generic,
            "helo=x; rdns=relay.example.com; ip=203.0.113.92; by=list.example; with=ESMTP; id=S1725268AbfFEEwW; date=2019-06-05T04:52:22Z",
        );
    }
}
