//! Phase one: a `Received` body into the clauses of RFC 5321 4.4.
//!
//! Text in, `Received` out, in one pass: words and comments, which keyword (`from`, `by`, `via`,
//! `with`, `id`, `for`) each belongs to, and the text in the place of the date. Nested comments,
//! quoted strings and `<…>` are honoured; only the first `from` and the first `by` before the
//! first top-level `;` open a clause. Where a comment or a quote never closes, its opening
//! character is taken as white space, so that it swallows nothing.
//!
//! Knows nothing of server products, and decides nothing about who wrote what.

use std::borrow::Cow;

use arrayvec::ArrayVec;

use super::date;
use crate::lex;

/// How much of one field is read: Postfix's `header_size_limit` default (102,400 bytes), beyond
/// which that server itself cuts a field off. Real trace fields stay under two thousand bytes.
pub const MAX_FIELD: usize = 102_400;

/// How many words and comments are kept before the date. The longest form in the survey has under
/// forty (`shapes` of 40,000 fields); what stands behind is passed over.
pub const MAX_TOKENS: usize = 64;

/// How many words behind the `;` are looked at for the beginning of a date, where the text there
/// does not begin with one (Aliyun, smtpxd and others put a word or two before it).
const MAX_DATE_SEARCH: usize = 16;

/// A clause keyword (RFC 5321 4.4, and `from` of `(from user@host)` never).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    From,
    By,
    Via,
    With,
    Id,
    For,
    /// A second `from` before the `;`.
    SecondFrom,
}

/// How many kinds of clause there are.
const KEYS: usize = 7;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    /// The span is what stands between the outermost parentheses.
    Comment,
}

/// A run of tokens: those of one clause.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    first: u8,
    end: u8,
}

/// One trace field, taken apart.
#[derive(Debug)]
pub(crate) struct Received<'x> {
    body: &'x str,
    tokens: ArrayVec<Piece<'x>, MAX_TOKENS>,
    clauses: [Option<Run>; KEYS],
    lead: Run,
    /// Where the first `from` ends, and where the first `by` behind it begins.
    client_part: (Option<usize>, Option<usize>),
    /// Where the clauses end: at the `;`, at a date without one, or with the field.
    clauses_end: usize,
    /// The date, wherever it stood.
    pub(crate) date: date::Reading,
    /// What stands between the `;` and the date.
    pub(crate) before_date: &'x str,
    /// What stands behind the date, or behind the `;` where no date could be read.
    pub(crate) tail: &'x str,
    /// Text that one server writes once stands there twice: a second `from` or `by`, or clauses
    /// behind the `;`. Somebody's HELO or reverse DNS may have broken out of its place, so nothing
    /// in this field counts as verified.
    pub(crate) doubtful: bool,
    /// A second `from … by …` stands behind the first stamp.
    pub(crate) joined: bool,
    /// [`MAX_FIELD`] or [`MAX_TOKENS`] was reached.
    pub(crate) limit_reached: bool,
}

/// One word or comment with its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece<'x> {
    pub(crate) text: &'x str,
    pub(crate) kind: Kind,
}

impl<'x> Received<'x> {
    /// A field of which nothing was read yet.
    #[inline]
    pub(crate) fn new(body: &'x str) -> Self {
        let cut = floor_boundary(body, MAX_FIELD);
        Received {
            body: body.get(..cut).unwrap_or(body),
            tokens: ArrayVec::new_const(),
            clauses: [None; KEYS],
            lead: Run::default(),
            client_part: (None, None),
            clauses_end: cut,
            date: date::Reading::default(),
            before_date: "",
            tail: "",
            doubtful: false,
            joined: false,
            limit_reached: cut < body.len(),
        }
    }

    /// `Time-stamp-line = "Received:" FWS Stamp`;
    /// `Stamp = From-domain By-domain Opt-info [CFWS] ";" FWS date-time`
    ///
    /// In place: the pieces are too many to be moved about. `is_slip` tells a `;` before the first
    /// `by` that ends nothing, by the pieces before it and the text behind it.
    pub(crate) fn parse(&mut self, is_slip: impl Fn(&[Piece<'x>], &str) -> bool) {
        match self.spill(is_slip) {
            Some(at) => {
                self.clauses_end = at;
                self.read_date(self.body.get(at + 1..).unwrap_or(""));
            }
            None => self.find_date(),
        }
    }

    /// Cuts the body into tokens up to the first top-level `;` and gives its index.
    fn spill(&mut self, is_slip: impl Fn(&[Piece<'x>], &str) -> bool) -> Option<usize> {
        let body = self.body;
        let bytes = body.as_bytes();
        let mut scan = Scan {
            body,
            broken_comment: false,
            broken_quote: false,
        };
        let mut open: Option<(Option<Key>, u8)> = Some((None, 0));
        let mut at = 0;
        let mut semicolon = None;
        while let Some(&byte) = bytes.get(at) {
            lex::steps::step(1);
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b')' => {
                    at += 1;
                    // A fold is mostly followed by more.
                    while bytes.get(at).is_some_and(|byte| lex::is_wsp(*byte)) {
                        lex::steps::step(1);
                        at += 1;
                    }
                }
                b';' => {
                    let behind = body.get(at + 1..).unwrap_or("");
                    if self.has(Key::By) || !is_slip(&self.tokens, lex::trim_start(behind)) {
                        semicolon = Some(at);
                        break;
                    }
                    at += 1;
                }
                b'(' => {
                    let (inner, next) = scan.comment(at);
                    if let Some(end) = inner {
                        self.push(at + 1, end, Kind::Comment);
                    }
                    at = next;
                }
                _ => {
                    let end = scan.word_end(at);
                    match keyword(bytes.get(at..end).unwrap_or_default()) {
                        Some(key) if !self.is_value(key, open, &scan, end) => {
                            self.close(open);
                            match (key, self.client_part) {
                                (Key::From, (None, _)) => self.client_part.0 = Some(end),
                                (Key::By, (Some(_), None)) => self.client_part.1 = Some(at),
                                _ => {}
                            }
                            open = self.open(key);
                        }
                        _ => self.push(at, end, Kind::Word),
                    }
                    at = end;
                }
            }
        }
        self.close(open);
        // What never closes may be a HELO's: then comments and words are not where they seem.
        self.doubtful |= scan.broken_comment;
        semicolon
    }

    /// A keyword that opens no clause: a client that calls itself `by`, in the name's place and
    /// followed by a comment.
    fn is_value(
        &self,
        key: Key,
        open: Option<(Option<Key>, u8)>,
        scan: &Scan<'_>,
        end: usize,
    ) -> bool {
        // Some write `by authid <user>` behind the id: no server.
        let rest = scan.body.get(end..).unwrap_or("");
        if key == Key::By && lex::trim_start(rest).starts_with("authid ") {
            return true;
        }
        let Some((Some(Key::From), first)) = open else {
            return false;
        };
        if first != self.count() {
            return false;
        }
        let rest = scan.body.as_bytes().get(end..).unwrap_or_default();
        rest.iter().find(|byte| !lex::is_wsp(**byte)) == Some(&b'(')
    }

    fn push(&mut self, start: usize, end: usize, kind: Kind) {
        let text = self.body.get(start..end).unwrap_or("");
        self.limit_reached |= self.tokens.try_push(Piece { text, kind }).is_err();
    }

    fn open(&mut self, key: Key) -> Option<(Option<Key>, u8)> {
        let first = self.count();
        if !self.has(key) {
            // Between `from` and `by` stands what the client had a say in: a clause there may be a
            // HELO's, and take the server's TCP-info for its own comment.
            let early = [Key::Via, Key::With, Key::Id, Key::For];
            self.doubtful |= key == Key::By
                && self.has(Key::From)
                && early.into_iter().any(|early| self.has(early));
            return Some((Some(key), first));
        }
        match key {
            Key::From if !self.has(Key::SecondFrom) => {
                self.doubtful = true;
                Some((Some(Key::SecondFrom), first))
            }
            Key::From | Key::SecondFrom | Key::By => {
                self.doubtful = true;
                self.joined |= key == Key::By && self.follows_by(Key::SecondFrom);
                None
            }
            // Before the `by` stands what the client may have had a say in.
            Key::Via | Key::With | Key::Id | Key::For
                if self.has(Key::By) && !self.follows_by(key) =>
            {
                self.doubtful = true;
                Some((Some(key), first))
            }
            Key::Via | Key::With | Key::Id | Key::For => None,
        }
    }

    fn close(&mut self, open: Option<(Option<Key>, u8)>) {
        let Some((key, first)) = open else { return };
        let run = Run {
            first,
            end: self.count(),
        };
        match key {
            None => self.lead = run,
            Some(key) => {
                if let Some(slot) = self.clauses.get_mut(key as usize) {
                    *slot = Some(run);
                }
            }
        }
    }

    /// The date behind the `;`.
    fn read_date(&mut self, text: &'x str) {
        let mut rest = behind_comment(text);
        for _ in 0..MAX_DATE_SEARCH {
            let reading = date::read(rest);
            if matches!(
                reading.standing,
                super::DateStanding::Known | super::DateStanding::ZoneUnknown
            ) {
                self.before_date = text.get(..text.len() - rest.len()).unwrap_or("");
                self.doubtful |= has_clauses(self.before_date);
                self.tail = rest.get(reading.end..).unwrap_or("");
                self.date = reading;
                break;
            }
            let Some(next) = date::next_start(rest) else {
                break;
            };
            rest = rest.get(next..).unwrap_or("");
        }
        if self.date.standing == super::DateStanding::Missing {
            self.tail = text;
            if is_meant_as_date(text) {
                self.date.standing = super::DateStanding::Unreadable;
            }
        }
        if has_clauses(self.tail) {
            self.doubtful = true;
            self.joined |= has_stamp(self.tail);
        }
    }

    /// A date at the end of a field without `;`: its words are taken out of their clause.
    fn find_date(&mut self) {
        let after_by = self
            .clauses
            .get(Key::By as usize)
            .copied()
            .flatten()
            .map_or(0, |run| run.first);
        let mut tries = 0;
        for index in usize::from(after_by)..self.tokens.len() {
            let Some(token) = self.tokens.get(index).copied() else {
                break;
            };
            let text = self.body.get(self.offset(token.text)..).unwrap_or("");
            if token.kind == Kind::Comment || !date::is_start(text) {
                continue;
            }
            let reading = date::read(text);
            if matches!(
                reading.standing,
                super::DateStanding::Known | super::DateStanding::ZoneUnknown
            ) {
                self.tail = text.get(reading.end..).unwrap_or("");
                self.clauses_end = self.offset(text);
                self.date = reading;
                self.cut(index as u8);
                return;
            }
            tries += 1;
            if tries == MAX_DATE_SEARCH {
                return;
            }
        }
    }

    /// Ends every clause before the token `at`.
    fn cut(&mut self, at: u8) {
        self.tokens.truncate(usize::from(at));
        self.lead.end = self.lead.end.min(at);
        for clause in &mut self.clauses {
            if let Some(run) = clause {
                if run.first >= at && run.end > run.first {
                    *clause = None;
                } else {
                    run.end = run.end.min(at);
                }
            }
        }
    }

    fn pieces(&self, run: Run) -> impl DoubleEndedIterator<Item = Piece<'x>> + Clone + '_ {
        self.tokens
            .get(usize::from(run.first)..usize::from(run.end))
            .unwrap_or_default()
            .iter()
            .copied()
    }

    /// The words and comments of a clause; none where the field has no such clause.
    pub(crate) fn clause(
        &self,
        key: Key,
    ) -> impl DoubleEndedIterator<Item = Piece<'x>> + Clone + '_ {
        self.pieces(
            self.clauses
                .get(key as usize)
                .copied()
                .flatten()
                .unwrap_or_default(),
        )
    }

    /// Whether the field has such a clause, empty or not.
    pub(crate) fn has(&self, key: Key) -> bool {
        self.clauses.get(key as usize).is_some_and(Option::is_some)
    }

    /// Whether such a clause stands behind the first `by`, where the server alone writes.
    pub(crate) fn follows_by(&self, key: Key) -> bool {
        let first = |key: Key| {
            self.clauses
                .get(key as usize)
                .copied()
                .flatten()
                .map(|run| run.first)
        };
        first(Key::By).is_some_and(|by| first(key).is_some_and(|first| first >= by))
    }

    /// All text between the first `from` and the first `by` behind it: what the client had a say
    /// in, other clauses that a HELO of several words opened there included.
    pub(crate) fn client_part(&self) -> &'x str {
        let (start, end) = self.client_part;
        let start = start.unwrap_or(self.clauses_end);
        self.body
            .get(start..end.unwrap_or(self.clauses_end))
            .unwrap_or("")
    }

    /// What stands before the first keyword.
    pub(crate) fn lead(&self) -> impl DoubleEndedIterator<Item = Piece<'x>> + Clone + '_ {
        self.pieces(self.lead)
    }

    /// The comment that stands before the first keyword, in place of all clauses; or nothing.
    pub(crate) fn lead_comment(&self) -> &'x str {
        self.lead()
            .next()
            .filter(|piece| piece.kind == Kind::Comment)
            .map_or("", |piece| lex::trim(piece.text))
    }

    /// All comments of the field, those behind the date excepted.
    pub(crate) fn comments(&self) -> impl Iterator<Item = &'x str> + Clone + '_ {
        self.tokens
            .iter()
            .filter(|piece| piece.kind == Kind::Comment)
            .map(|piece| piece.text)
    }

    /// All words outside comments, keywords excepted.
    pub(crate) fn words(&self) -> impl Iterator<Item = &'x str> + Clone + '_ {
        self.tokens
            .iter()
            .filter(|piece| piece.kind == Kind::Word)
            .map(|piece| piece.text)
    }

    /// The text from the beginning of one piece to the end of another, folds and runs of white
    /// space as one space; borrowed where there is nothing to change.
    pub(crate) fn phrase(&self, first: &'x str, last: &'x str) -> Cow<'x, str> {
        if std::ptr::eq(first, last) {
            return squeeze(first);
        }
        let end = self.offset(last) + last.len();
        squeeze(self.body.get(self.offset(first)..end).unwrap_or(first))
    }

    /// How many tokens there are.
    fn count(&self) -> u8 {
        // Cannot truncate: there are at most MAX_TOKENS.
        self.tokens.len() as u8
    }

    /// Where a part of the body begins.
    fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.body.as_ptr() as usize)
    }
}

/// Behind one comment that tells TLS, which IBM's gateway writes in front of the date; other text
/// there is somebody's own.
fn behind_comment(text: &str) -> &str {
    let start = lex::trim_start(text);
    if !start.starts_with("(version=") {
        return text;
    }
    lex::comment_end(start, 0)
        .and_then(|end| start.get(end..))
        .unwrap_or(text)
}

/// `text` with each run of white space as one space.
pub(crate) fn squeeze(text: &str) -> Cow<'_, str> {
    // Not a form feed, which is part of a word here.
    let is_wsp = |char: char| matches!(char, ' ' | '\t' | '\r' | '\n');
    let text = text.trim_matches(is_wsp);
    let bytes = text.as_bytes();
    let mut broken = false;
    let mut at = 0;
    while !broken && at < bytes.len() {
        at = lex::seek(bytes, at, |eight| lex::below(eight, b' ' + 1), lex::is_wsp);
        // No white space stands at the end.
        broken = match bytes.get(at..) {
            Some([b' ', next, ..]) => *next == b' ',
            Some([_, ..]) => true,
            _ => false,
        };
        at += 1;
    }
    if !broken {
        return Cow::Borrowed(text);
    }
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split(is_wsp).filter(|word| !word.is_empty()) {
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    Cow::Owned(squeezed)
}

/// The largest character boundary of `text` not above `limit`.
fn floor_boundary(text: &str, limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    (0..=limit)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// `from`, `by`, `via`, `with`, `id`, `for`, in any case; `id:` too.
fn keyword(word: &[u8]) -> Option<Key> {
    // Setting this bit makes a capital letter small, and no other byte a letter.
    let small = |byte: u8| byte | 0x20;
    match *word {
        [a, b] => match [small(a), small(b)] {
            [b'b', b'y'] => Some(Key::By),
            [b'i', b'd'] => Some(Key::Id),
            _ => None,
        },
        [a, b, c] => match [small(a), small(b), small(c)] {
            [b'f', b'o', b'r'] => Some(Key::For),
            [b'v', b'i', b'a'] => Some(Key::Via),
            [b'i', b'd', _] if c == b':' => Some(Key::Id),
            _ => None,
        },
        [a, b, c, d] => match [small(a), small(b), small(c), small(d)] {
            [b'w', b'i', b't', b'h'] => Some(Key::With),
            [b'f', b'r', b'o', b'm'] => Some(Key::From),
            _ => None,
        },
        _ => None,
    }
}

/// Whether text in the place of the date, which is none, was meant as one: it has a digit, or a word
/// outside comments that opens nothing else (`; yesterday evening`).
fn is_meant_as_date(text: &str) -> bool {
    let first = lex::Words(text).next().unwrap_or("");
    let other = [
        "for",
        "id",
        "with",
        "via",
        "by",
        "from",
        "envelope-from",
        "envelope-sender",
    ];
    text.bytes().any(|byte| byte.is_ascii_digit())
        || first
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b',')
            && !first.is_empty()
            && !other.iter().any(|word| first.eq_ignore_ascii_case(word))
}

/// Whether text behind the date is a stamp of its own: `from …` with a `by …` behind it.
fn has_stamp(tail: &str) -> bool {
    let mut from = false;
    for word in lex::Words(tail) {
        lex::steps::step(word.len() + 1);
        // What joins them may stand right before the first word: `+0000,from …`.
        let word = word.trim_start_matches(|c: char| c.is_ascii_punctuation());
        match keyword(word.as_bytes()) {
            Some(Key::From) => from = true,
            Some(Key::By) if from => return true,
            _ => {}
        }
    }
    false
}

/// Whether text behind the date holds what belongs before it: a `by`, or another `;`.
///
/// A comment hides them, but for one that never closes: `x(192.0.2.1;(` as a HELO would hide the
/// server's own `by` so.
fn has_clauses(tail: &str) -> bool {
    let none = lex::seek(
        tail.as_bytes(),
        0,
        |eight| lex::equal(eight, b';') | lex::equal(eight | lex::splat(b' '), b'b'),
        |byte| matches!(byte, b';' | b'b' | b'B'),
    ) == tail.len();
    if none {
        return false;
    }
    let mut depth = 0usize;
    let mut hidden = false;
    let bytes = tail.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        lex::steps::step(1);
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b';' if depth == 0 => return true,
            b';' => hidden = true,
            b'b' | b'B' => {
                let begins = at == 0
                    || bytes
                        .get(at - 1)
                        .is_some_and(|before| lex::is_wsp(*before) || *before == b')');
                let word = bytes
                    .get(at..at + 2)
                    .is_some_and(|word| word.eq_ignore_ascii_case(b"by"));
                if begins && word && bytes.get(at + 2).is_some_and(|next| lex::is_wsp(*next)) {
                    if depth == 0 {
                        return true;
                    }
                    hidden = true;
                }
            }
            _ => {}
        }
    }
    hidden && depth > 0
}

/// A byte at which a word ends or something longer begins.
static SPECIAL: lex::Bytes = lex::Bytes::new(b" \t\r\n();<\"[");

/// Marks where one of eight bytes may be [`SPECIAL`], as [`lex::seek`] asks for it.
///
/// White space, `"`, `(` and `)` lie below `*`; `;`, `<` and `[` are, with few others, alike but
/// for the bits left out, once one is added (no byte of UTF-8 is so large that this carries).
#[inline]
const fn near_special(eight: u64) -> u64 {
    let kept = eight.wrapping_add(lex::splat(1)) & lex::splat(0x9e);
    lex::below(eight, b'*') | lex::equal(kept, 0x1c)
}

/// Where words, comments and quotes end. Each kind of repair is remembered, so that text full of
/// openings that never close is still read in one pass.
struct Scan<'x> {
    body: &'x str,
    broken_comment: bool,
    broken_quote: bool,
}

impl Scan<'_> {
    /// The end of the comment's text and the index to go on from.
    fn comment(&mut self, at: usize) -> (Option<usize>, usize) {
        if !self.broken_comment {
            match lex::comment_end(self.body, at) {
                Some(end) => return (Some(end - 1), end),
                None => self.broken_comment = true,
            }
        }
        // From here on parentheses do not pair up: a comment is what closes before anything else
        // opens, and any other parenthesis is white space.
        let bytes = self.body.as_bytes();
        for (offset, byte) in bytes.get(at + 1..).unwrap_or_default().iter().enumerate() {
            lex::steps::step(1);
            match byte {
                b')' => return (Some(at + 1 + offset), at + 2 + offset),
                b'(' | b';' => break,
                _ => {}
            }
        }
        (None, at + 1)
    }

    /// The index behind the word that begins at `at`.
    fn word_end(&mut self, at: usize) -> usize {
        let bytes = self.body.as_bytes();
        let mut end = at;
        loop {
            let plain = lex::seek(bytes, end, near_special, |byte| SPECIAL.has(byte));
            lex::steps::step(plain - end + 1);
            end = plain;
            match bytes.get(end) {
                Some(b'<') => end = self.angle_end(end),
                Some(b'"') => end = self.quote_end(end),
                Some(b'[') => {
                    end = if end == at {
                        self.bracket_end(end)
                    } else {
                        end + 1
                    }
                }
                _ => break,
            }
        }
        end.max(at + 1)
    }

    /// `<…>` without white space is one piece, whatever is in it.
    fn angle_end(&self, at: usize) -> usize {
        let bytes = self.body.as_bytes();
        let end = lex::seek(
            bytes,
            at + 1,
            // `<` and `>` differ in one bit only.
            |eight| lex::below(eight, b' ' + 1) | lex::equal(eight | lex::splat(2), b'>'),
            |byte| lex::is_wsp(byte) || matches!(byte, b'<' | b'>'),
        );
        lex::steps::step(end - at);
        if bytes.get(end) == Some(&b'>') {
            return end + 1;
        }
        at + 1
    }

    /// A quoted string; one that holds parentheses is none (a stray quote in a HELO would take
    /// the server's own part with it).
    fn quote_end(&mut self, at: usize) -> usize {
        if !self.broken_quote {
            match lex::quoted_end(self.body, at) {
                Some(end) => {
                    let inner = self.body.as_bytes().get(at..end).unwrap_or_default();
                    if !inner.iter().any(|byte| matches!(byte, b'(' | b')')) {
                        return end;
                    }
                    self.broken_quote = true;
                }
                None => self.broken_quote = true,
            }
        }
        at + 1
    }

    /// `[…]` is one word, spaces and all, unless it holds another bracket or a comment.
    fn bracket_end(&self, at: usize) -> usize {
        let bytes = self.body.as_bytes();
        for (offset, byte) in bytes.get(at + 1..).unwrap_or_default().iter().enumerate() {
            lex::steps::step(1);
            match byte {
                b']' => return at + offset + 2,
                b'[' | b'(' | b')' | b';' => break,
                _ => {}
            }
        }
        at + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(body: &str) -> Received<'_> {
        let mut received = Received::new(body);
        received.parse(|_, _| false);
        received
    }

    fn clause<'x>(received: &Received<'x>, key: Key) -> Vec<&'x str> {
        received.clause(key).map(|piece| piece.text).collect()
    }

    #[test]
    fn clauses_hold_their_words_and_comments() {
        let received = parsed(
            "from a (b [192.0.2.1] (may be forged))\r\n\tby c (d; from x by y) with ESMTP id e\r\n\tfor <f@g>; Tue, 2 Jan 2024 19:02:09 +0000",
        );
        assert_eq!(
            clause(&received, Key::From),
            ["a", "b [192.0.2.1] (may be forged)"]
        );
        assert_eq!(clause(&received, Key::By), ["c", "d; from x by y"]);
        assert_eq!(clause(&received, Key::With), ["ESMTP"]);
        assert_eq!(clause(&received, Key::Id), ["e"]);
        assert_eq!(clause(&received, Key::For), ["<f@g>"]);
        assert!(received.date.date.is_some());
        assert!(!received.doubtful);
    }

    #[test]
    fn a_domain_that_ends_in_a_keyword_is_none() {
        let received = parsed("from mail.example.by by mx.example.id with SMTP");
        assert_eq!(clause(&received, Key::From), ["mail.example.by"]);
        assert_eq!(clause(&received, Key::By), ["mx.example.id"]);
        assert_eq!(clause(&received, Key::Id), [""; 0]);
    }

    #[test]
    fn a_client_may_be_called_by() {
        let received = parsed("from by (x.example [192.0.2.1]) by mx.example with SMTP");
        assert_eq!(
            clause(&received, Key::From),
            ["by", "x.example [192.0.2.1]"]
        );
        assert_eq!(clause(&received, Key::By), ["mx.example"]);
    }

    #[test]
    fn only_the_first_from_and_by_count() {
        let received = parsed("from a by b from c by d with SMTP; Tue, 2 Jan 2024 19:02:09 +0000");
        assert_eq!(clause(&received, Key::From), ["a"]);
        assert_eq!(clause(&received, Key::By), ["b"]);
        assert!(received.doubtful);
        let received = parsed("from a; Tue, 2 Jan 2024 19:02:09 +0000 by b");
        assert!(!received.has(Key::By));
        assert!(received.doubtful);
    }

    #[test]
    fn the_servers_own_clause_wins_over_one_before_by() {
        let received = parsed("from a with IMAP (192.0.2.1) by b with ESMTP id 1");
        assert_eq!(clause(&received, Key::With), ["ESMTP"]);
        assert!(received.doubtful);
    }

    #[test]
    fn what_never_closes_swallows_nothing() {
        let received =
            parsed("from a (b [192.0.2.1] by c (d) with SMTP id 1; Tue, 2 Jan 2024 19:02:09 +0000");
        assert_eq!(clause(&received, Key::By), ["c", "d"]);
        assert!(received.date.date.is_some());
        let received = parsed("from \"a by b with SMTP; Tue, 2 Jan 2024 19:02:09 +0000");
        assert_eq!(clause(&received, Key::By), ["b"]);
        assert!(received.date.date.is_some());
        let received = parsed("from a\" (b) by c for <\"d\"@e>");
        assert_eq!(
            clause(&received, Key::By),
            ["c"],
            "a stray quote must not reach the next one"
        );
    }

    #[test]
    fn a_semicolon_in_quotes_or_angles_ends_nothing() {
        let received = parsed("by c for <a;b@d> id \"x;y\"; Tue, 2 Jan 2024 19:02:09 +0000");
        assert_eq!(clause(&received, Key::For), ["<a;b@d>"]);
        assert_eq!(clause(&received, Key::Id), ["\"x;y\""]);
    }

    #[test]
    fn fields_joined_into_one_are_told_from_a_stray_clause() {
        for body in [
            "from a (192.0.2.1) by b with HTTPS; Tue, 2 Jan 2024 19:02:09 +0000\n from c (192.0.2.2) by d with SMTP; Tue, 2 Jan 2024 19:02:08 +0000",
            "from a (192.0.2.1) by b with HTTPS; Tue, 2 Jan 2024 19:02:09 +0000 Received: from c by d; Tue, 2 Jan 2024 19:02:08 +0000",
            "from a by b with SMTP id 1 from c by d with SMTP id 2; Tue, 2 Jan 2024 19:02:09 +0000",
            "from a by b with SMTP; Tue, 2 Jan 2024 19:02:09 +0000,from c by d with SMTP; Tue, 2 Jan 2024 19:02:08 +0000",
        ] {
            let received = parsed(body);
            assert!(received.joined && received.doubtful, "in {body:?}");
            assert_eq!(clause(&received, Key::By), ["b"]);
        }
        for body in [
            "from a from [192.0.2.1] by b with SMTP; Tue, 2 Jan 2024 19:02:09 +0000",
            "from a by b with SMTP from <c@d>; Tue, 2 Jan 2024 19:02:09 +0000",
            "from a by b; Tue, 2 Jan 2024 19:02:09 +0000 (from c by d)",
            "from a by x by b with SMTP; Tue, 2 Jan 2024 19:02:09 +0000",
        ] {
            assert!(!parsed(body).joined, "in {body:?}");
        }
    }

    #[test]
    fn reaching_a_limit_is_told() {
        let words = format!("from a by b with SMTP {}", "x ".repeat(MAX_TOKENS));
        assert!(parsed(&words).limit_reached);
        let long = format!("from a by b with SMTP id {}", "x".repeat(MAX_FIELD));
        assert!(parsed(&long).limit_reached);
        assert!(!parsed("from a by b").limit_reached);
    }

    #[test]
    fn a_cut_falls_between_characters() {
        for shift in 0..4 {
            let long = format!(
                "{}{}",
                "x".repeat(shift),
                "\u{1F980}".repeat(MAX_FIELD / 4 + 1)
            );
            assert!(parsed(&long).limit_reached);
        }
    }
}
