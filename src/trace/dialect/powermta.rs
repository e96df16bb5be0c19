//! PowerMTA. `NAME (IP)`: NAME is the HELO. The reverse-path stands behind the date.

use super::client::Shape;
use super::{ClientForm, Dialect, Marks, Order, helo_only};
use crate::trace::received::Received;
use crate::trace::Family;

/// ```text
/// from app01 (192.0.2.44) by mta4.contoso.example (PowerMTA v5.0r3)
///  id hq5k3c0e97c8 for <recipient@example.net>; Thu, 18 Jul 2024 13:40:51 -0700
///  (envelope-from <bounce-1@news.contoso.example>)
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("powermta"), order: Order::HeloFirst, software: &["PowerMTA"], hosts: &[], matches: Some(matches), refine: helo_only };

fn matches(marks: &Marks<'_>, form: &ClientForm<'_>, received: &Received<'_>) -> bool {
    marks.software.is_empty() && marks.with.is_empty() && (form.shape == Shape::Plain || !form.present) && received.tail.contains("(envelope-from <")
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from app01 (192.0.2.44) by mta4.contoso.example (PowerMTA v5.0r3)\n id hq5k3c0e97c8 for <recipient@example.net>; Thu, 18 Jul 2024 13:40:51 -0700\n (envelope-from <bounce-1@news.contoso.example>)",
            r#"Named("powermta")"#,
            "helo=app01; ip=192.0.2.44; by=mta4.contoso.example; id=hq5k3c0e97c8; for=recipient@example.net; envelope=bounce-1@news.contoso.example; software=PowerMTA v5.0r3; date=2024-07-18T20:40:51Z",
        );
        agrees(
            "by mta4.contoso.example id hq5k3c0e97c9 for <recipient@example.net>;\n Thu, 18 Jul 2024 13:40:51 -0700 (envelope-from <bounce-1@news.contoso.example>)",
            r#"Named("powermta")"#,
            "by=mta4.contoso.example; id=hq5k3c0e97c9; for=recipient@example.net; envelope=bounce-1@news.contoso.example; date=2024-07-18T20:40:51Z",
        );
    }
}
