//! One message held against an expectation: its trusted path, the known exits, and the verdict.

use super::Facts;
use super::expected::{Expected, expected_of};
use super::reason::{Cited, Reason};
use super::rules::{Exits, Verdict, decide};
use crate::analysis::Outcome;
use crate::catalogue::Catalogue;
use crate::evidence::{Evidence, MethodResult};
use crate::header::HeaderSection;
use crate::host::is_domain_name;
use crate::input::mbox;
use crate::message::Summary;
use crate::policy::Expectation;
use crate::trace::chain::Chain;
use crate::trust::{Belief, Standing, TrustedPath};
use crate::vouch;

/// What one message holds, whatever is expected of it.
pub(crate) struct Reading<'r, 'x> {
    pub(crate) section: &'r HeaderSection<'x>,
    pub(crate) chain: &'r Chain<'x>,
    pub(crate) evidence: &'r Evidence<'x>,
    pub(crate) message: &'r Summary,
    pub(crate) catalogue: &'r Catalogue,
    /// The header was read to a line that is no field: stamps may stand below it.
    pub(crate) cut: bool,
    /// Why this is perhaps no message of its own, and the line of the input where it begins.
    pub(crate) boundary: Option<(mbox::Doubt, Option<u32>)>,
}

impl<'x> Reading<'_, 'x> {
    /// Holds the message against an expectation.
    pub(crate) fn judge<T>(
        &self,
        expectation: &Expectation,
        then: impl for<'a> FnOnce(&Facts<'a, 'x>, &Exits<'a>, &Expected<'a>, Verdict<'a, 'x>) -> T,
    ) -> T {
        let Self {
            section,
            chain,
            evidence,
            message,
            catalogue,
            cut,
            boundary,
        } = *self;
        let belief = Belief {
            receivers: &expectation.receivers,
            trust: &expectation.trust,
            authserv_ids: &expectation.authserv_ids,
            recipients: &expectation.recipients,
        };
        let connectors = expectation
            .connectors()
            .iter()
            .flat_map(|c| c.smart_hosts.iter().chain(&c.egress));
        let named: Vec<_> = connectors.chain(&expectation.exchange_hosts).collect();
        let path = TrustedPath::trace(section, chain, catalogue, belief, &named);
        let standings = path.standings(section, evidence, belief);
        let expected = expected_of(expectation, message);
        let facts = Facts {
            section,
            path: &path,
            evidence,
            standings: &standings,
            catalogue,
            expectation,
            from: &message.from,
            to: &message.to,
            cc: &message.cc,
            recipient_domain: recipient_domain(evidence, &standings),
            vouched: vouch::vouched(section, &expectation.mine).is_some(),
            cut,
            boundary,
        };
        let exits = Exits::of(&facts);
        let verdict = decide(&facts, &exits, &expected);
        then(&facts, &exits, &expected, verdict)
    }
}

/// The recipient's domain, as Microsoft's believed results name it (`smtp.rcpttodomain`).
fn recipient_domain<'a>(evidence: &'a Evidence<'_>, standings: &[Standing]) -> Option<&'a str> {
    let believed = evidence.results.iter().zip(standings);
    believed
        .filter(|(_, standing)| standing.is_attested())
        .flat_map(|(results, _)| &results.results)
        .find_map(|result| match result {
            MethodResult::Spf(spf) => spf
                .recipient
                .as_deref()
                .filter(|domain| is_domain_name(domain)),
            MethodResult::Dkim(_) | MethodResult::Other(_) => None,
        })
}

/// Neither a pass nor a fail rests on what a limit cut off.
pub(crate) fn leave_open(verdict: &mut Verdict<'_, '_>) {
    if matches!(verdict.outcome, Outcome::Pass | Outcome::Fail) {
        verdict.outcome = Outcome::Inconclusive;
        let reason = Cited::at(None, Reason::Limit);
        verdict.reasons.insert(0, reason);
    }
}
