//! `smarthop probe init`: a `probe.toml` to fill in, from a policy.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use smarthop::policy::{Policy, Route};

use super::config::FILL_IN;

/// How many further senders are named.
const OTHERS: usize = 20;

/// A file whose policy is `policy`, read from `path`: a sender for each way that it knows.
pub(super) fn file(policy: &Policy, path: &Path) -> String {
    let mut ways: BTreeMap<Option<u64>, Vec<&str>> = BTreeMap::new();
    for address in policy.accounts.keys() {
        let way = match policy.expectation_for(address, &[]).route() {
            Some(Route::Connector(connector)) => connector.id,
            Some(Route::Exchange) => None,
            // Nothing is expected of it, so a probe of it would tell nothing.
            None => continue,
        };
        ways.entry(way).or_default().push(address);
    }
    let mut text = format!(
        "\
# Who sends and who receives, for `smarthop probe`. Passwords do not stand here.

# What is expected of which sender.
policy = {policy}

# How long a mail may take, and from when on it is slow (`--format nagios`).
wait = \"5m\"
slow = \"1m\"

# What the token stands behind in each Subject.
subject = \"smarthop probe\"

# One sender for each way that the policy knows.
",
        policy = quoted(&path.to_string_lossy())
    );
    for (way, addresses) in &ways {
        let Some((first, others)) = addresses.split_first() else {
            continue;
        };
        let way = way.and_then(|id| policy.connector(id)).map_or_else(
            || "the Exchange outgoing server".to_owned(),
            ToString::to_string,
        );
        let way = one_line(&way);
        let _ = write!(text, "\n# Through {way}.\n{}", sender(first));
        if !others.is_empty() {
            let named: Vec<_> = others
                .iter()
                .take(OTHERS)
                .map(|one| one_line(one))
                .collect();
            let more = match others.len() > OTHERS {
                true => " …",
                false => "",
            };
            let _ = writeln!(text, "# The same way: {}{more}", named.join(", "));
        }
    }
    if ways.is_empty() {
        let _ = write!(
            text,
            "\n# The policy names no account.\n{}",
            sender(&format!("{FILL_IN}@example.com"))
        );
    }
    let _ = write!(
        text,
        "
# A mailbox outside of the senders' domains; it is only looked at.
[[recipient]]
address = \"{FILL_IN}@example.org\"
mailbox = \"imaps://{FILL_IN}/INBOX\"        # or pop3s://HOST, or the path of a Maildir
password-env = \"SMARTHOP_RECIPIENT_PASSWORD\"
# junk = [\"Junk\"]                         # in place of the folders that the server calls so

# Without pairs, each sender sends to each recipient. Several recipients of one mail are a list.
# [[pair]]
# sender = \"newsletter@example.com\"
# recipient = [\"john@example.org\", \"mary@example.org\"]
"
    );
    text
}

fn sender(address: &str) -> String {
    format!(
        "\
[[sender]]
address = {}
smtp = \"smtp://{FILL_IN}:587\"             # STARTTLS is required; smtps://HOST for port 465
# user = \"…\"                              # where it is not the address
password-env = \"SMARTHOP_SENDER_PASSWORD\" # or password-file, password-command, token-command
# tls = \"none\"                            # only where the way to the server is safe
# ca-file = \"ca.pem\"                      # in place of the system's certificates
",
        quoted(address)
    )
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// For a comment.
fn one_line(text: &str) -> String {
    smarthop::report::printable(text).into_owned()
}
