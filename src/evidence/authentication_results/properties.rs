//! Which properties a result may have: a key in, what it means and whether servers write it out.
//!
//! Knows nothing of values, but whether an address may stand in one.

/// The properties that are read (the IANA registry, and what was written before it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Property {
    D,
    I,
    B,
    S,
    MailFrom,
    Helo,
    Client,
    From,
    Auth,
    Recipient,
    Pra,
}

const PROPERTIES: [(&str, Property); 16] = [
    ("smtp.mailfrom", Property::MailFrom),
    ("smtp.mail", Property::MailFrom),
    ("envelope-from", Property::MailFrom),
    ("smtp.helo", Property::Helo),
    ("helo", Property::Helo),
    ("smtp.remote-ip", Property::Client),
    ("smtp.client-ip", Property::Client),
    ("client-ip", Property::Client),
    ("header.d", Property::D),
    ("header.i", Property::I),
    ("header.s", Property::S),
    ("header.b", Property::B),
    ("header.from", Property::From),
    ("smtp.auth", Property::Auth),
    ("smtp.rcpttodomain", Property::Recipient),
    ("smtp.pra", Property::Pra),
];

pub(super) fn known_property(key: &str) -> Option<Property> {
    let found = PROPERTIES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(key));
    found.map(|(_, property)| *property)
}

/// What servers write under a key that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standard {
    /// It is known, and its value may be an address.
    Any,
    /// A key of a known kind. An address in it is more likely the end of what a client wrote.
    NoAddress,
    /// No server writes it.
    None,
}

/// The registry's kinds of properties (RFC 8601 2.3, RFC 8904 3), and what is seen beside them:
/// Google's `gateway`, ARC's (RFC 8617 5.2), Authentication Milter's `smtp_org`.
const PTYPES: [&str; 8] = [
    "smtp", "header", "body", "policy", "dns", "arc", "gateway", "smtp_org",
];

/// Properties whose value may be an address, and that are not read.
const ADDRESSES: [&str; 7] = [
    "smtp.rcptto",
    "header.sender",
    "header.reply-to",
    "header.resent-from",
    "header.resent-sender",
    "body.smime-identifier",
    "receiver",
];

/// Keys without a kind: RFC 8601's `reason`, Microsoft's `action`, Received-SPF's own (RFC 7208
/// 9.1), Cisco's `d`, and what stands beside DMARC and `x-tls`.
const PLAIN: [&str; 18] = [
    "reason",
    "action",
    "identity",
    "mechanism",
    "problem",
    "d",
    "p",
    "sp",
    "pct",
    "dis",
    "policy",
    "disposition",
    "version",
    "cipher",
    "bits",
    "score",
    "state",
    "type",
];

/// Whether a key that is not read is one that servers write.
pub(super) fn standard(key: &str) -> Standard {
    let is = |known: &&str| known.eq_ignore_ascii_case(key);
    if ADDRESSES.iter().any(is) {
        return Standard::Any;
    }
    let fits = match key.split_once('.') {
        // One letter is a tag of a signature, and the registry's are few.
        Some((ptype, property)) => {
            PTYPES.iter().any(|known| known.eq_ignore_ascii_case(ptype))
                && (property.len() > 1
                    || ptype.eq_ignore_ascii_case("policy")
                    || property.eq_ignore_ascii_case("a"))
                && property
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        }
        None => {
            PLAIN.iter().any(is)
                || key
                    .get(..2)
                    .is_some_and(|start| start.eq_ignore_ascii_case("x-"))
        }
    };
    match fits {
        true => Standard::NoAddress,
        false => Standard::None,
    }
}
