//! Calls of the OVHcloud API: signed or with a token, at the server's clock, again where that is
//! safe and may help.
//!
//! The signature is `$1$` and the SHA-1, in hexadecimal, of application secret, consumer key,
//! method, full URL as sent, body as sent and the server's time, joined by `+`. The server's
//! time is `GET /auth/time`, asked once. Redirects are not followed: what was signed would be
//! sent elsewhere.
//!
//! A call is repeated on 429, 500 to 504 and a lost connection, with growing pauses and as
//! `Retry-After` says; `POST` and `DELETE` only on 429, which the server refused before doing
//! anything, since a second connector would be made, or a task begun twice. Knows nothing of
//! Exchange.

use std::fmt::Write as _;
use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use sha1::{Digest as _, Sha1};
use ureq::http::{Request, Response};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::config::{Access, Credentials, Secret};
use super::trouble::{ApiError, Trouble, Why};

/// How often a call is tried.
const TRIES: u32 = 6;

/// The first pause before a call is repeated; each next one is twice as long.
const PAUSE: Duration = Duration::from_millis(500);

/// The longest pause that `Retry-After` gets.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// python-ovh's and go-ovh's.
const TIMEOUT: Duration = Duration::from_secs(180);

/// A list of ten thousand addresses takes some 400 kB.
const ANSWER_MAX: u64 = 32 << 20;

/// Where a right is asked for is shown with these.
const READ: &[&str] = &["GET"];
const WRITE: &[&str] = &["GET", "POST", "PUT", "DELETE"];

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Doing it twice comes to the same.
    const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Put)
    }
}

/// A caller of one endpoint. Threads may share it.
pub(crate) struct Client {
    agent: Agent,
    access: Access,
    /// The server's time minus ours, in seconds.
    clock: Mutex<Option<i64>>,
    token: Mutex<Option<Secret>>,
}

/// What came of one try.
enum Tried {
    Done(String),
    /// The error, and how long the server wants to be left alone.
    Refused(ApiError, Option<Duration>),
    Lost(String),
}

impl Client {
    pub(crate) fn new(access: Access) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT))
            .timeout_connect(Some(Duration::from_secs(30)))
            .user_agent(concat!("smarthop/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: config.into(),
            access,
            clock: Mutex::new(None),
            token: Mutex::new(None),
        }
    }

    /// Reads an object.
    pub(crate) fn get(&self, path: &str) -> Result<Value, Trouble> {
        self.call(Method::Get, path, None)
    }

    /// Makes a call. `body` holds no secret that is to be kept from messages but what `call_with`
    /// is told.
    pub(crate) fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Trouble> {
        self.call_with(method, path, body, None)
    }

    /// As [`Self::call`], with a password in the body.
    pub(crate) fn call_with(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        password: Option<&Secret>,
    ) -> Result<Value, Trouble> {
        let name = format!("{} {path}", method.as_str());
        let body = body.map(Value::to_string).unwrap_or_default();
        let text = self.text(method, &name, path, &body, password)?;
        if text.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|error| Trouble::strange(&name, error.to_string()))
    }

    fn text(
        &self,
        method: Method,
        name: &str,
        path: &str,
        body: &str,
        password: Option<&Secret>,
    ) -> Result<String, Trouble> {
        let mut renewed = false;
        let mut pause = PAUSE;
        for tries in 1.. {
            let tried = self.once(method, path, body)?;
            let last = tries >= TRIES;
            let wait = match &tried {
                Tried::Done(text) => return Ok(text.clone()),
                Tried::Refused(error, _) if !renewed && self.renew(error) => {
                    renewed = true;
                    continue;
                }
                Tried::Refused(error, wait) => {
                    let again = match error.status {
                        429 => true,
                        500 | 502..=504 => method.is_idempotent(),
                        _ => false,
                    };
                    (again && !last).then(|| wait.unwrap_or(pause))
                }
                Tried::Lost(_) => (method.is_idempotent() && !last).then_some(pause),
            };
            match wait {
                Some(wait) => thread::sleep(wait.min(PAUSE_MAX)),
                None => return Err(self.trouble(method, name, tried, password)),
            }
            pause *= 2;
        }
        Err(Trouble::strange(name, "never tried"))
    }

    /// Whether the same call may do better with a new token, or with the clock asked again.
    fn renew(&self, error: &ApiError) -> bool {
        match &self.access.credentials {
            Credentials::Signed { .. } if error.is("QUERY_TIME_OUT") => {
                *lock(&self.clock) = None;
                true
            }
            Credentials::Client { .. } if error.status == 401 => {
                *lock(&self.token) = None;
                true
            }
            Credentials::Signed { .. } | Credentials::Client { .. } | Credentials::Token(_) => {
                false
            }
        }
    }

    fn once(&self, method: Method, path: &str, body: &str) -> Result<Tried, Trouble> {
        let url = format!("{}{path}", self.access.endpoint);
        let mut request = Request::builder()
            .method(method.as_str())
            .uri(&url)
            .header("Accept", "application/json");
        if !body.is_empty() {
            request = request.header("Content-Type", "application/json;charset=utf-8");
        }
        request = match &self.access.credentials {
            Credentials::Signed {
                application,
                secret,
                consumer,
            } => {
                let time = self.server_time()?;
                let parts = [
                    secret.expose(),
                    consumer.expose(),
                    method.as_str(),
                    &url,
                    body,
                    &time.to_string(),
                ];
                request
                    .header("X-Ovh-Application", application)
                    .header("X-Ovh-Consumer", consumer.expose())
                    .header("X-Ovh-Timestamp", time.to_string())
                    .header("X-Ovh-Signature", signature(parts))
            }
            Credentials::Client {
                id,
                secret,
                token_url,
            } => {
                let token = self.token(id, secret, token_url)?;
                request.header("Authorization", format!("Bearer {}", token.expose()))
            }
            Credentials::Token(token) => {
                request.header("Authorization", format!("Bearer {}", token.expose()))
            }
        };
        // A key with a line end in it, say; the builder's error does not show the value.
        let request = request.body(body.to_owned()).map_err(|error| {
            Trouble::strange(
                &format!("{} {path}", method.as_str()),
                format!("the request cannot be made: {error}"),
            )
        })?;
        Ok(tried(self.agent.run(request)))
    }

    /// The server's time, by our clock and the difference that was found once.
    fn server_time(&self) -> Result<i64, Trouble> {
        let mut clock = lock(&self.clock);
        let difference = match *clock {
            Some(difference) => difference,
            None => {
                let call = "GET /auth/time";
                let url = format!("{}/auth/time", self.access.endpoint);
                let text = self.unauthenticated(call, &|| self.agent.get(&url).call())?;
                let time: i64 = text.trim().parse().map_err(|_| {
                    let says = "no time: is the endpoint an OVHcloud API (…/1.0)?";
                    Trouble::strange(call, says)
                })?;
                *clock.insert(time - now())
            }
        };
        Ok(now() + difference)
    }

    /// A token for the client's credentials; asked once, and again where one has expired.
    fn token(&self, id: &str, secret: &Secret, url: &str) -> Result<Secret, Trouble> {
        let known = lock(&self.token).clone();
        if let Some(token) = known {
            return Ok(token);
        }
        let call = format!("POST {url}");
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret.expose()),
            ("scope", "all"),
        ];
        let text = self.unauthenticated(&call, &|| self.agent.post(url).send_form(form))?;
        let answer: Option<Value> = serde_json::from_str(&text).ok();
        let found = answer
            .as_ref()
            .and_then(|answer| answer.get("access_token")?.as_str())
            .filter(|token| !token.is_empty())
            .ok_or_else(|| Trouble::strange(&call, "it holds no access_token"))?;
        Ok(lock(&self.token).insert(Secret::new(found)).clone())
    }

    fn unauthenticated(
        &self,
        call: &str,
        send: &dyn Fn() -> Result<Response<Body>, ureq::Error>,
    ) -> Result<String, Trouble> {
        let mut pause = PAUSE;
        for tries in 1.. {
            let tried = tried(send());
            let again = match &tried {
                Tried::Done(text) => return Ok(text.clone()),
                Tried::Refused(error, wait) => {
                    matches!(error.status, 429 | 500 | 502..=504).then(|| wait.unwrap_or(pause))
                }
                Tried::Lost(_) => Some(pause),
            };
            match again.filter(|_| tries < TRIES) {
                Some(wait) => thread::sleep(wait.min(PAUSE_MAX)),
                None => return Err(self.trouble(Method::Get, call, tried, None)),
            }
            pause *= 2;
        }
        Err(Trouble::strange(call, "never tried"))
    }

    fn trouble(
        &self,
        method: Method,
        call: &str,
        tried: Tried,
        password: Option<&Secret>,
    ) -> Trouble {
        let why = match tried {
            Tried::Refused(mut error, _) => {
                let texts = [&mut error.class, &mut error.code, &mut error.query_id];
                for text in texts.into_iter().flatten() {
                    *text = self.clean(text, password);
                }
                error.message = self.clean(&error.message, password);
                for action in error
                    .missing_by_iam
                    .iter_mut()
                    .chain(&mut error.missing_by_authentication)
                {
                    *action = self.clean(action, password);
                }
                Why::Api(Box::new(error))
            }
            Tried::Lost(says) => Why::Lost(self.clean(&says, password)),
            Tried::Done(_) => Why::Strange(String::new()),
        };
        let help = match &why {
            Why::Api(error) => self.help(method, error),
            Why::Lost(_) if !method.is_idempotent() => Some(
                "whether it was done is not known: look at the service before doing it again"
                    .to_owned(),
            ),
            Why::Lost(_) => Some(format!("is {} reachable from here?", self.access.endpoint)),
            Why::Strange(_) => None,
        };
        Trouble {
            call: call.to_owned(),
            why,
            help,
        }
    }

    /// Text of the server's without what it was told in confidence.
    fn clean(&self, text: &str, password: Option<&Secret>) -> String {
        let token = lock(&self.token).clone();
        let own: Vec<&Secret> = match &self.access.credentials {
            Credentials::Signed {
                secret, consumer, ..
            } => vec![secret, consumer],
            Credentials::Client { secret, .. } => vec![secret],
            Credentials::Token(token) => vec![token],
        };
        let mut text = text.to_owned();
        for secret in own.into_iter().chain(password).chain(&token) {
            let plain = secret.expose();
            // As it may stand in a body that is shown back.
            let quoted = Value::from(plain).to_string();
            let quoted = quoted.trim_matches('"');
            for form in [plain, quoted, &encoded(plain)] {
                if !form.is_empty() {
                    text = text.replace(form, "…");
                }
            }
        }
        text
    }

    /// What would help.
    fn help(&self, method: Method, error: &ApiError) -> Option<String> {
        let methods = match method {
            Method::Get => READ,
            Method::Post | Method::Put | Method::Delete => WRITE,
        };
        let endpoint = self.access.endpoint.as_str();
        let page = token_page(endpoint, methods);
        let at = page.map_or(String::new(), |page| format!(": {page}"));
        if !error.missing_by_iam.is_empty() {
            return Some(format!(
                "an IAM policy must allow this account {}",
                error.missing_by_iam.join(", ")
            ));
        }
        if !error.missing_by_authentication.is_empty() {
            return Some(format!(
                "these credentials lack the right {}: make others{at}",
                error.missing_by_authentication.join(", ")
            ));
        }
        let help = match (error.code.as_deref().unwrap_or_default(), error.status) {
            ("INVALID_KEY", _) => format!(
                "the application key is not known at {endpoint}: check OVH_APPLICATION_KEY, and the endpoint"
            ),
            ("NOT_CREDENTIAL" | "INVALID_CREDENTIAL", _) => format!(
                "the consumer key is unknown, not validated yet, or expired (by default after a day): make another{at}"
            ),
            ("INVALID_SIGNATURE", _) => {
                "the application secret does not belong to the application key, or the consumer key to another application"
                    .to_owned()
            }
            ("NOT_GRANTED_CALL", _) => {
                let rights: Vec<_> = methods
                    .iter()
                    .map(|method| format!("{method} /email/exchange/*"))
                    .collect();
                format!(
                    "the consumer key lacks a right: it needs {}, and GET /email/exchange{at}",
                    rights.join(", ")
                )
            }
            ("invalid_client", _) => {
                "the client id or its secret is wrong: check OVH_CLIENT_ID and OVH_CLIENT_SECRET"
                    .to_owned()
            }
            (_, 401) => "the credentials are not accepted: a token lives for an hour".to_owned(),
            (_, 403) => format!("the credentials may not do this{at}"),
            (_, 404) => "it does not exist, or not for these credentials".to_owned(),
            (_, 409) => {
                "something else is being done to it: wait until that has ended, then do it again"
                    .to_owned()
            }
            (_, 429) => "too many calls: wait some minutes, then do it again".to_owned(),
            (_, 460) => "the service has expired".to_owned(),
            (_, 500..=599) if !method.is_idempotent() => {
                "whether it was done is not known: look at the service before doing it again"
                    .to_owned()
            }
            (_, 500..=599) => "the platform has trouble of its own: try again later".to_owned(),
            _ => return None,
        };
        Some(help)
    }
}

/// Where keys are made that may do this, at an endpoint of OVHcloud's.
pub(crate) fn token_page(endpoint: &str, methods: &[&str]) -> Option<String> {
    let host = match endpoint {
        "ovh-eu" | "https://eu.api.ovh.com/1.0" => "eu.api.ovh.com",
        "ovh-ca" | "https://ca.api.ovh.com/1.0" => "ca.api.ovh.com",
        "ovh-us" | "https://api.us.ovhcloud.com/1.0" => "api.us.ovhcloud.com",
        _ => return None,
    };
    let mut rights = String::new();
    for method in methods {
        // Writing to a String cannot fail.
        let _ = write!(rights, "&{method}=/email/exchange/*");
    }
    Some(format!(
        "https://{host}/createToken/?GET=/email/exchange{rights}"
    ))
}

/// A part of a path: all but RFC 3986's unreserved characters as `%` and two digits.
pub(crate) fn encoded(part: &str) -> String {
    let mut out = String::with_capacity(part.len() + 8);
    // A part of dots alone would be a step in the path (RFC 3986 5.2.4).
    let steps = matches!(part, "." | "..");
    for byte in part.bytes() {
        match byte {
            b'.' if steps => out.push_str("%2E"),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

fn signature(parts: [&str; 6]) -> String {
    let mut text = "$1$".to_owned();
    for byte in Sha1::digest(parts.join("+")) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn tried(result: Result<Response<Body>, ureq::Error>) -> Tried {
    let response = match result {
        Ok(response) => response,
        Err(error) => return Tried::Lost(error.to_string()),
    };
    let status = response.status().as_u16();
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let query_id = header("X-Ovh-QueryID");
    // RFC 9110 10.2.3; the form with a date is not waited for.
    let wait = header("Retry-After").and_then(|value| value.trim().parse().ok());
    let mut bytes = Vec::new();
    let mut body = response.into_body().into_reader().take(ANSWER_MAX + 1);
    if let Err(error) = body.read_to_end(&mut bytes) {
        return Tried::Lost(format!("it broke off: {error}"));
    }
    if bytes.len() as u64 > ANSWER_MAX {
        return Tried::Lost("it is longer than any answer should be".to_owned());
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match status {
        200..=299 => Tried::Done(text),
        status => Tried::Refused(
            ApiError::parse(status, query_id, &text),
            wait.map(Duration::from_secs),
        ),
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

/// A thread that panicked leaves a whole value behind: it is only ever replaced.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_as_documented() {
        // Computed with sha1sum over
        // as+ck+GET+https://eu.api.ovh.com/1.0/email/exchange++1700000000
        assert_eq!(
            signature([
                "as",
                "ck",
                "GET",
                "https://eu.api.ovh.com/1.0/email/exchange",
                "",
                "1700000000"
            ]),
            "$1$9ffa18c3722bcba5c614a8ecad92a4c66b7937f3"
        );
    }

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(encoded("a+b@mydomain.ovh"), "a%2Bb%40mydomain.ovh");
        assert_eq!(encoded("../x y/\u{fc}?#%"), "..%2Fx%20y%2F%C3%BC%3F%23%25");
        assert_eq!(encoded(".."), "%2E%2E");
        assert_eq!(encoded("private-zz111111-1_~"), "private-zz111111-1_~");
    }

    #[test]
    fn pages_where_keys_are_made() {
        assert_eq!(
            token_page("ovh-eu", READ).as_deref(),
            Some("https://eu.api.ovh.com/createToken/?GET=/email/exchange&GET=/email/exchange/*")
        );
        assert_eq!(token_page("https://api.example.com/1.0", READ), None);
    }
}
