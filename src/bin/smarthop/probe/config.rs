//! `probe.toml`: who sends, who receives, and by what policy the mails are judged.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use smarthop::Catalogue;
use smarthop::policy::Policy;

use crate::mailbox::{Address, Store, Way, address::Url};
use crate::secret::{Login, Origin};
use crate::wire::{Endpoint, Tls};

/// What `probe init` writes where only the user knows.
pub(super) const FILL_IN: &str = "FILL-IN";

/// More mails than that are a slip, and would be taken for spam.
const MAILS: usize = 250;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    policy: PathBuf,
    wait: Option<String>,
    slow: Option<String>,
    subject: Option<String>,
    #[serde(default)]
    sender: Vec<Party>,
    #[serde(default)]
    recipient: Vec<Party>,
    #[serde(default)]
    pair: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Party {
    address: String,
    smtp: Option<String>,
    mailbox: Option<String>,
    user: Option<String>,
    password_env: Option<String>,
    password_file: Option<PathBuf>,
    password_command: Option<String>,
    token_command: Option<String>,
    ca_file: Option<PathBuf>,
    tls: Option<String>,
    #[serde(default)]
    junk: Vec<String>,
    timeout: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    sender: String,
    recipient: OneOrMore,
}

/// Several recipients are those of one mail.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

pub(super) struct Sender {
    pub(super) address: String,
    pub(super) endpoint: Endpoint,
    pub(super) login: Option<Login>,
}

pub(super) struct Recipient {
    pub(super) address: String,
    pub(super) store: Store,
}

/// One mail: who sends it, and to whom, by their numbers.
pub(super) struct Planned {
    pub(super) sender: usize,
    pub(super) recipients: Vec<usize>,
}

pub(super) struct Config {
    pub(super) policy: Policy,
    pub(super) wait: Option<Duration>,
    pub(super) slow: Option<Duration>,
    pub(super) subject: String,
    pub(super) senders: Vec<Sender>,
    pub(super) recipients: Vec<Recipient>,
    pub(super) mails: Vec<Planned>,
}

/// `90`, `90s`, `5m`, `1h`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..) {
        Some("" | "s") => 1,
        Some("m" | "min") => 60,
        Some("h") => 3600,
        _ => 0,
    };
    let seconds = digits
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(factor));
    match seconds {
        Some(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!(
            "{text:?} is no time: give one such as 90s, 5m or 1h, a day at most"
        )),
    }
}

impl Config {
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let bytes = crate::config::read(path)?;
        let name = path.display();
        let text = String::from_utf8(bytes).map_err(|_| format!("{name}: is not UTF-8"))?;
        let filled_in = |line: &str| !line.trim_start().starts_with('#') && line.contains(FILL_IN);
        if let Some(number) = text.lines().position(filled_in) {
            let line = number + 1;
            return Err(format!("{name}:{line}: put what is right for {FILL_IN}"));
        }
        let file: File = toml::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
        let base = path.parent().unwrap_or(Path::new(""));
        Self::of(&file, base).map_err(|says| format!("{name}: {says}"))
    }

    fn of(file: &File, base: &Path) -> Result<Self, String> {
        let policy = base.join(&file.policy);
        let policy = crate::config::policy_of(
            &crate::config::read(&policy)?,
            &policy,
            Catalogue::builtin(),
        )?;
        let named = |party: &Party, says: String| format!("{}: {says}", party.address);
        let mut senders = Vec::new();
        for party in &file.sender {
            senders.push(sender(party, base).map_err(|says| named(party, says))?);
        }
        let mut recipients = Vec::new();
        for party in &file.recipient {
            recipients.push(recipient(party, base).map_err(|says| named(party, says))?);
        }
        let sent = numbered(senders.iter().map(|one| one.address.as_str()), "sender")?;
        let got = numbered(
            recipients.iter().map(|one| one.address.as_str()),
            "recipient",
        )?;
        let mut mails = Vec::new();
        for pair in &file.pair {
            let to = match &pair.recipient {
                OneOrMore::One(to) => std::slice::from_ref(to),
                OneOrMore::More(to) => to.as_slice(),
            };
            let to = to.iter().map(|to| number(&got, to, "recipient"));
            mails.push(Planned {
                sender: number(&sent, &pair.sender, "sender")?,
                recipients: to.collect::<Result<_, _>>()?,
            });
        }
        if file.pair.is_empty() {
            for sender in 0..senders.len() {
                mails.extend((0..recipients.len()).map(|to| Planned {
                    sender,
                    recipients: vec![to],
                }));
            }
        }
        if mails.iter().all(|mail| mail.recipients.is_empty()) {
            return Err("nothing to send: list a [[sender]] and a [[recipient]]".to_owned());
        }
        let mut seen = HashSet::new();
        for mail in &mails {
            let twice = mail
                .recipients
                .iter()
                .find(|to| !seen.insert((mail.sender, **to)));
            if twice.is_some() {
                let from = senders.get(mail.sender).map(|one| one.address.as_str());
                let from = from.unwrap_or_default();
                return Err(format!("a pair of the sender {from:?} is listed twice"));
            }
        }
        if mails.len() > MAILS {
            let count = mails.len();
            return Err(format!(
                "{count} mails are more than the {MAILS} of one run: list [[pair]]s"
            ));
        }
        let subject = file.subject.as_deref().unwrap_or("smarthop probe");
        if subject.contains(char::is_control) {
            return Err("subject: holds a control character".to_owned());
        }
        let time = |text: &Option<String>| text.as_deref().map(duration).transpose();
        Ok(Self {
            policy,
            wait: time(&file.wait).map_err(|says| format!("wait: {says}"))?,
            slow: time(&file.slow).map_err(|says| format!("slow: {says}"))?,
            subject: subject.to_owned(),
            senders,
            recipients,
            mails,
        })
    }
}

fn numbered<'a>(
    addresses: impl Iterator<Item = &'a str>,
    what: &str,
) -> Result<HashMap<&'a str, usize>, String> {
    let mut numbers = HashMap::new();
    for (number, address) in addresses.enumerate() {
        if numbers.insert(address, number).is_some() {
            return Err(format!("the {what} {address} is listed twice"));
        }
    }
    Ok(numbers)
}

fn number(all: &HashMap<&str, usize>, address: &str, what: &str) -> Result<usize, String> {
    let known = all.get(address).copied();
    known.ok_or_else(|| format!("a pair names the {what} {address:?}, which is not listed"))
}

fn checked(party: &Party) -> Result<(), String> {
    smarthop::ask::address(&party.address)?;
    let strange = |text: &String| text.contains(char::is_control);
    if party.user.as_ref().is_some_and(strange) {
        return Err("user: holds a control character".to_owned());
    }
    match party.junk.iter().any(strange) {
        true => Err("junk: holds a control character".to_owned()),
        false => Ok(()),
    }
}

fn way(party: &Party, base: &Path) -> Result<Way, String> {
    let usual = Duration::from_secs(30);
    Ok(Way {
        ca_file: party.ca_file.as_ref().map(|path| base.join(path)),
        clear: match party.tls.as_deref() {
            None | Some("required") => false,
            Some("none") => true,
            Some(other) => return Err(format!("tls = {other:?}: give \"required\" or \"none\"")),
        },
        timeout: party.timeout.as_deref().map_or(Ok(usual), duration)?,
    })
}

fn login(party: &Party, user: Option<&str>, base: &Path) -> Result<Option<Login>, String> {
    let origins = [
        party.password_env.clone().map(Origin::Environment),
        party
            .password_file
            .as_ref()
            .map(|path| Origin::File(base.join(path))),
        party.password_command.clone().map(Origin::Command),
        party.token_command.clone().map(Origin::TokenCommand),
    ];
    let mut origins = origins.into_iter().flatten();
    let user = party.user.as_deref().or(user).unwrap_or(&party.address);
    match (origins.next(), origins.next()) {
        (Some(origin), None) => Login::new(user, &origin).map(Some),
        (Some(_), Some(_)) => Err("gives its password in more than one way".to_owned()),
        (None, _) => Ok(None),
    }
}

fn sender(party: &Party, base: &Path) -> Result<Sender, String> {
    const SMTP: &str = "give smtp = \"smtp://HOST:587\" or \"smtps://HOST\"";
    checked(party)?;
    if party.mailbox.is_some() || !party.junk.is_empty() {
        return Err("is a sender: mailbox and junk are a [[recipient]]'s".to_owned());
    }
    let url = party.smtp.as_deref().and_then(Url::read).ok_or(SMTP)?;
    let url = url.map_err(|says| format!("smtp {says}"))?;
    let (port, tls) = match url.scheme.as_str() {
        "smtps" | "submissions" => (465, Tls::Implicit),
        "smtp" | "submission" => (587, Tls::Starttls),
        _ => return Err(SMTP.to_owned()),
    };
    Ok(Sender {
        address: party.address.clone(),
        endpoint: way(party, base)?.to(url.host, url.port.unwrap_or(port), tls),
        login: login(party, url.user.as_deref(), base)?,
    })
}

fn recipient(party: &Party, base: &Path) -> Result<Recipient, String> {
    checked(party)?;
    if party.smtp.is_some() {
        return Err("is a recipient: smtp is a [[sender]]'s".to_owned());
    }
    let text = party.mailbox.as_deref();
    let text = text.ok_or("give mailbox = \"imaps://HOST/INBOX\"")?;
    let mailbox = Address::read(text, base, &way(party, base)?)?;
    let login = login(party, mailbox.user.as_deref(), base)?;
    Ok(Recipient {
        address: party.address.clone(),
        store: mailbox.with(login, party.junk.clone())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("5m", 300), ("1h", 3600)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)));
        }
        for text in ["", "0", "m", "5d", "25h", "-1s", "99999999999999999999s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
