//! Arrangement A: client and origin speak TLS with each other, and the filter decides between them.
//!
//! ```text
//! Hello --ClientHello--> Flight --certificates or resumption--> Course (or Open, or Closing)
//! ```
//!
//! In mode `enforce` the origin's bytes are held from the first on, and what the client says behind its hello as well,
//! until the verdict. In mode `monitor` nothing is ever held: the same bytes are read as they pass.

use core::net::SocketAddr;
use std::rc::Rc;

use tlvet_core::time::UnixTime;

use super::proxy::{Buffer, Proxy, origin_address};
use super::report;
use super::sessions::{Handle, Session};
use super::tls::{
    ClientHello, ClientOpening, Course, Fault, Flight, Opening, OriginFlight, Wanted,
};
use super::verdict::{self, Outcome, Reason, Subject, Verdict};
use super::{Policy, Step};
use crate::config::{Answer, Host, Mode, Name, Resumption};
use crate::limits;

/// One connection.
#[derive(Debug)]
pub struct Passthrough {
    policy: Rc<Policy>,
    stage: Stage,
    /// Bytes of the client that were read and are still held.
    client_held: usize,
    /// Bytes of the origin that were read and are still held.
    origin_held: usize,
    /// Bytes of each side that were read before the verdict, held or not.
    client_read: usize,
    origin_read: usize,
    /// Bytes of the handshake that are reserved with the policy.
    reserved: usize,
    /// When the client's first byte came, in nanoseconds since 1970.
    since: Option<u64>,
    hello: Option<Box<ClientHello>>,
    subject: Subject,
    origin: Option<SocketAddr>,
}

#[derive(Debug)]
enum Stage {
    /// The ClientHello comes.
    Hello(ClientOpening),
    /// The origin's first flight comes; what the client says meanwhile is followed.
    Flight(OriginFlight, Course),
    /// The client's hello was not to be accepted; it hears so with the origin's first bytes.
    Doomed(Reason),
    /// There is a verdict that lets pass; both sides are followed.
    Course {
        client: Course,
        origin: Course,
        /// What a session that is issued now is remembered with: reason and end.
        session: Option<(Reason, u64)>,
    },
    /// Nothing more is looked at.
    Open,
    /// Refused; the connection is closed at the next occasion.
    Closing,
}

/// Who speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Client,
    Origin,
}

impl Passthrough {
    /// A connection under `policy`.
    pub fn new(policy: Rc<Policy>) -> Self {
        let most = handshake_bytes(&policy);
        Self {
            policy,
            stage: Stage::Hello(ClientOpening::new(most)),
            client_held: 0,
            origin_held: 0,
            client_read: 0,
            origin_read: 0,
            reserved: 0,
            since: None,
            hello: None,
            subject: Subject::default(),
            origin: None,
        }
    }

    /// A tick is wanted: a verdict may be overdue, or the connection has to be closed.
    pub fn waits(&self) -> bool {
        match self.stage {
            // Who says nothing holds nothing up.
            Stage::Hello(_) => self.since.is_some(),
            Stage::Flight(..) | Stage::Doomed(_) | Stage::Closing => true,
            Stage::Course { .. } | Stage::Open => false,
        }
    }

    /// `size` bytes of the client are there, those held from before included; with `end` no more will come.
    pub fn client(&mut self, size: usize, end: bool, proxy: &dyn Proxy) -> Step {
        let step = self.hear_client(size, end, proxy);
        self.settle();
        step
    }

    /// `size` bytes of the origin are there, those held from before included; with `end` no more will come.
    pub fn origin(&mut self, size: usize, end: bool, proxy: &dyn Proxy) -> Step {
        let step = self.hear_origin(size, end, proxy);
        self.settle();
        step
    }

    /// Gives back what is reserved once the handshake is read.
    fn settle(&mut self) {
        if !matches!(self.stage, Stage::Hello(_) | Stage::Flight(..)) {
            self.policy.release(core::mem::take(&mut self.reserved));
        }
    }

    fn hear_client(&mut self, size: usize, end: bool, proxy: &dyn Proxy) -> Step {
        self.since.get_or_insert_with(|| proxy.now());
        let most = handshake_bytes(&self.policy);
        match &mut self.stage {
            Stage::Open => Step::Pass,
            Stage::Closing => Step::Close,
            Stage::Doomed(_) if end => self.ended(proxy, Step::Close),
            // Dropped: nothing of it reaches the origin.
            Stage::Doomed(_) => {
                if proxy.replace(Buffer::Client, size, &[]) {
                    Step::Pass
                } else {
                    Step::Close
                }
            }
            Stage::Hello(opening) => {
                let length = size.saturating_sub(self.client_held);
                self.client_read = self.client_read.saturating_add(length);
                if self.client_read > most || !self.policy.reserve(length) {
                    return self.refuse(Side::Client, size, Reason::Oversize, proxy);
                }
                self.reserved = self.reserved.saturating_add(length);
                let pushed = match proxy.bytes(Buffer::Client, self.client_held, length) {
                    Some(bytes) if bytes.len() == length => opening.push(&bytes),
                    None if length == 0 => Ok(Opening::More),
                    _ => return self.refuse(Side::Client, size, Reason::Internal, proxy),
                };
                match pushed {
                    Ok(Opening::More) if end => self.ended(proxy, Step::Close),
                    Ok(Opening::More) => self.hold(Side::Client, size),
                    Ok(Opening::Hello { hello, behind }) => {
                        self.hello(hello, behind, size, end, proxy)
                    }
                    Err(Fault::NotTls) => self.not_tls(Side::Client, size, proxy),
                    Err(fault) => self.refuse(Side::Client, size, Reason::of_tls(fault), proxy),
                }
            }
            Stage::Flight(_, course) => {
                let start = self.client_held;
                let offered = size.saturating_sub(start);
                self.client_read = self.client_read.saturating_add(offered);
                if self.client_read > most {
                    return self.refuse(Side::Client, size, Reason::Oversize, proxy);
                }
                let read = course.push(offered, reader(proxy, Buffer::Client, start, offered));
                match read {
                    Err(fault) => self.refuse(Side::Client, size, Reason::of_tls(fault), proxy),
                    Ok(()) if end => self.ended(proxy, Step::Close),
                    Ok(()) => self.hold(Side::Client, size),
                }
            }
            Stage::Course { client, .. } => {
                let read = client.push(size, reader(proxy, Buffer::Client, 0, size));
                self.client_held = 0;
                match read {
                    Ok(()) => Step::Pass,
                    Err(fault) => self.refuse(Side::Client, size, Reason::of_tls(fault), proxy),
                }
            }
        }
    }

    fn hear_origin(&mut self, size: usize, end: bool, proxy: &dyn Proxy) -> Step {
        let most = handshake_bytes(&self.policy);
        match &mut self.stage {
            Stage::Open => Step::Pass,
            // Nothing of it reaches the client.
            Stage::Closing => dropped(size, proxy),
            Stage::Doomed(reason) => {
                let reason = *reason;
                self.refuse(Side::Origin, size, reason, proxy)
            }
            Stage::Hello(_) if size == 0 => self.ended(proxy, dropped(size, proxy)),
            // TLS begins with the client: an origin that speaks first speaks something else.
            Stage::Hello(_) => self.not_tls(Side::Origin, size, proxy),
            Stage::Flight(flight, _) => {
                let length = size.saturating_sub(self.origin_held);
                self.origin_read = self.origin_read.saturating_add(length);
                if self.origin_read > most || !self.policy.reserve(length) {
                    return self.refuse(Side::Origin, size, Reason::Oversize, proxy);
                }
                self.reserved = self.reserved.saturating_add(length);
                let pushed = match proxy.bytes(Buffer::Origin, self.origin_held, length) {
                    Some(bytes) if bytes.len() == length => {
                        flight.push(&bytes).map(|read| (read, bytes))
                    }
                    None if length == 0 => Ok((Flight::More, Vec::new())),
                    _ => return self.refuse(Side::Origin, size, Reason::Internal, proxy),
                };
                match pushed {
                    Ok((Flight::More, _)) if end => {
                        let step = if self.enforces() {
                            self.refusal(Side::Origin, size, Reason::Closed, proxy)
                        } else {
                            Step::Pass
                        };
                        self.ended(proxy, step)
                    }
                    Ok((Flight::More, _)) => self.hold(Side::Origin, size),
                    Ok((Flight::Certificates(chain), _)) => self.certificates(&chain, size, proxy),
                    Ok((Flight::Resumed { ticket, behind }, bytes)) => {
                        let start = bytes.len().saturating_sub(behind);
                        let behind = bytes.get(start..).unwrap_or_default();
                        self.resumed(&ticket, behind, size, proxy)
                    }
                    Ok((Flight::Opaque, _)) => self.opaque(size, proxy),
                    Err(Fault::NotTls) => self.not_tls(Side::Origin, size, proxy),
                    Err(fault) => self.refuse(Side::Origin, size, Reason::of_tls(fault), proxy),
                }
            }
            Stage::Course { origin, session, .. } => {
                let read = origin.push(size, reader(proxy, Buffer::Origin, 0, size));
                let issued = origin.take_ticket().zip(*session);
                self.origin_held = 0;
                match read {
                    Ok(()) => {
                        if let Some((ticket, (reason, until))) = issued {
                            self.remember(Handle::Ticket(&ticket), reason, until, proxy);
                        }
                        Step::Pass
                    }
                    Err(fault) => self.refuse(Side::Origin, size, Reason::of_tls(fault), proxy),
                }
            }
        }
    }

    /// Some time has passed.
    pub fn tick(&mut self, proxy: &dyn Proxy) -> Step {
        if matches!(self.stage, Stage::Closing) {
            return Step::Close;
        }
        let limit = self.policy.config().limits.handshake_ms;
        if !self.waits() || self.waited(proxy).is_none_or(|milliseconds| milliseconds < limit) {
            return Step::Hold;
        }
        let outcome = self.conclude(Reason::Timeout, proxy);
        if outcome.passes() {
            self.stage = Stage::Open;
            self.settle();
            Step::Hold
        } else {
            self.stage = Stage::Closing;
            self.settle();
            Step::Close
        }
    }

    /// The connection is over.
    pub fn closed(&mut self, proxy: &dyn Proxy) {
        if matches!(self.stage, Stage::Hello(_) | Stage::Flight(..) | Stage::Doomed(_)) {
            self.ended(proxy, Step::Close);
        }
    }

    fn enforces(&self) -> bool {
        self.policy.config().mode == Mode::Enforce
    }

    /// Milliseconds since the client's first byte.
    fn waited(&self, proxy: &dyn Proxy) -> Option<u64> {
        self.since.map(|since| proxy.now().saturating_sub(since) / 1_000_000)
    }

    /// Keeps what has come until the verdict, in mode `enforce`.
    fn hold(&mut self, side: Side, size: usize) -> Step {
        if !self.enforces() {
            return Step::Pass;
        }
        match side {
            Side::Client => self.client_held = size,
            Side::Origin => self.origin_held = size,
        }
        Step::Hold
    }

    /// The ClientHello is whole; `behind` bytes of the client stand behind it.
    fn hello(
        &mut self,
        hello: Box<ClientHello>,
        behind: usize,
        size: usize,
        end: bool,
        proxy: &dyn Proxy,
    ) -> Step {
        let config = self.policy.config();
        let named = match (&config.name, &hello.server_name) {
            (Name::Fixed(host), _) => Ok(Some(host.clone())),
            (_, None) => Ok(None),
            (_, Some(name)) => core::str::from_utf8(name)
                .ok()
                .and_then(|name| Host::parse(name).ok())
                .map(Some)
                .ok_or(Reason::BadName),
        };
        // A client of TLS up to 1.2 has nothing to say before the origin has spoken.
        let early = hello.early_data || behind > 0;
        let unseen = hello.early_data && config.opaque_tls13 == Answer::Allow;
        self.hello = Some(hello);
        let reason = match named {
            Err(reason) => Some(reason),
            Ok(name) => {
                self.subject.name = name;
                early.then_some(Reason::EarlyData)
            }
        };
        if end {
            return self.ended(proxy, Step::Close);
        }
        if unseen {
            // Only TLS 1.3 can use early data, and that passes unseen.
            return self.open(Reason::Tls13, proxy);
        }
        let most = handshake_bytes(&self.policy);
        let Some(reason) = reason else {
            self.client_held = 0;
            self.stage = Stage::Flight(OriginFlight::new(most), Course::client(most));
            return Step::Pass;
        };
        if !self.enforces() {
            return self.refuse(Side::Client, size, reason, proxy);
        }
        // The origin gets the hello alone: when it answers, the client can be told why it is refused.
        self.client_held = 0;
        self.stage = Stage::Doomed(reason);
        if behind == 0 {
            return Step::Pass;
        }
        match proxy.bytes(Buffer::Client, 0, size.saturating_sub(behind)) {
            Some(hello) if proxy.replace(Buffer::Client, size, &hello) => Step::Pass,
            _ => self.refuse(Side::Client, size, Reason::Internal, proxy),
        }
    }

    fn certificates(&mut self, chain: &[Vec<u8>], size: usize, proxy: &dyn Proxy) -> Step {
        self.find_origin(proxy);
        let now = seconds(proxy);
        let judged = self.policy.trust().judge(chain, now);
        let verdict = verdict::on_certificate(self.policy.config(), &self.subject, &judged, now);
        self.write(&verdict, proxy);
        if !verdict.outcome.passes() {
            return self.refusal(Side::Origin, size, verdict.reason, proxy);
        }
        let until = session_end(now, verdict.until);
        let identifier = match &self.stage {
            Stage::Flight(flight, _) => {
                flight.hello().map(|hello| hello.session_id.clone()).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        if !identifier.is_empty() {
            self.remember(Handle::Identifier(&identifier), verdict.reason, until, proxy);
        }
        let most = handshake_bytes(&self.policy);
        self.follow(Course::origin(most), Some((verdict.reason, until)))
    }

    /// The origin resumes a session; `behind` is what came with its ChangeCipherSpec behind it.
    fn resumed(&mut self, ticket: &[u8], behind: &[u8], size: usize, proxy: &dyn Proxy) -> Step {
        self.find_origin(proxy);
        let now = seconds(proxy);
        let policy = self.policy.config();
        if policy.resumption == Resumption::Allow {
            return self.open(Reason::Resumption, proxy);
        }
        let known = match policy.resumption {
            Resumption::Verified => self
                .offered()
                .and_then(|session| session.known(proxy, u64::try_from(now.0).unwrap_or_default())),
            Resumption::Allow | Resumption::Deny => None,
        };
        let reason = match known {
            Some((Reason::Verified | Reason::VerifiedBefore, _)) => Reason::VerifiedBefore,
            // The fault of its first connection, in mode monitor or under an exception.
            Some((reason, _)) => reason,
            None => Reason::Resumption,
        };
        let verdict = verdict::on_reason(policy, &self.subject, reason, now);
        self.write(&verdict, proxy);
        if !verdict.outcome.passes() {
            return self.refusal(Side::Origin, size, verdict.reason, proxy);
        }
        if let (Some((_, until)), false) = (known, ticket.is_empty()) {
            // A renewed ticket lives no longer than the first.
            self.remember(Handle::Ticket(ticket), reason, until, proxy);
        }
        let mut course = Course::encrypted_origin(handshake_bytes(&self.policy));
        let read = course.push(behind.len(), |wanted| {
            behind.get(wanted.start..)?.get(..wanted.length).map(<[u8]>::to_vec)
        });
        if let Err(fault) = read {
            return self.refuse(Side::Origin, size, Reason::of_tls(fault), proxy);
        }
        self.follow(course, None)
    }

    /// The origin speaks TLS 1.3.
    fn opaque(&mut self, size: usize, proxy: &dyn Proxy) -> Step {
        self.find_origin(proxy);
        if self.policy.config().opaque_tls13 == Answer::Allow {
            return self.open(Reason::Tls13, proxy);
        }
        self.refuse(Side::Origin, size, Reason::Tls13, proxy)
    }

    fn not_tls(&mut self, side: Side, size: usize, proxy: &dyn Proxy) -> Step {
        self.find_origin(proxy);
        // Behind a ClientHello the origin has to answer in TLS.
        if self.policy.config().not_tls == Answer::Allow && matches!(self.stage, Stage::Hello(_)) {
            return self.open(Reason::NotTls, proxy);
        }
        self.refuse(side, size, Reason::NotTls, proxy)
    }

    /// Passes from here on without being looked at, because the configuration says so.
    fn open(&mut self, reason: Reason, proxy: &dyn Proxy) -> Step {
        self.find_origin(proxy);
        self.write(&verdict::unchecked(reason), proxy);
        let held = core::mem::take(&mut self.client_held) > 0;
        self.origin_held = 0;
        let before = core::mem::replace(&mut self.stage, Stage::Open);
        match before {
            Stage::Flight(..) if held => Step::PassBoth,
            _ => Step::Pass,
        }
    }

    /// Passes, with both sides followed.
    fn follow(&mut self, origin: Course, session: Option<(Reason, u64)>) -> Step {
        let held = core::mem::take(&mut self.client_held) > 0;
        self.origin_held = 0;
        if let Some(hello) = &mut self.hello {
            // A connection may last for days.
            hello.ticket = Vec::new();
        }
        let most = handshake_bytes(&self.policy);
        let client = match core::mem::replace(&mut self.stage, Stage::Open) {
            Stage::Flight(_, client) => client,
            _ => Course::client(most),
        };
        self.stage = Stage::Course { client, origin, session };
        if held { Step::PassBoth } else { Step::Pass }
    }

    /// Decides about anything but a certificate: refuses, or passes and looks no further.
    fn refuse(&mut self, side: Side, size: usize, reason: Reason, proxy: &dyn Proxy) -> Step {
        let outcome = self.conclude(reason, proxy);
        if outcome.passes() {
            let held = core::mem::take(&mut self.client_held) > 0;
            self.origin_held = 0;
            self.stage = Stage::Open;
            return if held && side == Side::Origin { Step::PassBoth } else { Step::Pass };
        }
        self.refusal(side, size, reason, proxy)
    }

    fn conclude(&mut self, reason: Reason, proxy: &dyn Proxy) -> Outcome {
        self.find_origin(proxy);
        let verdict =
            verdict::on_reason(self.policy.config(), &self.subject, reason, seconds(proxy));
        self.write(&verdict, proxy);
        verdict.outcome
    }

    /// Carries a refusal out. The client can be told in TLS only where the origin's bytes are at hand and nothing is
    /// encrypted yet.
    fn refusal(&mut self, side: Side, size: usize, reason: Reason, proxy: &dyn Proxy) -> Step {
        let in_clear = !matches!(self.stage, Stage::Course { .. });
        let version = match &self.stage {
            Stage::Flight(flight, _) => flight.hello().map_or(0x0303, |hello| hello.version),
            _ => 0x0303,
        };
        self.stage = Stage::Closing;
        if side == Side::Client {
            return Step::Close;
        }
        let [major, minor] = version.to_be_bytes();
        let alert = [21, major, minor, 0, 2, 2, reason.alert()];
        let told: &[u8] = if in_clear && self.hello.is_some() { &alert } else { &[] };
        if proxy.replace(Buffer::Origin, size, told) { Step::PassAndClose } else { Step::Close }
    }

    /// One side ended the connection before a verdict.
    fn ended(&mut self, proxy: &dyn Proxy, step: Step) -> Step {
        let verdict = Verdict {
            outcome: Outcome::Ended,
            reason: Reason::Closed,
            lines: Vec::new(),
            days_left: None,
            until: i64::MAX,
        };
        report::count(proxy, &verdict);
        report::publish(proxy, &self.subject, &verdict);
        if self.enforces() {
            self.stage = Stage::Closing;
            step
        } else {
            self.stage = Stage::Open;
            Step::Pass
        }
    }

    fn write(&self, verdict: &Verdict, proxy: &dyn Proxy) {
        let held = self.waited(proxy).filter(|_| self.enforces() && self.waits());
        report::write(proxy, self.policy.origins(), &self.subject, verdict, held);
    }

    fn find_origin(&mut self, proxy: &dyn Proxy) {
        if self.origin.is_none() {
            self.origin = origin_address(proxy);
            self.subject.address = self.origin.map(|address| address.ip());
        }
    }

    /// The session that the client wants to resume.
    fn offered(&self) -> Option<Session> {
        let hello = self.hello.as_ref()?;
        // With a ticket the identifier is a mark that the client made up (RFC 5077 section 3.4).
        let handle = match (hello.ticket.as_slice(), hello.session_id.as_slice()) {
            ([], []) => return None,
            ([], identifier) => Handle::Identifier(identifier),
            (ticket, _) => Handle::Ticket(ticket),
        };
        self.session(handle)
    }

    /// A session is one origin's; where the origin is not known, none can be told from another.
    fn session(&self, handle: Handle<'_>) -> Option<Session> {
        let name = self.subject.name.as_ref();
        Some(Session::new(handle, self.origin?, name, self.policy.digest()))
    }

    fn remember(&self, handle: Handle<'_>, reason: Reason, until: u64, proxy: &dyn Proxy) {
        let now = u64::try_from(seconds(proxy).0).unwrap_or_default();
        // Where it cannot be kept the client has to make a full handshake: no harm beyond time.
        if let Some(session) = self.session(handle) {
            session.remember(proxy, reason, now, until);
        }
    }
}

impl Drop for Passthrough {
    fn drop(&mut self) {
        self.policy.release(self.reserved);
    }
}

fn handshake_bytes(policy: &Policy) -> usize {
    usize::try_from(policy.config().limits.handshake_bytes).unwrap_or(usize::MAX)
}

/// Reads stretches of the `size` bytes that begin at `start`: small ones are fetched at once, of large ones what is wanted.
fn reader<'a>(
    proxy: &'a dyn Proxy,
    buffer: Buffer,
    start: usize,
    size: usize,
) -> impl FnMut(Wanted) -> Option<Vec<u8>> + 'a {
    let whole = if size <= limits::FETCHED { proxy.bytes(buffer, start, size) } else { None };
    move |wanted| match &whole {
        Some(bytes) => bytes.get(wanted.start..)?.get(..wanted.length).map(<[u8]>::to_vec),
        None => proxy.bytes(buffer, start.saturating_add(wanted.start), wanted.length),
    }
}

fn dropped(size: usize, proxy: &dyn Proxy) -> Step {
    if proxy.replace(Buffer::Origin, size, &[]) { Step::PassAndClose } else { Step::Close }
}

fn seconds(proxy: &dyn Proxy) -> UnixTime {
    UnixTime(i64::try_from(proxy.now() / 1_000_000_000).unwrap_or(i64::MAX))
}

/// The end of a session that is issued now: a day (RFC 5246 appendix F.1.4), or when the verdict ends to hold.
fn session_end(now: UnixTime, until: i64) -> u64 {
    let end = now.plus(limits::SESSION_SECONDS).0.min(until);
    u64::try_from(end).unwrap_or_default()
}
