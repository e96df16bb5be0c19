//! Google's servers. Between its machines it writes `by 2002:a05:… with SMTP id …`, without a client.

use std::borrow::Cow;

use super::client::Shape;
use super::{ClientForm, Marks, confirm};
use crate::trace::Hop;
use crate::trace::received::{Key, Received};

pub(super) fn knows(marks: &Marks<'_>, form: &ClientForm<'_>, received: &Received<'_>) -> bool {
    !form.present
        && marks.with == "SMTP"
        && marks.software.is_empty()
        && received
            .clause(Key::By)
            .next()
            .is_some_and(|by| by.text.starts_with("2002:"))
}

pub(super) fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    let dotted =
        form.shape == Shape::NameAndAddress && form.slot.is_some_and(|slot| slot.ends_with('.'));
    let smtp = hop
        .with
        .as_deref()
        .is_some_and(|with| with.contains("SMTP"));
    if dotted && smtp && form.infos == 1 && hop.id.is_some() {
        confirm(hop);
    }
    // `from 123456 named unknown by gmailapi.google.com`: a project's number.
    if let Some(client) = &mut hop.from {
        let number = client
            .helo
            .as_deref()
            .and_then(|helo| helo.split_once(" named "))
            .map(|(number, _)| number.to_owned());
        if let (Some(number), Some((first, _))) = (number, form.name) {
            client.helo = Some(if number == first {
                Cow::Borrowed(first)
            } else {
                Cow::Owned(number)
            });
        }
    }
}
