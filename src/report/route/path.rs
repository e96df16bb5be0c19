//! The route as a picture shows it: stations in the order of travel, one for each organisation,
//! with their hosts, and a leg for each hop.
//!
//! A host is named by the stamps it stands in: as the server of one hop and as the client of the
//! next, which are one host where the chain links them. Where they are not linked, the client is a
//! host of its own behind a gap. The client at the border is what the believed stamp says of it;
//! it shares a station with claimed hosts only where its name was verified or its identity is
//! strong, since a HELO is chosen by whoever sends. Linear in the hops; at most [`HOPS_MAX`] are
//! shown, the hand-over among them.

use super::Text;
use super::hops::Hop;
use super::verdict::connector_name;
use crate::analysis::{
    Analysis, Border, Expected, ExpectedRoute, HopFrom, HopInfo, Identity, ObservedRoute, Outcome,
    Party,
};
use crate::host::{is_inner, organisation, same_name, same_organisation};
use crate::lex::parse_ip;
use crate::printable::{machine_name, printable};

/// As many hops as a picture can show; the others are counted.
pub(crate) const HOPS_MAX: usize = 60;

/// So many of them from before the hand-over, where it would fall out of the picture.
const BEFORE_MAX: usize = 20;

/// Top-level labels that name no organisation: networks of one's own (RFC 6762 appendix G,
/// RFC 8375).
const INNER: &[&str] = &[
    "local",
    "lan",
    "internal",
    "localdomain",
    "intranet",
    "private",
    "corp",
    "home",
    "arpa",
];

/// The whole picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path<'h> {
    /// Whom the message says that it is from: a claim.
    pub(crate) sender: Option<String>,
    /// For whom it was delivered.
    pub(crate) recipient: Option<String>,
    /// The organisations.
    pub(crate) stations: Vec<Station<'h>>,
    /// What was expected to hand over, and did not.
    pub(crate) passed_by: Option<String>,
    /// Where the recipient's side begins is not sure.
    pub(crate) guessed: bool,
    /// So many older hops are not shown.
    pub(crate) before: usize,
    /// So many newer hops are not shown.
    pub(crate) after: usize,
    /// What the picture cannot show.
    pub(crate) note: Option<&'static str>,
}

/// Consecutive hosts of one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Station<'h> {
    /// The organisation's domain, else the name or the address of its first host.
    pub(crate) label: String,
    /// Whose it is.
    pub(crate) role: Role,
    /// The role in words.
    pub(crate) says: String,
    /// No believed stamp names any of its hosts.
    pub(crate) claimed: bool,
    /// Its hosts, in the order of travel; never empty.
    pub(crate) hosts: Vec<Host<'h>>,
}

/// What a station is to the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Where the message began, as far as can be seen.
    Sender,
    /// The Exchange platform.
    Exchange,
    /// A connector's smart host.
    Connector,
    /// The recipient's side, or a server that the user trusts.
    Recipient,
    /// Anybody else.
    Other,
}

/// One host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host<'h> {
    /// Its name.
    pub(crate) name: Option<Text<'h>>,
    /// The name as which it sent the message on, where that is another.
    pub(crate) sends_as: Option<Text<'h>>,
    /// Its address as a client.
    pub(crate) address: Option<Text<'h>>,
    /// The server that took from it verified its name.
    pub(crate) verified: bool,
    /// The name is only what the client at the border calls itself.
    pub(crate) calls_itself: bool,
    /// No believed stamp names it.
    pub(crate) claimed: bool,
    /// How the message came to it.
    pub(crate) arrival: Arrival<'h>,
    /// Hops within this machine.
    pub(crate) within: Vec<&'h Hop<'h>>,
}

/// How a message came to a host from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival<'h> {
    /// It is the first host.
    First,
    /// By this hop.
    Hop(&'h Hop<'h>),
    /// No stamp tells; the chain has no gap there.
    Untold,
    /// The server of one hop is not the client of the next.
    Gap,
}

impl<'h> Path<'h> {
    /// The path of an analysis, whose `hops` are [`super::hops::hops`] of it.
    pub(crate) fn of(analysis: &'h Analysis, hops: &'h [Hop<'h>]) -> Self {
        let (start, end) = window(hops, HOPS_MAX);
        let mut walk = Walk {
            analysis,
            drafts: Vec::new(),
        };
        let shown = analysis.hops.iter().zip(hops).take(end).skip(start);
        let mut before = None;
        for (info, hop) in shown {
            walk.step(before, info, hop);
            before = Some(info);
        }
        let recipient = hops.last().filter(|hop| hop.believed);
        let recipient = recipient.and(analysis.hops.last());
        let recipient = recipient.and_then(|hop| hop.for_.as_deref());
        let recipient = recipient.or(analysis.message.to.first().map(String::as_str));
        let from = analysis.message.from.first();
        let from = from.or(analysis.message.sender.as_ref());
        Self {
            sender: from.map(|from| printable(from).into_owned()),
            recipient: recipient.map(|address| printable(address).into_owned()),
            stations: walk.stations(),
            passed_by: passed_by(analysis),
            guessed: analysis.observed.border == Some(Border::Guessed),
            before: start,
            after: hops.len() - end,
            note: note(analysis),
        }
    }

    /// The route told in sentences, for whoever cannot see the picture.
    pub(crate) fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        if self.before > 0 {
            told.push(format!("{} older hops are not shown.", self.before));
        }
        let mut before: Option<String> = None;
        for station in &self.stations {
            for (index, host) in station.hosts.iter().enumerate() {
                let here = host.told(station, index == 0);
                match host.arrival {
                    Arrival::Hop(hop) => told.push(leg_told(hop, before.as_deref(), &here)),
                    Arrival::Gap => told.push(format!("Not linked: then {here}.")),
                    Arrival::First => told.push(format!("First {here}.")),
                    Arrival::Untold => told.push(format!("Then {here}.")),
                }
                for hop in &host.within {
                    told.push(leg_told(hop, None, "the same machine"));
                }
                before = Some(host.known_as());
            }
        }
        if self.guessed {
            told.push("Where the recipient's side begins is guessed.".to_owned());
        }
        if self.after > 0 {
            told.push(format!("{} newer hops are not shown.", self.after));
        }
        if let Some(missed) = &self.passed_by {
            told.push(format!("Expected to hand over, and did not: {missed}."));
        }
        told.extend(self.note.map(str::to_owned));
        told
    }
}

fn leg_told(hop: &Hop<'_>, from: Option<&str>, to: &str) -> String {
    let mut says = format!("Hop {}", hop.number);
    if hop.deciding {
        says.push_str(", the hand-over");
    }
    if !hop.believed {
        says.push_str(", claimed");
    }
    says.push_str(": ");
    if let Some(from) = from {
        says.push_str("from ");
        says.push_str(from);
        says.push(' ');
    }
    says.push_str("to ");
    says.push_str(to);
    let transport = hop.transport();
    let delay = hop.delay.as_ref().map(|(_, says)| format!("after {says}"));
    let transport = Some(transport).filter(|text| !text.is_empty());
    for more in [transport, delay].into_iter().flatten() {
        says.push_str(", ");
        says.push_str(&more);
    }
    says.push('.');
    says
}

impl Host<'_> {
    /// How it is called: by its name, else its address.
    pub(crate) fn called(&self) -> String {
        match (&self.name, &self.address) {
            (Some(name), _) => name.clone().into_owned(),
            (None, Some(address)) => format!("[{address}]"),
            (None, None) => "not named".to_owned(),
        }
    }

    /// How it is called where a HELO at the border is no name.
    fn known_as(&self) -> String {
        match (&self.address, self.calls_itself) {
            (Some(address), true) => format!("[{address}]"),
            (None, true) => "a client without an address".to_owned(),
            (_, false) => self.called(),
        }
    }

    fn told(&self, station: &Station<'_>, first: bool) -> String {
        let mut says = self.known_as();
        if self.calls_itself {
            says.push_str(", which calls itself ");
            says.push_str(&self.called());
        }
        match first {
            true => format!("{says} ({})", station.says),
            false => says,
        }
    }
}

/// Which hops are shown where there is room for `most`: the newest ones, or those about the
/// hand-over.
pub(crate) fn window(hops: &[Hop<'_>], most: usize) -> (usize, usize) {
    let mut start = hops.len().saturating_sub(most);
    if let Some(deciding) = hops.iter().position(|hop| hop.deciding)
        && deciding < start + 1
    {
        start = deciding.saturating_sub(BEFORE_MAX);
    }
    (start, hops.len().min(start + most))
}

/// On a fail, what should have handed over.
fn passed_by(analysis: &Analysis) -> Option<String> {
    let Expected {
        route, connector, ..
    } = analysis.expected.as_ref()?;
    (analysis.outcome == Outcome::Fail).then(|| match route {
        ExpectedRoute::Connector => format!("connector {}", connector_name(connector.as_ref())),
        ExpectedRoute::Exchange => "the Exchange platform's own server".to_owned(),
    })
}

fn note(analysis: &Analysis) -> Option<&'static str> {
    let observed = &analysis.observed;
    if analysis.hops.is_empty() {
        Some("There is no Received field: no route to be seen.")
    } else if observed.hop.is_some() {
        None
    } else if observed.route == Some(ObservedRoute::Connector) {
        Some("A DKIM pass shows that it went through the connector; no stamp shows at which hop.")
    } else {
        Some("No hand-over is to be seen.")
    }
}

/// A host that is not yet in a station.
struct Draft<'h> {
    host: Host<'h>,
    /// As written, for comparing.
    name: Option<&'h str>,
    /// Where it may be compared with its neighbours': not a HELO at the border.
    organisation: Option<&'h str>,
    party: Option<Party>,
    /// Its own network's: it has no organisation to be told by.
    inner: bool,
    /// Stands alone, whatever its neighbours are.
    alone: bool,
}

struct Walk<'h> {
    analysis: &'h Analysis,
    drafts: Vec<Draft<'h>>,
}

impl<'h> Walk<'h> {
    fn step(&mut self, before: Option<&HopInfo>, info: &'h HopInfo, hop: &'h Hop<'h>) {
        let border = hop.believed && before.is_none_or(|before| !before.believed);
        if let Some(from) = &info.from {
            self.client(from, hop, info.gap, border);
        }
        self.server(info, hop, border);
    }

    /// The client of a hop: the host before, or one of its own.
    fn client(&mut self, from: &'h HopFrom, hop: &'h Hop<'h>, gap: bool, border: bool) {
        let draft = self.client_draft(from, hop, gap, border);
        let nameless = draft.name.is_none() && draft.host.address.is_none();
        let Some(last) = self.drafts.last_mut().filter(|_| !gap && !draft.alone) else {
            if !(nameless && self.drafts.is_empty()) {
                self.drafts.push(draft);
            }
            return;
        };
        if nameless {
            return;
        }
        let same_name = is_name_of(last, draft.name);
        if border {
            if !same_name {
                return self.drafts.push(draft);
            }
            // What the believed stamp says stands in place of what was claimed.
            last.host.claimed = false;
            last.host.name = draft.host.name.or(last.host.name.take());
            (last.name, last.organisation) = (draft.name, draft.organisation);
            last.party = draft.party;
        } else {
            let loopback = from.ip.as_deref().and_then(parse_ip);
            let loopback = loopback.is_some_and(|ip| ip.is_loopback());
            let alias = match (last.name, draft.name) {
                (Some(a), Some(b)) => same_organisation(a, b),
                _ => false,
            };
            let address = last.host.name == draft.host.address.as_ref().map(bracketed);
            if !(same_name || loopback || alias || address) {
                return self.drafts.push(draft);
            }
            if !same_name && alias {
                last.host.sends_as = draft.host.name;
            }
            if loopback {
                return;
            }
        }
        last.host.address = draft.host.address;
        last.host.verified = draft.host.verified;
    }

    fn client_draft(
        &self,
        from: &'h HopFrom,
        hop: &'h Hop<'h>,
        gap: bool,
        border: bool,
    ) -> Draft<'h> {
        let name = from.reverse_dns.as_deref();
        let name = name.filter(|_| from.reverse_dns_verified);
        let name = name
            .or(from.helo.as_deref())
            .or(from.reverse_dns.as_deref());
        let observed = &self.analysis.observed;
        let strong = hop.deciding && observed.attested == Some(true);
        let identified = match observed.route {
            Some(ObservedRoute::Connector) if strong => Some(Party::Connector),
            Some(ObservedRoute::Exchange) if strong => Some(Party::Exchange),
            Some(
                ObservedRoute::Connector
                | ObservedRoute::Exchange
                | ObservedRoute::Other
                | ObservedRoute::Unknown,
            )
            | None => None,
        };
        let known = from.reverse_dns_verified || identified.is_some();
        let alone = border && !known;
        let inner = match (name, from.ip.as_deref().and_then(parse_ip)) {
            (_, Some(ip)) => is_inner(ip),
            (name, None) => name.is_none_or(is_inner_name),
        };
        Draft {
            host: Host {
                name: hop.client.clone(),
                sends_as: None,
                address: hop.address.clone(),
                verified: from.reverse_dns_verified,
                calls_itself: alone && name.is_some(),
                claimed: !hop.believed,
                arrival: match (gap, self.drafts.is_empty()) {
                    (_, true) => Arrival::First,
                    (true, false) => Arrival::Gap,
                    (false, false) => Arrival::Untold,
                },
                within: Vec::new(),
            },
            name,
            organisation: name.filter(|_| !alone).and_then(public_organisation),
            party: match (border, hop.believed) {
                (true, _) => identified.or(Some(Party::Other)),
                (false, true) => Some(Party::Receiver),
                (false, false) => self.is_expected(name).then_some(Party::Connector),
            },
            inner,
            alone,
        }
    }

    /// Whether a claimed client has the name of the smart host that is expected.
    fn is_expected(&self, name: Option<&str>) -> bool {
        let expected = self.analysis.expected.as_ref();
        let connector = expected.and_then(|expected| expected.connector.as_ref());
        let host = connector.and_then(|connector| connector.smart_host.as_deref());
        matches!((host, name), (Some(host), Some(name)) if same_name(host, name))
    }

    /// The server of a hop: a host of its own, unless the hop stays within one machine.
    fn server(&mut self, info: &'h HopInfo, hop: &'h Hop<'h>, border: bool) {
        let name = info.by.as_ref().and_then(|by| by.host.as_deref());
        let loopback = info.from.as_ref().and_then(|from| from.ip.as_deref());
        let loopback = loopback
            .and_then(parse_ip)
            .is_some_and(|ip| ip.is_loopback());
        if let Some(last) = self.drafts.last_mut()
            && info.from.is_some()
            && !border
            && !hop.deciding
            && (is_name_of(last, name) || loopback && name.is_none_or(is_localhost))
        {
            last.host.within.push(hop);
            last.party = last.party.filter(|_| hop.believed).or(Some(hop.party));
            return;
        }
        let organisation = name.and_then(public_organisation);
        if let Some(last) = self.drafts.last_mut()
            && last.party.is_none()
            && organisation.is_some()
            && same_text(last.organisation, organisation)
        {
            // A claimed client whose own server is of its organisation is whose that server is.
            last.party = Some(hop.party);
        }
        self.drafts.push(Draft {
            host: Host {
                name: hop.server.clone(),
                sends_as: None,
                address: None,
                verified: false,
                calls_itself: false,
                claimed: !hop.believed,
                arrival: Arrival::Hop(hop),
                within: Vec::new(),
            },
            name,
            organisation,
            party: Some(hop.party),
            inner: name.is_none_or(is_inner_name),
            alone: false,
        });
    }

    fn stations(self) -> Vec<Station<'h>> {
        let delivery = self
            .drafts
            .iter()
            .rev()
            .find_map(|draft| draft.organisation);
        let mut groups: Vec<Vec<Draft<'h>>> = Vec::new();
        for draft in self.drafts {
            match groups.last_mut().filter(|group| belongs(group, &draft)) {
                Some(group) => group.push(draft),
                None => groups.push(vec![draft]),
            }
        }
        let stations = groups.into_iter().enumerate();
        let stations = stations.map(|(at, group)| station(self.analysis, at, group, delivery));
        stations.collect()
    }
}

/// Whether a host is one more of the organisation before it.
fn belongs(group: &[Draft<'_>], draft: &Draft<'_>) -> bool {
    let Some(last) = group.last() else {
        return false;
    };
    if draft.alone || last.alone || draft.host.arrival == Arrival::Gap {
        return false;
    }
    let party = group.iter().find_map(|draft| draft.party);
    let receiver = |party: Option<Party>| party == Some(Party::Receiver);
    if receiver(party) != receiver(draft.party) {
        return false;
    }
    let known = group.iter().rev().find_map(|draft| draft.organisation);
    match (known, draft.organisation) {
        (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {
            party.is_none() || draft.party.is_none() || party == draft.party
        }
        // A platform's or a provider's servers, whose inner names need not be alike.
        _ if matches!(party, Some(Party::Exchange | Party::Connector)) && party == draft.party => {
            true
        }
        (_, None) => draft.inner && (draft.party.is_none() || draft.party == party),
        (None, Some(_)) => last.inner && (party.is_none() || party == draft.party),
        (Some(_), Some(_)) => false,
    }
}

fn station<'h>(
    analysis: &Analysis,
    at: usize,
    group: Vec<Draft<'h>>,
    delivery: Option<&str>,
) -> Station<'h> {
    let organisation = group.iter().rev().find_map(|draft| draft.organisation);
    let party = group.iter().find_map(|draft| draft.party);
    let handed_over = group.iter().any(|draft| draft.alone)
        || group
            .iter()
            .any(|draft| !draft.host.claimed && draft.party != Some(Party::Receiver));
    let role = match party {
        Some(Party::Receiver) => Role::Recipient,
        Some(Party::Connector) => Role::Connector,
        Some(Party::Exchange) => Role::Exchange,
        Some(Party::Other) | None if at == 0 && !handed_over => Role::Sender,
        Some(Party::Other) | None => Role::Other,
    };
    let observed = &analysis.observed;
    let says = match role {
        Role::Recipient if organisation.is_none() || same_text(organisation, delivery) => {
            "recipient's side".to_owned()
        }
        Role::Recipient => "recipient's side, or trusted".to_owned(),
        Role::Connector if handed_over && observed.connector.is_some() => {
            format!("connector {}", connector_name(observed.connector.as_ref()))
        }
        Role::Connector => "connector (smart host)".to_owned(),
        Role::Exchange => match observed.provider.as_deref().filter(|_| handed_over) {
            Some(provider) => format!("Exchange platform ({})", machine_name(provider)),
            None => "Exchange platform".to_owned(),
        },
        Role::Sender => "sender's side".to_owned(),
        // A HELO names nobody.
        Role::Other if handed_over => match observed
            .provider
            .as_deref()
            .filter(|_| observed.identity != Some(Identity::Helo))
        {
            Some(provider) => format!("handed over; {}", machine_name(provider)),
            None if analysis.expected.is_none() => "handed over".to_owned(),
            None => "handed over; not identified".to_owned(),
        },
        Role::Other => "another server".to_owned(),
    };
    let hosts: Vec<_> = group.into_iter().map(|draft| draft.host).collect();
    let label = match (organisation, hosts.first()) {
        (Some(organisation), _) => machine_name(organisation).to_ascii_lowercase(),
        (None, Some(host)) => host.known_as(),
        (None, None) => String::new(),
    };
    Station {
        label,
        role,
        says,
        claimed: hosts.iter().all(|host| host.claimed),
        hosts,
    }
}

fn same_text(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b))
}

fn bracketed<'t>(address: &Text<'t>) -> Text<'t> {
    Text::Owned(format!("[{address}]"))
}

/// Whether `name` is this host's: the same, or `EX1` for `EX1.example.com`.
fn is_name_of(host: &Draft<'_>, name: Option<&str>) -> bool {
    let (Some(a), Some(b)) = (host.name, name) else {
        return false;
    };
    let short = |short: &str, long: &str| {
        !short.contains('.')
            && !is_localhost(short)
            && long
                .split('.')
                .next()
                .is_some_and(|label| label.eq_ignore_ascii_case(short))
    };
    same_name(a, b) || short(a, b) || short(b, a)
}

fn is_localhost(name: &str) -> bool {
    same_name(name, "localhost") || same_name(name, "localhost.localdomain")
}

fn is_inner_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or(name);
    !name.contains('.') || INNER.iter().any(|inner| inner.eq_ignore_ascii_case(last))
}

fn public_organisation(name: &str) -> Option<&str> {
    organisation(name).filter(|_| !is_inner_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::route::hops::hops;
    use crate::report::sample;
    use crate::{Catalogue, Expectation, analyze};

    fn of(header: &str) -> Analysis {
        let host = "relay.example.com".parse().expect("a host");
        let expectation = Expectation::connector([host]);
        analyze(header.as_bytes(), &expectation, Catalogue::builtin())
    }

    /// A line for each station: its label, its role, its hosts.
    fn drawn(analysis: &Analysis) -> Vec<String> {
        let hops = hops(analysis);
        let path = Path::of(analysis, &hops);
        let stations = path.stations.iter().map(|station| {
            let hosts = station.hosts.iter().map(|host| {
                let way = match host.arrival {
                    Arrival::First => "",
                    Arrival::Hop(hop) if hop.deciding => "=>",
                    Arrival::Hop(_) => "->",
                    Arrival::Untold => "..",
                    Arrival::Gap => "//",
                };
                let within = "@".repeat(host.within.len());
                let claimed = if host.claimed { "?" } else { "" };
                let calls = if host.calls_itself {
                    "(calls itself)"
                } else {
                    ""
                };
                format!("{way}{}{calls}{claimed}{within}", host.called())
            });
            let hosts: Vec<_> = hosts.collect();
            let (label, says) = (&station.label, &station.says);
            format!("{label}, {says}: {}", hosts.join(" "))
        });
        stations.collect()
    }

    #[test]
    fn the_documented_sample_is_two_organisations() {
        assert_eq!(
            drawn(&sample::documented()),
            [
                "example.com, connector smtp-relay.example.com: \
                 ->smtp-relay.smtp.example.com? ..sender-id.example.com",
                "ovh.net, recipient's side: =>in31.mail.ovh.net ->vr45.mail.ovh.net \
                 ->out28.mail.ovh.net ->[192.168.1.2]@",
            ]
        );
    }

    #[test]
    fn a_forged_chain_is_behind_a_gap_and_claimed() {
        let analysis = of(
            "Received: from mail.attacker.example (mail.attacker.example [203.0.113.66])\r\n\
             \tby mx.example.net (Postfix) with ESMTPS id 4A; Mon, 2 Jun 2025 09:15:10 +0000 (UTC)\r\n\
             Received: from ex01.contoso.example (ex01.contoso.example [192.0.2.15])\r\n\
             \tby relay.example.com (Postfix) with ESMTPS id 4B; Mon, 2 Jun 2025 09:15:05 +0000 (UTC)\r\n\
             From: <jane@contoso.example>\r\n\r\n",
        );
        assert_eq!(
            drawn(&analysis),
            [
                "contoso.example, sender's side: ex01.contoso.example?",
                "example.com, connector (smart host): ->relay.example.com?",
                "attacker.example, handed over; not identified: //mail.attacker.example",
                "example.net, recipient's side: =>mx.example.net",
            ]
        );
        let hops = hops(&analysis);
        let path = Path::of(&analysis, &hops);
        let claimed: Vec<_> = path
            .stations
            .iter()
            .map(|station| station.claimed)
            .collect();
        assert_eq!(claimed, [true, true, false, false]);
    }

    #[test]
    fn every_gap_is_drawn() {
        let stamp = |client: &str, server: &str, second: u32| {
            format!(
                "Received: from {client} ({client} [192.0.2.15])\r\n\tby {server} (Postfix) with \
                 ESMTPS id 4A; Mon, 2 Jun 2025 09:15:{second} +0000 (UTC)\r\n"
            )
        };
        let header = [
            stamp("mail.attacker.example", "mx.example.net", 30),
            stamp("a.fabrikam.example", "b.fabrikam.example", 20),
            stamp("ex01.contoso.example", "relay.example.com", 10),
            "From: <jane@contoso.example>\r\n\r\n".to_owned(),
        ]
        .concat();
        let analysis = of(&header);
        let gaps: Vec<_> = analysis.hops.iter().map(|hop| hop.gap).collect();
        assert_eq!(gaps, [false, true, true]);
        let drawn = drawn(&analysis).join(" ");
        assert!(drawn.contains("//a.fabrikam.example"), "{drawn}");
        assert!(drawn.contains("//mail.attacker.example"), "{drawn}");
    }

    #[test]
    fn a_helo_at_the_border_never_stands_in_the_connectors_box() {
        let analysis = of(
            "Received: from relay.example.com (unknown [203.0.113.66])\r\n\
             \tby mx.example.net (Postfix) with ESMTP id 4A; Mon, 2 Jun 2025 09:15:10 +0000 (UTC)\r\n\
             Received: from ex01.contoso.example (ex01.contoso.example [192.0.2.15])\r\n\
             \tby relay.example.com (Postfix) with ESMTPS id 4B; Mon, 2 Jun 2025 09:15:05 +0000 (UTC)\r\n\
             From: <jane@contoso.example>\r\n\r\n",
        );
        let hops = hops(&analysis);
        let told = Path::of(&analysis, &hops).told().join(" ");
        assert!(
            told.contains("from [203.0.113.66] to mx.example.net"),
            "{told}"
        );
        let drawn = drawn(&analysis);
        assert_eq!(
            drawn.get(2).map(String::as_str),
            Some("[203.0.113.66], handed over; not identified: ..relay.example.com(calls itself)"),
            "{drawn:?}"
        );
    }

    #[test]
    fn a_helo_of_a_provider_names_no_provider() {
        let analysis = of(
            "Received: from 2.mo619.mail-out.ovh.net (unknown [203.0.113.66])\r\n\
             \tby mx.example.net (Postfix) with ESMTP id 4A; Mon, 2 Jun 2025 09:15:10 +0000 (UTC)\r\n\
             From: <jane@contoso.example>\r\n\r\n",
        );
        assert_eq!(analysis.observed.identity, Some(Identity::Helo));
        let drawn = drawn(&analysis).join("; ");
        assert!(!drawn.contains("ovhcloud"), "{drawn}");
    }

    #[test]
    fn a_helo_without_an_address_is_no_name_either() {
        let analysis = of(
            "Received: from relay.example.com by mx.example.net (Postfix) with ESMTP id 4A;\r\n\
             \tMon, 2 Jun 2025 09:15:10 +0000 (UTC)\r\nFrom: <jane@contoso.example>\r\n\r\n",
        );
        let drawn = drawn(&analysis);
        let first = drawn.first().map(String::as_str).unwrap_or_default();
        assert!(
            first.starts_with("a client without an address, "),
            "{drawn:?}"
        );
        assert!(
            first.ends_with("relay.example.com(calls itself)"),
            "{drawn:?}"
        );
    }

    #[test]
    fn what_a_fail_passed_by_is_named() {
        let analysis = sample::failed();
        let hops = hops(&analysis);
        let path = Path::of(&analysis, &hops);
        let missed = "connector testconnector (smtp-relay.example.com)";
        assert_eq!(path.passed_by.as_deref(), Some(missed));
        assert!(path.told().join(" ").contains(missed));
        let passed = sample::documented();
        assert_eq!(
            Path::of(&passed, &super::super::hops::hops(&passed)).passed_by,
            None
        );
    }

    #[test]
    fn the_hand_over_is_always_in_the_picture() {
        let mut analysis = sample::documented();
        let template = analysis.hops.clone();
        analysis.hops = (1..=1000)
            .filter_map(|number| {
                let mut hop = template.get(number % template.len())?.clone();
                hop.number = number as u32;
                Some(hop)
            })
            .collect();
        for deciding in [1, 2, 30, 500, 940, 941, 999, 1000] {
            analysis.observed.hop = Some(deciding);
            let hops = hops(&analysis);
            let (start, end) = window(&hops, HOPS_MAX);
            assert!(end - start <= HOPS_MAX);
            assert!(
                (start..end).contains(&(deciding as usize - 1)),
                "{deciding}"
            );
        }
    }
}
