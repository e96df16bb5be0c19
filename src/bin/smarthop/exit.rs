//! The exit status: what a script may rely on (contract section 2).

use smarthop::analysis::Summary;

/// Every message passed, or nothing was expected of it.
pub(crate) const PASS: u8 = 0;
/// Some message did not leave the expected way.
pub(crate) const FAIL: u8 = 1;
/// Wrong usage, no message found, or an input that cannot be read. Also clap's own.
pub(crate) const TROUBLE: u8 = 2;
/// Some message's header does not settle it.
pub(crate) const INCONCLUSIVE: u8 = 3;
/// A mail that `probe` sent was refused, or did not arrive.
#[cfg(feature = "mail")]
pub(crate) const NOT_ARRIVED: u8 = 4;

/// The status of a run: of several at once the first of 1, 2, 3.
pub(crate) const fn status(summary: &Summary, trouble: bool) -> u8 {
    if summary.fail > 0 {
        FAIL
    } else if trouble || summary.error > 0 || summary.messages == 0 {
        TROUBLE
    } else if summary.inconclusive > 0 {
        INCONCLUSIVE
    } else {
        PASS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_wins() {
        for (pass, fail, inconclusive, error, trouble, expected) in [
            (1, 0, 0, 0, false, PASS),
            (1, 1, 1, 1, true, FAIL),
            (1, 0, 1, 1, false, TROUBLE),
            (1, 0, 1, 0, true, TROUBLE),
            (1, 0, 1, 0, false, INCONCLUSIVE),
            (0, 0, 0, 0, false, TROUBLE),
        ] {
            let messages = pass + fail + inconclusive + error;
            let summary = Summary {
                messages,
                pass,
                fail,
                inconclusive,
                unchecked: 0,
                error,
            };
            assert_eq!(status(&summary, trouble), expected, "{summary:?}");
        }
        let unchecked = Summary {
            messages: 1,
            unchecked: 1,
            ..Summary::default()
        };
        assert_eq!(status(&unchecked, false), PASS);
    }
}
