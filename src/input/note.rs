//! What reading an input found or did: a repair, a limit, a place where it breaks off.
//!
//! Facts without sentences, which are made in `words/`.

use super::mbox::Doubt;
use crate::analysis::WarningCode;

/// What is to be said of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Note {
    /// The mail carries another as an attachment.
    MessageInside,
    /// A UTF-8 byte-order mark was taken away.
    ByteOrderMark,
    /// The text was UTF-16.
    Utf16,
    /// Bytes that are no UTF-8 were read as Latin-1.
    Latin1,
    /// The lines end in CR alone.
    CarriageReturns,
    /// The lines end in CR CR LF.
    DoubledReturns,
    /// Bytes that are no text stand before the header.
    BinaryBefore,
    /// Apple Mail's length of the message stands before the header.
    LengthBefore,
    /// Outlook's line above a header stands there.
    BannerBefore,
    /// An mbox's `From ` line stands before the header.
    MboxLineBefore,
    /// Blank lines stand before the header.
    BlankLinesBefore,
    /// Other lines stand before the header.
    LinesBefore,
    /// HTML stood around the header.
    Html,
    /// An empty line stood after every line.
    DoubleSpacing,
    /// Every line was indented.
    Indent,
    /// Values stood on the line after the names of their fields.
    ValuesBelow,
    /// No-break and zero-width spaces.
    OddSpaces,
    /// Line numbers.
    LineNumbers,
    /// The marks of a diff.
    DiffMarks,
    /// Links that repeat the name before them.
    Links,
    /// Names and addresses written so that nobody follows them.
    Defanged,
    /// Every line was quoted.
    Quoting,
    /// HTML entities.
    Entities,
    /// Continuations stood without white space.
    Folding,
    /// A line that is no field and continues none ends what was read.
    StrayLine,
    /// Names stand beside links to elsewhere.
    LinksElsewhere,
    /// The section is longer than is read.
    SectionLimit,
    /// The message may be none of its own.
    Boundary(Doubt),
}

impl Note {
    /// Its stable code.
    pub const fn code(self) -> WarningCode {
        match self {
            Self::MessageInside => WarningCode::MessageInside,
            Self::ByteOrderMark | Self::Utf16 | Self::Latin1 => WarningCode::RepairedEncoding,
            Self::CarriageReturns
            | Self::DoubledReturns
            | Self::BinaryBefore
            | Self::LengthBefore
            | Self::BannerBefore
            | Self::MboxLineBefore
            | Self::BlankLinesBefore
            | Self::LinesBefore
            | Self::Html
            | Self::DoubleSpacing
            | Self::Indent
            | Self::ValuesBelow
            | Self::OddSpaces
            | Self::LineNumbers
            | Self::DiffMarks
            | Self::Links
            | Self::Defanged => WarningCode::RepairedLayout,
            Self::Quoting => WarningCode::RepairedQuoting,
            Self::Entities => WarningCode::RepairedEntities,
            Self::Folding => WarningCode::RepairedFolding,
            Self::StrayLine | Self::LinksElsewhere => WarningCode::Truncated,
            Self::SectionLimit => WarningCode::Limit,
            Self::Boundary(_) => WarningCode::MboxBoundary,
        }
    }

    /// This note, of a line.
    pub(super) const fn on(self, line: u32) -> Noted {
        Noted {
            note: self,
            line: Some(line),
        }
    }
}

/// A [`Note`] and where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    /// What it is.
    pub note: Note,
    /// The 1-based line of the input as given.
    pub line: Option<u32>,
}

/// What an input is that has no header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Instead {
    /// A message of Microsoft Graph without its `internetMessageHeaders`.
    GraphMessage,
    /// Several messages as JSON.
    SeveralMessages,
    /// What a header analyser made of a header.
    HeaderAnalysis,
}
