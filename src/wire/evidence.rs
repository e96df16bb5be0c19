//! Facts as the contract's evidence.

use super::owned;
use crate::analysis::EvidenceItem;
use crate::evidence::fact::{Fact, Item};
use crate::examine::Examined;
use crate::words;

/// One fact in its place.
pub(super) fn item(examined: &Examined<'_, '_, '_>, item: &Item<'_>) -> EvidenceItem {
    let field = examined.facts.section.fields().get(item.field);
    let mut wire = EvidenceItem {
        kind: item.fact.kind(),
        line: examined.raw.input_line(field.map_or(0, |field| field.line)),
        field: field.map_or_else(String::new, |field| field.name.to_owned()),
        result: None,
        domain: None,
        selector: None,
        ip: None,
        attested: item.attested,
        points_to: item.points_to,
        says: words::facts::fact(&item.fact),
    };
    match &item.fact {
        Fact::Spf(spf) => {
            wire.result = Some(spf.word.to_ascii_lowercase());
            wire.domain = owned(&spf.domain);
            wire.ip = owned(&spf.client);
        }
        Fact::Dkim(dkim) => {
            wire.result = Some(dkim.word.to_ascii_lowercase());
            wire.domain = owned(&dkim.domain);
            wire.selector = owned(&dkim.selector);
        }
        Fact::Other { result, .. } => {
            wire.result = Some(result.word.to_ascii_lowercase());
            wire.domain = owned(&result.domain);
        }
        Fact::Signature { signature, .. } => {
            wire.domain = owned(&signature.domain);
            wire.selector = owned(&signature.selector);
        }
        Fact::ReturnPath { path, .. } => wire.domain = owned(&path.domain),
        Fact::MessageId(host) => wire.domain = host.map(super::one_line),
        Fact::Marker { client, .. } => wire.ip.clone_from(client),
        Fact::Verdict(verdict) => {
            wire.result = verdict.result();
            wire.ip = verdict.client().map(str::to_owned);
        }
        Fact::Helo { name, address } => {
            wire.domain = Some((*name).to_owned());
            wire.ip = address.map(str::to_owned);
        }
        Fact::ThreadIndex(_) | Fact::OfExchange(_) => {}
    }
    wire
}
