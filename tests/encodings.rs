//! Two messages in one mbox are two records, however they are written down and however they come.
#![cfg(feature = "serve")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const SMART_HOST: &str = "smtp-relay.example.com";
/// With a network its egress is known, so that another client is a stranger.
const NETWORK: &str = "192.0.2.0/24";
const FROM: &str = "From a@example.com Tue Feb 28 07:51:01 2023\n";

/// The documented sample, and one that came from a stranger.
fn mbox(from: &str) -> String {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/documented-sample");
    let sample = fs::read_to_string(sample.join("message.eml")).unwrap();
    let stranger = "Received: from mail.stranger.example (mail.stranger.example [198.51.100.7])\n\
        \tby mx.example.org (Postfix) with ESMTPS id 4PQsPF43SEm78WdxQ\n\
        \tfor <john@example.org>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)\n\
        From: <newsletter@mydomain.ovh>\nTo: <john@example.org>\nSubject: r\u{e9}union\n\
        Date: Tue, 28 Feb 2023 07:51:00 +0000\nMessage-ID: <1@mydomain.ovh>\n\nbody\n";
    format!("{from}{sample}\nbody\n\n{from}{stranger}")
}

fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let units = |text: &str, unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect();
    let marked = format!("\u{feff}{text}");
    let crlf = text.replace('\n', "\r\n");
    let cr = text.replace('\n', "\r");
    vec![
        ("LF", text.as_bytes().to_vec()),
        ("CRLF", crlf.as_bytes().to_vec()),
        ("CR", cr.as_bytes().to_vec()),
        ("a UTF-8 mark", marked.as_bytes().to_vec()),
        ("a mark and CRLF", format!("\u{feff}{crlf}").into_bytes()),
        ("a mark and CR", format!("\u{feff}{cr}").into_bytes()),
        ("UTF-16 LE", units(&marked, u16::to_le_bytes)),
        ("UTF-16 BE", units(&marked, u16::to_be_bytes)),
        (
            "UTF-16 LE, CRLF",
            units(&format!("\u{feff}{crlf}"), u16::to_le_bytes),
        ),
        (
            "UTF-16 BE, CR",
            units(&format!("\u{feff}{cr}"), u16::to_be_bytes),
        ),
        ("UTF-16 LE without a mark", units(text, u16::to_le_bytes)),
        ("UTF-16 BE without a mark", units(text, u16::to_be_bytes)),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
    command.args(args).env_remove("SMARTHOP_POLICY");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Outcome, line of the deciding hop's field, and the status of the program.
fn records(output: &[u8]) -> Vec<(String, u64)> {
    let lines = String::from_utf8(output.to_vec()).unwrap();
    let of = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let hops = value["hops"].as_array().unwrap();
        let number = &value["observed"]["hop"];
        let hop = hops.iter().find(|hop| hop["number"] == *number);
        let line = hop.map_or(0, |hop| hop["line"].as_u64().unwrap());
        (value["outcome"].as_str().unwrap().to_owned(), line)
    };
    lines.lines().map(of).collect()
}

fn checked(folder: &Path, args: &[&str], stdin: &[u8]) -> (Vec<(String, u64)>, Option<i32>) {
    let own = [
        "check",
        "--smart-host",
        SMART_HOST,
        "--smart-host",
        NETWORK,
        "--format",
        "json",
    ];
    let mut command = program(&[&own[..], args].concat());
    let mut child = command
        .current_dir(folder)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    let _ = to.write_all(stdin);
    drop(to);
    let output = child.wait_with_output().unwrap();
    (records(&output.stdout), output.status.code())
}

struct Server(Child, String);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    #[expect(
        clippy::zombie_processes,
        reason = "it is waited for when it is dropped"
    )]
    fn start() -> Self {
        let mut child = program(&["serve", "--listen", "127.0.0.1:0"])
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        loop {
            let mut line = String::new();
            assert!(
                said.read_line(&mut line).unwrap() > 0,
                "it says where it listens"
            );
            if let Some(address) = line.trim_end().strip_prefix("listening on http://") {
                let address = address.trim_end_matches('/').to_owned();
                // What it says later is read by nobody, and must not stop it.
                std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
                return Self(child, address);
            }
        }
    }

    fn check(&self, kind: &str, body: &[u8]) -> Vec<(String, u64)> {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        let head = format!(
            "POST /api/check?smart-host={SMART_HOST}&smart-host={NETWORK} HTTP/1.1\r\nHost: {}\r\nConnection: \
             close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.1,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        records(body.as_bytes())
    }

    fn part(&self, name: &str, file: &str, content: &[u8]) -> Vec<(String, u64)> {
        let option = "--b\r\nContent-Disposition: form-data; name=\"smart-host\"\r\n\r\n";
        let head = format!(
            "{option}{SMART_HOST}\r\n{option}{NETWORK}\r\n--b\r\nContent-Disposition: form-data; \
             name=\"{name}\"{file}\r\n\r\n"
        );
        let body = [head.as_bytes(), content, b"\r\n--b--\r\n"].concat();
        self.check("multipart/form-data; boundary=b", &body)
    }
}

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("encodings")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("folder")).unwrap();
    folder
}

#[test]
fn two_messages_are_two_records_in_every_encoding_and_from_everywhere() {
    let server = Server::start();
    for (separator, from) in [
        ("dated", FROM),
        ("Thunderbird", "From - Tue Feb 28 07:51:01 2023\n"),
        ("bare", "From \n"),
        ("dash", "From - \n"),
        ("Takeout", "From 1844347792267117879@xxx\n"),
    ] {
        let text = mbox(from);
        let line = |of: &str| text.lines().position(|line| line.contains(of)).unwrap() as u64 + 1;
        let wanted = [
            ("pass".to_owned(), line("from sender-id.example.com")),
            ("fail".to_owned(), line("from mail.stranger.example")),
        ];
        // All of them with the separator that is the rule; of the others, what differs most.
        let step = if from == FROM { 1 } else { 6 };
        for (encoding, bytes) in encodings(&text).into_iter().step_by(step) {
            let folder = scratch("two");
            let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
            write("box.mbox", &bytes);
            write("folder/box", &bytes);
            write("box.gz", &gzip(&bytes));
            write("box.zst", &zstd(&bytes));
            let name = "; filename=\"box.mbox\"";
            let status = |found: (Vec<_>, Option<i32>)| {
                assert_eq!(found.1, Some(1), "{separator}, {encoding}");
                found.0
            };
            for (way, found) in [
                ("path", status(checked(&folder, &["box.mbox"], b""))),
                ("folder", status(checked(&folder, &["folder"], b""))),
                ("standard input", status(checked(&folder, &[], &bytes))),
                ("gzip", status(checked(&folder, &["box.gz"], b""))),
                ("zstd", status(checked(&folder, &["box.zst"], b""))),
                (
                    "gzip, standard input",
                    status(checked(&folder, &[], &gzip(&bytes))),
                ),
                ("body", server.check("application/octet-stream", &bytes)),
                (
                    "gzip, body",
                    server.check("application/octet-stream", &gzip(&bytes)),
                ),
                ("part", server.part("message", "", &bytes)),
                ("file part", server.part("file", name, &bytes)),
                ("gzip, file part", server.part("file", name, &gzip(&bytes))),
            ] {
                assert_eq!(found, wanted, "{separator}, {encoding}, {way}");
            }
        }
    }
}

#[test]
fn an_mbox_that_changes_its_encoding_hides_nothing() {
    let folder = scratch("mixed");
    let text = mbox(FROM);
    let second = text.rfind(FROM).unwrap();
    let (first, second) = text.split_at(second);
    let units = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let mark = "\u{feff}";
    for (what, bytes, wanted) in [
        // A file that begins with a mark, appended to another.
        (
            "a mark within",
            [first, mark, second].concat().into_bytes(),
            "fail",
        ),
        (
            "UTF-16, then a mark",
            [units(&[mark, first, mark, second].concat())].concat(),
            "fail",
        ),
        // One program's redirection writes UTF-16, another's does not.
        (
            "UTF-8, then UTF-16",
            [first.as_bytes(), &units(second)].concat(),
            "inconclusive",
        ),
        (
            "UTF-16, then UTF-8",
            [&units(&[mark, first].concat()), second.as_bytes()].concat(),
            "error",
        ),
        // Line ends of another system, for the second only.
        (
            "LF, then CR",
            [first, &second.replace('\n', "\r")].concat().into_bytes(),
            "inconclusive",
        ),
    ] {
        fs::write(folder.join("box"), &bytes).unwrap();
        for (way, (found, status)) in [
            ("path", checked(&folder, &["box"], b"")),
            ("standard input", checked(&folder, &[], &bytes)),
        ] {
            let worst = found.last().map(|(outcome, _)| outcome.as_str());
            assert_eq!(worst, Some(wanted), "{what}, {way}: {found:?}");
            assert_ne!(status, Some(0), "{what}, {way}");
        }
    }
}

#[test]
fn with_repair_a_file_is_read_as_standard_input_is() {
    let folder = scratch("repair");
    let text = mbox(FROM);
    let message = text.strip_prefix(FROM).unwrap();
    let header = message.split_once("\n\n").unwrap().0;
    let paste = format!("Hello,\nhere is the header that you asked for:\n\n{header}\n");
    for (encoding, bytes) in encodings(&paste) {
        for (name, bytes) in [
            ("a.eml", bytes.clone()),
            ("a.txt", bytes.clone()),
            ("a.eml.gz", gzip(&bytes)),
        ] {
            fs::write(folder.join(name), &bytes).unwrap();
            let (found, status) = checked(&folder, &["--repair", name], b"");
            let (wanted, _) = checked(&folder, &[], &bytes);
            assert_eq!(
                (status, found[0].0.as_str()),
                (Some(0), "pass"),
                "{encoding}, {name}"
            );
            assert_eq!(found, wanted, "{encoding}, {name}");
        }
    }
}
