//! What must hold of the whole program: bytes in, a panic where it does not hold.
//!
//! Its child processes have no part in the fuzzer's coverage, so what it tries are variations of
//! the corpus. The program is the one that the variable SMARTHOP names, or that cargo built for
//! the tests.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

fn program() -> Command {
    let built = option_env!("CARGO_BIN_EXE_smarthop").map(PathBuf::from);
    let named = std::env::var_os("SMARTHOP").map(PathBuf::from);
    let mut command = Command::new(named.or(built).expect("SMARTHOP names the program"));
    command.env_remove("SMARTHOP_POLICY").stdin(Stdio::null());
    command
}

// ---- the server -----------------------------------------------------------------------------

/// One for all inputs; it ends with this process, whose pipe it reads to its end.
struct Server {
    child: Child,
    address: SocketAddr,
    asked: u64,
}

impl Server {
    fn start() -> Self {
        let mut child = program()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.strip_prefix("listening on http://")?
                    .strip_suffix('/')?
                    .parse()
                    .ok()
            })
            .expect("it says where it listens");
        // What it logs is read, and is no matter.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            address,
            asked: 0,
        }
    }

    fn ask(&mut self, request: &[u8]) -> Vec<u8> {
        self.asked += 1;
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(ANSWER_TIME)).expect("a time");
        // It may answer and close before all is sent.
        let _ = stream.write_all(request);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let begun = Instant::now();
        let mut piece = [0; 4096];
        loop {
            match stream.read(&mut piece) {
                Ok(read @ 1..) => answer.extend_from_slice(piece.get(..read).unwrap_or_default()),
                Ok(0) => break,
                // A reset behind an early answer is no matter; silence is.
                Err(_) => {
                    assert!(
                        begun.elapsed() < ANSWER_TIME,
                        "no answer in {ANSWER_TIME:?}"
                    );
                    break;
                }
            }
        }
        let ended = self.child.try_wait().expect("a child");
        assert!(ended.is_none(), "the server ended: {ended:?}");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const ANSWER_TIME: Duration = Duration::from_secs(20);

const TARGETS: [&str; 8] = [
    "/api/check?smart-host=smtp-relay.example.com",
    "/api/check?expect=exchange&repair&redact",
    "/api/trace?mine",
    "/api/trace?redact=1",
    "/check",
    "/report",
    "/download",
    "/api/check",
];

/// A request: the first byte says what the rest of the bytes are (the whole request, its target,
/// a field, its body, the head of a multipart part, a part's content), the second where it goes.
pub(crate) fn server(bytes: &[u8]) {
    let [shape, to, rest @ ..] = bytes else {
        return;
    };
    static SERVER: Mutex<Option<Server>> = Mutex::new(None);
    let mut server = SERVER
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let server = server.get_or_insert_with(Server::start);
    let host = server.address.to_string();
    let target = TARGETS
        .get(usize::from(*to) % TARGETS.len())
        .copied()
        .unwrap_or_default();
    let text = String::from_utf8_lossy(rest);
    let line: String = text.chars().filter(|c| !c.is_control()).collect();
    let form = "multipart/form-data; boundary=b0undary";
    let request = match shape % 6 {
        0 => rest.to_vec(),
        1 => post(
            &host,
            &format!("/{}", line.replace(' ', "+")),
            "",
            b"Subject: x\n\n",
        ),
        2 => post(&host, target, &format!("{line}\r\n"), b"Subject: x\n\n"),
        3 => post(&host, target, "", rest),
        4 => post(
            &host,
            target,
            &format!("Content-Type: {form}\r\n"),
            &[b"--b0undary\r\n", rest, b"\r\n--b0undary--\r\n"].concat(),
        ),
        _ => {
            let names = [
                "file\"; filename=\"a.eml",
                "message",
                "policy",
                "connector",
                "smart-host",
            ];
            let name = names
                .get(usize::from(*to) / 8 % names.len())
                .copied()
                .unwrap_or_default();
            let head =
                format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            post(
                &host,
                target,
                &format!("Content-Type: {form}\r\n"),
                &[head.as_bytes(), rest, b"\r\n--b0undary--\r\n"].concat(),
            )
        }
    };
    let answer = server.ask(&request);
    answer_is_sound(&answer);
    if server.asked.is_multiple_of(64) {
        let get = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = server.ask(get.as_bytes());
        assert!(answer.starts_with(b"HTTP/1.1 200"), "it is not well");
    }
}

fn post(host: &str, target: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{fields}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// An answer, several of them where the connection was kept, or none at all where the request was
/// none; never an error of the server's own.
fn answer_is_sound(answer: &[u8]) {
    let mut rest = answer;
    while !rest.is_empty() {
        rest = one_is_sound(rest);
    }
}

/// The first one; what stands behind it is left.
fn one_is_sound(answers: &[u8]) -> &[u8] {
    let end = answers.windows(4).position(|end| end == b"\r\n\r\n");
    let text = String::from_utf8_lossy(answers);
    let end = end.unwrap_or_else(|| panic!("half an answer: {text:?}")) + 4;
    let (head, behind) = answers.split_at_checked(end).expect("it is within");
    let head = String::from_utf8_lossy(head);
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    let length = length.unwrap_or(behind.len()).min(behind.len());
    let (body, rest) = behind.split_at_checked(length).expect("it is within");
    let body = String::from_utf8_lossy(body);
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse::<u16>().ok());
    assert!(
        head.starts_with("HTTP/1.") && status.is_some_and(|code| code < 500),
        "{head}"
    );
    let head = head.to_ascii_lowercase();
    let json = head.contains("content-type: application/json") || head.contains("x-ndjson");
    if json && !head.contains("chunked") {
        for line in body.lines() {
            serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        }
    }
    if head.contains("text/html") {
        assert!(!body.contains("<script>"), "a script of somebody else's");
    }
    rest
}

// ---- check ----------------------------------------------------------------------------------

/// One of each group; the bits of the first bytes choose.
const EXPECTED: [&[&str]; 6] = [
    &["--smart-host", "smtp-relay.example.com"],
    &[
        "--smart-host",
        "192.0.2.0/24",
        "--smart-host",
        "*.provider.example",
    ],
    &[
        "--smart-host",
        "smtp-relay.brevo.com",
        "--require",
        "account",
    ],
    &["--expect", "exchange"],
    &[
        "--expect",
        "exchange",
        "--platform",
        "ovhcloud",
        "--exchange-host",
        "mail.mydomain.ovh",
    ],
    &["--smart-host", "email-smtp.eu-west-1.amazonaws.com"],
];
const OPTIONS: [&[&str]; 8] = [
    &["--receiver", "mx.example.net"],
    &["--trust", "192.0.2.128/26"],
    &["--authserv-id", "mx.example.net"],
    &["--recipient", "john@example.org"],
    &["--sender", "newsletter@mydomain.ovh"],
    &["--mine=0123456789abcdef"],
    &["--redact"],
    &["--inside"],
];

/// Files with random options: what people read and what programs read say the same, as do a path
/// and standard input, one thread and eight. The first byte chooses what is expected, the second
/// the options; the files are divided by four NULs.
pub(crate) fn check(bytes: &[u8]) {
    let [expected, options, rest @ ..] = bytes else {
        return;
    };
    let expected = EXPECTED
        .get(usize::from(*expected) % EXPECTED.len())
        .copied();
    let mut args = vec!["check"];
    args.extend(expected.unwrap_or_default());
    for (bit, option) in OPTIONS.iter().enumerate() {
        if options >> bit & 1 == 1 {
            args.extend(option.iter());
        }
    }
    let folder = std::env::temp_dir().join(format!("smarthop-check-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let files = divided(rest);
    for (number, file) in files.iter().enumerate() {
        std::fs::write(folder.join(format!("{number}.eml")), file).expect("a file");
    }
    let all = folder.to_str().expect("a path");
    let json = run(&args, &["--format", "json", "-j1", all], None);
    let records = records(&json);
    let wide = run(&args, &["--format", "json", "-j8", all], None);
    assert_eq!(json.status, wide.status, "-j1 and -j8");
    if !args.contains(&"--redact") {
        assert_eq!(json.stdout, wide.stdout, "-j1 and -j8");
    }
    let human = run(&args, &["-j1", all], None);
    assert_eq!(human.status, json.status, "for people and for programs");
    people_read_the_same(&human, &records);
    // One file by its path, and by standard input with the same repairs.
    let one = folder.join("0.eml");
    let path = run(
        &args,
        &[
            "--repair",
            "--format",
            "json",
            one.to_str().expect("a path"),
        ],
        None,
    );
    let input = run(
        &args,
        &["--repair", "--format", "json"],
        files.first().map(Vec::as_slice),
    );
    assert_eq!(
        path.status.code(),
        input.status.code(),
        "a path and standard input"
    );
    let outcomes = |output: &Output| -> Vec<Value> {
        let records = self::records(output).into_iter();
        records.map(|mut record| record["outcome"].take()).collect()
    };
    assert_eq!(
        outcomes(&path),
        outcomes(&input),
        "a path and standard input"
    );
    let _ = std::fs::remove_dir_all(&folder);
}

fn divided(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut files = vec![Vec::new()];
    let mut rest = bytes;
    while let Some((byte, behind)) = rest.split_first() {
        if rest.starts_with(&[0; 4]) && files.len() < 6 {
            files.push(Vec::new());
            rest = rest.get(4..).unwrap_or_default();
        } else {
            files.last_mut().expect("one").push(*byte);
            rest = behind;
        }
    }
    files
}

fn run(args: &[&str], more: &[&str], input: Option<&[u8]>) -> Output {
    let mut child = program()
        .args(args)
        .args(more)
        .stdin(if input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    if let (Some(mut to), Some(input)) = (child.stdin.take(), input) {
        // It may end before it has read all.
        let _ = to.write_all(input);
    }
    let output = child.wait_with_output().expect("it ends");
    let code = output.status.code();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        matches!(code, Some(0..=3)),
        "{args:?} {more:?} ended with {code:?}: {said}"
    );
    assert!(!said.contains("panicked"), "{said}");
    output
}

fn records(output: &Output) -> Vec<Value> {
    let text = str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// Each outcome as often as the records have it, a word at a line's beginning.
fn people_read_the_same(human: &Output, records: &[Value]) {
    let text = str::from_utf8(&human.stdout).expect("UTF-8");
    for line in text.lines() {
        assert!(
            !line.contains(|c: char| c.is_control() && c != '\t'),
            "{line:?}"
        );
    }
    if records.len() == 1 {
        let outcome = records
            .first()
            .and_then(|record| record["outcome"].as_str());
        let outcome = outcome.unwrap_or_default().to_uppercase();
        let said = outcome == "ERROR" || text.lines().any(|line| line.starts_with(&outcome));
        assert!(said, "{outcome}, and for people: {text}");
    }
}
