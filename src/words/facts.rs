//! A sentence for each fact.

use std::borrow::Cow;

use super::instant;
use super::reasons::spf_identity;
use super::verdicts::{composite as why, verdict};
use crate::evidence::fact::Fact;
use crate::evidence::{Dkim, OtherResult, ReturnPath, Signature, Spf};

/// What a fact says.
pub(crate) fn fact(fact: &Fact<'_>) -> String {
    match fact {
        Fact::Spf(result) => spf(result),
        Fact::Dkim(result) => dkim(result),
        Fact::Other { result, composite } => other(result, composite.map(why)),
        Fact::Signature {
            signature: own,
            result,
        } => signature(own, *result),
        Fact::ReturnPath { path, of_sender } => return_path(path, *of_sender),
        Fact::MessageId(Some(host)) => ["made at ", host].concat(),
        Fact::MessageId(None) => "names no host".to_owned(),
        Fact::ThreadIndex(begun) => match begun.and_then(instant) {
            Some(begun) => {
                let known = "written by Exchange or Outlook; the conversation began at ";
                [known, &begun].concat()
            }
            None => "written by Exchange or Outlook".to_owned(),
        },
        Fact::OfExchange("") => "a field that Exchange adds".to_owned(),
        Fact::OfExchange(value) => ["a field that Exchange adds: ", &shortened(value)].concat(),
        Fact::Marker {
            provider,
            value,
            verdict: known,
            ..
        } => {
            let says = known.as_ref().map(|known| Cow::Owned(verdict(known)));
            let says = says.unwrap_or_else(|| shortened(value));
            ["a field that ", provider, " adds: ", &says].concat()
        }
        Fact::Verdict(known) => verdict(known),
        Fact::Helo { name, .. } => ["the client at the border called itself ", name].concat(),
    }
}

/// ` for DOMAIN`, where there is one.
fn about<'d>(domain: &'d Option<Cow<'_, str>>) -> (&'static str, &'d str) {
    match domain.as_deref() {
        Some(domain) => (" for ", domain),
        None => ("", ""),
    }
}

fn spf(spf: &Spf<'_>) -> String {
    let word = spf.word.to_ascii_lowercase();
    let (about, domain) = about(&spf.domain);
    let (behind, client) = match spf.client.as_deref() {
        Some(client) => ("), client ", client),
        None => (")", ""),
    };
    let identity = spf_identity(spf.identity);
    let unchecked = match spf.nothing_checked {
        true => ", and its comment says that no record was checked",
        false => "",
    };
    [
        "SPF ", &word, about, domain, " (", identity, behind, client, unchecked,
    ]
    .concat()
}

fn dkim(dkim: &Dkim<'_>) -> String {
    let word = dkim.word.to_ascii_lowercase();
    let (about, domain) = about(&dkim.domain);
    ["DKIM ", &word, about, domain].concat()
}

fn other(other: &OtherResult<'_>, meaning: Option<&str>) -> String {
    let method = other.method.to_ascii_uppercase();
    let word = other.word.to_ascii_lowercase();
    let (about, domain) = about(&other.domain);
    let (behind, meaning) = match meaning {
        Some(meaning) => (": ", meaning),
        None => ("", ""),
    };
    [&method, " ", &word, about, domain, behind, meaning].concat()
}

fn signature(signature: &Signature<'_>, result: Option<&str>) -> String {
    let domain = signature.domain.as_deref().unwrap_or("an unknown domain");
    let (comma, algorithm) = match signature.algorithm.as_deref() {
        Some(algorithm) => (", ", algorithm),
        None => ("", ""),
    };
    let result = match result.map(str::to_ascii_lowercase) {
        Some(word) => ["; the result \"", &word, "\" may be about it"].concat(),
        None => String::new(),
    };
    let claims = "a signature that claims ";
    [claims, domain, comma, algorithm, &result].concat()
}

fn return_path(path: &ReturnPath<'_>, of_sender: bool) -> String {
    let own = &*path.address;
    match (path.decoded.as_deref(), of_sender) {
        (Some(address), true) => ["<", own, ">, in which ", address, " is the sender"].concat(),
        (Some(address), false) => ["<", own, ">, with ", address, " in it"].concat(),
        (None, _) if own.is_empty() => "<>, the null reverse-path of a notification".to_owned(),
        (None, _) => ["<", own, ">"].concat(),
    }
}

/// The beginning of a long value; the whole stands in the header.
fn shortened(value: &str) -> Cow<'_, str> {
    const SHOWN: usize = 120;
    if value.len() <= SHOWN {
        return Cow::Borrowed(value);
    }
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", value.get(..end).unwrap_or(value))),
        None => Cow::Borrowed(value),
    }
}
