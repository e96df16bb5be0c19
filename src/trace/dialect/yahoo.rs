//! Yahoo and AOL. The client's address stands first, `(EHLO NAME)` behind it; inner hosts write a
//! `pod-id`, which is no id of the message.

use super::{ClientForm, Dialect, Domain, Marks, Order, address_is_tcp_info};
use crate::trace::received::Received;
use crate::trace::{Family, Hop};

/// ```text
/// from 203.0.113.91 (EHLO o1.em.contoso.example)
///  by 10.253.230.181 with SMTPs
///  (version=TLS1_2 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
///  Tue, 01 Mar 2022 10:15:24 +0000
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("yahoo"), order: Order::AddressFirst, software: &["Yahoo Inc.", "VZM Hermes"], hosts: &[Domain::new("yahoo.com"), Domain::new("yahoodns.net"), Domain::new("aol.com")], matches: Some(matches), refine };

fn matches(marks: &Marks<'_>, form: &ClientForm<'_>, _: &Received<'_>) -> bool {
    form.name_address.is_some() && form.address.is_none() && form.helo.is_some() && marks.host.is_empty() && marks.with_is("SMTPs")
}

fn refine<'x>(hop: &mut Hop<'x>, form: &ClientForm<'x>, _: &Received<'x>) {
    if form.name_address.is_some() && form.address.is_none() && form.helo.is_some() {
        address_is_tcp_info(hop);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from 203.0.113.91 (EHLO o1.em.contoso.example)\n by 10.253.230.181 with SMTPs\n (version=TLS1_2 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);\n Tue, 01 Mar 2022 10:15:24 +0000",
            r#"Named("yahoo")"#,
            "helo=o1.em.contoso.example; ip=203.0.113.91; by-ip=10.253.230.181; with=SMTPs; tls=TLS1_2; cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; date=2022-03-01T10:15:24Z",
        );
        agrees(
            "by hermes--production-bf1-5f49dbcd6b-p2w7v (Yahoo Inc. Hermes SMTP Server) with ESMTPA ID 2e0a1f;\n          Tue, 01 Mar 2022 10:15:24 +0000 (UTC)",
            r#"Named("yahoo")"#,
            "by=hermes--production-bf1-5f49dbcd6b-p2w7v; with=ESMTPA; id=2e0a1f; software=Yahoo Inc. Hermes SMTP Server; date=2022-03-01T10:15:24Z",
        );
        agrees(
            "from 10.196.69.212\n by atlas101.mail.ne1.yahoo.com pod-id NONE with HTTP; Tue, 1 Mar 2022 10:15:24 +0000",
            r#"Named("yahoo")"#,
            "bare-ip=10.196.69.212; by=atlas101.mail.ne1.yahoo.com; with=HTTP; date=2022-03-01T10:15:24Z",
        );
        agrees(
            "from [192.0.2.250] by web28416.mail.ukl.yahoo.com via HTTP; Wed, 09 Mar 2011 11:19:45 GMT",
            r#"Named("yahoo")"#,
            "bare-ip=192.0.2.250; by=web28416.mail.ukl.yahoo.com; date=2011-03-09T11:19:45Z",
        );
    }
}
