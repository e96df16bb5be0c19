//! `smarthop connector`: what OVHcloud's guide on send connectors does with its console, call by
//! call.
//!
//! Each command reads what is there, shows what it would change, and does it with `--yes`.
//! Whether a `PUT` may leave properties out is not documented, so an object is read and written
//! with all its writable properties, as the schema has them; those that are `null` are left out,
//! which says the same and offends no check. Passwords are written only.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde_json::{Value, json};
use smarthop::report::printable;

use super::args::{Act, Add, Connector, Login, Mechanism, Settings};
use super::change::{Change, Properties, Waiting, pending, preview};
use super::client::Method;
use super::config::Secret;
use super::exchange::{Accounts, Exchange, Failure, each, text};
use super::password::{self, From};
use super::trouble::Trouble;
use crate::{exit, listing, sink};

/// The writable properties of `email.exchange.sendConnector`.
const CONNECTOR_WRITABLE: &[&str] = &[
    "displayName",
    "dnsRouting",
    "maxSendSize",
    "port",
    "requireTLS",
    "smartHost",
];

/// The writable properties of `email.exchange.Account`.
const ACCOUNT_WRITABLE: &[&str] = &[
    "accountLicense",
    "authenticationPolicyId",
    "city",
    "company",
    "countryCode",
    "deleteAtExpiration",
    "deleteOutlookAtExpiration",
    "description",
    "displayName",
    "domain",
    "fax",
    "firstName",
    "forwardingEmail",
    "hiddenFromGAL",
    "initial",
    "jobDepartment",
    "jobTitle",
    "lastName",
    "litigation",
    "litigationPeriod",
    "login",
    "mailSenderDisplay",
    "mailingFilter",
    "mobile",
    "office",
    "outlookLicense",
    "phone",
    "postalCode",
    "quota",
    "region",
    "renewOutlookPeriod",
    "renewPeriod",
    "sbrDestination",
    "sendConnectorId",
    "spamAndVirusConfiguration",
    "storeCopyOfEmail",
    "streetAddress",
];

/// The id of the Exchange outgoing server.
const OUTGOING_SERVER: u64 = 0;

/// How many names a refusal lists.
const LISTED: usize = 20;

pub(crate) fn connector(args: &Connector) -> ExitCode {
    let done = super::client().map_err(Failure::Says).and_then(|client| {
        let exchange = Exchange::choose(&client, args.service.as_deref())?;
        let task = Task {
            exchange: &exchange,
            waiting: Waiting {
                exchange: &exchange,
                patience: Duration::from_secs(args.wait),
            },
            yes: args.yes,
        };
        task.act(&args.act)
    });
    match done {
        Ok(status) => status,
        Err(failure) => listing::trouble(&failure.to_string()),
    }
}

/// One command on one service.
struct Task<'e> {
    exchange: &'e Exchange<'e>,
    waiting: Waiting<'e>,
    yes: bool,
}

impl Task<'_> {
    fn act(&self, act: &Act) -> Result<ExitCode, Failure> {
        match act {
            Act::List => self.list(),
            Act::Show { id, json: true, .. } => {
                let shown = format!("{:#}\n", self.connector(*id)?);
                Ok(listing::print(&shown))
            }
            Act::Show { id, accounts, .. } => self.show(*id, *accounts),
            Act::Add(add) => self.add(add),
            Act::Set { id, settings } => self.set(*id, settings),
            Act::Remove { id, move_to } => self.remove(*id, *move_to),
            Act::Authenticate { id, login, auth } => self.authenticate(*id, login, *auth),
            Act::Bind { addresses, id } => {
                let connector = self.connector(*id)?;
                self.bind(addresses, *id, &name_of(*id, &connector))
            }
            Act::Unbind { addresses } => {
                self.bind(addresses, OUTGOING_SERVER, "the Exchange outgoing server")
            }
            Act::Default { domain, id } => self.default(domain, *id),
        }
    }

    /// A connector, which must be there.
    fn connector(&self, id: u64) -> Result<Value, Failure> {
        let found = self.exchange.get(&["sendConnector", &id.to_string()]);
        found.map_err(|trouble| match trouble.status() {
            Some(404) => Failure::Says(format!(
                "there is no connector {id} in {}: `smarthop connector list` shows those that are",
                self.exchange
            )),
            _ => trouble.into(),
        })
    }

    /// Shows what would be done. `None`: go on.
    fn shown(&self, changes: &[Change]) -> Option<ExitCode> {
        if changes.iter().all(Change::is_empty) {
            return Some(listing::print("Nothing to change: it is so already.\n"));
        }
        let text = format!("In {}:\n{}", self.exchange, preview(changes));
        match self.yes {
            true => {
                let printed = listing::print(&text);
                (printed != ExitCode::from(exit::PASS)).then_some(printed)
            }
            false => Some(listing::print(&format!(
                "{text}Nothing was changed: with --yes it is done.\n"
            ))),
        }
    }

    fn list(&self) -> Result<ExitCode, Failure> {
        let connectors = self.exchange.connectors()?;
        let domains = self.domains()?;
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(vec![
            "id",
            "name",
            "smart host",
            "TLS",
            "authentication",
            "state",
            "default of",
        ]);
        for (id, connector) in &connectors {
            let word = |key| printable(text(connector, key).unwrap_or("-")).into_owned();
            let flag = |key: &str| connector.get(key).and_then(Value::as_bool) == Some(true);
            let host = match (text(connector, "smartHost"), flag("dnsRouting")) {
                (Some(host), _) => {
                    let port = connector.get("port").and_then(Value::as_u64);
                    let port = port.map_or(String::new(), |port| format!(":{port}"));
                    format!("{}{port}", printable(host))
                }
                (None, true) => "by DNS".to_owned(),
                (None, false) => "-".to_owned(),
            };
            let mut default: Vec<String> = domains
                .iter()
                .filter(|(_, domain)| default_of(domain) == *id)
                .map(|(name, _)| printable(name).into_owned())
                .collect();
            if flag("default") {
                default.insert(0, "the service".to_owned());
            }
            table.add_row(vec![
                id.to_string(),
                word("displayName"),
                host,
                if flag("requireTLS") { "required" } else { "-" }.to_owned(),
                word("smartHostAuthMechanism"),
                word("state"),
                default.join(", "),
            ]);
        }
        Ok(listing::print(&match connectors.is_empty() {
            true => format!("{} has no send connector.\n", self.exchange),
            false => format!("{}\n", listing::lines(&table)),
        }))
    }

    fn show(&self, id: u64, accounts: bool) -> Result<ExitCode, Failure> {
        let connector = self.connector(id)?;
        let mut out = format!("{} of {}\n", name_of(id, &connector), self.exchange);
        for (key, value) in connector.as_object().into_iter().flatten() {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Null => "-".to_owned(),
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    value.to_string()
                }
            };
            // Writing to a String cannot fail.
            let _ = writeln!(out, "  {:23} {}", printable(key), printable(&value));
        }
        if accounts {
            let (bound, domains) = self.users(id)?;
            for (address, _) in &bound {
                let _ = writeln!(out, "  account {}", printable(address));
            }
            for (name, _) in &domains {
                let _ = writeln!(out, "  default of {}", printable(name));
            }
            if bound.is_empty() && domains.is_empty() {
                out.push_str("  nobody uses it\n");
            }
        }
        Ok(listing::print(&out))
    }

    fn domains(&self) -> Result<Vec<(String, Value)>, Trouble> {
        let names = self.exchange.names(&["domain"])?;
        let read = |name: &String| self.exchange.get(&["domain", name]);
        let found = each(&names, read, &|| {})?;
        Ok(names.into_iter().zip(found).collect())
    }

    /// The accounts that are bound to a connector, and the domains that it is the default of.
    fn users(&self, id: u64) -> Result<(Accounts, Vec<(String, Value)>), Trouble> {
        let (mut accounts, _gone) = self.exchange.accounts(&|_| {}, &|| {})?;
        accounts.retain(|(_, account)| bound_to(account) == id);
        let mut domains = self.domains()?;
        domains.retain(|(_, domain)| default_of(domain) == id);
        Ok((accounts, domains))
    }

    fn add(&self, add: &Add) -> Result<ExitCode, Failure> {
        let (Some(name), Some(host)) = (&add.settings.name, &add.settings.smart_host) else {
            return Err(Failure::Says(
                "a connector needs --name NAME and --smart-host HOST".to_owned(),
            ));
        };
        let mut body = settings(&add.settings);
        let (from, user) = login(add.auth, &add.login)?;
        if let Some(mechanism) = add.auth {
            body.insert(
                "smartHostAuthMechanism".to_owned(),
                mechanism.as_str().into(),
            );
        }
        body.extend(user);
        let before = self.exchange.connectors()?;
        let same = before.iter().find(|(_, known)| {
            text(known, "displayName") == Some(name) && text(known, "smartHost") == Some(host)
        });
        if let Some((id, known)) = same {
            return Err(Failure::Says(format!(
                "{} is there already, with this name and host: `smarthop connector set {id}` changes it",
                name_of(*id, known)
            )));
        }
        let service = self.exchange.get(&[])?;
        let note = (text(&service, "offer") == Some("hosted")).then(|| {
            "the platform's guide reserves send connectors to Private and Trusted Exchange, and may switch them off on other offers"
                .to_owned()
        });
        let change = Change::between("a new connector".to_owned(), &Value::Null, &body);
        let change = match &from {
            Some(from) => change.hidden("password", from.as_str().to_owned()),
            None => change,
        };
        if let Some(status) = self.shown(&[change.note(note)]) {
            return Ok(status);
        }
        let path = self.exchange.path(&["sendConnector"]);
        let task = self.post(&path, body, from)?;
        let task = self.waiting.answer(&format!("POST {path}"), &task)?;
        let after = self.exchange.connectors()?;
        let made = after.iter().find(|(id, made)| {
            before.iter().all(|(known, _)| known != id)
                && text(made, "displayName") == Some(name)
                && text(made, "smartHost") == Some(host)
        });
        match made {
            Some((id, made)) => Ok(listing::print(&format!(
                "{} was made (task {task}).\n",
                name_of(*id, made)
            ))),
            None => Err(Failure::Says(format!(
                "task {task} has ended, and no new connector is there: `smarthop connector list` shows it, perhaps later"
            ))),
        }
    }

    /// A call whose body takes a password on the way.
    fn post(
        &self,
        path: &str,
        mut body: Properties,
        from: Option<From<'_>>,
    ) -> Result<Value, Failure> {
        let password: Option<Secret> = from.map(From::read).transpose()?;
        if let Some(password) = &password {
            body.insert("password".to_owned(), password.expose().into());
        }
        let body = Value::from(body);
        let client = self.exchange.client;
        Ok(client.call_with(Method::Post, path, Some(&body), password.as_ref())?)
    }

    fn set(&self, id: u64, wanted: &Settings) -> Result<ExitCode, Failure> {
        let wanted = settings(wanted);
        if wanted.is_empty() {
            return Err(Failure::Says(
                "nothing is given to be changed: see `smarthop connector set --help`".to_owned(),
            ));
        }
        let connector = self.connector(id)?;
        let name = name_of(id, &connector);
        let by_dns = connector.get("dnsRouting").and_then(Value::as_bool) == Some(true);
        let note = (by_dns && wanted.contains_key("smartHost")).then(|| {
            "it routes by DNS (`dnsRouting`), too, and which holds is not documented".to_owned()
        });
        let body = written(&connector, CONNECTOR_WRITABLE, &wanted);
        if let Some(status) =
            self.shown(&[Change::between(name.clone(), &connector, &body).note(note)])
        {
            return Ok(status);
        }
        let id = id.to_string();
        let parts = ["sendConnector", id.as_str()];
        self.put(&parts, body)?;
        self.waiting
            .object(&parts, &|object| says(object, &wanted))?;
        Ok(listing::print(&format!("{name} was changed.\n")))
    }

    fn put(&self, parts: &[&str], body: Properties) -> Result<(), Trouble> {
        let path = self.exchange.path(parts);
        let body = Value::from(body);
        let client = self.exchange.client;
        client.call(Method::Put, &path, Some(&body)).map(|_| ())
    }

    fn authenticate(
        &self,
        id: u64,
        login: &Login,
        mechanism: Mechanism,
    ) -> Result<ExitCode, Failure> {
        let connector = self.connector(id)?;
        let name = name_of(id, &connector);
        let (from, user) = self::login(Some(mechanism), login)?;
        let how = json!({"smartHostAuthMechanism": mechanism.as_str()});
        let how = how.as_object().cloned().unwrap_or_default();
        let mut change = Change::between(name.clone(), &connector, &how);
        for (key, value) in &user {
            let value = value.as_str().unwrap_or_default();
            change = change.hidden(key, printable(value).into_owned());
        }
        if let Some(from) = &from {
            change = change.hidden("password", from.as_str().to_owned());
        }
        if let Some(status) = self.shown(&[change]) {
            return Ok(status);
        }
        let id = id.to_string();
        let parts = ["sendConnector", id.as_str()];
        let path = self
            .exchange
            .path(&["sendConnector", &id, "changeAuthentication"]);
        let mut body = how.clone();
        body.extend(user);
        let task = self.post(&path, body, from)?;
        let task = self.waiting.answer(&format!("POST {path}"), &task)?;
        self.waiting.object(&parts, &|object| says(object, &how))?;
        Ok(listing::print(&format!(
            "{name} authenticates anew (task {task}). Whether the smart host accepts it, only a mail shows.\n"
        )))
    }

    fn bind(&self, addresses: &[String], id: u64, name: &str) -> Result<ExitCode, Failure> {
        let known = self.exchange.names(&["account"])?;
        let mut found: Vec<String> = Vec::new();
        let mut unknown = Vec::new();
        for address in addresses {
            match known
                .iter()
                .find(|known| known.eq_ignore_ascii_case(address))
            {
                Some(known) if found.contains(known) => {}
                Some(known) => found.push(known.clone()),
                None => unknown.push(address.clone()),
            }
        }
        if !unknown.is_empty() {
            return Err(Failure::Says(format!(
                "{} has no account {}: give primary addresses; nothing was changed",
                self.exchange,
                names(&unknown)
            )));
        }
        let read = |address: &String| self.exchange.get(&["account", address]);
        let accounts = each(&found, read, &|| {})?;
        let accounts: Accounts = found.into_iter().zip(accounts).collect();
        let moves = self.moves(&accounts, id);
        let changes: Vec<Change> = moves.into_iter().map(|(_, change)| change).collect();
        if let Some(status) = self.shown(&changes) {
            return Ok(status);
        }
        let to = format!("bound to {name}");
        match self.move_accounts(&accounts, id, &to)? {
            true => Ok(exit::PASS.into()),
            false => Ok(exit::TROUBLE.into()),
        }
    }

    /// What becomes of accounts that go to a connector.
    fn moves<'a>(&self, accounts: &'a Accounts, id: u64) -> Vec<(&'a str, Change)> {
        let moved = accounts
            .iter()
            .filter(|(_, account)| bound_to(account) != id);
        moved
            .map(|(address, account)| {
                let subject = format!("account {address}");
                let change = Change::between(subject, account, &account_body(account, id));
                let note = text(account, "sbrDestination").map(|relay| {
                    format!("its sbrDestination `{relay}` stays beside it, and which of them holds is not documented")
                });
                (address.as_str(), change.note(note))
            })
            .collect()
    }

    /// Binds accounts, and says of each how it ended; whether all are bound. Those that are need
    /// nothing, so doing it again does the rest.
    fn move_accounts(&self, accounts: &Accounts, id: u64, to: &str) -> Result<bool, Failure> {
        let mut begun = Vec::new();
        let mut failed = Vec::new();
        let mut left = Vec::new();
        let mut over = false;
        for (address, account) in accounts {
            if bound_to(account) == id && pending(account).is_none() {
                continue;
            }
            if over {
                left.push(address.clone());
                continue;
            }
            match self.move_account(address, id) {
                Ok(()) => begun.push(address),
                Err(trouble) => {
                    // What one account refuses another may accept; what is wrong with the
                    // credentials, the platform or the network is so for all.
                    over = !matches!(trouble.status(), Some(400 | 404 | 409));
                    failed.push((address.clone(), trouble.to_string()));
                }
            }
        }
        for address in begun {
            let is_so = |account: &Value| bound_to(account) == id;
            match self.waiting.object(&["account", address], &is_so) {
                Ok(()) => {
                    listing::print(&format!("account {}: {to}\n", printable(address)));
                }
                Err(failure) => failed.push((address.clone(), failure.to_string())),
            }
        }
        for (address, says) in &failed {
            sink::tell(&format!("account {}: {says}", printable(address)));
        }
        if !left.is_empty() {
            sink::tell(&format!("not begun: {}", names(&left)));
        }
        let all = failed.is_empty() && left.is_empty();
        if !all {
            sink::note("the same command, given again, does what is left");
        }
        Ok(all)
    }

    fn move_account(&self, address: &str, id: u64) -> Result<(), Trouble> {
        let parts = ["account", address];
        // Read again, since somebody may have changed it while others were bound.
        let account = self.exchange.get(&parts)?;
        match bound_to(&account) == id {
            true => Ok(()),
            false => self.put(&parts, account_body(&account, id)),
        }
    }

    fn default(&self, name: &str, id: u64) -> Result<ExitCode, Failure> {
        let to = match id {
            OUTGOING_SERVER => "the Exchange outgoing server".to_owned(),
            id => name_of(id, &self.connector(id)?),
        };
        let domain = match self.exchange.get(&["domain", name]) {
            Ok(domain) => domain,
            Err(trouble) if trouble.status() == Some(404) => {
                return Err(Failure::Says(format!(
                    "{} has no domain {}: there are {}",
                    self.exchange,
                    printable(name),
                    names(&self.exchange.names(&["domain"])?)
                )));
            }
            Err(trouble) => return Err(trouble.into()),
        };
        if let Some(status) = self.shown(&[default_change(name, &domain, id)]) {
            return Ok(status);
        }
        self.put_default(name, id)?;
        Ok(listing::print(&format!(
            "domain {}: new accounts start with {to}\n",
            printable(name)
        )))
    }

    /// The guide leaves `sbrDefault` empty, so the body does not name it.
    fn put_default(&self, name: &str, id: u64) -> Result<(), Failure> {
        self.put(&["domain", name, "changeDefaultSBR"], default_body(id))?;
        let is_so = |domain: &Value| default_of(domain) == id;
        self.waiting.object(&["domain", name], &is_so)
    }

    fn remove(&self, id: u64, move_to: Option<u64>) -> Result<ExitCode, Failure> {
        let connector = self.connector(id)?;
        let name = name_of(id, &connector);
        let target = match move_to {
            Some(to) if to == id => {
                return Err(Failure::Says(format!(
                    "--move-to {to}: that is the connector to be removed"
                )));
            }
            Some(OUTGOING_SERVER) => {
                Some((OUTGOING_SERVER, "the Exchange outgoing server".to_owned()))
            }
            Some(to) => Some((to, name_of(to, &self.connector(to)?))),
            None => None,
        };
        let (accounts, domains) = self.users(id)?;
        let Some((to, to_name)) = target.or_else(|| {
            (accounts.is_empty() && domains.is_empty()).then(|| (OUTGOING_SERVER, String::new()))
        }) else {
            let users = accounts.iter().map(|(address, _)| address.clone());
            let defaults = domains
                .iter()
                .map(|(name, _)| format!("the default of {name}"));
            let users: Vec<String> = users.chain(defaults).collect();
            return Err(Failure::Says(format!(
                "{name} is used by {}: say where they go with --move-to ID (0: the Exchange outgoing server)",
                names(&users)
            )));
        };
        let mut changes: Vec<Change> = self
            .moves(&accounts, to)
            .into_iter()
            .map(|(_, c)| c)
            .collect();
        changes.extend(
            domains
                .iter()
                .map(|(name, domain)| default_change(name, domain, to)),
        );
        let note = (connector.get("default").and_then(Value::as_bool) == Some(true))
            .then(|| "it is the service's default".to_owned());
        changes.push(Change::removal(name.clone()).note(note));
        if let Some(status) = self.shown(&changes) {
            return Ok(status);
        }
        if !self.move_accounts(&accounts, to, &format!("bound to {to_name}"))? {
            sink::tell(&format!(
                "{name} was not removed: not all accounts have left it"
            ));
            return Ok(exit::TROUBLE.into());
        }
        for (domain, _) in &domains {
            self.put_default(domain, to)?;
            listing::print(&format!(
                "domain {}: new accounts start with {to_name}\n",
                printable(domain)
            ));
        }
        // Somebody may have bound another meanwhile.
        let (late, _) = self.users(id)?;
        if !late.is_empty() {
            let late: Vec<String> = late.into_iter().map(|(address, _)| address).collect();
            return Err(Failure::Says(format!(
                "{name} was not removed: {} was bound to it meanwhile",
                names(&late)
            )));
        }
        let path = self.exchange.path(&["sendConnector", &id.to_string()]);
        let task = self.exchange.client.call(Method::Delete, &path, None)?;
        let task = self.waiting.answer(&format!("DELETE {path}"), &task)?;
        match self.exchange.connector_ids()?.contains(&id) {
            false => Ok(listing::print(&format!(
                "{name} was removed (task {task}).\n"
            ))),
            true => Err(Failure::Says(format!(
                "task {task} has ended, and {name} is still there: look again later"
            ))),
        }
    }
}

/// As sentences name it: `connector 29 (testconnector)`.
fn name_of(id: u64, connector: &Value) -> String {
    match text(connector, "displayName") {
        Some(name) => format!("connector {id} ({})", printable(name)),
        None => format!("connector {id}"),
    }
}

/// A list of names for a sentence, cut where it is long.
fn names(all: &[String]) -> String {
    let shown: Vec<_> = all
        .iter()
        .take(LISTED)
        .map(|name| printable(name).into_owned())
        .collect();
    match all.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// `null` is no connector, which is the outgoing server.
fn bound_to(account: &Value) -> u64 {
    let id = account.get("sendConnectorId").and_then(Value::as_u64);
    id.unwrap_or(OUTGOING_SERVER)
}

fn default_of(domain: &Value) -> u64 {
    let id = domain.get("sendConnectorIdDefault").and_then(Value::as_u64);
    id.unwrap_or(OUTGOING_SERVER)
}

fn default_body(id: u64) -> Properties {
    let mut body = Properties::new();
    body.insert("sendConnectorIdDefault".to_owned(), id.into());
    body
}

fn default_change(name: &str, domain: &Value, id: u64) -> Change {
    let note = text(domain, "sbrDefault").map(|relay| {
        format!(
            "its sbrDefault `{relay}` stays beside it, and which of them holds is not documented"
        )
    });
    let body = match default_of(domain) == id {
        true => Properties::new(),
        false => default_body(id),
    };
    Change::between(format!("domain {name}"), domain, &body).note(note)
}

/// The settings that are given, under the API's names.
fn settings(given: &Settings) -> Properties {
    let given = [
        ("displayName", given.name.clone().map(Value::from)),
        ("maxSendSize", given.max_size.map(Value::from)),
        ("port", given.port.map(Value::from)),
        ("requireTLS", given.require_tls.map(Value::from)),
        ("smartHost", given.smart_host.clone().map(Value::from)),
    ];
    let given = given.into_iter();
    given
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}

/// Where the password comes from, if one is needed, and the user.
fn login(
    mechanism: Option<Mechanism>,
    login: &Login,
) -> Result<(Option<From<'_>>, Properties), String> {
    let mut user = Properties::new();
    match mechanism {
        Some(Mechanism::Basic | Mechanism::BasicRequireTls) => {
            let name = login.user.clone();
            let name = name.ok_or("authentication needs --user USER")?;
            user.insert("user".to_owned(), name.into());
            Ok((Some(password::from(login)?), user))
        }
        Some(Mechanism::None) | None if login.user.is_some() || login.password_file.is_some() => {
            Err(
                "--user and --password-file belong to --auth basicAuth or basicAuthRequireTLS"
                    .to_owned(),
            )
        }
        Some(Mechanism::None) | None => Ok((None, user)),
    }
}

/// A body: the writable properties of an object as they are, and what is wanted in place of
/// them.
fn written(object: &Value, writable: &[&str], wanted: &Properties) -> Properties {
    let kept = writable.iter().filter_map(|key| {
        let value = object.get(*key).filter(|value| !value.is_null())?;
        Some(((*key).to_owned(), value.clone()))
    });
    let mut body: Properties = kept.collect();
    body.extend(wanted.clone());
    body
}

/// An account's body. The guide: without `deleteVirus` the call is refused.
fn account_body(account: &Value, id: u64) -> Properties {
    let mut wanted = Properties::new();
    wanted.insert("sendConnectorId".to_owned(), id.into());
    let filter = account
        .get("spamAndVirusConfiguration")
        .and_then(Value::as_object);
    let mut filter = filter.cloned().unwrap_or_default();
    filter.insert("deleteVirus".to_owned(), true.into());
    wanted.insert("spamAndVirusConfiguration".to_owned(), filter.into());
    written(account, ACCOUNT_WRITABLE, &wanted)
}

/// Whether an object has these properties.
fn says(object: &Value, wanted: &Properties) -> bool {
    wanted
        .iter()
        .all(|(key, value)| object.get(key) == Some(value))
}
