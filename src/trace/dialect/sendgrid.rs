//! SendGrid. The HELO is an account's token; behind it `(unknown)` or `(NAME [IP])`. Its inner hosts
//! write Go's `time.String`, without `;`.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from MjA3NDc4Mg (unknown)
///     by geopod-ismtpd-1 (SG) with ESMTP id 9m770onmSl6g1XQlfrzHTA
///     for <list@list.example>; Sat, 10 Oct 2020 22:27:28.137 +0000 (UTC)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("sendgrid"), order: Order::HeloFirst, software: &[], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.software == "SG" || marks.host.starts_with("filterdrecv-") || marks.host.starts_with("recvd-") || marks.host.starts_with("geopod-ismtpd-")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from MjA3NDc4Mg (unknown)\n\tby geopod-ismtpd-1 (SG) with ESMTP id 9m770onmSl6g1XQlfrzHTA\n\tfor <list@list.example>; Sat, 10 Oct 2020 22:27:28.137 +0000 (UTC)",
            r#"Named("sendgrid")"#,
            "helo=MjA3NDc4Mg; by=geopod-ismtpd-1; with=ESMTP; id=9m770onmSl6g1XQlfrzHTA; for=list@list.example; software=SG; date=2020-10-10T22:27:28Z",
        );
        agrees(
            "by filterdrecv-p3mdw1-6685f47d68-78qj6 with SMTP id filterdrecv-p3mdw1-6685f47d68-78qj6-18-5F823550-11\n        2020-10-10 22:27:28.209801416 +0000 UTC m=+258684.658973014",
            r#"Named("sendgrid")"#,
            "by=filterdrecv-p3mdw1-6685f47d68-78qj6; with=SMTP; id=filterdrecv-p3mdw1-6685f47d68-78qj6-18-5F823550-11; date=2020-10-10T22:27:28Z",
        );
    }
}
