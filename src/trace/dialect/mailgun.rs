//! Mailgun: Go programs in containers, whose names are hexadecimal, or hosts of `mailgun.net` and
//! `postgun.com`.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Domain, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from smtp.contoso.example (host.isp.example [203.0.113.171]) by
///  smtp-out-n04.prod.us-west-2.postgun.com with SMTP id
///  5fdcfc203d3433393d993814 (version=TLS1.2,
///  cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256); Fri, 18 Dec 2020 18:59:44
///  GMT
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mailgun"), order: Order::HeloFirst, software: &[], hosts: &[Domain::new("mailgun.net"), Domain::new("mailgun.org"), Domain::new("postgun.com")], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.host.len() == 12 && marks.id.len() == 24 && hex(marks.host) && hex(marks.id)
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
            "from smtp.contoso.example (host.isp.example [203.0.113.171]) by\n smtp-out-n04.prod.us-west-2.postgun.com with SMTP id\n 5fdcfc203d3433393d993814 (version=TLS1.2,\n cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256); Fri, 18 Dec 2020 18:59:44\n GMT",
            r#"Named("mailgun")"#,
            "helo=smtp.contoso.example; rdns=host.isp.example; ip=203.0.113.171; by=smtp-out-n04.prod.us-west-2.postgun.com; with=SMTP; tls=TLS1.2; cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; id=5fdcfc203d3433393d993814; date=2020-12-18T18:59:44Z",
        );
        agrees(
            "from [127.0.0.1] (host.isp.example [203.0.113.1]) by bf7aa1d4e8a6 with\n SMTP id 660a079b99f27ed5a03038a8; Mon, 01 Apr 2024 01:02:19 GMT",
            r#"Named("mailgun")"#,
            "helo=[127.0.0.1]; rdns=host.isp.example; ip=203.0.113.1; by=bf7aa1d4e8a6; with=SMTP; id=660a079b99f27ed5a03038a8; date=2024-04-01T01:02:19Z",
        );
    }
}
