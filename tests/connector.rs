//! `smarthop connector` against a stand-in for the OVHcloud API: every call of the guide, with
//! the body that is sent.
#![cfg(feature = "api")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod ovh_api;

use ovh_api::{Api, Fault, account, connector, ran, told};
use serde_json::{Value, json};

const NOTHING: &str = "Nothing was changed: with --yes it is done.\n";

/// An account's body: every property of the stand-in's that the schema lets be written and that
/// is not null.
fn account_body(address: &str, id: u64) -> Value {
    let (login, domain) = address.split_once('@').unwrap();
    json!({
        "login": login, "domain": domain, "sendConnectorId": id, "displayName": "A. Person",
        "quota": 50, "hiddenFromGAL": false, "litigation": false, "outlookLicense": false,
        "storeCopyOfEmail": false, "accountLicense": "enterprise",
        "spamAndVirusConfiguration": {"checkDKIM": false, "checkSPF": false, "deleteSpam": false,
            "deleteVirus": true, "putInJunk": false, "tagSpam": true, "tagVirus": true},
    })
}

#[test]
fn list_and_show() {
    let api = Api::start("connector-list");
    let run = api.run(&["connector", "list"]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(
        run.out,
        " id  name           smart host                  TLS       authentication       state  default of\n \
         29  testconnector  smtp-relay.example.com:587  required  basicAuthRequireTLS  ok\n"
    );
    let run = api.run(&["connector", "show", "29", "--accounts"]);
    assert!(
        run.out
            .starts_with("connector 29 (testconnector) of private-zz111111-1\n"),
        "{}",
        run.out
    );
    assert!(
        run.out
            .contains("\n  smartHost               smtp-relay.example.com\n"),
        "{}",
        run.out
    );
    assert!(
        run.out.ends_with("\n  account newsletter@mydomain.ovh\n"),
        "{}",
        run.out
    );
    let run = api.run(&["connector", "show", "29", "--json"]);
    let shown: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(shown, Value::from(api.state().connectors[&29].clone()));
    std::fs::write(api.folder().join("connector.json"), &run.out).unwrap();
    let run = api.run(&["check", "--connector", "connector.json", "nothing.eml"]);
    assert!(
        run.err.contains("nothing.eml"),
        "the file is read: {}",
        run.err
    );
    let run = api.run(&["connector", "show", "31"]);
    assert_eq!(run.status, 2);
    assert!(
        run.err
            .contains("there is no connector 31 in private-zz111111-1: `smarthop connector list`"),
        "{}",
        run.err
    );
    assert_eq!(api.changes(), 0);
    api.state().connectors.clear();
    assert_eq!(
        api.run(&["connector", "list"]).out,
        "private-zz111111-1 has no send connector.\n"
    );
}

#[test]
fn add_shows_then_makes_one_and_waits_for_it() {
    let api = Api::start("connector-add");
    let args = [
        "connector",
        "add",
        "--name",
        "relay",
        "--smart-host",
        "out.example.net",
        "--port",
        "465",
        "--require-tls",
        "true",
        "--max-size",
        "50",
        "--auth",
        "basicAuthRequireTLS",
        "--user",
        "relay@example.net",
    ];
    let run = api.run(&args);
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(
        run.out,
        format!(
            "In private-zz111111-1:\na new connector\n  \
             displayName             nothing -> relay\n  \
             maxSendSize             nothing -> 50\n  \
             port                    nothing -> 465\n  \
             requireTLS              nothing -> true\n  \
             smartHost               nothing -> out.example.net\n  \
             smartHostAuthMechanism  nothing -> basicAuthRequireTLS\n  \
             user                    nothing -> relay@example.net\n  \
             password                not shown -> will be asked for\n{NOTHING}"
        )
    );
    assert_eq!(api.changes(), 0, "nothing without --yes");

    let yes = [&args[..], &["--yes"]].concat();
    let run = api.run(&yes);
    assert_eq!(run.status, 2);
    assert!(
        run.err
            .contains("set SMARTHOP_CONNECTOR_PASSWORD, or give --password-file FILE"),
        "{}",
        run.err
    );
    assert_eq!(api.changes(), 0);

    let with_password = |api: &Api, args: &[&str]| {
        let mut command = api.command(args);
        command.env("SMARTHOP_CONNECTOR_PASSWORD", "pass\"word-geheim");
        ran(command.output().unwrap())
    };
    let run = with_password(&api, &yes);
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(
        run.out
            .contains("password                not shown -> that of SMARTHOP_CONNECTOR_PASSWORD\n"),
        "{}",
        run.out
    );
    assert!(
        run.out
            .ends_with("connector 30 (relay) was made (task 113924189).\n"),
        "{}",
        run.out
    );
    let body = json!({
        "displayName": "relay", "smartHost": "out.example.net", "port": 465, "requireTLS": true,
        "maxSendSize": 50, "smartHostAuthMechanism": "basicAuthRequireTLS",
        "user": "relay@example.net", "password": "pass\"word-geheim",
    });
    assert_eq!(api.sent("POST"), [("sendConnector".to_owned(), body)]);

    let run = with_password(&api, &yes);
    assert_eq!(run.status, 2);
    assert!(
        run.err.contains("connector 30 (relay) is there already"),
        "{}",
        run.err
    );
    assert_eq!(api.changes(), 1, "not twice");

    std::fs::write(
        api.folder().join("password"),
        "from-file-geheim\r\nsecond line\n",
    )
    .unwrap();
    let mut third = yes.clone();
    third[3] = "third";
    third.extend(["--password-file", "password"]);
    let run = api.run(&third);
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(api.sent("POST")[1].1["password"], "from-file-geheim");

    let run = api.run(&[
        "connector",
        "add",
        "--name",
        "open",
        "--smart-host",
        "192.0.2.25",
        "--yes",
    ]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(
        api.sent("POST")[2].1,
        json!({"displayName": "open", "smartHost": "192.0.2.25"})
    );

    let echo = json!({"class": "Client::BadRequest", "message": "no: pass\"word-geheim"});
    api.fault("POST /email/exchange", 0, 1, Fault::Status(400, echo));
    let mut fourth = yes;
    fourth[3] = "fourth";
    let run = with_password(&api, &fourth);
    assert!(
        run.err.contains("400 Client::BadRequest: no: …"),
        "{}",
        run.err
    );
}

#[test]
fn a_new_connector_is_never_asked_for_twice() {
    let api = Api::start("connector-add-once");
    let args = [
        "connector",
        "add",
        "--name",
        "x",
        "--smart-host",
        "out.example.net",
        "--yes",
    ];
    api.fault("POST /email/exchange", 0, 1, Fault::DoneAndLost);
    let run = api.run(&args);
    assert_eq!(run.status, 2);
    assert!(
        run.err.contains("whether it was done is not known"),
        "{}",
        run.err
    );
    assert_eq!(api.sent("POST").len(), 1);
    let trouble = json!({"message": "Internal server error"});
    api.fault("POST /email/exchange", 0, 1, Fault::Status(500, trouble));
    let run = api.run(&args);
    assert!(
        run.err.contains("500: Internal server error"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("whether it was done is not known"),
        "{}",
        run.err
    );
    let busy = json!({"class": "Client::TooManyRequests", "message": "slow"});
    api.fault("POST /email/exchange", 0, 2, Fault::Status(429, busy));
    let run = api.run(&args);
    assert_eq!(
        run.status, 0,
        "what was refused unread is asked for again: {}",
        run.err
    );
}

#[test]
fn how_a_task_ended_is_said() {
    let api = Api::start("connector-tasks");
    let args = [
        "connector",
        "add",
        "--name",
        "x",
        "--smart-host",
        "out.example.net",
        "--yes",
    ];
    for end in ["error", "cancelled"] {
        api.state().task_ends = Some(end);
        let run = api.run(&args);
        assert_eq!(run.status, 2);
        let says = format!("(addSendConnector) ended as `{end}`: the platform did not do it");
        assert!(run.err.contains(&says), "{}", run.err);
    }
    api.state().task_ends = None;
    api.state().task_takes = 1000;
    let run = api.run(&[&args[..], &["--wait", "1"]].concat());
    assert_eq!(run.status, 2);
    assert!(
        run.err
            .contains("(addSendConnector) is still `todo` after 1 s: it may yet be done"),
        "{}",
        run.err
    );
}

#[test]
fn on_other_offers_add_warns() {
    let api = Api::start("connector-offer");
    api.state()
        .service
        .insert("offer".to_owned(), json!("hosted"));
    let run = api.run(&[
        "connector",
        "add",
        "--name",
        "x",
        "--smart-host",
        "out.example.net",
    ]);
    assert!(
        run.out.contains(
            "note: the platform's guide reserves send connectors to Private and Trusted Exchange"
        ),
        "{}",
        run.out
    );
}

#[test]
fn set_writes_all_that_may_be_written() {
    let api = Api::start("connector-set");
    let args = [
        "connector",
        "set",
        "29",
        "--smart-host",
        "out.example.net",
        "--port",
        "25",
    ];
    let run = api.run(&args);
    assert_eq!(
        run.out,
        format!(
            "In private-zz111111-1:\nconnector 29 (testconnector)\n  \
             port       587 -> 25\n  smartHost  smtp-relay.example.com -> out.example.net\n{NOTHING}"
        )
    );
    assert_eq!(api.changes(), 0);
    let run = api.run(&[&args[..], &["--yes"]].concat());
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(
        run.out
            .ends_with("connector 29 (testconnector) was changed.\n"),
        "{}",
        run.out
    );
    let body = json!({
        "displayName": "testconnector", "dnsRouting": false, "maxSendSize": 100, "port": 25,
        "requireTLS": true, "smartHost": "out.example.net",
    });
    assert_eq!(api.sent("PUT"), [("sendConnector/29".to_owned(), body)]);
    assert_eq!(
        api.state().connectors[&29]["smartHost"],
        "out.example.net",
        "the task has ended"
    );

    let run = api.run(&[&args[..], &["--yes"]].concat());
    assert_eq!(
        (run.status, run.out.as_str()),
        (0, "Nothing to change: it is so already.\n")
    );
    assert_eq!(api.changes(), 1);
    let run = api.run(&["connector", "set", "29", "--yes"]);
    assert_eq!(run.status, 2);
    api.state().task_ends = Some("error");
    let run = api.run(&["connector", "set", "29", "--name", "y", "--yes"]);
    assert_eq!(run.status, 2);
    assert!(
        run.err.contains("(setSendConnector) ended as `error`"),
        "{}",
        run.err
    );
}

#[test]
fn authenticate() {
    let api = Api::start("connector-authenticate");
    let args = [
        "connector",
        "authenticate",
        "29",
        "--auth",
        "basicAuth",
        "--user",
        "u@example.com",
    ];
    let with_password = |args: &[&str]| {
        let mut command = api.command(args);
        command.env("SMARTHOP_CONNECTOR_PASSWORD", "p-geheim");
        ran(command.output().unwrap())
    };
    let run = with_password(&args);
    assert_eq!(
        run.out,
        format!(
            "In private-zz111111-1:\nconnector 29 (testconnector)\n  \
             smartHostAuthMechanism  basicAuthRequireTLS -> basicAuth\n  \
             user                    not shown -> u@example.com\n  \
             password                not shown -> that of SMARTHOP_CONNECTOR_PASSWORD\n{NOTHING}"
        )
    );
    assert_eq!(api.changes(), 0);
    let run = with_password(&[&args[..], &["--yes"]].concat());
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(
        run.out
            .contains("connector 29 (testconnector) authenticates anew (task 113924189)."),
        "{}",
        run.out
    );
    let run = api.run(&["connector", "authenticate", "29", "--auth", "none", "--yes"]);
    assert_eq!(run.status, 0, "{}", run.err);
    let place = "sendConnector/29/changeAuthentication".to_owned();
    let first = json!({"smartHostAuthMechanism": "basicAuth", "user": "u@example.com", "password": "p-geheim"});
    assert_eq!(
        api.sent("POST"),
        [
            (place.clone(), first),
            (place, json!({"smartHostAuthMechanism": "none"}))
        ]
    );
    let run = api.run(&["connector", "authenticate", "29", "--auth", "basicAuth"]);
    assert!(
        run.err.contains("authentication needs --user USER"),
        "{}",
        run.err
    );
    let run = api.run(&[
        "connector",
        "authenticate",
        "29",
        "--auth",
        "none",
        "--user",
        "x",
    ]);
    assert_eq!(run.status, 2);
}

#[test]
fn bind_and_unbind_read_modify_and_write() {
    let api = Api::start("connector-bind");
    let args = [
        "connector",
        "bind",
        "Contact@mydomain.ovh",
        "a+b@mydomain.ovh",
        "newsletter@mydomain.ovh",
        "29",
    ];
    let run = api.run(&args);
    assert_eq!(
        run.out,
        format!(
            "In private-zz111111-1:\naccount contact@mydomain.ovh\n  \
             sendConnectorId                        0 -> 29\n  \
             spamAndVirusConfiguration.deleteVirus  false -> true\n\
             account a+b@mydomain.ovh\n  \
             sendConnectorId                        nothing -> 29\n  \
             spamAndVirusConfiguration.deleteVirus  false -> true\n{NOTHING}"
        ),
        "{}",
        run.err
    );
    assert_eq!(api.changes(), 0);
    let run = api.run(&[&args[..], &["--yes"]].concat());
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(
        run.out.ends_with("account contact@mydomain.ovh: bound to connector 29 (testconnector)\naccount a+b@mydomain.ovh: bound to connector 29 (testconnector)\n"),
        "{}",
        run.out
    );
    assert_eq!(
        api.sent("PUT"),
        [
            (
                "account/contact%40mydomain.ovh".to_owned(),
                account_body("contact@mydomain.ovh", 29)
            ),
            (
                "account/a%2Bb%40mydomain.ovh".to_owned(),
                account_body("a+b@mydomain.ovh", 29)
            ),
        ]
    );
    assert_eq!(
        api.state().accounts["a+b@mydomain.ovh"]["sendConnectorId"],
        29
    );

    let run = api.run(&["connector", "unbind", "newsletter@mydomain.ovh", "--yes"]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(
        run.out
            .ends_with("account newsletter@mydomain.ovh: bound to the Exchange outgoing server\n"),
        "{}",
        run.out
    );
    let last = api.sent("PUT").pop().unwrap();
    assert_eq!(
        last,
        (
            "account/newsletter%40mydomain.ovh".to_owned(),
            account_body("newsletter@mydomain.ovh", 0)
        )
    );

    let changes = api.changes();
    for (args, says) in [
        (
            &["bind", "nobody@mydomain.ovh", "contact@mydomain.ovh", "29"][..],
            "has no account nobody@mydomain.ovh",
        ),
        (
            &["bind", "contact@mydomain.ovh", "31"],
            "there is no connector 31",
        ),
        (
            &["bind", "contact@mydomain.ovh", "0"],
            "accounts go there by `unbind`",
        ),
        (&["bind", "contact@mydomain.ovh"], "ID"),
        (
            &["bind", "29", "contact@mydomain.ovh"],
            "give an account's address",
        ),
    ] {
        let run = api.run(&[&["connector"], args, &["--yes"]].concat());
        assert_eq!(run.status, 2, "{args:?}");
        assert!(run.err.contains(says), "{args:?}: {}", run.err);
    }
    assert_eq!(api.changes(), changes);
}

#[test]
fn a_relay_beside_a_connector_is_said() {
    let api = Api::start("connector-relay");
    let relay = json!("relay.example.net");
    let mut row = account("contact@mydomain.ovh", json!(0));
    row.insert("sbrDestination".to_owned(), relay.clone());
    api.state()
        .accounts
        .insert("contact@mydomain.ovh".to_owned(), row);
    let args = ["connector", "bind", "contact@mydomain.ovh", "29", "--yes"];
    let run = api.run(&args);
    assert!(
        run.out
            .contains("note: its sbrDestination `relay.example.net` stays beside it"),
        "{}",
        run.out
    );
    assert_eq!(
        api.sent("PUT")[0].1["sbrDestination"],
        relay,
        "what is not asked for stays"
    );
}

#[test]
fn a_bind_that_fails_half_way_says_what_was_done_and_goes_on_when_run_again() {
    let api = Api::start("connector-partial");
    let addresses: Vec<String> = (1..=4).map(|n| format!("n{n}@mydomain.ovh")).collect();
    for address in &addresses {
        let row = account(address, json!(0));
        api.state().accounts.insert(address.clone(), row);
    }
    let mut args = vec!["connector", "bind"];
    args.extend(addresses.iter().map(String::as_str));
    args.extend(["29", "--yes"]);
    let place = "PUT /email/exchange/private-zz111111-1/service/private-zz111111-1/account/n";
    // One account's own trouble does not hold up the others; trouble of all does.
    let busy = json!({"class": "Client::Conflict", "message": "A task is pending"});
    api.fault(&format!("{place}1"), 0, 1, Fault::Status(409, busy));
    let denied =
        json!({"errorCode": "NOT_GRANTED_CALL", "message": "This call has not been granted"});
    api.fault(&format!("{place}3"), 0, 1, Fault::Status(403, denied));
    let run = api.run(&args);
    assert_eq!(run.status, 2);
    assert!(
        run.out
            .ends_with("account n2@mydomain.ovh: bound to connector 29 (testconnector)\n"),
        "{}",
        run.out
    );
    let error = told(&run);
    for says in [
        "account n1@mydomain.ovh: PUT ",
        "409 Client::Conflict: A task is pending",
        "wait until that has ended",
        "account n3@mydomain.ovh: PUT ",
        "403 NOT_GRANTED_CALL",
        "it needs GET /email/exchange/*, POST /email/exchange/*, PUT /email/exchange/*, DELETE /email/exchange/*",
        "not begun: n4@mydomain.ovh",
        "the same command, given again, does what is left",
    ] {
        assert!(error.contains(says), "no {says:?} in {error}");
    }
    let run = api.run(&args);
    assert_eq!(run.status, 0, "{}", run.err);
    let mut bound: Vec<String> = api.sent("PUT").into_iter().map(|(path, _)| path).collect();
    bound.sort();
    bound.dedup();
    assert_eq!(bound.len(), 4);
    assert_eq!(
        api.sent("PUT").len(),
        4,
        "the one that was done is not done again"
    );
    assert!(
        api.state()
            .accounts
            .iter()
            .filter(|(a, _)| a.starts_with('n') && a.len() == 15)
            .all(|(_, a)| a["sendConnectorId"] == 29)
    );

    // The platform takes the call and fails at it.
    api.state().task_ends = Some("error");
    let run = api.run(&["connector", "unbind", "n1@mydomain.ovh", "--yes"]);
    assert_eq!(run.status, 2);
    assert!(
        run.err.contains("account n1@mydomain.ovh: task ")
            && run.err.contains("(setAccount) ended as `error`"),
        "{}",
        run.err
    );
}

#[test]
fn default_of_a_domain() {
    let api = Api::start("connector-default");
    let run = api.run(&["connector", "default", "mydomain.ovh", "29"]);
    assert_eq!(
        run.out,
        format!(
            "In private-zz111111-1:\ndomain mydomain.ovh\n  sendConnectorIdDefault  0 -> 29\n{NOTHING}"
        )
    );
    assert_eq!(api.changes(), 0);
    let run = api.run(&["connector", "default", "mydomain.ovh", "29", "--yes"]);
    assert!(
        run.out.ends_with(
            "domain mydomain.ovh: new accounts start with connector 29 (testconnector)\n"
        ),
        "{} {}",
        run.out,
        run.err
    );
    let run = api.run(&["connector", "default", "mydomain.ovh", "0", "--yes"]);
    assert!(
        run.out.ends_with(
            "domain mydomain.ovh: new accounts start with the Exchange outgoing server\n"
        ),
        "{} {}",
        run.out,
        run.err
    );
    let place = "domain/mydomain.ovh/changeDefaultSBR".to_owned();
    assert_eq!(
        api.sent("PUT"),
        [
            (place.clone(), json!({"sendConnectorIdDefault": 29})),
            (place, json!({"sendConnectorIdDefault": 0})),
        ]
    );
    let run = api.run(&["connector", "default", "mydomain.ovh", "31", "--yes"]);
    assert!(run.err.contains("there is no connector 31"), "{}", run.err);
    let run = api.run(&["connector", "default", "other.example", "29", "--yes"]);
    assert!(
        run.err
            .contains("has no domain other.example: there are mydomain.ovh"),
        "{}",
        run.err
    );
    assert_eq!(api.changes(), 2);
}

#[test]
fn remove_refuses_while_it_is_used_unless_told_where_to() {
    let api = Api::start("connector-remove");
    let second = connector(30, "second", json!("out.example.net"));
    api.state().connectors.insert(30, second);
    let used = api
        .state()
        .domains
        .get_mut("mydomain.ovh")
        .map(|domain| domain.insert("sendConnectorIdDefault".to_owned(), json!(29)));
    assert!(used.is_some());
    let run = api.run(&["connector", "remove", "29", "--yes"]);
    assert_eq!(run.status, 2);
    assert!(
        run.err.contains("connector 29 (testconnector) is used by newsletter@mydomain.ovh, the default of mydomain.ovh: say where they go with --move-to ID"),
        "{}",
        run.err
    );
    for to in ["29", "31"] {
        let run = api.run(&["connector", "remove", "29", "--move-to", to, "--yes"]);
        assert_eq!(run.status, 2, "{to}");
    }
    let run = api.run(&["connector", "remove", "29", "--move-to", "30"]);
    assert_eq!(
        run.out,
        format!(
            "In private-zz111111-1:\naccount newsletter@mydomain.ovh\n  \
             sendConnectorId                        29 -> 30\n  \
             spamAndVirusConfiguration.deleteVirus  false -> true\n\
             domain mydomain.ovh\n  sendConnectorIdDefault  29 -> 30\n\
             connector 29 (testconnector)\n  all of it  there -> removed\n{NOTHING}"
        )
    );
    assert_eq!(api.changes(), 0);

    // An account that does not leave keeps the connector.
    let busy = json!({"class": "Client::Conflict", "message": "A task is pending"});
    api.fault(
        "PUT /email/exchange/private-zz111111-1/service/private-zz111111-1/account/",
        0,
        1,
        Fault::Status(409, busy),
    );
    let run = api.run(&["connector", "remove", "29", "--move-to", "30", "--yes"]);
    assert_eq!(run.status, 2);
    assert!(
        run.err
            .contains("was not removed: not all accounts have left it"),
        "{}",
        run.err
    );
    assert!(api.sent("DELETE").is_empty());

    let run = api.run(&["connector", "remove", "29", "--move-to", "30", "--yes"]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(
        run.out
            .contains("connector 29 (testconnector) was removed (task "),
        "{}",
        run.out
    );
    assert_eq!(
        api.sent("DELETE"),
        [("sendConnector/29".to_owned(), Value::Null)]
    );
    assert_eq!(
        api.sent("PUT"),
        [
            (
                "account/newsletter%40mydomain.ovh".to_owned(),
                account_body("newsletter@mydomain.ovh", 30)
            ),
            (
                "domain/mydomain.ovh/changeDefaultSBR".to_owned(),
                json!({"sendConnectorIdDefault": 30})
            ),
        ]
    );
    // Nobody uses it: no question.
    let third = connector(40, "third", json!("out.example.org"));
    api.state().connectors.insert(40, third);
    let run = api.run(&["connector", "remove", "40", "--yes"]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(!api.state().connectors.contains_key(&40));
    api.state().task_ends = Some("error");
    let run = api.run(&["connector", "remove", "30", "--move-to", "0", "--yes"]);
    assert_eq!(run.status, 2);
    assert!(api.state().connectors.contains_key(&30));
}

#[test]
fn the_service_is_chosen() {
    let api = Api::start("connector-service");
    let more = ("hosted-ab1-1".to_owned(), "hosted-ab1-1".to_owned());
    api.state().services.push(more);
    let run = api.run(&["connector", "list"]);
    assert_eq!(run.status, 2);
    assert!(
        run.err
            .contains("name one of\n  hosted-ab1-1\n  private-zz111111-1"),
        "{}",
        run.err
    );
    let run = api.run(&["connector", "list", "--service", "private-zz111111-1"]);
    assert_eq!(run.status, 0, "{}", run.err);
}
