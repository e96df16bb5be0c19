//! `imaps://user@host:port/FOLDER` (RFC 5092), `imap://` with STARTTLS, `pop3s://`, `pop3://`, or a
//! Maildir's path. A password in it is refused: command lines and files of settings are read by
//! others.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::Store;
use crate::secret::Login;
use crate::wire::{Endpoint, Tls};

/// What mailbox it is, as a URL or a path says.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    kind: Kind,
    pub(crate) user: Option<String>,
}

#[derive(Debug, Clone)]
enum Kind {
    Imap { endpoint: Endpoint, folder: String },
    Pop3(Endpoint),
    Maildir(PathBuf),
}

/// How a server is reached, beyond its URL.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// Certificates that are believed in place of the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// The user says that it may do without TLS.
    pub(crate) clear: bool,
    /// For each answer.
    pub(crate) timeout: Duration,
}

impl Way {
    pub(crate) fn to(&self, host: String, port: u16, tls: Tls) -> Endpoint {
        let tls = match (tls, self.clear) {
            (Tls::Starttls, true) => Tls::None,
            (tls, _) => tls,
        };
        Endpoint {
            host,
            port,
            tls,
            ca_file: self.ca_file.clone(),
            timeout: self.timeout,
            config: Arc::default(),
        }
    }
}

/// What a URL names, with its scheme.
pub(crate) struct Url {
    pub(crate) scheme: String,
    pub(crate) user: Option<String>,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
    pub(crate) path: String,
}

impl Url {
    /// None for a text that is no URL.
    pub(crate) fn read(text: &str) -> Option<Result<Self, String>> {
        let (scheme, rest) = text.split_once("://")?;
        Some(Self::parts(scheme, rest))
    }

    fn parts(scheme: &str, rest: &str) -> Result<Self, String> {
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        if user.is_some_and(|user| user.contains(':')) {
            return Err(
                "holds a password, which others could read: take it out (and change it), and give \
                 it by environment, file or command"
                    .to_owned(),
            );
        }
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !place.ends_with(']') => {
                let port = port.parse().map_err(|_| format!("{port:?} is no port"))?;
                (host, Some(port))
            }
            _ => (place, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.contains(|char: char| char.is_control() || char == ' ') {
            return Err("names no host".to_owned());
        }
        Ok(Self {
            scheme: scheme.to_ascii_lowercase(),
            user: user.map(decoded).transpose()?,
            host: host.to_owned(),
            port,
            path: decoded(path)?,
        })
    }
}

/// RFC 3986 2.1. A control character never stands in a command to a server.
fn decoded(text: &str) -> Result<String, String> {
    let strange = || format!("{text:?} is not percent-encoded as it should be");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter();
    while let Some(byte) = rest.next() {
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let digits: Vec<u8> = rest.by_ref().take(2).copied().collect();
        let digits = std::str::from_utf8(&digits).map_err(|_| strange())?;
        let is_hex = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let byte = u8::from_str_radix(digits, 16).ok().filter(|_| is_hex);
        bytes.push(byte.ok_or_else(strange)?);
    }
    let text = String::from_utf8(bytes).map_err(|_| strange())?;
    match text.contains(char::is_control) {
        true => Err(strange()),
        false => Ok(text),
    }
}

/// The schemes of mailboxes on servers.
const SCHEMES: [&str; 6] = ["imaps", "imap", "pop3s", "pops", "pop3", "pop"];

/// Whether a command line's path is such a mailbox.
pub(crate) fn is_one(path: &Path) -> bool {
    let scheme = path.to_str().and_then(|text| text.split_once("://"));
    scheme.is_some_and(|(scheme, _)| SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()))
}

impl Address {
    /// A path is one below `base`.
    pub(crate) fn read(text: &str, base: &Path, way: &Way) -> Result<Self, String> {
        let Some(url) = Url::read(text) else {
            return Ok(Self {
                kind: Kind::Maildir(base.join(text)),
                user: None,
            });
        };
        let url = url.map_err(|says| format!("the mailbox's address {says}"))?;
        let port = |usual| url.port.unwrap_or(usual);
        let imap = |endpoint| Kind::Imap {
            endpoint,
            folder: match url.path.is_empty() {
                true => "INBOX".to_owned(),
                false => url.path.clone(),
            },
        };
        let host = url.host.clone();
        let kind = match url.scheme.as_str() {
            "imaps" => imap(way.to(host, port(993), Tls::Implicit)),
            "imap" => imap(way.to(host, port(143), Tls::Starttls)),
            "pop3s" | "pops" => Kind::Pop3(way.to(host, port(995), Tls::Implicit)),
            "pop3" | "pop" => Kind::Pop3(way.to(host, port(110), Tls::Starttls)),
            other => {
                return Err(format!(
                    "{other:?} is no mailbox: give imaps://, imap://, pop3s://, pop3:// or a \
                     Maildir's path"
                ));
            }
        };
        Ok(Self {
            kind,
            user: url.user,
        })
    }

    pub(crate) fn host(&self) -> String {
        match &self.kind {
            Kind::Imap { endpoint, .. } | Kind::Pop3(endpoint) => endpoint.host.clone(),
            Kind::Maildir(path) => path.display().to_string(),
        }
    }

    pub(crate) fn is_pop3(&self) -> bool {
        matches!(self.kind, Kind::Pop3(_))
    }

    /// The mailbox, for who may read it; `junk` are folders to look into as well, in place of those
    /// that the server calls so.
    pub(crate) fn with(self, login: Option<Login>, junk: Vec<String>) -> Result<Store, String> {
        const NO_LOGIN: &str =
            "has no password-env, password-file, password-command or token-command";
        match (self.kind, login) {
            (Kind::Imap { endpoint, folder }, Some(login)) => Ok(Store::Imap {
                endpoint,
                login,
                folder,
                junk,
            }),
            (Kind::Pop3(endpoint), Some(login)) => Ok(Store::Pop3 { endpoint, login }),
            (Kind::Maildir(path), _) => Ok(Store::Maildir { path, junk }),
            (Kind::Imap { .. } | Kind::Pop3(_), None) => Err(NO_LOGIN.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way() -> Way {
        Way {
            ca_file: None,
            clear: false,
            timeout: Duration::from_secs(1),
        }
    }

    fn read(text: &str) -> Result<(String, Option<String>), String> {
        let address = Address::read(text, Path::new("/base"), &way())?;
        let kind = match address.kind {
            Kind::Imap {
                endpoint: Endpoint {
                    host, port, tls, ..
                },
                folder,
            } => format!("imap {host} {port} {tls:?} {folder}"),
            Kind::Pop3(Endpoint {
                host, port, tls, ..
            }) => format!("pop3 {host} {port} {tls:?}"),
            Kind::Maildir(path) => format!("maildir {}", path.display()),
        };
        Ok((kind, address.user))
    }

    #[test]
    fn what_a_mailbox_may_be() {
        for (text, kind, user) in [
            (
                "imaps://imap.example.org",
                "imap imap.example.org 993 Implicit INBOX",
                None,
            ),
            (
                "imap://mary@example.org@imap.example.org:1143/Some%20folder",
                "imap imap.example.org 1143 Starttls Some folder",
                Some("mary@example.org"),
            ),
            (
                "POP3S://mary%40example.org@[2001:db8::1]",
                "pop3 2001:db8::1 995 Implicit",
                Some("mary@example.org"),
            ),
            ("pop3://h:1/", "pop3 h 1 Starttls", None),
            ("mail/john", "maildir /base/mail/john", None),
        ] {
            assert_eq!(
                read(text),
                Ok((kind.to_owned(), user.map(str::to_owned))),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_refused_shows_no_password() {
        for (text, says) in [
            ("imaps://mary:geheim@h/", "holds a password"),
            ("imaps://mary@/", "names no host"),
            ("imaps://h:99999/", "is no port"),
            ("imaps://h/%0d%0aA1", "percent-encoded"),
            ("imaps://h/%+1", "percent-encoded"),
            ("https://h/", "is no mailbox"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("geheim"), "{error}");
        }
    }

    #[test]
    fn a_path_is_a_mailbox_only_with_its_scheme() {
        assert!(is_one(Path::new("imaps://h/INBOX")) && is_one(Path::new("POP3S://h")));
        assert!(!is_one(Path::new("imaps/h")) && !is_one(Path::new("file://h")));
    }
}
