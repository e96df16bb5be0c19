//! An [`Analysis`](crate::analysis::Analysis) as people and as programs read it.
//!
//! One file a format. Each renders what is in the analysis and decides nothing; none knows of
//! parsers, rules, files or terminals.

#[cfg(feature = "formats")]
mod columns;
#[cfg(feature = "formats")]
mod csv;
#[cfg(feature = "formats")]
pub mod html;
#[cfg(feature = "formats")]
mod human;
mod json;
#[cfg(feature = "formats")]
mod junit;
#[cfg(feature = "formats")]
mod markdown;
pub mod record;
#[cfg(feature = "formats")]
mod route;
mod schema;

pub use crate::printable::{markup, printable};
#[cfg(feature = "formats")]
pub use csv::Csv;
#[cfg(feature = "formats")]
pub use html::Html;
#[cfg(feature = "formats")]
pub use human::{Blocks, Lines, Style, heading, human, summary};
pub use json::{Json, json, json_summary};
#[cfg(feature = "formats")]
pub use junit::JunitReport;
#[cfg(feature = "formats")]
pub use markdown::Markdown;
pub use record::{Record, Report, Tally};
pub use schema::{schema, schema_text};

#[cfg(test)]
pub(crate) mod sample;
