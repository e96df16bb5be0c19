//! `smarthop`: arguments, files, threads, the terminal and the exit status. No rules.

mod ahead;
mod cli;
mod config;
mod examiner;
mod exit;
mod explain;
mod interrupt;
mod listing;
#[cfg(feature = "mail")]
mod mailbox;
mod manual;
mod output;
#[cfg(feature = "api")]
mod ovh;
#[cfg(feature = "mail")]
mod probe;
mod progress;
mod run;
#[cfg(feature = "mail")]
mod secret;
#[cfg(feature = "serve")]
mod serve;
mod sink;
mod sources;
mod usage;
#[cfg(feature = "mail")]
mod wire;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Command, Policy};

fn main() -> ExitCode {
    // Wrong usage ends the program with exit::TROUBLE, which is clap's status for it too.
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::end(&error),
    };
    let job = match cli.command {
        Command::Check(args) => config::check(args),
        Command::Trace(args) => config::trace(args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => return serve::serve(args),
        #[cfg(feature = "mail")]
        Command::Probe(args) => return probe::probe(&args),
        Command::Policy(Policy::Check { file, catalogue }) => {
            return listing::policy_check(&file, catalogue.as_deref());
        }
        Command::Policy(Policy::Import { files }) => return listing::policy_import(&files),
        #[cfg(feature = "api")]
        Command::Policy(Policy::Pull(args)) => return ovh::pull(&args),
        #[cfg(feature = "api")]
        Command::Connector(args) => return ovh::connector(&args),
        Command::Providers(args) => {
            return listing::providers(args.id.as_deref(), args.catalogue.as_deref());
        }
        Command::Explain { code } => return explain::explain(code.as_deref()),
        Command::Schema => return print(smarthop::report::schema_text().as_bytes()),
        Command::Completions { shell } => return print(&manual::completions(shell)),
        Command::Man => return print(&manual::page()),
    };
    match job {
        Ok(job) => run::run(job).into(),
        Err(error) => usage::end(&error),
    }
}

fn print(text: &[u8]) -> ExitCode {
    let mut out = output::Stdout::new();
    match out.write_all(text).and_then(|()| out.flush()) {
        Ok(()) => exit::PASS.into(),
        Err(error) => {
            sink::tell(&format!("standard output: cannot be written: {error}"));
            exit::TROUBLE.into()
        }
    }
}
