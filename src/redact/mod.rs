//! An analysis into one that can be shown to others: personal parts are replaced, hosts and routes
//! stay.
//!
//! The verdict is made from the message as it is; a [`Redactor`] then takes the [`Analysis`] and
//! the header it was made from, and changes what is shown. What is personal:
//!
//! - the local part of every address, wherever it stands, with whatever address it embeds (VERP,
//!   SRS, BATV), names of accounts, and the display names: `user1@example.com`;
//! - the subject, and what is like it: `[subject1]`;
//! - the left part of message ids: `id1@mail.example.com`;
//! - the address and the names of a person's machine, where he or a program handed the message in:
//!   `address1`, `client1`. They read like no address, and are none (`ip_valid: false`).
//!
//! A reader sees that something was replaced by these words alone: the shape of the output is the
//! same. Hosts, domains, networks, dates, protocols, queue ids and results stay. The client of the
//! deciding hop stays whatever the sender writes: it is replaced only where nothing identifies it
//! and the server itself says that somebody handed the message in there, by its protocol word or
//! by an account it names.
//!
//! Free text is cut down rather than searched. Of the header only fields that are read are kept,
//! and of these only words that are known to be harmless (`text.rs`); every other field's value is
//! `[removed]`. Of the program's sentences the facts are replaced, each by its kind, where they are
//! known to be personal (`known.rs`); its own words are not looked at. Knows nothing of formats,
//! and decides nothing.
//!
//! Not done: a person's name inside a host's name (`john-smith.example.com`) or a queue id stays, as
//! does who may be told by a domain, a date or a route. The names that the user gives in a policy
//! stay.

mod harmless;
mod header;
mod known;
mod text;

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::analysis::Analysis;
use crate::examine::Detail;
use crate::header::HeaderSection;
use crate::input::{RawMessage, Stop};
use crate::trace::chain::slowest;
use crate::words::{FactKind, Lens};
use known::Known;
use text::{Mode, Scrubber};

/// Stands for what nobody can tell to be harmless.
const REMOVED: &str = "[removed]";

/// Replaces personal parts, the same by the same.
///
/// One for each run; it holds no message's text, however many there are, and what it makes of a
/// message does not depend on those before.
#[derive(Debug, Clone)]
pub struct Redactor {
    key: Option<RandomState>,
}

impl Redactor {
    /// For messages of which each is shown alone: people are counted from 1 in each.
    pub const fn numbered() -> Self {
        Self { key: None }
    }

    /// For messages that are shown together: the same address is called the same in all of them.
    ///
    /// What it is called (`user-k3f9x2ab`) is a hash under `key`. A key made for this run alone
    /// ([`RandomState::new`]) and then forgotten leaves nobody anything to try guesses on.
    pub const fn keyed(key: RandomState) -> Self {
        Self { key: Some(key) }
    }

    /// Redacts `analysis`, and the header it was made from.
    ///
    /// The header keeps its lines: as many, with the numbers they had.
    pub fn redact(
        &self,
        analysis: &mut Analysis,
        raw: Option<&RawMessage<'_>>,
    ) -> Option<RawMessage<'static>> {
        self.hide(analysis, raw, Shown::Header)
    }

    /// Redacts `analysis` alone, or no more of it than a [`Record`](crate::report::Record) keeps,
    /// for a format that quotes nothing of the header: that is half of the work and more.
    pub fn redact_analysis(
        &self,
        analysis: &mut Analysis,
        raw: Option<&RawMessage<'_>>,
        detail: Detail,
    ) {
        let shown = match detail {
            Detail::Full => Shown::Analysis,
            Detail::Verdict => Shown::Verdict,
        };
        self.hide(analysis, raw, shown);
    }

    fn hide(
        &self,
        analysis: &mut Analysis,
        raw: Option<&RawMessage<'_>>,
        shown: Shown,
    ) -> Option<RawMessage<'static>> {
        let section = raw.map(|raw| HeaderSection::parse_until(&raw.text, raw.stop()));
        let known = Known::of(analysis, section.as_ref());
        let mut scrubber = Scrubber::new(&known, StandIns::new(self.key.as_ref()));
        let stop = raw.map(|raw| raw.stop().clone()).unwrap_or_default();
        // What is personal is told from all of it.
        if shown == Shown::Verdict {
            let slow = slowest(analysis.hops.drain(..), |hop| hop.delay_seconds);
            analysis.hops = slow.into_iter().collect();
            analysis.evidence.clear();
            analysis.warnings.clear();
        }
        rewrite(analysis, &mut scrubber, &stop);
        let raw = raw.filter(|_| shown == Shown::Header);
        let raw = raw.zip(section.as_ref());
        let redacted = raw.map(|(raw, section)| {
            let text = header::redacted(section, &mut scrubber);
            raw.with_text(text)
        });
        // What is half done still holds what is personal.
        if stop.is_set() {
            crate::wire::give_up(analysis);
            return None;
        }
        redacted
    }
}

/// How much is shown of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Its header, and all of the analysis.
    Header,
    /// All of the analysis.
    Analysis,
    /// What a line tells.
    Verdict,
}

/// What kind of thing was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    /// A local part, an account's name, a word of a person's name.
    User,
    /// The left part of a message id.
    Id,
    /// A subject.
    Subject,
    /// The name of a person's machine.
    Client,
    /// Its address.
    Address,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Id => "id",
            Self::Subject => "subject",
            Self::Client => "client",
            Self::Address => "address",
        }
    }
}

/// What stands for what, within one message.
struct StandIns<'r> {
    key: Option<&'r RandomState>,
    numbers: HashMap<(Kind, String), usize>,
    counts: HashMap<Kind, usize>,
}

impl<'r> StandIns<'r> {
    fn new(key: Option<&'r RandomState>) -> Self {
        Self {
            key,
            numbers: HashMap::new(),
            counts: HashMap::new(),
        }
    }

    /// The word for `folded`, which is in lower case.
    fn of(&mut self, kind: Kind, folded: &str) -> String {
        if let Some(key) = self.key {
            return format!("{}-{}", kind.word(), token(key.hash_one((kind, folded))));
        }
        let numbers = &mut self.numbers;
        let number = match numbers.get(&(kind, folded.to_owned())) {
            Some(number) => *number,
            None => {
                let count = self.counts.entry(kind).or_default();
                *count += 1;
                numbers.insert((kind, folded.to_owned()), *count);
                *count
            }
        };
        format!("{}{number}", kind.word())
    }
}

/// Forty bits of a hash: of a hundred thousand people two are called alike once in two hundred
/// runs. No vowels, so that no words come of it.
fn token(hash: u64) -> String {
    const LETTERS: &[u8; 32] = b"23456789bcdfghjkmnpqrstvwxzBCDFG";
    (0..8)
        .map(|at| {
            let index = (hash >> (5 * at)) as usize % LETTERS.len();
            LETTERS.get(index).map_or('x', |byte| char::from(*byte))
        })
        .collect()
}

/// A fact in a sentence, without what is personal in it.
impl Lens for Scrubber<'_, '_> {
    fn show(&mut self, kind: FactKind, fact: &str) -> String {
        match kind {
            FactKind::Host => self.host(fact),
            FactKind::Address => self.ip(fact),
            FactKind::Mailbox => self.address(fact),
            FactKind::Value => self.marker_value(fact),
            FactKind::Text => self.sentence(fact),
        }
    }
}

/// Changes every text of an analysis that may hold something personal.
fn rewrite(analysis: &mut Analysis, with: &mut Scrubber<'_, '_>, stop: &Stop) {
    let Analysis {
        schema_version: _,
        tool: _,
        source,
        message,
        expected,
        observed,
        outcome: _,
        reasons,
        settle,
        hops,
        evidence,
        warnings,
        error,
    } = analysis;
    let addresses = message.from.iter_mut().chain(&mut message.to);
    for address in addresses
        .chain(&mut message.sender)
        .chain(&mut message.return_path)
    {
        *address = with.address(address);
    }
    if let Some(id) = &mut message.message_id {
        *id = with.message_id(id);
    }
    if let Some(path) = &mut source.path {
        *path = with.path(path, message.subject.as_deref());
    }
    if let Some(subject) = &mut message.subject {
        *subject = with.subject(subject);
    }
    if let Some(expected) = expected {
        edit(&mut expected.sender, |sender| with.address(sender));
    }
    for text in [&mut observed.host, &mut observed.attested_by] {
        edit(text, |host| with.host(host));
    }
    edit(&mut observed.ip, |ip| with.ip(ip));
    for tls in hops
        .iter_mut()
        .filter_map(|hop| hop.tls.as_mut())
        .chain(&mut observed.tls)
    {
        edit(&mut tls.version, |text| with.sentence(text));
        edit(&mut tls.cipher, |text| with.sentence(text));
    }
    for hop in hops.iter_mut().take_while(|_| !stop.is_set()) {
        if let Some(from) = &mut hop.from {
            edit(&mut from.helo, |host| with.host(host));
            edit(&mut from.reverse_dns, |host| with.host(host));
            if let Some(ip) = &mut from.ip {
                let shown = with.ip(ip);
                from.ip_valid &= shown == *ip;
                *ip = shown;
            }
        }
        if let Some(by) = &mut hop.by {
            edit(&mut by.host, |host| with.host(host));
        }
        for text in [&mut hop.with, &mut hop.id, &mut hop.software] {
            edit(text, |text| with.sentence(text));
        }
        for address in [
            &mut hop.for_,
            &mut hop.envelope_from,
            &mut hop.authenticated_as,
        ] {
            edit(address, |address| with.address(address));
        }
        hop.raw = with.scrub(&hop.raw, Mode::Header);
    }
    for reason in reasons.iter_mut() {
        reason.says = reason.says.through(with);
    }
    for item in settle.iter_mut() {
        let is_address = matches!(item.option.as_str(), "--sender" | "--recipient");
        edit(&mut item.value, |value| match is_address {
            true => with.address(value),
            false => with.sentence(value),
        });
        item.says = item.says.through(with);
    }
    for item in evidence.iter_mut().take_while(|_| !stop.is_set()) {
        edit(&mut item.domain, |domain| with.host(domain));
        edit(&mut item.selector, |text| with.sentence(text));
        edit(&mut item.result, |text| with.sentence(text));
        edit(&mut item.ip, |ip| with.ip(ip));
        item.field = with.field_name(&item.field);
        item.says = item.says.through(with);
    }
    for warning in warnings.iter_mut() {
        warning.says = warning.says.through(with);
    }
    if let Some(error) = error {
        error.says = with.sentence(&error.says);
    }
}

fn edit(text: &mut Option<String>, with: impl FnOnce(&str) -> String) {
    if let Some(text) = text {
        *text = with(text);
    }
}

#[cfg(test)]
mod tests;
