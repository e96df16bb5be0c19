//! What can be asked of one provider's entry. Names are matched whole; what a match is worth is
//! for the caller to say.

use std::net::IpAddr;

use ipnet::IpNet;

use super::form::{ClientAddress, List, Marker, Networks, Provider, Service, Stamp, Text};
use super::pattern::Pattern;

/// An address in a network of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkHit<'c> {
    /// Whose it is.
    pub provider: &'c Provider,
    /// The network.
    pub network: IpNet,
    /// Its source and date.
    pub from: &'c Networks,
}

/// A header field that tells a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MarkerHit<'c, 'v> {
    /// Whose it is.
    pub provider: &'c Provider,
    /// The marker.
    pub marker: &'c Marker,
    /// The address of the provider's own host that the field carries, as written there.
    pub client_ip: Option<&'v str>,
}

fn any(patterns: &List<Pattern>, name: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(name))
}

impl Provider {
    /// A name that users configure as smart host.
    #[must_use]
    pub fn is_smart_host(&self, name: &str) -> bool {
        any(&self.smart_hosts, name)
    }

    /// A host by which it hands over to recipients: no customer's machine, and none by which it
    /// delivers what it filtered.
    #[must_use]
    pub fn egress_matches(&self, name: &str) -> bool {
        any(&self.egress, name) && !self.is_not_platform(name) && !self.delivers_inbound(name)
    }

    /// A host by which it delivers what it filtered for its own customers. Such a HELO on a client
    /// in its networks is the recipient's filter, not the sender's way out.
    #[must_use]
    pub fn delivers_inbound(&self, name: &str) -> bool {
        any(&self.inbound_delivery, name)
    }

    /// Whether the list of its hosts and networks is complete.
    #[must_use]
    pub fn egress_is_complete(&self) -> bool {
        self.egress_complete
    }

    /// Whether an address outside its networks contradicts its name.
    #[must_use]
    pub fn networks_are_complete(&self) -> bool {
        self.egress_networks_complete
    }

    /// Whether the HELO of a client of this address is the provider's own word: an address that
    /// it alone uses, and customers cannot set the HELO.
    #[must_use]
    pub fn helo_is_its_own(&self, ip: IpAddr) -> bool {
        !self.customers_set_helo && self.network_exclusive_contains(ip).is_some()
    }

    /// The customer's label in the name of one of its hosts, as written; labels compare without
    /// case.
    #[must_use]
    pub fn label<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.labels.iter().find_map(|pattern| pattern.label(name))
    }

    /// A name under which it only sends for customers, and never delivers to them.
    #[must_use]
    pub fn only_sends(&self, name: &str) -> bool {
        any(&self.outbound, name) && !self.delivers_inbound(name)
    }

    /// Whether its servers stamp whatever they take for customers.
    #[must_use]
    pub fn always_stamps(&self) -> bool {
        self.stamps_always
    }

    /// An address of its own servers among each other.
    #[must_use]
    pub fn inner_network_contains(&self, ip: IpAddr) -> bool {
        self.has(&self.internal_networks, ip)
    }

    /// Whether customers' machines cannot reach its inner servers.
    #[must_use]
    pub fn guards_inner(&self) -> bool {
        self.guards_inner
    }

    /// A form of its inner fields that names no client: the server, the protocol, and the body as
    /// written.
    #[must_use]
    pub fn is_clientless_form(&self, by: Option<&str>, with: Option<&str>, body: &str) -> bool {
        self.clientless
            .iter()
            .any(|stamp| stamp.matches_protocol(by, None, with, body))
    }

    /// The service that a smart-host or submission name belongs to.
    #[must_use]
    pub fn service_of(&self, name: &str) -> Option<&Service> {
        self.services
            .iter()
            .find(|service| any(&service.names, name))
    }

    /// A host where mail of anybody but its own users never arrives.
    #[must_use]
    pub fn takes_only_own_users(&self, by: &str) -> bool {
        self.services
            .iter()
            .any(|service| service.accepts_only_own_users && any(&service.names, by))
    }

    /// A server that carries only consumers' mail, by its name or its address.
    #[must_use]
    pub fn is_consumers(&self, name: Option<&str>, ip: Option<IpAddr>) -> bool {
        name.is_some_and(|name| any(&self.consumers, name))
            || ip.is_some_and(|ip| self.has(&self.consumer_networks, ip))
    }

    /// Whether the provider alone sets the envelope sender.
    #[must_use]
    pub fn binds_envelope(&self) -> bool {
        self.binds_envelope
    }

    /// Whether it keeps mailboxes.
    #[must_use]
    pub fn keeps_mailboxes(&self) -> bool {
        self.keeps_mailboxes
    }

    /// A domain in which its own consumers have their addresses.
    #[must_use]
    pub fn is_consumer_domain(&self, domain: &str) -> bool {
        any(&self.consumer_domains, domain)
    }

    /// A line by which its receiving servers hand on what they have taken in: the server, the
    /// client's name as it announced itself, and the body as written.
    #[must_use]
    pub fn is_inner_line(&self, by: Option<&str>, from: Option<&str>, body: &str) -> bool {
        let lines = &self.receiving.inner_lines;
        lines.iter().any(|stamp| stamp.matches(by, from, body))
    }

    /// A stamp of its border that has no name of its own. Counts only below its inner lines.
    #[must_use]
    pub fn is_border_form(&self, by: Option<&str>, from: Option<&str>, body: &str) -> bool {
        let forms = &self.receiving.border_forms;
        forms.iter().any(|stamp| stamp.matches(by, from, body))
    }

    fn has(&self, all: &List<Networks>, ip: IpAddr) -> bool {
        all.iter()
            .filter(|networks| !networks.withdrawn)
            .any(|networks| self.hit(networks, ip).is_some())
    }

    /// The network of this address, where this provider alone sends from it. Withdrawn networks
    /// and those of unknown use are none.
    #[must_use]
    pub fn network_exclusive_contains(&self, ip: IpAddr) -> Option<NetworkHit<'_>> {
        self.networks
            .iter()
            .filter(|networks| networks.exclusive && !networks.withdrawn)
            .find_map(|networks| self.hit(networks, ip))
    }

    /// The network of this address, whoever else sends from it: no identity, though it may
    /// contradict or explain.
    #[must_use]
    pub fn network_contains(&self, ip: IpAddr) -> Option<NetworkHit<'_>> {
        self.network_exclusive_contains(ip).or_else(|| {
            self.networks
                .iter()
                .find_map(|networks| self.hit(networks, ip))
        })
    }

    fn hit<'c>(&'c self, networks: &'c Networks, ip: IpAddr) -> Option<NetworkHit<'c>> {
        let ip = ip.to_canonical();
        let network = networks
            .cidrs
            .iter()
            .find(|network| network.contains(&ip))?;
        Some(NetworkHit {
            provider: self,
            network: *network,
            from: networks,
        })
    }

    /// An inner host that sends on what came from outside.
    #[must_use]
    pub fn redirects(&self, name: &str) -> bool {
        any(&self.redirectors, name)
    }

    /// A server that takes mail in from outside.
    #[must_use]
    pub fn is_border_stamp(&self, by: &str) -> bool {
        any(&self.receiving.border_stamps, by)
    }

    /// A server of the border that writes its results directly below its own stamp.
    #[must_use]
    pub fn writes_results_below(&self, by: &str) -> bool {
        any(&self.receiving.results_below_border, by)
    }

    /// Methods whose results it always writes there, each in a field of its own.
    #[must_use]
    pub fn methods_in_fields(&self) -> &[Text] {
        &self.receiving.methods_in_fields
    }

    /// An inner receiving host: as a client's name only where that is verified reverse DNS.
    #[must_use]
    pub fn receiving_host(&self, name: &str) -> bool {
        any(&self.receiving.hosts, name)
    }

    /// An address of its inner receiving hosts.
    #[must_use]
    pub fn receiving_network_contains(&self, ip: IpAddr) -> bool {
        self.receiving
            .networks
            .iter()
            .any(|networks| self.hit(networks, ip).is_some())
    }

    /// An id under which its border writes results.
    #[must_use]
    pub fn is_authserv_id(&self, id: &str) -> bool {
        any(&self.receiving.authserv_ids, id)
    }

    /// One of its own inner or sending hosts, mailbox servers included.
    #[must_use]
    pub fn is_internal(&self, name: &str) -> bool {
        any(&self.internal, name) || self.is_mailbox(name)
    }

    /// One of its mailbox servers.
    #[must_use]
    pub fn is_mailbox(&self, name: &str) -> bool {
        any(&self.mailbox, name)
    }

    /// Any host of its own that writes Received fields, on either side.
    #[must_use]
    pub fn is_own_stamp(&self, by: &str) -> bool {
        self.is_border_stamp(by)
            || self.receiving_host(by)
            || self.is_internal(by)
            || self.egress_matches(by)
            || self
                .stamps
                .iter()
                .any(|stamp| stamp.by.as_ref().is_some_and(|p| p.matches(by)))
    }

    /// A customer's own machine in its domains.
    #[must_use]
    pub fn is_not_platform(&self, name: &str) -> bool {
        any(&self.not_platform, name)
    }

    /// A reverse-path domain that is the provider's own.
    #[must_use]
    pub fn bounce_domain(&self, domain: &str) -> bool {
        any(&self.bounce_domains, domain)
    }

    /// A domain by which it signs for all its customers.
    #[must_use]
    pub fn signing_domain(&self, domain: &str) -> bool {
        any(&self.signing_domains, domain)
    }

    /// Whether a Received field has a shape of its own servers: the names of its clauses and its
    /// body as written.
    #[must_use]
    pub fn stamp_matches(&self, by: Option<&str>, from: Option<&str>, body: &str) -> bool {
        self.stamps
            .iter()
            .any(|stamp| stamp.matches(by, from, body))
    }

    /// A header field that tells this provider.
    #[must_use]
    pub fn marker<'v>(&self, field: &str, value: &'v str) -> Option<MarkerHit<'_, 'v>> {
        let value = value.trim();
        let marker = self
            .markers
            .iter()
            .find(|marker| marker.matches(field, value))?;
        let client_ip = marker.client_address.and_then(|form| form.extract(value));
        Some(MarkerHit {
            provider: self,
            marker,
            client_ip,
        })
    }
}

impl Marker {
    /// Field names compare without case, values as written.
    fn matches(&self, field: &str, value: &str) -> bool {
        let same_field = match self.field.strip_suffix('*') {
            Some(start) => field
                .get(..start.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(start)),
            None => self.field.eq_ignore_ascii_case(field),
        };
        same_field
            && self
                .value_starts
                .as_deref()
                .is_none_or(|start| value.starts_with(start))
            && self
                .value_ends
                .as_deref()
                .is_none_or(|end| value.ends_with(end))
            && self
                .value_holds
                .as_deref()
                .is_none_or(|part| value.contains(part))
    }
}

impl Stamp {
    fn matches(&self, by: Option<&str>, from: Option<&str>, body: &str) -> bool {
        // Where the protocol matters, it is looked for in the body.
        let with = self.with.as_deref().filter(|with| says_with(body, with));
        self.matches_protocol(by, from, with, body)
    }

    fn matches_protocol(
        &self,
        by: Option<&str>,
        from: Option<&str>,
        with: Option<&str>,
        body: &str,
    ) -> bool {
        let fits = |pattern: &Option<Pattern>, networks: &List<IpNet>, name: Option<&str>| {
            if pattern.is_none() && networks.is_empty() {
                return true;
            }
            name.is_some_and(|name| {
                pattern
                    .as_ref()
                    .is_some_and(|pattern| pattern.matches(name))
                    || in_networks(networks, name)
            })
        };
        fits(&self.by, &self.by_networks, by)
            && fits(&self.from, &self.from_networks, from)
            && self
                .with
                .as_deref()
                .is_none_or(|wanted| with.is_some_and(|with| with.eq_ignore_ascii_case(wanted)))
            && self.holds.as_deref().is_none_or(|part| body.contains(part))
    }
}

fn in_networks(networks: &List<IpNet>, name: &str) -> bool {
    !networks.is_empty()
        && crate::lex::parse_ip(name)
            .is_some_and(|ip| networks.iter().any(|n| n.contains(&ip.to_canonical())))
}

/// Whether `with PROTOCOL` stands in a field's body, as whole words.
fn says_with(body: &str, protocol: &str) -> bool {
    let mut words = body.split_ascii_whitespace();
    while let Some(word) = words.next() {
        let said = word
            .eq_ignore_ascii_case("with")
            .then(|| words.clone().next());
        let said = said.flatten().map(|said| said.trim_end_matches(';'));
        if said.is_some_and(|said| said.eq_ignore_ascii_case(protocol)) {
            return true;
        }
    }
    false
}

impl ClientAddress {
    /// The address in a marker's value, where one is there.
    fn extract(self, value: &str) -> Option<&str> {
        let text = match self {
            Self::WholeValue => value,
            Self::AfterLastHyphen => value.rsplit_once('-')?.1,
            Self::BeforeFirstColon => value.split_once(':')?.0,
        }
        .trim();
        crate::lex::parse_ip(text).is_some().then_some(text)
    }
}
