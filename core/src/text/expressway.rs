//! Expressway's diagnostic and developer log: `time node process[pid]: key="value" …`, messages of HTTP between pipes on lines
//! of their own, and between them the lines of its traffic server ([`traffic_server`]), which a plain Traffic Server or
//! tlvet's filter in Envoy writes too (domain items 2.6 and 2.7).
//!
//! Only what matters becomes an event: origins that were refused, errors that the proxy answered itself, the first
//! answer of each server, and connections that came to nothing. Requests that went well are counted as lines.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};

use crate::limits;
use crate::names::mra_path::MraPath;
use crate::text::event::excerpt;
use crate::text::line::split;
use crate::text::marks::Marks;
use crate::text::stamp::{self, digits};
use crate::text::traffic_server::{self, Progress};
use crate::text::{Event, Format, Line, Recognise, Signs, Stamp, Text, What};

/// What a line says, and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Host name of the Expressway as its log prints it; empty where it is not printed.
    pub node: String,
    /// What it says.
    pub kind: Kind,
}

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A line of Traffic Server about an origin.
    Origin {
        /// What it says.
        said: traffic_server::Said,
        /// The request that it belongs to, where exactly one was under way to that address.
        request: Option<Request>,
    },
    /// An error that the proxy answered a client with, without having an answer of a server.
    Error(Exchange),
    /// A request that was under way when the text ended; its status is 0. Another piece of the same log may hold its end.
    Unfinished {
        /// What is known of it.
        exchange: Exchange,
        /// The server has answered.
        has_answer: bool,
    },
    /// The first answer of a server in this text.
    Answered {
        /// Its address.
        address: String,
        /// Its port.
        port: u16,
    },
    /// A TLS negotiation that failed (SIP, XMPP).
    Negotiation(Negotiation),
    /// A connection between Expressways that was not made (XCP, port 7400).
    Unreachable {
        /// Whereto.
        host: String,
        /// Its port.
        port: u16,
        /// Why, as printed.
        error: String,
    },
}

/// A request that the proxy sent on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Port of the server.
    pub port: u16,
    /// `Txn-id`.
    pub transaction: u64,
    /// `TrackingID`, the client's own; empty where it is not printed.
    pub tracking: String,
}

/// A request of a client, and the error that it got.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Status code.
    pub status: u16,
    /// Reason phrase, as printed.
    pub reason: String,
    /// Who got it: address and port. The event beside the message of HTTP says this and nothing else of the request.
    pub client: Option<String>,
    /// Domain that the client's path names.
    pub domain: Option<String>,
    /// Server that the client's path names (B45): name or address, and port.
    pub target: Option<(String, u16)>,
    /// Where the proxy sent the request: address and port.
    pub server: Option<(String, u16)>,
    /// `Txn-id`.
    pub transaction: Option<u64>,
    /// `TrackingID`; empty where it is not printed.
    pub tracking: String,
}

/// A TLS negotiation that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Negotiation {
    /// The peer opened the connection.
    pub inbound: bool,
    /// `Service`: `SIP`, …
    pub service: String,
    /// Address of the side that opened it.
    pub source: String,
    /// Address of the other side.
    pub destination: String,
    /// Port of the other side.
    pub port: Option<u16>,
    /// `Detail`, as printed.
    pub detail: String,
    /// `Common-name`: the name that was expected, or shown.
    pub common_name: Option<String>,
}

/// Reads the log.
#[derive(Debug)]
pub(super) struct Log {
    /// What the last line was.
    format: Format,
    state: State,
    /// Requests without an answer, by node and transaction; no node without one.
    open: BTreeMap<String, BTreeMap<u64, Open>>,
    /// How many they are.
    open_count: usize,
    /// The same by node and address of the server, while they wait for its answer.
    waiting: BTreeMap<String, BTreeMap<String, Vec<u64>>>,
    /// Ports of servers that have answered, by node and address.
    answered: BTreeMap<String, BTreeMap<String, BTreeSet<u16>>>,
    /// How many they are.
    answered_count: usize,
    searches: Searches,
}

/// What the next line may belong to.
#[derive(Debug, Default)]
enum State {
    #[default]
    None,
    /// A message of Traffic Server that was cut.
    Message(Box<Pending>),
    /// A record whose message of HTTP may follow.
    Whole(Box<Record<'static>>),
    /// A message of HTTP between pipes; the record that it belongs to.
    Http { record: Box<Record<'static>>, lines: usize },
    /// A record whose end is missing: a copy put the status on the next line.
    Cut(Box<Record<'static>>),
}

#[derive(Debug)]
struct Pending {
    line: u64,
    stamp: Option<Stamp>,
    node: String,
    /// What stands before the message.
    head: String,
    pieces: Vec<String>,
}

/// What announces a message of HTTP.
const HTTP_MESSAGE: &str = "HTTPMSG:";

/// A transaction that is under way.
#[derive(Debug, Default)]
struct Open {
    /// Line and time of its first record.
    line: u64,
    stamp: Option<Stamp>,
    /// What the client asked for: the domain and the server stand in its path.
    asked: Option<String>,
    server: Option<(String, u16)>,
    tracking: String,
    has_answer: bool,
}

impl Open {
    fn domain(&self) -> Option<String> {
        self.asked.as_deref().and_then(MraPath::domain_of)
    }

    fn target(&self) -> Option<(String, u16)> {
        self.asked.as_deref().and_then(MraPath::read).map(|path| (path.address, path.port))
    }
}

/// A record with `key="value"`: what the line says, or a copy of it where the next line may belong to it.
#[derive(Clone, Debug, Default)]
struct Record<'t> {
    line: u64,
    stamp: Option<Stamp>,
    node: Cow<'t, str>,
    text: Cow<'t, str>,
    detail: Cow<'t, str>,
    transaction: Option<u64>,
    tracking: Cow<'t, str>,
    source: Option<(Cow<'t, str>, u16)>,
    destination: Option<(Cow<'t, str>, u16)>,
    /// First line of the message of HTTP.
    message: Option<Cow<'t, str>>,
}

impl Record<'_> {
    fn kept(self) -> Box<Record<'static>> {
        fn own(text: Cow<'_, str>) -> Cow<'static, str> {
            Cow::Owned(text.into_owned())
        }
        Box::new(Record {
            line: self.line,
            stamp: self.stamp,
            node: own(self.node),
            text: Cow::Owned(excerpt(&self.text).to_owned()),
            detail: own(self.detail),
            transaction: self.transaction,
            tracking: own(self.tracking),
            source: self.source.map(|(address, port)| (own(address), port)),
            destination: self.destination.map(|(address, port)| (own(address), port)),
            message: self.message.map(own),
        })
    }
}

/// Searches that lines are put to which may be records or messages.
#[derive(Debug)]
struct Searches {
    value: Finder<'static>,
    action: Finder<'static>,
    failed: Finder<'static>,
    process: Finder<'static>,
    message: Finder<'static>,
    /// What kind of record it is, see [`PROCESS`], [`NEGOTIATION`], [`CONNECT`].
    kinds: Marks,
}

/// Bits of [`Searches::kinds`].
const PROCESS: u32 = 1;
const NEGOTIATION: u32 = 2;
const CONNECT: u32 = 4;

impl Default for Log {
    fn default() -> Self {
        Self {
            format: Format::Expressway,
            state: State::None,
            open: BTreeMap::new(),
            open_count: 0,
            waiting: BTreeMap::new(),
            answered: BTreeMap::new(),
            answered_count: 0,
            searches: Searches {
                value: Finder::new("=\""),
                action: Finder::new("Action="),
                failed: Finder::new(" failed "),
                process: Finder::new("traffic_server["),
                message: Finder::new(HTTP_MESSAGE),
                kinds: Marks::new(&[
                    "traffic_server[",
                    "TLS Negotiation Error",
                    "Unable to connect to host",
                ]),
            },
        }
    }
}

impl Recognise for Log {
    fn format(&self) -> Format {
        self.format
    }

    fn signs(&self) -> Signs {
        Signs {
            // A time with a year, and what has lost it; the keys of records and the words of messages stand in the others.
            // In brackets the months of Traffic Server's own log.
            beginnings: &[
                "2", "warning", "error", "ja", "fe", "ma", "ap", "ju", "au", "se", "oc", "no", "de",
            ],
            marks: &["Action=", " failed ", "UTCTime", "Module", "Event"],
            ..Signs::default()
        }
    }

    fn is_inside(&self) -> bool {
        !matches!(self.state, State::None)
    }

    fn line(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        if self.is_inside() && self.goes_on(line, text) {
            return true;
        }
        if !self.searches.hit(line.text) {
            return false;
        }
        self.begins(line, text)
    }

    fn end(&mut self, text: &mut Text) {
        match core::mem::take(&mut self.state) {
            State::Message(pending) => self.flush(&pending, text),
            State::Http { record, .. } | State::Whole(record) => self.record(&record, text),
            State::Cut(_) | State::None => {}
        }
        for (node, of_node) in core::mem::take(&mut self.open) {
            for (transaction, open) in of_node {
                let (domain, target) = (open.domain(), open.target());
                let Open { line, stamp, server, tracking, has_answer, .. } = open;
                let exchange = Exchange {
                    domain,
                    target,
                    server,
                    transaction: Some(transaction),
                    tracking,
                    ..Exchange::default()
                };
                let shown = format!("Txn-id {transaction}: under way when the log ends");
                let kind = Kind::Unfinished { exchange, has_answer };
                say(text, line, stamp, &shown, node.clone(), kind);
            }
        }
    }
}

impl Searches {
    /// Whether a line is worth a closer look. A line of another log costs three searches.
    fn hit(&self, line: &str) -> bool {
        let bytes = line.as_bytes();
        let is_dated = matches!(bytes, [b'2', _, _, _, b'-', _, _, b'-', _, _, b'T', ..]);
        is_dated
            || ["WARNING:", "ERROR:"].iter().any(|word| line.starts_with(word))
            || traffic_server::own_log(line).is_some()
            || self.value.find(bytes).is_some()
            || self.action.find(bytes).is_some()
            || self.failed.find(bytes).is_some()
    }
}

impl Log {
    /// Takes a line that belongs to what was before it.
    fn goes_on(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let trimmed = line.text.trim();
        match core::mem::take(&mut self.state) {
            State::None => false,
            State::Cut(mut record) => {
                if trimmed.trim_matches('`').is_empty() {
                    self.state = State::Cut(record);
                    return true;
                }
                if status(trimmed).is_none() {
                    return false;
                }
                record.message = Some(Cow::Owned(format!("HTTP/1.1 {trimmed}")));
                record.detail = Cow::Borrowed("Sending Response");
                record.text = Cow::Owned(format!("{} {trimmed}", record.text));
                self.record(&record, text);
                true
            }
            State::Whole(record) => {
                if trimmed == HTTP_MESSAGE {
                    self.state = State::Http { record, lines: 0 };
                    return true;
                }
                self.record(&record, text);
                false
            }
            State::Http { mut record, lines } => {
                // A line of another process may stand before the message's first.
                if lines > limits::EXPRESSWAY_MESSAGE_LINES || Head::read(line.text).is_some() {
                    self.record(&record, text);
                    return false;
                }
                let content = trimmed.strip_prefix('|').unwrap_or(trimmed);
                if record.message.is_none() && !content.is_empty() {
                    record.message =
                        Some(Cow::Owned(excerpt(content.trim_end_matches('|')).to_owned()));
                }
                if trimmed.ends_with('|') && (lines > 0 || trimmed.len() > 1) {
                    self.record(&record, text);
                } else {
                    self.state = State::Http { record, lines: lines.saturating_add(1) };
                }
                true
            }
            State::Message(pending) => self.message_goes_on(pending, line, text),
        }
    }

    fn message_goes_on(
        &mut self,
        mut pending: Box<Pending>,
        line: &Line<'_>,
        text: &mut Text,
    ) -> bool {
        // A page that was made into Markdown fences what stands in another type.
        let trimmed = line.text.trim();
        if trimmed.trim_matches('`').is_empty() {
            self.state = State::Message(pending);
            return true;
        }
        if begins(line.text) {
            self.flush(&pending, text);
            return false;
        }
        let was_enough = matches!(pending.progress().0, Progress::Enough(_));
        if was_enough && !trimmed.starts_with("depth") {
            self.flush(&pending, text);
            return false;
        }
        pending.pieces.push(excerpt(line.text).to_owned());
        self.format = Format::TrafficServer;
        match pending.progress().0 {
            Progress::Whole(_) => {
                self.flush(&pending, text);
                true
            }
            Progress::Cut | Progress::Enough(_)
                if pending.pieces.len() < limits::EXPRESSWAY_PIECES =>
            {
                self.state = State::Message(pending);
                true
            }
            _ => {
                pending.pieces.pop();
                self.flush(&pending, text);
                false
            }
        }
    }

    /// Takes a line with which something begins.
    fn begins(&mut self, line: &Line<'_>, text: &mut Text) -> bool {
        let head = Head::read(line.text);
        let rest = head.as_ref().map_or(line.text, |head| head.rest);
        let is_traffic_server = head.as_ref().is_some_and(|head| head.process == "traffic_server");
        // Most lines of a log are records: they are told first.
        let begin = rest.trim_start();
        if is_record_begin(begin) {
            return self.records(line, head.as_ref(), text);
        }
        let bytes = rest.as_bytes();
        let may_hold = self.searches.action.find(bytes).is_some()
            || self.searches.failed.find(bytes).is_some();
        let has_message = may_hold && traffic_server::message(rest).is_some();
        // Without a process in front only a good part of the words tells that a message begins.
        let may_begin = is_traffic_server || (head.is_none() && rest.len() >= 16);
        if has_message || (may_begin && traffic_server::may_begin(rest)) {
            let stamp = head.as_ref().and_then(|head| head.stamp).or_else(|| bracketed(rest));
            let before = line.text.len().saturating_sub(rest.len());
            let pending = Box::new(Pending {
                line: line.number,
                stamp,
                node: head.as_ref().map_or("", |head| head.node).to_owned(),
                head: line.text.get(..before).unwrap_or_default().to_owned(),
                pieces: vec![rest.get(..rest.len().min(2_048)).unwrap_or(rest).to_owned()],
            });
            let (progress, joined) = pending.progress();
            if !matches!(progress, Progress::Nothing) {
                self.format = Format::TrafficServer;
                match progress {
                    Progress::Whole(_) => self.tell(&pending, progress, &joined, text),
                    _ => self.state = State::Message(pending),
                }
                return true;
            }
        }
        self.records(line, head.as_ref(), text)
    }

    /// Takes the records of a line: one, or several where a copy lost the line ends.
    fn records(&mut self, line: &Line<'_>, head: Option<&Head<'_>>, text: &mut Text) -> bool {
        let process = head.map_or("", |head| head.process);
        // In front of it stand no keys and no quotation marks.
        let rest = head.map_or(line.text, |head| head.rest);
        let behind_time = rest.trim_start();
        let behind_time = behind_time.get(RECORD.len()..).filter(|_| is_time(behind_time));
        let is_dated = head.is_some() && behind_time.is_some();
        // Nearly all records begin so; the others are looked at key by key.
        let is_usual = behind_time
            .and_then(|time| split(time, b'"'))
            .is_some_and(|(_, behind)| is_module(behind));
        let is_record = is_usual
            || is_dated && process == "traffic_server"
            || head.is_some() && self.searches.kinds.within(rest) & CONNECT != 0
            || self.searches.value.find(rest.as_bytes()).is_some() && is_record(rest);
        if !is_record {
            return false;
        }
        self.format = Format::Expressway;
        let kinds = match process {
            "traffic_server" => PROCESS,
            _ => self.searches.kinds.within(line.text),
        };
        let is_traffic_server = kinds & PROCESS != 0
            || (head.is_none() && line.text.contains("Sending HTTP error response"));
        if is_traffic_server {
            let starts: Vec<usize> =
                self.searches.process.find_iter(line.text.as_bytes()).skip(1).collect();
            let mut rest = line.text;
            let mut taken = 0usize;
            for start in starts {
                let Some((one, next)) = rest.split_at_checked(start.saturating_sub(taken)) else {
                    break;
                };
                self.one_record(one, line, head, text);
                (rest, taken) = (next, start);
            }
            self.one_record(rest, line, head, text);
            return true;
        }
        if kinds & NEGOTIATION != 0 {
            negotiation(line, head, text);
        } else if kinds & CONNECT != 0 {
            unreachable(line, head, text);
        }
        true
    }

    /// A record of the traffic server's log of HTTP.
    fn one_record(
        &mut self,
        part: &str,
        line: &Line<'_>,
        head: Option<&Head<'_>>,
        text: &mut Text,
    ) {
        let mut record = Record {
            line: line.number,
            stamp: head.and_then(|head| head.stamp),
            node: Cow::Borrowed(head.map_or("", |head| head.node)),
            // An event shows its beginning, and few records become one.
            text: Cow::Borrowed(part),
            ..Record::default()
        };
        let mut status = None;
        let (mut source, mut destination) = ((None, None), (None, None));
        let mut is_error = false;
        // As bytes, which are told apart one by one: comparing texts is a call each in WebAssembly.
        for (key, value) in Fields(part) {
            match key.as_bytes() {
                b"UTCTime" if record.stamp.and_then(|stamp| stamp.utc()).is_none() => {
                    record.stamp = utc_time(value).or(record.stamp);
                }
                b"Detail" => record.detail = Cow::Borrowed(excerpt(value)),
                b"Txn-id" => record.transaction = value.parse().ok(),
                b"TrackingID" => record.tracking = Cow::Borrowed(excerpt(value)),
                b"Src-ip" => source.0 = Some(Cow::Borrowed(value)),
                b"Src-port" => source.1 = value.trim().parse().ok(),
                b"Dst-ip" => destination.0 = Some(Cow::Borrowed(value)),
                b"Dst-port" => destination.1 = value.trim().parse().ok(),
                b"Msg" => record.message = Some(Cow::Borrowed(excerpt(value))),
                b"Event" => is_error = value == "Sending HTTP error response",
                b"Status" => status = Some(value),
                b"Reason" if is_error => {
                    let status = status.unwrap_or_default();
                    record.message = Some(Cow::Owned(format!("HTTP/1.1 {status} {value}")));
                }
                _ => {}
            }
        }
        record.source = source.0.zip(source.1);
        record.destination = destination.0.zip(destination.1);
        if is_error {
            record.detail = Cow::Borrowed("Sending Response");
            return self.record(&record, text);
        }
        let message = self.searches.message.find(part.as_bytes());
        let message = message.and_then(|at| part.get(at.saturating_add(HTTP_MESSAGE.len())..));
        match message {
            Some(message) if message.trim().is_empty() => {
                self.state = State::Http { record: record.kept(), lines: 0 };
            }
            Some(message) => {
                let message = message.trim_start().trim_start_matches('|');
                record.message = Some(Cow::Borrowed(excerpt(message)));
                self.record(&record, text);
            }
            None if record.message.is_none() && is_unclosed(part) => {
                self.state = State::Cut(record.kept());
            }
            None if record.message.is_none() => self.state = State::Whole(record.kept()),
            None => self.record(&record, text),
        }
    }

    /// Follows a transaction.
    fn record(&mut self, record: &Record<'_>, text: &mut Text) {
        let node = record.node.as_ref();
        match record.detail.as_ref() {
            "Receive Request" => {
                let Some(id) = record.transaction else { return };
                let target = record.message.as_deref().and_then(request_target);
                self.change_open(node, id, |open| {
                    (open.line, open.stamp) = (record.line, record.stamp);
                    record.tracking.as_ref().clone_into(&mut open.tracking);
                    open.asked = target.map(str::to_owned);
                });
            }
            "Sending Request" => {
                let (Some(id), Some((address, port))) = (record.transaction, &record.destination)
                else {
                    return;
                };
                // A request that is sent again may go to another server.
                self.wait_no_longer(node, id);
                self.change_open(node, id, |open| {
                    if open.line == 0 {
                        (open.line, open.stamp) = (record.line, record.stamp);
                    }
                    open.server = Some((address.as_ref().to_owned(), *port));
                    if open.tracking.is_empty() {
                        record.tracking.as_ref().clone_into(&mut open.tracking);
                    }
                });
                let waiting = below(&mut self.waiting, node)
                    .and_then(|of_node| below(of_node, address.as_ref()))
                    .filter(|waiting| waiting.len() < limits::EXPRESSWAY_WAITING);
                if let Some(waiting) = waiting {
                    waiting.push(id);
                }
            }
            "Receive Response" => {
                if let Some(id) = record.transaction {
                    self.wait_no_longer(node, id);
                    if let Some(open) =
                        self.open.get_mut(node).and_then(|of_node| of_node.get_mut(&id))
                    {
                        open.has_answer = true;
                    }
                }
                let Some((address, port)) = &record.source else { return };
                if self.is_first_answer(node, address, *port) {
                    let kind = Kind::Answered { address: address.as_ref().to_owned(), port: *port };
                    say(text, record.line, record.stamp, &record.text, node.to_owned(), kind);
                }
            }
            "Sending Response" => self.response(record, text),
            _ => {}
        }
    }

    fn response(&mut self, record: &Record<'_>, text: &mut Text) {
        let node = record.node.as_ref();
        let open = record.transaction.and_then(|id| {
            self.wait_no_longer(node, id);
            self.close(node, id)
        });
        let message = record.message.as_deref().unwrap_or_default();
        let Some((status, reason)) = answer(message) else { return };
        if !(status == 403 || status >= 500) || open.as_ref().is_some_and(|open| open.has_answer) {
            return;
        }
        let client = record.destination.as_ref().map(|(address, port)| format!("{address}:{port}"));
        let open = open.unwrap_or_default();
        let (domain, target) = (open.domain(), open.target());
        let tracking = if open.tracking.is_empty() {
            record.tracking.as_ref().to_owned()
        } else {
            open.tracking
        };
        let exchange = Exchange {
            status,
            reason: reason.to_owned(),
            client,
            domain,
            target,
            server: open.server,
            transaction: record.transaction,
            tracking,
        };
        let kind = Kind::Error(exchange);
        say(text, record.line, record.stamp, &record.text, node.to_owned(), kind);
    }

    /// Whether the server has not answered before; it has from now on.
    fn is_first_answer(&mut self, node: &str, address: &str, port: u16) -> bool {
        let before = self.answered.get(node).and_then(|of_node| of_node.get(address));
        if self.answered_count >= limits::EXPRESSWAY_SERVERS
            || before.is_some_and(|ports| ports.contains(&port))
        {
            return false;
        }
        self.answered_count = self.answered_count.saturating_add(1);
        below(&mut self.answered, node)
            .and_then(|of_node| below(of_node, address))
            .is_some_and(|ports| ports.insert(port))
    }

    /// Changes what is known of a request; one that is not known yet is begun.
    fn change_open(&mut self, node: &str, id: u64, change: impl FnOnce(&mut Open)) {
        let is_known = self.open.get(node).is_some_and(|of_node| of_node.contains_key(&id));
        if !is_known && self.open_count >= limits::EXPRESSWAY_OPEN {
            // Numbers grow: the smallest is the oldest.
            let oldest = self
                .open
                .first_key_value()
                .and_then(|(node, of_node)| Some((node.clone(), *of_node.first_key_value()?.0)));
            if let Some((node, id)) = oldest {
                self.wait_no_longer(&node, id);
                self.close(&node, id);
            }
        }
        self.open_count = self.open_count.saturating_add(usize::from(!is_known));
        if let Some(of_node) = below(&mut self.open, node) {
            change(of_node.entry(id).or_default());
        }
    }

    /// What was known of a request that is over.
    fn close(&mut self, node: &str, id: u64) -> Option<Open> {
        let of_node = self.open.get_mut(node)?;
        let open = of_node.remove(&id)?;
        if of_node.is_empty() {
            self.open.remove(node);
        }
        self.open_count = self.open_count.saturating_sub(1);
        Some(open)
    }

    fn wait_no_longer(&mut self, node: &str, id: u64) {
        let open = self.open.get(node).and_then(|of_node| of_node.get(&id));
        let Some((address, _)) = open.and_then(|open| open.server.as_ref()) else { return };
        let Some(of_node) = self.waiting.get_mut(node) else { return };
        if let Some(waiting) = of_node.get_mut(address) {
            waiting.retain(|waiting| *waiting != id);
            if waiting.is_empty() {
                of_node.remove(address);
            }
        }
        if of_node.is_empty() {
            self.waiting.remove(node);
        }
    }

    /// The request that a line about an origin belongs to: those that wait for its address, when all go to one port.
    fn request(&self, node: &str, address: &str) -> Option<Request> {
        let waiting = self.waiting.get(node)?.get(address)?;
        let of_node = self.open.get(node)?;
        let mut found: Option<Request> = None;
        for id in waiting {
            let open = of_node.get(id)?;
            let (_, port) = open.server.as_ref()?;
            if found.as_ref().is_some_and(|found| found.port != *port) {
                return None;
            }
            let tracking = open.tracking.clone();
            found = Some(Request { port: *port, transaction: *id, tracking });
        }
        found
    }

    fn flush(&mut self, pending: &Pending, text: &mut Text) {
        let (progress, joined) = pending.progress();
        self.tell(pending, progress, &joined, text);
    }

    /// Tells what the pieces say, which `joined` are read as `progress`.
    fn tell(&mut self, pending: &Pending, progress: Progress, joined: &str, text: &mut Text) {
        let (Progress::Whole(said) | Progress::Enough(said)) = progress else { return };
        let request = match &said {
            traffic_server::Said::Refused { address: Some(address), .. } => {
                self.request(&pending.node, address)
            }
            _ => None,
        };
        let shown = format!("{}{joined}", pending.head);
        let kind = Kind::Origin { said, request };
        say(text, pending.line, pending.stamp, shown.trim(), pending.node.clone(), kind);
    }
}

fn negotiation(line: &Line<'_>, head: Option<&Head<'_>>, text: &mut Text) {
    let mut found = Negotiation {
        inbound: false,
        service: String::new(),
        source: String::new(),
        destination: String::new(),
        port: None,
        detail: String::new(),
        common_name: None,
    };
    let mut stamp = head.and_then(|head| head.stamp);
    let mut is_event = false;
    for (key, value) in Fields(line.text) {
        match key {
            "Event" => {
                is_event = value.ends_with("TLS Negotiation Error");
                found.inbound = value.starts_with("Inbound");
            }
            "Service" => found.service = excerpt(value).to_owned(),
            "Src-ip" => found.source = excerpt(value).to_owned(),
            "Dst-ip" => found.destination = excerpt(value).to_owned(),
            "Dst-port" => found.port = value.trim().parse().ok(),
            "Detail" => found.detail = excerpt(value.trim()).to_owned(),
            "Common-name" => found.common_name = Some(excerpt(value).to_owned()),
            "UTCTime" if stamp.and_then(|stamp| stamp.utc()).is_none() => {
                stamp = utc_time(value).or(stamp);
            }
            _ => {}
        }
    }
    if is_event {
        let node = head.map_or("", |head| head.node).to_owned();
        say(text, line.number, stamp, line.text, node, Kind::Negotiation(found));
    }
}

/// `Unable to connect to host '10.48.36.171', port 7400 :(111) Connection refused`
fn unreachable(line: &Line<'_>, head: Option<&Head<'_>>, text: &mut Text) {
    let mut stamp = head.and_then(|head| head.stamp);
    let mut detail = None;
    for (key, value) in Fields(line.text) {
        match key {
            "UTCTime" if stamp.and_then(|stamp| stamp.utc()).is_none() => {
                stamp = utc_time(value).or(stamp);
            }
            "Detail" if value.contains("Unable to connect to host") => detail = Some(value),
            _ => {}
        }
    }
    let parts = detail.and_then(|detail| {
        let (_, rest) = detail.split_once('\'')?;
        let (host, rest) = rest.split_once('\'')?;
        let (port, error) = rest.trim_start_matches(", port").trim_start().split_once(' ')?;
        let error = error.trim_start_matches([':', ' ']).trim();
        Some((excerpt(host).to_owned(), port.parse().ok()?, excerpt(error).to_owned()))
    });
    if let Some((host, port, error)) = parts {
        let node = head.map_or("", |head| head.node).to_owned();
        let kind = Kind::Unreachable { host, port, error };
        say(text, line.number, stamp, line.text, node, kind);
    }
}

/// What a map holds under a key, which is copied only when it is new.
fn below<'m, T: Default>(map: &'m mut BTreeMap<String, T>, key: &str) -> Option<&'m mut T> {
    if !map.contains_key(key) {
        map.insert(key.to_owned(), T::default());
    }
    map.get_mut(key)
}

fn say(text: &mut Text, line: u64, stamp: Option<Stamp>, shown: &str, node: String, kind: Kind) {
    let what = What::Expressway(Box::new(Said { node, kind }));
    text.event(Event::new(line, stamp, &masked(excerpt(shown)), what));
}

impl Pending {
    /// How far the pieces go, and how they read: joined by blanks, or as they are, because a terminal cuts words in two and a
    /// browser does not.
    fn progress(&self) -> (Progress, String) {
        let trimmed: Vec<&str> = self.pieces.iter().map(|piece| piece.trim()).collect();
        let lead =
            if self.pieces.first().is_some_and(|piece| piece.starts_with(' ')) { " " } else { "" };
        let blanks = format!("{lead}{}", trimmed.join(" "));
        let with_blanks = progress(&blanks);
        if rank(&with_blanks) == 3 || self.pieces.len() == 1 {
            return (with_blanks, blanks);
        }
        let plain = self.pieces.concat();
        let as_they_are = progress(&plain);
        if rank(&as_they_are) > rank(&with_blanks) {
            (as_they_are, plain)
        } else {
            (with_blanks, blanks)
        }
    }
}

fn progress(text: &str) -> Progress {
    match traffic_server::message(text) {
        Some(message) => traffic_server::read(message),
        None if traffic_server::may_begin(text) => Progress::Cut,
        None => Progress::Nothing,
    }
}

fn rank(progress: &Progress) -> u8 {
    match progress {
        Progress::Whole(_) => 3,
        Progress::Enough(_) => 2,
        Progress::Cut => 1,
        Progress::Nothing => 0,
    }
}

/// What stands in front of a record.
#[derive(Debug)]
struct Head<'t> {
    stamp: Option<Stamp>,
    node: &'t str,
    process: &'t str,
    rest: &'t str,
}

impl<'t> Head<'t> {
    /// `2022-07-11T18:55:26.016+02:00 vcsc traffic_server[18242]: …`, also with `Jul 11 18:55:26`, or without a time where the
    /// process has a number.
    fn read(line: &'t str) -> Option<Self> {
        let (stamp, rest) = match dated(line) {
            Some((stamp, rest)) => (Some(stamp), rest),
            None => (None, line),
        };
        let rest = match rest.strip_prefix(' ') {
            Some(rest) => rest,
            None if stamp.is_some() => return None,
            None => rest,
        };
        let (node, rest) = word(rest)?;
        let rest = rest.strip_prefix(' ')?;
        if stamp.is_some() && rest.starts_with("UTCTime=") {
            return Some(Self { stamp, node, process: "", rest });
        }
        let (process, rest) = word(rest)?;
        let (number, rest) = match rest.strip_prefix('[') {
            Some(inside) => {
                let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
                let (number, rest) = inside.split_at_checked(digits)?;
                (number, rest.strip_prefix("]:")?)
            }
            None => ("", rest.strip_prefix(':')?),
        };
        // Without a time only a process with a number is told from "Note: …".
        if stamp.is_none() && number.is_empty() {
            return None;
        }
        Some(Self { stamp, node, process, rest })
    }
}

/// The node that wrote an entry, where time, node and process stand in front of it.
pub fn node(line: &str) -> Option<&str> {
    Head::read(line).filter(|head| head.stamp.is_some()).map(|head| head.node)
}

/// A name at the beginning of a text, of a node or a process, and what stands behind it.
fn word(text: &str) -> Option<(&str, &str)> {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@' | b'/');
    let length = text.bytes().take_while(|byte| is_plain(*byte)).count();
    text.split_at_checked(length).filter(|_| (1..=253).contains(&length))
}

/// What records begin with, behind time, node and process.
pub(super) const RECORD: &str = "UTCTime=\"";

// Every line is compared with these. As texts that is a call in WebAssembly, byte by byte it ends at the first.

/// The text begins with [`RECORD`].
fn is_time(text: &str) -> bool {
    matches!(text.as_bytes(), [b'U', b'T', b'C', b'T', b'i', b'm', b'e', b'=', b'"', ..])
}

/// The text begins with a key that stands first in records.
fn is_record_begin(text: &str) -> bool {
    is_time(text)
        || matches!(text.as_bytes(), [b'E', b'v', b'e', b'n', b't', b'=', b'"', ..])
        || matches!(text.as_bytes(), [b'M', b'o', b'd', b'u', b'l', b'e', b'=', b'"', ..])
}

/// What stands behind the time of nearly all records.
fn is_module(text: &str) -> bool {
    matches!(text.as_bytes(), [b' ', rest @ ..] if rest.starts_with(b"Module=\""))
}

/// Whether a line begins an entry, at its very beginning.
pub(super) fn begins(text: &str) -> bool {
    Head::read(text).is_some() || text.starts_with('[') && bracketed(text).is_some()
}

/// Whether an entry that the line begins is a record, or may be one. Messages of Traffic Server are not, whose pieces
/// are known by their words.
pub(super) fn opens_record(text: &str) -> bool {
    // Envoy writes each entry on one line.
    if text.starts_with(RECORD) || text.starts_with("[2") && bracketed(text).is_some() {
        return true;
    }
    Head::read(text).is_some_and(|head| {
        let rest = head.rest.trim_start();
        head.process != "traffic_server" || rest.is_empty() || is_record_begin(rest)
    })
}

/// The time at the beginning of a line.
fn dated(line: &str) -> Option<(Stamp, &str)> {
    if let Some((year, rest)) = digits(line, 4) {
        let (stamp, rest) = date(year, rest, 'T')?;
        return Some(zone(stamp, rest));
    }
    let (month, rest) = line.split_at_checked(3)?;
    let month = stamp::month(month)?;
    let rest = rest.strip_prefix(' ')?.trim_start();
    let (day, rest) = rest.split_once(' ')?;
    let day = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    let (stamp, rest) = Stamp::clock(rest)?;
    Some((Stamp { date: Some((month, day)), ..stamp }, rest))
}

/// `-07-11T18:55:26.016`, behind the year.
fn date(year: u32, rest: &str, between: char) -> Option<(Stamp, &str)> {
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (stamp, rest) = Stamp::clock(rest.strip_prefix(between)?)?;
    let date = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let is_date = (1..=12).contains(&date.0) && (1..=31).contains(&date.1);
    let year = i32::try_from(year).ok()?;
    is_date.then_some((Stamp { year: Some(year), date: Some(date), ..stamp }, rest))
}

/// `+02:00` or `Z`, where it is there.
fn zone(stamp: Stamp, rest: &str) -> (Stamp, &str) {
    let read = || {
        if let Some(rest) = rest.strip_prefix('Z') {
            return Some((0, rest));
        }
        let sign = match rest.bytes().next()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (hours, rest) = digits(rest.get(1..)?, 2)?;
        let (minutes, rest) = digits(rest.strip_prefix(':').unwrap_or(rest), 2)?;
        let minutes = i16::try_from(hours * 60 + minutes).ok()?;
        Some((sign * minutes, rest))
    };
    match read() {
        Some((minutes, rest)) => (Stamp { zone: Some(minutes), ..stamp }, rest),
        None => (stamp, rest),
    }
}

/// `2022-07-11 16:55:26,016`, which is UTC.
fn utc_time(value: &str) -> Option<Stamp> {
    let (year, rest) = digits(value, 4)?;
    let (stamp, _) = date(year, rest, ' ')?;
    Some(Stamp { zone: Some(0), ..stamp })
}

/// `[Jun 17 06:14:28.410]` of Traffic Server's own log, `[2026-11-20 10:00:00.123]` of Envoy's.
fn bracketed(rest: &str) -> Option<Stamp> {
    let rest = rest.trim_start().strip_prefix('[')?;
    match digits(rest, 4) {
        Some((year, rest)) => date(year, rest, ' ').map(|(stamp, _)| stamp),
        None => dated(rest).map(|(stamp, _)| stamp),
    }
}

/// The keys of a line are those of an Expressway's log: one that says what it is about, and one that goes with it.
fn is_record(line: &str) -> bool {
    let (mut about, mut beside) = (false, false);
    for (key, _) in Fields(line).take(12) {
        about |= matches!(key, "Module" | "Event");
        beside |= matches!(
            key,
            "UTCTime" | "Level" | "Detail" | "Service" | "Status" | "CodeLocation" | "Node"
        );
        if about && beside {
            return true;
        }
    }
    // A copy cut it behind the module.
    about && (line.contains("UTCTime=\"") || is_unclosed(line))
}

/// The last quotation is not closed.
fn is_unclosed(text: &str) -> bool {
    memchr::memchr_iter(b'"', text.as_bytes()).count() % 2 == 1
}

/// The pairs `key="value"` of a line; a blank may stand on either side of the equals sign. A value that is not closed goes to the end.
struct Fields<'t>(&'t str);

impl<'t> Iterator for Fields<'t> {
    type Item = (&'t str, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let at = memchr::memchr(b'=', self.0.as_bytes())?;
            let (before, behind) = (self.0.get(..at)?, self.0.get(at.saturating_add(1)..)?);
            // Blanks around the sign come from a copy.
            let value = match behind.as_bytes() {
                [b'"', ..] => behind.get(1..),
                _ => behind.trim_start().strip_prefix('"'),
            };
            let Some(value) = value else {
                self.0 = behind;
                continue;
            };
            let key = match before.as_bytes() {
                [.., b'a'..=b'z' | b'A'..=b'Z'] => before,
                _ => before.trim_end(),
            };
            let start = key
                .bytes()
                .rposition(|byte| !(byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'))
                .map_or(0, |at| at + 1);
            let key = key.get(start..).unwrap_or_default();
            let end = memchr::memchr(b'"', value.as_bytes()).unwrap_or(value.len());
            let (value, rest) = value.split_at_checked(end).unwrap_or((value, ""));
            self.0 = rest.get(1..).unwrap_or_default();
            return Some((key, value));
        }
    }
}

/// `GET /path HTTP/1.1` to its target.
fn request_target(message: &str) -> Option<&str> {
    let mut words = message.split_whitespace();
    let method = words.next()?;
    let is_method = method.len() <= 16 && method.bytes().all(|byte| byte.is_ascii_uppercase());
    words.next().filter(|_| is_method)
}

/// `HTTP/1.1 502 connect failed` to its status and reason.
fn answer(message: &str) -> Option<(u16, &str)> {
    let rest = message.trim_start().strip_prefix("HTTP/")?.split_once(' ')?.1;
    let status = status(rest)?;
    // In a flattened message the first header follows.
    let reason = rest.get(3..)?.trim();
    // A search for words is longer in the making than the reason.
    let reason = match memchr::memchr(b':', reason.as_bytes()) {
        Some(_) => reason.split(" Date:").next().unwrap_or(reason),
        None => reason,
    };
    Some((status, reason))
}

/// A line that begins with a status code.
fn status(text: &str) -> Option<u16> {
    let (status, rest) = digits(text, 3)?;
    let is_status = (100..600).contains(&status) && (rest.is_empty() || rest.starts_with(' '));
    u16::try_from(status).ok().filter(|_| is_status)
}

/// The line without what lets one in: cookies, tokens, passwords.
fn masked(line: &str) -> Cow<'_, str> {
    /// Each ends in the one of both signs that stands in it.
    const MARKS: [&[u8]; 5] =
        [b"cookie:", b"authorization:", b"x-auth=", b"access_token=", b"password="];
    let bytes = line.as_bytes();
    let marked = memchr::memchr2_iter(b':', b'=', bytes).find(|at| {
        let before = bytes.get(..=*at).unwrap_or_default();
        MARKS.iter().any(|mark| {
            let from = before.len().checked_sub(mark.len());
            let end = from.and_then(|from| before.get(from..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(mark))
        })
    });
    match marked {
        // What follows is of no use for a finding, and where a credential ends is a guess.
        Some(at) => Cow::Owned(format!("{} <masked>", line.get(..=at).unwrap_or_default())),
        None => Cow::Borrowed(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Reader;
    use crate::text::traffic_server::{Action, Fault, Reason};
    use crate::time::UnixTime;

    fn read(bytes: &str) -> Text {
        let mut reader = Reader::default();
        reader.push(bytes.as_bytes());
        reader.end()
    }

    fn said(text: &Text) -> Vec<(u64, &Said)> {
        text.events
            .iter()
            .filter_map(|event| Some((event.line, event.what.expressway()?)))
            .collect()
    }

    fn counted(text: &Text) -> Vec<(&'static str, u64)> {
        text.recognised.iter().map(|(format, count)| (format.name(), *count)).collect()
    }

    /// As a browser copies the page of Cisco's document: every value that is a link or bold on a line of its own.
    const SELF_SIGNED: &str = "<#root>
===Success connection on 8443===
2022-07-11T18:55:25.910+02:00 vcsc traffic_server[18242]: UTCTime=\"2022-07-11 16:55:25,910\" Module=\"nett
2022-07-11T18:55:25.956+02:00 vcsc traffic_server[18242]: UTCTime=\"2022-07-11 16:55:25,955\" Module=\"nett
200
===Failed connection on 6972===
2022-07-11T18:55:26.000+02:00 vcsc traffic_server[18242]: UTCTime=\"2022-07-11 16:55:26,000\" Module=\"nett
2022-07-11T18:55:26.016+02:00 vcsc traffic_server[18242]: [ET_NET 0]

WARNING: Core server certificate verification failed for

(cucm.steven.lab).

Action=Terminate Error=self signed certificate server=cucm.steven.lab(10.48.36.215)

depth=0

2022-07-11T18:55:26.016+02:00 vcsc traffic_server[18242]: [ET_NET 0]

ERROR: SSL connection failed for

'cucm.steven.lab': error:1416F086:

SSL routines:tls_process_server_certificate:certificate verify failed

2022-07-11T18:55:26.024+02:00 vcsc traffic_server[18242]: UTCTime=\"2022-07-11 16:55:26,024\" Module=\"net

502 connect failed
";

    #[test]
    fn a_copy_of_a_page_is_joined_again() {
        let text = read(SELF_SIGNED);
        let said = said(&text);
        let refused = Kind::Origin {
            said: traffic_server::Said::Refused {
                fault: Fault::Chain {
                    code: Some(18),
                    text: "self signed certificate".to_owned(),
                    depth: Some(0),
                },
                action: Action::Terminate,
                name: "cucm.steven.lab".to_owned(),
                address: Some("10.48.36.215".to_owned()),
            },
            request: None,
        };
        let failed = Kind::Origin {
            said: traffic_server::Said::Failed {
                name: "cucm.steven.lab".to_owned(),
                reason: Reason::VerifyFailed,
            },
            request: None,
        };
        let answered = Kind::Error(Exchange {
            status: 502,
            reason: "connect failed".to_owned(),
            ..Exchange::default()
        });
        let node = || "vcsc".to_owned();
        let expected = [
            (8, Said { node: node(), kind: refused }),
            (18, Said { node: node(), kind: failed }),
            (26, Said { node: node(), kind: answered }),
        ];
        assert_eq!(said.len(), expected.len(), "{said:?}");
        for (said, (line, expected)) in said.iter().zip(&expected) {
            assert_eq!((said.0, said.1), (*line, expected));
        }
        assert_eq!(
            &*text.events[0].text,
            "2022-07-11T18:55:26.016+02:00 vcsc traffic_server[18242]: [ET_NET 0] WARNING: Core server certificate verification failed for (cucm.steven.lab). Action=Terminate Error=self signed certificate server=cucm.steven.lab(10.48.36.215) depth=0"
        );
        let at = |index: usize| text.events[index].stamp.and_then(|stamp| stamp.utc());
        assert_eq!(at(0), UnixTime::parse("2022-07-11T16:55:26Z"));
        assert_eq!(text.lines, 28);
        // Not understood: the root tag, two headlines, and two empty lines behind what is whole.
        assert_eq!(text.understood(), 23);
    }

    #[test]
    fn a_name_on_a_line_of_its_own() {
        let text = read(
            "2022-07-11T19:49:01.491+02:00 vcsc traffic_server[3916]: [ET_NET 2]

WARNING: SNI (

```
10.48.36.215
) not in certificate
. Action=Terminate server=10.48.36.215(10.48.36.215)
2022-07-11T19:49:01.491+02:00 vcsc traffic_server[3916]: [ET_NET 2]
ERROR: SSL connection failed for
  '10.48.36.215': error:1416F086:
SSL routines:tls_process_server_certificate:certificate verify failed
",
        );
        let said = said(&text);
        assert_eq!(said.len(), 2);
        assert_eq!(said[0].0, 1);
        let Kind::Origin {
            said: traffic_server::Said::Refused { fault: Fault::Name, name, address, .. },
            ..
        } = &said[0].1.kind
        else {
            panic!("{said:?}");
        };
        assert_eq!((name.as_str(), address.as_deref()), ("10.48.36.215", Some("10.48.36.215")));
        assert_eq!(said[1].0, 9);
        assert_eq!(counted(&text), [("traffic-server", 12)]);
    }

    /// A whole login: 8443 answers, 6972 is refused.
    const LOGIN: &str = r#"2022-07-11T18:55:25.910+02:00 vcsc traffic_server[18242]: UTCTime="2022-07-11 16:55:25,910" Module="network.http.trafficserver" Level="DEBUG": Detail="Receive Request" Txn-id="189" TrackingID="a-1" Src-ip="127.0.0.1" Src-port="30044" Last-via-addr="" Msg="GET http://vcs_control.steven.lab:8443/c3RldmVuLmxhYi9odHRwcy9jdWNtLnN0ZXZlbi5sYWIvODQ0Mw/cucm-uds/clusterUser?username=u HTTP/1.1"
2022-07-11T18:55:25.917+02:00 vcsc traffic_server[18242]: UTCTime="2022-07-11 16:55:25,916" Module="network.http.trafficserver" Level="DEBUG": Detail="Sending Request" Txn-id="189" TrackingID="a-1" Dst-ip="10.48.36.215" Dst-port="8443" Msg="GET /cucm-uds/clusterUser HTTP/1.1"
2022-07-11T18:55:25.955+02:00 vcsc traffic_server[18242]: UTCTime="2022-07-11 16:55:25,955" Module="network.http.trafficserver" Level="DEBUG": Detail="Receive Response" Txn-id="189" TrackingID="a-1" Src-ip="10.48.36.215" Src-port="8443" Msg="HTTP/1.1 200 "
2022-07-11T18:55:25.956+02:00 vcsc traffic_server[18242]: UTCTime="2022-07-11 16:55:25,955" Module="network.http.trafficserver" Level="DEBUG": Detail="Sending Response" Txn-id="189" TrackingID="a-1" Dst-ip="127.0.0.1" Dst-port="30044" Msg="HTTP/1.1 200 "
2022-07-11T18:55:26.000+02:00 vcsc traffic_server[18242]: UTCTime="2022-07-11 16:55:26,000" Module="network.http.trafficserver" Level="DEBUG": Detail="Receive Request" Txn-id="190" TrackingID="a-2" Src-ip="127.0.0.1" Src-port="30048"
HTTPMSG:
|GET http://vcs_control.steven.lab:8443/c3RldmVuLmxhYi9odHRwcy9jdWNtLnN0ZXZlbi5sYWIvNjk3Mg/CSFsteven.cnf.xml HTTP/1.1
Host: vcs_control.steven.lab:8443
Cookie:<CONCEALED>
 |
2022-07-11T18:55:26.006+02:00 vcsc traffic_server[18242]: UTCTime="2022-07-11 16:55:26,006" Module="network.http.trafficserver" Level="DEBUG": Detail="Sending Request" Txn-id="190" TrackingID="a-2" Dst-ip="10.48.36.215" Dst-port="6972"
HTTPMSG:
|GET /CSFsteven.cnf.xml HTTP/1.1

 |
2022-07-11T18:55:26.016+02:00 vcsc traffic_server[18242]: [ET_NET 0] WARNING: Core server certificate verification failed for (cucm.steven.lab). Action=Terminate Error=self signed certificate server=cucm.steven.lab(10.48.36.215) depth=0
2022-07-11T18:55:26.016+02:00 vcsc traffic_server[18242]: [ET_NET 0] ERROR: SSL connection failed for 'cucm.steven.lab': error:1416F086:SSL routines:tls_process_server_certificate:certificate verify failed
2022-07-11T18:55:26.024+02:00 vcsc traffic_server[18242]: UTCTime="2022-07-11 16:55:26,024" Module="network.http.trafficserver" Level="DEBUG": Detail="Sending Response" Txn-id="190" TrackingID="a-2" Dst-ip="127.0.0.1" Dst-port="30048" Msg="HTTP/1.1 502 connect failed"
2022-07-11T18:55:26.024+02:00 vcsc traffic_server[18242]: Event="Sending HTTP error response" Status="502" Reason="connect failed" Dst-ip="127.0.0.1" Dst-port="30048"
"#;

    #[test]
    fn a_refused_origin_is_tied_to_its_request() {
        let text = read(LOGIN);
        assert_eq!((text.lines, text.understood()), (19, 19));
        let said = said(&text);
        assert_eq!(said.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 16, 17, 18, 19]);
        assert_eq!(
            said[0].1.kind,
            Kind::Answered { address: "10.48.36.215".to_owned(), port: 8443 }
        );
        let Kind::Origin { request, .. } = &said[1].1.kind else { panic!("{said:?}") };
        let expected = Request { port: 6972, transaction: 190, tracking: "a-2".to_owned() };
        assert_eq!(*request, Some(expected));
        assert_eq!(
            said[3].1.kind,
            Kind::Error(Exchange {
                status: 502,
                reason: "connect failed".to_owned(),
                client: Some("127.0.0.1:30048".to_owned()),
                domain: Some("steven.lab".to_owned()),
                target: Some(("cucm.steven.lab".to_owned(), 6972)),
                server: Some(("10.48.36.215".to_owned(), 6972)),
                transaction: Some(190),
                tracking: "a-2".to_owned(),
            })
        );
    }

    #[test]
    fn records_that_lost_their_line_ends() {
        let text = read(
            r#"ExpresswayE traffic_server[15550]: Module="network.http.trafficserver" Level="DEBUG": Detail="Sending Response" Txn-id="2" Dst-ip="10.48.79.80" Dst-port="50314" HTTPMSG: |HTTP/1.1 403 Forbidden Date: Wed, 21 May 2014 14:31:18 GMT Connection: close Server: CE_E Content-Length: 0 ExpresswayE traffic_server[15550]: Event="Sending HTTP error response" Status="403" Reason="Forbidden" Dst-ip="10.48.79.80" Dst-port="50314"
…Event="Sending HTTP error response" Status="403" Reason="Forbidden" Dst-ip="10.48.79.81" Dst-port="50314"
"#,
        );
        let said = said(&text);
        assert_eq!(said.len(), 3, "{said:?}");
        let Kind::Error(first) = &said[0].1.kind else { panic!("{said:?}") };
        assert_eq!(
            (first.status, first.reason.as_str(), first.transaction),
            (403, "Forbidden", Some(2))
        );
        assert_eq!(said[0].1.node, "ExpresswayE");
        let Kind::Error(event) = &said[1].1.kind else { panic!("{said:?}") };
        assert_eq!((&event.client, event.transaction), (&first.client, None));
        assert_eq!(said[2].0, 2);
    }

    #[test]
    fn negotiations_and_components() {
        let text = read(
            r#"Event="Outbound TLS Negotiation Error" Service="SIP" Src-ip="10.48.80.161" Src-port="25697" Dst-ip="10.48.36.171" Dst-port="7001" Detail= "Peer's TLS certificate identity was unacceptable" Protocol="TLS" Common-name="10.48.36.171"
2017-09-26T08:18:08.455-04:00 edge1 tvcs: Event="Inbound TLS Negotiation Error" Service="SIP" Src-ip="192.0.2.45" Src-port="59720" Dst-ip="172.16.2.2" Dst-port="5062" Detail="sslv3 alert certificate unknown" Protocol="TLS" Level="1" UTCTime="2017-09-26 12:18:08,455"
xwayc XCP_JABBERD[23843]: UTCTime="2014-03-25 17:19:45,847" ThreadID="139747212576512" Module="Jabber" Level="ERROR" CodeLocation="mio.c:1121" Detail=" Unable to connect to host '10.48.36.171', port 7400 :(111) Connection refused"
2017-09-26T08:18:08.441-04:00 edge1 tvcs: UTCTime="2017-09-26 12:18:08,441" Module="developer.ssl" Level="INFO" CodeLocation="ppcmains/ssl/ttssl/ttssl_openssl.cpp(1974)" Method="::ttssl_continueHandshake" Thread="0x7f930adab700": Detail="Handshake in progress" Reason="want read/write"
"#,
        );
        assert_eq!(counted(&text), [("expressway", 4)]);
        let said = said(&text);
        assert_eq!(said.len(), 3);
        let Kind::Negotiation(outbound) = &said[0].1.kind else { panic!("{said:?}") };
        assert_eq!((outbound.inbound, outbound.port), (false, Some(7001)));
        assert_eq!(outbound.common_name.as_deref(), Some("10.48.36.171"));
        let Kind::Negotiation(inbound) = &said[1].1.kind else { panic!("{said:?}") };
        assert_eq!(inbound.detail, "sslv3 alert certificate unknown");
        assert_eq!((inbound.inbound, said[1].1.node.as_str()), (true, "edge1"));
        assert_eq!(
            said[2].1.kind,
            Kind::Unreachable {
                host: "10.48.36.171".to_owned(),
                port: 7400,
                error: "(111) Connection refused".to_owned(),
            }
        );
        let at = text.events[2].stamp.and_then(|stamp| stamp.utc());
        assert_eq!(at, UnixTime::parse("2014-03-25T17:19:45Z"));
    }

    #[test]
    fn lines_of_a_terminal_cut_words_in_two() {
        let line = "2022-07-11T18:55:26.016+02:00 vcsc traffic_server[18242]: [ET_NET 0] WARNING: Core server certificate verification failed for (cucm.steven.lab). Action=Terminate Error=self signed certificate server=cucm.steven.lab(10.48.36.215) depth=0";
        for width in 60..140 {
            let mut rest = line;
            let mut cut = String::new();
            while let Some((piece, next)) = rest.split_at_checked(width) {
                cut.push_str(piece);
                cut.push('\n');
                rest = next;
            }
            cut.push_str(rest);
            let text = read(&cut);
            let said = said(&text);
            assert_eq!(said.len(), 1, "{width}: {cut}");
            let Kind::Origin { said: traffic_server::Said::Refused { fault, .. }, .. } =
                &said[0].1.kind
            else {
                panic!("{width}")
            };
            assert!(matches!(fault, Fault::Chain { code: Some(18), .. }), "{width}: {fault:?}");
        }
    }

    #[test]
    fn prose_and_other_logs_are_left_alone() {
        let text = read(
            "When you see WARNING: SNI (<server>) not in certificate, the name is missing.
ERROR: SSL connection failed for every request
2022-07-11T18:55:26.016+02:00 dns dnsmasq[123]: query[A] cucm.steven.lab from 10.0.0.1
<a Event=\"click\" href=\"x\">
Action=Terminate
-----BEGIN CERTIFICATE-----
issuer= CN = steven-DC-CA
2022-07-11
",
        );
        assert_eq!((text.understood(), text.events.len()), (0, 0));
    }

    #[test]
    fn credentials_are_not_kept() {
        assert_eq!(masked("a Cookie: X-Auth=1e1 b"), "a Cookie: <masked>");
        assert_eq!(masked("GET /x?access_token=abc"), "GET /x?access_token= <masked>");
        assert_eq!(masked("plain"), "plain");
    }
}
