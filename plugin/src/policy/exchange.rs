//! Requests and their responses (arrangements C and D).

use core::net::SocketAddr;
use std::rc::Rc;

use super::destination::Target;
use super::originated::{
    connection, host_of, judge, leaf, no_certificate, seconds, shown, whole_seconds,
};
use super::proxy::{Buffer, Headers, Proxy, path};
use super::validator;
use super::verdict::{Outcome, Reason, Subject, Verdict};
use super::{Policy, report};
use crate::config::{Host, Mode, Name, Role};
use crate::limits;

/// What the proxy shall do with a request or a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It goes on.
    Pass,
    /// It waits.
    Hold,
    /// It ends here: the client gets 502.
    Refuse(Reason),
}

/// One request and its response.
#[derive(Debug)]
pub struct Exchange {
    policy: Rc<Policy>,
    subject: Subject,
    /// The name that is asked for, as it was written: `host[:port]`, or the client's server name.
    asked: Vec<u8>,
    state: State,
    /// Nanoseconds since 1970, when the request came.
    since: u64,
    /// What replaces the body of a response that is refused.
    body: Option<String>,
    refused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    /// D: the handshake with the origin is not over.
    Waiting,
    /// D, mode `monitor`: the request went on without a verdict.
    Passed,
    /// There is a verdict, or none is needed.
    Decided,
}

impl Exchange {
    /// An exchange under `policy`.
    pub fn new(policy: Rc<Policy>) -> Self {
        Self {
            policy,
            subject: Subject::default(),
            asked: Vec::new(),
            state: State::New,
            since: 0,
            body: None,
            refused: false,
        }
    }

    /// A tick is wanted.
    pub fn waits(&self) -> bool {
        self.state == State::Waiting
    }

    /// What comes behind the headers of the request may go on.
    pub fn passes(&self) -> bool {
        matches!(self.state, State::Decided | State::Passed) && !self.refused
    }

    /// The headers of the request have come; nothing has gone to the origin.
    pub fn request(&mut self, proxy: &dyn Proxy) -> Answer {
        if self.policy.config().mode == Mode::Off && self.policy.config().role != Role::Http {
            self.state = State::Decided;
            return Answer::Pass;
        }
        match self.policy.config().role {
            Role::Http => self.route(proxy),
            _ => self.ask(proxy),
        }
    }

    /// Some time has passed.
    pub fn tick(&mut self, proxy: &dyn Proxy) -> Answer {
        if self.waits() { self.look(proxy, false) } else { Answer::Pass }
    }

    /// D: names the origin and looks for its certificate.
    fn ask(&mut self, proxy: &dyn Proxy) -> Answer {
        self.since = proxy.now();
        self.hear(proxy);
        // Most requests go over a connection that others have used, to an origin that is fine: nothing more is asked for.
        if let Some(key) = shown(proxy, &self.asked)
            && let Some((outcome, reason)) = self.policy.known(&key, whole_seconds(self.since))
        {
            return self.decided(outcome, reason, proxy);
        }
        self.subject.name = self.named();
        self.look(proxy, false)
    }

    /// D: decides once the origin's certificate is there.
    fn look(&mut self, proxy: &dyn Proxy, at_response: bool) -> Answer {
        let key = connection(proxy, self.subject.name.as_ref());
        let now = seconds(proxy);
        if let Some((outcome, reason)) = key.as_ref().and_then(|key| self.policy.known(key, now)) {
            return self.decided(outcome, reason, proxy);
        }
        let waited = proxy.now().saturating_sub(self.since) / 1_000_000;
        let verdict = if let Some(leaf) = leaf(proxy) {
            let held = self.waits().then_some(waited);
            let verdict = judge(&self.policy, &mut self.subject, &leaf, key, held, proxy);
            self.remember(&verdict, proxy);
            verdict
        } else if self.policy.config().mode == Mode::Monitor && !at_response {
            // Nothing waits in this mode: the certificate is looked at when the response comes.
            self.state = State::Passed;
            return Answer::Pass;
        } else if !at_response && waited < self.policy.config().limits.handshake_ms {
            self.state = State::Waiting;
            return Answer::Hold;
        } else {
            no_certificate(&self.policy, &mut self.subject, Reason::NotVisible, proxy)
        };
        self.decided(verdict.outcome, verdict.reason, proxy)
    }

    /// A verdict that is good holds for every connection on which this certificate is shown and this name asked for. Any
    /// other may hang on the origin's address as well, and is written once for each connection.
    fn remember(&self, verdict: &Verdict, proxy: &dyn Proxy) {
        if verdict.outcome == Outcome::Passed
            && self.subject.name.is_some()
            && let Some(key) = shown(proxy, &self.asked)
        {
            self.policy.remember(key, verdict.outcome, verdict.reason, verdict.until);
        }
    }

    fn decided(&mut self, outcome: Outcome, reason: Reason, proxy: &dyn Proxy) -> Answer {
        self.state = State::Decided;
        report::request(proxy, outcome, reason);
        self.refused = !outcome.passes();
        if self.refused { Answer::Refuse(reason) } else { Answer::Pass }
    }

    /// Takes what the request says of the name that is asked for.
    fn hear(&mut self, proxy: &dyn Proxy) {
        let asked = match &self.policy.config().name {
            Name::Fixed(_) => None,
            Name::Sni => proxy.property(path::SERVER_NAME),
            Name::Host | Name::MraPath => proxy.header(Headers::Request, ":authority"),
        };
        // What is longer is no name, and would be kept while the request waits.
        self.asked = asked.filter(|asked| asked.len() <= limits::ASKED).unwrap_or_default();
    }

    /// The name that the origin has to carry, where the request tells it.
    fn named(&self) -> Option<Host> {
        match &self.policy.config().name {
            Name::Fixed(host) => Some(host.clone()),
            Name::Sni => Host::parse(core::str::from_utf8(&self.asked).ok()?).ok(),
            Name::Host | Name::MraPath => host_of(&self.asked),
        }
    }

    /// C: says where the request goes and which name Envoy's validator has to find.
    fn route(&mut self, proxy: &dyn Proxy) -> Answer {
        // Whatever the client wrote there would choose the origin.
        proxy.remove_header(Headers::Request, validator::ORIGINAL_DESTINATION);
        let policy = Rc::clone(&self.policy);
        let config = policy.config();
        if config.mode == Mode::Off {
            self.state = State::Decided;
            return Answer::Pass;
        }
        if config.name == Name::MraPath {
            let path = proxy.header(Headers::Request, ":path").unwrap_or_default();
            // Nowhere to go, in any mode.
            let Some(target) = Target::read(&path) else {
                return self.nowhere(Reason::BadName, proxy);
            };
            self.subject.name = Some(target.host.clone());
            if !target.is_allowed(config) {
                // Whoever keeps the list has to see what is missing in it, or who asks for what.
                self.subject.address = target.host.address();
                let line = self.subject.destination_line(target.port);
                return self.ends(Reason::Destination, line, proxy);
            }
            if !validator::route(&target, proxy) {
                return self.nowhere(Reason::Internal, proxy);
            }
        } else {
            self.hear(proxy);
            self.subject.name = self.named();
        }
        if config.mode == Mode::Enforce {
            let Some(name) = &self.subject.name else {
                return self.nowhere(Reason::BadName, proxy);
            };
            if !validator::expect(name, config.verify.name, proxy) {
                return self.nowhere(Reason::Internal, proxy);
            }
        }
        self.state = State::Decided;
        Answer::Pass
    }

    fn nowhere(&mut self, reason: Reason, proxy: &dyn Proxy) -> Answer {
        let line = self.subject.other_line("Terminate", reason);
        self.ends(reason, line, proxy)
    }

    /// Refused before it goes anywhere, in any mode.
    fn ends(&mut self, reason: Reason, line: String, proxy: &dyn Proxy) -> Answer {
        self.state = State::Decided;
        let verdict = Verdict {
            outcome: Outcome::Refused,
            reason,
            lines: vec![line],
            days_left: None,
            until: i64::MAX,
        };
        report::write(proxy, self.policy.origins(), &self.subject, &verdict, None);
        report::request(proxy, verdict.outcome, reason);
        self.refused = true;
        Answer::Refuse(reason)
    }

    /// The headers of the response have come. C alone decides here: what Envoy's validator said, and what this policy
    /// says of the certificate that Envoy was shown.
    pub fn response(&mut self, proxy: &dyn Proxy) -> Answer {
        if self.state == State::Passed {
            return self.look(proxy, true);
        }
        let config = self.policy.config();
        if config.role != Role::Http || config.mode == Mode::Off {
            return Answer::Pass;
        }
        if let Some(text) = validator::failure(proxy) {
            return self.validator_refused(&text, proxy);
        }
        let key = connection(proxy, self.subject.name.as_ref());
        let now = seconds(proxy);
        if let Some((outcome, reason)) = key.as_ref().and_then(|key| self.policy.known(key, now)) {
            return self.decided(outcome, reason, proxy);
        }
        let Some(leaf) = leaf(proxy) else {
            if proxy.property(path::ORIGIN).is_none() {
                // A reply of Envoy's own: there is no origin to speak of.
                return Answer::Pass;
            }
            let reason = Reason::NotVisible;
            let verdict = no_certificate(&self.policy, &mut self.subject, reason, proxy);
            return self.decided(verdict.outcome, reason, proxy);
        };
        if config.mode == Mode::Enforce && self.policy.trust().is_empty() {
            // Envoy's validator alone knows what is trusted.
            let verdict = Verdict {
                outcome: Outcome::Passed,
                reason: Reason::Validator,
                lines: Vec::new(),
                days_left: validator::days_left(&leaf, now),
                until: i64::MAX,
            };
            report::write(proxy, self.policy.origins(), &self.subject, &verdict, None);
            if let Some(key) = key {
                self.policy.remember(key, verdict.outcome, verdict.reason, verdict.until);
            }
            return self.decided(verdict.outcome, verdict.reason, proxy);
        }
        let verdict = judge(&self.policy, &mut self.subject, &leaf, key, None, proxy);
        self.decided(verdict.outcome, verdict.reason, proxy)
    }

    /// C: Envoy did not connect. Its 503 becomes 502, as Traffic Server answers, and its words Traffic Server's lines.
    fn validator_refused(&mut self, text: &str, proxy: &dyn Proxy) -> Answer {
        self.subject.address = proxy
            .property(path::ORIGIN)
            .and_then(|text| core::str::from_utf8(&text).ok()?.parse::<SocketAddr>().ok())
            .map(|address| address.ip())
            .or_else(|| self.subject.name.as_ref().and_then(Host::address));
        let (reason, line) = validator::translate(text, &self.subject);
        let verdict = Verdict {
            outcome: Outcome::Refused,
            reason,
            lines: line.into_iter().collect(),
            days_left: None,
            until: i64::MAX,
        };
        report::write(proxy, self.policy.origins(), &self.subject, &verdict, None);
        report::request(proxy, verdict.outcome, reason);
        // To a client of gRPC Envoy answers 200 and says in grpc-status what is wrong.
        if proxy.header(Headers::Response, ":status").as_deref() == Some(b"503") {
            proxy.set_header(Headers::Response, ":status", "502");
            let body = refusal_text(reason);
            proxy.set_header(Headers::Response, "content-length", &body.len().to_string());
            proxy.set_header(Headers::Response, "content-type", "text/plain");
            self.body = Some(body);
        }
        Answer::Pass
    }

    /// `size` bytes of the response's body have come.
    pub fn response_body(&mut self, size: usize, proxy: &dyn Proxy) {
        if let Some(body) = &mut self.body {
            proxy.replace(Buffer::ResponseBody, size, body.as_bytes());
            // The rest of the old body is replaced by nothing.
            body.clear();
        }
    }
}

/// The body of an answer that the filter gives.
pub fn refusal_text(reason: Reason) -> String {
    format!("tlvet: refused ({reason})\n")
}
