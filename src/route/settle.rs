//! What would settle an inconclusive (contract section 7): options, each with its condition. An
//! option with a value is tried on the message itself, and offered only where it decides.
//!
//! No value is offered that stands only in a claimed field. Knows no sentence.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "one ground or placement is asked for; the others are answered elsewhere"
)]

use super::Facts;
use super::expected::{Expected, Unlisted};
use super::place::Placement;
use super::rules::{Case, Exits, Verdict, Who};
use crate::analysis::{Outcome, ReasonCode, Setting};
use crate::host::{HostSpec, same_organisation};
use crate::policy::{Connector, Expectation, Plan, Vouching};
use crate::trace::chain::LinkedHop;
use crate::trust::{Doubt, Unseen};

/// What a message comes to under another expectation.
pub(crate) type Trial<'t> = &'t dyn Fn(&Expectation) -> Outcome;

/// The largest policy that is copied to try an offer on: more rows cost more than the offer is
/// worth.
const TRIED_ROWS: usize = 2_000;

/// An option that would settle an inconclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer<'a> {
    pub(crate) setting: Setting,
    /// Its value; `None` where only the user can know it.
    pub(crate) value: Option<String>,
    /// What the user must know for it to be right.
    pub(crate) condition: Condition<'a>,
    /// What it comes to, where it was tried.
    pub(crate) comes_to: Option<Outcome>,
}

/// What the user must know for an offer to be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition<'a> {
    /// Senders without a row are to be passed over.
    PassedOver,
    /// Which of the senders sent it.
    WhichSender,
    /// He sent the message himself.
    Sent,
    /// He meant the offered smart host by this name.
    Meant(&'a str),
    /// The client is one of the recipient's own servers.
    RecipientsServer,
    /// The client is the recipient's filter, forwarder or list.
    RecipientsFilter,
    /// The server is the recipient's MX.
    Mx,
    /// The server is one of several.
    FurtherMx,
    /// The name of the MX through which all mail comes in.
    AnyMx,
    /// The address that received it.
    Recipient,
    /// The service always writes its results where they are.
    AlwaysWrites,
    /// The host is his, or his relay's.
    Yours,
    /// The host is his relay's.
    YourRelays,
    /// All hosts of the domain are.
    AllYourRelays,
    /// The envelope sender's domain, which the relay sets.
    EnvelopeDomain,
    /// The relay sets this envelope domain for him alone.
    OwnEnvelope,
    /// The relay signs by this domain for him alone.
    OwnSignature,
}

struct Offers<'o, 'c, 'a, 'x> {
    case: Case<'c, 'a, 'x>,
    trial: Trial<'o>,
    offers: Vec<Offer<'a>>,
}

/// The options that would settle this verdict, the likeliest first.
pub(crate) fn settle<'a>(
    facts: &Facts<'a, '_>,
    exits: &Exits<'a>,
    expected: &Expected<'a>,
    verdict: &Verdict<'a, '_>,
    trial: Trial<'_>,
) -> Vec<Offer<'a>> {
    // No option makes a message of what is perhaps none.
    if verdict.outcome != Outcome::Inconclusive || facts.boundary.is_some() {
        return Vec::new();
    }
    let mut offers = Offers {
        case: Case {
            facts,
            exits,
            expected,
            placed: &verdict.placed,
        },
        trial,
        offers: Vec::new(),
    };
    match expected {
        Expected::Unlisted(Unlisted::Sender(..)) => offers.plain(
            Setting::Unlisted,
            Some("ignore".to_owned()),
            Condition::PassedOver,
        ),
        Expected::Undecided(None) => {
            offers.plain(Setting::Sender, None, Condition::WhichSender);
        }
        Expected::Route(_) => offers.of_route(verdict.code),
        Expected::Nothing | Expected::Unlisted(Unlisted::NoFrom) | Expected::Undecided(Some(_)) => {
        }
    }
    let mut offers = offers.offers;
    offers.retain(is_taken);
    offers
}

/// Whether the command line takes the value: what a header calls a host need not be one.
fn is_taken(offer: &Offer<'_>) -> bool {
    match offer.setting {
        Setting::SmartHost
        | Setting::ExchangeHost
        | Setting::Receiver
        | Setting::Trust
        | Setting::Egress => offer
            .value
            .as_ref()
            .is_none_or(|value| value.parse::<HostSpec>().is_ok()),
        Setting::Mine
        | Setting::Sender
        | Setting::Recipient
        | Setting::AuthservId
        | Setting::Unlisted
        | Setting::PolicySmartHost
        | Setting::BounceDomains
        | Setting::Dkim => true,
    }
}

impl<'a> Offers<'_, '_, 'a, '_> {
    fn of_route(&mut self, code: ReasonCode) {
        use ReasonCode as Code;
        self.slip();
        self.mine();
        match code {
            Code::GuessedBorder | Code::CutShort => self.guessed(),
            Code::InnerClient | Code::NoClient => {
                self.trust(Condition::RecipientsServer);
                self.receiver_unknown();
            }
            Code::OtherReceiver => {
                self.receiver(Condition::FurtherMx);
                self.trust(Condition::RecipientsFilter);
            }
            Code::NoHandOver => self.name_inside(),
            Code::ExitNotShown => {
                self.receiver(Condition::Mx);
                self.trust(Condition::RecipientsFilter);
                self.bounce_domains();
            }
            Code::RecipientNotKnown => {
                self.plain(Setting::Recipient, None, Condition::Recipient);
            }
            Code::ResentPerhaps | Code::ConnectorsAlike | Code::AccountNotShown => self.account(),
            Code::OperatorNotShown => self.organisation(),
            Code::HeloOnly => {
                self.milter();
                self.name_matched();
                self.account();
            }
            Code::HeloContradicted => self.name_matched(),
            Code::IdentitiesDisagree => self.name_client(self.case.expected_who()),
            Code::EgressUnknown => {
                self.milter();
                self.name_client(self.case.expected_who());
                self.other_route();
                self.account();
            }
            Code::ExchangeByStructure => {
                self.milter();
                self.name_client(Who::Exchange);
                self.account();
            }
            Code::ClaimedBelow => {
                self.milter();
                self.trust(Condition::RecipientsFilter);
                self.name_client(self.case.expected_who());
                self.account();
            }
            _ => {}
        }
    }

    fn plain(&mut self, setting: Setting, value: Option<String>, condition: Condition<'a>) {
        self.offers.push(Offer {
            setting,
            value,
            condition,
            comes_to: None,
        });
    }

    /// Tries an expectation; an offer that decides says how.
    fn tried(
        &mut self,
        setting: Setting,
        value: Option<String>,
        condition: Condition<'a>,
        tried: &Expectation,
    ) {
        let comes_to = (self.trial)(tried);
        let is_known = |known: &Offer<'_>| known.setting == setting && known.value == value;
        if matches!(comes_to, Outcome::Pass | Outcome::Fail) && !self.offers.iter().any(is_known) {
            self.offers.push(Offer {
                setting,
                value,
                condition,
                comes_to: Some(comes_to),
            });
        }
    }

    fn expectation(&self) -> Expectation {
        self.case.facts.expectation.clone()
    }

    /// Whether an expectation may be copied to try an offer on.
    fn is_copied(&self) -> bool {
        match &self.case.facts.expectation.plan {
            Plan::Policy(policy) => policy.accounts.len() + policy.domains.len() <= TRIED_ROWS,
            Plan::Nothing | Plan::Connector(_) | Plan::Exchange(_) => true,
        }
    }

    fn mine(&mut self) {
        if self.case.facts.vouched || !self.is_copied() {
            return;
        }
        let mut tried = self.expectation();
        tried.mine = Vouching::Every;
        self.tried(Setting::Mine, None, Condition::Sent, &tried);
    }

    /// The smart host that was perhaps meant.
    fn slip(&mut self) {
        let facts = self.case.facts;
        let Who::Connector(Some(own)) = self.case.expected_who() else {
            return;
        };
        let slip = own
            .smart_hosts
            .iter()
            .filter_map(HostSpec::name)
            .find_map(|name| Some((name, facts.catalogue.slip(name)?)));
        if let Some((name, slip)) = slip {
            let setting = match facts.expectation.plan {
                Plan::Policy(_) => Setting::PolicySmartHost,
                Plan::Nothing | Plan::Connector(_) | Plan::Exchange(_) => Setting::SmartHost,
            };
            let value = slip.smart_host.map(str::to_owned);
            self.plain(setting, value, Condition::Meant(name));
        }
    }

    fn host(&self) -> Option<String> {
        let border = self.case.border()?;
        stamped_by(border.hop).map(str::to_owned)
    }

    /// The client as an option's value: its verified name, else its address.
    fn clients(&self) -> Vec<String> {
        let hop = match self.case.border() {
            Some(border) => border.hop,
            None => match self.case.facts.path.oldest_believed() {
                Some(hop) => hop,
                None => return Vec::new(),
            },
        };
        let name = hop.hop.client_name().map(str::to_owned);
        let ip = hop.hop.client_ip().map(|ip| ip.to_string());
        name.into_iter().chain(ip).collect()
    }

    fn trust(&mut self, condition: Condition<'a>) {
        if !self.is_copied() {
            return;
        }
        for value in self.clients() {
            let Ok(host) = value.parse::<HostSpec>() else {
                continue;
            };
            let mut tried = self.expectation();
            tried.trust.push(host);
            // One that leads to a fail would turn what it cannot know into a certainty.
            if (self.trial)(&tried) == Outcome::Pass {
                return self.tried(Setting::Trust, Some(value), condition, &tried);
            }
        }
    }

    fn receiver(&mut self, condition: Condition<'a>) {
        let host = self.host().or_else(|| {
            let hop = self.case.facts.path.oldest_believed()?;
            Some(stamped_by(hop)?.to_owned())
        });
        let parsed = host
            .as_ref()
            .and_then(|value| Some((value.clone(), value.parse::<HostSpec>().ok()?)));
        if let Some((value, host)) = parsed.filter(|_| self.is_copied()) {
            let mut tried = self.expectation();
            tried.receivers.push(host);
            self.tried(Setting::Receiver, Some(value), condition, &tried);
        }
    }

    fn receiver_unknown(&mut self) {
        self.plain(Setting::Receiver, None, Condition::AnyMx);
    }

    fn guessed(&mut self) {
        let doubt = self.case.facts.path.doubt();
        let before = self.offers.len();
        if !matches!(doubt, Some(Doubt::Inner)) {
            self.receiver(Condition::Mx);
        }
        self.trust(Condition::RecipientsServer);
        if self.offers.len() == before || matches!(doubt, Some(Doubt::Inner)) {
            self.receiver_unknown();
        }
    }

    /// The client of the last inner stamp may be an exit after all.
    fn name_inside(&mut self) {
        if matches!(self.case.facts.path.border(), Err(Unseen::Inside)) {
            self.receiver_unknown();
        }
    }

    fn milter(&mut self) {
        let id = self.case.facts.path.claimed_milter_id(
            self.case.facts.section,
            self.case.facts.evidence,
            self.case.facts.standings,
            |_| true,
        );
        let Some(own) = id else { return };
        let id = own.to_string();
        if self.is_copied() {
            let mut tried = self.expectation();
            tried.authserv_ids.push(own);
            let setting = Setting::AuthservId;
            self.tried(setting, Some(id), Condition::AlwaysWrites, &tried);
        }
    }

    /// Whether the client is one of a provider that also receives for others: it is nobody's own.
    fn is_two_way(&self) -> bool {
        let Some(border) = self.case.border() else {
            return false;
        };
        let facts = self.case.facts;
        let helo = border.client().and_then(|client| client.helo.as_deref());
        let announced = helo.and_then(|helo| facts.catalogue.of_egress(helo));
        facts
            .provider_of_client(&border)
            .into_iter()
            .chain(announced)
            .any(|provider| provider.receives_for_others)
    }

    /// Whether the client may be the recipient's own: of his domain, or of the server's.
    fn is_recipients(&self) -> bool {
        let Some(border) = self.case.border() else {
            return true;
        };
        let facts = self.case.facts;
        let helo = border.client().and_then(|client| client.helo.as_deref());
        let by = self.host();
        let recipients = facts.recipients(&border);
        [border.client_name(), helo]
            .into_iter()
            .flatten()
            .any(|name| {
                by.as_deref().is_some_and(|by| same_organisation(by, name))
                    || recipients
                        .iter()
                        .filter_map(|recipient| crate::lex::domain_of(recipient))
                        .any(|domain| same_organisation(domain, name))
            })
    }

    /// Names the client as an exit, where the user knows it to be his.
    fn name_client(&mut self, who: Who<'_>) {
        let border = self.case.border();
        if border.is_none_or(|border| border.is_inner())
            || self.is_two_way()
            || self.is_recipients()
        {
            return;
        }
        for value in self.clients() {
            self.named(who, value, Condition::Yours);
        }
    }

    /// Names the client as the exit that its HELO announces.
    fn name_matched(&mut self) {
        let who = match &self.case.placed.placement {
            Placement::Helo(who, _) | Placement::Contradicted(who, ..) => *who,
            _ => self.case.expected_who(),
        };
        self.name_client(who);
    }

    /// The client as the exit that is not expected.
    fn other_route(&mut self) {
        if let Who::Connector(_) = self.case.expected_who() {
            self.name_client(Who::Exchange);
        }
    }

    fn named(&mut self, who: Who<'_>, value: String, condition: Condition<'a>) {
        let Ok(host) = value.parse::<HostSpec>() else {
            return;
        };
        if !self.is_copied() {
            return;
        }
        let mut tried = self.expectation();
        let setting = match who {
            Who::Exchange => {
                tried.exchange_hosts.push(host);
                Setting::ExchangeHost
            }
            Who::Connector(own) => {
                let policy = matches!(tried.plan, Plan::Policy(_));
                let wanted = own.and_then(|own| own.id);
                match connector_of(&mut tried, wanted) {
                    Some(connector) if policy => connector.egress.push(host),
                    Some(connector) => connector.smart_hosts.push(host),
                    None => return,
                }
                match policy {
                    true => Setting::Egress,
                    false => Setting::SmartHost,
                }
            }
        };
        self.tried(setting, Some(value), condition, &tried);
    }

    /// The host in the smart host's domain, and the wildcard of its own.
    fn organisation(&mut self) {
        let Some(name) = self.case.border().and_then(|border| border.client_name()) else {
            return;
        };
        let name = crate::host::without_root(name).to_owned();
        let who = self.case.expected_who();
        let wildcard = name
            .split_once('.')
            .map(|(_, parent)| format!("*.{parent}"));
        self.named(who, name, Condition::YourRelays);
        if let Some(wildcard) = wildcard {
            self.named(who, wildcard, Condition::AllYourRelays);
        }
    }

    fn bounce_domains(&mut self) {
        let policy = matches!(self.case.facts.expectation.plan, Plan::Policy(_));
        let envelope = matches!(
            self.case.placed.placement,
            Placement::NotShown(_, _, super::exit::Unshown::Envelope(_))
        );
        if policy && envelope {
            self.plain(Setting::BounceDomains, None, Condition::EnvelopeDomain);
        }
    }

    /// The believed domain that would tell an account, as a key of the policy.
    fn account(&mut self) {
        let facts = self.case.facts;
        // A provider's own domain tells no account of it.
        let own = |domain: &str| {
            let shared = facts
                .catalogue
                .providers()
                .any(|provider| provider.bounce_domain(domain) || provider.signing_domain(domain));
            !shared && !facts.is_own_domain(domain)
        };
        let spf = self.case.border().and_then(|border| {
            let mut passes = facts
                .spf_passes(&border)
                .map(|(domain, _)| domain.to_owned());
            passes.find(|domain| own(domain))
        });
        let dkim = facts
            .dkim_passes()
            .map(|(domain, _)| domain)
            .find(|domain| own(domain))
            .map(str::to_owned);
        let wanted = match self.case.expected_who() {
            Who::Connector(own) => own.and_then(|own| own.id),
            Who::Exchange => return,
        };
        let policy = matches!(facts.expectation.plan, Plan::Policy(_));
        if !policy || !self.is_copied() {
            return;
        }
        if let Some(domain) = spf {
            let mut tried = self.expectation();
            if let Some(connector) = connector_of(&mut tried, wanted) {
                connector.bounce_domains.push(domain.clone());
                let setting = Setting::BounceDomains;
                self.tried(setting, Some(domain), Condition::OwnEnvelope, &tried);
            }
        }
        if let Some(domain) = dkim {
            let mut tried = self.expectation();
            if let Some(connector) = connector_of(&mut tried, wanted) {
                connector.dkim.push(domain.clone());
                self.tried(Setting::Dkim, Some(domain), Condition::OwnSignature, &tried);
            }
        }
    }
}

fn connector_of(tried: &mut Expectation, id: Option<u64>) -> Option<&mut Connector> {
    match &mut tried.plan {
        Plan::Connector(connector) | Plan::Exchange(Some(connector)) => Some(connector),
        Plan::Policy(policy) => policy
            .connectors
            .iter_mut()
            .find(|connector| connector.id == id),
        Plan::Nothing | Plan::Exchange(None) => None,
    }
}

/// The server that stamped a hop, by name or address; that of a doubtful stamp is nobody's.
fn stamped_by<'h>(linked: &'h LinkedHop<'_>) -> Option<&'h str> {
    let address = || linked.hop.by.as_ref()?.ip.as_deref();
    let named = linked.hop.server_name();
    named.or_else(|| address().filter(|_| !linked.hop.doubtful))
}
