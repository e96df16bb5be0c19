//! Did this mail really leave through the smart host?
//!
//! An Exchange platform sends chosen addresses through an outside SMTP server, by a send connector
//! with a smart host; every other address leaves through the platform's own outgoing server. This
//! crate reads the header of a mail as its recipient got it and says which way it took, and on
//! what evidence. Whoever sent a mail can write every header field below the first server that we
//! believe, so the answer rests on what the recipient's side stamped and on nothing else.
//!
//! ```
//! use smarthop::{Catalogue, Expectation, analysis::Outcome, analyze};
//!
//! let header = b"Received: from relay.example.net (relay.example.net [192.0.2.25])\r\n\
//!     \tby mx.example.org (Postfix) with ESMTPS id 4PQsPF43SEm78WdxQ\r\n\
//!     \tfor <john@example.org>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)\r\n\
//!     From: <newsletter@example.com>\r\n\r\n";
//! let expectation = Expectation::connector(["relay.example.net".parse()?]);
//! let analysis = analyze(header, &expectation, Catalogue::builtin());
//! assert_eq!(analysis.outcome, Outcome::Pass);
//! assert_eq!(analysis.observed.host.as_deref(), Some("relay.example.net"));
//! # Ok::<(), smarthop::host::HostError>(())
//! ```
//!
//! Data flows one way: bytes → [`RawMessage`] → [`header::HeaderSection`] → [`trace::Hop`] →
//! [`trace::chain::Chain`] → the trusted path and [`evidence::Evidence`] → the verdict →
//! [`Analysis`] → [`report`]. The library touches no file, clock, environment, network or
//! terminal. Dates are UTC in whole seconds, delays are seconds, lines are 1-based in the input
//! as given. There are two kinds of trouble: an input without a header is an error
//! ([`analysis::Outcome::Error`]); a strange mail is analysed, and what is strange in it travels
//! in [`Analysis::warnings`].

pub mod analysis;
mod anomaly;
pub mod ask;
pub mod catalogue;
pub mod evidence;
mod examine;
pub mod header;
pub mod host;
pub mod input;
mod lex;
mod message;
pub mod policy;
mod printable;
pub mod redact;
pub mod report;
mod route;
mod stop;
pub mod trace;
mod trust;
pub mod vouch;
mod wire;
mod words;

pub use analysis::Analysis;
pub use ask::Ask;
pub use catalogue::Catalogue;
pub use examine::{Detail, analyze_message, analyze_with};
pub use input::{RawMessage, Repair};
pub use policy::Expectation;
pub use wire::unreadable;
pub use words::codes;

/// Analyses the header section of one message as its recipient got it.
///
/// The body is never read. Byte-order marks, UTF-16, leading blank lines and an mbox `From ` line
/// are understood; text that was pasted is for [`analyze_message`] with [`Repair::Pasted`].
/// Bounded and linear in the header section: see [`header`] and [`trace::received`] for the
/// limits.
pub fn analyze(bytes: &[u8], expectation: &Expectation, catalogue: &Catalogue) -> Analysis {
    analyze_message(
        &RawMessage::new(bytes, Repair::Encoding),
        expectation,
        catalogue,
    )
}

#[cfg(test)]
const _: fn() = || {
    fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<Analysis>();
    is_send_and_sync::<Expectation>();
    is_send_and_sync::<Catalogue>();
};

/// The README's Rust examples, run with the documentation's.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
