//! Who may use the server, and what every answer says to a browser.
//!
//! A page somewhere else could send requests to a server on this machine through its reader's
//! browser. It cannot read answers of another origin, unless it makes its own name point here (DNS
//! rebinding), which its `Host` tells; and it cannot even have work done here, because a browser
//! says with `Origin` and `Sec-Fetch-Site` (W3C Fetch Metadata) where a request comes from. A
//! program on this machine says neither, and needs no leave.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use smarthop::report::printable;

use super::place::{Place, Sent};
use super::refusal::Refusal;
use super::{REQUEST_TIME, Server};

/// The address of this machine by which a connection reached it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached(pub(super) SocketAddr);

/// So much of a path is logged.
const PATH_LOGGED: usize = 100;

/// Nothing but what comes from here, and no inline script or style.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Lets a request in or refuses it, bounds its time, logs it, and gives its answer the fields that
/// every one has.
pub(super) async fn attend(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let place = request.extensions().get::<Arc<Place>>().cloned();
    let method = request.method().clone();
    let path: String = request.uri().path().chars().take(PATH_LOGGED).collect();
    let mut response = match admit(&server, &request) {
        Ok(()) => match tokio::time::timeout(REQUEST_TIME, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Refusal::timeout().into_response(),
        },
        Err(refusal) => refusal.into_response(),
    };
    protect(response.headers_mut());
    server.log.say(format!(
        "{method} {} {} {} ms",
        printable(&path),
        response.status().as_u16(),
        begun.elapsed().as_millis(),
    ));
    let held = place.map_or_else(Vec::new, |place| place.hand_over());
    response.map(|answer| Body::new(Sent::new(answer, held)))
}

fn protect(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("no-referrer"));
}

fn admit(server: &Server, request: &Request) -> Result<(), Refusal> {
    let headers = request.headers();
    let reached = request.extensions().get::<Reached>();
    let reached = reached.map_or(server.listening, |reached| reached.0);
    let misdirected =
        |says: String| Err(Refusal::new(StatusCode::MISDIRECTED_REQUEST, "host", says));
    let Some(host) = only(headers, &header::HOST).map(str::to_ascii_lowercase) else {
        return misdirected("the request needs one Host field, with a name of this server".into());
    };
    let target = request.uri().authority().map(|named| named.as_str());
    let known = Known::of(server, reached, &host);
    if known.is_none() || target.is_some_and(|target| !target.eq_ignore_ascii_case(&host)) {
        return misdirected(format!(
            "this server is not called that: open http://{reached}/, or start it with \
             `--allow-host` and the name"
        ));
    }
    if headers.contains_key(header::ORIGIN) {
        let origin = only(headers, &header::ORIGIN).map(str::to_ascii_lowercase);
        let own = |scheme: &str| origin.as_deref() == Some(&format!("{scheme}://{host}"));
        let secure = known == Some(Known::Allowed) && own("https");
        if !own("http") && !secure {
            return Err(foreign());
        }
    }
    match (fetch(headers, "site"), fetch(headers, "mode")) {
        (None | Some("same-origin" | "none"), _) => Ok(()),
        // Somebody follows a link: the page opens, and nothing is done.
        (Some("cross-site" | "same-site"), Some("navigate"))
            if matches!(*request.method(), Method::GET | Method::HEAD)
                && fetch(headers, "dest") == Some("document") =>
        {
            Ok(())
        }
        (Some(_), _) => Err(foreign()),
    }
}

fn foreign() -> Refusal {
    let says = "the request comes from another page: only this server's own page may use it";
    Refusal::new(StatusCode::FORBIDDEN, "origin", says)
}

/// A Sec-Fetch field; one that is no text is none that a browser sends.
fn fetch<'h>(headers: &'h HeaderMap, what: &str) -> Option<&'h str> {
    let value = headers.get(format!("sec-fetch-{what}"))?;
    Some(value.to_str().unwrap_or("unknown"))
}

/// The value of a field that is there once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.to_str().ok())?
}

/// Why the server may be called so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// It is the address that was reached, or a loopback name of it.
    Own,
    /// By `--allow-host`.
    Allowed,
}

impl Known {
    fn of(server: &Server, reached: SocketAddr, host: &str) -> Option<Self> {
        let (name, port) = split(host)?;
        let listening = server.listening.port();
        let is_allowed = server.allowed_hosts.iter().any(|allowed| {
            host == allowed || (name == allowed && (port.is_none() || port == Some(listening)))
        });
        if is_allowed {
            return Some(Self::Allowed);
        }
        if port.unwrap_or(80) != reached.port() {
            return None;
        }
        let ip = reached.ip().to_canonical();
        let literal = name.trim_start_matches('[').trim_end_matches(']');
        let is_own = match literal.parse::<IpAddr>() {
            Ok(named) => named == ip || (named.is_loopback() && ip.is_loopback()),
            Err(_) => name == "localhost" && ip.is_loopback(),
        };
        is_own.then_some(Self::Own)
    }
}

/// RFC 9110 7.2: `Host = uri-host [ ":" port ]`.
fn split(host: &str) -> Option<(&str, Option<u16>)> {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let is_one =
        name.starts_with('[') == name.ends_with(']') && name.starts_with('[') == name.contains(':');
    match port {
        None => is_one.then_some((name, None)),
        // `parse` would take a sign.
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some((name, Some(port.parse().ok()?))).filter(|_| is_one)
        }
        Some(_) => None,
    }
}
