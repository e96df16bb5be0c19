//! XMail. Ports stand beside the addresses; the software takes the protocol's place.

use super::{ClientForm, Dialect, Marks, Order, helo_only};
use crate::trace::received::{Key, Received};
use crate::trace::{Family, Hop};
use std::borrow::Cow;

/// ```text
/// from mail.contoso.example (203.0.113.86:23198)
///     by mx1.example.net with [XMail 1.20 ESMTP Server]
///     id <S72E> for <recipient@example.net> from <bounce-1@contoso.example>;
///     Sat, 18 Sep 2004 23:17:54 -0500
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("xmail"), order: Order::Unknown, software: &[], hosts: &[], matches: Some(matches), refine };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.with.starts_with("XMail")
}

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    helo_only(hop, form, received);
    // `[XMail 1.20 ESMTP Server]`: the protocol stands between the product and its kind.
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

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (203.0.113.86:23198)\n\tby mx1.example.net with [XMail 1.20 ESMTP Server]\n\tid <S72E> for <recipient@example.net> from <bounce-1@contoso.example>;\n\tSat, 18 Sep 2004 23:17:54 -0500",
            r#"Named("xmail")"#,
            "helo=mail.contoso.example; bare-ip=203.0.113.86; by=mx1.example.net; with=ESMTP; id=S72E; for=recipient@example.net; envelope=bounce-1@contoso.example; software=XMail 1.20 ESMTP Server; date=2004-09-19T04:17:54Z",
        );
    }
}
