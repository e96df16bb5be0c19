//! Courier. Prints IPv4 as mapped IPv6, `softdnserr` for a failed look-up, and an id of three numbers.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::lex;
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from app01 (host.isp.example [::ffff:203.0.113.69])
///   (AUTH: CRAM-MD5 joe@example.net, TLS: TLS1.3,128bits,ECDHE_RSA_AES_128_GCM_SHA256)
///   by mail.example.net with ESMTPSA
///   id 00000000005DC0D6.0000000064EC6711.00003756; Mon, 28 Aug 2023 11:21:21 +0200
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("courier"), order: Order::Unknown, software: &["courier"], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    (marks.id.len() >= 26 && numbered(marks.id)) || received.comments().any(|comment| comment.starts_with("AUTH: "))
}

/// Three numbers of at least eight digits: a serial, the time and the process.
fn numbered(id: &str) -> bool {
    let Some((serial, rest)) = lex::split_at_byte(id, b'.') else { return false };
    let Some((time, process)) = lex::split_at_byte(rest, b'.') else { return false };
    [serial, time, process].iter().all(|part| part.len() >= 8 && hex(part))
}

fn hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app01 (host.isp.example [::ffff:203.0.113.69])\n  (AUTH: CRAM-MD5 joe@example.net, TLS: TLS1.3,128bits,ECDHE_RSA_AES_128_GCM_SHA256)\n  by mail.example.net with ESMTPSA\n  id 00000000005DC0D6.0000000064EC6711.00003756; Mon, 28 Aug 2023 11:21:21 +0200",
            r#"Named("courier")"#,
            "helo=app01; rdns=host.isp.example; ip=::ffff:203.0.113.69; by=mail.example.net; with=ESMTPSA; tls=TLS1.3; cipher=ECDHE_RSA_AES_128_GCM_SHA256; id=00000000005DC0D6.0000000064EC6711.00003756; auth=joe@example.net; date=2023-08-28T09:21:21Z",
        );
    }
}
