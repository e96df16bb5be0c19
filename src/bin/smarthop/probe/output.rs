//! What came of the probes: for people, as JSON Lines and JUnit XML, as a monitoring plugin's
//! line, and as Prometheus reads it.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;
use smarthop::analysis::{ObservedRoute, Outcome};
use smarthop::report::{markup, printable};
use unicode_width::UnicodeWidthStr as _;

use super::args::{Probe, ProbeFormat};
use super::{Arrived, Delivery, State};
use crate::output::Stdout;
use crate::{exit, sink};

/// A monitoring plugin's statuses (Monitoring Plugins Development Guidelines, "Plugin Return
/// Codes").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Ok = 0,
    Warning = 1,
    Critical = 2,
    Unknown = 3,
}

impl Status {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// Nothing could be done: the exit status.
pub(super) fn unusable(args: &Probe, says: &str) -> u8 {
    // What TOML says has lines, with a mark under the place.
    let says: Vec<_> = says.trim_end().lines().map(printable).collect();
    let says = says.join("\n");
    sink::tell(&says);
    if args.format != ProbeFormat::Nagios {
        return exit::TROUBLE;
    }
    let line = plain(&says);
    let text = format!("SMARTHOP UNKNOWN - {line}\n");
    deliver(args, &text, Status::Unknown as u8)
}

/// Writes all, and gives the exit status.
pub(super) fn write(args: &Probe, slow: Option<Duration>, all: &[Delivery]) -> u8 {
    let status = status(all);
    match args.format {
        ProbeFormat::Human => deliver(args, &human(all), status),
        ProbeFormat::Json => deliver(args, &lines(all), status),
        ProbeFormat::Junit => deliver(args, &junit(all), status),
        ProbeFormat::Prometheus => deliver(args, &prometheus(all), status),
        ProbeFormat::Nagios => {
            let (text, status) = nagios(all, slow);
            deliver(args, &text, status as u8)
        }
    }
}

fn deliver(args: &Probe, text: &str, status: u8) -> u8 {
    let done = match &args.output {
        Some(path) => replace(path, text)
            .map_err(|error| format!("{}: cannot be written: {error}", path.display())),
        None => {
            let mut out = Stdout::new();
            out.write_all(text.as_bytes())
                .and_then(|()| out.flush())
                .map_err(|error| format!("standard output: cannot be written: {error}"))
        }
    };
    match done {
        Ok(()) => status,
        Err(says) => {
            sink::tell(&printable(&says));
            match args.format {
                ProbeFormat::Nagios => Status::Unknown as u8,
                ProbeFormat::Human
                | ProbeFormat::Json
                | ProbeFormat::Junit
                | ProbeFormat::Prometheus => exit::TROUBLE,
            }
        }
    }
}

/// Whoever reads the file sees the old one whole, or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    // node_exporter reads what ends in `.prom`.
    let name = format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id());
    let beside = path.with_file_name(name);
    let written = fs::File::create_new(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// The exit status: the contract's, and 4 where a mail was refused or did not arrive.
fn status(all: &[Delivery]) -> u8 {
    let has = |wanted| all.iter().any(|delivery| outcome(delivery) == wanted);
    if has("fail") {
        exit::FAIL
    } else if has("error") {
        exit::TROUBLE
    } else if has("refused") || has("not-arrived") {
        exit::NOT_ARRIVED
    } else if has("inconclusive") {
        exit::INCONCLUSIVE
    } else {
        exit::PASS
    }
}

/// All that may come of a delivery.
const OUTCOMES: [&str; 7] = [
    "pass",
    "fail",
    "inconclusive",
    "unchecked",
    "refused",
    "not-arrived",
    "error",
];

fn outcome(delivery: &Delivery) -> &'static str {
    match &delivery.state {
        State::Arrived(arrived) => arrived.analysis.outcome.as_str(),
        State::Refused(_) => "refused",
        State::NotArrived(_) => "not-arrived",
        State::Trouble(_) | State::Planned | State::Sending(_) | State::Sent(..) => "error",
    }
}

const fn arrived(delivery: &Delivery) -> Option<&Arrived> {
    match &delivery.state {
        State::Arrived(arrived) => Some(arrived),
        State::Refused(_)
        | State::NotArrived(_)
        | State::Trouble(_)
        | State::Planned
        | State::Sending(_)
        | State::Sent(..) => None,
    }
}

/// In one sentence, as it is.
fn says(delivery: &Delivery) -> String {
    match &delivery.state {
        State::Arrived(arrived) => way(arrived),
        State::NotArrived(gone) => gone.says.clone(),
        State::Refused(says) | State::Trouble(says) => says.clone(),
        State::Planned | State::Sending(_) | State::Sent(..) => {
            "the program failed before it was found".to_owned()
        }
    }
}

fn way(arrived: &Arrived) -> String {
    let analysis = &arrived.analysis;
    let observed = &analysis.observed;
    let host = observed.host.as_deref().or(observed.ip.as_deref());
    let host = host.unwrap_or("a host without a name");
    let mut text = match (analysis.outcome, observed.route) {
        (Outcome::Pass | Outcome::Unchecked, Some(ObservedRoute::Connector)) => {
            let connector = observed.connector.as_ref();
            let name = connector.and_then(|own| own.name.as_deref().or(own.smart_host.as_deref()));
            format!("left through {} ({host})", name.unwrap_or("the connector"))
        }
        (Outcome::Pass | Outcome::Unchecked, Some(ObservedRoute::Exchange)) => {
            format!("left through the Exchange server {host}")
        }
        (Outcome::Pass | Outcome::Unchecked, _) => format!("left through {host}"),
        (Outcome::Fail | Outcome::Inconclusive | Outcome::Error, _) => {
            let reason = analysis.reasons.first();
            let error = analysis.error.as_ref();
            reason
                .map(|reason| reason.says.to_string())
                .or_else(|| error.map(|error| error.says.clone()))
                .unwrap_or_default()
        }
    };
    if arrived.junk {
        let _ = write!(text, "; it lay in {}", arrived.folder);
    }
    text
}

/// What stands behind the sentence: likely reasons, what would settle it, what went wrong beside.
fn more(delivery: &Delivery) -> Vec<String> {
    match &delivery.state {
        State::NotArrived(gone) => gone.reasons.clone(),
        State::Arrived(arrived) => {
            let analysis = &arrived.analysis;
            let settle = analysis.settle.first();
            let settle = settle.filter(|_| analysis.outcome == Outcome::Inconclusive);
            let settle = settle.map(|settle| match &settle.value {
                Some(value) => format!("{} {value}: {}", settle.option, settle.says),
                None => format!("{}: {}", settle.option, settle.says),
            });
            settle.into_iter().chain(arrived.notes.clone()).collect()
        }
        State::Refused(_)
        | State::Trouble(_)
        | State::Planned
        | State::Sending(_)
        | State::Sent(..) => Vec::new(),
    }
}

fn human(all: &[Delivery]) -> String {
    let width = |of: fn(&Delivery) -> &str| all.iter().map(|one| printable(of(one)).width()).max();
    let from = width(|one| &one.from).unwrap_or(0);
    let to = width(|one| &one.to).unwrap_or(0);
    let padded = |text: &str, to: usize| {
        let text = printable(text);
        let room = to.saturating_sub(text.width());
        format!("{text}{}", " ".repeat(room))
    };
    let mut text = String::new();
    for one in all {
        let word = outcome(one).replace('-', " ").to_uppercase();
        let (sender, recipient) = (padded(&one.from, from), padded(&one.to, to));
        let says = printable(&says(one)).into_owned();
        let _ = write!(text, "{sender} → {recipient} {word}  {says}");
        if let Some(arrived) = arrived(one) {
            let _ = write!(text, "   {:.1} s", arrived.seconds);
        }
        text.push('\n');
        let head = match &one.state {
            State::NotArrived(_) => "perhaps ",
            State::Arrived(_)
            | State::Refused(_)
            | State::Trouble(_)
            | State::Planned
            | State::Sending(_)
            | State::Sent(..) => "",
        };
        for line in more(one) {
            let _ = writeln!(text, "    {head}{}", printable(&line));
        }
    }
    text
}

/// An object a delivery, in JSON Lines: the contract's own object stands in it.
fn lines(all: &[Delivery]) -> String {
    let mut text = String::new();
    for one in all {
        let arrived = arrived(one);
        let analysis = arrived.map(|arrived| &arrived.analysis);
        let probe = json!({"schema_version": 1, "probe": {
            "sender": one.from,
            "recipient": one.to,
            "token": one.token,
            "outcome": outcome(one),
            "says": says(one),
            "more": more(one),
            "seconds": arrived.map(|arrived| (arrived.seconds * 1000.0).round() / 1000.0),
            "folder": arrived.map(|arrived| &arrived.folder),
            "junk": arrived.map(|arrived| arrived.junk),
            "analysis": analysis,
        }});
        // The same value to a parser, and harmless on a terminal.
        for char in probe.to_string().chars() {
            if matches!(char, ' '..='~') {
                text.push(char);
                continue;
            }
            let mut units = [0; 2];
            for unit in char.encode_utf16(&mut units) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
        text.push('\n');
    }
    text
}

/// As text in XML.
fn escaped(text: &str) -> String {
    markup(&printable(text)).into_owned()
}

/// As `smarthop check` writes it: `fail` and `inconclusive` are failures of that type, and so is a
/// mail that was refused or is not there; what could not be done is an error.
fn junit(all: &[Delivery]) -> String {
    let count = |names: &[&str]| {
        all.iter()
            .filter(|one| names.contains(&outcome(one)))
            .count()
    };
    let failures = count(&["fail", "inconclusive", "refused", "not-arrived"]);
    let errors = count(&["error"]);
    let times = all.iter().filter_map(arrived).map(|one| one.seconds);
    let time = times.fold(0.0, |all, one| all + one);
    let counts = format!(
        r#"tests="{}" skipped="0" failures="{failures}" errors="{errors}" time="{time:.3}""#,
        all.len()
    );
    let mut text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="smarthop" {counts}>
    <testsuite name="smarthop probe" {counts}>
"#
    );
    for one in all {
        let (from, to) = (escaped(&one.from), escaped(&one.to));
        let _ = write!(
            text,
            r#"        <testcase name="{from} → {to}" classname="smarthop.probe""#
        );
        if let Some(arrived) = arrived(one) {
            let _ = write!(text, r#" time="{:.3}""#, arrived.seconds);
        }
        let word = outcome(one);
        let element = match word {
            "pass" | "unchecked" => {
                text.push_str("/>\n");
                continue;
            }
            "error" => "error",
            _ => "failure",
        };
        let says = escaped(&says(one));
        let more: Vec<_> = more(one).iter().map(|line| escaped(line)).collect();
        let _ = write!(
            text,
            ">\n            <{element} message=\"{says}\" type=\"{word}\">{}</{element}>\n        \
             </testcase>\n",
            more.join("\n")
        );
    }
    text.push_str("    </testsuite>\n</testsuites>\n");
    text
}

/// For a plugin's line: one line, without what begins the performance data.
fn plain(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ").replace('|', "/");
    printable(&text).into_owned()
}

fn of_plugin(one: &Delivery, slow: Option<Duration>) -> Status {
    match outcome(one) {
        "fail" | "refused" | "not-arrived" => Status::Critical,
        "inconclusive" | "error" => Status::Unknown,
        _ => {
            let late = |seconds: f64| slow.is_some_and(|slow| seconds > slow.as_secs_f64());
            match arrived(one) {
                Some(arrived) if arrived.junk || late(arrived.seconds) => Status::Warning,
                _ => Status::Ok,
            }
        }
    }
}

/// One line with performance data (Monitoring Plugins Development Guidelines).
fn nagios(all: &[Delivery], slow: Option<Duration>) -> (String, Status) {
    let gravest = [Status::Critical, Status::Unknown, Status::Warning];
    let mut bad: Vec<&Delivery> = Vec::new();
    for status in gravest {
        bad.extend(all.iter().filter(|one| of_plugin(one, slow) == status));
    }
    let status = bad.first().map_or(Status::Ok, |one| of_plugin(one, slow));
    let passed = all.iter().filter(|one| outcome(one) == "pass").count();
    let mut text = format!(
        "SMARTHOP {} - {passed} of {} left the expected way",
        status.word(),
        all.len()
    );
    if let Some(one) = bad.first() {
        let what = match of_plugin(one, slow) {
            Status::Warning => "slow, or in Junk".to_owned(),
            Status::Ok | Status::Critical | Status::Unknown => outcome(one).replace('-', " "),
        };
        let line = format!("; {} to {}: {what}: {}", one.from, one.to, says(one));
        text.push_str(&plain(&line));
        if bad.len() > 1 {
            let _ = write!(text, "; and {} more", bad.len() - 1);
        }
    }
    text.push_str(" |");
    let warn = slow.map_or(String::new(), |slow| slow.as_secs().to_string());
    for one in all {
        if let Some(arrived) = arrived(one) {
            // A label has neither of the two.
            let label = plain(&format!("{} to {}", one.from, one.to)).replace(['\'', '='], "_");
            let _ = write!(text, " '{label}'={:.3}s;{warn};;0", arrived.seconds);
        }
    }
    text.push('\n');
    (text, status)
}

/// A label's value: backslash, quote and line feed are escaped.
fn label(text: &str) -> String {
    let text = printable(text);
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Prometheus' text format 0.0.4, as node_exporter's textfile collector takes it: no timestamps
/// behind the values.
fn prometheus(all: &[Delivery]) -> String {
    let mut text = String::new();
    let mut family = |name: &str, help: &str, rows: &mut dyn Iterator<Item = (String, String)>| {
        let _ = writeln!(text, "# HELP smarthop_probe_{name} {help}");
        let _ = writeln!(text, "# TYPE smarthop_probe_{name} gauge");
        for (labels, value) in rows {
            let _ = writeln!(text, "smarthop_probe_{name}{labels} {value}");
        }
    };
    let labels = |one: &Delivery, more: &str| {
        let (from, to) = (label(&one.from), label(&one.to));
        let connector = label(one.connector.as_deref().unwrap_or_default());
        format!(r#"{{sender="{from}",recipient="{to}",connector="{connector}"{more}}}"#)
    };
    let flag = |is: bool| u8::from(is).to_string();
    family(
        "success",
        "Whether the mail arrived and left the expected way.",
        &mut all
            .iter()
            .map(|one| (labels(one, ""), flag(outcome(one) == "pass"))),
    );
    family(
        "outcome",
        "What came of the mail: 1 for the one outcome, 0 for the others.",
        &mut all.iter().flat_map(|one| {
            let row = |word: &'static str| {
                let more = format!(r#",outcome="{word}""#);
                (labels(one, &more), flag(outcome(one) == word))
            };
            OUTCOMES.map(row)
        }),
    );
    family(
        "delivery_seconds",
        "How long the mail took from its hand-over until it was found.",
        &mut all.iter().filter_map(|one| {
            let arrived = arrived(one)?;
            Some((labels(one, ""), format!("{:.3}", arrived.seconds)))
        }),
    );
    family(
        "junk",
        "Whether the mail lay in a folder of what is unwanted.",
        &mut all.iter().filter_map(|one| {
            let arrived = arrived(one)?;
            Some((labels(one, ""), flag(arrived.junk)))
        }),
    );
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |now| now.as_secs()).to_string();
    family(
        "last_run_timestamp_seconds",
        "When the last run ended.",
        &mut std::iter::once((String::new(), now)),
    );
    text
}
