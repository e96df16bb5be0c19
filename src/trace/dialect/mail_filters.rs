//! Filters and proxies that stand in the way of a message on one machine: MailShield, Content
//! Technologies, Clearswift, SpamAssassin, qmail-scanner and others.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from exchange1.example.net (unverified) by mailgateway.example.net
///  (Clearswift SMTPRS 5.1.7) with ESMTP id <T5cde81f695ac1d100407d@mailgateway.example.net>
///  for <recipient@example.org>; Thu, 22 Aug 2002 13:14:10 +0100
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mail-filters"), order: Order::Unknown, software: &["MailShield", "Content Technologies", "Clearswift", "EMWAC", "MIMEDefang", "Proxmox", "ASSP", "F-Secure", "Tumbleweed", "LSMTP", "SMTPL"], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.with.starts_with("qmail-scanner") || marks.with.starts_with("SpamAssassin")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from exchange1.example.net (unverified) by mailgateway.example.net\n (Clearswift SMTPRS 5.1.7) with ESMTP id <T5cde81f695ac1d100407d@mailgateway.example.net>\n for <recipient@example.org>; Thu, 22 Aug 2002 13:14:10 +0100",
            r#"Named("mail-filters")"#,
            "helo=exchange1.example.net; by=mailgateway.example.net; with=ESMTP; id=T5cde81f695ac1d100407d@mailgateway.example.net; for=recipient@example.org; software=Clearswift SMTPRS 5.1.7; date=2002-08-22T12:14:10Z",
        );
        agrees(
            "from joe@example.com by mailhost with qmail-scanner-1.00 (uvscan: v4.1.40/v4209.\n . Clean. Processed in 0.436395 secs); 26 Jun 2002 23:46:52 -0000",
            r#"Named("mail-filters")"#,
            "helo=joe@example.com; by=mailhost; with=qmail-scanner-1.00; software=uvscan: v4.1.40/v4209. . Clean. Processed in 0.436395 secs; date=2002-06-26T23:46:52Z",
        );
    }
}
