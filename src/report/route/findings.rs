//! Why, what would settle it, the message itself, the evidence and the warnings, in words.

use super::{Text, instant};
use crate::analysis::{
    Analysis, EvidenceItem, EvidenceKind, ObservedRouteHint, Outcome, Settle, WarningCode,
};
use crate::printable::{machine_name, printable};

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
    /// Its value; `None` where only the user can know it, or where it has none.
    pub(crate) value: Option<Text<'a>>,
    /// Both as a POSIX shell takes them, or as a policy does; with a word in angle brackets, which
    /// neither takes, in a value's place that only the user can know.
    pub(crate) text: String,
    /// The text may be used as it stands.
    pub(crate) is_whole: bool,
    /// It is a key of a connector in a policy, and does not belong on a command line.
    pub(crate) is_of_policy: bool,
    /// When it settles the message; empty where nothing is to be said.
    pub(crate) says: Text<'a>,
}

impl Hint<'_> {
    /// In one line: what, and when.
    #[cfg(feature = "formats")]
    pub(crate) fn line(&self) -> String {
        let policy = if self.is_of_policy {
            "in the policy: "
        } else {
            ""
        };
        match &*self.says {
            "" => format!("{policy}{}", self.text),
            says => format!("{policy}{} ({says})", self.text),
        }
    }
}

/// What would settle an inconclusive: options.
pub(crate) fn settle(analysis: &Analysis) -> Vec<Hint<'_>> {
    hints(&analysis.settle)
}

/// The same, of what was kept of an analysis.
pub(crate) fn hints(settle: &[Settle]) -> Vec<Hint<'_>> {
    let hints = settle.iter().map(|settle| {
        let option = machine_name(settle.option.trim_start_matches('-'));
        let value = settle.value.as_deref().filter(|value| !value.is_empty());
        let is_of_policy = !settle.option.starts_with('-');
        let is_whole = value.is_some() || placeholder(&option).is_none();
        Hint {
            value: value.map(printable),
            is_of_policy,
            text: match is_of_policy {
                true => key(&option, value),
                false => shell(settle, &option, value),
            },
            option,
            is_whole,
            says: printable(&settle.says),
        }
    });
    hints.collect()
}

/// What stands for a value in an option's help, where it must have one.
fn placeholder(option: &str) -> Option<&'static str> {
    Some(match option {
        "smart-host" | "exchange-host" | "receiver" | "trust" | "egress" => "HOST",
        "dkim" | "bounce-domains" => "DOMAIN",
        "authserv-id" => "ID",
        "sender" | "recipient" => "ADDRESS",
        "policy" | "connector" => "FILE",
        _ => return None,
    })
}

/// A policy's key with one value (TOML).
fn key(option: &str, value: Option<&str>) -> String {
    let value = match value {
        Some(value) => {
            let quoted = printable(value).replace('\\', "\\\\").replace('"', "\\\"");
            format!("\"{quoted}\"")
        }
        None => format!("<{}>", placeholder(option).unwrap_or("VALUE")),
    };
    match option {
        "smart-host" => format!("{option} = {value}"),
        _ => format!("{option} = [{value}]"),
    }
}

/// An option and its value as a POSIX shell takes them.
fn shell(settle: &Settle, name: &str, value: Option<&str>) -> String {
    let option = machine_name(&settle.option);
    let Some(value) = value else {
        return match placeholder(name) {
            Some(word) => format!("{option} <{word}>"),
            None => option.into_owned(),
        };
    };
    let quoted = shell_quoted(&printable(value));
    // The value of this one is optional, so it stands only there; others may begin as an option.
    match value.starts_with('-') || name == "mine" {
        true => format!("{option}={quoted}"),
        false => format!("{option} {quoted}"),
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
    use crate::analysis::Sentence;

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
        ] {
            assert_eq!(text("--trust", Some(value)), says);
        }
        assert_eq!(text("--mine", Some("a token")), "--mine='a token'");
    }

    fn text(option: &str, value: Option<&str>) -> String {
        let settle = [Settle {
            option: option.to_owned(),
            value: value.map(str::to_owned),
            says: Sentence::default(),
        }];
        hints(&settle).remove(0).text
    }

    #[test]
    fn a_value_that_only_the_user_knows_is_no_value() {
        for (option, says) in [
            ("--receiver", "--receiver <HOST>"),
            ("--recipient", "--recipient <ADDRESS>"),
            ("--authserv-id", "--authserv-id <ID>"),
            ("--mine", "--mine"),
            ("dkim", "dkim = [<DOMAIN>]"),
            ("smart-host", "smart-host = <HOST>"),
        ] {
            assert_eq!(text(option, None), says);
        }
        assert_eq!(
            text("egress", Some("192.0.2.1")),
            "egress = [\"192.0.2.1\"]"
        );
        assert_eq!(
            text("egress", Some("a\"b\\c")),
            "egress = [\"a\\\"b\\\\c\"]"
        );
    }

    #[test]
    fn conditions_stand_behind_their_options() {
        let settle =
            [("--mine", "if you sent it yourself"), ("egress", "")].map(|(option, says)| Settle {
                option: option.to_owned(),
                value: None,
                says: says.into(),
            });
        let lines: Vec<_> = hints(&settle).iter().map(Hint::line).collect();
        assert_eq!(
            lines,
            [
                "--mine (if you sent it yourself)",
                "in the policy: egress = [<HOST>]"
            ]
        );
    }
}
