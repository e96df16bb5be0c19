//! A request's body into options and inputs: a raw message (or mbox, or what is compressed), or
//! multipart/form-data (RFC 7578). Bounded in bytes, parts and time; nothing of it is stored.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{StatusCode, header};
use hyper::body::{Body as _, Frame};
use smarthop::report::printable;

use tokio::sync::mpsc;
use tokio::time::{timeout, timeout_at};

use super::options::Options;
use super::place::{PIECE, Phase, Place};
use super::refusal::Refusal;
use super::{BODY_MAX, BUSY_TIME, PARTS_MAX, Server, UNIT};

/// The largest value of an option.
const VALUE_MAX: usize = 64 << 10;

/// The largest policy or connector file.
const DOCUMENT_MAX: usize = 1 << 20;

/// How much of a file's name is shown.
const NAME_MAX: usize = 200;

/// Something to analyse.
#[derive(Debug)]
pub(super) enum Input {
    /// What a file holds, and its name.
    File { name: Option<String>, bytes: Bytes },
    /// What has no name: read as standard input is.
    Unnamed(Bytes),
}

/// A request's body.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) options: Options,
    pub(super) inputs: Vec<Input>,
    /// The connection's, which holds the body's memory.
    pub(super) place: Arc<Place>,
}

impl Asked {
    /// Reads the body. Options of a URL's query are those of a raw body.
    pub(super) async fn read(server: &Server, request: Request) -> Result<Self, Refusal> {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|length| length > BODY_MAX as u64) {
            return Err(Refusal::too_large());
        }
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.map_or(&b""[..], |kind| kind.as_bytes());
        let is_multipart = kind
            .get(..10)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/"));
        let mut asked = Self {
            options: Options::of_query(request.uri().query()),
            inputs: Vec::new(),
            place: request.extensions().get().cloned().unwrap_or_default(),
        };
        let (head, body) = request.into_parts();
        asked.place.is_at(Phase::Body);
        let mut coming = Coming {
            server,
            body,
            place: asked.place.clone(),
            total: 0,
            held: PIECE,
        };
        if is_multipart {
            let (to, from) = mpsc::channel(1);
            let pass_on = async {
                while let Some(bytes) = coming.next().await? {
                    if to.send(bytes).await.is_err() {
                        break;
                    }
                }
                drop(to);
                Ok::<(), Refusal>(())
            };
            let request = Request::from_parts(head, Body::new(Piped(from)));
            let mut parsed = std::pin::pin!(asked.take_parts(request));
            tokio::select! {
                parsed = &mut parsed => parsed?,
                passed = pass_on => {
                    passed?;
                    parsed.await?;
                }
            }
        } else {
            let mut bytes = Vec::new();
            while let Some(piece) = coming.next().await? {
                bytes.extend_from_slice(&piece);
            }
            if !bytes.is_empty() {
                asked.inputs.push(Input::Unnamed(bytes.into()));
            }
        }
        asked.place.is_at(Phase::Work);
        if asked.inputs.is_empty() {
            let says = "no message: send it as the body, or as parts `file` or `message` of a \
                        multipart/form-data body";
            return Err(Refusal::bad("no-message", says));
        }
        Ok(asked)
    }

    async fn take_parts(&mut self, request: Request) -> Result<(), Refusal> {
        let parts = Multipart::from_request(request, &()).await;
        let mut parts = parts.map_err(|_| {
            let says = "the Content-Type must be multipart/form-data with its boundary";
            Refusal::bad("malformed", says)
        })?;
        let mut number = 0;
        while let Some(part) = parts.next_field().await.map_err(malformed)? {
            number += 1;
            if number > PARTS_MAX {
                return Err(Refusal::too_many("parts", PARTS_MAX as u64));
            }
            self.take(part).await?;
        }
        Ok(())
    }

    async fn take(&mut self, part: Field<'_>) -> Result<(), Refusal> {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(shown_name);
        let bytes = part.bytes().await.map_err(malformed)?;
        // A browser sends an empty part for a field in which no file was chosen.
        let is_none = bytes.is_empty() && file.as_ref().is_none_or(Option::is_none);
        let blank = bytes.iter().all(u8::is_ascii_whitespace);
        match name.as_str() {
            "file" if is_none => {}
            "file" => self.inputs.push(Input::File {
                name: file.flatten(),
                bytes,
            }),
            "message" if blank => {}
            "message" => self.inputs.push(Input::Unnamed(bytes)),
            "policy" | "connector" if is_none => {}
            "policy" => once(&mut self.options.policy, &name, &bytes)?,
            "connector" => once(&mut self.options.connector, &name, &bytes)?,
            _ if bytes.len() > VALUE_MAX => {
                let says = format!("the value of {} is too long", printable(&name));
                return Err(Refusal::bad("wrong-option", says));
            }
            _ => {
                let value = String::from_utf8_lossy(&bytes).into_owned();
                self.options.pairs.push((name, value));
            }
        }
        Ok(())
    }
}

/// A body as it comes: bounded in bytes, in time, and in the memory that it may take.
struct Coming<'s> {
    server: &'s Server,
    body: Body,
    place: Arc<Place>,
    total: usize,
    /// How much memory there is for it; the first of it every connection has.
    held: usize,
}

impl Coming<'_> {
    async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        loop {
            let body = &mut self.body;
            let frame = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx));
            let frame = timeout_at(self.place.patience().into(), frame).await;
            let frame = match frame.map_err(|_| Refusal::slow())? {
                None => return Ok(None),
                Some(Ok(frame)) => frame,
                Some(Err(_)) => return Err(trouble(StatusCode::BAD_REQUEST)),
            };
            let Ok(bytes) = frame.into_data() else {
                continue;
            };
            self.total += bytes.len();
            if self.total > BODY_MAX {
                return Err(Refusal::too_large());
            }
            self.place.moved(bytes.len());
            while self.held < self.total {
                let room = self.server.bodies.clone().acquire_owned();
                let room = timeout(BUSY_TIME, room)
                    .await
                    .map_err(|_| Refusal::busy())?;
                self.place.hold(room.map_err(|_| Refusal::internal())?);
                self.held += UNIT;
                // It was we who kept it waiting.
                self.place.is_at(Phase::Body);
            }
            return Ok(Some(bytes));
        }
    }
}

/// A body that somebody else passes on.
struct Piped(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Piped {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let bytes = self.0.poll_recv(cx);
        bytes.map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

fn once(place: &mut Option<Vec<u8>>, name: &str, bytes: &Bytes) -> Result<(), Refusal> {
    if bytes.len() > DOCUMENT_MAX {
        return Err(Refusal::bad(
            "wrong-option",
            format!("{name} is larger than 1 MiB"),
        ));
    }
    match place.replace(bytes.to_vec()) {
        None => Ok(()),
        Some(_) => {
            let says = format!("{name} is there twice: give it once");
            Err(Refusal::bad("wrong-option", says))
        }
    }
}

/// A file's name as it is shown: never its folders, which some clients send too, and nothing that
/// a terminal would obey. It is only shown, and no file is opened by it.
fn shown_name(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = printable(name).chars().take(NAME_MAX).collect();
    (!name.trim().is_empty()).then_some(name)
}

fn malformed(error: MultipartError) -> Refusal {
    trouble(error.status())
}

fn trouble(status: StatusCode) -> Refusal {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(),
        _ => Refusal::bad(
            "malformed",
            "the body cannot be read: it ends early, or its parts are not as its boundary says",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_is_only_a_name() {
        for (given, shown) in [
            ("message.eml", Some("message.eml")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\mails\\message.eml", Some("message.eml")),
            (
                "a\r\nb\u{202e}lme.eml",
                Some("a\\u{d}\\u{a}b\\u{202e}lme.eml"),
            ),
            ("", None),
            ("mails/", None),
        ] {
            assert_eq!(shown_name(given).as_deref(), shown, "{given:?}");
        }
        assert_eq!(
            shown_name(&"x".repeat(5000)).map(|name| name.len()),
            Some(200)
        );
    }
}
