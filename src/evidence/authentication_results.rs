//! `Authentication-Results` (RFC 8601 2.2) and `ARC-Authentication-Results` (RFC 8617 4.1.1): one
//! field in, its results out.
//!
//! Read as servers write it: with or without authserv-id, comments and folds anywhere, a missing
//! `;`, values in quotes. Not read: `propspec` of methods other than SPF, DKIM, DMARC and `auth`.
//!
//! Part of the text is the client's (reverse-path, HELO, selector, From). Where a server copies
//! such a piece without quoting it, the piece can end a comment or a value too early and go on
//! with results of its own. So a field that has a quote or a comment that never closes, a quote
//! open at a comment's end, a stray `)` or `\`, or a control byte keeps its result words and loses
//! every domain and address; a result with a stray word in it loses its own; and of two SPF
//! results for one identity neither has any. Knows nothing of who is believed.

use std::borrow::Cow;

use super::spf::{Said, agreed, client_of, helo_of, opens_a_quote};
use super::value::{Slot, domain, has_control, mailbox_domain, token, unquoted};
use super::{Dkim, MethodResult, OtherResult, ResultCode, ResultField, Results, Spf, SpfIdentity};
use crate::lex::{comment_end, is_wsp, quoted_end};

/// Methods that begin a result without a `;` before them, and that are known in lower case
/// (the IANA registry, and what the large receivers add).
const METHODS: [&str; 18] = [
    "spf",
    "dkim",
    "dmarc",
    "arc",
    "iprev",
    "auth",
    "dkim-atps",
    "dkim-adsp",
    "domainkeys",
    "sender-id",
    "compauth",
    "bimi",
    "dnswl",
    "dara",
    "rrvs",
    "smime",
    "vbr",
    "x-tls",
];

/// Reads one field.
///
/// ```text
/// authres-header-field = "Authentication-Results:" authres-payload
/// authres-payload      = [CFWS] authserv-id [ CFWS authres-version ] ( no-result / 1*resinfo ) [CFWS] CRLF
/// resinfo              = [CFWS] ";" methodspec [ CFWS reasonspec ] [ CFWS 1*propspec ]
/// ```
/// ```text
/// Authentication-Results: in31.mail.ovh.net;
///     dkim=pass (1024-bit key; unprotected) header.d=smtp.example.com header.i=@smtp.example.com header.b="HDetLEPl";
///     dkim-atps=neutral
/// Authentication-Results: spf=pass (sender IP is 203.0.113.9) smtp.mailfrom=contoso.example;
///     dkim=pass (signature was verified) header.d=contoso.example;compauth=pass reason=100
/// ARC-Authentication-Results: i=1; mx.google.com;
///     spf=pass (google.com: domain of x@contoso.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@contoso.example
/// ```
pub(super) fn read<'x>(body: &'x str, kind: ResultField, field: usize) -> Results<'x> {
    let mut reader = Reader {
        text: body,
        at: 0,
        head: Head::Expected,
        segment_begins: true,
        sound: !has_control(body),
        draft: None,
        into: Results {
            field,
            kind,
            authserv_id: None,
            instance: None,
            results: Vec::new(),
        },
    };
    // What follows the place where the text stopped making sense is not read.
    if reader.run().is_none() {
        reader.sound = false;
    }
    reader.close();
    let Reader {
        mut into, sound, ..
    } = reader;
    if !sound {
        into.results.iter_mut().for_each(forget);
    }
    doubt_repeated_spf(&mut into.results);
    into
}

/// Where the authserv-id stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// Nothing but ARC's instance has been read yet.
    Expected,
    /// Read; its version may follow, and then the `;`.
    Open,
    /// Past it.
    Done,
}

struct Reader<'x> {
    text: &'x str,
    at: usize,
    head: Head,
    /// Nothing has been read since the last `;`.
    segment_begins: bool,
    sound: bool,
    draft: Option<Draft<'x>>,
    into: Results<'x>,
}

impl<'x> Reader<'x> {
    fn run(&mut self) -> Option<()> {
        while let Some(byte) = self.peek() {
            match byte {
                _ if is_wsp(byte) => self.at += 1,
                b'(' => {
                    let comment = self.comment()?;
                    if let Some(draft) = &mut self.draft {
                        draft.hear(comment);
                    }
                }
                b';' => {
                    self.at += 1;
                    self.segment_begins = true;
                    if self.head == Head::Open {
                        self.head = Head::Done;
                    }
                }
                _ => self.item()?,
            }
        }
        Some(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn comment(&mut self) -> Option<&'x str> {
        let end = comment_end(self.text, self.at)?;
        let comment = self.text.get(self.at..end)?;
        self.at = end;
        self.sound &= !opens_a_quote(comment);
        Some(comment)
    }

    /// `[CFWS]`
    fn skip_cfws(&mut self) -> Option<()> {
        while let Some(byte) = self.peek() {
            match byte {
                _ if is_wsp(byte) => self.at += 1,
                b'(' => {
                    self.comment()?;
                }
                _ => break,
            }
        }
        Some(())
    }

    /// A bare word, or `key [CFWS] "=" [CFWS] value`.
    fn item(&mut self) -> Option<()> {
        let start = self.at;
        let rest = self.text.get(start..)?;
        let length = rest.bytes().take_while(|&byte| !ends_key(byte)).count();
        if length == 0 {
            let quoted = self.value()?;
            if quoted.is_empty() {
                return None;
            }
            self.bare(quoted);
            return Some(());
        }
        let key = rest.get(..length)?;
        self.at += length;
        let behind_key = self.at;
        self.skip_cfws()?;
        if self.peek() == Some(b'=') {
            self.at += 1;
            self.skip_cfws()?;
            let value = self.value()?;
            self.pair(key, value);
        } else {
            // The comments are read again, by whoever they belong to.
            self.at = behind_key;
            self.bare(key);
        }
        Some(())
    }

    /// `value = token / quoted-string`, and whatever else stands there without white space.
    fn value(&mut self) -> Option<&'x str> {
        let start = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.at = quoted_end(self.text, self.at)?,
                b')' | b'\\' => return None,
                b'(' | b';' => break,
                _ if is_wsp(byte) => break,
                _ => self.at += 1,
            }
        }
        self.text.get(start..self.at)
    }

    fn bare(&mut self, word: &'x str) {
        match self.head {
            Head::Expected => {
                self.head = Head::Open;
                self.into.authserv_id = authserv_id(word);
            }
            Head::Open => {
                // Only a version may stand here; any other word leaves two ids to choose from.
                if !word.bytes().all(|byte| byte.is_ascii_digit()) {
                    self.into.authserv_id = None;
                }
            }
            // `none`, or the recipient's domain of older Microsoft fields.
            Head::Done if self.segment_begins => self.close(),
            Head::Done => {
                if let Some(draft) = &mut self.draft {
                    draft.sound = false;
                }
            }
        }
        self.segment_begins = false;
    }

    fn pair(&mut self, key: &'x str, value: &'x str) {
        let begins = std::mem::replace(&mut self.segment_begins, false);
        if self.head == Head::Expected
            && self.into.kind == ResultField::ArcAuthenticationResults
            && self.into.instance.is_none()
            && key.eq_ignore_ascii_case("i")
        {
            self.into.instance = value.parse().ok();
            return;
        }
        self.head = Head::Done;
        // Amazon SES ends each of Received-SPF's keys with a `;` here too.
        let continues =
            !begins || is_spf_key(key) && self.draft.as_ref().is_some_and(Draft::is_spf);
        if continues
            && let Some(draft) = &mut self.draft
            && !begins_result(key)
        {
            draft.put(key, value);
        } else if !key.contains('.') {
            self.close();
            self.draft = Some(Draft::new(key, value));
        }
    }

    fn close(&mut self) {
        if let Some(draft) = self.draft.take() {
            self.into.results.push(draft.finish());
        }
    }
}

const fn ends_key(byte: u8) -> bool {
    is_wsp(byte) || matches!(byte, b';' | b'(' | b')' | b'=' | b'"' | b'\\')
}

/// `authserv-id = value`; only a plain token can be compared with what a user names.
fn authserv_id(word: &str) -> Option<Cow<'_, str>> {
    let plain = word
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    plain.then_some(Cow::Borrowed(word))
}

fn known_method(key: &str) -> Option<&'static str> {
    METHODS
        .into_iter()
        .find(|method| method.eq_ignore_ascii_case(key))
}

fn begins_result(key: &str) -> bool {
    known_method(without_version(key)).is_some()
}

fn is_spf_key(key: &str) -> bool {
    ["client-ip", "envelope-from", "helo", "receiver", "identity"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(key))
}

/// `method = Keyword [ [CFWS] "/" [CFWS] method-version ]`
fn without_version(key: &str) -> &str {
    match key.split_once('/') {
        Some((method, version)) if version.bytes().all(|byte| byte.is_ascii_digit()) => method,
        _ => key,
    }
}

/// One result while it is being read.
#[derive(Debug, Default)]
struct Draft<'x> {
    method: &'x str,
    word: &'x str,
    /// Neither a stray word nor quotes within a value.
    sound: bool,
    mail_from: Slot<'x>,
    helo: Slot<'x>,
    client: Slot<'x>,
    from: Slot<'x>,
    auth: Slot<'x>,
    d: Slot<'x>,
    i: Slot<'x>,
    s: Slot<'x>,
    b: Slot<'x>,
    said: Said<'x>,
}

impl<'x> Draft<'x> {
    fn new(key: &'x str, word: &'x str) -> Self {
        Self {
            method: without_version(key),
            word,
            sound: true,
            ..Self::default()
        }
    }

    fn is_spf(&self) -> bool {
        self.method.eq_ignore_ascii_case("spf")
    }

    fn hear(&mut self, comment: &'x str) {
        if self.is_spf() {
            self.said.hear(comment);
        }
    }

    /// `propspec = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue`
    fn put(&mut self, key: &str, value: &'x str) {
        let slot = match known_property(key) {
            Some(Property::MailFrom) => &mut self.mail_from,
            Some(Property::Helo) => &mut self.helo,
            Some(Property::Client) => &mut self.client,
            Some(Property::From) => &mut self.from,
            Some(Property::Auth) => &mut self.auth,
            Some(Property::D) => &mut self.d,
            Some(Property::I) => &mut self.i,
            Some(Property::S) => &mut self.s,
            Some(Property::B) => &mut self.b,
            None => return,
        };
        slot.put(value);
        self.sound &= unquoted(value).is_some();
    }

    fn finish(self) -> MethodResult<'x> {
        let sound = self.sound;
        let mut result = if self.is_spf() {
            MethodResult::Spf(self.spf())
        } else if self.method.eq_ignore_ascii_case("dkim") {
            MethodResult::Dkim(self.dkim())
        } else {
            MethodResult::Other(self.other())
        };
        if !sound {
            forget(&mut result);
        }
        result
    }

    fn spf(self) -> Spf<'x> {
        let said = self.said;
        let of_helo = self.helo.is_present() && !self.mail_from.is_present();
        let (identity, domain) = if of_helo {
            (
                SpfIdentity::Helo,
                agreed(&[(self.helo, domain), (said.domain, mailbox_domain)]),
            )
        } else {
            let sources = &[
                (self.mail_from, mailbox_domain as _),
                (said.domain, mailbox_domain as _),
            ];
            (SpfIdentity::MailFrom, agreed(sources))
        };
        let (client, client_ip) = client_of(self.client, said.client);
        Spf {
            result: ResultCode::of(self.word),
            word: self.word,
            identity,
            domain,
            client,
            client_ip,
            helo: helo_of(self.helo, said.helo),
        }
    }

    fn dkim(self) -> Dkim<'x> {
        Dkim {
            result: ResultCode::of(self.word),
            word: self.word,
            domain: signer(self.d, self.i),
            selector: self.s.once().and_then(token),
            signature: self.b.once().and_then(token),
        }
    }

    fn other(self) -> OtherResult<'x> {
        let named = [
            self.from,
            self.d,
            self.i,
            self.auth,
            self.mail_from,
            self.helo,
        ];
        let domain = named.into_iter().find(|slot| slot.is_present());
        OtherResult {
            method: known_method(self.method).map_or(Cow::Borrowed(self.method), Cow::Borrowed),
            word: self.word,
            domain: domain.and_then(Slot::once).and_then(mailbox_domain),
        }
    }
}

/// `header.d`, else the domain of `header.i`. Microsoft writes `header.d=none` for no signature.
fn signer<'x>(d: Slot<'x>, i: Slot<'x>) -> Option<Cow<'x, str>> {
    let name = match d {
        Slot::Once(name) => domain(name),
        Slot::Repeated => None,
        Slot::Absent => i.once().and_then(mailbox_domain),
    };
    name.filter(|name| !name.eq_ignore_ascii_case("none"))
}

/// The properties that are read (the IANA registry, and what was written before it).
#[derive(Debug, Clone, Copy)]
enum Property {
    MailFrom,
    Helo,
    Client,
    From,
    Auth,
    D,
    I,
    S,
    B,
}

const PROPERTIES: [(&str, Property); 13] = [
    ("smtp.mailfrom", Property::MailFrom),
    ("smtp.mail", Property::MailFrom),
    ("envelope-from", Property::MailFrom),
    ("smtp.helo", Property::Helo),
    ("helo", Property::Helo),
    ("smtp.remote-ip", Property::Client),
    ("client-ip", Property::Client),
    ("header.d", Property::D),
    ("header.i", Property::I),
    ("header.s", Property::S),
    ("header.b", Property::B),
    ("header.from", Property::From),
    ("smtp.auth", Property::Auth),
];

fn known_property(key: &str) -> Option<Property> {
    let found = PROPERTIES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(key));
    found.map(|(_, property)| *property)
}

/// Leaves the result's words and nothing that could point at anybody.
fn forget(result: &mut MethodResult<'_>) {
    match result {
        MethodResult::Spf(spf) => {
            spf.domain = None;
            spf.client = None;
            spf.client_ip = None;
            spf.helo = None;
        }
        MethodResult::Dkim(dkim) => {
            dkim.domain = None;
            dkim.selector = None;
            dkim.signature = None;
        }
        MethodResult::Other(other) => other.domain = None,
    }
}

/// A server writes at most one SPF result for each identity, and the HELO is the same in both:
/// where there is more, somebody else wrote some of it.
fn doubt_repeated_spf(results: &mut [MethodResult<'_>]) {
    let mut mail_from = 0;
    let mut of_helo = 0;
    let mut helo: Option<String> = None;
    let mut one_helo = true;
    for result in results.iter() {
        let MethodResult::Spf(spf) = result else {
            continue;
        };
        match spf.identity {
            SpfIdentity::MailFrom => mail_from += 1,
            SpfIdentity::Helo => of_helo += 1,
        }
        if let Some(name) = spf.helo.as_deref() {
            one_helo &= helo
                .as_deref()
                .is_none_or(|known| known.eq_ignore_ascii_case(name));
            helo.get_or_insert_with(|| name.to_owned());
        }
    }
    if mail_from > 1 || of_helo > 1 || !one_helo {
        results
            .iter_mut()
            .filter(|result| matches!(result, MethodResult::Spf(_)))
            .for_each(forget);
    }
}
