//! The TLS connections of a capture, played through the filter: what it would have done to each of them.
//!
//! The capture is read in the engine's sandbox, which hands out what the peers said piece by piece; the filter runs in
//! [`crate::envoy_abi`]. Time is the capture's. What waits is bounded on both sides: by the engine's tables and by the
//! memory of the filter's VM.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::envoy_abi::{ClosedBy, ConnectionId, Dead, Host, Level, LogLine, Peers, StartError, Vm};

/// Connections whose outcome is listed; of more the verdict is counted.
const LISTED: usize = 100_000;

/// Bytes that wait for the filter's verdict, all connections together; one that would hold more is given up.
const HELD: usize = 64 << 20;

/// Lines of the filter's log that are kept for one connection.
const LINES: usize = 16;

/// What the filter does, or would do, to a connection; the gravest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The capture ends, or lacks bytes, before the filter has decided; or it lacks the beginning.
    Undecided,
    /// It is verified and passes.
    Passes,
    /// It passes because an exception covers it.
    Excepted,
    /// It passes unverified, because the policy says so.
    Unchecked,
    /// It lets the connection pass, and says that in mode enforce it would not.
    WouldRefuse,
    /// It refuses the connection.
    Refused,
}

impl Verdict {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Passes => "passes",
            Self::Excepted => "passes by an exception",
            Self::Unchecked => "passes unverified",
            Self::Refused => "refused",
            Self::WouldRefuse => "would be refused",
            Self::Undecided => "undecided",
        }
    }
}

/// What became of one connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Its number in the capture.
    pub id: u64,
    /// Who opened it, address and port.
    pub client: SocketAddr,
    /// The origin.
    pub server: SocketAddr,
    /// The server name of the ClientHello.
    pub server_name: Option<String>,
    /// Its first packet, from 1.
    pub frame: u64,
    /// The time of that packet: seconds since 1970.
    pub time: i64,
    /// What the filter does to it.
    pub verdict: Verdict,
    /// Why, as the filter's metrics name it; absent where the filter has not said so.
    pub reason: Option<String>,
    /// Why, in words; absent where it passes.
    pub detail: Option<String>,
    /// What the filter logged for it, Traffic Server's lines among it.
    pub lines: Vec<String>,
    /// The counters that it moved, by name.
    pub counted: BTreeMap<String, u64>,
}

/// What happened in the whole capture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// TLS connections.
    pub connections: u64,
    /// By verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Connections that do not begin with TLS; they are not played.
    pub others: u64,
    /// How often the filter's VM died and was started again.
    pub restarts: u64,
    /// Packets of the capture.
    pub packets: u64,
    /// What is wrong with the capture.
    pub problems: Vec<String>,
}

/// Why a capture was not played to its end.
#[derive(Debug)]
pub enum Fault {
    /// The filter does not take its configuration.
    Configuration(StartError),
    /// The capture cannot be read.
    Capture(crate::engine::Failure),
    /// The bytes are no capture.
    NoCapture,
    /// The engine said something that it never says.
    Engine(String),
}

impl From<crate::engine::Failure> for Fault {
    fn from(failure: crate::engine::Failure) -> Self {
        Self::Capture(failure)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(error) => error.fmt(f),
            Self::Capture(failure) => failure.fmt(f),
            Self::NoCapture => f.write_str("not a capture: neither pcap nor pcapng"),
            Self::Engine(what) => write!(f, "the engine's answer cannot be read: {what}"),
        }
    }
}

impl std::error::Error for Fault {}

/// Plays a capture.
pub struct Replay {
    module: wasmtime::Module,
    configuration: Vec<u8>,
    vm: Option<(Host, Vm)>,
    next_tick: u64,
    open: BTreeMap<u64, Playing>,
    /// Connections by their context in the VM.
    by_context: BTreeMap<u32, u64>,
    /// Bytes that wait in all connections.
    held: usize,
    outcomes: Vec<Outcome>,
    summary: Summary,
    ended: bool,
    capture: bool,
}

/// A connection that is played.
struct Playing {
    outcome: Outcome,
    id: ConnectionId,
    /// Bytes that reached the client.
    to_client: u64,
    /// Bytes that wait for the verdict.
    held: usize,
    /// Bytes are missing, or more than is played.
    lost: Option<String>,
}

/// A line of the engine.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Event {
        id: u64,
        at: Moment,
        #[serde(flatten)]
        what: News,
    },
    End {
        capture: bool,
        packets: u64,
        others: u64,
        problems: Vec<String>,
    },
}

#[derive(Clone, Copy, Deserialize)]
struct Moment {
    frame: u64,
    time: Time,
}

#[derive(Clone, Copy, Deserialize)]
struct Time {
    seconds: i64,
    nanoseconds: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
enum News {
    Opened { client: SocketAddr, server: SocketAddr, server_name: Option<String>, first: Moment },
    Said { side: Side, bytes: String },
    Lost { side: Side, length: u64 },
    Cut { side: Side },
    Ended { side: Side },
    Closed {},
    Unplayable { client: SocketAddr, server: SocketAddr, first: Moment },
}

#[derive(Clone, Copy, Deserialize)]
enum Side {
    Client,
    Server,
}

impl Moment {
    /// Nanoseconds since 1970; times before it are its beginning.
    fn nanoseconds(self) -> u64 {
        u64::try_from(self.time.seconds)
            .unwrap_or(0)
            .saturating_mul(1_000_000_000)
            .saturating_add(u64::from(self.time.nanoseconds))
    }
}

impl Replay {
    /// With the filter's compiled module and its configuration, which has to be of role `passthrough`; see [`as_passthrough`].
    pub fn new(module: &wasmtime::Module, configuration: &[u8]) -> Self {
        Self {
            module: module.clone(),
            configuration: configuration.to_vec(),
            vm: None,
            next_tick: 0,
            open: BTreeMap::new(),
            by_context: BTreeMap::new(),
            held: 0,
            outcomes: Vec::new(),
            summary: Summary::default(),
            ended: false,
            capture: false,
        }
    }

    /// The next lines of [`crate::engine::Instance::streams`].
    ///
    /// # Errors
    /// When the filter refuses its configuration, or a line is none.
    pub fn take(&mut self, lines: &[u8]) -> Result<(), Fault> {
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line).map_err(|error| Fault::Engine(error.to_string()))? {
                Line::Event { id, at, what } => self.event(id, at, what)?,
                Line::End { capture, packets, others, problems } => {
                    self.ended = true;
                    self.capture = capture;
                    self.summary = Summary { packets, others, problems, ..self.summary.clone() };
                }
            }
        }
        Ok(())
    }

    /// What became of every connection, in the order of the capture, and of all together.
    ///
    /// # Errors
    /// When there was no capture.
    pub fn end(mut self) -> Result<(Vec<Outcome>, Summary), Fault> {
        if self.ended && !self.capture {
            return Err(Fault::NoCapture);
        }
        let open: Vec<u64> = self.open.keys().copied().collect();
        for id in open {
            self.close(id);
        }
        self.outcomes.sort_by_key(|outcome| outcome.id);
        Ok((self.outcomes, self.summary))
    }

    fn event(&mut self, id: u64, at: Moment, what: News) -> Result<(), Fault> {
        let now = at.nanoseconds();
        match what {
            News::Unplayable { client, server, first } => {
                let mut outcome = Outcome::new(id, client, server, None, first);
                outcome.detail = Some("the capture lacks its beginning".to_owned());
                self.note(outcome);
            }
            News::Opened { client, server, server_name, first } => {
                self.start(now)?;
                self.tick(now)?;
                self.connect(Outcome::new(id, client, server, server_name, first));
            }
            News::Said { side, bytes } => {
                let bytes =
                    STANDARD.decode(bytes).map_err(|error| Fault::Engine(error.to_string()))?;
                self.tick(now)?;
                self.say(id, side, &bytes, false);
            }
            News::Ended { side } => {
                self.tick(now)?;
                self.say(id, side, &[], true);
            }
            News::Lost { side, length } => {
                let who = match side {
                    Side::Client => "the client",
                    Side::Server => "the origin",
                };
                if let Some(playing) = self.open.get_mut(&id) {
                    playing.lost =
                        Some(format!("{length} bytes of {who} are missing at frame {}", at.frame));
                }
            }
            // Behind so many bytes a verdict that did not come will not come; what passed has passed.
            News::Cut { side: Side::Client | Side::Server } => {}
            News::Closed {} => {
                self.tick(now)?;
                self.close(id);
            }
        }
        Ok(())
    }

    /// Starts the filter where it does not run.
    fn start(&mut self, now: u64) -> Result<(), Fault> {
        if let Some((_, vm)) = &self.vm
            && vm.dead().is_none()
        {
            return Ok(());
        }
        let host = match self.vm.take() {
            // Sessions that were verified are remembered beyond the death of a VM.
            Some((host, _)) => {
                self.summary.restarts += 1;
                host.at(now)
            }
            None => Host::new(&self.module, crate::envoy_abi::Limits::default()).at(now),
        };
        let mut vm = host.start(&self.configuration).map_err(Fault::Configuration)?;
        // What it says at start is said of its configuration.
        vm.take_log();
        self.vm = Some((host, vm));
        Ok(())
    }

    fn connect(&mut self, outcome: Outcome) {
        let Some((_, vm)) = &mut self.vm else { return };
        let peers = Peers {
            client: outcome.client,
            listener: outcome.server,
            origin: outcome.server,
            cluster: "origin".to_owned(),
            server_name: outcome.server_name.clone(),
        };
        match vm.connect(peers.at_connect()) {
            Ok(id) => {
                if let Some(properties) = vm.connection_properties(id) {
                    peers.add_origin(properties);
                }
                let playing = Playing { id, to_client: 0, held: 0, lost: None, outcome };
                self.by_context.insert(id.context(), playing.outcome.id);
                self.open.insert(playing.outcome.id, playing);
                self.gather();
            }
            Err(dead) => self.died(&dead, Some(outcome)),
        }
    }

    fn say(&mut self, id: u64, side: Side, bytes: &[u8], end: bool) {
        let (Some((_, vm)), Some(playing)) = (&mut self.vm, self.open.get_mut(&id)) else { return };
        if playing.lost.is_some() {
            return;
        }
        let said = match side {
            Side::Client => vm.client_sends(playing.id, bytes, end),
            Side::Server => vm.origin_sends(playing.id, bytes, end),
        };
        if let Err(dead) = said {
            self.died(&dead, None);
            return;
        }
        let (_, to_client) = vm.take_passed(playing.id);
        playing.to_client = playing.to_client.saturating_add(to_client.len() as u64);
        let held = vm.connection(playing.id).map_or(0, |connection| {
            connection.held_from_client().saturating_add(connection.held_from_origin())
        });
        self.held = self.held.saturating_sub(playing.held).saturating_add(held);
        playing.held = held;
        if self.held > HELD {
            playing.lost = Some("too much waits for verdicts at the same time".to_owned());
        }
        self.gather();
        if self.held > HELD {
            self.close(id);
        }
    }

    /// Lets time pass, and the timer go off where it is due.
    fn tick(&mut self, now: u64) -> Result<(), Fault> {
        let Some((_, vm)) = &mut self.vm else { return Ok(()) };
        vm.set_time(now);
        let period = u64::from(vm.tick_period()).saturating_mul(1_000_000);
        if period == 0 || now < self.next_tick {
            return Ok(());
        }
        self.next_tick = now.saturating_add(period);
        match vm.tick() {
            Ok(()) => self.gather(),
            Err(dead) => {
                self.died(&dead, None);
                return self.start(now);
            }
        }
        Ok(())
    }

    /// Gives the lines of the log to their connections.
    fn gather(&mut self) {
        let Some((_, vm)) = &mut self.vm else { return };
        for LogLine { level, text, context } in vm.take_log() {
            if level < Level::Warning {
                continue;
            }
            let playing = self.by_context.get(&context).and_then(|id| self.open.get_mut(id));
            if let Some(playing) = playing
                && playing.outcome.lines.len() < LINES
            {
                playing.outcome.lines.push(text);
            }
        }
    }

    fn close(&mut self, id: u64) {
        let (Some((_, vm)), Some(playing)) = (&mut self.vm, self.open.get(&id)) else { return };
        let connection = playing.id;
        self.held = self.held.saturating_sub(playing.held);
        let closed = vm.connection(connection).and_then(|connection| connection.closed);
        if let Err(dead) = vm.client_closes(connection) {
            return self.died(&dead, None);
        }
        let counted = vm.counted(connection.context());
        self.gather();
        self.by_context.remove(&connection.context());
        let Some(mut playing) = self.open.remove(&id) else { return };
        playing.outcome.counted = counted.into_iter().collect();
        playing.judge(closed);
        self.note(playing.outcome);
        if let Some((_, vm)) = &mut self.vm
            && let Err(dead) = vm.forget(connection)
        {
            self.died(&dead, None);
        }
    }

    /// A VM has died, and all its connections with it: the proxy closes them.
    fn died(&mut self, dead: &Dead, at_connect: Option<Outcome>) {
        self.by_context.clear();
        self.held = 0;
        let open = std::mem::take(&mut self.open).into_values().map(|playing| playing.outcome);
        for mut outcome in open.chain(at_connect) {
            outcome.verdict = Verdict::Refused;
            outcome.detail = Some(format!("the filter's VM died: {dead}"));
            self.note(outcome);
        }
    }

    fn note(&mut self, outcome: Outcome) {
        self.summary.connections += 1;
        *self.summary.verdicts.entry(outcome.verdict).or_default() += 1;
        if self.outcomes.len() < LISTED {
            self.outcomes.push(outcome);
        }
    }
}

impl Outcome {
    fn new(
        id: u64,
        client: SocketAddr,
        server: SocketAddr,
        server_name: Option<String>,
        first: Moment,
    ) -> Self {
        Self {
            id,
            client,
            server,
            server_name,
            frame: first.frame,
            time: first.time.seconds,
            verdict: Verdict::Undecided,
            reason: None,
            detail: None,
            lines: Vec::new(),
            counted: BTreeMap::new(),
        }
    }
}

impl Playing {
    /// The gravest of what the filter counted; where it counted nothing, what was seen of it.
    fn judge(&mut self, closed: Option<ClosedBy>) {
        let outcome = &mut self.outcome;
        let said = outcome.lines.iter().find_map(|line| complaint(line));
        let counted = outcome.counted.keys().filter_map(|name| counter(name)).max();
        if let Some((verdict, reason)) = counted {
            outcome.verdict = verdict;
            outcome.reason = Some(reason.to_owned());
        } else if closed == Some(ClosedBy::Filter) {
            outcome.verdict = Verdict::Refused;
        } else if self.to_client > 0 {
            outcome.verdict = Verdict::Unchecked;
        }
        outcome.detail = match outcome.verdict {
            Verdict::Passes | Verdict::Excepted | Verdict::Unchecked => None,
            Verdict::Refused | Verdict::WouldRefuse => said,
            Verdict::Undecided => {
                let incomplete = "the origin's handshake is not whole in the capture".to_owned();
                Some(self.lost.take().unwrap_or(incomplete))
            }
        };
    }
}

/// Verdict and reason of a counter of connections.
fn counter(name: &str) -> Option<(Verdict, &str)> {
    let (result, reason) =
        name.strip_prefix("tlvet_connections_total.result.")?.split_once(".reason.")?;
    let verdict = match result {
        "passed" => Verdict::Passes,
        "excepted" => Verdict::Excepted,
        "unchecked" => Verdict::Unchecked,
        "would_refuse" => Verdict::WouldRefuse,
        "refused" => Verdict::Refused,
        _ => Verdict::Undecided,
    };
    Some((verdict, reason))
}

/// What a line of the filter's log complains of, in short; `None` for lines without a verdict.
fn complaint(line: &str) -> Option<String> {
    let (before, after) = line.split_once("Action=")?;
    match after.split_once("Error=") {
        Some((_, error)) => {
            let end = error.find(" server=").unwrap_or(error.len());
            error.get(..end).map(str::to_owned)
        }
        // Whatever Traffic Server has no line for is told by its reason alone.
        None if after.contains(" Reason=") => None,
        None => Some(before.trim_start_matches("WARNING:").trim().trim_end_matches('.').to_owned()),
    }
}

/// A configuration of any role as one of role `passthrough`, which is what sees a recorded connection as it was: names come
/// from the server name indication where they came from the request. `None` when it is one already, or no object.
pub fn as_passthrough(configuration: &[u8]) -> Option<Vec<u8>> {
    let mut value: serde_json::Value = serde_json::from_slice(configuration).ok()?;
    let object = value.as_object_mut()?;
    let role = object.get("role")?.as_str()?.to_owned();
    if role == "passthrough" {
        return None;
    }
    object.insert("role".to_owned(), "passthrough".into());
    let from_request = object
        .get("name")
        .and_then(|name| name.get("from"))
        .and_then(serde_json::Value::as_str)
        .is_some_and(|from| from == "host" || from == "mra-path");
    if from_request {
        object.insert("name".to_owned(), serde_json::json!({"from": "sni"}));
    }
    serde_json::to_vec(&value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_tell_verdict_and_reason() {
        let name = "tlvet_connections_total.result.would_refuse.reason.self_signed";
        assert_eq!(counter(name), Some((Verdict::WouldRefuse, "self_signed")));
        assert_eq!(counter("tlvet_requests_total.result.passed.reason.verified"), None);
        assert!(Verdict::Refused > Verdict::WouldRefuse && Verdict::WouldRefuse > Verdict::Passes);
    }

    #[test]
    fn reasons_are_what_traffic_server_says() {
        let line = "WARNING: Core server certificate verification failed for (cucm.steven.lab). \
                    Action=Terminate Error=self signed certificate server=cucm.steven.lab(10.48.36.215) depth=0";
        assert_eq!(complaint(line), Some("self signed certificate".to_owned()));
        let line = "WARNING: SNI (10.48.36.215) not in certificate. Action=Continue server=10.48.36.215(10.48.36.215)";
        assert_eq!(complaint(line), Some("SNI (10.48.36.215) not in certificate".to_owned()));
        assert_eq!(complaint("tlvet: role passthrough"), None);
    }

    #[test]
    fn any_role_becomes_passthrough() {
        let text = |json: &str| {
            as_passthrough(json.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
        };
        assert_eq!(text(r#"{"role":"passthrough"}"#), None);
        assert_eq!(text("no JSON"), None);
        assert_eq!(
            text(r#"{"role":"http","name":{"from":"mra-path"}}"#),
            Some(r#"{"name":{"from":"sni"},"role":"passthrough"}"#.to_owned())
        );
        assert_eq!(
            text(r#"{"role":"tcp","name":{"from":"fixed","fixed":"a.b"}}"#),
            Some(r#"{"name":{"fixed":"a.b","from":"fixed"},"role":"passthrough"}"#.to_owned())
        );
    }
}
