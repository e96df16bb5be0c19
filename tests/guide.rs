//! `docs/guide.md`, followed from its first step to its last: every `$ ` line of its
//! `shell-session` blocks is run, against the stand-in for the OVHcloud API and, where it is there,
//! in the lab of real mail servers, whose send connector is what the stand-in's state says. Files
//! that the guide shows (`# NAME` in a block's first line) are written as it shows them.
//!
//! Times are compared as such, a line `...` stands for any number of lines, and `…` at a line's end
//! for its rest. Without the lab
//! what needs mail servers is left out, which `tests/lab/` tells.
#![cfg(all(feature = "mail", feature = "api", unix))]
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "lab/platform.rs"]
mod lab;
mod ovh_api;
mod shown;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use lab::Lab;
use ovh_api::Api;
use serde_json::Value;
use shown::{Shown, Step, is_alike, steps};

/// `2.1 s` at a line's end is a time.
fn timeless(line: &str) -> String {
    let line = line.trim_end();
    let Some(before) = line.strip_suffix(" s") else {
        return line.to_owned();
    };
    let rest = before.trim_end_matches(|char: char| char.is_ascii_digit() || char == '.');
    match rest.len() < before.len() {
        true => format!("{rest}… s"),
        false => line.to_owned(),
    }
}

fn is_same(shown: &str, printed: &str) -> bool {
    match shown.strip_suffix('…') {
        Some(begin) => printed.starts_with(begin),
        None => timeless(shown) == timeless(printed),
    }
}

/// What the platform's state makes of the lab's Exchange: who is bound, and by what login.
fn take_over(api: &Api, lab: &Lab) {
    let state = api.state();
    let bound = |account: &serde_json::Map<String, Value>| {
        account
            .get("sendConnectorId")
            .and_then(Value::as_u64)
            .is_some_and(|id| id != 0)
    };
    let accounts = state.accounts.iter();
    let addresses: Vec<_> = accounts
        .filter(|(_, account)| bound(account))
        .map(|(address, _)| address.clone())
        .collect();
    let logins = state.log.iter().rev().find_map(|(_, _, body)| {
        let user = body.get("user")?.as_str()?;
        Some(format!("{user}:{}", body.get("password")?.as_str()?))
    });
    drop(state);
    let script = format!(
        "echo '{}' > /mnt/exchange/etc/login",
        logins.unwrap_or_default()
    );
    lab.says("sh", &["-c", &script]);
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    lab.bind(&addresses);
}

#[test]
fn the_guide_can_be_followed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("docs/guide.md")).unwrap();
    let lab = Lab::start();
    let api = Api::start("guide");
    {
        let mut state = api.state();
        state.connectors.clear();
        for account in state.accounts.values_mut() {
            account.insert("sendConnectorId".to_owned(), 0.into());
        }
        state.accounts.remove("a+b@mydomain.ovh");
    }
    let program = Path::new(env!("CARGO_BIN_EXE_smarthop")).parent().unwrap();
    let mut path = OsString::from(program);
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let mut run = 0;
    let mut wrong = Vec::new();
    for step in steps(&guide, "shell-session") {
        let Shown {
            line,
            command,
            output: shown,
        } = match step {
            Step::File(name, text) => {
                std::fs::write(api.folder().join(name), text).unwrap();
                continue;
            }
            Step::Run(shown) => shown,
        };
        let is_mail =
            command.starts_with("smarthop probe probe.toml") || command.contains("imaps://");
        let template = api.command(&[]);
        let mut told = match (&lab, is_mail) {
            (Some(lab), true) => {
                take_over(&api, lab);
                // Who enters is elsewhere then.
                let there = format!("cd '{}' && {command}", api.folder().display());
                lab.command("bash", &["-c", &there])
            }
            (None, true) => continue,
            (_, false) => {
                let mut bash = Command::new("bash");
                bash.args(["-c", &command]);
                bash
            }
        };
        told.current_dir(api.folder())
            .envs(
                template
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .env("PATH", &path)
            .env("HOME", api.folder())
            .env("SMARTHOP_CONNECTOR_PASSWORD", "relay-secret")
            .env("SMARTHOP_SENDER_PASSWORD", "sender-secret")
            .env("SMARTHOP_RECIPIENT_PASSWORD", "mailbox-secret")
            .env("SSL_CERT_FILE", "/mnt/tls/ca.pem")
            .env_remove("SMARTHOP_POLICY")
            .env_remove("COLUMNS");
        let done = told.output().unwrap();
        let out = String::from_utf8(done.stdout).unwrap();
        let err = String::from_utf8(done.stderr).unwrap();
        let err: Vec<_> = err
            .lines()
            // The stand-in's.
            .filter(|line| !line.contains("none of OVHcloud's endpoints"))
            .collect();
        let printed: Vec<&str> = out.lines().chain(err).collect();
        for line in &printed {
            assert!(!line.contains("-secret"), "{command}: {line}");
        }
        run += 1;
        if !is_alike(&shown, &printed, is_same) {
            wrong.push(format!(
                "guide.md:{line}: `{command}` prints\n{}\n",
                printed.join("\n")
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n{}",
        wrong.join("\n"),
        lab.map_or_else(String::new, |lab| lab.logs())
    );
    assert!(run >= 20, "only {run} commands of the guide were run");
}
