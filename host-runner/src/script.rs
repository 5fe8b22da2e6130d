//! A scripted session with the filter: who connects, who says what, when time passes, and what has to come of it.
//!
//! ```json
//! {
//!   "about": "what it shows",
//!   "configuration": {"role": "passthrough", "mode": "off"},
//!   "now": "2026-11-20T00:00:00Z",
//!   "steps": [
//!     {"connect": {"name": "a", "properties": {"connection.requested_server_name": "cucm.steven.lab"}}},
//!     {"client": {"name": "a", "text": "hello", "each": 1}},
//!     {"origin": {"name": "a", "hex": "15 03 03", "end": true}},
//!     {"wait": {"ms": 100}},
//!     {"close": {"name": "a"}},
//!     {"request": {"name": "r", "headers": [[":path", "/"]], "end": true}},
//!     {"response": {"name": "r", "headers": [[":status", "200"]]}},
//!     {"response_body": {"name": "r", "text": "body", "end": true}},
//!     {"finish": {"name": "r"}}
//!   ],
//!   "expect": {
//!     "log": ["lines of level warning and above, in order, those at start left out"],
//!     "connections": {"a": {"closed_by": "filter", "to_client": {"hex": "…"}, "to_origin": {"text": "hello"}}},
//!     "exchanges": {"r": {"status": "200", "request_passed": true, "answered_by_filter": false}},
//!     "metrics": {"name": 1}
//!   }
//! }
//! ```
//!
//! Bytes are given as `text`, `hex` (spaces allowed) or `base64`; `each` cuts them into pieces of so many bytes. Properties are
//! named with dots between their parts; numbers become 8 bytes, truth values one. What `expect` leaves out is not checked.
//! `"refused": ["…"]` in `expect` says that the filter does not take the configuration, and `"dies_in": "callback"` that
//! its VM dies.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use wasmtime::Module;

use crate::envoy_abi::{
    ClosedBy, ConnectionId, Dead, Exchange, ExchangeId, Headers, Host, Level, Limits, LogLine,
    Properties, Vm,
};

/// Steps of one script.
const STEPS: usize = 100_000;

/// Times that the timer goes off in one wait.
const TICKS: u64 = 100_000;

/// A script.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// What it shows.
    #[serde(default)]
    pub about: String,
    /// The filter's configuration: JSON, or a text that is given as it is.
    pub configuration: serde_json::Value,
    /// When it begins: RFC 3339 in UTC.
    #[serde(default)]
    pub now: Option<String>,
    /// What happens.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// What has to come of it.
    #[serde(default)]
    pub expect: Expect,
}

/// One step.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "the module's documentation shows each in use")]
pub enum Step {
    Connect {
        name: String,
        #[serde(default)]
        properties: BTreeMap<String, Value>,
    },
    Properties {
        name: String,
        set: BTreeMap<String, Value>,
    },
    Client(Said),
    Origin(Said),
    Close {
        name: String,
    },
    Request(Head),
    RequestBody(Said),
    Response(Head),
    ResponseBody(Said),
    Finish {
        name: String,
    },
    Wait {
        ms: u64,
    },
}

/// The value of a property.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the module's documentation shows each in use")]
pub enum Value {
    Flag(bool),
    Number(i64),
    Text(String),
}

/// Bytes, and whose they are.
#[derive(Clone, Debug, Deserialize)]
pub struct Said {
    /// Of which connection or exchange.
    pub name: String,
    /// What is said.
    #[serde(flatten)]
    pub bytes: Bytes,
    /// Nothing follows.
    #[serde(default)]
    pub end: bool,
    /// Bytes of one piece; all at once without it.
    #[serde(default)]
    pub each: Option<usize>,
}

/// Headers, and whose they are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Of which exchange; a request begins it.
    pub name: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// Neither body nor trailers follow.
    #[serde(default)]
    pub end: bool,
    /// What the proxy knows, set before.
    #[serde(default)]
    pub properties: BTreeMap<String, Value>,
}

/// Bytes in one of three spellings; none without any.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Bytes {
    /// UTF-8.
    pub text: Option<String>,
    /// Hexadecimal; white space is left out.
    pub hex: Option<String>,
    /// RFC 4648 section 4.
    pub base64: Option<String>,
}

/// What has to come of a script.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// Lines of the log of level warning and above, after the start.
    pub log: Option<Vec<String>>,
    /// By name.
    pub connections: BTreeMap<String, ExpectedConnection>,
    /// By name.
    pub exchanges: BTreeMap<String, ExpectedExchange>,
    /// By name: sums of counters, values of gauges, counts of histograms.
    pub metrics: BTreeMap<String, u64>,
    /// The filter refuses its configuration with these lines.
    pub refused: Option<Vec<String>>,
    /// The VM dies in this callback.
    pub dies_in: Option<String>,
}

/// What has to come of a connection.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExpectedConnection {
    /// `client`, `filter`, `trap` or `nobody`.
    pub closed_by: Option<String>,
    /// All that the client got.
    pub to_client: Option<Bytes>,
    /// All that the origin got.
    pub to_origin: Option<Bytes>,
}

/// What has to come of an exchange.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExpectedExchange {
    /// `:status` of what the client got.
    pub status: Option<String>,
    /// Its body, as text.
    pub body: Option<String>,
    /// The origin got the request's headers.
    pub request_passed: Option<bool>,
    /// The filter gave the answer.
    pub answered_by_filter: Option<bool>,
}

/// What came of a script.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Transcript {
    /// What was logged, `[level] text`, in order.
    pub log: Vec<String>,
    /// Connections by name.
    pub connections: BTreeMap<String, ConnectionOutcome>,
    /// Exchanges by name.
    pub exchanges: BTreeMap<String, ExchangeOutcome>,
    /// Metrics by name.
    pub metrics: BTreeMap<String, u64>,
    /// The filter did not take its configuration.
    pub refused: bool,
    /// The callback in which the VM died, and why.
    pub died: Option<(String, String)>,
    /// What is not as expected.
    pub differences: Vec<String>,
    #[serde(skip)]
    complaints: Vec<String>,
}

/// What came of a connection.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectionOutcome {
    /// `client`, `filter`, `trap` or `nobody`.
    pub closed_by: &'static str,
    /// What the client got, hexadecimal.
    pub to_client: String,
    /// What the origin got, hexadecimal.
    pub to_origin: String,
    /// Bytes of the client that the filter still held.
    pub held_from_client: usize,
    /// Bytes of the origin that the filter still held.
    pub held_from_origin: usize,
}

/// What came of an exchange.
#[derive(Clone, Debug, Serialize)]
pub struct ExchangeOutcome {
    /// `:status` of what the client got.
    pub status: Option<String>,
    /// The body that the client got, invalid UTF-8 replaced.
    pub body: String,
    /// The origin got the request's headers.
    pub request_passed: bool,
    /// The filter gave the answer.
    pub answered_by_filter: bool,
}

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadScript(String);

impl fmt::Display for BadScript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadScript {}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// What is wrong, with line and column.
    pub fn read(json: &[u8]) -> Result<Self, BadScript> {
        let script: Self =
            serde_json::from_slice(json).map_err(|error| BadScript(error.to_string()))?;
        if script.steps.len() > STEPS {
            return Err(BadScript(format!("{} steps; at most {STEPS}", script.steps.len())));
        }
        Ok(script)
    }

    /// The configuration as it is given to the filter.
    pub fn configuration(&self) -> String {
        match &self.configuration {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// Plays the script with the filter's compiled module.
    ///
    /// # Errors
    /// When a step names what is not there, or bytes cannot be read.
    pub fn play(&self, module: &Module) -> Result<Transcript, BadScript> {
        let now = match &self.now {
            Some(text) => time(text).ok_or_else(|| {
                BadScript(format!("now: {text:?} is no time such as 2026-11-20T00:00:00Z"))
            })?,
            None => 0,
        };
        let host = Host::new(module, Limits::default()).at(now);
        let mut transcript = match host.start(self.configuration().as_bytes()) {
            Ok(vm) => Player::new(vm).play(&self.steps)?,
            Err(error) => {
                let mut transcript = Transcript { refused: true, ..Transcript::default() };
                transcript.keep(&error.log);
                transcript
            }
        };
        transcript.compare(&self.expect)?;
        Ok(transcript)
    }
}

struct Player {
    vm: Vm,
    next_tick: u64,
    connections: BTreeMap<String, ConnectionId>,
    exchanges: BTreeMap<String, ExchangeId>,
    transcript: Transcript,
}

enum Stop {
    Bad(BadScript),
    Dead(Dead),
}

impl From<Dead> for Stop {
    fn from(dead: Dead) -> Self {
        Self::Dead(dead)
    }
}

impl From<BadScript> for Stop {
    fn from(bad: BadScript) -> Self {
        Self::Bad(bad)
    }
}

impl Player {
    fn new(mut vm: Vm) -> Self {
        let mut transcript = Transcript::default();
        transcript.keep(&vm.take_log());
        // What is said at start is no answer to a step.
        transcript.complaints.clear();
        Self {
            vm,
            next_tick: 0,
            connections: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            transcript,
        }
    }

    fn play(mut self, steps: &[Step]) -> Result<Transcript, BadScript> {
        for (index, step) in steps.iter().enumerate() {
            match self.step(step) {
                Ok(()) => {}
                Err(Stop::Bad(BadScript(reason))) => {
                    return Err(BadScript(format!("step {}: {reason}", index + 1)));
                }
                Err(Stop::Dead(dead)) => {
                    self.transcript.died = Some((dead.callback.to_owned(), dead.reason));
                    break;
                }
            }
        }
        let log = self.vm.take_log();
        self.transcript.keep(&log);
        for (name, id) in &self.connections {
            if let Some(connection) = self.vm.connection(*id) {
                let outcome = ConnectionOutcome {
                    closed_by: closed_by(connection.closed),
                    to_client: hex(&connection.to_client),
                    to_origin: hex(&connection.to_origin),
                    held_from_client: connection.held_from_client(),
                    held_from_origin: connection.held_from_origin(),
                };
                self.transcript.connections.insert(name.clone(), outcome);
            }
        }
        for (name, id) in &self.exchanges {
            if let Some(exchange) = self.vm.exchange(*id) {
                self.transcript.exchanges.insert(name.clone(), ExchangeOutcome::of(exchange));
            }
        }
        for metric in self.vm.metrics() {
            self.transcript.metrics.insert(metric.name, metric.value);
        }
        Ok(self.transcript)
    }

    fn step(&mut self, step: &Step) -> Result<(), Stop> {
        match step {
            Step::Connect { name, properties } => {
                let id = self.vm.connect(known(properties))?;
                self.connections.insert(name.clone(), id);
            }
            Step::Properties { name, set } => self.set(name, set)?,
            Step::Client(said) => {
                let id = self.connection(&said.name)?;
                said.pieces(|bytes, end| Ok(self.vm.client_sends(id, bytes, end)?))?;
            }
            Step::Origin(said) => {
                let id = self.connection(&said.name)?;
                said.pieces(|bytes, end| Ok(self.vm.origin_sends(id, bytes, end)?))?;
            }
            Step::Close { name } => {
                let id = self.connection(name)?;
                self.vm.client_closes(id)?;
            }
            Step::Request(head) => {
                let id = self.vm.open_exchange(known(&head.properties))?;
                self.exchanges.insert(head.name.clone(), id);
                self.vm.request_headers(id, head.headers(), head.end)?;
            }
            Step::RequestBody(said) => {
                let id = self.exchange(&said.name)?;
                said.pieces(|bytes, end| Ok(self.vm.request_body(id, bytes, end)?))?;
            }
            Step::Response(head) => {
                self.set(&head.name, &head.properties)?;
                let id = self.exchange(&head.name)?;
                self.vm.response_headers(id, head.headers(), head.end)?;
            }
            Step::ResponseBody(said) => {
                let id = self.exchange(&said.name)?;
                said.pieces(|bytes, end| Ok(self.vm.response_body(id, bytes, end)?))?;
            }
            Step::Finish { name } => {
                let id = self.exchange(name)?;
                if let Some(exchange) = self.vm.finish_exchange(id)? {
                    self.transcript.exchanges.insert(name.clone(), ExchangeOutcome::of(&exchange));
                }
            }
            Step::Wait { ms } => self.wait(*ms)?,
        }
        Ok(())
    }

    fn connection(&self, name: &str) -> Result<ConnectionId, BadScript> {
        let known = self.connections.get(name).copied();
        known.ok_or_else(|| BadScript(format!("there is no connection {name:?}")))
    }

    fn exchange(&self, name: &str) -> Result<ExchangeId, BadScript> {
        let known = self.exchanges.get(name).copied();
        known.ok_or_else(|| BadScript(format!("there is no request {name:?}")))
    }

    fn set(&mut self, name: &str, set: &BTreeMap<String, Value>) -> Result<(), BadScript> {
        let properties = match (self.connections.get(name), self.exchanges.get(name)) {
            (Some(id), _) => self.vm.connection_properties(*id),
            (None, Some(id)) => self.vm.exchange_properties(*id),
            (None, None) => {
                return Err(BadScript(format!("there is neither connection nor request {name:?}")));
            }
        };
        if let Some(properties) = properties {
            add(properties, set);
        }
        Ok(())
    }

    /// The timer goes off each time that it is due.
    fn wait(&mut self, milliseconds: u64) -> Result<(), Dead> {
        let until = self.vm.time().saturating_add(milliseconds.saturating_mul(1_000_000));
        for _ in 0..TICKS {
            let period = u64::from(self.vm.tick_period()).saturating_mul(1_000_000);
            let due = self.next_tick.max(self.vm.time());
            if period == 0 || due > until {
                break;
            }
            self.vm.set_time(due);
            self.next_tick = due.saturating_add(period);
            self.vm.tick()?;
        }
        self.vm.set_time(until);
        Ok(())
    }
}

impl ExchangeOutcome {
    fn of(exchange: &Exchange) -> Self {
        let response = exchange.response();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            status: response
                .and_then(|response| response.headers.value(b":status"))
                .map(|status| text(&status)),
            body: response.map(|response| text(&response.body)).unwrap_or_default(),
            request_passed: exchange.request().is_some(),
            answered_by_filter: exchange.is_answered_by_filter(),
        }
    }
}

impl Said {
    fn pieces(&self, mut give: impl FnMut(&[u8], bool) -> Result<(), Stop>) -> Result<(), Stop> {
        let bytes = self.bytes.read()?;
        let each = self.each.unwrap_or(bytes.len()).max(1);
        if bytes.is_empty() {
            return give(&[], self.end);
        }
        let last = bytes.len().div_ceil(each) - 1;
        for (number, piece) in bytes.chunks(each).enumerate() {
            give(piece, self.end && number == last)?;
        }
        Ok(())
    }
}

impl Head {
    fn headers(&self) -> Headers {
        let pairs: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Headers::new(&pairs)
    }
}

impl Bytes {
    /// The bytes.
    ///
    /// # Errors
    /// When more than one spelling stands there, or one cannot be read.
    pub fn read(&self) -> Result<Vec<u8>, BadScript> {
        match (&self.text, &self.hex, &self.base64) {
            (None, None, None) => Ok(Vec::new()),
            (Some(text), None, None) => Ok(text.clone().into_bytes()),
            (None, Some(hex), None) => {
                unhex(hex).ok_or_else(|| BadScript(format!("hex: {hex:?} cannot be read")))
            }
            (None, None, Some(text)) => {
                STANDARD.decode(text).map_err(|error| BadScript(format!("base64: {error}")))
            }
            _ => Err(BadScript("one of text, hex and base64 may stand there".to_owned())),
        }
    }
}

impl Transcript {
    fn keep(&mut self, log: &[LogLine]) {
        for line in log {
            self.log.push(format!("[{}] {}", line.level, line.text));
            if line.level >= Level::Warning {
                self.complaints.push(line.text.clone());
            }
        }
    }

    fn compare(&mut self, expect: &Expect) -> Result<(), BadScript> {
        let mut differences = Vec::new();
        let mut differs = |what: String, got: String, expected: String| {
            if got != expected {
                differences.push(format!("{what}: {got}, expected {expected}"));
            }
        };
        let lines = |lines: &[String]| format!("{lines:?}");
        match (&expect.refused, self.refused) {
            (Some(reasons), true) => {
                differs("refusal".to_owned(), lines(&self.complaints), lines(reasons));
            }
            (Some(_), false) => {
                differs("configuration".to_owned(), "taken".to_owned(), "refused".to_owned());
            }
            (None, true) => {
                differs("configuration".to_owned(), "refused".to_owned(), "taken".to_owned());
            }
            (None, false) => {}
        }
        let died = self.died.as_ref().map_or("nothing", |(callback, _)| callback.as_str());
        let dies_in = expect.dies_in.as_deref().unwrap_or("nothing");
        differs("the VM died in".to_owned(), died.to_owned(), dies_in.to_owned());
        if let (Some(log), None) = (&expect.log, &expect.refused) {
            differs("log".to_owned(), lines(&self.complaints), lines(log));
        }
        for (name, expected) in &expect.connections {
            let Some(got) = self.connections.get(name) else {
                differs(format!("connection {name}"), "none".to_owned(), "there".to_owned());
                continue;
            };
            if let Some(by) = &expected.closed_by {
                differs(
                    format!("connection {name}, closed by"),
                    got.closed_by.to_owned(),
                    by.clone(),
                );
            }
            for (what, got, expected) in [
                ("to client", &got.to_client, &expected.to_client),
                ("to origin", &got.to_origin, &expected.to_origin),
            ] {
                if let Some(bytes) = expected {
                    differs(format!("connection {name}, {what}"), got.clone(), hex(&bytes.read()?));
                }
            }
        }
        for (name, expected) in &expect.exchanges {
            let Some(got) = self.exchanges.get(name) else {
                differs(format!("request {name}"), "none".to_owned(), "there".to_owned());
                continue;
            };
            if let Some(status) = &expected.status {
                let got = got.status.clone().unwrap_or_else(|| "none".to_owned());
                differs(format!("request {name}, status"), got, status.clone());
            }
            if let Some(body) = &expected.body {
                differs(format!("request {name}, body"), got.body.clone(), body.clone());
            }
            for (what, got, expected) in [
                ("passed", got.request_passed, expected.request_passed),
                ("answered by the filter", got.answered_by_filter, expected.answered_by_filter),
            ] {
                if let Some(expected) = expected {
                    differs(
                        format!("request {name}, {what}"),
                        got.to_string(),
                        expected.to_string(),
                    );
                }
            }
        }
        for (name, value) in &expect.metrics {
            let got = self.metrics.get(name).copied().unwrap_or(0);
            differs(format!("metric {name}"), got.to_string(), value.to_string());
        }
        self.differences = differences;
        Ok(())
    }
}

/// For people.
impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.log {
            writeln!(f, "{line}")?;
        }
        for (name, connection) in &self.connections {
            writeln!(
                f,
                "connection {name}: closed by {}; {} bytes to the client, {} to the origin; held: {} of the client, {} of \
                 the origin",
                connection.closed_by,
                connection.to_client.len() / 2,
                connection.to_origin.len() / 2,
                connection.held_from_client,
                connection.held_from_origin,
            )?;
        }
        for (name, exchange) in &self.exchanges {
            writeln!(
                f,
                "request {name}: {}, status {}{}",
                if exchange.request_passed { "passed" } else { "did not reach the origin" },
                exchange.status.as_deref().unwrap_or("none"),
                if exchange.answered_by_filter { " from the filter" } else { "" },
            )?;
        }
        for (name, value) in &self.metrics {
            writeln!(f, "metric {name}: {value}")?;
        }
        if let Some((callback, reason)) = &self.died {
            writeln!(f, "the VM died in {callback}: {reason}")?;
        }
        for difference in &self.differences {
            writeln!(f, "not as expected: {difference}")?;
        }
        Ok(())
    }
}

fn closed_by(closed: Option<ClosedBy>) -> &'static str {
    match closed {
        None => "nobody",
        Some(ClosedBy::Client) => "client",
        Some(ClosedBy::Filter) => "filter",
        Some(ClosedBy::Trap) => "trap",
    }
}

fn known(values: &BTreeMap<String, Value>) -> Properties {
    let mut properties = Properties::new();
    add(&mut properties, values);
    properties
}

fn add(properties: &mut Properties, values: &BTreeMap<String, Value>) {
    for (path, value) in values {
        let path: Vec<&str> = path.split('.').collect();
        match value {
            Value::Flag(flag) => properties.set_boolean(&path, *flag),
            Value::Number(number) => properties.set_number(&path, *number),
            Value::Text(text) => properties.set(&path, text.as_bytes()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok())
        .collect()
}

/// Nanoseconds since 1970 of a time in the form `2026-11-20T00:00:00Z`.
pub fn time(text: &str) -> Option<u64> {
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let numbers = |text: &str, separator: char| -> Option<[u64; 3]> {
        let parts: Vec<u64> =
            text.split(separator).map(|part| part.parse().ok()).collect::<Option<_>>()?;
        parts.try_into().ok()
    };
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let valid = (1970..2500).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !valid {
        return None;
    }
    // Days since 1970-01-01 of the proleptic Gregorian calendar, the year beginning in March.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year;
    let days = days.checked_sub(719_468)?;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(time("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(time("2026-11-20T00:00:00Z"), Some(1_795_132_800_000_000_000));
        assert_eq!(time("2024-02-29T23:59:59Z"), Some(1_709_251_199_000_000_000));
        for bad in [
            "",
            "2026-11-20",
            "2026-13-20T00:00:00Z",
            "2026-11-20T24:00:00Z",
            "1969-12-31T00:00:00Z",
        ] {
            assert_eq!(time(bad), None, "{bad}");
        }
    }

    #[test]
    fn bytes_have_one_spelling() {
        let read = |json: &str| serde_json::from_str::<Bytes>(json).unwrap().read();
        assert_eq!(read(r#"{"hex": "15 03\n03"}"#), Ok(vec![0x15, 3, 3]));
        assert_eq!(read(r#"{"base64": "AAE="}"#), Ok(vec![0, 1]));
        assert_eq!(read(r#"{"text": "a"}"#), Ok(vec![b'a']));
        assert_eq!(read("{}"), Ok(Vec::new()));
        assert!(read(r#"{"text": "a", "hex": "61"}"#).is_err());
        assert!(read(r#"{"hex": "1"}"#).is_err());
    }

    #[test]
    fn a_script_says_where_it_is_wrong() {
        let error =
            Script::read(b"{\"configuration\": {},\n \"steps\": [{\"shout\": {}}]}").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
