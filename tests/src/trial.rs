//! One connection or request through the filter, told once and played in two hosts: the real Envoy and tlvet's own.
//!
//! The peers are the same in both: an origin that speaks real TLS, and a client that looks at no certificate, so that
//! nothing but the filter keeps a bad origin out.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tlvet_host::envoy_abi::{ConnectionId, Headers, Level, LogLine, OriginTls, Peers as Known, Vm};

use crate::origins::{NAME, Origin, Origins};
use crate::peers::{Client, Peers, Seen};

/// What the client says once it may.
pub const HELLO: &str = "hello\n";

/// Where the filter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arrangement {
    /// TLS goes through.
    Passthrough,
    /// Envoy speaks TLS with the origin, the client TCP with Envoy.
    Tcp,
    /// HTTP filter of the listener.
    Http,
    /// HTTP filter of the cluster.
    UpstreamHttp,
    /// Envoy speaks HTTP with the client, and TCP with itself where the filter stands.
    HttpByConnection,
}

/// What the mapping in `E-http-by-connection.yaml` answers.
const UNREACHED: &str = "502 tlvet: the origin was refused, or is not there";

impl Arrangement {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Passthrough, Self::Tcp, Self::Http, Self::UpstreamHttp, Self::HttpByConnection];

    /// The file in `plugin/deploy/envoy`, without its suffix.
    pub fn file(self) -> &'static str {
        match self {
            Self::Passthrough => "A-passthrough",
            Self::Tcp => "B-tcp",
            Self::Http => "C-http",
            Self::UpstreamHttp => "D-upstream-http",
            Self::HttpByConnection => "E-http-by-connection",
        }
    }

    /// What stands above its column in a table.
    pub fn title(self) -> &'static str {
        match self {
            Self::HttpByConnection => "tcp behind HTTP",
            other => other.role(),
        }
    }

    /// The filter's role.
    pub fn role(self) -> &'static str {
        match self {
            Self::Passthrough => "passthrough",
            Self::Tcp | Self::HttpByConnection => "tcp",
            Self::Http => "http",
            Self::UpstreamHttp => "upstream-http",
        }
    }
}

/// The filter's configuration in an arrangement; `more` replaces keys.
///
/// # Errors
/// When what is trusted cannot be read.
pub fn configuration(
    arrangement: Arrangement,
    mode: &str,
    origins: &Origins,
    more: &Value,
) -> Result<String> {
    let name = match arrangement {
        Arrangement::Passthrough => json!({"from": "sni"}),
        // Clients in clear send no server name.
        Arrangement::Tcp => json!({"from": "fixed", "fixed": NAME}),
        Arrangement::Http | Arrangement::UpstreamHttp | Arrangement::HttpByConnection => {
            json!({"from": "host"})
        }
    };
    let mut configuration = json!({"role": arrangement.role(), "mode": mode, "name": name});
    let object = configuration.as_object_mut().context("an object")?;
    // Where Envoy's validator enforces, it alone knows what is trusted.
    if (arrangement, mode) != (Arrangement::Http, "enforce") {
        object.insert("trust".to_owned(), json!({"ca_pem": origins.trusted_pem()?}));
    }
    for (key, value) in more.as_object().into_iter().flatten() {
        object.insert(key.clone(), value.clone());
    }
    Ok(configuration.to_string())
}

/// One connection or request.
#[derive(Clone, Debug)]
pub struct Trial<'t> {
    /// Where the filter stands.
    pub arrangement: Arrangement,
    /// The origin.
    pub origin: &'t Origin,
    /// Of TLS: `1.2` or `1.3`.
    pub version: &'t str,
    /// How the origin speaks, see `peers.py`.
    pub origin_manner: Value,
    /// How the client speaks, see `peers.py`.
    pub client_manner: Value,
    /// The client's server name where it is not the name that is asked for.
    pub server_name: Option<&'t str>,
    /// The origin's port where it is not that of the peers; Envoy has to be started with it.
    pub port: Option<u16>,
}

impl<'t> Trial<'t> {
    /// Without peculiarities.
    pub fn new(arrangement: Arrangement, origin: &'t Origin, version: &'t str) -> Self {
        Self {
            arrangement,
            origin,
            version,
            origin_manner: json!({}),
            client_manner: json!({}),
            server_name: None,
            port: None,
        }
    }

    /// The face that the origin shows.
    fn face(&self) -> String {
        format!("{} {}", self.origin.name, self.version)
    }

    fn server_name(&self) -> Option<&str> {
        self.server_name.or((self.origin.asked == NAME).then_some(NAME))
    }
}

/// What was seen of a trial from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// What the client got: `data`, `alert 48`, `closed`, or status and body.
    pub client: String,
    /// What the origin got: `nothing`, `hello`, `handshake` or `data`.
    pub origin: String,
    /// The filter's lines of level warning and above.
    pub lines: Vec<String>,
    /// How often each result was counted, as `result reason`.
    pub counted: BTreeMap<String, u64>,
}

/// In one line, without the log and the texts of answers.
impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted: Vec<&str> = self.counted.keys().map(String::as_str).collect();
        let client = match self.client.split_once(' ') {
            Some((status, _)) if status.parse::<u16>().is_ok() => status,
            _ => &self.client,
        };
        write!(f, "{} · {client} · {}", counted.join(", "), self.origin)
    }
}

/// A host of the filter.
pub trait Hosting {
    /// Plays a trial.
    ///
    /// # Errors
    /// When something ends that should not.
    fn play(&mut self, peers: &mut Peers, trial: &Trial<'_>) -> Result<Observed>;
}

/// Gives the origin all its faces.
///
/// # Errors
/// When a file does not fit.
pub fn dress(peers: &mut Peers, origins: &Origins) -> Result<()> {
    for origin in &origins.all {
        for version in ["1.2", "1.3"] {
            let face = format!("{} {version}", origin.name);
            peers.face(&face, &origin.chain, &origin.key, version)?;
        }
    }
    Ok(())
}

/// What a client of TLS got.
fn of_client(client: &Client) -> String {
    let open = if client.closed { "" } else { ", left open" };
    match client.alert {
        _ if !client.data.is_empty() => "data".to_owned(),
        Some((_, description)) => format!("alert {description}{open}"),
        None if client.handshake => format!("handshake{open}"),
        None => format!("closed{open}"),
    }
}

/// What the origin got.
fn of_origin(seen: &[Seen]) -> String {
    let what = if seen.iter().any(|one| !one.data.is_empty()) {
        "data"
    } else if seen.iter().any(|one| one.handshake) {
        "handshake"
    } else if seen.iter().any(|one| one.raw > 0) {
        "hello"
    } else {
        "nothing"
    };
    what.to_owned()
}

/// Lets the client act, in any host that listens on `port`.
///
/// # Errors
/// When the peers end.
pub fn act(peers: &mut Peers, trial: &Trial<'_>, port: u16) -> Result<(String, String)> {
    peers.show(&trial.face(), &trial.origin_manner)?;
    let client = match trial.arrangement {
        Arrangement::Passthrough => {
            let name = trial.server_name().map(str::to_owned);
            let manner = &trial.client_manner;
            let client = peers.client(port, name.as_deref(), trial.version, HELLO, manner)?;
            of_client(&client)
        }
        Arrangement::Tcp => {
            let data = peers.plain(port, HELLO)?;
            if data.is_empty() { "closed".to_owned() } else { "data".to_owned() }
        }
        Arrangement::Http | Arrangement::UpstreamHttp | Arrangement::HttpByConnection => {
            let answer = peers.http(port, "/", trial.origin.asked)?;
            let status = answer.status.unwrap_or_else(|| "closed".to_owned());
            if status == "200" {
                "data".to_owned()
            } else {
                format!("{status} {}", answer.body.trim_end())
            }
        }
    };
    Ok((client, of_origin(&peers.seen()?)))
}

/// `result reason` of a counter of connections.
pub fn counter(name: &str) -> Option<String> {
    let (_, rest) = name.split_once("tlvet_connections_total.result.")?;
    let (result, reason) = rest.split_once(".reason.")?;
    Some(format!("{result} {reason}"))
}

/// What was added.
pub fn difference(
    before: &BTreeMap<String, u64>,
    after: &BTreeMap<String, u64>,
) -> BTreeMap<String, u64> {
    after
        .iter()
        .map(|(name, value)| (name.clone(), value - before.get(name).copied().unwrap_or(0)))
        .filter(|(_, value)| *value > 0)
        .collect()
}

/// tlvet's own host: a VM of a worker, and that of the main thread, which ticks as well.
pub struct Own {
    worker: Vm,
    main: Vm,
    next_tick: u64,
    /// What Envoy's validator says of each origin, by its name; empty where it is content. The host has none of its own.
    pub validator: BTreeMap<String, String>,
    /// The filter's mode is `enforce`.
    enforces: bool,
}

impl Own {
    /// Starts the filter.
    ///
    /// # Errors
    /// When it refuses its configuration.
    pub fn start(configuration: &str) -> Result<Self> {
        let host = crate::scenario::host()?.at(now());
        let start = || {
            host.start(configuration.as_bytes())
                .map_err(|error| anyhow::anyhow!("{error}: {:?}", error.log))
        };
        let (mut worker, main) = (start()?, start()?);
        worker.take_log();
        let enforces = configuration.contains(r#""mode":"enforce""#);
        Ok(Self { worker, main, next_tick: 0, validator: BTreeMap::new(), enforces })
    }

    /// The log since the last time.
    pub fn take_log(&mut self) -> Vec<LogLine> {
        self.worker.take_log()
    }

    /// How often each result was counted, as `result reason`.
    pub fn counted(&self) -> BTreeMap<String, u64> {
        let metrics = self.worker.metrics();
        metrics
            .into_iter()
            .filter_map(|metric| Some((counter(&metric.name)?, metric.value)))
            .collect()
    }

    /// Time passes, and the timers go off.
    fn tick(&mut self) -> Result<()> {
        let now = now();
        self.worker.set_time(now);
        self.main.set_time(now);
        let period = u64::from(self.worker.tick_period()).saturating_mul(1_000_000);
        if period > 0 && now >= self.next_tick {
            self.next_tick = now.saturating_add(period);
            self.worker.tick()?;
            self.main.tick()?;
        }
        Ok(())
    }

    /// One connection in passthrough that a client makes to `listener`, to an origin on loopback.
    ///
    /// # Errors
    /// When the filter traps.
    pub fn relay(&mut self, listener: &TcpListener, origin: u16) -> Result<()> {
        let known = Known {
            client: loopback(40_000),
            listener: listener.local_addr()?,
            origin: loopback(origin),
            cluster: "origin".to_owned(),
            server_name: None,
        };
        self.pass(listener, &known)
    }

    /// One connection in passthrough, from a real client to a real origin.
    fn pass(&mut self, listener: &TcpListener, known: &Known) -> Result<()> {
        let (client, address) = listener.accept()?;
        let origin = TcpStream::connect(known.origin)?;
        let known = Known { client: address, ..known.clone() };
        for stream in [&client, &origin] {
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(Duration::from_millis(1)))?;
        }
        self.tick()?;
        let id = self.worker.connect(known.at_connect())?;
        if let Some(properties) = self.worker.connection_properties(id) {
            known.add_origin(properties);
        }
        let mut ended = [false, false];
        while !self.closed(id) && ended != [true, true] {
            self.tick()?;
            for (side, stream) in [&client, &origin].into_iter().enumerate() {
                let Some(side_ended) = ended.get_mut(side) else { continue };
                if *side_ended || self.closed(id) {
                    continue;
                }
                let Some(bytes) = piece(stream) else { continue };
                let end = bytes.is_empty();
                *side_ended = end;
                if side == 0 {
                    self.worker.client_sends(id, &bytes, end)?;
                } else {
                    self.worker.origin_sends(id, &bytes, end)?;
                }
                self.flush(id, &client, &origin);
            }
        }
        self.flush(id, &client, &origin);
        self.worker.client_closes(id)?;
        self.worker.forget(id)?;
        Ok(())
    }

    fn closed(&self, id: ConnectionId) -> bool {
        self.worker.connection(id).is_none_or(|connection| connection.closed.is_some())
    }

    /// Writes what has passed. A peer that has gone does not get it.
    fn flush(&mut self, id: ConnectionId, mut client: &TcpStream, mut origin: &TcpStream) {
        let (to_origin, to_client) = self.worker.take_passed(id);
        let _ = client.write_all(&to_client);
        let _ = origin.write_all(&to_origin);
        if let Some(connection) = self.worker.connection(id) {
            if connection.to_client_ended {
                let _ = client.shutdown(Shutdown::Write);
            }
            if connection.to_origin_ended {
                let _ = origin.shutdown(Shutdown::Write);
            }
        }
    }

    /// One connection in clear; the peers speak TLS with the origin for this host.
    fn originate(
        &mut self,
        peers: &mut Peers,
        trial: &Trial<'_>,
        known: &Known,
        more: &[(&[&str], &str)],
    ) -> Result<String> {
        self.tick()?;
        let mut properties = known.at_connect();
        for (path, value) in more {
            properties.set(path, value.as_bytes());
        }
        let id = self.worker.connect(properties)?;
        let Some(tls) = dial(peers, trial, true)? else {
            self.worker.client_closes(id)?;
            self.worker.forget(id)?;
            return Ok("closed".to_owned());
        };
        if let Some(properties) = self.worker.connection_properties(id) {
            known.add_origin(properties);
            tls.add_to(properties);
        }
        self.worker.client_sends(id, HELLO.as_bytes(), false)?;
        let (to_origin, mut to_client) = self.worker.take_passed(id);
        if !to_origin.is_empty() {
            let answer = peers.say(&to_origin)?;
            self.worker.origin_sends(id, &answer, false)?;
            to_client.extend(self.worker.take_passed(id).1);
        }
        peers.hang_up()?;
        self.worker.client_closes(id)?;
        self.worker.forget(id)?;
        Ok(if to_client.is_empty() { "closed" } else { "data" }.to_owned())
    }

    /// One request.
    fn exchange(&mut self, peers: &mut Peers, trial: &Trial<'_>, known: &Known) -> Result<String> {
        self.tick()?;
        let mut properties = known.at_connect();
        known.add_cluster(&mut properties);
        let late = trial.arrangement == Arrangement::UpstreamHttp;
        let id = self.worker.open_exchange(properties)?;
        let request = Headers::new(&[
            (":method", "GET"),
            (":path", "/"),
            (":scheme", "http"),
            (":authority", trial.origin.asked),
        ]);
        // In the cluster the connection is chosen before the request comes, and its handshake is not over.
        if late && let Some(properties) = self.worker.exchange_properties(id) {
            known.add_origin(properties);
        }
        self.worker.request_headers(id, request, true)?;
        let refused = if late { None } else { self.refused_by_validator(trial) };
        let answered = |own: &Self| {
            own.worker.exchange(id).is_some_and(|exchange| exchange.is_answered_by_filter())
        };
        if !answered(self) {
            // A validator that refuses does so in the handshake, whose begin the origin sees.
            let tls = dial(peers, trial, refused.is_none())?;
            if let Some(properties) = self.worker.exchange_properties(id) {
                known.add_origin(properties);
                if let Some(tls) = &tls {
                    tls.add_to(properties);
                } else if let Some(reason) = &refused {
                    properties.set(&["upstream", "transport_failure_reason"], reason.as_bytes());
                }
            }
            if late {
                self.next_tick = 0;
                self.tick()?;
            }
            let passed = self.worker.exchange(id).and_then(|exchange| exchange.request()).is_some();
            if !answered(self) && passed {
                self.respond(peers, id, tls.is_some())?;
            }
            peers.hang_up()?;
        }
        let exchange = self.worker.finish_exchange(id)?.context("the exchange is known")?;
        let Some(response) = exchange.response() else { return Ok("closed".to_owned()) };
        let status = response.headers.value(b":status").unwrap_or_default();
        if status == b"200" {
            return Ok("data".to_owned());
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        Ok(format!("{} {}", text(&status), text(&response.body)))
    }

    fn respond(
        &mut self,
        peers: &mut Peers,
        id: tlvet_host::envoy_abi::ExchangeId,
        connected: bool,
    ) -> Result<()> {
        let (status, body) = if connected {
            peers.say(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")?;
            ("200", &b"an answer\n"[..])
        } else {
            ("503", &b"upstream connect error"[..])
        };
        let length = body.len().to_string();
        let headers = Headers::new(&[(":status", status), ("content-length", &length)]);
        self.worker.response_headers(id, headers, false)?;
        self.worker.response_body(id, body, true)?;
        Ok(())
    }

    /// In mode monitor Envoy's validator lets everything through.
    fn refused_by_validator(&self, trial: &Trial<'_>) -> Option<String> {
        let said = self.validator.get(trial.origin.name).filter(|said| !said.is_empty());
        said.filter(|_| self.enforces).cloned()
    }
}

impl Hosting for Own {
    fn play(&mut self, peers: &mut Peers, trial: &Trial<'_>) -> Result<Observed> {
        let before = self.counted();
        self.take_log();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let known = Known {
            client: loopback(40_000),
            listener: listener.local_addr()?,
            origin: loopback(trial.port.unwrap_or(peers.port())),
            cluster: "origin".to_owned(),
            server_name: trial.server_name().map(str::to_owned),
        };
        let (client, origin) = match trial.arrangement {
            Arrangement::Passthrough => std::thread::scope(|scope| {
                let port = known.listener.port();
                let passing = scope.spawn(|| self.pass(&listener, &known));
                let acted = act(peers, trial, port);
                match passing.join() {
                    Ok(passed) => passed.and(acted),
                    Err(_) => bail!("the host panicked"),
                }
            })?,
            arrangement => {
                peers.show(&trial.face(), &trial.origin_manner)?;
                let client = match arrangement {
                    Arrangement::Tcp => self.originate(peers, trial, &known, &[])?,
                    Arrangement::HttpByConnection => {
                        // What Envoy around the filter leaves there, and makes of the close.
                        let host: (&[&str], &str) =
                            (&["filter_state", "tlvet.host"], trial.origin.asked);
                        match self.originate(peers, trial, &known, &[host])?.as_str() {
                            "closed" => UNREACHED.to_owned(),
                            other => other.to_owned(),
                        }
                    }
                    _ => self.exchange(peers, trial, &known)?,
                };
                (client, of_origin(&peers.seen()?))
            }
        };
        let lines = self
            .take_log()
            .into_iter()
            .filter(|line| line.level >= Level::Warning)
            .map(|line| line.text)
            .collect();
        ensure!(self.worker.dead().is_none(), "the VM died: {:?}", self.worker.dead());
        Ok(Observed { client, origin, lines, counted: difference(&before, &self.counted()) })
    }
}

/// A handshake with the origin as Envoy would make it, whose outcome Envoy tells the filter.
fn dial(peers: &mut Peers, trial: &Trial<'_>, accept: bool) -> Result<Option<OriginTls>> {
    let dialled = peers.dial(trial.server_name(), accept)?;
    let Some(certificate) = dialled.certificate else { return Ok(None) };
    Ok(Some(OriginTls {
        version: dialled.version,
        certificate,
        sha256: dialled.sha256,
        subject: format!("CN={}", trial.origin.name),
        dns_name: None,
    }))
}

/// What a peer has said within a moment: `None` for nothing, no bytes at the end.
fn piece(mut stream: &TcpStream) -> Option<Vec<u8>> {
    let mut room = vec![0; 16_384];
    match stream.read(&mut room) {
        Ok(length) => {
            room.truncate(length);
            Some(room)
        }
        Err(error)
            if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) =>
        {
            None
        }
        // A peer that breaks off has nothing more to say.
        Err(_) => Some(Vec::new()),
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// Nanoseconds since 1970.
fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    u64::try_from(now).unwrap_or(u64::MAX)
}
