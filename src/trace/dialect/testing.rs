//! A hop written out, so that a dialect's tests can name every value of it in one table row.

use std::fmt::Write as _;

use crate::trace::{AddressPlace, Family, Hop, Intake, Tls};

/// Every value that is there, one `name=value` each, in a fixed order, `; ` between them.
fn written(hop: &Hop<'_>) -> String {
    let mut out = String::new();
    let mut put = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let gap = if out.is_empty() { "" } else { "; " };
            let _ = write!(out, "{gap}{name}={value}");
        }
    };
    let client = hop.from.clone().unwrap_or_default();
    put("helo", client.helo.as_deref());
    put(
        if client.reverse_dns_verified {
            "verified"
        } else {
            "rdns"
        },
        client.reverse_dns.as_deref(),
    );
    if let Some(address) = &client.address {
        let name = match (address.place, address.ip) {
            (AddressPlace::TcpInfo, Some(_)) => "ip",
            (AddressPlace::Bare, Some(_)) => "bare-ip",
            (_, None) => "no-ip",
        };
        put(name, Some(&address.text));
    }
    let server = hop.by.clone().unwrap_or_default();
    put("by", server.host.as_deref());
    put("by-ip", server.ip.as_deref());
    put("with", hop.with.as_deref());
    let tls = hop.tls.clone().unwrap_or_default();
    put("tls", tls.version.as_deref());
    put("cipher", tls.cipher.as_deref());
    put(
        "tls-seen",
        hop.tls
            .as_ref()
            .filter(|tls| **tls == Tls::default())
            .map(|_| "yes"),
    );
    put("id", hop.id.as_deref());
    put("for", hop.for_.as_deref());
    put("envelope", hop.envelope_from.as_deref());
    put("auth", hop.authenticated_as.as_deref());
    put("software", hop.software.as_deref());
    match hop.intake {
        Intake::Client => {}
        Intake::Local => put("intake", Some("local")),
        Intake::Retrieval => put("intake", Some("retrieval")),
    }
    put("date", hop.date.map(|date| date.to_string()).as_deref());
    out
}

/// Reads `body` (folded with LF) as it is, with CRLF, folded with tabs, and unfolded; each time the
/// hop must be of `family` and, written out, be `expected`.
pub(super) fn agrees(body: &str, family: Family, expected: &str) {
    let crlf = body.replace('\n', "\r\n");
    let tabs = body.replace("\n    ", "\n\t");
    let unfolded = body.replace('\n', "");
    for text in [body, crlf.as_str(), tabs.as_str(), unfolded.as_str()] {
        let hop = super::read(text);
        assert_eq!(
            (hop.family, written(&hop).as_str()),
            (family, expected),
            "in {text:?}"
        );
    }
}
