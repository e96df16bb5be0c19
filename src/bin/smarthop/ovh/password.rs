//! Where a connector's password comes from: the environment, a file, or the terminal. Never an
//! argument, which every user of the machine can read.

use std::env;
use std::fs;
use std::io::{self, IsTerminal as _};

use super::args::Login;
use super::config::Secret;

/// The variable.
const VARIABLE: &str = "SMARTHOP_CONNECTOR_PASSWORD";

/// Of a file that holds one line.
const FILE_MAX: u64 = 64 << 10;

/// Where it comes from.
pub(crate) enum From<'a> {
    Variable(Secret),
    File(&'a std::path::Path),
    Terminal,
}

/// Where it would come from; nothing is asked for yet.
pub(crate) fn from(login: &Login) -> Result<From<'_>, String> {
    if let Some(path) = &login.password_file {
        return Ok(From::File(path));
    }
    match env::var(VARIABLE) {
        Ok(password) if !password.is_empty() => Ok(From::Variable(Secret::new(password))),
        // Nor is it shown.
        Err(env::VarError::NotUnicode(_)) => Err(format!("{VARIABLE} is not UTF-8 text")),
        Ok(_) | Err(env::VarError::NotPresent) => Ok(From::Terminal),
    }
}

impl From<'_> {
    /// As a preview names it.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Variable(_) => "that of SMARTHOP_CONNECTOR_PASSWORD",
            Self::File(_) => "that of the file",
            Self::Terminal => "will be asked for",
        }
    }

    /// The password.
    pub(crate) fn read(self) -> Result<Secret, String> {
        let password = match self {
            Self::Variable(password) => return Ok(password),
            Self::File(path) => {
                let shown = path.display();
                let unread = |error: io::Error| format!("{shown}: cannot be read: {error}");
                if fs::metadata(path).map_err(unread)?.len() > FILE_MAX {
                    return Err(format!("{shown}: is too long for a password"));
                }
                let text = fs::read_to_string(path).map_err(unread)?;
                text.lines().next().unwrap_or_default().to_owned()
            }
            Self::Terminal if io::stdin().is_terminal() => {
                rpassword::prompt_password("Password at the smart host: ")
                    .map_err(|error| format!("the password cannot be asked for: {error}"))?
            }
            Self::Terminal => {
                return Err(format!(
                    "no password, and no terminal to ask at: set {VARIABLE}, or give --password-file FILE"
                ));
            }
        };
        match password.is_empty() {
            true => Err("the password is empty".to_owned()),
            false => Ok(Secret::new(password)),
        }
    }
}
