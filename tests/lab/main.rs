//! `smarthop probe` and `smarthop check imaps://…` with real servers: Postfix as the Exchange
//! outgoing server, as smart host, as forwarder and as the recipient's server, Dovecot's mailboxes,
//! SPF and DKIM, a closed DNS, all in namespaces of their own (`up.sh`).
//!
//! It needs root, Postfix, Dovecot, unbound, OpenDKIM and policyd-spf. Where one is missing it says
//! so and is left out; with `SMARTHOP_LAB=require`, as `.ci/run` sets it, that is a failure.
#![cfg(all(feature = "mail", unix))]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod platform;
#[path = "../ran/mod.rs"]
mod ran;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use platform::Lab;
use ran::Run;
use serde_json::Value;

const POLICY: &str = r#"
[[connector]]
id = 29
name = "testconnector"
smart-host = "smtp-relay.example.com"
require-tls = true
[[account]]
address = "newsletter@mydomain.ovh"
connector = 29
[[account]]
address = "wrong@mydomain.ovh"
connector = 29
[[account]]
address = "contact@mydomain.ovh"
connector = 0
"#;

fn sender(name: &str) -> String {
    format!(
        "[[sender]]\naddress = \"{name}@mydomain.ovh\"\nsmtp = \"smtp://exchange.mydomain.ovh\"\n\
         password-env = \"SENDER\"\nca-file = \"/mnt/tls/ca.pem\"\n"
    )
}

fn recipient(address: &str, mailbox: &str) -> String {
    format!(
        "[[recipient]]\naddress = \"{address}\"\nmailbox = \"{mailbox}\"\n\
         password-env = \"RECIPIENT\"\nca-file = \"/mnt/tls/ca.pem\"\n"
    )
}

/// Over IMAPS, as the user of the same name.
fn over_imap(address: &str) -> String {
    recipient(address, "imaps://imap.guides.ovh")
}

struct Room<'l> {
    lab: &'l Lab,
    folder: PathBuf,
}

const SECRETS: &[&str] = &["sender-secret", "mailbox-secret"];

/// Of `--format json`: what came of each mail.
fn probes(run: &Run) -> Vec<Value> {
    let lines = run.out.lines();
    let read = |line| serde_json::from_str::<Value>(line).unwrap()["probe"].take();
    lines.map(read).collect()
}

impl<'l> Room<'l> {
    fn new(lab: &'l Lab, name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lab-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("policy.toml"), POLICY).unwrap();
        Self { lab, folder }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.lab.command(env!("CARGO_BIN_EXE_smarthop"), args);
        command
            .env("SENDER", "sender-secret")
            .env("RECIPIENT", "mailbox-secret")
            .env_remove("SMARTHOP_POLICY");
        command
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Runs a probe of these parties.
    fn probe(&self, parties: &[String], args: &[&str]) -> Run {
        let text = format!(
            "policy = \"policy.toml\"\nwait = \"20s\"\n{}",
            parties.concat()
        );
        fs::write(self.folder.join("probe.toml"), text).unwrap();
        let file = self.path("probe.toml");
        Run::without(
            self.command(&[&["probe", &file], args].concat())
                .output()
                .unwrap(),
            SECRETS,
        )
    }
}

type Step = (&'static str, fn(&Lab));

/// All of it in one test: the platform is started once, and its state is one.
#[test]
fn with_real_servers() {
    let Some(lab) = Lab::start() else {
        return;
    };
    let begun = Instant::now();
    let steps: &[Step] = &[
        ("bound and unbound", bound_and_unbound),
        ("the mailbox is left as it was", left_as_it_was),
        ("POP3 and a Maildir", pop3_and_maildir),
        ("binding removed", binding_removed),
        ("wrong relay password", wrong_password),
        ("greylisting", greylisting),
        ("junk", junk),
        ("two recipients, an international subject", two_recipients),
        ("a forwarder", forwarder),
        ("twenty pairs", twenty_pairs),
        (
            "no right to the address, no trust in the certificate",
            refused,
        ),
        ("check of a mailbox", check_mailbox),
        ("an interrupt", interrupt),
    ];
    for (name, step) in steps {
        let since = Instant::now();
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| step(&lab)));
        assert!(done.is_ok(), "{name}: the servers logged\n{}", lab.logs());
        eprintln!("{:6.2} s  {name}", since.elapsed().as_secs_f64());
    }
    assert!(begun.elapsed() < Duration::from_secs(180));
}

fn bound_and_unbound(lab: &Lab) {
    let room = Room::new(lab, "routes");
    let parties = [
        sender("newsletter"),
        sender("contact"),
        over_imap("mary.johnson@guides.ovh"),
    ];
    let run = room.probe(&parties, &[]);
    let lines: Vec<_> = run.out.lines().collect();
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(
        lines[0].starts_with(
            "newsletter@mydomain.ovh → mary.johnson@guides.ovh PASS  left through testconnector \
             (sender-id.example.com)   "
        ),
        "{}",
        run.out
    );
    assert!(
        lines[1].starts_with(
            "contact@mydomain.ovh    → mary.johnson@guides.ovh PASS  left through the Exchange \
             server 2.mo619.mail-out.ovh.net   "
        ),
        "{}",
        run.out
    );
    // Who is expected to go through the connector and does not, fails.
    let policy = POLICY.replace("connector = 0", "connector = 29");
    fs::write(room.folder.join("policy.toml"), policy).unwrap();
    let run = room.probe(&parties, &["--format", "json"]);
    let probes = probes(&run);
    assert_eq!(
        (&probes[0]["outcome"], &probes[1]["outcome"]),
        (&"pass".into(), &"fail".into())
    );
    assert_eq!(run.status, 1);
    // The smart host made the Message-ID anew; SPF and DKIM were checked by the recipient.
    let analysis = &probes[0]["analysis"];
    let id = analysis["message"]["message_id"].as_str().unwrap();
    assert!(!id.contains(probes[0]["token"].as_str().unwrap()), "{id}");
    assert_eq!(analysis["message"]["mine"], "token");
    let results = |kind: &str| {
        let evidence = analysis["evidence"].as_array().unwrap();
        let found = evidence.iter().find(|item| item["kind"] == kind);
        found.map(|item| (item["result"].clone(), item["attested"].clone()))
    };
    assert_eq!(
        results("spf"),
        Some(("pass".into(), true.into())),
        "{analysis}"
    );
    assert!(
        results("dkim").is_some_and(|(result, _)| result == "pass"),
        "{analysis}"
    );
}

fn left_as_it_was(lab: &Lab) {
    let room = Room::new(lab, "delete");
    let mails = || {
        let script = "find /mnt/mail/guides.ovh/r10 -type f -path '*/new/*' | wc -l; \
                      find /mnt/mail/guides.ovh/r10 -type f -path '*/cur/*' | wc -l";
        lab.says("sh", &["-c", script])
    };
    let parties = [sender("contact"), over_imap("r10@guides.ovh")];
    assert_eq!(room.probe(&parties, &[]).status, 0);
    assert_eq!(mails(), "1\n0\n", "still new");
    let run = room.probe(&parties, &["--delete"]);
    assert_eq!(run.status, 0, "{}", run.out);
    let all: usize = mails()
        .lines()
        .map(|count| count.parse::<usize>().unwrap())
        .sum();
    assert_eq!(all, 1, "the own one is gone, the other one is there");
}

fn pop3_and_maildir(lab: &Lab) {
    let room = Room::new(lab, "others");
    let parties = [
        sender("newsletter"),
        recipient("r9@guides.ovh", "pop3s://imap.guides.ovh"),
        recipient("r8@guides.ovh", "/mnt/mail/guides.ovh/r8"),
        recipient("r7@guides.ovh", "imap://imap.guides.ovh/INBOX"),
    ];
    // Dovecot makes a Maildir with the first login.
    assert_eq!(
        room.probe(&[sender("contact"), over_imap("r8@guides.ovh")], &[])
            .status,
        0
    );
    let run = room.probe(&parties, &["--delete"]);
    assert_eq!(
        run.out.matches("PASS  left through testconnector").count(),
        3,
        "{}",
        run.out
    );
    let left =
        "find /mnt/mail/guides.ovh/r[789] -type f -path '*/new/*' -o -path '*/cur/*' -type f";
    assert_eq!(lab.says("sh", &["-c", left]).lines().count(), 1);
}

fn binding_removed(lab: &Lab) {
    let room = Room::new(lab, "removed");
    let parties = [sender("newsletter"), over_imap("john.smith@guides.ovh")];
    lab.bind(&["wrong@mydomain.ovh"]);
    let run = room.probe(&parties, &["--format", "json"]);
    lab.bind(&["newsletter@mydomain.ovh", "wrong@mydomain.ovh"]);
    let probe = &probes(&run)[0];
    assert_eq!(probe["outcome"], "fail", "{}", run.out);
    assert_eq!(probe["analysis"]["observed"]["route"], "exchange");
    assert_eq!(run.status, 1);
    assert_eq!(room.probe(&parties, &[]).status, 0, "bound again");
}

fn wrong_password(lab: &Lab) {
    let room = Room::new(lab, "password");
    let parties = [
        sender("wrong"),
        sender("newsletter"),
        over_imap("john.smith@guides.ovh"),
    ];
    let run = room.probe(&parties, &["--wait", "4s"]);
    let expected = "wrong@mydomain.ovh      → john.smith@guides.ovh NOT ARRIVED  not in the mailbox \
                    within 4 s\n    perhaps the user and password of connector 29 (testconnector, \
                    smtp-relay.example.com)";
    assert!(run.out.starts_with(expected), "{}", run.out);
    assert!(
        run.out
            .contains("\nnewsletter@mydomain.ovh → john.smith@guides.ovh PASS"),
        "{}",
        run.out
    );
    assert_eq!(run.status, 4);
}

fn greylisting(lab: &Lab) {
    let room = Room::new(lab, "grey");
    let parties = [
        sender("newsletter"),
        over_imap("grey@guides.ovh"),
        over_imap("john.smith@guides.ovh"),
    ];
    let run = room.probe(&parties, &["--format", "json"]);
    let probes = probes(&run);
    assert!(
        probes.iter().all(|probe| probe["outcome"] == "pass"),
        "{}",
        run.out
    );
    let seconds: Vec<_> = probes
        .iter()
        .map(|probe| probe["seconds"].as_f64().unwrap())
        .collect();
    assert!(seconds[0] >= 2.0 && seconds[0] > seconds[1], "{seconds:?}");
}

fn junk(lab: &Lab) {
    let room = Room::new(lab, "junk");
    let parties = [
        sender("newsletter"),
        over_imap("junk@guides.ovh"),
        "user = \"unwanted@guides.ovh\"\n".to_owned(),
    ];
    let run = room.probe(&parties, &[]);
    assert!(
        run.out.contains("PASS") && run.out.contains("; it lay in Junk   "),
        "{}",
        run.out
    );
    let run = room.probe(&parties, &["--format", "nagios"]);
    assert!(
        run.out
            .starts_with("SMARTHOP WARNING - 1 of 1 left the expected way"),
        "{}",
        run.out
    );
    assert_eq!(run.status, 1);
}

fn two_recipients(lab: &Lab) {
    let room = Room::new(lab, "two");
    let subject = "Prüfung des Versandwegs – 試験";
    let parties = [
        format!("subject = \"{subject}\"\n"),
        sender("newsletter"),
        over_imap("john.smith@guides.ovh"),
        over_imap("mary.johnson@guides.ovh"),
        "[[pair]]\nsender = \"newsletter@mydomain.ovh\"\n\
         recipient = [\"john.smith@guides.ovh\", \"mary.johnson@guides.ovh\"]\n"
            .to_owned(),
    ];
    let run = room.probe(&parties, &["--format", "json"]);
    let probes = probes(&run);
    assert_eq!(probes.len(), 2);
    assert_eq!(probes[0]["token"], probes[1]["token"]);
    for probe in &probes {
        assert_eq!(probe["outcome"], "pass", "{}", run.out);
        let message = &probe["analysis"]["message"];
        assert_eq!(message["to"].as_array().unwrap().len(), 2);
        let token = probe["token"].as_str().unwrap();
        assert_eq!(message["subject"], format!("{subject} {token}"));
    }
}

fn forwarder(lab: &Lab) {
    let room = Room::new(lab, "forwarder");
    let user = "user = \"john.smith@guides.ovh\"\n";
    let parties = [
        sender("newsletter"),
        sender("contact"),
        format!("{}{user}", over_imap("john@example.net")),
    ];
    let run = room.probe(&parties, &["--format", "json"]);
    let probes = probes(&run);
    for (probe, route) in probes.iter().zip(["connector", "exchange"]) {
        assert_eq!(probe["outcome"], "pass", "{}", run.out);
        assert_eq!(probe["analysis"]["observed"]["route"], route);
    }
}

fn twenty_pairs(lab: &Lab) {
    let room = Room::new(lab, "twenty");
    let mut parties = vec![sender("newsletter"), sender("contact")];
    parties.extend((1..=10).map(|number| over_imap(&format!("r{number}@guides.ovh"))));
    let run = room.probe(&parties, &["--format", "junit", "--delete"]);
    assert_eq!(run.status, 0, "{}", run.out);
    assert!(
        run.out.contains(
            r#"<testsuites name="smarthop" tests="20" skipped="0" failures="0" errors="0""#
        ),
        "{}",
        run.out
    );
    let metrics = room.path("smarthop.prom");
    let run = room.probe(
        &parties,
        &["--format", "prometheus", "--output", &metrics, "--delete"],
    );
    assert_eq!((run.status, run.out.as_str()), (0, ""), "{}", run.err);
    let text = fs::read_to_string(&metrics).unwrap();
    let passed = text
        .lines()
        .filter(|line| line.starts_with("smarthop_probe_success{") && line.ends_with("} 1"));
    assert_eq!(passed.count(), 20, "{text}");
}

fn refused(lab: &Lab) {
    let room = Room::new(lab, "refused");
    let other = sender("contact").replace(
        "password-env",
        "user = \"newsletter@mydomain.ovh\"\npassword-env",
    );
    let run = room.probe(&[other, over_imap("john.smith@guides.ovh")], &[]);
    assert!(
        run.out
            .contains("REFUSED  553 5.7.1 <contact@mydomain.ovh>: Sender address rejected"),
        "{}",
        run.out
    );
    assert_eq!(run.status, 4);
    let unknown = sender("contact").replace("ca-file", "# ca-file");
    let run = room.probe(&[unknown, over_imap("john.smith@guides.ovh")], &[]);
    assert!(
        run.out
            .contains("ERROR  it was not sent: exchange.mydomain.ovh:587: no TLS: "),
        "{}",
        run.out
    );
    assert_eq!(run.status, 2);
    let other = sender("contact").replace("exchange.mydomain.ovh", "203.0.113.10");
    let run = room.probe(&[other, over_imap("john.smith@guides.ovh")], &[]);
    assert!(
        run.out
            .contains("ERROR  it was not sent: 203.0.113.10:587: no TLS: "),
        "{}",
        run.out
    );
    // A wrong password is the account's, not the route's.
    let mut command = room.command(&["probe", &room.path("probe.toml")]);
    fs::write(
        room.folder.join("probe.toml"),
        format!(
            "policy = \"policy.toml\"\n{}{}",
            sender("contact"),
            over_imap("john.smith@guides.ovh")
        ),
    )
    .unwrap();
    let run = Run::without(
        command.env("SENDER", "not-it-at-all").output().unwrap(),
        SECRETS,
    );
    assert!(
        run.out
            .contains("REFUSED  535 5.7.8 Error: authentication failed"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("not-it-at-all"));
}

fn check_mailbox(lab: &Lab) {
    let room = Room::new(lab, "check");
    let policy = room.path("policy.toml");
    let check = |url: &str, more: &[&str]| {
        let args = [
            "check",
            "--policy",
            &policy,
            url,
            "--password-env",
            "RECIPIENT",
        ];
        let args = [&args[..], &["--ca-file", "/mnt/tls/ca.pem"], more].concat();
        Run::without(room.command(&args).output().unwrap(), SECRETS)
    };
    let mary = "imaps://mary.johnson@guides.ovh@imap.guides.ovh/INBOX";
    let run = check(mary, &["--newest", "2", "--format", "json"]);
    let lines: Vec<Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2, "{}{}", run.out, run.err);
    for line in &lines {
        assert_eq!(line["source"]["format"], "mailbox");
        let path = line["source"]["path"].as_str().unwrap();
        assert!(
            path.starts_with("imaps://imap.guides.ovh/INBOX/;UID="),
            "{path}"
        );
    }
    // Its stamp names no recipient of the mail that had two.
    let run = check(mary, &["--since", "2020-01-01"]);
    assert!(
        run.out.contains("5 messages: 4 pass, 1 inconclusive"),
        "{}{}",
        run.out,
        run.err
    );
    assert_eq!(run.status, 3);
    let run = check(mary, &["--since", "2999-01-01"]);
    assert!(run.err.contains("no message found"), "{}", run.err);
    assert_eq!(run.status, 2);
    let run = check(
        "pop3s://mary.johnson@guides.ovh@imap.guides.ovh",
        &["--newest", "1"],
    );
    assert!(
        run.out.contains("1 message: 1 inconclusive"),
        "{}{}",
        run.out,
        run.err
    );
    let run = check("imaps://nobody@guides.ovh@imap.guides.ovh", &[]);
    assert!(run.err.contains("the login was refused"), "{}", run.err);
    let unread = "find /mnt/mail/guides.ovh/mary.johnson -type f -name '*:2,*S*' | wc -l";
    assert_eq!(lab.says("sh", &["-c", unread]), "0\n");
}

fn interrupt(lab: &Lab) {
    let room = Room::new(lab, "interrupt");
    // Whatever is under way elsewhere is over.
    lab.says("sh", &["-c", "rm -f /mnt/grey/first; sleep 0.2"]);
    let before = lab.says(
        "sh",
        &[
            "-c",
            "ls /tmp /mnt | sort; ps -e -o comm= | grep -c smarthop || true",
        ],
    );
    fs::write(
        room.folder.join("probe.toml"),
        format!(
            "policy = \"policy.toml\"\nwait = \"10m\"\n{}{}{}",
            sender("wrong"),
            sender("newsletter"),
            over_imap("john.smith@guides.ovh")
        ),
    )
    .unwrap();
    let sent = "grep -c 'to=<john.smith@guides.ovh>.*status=sent' /mnt/exchange/log";
    let count = || lab.says("sh", &["-c", sent]).trim().parse::<u32>().unwrap();
    let (until, from) = (Instant::now() + Duration::from_secs(20), count());
    let child = room
        .command(&["probe", &room.path("probe.toml"), "--delete"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while count() == from && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(Duration::from_secs(2));
    lab.says("pkill", &["-INT", "-x", "smarthop"]);
    let begun = Instant::now();
    let run = Run::without(child.wait_with_output().unwrap(), SECRETS);
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(run.status, 2, "{}{}", run.out, run.err);
    assert!(run.out.contains("wrong@mydomain.ovh      → john.smith@guides.ovh ERROR  interrupted while it was waited for\n"), "{}", run.out);
    assert!(
        run.out
            .contains("newsletter@mydomain.ovh → john.smith@guides.ovh PASS"),
        "{}",
        run.out
    );
    let after = lab.says(
        "sh",
        &[
            "-c",
            "ls /tmp /mnt | sort; ps -e -o comm= | grep -c smarthop || true",
        ],
    );
    assert_eq!(before, after);
    let mut left: Vec<_> = fs::read_dir(&room.folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["policy.toml", "probe.toml"]);
}
