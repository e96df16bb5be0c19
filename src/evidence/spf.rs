//! SPF: a `Received-SPF` field (RFC 7208 9.1) in, one result out; and what the comments beside an
//! SPF result say, in whichever field they stand.
//!
//! The client writes much of this text: HELO and reverse-path are his. So a list of keys is read
//! whole or not at all, a key that stands twice is none, a comment is read only where it has one
//! of the known sentences from its first to its last word, and whatever can be read in two ways
//! yields nothing. Macros and explanations are not read. Knows nothing of who is believed.

use std::borrow::Cow;
use std::net::IpAddr;

use super::value::{Slot, has_control, is_domain, mailbox_domain, token};
use super::{MethodResult, ResultCode, ResultField, Results, Spf, SpfIdentity};
use crate::lex::{comment_end, contains, is_wsp, parse_ip, quoted_end};

/// Reads a `Received-SPF` field.
///
/// ```text
/// header-field     = "Received-SPF:" [CFWS] result FWS [comment FWS] [ key-value-list ] CRLF
/// ```
/// ```text
/// Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=11.22.333.44; helo=sender-id.example.com;
///     envelope-from=bounces-249164590-newsletter=mydomain.ovh@sender-id.example.com; receiver=john.smith@guides.ovh
/// ```
pub(super) fn read<'x>(body: &'x str, field: usize) -> Results<'x> {
    let mut said = Said::default();
    let mut sound = !has_control(body);
    let mut rest = hear_comments(body, &mut said, &mut sound);
    let length = rest
        .bytes()
        .take_while(|&byte| !is_wsp(byte) && !matches!(byte, b'(' | b';'))
        .count();
    let (word, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
    rest = hear_comments(behind, &mut said, &mut sound);
    let keys = Keys::read(rest).filter(|_| sound);
    let unsound = keys.is_none();
    let by = keys
        .as_ref()
        .and_then(|keys| keys.receiver.once())
        .or_else(|| said.by.once());
    let spf = match keys {
        Some(keys) => keys.judge(word, &said),
        None => nothing_but(word),
    };
    Results {
        field,
        kind: ResultField::ReceivedSpf,
        authserv_id: by.and_then(token),
        instance: None,
        unsound,
        results: vec![MethodResult::Spf(spf)],
    }
}

fn nothing_but(word: &str) -> Spf<'_> {
    Spf {
        result: ResultCode::of(word),
        word,
        nothing_checked: false,
        identity: SpfIdentity::MailFrom,
        domain: None,
        client: None,
        client_ip: None,
        helo: None,
        recipient: None,
    }
}

/// Skips white space and comments, hearing each comment; returns what follows.
fn hear_comments<'x>(text: &'x str, said: &mut Said<'x>, sound: &mut bool) -> &'x str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if !rest.starts_with('(') {
            return rest;
        }
        let Some((comment, behind)) =
            comment_end(rest, 0).and_then(|end| rest.split_at_checked(end))
        else {
            *sound = false;
            return "";
        };
        *sound &= !opens_a_quote(comment);
        said.hear(comment);
        rest = behind;
    }
}

/// True where a quote opens in the comment and does not close there.
///
/// Quotes mean nothing in a comment (RFC 5322 3.2.2), but a quoted local part that the server
/// copied into one may hold a `)`: then the comment seems to end within the client's own text.
pub(super) fn opens_a_quote(comment: &str) -> bool {
    let mut open = false;
    let mut escaped = false;
    for byte in comment.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => open = !open,
            _ => {}
        }
    }
    open
}

/// The keys of RFC 7208 9.1 that matter here.
#[derive(Debug, Default)]
struct Keys<'x> {
    identity: Slot<'x>,
    /// `identity` stands before any text that the client wrote.
    identity_leads: bool,
    client: Slot<'x>,
    helo: Slot<'x>,
    envelope_from: Slot<'x>,
    receiver: Slot<'x>,
}

impl<'x> Keys<'x> {
    /// `key-value-list = key-value-pair *( ";" [CFWS] key-value-pair ) [";"]`
    ///
    /// `None` where a value is anything but one quoted string or plain text up to the `;`.
    fn read(text: &'x str) -> Option<Self> {
        let mut keys = Self::default();
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ';']);
            if rest.is_empty() {
                return Some(keys);
            }
            let (key, behind) = rest.split_once('=')?;
            let key = key.trim_end_matches([' ', '\t', '\r', '\n']);
            if key.is_empty()
                || !key
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
            {
                return None;
            }
            let (value, behind) = split_value(behind.trim_start_matches([' ', '\t', '\r', '\n']))?;
            keys.put(key, value)?;
            rest = behind;
        }
    }

    fn put(&mut self, key: &str, value: &'x str) -> Option<()> {
        let slot = match key {
            _ if key.eq_ignore_ascii_case("identity") => {
                self.identity_leads = !self.helo.is_present() && !self.envelope_from.is_present();
                &mut self.identity
            }
            _ if key.eq_ignore_ascii_case("client-ip") => &mut self.client,
            _ if key.eq_ignore_ascii_case("helo") => &mut self.helo,
            _ if key.eq_ignore_ascii_case("envelope-from") => &mut self.envelope_from,
            _ if key.eq_ignore_ascii_case("receiver") => &mut self.receiver,
            _ => return Some(()),
        };
        if !value.starts_with('"') && value.bytes().any(is_wsp) {
            return None;
        }
        slot.put(value);
        Some(())
    }

    fn judge(&self, word: &'x str, said: &Said<'x>) -> Spf<'x> {
        let identity = self.identity();
        let domain = match identity {
            Some(SpfIdentity::Helo) => {
                agreed(&[(self.helo, helo_domain), (said.domain, mailbox_domain)])
            }
            Some(SpfIdentity::MailFrom) => agreed(&[
                (self.envelope_from, mailbox_domain),
                (said.domain, mailbox_domain),
            ]),
            None => None,
        };
        let (client, client_ip) = client_of(self.client, said.client);
        Spf {
            result: said.result(word),
            nothing_checked: said.nothing_checked,
            domain,
            client,
            client_ip,
            helo: self.helo.once().and_then(helo),
            identity: identity.unwrap_or(SpfIdentity::MailFrom),
            ..nothing_but(word)
        }
    }

    /// `identity=helo` behind the HELO or the reverse-path may be the client's own words.
    fn identity(&self) -> Option<SpfIdentity> {
        match self.identity {
            Slot::Absent => Some(SpfIdentity::MailFrom),
            Slot::Repeated => None,
            Slot::Once(value) => {
                let value = token(value)?;
                if value.eq_ignore_ascii_case("mailfrom") || value.eq_ignore_ascii_case("mfrom") {
                    Some(SpfIdentity::MailFrom)
                } else {
                    (value.eq_ignore_ascii_case("helo") && self.identity_leads)
                        .then_some(SpfIdentity::Helo)
                }
            }
        }
    }
}

/// One value and what follows its `;`.
fn split_value(text: &str) -> Option<(&str, &str)> {
    if text.starts_with('"') {
        let (value, behind) = text.split_at_checked(quoted_end(text, 0)?)?;
        let behind = behind.trim_start_matches([' ', '\t', '\r', '\n']);
        return match behind.strip_prefix(';') {
            Some(behind) => Some((value, behind)),
            None => behind.is_empty().then_some((value, "")),
        };
    }
    let (value, behind) = text.split_once(';').unwrap_or((text, ""));
    let value = value.trim_end_matches([' ', '\t', '\r', '\n']);
    let plain = value
        .bytes()
        .all(|byte| !matches!(byte, b'"' | b'(' | b')' | b'\\'));
    plain.then_some((value, behind))
}

/// What the comments of one SPF result say.
#[derive(Debug, Default)]
pub(super) struct Said<'x> {
    /// The server that speaks: `google.com:`
    pub(super) by: Slot<'x>,
    /// An address or a domain.
    pub(super) domain: Slot<'x>,
    pub(super) client: Slot<'x>,
    pub(super) helo: Slot<'x>,
    /// The result word is not the outcome of a check of the domain's own record.
    pub(super) nothing_checked: bool,
}

/// What a comment says where no record was checked: Google's guess for a domain that publishes
/// none, its exemption of a gateway that the recipient named, and Mail::SPF::Query's list of
/// exempted relays.
const NOTHING_CHECKED: [&str; 3] = [
    "best guess record",
    "internal address",
    "local policy designates",
];

impl<'x> Said<'x> {
    /// The code of the result beside these comments.
    pub(super) fn result(&self, word: &str) -> ResultCode {
        let code = ResultCode::of(word);
        match self.nothing_checked && code == ResultCode::Pass {
            true => ResultCode::Other,
            false => code,
        }
    }

    /// Takes in one comment, brackets included.
    pub(super) fn hear(&mut self, comment: &'x str) {
        let inner = comment
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'))
            .unwrap_or("");
        self.nothing_checked |= is_unchecked(inner);
        let start = inner.trim_start_matches([' ', '\t', '\r', '\n']);
        if start
            .get(..10)
            .is_some_and(|key| key.eq_ignore_ascii_case("client-ip="))
        {
            self.hear_keys(start);
        } else if let Some(sentence) = Sentence::read(inner) {
            sentence.by.into_iter().for_each(|by| self.by.put(by));
            sentence
                .domain
                .into_iter()
                .for_each(|domain| self.domain.put(domain));
            sentence
                .client
                .into_iter()
                .for_each(|client| self.client.put(client));
        }
    }

    /// The keys of `Received-SPF` in a comment, as policyd-spf writes them:
    /// `(client-ip=192.0.2.1; helo=mail.contoso.example; envelope-from=x@contoso.example; receiver=lists.example)`
    fn hear_keys(&mut self, inner: &'x str) {
        let Some(keys) = Keys::read(inner) else {
            self.client = Slot::Repeated;
            self.domain = Slot::Repeated;
            return;
        };
        for (slot, heard) in [
            (&mut self.client, keys.client),
            (&mut self.helo, keys.helo),
            (&mut self.domain, keys.envelope_from),
        ] {
            match heard {
                Slot::Absent => {}
                Slot::Once(value) => slot.put(value),
                Slot::Repeated => *slot = Slot::Repeated,
            }
        }
    }
}

/// Whether a comment says so, however it is folded.
fn is_unchecked(comment: &str) -> bool {
    NOTHING_CHECKED.iter().any(|said| {
        let first = said.split(' ').next().unwrap_or(said);
        // Nearly every comment is done with here.
        contains(comment, first) && {
            let words: Vec<&str> = comment.split_ascii_whitespace().collect();
            words
                .windows(said.split(' ').count())
                .any(|some| some.iter().copied().eq(said.split(' ')))
        }
    })
}

/// One of the sentences that servers write into the comment.
#[derive(Debug, PartialEq)]
struct Sentence<'x> {
    by: Option<&'x str>,
    domain: Option<&'x str>,
    client: Option<&'x str>,
}

/// The longest sentence has 14 words, a server's name before it and a rule behind it.
const WORDS: usize = 16;

impl<'x> Sentence<'x> {
    /// `google.com: domain of x@contoso.example designates 192.0.2.1 as permitted sender`
    fn read(text: &'x str) -> Option<Self> {
        if text
            .bytes()
            .any(|byte| matches!(byte, b'"' | b'(' | b')' | b'\\'))
        {
            return None;
        }
        let mut list = [""; WORDS];
        let mut count = 0;
        for word in text
            .split([' ', '\t', '\r', '\n'])
            .filter(|word| !word.is_empty())
        {
            *list.get_mut(count)? = word;
            count += 1;
        }
        let mut words = list.get(..count)?;
        let mut by = None;
        if let [first, rest @ ..] = words
            && let Some(name) = first.strip_suffix(':')
            && (name.is_empty() || is_domain(name))
        {
            by = Some(name).filter(|name| !name.is_empty());
            words = rest;
        }
        if let ["best", "guess", "record", "for", rest @ ..] = words {
            words = rest;
        }
        // Yandex names what matched: `as permitted sender, rule=[ip4:192.0.2.0/28]`.
        let named;
        if let [head @ .., "sender,", rule] = words
            && rule.starts_with("rule=[")
            && rule.ends_with(']')
        {
            named = [head, &["sender"]].concat();
            words = &named;
        }
        let (domain, client) = match words {
            ["sender", ip, "is", client] if ip.eq_ignore_ascii_case("ip") => (None, Some(*client)),
            [
                "domain",
                _,
                "configured",
                client,
                "as",
                "internal",
                "address",
            ] => (None, Some(*client)),
            [
                "domain",
                "of",
                domain,
                "designates",
                client,
                "as",
                "permitted",
                "sender",
            ]
            | [
                "domain",
                "of",
                domain,
                "does",
                "not",
                "designate",
                client,
                "as",
                "permitted",
                "sender",
            ]
            | [
                "domain",
                "of",
                "transitioning",
                domain,
                "does",
                "not",
                "designate",
                client,
                "as",
                "permitted",
                "sender",
            ]
            | [
                "domain",
                "of",
                "transitioning",
                domain,
                "discourages",
                "use",
                "of",
                client,
                "as",
                "permitted",
                "sender",
            ]
            | [
                client,
                "is",
                "neither",
                "permitted",
                "nor",
                "denied",
                "by",
                "domain",
                "of",
                domain,
            ]
            | [
                client,
                "is",
                "neither",
                "permitted",
                "nor",
                "denied",
                "by",
                "best",
                "guess",
                "record",
                "for",
                "domain",
                "of",
                domain,
            ] => (Some(*domain), Some(*client)),
            [
                "domain",
                "of",
                domain,
                "does",
                "not",
                "designates",
                client,
                "as",
                "permitted",
                "sender",
            ] => (Some(*domain), Some(*client)),
            [
                domain,
                "does",
                "not",
                "designate",
                "permitted",
                "sender",
                "hosts",
            ]
            | [
                "domain",
                "of",
                domain,
                "used",
                "an",
                "invalid",
                "SPF",
                "mechanism",
            ] => (Some(*domain), None),
            // Cisco
            [
                "no",
                "sender",
                "authenticity",
                "information",
                "available",
                "from",
                "domain",
                "of",
                domain,
            ] => (Some(*domain), None),
            // Of an error only the domain is said, and then its kind: `DNS Timeout`.
            [
                "error",
                "in",
                "processing",
                "during",
                "lookup",
                "of",
                domain,
                ..,
            ] => (Some(domain.strip_suffix(':').unwrap_or(domain)), None),
            [
                "local",
                "policy",
                "designates",
                client,
                "as",
                "permitted",
                "sender",
            ] => (None, Some(*client)),
            _ => return None,
        };
        Some(Self { by, domain, client })
    }
}

/// How a source's text becomes a domain: a HELO is a bare one, all others may be an address.
type Read = for<'y> fn(&'y str) -> Option<Cow<'y, str>>;

/// The one domain that all the present sources name, or none.
pub(super) fn agreed<'x>(sources: &[(Slot<'x>, Read)]) -> Option<Cow<'x, str>> {
    let mut found: Option<Cow<'x, str>> = None;
    for (source, read) in sources.iter().filter(|(source, _)| source.is_present()) {
        let name = read(source.once()?)?;
        match &found {
            Some(known) if !known.eq_ignore_ascii_case(&name) => return None,
            Some(_) => {}
            None => found = Some(name),
        }
    }
    found
}

/// `postmaster@` stands for a HELO where a reverse-path is wanted (RFC 7208 2.4).
fn without_postmaster(name: &str) -> &str {
    const POSTMASTER: &str = "postmaster@";
    match name.split_at_checked(POSTMASTER.len()) {
        Some((start, helo)) if start.eq_ignore_ascii_case(POSTMASTER) => helo,
        _ => name,
    }
}

/// A HELO as a domain.
pub(super) fn helo_domain(raw: &str) -> Option<Cow<'_, str>> {
    helo(raw).filter(|name| is_domain(name))
}

/// A HELO as written.
fn helo(raw: &str) -> Option<Cow<'_, str>> {
    Some(match token(raw)? {
        Cow::Borrowed(name) => Cow::Borrowed(without_postmaster(name)),
        Cow::Owned(name) => Cow::Owned(without_postmaster(&name).to_owned()),
    })
}

/// The client address: the key's, else the comment's; none where they differ.
pub(super) fn client_of<'x>(
    key: Slot<'x>,
    said: Slot<'x>,
) -> (Option<Cow<'x, str>>, Option<IpAddr>) {
    let one = match (key, said) {
        (Slot::Once(key), Slot::Once(said)) => same_client(key, said).then_some(key),
        (Slot::Once(one), Slot::Absent) | (Slot::Absent, Slot::Once(one)) => Some(one),
        (Slot::Repeated, _) | (_, Slot::Repeated) | (Slot::Absent, Slot::Absent) => None,
    };
    let client = one.and_then(token);
    let ip = client.as_deref().and_then(parse_ip);
    (client, ip)
}

fn same_client(one: &str, other: &str) -> bool {
    match (token(one), token(other)) {
        (Some(one), Some(other)) => match (parse_ip(&one), parse_ip(&other)) {
            (Some(one), Some(other)) => one == other,
            (None, None) => one.eq_ignore_ascii_case(&other),
            (Some(_), None) | (None, Some(_)) => false,
        },
        _ => false,
    }
}

/// The HELO: the property's, else the comment's; none where they differ.
pub(super) fn helo_of<'x>(property: Slot<'x>, said: Slot<'x>) -> Option<Cow<'x, str>> {
    match (property, said) {
        (Slot::Once(one), Slot::Absent) | (Slot::Absent, Slot::Once(one)) => helo(one),
        (Slot::Once(one), Slot::Once(other)) => helo(one)
            .filter(|one| helo(other).is_some_and(|other| one.eq_ignore_ascii_case(&other))),
        (Slot::Repeated, _) | (_, Slot::Repeated) | (Slot::Absent, Slot::Absent) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spf_of<'x>(body: &'x str) -> (Spf<'x>, Option<Cow<'x, str>>) {
        let mut results = read(body, 3);
        assert_eq!((results.field, results.kind), (3, ResultField::ReceivedSpf));
        assert_eq!(results.results.len(), 1, "{body}");
        let Some(MethodResult::Spf(spf)) = results.results.pop() else {
            panic!("{body}")
        };
        (spf, results.authserv_id)
    }

    /// `Result identity domain client helo by`; `-` for what is not there.
    fn shown(body: &str) -> String {
        let (spf, by) = spf_of(body);
        let or = |text: &Option<Cow<'_, str>>| text.as_deref().unwrap_or("-").to_owned();
        let (domain, client, helo) = (or(&spf.domain), or(&spf.client), or(&spf.helo));
        format!(
            "{:?} {:?} {domain} {client} {helo} {}",
            spf.result,
            spf.identity,
            or(&by)
        )
    }

    #[test]
    fn forms_that_servers_write() {
        for (body, wanted) in [
            // policyd-spf, as at OVHcloud: the documented sample
            (
                "Pass (mailfrom) identity=mailfrom; client-ip=11.22.333.44; helo=sender-id.example.com; envelope-from=bounces-249164590-newsletter=mydomain.ovh@sender-id.example.com; receiver=john.smith@guides.ovh",
                "Pass MailFrom sender-id.example.com 11.22.333.44 sender-id.example.com john.smith@guides.ovh",
            ),
            (
                "Pass (helo) identity=helo; client-ip=192.0.2.1; helo=mail.contoso.example; envelope-from=<>; receiver=x@fabrikam.example ",
                "Pass Helo mail.contoso.example 192.0.2.1 mail.contoso.example x@fabrikam.example",
            ),
            (
                "None (no SPF record) identity=mailfrom; client-ip=2001:db8::1; helo=h.example; envelope-from=\"x@contoso.example\"; receiver=<UNKNOWN>",
                "None MailFrom contoso.example 2001:db8::1 h.example <UNKNOWN>",
            ),
            // Google
            (
                "pass (google.com: domain of x@contoso.example designates 192.0.2.1 as permitted sender) client-ip=192.0.2.1;",
                "Pass MailFrom contoso.example 192.0.2.1 - google.com",
            ),
            (
                "neutral (google.com: 192.0.2.1 is neither permitted nor denied by best guess record for domain of x@contoso.example) client-ip=192.0.2.1;",
                "Neutral MailFrom contoso.example 192.0.2.1 - google.com",
            ),
            (
                "softfail (google.com: domain of transitioning x@contoso.example does not designate 192.0.2.1 as permitted sender) client-ip=192.0.2.1;",
                "SoftFail MailFrom contoso.example 192.0.2.1 - google.com",
            ),
            // Microsoft
            (
                "Pass (protection.outlook.com: domain of contoso.example designates 192.0.2.1 as permitted sender) receiver=protection.outlook.com; client-ip=192.0.2.1; helo=mail.contoso.example; pr=C",
                "Pass MailFrom contoso.example 192.0.2.1 mail.contoso.example protection.outlook.com",
            ),
            (
                "SoftFail (protection.outlook.com: domain of transitioning contoso.example discourages use of 192.0.2.1 as permitted sender)",
                "SoftFail MailFrom contoso.example 192.0.2.1 - protection.outlook.com",
            ),
            (
                "Fail (protection.outlook.com: domain of contoso.example does not designate 192.0.2.1 as permitted sender) receiver=protection.outlook.com; client-ip=192.0.2.1; helo=h.example;",
                "Fail MailFrom contoso.example 192.0.2.1 h.example protection.outlook.com",
            ),
            (
                "None (protection.outlook.com: contoso.example does not designate permitted sender hosts)",
                "None MailFrom contoso.example - - protection.outlook.com",
            ),
            // Exim
            (
                "pass client-ip=192.0.2.1; envelope-from=x@contoso.example; helo=mail.contoso.example",
                "Pass MailFrom contoso.example 192.0.2.1 mail.contoso.example -",
            ),
            // Mail::SPF
            (
                "pass (contoso.example: 192.0.2.1 is authorized to use 'x@contoso.example' in 'mfrom' identity (mechanism 'ip4:192.0.2.1' matched)) receiver=mx.example; identity=mailfrom; envelope-from=\"x@contoso.example\"; helo=mail.contoso.example; client-ip=192.0.2.1",
                "Pass MailFrom contoso.example 192.0.2.1 mail.contoso.example mx.example",
            ),
            // others
            (
                "Neutral (mx: 192.0.2.1 is neither permitted nor denied by domain of contoso.example) client-ip=::ffff:192.0.2.1;",
                "Neutral MailFrom contoso.example ::ffff:192.0.2.1 - mx",
            ),
            (
                "pass (domain of contoso.example designates 192.0.2.1 as permitted sender)",
                "Pass MailFrom contoso.example 192.0.2.1 - -",
            ),
            (
                "pass (omelet: domain of x@contoso.example designates 192.0.2.1 as permitted sender) client-ip=192.0.2.1; envelope-from= x@contoso.example; identity=mailfrom; receiver=omelet; mechanism= ip4:192.0.2.1/32;",
                "Pass MailFrom contoso.example 192.0.2.1 - omelet",
            ),
            (
                "pass (mailfrom) client-ip=192.0.2.1; x-software=some milter 1.0; helo=h.example",
                "Pass MailFrom - 192.0.2.1 h.example -",
            ),
            ("none", "None MailFrom - - - -"),
            ("", "Other MailFrom - - - -"),
            (
                "permerror (mx.example: error in processing during lookup of x@contoso.example) client-ip=192.0.2.1;",
                "PermError MailFrom contoso.example 192.0.2.1 - mx.example",
            ),
        ] {
            assert_eq!(shown(body), wanted, "{body}");
            assert_eq!(shown(&body.replace(' ', "\r\n ")), wanted, "folded: {body}");
            assert_eq!(shown(&body.replace(' ', "\n\t")), wanted, "folded: {body}");
        }
    }

    #[test]
    fn errors_name_their_domain() {
        for (body, wanted) in [
            (
                "TempError (protection.outlook.com: error in processing during lookup of contoso.example: DNS Timeout)",
                "TempError MailFrom contoso.example - - protection.outlook.com",
            ),
            (
                "PermError (protection.outlook.com: domain of contoso.example used an invalid SPF mechanism)",
                "PermError MailFrom contoso.example - - protection.outlook.com",
            ),
            (
                "softfail (mx.example.net: domain of a@contoso.example does not designates 192.0.2.1 as permitted sender)",
                "SoftFail MailFrom contoso.example 192.0.2.1 - mx.example.net",
            ),
            (
                "pass (: local policy designates 192.0.2.1 as permitted sender)",
                "Other MailFrom - 192.0.2.1 - -",
            ),
        ] {
            assert_eq!(shown(body), wanted, "{body}");
        }
    }

    #[test]
    fn a_pass_that_nothing_was_checked_for_is_none() {
        for (body, wanted) in [
            (
                "pass (google.com: best guess record for domain of x@contoso.example designates 192.0.2.1 as permitted sender) client-ip=192.0.2.1;",
                "Other MailFrom contoso.example 192.0.2.1 - google.com",
            ),
            (
                "pass (google.com: domain fabrikam.example configured 192.0.2.1 as internal address) client-ip=192.0.2.1;",
                "Other MailFrom - 192.0.2.1 - google.com",
            ),
            (
                "pass (mx: local policy designates 192.0.2.1 as permitted sender) client-ip=192.0.2.1; envelope-from=x@contoso.example",
                "Other MailFrom contoso.example 192.0.2.1 - mx",
            ),
            (
                "fail (google.com: best guess record for domain of x@contoso.example does not designate 192.0.2.1 as permitted sender)",
                "Fail MailFrom contoso.example 192.0.2.1 - google.com",
            ),
            (
                "pass (mx-1.yandex.net: domain of contoso.example designates 192.0.2.1 as permitted sender, rule=[ip4:192.0.2.0/28])",
                "Pass MailFrom contoso.example 192.0.2.1 - mx-1.yandex.net",
            ),
            (
                "Pass (esa1.example.net: domain of postmaster@mail.contoso.example designates 192.0.2.1 as permitted sender) identity=helo; client-ip=192.0.2.1; receiver=esa1.example.net; envelope-from=\"\"; helo=postmaster@mail.contoso.example",
                "Pass Helo mail.contoso.example 192.0.2.1 mail.contoso.example esa1.example.net",
            ),
            (
                "None (esa1.example.net: no sender authenticity information available from domain of postmaster@mail.contoso.example) identity=helo; client-ip=192.0.2.1; receiver=esa1.example.net; envelope-from=\"x@fabrikam.example\"; x-sender=\"postmaster@mail.contoso.example\"; x-conformance=spf_only",
                "None Helo mail.contoso.example 192.0.2.1 - esa1.example.net",
            ),
        ] {
            assert_eq!(shown(body), wanted, "{body}");
            assert_eq!(
                shown(&body.replace(' ', "\r\n\t")),
                wanted,
                "folded: {body}"
            );
        }
    }

    #[test]
    fn client_addresses() {
        for (body, wanted) in [
            ("pass client-ip=11.22.333.44;", None),
            ("pass client-ip=192.0.2.1", Some("192.0.2.1")),
            ("pass client-ip=::ffff:192.0.2.1", Some("192.0.2.1")),
            ("pass client-ip=[IPv6:2001:db8::1]", Some("2001:db8::1")),
            ("pass client-ip=\"2001:db8::1\"", Some("2001:db8::1")),
            (
                "pass (a: domain of x.example designates ::ffff:192.0.2.1 as permitted sender) client-ip=192.0.2.1",
                Some("192.0.2.1"),
            ),
            (
                "pass (a: domain of x.example designates 192.0.2.2 as permitted sender) client-ip=192.0.2.1",
                None,
            ),
            (
                "pass (a: domain of x.example designates 11.22.333.44 as permitted sender) client-ip=192.0.2.1",
                None,
            ),
        ] {
            let (spf, _) = spf_of(body);
            assert_eq!(
                spf.client_ip,
                wanted.map(|ip| ip.parse().expect("an address")),
                "{body}"
            );
        }
        assert_eq!(
            spf_of("pass client-ip=11.22.333.44;").0.client.as_deref(),
            Some("11.22.333.44")
        );
    }

    #[test]
    fn only_a_whole_word_outside_comments_is_a_pass() {
        for (body, wanted) in [
            ("pass", ResultCode::Pass),
            ("Pass(mailfrom)", ResultCode::Pass),
            ("(pass) fail", ResultCode::Fail),
            ("fail (pass)", ResultCode::Fail),
            ("bestguesspass", ResultCode::Other),
            ("passed", ResultCode::Other),
            ("pass-ish", ResultCode::Other),
            ("\"pass\"", ResultCode::Other),
            ("result=pass", ResultCode::Other),
            ("(pass", ResultCode::Other),
            ("unknown pass", ResultCode::Other),
        ] {
            assert_eq!(spf_of(body).0.result, wanted, "{body}");
        }
    }

    /// HELO and reverse-path are the client's words: `relay.example.com` and `192.0.2.1` are what
    /// it would like to be taken for.
    #[test]
    fn the_client_chooses_nothing() {
        for body in [
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=h; envelope-from=\"a; client-ip=192.0.2.1; envelope-from=x@relay.example.com\"@evil.example; receiver=r",
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=h; envelope-from=\"x@relay.example.com\"@evil.example; receiver=r",
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=h; envelope-from=a@relay.example.com@evil.example; receiver=r",
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=x; client-ip=192.0.2.1; envelope-from=a@evil.example; receiver=r",
            "Pass (mailfrom) client-ip=192.0.2.66; helo=x; envelope-from=a@relay.example.com; envelope-from=a@evil.example",
            // What hides the server's own key behind a quote or a comment.
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=x; envelope-from=a@relay.example.com; y=\"; envelope-from=a@evil.example; receiver=r",
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=x; envelope-from=a@relay.example.com; y=\"; envelope-from=\"b\\\"c\"@evil.example; receiver=r",
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=x; envelope-from=\"; envelope-from=\"@relay.example.com; c=\\\"d\"@evil.example; receiver=r",
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=x; envelope-from=a@relay.example.com; (; envelope-from=\")\"@evil.example; receiver=r",
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=x (; envelope-from=a@relay.example.com; receiver=r",
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=x envelope-from=a@relay.example.com; receiver=r",
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=x client-ip=192.0.2.1; envelope-from=a@evil.example",
            // A HELO that makes itself the identity.
            "Pass client-ip=192.0.2.66; envelope-from=a@evil.example; helo=relay.example.com; identity=helo",
            "Pass client-ip=192.0.2.66; helo=relay.example.com; identity=helo; envelope-from=a@evil.example",
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=relay.example.com; identity=helo; envelope-from=a@evil.example",
            "Pass (helo) identity=helo; client-ip=192.0.2.66; helo=x@relay.example.com; envelope-from=<>",
            "Pass (x) identity=pra; client-ip=192.0.2.66; helo=relay.example.com; envelope-from=a@relay.example.com",
            // Google's comment.
            "pass (google.com: domain of \"x designates 192.0.2.1 as permitted sender) (\"@evil.example designates 192.0.2.66 as permitted sender) client-ip=192.0.2.66;",
            "pass (google.com: domain of \"x) client-ip=192.0.2.1; envelope-from=x@relay.example.com; y=(\"@evil.example designates 192.0.2.66 as permitted sender) client-ip=192.0.2.66;",
            "pass (google.com: domain of \"x) client-ip=192.0.2.1; envelope-from=x@relay.example.com; y=\"@evil.example designates 192.0.2.66 as permitted sender) client-ip=192.0.2.66;",
            "pass (google.com: domain of \"x@relay.example.com designates 192.0.2.1 as permitted sender\"@evil.example designates 192.0.2.66 as permitted sender)",
            "pass (google.com: domain of x@relay.example.com designates 192.0.2.1 as permitted sender @evil.example designates 192.0.2.66 as permitted sender)",
            "pass (google.com: domain of a@relay.example.com designates 192.0.2.1 as permitted sender) (google.com: domain of a@evil.example designates 192.0.2.66 as permitted sender)",
            "pass (google.com: domain of a@relay.example.com designates 192.0.2.66 as permitted sender) envelope-from=a@evil.example",
            // Values that are none.
            "pass envelope-from=\"x@relay.example.com; client-ip=192.0.2.1",
            "pass envelope-from=x@relay.example.com\u{0}; client-ip=192.0.2.66",
            "pass envelope-from=x@relay.example.com\rx; client-ip=192.0.2.66",
            "pass envelope-from=x y@relay.example.com; client-ip=192.0.2.66",
            "pass envelope-from=\"x y@relay.example.com\"; client-ip=192.0.2.66",
            "pass ; x client-ip=192.0.2.1",
            "pass (a \"b) client-ip=192.0.2.1; envelope-from=x@relay.example.com",
            "pass client-ip=192.0.2.1; envelope-from=x@relay.example.com; y=\u{0}",
            "pass client-ip=192.0.2.1; helo=x\"; envelope-from=x@relay.example.com",
            "pass client-ip=192.0.2.1; helo=x(; envelope-from=x@relay.example.com",
            "pass client-ip=192.0.2.1; helo=x\\; envelope-from=x@relay.example.com",
            "pass client-ip=192.0.2.1 (x",
        ] {
            for body in [body.to_owned(), body.replace(' ', "\r\n ")] {
                let (spf, _) = spf_of(&body);
                assert_ne!(spf.domain.as_deref(), Some("relay.example.com"), "{body}");
                assert_ne!(spf.client_ip, "192.0.2.1".parse().ok(), "{body}");
                assert_ne!(spf.client.as_deref(), Some("192.0.2.1"), "{body}");
            }
        }
    }

    #[test]
    fn what_is_left_beside_an_unusable_key() {
        let (spf, _) = spf_of(
            "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.66; helo=x; client-ip=192.0.2.1; envelope-from=a@evil.example",
        );
        assert_eq!(spf.domain.as_deref(), Some("evil.example"));
        assert_eq!((spf.client, spf.client_ip), (None, None));
        let (spf, _) =
            spf_of("pass client-ip=192.0.2.1; envelope-from=a@relay.example.com@evil.example");
        assert_eq!(spf.domain.as_deref(), Some("evil.example"));
    }

    #[test]
    fn nothing_makes_it_panic() {
        for piece in [
            "(",
            ")",
            "\"",
            "\\",
            "=",
            ";",
            "a=\"",
            "é=ü;",
            "pass(",
            "client-ip=",
            " ",
        ] {
            for count in [1, 2, 3, 5000] {
                let body = piece.repeat(count);
                assert_eq!(spf_of(&body).0.domain, None, "{piece}");
                let behind = format!("pass ({body} x=({body})");
                assert_eq!(spf_of(&behind).0.domain, None, "{piece}");
            }
        }
    }
}
