//! The command line of what speaks to the OVHcloud API.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

pub(crate) const PULL_HELP: &str = "\
Credentials are found as OVHcloud's own clients find them: OVH_ENDPOINT, OVH_APPLICATION_KEY,
OVH_APPLICATION_SECRET and OVH_CONSUMER_KEY (or OVH_CLIENT_ID and OVH_CLIENT_SECRET, or
OVH_ACCESS_TOKEN), then ./ovh.conf, ~/.ovh.conf and /etc/ovh.conf. The rights to read are enough:
GET /email/exchange and GET /email/exchange/*.

Exit status:
  0  read; with --check: the file says what the platform says
  1  with --check: something differs
  2  wrong usage, or the platform cannot be read

Examples:
  smarthop policy pull > routing.toml
  smarthop policy pull private-zz111111-1 --check routing.toml";

#[derive(Debug, Args)]
pub(crate) struct Pull {
    /// The service, as SERVICE or ORGANIZATION/SERVICE; needless where there is one only
    #[arg(value_name = "SERVICE")]
    pub(crate) service: Option<String>,

    /// Say what differs between this policy and the platform's state, and print no policy
    #[arg(long, value_name = "FILE")]
    pub(crate) check: Option<PathBuf>,
}

pub(crate) const CONNECTOR_HELP: &str = "\
Each command that changes something shows first what it would change, object by object, and does
it with --yes. Credentials are found as by `smarthop policy pull`; changes need the rights
GET, POST, PUT and DELETE /email/exchange/*.

A password comes from the variable SMARTHOP_CONNECTOR_PASSWORD, from --password-file, or is asked
for; never from an argument, which other users of the machine can see.

Exit status:
  0  done, or shown
  2  wrong usage, refused, or not all of it done

Examples:
  smarthop connector list
  smarthop connector add --name relay --smart-host smtp-relay.example.com --port 587 \\
      --require-tls true --auth basicAuthRequireTLS --user relay@example.com --yes
  smarthop connector bind newsletter@mydomain.ovh 29
  smarthop connector remove 29 --move-to 0";

/// Manage the send connectors of an OVHcloud Exchange service
#[derive(Debug, Args)]
pub(crate) struct Connector {
    #[command(subcommand)]
    pub(crate) act: Act,

    /// The service, as SERVICE or ORGANIZATION/SERVICE; needless where there is one only
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) service: Option<String>,

    /// Do what is shown
    #[arg(long, global = true)]
    pub(crate) yes: bool,

    /// How long to wait for each of the platform's tasks
    #[arg(long, value_name = "SECONDS", global = true, default_value = "600")]
    pub(crate) wait: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// List the connectors
    List,
    /// Show a connector
    Show {
        /// The connector's id
        #[arg(value_name = "ID", value_parser = id)]
        id: u64,
        /// Also the accounts that are bound to it, and the domains that it is the default of
        #[arg(long)]
        accounts: bool,
        /// As the API's JSON, which `smarthop check --connector` reads
        #[arg(long, conflicts_with = "accounts")]
        json: bool,
    },
    /// Add a connector
    Add(Add),
    /// Change a connector's settings
    Set {
        /// The connector's id
        #[arg(value_name = "ID", value_parser = id)]
        id: u64,
        #[command(flatten)]
        settings: Settings,
    },
    /// Remove a connector
    Remove {
        /// The connector's id
        #[arg(value_name = "ID", value_parser = id)]
        id: u64,
        /// Where the accounts go that are bound to it, and the domains that it is the default of:
        /// another connector, or 0 for the Exchange outgoing server
        #[arg(long, value_name = "ID")]
        move_to: Option<u64>,
    },
    /// Change how the platform authenticates to the smart host
    Authenticate {
        /// The connector's id
        #[arg(value_name = "ID", value_parser = id)]
        id: u64,
        #[command(flatten)]
        login: Login,
        /// How
        #[arg(long, value_name = "HOW")]
        auth: Mechanism,
    },
    /// Let accounts send through a connector
    Bind {
        /// The accounts' primary addresses
        #[arg(value_name = "ADDRESS", required = true, value_parser = address)]
        addresses: Vec<String>,
        /// The connector's id
        #[arg(value_name = "ID", value_parser = id)]
        id: u64,
    },
    /// Let accounts send through the Exchange outgoing server again
    Unbind {
        /// The accounts' primary addresses
        #[arg(value_name = "ADDRESS", required = true, value_parser = address)]
        addresses: Vec<String>,
    },
    /// Choose what new accounts of a domain start with
    Default {
        /// The domain
        #[arg(value_name = "DOMAIN")]
        domain: String,
        /// The connector's id, or 0 for the Exchange outgoing server
        #[arg(value_name = "ID")]
        id: u64,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) login: Login,
    /// How the platform authenticates to the smart host
    #[arg(long, value_name = "HOW")]
    pub(crate) auth: Option<Mechanism>,
}

#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Its display name
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) name: Option<String>,
    /// The host that it hands over to
    #[arg(long, value_name = "HOST", value_parser = host)]
    pub(crate) smart_host: Option<String>,
    /// The port there
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,
    /// Whether it hands over under TLS only
    #[arg(long, value_name = "true|false")]
    pub(crate) require_tls: Option<bool>,
    /// The largest message that it takes, in MB
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) max_size: Option<u16>,
}

#[derive(Debug, Args)]
pub(crate) struct Login {
    /// The user at the smart host
    #[arg(long, value_name = "USER", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) user: Option<String>,
    /// A file whose first line is the password
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

/// The schema's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mechanism {
    /// Not at all
    #[value(name = "none")]
    None,
    /// With user and password
    #[value(name = "basicAuth")]
    Basic,
    /// With user and password, under TLS only
    #[value(name = "basicAuthRequireTLS")]
    BasicRequireTls,
}

impl Mechanism {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "basicAuth",
            Self::BasicRequireTls => "basicAuthRequireTLS",
        }
    }
}

fn id(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(0) => Err(
            "0 is the Exchange outgoing server, which is no connector: accounts go there by `unbind`"
                .to_owned(),
        ),
        Ok(id) => Ok(id),
        Err(_) => Err("give a connector's id, as `smarthop connector list` shows it".to_owned()),
    }
}

fn address(text: &str) -> Result<String, String> {
    let plain = text.trim();
    let strange = |c: char| c.is_whitespace() || c.is_control() || "<>,;/".contains(c);
    match plain.rsplit_once('@') {
        Some((local, domain))
            if !local.is_empty() && !domain.is_empty() && !plain.contains(strange) =>
        {
            Ok(plain.to_owned())
        }
        _ => Err("give an account's address, such as newsletter@example.com".to_owned()),
    }
}

/// What the API calls a smart host: a name or an address, without what a policy's HOST may be.
fn host(text: &str) -> Result<String, String> {
    use smarthop::host::HostSpec;
    match text.trim().parse::<HostSpec>() {
        Ok(HostSpec::Name(name)) => Ok(name),
        Ok(HostSpec::Network(network)) if network.prefix_len() == network.max_prefix_len() => {
            Ok(network.addr().to_string())
        }
        Ok(_) => Err("give one host, by its name or address".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
