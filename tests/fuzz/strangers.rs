//! Mail of a stranger, as servers of every family stamp it: bytes in, which are choices, a message
//! and what is expected of it out. Whatever the stranger says of himself, and whatever he writes
//! below the border, the message never left through the expected host.
//!
//! His text stands raw where the server prints it: HELO, ident answer, reverse-path (quoted as
//! SMTP demands), identity of a signature, authenticated name. No server is as careless with all
//! of them, but each with one.

use smarthop::analysis::Outcome;
use smarthop::policy::{Account, Binding, Connector, OUTGOING_SERVER, Plan, Policy, Vouching};
use smarthop::{Catalogue, Detail, Expectation, RawMessage, Repair, analyze_with};

/// Choices, read off bytes; zeros where they are spent.
pub(crate) struct Choices<'b>(pub(crate) &'b [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first)
    }

    fn below(&mut self, limit: usize) -> usize {
        match limit {
            0..=256 => self.byte() % limit.max(1),
            _ => (self.byte() * 256 + self.byte()) % limit,
        }
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        let at = self.below(list.len());
        *list.get(at).or(list.first()).expect("no empty list")
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// What a run asks for: a host, an address of it, and a name of it.
#[derive(Clone, Copy)]
struct Target {
    smart_host: Option<&'static str>,
    exchange_host: Option<&'static str>,
    address: &'static str,
    name: &'static str,
}

const TARGETS: [Target; 7] = [
    Target {
        smart_host: Some("203.0.113.25"),
        exchange_host: None,
        address: "203.0.113.25",
        name: "smtp-relay.example.com",
    },
    Target {
        smart_host: Some("smtp-relay.example.com"),
        exchange_host: None,
        address: "203.0.113.25",
        name: "smtp-relay.example.com",
    },
    Target {
        smart_host: Some("*.example.com"),
        exchange_host: None,
        address: "203.0.113.25",
        name: "out3.example.com",
    },
    Target {
        smart_host: Some("smtp.sendgrid.net"),
        exchange_host: None,
        address: "167.89.1.1",
        name: "o1.outbound-mail.sendgrid.net",
    },
    Target {
        smart_host: Some("smtp-relay.brevo.com"),
        exchange_host: None,
        address: "77.32.148.20",
        name: "ha.d.sender-sib.com",
    },
    Target {
        smart_host: None,
        exchange_host: None,
        address: "46.105.57.200",
        name: "5.mo561.mail-out.ovh.net",
    },
    Target {
        smart_host: None,
        exchange_host: Some("mail.contoso.example"),
        address: "203.0.113.75",
        name: "mail.contoso.example",
    },
];

impl Target {
    fn expectation(self, receivers: &[&str]) -> Expectation {
        let read = |host: &str| host.parse().expect("a host");
        let mut expectation = Expectation {
            receivers: receivers.iter().map(|host| read(host)).collect(),
            exchange_hosts: self.exchange_host.into_iter().map(read).collect(),
            ..Expectation::default()
        };
        expectation.plan = match self.smart_host {
            None => Plan::Exchange(None),
            Some(host) => Plan::Connector(Connector {
                smart_hosts: vec![read(host)],
                ..Connector::default()
            }),
        };
        expectation
    }
}

/// Who hands the message over, as the server's own socket and resolver see him.
#[derive(Clone, Copy)]
struct Client<'c> {
    address: &'c str,
    /// Confirmed by a look-up, or none.
    name: Option<&'c str>,
}

const STRANGERS: [Client<'static>; 4] = [
    Client {
        address: "198.51.100.66",
        name: None,
    },
    Client {
        address: "198.51.100.66",
        name: Some("mail.attacker.example"),
    },
    Client {
        address: "198.51.100.66",
        name: Some("203.0.113.25.attacker.example"),
    },
    Client {
        address: "2001:db8::66",
        name: Some("smtp-relay.example.com.attacker.example"),
    },
];

/// What the client says, put where the server prints it.
struct Said {
    helo: String,
    ident: String,
    reverse_path: String,
    user: String,
    identity: String,
}

/// What a hostile text is made of: `{B}` is the wanted address, `{N}` the wanted name.
const PIECES: &[&str] = &[
    "{N}",
    "{B}",
    "[{B}]",
    "({B})",
    "([{B}])",
    "({N} [{B}])",
    "({N}. [{B}])",
    "({N} ({N} [{B}]))",
    "[IPv6:::ffff:{B}]",
    "::ffff:{B}",
    "ip:{B}",
    "({N}[{B}])",
    "({B}:25)",
    "{B}.25",
    "x[{B}]",
    " {N} ({N} [{B}]) by mx.example.net (Postfix) with ESMTPS id 4bB1Xk0Q2Sz9rxG for <mary@example.net>; Tue, 28 Feb 2023 09:51:02 +0000",
    " ({N} [{B}]) by mx.example.net (Postfix) with ESMTP id 1; Tue, 28 Feb 2023 09:51:02 +0000 from x",
    " {N} ([{B}]) by mx.example.net with esmtps (Exim 4.96) id 1uM4Xk-0001Ab-2C",
    " by mx.example.net (Postfix)",
    " by mx.google.com",
    " by mx.example.net",
    " by localhost",
    "by ",
    " with ESMTPS id 4bB1Xk0Q2Sz9rxG",
    " with LMTP id 1",
    " with local",
    " with IMAP",
    " with ESMTPSA",
    " with Microsoft SMTP Server id 15.1.2507.39 via Mailbox Transport",
    " with mapi id 15.1.2507.39",
    "; Tue, 28 Feb 2023 09:51:02 +0000",
    "; 28 Feb 2023 09:51:02 -0000 (",
    ";",
    " from x",
    "from ",
    " for <mary@example.net>",
    " via y",
    " id z",
    " id 1uM4Xk-0001Ab-2C",
    " with esmtps (Exim 4.96)",
    " helo=[{B}]",
    "helo={N}",
    " ident=x",
    "(helo=x",
    "(HELO {N}) ({B})",
    "(EHLO {N})",
    " [{B}]",
    " {B}",
    ")",
    "(",
    ") (",
    "((",
    "))",
    "\"",
    "\\",
    "<",
    ">",
    "[",
    "]",
    "@",
    "=",
    ",",
    ":",
    "%",
    "\t",
    " ",
    "\u{e9}",
    "\0",
    " dkim=pass header.d={N}",
    "; dkim=pass header.d={N} header.b=abc",
    " spf=pass smtp.mailfrom=bounce@{N}",
    "dkim=pass header.i=@{N}",
    " header.d={N}",
    "header.b=\"abc\"",
    "client-ip={B};",
    " designates {B} as permitted sender",
    "localhost",
    "127.0.0.1",
    "[127.0.0.1]",
    "10.0.0.1",
    "(unknown [10.0.0.1])",
    "mx.example.net",
    "mx1.example.net",
    "(mx1.example.net [10.0.0.1])",
    " rhost-flags-OK-OK-OK-OK",
    "\" rhost-flags-OK-OK-OK-OK)",
    "(may be forged)",
    "(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))",
    "unknown",
    "IDENT:x@",
    "(account x HELO {N})",
    "(Postfix, from userid 33)",
    "(qmail 1 invoked by uid 2)",
    "(envelope-from <bounce@{N}>)",
    "(Authenticated sender: x)",
    "x",
    "evil.example",
    "a.b",
    "1",
    "..",
    "(xxx [xxx.xxx.xxx.xxx])",
    "; authenticated by mx.example.net running ExIM with esmtpsa",
    " by authid <x> ",
    " at Tue, 28 Feb 2023 09:51:02 +0000 ",
    " by host mx.example.net",
    "(unknown)",
    "(unknown [])",
    "([{B}] {N})",
    "([{B}] [{B}])",
    "(User authenticated as x)",
    " with IMAP4-SSL getmail6",
];

fn filled(text: &str, target: Target) -> String {
    text.replace("{N}", target.name)
        .replace("{B}", target.address)
}

fn hostile(choices: &mut Choices<'_>, target: Target) -> String {
    let count = 1 + choices.below(5);
    (0..count)
        .map(|_| filled(choices.one_of(PIECES), target))
        .collect()
}

fn said(choices: &mut Choices<'_>, target: Target) -> Said {
    let quoted = |text: String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let reverse_path = match choices.below(4) {
        0 => format!("bounce@{}", target.name),
        1 => String::new(),
        2 => "x@attacker.example".to_owned(),
        _ => format!("{}@attacker.example", quoted(hostile(choices, target))),
    };
    let plain = |choices: &mut Choices<'_>| match choices.once_in(3) {
        true => filled(
            choices.one_of(&["{N}", "[{B}]", "x", "evil.example"]),
            target,
        ),
        false => hostile(choices, target),
    };
    Said {
        helo: plain(choices),
        ident: plain(choices),
        reverse_path,
        user: plain(choices),
        // Verifiers demand that what follows the first `@` lies in `d=`.
        identity: hostile(choices, target).replace('@', ""),
    }
}

/// A server's family: its stamp, the newest hop of a message.
type Stamp = fn(Client<'_>, &Said) -> String;

const DATE: &str = "Tue, 28 Feb 2023 09:51:02 +0000";

fn tagged(client: Client<'_>) -> String {
    match client.address.contains(':') {
        true => format!("IPv6:{}", client.address),
        false => client.address.to_owned(),
    }
}

fn name<'c>(client: Client<'c>, none: &'c str) -> &'c str {
    client.name.unwrap_or(none)
}

/// Every family: whether its stamp tells the client's address for certain, its border's name.
const FAMILIES: &[(&str, bool, &str, Stamp)] = &[
    ("postfix", true, "mx.example.net", |client, said| {
        format!(
            "from {} ({} [{}])\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n\tby mx.example.net (Postfix) with ESMTPS id 4bB1Xk0Q2Sz9rxG\n\tfor <mary@example.net>; {DATE}",
            said.helo,
            name(client, "unknown"),
            tagged(client)
        )
    }),
    (
        "postfix-authenticated",
        true,
        "mx.example.net",
        |client, said| {
            format!(
                "from {} ({} [{}])\n\t(Authenticated sender: {})\n\tby mx.example.net (Postfix) with ESMTPSA id 4bB1Xk0Q2Sz9rxG; {DATE}",
                said.helo,
                name(client, "unknown"),
                tagged(client),
                said.user
            )
        },
    ),
    ("exim", true, "mx.example.net", |client, said| {
        let host = match client.name {
            Some(name) => format!("{name} ([{}] helo={})", client.address, said.helo),
            None => format!("[{}] (helo={})", client.address, said.helo),
        };
        format!(
            "from {host}\n\tby mx.example.net with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384\n\t(Exim 4.96)\n\t(envelope-from <{}>)\n\tid 1uM4Xk-0001Ab-2C\n\tfor mary@example.net; {DATE}",
            said.reverse_path
        )
    }),
    ("exim-ident", true, "mx.example.net", |client, said| {
        let host = match client.name {
            Some(name) => format!(
                "{name} ([{}]:54884 helo=x ident={})",
                client.address, said.ident
            ),
            None => format!(
                "[{}] (port=54884 helo=x ident={})",
                client.address, said.ident
            ),
        };
        format!(
            "from {host}\n\tby mx.example.net with esmtp (Exim 4.84_2)\n\t(envelope-from <{}>)\n\tid 1uM4Xk-0001Ab-2C\n\tfor mary@example.net; {DATE}",
            said.reverse_path
        )
    }),
    (
        "exim-authenticated",
        true,
        "mx.example.net",
        |client, said| {
            format!(
                "from [{}] (helo={})\n\tby mx.example.net with esmtpsa (TLS1.3) tls TLS_AES_256_GCM_SHA384\n\t(Exim 4.96)\n\t(Authenticated sender: {})\n\tid 1uM4Xk-0001Ab-2C\n\tfor mary@example.net; {DATE}",
                client.address, said.helo, said.user
            )
        },
    ),
    ("exim-3", true, "mx.example.net", |client, said| {
        format!(
            "from {} ({}) [{}]\n\tby mx.example.net with esmtp (Exim 3.36 #1)\n\tid 1uM4Xk-0001Ab-00\n\tfor mary@example.net; {DATE}",
            name(client, "unknown"),
            said.helo,
            client.address
        )
    }),
    ("sendmail", true, "mx.example.net", |client, said| {
        let info = match client.name {
            Some(name) => format!("{name} [{}]", tagged(client)),
            None => format!(
                "relay.attacker.example [{}] (may be forged)",
                tagged(client)
            ),
        };
        format!(
            "from {} ({info})\n\tby mx.example.net (8.17.1/8.17.1) with ESMTPS id 30G7x1Qr012345\n\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NOT)\n\tfor <mary@example.net>; {DATE}",
            said.helo
        )
    }),
    ("sendmail-ident", true, "mx.example.net", |client, said| {
        format!(
            "from x (IDENT:{}@{} [{}])\n\tby mx.example.net (8.9.3/8.9.3) with ESMTP id JAA12345\n\tfor <mary@example.net>; {DATE}",
            said.ident,
            name(client, "relay.attacker.example"),
            tagged(client)
        )
    }),
    ("qmail", true, "mx.example.net", |client, said| {
        format!(
            "from {} (HELO {}) ({})\n  by mx.example.net with SMTP; 28 Feb 2023 09:51:02 -0000",
            name(client, "unknown"),
            said.helo,
            client.address
        )
    }),
    ("qmail-ident", true, "mx.example.net", |client, said| {
        format!(
            "from {} (HELO x) ({}@{})\n  by mx.example.net with SMTP; 28 Feb 2023 09:51:02 -0000",
            name(client, "unknown"),
            said.ident,
            client.address
        )
    }),
    ("gmail", true, "mx.google.com", |client, said| {
        let info = match client.name {
            Some(name) => format!("{name}. [{}]", client.address),
            None => format!("[{}]", client.address),
        };
        format!(
            "from {} ({info})\n        by mx.google.com with ESMTPS id e13si473474wrg.0.2023.02.28.01.51.02\n        for <mary@gmail.com>\n        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n        Tue, 28 Feb 2023 01:51:02 -0800 (PST)",
            said.helo
        )
    }),
    ("exchange", true, "ex01.example.net", |client, said| {
        format!(
            "from {} ({}) by\n ex01.example.net (10.0.0.5) with Microsoft SMTP Server (version=TLS1_2,\n cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.1.2507.39 via Frontend\n Transport; {DATE}",
            said.helo, client.address
        )
    }),
    (
        "microsoft-365",
        true,
        "AMS0EPF00000190.mail.protection.outlook.com",
        |client, said| {
            format!(
                "from {} ({}) by\n AMS0EPF00000190.mail.protection.outlook.com (10.167.16.213) with Microsoft\n SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.8792.29\n via Frontend Transport; {DATE}",
                said.helo, client.address
            )
        },
    ),
    ("opensmtpd", true, "mx.example.net", |client, said| {
        format!(
            "from {} ({} [{}])\n\tby mx.example.net (OpenSMTPD) with ESMTPS id 5db34e0d (TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO)\n\tfor <mary@example.net>;\n\t{DATE}",
            said.helo,
            name(client, "<unknown>"),
            client.address
        )
    }),
    ("yahoo", true, "10.197.36.11", |client, said| {
        format!(
            "from {} (EHLO {})\n by 10.197.36.11 with SMTPs\n (version=TLS1_2 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);\n {DATE}",
            client.address, said.helo
        )
    }),
    ("nemesis", true, "mx-ha.gmx.net", |client, said| {
        format!(
            "from {} ([{}]) by mx-ha.gmx.net\n (mxgmx116 [212.227.15.9]) with ESMTPS (Nemesis) id 1MabcD-1uM4Xk2abc-00abcd\n for <mary@gmx.example>; {DATE}",
            said.helo, client.address
        )
    }),
    (
        "nemesis-address-first",
        true,
        "mx-ha.gmx.net",
        |client, said| {
            format!(
                "from [{}] ([{}]) by mx-ha.gmx.net\n (mxgmx116 [212.227.15.9]) with ESMTPS (Nemesis) id {}\n for <mary@gmx.example>; {DATE}",
                client.address, client.address, said.ident
            )
        },
    ),
    ("communigate", true, "mail.example.net", |client, said| {
        format!(
            "from [{}] (HELO {})\n  by mail.example.net (CommuniGate Pro SMTP 6.2.15)\n  with ESMTP id 88402416 for mary@example.net; {DATE}",
            client.address, said.helo
        )
    }),
    (
        "communigate-account",
        true,
        "mail.example.net",
        |client, said| {
            format!(
                "from [{}] (account {} HELO {})\n  by mail.example.net (CommuniGate Pro SMTP 6.2.15)\n  with ESMTPSA id 88402416 for mary@example.net; {DATE}",
                client.address, said.user, said.helo
            )
        },
    ),
    ("zmailer", true, "list.example", |client, said| {
        let (name, flags) = match client.name {
            Some(name) => (name.to_owned(), "OK-OK-OK-OK"),
            None => (format!("[{}]", client.address), "FAIL-FAIL-OK-OK"),
        };
        format!(
            "from {name} ([{}]:33347 \"EHLO\n        {}\" rhost-flags-{flags})\n        by list.example with ESMTP id S1725268AbfFEEwW (ORCPT\n        <rfc822;mary@example.net>); {DATE}",
            client.address, said.helo
        )
    }),
    ("courier", true, "mail.example.net", |client, said| {
        format!(
            "from {} ({} [::ffff:{}])\n  by mail.example.net with ESMTP\n  id 00000000005DC0D6.0000000064EC6711.00003756; {DATE}",
            said.helo,
            name(client, "softdnserr"),
            client.address.replace("2001:db8::66", "198.51.100.66")
        )
    }),
    ("powermta", true, "mta4.example.net", |client, said| {
        format!(
            "from {} ({}) by mta4.example.net (PowerMTA v5.0r3)\n id hq5k3c0e97c8 for <mary@example.net>; {DATE}\n (envelope-from <{}>)",
            said.helo, client.address, said.reverse_path
        )
    }),
    ("kumomta", true, "mta.example.net", |client, said| {
        format!(
            "from {} ({})\n  by mta.example.net (KumoMTA 192.0.2.9)\n  with ESMTPS (TLSv1_3:TLS_AES_256_GCM_SHA384) id 39f0c2d4e1a011ee8f2f0242ac120002\n  for <mary@example.net>; {DATE}",
            said.helo, client.address
        )
    }),
    ("halon", true, "mx.example.net", |client, said| {
        format!(
            "from {} ({} [{}])\n by mx.example.net (Halon) with ESMTPS\n id 7b6a374b-d338-11ef-99a4-01e77a169b0f;\n {DATE}",
            said.helo,
            name(client, "unknown"),
            client.address
        )
    }),
    ("haraka", true, "mx.example.net", |client, said| {
        format!(
            "from {} ({} [{}])\n\tby mx.example.net (Haraka/3.0.3) with ESMTPS id 7B6A374B-D338-11EF-99A4.1\n\tenvelope-from <{}>\n\t(cipher=TLS_AES_256_GCM_SHA384); {DATE}",
            said.helo,
            name(client, "Unknown"),
            client.address,
            said.reverse_path
        )
    }),
    ("imail", true, "mail.example.net", |client, said| {
        format!(
            "from {} [{}] by mail.example.net with ESMTP\n  (SMTPD32-8.15) id A47AAD01DC; {DATE}",
            said.helo, client.address
        )
    }),
    ("mdaemon", true, "mail.example.net", |client, said| {
        format!(
            "from {} [{}] by mail.example.net [192.0.2.195]\n with ESMTP (MDaemon PRO v21.0.1) for <mary@example.net>;\n {DATE}",
            said.helo, client.address
        )
    }),
    ("domino", true, "notes.example.net", |client, said| {
        format!(
            "from {} ([{}])\n          by notes.example.net (HCL Domino Release 12.0)\n          with ESMTP id 2021010215584608-1459 ;\n          {DATE}",
            said.helo, client.address
        )
    }),
    ("james", true, "mail.example.net", |client, said| {
        format!(
            "from {} (EHLO {}) ([{}])\n          by mail.example.net (JAMES SMTP Server ) with ESMTP id 1234\n          for <mary@example.net>;\n          {DATE}",
            name(client, client.address),
            said.helo,
            client.address
        )
    }),
    (
        "cisco",
        true,
        "ob1.hc489-80.eu.iphmx.com",
        |client, said| {
            format!(
                "from {} (HELO {}) ([{}])\n  by ob1.hc489-80.eu.iphmx.com with ESMTP/TLS/ECDHE-RSA-AES256-GCM-SHA384; 28 Feb 2023 09:51:02 +0000",
                name(client, "unknown"),
                said.helo,
                client.address
            )
        },
    ),
    ("mailmarshal", true, "gate.example.net", |client, said| {
        format!(
            "from {} (Not Verified[{}]) by gate.example.net\n (using TLS: TLSv1.2, AES256-SHA)\n id <B5f77d0bb0000>; {DATE}",
            said.helo, client.address
        )
    }),
    ("smail", false, "mx.example.net", |client, said| {
        format!(
            "from {} from [{}] by mx.example.net\n\t(/\\##/\\ Smail3.1.30.16 #30.56) with esmtp for <mary@example.net>\n\tid <mP/17oq90-002OfmP@mx.example.net>; {DATE}",
            said.helo, client.address
        )
    }),
    ("obtuse", false, "gw.example.net", |client, said| {
        format!(
            "from {}({}), claiming to be \"{}\"\n via SMTP by gw.example.net, id smtpd1PBsZT; Tue Feb 28 09:51:02 2023",
            name(client, "unknown"),
            client.address,
            said.helo
        )
    }),
    ("aliyun", false, "smtp.aliyun-inc.com", |client, said| {
        format!(
            "from {}(mailfrom:{} fp:SMTPD_---0 ip:{})\n          by smtp.aliyun-inc.com(10.147.41.120);\n          {DATE}",
            said.helo, said.reverse_path, client.address
        )
    }),
    ("zonemta", true, "mx.example.net", |client, said| {
        format!(
            "from {} ([{}] {}) by mx.example.net with ESMTPS id 18c0000.001\n for <mary@example.net>; {DATE}",
            said.helo,
            client.address,
            name(client, "unknown")
        )
    }),
    ("host-europe", true, "srv1.example.net", |client, said| {
        let host = match client.name {
            Some(name) => format!("{name} ([{}] helo={})", client.address, said.helo),
            None => format!("[{}] (helo={})", client.address, said.helo),
        };
        format!(
            "from {host}; authenticated by srv1.example.net\n running ExIM with esmtpsa (TLS1.3:ECDHE_RSA_AES_128_GCM_SHA256:128)\n id 1rQm1q-0005M4-8D; {DATE}"
        )
    }),
    ("mailcow", true, "mx.example.net", |client, said| {
        format!(
            "from {} ({} [{}])\n\tby mx.example.net (Postcow) with ESMTPS id 0666DAAAF00\n\tfor <mary@example.net>; {DATE}",
            said.helo,
            name(client, "unknown"),
            client.address
        )
    }),
    ("generic", true, "mail.example.net", |client, said| {
        format!(
            "from {} ({} [{}]) by mail.example.net with ESMTP id 1 for <mary@example.net>; {DATE}",
            said.helo,
            name(client, "unknown"),
            client.address
        )
    }),
    ("generic-plain", true, "mail.example.net", |client, said| {
        format!(
            "from {} ({}) by mail.example.net with ESMTP id 1 for <mary@example.net>; {DATE}",
            said.helo, client.address
        )
    }),
];

/// Fields that the border's side wrote above its stamp.
fn above(choices: &mut Choices<'_>, client: Client<'_>, said: &Said, by: &str, text: &mut String) {
    if choices.once_in(2) {
        text.push_str(&format!("Return-Path: <{}>\n", said.reverse_path));
    }
    if choices.once_in(4) {
        text.push_str(&format!(
            "Received: from {by}\n\tby store.example.net with LMTP\n\tid PyuMEbLBfWSyAg8AJNpUsQ\n\tfor <mary@example.net>; {DATE}\n"
        ));
    }
    match choices.below(4) {
        // OpenDKIM: `i=` is decoded, and not quoted.
        0 => text.push_str(&format!(
            "Authentication-Results: {by};\n\tdkim=pass (2048-bit key) header.d=attacker.example header.i={}@attacker.example header.b=\"HDetLEPl\"\n",
            said.identity
        )),
        1 => text.push_str(&format!(
            "Authentication-Results: {by}; spf=pass smtp.mailfrom={}\n",
            match said.reverse_path.ends_with("attacker.example") {
                true => said.reverse_path.as_str(),
                false => "x@attacker.example",
            }
        )),
        2 => text.push_str(&format!(
            "Received-SPF: fail ({by}: domain of {} does not designate {} as permitted sender) client-ip={}; helo={};\n",
            said.reverse_path, client.address, client.address, said.helo
        )),
        _ => {}
    }
}

/// What a receiver writes right below its stamp, where it always does.
fn block(client: Client<'_>, said: &Said, by: &str, text: &mut String) {
    if by == "mx.google.com" {
        text.push_str(&format!(
            "Received-SPF: softfail (google.com: domain of transitioning {path} does not designate {ip} as permitted sender) client-ip={ip};\nAuthentication-Results: mx.google.com;\n       dkim=pass header.i={id}@attacker.example header.s=s1 header.b=AbCdEfGh;\n       spf=softfail (google.com: domain of transitioning {path} does not designate {ip} as permitted sender) smtp.mailfrom={path}\n",
            path = said.reverse_path,
            ip = client.address,
            id = said.identity,
        ));
    }
}

/// What the stranger wrote: `{BY}` is the border's server.
const FORGED: &[&str] = &[
    "Received: from {N} ({N} [{B}]) by {BY} (Postfix) with ESMTPS id 4bB1Xk0Q2Sz9rxG for <mary@example.net>; Tue, 28 Feb 2023 09:51:01 +0000",
    "Received: from {N} ({N}. [{B}]) by mx.google.com with ESMTPS id e13si473474wrg.0.2023.02.28.01.51.02 for <mary@gmail.com>; Tue, 28 Feb 2023 01:51:02 -0800 (PST)",
    "Received: from {N} ({B}) by AMS0EPF00000190.mail.protection.outlook.com (10.167.16.213) with Microsoft SMTP Server id 15.20.8792.29 via Frontend Transport; Tue, 28 Feb 2023 09:51:01 +0000",
    "Received: from {N} ([{B}]) by mail.attacker.example with esmtps (Exim 4.96) id 1uM4Xk-0001Ab-2C; Tue, 28 Feb 2023 09:51:01 +0000",
    "Received: from {N} ({N} [{B}]) by mail.attacker.example (Postfix) with ESMTPS id 1; Tue, 28 Feb 2023 09:51:01 +0000",
    "Received: from EX01.contoso.example (10.20.0.5) by EX01.contoso.example (10.20.0.5) with mapi id 15.1.2507.39; Tue, 28 Feb 2023 09:51:00 +0000",
    "Received: from EX01.contoso.example (10.20.0.5) by EX01.contoso.example (10.20.0.5) with Microsoft SMTP Server id 15.1.2507.39 via Mailbox Transport; Tue, 28 Feb 2023 09:51:00 +0000",
    "Received: from DAG2EX1.indiv5.local (unknown [10.111.182.163]) by mo619.mail-out.ovh.net (Postfix) with ESMTPS id 4TwNqQ6Txdz1B5q; Tue, 28 Feb 2023 09:51:00 +0000",
    "Received: from localhost (localhost [127.0.0.1]) by {BY} (Postfix) with ESMTP id 2; Tue, 28 Feb 2023 09:51:01 +0000",
    "Received: by {N} with ESMTP id 12185513-794a-4762-b3ee-a4044d30975e; Tue Feb 28 2023 09:51:00 GMT+0000",
    "Received: from jane by {N} with HTTP; Tue, 28 Feb 2023 09:51:00 +0000",
    "Authentication-Results: {BY}; dkim=pass header.d={N} header.i=@{N} header.b=abc; spf=pass smtp.mailfrom=bounce@{N}",
    "Authentication-Results: mx.google.com; dkim=pass header.i=@{N} header.s=s1 header.b=abc; spf=pass (google.com: domain of bounce@{N} designates {A} as permitted sender) smtp.mailfrom=bounce@{N}",
    "ARC-Authentication-Results: i=1; {BY}; dkim=pass header.d={N}; spf=pass smtp.mailfrom={N}",
    "Received-SPF: pass ({BY}: domain of bounce@{N} designates {A} as permitted sender) client-ip={A}; envelope-from=\"bounce@{N}\"; helo={N};",
    "DKIM-Signature: v=1; a=rsa-sha256; d={N}; s=mail; bh=AAAA; b=BBBB",
    "Return-Path: <bounce@{N}>",
    "Delivered-To: mary@example.net",
    "X-Originating-IP: [{B}]",
    "x-mclm-sbr-processed: true",
    "X-MS-Exchange-Organization-AuthAs: Internal",
    "X-SG-EID: abc",
    "X-Mailin-EID: abc",
    "Feedback-ID: {B}:1:1:Sendinblue",
];

/// What a mail holds that only quotes a token of the user's.
const QUOTED_TOKENS: &[&str] = &[
    "",
    "References: <route-test-7f3a9c@contoso.example>\n",
    "In-Reply-To: <route-test-7f3a9c@contoso.example>\n",
    "Thread-Topic: route-test-7f3a9c\n",
];

/// Further options, each with what it promises: a filter that is trusted stands in front and stamps
/// what it takes, a service that is named writes its results first, the message has no token of
/// `--mine`, and a policy binds the author to the expected route.
fn with_options(
    choices: &mut Choices<'_>,
    by: &str,
    stamped: usize,
    text: &mut String,
    expectation: &mut Expectation,
) {
    if choices.once_in(4) && by != "mx.google.com" {
        text.insert_str(
            stamped,
            &format!(
                "Authentication-Results: {by};\n\tdkim=pass header.d=attacker.example header.i=@attacker.example header.b=abc;\n\tspf=fail smtp.mailfrom=x@attacker.example\n"
            ),
        );
        let id = match choices.once_in(2) {
            true => by.to_owned(),
            false => format!("{by}:dkim,spf"),
        };
        expectation.authserv_ids = vec![id.parse().expect("an id")];
    }
    if choices.once_in(4) {
        text.insert_str(
            0,
            &format!(
                "Received: from filter.example.org (filter.example.org [192.0.2.50])\n\tby store.example.org (Postfix) with ESMTPS id 4bB1Xk0Q2Sz9rxH\n\tfor <mary@example.net>; {DATE}\n"
            ),
        );
        let trusted = choices.one_of(&["filter.example.org", "192.0.2.50", "*.example.org"]);
        expectation.trust = vec![trusted.parse().expect("a host")];
    }
    if choices.once_in(4) {
        let at = text.find("From: Jane").unwrap_or(text.len());
        text.insert_str(at, choices.one_of(QUOTED_TOKENS));
        expectation.mine = Vouching::with_token("route-test-7f3a9c").expect("a token");
    }
    if choices.once_in(4) {
        let mut policy = Policy::default();
        let id = match &expectation.plan {
            Plan::Connector(own) => {
                policy.connectors = vec![Connector {
                    id: Some(29),
                    ..own.clone()
                }];
                29
            }
            Plan::Nothing | Plan::Exchange(_) | Plan::Policy(_) => OUTGOING_SERVER,
        };
        let address = "jane.doe@contoso.example".to_owned();
        let account = Account {
            address: address.clone(),
            connector: Binding::Connector(id),
        };
        policy.accounts.insert(address, account);
        expectation.plan = Plan::Policy(policy);
    }
}

/// A message, what is expected of it, and the family whose stamp it has.
pub(crate) struct Case {
    pub(crate) family: &'static str,
    pub(crate) message: String,
    pub(crate) expectation: Expectation,
}

/// The stranger's mail that these choices make.
pub(crate) fn case(choices: &mut Choices<'_>) -> Case {
    let (family, _, by, stamp) = choices.one_of(FAMILIES);
    let target = choices.one_of(&TARGETS);
    let client = choices.one_of(&STRANGERS);
    let said = said(choices, target);
    let mut text = String::new();
    above(choices, client, &said, by, &mut text);
    text.push_str("Received: ");
    let mut received = stamp(client, &said);
    received.push('\n');
    text.push_str(&received);
    let stamped = text.len();
    block(client, &said, by, &mut text);
    for _ in 0..choices.below(6) {
        let line = filled(choices.one_of(FORGED), target)
            .replace("{BY}", by)
            .replace("{A}", client.address);
        text.push_str(&line);
        text.push('\n');
    }
    text.push_str("From: Jane Doe <jane.doe@contoso.example>\nTo: <mary@example.net>\nSubject: Monthly figures\nDate: Tue, 28 Feb 2023 09:50:59 +0000\nMessage-ID: <1@contoso.example>\n\nHello\n");
    let receivers: &[&str] = match choices.once_in(3) {
        true => &["mx.example.net", "mx.google.com", "10.197.36.11"],
        false => &[],
    };
    let mut expectation = target.expectation(receivers);
    with_options(choices, by, stamped, &mut text, &mut expectation);
    Case {
        family,
        message: text,
        expectation,
    }
}

fn outcome(message: &str, expectation: &Expectation) -> Outcome {
    let raw = RawMessage::new(message.as_bytes(), Repair::Encoding);
    analyze_with(&raw, expectation, Catalogue::builtin(), Detail::Verdict).outcome
}

/// A stranger's mail never passes.
pub(crate) fn strangers(bytes: &[u8]) {
    let case = case(&mut Choices(bytes));
    let outcome = outcome(&case.message, &case.expectation);
    assert!(
        outcome != Outcome::Pass,
        "{}: a stranger's mail passes, expected {:?}:\n{}",
        case.family,
        case.expectation.plan,
        case.message
    );
}

/// The same stamps, of the expected host's own mail with a HELO of its own: what makes the
/// strangers' fall through is not that nothing of this form could pass.
pub(crate) fn honest_mail_of_every_family_passes() {
    let [named, ..] = TARGETS;
    let client = Client {
        address: named.address,
        name: Some(named.name),
    };
    let said = Said {
        helo: named.name.to_owned(),
        ident: "jane".to_owned(),
        reverse_path: "bounce@example.com".to_owned(),
        user: "jane".to_owned(),
        identity: "jane".to_owned(),
    };
    for (family, certain, by, stamp) in FAMILIES {
        let message = format!(
            "Received: {}\nFrom: <jane.doe@contoso.example>\nTo: <mary@elsewhere.example>\nDate: Tue, 28 Feb 2023 09:50:59 +0000\n\nHello\n",
            stamp(client, &said)
        );
        let mut expectation = named.expectation(&[by]);
        expectation.recipients = vec!["mary@elsewhere.example".to_owned()];
        let passes = outcome(&message, &expectation) == Outcome::Pass;
        assert_eq!(passes, *certain, "{family}:\n{message}");
    }
}
