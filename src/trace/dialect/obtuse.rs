//! Obtuse smtpd. `NAME(IP), claiming to be "HELO" via SMTP by HOST, id smtpdXXX`: NAME is what it
//! looked up, and the claim is left out where it is the same.
//!
//! As `via` stands before `by`, where a HELO may have put it, the address counts as bare.

use std::borrow::Cow;

use super::{ClientForm, Marks};
use crate::trace::Hop;
use crate::trace::received::{Key, Received};

pub(super) fn knows(marks: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    marks.id.starts_with("smtpd")
        && received
            .clause(Key::Via)
            .next()
            .is_some_and(|piece| piece.text == "SMTP")
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let Some(client) = &mut hop.from else { return };
    if client.address.is_none() {
        return;
    }
    client.reverse_dns = form.plain_name().map(Cow::Borrowed);
    let mut words = received
        .clause(Key::From)
        .map(|piece| piece.text)
        .skip_while(|word| *word != "claiming");
    if let (Some(_), Some("to"), Some("be"), Some(claim)) =
        (words.next(), words.next(), words.next(), words.next())
    {
        client.helo = Some(Cow::Borrowed(claim.trim_matches('"')));
    }
}
