//! A stand-in for the OVHcloud API's Exchange part on 127.0.0.1, written from its published
//! schema: it checks signatures by its own clock, an hour ahead, holds state, and makes tasks
//! that take some calls to end. It refuses what the schema does: unknown and read-only
//! properties in a body, and an account's body without `deleteVirus`.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[path = "../ran/mod.rs"]
mod result;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use sha1::{Digest as _, Sha1};

use result::Run;

const APPLICATION: &str = "ak";
const SECRET: &str = "as-geheim";
const CONSUMER: &str = "ck-geheim";
const CLIENT_SECRET: &str = "cs-geheim";
const TOKEN: &str = "token-geheim";
pub(crate) const SERVICE: &str = "private-zz111111-1";

/// How far its clock is ahead of ours, in seconds.
const AHEAD: i64 = 3600;

/// The properties of the schema that a body may hold.
const CONNECTOR_WRITABLE: &[&str] = &[
    "displayName",
    "dnsRouting",
    "maxSendSize",
    "port",
    "requireTLS",
    "smartHost",
];
const CONNECTOR_NEW: &[&str] = &[
    "displayName",
    "maxSendSize",
    "password",
    "port",
    "requireTLS",
    "smartHost",
    "smartHostAuthMechanism",
    "user",
];
const AUTHENTICATION: &[&str] = &["password", "smartHostAuthMechanism", "user"];
const DEFAULT: &[&str] = &["sbrDefault", "sendConnectorIdDefault"];
const ACCOUNT_READ_ONLY: &[&str] = &[
    "SAMAccountName",
    "configured",
    "creationDate",
    "currentUsage",
    "customIsolationId",
    "exchangeGuid",
    "expirationDate",
    "expirationOutlookDate",
    "guid",
    "id",
    "lastLogoffDate",
    "lastLogonDate",
    "lastUpdateDate",
    "numberOfAliases",
    "owaLimited",
    "passwordLastUpdate",
    "primaryEmailAddress",
    "spamDetected",
    "spamTicketNumber",
    "state",
    "taskPendingId",
];

/// What goes wrong with a call.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// This status, with these words of an error.
    Status(u16, Value),
    /// Half an answer, then nothing.
    Lost,
    /// The call is done, and the answer is lost.
    DoneAndLost,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) connectors: BTreeMap<u64, Map<String, Value>>,
    pub(crate) accounts: BTreeMap<String, Map<String, Value>>,
    pub(crate) aliases: BTreeMap<String, Vec<String>>,
    pub(crate) domains: BTreeMap<String, Map<String, Value>>,
    pub(crate) service: Map<String, Value>,
    pub(crate) server: Map<String, Value>,
    pub(crate) services: Vec<(String, String)>,
    tasks: BTreeMap<u64, Task>,
    /// How many times a task is asked for until it ends.
    pub(crate) task_takes: u32,
    /// How the next tasks end, where that is not `done`.
    pub(crate) task_ends: Option<&'static str>,
    /// For calls `METHOD path…`: how many to let pass, how many then go wrong, and how.
    pub(crate) faults: Vec<(String, u32, u32, Fault)>,
    /// Each call that was let in: method, path, body.
    pub(crate) log: Vec<(String, String, Value)>,
    pub(crate) tokens: u32,
    pub(crate) times: u32,
}

struct Task {
    function: &'static str,
    left: u32,
    end: &'static str,
    then: Effect,
}

#[derive(Clone)]
enum Effect {
    Nothing,
    Add(Map<String, Value>),
    Remove(u64),
    Mechanism(u64, Value),
    Account(String, Map<String, Value>),
    Connector(u64, Map<String, Value>),
}

pub(crate) struct Api {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
    folder: PathBuf,
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

pub(crate) fn account(address: &str, connector: Value) -> Map<String, Value> {
    let (login, domain) = address.split_once('@').unwrap();
    object(json!({
        "primaryEmailAddress": address, "login": login, "domain": domain, "id": 4711,
        "sendConnectorId": connector, "sbrDestination": null, "state": "ok", "taskPendingId": 0,
        "displayName": "A. Person", "quota": 50, "hiddenFromGAL": false, "litigation": false,
        "outlookLicense": false, "storeCopyOfEmail": false, "accountLicense": "enterprise",
        "numberOfAliases": 0, "configured": true, "spamDetected": false, "currentUsage": 17,
        "creationDate": "2023-09-25T14:06:02+02:00", "forwardingEmail": null,
        "spamAndVirusConfiguration": {"checkDKIM": false, "checkSPF": false, "deleteSpam": false,
            "deleteVirus": false, "putInJunk": false, "tagSpam": true, "tagVirus": true},
    }))
}

pub(crate) fn connector(id: u64, name: &str, host: Value) -> Map<String, Value> {
    object(json!({
        "id": id, "displayName": name, "smartHost": host, "port": 587, "requireTLS": true,
        "maxSendSize": 100, "smartHostAuthMechanism": "basicAuthRequireTLS", "state": "ok",
        "taskPendingId": 0, "default": false, "dnsRouting": false,
        "creationDate": "2023-09-25T14:06:02+02:00", "lastUpdateDate": null,
    }))
}

fn domain(name: &str) -> Map<String, Value> {
    object(json!({
        "name": name, "sendConnectorIdDefault": 0, "sbrDefault": null, "state": "ok",
        "taskPendingId": 0, "type": "authoritative", "main": null, "mxRelay": null,
        "expectedSPF": "v=spf1 include:mx.ovh.com ~all",
    }))
}

impl Api {
    /// The guide's service: one connector, one account that uses it, one that does not.
    pub(crate) fn start(name: &str) -> Self {
        let mut state = State {
            services: vec![(SERVICE.to_owned(), SERVICE.to_owned())],
            task_takes: 2,
            service: object(json!({
                "offer": "dedicated", "domain": SERVICE, "defaultSmartHost": null,
                "hostname": "mail.mydomain.ovh", "maxSendSize": 100, "complexityEnabled": true,
                "state": "ok", "taskPendingId": 0, "displayName": null,
            })),
            server: object(json!({
                "ip": "198.51.100.7", "ipV6": "2001:db8::7", "isPtrValid": true, "state": "ok",
                "taskPendingId": 0, "owaMfa": false,
            })),
            ..State::default()
        };
        let host = json!("smtp-relay.example.com");
        let first = connector(29, "testconnector", host);
        state.connectors.insert(29, first);
        for (address, id) in [
            ("newsletter@mydomain.ovh", json!(29)),
            ("contact@mydomain.ovh", json!(0)),
            ("a+b@mydomain.ovh", json!(null)),
        ] {
            state
                .accounts
                .insert(address.to_owned(), account(address, id));
        }
        let domain = domain("mydomain.ovh");
        state.domains.insert("mydomain.ovh".to_owned(), domain);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let state = Arc::clone(&shared);
                thread::spawn(move || serve(&stream.unwrap(), port, &state));
            }
        });
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self {
            port,
            state,
            folder,
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn folder(&self) -> &PathBuf {
        &self.folder
    }

    /// Of the next calls that begin with `call`, after `pass` of them, `times` go wrong.
    pub(crate) fn fault(&self, call: &str, pass: u32, times: u32, fault: Fault) {
        let fault = (call.to_owned(), pass, times, fault);
        self.state().faults.push(fault);
    }

    /// The bodies of the calls of this method: `path: body`, without the service's path.
    pub(crate) fn sent(&self, method: &str) -> Vec<(String, Value)> {
        let state = self.state();
        let calls = state.log.iter().filter(|(m, ..)| m == method);
        calls
            .map(|(_, path, body)| {
                let inner =
                    path.strip_prefix(&format!("/email/exchange/{SERVICE}/service/{SERVICE}/"));
                (inner.unwrap_or(path).to_owned(), body.clone())
            })
            .collect()
    }

    /// Every call that changes something.
    pub(crate) fn changes(&self) -> usize {
        let state = self.state();
        state.log.iter().filter(|(m, ..)| m != "GET").count()
    }

    /// The command, without credentials.
    pub(crate) fn bare(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
        command
            .args(args)
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .stdin(Stdio::null());
        for (name, _) in std::env::vars() {
            let proxied = name.to_ascii_lowercase().ends_with("_proxy");
            if name.starts_with("OVH_") || name.starts_with("SMARTHOP_") || proxied {
                command.env_remove(name);
            }
        }
        command
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}/1.0", self.port)
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.bare(args);
        command
            .env("OVH_ENDPOINT", self.endpoint())
            .env("OVH_APPLICATION_KEY", APPLICATION)
            .env("OVH_APPLICATION_SECRET", SECRET)
            .env("OVH_CONSUMER_KEY", CONSUMER);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        ran(self.command(args).output().unwrap())
    }
}

/// What a run came to, which shows no secret of the stand-in's.
pub(crate) fn ran(output: Output) -> Run {
    Run::without(output, &["geheim"])
}

/// Standard error without the note on the endpoint.
pub(crate) fn told(run: &Run) -> String {
    let lines = run.err.lines();
    let lines = lines.filter(|line| !line.contains("none of OVHcloud's endpoints"));
    lines.map(|line| format!("{line}\n")).collect()
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_secs() as i64 + AHEAD
}

struct Request {
    method: String,
    target: String,
    headers: BTreeMap<String, String>,
    body: String,
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        target,
        headers,
        body: String::from_utf8(body).unwrap(),
    })
}

fn serve(stream: &TcpStream, port: u16, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let mut state = state.lock().unwrap();
        let fault = fault(&mut state, &request);
        let (status, body) = match &fault {
            Some(Fault::Status(status, body)) => (*status, body.clone()),
            Some(Fault::Lost) => (200, json!(["half of an ", "answer"])),
            Some(Fault::DoneAndLost) | None => answer(&mut state, port, &request),
        };
        drop(state);
        let text = body.to_string();
        let mut head = format!(
            "HTTP/1.1 {status} Status\r\nContent-Type: application/json; charset=utf-8\r\nX-Ovh-QueryID: EU.ext-1.query\r\nContent-Length: {}\r\n",
            text.len()
        );
        if status == 429 {
            head.push_str("Retry-After: 0\r\n");
        }
        let mut out = stream;
        let text = match fault {
            Some(Fault::Lost | Fault::DoneAndLost) => &text[..text.len() / 2],
            _ => text.as_str(),
        };
        if out
            .write_all(format!("{head}\r\n{text}").as_bytes())
            .is_err()
        {
            return;
        }
        if matches!(fault, Some(Fault::Lost | Fault::DoneAndLost)) {
            let _ = stream.shutdown(std::net::Shutdown::Both);
            return;
        }
    }
}

fn fault(state: &mut State, request: &Request) -> Option<Fault> {
    let call = format!("{} {}", request.method, request.target);
    for (begin, pass, times, fault) in &mut state.faults {
        if !call.replace("/1.0", "").starts_with(begin.as_str()) || *times == 0 {
            continue;
        }
        if *pass > 0 {
            *pass -= 1;
            continue;
        }
        *times -= 1;
        return Some(fault.clone());
    }
    None
}

fn error(status: u16, class: &str, code: &str, message: &str) -> (u16, Value) {
    let body = json!({"class": class, "errorCode": code, "message": message, "httpCode": status.to_string()});
    (status, body)
}

fn answer(state: &mut State, port: u16, request: &Request) -> (u16, Value) {
    if request.target == "/auth/oauth2/token" {
        let wanted = format!("client_id=cid&client_secret={CLIENT_SECRET}");
        let is_form =
            request.headers["content-type"].starts_with("application/x-www-form-urlencoded");
        let asks = request.body.starts_with("grant_type=client_credentials&");
        if !is_form
            || !asks
            || !request.body.contains(&wanted)
            || !request.body.ends_with("scope=all")
        {
            return (
                400,
                json!({"error": "invalid_client", "error_description": format!("not with {}", request.body)}),
            );
        }
        state.tokens += 1;
        return (
            200,
            json!({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3599}),
        );
    }
    let Some(path) = request.target.strip_prefix("/1.0") else {
        return error(404, "Client::NotFound", "NOT_FOUND", "no such place");
    };
    if path == "/auth/time" {
        state.times += 1;
        return (200, json!(now()));
    }
    if let Err(refused) = authenticated(port, request) {
        return refused;
    }
    let body: Value = match request.body.is_empty() {
        true => Value::Null,
        false => serde_json::from_str(&request.body).unwrap(),
    };
    state
        .log
        .push((request.method.clone(), path.to_owned(), body.clone()));
    let parts: Vec<String> = path.split('/').skip(1).map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    route(state, &request.method, &parts, &body)
}

fn authenticated(port: u16, request: &Request) -> Result<(), (u16, Value)> {
    let header = |name: &str| request.headers.get(name).map_or("", String::as_str);
    let bearer = header("authorization");
    if !bearer.is_empty() {
        return match bearer == format!("Bearer {TOKEN}") {
            true => Ok(()),
            false => Err(error(401, "Client::Unauthorized", "", "bad token")),
        };
    }
    if header("x-ovh-application") != APPLICATION {
        return Err(error(
            403,
            "Client::Forbidden",
            "INVALID_KEY",
            "This application key is invalid",
        ));
    }
    if header("x-ovh-consumer") != CONSUMER {
        return Err(error(
            403,
            "Client::Forbidden",
            "NOT_CREDENTIAL",
            "This credential does not exist",
        ));
    }
    let time: i64 = header("x-ovh-timestamp").parse().unwrap();
    if (time - now()).abs() > 30 {
        return Err(error(
            400,
            "Client::BadRequest",
            "QUERY_TIME_OUT",
            "Query out of time",
        ));
    }
    let url = format!("http://127.0.0.1:{port}{}", request.target);
    let text = [
        SECRET,
        CONSUMER,
        &request.method,
        &url,
        &request.body,
        &time.to_string(),
    ]
    .join("+");
    let digest: String = Sha1::digest(text)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    if header("x-ovh-signature") != format!("$1${digest}") {
        return Err(error(
            400,
            "Client::BadRequest",
            "INVALID_SIGNATURE",
            &format!("Invalid signature, not of {SECRET}"),
        ));
    }
    Ok(())
}

fn decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'%' {
            let hex = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &tail[2..];
        } else {
            // A `+` in a path is one; some servers read a space.
            bytes.push(if *first == b'+' { b' ' } else { *first });
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn only(body: &Value, known: &[&str]) -> Result<Map<String, Value>, (u16, Value)> {
    let body = body.as_object().cloned().unwrap_or_default();
    match body.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(body),
        Some(key) => Err(error(
            400,
            "Client::BadRequest",
            "",
            &format!("{key} may not be given"),
        )),
    }
}

fn route(state: &mut State, method: &str, parts: &[&str], body: &Value) -> (u16, Value) {
    match route_of(state, method, parts, body) {
        Ok(value) => (200, value),
        Err(refused) => refused,
    }
}

fn route_of(
    state: &mut State,
    method: &str,
    parts: &[&str],
    body: &Value,
) -> Result<Value, (u16, Value)> {
    let missing = || {
        let what = parts.join("/");
        error(
            404,
            "Client::NotFound",
            "NOT_FOUND",
            &format!("The requested object ({what}) does not exist"),
        )
    };
    let services = state.services.clone();
    let inner = match parts {
        ["email", "exchange"] => {
            let all: BTreeSet<_> = services.iter().map(|(o, _)| o).collect();
            return Ok(json!(all));
        }
        ["email", "exchange", organization, "service"] => {
            let own = services.iter().filter(|(o, _)| o == organization);
            return Ok(json!(own.map(|(_, s)| s).collect::<Vec<_>>()));
        }
        [
            "email",
            "exchange",
            organization,
            "service",
            service,
            inner @ ..,
        ] => {
            let known = (organization.to_string(), service.to_string());
            if !services.contains(&known) {
                return Err(missing());
            }
            inner
        }
        _ => return Err(missing()),
    };
    match (method, inner) {
        ("GET", []) => Ok(state.service.clone().into()),
        ("GET", ["server"]) if state.server.is_empty() => Err(missing()),
        ("GET", ["server"]) => Ok(state.server.clone().into()),
        ("GET", ["sendConnector"]) => Ok(json!(state.connectors.keys().collect::<Vec<_>>())),
        ("GET", ["account"]) => Ok(json!(state.accounts.keys().collect::<Vec<_>>())),
        ("GET", ["domain"]) => Ok(json!(state.domains.keys().collect::<Vec<_>>())),
        ("GET", ["sendConnector", id]) => {
            let found = state.connectors.get(&id.parse().unwrap());
            found.map(|c| c.clone().into()).ok_or_else(missing)
        }
        ("GET", ["account", address]) => {
            let aliases = state.aliases.get(*address).map_or(0, Vec::len);
            let found = state.accounts.get_mut(*address).ok_or_else(missing)?;
            found.insert("numberOfAliases".to_owned(), aliases.into());
            Ok(found.clone().into())
        }
        ("GET", ["account", address, "alias"]) => Ok(json!(
            state.aliases.get(*address).cloned().unwrap_or_default()
        )),
        ("GET", ["domain", name]) => {
            let found = state.domains.get(*name);
            found.map(|d| d.clone().into()).ok_or_else(missing)
        }
        ("GET", ["task"]) => {
            let pending = state.tasks.iter().filter(|(_, task)| task.left > 0);
            Ok(json!(pending.map(|(id, _)| id).collect::<Vec<_>>()))
        }
        ("GET", ["task", id]) => poll(state, id.parse().unwrap()).ok_or_else(missing),
        ("POST", ["sendConnector"]) => {
            let new = only(body, CONNECTOR_NEW)?;
            if !new.contains_key("displayName") || !new.contains_key("smartHost") {
                return Err(error(
                    400,
                    "Client::BadRequest",
                    "",
                    "displayName and smartHost are needed",
                ));
            }
            Ok(task(state, "addSendConnector", Effect::Add(new)))
        }
        ("DELETE", ["sendConnector", id]) => {
            let id = id.parse().unwrap();
            state.connectors.get(&id).ok_or_else(missing)?;
            Ok(task(state, "deleteSendConnector", Effect::Remove(id)))
        }
        ("PUT", ["sendConnector", id]) => {
            let id = id.parse().unwrap();
            state.connectors.get(&id).ok_or_else(missing)?;
            let new = only(body, CONNECTOR_WRITABLE)?;
            task(state, "setSendConnector", Effect::Connector(id, new));
            Ok(Value::Null)
        }
        ("POST", ["sendConnector", id, "changeAuthentication"]) => {
            let id = id.parse().unwrap();
            state.connectors.get(&id).ok_or_else(missing)?;
            let new = only(body, AUTHENTICATION)?;
            let mechanism = new.get("smartHostAuthMechanism").cloned();
            let effect = match mechanism {
                Some(mechanism) => Effect::Mechanism(id, mechanism),
                None => Effect::Nothing,
            };
            Ok(task(state, "setSendConnector", effect))
        }
        ("PUT", ["account", address]) => {
            let known = state.accounts.get(*address).ok_or_else(missing)?;
            let keys: Vec<String> = known
                .keys()
                .filter(|key| !ACCOUNT_READ_ONLY.contains(&key.as_str()))
                .cloned()
                .collect();
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let new = only(body, &keys)?;
            if new
                .get("spamAndVirusConfiguration")
                .and_then(|s| s.get("deleteVirus"))
                != Some(&json!(true))
            {
                return Err(error(
                    400,
                    "Client::BadRequest",
                    "",
                    "deleteVirus is needed",
                ));
            }
            if known.get("taskPendingId") != Some(&json!(0)) {
                return Err(error(409, "Client::Conflict", "", "A task is pending"));
            }
            task(
                state,
                "setAccount",
                Effect::Account((*address).to_owned(), new),
            );
            Ok(Value::Null)
        }
        ("PUT", ["domain", name, "changeDefaultSBR"]) => {
            let new = only(body, DEFAULT)?;
            let domain = state.domains.get_mut(*name).ok_or_else(missing)?;
            domain.extend(new);
            Ok(Value::Null)
        }
        _ => Err(error(405, "Client::MethodNotAllowed", "", "not here")),
    }
}

/// Begins a task, and marks what it is about.
fn task(state: &mut State, function: &'static str, then: Effect) -> Value {
    let id = 113_924_189 + state.tasks.len() as u64;
    let pending = ("taskPendingId".to_owned(), json!(id));
    match &then {
        Effect::Account(address, _) => {
            let account = state.accounts.get_mut(address).unwrap();
            account.extend([pending]);
        }
        Effect::Connector(id, _) | Effect::Remove(id) | Effect::Mechanism(id, _) => {
            let connector = state.connectors.get_mut(id).unwrap();
            connector.extend([pending]);
        }
        Effect::Add(_) | Effect::Nothing => {}
    }
    let left = state.task_takes;
    let end = state.task_ends.unwrap_or("done");
    let task = Task {
        function,
        left,
        end,
        then,
    };
    state.tasks.insert(id, task);
    if left == 0 {
        finish(state, id);
    }
    shown(state, id).unwrap()
}

fn poll(state: &mut State, id: u64) -> Option<Value> {
    let task = state.tasks.get_mut(&id)?;
    if task.left > 0 {
        task.left -= 1;
        if task.left == 0 {
            finish(state, id);
        }
    }
    shown(state, id)
}

fn shown(state: &State, id: u64) -> Option<Value> {
    let task = state.tasks.get(&id)?;
    let status = match task.left {
        0 => task.end,
        1 => "doing",
        _ => "todo",
    };
    Some(json!({
        "id": id, "function": task.function, "status": status,
        "todoDate": "2023-09-25T14:06:02+02:00", "finishDate": null,
    }))
}

fn finish(state: &mut State, id: u64) {
    let task = &state.tasks[&id];
    let (done, then) = (task.end == "done", task.then.clone());
    let free = ("taskPendingId".to_owned(), json!(0));
    match then {
        Effect::Nothing => {}
        Effect::Add(new) => {
            if done {
                let id = state.connectors.keys().max().map_or(29, |id| id + 1);
                let mut made = connector(id, "", json!(null));
                made.insert("smartHostAuthMechanism".to_owned(), json!("none"));
                let public = new
                    .into_iter()
                    .filter(|(key, _)| key != "password" && key != "user");
                made.extend(public);
                state.connectors.insert(id, made);
            }
        }
        Effect::Remove(id) => {
            if done {
                state.connectors.remove(&id);
            } else {
                state.connectors.get_mut(&id).unwrap().extend([free]);
            }
        }
        Effect::Mechanism(id, mechanism) => {
            let connector = state.connectors.get_mut(&id).unwrap();
            connector.extend([free]);
            if done {
                connector.insert("smartHostAuthMechanism".to_owned(), mechanism);
            }
        }
        Effect::Connector(id, new) => {
            let connector = state.connectors.get_mut(&id).unwrap();
            connector.extend([free]);
            if done {
                connector.extend(new);
            }
        }
        Effect::Account(address, new) => {
            let account = state.accounts.get_mut(&address).unwrap();
            account.extend([free]);
            if done {
                account.extend(new);
            }
        }
    }
}
