//! Exim (`host_build_sender_fullhost`, `received_header_text`). The host's verified name stands
//! first, and `helo=` behind the address only where it differs; without a verified name the
//! address itself stands in the name's place.

use super::client::Shape;
use super::{ClientForm, Dialect, Marks, Order, address_is_tcp_info, confirm};
use crate::trace::received::Received;
use crate::trace::{Family, Hop, Intake};
use std::borrow::Cow;

/// ```text
/// from mail.contoso.example ([203.0.113.187])
///  by mx.list.example with esmtps (TLS1.2:ECDHE_RSA_AES_256_GCM_SHA384:256)
///  (Exim 4.90_1) (envelope-from <jane.doe@contoso.example>) id 1rl5e9-0000N0-VW
///  for list@list.example; Fri, 15 Mar 2024 07:22:49 -0400
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Exim, order: Order::AddressFirst, software: &[], hosts: &[], matches: Some(matches), refine };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.software_is("Exim")
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
    let mut parts = id.split('-').map(|part| if part.bytes().all(|byte| byte.is_ascii_alphanumeric()) { part.len() } else { 0 });
    matches!(
        (parts.next(), parts.next(), parts.next(), parts.next()),
        (Some(6), Some(6), Some(2), None) | (Some(6), Some(11), Some(4), None) | (Some(6), Some(7), None, None)
    )
}

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    let with = hop.with.as_deref().unwrap_or("");
    if with.starts_with("local") || (with.is_empty() && form.present && form.address.is_none() && form.name_address.is_none()) {
        hop.intake = Intake::Local;
        return;
    }
    // `from [IP] (helo=x)`, `from [IP] (port=1 helo=x)`, `from [IP]`
    if form.name_address.is_some() && form.address.is_none() {
        address_is_tcp_info(hop);
        return;
    }
    let Some(name) = form.plain_name() else { return };
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

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn a_verified_name() {
        agrees(
            "from mail.contoso.example ([203.0.113.187])\n by mx.list.example with esmtps (TLS1.2:ECDHE_RSA_AES_256_GCM_SHA384:256)\n (Exim 4.90_1) (envelope-from <jane.doe@contoso.example>) id 1rl5e9-0000N0-VW\n for list@list.example; Fri, 15 Mar 2024 07:22:49 -0400",
            "Exim",
            "helo=mail.contoso.example; verified=mail.contoso.example; ip=203.0.113.187; by=mx.list.example; with=esmtps; tls=TLS1.2; cipher=ECDHE_RSA_AES_256_GCM_SHA384; id=1rl5e9-0000N0-VW; for=list@list.example; envelope=jane.doe@contoso.example; software=Exim 4.90_1; date=2024-03-15T11:22:49Z",
        );
        agrees(
            "from host.isp.example ([203.0.113.51]:14140 helo=mail.contoso.example) by smtp.contoso.example with esmtps  (TLS1.2) tls TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n\t(Exim 4.97.1)\n\t(envelope-from <jane.doe@contoso.example>)\n\tid 1q4F7F-00000000abc-1xyz; Wed, 31 May 2023 08:15:25 +0200",
            "Exim",
            "helo=mail.contoso.example; verified=host.isp.example; ip=203.0.113.51; by=smtp.contoso.example; with=esmtps; tls=TLS1.2; cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; id=1q4F7F-00000000abc-1xyz; envelope=jane.doe@contoso.example; software=Exim 4.97.1; date=2023-05-31T06:15:25Z",
        );
    }

    #[test]
    fn t_onlines() {
        agrees(
            "from relay.example.net ([203.0.113.9]) by mailin12.isp.example\n with esmtp id 1LvVik-1tia6C0; Sun, 19 Apr 2009 14:02:02 +0200",
            "Exim",
            "helo=relay.example.net; verified=relay.example.net; ip=203.0.113.9; by=mailin12.isp.example; with=esmtp; id=1LvVik-1tia6C0; date=2009-04-19T12:02:02Z",
        );
        // Others' ids of that length.
        agrees(
            "from relay.example.net ([203.0.113.9]) by mx.example.net\n with esmtp id a1b2c3-d4e5f6g; Sun, 19 Apr 2009 14:02:02 +0200",
            "Generic",
            "helo=relay.example.net; ip=203.0.113.9; by=mx.example.net; with=esmtp; id=a1b2c3-d4e5f6g; date=2009-04-19T12:02:02Z",
        );
    }

    #[test]
    fn no_verified_name() {
        agrees(
            "from [203.0.113.9] (port=50122 helo=[192.0.2.7])\n\tby mx.example.net with esmtpsa (TLS1.3) tls TLS_AES_256_GCM_SHA384\n\t(Exim 4.96)\n\tid 1rl5e9-0000N0-VW; Fri, 15 Mar 2024 07:22:49 -0400",
            "Exim",
            "helo=[192.0.2.7]; ip=203.0.113.9; by=mx.example.net; with=esmtpsa; tls=TLS1.3; cipher=TLS_AES_256_GCM_SHA384; id=1rl5e9-0000N0-VW; software=Exim 4.96; date=2024-03-15T11:22:49Z",
        );
        agrees(
            "from [203.0.113.9] (helo=relay.example.com ident=x)\n by mx.example.net with smtp id 1rl5e9-0000N0-VW; Fri, 15 Mar 2024 07:22:49 -0400",
            "Exim",
            "helo=relay.example.com; ip=203.0.113.9; by=mx.example.net; with=smtp; id=1rl5e9-0000N0-VW; date=2024-03-15T11:22:49Z",
        );
    }

    #[test]
    fn exim_3_puts_the_helo_in_parentheses() {
        agrees(
            "from host.isp.example (relay.example.com) [203.0.113.9.13219] (mail)\n\tby mx.example.net with esmtp (Exim 3.35 #1 (Debian))\n\tid 1rl5e9-0001vC-00; Sun, 31 Oct 2004 04:01:23 +0100",
            "Exim",
            "helo=relay.example.com; rdns=host.isp.example; ip=203.0.113.9; by=mx.example.net; with=esmtp; id=1rl5e9-0001vC-00; software=Exim 3.35 #1 (Debian); date=2004-10-31T03:01:23Z",
        );
    }

    #[test]
    fn written_on_the_server() {
        agrees(
            "from www-data by web.example.net with local (Exim 4.94.2)\n\t(envelope-from <www-data@web.example.net>)\n\tid 1rl5e9-0000N0-VW\n\tfor a@example.org; Fri, 15 Mar 2024 07:22:49 -0400",
            "Exim",
            "helo=www-data; by=web.example.net; with=local; id=1rl5e9-0000N0-VW; for=a@example.org; envelope=www-data@web.example.net; software=Exim 4.94.2; intake=local; date=2024-03-15T11:22:49Z",
        );
    }
}
