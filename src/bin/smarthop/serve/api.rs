//! For programs: the contract's JSON.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hyper::body::{Body, Frame, SizeHint};
use smarthop::report::json;
use smarthop::{Analysis, RawMessage};

use super::options::Task;
use super::place::PIECE;
use super::refusal::Refusal;
use super::request::Asked;
use super::work::{self, Answer};
use super::{ANSWER_MAX, MESSAGES_MAX, Server};

pub(super) async fn check(
    state: State<Arc<Server>>,
    request: Request,
) -> Result<Response, Refusal> {
    answer(state, Task::Check, request).await
}

pub(super) async fn trace(
    state: State<Arc<Server>>,
    request: Request,
) -> Result<Response, Refusal> {
    answer(state, Task::Trace, request).await
}

pub(super) async fn schema() -> Response {
    let json = [(header::CONTENT_TYPE, "application/schema+json")];
    (json, smarthop::report::schema_text()).into_response()
}

pub(super) async fn healthz() -> Response {
    let text = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (text, "ok").into_response()
}

/// JSON Lines, in pieces, each of which is given back when it is sent.
#[derive(Default)]
struct Lines {
    pieces: VecDeque<Vec<u8>>,
    length: usize,
}

impl Answer for Lines {
    fn take(&mut self, analysis: Analysis, _: Option<&RawMessage<'_>>) {
        let mut piece = match self.pieces.pop_back() {
            Some(piece) if piece.len() < PIECE => piece,
            full => {
                self.pieces.extend(full);
                Vec::new()
            }
        };
        let before = piece.len();
        // Writing to a Vec cannot fail.
        let _ = json(&analysis, &mut piece);
        self.length += piece.len() - before;
        self.pieces.push_back(piece);
    }

    fn len(&self) -> usize {
        self.length
    }

    fn max(&self) -> usize {
        ANSWER_MAX
    }
}

impl Body for Lines {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.pieces.pop_front();
        self.length -= piece.as_ref().map_or(0, Vec::len);
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece.into()))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length as u64)
    }
}

async fn answer(
    State(server): State<Arc<Server>>,
    task: Task,
    request: Request,
) -> Result<Response, Refusal> {
    let asked = Asked::read(&server, request).await?;
    let done = work::answer(&server, task, asked, MESSAGES_MAX, Lines::default()).await?;
    let kind = match done.many {
        true => "application/x-ndjson",
        false => "application/json",
    };
    let answer = axum::body::Body::new(done.answer);
    Ok(([(header::CONTENT_TYPE, kind)], answer).into_response())
}
