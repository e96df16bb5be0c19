//! Analyses written by hand, for the tests of the formats.

use crate::Catalogue;
use crate::analysis::{
    Analysis, Border, ConnectorRef, EvidenceItem, EvidenceKind, Expected, ExpectedRoute,
    ExpectedSource, HopBy, HopFrom, HopInfo, Identity, Message, Observed, ObservedRoute,
    ObservedRouteHint, Outcome, Party, Reason, SCHEMA_VERSION, Scope, Sentence, Settle, Source,
    SourceFormat, TlsInfo, Tool, Warning, WarningCode,
};

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(crate) fn tool() -> Tool {
    Tool {
        name: "smarthop",
        version: "0.0.0",
        catalogue: "2024-01-01".to_owned(),
    }
}

fn reason(code: &str, line: u32, says: &str) -> Reason {
    Reason {
        code: code.to_owned(),
        line: Some(line),
        says: says.into(),
    }
}

fn relay() -> ConnectorRef {
    ConnectorRef {
        id: None,
        name: None,
        smart_host: text("smtp-relay.example.com"),
    }
}

/// A hop: number, line, client (HELO, reverse DNS, verified, address), server, protocol, time.
#[expect(clippy::too_many_arguments, reason = "a table's row")]
fn hop(
    number: u32,
    line: u32,
    client: Option<(&str, Option<&str>, bool, &str)>,
    server: &str,
    with: &str,
    date: &str,
    delay: Option<i64>,
    party: Party,
) -> HopInfo {
    HopInfo {
        number,
        line,
        from: client.map(|(helo, reverse_dns, verified, ip)| HopFrom {
            helo: text(helo),
            reverse_dns: reverse_dns.map(str::to_owned),
            reverse_dns_verified: verified,
            ip: text(ip),
            ip_valid: ip.parse::<std::net::IpAddr>().is_ok(),
        }),
        by: Some(HopBy {
            host: text(server),
            ip: None,
        }),
        with: text(with),
        tls: None,
        id: text("4PQsPF43SEm78WdxQ"),
        for_: text("john.smith@guides.ovh"),
        envelope_from: None,
        authenticated_as: None,
        software: None,
        date: text(date),
        delay_seconds: delay,
        believed: party == Party::Receiver,
        party,
        gap: false,
        raw: format!("from somewhere by {server} with {with}; {date}"),
    }
}

fn fact(
    kind: EvidenceKind,
    line: u32,
    field: &str,
    attested: bool,
    points_to: Option<ObservedRouteHint>,
    says: &str,
) -> EvidenceItem {
    EvidenceItem {
        kind,
        line,
        field: field.to_owned(),
        result: None,
        domain: None,
        selector: None,
        ip: None,
        attested,
        points_to,
        says: says.into(),
    }
}

/// The documented sample, checked for `smtp-relay.example.com`.
pub(crate) fn documented() -> Analysis {
    let client = (
        "sender-id.example.com",
        Some("sender-id.example.com"),
        true,
        "11.22.333.44",
    );
    let mut queue_hop = hop(
        5,
        5,
        Some(("output28.mail.ovh.net", None, false, "192.168.11.93")),
        "192.168.1.2",
        "SMTP",
        "2023-02-28T07:51:02Z",
        Some(0),
        Party::Receiver,
    );
    queue_hop.by = Some(HopBy {
        host: None,
        ip: text("192.168.1.2"),
    });
    queue_hop.tls = Some(TlsInfo {
        version: None,
        cipher: text("AES256-GCM-SHA384"),
    });
    Analysis {
        schema_version: SCHEMA_VERSION,
        tool: tool(),
        source: Source {
            path: text("fixtures/documented-sample/message.eml"),
            message: 0,
            format: SourceFormat::Eml,
        },
        message: Message {
            message_id: text("12185193-354a-4762-b3ee-a40484d30975e@smtp-relay.smtp.example.com"),
            from: vec!["newsletter@mydomain.ovh".to_owned()],
            sender: None,
            return_path: text("bounces-249164590-newsletter=mydomain.ovh@sender-id.example.com"),
            to: vec!["john.smith@guides.ovh".to_owned()],
            subject: text("Test SBR 3 (SIB)"),
            date: text("2023-02-28T07:50:56Z"),
            mine: None,
        },
        expected: Some(Expected {
            route: ExpectedRoute::Connector,
            connector: Some(relay()),
            sender: None,
            source: ExpectedSource::CommandLine,
        }),
        observed: Observed {
            route: Some(ObservedRoute::Connector),
            connector: Some(relay()),
            host: text("sender-id.example.com"),
            ip: text("11.22.333.44"),
            provider: None,
            scope: Some(Scope::Host),
            hop: Some(2),
            date: text("2023-02-28T07:51:01Z"),
            tls: None,
            border: Some(Border::Platform),
            attested: Some(true),
            identity: Some(Identity::ReverseDns),
            attested_by: text("in31.mail.ovh.net"),
        },
        outcome: Outcome::Pass,
        reasons: vec![
            reason(
                "client-reverse-dns",
                21,
                "in31.mail.ovh.net took the message from sender-id.example.com [11.22.333.44], a name that it verified; example.com is the organisation of the smart host smtp-relay.example.com",
            ),
            reason(
                "border-platform",
                21,
                "in31.mail.ovh.net is an inbound server of OVHcloud, the recipient's platform",
            ),
            reason(
                "spf-agrees",
                17,
                "SPF pass for 11.22.333.44, domain sender-id.example.com",
            ),
        ],
        settle: Vec::new(),
        hops: vec![
            {
                let mut origin = hop(
                    1,
                    30,
                    None,
                    "smtp-relay.smtp.example.com",
                    "ESMTP",
                    "2023-02-28T07:51:00Z",
                    None,
                    Party::Connector,
                );
                origin.for_ = None;
                origin
            },
            hop(
                2,
                21,
                Some(client),
                "in31.mail.ovh.net",
                "ESMTPS",
                "2023-02-28T07:51:01Z",
                Some(1),
                Party::Receiver,
            ),
            hop(
                3,
                13,
                Some(("in31.mail.ovh.net", None, false, "10.101.4.31")),
                "vr45.mail.ovh.net",
                "ESMTP",
                "2023-02-28T07:51:01Z",
                Some(0),
                Party::Receiver,
            ),
            hop(
                4,
                9,
                Some(("vr45.mail.ovh.net", None, false, "10.101.8.45")),
                "out28.mail.ovh.net",
                "ESMTP",
                "2023-02-28T07:51:02Z",
                Some(1),
                Party::Receiver,
            ),
            queue_hop,
            hop(
                6,
                3,
                Some(("queue", Some("localhost"), false, "127.0.0.1")),
                "localhost",
                "SMTP",
                "2023-02-28T07:51:02Z",
                Some(0),
                Party::Receiver,
            ),
        ],
        evidence: vec![
            fact(
                EvidenceKind::ReturnPath,
                1,
                "Return-Path",
                true,
                Some(ObservedRouteHint::Connector),
                "bounces go to sender-id.example.com, for the sender newsletter@mydomain.ovh",
            ),
            fact(
                EvidenceKind::Spf,
                17,
                "Received-SPF",
                true,
                Some(ObservedRouteHint::Connector),
                "pass for 11.22.333.44, domain sender-id.example.com",
            ),
            fact(
                EvidenceKind::Dkim,
                18,
                "Authentication-Results",
                true,
                Some(ObservedRouteHint::Connector),
                "pass by smtp.example.com, as in31.mail.ovh.net found",
            ),
            fact(
                EvidenceKind::DkimSignature,
                24,
                "DKIM-Signature",
                false,
                Some(ObservedRouteHint::Connector),
                "signature of smtp.example.com, selector mail",
            ),
            fact(
                EvidenceKind::ThreadIndex,
                37,
                "Thread-Index",
                false,
                Some(ObservedRouteHint::Exchange),
                "conversation begun 2023-02-28 07:50:34 UTC, in Exchange or Outlook",
            ),
        ],
        warnings: vec![
            Warning {
                code: WarningCode::InvalidIp,
                line: Some(21),
                says: "`11.22.333.44` is no valid address".into(),
            },
            Warning {
                code: WarningCode::UnauthenticatedSender,
                line: Some(48),
                says: "no believed SPF or DKIM pass aligns with mydomain.ovh of From".into(),
            },
        ],
        error: None,
    }
}

/// Expected through the connector, left through Exchange.
pub(crate) fn failed() -> Analysis {
    let mut analysis = documented();
    analysis.outcome = Outcome::Fail;
    analysis.expected = Some(Expected {
        route: ExpectedRoute::Connector,
        connector: Some(ConnectorRef {
            id: Some(29),
            name: text("testconnector"),
            smart_host: text("smtp-relay.example.com"),
        }),
        sender: text("newsletter@mydomain.ovh"),
        source: ExpectedSource::PolicyAccount,
    });
    analysis.observed = Observed {
        route: Some(ObservedRoute::Exchange),
        host: text("7.mo576.mail-out.ovh.net"),
        ip: text("46.105.33.11"),
        provider: text("ovhcloud"),
        scope: Some(Scope::Provider),
        hop: Some(2),
        date: text("2023-02-28T07:51:01Z"),
        tls: Some(TlsInfo {
            version: text("TLSv1.3"),
            cipher: text("TLS_AES_256_GCM_SHA384"),
        }),
        border: Some(Border::Found),
        attested: Some(true),
        identity: Some(Identity::Network),
        attested_by: text("mx.google.com"),
        connector: None,
    };
    analysis.reasons = vec![reason(
        "client-network",
        21,
        "46.105.33.11 lies in a network that OVHcloud's outgoing servers use alone",
    )];
    analysis.hops.truncate(3);
    let border = analysis.hops.get_mut(1).expect("a hop");
    border.tls = analysis.observed.tls.clone();
    border.from = Some(HopFrom {
        helo: text("7.mo576.mail-out.ovh.net"),
        reverse_dns: text("7.mo576.mail-out.ovh.net"),
        reverse_dns_verified: true,
        ip: text("2001:db8:1234:5678:9abc:def0:1234:5678"),
        ip_valid: true,
    });
    border.authenticated_as = text("contact@mydomain.ovh");
    analysis.hops.last_mut().expect("a hop").date = text("2023-03-01T00:00:05Z");
    analysis.hops.last_mut().expect("a hop").delay_seconds = Some(58_144);
    analysis.evidence.clear();
    analysis.warnings.clear();
    analysis
}

/// A stranger took it over: a forwarder, perhaps.
pub(crate) fn inconclusive() -> Analysis {
    let mut analysis = documented();
    analysis.outcome = Outcome::Inconclusive;
    analysis.observed.route = Some(ObservedRoute::Other);
    analysis.observed.connector = None;
    analysis.observed.host = text("mx1.forwarder.example");
    analysis.observed.ip = text("203.0.113.9");
    analysis.observed.identity = None;
    analysis.observed.scope = None;
    analysis.observed.border = Some(Border::Guessed);
    analysis.reasons = vec![reason(
        "claimed-below",
        21,
        "mx1.forwarder.example [203.0.113.9] handed the message over; smtp-relay.example.com is named only below it, where anybody may have written it",
    )];
    analysis.settle = vec![
        Settle {
            option: "--mine".to_owned(),
            value: None,
            says: "if you sent this message yourself".into(),
        },
        Settle {
            option: "--receiver".to_owned(),
            value: None,
            says:
                "with the name of the recipient's own border server, if no filter stands before it"
                    .into(),
        },
        Settle {
            option: "--trust".to_owned(),
            value: Some("mx1.forwarder.example".to_owned()),
            says: "if that client is the recipient's filter, forwarder or list".into(),
        },
        Settle {
            option: "egress".to_owned(),
            value: Some("192.0.2.25".to_owned()),
            says: "if you know that client to be yours".into(),
        },
        Settle {
            option: "--trust".to_owned(),
            value: Some("*.forwarder.example".to_owned()),
            says: Sentence::default(),
        },
    ];
    analysis
}

/// Nothing expected.
pub(crate) fn unchecked() -> Analysis {
    let mut analysis = documented();
    analysis.outcome = Outcome::Unchecked;
    analysis.expected = None;
    analysis.observed.route = Some(ObservedRoute::Other);
    analysis.observed.connector = None;
    analysis.observed.identity = None;
    analysis.observed.scope = None;
    analysis.reasons.clear();
    analysis
}

/// An input that cannot be read.
pub(crate) fn unreadable() -> Analysis {
    let says = "cannot be read: no such file or directory".to_owned();
    Analysis {
        tool: tool(),
        source: Source {
            path: text("mails/missing.eml"),
            message: 0,
            format: SourceFormat::Eml,
        },
        ..crate::unreadable(Catalogue::builtin(), "unreadable", says)
    }
}

/// As hostile and as large as a header can be: 40 hops, 253-character names, wide text, and every
/// kind of character that must not reach a terminal.
pub(crate) fn hostile() -> Analysis {
    let mut analysis = inconclusive();
    let long = format!("{}.example.com", ["a".repeat(60).as_str(); 4].join(".")).split_off(2);
    let evil =
        "\u{1b}[2J\u{1b}]0;x\u{7}\r\n\u{9b}31m\u{202e}\u{2066}\u{200b}\u{2028}\u{e000}\u{7f}";
    analysis.observed.host = text(&long);
    analysis.message.subject = text(&format!(
        "{}{evil}",
        "重要なお知らせ：試験メールの配送経路について".repeat(6)
    ));
    analysis.message.from = (0..50)
        .map(|n| format!("someone{n}{evil}@mydomain.ovh"))
        .collect();
    analysis.expected = Some(Expected {
        route: ExpectedRoute::Connector,
        connector: Some(ConnectorRef {
            id: Some(u64::MAX),
            name: text(&format!("connecteur d'été {evil}")),
            smart_host: text(&long),
        }),
        sender: text(&format!("{evil}@mydomain.ovh")),
        source: ExpectedSource::PolicyDomain,
    });
    analysis.reasons = vec![reason(
        "claimed-below",
        4_000_000_000,
        &format!("{long} said {evil}"),
    )];
    analysis.settle = vec![
        Settle {
            option: "--trust".to_owned(),
            value: Some(format!("$(reboot)'{evil}")),
            says: Sentence::default(),
        },
        Settle {
            option: "--trust".to_owned(),
            value: Some(long.clone()),
            says: Sentence::default(),
        },
    ];
    let template = analysis.hops.get(1).expect("a hop").clone();
    analysis.hops = (1..=40)
        .map(|number| {
            let mut hop = template.clone();
            hop.number = number;
            hop.believed = number > 2;
            hop.with = text(&format!("ESMTP{evil}"));
            hop.delay_seconds = Some(if number % 2 == 0 { i64::MIN } else { i64::MAX });
            hop.date = match number % 4 {
                0 => None,
                1 => text(evil),
                _ => text("9999-12-31T23:59:59Z"),
            };
            hop.from = Some(HopFrom {
                helo: text(&long),
                reverse_dns: None,
                reverse_dns_verified: false,
                ip: text(&format!("{evil}{}", "9".repeat(300))),
                ip_valid: false,
            });
            hop.by = Some(HopBy {
                host: text(&format!("試験{evil}{long}")),
                ip: None,
            });
            hop.authenticated_as = text(&format!("{evil}{long}"));
            hop
        })
        .collect();
    analysis.evidence = vec![fact(
        EvidenceKind::Marker,
        7,
        &format!("X-{evil}"),
        false,
        None,
        &format!("{evil}{}", "試験".repeat(100)),
    )];
    analysis.warnings = vec![Warning {
        code: WarningCode::UnparsedReceived,
        line: None,
        says: format!("{evil}{}", "x".repeat(500)).into(),
    }];
    analysis.source.path = text(&format!("mails/{evil}.eml"));
    analysis
}

/// All of them, with a name.
pub(crate) fn all() -> Vec<(&'static str, Analysis)> {
    vec![
        ("documented", documented()),
        ("failed", failed()),
        ("inconclusive", inconclusive()),
        ("unchecked", unchecked()),
        ("unreadable", unreadable()),
        ("hostile", hostile()),
    ]
}
