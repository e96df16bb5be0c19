//! Whether the DKIM results of one field are written by one hand: their tags in, yes or no out.
//!
//! OpenDKIM prints the decoded `i=` of a signature (RFC 6376 2.11, 3.5) without quotes, so its
//! signer can write whole results there, `;` and all. What stands around his words he cannot
//! choose: `header.d` before them, `header.b` behind them, and `i=` has to end in a domain within
//! `d=`. The checks look for what these leave behind. Knows nothing of result words but `pass` and
//! `none`.

use crate::evidence::value::{Slot, domain, mailbox_domain, unquoted};
use crate::host::{label_before, same_name, without_root};

/// Signatures of one field that are looked at together. A verifier may stop before
/// (RFC 6376 6.1); a field with more is no verifier's.
const MAX_SIGNATURES: usize = 64;

/// The tags of a field's DKIM results.
#[derive(Debug, Default)]
pub(super) struct Signatures<'x> {
    /// What is wrong with one of them alone.
    broken: bool,
    /// Which tags they have, and in which order: the same in each.
    form: Option<([bool; 3], u32)>,
    /// The signing domains of those that have both `header.d` and `header.i`, in order. A result
    /// of another method is a gap.
    signers: Vec<Option<&'x str>>,
    /// The tags of those that have all three.
    whole: Vec<[&'x str; 3]>,
}

impl<'x> Signatures<'x> {
    /// Takes in one DKIM result: its word, `header.d`, `header.i` and `header.b`, and the order in
    /// which they stand.
    pub(super) fn put(&mut self, word: &str, d: Slot<'x>, i: Slot<'x>, b: Slot<'x>, order: u32) {
        let tags = [d.is_present(), i.is_present(), b.is_present()];
        let twice = [d, i, b].contains(&Slot::Repeated);
        self.broken |= twice || !is_identity(d, i);
        // Where nothing is signed there is nothing to name.
        if tags != [false; 3] || word.eq_ignore_ascii_case("pass") {
            let form = (tags, order);
            self.broken |= *self.form.get_or_insert(form) != form;
        }
        // A server with two verifiers writes each result twice. No signer can write the beginning
        // of the signature that covers what he writes.
        if let (Slot::Once(d), Slot::Once(i), Slot::Once(b)) = (d, i, b) {
            if self.whole.contains(&[d, i, b]) {
                return;
            }
            if self.whole.len() < MAX_SIGNATURES {
                self.whole.push([d, i, b]);
            }
        }
        match (d, i) {
            (Slot::Once(d), Slot::Once(_)) => self.signers.push(Some(d)),
            _ => self.signers.push(None),
        }
    }

    /// Takes in a result of another method.
    pub(super) fn pass_over(&mut self, method: &str) {
        let beside = method
            .get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case("dkim-"));
        if !beside && !self.signers.is_empty() {
            self.signers.push(None);
        }
    }

    /// Whether one verifier wrote them all.
    pub(super) fn are_of_one_hand(&self) -> bool {
        !self.broken && !self.is_parted()
    }

    /// Whether something else stands between two results of one signer: the first and the last
    /// piece of what was one result before its own `i=` parted it.
    fn is_parted(&self) -> bool {
        let Some(last) = self.signers.iter().rposition(Option::is_some) else {
            return false;
        };
        let within = self.signers.get(..=last).unwrap_or_default();
        if within.len() > MAX_SIGNATURES {
            return true;
        }
        within.iter().enumerate().any(|(first, signer)| {
            let Some(signer) = signer else { return false };
            let behind = within.get(first + 1..).unwrap_or_default();
            let related = |other: &Option<&str>| {
                other.is_some_and(|other| lies_in(other, signer) || lies_in(signer, other))
            };
            let last = behind.iter().rposition(related).unwrap_or(0);
            behind
                .get(..last)
                .unwrap_or_default()
                .iter()
                .any(|other| !related(other))
        })
    }
}

/// `sig-i-tag = [ Local-part ] "@" domain-name`, of which the domain is `d=` or lies in it
/// (RFC 6376 3.5).
fn is_identity(d: Slot<'_>, i: Slot<'_>) -> bool {
    let Slot::Once(identity) = i else {
        return true;
    };
    // Quotes within a value spoil the one result that they stand in.
    let Some(plain) = unquoted(identity) else {
        return true;
    };
    if !plain.contains('@') {
        return false;
    }
    match d {
        Slot::Once(d) => match (domain(d), mailbox_domain(identity)) {
            (Some(d), Some(of)) => lies_in(&of, &d),
            _ => false,
        },
        Slot::Absent | Slot::Repeated => true,
    }
}

fn lies_in(name: &str, domain: &str) -> bool {
    same_name(name, domain) || label_before(name, without_root(domain)).is_some()
}
