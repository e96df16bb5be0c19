//! The domains whose senders a policy lists: the user's own. Gathered once, when they are first
//! asked for; each message asks for several names. Knows nothing of messages.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::Policy;
use crate::host;

/// The own domains, once they were asked for. A copy of a policy may get other rows: it begins
/// without them; and two policies with the same rows are the same.
#[derive(Debug, Default)]
pub(super) struct Own(OnceLock<Domains>);

impl Clone for Own {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Own {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Debug)]
struct Domains {
    /// In lower case.
    names: BTreeSet<String>,
    /// The registrable domains of those that have one, in lower case.
    organisations: BTreeSet<String>,
}

impl Policy {
    fn own(&self) -> &Domains {
        self.own.0.get_or_init(|| {
            let names: BTreeSet<String> = self.sender_domains().map(str::to_owned).collect();
            let organisations = names
                .iter()
                .filter_map(|name| host::organisation(name))
                .map(str::to_owned)
                .collect();
            Domains {
                names,
                organisations,
            }
        })
    }

    /// Whether the policy lists senders at all.
    pub(crate) fn has_own_domains(&self) -> bool {
        !self.own().names.is_empty()
    }

    /// Whether a domain is one of the user's own, to the letter.
    pub(crate) fn is_own_domain(&self, domain: &str) -> bool {
        self.own()
            .names
            .contains(&*lower(host::without_root(domain)))
    }

    /// Whether an organisation is one of the user's own; of a name that has none, the name is.
    pub(crate) fn is_own_organisation(&self, domain: &str) -> bool {
        match host::organisation(domain) {
            Some(organisation) => self.own().organisations.contains(&*lower(organisation)),
            None => self.is_own_domain(domain),
        }
    }
}

/// Names come in lower case mostly, and each message asks for several.
fn lower(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names_and_organisations() {
        let text = "[[connector]]\nid = 1\nsmart-host = \"relay.example.net\"\n\
                    [[account]]\naddress = \"a@News.Example.com\"\nconnector = 1\n\
                    [[domain]]\nname = \"contoso.local.example\"\ndefault-connector = 0\n";
        let policy = Policy::read(text.as_bytes(), "policy.toml").expect(text);
        assert!(policy.has_own_domains());
        for (domain, own, organisation) in [
            ("news.example.com", true, true),
            ("NEWS.example.com.", true, true),
            ("Example.COM", false, true),
            ("other.example.com", false, true),
            ("contoso.local.example", true, true),
            ("local.example", false, true),
            ("example.net", false, false),
            ("com", false, false),
            ("localhost", false, false),
            ("", false, false),
        ] {
            assert_eq!(policy.is_own_domain(domain), own, "{domain}");
            assert_eq!(policy.is_own_organisation(domain), organisation, "{domain}");
        }
        assert!(!Policy::default().has_own_domains());
    }

    #[test]
    fn a_copy_with_other_rows_has_other_domains() {
        let mut policy = Policy::default();
        assert!(!policy.is_own_domain("example.com"));
        let mut copy = policy.clone();
        copy.domains.insert(
            "example.com".to_owned(),
            super::super::Domain {
                name: "example.com".to_owned(),
                default_connector: super::super::Binding::Connector(0),
            },
        );
        assert!(copy.is_own_domain("example.com"));
        assert_ne!(policy, copy);
        policy.domains = copy.domains.clone();
        assert_eq!(policy.clone(), copy);
    }
}
