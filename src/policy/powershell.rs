//! Exchange's own listings of its connectors: `Get-SendConnector | ConvertTo-Json` of an
//! on-premises server (`Name, SmartHosts, AddressSpaces, Fqdn, RequireTLS, Enabled`) and
//! `Get-OutboundConnector | ConvertTo-Json` of Exchange Online (`Name, SmartHosts, UseMXRecord,
//! RecipientDomains, TlsSettings, Enabled`).
//!
//! PowerShell writes one object in place of a list of one, a list of one string as a string,
//! hosts as strings or as objects (`{"Domain": "…"}`, `{"IPAddress": "…"}`), and UTF-16 files.
//! Both listings select by recipient: an address space is `SMTP:*.example.net;5`, with type and
//! cost or without. A connector without smart hosts delivers by MX, so its address spaces lead
//! to the outgoing server.
//!
//! Not supported: address spaces of other types than SMTP, mail flow rules that name a
//! connector, and which server of several is nearest to a connector (`SourceTransportServers`).

use super::api::{head, host};
use super::loose::{Node, Value};
use super::place::{self, Named};
use super::{Connector, ReadError, normal_address_space};
use crate::host::HostSpec;

/// Which of the two listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Listing {
    SendConnector,
    OutboundConnector,
}

impl Listing {
    /// As a sentence names one of its connectors.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::SendConnector => "send connector",
            Self::OutboundConnector => "outbound connector",
        }
    }
}

/// What one listed connector says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listed {
    pub(super) listing: Listing,
    pub(super) name: String,
    pub(super) carries: Carries,
    /// What was left out, and why.
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Carries {
    /// Nothing: it is disabled.
    Nothing,
    Mail {
        /// Without an id; `None` where it delivers by MX.
        connector: Option<Connector>,
        /// Address spaces with their costs.
        spaces: Vec<(String, u32)>,
        /// The name that the server announces.
        fqdn: Option<HostSpec>,
    },
}

/// The listing that an object comes from, if any.
pub(super) fn listing(node: &Node) -> Option<Listing> {
    let has = |key: &&str| node.field(key).is_some();
    if ["RecipientDomains", "UseMXRecord", "TlsSettings"]
        .iter()
        .any(has)
    {
        return Some(Listing::OutboundConnector);
    }
    [
        "SmartHosts",
        "SmartHostsString",
        "AddressSpaces",
        "DNSRoutingEnabled",
    ]
    .iter()
    .any(has)
    .then_some(Listing::SendConnector)
}

/// Reads one listed connector.
pub(super) fn listed(text: Named<'_>, node: &Node, listing: Listing) -> Result<Listed, ReadError> {
    let kind = listing.as_str();
    let name = ["Name", "Identity"]
        .iter()
        .find_map(|key| node.field(key).and_then(Node::string))
        .ok_or_else(|| text.error(head(node), format!("{kind} without `Name`")))?
        .to_owned();
    let shown = place::printable(&name).into_owned();
    let flag = |key: &str| node.field(key).and_then(Node::boolean);
    if flag("Enabled") == Some(false) {
        return Ok(Listed {
            listing,
            carries: Carries::Nothing,
            notes: vec![format!("{kind} `{shown}` is disabled and left out")],
            name,
        });
    }
    let mut notes = Vec::new();
    let direct = match listing {
        Listing::SendConnector => flag("DNSRoutingEnabled") == Some(true),
        Listing::OutboundConnector => flag("UseMXRecord") == Some(true),
    };
    let smart_hosts = match direct {
        true => Vec::new(),
        false => smart_hosts(text, node)?,
    };
    let require_tls = match listing {
        Listing::SendConnector => flag("RequireTLS") == Some(true),
        // The level of authentication; any of them encrypts.
        Listing::OutboundConnector => match node.present("TlsSettings").map(|n| &n.value) {
            Some(Value::String(level)) => !level.trim().is_empty(),
            Some(Value::Number(level)) => level != "0",
            Some(Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_)) | None => false,
        },
    };
    let spaces = match listing {
        Listing::SendConnector => address_spaces(text, node, &shown, &mut notes)?,
        Listing::OutboundConnector => recipient_domains(text, node, &shown, &mut notes)?,
    };
    if flag("IsScopedConnector") == Some(true) {
        notes.push(format!(
            "{kind} `{shown}` serves the servers of its own site only, which a policy cannot say"
        ));
    }
    let connector = (!smart_hosts.is_empty()).then(|| Connector {
        name: Some(name.clone()),
        smart_hosts,
        require_tls,
        ..Connector::default()
    });
    let fqdn = match listing {
        Listing::SendConnector => announced(node, connector.as_ref()),
        Listing::OutboundConnector => None,
    };
    Ok(Listed {
        listing,
        name,
        carries: Carries::Mail {
            connector,
            spaces,
            fqdn,
        },
        notes,
    })
}

/// The name that the server announces, where it has one outside its own network and it is not
/// the smart host's.
fn announced(node: &Node, connector: Option<&Connector>) -> Option<HostSpec> {
    let fqdn: HostSpec = first_text(node.present("Fqdn")?)?.parse().ok()?;
    let named = fqdn.name().is_some_and(|name| name.contains('.'));
    let smart_hosts = connector.map_or(&[][..], |c| c.smart_hosts.as_slice());
    (named && !smart_hosts.contains(&fqdn)).then_some(fqdn)
}

fn smart_hosts(text: Named<'_>, node: &Node) -> Result<Vec<HostSpec>, ReadError> {
    let listed = node
        .present("SmartHosts")
        .or_else(|| node.present("SmartHostsString"));
    let mut hosts = Vec::new();
    for (written, node) in listed.map(texts).unwrap_or_default() {
        let spec = host(
            text,
            &Node {
                value: Value::String(written.to_owned()),
                span: node.span.clone(),
            },
        )?;
        if !hosts.contains(&spec) {
            hosts.push(spec);
        }
    }
    Ok(hosts)
}

/// `AddressSpaces`: `[type ":"] space [";" cost]`, or an object with `Type`, `Address`, `Cost`.
fn address_spaces(
    text: Named<'_>,
    node: &Node,
    name: &str,
    notes: &mut Vec<String>,
) -> Result<Vec<(String, u32)>, ReadError> {
    let mut spaces = Vec::new();
    let value = node.present("AddressSpaces");
    for item in value.map(elements).unwrap_or_default() {
        if let Value::Object(_) = item.value {
            let kind = item.field("Type").and_then(Node::string).unwrap_or("SMTP");
            let cost = item.field("Cost").and_then(Node::integer).unwrap_or(1);
            let space = ["Address", "Domain"]
                .iter()
                .find_map(|key| item.present(key).and_then(first_text));
            let space = space.unwrap_or_default();
            add_space(text, item, (kind, space, cost), name, notes, &mut spaces)?;
            continue;
        }
        for (written, item) in texts(item) {
            let (kind, rest) = written.split_once(':').unwrap_or(("SMTP", written));
            let (space, cost) = match rest.split_once(';') {
                None => (rest, 1),
                Some((space, cost)) => (
                    space,
                    cost.trim().parse().map_err(|_| {
                        let shown = place::printable(written);
                        let says = format!("`{shown}`: the cost is no number");
                        text.error(item.span.clone(), says)
                    })?,
                ),
            };
            add_space(text, item, (kind, space, cost), name, notes, &mut spaces)?;
        }
    }
    if spaces.is_empty() {
        notes.push(format!(
            "send connector `{name}` has no SMTP address space: nothing is routed through it"
        ));
    }
    Ok(spaces)
}

fn add_space(
    text: Named<'_>,
    item: &Node,
    (kind, space, cost): (&str, &str, u64),
    name: &str,
    notes: &mut Vec<String>,
    spaces: &mut Vec<(String, u32)>,
) -> Result<(), ReadError> {
    if !kind.trim().eq_ignore_ascii_case("smtp") {
        notes.push(format!(
            "send connector `{name}`: an address space of type {} is left out",
            place::printable(kind.trim())
        ));
        return Ok(());
    }
    let space = normal_address_space(space).map_err(|says| text.error(item.span.clone(), says))?;
    match u32::try_from(cost) {
        Ok(cost @ 1..=100) => spaces.push((space, cost)),
        Ok(_) | Err(_) => {
            let says = format!("cost {cost} of {space}: a cost is a number from 1 to 100");
            return Err(text.error(item.span.clone(), says));
        }
    }
    Ok(())
}

/// `RecipientDomains`, none of which is routed where only a mail flow rule takes the connector.
fn recipient_domains(
    text: Named<'_>,
    node: &Node,
    name: &str,
    notes: &mut Vec<String>,
) -> Result<Vec<(String, u32)>, ReadError> {
    let flag = |key: &str| node.field(key).and_then(Node::boolean) == Some(true);
    if flag("IsTransportRuleScoped") {
        notes.push(format!(
            "outbound connector `{name}` is used by mail flow rules only, which are not read: bind its senders with [[account]] or [[domain]] rows"
        ));
        return Ok(Vec::new());
    }
    let mut spaces = Vec::new();
    let value = node.present("RecipientDomains");
    for (written, item) in value.map(texts).unwrap_or_default() {
        let space =
            normal_address_space(written).map_err(|says| text.error(item.span.clone(), says))?;
        spaces.push((space, 1));
    }
    if flag("AllAcceptedDomains") {
        notes.push(format!(
            "outbound connector `{name}` also serves all accepted domains, which this listing does not name"
        ));
    }
    if spaces.is_empty() {
        notes.push(format!(
            "outbound connector `{name}` names no recipient domain: nothing is routed through it"
        ));
    }
    Ok(spaces)
}

/// The elements of a list, or of PowerShell's single value in place of one.
fn elements(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::List(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        Value::Object(_) => match node.field("value").map(|n| &n.value) {
            Some(Value::List(items)) => items.iter().collect(),
            Some(
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Object(_),
            )
            | None => vec![node],
        },
        Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![node],
    }
}

/// The texts of a list; a string may itself hold several, where `ConvertTo-Json` was not asked
/// to go deep enough and joined them.
fn texts(node: &Node) -> Vec<(&str, &Node)> {
    let mut found = Vec::new();
    for item in elements(node) {
        let text = first_text(item).unwrap_or_default();
        let parts = text.split(|c: char| c == ',' || c.is_whitespace());
        found.extend(parts.filter(|p| !p.is_empty()).map(|part| (part, item)));
    }
    found
}

/// The keys under which .NET's host, domain and address objects keep their text.
const TEXT_KEYS: &[&str] = &[
    "IPAddressToString",
    "Domain",
    "IPAddress",
    "HostnameString",
    "Hostname",
    "Address",
    "value",
];

/// A string, or the string that an object keeps. An object under one of the keys is looked into
/// in its turn; the reader bounds how deep that goes.
fn first_text(node: &Node) -> Option<&str> {
    let mut node = node;
    loop {
        if let Some(text) = node.string() {
            return Some(text);
        }
        let text = TEXT_KEYS
            .iter()
            .find_map(|key| node.field(key).and_then(Node::string));
        if text.is_some() {
            return text;
        }
        node = TEXT_KEYS.iter().find_map(|key| {
            node.present(key)
                .filter(|inner| matches!(inner.value, Value::Object(_)))
        })?;
    }
}

#[cfg(test)]
mod tests {
    use super::super::loose;
    use super::*;

    fn read(json: &str) -> Result<Listed, String> {
        let text = Named {
            name: "ps.json",
            text: json,
        };
        let nodes = loose::parse(text).expect(json);
        let node = nodes.first().expect("an object");
        let listing = listing(node).expect("a listing");
        listed(text, node, listing).map_err(|e| format!("{}: {}", e.place(), e.says))
    }

    /// Connector, address spaces, announced name, notes.
    type Mail = (
        Option<Connector>,
        Vec<(String, u32)>,
        Option<String>,
        Vec<String>,
    );

    fn mail(json: &str) -> Mail {
        let listed = read(json).expect(json);
        match listed.carries {
            Carries::Mail {
                connector,
                spaces,
                fqdn,
            } => (connector, spaces, fqdn.map(|h| h.to_string()), listed.notes),
            Carries::Nothing => panic!("disabled"),
        }
    }

    fn hosts(connector: &Option<Connector>) -> Vec<String> {
        let hosts = connector.iter().flat_map(|c| &c.smart_hosts);
        hosts.map(|h| h.to_string()).collect()
    }

    #[test]
    fn a_send_connector_with_strings() {
        let (connector, spaces, fqdn, notes) = mail(
            r#"{"Name": "To Internet", "SmartHosts": ["smtp-relay.example.com", "[192.0.2.25]"],
                "AddressSpaces": ["SMTP:*;1", "smtp:*.Partner.example;10", "X400:c=US;1"],
                "SourceTransportServers": ["EX01"], "Fqdn": "mail.contoso.example",
                "RequireTLS": true, "Enabled": true, "Port": 587, "DNSRoutingEnabled": false}"#,
        );
        assert_eq!(hosts(&connector), ["smtp-relay.example.com", "192.0.2.25"]);
        assert_eq!(connector.map(|c| (c.id, c.require_tls)), Some((None, true)));
        assert_eq!(
            spaces,
            [("*".to_owned(), 1), ("*.partner.example".to_owned(), 10)]
        );
        assert_eq!(fqdn.as_deref(), Some("mail.contoso.example"));
        assert_eq!(
            notes,
            ["send connector `To Internet`: an address space of type X400 is left out"]
        );
    }

    #[test]
    fn hosts_and_spaces_as_objects_or_joined() {
        let (connector, spaces, ..) = mail(
            r#"{"Name": "x", "SmartHosts": [{"Domain": "a.example.com", "IsIPAddress": false},
                {"IPAddress": {"AddressFamily": 2, "Address": 419561664, "IPAddressToString": "192.0.2.25"}}],
                "AddressSpaces": {"Type": "SMTP", "Address": "*.example.net", "Cost": 5}}"#,
        );
        assert_eq!(hosts(&connector), ["a.example.com", "192.0.2.25"]);
        assert_eq!(spaces, [("*.example.net".to_owned(), 5)]);
        let (connector, spaces, ..) = mail(
            r#"{"Name": "x", "SmartHosts": "a.example.com b.example.com", "AddressSpaces": "example.net"}"#,
        );
        assert_eq!(hosts(&connector), ["a.example.com", "b.example.com"]);
        assert_eq!(spaces, [("example.net".to_owned(), 1)]);
        let (connector, ..) = mail(
            r#"{"Name": "x", "SmartHosts": {"value": ["a.example.com"], "Count": 1}, "AddressSpaces": "SMTP:*"}"#,
        );
        assert_eq!(hosts(&connector), ["a.example.com"]);
        let (connector, ..) = mail(
            r#"{"Name": "x", "SmartHostsString": "a.example.com,[192.0.2.25]", "AddressSpaces": "*"}"#,
        );
        assert_eq!(hosts(&connector), ["a.example.com", "192.0.2.25"]);
    }

    #[test]
    fn without_smart_hosts_mail_goes_out_directly() {
        let (connector, spaces, fqdn, _) = mail(
            r#"{"Name": "direct", "SmartHosts": "left.over.example", "AddressSpaces": ["SMTP:*;1"], "DNSRoutingEnabled": true, "Fqdn": {"Domain": "mail.contoso.example"}}"#,
        );
        assert_eq!((connector, spaces), (None, vec![("*".to_owned(), 1)]));
        assert_eq!(fqdn.as_deref(), Some("mail.contoso.example"));
        let (connector, spaces, ..) = mail(
            r#"{"Name": "partner", "UseMXRecord": true, "SmartHosts": ["left.over.example"], "RecipientDomains": ["fabrikam.example"], "TlsSettings": "EncryptionOnly"}"#,
        );
        assert_eq!(
            (connector, spaces),
            (None, vec![("fabrikam.example".to_owned(), 1)])
        );
    }

    #[test]
    fn an_outbound_connector() {
        let json = r#"{"Name": "Relay", "SmartHosts": ["smtp-relay.example.com"], "UseMXRecord": false,
            "RecipientDomains": ["*"], "TlsSettings": "DomainValidation", "TlsDomain": "*.example.com", "Enabled": "True"}"#;
        let (connector, spaces, fqdn, notes) = mail(json);
        assert_eq!(hosts(&connector), ["smtp-relay.example.com"]);
        assert_eq!(connector.map(|c| c.require_tls), Some(true));
        assert_eq!((spaces, fqdn), (vec![("*".to_owned(), 1)], None));
        assert!(notes.is_empty());
        let (connector, ..) = mail(&json.replace("\"DomainValidation\"", "null"));
        assert_eq!(connector.map(|c| c.require_tls), Some(false));
    }

    #[test]
    fn what_is_left_out_is_noted() {
        let note = |json: &str| read(json).expect(json).notes;
        assert_eq!(
            read(
                r#"{"Name": "Old", "SmartHosts": ["not a host"], "AddressSpaces": [], "Enabled": false}"#
            ),
            Ok(Listed {
                listing: Listing::SendConnector,
                name: "Old".to_owned(),
                carries: Carries::Nothing,
                notes: vec!["send connector `Old` is disabled and left out".to_owned()]
            })
        );
        assert_eq!(
            note(
                r#"{"Name": "R", "SmartHosts": ["a.example.com"], "RecipientDomains": ["*"], "IsTransportRuleScoped": true}"#
            ),
            [
                "outbound connector `R` is used by mail flow rules only, which are not read: bind its senders with [[account]] or [[domain]] rows"
            ]
        );
        assert_eq!(
            note(
                r#"{"Name": "R", "SmartHosts": ["a.example.com"], "RecipientDomains": null, "AllAcceptedDomains": true}"#
            ),
            [
                "outbound connector `R` also serves all accepted domains, which this listing does not name",
                "outbound connector `R` names no recipient domain: nothing is routed through it"
            ]
        );
        assert_eq!(
            note(
                r#"{"Name": "S", "SmartHosts": ["a.example.com"], "AddressSpaces": null, "IsScopedConnector": true}"#
            ),
            [
                "send connector `S` has no SMTP address space: nothing is routed through it",
                "send connector `S` serves the servers of its own site only, which a policy cannot say"
            ]
        );
    }

    #[test]
    fn error_texts() {
        for (json, expected) in [
            (
                r#"{"SmartHosts": []}"#,
                "ps.json:1:1: send connector without `Name`",
            ),
            (
                r#"{"Name": "x", "SmartHosts": ["a.example.com:25"], "AddressSpaces": "*"}"#,
                "ps.json:1:30: `a.example.com:25`: give the host alone, without scheme, path or port",
            ),
            (
                r#"{"Name": "x", "SmartHosts": ["a.example.com"], "AddressSpaces": ["SMTP:*;low"]}"#,
                "ps.json:1:66: `SMTP:*;low`: the cost is no number",
            ),
            (
                r#"{"Name": "x", "SmartHosts": ["a.example.com"], "AddressSpaces": ["SMTP:*;0"]}"#,
                "ps.json:1:66: cost 0 of *: a cost is a number from 1 to 100",
            ),
            (
                r#"{"Name": "x", "SmartHosts": ["a.example.com"], "AddressSpaces": ["SMTP:a.*.example;1"]}"#,
                "ps.json:1:66: `a.*.example`: a `*` stands alone or at the start, as in `*.example.net`",
            ),
        ] {
            assert_eq!(read(json), Err(expected.to_owned()));
        }
    }

    #[test]
    fn a_server_that_announces_its_smart_hosts_name_is_not_known_by_it() {
        let (.., fqdn, _) = mail(
            r#"{"Name": "x", "SmartHosts": ["a.example.com"], "AddressSpaces": "*", "Fqdn": "a.example.com"}"#,
        );
        assert_eq!(fqdn, None);
        let (.., fqdn, _) = mail(
            r#"{"Name": "x", "SmartHosts": ["a.example.com"], "AddressSpaces": "*", "Fqdn": "EX01"}"#,
        );
        assert_eq!(fqdn, None);
    }
}
