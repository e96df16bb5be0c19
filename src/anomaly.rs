//! What is odd about a message, or about what was asked of it: a table of rules, each of which
//! looks at everything that is known and says what it found, and on which line.
//!
//! An anomaly carries its facts and no sentence (those are made in `words/`), and changes no
//! verdict but by a limit: what was cut off might have decided. Knows nothing of outcomes.

mod gap;

use crate::analysis::WarningCode;
use crate::catalogue::Slip;
use crate::evidence::SpfIdentity;
use crate::examine::Examined;
use crate::header::{End, FieldName};
use crate::host::{HostSpec, same_name, same_organisation};
use crate::input::Note;
use crate::lex;
use crate::policy::Connector;
use crate::route::Facts;
use crate::route::claims::{Claim, claimed_below};
use crate::route::expected::{Expected, ExpectedRow};
use crate::route::place::Placement;
use crate::trace::chain::LinkedHop;
use crate::trace::{DateStanding, Hop};
use crate::trust::Unseen;
use crate::vouch::{self, NotMine};

pub(crate) use gap::is_gap;

/// What is odd, with the facts that are told of it.
#[derive(Debug, Clone)]
pub(crate) enum Anomaly<'a> {
    /// Something of the input, before any of it was understood.
    Input(Note),
    /// A line that is no field ends the header.
    NoField,
    /// The header section is longer than is read.
    LongSection,
    /// There are more results than are considered.
    ManyResults,
    /// A field of results is not written as one server writes it.
    UnsoundResults {
        /// The field's name.
        field: &'a str,
    },
    /// There is no Received field.
    NoReceived,
    /// The newest Received field stands below the author's own fields.
    LateReceived,
    /// A Received field could not be read.
    UnparsedReceived,
    /// A Received field is longer than is read.
    LongReceived,
    /// Several Received fields stand in one.
    JoinedReceived,
    /// A client's address is none.
    InvalidAddress {
        /// What stands in its place.
        address: &'a str,
    },
    /// A date could not be read.
    UnparsedDate,
    /// A date has no zone that is known.
    UnknownZone,
    /// Hops that are earlier than the ones before them.
    ClockSkew {
        /// Their numbers, ascending.
        hops: Vec<u32>,
        /// By how many seconds the worst of them is.
        most: i64,
    },
    /// Hops whose clients are not the servers of the hops before them.
    ChainGap {
        /// Their numbers, ascending.
        hops: Vec<u32>,
    },
    /// The expected exit is only claimed.
    UntrustedClaim(Claim<'a>),
    /// A connector requires TLS, and a hand-over shows none.
    TlsMissing {
        /// The connector.
        connector: &'a Connector,
        /// Which hand-over.
        leg: Leg,
    },
    /// The token of `--mine` does not make the message the user's.
    NotMine(NotMine),
    /// A smart host's name is almost that of a known one.
    LikelySlip {
        /// The name as given.
        name: &'a str,
        /// What was perhaps meant.
        slip: Slip<'a>,
    },
    /// An inner address was named.
    InnerAddress {
        /// As it was given.
        host: &'a HostSpec,
    },
    /// Nothing that is believed aligns with From.
    UnauthenticatedSender,
    /// A field stands more than once that may stand once (RFC 5322 3.6).
    DuplicateField {
        /// Its name.
        name: &'static str,
    },
    /// A field of addresses is longer than is read.
    LongAddresses,
}

/// A hand-over that a connector takes part in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leg {
    /// From the platform to the connector's smart host.
    Into,
    /// From there to the recipient's side.
    OutOf,
}

impl Anomaly<'_> {
    /// Its stable code.
    pub(crate) const fn code(&self) -> WarningCode {
        match self {
            Self::Input(note) => note.code(),
            Self::NoField => WarningCode::Truncated,
            Self::LongSection | Self::ManyResults | Self::LongReceived | Self::LongAddresses => {
                WarningCode::Limit
            }
            Self::UnsoundResults { .. } => WarningCode::UnsoundResults,
            Self::NoReceived => WarningCode::NoReceived,
            Self::LateReceived => WarningCode::LateReceived,
            Self::UnparsedReceived => WarningCode::UnparsedReceived,
            Self::JoinedReceived => WarningCode::JoinedReceived,
            Self::InvalidAddress { .. } => WarningCode::InvalidIp,
            Self::UnparsedDate | Self::UnknownZone => WarningCode::UnparsedDate,
            Self::ClockSkew { .. } => WarningCode::ClockSkew,
            Self::ChainGap { .. } => WarningCode::ChainGap,
            Self::UntrustedClaim(_) => WarningCode::UntrustedClaim,
            Self::TlsMissing { .. } => WarningCode::TlsMissing,
            Self::NotMine(_) => WarningCode::NotMine,
            Self::LikelySlip { .. } => WarningCode::LikelySlip,
            Self::InnerAddress { .. } => WarningCode::InnerAddress,
            Self::UnauthenticatedSender => WarningCode::UnauthenticatedSender,
            Self::DuplicateField { .. } => WarningCode::DuplicateField,
        }
    }
}

/// An anomaly and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Found<'a> {
    /// What is odd.
    pub(crate) anomaly: Anomaly<'a>,
    /// The 1-based line of the input as given.
    pub(crate) line: Option<u32>,
}

impl<'a> From<Anomaly<'a>> for Found<'a> {
    /// An anomaly of the message as a whole, or of what was asked.
    fn from(anomaly: Anomaly<'a>) -> Self {
        Self {
            anomaly,
            line: None,
        }
    }
}

impl<'l> Examined<'l, '_, '_> {
    /// An anomaly of a field of the section.
    fn on(&self, field: usize, anomaly: Anomaly<'l>) -> Found<'l> {
        let line = self.facts.line(field);
        Found {
            anomaly,
            line: line.map(|line| self.raw.input_line(line)),
        }
    }
}

type Rule = for<'l, 'a, 'x> fn(&Examined<'l, 'a, 'x>) -> Vec<Found<'l>>;

/// The rules, in the order in which their findings are told.
const RULES: &[Rule] = &[
    input,
    section_end,
    many_results,
    unsound_results,
    no_delivery,
    in_hops,
    clock_skew,
    chain_gap,
    untrusted_claim,
    tls_missing,
    not_mine,
    likely_slips,
    inner_addresses,
    unauthenticated_sender,
    duplicate_fields,
    long_addresses,
];

/// Those of them that find what a limit cut off.
const LIMITS: &[Rule] = &[input, section_end, many_results, in_hops, long_addresses];

/// The rules that look at one hop, in order.
const HOP_RULES: &[for<'h> fn(&'h Hop<'_>) -> Option<Anomaly<'h>>] = &[
    |hop| hop.unparsed.then_some(Anomaly::UnparsedReceived),
    |hop| hop.limit_reached.then_some(Anomaly::LongReceived),
    |hop| hop.joined.then_some(Anomaly::JoinedReceived),
    invalid_address,
    undated,
];

/// Everything that is odd.
pub(crate) fn all<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    RULES.iter().flat_map(|rule| rule(look)).collect()
}

/// Whether something was cut off that a verdict might rest on.
pub(crate) fn is_limited(look: &Examined<'_, '_, '_>) -> bool {
    let mut found = LIMITS.iter().flat_map(|rule| rule(look));
    found.any(|found| found.anomaly.code() == WarningCode::Limit)
}

fn input<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let notes = look.raw.notes.iter().map(|noted| Found {
        anomaly: Anomaly::Input(noted.note),
        line: noted.line,
    });
    notes.collect()
}

fn section_end<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    match look.facts.section.ended_by() {
        End::NoField(line) => vec![Found {
            anomaly: Anomaly::NoField,
            line: Some(look.raw.input_line(line)),
        }],
        End::Limit => vec![Anomaly::LongSection.into()],
        End::EmptyLine | End::Text => Vec::new(),
    }
}

fn many_results<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let more = look.facts.evidence.limit_reached;
    more.then(|| Anomaly::ManyResults.into())
        .into_iter()
        .collect()
}

fn unsound_results<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let unsound = look.facts.evidence.results.iter().filter(|own| own.unsound);
    let found = unsound.map(|results| {
        let own = look.facts.section.fields().get(results.field);
        let field = own.map_or("", |field| field.name);
        look.on(results.field, Anomaly::UnsoundResults { field })
    });
    found.collect()
}

fn no_delivery<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    match (&look.verdict.placed.placement, look.facts.path.newest()) {
        (_, None) => vec![Anomaly::NoReceived.into()],
        (Placement::Unseen(Unseen::Late), Some(newest)) => {
            vec![look.on(newest.field, Anomaly::LateReceived)]
        }
        _ => Vec::new(),
    }
}

fn in_hops<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let hops = look.facts.path.hops().iter().rev();
    let found = hops.flat_map(|linked| {
        let found = HOP_RULES.iter().filter_map(|rule| rule(&linked.hop));
        found.map(|anomaly| look.on(linked.field, anomaly))
    });
    found.collect()
}

fn invalid_address<'h>(hop: &'h Hop<'_>) -> Option<Anomaly<'h>> {
    let address = hop.from.as_ref()?.address.as_ref()?;
    address.ip.is_none().then_some(Anomaly::InvalidAddress {
        address: &address.text,
    })
}

fn undated<'h>(hop: &'h Hop<'_>) -> Option<Anomaly<'h>> {
    match hop.date_standing {
        DateStanding::Unreadable => Some(Anomaly::UnparsedDate),
        DateStanding::ZoneUnknown => Some(Anomaly::UnknownZone),
        DateStanding::Missing | DateStanding::Known => None,
    }
}

/// How far two clocks may differ before it is worth a word: nearly all real skews are shorter, most
/// of them between two servers of one operator.
const SKEW: i64 = 60;

/// By how many seconds a hop is earlier than the one before it, where that is worth a word.
pub(crate) fn skew(linked: &LinkedHop<'_>) -> Option<i64> {
    let earlier = linked.delay?.checked_neg()?;
    (earlier >= SKEW).then_some(earlier)
}

fn clock_skew<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let hops = look.facts.path.hops().iter();
    let skewed: Vec<_> = hops.filter_map(|own| Some((own, skew(own)?))).collect();
    let most = skewed.iter().map(|(_, by)| *by).max().unwrap_or(0);
    let hops = skewed.iter().map(|(own, _)| own.number).collect();
    let newest = skewed.last().map(|(own, _)| own.field);
    let found = newest.map(|field| look.on(field, Anomaly::ClockSkew { hops, most }));
    found.into_iter().collect()
}

fn chain_gap<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let hops = look.facts.path.hops().iter();
    let gaps: Vec<_> = hops.filter(|own| is_gap(look.facts, own)).collect();
    let hops = gaps.iter().map(|own| own.number).collect();
    let newest = gaps.last().map(|own| own.field);
    let found = newest.map(|field| look.on(field, Anomaly::ChainGap { hops }));
    found.into_iter().collect()
}

fn untrusted_claim<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let Expected::Route(row) = look.expected else {
        return Vec::new();
    };
    if matches!(&look.verdict.placed.placement, Placement::Strong(who, ..) if who.route().as_str() == row.route.as_str())
    {
        return Vec::new();
    }
    let exit = look.exits.expected(row);
    let claim = exit.and_then(|exit| claimed_below(look.facts, exit));
    let found = claim.map(|claim| look.on(claim.field, Anomaly::UntrustedClaim(claim)));
    found.into_iter().collect()
}

/// A connector that requires TLS, and a hand-over to or from it that shows none.
fn tls_missing<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let Expected::Route(row) = look.expected else {
        return Vec::new();
    };
    let border = look.facts.path.border().ok();
    let legs = [
        (Leg::OutOf, border.map(|border| border.hop)),
        (Leg::Into, into_exit(look, row)),
    ];
    let found = legs.into_iter().filter_map(|(leg, linked)| {
        let linked = linked?;
        let connector = row.without_tls(&linked.hop)?;
        Some(look.on(linked.field, Anomaly::TlsMissing { connector, leg }))
    });
    found.collect()
}

/// The claimed hop at which the expected exit took the message.
fn into_exit<'l, 'x>(
    look: &Examined<'l, '_, 'x>,
    row: &ExpectedRow<'_>,
) -> Option<&'l LinkedHop<'x>> {
    let exit = look.exits.expected(row)?;
    look.facts.path.claimed().find(|linked| {
        let by = linked.hop.by.as_ref().and_then(|by| by.host.as_deref());
        linked.hop.from.is_some()
            && by.is_some_and(|by| {
                exit.names(by, None).is_some() || exit.providers.iter().any(|p| p.is_smart_host(by))
            })
    })
}

fn not_mine<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let (section, vouching) = (look.facts.section, &look.facts.expectation.mine);
    let found = vouch::not_mine(section, vouching);
    found
        .map(|why| Anomaly::NotMine(why).into())
        .into_iter()
        .collect()
}

fn likely_slips<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let connectors = look.facts.expectation.connectors().iter();
    let hosts = connectors.flat_map(|connector| &connector.smart_hosts);
    let found = hosts.filter_map(HostSpec::name).filter_map(|name| {
        let slip = look.facts.catalogue.slip(name)?;
        Some(Anomaly::LikelySlip { name, slip }.into())
    });
    found.collect()
}

fn inner_addresses<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let hosts = look.facts.expectation.inner_hosts().into_iter();
    let found = hosts.map(|host| Anomaly::InnerAddress { host }.into());
    found.collect()
}

fn unauthenticated_sender<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    if look.facts.from.is_empty() || is_sender_authenticated(look.facts) {
        return Vec::new();
    }
    let line = fields(look, FieldName::From).next();
    let anomaly = Anomaly::UnauthenticatedSender;
    vec![match line {
        Some(field) => look.on(field, anomaly),
        None => anomaly.into(),
    }]
}

/// Whether a believed SPF or DKIM pass aligns with From: the same organisation (RFC 7489 3.1,
/// relaxed).
fn is_sender_authenticated(facts: &Facts<'_, '_>) -> bool {
    let aligns = |domain: &str| {
        facts
            .from
            .iter()
            .filter_map(|address| lex::domain_of(address))
            .any(|own| same_name(own, domain) || same_organisation(own, domain))
    };
    let spf = facts.path.border().is_ok_and(|border| {
        facts.spf_passes(&border).any(|(domain, attested)| {
            attested.result.identity == SpfIdentity::MailFrom && aligns(domain)
        })
    });
    spf || facts.dkim_passes().any(|(domain, _)| aligns(domain))
}

fn duplicate_fields<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let once = [
        (FieldName::From, "From"),
        (FieldName::Date, "Date"),
        (FieldName::MessageId, "Message-ID"),
    ];
    let found = once.into_iter().filter_map(|(kind, name)| {
        let second = fields(look, kind).nth(1)?;
        Some(look.on(second, Anomaly::DuplicateField { name }))
    });
    found.collect()
}

/// The fields of one name, by their indices.
fn fields<'l>(look: &Examined<'l, '_, '_>, kind: FieldName) -> impl Iterator<Item = usize> + 'l {
    let all = look.facts.section.fields().iter().enumerate();
    all.filter(move |(_, field)| field.kind == kind)
        .map(|(index, _)| index)
}

fn long_addresses<'l>(look: &Examined<'l, '_, '_>) -> Vec<Found<'l>> {
    let long = look.message.limit;
    long.then(|| Anomaly::LongAddresses.into())
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::analysis::WarningCode;
    use crate::examine::analyze_message;
    use crate::input::{RawMessage, Repair};
    use crate::{Catalogue, Expectation};

    /// The warnings of these codes that a header of these fields, newest first, has.
    fn warned(received: &[String], code: WarningCode) -> Vec<String> {
        let mut text = String::new();
        for body in received {
            text.push_str(&["Received: ", body, "\n"].concat());
        }
        text.push_str("From: <jane.doe@contoso.example>\n\n");
        let raw = RawMessage::new(text.as_bytes(), Repair::Encoding);
        let analysis = analyze_message(&raw, &Expectation::default(), Catalogue::builtin());
        let of_code = analysis.warnings.into_iter().filter(|w| w.code == code);
        of_code.map(|warning| warning.says.to_string()).collect()
    }

    #[test]
    fn a_gap_is_said_where_a_reader_would_see_one() {
        // The older server, the newer client, and whether they are two.
        for (server, client, gap) in [
            (
                "out.contoso.example",
                "relay.fabrikam.example ([203.0.113.9])",
                true,
            ),
            (
                "out.contoso.example",
                "relay.fabrikam.example (relay.fabrikam.example [203.0.113.9])",
                true,
            ),
            (
                "out.contoso.example",
                "out.contoso.example ([203.0.113.9])",
                false,
            ),
            // No name of the public DNS on one side.
            (
                "6c1f2a770d6f",
                "relay.fabrikam.example ([203.0.113.9])",
                false,
            ),
            (
                "mail.contoso.local",
                "relay.fabrikam.example ([203.0.113.9])",
                false,
            ),
            (
                "worker-3.prod.internal",
                "relay.fabrikam.example ([203.0.113.9])",
                false,
            ),
            ("10.2.3.4", "relay.fabrikam.example ([203.0.113.9])", false),
            ("out.contoso.example", "gateway ([203.0.113.9])", false),
            (
                "out.contoso.example",
                "[203.0.113.9] ([203.0.113.9])",
                false,
            ),
            ("out.contoso.example", "unknown ([203.0.113.9])", false),
            ("gmailapi.google.com", "123456 named unknown", false),
            // One owner under two suffixes, or with a number.
            (
                "a.lw.example.com",
                "lists.example.net ([203.0.113.9])",
                false,
            ),
            (
                "mail1.acems1.example",
                "mail2.acems2.example ([203.0.113.9])",
                false,
            ),
            (
                "smtp.aliyun-inc.com",
                "out.aliyun.com ([203.0.113.9])",
                false,
            ),
        ] {
            let newer = format!(
                "from {client} by mx.example.org (Postfix) with ESMTP id 1; Tue, 28 Feb 2023 09:51:02 +0000"
            );
            let older =
                format!("from a by {server} with ESMTP id 2; Tue, 28 Feb 2023 09:51:01 +0000");
            let said = warned(&[newer, older], WarningCode::ChainGap);
            assert_eq!(!said.is_empty(), gap, "{server}, {client}: {said:?}");
        }
    }

    #[test]
    fn what_a_server_fetches_or_writes_itself_is_no_gap() {
        for newer in [
            "from imap.fabrikam.example ([203.0.113.9]) by desk.example.org with IMAP4-SSL; 28 Feb 2023 09:51:02 -0000",
            "from jane.fabrikam.example by desk.example.org with local (Exim 4.96) id 1uM4Xk-0001Ab-2C; Tue, 28 Feb 2023 09:51:02 +0000",
        ] {
            let older =
                "from a by mx.contoso.example with ESMTP id 2; Tue, 28 Feb 2023 09:51:01 +0000";
            let said = warned(&[newer.to_owned(), older.to_owned()], WarningCode::ChainGap);
            assert!(said.is_empty(), "{newer}: {said:?}");
        }
    }

    #[test]
    fn gaps_and_skews_are_one_line_each() {
        // The newest hop first: client, server, time.
        let warned = |hops: &[[&str; 3]], code| {
            let hops = hops.iter().map(|[client, server, time]| format!(
                "from {client} ([203.0.113.9]) by {server} with ESMTP id 1; Tue, 28 Feb 2023 {time} +0000"
            ));
            warned(&hops.collect::<Vec<_>>(), code)
        };
        let one_skew = [
            ["x.one.example", "mx.example.org", "09:50:00"],
            ["x.two.example", "x.three.example", "09:51:00"],
            ["x.four.example", "x.five.example", "09:51:59"],
            ["x.six.example", "x.four.example", "09:52:58"],
        ];
        let skew = "hop 4 is 60 s earlier than the one before it";
        assert_eq!(warned(&one_skew, WarningCode::ClockSkew), [skew]);
        let gaps = "the clients of hops 3 and 4 are not the servers of the hops before them";
        assert_eq!(warned(&one_skew, WarningCode::ChainGap), [gaps]);
        let skews = [
            ["a.one.example", "b.one.example", "09:50:00"],
            ["a.one.example", "a.one.example", "09:51:01"],
            ["a.one.example", "a.one.example", "09:54:01"],
        ];
        let both = "hops 2 and 3 are earlier than the ones before them, by up to 180 s";
        assert_eq!(warned(&skews, WarningCode::ClockSkew), [both]);
    }

    #[test]
    fn joined_fields_say_so() {
        let joined = "from a.one.example ([203.0.113.9]) by b.one.example with SMTP; Tue, 28 Feb 2023 09:50:00 +0000 from c.one.example ([203.0.113.8]) by a.one.example with SMTP; Tue, 28 Feb 2023 09:49:00 +0000";
        assert_eq!(
            warned(&[joined.to_owned()], WarningCode::JoinedReceived).len(),
            1
        );
        let whole = "from a.one.example ([203.0.113.9]) by b.one.example with SMTP; Tue, 28 Feb 2023 09:50:00 +0000";
        assert!(warned(&[whole.to_owned()], WarningCode::JoinedReceived).is_empty());
    }
}
