//! A connection's place: what it is at, since when, and what memory it holds. Whoever moves less
//! than a piece in a piece's time is cut off, and where all places are taken, whoever has been
//! idle longest makes room.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// What must have moved, either way, within [`PIECE_TIME`], unless it is the last of a body or an
/// answer.
pub(super) const PIECE: usize = 64 << 10;

/// The slowest lines of today (GPRS, some 50 kbit/s) move a piece in this time.
pub(super) const PIECE_TIME: Duration = Duration::from_secs(10);

/// How long a connection may do nothing where others wait for its place.
const IDLE_TIME: Duration = Duration::from_secs(1);

/// How many make room at once.
const ROOM_MADE: usize = 32;

/// What a connection is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Waits for a request, or for the rest of its header section.
    Head,
    /// Waits for the rest of a request's body.
    Body,
    /// Waits for us.
    Work,
    /// Waits for the other side to take the answer.
    Answer,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// When it came to that, or when it last moved a piece.
    since: Instant,
    /// What of the next piece has moved.
    moved: usize,
    /// Memory beyond what every connection may have.
    held: Vec<OwnedSemaphorePermit>,
}

/// One connection's.
#[derive(Debug)]
pub(super) struct Place {
    state: Mutex<State>,
    cut: Notify,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                phase: Phase::Head,
                since: Instant::now(),
                moved: 0,
                held: Vec::new(),
            }),
            cut: Notify::new(),
        }
    }
}

impl Place {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_at(&self, phase: Phase) {
        let mut state = self.state();
        (state.phase, state.since, state.moved) = (phase, Instant::now(), 0);
    }

    /// So many bytes of a body came, or of an answer went.
    pub(super) fn moved(&self, bytes: usize) {
        let mut state = self.state();
        state.moved += bytes;
        if state.moved >= PIECE {
            (state.since, state.moved) = (Instant::now(), 0);
        }
    }

    /// Until when the next piece of a body must have come.
    pub(super) fn patience(&self) -> Instant {
        self.state().since + PIECE_TIME
    }

    /// Holds memory until the answer is sent, or the connection gone.
    pub(super) fn hold(&self, permit: OwnedSemaphorePermit) {
        self.state().held.push(permit);
    }

    /// What is held from now on by somebody else: by the answer that is sent.
    pub(super) fn hand_over(&self) -> Vec<OwnedSemaphorePermit> {
        std::mem::take(&mut self.state().held)
    }

    /// Comes back where an answer is not taken, or where the place is needed.
    pub(super) async fn must_go(&self) {
        loop {
            tokio::select! {
                () = self.cut.notified() => return,
                () = tokio::time::sleep(IDLE_TIME) => {}
            }
            let state = self.state();
            if state.phase == Phase::Answer && state.since.elapsed() > PIECE_TIME {
                return;
            }
        }
    }

    /// Since when the other side has done nothing.
    fn idle_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.phase != Phase::Work).then_some(state.since)
    }
}

/// All that are taken.
#[derive(Debug)]
pub(super) struct Places {
    taken: Mutex<Vec<Arc<Place>>>,
    room: Arc<Semaphore>,
    max: u32,
}

impl Places {
    pub(super) fn new(max: u32) -> Self {
        Self {
            taken: Mutex::new(Vec::new()),
            room: Arc::new(Semaphore::new(max as usize)),
            max,
        }
    }

    fn taken(&self) -> MutexGuard<'_, Vec<Arc<Place>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection, as soon as there is one.
    pub(super) async fn take(self: &Arc<Self>) -> Option<Taken> {
        let permit = loop {
            let free = self.room.clone().acquire_owned();
            match tokio::time::timeout(IDLE_TIME / 8, free).await {
                Ok(permit) => break permit.ok()?,
                Err(_) => self.make_room(),
            }
        };
        let place = Arc::new(Place::default());
        self.taken().push(place.clone());
        Some(Taken {
            place,
            places: self.clone(),
            _permit: permit,
        })
    }

    fn make_room(&self) {
        let taken = self.taken();
        let idle = taken.iter().filter_map(|place| {
            let since = place.idle_since()?;
            (since.elapsed() >= IDLE_TIME).then_some((since, place))
        });
        let mut idle: Vec<_> = idle.collect();
        idle.sort_by_key(|(since, _)| *since);
        // Whoever waits may not be the only one.
        for (_, place) in idle.into_iter().take(ROOM_MADE) {
            place.cut.notify_one();
        }
    }

    /// Waits until every place is given back.
    pub(super) async fn all_left(&self) {
        let _ = self.room.acquire_many(self.max).await;
    }
}

/// A place that is given back when this is dropped.
pub(super) struct Taken {
    pub(super) place: Arc<Place>,
    places: Arc<Places>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.retain(|place| !Arc::ptr_eq(place, &self.place));
    }
}

/// A connection that tells its place what moves.
pub(super) struct Told {
    pub(super) stream: TcpStream,
    pub(super) place: Arc<Place>,
}

impl Told {
    fn wrote(&self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &result {
            Poll::Ready(Ok(bytes)) => {
                if self.place.state().phase == Phase::Answer {
                    self.place.moved(*bytes);
                }
            }
            // There is more of an answer of which all so far was taken.
            Poll::Pending if self.place.state().phase == Phase::Head => {
                self.place.is_at(Phase::Answer);
            }
            Poll::Pending | Poll::Ready(Err(_)) => {}
        }
        result
    }
}

impl AsyncRead for Told {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Told {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.wrote(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Asked when all that is to be written by now is written.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = ready!(Pin::new(&mut self.stream).poll_flush(cx));
        let is_answered = self.place.state().phase == Phase::Answer;
        if is_answered {
            self.place.is_at(Phase::Head);
        }
        Poll::Ready(result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// An answer that goes in pieces, each a copy, so that its memory is free when the last one goes;
/// what it holds, it holds until then.
pub(super) struct Sent {
    answer: axum::body::Body,
    rest: Bytes,
    _held: Vec<OwnedSemaphorePermit>,
}

impl Sent {
    pub(super) fn new(answer: axum::body::Body, held: Vec<OwnedSemaphorePermit>) -> Self {
        Self {
            answer,
            rest: Bytes::new(),
            _held: held,
        }
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.answer).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if data.len() <= PIECE => {
                        return Poll::Ready(Some(Ok(Frame::data(data))));
                    }
                    Ok(data) => self.rest = data,
                    Err(frame) => return Poll::Ready(Some(Ok(frame))),
                },
                other => return Poll::Ready(other),
            }
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(Bytes::copy_from_slice(&piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.answer.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let behind = self.answer.size_hint();
        let mut hint = SizeHint::new();
        if let Some(upper) = behind.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(behind.lower() + rest);
        hint
    }
}
