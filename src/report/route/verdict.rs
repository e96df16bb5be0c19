//! The verdict: one sentence, and under it who handed the message to whom and how that is known.

use super::instant;
use crate::analysis::{
    Analysis, Border, ConnectorRef, Expected, ExpectedRoute, ExpectedSource, Identity, Mine,
    Observed, ObservedRoute, Outcome, Scope,
};
use crate::printable::{machine_name, printable};

/// The answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The answer.
    pub(crate) outcome: Outcome,
    /// Its word, in capitals: what tells it without colour.
    pub(crate) sign: &'static str,
    /// What it says.
    pub(crate) says: String,
    /// The name that it says it of, the sentence's last word; empty where there is none. A narrow
    /// format may shorten it.
    pub(crate) name: String,
    /// Label and value; none with an error.
    pub(crate) facts: Vec<(&'static str, String)>,
}

impl Verdict {
    pub(crate) fn of(analysis: &Analysis) -> Self {
        let (says, name) = match &analysis.error {
            Some(error) => (printable(&error.says).into_owned(), String::new()),
            None => statement(analysis),
        };
        Self {
            outcome: analysis.outcome,
            sign: sign(analysis.outcome),
            says,
            name,
            facts: match analysis.outcome {
                Outcome::Error => Vec::new(),
                Outcome::Pass | Outcome::Fail | Outcome::Inconclusive | Outcome::Unchecked => {
                    facts(analysis)
                }
            },
        }
    }

    /// What was observed instead of what was expected, where that is told apart.
    #[cfg(feature = "formats")]
    pub(crate) fn observed(&self) -> Option<&str> {
        let fact = self.facts.iter().find(|(label, _)| *label == OBSERVED);
        fact.map(|(_, value)| value.as_str())
    }

    /// The whole sentence.
    pub(crate) fn sentence(&self) -> String {
        match self.name.as_str() {
            "" => self.says.clone(),
            name => format!("{} {name}", self.says),
        }
    }
}

/// The label of what was observed.
const OBSERVED: &str = "observed";

/// The word of an outcome.
pub(crate) const fn sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "PASS",
        Outcome::Fail => "FAIL",
        Outcome::Inconclusive => "INCONCLUSIVE",
        Outcome::Unchecked => "UNCHECKED",
        Outcome::Error => "ERROR",
    }
}

/// What the verdict says, and the name it says it of (which may be shortened).
fn statement(analysis: &Analysis) -> (String, String) {
    const EXCHANGE: &str = "the Exchange platform's own server";
    let expected = analysis.expected.as_ref();
    let connector = || connector_name(expected.and_then(|expected| expected.connector.as_ref()));
    let of = |says: &str, name: String| (says.to_owned(), name);
    match (analysis.outcome, expected.map(|expected| expected.route)) {
        // Not the host that was named, but one of its operator's.
        (Outcome::Pass, Some(ExpectedRoute::Connector))
            if analysis.observed.scope == Some(Scope::Organisation) =>
        {
            of(
                &format!(
                    "left through {}, a host of the organisation of",
                    client_name(&analysis.observed)
                ),
                connector(),
            )
        }
        (Outcome::Pass, Some(ExpectedRoute::Connector)) => {
            of("left through the connector", connector())
        }
        (Outcome::Pass, Some(ExpectedRoute::Exchange)) => of(
            "left through the Exchange server",
            client_name(&analysis.observed),
        ),
        (Outcome::Fail, Some(ExpectedRoute::Connector)) => {
            of("did not leave through the connector", connector())
        }
        (Outcome::Fail, Some(ExpectedRoute::Exchange)) => {
            (format!("did not leave through {EXCHANGE}"), String::new())
        }
        (Outcome::Inconclusive, Some(ExpectedRoute::Connector)) => {
            of("unclear if it left through the connector", connector())
        }
        (Outcome::Inconclusive, Some(ExpectedRoute::Exchange)) => (
            format!("unclear if it left through {EXCHANGE}"),
            String::new(),
        ),
        (Outcome::Inconclusive, None) => of("nothing tells what to expect of it", String::new()),
        (Outcome::Unchecked | Outcome::Pass | Outcome::Fail | Outcome::Error, _) => {
            observation(&analysis.observed)
        }
    }
}

/// What was observed, as far as it is attested.
fn observation(observed: &Observed) -> (String, String) {
    let left = match observed.attested {
        Some(true) => "left",
        Some(false) | None => "seems to have left",
    };
    match observed.route {
        Some(ObservedRoute::Connector) => (
            format!("{left} through the connector"),
            match &observed.connector {
                Some(connector) => connector_name(Some(connector)),
                None => client_name(observed),
            },
        ),
        Some(ObservedRoute::Exchange) => (
            format!("{left} through the Exchange server"),
            client_name(observed),
        ),
        Some(ObservedRoute::Other) => ("handed over by".to_owned(), client_name(observed)),
        Some(ObservedRoute::Unknown) | None => {
            ("no telling who handed it over".to_owned(), String::new())
        }
    }
}

pub(super) fn client_name(observed: &Observed) -> String {
    let name = observed.host.as_deref().or(observed.ip.as_deref());
    name.or(observed.provider.as_deref()).map_or_else(
        || "that is named nowhere".to_owned(),
        |name| machine_name(name).into_owned(),
    )
}

pub(super) fn connector_name(connector: Option<&ConnectorRef>) -> String {
    let Some(connector) = connector else {
        return "(unnamed)".to_owned();
    };
    let host = connector.smart_host.as_deref().map(machine_name);
    let name = connector.name.as_deref().map(printable);
    match (name, host) {
        (Some(name), Some(host)) if name == host => host.into_owned(),
        (Some(name), Some(host)) => format!("{name} ({host})"),
        (Some(name), None) | (None, Some(name)) => name.into_owned(),
        (None, None) => match connector.id {
            Some(id) => format!("number {id}"),
            None => "(unnamed)".to_owned(),
        },
    }
}

fn facts(analysis: &Analysis) -> Vec<(&'static str, String)> {
    let observed = &analysis.observed;
    let mut facts = Vec::new();
    if let Some(expected) = &analysis.expected
        && (expected.sender.is_some() || analysis.outcome != Outcome::Pass)
    {
        facts.push(("expected", expectation(expected)));
    }
    if analysis.expected.is_some() && analysis.outcome != Outcome::Pass {
        let (says, name) = observation(observed);
        facts.push((OBSERVED, format!("{says} {name}").trim_end().to_owned()));
    }
    facts.extend(client(observed).map(|value| ("client", value)));
    facts.extend(taken_by(observed).map(|value| ("taken by", value)));
    facts.extend(known_by(observed).map(|value| ("known by", value)));
    facts.extend(border(analysis).map(|value| ("border", value)));
    facts.extend(mine(analysis).map(|value| ("your own", value)));
    facts
}

fn expectation(expected: &Expected) -> String {
    let route = match expected.route {
        ExpectedRoute::Connector => {
            format!(
                "the connector {}",
                connector_name(expected.connector.as_ref())
            )
        }
        ExpectedRoute::Exchange => "the Exchange platform's own server".to_owned(),
    };
    let sender = match &expected.sender {
        Some(sender) => format!(" for {}", printable(sender)),
        None => String::new(),
    };
    let source = match expected.source {
        ExpectedSource::CommandLine => "",
        ExpectedSource::ConnectorFile => " (connector file)",
        ExpectedSource::PolicyAccount => " (the policy's rule for this account)",
        ExpectedSource::PolicyDomain => " (the policy's rule for this domain)",
    };
    format!("{route}{sender}{source}")
}

fn client(observed: &Observed) -> Option<String> {
    match (&observed.host, &observed.ip) {
        (Some(host), Some(ip)) => Some(format!("{} [{}]", machine_name(host), machine_name(ip))),
        (Some(host), None) => Some(machine_name(host).into_owned()),
        (None, Some(ip)) => Some(format!("[{}]", machine_name(ip))),
        (None, None) => None,
    }
}

fn taken_by(observed: &Observed) -> Option<String> {
    let mut says = machine_name(observed.attested_by.as_deref()?).into_owned();
    if let Some(date) = &observed.date {
        says.push_str(", ");
        says.push_str(&instant(date));
    }
    if let Some(version) = observed.tls.as_ref().and_then(|tls| tls.version.as_deref()) {
        says.push_str(", ");
        says.push_str(&machine_name(version));
    }
    Some(says)
}

fn known_by(observed: &Observed) -> Option<String> {
    let identity = match observed.identity? {
        Identity::Network => "its network",
        Identity::ReverseDns => "its verified reverse DNS",
        Identity::Spf => "an SPF pass for its address",
        Identity::Dkim => "a DKIM signature that passes",
        // Weak: how closely it would be known is beside the point.
        Identity::Helo => return Some("its HELO alone, which it chose itself".to_owned()),
    };
    let provider = observed.provider.as_deref().map(machine_name);
    let matches = match (observed.scope, provider) {
        (Some(Scope::Host), _) => format!("{identity}, which matches what you named"),
        (Some(Scope::Provider), Some(provider)) => {
            format!("{identity}, as any customer of {provider} would be")
        }
        (Some(Scope::Provider), None) => {
            format!("{identity}, as any host of that organisation would be")
        }
        (Some(Scope::Organisation), _) => {
            format!("{identity}, as a host of the smart host's organisation")
        }
        (Some(Scope::Account), Some(provider)) => {
            format!("{identity}, as your own account at {provider}")
        }
        (Some(Scope::Account), None) => format!("{identity}, as your own account"),
        (None, _) => identity.to_owned(),
    };
    // It tells a station of the mail, and not who handed over.
    Some(match observed.identity {
        Some(Identity::Dkim) => {
            format!("{matches}: it went through there; the client itself is not known")
        }
        Some(Identity::Network | Identity::ReverseDns | Identity::Spf | Identity::Helo) | None => {
            matches
        }
    })
}

/// What it rests on that the user sent the message himself.
fn mine(analysis: &Analysis) -> Option<String> {
    let by = match analysis.message.mine? {
        Mine::Vouched => "judged as your own message (--mine)",
        Mine::Token => "judged as your own message (--mine, by the token in it)",
    };
    let decided = matches!(analysis.outcome, Outcome::Pass | Outcome::Fail);
    Some(match (decided, analysis.observed.attested) {
        (true, Some(false)) => {
            format!("{by}: this rests on a field that you vouch for, and not the recipient")
        }
        _ => by.to_owned(),
    })
}

fn border(analysis: &Analysis) -> Option<String> {
    let found = match analysis.observed.border? {
        Border::Named => "the receiver that you named",
        Border::Platform => "the border server of a known platform",
        Border::Found => "found by reading down from the delivery",
        Border::Guessed => "guessed, and not certain",
    };
    let Some(number) = analysis.observed.hop else {
        return Some(found.to_owned());
    };
    let line = analysis
        .hops
        .iter()
        .find(|hop| hop.number == number)
        .map(|hop| hop.line);
    Some(match line {
        Some(line) => format!("hop {number}, line {line}: {found}"),
        None => format!("hop {number}: {found}"),
    })
}
