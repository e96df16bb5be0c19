//! Scripted SMTP, IMAP and POP3 servers on 127.0.0.1, without TLS: what they say and do is what a
//! test wants of them, and what they were told is kept.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

/// What a recipient's server stamps on a mail that came through the smart host.
pub(crate) const RELAYED: &str = "\
Return-Path: <bounces@relay.example.net>\r
Received: from relay.example.net (relay.example.net [192.0.2.25])\r
 by mx.example.org (Postfix) with ESMTPS id 4PQsPF43SEm78WdxQ\r
 for <john@example.org>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)\r
";

/// And on one that another server handed over.
pub(crate) const DIRECT: &str = "\
Return-Path: <newsletter@example.com>\r
Received: from exchange.example.com (exchange.example.com [192.0.2.99])\r
 by mx.example.org (Postfix) with ESMTPS id 4PQsPF43SEm78WdxR\r
 for <john@example.org>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)\r
";

/// A message of a mailbox.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) uid: u32,
    pub(crate) folder: &'static str,
    pub(crate) header: String,
    /// It is not there before.
    pub(crate) from: Instant,
    pub(crate) deleted: bool,
}

/// What becomes of a mail that is submitted.
#[derive(Clone)]
pub(crate) struct Delivery {
    /// Stands above it.
    pub(crate) stamps: &'static str,
    pub(crate) folder: &'static str,
    pub(crate) delay: Duration,
    /// In the text of the mail: each is replaced by the other.
    pub(crate) replace: Vec<(&'static str, &'static str)>,
    /// Delivered so often.
    pub(crate) copies: u32,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            stamps: RELAYED,
            folder: "INBOX",
            delay: Duration::ZERO,
            replace: Vec::new(),
            copies: 1,
        }
    }
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) mails: Vec<Stored>,
    /// Lines of clients, those of mails left out.
    pub(crate) log: Vec<String>,
    /// What the submission server answers, in place of the usual: for a command's beginning.
    pub(crate) smtp: Vec<(&'static str, &'static str)>,
    /// Commands that end the connection, each so often.
    pub(crate) breaks: Vec<(&'static str, u32)>,
    /// Commands that get no answer.
    pub(crate) silent: Vec<&'static str>,
    pub(crate) delivery: Delivery,
    /// Capabilities beside IMAP4rev1.
    pub(crate) capabilities: &'static str,
    /// What LIST answers; without one, INBOX and a marked Junk.
    pub(crate) list: Option<&'static str>,
    pub(crate) submitted: Vec<String>,
}

/// A platform that takes mails and lets them be read.
#[derive(Clone, Default)]
pub(crate) struct Platform(Arc<Mutex<State>>);

fn listen(each: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let each = Arc::new(each);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let each = Arc::clone(&each);
            thread::spawn(move || each(stream));
        }
    });
    port
}

impl Platform {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Whether the connection breaks at this line, or the answer never comes.
    fn hears(&self, line: &str) -> bool {
        let mut state = self.state();
        state.log.push(line.to_owned());
        let silent = state.silent.iter().any(|begin| line.contains(begin));
        let breaks = state
            .breaks
            .iter_mut()
            .find(|(begin, left)| *left > 0 && line.contains(begin));
        let broken = breaks.map(|(_, left)| *left -= 1).is_some();
        drop(state);
        if silent {
            thread::sleep(Duration::from_secs(30));
        }
        broken || silent
    }

    pub(crate) fn store(&self, folder: &'static str, header: &str) {
        let mut state = self.state();
        let uid = u32::try_from(state.mails.len()).unwrap() + 11;
        state.mails.push(Stored {
            uid,
            folder,
            header: header.to_owned(),
            from: Instant::now(),
            deleted: false,
        });
    }

    fn deliver(&self, text: &str) {
        let delivery = self.state().delivery.clone();
        let mut text = text.split("\r\n\r\n").next().unwrap().to_owned();
        for (this, that) in &delivery.replace {
            text = text.replace(this, that);
        }
        for _ in 0..delivery.copies {
            let header = format!("{}{text}\r\n\r\n", delivery.stamps);
            self.store(delivery.folder, &header);
            let mut state = self.state();
            let last = state.mails.last_mut().unwrap();
            last.from += delivery.delay;
        }
    }

    /// A submission server's port.
    pub(crate) fn submission(&self) -> u16 {
        let own = self.clone();
        listen(move |stream| own.submit(stream))
    }

    fn submit(&self, mut stream: TcpStream) {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let _ = stream.write_all(b"220 ready\r\n");
        let mut asked: Vec<&str> = Vec::new();
        while let Some(Ok(line)) = lines.next() {
            // What stands behind AUTH LOGIN is no command.
            let is_login = asked.pop();
            let shown = line.split(' ').take(2).collect::<Vec<_>>().join(" ");
            if self.hears(if is_login.is_some() { "…" } else { &shown }) {
                return;
            }
            let scripted = self.state().smtp.clone();
            let scripted = scripted.iter().find(|(begin, _)| line.starts_with(begin));
            let answer = match (line.split(' ').next().unwrap_or_default(), is_login) {
                (_, Some(answer)) => answer,
                (_, None) if scripted.is_some() => scripted.unwrap().1,
                ("EHLO", _) => "250-here\r\n250-8BITMIME\r\n250 AUTH PLAIN XOAUTH2\r\n",
                ("AUTH", _) if line == "AUTH LOGIN" => {
                    asked = vec!["235 yes\r\n", "334 UGFzc3dvcmQ6\r\n"];
                    "334 VXNlcm5hbWU6\r\n"
                }
                ("AUTH", _) => "235 yes\r\n",
                ("DATA", _) => {
                    let _ = stream.write_all(b"354 go on\r\n");
                    let data = lines
                        .by_ref()
                        .map_while(Result::ok)
                        .take_while(|line| line != ".");
                    let text = data.collect::<Vec<_>>().join("\r\n");
                    self.state().submitted.push(text.clone());
                    self.deliver(&text);
                    if self.hears("the end of the data") {
                        return;
                    }
                    "250 taken\r\n"
                }
                ("QUIT", _) => return,
                _ => "250 fine\r\n",
            };
            let _ = stream.write_all(answer.as_bytes());
        }
    }

    fn visible(&self, folder: &str) -> Vec<Stored> {
        let now = Instant::now();
        let state = self.state();
        let all = state.mails.iter();
        all.filter(|mail| mail.folder == folder && mail.from <= now && !mail.deleted)
            .cloned()
            .collect()
    }

    /// An IMAP server's port.
    pub(crate) fn imap(&self) -> u16 {
        let own = self.clone();
        listen(move |stream| own.mailbox(stream))
    }

    fn mailbox(&self, mut stream: TcpStream) {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let _ = stream.write_all(b"* OK ready\r\n");
        let mut selected = String::new();
        while let Some(Ok(line)) = lines.next() {
            let (tag, command) = line.split_once(' ').unwrap();
            let shown = match command.starts_with("LOGIN ") {
                true => "LOGIN",
                false => command,
            };
            if self.hears(shown) {
                return;
            }
            let answer = match command.split(' ').next().unwrap_or_default() {
                "CAPABILITY" => {
                    let capabilities = self.state().capabilities;
                    format!("* CAPABILITY IMAP4rev1 {capabilities}\r\n")
                }
                "AUTHENTICATE" => {
                    let _ = stream.write_all(b"+ \r\n");
                    let token = lines.next().unwrap().unwrap();
                    self.state().log.push(token);
                    String::new()
                }
                "LIST" => {
                    let list = self.state().list;
                    let usual = "* LIST () \"/\" INBOX\r\n* LIST (\\HasNoChildren \\Junk) \"/\" \"Junk\"\r\n";
                    list.unwrap_or(usual).to_owned()
                }
                "EXAMINE" | "SELECT" => {
                    let name = command.split_once(' ').unwrap().1;
                    selected = name.trim_matches('"').to_owned();
                    let mails = self.visible(&selected);
                    let next = mails.iter().map(|mail| mail.uid).max().unwrap_or(10) + 1;
                    format!(
                        "* {} EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT {next}] next\r\n",
                        mails.len()
                    )
                }
                "UID" => self.uid(&selected, command),
                "LOGOUT" => return,
                _ => String::new(),
            };
            let _ = stream.write_all(format!("{answer}{tag} OK done\r\n").as_bytes());
        }
    }

    fn uid(&self, folder: &str, command: &str) -> String {
        let mails = self.visible(folder);
        let mut words = command.split(' ').skip(1);
        let (what, set) = (words.next().unwrap(), words.next().unwrap());
        let first: u32 = set.split(':').next().unwrap().parse().unwrap_or(0);
        let mut answer = String::new();
        match what {
            "SEARCH" => {
                let uids: Vec<_> = mails.iter().map(|mail| mail.uid.to_string()).collect();
                answer = format!("* SEARCH {}\r\n", uids.join(" "));
            }
            "FETCH" => {
                let last = mails.last().map(|mail| mail.uid);
                for (number, mail) in mails.iter().enumerate() {
                    // `n:*` always holds the last one (RFC 9051 9).
                    let is_in = match set.ends_with('*') {
                        true => mail.uid >= first || Some(mail.uid) == last,
                        false => mail.uid == first,
                    };
                    if is_in {
                        let number = number + 1;
                        let header = &mail.header;
                        answer.push_str(&format!(
                            "* {number} FETCH (UID {} BODY[HEADER] {{{}}}\r\n{header})\r\n",
                            mail.uid,
                            header.len()
                        ));
                    }
                }
            }
            "STORE" | "EXPUNGE" => {
                let mut state = self.state();
                let mut all = state.mails.iter_mut();
                let mail = all.find(|mail| mail.uid == first && mail.folder == folder);
                mail.unwrap().deleted = what == "EXPUNGE";
            }
            other => panic!("{other}"),
        }
        answer
    }

    /// A POP3 server's port.
    pub(crate) fn pop3(&self) -> u16 {
        let own = self.clone();
        listen(move |stream| own.maildrop(stream))
    }

    fn maildrop(&self, mut stream: TcpStream) {
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let _ = stream.write_all(b"+OK ready\r\n");
        let mails = self.visible("INBOX");
        let mut deleted = Vec::new();
        for line in lines.map_while(Result::ok) {
            let mut words = line.split(' ');
            let command = words.next().unwrap_or_default();
            let shown = if command == "PASS" { "PASS" } else { &line };
            if self.hears(shown) {
                return;
            }
            let number = words.next().and_then(|word| word.parse::<usize>().ok());
            let mail = number.and_then(|number| mails.get(number - 1));
            let mut answer = "+OK\r\n".to_owned();
            match (command, mail) {
                ("UIDL", None) => {
                    for (number, mail) in mails.iter().enumerate() {
                        answer.push_str(&format!("{} id{}\r\n", number + 1, mail.uid));
                    }
                    answer.push_str(".\r\n");
                }
                ("TOP", Some(mail)) => answer.push_str(&format!("{}.\r\n", mail.header)),
                ("DELE", Some(mail)) => deleted.push(mail.uid),
                ("QUIT", _) => {
                    for mail in &mut self.state().mails {
                        mail.deleted |= deleted.contains(&mail.uid);
                    }
                }
                _ => {}
            }
            let _ = stream.write_all(answer.as_bytes());
        }
    }
}
