//! The search for the border (contract section 4), from the newest hop down.
//!
//! Three ways of reading: a platform's newest border stamp, which is the border always; the stamps
//! of the servers that the user named with `--receiver`; else hop by hop, as long as what the
//! stamping server itself says shows its client on the recipient's side. A HELO, or the `by` of a
//! lower field, never shows that.

use std::net::IpAddr;

use super::{
    Belief, Doubt, Handover, Segment, TrustedPath, Unseen, is_or_claims, is_server, is_strongly,
    known_recipients,
};
use crate::analysis::Border;
use crate::catalogue::{Catalogue, Provider};
use crate::header::HeaderSection;
use crate::host::{HostSpec, is_inner, same_name, same_organisation};
use crate::trace::chain::{Chain, Link, LinkedHop, same_machine};
use crate::trace::{Client, Family, Hop, Intake};

/// First labels of servers that take mail in, at an address of their own.
const ENTRANCES: &[&str] = &["mx", "mail", "mta", "in", "edge", "filter"];
/// First labels of the servers behind those.
const BEHIND: &[&str] = &["mx", "mail", "mta", "in", "filter", "mbx"];

/// What the client of a hop is to the recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// One of the recipient's servers; its stamp is the next one.
    Inner,
    /// One of the recipient's mailboxes: the message began inside.
    Begun,
    /// Perhaps one of the recipient's servers, perhaps not.
    Unsure(Doubt),
    /// Outside: this hop is the border.
    Outside,
}

pub(super) struct Walk<'w, 'p, 'c, 'x> {
    pub(super) section: &'w HeaderSection<'x>,
    /// The index of the first field that the author writes.
    pub(super) authored: usize,
    pub(super) chain: &'p Chain<'x>,
    pub(super) catalogue: &'c Catalogue,
    pub(super) belief: Belief<'w>,
    pub(super) named: &'w [&'w HostSpec],
    pub(super) segments: Vec<Segment<'c>>,
    /// The newest stamp that was passed over only to look for a server named with `--receiver`: its
    /// client is nobody's that is known, so what stands below is believed only if one is found.
    pub(super) passed_over: Option<(&'p LinkedHop<'x>, Option<&'c Provider>)>,
}

impl<'p, 'c, 'x> Walk<'_, 'p, 'c, 'x> {
    pub(super) fn down_from(mut self, newest: &'p LinkedHop<'x>) -> TrustedPath<'p, 'c, 'x> {
        let mut current = newest;
        // Whether all that stands above belongs to other operators' stretches.
        let mut fresh = true;
        let mut platform = None;
        loop {
            if fresh && let Some((border, provider)) = self.platform_border(current) {
                self.close(border, Some(provider));
                match self.trusted_next(border) {
                    Some(older) => {
                        platform = None;
                        current = older;
                        continue;
                    }
                    None => return self.hands_over(border, Border::Platform),
                }
            }
            if self.is_receiver(current) {
                self.passed_over = None;
            }
            if current.hop.doubtful {
                return self.stops(current, None, Doubt::TwoClients);
            }
            fresh = false;
            let by = host_of(&current.hop);
            platform = by
                .and_then(|by| self.catalogue.receiver_of(by))
                .or(platform);
            let older = self.older(current);
            let side = match self.belief.receivers.is_empty() {
                true => self.side(current, older, platform),
                false => match self.side_of_named(current, older, platform) {
                    Ok(side) => side,
                    Err(()) => {
                        self.close(current, platform);
                        return self.other_receiver(current);
                    }
                },
            };
            match (side, older) {
                (Side::Inner, Some(older)) => {
                    if self.passed_over.is_none() && self.is_passed_over(current, older, platform) {
                        self.passed_over = Some((current, platform));
                    }
                    if current.hop.intake == Intake::Retrieval {
                        platform = None;
                        fresh = true;
                    }
                    current = older;
                }
                (Side::Inner, None) | (Side::Begun, _) => {
                    self.close(current, platform);
                    return match self.belief.receivers.is_empty() || self.is_receiver(current) {
                        true => self.path(current, Err(Unseen::Inside), None),
                        false => self.other_receiver(current),
                    };
                }
                (Side::Unsure(doubt), _) => match self.trusted_next(current) {
                    Some(older) => {
                        self.close(current, platform);
                        platform = None;
                        fresh = true;
                        current = older;
                    }
                    None => return self.stops(current, platform, doubt),
                },
                (Side::Outside, _) => {
                    self.close(current, platform);
                    match self.trusted_next(current) {
                        Some(older) => {
                            platform = None;
                            fresh = true;
                            current = older;
                        }
                        None => return self.hands_over(current, Border::Found),
                    }
                }
            }
        }
    }

    /// The newest border stamp of a platform, where nothing but that platform's own stamps stand
    /// above it. What its inner hops call one another by does not matter then: only its own servers
    /// wrote them.
    fn platform_border(
        &self,
        newest: &'p LinkedHop<'x>,
    ) -> Option<(&'p LinkedHop<'x>, &'c Provider)> {
        let mut current = newest;
        let (border, provider) = loop {
            if current.hop.doubtful || current.hop.intake == Intake::Retrieval {
                return None;
            }
            let older = self.older(current);
            // A server of the border may hand a message to itself, through a filter.
            let loops = |provider: &Provider| {
                older.is_some_and(|older| self.is_loop(current, older))
                    || self.is_inner_line(current, provider)
                    || current
                        .hop
                        .client_name()
                        .is_some_and(|name| provider.receiving_host(name))
            };
            if let Some(provider) = self.border_stamp(current)
                && !loops(provider)
            {
                break (current, provider);
            }
            current = older?;
        };
        // Anybody's inner server may stamp in the form of a border without a name.
        let by = host_of(&border.hop);
        if border.number == newest.number && by.is_none_or(|by| !provider.is_border_stamp(by)) {
            return None;
        }
        let mut above = newest;
        while above.number != border.number {
            if !self.is_inner_hop(above, provider) {
                return None;
            }
            above = self.older(above)?;
        }
        Some((border, provider))
    }

    fn border_stamp(&self, linked: &LinkedHop<'x>) -> Option<&'c Provider> {
        let by = host_of(&linked.hop);
        by.and_then(|by| self.catalogue.platform_of_border_stamp(by))
            .or_else(|| {
                let address = linked.hop.by.as_ref().and_then(|by| by.ip.as_deref());
                let client = linked.hop.from.as_ref();
                let helo = client.and_then(|client| client.helo.as_deref());
                let body = self.body(linked);
                self.catalogue
                    .providers()
                    .find(|provider| provider.is_border_form(by.or(address), helo, body))
            })
    }

    /// Whether a hop is one of the platform's own behind its border: its stamp, and a client of its.
    fn is_inner_hop(&self, linked: &LinkedHop<'x>, provider: &Provider) -> bool {
        let hop = &linked.hop;
        if hop.is_submission() {
            return false;
        }
        let older = self.older(linked);
        if self.is_inner_line(linked, provider)
            || older.is_some_and(|older| self.is_loop(linked, older))
        {
            return true;
        }
        let by_address = hop.by.as_ref().and_then(|by| by.ip.as_deref());
        let its_stamp = host_of(hop)
            .or(by_address)
            .and_then(|by| self.catalogue.receiver_of(by))
            .is_some_and(|owner| owner.id == provider.id);
        if hop.from.is_none() {
            return its_stamp || is_local_delivery(hop);
        }
        its_stamp
            && (is_local_delivery(hop)
                || hop.client_ip().is_none_or(|ip| {
                    is_inner(ip)
                        || provider.receiving_network_contains(ip)
                        || hop
                            .client_name()
                            .is_some_and(|name| provider.receiving_host(name))
                }))
    }

    /// Whether the client of a stamp is the receiving platform's by the catalogue: its networks, its
    /// receiving names, or its own line forms.
    fn is_platforms_client(&self, linked: &LinkedHop<'x>, platform: Option<&Provider>) -> bool {
        let (ip, name) = (linked.hop.client_ip(), linked.hop.client_name());
        platform.is_some_and(|platform| {
            ip.is_some_and(|ip| platform.receiving_network_contains(ip))
                || name.is_some_and(|name| platform.receiving_host(name))
                || self.is_inner_line(linked, platform)
        })
    }

    fn is_inner_line(&self, linked: &LinkedHop<'x>, provider: &Provider) -> bool {
        let by = linked.hop.by.as_ref();
        let by = by.and_then(|by| by.host.as_deref().or(by.ip.as_deref()));
        let client = linked.hop.from.as_ref();
        let address = client.and_then(|client| client.address.as_ref());
        let helo = client
            .and_then(|client| client.helo.as_deref())
            .or(address.map(|address| &*address.text));
        // The names in it are the client's to choose, and so may be what the field holds: none of
        // it counts where the client has another's address. A mail platform's inner networks grow
        // (IPv6), and the servers in them take mail from nobody else.
        let plausible = linked.hop.client_ip().is_none_or(|ip| {
            if is_nameless(&linked.hop) {
                return self.is_nameless_servers(linked, provider, ip);
            }
            is_inner(ip)
                || provider.receiving_network_contains(ip)
                || provider.inner_network_contains(ip)
                || ip.is_ipv6()
                    && provider.platform
                    && !by.is_some_and(|by| provider.is_border_stamp(by))
        });
        plausible && !linked.hop.doubtful && provider.is_inner_line(by, helo, self.body(linked))
    }

    /// Whether a platform's server that gives itself no name may have written this stamp. Anybody's
    /// server may be called `localhost`, or stamp by a private address, and behind address
    /// translation its clients have inner ones: only the loopback is no client's, and a stamp right
    /// below one of these.
    fn is_nameless_servers(&self, linked: &LinkedHop<'x>, provider: &Provider, ip: IpAddr) -> bool {
        if ip.to_canonical().is_loopback() {
            return true;
        }
        let loops_above = || {
            let above = self.chain.hop(linked.number.checked_add(1)?)?;
            let loops =
                above.hop.client_ip()?.to_canonical().is_loopback() && is_nameless(&above.hop);
            (loops && self.is_inner_line(above, provider)).then_some(())
        };
        is_inner(ip) && loops_above().is_some()
    }

    fn body(&self, linked: &LinkedHop<'x>) -> &'x str {
        let field = self.section.fields().get(linked.field);
        field.map_or("", |field| field.body)
    }

    /// The hop before this one, unless it stands where only the author writes.
    fn older(&self, linked: &LinkedHop<'x>) -> Option<&'p LinkedHop<'x>> {
        let older = self.chain.hop(linked.number.checked_sub(1)?)?;
        (older.field < self.authored).then_some(older)
    }

    /// What the client of a stamp is where no server was named with `--receiver`.
    fn side(
        &self,
        current: &LinkedHop<'x>,
        older: Option<&LinkedHop<'x>>,
        platform: Option<&Provider>,
    ) -> Side {
        let hop = &current.hop;
        if hop.intake == Intake::Retrieval || is_local_delivery(hop) {
            return Side::Inner;
        }
        let Some(client) = &hop.from else {
            return self.side_without_client(current, older, platform);
        };
        if self.is_named(client) {
            return Side::Outside;
        }
        let (ip, name) = (hop.client_ip(), hop.client_name());
        if let Some(side) = begun(hop, ip) {
            return side;
        }
        if self.is_platforms_client(current, platform) {
            return match older {
                Some(older)
                    if current.link == Link::Linked || self.are_of(platform, hop, &older.hop) =>
                {
                    Side::Inner
                }
                _ => Side::Unsure(Doubt::Unlinked),
            };
        }
        if name.is_some_and(|name| self.catalogue.of_egress(name).is_some()) {
            return Side::Outside;
        }
        if ip.is_some_and(is_inner) {
            return self.side_of_inner(current, older, platform);
        }
        if let Some(neighbour) = platform
            .is_none()
            .then(|| self.neighbour(current, name))
            .flatten()
        {
            return match (neighbour, older) {
                (true, Some(_)) if current.link == Link::Linked => Side::Inner,
                (true, _) => Side::Unsure(Doubt::Unlinked),
                (false, _) => Side::Unsure(Doubt::Neighbour),
            };
        }
        if older.is_some() && self.delivering_platform(current).is_some() {
            return Side::Unsure(Doubt::Delivering);
        }
        Side::Outside
    }

    fn side_without_client(
        &self,
        current: &LinkedHop<'x>,
        older: Option<&LinkedHop<'x>>,
        platform: Option<&Provider>,
    ) -> Side {
        let hop = &current.hop;
        let Some(older) = older else {
            return Side::Inner;
        };
        if hop.intake == Intake::Local || hop.is_submission() {
            return Side::Unsure(Doubt::Pickup);
        }
        let clientless = platform.is_some_and(|platform| {
            platform.is_clientless_form(host_of(hop), hop.with.as_deref(), self.body(current))
        });
        match clientless || continues(hop, &older.hop) || self.are_of(platform, hop, &older.hop) {
            true => Side::Inner,
            // A bare date names nobody at all.
            false if hop.by.is_none() => Side::Unsure(Doubt::Pickup),
            false => Side::Unsure(Doubt::Unlinked),
        }
    }

    /// A client at an inner address: behind address translation every client has one.
    fn side_of_inner(
        &self,
        current: &LinkedHop<'x>,
        older: Option<&LinkedHop<'x>>,
        platform: Option<&Provider>,
    ) -> Side {
        let hop = &current.hop;
        let Some(older) = older else {
            return Side::Unsure(Doubt::Inner);
        };
        if self.is_loop(current, older)
            || self.are_of(platform, hop, &older.hop) && platform.is_some()
        {
            return Side::Inner;
        }
        let named = hop.client_name().is_some_and(|name| {
            host_of(hop).is_some_and(|by| same_organisation(by, name))
                && is_server_word(name, BEHIND)
        });
        match (named || self.is_exchange_to_exchange(current), current.link) {
            (true, Link::Linked | Link::Unknown) => Side::Inner,
            (true, _) => Side::Unsure(Doubt::Unlinked),
            (false, _) => Side::Unsure(Doubt::Inner),
        }
    }

    /// A loopback client where the next stamp is a content filter's, `localhost`'s or the same
    /// machine's.
    fn is_loop(&self, current: &LinkedHop<'x>, older: &LinkedHop<'x>) -> bool {
        let hop = &current.hop;
        let loopback = hop
            .client_ip()
            .is_some_and(|ip| ip.to_canonical().is_loopback());
        let Some(by) = &older.hop.by else {
            return loopback && older.hop.family == Family::Qmail;
        };
        let localhost = by.host.as_deref().is_some_and(|host| {
            same_name(host, "localhost") || same_name(host, "localhost.localdomain")
        }) || by
            .ip
            .as_deref()
            .and_then(crate::lex::parse_ip)
            .is_some_and(|ip| ip.is_loopback());
        loopback
            && (localhost
                || older.hop.family == Family::Amavis
                || older.hop.intake == Intake::Retrieval
                || same_machine(hop.by.as_ref(), by)
                || is_nameless(hop)
                    && self
                        .machine_above(current)
                        .is_none_or(|named| same_machine(named.by.as_ref(), by)))
    }

    /// The nearest newer stamp whose server gives itself a name: what calls itself `localhost` below
    /// it is that machine.
    fn machine_above(&self, current: &LinkedHop<'x>) -> Option<&'p Hop<'x>> {
        let newer = self.chain.hops().iter();
        newer
            .filter(|newer| newer.number > current.number)
            .map(|newer| &newer.hop)
            .find(|hop| hop.by.is_some() && !is_nameless(hop))
    }

    /// Exchange to Exchange inside: the client's address is the one printed for `by`, or a newer
    /// stamp of the same server shows that it holds mailboxes, so that its Internet port is its
    /// front end's.
    fn is_exchange_to_exchange(&self, current: &LinkedHop<'x>) -> bool {
        let hop = &current.hop;
        if !hop.is_exchange_transport() || says(self.body(current), "via Frontend Transport") {
            return false;
        }
        let by = hop.by.as_ref();
        let own = by
            .and_then(|by| by.ip.as_deref())
            .and_then(crate::lex::parse_ip);
        let itself = own.is_some() && own == hop.client_ip();
        itself
            || self
                .chain
                .hops()
                .iter()
                .filter(|newer| newer.number > current.number)
                .any(|newer| {
                    same_machine(newer.hop.by.as_ref(), by.unwrap_or(&NOBODY))
                        && says(self.body(newer), "via Mailbox Transport")
                })
    }

    /// Whether a client at a public address, of the organisation of a server that the catalogue
    /// does not know, is the recipient's: `None` where it is of another organisation.
    fn neighbour(&self, current: &LinkedHop<'x>, name: Option<&str>) -> Option<bool> {
        let by = host_of(&current.hop)?;
        let name = name?;
        if !same_organisation(by, name) {
            return None;
        }
        let parent = |host: &'_ str| host.split_once('.').map(|(_, parent)| parent.to_owned());
        let (own, other) = (parent(by), parent(name));
        let recipients =
            known_recipients(self.section, self.chain, current, self.belief.recipients);
        let is_recipients = |domain: &str| {
            !recipients.is_empty()
                && recipients.iter().all(|recipient| {
                    crate::lex::domain_of(recipient).is_some_and(|own| same_name(own, domain))
                })
        };
        Some(match (own, other) {
            (Some(own), Some(other)) => {
                same_name(&own, &other)
                    && !same_name(by, name)
                    && is_server_word(name, ENTRANCES)
                    && is_recipients(&own)
            }
            _ => false,
        })
    }

    /// The platform whose inbound servers hand over from this client's address: it may have taken
    /// the message in for the recipient, whose server the catalogue does not know. Nobody says that
    /// the network is its alone, so that is no more than a guess.
    fn delivering_platform(&self, linked: &LinkedHop<'x>) -> Option<&'c Provider> {
        let ip = linked.hop.client_ip().filter(|ip| !is_inner(*ip))?;
        self.catalogue
            .providers()
            .find(|provider| provider.receiving_network_contains(ip))
    }

    /// Whether both stamps are the receiving platform's.
    fn are_of(&self, platform: Option<&Provider>, newer: &Hop<'_>, older: &Hop<'_>) -> bool {
        let is_its = |hop: &Hop<'_>| {
            host_of(hop)
                .and_then(|by| self.catalogue.receiver_of(by))
                .map(|provider| &*provider.id)
        };
        let Some(platform) = platform else {
            // Gmail's inner stamps name an address only.
            return newer.family == Family::Gmail && is_its(older) == Some("google");
        };
        is_its(older) == Some(&*platform.id)
    }

    /// What the client of a stamp is where the user named the recipient's MX. `Err` where the
    /// search ends above them.
    fn side_of_named(
        &self,
        current: &LinkedHop<'x>,
        older: Option<&LinkedHop<'x>>,
        platform: Option<&Provider>,
    ) -> Result<Side, ()> {
        let hop = &current.hop;
        if hop.intake == Intake::Retrieval {
            return Ok(Side::Inner);
        }
        let client = hop.from.as_ref();
        let ip = hop.client_ip();
        if hop.intake == Intake::Local && client.is_none() {
            // Any program on the machine can write one.
            return match self.is_receiver(current) {
                true => Ok(Side::Unsure(Doubt::Pickup)),
                false if self.trusted_next(current).is_some() => Ok(Side::Unsure(Doubt::Pickup)),
                false => Err(()),
            };
        }
        if is_local_delivery(hop) && !client.is_some_and(|client| self.is_named(client)) {
            return Ok(Side::Inner);
        }
        if !self.is_receiver(current) {
            let Some(client) = client else {
                return Ok(Side::Inner);
            };
            let trusted = || self.trusted_next(current).is_some();
            let passes = !self.is_named(client)
                && !hop.is_submission()
                && (ip.is_some_and(is_inner)
                    || self.delivers_for_receivers(current)
                    || self.side(current, older, platform) == Side::Inner
                    || self.is_receivers_client(hop, older));
            return match passes {
                true => Ok(Side::Inner),
                false if trusted() => Ok(Side::Outside),
                false => Err(()),
            };
        }
        let Some(client) = client else {
            return Ok(Side::Unsure(Doubt::Pickup));
        };
        if self.is_named(client) {
            return Ok(Side::Outside);
        }
        if let Some(side) = begun(hop, ip) {
            return Ok(side);
        }
        let inside = self.is_platforms_client(current, platform) && older.is_some()
            || older.is_some_and(|older| self.is_loop(current, older))
            || self.is_receivers_client(hop, older);
        Ok(match inside {
            true => Side::Inner,
            false if ip.is_some_and(is_inner) => Side::Unsure(Doubt::Inner),
            false => Side::Outside,
        })
    }

    /// Another of the recipient's MX, which relays to this one: known strongly, and its stamp next.
    fn is_receivers_client(&self, hop: &Hop<'x>, older: Option<&LinkedHop<'x>>) -> bool {
        older.is_some_and(|older| self.is_receiver(older))
            && self
                .belief
                .receivers
                .iter()
                .any(|receiver| is_strongly(receiver, hop))
    }

    /// Whether the client is one of the inner servers of the platform whose border the user named.
    fn delivers_for_receivers(&self, linked: &LinkedHop<'x>) -> bool {
        self.delivering_platform(linked).is_some_and(|platform| {
            self.belief.receivers.iter().any(|receiver| match receiver {
                HostSpec::Name(name) => platform.is_border_stamp(name),
                // `*.mail.ovh.net` names its border servers, too.
                HostSpec::Below(domain) => platform
                    .receiving
                    .border_stamps
                    .iter()
                    .any(|stamp| stamp.to_string().ends_with(&format!(".{domain}"))),
                HostSpec::Network(_) => false,
            })
        })
    }

    fn is_receiver(&self, linked: &LinkedHop<'x>) -> bool {
        self.belief
            .receivers
            .iter()
            .any(|receiver| is_server(receiver, &linked.hop))
    }

    /// Whether a client is a host that the user names as connector or as Exchange server, or says
    /// so. An inner address may be one of the recipient's own, too.
    fn is_named(&self, client: &Client<'_>) -> bool {
        self.named.iter().any(|host| is_or_claims(host, client))
    }

    /// The stamp below, where the client of this one is a server that the user trusts, whose own it
    /// is then, whatever its `by`; or where this is the local pickup of a trusted server.
    fn trusted_next(&self, border: &LinkedHop<'x>) -> Option<&'p LinkedHop<'x>> {
        if border.hop.doubtful {
            return None;
        }
        let older = self.older(border)?;
        let mut trust = self.belief.trust.iter();
        let trusted = match &border.hop.from {
            Some(_) => trust.any(|trusted| is_strongly(trusted, &border.hop)),
            // No pickup: whoever it took the message from wrote the stamp below.
            None if border.hop.intake != Intake::Local && border.hop.by.is_some() => false,
            None => {
                let stamp = match border.hop.by {
                    Some(_) => border,
                    // qmail's comments name nobody; the server's own line is the next.
                    None => older,
                };
                trust.any(|trusted| is_server(trusted, &stamp.hop))
            }
        };
        trusted.then_some(older)
    }

    /// Ends an ADMD's stretch. The platform counts only where the border's own server is known as
    /// its: what stands above says nothing of a server that the catalogue does not know.
    fn close(&mut self, border: &LinkedHop<'x>, platform: Option<&'c Provider>) {
        let platform = platform.filter(|platform| {
            host_of(&border.hop).is_none_or(|by| platform.is_own_stamp(by))
                || self
                    .border_stamp(border)
                    .is_some_and(|own| own.id == platform.id)
        });
        self.segments.push(Segment {
            border_field: border.field,
            border_hop: border.number,
            platform,
        });
    }

    fn hands_over(self, hop: &'p LinkedHop<'x>, how: Border) -> TrustedPath<'p, 'c, 'x> {
        let how = match self.belief.receivers.is_empty() {
            true => how,
            false if self.is_receiver(hop) => Border::Named,
            false => return self.other_receiver(hop),
        };
        self.path(hop, Ok(Handover { hop, how }), None)
    }

    /// The search ends at a hop that no server named with `--receiver` stamped.
    fn other_receiver(mut self, hop: &'p LinkedHop<'x>) -> TrustedPath<'p, 'c, 'x> {
        let Some((above, platform)) = self.passed_over else {
            return self.path(hop, Err(Unseen::OtherReceiver(hop.number)), None);
        };
        self.segments
            .retain(|segment| segment.border_hop > above.number);
        self.close(above, platform);
        self.path(above, Err(Unseen::OtherReceiver(above.number)), None)
    }

    /// Whether a stamp that no server named with `--receiver` wrote, and none of theirs is known to
    /// stand below, has a client of which it is not known that it is the recipient's side.
    fn is_passed_over(
        &self,
        current: &LinkedHop<'x>,
        older: &LinkedHop<'x>,
        platform: Option<&Provider>,
    ) -> bool {
        !self.belief.receivers.is_empty()
            && !self.is_receiver(current)
            && self.side(current, Some(older), platform) != Side::Inner
            && !self.delivers_for_receivers(current)
            && !self.is_receivers_client(&current.hop, Some(older))
    }

    /// The search ends at a hop of which it is not sure that it is the border.
    fn stops(
        mut self,
        hop: &'p LinkedHop<'x>,
        platform: Option<&'c Provider>,
        doubt: Doubt,
    ) -> TrustedPath<'p, 'c, 'x> {
        self.close(hop, platform);
        if !self.belief.receivers.is_empty() && !self.is_receiver(hop) {
            return self.other_receiver(hop);
        }
        let how = Border::Guessed;
        self.path(hop, Ok(Handover { hop, how }), Some(doubt))
    }

    fn path(
        self,
        oldest: &'p LinkedHop<'x>,
        border: Result<Handover<'p, 'x>, Unseen>,
        doubt: Option<Doubt>,
    ) -> TrustedPath<'p, 'c, 'x> {
        TrustedPath {
            chain: self.chain,
            oldest_believed: oldest.number,
            segments: self.segments,
            border,
            doubt,
        }
    }
}

const NOBODY: crate::trace::Server<'static> = crate::trace::Server {
    host: None,
    ip: None,
};

fn host_of<'h>(hop: &'h Hop<'_>) -> Option<&'h str> {
    hop.by.as_ref().and_then(|by| by.host.as_deref())
}

/// Where a client authenticated, or a mailbox was written from, the message began: what stands
/// below is the author's.
fn begun(hop: &Hop<'_>, ip: Option<IpAddr>) -> Option<Side> {
    if !hop.is_submission() {
        return None;
    }
    let mailbox = hop
        .with
        .as_deref()
        .is_some_and(|with| with.eq_ignore_ascii_case("mapi"));
    Some(match ip.is_some_and(|ip| !is_inner(ip)) {
        _ if mailbox => Side::Begun,
        true => Side::Outside,
        false => Side::Unsure(Doubt::Pickup),
    })
}

/// Whether a stamp without a client continues in the one below it: the same machine wrote both. One
/// that says SMTP took the message from a client that it does not name.
fn continues(newer: &Hop<'_>, older: &Hop<'_>) -> bool {
    let over_smtp = newer.with.as_deref().is_some_and(|with| {
        let word = with.trim_start_matches(['E', 'e']);
        word.get(..4)
            .is_some_and(|word| word.eq_ignore_ascii_case("SMTP"))
    });
    if over_smtp {
        return false;
    }
    match (&newer.by, &older.by) {
        // qmail's `(qmail 1 invoked from network)` names nobody; its own lines come together.
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

/// Whether a server gives itself no name that means anything elsewhere.
fn is_nameless(hop: &Hop<'_>) -> bool {
    hop.by.as_ref().is_some_and(|by| match by.host.as_deref() {
        Some(host) => same_name(host, "localhost") || same_name(host, "localhost.localdomain"),
        None => by
            .ip
            .as_deref()
            .and_then(crate::lex::parse_ip)
            .is_some_and(is_inner),
    })
}

/// Whether the first label of a name is one of these words, with a number perhaps.
fn is_server_word(name: &str, words: &[&str]) -> bool {
    let first = name.split('.').next().unwrap_or("");
    let word = first
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches('-');
    words.iter().any(|own| own.eq_ignore_ascii_case(word))
}

/// Whether a field's body holds these words, however it is folded.
fn says(body: &str, words: &str) -> bool {
    let wanted: Vec<&str> = words.split(' ').collect();
    let mut found = 0usize;
    for word in body.split_ascii_whitespace() {
        let word = word.trim_end_matches([';', ',']);
        found = match wanted.get(found) {
            Some(next) if *next == word => found + 1,
            _ if wanted.first() == Some(&word) => 1,
            _ => 0,
        };
        if found == wanted.len() {
            return true;
        }
    }
    false
}
