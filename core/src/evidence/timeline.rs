//! One timeline of all inputs, and how far the clocks of logs lie from those of captures (B41).
//!
//! A capture is dated in UTC; so is a log that prints year and zone. A log that does not joins the others only through events
//! that both saw: the same file with the same length, the same server refused, the same question to TVS. From them a
//! constant offset is found, or none: two that fit equally well are no answer.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::facts::{CaptureFacts, Facts, TextFacts};
use crate::limits;
use crate::names::device::device_of_file;
use crate::proto::transfer::{Operation, Protocol, TransferStatus};
use crate::proto::{Place, Side, capf, tvs};
use crate::report::model::{Evidence, Severity};
use crate::text::expressway::{Kind, Negotiation};
use crate::text::packet_list::Said;
use crate::text::phone_console::{Said as Console, device};
use crate::text::traffic_server;
use crate::text::tvs_log::TvsSaid;
use crate::text::{Event, Stamp, What};
use crate::time::{DAY, UnixTime};
use crate::traffic::{Flow, Handshake, Reach, ServiceMessageContent};

/// Millionths of a second since 1970-01-01T00:00:00Z.
pub type Micros = i64;

const SECOND: Micros = 1_000_000;

/// How far two clocks' sights of one event may lie apart: logs print whole seconds, and write a little later.
const TOLERANCE: Micros = 2 * SECOND;

/// How far clocks of machines that serve phones lie apart, zones that were set wrongly included.
const FURTHEST: Micros = 14 * 3_600 * SECOND;

/// Sights of one event that are compared: of something that happens all the time every offset is as good.
const SIGHTS: usize = 32;

/// Pairs of sights that are compared for one log.
const PAIRS: usize = 20_000;

/// A leap year, by which dates without a year are read.
const NO_YEAR: i32 = 2024;

/// What happened, when.
#[derive(Debug, Default)]
pub struct Timeline {
    /// Dated ones by time, then those that are not, as their inputs have them.
    pub events: Vec<Happening>,
    /// Events beyond [`limits::TIMELINE_EVENTS`], the least severe ones.
    pub left_out: usize,
}

/// The clocks of all logs beside those of captures.
#[derive(Debug, Default)]
pub struct Clocks {
    /// Logs whose clock is not that of the captures, or stands beside it only through shared events.
    pub clocks: Vec<Clock>,
    /// How far the clock of a log without dates is ahead, by its input.
    shifts: BTreeMap<u32, Micros>,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Happening {
    /// Where it stands.
    pub place: Evidence,
    /// When, where that is known.
    pub at: Option<Micros>,
    /// As the log printed it; `None` in captures.
    pub printed: Option<Stamp>,
    /// What kind of thing.
    pub kind: &'static str,
    /// In words, or the line of the log.
    pub text: String,
    /// The phone that it is about.
    pub device: Option<String>,
    /// The server that it is about.
    pub server: Option<String>,
    /// How it is meant.
    pub severity: Severity,
}

/// How the clock of a log stands to that of captures.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Its log prints date, year and zone.
    pub dated: bool,
    /// The log is this much ahead of UTC as captures know it; negative when it is behind. Of a log that prints no year or no date
    /// only the part of a day, between -12 and 12 hours, means something.
    pub ahead: Micros,
    /// Events that both saw.
    pub shared: usize,
    /// The first of them: in the log, and elsewhere.
    pub first: (Evidence, Evidence),
    /// What it was.
    pub what: String,
    /// All of them.
    pub evidence: Vec<Evidence>,
    /// The logs that this is true of.
    pub inputs: BTreeSet<u32>,
}

/// What two inputs can both see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shared {
    /// A file that came: name and length. The strong one: where it happened once on both sides, it is enough.
    Came(String, u64),
    /// A file that was asked for.
    Asked(String),
    /// A server whose certificate was not accepted: its address.
    Refused(String),
    /// A name that was asked for.
    Name(String),
    /// A connection to TVS: its address.
    Tvs(String),
}

/// Where and when something that can be shared was seen.
#[derive(Clone, Debug)]
struct Sight {
    at: Micros,
    place: Evidence,
}

impl Clocks {
    /// Compares each log with all captures.
    pub fn of(facts: &Facts<'_>) -> Self {
        let mut sights: BTreeMap<Shared, Vec<Sight>> = BTreeMap::new();
        // Only clocks of logs are compared with those of captures.
        for capture in facts.captures.iter().filter(|_| !facts.texts.is_empty()) {
            sights_of(capture, &mut sights);
        }
        let mut found = Vec::new();
        let mut shifts: BTreeMap<u32, Micros> = BTreeMap::new();
        for text in &facts.texts {
            // Without a capture nothing tells how a clock goes.
            if sights.is_empty() {
                break;
            }
            let local = Local::of(text);
            let Some(clock) = local.compare(&sights) else { continue };
            // Two dates that lie further apart are two occasions, not two clocks.
            if local.dated && !(TOLERANCE..FURTHEST).contains(&clock.ahead.abs()) {
                continue;
            }
            if !local.dated {
                shifts.insert(text.input, clock.ahead);
            }
            found.push(clock);
        }
        Self { clocks: alike(found), shifts }
    }
}

impl Timeline {
    /// Puts the events of all inputs in order.
    pub fn of(facts: &Facts<'_>, clocks: &Clocks) -> Self {
        let mut events = Chosen::default();
        for capture in &facts.captures {
            of_capture(capture, &mut events);
            of_messages(capture, &mut events);
        }
        for text in &facts.texts {
            let shift = clocks.shifts.get(&text.input).copied();
            of_text(text, shift, &mut events);
            of_packets(text, shift, &mut events);
        }
        let (mut events, left_out) = events.end();
        // A log of which a line cannot be dated keeps the order of its lines.
        events.sort_by(|one, other| {
            let key = |event: &Happening| (event.at.is_none(), event.at);
            key(one).cmp(&key(other)).then_with(|| one.place.cmp(&other.place))
        });
        Self { events, left_out }
    }
}

/// The most severe [`limits::TIMELINE_EVENTS`], of equal ones the first; a quarter more of them at one time.
#[derive(Debug, Default)]
struct Chosen {
    kept: Vec<Happening>,
    /// The least severe of so many that are kept: one that is not more severe has no place any more.
    least: Option<Severity>,
    all: usize,
}

impl Chosen {
    /// Whether one of this severity has a place; it counts as one of the events in any case.
    fn has_place(&mut self, severity: Severity) -> bool {
        self.all = self.all.saturating_add(1);
        self.least.is_none_or(|least| severity < least)
    }

    fn push(&mut self, event: Happening) {
        if self.has_place(event.severity) {
            self.keep(event);
        }
    }

    fn keep(&mut self, event: Happening) {
        self.kept.push(event);
        if self.kept.len() >= limits::TIMELINE_EVENTS + limits::TIMELINE_EVENTS / 4 {
            self.choose();
        }
    }

    fn choose(&mut self) {
        self.kept.sort_by_key(|event| event.severity);
        self.kept.truncate(limits::TIMELINE_EVENTS);
        self.least = self.kept.last().map(|event| event.severity);
    }

    /// What is kept, and how many are not.
    fn end(mut self) -> (Vec<Happening>, usize) {
        if self.kept.len() > limits::TIMELINE_EVENTS {
            self.choose();
        }
        let left_out = self.all.saturating_sub(self.kept.len());
        (self.kept, left_out)
    }
}

/// Logs of one clock, a log in several files among them, are told of once.
fn alike(found: Vec<Clock>) -> Vec<Clock> {
    let mut clocks: Vec<Clock> = Vec::new();
    for one in found {
        let same = clocks
            .iter_mut()
            .find(|clock| clock.dated == one.dated && (clock.ahead - one.ahead).abs() <= TOLERANCE);
        match same {
            Some(clock) => {
                clock.shared = clock.shared.saturating_add(one.shared);
                clock.evidence.extend(one.evidence);
                clock.inputs.extend(one.inputs);
            }
            None => clocks.push(one),
        }
    }
    clocks
}

fn micros(place: Place) -> Micros {
    let moment = place.moment();
    let fraction = i64::from(moment.nanoseconds / 1_000);
    moment.seconds.saturating_mul(SECOND).saturating_add(fraction)
}

/// The last part of a file's name, as every writer of it would have it.
fn file(name: &str) -> String {
    let name = name.split('?').next().unwrap_or(name);
    name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase()
}

/// What of a capture a log can have seen too.
fn sights_of(facts: &CaptureFacts<'_>, sights: &mut BTreeMap<Shared, Vec<Sight>>) {
    let seen = &facts.content.capture;
    let mut sight = |shared: Shared, at: Place| {
        let all = sights.entry(shared).or_default();
        if all.len() < SIGHTS {
            let place =
                Evidence { input: facts.input, frame: Some(at.frame), ..Evidence::default() };
            all.push(Sight { at: micros(at), place });
        }
    };
    for one in &seen.transfers {
        let transfer = &one.transfer;
        if !transfer.name.is_empty() {
            let name = file(&transfer.name);
            sight(Shared::Asked(name.clone()), transfer.begins);
            if transfer.status == TransferStatus::Complete {
                sight(Shared::Came(name, transfer.bytes), transfer.ends);
            }
        }
    }
    for flow in &seen.flows {
        if flow.server.port() == 2445 {
            sight(Shared::Tvs(flow.server.ip().to_string()), first(flow));
        }
        if let Some(Fate::Handshake(Handshake::Refused(alert))) = fate(flow) {
            sight(Shared::Refused(flow.server.ip().to_string()), alert.at);
        }
    }
    for one in &seen.dns {
        let name = one.name.trim_end_matches('.').to_ascii_lowercase();
        sight(Shared::Name(name), one.at);
    }
}

/// The first packet of a connection.
fn first(flow: &Flow) -> Place {
    Place { frame: flow.first_frame, time: flow.first.unix(), nanoseconds: flow.first.nanoseconds }
}

fn of_capture(facts: &CaptureFacts<'_>, events: &mut Chosen) {
    let seen = &facts.content.capture;
    let place =
        |frame: u64| Evidence { input: facts.input, frame: Some(frame), ..Evidence::default() };
    for one in &seen.transfers {
        let transfer = &one.transfer;
        let device = device_of_file(transfer.name.rsplit('/').next().unwrap_or_default());
        let server = transfer.server.map(|server| server.to_string());
        let protocol = match transfer.protocol {
            Protocol::Tftp => "TFTP",
            Protocol::Http => "HTTP",
        };
        let operation = match transfer.operation {
            Operation::Read => "fetches",
            Operation::Write => "sends",
        };
        let (status, severity) = match &transfer.status {
            TransferStatus::Complete => (format!("{} bytes", transfer.bytes), Severity::Info),
            TransferStatus::Incomplete => {
                (format!("incomplete, {} bytes", transfer.bytes), Severity::Warning)
            }
            TransferStatus::Error { code, message } => {
                (format!("refused: {code} {message}"), Severity::Warning)
            }
        };
        let client = transfer.client.map(|client| client.to_string()).unwrap_or_default();
        let name = if transfer.name.is_empty() { "a file" } else { &transfer.name };
        events.push(Happening {
            place: place(transfer.begins.frame),
            at: Some(micros(transfer.begins)),
            printed: None,
            kind: "transfer",
            text: format!("{client} {operation} {name} ({protocol}): {status}"),
            device: device.map(|device| device.to_ascii_uppercase()),
            server,
            severity,
        });
    }
    for flow in &seen.flows {
        let Some((at, kind, text, severity)) = of_flow(flow) else { continue };
        events.push(Happening {
            place: place(at.frame),
            at: Some(micros(at)),
            printed: None,
            kind,
            text,
            device: None,
            server: Some(flow.server.to_string()),
            severity,
        });
    }
    for one in &seen.dns {
        let failed = one.code.as_deref() != Some("NOERROR");
        if failed {
            let answer = one.code.as_deref().unwrap_or("no answer");
            events.push(Happening {
                place: place(one.at.frame),
                at: Some(micros(one.at)),
                printed: None,
                kind: "name-unknown",
                text: format!("{} asks for {} ({}): {answer}", one.client, one.name, one.kind),
                device: None,
                server: Some(one.server.to_string()),
                severity: Severity::Warning,
            });
        }
    }
}

/// What TVS, CAPF and the phones said to each other in a capture that can be read.
fn of_messages(facts: &CaptureFacts<'_>, events: &mut Chosen) {
    let seen = &facts.content.capture;
    if seen.messages.is_empty() {
        return;
    }
    let flows: BTreeMap<u64, &Flow> = seen.flows.iter().map(|flow| (flow.id, flow)).collect();
    for one in &seen.messages {
        let Some(flow) = flows.get(&one.flow) else { continue };
        let (kind, what, named, severity) = match &one.content {
            ServiceMessageContent::Tvs(inspected) => {
                let Some(message) = &inspected.message else { continue };
                let (what, severity) = of_tvs(message);
                ("tvs-message", what, message.device.as_deref(), severity)
            }
            ServiceMessageContent::Capf(inspected) => {
                let Some(message) = &inspected.message else { continue };
                let (what, severity) = of_capf(message);
                ("capf-message", what, message.device.as_deref(), severity)
            }
        };
        let ends = match one.from {
            Side::Client => format!("{} to {}", flow.client, flow.server),
            Side::Server => format!("{} to {}", flow.server, flow.client),
        };
        events.push(Happening {
            place: Evidence {
                input: facts.input,
                frame: Some(one.at.frame),
                ..Evidence::default()
            },
            at: Some(micros(one.at)),
            printed: None,
            kind,
            text: format!("{ends}: {what}"),
            device: named.and_then(device),
            server: Some(flow.server.to_string()),
            severity,
        });
    }
}

fn of_tvs(message: &tvs::Message) -> (String, Severity) {
    let name = message.message_type.name();
    if let Some(status) = message.status {
        let (word, severity) = match status {
            0 => ("trusted", Severity::Info),
            _ => ("not trusted", Severity::Warning),
        };
        return (format!("{name}: status {status}, {word}"), severity);
    }
    let about = message.subject.as_ref().map(|subject| format!(" about {subject}"));
    let serial = message.serial.as_ref().map(|serial| format!(", serial {serial}"));
    let text = format!("{name}{}{}", about.unwrap_or_default(), serial.unwrap_or_default());
    (text, Severity::Info)
}

fn of_capf(message: &capf::Message) -> (String, Severity) {
    let name = message.message_type.words();
    let words = message.reason_text.as_deref().unwrap_or_default();
    match message.reason {
        // Reasons as in formats.md section 9: 0 and 1 are no refusal.
        Some(reason @ (0 | 1)) => (format!("{name}, reason {reason}"), Severity::Info),
        Some(reason) => {
            (format!("{name}, reason {reason} {words}").trim_end().to_owned(), Severity::Warning)
        }
        None => (name.to_owned(), Severity::Info),
    }
}

/// Packets of a pasted list that say how a connection began or ended. Without a time of day they have no place.
fn of_packets(text: &TextFacts<'_>, ahead: Option<Micros>, events: &mut Chosen) {
    let mut days = Days::default();
    for packet in &text.text.packets {
        let Some(stamp) = packet.stamp else { continue };
        let at = days.at(stamp, ahead);
        let (what, severity) = match &packet.said {
            Said::Syn => ("SYN".to_owned(), Severity::Info),
            Said::Rst => ("RST".to_owned(), Severity::Warning),
            Said::ClientHello => ("ClientHello".to_owned(), Severity::Info),
            Said::ServerHello => ("ServerHello".to_owned(), Severity::Info),
            Said::Alert(true, words) => (format!("fatal alert: {words}"), Severity::Warning),
            Said::Get(path) => (format!("GET {path}"), Severity::Info),
            Said::Status(status) => {
                let severity = if *status < 400 { Severity::Info } else { Severity::Warning };
                (format!("HTTP {status}"), severity)
            }
            Said::SynAck | Said::Fin | Said::Alert(false, _) | Said::Tls | Said::Other => continue,
        };
        let (from, to) = packet.ports.map_or_else(
            || (packet.source.to_string(), packet.destination.to_string()),
            |(from, to)| {
                let end = |address, port| std::net::SocketAddr::new(address, port).to_string();
                (end(packet.source, from), end(packet.destination, to))
            },
        );
        events.push(Happening {
            place: Evidence { input: text.input, line: Some(packet.line), ..Evidence::default() },
            at,
            printed: Some(stamp),
            kind: "packet",
            text: format!("{from} to {to}: {what}"),
            device: None,
            server: None,
            severity,
        });
    }
}

/// What became of a connection.
enum Fate<'f> {
    /// It did not come about.
    NotReached(&'static str),
    Handshake(Handshake<'f>),
}

fn fate(flow: &Flow) -> Option<Fate<'_>> {
    match flow.reach() {
        Some(Reach::Refused) => Some(Fate::NotReached("nothing listens there")),
        Some(Reach::Silent) => Some(Fate::NotReached("no answer")),
        _ => flow.handshake().map(Fate::Handshake),
    }
}

/// What is worth a word of a connection: it did not come about, or TLS did not.
fn of_flow(flow: &Flow) -> Option<(Place, &'static str, String, Severity)> {
    let first = first(flow);
    let told = match fate(flow)? {
        Fate::NotReached(why) => (first, "not-reached", why.to_owned(), Severity::Warning),
        Fate::Handshake(Handshake::Refused(alert)) => {
            let from = match alert.from {
                Side::Client => "client",
                Side::Server => "server",
            };
            let what = alert.description().unwrap_or("an alert");
            (alert.at, "tls-refused", format!("the {from} refuses: {what}"), Severity::Warning)
        }
        Fate::Handshake(Handshake::BrokenOff { .. }) => {
            (first, "tls-broken-off", "TLS ends before it is up".to_owned(), Severity::Warning)
        }
        Fate::Handshake(Handshake::Up) if flow.service().is_some() => {
            let at = flow.tls.as_ref().and_then(|tls| tls.up_at()).unwrap_or(first);
            (at, "tls-up", "TLS is up".to_owned(), Severity::Info)
        }
        Fate::Handshake(_) => return None,
    };
    let (at, kind, what, severity) = told;
    let service = flow.service().map(|service| format!(" ({service})")).unwrap_or_default();
    let text = format!("{} to {}{service}: {what}", flow.client, flow.server);
    Some((at, kind, text, severity))
}

/// The clock of a log, and what of it others can have seen.
struct Local {
    input: u32,
    dated: bool,
    sights: Vec<(Shared, Sight)>,
}

/// Walks the stamps of a log: of one without dates a day has passed where the clock steps back by more than half of one.
#[derive(Default)]
struct Days {
    day: i64,
    last: i64,
}

impl Days {
    /// What the clock showed, as if it were UTC; in [`NO_YEAR`] where it prints no year, since day 0 where it prints no date.
    fn shown(&mut self, stamp: Stamp) -> Micros {
        let seconds = match stamp.local(stamp.year.unwrap_or(NO_YEAR)) {
            Some(UnixTime(seconds)) => seconds,
            None => {
                let clock = i64::from(stamp.seconds);
                if self.last - clock > DAY / 2 {
                    self.day += 1;
                } else if clock - self.last > DAY / 2 && self.day > 0 {
                    // The line before was late, and stands behind midnight.
                    self.day -= 1;
                }
                self.last = clock;
                self.day * DAY + clock
            }
        };
        seconds.saturating_mul(SECOND).saturating_add(i64::from(stamp.micros))
    }

    /// When it was: as the stamp says it, or by a clock that is so much ahead of UTC.
    fn at(&mut self, stamp: Stamp, ahead: Option<Micros>) -> Option<Micros> {
        let shown = self.shown(stamp);
        utc(stamp).or_else(|| Some(shown.saturating_sub(ahead?)))
    }
}

/// What a stamp with year and zone says.
fn utc(stamp: Stamp) -> Option<Micros> {
    stamp.utc().map(|at| at.0 * SECOND + i64::from(stamp.micros))
}

impl Local {
    fn of(text: &TextFacts<'_>) -> Self {
        let mut local = Self { input: text.input, dated: true, sights: Vec::new() };
        let mut days = Days::default();
        let mut wanted: Option<String> = None;
        let mut counts: BTreeMap<Shared, usize> = BTreeMap::new();
        for event in &text.text.events {
            let Some(stamp) = event.stamp else {
                shared(&event.what, &mut wanted);
                continue;
            };
            let shown = days.shown(stamp);
            let utc = utc(stamp);
            local.dated &= utc.is_some();
            for shared in shared(&event.what, &mut wanted) {
                let count = counts.entry(shared.clone()).or_default();
                *count += 1;
                if *count <= SIGHTS {
                    let place = Evidence {
                        input: text.input,
                        line: Some(event.line),
                        ..Evidence::default()
                    };
                    local.sights.push((shared, Sight { at: utc.unwrap_or(shown), place }));
                }
            }
        }
        local
    }

    /// The offset that most shared events agree on.
    fn compare(&self, others: &BTreeMap<Shared, Vec<Sight>>) -> Option<Clock> {
        let mut pairs: Vec<(Micros, &Shared, &Sight, &Sight)> = Vec::new();
        let mut once: BTreeMap<&Shared, usize> = BTreeMap::new();
        for (shared, own) in &self.sights {
            let Some(theirs) = others.get(shared) else { continue };
            for their in theirs {
                if pairs.len() < PAIRS {
                    pairs.push((own.at.saturating_sub(their.at), shared, own, their));
                }
                *once.entry(shared).or_default() += 1;
            }
        }
        pairs.sort_by(|one, other| (one.0, &one.2.place).cmp(&(other.0, &other.2.place)));
        // Every window of the tolerance, with the lines of the log that agree in it.
        let mut best: Option<(usize, usize, usize)> = None;
        let mut second = 0;
        let mut end = 0;
        for begin in 0..pairs.len() {
            let from = pairs.get(begin)?.0;
            while pairs.get(end).is_some_and(|pair| pair.0 - from <= TOLERANCE) {
                end += 1;
            }
            let lines: BTreeSet<_> = pairs
                .get(begin..end)?
                .iter()
                .map(|(_, shared, own, _)| (shared, own.place.line))
                .collect();
            let score = lines.len();
            match best {
                Some((most, old, _)) if score > most => {
                    // Windows that overlap are one answer.
                    if pairs.get(old).is_some_and(|pair| from - pair.0 > TOLERANCE) {
                        second = most;
                    }
                    best = Some((score, begin, end));
                }
                Some((_, old, _)) => {
                    if pairs.get(old).is_some_and(|pair| from - pair.0 > TOLERANCE) {
                        second = second.max(score);
                    }
                }
                None => best = Some((score, begin, end)),
            }
        }
        let (most, begin, end) = best?;
        let agreeing = pairs.get(begin..end)?;
        let unique = |pair: &(Micros, &Shared, &Sight, &Sight)| {
            matches!(pair.1, Shared::Came(..)) && once.get(pair.1) == Some(&1)
        };
        // One event is enough only where it cannot be another.
        if most <= second || (most < 2 && !agreeing.iter().any(unique)) {
            return None;
        }
        let middle = agreeing.get(agreeing.len() / 2)?.0;
        let (_, what, own, their) =
            agreeing.iter().find(|pair| unique(pair)).or(agreeing.first())?;
        let mut evidence = Vec::new();
        for (_, _, own, their) in agreeing {
            evidence.extend([own.place.clone(), their.place.clone()]);
        }
        evidence.truncate(limits::EVIDENCE_PER_FINDING);
        Some(Clock {
            dated: self.dated,
            ahead: middle,
            shared: most,
            first: (own.place.clone(), their.place.clone()),
            what: words(what),
            evidence,
            inputs: BTreeSet::from([self.input]),
        })
    }
}

fn words(shared: &Shared) -> String {
    match shared {
        Shared::Came(name, bytes) => format!("{name} with {bytes} bytes"),
        Shared::Asked(name) => format!("the request for {name}"),
        Shared::Refused(server) => format!("the refusal of {server}"),
        Shared::Name(name) => format!("the question for {name}"),
        Shared::Tvs(server) => format!("the connection to TVS on {server}"),
    }
}

/// What of an event a capture can have seen too. `wanted` is the file that the log last asked for.
fn shared(what: &What, wanted: &mut Option<String>) -> Vec<Shared> {
    match what {
        What::Phone(console) => match &console.said {
            Console::Requested { name, .. } => {
                let name = file(name);
                *wanted = Some(name.clone());
                vec![Shared::Asked(name)]
            }
            Console::Received(bytes) => {
                wanted.clone().map(|name| Shared::Came(name, *bytes)).into_iter().collect()
            }
            Console::TvsConnecting { server, .. } => vec![Shared::Tvs(server.clone())],
            Console::NameAsked(name) => vec![Shared::Name(name.to_ascii_lowercase())],
            _ => Vec::new(),
        },
        What::Expressway(said) => match &said.kind {
            Kind::Origin { said: traffic_server::Said::Refused { name, address, .. }, .. } => {
                vec![Shared::Refused(address.clone().unwrap_or_else(|| name.clone()))]
            }
            Kind::Negotiation(Negotiation { inbound: false, destination, .. }) => {
                vec![Shared::Refused(destination.clone())]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn of_text(text: &TextFacts<'_>, ahead: Option<Micros>, events: &mut Chosen) {
    let mut days = Days::default();
    for event in &text.text.events {
        // What has no time has no place on a timeline.
        let Some(stamp) = event.stamp else { continue };
        let at = days.at(stamp, ahead);
        let (kind, device, server, severity) = meaning(event);
        // Most events of a long log are not kept: their lines are not copied either.
        if !events.has_place(severity) {
            continue;
        }
        events.keep(Happening {
            place: Evidence { input: text.input, line: Some(event.line), ..Evidence::default() },
            at,
            printed: Some(stamp),
            kind,
            text: event.text.as_ref().to_owned(),
            device: device.map(str::to_owned),
            server: server.map(Cow::into_owned),
            severity,
        });
    }
}

/// Kind, device, server and severity of an event of a log.
fn meaning(event: &Event) -> (&'static str, Option<&str>, Option<Cow<'_, str>>, Severity) {
    match &event.what {
        What::Phone(console) => {
            let (server, severity) = match &console.said {
                Console::Requested { server, .. } => (server.as_deref(), Severity::Info),
                Console::Served(server) | Console::TvsConnecting { server, .. } => {
                    (Some(server.as_str()), Severity::Info)
                }
                Console::Refused { .. }
                | Console::CapfFailed(_)
                | Console::CapfNoConnection
                | Console::NameUnknown { .. }
                | Console::TvsNameUnknown
                | Console::NetworkAccessDenied => (None, Severity::Warning),
                Console::Alert { server, .. } | Console::ConnectionFailed(server) => {
                    (server.as_deref(), Severity::Warning)
                }
                _ => (None, Severity::Info),
            };
            ("phone", console.device.as_deref(), server.map(Cow::Borrowed), severity)
        }
        What::PhoneStatus(status) => {
            ("phone-status", status.device.as_deref(), None, Severity::Info)
        }
        What::Expressway(said) => match &said.kind {
            Kind::Origin { said, .. } => {
                let server = match said {
                    traffic_server::Said::Refused { name, address, .. } => {
                        Some(address.as_ref().unwrap_or(name))
                    }
                    traffic_server::Said::Failed { name, .. } => Some(name),
                    traffic_server::Said::Continued => None,
                };
                let server = server.map(|server| Cow::Borrowed(server.as_str()));
                ("origin-refused", None, server, Severity::Warning)
            }
            Kind::Answered { address, port } => {
                let server = Cow::Owned(format!("{address}:{port}"));
                ("origin-answered", None, Some(server), Severity::Info)
            }
            Kind::Error(_) => ("request-failed", None, None, Severity::Warning),
            Kind::Negotiation(_) => ("tls-refused", None, None, Severity::Warning),
            Kind::Unreachable { host, port, .. } => {
                let server = Cow::Owned(format!("{host}:{port}"));
                ("not-reached", None, Some(server), Severity::Warning)
            }
            _ => ("expressway", None, None, Severity::Info),
        },
        What::Tvs(said) => match said {
            TvsSaid::Asked(question) => ("tvs", question.device.as_deref(), None, Severity::Info),
            TvsSaid::Answered(answer) if answer.status.is_some_and(|status| status != 0) => {
                ("tvs", None, None, Severity::Warning)
            }
            _ => ("tvs", None, None, Severity::Info),
        },
        What::Capf(_) => ("capf", None, None, Severity::Info),
        What::Checksum(_) => ("checksum", None, None, Severity::Info),
        What::Tms(_) => ("tms", None, None, Severity::Info),
        What::Windows(_) => ("windows", None, None, Severity::Info),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(seconds: u32) -> Stamp {
        Stamp { seconds, ..Stamp::default() }
    }

    #[test]
    fn a_clock_without_dates_passes_midnight_and_numbers_may_step_back() {
        let mut days = Days::default();
        let shown: Vec<i64> = [86_390, 86_395, 5, 86_399, 7, 40_000, 39_990]
            .into_iter()
            .map(|seconds| days.shown(stamp(seconds)) / SECOND)
            .collect();
        assert_eq!(shown, [86_390, 86_395, DAY + 5, 86_399, DAY + 7, DAY + 40_000, DAY + 39_990]);
    }

    fn log(sights: &[(&str, i64)]) -> Local {
        let sight = |(index, (name, at)): (usize, &(&str, i64))| {
            let line = Some(index as u64 + 1);
            let place = Evidence { line, ..Evidence::default() };
            (Shared::Asked((*name).to_owned()), Sight { at: at * SECOND, place })
        };
        Local { input: 0, dated: false, sights: sights.iter().enumerate().map(sight).collect() }
    }

    fn capture(sights: &[(&str, i64)]) -> BTreeMap<Shared, Vec<Sight>> {
        let mut all: BTreeMap<Shared, Vec<Sight>> = BTreeMap::new();
        for (name, at) in sights {
            let sight = Sight { at: at * SECOND, place: Evidence::default() };
            all.entry(Shared::Asked((*name).to_owned())).or_default().push(sight);
        }
        all
    }

    #[test]
    fn an_offset_needs_two_events_that_agree_and_none_that_agree_otherwise() {
        let seen = capture(&[("a", 100), ("b", 110), ("a", 200)]);
        let clock = log(&[("a", 1100), ("b", 1111)]).compare(&seen).unwrap();
        // 1000 and 1001 agree; of an even number the later one is in the middle.
        assert_eq!((clock.ahead / SECOND, clock.shared), (1001, 2));
        assert!(log(&[("b", 1111)]).compare(&seen).is_none());
        assert!(log(&[("a", 1100), ("b", 5000)]).compare(&seen).is_none());
        // Everything happens again after 100 seconds: two answers are none.
        let again = capture(&[("a", 100), ("b", 110), ("a", 200), ("b", 210)]);
        assert!(log(&[("a", 1100), ("b", 1110)]).compare(&again).is_none());
    }
}
