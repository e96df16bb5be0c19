//! Fields of filters other than Microsoft's.

use super::{MAX_PAIRS, Verdict, one_word};
use crate::evidence::value::trimmed;
use crate::lex::parse_ip;

codes! {
    /// rspamd's actions; two of them put the message off.
    Action {
        None = "no action",
        Header = "add header",
        Subject = "rewrite subject",
        Reject = "reject",
        Greylist = "greylist",
        SoftReject = "soft reject",
        Quarantine = "quarantine",
    }
}

/// Whether a filter found a message to be spam.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SpamScore {
    /// Its word for it, in lower case.
    pub(super) word: &'static str,
    /// It did.
    pub(crate) is_spam: bool,
    /// Its score.
    pub(crate) score: Option<f32>,
}

/// ```text
/// X-Spam-Status: No, score=-4.2 required=5.0 tests=DKIM_SIGNED,SPF_PASS autolearn=ham
/// ```
pub(super) fn spam_status(text: &str) -> Option<Verdict> {
    let word = text.split([',', ' ', ';']).next()?;
    let (word, is_spam) = of_word(word, [("yes", true), ("no", false)])?;
    let score = ["score=", "hits="].iter().find_map(|key| {
        let (_, behind) = text.split_once(key)?;
        let number: f32 = behind.split([' ', ',', ';']).next()?.parse().ok()?;
        number.is_finite().then_some(number)
    });
    Some(Verdict::Spam(SpamScore {
        word,
        is_spam,
        score,
    }))
}

fn of_word(word: &str, known: [(&'static str, bool); 2]) -> Option<(&'static str, bool)> {
    let mut known = known.into_iter();
    known.find(|(own, _)| own.eq_ignore_ascii_case(word))
}

/// Fastmail's: `X-Spam-source: IP='203.0.113.9', Host='relay.example.net', Country='US', …`
pub(super) fn spam_source(text: &str) -> Option<Verdict> {
    let of = |key: &str| {
        let (_, behind) = text.split_once(key)?;
        let (value, _) = behind.split_once('\'')?;
        (!value.is_empty()).then_some(value)
    };
    let ip = of("IP='").filter(|ip| parse_ip(ip).is_some())?.to_owned();
    let host = of("Host='").and_then(one_word).map(str::to_owned);
    Some(Verdict::SpamSource { ip, host })
}

pub(super) fn rspamd_action(text: &str) -> Option<Verdict> {
    let action = Action::of(text)?;
    let module = None;
    Some(Verdict::Action { action, module })
}

/// ```text
/// X-Rspamd-Pre-Result: action=no action; module=replies; Message is reply to one we originated
/// ```
pub(super) fn rspamd_early(text: &str) -> Option<Verdict> {
    let mut parts = text.split(';').map(trimmed);
    let action = Action::of(parts.next()?.strip_prefix("action=")?)?;
    let module = parts.find_map(|part| part.strip_prefix("module="));
    let module = module.and_then(one_word).map(str::to_owned);
    Some(Verdict::Action { action, module })
}

/// ```text
/// X-Spamd-Result: default: False [-4.00 / 50.00]; REPLY(-4.00)[];
/// ```
pub(super) fn rspamd_result(text: &str) -> Option<Verdict> {
    let (head, _) = text.split_once(';').unwrap_or((text, ""));
    let (before, score) = head.split_once('[')?;
    let (score, _) = score.split_once('/')?;
    let score: f32 = trimmed(score).parse().ok()?;
    let word = before.rsplit(':').next().map(trimmed)?;
    let (word, is_spam) = of_word(word, [("true", true), ("false", false)])?;
    score.is_finite().then_some(Verdict::Spam(SpamScore {
        word,
        is_spam,
        score: Some(score),
    }))
}

/// ```text
/// X-Greylist: delayed 361 seconds by postgrey-1.37 at mx.example.net; Tue, 10 Jun 2025 08:30:06 UTC
/// X-Greylist: delayed 00:28:24 by SQLgrey-1.8.0
/// ```
pub(super) fn greylist(text: &str) -> Option<Verdict> {
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
    (plain && time.len() < 24).then(|| Verdict::Greylisted {
        time: time.to_owned(),
        software: software.map(str::to_owned),
    })
}

/// ```text
/// X-Proofpoint-Spam-Details: rule=outbound_notspam policy=outbound score=0 spamscore=0 …
/// ```
pub(super) fn proofpoint(text: &str) -> Option<Verdict> {
    let of = |wanted: &str| {
        text.split([' ', ';'])
            .take(MAX_PAIRS)
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == wanted)
            .and_then(|(_, value)| one_word(value))
    };
    of("rule")?;
    let out = of("policy").is_some_and(|policy| policy.contains("outbound"));
    Some(Verdict::Proofpoint { out })
}

pub(super) fn mimecast_originator(text: &str) -> Option<Verdict> {
    let domain = one_word(text)?;
    Some(Verdict::MimecastOriginator(domain.to_owned()))
}

pub(super) fn mimecast_score(text: &str) -> Option<Verdict> {
    text.parse().ok().map(Verdict::MimecastScore)
}
