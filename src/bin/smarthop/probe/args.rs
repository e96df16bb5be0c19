//! The command line of `smarthop probe`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

pub(crate) const PROBE_HELP: &str = "\
Nothing is sent but by this command, and one mail a pair. A mail is known again by its token
whatever a relay makes of its Message-ID, and is judged as `smarthop check --policy FILE
--mine=TOKEN` would judge it. Mailboxes are left as they were, but for --delete.

Exit status:
  0  every mail arrived and left the expected way
  1  some mail did not leave the expected way
  2  wrong usage, or a mailbox or server that cannot be used
  3  some mail's header does not settle it
  4  some mail was refused, or did not arrive
  Several at once: 1, then 2, then 4, then 3. With --format nagios a plugin's status instead:
  0 OK, 1 WARNING (slow, or in Junk), 2 CRITICAL, 3 UNKNOWN.

Examples:
  smarthop probe init routing.toml > probe.toml
  smarthop probe probe.toml
  smarthop probe probe.toml --format prometheus --output /var/lib/node_exporter/smarthop.prom";

/// Mails that are sent, waited for and judged.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Probe {
    #[command(subcommand)]
    pub(crate) act: Option<Act>,

    /// Senders, recipients and the policy (TOML)
    #[arg(value_name = "FILE", required = true)]
    pub(crate) file: Option<PathBuf>,

    /// How long a mail may take, such as 90s or 5m [default: 5m]
    #[arg(long, value_name = "TIME", value_parser = super::config::duration)]
    pub(crate) wait: Option<Duration>,

    /// A mail that takes longer is slow: a warning of --format nagios
    #[arg(long, value_name = "TIME", value_parser = super::config::duration)]
    pub(crate) slow: Option<Duration>,

    /// Delete the probes that were found, and nothing else
    #[arg(long)]
    pub(crate) delete: bool,

    /// How the results are written
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ProbeFormat,

    /// Write them to FILE, at once and only when all is done, in place of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// Write a commented probe.toml for the senders of a policy
    Init {
        /// The policy (TOML)
        #[arg(value_name = "POLICY")]
        policy: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProbeFormat {
    /// For people
    Human,
    /// JSON Lines, one object a mail and recipient
    Json,
    /// JUnit XML, one test case a mail and recipient
    Junit,
    /// A monitoring plugin's line with performance data, and its status
    Nagios,
    /// Prometheus' text format, for node_exporter's textfile collector
    Prometheus,
}
