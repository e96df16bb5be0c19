//! What must hold of any input: one function a fuzz target, bytes in, a panic where it does not
//! hold.
//!
//! The fuzz targets and `tests/fuzz_corpora.rs` include this file, so that what the fuzzer found
//! stays an ordinary test. Nothing here knows what a verdict ought to be, but for one thing: text
//! below a stranger's hand-over never makes a pass.

use std::borrow::Cow;
use std::io::Read;
use std::net::IpAddr;
use std::sync::OnceLock;

use smarthop::analysis::Scope;
use smarthop::analysis::{Analysis, Border, ExpectedRoute, Identity, ObservedRoute, Outcome};
use smarthop::header::{End, FieldName, HeaderSection, MAX_FIELDS};
use smarthop::host::HostSpec;
use smarthop::input::Decoder;
use smarthop::input::mbox::{Mbox, MboxMessage};
use smarthop::policy::import::{Source, import};
use smarthop::policy::{Connector, Plan, Policy, ReadError};
use smarthop::trace::{AddressPlace, Client, DateStanding, Hop, Intake, dialect};
use smarthop::{Catalogue, Expectation, RawMessage, Repair, analyze_message};

// ---- the header section ---------------------------------------------------------------------

/// Bytes into text and text into fields, with and without the repairs of a paste.
pub(crate) fn header(bytes: &[u8]) {
    for repair in [Repair::Encoding, Repair::Pasted] {
        let raw = RawMessage::new(bytes, repair);
        lines_are_the_inputs(&raw, bytes);
        let section = HeaderSection::parse(&raw.text);
        fields_cover_the_section(&section);
        the_end_is_what_it_says(&section);
        what_is_behind_is_not_read(&section);
    }
    the_well_formed_is_left_alone(bytes);
    line_ends_make_no_difference(bytes);
}

/// The most lines that any reading of the bytes has: UTF-16 has its line ends in one of the bytes.
fn most_lines(bytes: &[u8]) -> u32 {
    let count = |end: u8| bytes.iter().filter(|&&byte| byte == end).count();
    u32::try_from(count(b'\n').max(count(b'\r')) + 1).unwrap_or(u32::MAX)
}

fn lines_are_the_inputs(raw: &RawMessage<'_>, bytes: &[u8]) {
    let most = most_lines(bytes);
    let mut before = 0;
    for (line, _) in (1..).zip(raw.text.lines()) {
        let input = raw.input_line(line);
        assert!(
            input > before,
            "line {line} is line {input} of the input, behind {before}"
        );
        assert!(input <= most, "line {line} is line {input} of {most}");
        before = input;
    }
    let text_lines = u32::try_from(raw.text.lines().count()).unwrap_or(u32::MAX);
    assert!(raw.joined_lines().is_sorted_by(|a, b| a < b));
    assert!(
        raw.joined_lines()
            .iter()
            .all(|line| (1..=text_lines).contains(line))
    );
    for noted in &raw.notes {
        assert!(
            noted.line.is_none_or(|line| (1..=most).contains(&line)),
            "{noted:?}"
        );
    }
}

fn fields_cover_the_section(section: &HeaderSection<'_>) {
    let text = section.text();
    let mut end = 0;
    let mut line = 1;
    assert!(section.fields().len() <= MAX_FIELDS);
    for field in section.fields() {
        let whole = text
            .get(field.span.clone())
            .expect("a span at character boundaries");
        assert_eq!(field.span.start, end, "fields without a gap");
        assert!(field.span.end > end);
        assert_eq!(field.line, line, "the line of {:?}", field.name);
        assert!(
            !field.name.is_empty() && field.name.bytes().all(|b| matches!(b, 33..=57 | 59..=126))
        );
        assert_eq!(field.kind, FieldName::of(field.name));
        let behind = whole.strip_prefix(field.name).expect("the name first");
        let (space, behind) = behind.split_once(':').expect("a colon");
        assert!(space.bytes().all(|b| matches!(b, b' ' | b'\t')));
        let value = behind
            .strip_suffix('\n')
            .map_or(behind, |v| v.strip_suffix('\r').unwrap_or(v));
        let fws = value.strip_suffix(field.body).expect("the body last");
        assert!(fws.bytes().all(|b| b.is_ascii_whitespace()));
        assert!(!field.body.starts_with([' ', '\t', '\n']) && !field.body.starts_with("\r\n"));
        assert!(
            field
                .body
                .split('\n')
                .skip(1)
                .all(|fold| fold.starts_with([' ', '\t']))
        );
        let unfolded = field.unfolded();
        assert!(!unfolded.contains('\n'));
        assert_eq!(unfolded, field.body.replace("\r\n", "").replace('\n', ""));
        let alone = HeaderSection::parse(whole);
        assert_eq!(alone.fields().len(), 1);
        assert_eq!(
            alone.fields().first().map(|f| (f.name, f.body)),
            Some((field.name, field.body))
        );
        end = field.span.end;
        line += u32::try_from(whole.matches('\n').count()).unwrap_or(u32::MAX);
    }
    assert_eq!(section.end(), end, "the section ends with its last field");
}

fn the_end_is_what_it_says(section: &HeaderSection<'_>) {
    let (before, behind) = section.text().split_at(section.end());
    let lines = u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX);
    let ended_by = section.ended_by();
    if let End::NoField(line) = ended_by {
        assert!(line == lines + 1 && !behind.is_empty());
    } else if ended_by == End::EmptyLine {
        assert!(behind.starts_with('\n') || behind.starts_with("\r\n"));
    } else {
        assert_eq!(ended_by, End::Text, "so short a text reaches no limit");
        assert!(behind.is_empty());
    }
}

fn what_is_behind_is_not_read(section: &HeaderSection<'_>) {
    let before = section.text().get(..section.end()).expect("a boundary");
    assert_eq!(HeaderSection::parse(before).fields(), section.fields());
}

/// What is plainly a header section, several lines of it, is no paste, and is left alone.
fn the_well_formed_is_left_alone(bytes: &[u8]) {
    let plain = RawMessage::new(bytes, Repair::Encoding);
    let section = HeaderSection::parse(&plain.text);
    let whole = matches!(section.ended_by(), End::EmptyLine | End::Text);
    let [first, second, ..] = section.fields() else {
        return;
    };
    let dressed = |text: &str| text.contains(['<', '>', '&']);
    // Spaces that only a web page or a mail program puts there.
    let spaced = plain.text.chars().any(|c| {
        c.is_whitespace() && !c.is_ascii()
            || matches!(
                c,
                '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}'
            )
    });
    // Links and defanged names likewise.
    let lower = plain.text.to_ascii_lowercase();
    let linked = ["http", "mailto:", "[.]", "hxxp", "[dot]", "(dot)"]
        .iter()
        .any(|sign| lower.contains(sign));
    let pasted = spaced || linked || plain.text.contains('&');
    if whole && second.line == 2 && !dressed(first.name) && !pasted {
        let pasted = RawMessage::new(bytes, Repair::Pasted);
        assert_eq!(pasted.text, plain.text);
    }
}

/// Bytes with CRLF in place of LF, where all line ends are LF and nothing makes it UTF-16.
fn with_crlf(bytes: &[u8]) -> Option<Vec<u8>> {
    let strange = |byte: &u8| matches!(byte, b'\r' | 0 | 0xFE | 0xFF);
    if bytes.iter().any(strange) {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    for &byte in bytes {
        if byte == b'\n' {
            out.push(b'\r');
        }
        out.push(byte);
    }
    Some(out)
}

fn line_ends_make_no_difference(bytes: &[u8]) {
    let Some(crlf) = with_crlf(bytes) else { return };
    for repair in [Repair::Encoding, Repair::Pasted] {
        let (a, b) = (
            RawMessage::new(bytes, repair),
            RawMessage::new(&crlf, repair),
        );
        let (a, b) = (HeaderSection::parse(&a.text), HeaderSection::parse(&b.text));
        assert_eq!(a.ended_by(), b.ended_by());
        assert_eq!(a.fields().len(), b.fields().len());
        for (a, b) in a.fields().iter().zip(b.fields()) {
            assert_eq!((a.name, a.line), (b.name, b.line));
            assert_eq!(a.unfolded(), b.unfolded());
        }
    }
}

// ---- an mbox --------------------------------------------------------------------------------

/// Gives so many bytes at a time.
struct Pieces<'b> {
    bytes: &'b [u8],
    most: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = self.most.min(buffer.len());
        self.bytes.read(buffer.get_mut(..most).unwrap_or_default())
    }
}

fn messages(from: impl Read, length: Option<u64>) -> Vec<MboxMessage> {
    let messages = Mbox::new(from, length).map(|message| message.expect("a slice can be read"));
    messages.collect()
}

/// A message behind whatever else, at the end of an mbox.
const LAST: &[u8] = b"\n\nFrom a@example.com Tue Feb 28 07:51:01 2023\nSubject: last\n\nbody\n";

/// An mbox, whole and cut: the first byte says where, the second how much is read at a time.
/// However it is read, the same messages come of it, and what is appended is a message of its own.
pub(crate) fn mbox(bytes: &[u8]) {
    let [cut, most, bytes @ ..] = bytes else {
        return;
    };
    let cut = bytes.len() * usize::from(*cut) / 255;
    let most = usize::from(*most) + 1;
    for mbox in [bytes, bytes.get(..cut).unwrap_or_default()] {
        let read = messages(mbox, None);
        messages_are_the_mboxs(&read, mbox);
        assert_eq!(
            read,
            messages(Pieces { bytes: mbox, most }, None),
            "in pieces"
        );
        let appended = [mbox, LAST].concat();
        let with_last = messages(appended.as_slice(), None);
        let last = with_last.last().map(|message| message.header.as_slice());
        assert!(
            last.is_some_and(|header| header.ends_with(b"Subject: last\n\n")),
            "{last:?} in place of the last"
        );
        let before = with_last.len() - 1;
        assert!(before >= read.len().saturating_sub(1), "fewer before it");
        // UTF-16 and what else there is, by the reader that stands in front.
        let mut text = Vec::new();
        let whole = Decoder::new(mbox).and_then(|mut from| from.read_to_end(&mut text));
        if let Ok(from) = Decoder::new(Pieces { bytes: mbox, most })
            && whole.is_ok()
        {
            assert_eq!(messages(text.as_slice(), None), messages(from, None));
        }
    }
}

fn messages_are_the_mboxs(messages: &[MboxMessage], mbox: &[u8]) {
    let (mut offset, mut line) = (0, 0);
    for (number, message) in (0..).zip(messages) {
        assert_eq!(message.number, number);
        assert!(number == 0 || (message.offset > offset && message.line > line));
        (offset, line) = (message.offset, message.line);
        let start = usize::try_from(offset).expect("an index");
        let there = mbox.get(start..).unwrap_or_default();
        assert!(
            there.starts_with(&message.header),
            "a header that is not there"
        );
        assert!(message.line <= most_lines(mbox));
    }
}

// ---- what is expected, and of whom -----------------------------------------------------------

/// A policy, a connector, what a policy is made of, a catalogue: the first byte says which.
pub(crate) fn policy(bytes: &[u8]) {
    let [which, text @ ..] = bytes else { return };
    match which % 4 {
        0 => match Policy::read(text, "policy.toml") {
            Ok(policy) => policy_is_sound(&policy),
            Err(error) => error_is_harmless(&error, text),
        },
        1 => match Connector::read(text, "connector.json") {
            Ok(connector) => {
                assert!(!connector.smart_hosts.is_empty(), "{connector:?}");
                is_harmless(&connector.to_string());
            }
            Err(error) => error_is_harmless(&error, text),
        },
        2 => {
            // Several texts, divided by a NUL.
            let texts: Vec<&[u8]> = text.split(|byte| *byte == 0).take(8).collect();
            let sources: Vec<_> = texts
                .iter()
                .map(|bytes| Source {
                    name: "answer",
                    bytes,
                })
                .collect();
            match import(&sources) {
                Ok(imported) => {
                    imported.notes.iter().for_each(|note| is_harmless(note));
                    let again = Policy::read(imported.toml.as_bytes(), "imported.toml");
                    let again = again.unwrap_or_else(|error| panic!("{error}"));
                    assert_eq!(again, imported.policy, "{}", imported.toml);
                    policy_is_sound(&again);
                }
                Err(error) => {
                    let longest = texts.into_iter().max_by_key(|text| most_lines(text));
                    error_is_harmless(&error, longest.unwrap_or_default());
                }
            }
        }
        _ => {
            let Ok(text) = str::from_utf8(text) else {
                return;
            };
            match Catalogue::with_overrides(text) {
                Ok(catalogue) => catalogue_is_sound(&catalogue),
                Err(error) => is_harmless(&error.to_string()),
            }
        }
    }
}

fn policy_is_sound(policy: &Policy) {
    let overview = policy.overview();
    for oddity in &overview.oddities {
        is_harmless(&oddity.says);
    }
    for row in &overview.rows {
        let lookup = policy.expectation_for(row.subject, &[row.subject]);
        is_harmless(&lookup.says(row.subject));
        assert!(row.route.is_some() != row.undecided.is_some(), "{row:?}");
    }
    let raw = RawMessage::new(JUDGED.as_bytes(), Repair::Encoding);
    let expectation = Expectation::policy(policy.clone());
    let analysis = analyze_message(&raw, &expectation, Catalogue::builtin());
    analysis_is_sound(&analysis, &expectation, most_lines(JUDGED.as_bytes()));
    reports_are_harmless(&analysis);
}

fn catalogue_is_sound(catalogue: &Catalogue) {
    is_harmless(&smarthop::catalogue::list(catalogue));
    for provider in catalogue.providers() {
        is_harmless(&smarthop::catalogue::show(provider));
    }
    let raw = RawMessage::new(JUDGED.as_bytes(), Repair::Encoding);
    for expectation in plans() {
        let analysis = analyze_message(&raw, expectation, catalogue);
        reports_are_harmless(&analysis);
    }
}

fn error_is_harmless(error: &ReadError, text: &[u8]) {
    is_harmless(&error.to_string());
    assert!(error.line <= most_lines(text).saturating_add(1), "{error}");
}

/// Fit for a terminal, line by line.
fn is_harmless(text: &str) {
    for line in text.lines() {
        assert!(
            line.chars().all(|c| c == '\t' || !c.is_control()),
            "not fit for a terminal: {line:?}"
        );
    }
}

/// What is held against a policy or a catalogue.
const JUDGED: &str = "Received: from smtp-relay.example.com (smtp-relay.example.com [192.0.2.25])\n\
    \tby mx.example.net (Postfix) with ESMTPS id 4TwNqR2lVRz9sxJ\n\
    \tfor <mary.johnson@example.net>; Thu, 14 Mar 2024 10:00:07 +0000 (UTC)\n\
    From: <newsletter@mydomain.ovh>\nTo: <mary.johnson@example.net>\n\n";

// ---- Received -------------------------------------------------------------------------------

/// One `Received` body into a hop.
pub(crate) fn received(bytes: &[u8]) {
    let body = String::from_utf8_lossy(bytes);
    let hop = dialect::read(&body);
    hop_is_sound(&hop, &body);
    let is_body = !body.contains('\r')
        && body
            .split('\n')
            .skip(1)
            .all(|fold| fold.starts_with([' ', '\t']));
    if is_body && body.contains('\n') {
        let crlf = body.replace('\n', "\r\n");
        let written = |hop: &Hop<'_>| format!("{hop:?}").replace("\\\\", "/");
        let lf = written(&hop);
        let crlf = written(&dialect::read(&crlf)).replace("\\r", "");
        assert_eq!(lf, crlf, "with CRLF");
    }
}

fn texts<'h, 'x>(hop: &'h Hop<'x>) -> Vec<&'h Cow<'x, str>> {
    let mut texts: Vec<Option<&Cow<'x, str>>> = vec![
        hop.with.as_ref(),
        hop.id.as_ref(),
        hop.for_.as_ref(),
        hop.envelope_from.as_ref(),
        hop.authenticated_as.as_ref(),
        hop.software.as_ref(),
    ];
    if let Some(client) = &hop.from {
        texts.extend([client.helo.as_ref(), client.reverse_dns.as_ref()]);
        texts.push(client.address.as_ref().map(|address| &address.text));
    }
    if let Some(server) = &hop.by {
        texts.extend([server.host.as_ref(), server.ip.as_ref()]);
    }
    if let Some(tls) = &hop.tls {
        texts.extend([tls.version.as_ref(), tls.cipher.as_ref()]);
    }
    texts.into_iter().flatten().collect()
}

fn hop_is_sound(hop: &Hop<'_>, body: &str) {
    for text in texts(hop) {
        // An address may be written longer than it stood: canonical text of IPv4-mapped IPv6.
        assert!(
            text.len() <= body.len().max(45),
            "{text:?} is longer than the field"
        );
        assert!(!text.is_empty(), "an empty text in {hop:?}");
    }
    assert_eq!(
        hop.date.is_some(),
        hop.date_standing == DateStanding::Known,
        "{hop:?}"
    );
    if let Some(client) = &hop.from {
        client_is_sound(client);
    }
    if hop.doubtful {
        assert_eq!(hop.intake, Intake::Client, "{hop:?}");
        let client = hop.from.as_ref();
        assert!(
            client.is_none_or(|client| !client.reverse_dns_verified),
            "{hop:?}"
        );
        let address = client.and_then(|client| client.address.as_ref());
        assert!(
            address.is_none_or(|a| a.place == AddressPlace::Bare),
            "{hop:?}"
        );
    }
    if hop.unparsed {
        assert!(
            hop.from.is_none() && hop.by.is_none() && hop.date.is_none(),
            "{hop:?}"
        );
    }
}

fn client_is_sound(client: &Client<'_>) {
    if let Some(address) = &client.address {
        assert!(!address.text.starts_with('['), "{address:?}");
        if let Some(ip) = address.ip {
            assert!(
                !matches!(ip, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some()),
                "{address:?}"
            );
        }
    }
    if client.reverse_dns_verified {
        let address = client.address.as_ref();
        assert!(client.reverse_dns.is_some(), "{client:?}");
        assert!(
            address.is_some_and(|a| a.place == AddressPlace::TcpInfo),
            "{client:?}"
        );
    }
}

/// What a client puts into its HELO, in the stamps of servers that copy it: neither a verified name
/// nor an address comes of it, and no mailbox was emptied.
///
/// The longest HELO is a command line of RFC 5321 4.5.3.1.4: 512 bytes.
pub(crate) fn helo(bytes: &[u8]) {
    let helo = String::from_utf8_lossy(bytes);
    if bytes.len() > 512 || helo.contains(|c: char| c.is_control()) {
        return;
    }
    for [before, behind] in STAMPS {
        let body = format!("{before}{helo}{behind}");
        let hop = dialect::read(&body);
        hop_is_sound(&hop, &body);
        assert_ne!(hop.intake, Intake::Retrieval, "in {body:?}");
        let client = hop.from.unwrap_or_default();
        if client.reverse_dns_verified {
            assert_eq!(
                client.reverse_dns.as_deref(),
                Some("host.isp.example"),
                "in {body:?}"
            );
        }
        if let Some(address) = client.address.filter(|a| a.place == AddressPlace::TcpInfo) {
            assert_eq!(address.text, "203.0.113.9", "in {body:?}");
        }
    }
}

/// What stands before a HELO and behind it: Postfix, Exim, sendmail, Exchange.
const STAMPS: [[&str; 2]; 4] = [
    [
        "from ",
        " (host.isp.example [203.0.113.9])\r\n\tby mx.example.net (Postfix) with ESMTPS id 4Q\r\n\tfor <john@example.net>; Tue, 2 Jan 2024 19:02:09 +0000 (UTC)",
    ],
    [
        "from host.isp.example ([203.0.113.9] helo=",
        ")\r\n\tby mx.example.net with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96)\r\n\t(envelope-from <a@example.com>) id 1rK-0001-2c for john@example.net; Tue, 02 Jan 2024 19:02:09 +0000",
    ],
    [
        "from ",
        " (host.isp.example [203.0.113.9])\r\n\tby mx.example.net (8.17.1/8.17.1) with ESMTPS id 402J29; Tue, 2 Jan 2024 19:02:09 GMT",
    ],
    [
        "from ",
        " (203.0.113.9) by\r\n mx.example.net (2001:db8::1) with Microsoft SMTP Server (version=TLS1_2,\r\n cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.1.1; Tue, 2 Jan 2024 19:02:09 +0000",
    ],
];

// ---- the whole analysis ---------------------------------------------------------------------

/// Flags of the second byte.
const PASTED: u8 = 1;
const RECEIVER: u8 = 2;
const TRUST: u8 = 4;
const AUTHSERV_ID: u8 = 8;
const ACCOUNT: u8 = 16;
/// The rest stands below a stranger's hand-over.
const STRANGER: u8 = 32;

/// A message against an expectation: the first byte chooses what is expected, the second what is
/// believed and how it is read; both as in `seed.sh`, letters from `A` and `@` on.
pub(crate) fn analysis(bytes: &[u8]) {
    let [plan, flags, message @ ..] = bytes else {
        return;
    };
    let expectation = expectation(*plan, *flags);
    let repair = if flags & PASTED > 0 {
        Repair::Pasted
    } else {
        Repair::Encoding
    };
    if flags & STRANGER > 0 {
        no_pass_below_a_stranger(message, &expectation, repair, *flags);
        return;
    }
    let raw = RawMessage::new(message, repair);
    let analysis = analyze_message(&raw, &expectation, Catalogue::builtin());
    analysis_is_sound(&analysis, &expectation, most_lines(message));
    reports_are_harmless(&analysis);
    if let Some(crlf) = with_crlf(message) {
        let raw = RawMessage::new(&crlf, repair);
        let other = analyze_message(&raw, &expectation, Catalogue::builtin());
        assert_eq!(analysis.outcome, other.outcome, "with CRLF");
        assert_eq!(analysis.observed, other.observed, "with CRLF");
        assert_eq!(analysis.reasons, other.reasons, "with CRLF");
    }
}

fn hosts(names: &[&str]) -> Vec<HostSpec> {
    names
        .iter()
        .map(|name| name.parse().expect("a host"))
        .collect()
}

fn plans() -> &'static [Expectation] {
    static PLANS: OnceLock<Vec<Expectation>> = OnceLock::new();
    PLANS.get_or_init(|| {
        let connector = |names: &[&str]| Expectation::connector(hosts(names));
        let mut own_exchange = Expectation::exchange();
        own_exchange.exchange_hosts = hosts(&["mail.mydomain.ovh", "198.51.100.0/28"]);
        own_exchange.plan = Plan::Exchange(Some(Connector {
            smart_hosts: hosts(&["smtp-relay.example.com"]),
            ..Connector::default()
        }));
        let mut platform = Expectation::exchange();
        platform.platform = Some("ovhcloud".to_owned());
        let policy = Policy::read(POLICY.as_bytes(), "policy.toml").expect("a policy");
        let mut of_sender = connector(&["relay.example.org"]);
        of_sender.sender = Some("contact@mydomain.ovh".to_owned());
        vec![
            connector(&["smtp-relay.example.com"]),
            connector(&["smtp-relay.brevo.com"]),
            connector(&["192.0.2.0/24", "2001:db8:25::/48"]),
            connector(&["*.provider.example"]),
            connector(&["email-smtp.eu-west-1.amazonaws.com"]),
            connector(&["contoso.mail.protection.outlook.com"]),
            Expectation::exchange(),
            own_exchange,
            platform,
            Expectation::policy(policy),
            of_sender,
            Expectation::default(),
        ]
    })
}

const POLICY: &str = r#"
[platform]
name = "ovhcloud"
[[connector]]
id = 29
name = "testconnector"
smart-host = "smtp-relay.example.com"
egress = ["192.0.2.0/25"]
bounce-domains = ["sender-id.example.com"]
dkim = ["smtp.example.com"]
require-tls = true
[[connector]]
id = 30
name = "other"
smart-host = "smtp-relay.brevo.com"
[[account]]
address = "newsletter@mydomain.ovh"
connector = 29
[[domain]]
name = "mydomain.ovh"
default-connector = 0
[[domain]]
name = "contoso.example"
default-connector = 30
"#;

fn expectation(plan: u8, flags: u8) -> Expectation {
    let plans = plans();
    let index = usize::from(plan.wrapping_sub(b'A')) % plans.len();
    let mut expectation = plans.get(index).cloned().unwrap_or_default();
    if flags & RECEIVER > 0 {
        expectation.receivers = hosts(&["mx.example.net"]);
    }
    if flags & TRUST > 0 {
        expectation.trust = hosts(&["lists.example.org", "192.0.2.128/26"]);
    }
    if flags & AUTHSERV_ID > 0 {
        expectation.authserv_ids = vec!["auth.example.net".parse().expect("an id")];
    }
    expectation.require_account = flags & ACCOUNT > 0;
    expectation
}

fn analysis_is_sound(analysis: &Analysis, expectation: &Expectation, most_lines: u32) {
    let observed = &analysis.observed;
    assert_eq!(analysis.outcome == Outcome::Error, analysis.error.is_some());
    if analysis.outcome == Outcome::Error {
        assert!(analysis.hops.is_empty() && analysis.evidence.is_empty());
        assert_eq!(observed, &smarthop::analysis::Observed::default());
        return;
    }
    lines_are_in_the_input(analysis, most_lines);
    for (number, hop) in (1..).zip(&analysis.hops) {
        assert_eq!(hop.number, number);
        let valid = hop.from.as_ref().is_some_and(|from| from.ip_valid);
        assert!(!valid || hop.from.as_ref().is_some_and(|from| from.ip.is_some()));
    }
    assert!(
        analysis
            .hops
            .is_sorted_by(|older, newer| older.line > newer.line)
    );
    let deciding = observed.hop.map(|number| {
        let index = number.checked_sub(1).expect("hops begin with 1");
        analysis
            .hops
            .get(index as usize)
            .expect("a hop that is there")
    });
    assert!(deciding.is_none_or(|hop| hop.believed), "{observed:?}");
    assert!(observed.attested.is_some() && observed.route.is_some());
    if matches!(expectation.plan, Plan::Nothing) {
        assert_eq!(analysis.outcome, Outcome::Unchecked);
    } else {
        assert!(!analysis.reasons.is_empty());
    }
    assert!(analysis.settle.is_empty() || analysis.outcome == Outcome::Inconclusive);
    match analysis.outcome {
        Outcome::Pass => a_pass_is_founded(analysis, expectation),
        Outcome::Fail => a_fail_is_founded(analysis),
        Outcome::Inconclusive | Outcome::Unchecked | Outcome::Error => {}
    }
}

fn expected_route(analysis: &Analysis) -> ObservedRoute {
    match analysis.expected.as_ref().map(|expected| expected.route) {
        Some(ExpectedRoute::Connector) => ObservedRoute::Connector,
        Some(ExpectedRoute::Exchange) => ObservedRoute::Exchange,
        None => panic!("{} with nothing expected", analysis.outcome),
    }
}

fn a_pass_is_founded(analysis: &Analysis, expectation: &Expectation) {
    let observed = &analysis.observed;
    assert_eq!(observed.route, Some(expected_route(analysis)));
    assert_eq!(observed.attested, Some(true));
    assert!(observed.scope.is_some());
    let border = observed.border.expect("a border");
    assert_ne!(border, Border::Guessed);
    if !expectation.receivers.is_empty() {
        assert_eq!(border, Border::Named);
    }
    match observed.identity.expect("an identity") {
        Identity::Helo => panic!("a pass by HELO alone"),
        Identity::Dkim => {
            assert!(observed.hop.is_none() && observed.host.is_none() && observed.ip.is_none());
            assert_eq!(
                observed.route,
                Some(ObservedRoute::Connector),
                "a pass by DKIM"
            );
        }
        Identity::Network | Identity::ReverseDns | Identity::Spf => assert!(observed.hop.is_some()),
    }
    if expectation.require_account {
        assert_eq!(observed.scope, Some(Scope::Account));
    }
}

fn a_fail_is_founded(analysis: &Analysis) {
    let observed = &analysis.observed;
    assert_ne!(observed.route, Some(ObservedRoute::Unknown));
    if observed.route == Some(expected_route(analysis)) {
        let expected = analysis
            .expected
            .as_ref()
            .and_then(|e| e.connector.as_ref());
        assert_ne!(
            observed.connector.as_ref(),
            expected,
            "the expected route failed"
        );
    }
}

fn lines_are_in_the_input(analysis: &Analysis, most: u32) {
    let reasons = analysis.reasons.iter().filter_map(|reason| reason.line);
    let warnings = analysis.warnings.iter().filter_map(|warning| warning.line);
    let hops = analysis.hops.iter().map(|hop| hop.line);
    let evidence = analysis.evidence.iter().map(|item| item.line);
    for line in reasons.chain(warnings).chain(hops).chain(evidence) {
        assert!((1..=most).contains(&line), "line {line} of {most}");
    }
}

fn reports_are_harmless(analysis: &Analysis) {
    let mut json = Vec::new();
    smarthop::report::json(analysis, &mut json).expect("a Vec takes everything");
    let json = String::from_utf8(json).expect("UTF-8");
    let line = json.strip_suffix('\n').expect("a whole line");
    assert!(!line.contains(char::is_control));
    serde_json::from_str::<serde_json::Value>(line).expect("JSON");
    #[cfg(feature = "cli")]
    {
        let mut text = String::new();
        let style = smarthop::report::Style::default();
        smarthop::report::human(analysis, &style, &mut text).expect("a String takes everything");
        for line in text.lines() {
            assert_eq!(
                smarthop::report::printable(line),
                line,
                "not fit for a terminal"
            );
        }
        assert!(!text.contains('\r'));
    }
}

/// The recipient's server took the message from a stranger, whose bytes are all that is below.
fn no_pass_below_a_stranger(message: &[u8], expectation: &Expectation, repair: Repair, flags: u8) {
    // A first line that is no field would not stand here: the server begins the body with it.
    let section = RawMessage::new(message, Repair::Encoding);
    let begins = HeaderSection::parse(&section.text)
        .fields()
        .first()
        .is_some_and(|field| field.span.start == 0 && message.starts_with(field.name.as_bytes()));
    if !begins || flags & AUTHSERV_ID > 0 {
        return;
    }
    for stamp in STRANGERS {
        let mut bytes = stamp.as_bytes().to_vec();
        bytes.extend_from_slice(message);
        let raw = RawMessage::new(&bytes, repair);
        let analysis = analyze_message(&raw, expectation, Catalogue::builtin());
        assert_ne!(
            analysis.outcome,
            Outcome::Pass,
            "below {stamp}: {:?}",
            analysis.observed
        );
        analysis_is_sound(&analysis, expectation, most_lines(&bytes));
    }
}

/// Hand-overs by a stranger, as the recipient's server wrote them.
const STRANGERS: [&str; 4] = [
    "Received: from host.isp.example (host.isp.example [203.0.113.66])\n\
     \tby mx.example.net (Postfix) with ESMTPS id 4TwNqR2lVRz9sxJ\n\
     \tfor <mary.johnson@example.net>; Thu, 14 Mar 2024 10:00:07 +0000 (UTC)\n",
    "Return-Path: <a@host.isp.example>\n\
     Received: from mx.example.net (localhost [127.0.0.1])\n\
     \tby mx.example.net (Postfix) with ESMTP id 4TwNqS4Kz9sxK\n\
     \tfor <mary.johnson@example.net>; Thu, 14 Mar 2024 10:00:09 +0000 (UTC)\n\
     Received: from smtp-relay.example.com (unknown [203.0.113.66])\n\
     \tby mx.example.net (Postfix) with ESMTPS id 4TwNqR2lVRz9sxJ\n\
     \tfor <mary.johnson@example.net>; Thu, 14 Mar 2024 10:00:07 +0000 (UTC)\n",
    "Delivered-To: john@example.org\n\
     Received: by 2002:a05:6a10:1234:b0:45f:7a9d:1c2e with SMTP id a1csp123456pxx;\n\
     \x20       Thu, 14 Mar 2024 03:00:08 -0700 (PDT)\n\
     Return-Path: <a@host.isp.example>\n\
     Received: from host.isp.example (host.isp.example. [203.0.113.66])\n\
     \x20       by mx.google.com with ESMTPS id d2e1a72fcca58-6e6aa1si5.2024.03.14.03.00.07\n\
     \x20       for <john@example.org>\n\
     \x20       (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n\
     \x20       Thu, 14 Mar 2024 03:00:07 -0700 (PDT)\n\
     Received-SPF: pass (google.com: domain of a@host.isp.example designates 203.0.113.66 as permitted sender) client-ip=203.0.113.66;\n\
     Authentication-Results: mx.google.com;\n\
     \x20      spf=pass (google.com: domain of a@host.isp.example designates 203.0.113.66 as permitted sender) smtp.mailfrom=a@host.isp.example\n",
    "Received: from AM5EUR03FT001.eop-EUR03.prod.protection.outlook.com\n\
     \x20(2603:10a6:206:1::aa) by AM6PR01CA0001.outlook.office365.com\n\
     \x20(2603:10a6:20b:e0::31) with Microsoft SMTP Server (version=TLS1_2,\n\
     \x20cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.7386.19 via Frontend\n\
     \x20Transport; Thu, 14 Mar 2024 10:00:08 +0000\n\
     Authentication-Results: spf=pass (sender IP is 203.0.113.66)\n\
     \x20smtp.mailfrom=host.isp.example; dkim=none (message not signed)\n\
     \x20header.d=none;dmarc=none action=none header.from=host.isp.example;\n\
     Received: from host.isp.example (203.0.113.66) by\n\
     \x20AM5EUR03FT001.mail.protection.outlook.com (10.152.16.1) with Microsoft SMTP\n\
     \x20Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id\n\
     \x2015.20.7386.19 via Frontend Transport; Thu, 14 Mar 2024 10:00:07 +0000\n",
];
