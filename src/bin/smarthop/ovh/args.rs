//! The command line of what speaks to the OVHcloud API.

use std::path::PathBuf;

use clap::Args;

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
