//! The stream that every format is fed: one [`Record`] a message, in the order of the inputs, and
//! their [`Tally`] at the end.
//!
//! A format is a [`Report`]. It renders a message where it was analysed, on whatever thread, and
//! puts the parts together on one. Knows nothing of files, threads and formats.

use std::io::{self, Write};

use crate::RawMessage;
use crate::analysis::{
    Analysis, ConnectorRef, ErrorInfo, Expected, Observed, ObservedRoute, Outcome, Reason, Settle,
    Source, Summary,
};
use crate::examine::Detail;
use crate::trace::chain::slowest;

/// What is kept of an analysis once it is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where the message came from.
    pub source: Source,
    /// The answer.
    pub outcome: Outcome,
    /// What was expected.
    pub expected: Option<Expected>,
    /// What was observed.
    pub observed: Observed,
    /// The deciding reason.
    pub reason: Option<Reason>,
    /// What would settle it.
    pub settle: Vec<Settle>,
    /// Why there is no analysis.
    pub error: Option<ErrorInfo>,
    /// The hop that took longest.
    pub slowest: Option<SlowHop>,
}

/// A hop, and how long after the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlowHop {
    /// Seconds.
    pub delay: i64,
    /// Its number; 1 is the origin.
    pub number: u32,
    /// The server that stamped it.
    pub by: Option<String>,
    /// Whether its stamp is believed.
    pub believed: bool,
}

impl From<Analysis> for Record {
    fn from(analysis: Analysis) -> Self {
        let slowest = slowest(analysis.hops, |hop| hop.delay_seconds).and_then(|hop| {
            Some(SlowHop {
                delay: hop.delay_seconds?,
                number: hop.number,
                by: hop.by.and_then(|by| by.host.or(by.ip)),
                believed: hop.believed,
            })
        });
        Self {
            source: analysis.source,
            outcome: analysis.outcome,
            expected: analysis.expected,
            observed: analysis.observed,
            reason: analysis.reasons.into_iter().next(),
            settle: analysis.settle,
            error: analysis.error,
            slowest,
        }
    }
}

/// What came of all messages. Its size is that of the policy and of the catalogue, whatever the
/// number of messages.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How many had which outcome.
    pub summary: Summary,
    /// Expected against observed.
    pub routes: Vec<RouteCount>,
    /// By the provider or platform that handed over.
    pub providers: Vec<(String, u64)>,
    /// The slowest hop of all, and in which message.
    pub slowest: Option<(SlowHop, Source)>,
}

/// How many messages were expected on one way and took another, or the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteCount {
    /// What was expected; the sender in it is that of the first message.
    pub expected: Option<Expected>,
    /// The way that was taken.
    pub route: Option<ObservedRoute>,
    /// Whether that is attested, and not only what the client called itself or a guess.
    pub attested: bool,
    /// Through which known connector.
    pub connector: Option<ConnectorRef>,
    /// So many messages.
    pub count: u64,
}

impl RouteCount {
    fn is_of(&self, record: &Record) -> bool {
        let alike = match (&self.expected, &record.expected) {
            (Some(a), Some(b)) => a.route == b.route && a.connector == b.connector,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let observed = &record.observed;
        alike
            && self.route == observed.route
            && self.connector == observed.connector
            && self.attested == (observed.attested == Some(true))
    }

    /// What was expected, in words.
    pub fn expected_text(&self) -> String {
        self.expected.as_ref().map_or_else(
            || "nothing expected".to_owned(),
            |expected| route_text(expected.route.as_str(), expected.connector.as_ref()),
        )
    }

    /// What was observed, in words.
    pub fn observed_text(&self) -> String {
        let route = self.route.map_or("unknown", ObservedRoute::as_str);
        let text = route_text(route, self.connector.as_ref());
        match (self.attested, self.route) {
            (true, _) | (_, Some(ObservedRoute::Unknown) | None) => text,
            (false, Some(_)) => format!("perhaps {text}"),
        }
    }
}

/// A route and which connector it is: its name, else its smart host, else its id.
fn route_text(route: &str, connector: Option<&ConnectorRef>) -> String {
    let name = connector.and_then(connector_name);
    name.map_or_else(|| route.to_owned(), |name| format!("{route} {name}"))
}

/// How a connector is called: by its name, else its smart host, else its id.
pub(crate) fn connector_name(connector: &ConnectorRef) -> Option<String> {
    let ConnectorRef {
        id,
        name,
        smart_host,
    } = connector;
    let named = name.as_ref().or(smart_host.as_ref()).cloned();
    named.or_else(|| Some(id.as_ref()?.to_string()))
}

impl Tally {
    /// Counts one more record.
    pub fn count(&mut self, record: &Record) {
        self.summary.count(record.outcome);
        match self.routes.iter_mut().find(|row| row.is_of(record)) {
            // What cannot be read took no way.
            _ if record.outcome == Outcome::Error => {}
            Some(row) => row.count += 1,
            None => self.routes.push(RouteCount {
                expected: record.expected.clone(),
                route: record.observed.route,
                attested: record.observed.attested == Some(true),
                connector: record.observed.connector.clone(),
                count: 1,
            }),
        }
        if let Some(provider) = &record.observed.provider {
            match self
                .providers
                .iter_mut()
                .find(|(known, _)| known == provider)
            {
                Some((_, count)) => *count += 1,
                None => self.providers.push((provider.clone(), 1)),
            }
        }
        if let Some(hop) = &record.slowest
            && self
                .slowest
                .as_ref()
                .is_none_or(|(slowest, _)| hop.delay > slowest.delay)
        {
            self.slowest = Some((hop.clone(), record.source.clone()));
        }
    }

    /// The counts of an outcome.
    pub const fn of(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Pass => self.summary.pass,
            Outcome::Fail => self.summary.fail,
            Outcome::Inconclusive => self.summary.inconclusive,
            Outcome::Unchecked => self.summary.unchecked,
            Outcome::Error => self.summary.error,
        }
    }

    /// The rows of expected against observed, the most frequent first.
    pub fn routes_by_count(&self) -> Vec<&RouteCount> {
        let mut rows: Vec<_> = self.routes.iter().collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.count));
        rows
    }

    /// The providers, the most frequent first.
    pub fn providers_by_count(&self) -> Vec<(&str, u64)> {
        let mut rows: Vec<_> = self
            .providers
            .iter()
            .map(|(id, count)| (id.as_str(), *count))
            .collect();
        rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        rows
    }
}

/// A format. Each thread that analyses has an instance of its own for [`Report::message`]; one
/// more puts what they made together: `begin`, `take` for each record in order, `end`.
pub trait Report: Send {
    /// How much of an analysis [`Report::message`] looks at; what a [`Record`] keeps is always
    /// there.
    fn detail(&self) -> Detail {
        Detail::Full
    }

    /// Whether [`Report::message`] quotes the header; without that it need not be redacted.
    fn quotes(&self) -> bool {
        false
    }

    /// Renders one message into `part`, which is empty. `header` is the text that was analysed,
    /// to quote from; there is none of an input that cannot be read.
    fn message(&mut self, analysis: &Analysis, header: Option<&RawMessage<'_>>, part: &mut Vec<u8>);

    /// Writes what stands before the first message.
    ///
    /// # Errors
    /// Those of `out`.
    fn begin(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Takes the next record and its rendered part.
    ///
    /// # Errors
    /// Those of `out`.
    fn take(&mut self, _record: &Record, part: &[u8], out: &mut dyn Write) -> io::Result<()> {
        out.write_all(part)
    }

    /// Writes what stands behind the last message.
    ///
    /// # Errors
    /// Those of `out`.
    fn end(&mut self, _tally: &Tally, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// A message's place for people: its path, and its number in an mbox.
#[cfg(feature = "formats")]
pub(crate) fn place(source: &Source) -> String {
    use crate::analysis::SourceFormat;
    let path = source.path.as_deref().unwrap_or("standard input");
    match source.format {
        SourceFormat::Mbox => format!("{path}#{}", source.message),
        SourceFormat::Stdin if source.message > 0 => format!("{path}#{}", source.message),
        SourceFormat::Eml
        | SourceFormat::Maildir
        | SourceFormat::Msg
        | SourceFormat::Mailbox
        | SourceFormat::Stdin => path.to_owned(),
    }
}

/// The sender whom a line names: the one that was looked up, else From, else Sender.
#[cfg(feature = "formats")]
pub(crate) fn sender(analysis: &Analysis) -> Option<&str> {
    let expected = analysis
        .expected
        .as_ref()
        .and_then(|expected| expected.sender.as_deref());
    let message = &analysis.message;
    expected
        .or(message.from.first().map(String::as_str))
        .or(message.sender.as_deref())
}
