//! What is expected of which sender: connectors, accounts, domains. Knows nothing of messages.

mod expectation;

pub use expectation::{Expectation, Plan};

use crate::host::HostSpec;

/// A send connector.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Connector {
    /// The API's id.
    pub id: Option<u64>,
    /// Its display name.
    pub name: Option<String>,
    /// Alternative names and networks of its smart host.
    pub smart_hosts: Vec<HostSpec>,
    /// Further hosts by which it hands over.
    pub egress: Vec<HostSpec>,
    /// Return-Path domains of this account.
    pub bounce_domains: Vec<String>,
    /// Signing domains of this account.
    pub dkim: Vec<String>,
    /// TLS is required.
    pub require_tls: bool,
}

/// A routing policy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy {
    /// `[platform] name`
    pub platform: Option<String>,
    /// `[platform] exchange-hosts`
    pub exchange_hosts: Vec<HostSpec>,
    /// `[receiver] hosts`
    pub receivers: Vec<HostSpec>,
    /// `[receiver] trust`
    pub trust: Vec<HostSpec>,
    /// `[receiver] authserv-ids`
    pub authserv_ids: Vec<String>,
    /// `[[connector]]`
    pub connectors: Vec<Connector>,
}
