//! Microsoft's fields: Microsoft 365's of filtering (the page "Anti-spam message headers" of its
//! documentation, and [MS-OXCMAIL] 2.1.3.2.24 for the SCL), and Exchange's own of who sent a
//! message.

use super::{MAX_PAIRS, Verdict, Way, one_word, shortened};
use crate::evidence::value::trimmed;
use crate::lex::parse_ip;

codes! {
    /// `SFV` (spam filtering verdict).
    Filtered {
        NotSpam = "NSPM",
        Spam = "SPM",
        RuleAllowed = "SKN",
        RuleMarked = "SKS",
        SenderAllowed = "SKA",
        SenderBlocked = "SKB",
        Released = "SKQ",
        SafeSender = "SFE",
        BlockedSender = "BLK",
        Inside = "SKI",
    }
}

codes! {
    /// `CAT` (the policy that was applied), but for `NONE`.
    Category {
        AntiMalware = "AMP",
        Malware = "MALW",
        FileType = "FTBP",
        SafeAttachments = "SAP",
        Brand = "BIMP",
        Domain = "DIMP",
        User = "UIMP",
        Correspondent = "GIMP",
        Bulk = "BULK",
        Spam = "SPM",
        SureSpam = "HSPM",
        SpamOut = "OSPM",
        Phishing = "PHSH",
        SurePhishing = "HPHSH",
        SurePhish = "HPHISH",
        PhishingInside = "INTOS",
        Forged = "SPOOF",
    }
}

codes! {
    /// `IPV` (the address on the lists of reputation).
    Listed {
        Nowhere = "NLI",
        Allowed = "CAL",
    }
}

codes! {
    /// `dest` of a mailbox delivery.
    Folder {
        Inbox = "I",
        Junk = "J",
        Custom = "C",
    }
}

codes! {
    /// `AuthAs`
    AuthAs {
        Internal = "Internal",
        Anonymous = "Anonymous",
        Partner = "Partner",
        External = "External",
    }
}

codes! {
    /// `FromEntityHeader`
    Entity {
        Hosted = "Hosted",
        OnPremises = "HybridOnPrem",
        Internet = "Internet",
    }
}

codes! {
    /// `MessageDirectionality`
    Direction {
        Originating = "Originating",
        Incoming = "Incoming",
    }
}

/// The client's name as the report has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReverseDns {
    /// The address has none (`InfoDomainNonexistent` and others).
    Nameless,
    /// This one.
    Name(String),
}

/// `X-Forefront-Antispam-Report`, as far as it is known what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// `DIR`
    pub(crate) way: Option<Way>,
    /// `CIP`
    pub(crate) client: Option<String>,
    /// `CTRY`
    pub(crate) country: Option<String>,
    /// `H`
    pub(crate) helo: Option<String>,
    /// `PTR`
    pub(crate) reverse_dns: Option<ReverseDns>,
    /// `SFV`
    pub(crate) filtered: Option<Filtered>,
    /// `CAT`
    pub(crate) category: Option<Category>,
    /// `SCL`
    pub(crate) level: Option<i8>,
    /// `IPV`
    pub(crate) listed: Option<Listed>,
    /// `SRV:BULK`
    pub(crate) bulk: bool,
}

/// `KEY:VALUE;KEY:VALUE;…`
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';')
        .take(MAX_PAIRS)
        .filter_map(|pair| pair.split_once(':'))
        .map(|(key, value)| (trimmed(key), trimmed(value)))
}

fn value_of<'t>(text: &'t str, wanted: &str) -> Option<&'t str> {
    let mut found = pairs(text).filter(|(key, _)| key.eq_ignore_ascii_case(wanted));
    // A key that stands twice says two things.
    let (_, value) = found.next()?;
    (found.next().is_none() && !value.is_empty()).then_some(value)
}

/// ```text
/// X-Forefront-Antispam-Report: CIP:203.0.113.9;CTRY:FR;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;
///     H:relay.example.net;PTR:relay.example.net;CAT:NONE;SFS:(13230040);DIR:INB;
/// ```
pub(super) fn antispam_report(text: &str) -> Option<Verdict> {
    let of = |key| value_of(text, key);
    let short = |key| of(key).map(|value| shortened(value).into_owned());
    let mut report = Report {
        way: of("DIR").and_then(way_of),
        client: of("CIP").filter(|ip| is_client(ip)).map(str::to_owned),
        filtered: of("SFV").and_then(Filtered::of),
        category: of("CAT").and_then(Category::of),
        level: of("SCL").and_then(level),
        listed: of("IPV").and_then(Listed::of),
        bulk: of("SRV").is_some_and(|code| code.eq_ignore_ascii_case("BULK")),
        ..Report::default()
    };
    if report == Report::default() {
        return None;
    }
    if report.client.is_some() {
        report.country = short("CTRY");
        report.helo = short("H");
        report.reverse_dns = short("PTR").map(|name| match name.starts_with("Info") {
            true => ReverseDns::Nameless,
            false => ReverseDns::Name(name),
        });
    }
    Some(Verdict::Report(report))
}

fn way_of(code: &str) -> Option<Way> {
    [("INB", Way::In), ("OUT", Way::Out), ("INT", Way::Within)]
        .into_iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(code))
        .map(|(_, way)| way)
}

/// Microsoft writes 255.255.255.255 where a mailbox sent.
fn is_client(text: &str) -> bool {
    parse_ip(text).is_some_and(|ip| !ip.is_unspecified() && text != "255.255.255.255")
}

/// The spam confidence level, of which the documentation names -1, 0, 1, 5, 6, 8 and 9.
fn level(text: &str) -> Option<i8> {
    let level = text.parse().ok()?;
    (-1..=10).contains(&level).then_some(level)
}

/// Why Microsoft's composite authentication, of SPF, DKIM, DMARC and its own judgement, came out
/// as it did: three digits behind `compauth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Composite {
    /// `000`
    FailedByPolicy,
    /// `001`
    Unauthenticated,
    /// `002`
    Forbidden,
    /// `010`
    FailedOwnDomain,
    /// `130`
    TrustedSeal,
    /// `1xx`, `7xx`
    Passed,
    /// `2xx`
    PassedSoftly,
    /// `3xx`
    Unchecked,
    /// `4xx`, `9xx`
    Skipped,
    /// `6xx`
    OwnDomain,
}

impl Composite {
    /// What a `reason` says.
    pub(crate) fn of(reason: &str) -> Option<Self> {
        if reason.len() != 3 || !reason.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        match (reason, reason.as_bytes().first()?) {
            ("000", _) => Some(Self::FailedByPolicy),
            ("001", _) => Some(Self::Unauthenticated),
            ("002", _) => Some(Self::Forbidden),
            ("010", _) => Some(Self::FailedOwnDomain),
            ("130", _) => Some(Self::TrustedSeal),
            (_, b'1' | b'7') => Some(Self::Passed),
            (_, b'2') => Some(Self::PassedSoftly),
            (_, b'3') => Some(Self::Unchecked),
            (_, b'4' | b'9') => Some(Self::Skipped),
            (_, b'6') => Some(Self::OwnDomain),
            _ => None,
        }
    }
}

pub(super) fn spam_level(text: &str) -> Option<Verdict> {
    level(text).map(Verdict::SpamLevel)
}

/// ```text
/// X-Microsoft-Antispam: BCL:0;ARA:13230040|…;
/// ```
pub(super) fn bulk_level(text: &str) -> Option<Verdict> {
    let level = value_of(text, "BCL")?.parse().ok()?;
    (0..=9)
        .contains(&level)
        .then_some(Verdict::BulkLevel(level))
}

/// ```text
/// X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;jmr:0;auth:0;dest:I;ENG:(910001);
/// ```
pub(super) fn mailbox_delivery(text: &str) -> Option<Verdict> {
    let folder = Folder::of(value_of(text, "dest")?)?;
    Some(Verdict::Delivered(folder))
}

pub(super) fn auth_as(text: &str) -> Option<Verdict> {
    AuthAs::of(text).map(Verdict::AuthAs)
}

pub(super) fn auth_source(text: &str) -> Option<Verdict> {
    let server = one_word(text)?;
    Some(Verdict::AuthSource(server.to_owned()))
}

pub(super) fn from_entity(text: &str) -> Option<Verdict> {
    Entity::of(text).map(Verdict::Entity)
}

pub(super) fn directionality(text: &str) -> Option<Verdict> {
    Direction::of(text).map(Verdict::Direction)
}

/// ```text
/// X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp: TenantId=…;Ip=[203.0.113.9];Helo=[mail.contoso.example]
/// ```
pub(super) fn customers_server(text: &str) -> Option<Verdict> {
    let of = |wanted: &str| {
        text.split(';').take(MAX_PAIRS).find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            let value = trimmed(value);
            let value = value.strip_prefix('[').unwrap_or(value);
            let value = value.strip_suffix(']').unwrap_or(value);
            trimmed(key)
                .eq_ignore_ascii_case(wanted)
                .then_some(value)
                .filter(|value| !value.is_empty())
        })
    };
    let ip = of("Ip").filter(|ip| parse_ip(ip).is_some())?.to_owned();
    let helo = of("Helo").and_then(one_word).map(str::to_owned);
    Some(Verdict::CustomersServer { ip, helo })
}

pub(super) fn tenant(text: &str) -> Option<Verdict> {
    let id = one_word(text).filter(|id| id.len() == 36)?;
    Some(Verdict::Tenant(id.to_owned()))
}

pub(super) fn connector(text: &str) -> Option<Verdict> {
    (!text.is_empty()).then(|| Verdict::Connector(shortened(text).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report() {
        let body = "CIP:203.0.113.9;CTRY:FR;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:nspm;H:relay.example.net;PTR:InfoNoRecords;CAT:NONE;SFS:(13230040);DIR:INB;";
        let Some(Verdict::Report(report)) = antispam_report(body) else {
            panic!("no report");
        };
        let wanted = Report {
            way: Some(Way::In),
            client: Some("203.0.113.9".to_owned()),
            country: Some("FR".to_owned()),
            helo: Some("relay.example.net".to_owned()),
            reverse_dns: Some(ReverseDns::Nameless),
            filtered: Some(Filtered::NotSpam),
            category: None,
            level: Some(1),
            listed: Some(Listed::Nowhere),
            bulk: false,
        };
        assert_eq!(report, wanted);
        let verdict = Verdict::Report(report);
        assert_eq!(verdict.result().as_deref(), Some("nspm"));
        for nothing in ["SFV:XYZ;CAT:QQ;SCL:44", "SFV:NSPM;SFV:SPM", "H:a;PTR:b", ""] {
            assert_eq!(antispam_report(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn composite_authentication() {
        assert_eq!(Composite::of("100"), Some(Composite::Passed));
        assert_eq!(Composite::of("130"), Some(Composite::TrustedSeal));
        assert_eq!(Composite::of("451"), Some(Composite::Skipped));
        assert_eq!(Composite::of("001"), Some(Composite::Unauthenticated));
        for reason in ["", "1", "1000", "abc", "\"1\"", "501"] {
            assert_eq!(Composite::of(reason), None, "{reason}");
        }
    }
}
