//! The route as every renderer sees it, made from an [`Analysis`] alone: the verdict in words and
//! its facts, the hops, the picture's stations and legs, the findings.
//!
//! A format lays this out and computes nothing for itself, so that all of them say the same. Every
//! text is already safe to show (`printable.rs`); escaping for the format is the format's. Knows
//! nothing of formats, widths and colours, and decides nothing: what is believed, and which hop is
//! the hand-over, is the analysis's.

pub(crate) mod findings;
pub(crate) mod hops;
pub(crate) mod path;
pub(crate) mod verdict;

use std::borrow::Cow;

use crate::printable::printable;

/// `2023-02-28T07:51:01Z` as `2023-02-28 07:51:01 UTC`.
pub(crate) fn instant(date: &str) -> String {
    match date.strip_suffix('Z').and_then(|date| date.split_once('T')) {
        Some((day, time)) => format!("{} {} UTC", printable(day), printable(time)),
        None => printable(date).into_owned(),
    }
}

/// Text of a report: borrowed from the analysis where nothing in it had to be escaped.
pub(crate) type Text<'a> = Cow<'a, str>;
