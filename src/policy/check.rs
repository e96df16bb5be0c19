//! A policy into what it means, row by row, and what is odd about it: data for a table.
//!
//! An oddity is no error: the policy is used as it stands. Errors are the reader's. Knows
//! nothing of terminals.

use std::collections::BTreeSet;

use super::place::printable;
use super::{Binding, Connector, Policy, Route, is_inner};
use crate::host::HostSpec;
use crate::lex;

/// What a policy means.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview<'p> {
    /// Each connector, in the policy's order, with the number of rows that lead to it.
    pub connectors: Vec<(&'p Connector, usize)>,
    /// Each row, in the order in which they are asked: accounts, recipients, domains.
    pub rows: Vec<Row<'p>>,
    /// What is odd.
    pub oddities: Vec<Oddity>,
}

/// One row and the route that it expects.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'p> {
    /// Of which kind.
    pub kind: RowKind,
    /// The address, the address space, or the domain.
    pub subject: &'p str,
    /// The route; `None` for an undecided row, and for an undeclared connector, which no policy
    /// that was read has.
    pub route: Option<Route<'p>>,
    /// Why it is undecided, where it is.
    pub undecided: Option<&'p str>,
    /// Of a recipient row.
    pub cost: Option<u32>,
}

/// The kinds of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// An account.
    Account,
    /// An address space of recipients.
    Recipient,
    /// A domain's default, for senders that no other row covers.
    Domain,
}

impl RowKind {
    /// The word for a table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Recipient => "recipient",
            Self::Domain => "domain default",
        }
    }
}

/// Something odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// A stable word.
    pub code: &'static str,
    /// A sentence without full stop.
    pub says: String,
}

impl Oddity {
    /// Whether the policy is wrong there: a domain of the senders' own identifies nobody, and must
    /// not stand for a connector.
    pub fn is_error(&self) -> bool {
        matches!(self.code, "own-dkim" | "own-bounce-domain")
    }
}

impl Policy {
    /// What this policy means, and what is odd about it.
    pub fn overview(&self) -> Overview<'_> {
        let rows: Vec<_> = self.rows().collect();
        let connectors: Vec<_> = self
            .connectors
            .iter()
            .map(|connector| {
                let leads = |row: &&Row<'_>| row.route == Some(Route::Connector(connector));
                (connector, rows.iter().filter(leads).count())
            })
            .collect();
        let mut oddities = Vec::new();
        let mut odd = |code, says| oddities.push(Oddity { code, says });
        if rows.is_empty() {
            odd(
                "no-rows",
                "no account, domain or recipient is listed: every sender is unlisted".to_owned(),
            );
        }
        for (connector, uses) in &connectors {
            if *uses == 0 {
                odd("unused-connector", format!("no row leads to {connector}"));
            }
        }
        self.same_exits(&mut odd);
        self.inner_addresses(&mut odd);
        self.uncovered_domains(&mut odd);
        self.own_signatures(&mut odd);
        self.recipient_rows(&mut odd);
        Overview {
            connectors,
            rows,
            oddities,
        }
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let accounts = self.accounts.values().map(|row| Row {
            kind: RowKind::Account,
            subject: &row.address,
            route: row.connector.id().and_then(|id| self.route(id)),
            undecided: because(&row.connector),
            cost: None,
        });
        let recipients = self.recipients.values().flatten().map(|row| Row {
            kind: RowKind::Recipient,
            subject: &row.domain,
            route: self.route(row.connector),
            undecided: None,
            cost: Some(row.cost),
        });
        let domains = self.domains.values().map(|row| Row {
            kind: RowKind::Domain,
            subject: &row.name,
            route: row.default_connector.id().and_then(|id| self.route(id)),
            undecided: because(&row.default_connector),
            cost: None,
        });
        accounts.chain(recipients).chain(domains)
    }

    /// Hosts named for two connectors, or for a connector and the Exchange.
    fn same_exits(&self, odd: &mut impl FnMut(&'static str, String)) {
        for (index, connector) in self.connectors.iter().enumerate() {
            for host in hosts(connector) {
                for other in self.connectors.iter().skip(index + 1) {
                    if hosts(other).any(|h| h == host) {
                        odd(
                            "same-exit",
                            format!(
                                "{connector} and {other} share {host} and may not be told apart"
                            ),
                        );
                    }
                }
                if self.exchange_hosts.contains(host) {
                    odd(
                        "connector-is-exchange",
                        format!("{host} is named for {connector} and as an exchange host"),
                    );
                }
            }
        }
    }

    /// Private addresses: the recipient's network may have the same.
    fn inner_addresses(&self, odd: &mut impl FnMut(&'static str, String)) {
        let exits = self.connectors.iter().flat_map(hosts);
        for host in exits.chain(&self.exchange_hosts).filter(|h| is_inner(h)) {
            odd(
                "inner-address",
                format!(
                    "{host} is a private address, which recipients do not see: name the public one"
                ),
            );
        }
    }

    /// Domains with listed accounts and no default.
    fn uncovered_domains(&self, odd: &mut impl FnMut(&'static str, String)) {
        if self.recipients.contains_key("*") {
            return;
        }
        let listed: BTreeSet<_> = self
            .accounts
            .keys()
            .filter_map(|address| lex::domain_of(address))
            .collect();
        for domain in listed {
            if !self.domains.contains_key(domain) {
                odd(
                    "no-domain-row",
                    format!(
                        "{} has accounts and no domain row: its other senders are unlisted",
                        printable(domain)
                    ),
                );
            }
        }
    }

    /// A sender's own signature shows nothing of the way (contract section 5).
    fn own_signatures(&self, odd: &mut impl FnMut(&'static str, String)) {
        let own: BTreeSet<_> = self.sender_domains().collect();
        for connector in &self.connectors {
            for domain in connector.dkim.iter().filter(|d| own.contains(d.as_str())) {
                odd(
                    "own-dkim",
                    format!(
                        "{connector}: dkim domain {domain} is the senders' own and identifies nobody"
                    ),
                );
            }
            for domain in &connector.bounce_domains {
                if own.contains(domain.as_str()) {
                    odd(
                        "own-bounce-domain",
                        format!(
                            "{connector}: bounce domain {domain} is the senders' own, so mail that leaves directly may have it too"
                        ),
                    );
                }
            }
        }
    }

    fn recipient_rows(&self, odd: &mut impl FnMut(&'static str, String)) {
        for rows in self.recipients.values() {
            if let [first, second, ..] = rows.as_slice()
                && first.cost == second.cost
                && first.connector != second.connector
            {
                odd(
                    "equal-cost",
                    format!(
                        "recipient rows {} lead to connectors {} and {} at the same cost {}: neither is expected",
                        first.domain, first.connector, second.connector, first.cost
                    ),
                );
            }
        }
        if self.recipients.contains_key("*") {
            for domain in self.domains.keys() {
                odd(
                    "shadowed-domain",
                    format!(
                        "domain row {domain} is never asked: the recipient row * covers every mail before it"
                    ),
                );
            }
        }
    }
}

fn because(binding: &Binding) -> Option<&str> {
    match binding {
        Binding::Connector(_) | Binding::Settled { .. } => None,
        Binding::Undecided { because } => Some(because),
    }
}

fn hosts(connector: &Connector) -> impl Iterator<Item = &HostSpec> {
    connector.smart_hosts.iter().chain(&connector.egress)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Policy {
        Policy::read(text.as_bytes(), "p").expect(text)
    }

    fn odd(text: &str) -> Vec<String> {
        let policy = policy(text);
        let oddities = policy.overview().oddities;
        oddities
            .iter()
            .map(|o| format!("{}: {}", o.code, o.says))
            .collect()
    }

    const RELAY: &str = "[[connector]]\nid = 29\nname = \"testconnector\"\nsmart-host = \"smtp-relay.example.com\"\n";

    #[test]
    fn rows_show_the_route_of_each() {
        let policy = policy(&format!(
            "{RELAY}[[account]]\naddress = \"newsletter@mydomain.ovh\"\nconnector = 29\n\
             [[account]]\naddress = \"contact@mydomain.ovh\"\nconnector = 0\n\
             [[domain]]\nname = \"mydomain.ovh\"\ndefault-connector = 29\n\
             [[recipient]]\ndomain = \"example.net\"\nconnector = 0\ncost = 3\n"
        ));
        let overview = policy.overview();
        let rows: Vec<_> = overview
            .rows
            .iter()
            .map(|row| {
                let route = row.route.map(|r| r.to_string()).unwrap_or_default();
                (row.kind.as_str(), row.subject, route, row.cost)
            })
            .collect();
        let exchange = || "the Exchange outgoing server".to_owned();
        let relay = || "connector 29 (testconnector, smtp-relay.example.com)".to_owned();
        assert_eq!(
            rows,
            [
                ("account", "contact@mydomain.ovh", exchange(), None),
                ("account", "newsletter@mydomain.ovh", relay(), None),
                ("recipient", "example.net", exchange(), Some(3)),
                ("domain default", "mydomain.ovh", relay(), None),
            ]
        );
        assert_eq!(overview.connectors.first().map(|(_, uses)| *uses), Some(2));
        assert_eq!(overview.oddities, []);
    }

    #[test]
    fn oddities() {
        let account = "[[account]]\naddress = \"a@example.org\"\nconnector = 29\n";
        let domain = "[[domain]]\nname = \"example.org\"\ndefault-connector = 0\n";
        assert_eq!(
            odd(""),
            ["no-rows: no account, domain or recipient is listed: every sender is unlisted"]
        );
        assert_eq!(
            odd(&format!("{RELAY}{domain}")),
            [
                "unused-connector: no row leads to connector 29 (testconnector, smtp-relay.example.com)"
            ]
        );
        assert_eq!(
            odd(&format!("{RELAY}{account}")),
            [
                "no-domain-row: example.org has accounts and no domain row: its other senders are unlisted"
            ]
        );
        let own = "dkim = [\"example.org\"]\nbounce-domains = [\"example.org\"]\n";
        assert_eq!(
            odd(&format!("{RELAY}{own}{account}{domain}")),
            [
                "own-dkim: connector 29 (testconnector, smtp-relay.example.com): dkim domain example.org is the senders' own and identifies nobody",
                "own-bounce-domain: connector 29 (testconnector, smtp-relay.example.com): bounce domain example.org is the senders' own, so mail that leaves directly may have it too"
            ]
        );
        assert_eq!(
            odd(&format!(
                "{RELAY}egress = [\"10.0.0.0/24\"]\n{account}{domain}"
            )),
            [
                "inner-address: 10.0.0.0/24 is a private address, which recipients do not see: name the public one"
            ]
        );
        let second = "[[connector]]\nid = 30\nsmart-host = \"b.example.net\"\negress = [\"smtp-relay.example.com\"]\n";
        let spaces = "[[recipient]]\ndomain = \"*\"\nconnector = 29\n[[recipient]]\ndomain = \"*\"\nconnector = 30\n";
        assert_eq!(
            odd(&format!(
                "[platform]\nexchange-hosts = [\"b.example.net\"]\n{RELAY}{second}{account}{domain}{spaces}"
            )),
            [
                "same-exit: connector 29 (testconnector, smtp-relay.example.com) and connector 30 (b.example.net) share smtp-relay.example.com and may not be told apart",
                "connector-is-exchange: b.example.net is named for connector 30 (b.example.net) and as an exchange host",
                "equal-cost: recipient rows * lead to connectors 29 and 30 at the same cost 1: neither is expected",
                "shadowed-domain: domain row example.org is never asked: the recipient row * covers every mail before it"
            ]
        );
    }
}
