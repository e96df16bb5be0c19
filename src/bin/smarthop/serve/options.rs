//! A request's options into what is expected and believed: names and values are those of the
//! command line, and mean the same ([`smarthop::ask`]). No request names a file: a policy and a
//! connector come as what they hold.

use std::borrow::Cow;
use std::path::Path;

use smarthop::ask::{self, Ask, AskOption, Route};
use smarthop::{Catalogue, Expectation, Repair};

use super::refusal::Refusal;
use crate::cli::{Belief, Expected};
use crate::config;

/// Which of the command line's commands a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    Check,
    Trace,
}

impl Task {
    /// The options that it has, in the order in which they are told.
    fn options(self) -> impl Iterator<Item = AskOption> {
        let all = AskOption::ALL.iter().copied();
        all.filter(move |option| {
            !option.is_document() && (self == Self::Check || !option.is_of_expectation())
        })
    }

    /// The names of those, and of the switches.
    fn names(self) -> impl Iterator<Item = &'static str> {
        self.options()
            .map(AskOption::name)
            .chain(SWITCHES.iter().copied())
    }
}

const REPAIR: &str = "repair";
const REDACT: &str = "redact";

/// What is no option of an [`Ask`], and on or off.
const SWITCHES: &[&str] = &[REPAIR, REDACT];

/// More are no request of a person or a script.
const OPTIONS_MAX: usize = 500;

/// How much of a name that is not known is told.
const NAME_MAX: usize = 50;

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

    /// All names, before any value is read.
    fn named(&self, task: Task) -> Result<Named<'_>, Refusal> {
        if self.pairs.len() > OPTIONS_MAX {
            return Err(Refusal::too_many("options", OPTIONS_MAX as u64));
        }
        let mut named = Named::default();
        for (name, value) in &self.pairs {
            let option = task.options().find(|option| option.name() == name);
            match (option, name.as_str()) {
                (Some(option), _) => named.values.push((option, value)),
                (None, REPAIR) => named.repair |= is_on(name, value)?,
                (None, REDACT) => named.redact |= is_on(name, value)?,
                (None, name) => return Err(unknown(name, task)),
            }
        }
        if task == Task::Trace && (self.policy.is_some() || self.connector.is_some()) {
            let says = "nothing is expected in a trace: leave the policy and the connector out";
            return Err(Refusal::bad("wrong-option", says));
        }
        Ok(named)
    }

    /// What is asked.
    fn ask(&self, named: &Named<'_>, catalogue: &Catalogue) -> Result<Ask, Refusal> {
        let mut ask = Ask::default();
        for (option, value) in &named.values {
            ask.set(*option, value)?;
        }
        let wrong = |says| Refusal::bad("wrong-option", says);
        let policy = self.policy.as_ref();
        ask.policy = policy
            .map(|bytes| config::policy_of(bytes, Path::new("policy"), catalogue))
            .transpose()
            .map_err(wrong)?;
        let connector = self.connector.as_ref();
        ask.connector = connector
            .map(|bytes| config::connector_of(bytes, Path::new("connector")))
            .transpose()
            .map_err(wrong)?;
        Ok(ask)
    }
}

/// A request's options by their names.
#[derive(Debug, Default)]
struct Named<'o> {
    values: Vec<(AskOption, &'o str)>,
    repair: bool,
    redact: bool,
}

fn is_on(name: &str, value: &str) -> Result<bool, Refusal> {
    ask::is_on(value).ok_or_else(|| {
        let says = format!("{name} is on where it is there, or has the value true or false");
        Refusal::bad("wrong-option", says)
    })
}

fn unknown(name: &str, task: Task) -> Refusal {
    let says = match name {
        "policy" | "connector" => format!(
            "{name} is a file's content: send it as a part of a multipart/form-data body, or start \
             the server with --{name}"
        ),
        "catalogue" | "files-from" | "path" => {
            format!("a request cannot name a file of the server's: leave {name:?} out")
        }
        _ => {
            let known: Vec<_> = task.names().collect();
            let name: String = name.chars().take(NAME_MAX).collect();
            format!("{name:?} is not known here; known are {}", known.join(", "))
        }
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
    ask: Ask,
    /// The policy's name, where the command line names it.
    policy: Option<String>,
    catalogue: Cow<'static, Catalogue>,
}

impl Loaded {
    pub(super) fn new(expected: Expected, belief: Belief) -> Result<Self, clap::Error> {
        let catalogue = config::catalogue_of(belief.catalogue.as_deref())?;
        let mut ask = Ask::default();
        config::say_expected(&mut ask, &expected, &catalogue)?;
        config::say_belief(&mut ask, belief);
        let meant = match ask.expects() || ask.unlisted.is_some() {
            true => ask.clone().expectation(&catalogue),
            false => ask.clone().trace(&catalogue),
        };
        meant.map_err(|error| config::refused("serve", &error))?;
        let policy = expected.policy.as_deref().and_then(Path::file_name);
        Ok(Self {
            ask,
            policy: policy.map(|name| name.to_string_lossy().into_owned()),
            catalogue,
        })
    }

    /// Whether there is something to expect where a request says nothing.
    pub(super) fn expects(&self) -> bool {
        self.ask.expects()
    }

    pub(super) fn has_policy(&self) -> bool {
        self.ask.policy.is_some()
    }

    pub(super) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What is expected where a request says nothing, in words.
    pub(super) fn description(&self) -> Option<String> {
        let ask = &self.ask;
        if ask.policy.is_some() {
            return Some(match &self.policy {
                Some(name) => format!("as the policy {name} says of the sender"),
                None => "as the policy of SMARTHOP_POLICY says of the sender".to_owned(),
            });
        }
        if !ask.expects() {
            return None;
        }
        if ask.expect == Some(Route::Exchange) {
            return Some("through the Exchange platform's own outgoing server".to_owned());
        }
        let file = ask.connector.iter().flat_map(|file| &file.smart_hosts);
        let hosts = file.chain(&ask.smart_hosts).map(ToString::to_string);
        let hosts: Vec<_> = hosts.collect();
        Some(format!("through the connector {}", hosts.join(" or ")))
    }

    /// What a request's options mean.
    pub(super) fn meant(&self, task: Task, options: &Options) -> Result<Meant, Refusal> {
        let named = options.named(task)?;
        if task == Task::Check && !options.expects() && !self.expects() {
            let says = "nothing is expected: add smart-host=HOST or expect=exchange, send a part \
                        `policy` or `connector` of a multipart/form-data body, start the server \
                        with --policy FILE, or use /api/trace";
            return Err(Refusal::bad("nothing-expected", says));
        }
        let ask = options.ask(&named, &self.catalogue)?;
        let expectation = match task {
            Task::Check => ask.with_defaults(&self.ask).expectation(&self.catalogue),
            Task::Trace => ask.believing(&self.ask).trace(&self.catalogue),
        };
        Ok(Meant {
            expectation: expectation?,
            repair: match named.repair {
                true => Repair::Pasted,
                false => Repair::Encoding,
            },
            redact: named.redact,
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command};

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
            // A request makes the server speak to nobody, nor run a command.
            "newest",
            "since",
            "password-env",
            "password-file",
            "password-command",
            "token-command",
            "ca-file",
            "tls",
        ];
        let cli = Cli::command();
        for (command, task) in [("check", Task::Check), ("trace", Task::Trace)] {
            let mut expected: Vec<_> = task.names().collect();
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

    /// What `check` is asked with these arguments.
    fn of_command_line(arguments: &[String]) -> Ask {
        let command = ["smarthop", "check"].map(str::to_owned);
        let arguments = command.iter().chain(arguments);
        let Command::Check(check) = Cli::try_parse_from(arguments)
            .expect("they are right")
            .command
        else {
            panic!("another command");
        };
        let mut ask = Ask::default();
        config::say_expected(&mut ask, &check.expected, Catalogue::builtin()).expect("it is read");
        ask.sender = check.sender;
        config::say_own(&mut ask, check.own);
        config::say_belief(&mut ask, check.belief);
        ask
    }

    /// The command line, a request, text and serde: each option is asked alike, and each differs
    /// from nothing.
    #[test]
    fn every_way_to_ask_means_the_same() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for option in AskOption::ALL.iter().copied() {
            let value = match option {
                AskOption::SmartHost => "a.example.com,192.0.2.0/24",
                AskOption::Expect => "connector",
                AskOption::Unlisted => "ignore",
                AskOption::Require => "account",
                AskOption::Sender => " a@example.com",
                AskOption::ExchangeHost => "*.out.example.com",
                AskOption::Platform => "microsoft-365",
                AskOption::Receiver => "mx.example.net",
                AskOption::Trust => "2001:db8::1",
                AskOption::AuthservId => "mx.example.net:spf,dkim",
                AskOption::Recipient => "b@example.net",
                AskOption::Mine => "route-test-7f3a9c",
                AskOption::Policy => "fixtures/policy/routing.toml",
                AskOption::Connector => "fixtures/policy/send-connector.json",
                // A new one needs its value here.
                other => panic!("{other:?} has no value"),
            };
            let name = option.name();
            let (mut options, mut said, mut argument) =
                (Options::default(), Ask::default(), value.to_owned());
            if option.is_document() {
                let path = root.join(value);
                argument = path.display().to_string();
                let content = std::fs::read_to_string(path).expect("a fixture");
                said.set(option, &content).expect("it is read");
                match option == AskOption::Policy {
                    true => options.policy = Some(content.into()),
                    false => options.connector = Some(content.into()),
                }
            } else {
                said.set(option, value).expect("it is taken");
                options.pairs.push((name.to_owned(), value.to_owned()));
            }
            assert_ne!(said, Ask::default(), "{name}");
            assert_eq!(
                of_command_line(&[format!("--{name}={argument}")]),
                said,
                "{name}"
            );
            let named = options.named(Task::Check).expect("it is known");
            let requested = options.ask(&named, Catalogue::builtin());
            assert_eq!(requested.expect("it is right"), said, "{name}");
            if !option.is_document() {
                let written = serde_json::to_string(&said).expect("it has a form");
                let read: Ask = serde_json::from_str(&written).expect(&written);
                assert_eq!(read, said, "{name}");
            }
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
                .meant(Task::Check, &options)
                .expect_err("it is refused");
            assert_eq!(refusal.status, 400, "{name}={value}");
        }
    }
}
