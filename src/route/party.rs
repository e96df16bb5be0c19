//! Whose servers wrote what is not believed, by its own word.

use super::rules::Exits;
use crate::analysis::Party;
use crate::trace::Hop;

/// Whose server a claimed stamp says it is.
pub(crate) fn party(exits: &Exits<'_>, hop: &Hop<'_>) -> Party {
    let Some(by) = hop.by.as_ref().and_then(|by| by.host.as_deref()) else {
        return match hop.is_exchange_transport() {
            true => Party::Exchange,
            false => Party::Other,
        };
    };
    let is_connector = exits.connectors.iter().any(|(_, exit)| {
        exit.names(by, None).is_some()
            || exit
                .candidates(by)
                .any(|provider| provider.is_smart_host(by))
    });
    let is_exchange = exits.exchange.names(by, None).is_some()
        || exits
            .exchange
            .candidates(by)
            .any(|provider| provider.is_internal(by))
        || hop.is_exchange_transport();
    match (hop.is_exchange_transport(), is_connector, is_exchange) {
        (false, true, _) => Party::Connector,
        (_, _, true) => Party::Exchange,
        _ => Party::Other,
    }
}
