//! The form of a catalogue entry: one TOML file a provider, built in or given by the user, and
//! the same types once it is read. Unknown keys are errors.
//!
//! Lists and texts are `Cow`, so that the built-in entries are plain static data (the build
//! script writes them as such: a run of the program parses nothing) and a user's entries own
//! theirs. The build script uses this file too; it knows nothing of matching.

use std::borrow::Cow;

use ipnet::IpNet;
use serde::{Deserialize, Deserializer};

use super::pattern::Pattern;

/// A text of the catalogue.
pub type Text = Cow<'static, str>;
/// A list of the catalogue.
pub type List<T> = Cow<'static, [T]>;

/// How sure a fact is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    /// Methods whose results the border always writes there, each in a field of its own.
    #[serde(default)]
    pub methods_in_fields: List<Text>,
    /// The ids under which the border writes results (RFC 8601 2.5).
    #[serde(default)]
    pub authserv_ids: List<Pattern>,
}

/// A header field that tells the provider. Never an identity: anybody can write it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
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
pub struct Stamp {
    /// The server's name.
    #[serde(default)]
    pub by: Option<Pattern>,
    /// The client's name.
    #[serde(default)]
    pub from: Option<Pattern>,
    /// A part of the field's body, as written.
    #[serde(default)]
    pub holds: Option<Text>,
}

/// A provider or platform.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
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
        if self
            .stamps
            .iter()
            .any(|s| s.by.is_none() && s.from.is_none() && s.holds.is_none())
        {
            return Err(format!(
                "provider `{id}`: a stamp needs `by`, `from` or `holds`"
            ));
        }
        if self.platform && self.egress.is_empty() && self.networks.is_empty() {
            return Err(format!(
                "provider `{id}`: a platform needs egress hosts or networks"
            ));
        }
        Ok(())
    }
}
