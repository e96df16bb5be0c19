//! One message from text to what is known of it: the pipeline, which knows all rooms and no rule.

use crate::analysis::{Analysis, Outcome, WarningCode};
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
    let section = HeaderSection::parse_until(&raw.text, raw.stop());
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
    let trial = |tried: &Expectation| match section.is_stopped() {
        true => Outcome::Error,
        false => reading.judge(tried, |_, _, _, other| other.outcome),
    };
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

#[cfg(test)]
mod stop_tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::Repair;
    use crate::input::Stop;
    use crate::lex::steps;
    use crate::redact::Redactor;

    /// Sets itself after so many questions; tells how many there were.
    fn after(questions: usize) -> (Stop, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let stop = Stop::when(move || count.fetch_add(1, Ordering::Relaxed) >= questions);
        (stop, asked)
    }

    const HOPS: usize = 200;

    fn long() -> String {
        let hop = "Received: from a.example.com (a.example.com [192.0.2.1])\n\tby b.example.com \
                   (Postfix) with ESMTP id x; Tue, 28 Feb 2023 07:51:01 +0000\n";
        format!("{}From: jane.doe@example.com\n\n", hop.repeat(HOPS))
    }

    /// Judged and redacted until it is stopped.
    fn made(text: &str, stop: Stop) -> (Analysis, Option<RawMessage<'static>>) {
        let raw = RawMessage::new(text.as_bytes(), Repair::Encoding).until(stop);
        let expectation = Expectation::exchange();
        let mut analysis = analyze_message(&raw, &expectation, Catalogue::builtin());
        let redacted = Redactor::numbered().redact(&mut analysis, Some(&raw));
        (analysis, redacted)
    }

    #[test]
    fn it_is_asked_once_a_field_and_stops_there() {
        let text = long();
        let (never, asked) = after(usize::MAX);
        let whole = steps::of(|| drop(made(&text, never)));
        let all = asked.load(Ordering::Relaxed);
        assert!(all > 6 * HOPS, "asked {all} times");
        let (analysis, redacted) = made(&text, Stop::default());
        assert!(analysis.error.is_none() && redacted.is_some());
        // At the beginning, among the hops, among what is gathered, in the redaction.
        for part in [0, 20, 45, 70, 90] {
            let (stop, asked) = after(all * part / 100);
            let mut left = None;
            let done = steps::of(|| left = Some(made(&text, stop)));
            let (analysis, redacted) = left.expect("it was made");
            let code = analysis.error.as_ref().map(|error| error.code.as_str());
            assert_eq!(code, Some("given-up"), "{part} %");
            assert!(analysis.hops.is_empty() && redacted.is_none(), "{part} %");
            let told = format!("{analysis:?}");
            assert!(!told.contains("jane"), "{part} %: half of it is told");
            // A few more questions than loops, and hardly any work.
            let more = asked.load(Ordering::Relaxed) - all * part / 100;
            assert!(more < 100, "{part} %: asked {more} times behind a yes");
            assert!(part > 0 || done < whole / 100, "{done} steps of {whole}");
        }
    }
}
