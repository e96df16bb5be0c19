//! Proofpoint Protection Server (`PPS`), which runs beside a sendmail, and Proofpoint Essentials.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Domain, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (mail.contoso.example [203.0.113.107])
///     by mx0a-00128a01.pphosted.com (PPS) with ESMTPS id 3de4uyau7m-1
///     (version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NOT);
///     Fri, 07 Jan 2022 10:01:33 -0500
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("proofpoint"), order: Order::HeloFirst, software: &["PPS"], hosts: &[Domain::new("ppe-hosted.com"), Domain::new("pphosted.com")], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (mail.contoso.example [203.0.113.107])\n\tby mx0a-00128a01.pphosted.com (PPS) with ESMTPS id 3de4uyau7m-1\n\t(version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NOT);\n\tFri, 07 Jan 2022 10:01:33 -0500",
            r#"Named("proofpoint")"#,
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.107; by=mx0a-00128a01.pphosted.com; with=ESMTPS; tls=TLSv1.2; cipher=ECDHE-RSA-AES256-GCM-SHA384; id=3de4uyau7m-1; software=PPS; date=2022-01-07T15:01:33Z",
        );
    }
}
