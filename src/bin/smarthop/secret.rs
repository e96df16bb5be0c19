//! A password or token: where it comes from, and that it is shown nowhere.

use std::env;
use std::fmt;
use std::fs;
use std::io::{IsTerminal as _, Read as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A command may ask somebody for a passphrase.
const COMMAND: Duration = Duration::from_secs(60);

/// Longer than any password or access token.
const LONGEST: u64 = 64 << 10;

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Environment(String),
    File(PathBuf),
    Command(String),
    /// An OAuth 2.0 access token.
    TokenCommand(String),
    /// Asked for, with these words.
    Terminal(String),
}

/// A secret: `Debug` shows none of it.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Who logs in, and by what.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) user: String,
    secret: Secret,
    pub(crate) is_token: bool,
}

impl Login {
    pub(crate) fn new(user: &str, origin: &Origin) -> Result<Self, String> {
        Ok(Self {
            user: user.to_owned(),
            secret: origin.read()?,
            is_token: matches!(origin, Origin::TokenCommand(_)),
        })
    }

    pub(crate) fn password(&self) -> &str {
        &self.secret.0
    }

    /// A server's words without what it may have repeated of the secret.
    pub(crate) fn hidden(&self, says: &str) -> String {
        let secret = &self.secret.0;
        let forms = [
            secret.clone(),
            self.plain(),
            self.xoauth2(),
            Self::encoded(secret),
        ];
        // A long answer is cut, and the secret in it perhaps with it.
        let shown = |form: &String| {
            let begin: String = form.chars().take(12).collect();
            says.contains(form.as_str()) || says.contains(&begin)
        };
        match forms.iter().any(shown) {
            true => "the login was refused; the server's words repeat the secret".to_owned(),
            false => says.to_owned(),
        }
    }

    /// RFC 4616.
    pub(crate) fn plain(&self) -> String {
        STANDARD.encode(format!("\0{}\0{}", self.user, self.secret.0))
    }

    /// As Google and Microsoft document it.
    pub(crate) fn xoauth2(&self) -> String {
        let Self { user, secret, .. } = self;
        STANDARD.encode(format!("user={user}\x01auth=Bearer {}\x01\x01", secret.0))
    }

    pub(crate) fn encoded(text: &str) -> String {
        STANDARD.encode(text)
    }
}

impl Origin {
    /// The first line, as msmtp and isync take it.
    fn read(&self) -> Result<Secret, String> {
        let (text, place) = match self {
            Self::Environment(name) => (
                env::var(name)
                    .map_err(|_| format!("the environment variable {name} is not set"))?,
                format!("the environment variable {name}"),
            ),
            Self::File(path) => {
                let place = path.display().to_string();
                let mut text = String::new();
                fs::File::open(path)
                    .and_then(|file| file.take(LONGEST).read_to_string(&mut text))
                    .map_err(|error| format!("{place}: cannot be read: {error}"))?;
                (text, place)
            }
            Self::Command(command) => (run(command, "password")?, "password-command".to_owned()),
            Self::TokenCommand(command) => (run(command, "token")?, "token-command".to_owned()),
            Self::Terminal(words) if std::io::stdin().is_terminal() => {
                let words = smarthop::report::printable(words);
                let asked = rpassword::prompt_password(&*words)
                    .map_err(|error| format!("the password cannot be asked for: {error}"))?;
                (asked, "the password".to_owned())
            }
            Self::Terminal(_) => {
                return Err(
                    "no password, and no terminal to ask at: give --password-env, \
                     --password-file, --password-command or --token-command"
                        .to_owned(),
                );
            }
        };
        let secret = text.lines().next().unwrap_or_default();
        if secret.is_empty() || secret.contains(char::is_control) {
            return Err(format!("{place}: its first line is no password"));
        }
        Ok(Secret(secret.to_owned()))
    }
}

/// What a shell command prints. What it says on standard error is its own.
fn run(command: &str, what: &str) -> Result<String, String> {
    let failed = |says: &str| format!("{what}-command: {says}");
    let mut shell = match cfg!(windows) {
        true => Command::new("cmd"),
        false => Command::new("sh"),
    };
    let mut child = shell
        .arg(if cfg!(windows) { "/C" } else { "-c" })
        .arg(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error.to_string()))?;
    let deadline = Instant::now() + COMMAND;
    // Its answer fits into the pipe, or it is none.
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < deadline && !crate::interrupt::came() => {
                thread::sleep(Duration::from_millis(20));
            }
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed("did not end in time"));
            }
        }
    };
    if !status.success() {
        return Err(failed(&format!("ended with {status}")));
    }
    let mut text = String::new();
    if let Some(out) = child.stdout.take() {
        out.take(LONGEST)
            .read_to_string(&mut text)
            .map_err(|error| failed(&error.to_string()))?;
    }
    Ok(text)
}
