//! Wrong usage, told in one sentence with what was meant, where a usual slip shows it.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use smarthop::report::printable;

use crate::exit;

/// What the user can mend, without the command's usage, which would not help.
pub(crate) fn plain(kind: ErrorKind, says: &str) -> Error {
    Error::raw(kind, format!("{}\n", says.trim_end()))
}

/// Tells it and ends: help and version are no errors.
pub(crate) fn end(error: &Error) -> ExitCode {
    if !error.use_stderr() {
        error.exit();
    }
    let told = match meant(error) {
        Some(says) => plain(error.kind(), &says).render(),
        None => error.render(),
    };
    // Where standard error is closed, nobody is there to be told.
    let mut err = io::stderr().lock();
    let _ = match err.is_terminal() {
        true => write!(err, "smarthop: {}", told.ansi()),
        false => write!(err, "smarthop: {told}"),
    };
    exit::TROUBLE.into()
}

/// What was meant, where that is plain.
fn meant(error: &Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let is_file = |text: &str| Path::new(text).exists();
    // Subcommands of others have other options.
    let command = std::env::args().nth(1).unwrap_or_default();
    let argument = || text(ContextKind::InvalidArg)?.split([' ', '=']).next();
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "ErrorKind is non-exhaustive"
    )]
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let given = text(ContextKind::InvalidSubcommand).filter(|given| is_file(given))?;
            let given = printable(given);
            Some(format!(
                "{given} is no command: say `smarthop check --smart-host HOST {given}`, or \
                 `smarthop trace {given}` to only see its way"
            ))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation
            if argument() == Some("--smart-host") =>
        {
            text(ContextKind::InvalidValue)
                .filter(|given| is_file(given))
                .map(no_smart_host)
        }
        ErrorKind::UnknownArgument if command == "trace" => {
            let given = argument().filter(|given| {
                [
                    "--smart-host",
                    "-s",
                    "--expect",
                    "-e",
                    "--policy",
                    "-p",
                    "--connector",
                    "--sender",
                    "--require",
                    "--unlisted",
                ]
                .contains(given)
            })?;
            Some(format!(
                "trace expects nothing, so it has no {given}: say `smarthop check {given} …`, or \
                 leave it out"
            ))
        }
        ErrorKind::UnknownArgument if command == "serve" => argument()
            .filter(|given| ["--port", "-p", "--bind", "--host", "--address"].contains(given))
            .map(|given| {
                format!("serve has no {given}: say --listen 127.0.0.1:PORT, or --listen :PORT")
            }),
        _ => None,
    }
}

/// A message in the smart host's place.
pub(crate) fn no_smart_host(path: &str) -> String {
    let path = printable(path);
    format!(
        "--smart-host {path}: that is a file: name the smart host first, as in `smarthop check \
         --smart-host HOST {path}`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_error_has_one_prefix_and_no_usage() {
        let text = plain(ErrorKind::ValueValidation, "it is so\n").to_string();
        assert_eq!(text, "error: it is so\n");
    }
}
