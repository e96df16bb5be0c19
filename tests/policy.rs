//! `smarthop policy` and `--policy` as a user meets them: each form that can be imported, what a
//! policy means, and what is wrong usage.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::{Command, Output};

const SAMPLE: &str = "fixtures/documented-sample/message.eml";
const POLICY: &str = "fixtures/policy/routing.toml";

fn smarthop(args: &[&str], default_policy: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smarthop"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .env_remove("SMARTHOP_POLICY");
    if let Some(policy) = default_policy {
        command.env("SMARTHOP_POLICY", policy);
    }
    command.output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn every_form_of_listing_becomes_a_policy_that_reads_back() {
    let import = |name: &str| format!("fixtures/policy/imports/{name}");
    let ovh = [
        "connector-ids.txt",
        "connector-29.txt",
        "accounts.json",
        "domain.json",
        "server.json",
    ];
    let forms: [(&str, Vec<String>, &[&str]); 4] = [
        (
            "ovhcloud-console",
            ovh.iter().map(|name| import(name)).collect(),
            &[
                "smart-host = \"smtp-relay.example.com\"",
                "exchange-hosts = [\"198.51.100.7\", \"2001:db8::7\"]",
            ],
        ),
        (
            "ovhcloud-json",
            ["accounts.json", "domain.json", "send-connector.json"]
                .map(|n| format!("fixtures/policy/{n}"))
                .to_vec(),
            &[
                "address = \"newsletter@mydomain.ovh\"\nconnector = 29",
                "default-connector = 0",
            ],
        ),
        (
            "exchange",
            vec![import("get-send-connector.json")],
            &[
                "exchange-hosts = [\"mail.contoso.example\"]",
                "[[recipient]]\ndomain = \"*\"",
            ],
        ),
        (
            "exchange-online",
            vec![import("get-outbound-connector.utf16.json")],
            &[
                "name = \"microsoft-365\"",
                "smart-host = \"filter.example.net\"",
            ],
        ),
    ];
    for (name, files, holds) in forms {
        let args: Vec<&str> = ["policy", "import"]
            .into_iter()
            .chain(files.iter().map(String::as_str))
            .collect();
        let imported = smarthop(&args, None);
        assert_eq!(
            imported.status.code(),
            Some(0),
            "{name}: {}",
            stderr(&imported)
        );
        for part in holds {
            assert!(
                stdout(&imported).contains(part),
                "{name}: no {part:?} in\n{}",
                stdout(&imported)
            );
        }
        let backwards: Vec<&str> = args
            .iter()
            .copied()
            .take(2)
            .chain(args.iter().copied().skip(2).rev())
            .collect();
        assert_eq!(
            stdout(&smarthop(&backwards, None)),
            stdout(&imported),
            "{name}: the order of the files counts"
        );
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.toml"));
        std::fs::write(&path, &imported.stdout).unwrap();
        let checked = smarthop(&["policy", "check", path.to_str().unwrap()], None);
        assert_eq!(
            checked.status.code(),
            Some(0),
            "{name}: {}",
            stderr(&checked)
        );
    }
}

#[test]
fn a_policy_is_said_as_a_table() {
    let checked = smarthop(&["policy", "check", POLICY], None);
    assert_eq!(
        stdout(&checked),
        " connector                                             rows\n \
         connector 29 (testconnector, smtp-relay.example.com)  1\n\n \
         row             for                      expected route\n \
         account         newsletter@mydomain.ovh  connector 29 (testconnector, smtp-relay.example.com)\n \
         domain default  mydomain.ovh             the Exchange outgoing server\n"
    );
}

#[test]
fn a_bad_policy_is_an_error_with_its_place() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bad.toml");
    std::fs::write(
        &path,
        "[[account]]\naddress = \"a@mydomain.ovh\"\nconnector = 31\n",
    )
    .unwrap();
    let checked = smarthop(&["policy", "check", path.to_str().unwrap()], None);
    assert_eq!(checked.status.code(), Some(2));
    assert!(
        stderr(&checked).contains("bad.toml:3:"),
        "{}",
        stderr(&checked)
    );
    std::fs::write(
        &path,
        "[[connector]]\nid = 29\nsmartHost = \"smtp-relay.example.com\"\n",
    )
    .unwrap();
    let checked = smarthop(&["check", "--policy", path.to_str().unwrap(), SAMPLE], None);
    assert_eq!(checked.status.code(), Some(2));
    assert!(
        stderr(&checked).contains("did you mean `smart-host`?"),
        "{}",
        stderr(&checked)
    );
}

#[test]
fn the_environment_names_a_policy_only_where_nothing_is_expected() {
    let expected = |args: &[&str], policy: Option<&str>| {
        let output = smarthop(
            &[&["check"], args, &["--format", "json", SAMPLE]].concat(),
            policy,
        );
        let text = stdout(&output);
        let source = text.lines().next().map(|line| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            value
                .pointer("/expected/source")
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned()
        });
        (output.status.code(), source)
    };
    let by_policy = Some("policy-account".to_owned());
    assert_eq!(expected(&[], Some(POLICY)), (Some(0), by_policy.clone()));
    assert_eq!(
        expected(&["--policy", POLICY], Some("nowhere.toml")),
        (Some(0), by_policy)
    );
    let by_option = Some("command-line".to_owned());
    assert_eq!(
        expected(&["--smart-host", "smtp-relay.example.com"], Some(POLICY)),
        (Some(0), by_option.clone())
    );
    assert_eq!(
        expected(&["--expect", "exchange"], Some(POLICY)),
        (Some(1), by_option)
    );
    assert_eq!(
        expected(&[], Some("")),
        (Some(2), None),
        "an empty variable is no expectation"
    );
    assert_eq!(expected(&[], None), (Some(2), None));
}

#[test]
fn a_policy_goes_with_no_other_expectation() {
    for more in [
        ["--smart-host", "smtp-relay.example.com"],
        ["--connector", "fixtures/policy/send-connector.json"],
        ["--expect", "exchange"],
    ] {
        let output = smarthop(
            &[&["check", "--policy", POLICY], &more[..], &[SAMPLE]].concat(),
            None,
        );
        assert_eq!(output.status.code(), Some(2), "{more:?}");
    }
    let alone = smarthop(
        &[
            "check",
            "--unlisted",
            "ignore",
            "--smart-host",
            "a.example.com",
            SAMPLE,
        ],
        None,
    );
    assert_eq!(alone.status.code(), Some(2));
}

#[test]
fn what_the_platform_leaves_open_is_never_a_pass() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let message = "fixtures/policy/unbound-direct/message.eml";
    let direct = r#"{"primaryEmailAddress": "contact@mydomain.ovh", "sendConnectorId": 0, "sbrDestination": null}"#;
    let connector = r#"{"id": 29, "displayName": "x", "smartHost": "smtp-relay.example.com", "default": false}"#;
    for (name, account, connector, status) in [
        ("plain", direct.to_owned(), connector.to_owned(), 0),
        (
            "relay",
            direct.replace("null", "\"relay.example.net\""),
            connector.to_owned(),
            3,
        ),
        (
            "default",
            direct.to_owned(),
            connector.replace("\"default\": false", "\"default\": true"),
            3,
        ),
        (
            "dns",
            direct.replace(": 0", ": 29"),
            connector.replace("\"smtp-relay.example.com\"", "null, \"dnsRouting\": true"),
            3,
        ),
    ] {
        let source = folder.join(format!("open-{name}.json"));
        std::fs::write(&source, format!("{account}\n{connector}\n")).unwrap();
        let imported = smarthop(&["policy", "import", source.to_str().unwrap()], None);
        assert_eq!(imported.status.code(), Some(0), "{}", stderr(&imported));
        let policy = folder.join(format!("open-{name}.toml"));
        std::fs::write(&policy, &imported.stdout).unwrap();
        let policy = policy.to_str().unwrap();
        let checked = smarthop(&["check", "--policy", policy, message], None);
        assert_eq!(
            checked.status.code(),
            Some(status),
            "{name}: {}",
            stdout(&checked)
        );
        let says = stdout(&checked).contains("account row contact@mydomain.ovh: undecided");
        assert_eq!(says, status == 3, "{name}: {}", stdout(&checked));
        let overview = stdout(&smarthop(&["policy", "check", policy], None));
        assert_eq!(overview.contains("undecided: "), status == 3, "{overview}");
    }
}

/// A sender's own signature or bounce domain is on mail that leaves directly, too.
#[test]
fn a_senders_own_domain_identifies_no_connector() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-domain.toml");
    let file = path.to_str().unwrap();
    for (key, domain, code) in [
        ("dkim", "mydomain.ovh", Some("own-dkim")),
        ("bounce-domains", "mydomain.ovh", Some("own-bounce-domain")),
        ("dkim", "smtp.example.com", None),
        ("bounce-domains", "sender-id.example.com", None),
    ] {
        let policy = format!(
            "[[connector]]\nid = 29\nsmart-host = \"smtp-relay.example.com\"\n{key} = [\"{domain}\"]\n\
             [[domain]]\nname = \"mydomain.ovh\"\ndefault-connector = 29\n"
        );
        std::fs::write(&path, policy).unwrap();
        let run = smarthop(&["policy", "check", file], None);
        let says = stderr(&run);
        assert_eq!(
            run.status.code(),
            Some(code.map_or(0, |_| 2)),
            "{key}: {says}"
        );
        if let Some(code) = code {
            assert!(says.contains(&format!("error: {code}: ")), "{says}");
        }
    }
}

/// A platform that only the user's catalogue knows counts as the Exchange, by option and by policy.
#[test]
fn a_platform_of_the_users_own_catalogue() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-platform");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let catalogue = write(
        "catalogue.toml",
        "id = \"contoso-exchange\"\nname = \"Contoso\"\nplatform = true\n\
         egress = [\"*.exchange.contoso.example\"]\n",
    );
    let policy = write(
        "policy.toml",
        "[platform]\nname = \"contoso-exchange\"\n[[account]]\naddress = \"jane.doe@fabrikam.example\"\n\
         connector = 0\n",
    );
    let mail = write(
        "message.eml",
        "Received: from out1.exchange.contoso.example (out1.exchange.contoso.example. [192.0.2.25])\n\
         \tby mx.google.com with ESMTPS id a1; Tue, 28 Feb 2023 07:51:01 -0800 (PST)\n\
         From: <jane.doe@fabrikam.example>\n\n",
    );
    let observed = |args: &[&str]| {
        let run = smarthop(&[args, &["--format", "json", &mail]].concat(), None);
        let line = stdout(&run);
        let value: serde_json::Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("{}", stderr(&run)));
        let word = |key: &str| {
            let word = value.pointer(&format!("/observed/{key}"));
            word.and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        (word("route"), word("provider"))
    };
    let exchange = ("exchange".to_owned(), "contoso-exchange".to_owned());
    let by_option = [
        "check",
        "--expect",
        "exchange",
        "--platform",
        "contoso-exchange",
    ];
    let with = ["--catalogue", &catalogue];
    assert_eq!(observed(&[&by_option[..], &with].concat()), exchange);
    let by_policy = ["check", "--policy", &policy];
    assert_eq!(observed(&[&by_policy[..], &with].concat()), exchange);
    let checked = ["policy", "check", &policy];
    let known = smarthop(&[&checked[..], &with].concat(), None);
    assert_eq!(known.status.code(), Some(0), "{}", stderr(&known));
    for args in [&by_option[..], &by_policy, &checked] {
        let unknown = smarthop(args, None);
        assert_eq!(unknown.status.code(), Some(2), "{args:?}");
        assert!(
            stderr(&unknown).contains("known are"),
            "{}",
            stderr(&unknown)
        );
    }
}
