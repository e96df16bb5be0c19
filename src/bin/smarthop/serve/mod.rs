//! `smarthop serve`: the command as a local web page and as an interface for programs (HTTP/1.1,
//! RFC 9112). What is expected and believed by default is loaded once; each request says the rest.
//!
//! `listen.rs` takes connections, `place.rs` bounds them, `guard.rs` says who may use them and what every
//! answer says to the browser, `request.rs` reads a body, `options.rs` makes an expectation of a
//! request's options by the command line's own rules, `work.rs` analyses on the threads of
//! `workers.rs`, `api.rs` and `page.rs` answer, `log.rs` logs. Nothing is stored, no file is opened for a request, and what is logged of one is its
//! method, path, status and time.
//!
//! Not supported: HTTP/2, TLS (a proxy's work), accounts.

mod api;
mod guard;
mod listen;
mod log;
mod options;
mod page;
mod place;
mod refusal;
mod request;
mod work;
mod workers;

use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::{get, post};
use axum::{Router, middleware};
use tokio::sync::Semaphore;

use crate::cli::Serve;
use crate::{exit, sink};
use log::Log;
use options::Loaded;
use refusal::Refusal;
use workers::Workers;

/// The largest body of a request. A header section is some kilobytes; this is for mboxes.
const BODY_MAX: usize = 64 << 20;

/// How much a request's compressed parts may unpack to, together.
const UNPACKED_MAX: u64 = 64 << 20;

/// How many parts a multipart body may have: every file is one.
const PARTS_MAX: usize = 2000;

/// How many messages a request may hold, where the answer is JSON.
const MESSAGES_MAX: u64 = 10_000;

/// And where it is a page, which a browser must show.
const REPORTS_MAX: u64 = 500;

/// The largest header section: Exim refuses one beyond 1 MiB (`header_maxsize`), Exchange beyond
/// 256 KiB. The analysis of one takes some twenty times its size.
const SECTION_MAX: usize = 1 << 20;

/// The largest answer where it is JSON, which goes in pieces.
const ANSWER_MAX: usize = 48 << 20;

/// And where it is a page, which is put together of its parts.
const PAGE_MAX: usize = 12 << 20;

/// How much memory all bodies may take together, and all answers, beyond what every connection may
/// have of its own; in [`UNIT`]s. Further bodies wait, further answers are refused.
const BODIES_MAX: usize = (BODY_MAX + (8 << 20)) / UNIT;
const ANSWERS_MAX: usize = ANSWER_MAX / UNIT;

/// Memory is asked for in steps.
const UNIT: usize = 1 << 20;

/// How much of an answer every connection may have.
const ANSWER_OWN: usize = 256 << 10;

/// How long a body waits for memory.
const BUSY_TIME: Duration = Duration::from_secs(5);

/// How many threads analyse at most, beside the one for light work: each takes memory.
const THREADS_MAX: usize = 3;

/// From a request's header section to its answer.
const REQUEST_TIME: Duration = Duration::from_secs(60);

/// What every request needs.
struct Server {
    loaded: Loaded,
    listening: SocketAddr,
    allowed_hosts: Vec<String>,
    /// For bodies in memory.
    bodies: Arc<Semaphore>,
    /// For answers in memory.
    answers: Arc<Semaphore>,
    workers: Workers,
    log: Arc<Log>,
}

/// Serves until it is told to end.
pub(crate) fn serve(args: Serve) -> ExitCode {
    let loaded = match Loaded::new(args.expected, args.belief) {
        Ok(loaded) => loaded,
        Err(error) => return crate::usage::end(&error),
    };
    let (listener, listening) = match bind(args.listen) {
        Ok(bound) => bound,
        Err(error) => {
            sink::tell(&cannot_listen(args.listen, &error));
            return exit::TROUBLE.into();
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let log = Arc::new(Log::start());
    let server = Server {
        loaded,
        listening,
        allowed_hosts: args.allow_host,
        bodies: Arc::new(Semaphore::new(BODIES_MAX)),
        answers: Arc::new(Semaphore::new(ANSWERS_MAX)),
        workers: Workers::start(threads.min(THREADS_MAX)),
        log: log.clone(),
    };
    announce(&server);
    let result = listen::until_told(listener, router(server));
    let status = match result {
        Ok(()) => exit::PASS,
        Err(error) => {
            log.say(format!("smarthop: error: serve: {error}"));
            exit::TROUBLE
        }
    };
    log.end();
    status.into()
}

fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let listening = listener.local_addr()?;
    Ok((listener, listening))
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> String {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "io::ErrorKind is non-exhaustive"
    )]
    let helps = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there, perhaps another `smarthop serve`: end it, or choose \
             another port (0 takes any that is free)"
        }
        io::ErrorKind::PermissionDenied => "choose a port above 1023",
        io::ErrorKind::AddrNotAvailable => "choose an address of this machine",
        _ => "choose another address or port",
    };
    format!("--listen {address}: cannot listen: {error}: {helps}")
}

/// Says on standard error where it listens and what that means; a script may wait for the line.
fn announce(server: &Server) {
    let address = server.listening;
    let mut err = io::stderr().lock();
    if !address.ip().to_canonical().is_loopback() {
        let _ = writeln!(
            err,
            "smarthop: note: {address} is reached from beyond this machine: whoever reaches the \
             port can use it, without a password, and the headers that are sent to it cross the \
             network as plain HTTP"
        );
    }
    if let Some(what) = server.loaded.description() {
        let _ = writeln!(err, "smarthop: note: what a request does not say: {what}");
    }
    let _ = writeln!(err, "listening on http://{address}/");
}

fn router(server: Server) -> Router {
    let server = Arc::new(server);
    Router::new()
        .route("/", get(page::page))
        .route("/app.css", get(page::style))
        .route("/app.js", get(page::script))
        .route("/check", post(page::check))
        .route("/report", post(page::report))
        .route("/download", post(page::download))
        .route("/api/check", post(api::check))
        .route("/api/trace", post(api::trace))
        .route("/api/schema", get(api::schema))
        .route("/healthz", get(api::healthz))
        .fallback(|| async { Refusal::not_found() })
        .method_not_allowed_fallback(|method: Method| async move { Refusal::method(&method) })
        // `request.rs` bounds it.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(
            server.clone(),
            guard::attend,
        ))
        .with_state(server)
}
