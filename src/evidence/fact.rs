//! The facts of a header one by one, as they are shown: each with the field it stands in, whether
//! the recipient's side wrote it, and where it points.
//!
//! A fact has no sentence; `words/` makes that. Knows nothing of how standing and direction are
//! found.

use std::borrow::Cow;

use jiff::Timestamp;

use super::verdict::{Composite, Verdict};
use super::{Dkim, OtherResult, ReturnPath, Signature, Spf};
use crate::analysis::{EvidenceKind, ObservedRouteHint};

/// One fact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fact<'a> {
    /// A result of SPF.
    Spf(&'a Spf<'a>),
    /// A result of DKIM.
    Dkim(&'a Dkim<'a>),
    /// A result of another method.
    Other {
        /// It.
        result: &'a OtherResult<'a>,
        /// Why Microsoft's composite authentication came out so, where it is that.
        composite: Option<Composite>,
    },
    /// A signature.
    Signature {
        /// It.
        signature: &'a Signature<'a>,
        /// The word of the result that may be about it, by `b` (RFC 6008); that never decides.
        result: Option<&'a str>,
    },
    /// The reverse-path.
    ReturnPath {
        /// It.
        path: &'a ReturnPath<'a>,
        /// The address in it is one of From.
        of_sender: bool,
    },
    /// The host that made a message id.
    MessageId(Option<&'a str>),
    /// Exchange's or Outlook's, and when the conversation began.
    ThreadIndex(Option<Timestamp>),
    /// The value of a field that Exchange adds.
    OfExchange(&'a str),
    /// A field that a provider adds.
    Marker {
        /// The provider's name.
        provider: &'a str,
        /// The client's address that it carries.
        client: Option<String>,
        /// Its value.
        value: Cow<'a, str>,
        /// What is known of what it says.
        verdict: Option<Verdict>,
    },
    /// What a platform or a filter says of the message: never an identity.
    Verdict(Verdict),
    /// What the client at the border called itself.
    Helo {
        /// So.
        name: &'a str,
        /// Its address.
        address: Option<&'a str>,
    },
}

impl Fact<'_> {
    /// Its stable kind.
    pub(crate) fn kind(&self) -> EvidenceKind {
        match self {
            Self::Spf(_) => EvidenceKind::Spf,
            Self::Dkim(_) => EvidenceKind::Dkim,
            Self::Other { result, .. } => match &*result.method {
                "dmarc" => EvidenceKind::Dmarc,
                "arc" => EvidenceKind::Arc,
                _ => EvidenceKind::Marker,
            },
            Self::Signature { .. } => EvidenceKind::DkimSignature,
            Self::ReturnPath { .. } => EvidenceKind::ReturnPath,
            Self::MessageId(_) => EvidenceKind::MessageId,
            Self::ThreadIndex(_) => EvidenceKind::ThreadIndex,
            Self::OfExchange(_) | Self::Marker { .. } => EvidenceKind::Marker,
            Self::Verdict(_) => EvidenceKind::Verdict,
            Self::Helo { .. } => EvidenceKind::Helo,
        }
    }
}

/// A fact in its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item<'a> {
    /// What it is.
    pub(crate) fact: Fact<'a>,
    /// Index of the field in the header section.
    pub(crate) field: usize,
    /// The recipient's side wrote it.
    pub(crate) attested: bool,
    /// Where it points.
    pub(crate) points_to: Option<ObservedRouteHint>,
}
