//! `smarthop probe` against scripted servers. Real ones are in `tests/lab/`.
#![cfg(feature = "mail")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod mail_servers;
mod ran;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use mail_servers::{DIRECT, Delivery, Platform};
use ran::Run;
use serde_json::Value;

const SECRET: &str = "hidden-secret";

/// A folder of its own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("probe-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let policy = "[platform]\nexchange-hosts = [\"exchange.example.com\"]\n\
                      [[connector]]\nid = 29\nname = \"testconnector\"\n\
                      smart-host = \"relay.example.net\"\n\
                      [[account]]\naddress = \"newsletter@example.com\"\nconnector = 29\n\
                      [[account]]\naddress = \"contact@example.com\"\nconnector = 0\n";
        fs::write(path.join("policy.toml"), policy).unwrap();
        Self(path)
    }

    fn write(&self, text: &str) {
        fs::write(self.0.join("probe.toml"), text).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
        command
            .args(args)
            .current_dir(&self.0)
            .env("PROBE_SECRET", SECRET)
            .env_remove("SMARTHOP_POLICY")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        Run::without(self.command(args).output().unwrap(), FORBIDDEN)
    }

    fn probe(&self, args: &[&str]) -> Run {
        self.run(&[&["probe", "probe.toml"], args].concat())
    }
}

/// A secret, as it is and as SASL PLAIN has it, and what a terminal obeys.
const FORBIDDEN: &[&str] = &[SECRET, "AG5ld3NsZXR0ZXI", "\u{1b}"];

fn sender(address: &str, port: u16) -> String {
    format!(
        "[[sender]]\naddress = \"{address}\"\nsmtp = \"smtp://127.0.0.1:{port}\"\ntls = \"none\"\n\
         password-env = \"PROBE_SECRET\"\ntimeout = \"2s\"\n"
    )
}

fn recipient(address: &str, mailbox: &str) -> String {
    format!(
        "[[recipient]]\naddress = \"{address}\"\nmailbox = \"{mailbox}\"\ntls = \"none\"\n\
         password-env = \"PROBE_SECRET\"\ntimeout = \"2s\"\n"
    )
}

const HEAD: &str = "policy = \"policy.toml\"\nwait = \"4s\"\n";

/// The usual pair, its mailbox over IMAP.
fn pair(name: &str) -> (Folder, Platform) {
    let (folder, platform) = (Folder::new(name), Platform::default());
    let (smtp, imap) = (platform.submission(), platform.imap());
    let mailbox = format!("imap://127.0.0.1:{imap}/INBOX");
    folder.write(&format!(
        "{HEAD}{}{}",
        sender("newsletter@example.com", smtp),
        recipient("john@example.org", &mailbox)
    ));
    (folder, platform)
}

const LINE: &str = "newsletter@example.com → john@example.org ";

#[test]
fn a_mail_is_sent_found_and_judged() {
    let (folder, platform) = pair("pass");
    let run = folder.probe(&[]);
    let begin = format!("{LINE}PASS  left through testconnector (relay.example.net)   ");
    assert!(
        run.out.starts_with(&begin) && run.out.ends_with(" s\n"),
        "{}",
        run.out
    );
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let state = platform.state();
    let mail = &state.submitted[0];
    for field in [
        "From: <newsletter@example.com>\r\n",
        "To: <john@example.org>\r\n",
        "X-Auto-Response-Suppress: All\r\n",
    ] {
        assert!(mail.contains(field), "{mail}");
    }
    // The whole dialogue with the submission server, and that the mailbox is only looked at.
    let smtp: Vec<_> = state
        .log
        .iter()
        .filter(|line| ["EHLO", "AUTH", "MAIL", "RCPT", "DATA"].contains(&&line[..4]))
        .collect();
    assert_eq!(
        smtp,
        [
            "EHLO [127.0.0.1]",
            "AUTH PLAIN",
            "MAIL FROM:<newsletter@example.com>",
            "RCPT TO:<john@example.org>",
            "DATA"
        ]
    );
    let changes = ["SELECT", "STORE", "EXPUNGE", "BODY[", "RFC822"];
    assert!(
        !state
            .log
            .iter()
            .any(|line| changes.iter().any(|word| line.contains(word))),
        "{:?}",
        state.log
    );
}

#[test]
fn the_route_that_was_taken_decides() {
    let (folder, platform) = pair("fail");
    platform.state().delivery.stamps = DIRECT;
    let run = folder.probe(&[]);
    assert!(run.out.starts_with(&format!("{LINE}FAIL  ")), "{}", run.out);
    assert_eq!(run.status, 1);
}

#[test]
fn json_holds_the_contracts_object() {
    let (folder, _) = pair("json");
    let run = folder.probe(&["--format", "json"]);
    let line: Value = serde_json::from_str(&run.out).unwrap();
    let probe = &line["probe"];
    assert_eq!(probe["outcome"], "pass");
    assert_eq!(probe["sender"], "newsletter@example.com");
    assert_eq!(probe["recipient"], "john@example.org");
    assert_eq!(
        (&probe["junk"], &probe["folder"]),
        (&Value::from(false), &Value::from("INBOX"))
    );
    assert!(probe["seconds"].as_f64().unwrap() < 4.0);
    let analysis = &probe["analysis"];
    assert_eq!(analysis["message"]["mine"], "token");
    assert_eq!(analysis["observed"]["route"], "connector");
    let token = probe["token"].as_str().unwrap();
    assert_eq!(token.len(), 32);
    assert!(
        analysis["message"]["subject"]
            .as_str()
            .unwrap()
            .ends_with(token)
    );
}

#[test]
fn it_is_found_whatever_became_of_its_message_id() {
    for (name, replace, mine) in [
        (
            "id",
            vec![(
                "Message-ID: <",
                "Message-ID: <1@relay.example.net>\r\nOrigin-messageId: <",
            )],
            true,
        ),
        (
            "subject",
            vec![("Subject: ", "Subject: [***SPAM***] ")],
            true,
        ),
        (
            "both",
            vec![
                (
                    "Message-ID: <",
                    "Message-ID: <1@relay.example.net>\r\nOrigin-messageId: <",
                ),
                ("Subject: ", "Subject: gone\r\nX-Old-Subject: "),
            ],
            false,
        ),
    ] {
        let (folder, platform) = pair(&format!("replaced-{name}"));
        platform.state().delivery.replace = replace;
        let run = folder.probe(&["--format", "json"]);
        let line: Value = serde_json::from_str(&run.out).unwrap();
        let analysis = &line["probe"]["analysis"];
        assert_eq!(line["probe"]["outcome"], "pass", "{name}: {}", run.out);
        // Vouched for only as `check --mine=TOKEN` does it.
        assert_eq!(
            analysis["message"]["mine"] == "token",
            mine,
            "{name}: {}",
            run.out
        );
    }
}

#[test]
fn an_internationalised_subject_keeps_its_token() {
    let (folder, platform) = pair("subject");
    let text = fs::read_to_string(folder.0.join("probe.toml")).unwrap();
    let subject = "Prüfung des Versandwegs für den Rundbrief – 試験 🚀 ".repeat(2);
    folder.write(&format!("subject = \"{subject}\"\n{text}"));
    platform.state().delivery.replace = vec![(
        "Message-ID: <",
        "Message-ID: <1@relay.example.net>\r\nOrigin-messageId: <",
    )];
    let run = folder.probe(&["--format", "json"]);
    let line: Value = serde_json::from_str(&run.out).unwrap();
    let message = &line["probe"]["analysis"]["message"];
    let token = line["probe"]["token"].as_str().unwrap();
    assert_eq!(message["subject"], format!("{subject} {token}"));
    assert_eq!((message["mine"].as_str(), run.status), (Some("token"), 0));
    assert!(run.out.is_ascii());
}

#[test]
fn junk_is_looked_into_and_told() {
    let (folder, platform) = pair("junk");
    platform.state().delivery.folder = "Junk";
    let run = folder.probe(&[]);
    assert!(run.out.contains("; it lay in Junk   "), "{}", run.out);
    assert_eq!(run.status, 0);
    // By its name, in modified UTF-7, where the server marks none.
    let (folder, platform) = pair("junk-by-name");
    platform.state().list =
        Some("* LIST () \"/\" \"INBOX\"\r\n* LIST () \"/\" \"Courrier ind&AOk-sirable\"\r\n");
    platform.state().delivery.folder = "Courrier ind&AOk-sirable";
    let run = folder.probe(&[]);
    assert!(
        run.out.contains("; it lay in Courrier indésirable   "),
        "{}",
        run.out
    );
}

#[test]
fn what_was_there_before_is_no_probe() {
    let (folder, platform) = pair("before");
    for number in 0..30 {
        platform.store("INBOX", &format!("Subject: old {number}\r\n\r\n"));
    }
    let run = folder.probe(&[]);
    assert_eq!(run.status, 0, "{}", run.out);
    let state = platform.state();
    let fetches: Vec<_> = state
        .log
        .iter()
        .filter(|line| line.contains("UID FETCH"))
        .collect();
    assert!(
        fetches.iter().all(|line| line.contains("UID FETCH 41")),
        "{fetches:?}"
    );
}

#[test]
fn late_mail_is_waited_for() {
    let (folder, platform) = pair("late");
    platform.state().delivery.delay = Duration::from_secs(2);
    let run = folder.probe(&["--format", "json"]);
    let line: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(run.status, 0, "{}", run.out);
    let seconds = line["probe"]["seconds"].as_f64().unwrap();
    assert!((2.0..4.0).contains(&seconds), "{seconds}");
}

#[test]
fn what_does_not_arrive_is_no_fail_and_has_its_reasons() {
    let (folder, platform) = pair("lost");
    platform.state().delivery.folder = "nowhere";
    let begun = Instant::now();
    let run = folder.probe(&["--wait", "2s"]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(
        run.out.starts_with(&format!(
            "{LINE}NOT ARRIVED  not in the mailbox within 2 s\n"
        )),
        "{}",
        run.out
    );
    for reason in [
        "perhaps the user and password of connector 29 (testconnector, relay.example.net)",
        "perhaps the recipient's server greylists",
        "perhaps it waits in a queue",
    ] {
        assert!(run.out.contains(reason), "{}", run.out);
    }
    assert_eq!(run.status, 4);
}

#[test]
fn a_refusal_is_told_in_the_servers_words_and_harmless() {
    let (folder, platform) = pair("refused");
    platform.state().smtp = vec![("RCPT", "553 5.7.1 not \u{1b}[31myours\r\n")];
    let run = folder.probe(&[]);
    assert!(
        run.out.starts_with(&format!(
            "{LINE}REFUSED  553 5.7.1 not \\u{{1b}}[31myours (to RCPT TO)"
        )),
        "{}",
        run.out
    );
    assert_eq!(run.status, 4);
    assert!(platform.state().submitted.is_empty());
}

#[test]
fn a_server_that_repeats_the_secret_is_not_quoted() {
    for answer in [
        "535 no: hidden-secret\r\n",
        "535 no: AG5ld3NsZXR0ZXJAZXhhbXBsZS5jb20AaGlkZGVuLXNlY3JldA==\r\n",
    ] {
        let (folder, platform) = pair("repeats");
        platform.state().smtp = vec![("AUTH", answer)];
        let run = folder.probe(&[]);
        assert!(run.out.contains("repeat the secret"), "{}", run.out);
        assert_eq!(run.status, 4);
    }
}

#[test]
fn without_starttls_nothing_is_said_of_the_account() {
    let (folder, platform) = pair("clear");
    let text = fs::read_to_string(folder.0.join("probe.toml")).unwrap();
    folder.write(&text.replacen("tls = \"none\"\n", "", 1));
    let run = folder.probe(&[]);
    assert!(
        run.out.contains("offers no STARTTLS, so nothing was sent"),
        "{}",
        run.out
    );
    assert_eq!(run.status, 2);
    assert!(
        !platform
            .state()
            .log
            .iter()
            .any(|line| line.starts_with("AUTH"))
    );
}

#[test]
fn a_server_without_an_answer_ends_the_wait_and_not_the_others() {
    let (folder, platform) = pair("silent");
    platform.state().silent = vec!["RCPT TO:<silent@example.org>"];
    let imap = platform.imap();
    let smtp = platform.submission();
    folder.write(&format!(
        "{HEAD}{}{}{}",
        sender("newsletter@example.com", smtp),
        recipient("silent@example.org", &format!("imap://127.0.0.1:{imap}")),
        recipient("john@example.org", &format!("imap://127.0.0.1:{imap}"))
    ));
    let run = folder.probe(&[]);
    let lines: Vec<_> = run.out.lines().collect();
    assert!(
        lines[0].contains("silent@example.org ERROR  it was not sent: 127.0.0.1:")
            && lines[0].ends_with("no answer within 2 s to the last command"),
        "{}",
        run.out
    );
    assert!(lines[1].contains("PASS  left through"), "{}", run.out);
    assert_eq!(run.status, 2);
}

#[test]
fn a_connection_that_breaks_is_made_anew() {
    let (folder, platform) = pair("breaks");
    // The second: the header whole, when it was found already.
    platform.state().breaks = vec![("UID FETCH", 1), ("BODY.PEEK[HEADER])", 1)];
    let run = folder.probe(&[]);
    assert!(run.out.contains("PASS  left through"), "{}", run.out);
    assert!(platform.state().breaks.iter().all(|(_, left)| *left == 0));
}

#[test]
fn a_mail_of_which_nobody_knows_whether_it_was_taken_is_waited_for() {
    let (folder, platform) = pair("unsure");
    platform.state().breaks = vec![("the end of the data", 1)];
    assert_eq!(folder.probe(&[]).status, 0);
    let (folder, platform) = pair("unsure-lost");
    platform.state().breaks = vec![("the end of the data", 1)];
    platform.state().delivery.folder = "nowhere";
    let run = folder.probe(&["--wait", "1s"]);
    assert!(
        run.out
            .contains("ERROR  not in the mailbox, and the sender's server did not say"),
        "{}",
        run.out
    );
    assert_eq!(run.status, 2);
}

#[test]
fn a_mailbox_that_cannot_be_read_gets_no_mail() {
    let (folder, platform) = pair("unreadable");
    let text = fs::read_to_string(folder.0.join("probe.toml")).unwrap();
    folder.write(&text.replace("/INBOX", "/INBOX\"\npassword-env = \"NONE"));
    let run = folder.probe(&[]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("probe.toml"), "{}", run.err);
    platform.state().breaks = vec![("LOGIN", 9)];
    folder.write(&text);
    let run = folder.probe(&[]);
    assert!(
        run.out
            .contains("ERROR  the mailbox cannot be read, so nothing was sent"),
        "{}",
        run.out
    );
    assert!(platform.state().submitted.is_empty());
}

#[test]
fn only_own_probes_are_deleted() {
    let (folder, platform) = pair("delete");
    platform.state().capabilities = "UIDPLUS";
    platform.store("INBOX", "Subject: another's\r\n\r\n");
    let run = folder.probe(&["--delete"]);
    assert_eq!(run.status, 0, "{}", run.out);
    let left: Vec<_> = platform
        .state()
        .mails
        .iter()
        .map(|mail| mail.deleted)
        .collect();
    assert_eq!(left, [false, true]);
    let (folder, platform) = pair("mark");
    let run = folder.probe(&["--delete"]);
    assert!(
        run.out.contains("\n    it is marked as deleted"),
        "{}",
        run.out
    );
    assert!(
        !platform
            .state()
            .log
            .iter()
            .any(|line| line.contains("EXPUNGE"))
    );
}

#[test]
fn two_messages_with_the_token_are_judged_as_anybodys() {
    let (folder, platform) = pair("two");
    let twice = Delivery {
        copies: 2,
        ..Delivery::default()
    };
    platform.state().delivery = twice.clone();
    let run = folder.probe(&["--format", "json"]);
    assert!(
        run.out.contains(r#""mine":"token""#),
        "the same mail twice: {}",
        run.out
    );
    let (folder, platform) = pair("two-ids");
    platform.state().delivery = Delivery {
        replace: vec![("Message-ID: <", "X-Old: <")],
        ..twice
    };
    let run = folder.probe(&["--format", "json"]);
    assert!(run.out.contains(r#""mine":null"#), "{}", run.out);
}

#[test]
fn pop3_sees_what_is_new_and_tells_what_it_cannot_see() {
    let (folder, platform) = (Folder::new("pop3"), Platform::default());
    let (smtp, pop3) = (platform.submission(), platform.pop3());
    let mailbox = format!("pop3://127.0.0.1:{pop3}");
    folder.write(&format!(
        "{HEAD}{}{}",
        sender("newsletter@example.com", smtp),
        recipient("john@example.org", &mailbox)
    ));
    platform.store("INBOX", "Subject: old\r\n\r\n");
    // What a look that breaks has read already is looked at again.
    platform.state().breaks = vec![("TOP 3 0", 1)];
    platform.state().delivery.copies = 2;
    let run = folder.probe(&["--delete"]);
    assert!(
        run.out.contains("PASS  left through testconnector"),
        "{}",
        run.out
    );
    let state = platform.state();
    assert_eq!(state.breaks[0].1, 0, "it broke");
    assert!(
        !state
            .log
            .iter()
            .any(|line| line.contains("RETR") || line.contains("TOP 1 "))
    );
    let deleted: Vec<_> = state.mails.iter().map(|mail| mail.deleted).collect();
    assert_eq!(deleted, [false, true, true]);
    drop(state);
    platform.state().delivery.folder = "Junk";
    let run = folder.probe(&["--wait", "1s"]);
    assert!(
        run.out.contains("POP3 shows the inbox alone"),
        "{}",
        run.out
    );
}

#[test]
fn a_maildir_is_a_mailbox_too() {
    let (folder, platform) = (Folder::new("maildir"), Platform::default());
    let smtp = platform.submission();
    for part in [
        "mail/new",
        "mail/cur",
        "mail/tmp",
        "mail/.Junk/new",
        "mail/.Junk/cur",
    ] {
        fs::create_dir_all(folder.0.join(part)).unwrap();
    }
    fs::write(folder.0.join("mail/new/1"), "Subject: old\n\n").unwrap();
    folder.write(&format!(
        "{HEAD}{}[[recipient]]\naddress = \"john@example.org\"\nmailbox = \"mail\"\n",
        sender("newsletter@example.com", smtp)
    ));
    let path = folder.0.join("mail/.Junk/cur/2:2,S");
    let (own, to) = (platform.clone(), path.clone());
    let deliver = std::thread::spawn(move || {
        loop {
            if let Some(mail) = own.state().mails.first() {
                return fs::write(to, &mail.header).unwrap();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let run = folder.probe(&["--delete"]);
    deliver.join().unwrap();
    assert!(
        run.out.contains("PASS") && run.out.contains("it lay in Junk"),
        "{}",
        run.out
    );
    assert!(!path.exists() && folder.0.join("mail/new/1").exists());
}

#[test]
fn several_recipients_of_one_mail_and_pairs_as_listed() {
    let (folder, platform) = (Folder::new("pairs"), Platform::default());
    let (smtp, imap) = (platform.submission(), platform.imap());
    let mailbox = format!("imap://127.0.0.1:{imap}");
    let text = format!(
        "{HEAD}{}{}{}{}",
        sender("newsletter@example.com", smtp),
        sender("contact@example.com", smtp),
        recipient("john@example.org", &mailbox),
        recipient("mary@example.org", &mailbox)
    );
    let pair = "[[pair]]\nsender = \"newsletter@example.com\"\n\
                recipient = [\"john@example.org\", \"mary@example.org\"]\n";
    folder.write(&format!("{text}{pair}"));
    let run = folder.probe(&[]);
    assert_eq!(
        run.out.matches("PASS  left through testconnector").count(),
        2,
        "{}",
        run.out
    );
    assert_eq!(platform.state().submitted.len(), 1);
    // One of them is refused, and the other gets it.
    platform.state().smtp = vec![("RCPT TO:<mary", "550 nobody\r\n")];
    let run = folder.probe(&[]);
    let lines: Vec<_> = run.out.lines().collect();
    assert!(
        lines[0].contains(" PASS ") && lines[1].contains(" REFUSED  550 nobody"),
        "{}",
        run.out
    );
    // Every pair, without a list.
    platform.state().smtp.clear();
    folder.write(&text);
    let run = folder.probe(&["--format", "json"]);
    let pairs: Vec<_> = run
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| format!("{} {}", line["probe"]["sender"], line["probe"]["recipient"]))
        .collect();
    assert_eq!(pairs.len(), 4);
    assert_eq!(pairs[1], "\"newsletter@example.com\" \"mary@example.org\"");
}

#[test]
fn tokens_and_passwords_come_from_commands_and_files() {
    let (folder, platform) = pair("token");
    let text = fs::read_to_string(folder.0.join("probe.toml")).unwrap();
    let with = text.replace(
        "password-env = \"PROBE_SECRET\"",
        "token-command = \"printf hidden-secret\"",
    );
    folder.write(&with);
    assert_eq!(folder.probe(&[]).status, 0);
    let xoauth2 = "dXNlcj1qb2huQGV4YW1wbGUub3JnAWF1dGg9QmVhcmVyIGhpZGRlbi1zZWNyZXQBAQ==";
    assert!(
        platform
            .state()
            .log
            .iter()
            .any(|line| line == "AUTH XOAUTH2")
    );
    assert!(platform.state().log.iter().any(|line| line == xoauth2));
    fs::write(folder.0.join("secret"), "hidden-secret\nsecond line\n").unwrap();
    let with = text.replace(
        "password-env = \"PROBE_SECRET\"",
        "password-file = \"secret\"",
    );
    folder.write(&with);
    assert_eq!(folder.probe(&[]).status, 0);
    platform.state().smtp = vec![("EHLO", "250-here\r\n250 AUTH LOGIN\r\n")];
    assert_eq!(folder.probe(&[]).status, 0, "AUTH LOGIN");
    for (with, says) in [
        (
            "password-command = \"echo hidden-secret; exit 3\"",
            "ended with exit status: 3",
        ),
        (
            "password-command = \"true\"",
            "its first line is no password",
        ),
        ("password-file = \"none\"", "cannot be read"),
        ("password-env = \"NOT_SET\"", "NOT_SET is not set"),
        (
            "password-env = \"A\"\npassword-file = \"b\"",
            "in more than one way",
        ),
    ] {
        folder.write(&text.replace("password-env = \"PROBE_SECRET\"", with));
        let run = folder.probe(&[]);
        assert_eq!(run.status, 2, "{with}");
        assert!(run.err.contains(says), "{}", run.err);
    }
}

#[test]
fn what_the_file_says_wrongly_is_told() {
    let (folder, _) = pair("wrong");
    let text = fs::read_to_string(folder.0.join("probe.toml")).unwrap();
    for (this, that, says) in [
        ("policy.toml", "none.toml", "none.toml: cannot be read"),
        ("wait = \"4s\"", "wait = \"soon\"", "is no time"),
        ("wait = \"4s\"", "wiat = \"4s\"", "unknown field `wiat`"),
        (
            "tls = \"none\"",
            "tls = \"maybe\"",
            "give \"required\" or \"none\"",
        ),
        ("imap://", "imap://john:hidden-secret@", "holds a password"),
        ("smtp://", "http://", "give smtp = "),
        (
            "address = \"john@example.org\"",
            "address = \"FILL-IN\"",
            ":10: put what is right for FILL-IN",
        ),
        (
            "wait = \"4s\"",
            "pair = [{ sender = \"newsletter@example.com\", recipient = \"john@example.org\" },\n\
             { sender = \"newsletter@example.com\", recipient = [\"john@example.org\"] }]",
            "a pair of the sender \"newsletter@example.com\" is listed twice",
        ),
        (
            "[[recipient]]",
            "[[pair]]\nsender = \"x@example.com\"\nrecipient = \"john@example.org\"\n[[recipient]]",
            "a pair names the sender \"x@example.com\", which is not listed",
        ),
    ] {
        assert!(text.contains(this), "{this}");
        folder.write(&text.replacen(this, that, 1));
        let run = folder.probe(&[]);
        assert_eq!(run.status, 2, "{that}: {}", run.out);
        assert!(run.err.contains(says), "{that}: {}", run.err);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_tells_what_is_done_and_leaves_nothing_behind() {
    let (folder, platform) = pair("interrupt");
    platform.state().delivery.folder = "nowhere";
    let child = folder
        .command(&["probe", "probe.toml", "--wait", "1h", "--output", "result"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while platform.state().submitted.is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    let kill = format!("kill -INT {}", child.id());
    assert!(
        Command::new("sh")
            .args(["-c", &kill])
            .status()
            .unwrap()
            .success()
    );
    let run = Run::without(child.wait_with_output().unwrap(), FORBIDDEN);
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(run.status, 2, "{}", run.err);
    let result = fs::read_to_string(folder.0.join("result")).unwrap();
    assert!(
        result.contains("ERROR  interrupted while it was waited for"),
        "{result}"
    );
    let mut left: Vec<_> = fs::read_dir(&folder.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["policy.toml", "probe.toml", "result"]);
}

#[test]
fn a_server_without_measure_is_left() {
    for (list, says) in [
        (
            "* LIST () \"/\" {999999999}\r\n",
            "a literal of 999999999 octets",
        ),
        ("endless", "a line of more than 262144 octets"),
    ] {
        let (folder, platform) = pair("measure");
        let endless: &'static str = Box::leak("x".repeat(300 << 10).into_boxed_str());
        platform.state().list = Some(if list == "endless" { endless } else { list });
        let run = folder.probe(&[]);
        assert!(run.out.contains(says), "{}", run.out);
        assert_eq!(run.status, 2);
        assert!(platform.state().submitted.is_empty());
    }
}

#[test]
fn monitoring_gets_its_line_and_its_status() {
    let nagios = |folder: &Folder, args: &[&str]| {
        folder.probe(&[&["--format", "nagios", "--wait", "2s"], args].concat())
    };
    let (folder, platform) = pair("nagios");
    let run = nagios(&folder, &["--slow", "30s"]);
    let begin = "SMARTHOP OK - 1 of 1 left the expected way | \
                 'newsletter@example.com to john@example.org'=";
    assert!(
        run.out.starts_with(begin) && run.out.ends_with("s;30;;0\n"),
        "{}",
        run.out
    );
    assert_eq!((run.status, run.out.lines().count()), (0, 1));
    platform.state().delivery.delay = Duration::from_millis(1500);
    let run = nagios(&folder, &["--slow", "1s"]);
    assert!(
        run.out.starts_with("SMARTHOP WARNING - 1 of 1"),
        "{}",
        run.out
    );
    assert_eq!(run.status, 1);
    platform.state().delivery = Delivery {
        stamps: DIRECT,
        ..Delivery::default()
    };
    let run = nagios(&folder, &[]);
    assert!(
        run.out.starts_with("SMARTHOP CRITICAL - 0 of 1"),
        "{}",
        run.out
    );
    assert_eq!(run.status, 2);
    platform.state().delivery.folder = "nowhere";
    let run = nagios(&folder, &[]);
    assert!(
        run.out
            .contains("not arrived: not in the mailbox within 2 s |\n"),
        "{}",
        run.out
    );
    assert_eq!(run.status, 2);
    platform.state().smtp = vec![("MAIL", "550 a|b\r\n")];
    let run = nagios(&folder, &[]);
    assert!(
        run.out.contains("refused: 550 a/b (to MAIL FROM) |\n"),
        "{}",
        run.out
    );
    platform.state().smtp = vec![("MAIL", "no SMTP\r\n")];
    let run = nagios(&folder, &[]);
    assert!(run.out.starts_with("SMARTHOP UNKNOWN - "), "{}", run.out);
    assert_eq!(run.status, 3);
    folder.write("policy = 1\n");
    let run = nagios(&folder, &[]);
    assert!(
        run.out.starts_with("SMARTHOP UNKNOWN - probe.toml: "),
        "{}",
        run.out
    );
    assert_eq!((run.status, run.out.lines().count()), (3, 1));
}

#[test]
fn prometheus_gets_a_whole_file_or_the_old_one() {
    let (folder, platform) = pair("prometheus");
    let file = folder.0.join("smarthop.prom");
    fs::write(&file, "old\n").unwrap();
    let args = ["--format", "prometheus", "--output", "smarthop.prom"];
    let run = folder.probe(&args);
    assert_eq!(
        (run.status, run.out.as_str(), run.err.as_str()),
        (0, "", "")
    );
    let text = fs::read_to_string(&file).unwrap();
    let labels = "sender=\"newsletter@example.com\",recipient=\"john@example.org\",\
                  connector=\"connector 29 (testconnector, relay.example.net)\"";
    for line in [
        "# TYPE smarthop_probe_success gauge".to_owned(),
        format!("smarthop_probe_success{{{labels}}} 1"),
        format!("smarthop_probe_outcome{{{labels},outcome=\"pass\"}} 1"),
        format!("smarthop_probe_outcome{{{labels},outcome=\"not-arrived\"}} 0"),
        format!("smarthop_probe_junk{{{labels}}} 0"),
    ] {
        assert!(text.lines().any(|known| known == line), "{line} in\n{text}");
    }
    assert!(text.ends_with('\n'));
    let seconds = format!("smarthop_probe_delivery_seconds{{{labels}}} ");
    assert!(text.contains(&seconds), "{text}");
    // What cannot be told leaves no half of a row.
    platform.state().delivery.folder = "nowhere";
    let run = folder.probe(&[&args[..], &["--wait", "1s"]].concat());
    assert_eq!(run.status, 4);
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.contains(&format!("smarthop_probe_success{{{labels}}} 0")),
        "{text}"
    );
    assert!(!text.contains(&seconds), "{text}");
    // Only the result is left, and the old one stays where nothing was done.
    folder.write("policy = 1\n");
    assert_eq!(folder.probe(&args).status, 2);
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 3);
    let run = folder.probe(&["--output", "none/there"]);
    assert_eq!(run.status, 2);
}

#[test]
fn junit_has_a_case_a_mail() {
    let (folder, platform) = pair("junit");
    platform.state().smtp = vec![("RCPT", "550 <john@example.org> \"no\" & never\r\n")];
    let run = folder.probe(&["--format", "junit"]);
    assert_eq!(run.status, 4);
    for part in [
        r#"<testsuites name="smarthop" tests="1" skipped="0" failures="1" errors="0" time="0.000">"#,
        r#"<testcase name="newsletter@example.com → john@example.org" classname="smarthop.probe">"#,
        r#"<failure message="550 &lt;john@example.org&gt; &quot;no&quot; &amp; never (to RCPT TO)" type="refused"></failure>"#,
    ] {
        assert!(run.out.contains(part), "{part} in\n{}", run.out);
    }
    platform.state().smtp.clear();
    let run = folder.probe(&["--format", "junit"]);
    let case = r#"classname="smarthop.probe" time="0."#;
    assert!(
        run.out.contains(case) && run.out.contains("/>\n"),
        "{}",
        run.out
    );
}

#[test]
fn a_file_to_fill_in_comes_from_a_policy() {
    let folder = Folder::new("init");
    let mut policy = fs::read_to_string(folder.0.join("policy.toml")).unwrap();
    policy.push_str("[[account]]\naddress = \"shop@example.com\"\nconnector = 29\n");
    fs::write(folder.0.join("policy.toml"), &policy).unwrap();
    let run = folder.run(&["probe", "init", "policy.toml"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    for part in [
        "policy = \"policy.toml\"\n",
        "# Through connector 29 (testconnector, relay.example.net).\n[[sender]]\naddress = \"newsletter@example.com\"\n",
        "# The same way: shop@example.com\n",
        "# Through the Exchange outgoing server.\n[[sender]]\naddress = \"contact@example.com\"\n",
    ] {
        assert!(run.out.contains(part), "{part} in\n{}", run.out);
    }
    assert_eq!(run.out.matches("[[sender]]").count(), 2);
    // As it is it sends nothing, and filled in it is read.
    folder.write(&run.out);
    let refused = folder.probe(&[]);
    assert!(
        refused.err.contains("put what is right for FILL-IN"),
        "{}",
        refused.err
    );
    let filled = run
        .out
        .replace("SMARTHOP_SENDER_PASSWORD", "PROBE_SECRET")
        .replace("SMARTHOP_RECIPIENT_PASSWORD", "PROBE_SECRET")
        .replace("FILL-IN@", "john@")
        .replace("imaps://FILL-IN", "imaps://127.0.0.1:1")
        .replace("FILL-IN", "127.0.0.1");
    folder.write(&filled);
    let run = folder.probe(&[]);
    assert_eq!(
        run.out
            .matches("ERROR  the mailbox cannot be read, so nothing was sent")
            .count(),
        2,
        "{}{}",
        run.out,
        run.err
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_what_is_waited_for() {
    let (folder, platform) = pair("terminal");
    platform.state().delivery.delay = Duration::from_millis(1500);
    let program = env!("CARGO_BIN_EXE_smarthop");
    let shown = Command::new("script")
        .args([
            "-qec",
            &format!("'{program}' probe probe.toml"),
            "/dev/null",
        ])
        .current_dir(&folder.0)
        .env("PROBE_SECRET", SECRET)
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output();
    let Ok(shown) = shown else {
        return eprintln!("left out: there is no `script`");
    };
    let text = String::from_utf8(shown.stdout).unwrap();
    let says = "0 of 1 done, waiting for newsletter@example.com → john@example.org (";
    assert!(
        text.contains(says) && text.contains("PASS  left through"),
        "{text}"
    );
}

/// `smarthop check` with the password of the tests.
fn check(folder: &Folder, args: &[&str]) -> Run {
    let usual = ["check", "--policy", "policy.toml", "--tls", "none"];
    folder.run(&[&usual[..], &["--password-env", "PROBE_SECRET"], args].concat())
}

#[test]
fn a_mailbox_is_judged_by_headers_alone() {
    let (folder, platform) = (Folder::new("check"), Platform::default());
    let imap = format!(
        "imap://john%40example.org@127.0.0.1:{}/Some%20folder",
        platform.imap()
    );
    for (from, stamps) in [
        ("contact@example.com", mail_servers::RELAYED),
        ("newsletter@example.com", DIRECT),
        ("newsletter@example.com", mail_servers::RELAYED),
    ] {
        platform.store(
            "Some folder",
            &format!("{stamps}From: <{from}>\r\nSubject: a\r\n\r\n"),
        );
    }
    let run = check(&folder, &["--newest", "2", "--format", "json", &imap]);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    let lines: Vec<Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].clone()).collect();
    assert_eq!(outcomes, ["fail", "pass"]);
    let source = &lines[0]["source"];
    assert_eq!(source["format"], "mailbox");
    let path = source["path"].as_str().unwrap();
    assert!(
        path.starts_with("imap://127.0.0.1:") && path.ends_with("/Some%20folder/;UID=12"),
        "{path}"
    );
    let run = check(&folder, &["--since", "2023-02-28", &imap]);
    assert!(
        run.out.contains("3 messages: 1 pass, 2 fail"),
        "{}",
        run.out
    );
    let state = platform.state();
    assert!(
        state
            .log
            .iter()
            .any(|line| line == "UID SEARCH SINCE 28-Feb-2023"),
        "{:?}",
        state.log
    );
    let changes = ["SELECT", "STORE", " BODY[", "RFC822"];
    assert!(
        !state
            .log
            .iter()
            .any(|line| changes.iter().any(|word| line.contains(word)))
    );
    drop(state);
    // A file beside it, and the other kind of mailbox.
    fs::write(folder.0.join("a.eml"), "From: <contact@example.com>\n\n").unwrap();
    platform.store(
        "INBOX",
        &format!("{DIRECT}From: <contact@example.com>\r\n\r\n"),
    );
    let pop3 = format!("pop3://john@127.0.0.1:{}", platform.pop3());
    let run = check(&folder, &[&pop3, "a.eml"]);
    assert!(
        run.out.contains("2 messages: 1 pass, 1 inconclusive"),
        "{}{}",
        run.out,
        run.err
    );
    for (args, says) in [
        (
            vec!["--since", "2023-02-28", pop3.as_str()],
            "POP3 tells no dates",
        ),
        (vec!["imap://127.0.0.1:1/"], "names no user"),
        (
            vec!["imap://john:hidden-secret@127.0.0.1:1/"],
            "holds a password",
        ),
        (vec!["--newest", "2", "a.eml"], "are about a mailbox"),
        (vec!["imap://john@127.0.0.1:1/"], "cannot be reached"),
    ] {
        let run = check(&folder, &args);
        assert_eq!(run.status, 2, "{args:?}");
        assert!(run.err.contains(says), "{args:?}: {}", run.err);
    }
}
