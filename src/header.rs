//! The header section of a message: its fields, in order, with spans and lines.
//!
//! Text in, [`HeaderSection`] out (RFC 5322 2.2): one pass, zero-copy, LF and CRLF and a mix of
//! them; a lone CR is data, never a line end. Knows nothing of any field's meaning.
//!
//! The section ends at the first empty line and nothing behind it is looked at. It also ends at a
//! line that is neither a field nor a continuation: so do Postfix, Exim and most mail readers, for
//! which such a line begins the body; to read on would make fields out of what the recipient saw
//! as text. [`HeaderSection::end`] tells which of the two it was. A line of nothing but white
//! space is a continuation (`obs-FWS`), not an empty line.
//!
//! Not supported: field names outside printable ASCII (RFC 5322 2.2 has none, nor has RFC 6532).

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr, memrchr};

use crate::stop::Stop;

/// How many bytes of a header section are considered.
///
/// Exim takes in a header of 1 MiB at most (`header_maxsize`), Exchange one of 256 KiB, and Postfix
/// cuts a field at 100 KiB (`header_size_limit`); servers on the way add to it.
pub const MAX_SECTION_BYTES: usize = 2 << 20;

/// How many fields of a header section are considered.
///
/// Servers give up after 25 to 100 hops (RFC 5321 6.3 asks for at least 100), and each writes some
/// ten fields or twenty.
pub const MAX_FIELDS: usize = 1 << 12;

/// How much of a value that is only shown is decoded. RFC 5322 2.1.1 has lines of 998 characters,
/// and mail programs show some hundred.
pub const MAX_SHOWN_BYTES: usize = 16 << 10;

/// How much of a list of addresses is decoded: a thousand of them, as long as RFC 5321 4.5.3.1
/// allows on average a quarter of.
pub const MAX_ADDRESSES_BYTES: usize = 64 << 10;

/// How many lines of a header section are considered: lines are some seventy characters long (RFC
/// 5322 2.1.1), so that a section of [`MAX_SECTION_BYTES`] has half as many.
pub const MAX_LINES: u32 = 1 << 16;

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

impl FieldName {
    /// Which field `name` is; the length settles most names before a letter is compared.
    pub fn of(name: &str) -> Self {
        let Some(first) = name.as_bytes().first() else {
            return Self::Other;
        };
        // No known name begins with an `X`, and most others do.
        if matches!(first, b'X' | b'x') {
            return Self::Other;
        }
        let (known, kind) = match name.len() {
            2 => ("to", Self::To),
            4 if name.starts_with(['f', 'F']) => ("from", Self::From),
            4 => ("date", Self::Date),
            6 => ("sender", Self::Sender),
            7 => ("subject", Self::Subject),
            8 => ("received", Self::Received),
            10 => ("message-id", Self::MessageId),
            11 => ("return-path", Self::ReturnPath),
            12 => ("received-spf", Self::ReceivedSpf),
            14 => ("dkim-signature", Self::DkimSignature),
            22 => ("authentication-results", Self::AuthenticationResults),
            26 => ("arc-authentication-results", Self::ArcAuthenticationResults),
            _ => return Self::Other,
        };
        if name.eq_ignore_ascii_case(known) {
            kind
        } else {
            Self::Other
        }
    }
}

/// One header field as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<'x> {
    /// The name as written, without the colon and without white space before it.
    pub name: &'x str,
    /// Which field it is.
    pub kind: FieldName,
    /// The body as written, folds included, without the white space (or fold) that it begins with
    /// and without the last line end.
    pub body: &'x str,
    /// Where the whole field stands in the text, last line end included.
    pub span: Range<usize>,
    /// The 1-based line of the text on which the field begins;
    /// [`RawMessage::input_line`](crate::input::RawMessage::input_line) has that of the input.
    pub line: u32,
}

impl<'x> Field<'x> {
    /// The body with its folds undone (RFC 5322 2.2.3): line ends go, their white space stays.
    pub fn unfolded(&self) -> Cow<'x, str> {
        Self::unfold(self.body)
    }

    /// The same of a body, or of the beginning of one.
    pub(crate) fn unfold(body: &'x str) -> Cow<'x, str> {
        let Some(first) = memchr(b'\n', body.as_bytes()) else {
            return Cow::Borrowed(body);
        };
        let mut unfolded = String::with_capacity(body.len());
        let mut rest = body;
        let mut next = Some(first);
        while let Some((line, behind)) = next.and_then(|at| rest.split_at_checked(at)) {
            unfolded.push_str(line.strip_suffix('\r').unwrap_or(line));
            rest = behind.get(1..).unwrap_or_default();
            next = memchr(b'\n', rest.as_bytes());
        }
        unfolded.push_str(rest);
        Cow::Owned(unfolded)
    }
}

/// What ended a header section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The empty line that divides header and body.
    EmptyLine,
    /// The end of the text, as with a header that was copied without its message.
    Text,
    /// A line that is neither a field nor a continuation: its 1-based line in the text.
    NoField(u32),
    /// [`MAX_FIELDS`], [`MAX_LINES`] or [`MAX_SECTION_BYTES`]; the field that goes beyond it is left out.
    Limit,
}

/// The fields of one header section, newest (topmost) first.
#[derive(Debug, Clone)]
pub struct HeaderSection<'x> {
    text: &'x str,
    fields: Vec<Field<'x>>,
    end: usize,
    ended_by: End,
    stop: Stop,
}

impl<'x> HeaderSection<'x> {
    /// Splits `text` into fields; stops at the first empty line and never looks at what follows.
    pub fn parse(text: &'x str) -> Self {
        Self::parse_until(text, &Stop::default())
    }

    /// The same, of which [`Self::walk`] gives no more fields where `stop` says so.
    pub(crate) fn parse_until(text: &'x str, stop: &Stop) -> Self {
        let mut considered = prefix(text, MAX_SECTION_BYTES);
        let is_limited = considered.len() < text.len();
        if is_limited {
            // A line that the limit cuts is not looked at.
            let lines = memrchr(b'\n', considered.as_bytes()).map_or(0, |at| at + 1);
            considered = considered.get(..lines).unwrap_or_default();
        }
        let bytes = considered.as_bytes();
        // Most headers have a field for each hundred bytes, and growing costs a copy each time.
        let mut fields = Vec::with_capacity((bytes.len() / 96).clamp(32, 1024));
        let mut start = 0;
        let mut line = 1u32;
        let ended_by = loop {
            match bytes.get(start..) {
                None | Some([]) if is_limited => {
                    // The line behind may belong to the last field, which is then cut.
                    start = fields.pop().map_or(start, |cut: Field<'_>| cut.span.start);
                    break End::Limit;
                }
                None | Some([]) => break End::Text,
                Some([b'\n', ..] | [b'\r', b'\n', ..]) => break End::EmptyLine,
                Some(_) => {}
            }
            let Some((name, colon)) = field_start(considered.get(start..).unwrap_or_default())
            else {
                break End::NoField(line);
            };
            if fields.len() >= MAX_FIELDS {
                break End::Limit;
            }
            let body = start + colon + 1;
            let mut end = line_end(bytes, body);
            let mut lines = 1u32;
            while let Some(b' ' | b'\t') = bytes.get(end) {
                end = line_end(bytes, end + 1);
                lines = lines.saturating_add(1);
            }
            if line.saturating_add(lines) > MAX_LINES {
                break End::Limit;
            }
            fields.push(Field {
                name,
                kind: FieldName::of(name),
                body: body_of(considered.get(body..end).unwrap_or_default()),
                span: start..end,
                line,
            });
            line = line.saturating_add(lines);
            start = end;
        };
        Self {
            text,
            fields,
            end: start,
            ended_by,
            stop: stop.clone(),
        }
    }

    /// All fields in the order of the text.
    pub fn fields(&self) -> &[Field<'x>] {
        &self.fields
    }

    /// Each field with its index, for whoever does more with it than look; none behind a stop.
    pub(crate) fn walk(&self) -> impl Iterator<Item = (usize, &Field<'x>)> {
        let fields = self.fields.iter().enumerate();
        fields.take_while(|_| !self.stop.is_set())
    }

    /// Whether nobody waits for it any more.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.is_set()
    }

    /// The text the spans refer to.
    pub fn text(&self) -> &'x str {
        self.text
    }

    /// Where the section ends in the text: behind its last field, before the line that ended it.
    pub fn end(&self) -> usize {
        self.end
    }

    /// What ended it.
    pub fn ended_by(&self) -> End {
        self.ended_by
    }
}

/// The index behind the end of the line in which `from` lies.
#[inline]
fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    memchr(b'\n', rest).map_or(bytes.len(), |at| from + at + 1)
}

/// The name of the field that `line` begins, and the index of its colon.
///
/// `field-name = 1*ftext`; `ftext = %d33-57 / %d59-126` (RFC 5322 2.2); white space before the
/// colon is obsolete (4.5), but read.
pub(crate) fn field_start(line: &str) -> Option<(&str, usize)> {
    let bytes = line.as_bytes();
    let name_end = bytes.iter().position(|&byte| !is_ftext(byte))?;
    let mut colon = name_end;
    while let Some(b' ' | b'\t') = bytes.get(colon) {
        colon += 1;
    }
    if name_end == 0 || bytes.get(colon) != Some(&b':') {
        return None;
    }
    Some((line.get(..name_end)?, colon))
}

/// `ftext`, by a table: every letter of every name is asked about.
fn is_ftext(byte: u8) -> bool {
    #[expect(
        clippy::indexing_slicing,
        reason = "an index beyond the table would not compile"
    )]
    const FTEXT: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 33;
        while byte <= 126 {
            table[byte] = byte != b':' as usize;
            byte += 1;
        }
        table
    };
    FTEXT.get(usize::from(byte)).copied().unwrap_or_default()
}

/// The index behind the empty line that stands below the first line end at or behind `from`, if
/// there is one: where a header section ends whose first field begins before `from`.
///
/// The line ends of the beginning are looked for first; both are looked for all the same.
pub fn empty_line(bytes: &[u8], from: usize) -> Option<usize> {
    static LF: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\n\n"));
    static CRLF: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\n\r\n"));
    let text = bytes.get(from..)?;
    let line = from + memchr(b'\n', text)?;
    let is_crlf = line > 0 && bytes.get(line - 1) == Some(&b'\r');
    let (first, second) = match is_crlf {
        true => (&*CRLF, &*LF),
        false => (&*LF, &*CRLF),
    };
    let end_of = |text: &[u8], finder: &Finder<'_>| {
        let at = finder.find(text)?;
        Some(at + finder.needle().len())
    };
    let one = end_of(text, first);
    let before = text.get(..one.unwrap_or(text.len())).unwrap_or(text);
    let two = match is_crlf || memchr(b'\r', before).is_some() {
        true => end_of(before, second),
        false => None,
    };
    Some(from + two.or(one)?)
}

/// What follows the colon, without the white space and folds that it begins with and without its
/// last line end.
#[inline]
fn body_of(behind: &str) -> &str {
    let bytes = behind.as_bytes();
    let end = match bytes {
        [rest @ .., b'\r', b'\n'] | [rest @ .., b'\n'] => rest.len(),
        _ => bytes.len(),
    };
    let mut at = 0;
    while at < end {
        match bytes.get(at..end) {
            Some([b' ' | b'\t' | b'\n', ..]) => at += 1,
            Some([b'\r', b'\n', ..]) => at += 2,
            _ => break,
        }
    }
    behind.get(at..end).unwrap_or_default()
}

/// At most the first `limit` bytes of `text`, cut at a character boundary.
pub(crate) fn prefix(text: &str, limit: usize) -> &str {
    let mut limit = limit.min(text.len());
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    text.get(..limit).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn names<'x>(section: &HeaderSection<'x>) -> Vec<&'x str> {
        section.fields().iter().map(|field| field.name).collect()
    }

    const SAMPLE: &str = "Received: from vr45.mail.ovh.net (unknown [10.101.8.45])\n\
        \x20   by out28.mail.ovh.net (Postfix) with ESMTP id 4PQqLG4KHRzRxRQZj\n\
        \x20   for <john.smith@guides.ovh>; Tue, 28 Feb 2023 07:51:02 +0000 (UTC)\n\
        X-MS-Has-Attach:\n\
        Subject : Test SBR 3 (SIB)\n\
        \n\
        Received: from the body\n";

    #[test]
    fn fields_with_spans_and_lines() {
        let section = HeaderSection::parse(SAMPLE);
        assert_eq!(names(&section), ["Received", "X-MS-Has-Attach", "Subject"]);
        let lines: Vec<u32> = section.fields().iter().map(|field| field.line).collect();
        assert_eq!(lines, [1, 4, 5]);
        let kinds: Vec<FieldName> = section.fields().iter().map(|field| field.kind).collect();
        assert_eq!(
            kinds,
            [FieldName::Received, FieldName::Other, FieldName::Subject]
        );
        assert_eq!(section.fields()[1].body, "");
        assert_eq!(section.fields()[2].body, "Test SBR 3 (SIB)");
        assert_eq!(
            &SAMPLE[section.fields()[2].span.clone()],
            "Subject : Test SBR 3 (SIB)\n"
        );
        assert_eq!(section.ended_by(), End::EmptyLine);
        assert!(SAMPLE[section.end()..].starts_with("\nReceived: from the body"));
    }

    #[test]
    fn folds_are_undone_and_their_white_space_stays() {
        for text in [SAMPLE.to_owned(), SAMPLE.replace('\n', "\r\n")] {
            let section = HeaderSection::parse(&text);
            assert_eq!(
                section.fields()[0].unfolded(),
                "from vr45.mail.ovh.net (unknown [10.101.8.45])    by out28.mail.ovh.net (Postfix) \
                 with ESMTP id 4PQqLG4KHRzRxRQZj    for <john.smith@guides.ovh>; Tue, 28 Feb 2023 \
                 07:51:02 +0000 (UTC)"
            );
            assert!(matches!(
                section.fields()[2].unfolded(),
                Cow::Borrowed("Test SBR 3 (SIB)")
            ));
        }
    }

    #[test]
    fn mixed_line_ends_and_a_lone_cr() {
        let section = HeaderSection::parse("A: 1\r\n\t2\nB: x\rC: y\r\n\r\nD: z\n");
        assert_eq!(names(&section), ["A", "B"]);
        assert_eq!(section.fields()[0].unfolded(), "1\t2");
        assert_eq!(section.fields()[1].body, "x\rC: y");
        assert_eq!(section.ended_by(), End::EmptyLine);
    }

    #[test]
    fn a_value_that_begins_with_a_fold() {
        let section = HeaderSection::parse("Received: \r\n\tfrom a.example\r\n by b.example\r\n");
        assert_eq!(section.fields()[0].body, "from a.example\r\n by b.example");
        assert_eq!(
            section.fields()[0].unfolded(),
            "from a.example by b.example"
        );
    }

    #[test]
    fn what_ends_the_section() {
        let cases = [
            ("", 0, End::Text),
            ("A: 1", 1, End::Text),
            ("A: 1\n", 1, End::Text),
            ("A: 1\n\n", 1, End::EmptyLine),
            ("A: 1\nno field\nB: 2\n", 1, End::NoField(2)),
            ("A: 1\n: empty name\nB: 2\n", 1, End::NoField(2)),
            ("A: 1\nno field", 1, End::NoField(2)),
            ("\nA: 1\n", 0, End::EmptyLine),
            (" A: 1\nB: 2\n", 0, End::NoField(1)),
            ("A: 1\n \t\nB: 2\n", 2, End::Text),
            ("Grüße: 1\nB: 2\n", 0, End::NoField(1)),
            (
                "From alice@example.com Tue Feb 28 07:51:02 2023\nA: 1\n",
                0,
                End::NoField(1),
            ),
        ];
        for (text, fields, ended_by) in cases {
            let section = HeaderSection::parse(text);
            assert_eq!(section.ended_by(), ended_by, "{text:?}");
            assert_eq!(section.fields().len(), fields, "{text:?}");
        }
    }

    #[test]
    fn names_compare_without_case_and_whole() {
        let cases = [
            ("RECEIVED", FieldName::Received),
            ("received-spf", FieldName::ReceivedSpf),
            ("Message-Id", FieldName::MessageId),
            ("Authentication-Results", FieldName::AuthenticationResults),
            (
                "ARC-Authentication-Results",
                FieldName::ArcAuthenticationResults,
            ),
            ("Dkim-Signature", FieldName::DkimSignature),
            ("return-path", FieldName::ReturnPath),
            ("FROM", FieldName::From),
            ("Date", FieldName::Date),
            ("TO", FieldName::To),
            ("sender", FieldName::Sender),
            ("SUBJECT", FieldName::Subject),
            ("X-Received", FieldName::Other),
            ("Receiveds", FieldName::Other),
            ("Form", FieldName::Other),
        ];
        for (name, kind) in cases {
            assert_eq!(FieldName::of(name), kind, "{name}");
        }
    }

    #[test]
    fn too_many_fields_are_seen_to_be_too_many() {
        let text = "Received: a\n".repeat(MAX_FIELDS + 1);
        let section = HeaderSection::parse(&text);
        assert_eq!(section.fields().len(), MAX_FIELDS);
        assert_eq!(section.ended_by(), End::Limit);
        let section = HeaderSection::parse(&text[..MAX_FIELDS * 12]);
        assert_eq!(section.fields().len(), MAX_FIELDS);
        assert_eq!(section.ended_by(), End::Text);
        assert_eq!(section.fields().last().unwrap().line, MAX_FIELDS as u32);
    }
}
