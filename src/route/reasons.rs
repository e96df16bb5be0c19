//! What else speaks for or against a verdict, each with the line it rests on. Nothing here
//! decides, and nothing is said.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a reason speaks of one placement and is silent of the others"
)]

use super::Facts;
use super::claims::{Claimed, claimed_below};
use super::client::{Contradiction, contradiction};
use super::expected::{Expected, ExpectedRow};
use super::place::{Placed, Placement};
use super::reason::{Cited, Reason, Took, Wanted};
use super::rules::{Exits, Who};
use crate::analysis::ExpectedRoute;
use crate::evidence::{Mark, ResultCode};
use crate::trust::Handover;

/// The further reasons, in the order in which an administrator would ask for them.
pub(crate) fn further<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    expected: &Expected<'a>,
    placed: &Placed<'a, '_, '_>,
) -> Vec<Cited<'a>> {
    let placement = &placed.placement;
    let mut reasons = Vec::new();
    let row = match expected {
        Expected::Route(row) => Some(row),
        Expected::Nothing | Expected::Unlisted(_) | Expected::Undecided(_) => None,
    };
    if let Some(row) = row
        && let (Some(lookup), Some(sender)) = (&row.row, &row.sender)
    {
        let reason = Reason::PolicyRow(lookup.clone(), sender.clone());
        reasons.push(Cited::at(None, reason));
    }
    let Ok(border) = facts.path.border() else {
        return reasons;
    };
    let hand_over = Reason::HandOver {
        took: Took::of(&border),
        how: border.how,
        verified: border.client_name().is_some(),
    };
    reasons.push(Cited::at(Some(border.hop.line), hand_over));
    if let Placement::Helo(..) | Placement::Stranger | Placement::Structure = placement {
        reasons.extend(contradicted(facts, exits, &border));
    }
    reasons.extend(spf(facts, &border));
    reasons.extend(dkim(facts));
    reasons.extend(return_path(facts, exits, placement));
    reasons.extend(markers(facts, exits, &border));
    if let Some(row) = row {
        reasons.extend(tls(facts, row, &border));
        reasons.extend(claim(facts, exits, row, placement));
    }
    reasons
}

fn contradicted<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    border: &Handover<'a, '_>,
) -> Option<Cited<'a>> {
    let helo = border.client()?.helo.as_deref()?;
    let exits = exits
        .connectors
        .iter()
        .map(|(_, exit)| exit)
        .chain([&exits.exchange]);
    exits
        .into_iter()
        .find(|exit| exit.names(helo, border.client_ip()).is_some())?;
    let by = contradiction(facts, border, helo)?;
    let line = match by {
        Contradiction::Spf { field, .. } => facts.line(field),
        Contradiction::ReverseDns(_) | Contradiction::Network(_) => Some(border.hop.line),
    };
    Some(Cited::at(line, Reason::Contradicted(helo, by)))
}

/// Each believed SPF result about the client, each domain once.
fn spf<'a>(facts: &Facts<'a, '_>, border: &Handover<'a, '_>) -> Vec<Cited<'a>> {
    let mut seen = Vec::new();
    let mut reasons = Vec::new();
    for attested in facts.spf_of(border) {
        let spf = attested.result;
        match spf.result {
            ResultCode::Pass | ResultCode::Fail | ResultCode::SoftFail => {}
            ResultCode::Neutral
            | ResultCode::None
            | ResultCode::TempError
            | ResultCode::PermError
            | ResultCode::Policy
            | ResultCode::Other => continue,
        }
        let domain = spf.domain.as_deref();
        let same = (spf.word.to_ascii_lowercase(), spf.identity, domain);
        if seen.contains(&same) {
            continue;
        }
        let reason = Reason::Spf {
            result: spf.result,
            word: same.0.clone(),
            identity: spf.identity,
            domain,
        };
        seen.push(same);
        reasons.push(Cited::at(facts.line(attested.field), reason));
    }
    reasons
}

fn dkim<'a>(facts: &Facts<'a, '_>) -> Vec<Cited<'a>> {
    let mut seen: Vec<&str> = Vec::new();
    let mut reasons = Vec::new();
    for (domain, attested) in facts.dkim_passes() {
        if !seen.contains(&domain) {
            seen.push(domain);
            let line = facts.line(attested.field);
            reasons.push(Cited::at(line, Reason::DkimPass(domain)));
        }
    }
    reasons
}

/// The Return-Path, where it is at the domain of the exit that was found.
fn return_path<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    placement: &Placement<'a>,
) -> Option<Cited<'a>> {
    let found = facts.evidence.return_paths.first()?;
    let domain = found.domain.as_deref()?;
    let exit = match placement {
        Placement::Strong(Who::Connector(own), ..) | Placement::Helo(Who::Connector(own), _) => {
            exits
                .connectors
                .iter()
                .find(|(connector, _)| own.is_none_or(|own| connector.is(own)))
                .map(|(_, exit)| exit)?
        }
        _ => return None,
    };
    let at_provider = exit
        .providers
        .iter()
        .any(|provider| provider.bounce_domain(domain));
    let at_account = exit
        .bounce_domains
        .iter()
        .any(|own| crate::host::same_name(own, domain));
    if !at_provider && !at_account && exit.names(domain, None).is_none() {
        return None;
    }
    let holds = found.decoded.as_deref().map(|address| {
        let mut from = facts.from.iter();
        let is_sender = from.any(|from| from.eq_ignore_ascii_case(address));
        (address, is_sender)
    });
    let reason = Reason::ReturnPath { domain, holds };
    Some(Cited::at(facts.line(found.field), reason))
}

/// Markers that carry the client's own address: corroboration, or a reason when they disagree.
fn markers<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    border: &Handover<'a, '_>,
) -> Vec<Cited<'a>> {
    let Some(ip) = border.client_ip() else {
        return Vec::new();
    };
    let providers = exits
        .connectors
        .iter()
        .flat_map(|(_, exit)| &exit.providers);
    let providers: Vec<_> = providers.collect();
    if providers.is_empty() {
        return Vec::new();
    }
    let carried = facts.evidence.marks.iter().filter_map(|marked| {
        let Mark::Marker { body } = marked.mark else {
            return None;
        };
        let field = facts.section.fields().get(marked.field)?;
        if !facts.catalogue.may_be_marker(field.name) {
            return None;
        }
        let value = Mark::value_of(body);
        let hit = providers
            .iter()
            .find_map(|provider| provider.marker(field.name, &value))?;
        Some((field, crate::lex::parse_ip(hit.client_ip?)?))
    });
    carried
        .map(|(field, carries)| {
            let reason = Reason::Marker {
                field: field.name,
                carries,
                client: ip,
            };
            Cited::at(Some(field.line), reason)
        })
        .collect()
}

/// A hand-over without TLS of a connector that requires it.
fn tls<'a>(
    facts: &Facts<'a, '_>,
    row: &ExpectedRow<'a>,
    border: &Handover<'a, '_>,
) -> Option<Cited<'a>> {
    row.without_tls(&border.hop.hop)?;
    let line = facts.line(border.hop.field);
    Some(Cited::at(line, Reason::TlsMissing(Wanted::of(row))))
}

/// What is claimed of the expected exit where it was not the one found.
fn claim<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    row: &ExpectedRow<'a>,
    placement: &Placement<'a>,
) -> Option<Cited<'a>> {
    let found = match placement {
        Placement::Strong(who, ..) => Some(who.route()),
        _ => None,
    };
    let wanted = match row.route {
        ExpectedRoute::Connector => crate::analysis::ObservedRoute::Connector,
        ExpectedRoute::Exchange => crate::analysis::ObservedRoute::Exchange,
    };
    if found.is_none() || found == Some(wanted) {
        return None;
    }
    let claim = claimed_below(facts, exits.expected(row)?)?;
    if let Claimed::Marker(_) = claim.what {
        return None;
    }
    let reason = Reason::OnlyClaimed(Wanted::of(row), claim);
    Some(Cited::at(facts.line(claim.field), reason))
}
