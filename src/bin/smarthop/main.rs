//! `smarthop`: arguments, files, threads, the terminal and the exit status. No rules.

mod cli;
mod config;
mod exit;
mod listing;
mod output;
mod run;
mod sources;

use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Command, Policy};

fn main() -> ExitCode {
    // Wrong usage ends the program with exit::TROUBLE, which is clap's status for it too.
    let job = match Cli::parse().command {
        Command::Check(args) => config::check(args),
        Command::Trace(args) => config::trace(args),
        Command::Policy(Policy::Check { file }) => return listing::policy_check(&file),
        Command::Policy(Policy::Import { files }) => return listing::policy_import(&files),
        Command::Providers(args) => {
            return listing::providers(args.id.as_deref(), args.catalogue.as_deref());
        }
        Command::Schema => return schema(),
    };
    match job {
        Ok(job) => run::run(job).into(),
        Err(error) => error.exit(),
    }
}

fn schema() -> ExitCode {
    let mut out = output::Stdout::new();
    let written = out
        .write(smarthop::report::schema_text().as_bytes())
        .and_then(|()| out.flush());
    match written {
        Ok(()) => exit::PASS.into(),
        Err(error) => {
            run::tell(&format!("standard output: cannot be written: {error}"));
            exit::TROUBLE.into()
        }
    }
}
