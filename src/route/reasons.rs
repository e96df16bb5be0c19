//! What else speaks for or against a verdict, each a sentence with the line it rests on. Nothing
//! here decides.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a reason speaks of one placement and is silent of the others"
)]

use super::claims::{Claimed, claimed_below};
use super::client::{Contradiction, contradiction};
use super::expected::{Expected, ExpectedRow};
use super::place::{Placed, Placement};
use super::rules::{Exits, Who, claim_text, client_text, server_text, wanted_text};
use super::{Facts, spf_identity};
use crate::analysis::{ExpectedRoute, Reason};
use crate::evidence::{Mark, ResultCode};
use crate::trust::Handover;

/// The further reasons, in the order in which an administrator would ask for them.
pub(crate) fn further<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    expected: &Expected<'a>,
    placed: &Placed<'a, '_, '_>,
) -> Vec<Reason> {
    let placement = &placed.placement;
    let mut reasons = Vec::new();
    let row = match expected {
        Expected::Route(row) => Some(row),
        Expected::Nothing | Expected::Unlisted { .. } | Expected::Undecided { .. } => None,
    };
    if let Some(says) = row.and_then(|row| row.says.clone()) {
        let code = match row.map(|row| row.source) {
            Some(crate::analysis::ExpectedSource::PolicyAccount) => "policy-account",
            _ => "policy-domain",
        };
        reasons.push(Reason {
            code: code.to_owned(),
            line: None,
            says,
        });
    }
    let Ok(border) = facts.path.border() else {
        return reasons;
    };
    reasons.push(Reason {
        code: "hand-over".to_owned(),
        line: Some(border.hop.line),
        says: hand_over_text(&border),
    });
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

fn hand_over_text(border: &Handover<'_, '_>) -> String {
    use crate::analysis::Border;
    let how = match border.how {
        Border::Named => "the receiver that was named",
        Border::Platform => "the border stamp of the recipient's platform",
        Border::Found => "the oldest stamp of the recipient's side",
        Border::Guessed => "perhaps the oldest stamp of the recipient's side",
    };
    let name = match border.client_name() {
        Some(_) => "a reverse-DNS name that it verified",
        None => "a name that nobody verified",
    };
    [
        "handed over by ",
        &client_text(border),
        " to ",
        server_text(border),
        ", ",
        how,
        ", under ",
        name,
    ]
    .concat()
}

fn contradicted(
    facts: &Facts<'_, '_>,
    exits: &Exits<'_>,
    border: &Handover<'_, '_>,
) -> Option<Reason> {
    let helo = border.client()?.helo.as_deref()?;
    let exits = exits
        .connectors
        .iter()
        .map(|(_, exit)| exit)
        .chain([&exits.exchange]);
    exits
        .into_iter()
        .find(|exit| exit.names(helo, border.client_ip()).is_some())?;
    let (line, says) = match contradiction(facts, border, helo)? {
        Contradiction::Spf { field, domain } => (
            facts.line(field),
            format!("the HELO {helo} is contradicted: SPF of {domain} does not allow this client"),
        ),
        Contradiction::ReverseDns(name) => (
            Some(border.hop.line),
            format!("the HELO {helo} is contradicted by the verified reverse-DNS name {name}"),
        ),
        Contradiction::Network(provider) => (
            Some(border.hop.line),
            format!(
                "the HELO {helo} is contradicted by the address, which is in none of the networks of {}",
                provider.name
            ),
        ),
    };
    Some(Reason {
        code: "helo-contradicted".to_owned(),
        line,
        says,
    })
}

/// One sentence for each believed SPF result about the client, each domain once.
fn spf(facts: &Facts<'_, '_>, border: &Handover<'_, '_>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for attested in facts.spf_of(border) {
        let spf = attested.result;
        let code = match spf.result {
            ResultCode::Pass => "spf-pass",
            ResultCode::Fail | ResultCode::SoftFail => "spf-fail",
            ResultCode::Neutral
            | ResultCode::None
            | ResultCode::TempError
            | ResultCode::PermError
            | ResultCode::Policy
            | ResultCode::Other => continue,
        };
        let domain = spf.domain.as_deref().unwrap_or("an unknown domain");
        let says = [
            "SPF ",
            &spf.word.to_ascii_lowercase(),
            " for that client: ",
            spf_identity(spf.identity),
            " ",
            domain,
        ]
        .concat();
        if !reasons.iter().any(|reason| reason.says == says) {
            reasons.push(Reason {
                code: code.to_owned(),
                line: facts.line(attested.field),
                says,
            });
        }
    }
    reasons
}

fn dkim(facts: &Facts<'_, '_>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for (domain, attested) in facts.dkim_passes() {
        let says = ["DKIM pass by ", domain].concat();
        if !reasons.iter().any(|reason| reason.says == says) {
            reasons.push(Reason {
                code: "dkim-pass".to_owned(),
                line: facts.line(attested.field),
                says,
            });
        }
    }
    reasons
}

/// The Return-Path, where it is at the domain of the exit that was found.
fn return_path(
    facts: &Facts<'_, '_>,
    exits: &Exits<'_>,
    placement: &Placement<'_>,
) -> Option<Reason> {
    let found = facts.evidence.return_paths.first()?;
    let domain = found.domain.as_deref()?;
    let exit = match placement {
        Placement::Strong(Who::Connector(own), ..) | Placement::Helo(Who::Connector(own), _) => {
            exits
                .connectors
                .iter()
                .find(|(connector, _)| own.is_none_or(|own| std::ptr::eq(*connector, own)))
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
    let decoded = match &found.decoded {
        Some(address) => {
            let whose = match facts
                .from
                .iter()
                .any(|from| from.eq_ignore_ascii_case(address))
            {
                true => "the sender",
                false => "the address",
            };
            format!(", with {whose} {address} in it")
        }
        None => String::new(),
    };
    Some(Reason {
        code: "return-path".to_owned(),
        line: facts.line(found.field),
        says: format!("the Return-Path is at the connector's domain {domain}{decoded}"),
    })
}

/// Markers that carry the client's own address: corroboration, or a reason when they disagree.
fn markers(facts: &Facts<'_, '_>, exits: &Exits<'_>, border: &Handover<'_, '_>) -> Vec<Reason> {
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
        .map(|(field, own)| {
            let (code, says) = match own == ip {
                true => (
                    "marker-agrees",
                    format!("{} carries the client's address {own}", field.name),
                ),
                false => (
                    "marker-disagrees",
                    format!("{} carries {own}, but the client was {ip}", field.name),
                ),
            };
            Reason {
                code: code.to_owned(),
                line: Some(field.line),
                says,
            }
        })
        .collect()
}

/// A hand-over without TLS of a connector that requires it.
fn tls(facts: &Facts<'_, '_>, row: &ExpectedRow<'_>, border: &Handover<'_, '_>) -> Option<Reason> {
    let required = row.connector.is_some_and(|connector| connector.require_tls);
    (required && !has_tls(&border.hop.hop)).then(|| Reason {
        code: "tls-missing".to_owned(),
        line: facts.line(border.hop.field),
        says: format!(
            "{} requires TLS, and this hand-over shows none",
            wanted_text(row)
        ),
    })
}

/// Whether a hop was made over TLS: it says so, or by its protocol word (RFC 3848: `S`).
pub(crate) fn has_tls(hop: &crate::trace::Hop<'_>) -> bool {
    hop.tls.is_some()
        || hop.with.as_deref().is_some_and(|with| {
            [
                "ESMTPS",
                "ESMTPSA",
                "LMTPS",
                "LMTPSA",
                "SMTPS",
                "UTF8SMTPS",
                "UTF8SMTPSA",
                "HTTPS",
            ]
            .iter()
            .any(|word| with.eq_ignore_ascii_case(word))
        })
}

/// What is claimed of the expected exit where it was not the one found.
fn claim(
    facts: &Facts<'_, '_>,
    exits: &Exits<'_>,
    row: &ExpectedRow<'_>,
    placement: &Placement<'_>,
) -> Option<Reason> {
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
    Some(Reason {
        code: "claimed-below".to_owned(),
        line: facts.line(claim.field),
        says: format!(
            "{} is only claimed below the border: {}",
            wanted_text(row),
            claim_text(&claim)
        ),
    })
}
