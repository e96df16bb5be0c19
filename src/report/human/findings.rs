//! Why, what would settle it, the message itself, the evidence and the warnings: lists.

use std::fmt::{self, Write};

use super::instant;
use super::layout::{Ink, Page};
use crate::analysis::{Analysis, EvidenceItem, EvidenceKind, Settle};
use crate::report::sanitize::{machine_name, printable};

/// As many addresses of a field as are worth reading; the rest is counted.
const ADDRESSES_MAX: usize = 3;

pub(super) fn reasons<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    if analysis.reasons.is_empty() {
        return Ok(());
    }
    page.section("Why")?;
    let lines = Gutter::of(analysis.reasons.iter().map(|reason| reason.line));
    for reason in &analysis.reasons {
        let label = format!("  {}", lines.label(reason.line));
        page.item((Ink::Faint, &label), (Ink::Plain, &printable(&reason.says)))?;
    }
    Ok(())
}

pub(super) fn settle<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    if analysis.settle.is_empty() {
        return Ok(());
    }
    page.section("What would settle it, if you know it to be so")?;
    for settle in &analysis.settle {
        // Never wrapped: it is there to be copied.
        page.put(Ink::Plain, "  ")?;
        page.line(Ink::Copy, &option(settle))?;
    }
    Ok(())
}

/// An option and its value as a POSIX shell takes them.
fn option(settle: &Settle) -> String {
    let option = machine_name(&settle.option);
    let value = shell_quoted(&printable(&settle.value));
    match settle.value.as_str() {
        "" => option.into_owned(),
        value_like_an_option if value_like_an_option.starts_with('-') => {
            format!("{option}={value}")
        }
        _ => format!("{option} {value}"),
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

pub(super) fn message<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    let message = &analysis.message;
    let text = |text: &Option<String>| text.as_deref().map(|text| printable(text).into_owned());
    let rows = [
        ("From", addresses(&message.from)),
        ("Sender", text(&message.sender)),
        ("To", addresses(&message.to)),
        ("Subject", text(&message.subject)),
        ("Date", message.date.as_deref().map(instant)),
        ("Message-ID", text(&message.message_id)),
        ("Return-Path", text(&message.return_path)),
    ];
    if rows.iter().all(|(_, value)| value.is_none()) {
        return Ok(());
    }
    page.section("Message")?;
    for (label, value) in rows {
        if let Some(value) = value {
            let value = if value.is_empty() { "(empty)" } else { &value };
            page.item(
                (Ink::Faint, &format!("  {label:11}  ")),
                (Ink::Plain, value),
            )?;
        }
    }
    Ok(())
}

fn addresses(addresses: &[String]) -> Option<String> {
    let shown: Vec<_> = addresses
        .iter()
        .take(ADDRESSES_MAX)
        .map(|address| printable(address))
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

/// What is attested, and apart from it what is only claimed, so that nobody takes it for proof.
pub(super) fn evidence<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    let items = &analysis.evidence;
    let lines = items
        .iter()
        .map(|item| item.line.to_string().len())
        .max()
        .unwrap_or(0);
    let kinds = items
        .iter()
        .map(|item| item.kind.as_str().len())
        .max()
        .unwrap_or(0);
    for (attested, ink, title) in [
        (
            true,
            Ink::Plain,
            "Evidence attested by the recipient's side [where it points]",
        ),
        (false, Ink::Faint, "Evidence only claimed [where it points]"),
    ] {
        let mut items = items
            .iter()
            .filter(|item| item.attested == attested)
            .peekable();
        if items.peek().is_some() {
            page.section(title)?;
        }
        for item in items {
            let label = format!(
                "  line {:lines$}  {:kinds$}  ",
                item.line,
                item.kind.as_str()
            );
            page.item((Ink::Faint, &label), (ink, &fact(item)))?;
        }
    }
    Ok(())
}

fn fact(item: &EvidenceItem) -> String {
    let mut says = String::new();
    if item.kind == EvidenceKind::Marker && !item.says.contains(&item.field) {
        says.push_str(&machine_name(&item.field));
        says.push_str(": ");
    }
    says.push_str(&printable(&item.says));
    if let Some(route) = item.points_to {
        says.push_str(" [");
        says.push_str(route.as_str());
        says.push(']');
    }
    says
}

pub(super) fn warnings<W: Write>(analysis: &Analysis, page: &mut Page<'_, W>) -> fmt::Result {
    if analysis.warnings.is_empty() {
        return Ok(());
    }
    page.section("Warnings")?;
    let lines = Gutter::of(analysis.warnings.iter().map(|warning| warning.line));
    let codes = analysis
        .warnings
        .iter()
        .map(|warning| warning.code.as_str().len());
    let codes = codes.max().unwrap_or(0);
    for warning in &analysis.warnings {
        let line = lines.label(warning.line);
        page.put(Ink::Faint, &format!("  {line}"))?;
        let code = format!("{:codes$}  ", warning.code.as_str());
        let indent = lines.width() + 2;
        page.item_at(
            indent,
            (Ink::Doubt, &code),
            (Ink::Plain, &printable(&warning.says)),
        )?;
    }
    Ok(())
}

/// The column with the lines of the input: as wide as its widest and a gap, absent where there is none.
struct Gutter(usize);

impl Gutter {
    fn of(lines: impl Iterator<Item = Option<u32>>) -> Self {
        Self(
            lines
                .flatten()
                .map(|line| line.to_string().len())
                .max()
                .unwrap_or(0),
        )
    }

    fn width(&self) -> usize {
        if self.0 == 0 {
            0
        } else {
            "line   ".len() + self.0
        }
    }

    fn label(&self, line: Option<u32>) -> String {
        match line {
            Some(line) => format!("line {line:>width$}  ", width = self.0),
            None => " ".repeat(self.width()),
        }
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
            ("", "--trust"),
        ] {
            let settle = Settle {
                option: "--trust".to_owned(),
                value: value.to_owned(),
            };
            assert_eq!(option(&settle), says);
        }
    }
}
