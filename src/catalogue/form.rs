//! The form of a catalogue entry: one TOML file a provider, built in or given by the user, and
//! the same types once it is read. Unknown keys are errors.
//!
//! Lists and texts are `Cow`, so that the built-in entries are plain static data (the build
//! script writes them as such: a run of the program parses nothing) and a user's entries own
//! theirs. The build script uses this file too; it knows nothing of matching.

use std::borrow::Cow;

use ipnet::IpNet;
use serde::{Deserialize, Deserializer};

use super::pattern::{LabelPattern, Pattern};

/// A text of the catalogue.
pub type Text = Cow<'static, str>;
/// A list of the catalogue.
pub type List<T> = Cow<'static, [T]>;

/// How sure a fact is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Confidence {
    /// Seen in real headers, or stated by the provider.
    Confirmed,
    /// One weak source, or inferred.
    Likely,
    /// Not settled.
    #[default]
    Unsure,
}

/// What a list of networks was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NetworkSource {
    /// The provider's (or its partner's) page, or a copy of it.
    Documented,
    /// A public copy of the provider's SPF record.
    SpfCopy,
    /// What the provider's own autonomous system announces: no statement about mail.
    RoutingCopy,
    /// Public headers.
    Observed,
    /// Somebody else's list.
    ThirdPartyList,
    /// The user's own knowledge, in an entry of his.
    Local,
}

/// What becomes of the Received fields that a message already has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Upstream {
    /// They stay.
    Kept,
    /// They are removed or rewritten.
    Stripped,
    /// Not known.
    #[default]
    Unknown,
}

/// Where in a marker's value the address of the provider's own client host stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ClientAddress {
    /// The whole value: `X-PM-IP: 50.31.205.20`.
    WholeValue,
    /// Behind the last hyphen: `X-SES-Outgoing: 2024.01.31-54.240.8.20`.
    AfterLastHyphen,
    /// Before the first colon: `Feedback-ID: 77.32.148.10:1234567_-1:1234567:Sendinblue`.
    BeforeFirstColon,
}

/// Networks with one source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub struct Networks {
    /// The networks, written without host bits.
    #[serde(deserialize_with = "cidrs")]
    pub cidrs: List<IpNet>,
    /// What they were taken from.
    pub kind: NetworkSource,
    /// Which page, record or list.
    pub source: Text,
    /// When it was so, as far as known.
    #[serde(default)]
    pub date: Option<Text>,
    /// This provider alone sends customers' mail from there. Unknown counts as no.
    #[serde(default)]
    pub exclusive: bool,
    /// Gone from the newest copy: kept for the record, identifies nobody.
    #[serde(default)]
    pub withdrawn: bool,
    /// What else is to be known.
    #[serde(default)]
    pub note: Option<Text>,
}

/// How a provider receives mail for its customers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub struct Receiving {
    /// Servers that take mail from outside: their stamp is the border.
    #[serde(default)]
    pub border_stamps: List<Pattern>,
    /// Inner servers behind them. As a client's name they count only where it is verified.
    #[serde(default)]
    pub hosts: List<Pattern>,
    /// Networks of inner servers.
    #[serde(default)]
    pub networks: List<Networks>,
    /// Border servers that write `Received-SPF` and `Authentication-Results` directly below their
    /// own Received, not above it. One that writes only the first there is none: the sender's own
    /// field would stand in the other's place.
    #[serde(default)]
    pub results_below_border: List<Pattern>,
    /// The ids under which the border writes results (RFC 8601 2.5).
    #[serde(default)]
    pub authserv_ids: List<Pattern>,
    /// Methods that the border always writes, each in a field of its own.
    #[serde(default)]
    pub methods_in_fields: List<Text>,
    /// Line forms by which its own servers hand on what they have taken in.
    #[serde(default, rename = "inner-line")]
    pub inner_lines: List<Stamp>,
    /// Line forms of a border whose `by` is no name of its own. Anybody's inner server may write
    /// the like: they count only below the receiver's own inner lines.
    #[serde(default, rename = "border-form")]
    pub border_forms: List<Stamp>,
}

/// A header field that tells the provider. Never an identity: anybody can write it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub struct Marker {
    /// The field's name, or a name's beginning of at least five letters and `*`.
    pub field: Text,
    /// What the value starts with.
    #[serde(default)]
    pub value_starts: Option<Text>,
    /// What the value ends with.
    #[serde(default)]
    pub value_ends: Option<Text>,
    /// What the value holds.
    #[serde(default)]
    pub value_holds: Option<Text>,
    /// It carries the address of the host that hands over, here.
    #[serde(default)]
    pub client_address: Option<ClientAddress>,
    /// What else is to be known.
    #[serde(default)]
    pub note: Option<Text>,
}

/// A shape of the Received fields that the provider's own servers write. All that is given must
/// be so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub struct Stamp {
    /// The server's name.
    #[serde(default)]
    pub by: Option<Pattern>,
    /// The server's address, where it prints that in place of a name.
    #[serde(default, deserialize_with = "cidrs")]
    pub by_networks: List<IpNet>,
    /// The client's name.
    #[serde(default)]
    pub from: Option<Pattern>,
    /// The client's address, where it stands in place of a name.
    #[serde(default, deserialize_with = "cidrs")]
    pub from_networks: List<IpNet>,
    /// The protocol, whole and without case (RFC 5321 4.4: the With clause).
    #[serde(default)]
    pub with: Option<Text>,
    /// A part of the field's body, as written.
    #[serde(default)]
    pub holds: Option<Text>,
}

/// Smart-host and submission names of one service, with those that its servers stamp by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub struct Service {
    /// The names.
    pub names: List<Pattern>,
    /// Whatever it takes is a customer's, whether he logs in or is known by his address.
    #[serde(default)]
    pub customers_only: bool,
    /// Mail from anybody else never arrives there: it is nobody's mail exchanger.
    #[serde(default)]
    pub accepts_only_own_users: bool,
}

/// A provider or platform.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub struct Provider {
    /// The id: lower-case letters, digits and `-`.
    pub id: Text,
    /// What people call it.
    pub name: Text,
    /// An Exchange platform: its outgoing servers are what `exchange` means.
    #[serde(default)]
    pub platform: bool,
    /// It also takes mail in for others, so a mail that leaves it may be forwarded or filtered.
    #[serde(default)]
    pub receives_for_others: bool,
    /// How sure the entry is as a whole.
    #[serde(default)]
    pub confidence: Confidence,
    /// When the entry was last looked at.
    #[serde(default)]
    pub date: Option<Text>,
    /// Names that users configure as smart host.
    #[serde(default)]
    pub smart_hosts: List<Pattern>,
    /// Hosts that hand over to the recipient, outbound only.
    #[serde(default)]
    pub egress: List<Pattern>,
    /// The list of its hosts and networks is complete: whoever hands over from elsewhere is
    /// somebody else.
    #[serde(default)]
    pub egress_complete: bool,
    /// What says so.
    #[serde(default)]
    pub egress_source: Option<Text>,
    /// The list of its networks is: an address outside them contradicts its name.
    #[serde(default)]
    pub egress_networks_complete: bool,
    /// Customers can choose the HELO of its hosts.
    #[serde(default = "yes")]
    pub customers_set_helo: bool,
    /// Where in the names of its hosts the customer's label stands; the first that fits counts.
    #[serde(default)]
    pub labels: List<LabelPattern>,
    /// Names under which it only sends for customers and never delivers to them, of its hosts and
    /// in its own stamps.
    #[serde(default)]
    pub outbound: List<Pattern>,
    /// Hosts by which it delivers what it filtered for its own customers: no way out of theirs.
    #[serde(default)]
    pub inbound_delivery: List<Pattern>,
    /// Inner hosts that send on what came from outside: as the client of one of its own stamps
    /// they show a redirection, not a mailbox.
    #[serde(default)]
    pub redirectors: List<Pattern>,
    /// Networks that it sends from.
    #[serde(default)]
    pub networks: List<Networks>,
    /// Its servers write a Received field on whatever they take for customers.
    #[serde(default)]
    pub stamps_always: bool,
    /// What says so.
    #[serde(default)]
    pub stamps_source: Option<Text>,
    /// Addresses of its own servers among each other.
    #[serde(default)]
    pub internal_networks: List<Networks>,
    /// Customers' machines cannot reach its inner servers, so an inner address with a name of its
    /// own is its server.
    #[serde(default)]
    pub guards_inner: bool,
    /// Forms of its inner fields that name no client.
    #[serde(default)]
    pub clientless: List<Stamp>,
    /// Its smart-host and submission names, by service.
    #[serde(default, rename = "service")]
    pub services: List<Service>,
    /// Other words that people use for it.
    #[serde(default)]
    pub aliases: List<Text>,
    /// Servers that carry only consumers' mail.
    #[serde(default)]
    pub consumers: List<Pattern>,
    /// Networks of such servers.
    #[serde(default)]
    pub consumer_networks: List<Networks>,
    /// It alone sets the envelope sender.
    #[serde(default)]
    pub binds_envelope: bool,
    /// It keeps mailboxes; a filter keeps none.
    #[serde(default = "yes")]
    pub keeps_mailboxes: bool,
    /// Domains in which its own consumers have their addresses.
    #[serde(default)]
    pub consumer_domains: List<Pattern>,
    /// Domains that tell nothing of whose a recipient is.
    #[serde(default)]
    pub routing_domains: List<Pattern>,
    /// How it receives.
    #[serde(default)]
    pub receiving: Receiving,
    /// Its own inner and sending hosts, as they stand in fields below the border.
    #[serde(default)]
    pub internal: List<Pattern>,
    /// Those of them that hold mailboxes.
    #[serde(default)]
    pub mailbox: List<Pattern>,
    /// Customers' own machines in its domains.
    #[serde(default)]
    pub not_platform: List<Pattern>,
    /// Domains of the reverse-path that are the provider's own, never a customer's.
    #[serde(default)]
    pub bounce_domains: List<Pattern>,
    /// Domains by which it signs for all its customers.
    #[serde(default)]
    pub signing_domains: List<Pattern>,
    /// Header fields that tell it.
    #[serde(default, rename = "marker")]
    pub markers: List<Marker>,
    /// Shapes of its own Received fields.
    #[serde(default, rename = "stamp")]
    pub stamps: List<Stamp>,
    /// Whether it keeps the Received fields that a message brings.
    #[serde(default)]
    pub upstream: Upstream,
    /// What customers put into their SPF record.
    #[serde(default)]
    pub spf_includes: List<Text>,
    /// What else is to be known.
    #[serde(default)]
    pub notes: List<Text>,
    /// Where the names come from.
    #[serde(default)]
    pub sources: List<Text>,
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for LabelPattern {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

const fn yes() -> bool {
    true
}

fn cidrs<'de, D: Deserializer<'de>>(from: D) -> Result<List<IpNet>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    let networks: Result<Vec<_>, _> = texts.iter().map(|text| network(text)).collect();
    Ok(Cow::Owned(networks.map_err(serde::de::Error::custom)?))
}

/// A CIDR network without host bits, and no wider than one operator's.
fn network(text: &str) -> Result<IpNet, String> {
    let network: IpNet = text.parse().map_err(|_| {
        format!("`{text}` is no network: write it as `192.0.2.0/24` or `2001:db8::/32`")
    })?;
    if network.trunc() != network {
        return Err(format!(
            "network `{text}` has host bits: `{}`?",
            network.trunc()
        ));
    }
    let widest = if network.addr().is_ipv4() { 8 } else { 20 };
    if network.prefix_len() < widest {
        return Err(format!(
            "network `{text}` is wider than one provider's: at most /{widest}"
        ));
    }
    Ok(network)
}

impl Provider {
    /// What the types alone cannot say.
    ///
    /// # Errors
    ///
    /// Says what is wrong, and in which key.
    pub fn check(&self) -> Result<(), String> {
        let id = &self.id;
        if id.is_empty()
            || !id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            return Err(format!(
                "provider id `{}`: lower-case letters, digits and `-` only",
                id.escape_default()
            ));
        }
        if self.name.trim().is_empty() {
            return Err(format!("provider `{id}`: name is empty"));
        }
        // These decide, so nobody else may be able to own a match.
        for (key, patterns) in [
            ("egress", &self.egress),
            ("outbound", &self.outbound),
            ("consumers", &self.consumers),
            ("consumer-domains", &self.consumer_domains),
            ("routing-domains", &self.routing_domains),
            ("border-stamps", &self.receiving.border_stamps),
            ("bounce-domains", &self.bounce_domains),
            ("signing-domains", &self.signing_domains),
        ] {
            if let Some(wide) = patterns
                .iter()
                .find(|pattern| !pattern.ends_in_plain_labels(2))
            {
                return Err(format!(
                    "provider `{id}`: {key} `{wide}`: its last two labels must be written out"
                ));
            }
        }
        for marker in self.markers.iter() {
            let token = |b: u8| b.is_ascii_graphic() && !matches!(b, b':' | b'*');
            let (name, least) = match marker.field.strip_suffix('*') {
                Some(beginning) => (beginning, 5),
                None => (&*marker.field, 1),
            };
            if name.len() < least || !name.bytes().all(token) {
                return Err(format!(
                    "provider `{id}`: marker field `{}` is no field name, nor five letters of one and `*`",
                    marker.field.escape_default()
                ));
            }
        }
        for (key, stamps) in [
            ("stamp", &self.stamps),
            ("clientless", &self.clientless),
            ("inner-line", &self.receiving.inner_lines),
            ("border-form", &self.receiving.border_forms),
        ] {
            // The protocol alone is anybody's.
            if stamps.iter().any(|s| {
                let named = s.by.is_some() || !s.by_networks.is_empty();
                let client = s.from.is_some() || !s.from_networks.is_empty();
                !named && !client && s.holds.is_none()
            }) {
                return Err(format!(
                    "provider `{id}`: a {key} needs `by`, `from` or `holds`"
                ));
            }
        }
        for (key, told, source) in [
            (
                "egress",
                self.egress_complete || self.egress_networks_complete,
                &self.egress_source,
            ),
            ("stamps", self.stamps_always, &self.stamps_source),
        ] {
            if told && source.is_none() {
                return Err(format!(
                    "provider `{id}`: {key}-source must say who says so"
                ));
            }
        }
        if self.services.iter().any(|service| service.names.is_empty()) {
            return Err(format!("provider `{id}`: a service needs names"));
        }
        if self.platform && self.egress.is_empty() && self.networks.is_empty() {
            return Err(format!(
                "provider `{id}`: a platform needs egress hosts or networks"
            ));
        }
        Ok(())
    }
}
