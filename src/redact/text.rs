//! Text into text without what is personal: sentences, header bodies, single values.
//!
//! A text is read as words between delimiters; white space and line ends stay where they are. A
//! word with an `@` is an address, also where comments or folds divide it (RFC 5322 3.4.1), where
//! its local part is quoted, and where the `@` is percent-encoded. What becomes of another word is
//! the [`Mode`]'s to say.

use std::net::IpAddr;

use super::harmless::is_plain;
use super::known::Known;
use super::{Kind, REMOVED, StandIns};
use crate::host::is_domain_name;
use crate::lex::{parse_ip, quoted_end, steps};

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The program's own words around values: words stay that are not known to be personal.
    Sentence,
    /// Somebody's words: only those stay that are known to be harmless.
    Header,
}

/// What becomes of a word.
enum Fate {
    Stays,
    Becomes(String),
    Goes,
}

/// A quoted local part is at most this long with its quotes: 64 octets (RFC 5321 4.5.3.1.1), all
/// of them escaped, and room for what does not keep to it. It bounds how far is looked ahead.
const QUOTED_MAX: usize = 1 << 8;

/// Words behind which an account is named: `(Authenticated sender: joe)`, `authenticated user joe`.
const BEFORE_ACCOUNT: [&str; 6] = ["sender", "user", "username", "account", "login", "mailbox"];

/// Names before `=` behind which an account is named.
const ACCOUNT_KEYS: [&str; 9] = [
    "smtp.auth",
    "auth",
    "authuser",
    "auth_user",
    "sasl_username",
    "user",
    "username",
    "account",
    "login",
];

/// Names before `=` behind which a DKIM selector stands.
const SELECTOR_KEYS: [&str; 2] = ["s", "header.s"];

/// Endings of names that only exist inside: RFC 6761, RFC 6762, RFC 8375, and what is in use.
const INNER: [&str; 11] = [
    "local",
    "localdomain",
    "localhost",
    "internal",
    "intranet",
    "lan",
    "corp",
    "home",
    "private",
    "arpa",
    "onion",
];

/// Endings that nobody can register (RFC 2606).
const RESERVED: [&str; 3] = ["example", "test", "invalid"];

pub(super) struct Scrubber<'k, 'r> {
    known: &'k Known,
    stand_ins: StandIns<'r>,
}

impl<'k, 'r> Scrubber<'k, 'r> {
    pub(super) const fn new(known: &'k Known, stand_ins: StandIns<'r>) -> Self {
        Self { known, stand_ins }
    }

    /// A sentence of the program's.
    pub(super) fn sentence(&mut self, text: &str) -> String {
        match self.known.overflown {
            true => self.scrub(text, Mode::Header),
            false => self.scrub(text, Mode::Sentence),
        }
    }

    /// `local@domain`, or a bare account.
    pub(super) fn address(&mut self, address: &str) -> String {
        let address = address.trim_matches(['<', '>']);
        let Some((local, domain)) = address_in(address) else {
            return match address.is_empty() {
                true => String::new(),
                false => self.user(address),
            };
        };
        let local = match local.is_empty() {
            true => String::new(),
            false => self.user(local),
        };
        format!("{local}@{}", self.domain(domain))
    }

    /// `left@host`.
    pub(super) fn message_id(&mut self, id: &str) -> String {
        let (left, host) = match address_in(id) {
            Some((left, host)) => (left, Some(host)),
            None => (id, None),
        };
        let left = self.stand_ins.of(Kind::Id, &fold(left));
        match host {
            Some(host) => format!("{left}@{}", self.domain(host)),
            None => left,
        }
    }

    pub(super) fn subject(&mut self, subject: &str) -> String {
        match subject.trim().is_empty() {
            true => String::new(),
            false => format!("[{}]", self.stand_ins.of(Kind::Subject, &fold(subject))),
        }
    }

    /// A host's name, or the name of a person's machine; whatever stands in that place.
    pub(super) fn host(&mut self, host: &str) -> String {
        match self.known.kind(&fold(host)) {
            Some(kind) => self.stand_ins.of(kind, &fold(host)),
            None => self.sentence(host),
        }
    }

    pub(super) fn ip(&mut self, ip: &str) -> String {
        match self.word(ip, Mode::Sentence) {
            Fate::Becomes(word) => word,
            Fate::Stays | Fate::Goes => self.sentence(ip),
        }
    }

    /// The value of a marker: whoever wrote it chose it.
    pub(super) fn marker_value(&mut self, value: &str) -> String {
        let word = fold(value);
        let is_switch = matches!(&*word, "true" | "false" | "yes" | "no" | "0" | "1" | "");
        match is_switch || parse_ip(value).is_some() {
            true => self.ip(value),
            false => REMOVED.to_owned(),
        }
    }

    /// A path: as it is, unless there is an address in it, a name, or the subject.
    pub(super) fn path(&mut self, path: &str, subject: Option<&str>) -> String {
        let mut shown = String::with_capacity(path.len());
        for part in path.split_inclusive(['/', '\\']) {
            let (name, slash) = match part.strip_suffix(['/', '\\']) {
                Some(name) => (name, part.get(name.len()..).unwrap_or_default()),
                None => (part, ""),
            };
            let is_last = slash.is_empty();
            let (stem, ending) = match name.rsplit_once('.').filter(|_| is_last) {
                Some((stem, ending)) if is_ending(ending) => (stem, format!(".{ending}")),
                _ => (name, String::new()),
            };
            match subject.filter(|subject| is_within(subject, stem)) {
                Some(subject) => shown.push_str(&self.subject(subject)),
                None => self.path_part(stem, &mut shown),
            }
            shown.push_str(&ending);
            shown.push_str(slash);
        }
        shown
    }

    fn path_part(&mut self, part: &str, shown: &mut String) {
        let is_personal = |word: &str, known: &Known| {
            let folded = fold(word);
            !is_plain(&folded) && known.kind(&folded).is_some()
        };
        if part.contains(['@', '%']) || is_personal(part, self.known) {
            shown.push_str(&self.scrub(part, Mode::Sentence));
            return;
        }
        let mut word = String::new();
        for char in part.chars().chain(['\0']) {
            if char.is_alphanumeric() {
                word.push(char);
                continue;
            }
            match is_personal(&word, self.known) {
                true => shown.push_str(&self.user(&word)),
                false => shown.push_str(&word),
            }
            word.clear();
            if char != '\0' {
                shown.push(char);
            }
        }
    }

    /// A field's name: the words that make it up, unless one is personal.
    pub(super) fn field_name(&mut self, name: &str) -> String {
        if name.contains(['@', '%', '=']) {
            return "removed".to_owned();
        }
        let is_personal = |word: &str| {
            let folded = fold(word);
            !is_plain(&folded) && self.known.is_user(&folded)
        };
        let parts = name.split('-').map(|word| match is_personal(word) {
            true => "removed",
            false => word,
        });
        parts.collect::<Vec<_>>().join("-")
    }

    fn user(&mut self, local: &str) -> String {
        let folded = fold(local.trim_matches('"'));
        let kind = match self.known.kind(&folded) {
            Some(Kind::Id) => Kind::Id,
            _ => Kind::User,
        };
        self.stand_ins.of(kind, &folded)
    }

    /// What stands behind the `@` of an address.
    fn domain(&mut self, domain: &str) -> String {
        let bare = domain.trim_matches(['>', ' ', '.']);
        let folded = fold(bare);
        if let Some(kind) = self
            .known
            .kind(&folded)
            .filter(|kind| *kind == Kind::Client)
        {
            return self.stand_ins.of(kind, &folded);
        }
        if let Some(ip) = parse_ip(bare) {
            return match self.persons_address(ip) {
                Some(word) => word,
                None => bare.to_owned(),
            };
        }
        let harmless = |char: char| char.is_alphanumeric() || matches!(char, '.' | '-' | '_');
        match bare.chars().all(harmless) {
            true => bare.to_owned(),
            false => REMOVED.to_owned(),
        }
    }

    fn persons_address(&mut self, ip: IpAddr) -> Option<String> {
        let persons = self.known.is_persons(ip);
        persons.then(|| self.stand_ins.of(Kind::Address, &ip.to_string()))
    }

    /// A text, word by word.
    pub(super) fn scrub(&mut self, text: &str, mode: Mode) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        // Whether the word before announces an account's name.
        let mut account = false;
        while let Some(first) = rest.chars().next() {
            steps::step(1);
            if let Some((local, behind)) = quoted_local(rest) {
                shown.push_str(&self.user(local));
                rest = behind;
                continue;
            }
            if is_delimiter(first) {
                // A comment of its own, or a new clause, names no account of the one before.
                account &= !matches!(first, '(' | ')' | ';' | ',');
                shown.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
                continue;
            }
            let end = rest.find(is_delimiter).unwrap_or(rest.len());
            let (token, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            rest = behind;
            // `john.smith @ example.com`, or a fold in its place.
            let is_local = behind.trim_start().starts_with('@') && !token.ends_with('@');
            let fate = match is_local {
                true => Fate::Becomes(self.user(token)),
                false => self.token(token, mode, account),
            };
            let announced = fold(token.trim_end_matches(':'));
            let after = BEFORE_ACCOUNT.contains(&announced.as_str());
            account = after || account && is_plain(&announced) && !self.known.is_user(&announced);
            match fate {
                Fate::Stays => shown.push_str(token),
                Fate::Becomes(word) => shown.push_str(&word),
                Fate::Goes => remove(&mut shown),
            }
        }
        shown
    }

    fn token(&mut self, token: &str, mode: Mode, account: bool) -> Fate {
        let folded = fold(token);
        if account
            && (self.known.is_user(&folded) || mode == Mode::Header && !is_plain(&folded))
            && !token.contains(['@', '=', ':'])
            && parse_ip(token).is_none()
        {
            return Fate::Becomes(self.user(token));
        }
        if let Some(decoded) = percent_decoded(token)
            && let Some((local, domain)) = address_in(&decoded)
        {
            return Fate::Becomes(format!("{}@{}", self.user(local), self.domain(domain)));
        }
        if let Some((local, domain)) = address_in(token) {
            // `envelope-from=john@example.com`, `rfc822;john@example.com`, `i=@example.com`
            let (key, local) = match local.split_once(['=', ':']) {
                Some((key, local)) if is_plain(&fold(key)) => {
                    (token.get(..=key.len()).unwrap_or_default(), local)
                }
                _ => ("", local),
            };
            let local = match local.is_empty() {
                true => String::new(),
                false => self.user(local),
            };
            return Fate::Becomes(format!("{key}{local}@{}", self.domain(domain)));
        }
        match self.word(token, mode) {
            Fate::Goes => self.parts(token, mode),
            fate @ (Fate::Stays | Fate::Becomes(_)) => fate,
        }
    }

    /// A word that is made up of others: `smtp.auth=joe`, `07:51:02`, `amavisd-new/port`.
    fn parts(&mut self, token: &str, mode: Mode) -> Fate {
        match token.contains('=') {
            true => self.pairs(token, mode),
            false => self.joined(token, mode),
        }
    }

    /// `name=value`, and what is like it: `SRS0=tag=tt=example.com=joe`.
    fn pairs(&mut self, token: &str, mode: Mode) -> Fate {
        let mut shown = String::with_capacity(token.len());
        let mut key: Option<String> = None;
        let mut changed = false;
        for (at, word) in token.split('=').enumerate() {
            if at > 0 {
                shown.push('=');
            }
            let folded = fold(word);
            let of = |keys: &[&str]| key.as_ref().is_some_and(|key| keys.contains(&key.as_str()));
            let fate = if word.is_empty() {
                Fate::Stays
            } else if of(&ACCOUNT_KEYS) && !is_plain(&folded) {
                Fate::Becomes(self.user(word))
            } else if of(&SELECTOR_KEYS) && is_selector(word) && self.known.kind(&folded).is_none()
            {
                Fate::Stays
            } else {
                match self.word(word, mode) {
                    Fate::Goes => self.joined(word, mode),
                    fate @ (Fate::Stays | Fate::Becomes(_)) => fate,
                }
            };
            match fate {
                Fate::Stays => shown.push_str(word),
                Fate::Becomes(word) => {
                    changed = true;
                    shown.push_str(&word);
                }
                // What stands before it says what is gone.
                Fate::Goes if at > 0 => return Fate::Becomes(shown + REMOVED),
                Fate::Goes => return Fate::Goes,
            }
            key = Some(folded);
        }
        match changed {
            true => Fate::Becomes(shown),
            false => Fate::Stays,
        }
    }

    /// Words without white space between them: all of them harmless, or none stays.
    fn joined(&mut self, token: &str, mode: Mode) -> Fate {
        let is_joint = |char: char| ":/+%!#'*".contains(char);
        if !token.contains(is_joint) {
            return match mode {
                Mode::Sentence => Fate::Stays,
                Mode::Header => Fate::Goes,
            };
        }
        let mut shown = String::with_capacity(token.len());
        let mut changed = false;
        for part in token.split_inclusive(is_joint) {
            let word = part.trim_end_matches(is_joint);
            let fate = match word.is_empty() {
                true => Fate::Stays,
                false => self.word(word, mode),
            };
            match (fate, mode) {
                (Fate::Stays, _) | (Fate::Goes, Mode::Sentence) => shown.push_str(word),
                (Fate::Becomes(word), _) => {
                    changed = true;
                    shown.push_str(&word);
                }
                (Fate::Goes, Mode::Header) => return Fate::Goes,
            }
            shown.push_str(part.get(word.len()..).unwrap_or_default());
        }
        match changed {
            true => Fate::Becomes(shown),
            false => Fate::Stays,
        }
    }

    /// A word that is no address: replaced if it is personal, kept if it is known to be harmless.
    fn word(&mut self, token: &str, mode: Mode) -> Fate {
        steps::step(token.len());
        // `?192.0.2.1?`, `'192.0.2.1'`; `::1` begins so.
        let marked = |char: char| !char.is_alphanumeric();
        let start = token.trim_start_matches(|char| marked(char) && char != ':');
        let unmarked = start.trim_end_matches(|char| marked(char) && char != ':');
        let bare = start.trim_end_matches(marked);
        let found = [token, unmarked, bare, bare.trim_start_matches(marked)]
            .into_iter()
            .filter(|_| may_hold_address(token))
            .find_map(|text| Some((text, parse_ip(text)?)));
        if let Some((text, ip)) = found {
            // A version may look like an address; one that is shown anyhow stays.
            let shown = mode == Mode::Sentence
                || self.known.is_servers(ip)
                || self.known.is_shown(&fold(token));
            return match shown && !self.known.is_persons(ip) {
                true => Fate::Stays,
                false => {
                    let word = self.stand_ins.of(Kind::Address, &ip.to_string());
                    Fate::Becomes(token.replacen(text, &word, 1))
                }
            };
        }
        let bare = token.trim_matches(['.', ':', '…', '\'', '?', '!', '_']);
        let folded = fold(bare);
        if let Some(kind) = self.known.kind(&folded) {
            let too_short = mode == Mode::Sentence && folded.chars().count() < 3;
            if kind == Kind::Client || !is_plain(&folded) && !too_short {
                let word = self.stand_ins.of(kind, &folded);
                return Fate::Becomes(token.replacen(bare, &word, 1));
            }
        }
        if !self.known.is_shown(&folded)
            && let Some(word) = addresses_in(bare).find_map(|ip| self.persons_address(ip))
        {
            return Fate::Becomes(word);
        }
        let harmless = is_plain(&folded)
            || self.known.is_shown(&folded)
            || is_number(bare)
            || is_cipher(bare)
            || is_host_name(bare);
        match harmless {
            true => Fate::Stays,
            false => Fate::Goes,
        }
    }
}

/// The addresses that a word may be made of: `203-0-113-9`, `p203.0.113.9.dip.example`, and
/// backwards as in the reverse tree.
fn addresses_in(word: &str) -> impl Iterator<Item = IpAddr> {
    let mut last: [Option<u8>; 4] = [None; 4];
    let numbers = word.split(|char: char| !char.is_ascii_digit());
    let numbers = numbers.filter(|digits| !digits.is_empty());
    numbers.flat_map(move |digits| {
        let [_, b, c, d] = last;
        last = [b, c, d, digits.parse().ok()];
        let whole = match last {
            [Some(a), Some(b), Some(c), Some(d)] => Some([[a, b, c, d], [d, c, b, a]]),
            _ => None,
        };
        whole.into_iter().flatten().map(IpAddr::from)
    })
}

/// Whether there is a digit or a colon in it, as in every address.
fn may_hold_address(word: &str) -> bool {
    word.bytes()
        .any(|byte| byte.is_ascii_digit() || byte == b':')
}

/// Puts [`REMOVED`] behind `shown`, once for several words of a line.
fn remove(shown: &mut String) {
    let before = shown.trim_end_matches([' ', '\t']);
    if before.ends_with(REMOVED) {
        shown.truncate(before.len());
    } else {
        shown.push_str(REMOVED);
    }
}

/// Without case, and without the escapes of a quoted string.
pub(super) fn fold(text: &str) -> String {
    // Nearly every word.
    if text.bytes().all(|byte| byte.is_ascii() && byte != b'\\') {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .filter(|char| *char != '\\')
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_delimiter(char: char) -> bool {
    char.is_whitespace()
        || char.is_control()
        || matches!(char, '(' | ')' | '<' | '>' | '[' | ']' | ',' | ';' | '"')
}

/// The words of a text; a quoted local part is one with its domain only if it has no delimiter.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let tokens = text.split(is_delimiter).filter(|token| !token.is_empty());
    tokens.inspect(|token| steps::step(token.len()))
}

/// The quoted local part that `text` begins with, and what stands behind it: the `@`.
fn quoted_local(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with('"') {
        return None;
    }
    let near = crate::header::prefix(text, QUOTED_MAX);
    let (quoted, behind) = text.split_at_checked(quoted_end(near, 0)?)?;
    behind.starts_with('@').then_some((quoted, behind))
}

/// The two sides of the last `@`.
pub(super) fn address_in(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once('@')
}

/// The text with its percent-encoding undone, where there is an encoded character in it.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let mut any = false;
    while let [first, behind @ ..] = rest {
        rest = behind;
        if let (b'%', [high, low, behind @ ..]) = (first, behind)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            any = true;
            decoded.push(high << 4 | low);
            rest = behind;
        } else {
            decoded.push(*first);
        }
    }
    any.then(|| String::from_utf8_lossy(&decoded).into_owned())
}

/// Whether this reads like the name of a host that others know, or of one inside.
pub(super) fn is_host_name(name: &str) -> bool {
    is_public_name(name) || is_domain_name(name) && ends_in(name, &INNER)
}

/// Whether this reads like a name under a public suffix, or a reserved one.
pub(super) fn is_public_name(name: &str) -> bool {
    if !is_domain_name(name) {
        return false;
    }
    let folded = name.to_ascii_lowercase();
    ends_in(&folded, &RESERVED)
        || psl::suffix(folded.as_bytes())
            .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes().len() < folded.len())
}

fn ends_in(name: &str, endings: &[&str]) -> bool {
    let last = name.trim_end_matches('.').rsplit('.').next();
    last.is_some_and(|last| {
        endings
            .iter()
            .any(|ending| last.eq_ignore_ascii_case(ending))
    })
}

/// `selector = sub-domain *( "." sub-domain )` (RFC 6376 3.1)
fn is_selector(word: &str) -> bool {
    word.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Versions, times, sizes, zones; what is longer may be somebody's number.
fn is_number(word: &str) -> bool {
    const LONGEST: usize = 15;
    let word = word.strip_suffix("-bit").unwrap_or(word);
    word.len() <= LONGEST
        && word
            .trim_start_matches(['v', 'V'])
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b".-+:_".contains(&byte))
}

/// `TLS_AES_256_GCM_SHA384`, `ECDHE-RSA-AES256-GCM-SHA384`, `TLSv1.3`, `X25519`
fn is_cipher(word: &str) -> bool {
    let shape =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-_.v".contains(&byte);
    let signs = [
        "TLS", "SSL", "AES", "SHA", "ECDH", "X25519", "X448", "CHACHA", "SECP", "P-256", "P-384",
    ];
    word.bytes().all(shape) && signs.iter().any(|sign| word.contains(sign))
}

/// What file names of messages end in.
fn is_ending(ending: &str) -> bool {
    ["eml", "msg", "mbox", "mbx", "txt", "gz", "zst"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(ending))
}

/// Whether a file's name was made of the subject.
fn is_within(subject: &str, stem: &str) -> bool {
    const SHORTEST: usize = 4;
    let letters = |text: &str| -> String {
        let kept = text.chars().filter(|char| char.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let subject = letters(subject);
    subject.chars().count() >= SHORTEST && letters(stem).contains(&subject)
}
