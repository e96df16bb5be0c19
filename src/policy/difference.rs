//! A policy's file against the platform's state: what the one says and the other does not.
//!
//! Only what the platform knows is compared: a file may add networks, bounce domains, signing
//! domains, recipients and receivers, further Exchange servers and further names of a smart host.
//! Where the platform leaves a row open and the file settles it, that is none either, as long as
//! the same is open (the file's `because` says what). A row for a sender that the platform does not know is a difference, since that is what an
//! account leaves behind. Knows nothing of messages.

use std::fmt;

use super::import::Imported;
use super::{Binding, Connector, Policy};
use crate::host::HostSpec;

/// One thing on which the two do not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `account newsletter@mydomain.ovh`
    pub subject: String,
    /// What the file says of it; `None` where it does not name it.
    pub file: Option<String>,
    /// What the platform says of it; `None` where it does not know it.
    pub platform: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            subject,
            file,
            platform,
        } = self;
        match (file, platform) {
            (Some(file), Some(platform)) => {
                write!(
                    f,
                    "{subject}: the file says {file}; the platform says {platform}"
                )
            }
            (Some(file), None) => write!(f, "{subject}: only in the file ({file})"),
            (None, Some(platform)) => write!(f, "{subject}: only at the platform ({platform})"),
            (None, None) => f.write_str(subject),
        }
    }
}

/// What differs: connectors by id, then relays, servers, accounts and domains by name.
pub fn differences(file: &Policy, platform: &Imported) -> Vec<Difference> {
    let mut found = Vec::new();
    let state = &platform.policy;
    let (relays, connectors): (Vec<_>, Vec<_>) = state.connectors.iter().partition(|connector| {
        let own = |id| platform.own_ids.contains(&id);
        connector.id.is_some_and(own)
    });
    let is_relay = |connector: &Connector| {
        relays
            .iter()
            .any(|relay| relay.smart_hosts == connector.smart_hosts && relay.name == connector.name)
    };
    let mut ids: Vec<_> = connectors
        .iter()
        .copied()
        .chain(file.connectors.iter().filter(|c| !is_relay(c)))
        .filter_map(|connector| connector.id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let there = connectors.iter().find(|c| c.id == Some(id)).copied();
        let here = file.connector(id).filter(|c| !is_relay(c));
        if let (Some(here), Some(there)) = (here, there)
            && is_as(here, there)
        {
            continue;
        }
        found.push(Difference {
            subject: format!("connector {id}"),
            file: here.map(told),
            platform: there.map(told),
        });
    }
    for relay in relays {
        let named = |host: &HostSpec| {
            let mut hosts = file.connectors.iter().flat_map(|c| &c.smart_hosts);
            hosts.any(|known| known == host)
        };
        if !relay.smart_hosts.iter().all(named) {
            found.push(Difference {
                subject: format!("relay {}", hosts(relay)),
                file: None,
                platform: Some(relay.name.clone().unwrap_or_default()),
            });
        }
    }
    for host in &state.exchange_hosts {
        if !file.exchange_hosts.contains(host) {
            found.push(Difference {
                subject: format!("server {host}"),
                file: None,
                platform: Some("an Exchange server of the service".to_owned()),
            });
        }
    }
    let accounts = |policy: &Policy, address: &str| {
        let row = policy.accounts.get(address);
        row.map(|row| row.connector.clone())
    };
    let addresses = file.accounts.keys().chain(state.accounts.keys());
    rows(addresses, "account", &mut found, file, state, accounts);
    let domains = |policy: &Policy, name: &str| {
        let row = policy.domains.get(name);
        row.map(|row| row.default_connector.clone())
    };
    let names = file.domains.keys().chain(state.domains.keys());
    rows(names, "domain", &mut found, file, state, domains);
    found
}

fn rows<'k>(
    keys: impl Iterator<Item = &'k String>,
    kind: &str,
    found: &mut Vec<Difference>,
    file: &Policy,
    state: &Policy,
    binding: impl Fn(&Policy, &str) -> Option<Binding>,
) {
    let mut keys: Vec<_> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let (here, there) = (binding(file, key), binding(state, key));
        let settled = match (&here, &there) {
            (
                Some(Binding::Settled { because, .. }),
                Some(Binding::Undecided { because: open }),
            ) => because == open,
            (Some(Binding::Settled { id, .. }), Some(Binding::Connector(now))) => id == now,
            _ => false,
        };
        if here != there && !settled {
            found.push(Difference {
                subject: format!("{kind} {key}"),
                file: here.map(|binding| binding.to_string()),
                platform: there.map(|binding| binding.to_string()),
            });
        }
    }
}

/// Whether a file's connector says what the platform's does.
fn is_as(file: &Connector, platform: &Connector) -> bool {
    let mut hosts = platform.smart_hosts.iter();
    file.name == platform.name
        && file.require_tls == platform.require_tls
        && hosts.all(|host| file.smart_hosts.contains(host))
}

fn told(connector: &Connector) -> String {
    let name = connector.name.as_deref().unwrap_or("without name");
    let tls = match connector.require_tls {
        true => "TLS required",
        false => "TLS not required",
    };
    format!("{name}, {}, {tls}", hosts(connector))
}

fn hosts(connector: &Connector) -> String {
    let hosts: Vec<_> = connector
        .smart_hosts
        .iter()
        .map(HostSpec::to_string)
        .collect();
    hosts.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::super::import::{Source, import};
    use super::*;

    const STATE: &str = r#"
        [{"id": 29, "displayName": "testconnector", "smartHost": "smtp-relay.example.com", "requireTLS": true},
         {"id": 30, "displayName": "second", "smartHost": "out.example.net"},
         {"primaryEmailAddress": "newsletter@mydomain.ovh", "sendConnectorId": 29},
         {"primaryEmailAddress": "contact@mydomain.ovh", "sendConnectorId": 0},
         {"primaryEmailAddress": "old@mydomain.ovh", "sendConnectorId": 0, "sbrDestination": "relay.example.org"},
         {"name": "mydomain.ovh", "sendConnectorIdDefault": 0},
         {"ip": "198.51.100.7"}]"#;

    fn state(text: &str) -> Imported {
        let source = Source {
            name: "s",
            bytes: text.as_bytes(),
        };
        import(&[source]).expect(text)
    }

    fn told_apart(file: &str, platform: &str) -> Vec<String> {
        let file = Policy::read(file.as_bytes(), "p").expect(file);
        let found = differences(&file, &state(platform));
        found.iter().map(Difference::to_string).collect()
    }

    #[test]
    fn what_was_pulled_differs_in_nothing_nor_does_what_was_added_to_it() {
        let pulled = state(STATE).toml;
        assert_eq!(told_apart(&pulled, STATE), [] as [&str; 0]);
        let added = pulled
            .replace(
                "[\"198.51.100.7\"]",
                "[\"198.51.100.7\", \"mail.mydomain.ovh\"]",
            )
            .replace(
                "smart-host = \"out.example.net\"",
                "smart-host = [\"out.example.net\", \"*.out.example.net\"]\negress = [\"192.0.2.0/24\"]\ndkim = [\"example.net\"]",
            );
        let added = format!(
            "{added}[receiver]\nhosts = [\"mx.example.org\"]\n[[recipient]]\ndomain = \"example.org\"\nconnector = 30\n"
        );
        assert_ne!(added, pulled);
        assert_eq!(told_apart(&added, STATE), [] as [&str; 0]);
    }

    #[test]
    fn what_the_user_settled_stays_settled_until_something_else_is_open() {
        let pulled = state(STATE).toml;
        let settled = pulled.replace("connector = \"undecided\"", "connector = 1");
        assert_ne!(settled, pulled);
        assert_eq!(told_apart(&settled, STATE), [] as [&str; 0]);
        let moved = STATE.replace(
            "\"sendConnectorId\": 0, \"sbr",
            "\"sendConnectorId\": 29, \"sbr",
        );
        assert_eq!(
            told_apart(&settled, &moved),
            [
                "account old@mydomain.ovh: the file says connector 1; the platform says undecided: sbrDestination `relay.example.org` is set beside connector 29, and which of them holds is not documented"
            ]
        );
        let plain = STATE.replace(", \"sbrDestination\": \"relay.example.org\"", "");
        let zero = settled.replace("connector = 1\nbecause", "connector = 0\nbecause");
        assert!(
            !told_apart(&zero, &plain)
                .iter()
                .any(|line| line.contains("old@"))
        );
        assert!(
            told_apart(&settled, &plain)
                .iter()
                .any(|line| line.contains("old@"))
        );
    }

    #[test]
    fn a_relays_own_id_may_move() {
        let pulled = state(STATE).toml;
        let taken = STATE.replace("\"id\": 30", "\"id\": 1");
        assert_eq!(
            told_apart(&pulled, &taken),
            [
                "connector 1: only at the platform (second, out.example.net, TLS not required)",
                "connector 30: only in the file (second, out.example.net, TLS not required)"
            ]
        );
    }

    #[test]
    fn every_change_at_the_platform_is_said() {
        let pulled = state(STATE).toml;
        for (from, to, expected) in [
            (
                "\"newsletter@mydomain.ovh\", \"sendConnectorId\": 29",
                "\"newsletter@mydomain.ovh\", \"sendConnectorId\": 0",
                "account newsletter@mydomain.ovh: the file says connector 29; the platform says connector 0",
            ),
            (
                "\"contact@mydomain.ovh\", \"sendConnectorId\": 0",
                "\"contact@mydomain.ovh\", \"sendConnectorId\": 0, \"sbrDestination\": \"relay.example.org\"",
                "account contact@mydomain.ovh: the file says connector 0; the platform says undecided: sbrDestination `relay.example.org` is set beside connector 0, and which of them holds is not documented",
            ),
            (
                "{\"name\": \"mydomain.ovh\"",
                "{\"primaryEmailAddress\": \"new@mydomain.ovh\", \"sendConnectorId\": 30}, {\"name\": \"mydomain.ovh\"",
                "account new@mydomain.ovh: only at the platform (connector 30)",
            ),
            (
                "{\"primaryEmailAddress\": \"contact@mydomain.ovh\", \"sendConnectorId\": 0},",
                "",
                "account contact@mydomain.ovh: only in the file (connector 0)",
            ),
            (
                "\"sendConnectorIdDefault\": 0",
                "\"sendConnectorIdDefault\": 30",
                "domain mydomain.ovh: the file says connector 0; the platform says connector 30",
            ),
            (
                "smtp-relay.example.com",
                "smtp.example.com",
                "connector 29: the file says testconnector, smtp-relay.example.com, TLS required; the platform says testconnector, smtp.example.com, TLS required",
            ),
            (
                "\"requireTLS\": true",
                "\"requireTLS\": false",
                "connector 29: the file says testconnector, smtp-relay.example.com, TLS required; the platform says testconnector, smtp-relay.example.com, TLS not required",
            ),
            (
                "{\"id\": 30, \"displayName\": \"second\", \"smartHost\": \"out.example.net\"},",
                "",
                "connector 30: only in the file (second, out.example.net, TLS not required)",
            ),
            (
                "\"198.51.100.7\"",
                "\"198.51.100.8\"",
                "server 198.51.100.8: only at the platform (an Exchange server of the service)",
            ),
        ] {
            assert!(STATE.contains(from), "{from}");
            assert_eq!(told_apart(&pulled, &STATE.replace(from, to)), [expected]);
        }
        let moved = STATE.replace("relay.example.org", "relay.example.com");
        let found = told_apart(&pulled, &moved);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found.contains(
                &"relay relay.example.com: only at the platform (sbrDestination)".to_owned()
            ),
            "{found:?}"
        );
    }
}
