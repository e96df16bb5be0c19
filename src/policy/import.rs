//! What a platform says of itself, in any number of texts, into one policy file.
//!
//! Each text holds answers of the OVHcloud API, as JSON or as its console prints them, or a
//! listing of Exchange's connectors by PowerShell, mixed as one likes. The policy does not depend on the
//! order of the texts: connectors stand by id, all else by name. Exchange's own connectors have
//! no ids, so they get the lowest free ones in the order of their names. Two texts that
//! contradict each other are an error that names both places; so is an account bound to a
//! connector that no text declares, because the policy reader would refuse the result.
//!
//! Where the platform says several things of one sender and nothing documents which of them
//! holds, his row is undecided and says why, because a guess might let a mail pass that went the
//! wrong way: an `sbrDestination` (or a domain's `sbrDefault`) beside the connector; a connector
//! that routes by DNS or names no smart host; and, for accounts without a connector of their own,
//! a connector that is the service's `default`, or the service's `defaultSmartHost`. The relays
//! that are named apart from the connectors become connectors of their own.
//!
//! What was left out is noted, in the file's head as comments and for the caller to print.
//! Touches no file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use super::api::{self, Answer, Item, Relay, Sending, Told, head};
use super::file::UNDECIDED;
use super::loose::{self, Node};
use super::place::{self, Named};
use super::powershell::{self, Carries, Listed, Listing};
use super::{
    Account, Binding, Connector, Domain, OUTGOING_SERVER, Policy, ReadError, Recipient, is_inner,
};
use crate::catalogue::Catalogue;
use crate::host::HostSpec;
use crate::printable::is_hostile;

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
    /// The ids that the platform does not have: its relays', and Exchange's own connectors'.
    pub own_ids: BTreeSet<u64>,
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
    let (policy, own_ids, notes) = merged.into_policy()?;
    let toml = to_toml(&policy, &notes);
    Ok(Imported {
        policy,
        toml,
        own_ids,
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
    connectors: BTreeMap<u64, Placed<'t, Sending>>,
    accounts: BTreeMap<String, Placed<'t, Told>>,
    domains: BTreeMap<String, Placed<'t, Told>>,
    /// Those of services.
    relays: Vec<Relay>,
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
            Answer::Connector(sending) => self.add_connector(text, node, sending),
            Answer::Account(told) => {
                let addresses = std::iter::once(&told.name).chain(&told.aliases);
                for address in addresses {
                    let row = Told {
                        name: address.clone(),
                        aliases: Vec::new(),
                        ..told.clone()
                    };
                    let what = format!("account {}", place::printable(address));
                    self.want(text, node, row.connector, &what);
                    let key = address.clone();
                    let accounts = &mut self.accounts;
                    merge(accounts, key, row, text, node, &what, |told| {
                        format!("bound to {}", way_of(told))
                    })?;
                }
                Ok(())
            }
            Answer::Domain(told) => {
                let what = format!("domain {}", told.name);
                self.want(text, node, told.connector, &what);
                let key = told.name.clone();
                let domains = &mut self.domains;
                merge(domains, key, told, text, node, &what, |told| {
                    format!("with default {}", way_of(told))
                })
            }
            Answer::Service(relay) => {
                self.relays.extend(relay);
                Ok(())
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
        sending: Sending,
    ) -> Result<(), ReadError> {
        let Some(id) = sending.connector.id else {
            return Err(text.error(
                head(node),
                format!(
                    "{} without `id`: the key must stand there untranslated",
                    sending.connector
                ),
            ));
        };
        if let Some(state) = &sending.state {
            self.note(format!(
                "{} is in state `{}`",
                sending.connector,
                place::printable(state)
            ));
        }
        if let Some(doubt) = sending.doubt() {
            self.note(format!(
                "{} {doubt}: accounts bound to it are undecided",
                sending.connector
            ));
        }
        let what = format!("connector {id}");
        let connectors = &mut self.connectors;
        merge(connectors, id, sending, text, node, &what, |sending| {
            let Connector {
                name,
                smart_hosts,
                require_tls,
                ..
            } = &sending.connector;
            let hosts = match smart_hosts.is_empty() {
                true => "without smart host".to_owned(),
                false => texts(smart_hosts).join(" or "),
            };
            let name = place::printable(name.as_deref().unwrap_or("without name"));
            let tls = if *require_tls {
                "required"
            } else {
                "not required"
            };
            let dns = if sending.by_dns { ", by DNS" } else { "" };
            let default = if sending.is_default { ", default" } else { "" };
            format!("{hosts} ({name}, TLS {tls}{dns}{default})")
        })
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

    /// Where mail of an account or a new account goes, as far as that is documented.
    fn binding(&self, told: &Told) -> Binding {
        let sending = self.connectors.get(&told.connector).map(|c| &c.value);
        if let Some(relay) = &told.relay {
            let same = |sending: &&Sending| {
                let hosts = sending.connector.smart_hosts.as_slice();
                sending.doubt().is_none()
                    && relay
                        .host
                        .as_ref()
                        .is_some_and(|host| hosts == [host.clone()])
            };
            // Both lead to the same host.
            if sending.filter(same).is_some() {
                return Binding::Connector(told.connector);
            }
            return Binding::Undecided {
                because: format!(
                    "{} `{}` is set beside connector {}, and which of them holds is not documented",
                    relay.key,
                    place::printable(&relay.written),
                    told.connector
                ),
            };
        }
        if told.connector != OUTGOING_SERVER {
            let doubt = sending.and_then(|sending| Some((sending, sending.doubt()?)));
            return match doubt {
                None => Binding::Connector(told.connector),
                Some((sending, doubt)) => Binding::Undecided {
                    because: format!("{} {doubt}", sending.connector),
                },
            };
        }
        let default = self.connectors.values().find(|c| c.value.is_default);
        let default = match (default, self.relays.first()) {
            (Some(default), _) => {
                format!("{} is the service's default", default.value.connector)
            }
            (None, Some(relay)) => format!(
                "the service has the {} `{}`",
                relay.key,
                place::printable(&relay.written)
            ),
            (None, None) => return Binding::Connector(OUTGOING_SERVER),
        };
        Binding::Undecided {
            because: format!(
                "{default}, and whether that carries accounts at connector 0 is not documented"
            ),
        }
    }

    /// The relays that are named apart from the connectors, by what is written.
    fn all_relays(&self) -> BTreeMap<String, Relay> {
        let accounts = self.accounts.values().chain(self.domains.values());
        let told = accounts.filter_map(|told| told.value.relay.as_ref());
        let mut all = BTreeMap::new();
        for relay in told.chain(&self.relays) {
            let written = relay.written.to_ascii_lowercase();
            all.entry(written).or_insert_with(|| relay.clone());
        }
        all
    }

    /// The same text given twice is noted once.
    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn into_policy(mut self) -> Result<(Policy, BTreeSet<u64>, Vec<String>), ReadError> {
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
            exchange_hosts: std::mem::take(&mut self.servers),
            ..Policy::default()
        };
        for (address, told) in &self.accounts {
            let connector = self.binding(&told.value);
            let address = address.clone();
            let row = Account {
                address: address.clone(),
                connector,
            };
            policy.accounts.insert(address, row);
        }
        for (name, told) in &self.domains {
            let row = Domain {
                name: name.clone(),
                default_connector: self.binding(&told.value),
            };
            policy.domains.insert(name.clone(), row);
        }
        let relays = self.all_relays();
        policy.connectors = self
            .connectors
            .into_values()
            .map(|sending| sending.value.connector)
            .filter(|connector| !connector.smart_hosts.is_empty())
            .collect();
        let mut own_ids = add_relays(&mut policy, relays, &mut self.notes);
        if self.ovhcloud && online {
            self.notes.push(
                "both OVHcloud and Exchange Online are here, so no platform is named and any counts"
                    .to_owned(),
            );
        }
        let listed: Vec<_> = self.listed.into_values().map(|l| l.value).collect();
        own_ids.extend(add_listed(&mut policy, listed, &mut self.notes));
        policy
            .exchange_hosts
            .sort_by_cached_key(HostSpec::to_string);
        policy.exchange_hosts.dedup();
        policy.connectors.sort_by_key(|connector| connector.id);
        self.notes.sort();
        Ok((policy, own_ids.into_iter().collect(), self.notes))
    }
}

/// What an account or a domain says of its mail's way, where two texts differ.
fn way_of(told: &Told) -> String {
    let relay = match &told.relay {
        Some(relay) => format!(" and {} `{}`", relay.key, place::printable(&relay.written)),
        None => String::new(),
    };
    format!("connector {}{relay}", told.connector)
}

/// Gives the relays that are named apart from the connectors rows of their own, so that mail
/// that leaves through one is known for what it is; the ids that they got.
fn add_relays(
    policy: &mut Policy,
    relays: BTreeMap<String, Relay>,
    notes: &mut Vec<String>,
) -> Vec<u64> {
    let platform = Catalogue::builtin().provider("ovhcloud");
    let mut ids = Vec::new();
    let mut next = OUTGOING_SERVER + 1;
    for (written, relay) in relays {
        let shown = place::printable(&written);
        let Some(host) = relay.host else {
            notes.push(format!(
                "{} `{shown}` is no host, so there is no row for it",
                relay.key
            ));
            continue;
        };
        let known = |connector: &Connector| connector.smart_hosts.contains(&host);
        if policy.connectors.iter().any(known) {
            continue;
        }
        let own = host.name().is_some_and(|name| {
            platform.is_some_and(|p| p.is_own_stamp(name) || p.is_smart_host(name))
        });
        if own || policy.exchange_hosts.contains(&host) {
            notes.push(format!(
                "{} `{shown}` is the platform's own server, so there is no row for it",
                relay.key
            ));
            continue;
        }
        let id = free_id(policy, &mut next);
        ids.push(id);
        policy.connectors.push(Connector {
            id: Some(id),
            name: Some(relay.key.to_owned()),
            smart_hosts: vec![host],
            ..Connector::default()
        });
    }
    if !ids.is_empty() {
        let list: Vec<_> = ids.iter().map(u64::to_string).collect();
        notes.push(format!(
            "the platform gives relays that are no connectors no ids: {} {} this file's own",
            list.join(", "),
            if ids.len() == 1 { "is" } else { "are" }
        ));
    }
    ids
}

/// The lowest id from `next` on that no connector has.
fn free_id(policy: &Policy, next: &mut u64) -> u64 {
    while policy.connector(*next).is_some() {
        *next += 1;
    }
    *next
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

/// Gives Exchange's connectors ids, which it returns, and turns their address spaces into
/// recipient rows.
fn add_listed(policy: &mut Policy, listed: Vec<Listed>, notes: &mut Vec<String>) -> Vec<u64> {
    let mut ids: Vec<u64> = Vec::new();
    let mut next = OUTGOING_SERVER + 1;
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
                let id = free_id(policy, &mut next);
                ids.push(id);
                policy.connectors.push(Connector {
                    id: Some(id),
                    ..connector
                });
                id
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
    ids
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
        out.binding("connector", &account.connector);
    }
    for domain in policy.domains.values() {
        out.table("[[domain]]");
        out.line(&format!("name = {}", quoted(&domain.name)));
        out.binding("default-connector", &domain.default_connector);
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

    fn binding(&mut self, key: &str, binding: &Binding) {
        match binding {
            Binding::Connector(id) => self.line(&format!("{key} = {id}")),
            Binding::Settled { id, because } => {
                self.line(&format!("{key} = {id}"));
                self.line(&format!("because = {}", quoted(because)));
            }
            Binding::Undecided { because } => {
                self.line(&format!("{key} = \"{UNDECIDED}\""));
                self.line(&format!("because = {}", quoted(because)));
            }
        }
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
            c if is_hostile(c) => {
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

    fn account(text: &str) -> String {
        format!(r#"{{"primaryEmailAddress": "newsletter@mydomain.ovh", {text}}}"#)
    }

    /// Where `address` leads, and what the smart hosts of the policy are by id.
    fn lead(texts: &[&str], address: &str) -> (String, Vec<(u64, String)>) {
        let policy = merged(texts).policy;
        let row = policy.accounts.get(address).expect("a row");
        let hosts = policy.connectors.iter();
        let hosts = hosts.map(|c| (c.id.unwrap_or_default(), c.to_string()));
        (row.connector.to_string(), hosts.collect())
    }

    const SENDER: &str = "newsletter@mydomain.ovh";

    #[test]
    fn a_relay_beside_the_connector_leaves_an_account_undecided() {
        let relay = "connector 1 (sbrDestination, relay.example.net)".to_owned();
        let bound = "connector 29 (testconnector, smtp-relay.example.com)".to_owned();
        for (id, shown) in [("0", 0), ("null", 0), ("29", 29)] {
            let account = account(&format!(
                r#""sendConnectorId": {id}, "sbrDestination": "Relay.Example.net""#
            ));
            assert_eq!(
                lead(&[&account, CONNECTOR], SENDER),
                (
                    format!(
                        "undecided: sbrDestination `Relay.Example.net` is set beside connector {shown}, and which of them holds is not documented"
                    ),
                    vec![(1, relay.clone()), (29, bound.clone())]
                )
            );
        }
        let same = account(r#""sendConnectorId": 29, "sbrDestination": "SMTP-relay.example.com.""#);
        assert_eq!(
            lead(&[&same, CONNECTOR], SENDER),
            ("connector 29".to_owned(), vec![(29, bound.clone())]),
            "both lead to the same host"
        );
        let both_ways = CONNECTOR.replace("state", "dnsRouting: true\n    state");
        let (binding, _) = lead(&[&same, &both_ways], SENDER);
        assert!(
            binding.starts_with("undecided: sbrDestination"),
            "{binding}"
        );
        for empty in ["null", r#""""#] {
            let account = account(&format!(
                r#""sendConnectorId": 0, "sbrDestination": {empty}"#
            ));
            assert_eq!(
                lead(&[&account], SENDER),
                ("connector 0".to_owned(), vec![])
            );
        }
    }

    #[test]
    fn a_relay_that_is_no_host_or_the_platforms_own_has_no_row() {
        for (relay, note) in [
            (
                "relay.example.net:25",
                "# sbrDestination `relay.example.net:25` is no host, so there is no row for it",
            ),
            (
                "output28.mail.ovh.net",
                "# sbrDestination `output28.mail.ovh.net` is the platform's own server, so there is no row for it",
            ),
            (
                "198.51.100.7",
                "# sbrDestination `198.51.100.7` is the platform's own server, so there is no row for it",
            ),
        ] {
            let account = account(&format!(
                r#""sendConnectorId": 0, "sbrDestination": "{relay}""#
            ));
            let imported = merged(&[&account, SERVER]);
            assert_eq!(imported.policy.connectors, []);
            assert!(imported.toml.contains(note), "{}", imported.toml);
            let row = imported.policy.accounts.get(SENDER).expect("a row");
            assert_eq!(row.connector.id(), None);
        }
    }

    #[test]
    fn a_connector_without_a_known_way_leaves_its_accounts_undecided() {
        let account = account(r#""sendConnectorId": 30"#);
        for (says, expected) in [
            (
                r#""smartHost": null, "dnsRouting": true"#,
                "undecided: connector 30 (direct) routes by DNS (`dnsRouting`) and has no smart host, and from which server its mail leaves is not documented",
            ),
            (
                r#""smartHost": null, "dnsRouting": false"#,
                "undecided: connector 30 (direct) has no smart host (`smartHost` is null), and where its mail goes is not documented",
            ),
            (
                r#""smartHost": "a.example.com", "dnsRouting": true"#,
                "undecided: connector 30 (direct, a.example.com) has a smart host and routes by DNS too (`dnsRouting`), and which of them holds is not documented",
            ),
            (
                r#""smartHost": "a.example.com", "dnsRouting": false"#,
                "connector 30",
            ),
        ] {
            let connector = format!(r#"{{"id": 30, "displayName": "direct", {says}}}"#);
            let (binding, _) = lead(&[&account, &connector], SENDER);
            assert_eq!(binding, expected);
        }
    }

    #[test]
    fn a_default_connector_may_carry_those_without_one() {
        let default = CONNECTOR.replace("state", "default: true\n    state");
        let direct = account(r#""sendConnectorId": 0"#);
        let because = "undecided: connector 29 (testconnector, smtp-relay.example.com) is the service's default, and whether that carries accounts at connector 0 is not documented";
        assert_eq!(lead(&[&direct, &default], SENDER).0, because);
        let imported = merged(&[DOMAIN, &default]);
        let domain = imported.policy.domains.get("mydomain.ovh").expect("a row");
        assert_eq!(domain.default_connector.to_string(), because);
        let bound = account(r#""sendConnectorId": 29"#);
        assert_eq!(lead(&[&bound, &default], SENDER).0, "connector 29");

        let service = r#"{"offer": "dedicated", "defaultSmartHost": "out.example.net"}"#;
        assert_eq!(
            lead(&[&direct, service], SENDER),
            (
                "undecided: the service has the defaultSmartHost `out.example.net`, and whether that carries accounts at connector 0 is not documented".to_owned(),
                vec![(1, "connector 1 (defaultSmartHost, out.example.net)".to_owned())]
            )
        );
        assert_eq!(
            lead(&[&bound, CONNECTOR, service], SENDER).0,
            "connector 29"
        );
        let none = r#"{"offer": "dedicated", "defaultSmartHost": null}"#;
        assert_eq!(lead(&[&direct, none], SENDER).0, "connector 0");
    }

    #[test]
    fn undecided_rows_are_written_with_their_reason() {
        let account = account(
            r#""sendConnectorId": 0, "sbrDestination": "relay.example.net", "aliases": ["News@mydomain.ovh"]"#,
        );
        let domain = r#"{"name": "mydomain.ovh", "sendConnectorIdDefault": 0, "sbrDefault": "relay.example.net"}"#;
        assert_eq!(
            merged(&[&account, domain]).toml,
            r#"# the platform gives relays that are no connectors no ids: 1 is this file's own

[platform]
name = "ovhcloud"

[[connector]]
id = 1
name = "sbrDestination"
smart-host = "relay.example.net"

[[account]]
address = "news@mydomain.ovh"
connector = "undecided"
because = "sbrDestination `relay.example.net` is set beside connector 0, and which of them holds is not documented"

[[account]]
address = "newsletter@mydomain.ovh"
connector = "undecided"
because = "sbrDestination `relay.example.net` is set beside connector 0, and which of them holds is not documented"

[[domain]]
name = "mydomain.ovh"
default-connector = "undecided"
because = "sbrDefault `relay.example.net` is set beside connector 0, and which of them holds is not documented"
"#
        );
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
            [[account]]
            address = "old@mydomain.ovh"
            connector = 7
            because = "nobody knew"
            [[domain]]
            name = "mydomain.ovh"
            default-connector = "undecided"
            because = "nobody knows"
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
