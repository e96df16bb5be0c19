//! `smarthop policy pull`: a service's state into a policy, or into what a policy's file says
//! otherwise.
//!
//! The answers are read as `policy import` reads them. A policy is whole or none: an account
//! that is listed and cannot be read ends the command.

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use smarthop::Catalogue;
use smarthop::policy::difference::differences;
use smarthop::policy::import::{Imported, Source, import};
use smarthop::report::printable;

use super::args::Pull;
use super::exchange::{Exchange, Failure, each};
use super::trouble::Trouble;
use crate::config::{policy_of, read};
use crate::{exit, listing, sink};

pub(crate) fn pull(args: &Pull) -> ExitCode {
    match pulled(args) {
        Ok(status) => status,
        Err(failure) => listing::trouble(&failure.to_string()),
    }
}

fn pulled(args: &Pull) -> Result<ExitCode, Failure> {
    // A file that cannot be read is better said before a thousand calls.
    let file = match &args.check {
        Some(path) => {
            Some(read(path).and_then(|bytes| policy_of(&bytes, path, Catalogue::builtin()))?)
        }
        None => None,
    };
    let client = super::client()?;
    let exchange = Exchange::choose(&client, args.service.as_deref())?;
    let state = state(&exchange)?;
    let Some(file) = file else {
        let head = format!("# The state of {exchange}, by `smarthop policy pull`.\n");
        return Ok(listing::print(&format!("{head}{}", state.toml)));
    };
    let found = differences(&file, &state);
    let lines: String = found
        .iter()
        .map(|difference| format!("{}\n", printable(&difference.to_string())))
        .collect();
    let printed = listing::print(&lines);
    Ok(
        match found.is_empty() || printed != ExitCode::from(exit::PASS) {
            true => printed,
            false => exit::FAIL.into(),
        },
    )
}

/// Every connector, account, alias, domain and server.
fn state(exchange: &Exchange<'_>) -> Result<Imported, Failure> {
    let progress = Progress::begin();
    let mut answers: Vec<(String, Value)> = Vec::new();
    let mut add = |parts: &[&str], answer: Value| {
        answers.push((format!("GET {}", exchange.path(parts)), answer));
    };
    add(&[], exchange.get(&[])?);
    match exchange.get(&["server"]) {
        Ok(server) => add(&["server"], server),
        // A service among many on shared servers has none of its own.
        Err(trouble) if trouble.status() == Some(404) => {}
        Err(trouble) => return Err(trouble.into()),
    }
    for (id, connector) in exchange.connectors()? {
        add(&["sendConnector", &id.to_string()], connector);
    }
    let domains = exchange.names(&["domain"])?;
    let read = |name: &String| exchange.get(&["domain", name]);
    for (name, domain) in domains.iter().zip(each(&domains, read, &|| {})?) {
        add(&["domain", name], domain);
    }
    let (accounts, gone) = exchange.accounts(&|many| progress.expect(many), &|| progress.one())?;
    let with_aliases = |(address, account): &(String, Value)| -> Result<Value, Trouble> {
        let mut account = account.clone();
        // Most accounts have none, and say so.
        if account.get("numberOfAliases").and_then(Value::as_u64) != Some(0) {
            let aliases = exchange.names(&["account", address, "alias"])?;
            if let Some(object) = account.as_object_mut() {
                object.insert("aliases".to_owned(), aliases.into());
            }
        }
        Ok(account)
    };
    progress.expect(accounts.len());
    let complete = each(&accounts, with_aliases, &|| progress.one())?;
    for ((address, _), account) in accounts.iter().zip(complete) {
        add(&["account", address], account);
    }
    progress.end();
    for address in gone {
        sink::note(&format!(
            "account {} was deleted meanwhile and is left out",
            printable(&address)
        ));
    }
    let texts: Vec<(String, String)> = answers
        .into_iter()
        .map(|(name, answer)| (name, answer.to_string()))
        .collect();
    let sources: Vec<Source<'_>> = texts
        .iter()
        .map(|(name, text)| Source {
            name,
            bytes: text.as_bytes(),
        })
        .collect();
    import(&sources).map_err(|error| Failure::Says(error.to_string()))
}

/// How far it is, where somebody can see it.
struct Progress(Option<ProgressBar>);

impl Progress {
    fn begin() -> Self {
        if !io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) =
            ProgressStyle::with_template("{wide_bar} {pos} of {len} calls  {eta} left")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(Some(bar))
    }

    fn expect(&self, many: usize) {
        if let Some(bar) = &self.0 {
            bar.inc_length(many as u64);
        }
    }

    fn one(&self) {
        if let Some(bar) = &self.0 {
            bar.inc(1);
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    /// Before an error is told.
    fn drop(&mut self) {
        self.end();
    }
}
