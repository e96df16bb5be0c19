//! Alibaba Cloud. `NAME(mailfrom:ADDRESS fp:TOKEN)`, and its own address behind its name.
//!
//! An address in the name's place is the client's HELO literal, printed without its brackets.

use super::{ClientForm, Dialect, Domain};
use crate::trace::received::Received;
use crate::trace::{Family, Hop};

/// ```text
/// from 192.0.2.88(mailfrom:jane.doe@contoso.example fp:SMTPD_---0VxyOw0I_1685000000)
///           by smtp.aliyun-inc.com(10.147.41.120);
///           Thu, 25 May 2023 15:33:20 +0800
/// ```
pub(super) const DIALECT: Dialect = Dialect { family: Family::Named("aliyun"), software: &[], hosts: &[Domain::new("aliyun-inc.com"), Domain::new("aliyun.com"), Domain::new("alibaba-inc.com")], matches: None, refine };

fn refine<'x>(_: &mut Hop<'x>, _: &ClientForm<'x>, _: &Received<'x>) {}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;

    #[test]
    fn every_value() {
        agrees(
            "from 192.0.2.88(mailfrom:jane.doe@contoso.example fp:SMTPD_---0VxyOw0I_1685000000)\n          by smtp.aliyun-inc.com(10.147.41.120);\n          Thu, 25 May 2023 15:33:20 +0800",
            r#"Named("aliyun")"#,
            "bare-ip=192.0.2.88; by=smtp.aliyun-inc.com; by-ip=10.147.41.120; envelope=jane.doe@contoso.example; date=2023-05-25T07:33:20Z",
        );
    }
}
