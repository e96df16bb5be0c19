//! IMAP (RFC 9051, RFC 3501): EXAMINE and BODY.PEEK leave the mailbox as it was. What is new is
//! told by UIDs and not by SEARCH, whose indexes come late at large providers.

use std::collections::HashSet;

use super::{
    Deleted, Found, HEADER, Id, Listed, Listing, Mailbox, Place, Which, holder, is_junk, utf7,
};
use crate::secret::Login;
use crate::wire::{Endpoint, Tls, Trouble, Wire};

/// Responses to one command.
const RESPONSES: usize = 100_000;

/// Folders that are looked into.
const FOLDERS: usize = 8;

/// How far below the highest UID that was seen a message may still appear: servers of several
/// machines do not show them strictly in order.
const OVERLAP: u32 = 50;

pub(super) struct Imap {
    endpoint: Endpoint,
    login: Login,
    /// As the server writes them.
    inbox: String,
    junk: Vec<String>,
    folders: Vec<Folder>,
    session: Option<Session>,
}

#[derive(Clone)]
struct Folder {
    /// As the server writes it.
    name: String,
    junk: bool,
    validity: u32,
    /// Messages from this UID on are looked at.
    next: u32,
    seen: HashSet<u32>,
}

/// A response: its text, with `{}` for each literal, and the literals.
struct Response {
    text: String,
    literals: Vec<Vec<u8>>,
}

/// What a folder says when it is opened.
struct State {
    validity: u32,
    next: Option<u32>,
    is_empty: bool,
}

impl Imap {
    pub(super) fn new(endpoint: Endpoint, login: Login, folder: &str, junk: &[String]) -> Self {
        Self {
            endpoint,
            login,
            inbox: utf7::encoded(folder),
            junk: junk.iter().map(|name| utf7::encoded(name)).collect(),
            folders: Vec::new(),
            session: None,
        }
    }

    /// The session that there is, or a new one.
    fn session(&mut self) -> Result<&mut Session, Trouble> {
        let session = match self.session.take() {
            Some(session) => session,
            None => Session::begin(&self.endpoint, &self.login)?,
        };
        Ok(self.session.insert(session))
    }

    /// What is new in all folders; what is known of them is only changed where none failed.
    fn look(&mut self, tokens: &[&str]) -> Result<Vec<(usize, Found)>, Trouble> {
        let mut found = Vec::new();
        let mut folders = self.folders.clone();
        for folder in &mut folders {
            let session = self.session()?;
            let state = session.open(&folder.name, "EXAMINE")?;
            if state.validity != folder.validity {
                // The folder is another one now, and all in it new (RFC 9051 2.3.1.1).
                folder.validity = state.validity;
                folder.next = 1;
                folder.seen.clear();
            }
            if state.is_empty {
                continue;
            }
            let fields = format!(
                "{} MESSAGE-ID SUBJECT AUTO-SUBMITTED IN-REPLY-TO",
                super::FIELD
            );
            let from = folder.next;
            let what = format!("UID FETCH {from}:* (UID BODY.PEEK[HEADER.FIELDS ({fields})])");
            for (uid, header) in session.fetch(&what)? {
                // `*` is the last message also where none is new.
                if uid < from || !folder.seen.insert(uid) {
                    continue;
                }
                folder.next = folder.next.max(uid.saturating_sub(OVERLAP));
                let Some(number) = holder(&header, tokens) else {
                    continue;
                };
                if let Some(header) = session.header(uid)? {
                    let place = Place {
                        folder: utf7::decoded(&folder.name),
                        junk: folder.junk,
                        id: Id::Imap(folder.name.clone(), folder.validity, uid),
                    };
                    found.push((number, Found { header, place }));
                }
            }
        }
        self.folders = folders;
        Ok(found)
    }
}

impl Mailbox for Imap {
    fn mark(&mut self) -> Result<(), Trouble> {
        let (inbox, junk) = (self.inbox.clone(), self.junk.clone());
        let is_named = !junk.is_empty();
        let session = self.session()?;
        let listed = match is_named {
            true => junk,
            false => session.junk()?,
        };
        let mut names = vec![(inbox.clone(), false)];
        names.extend(
            listed
                .into_iter()
                .filter(|name| *name != inbox)
                .map(|name| (name, true)),
        );
        names.truncate(FOLDERS);
        let mut folders = Vec::new();
        for (name, junk) in names {
            let state = match session.open(&name, "EXAMINE") {
                Ok(state) => state,
                // A folder of what is unwanted may be there and not for us.
                Err(Trouble::Answer(_)) if junk && !is_named => continue,
                Err(trouble) => return Err(trouble),
            };
            let next = match state.next {
                Some(next) => next,
                None if state.is_empty => 1,
                None => session.last()?.saturating_add(1),
            };
            folders.push(Folder {
                name,
                junk,
                validity: state.validity,
                next,
                seen: HashSet::new(),
            });
        }
        self.folders = folders;
        Ok(())
    }

    fn find(&mut self, tokens: &[&str]) -> Result<Vec<(usize, Found)>, Trouble> {
        let found = self.look(tokens);
        if found.is_err() {
            self.session = None;
        }
        found
    }

    fn delete(&mut self, place: &Place) -> Result<Deleted, Trouble> {
        let Id::Imap(folder, validity, uid) = &place.id else {
            return Err(Trouble::Answer("not of this mailbox".to_owned()));
        };
        let session = self.session()?;
        let state = session.open(folder, "SELECT")?;
        if state.validity != *validity {
            // The same UID is another message now (RFC 9051 2.3.1.1).
            return Err(Trouble::Answer("the folder was made anew".to_owned()));
        }
        session.command(
            &format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted)"),
            "STORE",
        )?;
        if session.has("UIDPLUS") || session.has("IMAP4REV2") {
            session.command(&format!("UID EXPUNGE {uid}"), "EXPUNGE")?;
            return Ok(Deleted::Gone);
        }
        // Without UIDPLUS an EXPUNGE would take what others marked, too.
        Ok(Deleted::Marked)
    }
}

/// The messages of a folder, from its last session to its end.
pub(super) fn list(
    endpoint: &Endpoint,
    login: &Login,
    folder: &str,
    which: &Which,
) -> Result<Listing, Trouble> {
    let mut session = Session::begin(endpoint, login)?;
    let state = session.open(&utf7::encoded(folder), "EXAMINE")?;
    let (what, skip): (_, &dyn Fn(usize) -> usize) = match which {
        Which::Newest(count) => ("ALL".to_owned(), &|all| all.saturating_sub(*count)),
        // RFC 9051 6.4.4: day, name of the month, year.
        Which::Since(date) => (format!("SINCE {}", date.strftime("%-d-%b-%Y")), &|_| 0),
    };
    let mut uids = match state.is_empty {
        true => Vec::new(),
        false => session.search(&what)?,
    };
    uids.sort_unstable();
    uids.dedup();
    let skip = skip(uids.len());
    let mut rest = uids.into_iter().skip(skip);
    let mut broken = false;
    Ok(Box::new(std::iter::from_fn(move || {
        while !broken && let Some(uid) = rest.next() {
            match session.header(uid) {
                Ok(Some(header)) => {
                    let id = format!("UID={uid}");
                    return Some(Ok(Listed { id, header }));
                }
                // Deleted meanwhile.
                Ok(None) => {}
                Err(trouble) => {
                    broken = true;
                    return Some(Err(trouble));
                }
            }
        }
        None
    })))
}

struct Session {
    wire: Wire,
    tag: u32,
    capabilities: Vec<String>,
}

impl Session {
    fn begin(endpoint: &Endpoint, login: &Login) -> Result<Self, Trouble> {
        let wire = Wire::connect(endpoint)?;
        let mut session = Self {
            wire,
            tag: 0,
            capabilities: Vec::new(),
        };
        let greeting = session.response()?;
        if !greeting.text.to_ascii_uppercase().starts_with("* OK") {
            let says = "this is no IMAP, or it takes nobody";
            return Err(session.wire.answered(says, greeting.text.as_bytes()));
        }
        if endpoint.tls == Tls::Starttls {
            session.command("STARTTLS", "STARTTLS (no TLS, so no login)")?;
            session.wire.secure()?;
        }
        session.log_in(login).map_err(|trouble| match trouble {
            Trouble::Answer(says) => Trouble::Answer(login.hidden(&says)),
            other @ (Trouble::Connection(_) | Trouble::Interrupted) => other,
        })?;
        session.capability()?;
        Ok(session)
    }

    fn capability(&mut self) -> Result<(), Trouble> {
        let responses = self.command("CAPABILITY", "CAPABILITY")?;
        let words = responses.iter().filter_map(|response| {
            let text = response.text.to_ascii_uppercase();
            text.strip_prefix("* CAPABILITY ").map(str::to_owned)
        });
        self.capabilities = words
            .flat_map(|words| words.split(' ').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        self.capabilities.iter().any(|known| known == name)
    }

    fn log_in(&mut self, login: &Login) -> Result<(), Trouble> {
        if login.is_token {
            // Without SASL-IR, too (RFC 4959), it comes as a continuation.
            return self.continued("AUTHENTICATE XOAUTH2", &login.xoauth2());
        }
        self.capability()?;
        let is_ascii = login.user.is_ascii() && login.password().is_ascii();
        if self.has("LOGINDISABLED") || !is_ascii {
            return self.continued("AUTHENTICATE PLAIN", &login.plain());
        }
        let line = format!("LOGIN {} {}", string(&login.user), string(login.password()));
        self.command(&line, "the login").map(|_| ())
    }

    /// A command whose rest the server asks for; what it asks once more gets an empty line.
    fn continued(&mut self, line: &str, rest: &str) -> Result<(), Trouble> {
        let tag = self.next_tag();
        self.wire.send(format!("{tag} {line}\r\n").as_bytes())?;
        let mut rest = Some(rest);
        for _ in 0..RESPONSES {
            let response = self.response()?;
            if response.text.starts_with('+') {
                let more = rest.take().unwrap_or_default();
                self.wire.send(format!("{more}\r\n").as_bytes())?;
            } else if let Some(done) = response.text.strip_prefix(&format!("{tag} ")) {
                return self.done(done, "the login");
            }
        }
        Err(self.wire.answered("no end of responses", b""))
    }

    fn next_tag(&mut self) -> String {
        self.tag += 1;
        format!("s{}", self.tag)
    }

    fn done(&self, text: &str, name: &str) -> Result<(), Trouble> {
        let is_ok = text
            .get(..2)
            .is_some_and(|word| word.eq_ignore_ascii_case("OK"));
        match is_ok {
            true => Ok(()),
            false => Err(self
                .wire
                .answered(&format!("{name} was refused"), text.as_bytes())),
        }
    }

    /// The untagged responses to a command.
    fn command(&mut self, line: &str, name: &str) -> Result<Vec<Response>, Trouble> {
        let tag = self.next_tag();
        self.wire.send(format!("{tag} {line}\r\n").as_bytes())?;
        let mut all = Vec::new();
        loop {
            let response = self.response()?;
            if let Some(done) = response.text.strip_prefix(&format!("{tag} ")) {
                return self.done(done, name).map(|()| all);
            }
            if all.len() >= RESPONSES {
                return Err(self.wire.answered("no end of responses", b""));
            }
            all.push(response);
        }
    }

    fn response(&mut self) -> Result<Response, Trouble> {
        let mut response = Response {
            text: String::new(),
            literals: Vec::new(),
        };
        let mut size = 0;
        loop {
            let line = self.wire.line()?;
            let text = String::from_utf8_lossy(&line);
            let literal = text
                .strip_suffix('}')
                .and_then(|text| text.rsplit_once('{'));
            let length = literal.and_then(|(_, digits)| digits.parse().ok());
            let Some((length, (before, _))) = length.zip(literal) else {
                response.text.push_str(&text);
                return Ok(response);
            };
            if length > HEADER || size > HEADER || response.literals.len() > 64 {
                let says = format!("a literal of {length} octets");
                return Err(self.wire.answered(&says, b"more than is read"));
            }
            size += length;
            response.text.push_str(before);
            response.text.push_str("{}");
            response.literals.push(self.wire.octets(length)?);
        }
    }

    fn open(&mut self, folder: &str, how: &str) -> Result<State, Trouble> {
        let line = format!("{how} {}", string(folder));
        let responses = self.command(&line, &format!("{how} of {}", utf7::decoded(folder)))?;
        let number = |name: &str| {
            responses.iter().find_map(|response| {
                let (_, rest) = response.text.split_once(&format!("[{name} "))?;
                rest.split(']').next()?.trim().parse::<u32>().ok()
            })
        };
        Ok(State {
            validity: number("UIDVALIDITY").unwrap_or(0),
            next: number("UIDNEXT"),
            is_empty: responses
                .iter()
                .any(|response| response.text.eq_ignore_ascii_case("* 0 EXISTS")),
        })
    }

    /// The last message's UID.
    fn last(&mut self) -> Result<u32, Trouble> {
        let responses = self.command("FETCH * (UID)", "FETCH")?;
        let uids = responses.iter().filter_map(uid);
        Ok(uids.max().unwrap_or(0))
    }

    /// UID and literal of each message.
    fn fetch(&mut self, line: &str) -> Result<Vec<(u32, Vec<u8>)>, Trouble> {
        let responses = self.command(line, "FETCH")?;
        let read =
            |response: Response| Some((uid(&response)?, response.literals.into_iter().next()?));
        Ok(responses.into_iter().filter_map(read).collect())
    }

    fn header(&mut self, uid: u32) -> Result<Option<Vec<u8>>, Trouble> {
        let fetched = self.fetch(&format!("UID FETCH {uid} (UID BODY.PEEK[HEADER])"))?;
        let mut own = fetched.into_iter().filter(|(known, _)| *known == uid);
        Ok(own.next().map(|(_, header)| header))
    }

    fn search(&mut self, what: &str) -> Result<Vec<u32>, Trouble> {
        let responses = self.command(&format!("UID SEARCH {what}"), "SEARCH")?;
        let numbers = responses
            .iter()
            .filter_map(|response| response.text.strip_prefix("* SEARCH"))
            .flat_map(|rest| rest.split(' ').filter_map(|word| word.parse().ok()));
        Ok(numbers.collect())
    }

    /// The folders of what is unwanted: by their attribute (RFC 6154), else by their name.
    fn junk(&mut self) -> Result<Vec<String>, Trouble> {
        let marks = self.has("SPECIAL-USE") && self.has("LIST-EXTENDED");
        let end = if marks { " RETURN (SPECIAL-USE)" } else { "" };
        let responses = self.command(&format!("LIST \"\" \"*\"{end}"), "LIST")?;
        let folders = responses.iter().filter_map(|response| {
            let rest = response.text.strip_prefix("* LIST (")?;
            let (attributes, rest) = rest.split_once(") ")?;
            // The delimiter, then the name.
            let name = match response.literals.last() {
                Some(literal) => String::from_utf8_lossy(literal).into_owned(),
                None => unquoted(rest.split_once(' ')?.1.trim()),
            };
            let attributes = attributes.to_ascii_lowercase();
            let is_one = attributes.contains("\\junk") || is_junk(&utf7::decoded(&name));
            (is_one && !attributes.contains("\\noselect")).then_some(name)
        });
        Ok(folders
            .filter(|name| !name.contains(char::is_control))
            .collect())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.wire.send(b"z LOGOUT\r\n");
    }
}

/// The UID in a FETCH response. A server may tell of flags of other messages in between.
fn uid(response: &Response) -> Option<u32> {
    let text = response.text.to_ascii_uppercase();
    let (_, rest) = text.split_once(" FETCH (")?;
    let (_, rest) = rest.split_once("UID ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// A quoted string (RFC 9051 4.3); what is given here has no CR, LF or NUL.
fn string(text: &str) -> String {
    let plain = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{plain}\"")
}

fn unquoted(text: &str) -> String {
    let inner = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inner.map_or_else(
        || text.to_owned(),
        |inner| inner.replace("\\\"", "\"").replace("\\\\", "\\"),
    )
}
