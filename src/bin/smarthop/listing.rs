//! `smarthop policy` and `smarthop providers`: what a policy or the catalogue says, as text.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::ErrorKind;
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use smarthop::catalogue;
use smarthop::policy::Policy;
use smarthop::policy::check::Overview;
use smarthop::policy::import::{Source, import};
use smarthop::report::printable;

use crate::config::{catalogue_of, read};
use crate::output::Stdout;
use crate::{exit, sink};

/// `policy check FILE`
pub(crate) fn policy_check(path: &Path, overrides: Option<&Path>) -> ExitCode {
    let catalogue = match catalogue_of(overrides) {
        Ok(catalogue) => catalogue,
        Err(error) => return crate::usage::end(&error),
    };
    let policy = read(path).and_then(|bytes| {
        Policy::read_with(&bytes, &path.to_string_lossy(), &catalogue)
            .map_err(|error| error.to_string())
    });
    match policy {
        Ok(policy) => {
            let overview = policy.overview();
            let printed = print(&overview_text(&overview));
            // Keys that would identify the sender's own Exchange as the connector.
            let mut wrong = overview
                .oddities
                .iter()
                .filter(|odd| odd.is_error())
                .peekable();
            if wrong.peek().is_none() {
                return printed;
            }
            for error in wrong {
                sink::tell(&format!("{}: {}", error.code, printable(&error.says)));
            }
            ExitCode::from(exit::TROUBLE)
        }
        Err(says) => trouble(&says),
    }
}

/// `policy import FILE...`
pub(crate) fn policy_import(paths: &[PathBuf]) -> ExitCode {
    let mut texts = Vec::with_capacity(paths.len());
    for path in paths {
        match read(path) {
            Ok(bytes) => texts.push((path.to_string_lossy(), bytes)),
            Err(says) => return trouble(&says),
        }
    }
    let sources: Vec<Source<'_>> = texts
        .iter()
        .map(|(name, bytes)| Source { name, bytes })
        .collect();
    match import(&sources) {
        Ok(imported) => print(&imported.toml),
        Err(error) => trouble(&error.to_string()),
    }
}

/// `providers [ID]`
pub(crate) fn providers(id: Option<&str>, overrides: Option<&Path>) -> ExitCode {
    let catalogue = match catalogue_of(overrides) {
        Ok(catalogue) => catalogue,
        Err(error) => return crate::usage::end(&error),
    };
    let Some(id) = id else {
        return print(&catalogue::list(&catalogue));
    };
    // Ids are in lower case; names are not.
    match catalogue.provider(&id.to_ascii_lowercase()) {
        Some(provider) => print(&catalogue::show(provider)),
        None => {
            let meant = match catalogue.slip(id) {
                Some(slip) => format!("did you mean `{}`?", printable(&slip.provider.id)),
                None => "`smarthop providers` lists them".to_owned(),
            };
            let says = format!("{:?} is no provider that is known; {meant}", printable(id));
            crate::usage::end(&crate::usage::plain(ErrorKind::InvalidValue, &says))
        }
    }
}

/// A policy as tables: connectors, rows, and what is odd.
fn overview_text(overview: &Overview<'_>) -> String {
    let mut connectors = table(&["connector", "rows"]);
    for (connector, rows) in &overview.connectors {
        connectors.add_row([
            printable(&connector.to_string()).into_owned(),
            rows.to_string(),
        ]);
    }
    let mut rows = table(&["row", "for", "expected route"]);
    for row in &overview.rows {
        let cost = row
            .cost
            .map(|cost| format!(" (cost {cost})"))
            .unwrap_or_default();
        let route = match (row.route, row.undecided) {
            (Some(route), _) => printable(&route.to_string()).into_owned(),
            (None, Some(because)) => format!("undecided: {}", printable(because)),
            (None, None) => "an undeclared connector".to_owned(),
        };
        rows.add_row([
            row.kind.as_str().to_owned(),
            printable(row.subject).into_owned(),
            format!("{route}{cost}"),
        ]);
    }
    let mut text = format!("{}\n\n{}\n", lines(&connectors), lines(&rows));
    for oddity in overview.oddities.iter().filter(|odd| !odd.is_error()) {
        text.push_str(&format!(
            "\nodd: {}: {}",
            oddity.code,
            printable(&oddity.says)
        ));
    }
    if !overview.oddities.iter().all(|odd| odd.is_error()) {
        text.push('\n');
    }
    text
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header.to_vec());
    table
}

/// A table's lines without what fills them at the end.
pub(crate) fn lines(table: &Table) -> String {
    let lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    lines.join("\n")
}

pub(crate) fn print(text: &str) -> ExitCode {
    let mut out = Stdout::new();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => exit::PASS.into(),
        Err(error) => trouble(&format!("standard output: cannot be written: {error}")),
    }
}

pub(crate) fn trouble(says: &str) -> ExitCode {
    sink::tell(says);
    exit::TROUBLE.into()
}
