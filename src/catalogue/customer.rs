//! Which host names are customers' machines: dial-in lines, rented servers, anything that is
//! named after its address (contract section 3).
//!
//! Such a name is under a provider's domain without being the provider's mail service. A false
//! alarm makes a domain-wide match inconclusive, a miss may make a stranger pass: in doubt it is
//! a customer's.

use std::net::IpAddr;

/// Words of a label that customers' machines are named by, compared whole.
const WORDS: &[&str] = &[
    "adsl",
    "broadband",
    "cable",
    "catv",
    "client",
    "clients",
    "compute",
    "cpe",
    "cust",
    "customer",
    "customers",
    "dhcp",
    "dialin",
    "dialup",
    "dsl",
    "dyn",
    "dynamic",
    "dynip",
    "fiber",
    "fibre",
    "ftth",
    "hsd",
    "isdn",
    "lte",
    "nat",
    "pool",
    "pools",
    "ppp",
    "pppoe",
    "rev",
    "reverse",
    "sdsl",
    "static",
    "unassigned",
    "vdsl",
    "vps",
    "wifi",
    "wireless",
    "xdsl",
];

/// How long those words are.
const WORD_LENGTHS: std::ops::RangeInclusive<usize> = 3..=10;

/// Whether the host of this name is a customer's own machine: the name holds the client's address
/// (decimal, reversed, zero-padded, hexadecimal), looks as if it held one, or has a word such as
/// `dyn`, `vps` or `client` below its registrable domain.
#[must_use]
pub fn is_customer_machine(name: &str, ip: Option<IpAddr>) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let below = below_registered(name);
    named_by_word(below)
        || numbered_by_machine(below)
        || looks_like_an_address(name)
        || ip.is_some_and(|ip| holds(name, ip))
}

/// Whether a name holds the client's address, or looks as if it held one.
#[must_use]
pub(crate) fn names_its_address(name: &str, ip: Option<IpAddr>) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    looks_like_an_address(name) || ip.is_some_and(|ip| holds(name, ip))
}

/// The labels below the domain that somebody registered: `dyn` in `host.dyn.example.com` is a
/// word, in `mail.dyn.example` it is the owner.
fn below_registered(name: &str) -> &str {
    let registered = match psl::suffix(name.as_bytes()) {
        // A private suffix is a provider's own; its customers' names start right below it.
        Some(suffix) if suffix.typ() == Some(psl::Type::Private) => {
            let mut dots = name.rmatch_indices('.');
            dots.nth(1)
                .map_or(name.len(), |(dot, _)| name.len() - dot - 1)
        }
        _ => psl::domain_str(name).map_or(name.len(), str::len),
    };
    name.get(..name.len() - registered).unwrap_or("")
}

fn named_by_word(below: &str) -> bool {
    below
        .as_bytes()
        .split(|byte| !byte.is_ascii_alphabetic())
        .filter(|token| WORD_LENGTHS.contains(&token.len()))
        .any(|token| {
            WORDS
                .iter()
                .any(|word| token.eq_ignore_ascii_case(word.as_bytes()))
        })
}

/// `vmi1111111`, `h2345678`: a label that is a word and a number of five digits or more is a
/// machine's number, not a service's.
fn numbered_by_machine(below: &str) -> bool {
    let mut labels = below.as_bytes().split(|byte| *byte == b'.');
    labels.any(|label| {
        let digits = label.iter().rev().take_while(|b| b.is_ascii_digit());
        let digits = digits.count();
        let (word, _) = label.split_at(label.len() - digits);
        digits >= 5 && !word.is_empty() && word.iter().all(u8::is_ascii_alphabetic)
    })
}

/// Runs of digits in the name, with what separates each from the one before it.
fn numbers(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
}

/// How many runs of digits there are.
fn numbers_in(name: &str) -> usize {
    let digits = name.bytes().map(|byte| byte.is_ascii_digit());
    let before = std::iter::once(false).chain(digits.clone());
    digits
        .zip(before)
        .filter(|(now, before)| *now && !before)
        .count()
}

/// Four numbers up to 255 in a row, or three behind `ip` or `host`: `host-1-2-3-4`, `ip-1-2-3`.
fn looks_like_an_address(name: &str) -> bool {
    if numbers_in(name) < 3 {
        return false;
    }
    let mut run = 0u32;
    let mut announced = false;
    for token in name.split(['-', '.', '_']) {
        let digits = token.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let word = token.get(..token.len() - digits.len()).unwrap_or("");
        let octet = !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit())
            && digits.parse::<u32>().is_ok_and(|number| number <= 255);
        let introduces = ["ip", "host", "ec"]
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w));
        if octet && word.is_empty() {
            run += 1;
        } else if octet {
            run = 1;
            announced = introduces;
        } else {
            run = 0;
            announced = introduces && digits.is_empty();
        }
        if run >= 4 || (announced && run >= 3) {
            return true;
        }
    }
    false
}

fn holds(name: &str, ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => holds_v4(name, ip.octets()),
        IpAddr::V6(ip) => holds_v6(name, ip.segments()),
    }
}

fn holds_v4(name: &str, octets: [u8; 4]) -> bool {
    let [a, b, c, d] = octets;
    // Three of four are enough: `ns1.ip-192-0-2.example` leaves the last one out.
    let forms: [&[u8]; 4] = [&[a, b, c], &[b, c, d], &[c, b, a], &[d, c, b]];
    let mut last: [Option<u8>; 3] = [None; 3];
    for digits in numbers(name) {
        let [_, second, third] = last;
        last = [second, third, digits.parse().ok()];
        if forms
            .iter()
            .any(|form| form.iter().copied().map(Some).eq(last))
        {
            return true;
        }
        if octets_in_one(digits, [a, b, c, d]) || octets_in_one(digits, [d, c, b, a]) {
            return true;
        }
    }
    let forward = u32::from_be_bytes(octets);
    // An address in one piece has eight digits or more, which few names have.
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|token| token.len() >= 8)
        .any(|token| {
            let token = token.to_ascii_lowercase();
            token.contains(&format!("{forward:08x}"))
                || token.contains(&format!("{:08x}", forward.swap_bytes()))
                || token.parse::<u32>().is_ok_and(|number| number == forward)
        })
}

/// `203000113005`: all four in one run, each padded to three digits.
fn octets_in_one(digits: &str, octets: [u8; 4]) -> bool {
    digits.len() >= 12 && {
        let [a, b, c, d] = octets;
        digits.contains(&format!("{a:03}{b:03}{c:03}{d:03}"))
    }
}

/// Nibbles forward or reversed, whatever stands between them, or groups with `-` for `:`.
fn holds_v6(name: &str, segments: [u16; 8]) -> bool {
    use std::fmt::Write as _;
    let lower = name.to_ascii_lowercase();
    let bare: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut nibbles = String::with_capacity(32);
    let mut groups = String::with_capacity(40);
    for segment in segments {
        let _ = write!(nibbles, "{segment:04x}");
        let _ = write!(
            groups,
            "{}{segment:x}",
            if groups.is_empty() { "" } else { "-" }
        );
    }
    let reversed: String = nibbles.chars().rev().collect();
    let short = std::net::Ipv6Addr::from(segments)
        .to_string()
        .replace(':', "-");
    let interface = nibbles.get(16..).unwrap_or("");
    [nibbles.as_str(), reversed.as_str()]
        .iter()
        .any(|form| bare.contains(form))
        || (!interface.starts_with("00000000") && bare.contains(interface))
        || lower.replace('.', "-").contains(&groups)
        || (short.len() >= 8 && lower.replace('.', "-").contains(&short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_machines_are_told_by_name() {
        for (name, ip) in [
            ("vps-1a2b3c4d.vps.ovh.net", None),
            ("ns123.ip-51-68-1.eu", Some("51.68.1.9")),
            ("ns123.ip-51-68-1.eu", None),
            ("ec2-203-0-113-5.compute-1.amazonaws.com", None),
            ("host-203-0-113-5.example.com", None),
            ("ip-203-0-113.example.com", None),
            ("5.113.0.203.example.com", None),
            ("203x0x113x5.example.com", Some("203.0.113.5")),
            ("p5.113.0.203line.example.com", Some("203.0.113.5")),
            ("line203000113005.example.com", Some("203.0.113.5")),
            ("line005113000203.example.com", Some("203.0.113.5")),
            ("cb007105.example.com", Some("203.0.113.5")),
            ("p57-CB007105.example.com", Some("203.0.113.5")),
            ("x-3405803781.example.com", Some("203.0.113.5")),
            ("dyn42.example.com", None),
            ("a-dynamic.example.com", None),
            ("x.DSL.example.com.", None),
            ("adsl-7.example.com", None),
            ("static.7.example.com", None),
            ("pool7.example.com", None),
            ("dhcp-9.example.com", None),
            ("client.example.com", None),
            ("a.cust.example.com", None),
            ("2001-db8-0-0-0-0-0-5.example.com", Some("2001:db8::5")),
            ("2001-db8--5.example.com", Some("2001:db8::5")),
            (
                "5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.example.com",
                Some("2001:db8::5"),
            ),
            (
                "h-0211-22ff-fe33-4455.example.com",
                Some("2001:db8::211:22ff:fe33:4455"),
            ),
        ] {
            let ip = ip.map(|text: &str| text.parse().expect(text));
            assert!(is_customer_machine(name, ip), "{name}");
        }
    }

    #[test]
    fn servers_are_not() {
        for (name, ip) in [
            ("smtp-relay.example.com", Some("203.0.113.5")),
            ("mail1.example.com", Some("203.0.113.1")),
            ("mx-2-3.example.com", Some("203.2.3.7")),
            ("poolside.example.com", None),
            ("staticfiles.example.com", None),
            ("dynamite.example.com", None),
            ("vpsilon.example.com", None),
            ("mail.dyn.com", None),
            ("mail132-22.atl131.mandrillapp.com", Some("198.2.132.22")),
            ("7.mo561.mail-out.ovh.net", Some("46.105.57.200")),
            ("a8-20.smtp-out.amazonses.com", Some("54.240.8.20")),
            ("relay.example.com", Some("2001:db8::5")),
            ("ec.example.com", None),
            ("", Some("203.0.113.5")),
            ("com", None),
        ] {
            let ip = ip.map(|text: &str| text.parse().expect(text));
            assert!(!is_customer_machine(name, ip), "{name}");
        }
    }
}
