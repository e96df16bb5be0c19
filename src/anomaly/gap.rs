//! Whether a hop is a gap: a link that the chain does not find, and that a reader would miss.

use crate::host::{is_domain_name, organisation};
use crate::lex;
use crate::route::Facts;
use crate::trace::Intake;
use crate::trace::chain::{Link, LinkedHop};

/// A gap that a reader would call one: both sides have a name of the public DNS, of two owners as
/// far as names tell, and the server took the message from that client rather than wrote or
/// fetched it itself.
pub(crate) fn is_gap(facts: &Facts<'_, '_>, linked: &LinkedHop<'_>) -> bool {
    if linked.link != Link::Gap || linked.hop.intake != Intake::Client {
        return false;
    }
    let older = linked
        .number
        .checked_sub(1)
        .and_then(|number| facts.path.hop(number));
    let server = older
        .and_then(|older| older.hop.by.as_ref())
        .and_then(|by| by.host.as_deref())
        .filter(|host| is_public_name(host));
    let client = linked.hop.from.as_ref();
    let names = [
        client.and_then(|client| client.reverse_dns.as_deref()),
        client.and_then(|client| client.helo.as_deref()),
    ];
    let mut names = names
        .into_iter()
        .flatten()
        .filter(|name| is_public_name(name))
        .peekable();
    let Some(server) = server else { return false };
    // A provider's server that is called by a customer's name.
    let ip = client.and_then(|client| client.address.as_ref()?.ip);
    let network = ip.and_then(|ip| facts.catalogue.of_network(ip));
    if network.is_some_and(|hit| hit.provider.is_own_stamp(server)) {
        return false;
    }
    names.peek().is_some()
        && !names.any(|name| {
            is_one_owner(server, name) || facts.catalogue.are_one_operators(server, name)
        })
}

/// Whether a name is one that the public DNS may have: no single label, address, or suffix that
/// only inner networks use (RFC 6762 appendix G, RFC 8375, and `.internal` as reserved in 2024).
fn is_public_name(name: &str) -> bool {
    const INNER: [&str; 9] = [
        "internal",
        "local",
        "localdomain",
        "lan",
        "home",
        "corp",
        "private",
        "intranet",
        "prv",
    ];
    is_domain_name(name)
        && lex::parse_ip(name).is_none()
        && organisation(name).is_some()
        && name
            .rsplit('.')
            .next()
            .is_some_and(|last| !INNER.iter().any(|inner| last.eq_ignore_ascii_case(inner)))
}

/// Whether two names may be one owner's by the label before the public suffix, numbers left out:
/// `suse.cz` and `suse.de`, `acems1.com` and `acems2.com`, `aliyun-inc.com` and `aliyun.com`.
fn is_one_owner(a: &str, b: &str) -> bool {
    let label = |name: &str| {
        // Below a private suffix (`email.cloudflare.net`) the owner's label is the suffix's.
        let name = name.to_ascii_lowercase();
        let suffix = psl::suffix(name.trim_end_matches('.').as_bytes())?;
        let owners = match suffix.typ() {
            Some(psl::Type::Private) => str::from_utf8(suffix.as_bytes()).ok()?,
            Some(psl::Type::Icann) | None => organisation(&name)?,
        };
        let (label, _) = owners.split_once('.')?;
        let label = label.trim_end_matches(|digit: char| digit.is_ascii_digit());
        (!label.is_empty()).then(|| label.to_ascii_lowercase())
    };
    let (Some(a), Some(b)) = (label(a), label(b)) else {
        return false;
    };
    let begins = |long: &str, short: &str| {
        short.len() >= 4
            && long
                .strip_prefix(short)
                .is_some_and(|rest| rest.starts_with('-'))
    };
    a == b || begins(&a, &b) || begins(&b, &a)
}
