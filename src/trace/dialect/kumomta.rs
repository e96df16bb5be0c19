//! KumoMTA. `NAME (IP)`: NAME is the HELO; its own address stands in the software's comment.

use super::client::address;
use super::{ClientForm, Dialect, Order, helo_only};
use crate::lex;
use crate::trace::received::{Key, Received};
use crate::trace::{Family, Hop};
use std::borrow::Cow;

/// ```text
/// from app01.contoso.example (192.0.2.31)
///   by mta.contoso.example (KumoMTA 198.51.100.9)
///   with ESMTPS (TLSv1_3:TLS_AES_256_GCM_SHA384) id 39f0c2d4e1a011ee8f2f0242ac120002
///   for <recipient@example.net>; Mon, 21 Aug 2023 09:12:44 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("kumomta"), order: Order::HeloFirst, software: &["KumoMTA"], hosts: &[], matches: None, refine };

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, received: &Received<'x>) {
    helo_only(hop, form, received);
    let own = received
        .clause(Key::By)
        .find_map(|piece| piece.text.strip_prefix("KumoMTA "))
        .and_then(|rest| address(rest.split_ascii_whitespace().last()?));
    if let (Some(server), Some(text)) = (&mut hop.by, own)
        && lex::parse_ip(text).is_some()
    {
        server.ip = Some(Cow::Borrowed(text));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app01.contoso.example (192.0.2.31)\n  by mta.contoso.example (KumoMTA 198.51.100.9)\n  with ESMTPS (TLSv1_3:TLS_AES_256_GCM_SHA384) id 39f0c2d4e1a011ee8f2f0242ac120002\n  for <recipient@example.net>; Mon, 21 Aug 2023 09:12:44 +0000",
            r#"Named("kumomta")"#,
            "helo=app01.contoso.example; ip=192.0.2.31; by=mta.contoso.example; by-ip=198.51.100.9; with=ESMTPS; tls=TLSv1_3; cipher=TLS_AES_256_GCM_SHA384; id=39f0c2d4e1a011ee8f2f0242ac120002; for=recipient@example.net; software=KumoMTA 198.51.100.9; date=2023-08-21T09:12:44Z",
        );
    }
}
