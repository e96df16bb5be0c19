//! Reasons and settlements as the contract's.

use crate::analysis::{Reason, Settle};
use crate::route::reason::Cited;
use crate::route::settle::Offer;
use crate::words;

impl From<&Cited<'_>> for Reason {
    fn from(cited: &Cited<'_>) -> Self {
        Self {
            code: cited.reason.code().as_str().to_owned(),
            line: cited.line,
            says: words::reasons::cited(cited),
        }
    }
}

impl From<&Offer<'_>> for Settle {
    fn from(offer: &Offer<'_>) -> Self {
        Self {
            option: offer.setting.as_str().to_owned(),
            value: offer.value.clone(),
            says: words::settle::offer(offer),
        }
    }
}
