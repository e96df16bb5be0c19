//! Host names, addresses and networks as users name them, how they match, and which
//! organisation a name belongs to.
//!
//! A HOST (contract section 2) is a host name, `*.domain`, an address or a CIDR network. Names
//! compare as ASCII, without case, one trailing dot dropped; there is no Unicode folding and no
//! IDNA mapping. Knows nothing of trace fields, providers or expectations.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net};

use crate::lex;

/// The longest host name that DNS allows, in octets (RFC 1035 2.3.4, without the root's).
const NAME_MAX: usize = 253;

/// The longest label, in octets (RFC 1035 2.3.4).
const LABEL_MAX: usize = 63;

/// What a user wrote where a host is asked for: what the contract's HOST may be, and no more.
///
/// ```
/// use smarthop::host::{HostError, HostSpec};
///
/// let below: HostSpec = "*.out.example.com".parse()?;
/// assert!(below.matches_name("a1.out.example.com") && !below.matches_name("out.example.com"));
/// let network: HostSpec = "192.0.2.0/24".parse()?;
/// assert!(network.contains("192.0.2.25".parse().unwrap()));
/// assert!(matches!("*.com".parse::<HostSpec>(), Err(HostError::PublicSuffix(_))));
/// # Ok::<(), HostError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HostSpec {
    /// One host name, lower case.
    Name(String),
    /// `*.domain`: every name below `domain`, which is kept here in lower case.
    Below(String),
    /// An address (a network of one) or a CIDR network; IPv4-mapped IPv6 is IPv4.
    Network(IpNet),
}

impl HostSpec {
    /// Whether `name` is this host: exactly, or below the domain of `*.domain`.
    pub fn matches_name(&self, name: &str) -> bool {
        let name = without_root(name);
        match self {
            Self::Name(host) => host.eq_ignore_ascii_case(name),
            Self::Below(domain) => label_before(name, domain).is_some(),
            Self::Network(_) => false,
        }
    }

    /// Whether `ip` is this address or lies in this network.
    pub fn contains(&self, ip: IpAddr) -> bool {
        match self {
            Self::Network(network) => network.contains(&ip.to_canonical()),
            Self::Name(_) | Self::Below(_) => false,
        }
    }

    /// Whether this is an inner address or network: it says nothing outside its own network.
    pub fn is_inner(&self) -> bool {
        match self {
            Self::Network(network) => is_inner(network.addr()),
            Self::Name(_) | Self::Below(_) => false,
        }
    }

    /// The name, where one host is named.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Below(_) | Self::Network(_) => None,
        }
    }
}

impl fmt::Display for HostSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Below(domain) => write!(f, "*.{domain}"),
            Self::Network(network) if network.prefix_len() == network.max_prefix_len() => {
                write!(f, "{}", network.addr())
            }
            Self::Network(network) => write!(f, "{network}"),
        }
    }
}

/// Why a text is no HOST, and what would be one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostError {
    /// Nothing there.
    Empty,
    /// `*.com`, `*.co.uk`: a public suffix, below which anybody may register.
    PublicSuffix(String),
    /// A network of every address.
    Everything(String),
    /// A network that is none.
    Network(String),
    /// Looks like an address and is none.
    Address(String),
    /// `*` in another place than at the start.
    Wildcard(String),
    /// A URL, or a host with a port.
    NotBare(String),
    /// A mail address.
    MailAddress(String),
    /// Not ASCII.
    NotAscii(String),
    /// Not a name for any other reason.
    Name(String),
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str(
                "empty host: give a host name, `*.domain`, an address or a network such as 192.0.2.0/24",
            ),
            Self::PublicSuffix(text) => write!(
                f,
                "`{text}` is a public suffix, under which anybody may have a host: name a domain below it"
            ),
            Self::Everything(text) => {
                write!(f, "`{text}` is every address there is: name a smaller network")
            }
            Self::Network(text) => {
                write!(f, "`{text}` is no network: write it like 192.0.2.0/24 or 2001:db8::/32")
            }
            Self::Address(text) => write!(f, "`{text}` is no valid address"),
            Self::Wildcard(text) => {
                write!(f, "`{text}`: a `*` stands only at the start, as in `*.example.com`")
            }
            Self::NotBare(text) => {
                write!(f, "`{text}`: give the host alone, without scheme, path or port")
            }
            Self::MailAddress(text) => write!(f, "`{text}` is a mail address: give a host"),
            Self::NotAscii(text) => write!(
                f,
                "`{text}` is not ASCII: give the name as it stands in headers (`xn--…`)"
            ),
            Self::Name(text) => write!(f, "`{text}` is no host name"),
        }
    }
}

impl std::error::Error for HostError {}

impl FromStr for HostSpec {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        let text = text.trim();
        let own = || text.to_owned();
        if text.is_empty() {
            return Err(HostError::Empty);
        }
        if !text.is_ascii() {
            return Err(HostError::NotAscii(own()));
        }
        if text.contains("://") {
            return Err(HostError::NotBare(own()));
        }
        if text.contains('@') {
            return Err(HostError::MailAddress(own()));
        }
        if text.contains('/') {
            return network(text);
        }
        if let Some(ip) = lex::parse_ip(text).filter(|_| !text.contains('%')) {
            return Ok(Self::Network(IpNet::from(ip)));
        }
        if let Some(domain) = text.strip_prefix("*.") {
            let domain = host_name(domain).ok_or_else(|| match domain.contains('*') {
                true => HostError::Wildcard(own()),
                false => HostError::Name(own()),
            })?;
            // `*.compute.amazonaws.com` is a rule of the list: each name below it is a suffix.
            if is_public_suffix(&domain) || is_public_suffix(&format!("x.{domain}")) {
                return Err(HostError::PublicSuffix(own()));
            }
            return Ok(Self::Below(domain));
        }
        if text.contains('*') {
            return Err(HostError::Wildcard(own()));
        }
        if text.starts_with('[') || text.matches(':').count() > 1 {
            return Err(HostError::Address(own()));
        }
        if text.contains(':') {
            return Err(HostError::NotBare(own()));
        }
        let name = host_name(text).ok_or_else(|| HostError::Name(own()))?;
        let numeric = name
            .rsplit('.')
            .next()
            .is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit()));
        if numeric {
            return Err(HostError::Address(own()));
        }
        if name.contains('.') && is_public_suffix(&name) || is_listed_suffix(&name) {
            return Err(HostError::PublicSuffix(own()));
        }
        Ok(Self::Name(name))
    }
}

/// `address "/" prefix-length`, IPv4-mapped networks as the IPv4 networks they are.
fn network(text: &str) -> Result<HostSpec, HostError> {
    let bad = || HostError::Network(text.to_owned());
    let (address, length) = text.split_once('/').ok_or_else(bad)?;
    let plain: IpAddr = lex::bare_address(address).parse().map_err(|_| bad())?;
    let length: u8 = length.parse().map_err(|_| bad())?;
    let network = IpNet::new(plain, length).map_err(|_| bad())?;
    let network = match (network, plain.to_canonical()) {
        (IpNet::V6(v6), IpAddr::V4(v4)) if v6.prefix_len() >= 96 => {
            IpNet::V4(Ipv4Net::new(v4, v6.prefix_len() - 96).map_err(|_| bad())?)
        }
        _ => network,
    };
    if network.prefix_len() == 0 {
        return Err(HostError::Everything(text.to_owned()));
    }
    Ok(HostSpec::Network(network.trunc()))
}

/// A host name in lower case, one trailing dot dropped, or `None` where the text is none:
/// letters, digits, hyphens, and underscores, which real servers announce.
fn host_name(text: &str) -> Option<String> {
    let text = without_root(text);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= LABEL_MAX
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    (text.len() <= NAME_MAX && text.split('.').all(label)).then(|| text.to_ascii_lowercase())
}

/// A name without one trailing (root) dot.
pub(crate) fn without_root(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Whether two names are the same: ASCII, without case, one trailing dot dropped.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    without_root(a).eq_ignore_ascii_case(without_root(b))
}

/// What stands before `.domain` in `name`, where `name` is below `domain`.
pub(crate) fn label_before<'x>(name: &'x str, domain: &str) -> Option<&'x str> {
    let name = without_root(name);
    let cut = name.len().checked_sub(domain.len())?;
    let tail = name.get(cut..)?;
    let labels = name.get(..cut)?.strip_suffix('.')?;
    (tail.eq_ignore_ascii_case(domain) && !labels.is_empty()).then_some(labels)
}

/// Whether `name` reads like a host name with more than one label.
pub(crate) fn is_domain_name(name: &str) -> bool {
    letters(without_root(name)).is_some()
}

/// The letters of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letters {
    Lower,
    Capitals,
}

/// One pass over a name without its root dot; `None` where it is no host name with more than one
/// label, of which the last is no number.
fn letters(name: &str) -> Option<Letters> {
    let mut found = Letters::Lower;
    let mut labels = 0usize;
    let mut length = 0usize;
    let mut is_number = true;
    for byte in name.bytes() {
        match byte {
            b'.' if length == 0 || length > LABEL_MAX => return None,
            b'.' => {
                labels += 1;
                length = 0;
                is_number = true;
                continue;
            }
            b'0'..=b'9' => {}
            b'a'..=b'z' | b'-' | b'_' => is_number = false,
            b'A'..=b'Z' => {
                is_number = false;
                found = Letters::Capitals;
            }
            _ => return None,
        }
        length += 1;
    }
    let last = (1..=LABEL_MAX).contains(&length) && !is_number;
    (labels > 0 && last && name.len() <= NAME_MAX).then_some(found)
}

/// The organisation's domain: the registrable domain by the Public Suffix List, private section
/// included, as a slice of `name`. `None` for single labels, addresses, and public suffixes.
///
/// The list is asked in lower case only, so a name with capitals costs a copy.
pub(crate) fn organisation(name: &str) -> Option<&str> {
    let name = without_root(name);
    let length = match letters(name)? {
        Letters::Lower => psl::domain_str(name)?.len(),
        Letters::Capitals => psl::domain_str(&name.to_ascii_lowercase())?.len(),
    };
    name.get(name.len() - length..)
}

/// Whether two names belong to one organisation.
pub(crate) fn same_organisation(a: &str, b: &str) -> bool {
    // A registrable domain has two labels or more: most names differ there, and need no list.
    last_two_labels(a).eq_ignore_ascii_case(last_two_labels(b))
        && matches!((organisation(a), organisation(b)), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b))
}

/// Whether `name` belongs to the organisation of this registrable domain.
pub(crate) fn is_of_organisation(name: &str, domain: &str) -> bool {
    last_two_labels(name).eq_ignore_ascii_case(last_two_labels(domain))
        && organisation(name).is_some_and(|own| own.eq_ignore_ascii_case(domain))
}

/// The last two labels of a name, or all of it.
fn last_two_labels(name: &str) -> &str {
    let name = without_root(name);
    let mut dots = name
        .bytes()
        .rev()
        .enumerate()
        .filter(|(_, byte)| *byte == b'.');
    match dots.nth(1) {
        Some((behind, _)) => name.get(name.len() - behind..).unwrap_or(name),
        None => name,
    }
}

/// Whether nobody can be told from his neighbours directly below this name. A name with one
/// label counts, as the list's default rule has it.
fn is_public_suffix(name: &str) -> bool {
    psl::suffix_str(name).is_none_or(|suffix| suffix.len() == name.len())
}

/// Whether the list names this suffix itself: `com`, but not an internal `mailrelay`.
fn is_listed_suffix(name: &str) -> bool {
    psl::suffix(name.as_bytes()).is_some_and(|s| s.is_known() && s.as_bytes().len() == name.len())
}

/// Whether an address is of this machine, its link or its site: loopback, link-local, private
/// (RFC 1918, RFC 4193), shared (RFC 6598), or unspecified.
pub(crate) fn is_inner(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(text: &str) -> HostSpec {
        text.parse().expect(text)
    }

    #[test]
    fn names_match_without_case_and_root_dot_and_nothing_else() {
        let host = spec("SMTP-Relay.Example.COM.");
        assert!(host.matches_name("smtp-relay.example.com"));
        assert!(host.matches_name("Smtp-relay.example.com."));
        assert!(!host.matches_name("xsmtp-relay.example.com"));
        assert!(!host.matches_name("smtp-relay.example.com.evil.example"));
        assert!(!host.matches_name("smtp-relay.example.com.."));
        assert!(!host.matches_name("smtp\u{2010}relay.example.com"));
    }

    #[test]
    fn a_wildcard_matches_below_its_domain_only() {
        let host = spec("*.example.com");
        assert!(host.matches_name("a.b.EXAMPLE.com."));
        assert!(!host.matches_name("example.com"));
        assert!(!host.matches_name("notexample.com"));
        assert!(!host.matches_name(".example.com"));
        assert!(!host.matches_name("a.example.com.evil.example"));
    }

    #[test]
    fn networks_contain_their_addresses_mapped_ones_included() {
        let host = spec("192.0.2.77/24");
        assert!(host.contains("192.0.2.1".parse().expect("an address")));
        assert!(host.contains("::ffff:192.0.2.1".parse().expect("an address")));
        assert!(!host.contains("192.0.3.1".parse().expect("an address")));
        assert_eq!(spec("::ffff:192.0.2.0/120"), spec("192.0.2.0/24"));
        assert_eq!(spec("[IPv6:2001:db8::1]"), spec("2001:db8::1"));
        assert_eq!(spec("2001:db8::1").to_string(), "2001:db8::1");
        assert_eq!(host.to_string(), "192.0.2.0/24");
    }

    #[test]
    fn what_is_too_wide_or_no_host_is_refused_with_the_reason() {
        let says = |text: &str| text.parse::<HostSpec>().expect_err(text).to_string();
        for text in [
            "*.com",
            "*.co.uk",
            "com",
            "co.uk",
            "*.github.io",
            "*.localdomain",
            "*.compute.amazonaws.com",
        ] {
            assert!(
                says(text).contains("public suffix"),
                "{text}: {}",
                says(text)
            );
        }
        for text in ["0.0.0.0/0", "::/0", "192.0.2.1/0", "::ffff:0:0/96"] {
            assert!(
                says(text).contains("every address"),
                "{text}: {}",
                says(text)
            );
        }
        assert!(says("").starts_with("empty host"));
        assert!(says("  ").starts_with("empty host"));
        assert!(says("smtp.example.com:587").contains("without scheme, path or port"));
        assert!(says("https://smtp.example.com/").contains("without scheme, path or port"));
        assert!(says("a@example.com").contains("mail address"));
        assert!(says("11.22.333.44").contains("no valid address"));
        assert!(says("192.0.2.0/33").contains("no network"));
        assert!(says("a.*.example.com").contains("only at the start"));
        assert!(says("*").contains("only at the start"));
        assert!(says("b\u{fc}cher.example").contains("not ASCII"));
        assert!(says("a b.example.com").contains("no host name"));
        assert!(says("fe80::1%4").contains("no valid address"));
    }

    #[test]
    fn an_internal_single_label_is_a_name() {
        assert_eq!(spec("mailrelay"), HostSpec::Name("mailrelay".to_owned()));
    }

    #[test]
    fn organisations_are_registrable_domains_private_suffixes_included() {
        assert_eq!(
            organisation("smtp-relay.smtp.example.com"),
            Some("example.com")
        );
        assert_eq!(organisation("Mail.Example.CO.UK."), Some("Example.CO.UK"));
        assert_eq!(organisation("a.b.github.io"), Some("b.github.io"));
        assert_eq!(organisation("co.uk"), None);
        assert_eq!(organisation("localhost"), None);
        assert_eq!(organisation("192.0.2.1"), None);
        assert_eq!(organisation("a..example.com"), None);
        assert!(same_organisation("a.example.com", "B.Example.Com"));
        assert!(!same_organisation(
            "example.com.evil.example",
            "example.com"
        ));
    }

    #[test]
    fn inner_addresses() {
        for inner in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_inner(inner.parse().expect(inner)), "{inner}");
        }
        for outer in [
            "203.0.113.1",
            "172.32.0.1",
            "100.128.0.1",
            "2001:db8::1",
            "2603:10b6::1",
        ] {
            assert!(!is_inner(outer.parse().expect(outer)), "{outer}");
        }
    }
}
