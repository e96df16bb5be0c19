//! The command line as it is typed. What it means is `config.rs`'s.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use smarthop::ask::{self, address};
use smarthop::host::HostSpec;
use smarthop::policy::{AuthservId, Vouching};

/// Did this mail really leave through the smart host?
///
/// Reads raw mail headers and answers with a verdict and its evidence.
#[derive(Debug, Parser)]
#[command(name = "smarthop", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tell whether messages left through the expected smart host (send connector), or through
    /// the Exchange platform's own outgoing server
    #[command(override_usage = CHECK_USAGE, after_help = CHECK_HELP)]
    Check(Check),
    /// Show the hops and the evidence, with nothing expected
    Trace(Trace),
    /// Send mails, wait for them in their mailboxes, and tell which way each left
    #[cfg(feature = "mail")]
    #[command(after_help = crate::probe::args::PROBE_HELP)]
    Probe(crate::probe::args::Probe),
    /// Serve the same as a local web page, with an interface for programs
    #[cfg(feature = "serve")]
    #[command(after_help = SERVE_HELP)]
    Serve(Serve),
    /// Make a routing policy of a platform's own listings, or say what one means
    #[command(subcommand)]
    Policy(Policy),
    /// Manage the send connectors of an OVHcloud Exchange service
    #[cfg(feature = "api")]
    #[command(after_help = crate::ovh::args::CONNECTOR_HELP)]
    Connector(crate::ovh::args::Connector),
    /// List the providers and platforms that are known, or show one with its sources
    Providers(Providers),
    /// Say what a code of a reason, a warning or an outcome means, and what to do; or list them all
    Explain {
        /// The code, such as helo-only or --trust
        #[arg(value_name = "CODE", allow_hyphen_values = true)]
        code: Option<String>,
    },
    /// Print the JSON Schema of a line of `--format json`
    Schema,
    /// Print a shell's completions of this command line
    Completions {
        /// For this shell
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Say what a policy expects of each account and domain, and what is odd about it
    Check {
        /// The policy (TOML)
        #[arg(value_name = "FILE")]
        file: PathBuf,

        /// A file with further providers, or with others in place of the built-in ones
        #[arg(long, value_name = "FILE")]
        catalogue: Option<PathBuf>,
    },
    /// Merge answers of the OVHcloud API and Exchange's connector listings into one policy
    Import {
        /// JSON, or what the API console prints, of GET …/sendConnector/{id}, …/account/{address} and
        /// …/domain/{name}; any number of files
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Read a service's connectors, accounts and domains from the OVHcloud API into a policy
    #[cfg(feature = "api")]
    #[command(after_help = crate::ovh::args::PULL_HELP)]
    Pull(crate::ovh::args::Pull),
}

#[derive(Debug, Args)]
pub(crate) struct Providers {
    /// The provider to show
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,

    /// A file with further providers, or with others in place of the built-in ones
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: Option<PathBuf>,
}

const CHECK_USAGE: &str = "\
smarthop check --smart-host <HOST> [OPTIONS] [PATH]...
       smarthop check --expect exchange [OPTIONS] [PATH]...
       smarthop check --policy <FILE> [OPTIONS] [PATH]...";

const CHECK_HELP: &str = "\
Exit status:
  0  every message passed (or nothing was expected of it)
  1  some message did not leave the expected way
  2  wrong usage, no message found, or an input that cannot be read
  3  some message's header does not settle it
  Several at once: 1, then 2, then 3.

Examples:
  smarthop check --smart-host smtp-relay.example.com message.eml
  smarthop check --expect exchange --platform ovhcloud mails/
  smarthop check --policy routing.toml mails/

Environment:
  SMARTHOP_POLICY  a policy file, used where no expectation is given";

#[cfg(feature = "serve")]
const SERVE_HELP: &str = "\
An expectation given here is the one that a request without its own has; what is believed here is
believed in every request.

The page is at /, and POST /api/check?smart-host=HOST with a raw message as its body answers what
`smarthop check --format json` prints. Nothing is stored. Other web pages cannot use it: requests
must come by a name of this machine, and from its own page.

Environment:
  SMARTHOP_POLICY  a policy file, used where no expectation is given";

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) expected: Expected,

    /// The sender, in place of the header's From
    #[arg(long, value_name = "ADDRESS", value_parser = address, help_heading = "Expectation")]
    pub(crate) sender: Option<String>,

    #[command(flatten)]
    pub(crate) own: Own,

    #[command(flatten)]
    pub(crate) belief: Belief,

    #[command(flatten)]
    pub(crate) run: Run,
}

/// What is expected, of whatever message.
#[derive(Debug, Clone, Args)]
pub(crate) struct Expected {
    /// A host or network of the connector; several are alternatives of one another
    #[arg(
        short,
        long,
        value_name = "HOST",
        value_delimiter = ',',
        help_heading = "Expectation"
    )]
    pub(crate) smart_host: Vec<HostSpec>,

    /// The connector as the platform's API gives it, or as its console prints it
    #[arg(long, value_name = "FILE", help_heading = "Expectation")]
    pub(crate) connector: Option<PathBuf>,

    /// A routing policy: what is expected of which sender
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["smart_host", "connector", "expect"],
          help_heading = "Expectation")]
    pub(crate) policy: Option<PathBuf>,

    /// With a policy: do not check senders that no row covers (otherwise they are inconclusive)
    #[arg(long, value_name = "WHAT", help_heading = "Expectation")]
    pub(crate) unlisted: Option<Unlisted>,

    /// A pass must show your own account at the provider, and not just the provider
    #[arg(long, value_name = "SCOPE", help_heading = "Expectation")]
    pub(crate) require: Option<Require>,

    /// The expected route [default: connector, with --smart-host or --connector]
    #[arg(short, long, value_name = "ROUTE", help_heading = "Expectation")]
    pub(crate) expect: Option<Route>,
}

#[derive(Debug, Args)]
pub(crate) struct Trace {
    #[command(flatten)]
    pub(crate) own: Own,

    #[command(flatten)]
    pub(crate) belief: Belief,

    #[command(flatten)]
    pub(crate) run: Run,
}

/// A page and an interface on this machine.
#[cfg(feature = "serve")]
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The address and port to listen on; port 0: any that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8025",
          value_parser = listening)]
    pub(crate) listen: std::net::SocketAddr,

    /// A name by which the server may be called too, as `name` or `name:port`, say that of a
    /// proxy in front of it (repeatable)
    #[arg(long, value_name = "NAME", value_parser = authority)]
    pub(crate) allow_host: Vec<String>,

    #[command(flatten)]
    pub(crate) expected: Expected,

    #[command(flatten)]
    pub(crate) belief: Belief,
}

/// What the user knows of the messages, and not of servers.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Who is who, and who is believed")]
pub(crate) struct Own {
    /// You sent this message yourself, so nobody forged it. Of several messages: the one with TOKEN
    /// (8 characters or more) in its Message-ID, or in its Subject if it is no reply
    // The last one holds: a token that a message lacks is answered by `--mine`, pasted behind it.
    #[arg(long, value_name = "TOKEN", num_args = 0..=1, require_equals = true,
          value_parser = Vouching::with_token, overrides_with = "mine")]
    pub(crate) mine: Option<Option<Vouching>>,

    /// Who received the messages, where no believed server says so (repeatable)
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub(crate) recipient: Vec<String>,
}

/// Who is who, and who is believed.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Who is who, and who is believed")]
pub(crate) struct Belief {
    /// An outgoing server of the Exchange platform (repeatable)
    #[arg(long, value_name = "HOST")]
    pub(crate) exchange_host: Vec<HostSpec>,

    /// The only platform of the catalogue that counts as the Exchange, such as ovhcloud or
    /// microsoft-365
    #[arg(long, value_name = "NAME")]
    pub(crate) platform: Option<String>,

    /// The recipient's border server: the hand-over must be stamped by it (repeatable)
    #[arg(long, value_name = "HOST")]
    pub(crate) receiver: Vec<HostSpec>,

    /// A server whose stamps are believed: a filter, a list, a forwarder (repeatable)
    #[arg(long, value_name = "HOST")]
    pub(crate) trust: Vec<HostSpec>,

    /// An authentication service whose results are believed below the border's stamp; ID:spf,dkim
    /// where it writes each of these in a field of its own (RFC 8601; repeatable)
    #[arg(long, value_name = "ID[:METHODS]")]
    pub(crate) authserv_id: Vec<AuthservId>,

    /// A file with further providers, or with others in place of the built-in ones
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: Option<PathBuf>,
}

/// What is read, and how it is shown.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input and output")]
pub(crate) struct Run {
    /// Messages (.eml, Outlook .msg), mboxes, Maildirs, folders searched for these, also
    /// compressed (gzip, zstd); mailboxes on servers (imaps://, pop3s://); `-` or nothing: standard
    /// input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Read the paths from FILE, one a line; `-`: from standard input
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub(crate) files_from: Option<PathBuf>,

    /// The paths of --files-from end in NUL, as from `find -print0`
    #[arg(short = '0', long = "null")]
    pub(crate) null: bool,

    /// Repair pasted text in files too, as is always done for standard input
    #[arg(long)]
    pub(crate) repair: bool,

    /// Look at the message that each carries as an attachment, in place of itself
    #[arg(long)]
    pub(crate) inside: bool,

    /// How the results are written
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: FormatName,

    /// A last line with the counts (for people, several messages always have one)
    #[arg(long)]
    pub(crate) summary: bool,

    /// Show only messages with these outcomes; all are counted
    #[arg(long, value_name = "OUTCOME", value_delimiter = ',')]
    pub(crate) only: Vec<OutcomeName>,

    /// Replace what is personal (local parts, names, subjects, message ids, people's machines), so
    /// that the report can be shown to others; hosts and routes stay
    #[arg(long)]
    pub(crate) redact: bool,

    /// The whole report of each message, in place of one line where there are several
    #[arg(long)]
    pub(crate) long: bool,

    /// No progress bar, no notes and no closing summary for people
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Name the files that were skipped as no messages
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,

    /// When to colour [default: auto, which also heeds NO_COLOR]
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true
    )]
    pub(crate) color: When,

    /// Threads [default: as many as there are processors]
    #[arg(short = 'j', long = "threads", value_name = "N",
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,

    /// Give results as they come, and not in the order of the inputs
    #[arg(long)]
    pub(crate) unordered: bool,

    /// What is read of mailboxes
    #[cfg(feature = "mail")]
    #[command(flatten)]
    pub(crate) mailbox: crate::mailbox::args::MailboxArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Route {
    /// Through the smart host
    Connector,
    /// Through the platform's own outgoing server
    Exchange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unlisted {
    /// Nothing is expected of them: unchecked
    Ignore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Require {
    /// As the user's own account at the provider
    Account,
}

impl From<Route> for ask::Route {
    fn from(route: Route) -> Self {
        match route {
            Route::Connector => Self::Connector,
            Route::Exchange => Self::Exchange,
        }
    }
}

impl From<Unlisted> for ask::Unlisted {
    fn from(Unlisted::Ignore: Unlisted) -> Self {
        Self::Ignore
    }
}

impl From<Require> for ask::Require {
    fn from(Require::Account: Require) -> Self {
        Self::Account
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    /// For people
    Human,
    /// JSON Lines, one object a message
    Json,
    /// JUnit XML, one test case a message
    Junit,
    /// Markdown, for the summary of a CI job
    Markdown,
    /// CSV, for a spreadsheet
    Csv,
    /// A web page that needs nothing else, to send on
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutcomeName {
    Pass,
    Fail,
    Inconclusive,
    Unchecked,
    Error,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

/// A host as a browser calls it (RFC 3986 3.2), without an account: `name` or `name:port`.
#[cfg(feature = "serve")]
fn authority(text: &str) -> Result<String, String> {
    let plain = text.trim().to_ascii_lowercase();
    let (name, port) = match plain.rsplit_once(':') {
        Some((name, port)) if !plain.ends_with(']') => (name, Some(port)),
        _ => (plain.as_str(), None),
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
    let bracketed = name.starts_with('[') && name.ends_with(']');
    let port_is_one = port.is_none_or(|port| port.parse::<u16>().is_ok());
    if bare.is_empty()
        || !bare.bytes().all(known)
        || bare.contains(':') != bracketed
        || !port_is_one
    {
        return Err(
            "give a name, such as headers.example.com or headers.example.com:8025".to_owned(),
        );
    }
    Ok(plain)
}

#[cfg(feature = "serve")]
fn listening(text: &str) -> Result<std::net::SocketAddr, String> {
    // A port alone, or with the name of this machine to itself, is one of the loopback's.
    let local = text.strip_prefix("localhost").unwrap_or(text);
    let port = local.strip_prefix(':').unwrap_or(local);
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    let given = match port.parse::<u16>() {
        Ok(port) if is_number => format!("127.0.0.1:{port}"),
        Ok(_) | Err(_) => text.to_owned(),
    };
    given.parse().map_err(|_| {
        "give an address and a port, such as 127.0.0.1:8025, [::1]:8025 or :8025".to_owned()
    })
}

#[cfg(all(test, feature = "serve"))]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_one_of_the_loopback() {
        for (given, meant) in [
            (":9999", "127.0.0.1:9999"),
            ("localhost:9999", "127.0.0.1:9999"),
            ("9999", "127.0.0.1:9999"),
            ("[::1]:0", "[::1]:0"),
            ("0.0.0.0:80", "0.0.0.0:80"),
        ] {
            let address = listening(given).map(|address| address.to_string());
            assert_eq!(address.as_deref(), Ok(meant), "{given}");
        }
        for wrong in [
            "",
            ":",
            "localhost",
            "127.0.0.1",
            ":99999",
            "+80",
            "example.com:80",
        ] {
            assert!(listening(wrong).is_err(), "{wrong}");
        }
    }
}
