//! A policy file into a [`Policy`]: TOML in the shape of contract section 8, read strictly.
//!
//! An unknown key is an error with the key that was probably meant; so is a value of the wrong
//! kind, a HOST that is none, a row twice, and a row bound to a connector that the file does not
//! declare. Each error has its place. Beyond the contract's keys there are
//!
//! ```toml
//! [[recipient]]
//! domain = "*.example.net"   # a domain, `*.domain` (it and all below), or `*`
//! connector = 30             # 0: delivered directly
//! cost = 1                   # optional: the lowest wins among equal domains
//! ```
//!
//! `smart-host` may be a list, of alternatives, and an account or a domain may be undecided:
//!
//! ```toml
//! [[account]]
//! address = "newsletter@mydomain.ovh"
//! connector = "undecided"    # nothing is expected of its mail: inconclusive, by this row
//! because = "an sbrDestination is set beside connector 0, and which of them holds is not documented"
//! ```
//!
//! `because` beside an id says what the platform left open before the user settled it: so
//! [`super::difference`] sees when that changes. Knows nothing of messages.

use std::collections::HashMap;
use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::place::{self, Named};
use super::{
    Account, AuthservId, Binding, Connector, Domain, OUTGOING_SERVER, Policy, ReadError, Recipient,
};
use super::{normal_address, normal_address_space, normal_domain};
use crate::catalogue::Catalogue;
use crate::host::{self, HostSpec};
use crate::lex;

/// How many ids an error lists.
const IDS_LISTED: usize = 12;

/// The word in place of a connector's id.
pub(super) const UNDECIDED: &str = "undecided";

/// The range of Exchange's address space costs.
const COSTS: std::ops::RangeInclusive<u64> = 1..=100;

const TOP: Known = &[
    "platform",
    "receiver",
    "connector",
    "account",
    "domain",
    "recipient",
];
const PLATFORM: Known = &["name", "exchange-hosts"];
const RECEIVER: Known = &["hosts", "trust", "authserv-ids"];
const CONNECTOR: Known = &[
    "id",
    "name",
    "smart-host",
    "egress",
    "bounce-domains",
    "dkim",
    "require-tls",
];
const ACCOUNT: Known = &["address", "connector", "because"];
const DOMAIN: Known = &["name", "default-connector", "because"];
const RECIPIENT: Known = &["domain", "connector", "cost"];

type Known = &'static [&'static str];
type Span = Range<usize>;
type Result<T> = std::result::Result<T, ReadError>;

pub(super) fn read(bytes: &[u8], name: &str, catalogue: &Catalogue) -> Result<Policy> {
    let text = place::decode(bytes, name)?;
    let named = Named { name, text: &text };
    let document = DeTable::parse(&text).map_err(|error| {
        let says = printable_lines(error.message());
        named.error(error.span().unwrap_or(0..0), says)
    })?;
    let top = Fields::of_table(named, document.get_ref(), document.span(), "", TOP)?;
    read_tables(&top, catalogue)
}

/// A parser's message in one line.
fn printable_lines(message: &str) -> String {
    place::printable(&message.replace('\n', "; ")).into_owned()
}

fn read_tables(top: &Fields<'_, '_>, catalogue: &Catalogue) -> Result<Policy> {
    let mut policy = Policy::default();
    if let Some(platform) = top.table("platform", "[platform]", PLATFORM)? {
        let name = platform.string("name")?;
        policy.platform = name
            .map(|name| platform_name(name, catalogue))
            .transpose()?;
        policy.exchange_hosts = platform.list("exchange-hosts", &host)?;
    }
    if let Some(receiver) = top.table("receiver", "[receiver]", RECEIVER)? {
        policy.receivers = receiver.list("hosts", &host)?;
        policy.trust = receiver.list("trust", &host)?;
        policy.authserv_ids = receiver.list("authserv-ids", &authserv_id)?;
    }
    read_connectors(top, &mut policy)?;
    read_accounts(top, &mut policy)?;
    read_domains(top, &mut policy)?;
    read_recipients(top, &mut policy)?;
    Ok(policy)
}

fn read_connectors(top: &Fields<'_, '_>, policy: &mut Policy) -> Result<()> {
    let mut seen = Seen::default();
    for row in top.tables("connector", CONNECTOR)? {
        let (id, span) = row.integer("id")?.ok_or_else(|| row.missing("id"))?;
        if id == OUTGOING_SERVER {
            return Err(row.named.error(
                span,
                "id 0 is the Exchange outgoing server and is never declared: accounts are bound to it with `connector = 0`",
            ));
        }
        seen.once(row.named, id.to_string(), span, "connector")?;
        policy.connectors.push(Connector {
            id: Some(id),
            name: row.string("name")?.map(|name| name.text.to_owned()),
            smart_hosts: row.smart_hosts()?,
            egress: row.list("egress", &host)?,
            bounce_domains: row.list("bounce-domains", &domain)?,
            dkim: row.list("dkim", &domain)?,
            require_tls: row.boolean("require-tls")?.unwrap_or(false),
        });
    }
    Ok(())
}

fn read_accounts(top: &Fields<'_, '_>, policy: &mut Policy) -> Result<()> {
    let mut seen = Seen::default();
    for row in top.tables("account", ACCOUNT)? {
        let written = row
            .string("address")?
            .ok_or_else(|| row.missing("address"))?;
        let span = written.span.clone();
        let address = mail_address(written)?;
        seen.once(row.named, address.clone(), span, "account")?;
        let connector = row.binding("connector", policy)?;
        policy
            .accounts
            .insert(address.clone(), Account { address, connector });
    }
    Ok(())
}

fn read_domains(top: &Fields<'_, '_>, policy: &mut Policy) -> Result<()> {
    let mut seen = Seen::default();
    for row in top.tables("domain", DOMAIN)? {
        let written = row.string("name")?.ok_or_else(|| row.missing("name"))?;
        let span = written.span.clone();
        let name = domain(written)?;
        seen.once(row.named, name.clone(), span, "domain")?;
        let default_connector = row.binding("default-connector", policy)?;
        policy.domains.insert(
            name.clone(),
            Domain {
                name,
                default_connector,
            },
        );
    }
    Ok(())
}

fn read_recipients(top: &Fields<'_, '_>, policy: &mut Policy) -> Result<()> {
    let mut seen = Seen::default();
    for row in top.tables("recipient", RECIPIENT)? {
        let written = row.string("domain")?.ok_or_else(|| row.missing("domain"))?;
        let (named, span) = (written.named, written.span.clone());
        let domain =
            normal_address_space(written.text).map_err(|says| named.error(span.clone(), says))?;
        let connector = row.connector("connector", policy)?;
        seen.once(named, format!("{domain} to {connector}"), span, "recipient")?;
        let cost = match row.integer("cost")? {
            None => 1,
            Some((cost, span)) => u32::try_from(cost)
                .ok()
                .filter(|_| COSTS.contains(&cost))
                .ok_or_else(|| named.error(span, "a cost is a number from 1 to 100"))?,
        };
        policy
            .recipients
            .entry(domain.clone())
            .or_default()
            .push(Recipient {
                domain,
                connector,
                cost,
            });
    }
    for rows in policy.recipients.values_mut() {
        rows.sort_by_key(|row| (row.cost, row.connector));
    }
    Ok(())
}

/// What has been declared so far, with its offset.
#[derive(Default)]
struct Seen(HashMap<String, usize>);

impl Seen {
    fn once(&mut self, named: Named<'_>, what: String, span: Span, kind: &str) -> Result<()> {
        match self.0.insert(what.clone(), span.start) {
            None => Ok(()),
            Some(first) => Err(named.error(
                span,
                format!(
                    "{kind} {} twice: it is on line {} already",
                    place::printable(&what),
                    named.line(first)
                ),
            )),
        }
    }
}

/// A string with its place.
struct Written<'t> {
    named: Named<'t>,
    text: &'t str,
    span: Span,
}

impl Written<'_> {
    fn error(&self, says: impl Into<String>) -> ReadError {
        self.named.error(self.span.clone(), says)
    }
}

fn host(written: Written<'_>) -> Result<HostSpec> {
    HostSpec::from_str(written.text)
        .map_err(|error| written.error(printable_lines(&error.to_string())))
}

fn domain(written: Written<'_>) -> Result<String> {
    normal_domain(written.text).map_err(|says| written.error(says))
}

fn mail_address(written: Written<'_>) -> Result<String> {
    let shown = place::printable(written.text);
    let strange = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',');
    normal_address(written.text)
        .filter(|address| !address.contains(strange))
        .filter(|address| lex::domain_of(address).is_some_and(host::is_domain_name))
        .ok_or_else(|| {
            written.error(format!(
                "`{shown}` is no mail address: write it like newsletter@example.com"
            ))
        })
}

/// As `--platform` (contract section 2).
fn platform_name(written: Written<'_>, catalogue: &Catalogue) -> Result<String> {
    let known: Vec<&str> = catalogue.platforms().map(|known| &*known.id).collect();
    if known.contains(&written.text) {
        return Ok(written.text.to_owned());
    }
    let help = meant(written.text, &known);
    Err(written.error(format!(
        "unknown platform `{}`{}",
        place::printable(written.text),
        suggestion(help, &known)
    )))
}

/// As `--authserv-id` (contract section 2).
fn authserv_id(written: Written<'_>) -> Result<AuthservId> {
    written.text.parse().map_err(|says: String| {
        written.error(format!(
            "`{}` is no authserv-id: {says}",
            place::printable(written.text)
        ))
    })
}

/// The keys of one table, all of them known.
struct Fields<'t, 'd> {
    named: Named<'t>,
    table: &'d DeTable<'t>,
    span: Span,
    title: String,
}

impl<'t, 'd> Fields<'t, 'd> {
    fn of_table(
        named: Named<'t>,
        table: &'d DeTable<'t>,
        span: Span,
        title: &str,
        known: Known,
    ) -> Result<Self> {
        let unknown = table
            .keys()
            .filter(|key| !known.contains(&key.get_ref().as_ref()))
            .min_by_key(|key| key.span().start);
        if let Some(key) = unknown {
            let place = match title {
                "" => String::new(),
                title => format!(" in {title}"),
            };
            let written = key.get_ref();
            return Err(named.error(
                key.span(),
                format!(
                    "unknown key `{}`{place}{}",
                    place::printable(written),
                    suggestion(meant(written, known), known)
                ),
            ));
        }
        Ok(Self {
            named,
            table,
            span,
            title: title.to_owned(),
        })
    }

    fn value(&self, key: &str) -> Option<&'d Spanned<DeValue<'t>>> {
        self.table.get(key)
    }

    fn missing(&self, key: &str) -> ReadError {
        let says = format!("{} without `{key}`", self.title);
        self.named.error(self.span.clone(), says)
    }

    fn wrong(&self, value: &Spanned<DeValue<'t>>, key: &str, expected: &str) -> ReadError {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.named.error(
            value.span(),
            format!("`{key}` is {found} where {expected} is expected"),
        )
    }

    fn written<'s>(&self, text: &'s str, span: Span) -> Written<'s>
    where
        't: 's,
    {
        Written {
            named: self.named,
            text,
            span,
        }
    }

    fn string(&self, key: &str) -> Result<Option<Written<'d>>>
    where
        't: 'd,
    {
        self.value(key)
            .map(|value| match value.get_ref() {
                DeValue::String(text) => Ok(self.written(text, value.span())),
                DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_)
                | DeValue::Array(_)
                | DeValue::Table(_) => Err(self.wrong(value, key, "a string")),
            })
            .transpose()
    }

    fn boolean(&self, key: &str) -> Result<Option<bool>> {
        self.value(key)
            .map(|value| {
                let found = value.get_ref().as_bool();
                found.ok_or_else(|| self.wrong(value, key, "true or false"))
            })
            .transpose()
    }

    fn integer(&self, key: &str) -> Result<Option<(u64, Span)>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let Some(integer) = value.get_ref().as_integer() else {
            return Err(self.wrong(value, key, "a number"));
        };
        u64::from_str_radix(integer.as_str(), integer.radix())
            .map(|number| Some((number, value.span())))
            .map_err(|_| {
                let says = format!("`{key}` is no number from 0 to {}", u64::MAX);
                self.named.error(value.span(), says)
            })
    }

    /// Each string of a list, read by `read`; an absent list is an empty one.
    fn list<T>(&self, key: &str, read: &dyn Fn(Written<'_>) -> Result<T>) -> Result<Vec<T>> {
        let Some(value) = self.value(key) else {
            return Ok(Vec::new());
        };
        let Some(array) = value.get_ref().as_array() else {
            return Err(self.wrong(value, key, "a list of strings"));
        };
        array
            .iter()
            .map(|item| match item.get_ref().as_str() {
                Some(text) => read(self.written(text, item.span())),
                None => Err(self.wrong(item, key, "a string")),
            })
            .collect()
    }

    /// `smart-host`: one, or a list of alternatives that is not empty.
    fn smart_hosts(&self) -> Result<Vec<HostSpec>> {
        let key = "smart-host";
        let value = self.value(key).ok_or_else(|| self.missing(key))?;
        let hosts = match value.get_ref() {
            DeValue::String(text) => vec![host(self.written(text, value.span()))?],
            DeValue::Array(_) => self.list(key, &host)?,
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Table(_) => return Err(self.wrong(value, key, "a string")),
        };
        if hosts.is_empty() {
            let says =
                "`smart-host` is an empty list: name the host that the connector hands over to";
            return Err(self.named.error(value.span(), says));
        }
        Ok(hosts)
    }

    /// The id of a declared connector, or of the outgoing server.
    fn connector(&self, key: &str, policy: &Policy) -> Result<u64> {
        let (id, span) = self.integer(key)?.ok_or_else(|| self.missing(key))?;
        if policy.route(id).is_some() {
            return Ok(id);
        }
        let mut known = vec!["0 (the Exchange outgoing server)".to_owned()];
        known.extend(policy.connectors.iter().take(IDS_LISTED).map(|connector| {
            let id = connector.id.unwrap_or_default();
            match &connector.name {
                Some(name) => format!("{id} ({})", place::printable(name)),
                None => id.to_string(),
            }
        }));
        if policy.connectors.len() > IDS_LISTED {
            known.push("…".to_owned());
        }
        Err(self.named.error(
            span,
            format!(
                "connector {id} is not declared: known are {}",
                known.join(", ")
            ),
        ))
    }

    /// The id of a declared connector, or `"undecided"` with its reason.
    fn binding(&self, key: &str, policy: &Policy) -> Result<Binding> {
        let value = self.value(key).ok_or_else(|| self.missing(key))?;
        let because = self.string("because")?;
        match (value.get_ref(), because) {
            (DeValue::String(word), Some(because)) if word == UNDECIDED => {
                match because.text.trim() {
                    "" => Err(because.error("`because` is empty: say what is not known")),
                    text => Ok(Binding::Undecided {
                        because: text.to_owned(),
                    }),
                }
            }
            (DeValue::String(word), None) if word == UNDECIDED => {
                let says = format!("`{key}` is undecided without `because`: say what is not known");
                Err(self.named.error(value.span(), says))
            }
            (DeValue::String(word), _) => {
                let says = format!(
                    "`{key}` is `{}`: give a connector's number, or \"{UNDECIDED}\"",
                    place::printable(word)
                );
                Err(self.named.error(value.span(), says))
            }
            // The user knows what the platform leaves open, and says what that was.
            (_, because) => {
                let id = self.connector(key, policy)?;
                match because.map(|because| (because.text.trim().to_owned(), because)) {
                    None => Ok(Binding::Connector(id)),
                    Some((text, because)) if text.is_empty() => {
                        Err(because.error("`because` is empty: say what the platform leaves open"))
                    }
                    Some((because, _)) => Ok(Binding::Settled { id, because }),
                }
            }
        }
    }

    fn table(&self, key: &str, title: &str, known: Known) -> Result<Option<Fields<'t, 'd>>> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        match value.get_ref() {
            DeValue::Table(table) => {
                Fields::of_table(self.named, table, value.span(), title, known).map(Some)
            }
            DeValue::Array(_) => Err(self.named.error(
                value.span(),
                format!("there is one `{title}` only: write it with single brackets"),
            )),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => Err(self.wrong(value, key, "a table")),
        }
    }

    fn tables(&self, key: &str, known: Known) -> Result<Vec<Fields<'t, 'd>>> {
        let Some(value) = self.value(key) else {
            return Ok(Vec::new());
        };
        let title = format!("[[{key}]]");
        match value.get_ref() {
            DeValue::Array(rows) => rows
                .iter()
                .map(|row| match row.get_ref() {
                    DeValue::Table(table) => {
                        Fields::of_table(self.named, table, row.span(), &title, known)
                    }
                    DeValue::String(_)
                    | DeValue::Integer(_)
                    | DeValue::Float(_)
                    | DeValue::Boolean(_)
                    | DeValue::Datetime(_)
                    | DeValue::Array(_) => Err(self.wrong(row, key, "a table")),
                })
                .collect(),
            DeValue::Table(_) => Err(self.named.error(
                value.span(),
                format!("`[{key}]` is a list of tables: write `{title}`"),
            )),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => Err(self.wrong(value, key, "a list of tables")),
        }
    }
}

/// The known word that was probably meant: the same but for case and separators (`smartHost`),
/// or not further away than a slip or two of the fingers.
fn meant<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    // A longer word is no slip of the fingers, and distance costs quadratic time.
    if written.len() > 64 {
        return None;
    }
    let plain = |word: &str| word.replace(['-', '_', ' '], "").to_ascii_lowercase();
    let written = plain(written);
    let nearest = known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(&written, &plain(word)), *word))
        .min_by_key(|(distance, _)| *distance)?;
    (nearest.0 <= (nearest.1.len() / 3).max(1)).then_some(nearest.1)
}

fn suggestion(meant: Option<&str>, known: &[&str]) -> String {
    match meant {
        Some(word) => format!(": did you mean `{word}`?"),
        None => {
            let list: Vec<_> = known.iter().map(|word| format!("`{word}`")).collect();
            format!(": known are {}", list.join(", "))
        }
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    fn read(bytes: &[u8], name: &str) -> Result<Policy> {
        super::read(bytes, name, Catalogue::builtin())
    }

    /// The example of contract section 8.
    const EXAMPLE: &str = r#"
[platform]                 # optional
name = "ovhcloud"
exchange-hosts = ["mail.mydomain.ovh", "198.51.100.0/28"]
[receiver]                 # optional: as --receiver, --trust, --authserv-id
hosts = []
trust = []
authserv-ids = []
[[connector]]
id = 29                    # the API's id; 0 is the Exchange outgoing server and is never declared
name = "testconnector"
smart-host = "smtp-relay.example.com"
egress = []                # further HOSTs
bounce-domains = []
dkim = []
require-tls = true
[[account]]
address = "newsletter@mydomain.ovh"
connector = 29
[[domain]]
name = "mydomain.ovh"
default-connector = 0
"#;

    const ONE: &str = "[[connector]]\nid = 29\nsmart-host = \"smtp-relay.example.com\"\n";

    fn error(text: &str) -> String {
        let error = read(text.as_bytes(), "policy.toml").expect_err(text);
        error.to_string()
    }

    /// An error without the line it shows.
    fn says(text: &str) -> String {
        error(text).lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn the_contracts_example_is_read_whole() {
        let policy = read(EXAMPLE.as_bytes(), "policy.toml").expect("the contract's example");
        assert_eq!(policy.platform.as_deref(), Some("ovhcloud"));
        let exchange: Vec<_> = policy
            .exchange_hosts
            .iter()
            .map(|h| h.to_string())
            .collect();
        assert_eq!(exchange, ["mail.mydomain.ovh", "198.51.100.0/28"]);
        assert_eq!(
            policy.connectors,
            [Connector {
                id: Some(29),
                name: Some("testconnector".to_owned()),
                smart_hosts: vec!["smtp-relay.example.com".parse().expect("a host")],
                require_tls: true,
                ..Connector::default()
            }]
        );
        let account = policy.accounts.get("newsletter@mydomain.ovh");
        assert_eq!(account.map(|a| a.connector.id()), Some(Some(29)));
        let domain = policy.domains.get("mydomain.ovh");
        assert_eq!(domain.map(|d| d.default_connector.id()), Some(Some(0)));
    }

    #[test]
    fn every_key_is_kept() {
        let text = r#"
[receiver]
hosts = ["mx.example.org"]
trust = ["filter.example.org", "192.0.2.0/28"]
authserv-ids = ["mx.example.org", "in.example.org:spf,dkim"]
[[connector]]
id = 7
smart-host = ["a.example.com", "b.example.com"]
egress = ["*.out.example.com", "203.0.113.0/24"]
bounce-domains = ["Bounce.Example.com."]
dkim = ["smtp.example.com"]
[[recipient]]
domain = "*.Partner.example"
connector = 7
cost = 5
[[recipient]]
domain = "*.partner.example"
connector = 0
"#;
        let policy = read(text.as_bytes(), "p").expect(text);
        let texts = |hosts: &[HostSpec]| hosts.iter().map(|h| h.to_string()).collect::<Vec<_>>();
        assert_eq!(texts(&policy.receivers), ["mx.example.org"]);
        assert_eq!(texts(&policy.trust), ["filter.example.org", "192.0.2.0/28"]);
        let ids: Vec<String> = policy
            .authserv_ids
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(ids, ["mx.example.org", "in.example.org:spf,dkim"]);
        let [connector] = policy.connectors.as_slice() else {
            panic!("one connector");
        };
        assert_eq!(
            texts(&connector.smart_hosts),
            ["a.example.com", "b.example.com"]
        );
        assert_eq!(
            texts(&connector.egress),
            ["*.out.example.com", "203.0.113.0/24"]
        );
        assert_eq!(connector.bounce_domains, ["bounce.example.com"]);
        assert_eq!(connector.dkim, ["smtp.example.com"]);
        assert!(!connector.require_tls);
        let rows = policy
            .recipients
            .get("*.partner.example")
            .map(Vec::as_slice);
        let costs: Vec<_> = rows
            .unwrap_or_default()
            .iter()
            .map(|r| (r.connector, r.cost))
            .collect();
        assert_eq!(costs, [(0, 1), (7, 5)], "cheapest first");
    }

    #[test]
    fn an_error_shows_place_text_and_what_was_meant() {
        assert_eq!(
            error("[[connector]]\nid = 29\nsmartHost = \"smtp-relay.example.com\"\n"),
            "policy.toml:3:1: unknown key `smartHost` in [[connector]]: did you mean `smart-host`?
3 | smartHost = \"smtp-relay.example.com\"
  | ^^^^^^^^^"
        );
        assert_eq!(
            error(&format!("{ONE}[[account]]\naddress = \"a@example.com\"\nconnector = 30")),
            "policy.toml:6:13: connector 30 is not declared: known are 0 (the Exchange outgoing server), 29
6 | connector = 30
  |             ^^"
        );
        assert_eq!(
            error("[platform]\n\tname = \"ovh-cloud\""),
            "policy.toml:2:9: unknown platform `ovh-cloud`: did you mean `ovhcloud`?
2 |  name = \"ovh-cloud\"
  |         ^^^^^^^^^^^"
        );
    }

    #[test]
    fn error_texts() {
        let account = |rows: &str| format!("{ONE}[[account]]\n{rows}");
        for (text, expected) in [
            (
                "[[conector]]\nid = 1",
                "policy.toml:1:3: unknown key `conector`: did you mean `connector`?",
            ),
            (
                "[[account]]\nadress = \"a@example.com\"",
                "policy.toml:2:1: unknown key `adress` in [[account]]: did you mean `address`?",
            ),
            (
                "[colour]\n",
                "policy.toml:1:2: unknown key `colour`: known are `platform`, `receiver`, `connector`, `account`, `domain`, `recipient`",
            ),
            (
                "[platform]\nname = \"x\"",
                "policy.toml:2:8: unknown platform `x`: known are `microsoft-365`, `ovhcloud`",
            ),
            (
                "[connector]\nid = 1",
                "policy.toml:1:1: `[connector]` is a list of tables: write `[[connector]]`",
            ),
            (
                "[[platform]]\nname = \"ovhcloud\"",
                "policy.toml:1:1: there is one `[platform]` only: write it with single brackets",
            ),
            (
                "connector = 3",
                "policy.toml:1:13: `connector` is an integer where a list of tables is expected",
            ),
            (
                "connector = [3]",
                "policy.toml:1:14: `connector` is an integer where a table is expected",
            ),
            (
                "[[connector]]\nsmart-host = \"a.example.com\"",
                "policy.toml:1:1: [[connector]] without `id`",
            ),
            (
                "[[connector]]\nid = 1",
                "policy.toml:1:1: [[connector]] without `smart-host`",
            ),
            (
                "[[connector]]\nid = 0\nsmart-host = \"a.example.com\"",
                "policy.toml:2:6: id 0 is the Exchange outgoing server and is never declared: accounts are bound to it with `connector = 0`",
            ),
            (
                "[[connector]]\nid = -1",
                "policy.toml:2:6: `id` is no number from 0 to 18446744073709551615",
            ),
            (
                "[[connector]]\nid = \"1\"",
                "policy.toml:2:6: `id` is a string where a number is expected",
            ),
            (
                "[[connector]]\nid = 1\nsmart-host = \"\"",
                "policy.toml:3:14: empty host: give a host name, `*.domain`, an address or a network such as 192.0.2.0/24",
            ),
            (
                "[[connector]]\nid = 1\nsmart-host = []",
                "policy.toml:3:14: `smart-host` is an empty list: name the host that the connector hands over to",
            ),
            (
                "[[connector]]\nid = 1\nsmart-host = [\"a.example.com\", \"*.com\"]",
                "policy.toml:3:32: `*.com` is a public suffix, under which anybody may have a host: name a domain below it",
            ),
            (
                "[[connector]]\nid = 1\nsmart-host = \"smtp.example.com:587\"",
                "policy.toml:3:14: `smtp.example.com:587`: give the host alone, without scheme, path or port",
            ),
            (
                "[[connector]]\nid = 1\nsmart-host = 5",
                "policy.toml:3:14: `smart-host` is an integer where a string is expected",
            ),
            (
                "[[connector]]\nid = 1\nsmart-host = \"a.example.com\"\nrequire-tls = \"yes\"",
                "policy.toml:4:15: `require-tls` is a string where true or false is expected",
            ),
            (
                "[[connector]]\nid = 1\nsmart-host = \"a.example.com\"\ndkim = \"example.com\"",
                "policy.toml:4:8: `dkim` is a string where a list of strings is expected",
            ),
            (
                "[[connector]]\nid = 1\nsmart-host = \"a.example.com\"\ndkim = [\"a@example.com\"]",
                "policy.toml:4:9: `a@example.com` is a mail address: give the domain alone",
            ),
            (
                "[[connector]]\nid = 1\nsmart-host = \"a.example.com\"\nbounce-domains = [\"*.example.com\"]",
                "policy.toml:4:19: `*.example.com` is no domain: give a name such as example.com",
            ),
            (
                "[platform]\nexchange-hosts = [\"0.0.0.0/0\"]",
                "policy.toml:2:19: `0.0.0.0/0` is every address there is: name a smaller network",
            ),
            (
                "[receiver]\nauthserv-ids = [\"mx.example.com; x\"]",
                "policy.toml:2:17: `mx.example.com; x` is no authserv-id: give a plain token, such as mx.example.com",
            ),
            (
                "[[domain]]\nname = \"\"\n",
                "policy.toml:2:8: empty domain: give a name such as example.com",
            ),
            (
                "[[domain]]\nname = \"b\u{fc}cher.example\"",
                "policy.toml:2:8: `b\u{fc}cher.example` is not ASCII: give the domain as it stands in headers (`xn--…`)",
            ),
            (
                "[[domain]]\nname = \"example.com\"\n",
                "policy.toml:1:1: [[domain]] without `default-connector`",
            ),
            (
                "[[recipient]]\ndomain = \"a.*.example\"",
                "policy.toml:2:10: `a.*.example`: a `*` stands alone or at the start, as in `*.example.net`",
            ),
            (
                "[[recipient]]\ndomain = \"*.*.example\"",
                "policy.toml:2:10: `*.*.example` is no address space: give `*`, a domain, or `*.example.net`",
            ),
            (
                "[[recipient]]\ndomain = \"*\"\nconnector = 0\ncost = 0",
                "policy.toml:4:8: a cost is a number from 1 to 100",
            ),
            (
                "[[domain]]\nname = \"example.com\"\ndefault-connector = 5\n",
                "policy.toml:3:21: connector 5 is not declared: known are 0 (the Exchange outgoing server)",
            ),
        ] {
            assert_eq!(says(text), expected);
        }
        for (rows, expected) in [
            (
                "connector = 29",
                "policy.toml:4:1: [[account]] without `address`",
            ),
            (
                "address = \"newsletter\"\nconnector = 29",
                "policy.toml:5:11: `newsletter` is no mail address: write it like newsletter@example.com",
            ),
            (
                "address = \"News <a@example.com>\"\nconnector = 29",
                "policy.toml:5:11: `News <a@example.com>` is no mail address: write it like newsletter@example.com",
            ),
            (
                "address = \"a@example.com\"",
                "policy.toml:4:1: [[account]] without `connector`",
            ),
            (
                "address = \"a@example.com\"\nconnector = 29.0",
                "policy.toml:6:13: `connector` is a number with a fraction where a number is expected",
            ),
            (
                "address = \"a@example.com\"\nconnector = \"29\"",
                "policy.toml:6:13: `connector` is `29`: give a connector's number, or \"undecided\"",
            ),
            (
                "address = \"a@example.com\"\nconnector = \"Undecided\"\nbecause = \"x\"",
                "policy.toml:6:13: `connector` is `Undecided`: give a connector's number, or \"undecided\"",
            ),
            (
                "address = \"a@example.com\"\nconnector = \"undecided\"",
                "policy.toml:6:13: `connector` is undecided without `because`: say what is not known",
            ),
            (
                "address = \"a@example.com\"\nconnector = \"undecided\"\nbecause = \" \"",
                "policy.toml:7:11: `because` is empty: say what is not known",
            ),
            (
                "address = \"a@example.com\"\nconnector = 29\nbecause = \"\"",
                "policy.toml:7:11: `because` is empty: say what the platform leaves open",
            ),
            (
                "address = \"a@example.com\"\nconnector = 29\n[[recipient]]\ndomain = \"*\"\nconnector = \"undecided\"",
                "policy.toml:9:13: `connector` is a string where a number is expected",
            ),
            (
                "address = \"a@example.com\"\nconnector = 29\n[[account]]\naddress = \"A@Example.com.\"\nconnector = 0",
                "policy.toml:8:11: account a@example.com twice: it is on line 5 already",
            ),
        ] {
            assert_eq!(says(&account(rows)), expected);
        }
        assert_eq!(
            says(&format!("{ONE}{ONE}")),
            "policy.toml:5:6: connector 29 twice: it is on line 2 already"
        );
        assert_eq!(
            says(
                "[[domain]]\nname = \"a.example\"\ndefault-connector = 0\n[[domain]]\nname = \"A.example\"\ndefault-connector = 0"
            ),
            "policy.toml:5:8: domain a.example twice: it is on line 2 already"
        );
        assert_eq!(
            says(
                "[[recipient]]\ndomain = \"*\"\nconnector = 0\n[[recipient]]\ndomain = \"*\"\nconnector = 0\ncost = 2"
            ),
            "policy.toml:5:10: recipient * to 0 twice: it is on line 2 already"
        );
    }

    #[test]
    fn broken_toml_keeps_its_place() {
        assert_eq!(
            error("[[connector]]\nid = \n"),
            "policy.toml:2:6: string values must be quoted, expected literal string
2 | id = 
  |      ^"
        );
        assert!(says("id = 1\nid = 2").starts_with("policy.toml:2:1: duplicate key"));
    }

    #[test]
    fn windows_encodings_and_line_ends_are_read() {
        let expected = read(EXAMPLE.as_bytes(), "p").expect("the example");
        let crlf = EXAMPLE.replace('\n', "\r\n");
        let with_bom = format!("\u{feff}{crlf}");
        let le: Vec<u8> = with_bom.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = with_bom.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [crlf.as_bytes(), with_bom.as_bytes(), &le, &be, &le[2..]] {
            assert_eq!(read(bytes, "p").expect("an encoding"), expected);
        }
        assert_eq!(
            read(b"a = 1\n# \xe9\n", "p")
                .expect_err("latin-1")
                .to_string(),
            "p: line 2 is not UTF-8 text: save the file as UTF-8"
        );
        assert_eq!(
            read(&[0xff, 0xfe, b'a'], "p").expect_err("odd").to_string(),
            "p: looks like UTF-16 and is damaged: save the file as UTF-8"
        );
    }

    #[test]
    fn a_hostile_file_neither_panics_nor_reaches_the_terminal() {
        let long = format!("[[connector]]\n{}\u{202e}x = 1", "k".repeat(5000));
        assert!(error(&long).len() < 11_000);
        let nested = format!("a = {}", "[".repeat(100_000));
        assert!(read(nested.as_bytes(), "p").is_err());
        let shown = error("[platform]\nname = \"\\u001b[31m\u{202e}\"");
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }
    proptest::proptest! {
        #[test]
        fn a_damaged_policy_is_read_or_refused_with_its_place(cut in 0..EXAMPLE.len(), insert in "[\\[\\]=\"\n{}.\u{fc}]{0,3}") {
            let (before, after) = EXAMPLE.split_at(cut);
            let text = format!("{before}{insert}{after}");
            if let Err(error) = read(text.as_bytes(), "p") {
                proptest::prop_assert!(error.line >= 1 && error.line as usize <= text.lines().count() + 1);
                proptest::prop_assert!(!error.says.is_empty() && !error.says.contains('\n'));
            }
        }
    }
}
