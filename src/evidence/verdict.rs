//! What a receiving platform or a filter says it made of a message: name and body of one such
//! field in, what it says out.
//!
//! Read are Microsoft 365's fields (the page "Anti-spam message headers" of its documentation, and
//! [MS-OXCMAIL] 2.1.3.2.24 for the SCL), Exchange's own of who sent it, and those of SpamAssassin,
//! rspamd, postgrey, Fastmail, Proofpoint and Mimecast that name the way it took or why it waited.
//! All of it explains and nothing identifies: whoever sends a message can write the like. Codes
//! that Microsoft does not document are passed over. Knows nothing of who is believed.

use std::borrow::Cow;

use super::value::{trimmed, unfolded};
use crate::lex::parse_ip;

/// Pairs of one field that are looked at; Microsoft writes some twenty.
const MAX_PAIRS: usize = 64;

/// What stands in a sentence before a name that its owner chose freely.
pub(crate) const NAMED: &str = " named: ";

/// Characters of a value that are repeated.
const MAX_VALUE: usize = 80;

/// Which way a message went when the field was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In, from outside.
    In,
    /// Out of the organisation that wrote it.
    Out,
    /// From one of its mailboxes to another.
    Within,
}

/// What one field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The one word of it, in lower case: a documented code, never free text.
    pub result: Option<String>,
    /// The client's address that it names.
    pub client: Option<String>,
    /// Which way the message went.
    pub way: Option<Way>,
    /// All of it, in words.
    pub says: String,
}

impl Verdict {
    fn new(result: &str, says: String) -> Self {
        Self {
            result: (!result.is_empty()).then(|| shortened(result).to_ascii_lowercase()),
            client: None,
            way: None,
            says,
        }
    }
}

type Read = fn(&str) -> Option<Verdict>;

/// The fields by their names; Exchange writes some of them under two prefixes.
const FIELDS: [(&str, Read); 19] = [
    ("X-Forefront-Antispam-Report", antispam_report),
    ("X-Forefront-Antispam-Report-Untrusted", antispam_report),
    ("X-Microsoft-Antispam", bulk_level),
    ("X-Microsoft-Antispam-Untrusted", bulk_level),
    ("X-Microsoft-Antispam-Mailbox-Delivery", mailbox_delivery),
    ("X-Spam-Status", spam_status),
    ("X-Spam-Flag", spam_status),
    ("X-Spam-Source", spam_source),
    ("X-Rspamd-Action", rspamd_action),
    ("X-Rspamd-Pre-Result", rspamd_early),
    ("X-Spamd-Result", rspamd_result),
    ("X-Greylist", greylist),
    ("X-Proofpoint-Spam-Details", proofpoint),
    ("X-Mimecast-Originator", mimecast_originator),
    ("X-Mimecast-Spam-Score", mimecast_score),
    ("X-MS-Exchange-Organization-SCL", spam_level),
    (
        "X-MS-Exchange-Organization-MessageDirectionality",
        directionality,
    ),
    (
        "X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp",
        tenants_server,
    ),
    ("X-MS-Exchange-CrossTenant-Id", tenant),
];

/// What stands behind `X-MS-Exchange-Organization-` and `X-MS-Exchange-CrossTenant-`.
const OF_EXCHANGE: [(&str, Read); 3] = [
    ("AuthAs", auth_as),
    ("AuthSource", auth_source),
    ("FromEntityHeader", from_entity),
];

const PREFIXES: [&str; 2] = ["X-MS-Exchange-Organization-", "X-MS-Exchange-CrossTenant-"];

/// What a field says, if it is one of these and holds something that is known.
pub fn read(name: &str, body: &str) -> Option<Verdict> {
    let of_exchange = || {
        PREFIXES.iter().find_map(|prefix| {
            let (start, rest) = name.split_at_checked(prefix.len())?;
            start.eq_ignore_ascii_case(prefix).then_some(rest)
        })
    };
    let known = FIELDS
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, read)| *read);
    let read = known.or_else(|| {
        let rest = of_exchange()?;
        let own = OF_EXCHANGE
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(rest));
        match own {
            Some((_, read)) => Some(*read),
            None => is_connector(rest).then_some(connector as Read),
        }
    })?;
    read(&unfolded(body))
}

/// `OutboundConnector`, `ConnectorName`, `InboundConnectorId` …
fn is_connector(name: &str) -> bool {
    ["connector", "connectorname", "connectorid"]
        .iter()
        .any(|end| name.to_ascii_lowercase().ends_with(end))
}

/// `SFV` (spam filtering verdict).
const FILTERED: [(&str, &str); 10] = [
    ("NSPM", "filtering found no spam in it"),
    ("SPM", "filtering found it to be spam"),
    (
        "SKN",
        "it was let through before filtering, as by a mail flow rule",
    ),
    (
        "SKS",
        "it was marked as spam before filtering, as by a mail flow rule",
    ),
    (
        "SKA",
        "it was not filtered: its sender is on an allow list of the policy",
    ),
    ("SKB", "its sender is on a block list of the policy"),
    ("SKQ", "it was released from quarantine"),
    (
        "SFE",
        "it was not filtered: its sender is on the recipient's safe list",
    ),
    (
        "BLK",
        "it was not filtered: its sender is on the recipient's block list",
    ),
    (
        "SKI",
        "it was not filtered: it is mail within the organisation",
    ),
];

/// `CAT` (the policy that was applied).
const CATEGORIES: [(&str, &str); 18] = [
    ("NONE", ""),
    ("AMP", "malware"),
    ("MALW", "malware"),
    ("FTBP", "an attachment of a barred type"),
    ("SAP", "a dangerous attachment"),
    ("BIMP", "an impersonated brand"),
    ("DIMP", "an impersonated domain"),
    ("UIMP", "an impersonated user"),
    ("GIMP", "an impersonated correspondent"),
    ("BULK", "bulk mail"),
    ("SPM", "spam"),
    ("HSPM", "spam, with high confidence"),
    ("OSPM", "spam on its way out"),
    ("PHSH", "phishing"),
    ("HPHSH", "phishing, with high confidence"),
    ("HPHISH", "phishing, with high confidence"),
    ("INTOS", "phishing within the organisation"),
    ("SPOOF", "a forged sender"),
];

fn known<'t>(table: &[(&str, &'t str)], code: &str) -> Option<&'t str> {
    let row = table.iter().find(|(own, _)| own.eq_ignore_ascii_case(code));
    row.map(|(_, says)| *says)
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
fn antispam_report(text: &str) -> Option<Verdict> {
    let of = |key| value_of(text, key);
    let way = of("DIR").and_then(way_of);
    let client = of("CIP").filter(|ip| is_client(ip));
    let mut says = Vec::new();
    if let Some(way) = client.or(of("DIR").filter(|_| way.is_some())).map(|_| way) {
        says.push(journey(way, client, text));
    }
    let filtered = of("SFV").and_then(|code| Some((code, known(&FILTERED, code)?)));
    says.extend(filtered.map(|(code, meaning)| format!("{meaning} (SFV:{code})")));
    let category = of("CAT").and_then(|code| Some((code, known(&CATEGORIES, code)?)));
    says.extend(
        category
            .filter(|(_, meaning)| !meaning.is_empty())
            .map(|(code, meaning)| format!("it was judged to be {meaning} (CAT:{code})")),
    );
    says.extend(of("SCL").and_then(level));
    says.extend(match of("IPV").unwrap_or_default() {
        "NLI" => Some("the address is on no reputation list (IPV:NLI)".to_owned()),
        "CAL" => Some(
            "it was not filtered: the address is on the allow list of the organisation (IPV:CAL)"
                .to_owned(),
        ),
        _ => None,
    });
    if of("SRV").is_some_and(|code| code.eq_ignore_ascii_case("BULK")) {
        says.push("it is bulk mail (SRV:BULK)".to_owned());
    }
    if says.is_empty() {
        return None;
    }
    let word = filtered.map_or("", |(code, _)| code);
    let mut verdict = Verdict::new(word, says.join("; "));
    verdict.client = client.map(str::to_owned);
    verdict.way = way;
    Some(verdict)
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

/// `it came in from 203.0.113.9 (FR), which called itself relay.example.net`
fn journey(way: Option<Way>, client: Option<&str>, text: &str) -> String {
    let mut says = match way {
        Some(Way::In) => "it came in",
        Some(Way::Out) => "it was on its way out",
        Some(Way::Within) => "it stayed within the organisation",
        None => "it was taken",
    }
    .to_owned();
    let Some(client) = client else {
        return says;
    };
    says.push_str(if way == Some(Way::In) || way.is_none() {
        " from "
    } else {
        ", and had been taken from "
    });
    says.push_str(client);
    if let Some(country) = value_of(text, "CTRY") {
        says.push_str(&format!(" ({})", shortened(country)));
    }
    if let Some(helo) = value_of(text, "H") {
        says.push_str(&format!(", which called itself {}", shortened(helo)));
    }
    match value_of(text, "PTR") {
        Some(none) if none.starts_with("Info") => says.push_str(", an address without a name"),
        Some(name) => says.push_str(&format!(", with the reverse DNS {}", shortened(name))),
        None => {}
    }
    says
}

/// The spam confidence level, of which the documentation names -1, 0, 1, 5, 6, 8 and 9.
fn level(text: &str) -> Option<String> {
    let meaning = match text.parse::<i8>().ok()? {
        -1 => "not filtered",
        0..=1 => "not spam",
        2..=4 => "hardly spam",
        5..=6 => "spam",
        7..=10 => "spam, with high confidence",
        _ => return None,
    };
    Some(format!("spam confidence level {text}: {meaning}"))
}

/// What the three digits behind Microsoft's `compauth` say: why its composite authentication, of
/// SPF, DKIM, DMARC and its own judgement, came out as it did.
pub fn composite(reason: &str) -> Option<&'static str> {
    let digits = reason.len() == 3 && reason.bytes().all(|byte| byte.is_ascii_digit());
    match reason {
        _ if !digits => None,
        "000" => Some("it failed DMARC, whose policy is to refuse or to quarantine"),
        "001" => Some(
            "its domain publishes no authentication, or a weak one, and nothing else speaks for it",
        ),
        "002" => Some("the recipient's organisation forbids this sender to be forged"),
        "010" => Some("it failed DMARC, and its domain is the recipient's own"),
        "130" => Some("an ARC seal that is trusted outweighs a failed DMARC"),
        _ => match reason.as_bytes().first() {
            Some(b'1' | b'7') => Some("it passed"),
            Some(b'2') => Some("it passed softly, by Microsoft's own judgement"),
            Some(b'3') => Some("it was not checked"),
            Some(b'4' | b'9') => Some("the check was skipped"),
            Some(b'6') => Some("it failed, and its domain is the recipient's own"),
            _ => None,
        },
    }
}

fn spam_level(text: &str) -> Option<Verdict> {
    Some(Verdict::new(text, level(text)?))
}

/// ```text
/// X-Microsoft-Antispam: BCL:0;ARA:13230040|…;
/// ```
fn bulk_level(text: &str) -> Option<Verdict> {
    let level = value_of(text, "BCL")?;
    let meaning = match level.parse::<u8>().ok()? {
        0 => "not from a bulk sender",
        1..=3 => "a bulk sender of whom few complain",
        4..=7 => "a bulk sender of whom some complain",
        8..=9 => "a bulk sender of whom many complain",
        _ => return None,
    };
    Some(Verdict::new(
        level,
        format!("bulk complaint level {level}: {meaning}"),
    ))
}

/// ```text
/// X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;jmr:0;auth:0;dest:I;ENG:(910001);
/// ```
fn mailbox_delivery(text: &str) -> Option<Verdict> {
    let code = value_of(text, "dest")?;
    let folders = [
        ("I", "the inbox"),
        ("J", "the junk folder"),
        ("C", "a folder that a rule names"),
    ];
    let folder = known(&folders, code)?;
    Some(Verdict::new(
        code,
        format!("it was delivered to {folder} (dest:{code})"),
    ))
}

fn auth_as(text: &str) -> Option<Verdict> {
    let meanings = [
        ("Internal", "as from an authenticated sender of its own"),
        ("Anonymous", "as from outside: nobody authenticated"),
        ("Partner", "as from a partner organisation"),
        ("External", "as from outside"),
    ];
    let meaning = known(&meanings, text)?;
    let mut verdict = Verdict::new(text, format!("an Exchange organisation took it {meaning}"));
    verdict.way = text.eq_ignore_ascii_case("Internal").then_some(Way::Out);
    Some(verdict)
}

fn auth_source(text: &str) -> Option<Verdict> {
    let server = one_word(text)?;
    let says = format!("the Exchange server that said so is {server}");
    Some(Verdict::new("", says))
}

fn from_entity(text: &str) -> Option<Verdict> {
    let (way, meaning) = match text.to_ascii_lowercase().as_str() {
        "hosted" => (
            Some(Way::Out),
            "it was written from a mailbox of that organisation in the cloud",
        ),
        "hybridonprem" => (
            Some(Way::Out),
            "it came over that organisation's connector from its servers on its own premises",
        ),
        "internet" => (Some(Way::In), "it came from the Internet"),
        _ => return None,
    };
    let mut verdict = Verdict::new(text, meaning.to_owned());
    verdict.way = way;
    Some(verdict)
}

fn directionality(text: &str) -> Option<Verdict> {
    let (way, meaning) = match text.to_ascii_lowercase().as_str() {
        "originating" => (Way::Out, "the organisation counts it as its own, going out"),
        "incoming" => (Way::In, "the organisation counts it as coming in"),
        _ => return None,
    };
    let mut verdict = Verdict::new(text, meaning.to_owned());
    verdict.way = Some(way);
    Some(verdict)
}

/// ```text
/// X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp: TenantId=…;Ip=[203.0.113.9];Helo=[mail.contoso.example]
/// ```
fn tenants_server(text: &str) -> Option<Verdict> {
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
    let ip = of("Ip").filter(|ip| parse_ip(ip).is_some())?;
    let helo = of("Helo").and_then(one_word);
    let named = helo.map_or_else(String::new, |helo| format!(", which called itself {helo}"));
    let mut verdict = Verdict::new(
        "",
        format!(
            "Exchange Online took it for its customer from the customer's own server {ip}{named}"
        ),
    );
    verdict.client = Some(ip.to_owned());
    verdict.way = Some(Way::Out);
    Some(verdict)
}

fn tenant(text: &str) -> Option<Verdict> {
    let id = one_word(text).filter(|id| id.len() == 36)?;
    let says = format!("it was sent by the Exchange Online organisation{NAMED}{id}");
    let mut verdict = Verdict::new("", says);
    verdict.way = Some(Way::Out);
    Some(verdict)
}

fn connector(text: &str) -> Option<Verdict> {
    let says = format!("it went over the connector{NAMED}{}", shortened(text));
    (!text.is_empty()).then(|| Verdict::new("", says))
}

/// ```text
/// X-Spam-Status: No, score=-4.2 required=5.0 tests=DKIM_SIGNED,SPF_PASS autolearn=ham
/// ```
fn spam_status(text: &str) -> Option<Verdict> {
    let word = text.split([',', ' ', ';']).next()?;
    let meaning = known(
        &[
            ("yes", "a filter found it to be spam"),
            ("no", "a filter found no spam in it"),
        ],
        word,
    )?;
    let score = ["score=", "hits="].iter().find_map(|key| {
        let (_, behind) = text.split_once(key)?;
        let number: f32 = behind.split([' ', ',', ';']).next()?.parse().ok()?;
        number.is_finite().then_some(number)
    });
    let score = score.map_or_else(String::new, |score| format!(", score {score}"));
    Some(Verdict::new(word, format!("{meaning}{score}")))
}

/// Fastmail's: `X-Spam-source: IP='203.0.113.9', Host='relay.example.net', Country='US', …`
fn spam_source(text: &str) -> Option<Verdict> {
    let of = |key: &str| {
        let (_, behind) = text.split_once(key)?;
        let (value, _) = behind.split_once('\'')?;
        (!value.is_empty()).then_some(value)
    };
    let ip = of("IP='").filter(|ip| parse_ip(ip).is_some())?;
    let host = of("Host='").and_then(one_word);
    let named = host.map_or_else(String::new, |host| format!(", host {host}"));
    let mut verdict = Verdict::new("", format!("a filter takes {ip}{named} for its source"));
    verdict.client = Some(ip.to_owned());
    Some(verdict)
}

/// rspamd's actions; two of them put the message off.
const ACTIONS: [(&str, &str); 7] = [
    ("no action", "a filter let it through"),
    ("add header", "a filter marked it as probable spam"),
    (
        "rewrite subject",
        "a filter marked it as probable spam in the subject",
    ),
    ("reject", "a filter would refuse it"),
    (
        "greylist",
        "a filter put it off once, which delays it (greylisting)",
    ),
    (
        "soft reject",
        "a filter put it off for a while, which delays it",
    ),
    ("quarantine", "a filter put it into quarantine"),
];

fn rspamd_action(text: &str) -> Option<Verdict> {
    Some(Verdict::new(text, known(&ACTIONS, text)?.to_owned()))
}

/// ```text
/// X-Rspamd-Pre-Result: action=no action; module=replies; Message is reply to one we originated
/// ```
fn rspamd_early(text: &str) -> Option<Verdict> {
    let mut parts = text.split(';').map(trimmed);
    let action = parts.next()?.strip_prefix("action=")?;
    let meaning = known(&ACTIONS, action)?;
    let module = parts
        .find_map(|part| part.strip_prefix("module="))
        .and_then(one_word);
    let by = module.map_or_else(String::new, |module| format!(", by its module {module}"));
    Some(Verdict::new(action, format!("{meaning}{by}")))
}

/// ```text
/// X-Spamd-Result: default: False [-4.00 / 50.00]; REPLY(-4.00)[];
/// ```
fn rspamd_result(text: &str) -> Option<Verdict> {
    let (head, _) = text.split_once(';').unwrap_or((text, ""));
    let (before, score) = head.split_once('[')?;
    let (score, _) = score.split_once('/')?;
    let score: f32 = trimmed(score)
        .parse()
        .ok()
        .filter(|score: &f32| score.is_finite())?;
    let word = before.rsplit(':').next().map(trimmed)?;
    let meaning = known(
        &[
            ("true", "a filter found it to be spam"),
            ("false", "a filter found no spam in it"),
        ],
        word,
    )?;
    Some(Verdict::new(word, format!("{meaning}, score {score}")))
}

/// ```text
/// X-Greylist: delayed 361 seconds by postgrey-1.37 at mx.example.net; Tue, 10 Jun 2025 08:30:06 UTC
/// X-Greylist: delayed 00:28:24 by SQLgrey-1.8.0
/// ```
fn greylist(text: &str) -> Option<Verdict> {
    let rest = text
        .get(..8)
        .filter(|word| word.eq_ignore_ascii_case("delayed "));
    let rest = rest.and_then(|_| text.get(8..))?;
    let (time, behind) = rest.split_once(" by ")?;
    let time = trimmed(time);
    let plain = time
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b' ' || b == b':');
    let software = behind.split([' ', ';']).next().and_then(one_word);
    let by = software.map_or_else(String::new, |software| format!(" ({software})"));
    let says = format!("it was put off once by greylisting, which delayed it by {time}{by}");
    (plain && time.len() < 24).then(|| Verdict::new("delayed", says))
}

/// ```text
/// X-Proofpoint-Spam-Details: rule=outbound_notspam policy=outbound score=0 spamscore=0 …
/// ```
fn proofpoint(text: &str) -> Option<Verdict> {
    let of = |wanted: &str| {
        text.split([' ', ';'])
            .take(MAX_PAIRS)
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == wanted)
            .and_then(|(_, value)| one_word(value))
    };
    of("rule")?;
    let (way, meaning) = match of("policy") {
        Some(policy) if policy.contains("outbound") => {
            (Some(Way::Out), "Proofpoint filtered it on its way out")
        }
        _ => (None, "Proofpoint filtered it"),
    };
    let mut verdict = Verdict::new("", meaning.to_owned());
    verdict.way = way;
    Some(verdict)
}

fn mimecast_originator(text: &str) -> Option<Verdict> {
    let domain = one_word(text)?;
    let mut verdict = Verdict::new("", format!("Mimecast took it from its customer {domain}"));
    verdict.way = Some(Way::Out);
    Some(verdict)
}

fn mimecast_score(text: &str) -> Option<Verdict> {
    let score: i32 = text.parse().ok()?;
    Some(Verdict::new(
        text,
        format!("Mimecast filtered it, score {score}"),
    ))
}

/// A value that is one plain word, and not too long to be shown.
fn one_word(text: &str) -> Option<&str> {
    let plain = !text.is_empty()
        && text.len() <= MAX_VALUE
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    plain.then_some(text)
}

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(name: &str, body: &str) -> String {
        let folded = body.replace(' ', "\r\n ");
        let verdict = read(name, body);
        assert_eq!(
            verdict,
            read(name, &folded).filter(|_| true),
            "folded: {body}"
        );
        verdict.map_or_else(|| "-".to_owned(), |verdict| verdict.says)
    }

    #[test]
    fn microsofts_report() {
        let body = "CIP:203.0.113.9;CTRY:FR;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;H:relay.example.net;PTR:relay.example.net;CAT:NONE;SFS:(13230040)(4143199003);DIR:INB;";
        let verdict = read("x-forefront-antispam-report", body).expect("a verdict");
        assert_eq!(verdict.result.as_deref(), Some("nspm"));
        assert_eq!(verdict.client.as_deref(), Some("203.0.113.9"));
        assert_eq!(verdict.way, Some(Way::In));
        assert_eq!(
            verdict.says,
            "it came in from 203.0.113.9 (FR), which called itself relay.example.net, with the reverse DNS relay.example.net; \
             filtering found no spam in it (SFV:NSPM); spam confidence level 1: not spam; \
             the address is on no reputation list (IPV:NLI)"
        );
        let spaced = body.replace(';', "; ");
        assert_eq!(read("X-Forefront-Antispam-Report", &spaced), Some(verdict));
        for (body, wanted) in [
            (
                "CIP:255.255.255.255;CTRY:;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;H:mail.contoso.example;PTR:;CAT:NONE;SFS:;DIR:OUT;SFP:1101;",
                "it was on its way out; filtering found no spam in it (SFV:NSPM); spam confidence level 1: not spam; the address is on no reputation list (IPV:NLI)",
            ),
            (
                "CIP:203.0.113.9;IPV:CAL;SFV:SKN;SCL:-1;PTR:InfoDomainNonexistent;CAT:HPHISH;DIR:INT;SRV:BULK",
                "it stayed within the organisation, and had been taken from 203.0.113.9, an address without a name; it was let through before filtering, as by a mail flow rule (SFV:SKN); it was judged to be phishing, with high confidence (CAT:HPHISH); spam confidence level -1: not filtered; it was not filtered: the address is on the allow list of the organisation (IPV:CAL); it is bulk mail (SRV:BULK)",
            ),
            ("SFV:XYZ;CAT:QQ;SCL:44;SFS:(1)", "-"),
            ("SFV:NSPM;SFV:SPM", "-"),
            ("", "-"),
        ] {
            assert_eq!(says("X-Forefront-Antispam-Report", body), wanted, "{body}");
        }
    }

    #[test]
    fn exchanges_own() {
        for (name, body, wanted, way) in [
            (
                "X-MS-Exchange-Organization-SCL",
                "-1",
                "spam confidence level -1: not filtered",
                None,
            ),
            (
                "X-MS-Exchange-Organization-SCL",
                "6",
                "spam confidence level 6: spam",
                None,
            ),
            ("X-MS-Exchange-Organization-SCL", "x", "-", None),
            (
                "X-Microsoft-Antispam",
                "BCL:0;ARA:13230040|4143199003;",
                "bulk complaint level 0: not from a bulk sender",
                None,
            ),
            ("X-Microsoft-Antispam", "BCL:;", "-", None),
            (
                "X-Microsoft-Antispam-Mailbox-Delivery",
                "ucf:0;jmr:0;auth:0;dest:J;ENG:(910001);",
                "it was delivered to the junk folder (dest:J)",
                None,
            ),
            (
                "X-MS-Exchange-CrossTenant-AuthAs",
                "Internal",
                "an Exchange organisation took it as from an authenticated sender of its own",
                Some(Way::Out),
            ),
            (
                "x-ms-exchange-organization-authas",
                "Anonymous",
                "an Exchange organisation took it as from outside: nobody authenticated",
                None,
            ),
            (
                "X-MS-Exchange-CrossTenant-AuthSource",
                "EX01.contoso.example",
                "the Exchange server that said so is EX01.contoso.example",
                None,
            ),
            (
                "X-MS-Exchange-CrossTenant-FromEntityHeader",
                "HybridOnPrem",
                "it came over that organisation's connector from its servers on its own premises",
                Some(Way::Out),
            ),
            (
                "X-MS-Exchange-CrossTenant-FromEntityHeader",
                "Internet",
                "it came from the Internet",
                Some(Way::In),
            ),
            (
                "X-MS-Exchange-Organization-MessageDirectionality",
                "Incoming",
                "the organisation counts it as coming in",
                Some(Way::In),
            ),
            (
                "X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp",
                "TenantId=00000000-0000-0000-0000-000000000000; Ip=[203.0.113.9]; Helo=[EX01.contoso.example]",
                "Exchange Online took it for its customer from the customer's own server 203.0.113.9, which called itself EX01.contoso.example",
                Some(Way::Out),
            ),
            (
                "X-MS-Exchange-CrossTenant-Id",
                "00000000-0000-0000-0000-000000000000",
                "it was sent by the Exchange Online organisation named: 00000000-0000-0000-0000-000000000000",
                Some(Way::Out),
            ),
            (
                "X-MS-Exchange-Organization-OutboundConnector",
                "To the relay",
                "it went over the connector named: To the relay",
                None,
            ),
            (
                "X-MS-Exchange-Organization-Network-Message-Id",
                "1",
                "-",
                None,
            ),
        ] {
            assert_eq!(says(name, body), wanted, "{name}: {body}");
            assert_eq!(
                read(name, body).and_then(|verdict| verdict.way),
                way,
                "{name}"
            );
        }
    }

    #[test]
    fn composite_authentication() {
        assert_eq!(composite("100"), Some("it passed"));
        assert_eq!(composite("451"), Some("the check was skipped"));
        assert!(composite("001").is_some_and(|says| says.contains("weak")));
        for reason in ["", "1", "1000", "abc", "\"1\"", "501"] {
            assert_eq!(composite(reason), None, "{reason}");
        }
    }

    #[test]
    fn filters() {
        for (name, body, wanted) in [
            (
                "X-Spam-Status",
                "No, score=-4.2 required=5.0 tests=DKIM_SIGNED,SPF_PASS autolearn=ham",
                "a filter found no spam in it, score -4.2",
            ),
            ("X-Spam-Flag", "YES", "a filter found it to be spam"),
            ("X-Spam-Status", "maybe", "-"),
            (
                "X-Spam-source",
                "IP='203.0.113.9', Host='relay.example.net', Country='US'",
                "a filter takes 203.0.113.9, host relay.example.net for its source",
            ),
            (
                "X-Rspamd-Action",
                "soft reject",
                "a filter put it off for a while, which delays it",
            ),
            (
                "X-Rspamd-Pre-Result",
                "action=greylist; module=greylist; greylisted",
                "a filter put it off once, which delays it (greylisting), by its module greylist",
            ),
            (
                "X-Spamd-Result",
                "default: False [-4.00 / 50.00]; REPLY(-4.00)[]",
                "a filter found no spam in it, score -4",
            ),
            (
                "X-Greylist",
                "delayed 361 seconds by postgrey-1.37 at mx.example.net; Tue, 10 Jun 2025 08:30:06 UTC",
                "it was put off once by greylisting, which delayed it by 361 seconds (postgrey-1.37)",
            ),
            (
                "X-Greylist",
                "delayed 00:28:24 by SQLgrey-1.8.0",
                "it was put off once by greylisting, which delayed it by 00:28:24 (SQLgrey-1.8.0)",
            ),
            ("X-Greylist", "from auto-whitelisted by SQLgrey-1.8.0", "-"),
            (
                "X-Proofpoint-Spam-Details",
                "rule=outbound_notspam policy=outbound score=0 mlxscore=0",
                "Proofpoint filtered it on its way out",
            ),
            (
                "X-Proofpoint-Spam-Details",
                "rule=notspam policy=default score=0",
                "Proofpoint filtered it",
            ),
            (
                "X-Mimecast-Originator",
                "contoso.example",
                "Mimecast took it from its customer contoso.example",
            ),
            (
                "X-Mimecast-Spam-Score",
                "1",
                "Mimecast filtered it, score 1",
            ),
        ] {
            assert_eq!(says(name, body), wanted, "{name}: {body}");
        }
    }

    #[test]
    fn nothing_makes_it_panic() {
        let names = FIELDS.iter().map(|(name, _)| (*name).to_owned());
        let of_exchange = OF_EXCHANGE
            .iter()
            .map(|(name, _)| format!("X-MS-Exchange-Organization-{name}"));
        for name in names.chain(of_exchange) {
            for piece in [
                "", ":", ";", "=", "é", "IP='", "CIP:", "[", "score=", "delayed ", "\u{0}", "'",
            ] {
                for count in [1, 2, 5000] {
                    let verdict = read(&name, &piece.repeat(count));
                    assert!(
                        verdict.is_none_or(|verdict| verdict.says.len() < 1000),
                        "{name}"
                    );
                }
            }
        }
    }
}
