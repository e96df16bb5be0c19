//! Microsoft Exchange 5.5 (Internet Mail Service). Printed the name it looked up; nothing tells that it
//! confirmed it.

use super::{ClientForm, Dialect, Marks, Order, as_read};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (203.0.113.4 [203.0.113.4]) by srv.example.net
///  with SMTP (Microsoft Exchange Internet Mail Service Version 5.5.2650.21)
///  id QKN25DRB; Mon, 5 Aug 2002 18:02:07 -0300
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("exchange-imc"), order: Order::Unknown, software: &["Microsoft Exchange Internet Mail"], hosts: &[], matches: Some(matches), refine: as_read };

fn matches(marks: &Marks<'_>, _: &ClientForm<'_>, _: &Received<'_>) -> bool {
    marks.with.starts_with("Internet Mail Service") || marks.with == "Microsoft Mail"
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (203.0.113.4 [203.0.113.4]) by srv.example.net\n with SMTP (Microsoft Exchange Internet Mail Service Version 5.5.2650.21)\n id QKN25DRB; Mon, 5 Aug 2002 18:02:07 -0300",
            r#"Named("exchange-imc")"#,
            "helo=mail.contoso.example; ip=203.0.113.4; by=srv.example.net; with=SMTP; id=QKN25DRB; software=Microsoft Exchange Internet Mail Service Version 5.5.2650.21; date=2002-08-05T21:02:07Z",
        );
        agrees(
            "by SERVER1 with Internet Mail Service (5.5.2653.19)\n\tid <RVW28K7A>; Mon, 26 Aug 2002 20:11:00 +0200",
            r#"Named("exchange-imc")"#,
            "by=SERVER1; with=Internet Mail Service; id=RVW28K7A; software=5.5.2653.19; date=2002-08-26T18:11:00Z",
        );
    }
}
