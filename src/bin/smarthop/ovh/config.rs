//! The credentials for the OVHcloud API, as OVHcloud's own clients (python-ovh, go-ovh, php-ovh,
//! terraform) find them, so that what is set up for one of them serves here too:
//!
//! 1. `OVH_ENDPOINT`, `OVH_APPLICATION_KEY`, `OVH_APPLICATION_SECRET`, `OVH_CONSUMER_KEY`,
//!    `OVH_CLIENT_ID`, `OVH_CLIENT_SECRET`, `OVH_ACCESS_TOKEN`; an empty one is none.
//! 2. `./ovh.conf`, `~/.ovh.conf`, `/etc/ovh.conf`: for each key the nearest file that has it.
//!    `[default]` holds `endpoint`, the section of that name (`[ovh-eu]`) the rest.
//!
//! The endpoint is a name (`ovh-eu`) or a URL, which then is the section's name, too. Not
//! supported: values that go on in a further line. Knows nothing of requests.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The endpoints by name, and where their OAuth2 tokens are had (go-ovh's and python-ovh's
/// tables; those of other brands have none).
const ENDPOINTS: &[(&str, &str, Option<&str>)] = &[
    (
        "ovh-eu",
        "https://eu.api.ovh.com/1.0",
        Some("https://www.ovh.com/auth/oauth2/token"),
    ),
    (
        "ovh-ca",
        "https://ca.api.ovh.com/1.0",
        Some("https://ca.ovh.com/auth/oauth2/token"),
    ),
    (
        "ovh-us",
        "https://api.us.ovhcloud.com/1.0",
        Some("https://us.ovhcloud.com/auth/oauth2/token"),
    ),
    ("kimsufi-eu", "https://eu.api.kimsufi.com/1.0", None),
    ("kimsufi-ca", "https://ca.api.kimsufi.com/1.0", None),
    ("soyoustart-eu", "https://eu.api.soyoustart.com/1.0", None),
    ("soyoustart-ca", "https://ca.api.soyoustart.com/1.0", None),
];

/// go-ovh's, where nothing names one.
const DEFAULT_ENDPOINT: &str = "ovh-eu";

/// Of a file that holds a few keys.
const FILE_MAX: u64 = 1 << 20;

/// Text that no message shows.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the request that needs it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// By what requests are authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// Signed: an application, and a customer who granted it calls.
    Signed {
        application: String,
        secret: Secret,
        consumer: Secret,
    },
    /// OAuth2 client credentials (RFC 6749 4.4) of a service account.
    Client {
        id: String,
        secret: Secret,
        token_url: String,
    },
    /// A token that is at hand.
    Token(Secret),
}

/// Whom to call, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Access {
    /// Without a slash at the end.
    pub(crate) endpoint: String,
    /// The endpoint is none of OVHcloud's that are known.
    pub(crate) foreign: bool,
    pub(crate) credentials: Credentials,
}

/// Where settings come from.
pub(crate) struct Settings {
    environment: fn(&str) -> Option<String>,
    /// Nearest first.
    files: Vec<Ini>,
}

impl Settings {
    /// The environment's and the three files'.
    pub(crate) fn read() -> Result<Self, String> {
        let home = std::env::home_dir().map(|home| home.join(".ovh.conf"));
        let places = [
            Some(PathBuf::from("ovh.conf")),
            home,
            Some(PathBuf::from("/etc/ovh.conf")),
        ];
        let files = places.into_iter().flatten();
        Ok(Self {
            environment: |name| std::env::var(name).ok(),
            files: files
                .map(|path| file(&path))
                .collect::<Result<Vec<_>, _>>()?
                .into_iter()
                .flatten()
                .collect(),
        })
    }

    fn value(&self, section: &str, key: &str) -> Option<String> {
        let variable = format!("OVH_{}", key.to_ascii_uppercase());
        let set = |value: &String| !value.trim().is_empty();
        (self.environment)(&variable).filter(set).or_else(|| {
            let files = self.files.iter();
            files
                .filter_map(|file| file.value(section, key))
                .find(|value| set(value))
        })
    }

    /// What they amount to.
    pub(crate) fn access(&self) -> Result<Access, String> {
        let name = self
            .value("default", "endpoint")
            .unwrap_or_else(|| DEFAULT_ENDPOINT.to_owned());
        let section = name.trim();
        let known = ENDPOINTS.iter().find(|(known, ..)| *known == section);
        let (endpoint, token_url) = match known {
            Some((_, url, token_url)) => ((*url).to_owned(), token_url.map(str::to_owned)),
            None => own_endpoint(section)?,
        };
        Ok(Access {
            endpoint,
            foreign: known.is_none(),
            credentials: self.credentials(section, token_url)?,
        })
    }

    fn credentials(&self, section: &str, token_url: Option<String>) -> Result<Credentials, String> {
        let value = |key: &str| self.value(section, key).map(|v| v.trim().to_owned());
        let keys = [
            "application_key",
            "application_secret",
            "consumer_key",
            "client_id",
            "client_secret",
            "access_token",
        ];
        let [application, secret, consumer, id, client_secret, token] = keys.map(value);
        let signed = application.is_some() || secret.is_some();
        let client = id.is_some() || client_secret.is_some();
        let kinds = [signed, client, token.is_some()];
        if kinds.iter().filter(|kind| **kind).count() > 1 {
            return Err(
                "credentials of several kinds are set: keep either application_key and application_secret, or client_id and client_secret, or access_token"
                    .to_owned(),
            );
        }
        let missing = |key: &str, beside: &str| {
            format!(
                "{beside} is set and {key} is not: set OVH_{}, or {key} under [{section}] in ovh.conf",
                key.to_ascii_uppercase()
            )
        };
        if let Some(token) = token {
            return Ok(Credentials::Token(Secret::new(token)));
        }
        if client {
            let id = id.ok_or_else(|| missing("client_id", "client_secret"))?;
            let secret = client_secret.ok_or_else(|| missing("client_secret", "client_id"))?;
            let token_url = token_url.ok_or_else(|| {
                format!("the endpoint {section} has no OAuth2: use application_key, application_secret and consumer_key there")
            })?;
            return Ok(Credentials::Client {
                id,
                secret: Secret::new(secret),
                token_url,
            });
        }
        if signed {
            let application =
                application.ok_or_else(|| missing("application_key", "application_secret"))?;
            let secret = secret.ok_or_else(|| missing("application_secret", "application_key"))?;
            let consumer = consumer.ok_or_else(|| missing("consumer_key", "application_key"))?;
            return Ok(Credentials::Signed {
                application,
                secret: Secret::new(secret),
                consumer: Secret::new(consumer),
            });
        }
        Err(format!(
            "no credentials for {section}: set OVH_APPLICATION_KEY, OVH_APPLICATION_SECRET and OVH_CONSUMER_KEY (or OVH_CLIENT_ID and OVH_CLIENT_SECRET), or write them under [{section}] into ovh.conf, ~/.ovh.conf or /etc/ovh.conf; {}",
            match super::client::token_page(section, &["GET"]) {
                Some(page) => format!("keys that may read are made at {page}"),
                None => "see the endpoint's documentation".to_owned(),
            }
        ))
    }
}

/// An endpoint that is a URL, and where its tokens would be: beside it, as at OVHcloud's.
fn own_endpoint(url: &str) -> Result<(String, Option<String>), String> {
    let known: Vec<_> = ENDPOINTS.iter().map(|(name, ..)| *name).collect();
    let unknown = || {
        format!(
            "the endpoint {url:?} is not known: give one of {}, or a URL",
            known.join(", ")
        )
    };
    let (scheme, rest) = url.split_once("://").ok_or_else(unknown)?;
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() || host.contains('@') || rest.contains(['?', '#', ' ']) {
        return Err(unknown());
    }
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    let is_here = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
    match scheme {
        "https" => {}
        "http" if is_here => {}
        // A bearer token, or the client's secret, would go over the wire readable.
        "http" => return Err(format!("the endpoint {url} must be https")),
        _ => return Err(unknown()),
    }
    Ok((
        url.trim_end_matches('/').to_owned(),
        Some(format!("{scheme}://{host}/auth/oauth2/token")),
    ))
}

fn file(path: &Path) -> Result<Option<Ini>, String> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() <= FILE_MAX => {}
        Ok(_) => return Err(format!("{shown}: is no configuration file")),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(format!("{shown}: cannot be read: {error}")),
    }
    let text =
        fs::read_to_string(path).map_err(|error| format!("{shown}: cannot be read: {error}"))?;
    Ini::parse(&text)
        .map(Some)
        .map_err(|line| format!("{shown}:{line}: neither a [section] nor `key = value`"))
}

/// Sections of keys.
#[derive(Debug, Default)]
struct Ini(HashMap<(String, String), String>);

impl Ini {
    /// `line = "[" section "]" / key ("=" / ":") value / (";" / "#") comment`; a comment may
    /// follow a value behind white space. An error is the line's number.
    fn parse(text: &str) -> Result<Self, usize> {
        let mut ini = Self::default();
        let mut section = String::new();
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with([';', '#']) {
                continue;
            }
            if let Some(rest) = line.strip_prefix('[') {
                // A URL in brackets may itself hold them.
                let (name, _comment) = rest.rsplit_once(']').ok_or(number + 1)?;
                section = name.trim().to_owned();
                continue;
            }
            let (key, value) = line.split_once(['=', ':']).ok_or(number + 1)?;
            let value = [" ;", " #", "\t;", "\t#"]
                .iter()
                .filter_map(|mark| value.find(mark))
                .min()
                .and_then(|end| value.get(..end))
                .unwrap_or(value)
                .trim();
            let bare = ['"', '\'']
                .iter()
                .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
            let key = key.trim().to_ascii_lowercase();
            let value = bare.unwrap_or(value).to_owned();
            ini.0.insert((section.clone(), key), value);
        }
        Ok(ini)
    }

    fn value(&self, section: &str, key: &str) -> Option<String> {
        self.0.get(&(section.to_owned(), key.to_owned())).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(files: &[&str]) -> Settings {
        Settings {
            environment: |_| None,
            files: files
                .iter()
                .map(|text| Ini::parse(text).expect(text))
                .collect(),
        }
    }

    fn signed(application: &str, secret: &str, consumer: &str) -> Credentials {
        Credentials::Signed {
            application: application.to_owned(),
            secret: Secret::new(secret),
            consumer: Secret::new(consumer),
        }
    }

    const GUIDE: &str = "[default]\n; general configuration: default endpoint\nendpoint=ovh-eu\n\n[ovh-eu]\n; configuration specific to 'ovh-eu' endpoint\napplication_key=my_app_key\napplication_secret=my_application_secret\nconsumer_key=my_consumer_key\n";

    #[test]
    fn the_clients_own_example() {
        let access = settings(&[GUIDE]).access().expect("access");
        assert_eq!(access.endpoint, "https://eu.api.ovh.com/1.0");
        assert!(!access.foreign);
        assert_eq!(
            access.credentials,
            signed("my_app_key", "my_application_secret", "my_consumer_key")
        );
    }

    #[test]
    fn each_key_is_taken_from_the_nearest_file_that_has_it() {
        let near = "[ovh-eu]\nconsumer_key = near\napplication_secret =\n";
        let access = settings(&[near, GUIDE]).access().expect("access");
        assert_eq!(
            access.credentials,
            signed("my_app_key", "my_application_secret", "near")
        );
    }

    #[test]
    fn the_environment_comes_first() {
        let mut settings = settings(&[GUIDE]);
        settings.environment = |name| match name {
            "OVH_ENDPOINT" => Some("ovh-ca".to_owned()),
            "OVH_CLIENT_ID" => Some("id".to_owned()),
            "OVH_CLIENT_SECRET" => Some("s".to_owned()),
            "OVH_CONSUMER_KEY" => Some(String::new()),
            _ => None,
        };
        let access = settings.access().expect("access");
        assert_eq!(access.endpoint, "https://ca.api.ovh.com/1.0");
        assert_eq!(
            access.credentials,
            Credentials::Client {
                id: "id".to_owned(),
                secret: Secret::new("s"),
                token_url: "https://ca.ovh.com/auth/oauth2/token".to_owned(),
            }
        );
    }

    #[test]
    fn quotes_comments_colons_and_case() {
        let text = "\u{feff}[default]\r\nEndpoint: \"http://127.0.0.1:8080/1.0/\" ; here\r\n[http://127.0.0.1:8080/1.0/]\r\n# a comment\r\nACCESS_TOKEN = 'tok=en'\r\n";
        let access = settings(&[text]).access().expect("access");
        assert_eq!(access.endpoint, "http://127.0.0.1:8080/1.0");
        assert!(access.foreign);
        assert_eq!(
            access.credentials,
            Credentials::Token(Secret::new("tok=en"))
        );
        assert_eq!(Ini::parse("[default]\n\nendpoint\n").err(), Some(3));
        assert_eq!(Ini::parse("[default\n").err(), Some(1));
    }

    #[test]
    fn what_is_missing_or_too_much_is_said_without_a_secret() {
        for (text, says) in [
            ("", "no credentials for ovh-eu: set OVH_APPLICATION_KEY"),
            (
                "[ovh-eu]\napplication_key=a\nconsumer_key=geheim",
                "application_key is set and application_secret is not",
            ),
            (
                "[ovh-eu]\napplication_key=a\napplication_secret=geheim",
                "application_key is set and consumer_key is not: set OVH_CONSUMER_KEY, or consumer_key under [ovh-eu]",
            ),
            (
                "[ovh-eu]\nclient_secret=geheim",
                "client_secret is set and client_id is not",
            ),
            (
                "[ovh-eu]\nclient_secret=geheim\nclient_id=a\naccess_token=geheim",
                "credentials of several kinds",
            ),
            (
                "[ovh-eu]\naccess_token=geheim\napplication_key=a\napplication_secret=geheim",
                "credentials of several kinds",
            ),
            (
                "[default]\nendpoint=ovh-xx\n",
                "the endpoint \"ovh-xx\" is not known: give one of ovh-eu,",
            ),
            (
                "[default]\nendpoint=http://api.example.com/1.0\n",
                "the endpoint http://api.example.com/1.0 must be https",
            ),
            (
                "[default]\nendpoint=http://127.0.0.1@api.example.com/1.0\n",
                "is not known",
            ),
            (
                "[default]\nendpoint=kimsufi-eu\n[kimsufi-eu]\nclient_id=a\nclient_secret=geheim",
                "the endpoint kimsufi-eu has no OAuth2",
            ),
        ] {
            let error = settings(&[text]).access().expect_err(text);
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("geheim"), "{error}");
        }
        let shown = format!("{:?}", settings(&[GUIDE]).access());
        assert!(!shown.contains("my_application_secret") && !shown.contains("my_consumer_key"));
    }
}
