//! The one module that talks to the proxy (proxy-wasm ABI 0.2.1).
//!
//! The proxy's callbacks ([`exports`]) become calls of [`crate::policy`]; what it decides is carried out by [`host`]. Nothing here
//! may trap, because after a trap the VM is dead for all connections of the worker:
//! - The SDK for Rust is not used. Its functions for hostcalls panic on every status that they do not expect, and its dispatcher
//!   on every context that it does not know; remote peers can bring both about. [`host`] turns every status into a `Result`, and
//!   a context that nobody knows is nobody's: nothing of it passes.
//! - What callbacks share is borrowed with `try_borrow` alone.
//!
//! Nor may it be slow: a call into the VM costs Envoy as much as ten calls out of it. So the filter does not ask to be told of the
//! end of a context ([`Vm::tidy`]), and keeps nothing of a request that is decided when its headers come.

mod exports;
mod host;

use core::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::config::{Mode, Role};
use crate::limits;
use crate::policy::{
    Answer, Buffer, Counted, Counter, Exchange, Headers, Level, Outcome, Passthrough, Policy,
    Proxy, Reason, Step, Tcp, refusal_text,
};

thread_local! {
    static VM: Vm = const { Vm::new() };
}

/// Everything that the VM knows; it has one thread.
struct Vm {
    /// One for each configuration that the proxy has loaded.
    roots: RefCell<Vec<Rc<Root>>>,
    /// The stream context that was created last, and its root: the proxy does nothing between that and its first callback.
    created: Cell<(u32, u32)>,
    /// Streams that callbacks or ticks have to find again.
    streams: RefCell<BTreeMap<u32, Rc<RefCell<Stream>>>>,
    /// So many streams are looked through for those that are over.
    tidied_at: Cell<usize>,
    /// Numbers of metrics.
    counters: RefCell<BTreeMap<Counted, u32>>,
    metrics: RefCell<BTreeMap<String, u32>>,
}

/// The filter as configured once in Envoy.
struct Root {
    id: u32,
    policy: RefCell<Option<Rc<Policy>>>,
    /// That it stands in the wrong kind of filter chain was said.
    said: Cell<bool>,
    /// Streams that want ticks.
    waiting: RefCell<BTreeMap<u32, Rc<RefCell<Stream>>>>,
    /// The tick is set.
    ticks: Cell<bool>,
    /// It runs now.
    ticking: Cell<bool>,
}

/// Where a filter stands; the proxy shows it by the first callback alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Network,
    Http,
}

/// The answer of a callback (ABI: `proxy_action_t`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Continue,
    Pause,
}

/// One connection or one request.
struct Stream {
    root: Rc<Root>,
    kind: Kind,
    /// It stands in [`Root::waiting`].
    listed: bool,
}

enum Kind {
    /// Mode `off` of the network roles.
    Open,
    Passthrough(Box<Passthrough>),
    Tcp(Box<Tcp>),
    Http(Box<Exchange>),
    /// Nothing passes: there is no policy, or the role stands in the wrong kind of chain.
    Shut,
}

impl Stream {
    fn waits(&self) -> bool {
        match &self.kind {
            Kind::Passthrough(passthrough) => passthrough.waits(),
            Kind::Tcp(tcp) => tcp.is_refused(),
            Kind::Http(exchange) => exchange.waits(),
            Kind::Open | Kind::Shut => false,
        }
    }

    /// Milliseconds between ticks. A request waits for each of them; a connection only to be closed, or for its time-out.
    fn period(&self) -> u32 {
        if matches!(self.kind, Kind::Http(_)) { limits::TICK_HTTP_MS } else { limits::TICK_MS }
    }
}

impl Vm {
    const fn new() -> Self {
        Self {
            roots: RefCell::new(Vec::new()),
            created: Cell::new((0, 0)),
            streams: RefCell::new(BTreeMap::new()),
            tidied_at: Cell::new(limits::STREAMS_TIDIED),
            counters: RefCell::new(BTreeMap::new()),
            metrics: RefCell::new(BTreeMap::new()),
        }
    }

    fn root(&self, id: u32) -> Option<Rc<Root>> {
        self.roots.try_borrow().ok()?.iter().find(|root| root.id == id).cloned()
    }

    /// The root of a stream whose first callback this is.
    fn root_of(&self, stream: u32) -> Option<Rc<Root>> {
        let (created, root) = self.created.get();
        if created == stream { self.root(root) } else { None }
    }

    /// A root context. The proxy does not say when one is over: those that it does not know any more go, with their policies.
    fn add_root(&self, id: u32) {
        let Ok(mut roots) = self.roots.try_borrow_mut() else { return };
        roots.retain(|root| root.id != id && host::set_effective_context(root.id).is_ok());
        complain("go back to a context", host::set_effective_context(id));
        roots.push(Rc::new(Root::new(id)));
    }

    fn stream(&self, id: u32) -> Option<Rc<RefCell<Stream>>> {
        self.streams.try_borrow().ok()?.get(&id).cloned()
    }

    /// Keeps a stream.
    fn keep(&self, id: u32, root: Rc<Root>, kind: Kind) {
        let stream = Rc::new(RefCell::new(Stream { root, kind, listed: false }));
        if let Ok(mut streams) = self.streams.try_borrow_mut() {
            self.tidy(&mut streams, id);
            streams.insert(id, Rc::clone(&stream));
        }
        list(id, &stream);
    }

    /// Drops the streams that the proxy does not know any more, at times that keep their number below twice those that live.
    fn tidy(&self, streams: &mut BTreeMap<u32, Rc<RefCell<Stream>>>, current: u32) {
        if streams.len() < self.tidied_at.get() {
            return;
        }
        streams.retain(|id, stream| {
            let lives = host::set_effective_context(*id).is_ok();
            if !lives && let Ok(stream) = stream.try_borrow() {
                stream.root.forget(*id);
            }
            lives
        });
        complain("go back to a context", host::set_effective_context(current));
        let next = streams.len().saturating_mul(2).max(limits::STREAMS_TIDIED);
        self.tidied_at.set(next);
    }

    fn drop_stream(&self, id: u32) {
        let dropped = self.streams.try_borrow_mut().ok().and_then(|mut all| all.remove(&id));
        if let Some(stream) = dropped
            && let Ok(stream) = stream.try_borrow()
            && stream.listed
        {
            stream.root.forget(id);
        }
    }

    /// A metric that the proxy does not take is no reason to stop traffic, and nobody could be told each time.
    fn metric(
        &self,
        kind: host::Metric,
        name: &str,
        work: impl FnOnce(u32) -> Result<(), host::Status>,
    ) {
        let Ok(mut metrics) = self.metrics.try_borrow_mut() else { return };
        let id = match metrics.get(name) {
            Some(id) => *id,
            None => {
                let Ok(id) = host::metric(kind, name) else { return };
                metrics.insert(name.to_owned(), id);
                id
            }
        };
        let _: Result<(), host::Status> = work(id);
    }

    /// Adds one to a counter; its name is made only once.
    fn count(&self, what: Counted) {
        let Ok(mut counters) = self.counters.try_borrow_mut() else { return };
        let id = match counters.get(&what) {
            Some(id) => *id,
            None => {
                let Ok(id) = host::metric(host::Metric::Counter, &what.name()) else { return };
                counters.insert(what, id);
                id
            }
        };
        let _: Result<(), host::Status> = host::increment(id);
    }
}

/// Works on a stream; `None` where nobody knows it, or another callback works on it, which does not happen.
fn with<T>(id: u32, work: impl FnOnce(&mut Stream) -> T) -> Option<T> {
    let stream = VM.with(|vm| vm.stream(id))?;
    let result = work(&mut *stream.try_borrow_mut().ok()?);
    list(id, &stream);
    Some(result)
}

/// Puts a stream among those that get ticks, or takes it out.
fn list(id: u32, shared: &Rc<RefCell<Stream>>) {
    let Ok(mut stream) = shared.try_borrow_mut() else { return };
    let waits = stream.waits();
    if waits == stream.listed {
        return;
    }
    stream.listed = waits;
    let root = Rc::clone(&stream.root);
    let period = stream.period();
    drop(stream);
    if let Ok(mut waiting) = root.waiting.try_borrow_mut() {
        if waits {
            waiting.insert(id, Rc::clone(shared));
        } else {
            waiting.remove(&id);
        }
    }
    // A timer that is set anew inside its own tick would be gone while it runs.
    if waits && !root.ticking.get() && !root.ticks.replace(true) {
        complain("ask for ticks", host::set_tick_period(period));
    }
}

impl Root {
    fn new(id: u32) -> Self {
        Self {
            id,
            policy: RefCell::default(),
            said: Cell::new(false),
            waiting: RefCell::default(),
            ticks: Cell::new(false),
            ticking: Cell::new(false),
        }
    }

    fn policy(&self) -> Option<Rc<Policy>> {
        self.policy.try_borrow().ok()?.clone()
    }

    fn forget(&self, id: u32) {
        if let Ok(mut waiting) = self.waiting.try_borrow_mut() {
            waiting.remove(&id);
        }
    }

    /// Whether its role is for the kind of filter chain where it stands.
    fn stands(&self, policy: &Policy, place: Place) -> bool {
        let role = policy.config().role;
        let right = role.is_http() == (place == Place::Http);
        if !right && !self.said.replace(true) {
            let role = role.as_str();
            let line = if place == Place::Http {
                format!(
                    "tlvet: role {role} stands in an HTTP filter chain: every request is refused; role http or \
                     upstream-http belongs there, role {role} among network filters"
                )
            } else {
                format!(
                    "tlvet: role {role} stands in a network filter chain: every connection is closed; role tcp or \
                     passthrough belongs there, role {role} among HTTP filters"
                )
            };
            host::log(host::Level::Critical, &line);
        }
        right
    }
}

fn complain(what: &str, result: Result<(), host::Status>) {
    if let Err(status) = result {
        host::log(host::Level::Error, &format!("tlvet: could not {what}: {status}"));
    }
}

/// Carries a step out; the answer of the callback.
fn carry_out(step: Step) -> Action {
    match step {
        Step::Pass | Step::PassAndClose => Action::Continue,
        Step::PassBoth => {
            complain("let the client's bytes go on", host::resume(host::Stream::Downstream));
            Action::Continue
        }
        Step::Hold => Action::Pause,
        Step::Close => {
            complain("close a connection", host::close(host::Stream::Downstream));
            Action::Pause
        }
    }
}

/// The proxy behind the imports.
struct Envoy;

fn buffer(of: Buffer) -> host::Buffer {
    match of {
        Buffer::Client => host::Buffer::Downstream,
        Buffer::Origin => host::Buffer::Upstream,
        Buffer::ResponseBody => host::Buffer::ResponseBody,
    }
}

fn map(of: Headers) -> host::Map {
    match of {
        Headers::Request => host::Map::Request,
        Headers::Response => host::Map::Response,
    }
}

impl Proxy for Envoy {
    fn now(&self) -> u64 {
        host::now()
    }

    fn property(&self, path: &str) -> Option<Vec<u8>> {
        host::property(path).ok()
    }

    fn set_property(&self, path: &str, value: &str) -> bool {
        host::set_property(path, value).is_ok()
    }

    fn set_filter_state(&self, key: &str, value: &str) -> bool {
        host::set_filter_state(key, value).is_ok()
    }

    fn bytes(&self, of: Buffer, start: usize, length: usize) -> Option<Vec<u8>> {
        host::bytes(buffer(of), start, length).ok()
    }

    fn replace(&self, of: Buffer, size: usize, with: &[u8]) -> bool {
        host::replace(buffer(of), size, with).is_ok()
    }

    fn header(&self, of: Headers, name: &str) -> Option<Vec<u8>> {
        host::header(map(of), name).ok()
    }

    fn set_header(&self, of: Headers, name: &str, value: &str) -> bool {
        host::set_header(map(of), name, value).is_ok()
    }

    fn remove_header(&self, of: Headers, name: &str) -> bool {
        host::remove_header(map(of), name).is_ok()
    }

    fn shared(&self, key: &str) -> Option<(Vec<u8>, u32)> {
        host::shared(key).ok()
    }

    fn share(&self, key: &str, value: &[u8], version: u32) -> bool {
        host::share(key, value, version).is_ok()
    }

    fn log(&self, level: Level, line: &str) {
        let level = match level {
            Level::Info => host::Level::Info,
            Level::Warn => host::Level::Warn,
        };
        host::log(level, line);
    }

    fn count(&self, what: Counted) {
        VM.with(|vm| vm.count(what));
    }

    fn gauge(&self, name: &str, value: u64) {
        VM.with(|vm| vm.metric(host::Metric::Gauge, name, |id| host::record(id, value)));
    }

    fn record(&self, name: &str, value: u64) {
        VM.with(|vm| vm.metric(host::Metric::Histogram, name, |id| host::record(id, value)));
    }
}

fn misplaced(counter: Counter) -> Counted {
    Counted { counter, outcome: Outcome::Refused, reason: Reason::Misplaced }
}

/// Carries an answer to a request or a response out.
fn answer(answer: Answer) -> Action {
    match answer {
        Answer::Pass => Action::Continue,
        Answer::Hold => Action::Pause,
        Answer::Refuse(reason) => {
            let details = format!("tlvet_{reason}");
            complain("answer a request", host::respond(502, &details, &refusal_text(reason)));
            Action::Pause
        }
    }
}

/// A configuration has come, of so many bytes. `false`: it is refused, and the log says why.
fn configure(root: &Root, size: usize) -> bool {
    let bytes = match host::bytes(host::Buffer::PluginConfiguration, 0, size) {
        Ok(bytes) => bytes,
        Err(status) => {
            let line = format!("tlvet: configuration refused: not readable, {status}");
            host::log(host::Level::Critical, &line);
            return false;
        }
    };
    match Policy::read(&bytes) {
        Ok(policy) => {
            host::log(host::Level::Warn, &format!("tlvet: {}", policy.announcement()));
            let Ok(mut current) = root.policy.try_borrow_mut() else { return false };
            *current = Some(Rc::new(policy));
            true
        }
        Err(problems) => {
            for problem in problems {
                let line = format!("tlvet: configuration refused: {problem}");
                host::log(host::Level::Critical, &line);
            }
            false
        }
    }
}

fn ticks(root: &Root) {
    root.ticking.set(true);
    let waiting = root.waiting.try_borrow().map(|waiting| {
        waiting.iter().map(|(id, stream)| (*id, Rc::clone(stream))).collect::<Vec<_>>()
    });
    for (id, stream) in waiting.unwrap_or_default() {
        tick(root, id, &stream);
    }
    root.ticking.set(false);
    let idle = root.waiting.try_borrow().is_ok_and(|waiting| waiting.is_empty());
    if idle && root.ticks.replace(false) {
        complain("end ticks", host::set_tick_period(0));
    }
}

fn tick(root: &Root, id: u32, stream: &Rc<RefCell<Stream>>) {
    /// What a stream decided; carried out when nobody works on it.
    enum Decided {
        Step(Step),
        Answer(Answer),
        Nothing,
    }
    if host::set_effective_context(id).is_err() {
        root.forget(id);
        VM.with(|vm| vm.drop_stream(id));
        return;
    }
    let decided = stream.try_borrow_mut().ok().map(|mut stream| match &mut stream.kind {
        Kind::Passthrough(passthrough) => Decided::Step(passthrough.tick(&Envoy)),
        Kind::Tcp(tcp) if tcp.is_refused() => Decided::Step(Step::Close),
        Kind::Http(exchange) if exchange.waits() => Decided::Answer(exchange.tick(&Envoy)),
        _ => Decided::Nothing,
    });
    list(id, stream);
    match decided {
        Some(Decided::Step(Step::Close)) => {
            complain("close a connection", host::close(host::Stream::Downstream));
        }
        Some(Decided::Answer(Answer::Pass)) => {
            complain("let a request go on", host::resume(host::Stream::Request));
        }
        Some(Decided::Answer(refused @ Answer::Refuse(_))) => {
            answer(refused);
        }
        _ => {}
    }
    // What comes next is about the filter as a whole again.
    complain("leave a stream", host::set_effective_context(root.id));
}

/// A connection has come.
fn new_connection(vm: &Vm, id: u32) -> Action {
    let Some(root) = vm.root_of(id) else { return carry_out(Step::Close) };
    let kind = match root.policy() {
        None => Kind::Shut,
        Some(policy) if !root.stands(&policy, Place::Network) => {
            vm.count(misplaced(Counter::Connections));
            Kind::Shut
        }
        Some(policy) => match (policy.config().role, policy.config().mode) {
            (Role::Passthrough | Role::Tcp, Mode::Off) => Kind::Open,
            (Role::Passthrough, _) => Kind::Passthrough(Box::new(Passthrough::new(policy))),
            (Role::Tcp, _) => Kind::Tcp(Box::new(Tcp::new(policy))),
            (Role::Http | Role::UpstreamHttp, _) => Kind::Shut,
        },
    };
    let step = if matches!(kind, Kind::Shut) { Step::Close } else { Step::Pass };
    vm.keep(id, root, kind);
    carry_out(step)
}

fn client_data(id: u32, size: usize, end: bool) -> Action {
    let step = with(id, |stream| match &mut stream.kind {
        Kind::Open => Step::Pass,
        Kind::Passthrough(passthrough) => passthrough.client(size, end, &Envoy),
        Kind::Tcp(tcp) => tcp.client(&Envoy),
        Kind::Http(_) | Kind::Shut => Step::Close,
    });
    // The connection is over.
    step.map_or(Action::Pause, carry_out)
}

fn origin_data(id: u32, size: usize, end: bool) -> Action {
    let step = with(id, |stream| match &mut stream.kind {
        Kind::Open => Step::Pass,
        Kind::Passthrough(passthrough) => passthrough.origin(size, end, &Envoy),
        Kind::Tcp(tcp) => tcp.origin(size, &Envoy),
        Kind::Http(_) | Kind::Shut => Step::Close,
    });
    match step {
        // Envoy deletes the context when it is told to close in this callback, and calls it once more for the end of the
        // origin's stream. Nothing passes; the tick closes the connection.
        Some(Step::Close) if end => match host::replace(host::Buffer::Upstream, size, &[]) {
            Ok(()) => Action::Continue,
            Err(_) => Action::Pause,
        },
        Some(step) => carry_out(step),
        None => Action::Pause,
    }
}

fn connection_closed(vm: &Vm, id: u32) {
    with(id, |stream| {
        if let Kind::Passthrough(passthrough) = &mut stream.kind {
            passthrough.closed(&Envoy);
        }
    });
    vm.drop_stream(id);
}

fn request_headers(vm: &Vm, id: u32) -> Action {
    let Some(root) = vm.root_of(id) else { return answer(Answer::Refuse(Reason::Internal)) };
    let (answered, kind) = match root.policy() {
        None => (Answer::Refuse(Reason::Internal), Kind::Shut),
        Some(policy) if !root.stands(&policy, Place::Http) => {
            vm.count(misplaced(Counter::Requests));
            (Answer::Refuse(Reason::Misplaced), Kind::Shut)
        }
        Some(policy) => {
            let mut exchange = Exchange::new(policy);
            let answered = exchange.request(&Envoy);
            if exchange.is_over() {
                return answer(answered);
            }
            (answered, Kind::Http(Box::new(exchange)))
        }
    };
    vm.keep(id, root, kind);
    answer(answered)
}

/// The rest of a request waits as long as its headers. What is not kept was let pass when they came.
fn rest_of_request(id: u32) -> Action {
    let passes = with(id, |stream| match &stream.kind {
        Kind::Http(exchange) => exchange.passes(),
        _ => false,
    });
    if passes == Some(false) { Action::Pause } else { Action::Continue }
}

fn response_headers(id: u32) -> Action {
    let answered = with(id, |stream| match &mut stream.kind {
        Kind::Http(exchange) => exchange.response(&Envoy),
        // The answer that this filter gave itself.
        _ => Answer::Pass,
    });
    answered.map_or(Action::Continue, answer)
}

fn response_body(id: u32, size: usize) -> Action {
    with(id, |stream| {
        if let Kind::Http(exchange) = &mut stream.kind {
            exchange.response_body(size, &Envoy);
        }
    });
    Action::Continue
}
