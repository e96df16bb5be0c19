//! Where the client at the border is placed (contract section 5): connector, exchange (strong); one
//! of them by HELO alone; exchange by structure; a stranger.
//!
//! Knows nothing of what is expected.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "one ground or placement is asked for; the others are answered elsewhere"
)]

use super::Facts;
use super::client::{
    Contradiction, Exit, Ground, Match, Organisation, by_dkim, by_helo, contradicted_helo,
    in_organisation, strong,
};
use super::exit::{self, Entrance, Resent, Unshown, Way};
use super::rules::{Exits, Who};
use crate::analysis::{Border, Identity, Scope};
use crate::catalogue::Provider;
use crate::policy::Connector;
use crate::trust::{Doubt, Handover, Unseen};

/// Where the client at the border is placed.
#[derive(Debug, Clone)]
pub(crate) enum Placement<'a> {
    /// No hand-over is seen.
    Unseen(Unseen),
    /// The border is not sure.
    Guessed(Doubt),
    /// The border's stamp names no client.
    Nameless,
    /// The client has an inner address: it is nobody in particular.
    Inner,
    /// Two strong identities name different exits.
    Disagree(Match<'a>, Match<'a>),
    /// A provider that also receives for others, and nothing shows that it took the message from
    /// this sender.
    NotShown(Match<'a>, &'a Provider, Unshown<'a>),
    /// A host of the smart host's organisation that takes mail in from outside.
    TakesIn(Match<'a>, Option<&'a str>),
    /// A strong identity.
    Strong(Who<'a>, Match<'a>, Standing<'a>),
    /// The HELO alone.
    Helo(Who<'a>, Match<'a>),
    /// The HELO of one of them, which something contradicts.
    Contradicted(Who<'a>, &'a str, Contradiction<'a>),
    /// A host in a smart host's domain, whose operator nothing believed shows.
    Neighbour(Who<'a>, Organisation<'a>),
    /// Exchange by structure: its own stamp stands right below.
    Structure,
    /// Anybody else.
    Stranger,
}

/// What else is to be said of a strong identity.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing<'a> {
    /// Why the host may be the recipient's own entrance.
    pub(crate) entrance: Option<Entrance>,
    /// The recipient's domain, where the host may forward to it.
    pub(crate) recipient: Option<&'a str>,
    /// What says that the message was sent on again.
    pub(crate) resent: Option<Resent<'a>>,
}

/// A placement, and the hand-over that it is of.
#[derive(Debug, Clone)]
pub(crate) struct Placed<'a, 'p, 'x> {
    pub(crate) placement: Placement<'a>,
    /// The deciding hop; `None` where no hand-over is seen.
    pub(crate) border: Option<Handover<'p, 'x>>,
    /// Whether a field decides for which the user vouches.
    pub(crate) vouched: bool,
}

/// Places the client at the border. Where the user vouches for the message and what is believed
/// does not tell, every stamp counts as written by the server it names, and the newest hop whose
/// client is one of the exits decides: forwarders, lists and gateways lie between.
pub(crate) fn place<'a, 'x>(facts: &Facts<'a, 'x>, exits: &Exits<'a>) -> Placed<'a, 'a, 'x> {
    let believed = Facts {
        vouched: false,
        ..*facts
    };
    let plain = Placed {
        placement: at_border(&believed, exits),
        border: facts.path.border().ok(),
        vouched: false,
    };
    let decided = match &plain.placement {
        Placement::Strong(who, _, standing) => {
            let resent = standing.resent.is_some() && matches!(who, Who::Connector(_));
            standing.entrance.is_none() && !resent
        }
        Placement::Unseen(Unseen::NoReceived | Unseen::Late) => true,
        _ => false,
    };
    if !facts.vouched || decided {
        return plain;
    }
    vouched(facts, exits).unwrap_or(plain)
}

fn vouched<'a, 'x>(facts: &Facts<'a, 'x>, exits: &Exits<'a>) -> Option<Placed<'a, 'a, 'x>> {
    let how = match facts.path.border() {
        Ok(border) => border.how,
        Err(_) => Border::Guessed,
    };
    let start = facts.path.oldest_believed()?;
    let mut beyond = start.number + 1;
    let mut passed = None;
    for hop in [start].into_iter().chain(facts.path.below(start.number)) {
        if hop.number >= beyond || hop.hop.doubtful || hop.hop.from.is_none() {
            continue;
        }
        let border = Handover { hop, how };
        let placement = match of_client(facts, exits, &border) {
            // It took the message from outside: a forwarder, or the recipient's gateway.
            Placement::NotShown(found, provider, Unshown::Outside(client, intake)) => {
                beyond = intake + 1;
                if exits.is_connectors(provider) {
                    let why = Unshown::Outside(client, intake);
                    passed.get_or_insert((border, Placement::NotShown(found, provider, why)));
                }
                continue;
            }
            _ if border.is_inner() && strong_helo(facts, exits, &border).is_none() => continue,
            Placement::TakesIn(..) | Placement::Stranger | Placement::Neighbour(..) => continue,
            Placement::Structure if !facts.is_linked_exchange(&border) => continue,
            found => found,
        };
        // Exchange before a gateway of the connector's own make: the sender's, or the recipient's.
        if let Placement::Strong(Who::Exchange, ..) = placement
            && let Some((border, placement)) = passed
        {
            return Some(Placed {
                placement,
                border: Some(border),
                vouched: true,
            });
        }
        return Some(Placed {
            placement,
            border: Some(border),
            vouched: true,
        });
    }
    None
}

/// An honest HELO of an inner client.
fn strong_helo<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    border: &Handover<'a, '_>,
) -> Option<()> {
    let connector = best(exits, |exit| strong(facts, border, exit)).map(|_| ());
    connector.or_else(|| strong(facts, border, &exits.exchange).map(|_| ()))
}

fn at_border<'a>(facts: &Facts<'a, '_>, exits: &Exits<'a>) -> Placement<'a> {
    let border = match facts.path.border() {
        Ok(border) => border,
        Err(unseen) => return Placement::Unseen(unseen),
    };
    if let Some(doubt) = facts.path.doubt() {
        return Placement::Guessed(doubt);
    }
    if border.hop.hop.doubtful {
        return Placement::Guessed(Doubt::TwoClients);
    }
    if border.is_inner() {
        return Placement::Inner;
    }
    if !border.names_somebody() {
        return match of_client(facts, exits, &border) {
            // A name alone is the client's word.
            helo @ Placement::Helo(..) => helo,
            _ => Placement::Nameless,
        };
    }
    of_client(facts, exits, &border)
}

/// Places the client of one stamp.
fn of_client<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    border: &Handover<'a, '_>,
) -> Placement<'a> {
    let connector = best(exits, |exit| strong(facts, border, exit));
    let exchange = strong(facts, border, &exits.exchange);
    match (connector, exchange) {
        (Some((_, connector)), Some(exchange))
            if !is_named_host(&connector) || is_named_host(&exchange) =>
        {
            Placement::Disagree(connector, exchange)
        }
        (Some((who, connector)), _) => judged(facts, exits, border, Who::Connector(who), connector),
        (None, Some(exchange)) => judged(facts, exits, border, Who::Exchange, exchange),
        (None, None) => weakly(facts, exits, border),
    }
}

/// A strong identity, held against what else the host may be.
fn judged<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    border: &Handover<'a, '_>,
    who: Who<'a>,
    mut found: Match<'a>,
) -> Placement<'a> {
    let exit = exits.of_who(who, &found);
    let provider =
        exit::provider_of(facts, border, &found).filter(|provider| provider.receives_for_others);
    let way = match provider {
        Some(provider) => match exit::shown(facts, border, exit, who, &found, provider) {
            Ok(way) => {
                // The label says whose it is beyond the provider.
                if way == Way::Label {
                    found.scope = Scope::Account;
                }
                Some(way)
            }
            Err(why) => return Placement::NotShown(found, provider, why),
        },
        None => None,
    };
    if let Ground::Organisation(own) = found.ground
        && let Some((client, _)) = exit::takes_mail_in(facts, border, own)
    {
        return Placement::TakesIn(found, client);
    }
    let mut standing = Standing::default();
    match exit::entrance(facts, border, &found, way) {
        Ok(_) if facts.vouched => {}
        Ok(recipient) => standing.recipient = recipient,
        // Who sent the message knows that this was no entrance, unless its own stamp says so, of a
        // message to his own domain.
        Err(entrance)
            if facts.vouched
                && (entrance == Entrance::NotKnown || !exit::came_in(facts, exits, border)) => {}
        Err(entrance) => standing.entrance = Some(entrance),
    }
    if found.scope != Scope::Account && matches!(who, Who::Connector(_)) {
        standing.resent = match facts.vouched {
            true => exit::returned(facts, exits, border, exit),
            false => exit::resent(facts, exits, border, exit),
        };
    }
    Placement::Strong(who, found, standing)
}

/// The connector that is matched best, a named host before a provider's; `None` in its place where
/// two are matched alike.
fn best<'a>(
    exits: &Exits<'a>,
    matched: impl Fn(&Exit<'a>) -> Option<Match<'a>>,
) -> Option<(Option<&'a Connector>, Match<'a>)> {
    let mut best: Option<(Option<&'a Connector>, Match<'a>)> = None;
    for (connector, exit) in &exits.connectors {
        let Some(found) = matched(exit) else { continue };
        best = match best {
            Some((_, known)) if !known.is_wide() && found.is_wide() => continue,
            // An address of one and the name of another disagree: neither is nearer.
            Some((_, known)) if known.is_wide() == found.is_wide() => {
                Some((None, std::cmp::min_by_key(known, found, Match::rank)))
            }
            _ => Some((Some(connector), found)),
        };
    }
    best
}

/// A host that the user named, known by its address or verified name.
fn is_named_host(found: &Match<'_>) -> bool {
    matches!(found.ground, Ground::Named(_)) && found.identity <= Identity::ReverseDns
}

fn weakly<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    border: &Handover<'a, '_>,
) -> Placement<'a> {
    let helo = best(exits, |exit| by_helo(facts, border, exit))
        .map(|(connector, found)| Placement::Helo(Who::Connector(connector), found))
        .or_else(|| {
            by_helo(facts, border, &exits.exchange)
                .map(|found| Placement::Helo(Who::Exchange, found))
        });
    if helo.is_none() && facts.is_exchange_below(border) {
        return contradicted(facts, exits, border).unwrap_or(Placement::Structure);
    }
    if let Some((connector, found)) = best(exits, |exit| by_dkim(facts, border, exit)) {
        return judged(facts, exits, border, Who::Connector(connector), found);
    }
    let neighbour = || {
        exits.connectors.iter().find_map(|(connector, exit)| {
            let own = in_organisation(facts, border, exit)?;
            Some(Placement::Neighbour(Who::Connector(Some(connector)), own))
        })
    };
    // A verified name says more than a HELO beside it.
    let wide = matches!(&helo, Some(Placement::Helo(_, found)) if matches!(found.ground, Ground::Organisation(_)));
    let helo = match wide {
        true => neighbour().or(helo),
        false => helo.or_else(neighbour),
    };
    helo.or_else(|| contradicted(facts, exits, border))
        .unwrap_or(Placement::Stranger)
}

fn contradicted<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    border: &Handover<'a, '_>,
) -> Option<Placement<'a>> {
    let connector = exits.connectors.iter().find_map(|(connector, exit)| {
        let (helo, by) = contradicted_helo(facts, border, exit)?;
        Some(Placement::Contradicted(
            Who::Connector(Some(connector)),
            helo,
            by,
        ))
    });
    connector.or_else(|| {
        let (helo, by) = contradicted_helo(facts, border, &exits.exchange)?;
        Some(Placement::Contradicted(Who::Exchange, helo, by))
    })
}
