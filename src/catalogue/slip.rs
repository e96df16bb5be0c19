//! Names that are a slip of the pen: a letter or two from a smart host of the catalogue, or a
//! provider's id in a host name's place. Says what was perhaps meant; it decides nothing.

use strsim::osa_distance;

use super::Catalogue;
use super::form::Provider;
use crate::host::{organisation, without_root};

/// From this length on two wrong letters are a slip; below it they are another name.
const LONG: usize = 16;

/// Up to this length a domain with another letter is another domain.
const SHORT_DOMAIN: usize = 4;

/// The longest name that is compared: no smart host of the catalogue is near it.
const LONGEST: usize = 80;

/// What was perhaps meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Slip<'c> {
    /// Whose name it nearly is.
    pub provider: &'c Provider,
    /// The smart host that was meant; `None` where the provider has one for each region or
    /// customer, so that only the user can know it.
    pub smart_host: Option<&'c str>,
}

/// Nothing where the name is right as it is.
pub(super) fn of<'c>(catalogue: &'c Catalogue, name: &str) -> Option<Slip<'c>> {
    let name = without_root(name).to_ascii_lowercase();
    if name.is_empty() || name.len() > LONGEST || catalogue.of_smart_host(&name).is_some() {
        return None;
    }
    let mut best: Option<(usize, Slip<'c>)> = None;
    let mut nearer = |distance: Option<usize>, slip: Slip<'c>| {
        if let Some(distance) = distance
            && best.is_none_or(|(known, _)| distance < known)
        {
            best = Some((distance, slip));
        }
    };
    for provider in catalogue.providers() {
        let names = provider.smart_hosts.iter().map(super::Pattern::as_str);
        for host in names.filter(|name| !name.contains(['*', '#'])) {
            let smart_host = Some(host);
            nearer(
                near(&name, host),
                Slip {
                    provider,
                    smart_host,
                },
            );
        }
        // Where the first one is a pattern, each region or customer has its own.
        let first = provider.smart_hosts.first().map(super::Pattern::as_str);
        for word in std::iter::once(&provider.id).chain(provider.aliases.iter()) {
            let smart_host = first.filter(|name| !name.contains(['*', '#']));
            nearer(
                near(&name, word),
                Slip {
                    provider,
                    smart_host,
                },
            );
        }
    }
    best.map(|(_, slip)| slip)
}

/// How many letters are wrong, where that is few enough for a slip. A word of three letters is
/// no slip of another one.
fn near(name: &str, meant: &str) -> Option<usize> {
    let allowed = match name.len().min(meant.len()) {
        LONG.. => 2,
        4.. => 1,
        _ => 0,
    };
    if name.len().abs_diff(meant.len()) > allowed || is_another_domain(name, meant) {
        return None;
    }
    let distance = osa_distance(name, meant);
    (distance <= allowed).then_some(distance)
}

/// Whether a domain is so short that one letter makes it another one, and not the same with its
/// letters in another order: `smtp.up.example` is no slip of `smtp.wp.example`.
fn is_another_domain(name: &str, meant: &str) -> bool {
    let (Some(own), Some(other)) = (organisation(name), organisation(meant)) else {
        return false;
    };
    let sorted = |text: &str| {
        let mut letters: Vec<u8> = text.bytes().collect();
        letters.sort_unstable();
        letters
    };
    let label = other.split('.').next().unwrap_or_default();
    own != other && label.len() <= SHORT_DOMAIN && sorted(own) != sorted(other)
}
