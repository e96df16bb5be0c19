//! Message submission (RFC 6409) of one mail: EHLO, STARTTLS, AUTH, and the transaction.

use std::time::Duration;

use crate::secret::Login;
use crate::wire::{Endpoint, Tls, Trouble, Wire, quoted};

/// More lines than any EHLO has.
const LINES: usize = 128;

/// A server looks into the whole mail before it takes it; RFC 5321 4.5.3.2.6 has ten minutes.
const FINAL: Duration = Duration::from_secs(120);

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unsent {
    /// The server does not want it: its words, and to which command.
    Refused(String),
    Trouble(Trouble),
    /// It has all of the mail and did not say whether it took it.
    Unsure(Trouble),
}

impl From<Trouble> for Unsent {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

struct Reply {
    code: u16,
    lines: Vec<Vec<u8>>,
}

/// A mail, ready to be sent.
pub(super) struct Outgoing<'m> {
    pub(super) from: &'m str,
    pub(super) to: &'m [&'m str],
    pub(super) message: &'m str,
}

/// Hands one mail over, and tells for each recipient why it was not taken for him.
pub(super) fn submit(
    endpoint: &Endpoint,
    login: Option<&Login>,
    mail: &Outgoing<'_>,
) -> Result<Vec<Option<String>>, Unsent> {
    let mut wire = Wire::connect(endpoint)?;
    let greeting = reply(&mut wire)?;
    expect(&greeting, 2, "the greeting")?;
    let mut extensions = ehlo(&mut wire)?;
    if endpoint.tls == Tls::Starttls {
        if !offers(&extensions, "STARTTLS") {
            let host = &endpoint.host;
            let says = format!(
                "{host}: offers no STARTTLS, so nothing was sent: use smtps://, or tls = \"none\" \
                 where the way to it is safe"
            );
            return Err(Trouble::Answer(says).into());
        }
        command(&mut wire, "STARTTLS", "STARTTLS", 2)?;
        wire.secure()?;
        extensions = ehlo(&mut wire)?;
    }
    if let Some(login) = login {
        authenticate(&mut wire, &extensions, login).map_err(|unsent| match unsent {
            Unsent::Refused(says) => Unsent::Refused(login.hidden(&says)),
            Unsent::Trouble(Trouble::Answer(says)) => Trouble::Answer(login.hidden(&says)).into(),
            other @ (Unsent::Trouble(_) | Unsent::Unsure(_)) => other,
        })?;
    }
    let refused = transaction(&mut wire, &extensions, mail)?;
    // Whatever it says to that.
    let _ = wire.send(b"QUIT\r\n");
    Ok(refused)
}

fn transaction(
    wire: &mut Wire,
    extensions: &Reply,
    mail: &Outgoing<'_>,
) -> Result<Vec<Option<String>>, Unsent> {
    let is_ascii = mail.from.is_ascii() && mail.to.iter().all(|to| to.is_ascii());
    let utf8 = match is_ascii {
        true => "",
        // RFC 6531.
        false if offers(extensions, "SMTPUTF8") => " SMTPUTF8",
        false => {
            let says = "offers no SMTPUTF8, which these addresses need";
            return Err(Trouble::Answer(format!("{}: {says}", wire.endpoint().host)).into());
        }
    };
    let line = format!("MAIL FROM:<{}>{utf8}", mail.from);
    command(wire, &line, "MAIL FROM", 2)?;
    let mut refused = Vec::with_capacity(mail.to.len());
    for to in mail.to {
        match command(wire, &format!("RCPT TO:<{to}>"), "RCPT TO", 2) {
            Ok(_) => refused.push(None),
            Err(Unsent::Refused(says)) => refused.push(Some(says)),
            Err(other) => return Err(other),
        }
    }
    if refused.iter().all(Option::is_some) {
        return Ok(refused);
    }
    command(wire, "DATA", "DATA", 3)?;
    let mut data = String::with_capacity(mail.message.len() + 8);
    for line in mail.message.lines() {
        // RFC 5321 4.5.2.
        if line.starts_with('.') {
            data.push('.');
        }
        data.push_str(line);
        data.push_str("\r\n");
    }
    data.push_str(".\r\n");
    wire.send(data.as_bytes())?;
    wire.wait_for(FINAL);
    let taken = reply(wire).map_err(|unsent| match unsent {
        Unsent::Trouble(trouble) => Unsent::Unsure(trouble),
        other @ (Unsent::Refused(_) | Unsent::Unsure(_)) => other,
    })?;
    expect(&taken, 2, "the message")?;
    Ok(refused)
}

fn authenticate(wire: &mut Wire, extensions: &Reply, login: &Login) -> Result<(), Unsent> {
    let mechanisms = auth(extensions);
    let offered = |name: &str| mechanisms.iter().any(|known| known == name);
    if login.is_token {
        let line = format!("AUTH XOAUTH2 {}", login.xoauth2());
        wire.send(format!("{line}\r\n").as_bytes())?;
        let mut answer = reply(wire)?;
        if answer.code == 334 {
            // The error comes behind an empty response, as Google and Microsoft document it.
            wire.send(b"\r\n")?;
            answer = reply(wire)?;
        }
        return expect(&answer, 2, "AUTH");
    }
    if offered("PLAIN") {
        let line = format!("AUTH PLAIN {}", login.plain());
        return command(wire, &line, "AUTH", 2).map(|_| ());
    }
    if offered("LOGIN") {
        command(wire, "AUTH LOGIN", "AUTH", 3)?;
        command(wire, &Login::encoded(&login.user), "AUTH", 3)?;
        return command(wire, &Login::encoded(login.password()), "AUTH", 2).map(|_| ());
    }
    let all = quoted(mechanisms.join(" ").as_bytes());
    let says = match all.is_empty() {
        true => "offers no AUTH: it is no submission server, or wants another port".to_owned(),
        false => format!("offers neither AUTH PLAIN nor LOGIN, but {all}"),
    };
    Err(Trouble::Answer(format!("{}: {says}", wire.endpoint().host)).into())
}

fn ehlo(wire: &mut Wire) -> Result<Reply, Unsent> {
    let line = format!("EHLO {}", wire.own_literal());
    command(wire, &line, "EHLO", 2)
}

fn keyword(line: &[u8]) -> String {
    String::from_utf8_lossy(line).to_ascii_uppercase()
}

fn offers(extensions: &Reply, name: &str) -> bool {
    let mut lines = extensions.lines.iter().skip(1);
    lines.any(|line| keyword(line).split(' ').next() == Some(name))
}

fn auth(extensions: &Reply) -> Vec<String> {
    let lines = extensions.lines.iter().skip(1).map(|line| keyword(line));
    let mut all = Vec::new();
    for line in lines {
        // `AUTH=` is that of servers for old clients.
        if let Some(rest) = line
            .strip_prefix("AUTH")
            .filter(|rest| rest.starts_with([' ', '=']))
        {
            all.extend(
                rest.split([' ', '='])
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned),
            );
        }
    }
    all
}

/// Sends a line; `name` is what an error calls it, since the line may hold a secret.
fn command(wire: &mut Wire, line: &str, name: &str, class: u16) -> Result<Reply, Unsent> {
    wire.send(format!("{line}\r\n").as_bytes())?;
    let reply = reply(wire)?;
    expect(&reply, class, name)?;
    Ok(reply)
}

fn expect(reply: &Reply, class: u16, name: &str) -> Result<(), Unsent> {
    if reply.code / 100 == class {
        return Ok(());
    }
    let text = quoted(&reply.lines.join(&b' '));
    let code = reply.code;
    Err(Unsent::Refused(format!("{code} {text} (to {name})")))
}

/// RFC 5321 4.2.
fn reply(wire: &mut Wire) -> Result<Reply, Unsent> {
    let mut lines = Vec::new();
    loop {
        let line = wire.line()?;
        let code = line
            .get(..3)
            .and_then(|code| std::str::from_utf8(code).ok());
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
        let Some(code) = code.and_then(|code| code.parse().ok()) else {
            return Err(wire.answered("this is no SMTP", &line).into());
        };
        let more = line.get(3) == Some(&b'-');
        lines.push(line.get(4..).unwrap_or_default().to_vec());
        if !more {
            return Ok(Reply { code, lines });
        }
        if lines.len() >= LINES {
            return Err(wire.answered("a reply without end", &line).into());
        }
    }
}
