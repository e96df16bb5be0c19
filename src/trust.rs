//! Which hops are believed: a chain into a [`TrustedPath`] (contract section 4).
//!
//! Read from the newest hop down. As long as the client of a hop is on the recipient's side, the
//! stamp below it was written by one of the recipient's servers and is believed, too. The first
//! client outside makes that hop the border (RFC 5598 ADMD boundary): its stamp says who handed
//! the message over, and everything below it is only claimed. Knows nothing of verdicts.

mod standing;

use std::net::IpAddr;

pub(crate) use self::standing::{Standing, believed};
use crate::analysis::Border;
use crate::catalogue::{Catalogue, Provider};
use crate::header::{Field, FieldName, HeaderSection};
use crate::host::{HostSpec, is_inner};
use crate::policy::AuthservId;
use crate::trace::chain::{Chain, LinkedHop};
use crate::trace::{Client, Hop};

mod walk;

use walk::Walk;

/// Whom the user asked to believe, and whom never to take for the recipient's side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Belief<'e> {
    /// The border must be stamped by one of these, where any are given.
    pub(crate) receivers: &'e [HostSpec],
    /// Servers whose stamps are believed once a believed stamp identifies them strongly.
    pub(crate) trust: &'e [HostSpec],
    /// Authentication services whose results are believed directly below the border's stamp.
    pub(crate) authserv_ids: &'e [AuthservId],
    /// Who received the message, as the user says.
    pub(crate) recipients: &'e [String],
}

/// The stretch of believed hops of one ADMD, newest hop first, and where it ends.
#[derive(Debug, Clone, Copy)]
struct Segment<'c> {
    /// Index of the field of the hop at which this ADMD took the message in.
    border_field: usize,
    /// The number of that hop.
    border_hop: u32,
    /// The platform whose servers these are.
    platform: Option<&'c Provider>,
}

/// Where the recipient's side took the message from a client outside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handover<'p, 'x> {
    /// The hop that was stamped there.
    pub(crate) hop: &'p LinkedHop<'x>,
    /// How it was found.
    pub(crate) how: Border,
}

impl<'p, 'x> Handover<'p, 'x> {
    /// The client that handed over.
    pub(crate) fn client(&self) -> Option<&'p Client<'x>> {
        self.hop.hop.from.as_ref()
    }

    /// The client's address, as the server's own socket said.
    pub(crate) fn client_ip(&self) -> Option<IpAddr> {
        self.hop.hop.client_ip()
    }

    /// The client's name that the stamping server verified.
    pub(crate) fn client_name(&self) -> Option<&'p str> {
        self.hop.hop.client_name()
    }

    /// Whether the client has an inner address, which says nothing outside its own network.
    pub(crate) fn is_inner(&self) -> bool {
        let address = self.client().and_then(|client| client.address.as_ref());
        address.and_then(|address| address.ip).is_some_and(is_inner)
    }

    /// Whether the stamp tells of its client what the client did not say itself: an address, or a
    /// name that was verified.
    pub(crate) fn names_somebody(&self) -> bool {
        self.client_name().is_some() || self.client_ip().is_some()
    }
}

/// Why no hand-over is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unseen {
    /// There is no Received field.
    NoReceived,
    /// The newest one stands below From, To, Subject or Date: nobody delivered this message.
    Late,
    /// All hops are on the recipient's side.
    Inside,
    /// The border is not stamped by a server named with `--receiver`; the hop where it was found.
    OtherReceiver(u32),
}

/// A chain and how far it is believed. The rules get this type, never a bare chain.
#[derive(Debug)]
pub(crate) struct TrustedPath<'p, 'c, 'x> {
    chain: &'p Chain<'x>,
    /// The number of the oldest believed hop; one more than the newest where none is.
    oldest_believed: u32,
    segments: Vec<Segment<'c>>,
    border: Result<Handover<'p, 'x>, Unseen>,
    /// Why the border is guessed, where it is.
    doubt: Option<Doubt>,
}

/// Why it is not sure where the recipient's side begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The stamp names two client addresses, or more clauses than one server writes.
    TwoClients,
    /// The client has an inner address: one of the recipient's servers, or anybody behind address
    /// translation.
    Inner,
    /// The client is of the receiving server's organisation: one of its servers, or a customer.
    Neighbour,
    /// Written on the machine itself, by any program there, or by nobody that is named.
    Pickup,
    /// The client is one of the recipient's servers, but the next stamp is not its.
    Unlinked,
    /// The client's address is one from which a platform delivers to its customers.
    Delivering,
}

impl<'p, 'c, 'x> TrustedPath<'p, 'c, 'x> {
    /// Finds the border. `named` are the hosts that the user names as connector or as Exchange
    /// server: they are never the recipient's side.
    pub(crate) fn trace(
        section: &HeaderSection<'x>,
        chain: &'p Chain<'x>,
        catalogue: &'c Catalogue,
        belief: Belief<'_>,
        named: &[&HostSpec],
    ) -> Self {
        let unseen = |why| Self {
            chain,
            oldest_believed: chain.hops().len() as u32 + 1,
            segments: Vec::new(),
            border: Err(why),
            doubt: None,
        };
        let Some(newest) = chain.newest() else {
            return unseen(Unseen::NoReceived);
        };
        let authored = first_authored(section);
        if newest.field > authored {
            return unseen(Unseen::Late);
        }
        let walk = Walk {
            section,
            authored,
            chain,
            catalogue,
            belief,
            named,
            segments: Vec::new(),
            passed_over: None,
        };
        walk.down_from(newest)
    }

    /// The hand-over, or why none is seen.
    pub(crate) fn border(&self) -> Result<Handover<'p, 'x>, Unseen> {
        self.border
    }

    /// Why the border is guessed, where it is.
    pub(crate) fn doubt(&self) -> Option<Doubt> {
        self.doubt
    }

    /// Whether the hop with this number is believed.
    pub(crate) fn believes(&self, number: u32) -> bool {
        number >= self.oldest_believed
    }

    /// The hops that are only claimed, newest (nearest to the border) first.
    pub(crate) fn claimed(&self) -> impl Iterator<Item = &'p LinkedHop<'x>> + use<'p, 'x> {
        let below = self.oldest_believed.saturating_sub(1) as usize;
        self.chain
            .hops()
            .get(..below)
            .unwrap_or_default()
            .iter()
            .rev()
    }

    /// The hops below the one of this number, newest first, believed or not.
    pub(crate) fn below(
        &self,
        number: u32,
    ) -> impl Iterator<Item = &'p LinkedHop<'x>> + use<'p, 'x> {
        let below = number.saturating_sub(1) as usize;
        let hops = self.chain.hops().get(..below);
        hops.unwrap_or_default().iter().rev()
    }

    /// Whether a server that the user trusts stands between the newest hop and the border.
    pub(crate) fn passed_trusted(&self) -> bool {
        self.segments.len() > 1
    }

    /// All hops with their links.
    pub(crate) fn chain(&self) -> &'p Chain<'x> {
        self.chain
    }

    /// All hops, origin first, believed or not: to be shown.
    pub(crate) fn hops(&self) -> &'p [LinkedHop<'x>] {
        self.chain.hops()
    }

    /// The hop with this number.
    pub(crate) fn hop(&self, number: u32) -> Option<&'p LinkedHop<'x>> {
        self.chain.hop(number)
    }

    /// The oldest believed hop.
    pub(crate) fn oldest_believed(&self) -> Option<&'p LinkedHop<'x>> {
        self.chain.hop(self.oldest_believed)
    }

    /// The newest hop, believed or not.
    pub(crate) fn newest(&self) -> Option<&'p LinkedHop<'x>> {
        self.chain.newest()
    }
}

/// The index of the first field that the author writes: a Received field below it is nobody's
/// delivery.
fn first_authored(section: &HeaderSection<'_>) -> usize {
    let authored = |field: &Field<'_>| {
        matches!(
            field.kind,
            FieldName::From | FieldName::To | FieldName::Subject | FieldName::Date
        )
    };
    section
        .fields()
        .iter()
        .position(authored)
        .unwrap_or(usize::MAX)
}

/// Whether a host is the client of this stamp strongly: by network or by verified reverse DNS.
pub(crate) fn is_strongly(host: &HostSpec, hop: &Hop<'_>) -> bool {
    hop.client_ip().is_some_and(|ip| host.contains(ip))
        || hop
            .client_name()
            .is_some_and(|name| host.matches_name(name))
}

/// Whether a host is this client, or the client says so: enough never to take it for one of the
/// recipient's own servers. An inner address is nobody's in particular.
fn is_or_claims(host: &HostSpec, client: &Client<'_>) -> bool {
    let names = [client.helo.as_deref(), client.reverse_dns.as_deref()];
    client
        .address
        .as_ref()
        .and_then(|address| address.ip)
        .is_some_and(|ip| !is_inner(ip) && host.contains(ip))
        || names
            .into_iter()
            .flatten()
            .any(|name| host.matches_name(name))
}

/// Fields in which delivering servers write whose mailbox it is.
const DELIVERIES: &[&str] = &[
    "delivered-to",
    "envelope-to",
    "x-original-to",
    "x-delivered-to",
    "x-envelope-to",
    "x-apparently-to",
];

/// Who received the message, by what stands at this hop or above it: the recipient in a `for`
/// clause, in Delivered-To, or as the user says.
pub(crate) fn known_recipients<'r>(
    section: &'r HeaderSection<'_>,
    chain: &'r Chain<'_>,
    border: &LinkedHop<'_>,
    given: &'r [String],
) -> Vec<&'r str> {
    let mut known: Vec<&str> = given.iter().map(String::as_str).collect();
    let believed = chain
        .hops()
        .iter()
        .filter(|linked| linked.number >= border.number);
    for linked in believed {
        known.extend(linked.hop.for_.as_deref());
    }
    let above = section.fields().get(..border.field).unwrap_or_default();
    for field in above {
        if field.kind == FieldName::Other
            && DELIVERIES
                .iter()
                .any(|name| field.name.eq_ignore_ascii_case(name))
        {
            // Yahoo: `X-Apparently-To: mary@yahoo.example; Mon, 2 Jun …`
            let address = field.body.split(';').next().unwrap_or_default();
            let address = crate::lex::trim(address);
            let bare = address
                .strip_prefix('<')
                .and_then(|rest| rest.strip_suffix('>'));
            known.push(bare.unwrap_or(address));
        }
    }
    known.retain(|address| crate::lex::domain_of(address).is_some_and(crate::host::is_domain_name));
    known.sort_unstable();
    known.dedup();
    known
}

/// Whether a host is the server that stamped a hop.
fn is_server(host: &HostSpec, hop: &Hop<'_>) -> bool {
    let Some(by) = &hop.by else { return false };
    by.host
        .as_deref()
        .is_some_and(|name| host.matches_name(name))
        || by
            .ip
            .as_deref()
            .and_then(crate::lex::parse_ip)
            .is_some_and(|ip| host.contains(ip))
}
