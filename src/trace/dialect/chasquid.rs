//! chasquid. Prints `HELO ([IP])`, and printed `[IP] (HELO)` before; of a user that authenticated
//! only what he calls himself, so that an address alone is none of the socket's.

use super::client::Shape;
use super::{ClientForm, Dialect, Order, address_is_tcp_info};
use crate::trace::received::Received;
use crate::trace::{Family, Hop};

/// ```text
/// from mail.contoso.example ([203.0.113.187])
///     by mx.example.net (chasquid) with ESMTPS
///     tls TLS_AES_128_GCM_SHA256
///     (over SMTP, TLS-1.3, envelope from "jane.doe@contoso.example")
///     ; Sat, 20 Jan 2024 10:00:00 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("chasquid"), order: Order::Unknown, software: &["chasquid"], hosts: &[], matches: None, refine };

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    if form.name_address.is_some() && form.address.is_none() && form.shape == Shape::NameOnly {
        address_is_tcp_info(hop);
        if let Some(client) = &mut hop.from {
            client.helo = client.reverse_dns.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example ([203.0.113.187])\n\tby mx.example.net (chasquid) with ESMTPS\n\ttls TLS_AES_128_GCM_SHA256\n\t(over SMTP, TLS-1.3, envelope from \"jane.doe@contoso.example\")\n\t; Sat, 20 Jan 2024 10:00:00 +0000",
            r#"Named("chasquid")"#,
            "helo=mail.contoso.example; ip=203.0.113.187; by=mx.example.net; with=ESMTPS; tls=TLS-1.3; cipher=TLS_AES_128_GCM_SHA256; envelope=jane.doe@contoso.example; software=chasquid; date=2024-01-20T10:00:00Z",
        );
        agrees(
            "from [203.0.113.187] (mail.contoso.example)\n\tby mx.example.net (chasquid) with ESMTPS\n\ttls TLS_AES_128_GCM_SHA256\n\t(over SMTP, TLS-1.3, envelope from \"jane.doe@contoso.example\")\n\t; Sat, 20 Jan 2024 10:00:00 +0000",
            r#"Named("chasquid")"#,
            "helo=mail.contoso.example; ip=203.0.113.187; by=mx.example.net; with=ESMTPS; tls=TLS-1.3; cipher=TLS_AES_128_GCM_SHA256; envelope=jane.doe@contoso.example; software=chasquid; date=2024-01-20T10:00:00Z",
        );
    }
}
