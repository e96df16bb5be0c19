//! POP3 (RFC 1939): a session for each look, since a mailbox shows what was there at its login.
//! `TOP n 0` marks nothing as read.

use std::collections::HashSet;

use super::{Deleted, Found, HEADER, Id, Listed, Listing, Mailbox, Place, Which, holder};
use crate::secret::Login;
use crate::wire::{Endpoint, Tls, Trouble, Wire};

/// Messages that are listed of one mailbox.
const LISTED: usize = 200_000;

pub(super) struct Pop3 {
    endpoint: Endpoint,
    login: Login,
    known: HashSet<String>,
}

impl Pop3 {
    pub(super) fn new(endpoint: Endpoint, login: Login) -> Self {
        Self {
            endpoint,
            login,
            known: HashSet::new(),
        }
    }
}

fn begin(endpoint: &Endpoint, login: &Login) -> Result<Wire, Trouble> {
    let mut wire = Wire::connect(endpoint)?;
    ok(&mut wire, "the greeting")?;
    if endpoint.tls == Tls::Starttls {
        command(&mut wire, "STLS", "STLS (no TLS, so no login)")?;
        wire.secure()?;
    }
    log_in(&mut wire, login).map_err(|trouble| match trouble {
        Trouble::Answer(says) => Trouble::Answer(login.hidden(&says)),
        other @ (Trouble::Connection(_) | Trouble::Interrupted) => other,
    })?;
    Ok(wire)
}

fn log_in(wire: &mut Wire, login: &Login) -> Result<(), Trouble> {
    if login.is_token {
        wire.send(b"AUTH XOAUTH2\r\n")?;
        let line = wire.line()?;
        if !line.starts_with(b"+") || line.starts_with(b"+OK") {
            return Err(wire.answered("takes no AUTH XOAUTH2", &line));
        }
        wire.send(format!("{}\r\n", login.xoauth2()).as_bytes())?;
        let mut line = wire.line()?;
        if line.starts_with(b"+ ") {
            // The error comes behind an empty response, as Google and Microsoft document it.
            wire.send(b"\r\n")?;
            line = wire.line()?;
        }
        return accepted(wire, &line, "the login");
    }
    command(wire, &format!("USER {}", login.user), "USER")?;
    command(wire, &format!("PASS {}", login.password()), "the login")
}

/// Number and unique-id of each message.
fn listed(wire: &mut Wire) -> Result<Vec<(u32, String)>, Trouble> {
    command(wire, "UIDL", "UIDL")?;
    let mut all = Vec::new();
    loop {
        let line = wire.line()?;
        if line == b"." {
            return Ok(all);
        }
        let text = String::from_utf8_lossy(&line);
        if let Some((number, id)) = text.split_once(' ')
            && let Ok(number) = number.parse()
        {
            all.push((number, id.to_owned()));
        }
        if all.len() > LISTED {
            return Err(wire.answered("lists too many messages", b""));
        }
    }
}

fn header(wire: &mut Wire, number: u32) -> Result<Vec<u8>, Trouble> {
    command(wire, &format!("TOP {number} 0"), "TOP")?;
    let mut header = Vec::new();
    loop {
        let line = wire.line()?;
        if line == b"." {
            return Ok(header);
        }
        if header.len() < HEADER {
            header.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            header.extend_from_slice(b"\r\n");
        }
    }
}

fn command(wire: &mut Wire, line: &str, name: &str) -> Result<(), Trouble> {
    wire.send(format!("{line}\r\n").as_bytes())?;
    ok(wire, name)
}

fn ok(wire: &mut Wire, name: &str) -> Result<(), Trouble> {
    let line = wire.line()?;
    accepted(wire, &line, name)
}

fn accepted(wire: &Wire, line: &[u8], name: &str) -> Result<(), Trouble> {
    match line.starts_with(b"+OK") {
        true => Ok(()),
        false => Err(wire.answered(&format!("{name} was refused"), line)),
    }
}

impl Mailbox for Pop3 {
    fn mark(&mut self) -> Result<(), Trouble> {
        let mut wire = begin(&self.endpoint, &self.login)?;
        let all = listed(&mut wire)?;
        self.known = all.into_iter().map(|(_, id)| id).collect();
        let _ = wire.send(b"QUIT\r\n");
        Ok(())
    }

    fn find(&mut self, tokens: &[&str]) -> Result<Vec<(usize, Found)>, Trouble> {
        let mut wire = begin(&self.endpoint, &self.login)?;
        let mut found = Vec::new();
        let mut looked = Vec::new();
        for (number, id) in listed(&mut wire)? {
            if self.known.contains(&id) {
                continue;
            }
            let header = header(&mut wire, number)?;
            looked.push(id.clone());
            if let Some(number) = holder(&header, tokens) {
                let place = Place {
                    folder: String::new(),
                    junk: false,
                    id: Id::Pop3(id),
                };
                found.push((number, Found { header, place }));
            }
        }
        // Only now, since what a broken look found is told by the next one.
        self.known.extend(looked);
        let _ = wire.send(b"QUIT\r\n");
        Ok(found)
    }

    fn delete(&mut self, place: &Place) -> Result<Deleted, Trouble> {
        let mut wire = begin(&self.endpoint, &self.login)?;
        let listed = listed(&mut wire)?;
        let number = listed
            .iter()
            .find(|(_, id)| place.id == Id::Pop3(id.clone()));
        if let Some((number, _)) = number {
            command(&mut wire, &format!("DELE {number}"), "DELE")?;
        }
        // Only QUIT makes it so (RFC 1939 6).
        command(&mut wire, "QUIT", "QUIT").map(|()| Deleted::Gone)
    }
}

/// The newest messages, as the server orders them.
pub(super) fn list(endpoint: &Endpoint, login: &Login, which: &Which) -> Result<Listing, Trouble> {
    let Which::Newest(count) = which else {
        let host = &endpoint.host;
        let says = format!("{host}: POP3 tells no dates: give --newest in place of --since");
        return Err(Trouble::Answer(says));
    };
    let mut wire = begin(endpoint, login)?;
    let all = listed(&mut wire)?;
    let skip = all.len().saturating_sub(*count);
    let mut rest = all.into_iter().skip(skip);
    let mut broken = false;
    Ok(Box::new(std::iter::from_fn(move || {
        let Some((number, id)) = rest.next().filter(|_| !broken) else {
            let _ = wire.send(b"QUIT\r\n");
            return None;
        };
        let header = header(&mut wire, number);
        broken = header.is_err();
        Some(header.map(|header| Listed { id, header }))
    })))
}
