//! `smarthop check imaps://user@host/INBOX`: mailboxes in the place of files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use smarthop::report::printable;

use super::{Address, Store, Way, Which, address};
use crate::secret::{Login, Origin};
use crate::sources::{Fetched, Found, Mail, Root, Trouble};

/// Without anything else said.
const NEWEST: usize = 20;

/// For each of a server's answers.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Which messages of a mailbox, and as whom.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Mailboxes (imaps://USER@HOST/FOLDER, pop3s://USER@HOST)")]
pub(crate) struct MailboxArgs {
    /// The newest N messages [default: 20]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    newest: Option<u32>,

    /// The messages that came on that day or later, by the server's date (IMAP only)
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "newest")]
    since: Option<jiff::civil::Date>,

    /// The environment variable that holds the password; without one of these it is asked for
    #[arg(long, value_name = "NAME", group = "secret")]
    password_env: Option<String>,

    /// A file whose first line is the password
    #[arg(long, value_name = "FILE", group = "secret")]
    password_file: Option<PathBuf>,

    /// A command that prints the password
    #[arg(long, value_name = "COMMAND", group = "secret")]
    password_command: Option<String>,

    /// A command that prints an OAuth 2.0 access token (XOAUTH2)
    #[arg(long, value_name = "COMMAND", group = "secret")]
    token_command: Option<String>,

    /// Certificates (PEM) to believe in place of the system's
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// For imap:// and pop3://: whether the login needs TLS
    #[arg(
        long,
        value_name = "WHETHER",
        default_value = "required",
        hide_default_value = true
    )]
    tls: TlsName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TlsName {
    /// Begun by STARTTLS (the default)
    Required,
    /// Where the way to the server is safe without
    None,
}

/// As a list of paths has them.
type Roots = Vec<Result<Root, (PathBuf, Trouble)>>;

impl MailboxArgs {
    fn login(&self, user: &str, host: &str) -> Result<Login, String> {
        let origin = [
            self.password_env.clone().map(Origin::Environment),
            self.password_file.clone().map(Origin::File),
            self.password_command.clone().map(Origin::Command),
            self.token_command.clone().map(Origin::TokenCommand),
        ]
        .into_iter()
        .flatten()
        .next();
        let origin =
            origin.unwrap_or_else(|| Origin::Terminal(format!("Password of {user} at {host}: ")));
        Login::new(user, &origin)
    }

    fn store(&self, text: &str) -> Result<Store, String> {
        let way = Way {
            ca_file: self.ca_file.clone(),
            clear: self.tls == TlsName::None,
            timeout: TIMEOUT,
        };
        let address = Address::read(text, Path::new(""), &way)?;
        if self.since.is_some() && address.is_pop3() {
            return Err("POP3 tells no dates: give --newest in place of --since".to_owned());
        }
        let user = address.user.clone();
        let user = user.ok_or("names no user: say imaps://USER@HOST/INBOX")?;
        let login = self.login(&user, &address.host())?;
        address.with(Some(login), Vec::new())
    }

    /// What the command line's paths are, where mailboxes are among them.
    pub(crate) fn roots(&self, paths: &[PathBuf]) -> Result<Option<Roots>, String> {
        if !paths.iter().any(|path| address::is_one(path)) {
            return match self.is_given() {
                true => Err(
                    "--newest, --since and logins are about a mailbox: give one, such as \
                             imaps://USER@HOST/INBOX"
                        .to_owned(),
                ),
                false => Ok(None),
            };
        }
        let which = match self.since {
            Some(date) => Which::Since(date),
            None => Which::Newest(self.newest.map_or(NEWEST, |count| count as usize)),
        };
        let root = |path: &PathBuf| -> Result<Root, String> {
            if path.as_os_str() == "-" {
                return Ok(Root::Stdin);
            }
            if !address::is_one(path) {
                return Ok(Root::Path(path.clone()));
            }
            let text = path.to_string_lossy();
            let store = self.store(&text).map_err(|says| {
                // Whatever stands before the host may be a password.
                let shown = shown(&text);
                format!("{}: {says}", printable(&shown))
            })?;
            let (shown, which) = (shown(&text), which.clone());
            Ok(Root::Mail(Mail(Arc::new(move || {
                messages(&store, &which, &shown)
            }))))
        };
        let roots = paths.iter().map(|path| root(path).map(Ok));
        roots.collect::<Result<_, _>>().map(Some)
    }

    fn is_given(&self) -> bool {
        let Self {
            newest,
            since,
            password_env,
            password_file,
            password_command,
            token_command,
            ca_file,
            tls: _,
        } = self;
        newest.is_some()
            || since.is_some()
            || password_env.is_some()
            || password_file.is_some()
            || password_command.is_some()
            || token_command.is_some()
            || ca_file.is_some()
    }
}

/// A mailbox's address without its user.
fn shown(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or_default();
    match path.trim_end_matches('/') {
        "" => format!("{scheme}://{host}"),
        path => format!("{scheme}://{host}/{path}"),
    }
}

/// Each message as RFC 5092 2 writes it.
fn messages(store: &Store, which: &Which, shown: &str) -> Box<dyn Iterator<Item = Found> + Send> {
    let place = PathBuf::from(shown);
    let failed = {
        let place = place.clone();
        move |trouble: crate::wire::Trouble| {
            let says = trouble.to_string();
            Found::Nothing(place.clone(), Trouble::of_mailbox(&says))
        }
    };
    let shown = shown.to_owned();
    match store.list(which) {
        Err(trouble) => Box::new(std::iter::once(failed(trouble))),
        Ok(listing) => {
            let mut listing = listing.peekable();
            if listing.peek().is_none() {
                return Box::new(std::iter::once(Found::Nothing(
                    place,
                    Trouble::empty_mailbox(),
                )));
            }
            Box::new(listing.map(move |listed| match listed {
                Ok(listed) => Found::Mail(Fetched {
                    path: PathBuf::from(format!("{shown}/;{}", listed.id)),
                    header: listed.header,
                }),
                Err(trouble) => failed(trouble),
            }))
        }
    }
}
