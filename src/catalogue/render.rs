//! The catalogue as text, for `smarthop providers` and `smarthop providers ID`: everything an
//! entry says, with its sources. What is hostile in a user's entry comes out escaped.

use std::fmt::Write as _;

use super::Catalogue;
use super::form::{
    ClientAddress, Confidence, List, Marker, NetworkSource, Networks, Provider, Service, Stamp,
    Upstream,
};
use super::pattern::Pattern;
use crate::printable::printable;

/// All providers, one a line, the id first.
#[must_use]
pub fn list(catalogue: &Catalogue) -> String {
    let width = catalogue
        .providers()
        .map(|provider| provider.id.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for provider in catalogue.providers() {
        let mut traits = Vec::new();
        if provider.platform {
            traits.push("platform");
        }
        if provider.receives_for_others {
            traits.push("also receives");
        }
        if provider
            .networks
            .iter()
            .any(|networks| networks.exclusive && !networks.withdrawn)
        {
            traits.push("own networks");
        }
        if provider.confidence != Confidence::Confirmed {
            traits.push(confidence(provider.confidence));
        }
        let _ = write!(
            text,
            "{:width$}  {}",
            printable(&provider.id),
            printable(&provider.name)
        );
        if !traits.is_empty() {
            let _ = write!(text, " ({})", traits.join(", "));
        }
        text.push('\n');
    }
    text
}

/// One provider with all that is known of it, and where that comes from.
#[must_use]
pub fn show(provider: &Provider) -> String {
    let mut page = Page(String::new());
    let _ = writeln!(
        page.0,
        "{}: {}",
        printable(&provider.id),
        printable(&provider.name)
    );
    let mut kind = vec![if provider.platform {
        "Exchange platform"
    } else {
        "mail provider"
    }];
    if provider.receives_for_others {
        kind.push("also receives for others");
    }
    if !provider.keeps_mailboxes {
        kind.push("keeps no mailboxes");
    }
    page.line("kind", &kind.join(", "));
    page.line("confidence", confidence(provider.confidence));
    if let Some(date) = &provider.date {
        page.line("looked at", date);
    }
    page.words("also called", &provider.aliases);
    page.patterns("smart hosts", &provider.smart_hosts);
    page.items("services", provider.services.iter().map(service));
    page.patterns("hands over by", &provider.egress);
    page.told(
        "hosts and networks",
        match (provider.egress_complete, provider.egress_networks_complete) {
            (true, true) => "complete; an address outside its networks contradicts its name",
            (true, false) => "complete",
            (false, true) => "networks complete: an address outside them contradicts its name",
            (false, false) => "perhaps not complete",
        },
        provider.egress_source.as_deref(),
    );
    if !provider.customers_set_helo {
        page.line("HELO", "its own word in its own networks");
    }
    page.items(
        "customer's label",
        provider.labels.iter().map(ToString::to_string),
    );
    page.patterns("only sends as", &provider.outbound);
    page.patterns("delivers inbound by", &provider.inbound_delivery);
    page.patterns("redirects by", &provider.redirectors);
    page.networks("networks", &provider.networks);
    page.patterns("consumers' servers", &provider.consumers);
    page.networks("consumers' networks", &provider.consumer_networks);
    page.patterns("consumers' domains", &provider.consumer_domains);
    page.patterns("routing domains", &provider.routing_domains);
    page.patterns("border", &provider.receiving.border_stamps);
    page.patterns("receiving hosts", &provider.receiving.hosts);
    page.networks("receiving networks", &provider.receiving.networks);
    page.patterns("authserv-ids", &provider.receiving.authserv_ids);
    page.patterns(
        "results directly below the border's Received",
        &provider.receiving.results_below_border,
    );
    page.words(
        "methods that stand in fields of their own",
        &provider.receiving.methods_in_fields,
    );
    page.items(
        "inner lines",
        provider.receiving.inner_lines.iter().map(stamp),
    );
    page.items(
        "border's lines without a name",
        provider.receiving.border_forms.iter().map(stamp),
    );
    page.patterns("inner hosts", &provider.internal);
    page.networks("inner networks", &provider.internal_networks);
    if provider.guards_inner {
        page.line("inner servers", "out of customers' reach");
    }
    page.patterns("mailbox servers", &provider.mailbox);
    page.patterns("customers' machines", &provider.not_platform);
    page.patterns("bounce domains", &provider.bounce_domains);
    page.patterns("signing domains", &provider.signing_domains);
    page.items("markers", provider.markers.iter().map(marker));
    page.items("own Received fields", provider.stamps.iter().map(stamp));
    page.items(
        "own Received fields without a client",
        provider.clientless.iter().map(stamp),
    );
    page.told(
        "stamps",
        match provider.stamps_always {
            true => "always",
            false => "not known to stamp always",
        },
        provider.stamps_source.as_deref(),
    );
    if provider.binds_envelope {
        page.line("envelope sender", "set by the provider alone");
    }
    page.line(
        "earlier Received",
        match provider.upstream {
            Upstream::Kept => "kept",
            Upstream::Stripped => "stripped",
            Upstream::Unknown => "not known",
        },
    );
    page.items(
        "SPF includes",
        provider.spf_includes.iter().map(|text| text.to_string()),
    );
    page.items("notes", provider.notes.iter().map(|text| text.to_string()));
    page.items(
        "sources",
        provider.sources.iter().map(|text| text.to_string()),
    );
    page.0
}

struct Page(String);

impl Page {
    fn line(&mut self, key: &str, value: &str) {
        let _ = writeln!(self.0, "{key}: {}", printable(value));
    }

    fn items(&mut self, key: &str, items: impl Iterator<Item = String>) {
        let mut items = items.peekable();
        if items.peek().is_some() {
            let _ = writeln!(self.0, "{key}:");
        }
        for item in items {
            let _ = writeln!(self.0, "  {}", printable(&item));
        }
    }

    fn patterns(&mut self, key: &str, patterns: &List<Pattern>) {
        self.items(
            key,
            patterns.iter().map(|pattern| pattern.as_str().to_owned()),
        );
    }

    fn words(&mut self, key: &str, words: &[super::Text]) {
        if !words.is_empty() {
            self.line(key, &words.join(", "));
        }
    }

    /// A fact, and who says so.
    fn told(&mut self, key: &str, value: &str, source: Option<&str>) {
        self.line(key, value);
        if let Some(source) = source {
            let _ = writeln!(self.0, "  {}", printable(source));
        }
    }

    fn networks(&mut self, key: &str, all: &List<Networks>) {
        if !all.is_empty() {
            let _ = writeln!(self.0, "{key}:");
        }
        for networks in all.iter() {
            let cidrs: Vec<String> = networks.cidrs.iter().map(ToString::to_string).collect();
            let _ = writeln!(self.0, "  {}", cidrs.join(" "));
            let mut about = vec![match (networks.withdrawn, networks.exclusive) {
                (true, _) => "withdrawn, identifies nobody",
                (false, true) => "its own",
                (false, false) => "not known to be its own, identifies nobody",
            }];
            about.push(source(networks.kind));
            about.extend(networks.date.as_deref());
            let _ = writeln!(
                self.0,
                "    {}: {}",
                about.join(", "),
                printable(&networks.source)
            );
            if let Some(note) = &networks.note {
                let _ = writeln!(self.0, "    {}", printable(note));
            }
        }
    }
}

const fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Confirmed => "confirmed",
        Confidence::Likely => "likely",
        Confidence::Unsure => "unsure",
    }
}

const fn source(kind: NetworkSource) -> &'static str {
    match kind {
        NetworkSource::Documented => "documented",
        NetworkSource::SpfCopy => "copy of the SPF record",
        NetworkSource::RoutingCopy => "announced by its network",
        NetworkSource::Observed => "seen in headers",
        NetworkSource::ThirdPartyList => "somebody else's list",
        NetworkSource::Local => "local",
    }
}

fn marker(marker: &Marker) -> String {
    let mut text = marker.field.to_string();
    for (word, part) in [
        ("starts with", &marker.value_starts),
        ("holds", &marker.value_holds),
        ("ends with", &marker.value_ends),
    ] {
        if let Some(part) = part {
            let _ = write!(text, ", {word} `{part}`");
        }
    }
    match marker.client_address {
        None => {}
        Some(ClientAddress::WholeValue) => text.push_str(", is the handing host's address"),
        Some(ClientAddress::AfterLastHyphen) => {
            text.push_str(", the handing host's address behind the last hyphen");
        }
        Some(ClientAddress::BeforeFirstColon) => {
            text.push_str(", the handing host's address before the first colon");
        }
    }
    if let Some(note) = &marker.note {
        let _ = write!(text, " ({note})");
    }
    text
}

fn service(service: &Service) -> String {
    let names: Vec<&str> = service.names.iter().map(Pattern::as_str).collect();
    let mut text = names.join(" ");
    if service.customers_only {
        text.push_str(", for customers only");
    }
    if service.accepts_only_own_users {
        text.push_str(", where foreign mail never arrives");
    }
    text
}

fn stamp(stamp: &Stamp) -> String {
    let mut parts = Vec::new();
    parts.extend(stamp.from.as_ref().map(|from| format!("from {from}")));
    parts.extend(stamp.from_networks.iter().map(|n| format!("from {n}")));
    parts.extend(stamp.by.as_ref().map(|by| format!("by {by}")));
    parts.extend(stamp.by_networks.iter().map(|n| format!("by {n}")));
    parts.extend(stamp.with.as_ref().map(|with| format!("with {with}")));
    parts.extend(stamp.holds.as_ref().map(|part| format!("holding `{part}`")));
    parts.join(" ")
}
