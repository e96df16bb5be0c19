//! Who the client at the border is: the identities of contract section 5, and what a bare smart
//! host name stands for (section 3).
//!
//! Knows nothing of what is expected.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "one ground or placement is asked for; the others are answered elsewhere"
)]

use std::net::IpAddr;

use super::{Attested, Facts};
use crate::analysis::{Identity, Scope};
use crate::catalogue::{
    Catalogue, NameEnds, NameFilter, Provider, is_customer_machine, names_its_address,
};
use crate::evidence::{ResultCode, SpfIdentity};
use crate::host::{
    HostSpec, is_inner, is_of_organisation, label_before, organisation, same_name,
    same_organisation, without_root,
};
use crate::policy::Connector;
use crate::trust::Handover;

/// One of the two kinds of hosts that mail may leave through, and all that stands for it.
#[derive(Debug)]
pub(crate) struct Exit<'a> {
    /// Hosts and networks that the user named.
    pub(crate) named: Vec<&'a HostSpec>,
    /// Providers or platforms of the catalogue that count as this exit.
    pub(crate) providers: Vec<&'a Provider>,
    /// The names that these may be told by.
    provider_names: NameFilter<16>,
    /// Smart hosts of no known provider, any host of whose registrable domain may count.
    pub(crate) organisations: Vec<Organisation<'a>>,
    /// Return-Path domains of the user's account.
    pub(crate) bounce_domains: &'a [String],
    /// Signing domains of the user's account.
    pub(crate) dkim: &'a [String],
    /// Whether DKIM and SPF by name may identify it: only a connector is known by DKIM.
    pub(crate) is_connector: bool,
}

impl<'a> Exit<'a> {
    /// What a connector's names stand for.
    pub(crate) fn connector(connector: &'a Connector, facts: &Facts<'a, '_>) -> Self {
        let mut exit = Self {
            named: connector
                .smart_hosts
                .iter()
                .chain(&connector.egress)
                .collect(),
            providers: Vec::new(),
            provider_names: NameFilter::default(),
            organisations: Vec::new(),
            bounce_domains: &connector.bounce_domains,
            dkim: &connector.dkim,
            is_connector: true,
        };
        for name in connector.smart_hosts.iter().filter_map(HostSpec::name) {
            if let Some(provider) = facts.catalogue.of_smart_host(name) {
                if !exit.providers.iter().any(|known| known.id == provider.id) {
                    exit.providers.push(provider);
                    exit.provider_names
                        .join(&facts.catalogue.names_of(provider));
                }
            } else if let Some(domain) = organisation(name)
                && facts.has_own_domains()
                && !facts.is_own_organisation(domain)
                && !is_rented(facts.catalogue, name, None)
            {
                exit.organisations.push(Organisation {
                    domain,
                    smart_host: name,
                });
            }
        }
        exit
    }

    /// What the Exchange platform is: the named hosts and the built-in platforms, without those
    /// that the user names as a connector.
    pub(crate) fn exchange<'e>(
        facts: &Facts<'a, '_>,
        connectors: impl Iterator<Item = &'e Exit<'a>>,
    ) -> Self
    where
        'a: 'e,
    {
        let expectation = facts.expectation;
        let named: Vec<&str> = connectors
            .flat_map(|exit| exit.providers.iter().map(|known| &*known.id))
            .collect();
        let wanted = |platform: &&Provider| {
            expectation
                .platform
                .as_deref()
                .is_none_or(|name| name == platform.id)
                && !named.contains(&&*platform.id)
        };
        let providers: Vec<&Provider> = facts.catalogue.platforms().filter(wanted).collect();
        let mut provider_names = NameFilter::default();
        for provider in &providers {
            provider_names.join(&facts.catalogue.names_of(provider));
        }
        Self {
            named: expectation.exchange_hosts.iter().collect(),
            provider_names,
            providers,
            organisations: Vec::new(),
            bounce_domains: &[],
            dkim: &[],
            is_connector: false,
        }
    }

    /// Whether a host name is one by which this exit is known, and how wide that is.
    pub(crate) fn names(&self, name: &str, ip: Option<IpAddr>) -> Option<Ground<'a>> {
        if let Some(host) = self.named.iter().find(|host| names_host(host, name, ip)) {
            return Some(Ground::Named(host));
        }
        if let Some(provider) = self
            .candidates(name)
            .find(|provider| provider.egress_matches(name))
        {
            return Some(Ground::Provider(provider));
        }
        let wide = self.organisations.iter().find(|own| {
            is_of_organisation(name, own.domain)
                && !is_customer_machine(name, ip)
                && !is_numbered_sibling(name, own.smart_host)
        });
        wide.map(|own| Ground::Organisation(*own))
    }

    /// Whether the user named this exit's networks, a whole domain, or its egress: then a host
    /// outside is none of it.
    pub(crate) fn is_bounded(&self) -> bool {
        self.named.iter().any(|host| match host {
            HostSpec::Name(_) => false,
            HostSpec::Below(_) => true,
            HostSpec::Network(network) => {
                network.prefix_len() < network.max_prefix_len() && !is_inner(network.addr())
            }
        })
    }

    /// The providers of which a pattern may match this name: none, for most names.
    pub(crate) fn candidates(&self, name: &str) -> std::slice::Iter<'_, &'a Provider> {
        match !self.providers.is_empty() && self.provider_names.may_match(NameEnds::of(name)) {
            true => self.providers.iter(),
            false => [].iter(),
        }
    }

    /// What a believed SPF pass of a bounce domain shows: the account only where the provider alone
    /// sets the envelope.
    fn bounce_scope(&self) -> Scope {
        match self.providers.first() {
            Some(_) if self.providers.iter().all(|own| own.binds_envelope()) => Scope::Account,
            Some(_) => Scope::Provider,
            None => Scope::Host,
        }
    }

    /// The named hosts that are single names.
    fn host_names(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.named.iter().filter_map(|host| host.name())
    }
}

/// A named host by name; one below `*.domain` that holds its own address is a customer's machine.
fn names_host(host: &HostSpec, name: &str, ip: Option<IpAddr>) -> bool {
    host.matches_name(name)
        && match host {
            HostSpec::Below(_) => !names_its_address(name, ip),
            HostSpec::Name(_) | HostSpec::Network(_) => true,
        }
}

/// A smart host whose operator the catalogue does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Organisation<'a> {
    /// Its registrable domain.
    pub(crate) domain: &'a str,
    /// Its name, as the user gave it.
    pub(crate) smart_host: &'a str,
}

impl Organisation<'_> {
    /// Whether a signing domain is the operator's own: the registrable domain, the smart host's
    /// name, or a mail service's label right below the domain that is no part of the client's name.
    fn is_signed_by(&self, domain: &str, client: &str) -> bool {
        let domain = without_root(domain);
        if same_name(domain, self.domain) || same_name(domain, self.smart_host) {
            return true;
        }
        let Some(label) = label_before(domain, self.domain) else {
            return false;
        };
        let word = label.trim_end_matches(|c: char| c.is_ascii_digit());
        let word = word.trim_end_matches('-');
        let of_client = label_before(client, self.domain)
            .is_some_and(|labels| labels.split('.').any(|own| own.eq_ignore_ascii_case(label)));
        SERVICES.iter().any(|own| own.eq_ignore_ascii_case(word)) && !of_client
    }
}

/// Labels under which a mail service signs for itself, with a number perhaps.
const SERVICES: &[&str] = &["smtp", "mail", "relay", "mta", "out", "send", "email"];

/// Whether two names are alike but for a number: `server123` is another customer's than
/// `server456`.
fn is_numbered_sibling(name: &str, other: &str) -> bool {
    let shape = |name: &str| {
        let mut shape = String::with_capacity(name.len());
        for byte in without_root(name).bytes() {
            match byte.is_ascii_digit() {
                true if shape.ends_with('#') => {}
                true => shape.push('#'),
                false => shape.push(char::from(byte.to_ascii_lowercase())),
            }
        }
        shape
    };
    !same_name(name, other)
        && other.bytes().any(|byte| byte.is_ascii_digit())
        && shape(name) == shape(other)
}

/// What an identity rests on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ground<'a> {
    /// A host or network that the user named.
    Named(&'a HostSpec),
    /// A provider's hosts or exclusive networks.
    Provider(&'a Provider),
    /// Any host of a smart host's registrable domain.
    Organisation(Organisation<'a>),
    /// A domain of the user's account, from the policy.
    Account(&'a str, Scope),
    /// The host's registrable domain authorises the client, which announces itself by the host's
    /// name.
    Operator(&'a str),
}

impl<'a> Ground<'a> {
    pub(crate) fn scope(self) -> Scope {
        match self {
            Self::Named(_) | Self::Operator(_) => Scope::Host,
            Self::Organisation(_) => Scope::Organisation,
            Self::Provider(_) => Scope::Provider,
            Self::Account(_, scope) => scope,
        }
    }

    pub(crate) fn provider(self) -> Option<&'a Provider> {
        match self {
            Self::Provider(provider) => Some(provider),
            Self::Named(_) | Self::Organisation(_) | Self::Account(..) | Self::Operator(_) => None,
        }
    }
}

/// How the client is known as an exit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Match<'a> {
    /// The kind of identity.
    pub(crate) identity: Identity,
    /// What it rests on.
    pub(crate) ground: Ground<'a>,
    /// How closely the exit is known, account evidence included.
    pub(crate) scope: Scope,
    /// The field it rests on: the border's, or a result's.
    pub(crate) field: usize,
    /// The authserv-id of that result.
    pub(crate) authserv_id: Option<&'a str>,
    /// The SPF or DKIM domain, or the network.
    pub(crate) domain: Option<&'a str>,
}

impl Match<'_> {
    /// Where it ranks: named before the provider's, then in the order of contract section 5.
    pub(crate) fn rank(&self) -> (bool, Identity) {
        (self.is_wide(), self.identity)
    }

    /// Whether others than the user's hosts would be matched, too.
    pub(crate) fn is_wide(&self) -> bool {
        matches!(self.scope, Scope::Provider | Scope::Organisation)
    }
}

/// A strong identity of the client as this exit, without DKIM: the first that holds. Under vouching
/// a HELO is honest, and strong where nothing contradicts it.
pub(crate) fn strong<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<Match<'a>> {
    let announced = || {
        let honest = by_helo(facts, border, exit).filter(|_| facts.vouched)?;
        match honest.ground {
            Ground::Organisation(own) if !is_stamped_by(facts, border, own) => None,
            _ => Some(honest),
        }
    };
    if border.is_inner() {
        // Behind address translation an honest client is known by its HELO alone.
        return announced();
    }
    let found = by_network(facts, border, exit)
        .or_else(|| by_reverse_dns(facts, border, exit))
        .or_else(|| by_spf(facts, border, exit))
        .or_else(announced)?;
    Some(with_account(facts, border, exit, found))
}

fn plain<'a>(identity: Identity, ground: Ground<'a>, border: &Handover<'a, '_>) -> Match<'a> {
    Match {
        identity,
        ground,
        scope: ground.scope(),
        field: border.hop.field,
        authserv_id: None,
        domain: None,
    }
}

fn by_network<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<Match<'a>> {
    let ip = border.client_ip()?;
    let named = exit
        .named
        .iter()
        .find(|host| host.contains(ip))
        .map(|host| Ground::Named(host));
    let ground = named.or_else(|| {
        exit.providers
            .iter()
            .find(|provider| provider.network_exclusive_contains(ip).is_some())
            .filter(|provider| exit.is_connector || !is_consumers(facts, provider, border))
            .map(|p| Ground::Provider(p))
    })?;
    Some(plain(Identity::Network, ground, border))
}

/// Whether the client is one of a platform's servers that carry only its consumers' mail: by its
/// name, where one was verified or is the platform's own word, else by its network, from which some
/// of its tenants' mail may come, too.
fn is_consumers(facts: &Facts<'_, '_>, provider: &Provider, border: &Handover<'_, '_>) -> bool {
    let own_word = || own_word(facts, border).map(|(_, helo)| helo);
    match border.client_name().or_else(own_word) {
        Some(name) => provider.is_consumers(Some(name), None),
        None => provider.is_consumers(None, border.client_ip()),
    }
}

fn by_reverse_dns<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<Match<'a>> {
    let name = border.client_name()?;
    let ground = exit.names(name, border.client_ip())?;
    match ground {
        Ground::Organisation(own) => {
            let signed = facts
                .dkim_passes()
                .any(|(domain, _)| own.is_signed_by(domain, name))
                || facts.vouched && is_stamped_by(facts, border, own);
            if !signed || !is_wide_enough(facts, border, name) {
                return None;
            }
        }
        Ground::Provider(provider)
            if !exit.is_connector && is_consumers(facts, provider, border) =>
        {
            return None;
        }
        Ground::Named(_) | Ground::Provider(_) | Ground::Account(..) | Ground::Operator(_) => {}
    }
    Some(plain(Identity::ReverseDns, ground, border))
}

/// Whether the smart host itself, or a server of its organisation right below, stamped a message
/// for which the user vouches: then a host of that organisation is the smart host's way out.
fn is_stamped_by(facts: &Facts<'_, '_>, border: &Handover<'_, '_>, own: Organisation<'_>) -> bool {
    let mut below = facts.path.below(border.hop.number);
    let by = |linked: &crate::trace::chain::LinkedHop<'_>, fits: &dyn Fn(&str) -> bool| {
        let host = linked.hop.by.as_ref().and_then(|by| by.host.as_deref());
        host.is_some_and(fits) && !linked.hop.is_exchange_transport() && !linked.hop.doubtful
    };
    let right_below = facts.path.below(border.hop.number).next();
    right_below.is_some_and(|linked| by(linked, &|host| is_of_organisation(host, own.domain)))
        || below.any(|linked| by(linked, &|host| same_name(host, own.smart_host)))
}

/// A client whose verified name lies in the domain of a smart host, where nothing believed shows
/// that the smart host's operator sent the message: perhaps a customer's of that company.
pub(crate) fn in_organisation<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<Organisation<'a>> {
    let name = border.client_name()?;
    match exit.names(name, border.client_ip())? {
        Ground::Organisation(own) if is_wide_enough(facts, border, name) => Some(own),
        _ => None,
    }
}

/// Whether a match by registrable domain alone may count here: not where Exchange's own stamp
/// stands right below (the Exchange server may be the smart host's neighbour), nor where the
/// receiver is one, too.
fn is_wide_enough(facts: &Facts<'_, '_>, border: &Handover<'_, '_>, name: &str) -> bool {
    let by = border.hop.hop.by.as_ref().and_then(|by| by.host.as_deref());
    !facts.is_exchange_below(border)
        && !by.is_some_and(|by| same_organisation(by, name))
        && !is_rented(facts.catalogue, name, border.client_ip())
}

/// Whether a host is a customer's own machine, by its name or by what the catalogue knows of the
/// company that rents it out.
fn is_rented(catalogue: &Catalogue, name: &str, ip: Option<IpAddr>) -> bool {
    is_customer_machine(name, ip) || catalogue.is_not_platform(name)
}

fn by_spf<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<Match<'a>> {
    let mut best: Option<Match<'a>> = None;
    for (domain, attested) in facts.spf_passes(border) {
        let Some(ground) = spf_ground(facts, border, exit, domain) else {
            continue;
        };
        let found = Match {
            identity: Identity::Spf,
            ground,
            scope: ground.scope(),
            field: attested.field,
            authserv_id: attested.authserv_id,
            domain: Some(domain),
        };
        if best.as_ref().is_none_or(|best| found.rank() < best.rank()) {
            best = Some(found);
        }
    }
    best
}

fn spf_ground<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
    domain: &'a str,
) -> Option<Ground<'a>> {
    let by_name = exit
        .named
        .iter()
        .find(|host| host.name().is_some_and(|name| same_name(name, domain)))
        .map(|host| Ground::Named(host));
    let account = || {
        exit.bounce_domains
            .iter()
            .find(|own| same_name(own, domain) && !facts.is_own_domain(domain))
            .map(|own| Ground::Account(own, exit.bounce_scope()))
    };
    let provider = || {
        exit.providers
            .iter()
            .find(|p| p.bounce_domain(domain) && !facts.is_own_domain(domain))
            .map(|p| Ground::Provider(p))
    };
    by_name
        .or_else(account)
        .or_else(provider)
        .or_else(|| operators(facts, border, exit, domain))
}

/// SPF of the host's registrable domain itself, where the receiver prints no reverse DNS and the
/// client announces itself by exactly the host's name.
fn operators<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
    domain: &'a str,
) -> Option<Ground<'a>> {
    let client = border.client()?;
    let helo = client.helo.as_deref()?;
    let prints_none = client.reverse_dns.is_none()
        // Elsewhere no name means that none was found.
        && !border.hop.hop.family.prints_reverse_dns()
        && border.client_ip().is_some();
    if !prints_none || facts.is_own_organisation(domain) {
        return None;
    }
    let announced = exit
        .host_names()
        .find(|name| same_name(name, helo))
        .filter(|name| facts.catalogue.of_smart_host(name).is_none())?;
    let above = organisation(announced).is_some_and(|own| same_name(own, domain));
    (above && contradiction(facts, border, helo).is_none()).then_some(Ground::Operator(domain))
}

/// Raises the scope where a believed result shows the user's own account.
fn with_account<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
    mut found: Match<'a>,
) -> Match<'a> {
    let is_account = |domains: &[String], domain: &str| {
        domains.iter().any(|own| same_name(own, domain)) && !facts.is_own_domain(domain)
    };
    let bounce = exit.bounce_scope() == Scope::Account
        && facts
            .spf_passes(border)
            .any(|(domain, _)| is_account(exit.bounce_domains, domain));
    let signed = facts
        .dkim_passes()
        .any(|(domain, _)| is_account(exit.dkim, domain));
    if bounce || signed {
        found.scope = Scope::Account;
    }
    found
}

/// A believed DKIM pass that shows passage through a connector. It says nothing where the client is
/// verified as the sender's own organisation's, or as another's right above Exchange's own stamp.
pub(crate) fn by_dkim<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<Match<'a>> {
    if !exit.is_connector || border.is_inner() {
        return None;
    }
    if border
        .client_name()
        .is_some_and(|name| facts.is_exchange_below(border) || facts.is_own_organisation(name))
    {
        return None;
    }
    // A provider's shared domain counts beside its HELO only, and only where nothing contradicts it.
    let helo = border
        .client()
        .and_then(|client| client.helo.as_deref())
        .filter(|helo| contradiction(facts, border, helo).is_none());
    facts
        .dkim_passes()
        .filter(|(domain, _)| !facts.is_own_domain(domain))
        .filter_map(|(domain, attested)| {
            let ground = dkim_ground(exit, domain, helo)?;
            Some(dkim_match(domain, attested, ground))
        })
        .min_by_key(Match::rank)
}

/// The domain of a believed DKIM pass that shows passage through a connector, whatever is claimed
/// below: a claim that keeps it from deciding makes no fail of it (contract, rule 1).
pub(crate) fn signed_by<'a>(facts: &Facts<'a, '_>, exit: &Exit<'a>) -> Option<&'a str> {
    facts
        .dkim_passes()
        .map(|(domain, _)| domain)
        .filter(|domain| exit.is_connector && !facts.is_own_domain(domain))
        .find(|domain| dkim_ground(exit, domain, None).is_some())
}

fn dkim_match<'a, R>(domain: &'a str, attested: Attested<'a, R>, ground: Ground<'a>) -> Match<'a> {
    Match {
        identity: Identity::Dkim,
        ground,
        scope: ground.scope(),
        field: attested.field,
        authserv_id: attested.authserv_id,
        domain: Some(domain),
    }
}

fn dkim_ground<'a>(exit: &Exit<'a>, domain: &str, helo: Option<&str>) -> Option<Ground<'a>> {
    let host = exit
        .named
        .iter()
        .find(|host| host.name().is_some_and(|name| same_name(name, domain)));
    let account = || {
        exit.dkim
            .iter()
            .find(|own| same_name(own, domain))
            // Beside the provider's own client it shows the account (`with_account`); alone it
            // shows that the message passed there once.
            .map(|own| Ground::Account(own, Scope::Host))
    };
    let provider = || {
        exit.providers
            .iter()
            .find(|provider| {
                provider.signing_domain(domain)
                    && helo.is_some_and(|helo| provider.egress_matches(helo))
            })
            .map(|provider| Ground::Provider(provider))
    };
    host.map(|host| Ground::Named(host))
        .or_else(account)
        .or_else(provider)
}

/// The HELO alone: weak, and nothing where a believed result or name contradicts it.
pub(crate) fn by_helo<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<Match<'a>> {
    let (helo, ground) = helo_ground(facts, border, exit)?;
    contradiction(facts, border, helo)
        .is_none()
        .then(|| plain(Identity::Helo, ground, border))
}

/// The HELO of this exit that something contradicts.
pub(crate) fn contradicted_helo<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<(&'a str, Contradiction<'a>)> {
    let (helo, _) = helo_ground(facts, border, exit)?;
    Some((helo, contradiction(facts, border, helo)?))
}

fn helo_ground<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    exit: &Exit<'a>,
) -> Option<(&'a str, Ground<'a>)> {
    let helo = border.client()?.helo.as_deref()?;
    let smart_host = || {
        exit.providers
            .iter()
            .find(|p| p.is_smart_host(helo))
            .map(|p| Ground::Provider(p))
    };
    let ground = exit.names(helo, border.client_ip()).or_else(smart_host)?;
    if matches!(ground, Ground::Organisation(_)) && !is_wide_enough(facts, border, helo) {
        return None;
    }
    Some((helo, ground))
}

/// The client's HELO where it is an operator's own word: in networks that the operator has alone,
/// and where its customers cannot set it.
pub(crate) fn own_word<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
) -> Option<(&'a Provider, &'a str)> {
    let ip = border.client_ip()?;
    let provider = facts.catalogue.of_network(ip)?.provider;
    let helo = border.client()?.helo.as_deref()?;
    (facts.vouched || provider.helo_is_its_own(ip)).then_some((provider, helo))
}

/// What contradicts a HELO.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Contradiction<'a> {
    /// A believed SPF `fail` or `softfail` of MAIL FROM for the host's own domain.
    Spf {
        /// The field of the result.
        field: usize,
        /// The domain.
        domain: &'a str,
    },
    /// A verified reverse-DNS name of another organisation.
    ReverseDns(&'a str),
    /// The address is outside the networks of the provider that the HELO names, whose list is
    /// complete.
    Network(&'a Provider),
}

/// What contradicts the client's HELO, if anything does.
pub(crate) fn contradiction<'a>(
    facts: &Facts<'a, '_>,
    border: &Handover<'a, '_>,
    helo: &str,
) -> Option<Contradiction<'a>> {
    let spf = facts.spf_of(border).find_map(|attested| {
        let domain = attested.result.domain.as_deref()?;
        let refuses = matches!(
            attested.result.result,
            ResultCode::Fail | ResultCode::SoftFail
        ) && attested.result.identity == SpfIdentity::MailFrom
            && (same_name(domain, helo) || same_organisation(domain, helo));
        refuses.then_some(Contradiction::Spf {
            field: attested.field,
            domain,
        })
    });
    spf.or_else(|| {
        let name = border.client_name()?;
        (!same_name(name, helo) && !same_organisation(name, helo))
            .then_some(Contradiction::ReverseDns(name))
    })
    .or_else(|| {
        let ip = border.client_ip().filter(|ip| !is_inner(*ip))?;
        let provider = facts
            .catalogue
            .of_egress(helo)
            .or_else(|| facts.catalogue.of_smart_host(helo))?;
        (provider.networks_are_complete() && provider.network_contains(ip).is_none())
            .then_some(Contradiction::Network(provider))
    })
}
