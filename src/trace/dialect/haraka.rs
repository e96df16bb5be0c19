//! Haraka. `HELO (NAME [IP])`, or `HELO ([IP])`; NAME is confirmed only where a plugin says so elsewhere.
//! The reverse-path stands outside any comment.

use super::{Dialect, Order, as_read};
use crate::trace::Family;

/// ```text
/// from mail.contoso.example (mail.contoso.example [203.0.113.31])
///     by mx.example.net (Haraka/3.0.3) with ESMTPS id 7B6A374B-D338-11EF-99A4.1
///     envelope-from <jane.doe@contoso.example>
///     (cipher=TLS_AES_256_GCM_SHA384); Wed, 15 Jan 2025 13:01:42 +0100
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("haraka"), order: Order::HeloFirst, software: &["Haraka"], hosts: &[], matches: None, refine: as_read };

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from mail.contoso.example (mail.contoso.example [203.0.113.31])\n\tby mx.example.net (Haraka/3.0.3) with ESMTPS id 7B6A374B-D338-11EF-99A4.1\n\tenvelope-from <jane.doe@contoso.example>\n\t(cipher=TLS_AES_256_GCM_SHA384); Wed, 15 Jan 2025 13:01:42 +0100",
            r#"Named("haraka")"#,
            "helo=mail.contoso.example; rdns=mail.contoso.example; ip=203.0.113.31; by=mx.example.net; with=ESMTPS; cipher=TLS_AES_256_GCM_SHA384; id=7B6A374B-D338-11EF-99A4.1; envelope=jane.doe@contoso.example; software=Haraka/3.0.3; date=2025-01-15T12:01:42Z",
        );
    }
}
