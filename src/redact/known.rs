//! What is personal in one message, and which names are the route's: an [`Analysis`] and its
//! header in, [`Known`] out.
//!
//! Personal words are looked up where a sentence is shown; most header text is cut down without
//! them. A name of the route stays even where it is somebody's local part.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use mail_parser::parsers::MessageStream;
use mail_parser::{Address, HeaderValue};
use memchr::memmem;

use super::harmless::is_plain;
use super::text::{address_in, fold, is_host_name, is_public_name, percent_decoded, tokens};
use super::{Kind, header};
use crate::analysis::{Analysis, EvidenceKind, HopFrom, HopInfo};
use crate::catalogue::is_customer_machine;
use crate::header::{Field, HeaderSection, MAX_ADDRESSES_BYTES, prefix};
use crate::host::{is_inner, same_name, same_organisation};
use crate::lex::{comment_end, parse_ip, quoted_end, steps};
use crate::trace::is_submission_word;

/// How many personal words of one message are remembered: a list's To has some thousands. Beyond
/// that, every word of a sentence has to be a harmless one.
const WORDS_MAX: usize = 1 << 16;

/// Shorter words of a name are initials and particles, which no sentence can be searched for.
const NAME_WORD_MIN: usize = 3;

/// Shorter parts of a local part stand for anything.
const PART_MIN: usize = 4;

/// What of a message is personal, and what is the route's.
#[derive(Debug, Default)]
pub(super) struct Known {
    words: HashMap<String, Kind>,
    /// Addresses of people's machines.
    people: HashSet<IpAddr>,
    /// Addresses of the machines that the message is said to be written on.
    written_on: HashSet<IpAddr>,
    /// Addresses that are shown.
    servers: HashSet<IpAddr>,
    /// Names of people's machines that have a mail server of their own, in lower case.
    machines: HashSet<String>,
    /// Names of the route, in lower case.
    route: HashSet<String>,
    /// Other words that the analysis shows: protocols, queue ids, ciphers.
    shown: HashSet<String>,
    /// There were more words than are remembered.
    pub(super) overflown: bool,
}

impl Known {
    pub(super) fn of(analysis: &Analysis, section: Option<&HeaderSection<'_>>) -> Self {
        let mut known = Self::default();
        let fields = || {
            section
                .iter()
                .flat_map(|section| section.walk().map(|(_, field)| field))
        };
        // Of a client that is the finding these fields make no person's machine.
        known.written_on = fields()
            .filter(|field| header::names_client(field.name))
            .flat_map(|field| tokens(field.body).filter_map(parse_ip))
            .collect();
        known.take_route(analysis);
        known.take_addresses(analysis);
        for ip in known.written_on.clone() {
            known.take_ip(ip);
        }
        for field in fields() {
            known.take_field(field);
        }
        known.take_results(analysis);
        known.take_shown(analysis);
        known
    }

    /// A result that is no word of the protocols may be a local part, with white space before `@`.
    fn take_results(&mut self, analysis: &Analysis) {
        let results = analysis
            .evidence
            .iter()
            // A verdict's word is one of the documented ones.
            .filter(|item| item.kind != EvidenceKind::Verdict)
            .filter_map(|item| item.result.as_deref());
        let words: Vec<_> = results.flat_map(tokens).map(fold).collect();
        for word in words {
            if !is_plain(&word) {
                self.add(Kind::User, word);
            }
        }
    }

    /// What is replaced in place of `folded`, if it is a personal word.
    pub(super) fn kind(&self, folded: &str) -> Option<Kind> {
        let kind = *self.words.get(folded)?;
        // A host's name stays where it is somebody's local part too; a person's machine is no host.
        (kind == Kind::Client || !self.route.contains(folded)).then_some(kind)
    }

    /// Whether this is a person's account or local part, be it a plain word too.
    pub(super) fn is_user(&self, folded: &str) -> bool {
        self.words.get(folded) == Some(&Kind::User)
    }

    pub(super) fn is_persons(&self, ip: IpAddr) -> bool {
        self.people.contains(&ip)
    }

    /// Whether the analysis shows this address as a server's, or as the one that a result is about.
    pub(super) fn is_servers(&self, ip: IpAddr) -> bool {
        ip.is_loopback() || self.servers.contains(&ip)
    }

    /// Whether this word is a name of the route, or one that the analysis shows anyhow.
    pub(super) fn is_shown(&self, folded: &str) -> bool {
        self.route.contains(folded) || self.shown.contains(folded)
    }

    fn add(&mut self, kind: Kind, folded: String) {
        if folded.is_empty() || folded.bytes().all(|b| b.is_ascii_digit()) && folded.len() < 5 {
            return;
        }
        if self.words.len() >= WORDS_MAX {
            self.overflown = true;
            return;
        }
        let known = self.words.entry(folded).or_insert(kind);
        if kind == Kind::Client {
            *known = kind;
        }
    }

    /// The servers' names and addresses, and the people's.
    fn take_route(&mut self, analysis: &Analysis) {
        let decides = |hop: &HopInfo| analysis.observed.hop == Some(hop.number);
        self.machines = own_servers(analysis);
        for by in analysis.hops.iter().filter_map(|hop| hop.by.as_ref()) {
            let host = by.host.as_deref();
            self.keep(host.filter(|host| !self.machines.contains(&fold(host))));
            self.servers.extend(by.ip.as_deref().and_then(parse_ip));
        }
        let connectors = [
            analysis.observed.connector.as_ref(),
            analysis
                .expected
                .as_ref()
                .and_then(|e| e.connector.as_ref()),
        ];
        for connector in connectors.into_iter().flatten() {
            self.keep(connector.smart_host.as_deref());
            self.keep(connector.name.as_deref());
        }
        self.keep(analysis.observed.attested_by.as_deref());
        let domains = domains(analysis);
        let mut people = Vec::new();
        let mut others = Vec::new();
        for (index, hop) in analysis.hops.iter().enumerate() {
            let Some(from) = &hop.from else { continue };
            let older = index.checked_sub(1).and_then(|at| analysis.hops.get(at));
            if self.is_person(analysis, hop, from, older) {
                people.push(from);
            } else {
                self.keep(from.helo.as_deref());
                self.keep(from.reverse_dns.as_deref());
                let ip = from.ip.as_deref().and_then(parse_ip);
                match decides(hop) {
                    true => self.servers.extend(ip),
                    false => others.extend(ip),
                }
            }
        }
        // An address is a person's wherever it stands, also where a hop does not show whose it is.
        let ips = people.iter().filter_map(|from| from.ip.as_deref());
        let persons: HashSet<IpAddr> = ips.filter_map(parse_ip).collect();
        others.retain(|ip| !persons.contains(ip));
        self.servers.extend(others);
        for from in people {
            for name in [&from.helo, &from.reverse_dns].into_iter().flatten() {
                let name = fold(name);
                if let Some(ip) = parse_ip(&name) {
                    self.take_ip(ip);
                } else if !self.route.contains(&name)
                    && !domains.contains(&name)
                    && !name.split(' ').all(is_plain)
                {
                    self.add(Kind::Client, name);
                }
            }
            match from.ip.as_deref().map(|ip| (ip, parse_ip(ip))) {
                Some((_, Some(ip))) => self.take_ip(ip),
                Some((text, None)) if !self.route.contains(&fold(text)) => {
                    self.add(Kind::Address, fold(text));
                }
                _ => {}
            }
        }
    }

    fn take_ip(&mut self, ip: IpAddr) {
        if !ip.is_loopback() && !self.servers.contains(&ip) {
            self.people.insert(ip);
        }
    }

    /// Whether the client of a hop is a person's machine: somebody handed the message in there, or
    /// the first server took it from what does not look like one.
    ///
    /// The client of the deciding hop is the finding, and stays, unless the server there took the
    /// message in by a protocol of submission, or from an account, and it is known as nobody's.
    /// What the client chose (its names, the recipient, other fields) makes no difference there.
    fn is_person(
        &self,
        analysis: &Analysis,
        hop: &HopInfo,
        from: &HopFrom,
        older: Option<&HopInfo>,
    ) -> bool {
        let decides = analysis.observed.hop == Some(hop.number);
        if decides && (analysis.observed.identity.is_some() || !is_taken_in(hop)) {
            return false;
        }
        let names = || [&from.helo, &from.reverse_dns].into_iter().flatten();
        let ip = from.ip.as_deref().and_then(parse_ip);
        let is_server = |name: &String| self.route.contains(&fold(name)) && name != "localhost";
        if names().any(is_server) || ip.is_some_and(|ip| self.servers.contains(&ip)) {
            return false;
        }
        let server = older.and_then(|older| older.by.as_ref()?.host.as_deref());
        if is_taken_in(hop) || !decides && is_told_submission(hop, ip) {
            let linked = |server: &str| {
                !self.machines.contains(&fold(server))
                    && names()
                        .any(|name| same_name(name, server) || same_organisation(name, server))
            };
            return !server.is_some_and(linked);
        }
        // Above the deciding hop the clients are the recipient's own servers.
        let is_below = analysis.observed.hop.is_none_or(|at| hop.number < at);
        if is_below && ip.is_some_and(|ip| self.written_on.contains(&ip)) {
            return true;
        }
        if decides || hop.number != 1 || ip.is_some_and(|ip| ip.is_loopback()) {
            return false;
        }
        let is_a_servers = |name: &str| is_host_name(name) && !is_customer_machine(name, ip);
        let looked_up = from.reverse_dns.as_deref();
        let verified = looked_up.filter(|_| from.reverse_dns_verified);
        let named = from.helo.as_deref().filter(|helo| is_a_servers(helo));
        // An inner host is the provider's where it is not the sender's own: his may be a desk's.
        let is_providers = |helo: &str| {
            let by = hop.by.as_ref().and_then(|by| by.host.as_deref());
            let senders = analysis.message.from.iter();
            let mut own = senders.filter_map(|from| Some(address_in(from)?.1));
            by.is_some_and(|by| same_organisation(helo, by))
                && !own.any(|own| same_organisation(helo, own))
        };
        let named = named.is_some_and(|helo| match ip.is_some_and(is_inner) {
            true => is_providers(helo),
            false => is_public_name(helo),
        });
        !(verified.is_some_and(is_a_servers) || named)
    }

    fn keep(&mut self, name: Option<&str>) {
        let Some(name) = name else { return };
        if name.contains('@') {
            return;
        }
        let folded = fold(name);
        self.servers.extend(parse_ip(name));
        let words = folded.split_whitespace().map(str::to_owned);
        self.route.extend(words);
        self.route.insert(folded);
    }

    /// The addresses that the analysis has taken apart.
    fn take_addresses(&mut self, analysis: &Analysis) {
        let message = &analysis.message;
        let envelope = analysis.hops.iter().flat_map(|hop| {
            [&hop.for_, &hop.envelope_from, &hop.authenticated_as]
                .into_iter()
                .flatten()
        });
        let sender = analysis.expected.iter().flat_map(|e| e.sender.iter());
        let own = message.from.iter().chain(&message.to);
        let own = own.chain(&message.sender).chain(&message.return_path);
        for address in own.chain(sender).chain(envelope) {
            self.take_address(address);
        }
        if let Some(id) = &message.message_id {
            self.take_id(id);
        }
    }

    /// `local@domain`, or an account's bare name.
    fn take_address(&mut self, address: &str) {
        let (local, _) = address_in(address).unwrap_or((address, ""));
        self.take_local(local);
    }

    /// A local part, with what is embedded in it.
    fn take_local(&mut self, local: &str) {
        let local = fold(local.trim_matches(['"', '<', '>', '\'', '=']));
        let part = |char: char| !char.is_alphanumeric();
        for piece in local.split(part) {
            if piece.chars().count() >= PART_MIN && !is_plain(piece) && is_letters(piece) {
                self.add(Kind::User, piece.to_owned());
            }
        }
        if local.contains('=') {
            // VERP and SRS: `bounce-john.smith=example.com`, `SRS0=tag=tt=example.com=john.smith`.
            for piece in local.split(['=', '/', '+']) {
                if let Some((_, behind)) = piece.rsplit_once('-') {
                    self.take_embedded(behind);
                }
                self.take_embedded(piece);
            }
        } else if let Some((user, _)) = local.split_once('+') {
            self.take_embedded(user);
        }
        self.add(Kind::User, local);
    }

    fn take_embedded(&mut self, piece: &str) {
        if piece.chars().count() >= PART_MIN && !is_plain(piece) && !is_host_name(piece) {
            self.add(Kind::User, piece.to_owned());
        }
    }

    fn take_id(&mut self, id: &str) {
        let (left, host) = address_in(id).unwrap_or((id, ""));
        self.add(Kind::Id, fold(left));
        // A server's name is its public one, or stands in the route; others are of whoever wrote it.
        let host = fold(host.trim_matches(['>', '.', '[', ']']));
        if let Some(ip) = parse_ip(&host) {
            self.take_ip(ip);
        } else if !is_public_name(&host) && !self.route.contains(&host) && !is_plain(&host) {
            self.add(Kind::Client, host);
        }
    }

    /// Addresses and names anywhere in a field.
    fn take_field(&mut self, field: &Field<'_>) {
        let is_id = header::is_message_id(field.name);
        let holds = |sign: &[u8]| memmem::find(field.body.as_bytes(), sign).is_some();
        // Signatures, most of a header, hold no address in whatever form.
        if !is_id
            && !header::holds_addresses(field.name)
            && !holds(b"@")
            && !holds(b"%")
            && !holds(b"=?")
        {
            return;
        }
        let body = field.unfolded();
        for token in tokens(&body) {
            let decoded = percent_decoded(token);
            for token in [Some(token), decoded.as_deref()].into_iter().flatten() {
                let Some((local, _)) = address_in(token) else {
                    continue;
                };
                match is_id {
                    true => self.take_id(token),
                    false => self.take_local(local),
                }
            }
        }
        if body.contains("=?") && !is_id {
            let bytes = stream_bytes(field);
            if let HeaderValue::Text(text) = MessageStream::new(&bytes).parse_unstructured() {
                for (local, _) in tokens(&text).filter_map(address_in) {
                    self.take_local(local);
                }
            }
        }
        if header::holds_addresses(field.name) {
            for (name, address) in mailboxes(field) {
                if let Some(address) = address {
                    self.take_address(&address);
                }
                if let Some(name) = name {
                    self.take_name(&name);
                }
            }
        }
        if is_id {
            // `<id@[192.0.2.1]>`
            tokens(&body)
                .filter_map(parse_ip)
                .for_each(|ip| self.take_ip(ip));
        }
    }

    fn take_name(&mut self, name: &str) {
        for (local, _) in tokens(name).filter_map(address_in) {
            self.take_local(local);
        }
        for word in fold(name).split(|char: char| !char.is_alphanumeric()) {
            if word.chars().count() >= NAME_WORD_MIN && !is_plain(word) {
                self.add(Kind::User, word.to_owned());
            }
        }
    }

    /// Other words of the analysis, which stay in a hop's raw text if they are not personal.
    fn take_shown(&mut self, analysis: &Analysis) {
        let mut shown = HashSet::new();
        let mut show = |text: Option<&str>| {
            let words = text.into_iter().flat_map(tokens).map(fold);
            shown.extend(words.filter(|word| !self.words.contains_key(word)));
        };
        for hop in &analysis.hops {
            show(hop.with.as_deref());
            show(hop.id.as_deref());
            show(hop.software.as_deref());
            if let Some(tls) = &hop.tls {
                show(tls.version.as_deref());
                show(tls.cipher.as_deref());
            }
        }
        for item in &analysis.evidence {
            show(item.selector.as_deref());
            show(item.domain.as_deref());
        }
        self.shown = shown;
        let ips = analysis
            .evidence
            .iter()
            .filter_map(|item| item.ip.as_deref());
        let ips = ips
            .filter_map(parse_ip)
            .filter(|ip| !self.people.contains(ip));
        self.servers.extend(ips);
    }
}

/// The domains of addresses and of results: a machine that is called like one is no secret.
fn domains(analysis: &Analysis) -> HashSet<String> {
    let message = &analysis.message;
    let addresses = message.from.iter().chain(&message.to);
    let addresses = addresses.chain(&message.sender).chain(&message.return_path);
    let envelope = analysis.hops.iter().flat_map(|hop| {
        let own = [&hop.for_, &hop.envelope_from, &hop.authenticated_as];
        own.into_iter().flatten()
    });
    let of_addresses = addresses.chain(envelope).filter_map(|one| address_in(one));
    let results = analysis.evidence.iter().filter(|item| {
        use EvidenceKind::{Arc, Dkim, DkimSignature, Dmarc, ReturnPath, Spf};
        [Arc, Dkim, DkimSignature, Dmarc, ReturnPath, Spf].contains(&item.kind)
    });
    let of_results = results.filter_map(|item| item.domain.as_deref());
    let plain = ["localhost", "localhost.localdomain"];
    of_addresses
        .map(|(_, domain)| domain)
        .chain(of_results)
        .chain(plain)
        .map(fold)
        .collect()
}

fn is_letters(piece: &str) -> bool {
    piece.chars().any(char::is_alphabetic)
}

/// Servers that are a person's own machine: they handed the message in elsewhere, and every name
/// they have there is one that only exists inside, or a customer's.
fn own_servers(analysis: &Analysis) -> HashSet<String> {
    let host = |hop: &HopInfo| hop.by.as_ref().and_then(|by| by.host.clone());
    // Who took the message in for the recipient is no person's machine, however it is called.
    let receivers = analysis.hops.iter().filter(|hop| hop.believed);
    let receivers: HashSet<String> = receivers.filter_map(host).map(|name| fold(&name)).collect();
    let mut own = HashSet::new();
    for (older, hop) in analysis.hops.iter().zip(analysis.hops.iter().skip(1)) {
        let (Some(server), Some(from), Some(by)) = (host(older), &hop.from, host(hop)) else {
            continue;
        };
        let with = hop.with.as_deref().unwrap_or_default();
        let decides = analysis.observed.hop == Some(hop.number);
        if decides || !is_taken_in(hop) || with.eq_ignore_ascii_case("mapi") {
            continue;
        }
        let ip = from.ip.as_deref().and_then(parse_ip);
        let is_public = |name: &str| is_public_name(name) && !is_customer_machine(name, ip);
        let mut names = [&from.helo, &from.reverse_dns].into_iter().flatten();
        // Behind a server that is inside too, an inner name may be any server's.
        if names.any(|name| same_name(name, &server))
            && !is_public(&server)
            && is_public(&by)
            && !receivers.contains(&fold(&server))
        {
            own.insert(fold(&server));
        }
    }
    own
}

/// Whether the server says by its protocol, or by an account, that somebody handed the message in.
fn is_taken_in(hop: &HopInfo) -> bool {
    let with = hop.with.as_deref().unwrap_or_default();
    hop.authenticated_as.is_some()
        || is_submission_word(with)
        || with.eq_ignore_ascii_case("local")
        || is_http(with)
}

fn is_http(protocol: &str) -> bool {
    let scheme = protocol.get(..4);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("HTTP"))
}

/// Whether the server tells it otherwise: by `via HTTP`, or in a comment of its own behind the
/// client's address, as in `(Authenticated sender: joe)`. Names and HELO say nothing.
fn is_told_submission(hop: &HopInfo, ip: Option<IpAddr>) -> bool {
    let mut rest = hop.raw.as_str();
    // Where the address is, comments before it are of the client's names.
    let mut behind = ip.is_none();
    let mut last = "";
    while let Some(first) = rest.chars().next() {
        steps::step(1);
        let end = match first {
            ';' => return false,
            '(' => comment_end(rest, 0),
            '"' => quoted_end(rest, 0),
            _ => Some(rest.find(['(', '"', ';', ' ', '\t']).unwrap_or(rest.len())),
        };
        let end = end.unwrap_or(rest.len()).max(first.len_utf8());
        let (part, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = after;
        if first == '(' {
            let holds_address = !behind && tokens(part).any(|word| parse_ip(word) == ip);
            if behind && is_sign(part) {
                return true;
            }
            behind |= holds_address;
        } else if first != '"' && !part.trim().is_empty() {
            if last.eq_ignore_ascii_case("via") && is_http(part) {
                return true;
            }
            let address = || tokens(part).any(|word| parse_ip(word) == ip);
            behind |= last.eq_ignore_ascii_case("from") && address();
            behind |= part.eq_ignore_ascii_case("by");
            last = part;
        }
    }
    false
}

/// Whether a comment says that the client authenticated: `(Authenticated sender: joe)`,
/// `(authenticated bits=0)`, `(asmtp)`, `(sasl_method=LOGIN)`.
fn is_sign(comment: &str) -> bool {
    // What the client said, and what it was called, may be put in words of the server's.
    let inside = comment.trim_start_matches('(').trim_start();
    let starts = |word: &str| {
        let start = inside.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    if starts("helo") || starts("ehlo") || starts("envelope-") {
        return false;
    }
    tokens(inside).any(|word| {
        let (key, is_key) = match word.split_once(['=', ':']) {
            Some((key, _)) => (key, true),
            None => (word, false),
        };
        let key = key.to_ascii_lowercase();
        let is_name = key.contains(['.', '@']);
        matches!(key.as_str(), "authenticated" | "asmtp")
            || is_key && key == "auth"
            || key.starts_with("sasl") && !is_name
    })
}

fn stream_bytes(field: &Field<'_>) -> Vec<u8> {
    let body = prefix(field.body, MAX_ADDRESSES_BYTES);
    [body.as_bytes(), b"\r\n"].concat()
}

/// The names and addresses of an address field, decoded.
pub(super) fn mailboxes(field: &Field<'_>) -> Vec<(Option<String>, Option<String>)> {
    let bytes = stream_bytes(field);
    let HeaderValue::Address(found) = MessageStream::new(&bytes).parse_address() else {
        return Vec::new();
    };
    let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
    match &found {
        Address::List(list) => list
            .iter()
            .map(|one| (owned(&one.name), owned(&one.address)))
            .collect(),
        Address::Group(groups) => groups
            .iter()
            .flat_map(|group| {
                let name = std::iter::once((owned(&group.name), None));
                name.chain(
                    group
                        .addresses
                        .iter()
                        .map(|one| (owned(&one.name), owned(&one.address))),
                )
            })
            .collect(),
    }
}
