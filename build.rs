//! Turns `src/catalogue/data/*.toml` into static data, so that a run of the program parses
//! none of it. A new provider is one more file there.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::{env, fs};

use ipnet::IpNet;

#[allow(
    dead_code,
    unreachable_pub,
    reason = "shared with the library, which uses the rest"
)]
#[path = "src/catalogue/pattern.rs"]
mod pattern;

#[allow(
    dead_code,
    unreachable_pub,
    reason = "shared with the library, which uses the rest"
)]
#[path = "src/catalogue/form.rs"]
mod form;

use form::{Marker, Networks, Provider, Receiving, Service, Stamp};
use pattern::{LabelPattern, Pattern};

fn main() {
    println!("cargo::rerun-if-changed=src/catalogue/data");
    println!("cargo::rerun-if-changed=src/catalogue/form.rs");
    println!("cargo::rerun-if-changed=src/catalogue/pattern.rs");
    println!("cargo::rerun-if-changed=build.rs");

    let mut providers: Vec<Provider> = data_files().iter().map(|path| read(path)).collect();
    providers.sort_by(|a, b| a.id.cmp(&b.id));
    let mut code = Writer::default();
    let providers = code.list("Provider", &providers, Writer::provider);
    let code = format!(
        "{}\npub(super) static PROVIDERS: List<Provider> = {providers};\n",
        code.statics
    );
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(target.join("catalogue.rs"), code).expect("the build directory can be written");
}

fn data_files() -> Vec<PathBuf> {
    let folder = fs::read_dir("src/catalogue/data").expect("the data folder is there");
    let mut files: Vec<PathBuf> = folder
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    files.sort();
    files
}

fn read(path: &Path) -> Provider {
    let shown = path.display();
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{shown}: {error}"));
    let provider: Provider =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{shown}: {error}"));
    provider
        .check()
        .unwrap_or_else(|error| panic!("{shown}: {error}"));
    assert_eq!(
        path.file_stem().and_then(|stem| stem.to_str()),
        Some(&*provider.id),
        "{shown}: the file's name is the id"
    );
    provider
}

/// Writes values as Rust expressions. Every list becomes a static of its own, because a
/// reference to a temporary with drop glue would not live long enough.
#[derive(Default)]
struct Writer {
    statics: String,
    lists: usize,
}

impl Writer {
    fn list<T: Clone>(
        &mut self,
        kind: &str,
        items: &[T],
        write: impl Fn(&mut Self, &T) -> String,
    ) -> String {
        if items.is_empty() {
            return "Cow::Borrowed(&[])".to_owned();
        }
        let items: Vec<String> = items.iter().map(|item| write(self, item)).collect();
        let number = self.lists;
        self.lists += 1;
        writeln!(
            self.statics,
            "static L{number}: [{kind}; {}] = [{}];",
            items.len(),
            items.join(", ")
        )
        .expect("a string can be written");
        format!("Cow::Borrowed(&L{number})")
    }

    fn texts(&mut self, items: &[Cow<'static, str>]) -> String {
        self.list("Text", items, |_, item| text(item))
    }

    fn patterns(&mut self, items: &[Pattern]) -> String {
        self.list("Pattern", items, |_, item| one_pattern(item))
    }

    fn networks(&mut self, items: &[Networks]) -> String {
        self.list("Networks", items, |code, item| {
            let Networks {
                cidrs,
                kind,
                source,
                date,
                exclusive,
                withdrawn,
                note,
            } = item;
            let cidrs = code.cidrs(cidrs);
            format!(
                "Networks {{ cidrs: {cidrs}, kind: NetworkSource::{kind:?}, source: {}, date: {}, \
                 exclusive: {exclusive}, withdrawn: {withdrawn}, note: {} }}",
                text(source),
                optional(date.as_deref()),
                optional(note.as_deref()),
            )
        })
    }

    fn receiving(&mut self, receiving: &Receiving) -> String {
        let Receiving {
            border_stamps,
            hosts,
            networks,
            results_below_border,
            authserv_ids,
            methods_in_fields,
            inner_lines,
            border_forms,
        } = receiving;
        format!(
            "Receiving {{ border_stamps: {}, hosts: {}, networks: {}, \
             results_below_border: {}, authserv_ids: {}, methods_in_fields: {}, \
             inner_lines: {}, border_forms: {} }}",
            self.patterns(border_stamps),
            self.patterns(hosts),
            self.networks(networks),
            self.patterns(results_below_border),
            self.patterns(authserv_ids),
            self.texts(methods_in_fields),
            self.stamps(inner_lines),
            self.stamps(border_forms),
        )
    }

    fn cidrs(&mut self, items: &[IpNet]) -> String {
        self.list("IpNet", items, |_, network| one_network(network))
    }

    fn labels(&mut self, items: &[LabelPattern]) -> String {
        self.list("LabelPattern", items, |_, item| {
            format!("LabelPattern::known({:?})", item.as_str())
        })
    }

    fn services(&mut self, items: &[Service]) -> String {
        self.list("Service", items, |code, item| {
            let Service {
                names,
                customers_only,
                accepts_only_own_users,
            } = item;
            format!(
                "Service {{ names: {}, customers_only: {customers_only}, \
                 accepts_only_own_users: {accepts_only_own_users} }}",
                code.patterns(names)
            )
        })
    }

    fn markers(&mut self, items: &[Marker]) -> String {
        self.list("Marker", items, |_, item| {
            let Marker {
                field,
                value_starts,
                value_ends,
                value_holds,
                client_address,
                note,
            } = item;
            let client_address = client_address.map_or("None".to_owned(), |form| {
                format!("Some(ClientAddress::{form:?})")
            });
            format!(
                "Marker {{ field: {}, value_starts: {}, value_ends: {}, value_holds: {}, \
                 client_address: {client_address}, note: {} }}",
                text(field),
                optional(value_starts.as_deref()),
                optional(value_ends.as_deref()),
                optional(value_holds.as_deref()),
                optional(note.as_deref()),
            )
        })
    }

    fn stamps(&mut self, items: &[Stamp]) -> String {
        let some = |pattern: &Option<Pattern>| {
            pattern
                .as_ref()
                .map_or("None".to_owned(), |p| format!("Some({})", one_pattern(p)))
        };
        self.list("Stamp", items, |code, item| {
            let Stamp {
                by,
                by_networks,
                from,
                from_networks,
                with,
                holds,
            } = item;
            format!(
                "Stamp {{ by: {}, by_networks: {}, from: {}, from_networks: {}, with: {}, \
                 holds: {} }}",
                some(by),
                code.cidrs(by_networks),
                some(from),
                code.cidrs(from_networks),
                optional(with.as_deref()),
                optional(holds.as_deref())
            )
        })
    }

    fn provider(&mut self, provider: &Provider) -> String {
        let Provider {
            id,
            name,
            platform,
            receives_for_others,
            confidence,
            date,
            smart_hosts,
            egress,
            egress_complete,
            egress_source,
            egress_networks_complete,
            customers_set_helo,
            labels,
            outbound,
            inbound_delivery,
            redirectors,
            networks,
            stamps_always,
            stamps_source,
            internal_networks,
            guards_inner,
            clientless,
            services,
            aliases,
            consumers,
            consumer_networks,
            binds_envelope,
            keeps_mailboxes,
            consumer_domains,
            routing_domains,
            receiving,
            internal,
            mailbox,
            not_platform,
            bounce_domains,
            signing_domains,
            markers,
            stamps,
            upstream,
            spf_includes,
            notes,
            sources,
        } = provider;
        format!(
            "Provider {{ id: {}, name: {}, platform: {platform}, \
             receives_for_others: {receives_for_others}, confidence: Confidence::{confidence:?}, \
             date: {}, smart_hosts: {}, egress: {}, \
             egress_complete: {egress_complete}, egress_source: {}, \
             egress_networks_complete: {egress_networks_complete}, \
             customers_set_helo: {customers_set_helo}, labels: {}, outbound: {}, \
             inbound_delivery: {}, redirectors: {}, networks: {}, \
             stamps_always: {stamps_always}, stamps_source: {}, internal_networks: {}, \
             guards_inner: {guards_inner}, clientless: {}, services: {}, aliases: {}, \
             consumers: {}, consumer_networks: {}, binds_envelope: {binds_envelope}, \
             keeps_mailboxes: {keeps_mailboxes}, consumer_domains: {}, routing_domains: {}, \
             receiving: {}, internal: {}, \
             mailbox: {}, not_platform: {}, bounce_domains: {}, signing_domains: {}, \
             markers: {}, stamps: {}, upstream: Upstream::{upstream:?}, spf_includes: {}, \
             notes: {}, sources: {} }}",
            text(id),
            text(name),
            optional(date.as_deref()),
            self.patterns(smart_hosts),
            self.patterns(egress),
            optional(egress_source.as_deref()),
            self.labels(labels),
            self.patterns(outbound),
            self.patterns(inbound_delivery),
            self.patterns(redirectors),
            self.networks(networks),
            optional(stamps_source.as_deref()),
            self.networks(internal_networks),
            self.stamps(clientless),
            self.services(services),
            self.texts(aliases),
            self.patterns(consumers),
            self.networks(consumer_networks),
            self.patterns(consumer_domains),
            self.patterns(routing_domains),
            self.receiving(receiving),
            self.patterns(internal),
            self.patterns(mailbox),
            self.patterns(not_platform),
            self.patterns(bounce_domains),
            self.patterns(signing_domains),
            self.markers(markers),
            self.stamps(stamps),
            self.texts(spf_includes),
            self.texts(notes),
            self.texts(sources),
        )
    }
}

fn text(text: &str) -> String {
    format!("Cow::Borrowed({text:?})")
}

fn optional(value: Option<&str>) -> String {
    value.map_or("None".to_owned(), |value| format!("Some({})", text(value)))
}

fn one_pattern(pattern: &Pattern) -> String {
    format!("Pattern::known({:?}, {})", pattern.as_str(), pattern.tail())
}

fn one_network(network: &IpNet) -> String {
    let length = network.prefix_len();
    match network.addr() {
        IpAddr::V4(address) => format!(
            "IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::from_bits({}), {length}))",
            address.to_bits()
        ),
        IpAddr::V6(address) => format!(
            "IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::from_bits({}), {length}))",
            address.to_bits()
        ),
    }
}
