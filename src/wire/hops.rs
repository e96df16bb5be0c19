//! Hops as the contract's.

use super::{owned, tls};
use crate::analysis::{HopBy, HopFrom, HopInfo, Party};
use crate::anomaly::is_gap;
use crate::examine::Examined;
use crate::header::{Field, prefix};
use crate::route::party::party;
use crate::trace::chain::LinkedHop;
use crate::trace::received::MAX_FIELD;
use crate::words::instant;

/// One hop.
pub(super) fn hop(examined: &Examined<'_, '_, '_>, linked: &LinkedHop<'_>) -> HopInfo {
    let (facts, exits) = (examined.facts, examined.exits);
    let hop = &linked.hop;
    let believed = facts.boundary.is_none() && facts.path.believes(linked.number);
    HopInfo {
        number: linked.number,
        line: examined.raw.input_line(linked.line),
        from: hop.from.as_ref().map(|client| HopFrom {
            helo: owned(&client.helo),
            reverse_dns: owned(&client.reverse_dns),
            reverse_dns_verified: client.reverse_dns_verified,
            ip: client
                .address
                .as_ref()
                .map(|address| address.text.clone().into_owned()),
            ip_valid: client
                .address
                .as_ref()
                .is_some_and(|address| address.ip.is_some()),
        }),
        by: hop.by.as_ref().map(|by| HopBy {
            host: owned(&by.host),
            ip: owned(&by.ip),
        }),
        with: owned(&hop.with),
        tls: tls(&hop.tls),
        id: owned(&hop.id),
        for_: owned(&hop.for_),
        envelope_from: owned(&hop.envelope_from),
        authenticated_as: owned(&hop.authenticated_as),
        software: owned(&hop.software),
        date: hop.date.and_then(instant),
        delay_seconds: linked.delay,
        believed,
        party: if believed {
            Party::Receiver
        } else {
            party(exits, hop)
        },
        raw: facts
            .section
            .fields()
            .get(linked.field)
            .map(|f| Field::unfold(prefix(f.body, MAX_FIELD)).into_owned())
            .unwrap_or_default(),
        gap: is_gap(facts, linked),
    }
}
