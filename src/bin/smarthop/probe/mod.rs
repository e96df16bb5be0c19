//! `smarthop probe`: sends a mail from each sender to each recipient, waits for it in the mailbox,
//! and judges the header that it has there as one's own (`--mine=TOKEN`).
//!
//! `config.rs` reads `probe.toml`, `smtp.rs` hands a mail over, `mailbox/` finds it, `output.rs`
//! writes what came of it. A thread for each sender, and one for each mailbox; what they know of
//! each other stands in the deliveries.

pub(crate) mod args;
mod config;
mod init;
mod message;
mod output;
mod smtp;
mod waiting;

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use smarthop::policy::{Route, Vouching};
use smarthop::vouch::Holders;
use smarthop::{Analysis, Catalogue, Expectation, RawMessage, Repair};

use crate::mailbox::{Deleted, Found, Mailbox};
use crate::wire::Trouble;
use crate::{interrupt, listing};
use args::{Act, Probe};
use config::{Config, Planned, Sender};
use smtp::{Outgoing, Unsent};

/// How long a mail may take, where nothing is said: greylisting takes minutes.
const WAIT: Duration = Duration::from_secs(300);

/// Between two looks into a mailbox: a tenth of what the youngest mail has been waited for.
const SOONEST: Duration = Duration::from_millis(200);
const LATEST: Duration = Duration::from_secs(10);

/// How soon an interrupt is seen.
const SLICE: Duration = Duration::from_millis(100);

/// A mail to one of its recipients.
pub(crate) struct Delivery {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) token: String,
    /// The connector that the policy expects, or none for the Exchange outgoing server.
    pub(crate) connector: Option<String>,
    /// Numbers of the planned mail and of the recipient.
    mail: usize,
    recipient: usize,
    state: State,
}

/// What came of it.
enum State {
    Planned,
    /// The server is being given it, since then.
    Sending(Instant),
    /// The server has it, since then; or nobody knows whether it has.
    Sent(Instant, Option<String>),
    Refused(String),
    Trouble(String),
    NotArrived(NotArrived),
    Arrived(Box<Arrived>),
}

/// Nothing was found in time.
struct NotArrived {
    says: String,
    /// Why that may be so, the likeliest first.
    reasons: Vec<String>,
}

struct Arrived {
    analysis: Analysis,
    seconds: f64,
    folder: String,
    junk: bool,
    /// What was not as it should be, beside the verdict.
    notes: Vec<String>,
}

/// `probe FILE`, `probe init POLICY`
pub(crate) fn probe(args: &Probe) -> ExitCode {
    if let Some(Act::Init { policy }) = &args.act {
        let read = crate::config::read(policy)
            .and_then(|bytes| crate::config::policy_of(&bytes, policy, Catalogue::builtin()));
        return match read {
            Ok(read) => listing::print(&init::file(&read, policy)),
            Err(says) => listing::trouble(&says),
        };
    }
    let read = args.file.as_deref().map(Config::read);
    let config = match read {
        Some(Ok(config)) => config,
        Some(Err(says)) => return output::unusable(args, &says).into(),
        None => return output::unusable(args, "give the file that lists the pairs").into(),
    };
    interrupt::listen();
    let wait = args.wait.or(config.wait).unwrap_or(WAIT);
    let Some(deliveries) = deliveries(&config) else {
        return output::unusable(args, "there are no random numbers").into();
    };
    let deliveries = Mutex::new(deliveries);
    let run = Run {
        config: &config,
        deliveries: &deliveries,
        expectation: Expectation::policy(config.policy.clone()),
        wait,
        delete: args.delete,
    };
    run.all();
    let deliveries = deliveries
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    output::write(args, args.slow.or(config.slow), &deliveries).into()
}

fn deliveries(config: &Config) -> Option<Vec<Delivery>> {
    let mut all = Vec::new();
    for (mail, Planned { sender, recipients }) in config.mails.iter().enumerate() {
        let token = token()?;
        let from = &config.senders.get(*sender)?.address;
        for recipient in recipients {
            let to = &config.recipients.get(*recipient)?.address;
            let route = config.policy.expectation_for(from, &[to]).route();
            all.push(Delivery {
                from: from.clone(),
                to: to.clone(),
                token: token.clone(),
                connector: match route {
                    Some(Route::Connector(connector)) => Some(connector.to_string()),
                    Some(Route::Exchange) | None => None,
                },
                mail,
                recipient: *recipient,
                state: State::Planned,
            });
        }
    }
    Some(all)
}

/// 128 random bits.
fn token() -> Option<String> {
    let mut bytes = [0; 16];
    let provider = rustls::crypto::ring::default_provider();
    provider.secure_random.fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

struct Run<'c> {
    config: &'c Config,
    deliveries: &'c Mutex<Vec<Delivery>>,
    expectation: Expectation,
    wait: Duration,
    delete: bool,
}

/// A delivery that is waited for.
struct Awaited {
    number: usize,
    token: String,
    to: String,
    since: Instant,
    /// The server has it.
    is_sent: bool,
}

impl Run<'_> {
    fn all(&self) {
        // What is there before the first mail is sent is no probe of this run.
        let mut boxes: Vec<_> = thread::scope(|scope| {
            let marks: Vec<_> = (0..self.config.recipients.len())
                .map(|number| scope.spawn(move || self.mark(number)))
                .collect();
            let marked = marks.into_iter().map(|mark| mark.join().ok().flatten());
            marked.collect()
        });
        thread::scope(|scope| {
            let shown = waiting::show(scope, self.deliveries);
            let mut threads = Vec::new();
            for (number, sender) in self.config.senders.iter().enumerate() {
                threads.push(scope.spawn(move || self.send(number, sender)));
            }
            for (number, mailbox) in boxes.iter_mut().enumerate() {
                if let Some(mailbox) = mailbox {
                    threads.push(scope.spawn(move || self.receive(number, mailbox.as_mut())));
                }
            }
            for thread in threads {
                // What a thread that failed has left undone is told as such.
                let _ = thread.join();
            }
            drop(shown);
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Vec<Delivery>) -> T) -> T {
        work(
            &mut self
                .deliveries
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Opens a mailbox that some mail is for.
    fn mark(&self, number: usize) -> Option<Box<dyn Mailbox + Send>> {
        let is_own = |delivery: &Delivery| delivery.recipient == number;
        if !self.with(|all| all.iter().any(is_own)) {
            return None;
        }
        let mut mailbox = self.config.recipients.get(number)?.store.open();
        match mailbox.mark() {
            Ok(()) => Some(mailbox),
            Err(trouble) => {
                let says = format!("the mailbox cannot be read, so nothing was sent: {trouble}");
                self.with(|all| {
                    for delivery in all.iter_mut().filter(|delivery| is_own(delivery)) {
                        delivery.state = State::Trouble(says.clone());
                    }
                });
                None
            }
        }
    }

    fn send(&self, number: usize, sender: &Sender) {
        // Whoever waits for these mails shall not wait for ever, whatever happens here.
        let _unsent = Unfinished { run: self, number };
        for (mail, planned) in self.config.mails.iter().enumerate() {
            if planned.sender != number {
                continue;
            }
            if interrupt::came() {
                return;
            }
            let begun = Instant::now();
            let (numbers, to, token) = self.with(|all| {
                let mut numbers = Vec::new();
                let mut to = Vec::new();
                let mut token = String::new();
                for (number, delivery) in all.iter_mut().enumerate() {
                    if delivery.mail == mail && matches!(delivery.state, State::Planned) {
                        delivery.state = State::Sending(begun);
                        numbers.push(number);
                        to.push(delivery.to.clone());
                        token.clone_from(&delivery.token);
                    }
                }
                (numbers, to, token)
            });
            if numbers.is_empty() {
                continue;
            }
            let to: Vec<&str> = to.iter().map(String::as_str).collect();
            let text = message::message(&sender.address, &to, &token, &self.config.subject);
            let outgoing = Outgoing {
                from: &sender.address,
                to: &to,
                message: &text,
            };
            let done = smtp::submit(&sender.endpoint, sender.login.as_ref(), &outgoing);
            self.with(|all| {
                for (at, number) in numbers.iter().enumerate() {
                    let Some(delivery) = all.get_mut(*number) else {
                        continue;
                    };
                    // It may have arrived already.
                    if matches!(delivery.state, State::Sending(_)) {
                        delivery.state = sent(&done, at);
                    }
                }
            });
        }
    }

    /// The deliveries of a mailbox that are not settled, and whether there is anything to look for.
    fn awaited(&self, recipient: usize) -> (bool, Vec<Awaited>) {
        self.with(|all| {
            let mut any = false;
            let mut awaited = Vec::new();
            for (number, delivery) in all.iter().enumerate() {
                if delivery.recipient != recipient {
                    continue;
                }
                let (since, is_sent) = match delivery.state {
                    State::Planned => {
                        any = true;
                        continue;
                    }
                    State::Sending(since) => (since, false),
                    State::Sent(since, _) => (since, true),
                    State::Refused(_)
                    | State::Trouble(_)
                    | State::NotArrived(_)
                    | State::Arrived(_) => continue,
                };
                any = true;
                awaited.push(Awaited {
                    number,
                    token: delivery.token.clone(),
                    to: delivery.to.clone(),
                    since,
                    is_sent,
                });
            }
            (any, awaited)
        })
    }

    fn receive(&self, recipient: usize, mailbox: &mut dyn Mailbox) {
        loop {
            let (any, awaited) = self.awaited(recipient);
            if !any {
                return;
            }
            // A mail whose time is over by now gets one look more.
            let now = Instant::now();
            if !awaited.is_empty() {
                let tokens: Vec<&str> = awaited.iter().map(|one| one.token.as_str()).collect();
                let looked = mailbox.find(&tokens);
                // Connections break; the next look makes a new one.
                let broken = match looked {
                    Ok(found) => {
                        self.found(&awaited, found, mailbox);
                        None
                    }
                    Err(trouble) => Some(trouble),
                };
                for one in awaited.iter().filter(|one| one.is_sent) {
                    if now.duration_since(one.since) >= self.wait || interrupt::came() {
                        self.gone(one, broken.as_ref());
                    }
                }
            }
            let youngest = awaited.iter().map(|one| one.since.elapsed()).min();
            let pause = youngest.unwrap_or_default() / 10;
            let left = awaited
                .iter()
                .filter(|one| one.is_sent)
                .map(|one| self.wait.saturating_sub(one.since.elapsed()))
                .min();
            let pause = pause.clamp(SOONEST, LATEST).min(left.unwrap_or(LATEST));
            let end = Instant::now() + pause.max(SLICE);
            while Instant::now() < end && !interrupt::came() {
                thread::sleep(SLICE.min(pause).max(Duration::from_millis(10)));
            }
            if interrupt::came() {
                // A sender ends its mail first.
                thread::sleep(Duration::from_millis(20));
            }
        }
    }

    fn found(&self, awaited: &[Awaited], found: Vec<(usize, Found)>, mailbox: &mut dyn Mailbox) {
        for (which, one) in awaited.iter().enumerate() {
            let own: Vec<&Found> = found
                .iter()
                .filter(|(number, _)| *number == which)
                .map(|(_, found)| found)
                .collect();
            if let Some(first) = own.first() {
                self.arrived(one, first, &own, mailbox);
            }
        }
    }

    fn arrived(&self, one: &Awaited, first: &Found, all: &[&Found], mailbox: &mut dyn Mailbox) {
        // As `check --mine=TOKEN` does it: where two messages hold the token, it makes neither the
        // user's.
        let mut holders = Holders::of(&one.token);
        for found in all {
            holders.look(&RawMessage::new(&found.header, Repair::Encoding));
        }
        let vouching = match all {
            // Known by its own field alone it is judged as anybody's, with the warning that says so.
            [_] => Vouching::Token(one.token.clone()),
            _ => holders.vouching(),
        };
        let expectation = Expectation {
            mine: vouching,
            recipients: vec![one.to.clone()],
            ..self.expectation.clone()
        };
        let seconds = one.since.elapsed().as_secs_f64();
        let analysis = smarthop::analyze(&first.header, &expectation, Catalogue::builtin());
        let mut notes = Vec::new();
        if self.delete {
            for found in all {
                match mailbox.delete(&found.place) {
                    Ok(Deleted::Gone) => {}
                    Ok(Deleted::Marked) => notes.push(
                        "it is marked as deleted: the server takes out only all that is".to_owned(),
                    ),
                    Err(trouble) => notes.push(format!("it could not be deleted: {trouble}")),
                }
            }
        }
        let arrived = Arrived {
            analysis,
            seconds,
            folder: first.place.folder.clone(),
            junk: first.place.junk,
            notes,
        };
        self.with(|deliveries| {
            if let Some(delivery) = deliveries.get_mut(one.number) {
                delivery.state = State::Arrived(Box::new(arrived));
            }
        });
    }

    fn gone(&self, one: &Awaited, broken: Option<&Trouble>) {
        self.with(|all| {
            let Some(delivery) = all.get_mut(one.number) else {
                return;
            };
            let State::Sent(_, doubt) = &delivery.state else {
                return;
            };
            delivery.state = match (interrupt::came(), broken, doubt) {
                (true, _, _) => State::Trouble("interrupted while it was waited for".to_owned()),
                (false, Some(trouble), _) => {
                    State::Trouble(format!("the mailbox could not be read to the end: {trouble}"))
                }
                (false, None, Some(doubt)) => State::Trouble(format!(
                    "not in the mailbox, and the sender's server did not say that it took it: {doubt}"
                )),
                (false, None, None) => State::NotArrived(self.not_arrived(delivery)),
            };
        });
    }

    fn not_arrived(&self, delivery: &Delivery) -> NotArrived {
        let mut reasons = Vec::new();
        if let Some(connector) = &delivery.connector {
            reasons.push(format!(
                "the user and password of {connector}: where they are wrong the platform takes \
                 the mail and cannot hand it on; `smarthop connector authenticate` sets them"
            ));
        }
        reasons.push("the recipient's server greylists: give a longer --wait".to_owned());
        reasons.push(
            "it waits in a queue, or was rejected on its way: look for a bounce in the sender's \
             mailbox"
                .to_owned(),
        );
        let store = self.config.recipients.get(delivery.recipient);
        if store.is_some_and(|recipient| !recipient.store.sees_junk()) {
            reasons.push("it was taken for junk: POP3 shows the inbox alone".to_owned());
        }
        NotArrived {
            says: format!("not in the mailbox within {} s", self.wait.as_secs()),
            reasons,
        }
    }
}

/// What the server's answer makes of the delivery to its recipient number `at`.
fn sent(done: &Result<Vec<Option<String>>, Unsent>, at: usize) -> State {
    let now = Instant::now();
    match done {
        Ok(refused) => match refused.get(at) {
            Some(Some(says)) => State::Refused(says.clone()),
            Some(None) | None => State::Sent(now, None),
        },
        Err(Unsent::Refused(says)) => State::Refused(says.clone()),
        Err(Unsent::Trouble(trouble)) => State::Trouble(format!("it was not sent: {trouble}")),
        Err(Unsent::Unsure(trouble)) => State::Sent(now, Some(trouble.to_string())),
    }
}

/// Settles what a sender's thread leaves unsent when it ends, in whatever way.
struct Unfinished<'r, 'c> {
    run: &'r Run<'c>,
    number: usize,
}

impl Drop for Unfinished<'_, '_> {
    fn drop(&mut self) {
        let says = match interrupt::came() {
            true => "interrupted before it was sent",
            false => "it was not sent: the program failed",
        };
        let mails = &self.run.config.mails;
        self.run.with(|all| {
            for delivery in all.iter_mut() {
                let mail = mails.get(delivery.mail);
                let is_own = mail.is_some_and(|mail| mail.sender == self.number);
                if is_own && matches!(delivery.state, State::Planned | State::Sending(_)) {
                    delivery.state = State::Trouble(says.to_owned());
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::Store;
    use config::Recipient;

    #[test]
    fn a_sender_that_fails_leaves_nobody_waiting() {
        let config = Config {
            policy: smarthop::policy::Policy::default(),
            wait: None,
            slow: None,
            subject: String::new(),
            senders: Vec::new(),
            recipients: vec![Recipient {
                address: "john@example.org".to_owned(),
                store: Store::Maildir {
                    path: "none".into(),
                    junk: Vec::new(),
                },
            }],
            mails: (0..3)
                .map(|sender| Planned {
                    sender: sender % 2,
                    recipients: vec![0],
                })
                .collect(),
        };
        let delivery = |mail, state| Delivery {
            from: String::new(),
            to: String::new(),
            token: String::new(),
            connector: None,
            mail,
            recipient: 0,
            state,
        };
        let all = Mutex::new(vec![
            delivery(0, State::Planned),
            delivery(1, State::Planned),
            delivery(2, State::Sending(Instant::now())),
        ]);
        let run = Run {
            config: &config,
            deliveries: &all,
            expectation: Expectation::default(),
            wait: WAIT,
            delete: false,
        };
        let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _unsent = Unfinished {
                run: &run,
                number: 0,
            };
            std::panic::resume_unwind(Box::new(()));
        }));
        assert!(failed.is_err());
        let states = all.lock().unwrap_or_else(PoisonError::into_inner);
        let done: Vec<_> = states
            .iter()
            .map(|one| matches!(one.state, State::Trouble(_)))
            .collect();
        assert_eq!(
            done,
            [true, false, true],
            "those of the other sender are its own"
        );
    }
}
