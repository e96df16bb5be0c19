//! Connections: so many at once, so long to say what they want, so long in all; and the end.

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
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::REQUEST_TIME;
use super::guard::Reached;

/// How many connections are served at once; a browser opens six. Further ones wait to be accepted.
const CONNECTIONS_MAX: usize = 64;

/// From a connection's begin, or from an answer, to the end of the next request's header section:
/// who sends it byte by byte, or nothing, shall not keep others out.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// How long a request's header section may be.
const HEADER_BYTES: usize = 64 << 10;

/// After so long a connection takes no more requests; who reads an answer too slowly is cut off a
/// request's time later.
const CONNECTION_TIME: Duration = Duration::from_secs(120);

/// How long a thread that has nothing to do is kept.
const IDLE_THREAD: Duration = Duration::from_secs(5);

/// How long requests under way may take where the server is told to end.
const END_TIME: Duration = Duration::from_secs(5);

/// Where no connection can be accepted for now: too many open files, say.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until Ctrl-C or SIGTERM. One thread speaks HTTP; others, so many at most, analyse.
pub(super) fn until_told(listener: TcpListener, router: Router, threads: usize) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(threads)
        .thread_keep_alive(IDLE_THREAD)
        .build()?;
    runtime.block_on(accept(listener, router))?;
    // Whoever analyses still, for a request that was given up, is not waited for.
    runtime.shutdown_background();
    Ok(())
}

async fn accept(listener: TcpListener, router: Router) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let (tell, told) = watch::channel(false);
    let mut end = std::pin::pin!(end_is_asked()?);
    loop {
        let place = tokio::select! {
            () = &mut end => break,
            place = room.clone().acquire_owned() => place,
        };
        let Ok(place) = place else {
            break;
        };
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
        let (router, told) = (router.clone(), told.clone());
        tokio::spawn(async move {
            let limit = CONNECTION_TIME + REQUEST_TIME;
            let _ = timeout(limit, converse(stream, router, told)).await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tell.send(true);
    // Every connection has given its place back, or has had its time.
    let all = u32::try_from(CONNECTIONS_MAX).unwrap_or(u32::MAX);
    let _ = timeout(END_TIME, room.acquire_many(all)).await;
    Ok(())
}

/// One connection's requests. Its errors are the other side's affair.
async fn converse(stream: TcpStream, router: Router, mut told: watch::Receiver<bool>) {
    let Ok(reached) = stream.local_addr() else {
        return;
    };
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Reached(reached));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = told.wait_for(|told| *told) => {}
        () = sleep(CONNECTION_TIME) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
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
