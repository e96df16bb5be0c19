//! Yandex. Prints `HELO (NAME [IP])` as Postfix does; NAME was confirmed by a forward look-up, or is
//! `unknown`.

use super::client::Shape;
use super::{ClientForm, Dialect, Domain, Order, confirm};
use crate::trace::received::Received;
use crate::trace::{Family, Hop};

/// ```text
/// from mail.contoso.example (mail.contoso.example [203.0.113.12])
///     by iva5-1a2b3c.qloud-c.yandex.net (smtp/Yandex) with ESMTPS id a1B2c3D4-aB12cD34;
///     Thu, 07 Jan 2021 16:13:20 +0300
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("yandex"), order: Order::HeloFirst, software: &["smtp/Yandex", "nwsmtp/Yandex", "Yandex"], hosts: &[Domain::new("yandex.net"), Domain::new("yandex.ru"), Domain::new("yandex.com")], matches: None, refine };

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    if form.shape == Shape::NameAndAddress && form.infos == 1 && form.helo.is_none() {
        confirm(hop);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (mail.contoso.example [203.0.113.12])\n\tby iva5-1a2b3c.qloud-c.yandex.net (smtp/Yandex) with ESMTPS id a1B2c3D4-aB12cD34;\n\tThu, 07 Jan 2021 16:13:20 +0300",
            r#"Named("yandex")"#,
            "helo=mail.contoso.example; verified=mail.contoso.example; ip=203.0.113.12; by=iva5-1a2b3c.qloud-c.yandex.net; with=ESMTPS; id=a1B2c3D4-aB12cD34; software=smtp/Yandex; date=2021-01-07T13:13:20Z",
        );
        agrees(
            "by iva5-1a2b3c.qloud-c.yandex.net with HTTP;\n\tThu, 07 Jan 2021 16:13:20 +0300",
            r#"Named("yandex")"#,
            "by=iva5-1a2b3c.qloud-c.yandex.net; with=HTTP; date=2021-01-07T13:13:20Z",
        );
        // TLS stands behind the date.
        agrees(
            "from app.contoso.example (host.isp.example [203.0.113.12])\n by myt6-10e59078d438.qloud-c.yandex.net (smtpcorp/Yandex) with ESMTPS id 7NjxFLSI33-Jfw4Y4ig;\n Wed, 17 Nov 2021 22:19:41 +0300\n (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n (Client certificate not present)",
            r#"Named("yandex")"#,
            "helo=app.contoso.example; verified=host.isp.example; ip=203.0.113.12; by=myt6-10e59078d438.qloud-c.yandex.net; with=ESMTPS; tls=TLSv1.3; cipher=TLS_AES_256_GCM_SHA384; id=7NjxFLSI33-Jfw4Y4ig; software=smtpcorp/Yandex; date=2021-11-17T19:19:41Z",
        );
    }
}
