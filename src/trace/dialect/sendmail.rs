//! sendmail 8. Prints `HELO (USER@NAME [IP] (may be forged))`; without that remark NAME was
//! confirmed by a forward look-up, and without NAME the address stands alone.

use super::client::Shape;
use super::{ClientForm, Dialect, Marks, Order, confirm};
use crate::trace::received::Received;
use crate::trace::{Family, Hop, Intake};

/// ```text
/// from mail.contoso.example (mail.contoso.example [203.0.113.45])
///     by mx.example.net (8.17.1/8.17.1) with ESMTPS id 30G7x1Qr012345
///     (version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NOT)
///     for <recipient@example.net>; Mon, 16 Jan 2023 08:59:01 +0100
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Sendmail, order: Order::HeloFirst, software: &[], hosts: &[], matches: Some(matches), refine };

/// `(8.17.1/8.17.1)`: the version and that of the configuration.
fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    let versioned = marks.software.strip_prefix("8.").and_then(|rest| rest.split_once('/'));
    versioned.is_some_and(|(rest, _)| rest.starts_with(|first: char| first.is_ascii_digit()))
        || marks.software_is("Sendmail 8.")
}

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    if form.shape == Shape::NameAndAddress && form.infos == 1 && !form.forged {
        confirm(hop);
    }
    let submitted = hop.software.as_deref().is_some_and(|software| software.ends_with("/Submit"));
    if submitted || received.lead().next().is_some_and(|piece| piece.text.starts_with("from ")) {
        hop.intake = Intake::Local;
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn confirmed_forged_and_unknown() {
        agrees(
            "from mail.contoso.example (mail.contoso.example [203.0.113.45])\n\tby mx.example.net (8.17.1/8.17.1) with ESMTPS id 30G7x1Qr012345\n\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NOT)\n\tfor <recipient@example.net>; Mon, 16 Jan 2023 08:59:01 +0100",
            "Sendmail",
            "helo=mail.contoso.example; verified=mail.contoso.example; ip=203.0.113.45; by=mx.example.net; with=ESMTPS; tls=TLSv1.3; cipher=TLS_AES_256_GCM_SHA384; id=30G7x1Qr012345; for=recipient@example.net; software=8.17.1/8.17.1; date=2023-01-16T07:59:01Z",
        );
        agrees(
            "from relay.example.com (relay.example.com [203.0.113.45] (may be forged)) (authenticated bits=0)\n\tby mx.example.net (8.17.1/8.17.1) with ESMTP id 30G7x1Qr012345; Mon, 16 Jan 2023 08:59:01 +0100",
            "Sendmail",
            "helo=relay.example.com; ip=203.0.113.45; by=mx.example.net; with=ESMTP; id=30G7x1Qr012345; software=8.17.1/8.17.1; date=2023-01-16T07:59:01Z",
        );
        agrees(
            "from relay.example.com (IDENT:joe@[203.0.113.45])\n by mx.example.net (8.17.1/8.17.1) with ESMTP id 30G7x1Qr012345; Mon, 16 Jan 2023 08:59:01 +0100",
            "Sendmail",
            "helo=relay.example.com; ip=203.0.113.45; by=mx.example.net; with=ESMTP; id=30G7x1Qr012345; software=8.17.1/8.17.1; date=2023-01-16T07:59:01Z",
        );
    }

    #[test]
    fn submitted_on_the_server() {
        agrees(
            "(from joe@localhost)\n\tby web.example.net (8.17.1/8.17.1/Submit) id 30G7x1Qr012345\n\tfor a@example.org; Mon, 16 Jan 2023 08:59:01 +0100",
            "Sendmail",
            "by=web.example.net; id=30G7x1Qr012345; for=a@example.org; software=8.17.1/8.17.1/Submit; intake=local; date=2023-01-16T07:59:01Z",
        );
    }
}
