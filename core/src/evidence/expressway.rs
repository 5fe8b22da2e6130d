//! What the logs of all Expressways say together: origins that were refused, clients that got errors, peers that refused
//! Expressway (domain items B33 to B56).
//!
//! Lines are grouped by what they say, never by the file they stand in: a log that was split, or given twice in pieces
//! that overlap, says the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::facts::TextFacts;
use crate::limits;
use crate::report::model::Evidence;
use crate::text::Event;
use crate::text::expressway::{Exchange, Kind, Negotiation, Request, Said};
use crate::text::traffic_server::{self, Action, Fault, Reason};
use crate::time::UnixTime;

/// Everything that the logs say.
#[derive(Debug, Default)]
pub struct Logs {
    /// Origins whose certificates were not accepted, by name, address, port and fault.
    pub refusals: Vec<Refusal>,
    /// Origins that did not accept Expressway, or could not talk with it.
    pub rejections: Vec<Rejection>,
    /// Errors that clients got and that no refusal explains.
    pub errors: Vec<ErrorGroup>,
    /// Failed negotiations of SIP and the like.
    pub negotiations: Vec<NegotiationGroup>,
    /// Connections between Expressways that were not made.
    pub unreachable: Vec<UnreachableGroup>,
    /// Servers that answered at least once: address and port.
    pub answered: BTreeMap<(String, u16), Evidence>,
}

/// Lines that say the same.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// How many.
    pub count: usize,
    /// When the first was written, where the log says it in full.
    pub first: Option<UnixTime>,
    /// When the last was.
    pub last: Option<UnixTime>,
    /// Which Expressways wrote them.
    pub nodes: BTreeSet<String>,
    /// Client's own numbers of the requests (`TrackingID`), the first few.
    pub tracking: BTreeSet<String>,
    /// `Txn-id` of the requests, the first few.
    pub transactions: BTreeSet<u64>,
    /// Where they stand.
    pub evidence: Vec<Evidence>,
}

/// An origin whose certificate was not accepted.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The name that was asked for, or the address.
    pub name: String,
    /// The server's address.
    pub address: Option<String>,
    /// The server's port, where the requests around tell it.
    pub port: Option<u16>,
    /// Why; `None` when only "certificate verify failed" was logged.
    pub fault: Option<Fault>,
    /// The connection was ended; else it was only said.
    pub terminated: bool,
    /// The lines.
    pub lines: Lines,
    /// Errors that clients got because of it.
    pub errors: Lines,
}

/// An origin that did not accept Expressway.
#[derive(Clone, Debug)]
pub struct Rejection {
    /// The name that was asked for, or the address.
    pub name: String,
    /// Why.
    pub reason: Reason,
    /// The lines.
    pub lines: Lines,
}

/// An error that clients got.
#[derive(Clone, Debug)]
pub struct ErrorGroup {
    /// The first of them.
    pub exchange: Exchange,
    /// The lines.
    pub lines: Lines,
}

/// A negotiation that failed.
#[derive(Clone, Debug)]
pub struct NegotiationGroup {
    /// The first of them.
    pub negotiation: Negotiation,
    /// The lines.
    pub lines: Lines,
}

/// A connection that was not made.
#[derive(Clone, Debug)]
pub struct UnreachableGroup {
    /// Whereto.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Why, as printed.
    pub error: String,
    /// The lines.
    pub lines: Lines,
}

/// What makes refusals the same: name, address, port, fault.
type Key = (String, Option<String>, Option<u16>, Option<Fault>);

/// Server of an error: address and port, as the request was sent on, or as the client's path names it.
type ErrorKey = (u16, Option<String>, Option<(String, u16)>);

impl Lines {
    fn add(&mut self, place: &Place<'_>) {
        self.count = self.count.saturating_add(1);
        if !place.said.node.is_empty() {
            self.nodes.insert(place.said.node.clone());
        }
        if let Some(at) = place.at {
            self.first = Some(self.first.map_or(at, |first| first.min(at)));
            self.last = Some(self.last.map_or(at, |last| last.max(at)));
        }
        self.point(place);
    }

    /// Adds a place without counting it.
    fn point(&mut self, place: &Place<'_>) {
        if self.evidence.len() <= limits::EVIDENCE_PER_FINDING {
            self.evidence.push(place.evidence());
        }
    }

    fn request(&mut self, transaction: Option<u64>, tracking: &str) {
        if self.transactions.len() < SHOWN {
            self.transactions.extend(transaction);
        }
        if self.tracking.len() < SHOWN && !tracking.is_empty() {
            self.tracking.insert(tracking.to_owned());
        }
    }

    fn merge(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
        self.nodes.extend(other.nodes);
        self.tracking.extend(other.tracking);
        self.transactions.extend(other.transactions);
        self.evidence.extend(other.evidence);
        self.evidence.sort();
    }
}

/// Requests that are named beside a finding.
const SHOWN: usize = 4;

/// An event, and where it stands.
struct Place<'f> {
    input: u32,
    event: &'f Event,
    said: &'f Said,
    at: Option<UnixTime>,
}

impl Place<'_> {
    fn evidence(&self) -> Evidence {
        Evidence { input: self.input, line: Some(self.event.line), ..Evidence::default() }
    }
}

/// What is being gathered.
#[derive(Default)]
struct Gathering<'f> {
    refusals: BTreeMap<Key, Refusal>,
    rejections: BTreeMap<(String, Reason), Lines>,
    errors: BTreeMap<ErrorKey, ErrorGroup>,
    /// Names whose handshakes failed by verification, and where.
    unexplained: BTreeMap<String, Lines>,
    negotiations: BTreeMap<(bool, String, String, String, Option<u16>), NegotiationGroup>,
    unreachable: BTreeMap<(String, u16, String), Lines>,
    answered: BTreeMap<(String, u16), Evidence>,
    /// Requests whose end stands in another piece of the log, by node and transaction.
    unfinished: BTreeMap<(&'f str, u64), (Exchange, bool)>,
    /// Clients whose errors are told with their requests: node, client, status.
    told: BTreeSet<(&'f str, &'f str, u16)>,
    /// Errors that name no server, with the refusal right before them.
    nameless: Vec<(Option<Key>, Exchange, Lines)>,
}

impl Logs {
    /// What the logs among all texts say.
    pub fn of(texts: &[TextFacts<'_>]) -> Self {
        let mut gathering = Gathering::default();
        for said in texts.iter().flat_map(|facts| &facts.text.events) {
            let Some(said) = said.what.expressway() else { continue };
            let node = said.node.as_str();
            match &said.kind {
                Kind::Unfinished { exchange, has_answer } => {
                    if let Some(transaction) = exchange.transaction {
                        let known = gathering.unfinished.entry((node, transaction)).or_default();
                        fill(&mut known.0, exchange);
                        known.1 |= *has_answer;
                    }
                }
                Kind::Error(Exchange {
                    client: Some(client),
                    transaction: Some(_),
                    status,
                    ..
                }) => {
                    gathering.told.insert((node, client, *status));
                }
                _ => {}
            }
        }
        // Pieces of one log may overlap: a dated line that stands in an earlier input too was told already.
        let mut known: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for facts in texts {
            let mut before = None;
            for event in &facts.text.events {
                let Some(said) = event.what.expressway() else { continue };
                let at = event.stamp.and_then(|stamp| stamp.utc());
                if at.is_some() {
                    let first = known.entry((&said.node, &event.text)).or_insert(facts.input);
                    if *first != facts.input {
                        continue;
                    }
                }
                let place = Place { input: facts.input, event, said, at };
                gathering.add(&place, &mut before);
            }
        }
        gathering.end()
    }
}

impl<'f> Gathering<'f> {
    /// `before`: the refusal that the same log told last.
    fn add(&mut self, place: &Place<'f>, before: &mut Option<Key>) {
        match &place.said.kind {
            Kind::Origin { said, request } => self.origin(place, said, request.as_ref(), before),
            Kind::Error(exchange) => self.error(place, exchange, before.as_ref()),
            Kind::Unfinished { .. } => {}
            Kind::Answered { address, port } => {
                let key = (address.clone(), *port);
                self.answered.entry(key).or_insert_with(|| place.evidence());
            }
            Kind::Negotiation(negotiation) => {
                let key = (
                    negotiation.inbound,
                    negotiation.detail.clone(),
                    if negotiation.inbound {
                        &negotiation.source
                    } else {
                        &negotiation.destination
                    }
                    .clone(),
                    negotiation.service.clone(),
                    negotiation.port,
                );
                if self.negotiations.len() >= limits::EXPRESSWAY_GROUPS
                    && !self.negotiations.contains_key(&key)
                {
                    return;
                }
                let group = self.negotiations.entry(key).or_insert_with(|| NegotiationGroup {
                    negotiation: negotiation.clone(),
                    lines: Lines::default(),
                });
                group.lines.add(place);
            }
            Kind::Unreachable { host, port, error } => {
                let key = (host.clone(), *port, error.clone());
                if let Some(lines) = room(&mut self.unreachable, key) {
                    lines.add(place);
                }
            }
        }
    }

    fn origin(
        &mut self,
        place: &Place<'f>,
        said: &traffic_server::Said,
        request: Option<&Request>,
        before: &mut Option<Key>,
    ) {
        match said {
            traffic_server::Said::Refused { fault, action, name, address } => {
                let key = (
                    name.to_ascii_lowercase(),
                    address.clone(),
                    request.map(|request| request.port),
                    Some(same(fault)),
                );
                if self.refusals.len() >= limits::EXPRESSWAY_GROUPS
                    && !self.refusals.contains_key(&key)
                {
                    return;
                }
                let refusal = self.refusals.entry(key.clone()).or_insert_with(|| Refusal {
                    name: name.clone(),
                    address: address.clone(),
                    port: key.2,
                    fault: Some(fault.clone()),
                    terminated: false,
                    lines: Lines::default(),
                    errors: Lines::default(),
                });
                refusal.terminated |= *action == Action::Terminate;
                refusal.lines.add(place);
                if let Some(request) = request {
                    refusal.lines.request(Some(request.transaction), &request.tracking);
                }
                *before = Some(key);
            }
            traffic_server::Said::Failed { name, reason: Reason::VerifyFailed } => {
                let name = name.to_ascii_lowercase();
                if let Some(lines) = room(&mut self.unexplained, name) {
                    lines.add(place);
                }
            }
            traffic_server::Said::Failed { name, reason } => {
                let key = (name.to_ascii_lowercase(), reason.clone());
                if let Some(lines) = room(&mut self.rejections, key) {
                    lines.add(place);
                }
            }
            // Whom it is about is not said.
            traffic_server::Said::Continued => {}
        }
    }

    fn error(&mut self, place: &Place<'f>, exchange: &'f Exchange, before: Option<&Key>) {
        // Two lines tell of one error: the message of HTTP, and the event.
        if exchange.transaction.is_none()
            && let Some(client) = &exchange.client
            && self.told.contains(&(place.said.node.as_str(), client, exchange.status))
        {
            return;
        }
        let begun = exchange
            .transaction
            .and_then(|transaction| self.unfinished.get(&(place.said.node.as_str(), transaction)));
        let mut exchange = exchange.clone();
        if let Some((begun, has_answer)) = begun {
            // The server's own error, passed on.
            if *has_answer && exchange.server.is_none() {
                return;
            }
            // Numbers begin anew when the process does: then the servers mostly differ.
            if exchange.server.is_none()
                || begun.server.is_none()
                || exchange.server == begun.server
            {
                fill(&mut exchange, begun);
            }
        }
        let mut lines = Lines::default();
        lines.add(place);
        lines.request(exchange.transaction, &exchange.tracking);
        let server = exchange.server.clone().or_else(|| exchange.target.clone());
        if server.is_none() && exchange.status >= 500 {
            if self.nameless.len() < limits::EXPRESSWAY_NAMELESS {
                self.nameless.push((before.cloned(), exchange, lines));
            }
            return;
        }
        let domain = exchange.domain.clone().filter(|_| exchange.status < 500);
        let key = (exchange.status, domain, server.filter(|_| exchange.status >= 500));
        let room = self.errors.len() < limits::EXPRESSWAY_GROUPS;
        match self.errors.get_mut(&key) {
            Some(group) => group.lines.merge(lines),
            None if room => {
                self.errors.insert(key, ErrorGroup { exchange, lines });
            }
            None => {}
        }
    }

    fn end(mut self) -> Logs {
        let mut refusals = merged(self.refusals);
        for (key, exchange, lines) in self.nameless {
            let refusal = match (key, refusals.as_mut_slice()) {
                (Some(key), all) => all.iter_mut().find(|one| {
                    one.name.eq_ignore_ascii_case(&key.0)
                        && one.fault.as_ref().map(same) == key.3
                        && (key.2.is_none() || one.port == key.2)
                }),
                // The log was split in front of it.
                (None, [only]) => Some(only),
                (None, _) => None,
            };
            match refusal {
                Some(refusal) => refusal.errors.merge(lines),
                None => match self.errors.get_mut(&(exchange.status, None, None)) {
                    Some(group) => group.lines.merge(lines),
                    None => {
                        let key = (exchange.status, None, None);
                        self.errors.insert(key, ErrorGroup { exchange, lines });
                    }
                },
            }
        }
        // The line of OpenSSL says nothing that the line before it does not.
        for (name, lines) in self.unexplained {
            match refusals.iter_mut().find(|one| one.name.eq_ignore_ascii_case(&name)) {
                Some(refusal) => {
                    refusal.lines.evidence.extend(lines.evidence);
                    refusal.lines.evidence.sort();
                }
                None => refusals.push(Refusal {
                    name,
                    address: None,
                    port: None,
                    fault: None,
                    terminated: true,
                    lines,
                    errors: Lines::default(),
                }),
            }
        }
        let mut errors = Vec::new();
        for group in self.errors.into_values() {
            match cause(&mut refusals, &group.exchange) {
                Some(refusal) if group.exchange.status >= 500 => {
                    if refusal.port.is_none() {
                        let server = group.exchange.server.as_ref();
                        let server = server.or(group.exchange.target.as_ref());
                        refusal.port = server.map(|(_, port)| *port);
                    }
                    let lines = group.lines;
                    refusal.lines.transactions.extend(&lines.transactions);
                    refusal.lines.tracking.extend(lines.tracking.iter().cloned());
                    refusal.errors.merge(lines);
                }
                _ => errors.push(group),
            }
        }
        Logs {
            refusals,
            rejections: self
                .rejections
                .into_iter()
                .map(|((name, reason), lines)| Rejection { name, reason, lines })
                .collect(),
            errors,
            negotiations: self.negotiations.into_values().collect(),
            unreachable: self
                .unreachable
                .into_iter()
                .map(|((host, port, error), lines)| UnreachableGroup { host, port, error, lines })
                .collect(),
            answered: self.answered,
        }
    }
}

/// What one piece of a log knows of a request, and another does not.
fn fill(known: &mut Exchange, more: &Exchange) {
    known.domain = known.domain.take().or_else(|| more.domain.clone());
    known.target = known.target.take().or_else(|| more.target.clone());
    known.server = known.server.take().or_else(|| more.server.clone());
    if known.tracking.is_empty() {
        known.tracking.clone_from(&more.tracking);
    }
}

/// The lines of a group, while there is room for groups.
fn room<K: Ord>(groups: &mut BTreeMap<K, Lines>, key: K) -> Option<&mut Lines> {
    if groups.len() >= limits::EXPRESSWAY_GROUPS && !groups.contains_key(&key) {
        return None;
    }
    Some(groups.entry(key).or_default())
}

/// The same fault in the words of another version.
fn same(fault: &Fault) -> Fault {
    match fault {
        Fault::Chain { code: Some(code), depth, .. } => {
            Fault::Chain { code: Some(*code), text: String::new(), depth: *depth }
        }
        other => other.clone(),
    }
}

/// Refusals by server: what one part of a log does not tell (port, address) another may, when it leaves no choice.
fn merged(by_key: BTreeMap<Key, Refusal>) -> Vec<Refusal> {
    let mut by_name: BTreeMap<(String, Option<Fault>), Vec<Refusal>> = BTreeMap::new();
    for ((name, _, _, fault), refusal) in by_key {
        by_name.entry((name, fault)).or_default().push(refusal);
    }
    let mut found = Vec::new();
    for mut group in by_name.into_values() {
        // `None` sorts first: what knows less goes into the one that knows more.
        while group.len() > 1 {
            let fits = |less: &Refusal, more: &Refusal| {
                (less.address.is_none() || less.address == more.address)
                    && (less.port.is_none() || less.port == more.port)
            };
            let Some((less, rest)) = group.split_first() else { break };
            let mut others = (1..).zip(rest).filter(|(_, more)| fits(less, more));
            let (Some((index, _)), None) = (others.next(), others.next()) else { break };
            let less = group.remove(0);
            if let Some(more) = group.get_mut(index - 1) {
                more.terminated |= less.terminated;
                more.lines.merge(less.lines);
                more.errors.merge(less.errors);
            }
        }
        found.append(&mut group);
    }
    found.sort_by(|a, b| (&a.name, a.port, &a.fault).cmp(&(&b.name, b.port, &b.fault)));
    found
}

/// The refusal that an error comes from: of the server that the request was for.
fn cause<'r>(refusals: &'r mut [Refusal], exchange: &Exchange) -> Option<&'r mut Refusal> {
    let fits = |refusal: &Refusal, server: &(String, u16)| {
        (refusal.address.as_ref() == Some(&server.0)
            || refusal.name.eq_ignore_ascii_case(&server.0))
            && refusal.port.is_none_or(|port| port == server.1)
    };
    let servers = [exchange.server.as_ref(), exchange.target.as_ref()];
    refusals.iter_mut().find(|refusal| {
        refusal.terminated && servers.iter().flatten().any(|server| fits(refusal, server))
    })
}

#[cfg(test)]
mod tests {
    use crate::report::model::InputRole;
    use crate::session::Session;
    use crate::time::UnixTime;

    /// What is said about pieces of a log, in this order: codes, titles and details, without where it stands.
    fn findings(pieces: &[&str]) -> Vec<(String, String, String)> {
        let mut session = Session::default();
        for (number, piece) in pieces.iter().enumerate() {
            let id = session.open(&format!("{number}.txt"), InputRole::Observed).unwrap();
            session.push(id, piece.as_bytes());
            session.close(id);
        }
        let report = session.report(UnixTime(1_795_132_800));
        let told = report.findings.into_iter().map(|one| (one.code, one.title, one.detail));
        told.filter(|(code, ..)| code != "input_unrecognised").collect()
    }

    #[test]
    fn pieces_of_a_log_say_the_same_in_any_order() {
        for log in [
            include_str!("../../../tests/cases/origin_refused_chain/login/diagnostic_log.txt"),
            concat!(
                include_str!("../../../tests/cases/origin_refused_chain/two-nodes/part1.txt"),
                include_str!("../../../tests/cases/origin_refused_chain/two-nodes/part2.txt")
            ),
            include_str!("../../../tests/cases/mra_request_failed/no-reason/log.txt"),
            include_str!("../../../tests/cases/expressway_connection_failed/three/log.txt"),
        ] {
            let whole = findings(&[log]);
            assert!(!whole.is_empty());
            let starts = log.match_indices("\n20").map(|(at, _)| at + 1);
            for at in starts {
                let (first, second) = log.split_at(at);
                assert_eq!(findings(&[first, second]), whole, "{at}");
                assert_eq!(findings(&[second, first]), whole, "{at}, the second first");
                // Given twice, it says nothing more.
                assert_eq!(findings(&[log, second]), whole, "{at}, and once more");
            }
        }
    }
}
