//! An [`Analysis`](crate::analysis::Analysis) as people and as programs read it.
//!
//! One file a format. Each renders what is in the analysis and decides nothing; none knows of
//! parsers, rules, files or terminals.

#[cfg(feature = "cli")]
mod columns;
#[cfg(feature = "cli")]
mod csv;
#[cfg(feature = "cli")]
pub mod html;
#[cfg(feature = "cli")]
mod human;
mod json;
#[cfg(feature = "cli")]
mod junit;
#[cfg(feature = "cli")]
mod markdown;
pub mod record;
#[cfg(feature = "cli")]
mod route;
mod sanitize;
mod schema;

#[cfg(feature = "cli")]
pub use csv::Csv;
#[cfg(feature = "cli")]
pub use html::Html;
#[cfg(feature = "cli")]
pub use human::{Blocks, Lines, Style, heading, human, summary};
pub use json::{Json, json, json_summary};
#[cfg(feature = "cli")]
pub use junit::JunitReport;
#[cfg(feature = "cli")]
pub use markdown::Markdown;
pub use record::{Record, Report, Tally};
pub use sanitize::printable;
pub use schema::{schema, schema_text};

#[cfg(test)]
pub(crate) mod sample;
