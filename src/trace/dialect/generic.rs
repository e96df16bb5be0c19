//! The reading that every dialect begins with, and the whole of it for a field of no known family.
//!
//! Values are taken from where the grammar, or the common practice of servers, puts them; no name
//! counts as verified, and an address alone in the name's place may be the client's own claim.

use std::borrow::Cow;

use super::client::{ClientForm, Shape, address, host_name, plain_name};
use crate::lex;
use crate::trace::received::{Key, Kind, Received, squeeze};
use crate::trace::{AddressPlace, Client, ClientAddress, DateStanding, Hop, Intake, Server, Tls};

/// Reads a field by the grammar alone.
pub(super) fn read<'x>(received: &Received<'x>, form: &ClientForm<'x>, hop: &mut Hop<'x>) {
    hop.date = received.date.date;
    hop.date_standing = received.date.standing;
    hop.limit_reached = received.limit_reached;
    // What was passed over may be the server's own part, behind a HELO of many words.
    hop.doubtful = received.doubtful || received.limit_reached;
    hop.joined = received.joined;
    hop.id = id(received);
    hop.for_ = recipient(received);
    read_by(received, hop);
    read_with(received, hop);
    read_lead(received, hop);
    if form.present {
        read_client(received, form, hop.from.insert(Client::default()));
    }
    for comment in received.comments() {
        read_remark(comment, hop);
    }
    // SMTPSVC: `by HOST over TLS secured channel with Microsoft SMTPSVC(…)`
    let mut words = received
        .clause(Key::By)
        .skip_while(|piece| piece.text != "over");
    if words.nth(1).is_some_and(|piece| piece.text == "TLS") {
        set_tls(hop, None, None);
    }
    read_software(received, hop);
    read_loose_words(received, hop);
    read_tail(received.before_date, hop);
    if !received.joined {
        read_tail(received.tail, hop);
    }
    hop.unparsed = hop.from.is_none()
        && hop.by.is_none()
        && hop.with.is_none()
        && hop.id.is_none()
        && hop.for_.is_none()
        && matches!(
            hop.date_standing,
            DateStanding::Missing | DateStanding::Unreadable
        );
}

/// `From-domain = "FROM" FWS Extended-Domain`
fn read_client<'x>(received: &Received<'x>, form: &ClientForm<'x>, client: &mut Client<'x>) {
    // `[IP] (unknown)`: what stands first is the HELO, and of the client nothing is known.
    let alone = form
        .name_address
        .filter(|_| form.address.is_none() && !form.nobody);
    if let Some(text) = form.address {
        client.address = Some(client_address(text, AddressPlace::TcpInfo));
    } else if let Some(text) = alone {
        client.address = Some(client_address(text, AddressPlace::Bare));
    }
    match form.helo {
        // `from NAME (HELO x) (IP)`, `from NAME ([IP] helo=x)`: what stands first was looked up.
        Some(helo) => {
            client.helo = said_name(helo).map(Cow::Borrowed);
            client.reverse_dns = form
                .looked_up()
                .or_else(|| form.plain_name())
                .map(Cow::Borrowed);
        }
        None => {
            client.helo = match form.name {
                Some((first, last)) if alone.is_none() => name_of(received, form, first, last),
                _ => None,
            };
            client.reverse_dns = form.looked_up().map(Cow::Borrowed);
        }
    }
    // Without an address nothing was looked up, except where a server prints the name alone.
    if client.address.is_none() && form.shape != Shape::NameOnly && !form.greeted {
        client.reverse_dns = None;
    }
    if form.forged {
        client.reverse_dns = None;
    }
}

/// Up to a parenthesis that never closes.
fn unbroken(text: Cow<'_, str>) -> Cow<'_, str> {
    let at = lex::seek_byte(&text, 0, b'(');
    if at == text.len() {
        return text;
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..at).unwrap_or(text).trim_ascii_end()),
        Cow::Owned(mut text) => {
            text.truncate(at);
            text.truncate(text.trim_ascii_end().len());
            Cow::Owned(text)
        }
    }
}

/// What a HELO says, an address or a name without its root dot.
fn said_name(helo: &str) -> Option<&str> {
    match helo.starts_with('[') || address(helo).is_some() {
        true => Some(helo),
        false => host_name(helo),
    }
}

/// The name's place as a name: without `<>` and root dot, `unknown` is none.
fn name_of<'x>(
    received: &Received<'x>,
    form: &ClientForm<'x>,
    first: &'x str,
    last: &'x str,
) -> Option<Cow<'x, str>> {
    // Most names are one word with nothing to take off, and no address as was seen before.
    let whole = std::ptr::eq(first, last)
        && form.name_address.is_none()
        && !lex::has_below(first, b')')
        && !first.starts_with(['<', '['])
        && !first.ends_with('.');
    if whole {
        return plain_name(first).map(Cow::Borrowed);
    }
    match unbroken(received.phrase(first, last)) {
        Cow::Borrowed(text) => {
            let bare = text
                .strip_prefix('<')
                .and_then(|bare| bare.strip_suffix('>'))
                .unwrap_or(text);
            let literal = bare.starts_with('[') || address(bare).is_some();
            if literal {
                Some(Cow::Borrowed(bare))
            } else {
                host_name(bare).map(Cow::Borrowed)
            }
        }
        Cow::Owned(text) => (!text.is_empty()).then_some(Cow::Owned(text)),
    }
}

pub(super) fn client_address(text: &str, place: AddressPlace) -> ClientAddress<'_> {
    ClientAddress {
        text: Cow::Borrowed(text),
        ip: lex::parse_ip(text),
        place,
    }
}

/// `By-domain = CFWS "BY" FWS Extended-Domain`
fn read_by<'x>(received: &Received<'x>, hop: &mut Hop<'x>) {
    if !received.has(Key::By) {
        return;
    }
    let mut server = Server::default();
    let mut phrase: Option<(&'x str, &'x str)> = None;
    let mut closed = false;
    for piece in received.clause(Key::By) {
        match piece.kind {
            Kind::Comment => {
                closed = true;
                if server.ip.is_none() {
                    server.ip = address_of_server(piece.text);
                }
            }
            Kind::Word => {
                let word = bare(uncomma(piece.text));
                if word.is_empty() {
                    // A comma in the name's place.
                } else if phrase.is_none() && word == "host" {
                    // indimail: `by host mx.example.net`
                } else if let Some(text) = address(word) {
                    closed = true;
                    if server.ip.is_none() {
                        server.ip = valid(text);
                    }
                    if server.ip.is_none() && phrase.is_none() {
                        phrase = Some((word, word));
                    }
                } else if !closed {
                    match &mut phrase {
                        None => {
                            let word = word
                                .strip_suffix(':')
                                .filter(|word| !word.is_empty())
                                .unwrap_or(word);
                            closed = lex::has(word, b'.') || word.len() < piece.text.len();
                            phrase = Some((word, word));
                        }
                        Some(_)
                            if matches!(
                                word,
                                "over" | "at" | "running" | "pod-id" | "on" | "envelope-from"
                            ) =>
                        {
                            closed = true
                        }
                        Some(_) if word != ":" && word.contains(['<', '=', '@', ':']) => {
                            closed = true
                        }
                        Some((_, last)) => *last = word,
                    }
                }
            }
        }
    }
    if let Some((first, last)) = phrase {
        server.host = Some(if std::ptr::eq(first, last) {
            Cow::Borrowed(without_port(first))
        } else {
            received.phrase(first, last)
        });
    }
    if server != Server::default() {
        hop.by = Some(server);
    }
}

/// A host without its root dot and port.
fn without_port(word: &str) -> &str {
    let host = match lex::split_at_byte(word, b':') {
        Some((host, port))
            if !host.is_empty()
                && !port.is_empty()
                && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            host
        }
        _ => word,
    };
    host.strip_suffix('.')
        .filter(|host| !host.is_empty())
        .unwrap_or(host)
}

fn valid(text: &str) -> Option<Cow<'_, str>> {
    lex::parse_ip(text).map(|_| Cow::Borrowed(text))
}

/// The server's address in a comment behind its name: `(IP)`, `([IP])`, `(NAME [IP])`,
/// `([IP] running …)`. A version number without brackets counts only as the whole comment.
fn address_of_server(comment: &str) -> Option<Cow<'_, str>> {
    let comment = lex::trim(comment);
    if let Some(found) = address(comment) {
        return valid(found);
    }
    if !lex::has(comment, b'[') {
        return None;
    }
    lex::Words(comment)
        .take(2)
        .find(|word| word.starts_with('['))
        .and_then(address)
        .and_then(valid)
}

/// `With = CFWS "WITH" FWS Protocol`
fn read_with<'x>(received: &Received<'x>, hop: &mut Hop<'x>) {
    let mut first: Option<&'x str> = None;
    let mut last: Option<&'x str> = None;
    let mut words = received.clause(Key::With).peekable();
    while let Some(piece) = words.next() {
        match piece.kind {
            Kind::Comment if first.is_some() => break,
            Kind::Comment => {
                // netqmail: `with (CIPHER encrypted) SMTP`
                // `read_remark` takes it.
            }
            Kind::Word => {
                let word = uncomma(piece.text);
                let next = words.peek().map(|next| next.text);
                if next == Some("encrypted") {
                    set_tls(hop, None, Some(word));
                } else if word == "encrypted" || word.is_empty() {
                    // The cipher before it was taken.
                } else if word == "tls" || word.starts_with('$') || word == "pod-id" {
                    break;
                } else {
                    let whole = first.is_none() && is_protocol(word);
                    first.get_or_insert(word);
                    last = Some(word);
                    if whole {
                        // A protocol is one word.
                        break;
                    }
                }
            }
        }
    }
    let (Some(first), Some(last)) = (first, last) else {
        return;
    };
    // Exim: `with esmtps (TLS1.3) tls CIPHER`
    let words = received
        .clause(Key::With)
        .filter(|piece| piece.kind == Kind::Word);
    let mut suite = words.skip_while(|piece| piece.text != "tls").skip(1);
    if let Some(cipher) = suite.next() {
        set_tls(hop, None, Some(cipher.text));
    }
    if !std::ptr::eq(first, last) {
        hop.with = Some(known_phrase(received.phrase(first, last)));
        return;
    }
    // Cisco: `ESMTP/TLS/CIPHER`
    if !lex::has(first, b'/') && !first.starts_with('[') {
        hop.with = Some(Cow::Borrowed(first));
        return;
    }
    let mut parts = first.splitn(3, '/');
    let protocol = parts.next().unwrap_or(first);
    hop.with = Some(Cow::Borrowed(if is_protocol(protocol) {
        protocol
    } else {
        first
    }));
    if let (true, Some(cipher)) = (is_protocol(protocol), parts.nth(1)) {
        set_tls(hop, None, Some(cipher));
    }
    if let Some(inner) = first
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
    {
        hop.with = Some(squeeze(inner)).filter(|with| !with.is_empty());
    }
}

/// The commonest phrase of all need not be copied where a fold runs through it.
fn known_phrase(phrase: Cow<'_, str>) -> Cow<'_, str> {
    if phrase == "Microsoft SMTP Server" {
        Cow::Borrowed("Microsoft SMTP Server")
    } else {
        phrase
    }
}

/// A protocol of the IANA registry, or a relative of one: one word.
fn is_protocol(word: &str) -> bool {
    // Nearly every field has one of these.
    if matches!(word, "SMTP" | "ESMTP" | "ESMTPS" | "ESMTPSA" | "LMTP") {
        return true;
    }
    let stem = match word.as_bytes().first().map(|first| first | 0x20) {
        Some(b's') => "smtp",
        Some(b'e') => "esmtp",
        Some(b'l') => "lmtp",
        Some(b'u') => "utf8",
        Some(b'h') => "http",
        Some(b'a') => "asmtp",
        Some(b'i') => "imap",
        Some(b'p') => "pop",
        Some(b'q') => "qmqp",
        _ => return false,
    };
    word.get(..stem.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(stem))
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/'))
        && !word.eq_ignore_ascii_case("SMTPBeamer")
}

/// `ID = CFWS "ID" FWS ( Atom / msg-id )`
fn id<'x>(received: &Received<'x>) -> Option<Cow<'x, str>> {
    let first = received
        .clause(Key::Id)
        .next()
        .filter(|piece| piece.kind == Kind::Word)?;
    let text = bare(without_end(first.text, b","));
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}

/// `For = CFWS "FOR" FWS ( Path / Mailbox )`
fn recipient<'x>(received: &Received<'x>) -> Option<Cow<'x, str>> {
    let first = received
        .clause(Key::For)
        .next()
        .filter(|piece| piece.kind == Kind::Word)?;
    let whole = without_end(first.text, b",");
    if is_phrase(whole) {
        // `for <"Some Name" <b@example.net>>`; `for <multiple recipients>` names nobody.
        let mut rest = received.clause(Key::For).skip(1);
        return rest
            .find_map(|piece| {
                piece
                    .text
                    .strip_prefix('<')
                    .filter(|text| lex::has(text, b'@'))
            })
            .map(|text| Cow::Borrowed(text.get(..lex::seek_byte(text, 0, b'>')).unwrap_or(text)));
    }
    // nbSMTP: `for uid 1000 a@example.com`, a local user.
    if whole == "uid" {
        return None;
    }
    let text = bare(whole);
    (!text.is_empty() && text != "...").then_some(Cow::Borrowed(text))
}

/// A `<` that closes nowhere in its word: what stands there is several words.
fn is_phrase(word: &str) -> bool {
    word.starts_with('<') && !lex::has(word, b'>')
}

/// A word without the comma behind it.
fn uncomma(word: &str) -> &str {
    word.strip_suffix(',').unwrap_or(word)
}

/// A word without those of `ends` behind it.
fn without_end<'x>(mut word: &'x str, ends: &[u8]) -> &'x str {
    while let Some((last, _)) = word.as_bytes().split_last()
        && ends.contains(last)
    {
        word = word.get(..word.len() - 1).unwrap_or("");
    }
    word
}

/// Without `<` and `>`, and without what follows them.
fn bare(text: &str) -> &str {
    if !text.starts_with('<') {
        return text;
    }
    let inner = text.trim_start_matches('<');
    inner.get(..lex::seek_byte(inner, 0, b'>')).unwrap_or(inner)
}

/// A field that begins with a comment: qmail's, sendmail's submission, small filters.
fn read_lead<'x>(received: &Received<'x>, hop: &mut Hop<'x>) {
    let Some(lead) = received
        .lead()
        .next()
        .filter(|piece| piece.kind == Kind::Comment)
    else {
        return;
    };
    let comment = lead.text.trim_ascii();
    if let Some(helo) = comment.strip_prefix("helo=").and_then(said_name) {
        hop.from = Some(Client {
            helo: Some(Cow::Borrowed(helo)),
            ..Client::default()
        });
    }
    let remote = comment
        .split_once("invoked from network[")
        .and_then(|(_, rest)| rest.split_once(']'))
        .map(|(inner, _)| inner);
    if let Some(remote) = remote {
        // Speakeasy's and eircom's qmail: `network[IP/RDNS]`
        let (ip, name) = remote.split_once('/').unwrap_or((remote, ""));
        if let Some(ip) = address(ip) {
            hop.from = Some(Client {
                reverse_dns: host_name(name).map(Cow::Borrowed),
                address: Some(client_address(ip, AddressPlace::TcpInfo)),
                ..Client::default()
            });
        }
    } else if let Some(ip) = comment
        .strip_prefix("ofmipd ")
        .or_else(|| comment.split_once("remoteip=").map(|(_, ip)| ip))
    {
        let ip = ip.split_ascii_whitespace().next().unwrap_or("");
        if let Some(ip) = address(ip) {
            hop.from = Some(Client {
                address: Some(client_address(ip, AddressPlace::TcpInfo)),
                ..Client::default()
            });
        }
    } else if let Some(rest) = comment.strip_prefix("from ") {
        // `(from user@host)` is a local user; `(from NAME [IP])` a client (NAVGW).
        let mut words = rest.split_ascii_whitespace();
        if let (Some(name), Some(ip)) = (words.next(), words.next().and_then(address)) {
            hop.from = Some(Client {
                helo: host_name(name).map(Cow::Borrowed),
                address: Some(client_address(ip, AddressPlace::TcpInfo)),
                ..Client::default()
            });
        }
    }
    if comment.contains(" invoked by ") || (comment.starts_with("from ") && hop.from.is_none()) {
        hop.intake = Intake::Local;
    }
}

pub(super) fn set_tls<'x>(hop: &mut Hop<'x>, version: Option<&'x str>, cipher: Option<&'x str>) {
    let tls = hop.tls.get_or_insert_with(Tls::default);
    let known = |text: Option<&'x str>| text.filter(|text| !text.is_empty()).map(Cow::Borrowed);
    if tls.version.is_none() {
        tls.version = known(version);
    }
    if tls.cipher.is_none() {
        tls.cipher = known(cipher);
    }
}

/// What servers tell in comments: TLS, authentication, the reverse-path.
fn read_remark<'x>(comment: &'x str, hop: &mut Hop<'x>) {
    let comment = lex::trim(comment);
    let Some(first) = comment.as_bytes().first() else {
        return;
    };
    let mut words = lex::Words(comment);
    let opens = |word| opens_with(comment, word);
    // By first letters: most comments tell nothing of this.
    match first {
        b'u' if opens("using") => {
            let version = words.nth(1);
            if version == Some("TLS:") {
                // MailMarshal: `(using TLS: TLSv1.2, AES256-SHA)`
                let version = words.next().map(uncomma);
                set_tls(hop, version, words.next());
            } else {
                let cipher = words.nth(2);
                set_tls(hop, version, cipher);
            }
        }
        b'v' if comment.starts_with("version=") => {
            set_tls(hop, value(comment, "version="), value(comment, "cipher="));
        }
        // Momentum
        b'c' if comment.starts_with("cipher=") => set_tls(hop, None, value(comment, "cipher=")),
        b'C' | b't' if opens("Cipher") || opens("tls_cipher") => {
            tls_triple(words.nth(1).unwrap_or(""), hop);
        }
        _ if lex::contains(comment, " encrypted") => {
            // qpsmtpd: `(CIPHER encrypted, authenticated)`; T-Online: `(VERSION:CIPHER encrypted)`
            let suite = words.next().unwrap_or("");
            match lex::split_at_byte(suite, b':') {
                Some((version, cipher)) => set_tls(hop, Some(version), Some(cipher)),
                None => set_tls(hop, None, Some(suite)),
            }
        }
        // Exchange 2013: `with Microsoft SMTP Server (TLS)`
        b'T' if comment == "TLS" => set_tls(hop, None, None),
        // .NET's names: `(Tls12, Aes256, Sha384, DiffieHellmanEllipticKey384)`
        b'T' if comment.starts_with("Tls1") => {
            let version = words.next().map(uncomma);
            set_tls(hop, version, None);
        }
        // `(Generic MTA with TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 256/256)`
        b'G' if comment.starts_with("Generic MTA with TLS") => {
            let version = words.nth(3);
            set_tls(hop, version, words.next());
        }
        // chasquid: `(over submission+TLS, TLS-1.3, envelope from "a@example.com")`
        b'o' if opens("over") => {
            let version = lex::Words(comment)
                .map(uncomma)
                .find(|word| word.starts_with("TLS-"));
            if version.is_some() {
                set_tls(hop, version, None);
            }
            if let Some((_, path)) = lex::split_at_part(comment, "envelope from ") {
                set_envelope(hop, path.trim_matches('"'));
            }
        }
        b'T' | b'A' | b'S' if opens("TLS") || opens("AUTH") || opens("SSL") => {
            read_courier(comment, hop);
        }
        b'A' | b'a' | b'S' | b'N'
            if opens("Authenticated")
                || opens("authenticated")
                || opens("SquirrelMail")
                || opens("NaSMail") =>
        {
            let (_, user) = ["sender:", "user:", " user ", "authenticated as "]
                .iter()
                .find_map(|before| lex::split_at_part(comment, before))
                .unwrap_or(("", ""));
            let user = without_end(lex::Words(user).next().unwrap_or(""), b",");
            if !user.is_empty() {
                hop.authenticated_as = Some(Cow::Borrowed(user));
            }
        }
        // `(User authenticated as user1@EXAMPLE.COM)`, `(user=a@example.com mech=LOGIN bits=0)`
        b'U' if comment.starts_with("User authenticated as ") => {
            hop.authenticated_as = words.nth(3).map(Cow::Borrowed);
        }
        b'u' if comment.starts_with("user=") => {
            hop.authenticated_as = value(comment, "user=").map(Cow::Borrowed);
        }
        b'a' if opens("account") => hop.authenticated_as = words.nth(1).map(Cow::Borrowed),
        // Active!gate: `(envelope sender: <a@example.com>)`
        b'e' if comment.starts_with("envelope sender: ") => {
            if let Some(path) = words.nth(2) {
                set_envelope(hop, path);
            }
        }
        b'e' if opens("envelope-from") || opens("envelope-sender") => {
            if let Some(path) = words.nth(1) {
                set_envelope(hop, path);
            }
        }
        b'm' if opens("mailfrom") => {
            let path = words
                .next()
                .and_then(|word| word.strip_prefix("mailfrom:"))
                .filter(|path| !path.is_empty());
            if let Some(path) = path.or_else(|| words.next()) {
                set_envelope(hop, path);
            }
        }
        b'T' if comment.starts_with("TLS") => tls_triple(words.next().unwrap_or(""), hop),
        _ => {}
    }
}

/// Whether the first word of `comment`, up to white space, `=` or `:`, is `word`.
fn opens_with(comment: &str, word: &str) -> bool {
    comment.strip_prefix(word).is_some_and(|rest| {
        rest.bytes()
            .next()
            .is_none_or(|byte| lex::is_wsp(byte) || matches!(byte, b'=' | b':'))
    })
}

/// What stands behind `name` in one of a comment's words.
fn value<'x>(comment: &'x str, name: &str) -> Option<&'x str> {
    static VALUE_ENDS: lex::Bytes = lex::Bytes::new(b" \t\r\n,");
    let mut rest = comment;
    while !rest.is_empty() {
        let end = VALUE_ENDS.seek(rest.as_bytes(), 0);
        let word = rest.get(..end).unwrap_or("");
        if let Some(value) = word.strip_prefix(name) {
            return (!value.is_empty()).then_some(value);
        }
        rest = rest.get(word.len() + 1..).unwrap_or("");
    }
    None
}

/// `TLS1.2:CIPHER:256`, `TLSv1.3`
fn tls_triple<'x>(text: &'x str, hop: &mut Hop<'x>) {
    let Some((version, rest)) = lex::split_at_byte(text, b':') else {
        return set_tls(hop, Some(text), None);
    };
    let cipher = rest.get(..lex::seek_byte(rest, 0, b':'));
    set_tls(hop, Some(version), cipher);
}

/// Courier: `(AUTH: LOGIN user, TLS: TLSv1/SSLv3,128bits,CIPHER)`
fn read_courier<'x>(comment: &'x str, hop: &mut Hop<'x>) {
    if let Some(auth) = comment.strip_prefix("AUTH:") {
        let auth = auth.get(..lex::seek_byte(auth, 0, b',')).unwrap_or(auth);
        let user = lex::Words(auth).nth(1);
        if let Some(user) = user {
            hop.authenticated_as = Some(Cow::Borrowed(user));
        }
    }
    let tls = lex::split_at_part(comment, "TLS:").or_else(|| lex::split_at_part(comment, "SSL:"));
    if let Some((_, tls)) = tls {
        let part = |text| lex::split_at_byte(text, b',').unwrap_or((text, ""));
        let (version, rest) = part(tls);
        let (_, rest) = part(rest);
        let (cipher, _) = part(rest);
        set_tls(hop, Some(lex::trim(version)), Some(lex::trim(cipher)));
    }
}

pub(super) fn set_envelope<'x>(hop: &mut Hop<'x>, path: &'x str) {
    let path = bare(without_end(path, b",);"));
    if hop.envelope_from.is_none() && !path.is_empty() {
        hop.envelope_from = Some(Cow::Borrowed(path));
    }
}

/// The first comment behind the server's name that says nothing else.
fn read_software<'x>(received: &Received<'x>, hop: &mut Hop<'x>) {
    let by = received.clause(Key::By);
    let with = received.clause(Key::With);
    // `by mx-ha.gmx.net (mxgmxus004) with ESMTPS (Nemesis)`: the machine stands before the software.
    let nemesis = with.clone().find(|piece| piece.text == "Nemesis");
    let software = by
        .chain(with)
        .filter(|piece| piece.kind == Kind::Comment)
        .find(|piece| is_software(piece.text));
    if let Some(piece) = nemesis.or(software) {
        let text = match piece.text.strip_prefix("Generic MTA with TLS") {
            Some(_) => "Generic MTA",
            None => piece.text,
        };
        hop.software = Some(squeeze(text));
    }
}

fn is_software(comment: &str) -> bool {
    let comment = lex::trim(comment);
    !comment.is_empty()
        && !tells_otherwise(comment)
        && !lex::contains(comment, " encrypted")
        && !comment.ends_with(']')
        // A redacted address.
        && (!lex::has(comment, b'@') || address(comment).is_none())
        && address_of_server(comment).is_none()
}

/// A comment whose first word tells that it is not the software.
fn tells_otherwise(comment: &str) -> bool {
    let opens = |word| opens_with(comment, word);
    match comment.as_bytes().first() {
        Some(b'A') => opens("AUTH") || opens("Authenticated"),
        Some(b'a') => opens("account") || opens("authenticated"),
        Some(b'(') => comment == "(D)",
        Some(b'C') => opens("Cipher"),
        Some(b'E') => comment == "ESMTP",
        Some(b'H') => comment.starts_with("HTTP/"),
        Some(b'i') => opens("invoked"),
        Some(b'o') => opens("over"),
        Some(b'c') => opens("cipher"),
        Some(b'e') => opens("envelope-from") || opens("envelope-sender"),
        Some(b'm') => opens("mailfrom"),
        Some(b'N') => opens("No"),
        Some(b'O') => opens("ORCPT"),
        Some(b'S') => opens("SSL") || opens("SquirrelMail"),
        Some(b'T') => comment.starts_with("TLS") || comment.starts_with("Tls1"),
        Some(b't') => opens("tls_cipher"),
        Some(b'u') => opens("using") || opens("uid"),
        Some(b'v') => opens("version") || opens("via"),
        _ => false,
    }
}

/// Words outside comments: Haraka's `envelope-from <a>`, and `mailfrom:` of others.
fn read_loose_words<'x>(received: &Received<'x>, hop: &mut Hop<'x>) {
    if hop.envelope_from.is_some() {
        return;
    }
    let mut words = received.words();
    while let Some(word) = words.next() {
        if word == "envelope-from" || word == "smtpmailfrom" {
            if let Some(path) = words.next() {
                set_envelope(hop, path);
            }
            return;
        }
    }
}

/// What stands behind the `;` beside the date: `(envelope-from <a>)`, `for <b>`, `id X`, and TLS in
/// a comment (Yandex behind the date, IBM's gateway before it).
fn read_tail<'x>(tail: &'x str, hop: &mut Hop<'x>) {
    if tail.is_empty() {
        return;
    }
    let open = lex::seek_byte(tail, 0, b'(');
    if let Some(end) = lex::comment_end(tail, open) {
        let comment = tail.get(open + 1..end - 1).unwrap_or("");
        if comment.starts_with("using ") || comment.starts_with("version=") {
            read_remark(comment, hop);
        }
    }
    let mut rest = tail;
    let mut words = std::iter::from_fn(|| {
        let (word, behind) = tail_word(rest)?;
        rest = behind;
        Some(word)
    });
    while let Some(word) = words.next() {
        // `envelope-from=<a>`; an `=` elsewhere belongs to the address (VERP).
        let (word, joined) = match lex::split_at_byte(word, b'=') {
            Some((key, path)) if is_envelope(key) => (key, Some(path)),
            _ => (word, None),
        };
        match word {
            _ if is_envelope(word) => {
                if let Some(path) = joined.or_else(|| words.next()) {
                    set_envelope(hop, path);
                }
            }
            "for" if hop.for_.is_none() => {
                let path = words.next().filter(|path| lex::has(path, b'@'));
                hop.for_ = path
                    .map(bare)
                    .filter(|path| !path.is_empty())
                    .map(Cow::Borrowed);
            }
            "id" if hop.id.is_none() => {
                let id = words.next().map(bare).filter(|id| !id.is_empty());
                hop.id = id.map(Cow::Borrowed);
            }
            _ => {}
        }
    }
}

/// A word behind which the reverse-path stands.
fn is_envelope(word: &str) -> bool {
    matches!(word, "envelope-from" | "envelope-sender" | "smtpmailfrom")
}

/// The next word of the text behind the date, and what follows it.
fn tail_word(text: &str) -> Option<(&str, &str)> {
    static GAPS: lex::Bytes = lex::Bytes::new(b" \t\r\n();");
    let start = text.bytes().position(|byte| !GAPS.has(byte))?;
    let end = GAPS.seek(text.as_bytes(), start);
    Some((text.get(start..end)?, text.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::agrees;
    use crate::trace::Family;

    /// Forms of no family, most of which one server in some ten thousand writes.
    const SAMPLES: &[(&str, &str)] = &[
        (
            "from mail.example.com (HELO X.example.com) (user@example.org) by mx.example.net (8.12) with SMTP; Mon, 4 Dec 2023 10:00:00 +0000",
            "helo=X.example.com; rdns=mail.example.com; by=mx.example.net; with=SMTP; software=8.12; date=2023-12-04T10:00:00Z",
        ),
        (
            "from mail.example.com (HELO mail.example.com) server-7.tower-9.example.net with SMTP; Mon, 4 Dec 2023 10:00:00 +0000",
            "helo=mail.example.com; rdns=mail.example.com; with=SMTP; date=2023-12-04T10:00:00Z",
        ),
        (
            "from helo.example.com ([192.0.2.5] rdns.example.com) by mx.example.net with ESMTPS id 18c0000.001 for <b@example.net>; Mon, 4 Dec 2023 10:00:00 +0000",
            "helo=helo.example.com; rdns=rdns.example.com; ip=192.0.2.5; by=mx.example.net; with=ESMTPS; id=18c0000.001; for=b@example.net; date=2023-12-04T10:00:00Z",
        ),
        (
            r#"from app.example.com by mx.example.net with ESMTP id 1 for <"Some Name" <b@example.net>>; Mon, 4 Dec 2023 10:00:00 +0000"#,
            "helo=app.example.com; by=mx.example.net; with=ESMTP; id=1; for=b@example.net; date=2023-12-04T10:00:00Z",
        ),
        (
            "from host.example.com (Unknown_Domain [192.0.2.9]) by gw.example.net (Symantec Messaging Gateway) with SMTP id 11.22; Mon, 4 Dec 2023 10:00:00 +0000",
            "helo=host.example.com; ip=192.0.2.9; by=gw.example.net; with=SMTP; id=11.22; software=Symantec Messaging Gateway; date=2023-12-04T10:00:00Z",
        ),
        (
            "from x.example.com ([192.0.2.7]) by smtp9.example.net with ESMTP id IpbY for <multiple recipients> (version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384); Wed, 06 Aug 2025 09:54:06 -0000",
            "helo=x.example.com; ip=192.0.2.7; by=smtp9.example.net; with=ESMTP; tls=TLSv1.3; cipher=TLS_AES_256_GCM_SHA384; id=IpbY; date=2025-08-06T09:54:06Z",
        ),
        (
            "by host1.example.net (nbSMTP-1.00) for uid 1000 a@example.com; Tue, 19 Aug 2025 18:13:37 +0200 (CEST)",
            "by=host1.example.net; software=nbSMTP-1.00; date=2025-08-19T16:13:37Z",
        ),
        (
            "(indimail 1000 invoked from network); by mx.example.net mailstore (invoked for bounce) ; Mon, 4 Dec 2023 10:00:00 +0000",
            "by=mx.example.net; date=2023-12-04T10:00:00Z",
        ),
        (
            "from mail.example.com (unknown [192.0.2.40]) (envelope sender: <a@example.com>) (not using TLS) by ss11.example.net (Active!gate) with ESMTP id bPLQ01611B; Mon, 27 Apr 2026 15:11:16 +0800",
            "helo=mail.example.com; ip=192.0.2.40; by=ss11.example.net; with=ESMTP; id=bPLQ01611B; envelope=a@example.com; software=Active!gate; date=2026-04-27T07:11:16Z",
        ),
        (
            "from m1.example.com [(192.0.2.185)] by gw02.example.net (envelope-from <a@example.com>) (Generic MTA with TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 256/256) with ESMTP id 1938894362; Wed, 10 Apr 2024 15:31:13 +0800",
            "helo=m1.example.com; ip=192.0.2.185; by=gw02.example.net; with=ESMTP; tls=TLSv1.2; cipher=ECDHE-RSA-AES256-GCM-SHA384; id=1938894362; envelope=a@example.com; software=Generic MTA; date=2024-04-10T07:31:13Z",
        ),
        (
            "from 192.0.2.105 by mail.example.net (Tls12, Aes256, Sha384, DiffieHellmanEllipticKey384); Mon, 22 Jul 2024 16:12:54 GMT",
            "bare-ip=192.0.2.105; by=mail.example.net; tls=Tls12; date=2024-07-22T16:12:54Z",
        ),
        (
            "by mail.example.net with ESMTPSA (TLS_AES_256_GCM_SHA384 encrypted, authenticated); 22 Mar 2024 14:27:05 +0100",
            "by=mail.example.net; with=ESMTPSA; cipher=TLS_AES_256_GCM_SHA384; date=2024-03-22T13:27:05Z",
        ),
        (
            "from a.example.com (HELO a.example.com) (192.0.2.3) by mx.example.net (qpsmtpd/0.96) with (DHE-RSA-AES256-SHA encrypted) ESMTPS; Mon, 4 Dec 2023 10:00:00 +0000",
            "helo=a.example.com; rdns=a.example.com; ip=192.0.2.3; by=mx.example.net; with=ESMTPS; cipher=DHE-RSA-AES256-SHA; software=qpsmtpd/0.96; date=2023-12-04T10:00:00Z",
        ),
        (
            "from a.example.com ([192.0.2.3]) by mailin39.example.net with (TLSv1.2:ECDHE-RSA-AES256-GCM-SHA384 encrypted) esmtp id 1r; Mon, 4 Dec 2023 10:00:00 +0000",
            "helo=a.example.com; ip=192.0.2.3; by=mailin39.example.net; with=esmtp; tls=TLSv1.2; cipher=ECDHE-RSA-AES256-GCM-SHA384; id=1r; date=2023-12-04T10:00:00Z",
        ),
        (
            "from zen.. ([192.0.2.86]) by cv9.example.com with ESMTP id Ipb; Wed, 06 Aug 2025 09:54:06 -0000",
            "helo=zen.; ip=192.0.2.86; by=cv9.example.com; with=ESMTP; id=Ipb; date=2025-08-06T09:54:06Z",
        ),
        (
            "from 192.0.2.1 (192.0.2.1) at Tue, 21 Apr 2020 23:32:11 +0900 by mail.example.com with ESMTP CrediShield",
            "helo=192.0.2.1; ip=192.0.2.1; by=mail.example.com; with=ESMTP; date=2020-04-21T14:32:11Z",
        ),
        (
            "from qq.example.com (unknown [192.0.2.3]) by newxmesmtplogicsvrszc1-0.example.com (ESMTP) with SMTP id 1; Mon, 4 Dec 2023 10:00:00 +0000",
            "helo=qq.example.com; ip=192.0.2.3; by=newxmesmtplogicsvrszc1-0.example.com; with=SMTP; id=1; date=2023-12-04T10:00:00Z",
        ),
        (
            "from a.example.com by b.example.com ((D)) with ASMTP (SSL) id CZT00137; Tue, 06 Feb 2024 15:13:37 +0800",
            "helo=a.example.com; by=b.example.com; with=ASMTP; id=CZT00137; date=2024-02-06T07:13:37Z",
        ),
        (
            "by <mx.example.net>; Mon, 4 Dec 2023 10:00:00 +0000",
            "by=mx.example.net; date=2023-12-04T10:00:00Z",
        ),
        (
            "from x.example.com by mx.example.net id 42 by authid <user1> with sasl; Mon, 4 Dec 2023 10:00:00 +0000",
            "helo=x.example.com; by=mx.example.net; with=sasl; id=42; date=2023-12-04T10:00:00Z",
        ),
        (
            "from a.example.com ([192.0.2.3]) (via HTTP) by web.example.com id 4; Mon, 4 Dec 2023 10:00:00 +0000",
            "helo=a.example.com; ip=192.0.2.3; by=web.example.com; id=4; date=2023-12-04T10:00:00Z",
        ),
        (
            "from mail.example.com (mail.example.com [192.0.2.9]) by mx.example.net with ESMTPS (version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256) ; Tue, 28 Feb 2023 08:51:01 +0100",
            "helo=mail.example.com; rdns=mail.example.com; ip=192.0.2.9; by=mx.example.net; with=ESMTPS; tls=TLSv1.2; cipher=ECDHE-RSA-AES256-GCM-SHA384; date=2023-02-28T07:51:01Z",
        ),
        (
            "from xxx [xxx.xxx.xxx.xxx] by mx.example.net with ESMTP; Mon, 4 Dec 2023 10:00:00 +0000",
            "by=mx.example.net; with=ESMTP; date=2023-12-04T10:00:00Z",
        ),
        (
            "indimail-mta queue 58962 by host mx.example.net (invoked for bounce); Mon, 4 Dec 2023 10:00:00 +0000",
            "by=mx.example.net; date=2023-12-04T10:00:00Z",
        ),
        (
            "from a.example.com ([192.0.2.5] helo=x.example.com) id 1t by authid <user1> for <b@example.net>; Mon, 4 Dec 2023 10:00:00 +0000",
            "helo=x.example.com; rdns=a.example.com; ip=192.0.2.5; id=1t; for=b@example.net; date=2023-12-04T10:00:00Z",
        ),
        // IBM's gateway tells TLS before the date.
        (
            "from mail.contoso.example (203.0.113.67) by d50.example.net (198.51.100.22)\n with IBM ESMTP SMTP Gateway: Authorized Use Only!;\n (version=TLSv1/SSLv3 cipher=AES128-GCM-SHA256 bits=128/128)\n Wed, 8 Mar 2017 11:46:17 -0500",
            "helo=mail.contoso.example; ip=203.0.113.67; by=d50.example.net; by-ip=198.51.100.22; with=IBM ESMTP SMTP Gateway: Authorized Use Only!; tls=TLSv1/SSLv3; cipher=AES128-GCM-SHA256; date=2017-03-08T16:46:17Z",
        ),
        // A clause between two semicolons.
        (
            "by mx.example.net with ESMTP id 04EKOWYD930WHFJSF1;\n for <recipient@example.net>; Tue, 7 Mar 2017 14:29:24 -0800",
            "by=mx.example.net; with=ESMTP; id=04EKOWYD930WHFJSF1; for=recipient@example.net; date=2017-03-07T22:29:24Z",
        ),
        // MailMarshal found no name, and says so.
        (
            "from mail.contoso.example (Not Verified[203.0.113.13]) by gate.example.net\n (using TLS: TLSv1.2, AES256-SHA)\n id <B5f77d0bb0000>; Fri, 02 Oct 2020 18:15:39 -0700",
            "helo=mail.contoso.example; ip=203.0.113.13; by=gate.example.net; tls=TLSv1.2; cipher=AES256-SHA; id=B5f77d0bb0000; date=2020-10-03T01:15:39Z",
        ),
        // Xeams writes a comment into the brackets.
        (
            "from [(203.0.113.14)] by mx.example.net with Xeams SMTP;\n Wed, 2 Jul 2003 16:42:03 -0800 (PST)",
            "ip=203.0.113.14; by=mx.example.net; with=Xeams SMTP; date=2003-07-03T00:42:03Z",
        ),
        // A word before the address is no name (Smail behind the date).
        (
            "from mx6.example.com(really [203.0.113.103]) by mail5.example.net\n via sendmail with smtp id <m10mxoK-001kwNC@mail5.example.net>\n for <recipient@example.net>; Thu, 27 May 1999 11:54:52 +0100 (BST)\n (Smail-3.2 1996-Jul-4 #3 built 1998-May-29)",
            "helo=mx6.example.com; ip=203.0.113.103; by=mail5.example.net; with=smtp; id=m10mxoK-001kwNC@mail5.example.net; for=recipient@example.net; date=1999-05-27T10:54:52Z",
        ),
    ];

    #[test]
    fn each_sample_is_read_as_it_says() {
        for (field, reading) in SAMPLES {
            agrees(field, Family::Generic, reading);
        }
    }

    #[test]
    fn only_text_that_was_meant_as_a_date_is_unreadable() {
        use crate::trace::DateStanding::{Missing, Unreadable};
        for (tail, standing) in [
            ("; yesterday evening", Unreadable),
            ("; Tue, 99 Foo", Unreadable),
            ("; 029 Apr", Unreadable),
            (";", Missing),
            ("; (envelope-from <a@example.com>)", Missing),
            ("; for <b@example.net>", Missing),
            ("", Missing),
        ] {
            let body = format!("from a.example.com by mx.example.net{tail}");
            assert_eq!(
                super::super::read(&body).date_standing,
                standing,
                "in {body:?}"
            );
        }
    }

    #[test]
    fn a_client_of_no_name_and_no_address_is_nobody() {
        for (client, nobody) in [
            ("unknown", true),
            ("", true),
            ("unknown (unknown [xxx.xxx.xxx.xxx])", true),
            ("xxx [xxx.xxx.xxx.xxx]", true),
            ("xxx.xxx.xxx.xxx (unknown)", true),
            ("*** ([***])", true),
            ("unknown (unknown [])", true),
            ("unknown (HELO mail.example.com)", false),
            ("mail.example.com", false),
            ("unknown [192.0.2.9]", false),
            ("[192.0.2.9] (unknown)", false),
            ("xmail.example.com", false),
        ] {
            let body =
                format!("from {client} by mx.example.net with SMTP; 28 Feb 2023 09:51:02 -0000");
            let client = super::super::read(&body).from;
            assert_eq!(
                client.map(|client| client.names_nobody()),
                Some(nobody),
                "in {body:?}"
            );
        }
    }
}
