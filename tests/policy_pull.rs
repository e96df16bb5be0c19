//! `smarthop policy pull` against a stand-in for the OVHcloud API.
#![cfg(feature = "api")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod ovh_api;

use ovh_api::{Api, Fault, SERVICE, account, connector, ran, told};
use serde_json::json;

const PULLED: &str = r#"# The state of private-zz111111-1, by `smarthop policy pull`.
[platform]
name = "ovhcloud"
exchange-hosts = ["198.51.100.7", "2001:db8::7"]

[[connector]]
id = 29
name = "testconnector"
smart-host = "smtp-relay.example.com"
require-tls = true

[[account]]
address = "a+b@mydomain.ovh"
connector = 0

[[account]]
address = "contact@mydomain.ovh"
connector = 0

[[account]]
address = "news@mydomain.ovh"
connector = 29

[[account]]
address = "newsletter@mydomain.ovh"
connector = 29

[[domain]]
name = "mydomain.ovh"
default-connector = 0
"#;

/// With an alias.
fn service(name: &str) -> Api {
    let api = Api::start(name);
    let alias = vec!["News@mydomain.ovh".to_owned()];
    let owner = "newsletter@mydomain.ovh".to_owned();
    api.state().aliases.insert(owner, alias);
    api
}

#[test]
fn a_service_becomes_a_policy_and_its_file_differs_in_nothing() {
    let api = service("pull");
    let run = api.run(&["policy", "pull"]);
    assert_eq!((run.status, told(&run).as_str()), (0, ""));
    assert_eq!(run.out, PULLED);
    assert_eq!(api.state().times, 1, "the clock is asked once");
    assert_eq!(api.changes(), 0);
    let aliases = api.sent("GET");
    let asked: Vec<_> = aliases
        .iter()
        .filter(|(path, _)| path.ends_with("/alias"))
        .collect();
    assert_eq!(
        asked.len(),
        1,
        "only accounts with aliases are asked for them"
    );

    std::fs::write(api.folder().join("routing.toml"), &run.out).unwrap();
    let check = || api.run(&["policy", "pull", SERVICE, "--check", "routing.toml"]);
    let run = check();
    assert_eq!((run.status, run.out.as_str()), (0, ""), "{}", run.err);

    let moved = account("contact@mydomain.ovh", json!(29));
    api.state()
        .accounts
        .insert("contact@mydomain.ovh".to_owned(), moved);
    let second = connector(30, "se\u{202e}cond", json!("out.example.net"));
    api.state().connectors.insert(30, second);
    let run = check();
    assert_eq!(run.status, 1);
    assert_eq!(
        run.out,
        "connector 30: only at the platform (se\\u{202e}cond, out.example.net, TLS required)\n\
         account contact@mydomain.ovh: the file says connector 0; the platform says connector 29\n"
    );
    let run = api.run(&["policy", "pull", "--check", "nowhere.toml"]);
    assert_eq!(run.status, 2, "a file that is not there is no difference");
}

#[test]
fn what_is_undecided_is_pulled_as_that() {
    let api = service("pull-undecided");
    {
        let mut state = api.state();
        let relay = json!("relay.example.net");
        let row = state.accounts.get_mut("contact@mydomain.ovh").unwrap();
        row.insert("sbrDestination".to_owned(), relay);
        let direct = connector(30, "direct", json!(null));
        state.connectors.insert(30, direct);
        let direct = state.connectors.get_mut(&30).unwrap();
        direct.insert("dnsRouting".to_owned(), json!(true));
        let bound = state.accounts.get_mut("a+b@mydomain.ovh").unwrap();
        bound.insert("sendConnectorId".to_owned(), json!(30));
        let smart_host = json!("out.example.org");
        state
            .service
            .insert("defaultSmartHost".to_owned(), smart_host);
    }
    let run = api.run(&["policy", "pull"]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(
        run.out.matches("connector = \"undecided\"").count(),
        3,
        "{}",
        run.out
    );
    assert!(run.out.contains(
        "default-connector = \"undecided\"\nbecause = \"the service has the defaultSmartHost"
    ));
    std::fs::write(api.folder().join("p.toml"), &run.out).unwrap();
    let run = api.run(&["policy", "pull", "--check", "p.toml"]);
    assert_eq!((run.status, run.out.as_str()), (0, ""));
}

#[test]
fn keys_tokens_and_files_are_found_as_the_platforms_own_clients_find_them() {
    let api = service("pull-credentials");
    let endpoint = api.endpoint();
    let conf = format!(
        "[default]\nendpoint={endpoint}\n[{endpoint}]\napplication_key=ak\napplication_secret=as-geheim\nconsumer_key=wrong-geheim\n"
    );
    std::fs::write(api.folder().join(".ovh.conf"), conf).unwrap();
    let near = format!("[{endpoint}]\nconsumer_key = ck-geheim\n");
    std::fs::write(api.folder().join("ovh.conf"), near).unwrap();
    let run = ran(api.bare(&["policy", "pull"]).output().unwrap());
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(run.out, PULLED);

    let api = service("pull-oauth2");
    let with_secret = |secret: &str| {
        let mut command = api.bare(&["policy", "pull"]);
        command
            .env("OVH_ENDPOINT", api.endpoint())
            .env("OVH_CLIENT_ID", "cid")
            .env("OVH_CLIENT_SECRET", secret);
        ran(command.output().unwrap())
    };
    let run = with_secret("cs-geheim");
    assert_eq!((run.status, run.out.as_str()), (0, PULLED), "{}", run.err);
    assert_eq!(api.state().tokens, 1, "a token is asked for once");
    let run = with_secret("other-geheim");
    assert_eq!(run.status, 2);
    assert!(run.err.contains("400 invalid_client"), "{}", run.err);
    assert!(
        run.err
            .contains("check OVH_CLIENT_ID and OVH_CLIENT_SECRET"),
        "{}",
        run.err
    );
    let bearer = |token: &str| {
        let mut command = api.bare(&["policy", "pull"]);
        command
            .env("OVH_ENDPOINT", api.endpoint())
            .env("OVH_ACCESS_TOKEN", token);
        ran(command.output().unwrap())
    };
    assert_eq!(bearer("token-geheim").out, PULLED);
    let run = bearer("old-geheim");
    assert!(run.err.contains("401 Client::Unauthorized"), "{}", run.err);

    let run = ran(api.bare(&["policy", "pull"]).output().unwrap());
    assert_eq!(run.status, 2);
    assert!(run.err.contains("no credentials for ovh-eu"), "{}", run.err);
}

#[test]
fn an_expired_token_is_renewed_and_a_clock_that_ran_away_asked_again() {
    let api = service("pull-renewed");
    let expired = json!({"class": "Client::Unauthorized", "message": "expired"});
    api.fault(
        "GET /email/exchange/private",
        3,
        1,
        Fault::Status(401, expired),
    );
    let mut command = api.bare(&["policy", "pull"]);
    command
        .env("OVH_ENDPOINT", api.endpoint())
        .env("OVH_CLIENT_ID", "cid")
        .env("OVH_CLIENT_SECRET", "cs-geheim");
    let run = ran(command.output().unwrap());
    assert_eq!((run.status, run.out.as_str()), (0, PULLED), "{}", run.err);
    assert_eq!(api.state().tokens, 2);

    let late = json!({"errorCode": "QUERY_TIME_OUT", "message": "Query out of time"});
    api.fault(
        "GET /email/exchange/private",
        3,
        1,
        Fault::Status(400, late),
    );
    let run = api.run(&["policy", "pull"]);
    assert_eq!((run.status, run.out.as_str()), (0, PULLED), "{}", run.err);
    assert_eq!(api.state().times, 2);
}

#[test]
fn errors_are_shown_with_class_query_and_what_to_do() {
    for (status, body, says) in [
        (
            403,
            json!({"errorCode": "NOT_GRANTED_CALL", "httpCode": "403 Forbidden", "message": "This call has not been granted"}),
            &[
                "403 NOT_GRANTED_CALL: This call has not been granted (query EU.ext-1.query)",
                "it needs GET /email/exchange/*, and GET /email/exchange",
            ][..],
        ),
        (
            403,
            json!({"class": "Client::Forbidden", "message": "User not granted for this request", "details": {"unauthorizedActionsByAuthentication": [], "unauthorizedActionsByIAM": ["emailExchange:apiovh:service/account/get"]}}),
            &[
                "403 Client::Forbidden: User not granted",
                "an IAM policy must allow this account emailExchange:apiovh:service/account/get",
            ],
        ),
        (
            404,
            json!({"class": "Client::NotFound", "message": "gone"}),
            &["404 Client::NotFound: gone", "it does not exist"],
        ),
        (
            460,
            json!({"class": "Client::ServiceExpired", "message": "expired"}),
            &["460 Client::ServiceExpired", "the service has expired"],
        ),
    ] {
        let api = service("pull-errors");
        api.fault(
            "GET /email/exchange/private-zz111111-1/service/private-zz111111-1/account",
            0,
            99,
            Fault::Status(status, body),
        );
        let run = api.run(&["policy", "pull"]);
        assert_eq!((run.status, run.out.as_str()), (2, ""));
        assert!(
            run.err.contains(
                "GET /email/exchange/private-zz111111-1/service/private-zz111111-1/account: "
            ),
            "{}",
            run.err
        );
        for part in says {
            assert!(run.err.contains(part), "no {part:?} in {}", run.err);
        }
    }
    let api = service("pull-secrets");
    for (variable, value, says) in [
        (
            "OVH_APPLICATION_KEY",
            "other",
            &[
                "403 Client::Forbidden INVALID_KEY",
                "check OVH_APPLICATION_KEY",
            ][..],
        ),
        (
            "OVH_APPLICATION_SECRET",
            "other-geheim",
            &[
                "400 Client::BadRequest INVALID_SIGNATURE",
                "does not belong to the application key",
            ],
        ),
        (
            "OVH_CONSUMER_KEY",
            "other-geheim",
            &[
                "403 Client::Forbidden NOT_CREDENTIAL",
                "expired (by default after a day)",
            ],
        ),
    ] {
        let output = api
            .command(&["policy", "pull"])
            .env(variable, value)
            .output()
            .unwrap();
        let (status, text) = (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        );
        assert_eq!(status, Some(2));
        for part in says {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
        assert!(!text.contains("other-geheim"), "{text}");
    }
}

#[test]
fn the_servers_own_words_show_no_secret_and_reach_no_terminal() {
    let api = service("pull-echo");
    let echo =
        json!({"class": "Client::BadRequest", "message": "\u{1b}[31mbad as-geheim, ck-geheim"});
    api.fault(
        "GET /email/exchange/private",
        0,
        1,
        Fault::Status(400, echo),
    );
    // `run` looks for the secrets.
    let run = api.run(&["policy", "pull"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("\\u{1b}[31mbad …, …"), "{}", run.err);
}

#[test]
fn what_passes_is_waited_for() {
    let api = service("pull-again");
    let busy = json!({"class": "Client::TooManyRequests", "message": "slow down"});
    api.fault(
        "GET /email/exchange/private-zz111111-1/service/private-zz111111-1/account/",
        1,
        3,
        Fault::Status(429, busy),
    );
    let trouble = json!({"message": "Internal server error"});
    api.fault(
        "GET /email/exchange/private-zz111111-1/service/private-zz111111-1/domain",
        0,
        1,
        Fault::Status(503, trouble),
    );
    // In the middle of a list, and of an account.
    api.fault(
        "GET /email/exchange/private-zz111111-1/service/private-zz111111-1/account",
        0,
        1,
        Fault::Lost,
    );
    api.fault(
        "GET /email/exchange/private-zz111111-1/service/private-zz111111-1/account/",
        2,
        1,
        Fault::Lost,
    );
    api.fault("GET /auth/time", 0, 1, Fault::Lost);
    let run = api.run(&["policy", "pull"]);
    assert_eq!((run.status, run.out.as_str()), (0, PULLED), "{}", run.err);
    assert!(
        api.state()
            .faults
            .iter()
            .all(|(_, _, times, _)| *times == 0)
    );
}

#[test]
fn what_does_not_pass_leaves_no_half_policy() {
    let api = service("pull-lost");
    let busy = json!({"class": "Client::TooManyRequests", "message": "slow down"});
    api.fault(
        "GET /email/exchange/private-zz111111-1/service/private-zz111111-1/account/newsletter",
        0,
        99,
        Fault::Status(429, busy),
    );
    let run = api.run(&["policy", "pull"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(
        run.err.contains("429 Client::TooManyRequests"),
        "{}",
        run.err
    );
    assert!(run.err.contains("wait some minutes"), "{}", run.err);

    // Listed and not there.
    let api = service("pull-missing");
    let gone = json!({"class": "Client::NotFound", "message": "no"});
    api.fault(
        "GET /email/exchange/private-zz111111-1/service/private-zz111111-1/account/contact",
        0,
        99,
        Fault::Status(404, gone),
    );
    let run = api.run(&["policy", "pull"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""), "{}", run.err);

    let nobody = Api::start("pull-nobody");
    nobody.state().services.clear();
    let run = nobody.run(&["policy", "pull"]);
    assert_eq!(run.status, 2);
    assert!(
        run.err
            .contains("these credentials see no Exchange service"),
        "{}",
        run.err
    );
}

#[test]
fn of_several_services_one_is_chosen() {
    let api = service("pull-services");
    let more = [("organization", "hosted-ab1-1"), ("organization", SERVICE)];
    let more = more.map(|(o, s)| (o.to_owned(), s.to_owned()));
    api.state().services.extend(more);
    let listed =
        "\n  organization/hosted-ab1-1\n  organization/private-zz111111-1\n  private-zz111111-1";
    let run = api.run(&["policy", "pull"]);
    assert_eq!(run.status, 2);
    assert!(
        run.err
            .contains(&format!("there are several services: name one of{listed}")),
        "{}",
        run.err
    );
    let run = api.run(&["policy", "pull", "private-zz111111-1"]);
    assert!(
        run.err.contains(&format!(
            "several services are called \"private-zz111111-1\": name one of{listed}"
        )),
        "{}",
        run.err
    );
    let run = api.run(&["policy", "pull", "private-zz111111-1/private-zz111111-1"]);
    assert_eq!((run.status, run.out.as_str()), (0, PULLED), "{}", run.err);
    let run = api.run(&["policy", "pull", "hosted-ab1-1"]);
    assert!(
        run.out
            .starts_with("# The state of organization/hosted-ab1-1,"),
        "{} {}",
        run.out,
        run.err
    );
    let run = api.run(&["policy", "pull", "nothing"]);
    assert!(
        run.err.contains(&format!(
            "no service is called \"nothing\": there are{listed}"
        )),
        "{}",
        run.err
    );
}

#[test]
fn a_thousand_accounts() {
    let api = service("pull-thousand");
    for number in 0..1000 {
        let address = format!("a{number:04}@mydomain.ovh");
        let row = account(&address, json!(29));
        api.state().accounts.insert(address, row);
    }
    let run = api.run(&["policy", "pull"]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(run.out.matches("[[account]]").count(), 1004);
}

#[test]
fn a_service_on_shared_servers_has_none_of_its_own() {
    let api = service("pull-hosted");
    api.state().server.clear();
    let run = api.run(&["policy", "pull"]);
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(
        run.out,
        PULLED.replace("exchange-hosts = [\"198.51.100.7\", \"2001:db8::7\"]\n", "")
    );
}
