//! What an inconclusive offers is pasted onto the command that gave it: the outcome must become
//! what the offer's words say, and no offer's value may stand in a claimed field alone.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod cases;

use std::sync::OnceLock;

use serde_json::Value;
use smarthop::Repair;

use cases::Case;

/// The cases of `fixtures/` whose outcome is inconclusive, each with its analysis.
fn doubts() -> &'static [(Case, Value)] {
    static DOUBTS: OnceLock<Vec<(Case, Value)>> = OnceLock::new();
    DOUBTS.get_or_init(|| {
        let analysed = cases::all().into_iter().map(|case| {
            let analysis = case.of(&case.message(), &[]).unwrap();
            (case, analysis)
        });
        let is_open = |(_, analysis): &(Case, Value)| analysis["outcome"] == "inconclusive";
        analysed.filter(is_open).collect()
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// `--option value`, or `--mine` alone; nothing for what only the user can complete and for a
/// policy's keys.
fn pasted(offer: &Value) -> Option<Vec<String>> {
    let option = offer["option"].as_str().unwrap();
    let value = offer["value"].as_str();
    match (option, value) {
        ("--mine", None) => Some(vec![option.to_owned()]),
        (_, Some(value)) if option.starts_with("--") => {
            Some(vec![option.to_owned(), value.to_owned()])
        }
        _ => None,
    }
}

#[test]
fn what_is_offered_settles_it_as_it_says() {
    let (mut passes, mut fails) = (0, 0);
    let mut wrong = Vec::new();
    for (asked, analysis) in doubts() {
        for offer in list(&analysis["settle"]) {
            let Some(extra) = pasted(offer) else { continue };
            let says = offer["says"].as_str().unwrap();
            let outcome = match asked.of(&asked.message(), &extra) {
                Ok(settled) => settled["outcome"].clone(),
                Err(says) => panic!("{}: with {extra:?}: {says}", asked.name),
            };
            let is_so = if says.ends_with("then it is a pass") {
                passes += 1;
                outcome == "pass"
            } else if says.ends_with("then it is a fail") {
                fails += 1;
                outcome == "fail"
            } else {
                outcome != "inconclusive" && outcome != "error"
            };
            if !is_so {
                wrong.push(format!("{}: {extra:?}, {says}: {outcome}", asked.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        passes >= 50 && fails >= 10,
        "only {passes} offers come to a pass, and {fails} to a fail"
    );
}

/// All names and addresses that a believed stamp or an attested result brings. A HELO is none of
/// them: the client chose it.
fn believed(analysis: &Value) -> Vec<String> {
    let mut values = Vec::new();
    for hop in list(&analysis["hops"]) {
        if hop["believed"] == true {
            let (from, by) = (&hop["from"], &hop["by"]);
            values.extend([&from["ip"], &by["host"], &by["ip"]]);
            if from["reverse_dns_verified"] == true {
                values.push(&from["reverse_dns"]);
            }
        }
    }
    for item in list(&analysis["evidence"]) {
        if item["attested"] == true {
            values.extend([&item["domain"], &item["ip"]]);
        }
    }
    let texts = values.into_iter().filter_map(Value::as_str);
    texts.map(str::to_ascii_lowercase).collect()
}

/// Newest stamps whose client is nobody's that is known: anybody may have written the next.
const OPEN_TOPS: &[&str] = &[
    "(qmail 12345 invoked from network); 3 Jun 2025 08:15:00 -0000",
    "(qmail 12345 invoked by uid 89); 3 Jun 2025 08:15:00 -0000",
    "; Tue, 3 Jun 2025 08:15:00 +0000",
    "by mail.example.net with SMTP id 4bBMyb; Tue, 3 Jun 2025 08:15:00 +0000",
    "by mail.example.net (Postfix) id 4bBMyb; Tue, 3 Jun 2025 08:15:00 +0000",
    "by mail.example.net (Postfix, from userid 33) id 4bBMyb; Tue, 3 Jun 2025 08:15:00 +0000",
    "from unknown by mail.example.net with ESMTP id 4bBMyb; Tue, 3 Jun 2025 08:15:00 +0000",
    "from mx2.attacker.example (unknown [10.0.0.7]) by mail.example.net (Postfix) with ESMTP id 4bBMyb; Tue, 3 Jun 2025 08:15:00 +0000",
    "from mx2.attacker.example (localhost [127.0.0.1]) by mail.example.net (Postfix) with ESMTP id 4bBMyb; Tue, 3 Jun 2025 08:15:00 +0000",
    "from mx2.attacker.example ([10.0.0.7]) by EX1.example.net ([10.0.0.8]) with Microsoft SMTP Server id 15.1.2507.39; Tue, 3 Jun 2025 08:15:00 +0000",
];

#[test]
fn no_offer_names_what_stands_below_a_client_that_is_nobodys() {
    const INVENTED: &[&str] = &["mx2.attacker.example", "203.0.113.66", "relay.example.org"];
    let below = "from relay.example.org (relay.example.org [203.0.113.66]) by mx2.attacker.example (Postfix) \
                 with ESMTPS id A1 for <mary.johnson@example.net>; Tue, 3 Jun 2025 08:14:59 +0000";
    for top in OPEN_TOPS {
        for named in [&[][..], &["--receiver", "mx.example.net"]] {
            for host in ["smtp-relay.example.com", "relay.example.org"] {
                let message = format!(
                    "Received: {top}\nReceived: {below}\nFrom: jane.doe@contoso.example\n\
                     To: mary.johnson@example.net\nDate: Tue, 3 Jun 2025 08:14:50 +0000\n\n"
                );
                let args = [&["check", "--smart-host", host][..], named].concat();
                let expectation = cases::expectation(args.iter().copied()).unwrap();
                let analysis = cases::analysis(message.as_bytes(), Repair::Pasted, &expectation);
                assert_eq!(analysis["outcome"], "inconclusive", "{top} {args:?}");
                assert_eq!(analysis["hops"][0]["believed"], false, "{top} {args:?}");
                for offer in list(&analysis["settle"]) {
                    let value = offer["value"].as_str().unwrap_or_default();
                    assert!(!INVENTED.contains(&value), "{top} {args:?}: {offer}");
                }
            }
        }
    }
}

#[test]
fn no_offer_rests_on_what_is_only_claimed() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (asked, analysis) in doubts() {
        let believed = believed(analysis);
        let is_slip = list(&analysis["warnings"])
            .iter()
            .any(|warning| warning["code"] == "likely-slip");
        for offer in list(&analysis["settle"]) {
            let option = offer["option"].as_str().unwrap();
            let Some(value) = offer["value"].as_str() else {
                continue;
            };
            // The id in a field that the user is to believe; a word; the catalogue's name of what
            // the user misspelt.
            if matches!(option, "--authserv-id" | "--unlisted") || is_slip {
                continue;
            }
            seen += 1;
            let value = value.to_ascii_lowercase();
            let stands = match value.strip_prefix('*') {
                Some(below) => believed.iter().any(|name| name.ends_with(below)),
                None => believed.contains(&value),
            };
            if !stands {
                wrong.push(format!("{}: {option} {value}", asked.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen >= 50, "only {seen} values were looked at");
}
