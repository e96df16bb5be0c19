//! The command line as it is meant: what is expected, what is believed, what is read and how it is
//! shown. Wrong usage ends here, so that an empty variable in a script is no pass.

use std::borrow::Cow;
use std::env;
use std::fs;
use std::hash::RandomState;
use std::io;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use clap::CommandFactory as _;
use clap::error::ErrorKind;
use smarthop::analysis::Outcome;
use smarthop::ask::AskError;
use smarthop::input::Kind;
use smarthop::policy::{Connector, Policy, Vouching};
use smarthop::{Ask, Catalogue, Expectation, Repair};

use crate::ahead::{self, Kept};
use crate::cli::{Belief, Check, Cli, Expected, OutcomeName, Own, Run, Trace};
use crate::output::Format;
use crate::sources::{Listed, Root, Trouble, Walk};
use crate::usage;

/// One run.
pub(crate) struct Job {
    pub(crate) expectation: Expectation,
    pub(crate) catalogue: Cow<'static, Catalogue>,
    pub(crate) inputs: Inputs,
    /// Standard input, where it was read before the others were.
    pub(crate) stdin: Mutex<Option<Result<Kept, Trouble>>>,
    pub(crate) repair_files: Repair,
    pub(crate) format: Format,
    /// Only messages with one of these outcomes are shown.
    pub(crate) only: Vec<Outcome>,
    /// Personal parts are replaced, under this run's key.
    pub(crate) redact: Option<RandomState>,
    pub(crate) quiet: bool,
    /// Skipped files are named.
    pub(crate) verbose: bool,
    /// What a message carries is looked at in its place.
    pub(crate) inside: bool,
    pub(crate) threads: usize,
    pub(crate) order: Order,
}

/// What is read.
#[derive(Debug, Clone)]
pub(crate) enum Inputs {
    /// Paths of the command line; `-` is standard input.
    Paths(Vec<PathBuf>),
    /// A list of paths.
    Listed { list: PathBuf, nul: bool },
    /// What a list of paths held.
    Known(Vec<Result<Root, (PathBuf, Trouble)>>),
}

/// In which order results come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// That of the inputs.
    Inputs,
    /// As they are ready.
    Any,
}

impl Inputs {
    fn is_stdin(path: &Path) -> bool {
        path.as_os_str() == "-"
    }

    /// Standard input is a message.
    pub(crate) fn reads_stdin(&self) -> bool {
        match self {
            Self::Paths(paths) => paths.is_empty() || paths.iter().any(|path| Self::is_stdin(path)),
            Self::Listed { .. } | Self::Known(_) => false,
        }
    }

    /// Whether several messages are meant, as far as the command line tells.
    pub(crate) fn is_many(&self) -> bool {
        match self {
            Self::Paths(paths) => {
                paths.len() > 1 || paths.first().is_some_and(|path| path.is_dir())
            }
            Self::Listed { .. } | Self::Known(_) => true,
        }
    }

    /// The files.
    pub(crate) fn walk(self, order: Order) -> io::Result<Walk> {
        let sorted = order == Order::Inputs;
        Ok(match self {
            Self::Paths(paths) if paths.is_empty() => {
                Walk::new(iter::once(Ok(Root::Stdin)), sorted)
            }
            Self::Paths(paths) => {
                let root = |path: PathBuf| match Self::is_stdin(&path) {
                    true => Root::Stdin,
                    false => Root::Path(path),
                };
                Walk::new(paths.into_iter().map(move |path| Ok(root(path))), sorted)
            }
            Self::Listed { list, nul } => Walk::new(Self::listed(list, nul)?, sorted),
            Self::Known(roots) => Walk::new(roots.into_iter(), sorted),
        })
    }

    fn listed(list: PathBuf, nul: bool) -> io::Result<Listed> {
        let from: Box<dyn io::BufRead + Send> = match Self::is_stdin(&list) {
            true => Box::new(io::BufReader::new(io::stdin())),
            false => Box::new(io::BufReader::new(fs::File::open(&list)?)),
        };
        Ok(Listed::new(from, list, nul))
    }

    /// The same, to be walked more than once: a list is read.
    pub(crate) fn known(self) -> io::Result<Self> {
        Ok(match self {
            Self::Paths(_) | Self::Known(_) => self,
            Self::Listed { list, nul } => Self::Known(Self::listed(list, nul)?.collect()),
        })
    }
}

/// Names a policy where no expectation is given.
const DEFAULT_POLICY: &str = "SMARTHOP_POLICY";

/// What `check` means.
pub(crate) fn check(args: Check) -> Result<Job, clap::Error> {
    let Check {
        expected,
        sender,
        own,
        belief,
        run,
    } = args;
    let catalogue = catalogue_of(belief.catalogue.as_deref())?;
    let mut ask = Ask::default();
    say_expected(&mut ask, &expected, &catalogue)?;
    if run.paths.is_empty() && run.files_from.is_none() {
        let mut hosts = expected.smart_host.iter().map(ToString::to_string);
        if let Some(path) = hosts.find(|host| Path::new(host).is_file()) {
            let says = usage::no_smart_host(&path);
            return Err(usage::plain(ErrorKind::ValueValidation, &says));
        }
    }
    ask.sender = sender;
    say_own(&mut ask, own);
    say_belief(&mut ask, belief);
    let expectation = ask.expectation(&catalogue);
    let expectation = expectation.map_err(|error| refused("check", &error))?;
    for host in expectation.inner_hosts() {
        crate::sink::say(
            "note",
            &format!(
                "{host} is an inner address: it says nothing outside its own network, and identifies nobody"
            ),
        );
    }
    job("check", expectation, catalogue, run)
}

/// Takes what is expected: the command line's own, and what the files hold that it names, else the
/// environment's policy.
pub(crate) fn say_expected(
    ask: &mut Ask,
    args: &Expected,
    catalogue: &Catalogue,
) -> Result<(), clap::Error> {
    let Expected {
        smart_host,
        connector,
        policy,
        unlisted,
        require,
        expect,
    } = args;
    let wrong = |says: String| usage::plain(ErrorKind::ValueValidation, &says);
    // Who has set the variable long ago does not think of it.
    let (policy, source) = match policy {
        Some(path) => (Some(path.clone()), ""),
        None => (default_policy(args), "SMARTHOP_POLICY: "),
    };
    ask.policy = policy
        .map(|path| read(&path).and_then(|bytes| policy_of(&bytes, &path, catalogue)))
        .transpose()
        .map_err(|says| wrong(format!("{source}{says}")))?;
    ask.connector = connector
        .as_ref()
        .map(|path| read(path).and_then(|bytes| connector_of(&bytes, path)))
        .transpose()
        .map_err(wrong)?;
    ask.smart_hosts.clone_from(smart_host);
    ask.expect = expect.map(Into::into);
    ask.unlisted = unlisted.map(Into::into);
    ask.require = require.map(Into::into);
    Ok(())
}

/// Takes what the user knows of the messages.
pub(crate) fn say_own(ask: &mut Ask, own: Own) {
    let Own { mine, recipient } = own;
    ask.recipients = recipient;
    ask.mine = match mine {
        None => Vouching::None,
        Some(token) => token.unwrap_or(Vouching::Every),
    };
}

/// Takes who is believed.
pub(crate) fn say_belief(ask: &mut Ask, belief: Belief) {
    let Belief {
        exchange_host,
        platform,
        receiver,
        trust,
        authserv_id,
        catalogue: _,
    } = belief;
    ask.exchange_hosts = exchange_host;
    ask.platform = platform;
    ask.receivers = receiver;
    ask.trust = trust;
    ask.authserv_ids = authserv_id;
}

/// What is wrong with what is asked, as clap tells it.
pub(crate) fn refused(command: &str, error: &AskError) -> clap::Error {
    #[expect(clippy::wildcard_enum_match_arm, reason = "AskError is non-exhaustive")]
    let kind = match error {
        AskError::Nothing | AskError::NoConnector | AskError::NoPolicy => {
            ErrorKind::MissingRequiredArgument
        }
        AskError::Twice { .. } | AskError::Conflict { .. } => ErrorKind::ArgumentConflict,
        AskError::Value { .. } | AskError::Document { .. } => ErrorKind::ValueValidation,
        _ => ErrorKind::InvalidValue,
    };
    usage_error(command, kind, &error.to_string())
}

/// A policy's text; `path` is what its errors call it.
pub(crate) fn policy_of(
    bytes: &[u8],
    path: &Path,
    catalogue: &Catalogue,
) -> Result<Policy, String> {
    Policy::read_with(bytes, &path.to_string_lossy(), catalogue).map_err(|error| {
        let name = path.display();
        match what(bytes) {
            What::Json => format!(
                "{name} is no policy, but JSON as the platform's API gives it: give it with \
                 --connector, or make a policy of such files with `smarthop policy import`"
            ),
            What::Mail => format!(
                "{name} is no policy, but a mail: give the policy with --policy, and the mail \
                 without an option"
            ),
            What::Else => error.to_string(),
        }
    })
}

/// What stands in a policy's place.
enum What {
    Json,
    Mail,
    Else,
}

fn what(bytes: &[u8]) -> What {
    let text = bytes.trim_ascii_start();
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // `[` also begins a table's name (TOML), but then a word stands in it.
    let list = text.strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    match text.first() {
        Some(b'{') => What::Json,
        Some(b'[') if list.is_some_and(|list| list.starts_with(b"{")) => What::Json,
        _ if text.starts_with(b"From ") => What::Mail,
        // A field has its colon before any `=` of a key.
        _ if Kind::of(bytes) == Kind::Message && first.contains(&b':') => What::Mail,
        _ => What::Else,
    }
}

/// A connector's text; `path` is what its errors call it.
pub(crate) fn connector_of(bytes: &[u8], path: &Path) -> Result<Connector, String> {
    Connector::read(bytes, &path.to_string_lossy()).map_err(|error| error.to_string())
}

/// The policy that the environment names, where the command line gives no expectation. An empty
/// variable is none.
fn default_policy(args: &Expected) -> Option<PathBuf> {
    let given = !args.smart_host.is_empty() || args.connector.is_some() || args.expect.is_some();
    let named = env::var_os(DEFAULT_POLICY).filter(|path| !path.is_empty());
    named.filter(|_| !given).map(PathBuf::from)
}

/// A small file, whole.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: cannot be read: {error}", path.display()))
}

/// What `trace` means.
pub(crate) fn trace(args: Trace) -> Result<Job, clap::Error> {
    let Trace { own, belief, run } = args;
    let catalogue = catalogue_of(belief.catalogue.as_deref())?;
    let mut ask = Ask::default();
    say_own(&mut ask, own);
    say_belief(&mut ask, belief);
    let expectation = ask.trace(&catalogue);
    let expectation = expectation.map_err(|error| refused("trace", &error))?;
    job("trace", expectation, catalogue, run)
}

fn job(
    command: &'static str,
    expectation: Expectation,
    catalogue: Cow<'static, Catalogue>,
    run: Run,
) -> Result<Job, clap::Error> {
    let inputs = inputs(command, &run)?;
    if expectation.mine == Vouching::Every && run.paths.len() > 1 {
        let kind = ErrorKind::TooManyValues;
        return Err(usage::plain(kind, ahead::SEVERAL));
    }
    let threads = match run.threads {
        Some(threads) => usize::from(threads),
        None => thread::available_parallelism().map_or(1, usize::from),
    };
    Ok(Job {
        stdin: Mutex::new(None),
        expectation,
        catalogue,
        repair_files: if run.repair {
            Repair::Pasted
        } else {
            Repair::Encoding
        },
        format: Format::new(run.format, run.color, run.long, run.summary, run.quiet),
        inputs,
        only: run.only.into_iter().map(outcome).collect(),
        redact: run.redact.then(RandomState::new),
        quiet: run.quiet,
        verbose: run.verbose,
        inside: run.inside,
        threads,
        order: if run.unordered {
            Order::Any
        } else {
            Order::Inputs
        },
    })
}

/// What the command line says is to be read.
fn inputs(command: &str, run: &Run) -> Result<Inputs, clap::Error> {
    let stdin = run.paths.iter().filter(|path| Inputs::is_stdin(path));
    if stdin.count() > 1 {
        let says = "`-` stands twice, but there is only one standard input";
        return Err(usage_error(command, ErrorKind::ArgumentConflict, says));
    }
    let Some(list) = &run.files_from else {
        if run.null {
            let says = "-0 is about a list of paths: add --files-from FILE";
            let kind = ErrorKind::MissingRequiredArgument;
            return Err(usage_error(command, kind, says));
        }
        return named(run);
    };
    if !Inputs::is_stdin(list) {
        fs::File::open(list).map_err(|error| {
            let says = format!("--files-from {}: cannot be read: {error}", list.display());
            usage::plain(ErrorKind::ValueValidation, &says)
        })?;
    }
    Ok(Inputs::Listed {
        list: list.clone(),
        nul: run.null,
    })
}

/// The inputs that the command line names.
fn named(run: &Run) -> Result<Inputs, clap::Error> {
    #[cfg(feature = "mail")]
    if let Some(roots) = run
        .mailbox
        .roots(&run.paths)
        .map_err(|says| usage::plain(ErrorKind::ValueValidation, &says))?
    {
        return Ok(Inputs::Known(roots));
    }
    Ok(Inputs::Paths(run.paths.clone()))
}

fn outcome(name: OutcomeName) -> Outcome {
    match name {
        OutcomeName::Pass => Outcome::Pass,
        OutcomeName::Fail => Outcome::Fail,
        OutcomeName::Inconclusive => Outcome::Inconclusive,
        OutcomeName::Unchecked => Outcome::Unchecked,
        OutcomeName::Error => Outcome::Error,
    }
}

/// The catalogue that a command uses.
pub(crate) fn catalogue_of(path: Option<&Path>) -> Result<Cow<'static, Catalogue>, clap::Error> {
    let Some(path) = path else {
        return Ok(Cow::Borrowed(Catalogue::builtin()));
    };
    catalogue(path).map(Cow::Owned).map_err(|says| {
        let says = format!("--catalogue {}: {says}", path.display());
        usage::plain(ErrorKind::ValueValidation, &says)
    })
}

fn catalogue(path: &Path) -> Result<Catalogue, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    Catalogue::with_overrides(&text).map_err(|error| error.to_string())
}

/// Wrong usage of a command, as clap tells it: exit status 2, with the command's usage.
pub(crate) fn usage_error(command: &str, kind: ErrorKind, says: &str) -> clap::Error {
    let mut cli = Cli::command();
    cli.build();
    match cli.find_subcommand_mut(command) {
        Some(command) => command.error(kind, says),
        None => cli.error(kind, says),
    }
}
