//! OpenSMTPD. Prints `HELO (NAME [IP])`, `<unknown>` or `unknown` for no name, and `[local]` for its own
//! queue; whether NAME was confirmed depends on a filter, so it counts as not.

use super::{ClientForm, Dialect, Order};
use crate::trace::received::{Key, Kind, Received};
use crate::trace::{Family, Hop, Intake};

/// ```text
/// from mail.contoso.example (mail.contoso.example [203.0.113.7])
///     by mx.example.net (OpenSMTPD) with ESMTPS id 5db34e0d (TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO)
///     for <recipient@example.net>;
///     Tue, 7 Apr 2020 01:38:29 -0600 (MDT)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("opensmtpd"), order: Order::HeloFirst, software: &["OpenSMTPD"], hosts: &[], matches: None, refine };

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    let queued = received.clause(Key::From).any(|piece| piece.kind == Kind::Comment && piece.text.ends_with("[local]"));
    if queued && form.address.is_none() {
        hop.intake = Intake::Local;
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (mail.contoso.example [203.0.113.7])\n\tby mx.example.net (OpenSMTPD) with ESMTPS id 5db34e0d (TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO)\n\tfor <recipient@example.net>;\n\tTue, 7 Apr 2020 01:38:29 -0600 (MDT)",
            r#"Named("opensmtpd")"#,
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.7; by=mx.example.net; with=ESMTPS; tls=TLSv1.3; cipher=TLS_AES_256_GCM_SHA384; id=5db34e0d; for=recipient@example.net; software=OpenSMTPD; date=2020-04-07T07:38:29Z",
        );
        agrees(
            "from localhost (mx.example.net [local])\n\tby mx.example.net (OpenSMTPD) with ESMTPA id 5db34e0e\n\tfor <recipient@example.net>;\n\tTue, 7 Apr 2020 01:38:29 -0600 (MDT)",
            r#"Named("opensmtpd")"#,
            "helo=localhost; by=mx.example.net; with=ESMTPA; id=5db34e0e; for=recipient@example.net; software=OpenSMTPD; intake=local; date=2020-04-07T07:38:29Z",
        );
    }
}
