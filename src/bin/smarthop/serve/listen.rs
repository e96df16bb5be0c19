//! Connections: so many at once, so long to say what they want, so long in all; and the end. One
//! thread speaks HTTP, and waits for nothing but connections and the clock.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::REQUEST_TIME;
use super::guard::Reached;
use super::place::{Phase, Place, Places, Told};

/// How many connections are served at once; a browser opens six. A further one takes the place of
/// the one that has been idle longest.
const CONNECTIONS_MAX: u32 = 128;

/// From a connection's begin, or from an answer, to the end of the next request's header section:
/// who sends it byte by byte, or nothing, shall not keep others out.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// How long a request's header section may be.
const HEADER_BYTES: usize = 64 << 10;

/// After so long a connection takes no more requests; who reads an answer too slowly is cut off a
/// request's time later.
const CONNECTION_TIME: Duration = Duration::from_secs(120);

/// How long requests under way may take where the server is told to end.
const END_TIME: Duration = Duration::from_secs(5);

/// Where no connection can be accepted for now: too many open files, say.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until Ctrl-C or SIGTERM.
pub(super) fn until_told(listener: TcpListener, router: Router) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(accept(listener, router))
}

async fn accept(listener: TcpListener, router: Router) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let places = Arc::new(Places::new(CONNECTIONS_MAX));
    let (tell, told) = watch::channel(false);
    let mut end = std::pin::pin!(end_is_asked()?);
    loop {
        let stream = tokio::select! {
            () = &mut end => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    sleep(PAUSE).await;
                    continue;
                }
            },
        };
        // Only when somebody is there, whoever is idle must make room.
        let taken = tokio::select! {
            () = &mut end => break,
            taken = places.take() => taken,
        };
        let Some(taken) = taken else {
            break;
        };
        let (router, told) = (router.clone(), told.clone());
        tokio::spawn(async move {
            let limit = CONNECTION_TIME + REQUEST_TIME;
            let place = taken.place.clone();
            let _ = timeout(limit, converse(stream, place, router, told)).await;
            drop(taken);
        });
    }
    drop(listener);
    let _ = tell.send(true);
    // Every connection has given its place back, or has had its time.
    let _ = timeout(END_TIME, places.all_left()).await;
    Ok(())
}

/// One connection's requests. Its errors are the other side's affair.
async fn converse(
    stream: TcpStream,
    place: Arc<Place>,
    router: Router,
    mut told: watch::Receiver<bool>,
) {
    let Ok(reached) = stream.local_addr() else {
        return;
    };
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let at = place.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        at.is_at(Phase::Work);
        request.extensions_mut().insert(Reached(reached));
        request.extensions_mut().insert(at.clone());
        let (answer, at) = (router.call(request), at.clone());
        async move {
            let answer = answer.await;
            at.is_at(Phase::Answer);
            answer
        }
    });
    let stream = Told {
        stream,
        place: place.clone(),
    };
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = place.must_go() => return,
        _ = told.wait_for(|told| *told) => {}
        () = sleep(CONNECTION_TIME) => {}
    }
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        _ = connection.as_mut() => {}
        () = place.must_go() => {}
    }
}

/// Ctrl-C, and being asked to end by the system. Listens at once, so that none is missed.
#[cfg(unix)]
fn end_is_asked() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn end_is_asked() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where it cannot be listened for, it ends the program as it does any other.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
