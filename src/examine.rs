//! One message from text to what is known of it: the pipeline, which knows all rooms and no rule.

use crate::analysis::{Analysis, WarningCode};
use crate::anomaly;
use crate::catalogue::Catalogue;
use crate::evidence::{self, Decoded};
use crate::header::{End, HeaderSection};
use crate::input::RawMessage;
use crate::message::Summary;
use crate::policy::Expectation;
use crate::route::Facts;
use crate::route::expected::Expected;
use crate::route::reading::{Reading, leave_open};
use crate::route::rules::{Exits, Verdict};
use crate::route::settle::{Offer, settle};
use crate::trace::chain::Chain;
use crate::wire;

/// How much of an [`Analysis`] is filled in. The outcome, its reasons, what was expected and what
/// was observed are the same in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// What one line and the counts need: no evidence and no warnings, of the message only whom it
    /// names, and of the hops only the one that took longest.
    Verdict,
    /// All of it.
    #[default]
    Full,
}

/// Analyses a message that was read with [`RawMessage::new`].
pub fn analyze_message(
    raw: &RawMessage<'_>,
    expectation: &Expectation,
    catalogue: &Catalogue,
) -> Analysis {
    analyze_with(raw, expectation, catalogue, Detail::Full)
}

/// The same, and no more of it than is wanted: much of a whole analysis is text.
pub fn analyze_with(
    raw: &RawMessage<'_>,
    expectation: &Expectation,
    catalogue: &Catalogue,
    detail: Detail,
) -> Analysis {
    let analysis = examine(raw, expectation, catalogue, |examined| {
        wire::analysis(examined, detail)
    });
    analysis.unwrap_or_else(|| wire::no_header(raw, catalogue))
}

/// One message, examined. Anomalies, facts and hops are worked out for whoever asks for them.
#[derive(Debug)]
pub(crate) struct Examined<'e, 'a, 'x> {
    /// The input.
    pub(crate) raw: &'e RawMessage<'e>,
    /// The header, its path and its evidence.
    pub(crate) facts: &'e Facts<'a, 'x>,
    /// What the message says of itself.
    pub(crate) message: &'e Summary,
    /// The known exits.
    pub(crate) exits: &'e Exits<'a>,
    /// What was expected.
    pub(crate) expected: &'e Expected<'a>,
    /// The outcome and what it rests on.
    pub(crate) verdict: Verdict<'a, 'x>,
    /// What would settle an inconclusive one.
    pub(crate) settle: Vec<Offer<'a>>,
}

/// Examines one message; `None` where it has no header field.
fn examine<T>(
    raw: &RawMessage<'_>,
    expectation: &Expectation,
    catalogue: &Catalogue,
    then: impl FnOnce(&Examined<'_, '_, '_>) -> T,
) -> Option<T> {
    let section = HeaderSection::parse(&raw.text);
    if section.fields().is_empty() {
        return None;
    }
    let decoded = Decoded::of(&section);
    let mut notes = raw.notes.iter();
    let reading = Reading {
        section: &section,
        chain: &Chain::of(&section),
        evidence: &evidence::gather_decoded(&section, &decoded),
        message: &Summary::of(&section),
        catalogue,
        boundary: raw.boundary(),
        cut: matches!(section.ended_by(), End::NoField(_) | End::Limit)
            || notes.any(|noted| noted.note.code() == WarningCode::Truncated),
    };
    let trial = |tried: &Expectation| reading.judge(tried, |_, _, _, other| other.outcome);
    Some(
        reading.judge(expectation, |facts, exits, expected, verdict| {
            let mut examined = Examined {
                raw,
                facts,
                message: reading.message,
                exits,
                expected,
                settle: settle(facts, exits, expected, &verdict, &trial),
                verdict,
            };
            if anomaly::is_limited(&examined) {
                leave_open(&mut examined.verdict);
            }
            then(&examined)
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Outcome;
    use crate::input::Repair;

    /// The analyses with all and with less detail.
    fn analyses(addressed: &str) -> [Analysis; 2] {
        let header = [
            "Received: from relay.example.net (relay.example.net [192.0.2.25])\r\n\
             \tby mx.example.org (Postfix) with ESMTPS id 4PQsPF43SEm78WdxQ\r\n\
             \tfor <john@example.org>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)\r\n\
             From: <newsletter@example.com>\r\n",
            addressed,
            "\r\n\r\n",
        ]
        .concat();
        let raw = RawMessage::new(header.as_bytes(), Repair::Encoding);
        let relay = "relay.example.net".parse().expect("a host");
        let expectation = Expectation::connector([relay]);
        [Detail::Full, Detail::Verdict]
            .map(|detail| analyze_with(&raw, &expectation, Catalogue::builtin(), detail))
    }

    /// A colleague's address may forward to the one that received the message.
    #[test]
    fn whom_a_message_is_addressed_to_adds_doubt_whatever_is_shown() {
        for (addressed, outcome) in [
            ("To: <john@example.org>", Outcome::Pass),
            ("To: <colleague@example.com>", Outcome::Inconclusive),
            (
                "To: <partner@fabrikam.example>\r\nCC: Colleague <colleague@example.com>",
                Outcome::Inconclusive,
            ),
            (
                "To: <colleague@example.com>\r\nCc: <john@example.org>",
                Outcome::Pass,
            ),
            ("To: <partner@fabrikam.example>", Outcome::Pass),
        ] {
            let [full, verdict] = analyses(addressed);
            assert_eq!(full.outcome, outcome, "{addressed}");
            assert_eq!(verdict.outcome, full.outcome, "{addressed}");
            assert_eq!(verdict.reasons, full.reasons, "{addressed}");
        }
    }
}
