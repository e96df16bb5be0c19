//! The OVHcloud API's answers about an Exchange service into connectors, accounts, domains and
//! servers: as JSON, or as the API console prints them (see [`super::loose`]).
//!
//! Read are `GET …/sendConnector/{id}` (`id, displayName, smartHost, requireTLS,
//! smartHostAuthMechanism, state, default, dnsRouting`), `…/account/{address}`
//! (`primaryEmailAddress, sendConnectorId, sbrDestination`), `…/domain/{name}` (`name,
//! sendConnectorIdDefault, sbrDefault`), `…/server` (`ip, ipV6`) and the service itself
//! (`defaultSmartHost`), single or in lists. An account may have its aliases beside it, under
//! `aliases`, where somebody put there what `GET …/account/{address}/alias` answers. Keys have no
//! case; unknown ones, which translated ones are, say nothing.
//!
//! The schema says of `sbrDestination` that all mail of the account is sent to that relay, of
//! `sendConnectorId` that it holds where such routing is configured, of `defaultSmartHost` that
//! it can be used through the default connector; nothing says which of them wins. What is read
//! here is what stands there; what follows is [`super::import`]'s.
//!
//! Not supported: resource accounts and shared mailboxes, which have no connector in the schema.
//! Touches no network and knows nothing of messages.

use std::str::FromStr;

use super::loose::{self, Node, Value};
use super::place::{self, Named};
use super::{Connector, OUTGOING_SERVER, ReadError};
use super::{normal_address, normal_domain};
use crate::host::HostSpec;

/// One answer of the API.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    Connector(Sending),
    Account(Told),
    Domain(Told),
    /// The addresses of the service's server.
    Server(Vec<HostSpec>),
    /// The service, and the relay that it names beside its connectors.
    Service(Option<Relay>),
}

/// A send connector.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sending {
    /// Without smart host where the platform names none.
    pub(super) connector: Connector,
    /// Its state, where that is not `ok`.
    pub(super) state: Option<String>,
    /// `default`
    pub(super) is_default: bool,
    /// `dnsRouting`
    pub(super) by_dns: bool,
}

impl Sending {
    /// Why it is not known where its mail goes: a fragment that follows its name.
    pub(super) fn doubt(&self) -> Option<&'static str> {
        match (self.connector.smart_hosts.is_empty(), self.by_dns) {
            (false, false) => None,
            (false, true) => Some(
                "has a smart host and routes by DNS too (`dnsRouting`), and which of them holds is not documented",
            ),
            (true, true) => Some(
                "routes by DNS (`dnsRouting`) and has no smart host, and from which server its mail leaves is not documented",
            ),
            (true, false) => Some(
                "has no smart host (`smartHost` is null), and where its mail goes is not documented",
            ),
        }
    }
}

/// What an account or a domain says of its mail's way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    /// The address, or the domain's name.
    pub(super) name: String,
    /// `sendConnectorId` or `sendConnectorIdDefault`.
    pub(super) connector: u64,
    /// `sbrDestination` or `sbrDefault`.
    pub(super) relay: Option<Relay>,
    /// Further addresses of the account.
    pub(super) aliases: Vec<String>,
}

/// A relay that is named apart from the connectors.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Relay {
    /// The key that names it.
    pub(super) key: &'static str,
    /// As it stands there.
    pub(super) written: String,
    /// `None` where that is no host.
    pub(super) host: Option<HostSpec>,
}

/// Reads send connectors, alternatives of one another, as one connector with all their hosts.
///
/// It keeps an id or a name that all of them have, and wants TLS where all of them do.
pub(super) fn read_connector(bytes: &[u8], name: &str) -> Result<Connector, ReadError> {
    let mut all = read_connectors(bytes, name)?.into_iter();
    let mut one = all.next().unwrap_or_default();
    for other in all {
        for host in other.smart_hosts {
            if !one.smart_hosts.contains(&host) {
                one.smart_hosts.push(host);
            }
        }
        one.id = one.id.filter(|id| other.id == Some(*id));
        one.name = one.name.filter(|name| other.name.as_ref() == Some(name));
        one.require_tls &= other.require_tls;
    }
    Ok(one)
}

/// The send connectors of a text; never none.
fn read_connectors(bytes: &[u8], name: &str) -> Result<Vec<Connector>, ReadError> {
    let text = place::decode(bytes, name)?;
    let text = Named { name, text: &text };
    let mut connectors = Vec::new();
    for node in objects(text, loose::parse(text)?)? {
        let node = match node {
            Item::Object(node) => node,
            Item::Id(id, node) => return Err(text.error(node.span, ids_only(id))),
        };
        match answer(text, &node)? {
            Answer::Connector(sending) => match sending.doubt() {
                None => connectors.push(sending.connector),
                Some(doubt) => {
                    let says = format!(
                        "{} {doubt}: name the host that it hands over to with `--smart-host`",
                        sending.connector
                    );
                    return Err(text.error(head(&node), says));
                }
            },
            Answer::Account(_) | Answer::Domain(_) | Answer::Server(_) | Answer::Service(_) => {
                return Err(text.error(
                    head(&node),
                    "no send connector: give the answer of `GET …/sendConnector/{id}` here; accounts and domains belong into a policy (`smarthop policy import`)",
                ));
            }
        }
    }
    match connectors.is_empty() {
        false => Ok(connectors),
        true => Err(ReadError::whole(
            name,
            "no send connector in it: give the answer of `GET …/sendConnector/{id}`",
        )),
    }
}

/// Why a list of ids is not enough.
pub(super) fn ids_only(id: u64) -> String {
    format!("these are connector ids only: give the answer of `GET …/sendConnector/{id}`")
}

/// What a list, or the text itself, holds.
pub(super) enum Item {
    Object(Node),
    /// An id, as `GET …/sendConnector` lists them.
    Id(u64, Node),
}

/// The objects and ids of a text, lists unpacked. PowerShell 5's `{"value": […], "Count": n}`
/// around a list counts as the list.
pub(super) fn objects(text: Named<'_>, nodes: Vec<Node>) -> Result<Vec<Item>, ReadError> {
    let mut items = Vec::new();
    // Depth is bounded by the reader; the stack keeps the order.
    let mut stack: Vec<Node> = nodes.into_iter().rev().collect();
    while let Some(node) = stack.pop() {
        match node.value {
            Value::List(list) => stack.extend(list.into_iter().rev()),
            Value::Object(fields) => match wrapped_list(fields) {
                Ok(list) => stack.extend(list.into_iter().rev()),
                Err(fields) => items.push(Item::Object(Node {
                    value: Value::Object(fields),
                    span: node.span,
                })),
            },
            // The console's `{ null }`: an answer without content.
            Value::Null => {}
            Value::Number(_) => match node.integer() {
                Some(id) => items.push(Item::Id(id, node)),
                None => return Err(text.error(node.span.clone(), not_an_answer(&node))),
            },
            Value::String(_) => {
                return Err(text.error(
                    node.span.clone(),
                    format!(
                        "{} is a name only: give the answer of `GET …/account/{{address}}` or `…/domain/{{name}}` for it",
                        loose::shown(&node)
                    ),
                ));
            }
            Value::Bool(_) => return Err(text.error(node.span.clone(), not_an_answer(&node))),
        }
    }
    Ok(items)
}

fn not_an_answer(node: &Node) -> String {
    format!("{} is no answer of the API", loose::shown(node))
}

type Fields = Vec<(String, Node)>;

fn wrapped_list(mut fields: Fields) -> Result<Vec<Node>, Fields> {
    let is_wrapper = fields.len() == 2
        && fields.iter().any(|(key, _)| key == "Count")
        && fields
            .iter()
            .any(|(key, node)| key == "value" && matches!(node.value, Value::List(_)));
    if !is_wrapper {
        return Err(fields);
    }
    fields.retain(|(key, _)| key == "value");
    match fields.pop().map(|(_, node)| node.value) {
        Some(Value::List(list)) => Ok(list),
        Some(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_),
        )
        | None => Ok(Vec::new()),
    }
}

/// The keys by which an object is known for a connector, `smartHost` missing or not.
const CONNECTOR_KEYS: &[&str] = &[
    "smartHost",
    "smartHostAuthMechanism",
    "maxSendSize",
    "requireTLS",
];

/// The keys by which an object is known for the service itself, which has `maxSendSize`, too.
const SERVICE_KEYS: &[&str] = &["defaultSmartHost", "complexityEnabled"];

/// Reads one object.
pub(super) fn answer(text: Named<'_>, node: &Node) -> Result<Answer, ReadError> {
    let has = |key: &&str| node.field(key).is_some();
    if has(&"primaryEmailAddress") || has(&"sendConnectorId") {
        account(text, node)
    } else if has(&"sendConnectorIdDefault") || has(&"sbrDefault") {
        domain(text, node)
    } else if SERVICE_KEYS.iter().any(has) {
        Ok(Answer::Service(relay(node, "defaultSmartHost")))
    } else if CONNECTOR_KEYS.iter().any(has) {
        connector(text, node)
    } else if has(&"ip") || has(&"ipV6") {
        server(text, node)
    } else if has(&"todoDate") {
        Err(text.error(
            head(node),
            "this is a task, the answer to a change: give the answer of `GET …/sendConnector/{id}`",
        ))
    } else {
        Err(text.error(
            head(node),
            "nothing to be read here: a connector has `smartHost`, an account `primaryEmailAddress`, a domain `sendConnectorIdDefault`, a server `ip`",
        ))
    }
}

/// An object's first character: its place, without marking all of it.
pub(super) fn head(node: &Node) -> std::ops::Range<usize> {
    node.span.start..node.span.start + 1
}

fn missing(text: Named<'_>, node: &Node, what: &str) -> ReadError {
    text.error(head(node), what)
}

fn connector(text: Named<'_>, node: &Node) -> Result<Answer, ReadError> {
    let id = match node.present("id") {
        None => None,
        Some(value) => match value.integer() {
            Some(id) if id != OUTGOING_SERVER => Some(id),
            Some(_) | None => {
                let says = format!("{} is no connector's id", loose::shown(value));
                return Err(text.error(value.span.clone(), says));
            }
        },
    };
    let smart_host = match node.field("smartHost") {
        None => {
            let which = id.map_or(String::new(), |id| format!(" {id}"));
            let says = format!(
                "connector{which} without `smartHost`: the key must stand there untranslated"
            );
            return Err(missing(text, node, &says));
        }
        Some(value) => match &value.value {
            Value::Null => None,
            Value::String(empty) if empty.trim().is_empty() => None,
            Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::List(_)
            | Value::Object(_) => Some(host(text, value)?),
        },
    };
    let flag = |key: &str| node.field(key).and_then(Node::boolean) == Some(true);
    let mechanism = node.field("smartHostAuthMechanism").and_then(Node::string);
    let state = node.field("state").and_then(Node::string);
    let connector = Connector {
        id,
        name: node
            .field("displayName")
            .and_then(Node::string)
            .map(str::to_owned),
        smart_hosts: smart_host.into_iter().collect(),
        // With this mechanism the password is given under TLS only, so no mail goes without.
        require_tls: flag("requireTLS")
            || mechanism.is_some_and(|m| m.eq_ignore_ascii_case("basicAuthRequireTLS")),
        ..Connector::default()
    };
    let state = state
        .filter(|state| !state.eq_ignore_ascii_case("ok"))
        .map(str::to_owned);
    Ok(Answer::Connector(Sending {
        connector,
        state,
        is_default: flag("default"),
        by_dns: flag("dnsRouting"),
    }))
}

fn account(text: Named<'_>, node: &Node) -> Result<Answer, ReadError> {
    let written = node.present("primaryEmailAddress").ok_or_else(|| {
        missing(
            text,
            node,
            "account without `primaryEmailAddress`: the key must stand there untranslated",
        )
    })?;
    let name = address(text, written)?;
    let connector = connector_id(text, node, "sendConnectorId", &format!("account {name}"))?;
    let aliases = match node.present("aliases").map(|listed| &listed.value) {
        Some(Value::List(list)) => list
            .iter()
            .map(|alias| address(text, alias))
            .collect::<Result<_, _>>()?,
        Some(
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_),
        )
        | None => Vec::new(),
    };
    Ok(Answer::Account(Told {
        name,
        connector,
        relay: relay(node, "sbrDestination"),
        aliases,
    }))
}

fn address(text: Named<'_>, written: &Node) -> Result<String, ReadError> {
    written.string().and_then(normal_address).ok_or_else(|| {
        let says = format!("{} is no mail address", loose::shown(written));
        text.error(written.span.clone(), says)
    })
}

fn domain(text: Named<'_>, node: &Node) -> Result<Answer, ReadError> {
    let written = node.present("name").ok_or_else(|| {
        missing(
            text,
            node,
            "domain without `name`: the key must stand there untranslated",
        )
    })?;
    let name = normal_domain(written.string().unwrap_or_default())
        .map_err(|says| text.error(written.span.clone(), says))?;
    let what = format!("domain {name}");
    let connector = connector_id(text, node, "sendConnectorIdDefault", &what)?;
    Ok(Answer::Domain(Told {
        name,
        connector,
        relay: relay(node, "sbrDefault"),
        aliases: Vec::new(),
    }))
}

/// A relay under a key that says nothing where it is `null` or empty.
fn relay(node: &Node, key: &'static str) -> Option<Relay> {
    let value = node.present(key)?;
    let written = match &value.value {
        Value::String(text) => text.trim().to_owned(),
        // What else may stand there is no host, and still says that there is a relay.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Object(_) => {
            loose::shown(value)
        }
    };
    (!written.is_empty()).then(|| Relay {
        key,
        host: written.parse().ok(),
        written,
    })
}

/// A binding: `null` is none, which is the outgoing server; a missing key is not known to be.
fn connector_id(text: Named<'_>, node: &Node, key: &str, what: &str) -> Result<u64, ReadError> {
    let Some(value) = node.field(key) else {
        let says = format!("{what} without `{key}`: the key must stand there untranslated");
        return Err(text.error(head(node), says));
    };
    match value.value {
        Value::Null => Ok(OUTGOING_SERVER),
        Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::List(_)
        | Value::Object(_) => value.integer().ok_or_else(|| {
            let says = format!("{} is no connector's id", loose::shown(value));
            text.error(value.span.clone(), says)
        }),
    }
}

fn server(text: Named<'_>, node: &Node) -> Result<Answer, ReadError> {
    let mut hosts = Vec::new();
    for key in ["ip", "ipV6"] {
        match node.present(key).map(|value| (&value.value, value)) {
            Some((Value::List(list), _)) => {
                for value in list {
                    hosts.push(host(text, value)?);
                }
            }
            Some((Value::String(empty), _)) if empty.trim().is_empty() => {}
            Some((_, value)) => hosts.push(host(text, value)?),
            None => {}
        }
    }
    Ok(Answer::Server(hosts))
}

/// A HOST.
pub(super) fn host(text: Named<'_>, value: &Node) -> Result<HostSpec, ReadError> {
    let Value::String(written) = &value.value else {
        let says = format!("{} where a host is expected", loose::shown(value));
        return Err(text.error(value.span.clone(), says));
    };
    HostSpec::from_str(written).map_err(|error| {
        let says = error.to_string();
        text.error(value.span.clone(), place::printable(&says))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connectors(text: &str) -> Vec<Connector> {
        read_connectors(text.as_bytes(), "c.json").expect(text)
    }

    fn says(text: &str) -> String {
        let error = read_connectors(text.as_bytes(), "c.json").expect_err(text);
        format!("{}: {}", error.place(), error.says)
    }

    fn relay(id: u64, name: &str, host: &str, require_tls: bool) -> Connector {
        Connector {
            id: Some(id),
            name: Some(name.to_owned()),
            smart_hosts: vec![host.parse().expect(host)],
            require_tls,
            ..Connector::default()
        }
    }

    #[test]
    fn json_and_the_consoles_print_are_one_connector() {
        let expected = [relay(29, "testconnector", "smtp-relay.example.com", true)];
        let json = r#"{"id":29,"displayName":"testconnector","smartHost":"smtp-relay.example.com","port":587,
            "requireTLS":true,"smartHostAuthMechanism":"basicAuth","maxSendSize":100,"state":"ok",
            "creationDate":"2023-09-25T14:06:02+02:00","lastUpdateDate":null,"taskPendingId":0}"#;
        let console = "{\n    smartHost: \"smtp-relay.example.com\"\n    displayName: \"testconnector\"\n    state: \"ok\"\n    maxSendSize: 100\n    smartHostAuthMechanism: \"basicAuthRequireTLS\"\n    porta: 587\n    lastUpdateDate: null\n    creationDate: \"2023-09-25T14:06:02+02:00\"\n    taskPendingId: 0\n    id: 29\n    requireTLS: true\n}\n";
        let translated = "{\n    smartHost: \"smtp-relay.example.com\"\n    displayName: \"testconnector\"\n    State: \"OK\"\n    Port: 587\n    Data utworzenia: \"2023-09-25\"\n    ID: 29\n    requireTLS: true\n}";
        assert_eq!(connectors(json), expected);
        assert_eq!(connectors(console), expected);
        assert_eq!(connectors(&console.replace('\n', "\r\n")), expected);
        assert_eq!(connectors(translated), expected);
        assert_eq!(connectors(&format!("[{json}]")), expected);
        let utf16: Vec<u8> = console.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read_connectors(&utf16, "c").expect("UTF-16"), expected);
    }

    #[test]
    fn alternatives_come_in_a_list_or_one_after_the_other() {
        let expected = [
            relay(29, "a", "a.example.com", false),
            relay(30, "b", "192.0.2.25", true),
        ];
        let a =
            "{ id: 29\n displayName: \"a\"\n smartHost: \"a.example.com\"\n requireTLS: false }";
        let b = "{ id: 30\n displayName: \"b\"\n smartHost: \"[192.0.2.25]\"\n requireTLS: false\n smartHostAuthMechanism: \"basicAuthRequireTLS\" }";
        assert_eq!(connectors(&format!("[\n{a}\n{b}\n]")), expected);
        assert_eq!(connectors(&format!("{a}\n\n{b}")), expected);
    }

    #[test]
    fn alternatives_make_one_connector() {
        let read = |text: &str| read_connector(text.as_bytes(), "c.json").expect(text);
        let a = r#"{"id": 29, "displayName": "relay", "smartHost": "a.example.com", "requireTLS": true}"#;
        let b = r#"{"id": 30, "displayName": "relay", "smartHost": "b.example.com", "requireTLS": false}"#;
        assert_eq!(read(a), relay(29, "relay", "a.example.com", true));
        assert_eq!(
            read(&format!("[{a}, {b}, {a}]")),
            Connector {
                name: Some("relay".to_owned()),
                smart_hosts: ["a.example.com", "b.example.com"]
                    .iter()
                    .map(|host| host.parse().expect(host))
                    .collect(),
                ..Connector::default()
            }
        );
    }

    #[test]
    fn an_id_and_a_name_may_be_missing_here() {
        let bare = connectors("{ smartHost: \"a.example.com\" }");
        assert_eq!(
            bare.first().map(|c| (c.id, c.name.clone())),
            Some((None, None))
        );
    }

    #[test]
    fn error_texts() {
        for (text, expected) in [
            (
                "[\n    29\n]",
                "c.json:2:5: these are connector ids only: give the answer of `GET …/sendConnector/29`",
            ),
            (
                "",
                "c.json: no send connector in it: give the answer of `GET …/sendConnector/{id}`",
            ),
            (
                "{\n    null\n}",
                "c.json: no send connector in it: give the answer of `GET …/sendConnector/{id}`",
            ),
            (
                "{ id: 29\n displayName: \"x\"\n requireTLS: true }",
                "c.json:1:1: connector 29 without `smartHost`: the key must stand there untranslated",
            ),
            (
                "{ id: 29\n smartHost: null }",
                "c.json:1:1: connector 29 has no smart host (`smartHost` is null), and where its mail goes is not documented: name the host that it hands over to with `--smart-host`",
            ),
            (
                "{ smartHost: \"\" }",
                "c.json:1:1: connector has no smart host (`smartHost` is null), and where its mail goes is not documented: name the host that it hands over to with `--smart-host`",
            ),
            (
                "{ id: 29\n displayName: \"direct\"\n smartHost: null\n dnsRouting: true }",
                "c.json:1:1: connector 29 (direct) routes by DNS (`dnsRouting`) and has no smart host, and from which server its mail leaves is not documented: name the host that it hands over to with `--smart-host`",
            ),
            (
                "{ id: 29\n smartHost: \"a.example.com\"\n dnsRouting: true }",
                "c.json:1:1: connector 29 (a.example.com) has a smart host and routes by DNS too (`dnsRouting`), and which of them holds is not documented: name the host that it hands over to with `--smart-host`",
            ),
            (
                "{ smartHost: \"*.com\" }",
                "c.json:1:14: `*.com` is a public suffix, under which anybody may have a host: name a domain below it",
            ),
            (
                "{ smartHost: 12 }",
                "c.json:1:14: 12 where a host is expected",
            ),
            (
                "{ id: 0\n smartHost: \"a.example.com\" }",
                "c.json:1:7: 0 is no connector's id",
            ),
            (
                "{ primaryEmailAddress: \"a@example.com\"\n sendConnectorId: 29 }",
                "c.json:1:1: no send connector: give the answer of `GET …/sendConnector/{id}` here; accounts and domains belong into a policy (`smarthop policy import`)",
            ),
            (
                "{ todoDate: \"2023-09-25T14:06:02+02:00\"\n id: 113924189\n function: \"addSendConnector\" }",
                "c.json:1:1: this is a task, the answer to a change: give the answer of `GET …/sendConnector/{id}`",
            ),
            (
                "{ colour: \"red\" }",
                "c.json:1:1: nothing to be read here: a connector has `smartHost`, an account `primaryEmailAddress`, a domain `sendConnectorIdDefault`, a server `ip`",
            ),
            (
                "[\"a@example.com\"]",
                "c.json:1:2: `a@example.com` is a name only: give the answer of `GET …/account/{address}` or `…/domain/{name}` for it",
            ),
            ("true", "c.json:1:1: true is no answer of the API"),
        ] {
            assert_eq!(says(text), expected, "{text}");
        }
    }

    fn told(name: &str, connector: u64) -> Told {
        Told {
            name: name.to_owned(),
            connector,
            relay: None,
            aliases: Vec::new(),
        }
    }

    #[test]
    fn accounts_domains_servers_and_the_service() {
        let one = |text: &str| {
            let named = Named { name: "a", text };
            let nodes = loose::parse(named).expect(text);
            answer(named, nodes.first().expect("an object")).map_err(|e| e.says)
        };
        assert_eq!(
            one("{ primaryEmailAddress: \"Newsletter@MyDomain.ovh\"\n sendConnectorId: 29 }"),
            Ok(Answer::Account(told("newsletter@mydomain.ovh", 29)))
        );
        assert_eq!(
            one("{ primaryEmailAddress: \"a@mydomain.ovh\"\n sendConnectorId: null }"),
            Ok(Answer::Account(told("a@mydomain.ovh", 0)))
        );
        assert_eq!(
            one("{ primaryEmailAddress: \"a@mydomain.ovh\" }"),
            Err("account a@mydomain.ovh without `sendConnectorId`: the key must stand there untranslated".to_owned())
        );
        assert_eq!(
            one("{ sendConnectorId: 29 }"),
            Err(
                "account without `primaryEmailAddress`: the key must stand there untranslated"
                    .to_owned()
            )
        );
        assert_eq!(
            one(
                "{ name: \"mydomain.ovh\"\n sendConnectorIdDefault: \"29\"\n sbrDefault: \"old.example\" }"
            ),
            Ok(Answer::Domain(Told {
                relay: Some(Relay {
                    key: "sbrDefault",
                    written: "old.example".to_owned(),
                    host: Some("old.example".parse().expect("a host")),
                }),
                ..told("mydomain.ovh", 29)
            }))
        );
        assert_eq!(
            one("{ ip: \"198.51.100.7\"\n ipV6: \"2001:db8::7\" }"),
            Ok(Answer::Server(vec![
                "198.51.100.7".parse().expect("an address"),
                "2001:db8::7".parse().expect("an address")
            ]))
        );
        assert_eq!(one("{ ip: null\n ipV6: \"\" }"), Ok(Answer::Server(vec![])));
        assert_eq!(
            one(
                "{ primaryEmailAddress: \"a@mydomain.ovh\"\n sendConnectorId: null\n sbrDestination: \"relay.example.net:25\"\n aliases: [\"B@mydomain.ovh\"] }"
            ),
            Ok(Answer::Account(Told {
                relay: Some(Relay {
                    key: "sbrDestination",
                    written: "relay.example.net:25".to_owned(),
                    host: None,
                }),
                aliases: vec!["b@mydomain.ovh".to_owned()],
                ..told("a@mydomain.ovh", 0)
            }))
        );
        let service = |relay: &str| {
            one(&format!(
                "{{ offer: \"dedicated\"\n maxSendSize: 100\n defaultSmartHost: {relay} }}"
            ))
        };
        assert_eq!(service("null"), Ok(Answer::Service(None)));
        assert_eq!(service("\"\""), Ok(Answer::Service(None)));
        assert_eq!(
            service("\"out.example.net\""),
            Ok(Answer::Service(Some(Relay {
                key: "defaultSmartHost",
                written: "out.example.net".to_owned(),
                host: Some("out.example.net".parse().expect("a host")),
            })))
        );
    }
}
