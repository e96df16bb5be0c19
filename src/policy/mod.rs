//! What is expected of which sender: connectors, accounts, domains, recipients' address spaces.
//!
//! A policy file ([`Policy::read`], contract section 8) becomes a [`Policy`], as do the OVHcloud
//! API's answers and Exchange's own listings ([`import::import`]); an API's answer alone becomes
//! a [`Connector`] ([`Connector::read`]). [`Policy::expectation_for`] says which route it expects
//! of a sender, and by which row.
//!
//! The order of the rows:
//!
//! 1. The sender's own account row. An exact row wins; without one, `user+tag@example.com` is
//!    looked up as `user@example.com`, since a sub-address (RFC 5233) is the same mailbox.
//! 2. A recipient row: an Exchange connector is chosen by the recipient's address space whoever
//!    sends, while a row for the account stands for routing by sender, which overrides it.
//!    Among recipient rows the most specific address space wins, then the lowest cost.
//! 3. The default of the sender's domain: of exactly that domain, not of one above it, because
//!    a platform configures each domain by itself.
//! 4. Nothing: the sender is unlisted.
//!
//! Addresses and domains compare as ASCII without case, one trailing dot of a domain dropped.
//! Not supported: rows by display name, by group, by message size. Knows nothing of messages,
//! and touches no file: readers take bytes and the name that their errors show.

mod api;
mod authserv;
pub mod check;
pub mod difference;
mod expectation;
mod file;
pub mod import;
mod loose;
mod own;
mod place;
mod powershell;

use std::collections::BTreeMap;
use std::fmt;

use crate::analysis::{ConnectorRef, ExpectedSource};
use crate::catalogue::Catalogue;
use crate::host::{self, HostSpec};
use crate::lex;

pub use authserv::{AuthservId, Method};
pub use expectation::{Expectation, Plan, TOKEN_MIN, Vouching};
pub use place::ReadError;
pub(crate) use place::printable;

/// The id that stands for the platform's outgoing server and is never declared.
pub const OUTGOING_SERVER: u64 = 0;

/// A send connector: one exit, under all the names and networks that the user gives it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Connector {
    /// The platform API's id; always there in a policy.
    pub id: Option<u64>,
    /// Its display name.
    pub name: Option<String>,
    /// The smart hosts, alternatives of one another; never empty in a policy.
    pub smart_hosts: Vec<HostSpec>,
    /// Further hosts and networks from which its mail arrives.
    pub egress: Vec<HostSpec>,
    /// Envelope domains that only its mail has, lower case.
    pub bounce_domains: Vec<String>,
    /// Domains by which it signs, lower case.
    pub dkim: Vec<String>,
    /// A hand-over to or from it without TLS is worth a warning.
    pub require_tls: bool,
}

impl Connector {
    /// Whether this is that connector: a policy gives each an id of its own, and without a policy
    /// there is one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.id == other.id
    }

    /// Reads a connector file: the OVHcloud API's `GET …/sendConnector/{id}`, as JSON or as the
    /// API console prints it, in UTF-8 or UTF-16. A list of them is alternatives, which become
    /// one connector with all their hosts. `name` is what errors call the text.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, ReadError> {
        api::read_connector(bytes, name)
    }

    /// The wire form: id, name, and the first smart host.
    pub fn to_ref(&self) -> ConnectorRef {
        ConnectorRef {
            id: self.id,
            name: self.name.clone(),
            smart_host: self.smart_hosts.first().map(HostSpec::to_string),
        }
    }
}

/// As sentences name it: `connector 29 (testconnector, smtp-relay.example.com)`.
impl fmt::Display for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connector")?;
        if let Some(id) = self.id {
            write!(f, " {id}")?;
        }
        let hosts: Vec<_> = self.smart_hosts.iter().map(HostSpec::to_string).collect();
        let name = self
            .name
            .iter()
            .map(|name| place::printable(name).into_owned());
        let hosts = (!hosts.is_empty()).then(|| hosts.join(" or "));
        let parts: Vec<_> = name.chain(hosts).collect();
        match parts.is_empty() {
            true => Ok(()),
            false => write!(f, " ({})", parts.join(", ")),
        }
    }
}

/// Where a row of an account or of a domain leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// To the connector with this id, or to [`OUTGOING_SERVER`].
    Connector(u64),
    /// The platform says several things of which none is known to hold: no route is expected.
    Undecided {
        /// Why, in a fragment without full stop.
        because: String,
    },
    /// To the connector with this id, as the user knows where the platform leaves it open.
    Settled {
        /// The id, or [`OUTGOING_SERVER`].
        id: u64,
        /// What was open.
        because: String,
    },
}

impl Binding {
    /// The id, where it is known.
    pub const fn id(&self) -> Option<u64> {
        match self {
            Self::Connector(id) | Self::Settled { id, .. } => Some(*id),
            Self::Undecided { .. } => None,
        }
    }
}

/// As tables show it: `connector 29`, or why it is undecided.
impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connector(id) | Self::Settled { id, .. } => write!(f, "connector {id}"),
            Self::Undecided { because } => write!(f, "undecided: {}", place::printable(because)),
        }
    }
}

/// An account and the connector it is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// `local@domain`, lower case.
    pub address: String,
    /// What it is bound to.
    pub connector: Binding,
}

/// A domain and the connector that its new accounts start with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Lower case.
    pub name: String,
    /// What its new accounts are bound to.
    pub default_connector: Binding,
}

/// An address space and the connector that carries mail to its recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// `example.net`: that domain alone; `*.example.net`: it and all below it, as Exchange
    /// understands an address space; `*`: everybody. Lower case.
    pub domain: String,
    /// The connector's id, or [`OUTGOING_SERVER`].
    pub connector: u64,
    /// The lowest wins among equally specific rows; Exchange's range is 1 to 100.
    pub cost: u32,
}

/// What is expected of which sender. The rows of one that a message was held against stay as they
/// are; a copy of it may get others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy {
    /// The one built-in platform that counts as the Exchange, by its catalogue id.
    pub platform: Option<String>,
    /// The platform's own outgoing servers.
    pub exchange_hosts: Vec<HostSpec>,
    /// As `--receiver`.
    pub receivers: Vec<HostSpec>,
    /// As `--trust`.
    pub trust: Vec<HostSpec>,
    /// As `--authserv-id`.
    pub authserv_ids: Vec<AuthservId>,
    /// In the file's order.
    pub connectors: Vec<Connector>,
    /// By address.
    pub accounts: BTreeMap<String, Account>,
    /// By name.
    pub domains: BTreeMap<String, Domain>,
    /// By address space; each list with ascending cost.
    pub recipients: BTreeMap<String, Vec<Recipient>>,
    /// The user's own domains, by the rows.
    own: own::Own,
}

/// A route that a policy expects.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Route<'p> {
    /// Through this connector's smart host.
    Connector(&'p Connector),
    /// Through the platform's own outgoing server.
    Exchange,
}

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connector(connector) => write!(f, "{connector}"),
            Self::Exchange => f.write_str("the Exchange outgoing server"),
        }
    }
}

/// What a policy says of one sender, and by which row.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup<'p> {
    /// The sender's own row.
    Account {
        /// The row.
        row: &'p Account,
        /// The row is that of the address without its `+tag`.
        untagged: bool,
        /// What it expects.
        route: Route<'p>,
    },
    /// The row of the recipients' address space.
    Recipient {
        /// The row.
        row: &'p Recipient,
        /// What it expects.
        route: Route<'p>,
    },
    /// The default of the sender's domain.
    Domain {
        /// The row.
        row: &'p Domain,
        /// What it expects.
        route: Route<'p>,
    },
    /// Rows exist, but which of them holds is not to be told; no route is expected.
    Undecided {
        /// Why, in a sentence without full stop.
        says: String,
    },
    /// No row covers the sender.
    Unlisted,
}

impl<'p> Lookup<'p> {
    /// The route expected, where there is one.
    pub fn route(&self) -> Option<Route<'p>> {
        match self {
            Self::Account { route, .. }
            | Self::Recipient { route, .. }
            | Self::Domain { route, .. } => Some(*route),
            Self::Undecided { .. } | Self::Unlisted => None,
        }
    }

    /// The wire word for the row. A recipient row is a rule for domains, so it says
    /// `policy-domain`; [`Lookup::says`] tells the two apart.
    pub fn source(&self) -> Option<ExpectedSource> {
        match self {
            Self::Account { .. } => Some(ExpectedSource::PolicyAccount),
            Self::Recipient { .. } | Self::Domain { .. } => Some(ExpectedSource::PolicyDomain),
            Self::Undecided { .. } | Self::Unlisted => None,
        }
    }

    /// Which row it is and what it means, for a reason: a fragment without full stop.
    pub fn says(&self, sender: &str) -> String {
        crate::words::reasons::lookup(self, sender)
    }
}

impl Policy {
    /// Reads a policy file: TOML as contract section 8 and [`Recipient`] rows have it, in UTF-8
    /// or UTF-16. `name` is what errors call the text. Its platform is one of the built-in
    /// catalogue's.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, ReadError> {
        Self::read_with(bytes, name, Catalogue::builtin())
    }

    /// The same, where its platform is one of this catalogue's.
    pub fn read_with(bytes: &[u8], name: &str, catalogue: &Catalogue) -> Result<Self, ReadError> {
        file::read(bytes, name, catalogue)
    }

    /// What is expected of mail from `sender` to `recipients`, both as `local@domain`.
    ///
    /// The recipients matter only to recipient rows; leave them empty where they are unknown.
    pub fn expectation_for(&self, sender: &str, recipients: &[&str]) -> Lookup<'_> {
        let sender = without_route(sender.trim());
        let Some(address) = normal_address(sender) else {
            return Lookup::Unlisted;
        };
        // A row of the domain holds for its senders, and not for what only ends like one.
        if !has_local_part(&address) && self.lists_domain_of(&address) {
            return Lookup::Undecided {
                says: format!(
                    "{} is not written as an address is, so it is not known whose row holds",
                    place::printable(sender)
                ),
            };
        }
        if let Some((row, untagged)) = self.account(&address) {
            return match self.lead(&row.connector) {
                Ok(route) => Lookup::Account {
                    row,
                    untagged,
                    route,
                },
                Err(says) => Lookup::Undecided {
                    says: format!("account row {}: {says}", place::printable(&row.address)),
                },
            };
        }
        if let Some(lookup) = self.by_recipients(recipients) {
            return lookup;
        }
        let row = lex::domain_of(&address).and_then(|domain| self.domains.get(domain));
        match row.map(|row| (row, self.lead(&row.default_connector))) {
            Some((row, Ok(route))) => Lookup::Domain { row, route },
            Some((row, Err(says))) => Lookup::Undecided {
                says: format!(
                    "domain row {}, for senders that the policy does not list: {says}",
                    row.name
                ),
            },
            None => Lookup::Unlisted,
        }
    }

    /// The route of a binding, or why there is none.
    fn lead(&self, binding: &Binding) -> Result<Route<'_>, String> {
        match binding {
            // Only a policy that was put together by hand, not read, can hold such a row.
            Binding::Connector(id) | Binding::Settled { id, .. } => self
                .route(*id)
                .ok_or_else(|| format!("the policy does not declare connector {id}")),
            Binding::Undecided { because } => {
                Err(format!("undecided, because {}", place::printable(because)))
            }
        }
    }

    /// The route of an id: the outgoing server for 0, the declared connector, or `None`.
    pub fn route(&self, id: u64) -> Option<Route<'_>> {
        match id {
            OUTGOING_SERVER => Some(Route::Exchange),
            id => self.connector(id).map(Route::Connector),
        }
    }

    /// The connector with this id.
    pub fn connector(&self, id: u64) -> Option<&Connector> {
        self.connectors.iter().find(|c| c.id == Some(id))
    }

    /// The domains whose senders the policy lists: the user's own. A domain may come twice.
    pub fn sender_domains(&self) -> impl Iterator<Item = &str> {
        let accounts = self.accounts.keys().filter_map(|a| lex::domain_of(a));
        accounts.chain(self.domains.keys().map(String::as_str))
    }

    /// Whether a row is of the domain of an address, or of an account in it.
    fn lists_domain_of(&self, address: &str) -> bool {
        lex::domain_of(address).is_some_and(|domain| self.is_own_domain(domain))
    }

    fn account(&self, address: &str) -> Option<(&Account, bool)> {
        if let Some(row) = self.accounts.get(address) {
            return Some((row, false));
        }
        let plain = without_tag(address)?;
        self.accounts.get(&plain).map(|row| (row, true))
    }

    /// The recipient row that holds for all of `recipients`; `None` where none of them has one.
    ///
    /// A header shows one copy of a mail that may have left in several, and not which recipient
    /// it is for; so recipients that go different ways leave the expectation undecided.
    fn by_recipients(&self, recipients: &[&str]) -> Option<Lookup<'_>> {
        if self.recipients.is_empty() {
            return None;
        }
        if recipients.is_empty() && self.recipients.keys().any(|space| space != "*") {
            return Some(Lookup::Undecided {
                says: "the policy routes by recipient, and the recipient is not known".to_owned(),
            });
        }
        let mut chosen: Option<Option<&Recipient>> = None;
        // Without recipients only `*` can be a row, and that holds for any domain.
        let nobody = [""];
        let recipients = if recipients.is_empty() {
            &nobody[..]
        } else {
            recipients
        };
        for recipient in recipients {
            let rows = self.address_space(lex::domain_of(recipient).unwrap_or_default());
            let row = match rows {
                [first, second, ..]
                    if first.cost == second.cost && first.connector != second.connector =>
                {
                    return Some(Lookup::Undecided {
                        says: format!(
                            "recipient rows {} bind connectors {} and {} at the same cost {}, and Exchange takes the one nearest to the sending server",
                            first.domain, first.connector, second.connector, first.cost
                        ),
                    });
                }
                rows => rows.first(),
            };
            match chosen {
                None => chosen = Some(row),
                Some(before) if before.map(|r| r.connector) == row.map(|r| r.connector) => {}
                Some(before) => {
                    let name = |row: Option<&Recipient>| {
                        row.map_or("no recipient row".to_owned(), |r| {
                            format!("recipient row {} (connector {})", r.domain, r.connector)
                        })
                    };
                    return Some(Lookup::Undecided {
                        says: format!(
                            "the recipients go different ways: {} and {} hold for one each",
                            name(before),
                            name(row)
                        ),
                    });
                }
            }
        }
        let row = chosen.flatten()?;
        Some(match self.route(row.connector) {
            Some(route) => Lookup::Recipient { row, route },
            None => Lookup::Undecided {
                says: format!(
                    "recipient row {}: the policy does not declare connector {}",
                    row.domain, row.connector
                ),
            },
        })
    }

    /// The rows of the most specific address space that `domain` lies in, cheapest first.
    fn address_space(&self, domain: &str) -> &[Recipient] {
        let domain = host::without_root(domain).to_ascii_lowercase();
        // A longer text is no domain, and looking up its parents would cost quadratic time.
        let known = domain.len() <= DOMAIN_MAX;
        let exact = || self.recipients.get(&domain);
        let below = || {
            let parents = domain
                .match_indices('.')
                .filter_map(|(at, _)| domain.get(at + 1..));
            std::iter::once(domain.as_str())
                .chain(parents)
                .find_map(|parent| self.recipients.get(&format!("*.{parent}")))
        };
        let rows = known.then(|| exact().or_else(below)).flatten();
        rows.or_else(|| self.recipients.get("*"))
            .map_or(&[], Vec::as_slice)
    }
}

/// The longest domain in a path, in octets (RFC 5321 4.5.3.1.2).
const DOMAIN_MAX: usize = 255;

/// `local@domain` in lower case, without the domain's trailing dot and without quotes that the
/// local part does not need (RFC 5321 4.1.2: the quoted form is the same mailbox). `None` where
/// there is no local part or no domain.
fn normal_address(text: &str) -> Option<String> {
    let text = text.trim();
    let domain = lex::domain_of(text)?;
    let local = text.strip_suffix(domain)?.strip_suffix('@')?;
    let bare = local.strip_prefix('"').and_then(|l| l.strip_suffix('"'));
    let local = bare.filter(|l| is_dot_string(l)).unwrap_or(local);
    let domain = host::without_root(domain);
    (!local.is_empty() && !domain.is_empty())
        .then(|| format!("{local}@{domain}").to_ascii_lowercase())
}

/// An address without a source route (`@a,@b:local@domain`, RFC 5322 4.4), which means nothing.
fn without_route(text: &str) -> &str {
    match text.split_once(':') {
        Some((route, address)) if route.starts_with('@') => address,
        _ => text,
    }
}

/// Whether an address has a local part as RFC 5322 3.4.1 writes it; dots may stand at its ends and
/// together, as some providers once let them.
fn has_local_part(address: &str) -> bool {
    let local = lex::domain_of(address)
        .and_then(|domain| address.strip_suffix(domain)?.strip_suffix('@'))
        .unwrap_or_default();
    let quoted = local
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match quoted {
        Some(inside) => is_quoted_content(inside),
        None => local.bytes().all(|byte| byte == b'.' || is_atext(byte)),
    }
}

/// `*([FWS] qcontent) [FWS]` (RFC 5322 3.2.4): no quote but behind a backslash, no control character.
fn is_quoted_content(text: &str) -> bool {
    let mut escaped = false;
    for char in text.chars() {
        match char {
            _ if char.is_control() => return false,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return false,
            _ => {}
        }
    }
    !escaped
}

/// `Dot-string = Atom *("." Atom)`, with RFC 6531's characters beyond ASCII.
fn is_dot_string(local: &str) -> bool {
    local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii() || ATEXT.contains(&byte)
}

/// The specials of `atext` (RFC 5322 3.2.3).
const ATEXT: &[u8] = b"!#$%&'*+-/=?^_`{|}~";

/// The address without its `+tag`, where it has one and something before it.
fn without_tag(address: &str) -> Option<String> {
    let domain = lex::domain_of(address)?;
    let local = address.strip_suffix(domain)?.strip_suffix('@')?;
    let (user, _tag) = local.split_once('+')?;
    (!user.is_empty() && !user.starts_with('"')).then(|| format!("{user}@{domain}"))
}

/// A domain name in lower case, one trailing dot dropped; or what is wrong with it.
fn normal_domain(text: &str) -> Result<String, String> {
    let name = text.trim();
    let shown = place::printable(name);
    if name.is_empty() {
        return Err("empty domain: give a name such as example.com".to_owned());
    }
    if name.contains('@') {
        return Err(format!(
            "`{shown}` is a mail address: give the domain alone"
        ));
    }
    if !name.is_ascii() {
        return Err(format!(
            "`{shown}` is not ASCII: give the domain as it stands in headers (`xn--…`)"
        ));
    }
    if !host::is_domain_name(name) {
        return Err(format!(
            "`{shown}` is no domain: give a name such as example.com"
        ));
    }
    Ok(host::without_root(name).to_ascii_lowercase())
}

/// Whether a host is named by an address that means another machine in each network.
fn is_inner(spec: &HostSpec) -> bool {
    match spec {
        HostSpec::Network(network) => host::is_inner(network.addr()),
        HostSpec::Name(_) | HostSpec::Below(_) => false,
    }
}

/// An address space: `*`, `*.domain` or a domain, in lower case; or what is wrong with it.
///
/// `*.com` is a fair address space, other than as a HOST: it says where mail goes to.
fn normal_address_space(text: &str) -> Result<String, String> {
    let space = text.trim();
    if space == "*" {
        return Ok(space.to_owned());
    }
    let Some(below) = space.strip_prefix("*.") else {
        if space.contains('*') {
            return Err(format!(
                "`{}`: a `*` stands alone or at the start, as in `*.example.net`",
                place::printable(space)
            ));
        }
        return normal_domain(space);
    };
    // One label is enough below a wildcard; the check wants a name with two.
    normal_domain(&format!("x.{below}"))
        .map(|name| format!("*.{}", name.strip_prefix("x.").unwrap_or(&name)))
        .map_err(|_| {
            format!(
                "`{}` is no address space: give `*`, a domain, or `*.example.net`",
                place::printable(space)
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"
[[connector]]
id = 29
name = "testconnector"
smart-host = "smtp-relay.example.com"
[[connector]]
id = 30
smart-host = ["a.example.net", "b.example.net"]
[[account]]
address = "Newsletter@MyDomain.ovh"
connector = 29
[[account]]
address = "newsletter+direct@mydomain.ovh"
connector = 0
[[domain]]
name = "mydomain.ovh"
default-connector = 0
[[domain]]
name = "other.example"
default-connector = 30
"#;

    const SPACES: &str = r#"
[[recipient]]
domain = "*.partner.example"
connector = 30
[[recipient]]
domain = "*.partner.example"
connector = 29
cost = 5
[[recipient]]
domain = "direct.partner.example"
connector = 0
[[recipient]]
domain = "*.eu.partner.example"
connector = 29
[[recipient]]
domain = "tied.example"
connector = 29
[[recipient]]
domain = "tied.example"
connector = 30
"#;

    fn policy(text: &str) -> Policy {
        Policy::read(text.as_bytes(), "policy.toml").expect(text)
    }

    fn says(policy: &Policy, sender: &str, recipients: &[&str]) -> String {
        policy.expectation_for(sender, recipients).says(sender)
    }

    #[test]
    fn an_account_row_wins_whatever_the_case() {
        let policy = policy(POLICY);
        let bound = "account row newsletter@mydomain.ovh: bound to connector 29 (testconnector, smtp-relay.example.com)";
        for sender in [
            "newsletter@mydomain.ovh",
            "NEWSLETTER@MYDOMAIN.OVH",
            " newsletter@mydomain.ovh. ",
            "\"newsletter\"@mydomain.ovh",
        ] {
            assert_eq!(says(&policy, sender, &[]), bound, "{sender}");
            let lookup = policy.expectation_for(sender, &[]);
            assert_eq!(lookup.source(), Some(ExpectedSource::PolicyAccount));
        }
    }

    #[test]
    fn a_sub_address_is_its_mailbox_unless_it_has_a_row() {
        let policy = policy(POLICY);
        assert_eq!(
            says(&policy, "newsletter+May@mydomain.ovh", &[]),
            "account row newsletter@mydomain.ovh (for newsletter+May@mydomain.ovh, a sub-address of it): bound to connector 29 (testconnector, smtp-relay.example.com)"
        );
        assert_eq!(
            says(&policy, "newsletter+direct@mydomain.ovh", &[]),
            "account row newsletter+direct@mydomain.ovh: bound to no connector (0), so it leaves through the Exchange outgoing server"
        );
        for stranger in [
            "+newsletter@mydomain.ovh",
            "\"newsletter+x y\"@mydomain.ovh",
        ] {
            let lookup = policy.expectation_for(stranger, &[]);
            assert!(matches!(lookup, Lookup::Domain { .. }), "{stranger}");
        }
    }

    #[test]
    fn a_domain_default_says_what_it_is_and_holds_for_that_domain_alone() {
        let policy = policy(POLICY);
        assert_eq!(
            says(&policy, "contact@MyDomain.ovh", &[]),
            "domain row mydomain.ovh: the policy does not list contact@MyDomain.ovh, and new accounts of the domain start with the Exchange outgoing server"
        );
        assert_eq!(
            says(&policy, "x@other.example", &[]),
            "domain row other.example: the policy does not list x@other.example, and new accounts of the domain start with connector 30 (a.example.net or b.example.net)"
        );
        let lookup = policy.expectation_for("x@other.example", &[]);
        assert_eq!(lookup.source(), Some(ExpectedSource::PolicyDomain));
        for stranger in [
            "x@sub.mydomain.ovh",
            "x@notmydomain.ovh",
            "x@mydomain.ovh.evil.example",
            "newsletter@mydomain.ovh@evil.example",
            "\"x@mydomain.ovh\"@evil.example",
            "mydomain.ovh",
            "@mydomain.ovh",
            "",
        ] {
            let lookup = policy.expectation_for(stranger, &[]);
            assert_eq!(lookup, Lookup::Unlisted, "{stranger}");
            assert_eq!((lookup.route(), lookup.source()), (None, None));
        }
        for strange in [
            "newsletter@mydomain.ovhcontact@mydomain.ovh",
            "newsletter@mydomain.ovh contact@mydomain.ovh",
            "x newsletter@mydomain.ovh",
            "news\u{0}letter@mydomain.ovh",
        ] {
            let lookup = policy.expectation_for(strange, &[]);
            assert!(matches!(lookup, Lookup::Undecided { .. }), "{strange}");
        }
        for address in [
            "@a.example,@b.example:newsletter@mydomain.ovh",
            "@a.example:newsletter@mydomain.ovh",
        ] {
            let lookup = policy.expectation_for(address, &[]);
            assert!(matches!(lookup, Lookup::Account { .. }), "{address}");
        }
        for address in ["a..b.@mydomain.ovh", "\"a \\\" b\"@mydomain.ovh"] {
            let lookup = policy.expectation_for(address, &[]);
            assert!(matches!(lookup, Lookup::Domain { .. }), "{address}");
        }
        assert_eq!(
            says(&policy, "x@evil.example", &[]),
            "no row of the policy covers x@evil.example"
        );
    }

    #[test]
    fn recipients_choose_by_the_most_specific_space_then_by_cost() {
        let policy = policy(&format!("{POLICY}{SPACES}"));
        let route = |recipients: &[&str]| {
            let lookup = policy.expectation_for("contact@mydomain.ovh", recipients);
            if let Lookup::Recipient { row, .. } = lookup {
                return format!("{} {}", row.domain, row.connector);
            }
            assert!(matches!(lookup, Lookup::Domain { .. }), "{lookup:?}");
            "domain".to_owned()
        };
        assert_eq!(route(&["a@partner.example"]), "*.partner.example 30");
        assert_eq!(route(&["a@x.y.Partner.Example."]), "*.partner.example 30");
        assert_eq!(
            route(&["a@direct.partner.example"]),
            "direct.partner.example 0"
        );
        assert_eq!(
            route(&["a@x.direct.partner.example"]),
            "*.partner.example 30"
        );
        assert_eq!(route(&["a@eu.partner.example"]), "*.eu.partner.example 29");
        assert_eq!(route(&["a@notpartner.example"]), "domain");
        assert_eq!(
            route(&["a@partner.example", "b@x.partner.example"]),
            "*.partner.example 30"
        );
        assert_eq!(
            says(&policy, "anybody@elsewhere.example", &["a@partner.example"]),
            "recipient row *.partner.example: mail to these recipients leaves through connector 30 (a.example.net or b.example.net), whoever sends it"
        );
        let lookup = policy.expectation_for("newsletter@mydomain.ovh", &["a@partner.example"]);
        assert!(
            matches!(lookup, Lookup::Account { .. }),
            "the account's row comes first"
        );
    }

    #[test]
    fn recipients_that_cannot_decide_leave_it_undecided() {
        let policy = policy(&format!("{POLICY}{SPACES}"));
        let sender = "contact@mydomain.ovh";
        for (recipients, expected) in [
            (
                &[][..],
                "the policy routes by recipient, and the recipient is not known",
            ),
            (
                &["a@tied.example"],
                "recipient rows tied.example bind connectors 29 and 30 at the same cost 1, and Exchange takes the one nearest to the sending server",
            ),
            (
                &["a@partner.example", "b@elsewhere.example"],
                "the recipients go different ways: recipient row *.partner.example (connector 30) and no recipient row hold for one each",
            ),
            (
                &["a@direct.partner.example", "b@eu.partner.example"],
                "the recipients go different ways: recipient row direct.partner.example (connector 0) and recipient row *.eu.partner.example (connector 29) hold for one each",
            ),
        ] {
            let lookup = policy.expectation_for(sender, recipients);
            assert_eq!((lookup.route(), lookup.source()), (None, None));
            assert_eq!(lookup.says(sender), expected);
        }
    }

    #[test]
    fn a_space_of_everybody_needs_no_recipient() {
        let all = policy(&format!(
            "{POLICY}[[recipient]]\ndomain = \"*\"\nconnector = 29\n"
        ));
        for recipients in [&[][..], &["a@anywhere.example"], &["not an address"]] {
            let lookup = all.expectation_for("x@elsewhere.example", recipients);
            assert!(matches!(lookup, Lookup::Recipient { .. }), "{lookup:?}");
        }
    }

    #[test]
    fn hostile_senders_and_recipients_cost_little() {
        let policy = policy(&format!("{POLICY}{SPACES}"));
        let long = format!("a@{}example", "x.".repeat(500_000));
        let lookup = policy.expectation_for("contact@mydomain.ovh", &[&long]);
        assert!(matches!(lookup, Lookup::Domain { .. }));
        assert_eq!(
            policy.expectation_for(&"\"".repeat(1_000_000), &["a@b.example"]),
            Lookup::Unlisted
        );
    }

    #[test]
    fn a_policy_put_together_by_hand_may_name_what_it_does_not_declare() {
        let mut policy = policy(POLICY);
        policy.connectors.clear();
        let lookup = policy.expectation_for("newsletter@mydomain.ovh", &[]);
        assert_eq!(lookup.route(), None);
        assert_eq!(
            lookup.says("newsletter@mydomain.ovh"),
            "account row newsletter@mydomain.ovh: the policy does not declare connector 29"
        );
    }

    #[test]
    fn an_undecided_row_expects_nothing_and_says_which_it_is() {
        let undecided = POLICY
            .replace("address = \"Newsletter@MyDomain.ovh\"\nconnector = 29", "address = \"newsletter@mydomain.ovh\"\nconnector = \"undecided\"\nbecause = \"two relays are named\"")
            .replace("name = \"other.example\"\ndefault-connector = 30", "name = \"other.example\"\ndefault-connector = \"undecided\"\nbecause = \"nobody knows\"");
        let policy = policy(&undecided);
        for (sender, expected) in [
            (
                "newsletter@mydomain.ovh",
                "account row newsletter@mydomain.ovh: undecided, because two relays are named",
            ),
            (
                "newsletter+May@mydomain.ovh",
                "account row newsletter@mydomain.ovh: undecided, because two relays are named",
            ),
            (
                "x@other.example",
                "domain row other.example, for senders that the policy does not list: undecided, because nobody knows",
            ),
        ] {
            let lookup = policy.expectation_for(sender, &[]);
            assert!(matches!(lookup, Lookup::Undecided { .. }), "{lookup:?}");
            assert_eq!((lookup.route(), lookup.source()), (None, None));
            assert_eq!(lookup.says(sender), expected);
        }
    }

    #[test]
    fn the_senders_own_domains() {
        let policy = policy(POLICY);
        let own: std::collections::BTreeSet<_> = policy.sender_domains().collect();
        assert_eq!(
            own.into_iter().collect::<Vec<_>>(),
            ["mydomain.ovh", "other.example"]
        );
    }

    #[test]
    fn a_reference_names_the_first_smart_host() {
        let policy = policy(POLICY);
        let reference = policy.connector(30).map(Connector::to_ref);
        assert_eq!(
            reference,
            Some(ConnectorRef {
                id: Some(30),
                name: None,
                smart_host: Some("a.example.net".to_owned())
            })
        );
    }
}
