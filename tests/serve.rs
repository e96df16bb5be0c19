//! `smarthop serve`, the program itself, asked over real connections.
#![cfg(feature = "serve")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

const SAMPLE: &str = "fixtures/documented-sample/message.eml";
const POLICY: &str = "fixtures/policy/routing.toml";
const PATIENCE: Duration = Duration::from_secs(20);

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("SMARTHOP_POLICY")
        .stdin(Stdio::null());
    command
}

fn file(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// A server that ends with the test.
struct Server {
    child: Child,
    address: String,
    said: Arc<Mutex<String>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(args: &[&str]) -> Self {
        let mut child = program()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, lines) = collect(&mut child);
        let address = loop {
            let line = lines
                .recv_timeout(PATIENCE)
                .expect("it says where it listens");
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.trim_end_matches('/').to_owned();
            }
        };
        Self {
            child,
            address,
            said,
        }
    }

    fn port(&self) -> &str {
        self.address.rsplit_once(':').unwrap().1
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends what is given as it is.
    fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // It may answer and close before all is sent.
        let _ = stream.write_all(request);
        Answer::read(&mut stream)
    }

    /// A request with these fields besides `Host`, `Connection` and `Content-Length`.
    fn ask(&self, method: &str, target: &str, fields: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        if !fields.iter().any(|(name, _)| *name == "Host") {
            write!(head, "Host: {}\r\n", self.address).unwrap();
        }
        for (name, value) in fields {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        write!(head, "Content-Length: {}\r\n\r\n", body.len()).unwrap();
        self.raw(&[head.as_bytes(), body].concat())
    }

    fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &[], b"")
    }

    fn post(&self, target: &str, body: &[u8]) -> Answer {
        self.ask("POST", target, &[], body)
    }

    fn form(&self, target: &str, parts: &[Part<'_>]) -> Answer {
        let mut body = Vec::new();
        for Part {
            name,
            file,
            content,
        } in parts
        {
            let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
            let head = format!(
                "--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--b0undary--\r\n");
        let kind = [("Content-Type", "multipart/form-data; boundary=b0undary")];
        self.ask("POST", target, &kind, &body)
    }

    fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }
}

/// Everything on standard error, and each line as it comes.
fn collect(child: &mut Child) -> (Arc<Mutex<String>>, Receiver<String>) {
    let stderr = child.stderr.take().unwrap();
    let said = Arc::new(Mutex::new(String::new()));
    let (to, lines) = channel();
    let all = said.clone();
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let mut all = all.lock().unwrap();
            all.push_str(&line);
            all.push('\n');
            let _ = to.send(line);
        }
    });
    (said, lines)
}

#[derive(Clone, Copy)]
struct Part<'p> {
    name: &'p str,
    file: Option<&'p str>,
    content: &'p [u8],
}

const fn value<'p>(name: &'p str, content: &'p str) -> Part<'p> {
    let content = content.as_bytes();
    Part {
        name,
        file: None,
        content,
    }
}

const fn upload<'p>(file: &'p str, content: &'p [u8]) -> Part<'p> {
    Part {
        name: "file",
        file: Some(file),
        content,
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    /// Names in lower case.
    fields: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        let mut piece = [0; 4096];
        // A reset behind an early answer is no matter.
        while let Ok(read @ 1..) = stream.read(&mut piece) {
            bytes.extend_from_slice(&piece[..read]);
        }
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let first = lines.next().unwrap_or_default();
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        Self {
            status: status.unwrap_or_default(),
            fields: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }

    fn field(&self, name: &str) -> &str {
        let mut values = self.fields.iter().filter(|(known, _)| known == name);
        let value = values.next().map_or("", |(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} is there twice");
        value
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    fn lines(&self) -> Vec<Value> {
        let lines = self.body.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// It is a refusal with this status and word, and no analysis.
    fn refuses(&self, status: u16, code: &str) -> String {
        let value = self.json();
        assert_eq!(
            (self.status, &value["error"]["code"]),
            (status, &code.into()),
            "{self:?}"
        );
        assert_eq!(value.as_object().unwrap().len(), 1, "{self:?}");
        value["error"]["says"].as_str().unwrap().to_owned()
    }
}

/// What the command prints for a message on its standard input.
fn printed(args: &[&str], message: &[u8]) -> Vec<Value> {
    let mut child = program()
        .args(args)
        .args(["--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(message).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_answer_is_the_commands() {
    let server = Server::start(&[]);
    let sample = file(SAMPLE);
    let gz = packed(&sample);
    for (target, args) in [
        (
            "/api/check?smart-host=smtp-relay.example.com",
            vec!["check", "--smart-host", "smtp-relay.example.com"],
        ),
        (
            "/api/check?expect=exchange&platform=ovhcloud",
            vec!["check", "--expect=exchange", "--platform=ovhcloud"],
        ),
        (
            "/api/check?smart-host=192.0.2.0%2F24&smart-host=*.example.com&receiver=mx.example.net&trust=filter.example.net&authserv-id=mx.example.net&sender=a%2Bb@example.com&require=account&exchange-host=ex.example.com",
            vec![
                "check",
                "--smart-host=192.0.2.0/24",
                "--smart-host=*.example.com",
                "--receiver=mx.example.net",
                "--trust=filter.example.net",
                "--authserv-id=mx.example.net",
                "--sender=a+b@example.com",
                "--require=account",
                "--exchange-host=ex.example.com",
            ],
        ),
        ("/api/trace", vec!["trace"]),
        (
            "/api/trace?receiver=in31.mail.ovh.net&repair",
            vec!["trace", "--receiver=in31.mail.ovh.net", "--repair"],
        ),
    ] {
        for message in [&sample, &gz] {
            let answer = server.post(target, message);
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_eq!(answer.field("content-type"), "application/json");
            assert_eq!(vec![answer.json()], printed(&args, message), "{target}");
        }
    }
    let pasted = file("fixtures/pasted/entities/message.eml");
    let answer = server.post("/api/check?smart-host=smtp-relay.example.com", &pasted);
    let args = ["check", "--smart-host", "smtp-relay.example.com"];
    assert_eq!(vec![answer.json()], printed(&args, &pasted));
    assert_eq!(answer.json()["outcome"], "pass");
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = Command::new("gzip")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    gzip.stdin.take().unwrap().write_all(bytes).unwrap();
    gzip.wait_with_output().unwrap().stdout
}

#[test]
fn several_messages_are_lines_in_their_order() {
    let server = Server::start(&[]);
    let sample = file(SAMPLE);
    let direct = file("fixtures/platform/exchange/after-smart-host/message.eml");
    let mut mbox = Vec::new();
    for message in [&sample, &direct] {
        mbox.extend_from_slice(b"From a@example.com Tue Feb 28 07:51:01 2023\n");
        mbox.extend_from_slice(message);
        mbox.extend_from_slice(b"\n\n");
    }
    let target = "/api/check?smart-host=smtp-relay.example.com";
    let answer = server.post(target, &mbox);
    assert_eq!(answer.field("content-type"), "application/x-ndjson");
    let args = ["check", "--smart-host", "smtp-relay.example.com"];
    assert_eq!(answer.lines(), printed(&args, &mbox));
    assert_eq!(answer.lines().len(), 2);

    let answer = server.form(
        "/api/check",
        &[
            value("smart-host", "smtp-relay.example.com"),
            upload("one.eml", &sample),
            upload("both.mbox.gz", &packed(&mbox)),
            upload("two.eml.gz", &packed(&direct)),
            upload("none.eml", b"no header at all"),
            value("message", "Subject: pasted\n\n"),
        ],
    );
    assert_eq!(answer.field("content-type"), "application/x-ndjson");
    let told: Vec<_> = answer
        .lines()
        .iter()
        .map(|line| {
            let source = &line["source"];
            let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let number = source["message"].as_u64().unwrap();
            (
                word(&source["path"]),
                number,
                word(&source["format"]),
                word(&line["outcome"]),
            )
        })
        .collect();
    let expected = [
        ("one.eml", 0, "eml", "pass"),
        ("both.mbox.gz", 0, "mbox", "pass"),
        ("both.mbox.gz", 1, "mbox", "fail"),
        ("two.eml.gz", 0, "eml", "fail"),
        ("none.eml", 0, "eml", "error"),
        ("-", 0, "stdin", "inconclusive"),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(path, number, format, outcome)| (path.into(), number, format.into(), outcome.into()))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn a_policy_and_a_connector_are_sent_as_parts() {
    let server = Server::start(&[]);
    let sample = file(SAMPLE);
    let policy = file(POLICY);
    let part = |name, content| Part {
        name,
        file: Some("x"),
        content,
    };
    let answer = server.form(
        "/api/check",
        &[upload("a.eml", &sample), part("policy", &policy)],
    );
    let value_ = answer.json();
    assert_eq!(value_["outcome"], "pass");
    assert_eq!(value_["expected"]["source"], "policy-account");
    assert_eq!(value_["observed"]["connector"]["id"], 29);

    let connector = file("fixtures/policy/send-connector.json");
    let answer = server.form(
        "/api/check",
        &[upload("a.eml", &sample), part("connector", &connector)],
    );
    assert_eq!(
        answer.json()["expected"]["source"],
        "connector-file",
        "{answer:?}"
    );

    let answer = server.form(
        "/api/check",
        &[
            upload("a.eml", &sample),
            part("policy", &policy),
            value("smart-host", "smtp-relay.example.com"),
        ],
    );
    answer.refuses(400, "wrong-option");
    let broken = part("policy", b"[[connector]]\nid = 0\n");
    let says = server
        .form("/api/check", &[upload("a.eml", &sample), broken])
        .refuses(400, "wrong-option");
    assert!(says.starts_with("policy"), "{says}");
    let answer = server.form(
        "/api/trace",
        &[upload("a.eml", &sample), part("policy", &policy)],
    );
    answer.refuses(400, "wrong-option");
    let twice = [
        upload("a.eml", &sample),
        part("policy", &policy),
        part("policy", &policy),
    ];
    server
        .form("/api/check", &twice)
        .refuses(400, "wrong-option");
}

#[test]
fn what_is_loaded_is_the_default() {
    let server = Server::start(&["--policy", POLICY, "--unlisted", "ignore"]);
    let sample = file(SAMPLE);
    let value_ = server.post("/api/check", &sample).json();
    assert_eq!(value_["expected"]["source"], "policy-account");
    assert_eq!(value_["outcome"], "pass");
    // Its own expectation replaces the loaded one, and its sender does not.
    let value_ = server.post("/api/check?expect=exchange", &sample).json();
    assert_eq!(
        (&value_["outcome"], &value_["expected"]["source"]),
        (&"fail".into(), &"command-line".into())
    );
    let value_ = server
        .post("/api/check?sender=stranger@example.net", &sample)
        .json();
    assert_eq!(value_["outcome"], "unchecked");
    assert_eq!(
        server.post("/api/trace", &sample).json()["expected"],
        Value::Null
    );
    let page = server.get("/").body;
    assert!(
        page.contains("It was told: as the policy routing.toml says of the sender."),
        "{page}"
    );
    assert!(!server.said().contains("fixtures"), "{}", server.said());

    let believing = Server::start(&["--receiver", "mx.elsewhere.example"]);
    let value_ = believing
        .post("/api/check?smart-host=smtp-relay.example.com", &sample)
        .json();
    assert_eq!(value_["outcome"], "inconclusive");
    believing
        .post("/api/check", &sample)
        .refuses(400, "nothing-expected");

    let strict = Server::start(&["--require", "account"]);
    let value_ = strict
        .post("/api/check?smart-host=smtp-relay.example.com", &sample)
        .json();
    assert_eq!(value_["outcome"], "inconclusive");
}

#[test]
fn wrong_options_have_no_analysis() {
    let server = Server::start(&[]);
    let sample = file(SAMPLE);
    for (query, code) in [
        ("", "nothing-expected"),
        ("?sender=a@example.com", "nothing-expected"),
        ("?smart-host=", "wrong-option"),
        ("?smart-host=*.com", "wrong-option"),
        ("?smart-host=0.0.0.0%2F0", "wrong-option"),
        ("?smart-host=a.example&smart-host=", "wrong-option"),
        (
            "?smart-host=--policy%3Dfixtures/policy/routing.toml",
            "wrong-option",
        ),
        ("?expect=connector", "wrong-option"),
        ("?expect=nowhere", "wrong-option"),
        ("?expect=exchange&expect=exchange", "wrong-option"),
        ("?expect=exchange&platform=nowhere", "wrong-option"),
        ("?expect=exchange&sender=nobody", "wrong-option"),
        ("?expect=exchange&require=provider", "wrong-option"),
        ("?expect=exchange&unlisted=ignore", "wrong-option"),
        ("?expect=exchange&repair=maybe", "wrong-option"),
        ("?expect=exchange&authserv-id=a%20b", "wrong-option"),
        ("?smart_host=a.example", "unknown-option"),
        ("?Smart-Host=a.example", "unknown-option"),
        ("?expect=exchange&format=human", "unknown-option"),
        ("?expect=exchange&help", "unknown-option"),
        ("?policy=fixtures/policy/routing.toml", "unknown-option"),
        (
            "?connector=fixtures/policy/send-connector.json",
            "unknown-option",
        ),
        ("?expect=exchange&catalogue=Cargo.toml", "unknown-option"),
        ("?expect=exchange&files-from=Cargo.toml", "unknown-option"),
        ("?expect=exchange&--files-from=Cargo.toml", "unknown-option"),
        ("?expect=exchange&=Cargo.toml", "unknown-option"),
    ] {
        let says = server
            .post(&format!("/api/check{query}"), &sample)
            .refuses(400, code);
        assert!(
            !says.contains("Usage") && !says.contains('\u{1b}') && !says.contains('\n'),
            "{says}"
        );
    }
    for query in [
        "?smart-host=a.example",
        "?expect=exchange",
        "?sender=a@example.com",
        "?require=account",
    ] {
        server
            .post(&format!("/api/trace{query}"), &sample)
            .refuses(400, "unknown-option");
    }
    let many = "receiver=a.example&".repeat(600);
    server
        .post(&format!("/api/check?expect=exchange&{many}"), &sample)
        .refuses(413, "too-many");
    server
        .post("/api/check?expect=exchange", b"")
        .refuses(400, "no-message");
    server
        .form("/api/check", &[value("expect", "exchange")])
        .refuses(400, "no-message");
    server
        .form(
            "/api/check",
            &[value("file", "Subject: a\n\n"), value("nonsense", "")],
        )
        .refuses(400, "unknown-option");
    let kind = [("Content-Type", "multipart/form-data")];
    server
        .ask("POST", "/api/check", &kind, b"")
        .refuses(400, "malformed");
    let kind = [("Content-Type", "multipart/form-data; boundary=x")];
    server
        .ask(
            "POST",
            "/api/check",
            &kind,
            b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ncut",
        )
        .refuses(400, "malformed");
}

#[test]
fn hosts_and_origins() {
    let server = Server::start(&["--allow-host", "headers.example.com"]);
    let port = server.port();
    let local = format!("localhost:{port}");
    let status = |fields: &[(&str, &str)]| server.ask("GET", "/healthz", fields, b"").status;
    for (host, expected) in [
        (server.address.as_str(), 200),
        (&local, 200),
        (&local.to_uppercase(), 200),
        (&format!("[::1]:{port}"), 200),
        ("headers.example.com", 200),
        (&format!("headers.example.com:{port}"), 200),
        ("headers.example.com:1", 421),
        ("127.0.0.1", 421),
        ("127.0.0.1:1", 421),
        ("localhost", 421),
        ("evil.example", 421),
        (&format!("evil.example:{port}"), 421),
        (&format!("127.0.0.1.evil.example:{port}"), 421),
        (&format!("localhost.:{port}"), 421),
        (&format!("a@127.0.0.1:{port}"), 421),
        (&format!("192.0.2.1:{port}"), 421),
        (&format!("127.0.0.1:+{port}"), 421),
        ("", 421),
    ] {
        assert_eq!(status(&[("Host", host)]), expected, "{host:?}");
    }
    assert_eq!(status(&[("Host", &local), ("Host", &local)]), 421);
    assert_eq!(
        server
            .raw(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")
            .status,
        421
    );
    assert_eq!(server.raw(b"GET /healthz HTTP/1.0\r\n\r\n").status, 421);
    let absolute = format!(
        "GET http://evil.example/healthz HTTP/1.1\r\nHost: {local}\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(server.raw(absolute.as_bytes()).status, 421);

    for (host, origin, expected) in [
        (local.as_str(), format!("http://{local}"), 200),
        (&local, format!("HTTP://{}", local.to_uppercase()), 200),
        (&local, format!("https://{local}"), 403),
        (&local, format!("http://{}", server.address), 403),
        (&local, "http://localhost".to_owned(), 403),
        (&local, "http://evil.example".to_owned(), 403),
        (&local, format!("http://{local}.evil.example"), 403),
        (&local, "null".to_owned(), 403),
        (&local, String::new(), 403),
        (
            "headers.example.com",
            "https://headers.example.com".to_owned(),
            200,
        ),
        (
            "headers.example.com",
            "http://headers.example.com".to_owned(),
            200,
        ),
        (
            "headers.example.com",
            "https://evil.example".to_owned(),
            403,
        ),
    ] {
        assert_eq!(
            status(&[("Host", host), ("Origin", &origin)]),
            expected,
            "{host} {origin:?}"
        );
    }
    let own = format!("http://{local}");
    assert_eq!(
        status(&[("Host", &local), ("Origin", &own), ("Origin", "null")]),
        403
    );

    let sample = file(SAMPLE);
    let fetch = |method: &str, target: &str, site: &str, mode: &str, dest: &str| {
        let fields = [
            ("Sec-Fetch-Site", site),
            ("Sec-Fetch-Mode", mode),
            ("Sec-Fetch-Dest", dest),
        ];
        server.ask(method, target, &fields, &sample).status
    };
    let check = "/api/check?expect=exchange";
    for site in ["cross-site", "same-site", "elsewhere", "\u{e9}"] {
        assert_eq!(
            fetch("POST", check, site, "navigate", "document"),
            403,
            "{site}"
        );
        assert_eq!(
            fetch("POST", check, site, "no-cors", "empty"),
            403,
            "{site}"
        );
        assert_eq!(
            fetch("GET", "/app.js", site, "no-cors", "script"),
            403,
            "{site}"
        );
        assert_eq!(fetch("GET", "/", site, "navigate", "iframe"), 403, "{site}");
    }
    assert_eq!(fetch("GET", "/", "cross-site", "navigate", "document"), 200);
    assert_eq!(fetch("POST", check, "same-origin", "cors", "empty"), 200);
    assert_eq!(fetch("GET", "/", "none", "navigate", "document"), 200);
}

/// What every answer says to a browser.
fn assert_protected(answer: &Answer) {
    for (name, expected) in [
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(answer.field(name), expected, "{answer:?}");
    }
    let policy = answer.field("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; "), "{answer:?}");
    assert!(!policy.contains("unsafe"), "{answer:?}");
    assert!(policy.contains("frame-ancestors 'none'"), "{answer:?}");
    assert!(
        ["no-referrer", "same-origin"].contains(&answer.field("referrer-policy")),
        "{answer:?}"
    );
}

#[test]
fn paths_methods_and_fields() {
    let server = Server::start(&[]);
    let sample = file(SAMPLE);
    for (method, target, status, allow, kind) in [
        ("GET", "/", 200, "", "text/html; charset=utf-8"),
        ("GET", "/app.css", 200, "", "text/css; charset=utf-8"),
        ("GET", "/app.js", 200, "", "text/javascript; charset=utf-8"),
        ("GET", "/healthz", 200, "", "text/plain; charset=utf-8"),
        ("GET", "/api/schema", 200, "", "application/schema+json"),
        ("POST", "/api/trace", 200, "", "application/json"),
        ("POST", "/report", 400, "", "text/html; charset=utf-8"),
        ("POST", "/check", 400, "", "text/html; charset=utf-8"),
        ("POST", "/download", 400, "", "text/html; charset=utf-8"),
        ("GET", "/nowhere", 404, "", "application/json"),
        ("GET", "/../Cargo.toml", 404, "", "application/json"),
        ("GET", "/%2e%2e/Cargo.toml", 404, "", "application/json"),
        ("GET", "/api", 404, "", "application/json"),
        ("GET", "/api/check", 405, "POST", "application/json"),
        ("OPTIONS", "/api/check", 405, "POST", "application/json"),
        ("DELETE", "/", 405, "GET,HEAD", "application/json"),
        ("TRACE", "/healthz", 405, "GET,HEAD", "application/json"),
        ("POST", "/api/check", 400, "", "application/json"),
    ] {
        let answer = server.ask(method, target, &[], &sample);
        assert_eq!(answer.status, status, "{method} {target}");
        assert_eq!(answer.field("allow"), allow, "{method} {target}");
        assert_eq!(answer.field("content-type"), kind, "{method} {target}");
        assert_protected(&answer);
        let head = server.ask("HEAD", target, &[], b"");
        if method == "GET" {
            assert_eq!((head.status, head.body.as_str()), (status, ""), "{target}");
            if status == 200 {
                let length = answer.field("content-length");
                assert_eq!(head.field("content-length"), length, "{target}");
            }
            assert_protected(&head);
        }
    }
    for fields in [[("Host", "evil.example")], [("Origin", "null")]] {
        assert_protected(&server.ask("GET", "/", &fields, b""));
    }
    assert_eq!(server.get("/healthz").body, "ok");
    let schema = server.get("/api/schema").json();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    assert!(validator.is_valid(&server.post("/api/trace", &sample).json()));
    assert_eq!(server.get("/").field("referrer-policy"), "same-origin");
    assert_eq!(
        server.post("/api/trace", &sample).field("referrer-policy"),
        "no-referrer"
    );
}

#[test]
fn too_much_is_refused() {
    let server = Server::start(&[]);
    let large = vec![b'a'; (64 << 20) + 1];
    server
        .post("/api/check?expect=exchange", &large)
        .refuses(413, "too-large");
    let head = format!(
        "POST /api/check?expect=exchange HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n",
        server.address,
        large.len()
    );
    server
        .raw(&[head.as_bytes(), &large, b"\r\n0\r\n\r\n"].concat())
        .refuses(413, "too-large");
    let mut bomb = b"Received: x\nSubject: ".to_vec();
    bomb.resize(80 << 20, b'a');
    let value_ = server.post("/api/trace", &packed(&bomb)).json();
    assert_eq!(value_["error"]["code"], "unreadable", "{value_}");
    let says = value_["error"]["says"].as_str().unwrap();
    assert!(says.contains("unpacks to more"), "{says}");
    let mbox =
        b"From a@example.com Tue Feb 28 07:51:01 2023\nFrom: a@example.com\n\n".repeat(10_001);
    server.post("/api/trace", &mbox).refuses(413, "too-many");
    let parts: Vec<_> = (0..2001).map(|_| value("trust", "a.example")).collect();
    server.form("/api/trace", &parts).refuses(413, "too-many");
    let long = format!("/{}", "a".repeat(100_000));
    assert!(matches!(server.get(&long).status, 414 | 431));
    let long = "a".repeat(200_000);
    assert_eq!(
        server.ask("GET", "/", &[("X-Long", &long)], b"").status,
        431
    );
    assert_eq!(server.get("/healthz").status, 200);
}

/// Who says nothing, or says it slowly, is cut off, and keeps nobody else out.
#[test]
fn slow_ones_are_cut_off() {
    let server = Server::start(&[]);
    let mut silent = server.connect();
    let mut slow: Vec<_> = (0..10).map(|_| server.connect()).collect();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(12) {
        for stream in &mut slow {
            let _ = stream.write_all(b"G");
        }
        thread::sleep(Duration::from_secs(2));
    }
    assert_eq!(server.get("/healthz").status, 200);
    slow.push(silent.try_clone().unwrap());
    for mut stream in slow {
        let mut answer = Vec::new();
        stream
            .set_read_timeout(Some(Duration::from_secs(3)))
            .unwrap();
        let ended = match stream.read_to_end(&mut answer) {
            Ok(_) => true,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        };
        assert!(ended, "a connection is still open: {answer:?}");
    }
    let _ = silent.write_all(b"x");
}

#[test]
fn only_method_path_status_and_time_are_logged() {
    let server = Server::start(&[]);
    let sample = file(SAMPLE);
    server.post("/api/check?smart-host=secret.example.com", &sample);
    server.get("/secret-free?secret=1");
    server.ask("GET", "/%1b[31m/\u{1b}", &[], b"");
    server.ask("GET", "/a\u{202e}b", &[], b"");
    server.form("/api/trace", &[upload("secret.eml", &sample)]);
    thread::sleep(Duration::from_millis(200));
    let said = server.said();
    let lines: Vec<_> = said.lines().skip(1).collect();
    assert!(lines.len() >= 3, "{said}");
    assert!(lines[0].starts_with("POST /api/check 200 "), "{said}");
    assert!(lines[1].starts_with("GET /secret-free 404 "), "{said}");
    for line in &lines {
        let words: Vec<_> = line.split(' ').collect();
        assert_eq!((words.len(), words[4]), (5, "ms"), "{line}");
        assert!(line.is_ascii() && !line.contains(['?', '\u{1b}']), "{line}");
    }
    for secret in ["secret.", "secret=", "newsletter", "mydomain"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

#[test]
fn a_files_name_is_only_shown() {
    let server = Server::start(&[]);
    let sample = file(SAMPLE);
    for (name, shown) in [
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd.eml", "passwd.eml"),
        ("C:\\secret\\a.eml", "a.eml"),
        ("<script>alert(1)<.eml", "<script>alert(1)<.eml"),
        ("a\u{202e}b\u{9b}31m.eml", "a\\u{202e}b\\u{9b}31m.eml"),
        ("-", "-"),
        ("--policy=x", "--policy=x"),
    ] {
        let value_ = server.form("/api/trace", &[upload(name, &sample)]).json();
        assert_eq!(value_["source"]["path"], shown);
        assert_eq!(value_["hops"].as_array().unwrap().len(), 6, "{name}");
    }
    let page = server.form(
        "/report",
        &[
            value("expect", "trace"),
            upload("<script>alert(1)<.eml", &sample),
            upload("\" onclick=alert(1) \".eml", &sample),
        ],
    );
    assert_eq!(page.status, 200);
    assert!(
        !page.body.contains("<script") && !page.body.contains("\" onclick"),
        "{}",
        page.body
    );
}

#[test]
fn the_page_answers_its_form() {
    let server = Server::start(&[]);
    let sample = String::from_utf8(file(SAMPLE)).unwrap();
    // As a browser sends it: every field, empty ones too.
    let form = |expect: &'static str, host: &'static str| {
        [
            value("expect", expect),
            value("smart-host", host),
            value("sender", ""),
            value("trust", " "),
            value("receiver", ""),
            value("platform", ""),
            value("message", &sample),
            Part {
                name: "policy",
                file: Some(""),
                content: b"",
            },
            Part {
                name: "file",
                file: Some(""),
                content: b"",
            },
        ]
    };
    for (expect, host, says) in [
        ("connector", "smtp-relay.example.com", "PASS"),
        ("connector", " 192.0.2.1, smtp-relay.example.com ", "PASS"),
        ("exchange", "", "FAIL"),
        ("trace", "", "sender-id.example.com"),
    ] {
        for path in ["/report", "/check", "/download"] {
            let answer = server.form(path, &form(expect, host));
            assert_eq!(answer.status, 200, "{path} {expect}: {answer:?}");
            assert!(
                answer.body.contains(says),
                "{path} {expect}: {}",
                answer.body
            );
            let is_page = answer.body.to_lowercase().starts_with("<!doctype html>");
            assert_eq!(is_page, path != "/report", "{path}");
            let attached = answer
                .field("content-disposition")
                .starts_with("attachment");
            assert_eq!(attached, path == "/download");
        }
    }
    for (expect, host) in [
        ("connector", ""),
        ("connector", "*.com"),
        ("file", ""),
        ("nowhere", ""),
    ] {
        for path in ["/report", "/check", "/download"] {
            let answer = server.form(path, &form(expect, host));
            assert_eq!(answer.status, 400, "{path} {expect}");
            assert!(answer.body.contains("role=\"alert\""), "{answer:?}");
        }
    }
}

#[test]
fn only_what_the_form_chooses_counts() {
    let sample = file(SAMPLE);
    // A network: nobody else's hosts are the connector's, so another host is a fail.
    let other = b"[[connector]]\nid = 1\nname = \"other\"\nsmart-host = \"198.51.100.0/24\"\n\
        [[account]]\naddress = \"newsletter@mydomain.ovh\"\nconnector = 1\n";
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("other-connector.toml");
    std::fs::write(&path, other).unwrap();
    let server = Server::start(&["--policy", path.to_str().unwrap()]);
    let right_host = value("smart-host", "smtp-relay.example.com");
    let right_policy = file(POLICY);
    let part = |name, content| Part {
        name,
        file: Some("x.toml"),
        content,
    };
    // The choice, and what is left over in the fields that it is not about.
    for parts in [
        vec![value("expect", "loaded"), right_host],
        vec![value("expect", "loaded"), part("policy", &right_policy)],
        vec![value("expect", "file"), part("policy", other), right_host],
        vec![
            value("expect", "connector"),
            value("smart-host", "198.51.100.0/24"),
            part("policy", &right_policy),
        ],
        vec![value("expect", "exchange"), part("policy", &right_policy)],
    ] {
        let parts: Vec<_> = parts
            .into_iter()
            .chain([upload("a.eml", &sample)])
            .collect();
        let answer = server.form("/report", &parts);
        let names: Vec<_> = parts.iter().map(|part| part.name).collect();
        assert_eq!(answer.status, 200, "{names:?}: {answer:?}");
        assert!(answer.body.contains("FAIL"), "{names:?}: {}", answer.body);
    }
}

#[test]
fn listening() {
    let server = Server::start(&[]);
    let taken = program()
        .args(["serve", "--listen", &server.address])
        .output()
        .unwrap();
    let says = String::from_utf8(taken.stderr).unwrap();
    assert_eq!(taken.status.code(), Some(2));
    assert!(
        says.contains("another program listens there") && says.contains("another port"),
        "{says}"
    );
    assert!(!server.said().contains("beyond this machine"));

    for (args, says) in [
        (&["--listen", "80x25"][..], "such as 127.0.0.1:8025"),
        (&["--listen", "192.0.2.1:0"], "an address of this machine"),
        (&["--policy", "nowhere.toml"], "nowhere.toml"),
        (&["--expect", "connector"], "--smart-host"),
        (&["--unlisted", "ignore"], "--policy"),
        (&["--smart-host", "*.com"], "public suffix"),
        (&["--platform", "nowhere"], "known are"),
        (
            &["--allow-host", "http://a.example/"],
            "headers.example.com",
        ),
    ] {
        let run = program().arg("serve").args(args).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
    }
}

/// Beyond loopback only where that is asked for, and never silently; the name of this machine's
/// address is then known too.
#[test]
fn beyond_loopback_it_says_so() {
    let mut child = program()
        .args(["serve", "--listen", "0.0.0.0:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (said, lines) = collect(&mut child);
    let line = loop {
        let line = lines.recv_timeout(PATIENCE).unwrap();
        if line.starts_with("listening on ") {
            break line;
        }
    };
    let port = line.trim_end_matches('/').rsplit_once(':').unwrap().1;
    let address = format!("127.0.0.1:{port}");
    let server = Server {
        child,
        address,
        said,
    };
    assert!(
        server.said().contains("without a password"),
        "{}",
        server.said()
    );
    assert_eq!(server.get("/healthz").status, 200);
    let host = format!("0.0.0.0:{port}");
    assert_eq!(
        server
            .ask("GET", "/healthz", &[("Host", &host)], b"")
            .status,
        421
    );
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_told() {
    for signal in ["-INT", "-TERM"] {
        let mut server = Server::start(&[]);
        assert_eq!(server.get("/healthz").status, 200);
        let idle = server.connect();
        let begun = Instant::now();
        let pid = server.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(server.child.wait().unwrap().code(), Some(0), "{signal}");
        assert!(
            begun.elapsed() < Duration::from_secs(4),
            "{:?}",
            begun.elapsed()
        );
        drop(idle);
    }
}

#[test]
fn what_is_personal_is_replaced() {
    let server = Server::start(&[]);
    let sample = file(SAMPLE);
    let target = "/api/check?smart-host=smtp-relay.example.com&redact";
    let answer = server.post(target, &sample);
    let args = [
        "check",
        "--smart-host",
        "smtp-relay.example.com",
        "--redact",
    ];
    assert_eq!(vec![answer.json()], printed(&args, &sample));
    let form = [
        value("smart-host", "smtp-relay.example.com"),
        value("redact", "on"),
        upload("a.eml", &sample),
        upload("b.eml", &sample),
    ];
    for path in ["/api/check", "/report", "/check", "/download"] {
        let answer = server.form(path, &form);
        assert_eq!(answer.status, 200, "{answer:?}");
        for personal in ["newsletter", "john.smith", "Test SBR", "12185193"] {
            assert!(!answer.body.contains(personal), "{path}: {personal}");
        }
    }
}

#[test]
fn it_is_in_the_manual() {
    let printed =
        |args: &[&str]| String::from_utf8(program().args(args).output().unwrap().stdout).unwrap();
    assert!(printed(&["man"]).contains("SMARTHOP SERVE"));
    assert!(printed(&["completions", "bash"]).contains("--allow-host"));
}

/// The documentation's request.
#[test]
fn the_documented_request() {
    let page = String::from_utf8(file("docs/server.md")).unwrap();
    let mut lines = page.lines().skip_while(|line| !line.starts_with("$ curl "));
    let (Some(command), Some(output)) = (lines.next(), lines.next()) else {
        panic!("docs/server.md has no `$ curl` with its output");
    };
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("not run: curl is missing");
        return;
    }
    let server = Server::start(&[]);
    assert!(command.contains("127.0.0.1:8025"), "{command}");
    let command = command.replace("127.0.0.1:8025", &server.address);
    let run = Command::new("bash")
        .args(["-c", command.trim_start_matches("$ ")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(run.stdout).unwrap().trim_end(), output);
}

/// `mine` and `recipient` in a request are the command's options.
#[test]
fn the_user_vouches_in_a_request() {
    let server = Server::start(&[]);
    let relay = "/api/check?smart-host=smtp-relay.example.com";
    let own = "/api/check?smart-host=relay.example.org";
    let front = "fixtures/mine/address-translating-front-end-unsaid/message.eml";
    let entrance = "fixtures/mine/own-relay-recipient-not-known-unsaid/message.eml";
    let id = "20240521083000.address-translating-front-end";
    for (target, path, outcome, mine) in [
        (relay.to_owned(), front, "inconclusive", None),
        (format!("{relay}&mine"), front, "pass", Some("vouched")),
        (format!("{relay}&mine={id}"), front, "pass", Some("token")),
        (
            format!("{relay}&mine=route-test-7f3a9c"),
            front,
            "inconclusive",
            None,
        ),
        (own.to_owned(), entrance, "inconclusive", None),
        (
            format!("{own}&recipient=paul.brook@example.net"),
            entrance,
            "pass",
            None,
        ),
        (
            format!("{own}&recipient=nora.field@example.org"),
            entrance,
            "inconclusive",
            None,
        ),
    ] {
        let answer = server.post(&target, &file(path));
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        let analysis = answer.json();
        assert_eq!(analysis["outcome"], outcome, "{target}");
        assert_eq!(analysis["message"]["mine"].as_str(), mine, "{target}");
    }
    let line = b"From x@example.org Tue May 21 08:30:05 2024\n";
    let two = [&line[..], &file(front), b"\n", line, &file(front)].concat();
    for (target, body) in [
        (format!("{relay}&mine"), two),
        (format!("{relay}&mine=1234567"), file(front)),
        (format!("{relay}&recipient=nobody"), file(front)),
    ] {
        let answer = server.post(&target, &body);
        assert_eq!(answer.status, 400, "{target}: {answer:?}");
        assert!(answer.json()["error"]["code"].is_string(), "{target}");
    }
}

/// What others may do to a server, and what must hold meanwhile: a normal check is answered within
/// [`ANSWER_TIME`], the server stays below [`MEMORY_MAX`], and SIGTERM ends it within [`END_TIME`].
#[cfg(target_os = "linux")]
mod attacks {
    use std::path::PathBuf;
    use std::sync::{MutexGuard, OnceLock, PoisonError};

    use super::*;

    const ANSWER_TIME: Duration = Duration::from_secs(2);
    const END_TIME: Duration = Duration::from_secs(6);
    const MEMORY_MAX: u64 = 256 << 10;
    const IDLE_TICKS: u64 = 20;

    const HOP: &[u8] =
        b"Received: from a.example.com (a.example.com [192.0.2.1])\n\tby b.example.com \
        with ESMTP id x; Tue, 28 Feb 2023 07:51:01 +0000\n";

    /// One after the other, so that each has the machine.
    fn alone() -> MutexGuard<'static, ()> {
        static ALONE: Mutex<()> = Mutex::new(());
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request for a check of a body, compressed.
    fn request(server: &Server, target: &str, body: &[u8]) -> Vec<u8> {
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n",
            server.address,
            body.len()
        );
        [head.as_bytes(), body].concat()
    }

    /// Many messages whose analyses are much longer than they are.
    fn long_mbox() -> Vec<u8> {
        let header = [HOP.repeat(40), b"From: a@example.com\n\n\n".to_vec()].concat();
        let line = b"From a@example.com Tue Feb 28 07:51:01 2023\n";
        packed(&[&line[..], &header].concat().repeat(9000))
    }

    fn memory(server: &Server) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id()));
        let status = status.unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let mut words = line.unwrap().split_whitespace();
        words.nth(1).unwrap().parse().unwrap()
    }

    /// Normal checks, one after the other, for so long.
    fn holds(server: &Server, time: Duration) {
        let sample = file(SAMPLE);
        let begun = Instant::now();
        while begun.elapsed() < time {
            let asked = Instant::now();
            let answer = server.post("/api/check?expect=exchange", &sample);
            let took = asked.elapsed();
            assert_eq!(answer.status, 200, "{answer:?}");
            assert!(took < ANSWER_TIME, "a normal check took {took:?}");
            let memory = memory(server);
            assert!(memory < MEMORY_MAX, "the server holds {memory} KiB");
            thread::sleep(Duration::from_millis(250));
        }
    }

    fn ends(mut server: Server) {
        let told = Instant::now();
        let pid = server.child.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(kill.unwrap().success());
        while told.elapsed() < END_TIME {
            if let Some(status) = server.child.try_wait().unwrap() {
                assert_eq!(status.code(), Some(0));
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("SIGTERM did not end it within {END_TIME:?}");
    }

    /// What unpacks to much, for which nobody waits any more.
    #[test]
    fn given_up_work_ends() {
        let _alone = alone();
        let server = Server::start(&[]);
        let section = HOP.repeat((1 << 20) / HOP.len() - 1);
        let line = b"From a@example.com Tue Feb 28 07:51:01 2023\n";
        let message = [line, &section[..], b"From: a@example.com\n\n\n"].concat();
        let bomb = packed(&message.repeat(40));
        assert!(bomb.len() < 500_000, "{}", bomb.len());
        let mut waiting = Vec::new();
        for target in ["/api/trace?redact", "/api/trace"].iter().cycle().take(8) {
            let mut stream = server.connect();
            stream.write_all(&request(&server, target, &bomb)).unwrap();
            waiting.push(stream);
        }
        holds(&server, Duration::from_secs(3));
        // They go away, and what is no light work is done at once, too.
        drop(waiting);
        thread::sleep(Duration::from_millis(500));
        let small = [&line[..], b"From: a@example.com\n\n\n"].concat().repeat(2);
        let asked = Instant::now();
        assert_eq!(server.post("/api/trace", &small).status, 200);
        assert!(asked.elapsed() < ANSWER_TIME, "{:?}", asked.elapsed());
        // Nothing goes on behind that.
        let before = ticks(&server);
        thread::sleep(Duration::from_secs(2));
        let burnt = ticks(&server) - before;
        assert!(burnt < IDLE_TICKS, "{burnt} hundredths of a second in two");
        ends(server);
    }

    /// What the processor did for it so far, in hundredths of a second (proc(5): utime, stime).
    fn ticks(server: &Server) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.child.id()));
        let stat = stat.unwrap();
        let (_, behind) = stat.rsplit_once(')').unwrap();
        let words: Vec<_> = behind.split_whitespace().collect();
        words[11].parse::<u64>().unwrap() + words[12].parse::<u64>().unwrap()
    }

    /// Who asks for much and reads nothing.
    #[test]
    fn readers_that_read_nothing() {
        let _alone = alone();
        let server = Server::start(&[]);
        let mbox = long_mbox();
        let mut readers = Vec::new();
        for target in ["/api/trace", "/report"].iter().cycle().take(60) {
            let mut stream = server.connect();
            stream.write_all(&request(&server, target, &mbox)).unwrap();
            readers.push(stream);
        }
        holds(&server, Duration::from_secs(15));
        ends(server);
        drop(readers);
    }

    /// Bodies at a byte a second: they keep nobody else waiting, and are cut off.
    #[test]
    fn slow_bodies() {
        let _alone = alone();
        let server = Server::start(&[]);
        let head = format!(
            "POST /api/trace HTTP/1.1\r\nHost: {}\r\nContent-Length: 60000000\r\n\r\n",
            server.address
        );
        let mut bodies: Vec<_> = (0..40).map(|_| server.connect()).collect();
        for stream in &mut bodies {
            stream.write_all(head.as_bytes()).unwrap();
        }
        let slow: Vec<_> = bodies
            .iter()
            .map(|body| body.try_clone().unwrap())
            .collect();
        let drip = thread::spawn(move || {
            for _ in 0..13 {
                for mut stream in &slow {
                    let _ = stream.write_all(b"a");
                }
                thread::sleep(Duration::from_secs(1));
            }
        });
        holds(&server, Duration::from_secs(12));
        drip.join().unwrap();
        for mut stream in bodies {
            stream
                .set_read_timeout(Some(Duration::from_secs(3)))
                .unwrap();
            Answer::read(&mut stream).refuses(408, "slow");
        }
        ends(server);
    }

    /// Every place is taken by somebody who does nothing with it.
    #[test]
    fn idle_connections_make_room() {
        let _alone = alone();
        let server = Server::start(&[]);
        let head = format!("POST /api/trace HTTP/1.1\r\nHost: {}\r\n", server.address);
        let idle: Vec<_> = (0..200)
            .map(|number| {
                let mut stream = server.connect();
                let sent: &[u8] = if number % 2 == 0 {
                    b""
                } else {
                    head.as_bytes()
                };
                // It may have had to make room already.
                let _ = stream.write_all(sent);
                stream
            })
            .collect();
        thread::sleep(Duration::from_millis(1200));
        holds(&server, Duration::from_secs(3));
        drop(idle);
        ends(server);
    }

    /// Who starts it with a pipe and stops reading the log.
    #[test]
    fn a_log_that_nobody_reads() {
        let _alone = alone();
        let mut child = program()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("listening on http://");
        let server = Server {
            child,
            address: address.trim_end_matches('/').to_owned(),
            said: Arc::default(),
        };
        let path = "x".repeat(90);
        let get = format!("GET /{path} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
        for _ in 0..10 {
            let mut stream = server.connect();
            let mut from = BufReader::new(stream.try_clone().unwrap());
            for _ in 0..400 {
                stream.write_all(get.as_bytes()).unwrap();
                let mut length = 0;
                loop {
                    let mut line = String::new();
                    let read = from.read_line(&mut line).expect("it answers");
                    assert!(read > 0, "it answers");
                    if let Some(value) = line.strip_prefix("content-length: ") {
                        length = value.trim().parse().unwrap();
                    }
                    if line == "\r\n" {
                        break;
                    }
                }
                from.read_exact(&mut vec![0; length]).unwrap();
            }
        }
        holds(&server, Duration::from_millis(1));
        ends(server);
        drop(stderr);
    }

    /// Where no thread can be made, it is slower and goes on.
    #[test]
    fn without_threads() {
        let _alone = alone();
        let Some(mut limited) = limited_program() else {
            eprintln!("not run: prlimit is missing");
            return;
        };
        let mut child = limited
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, lines) = collect(&mut child);
        let line = lines.recv_timeout(PATIENCE).expect("it starts");
        let address = line.trim_start_matches("listening on http://");
        let address = address.trim_end_matches('/').to_owned();
        let server = Server {
            child,
            address,
            said,
        };
        holds(&server, Duration::from_secs(1));
        ends(server);
    }

    /// A batch, too.
    #[test]
    fn a_batch_without_threads() {
        let _alone = alone();
        let Some(mut limited) = limited_program() else {
            eprintln!("not run: prlimit is missing");
            return;
        };
        let output = limited
            .args(["trace", "--format", "json", "-j", "4", "messages"])
            .output()
            .unwrap();
        let says = String::from_utf8_lossy(&output.stderr);
        assert!(!says.contains("panicked"), "{says}");
        let lines = output.stdout.iter().filter(|byte| **byte == b'\n').count();
        assert!(lines > 100, "{lines}: {says}");
    }

    /// The program and some messages in a folder that any user may read: the package's own may lie
    /// in a private one.
    fn reachable() -> &'static Path {
        static FOLDER: OnceLock<PathBuf> = OnceLock::new();
        FOLDER.get_or_init(|| {
            let folder = std::env::temp_dir().join("smarthop-limited");
            let messages = folder.join("messages");
            std::fs::create_dir_all(&messages).unwrap();
            let program = folder.join("smarthop");
            let _ = std::fs::remove_file(&program);
            std::fs::copy(env!("CARGO_BIN_EXE_smarthop"), program).unwrap();
            for number in 0..120 {
                let message = messages.join(format!("{number}.eml"));
                std::fs::write(message, file(SAMPLE)).unwrap();
            }
            folder
        })
    }

    /// The program where it may have no second thread; for root there is no such limit.
    fn limited_program() -> Option<Command> {
        let id = Command::new("id").arg("-u").output().ok()?.stdout;
        let mut command = match id.trim_ascii() {
            b"0" => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid=61234", "--clear-groups", "prlimit"]);
                command
            }
            _ => Command::new("prlimit"),
        };
        let there = Command::new("prlimit").arg("--version").output().is_ok();
        let reachable = reachable();
        command
            .arg("--nproc=1")
            .arg(reachable.join("smarthop"))
            .current_dir(reachable)
            .env_remove("SMARTHOP_POLICY")
            .stdin(Stdio::null());
        there.then_some(command)
    }

    /// SIGTERM ends a batch as Ctrl-C does: what is done is told, whole.
    #[test]
    fn a_batch_that_is_told_to_end() {
        let _alone = alone();
        for (format, end) in [("json", "}\n"), ("junit", "</testsuites>\n")] {
            let mut child = program()
                .args(["trace", "--format", format])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut stdin = child.stdin.take().unwrap();
            let message = [
                &b"From a@example.com Tue Feb 28 07:51:01 2023\n"[..],
                &HOP.repeat(40),
                b"From: a@example.com\n\n\n",
            ]
            .concat();
            let feed = thread::spawn(move || {
                for _ in 0..100_000 {
                    if stdin.write_all(&message).is_err() {
                        break;
                    }
                }
            });
            let pid = child.id().to_string();
            thread::spawn(move || {
                thread::sleep(Duration::from_secs(2));
                let _ = Command::new("kill").args(["-TERM", &pid]).status();
            });
            let output = child.wait_with_output().unwrap();
            feed.join().unwrap();
            let says = String::from_utf8_lossy(&output.stderr);
            assert!(says.contains("interrupted after "), "{format}: {says}");
            assert_eq!(output.status.code(), Some(2), "{format}: {says}");
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(text.ends_with(end), "{format} is cut");
            assert!(text.contains("b.example.com") || format == "junit");
        }
    }
}
