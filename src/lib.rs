//! Did this mail really leave through the smart host?

pub mod analysis;
pub mod catalogue;
pub mod evidence;
pub mod header;
pub mod host;
pub mod input;
pub mod lex;
pub mod policy;
pub mod report;
pub mod route;
pub mod trace;
pub mod trust;
