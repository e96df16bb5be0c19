//! A first look at a host name: whether any of many patterns can match it at all.
//!
//! Most names of a header are no provider's, and most patterns end in plain labels. So a filter
//! holds the last two labels of each pattern (or the one of them that is plain), and a name whose
//! labels are not among them needs no comparing. A filter may say yes in vain, never no.

use super::form::Provider;
use crate::host::without_root;

/// The places of a name's ends in a filter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameEnds {
    /// The last two labels together.
    both: u32,
    /// The last label, whatever the one before it.
    last: u32,
    /// The label before the last, whatever the last; of a single label, that it is one.
    before: u32,
}

impl NameEnds {
    /// Looks at a name from its end, case and one trailing dot aside.
    pub(crate) fn of(name: &str) -> Self {
        let mut labels = without_root(name).as_bytes().rsplit(|byte| *byte == b'.');
        let last = hash(1, labels.next().unwrap_or_default());
        let before = labels.next().map_or(2, |label| hash(3, label));
        Self {
            both: last.rotate_left(16) ^ before,
            last,
            before,
        }
    }
}

/// FNV-1a of a label in lower case; the seed keeps the three places apart.
fn hash(seed: u32, label: &[u8]) -> u32 {
    let hash = label.iter().fold(0x811c_9dc5 ^ seed, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    });
    hash ^ (hash >> 15)
}

/// The ends of the names that some patterns describe, as so many words of bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameFilter<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Default for NameFilter<WORDS> {
    fn default() -> Self {
        Self([0; WORDS])
    }
}

impl<const WORDS: usize> NameFilter<WORDS> {
    /// Passes over no name.
    pub(crate) const ANY: Self = Self([u64::MAX; WORDS]);

    /// Takes in the names of another one.
    pub(crate) fn join(&mut self, other: &Self) {
        for (own, word) in self.0.iter_mut().zip(other.0) {
            *own |= word;
        }
    }

    /// Takes in all patterns that a provider's servers, domains and ids are told by.
    pub(crate) fn add(&mut self, provider: &Provider) {
        let receiving = &provider.receiving;
        let lists = [
            &provider.smart_hosts,
            &provider.egress,
            &provider.outbound,
            &provider.inbound_delivery,
            &provider.redirectors,
            &provider.consumers,
            &provider.consumer_domains,
            &provider.routing_domains,
            &receiving.border_stamps,
            &receiving.hosts,
            &receiving.authserv_ids,
            &provider.internal,
            &provider.mailbox,
            &provider.not_platform,
            &provider.bounce_domains,
            &provider.signing_domains,
        ];
        let stamps = provider.stamps.iter().filter_map(|stamp| stamp.by.as_ref());
        for pattern in lists.into_iter().flat_map(|list| list.iter()).chain(stamps) {
            self.add_pattern(pattern.as_str());
        }
        for service in provider.services.iter() {
            for pattern in service.names.iter() {
                self.add_pattern(pattern.as_str());
            }
        }
        for pattern in provider.labels.iter() {
            self.add_pattern(pattern.as_str());
        }
    }

    fn add_pattern(&mut self, pattern: &str) {
        let is_plain = |label: &str| !label.contains(['*', '#', '?', '{']);
        let mut labels = pattern.rsplit('.');
        let last = labels.next().is_some_and(is_plain);
        let before = labels.next().is_none_or(is_plain);
        let ends = NameEnds::of(pattern);
        match (before, last) {
            (true, true) => self.set(ends.both),
            (false, true) => self.set(ends.last),
            (true, false) => self.set(ends.before),
            (false, false) => *self = Self::ANY,
        }
    }

    fn set(&mut self, place: u32) {
        let (index, bit) = Self::bit(place);
        if let Some(word) = self.0.get_mut(index) {
            *word |= bit;
        }
    }

    fn has(&self, place: u32) -> bool {
        let (index, bit) = Self::bit(place);
        self.0.get(index).is_some_and(|word| word & bit != 0)
    }

    const fn bit(place: u32) -> (usize, u64) {
        let place = place as usize % (WORDS * 64);
        (place / 64, 1 << (place % 64))
    }

    /// Whether one of the patterns may match a name with these ends.
    pub(crate) fn may_match(&self, ends: NameEnds) -> bool {
        self.has(ends.both) || self.has(ends.last) || self.has(ends.before)
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::Pattern;
    use super::*;

    fn filter(pattern: &str) -> NameFilter<64> {
        let mut filter = NameFilter::default();
        filter.add_pattern(pattern);
        filter
    }

    #[test]
    fn no_name_that_a_pattern_matches_is_passed_over() {
        for (pattern, names) in [
            ("*.example.com", &["a.example.com", "B.a.EXAMPLE.com."][..]),
            ("example.com", &["Example.Com", "example.com."]),
            ("a*.b.example.com", &["ab.b.example.com"]),
            ("localhost", &["LOCALHOST", "localhost."]),
            ("*.local", &["a.local", "b.a.Local."]),
            ("ex#.local", &["ex1.local"]),
            ("mx#.ovh.*", &["mx1.ovh.net", "mx2.ovh.co"]),
            ("a.b#", &["a.b7"]),
            ("relay-*", &["relay-7", "RELAY-7."]),
            ("a#.b#", &["a1.b7"]),
        ] {
            let known = Pattern::parse(pattern).expect(pattern);
            for name in names {
                assert!(known.matches(name), "{pattern} {name}");
                assert!(
                    filter(pattern).may_match(NameEnds::of(name)),
                    "{pattern} {name}"
                );
            }
        }
    }

    #[test]
    fn most_other_names_are() {
        for name in ["example.com", "mail.example.org", "", ".", "com", "a..com"] {
            assert!(
                !filter("relay.example.*").may_match(NameEnds::of(&name.replace("example", "x"))),
                "{name}"
            );
            assert!(
                !filter("*.example.net").may_match(NameEnds::of(name)),
                "{name}"
            );
            assert!(!filter("*.local").may_match(NameEnds::of(name)), "{name}");
        }
    }
}
