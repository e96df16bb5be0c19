//! Why, what would settle it, the message itself, the evidence and the warnings, in words.

use super::{Text, instant};
use crate::analysis::{
    Analysis, EvidenceItem, EvidenceKind, ObservedRouteHint, Outcome, Settle, WarningCode,
};
use crate::report::sanitize::{machine_name, printable};

/// As many addresses of a field as are worth reading; the rest is counted.
const ADDRESSES_MAX: usize = 3;

/// A reason or a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding<'a> {
    /// The line that it rests on.
    pub(crate) line: Option<u32>,
    /// The sentence.
    pub(crate) says: Text<'a>,
}

/// Why, the deciding reason first.
pub(crate) fn reasons(analysis: &Analysis) -> Vec<Finding<'_>> {
    let reasons = analysis.reasons.iter().map(|reason| Finding {
        line: reason.line,
        says: printable(&reason.says),
    });
    reasons.collect()
}

/// The heading of the warnings: nobody needs to be alarmed by one beside a pass.
pub(crate) const fn warnings_title(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "Warnings (they do not change the verdict)",
        Outcome::Fail | Outcome::Inconclusive | Outcome::Unchecked | Outcome::Error => "Warnings",
    }
}

/// What is strange, each with its code.
pub(crate) fn warnings(analysis: &Analysis) -> Vec<(WarningCode, Finding<'_>)> {
    let warnings = analysis.warnings.iter().map(|warning| {
        let finding = Finding {
            line: warning.line,
            says: printable(&warning.says),
        };
        (warning.code, finding)
    });
    warnings.collect()
}

/// What would settle an inconclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint<'a> {
    /// The option's name, without the dashes.
    pub(crate) option: Text<'a>,
    /// Its value; empty where none is known.
    pub(crate) value: Text<'a>,
    /// Both as a POSIX shell takes them.
    pub(crate) shell: String,
    /// When it settles the message.
    pub(crate) says: Text<'a>,
}

/// What would settle an inconclusive: options.
pub(crate) fn settle(analysis: &Analysis) -> Vec<Hint<'_>> {
    let hints = analysis.settle.iter().map(|settle| Hint {
        option: machine_name(settle.option.trim_start_matches('-')),
        value: printable(settle.value.as_deref().unwrap_or_default()),
        shell: option(settle),
        says: printable(&settle.says),
    });
    hints.collect()
}

/// An option and its value as a POSIX shell takes them.
fn option(settle: &Settle) -> String {
    let option = machine_name(&settle.option);
    if let (Some(value), false) = (&settle.value, settle.option.starts_with('-')) {
        // A key of the policy, as it stands there.
        return format!("{option} = [\"{}\"]", printable(value).replace('"', "\\\""));
    }
    let plain = settle.value.as_deref().unwrap_or_default();
    let value = shell_quoted(&printable(plain));
    match plain {
        "" => match placeholder(&settle.option) {
            // Brackets and capitals: nothing that could be pasted by mistake.
            Some(what) => format!("{option} <{what}>"),
            None => option.into_owned(),
        },
        value_like_an_option if value_like_an_option.starts_with('-') => {
            format!("{option}={value}")
        }
        _ => format!("{option} {value}"),
    }
}

/// What an option's value is, where only the user can know it.
fn placeholder(option: &str) -> Option<&'static str> {
    match option {
        "--receiver" | "--trust" | "--smart-host" | "--exchange-host" | "egress" => Some("HOST"),
        "--recipient" | "--sender" => Some("ADDRESS"),
        "--authserv-id" => Some("ID"),
        "bounce-domains" | "dkim" => Some("DOMAIN"),
        _ => None,
    }
}

/// Quoted unless every character means itself (POSIX.1 Shell Command Language 2.2). What is
/// claimed in a header may be offered here, so a value must never be more than one word.
fn shell_quoted(value: &str) -> String {
    let means_itself = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/@%+=,-".contains(&byte);
    if !value.is_empty() && value.bytes().all(means_itself) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

/// A longer text of the sender's is cut: nobody reads it, and a field may have 64 MiB.
const TEXT_MAX: usize = 2000;

fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT_MAX) {
        Some((end, _)) => format!("{}…", printable(text.get(..end).unwrap_or_default())),
        None => printable(text).into_owned(),
    }
}

/// What the message says of itself: label and value, in a fixed order.
pub(crate) fn message(analysis: &Analysis) -> Vec<(&'static str, String)> {
    let message = &analysis.message;
    let text = |text: &Option<String>| text.as_deref().map(cut);
    let rows = [
        ("From", addresses(&message.from)),
        ("Sender", text(&message.sender)),
        ("To", addresses(&message.to)),
        ("Subject", text(&message.subject)),
        ("Date", message.date.as_deref().map(instant)),
        ("Message-ID", text(&message.message_id)),
        ("Return-Path", text(&message.return_path)),
    ];
    let rows = rows.into_iter().filter_map(|(label, value)| {
        let value = value?;
        let empty = value.is_empty();
        Some((label, if empty { "(empty)".to_owned() } else { value }))
    });
    rows.collect()
}

fn addresses(addresses: &[String]) -> Option<String> {
    let shown: Vec<_> = addresses
        .iter()
        .take(ADDRESSES_MAX)
        .map(|address| cut(address))
        .collect();
    match addresses.len() {
        0 => None,
        count if count > ADDRESSES_MAX => Some(format!(
            "{} and {} more",
            shown.join(", "),
            count - ADDRESSES_MAX
        )),
        _ => Some(shown.join(", ")),
    }
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// Its line.
    pub(crate) line: u32,
    /// Its kind.
    pub(crate) kind: EvidenceKind,
    /// The sentence.
    pub(crate) says: String,
    /// Where it points.
    pub(crate) points_to: Option<ObservedRouteHint>,
}

/// The evidence that the recipient's side attests, and apart from it what is only claimed, so that
/// nobody takes it for proof.
pub(crate) fn evidence(analysis: &Analysis, attested: bool) -> Vec<Fact> {
    let items = analysis.evidence.iter();
    let items = items.filter(|item| item.attested == attested);
    items.map(fact).collect()
}

fn fact(item: &EvidenceItem) -> Fact {
    let mut says = String::new();
    let is_field = matches!(item.kind, EvidenceKind::Marker | EvidenceKind::Verdict);
    if is_field && !item.says.contains(&item.field) {
        says.push_str(&machine_name(&item.field));
        says.push_str(": ");
    }
    says.push_str(&printable(&item.says));
    Fact {
        line: item.line,
        kind: item.kind,
        says,
        points_to: item.points_to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_one_word_to_a_shell() {
        for (value, says) in [
            ("mx.example.com", "--trust mx.example.com"),
            ("192.0.2.0/24", "--trust 192.0.2.0/24"),
            ("2001:db8::/32", "--trust 2001:db8::/32"),
            ("*.example.com", "--trust '*.example.com'"),
            ("a;reboot", "--trust 'a;reboot'"),
            ("$(reboot)", "--trust '$(reboot)'"),
            ("o'neill@example.com", r"--trust 'o'\''neill@example.com'"),
            ("a b", "--trust 'a b'"),
            ("-x", "--trust=-x"),
            ("~root", "--trust '~root'"),
            ("a\nreboot", r"--trust 'a\u{a}reboot'"),
            ("", "--trust <HOST>"),
        ] {
            let settle = Settle {
                option: "--trust".to_owned(),
                value: Some(value.to_owned()),
                says: String::new(),
            };
            assert_eq!(option(&settle), says);
        }
    }
}
