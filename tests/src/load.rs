//! What loads a proxy as busy ones are loaded: connections that always have something waiting, so that wake-ups are shared and
//! caches stay warm. Whoever makes the load has to cost less than the proxy, so no load does arithmetic of TLS.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, ensure};

/// How long a peer may be silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// Connections of TLS that are open at the same time.
const HANDSHAKES: usize = 8;

/// Clients of HTTP/1.1 whose connections stay open. Each has a request on its way at any time.
pub struct Requests {
    clients: Vec<(TcpStream, Vec<u8>)>,
    request: Vec<u8>,
    piece: Vec<u8>,
}

impl Requests {
    /// Connects `count` clients, which send `request` whenever they are answered.
    ///
    /// # Errors
    /// When nobody listens at `edge`.
    pub fn connect(edge: SocketAddr, count: usize, request: &str) -> Result<Self> {
        let clients = (0..count)
            .map(|_| {
                let stream = connect(edge)?;
                Ok((stream, Vec::new()))
            })
            .collect::<Result<_>>()?;
        Ok(Self { clients, request: request.as_bytes().to_vec(), piece: vec![0; 16_384] })
    }

    /// Makes at least so many requests, each answered with 200; how many they were.
    ///
    /// # Errors
    /// When one is answered otherwise, or not at all.
    pub fn make(&mut self, count: u64) -> Result<u64> {
        for (stream, _) in &mut self.clients {
            stream.write_all(&self.request)?;
        }
        let clients = u64::try_from(self.clients.len())?;
        let turns = count.div_ceil(clients).max(1);
        for turn in 1..=turns {
            for (stream, kept) in &mut self.clients {
                let status = answered(stream, kept, &mut self.piece)?;
                ensure!(status == "200", "an answer has status {status}");
                if turn < turns {
                    stream.write_all(&self.request)?;
                }
            }
        }
        Ok(turns * clients)
    }
}

/// Sends one request on a connection that stays open; the status of its answer.
///
/// # Errors
/// When there is no answer, or it has no length.
pub fn ask(stream: &mut TcpStream, request: &str) -> Result<String> {
    stream.write_all(request.as_bytes())?;
    answered(stream, &mut Vec::new(), &mut [0; 16_384])
}

/// Reads one answer with a length; its status. `kept` is what was read and not used.
fn answered(stream: &mut TcpStream, kept: &mut Vec<u8>, piece: &mut [u8]) -> Result<String> {
    let mut whole = None;
    loop {
        if whole.is_none() {
            whole = head(kept)?;
        }
        if let Some((status, length)) = whole.take_if(|(_, length)| kept.len() >= *length) {
            kept.drain(..length);
            return Ok(status);
        }
        let read = stream.read(piece)?;
        ensure!(read > 0, "an answer is cut");
        kept.extend_from_slice(piece.get(..read).unwrap_or_default());
    }
}

/// Status and bytes of the answer at the beginning of `bytes`; `None` while its headers are not whole.
fn head(bytes: &[u8]) -> Result<Option<(String, usize)>> {
    const LENGTH: &str = "content-length:";
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = str::from_utf8(bytes.get(..end).unwrap_or_default())?;
    let status = head.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    let status = status.with_context(|| head.to_owned())?.to_owned();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix(LENGTH).map(str::to_owned))
        .context("an answer has a length")?;
    Ok(Some((status, end + 4 + length.trim().parse::<usize>()?)))
}

fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Client,
    Origin,
}

/// What a client and an origin once said to each other, and an origin that says it again to everyone who comes.
///
/// To a filter that looks on, each time is a whole handshake.
pub struct Recorded {
    flights: Arc<[(Side, Vec<u8>)]>,
    port: u16,
    origins: Vec<JoinHandle<()>>,
    wrong: Arc<Mutex<Option<String>>>,
    over: Arc<AtomicU64>,
}

impl Recorded {
    /// Listens to one connection that `act` makes to the port that it is given, with the origin at `origin`.
    ///
    /// # Errors
    /// When it fails, or nobody says anything.
    pub fn listen(origin: SocketAddr, act: impl FnOnce(u16) -> Result<()>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let relay = std::thread::spawn(move || -> Result<Vec<(Side, Vec<u8>)>> {
            let (client, _) = listener.accept()?;
            relayed(&client, &connect(origin)?)
        });
        act(port)?;
        let mut flights = relay.join().map_err(|_| anyhow!("the relay panicked"))??;
        // What is said last is a farewell, which may come or not.
        while flights.last().is_some_and(|(side, _)| *side == Side::Client) {
            flights.pop();
        }
        ensure!(flights.len() >= 4, "{} flights are no handshake of TLS 1.2", flights.len());
        Self::say_again(flights.into())
    }

    fn say_again(flights: Arc<[(Side, Vec<u8>)]>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let wrong: Arc<Mutex<Option<String>>> = Arc::default();
        let over: Arc<AtomicU64> = Arc::default();
        let origins = (0..HANDSHAKES)
            .map(|_| {
                let (listener, flights) = (listener.try_clone()?, Arc::clone(&flights));
                let (wrong, over) = (Arc::clone(&wrong), Arc::clone(&over));
                Ok(std::thread::spawn(move || {
                    while let Ok((mut stream, _)) = listener.accept() {
                        if over.load(Ordering::Relaxed) > 0 {
                            return;
                        }
                        if let Err(error) = said(&mut stream, &flights, Side::Origin) {
                            *wrong.lock().unwrap_or_else(PoisonError::into_inner) =
                                Some(format!("{error:#}"));
                        }
                    }
                }))
            })
            .collect::<Result<_>>()?;
        Ok(Self { flights, port, origins, wrong, over })
    }

    /// The port of the origin.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes so many connections to `edge`, some at the same time, each from its first to its last flight; how many they were.
    ///
    /// # Errors
    /// When one side hears anything else than what was said.
    pub fn make(&self, edge: SocketAddr, count: u64) -> Result<u64> {
        let each = count.div_ceil(u64::try_from(HANDSHAKES)?);
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..HANDSHAKES)
                .map(|_| {
                    scope.spawn(|| -> Result<()> {
                        for _ in 0..each {
                            said(&mut connect(edge)?, &self.flights, Side::Client)?;
                        }
                        Ok(())
                    })
                })
                .collect();
            for client in clients {
                client.join().map_err(|_| anyhow!("a client panicked"))??;
            }
            Ok::<(), anyhow::Error>(())
        })?;
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner).take();
        ensure!(wrong.is_none(), "the origin heard something else: {wrong:?}");
        Ok(each * u64::try_from(HANDSHAKES)?)
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        self.over.store(1, Ordering::Relaxed);
        // Each of them waits for one more connection, and nobody knows which of them gets which.
        for _ in &self.origins {
            let _ = TcpStream::connect(("127.0.0.1", self.port));
        }
        for origin in self.origins.drain(..) {
            let _ = origin.join();
        }
    }
}

/// Says one side's part and hears the other's.
fn said(stream: &mut TcpStream, flights: &[(Side, Vec<u8>)], me: Side) -> Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut heard = Vec::new();
    for (side, flight) in flights {
        if *side == me {
            stream.write_all(flight)?;
        } else {
            heard.resize(flight.len(), 0);
            stream.read_exact(&mut heard)?;
            ensure!(heard == *flight, "another flight was said");
        }
    }
    // The client ends the connection, as most do.
    if me == Side::Origin {
        match stream.read(&mut [0]) {
            Ok(0) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            other => ensure!(false, "no end behind the last flight: {other:?}"),
        }
    }
    Ok(())
}

/// Carries bytes between both until one ends, and keeps what each said in the order of its flights.
fn relayed(client: &TcpStream, origin: &TcpStream) -> Result<Vec<(Side, Vec<u8>)>> {
    let flights: Mutex<Vec<(Side, Vec<u8>)>> = Mutex::default();
    let carry = |side, mut from: &TcpStream, mut to: &TcpStream| -> Result<()> {
        let mut piece = [0; 16_384];
        loop {
            let read = match from.read(&mut piece) {
                Ok(0) => break,
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
                read => read?,
            };
            let piece = piece.get(..read).unwrap_or_default();
            {
                let mut flights = flights.lock().unwrap_or_else(PoisonError::into_inner);
                match flights.last_mut() {
                    Some((last, bytes)) if *last == side => bytes.extend_from_slice(piece),
                    _ => flights.push((side, piece.to_vec())),
                }
            }
            to.write_all(piece)?;
        }
        // The other direction ends with this one; it may have ended already.
        let _ = to.shutdown(std::net::Shutdown::Both);
        Ok(())
    };
    std::thread::scope(|scope| {
        let back = scope.spawn(|| carry(Side::Origin, origin, client));
        carry(Side::Client, client, origin)?;
        back.join().map_err(|_| anyhow!("the relay panicked"))?
    })?;
    Ok(flights.into_inner().unwrap_or_else(PoisonError::into_inner))
}
