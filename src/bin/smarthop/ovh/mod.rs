//! What speaks to the OVHcloud API, and nothing else does: `policy pull` reads a service's
//! state, `connector` changes it.
//!
//! `config.rs` finds the credentials, `client.rs` makes calls, `trouble.rs` says why one failed,
//! `exchange.rs` knows the service's objects, `change.rs` shows changes and waits for them,
//! `password.rs` takes in what no argument may hold.

pub(crate) mod args;
mod change;
mod client;
mod config;
mod connector;
mod exchange;
mod password;
mod pull;
mod trouble;

pub(crate) use connector::connector;
pub(crate) use pull::pull;

use client::Client;
use config::Settings;
use smarthop::report::printable;

use crate::sink;

/// The client that the settings describe.
fn client() -> Result<Client, String> {
    let access = Settings::read()?.access()?;
    if access.foreign {
        // A folder's own ovh.conf may name another server than the user thinks.
        sink::note(&format!(
            "calling {}, which is none of OVHcloud's endpoints",
            printable(&access.endpoint)
        ));
    }
    Ok(Client::new(access))
}
