//! Why a request has no analysis for its answer: a status, a stable word, and a sentence with what
//! would help.

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use smarthop::ask::AskError;
use smarthop::report::printable;

/// A request that is not done.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// A stable word.
    pub(super) code: &'static str,
    pub(super) says: String,
    /// What is wrong with what is asked, where it is that.
    pub(super) wrong: Option<Box<AskError>>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, says: impl Into<String>) -> Self {
        let says = says.into();
        Self {
            status,
            code,
            says,
            wrong: None,
        }
    }

    /// What the sender of the request can mend.
    pub(super) fn bad(code: &'static str, says: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, says)
    }

    pub(super) fn not_found() -> Self {
        let says = "there is no such path: the page is at /, the interface at /api/check, \
                    /api/trace and /api/schema";
        Self::new(StatusCode::NOT_FOUND, "not-found", says)
    }

    pub(super) fn method(method: &Method) -> Self {
        let says = format!("{method} is not for this path: see the Allow field of this answer");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", says)
    }

    pub(super) fn too_large() -> Self {
        let says = format!(
            "the body is larger than {} MiB: send fewer messages at a time, or use `smarthop \
             check` on the files",
            super::BODY_MAX >> 20
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", says)
    }

    pub(super) fn too_many(what: &str, max: u64) -> Self {
        let says = format!(
            "more than {max} {what} in one request: send fewer at a time, or use `smarthop check` \
             on the files"
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-many", says)
    }

    pub(super) fn timeout() -> Self {
        let says = format!(
            "not done within {} seconds: send fewer messages at a time",
            super::REQUEST_TIME.as_secs()
        );
        Self::new(StatusCode::REQUEST_TIMEOUT, "timeout", says)
    }

    pub(super) fn slow() -> Self {
        let says = format!(
            "the body came too slowly: less than {} KiB in {} seconds",
            super::place::PIECE >> 10,
            super::place::PIECE_TIME.as_secs()
        );
        Self::new(StatusCode::REQUEST_TIMEOUT, "slow", says)
    }

    /// There is no memory left for it.
    pub(super) fn busy() -> Self {
        let says = "too much is being checked at once: try again in some seconds, or send fewer \
                    messages at a time";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", says)
    }

    /// What cannot happen, without what happened.
    pub(super) fn internal() -> Self {
        let says = "the request could not be done; this is a fault of smarthop's";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", says)
    }
}

impl From<AskError> for Refusal {
    fn from(error: AskError) -> Self {
        let says = printable(&error.to_string()).into_owned();
        Self {
            wrong: Some(Box::new(error)),
            ..Self::bad("wrong-option", says)
        }
    }
}

/// For programs. What a browser's user reads is `page.rs`'s.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self {
            status, code, says, ..
        } = self;
        let text = format!("{}\n", json!({"error": {"code": code, "says": says}}));
        let json = HeaderValue::from_static("application/json");
        let mut response = (status, [(header::CONTENT_TYPE, json)], text).into_response();
        if matches!(
            status,
            StatusCode::REQUEST_TIMEOUT
                | StatusCode::PAYLOAD_TOO_LARGE
                | StatusCode::SERVICE_UNAVAILABLE
        ) {
            // The rest of the body is not read.
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response
    }
}
