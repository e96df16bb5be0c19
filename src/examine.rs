//! One message from text to [`Analysis`]: the only place that knows all rooms.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the report says of one placement what it says of no other"
)]

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::analysis::{
    Analysis, Border, ConnectorRef, ErrorInfo, EvidenceItem, EvidenceKind,
    Expected as ExpectedInfo, HopBy, HopFrom, HopInfo, Identity, Message, Observed, ObservedRoute,
    ObservedRouteHint, Outcome, Party, Reason, SCHEMA_VERSION, Source, TlsInfo, Tool, Warning,
    WarningCode,
};
use crate::catalogue::Catalogue;
use crate::evidence::verdict::{self, Way};
use crate::evidence::{self, Decoded, Evidence, Mark, MethodResult, ResultCode};
use crate::header::{End, Field, FieldName, HeaderSection, prefix};
use crate::host::{is_domain_name, organisation, same_name, same_organisation};
use crate::input::RawMessage;
use crate::lex;
use crate::message::Summary;
use crate::policy::{Connector, Expectation};
use crate::route::claims::claimed_below;
use crate::route::expected::{Expected, expected_of};
use crate::route::place::Placement;
use crate::route::rules::{Exits, Verdict, Who, claim_text, decide};
use crate::route::settle::settle;
use crate::route::{Facts, reasons};
use crate::trace::chain::{Chain, Link, LinkedHop};
use crate::trace::received::MAX_FIELD;
use crate::trace::{DateStanding, Hop, Intake, Tls};
use crate::trust::{Belief, Handover, Standing, TrustedPath};
use crate::vouch;

/// How much of an [`Analysis`] is filled in. The outcome, its reasons, what was expected and what
/// was observed are the same in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// What one line and the counts need: no evidence and no warnings, of the message only its
    /// authors and sender, and of the hops only the one that took longest.
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
    let section = HeaderSection::parse_until(&raw.text, raw.stop());
    if section.fields().is_empty() {
        return no_header(raw, catalogue);
    }
    let chain = Chain::of(&section);
    let decoded = Decoded::of(&section);
    let evidence = evidence::gather_decoded(&section, &decoded);
    let message = Summary::of(&section, detail);
    let reading = Reading {
        section: &section,
        chain: &chain,
        evidence: &evidence,
        message: &message,
        catalogue,
        cut: matches!(section.ended_by(), End::NoField(_) | End::Limit)
            || raw
                .warnings
                .iter()
                .any(|w| w.code == WarningCode::Truncated),
    };
    let mut analysis = reading.judge(expectation, |facts, exits, expected, verdict| {
        let mut analysis = Analysis {
            schema_version: SCHEMA_VERSION,
            tool: tool(catalogue),
            source: Source::default(),
            expected: expected_info(expected),
            observed: observed(facts, &verdict),
            outcome: verdict.outcome,
            hops: Vec::new(),
            evidence: Vec::new(),
            warnings: Vec::new(),
            reasons: Vec::new(),
            settle: Vec::new(),
            message: Message::default(),
            error: None,
        };
        match detail {
            Detail::Full => {
                let hops = chain.hops().iter().take_while(|_| !section.is_stopped());
                analysis.hops = hops.map(|hop| hop_info(facts, exits, hop)).collect();
                analysis.evidence = items(facts, exits);
                analysis.warnings = warnings(raw, facts, exits, expected, &verdict);
            }
            Detail::Verdict => analysis.hops.extend(
                slowest(chain.hops(), |hop| hop.delay).map(|hop| hop_info(facts, exits, hop)),
            ),
        }
        let trial = |tried: &Expectation| match section.is_stopped() {
            true => Outcome::Error,
            false => reading.judge(tried, |_, _, _, other| other.outcome),
        };
        analysis.settle = settle(facts, exits, expected, &verdict, &trial);
        analysis.reasons = verdict.reasons;
        analysis
    });
    let is_limited = section.ended_by() == End::Limit
        || message.limit
        || evidence.limit_reached
        || raw.warnings.iter().any(|w| w.code == WarningCode::Limit)
        || chain.hops().iter().any(|linked| linked.hop.limit_reached);
    if is_limited {
        leave_open(&mut analysis);
    }
    if message.limit && detail == Detail::Full {
        analysis.warnings.push(Warning {
            code: WarningCode::Limit,
            line: None,
            says: "a field of addresses is longer than is read of one".to_owned(),
        });
    }
    analysis.message = message_info(message, &evidence, detail);
    analysis.message.mine = vouch::vouched(&section, &expectation.mine);
    to_input_lines(&mut analysis, raw);
    if section.is_stopped() {
        give_up(&mut analysis);
    }
    analysis
}

/// Makes an error of what is made in part, since nobody waits for it.
pub(crate) fn give_up(analysis: &mut Analysis) {
    *analysis = Analysis {
        schema_version: analysis.schema_version,
        tool: analysis.tool.clone(),
        source: std::mem::take(&mut analysis.source),
        message: Message::default(),
        expected: None,
        observed: Observed::default(),
        outcome: Outcome::Error,
        reasons: Vec::new(),
        settle: Vec::new(),
        hops: Vec::new(),
        evidence: Vec::new(),
        warnings: Vec::new(),
        error: Some(ErrorInfo {
            code: "given-up".to_owned(),
            says: "it was given up before it was done: nobody waited for it any more".to_owned(),
        }),
    };
}

/// Neither a pass nor a fail rests on what a limit cut off.
fn leave_open(analysis: &mut Analysis) {
    if matches!(analysis.outcome, Outcome::Pass | Outcome::Fail) {
        analysis.outcome = Outcome::Inconclusive;
        analysis.reasons.insert(
            0,
            Reason {
                code: WarningCode::Limit.as_str().to_owned(),
                line: None,
                says: "the header is longer than is read of one, and what would decide may stand \
                       in the rest"
                    .to_owned(),
            },
        );
        analysis.settle.clear();
    }
}

/// What one message holds, whatever is expected of it.
struct Reading<'r, 'x> {
    section: &'r HeaderSection<'x>,
    chain: &'r Chain<'x>,
    evidence: &'r Evidence<'x>,
    message: &'r Summary,
    catalogue: &'r Catalogue,
    /// The header was read to a line that is no field: stamps may stand below it.
    cut: bool,
}

impl<'x> Reading<'_, 'x> {
    /// Holds the message against an expectation.
    fn judge<T>(
        &self,
        expectation: &Expectation,
        then: impl for<'a> FnOnce(&Facts<'a, 'x>, &Exits<'a>, &Expected<'a>, Verdict<'a, 'x>) -> T,
    ) -> T {
        let Self {
            section,
            chain,
            evidence,
            message,
            catalogue,
            cut,
        } = *self;
        let belief = Belief {
            receivers: &expectation.receivers,
            trust: &expectation.trust,
            authserv_ids: &expectation.authserv_ids,
            recipients: &expectation.recipients,
        };
        let connectors = expectation
            .connectors()
            .iter()
            .flat_map(|c| c.smart_hosts.iter().chain(&c.egress));
        let named: Vec<_> = connectors.chain(&expectation.exchange_hosts).collect();
        let path = TrustedPath::trace(section, chain, catalogue, belief, &named);
        let standings = path.standings(section, evidence, belief);
        let expected = expected_of(expectation, message);
        let facts = Facts {
            section,
            path: &path,
            evidence,
            standings: &standings,
            catalogue,
            expectation,
            from: &message.from,
            to: &message.to,
            recipient_domain: recipient_domain(evidence, &standings),
            vouched: vouch::vouched(section, &expectation.mine).is_some(),
            cut,
        };
        let exits = Exits::of(&facts);
        let verdict = decide(&facts, &exits, &expected);
        then(&facts, &exits, &expected, verdict)
    }
}

/// What is odd about the hosts that the user named.
fn named_oddly(facts: &Facts<'_, '_>) -> Vec<(WarningCode, String)> {
    let expectation = facts.expectation;
    let smart_hosts = expectation
        .connectors()
        .iter()
        .flat_map(|connector| &connector.smart_hosts);
    let slips = smart_hosts
        .clone()
        .filter_map(crate::host::HostSpec::name)
        .filter_map(|name| Some((name, facts.catalogue.slip(name)?)));
    let slips = slips.map(|(name, slip)| {
        let meant = match slip.smart_host {
            Some(host) => format!("{host}, of {}", slip.provider.name),
            None => format!("a smart host of {}", slip.provider.name),
        };
        (
            WarningCode::LikelySlip,
            format!("{name} is no smart host that is known: perhaps you meant {meant}"),
        )
    });
    let inner = expectation
        .inner_hosts()
        .into_iter()
        .map(|host| {
            (
                WarningCode::InnerAddress,
                format!(
                    "{host} is an inner address: it says nothing outside its own network, and identifies nobody"
                ),
            )
        });
    slips.chain(inner).collect()
}

/// The recipient's domain, as Microsoft's believed results name it (`smtp.rcpttodomain`).
fn recipient_domain<'a>(evidence: &'a Evidence<'_>, standings: &[Standing]) -> Option<&'a str> {
    let believed = evidence.results.iter().zip(standings);
    believed
        .filter(|(_, standing)| standing.is_attested())
        .flat_map(|(results, _)| &results.results)
        .find_map(|result| match result {
            MethodResult::Spf(spf) => spf
                .recipient
                .as_deref()
                .filter(|domain| is_domain_name(domain)),
            MethodResult::Dkim(_) | MethodResult::Other(_) => None,
        })
}

/// The hop that took longest, the latest of several, if any took time.
pub(crate) fn slowest<H>(
    hops: impl IntoIterator<Item = H>,
    delay: impl Fn(&H) -> Option<i64>,
) -> Option<H> {
    let timed = hops.into_iter().filter(|hop| delay(hop) > Some(0));
    timed.max_by_key(|hop| delay(hop))
}

/// A record for an input that cannot be analysed.
pub fn unreadable(catalogue: &Catalogue, code: &str, says: String) -> Analysis {
    Analysis {
        schema_version: SCHEMA_VERSION,
        tool: tool(catalogue),
        source: Source::default(),
        message: Message::default(),
        expected: None,
        observed: Observed::default(),
        outcome: Outcome::Error,
        reasons: Vec::new(),
        settle: Vec::new(),
        hops: Vec::new(),
        evidence: Vec::new(),
        warnings: Vec::new(),
        error: Some(ErrorInfo {
            code: code.to_owned(),
            says,
        }),
    }
}

fn no_header(raw: &RawMessage<'_>, catalogue: &Catalogue) -> Analysis {
    let what = match raw.text.trim().is_empty() {
        true => "the input is empty",
        false => "there is no header field in it",
    };
    let says = raw.hint().map(str::to_owned);
    let says = says.unwrap_or_else(|| format!(
        "{what}: paste the whole header of the received message, as the mail program's \
         \"show original\" or \"view source\" gives it, from the first line (Return-Path, Received) on"
    ));
    unreadable(catalogue, "no-header", says)
}

fn tool(catalogue: &Catalogue) -> Tool {
    Tool {
        name: "smarthop",
        version: env!("CARGO_PKG_VERSION"),
        catalogue: catalogue.version().to_owned(),
    }
}

/// Reasons, hops, evidence and warnings speak of the text; the reader has the input.
fn to_input_lines(analysis: &mut Analysis, raw: &RawMessage<'_>) {
    let lines = analysis
        .reasons
        .iter_mut()
        .filter_map(|reason| reason.line.as_mut());
    let lines = lines.chain(analysis.hops.iter_mut().map(|hop| &mut hop.line));
    for line in lines.chain(analysis.evidence.iter_mut().map(|item| &mut item.line)) {
        *line = raw.input_line(*line);
    }
}

fn owned(text: &Option<Cow<'_, str>>) -> Option<String> {
    let text = text.as_deref()?;
    // A quoted string may be folded; its line end is no part of the value (RFC 5322 2.2.3).
    match text.contains(['\r', '\n']) {
        true => Some(text.replace(['\r', '\n'], "")),
        false => Some(text.to_owned()),
    }
}

/// RFC 3339, UTC, whole seconds.
fn instant(date: Option<Timestamp>) -> Option<String> {
    let date = Offset::UTC.to_datetime(date?);
    let year = u16::try_from(date.year())
        .ok()
        .filter(|year| *year <= 9999)?;
    let [y, u] = two_digits((year / 100) as i8);
    let [e, r] = two_digits((year % 100) as i8);
    let [m, o] = two_digits(date.month());
    let [d, a] = two_digits(date.day());
    let [h, n] = two_digits(date.hour());
    let [i, t] = two_digits(date.minute());
    let [s, c] = two_digits(date.second());
    let text = [
        y, u, e, r, b'-', m, o, b'-', d, a, b'T', h, n, b':', i, t, b':', s, c, b'Z',
    ];
    std::str::from_utf8(&text).ok().map(str::to_owned)
}

/// Ten times faster than the formatting machinery, and every hop has a date.
const fn two_digits(number: i8) -> [u8; 2] {
    let number = number.unsigned_abs();
    [b'0' + number / 10 % 10, b'0' + number % 10]
}

fn message_info(message: Summary, evidence: &Evidence<'_>, detail: Detail) -> Message {
    let return_path = evidence.return_paths.first();
    Message {
        message_id: message.message_id,
        from: message.from,
        sender: message.sender,
        return_path: return_path
            .filter(|_| detail == Detail::Full)
            .map(|path| path.address.clone().into_owned()),
        to: message.to,
        subject: message.subject,
        date: instant(message.date),
        mine: None,
    }
}

fn connector_ref(connector: &Connector) -> ConnectorRef {
    ConnectorRef {
        id: connector.id,
        name: connector.name.clone(),
        smart_host: connector.smart_hosts.first().map(ToString::to_string),
    }
}

fn expected_info(expected: &Expected<'_>) -> Option<ExpectedInfo> {
    let Expected::Route(row) = expected else {
        return None;
    };
    Some(ExpectedInfo {
        route: row.route,
        connector: row.connector.map(connector_ref),
        sender: row.sender.clone(),
        source: row.source,
    })
}

fn tls_info(tls: &Option<Tls<'_>>) -> Option<TlsInfo> {
    tls.as_ref().map(|tls| TlsInfo {
        version: owned(&tls.version),
        cipher: owned(&tls.cipher),
    })
}

fn observed(facts: &Facts<'_, '_>, verdict: &Verdict<'_, '_>) -> Observed {
    let Some(border) = verdict.placed.border else {
        return Observed {
            route: Some(ObservedRoute::Unknown),
            attested: Some(false),
            ..Observed::default()
        };
    };
    let placement = &verdict.placed.placement;
    let believed = !verdict.placed.vouched;
    let (route, attested) = match placement {
        Placement::Strong(_, _, standing)
            if standing.entrance.is_some() || standing.resent.is_some() =>
        {
            (ObservedRoute::Unknown, false)
        }
        Placement::Strong(who, ..) => (who.route(), believed),
        Placement::Helo(who, _) => (who.route(), false),
        Placement::Structure => (ObservedRoute::Exchange, false),
        Placement::Stranger | Placement::Contradicted(..) | Placement::Neighbour(..) => {
            (ObservedRoute::Other, believed)
        }
        Placement::Unseen(_)
        | Placement::Guessed(_)
        | Placement::Nameless
        | Placement::Inner
        | Placement::Disagree(..)
        | Placement::TakesIn(..)
        | Placement::NotShown(..) => (ObservedRoute::Unknown, false),
    };
    let found = match placement {
        Placement::Strong(_, found, _)
        | Placement::Helo(_, found)
        | Placement::TakesIn(found, _)
        | Placement::NotShown(found, ..) => Some(*found),
        Placement::Unseen(_)
        | Placement::Guessed(_)
        | Placement::Nameless
        | Placement::Inner
        | Placement::Disagree(..)
        | Placement::Contradicted(..)
        | Placement::Neighbour(..)
        | Placement::Structure
        | Placement::Stranger => None,
    };
    let connector = match placement {
        Placement::Strong(Who::Connector(own), _, standing)
            if standing.entrance.is_none() && standing.resent.is_none() =>
        {
            own.map(connector_ref)
        }
        Placement::Helo(Who::Connector(own), _) => own.map(connector_ref),
        _ => None,
    };
    let known = || client_provider(facts, &border);
    let mut observed = Observed {
        route: Some(route),
        connector,
        provider: found
            .and_then(|found| found.ground.provider().map(|p| p.id.to_string()))
            .or_else(known),
        scope: found.map(|found| found.scope),
        border: Some(match placement {
            Placement::Guessed(_) => Border::Guessed,
            _ => border.how,
        }),
        attested: Some(attested),
        identity: found.map(|found| found.identity),
        ..Observed::default()
    };
    if let Some(found) = found.filter(|found| found.identity == Identity::Dkim) {
        observed.provider = found
            .ground
            .provider()
            .map(|provider| provider.id.to_string());
        observed.attested_by = found.authserv_id.map(str::to_owned);
        return observed;
    }
    let hop = &border.hop.hop;
    let by = hop.by.as_ref();
    observed.host = border
        .client_name()
        .map(str::to_owned)
        .or_else(|| owned(&border.client()?.helo));
    observed.ip = border
        .client()
        .and_then(|client| Some(client.address.as_ref()?.text.clone().into_owned()));
    observed.hop = Some(border.hop.number);
    observed.date = instant(hop.date);
    observed.tls = tls_info(&hop.tls);
    observed.attested_by = match border.how {
        // Its server's name may be the client's invention.
        _ if hop.doubtful => None,
        _ if route == ObservedRoute::Unknown && matches!(placement, Placement::Guessed(_)) => None,
        Border::Guessed => None,
        Border::Named | Border::Platform | Border::Found => {
            by.and_then(|by| owned(&by.host).or_else(|| owned(&by.ip)))
        }
    };
    observed
}

/// The provider that the client belongs to, by its verified name or exclusive network, whatever
/// was expected.
fn client_provider(facts: &Facts<'_, '_>, border: &Handover<'_, '_>) -> Option<String> {
    let by_name = border
        .client_name()
        .and_then(|name| facts.catalogue.of_egress(name));
    let by_network = || Some(facts.catalogue.of_network(border.client_ip()?)?.provider);
    by_name
        .or_else(by_network)
        .map(|provider| provider.id.to_string())
}

fn hop_info(facts: &Facts<'_, '_>, exits: &Exits<'_>, linked: &LinkedHop<'_>) -> HopInfo {
    let hop = &linked.hop;
    let believed = facts.path.believes(linked.number);
    HopInfo {
        number: linked.number,
        line: linked.line,
        from: hop.from.as_ref().map(|client| HopFrom {
            helo: owned(&client.helo),
            reverse_dns: owned(&client.reverse_dns),
            reverse_dns_verified: client.reverse_dns_verified,
            ip: client
                .address
                .as_ref()
                .map(|address| address.text.clone().into_owned()),
            ip_valid: client
                .address
                .as_ref()
                .is_some_and(|address| address.ip.is_some()),
        }),
        by: hop.by.as_ref().map(|by| HopBy {
            host: owned(&by.host),
            ip: owned(&by.ip),
        }),
        with: owned(&hop.with),
        tls: tls_info(&hop.tls),
        id: owned(&hop.id),
        for_: owned(&hop.for_),
        envelope_from: owned(&hop.envelope_from),
        authenticated_as: owned(&hop.authenticated_as),
        software: owned(&hop.software),
        date: instant(hop.date),
        delay_seconds: linked.delay,
        believed,
        party: if believed {
            Party::Receiver
        } else {
            party(exits, hop)
        },
        raw: facts
            .section
            .fields()
            .get(linked.field)
            .map(|f| Field::unfold(prefix(f.body, MAX_FIELD)).into_owned())
            .unwrap_or_default(),
    }
}

/// Whose server a claimed stamp says it is.
fn party(exits: &Exits<'_>, hop: &Hop<'_>) -> Party {
    let Some(by) = hop.by.as_ref().and_then(|by| by.host.as_deref()) else {
        return match hop.is_exchange_transport() {
            true => Party::Exchange,
            false => Party::Other,
        };
    };
    let is_connector = exits.connectors.iter().any(|(_, exit)| {
        exit.names(by, None).is_some()
            || exit
                .candidates(by)
                .any(|provider| provider.is_smart_host(by))
    });
    let is_exchange = exits.exchange.names(by, None).is_some()
        || exits
            .exchange
            .candidates(by)
            .any(|provider| provider.is_internal(by))
        || hop.is_exchange_transport();
    match (hop.is_exchange_transport(), is_connector, is_exchange) {
        (false, true, _) => Party::Connector,
        (_, _, true) => Party::Exchange,
        _ => Party::Other,
    }
}

/// Where a domain points: to a connector, to the platform, elsewhere.
fn points_to(exits: &Exits<'_>, domain: &str) -> ObservedRouteHint {
    let connector = exits.connectors.iter().any(|(connector, exit)| {
        exit.names(domain, None).is_some()
            || exit.candidates(domain).any(|p| {
                p.bounce_domain(domain) || p.signing_domain(domain) || p.is_smart_host(domain)
            })
            || connector
                .bounce_domains
                .iter()
                .chain(&connector.dkim)
                .any(|own| same_name(own, domain))
    });
    let exchange = exits.exchange.names(domain, None).is_some()
        || exits
            .exchange
            .candidates(domain)
            .any(|p| p.is_internal(domain) || p.bounce_domain(domain) || p.signing_domain(domain));
    match (connector, exchange) {
        (true, _) => ObservedRouteHint::Connector,
        (false, true) => ObservedRouteHint::Exchange,
        (false, false) => ObservedRouteHint::Other,
    }
}

fn items(facts: &Facts<'_, '_>, exits: &Exits<'_>) -> Vec<EvidenceItem> {
    let evidence = facts.evidence;
    let mut items = Vec::with_capacity(
        evidence.results.len() * 2
            + evidence.signatures.len()
            + evidence.return_paths.len()
            + evidence.marks.len().min(16)
            + 1,
    );
    for (results, standing) in facts.evidence.results.iter().zip(facts.standings) {
        for result in &results.results {
            let mut item = result_item(facts, exits, results.field, result, *standing);
            item.attested &= !results.unsound;
            items.push(item);
        }
    }
    for signature in &facts.evidence.signatures {
        let mut item = item_of(facts, EvidenceKind::DkimSignature, signature.field);
        item.domain = owned(&signature.domain);
        item.selector = owned(&signature.selector);
        item.points_to = signature
            .domain
            .as_deref()
            .map(|domain| points_to(exits, domain));
        item.says = signature_text(facts, signature);
        items.push(item);
    }
    for path in &facts.evidence.return_paths {
        let mut item = item_of(facts, EvidenceKind::ReturnPath, path.field);
        item.domain = owned(&path.domain);
        item.points_to = path
            .domain
            .as_deref()
            .map(|domain| points_to(exits, domain));
        item.attested = is_above_border(facts, path.field);
        item.says = match (&path.decoded, path.address.is_empty()) {
            (Some(address), _)
                if facts
                    .from
                    .iter()
                    .any(|from| from.eq_ignore_ascii_case(address)) =>
            {
                [
                    "<",
                    &path.address,
                    ">, in which ",
                    address,
                    " is the sender",
                ]
                .concat()
            }
            (Some(address), _) => ["<", &path.address, ">, with ", address, " in it"].concat(),
            (None, true) => "<>, the null reverse-path of a notification".to_owned(),
            (None, false) => ["<", &path.address, ">"].concat(),
        };
        items.push(item);
    }
    items.extend(
        facts
            .evidence
            .marks
            .iter()
            .filter_map(|marked| mark_item(facts, exits, marked)),
    );
    items.extend(helo_item(facts, exits));
    items.sort_by_key(|item| item.line);
    items
}

fn item_of(facts: &Facts<'_, '_>, kind: EvidenceKind, field: usize) -> EvidenceItem {
    let own = facts.section.fields().get(field);
    EvidenceItem {
        kind,
        line: own.map_or(0, |own| own.line),
        field: own.map_or_else(String::new, |own| own.name.to_owned()),
        result: None,
        domain: None,
        selector: None,
        ip: None,
        attested: false,
        points_to: None,
        says: String::new(),
    }
}

/// Whether a field stands above the border's Received: one of the recipient's servers put it there.
fn is_above_border(facts: &Facts<'_, '_>, field: usize) -> bool {
    facts
        .path
        .border()
        .is_ok_and(|border| field < border.hop.field)
}

fn result_item(
    facts: &Facts<'_, '_>,
    exits: &Exits<'_>,
    field: usize,
    result: &MethodResult<'_>,
    standing: Standing,
) -> EvidenceItem {
    let (kind, word, domain) = match result {
        MethodResult::Spf(spf) => (EvidenceKind::Spf, spf.word, &spf.domain),
        MethodResult::Dkim(dkim) => (EvidenceKind::Dkim, dkim.word, &dkim.domain),
        MethodResult::Other(other) => {
            let kind = match &*other.method {
                "dmarc" => EvidenceKind::Dmarc,
                "arc" => EvidenceKind::Arc,
                _ => EvidenceKind::Marker,
            };
            (kind, other.word, &other.domain)
        }
    };
    let mut item = item_of(facts, kind, field);
    item.result = Some(word.to_ascii_lowercase());
    item.domain = owned(domain);
    item.attested = standing.is_attested();
    let passed = match result {
        MethodResult::Spf(spf) => spf.result == ResultCode::Pass,
        MethodResult::Dkim(dkim) => dkim.result == ResultCode::Pass,
        MethodResult::Other(_) => false,
    };
    item.points_to = domain
        .as_deref()
        .filter(|_| passed)
        .map(|domain| points_to(exits, domain));
    let word = item.result.as_deref().unwrap_or_default();
    let (about, domain) = match domain.as_deref() {
        Some(domain) => (" for ", domain),
        None => ("", ""),
    };
    item.says = match result {
        MethodResult::Spf(spf) => {
            item.ip = owned(&spf.client);
            let (behind, client) = match spf.client.as_deref() {
                Some(client) => ("), client ", client),
                None => (")", ""),
            };
            let identity = crate::route::spf_identity(spf.identity);
            let unchecked = match spf.nothing_checked {
                true => ", and its comment says that no record was checked",
                false => "",
            };
            [
                "SPF ", word, about, domain, " (", identity, behind, client, unchecked,
            ]
            .concat()
        }
        MethodResult::Dkim(dkim) => {
            item.selector = owned(&dkim.selector);
            ["DKIM ", word, about, domain].concat()
        }
        MethodResult::Other(other) => {
            let method = other.method.to_ascii_uppercase();
            let reason = other.reason.filter(|_| other.method == "compauth");
            let (behind, meaning) = match reason.and_then(verdict::composite) {
                Some(meaning) => (": ", meaning),
                None => ("", ""),
            };
            [&method, " ", word, about, domain, behind, meaning].concat()
        }
    };
    item
}

/// What a signature says, and which result may belong to it by `b` (RFC 6008); that never decides.
fn signature_text(facts: &Facts<'_, '_>, signature: &evidence::Signature<'_>) -> String {
    let own = signature.signature.as_deref().unwrap_or_default();
    let result = facts
        .evidence
        .results
        .iter()
        .flat_map(|results| &results.results)
        .find_map(|result| match result {
            MethodResult::Dkim(dkim) => {
                let part = dkim.signature.as_deref().filter(|part| part.len() >= 8)?;
                own.starts_with(part).then_some(dkim.word)
            }
            MethodResult::Spf(_) | MethodResult::Other(_) => None,
        });
    let domain = signature.domain.as_deref().unwrap_or("an unknown domain");
    let (comma, algorithm) = match signature.algorithm.as_deref() {
        Some(algorithm) => (", ", algorithm),
        None => ("", ""),
    };
    let result = match result {
        Some(word) => [
            "; the result \"",
            &word.to_ascii_lowercase(),
            "\" may be about it",
        ]
        .concat(),
        None => String::new(),
    };
    [
        "a signature that claims ",
        domain,
        comma,
        algorithm,
        &result,
    ]
    .concat()
}

fn mark_item(
    facts: &Facts<'_, '_>,
    exits: &Exits<'_>,
    marked: &evidence::Marked<'_>,
) -> Option<EvidenceItem> {
    let with = |kind| item_of(facts, kind, marked.field);
    Some(match &marked.mark {
        Mark::MessageId { host, .. } => {
            let mut item = with(EvidenceKind::MessageId);
            item.domain = owned(host);
            item.points_to = host.as_deref().map(|host| points_to(exits, host));
            item.says = match host {
                Some(host) => ["made at ", host].concat(),
                None => "names no host".to_owned(),
            };
            item
        }
        Mark::ThreadIndex { begun } => {
            let mut item = with(EvidenceKind::ThreadIndex);
            item.points_to = Some(ObservedRouteHint::Exchange);
            item.says = match instant(*begun) {
                Some(begun) => [
                    "written by Exchange or Outlook; the conversation began at ",
                    &begun,
                ]
                .concat(),
                None => "written by Exchange or Outlook".to_owned(),
            };
            item
        }
        Mark::Exchange { value } => {
            if let Some(item) = verdict_item(facts, marked) {
                return Some(item);
            }
            let mut item = with(EvidenceKind::Marker);
            item.points_to = Some(ObservedRouteHint::Exchange);
            item.says = match value.is_empty() {
                true => "a field that Exchange adds".to_owned(),
                false => ["a field that Exchange adds: ", &shortened(value)].concat(),
            };
            item
        }
        Mark::Marker { body } => {
            let name = facts.section.fields().get(marked.field)?.name;
            if !facts.catalogue.may_be_marker(name) {
                return verdict_item(facts, marked);
            }
            let value = &Mark::value_of(body);
            let Some(hit) = facts.catalogue.marker(name, value) else {
                return verdict_item(facts, marked);
            };
            let mut item = with(EvidenceKind::Marker);
            let of = |exit: &crate::route::client::Exit<'_>| {
                exit.providers.iter().any(|p| p.id == hit.provider.id)
            };
            item.points_to = Some(match exits.connectors.iter().any(|(_, exit)| of(exit)) {
                true => ObservedRouteHint::Connector,
                false if of(&exits.exchange) => ObservedRouteHint::Exchange,
                false => ObservedRouteHint::Other,
            });
            item.ip = hit.client_ip.map(str::to_owned);
            let meaning = verdict::read(name, body);
            item.says = [
                "a field that ",
                &hit.provider.name,
                " adds: ",
                &meaning.map_or_else(|| shortened(value), |known| Cow::Owned(known.says)),
            ]
            .concat();
            item
        }
    })
}

/// What a platform or a filter says of the message: attested where the recipient's side wrote it,
/// and never an identity.
fn verdict_item(facts: &Facts<'_, '_>, marked: &evidence::Marked<'_>) -> Option<EvidenceItem> {
    let field = facts.section.fields().get(marked.field)?;
    let verdict = verdict::read(field.name, field.body)?;
    let mut item = item_of(facts, EvidenceKind::Verdict, marked.field);
    item.attested = is_above_border(facts, marked.field);
    item.result = verdict.result;
    item.ip = verdict.client;
    let is_exchanges = matches!(marked.mark, Mark::Exchange { .. });
    item.points_to =
        (is_exchanges && verdict.way == Some(Way::Out)).then_some(ObservedRouteHint::Exchange);
    item.says = verdict.says;
    Some(item)
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

fn helo_item(facts: &Facts<'_, '_>, exits: &Exits<'_>) -> Option<EvidenceItem> {
    let border = facts.path.border().ok()?;
    let client = border.client()?;
    let helo = client.helo.as_deref()?;
    let mut item = item_of(facts, EvidenceKind::Helo, border.hop.field);
    item.domain = Some(helo.to_owned());
    item.ip = client
        .address
        .as_ref()
        .map(|address| address.text.clone().into_owned());
    item.points_to = Some(points_to(exits, helo));
    item.says = ["the client at the border called itself ", helo].concat();
    Some(item)
}

fn warnings(
    raw: &RawMessage<'_>,
    facts: &Facts<'_, '_>,
    exits: &Exits<'_>,
    expected: &Expected<'_>,
    verdict: &Verdict<'_, '_>,
) -> Vec<Warning> {
    let mut warnings = raw.warnings.clone();
    let line_of = |field: usize| facts.line(field).map(|line| raw.input_line(line));
    let mut warn = |code, line, says: String| warnings.push(Warning { code, line, says });
    match facts.section.ended_by() {
        End::NoField(line) => warn(
            WarningCode::Truncated,
            Some(raw.input_line(line)),
            "a line that is no header field ends the header here".to_owned(),
        ),
        End::Limit => warn(
            WarningCode::Limit,
            None,
            "the header is longer than is read of one".to_owned(),
        ),
        End::EmptyLine | End::Text => {}
    }
    if facts.evidence.limit_reached {
        warn(
            WarningCode::Limit,
            None,
            "there are more authentication results than are considered".to_owned(),
        );
    }
    for results in facts
        .evidence
        .results
        .iter()
        .filter(|results| results.unsound)
    {
        let name = facts
            .section
            .fields()
            .get(results.field)
            .map_or("", |field| field.name);
        warn(
            WarningCode::UnsoundResults,
            line_of(results.field),
            [
                name,
                " is not written as one server writes it: some of it may be the sender's words, \
                 and it identifies nobody",
            ]
            .concat(),
        );
    }
    let newest = facts.path.newest();
    match (&verdict.placed.placement, newest) {
        (_, None) => warn(
            WarningCode::NoReceived,
            None,
            "there is no Received field".to_owned(),
        ),
        (Placement::Unseen(crate::trust::Unseen::Late), Some(newest)) => warn(
            WarningCode::LateReceived,
            line_of(newest.field),
            "the newest Received field stands below From, To, Subject or Date".to_owned(),
        ),
        _ => {}
    }
    for linked in facts.path.hops().iter().rev() {
        for (code, says) in hop_warnings(linked) {
            warn(code, line_of(linked.field), says);
        }
    }
    for (code, field, says) in between_hops(facts) {
        warn(code, line_of(field), says);
    }
    if let Expected::Route(row) = expected {
        let strongly = matches!(&verdict.placed.placement, Placement::Strong(who, ..) if who.route().as_str() == row.route.as_str());
        if let Some(claim) = exits
            .expected(row)
            .and_then(|exit| claimed_below(facts, exit))
            .filter(|_| !strongly)
        {
            warn(
                WarningCode::UntrustedClaim,
                line_of(claim.field),
                format!(
                    "{}, but only below the last believed hop, where the sender may have written it",
                    claim_text(&claim)
                ),
            );
        }
        tls_warnings(facts, exits, row, &mut |field, says| {
            warn(WarningCode::TlsMissing, line_of(field), says)
        });
    }
    let vouching = &facts.expectation.mine;
    if vouch::vouched(facts.section, vouching).is_none()
        && let Some(says) = vouch::not_mine(facts.section, vouching)
    {
        warn(WarningCode::NotMine, None, says.to_owned());
    }
    for (code, says) in named_oddly(facts) {
        warn(code, None, says);
    }
    if !is_sender_authenticated(facts) && !facts.from.is_empty() {
        let from = facts
            .section
            .fields()
            .iter()
            .position(|field| field.kind == FieldName::From);
        warn(
            WarningCode::UnauthenticatedSender,
            from.and_then(line_of),
            "no believed SPF or DKIM pass aligns with the domain of From".to_owned(),
        );
    }
    for (kind, name) in [
        (FieldName::From, "From"),
        (FieldName::Date, "Date"),
        (FieldName::MessageId, "Message-ID"),
    ] {
        let twice = facts
            .section
            .fields()
            .iter()
            .enumerate()
            .filter(|(_, field)| field.kind == kind)
            .nth(1);
        if let Some((index, _)) = twice {
            warn(
                WarningCode::DuplicateField,
                line_of(index),
                [name, " stands here more than once"].concat(),
            );
        }
    }
    warnings
}

fn hop_warnings(linked: &LinkedHop<'_>) -> Vec<(WarningCode, String)> {
    let hop = &linked.hop;
    let mut found = Vec::new();
    if hop.unparsed {
        found.push((
            WarningCode::UnparsedReceived,
            "this Received field could not be read".to_owned(),
        ));
    }
    if hop.limit_reached {
        found.push((
            WarningCode::Limit,
            "this Received field is longer than is read of one".to_owned(),
        ));
    }
    if hop.joined {
        found.push((
            WarningCode::JoinedReceived,
            "several Received fields stand in this one; only the first of them is read".to_owned(),
        ));
    }
    let address = hop.from.as_ref().and_then(|client| client.address.as_ref());
    if let Some(address) = address.filter(|address| address.ip.is_none()) {
        found.push((
            WarningCode::InvalidIp,
            format!("{} is no valid address", address.text),
        ));
    }
    match hop.date_standing {
        DateStanding::Unreadable => found.push((
            WarningCode::UnparsedDate,
            "the date could not be read".to_owned(),
        )),
        DateStanding::ZoneUnknown => {
            found.push((
                WarningCode::UnparsedDate,
                "the date has no zone that is known, so it gives no instant".to_owned(),
            ));
        }
        DateStanding::Missing | DateStanding::Known => {}
    }
    found
}

/// How far two clocks may differ before it is worth a word: nearly all real skews are shorter, most
/// of them between two servers of one operator.
const SKEW: i64 = 60;

/// What is odd between a hop and the one before it: each kind one line for the whole message, at
/// the newest hop that has it.
fn between_hops(facts: &Facts<'_, '_>) -> Vec<(WarningCode, usize, String)> {
    let mut found = Vec::new();
    let hops = || facts.path.hops().iter().rev();
    let earlier = |linked: &LinkedHop<'_>| linked.delay.map_or(0, |delay| -delay);
    let skewed: Vec<_> = hops().filter(|linked| earlier(linked) >= SKEW).collect();
    match skewed.as_slice() {
        [] => {}
        [one] => found.push((
            WarningCode::ClockSkew,
            one.field,
            format!(
                "hop {} is {} s earlier than the one before it",
                one.number,
                earlier(one)
            ),
        )),
        [first, ..] => {
            let most = skewed
                .iter()
                .map(|linked| earlier(linked))
                .max()
                .unwrap_or(0);
            found.push((
                WarningCode::ClockSkew,
                first.field,
                format!(
                    "hops {} are earlier than the ones before them, by up to {most} s",
                    numbers(&skewed)
                ),
            ));
        }
    }
    let gaps: Vec<_> = hops()
        .filter(|linked| is_plain_gap(facts, linked))
        .collect();
    match gaps.as_slice() {
        [] => {}
        [one] => found.push((
            WarningCode::ChainGap,
            one.field,
            format!(
                "the client of hop {} is not the server of hop {}",
                one.number,
                one.number - 1
            ),
        )),
        [first, ..] => found.push((
            WarningCode::ChainGap,
            first.field,
            format!(
                "the clients of hops {} are not the servers of the hops before them",
                numbers(&gaps)
            ),
        )),
    }
    found
}

/// `2, 3 and 5`; in the order of the journey.
fn numbers(hops: &[&LinkedHop<'_>]) -> String {
    let mut numbers: Vec<String> = hops
        .iter()
        .rev()
        .map(|linked| linked.number.to_string())
        .collect();
    let last = numbers.pop().unwrap_or_default();
    match numbers.is_empty() {
        true => last,
        false => [&numbers.join(", "), " and ", &last].concat(),
    }
}

/// A gap that a reader would call one: both sides have a name of the public DNS, of two owners as
/// far as names tell, and the server took the message from that client rather than wrote or
/// fetched it itself.
fn is_plain_gap(facts: &Facts<'_, '_>, linked: &LinkedHop<'_>) -> bool {
    if linked.link != Link::Gap || linked.hop.intake != Intake::Client {
        return false;
    }
    let older = linked
        .number
        .checked_sub(1)
        .and_then(|number| facts.path.hop(number));
    let server = older
        .and_then(|older| older.hop.by.as_ref())
        .and_then(|by| by.host.as_deref())
        .filter(|host| is_public_name(host));
    let client = linked.hop.from.as_ref();
    let names = [
        client.and_then(|client| client.reverse_dns.as_deref()),
        client.and_then(|client| client.helo.as_deref()),
    ];
    let mut names = names
        .into_iter()
        .flatten()
        .filter(|name| is_public_name(name))
        .peekable();
    let Some(server) = server else { return false };
    names.peek().is_some()
        && !names.any(|name| {
            is_one_owner(server, name) || facts.catalogue.are_one_operators(server, name)
        })
}

/// Whether a name is one that the public DNS may have: no single label, address, or suffix that
/// only inner networks use (RFC 6762 appendix G, RFC 8375, and `.internal` as reserved in 2024).
fn is_public_name(name: &str) -> bool {
    const INNER: [&str; 9] = [
        "internal",
        "local",
        "localdomain",
        "lan",
        "home",
        "corp",
        "private",
        "intranet",
        "prv",
    ];
    is_domain_name(name)
        && lex::parse_ip(name).is_none()
        && organisation(name).is_some()
        && name
            .rsplit('.')
            .next()
            .is_some_and(|last| !INNER.iter().any(|inner| last.eq_ignore_ascii_case(inner)))
}

/// Whether two names may be one owner's by the label before the public suffix, numbers left out:
/// `suse.cz` and `suse.de`, `acems1.com` and `acems2.com`, `aliyun-inc.com` and `aliyun.com`.
fn is_one_owner(a: &str, b: &str) -> bool {
    let label = |name: &str| {
        let organisation = organisation(name)?;
        let (label, _) = organisation.split_once('.')?;
        let label = label.trim_end_matches(|digit: char| digit.is_ascii_digit());
        (!label.is_empty()).then(|| label.to_ascii_lowercase())
    };
    let (Some(a), Some(b)) = (label(a), label(b)) else {
        return false;
    };
    let begins = |long: &str, short: &str| {
        short.len() >= 4
            && long
                .strip_prefix(short)
                .is_some_and(|rest| rest.starts_with('-'))
    };
    a == b || begins(&a, &b) || begins(&b, &a)
}
/// A connector that requires TLS, and a hand-over to or from it that shows none.
fn tls_warnings(
    facts: &Facts<'_, '_>,
    exits: &Exits<'_>,
    row: &crate::route::expected::ExpectedRow<'_>,
    warn: &mut impl FnMut(usize, String),
) {
    let Some(connector) = row.connector.filter(|connector| connector.require_tls) else {
        return;
    };
    let Some(exit) = exits.expected(row) else {
        return;
    };
    let name = connector
        .smart_hosts
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    if let Ok(border) = facts.path.border()
        && !reasons::has_tls(&border.hop.hop)
    {
        warn(
            border.hop.field,
            format!("the connector {name} requires TLS, and this hand-over shows none"),
        );
    }
    let into = facts.path.claimed().find(|linked| {
        let by = linked.hop.by.as_ref().and_then(|by| by.host.as_deref());
        linked.hop.from.is_some()
            && by.is_some_and(|by| {
                exit.names(by, None).is_some() || exit.providers.iter().any(|p| p.is_smart_host(by))
            })
    });
    if let Some(linked) = into.filter(|linked| !reasons::has_tls(&linked.hop)) {
        warn(
            linked.field,
            format!("the connector {name} requires TLS, and the hand-over to it shows none"),
        );
    }
}

/// Whether a believed SPF or DKIM pass aligns with From: the same organisation (RFC 7489 3.1,
/// relaxed).
fn is_sender_authenticated(facts: &Facts<'_, '_>) -> bool {
    let aligns = |domain: &str| {
        facts
            .from
            .iter()
            .filter_map(|address| lex::domain_of(address))
            .any(|own| same_name(own, domain) || same_organisation(own, domain))
    };
    let spf = facts.path.border().is_ok_and(|border| {
        facts.spf_passes(&border).any(|(domain, attested)| {
            attested.result.identity == evidence::SpfIdentity::MailFrom && aligns(domain)
        })
    });
    spf || facts.dkim_passes().any(|(domain, _)| aligns(domain))
}

#[cfg(test)]
mod stop_tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

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

    const HOPS: usize = 3000;

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
        for part in [0, 20, 45, 70, 95] {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Repair;

    /// The warnings of these codes that a header of these fields, newest first, has.
    fn warned(received: &[String], code: WarningCode) -> Vec<String> {
        let mut text = String::new();
        for body in received {
            text.push_str(&["Received: ", body, "\n"].concat());
        }
        text.push_str("From: <jane.doe@contoso.example>\n\n");
        let raw = RawMessage::new(text.as_bytes(), Repair::Encoding);
        let analysis = analyze_message(&raw, &Expectation::default(), Catalogue::builtin());
        let of_code = analysis.warnings.into_iter().filter(|w| w.code == code);
        of_code.map(|warning| warning.says).collect()
    }

    #[test]
    fn a_gap_is_said_where_a_reader_would_see_one() {
        // The older server, the newer client, and whether they are two.
        for (server, client, gap) in [
            (
                "out.contoso.example",
                "relay.fabrikam.example ([203.0.113.9])",
                true,
            ),
            (
                "out.contoso.example",
                "relay.fabrikam.example (relay.fabrikam.example [203.0.113.9])",
                true,
            ),
            (
                "out.contoso.example",
                "out.contoso.example ([203.0.113.9])",
                false,
            ),
            // No name of the public DNS on one side.
            (
                "6c1f2a770d6f",
                "relay.fabrikam.example ([203.0.113.9])",
                false,
            ),
            (
                "mail.contoso.local",
                "relay.fabrikam.example ([203.0.113.9])",
                false,
            ),
            (
                "worker-3.prod.internal",
                "relay.fabrikam.example ([203.0.113.9])",
                false,
            ),
            ("10.2.3.4", "relay.fabrikam.example ([203.0.113.9])", false),
            ("out.contoso.example", "gateway ([203.0.113.9])", false),
            (
                "out.contoso.example",
                "[203.0.113.9] ([203.0.113.9])",
                false,
            ),
            ("out.contoso.example", "unknown ([203.0.113.9])", false),
            ("gmailapi.google.com", "123456 named unknown", false),
            // One owner under two suffixes, or with a number.
            (
                "a.lw.example.com",
                "lists.example.net ([203.0.113.9])",
                false,
            ),
            (
                "mail1.acems1.example",
                "mail2.acems2.example ([203.0.113.9])",
                false,
            ),
            (
                "smtp.aliyun-inc.com",
                "out.aliyun.com ([203.0.113.9])",
                false,
            ),
        ] {
            let newer = format!(
                "from {client} by mx.example.org (Postfix) with ESMTP id 1; Tue, 28 Feb 2023 09:51:02 +0000"
            );
            let older =
                format!("from a by {server} with ESMTP id 2; Tue, 28 Feb 2023 09:51:01 +0000");
            let said = warned(&[newer, older], WarningCode::ChainGap);
            assert_eq!(!said.is_empty(), gap, "{server}, {client}: {said:?}");
        }
    }

    #[test]
    fn what_a_server_fetches_or_writes_itself_is_no_gap() {
        for newer in [
            "from imap.fabrikam.example ([203.0.113.9]) by desk.example.org with IMAP4-SSL; 28 Feb 2023 09:51:02 -0000",
            "from jane.fabrikam.example by desk.example.org with local (Exim 4.96) id 1uM4Xk-0001Ab-2C; Tue, 28 Feb 2023 09:51:02 +0000",
        ] {
            let older =
                "from a by mx.contoso.example with ESMTP id 2; Tue, 28 Feb 2023 09:51:01 +0000";
            let said = warned(&[newer.to_owned(), older.to_owned()], WarningCode::ChainGap);
            assert!(said.is_empty(), "{newer}: {said:?}");
        }
    }

    #[test]
    fn gaps_and_skews_are_one_line_each() {
        let hop = |client: &str, server: &str, time: &str| {
            format!(
                "from {client} ([203.0.113.9]) by {server} with ESMTP id 1; Tue, 28 Feb 2023 {time} +0000"
            )
        };
        let hops = [
            hop("x.one.example", "mx.example.org", "09:50:00"),
            hop("x.two.example", "x.three.example", "09:51:00"),
            hop("x.four.example", "x.five.example", "09:51:59"),
            hop("x.six.example", "x.four.example", "09:52:58"),
        ];
        assert_eq!(
            warned(&hops, WarningCode::ClockSkew),
            ["hop 4 is 60 s earlier than the one before it"]
        );
        assert_eq!(
            warned(&hops, WarningCode::ChainGap),
            ["the clients of hops 3 and 4 are not the servers of the hops before them"]
        );
        let hops = [
            hop("a.one.example", "b.one.example", "09:50:00"),
            hop("a.one.example", "a.one.example", "09:51:01"),
            hop("a.one.example", "a.one.example", "09:54:01"),
        ];
        assert_eq!(
            warned(&hops, WarningCode::ClockSkew),
            ["hops 2 and 3 are earlier than the ones before them, by up to 180 s"]
        );
    }

    #[test]
    fn joined_fields_say_so() {
        let joined = "from a.one.example ([203.0.113.9]) by b.one.example with SMTP; Tue, 28 Feb 2023 09:50:00 +0000 from c.one.example ([203.0.113.8]) by a.one.example with SMTP; Tue, 28 Feb 2023 09:49:00 +0000";
        assert_eq!(
            warned(&[joined.to_owned()], WarningCode::JoinedReceived).len(),
            1
        );
        let whole = "from a.one.example ([203.0.113.9]) by b.one.example with SMTP; Tue, 28 Feb 2023 09:50:00 +0000";
        assert!(warned(&[whole.to_owned()], WarningCode::JoinedReceived).is_empty());
    }
}
