//! Did this mail really leave through the smart host?

pub mod analysis;
pub mod catalogue;
pub mod evidence;
mod examine;
pub mod header;
pub mod host;
pub mod input;
mod lex;
mod message;
pub mod policy;
pub mod report;
mod route;
pub mod trace;
mod trust;

pub use analysis::Analysis;
pub use catalogue::Catalogue;
pub use examine::{analyze_message, unreadable};
pub use input::{RawMessage, Repair};
pub use policy::Expectation;

/// Analyses the header section of one message as it was received; see [`Analysis`].
pub fn analyze(bytes: &[u8], expectation: &Expectation, catalogue: &Catalogue) -> Analysis {
    analyze_message(
        &RawMessage::new(bytes, Repair::Encoding),
        expectation,
        catalogue,
    )
}
