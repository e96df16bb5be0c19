//! The reading that every dialect begins with, and the whole of it for a field of no known family.
//!
//! Values are taken from where the grammar, or the common practice of servers, puts them; no name
//! counts as verified, and an address alone in the name's place may be the client's own claim.

use std::borrow::Cow;

use super::client::{ClientForm, Shape, address, host_name, plain_name};
use crate::lex;
use crate::trace::received::{Key, Kind, Received, squeeze};
use crate::trace::{AddressPlace, Client, ClientAddress, Hop, Intake, Server, Tls};

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
    read_software(received, hop);
    read_loose_words(received, hop);
    read_tail(received.before_date, hop);
    if !received.joined {
        read_tail(received.tail, hop);
    }
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
pub(super) fn said_name(helo: &str) -> Option<&str> {
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
        if piece.kind == Kind::Comment {
            closed = true;
            server.ip = server.ip.or_else(|| address_of_server(piece.text));
            continue;
        }
        let word = bare(uncomma(piece.text));
        if word.is_empty() {
            // A comma in the name's place.
        } else if let Some(text) = address(word) {
            closed = true;
            server.ip = server.ip.or_else(|| valid(text));
            if server.ip.is_none() && phrase.is_none() {
                phrase = Some((word, word));
            }
        } else if let Some((_, last)) = &mut phrase {
            closed |= ends_name(word);
            if !closed {
                *last = word;
            }
        } else if !closed {
            let word = word
                .strip_suffix(':')
                .filter(|word| !word.is_empty())
                .unwrap_or(word);
            closed = lex::has(word, b'.') || word.len() < piece.text.len();
            phrase = Some((word, word));
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

/// A word behind a server's name that is no part of it.
fn ends_name(word: &str) -> bool {
    matches!(
        word,
        "over" | "at" | "running" | "pod-id" | "on" | "envelope-from"
    ) || word != ":" && word.contains(['<', '=', '@', ':'])
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

pub(super) fn valid(text: &str) -> Option<Cow<'_, str>> {
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
    let mut pieces = received.clause(Key::With).peekable();
    while let Some(piece) = pieces.next() {
        match piece.kind {
            Kind::Comment if first.is_some() => break,
            // netqmail: `with (CIPHER encrypted) SMTP`; `read_remark` takes it.
            Kind::Comment => {}
            Kind::Word => {
                let word = uncomma(piece.text);
                // OVHcloud's qmail: `with CIPHER encrypted SMTP`
                if pieces.next_if(|next| next.text == "encrypted").is_some() {
                    set_tls(hop, None, Some(word));
                    continue;
                }
                if word.is_empty() {
                    continue;
                }
                // What stands behind the protocol, and is none.
                if matches!(word, "tls" | "pod-id") || word.starts_with('$') {
                    break;
                }
                let whole = first.is_none() && is_protocol(word);
                first.get_or_insert(word);
                last = Some(word);
                if whole {
                    break;
                }
            }
        }
    }
    let (Some(first), Some(last)) = (first, last) else {
        return;
    };
    hop.with = Some(if std::ptr::eq(first, last) {
        // A version or cipher behind the protocol: `ESMTP/TLS/CIPHER`.
        match lex::split_at_byte(first, b'/') {
            Some((protocol, _)) if is_protocol(protocol) => Cow::Borrowed(protocol),
            _ => Cow::Borrowed(first),
        }
    } else {
        received.phrase(first, last)
    });
}

/// `with esmtps (TLS1.3) tls CIPHER`
pub(super) fn cipher_behind_tls<'x>(received: &Received<'x>) -> Option<&'x str> {
    let mut words = received
        .clause(Key::With)
        .filter(|piece| piece.kind == Kind::Word)
        .skip_while(|piece| piece.text != "tls");
    words.nth(1).map(|piece| piece.text)
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
    let text = bare(whole);
    (!text.is_empty() && text != "...").then_some(Cow::Borrowed(text))
}

/// A `<` that closes nowhere in its word: what stands there is several words.
fn is_phrase(word: &str) -> bool {
    word.starts_with('<') && !lex::has(word, b'>')
}

/// A word without the comma behind it.
pub(super) fn uncomma(word: &str) -> &str {
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

/// A comment in place of all clauses, or of the client's: somebody on the server itself is named,
/// `(qmail 1 invoked by uid 2)`, `(from user@host)`.
fn read_lead<'x>(received: &Received<'x>, hop: &mut Hop<'x>) {
    let lead = received.lead_comment();
    if lead.contains(" invoked by ") || lead.starts_with("from ") {
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

/// What a comment tells by its own first words, whichever server writes it: TLS, authentication,
/// the reverse-path.
fn read_remark<'x>(comment: &'x str, hop: &mut Hop<'x>) {
    let comment = lex::trim(comment);
    let Some(first) = comment.as_bytes().first() else {
        return;
    };
    // By first letters: most comments tell nothing of this.
    let told = match first {
        b'A' | b'S' | b'N' | b'U' | b'a' | b'u' => read_user(comment, hop),
        b'e' | b'm' => read_path(comment, hop),
        _ => false,
    };
    if !told {
        read_tls(comment, hop);
    }
}

/// TLS, if a comment tells that.
fn read_tls<'x>(comment: &'x str, hop: &mut Hop<'x>) {
    let opens = |word| opens_with(comment, word);
    let mut words = lex::Words(comment);
    match comment.as_bytes().first() {
        // `(using TLSv1.3 with cipher CIPHER (256/256 bits))`
        Some(b'u') if opens("using") => {
            let version = words.nth(1).filter(|version| !version.ends_with(':'));
            if version.is_some() {
                set_tls(hop, version, words.nth(2));
            }
        }
        Some(b'v') if comment.starts_with("version=") => {
            set_tls(hop, value(comment, "version="), value(comment, "cipher="));
        }
        Some(b'c') if comment.starts_with("cipher=") => {
            set_tls(hop, None, value(comment, "cipher="));
        }
        Some(b'C' | b't') if opens("Cipher") || opens("tls_cipher") => {
            tls_triple(words.nth(1).unwrap_or(""), hop);
        }
        // qpsmtpd: `(CIPHER encrypted, authenticated)`; T-Online: `(VERSION:CIPHER encrypted)`
        _ if lex::contains(comment, " encrypted") => {
            let suite = words.next().unwrap_or("");
            match lex::split_at_byte(suite, b':') {
                Some((version, cipher)) => set_tls(hop, Some(version), Some(cipher)),
                None => set_tls(hop, None, Some(suite)),
            }
        }
        Some(b'T') if comment == "TLS" => set_tls(hop, None, None),
        // .NET's names: `(Tls12, Aes256, Sha384, DiffieHellmanEllipticKey384)`
        Some(b'T') if comment.starts_with("Tls1") => {
            set_tls(hop, words.next().map(uncomma), None);
        }
        Some(b'T') if comment.starts_with("TLS") && !opens("TLS") => {
            tls_triple(words.next().unwrap_or(""), hop);
        }
        _ => {}
    }
}

/// Who authenticated, if a comment tells that.
fn read_user<'x>(comment: &'x str, hop: &mut Hop<'x>) -> bool {
    let user = if comment.starts_with("User authenticated as ") {
        // `(User authenticated as user1@EXAMPLE.COM)`
        lex::Words(comment).nth(3)
    } else if comment.starts_with("user=") {
        // `(user=a@example.com mech=LOGIN bits=0)`
        value(comment, "user=")
    } else if ["Authenticated", "authenticated", "SquirrelMail", "NaSMail"]
        .iter()
        .any(|word| opens_with(comment, word))
    {
        ["sender:", "user:", " user ", "authenticated as "]
            .iter()
            .find_map(|before| lex::split_at_part(comment, before))
            .and_then(|(_, user)| lex::Words(user).next())
            .map(|user| without_end(user, b","))
            .filter(|user| !user.is_empty())
    } else {
        return false;
    };
    if user.is_some() {
        hop.authenticated_as = user.map(Cow::Borrowed);
    }
    true
}

/// The reverse-path, if a comment tells that.
fn read_path<'x>(comment: &'x str, hop: &mut Hop<'x>) -> bool {
    let mut words = lex::Words(comment);
    let path = if opens_with(comment, "envelope-from") || opens_with(comment, "envelope-sender") {
        words.nth(1)
    } else if opens_with(comment, "mailfrom") {
        let joined = words.next().and_then(|word| word.strip_prefix("mailfrom:"));
        joined.filter(|path| !path.is_empty()).or(words.next())
    } else {
        return false;
    };
    if let Some(path) = path {
        set_envelope(hop, path);
    }
    true
}

/// Whether the first word of `comment`, up to white space, `=` or `:`, is `word`.
fn opens_with(comment: &str, word: &str) -> bool {
    comment.strip_prefix(word).is_some_and(|rest| {
        rest.bytes()
            .next()
            .is_none_or(|byte| lex::is_wsp(byte) || matches!(byte, b'=' | b':'))
    })
}

/// What stands behind these first words of a comment.
pub(super) fn behind<'x>(comment: &'x str, words: &[&str]) -> Option<lex::Words<'x>> {
    let mut rest = lex::Words(comment);
    words
        .iter()
        .all(|word| rest.next() == Some(*word))
        .then_some(rest)
}

/// What stands behind `name` in one of a comment's words.
pub(super) fn value<'x>(comment: &'x str, name: &str) -> Option<&'x str> {
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

pub(super) fn set_envelope<'x>(hop: &mut Hop<'x>, path: &'x str) {
    let path = bare(without_end(path, b",);"));
    if hop.envelope_from.is_none() && !path.is_empty() {
        hop.envelope_from = Some(Cow::Borrowed(path));
    }
}

/// The first comment behind the server's name that says nothing else.
fn read_software<'x>(received: &Received<'x>, hop: &mut Hop<'x>) {
    let software = received
        .clause(Key::By)
        .chain(received.clause(Key::With))
        .filter(|piece| piece.kind == Kind::Comment)
        .find(|piece| is_software(piece.text));
    hop.software = software.map(|piece| squeeze(piece.text));
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
        // Xeams writes a comment into the brackets.
        (
            "from [(203.0.113.14)] by mx.example.net with Xeams SMTP;\n Wed, 2 Jul 2003 16:42:03 -0800 (PST)",
            "ip=203.0.113.14; by=mx.example.net; with=Xeams SMTP; date=2003-07-03T00:42:03Z",
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
