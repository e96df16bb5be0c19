//! Text that was pasted into text that can be split into fields: quoting, an indent, HTML around
//! it, entities, lost folding, a value on the next line, stray lines, double spacing, a queue
//! file's records.
//!
//! What a repair may do is bounded by what a sender could gain from it, since every byte below
//! the recipient's first stamp is his:
//!
//! - a header section that is well-formed is never touched, so a folded ` Received: …` stays a
//!   fold and a body stays a body;
//! - a repair begins at the first line that is a known field in some dress and takes that dress
//!   off every line; nothing behind the first empty line is read;
//! - a line is joined to the field above only where that field is plainly unfinished: a Received
//!   field that has its time, a result that does not end in `;` or within a comment, are
//!   finished, and then such a line ends the section, as in [`crate::header`]. So the sender's
//!   first line is not added to the recipient's last stamp;
//! - no repair makes a field of an indented line, or a line of a `<br>`; an entity becomes only
//!   one of the characters that HTML has to escape.
//!
//! What was joined is told by [`RawMessage::joined_lines`](super::RawMessage::joined_lines).
//! Knows only the names of fields and where a value can break; nothing of what it means.
//!
//! Not supported: words that a terminal cut in two, and quoting in which only some lines have `>`.

use std::borrow::Cow;

use super::{Note, Noted, damage, odd_space};
use crate::header::{FieldName, field_start};

/// How much of a paste is looked at. Clipboards and people stop long before; what is more than
/// that is a file, and a well-formed file has no such limit.
pub(super) const MAX_PASTE_BYTES: usize = 1 << 20;

/// How many lines of it: a header of [`crate::header::MAX_FIELDS`] fields has no more.
const MAX_PASTE_LINES: usize = 1 << 16;

/// A paste repaired.
#[derive(Debug, Default)]
pub(super) struct Repaired {
    pub(super) text: String,
    /// The line before repair for each line of `text`.
    pub(super) lines: Vec<u32>,
    /// The lines of `text` that were joined to the field above them.
    pub(super) joined: Vec<u32>,
    pub(super) notes: Vec<Noted>,
    /// The section ends with the text, not before.
    pub(super) reached_end: bool,
}

/// Whether a section may need repair; the answer for a well-formed one of several lines is no.
pub(super) fn is_needed(section: &str) -> bool {
    let first = section.lines().next().unwrap_or_default();
    Dress::of(first).is_some_and(|dress| !dress.is_plain())
        || !is_well_formed(section)
        || damage::is_likely(section)
        || is_escaped(section.lines())
        // A double-spaced paste looks like a section of one line.
        || section.lines().take(3).filter(|line| !line.is_empty()).count() == 1
}

/// Every line up to the first empty one is a field or a continuation of one.
pub(super) fn is_well_formed(section: &str) -> bool {
    let mut lines = section.lines().take_while(|line| !line.is_empty());
    lines.next().is_some_and(|line| field_start(line).is_some())
        && lines.all(|line| line.starts_with([' ', '\t']) || field_start(line).is_some())
}

/// Repairs `text`; `None` where there is no field or nothing to repair.
pub(super) fn repair(text: &str) -> Option<Repaired> {
    let mut repaired = Repaired::default();
    let text = damage::undo(text, &mut repaired.notes);
    let text = text.as_ref();
    let lines: Vec<Line<'_>> = (1..)
        .zip(text.lines())
        .take(MAX_PASTE_LINES)
        .map(|(number, text)| Line { number, text })
        .collect();
    let opening = find_opening(&lines, is_well_formed(text))?;
    let block = undress(&lines, &opening, &mut repaired);
    let block = undo_entities(block, &mut repaired.notes);
    assemble(&block, &mut repaired);
    if let Some(line) = damage::remains(&repaired.text) {
        let line = (line as usize).saturating_sub(1);
        let line = repaired.lines.get(line).copied().unwrap_or(1);
        repaired.notes.push(Note::LinksElsewhere.on(line));
    }
    (!repaired.notes.is_empty()).then_some(repaired)
}

#[derive(Debug, Clone)]
struct Line<'x> {
    number: u32,
    text: &'x str,
}

/// What a paste puts before each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dress<'x> {
    /// How many `>` deep it is quoted.
    quotes: usize,
    /// A space belongs to the quoting. Where it does not, it is a continuation's.
    spaced: bool,
    /// The white space behind that.
    indent: &'x str,
    /// HTML tags stand before the name.
    tags: bool,
}

impl<'x> Dress<'x> {
    /// The dress of a line that begins a known field.
    fn of(line: &'x str) -> Option<Self> {
        let (quotes, rest) = unquote(line, usize::MAX);
        let spaced = quotes > 0 && rest.starts_with(' ');
        let rest = rest.get(usize::from(spaced)..)?;
        let indent = indent_of(rest);
        let bare = rest.get(indent.len()..)?;
        let untagged = without_leading_tags(bare);
        let (name, _) = field_start(untagged)?;
        let tags = untagged.len() < bare.len();
        is_known(name).then_some(Self {
            quotes,
            spaced,
            indent,
            tags,
        })
    }

    const fn is_plain(&self) -> bool {
        self.quotes == 0 && self.indent.is_empty() && !self.tags
    }
}

/// Where the header section begins.
struct Opening<'x> {
    index: usize,
    dress: Dress<'x>,
    html: bool,
}

/// The first line that is a known field in some dress, or the very first line if it is a field.
///
/// Where the paste begins with something else, fields may stand there that are none of the
/// message's: a block without a Received field is passed over where it has no two fields of a
/// message, or is the table of results that Gmail shows above "Show original". Any other such block
/// is the header, if one without its hops: what follows it may be a body.
fn find_opening<'x>(lines: &[Line<'x>], well_formed: bool) -> Option<Opening<'x>> {
    if let Some(start) = behind_records(lines) {
        return opening_from(lines, start, well_formed);
    }
    let first = opening_from(lines, 0, well_formed)?;
    let before = lines.get(..first.index).unwrap_or_default();
    if before.iter().all(|line| line.text.trim().is_empty()) {
        return Some(first);
    }
    let mut at = first.index;
    while let Some(opening) = opening_from(lines, at, well_formed) {
        let block = Block::at(lines, opening.index, opening.dress.quotes);
        if block.received || (block.fields > 1 && !block.results) {
            return Some(opening);
        }
        at = block.end.max(opening.index + 1);
    }
    Some(first)
}

/// Where the message begins in what Postfix's `postcat` prints of a queue file: its records have
/// a form like fields' (`sender: a@example.com`), and are no part of the header.
fn behind_records(lines: &[Line<'_>]) -> Option<usize> {
    let first = lines.iter().position(|line| !line.text.trim().is_empty())?;
    let is = |line: &Line<'_>, what: &str| line.text.trim_start().starts_with(what);
    let begins = lines
        .get(first)
        .is_some_and(|line| is(line, "*** ENVELOPE RECORDS "));
    let contents = lines
        .iter()
        .position(|line| is(line, "*** MESSAGE CONTENTS "))?;
    begins.then_some(contents + 1)
}

/// What `postcat` prints behind a header.
fn is_end_of_record(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("*** HEADER EXTRACTED ") || line.starts_with("*** MESSAGE FILE END ")
}

/// What stands from an opening to the next empty line.
struct Block {
    end: usize,
    received: bool,
    /// How many of the fields that a message's author makes.
    fields: usize,
    /// Rows of a table that mail programs show and no message has.
    results: bool,
}

impl Block {
    fn at(lines: &[Line<'_>], start: usize, quotes: usize) -> Self {
        let mut block = Self {
            end: lines.len(),
            received: false,
            fields: 0,
            results: false,
        };
        for (index, line) in lines.iter().enumerate().skip(start) {
            let text = unquote(line.text, quotes).1.trim_matches(is_indent);
            if text.trim().is_empty() {
                block.end = index;
                break;
            }
            let Some((name, _)) = field_start(without_leading_tags(text)) else {
                continue;
            };
            match FieldName::of(name) {
                FieldName::Received => block.received = true,
                FieldName::From
                | FieldName::To
                | FieldName::Subject
                | FieldName::Date
                | FieldName::MessageId => block.fields += 1,
                FieldName::AuthenticationResults
                | FieldName::ArcAuthenticationResults
                | FieldName::ReceivedSpf
                | FieldName::DkimSignature
                | FieldName::ReturnPath
                | FieldName::Sender
                | FieldName::Other => {
                    block.results |= matches!(name, "SPF" | "DKIM" | "DMARC");
                }
            }
        }
        block
    }
}

fn opening_from<'x>(lines: &[Line<'x>], from: usize, well_formed: bool) -> Option<Opening<'x>> {
    let mut tags_before = false;
    for (index, line) in lines.iter().enumerate().skip(from) {
        let plain = Dress {
            quotes: 0,
            spaced: false,
            indent: "",
            tags: false,
        };
        let dress = Dress::of(line.text).or_else(|| {
            let (_, colon) = field_start(line.text)?;
            let stacked = || {
                lines
                    .get(index + 1)
                    .is_some_and(|next| !next.text.is_empty())
            };
            let has_value = !line.text.get(colon + 1..)?.trim().is_empty() || stacked();
            (index == 0 && (well_formed || has_value)).then_some(plain)
        });
        if let Some(dress) = dress {
            let trailing = !well_formed && without_trailing_tags(line.text) != line.text;
            let html = dress.tags || tags_before || trailing;
            return Some(Opening { index, dress, html });
        }
        let bare = line.text.trim();
        if !bare.is_empty() {
            tags_before = without_leading_tags(bare).is_empty();
        }
    }
    None
}

/// Whether a line begins a Received field, in some dress, be it one that is still to be undone.
pub(super) fn first_word_is_received(line: &str) -> bool {
    let bare = unquote(line, usize::MAX).1;
    let bare = bare.trim_start_matches(|c: char| !c.is_ascii_alphabetic() && c != '<');
    let bare = without_leading_tags(bare);
    field_start(bare).is_some_and(|(name, _)| FieldName::of(name) == FieldName::Received)
}

/// The lines of the section without their dress, up to the empty line that ends it.
fn undress<'x>(
    lines: &[Line<'x>],
    opening: &Opening<'x>,
    repaired: &mut Repaired,
) -> Vec<Line<'x>> {
    let Opening { index, dress, html } = opening;
    let notes = &mut repaired.notes;
    let first = lines.get(*index).map_or(1, |line| line.number);
    if let Some(stray) = lines
        .iter()
        .take(*index)
        .find(|line| !line.text.trim().is_empty())
    {
        notes.push(Note::LinesBefore.on(stray.number));
    }
    if dress.quotes > 0 {
        notes.push(Note::Quoting.on(first));
    }
    if *html {
        notes.push(Note::Html.on(first));
    }
    let open = lines.get(*index..).unwrap_or_default();
    let step = if is_double_spaced(open, dress.quotes) {
        notes.push(Note::DoubleSpacing.on(first + 1));
        2
    } else {
        1
    };
    let mut block = Vec::new();
    repaired.reached_end = true;
    let above = lines.get(..*index).unwrap_or_default();
    let fenced = above
        .iter()
        .any(|line| is_fence(unquote(line.text, dress.quotes).1));
    let recorded = above
        .iter()
        .any(|line| line.text.trim_start().starts_with("*** "));
    for line in open.iter().step_by(step) {
        let (quotes, mut text) = unquote(line.text, dress.quotes);
        if fenced && is_fence(text) || recorded && is_end_of_record(text) {
            repaired.reached_end = false;
            break;
        }
        if dress.spaced {
            text = text.strip_prefix(' ').unwrap_or(text);
        }
        let mut last = false;
        if *html {
            last = ends_preformatted(text);
            // An indented line may hold what it likes: it stays a continuation.
            let fold = !block.is_empty() && text.starts_with(is_indent);
            text = without_trailing_tags(if fold { text } else { without_inner_tags(text) });
        }
        // In a paste a line of white space is an empty one: quoting and indents leave it behind.
        if quotes < dress.quotes || text.trim_matches(is_indent).trim().is_empty() {
            repaired.reached_end = false;
            break;
        }
        block.push(Line {
            number: line.number,
            text,
        });
        if last {
            repaired.reached_end = false;
            break;
        }
    }
    if !dress.indent.is_empty() {
        remove_indent(&mut block, notes);
    }
    block
}

/// What stands above and below a listing in Markdown (CommonMark 4.5).
fn is_fence(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("```") || line.starts_with("~~~")
}

/// The white space that all lines begin with goes, and all that the first line begins with.
fn remove_indent(block: &mut [Line<'_>], notes: &mut Vec<Noted>) {
    let Some(first) = block.first() else { return };
    let own = indent_of(first.text).len();
    if own == 0 {
        return;
    }
    let number = first.number;
    let common = block
        .iter()
        .skip(1)
        .fold(indent_of(first.text), |common, line| {
            let same = common
                .char_indices()
                .zip(line.text.chars())
                .find(|((_, a), b)| a != b)
                .map_or(common.len().min(line.text.len()), |((at, _), _)| at);
            common.get(..same).unwrap_or_default()
        });
    let common = common.len();
    for (index, line) in block.iter_mut().enumerate() {
        let gone = if index == 0 { own } else { common };
        line.text = line.text.get(gone..).unwrap_or_default();
    }
    notes.push(Note::Indent.on(number));
}

/// Every second line is empty, from the first on to where the section ends, and the others are
/// fields and continuations, a Received field among them.
fn is_double_spaced(lines: &[Line<'_>], quotes: usize) -> bool {
    /// So many lines are no chance.
    const EVIDENT: usize = 4;
    let mut seen = 0;
    let mut received = false;
    for (index, line) in lines.iter().enumerate() {
        let text = unquote(line.text, quotes).1;
        match (index % 2 == 1, text.trim().is_empty()) {
            (true, true) => {}
            (true, false) => return false,
            (false, true) => break,
            (false, false) => {
                seen += 1;
                match field_start(text.trim_start()) {
                    Some((name, _)) => received |= FieldName::of(name) == FieldName::Received,
                    None if text.starts_with([' ', '\t']) => {}
                    None => return false,
                }
            }
        }
    }
    seen >= EVIDENT && received
}

/// Undoes entities, once, where the text is evidently escaped.
fn undo_entities<'x>(block: Vec<Line<'x>>, notes: &mut Vec<Noted>) -> Vec<(u32, Cow<'x, str>)> {
    let escaped = is_escaped(block.iter().map(|line| line.text));
    let mut first = None;
    let lines = block
        .into_iter()
        .map(|Line { number, text }| {
            let text = if escaped {
                unescape(text)
            } else {
                Cow::Borrowed(text)
            };
            if first.is_none() && matches!(text, Cow::Owned(_)) {
                first = Some(number);
            }
            (number, text)
        })
        .collect();
    if let Some(line) = first {
        notes.push(Note::Entities.on(line));
    }
    lines
}

/// No `<` stands in the section, and `&lt;` stands where an address is expected.
///
/// A Subject that talks of `&lt;` makes no text an escaped one.
fn is_escaped<'x>(lines: impl Iterator<Item = &'x str>) -> bool {
    let mut escaped = false;
    for line in lines.take_while(|line| !line.is_empty()) {
        if line.contains('<') {
            return false;
        }
        escaped |= line.contains('&') && is_escaped_address(line);
    }
    escaped
}

fn is_escaped_address(line: &str) -> bool {
    let line = line.trim_start_matches(is_indent);
    let expected = match field_start(line) {
        Some((name, _)) => matches!(
            FieldName::of(name),
            FieldName::ReturnPath
                | FieldName::From
                | FieldName::Sender
                | FieldName::To
                | FieldName::MessageId
                | FieldName::Received
        ),
        None => line.starts_with("for &") || line.contains(" for &"),
    };
    expected
        && matches!(unescape(line), Cow::Owned(plain) if plain.contains('<') && plain.contains('>'))
}

/// `text` with the characters that HTML escapes in place of their entities.
///
/// Only these: a numeric entity could stand for a line end or a space.
fn unescape(text: &str) -> Cow<'_, str> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        plain.push_str(before);
        let (character, len) = entity_at(entity).unwrap_or(('&', 1));
        plain.push(character);
        rest = entity.get(len..).unwrap_or_default();
    }
    plain.push_str(rest);
    if plain == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(plain)
    }
}

/// The character of the entity that `text` begins with, and the entity's length.
fn entity_at(text: &str) -> Option<(char, usize)> {
    /// `&#x0000a0;`, with zeros that somebody may put in.
    const LONGEST: usize = 10;
    let end = text.bytes().take(LONGEST).position(|b| b == b';')?;
    let character = match text.get(1..end)? {
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "amp" | "AMP" => '&',
        "quot" | "QUOT" => '"',
        "apos" => '\'',
        "nbsp" => NBSP,
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| matches!(c, '<' | '>' | '&' | '"' | '\'' | &NBSP))?
        }
    };
    Some((character, end + 1))
}

/// Puts fields and continuations together, and gives lost folds their white space.
fn assemble(block: &[(u32, Cow<'_, str>)], repaired: &mut Repaired) {
    let lost = !block
        .iter()
        .skip(1)
        .any(|(_, line)| line.starts_with([' ', '\t']));
    let stacked = is_stacked(block);
    let mut open: Option<Open> = None;
    let mut folding = None;
    let mut next_line = None;
    for (number, line) in block {
        let indented = line.trim_start_matches(is_indent);
        let is_fold = line.starts_with([' ', '\t']) && open.is_some();
        if let Some(open) = open.as_mut().filter(|_| is_fold) {
            open.add(line);
            repaired.push(*number, line, false);
            continue;
        }
        let start = field_start(line).filter(|(name, _)| {
            // `h=from:subject:date` and `([fe80::1]) with mapi` are fields only by their form.
            let joins =
                lost && is_value(name) && open.as_ref().is_some_and(|o| o.takes(line, false));
            // So is `Re: hello` where every value stands below its field's name.
            let value = stacked && !is_known(name) && open.as_ref().is_some_and(Open::wants_value);
            !joins && !value
        });
        if let Some((name, colon)) = start {
            let mut field = Open::new(name);
            field.add(line.get(colon + 1..).unwrap_or_default());
            field.width = line.len();
            open = Some(field);
            repaired.push(*number, line, false);
            continue;
        }
        match open.as_mut() {
            Some(open) if open.wants_value() || (stacked && open.empty) => {
                next_line = next_line.or(Some(*number))
            }
            Some(open) if open.takes(indented, lost) => folding = folding.or(Some(*number)),
            _ => {
                repaired.reached_end = false;
                repaired.notes.push(Note::StrayLine.on(*number));
                break;
            }
        }
        if let Some(open) = open.as_mut() {
            open.add(indented);
        }
        repaired.push(*number, indented, true);
    }
    let found = [(Note::Folding, folding), (Note::ValuesBelow, next_line)];
    let found = found
        .iter()
        .filter_map(|(note, line)| Some(note.on((*line)?)));
    repaired.notes.extend(found);
    if !repaired.reached_end {
        let number = repaired
            .lines
            .last()
            .map_or(1, |line| line.saturating_add(1));
        repaired.push(number, "", false);
    }
}

/// Values stand below the names of their fields, as where a table was copied.
fn is_stacked(block: &[(u32, Cow<'_, str>)]) -> bool {
    /// Two are no chance: each of these fields has a value.
    const EVIDENT: usize = 2;
    let pairs = block.iter().zip(block.iter().skip(1));
    let bare = pairs.filter(|((_, line), (_, next))| {
        let start = field_start(line).filter(|(name, colon)| {
            FieldName::of(name) != FieldName::Other
                && line
                    .get(colon + 1..)
                    .is_some_and(|value| value.trim().is_empty())
        });
        start.is_some() && !next.starts_with([' ', '\t'])
    });
    bare.count() >= EVIDENT
}

impl Repaired {
    fn push(&mut self, number: u32, line: &str, joined: bool) {
        if joined {
            self.text.push(' ');
            self.joined
                .push(u32::try_from(self.lines.len() + 1).unwrap_or(u32::MAX));
        }
        self.text.push_str(line);
        self.text.push('\n');
        self.lines.push(number);
    }
}

/// How the value of a field breaks across lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Clauses, `;`, a date.
    Received,
    /// Results or key=value pairs, with `;` between.
    Results,
    /// Tags and base64.
    Signature,
    /// One line.
    Short,
    /// Anything.
    Free,
}

/// The field that a line may continue, so far as it is read.
#[derive(Debug)]
struct Open {
    shape: Shape,
    needs_value: bool,
    empty: bool,
    /// key=value pairs may begin a line: Received-SPF, and Microsoft's results, which have no
    /// authserv-id. Others break behind `;`.
    pairs: bool,
    depth: usize,
    semicolon: bool,
    time: bool,
    /// The last line ends in `;`.
    divided: bool,
    /// The last line ends in a clause's word, such as `by`.
    dangling: bool,
    /// How long the last line is.
    width: usize,
}

impl Open {
    fn new(name: &str) -> Self {
        let shape = match FieldName::of(name) {
            FieldName::Received => Shape::Received,
            FieldName::AuthenticationResults
            | FieldName::ArcAuthenticationResults
            | FieldName::ReceivedSpf => Shape::Results,
            FieldName::DkimSignature => Shape::Signature,
            FieldName::ReturnPath | FieldName::Date | FieldName::MessageId => Shape::Short,
            FieldName::From | FieldName::Sender | FieldName::To | FieldName::Subject => Shape::Free,
            FieldName::Other => {
                let name = name.to_ascii_lowercase();
                match name.as_str() {
                    "delivered-to" | "x-original-to" | "envelope-to" => Shape::Short,
                    "arc-seal" | "arc-message-signature" | "domainkey-signature" => {
                        Shape::Signature
                    }
                    "authentication-results-original" | "x-received-spf" => Shape::Results,
                    _ if name.ends_with("dkim-signature") => Shape::Signature,
                    _ if name.ends_with("authentication-results") => Shape::Results,
                    "x-received" => Shape::Received,
                    _ => Shape::Free,
                }
            }
        };
        Self {
            shape,
            needs_value: FieldName::of(name) != FieldName::Other,
            empty: true,
            pairs: FieldName::of(name) == FieldName::ReceivedSpf,
            depth: 0,
            semicolon: false,
            time: false,
            divided: false,
            dangling: false,
            width: 0,
        }
    }

    fn add(&mut self, line: &str) {
        let value = line.trim();
        if value.is_empty() {
            return;
        }
        if self.empty {
            let first = value.split_ascii_whitespace().next();
            self.pairs |= first.is_some_and(|word| word.contains('='));
        }
        self.empty = false;
        for byte in value.bytes() {
            match byte {
                b'(' => self.depth += 1,
                b')' => self.depth = self.depth.saturating_sub(1),
                b';' => self.semicolon |= self.depth == 0,
                _ => {}
            }
        }
        self.time |= has_time(value);
        self.divided = value.ends_with(';');
        self.dangling = value
            .split_ascii_whitespace()
            .next_back()
            .is_some_and(is_clause);
        self.width = line.len();
    }

    /// The value must stand on the next line, for every such field has one.
    fn wants_value(&self) -> bool {
        self.needs_value && self.empty
    }

    /// `line`, which is no field, continues this one. `lost`: no line has kept its folding.
    fn takes(&self, line: &str, lost: bool) -> bool {
        let word = line.split_ascii_whitespace().next().unwrap_or_default();
        match self.shape {
            // The date is the end of it but for its zone.
            Shape::Received if self.time => is_zone(line),
            Shape::Received => {
                self.depth > 0
                    || self.divided
                    || self.dangling
                    || self.semicolon && has_time(line)
                    || is_clause(word)
                    || line.starts_with(['(', '[', ';'])
            }
            Shape::Results => {
                self.depth > 0 || self.divided || lost && self.pairs && is_property(word)
            }
            Shape::Signature => !line.contains(' ') || line.contains('='),
            Shape::Short => false,
            // A line that was wrapped is a long one.
            Shape::Free => !self.empty && (lost || self.width >= 60),
        }
    }
}

/// `from`, `by`, `via`, `with`, `id`, `for` (RFC 5321 4.4), without case.
fn is_clause(word: &str) -> bool {
    ["from", "by", "via", "with", "id", "for"]
        .iter()
        .any(|clause| word.eq_ignore_ascii_case(clause))
}

/// A word `9:51:02` or `09:51`.
fn has_time(text: &str) -> bool {
    text.split_ascii_whitespace().any(|word| {
        let mut parts = word.trim_end_matches([';', ',']).split(':');
        let two = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        parts.next().is_some_and(|hour| {
            (1..=2).contains(&hour.len()) && hour.bytes().all(|b| b.is_ascii_digit())
        }) && parts.next().is_some_and(two)
            && parts.next().is_none_or(two)
            && parts.next().is_none()
    })
}

/// `+0000`, `(UTC)`, `+0000 (UTC)`, and nothing else.
fn is_zone(line: &str) -> bool {
    let offset = |word: &str| {
        word.strip_prefix(['+', '-'])
            .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let name = |word: &str| {
        word.strip_prefix('(')
            .and_then(|word| word.strip_suffix(')'))
            .is_some_and(|name| name.len() <= 5 && name.bytes().all(|b| b.is_ascii_uppercase()))
    };
    let mut words = line.split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(one), None, None) => offset(one) || name(one),
        (Some(one), Some(two), None) => offset(one) && name(two),
        _ => false,
    }
}

/// A property of a result, such as `header.d=example.com`, and not a result of its own.
fn is_property(word: &str) -> bool {
    const KEYS: &[&str] = &[
        "reason",
        "action",
        "identity",
        "client-ip",
        "helo",
        "envelope-from",
        "receiver",
    ];
    word.split_once('=').is_some_and(|(key, _)| {
        ["header.", "smtp.", "policy.", "body."]
            .iter()
            .any(|ptype| key.starts_with(ptype))
            || KEYS.contains(&key)
    })
}

/// No real field has such a name, though RFC 5322 would allow it.
fn is_value(name: &str) -> bool {
    name.starts_with(['(', '[']) || name.contains('=')
}

/// A name that no sentence of prose begins with.
fn is_known(name: &str) -> bool {
    /// Besides those of [`FieldName`]: what stands first in real messages.
    const KNOWN: &[&str] = &[
        "bcc",
        "cc",
        "content-type",
        "delivered-to",
        "delivery-date",
        "envelope-to",
        "in-reply-to",
        "mime-version",
        "references",
        "reply-to",
        "status",
    ];
    const PREFIXES: &[&str] = &["x-", "arc-", "list-", "resent-", "authentication-results"];
    let name = name.to_ascii_lowercase();
    FieldName::of(&name) != FieldName::Other
        || KNOWN.contains(&name.as_str())
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

const NBSP: char = '\u{A0}';

const fn is_indent(character: char) -> bool {
    matches!(character, ' ' | '\t') || odd_space(character)
}

/// The white space that `text` begins with, no-break spaces included, be they entities or not.
fn indent_of(text: &str) -> &str {
    let mut rest = text;
    while let Some(behind) = rest
        .strip_prefix(is_indent)
        .or_else(|| rest.strip_prefix("&nbsp;"))
    {
        rest = behind;
    }
    text.get(..text.len() - rest.len()).unwrap_or_default()
}

/// Takes up to `most` marks of quoting away: how many there were, and the rest of the line.
fn unquote(line: &str, most: usize) -> (usize, &str) {
    let mut quotes = 0;
    let mut rest = line;
    while quotes < most {
        let bare = rest.trim_start_matches([' ', '\t']);
        let Some(behind) = bare.strip_prefix('>').or_else(|| bare.strip_prefix("&gt;")) else {
            break;
        };
        quotes += 1;
        rest = behind;
    }
    (quotes, rest)
}

/// What `text` is behind a tag that may stand around a paste.
fn behind_tag(text: &str) -> Option<&str> {
    /// Longer ones carry no paste.
    const LONGEST: usize = 400;
    const TAGS: &[&str] = &[
        "pre",
        "code",
        "br",
        "p",
        "div",
        "span",
        "font",
        "blockquote",
        "tt",
        "samp",
        "body",
        "html",
    ];
    let inside = text.strip_prefix('<')?;
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let name_len = inside.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, rest) = inside.split_at_checked(name_len)?;
    let known = TAGS.iter().any(|tag| name.eq_ignore_ascii_case(tag));
    if !known || !rest.starts_with(['>', ' ', '/', '\t']) {
        return None;
    }
    let end = rest.bytes().take(LONGEST).position(|b| b == b'>')?;
    rest.get(end + 1..)
}

fn without_leading_tags(text: &str) -> &str {
    let mut rest = text;
    while let Some(behind) = behind_tag(rest) {
        rest = behind;
    }
    rest
}

/// The tags that a line begins with go; the white space before them stays where there are none.
fn without_inner_tags(text: &str) -> &str {
    let bare = text.trim_start_matches([' ', '\t']);
    let untagged = without_leading_tags(bare);
    if untagged.len() < bare.len() {
        untagged
    } else {
        text
    }
}

fn without_trailing_tags(text: &str) -> &str {
    let mut rest = text;
    loop {
        let trimmed = rest.trim_end();
        let tag = trimmed.ends_with('>').then(|| trimmed.rfind('<')).flatten();
        match tag.and_then(|at| trimmed.split_at_checked(at)) {
            Some((before, tag)) if behind_tag(tag) == Some("") => rest = before,
            _ => return rest,
        }
    }
}

/// The line ends with the tag that ends preformatted text.
fn ends_preformatted(text: &str) -> bool {
    let text = text.trim_end();
    ["</code>", "</pre>"].iter().any(|tag| {
        text.len()
            .checked_sub(tag.len())
            .and_then(|at| text.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(tag))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_html_has_to_escape_is_undone_and_once() {
        let cases = [
            ("&lt;a@b&gt;", "<a@b>"),
            ("&amp;lt;", "&lt;"),
            ("&#60;&#x3C;&#062; &quot;&#39;&apos;", "<<> \"''"),
            ("a&nbsp;b", "a\u{a0}b"),
            (
                "x&#10;Received: y&#13;&#x20;&#40;",
                "x&#10;Received: y&#13;&#x20;&#40;",
            ),
            (
                "& &; &lt &unknown; &#; &#x; &#99999999999;",
                "& &; &lt &unknown; &#; &#x; &#99999999999;",
            ),
        ];
        for (escaped, plain) in cases {
            assert_eq!(unescape(escaped), plain);
        }
    }

    #[test]
    fn times_and_zones() {
        for text in ["07:51:02 +0000", "Tue, 28 Feb 2023 7:51:02", "x; 07:51"] {
            assert!(has_time(text), "{text}");
        }
        for text in [
            "(2603:10a6:10:1a::5)",
            "28 Feb 2023",
            "10:20:30:40",
            "a:51:02",
            "7:5",
        ] {
            assert!(!has_time(text), "{text}");
        }
        for text in ["+0000", "(UTC)", "-0500 (EST)"] {
            assert!(is_zone(text), "{text}");
        }
        for text in [
            "+0000 by a.example",
            "(a.example [192.0.2.1])",
            "by a.example",
            "+00",
            "",
        ] {
            assert!(!is_zone(text), "{text}");
        }
    }

    #[test]
    fn dress() {
        let dress = |quotes, indent, tags| {
            Some(Dress {
                quotes,
                spaced: quotes > 0,
                indent,
                tags,
            })
        };
        let cases = [
            ("Received: x", dress(0, "", false)),
            ("> Received: x", dress(1, "", false)),
            (">>  Received: x", dress(2, " ", false)),
            ("&gt; > Subject: x", dress(2, "", false)),
            ("\tReturn-Path: x", dress(0, "\t", false)),
            ("\u{a0}&nbsp; To: x", dress(0, "\u{a0}&nbsp; ", false)),
            (
                "<pre class=\"bgwhite\"><code>Return-Path: x",
                dress(0, "", true),
            ),
            ("<script>Return-Path: x", None),
            ("Esempio: x", None),
            ("Ecco un esempio di intestazione:", None),
        ];
        for (line, expected) in cases {
            assert_eq!(Dress::of(line), expected, "{line}");
        }
    }
}
