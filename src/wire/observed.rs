//! What was observed as the contract's `observed`.

use super::{connector, owned, tls};
use crate::analysis::{Observed, ObservedRoute};
use crate::route::observed::Seen;
use crate::trust::Handover;
use crate::words::instant;

/// The route that was observed.
pub(super) fn observed(seen: Option<Seen<'_, '_>>) -> Observed {
    let Some(seen) = seen else {
        return Observed {
            route: Some(ObservedRoute::Unknown),
            attested: Some(false),
            ..Observed::default()
        };
    };
    let found = seen.found.as_ref();
    let observed = Observed {
        route: Some(seen.route),
        connector: seen.connector.map(connector),
        provider: seen.provider.map(|provider| provider.id.to_string()),
        scope: found.map(|found| found.scope),
        border: Some(seen.border),
        attested: Some(seen.attested),
        identity: found.map(|found| found.identity),
        ..Observed::default()
    };
    match seen.at {
        Some(border) => at(&border, seen.is_stamped, observed),
        None => {
            let service = found.and_then(|found| found.authserv_id);
            Observed {
                attested_by: service.map(str::to_owned),
                ..observed
            }
        }
    }
}

/// The client, the time and the server of the deciding hop.
fn at(border: &Handover<'_, '_>, is_stamped: bool, observed: Observed) -> Observed {
    let hop = &border.hop.hop;
    let client = border.client();
    let name = border.client_name().map(str::to_owned);
    let address = client.and_then(|client| client.address.as_ref());
    let by = hop.by.as_ref();
    let server = by.and_then(|by| owned(&by.host).or_else(|| owned(&by.ip)));
    Observed {
        host: name.or_else(|| owned(&client?.helo)),
        ip: address.map(|address| address.text.clone().into_owned()),
        hop: Some(border.hop.number),
        date: hop.date.and_then(instant),
        tls: tls(&hop.tls),
        attested_by: server.filter(|_| is_stamped),
        ..observed
    }
}
