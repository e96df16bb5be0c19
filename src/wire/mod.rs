//! The contract's JSON from what an analysis found: one file a part of it.
//!
//! Here facts become values and sentences; nothing is decided.

pub(crate) mod reasons;
