//! One connection to a mail server: lines and literals of bounded length, over TCP or TLS, each
//! answer within a time. Knows nothing of SMTP, IMAP or POP3.

use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_platform_verifier::BuilderVerifierExt as _;
use smarthop::report::printable;

use crate::interrupt;

/// A line of a server. RFC 5321 4.5.3.1.5 has 512, RFC 9051 4 none; a search's answer is one line.
const LINE: usize = 256 << 10;

/// How long a read blocks before an interrupt is looked for.
const SLICE: Duration = Duration::from_millis(200);

/// What is quoted of a server's answer.
const QUOTED: usize = 300;

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tls {
    /// From the first octet on (RFC 8314).
    Implicit,
    /// Required before anything is said of the account (RFC 3207, RFC 2595).
    Starttls,
    /// Only where it is said explicitly.
    None,
}

/// Where a server is.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: Tls,
    /// Certificates that are believed in place of the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// For each answer.
    pub(crate) timeout: Duration,
    /// Made with the first connection: the system's certificates are many.
    pub(crate) config: Arc<OnceLock<Arc<ClientConfig>>>,
}

/// Why a server could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No connection, or it broke, or took too long.
    Connection(String),
    /// What the server answered in place of what was asked.
    Answer(String),
    /// Ctrl-C.
    Interrupted,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(says) | Self::Answer(says) => f.write_str(says),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// A server's words as a terminal may show them: one line, bounded, no control character.
pub(crate) fn quoted(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let short: String = text.trim().chars().take(QUOTED).collect();
    let line: String = short
        .chars()
        .map(|char| if char.is_whitespace() { ' ' } else { char })
        .collect();
    printable(&line).into_owned()
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
    /// While it is turned into TLS.
    Gone,
}

pub(crate) struct Wire {
    stream: Stream,
    endpoint: Endpoint,
    read: Vec<u8>,
    deadline: Instant,
}

impl Wire {
    pub(crate) fn connect(endpoint: &Endpoint) -> Result<Self, Trouble> {
        let Endpoint { host, port, .. } = endpoint;
        let failed = |error: &dyn fmt::Display| {
            Trouble::Connection(format!("{host}:{port}: cannot be reached: {error}"))
        };
        let addresses = (host.as_str(), *port)
            .to_socket_addrs()
            .map_err(|error| failed(&error))?;
        let mut last = "the name has no address".to_owned();
        let deadline = Instant::now() + endpoint.timeout;
        for address in addresses {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || interrupt::came() {
                break;
            }
            match TcpStream::connect_timeout(&address, left) {
                Ok(stream) => {
                    let mut wire = Self {
                        stream: Stream::Plain(stream),
                        endpoint: endpoint.clone(),
                        read: Vec::new(),
                        deadline,
                    };
                    wire.limit()?;
                    if endpoint.tls == Tls::Implicit {
                        wire.secure()?;
                    }
                    return Ok(wire);
                }
                Err(error) => last = error.to_string(),
            }
        }
        Err(failed(&last))
    }

    fn limit(&self) -> Result<(), Trouble> {
        let Stream::Plain(stream) = &self.stream else {
            return Ok(());
        };
        let set = stream
            .set_read_timeout(Some(SLICE))
            .and_then(|()| stream.set_write_timeout(Some(self.endpoint.timeout)))
            .and_then(|()| stream.set_nodelay(true));
        set.map_err(|error| self.broken(&error))
    }

    fn broken(&self, error: &dyn fmt::Display) -> Trouble {
        let Endpoint { host, port, .. } = &self.endpoint;
        Trouble::Connection(printable(&format!("{host}:{port}: {error}")).into_owned())
    }

    pub(crate) fn answered(&self, says: &str, answer: &[u8]) -> Trouble {
        let host = &self.endpoint.host;
        Trouble::Answer(format!("{host}: {says}: {}", quoted(answer)))
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The own address, as a literal for EHLO (RFC 5321 4.1.3).
    pub(crate) fn own_literal(&self) -> String {
        let socket = match &self.stream {
            Stream::Plain(stream) => Some(stream),
            Stream::Tls(stream) => Some(stream.get_ref()),
            Stream::Gone => None,
        };
        match socket.and_then(|stream| stream.local_addr().ok()) {
            Some(std::net::SocketAddr::V6(address)) => format!("[IPv6:{}]", address.ip()),
            Some(std::net::SocketAddr::V4(address)) => format!("[{}]", address.ip()),
            None => "[127.0.0.1]".to_owned(),
        }
    }

    /// Turns the connection into TLS. What came before it in the clear is not read as if it came
    /// under it.
    pub(crate) fn secure(&mut self) -> Result<(), Trouble> {
        if !self.read.is_empty() {
            let says = "sent more than its answer before TLS began: not trusted";
            return Err(self.broken(&says));
        }
        let name = ServerName::try_from(self.endpoint.host.clone())
            .map_err(|error| self.broken(&error))?;
        let config = match self.endpoint.config.get() {
            Some(config) => Arc::clone(config),
            None => {
                let made = config(self.endpoint.ca_file.as_deref());
                let made = Arc::new(made.map_err(|says| self.broken(&says))?);
                Arc::clone(self.endpoint.config.get_or_init(|| made))
            }
        };
        let client = ClientConnection::new(config, name).map_err(|error| self.broken(&error))?;
        let Stream::Plain(stream) = std::mem::replace(&mut self.stream, Stream::Gone) else {
            return Err(self.broken(&"TLS twice"));
        };
        let mut stream = StreamOwned::new(client, stream);
        self.deadline = Instant::now() + self.endpoint.timeout;
        while stream.conn.is_handshaking() {
            match stream.conn.complete_io(&mut stream.sock) {
                Ok(_) => {}
                Err(error) if is_pause(&error) => self.pause("in the TLS handshake")?,
                Err(error) => return Err(self.broken(&format!("no TLS: {error}"))),
            }
        }
        self.stream = Stream::Tls(Box::new(stream));
        Ok(())
    }

    /// Whether there is still time.
    fn pause(&self, when: &str) -> Result<(), Trouble> {
        if interrupt::came() {
            return Err(Trouble::Interrupted);
        }
        if Instant::now() >= self.deadline {
            let seconds = self.endpoint.timeout.as_secs();
            return Err(self.broken(&format!("no answer within {seconds} s {when}")));
        }
        Ok(())
    }

    /// Sends; the time for the answer begins.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let done = match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
            Stream::Tls(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
            Stream::Gone => Err(io::Error::from(io::ErrorKind::NotConnected)),
        };
        self.deadline = Instant::now() + self.endpoint.timeout;
        done.map_err(|error| self.broken(&error))
    }

    /// Reads some more.
    fn fill(&mut self) -> Result<(), Trouble> {
        let mut chunk = [0; 8 << 10];
        loop {
            // A server that drips must come to its end, too.
            self.pause("to the last command")?;
            let got = match &mut self.stream {
                Stream::Plain(stream) => stream.read(&mut chunk),
                Stream::Tls(stream) => stream.read(&mut chunk),
                Stream::Gone => Ok(0),
            };
            match got {
                Ok(0) => return Err(self.broken(&"the server closed the connection")),
                Ok(count) => {
                    self.read
                        .extend_from_slice(chunk.get(..count).unwrap_or_default());
                    return Ok(());
                }
                Err(error) if is_pause(&error) => {}
                Err(error) => return Err(self.broken(&error)),
            }
        }
    }

    /// The next line, without its end.
    pub(crate) fn line(&mut self) -> Result<Vec<u8>, Trouble> {
        let mut from = 0;
        loop {
            let unseen = self.read.get(from..).unwrap_or_default();
            if let Some(at) = unseen.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.read.drain(..=from + at).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(line);
            }
            from = self.read.len();
            if from > LINE {
                return Err(self.broken(&format!("a line of more than {LINE} octets")));
            }
            self.fill()?;
        }
    }

    /// So many octets.
    pub(crate) fn octets(&mut self, count: usize) -> Result<Vec<u8>, Trouble> {
        while self.read.len() < count {
            self.fill()?;
        }
        Ok(self.read.drain(..count).collect())
    }

    /// This much time for the next answer, where that is more than usual.
    pub(crate) fn wait_for(&mut self, time: Duration) {
        self.deadline = self.deadline.max(Instant::now() + time);
    }
}

fn is_pause(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    [Interrupted, TimedOut, WouldBlock].contains(&error.kind())
}

fn config(ca_file: Option<&Path>) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let Some(path) = ca_file else {
        let builder = builder
            .with_platform_verifier()
            .map_err(|error| format!("the system's certificates: {error}"))?;
        return Ok(builder.with_no_client_auth());
    };
    let failed = |error: &dyn fmt::Display| format!("ca-file {}: {error}", path.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| failed(&error))? {
        let certificate = certificate.map_err(|error| failed(&error))?;
        roots.add(certificate).map_err(|error| failed(&error))?;
    }
    if roots.is_empty() {
        return Err(failed(&"holds no certificate"));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
