//! What a platform says of itself, in any number of texts, into one policy file.
//!
//! Each text holds answers of the OVHcloud API, as JSON or as its console prints them, or a
//! listing of Exchange's connectors by PowerShell, mixed as one likes. The policy does not depend on the
//! order of the texts: connectors stand by id, all else by name. Exchange's own connectors have
//! no ids, so they get the lowest free ones in the order of their names. Two texts that
//! contradict each other are an error that names both places; so is an account bound to a
//! connector that no text declares, because the policy reader would refuse the result.
//!
//! What was left out is noted, in the file's head as comments and for the caller to print.
//! Touches no file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::api::{self, Answer, Item, head};
use super::loose::{self, Node};
use super::place::{self, Named};
use super::powershell::{self, Carries, Listed, Listing};
use super::{Account, Connector, Domain, OUTGOING_SERVER, Policy, ReadError, Recipient, is_inner};
use crate::host::HostSpec;

/// A text to import, and what errors call it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// A path, or `standard input`.
    pub name: &'s str,
    /// UTF-8 or UTF-16.
    pub bytes: &'s [u8],
}

/// A policy, merged.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The policy.
    pub policy: Policy,
    /// The same as TOML, which [`Policy::read`] reads back as this policy.
    pub toml: String,
    /// What was left out and what to look at, one sentence each without full stop.
    pub notes: Vec<String>,
}

/// Merges texts into one policy.
pub fn import(sources: &[Source<'_>]) -> Result<Imported, ReadError> {
    let texts = sources
        .iter()
        .map(|source| Ok((source.name, place::decode(source.bytes, source.name)?)))
        .collect::<Result<Vec<_>, ReadError>>()?;
    let mut merged = Merged::default();
    for (name, text) in &texts {
        merged.add(Named { name, text })?;
    }
    let (policy, notes) = merged.into_policy()?;
    let toml = to_toml(&policy, &notes);
    Ok(Imported {
        policy,
        toml,
        notes,
    })
}

/// A value and where it first stood. Lines are counted for errors only, since counting them for
/// each value would cost quadratic time.
#[derive(Debug)]
struct Placed<'t, T> {
    value: T,
    text: Named<'t>,
    span: Range<usize>,
}

/// A use of an id, and what to say should nothing declare it.
#[derive(Debug)]
struct Wanted {
    id: u64,
    says: String,
}

#[derive(Debug, Default)]
struct Merged<'t> {
    connectors: BTreeMap<u64, Placed<'t, Connector>>,
    accounts: BTreeMap<String, Placed<'t, Account>>,
    domains: BTreeMap<String, Placed<'t, Domain>>,
    listed: BTreeMap<(String, Listing), Placed<'t, Listed>>,
    servers: Vec<HostSpec>,
    wanted: Vec<Placed<'t, Wanted>>,
    notes: Vec<String>,
    ovhcloud: bool,
}

impl<'t> Merged<'t> {
    fn add(&mut self, text: Named<'t>) -> Result<(), ReadError> {
        let items = api::objects(text, loose::parse(text)?)?;
        if items.is_empty() {
            return Err(ReadError::whole(
                text.name,
                "nothing in it: give answers of the OVHcloud API, or Exchange's connectors as JSON",
            ));
        }
        for item in items {
            match item {
                Item::Id(OUTGOING_SERVER, _) => {}
                Item::Id(id, node) => self.wanted.push(Placed {
                    value: Wanted {
                        id,
                        says: api::ids_only(id),
                    },
                    text,
                    span: node.span,
                }),
                Item::Object(node) => match powershell::listing(&node) {
                    Some(listing) => self.add_listed(text, &node, listing)?,
                    None => self.add_answer(text, &node)?,
                },
            }
        }
        Ok(())
    }

    fn add_answer(&mut self, text: Named<'t>, node: &Node) -> Result<(), ReadError> {
        let answer = api::answer(text, node)?;
        self.ovhcloud = true;
        match answer {
            Answer::Connector { connector, state } => {
                self.add_connector(text, node, connector, state)
            }
            Answer::Account(account) => {
                let what = format!("account {}", place::printable(&account.address));
                self.want(text, node, account.connector, &what);
                let key = account.address.clone();
                let describe = |a: &Account| format!("bound to connector {}", a.connector);
                merge(
                    &mut self.accounts,
                    key,
                    account,
                    text,
                    node,
                    &what,
                    describe,
                )
            }
            Answer::Domain { domain, sbr } => {
                let what = format!("domain {}", domain.name);
                self.want(text, node, domain.default_connector, &what);
                if let Some(sbr) = sbr {
                    self.note(format!(
                        "{what}: sbrDefault `{}` is an older way of routing and is left out",
                        place::printable(&sbr)
                    ));
                }
                let key = domain.name.clone();
                let describe =
                    |d: &Domain| format!("with default connector {}", d.default_connector);
                merge(&mut self.domains, key, domain, text, node, &what, describe)
            }
            Answer::Server(hosts) => {
                for host in hosts {
                    // Behind a private address of the recipient's there may be anybody.
                    match is_inner(&host) {
                        true => {
                            self.note(format!("server {host} is a private address and left out"))
                        }
                        false => self.servers.push(host),
                    }
                }
                Ok(())
            }
        }
    }

    fn add_connector(
        &mut self,
        text: Named<'t>,
        node: &Node,
        connector: Connector,
        state: Option<String>,
    ) -> Result<(), ReadError> {
        let Some(id) = connector.id else {
            return Err(text.error(
                head(node),
                format!("{connector} without `id`: the key must stand there untranslated"),
            ));
        };
        if let Some(state) = state {
            self.note(format!(
                "{connector} is in state `{}`",
                place::printable(&state)
            ));
        }
        let what = format!("connector {id}");
        let describe = |c: &Connector| {
            let tls = if c.require_tls {
                "required"
            } else {
                "not required"
            };
            let name = c.name.as_deref().unwrap_or("without name");
            let hosts = texts(&c.smart_hosts).join(" or ");
            format!("{hosts} ({}, TLS {tls})", place::printable(name))
        };
        merge(
            &mut self.connectors,
            id,
            connector,
            text,
            node,
            &what,
            describe,
        )
    }

    fn add_listed(
        &mut self,
        text: Named<'t>,
        node: &Node,
        listing: Listing,
    ) -> Result<(), ReadError> {
        let listed = powershell::listed(text, node, listing)?;
        for note in &listed.notes {
            self.note(note.clone());
        }
        let what = format!("{} `{}`", listing.as_str(), place::printable(&listed.name));
        let key = (listed.name.to_lowercase(), listing);
        let describe = |l: &Listed| match &l.carries {
            Carries::Nothing => "disabled".to_owned(),
            Carries::Mail {
                connector: Some(connector),
                spaces,
                ..
            } => {
                let hosts = texts(&connector.smart_hosts).join(" or ");
                let tls = if connector.require_tls {
                    ", TLS required"
                } else {
                    ""
                };
                format!("{hosts} for {}{tls}", spaces_shown(spaces))
            }
            Carries::Mail {
                connector: None,
                spaces,
                ..
            } => format!("direct delivery for {}", spaces_shown(spaces)),
        };
        merge(&mut self.listed, key, listed, text, node, &what, describe)
    }

    fn want(&mut self, text: Named<'t>, node: &Node, id: u64, what: &str) {
        if id != OUTGOING_SERVER {
            let says = format!(
                "{what} uses connector {id}, which no text declares: add the answer of `GET …/sendConnector/{id}`"
            );
            self.wanted.push(Placed {
                value: Wanted { id, says },
                text,
                span: head(node),
            });
        }
    }

    /// The same text given twice is noted once.
    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn into_policy(mut self) -> Result<(Policy, Vec<String>), ReadError> {
        let missing =
            |wanted: &&Placed<'t, Wanted>| !self.connectors.contains_key(&wanted.value.id);
        if let Some(wanted) = self.wanted.iter().find(missing) {
            return Err(wanted.text.error(wanted.span.clone(), &wanted.value.says));
        }
        let online = self
            .listed
            .keys()
            .any(|(_, listing)| *listing == Listing::OutboundConnector);
        let mut policy = Policy {
            platform: match (self.ovhcloud, online) {
                (true, false) => Some("ovhcloud".to_owned()),
                (false, true) => Some("microsoft-365".to_owned()),
                (true, true) | (false, false) => None,
            },
            connectors: self.connectors.into_values().map(|c| c.value).collect(),
            exchange_hosts: self.servers,
            ..Policy::default()
        };
        if self.ovhcloud && online {
            self.notes.push(
                "both OVHcloud and Exchange Online are here, so no platform is named and any counts"
                    .to_owned(),
            );
        }
        for (address, account) in self.accounts {
            policy.accounts.insert(address, account.value);
        }
        for (name, domain) in self.domains {
            policy.domains.insert(name, domain.value);
        }
        let listed: Vec<_> = self.listed.into_values().map(|l| l.value).collect();
        add_listed(&mut policy, listed, &mut self.notes);
        policy
            .exchange_hosts
            .sort_by_cached_key(HostSpec::to_string);
        policy.exchange_hosts.dedup();
        policy.connectors.sort_by_key(|connector| connector.id);
        self.notes.sort();
        Ok((policy, self.notes))
    }
}

fn spaces_shown(spaces: &[(String, u32)]) -> String {
    match spaces {
        [] => "no recipients".to_owned(),
        spaces => {
            let texts: Vec<_> = spaces
                .iter()
                .map(|(s, cost)| format!("{s};{cost}"))
                .collect();
            texts.join(", ")
        }
    }
}

/// Adds a value, or refuses one that contradicts what is there already.
fn merge<'t, K: Ord, T: PartialEq>(
    map: &mut BTreeMap<K, Placed<'t, T>>,
    key: K,
    value: T,
    text: Named<'t>,
    node: &Node,
    what: &str,
    describe: impl Fn(&T) -> String,
) -> Result<(), ReadError> {
    match map.get(&key) {
        Some(before) if before.value == value => Ok(()),
        Some(before) => Err(text.error(
            head(node),
            format!(
                "{what} is {} here and {} in {}: leave the outdated one out",
                describe(&value),
                describe(&before.value),
                before.text.place(before.span.start)
            ),
        )),
        None => {
            let span = head(node);
            map.insert(key, Placed { value, text, span });
            Ok(())
        }
    }
}

/// Gives Exchange's connectors ids, and turns their address spaces into recipient rows.
fn add_listed(policy: &mut Policy, listed: Vec<Listed>, notes: &mut Vec<String>) {
    let mut ids: Vec<u64> = Vec::new();
    let mut next = 1;
    for listed in listed {
        let Carries::Mail {
            connector,
            spaces,
            fqdn,
        } = listed.carries
        else {
            continue;
        };
        policy.exchange_hosts.extend(fqdn);
        let id = match connector {
            None => OUTGOING_SERVER,
            Some(connector) => {
                while policy.connector(next).is_some() {
                    next += 1;
                }
                ids.push(next);
                policy.connectors.push(Connector {
                    id: Some(next),
                    ..connector
                });
                next
            }
        };
        for (domain, cost) in spaces {
            let rows = policy.recipients.entry(domain.clone()).or_default();
            // Several connectors may deliver the same recipients directly.
            match rows.iter_mut().find(|row| row.connector == id) {
                Some(row) => row.cost = row.cost.min(cost),
                None => rows.push(Recipient {
                    domain,
                    connector: id,
                    cost,
                }),
            }
        }
    }
    for rows in policy.recipients.values_mut() {
        rows.sort_by_key(|row| (row.cost, row.connector));
    }
    if !ids.is_empty() {
        let list: Vec<_> = ids.iter().map(u64::to_string).collect();
        notes.push(format!(
            "Exchange gives its connectors no ids: {} {} this file's own",
            list.join(", "),
            if ids.len() == 1 { "is" } else { "are" }
        ));
    }
}

/// A policy as TOML, in stable order; `notes` as comments at its head.
fn to_toml(policy: &Policy, notes: &[String]) -> String {
    let mut out = Toml::default();
    for note in notes {
        // A line end in a note would end the comment; notes hold printable text only.
        out.line(&format!("# {}", place::printable(note)));
    }
    if policy.platform.is_some() || !policy.exchange_hosts.is_empty() {
        out.table("[platform]");
        if let Some(name) = &policy.platform {
            out.line(&format!("name = {}", quoted(name)));
        }
        out.hosts("exchange-hosts", &policy.exchange_hosts);
    }
    let receiver = [
        texts(&policy.receivers),
        texts(&policy.trust),
        policy
            .authserv_ids
            .iter()
            .map(ToString::to_string)
            .collect(),
    ];
    if receiver.iter().any(|list| !list.is_empty()) {
        out.table("[receiver]");
        for (key, list) in ["hosts", "trust", "authserv-ids"].iter().zip(&receiver) {
            out.list(key, list);
        }
    }
    for connector in &policy.connectors {
        out.connector(connector);
    }
    for account in policy.accounts.values() {
        out.table("[[account]]");
        out.line(&format!("address = {}", quoted(&account.address)));
        out.line(&format!("connector = {}", account.connector));
    }
    for domain in policy.domains.values() {
        out.table("[[domain]]");
        out.line(&format!("name = {}", quoted(&domain.name)));
        out.line(&format!("default-connector = {}", domain.default_connector));
    }
    for row in policy.recipients.values().flatten() {
        out.table("[[recipient]]");
        out.line(&format!("domain = {}", quoted(&row.domain)));
        out.line(&format!("connector = {}", row.connector));
        if row.cost != 1 {
            out.line(&format!("cost = {}", row.cost));
        }
    }
    out.0
}

/// TOML being written.
#[derive(Default)]
struct Toml(String);

impl Toml {
    fn line(&mut self, line: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "{line}");
    }

    fn table(&mut self, header: &str) {
        if !self.0.is_empty() {
            self.line("");
        }
        self.line(header);
    }

    fn list(&mut self, key: &str, items: &[String]) {
        if !items.is_empty() {
            let items: Vec<_> = items.iter().map(|item| quoted(item)).collect();
            self.line(&format!("{key} = [{}]", items.join(", ")));
        }
    }

    fn hosts(&mut self, key: &str, hosts: &[HostSpec]) {
        self.list(key, &texts(hosts));
    }

    fn connector(&mut self, connector: &Connector) {
        self.table("[[connector]]");
        self.line(&format!("id = {}", connector.id.unwrap_or_default()));
        if let Some(name) = &connector.name {
            self.line(&format!("name = {}", quoted(name)));
        }
        match connector.smart_hosts.as_slice() {
            [host] => self.line(&format!("smart-host = {}", quoted(&host.to_string()))),
            hosts => self.hosts("smart-host", hosts),
        }
        self.hosts("egress", &connector.egress);
        self.list("bounce-domains", &connector.bounce_domains);
        self.list("dkim", &connector.dkim);
        if connector.require_tls {
            self.line("require-tls = true");
        }
    }
}

fn texts(hosts: &[HostSpec]) -> Vec<String> {
    hosts.iter().map(HostSpec::to_string).collect()
}

/// `basic-string = quotation-mark *basic-char quotation-mark`; what could mislead an editor is
/// escaped too.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if place::is_misleading(c) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONNECTOR: &str = "{\n    smartHost: \"smtp-relay.example.com\"\n    displayName: \"testconnector\"\n    state: \"ok\"\n    porta: 587\n    id: 29\n    requireTLS: true\n}\n";
    const OTHER: &str = r#"[{"id": 4, "displayName": "second", "smartHost": "out.example.net", "state": "deleting"}]"#;
    const ACCOUNTS: &str = r#"[{"primaryEmailAddress": "newsletter@mydomain.ovh", "sendConnectorId": 29},
        {"primaryEmailAddress": "contact@mydomain.ovh", "sendConnectorId": 0}]"#;
    const DOMAIN: &str =
        r#"{"name": "mydomain.ovh", "sendConnectorIdDefault": 0, "sbrDefault": null}"#;
    const SERVER: &str = r#"{"ip": "198.51.100.7", "ipV6": "2001:db8::7", "version": 15}"#;
    const IDS: &str = "[\n    29\n    4\n]";

    fn merged(texts: &[&str]) -> Imported {
        imported(texts).expect("an import")
    }

    fn imported(texts: &[&str]) -> Result<Imported, String> {
        let names = ["a.json", "b.json", "c.json", "d.json", "e.json", "f.json"];
        let sources: Vec<_> = names
            .iter()
            .zip(texts)
            .map(|(name, text)| Source {
                name,
                bytes: text.as_bytes(),
            })
            .collect();
        let imported = import(&sources).map_err(|e| format!("{}: {}", e.place(), e.says))?;
        let again = Policy::read(imported.toml.as_bytes(), "import");
        assert_eq!(again.expect(&imported.toml), imported.policy, "reads back");
        Ok(imported)
    }

    #[test]
    fn a_service_of_ovhcloud_in_stable_order() {
        let all = [CONNECTOR, OTHER, ACCOUNTS, DOMAIN, SERVER, IDS];
        let imported = merged(&all);
        assert_eq!(
            imported.toml,
            r#"# connector 4 (second, out.example.net) is in state `deleting`

[platform]
name = "ovhcloud"
exchange-hosts = ["198.51.100.7", "2001:db8::7"]

[[connector]]
id = 4
name = "second"
smart-host = "out.example.net"

[[connector]]
id = 29
name = "testconnector"
smart-host = "smtp-relay.example.com"
require-tls = true

[[account]]
address = "contact@mydomain.ovh"
connector = 0

[[account]]
address = "newsletter@mydomain.ovh"
connector = 29

[[domain]]
name = "mydomain.ovh"
default-connector = 0
"#
        );
        let mut reversed = all;
        reversed.reverse();
        assert_eq!(
            merged(&reversed),
            imported,
            "the texts' order does not matter"
        );
        assert_eq!(
            merged(&[&all.join("\n")]),
            imported,
            "nor in how many they come"
        );
    }

    #[test]
    fn send_connectors_of_a_server_get_ids_by_name() {
        let listing = r#"[{"Name": "Partners", "SmartHosts": ["relay.example.net", "192.0.2.25"],
              "AddressSpaces": ["SMTP:*.fabrikam.example;5"], "Fqdn": "mail.contoso.example", "RequireTLS": true, "Enabled": true},
             {"Name": "Internet", "SmartHosts": ["smtp-relay.example.com"], "AddressSpaces": ["SMTP:*;1"], "Fqdn": null, "RequireTLS": false, "Enabled": true},
             {"Name": "Direct", "SmartHosts": [], "AddressSpaces": ["SMTP:example.org;1"], "DNSRoutingEnabled": true, "Fqdn": "mail.contoso.example", "Enabled": true},
             {"Name": "Old \n one", "SmartHosts": [], "AddressSpaces": [], "Enabled": false}]"#;
        let imported = merged(&[listing]);
        assert_eq!(
            imported.toml,
            r#"# Exchange gives its connectors no ids: 1, 2 are this file's own
# send connector `Old \n one` is disabled and left out

[platform]
exchange-hosts = ["mail.contoso.example"]

[[connector]]
id = 1
name = "Internet"
smart-host = "smtp-relay.example.com"

[[connector]]
id = 2
name = "Partners"
smart-host = ["relay.example.net", "192.0.2.25"]
require-tls = true

[[recipient]]
domain = "*"
connector = 1

[[recipient]]
domain = "*.fabrikam.example"
connector = 2
cost = 5

[[recipient]]
domain = "example.org"
connector = 0
"#
        );
        let utf16: Vec<u8> = format!("\u{feff}{}", listing.replace('\n', "\r\n"))
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let source = Source {
            name: "s.json",
            bytes: &utf16,
        };
        assert_eq!(import(&[source]).expect("UTF-16").toml, imported.toml);
    }

    #[test]
    fn exchange_online_and_free_ids() {
        let outbound = r#"{"Name": "Relay", "SmartHosts": ["out.example.net"], "UseMXRecord": false, "RecipientDomains": ["*"], "TlsSettings": null, "Enabled": true}"#;
        let imported = merged(&[outbound]);
        assert_eq!(imported.policy.platform.as_deref(), Some("microsoft-365"));
        let first = CONNECTOR.replace("id: 29", "id: 1");
        let imported = merged(&[outbound, &first]);
        assert_eq!(imported.policy.platform, None);
        let ids: Vec<_> = imported.policy.connectors.iter().map(|c| c.id).collect();
        assert_eq!(ids, [Some(1), Some(2)]);
        assert!(
            imported
                .toml
                .contains("# both OVHcloud and Exchange Online are here")
        );
    }

    #[test]
    fn contradictions_name_both_places() {
        let moved = CONNECTOR.replace("smtp-relay", "other");
        assert_eq!(
            imported(&[CONNECTOR, &moved]).expect_err("a conflict"),
            "b.json:1:1: connector 29 is other.example.com (testconnector, TLS required) here and smtp-relay.example.com (testconnector, TLS required) in a.json:1:1: leave the outdated one out"
        );
        let account = r#"{"primaryEmailAddress": "Newsletter@mydomain.ovh", "sendConnectorId": 0}"#;
        assert_eq!(
            imported(&[CONNECTOR, ACCOUNTS, account]).expect_err("a conflict"),
            "c.json:1:1: account newsletter@mydomain.ovh is bound to connector 0 here and bound to connector 29 in b.json:1:2: leave the outdated one out"
        );
        let domain = DOMAIN.replace("Default\": 0", "Default\": 29");
        assert_eq!(
            imported(&[DOMAIN, CONNECTOR, &domain]).expect_err("a conflict"),
            "c.json:1:1: domain mydomain.ovh is with default connector 29 here and with default connector 0 in a.json:1:1: leave the outdated one out"
        );
        let listed =
            r#"{"Name": "x", "SmartHosts": ["a.example.com"], "AddressSpaces": ["SMTP:*;1"]}"#;
        assert_eq!(
            imported(&[listed, &listed.replace(";1", ";2")]).expect_err("a conflict"),
            "b.json:1:1: send connector `x` is a.example.com for *;2 here and a.example.com for *;1 in a.json:1:1: leave the outdated one out"
        );
    }

    #[test]
    fn what_leads_nowhere_is_an_error() {
        for (texts, expected) in [
            (
                &[ACCOUNTS][..],
                "a.json:1:2: account newsletter@mydomain.ovh uses connector 29, which no text declares: add the answer of `GET …/sendConnector/29`",
            ),
            (
                &[CONNECTOR, IDS],
                "b.json:3:5: these are connector ids only: give the answer of `GET …/sendConnector/4`",
            ),
            (
                &["{ smartHost: \"a.example.com\" }"],
                "a.json:1:1: connector (a.example.com) without `id`: the key must stand there untranslated",
            ),
            (
                &["{\n null\n}"],
                "a.json: nothing in it: give answers of the OVHcloud API, or Exchange's connectors as JSON",
            ),
            (
                &["<html>"],
                "a.json:1:1: `<html>` is a name only: give the answer of `GET …/account/{address}` or `…/domain/{name}` for it",
            ),
        ] {
            assert_eq!(imported(texts).expect_err(expected), expected);
        }
    }

    #[test]
    fn a_private_address_identifies_no_server() {
        let imported = merged(&[r#"{"ip": "10.1.2.3", "ipV6": "2001:db8::7"}"#]);
        assert_eq!(
            imported.toml,
            "# server 10.1.2.3 is a private address and left out\n\n[platform]\nname = \"ovhcloud\"\nexchange-hosts = [\"2001:db8::7\"]\n"
        );
    }

    #[test]
    fn a_large_service_is_merged_whole() {
        let account = |n| {
            format!("{{\"primaryEmailAddress\": \"a{n}@mydomain.ovh\", \"sendConnectorId\": 29}}\n")
        };
        let accounts: String = (0..5_000).map(account).collect();
        let imported = merged(&[CONNECTOR, &accounts]);
        assert_eq!(imported.policy.accounts.len(), 5_000);
    }

    #[test]
    fn hostile_names_stay_in_their_strings_and_comments() {
        let name = r#"x\"\n[[account]]\u202e\\"#;
        let text = format!(
            r#"{{"id": 5, "smartHost": "a.example.com", "displayName": "{name}", "state": "{name}"}}"#
        );
        let imported = merged(&[&text]);
        let connector = imported.policy.connectors.first().expect("a connector");
        assert_eq!(
            connector.name.as_deref(),
            Some("x\"\n[[account]]\u{202e}\\")
        );
        assert!(imported.policy.accounts.is_empty());
        assert!(!imported.toml.contains('\u{202e}'));
    }

    #[test]
    fn a_policy_with_every_key_survives_writing() {
        let text = r#"
            [platform]
            name = "ovhcloud"
            exchange-hosts = ["mail.mydomain.ovh"]
            [receiver]
            hosts = ["mx.example.org"]
            trust = ["192.0.2.0/28"]
            authserv-ids = ["mx.example.org", "in.example.org:spf,dkim"]
            [[connector]]
            id = 7
            smart-host = ["a.example.com", "b.example.com"]
            egress = ["*.out.example.com"]
            bounce-domains = ["bounce.example.com"]
            dkim = ["smtp.example.com"]
            [[recipient]]
            domain = "*"
            connector = 7
            cost = 9"#;
        let policy = Policy::read(text.as_bytes(), "p").expect(text);
        let written = to_toml(&policy, &[]);
        assert_eq!(
            Policy::read(written.as_bytes(), "p").expect(&written),
            policy
        );
    }
}
