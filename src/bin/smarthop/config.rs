//! The command line as it is meant: what is expected, what is believed, what is read and how it is
//! shown. Wrong usage ends here, so that an empty variable in a script is no pass.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::thread;

use clap::CommandFactory as _;
use clap::error::ErrorKind;
use smarthop::policy::{Connector, Plan};
use smarthop::{Catalogue, Expectation, Repair};

use crate::cli::{Belief, Check, Cli, Route, Run, Trace};
use crate::output::Format;
use crate::sources::Input;

/// One run.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) expectation: Expectation,
    pub(crate) catalogue: Cow<'static, Catalogue>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) repair_files: Repair,
    pub(crate) format: Format,
    pub(crate) summary: bool,
    pub(crate) threads: usize,
}

/// What `check` means.
pub(crate) fn check(args: Check) -> Result<Job, clap::Error> {
    let usage = |kind, says: &str| usage_error("check", kind, says);
    let connector = (!args.smart_host.is_empty()).then(|| Connector {
        smart_hosts: args.smart_host,
        ..Connector::default()
    });
    let plan = match (args.expect, connector) {
        (None | Some(Route::Connector), Some(connector)) => Plan::Connector(connector),
        (Some(Route::Exchange), connector) => Plan::Exchange(connector),
        (Some(Route::Connector), None) => {
            return Err(usage(
                ErrorKind::MissingRequiredArgument,
                "--expect connector needs the connector: add --smart-host HOST",
            ));
        }
        (None, None) => {
            return Err(usage(
                ErrorKind::MissingRequiredArgument,
                "nothing is expected: add --smart-host HOST or --expect exchange, or use \
                 `smarthop trace`",
            ));
        }
    };
    let expectation = Expectation {
        plan,
        sender: args.sender,
        ..Expectation::default()
    };
    job("check", expectation, args.belief, args.run)
}

/// What `trace` means.
pub(crate) fn trace(args: Trace) -> Result<Job, clap::Error> {
    job("trace", Expectation::default(), args.belief, args.run)
}

fn job(
    command: &str,
    expectation: Expectation,
    belief: Belief,
    run: Run,
) -> Result<Job, clap::Error> {
    let catalogue = match &belief.catalogue {
        Some(path) => Cow::Owned(catalogue(path).map_err(|says| {
            let says = format!("--catalogue {}: {says}", path.display());
            usage_error(command, ErrorKind::ValueValidation, &says)
        })?),
        None => Cow::Borrowed(Catalogue::builtin()),
    };
    if let Some(platform) = &belief.platform
        && !catalogue
            .platforms()
            .any(|known| known.id == platform.as_str())
    {
        let known: Vec<_> = catalogue
            .platforms()
            .map(|known| known.id.to_string())
            .collect();
        let says = format!(
            "--platform {platform:?} is not known; known are {}",
            known.join(", ")
        );
        return Err(usage_error(command, ErrorKind::InvalidValue, &says));
    }
    let inputs = Input::of_paths(&run.paths);
    if inputs
        .iter()
        .filter(|input| matches!(input, Input::Stdin))
        .count()
        > 1
    {
        let says = "`-` stands twice, but there is only one standard input";
        return Err(usage_error(command, ErrorKind::ArgumentConflict, says));
    }
    let threads = match run.threads {
        Some(threads) => usize::from(threads),
        None => thread::available_parallelism().map_or(1, usize::from),
    };
    Ok(Job {
        expectation: Expectation {
            exchange_hosts: belief.exchange_host,
            platform: belief.platform,
            receivers: belief.receiver,
            trust: belief.trust,
            authserv_ids: belief.authserv_id,
            ..expectation
        },
        catalogue,
        repair_files: if run.repair {
            Repair::Pasted
        } else {
            Repair::Encoding
        },
        format: Format::new(run.format, run.color, inputs.len() > 1),
        inputs,
        summary: run.summary,
        threads,
    })
}

fn catalogue(path: &Path) -> Result<Catalogue, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    Catalogue::with_overrides(&text).map_err(|error| error.to_string())
}

/// Wrong usage of a command, as clap tells it: exit status 2, with the command's usage.
fn usage_error(command: &str, kind: ErrorKind, says: &str) -> clap::Error {
    let mut cli = Cli::command();
    cli.build();
    match cli.find_subcommand_mut(command) {
        Some(command) => command.error(kind, says),
        None => cli.error(kind, says),
    }
}
