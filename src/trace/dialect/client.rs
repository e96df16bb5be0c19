//! The pieces that clients' parts are made of: `NAME`, `[IP]`, `(NAME [IP])`, `(HELO NAME)`, …
//!
//! Words and comments of a `from` clause in, [`ClientForm`] out. It tells what stands where; what
//! that means (who looked a name up, who confirmed it) is each dialect's own knowledge.

use crate::lex;
use crate::trace::received::{Key, Kind, Piece, Received};

/// What stands in the client's part of a field.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ClientForm<'x> {
    /// The first piece and the last of what stands in the name's place.
    pub(super) name: Option<(&'x str, &'x str)>,
    /// An address in the name's place.
    pub(super) name_address: Option<&'x str>,
    /// The address beside the name, in TCP-info or brackets.
    pub(super) address: Option<&'x str>,
    /// The name in the TCP-info, as written: `NAME` of `(NAME [IP])`.
    pub(super) slot: Option<&'x str>,
    /// What an explicit `HELO`, `EHLO`, `LHLO`, `helo=` says; an empty one too.
    pub(super) helo: Option<&'x str>,
    /// The form of the TCP-info.
    pub(super) shape: Shape,
    /// sendmail's `(may be forged)`.
    pub(super) forged: bool,
    /// How many comments look like TCP-info; a second one may be a client's invention.
    pub(super) infos: u8,
    /// The HELO is told by its verb in a comment of its own: `(HELO NAME)`.
    pub(super) greeted: bool,
    /// The server says that it knows no name and no address: `(unknown)`, `(unknown [])`.
    pub(super) nobody: bool,
    /// `helo=` stands in one of the comments.
    said: bool,
    /// Several addresses stand where one server writes one: a HELO may hold one of them.
    pub(super) rivals: bool,
    /// There is a client's part at all.
    pub(super) present: bool,
}

/// The form of the TCP-info.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Shape {
    /// No address beside the name.
    #[default]
    None,
    /// `(NAME [IP])`
    NameAndAddress,
    /// `([IP])`
    Bracketed,
    /// `(IP)`
    Plain,
    /// `(NAME)`
    NameOnly,
    /// `[IP]` outside parentheses.
    Beside,
}

/// One comment as TCP-info.
#[derive(Debug, Clone, Copy, Default)]
struct Info<'x> {
    address: Option<&'x str>,
    slot: Option<&'x str>,
    helo: Option<&'x str>,
    shape: Shape,
    forged: bool,
    /// `helo=` stands in it.
    said: bool,
    /// The address stands behind `helo=`.
    late: bool,
}

impl<'x> ClientForm<'x> {
    pub(super) fn read(received: &Received<'x>) -> Self {
        let mut form = ClientForm {
            present: received.has(Key::From),
            ..ClientForm::default()
        };
        let mut commented = false;
        for piece in received.clause(Key::From) {
            match piece.kind {
                Kind::Comment => {
                    commented = true;
                    form.take_comment(piece.text);
                }
                Kind::Word => form.take_word(piece, commented),
            }
        }
        // A server writes its TCP-info right behind the name: where another clause has it, a HELO
        // of several words (`192.0.2.1 via x`) has opened that clause.
        form.rivals |= form.address.is_some()
            // Else all clauses stand behind the `by`.
            && (received.doubtful || !received.has(Key::By))
            && [Key::Via, Key::With, Key::Id, Key::For]
                .into_iter()
                .filter(|key| !received.follows_by(*key))
                .flat_map(|key| received.clause(key))
                .any(|piece| {
                    piece.kind == Kind::Comment
                        && info(piece.text).is_some_and(|info| info.address.is_some())
                });
        form
    }

    fn take_word(&mut self, piece: Piece<'x>, commented: bool) {
        let word = piece.text.strip_suffix(',').unwrap_or(piece.text);
        if let Some(found) = address(word) {
            if self.name.is_none() && self.name_address.is_none() && !commented {
                self.name_address = Some(found);
                self.name = Some((word, word));
            } else if self.address.is_none() {
                self.address = Some(found);
                self.shape = Shape::Beside;
            }
        } else if is_blackened(word.trim_matches(['[', ']'])) {
            // Neither a name nor an address.
        } else if !commented && self.address.is_none() && !matches!(word, "" | "[" | "]") {
            match &mut self.name {
                None => self.name = Some((word, word)),
                // `mail pickup service` is one name; a host name or an address literal is whole.
                Some((first, last)) if !first.contains(['.', '@', '[', ':', '/']) => {
                    if !word.contains('@') {
                        *last = word;
                    }
                }
                Some(_) => {}
            }
        }
    }

    fn take_comment(&mut self, comment: &'x str) {
        self.nobody |= matches!(lex::trim(comment), "unknown" | "unknown []" | "[]");
        self.greeted |= comment.get(..4).is_some_and(is_helo);
        let Some(info) = info(comment) else { return };
        // Exim's `helo=` ends with the comment it stands in: an address behind it is the client's.
        self.rivals |= info.address.is_some() && (info.late || self.said);
        self.said |= info.said;
        if let Some(helo) = info.helo {
            self.helo.get_or_insert(helo);
        }
        if info.address.is_some() || info.shape == Shape::NameOnly {
            self.infos = self.infos.saturating_add(1);
            self.rivals |= self.address.is_some() && info.address.is_some();
            // A word in brackets before the TCP-info is part of the HELO (Postfix lets it hold
            // spaces); what stands in the comment is the socket's.
            let better =
                info.address.is_some() && matches!(self.shape, Shape::NameOnly | Shape::Beside);
            if self.shape == Shape::None || better {
                self.address = info.address;
                self.slot = info.slot;
                self.shape = info.shape;
                self.forged = info.forged;
            }
        }
    }

    /// The name in the TCP-info, where it is one.
    pub(super) fn looked_up(&self) -> Option<&'x str> {
        self.slot.and_then(host_name)
    }

    /// The name's place, where a name stands there.
    pub(super) fn plain_name(&self) -> Option<&'x str> {
        match self.name {
            Some((first, last)) if self.name_address.is_none() && std::ptr::eq(first, last) => {
                host_name(first)
            }
            _ => None,
        }
    }
}

/// `TCP-info = address-literal / ( Domain FWS address-literal )` (RFC 5321 4.4), and what servers
/// make of it.
fn info(comment: &str) -> Option<Info<'_>> {
    let comment = lex::trim(comment);
    let (first, _) = comment.split_at(word_end(comment));
    let mut found = Info::default();
    if is_helo(first) {
        found.helo = Some(
            lex::Words(comment.get(first.len()..).unwrap_or(""))
                .next()
                .unwrap_or(""),
        );
        return Some(found);
    }
    if is_remark(first) {
        return None;
    }
    let mut words = Words { rest: comment };
    let mut index = 0usize;
    while let Some(word) = words.next() {
        index += 1;
        if let Some(quoted) = word.strip_prefix('"') {
            // zmailer: "EHLO name"
            let mut inner = lex::Words(quoted.trim_end_matches('"'));
            if inner.next().is_some_and(is_helo) {
                found.helo = Some(inner.next().unwrap_or(""));
            }
        } else if let Some(helo) = word.strip_prefix("helo=") {
            found.helo = Some(helo);
            found.said = true;
        } else if is_helo(word) {
            found.helo = Some(words.next().unwrap_or(""));
        } else if word.starts_with("(may") {
            found.forged = true;
        } else if index == 2 && found.shape == Shape::Bracketed && is_full_name(word) {
            // ZoneMTA: `([IP] NAME)`
            found.slot = Some(word);
        } else if (found.address.is_none() || found.shape == Shape::Plain && word.starts_with('['))
            && index <= 2
        {
            let known = found.address.is_some();
            take_place(word, index, &mut found);
            found.late |= found.said && !known && found.address.is_some();
        }
    }
    if found.address.is_none()
        && found.shape == Shape::NameOnly
        && (index > 1 || !is_full_name(comment))
    {
        found.shape = Shape::None;
        found.slot = None;
    }
    (found.address.is_some() || found.helo.is_some() || found.shape == Shape::NameOnly)
        .then_some(found)
}

/// Whether a comment is TCP-info with an address, and nothing of what the client said.
pub(super) fn is_tcp_info(comment: &str) -> bool {
    info(comment).is_some_and(|info| info.address.is_some() && info.helo.is_none())
}

/// One word of TCP-info that may be the name or the address.
fn take_place<'x>(word: &'x str, index: usize, found: &mut Info<'x>) {
    // Most words are plain names.
    let marked = lex::seek(
        word.as_bytes(),
        0,
        |eight| lex::equal(eight, b'[') | lex::equal(eight, b'=') | lex::equal(eight, b'@'),
        |byte| matches!(byte, b'[' | b'=' | b'@'),
    ) < word.len();
    if !marked {
        take_plain(word, index, found);
        return;
    }
    if lex::has(word, b'=') {
        return;
    }
    let open = lex::seek_byte(word, 0, b'[');
    if open < word.len() {
        let before = word.get(..open).unwrap_or("");
        if let Some(address) = address(word.get(open..).unwrap_or("")) {
            found.address = Some(address);
            let before = without_user(before);
            if !before.is_empty() {
                found.slot = Some(before);
            }
            found.shape = if found.slot.is_some() {
                Shape::NameAndAddress
            } else {
                Shape::Bracketed
            };
        }
        return;
    }
    let behind = without_user(word);
    if behind.len() == word.len() || address(word).is_some() {
        take_plain(word, index, found);
    } else if let Some(address) = address(behind) {
        found.address = Some(address);
        found.shape = Shape::Plain;
    } else if index == 1 {
        // Without an address a local user's `paul@localhost` names no host.
        found.slot = Some(behind);
    }
}

/// A word of TCP-info without brackets and user.
fn take_plain<'x>(word: &'x str, index: usize, found: &mut Info<'x>) {
    if let Some(address) = address(word) {
        // `(1.2.3.4 [1.2.3.4])`: a server that found no name puts the address there again.
        found.address = Some(address);
        found.slot = None;
        found.shape = Shape::Plain;
    } else if index == 1 {
        found.shape = Shape::NameOnly;
        found.slot = Some(word);
    }
}

/// `user@NAME`, `IDENT:x@NAME` without the user.
fn without_user(word: &str) -> &str {
    if !lex::has(word, b'@') {
        return word;
    }
    word.rsplit_once('@').map_or(word, |(_, host)| host)
}

fn is_helo(word: &str) -> bool {
    word.len() == 4
        && ["HELO", "EHLO", "LHLO"]
            .iter()
            .any(|verb| word.eq_ignore_ascii_case(verb))
}

/// The first words of comments that are no TCP-info, though they may hold names and addresses.
fn is_remark(word: &str) -> bool {
    let Some(first) = word.as_bytes().first() else {
        return false;
    };
    // By first letters: most first words are names, and meet none of these.
    match first {
        b'A' => matches!(word, "Authenticated" | "AUTH:" | "AVG"),
        b'a' => matches!(word, "account" | "authenticated"),
        b'C' => matches!(word, "Client" | "Cipher"),
        b'c' => matches!(word, "client" | "cipher"),
        b'e' => matches!(word, "envelope-from" | "envelope-sender"),
        b'f' => word == "for",
        b'G' => word == "Google",
        b'm' => matches!(word, "may" | "misconfigured") || word.starts_with("mailfrom:"),
        b'N' => matches!(word, "No" | "NaSMail"),
        b'n' => matches!(word, "no" | "not"),
        b'P' => word == "Postfix",
        b'p' => matches!(word, "proxying" | "peer"),
        b'S' => matches!(word, "SSL:" | "SquirrelMail"),
        b'T' => word.starts_with("TLS"),
        b'u' => matches!(word, "using" | "uid"),
        b'v' => word == "version" || word.starts_with("version="),
        _ => false,
    }
}

fn is_full_name(text: &str) -> bool {
    text.contains('.')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// Words of a comment: quoted strings are one word, commas at the end are dropped.
struct Words<'x> {
    rest: &'x str,
}

impl<'x> Words<'x> {
    fn next(&mut self) -> Option<&'x str> {
        let text = lex::trim_start(self.rest);
        if text.is_empty() {
            return None;
        }
        let end = lex::quoted_end(text, 0).unwrap_or_else(|| word_end(text));
        let (word, rest) = text.split_at_checked(end)?;
        self.rest = rest;
        Some(word.strip_suffix(',').unwrap_or(word))
    }
}

/// The index of the first white space, or the length where there is none.
fn word_end(text: &str) -> usize {
    let near = |eight| lex::below(eight, b' ' + 1);
    lex::seek(text.as_bytes(), 0, near, lex::is_wsp)
}

/// A name that a server found, without its root dot; `unknown` and its relatives are none, nor is
/// an address that a server puts where it found no name.
pub(super) fn host_name(text: &str) -> Option<&str> {
    plain_name(text).filter(|name| address(name).is_none())
}

/// `xxx`, `xxx.xxx.xxx.xxx`, `***`: somebody made a name or an address unreadable.
fn is_blackened(name: &str) -> bool {
    matches!(name.as_bytes().first(), Some(b'x' | b'X' | b'*'))
        && name.len() >= 3
        && name
            .bytes()
            .all(|byte| matches!(byte, b'x' | b'X' | b'*' | b'.' | b'-'))
}

/// [`host_name`] of what is known to be no address.
pub(super) fn plain_name(text: &str) -> Option<&str> {
    const NO_NAMES: [&str; 13] = [
        "unknown",
        "<unknown>",
        "unverified",
        "unavailable",
        "<unavailable>",
        "nodnsquery",
        "softdnserr",
        "nxdomain",
        "dnserror",
        "no.name.available",
        "<unknown.domain>",
        // Symantec Messaging Gateway
        "Unknown_Domain",
        "-",
    ];
    let name = text.strip_suffix('.').unwrap_or(text);
    if is_blackened(name) {
        return None;
    }
    let none = match name.as_bytes().first() {
        None | Some(b'[') => true,
        // How those of the list begin, and how long they are.
        Some(b'u' | b'U' | b'<' | b'n' | b'N' | b's' | b'S' | b'd' | b'D' | b'-') => {
            name.len() < 20 && NO_NAMES.iter().any(|none| name.eq_ignore_ascii_case(none))
        }
        Some(_) => false,
    };
    (!none).then_some(name)
}

/// The address in a word that is one: without brackets, `IPv6:` and port. Digits that make no
/// valid address (`11.22.333.44`) and redacted ones (`192.0.2.name@place`) are given as written.
pub(super) fn address(word: &str) -> Option<&str> {
    let bytes = word.as_bytes();
    match bytes.first()? {
        b'[' => {
            let close = lex::seek_byte(word, 1, b']');
            let behind = word.get(close + 1..).unwrap_or("");
            // Outlook.com closes twice: `([fe80::1%9]])`.
            let port = behind.is_empty() || behind.starts_with([':', '.', ',', ']']);
            let inner = word.get(1..close).unwrap_or("");
            if port { address_text(inner) } else { None }
        }
        b'0'..=b'9' | b':' => address_text(word),
        // IPv6, with its tag or without; mostly a name.
        b'a'..=b'f' | b'A'..=b'F' | b'I' | b'i' if lex::has(word, b':') => address_text(word),
        _ => None,
    }
}

fn address_text(text: &str) -> Option<&str> {
    if is_quad(text) {
        return Some(text);
    }
    let text = text
        .strip_suffix(']')
        .unwrap_or(text)
        .trim_start_matches('[');
    let tagged = text
        .get(..5)
        .is_some_and(|tag| tag.eq_ignore_ascii_case("IPv6:"));
    let text = if tagged {
        // Some write the brackets inside: `IPv6:[2001:db8::1]`.
        text.get(5..).unwrap_or("").trim_start_matches('[')
    } else {
        text
    };
    let first = text.as_bytes().first()?;
    if !first.is_ascii_digit() && !lex::has(text, b':') {
        return None;
    }
    let colons = match lex::split_at_byte(text, b':') {
        None => 0,
        Some((_, behind)) => 1 + usize::from(lex::has(behind, b':')),
    };
    if colons >= 2 {
        let redacted = text.contains('@')
            && text
                .bytes()
                .take_while(|byte| *byte != b'@')
                .any(|byte| byte == b':');
        return (lex::parse_ip(text).is_some() || redacted).then_some(text);
    }
    if !first.is_ascii_digit() {
        return None;
    }
    let (host, port) = if colons == 0 {
        (text, "")
    } else {
        lex::split_at_byte(text, b':').unwrap_or((text, ""))
    };
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    dotted(host)
}

/// Digits with three dots between them: the commonest address by far.
fn is_quad(text: &str) -> bool {
    let mut dots = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {}
            b'.' => dots += 1,
            _ => return false,
        }
    }
    dots == 3 && !text.starts_with('.') && !text.ends_with('.')
}

/// `192.0.2.1`, with a port behind a fifth dot, or what is meant to be one.
fn dotted(text: &str) -> Option<&str> {
    let mut dots = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {}
            b'.' => {
                dots += 1;
                if dots == 4 {
                    let port = text.get(at + 1..).unwrap_or("");
                    let numeric =
                        !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
                    return if numeric { text.get(..at) } else { None };
                }
            }
            // Redacted with an address of the corpus's owner.
            _ => return (dots >= 2 && text.contains('@')).then_some(text),
        }
    }
    (dots == 3 && !text.ends_with('.')).then_some(text)
}
