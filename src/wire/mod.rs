//! The contract's JSON from what was examined: one file a part of it.
//!
//! Here facts become values and sentences; nothing is decided. Lines of the text become lines of
//! the input as given.

mod evidence;
mod hops;
mod observed;
mod reasons;
mod warnings;

use std::borrow::Cow;

use crate::analysis::{
    Analysis, ConnectorRef, ErrorInfo, Expected as ExpectedInfo, Message, Observed, Outcome,
    Reason, SCHEMA_VERSION, Settle, Source, TlsInfo, Tool, Warning,
};
use crate::anomaly;
use crate::catalogue::Catalogue;
use crate::examine::{Detail, Examined};
use crate::input::RawMessage;
use crate::message;
use crate::policy::Connector;
use crate::route::expected::Expected;
use crate::route::items::items;
use crate::route::observed::Seen;
use crate::route::reason::Reason as Why;
use crate::trace::Tls;
use crate::trace::chain::slowest;
use crate::vouch;
use crate::words::{self, instant};

/// As much of it as is wanted: much of a whole analysis is text.
pub(crate) fn analysis(examined: &Examined<'_, '_, '_>, detail: Detail) -> Analysis {
    let (facts, exits) = (examined.facts, examined.exits);
    let mut analysis = Analysis {
        message: message_of(examined, detail),
        expected: expected(examined.expected),
        observed: observed::observed(Seen::of(facts, &examined.verdict.placed)),
        outcome: examined.verdict.outcome,
        reasons: reasons(examined),
        settle: examined.settle.iter().map(Settle::from).collect(),
        error: None,
        ..empty(facts.catalogue)
    };
    let hop = |linked| hops::hop(examined, linked);
    let chain = facts.path.hops();
    match detail {
        Detail::Full => {
            let items = items(facts, exits);
            let anomalies = anomaly::all(examined);
            let goes_on = || !facts.section.is_stopped();
            analysis.hops = chain.iter().take_while(|_| goes_on()).map(hop).collect();
            analysis.evidence = items
                .iter()
                .take_while(|_| goes_on())
                .map(|own| evidence::item(examined, own))
                .collect();
            analysis.warnings = anomalies.iter().map(Warning::from).collect();
        }
        Detail::Verdict => {
            let slow = slowest(chain, |linked| linked.delay);
            analysis.hops.extend(slow.map(hop));
        }
    }
    if facts.section.is_stopped() {
        give_up(&mut analysis);
    }
    analysis
}

/// Makes an error of what is made in part, since nobody waits for it.
pub(crate) fn give_up(analysis: &mut Analysis) {
    *analysis = Analysis {
        tool: analysis.tool.clone(),
        source: std::mem::take(&mut analysis.source),
        error: Some(ErrorInfo {
            code: "given-up".to_owned(),
            says: words::given_up().to_owned(),
        }),
        ..empty(Catalogue::builtin())
    };
}

/// A record for an input that cannot be analysed.
pub fn unreadable(catalogue: &Catalogue, code: &str, says: String) -> Analysis {
    let code = code.to_owned();
    Analysis {
        error: Some(ErrorInfo { code, says }),
        ..empty(catalogue)
    }
}

/// A record for an input without a header.
pub(crate) fn no_header(raw: &RawMessage<'_>, catalogue: &Catalogue) -> Analysis {
    unreadable(catalogue, "no-header", words::no_header(raw))
}

fn empty(catalogue: &Catalogue) -> Analysis {
    Analysis {
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: "smarthop",
            version: env!("CARGO_PKG_VERSION"),
            catalogue: catalogue.version().to_owned(),
        },
        source: Source::default(),
        message: Message::default(),
        expected: None,
        observed: Observed::default(),
        outcome: Outcome::Error,
        reasons: Vec::new(),
        settle: Vec::new(),
        hops: Vec::new(),
        evidence: Vec::new(),
        warnings: Vec::new(),
        error: None,
    }
}

fn reasons(examined: &Examined<'_, '_, '_>) -> Vec<Reason> {
    let all = examined.verdict.reasons.iter();
    let all = all.map(|cited| Reason {
        line: if let Why::Boundary(_, line) = cited.reason {
            // Of the input already.
            line
        } else {
            cited.line.map(|line| examined.raw.input_line(line))
        },
        ..Reason::from(cited)
    });
    all.collect()
}

fn message_of(examined: &Examined<'_, '_, '_>, detail: Detail) -> Message {
    let (own, facts) = (examined.message, examined.facts);
    let section = facts.section;
    let mut message = Message {
        from: own.from.clone(),
        sender: own.sender.clone(),
        to: own.to.clone(),
        mine: vouch::vouched(section, &facts.expectation.mine),
        ..Message::default()
    };
    if detail == Detail::Full {
        let return_path = facts.evidence.return_paths.first();
        message.message_id = message::message_id(section);
        message.return_path = return_path.map(|path| path.address.clone().into_owned());
        message.subject = message::subject(section);
        message.date = message::date(section).and_then(instant);
    }
    message
}

fn expected(expected: &Expected<'_>) -> Option<ExpectedInfo> {
    let Expected::Route(row) = expected else {
        return None;
    };
    Some(ExpectedInfo {
        route: row.route,
        connector: row.connector.map(connector),
        sender: row.sender.clone(),
        source: row.source,
    })
}

fn connector(connector: &Connector) -> ConnectorRef {
    ConnectorRef {
        id: connector.id,
        name: connector.name.clone(),
        smart_host: connector.smart_hosts.first().map(ToString::to_string),
    }
}

fn tls(tls: &Option<Tls<'_>>) -> Option<TlsInfo> {
    tls.as_ref().map(|tls| TlsInfo {
        version: owned(&tls.version),
        cipher: owned(&tls.cipher),
    })
}

fn owned(text: &Option<Cow<'_, str>>) -> Option<String> {
    text.as_deref().map(one_line)
}

/// A quoted string may be folded; its line end is no part of the value (RFC 5322 2.2.3).
fn one_line(text: &str) -> String {
    match text.contains(['\r', '\n']) {
        true => text.replace(['\r', '\n'], ""),
        false => text.to_owned(),
    }
}
