//! Expectation + trusted path + evidence → verdict (contract sections 3, 5, 7).
//!
//! [`client`] says who the client at the border is, strongly or weakly; [`claims`] looks at what is
//! only claimed below it; [`rules`] is the short ordered list that makes the outcome of both.
//! Knows nothing of bytes or formats.

pub(crate) mod claims;
pub(crate) mod client;
pub(crate) mod exit;
pub(crate) mod expected;
pub(crate) mod items;
pub(crate) mod observed;
pub(crate) mod party;
pub(crate) mod place;
pub(crate) mod reading;
pub(crate) mod reason;
pub(crate) mod reasons;
pub(crate) mod rules;
pub(crate) mod settle;

use crate::catalogue::{Catalogue, Provider};
use crate::evidence::{Dkim, Evidence, MethodResult, ResultCode, Spf};
use crate::header::HeaderSection;
use crate::host::{is_of_organisation, organisation, same_name};
use crate::input::mbox;
use crate::policy::{Expectation, Policy};
use crate::trace::Client;
use crate::trust::{Handover, Standing, TrustedPath, believed, known_recipients};

/// What the rules see of one message: a path with its trust, and evidence with its standing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a, 'x> {
    /// The header section, for lines and field names.
    pub(crate) section: &'a HeaderSection<'x>,
    /// How far the chain is believed.
    pub(crate) path: &'a TrustedPath<'a, 'a, 'x>,
    /// The gathered facts.
    pub(crate) evidence: &'a Evidence<'x>,
    /// The standing of each field of results.
    pub(crate) standings: &'a [Standing],
    /// Providers and platforms.
    pub(crate) catalogue: &'a Catalogue,
    /// What is expected in this run.
    pub(crate) expectation: &'a Expectation,
    /// The addresses of From.
    pub(crate) from: &'a [String],
    /// The addresses of To.
    pub(crate) to: &'a [String],
    /// The addresses of Cc.
    pub(crate) cc: &'a [String],
    /// The recipient's domain, where a believed result of Microsoft's names it.
    pub(crate) recipient_domain: Option<&'a str>,
    /// The user sent the message himself: its servers are honest.
    pub(crate) vouched: bool,
    /// Why this is perhaps no message of its own, and the line of the input where it begins: then
    /// nothing in it is believed.
    pub(crate) boundary: Option<(mbox::Doubt, Option<u32>)>,
    /// The header was read to a line that is no field: stamps may stand below it.
    pub(crate) cut: bool,
}

/// A believed result and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attested<'a, R> {
    pub(crate) result: &'a R,
    pub(crate) field: usize,
    pub(crate) authserv_id: Option<&'a str>,
}

impl<'a, 'x> Facts<'a, 'x> {
    /// The line of a field of the section.
    pub(crate) fn line(&self, field: usize) -> Option<u32> {
        self.section.fields().get(field).map(|field| field.line)
    }

    /// The domains that one message's sender has beside those of the policy's rows: of `--sender`,
    /// of From.
    fn senders_domains(&self) -> impl Iterator<Item = &'a str> {
        let given = self
            .expectation
            .sender
            .as_deref()
            .and_then(crate::lex::domain_of);
        let from = self
            .from
            .iter()
            .filter_map(|address| crate::lex::domain_of(address));
        given.into_iter().chain(from)
    }

    /// Whether anything says which domains are the sender's own.
    pub(crate) fn has_own_domains(&self) -> bool {
        let rows = self.expectation.rows();
        self.senders_domains().next().is_some() || rows.is_some_and(Policy::has_own_domains)
    }

    /// Whether a domain is the sender's own, to the letter.
    pub(crate) fn is_own_domain(&self, domain: &str) -> bool {
        let rows = self.expectation.rows();
        self.senders_domains().any(|own| same_name(own, domain))
            || rows.is_some_and(|rows| rows.is_own_domain(domain))
    }

    /// Whether an organisation is the sender's own.
    pub(crate) fn is_own_organisation(&self, domain: &str) -> bool {
        let organised = organisation(domain);
        let rows = self.expectation.rows();
        self.senders_domains().any(|own| match organised {
            Some(domain) if is_of_organisation(own, domain) => true,
            Some(_) if organisation(own).is_some() => false,
            _ => same_name(own, domain),
        }) || rows.is_some_and(|rows| rows.is_own_organisation(domain))
    }

    /// The believed SPF results about the client of this hand-over, by its address or, where a
    /// result names none, by the server that wrote it.
    pub(crate) fn spf_of<'h>(
        &'h self,
        border: &'h Handover<'a, 'x>,
    ) -> impl Iterator<Item = Attested<'a, Spf<'x>>> + 'h {
        believed(self.evidence, self.standings).filter_map(move |(results, result, standing)| {
            let MethodResult::Spf(spf) = result else {
                return None;
            };
            let about = match spf.client.as_deref() {
                Some(client) => is_same_address(border.client()?, spf, client),
                None => standing == Standing::Believed(border.hop.number),
            };
            let authserv_id = results.authserv_id.as_deref();
            about.then_some(Attested {
                result: spf,
                field: results.field,
                authserv_id,
            })
        })
    }

    /// The SPF passes among them that no believed result contradicts.
    pub(crate) fn spf_passes<'h>(
        &'h self,
        border: &'h Handover<'a, 'x>,
    ) -> impl Iterator<Item = (&'a str, Attested<'a, Spf<'x>>)> + 'h {
        self.spf_of(border).filter_map(move |attested| {
            let domain = attested.result.domain.as_deref()?;
            let contradicted = self.spf_of(border).any(|other| {
                matches!(other.result.result, ResultCode::Fail | ResultCode::SoftFail)
                    && other.result.identity == attested.result.identity
                    && other
                        .result
                        .domain
                        .as_deref()
                        .is_none_or(|own| same_name(own, domain))
            });
            (attested.result.result == ResultCode::Pass && !contradicted)
                .then_some((domain, attested))
        })
    }

    /// The believed DKIM passes with a domain.
    pub(crate) fn dkim_passes(&self) -> impl Iterator<Item = (&'a str, Attested<'a, Dkim<'x>>)> {
        believed(self.evidence, self.standings).filter_map(|(results, result, _)| {
            let MethodResult::Dkim(dkim) = result else {
                return None;
            };
            let domain = dkim
                .domain
                .as_deref()
                .filter(|_| dkim.result == ResultCode::Pass)?;
            let authserv_id = results.authserv_id.as_deref();
            Some((
                domain,
                Attested {
                    result: dkim,
                    field: results.field,
                    authserv_id,
                },
            ))
        })
    }

    /// The provider of the catalogue that a client belongs to: by its verified name, else by a
    /// network that the provider has alone.
    pub(crate) fn provider_of_client(&self, border: &Handover<'a, 'x>) -> Option<&'a Provider> {
        let by_name = border
            .client_name()
            .and_then(|name| self.catalogue.of_egress(name));
        by_name.or_else(|| Some(self.catalogue.of_network(border.client_ip()?)?.provider))
    }

    /// Whether the field right below a stamp is Exchange's own, and not a platform's receiving one.
    pub(crate) fn is_exchange_below(&self, border: &Handover<'a, 'x>) -> bool {
        self.path
            .below(border.hop.number)
            .next()
            .is_some_and(|linked| {
                let by = linked.hop.by.as_ref().and_then(|by| by.host.as_deref());
                linked.hop.is_exchange_transport()
                    && by.is_none_or(|by| self.catalogue.platform_of_border_stamp(by).is_none())
            })
    }

    /// Whether Exchange's own stamp right below a stamp is that of its client.
    pub(crate) fn is_linked_exchange(&self, border: &Handover<'a, 'x>) -> bool {
        self.is_exchange_below(border) && border.hop.link == crate::trace::chain::Link::Linked
    }

    /// Who received the message, by what is believed or the user says.
    pub(crate) fn recipients(&self, border: &Handover<'a, 'x>) -> Vec<&'a str> {
        known_recipients(
            self.section,
            self.path.chain(),
            border.hop,
            &self.expectation.recipients,
        )
    }

    /// The domains of the Return-Path fields above a stamp.
    pub(crate) fn envelope_domains<'h>(
        &'h self,
        border: &'h Handover<'a, 'x>,
    ) -> impl Iterator<Item = &'a str> + 'h {
        self.evidence
            .return_paths
            .iter()
            .filter(|path| path.field < border.hop.field)
            .filter_map(|path| path.domain.as_deref())
    }

    /// Whether the known recipients are consumers of the platform that stamped the border.
    pub(crate) fn is_to_consumers(&self, border: &Handover<'a, 'x>) -> bool {
        let by = border.hop.hop.by.as_ref().and_then(|by| by.host.as_deref());
        let platform = by.and_then(|by| self.catalogue.receiver_of(by));
        let recipients = self.recipients(border);
        platform.is_some_and(|platform| {
            !recipients.is_empty()
                && recipients.iter().all(|recipient| {
                    crate::lex::domain_of(recipient)
                        .is_some_and(|domain| platform.is_consumer_domain(domain))
                })
        })
    }
}

/// Whether an SPF result is about the client's address: the same address, or, where neither is
/// valid (documentation redacts them), the same text.
fn is_same_address(client: &Client<'_>, spf: &Spf<'_>, text: &str) -> bool {
    let Some(address) = &client.address else {
        return false;
    };
    match (address.ip, spf.client_ip) {
        (Some(own), Some(other)) => own == other,
        (None, None) => address.text == text,
        _ => false,
    }
}
