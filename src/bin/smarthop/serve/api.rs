//! For programs: the contract's JSON.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use smarthop::report::json;
use smarthop::{Analysis, RawMessage};

use super::options::Ask;
use super::refusal::Refusal;
use super::request::Asked;
use super::work::{self, Answer};
use super::{MESSAGES_MAX, Server};

pub(super) async fn check(
    state: State<Arc<Server>>,
    request: Request,
) -> Result<Response, Refusal> {
    answer(state, Ask::Check, request).await
}

pub(super) async fn trace(
    state: State<Arc<Server>>,
    request: Request,
) -> Result<Response, Refusal> {
    answer(state, Ask::Trace, request).await
}

pub(super) async fn schema() -> Response {
    let json = [(header::CONTENT_TYPE, "application/schema+json")];
    (json, smarthop::report::schema_text()).into_response()
}

pub(super) async fn healthz() -> Response {
    let text = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (text, "ok").into_response()
}

/// JSON Lines.
struct Lines(Vec<u8>);

impl Answer for Lines {
    fn take(&mut self, analysis: Analysis, _: Option<&RawMessage<'_>>) {
        // Writing to a Vec cannot fail.
        let _ = json(&analysis, &mut self.0);
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

async fn answer(
    State(server): State<Arc<Server>>,
    ask: Ask,
    request: Request,
) -> Result<Response, Refusal> {
    let room = server.requests.acquire().await;
    let _room = room.map_err(|_| Refusal::internal())?;
    let asked = Asked::read(request).await?;
    let done = work::answer(&server, ask, asked, MESSAGES_MAX, Lines(Vec::new())).await?;
    let kind = match done.many {
        true => "application/x-ndjson",
        false => "application/json",
    };
    Ok(([(header::CONTENT_TYPE, kind)], done.answer.0).into_response())
}
