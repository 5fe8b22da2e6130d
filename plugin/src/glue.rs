//! The one module that talks to the proxy (proxy-wasm ABI 0.2.1).
//!
//! The SDK dispatches the callbacks, which are turned into calls of [`crate::policy`]; what it decides is carried out. Nothing
//! here may trap, because after a trap the VM is dead for all connections of the worker:
//! - The SDK's functions for hostcalls are not used: they panic on every status that they do not expect, and a remote peer can
//!   bring such a status about. [`host`] binds the imports itself and turns every status into a `Result`.
//! - The SDK panics when Envoy calls a context that it has deleted: nothing here makes Envoy delete one early.
//! - It panics when a network filter's callback comes to a context of an HTTP filter, or the reverse. The proxy does not say
//!   which of them it makes a context for, so until the first callback shows it the SDK gets both; a role in the wrong kind
//!   of chain can then refuse and say so.
//! - What callbacks share is borrowed with `try_borrow` alone.

mod host;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use proxy_wasm::traits::{Context, HttpContext, RootContext, StreamContext};
use proxy_wasm::types::{Action, ContextType, PeerType};

use crate::config::{Mode, Role};
use crate::limits;
use crate::policy::{
    Answer, Buffer, Counted, Counter, Exchange, Headers, Level, Outcome, Passthrough, Policy,
    Proxy, Reason, Step, Tcp, refusal_text,
};

thread_local! {
    /// Numbers of metrics.
    static COUNTERS: RefCell<BTreeMap<Counted, u32>> = const { RefCell::new(BTreeMap::new()) };
    static METRICS: RefCell<BTreeMap<String, u32>> = const { RefCell::new(BTreeMap::new()) };
}

/// The filter as configured once in Envoy.
struct Root {
    id: u32,
    policy: RefCell<Option<Rc<Policy>>>,
    /// In what kind of filter chain it stands.
    place: Cell<Place>,
    /// Streams that want ticks.
    waiting: RefCell<BTreeMap<u32, Rc<RefCell<Stream>>>>,
    /// The tick is set.
    ticks: Cell<bool>,
    /// It runs now.
    ticking: Cell<bool>,
    /// Contexts that the SDK still has for streams of which the proxy has deleted the other one.
    left: RefCell<Vec<u32>>,
}

/// Where a filter stands; the proxy does not say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// No callback has shown it yet: the SDK gets a context of either kind for each stream.
    Unknown,
    /// The second of these two contexts is being made.
    Doubling,
    Network,
    Http,
}

/// One connection or one request.
struct Stream {
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
    /// Without a policy nothing passes.
    Shut,
}

impl Stream {
    fn new(policy: Option<&Rc<Policy>>) -> Self {
        let kind = match policy {
            None => Kind::Shut,
            Some(policy) => match (policy.config().role, policy.config().mode) {
                (Role::Passthrough | Role::Tcp, Mode::Off) => Kind::Open,
                (Role::Passthrough, _) => {
                    Kind::Passthrough(Box::new(Passthrough::new(Rc::clone(policy))))
                }
                (Role::Tcp, _) => Kind::Tcp(Box::new(Tcp::new(Rc::clone(policy)))),
                (Role::Http | Role::UpstreamHttp, _) => {
                    Kind::Http(Box::new(Exchange::new(Rc::clone(policy))))
                }
            },
        };
        Self { kind, listed: false }
    }

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

impl Root {
    fn new(id: u32) -> Self {
        Self {
            id,
            policy: RefCell::default(),
            place: Cell::new(Place::Unknown),
            waiting: RefCell::default(),
            ticks: Cell::new(false),
            ticking: Cell::new(false),
            left: RefCell::default(),
        }
    }

    fn policy(&self) -> Option<Rc<Policy>> {
        self.policy.try_borrow().ok()?.clone()
    }

    /// Works on a stream; `None` while another callback works on it, which does not happen.
    fn with<T>(
        &self,
        id: u32,
        shared: &Rc<RefCell<Stream>>,
        work: impl FnOnce(&mut Stream) -> T,
    ) -> Option<T> {
        let mut stream = shared.try_borrow_mut().ok()?;
        let result = work(&mut stream);
        let waits = stream.waits();
        if waits == stream.listed {
            return Some(result);
        }
        stream.listed = waits;
        let period = stream.period();
        drop(stream);
        if let Ok(mut waiting) = self.waiting.try_borrow_mut() {
            if waits {
                waiting.insert(id, Rc::clone(shared));
            } else {
                waiting.remove(&id);
            }
        }
        // A timer that is set anew inside its own tick would be gone while it runs.
        if waits && !self.ticking.get() && !self.ticks.replace(true) {
            complain("ask for ticks", host::set_tick_period(period));
        }
        Some(result)
    }

    /// Forgets a stream that the proxy does not know any more.
    fn forget(&self, id: u32) {
        if let Ok(mut waiting) = self.waiting.try_borrow_mut() {
            waiting.remove(&id);
        }
    }

    /// A callback has shown where the filter stands. `true`: its role is for that.
    fn stands(&self, place: Place) -> bool {
        let known = self.place.replace(place) == place;
        let Some(policy) = self.policy() else { return true };
        let role = policy.config().role;
        let right = role.is_http() == (place == Place::Http);
        if !right && !known {
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

impl Envoy {
    /// A metric that the proxy does not take is no reason to stop traffic, and nobody could be told each time.
    fn metric(kind: host::Metric, name: &str, work: impl FnOnce(u32) -> Result<(), host::Status>) {
        let id = METRICS.with(|metrics| {
            let mut metrics = metrics.try_borrow_mut().ok()?;
            if let Some(id) = metrics.get(name) {
                return Some(*id);
            }
            let id = host::metric(kind, name).ok()?;
            metrics.insert(name.to_owned(), id);
            Some(id)
        });
        if let Some(id) = id {
            let _: Result<(), host::Status> = work(id);
        }
    }

    /// The number of a counter; its name is made only once.
    fn counter(what: Counted) -> Option<u32> {
        COUNTERS.with(|counters| {
            let mut counters = counters.try_borrow_mut().ok()?;
            if let Some(id) = counters.get(&what) {
                return Some(*id);
            }
            let id = host::metric(host::Metric::Counter, &what.name()).ok()?;
            counters.insert(what, id);
            Some(id)
        })
    }
}

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
        if let Some(id) = Self::counter(what) {
            let _: Result<(), host::Status> = host::increment(id);
        }
    }

    fn gauge(&self, name: &str, value: u64) {
        Self::metric(host::Metric::Gauge, name, |id| host::record(id, value));
    }

    fn record(&self, name: &str, value: u64) {
        Self::metric(host::Metric::Histogram, name, |id| host::record(id, value));
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

/// Called once for each VM, before anything else.
pub(crate) fn start() {
    // The proxy shows where a panic happened only if the text is logged before the trap.
    std::panic::set_hook(Box::new(|panic| {
        host::log(host::Level::Critical, &format!("tlvet: {panic}"));
    }));
    proxy_wasm::set_root_context(|id| Box::new(Filter(Rc::new(Root::new(id)))));
}

/// The filter as configured once in Envoy.
struct Filter(Rc<Root>);

/// One connection or request.
struct Handle {
    id: u32,
    root: Rc<Root>,
    stream: Rc<RefCell<Stream>>,
    /// The SDK has another handle for it, which it does not drop together with this one.
    doubled: bool,
}

impl Filter {
    fn handle(&self, id: u32, doubled: bool) -> Handle {
        let root = Rc::clone(&self.0);
        let stream = Stream::new(root.policy().as_ref());
        Handle { id, root, stream: Rc::new(RefCell::new(stream)), doubled }
    }

    /// Deletes what the SDK has left.
    fn tidy(&self) {
        let left = self.0.left.try_borrow_mut().map(|mut left| core::mem::take(&mut *left));
        for id in left.unwrap_or_default() {
            host::delete_context(id);
        }
    }
}

impl Handle {
    fn with<T>(&self, work: impl FnOnce(&mut Stream) -> T) -> Option<T> {
        self.root.with(self.id, &self.stream, work)
    }

    /// The rest of a request waits as long as its headers.
    fn rest_of_request(&self) -> Action {
        let passes = self.with(|stream| match &stream.kind {
            Kind::Http(exchange) => exchange.passes(),
            _ => false,
        });
        if passes == Some(true) { Action::Continue } else { Action::Pause }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.stream.try_borrow().is_ok_and(|stream| stream.listed) {
            self.root.forget(self.id);
        }
        if self.doubled
            && let Ok(mut left) = self.root.left.try_borrow_mut()
        {
            left.push(self.id);
        }
    }
}

impl Context for Filter {}

impl RootContext for Filter {
    fn on_configure(&mut self, size: usize) -> bool {
        let bytes = match host::bytes(host::Buffer::PluginConfiguration, 0, size) {
            Ok(bytes) => bytes,
            Err(status) => {
                host::log(
                    host::Level::Critical,
                    &format!("tlvet: configuration refused: not readable, {status}"),
                );
                return false;
            }
        };
        match Policy::read(&bytes) {
            Ok(policy) => {
                host::log(host::Level::Warn, &format!("tlvet: {}", policy.announcement()));
                for remark in policy.remarks(host::now()) {
                    host::log(host::Level::Warn, &format!("tlvet: {remark}"));
                }
                let Ok(mut current) = self.0.policy.try_borrow_mut() else { return false };
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

    fn get_type(&self) -> Option<ContextType> {
        let http = matches!(self.0.place.get(), Place::Http | Place::Doubling);
        Some(if http { ContextType::HttpContext } else { ContextType::StreamContext })
    }

    fn create_stream_context(&self, id: u32) -> Option<Box<dyn StreamContext>> {
        if self.0.place.get() == Place::Unknown {
            // Whichever kind of chain it is, there is a context for its callbacks: the SDK would panic without.
            self.0.place.set(Place::Doubling);
            host::create_context(id, self.0.id);
            self.0.place.set(Place::Unknown);
        }
        self.tidy();
        Some(Box::new(self.handle(id, false)))
    }

    fn create_http_context(&self, id: u32) -> Option<Box<dyn HttpContext>> {
        let doubled = self.0.place.get() == Place::Doubling;
        if !doubled {
            self.tidy();
        }
        Some(Box::new(self.handle(id, doubled)))
    }

    fn on_tick(&mut self) {
        let root = &self.0;
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
        return;
    }
    let decided = root.with(id, stream, |stream| match &mut stream.kind {
        Kind::Passthrough(passthrough) => Decided::Step(passthrough.tick(&Envoy)),
        Kind::Tcp(tcp) if tcp.is_refused() => Decided::Step(Step::Close),
        Kind::Http(exchange) if exchange.waits() => Decided::Answer(exchange.tick(&Envoy)),
        _ => Decided::Nothing,
    });
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

impl Context for Handle {}

impl StreamContext for Handle {
    fn on_new_connection(&mut self) -> Action {
        if !self.root.stands(Place::Network) {
            Envoy.count(misplaced(Counter::Connections));
            return carry_out(Step::Close);
        }
        let step = self.with(|stream| match stream.kind {
            Kind::Http(_) | Kind::Shut => Step::Close,
            _ => Step::Pass,
        });
        carry_out(step.unwrap_or(Step::Close))
    }

    fn on_downstream_data(&mut self, size: usize, end: bool) -> Action {
        let step = self.with(|stream| match &mut stream.kind {
            Kind::Open => Step::Pass,
            Kind::Passthrough(passthrough) => passthrough.client(size, end, &Envoy),
            Kind::Tcp(tcp) => tcp.client(&Envoy),
            Kind::Http(_) | Kind::Shut => Step::Close,
        });
        carry_out(step.unwrap_or(Step::Close))
    }

    fn on_downstream_close(&mut self, _by: PeerType) {
        self.with(|stream| {
            if let Kind::Passthrough(passthrough) = &mut stream.kind {
                passthrough.closed(&Envoy);
            }
        });
    }

    fn on_upstream_data(&mut self, size: usize, end: bool) -> Action {
        let step = self.with(|stream| match &mut stream.kind {
            Kind::Open => Step::Pass,
            Kind::Passthrough(passthrough) => passthrough.origin(size, end, &Envoy),
            Kind::Tcp(tcp) => tcp.origin(size, &Envoy),
            Kind::Http(_) | Kind::Shut => Step::Close,
        });
        match step.unwrap_or(Step::Close) {
            // Envoy deletes the context when it is told to close in this callback, and calls it once more for the end of
            // the origin's stream: the SDK would panic. Nothing passes; the tick closes the connection.
            Step::Close if end => match host::replace(host::Buffer::Upstream, size, &[]) {
                Ok(()) => Action::Continue,
                Err(_) => Action::Pause,
            },
            step => carry_out(step),
        }
    }
}

impl HttpContext for Handle {
    fn on_http_request_headers(&mut self, _headers: usize, _end: bool) -> Action {
        if !self.root.stands(Place::Http) {
            Envoy.count(misplaced(Counter::Requests));
            return answer(Answer::Refuse(Reason::Misplaced));
        }
        let answered = self.with(|stream| match &mut stream.kind {
            Kind::Http(exchange) => exchange.request(&Envoy),
            _ => Answer::Refuse(Reason::Internal),
        });
        answer(answered.unwrap_or(Answer::Refuse(Reason::Internal)))
    }

    fn on_http_request_body(&mut self, _size: usize, _end: bool) -> Action {
        self.rest_of_request()
    }

    fn on_http_request_trailers(&mut self, _trailers: usize) -> Action {
        self.rest_of_request()
    }

    fn on_http_response_headers(&mut self, _headers: usize, _end: bool) -> Action {
        let answered = self.with(|stream| match &mut stream.kind {
            Kind::Http(exchange) => exchange.response(&Envoy),
            // The answer that this filter gave itself.
            _ => Answer::Pass,
        });
        answer(answered.unwrap_or(Answer::Pass))
    }

    fn on_http_response_body(&mut self, size: usize, _end: bool) -> Action {
        self.with(|stream| {
            if let Kind::Http(exchange) = &mut stream.kind {
                exchange.response_body(size, &Envoy);
            }
        });
        Action::Continue
    }
}
