//! The header section of a message: its fields, in order, with spans and lines.
//!
//! Text in, [`HeaderSection`] out (RFC 5322 2.2): one pass, zero-copy, LF and CRLF and a mix of
//! them. Knows nothing of any field's meaning.

use std::borrow::Cow;
use std::ops::Range;

/// Which field this is, so far as the analysis cares; names compare without case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldName {
    /// `Received` (RFC 5321 4.4).
    Received,
    /// `Authentication-Results` (RFC 8601).
    AuthenticationResults,
    /// `ARC-Authentication-Results` (RFC 8617).
    ArcAuthenticationResults,
    /// `Received-SPF` (RFC 7208 9.1).
    ReceivedSpf,
    /// `DKIM-Signature` (RFC 6376 3.5).
    DkimSignature,
    /// `Return-Path` (RFC 5321 4.4).
    ReturnPath,
    /// `From` (RFC 5322 3.6.2).
    From,
    /// `Sender` (RFC 5322 3.6.2).
    Sender,
    /// `To` (RFC 5322 3.6.3).
    To,
    /// `Subject` (RFC 5322 3.6.5).
    Subject,
    /// `Date` (RFC 5322 3.6.1).
    Date,
    /// `Message-ID` (RFC 5322 3.6.4).
    MessageId,
    /// Any other field.
    Other,
}

/// One header field as it stands in the text.
#[derive(Debug, Clone)]
pub struct Field<'x> {
    /// The name as written, without the colon and without white space before it.
    pub name: &'x str,
    /// Which field it is.
    pub kind: FieldName,
    /// The body as written, folds included, without the first white space and the last line end.
    pub body: &'x str,
    /// Where the whole field stands in the text, last line end included.
    pub span: Range<usize>,
    /// The 1-based line of the input on which the field begins.
    pub line: u32,
}

impl<'x> Field<'x> {
    /// The body with its folds undone (RFC 5322 2.2.3): line ends go, their white space stays.
    pub fn unfolded(&self) -> Cow<'x, str> {
        todo!()
    }
}

/// The fields of one header section, newest (topmost) first.
#[derive(Debug, Clone)]
pub struct HeaderSection<'x> {
    text: &'x str,
    fields: Vec<Field<'x>>,
}

impl<'x> HeaderSection<'x> {
    /// Splits `text` into fields; stops at the first empty line and never looks at what follows.
    pub fn parse(text: &'x str) -> Self {
        let _ = text;
        todo!()
    }

    /// All fields in the order of the text.
    pub fn fields(&self) -> &[Field<'x>] {
        &self.fields
    }

    /// The text the spans refer to.
    pub fn text(&self) -> &'x str {
        self.text
    }
}
