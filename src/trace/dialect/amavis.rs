//! amavis. Takes the message from the mail server beside it, and prints its own address behind `by
//! localhost (NAME [IP])`.
//!
//! Nothing in the form tells that a name was confirmed.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mx.example.net ([127.0.0.1])
///  by localhost (mx.example.net [127.0.0.1]) (amavisd-new, port 10024)
///  with ESMTP id dUeMPCWvyZPD for <recipient@example.net>;
///  Mon,  5 Jun 2023 13:06:28 +0200 (CEST)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("amavis"), order: Order::HeloFirst, software: &["amavis"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mx.example.net ([127.0.0.1])\n by localhost (mx.example.net [127.0.0.1]) (amavisd-new, port 10024)\n with ESMTP id dUeMPCWvyZPD for <recipient@example.net>;\n Mon,  5 Jun 2023 13:06:28 +0200 (CEST)",
            r#"Named("amavis")"#,
            "helo=mx.example.net; ip=127.0.0.1; by=localhost; by-ip=127.0.0.1; with=ESMTP; id=dUeMPCWvyZPD; for=recipient@example.net; software=amavisd-new, port 10024; date=2023-06-05T11:06:28Z",
        );
        agrees(
            "from mx.example.net ([IPv6:::1])\n by localhost (mx.example.net [UNIX: localhost]) (amavis, unix socket)\n with LMTP id abc; Mon,  5 Jun 2023 13:06:28 +0200",
            r#"Named("amavis")"#,
            "helo=mx.example.net; ip=::1; by=localhost; with=LMTP; id=abc; software=amavis, unix socket; date=2023-06-05T11:06:28Z",
        );
    }
}
