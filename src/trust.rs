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
use crate::catalogue::{Catalogue, Provider, is_customer_machine};
use crate::header::{Field, FieldName, HeaderSection};
use crate::host::{HostSpec, is_inner, same_organisation};
use crate::policy::AuthservId;
use crate::trace::chain::{Chain, Link, LinkedHop, same_machine};
use crate::trace::{Client, Family, Hop, Intake};

/// Whom the user asked to believe, and whom never to take for the recipient's side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Belief<'e> {
    /// The border must be stamped by one of these, where any are given.
    pub(crate) receivers: &'e [HostSpec],
    /// Servers whose stamps are believed once a believed stamp identifies them strongly.
    pub(crate) trust: &'e [HostSpec],
    /// Authentication services whose results are believed directly below the border's stamp.
    pub(crate) authserv_ids: &'e [AuthservId],
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

    /// The client's address from the TCP-info part; one that may be a HELO is none.
    pub(crate) fn client_ip(&self) -> Option<IpAddr> {
        self.client().and_then(tcp_ip)
    }

    /// The client's name that the stamping server verified.
    pub(crate) fn client_name(&self) -> Option<&'p str> {
        self.client().and_then(verified_name)
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
    /// The hop below a guessed border at which the recipient's side may really begin.
    doubt: Option<u32>,
    /// The client at the border stamped the field below it: trusting it would lead further.
    client_stamps: bool,
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
            client_stamps: false,
        };
        let Some(newest) = chain.newest() else {
            return unseen(Unseen::NoReceived);
        };
        let authored = first_authored(section);
        if newest.field > authored {
            return unseen(Unseen::Late);
        }
        let walk = |inner_named| Walk {
            authored,
            chain,
            catalogue,
            belief,
            named,
            inner_named,
            segments: Vec::new(),
        };
        // An inner address that the user names (10.0.0.5) may be one of the recipient's own, too;
        // behind a platform's border stamp it is.
        if named
            .iter()
            .any(|host| matches!(host, HostSpec::Network(network) if is_inner(network.addr())))
        {
            let path = walk(false).down_from(newest);
            let platform = |linked: &LinkedHop<'_>| {
                let by = linked.hop.by.as_ref().and_then(|by| by.host.as_deref());
                by.is_some_and(|by| catalogue.platform_of_border_stamp(by).is_some())
            };
            if path.border.is_ok_and(|border| platform(border.hop)) {
                return path;
            }
        }
        walk(true).down_from(newest)
    }

    /// The hand-over, or why none is seen.
    pub(crate) fn border(&self) -> Result<Handover<'p, 'x>, Unseen> {
        self.border
    }

    /// The hop that would be the border if the server that stamped it were the recipient's, where
    /// the border is guessed.
    pub(crate) fn doubt(&self) -> Option<&'p LinkedHop<'x>> {
        self.doubt.and_then(|number| self.chain.hop(number))
    }

    /// Whether the client at the border stamped the field below it, so that trusting it would lead
    /// further.
    pub(crate) fn client_stamps(&self) -> bool {
        self.client_stamps
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

    /// The hop directly below the border.
    pub(crate) fn below_border(&self) -> Option<&'p LinkedHop<'x>> {
        self.border
            .ok()
            .and_then(|border| self.chain.hop(border.hop.number.checked_sub(1)?))
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

/// The address in the TCP-info part.
pub(crate) fn tcp_ip(client: &Client<'_>) -> Option<IpAddr> {
    use crate::trace::AddressPlace;
    client
        .address
        .as_ref()
        .filter(|address| address.place == AddressPlace::TcpInfo)?
        .ip
}

/// The verified reverse-DNS name.
pub(crate) fn verified_name<'p>(client: &'p Client<'_>) -> Option<&'p str> {
    client
        .reverse_dns
        .as_deref()
        .filter(|_| client.reverse_dns_verified)
}

/// Whether a host is this client strongly: by network or by verified reverse DNS.
pub(crate) fn is_strongly(host: &HostSpec, client: &Client<'_>) -> bool {
    tcp_ip(client).is_some_and(|ip| host.contains(ip))
        || verified_name(client).is_some_and(|name| host.matches_name(name))
}

/// What the client of a hop is to the recipient.
enum Side {
    /// One of the recipient's servers; its stamp is the next one.
    Inner,
    /// One of the recipient's servers, but the next stamp is not its own.
    Broken,
    /// One of the recipient's mailboxes: the message began inside.
    Begun,
    /// Outside: this hop is the border.
    Outside,
}

struct Walk<'w, 'p, 'c, 'x> {
    /// The index of the first field that the author writes.
    authored: usize,
    chain: &'p Chain<'x>,
    catalogue: &'c Catalogue,
    belief: Belief<'w>,
    named: &'w [&'w HostSpec],
    /// Whether a client at an inner address may be a named host.
    inner_named: bool,
    segments: Vec<Segment<'c>>,
}

impl<'p, 'c, 'x> Walk<'_, 'p, 'c, 'x> {
    fn down_from(mut self, newest: &'p LinkedHop<'x>) -> TrustedPath<'p, 'c, 'x> {
        let mut platform = None;
        let mut current = newest;
        loop {
            if current.hop.doubtful {
                return self.doubts(current);
            }
            let by = current.hop.by.as_ref().and_then(|by| by.host.as_deref());
            platform = by
                .and_then(|by| self.catalogue.receiver_of(by))
                .or(platform);
            let is_border_stamp =
                by.is_some_and(|by| platform.is_some_and(|platform| platform.is_border_stamp(by)));
            let older = self.older(current);
            let side = match is_border_stamp {
                true if current.hop.intake != Intake::Retrieval => Side::Outside,
                _ => self.side(current, older, platform),
            };
            match (side, older) {
                (Side::Inner, Some(older)) => {
                    if current.hop.intake == Intake::Retrieval {
                        platform = None;
                    }
                    current = older;
                }
                (Side::Inner, None) | (Side::Begun, _) => {
                    return self.ends(current, platform, Err(Unseen::Inside));
                }
                (Side::Broken, _) => match self.past_the_gap(current, older) {
                    Some(older) => current = older,
                    None => return self.guesses(current, platform),
                },
                (Side::Outside, _) => {
                    self.close(current, platform);
                    match older.filter(|older| self.is_trusted(current, older)) {
                        Some(older) => {
                            platform = None;
                            current = older;
                        }
                        None => {
                            let how = match is_border_stamp {
                                true => Border::Platform,
                                false => Border::Found,
                            };
                            return self.hands_over(current, how);
                        }
                    }
                }
            }
        }
    }

    /// The hop before this one, unless it stands where only the author writes.
    fn older(&self, linked: &LinkedHop<'x>) -> Option<&'p LinkedHop<'x>> {
        let older = self.chain.hop(linked.number.checked_sub(1)?)?;
        (older.field < self.authored).then_some(older)
    }

    fn side(
        &self,
        current: &LinkedHop<'x>,
        older: Option<&LinkedHop<'x>>,
        platform: Option<&Provider>,
    ) -> Side {
        let hop = &current.hop;
        if hop.intake == Intake::Retrieval {
            return Side::Inner;
        }
        let Some(client) = &hop.from else {
            return match older {
                None => Side::Inner,
                // Written on the machine itself, by a filter or by any of its users.
                Some(_) if hop.intake == Intake::Local && hop.family != Family::Qmail => {
                    Side::Broken
                }
                Some(_) if hop.is_submission() => Side::Broken,
                Some(older) if continues(hop, &older.hop) => Side::Inner,
                Some(older) if self.are_of(platform, hop, &older.hop) => Side::Inner,
                Some(_) => Side::Broken,
            };
        };
        let address = client.address.as_ref().and_then(|address| address.ip);
        let passes_over = !self.inner_named && address.is_some_and(is_inner);
        if !passes_over && self.named.iter().any(|host| is_or_claims(host, client)) {
            return Side::Outside;
        }
        let ip = tcp_ip(client);
        let name = verified_name(client);
        // Where a client authenticated, or a mailbox was written from, the message began: what
        // stands below is the author's.
        if hop.is_submission() {
            let mailbox = hop
                .with
                .as_deref()
                .is_some_and(|with| with.eq_ignore_ascii_case("mapi"));
            return match ip.is_some_and(|ip| !is_inner(ip)) {
                _ if mailbox => Side::Begun,
                true => Side::Outside,
                false => Side::Broken,
            };
        }
        if name.is_some_and(|name| self.catalogue.of_egress(name).is_some()) {
            return Side::Outside;
        }
        let by_catalogue = platform.is_some_and(|platform| {
            ip.is_some_and(|ip| platform.receiving_network_contains(ip))
                || name.is_some_and(|name| platform.receiving_host(name))
        });
        let inner = by_catalogue
            || ip.is_some_and(is_inner)
            || ip.is_none() && is_local_delivery(hop)
            || platform.is_none() && self.is_neighbour(hop, ip, name);
        match (inner, older) {
            (false, Some(_)) if self.delivering_platform(current).is_some() => Side::Broken,
            (false, _) => Side::Outside,
            (true, None) => Side::Broken,
            (true, Some(_)) if current.link == Link::Linked => Side::Inner,
            (true, Some(older)) if self.are_of(platform, hop, &older.hop) => Side::Inner,
            (true, Some(_)) => Side::Broken,
        }
    }

    /// The platform whose inbound servers hand over from this client's address: it may have taken
    /// the message in for the recipient, whose server the catalogue does not know. Nobody says that
    /// the network is its alone, so that is no more than a guess.
    fn delivering_platform(&self, linked: &LinkedHop<'x>) -> Option<&'c Provider> {
        let ip = linked
            .hop
            .from
            .as_ref()
            .and_then(tcp_ip)
            .filter(|ip| !is_inner(*ip))?;
        self.catalogue
            .providers()
            .find(|provider| provider.receiving_network_contains(ip))
    }

    /// Whether both stamps are the receiving platform's.
    fn are_of(&self, platform: Option<&Provider>, newer: &Hop<'_>, older: &Hop<'_>) -> bool {
        let is_its = |hop: &Hop<'_>| {
            let by = hop.by.as_ref().and_then(|by| by.host.as_deref());
            by.and_then(|by| self.catalogue.receiver_of(by))
                .map(|provider| &*provider.id)
        };
        let Some(platform) = platform else {
            // Gmail's inner stamps name an address only.
            return newer.family == Family::Gmail && is_its(older) == Some("google");
        };
        is_its(older) == Some(&*platform.id)
    }

    /// Whether a client is in the organisation of a receiver that the catalogue does not know.
    fn is_neighbour(&self, hop: &Hop<'_>, ip: Option<IpAddr>, name: Option<&str>) -> bool {
        let by = hop.by.as_ref().and_then(|by| by.host.as_deref());
        match (by, name) {
            (Some(by), Some(name)) => {
                same_organisation(by, name)
                    && !is_customer_machine(name, ip)
                    && !is_customer_machine(by, None)
            }
            _ => false,
        }
    }

    /// Behind a gap the search goes on only at a server that the user named as receiver.
    fn past_the_gap(
        &self,
        current: &LinkedHop<'x>,
        older: Option<&'p LinkedHop<'x>>,
    ) -> Option<&'p LinkedHop<'x>> {
        older.filter(|older| {
            let names_nobody = current.hop.from.is_none() && !current.hop.is_submission();
            (names_nobody || !self.is_receiver(&current.hop)) && self.is_receiver(&older.hop)
        })
    }

    fn is_receiver(&self, hop: &Hop<'_>) -> bool {
        self.belief
            .receivers
            .iter()
            .any(|receiver| is_server(receiver, hop))
    }

    /// Whether the client of this border is a trusted server whose own stamp comes next.
    fn is_trusted(&self, border: &LinkedHop<'x>, older: &LinkedHop<'x>) -> bool {
        let Some(client) = &border.hop.from else {
            return false;
        };
        self.belief.trust.iter().any(|trusted| {
            is_strongly(trusted, client)
                && (is_server(trusted, &older.hop) || self.stamps_next(border, older))
        })
    }

    /// Whether the stamp below a border is its client's own: linked, or a stamp of the provider that
    /// the client belongs to strongly, whose inner names need not be alike.
    fn stamps_next(&self, border: &LinkedHop<'x>, older: &LinkedHop<'x>) -> bool {
        let (Some(client), Some(by)) = (&border.hop.from, &older.hop.by) else {
            return false;
        };
        let by_ip = by.ip.as_deref().and_then(crate::lex::parse_ip);
        let one_provider = || {
            self.catalogue.providers().any(|provider| {
                let sends = verified_name(client).is_some_and(|name| provider.egress_matches(name))
                    || tcp_ip(client)
                        .is_some_and(|ip| provider.network_exclusive_contains(ip).is_some());
                sends
                    && (by
                        .host
                        .as_deref()
                        .is_some_and(|by| provider.is_own_stamp(by))
                        || by_ip.is_some_and(|ip| provider.receiving_network_contains(ip)))
            })
        };
        border.link == Link::Linked || one_provider()
    }

    /// Ends an ADMD's stretch. The platform counts only where the border's own server is known as
    /// its: what stands above says nothing of a server that the catalogue does not know.
    fn close(&mut self, border: &LinkedHop<'x>, platform: Option<&'c Provider>) {
        let by = border.hop.by.as_ref().and_then(|by| by.host.as_deref());
        let platform = platform.filter(|platform| by.is_none_or(|by| platform.is_own_stamp(by)));
        self.segments.push(Segment {
            border_field: border.field,
            border_hop: border.number,
            platform,
        });
    }

    fn hands_over(self, hop: &'p LinkedHop<'x>, how: Border) -> TrustedPath<'p, 'c, 'x> {
        let border = if self.belief.receivers.is_empty() {
            Ok(Handover { hop, how })
        } else if self.is_receiver(&hop.hop) {
            Ok(Handover {
                hop,
                how: Border::Named,
            })
        } else {
            Err(Unseen::OtherReceiver(hop.number))
        };
        self.path(hop, border, None)
    }

    fn guesses(
        mut self,
        hop: &'p LinkedHop<'x>,
        platform: Option<&'c Provider>,
    ) -> TrustedPath<'p, 'c, 'x> {
        self.close(hop, platform);
        if self.is_receiver(&hop.hop) {
            return self.hands_over(hop, Border::Named);
        }
        if !self.belief.receivers.is_empty() {
            return self.path(hop, Err(Unseen::OtherReceiver(hop.number)), None);
        }
        let doubt = self.older(hop).map(|older| older.number);
        self.path(
            hop,
            Ok(Handover {
                hop,
                how: Border::Guessed,
            }),
            doubt,
        )
    }

    /// A field in which a client's words may stand in the place of the server's: the search ends
    /// here, and no platform's privileges hold.
    fn doubts(mut self, hop: &'p LinkedHop<'x>) -> TrustedPath<'p, 'c, 'x> {
        self.close(hop, None);
        let address = hop
            .hop
            .from
            .as_ref()
            .and_then(|client| client.address.as_ref());
        let inner = address.and_then(|address| address.ip).is_some_and(is_inner);
        // Of what the first clauses say a stranger may come, and nothing better.
        match !inner && !hop.hop.rivals {
            true => self.hands_over(hop, Border::Found),
            false => {
                let guessed = Handover {
                    hop,
                    how: Border::Guessed,
                };
                self.path(hop, Ok(guessed), None)
            }
        }
    }

    fn ends(
        mut self,
        hop: &'p LinkedHop<'x>,
        platform: Option<&'c Provider>,
        border: Result<Handover<'p, 'x>, Unseen>,
    ) -> TrustedPath<'p, 'c, 'x> {
        self.close(hop, platform);
        self.path(hop, border, None)
    }

    fn path(
        self,
        oldest: &'p LinkedHop<'x>,
        border: Result<Handover<'p, 'x>, Unseen>,
        doubt: Option<u32>,
    ) -> TrustedPath<'p, 'c, 'x> {
        let older = self.chain.hop(oldest.number.saturating_sub(1));
        let client_stamps = older.is_some_and(|older| self.stamps_next(oldest, older));
        TrustedPath {
            chain: self.chain,
            oldest_believed: oldest.number,
            segments: self.segments,
            border,
            doubt,
            client_stamps,
        }
    }
}

/// Whether a host is this client, or the client says so: enough never to take it for one of the
/// recipient's own servers.
fn is_or_claims(host: &HostSpec, client: &Client<'_>) -> bool {
    let names = [client.helo.as_deref(), client.reverse_dns.as_deref()];
    client
        .address
        .as_ref()
        .and_then(|address| address.ip)
        .is_some_and(|ip| host.contains(ip))
        || names
            .into_iter()
            .flatten()
            .any(|name| host.matches_name(name))
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

/// Whether a stamp without a client continues in the one below it: the same machine wrote both.
fn continues(newer: &Hop<'_>, older: &Hop<'_>) -> bool {
    match (&newer.by, &older.by) {
        // qmail's `(qmail 1 invoked by uid 89)` names nobody; its own lines come together.
        (None, _) | (_, None) => newer.family == Family::Qmail && older.family == Family::Qmail,
        (Some(_), Some(by)) => same_machine(newer.by.as_ref(), by),
    }
}

/// Local delivery by LMTP (RFC 2033 section 5: never used between organisations).
fn is_local_delivery(hop: &Hop<'_>) -> bool {
    hop.with
        .as_deref()
        .and_then(|with| with.get(..4))
        .is_some_and(|with| with.eq_ignore_ascii_case("LMTP"))
}
