//! Providers and platforms as data: which hosts and networks are theirs, how they receive, and
//! what they leave in a header.
//!
//! The built-in entries are the TOML files of `data/`, turned into static data by the build
//! script; [`Catalogue::with_overrides`] adds or replaces entries in the same form. An entry's
//! fields are explained in [`Provider`], its host patterns in [`Pattern`].
//!
//! Names compare as ASCII without case, one trailing dot dropped. Whether a name or a field is
//! believed, and what follows from a match, is decided elsewhere: nothing here parses or judges.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::LazyLock;

mod customer;
mod form;
mod load;
mod names;
mod pattern;
mod provider;
mod render;
mod slip;

pub use customer::is_customer_machine;
pub(crate) use customer::names_its_address;
pub use form::{
    ClientAddress, Confidence, List, Marker, NetworkSource, Networks, Provider, Receiving, Service,
    Stamp, Text, Upstream,
};
pub use load::CatalogueError;
pub(crate) use names::{NameEnds, NameFilter};
pub use pattern::{LabelPattern, Pattern};
pub use provider::{MarkerHit, NetworkHit};
pub use render::{list, show};
pub use slip::Slip;

mod builtin {
    use super::{
        ClientAddress, Confidence, LabelPattern, List, Marker, NetworkSource, Networks, Pattern,
        Provider, Receiving, Service, Stamp, Text, Upstream,
    };
    use ipnet::{IpNet, Ipv4Net, Ipv6Net};
    use std::borrow::Cow;
    use std::net::{Ipv4Addr, Ipv6Addr};

    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}

/// When the built-in entries were last changed.
const VERSION: &str = "2026-11-25";

static BUILTIN: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::of(builtin::PROVIDERS.clone(), Cow::Borrowed(VERSION)));

/// The known providers, by id.
///
/// ```
/// use smarthop::Catalogue;
///
/// let catalogue = Catalogue::builtin();
/// let provider = catalogue.of_smart_host("smtp-relay.brevo.com").unwrap();
/// assert_eq!(&*provider.id, "brevo");
/// let own = "id = \"acme-relay\"\nname = \"ACME relay\"\nsmart-hosts = [\"smtp.relay.example.net\"]";
/// let with_own = Catalogue::with_overrides(own)?;
/// assert!(with_own.of_smart_host("smtp.relay.example.net").is_some());
/// # Ok::<(), smarthop::catalogue::CatalogueError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Catalogue {
    providers: List<Provider>,
    version: Text,
    markers: FieldFilter,
    /// For each provider the names that it may be told by, in the providers' order.
    names: Vec<NameFilter<16>>,
    /// Those of all of them.
    all_names: NameFilter<64>,
}

impl Catalogue {
    /// The built-in catalogue. Nothing is parsed: it is static data.
    #[must_use]
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The built-in catalogue with the entries of a file in the form of `--catalogue`: one entry
    /// as in `data/`, or several as `[[provider]]`. An entry replaces the one of the same id.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the text, and where.
    pub fn with_overrides(text: &str) -> Result<Self, CatalogueError> {
        Self::builtin().overridden(text)
    }

    /// This catalogue with the entries of one more file, see [`Self::with_overrides`].
    ///
    /// # Errors
    ///
    /// Says what is wrong with the text, and where.
    pub fn overridden(&self, text: &str) -> Result<Self, CatalogueError> {
        let mut providers = self.providers.to_vec();
        for entry in load::entries(text)? {
            match providers.iter_mut().find(|known| known.id == entry.id) {
                Some(known) => *known = entry,
                None => providers.push(entry),
            }
        }
        providers.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self::of(
            Cow::Owned(providers),
            Cow::Owned(format!("{VERSION}+local")),
        ))
    }

    fn of(providers: List<Provider>, version: Text) -> Self {
        let mut markers = FieldFilter::default();
        for marker in providers
            .iter()
            .flat_map(|provider| provider.markers.iter())
        {
            markers.add(&marker.field);
        }
        let mut all_names = NameFilter::default();
        let names = providers
            .iter()
            .map(|provider| {
                let mut own = NameFilter::default();
                own.add(provider);
                all_names.add(provider);
                own
            })
            .collect();
        Self {
            providers,
            version,
            markers,
            names,
            all_names,
        }
    }

    /// The date of the built-in entries, with `+local` where a file changed them.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// All entries, sorted by id.
    pub fn providers(&self) -> impl ExactSizeIterator<Item = &Provider> {
        self.providers.iter()
    }

    /// The entry of this id.
    #[must_use]
    pub fn provider(&self, id: &str) -> Option<&Provider> {
        let place = self
            .providers
            .binary_search_by(|provider| (*provider.id).cmp(id))
            .ok()?;
        self.providers.get(place)
    }

    /// The Exchange platforms, whose outgoing servers count as `exchange`.
    pub fn platforms(&self) -> impl Iterator<Item = &Provider> {
        self.providers.iter().filter(|provider| provider.platform)
    }

    /// The entries of which a pattern may match this name: few, for most names none.
    fn candidates(&self, name: &str) -> impl Iterator<Item = &Provider> {
        let ends = NameEnds::of(name);
        let known = match self.all_names.may_match(ends) {
            true => self.names.as_slice(),
            false => &[],
        };
        known
            .iter()
            .zip(self.providers.iter())
            .filter(move |(names, _)| names.may_match(ends))
            .map(|(_, provider)| provider)
    }

    /// The names that one of its entries may be told by.
    pub(crate) fn names_of(&self, provider: &Provider) -> NameFilter<16> {
        self.providers
            .binary_search_by(|known| known.id.cmp(&provider.id))
            .ok()
            .and_then(|place| self.names.get(place))
            .copied()
            .unwrap_or(NameFilter::ANY)
    }

    /// The provider that users reach by this smart host name.
    #[must_use]
    pub fn of_smart_host(&self, name: &str) -> Option<&Provider> {
        self.candidates(name)
            .find(|provider| provider.is_smart_host(name))
            // Some users name the host that they see in headers.
            .or_else(|| self.of_egress(name))
    }

    /// The provider that hands over by a host of this name.
    #[must_use]
    pub fn of_egress(&self, name: &str) -> Option<&Provider> {
        self.candidates(name)
            .find(|provider| provider.egress_matches(name))
    }

    /// The provider that alone sends from this address.
    #[must_use]
    pub fn of_network(&self, ip: IpAddr) -> Option<NetworkHit<'_>> {
        self.providers
            .iter()
            .find_map(|provider| provider.network_exclusive_contains(ip))
    }

    /// The receiver whose border writes stamps by this name. Says nothing of a claimed stamp.
    #[must_use]
    pub fn platform_of_border_stamp(&self, by: &str) -> Option<&Provider> {
        self.candidates(by)
            .find(|provider| provider.is_border_stamp(by))
    }

    /// The receiver that a server of this name or address belongs to: one of its border, of its
    /// inner receiving hosts or of its mailbox servers.
    #[must_use]
    pub fn receiver_of(&self, by: &str) -> Option<&Provider> {
        if let Some(ip) = crate::lex::parse_ip(by) {
            return self
                .providers
                .iter()
                .find(|provider| provider.receiving_network_contains(ip));
        }
        self.candidates(by).find(|provider| {
            let receives = !provider.receiving.border_stamps.is_empty();
            provider.is_border_stamp(by)
                || provider.receiving_host(by)
                || (receives && provider.is_mailbox(by))
        })
    }

    /// Whether this is a customer's own machine in the domains of any provider.
    #[must_use]
    pub fn is_not_platform(&self, name: &str) -> bool {
        self.candidates(name)
            .any(|provider| provider.is_not_platform(name))
    }

    /// Whether a recipient's domain tells nothing of whose he is: a platform's routing domain.
    #[must_use]
    pub fn is_routing_domain(&self, domain: &str) -> bool {
        self.candidates(domain).any(|provider| {
            let mut domains = provider.routing_domains.iter();
            domains.any(|pattern| pattern.matches(domain))
        })
    }

    /// The provider whose consumers have their addresses in this domain.
    #[must_use]
    pub fn of_consumer_domain(&self, domain: &str) -> Option<&Provider> {
        self.candidates(domain)
            .find(|provider| provider.is_consumer_domain(domain))
    }

    /// What a name was perhaps meant for that is a slip of the pen: see [`Slip`].
    ///
    /// ```
    /// # use smarthop::Catalogue;
    /// let slip = Catalogue::builtin().slip("smtp-relay.brveo.com").unwrap();
    /// assert_eq!(slip.smart_host, Some("smtp-relay.brevo.com"));
    /// ```
    #[must_use]
    pub fn slip(&self, name: &str) -> Option<Slip<'_>> {
        slip::of(self, name)
    }

    /// Whether one provider's own servers, by the stamps they write, have both of these names.
    #[must_use]
    pub fn are_one_operators(&self, one: &str, other: &str) -> bool {
        self.candidates(one)
            .any(|provider| provider.is_own_stamp(one) && provider.is_own_stamp(other))
    }

    /// Whether a field of this name may tell a provider: most do not, and no pass over their
    /// values is needed.
    #[must_use]
    pub(crate) fn may_be_marker(&self, field: &str) -> bool {
        self.markers.may_hold(field)
    }

    /// The provider that this header field tells. Never an identity.
    #[must_use]
    pub fn marker<'v>(&self, field: &str, value: &'v str) -> Option<MarkerHit<'_, 'v>> {
        if !self.markers.may_hold(field) {
            return None;
        }
        self.providers
            .iter()
            .find_map(|provider| provider.marker(field, value))
    }
}

/// Which field names may be a marker's: no false negatives, a few false positives. Most fields of
/// a header are none, and should not be compared with all markers.
#[derive(Debug, Clone, Default)]
struct FieldFilter([u64; 16]);

impl FieldFilter {
    /// A place among the 1024 bits, by letters that a marker given by its beginning has too.
    /// Most markers start with `X-`, so the letters behind it tell more.
    fn place(field: &str) -> usize {
        let bytes = field.as_bytes();
        let letter = |index: usize| usize::from(bytes.get(index).map_or(0, u8::to_ascii_lowercase));
        (letter(0) * 7 + letter(2) * 211 + letter(3) * 31 + letter(4)) % 1024
    }

    fn add(&mut self, field: &str) {
        let place = Self::place(field);
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    fn may_hold(&self, field: &str) -> bool {
        let place = Self::place(field);
        self.0
            .get(place / 64)
            .is_some_and(|word| word & (1 << (place % 64)) != 0)
    }
}

#[cfg(test)]
mod tests;
