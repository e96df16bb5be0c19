//! The only room with sentences: one for each anomaly, from its facts.
//!
//! Knows nothing of how anything was found.

pub(crate) mod anomalies;
