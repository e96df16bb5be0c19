//! Mailing-list managers: bulk_mailer, Ecartis, Listar, LISTSERV, dmail. The message was made on the server.

use super::{ClientForm, Dialect, Marks, Order, local};
use crate::trace::received::{Key, Received};
use crate::trace::Family;

/// ```text
/// by lists.example.net (bulk_mailer v1.13); Mon, 9 Sep 2002 14:18:11 -0700
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("mailing-lists"), order: Order::Unknown, software: &["bulk_mailer", "LISTSERV", "Listar", "ECARTIS"], hosts: &[], matches: Some(matches), refine: local };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, received: &Received<'_>) -> bool {
    marks.with_is("ECARTIS") || marks.with_is("LISTAR") || received.clause(Key::Via).next().is_some_and(|piece| piece.text.starts_with("dmail-") || piece.text == "listexpand")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "by lists.example.net (bulk_mailer v1.13); Mon, 9 Sep 2002 14:18:11 -0700",
            r#"Named("mailing-lists")"#,
            "by=lists.example.net; software=bulk_mailer v1.13; intake=local; date=2002-09-09T21:18:11Z",
        );
        agrees(
            "with ECARTIS (v1.0.0; list announce); Thu, 25 Jul 2002 23:51:00 -0700 (PDT)",
            r#"Named("mailing-lists")"#,
            "with=ECARTIS; software=v1.0.0; list announce; intake=local; date=2002-07-26T06:51:00Z",
        );
    }
}
