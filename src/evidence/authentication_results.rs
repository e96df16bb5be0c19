//! `Authentication-Results` (RFC 8601 2.2) and `ARC-Authentication-Results` (RFC 8617 4.1.1): one
//! field in, its results out.
//!
//! Read as servers write it: with or without authserv-id, comments and folds anywhere, a missing
//! `;`, values in quotes. Not read: `propspec` of methods other than SPF, DKIM, DMARC and `auth`.
//!
//! Part of the text is the client's (reverse-path, HELO, selector, From, the `i=` of a signature).
//! Where a server copies such a piece without quoting it, the piece can end a comment or a value
//! too early and go on with results of its own. OpenDKIM is such a server: it decodes `i=`
//! (RFC 6376 2.11) and prints it bare between `header.d` and `header.b`. So a field is *unsound*,
//! keeps its result words and loses every domain and address, where a quote or a comment never
//! closes, a quote is open at a comment's end, a stray `)` or `\` or a control byte stands, a
//! method has no `;` before it, a property is none that servers write, or its DKIM results do not
//! look as one verifier writes them ([`signatures`]). A result with a stray word in it loses its
//! own, and of two SPF results for one identity neither has any. Knows nothing of who is believed.

use std::borrow::Cow;

use super::spf::{Said, agreed, client_of, helo_domain, helo_of, opens_a_quote};
use super::value::{Slot, domain, has_control, mailbox_domain, token, unquoted};
use super::{Dkim, MethodResult, OtherResult, ResultCode, ResultField, Results, Spf, SpfIdentity};
use crate::lex::{comment_end, contains, is_wsp, quoted_end};

mod properties;
mod signatures;

use self::properties::{Property, Standard, known_property, standard};
use self::signatures::Signatures;

/// Methods that are known (the IANA registry, and what the large receivers add). One of these with
/// a `=` behind it is a result wherever it stands, and unsound without a `;` before it.
const METHODS: [&str; 19] = [
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
    "x-google-dkim",
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
        signatures: Signatures::default(),
        into: Results {
            field,
            kind,
            authserv_id: None,
            instance: None,
            unsound: false,
            results: Vec::new(),
        },
    };
    // What follows the place where the text stopped making sense is not read.
    if reader.run().is_none() {
        reader.sound = false;
    }
    reader.close();
    let Reader {
        mut into,
        sound,
        signatures,
        ..
    } = reader;
    into.unsound = !sound || !signatures.are_of_one_hand();
    if into.unsound {
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
    signatures: Signatures<'x>,
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
                        self.sound &= draft.hear(comment);
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
                    draft.strays.put(word);
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
        let first = std::mem::replace(&mut self.head, Head::Done) != Head::Done;
        // Amazon SES ends each of Received-SPF's keys with a `;` here too.
        let continues =
            !begins || is_spf_key(key) && self.draft.as_ref().is_some_and(Draft::is_spf);
        if begins_result(key) || key.eq_ignore_ascii_case(GATEWAY_SPF) {
            self.sound &= begins || first;
            self.begin(key, value);
        } else if continues {
            if let Some(draft) = &mut self.draft {
                self.sound &= draft.put(key, value);
            } else if !key.contains('.') {
                self.begin(key, value);
            }
        } else {
            self.close();
            match key.contains('.') {
                // It belongs to nothing (some print Microsoft's fields so).
                true => {
                    self.sound &= known_property(key).is_some() || standard(key) != Standard::None;
                }
                false => self.begin(key, value),
            }
        }
    }

    /// `methodspec = [CFWS] method [CFWS] "=" [CFWS] result`, of which both are Keywords.
    fn begin(&mut self, method: &'x str, word: &'x str) {
        self.close();
        self.sound &= !method.contains('@') && !word.contains('@');
        self.draft = Some(Draft::new(method, word));
    }

    fn close(&mut self) {
        if let Some(draft) = self.draft.take() {
            match draft.is_dkim() {
                true => self
                    .signatures
                    .put(draft.word, draft.d, draft.i, draft.b, draft.order),
                false => self.signatures.pass_over(draft.method),
            }
            self.into.results.push(draft.finish());
        }
    }
}

/// What Google writes instead of `spf` for a gateway that the recipient named: a method that holds
/// a dot, and no check of SPF.
const GATEWAY_SPF: &str = "gateway.spf";

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
    /// No value has quotes within it.
    sound: bool,
    /// Words that are neither of a property nor in a comment.
    strays: Strays<'x>,
    /// The properties of a signature in the order in which they stand.
    order: u32,
    mail_from: Slot<'x>,
    helo: Slot<'x>,
    client: Slot<'x>,
    from: Slot<'x>,
    auth: Slot<'x>,
    d: Slot<'x>,
    i: Slot<'x>,
    s: Slot<'x>,
    b: Slot<'x>,
    reason: Slot<'x>,
    recipient: Slot<'x>,
    pra: Slot<'x>,
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

    /// Cisco gives the result of Sender-ID (RFC 4406) as one of SPF, of a third identity.
    fn is_spf(&self) -> bool {
        self.method.eq_ignore_ascii_case("spf") && !self.is_sender_id()
    }

    fn is_sender_id(&self) -> bool {
        self.pra.is_present() && !self.mail_from.is_present() && !self.helo.is_present()
    }

    fn is_dkim(&self) -> bool {
        self.method.eq_ignore_ascii_case("dkim")
    }

    /// False where the comment of a signature holds properties: it began in the client's own words
    /// and hides the server's.
    fn hear(&mut self, comment: &'x str) -> bool {
        if self.is_spf() {
            self.said.hear(comment);
        }
        !self.is_dkim() || !contains(&comment.to_ascii_lowercase(), "header.")
    }

    /// `propspec = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue`
    ///
    /// False where the property is none that servers write.
    fn put(&mut self, key: &str, value: &'x str) -> bool {
        let known = known_property(key);
        if let Some(place @ (Property::D | Property::I | Property::B)) = known {
            self.order = self.order.saturating_mul(4) + place as u32 + 1;
        }
        let slot = match known {
            Some(Property::MailFrom) => &mut self.mail_from,
            Some(Property::Helo) => &mut self.helo,
            Some(Property::Client) => &mut self.client,
            Some(Property::From) => &mut self.from,
            Some(Property::Auth) => &mut self.auth,
            Some(Property::Recipient) => &mut self.recipient,
            Some(Property::Pra) => &mut self.pra,
            Some(Property::D) => &mut self.d,
            Some(Property::I) => &mut self.i,
            Some(Property::S) => &mut self.s,
            Some(Property::B) => &mut self.b,
            None => {
                if key.eq_ignore_ascii_case("reason") {
                    self.reason.put(value);
                }
                // Cisco's name of the domain of From.
                if key.eq_ignore_ascii_case("d") && self.method.eq_ignore_ascii_case("dmarc") {
                    self.from.put(value);
                }
                // What stands beside a method that is nobody's is nobody's, too.
                let own = known_method(self.method).is_none();
                return match standard(key) {
                    Standard::Any => true,
                    Standard::NoAddress => unquoted(value)
                        .is_some_and(|plain| value.starts_with('"') || !plain.contains('@')),
                    Standard::None => own && !value.contains('@'),
                };
            }
        };
        slot.put(value);
        self.sound &= unquoted(value).is_some();
        true
    }

    fn finish(self) -> MethodResult<'x> {
        let sound = self.sound && self.strays.are_harmless(&self);
        let mut result = if self.is_spf() {
            MethodResult::Spf(self.spf())
        } else if self.is_dkim() {
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
                agreed(&[(self.helo, helo_domain), (said.domain, mailbox_domain)]),
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
            result: said.result(self.word),
            word: self.word,
            nothing_checked: said.nothing_checked,
            identity,
            domain,
            client,
            client_ip,
            helo: helo_of(self.helo, said.helo),
            recipient: self.recipient.once().and_then(super::value::domain),
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
            self.pra,
        ];
        let domain = named.into_iter().find(|slot| slot.is_present());
        OtherResult {
            method: match self.method.eq_ignore_ascii_case("spf") {
                true => Cow::Borrowed("sender-id"),
                false => {
                    known_method(self.method).map_or(Cow::Borrowed(self.method), Cow::Borrowed)
                }
            },
            word: self.word,
            domain: domain.and_then(Slot::once).and_then(mailbox_domain),
            reason: self.reason.once(),
        }
    }
}

/// `header.d`, else the domain of `header.i`. Microsoft writes `header.d=none` for no signature.
fn signer<'x>(d: Slot<'x>, i: Slot<'x>) -> Option<Cow<'x, str>> {
    let name = match d {
        Slot::Once(name) => domain(name),
        Slot::Repeated => None,
        Slot::Absent => i
            .once()
            .filter(|identity| identity.contains('@'))
            .and_then(mailbox_domain),
    };
    name.filter(|name| !name.eq_ignore_ascii_case("none"))
}

/// The first words in a result that belong to nothing.
#[derive(Debug, Clone, Copy, Default)]
struct Strays<'x> {
    first: Option<&'x str>,
    second: Option<&'x str>,
    more: bool,
}

impl<'x> Strays<'x> {
    const fn put(&mut self, word: &'x str) {
        match (self.first, self.second) {
            (None, _) => self.first = Some(word),
            (Some(_), None) => self.second = Some(word),
            (Some(_), Some(_)) => self.more = true,
        }
    }

    /// Some servers write the recipient behind the reverse-path: `smtp.mailfrom=x@contoso.example
    /// for mary@example.net`. A reverse-path that holds those words itself would have spoiled the
    /// sentence of the comment, so that has to say the domain, too.
    fn are_harmless(self, draft: &Draft<'_>) -> bool {
        match (self.first, self.second, self.more) {
            (None, ..) => true,
            (Some("for"), Some(address), false) => {
                address.contains('@') && draft.is_spf() && draft.said.domain.once().is_some()
            }
            _ => false,
        }
    }
}

/// Leaves the result's words and nothing that could point at anybody.
fn forget(result: &mut MethodResult<'_>) {
    match result {
        MethodResult::Spf(spf) => {
            spf.domain = None;
            spf.client = None;
            spf.client_ip = None;
            spf.helo = None;
            spf.recipient = None;
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

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;

    /// One line a result: `spf pass mailfrom domain client helo`, `dkim pass domain selector b`,
    /// `method word domain`; `-` for what is not there.
    fn shown(results: &Results<'_>) -> Vec<String> {
        let or = |text: &Option<Cow<'_, str>>| text.as_deref().unwrap_or("-").to_owned();
        let line = |result: &MethodResult<'_>| match result {
            MethodResult::Spf(spf) => {
                let identity = match spf.identity {
                    SpfIdentity::MailFrom => "mailfrom",
                    SpfIdentity::Helo => "helo",
                };
                let (domain, client, helo) = (or(&spf.domain), or(&spf.client), or(&spf.helo));
                format!("spf {:?} {identity} {domain} {client} {helo}", spf.result)
            }
            MethodResult::Dkim(dkim) => {
                let (domain, selector, b) =
                    (or(&dkim.domain), or(&dkim.selector), or(&dkim.signature));
                format!("dkim {:?} {domain} {selector} {b}", dkim.result)
            }
            MethodResult::Other(other) => {
                format!("{} {} {}", other.method, other.word, or(&other.domain))
            }
        };
        results.results.iter().map(line).collect()
    }

    /// Every body is read as it is, folded at every space with LF and with CRLF, and all agree.
    fn check(kind: ResultField, body: &str, id: Option<&str>, wanted: &[&str]) {
        let folds = [
            body.to_owned(),
            body.replace(' ', "\n "),
            body.replace(' ', "\r\n\t"),
        ];
        for body in &folds {
            let results = read(body, kind, 7);
            assert_eq!(results.authserv_id.as_deref(), id, "{body}");
            assert_eq!(shown(&results), wanted, "{body}");
            assert_eq!(results.field, 7);
        }
    }

    fn authres(body: &str, id: Option<&str>, wanted: &[&str]) {
        check(ResultField::AuthenticationResults, body, id, wanted);
    }

    fn arc(body: &str, id: Option<&str>, wanted: &[&str]) {
        check(ResultField::ArcAuthenticationResults, body, id, wanted);
    }

    #[test]
    fn opendkim_of_the_documented_sample() {
        authres(
            "in31.mail.ovh.net; dkim=pass (1024-bit key; unprotected) header.d=smtp.example.com header.i=@smtp.example.com header.b=\"HDetLEPl\"; dkim-atps=neutral",
            Some("in31.mail.ovh.net"),
            &[
                "dkim Pass smtp.example.com - HDetLEPl",
                "dkim-atps neutral -",
            ],
        );
        authres(
            "in32.mail.ovh.net; dkim=none; dkim-atps=neutral",
            Some("in32.mail.ovh.net"),
            &["dkim None - - -", "dkim-atps neutral -"],
        );
    }

    #[test]
    fn microsoft_without_authserv_id() {
        authres(
            "spf=pass (sender IP is 203.0.113.9) smtp.mailfrom=contoso.example; dkim=pass (signature was verified) header.d=contoso.example;dmarc=pass action=none header.from=contoso.example;compauth=pass reason=100",
            None,
            &[
                "spf Pass mailfrom contoso.example 203.0.113.9 -",
                "dkim Pass contoso.example - -",
                "dmarc pass contoso.example",
                "compauth pass -",
            ],
        );
        authres(
            "dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=contoso.example;",
            None,
            &["dkim None - - -", "dmarc none contoso.example"],
        );
        // Before 2021 the recipient's domain stands before each method.
        authres(
            "spf=softfail (sender IP is 203.0.113.9) smtp.mailfrom=contoso.example; fabrikam.example; dkim=none (message not signed) header.d=none;fabrikam.example; dmarc=fail action=none header.from=contoso.example;",
            None,
            &[
                "spf SoftFail mailfrom contoso.example 203.0.113.9 -",
                "dkim None - - -",
                "dmarc fail contoso.example",
            ],
        );
    }

    #[test]
    fn arc_of_microsoft_and_google() {
        arc(
            "i=2; mx.microsoft.com 1; spf=pass (sender ip is 203.0.113.9) smtp.rcpttodomain=fabrikam.example smtp.mailfrom=contoso.example; dmarc=pass (p=none sp=none pct=100) action=none header.from=contoso.example; dkim=pass (signature was verified) header.d=contoso.example; arc=pass (0 oda=1 ltdi=1 spf=[1,1,smtp.mailfrom=contoso.example] dkim=[1,1,header.d=contoso.example])",
            Some("mx.microsoft.com"),
            &[
                "spf Pass mailfrom contoso.example 203.0.113.9 -",
                "dmarc pass contoso.example",
                "dkim Pass contoso.example - -",
                "arc pass -",
            ],
        );
        arc(
            "i=1; mx.google.com; dkim=pass header.i=@contoso.example header.s=sel1 header.b=MiT2I4Gf; spf=pass (google.com: domain of x@contoso.example designates 2001:db8::9 as permitted sender) smtp.mailfrom=x@contoso.example; dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=contoso.example",
            Some("mx.google.com"),
            &[
                "dkim Pass contoso.example sel1 MiT2I4Gf",
                "spf Pass mailfrom contoso.example 2001:db8::9 -",
                "dmarc pass contoso.example",
            ],
        );
        let body = "i=3; mx.google.com; spf=none smtp.mailfrom=contoso.example";
        assert_eq!(
            read(body, ResultField::ArcAuthenticationResults, 0).instance,
            Some(3)
        );
        arc(
            "i=1; mx.microsoft.com 1; spf=none; dmarc=none; dkim=none; arc=none",
            Some("mx.microsoft.com"),
            &[
                "spf None mailfrom - - -",
                "dmarc none -",
                "dkim None - - -",
                "arc none -",
            ],
        );
        // Outside ARC an `i` is a method like any other.
        assert_eq!(
            read(
                "i=1; a.example; spf=none",
                ResultField::AuthenticationResults,
                0
            )
            .instance,
            None
        );
    }

    /// The words of a reverse-path name nobody.
    #[test]
    fn the_recipient_of_microsoft() {
        let of = |rest: &str| {
            let body = format!("i=1; mx.microsoft.com 1; spf=pass (sender ip is 192.0.2.1) {rest}");
            let results = read(&body, ResultField::ArcAuthenticationResults, 0);
            match results.results.into_iter().next() {
                Some(MethodResult::Spf(spf)) => spf.recipient.map(Cow::into_owned),
                _ => None,
            }
        };
        assert_eq!(
            of("smtp.rcpttodomain=fabrikam.example smtp.mailfrom=contoso.example").as_deref(),
            Some("fabrikam.example")
        );
        for rest in [
            "smtp.mailfrom=\"smtp.rcpttodomain=fabrikam.example\"@evil.example",
            "(smtp.rcpttodomain=fabrikam.example) smtp.mailfrom=evil.example",
            "smtp.rcpttodomain=a.example smtp.rcpttodomain=fabrikam.example",
            "smtp.mailfrom=a smtp.rcpttodomain=fabrikam.example @evil.example",
            "reason=\"smtp.rcpttodomain=fabrikam.example\"",
        ] {
            assert_eq!(of(rest), None, "{rest}");
        }
    }

    #[test]
    fn google() {
        authres(
            "mx.google.com; spf=softfail (google.com: domain of transitioning x@contoso.example does not designate 192.0.2.1 as permitted sender) smtp.mailfrom=x@contoso.example",
            Some("mx.google.com"),
            &["spf SoftFail mailfrom contoso.example 192.0.2.1 -"],
        );
        authres(
            "mx.google.com; spf=neutral (google.com: 192.0.2.1 is neither permitted nor denied by best guess record for domain of x@contoso.example) smtp.mail=x@contoso.example",
            Some("mx.google.com"),
            &["spf Neutral mailfrom contoso.example 192.0.2.1 -"],
        );
        authres(
            "mx.google.com; spf=pass (google.com: domain of postmaster@mail.contoso.example designates 192.0.2.1 as permitted sender) smtp.helo=mail.contoso.example",
            Some("mx.google.com"),
            &["spf Pass helo mail.contoso.example 192.0.2.1 mail.contoso.example"],
        );
        authres(
            "mx.google.com; arc=pass (i=1 spf=pass spfdomain=contoso.example dkim=pass dkdomain=contoso.example); spf=pass (google.com: best guess record for domain of x@contoso.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@contoso.example",
            Some("mx.google.com"),
            &[
                "arc pass -",
                "spf Other mailfrom contoso.example 192.0.2.1 -",
            ],
        );
    }

    #[test]
    fn policyd_spf_with_its_keys_in_a_comment() {
        authres(
            "lists.example; spf=pass (sender SPF authorized) smtp.mailfrom=contoso.example (client-ip=192.0.2.1; helo=mail.contoso.example; envelope-from=x@contoso.example; receiver=lists.example)",
            Some("lists.example"),
            &["spf Pass mailfrom contoso.example 192.0.2.1 mail.contoso.example"],
        );
        // The same comment beside another method says nothing of SPF.
        authres(
            "lists.example; spf=pass smtp.mailfrom=contoso.example; dmarc=pass (client-ip=192.0.2.1; helo=a.example)",
            Some("lists.example"),
            &["spf Pass mailfrom contoso.example - -", "dmarc pass -"],
        );
    }

    #[test]
    fn other_servers() {
        for (body, id, wanted) in [
            // Yahoo
            (
                "mx.example; spf=None smtp.pra=x@contoso.example; spf=Pass smtp.mailfrom=b@relay.example.com; spf=None smtp.helo=postmaster@mail.relay.example.com",
                "mx.example",
                &[
                    "sender-id None contoso.example",
                    "spf Pass mailfrom relay.example.com - -",
                    "spf None helo mail.relay.example.com - mail.relay.example.com",
                ][..],
            ),
            (
                "atlas123.yahoo.example; dkim=pass header.i=@contoso.example header.s=sel; spf=pass smtp.mailfrom=contoso.example; dmarc=pass(p=REJECT,sp=REJECT) header.from=contoso.example;",
                "atlas123.yahoo.example",
                &[
                    "dkim Pass contoso.example sel -",
                    "spf Pass mailfrom contoso.example - -",
                    "dmarc pass contoso.example",
                ][..],
            ),
            // Fastmail
            (
                "mx1.messagingengine.com; arc=none (no signatures found); dkim=pass (2048-bit rsa key sha256) header.d=contoso.example header.i=@contoso.example header.b=abc+/1== header.a=rsa-sha256 header.s=s1 x-bits=2048; dmarc=pass policy.published-domain-policy=none policy.applied-disposition=none (p=none,d=none) header.from=contoso.example; iprev=pass smtp.remote-ip=192.0.2.1 (mail.contoso.example); spf=pass smtp.mailfrom=x@contoso.example smtp.helo=mail.contoso.example; x-me-sender=none",
                "mx1.messagingengine.com",
                &[
                    "arc none -",
                    "dkim Pass contoso.example s1 abc+/1==",
                    "dmarc pass contoso.example",
                    "iprev pass -",
                    "spf Pass mailfrom contoso.example - mail.contoso.example",
                    "x-me-sender none -",
                ],
            ),
            // Proton, a field for each method
            (
                "mail.protonmail.ch; arc=none smtp.remote-ip=192.0.2.1",
                "mail.protonmail.ch",
                &["arc none -"],
            ),
            (
                "mail.protonmail.ch; dmarc=none (p=none dis=none) header.from=contoso.example",
                "mail.protonmail.ch",
                &["dmarc none contoso.example"],
            ),
            // rspamd
            (
                "mx.example; dkim=pass header.d=contoso.example header.s=s1 header.b=\"Ab/+1\"; dmarc=pass (policy=none) header.from=contoso.example; spf=pass (mx.example: domain of x@contoso.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@contoso.example",
                "mx.example",
                &[
                    "dkim Pass contoso.example s1 Ab/+1",
                    "dmarc pass contoso.example",
                    "spf Pass mailfrom contoso.example 192.0.2.1 -",
                ],
            ),
            // mail.ru
            (
                "mxs.mail.ru; spf=pass (mx200.i.mail.ru: domain of contoso.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@contoso.example smtp.helo=mail.contoso.example; dkim=pass header.d=contoso.example; dmarc=pass header.from=x@contoso.example",
                "mxs.mail.ru",
                &[
                    "spf Pass mailfrom contoso.example 192.0.2.1 mail.contoso.example",
                    "dkim Pass contoso.example - -",
                    "dmarc pass contoso.example",
                ],
            ),
            (
                "mxs.mail.ru; spf=none () smtp.mailfrom=x@contoso.example smtp.helo=h.example",
                "mxs.mail.ru",
                &["spf None mailfrom contoso.example - h.example"],
            ),
            // Exim, Haraka, GMX
            (
                "mx.example; iprev=pass (mail.contoso.example) smtp.remote-ip=192.0.2.1; spf=pass smtp.mailfrom=contoso.example",
                "mx.example",
                &["iprev pass -", "spf Pass mailfrom contoso.example - -"],
            ),
            (
                "mx.example; auth=pass (plain) smtp.auth=x@contoso.example",
                "mx.example",
                &["auth pass contoso.example"],
            ),
            (
                "gmx.net; dkim=pass header.i=@contoso.example",
                "gmx.net",
                &["dkim Pass contoso.example - -"],
            ),
            // Zoho
            (
                "mx.zohomail.com; dkim=pass; spf=pass (zohomail.com: domain of x@contoso.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@contoso.example; dmarc=pass(p=reject dis=none) header.from=contoso.example",
                "mx.zohomail.com",
                &[
                    "dkim Pass - - -",
                    "spf Pass mailfrom contoso.example 192.0.2.1 -",
                    "dmarc pass contoso.example",
                ],
            ),
            // Amazon SES: each key ends with `;`
            (
                "amazonses.com; spf=pass (spfCheck: domain of contoso.example designates 192.0.2.1 as permitted sender) client-ip=192.0.2.1; envelope-from=x@contoso.example; helo=mail.contoso.example; dkim=pass header.i=@contoso.example;",
                "amazonses.com",
                &[
                    "spf Pass mailfrom contoso.example 192.0.2.1 mail.contoso.example",
                    "dkim Pass contoso.example - -",
                ],
            ),
            // Cisco
            (
                "esa1.example.net; dmarc=pass (p=quarantine dis=none) d=contoso.example",
                "esa1.example.net",
                &["dmarc pass contoso.example"],
            ),
            // OVHcloud's sending side
            (
                "garm.ovh; auth=pass (GARM-99G0039684dcb8, A1C5BDF50025601E) smtp.auth=jane.doe@contoso.example",
                "garm.ovh",
                &["auth pass contoso.example"],
            ),
            // Two results, addresses in quotes, a helo result beside the mailfrom one
            (
                "mx.example; dkim=pass header.d=a.example; dkim=fail header.d=b.example; spf=pass smtp.mailfrom=\"x@contoso.example\" smtp.remote-ip=\"2001:db8::1\"; spf=none smtp.helo=h.example",
                "mx.example",
                &[
                    "dkim Pass a.example - -",
                    "dkim Fail b.example - -",
                    "spf Pass mailfrom contoso.example 2001:db8::1 -",
                    "spf None helo h.example - h.example",
                ],
            ),
            (
                "mx.example; domainkeys=pass header.from=x@contoso.example",
                "mx.example",
                &["domainkeys pass contoso.example"],
            ),
            ("mx.example; none", "mx.example", &[]),
            ("mx.example 1; none", "mx.example", &[]),
            ("mx.example", "mx.example", &[]),
        ] {
            authres(body, Some(id), wanted);
        }
    }

    #[test]
    fn comments_and_spaces_anywhere() {
        let wanted = &[
            "spf Pass mailfrom contoso.example - -",
            "dkim Fail contoso.example - -",
        ];
        for body in [
            "mx.example; spf=pass smtp.mailfrom=contoso.example; dkim=fail header.d=contoso.example",
            "mx.example ; spf = pass smtp.mailfrom = contoso.example ; dkim = fail header.d = contoso.example ;",
            "(a;b) mx.example (c (d; spf=fail) e) 1 (f); (g) spf (h) = (i) pass (j;) smtp.mailfrom (k) = (l) contoso.example (m); dkim=fail (n) header.d=contoso.example (o)",
            "mx.example spf=pass smtp.mailfrom=contoso.example; dkim=fail header.d=contoso.example",
            "mx.example; SPF=PASS SMTP.MailFrom=contoso.example; Dkim/1=Fail Header.D=contoso.example",
            "mx.example; spf=pass reason=\"good; dkim=pass header.d=x.example\" smtp.mailfrom=contoso.example; dkim=fail reason=bad header.d=contoso.example",
        ] {
            authres(body, Some("mx.example"), wanted);
        }
    }

    #[test]
    fn only_a_whole_word_is_a_pass() {
        for (body, wanted) in [
            (
                "a.example; spf=bestguesspass smtp.mailfrom=c.example",
                ResultCode::Other,
            ),
            ("a.example; spf=passed", ResultCode::Other),
            ("a.example; spf=pass-ish", ResultCode::Other),
            ("a.example; spf=pass/1", ResultCode::Other),
            ("a.example; spf=pass,", ResultCode::Other),
            ("a.example; spf=pass=pass", ResultCode::Other),
            ("a.example; spf=\"pass\"", ResultCode::Other),
            ("a.example; spf=", ResultCode::Other),
            ("a.example; spf=;pass", ResultCode::Other),
            ("a.example; spf=pass\u{a0}", ResultCode::Other),
            ("a.example; spf=(pass) fail", ResultCode::Fail),
            ("a.example; spf=fail (pass)", ResultCode::Fail),
            ("a.example; spf=hardfail", ResultCode::Fail),
            ("a.example; spf (=pass) = softfail", ResultCode::SoftFail),
            ("a.example; spf=temperror", ResultCode::TempError),
            ("a.example; spf=permerror", ResultCode::PermError),
            ("a.example; spf=policy", ResultCode::Policy),
            ("a.example; spf=pass", ResultCode::Pass),
        ] {
            let results = read(body, ResultField::AuthenticationResults, 0);
            let MethodResult::Spf(spf) = &results.results[0] else {
                panic!("{body}")
            };
            assert_eq!(spf.result, wanted, "{body}");
        }
    }

    #[test]
    fn only_a_whole_token_is_a_method() {
        for body in [
            "a.example; x-spf=pass smtp.mailfrom=c.example",
            "a.example; spf-x=pass",
            "a.example; arc=fail (spf=pass smtp.mailfrom=c.example)",
            "a.example; arc=fail reason=\"spf=pass smtp.mailfrom=c.example\"",
            "a.example; \"spf=pass\"",
            "a.example (; spf=pass) ; none",
            "a.example; reason.spf=pass",
        ] {
            let results = read(body, ResultField::AuthenticationResults, 0);
            let none = !results
                .results
                .iter()
                .any(|r| matches!(r, MethodResult::Spf(_)));
            assert!(none, "{body}");
        }
    }

    #[test]
    fn an_authserv_id_is_one_plain_token() {
        for (body, wanted) in [
            ("mx.example 1; spf=none", Some("mx.example")),
            ("mx.example evil.example; spf=none", None),
            ("mx.example (evil) evil; spf=none", None),
            ("\"mx.example\"; spf=none", None),
            ("mx.example\u{430}; spf=none", None),
            ("mx.example/1; spf=none", None),
            ("; mx.example; spf=none", Some("mx.example")),
        ] {
            let results = read(body, ResultField::AuthenticationResults, 0);
            assert_eq!(results.authserv_id.as_deref(), wanted, "{body}");
            assert_eq!(shown(&results), ["spf None mailfrom - - -"], "{body}");
        }
    }

    /// What the client wrote must not become a domain or an address of its choice.
    #[test]
    fn the_client_chooses_nothing() {
        for body in [
            // A local part in quotes that ends Google's comment, and one that opens another.
            "mx.google.com; spf=pass (google.com: domain of \"a) smtp.mailfrom=x@relay.example.com; spf=pass (x\"@evil.example designates 192.0.2.66 as permitted sender) smtp.mailfrom=\"a) smtp.mailfrom=x@relay.example.com; spf=pass (x\"@evil.example",
            "mx.google.com; spf=softfail (google.com: domain of \"a);dkim=pass header.d=relay.example.com;x=(\"@evil.example does not designate 192.0.2.66 as permitted sender) smtp.mailfrom=evil",
            "mx.google.com; spf=pass (google.com: domain of \"a( \"@evil.example designates 192.0.2.66 as permitted sender) smtp.mailfrom=x@relay.example.com",
            "mx.google.com; spf=pass (google.com: domain of \"x@relay.example.com designates 192.0.2.1 as permitted sender \"@evil.example designates 192.0.2.66 as permitted sender) smtp.mailfrom=\"x@relay.example.com \"@evil.example",
            "mx.google.com; spf=pass (google.com: domain of x@relay.example.com designates 192.0.2.1 as permitted sender designates 192.0.2.66 as permitted sender)",
            // A server that copies HELO or reverse-path without quoting them.
            "mx.example; spf=pass smtp.mailfrom=evil smtp.helo=x; spf=pass smtp.mailfrom=relay.example.com",
            "mx.example; spf=pass smtp.mailfrom=evil smtp.helo=x spf=pass smtp.mailfrom=relay.example.com",
            "mx.example; spf=pass smtp.helo=x smtp.mailfrom=relay.example.com smtp.mailfrom=evil",
            "mx.example; spf=pass smtp.helo=x) smtp.mailfrom=relay.example.com (y smtp.mailfrom=evil",
            "mx.example; spf=pass smtp.helo=x smtp.mailfrom=relay.example.com (y smtp.mailfrom=evil",
            "mx.example; spf=pass smtp.helo=x smtp.mailfrom=relay.example.com y=\" smtp.mailfrom=evil",
            "mx.example; spf=pass smtp.helo=x smtp.mailfrom=\" smtp.mailfrom=\"@relay.example.com",
            "mx.example; spf=none smtp.mailfrom=evil smtp.helo=x; spf=pass smtp.helo=relay.example.com",
            "mx.example; spf=pass smtp.mailfrom=x @relay.example.com smtp.remote-ip=192.0.2.1",
            "mx.example; spf=pass smtp.mailfrom=relay.example.com x@evil.example",
            "mx.example; spf=pass smtp.mailfrom=\"x@relay.example.com",
            "mx.example; spf=pass smtp.mailfrom=relay.example.com\u{1}evil",
            "mx.example; spf=pass smtp.mailfrom=relay.example.com\rx",
            "mx.example; spf=pass smtp.mailfrom=a\\;\\ dkim=pass header.d=relay.example.com",
            "mx.example; spf=pass smtp.mailfrom=evil.example (client-ip=192.0.2.66; helo=x; client-ip=192.0.2.1; envelope-from=x@evil.example)",
            "mx.example; spf=pass smtp.mailfrom=evil.example (client-ip=192.0.2.66; helo=\"x) smtp.mailfrom=relay.example.com (\"; envelope-from=x@evil.example)",
            "mx.example; spf=pass (sender IP is 192.0.2.1) (sender IP is 192.0.2.66) smtp.mailfrom=evil",
            "mx.example; spf=pass (x client-ip=192.0.2.1;) smtp.mailfrom=evil",
            "mx.example; spf=pass (the sender IP is 192.0.2.1) smtp.mailfrom=evil",
            "mx.example; dkim=pass header.d=relay.example.com header.d=evil",
            "mx.example; dkim=pass header.i=@relay.example.com header.i=@evil",
            "mx.example; spf=pass smtp.helo=\"a\"b smtp.mailfrom=relay.example.com",
            "mx.example; spf=pass y=\u{1} smtp.mailfrom=relay.example.com",
            "mx.example; dkim=pass; header.d=relay.example.com",
            "mx.example; dkim=pass header.d=\"relay.example.com",
            "mx.example; dkim=fail header.b=\"x\"header.d=relay.example.com; dkim=pass",
        ] {
            let folded = [body.to_owned(), body.replace(' ', "\r\n ")];
            for body in &folded {
                for result in &read(body, ResultField::AuthenticationResults, 0).results {
                    let (domain, client) = match result {
                        MethodResult::Spf(spf) => (&spf.domain, spf.client_ip),
                        MethodResult::Dkim(dkim) => (&dkim.domain, None),
                        MethodResult::Other(other) => (&other.domain, None),
                    };
                    assert_ne!(domain.as_deref(), Some("relay.example.com"), "{body}");
                    assert_ne!(client, "192.0.2.1".parse().ok(), "{body}");
                }
            }
        }
    }

    fn is_unsound(body: &str) -> bool {
        let folded = body.replace(' ', "\r\n\t");
        let of = |body| read(body, ResultField::AuthenticationResults, 0).unsound;
        assert_eq!(of(body), of(&folded), "folded: {body}");
        of(body)
    }

    /// OpenDKIM prints the decoded `i=` without quotes; `a…@evil.example` is what its signer wrote.
    #[test]
    fn an_identity_that_goes_on_makes_the_field_unsound() {
        for identity in [
            "a",
            "a dkim=pass header.d=relay.example.com y=@evil.example",
            "a; dkim=pass header.d=relay.example.com y=@evil.example",
            "a; dkim=pass header.d=relay.example.com header.i=@relay.example.com; x=@evil.example",
            "a@evil.example; dkim=pass header.d=relay.example.com @evil.example",
            "a@evil.example header.d=relay.example.com header.i=@evil.example",
            "a@evil.example header.b=\"AAAAAAAA\" reason=@evil.example",
            "a@evil.example; spf=pass smtp.mailfrom=relay.example.com; dkim=pass header.d=evil.example header.i=@evil.example",
            "a@evil.example header.b=\"AAAAAAAA\"; spf=pass smtp.mailfrom=relay.example.com; dkim=pass header.d=evil.example header.i=@evil.example",
            "a@evil.example header.b=\"AAAAAAAA\"; dkim=pass header.d=relay.example.com header.i=@relay.example.com header.b=\"BBBBBBBB\"; dkim=fail header.d=evil.example header.i=@evil.example",
            "a@evil.example header.b=\"AAAAAAAA\"; dkim=pass header.d=relay.example.com header.i=@relay.example.com header.b=\"BBBBBBBB\" y=@evil.example",
            "a@evil.example header.b=\"AAAAAAAA\"; dkim=pass header.d=relay.example.com header.i=@relay.example.com header.b=\"BBBBBBBB\" (@evil.example",
            "a@evil.example header.b=\"AAAAAAAA\"; dkim=pass header.d=relay.example.com header.i=@relay.example.com header.b=\"BBBBBBBB\"; x=@evil.example",
            "a@relay.example.com.evil.example.net",
        ] {
            let body = format!(
                "mx.example; dkim=pass (2048-bit key) header.d=evil.example header.i={identity} header.b=\"Qm9ndXMx\"; dkim-atps=neutral"
            );
            assert!(is_unsound(&body), "{body}");
        }
        for identity in ["@evil.example", "a@evil.example", "a=b+c@sub.evil.example"] {
            let body = format!(
                "mx.example; dkim=pass (2048-bit key) header.d=evil.example header.i={identity} header.b=\"Qm9ndXMx\"; dkim-atps=neutral"
            );
            assert!(!is_unsound(&body), "{body}");
        }
    }

    #[test]
    fn what_clients_write_makes_a_field_unsound() {
        for body in [
            "mx.example; dkim=fail header.s=a dkim=pass header.d=relay.example.com",
            "mx.example; dmarc=pass (p=none) header.from=a spf=pass smtp.mailfrom=relay.example.com",
            "mx.example; auth=pass smtp.auth=a dkim=pass header.d=relay.example.com",
            "mx.example; iprev=pass policy.iprev=192.0.2.66 dkim=pass header.d=relay.example.com",
            "mx.example; dkim=fail reason=a dkim=pass header.d=relay.example.com",
            "mx.example; x-foo=a spf=pass smtp.mailfrom=relay.example.com",
            "mx.example; x-foo=a x-google-dkim=pass header.d=relay.example.com",
            "mx.example; spf=pass smtp.mailfrom=a; b dkim=pass header.d=relay.example.com",
            "mx.example; spf=fail smtp.mailfrom=a gateway.spf=pass smtp.mailfrom=b",
            "mx.example; dkim=pass header.d=relay.example.com; x=@evil.example",
            "mx.example; dkim=pass header.d=relay.example.com; x@evil.example=a",
            "mx.example; dkim=pass header.d=relay.example.com y=1",
            "mx.example; dkim=pass header.d=relay.example.com smtp.y=1",
            "mx.example; dkim=pass header.d=relay.example.com foo.bar=1",
            "mx.example; dkim=pass header.d=relay.example.com x-y=@evil.example",
            "mx.example; dkim=pass header.d=relay.example.com reason=a@evil.example",
            "mx.example; dkim=pass header.d=relay.example.com reason=\"a\"b",
            "mx.example; dkim=pass header.d=a.example header.d=relay.example.com",
            "mx.example; dkim=pass header.i=relay.example.com",
            "mx.example; dkim=pass header.i=@a.example header.i=@relay.example.com",
            "mx.example; dkim=pass header.b=a header.b=b",
            "mx.example; dkim=pass header.d=a.example; dkim=pass header.i=@relay.example.com",
            "mx.example; dkim=pass header.d=a.example header.b=a; dkim=pass header.d=relay.example.com",
            "mx.example; dkim=pass header.d=a.example header.b=a; dkim=pass",
            "mx.example; dkim=pass header.d=a.example header.i=@relay.example.com",
            "mx.example; dkim=pass header.d=a.example header.i=@a.example; dkim=pass header.i=@b.example header.d=b.example",
            "mx.example; dkim=pass (header.d=a.example) header.d=relay.example.com",
        ] {
            assert!(is_unsound(body), "{body}");
        }
    }

    #[test]
    fn what_servers_write_is_sound() {
        for body in [
            "mx.example 1; spf/1=pass smtp.mailfrom=a.example; dkim/1=pass header.d=a.example",
            "mx.example; dkim=none; dkim-atps=neutral",
            "mx.example; dkim=permerror (bad message/signature format)",
            "mx.example; dkim=pass (2048-bit key) header.d=a.example header.i=@a.example header.b=\"Hd6hrRAN\"; dkim=permerror (0-bit key) header.d=b.example header.i=@b.example header.b=\"F6Eb1cte\"; dkim=pass (2048-bit key) header.d=a.example header.i=@a.example header.b=\"Hd6hrRAN\"; dkim=permerror (0-bit key) header.d=b.example header.i=@b.example header.b=\"F6Eb1cte\"",
            "kundenserver.example; dkim=pass header.i=no.reply@a.example header.s=s1; spf=pass smtp.helo=mout.a.example; dmarc=none header.from=a.example; iprev=pass policy.iprev=192.0.2.1",
            "mx.example; dkim=pass header.d=a.example header.s=s header.b=b; dkim=none; dkim=temperror",
            "mx.example; dkim=pass header.i=@a.example header.s=s header.b=b; dkim=neutral (no key) header.i=@b.example header.s=s header.b=c; arc=pass (i=1 spf=pass spfdomain=a.example dkim=pass dkdomain=a.example)",
            "mx.example; dkim=fail (2048-bit key) header.d=a.example header.i=@a.example header.b=nnBiZ33m reason=\"signature verification failed\"; arc=none smtp.client-ip=192.0.2.1",
            "mx.example; auth=pass; dkim=pass (2048-bit rsa key sha256) header.d=a.example header.i=@a.example header.b=MNIUG/el header.a=rsa-sha256 header.s=100003; x-return-mx=pass header.domain=a.example policy.is_org=yes (MX Records found: mail.a.example);  x-return-mx=pass smtp.domain=a.example policy.is_org=yes (MX Records found: mail.a.example)",
            "mx.example; arc=none (no signatures found); dkim=pass (1024-bit rsa key sha256) header.d=a.example header.i=@a.example header.b=oF80QtY/ x-bits=1024 x-keytype=rsa x-algorithm=sha256 x-selector=mail2; dmarc=pass (p=reject,d=none) header.from=a.example; iprev=pass policy.iprev=192.0.2.1 (smtp.a.example); spf=pass smtp.mailfrom=x@a.example smtp.helo=smtp.a.example; x-aligned-from=pass (Address match); x-cm=none score=0; x-ptr=pass x-ptr-helo=smtp.a.example x-ptr-lookup=smtp.a.example; x-return-mx=pass smtp.domain=a.example smtp.result=pass smtp_is_org_domain=yes header.domain=a.example header.result=pass header_is_org_domain=yes; x-tls=pass version=TLSv1.2 cipher=ECDHE-RSA-AES128-GCM-SHA256 bits=128/128; x-vs=clean score=0 state=0",
            "mx.example; dmarc=pass policy.published-domain-policy=none policy.applied-disposition=none policy.evaluated-disposition=none (p=none,d=none,d.eval=none) policy.policy-from=p header.from=a.example; x-tls=pass smtp.version=TLSv1.3 smtp.cipher=TLS_AES_256_GCM_SHA384 smtp.bits=256/256; x-ptr=fail smtp.helo=a.example policy.ptr=b.example; dnswl=pass dns.zone=list.dnswl.org policy.ip=192.0.2.1 policy.txt=\"a.example https://dnswl.org/s/?s=1\" dns.sec=na",
            "mx.example; bimi=pass header.d=a.example header.selector=default policy.authority=pass policy.authority-uri=https://a.example/vmc.pem; bimi=skipped reason=\"insufficient dmarc\"",
            "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dkim=pass (signature was verified) header.d=a.example;dkim=fail (body hash did not verify) header.d=b.example;dmarc=pass action=none header.from=a.example;compauth=pass reason=100",
            "spf=temperror (sender IP is 192.0.2.1) smtp.helo=a.example; hotmail.com; dkim=test (signature was verified) header.d=a.example;hotmail.com; dmarc=bestguesspass action=none header.from=a.example;compauth=pass reason=109",
            "mx.example; spf=pass (mx.example: domain of \"b+x=y@a.example\" designates 192.0.2.1 as permitted sender) smtp.mailfrom=\"b+x=y@a.example\"",
            "mx.example; spf=pass smtp.mailfrom=bounces-1-x=b.example@a.example; dkim=pass header.d=a.example header.i=x=20y@a.example header.b=a",
            "mx.example; spf=Pass smtp.mailfrom=b@a.example; spf=Pass smtp.helo=postmaster@h.example; dkim=pass (signature verified) header.i=@a.example; dmarc=pass (p=quarantine dis=none) d=a.example",
            "mx.example; dkim=pass header.i=@a.example; gateway.spf=pass (google.com: domain b.example configured 192.0.2.1 as internal address) smtp.mailfrom=x@a.example smtp.remote-ip=192.0.2.1 policy.d=b.example",
            "mx.example; dkim=pass header.d=a.example header.s=s header.b=b; dmarc=pass header.from=a.example policy.dmarc=none; spf=pass smtp.mailfrom=b@a.example; arc=none smtp.remote-ip=192.0.2.1",
            "mx.example; arc=pass header.oldest-pass=0 arc.chain=\"a.example:b.example\"; sender-id=pass header.from=x@a.example; rrvs=pass smtp.rrvs=2014-01-01T00:00:00Z; vbr=pass header.md=a.example header.mv=b.example; smime=pass body.smime-identifier=x@a.example body.smime-part=2",
            "mx.example; auth=pass (cram-md5) smtp.auth=x@a.example smtp.mailfrom=x@a.example",
            "mx.example; none",
        ] {
            assert!(!is_unsound(body), "{body}");
        }
        let body = "i=2; mx.microsoft.com 1; spf=pass (sender ip is 192.0.2.1) smtp.rcpttodomain=b.example smtp.mailfrom=a.example; dmarc=pass (p=none sp=none pct=100) action=none header.from=a.example; dkim=pass (signature was verified) header.d=a.example; dkim=pass (signature was verified) header.d=b.example; arc=pass (0 oda=1 ltdi=1 spf=[1,1,smtp.mailfrom=a.example] dkim=[1,1,header.d=a.example])";
        assert!(!read(body, ResultField::ArcAuthenticationResults, 0).unsound);
    }

    #[test]
    fn a_recipient_behind_the_reverse_path() {
        authres(
            "mx.example; spf=pass (mx.example: domain of b@contoso.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=b@contoso.example for mary@fabrikam.example",
            Some("mx.example"),
            &["spf Pass mailfrom contoso.example 192.0.2.1 -"],
        );
        for body in [
            "mx.example; spf=pass smtp.mailfrom=b@relay.example.com for mary@fabrikam.example",
            "mx.example; spf=pass (mx.example: domain of relay.example.com for x@evil.example designates 192.0.2.66 as permitted sender) smtp.mailfrom=relay.example.com for x@evil.example",
            "mx.example; dkim=pass header.d=relay.example.com for mary@fabrikam.example",
        ] {
            assert!(shown(&read(body, ResultField::AuthenticationResults, 0))[0].contains(" - "));
        }
    }

    #[test]
    fn a_helo_is_written_with_and_without_its_postmaster() {
        authres(
            "mx.example; spf=Pass smtp.helo=postmaster@mail.contoso.example",
            Some("mx.example"),
            &["spf Pass helo mail.contoso.example - mail.contoso.example"],
        );
        authres(
            "mx.example; spf=pass smtp.helo=Postmaster@a@mail.contoso.example",
            Some("mx.example"),
            &["spf Pass helo - - a@mail.contoso.example"],
        );
    }

    #[test]
    fn a_quoted_at_is_no_separator() {
        authres(
            "mx.example; spf=pass smtp.mailfrom=\"x@relay.example.com\"@evil.example",
            Some("mx.example"),
            &["spf Pass mailfrom - - -"],
        );
        authres(
            "mx.example; spf=pass smtp.mailfrom=a@relay.example.com@evil.example",
            Some("mx.example"),
            &["spf Pass mailfrom evil.example - -"],
        );
    }

    #[test]
    fn nothing_makes_it_panic_or_stall() {
        for piece in [
            "(",
            ")",
            "\"",
            "\\",
            "=",
            ";",
            "=;",
            "a=(",
            "spf=pass (",
            "é=\"ü\" ",
            "spf=\\",
            ".=.",
        ] {
            for count in [1, 2, 3, 5000] {
                let body = piece.repeat(count);
                let results = read(&body, ResultField::AuthenticationResults, 0);
                assert!(results.results.len() <= body.len(), "{piece}");
            }
        }
    }
}
