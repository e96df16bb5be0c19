//! Anomalies as the contract's warnings.

use crate::analysis::Warning;
use crate::anomaly::Found;
use crate::words;

impl From<&Found<'_>> for Warning {
    fn from(found: &Found<'_>) -> Self {
        Self {
            code: found.anomaly.code(),
            line: found.line,
            says: words::anomalies::anomaly(&found.anomaly),
        }
    }
}
