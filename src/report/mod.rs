//! An [`Analysis`](crate::analysis::Analysis) as people and as programs read it.
//!
//! One file a format. Each renders what is in the analysis and decides nothing; none knows of
//! parsers, rules, files or terminals.

#[cfg(feature = "cli")]
mod human;
mod json;
mod sanitize;
mod schema;

#[cfg(feature = "cli")]
pub use human::{Style, heading, human, summary};
pub use json::{json, json_summary};
pub use sanitize::printable;
pub use schema::{schema, schema_text};

#[cfg(test)]
pub(crate) mod sample;
