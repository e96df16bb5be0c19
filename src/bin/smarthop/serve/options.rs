//! A request's options into what is expected and believed: names and values are those of the
//! command line, and are read by its own rules (`cli.rs`, `config.rs`). The names are on a list,
//! and each goes with its value in one argument, so that no request names a file.

use std::borrow::Cow;
use std::path::Path;

use clap::Parser as _;
use smarthop::{Catalogue, Expectation, Repair};

use super::refusal::Refusal;
use crate::cli::{Belief, Cli, Command, Expected};
use crate::config::{self, Files};

/// Which of the command line's commands a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Check,
    Trace,
}

/// What is expected of whom.
const OF_CHECK: &[&str] = &["smart-host", "expect", "unlisted", "require", "sender"];

/// What is believed.
const OF_BOTH: &[&str] = &[
    "exchange-host",
    "platform",
    "receiver",
    "trust",
    "authserv-id",
    "recipient",
];

/// That the user sent the message himself: it may stand alone, or have a token.
const MINE: &str = "mine";

/// Those that have no value.
const FLAGS: &[&str] = &["repair", "redact"];

/// More are no request of a person or a script.
const OPTIONS_MAX: usize = 500;

/// What stands in the place of a file's path: no path, since it is never opened.
const CONTENT: &str = "(content)";

/// What a request says of what it expects.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// Names and values, as given.
    pub(super) pairs: Vec<(String, String)>,
    /// What a policy file holds.
    pub(super) policy: Option<Vec<u8>>,
    /// What a connector file holds.
    pub(super) connector: Option<Vec<u8>>,
}

impl Options {
    /// Of a URL's query.
    pub(super) fn of_query(query: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self {
            pairs: pairs.into_owned().collect(),
            ..Self::default()
        }
    }

    /// Whether it has an expectation of its own.
    pub(super) fn expects(&self) -> bool {
        let named = |(name, _): &(String, String)| matches!(name.as_str(), "smart-host" | "expect");
        self.policy.is_some() || self.connector.is_some() || self.pairs.iter().any(named)
    }

    /// As arguments.
    fn arguments(&self, ask: Ask) -> Result<Vec<String>, Refusal> {
        let (command, named): (_, &[&[&str]]) = match ask {
            Ask::Check => ("check", &[OF_CHECK, OF_BOTH]),
            Ask::Trace => ("trace", &[OF_BOTH]),
        };
        let mut arguments = vec!["smarthop".to_owned(), command.to_owned()];
        if self.pairs.len() > OPTIONS_MAX {
            return Err(Refusal::too_many("options", OPTIONS_MAX as u64));
        }
        for (name, value) in &self.pairs {
            if name == MINE {
                let plain = is_on(name, value).map(|on| on.then(|| format!("--{MINE}")));
                arguments.extend(plain.unwrap_or_else(|_| Some(format!("--{MINE}={value}"))));
            } else if named.iter().any(|names| names.contains(&name.as_str())) {
                arguments.push(format!("--{name}={value}"));
            } else if FLAGS.contains(&name.as_str()) {
                let flag = is_on(name, value)?.then(|| format!("--{name}"));
                // Once is enough: asking twice for the same is no contradiction.
                arguments.extend(flag.filter(|flag| !arguments.contains(flag)));
            } else {
                return Err(unknown(name, named));
            }
        }
        if ask == Ask::Check {
            let file = |name: &str| format!("--{name}={CONTENT}");
            arguments.extend(self.policy.is_some().then(|| file("policy")));
            arguments.extend(self.connector.is_some().then(|| file("connector")));
        } else if self.policy.is_some() || self.connector.is_some() {
            let says = "nothing is expected in a trace: leave the policy and the connector out";
            return Err(Refusal::bad("wrong-option", says));
        }
        Ok(arguments)
    }
}

/// A flag's value: that it is there says it, but who says no means no.
fn is_on(name: &str, value: &str) -> Result<bool, Refusal> {
    match value {
        "" | "1" | "on" | "true" | "yes" => Ok(true),
        "0" | "off" | "false" | "no" => Ok(false),
        _ => {
            let says = format!("{name} is on where it is there, or has the value true or false");
            Err(Refusal::bad("wrong-option", says))
        }
    }
}

fn unknown(name: &str, named: &[&[&str]]) -> Refusal {
    let says = match name {
        "policy" | "connector" => format!(
            "{name} is a file's content: send it as a part of a multipart/form-data body, or start \
             the server with --{name}"
        ),
        "catalogue" | "files-from" | "path" => {
            format!("a request cannot name a file of the server's: leave {name:?} out")
        }
        _ => format!(
            "{:?} is not known here; known are {}",
            name.chars().take(50).collect::<String>(),
            [named, &[&[MINE], FLAGS]].concat().concat().join(", ")
        ),
    };
    Refusal::bad("unknown-option", says)
}

/// What a request's options mean.
#[derive(Debug)]
pub(super) struct Meant {
    pub(super) expectation: Expectation,
    /// Of files; what was pasted is always repaired.
    pub(super) repair: Repair,
    /// Personal parts are replaced.
    pub(super) redact: bool,
}

/// What the server was started with.
#[derive(Debug)]
pub(super) struct Loaded {
    expected: Expected,
    files: Files,
    belief: Belief,
    catalogue: Cow<'static, Catalogue>,
}

impl Loaded {
    pub(super) fn new(expected: Expected, belief: Belief) -> Result<Self, clap::Error> {
        let files = Files::read(&expected)?;
        let catalogue = config::catalogue_of(belief.catalogue.as_deref())?;
        config::known_platform("serve", &belief, &catalogue)?;
        let loaded = Self {
            expected,
            files,
            belief,
            catalogue,
        };
        if loaded.expects() || loaded.expected.unlisted.is_some() {
            config::expectation("serve", &loaded.expected, loaded.files.clone())?;
        }
        Ok(loaded)
    }

    /// Whether there is something to expect where a request says nothing.
    pub(super) fn expects(&self) -> bool {
        let Expected {
            smart_host, expect, ..
        } = &self.expected;
        let files = &self.files;
        files.policy.is_some()
            || files.connector.is_some()
            || !smart_host.is_empty()
            || expect.is_some()
    }

    pub(super) fn has_policy(&self) -> bool {
        self.files.policy.is_some()
    }

    pub(super) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What is expected where a request says nothing, in words.
    pub(super) fn description(&self) -> Option<String> {
        if self.files.policy.is_some() {
            let path = self.expected.policy.as_deref();
            let name = path
                .and_then(Path::file_name)
                .map(|name| name.to_string_lossy());
            return Some(match name {
                Some(name) => format!("as the policy {name} says of the sender"),
                None => "as the policy of SMARTHOP_POLICY says of the sender".to_owned(),
            });
        }
        if !self.expects() {
            return None;
        }
        if self.expected.expect == Some(crate::cli::Route::Exchange) {
            return Some("through the Exchange platform's own outgoing server".to_owned());
        }
        let hosts = self.expected.smart_host.iter();
        let file = self
            .files
            .connector
            .iter()
            .flat_map(|file| &file.smart_hosts);
        let hosts: Vec<_> = file.chain(hosts).map(ToString::to_string).collect();
        Some(format!("through the connector {}", hosts.join(" or ")))
    }

    /// What a request's options mean.
    pub(super) fn expectation(&self, ask: Ask, options: &Options) -> Result<Meant, Refusal> {
        let arguments = options.arguments(ask)?;
        if ask == Ask::Check && !options.expects() && !self.expects() {
            let says = "nothing is expected: add smart-host=HOST or expect=exchange, send a part \
                        `policy` or `connector` of a multipart/form-data body, start the server \
                        with --policy FILE, or use /api/trace";
            return Err(Refusal::bad("nothing-expected", says));
        }
        let (mut expectation, belief, run) = match Cli::try_parse_from(arguments)?.command {
            Command::Check(mut check) => {
                let files = self.files_of(options, &mut check.expected)?;
                let mut expectation = config::expectation("check", &check.expected, files)?;
                expectation.sender = check.sender;
                let expectation = config::with_own(expectation, check.own);
                (expectation, check.belief, check.run)
            }
            Command::Trace(trace) => {
                let expectation = config::with_own(Expectation::default(), trace.own);
                (expectation, trace.belief, trace.run)
            }
            // Only the two are ever asked for.
            #[cfg(feature = "api")]
            Command::Connector(_) => return Err(Refusal::internal()),
            #[cfg(feature = "mail")]
            Command::Probe(_) => return Err(Refusal::internal()),
            Command::Serve(_)
            | Command::Policy(_)
            | Command::Providers(_)
            | Command::Schema
            | Command::Completions { .. }
            | Command::Man => return Err(Refusal::internal()),
        };
        config::known_platform("check", &belief, &self.catalogue)?;
        expectation = config::with_belief(expectation, self.belief.clone());
        expectation = config::with_belief(expectation, belief);
        let repair = match run.repair {
            true => Repair::Pasted,
            false => Repair::Encoding,
        };
        Ok(Meant {
            expectation,
            repair,
            redact: run.redact,
        })
    }

    /// The files' contents: the request's own, or, where it has no expectation, the loaded ones,
    /// whose options then count too.
    fn files_of(&self, options: &Options, expected: &mut Expected) -> Result<Files, Refusal> {
        // Being strict is for all.
        expected.require = expected.require.or(self.expected.require);
        if !options.expects() {
            expected.smart_host.clone_from(&self.expected.smart_host);
            expected.expect = self.expected.expect;
            expected.unlisted = expected.unlisted.or(self.expected.unlisted);
            return Ok(self.files.clone());
        }
        let wrong = |says| Refusal::bad("wrong-option", says);
        let policy = options.policy.as_ref();
        let connector = options.connector.as_ref();
        Ok(Files {
            policy: policy
                .map(|bytes| config::policy_of(bytes, Path::new("policy")))
                .transpose()
                .map_err(wrong)?,
            connector: connector
                .map(|bytes| config::connector_of(bytes, Path::new("connector")))
                .transpose()
                .map_err(wrong)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The command line's options, less those of files and of output, are the known ones.
    #[test]
    fn no_option_is_forgotten() {
        use clap::CommandFactory as _;
        let not_for_requests = [
            "policy",
            "connector",
            "catalogue",
            "files-from",
            "null",
            "format",
            "summary",
            "only",
            "long",
            "quiet",
            "color",
            "threads",
            "unordered",
            "inside",
            "verbose",
            "help",
        ];
        let cli = Cli::command();
        for (command, known) in [("check", vec![OF_CHECK, OF_BOTH]), ("trace", vec![OF_BOTH])] {
            let mut expected: Vec<_> = known.concat();
            expected.extend(FLAGS);
            expected.push(MINE);
            expected.sort_unstable();
            let mut options: Vec<_> = cli
                .find_subcommand(command)
                .expect("a command")
                .get_arguments()
                .filter_map(clap::Arg::get_long)
                .filter(|name| !not_for_requests.contains(name))
                .collect();
            options.sort_unstable();
            assert_eq!(options, expected, "{command}");
        }
    }

    #[test]
    fn a_value_never_becomes_another_option_or_a_path() {
        for (name, value) in [
            ("smart-host", "--policy=secret.toml"),
            ("smart-host", "-"),
            ("sender", "a@example.com --catalogue=secret.toml"),
            ("policy", "secret.toml"),
            ("catalogue", "secret.toml"),
            ("files-from", "secret.toml"),
            ("--policy", "secret.toml"),
            ("smart-host=relay.example.com --policy", "secret.toml"),
            ("", "secret.toml"),
            ("help", ""),
        ] {
            let options = Options {
                pairs: vec![(name.to_owned(), value.to_owned())],
                ..Options::default()
            };
            let belief = || match Cli::try_parse_from(["smarthop", "serve"]) {
                Ok(Cli {
                    command: Command::Serve(serve),
                }) => serve,
                other => panic!("{other:?}"),
            };
            let loaded = Loaded::new(belief().expected, belief().belief).expect("nothing is wrong");
            let refusal = loaded
                .expectation(Ask::Check, &options)
                .expect_err("it is refused");
            assert_eq!(refusal.status, 400, "{name}={value}");
        }
    }
}
