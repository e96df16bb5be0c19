//! What must hold of any message: the fixtures, damaged, forged upon and pasted in many ways.
//!
//! The fixtures are only the start here; what they say of themselves is tested in `fixtures.rs`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

#[path = "fuzz/strangers.rs"]
mod strangers;

mod cases;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;
use smarthop::input::mbox::Doubt;
use smarthop::policy::Vouching;
use smarthop::report::{JunitReport, Lines, Markdown, Record, Report, Style};
use smarthop::{Catalogue, Detail, Expectation, RawMessage, Repair};

use cases::Case;

/// A fixture as far as the library is concerned.
struct Sample {
    name: String,
    bytes: Vec<u8>,
    expectation: Expectation,
    /// The hosts that the run names, which a forger would name too.
    named: Vec<String>,
    pasted: bool,
    exact: bool,
}

/// The hosts that a case of `check` names; `None` where a user's own word (that he sent it, a
/// policy's row) may make of a forger's the truth.
fn named(case: &Case) -> Option<Vec<String>> {
    const ASKED: &[&str] = &[
        "--smart-host",
        "--exchange-host",
        "--expect",
        "--platform",
        "--receiver",
        "--trust",
        "--authserv-id",
        "--sender",
    ];
    let (command, options) = case.args.split_first()?;
    let pairs = || options.chunks(2);
    let is_asked = |pair: &[String]| pair.len() == 2 && ASKED.contains(&pair[0].as_str());
    if command != "check" || !pairs().all(is_asked) {
        return None;
    }
    let hosts = pairs().filter(|pair| matches!(&*pair[0], "--smart-host" | "--exchange-host"));
    Some(hosts.map(|pair| pair[1].clone()).collect())
}

static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let sample = |case: Case| {
        Some(Sample {
            named: named(&case)?,
            bytes: case.message(),
            expectation: case.expectation(&[]).unwrap(),
            name: case.name,
            pasted: case.pasted,
            exact: case.exact,
        })
    };
    let samples: Vec<_> = cases::all().into_iter().filter_map(sample).collect();
    assert!(samples.len() >= 40, "only {} samples", samples.len());
    samples
});

fn analysis(bytes: &[u8], sample: &Sample, repair: Repair) -> Value {
    let raw = RawMessage::new(bytes, repair);
    let analysis = smarthop::analyze_message(&raw, &sample.expectation, Catalogue::builtin());
    serde_json::to_value(analysis).unwrap()
}

fn outcome(analysis: &Value) -> &str {
    analysis["outcome"].as_str().unwrap()
}

/// A fixture whose text is a message as it was received.
fn is_plain(sample: &Sample) -> bool {
    !sample.pasted && !sample.exact
}

fn plain_samples() -> impl Iterator<Item = &'static Sample> {
    SAMPLES.iter().filter(|sample| is_plain(sample))
}

/// Damage that a mail program, a transport or a forger may do.
#[derive(Debug, Clone)]
enum Damage {
    Flip(Index, u8),
    Delete(Index, usize),
    Insert(Index, Vec<u8>),
    RepeatLine(Index),
    DropLine(Index),
    Truncate(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    let byte = select(b" \t\r\n()<>[]\";:@,.=\\\0\x1b\xe9af09".to_vec());
    prop_oneof![
        4 => (at(), byte.clone()).prop_map(|(at, byte)| Damage::Flip(at, byte)),
        2 => (at(), 1..40usize).prop_map(|(at, count)| Damage::Delete(at, count)),
        2 => (at(), prop::collection::vec(byte, 1..20)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        2 => at().prop_map(Damage::RepeatLine),
        2 => at().prop_map(Damage::DropLine),
        1 => at().prop_map(Damage::Truncate),
    ]
}

fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for damage in damages {
        if bytes.is_empty() {
            break;
        }
        let line_at = |at: usize, bytes: &[u8]| {
            let start = bytes[..at]
                .iter()
                .rposition(|b| *b == b'\n')
                .map_or(0, |lf| lf + 1);
            let end = bytes[at..]
                .iter()
                .position(|b| *b == b'\n')
                .map_or(bytes.len(), |lf| at + lf + 1);
            start..end
        };
        match damage {
            Damage::Flip(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Damage::Delete(at, count) => {
                let at = at.index(bytes.len());
                let end = (at + count).min(bytes.len());
                bytes.drain(at..end);
            }
            Damage::Insert(at, new) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, new.iter().copied());
            }
            Damage::RepeatLine(at) => {
                let line = line_at(at.index(bytes.len()), &bytes);
                let copy = bytes[line.clone()].to_vec();
                bytes.splice(line.end..line.end, copy);
            }
            Damage::DropLine(at) => {
                let line = line_at(at.index(bytes.len()), &bytes);
                bytes.drain(line);
            }
            Damage::Truncate(at) => bytes.truncate(at.index(bytes.len())),
        }
    }
    bytes
}

/// Lines are counted from 1 and lie in the input; hops are numbered from the origin, which stands
/// lowest.
fn is_well_placed(analysis: &Value, bytes: &[u8]) -> Result<(), TestCaseError> {
    let lines = bytes.iter().filter(|b| **b == b'\n').count() as u64
        + bytes.iter().filter(|b| **b == b'\r').count() as u64
        + 1;
    for list in ["reasons", "evidence", "warnings", "hops"] {
        for item in analysis[list].as_array().unwrap() {
            if let Some(line) = item["line"].as_u64() {
                prop_assert!(
                    (1..=lines).contains(&line),
                    "{list}: line {line} of {lines}"
                );
            }
        }
    }
    let hops = analysis["hops"].as_array().unwrap();
    for (index, hop) in hops.iter().enumerate() {
        prop_assert_eq!(hop["number"].as_u64().unwrap(), index as u64 + 1);
    }
    for pair in hops.windows(2) {
        prop_assert!(pair[0]["line"].as_u64() > pair[1]["line"].as_u64());
        // What is believed is the newest stretch, without a hole.
        prop_assert!(
            !pair[0]["believed"].as_bool().unwrap() || pair[1]["believed"].as_bool().unwrap()
        );
    }
    let evidence = analysis["evidence"].as_array().unwrap();
    for pair in evidence.windows(2) {
        prop_assert!(pair[0]["line"].as_u64() <= pair[1]["line"].as_u64());
    }
    match analysis["observed"]["hop"].as_u64() {
        Some(hop) => prop_assert!((1..=hops.len() as u64).contains(&hop)),
        None => prop_assert!(
            !matches!(outcome(analysis), "pass" | "fail")
                || analysis["observed"]["identity"] == "dkim"
        ),
    }
    if outcome(analysis) == "pass" {
        prop_assert_eq!(&analysis["observed"]["attested"], &Value::Bool(true));
        prop_assert_ne!(&analysis["observed"]["border"], "guessed");
        prop_assert_ne!(&analysis["observed"]["identity"], "helo");
        prop_assert_eq!(
            &analysis["observed"]["route"],
            &analysis["expected"]["route"]
        );
    }
    if outcome(analysis) == "fail" {
        prop_assert!(!analysis["reasons"].as_array().unwrap().is_empty());
    }
    Ok(())
}

/// A verdict alone is that of the whole analysis, and what a format that asks for no more makes of
/// both is the same, a doubtful boundary included.
fn is_verdict_alike(bytes: &[u8], sample: &Sample, repair: Repair) -> Result<(), TestCaseError> {
    let mut formats: [Box<dyn Report>; 3] = [
        Box::new(Lines {
            style: Style::default(),
            summary: true,
        }),
        Box::new(JunitReport::default()),
        Box::new(Markdown::default()),
    ];
    for doubtful in [false, true] {
        let mut raw = RawMessage::new(bytes, repair);
        if doubtful {
            raw = raw.in_doubt(1, Doubt::Separator);
        }
        let [full, verdict] = [Detail::Full, Detail::Verdict].map(|detail| {
            let (expectation, catalogue) = (&sample.expectation, Catalogue::builtin());
            smarthop::analyze_with(&raw, expectation, catalogue, detail)
        });
        prop_assert_eq!(full.outcome, verdict.outcome);
        prop_assert_eq!(&full.reasons, &verdict.reasons);
        prop_assert_eq!(&full.settle, &verdict.settle);
        prop_assert_eq!(&full.expected, &verdict.expected);
        prop_assert_eq!(&full.observed, &verdict.observed);
        for format in &mut formats {
            prop_assert_eq!(format.detail(), Detail::Verdict);
            let [of_full, of_verdict] = [&full, &verdict].map(|analysis| {
                let mut part = Vec::new();
                format.message(analysis, None, &mut part);
                String::from_utf8(part).unwrap()
            });
            prop_assert_eq!(of_full, of_verdict);
        }
        prop_assert_eq!(Record::from(full), Record::from(verdict));
    }
    Ok(())
}

#[test]
fn a_fixtures_verdict_alone_is_that_of_the_whole() {
    for sample in SAMPLES.iter() {
        for repair in [Repair::Encoding, Repair::Pasted] {
            let alike = is_verdict_alike(&sample.bytes, sample, repair);
            alike.unwrap_or_else(|error| panic!("{}: {error}", sample.name));
        }
    }
}

/// 128 cases, or as many as `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: cases.and_then(|cases| cases.parse().ok()).unwrap_or(128),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Where a token stands in a mail that is not its author's: `{T}` is the token.
const QUOTED_TOKENS: &[&str] = &[
    "References: <{T}@example.com>",
    "In-Reply-To: <{T}@example.com>",
    "Subject: Re: {T}",
    "Subject: [list] AW: {T}",
    "Thread-Topic: {T}",
    "Comments: {T}",
    "Resent-Message-ID: <{T}@example.com>",
    "X-Original-Message-ID: <{T}@example.com>",
    "Keywords: {T}\nAuto-Submitted: auto-replied",
];

/// An analysis without what says of a token that it is not there.
fn without_token_warning(mut analysis: Value) -> Value {
    let warnings = analysis["warnings"].as_array_mut().unwrap();
    warnings.retain(|warning| warning["code"] != "not-mine");
    analysis
}

proptest! {
    #![proptest_config(config())]

    /// A token of `--mine` that a message lacks, or only quotes, changes nothing but a warning.
    #[test]
    fn a_token_that_is_not_the_authors_changes_nothing(
        index in any::<Index>(),
        damages in prop::collection::vec(damage(), 0..4),
        quoted in prop::collection::vec((select(QUOTED_TOKENS), any::<Index>()), 0..3),
    ) {
        let sample = index.get(&SAMPLES[..]);
        let mut bytes = damaged(&sample.bytes, &damages);
        for (line, at) in quoted {
            let starts: Vec<usize> = std::iter::once(0)
                .chain((1..bytes.len()).filter(|at| bytes[at - 1] == b'\n'))
                .collect();
            let line = format!("{}\n", line.replace("{T}", "route-test-7f3a9c"));
            let at = *at.get(&starts);
            bytes.splice(at..at, line.bytes());
        }
        let raw = RawMessage::new(&bytes, Repair::Encoding);
        let mut expectation = sample.expectation.clone();
        let [without, with] = [Vouching::None, Vouching::Token("route-test-7f3a9c".to_owned())].map(|mine| {
            expectation.mine = mine;
            let analysis = smarthop::analyze_message(&raw, &expectation, Catalogue::builtin());
            serde_json::to_value(analysis).unwrap()
        });
        prop_assert_eq!(&with["message"]["mine"], &Value::Null);
        let error = with["outcome"] == "error";
        let warned = |analysis: &Value| analysis["warnings"].to_string().contains("not-mine");
        prop_assert_eq!((warned(&without), warned(&with)), (false, !error), "{}", sample.name);
        prop_assert_eq!(without_token_warning(without), without_token_warning(with), "{}", sample.name);
    }

    #[test]
    fn damage_never_panics_and_every_place_is_in_the_input(
        index in any::<Index>(),
        damages in prop::collection::vec(damage(), 1..8),
    ) {
        let sample = index.get(&SAMPLES[..]);
        let bytes = damaged(&sample.bytes, &damages);
        for repair in [Repair::Encoding, Repair::Pasted] {
            is_well_placed(&analysis(&bytes, sample, repair), &bytes)?;
            is_verdict_alike(&bytes, sample, repair)?;
        }
    }

    #[test]
    fn line_ends_make_no_difference_to_a_damaged_message(
        index in any::<Index>(),
        damages in prop::collection::vec(damage(), 0..5),
    ) {
        let sample = index.get(&SAMPLES[..]);
        prop_assume!(!sample.exact);
        let mut lf = damaged(&sample.bytes, &damages);
        lf.retain(|b| *b != b'\r');
        let crlf: Vec<u8> = lf
            .iter()
            .flat_map(|b| match b {
                b'\n' => b"\r\n".to_vec(),
                b => vec![*b],
            })
            .collect();
        for repair in [Repair::Encoding, Repair::Pasted] {
            prop_assert_eq!(
                without_cr(&analysis(&lf, sample, repair)),
                without_cr(&analysis(&crlf, sample, repair)),
                "{}",
                sample.name
            );
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), index in any::<Index>()) {
        let sample = index.get(&SAMPLES[..]);
        for repair in [Repair::Encoding, Repair::Pasted] {
            let analysis = analysis(&bytes, sample, repair);
            prop_assert_ne!(outcome(&analysis), "pass");
        }
    }

    /// Monotony of trust: what anybody may write below the border's stamp never makes a pass, and
    /// never moves the hand-over.
    #[test]
    fn forged_fields_below_the_border_never_make_a_pass(
        index in any::<Index>(),
        forgeries in prop::collection::vec((0..FORGERIES.len(), any::<Index>(), any::<Index>()), 1..6),
    ) {
        let (sample, before, at) = index.get(&BORDERS[..]);
        let at = behind_results(&sample.bytes, *at);
        let mut forged = sample.bytes.clone();
        let fields: String = forgeries
            .iter()
            .map(|(which, host, stamp)| forgery(FORGERIES[*which], sample, before, *host, *stamp))
            .collect();
        forged.splice(at..at, fields.bytes());
        let after = analysis(&forged, sample, Repair::Encoding);
        // `--authserv-id` is the user's word that its service always writes there.
        let named = !sample.expectation.authserv_ids.is_empty();
        if !depends_on_claims(before) && !named && outcome(before) != "pass" {
            prop_assert_ne!(outcome(&after), "pass", "{} with\n{}", sample.name, fields);
        }
        // An exit that passed without a claim's help goes on passing or is doubted; it is no fail.
        if outcome(before) == "pass" {
            prop_assert_ne!(outcome(&after), "fail", "{} with\n{}", sample.name, fields);
        }
        prop_assert_eq!(hand_over_line(before), hand_over_line(&after), "{} with\n{}", sample.name, fields);
    }

    /// The same, where everything below the border is the forger's, From apart: it decides whose
    /// domain is the sender's own.
    #[test]
    fn damage_below_the_border_never_makes_a_pass(
        index in any::<Index>(),
        damages in prop::collection::vec(damage(), 1..8),
    ) {
        let (sample, before, at) = index.get(&BORDERS[..]);
        let at = behind_results(&sample.bytes, *at);
        // `--authserv-id` is the user's word that its service always writes there.
        let named = !sample.expectation.authserv_ids.is_empty();
        // A claim that only adds doubt adds none where it is taken away.
        let first = before["reasons"][0]["code"].as_str().unwrap();
        let doubted = matches!(first, "resent-perhaps" | "recipient-not-known");
        if outcome(before) == "pass" || depends_on_claims(before) || doubted || named {
            return Ok(());
        }
        let mut bytes = sample.bytes[..at].to_vec();
        // The field of its own line keeps damage from folding into what stands above.
        bytes.extend(b"X-Below: 1\n");
        bytes.extend(damaged(&sample.bytes[at..], &damages));
        let after = analysis(&bytes, sample, Repair::Encoding);
        if after["message"]["from"] == before["message"]["from"] {
            prop_assert_ne!(outcome(&after), "pass", "{}", sample.name);
        }
    }
}

/// Where the fields end that receivers write directly below their own stamp: nobody else's field
/// gets between the two.
fn behind_results(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    let mut inside = false;
    for line in bytes[at..].split_inclusive(|byte| *byte == b'\n') {
        let starts = |name: &str| {
            line.get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        };
        inside = match line.first() {
            Some(b' ' | b'\t') => inside,
            _ => [
                "Authentication-Results:",
                "Received-SPF:",
                "Return-Path:",
                "X-",
            ]
            .iter()
            .any(|name| starts(name)),
        };
        if !inside {
            break;
        }
        end += line.len();
    }
    end
}

/// A quoted string may hold a line end (RFC 5322 3.2.4), as it was given.
fn without_cr(analysis: &Value) -> String {
    analysis.to_string().replace("\\r", "")
}

/// Verdicts that rest on what stands below by the contract itself: an exit that also receives for
/// others must be shown as this sender's by its own stamps; Exchange's own stamp right below keeps
/// a match by domain from counting; and behind a guessed border it is open where claims begin.
fn depends_on_claims(analysis: &Value) -> bool {
    let first = analysis["reasons"][0]["code"].as_str().unwrap_or_default();
    matches!(
        first,
        "exit-not-shown" | "exchange-by-structure" | "guessed-border"
    )
}

fn hand_over_line(analysis: &Value) -> Option<u64> {
    // Where DKIM alone decides there is no deciding hop; the reasons name the hand-over still.
    analysis["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .find(|reason| reason["code"] == "hand-over")
        .and_then(|reason| reason["line"].as_u64())
}

/// The fixtures that have a border, their answer, and where the part that anybody may write begins.
static BORDERS: LazyLock<Vec<(&Sample, Value, usize)>> = LazyLock::new(|| {
    let with_border = |sample: &'static Sample| {
        let before = analysis(&sample.bytes, sample, Repair::Encoding);
        let at = below_the_border(&sample.bytes, &before)?;
        Some((sample, before, at))
    };
    let borders: Vec<_> = plain_samples().filter_map(with_border).collect();
    assert!(borders.len() >= 100, "only {} borders", borders.len());
    borders
});

/// The byte behind the border's stamp and the receiver's own results directly under it, where the
/// border is no guess. Of a client at an inner address it is the next stamp that says whether it is
/// the recipient's, so the border itself rests on what stands below.
fn below_the_border(bytes: &[u8], analysis: &Value) -> Option<usize> {
    let client = analysis["observed"]["ip"].as_str().unwrap_or_default();
    let inner = ["10.", "127.", "192.168.", "172.16.", "fe80:", "::1"];
    if analysis["observed"]["border"] == "guessed"
        || inner.iter().any(|net| client.starts_with(net))
    {
        return None;
    }
    let line = hand_over_line(analysis)?;
    let text = std::str::from_utf8(bytes).ok()?;
    let mut at = 0;
    let mut passed = false;
    for (number, text) in (1..).zip(text.split_inclusive('\n')) {
        let folded = text.starts_with([' ', '\t']);
        let own = text.to_ascii_lowercase();
        let results =
            own.starts_with("received-spf:") || own.starts_with("authentication-results:");
        if number > line && !folded && !results {
            passed = true;
            break;
        }
        at += text.len();
    }
    passed.then_some(at)
}

const DATE: &str = "Thu, 14 Mar 2024 10:00:03 +0000";

/// What a forger writes: `{host}` is a host that the run looks for, `{by}` the server that stamped
/// the border.
const FORGERIES: &[&str] = &[
    "Received: from {host} ({host} [203.0.113.250])\n\tby {by} (Postfix) with ESMTPS id 4Tw\n\tfor <a@example.net>; {date}\n",
    "Received: from {host} ({host} [203.0.113.250])\n\tby {host} (Postfix) with ESMTPSA id 4Tw; {date}\n",
    "Received: by {host} with ESMTP id 12185513-794a-4762-b3ee-a4044d30975e; {date}\n",
    "Received: from {host} (127.0.0.1) by {by} with Microsoft SMTP Server\n id 15.1.2507.61; {date}\n",
    "Received: from EX1.contoso.example ([fe80::1]) by EX1.contoso.example\n ([fe80::1%6]) with mapi id 15.01.2507.061; {date}\n",
    "Received: (qmail 1 invoked by uid 89); 14 Mar 2024 10:00:03 -0000\n",
    "Received: from localhost (localhost [127.0.0.1]) by {by} (Postfix) with LMTP id 1; {date}\n",
    "Received: from pop.example.net by {by} with POP3 (fetchmail-6.4.37); {date}\n",
    "Authentication-Results: {by}; spf=pass smtp.mailfrom=a@{host} smtp.helo={host};\n\tdkim=pass header.d={host} header.i=@{host}\n",
    "Authentication-Results: mx.google.com; dkim=pass header.d={host}\n",
    "Authentication-Results: spf=pass (sender IP is 203.0.113.250) smtp.mailfrom={host}; dkim=pass header.d={host}\n",
    "ARC-Authentication-Results: i=1; mx.google.com; dkim=pass header.d={host}; spf=pass smtp.mailfrom=a@{host}\n",
    "Received-SPF: pass (mailfrom) identity=mailfrom; client-ip=203.0.113.250; helo={host}; envelope-from=a@{host}\n",
    "DKIM-Signature: v=1; a=rsa-sha256; d={host}; s=s; h=from; bh=AAAA; b=BBBB\n",
    "Return-Path: <bounces@{host}>\n",
    "X-Mailin-EID: MjAx\nFeedback-ID: 203.0.113.250:1_-1:1:Sendinblue\n",
    "X-MS-Exchange-Organization-AuthAs: Internal\nx-mclm-sbr-processed: true\n",
    "X-Anything: {host}\n",
];

fn forgery(form: &str, sample: &Sample, before: &Value, host: Index, stamp: Index) -> String {
    const EXITS: &[&str] = &[
        "2.mo619.mail-out.ovh.net",
        "NAM10-MW2-obe.outbound.protection.outlook.com",
        "aa.d.sender-sib.com",
        "smtp-relay.example.com",
    ];
    let hosts: Vec<&str> = sample
        .named
        .iter()
        .map(String::as_str)
        .filter(|named| !named.contains(['/', '*']))
        .chain(EXITS.iter().copied())
        .collect();
    let stamped: Vec<&str> = before["hops"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|hop| hop["believed"] == true)
        .filter_map(|hop| hop["by"]["host"].as_str())
        .chain(["mx.google.com"])
        .collect();
    form.replace("{host}", host.get::<&str>(&hosts))
        .replace("{by}", stamp.get::<&str>(&stamped))
        .replace("{date}", DATE)
}

#[test]
fn a_well_formed_header_is_not_repaired() {
    for sample in plain_samples() {
        let plain = RawMessage::new(&sample.bytes, Repair::Encoding);
        let repaired = RawMessage::new(&sample.bytes, Repair::Pasted);
        assert_eq!(plain.text, repaired.text, "{}", sample.name);
        assert_eq!(plain.notes, repaired.notes, "{}", sample.name);
    }
}

#[test]
fn a_pasted_message_gives_the_answer_of_the_message() {
    type Paste = fn(&str) -> String;
    let pastes: [(&str, Paste); 3] = [
        ("quoted", |text| {
            text.split_inclusive('\n')
                .map(|line| format!("> {line}"))
                .collect()
        }),
        ("indented", |text| {
            text.split_inclusive('\n')
                .map(|line| format!("    {line}"))
                .collect()
        }),
        ("entities", |text| {
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
        }),
    ];
    for sample in plain_samples() {
        let Ok(text) = std::str::from_utf8(&sample.bytes) else {
            continue;
        };
        let wanted = analysis(&sample.bytes, sample, Repair::Encoding);
        // No clipboard carries a NUL or a lone CR.
        let lost = text.contains('\0') || text.replace("\r\n", "").contains('\r');
        if outcome(&wanted) == "error" || lost {
            continue;
        }
        for (name, paste) in pastes {
            let found = analysis(paste(text).as_bytes(), sample, Repair::Pasted);
            assert_eq!(
                wanted["outcome"], found["outcome"],
                "{}, {name}",
                sample.name
            );
            assert_eq!(
                wanted["observed"], found["observed"],
                "{}, {name}",
                sample.name
            );
        }
    }
}

#[test]
fn without_a_received_field_nothing_is_decided() {
    for sample in plain_samples() {
        let Ok(text) = std::str::from_utf8(&sample.bytes) else {
            continue;
        };
        let mut inside = false;
        let rest: String = text
            .split_inclusive('\n')
            .filter(|line| {
                if !line.starts_with([' ', '\t']) {
                    inside = line.to_ascii_lowercase().starts_with("received:");
                }
                !inside
            })
            .collect();
        let analysis = analysis(rest.as_bytes(), sample, Repair::Encoding);
        assert!(
            matches!(outcome(&analysis), "inconclusive" | "error"),
            "{}: {}",
            sample.name,
            outcome(&analysis)
        );
    }
}

#[test]
fn honest_mail_of_every_family_passes() {
    strangers::honest_mail_of_every_family_passes();
}

/// Ten thousand, or as many as `STRANGERS` says; always the same ones.
#[test]
fn a_strangers_mail_never_passes() {
    let count = std::env::var("STRANGERS").ok();
    let count = count
        .and_then(|count| count.parse().ok())
        .unwrap_or(10_000u64);
    // Bytes of a xorshift generator (Marsaglia, 2003): no two cases are alike.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = [0u8; 96];
    for _ in 0..count {
        for chunk in bytes.chunks_exact_mut(8) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            chunk.copy_from_slice(&state.to_le_bytes());
        }
        strangers::strangers(&bytes);
    }
}
