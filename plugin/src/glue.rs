//! The one module that talks to the proxy (proxy-wasm ABI 0.2.1).
//!
//! The SDK dispatches the callbacks, which are turned into calls of [`crate::policy`]; what it decides is carried out. Nothing
//! here may trap, because after a trap the VM is dead for all connections of the worker:
//! - The SDK's functions for hostcalls are not used: they panic on every status that they do not expect, and a remote peer can
//!   bring such a status about. [`host`] binds the imports itself and turns every status into a `Result`.
//! - The SDK panics when Envoy calls a context that it has deleted: nothing here makes Envoy delete one early.
//! - What a callback works on is taken out of its place meanwhile, so that no borrow can clash.

mod host;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use proxy_wasm::traits::{Context, HttpContext, RootContext, StreamContext};
use proxy_wasm::types::{Action, ContextType, PeerType};

use crate::config::{Mode, Role};
use crate::limits;
use crate::policy::{
    Answer, Buffer, Exchange, Headers, Level, Passthrough, Policy, Proxy, Reason, Step, Tcp,
    refusal_text,
};

thread_local! {
    static VM: RefCell<Vm> = const { RefCell::new(Vm::new()) };
    /// Numbers of metrics by name.
    static METRICS: RefCell<BTreeMap<String, u32>> = const { RefCell::new(BTreeMap::new()) };
}

/// Everything that a VM keeps.
struct Vm {
    roots: BTreeMap<u32, Root>,
    streams: BTreeMap<u32, Stream>,
    /// Streams that a callback works on now, and whether the proxy has deleted them meanwhile.
    busy: BTreeMap<u32, bool>,
    ticking: bool,
}

/// The filter as configured once in Envoy.
#[derive(Default)]
struct Root {
    policy: Option<Rc<Policy>>,
    /// Streams that want ticks.
    waiting: BTreeSet<u32>,
    /// The tick is set.
    ticks: bool,
}

/// One connection or one request.
struct Stream {
    root: u32,
    kind: Kind,
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

impl Vm {
    const fn new() -> Self {
        Self {
            roots: BTreeMap::new(),
            streams: BTreeMap::new(),
            busy: BTreeMap::new(),
            ticking: false,
        }
    }
}

impl Stream {
    fn new(root: u32, policy: Option<&Rc<Policy>>) -> Self {
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
        Self { root, kind }
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

/// Works on what the VM keeps; `None` inside another such work, which does not happen.
fn vm<T>(work: impl FnOnce(&mut Vm) -> T) -> Option<T> {
    VM.with(|vm| vm.try_borrow_mut().ok().map(|mut vm| work(&mut vm)))
}

/// Works on a stream. It is taken out meanwhile, so that hostcalls may call back; `None` where there is no such stream.
fn with<T>(id: u32, work: impl FnOnce(&mut Stream) -> T) -> Option<T> {
    let mut stream = vm(|vm| {
        let stream = vm.streams.remove(&id)?;
        vm.busy.insert(id, false);
        Some(stream)
    })
    .flatten()?;
    let result = work(&mut stream);
    let (waits, period) = (stream.waits(), stream.period());
    let start = vm(|vm| {
        let root_id = stream.root;
        let deleted = vm.busy.remove(&id).unwrap_or_default();
        if !deleted {
            vm.streams.insert(id, stream);
        }
        let root = vm.roots.get_mut(&root_id)?;
        if deleted || !waits {
            root.waiting.remove(&id);
        } else {
            root.waiting.insert(id);
        }
        // A timer that is set anew inside its own tick would be gone while it runs.
        let start = !vm.ticking && !root.ticks && !root.waiting.is_empty();
        root.ticks |= start;
        start.then_some(period)
    })
    .flatten();
    if let Some(period) = start {
        complain("ask for ticks", host::set_tick_period(period));
    }
    Some(result)
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
        // A metric that the proxy does not take is no reason to stop traffic, and nobody could be told each time.
        if let Some(id) = id {
            let _: Result<(), host::Status> = work(id);
        }
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

    fn property(&self, path: &[&str]) -> Option<Vec<u8>> {
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

    fn count(&self, name: &str) {
        Self::metric(host::Metric::Counter, name, host::increment);
    }

    fn gauge(&self, name: &str, value: u64) {
        Self::metric(host::Metric::Gauge, name, |id| host::record(id, value));
    }

    fn record(&self, name: &str, value: u64) {
        Self::metric(host::Metric::Histogram, name, |id| host::record(id, value));
    }
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
    proxy_wasm::set_root_context(|id| {
        vm(|vm| vm.roots.insert(id, Root::default()));
        Box::new(Filter(id))
    });
}

/// The filter as configured once in Envoy; what it keeps is in [`Vm::roots`].
struct Filter(u32);

/// One connection or request; what it keeps is in [`Vm::streams`].
struct Handle(u32);

impl Handle {
    fn new(id: u32, root: u32) -> Self {
        vm(|vm| {
            let policy = vm.roots.get(&root).and_then(|root| root.policy.as_ref());
            let stream = Stream::new(root, policy);
            vm.streams.insert(id, stream);
        });
        Self(id)
    }

    /// The rest of a request waits as long as its headers.
    fn rest_of_request(&self) -> Action {
        let passes = with(self.0, |stream| match &stream.kind {
            Kind::Http(exchange) => exchange.passes(),
            _ => false,
        });
        if passes == Some(true) { Action::Continue } else { Action::Pause }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        vm(|vm| {
            if let Some(deleted) = vm.busy.get_mut(&self.0) {
                *deleted = true;
            }
            if let Some(stream) = vm.streams.remove(&self.0)
                && let Some(root) = vm.roots.get_mut(&stream.root)
            {
                root.waiting.remove(&self.0);
            }
        });
    }
}

impl Drop for Filter {
    fn drop(&mut self) {
        vm(|vm| vm.roots.remove(&self.0));
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
                vm(|vm| vm.roots.entry(self.0).or_default().policy = Some(Rc::new(policy)));
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
        let http = vm(|vm| {
            let policy = vm.roots.get(&self.0)?.policy.as_ref()?;
            Some(policy.config().role.is_http())
        });
        let http = http.flatten().unwrap_or_default();
        Some(if http { ContextType::HttpContext } else { ContextType::StreamContext })
    }

    fn create_stream_context(&self, id: u32) -> Option<Box<dyn StreamContext>> {
        Some(Box::new(Handle::new(id, self.0)))
    }

    fn create_http_context(&self, id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Handle::new(id, self.0)))
    }

    fn on_tick(&mut self) {
        let waiting = vm(|vm| {
            vm.ticking = true;
            vm.roots.get(&self.0).map(|root| root.waiting.iter().copied().collect::<Vec<_>>())
        });
        for id in waiting.flatten().unwrap_or_default() {
            tick(self.0, id);
        }
        let stop = vm(|vm| {
            vm.ticking = false;
            let root = vm.roots.get_mut(&self.0)?;
            let stop = root.waiting.is_empty() && root.ticks;
            root.ticks &= !stop;
            Some(stop)
        });
        if stop.flatten().unwrap_or_default() {
            complain("end ticks", host::set_tick_period(0));
        }
    }
}

fn tick(root: u32, id: u32) {
    /// What a stream decided; carried out when it is back in its place.
    enum Decided {
        Step(Step),
        Answer(Answer),
        Nothing,
    }
    if host::set_effective_context(id).is_err() {
        // The proxy does not know it any more.
        vm(|vm| {
            vm.streams.remove(&id);
            if let Some(root) = vm.roots.get_mut(&root) {
                root.waiting.remove(&id);
            }
        });
        return;
    }
    let decided = with(id, |stream| match &mut stream.kind {
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
    complain("leave a stream", host::set_effective_context(root));
}

impl Context for Handle {}

impl StreamContext for Handle {
    fn on_new_connection(&mut self) -> Action {
        let step = with(self.0, |stream| match stream.kind {
            Kind::Http(_) | Kind::Shut => Step::Close,
            _ => Step::Pass,
        });
        carry_out(step.unwrap_or(Step::Close))
    }

    fn on_downstream_data(&mut self, size: usize, end: bool) -> Action {
        let step = with(self.0, |stream| match &mut stream.kind {
            Kind::Open => Step::Pass,
            Kind::Passthrough(passthrough) => passthrough.client(size, end, &Envoy),
            Kind::Tcp(tcp) => tcp.client(&Envoy),
            Kind::Http(_) | Kind::Shut => Step::Close,
        });
        carry_out(step.unwrap_or(Step::Close))
    }

    fn on_downstream_close(&mut self, _by: PeerType) {
        with(self.0, |stream| {
            if let Kind::Passthrough(passthrough) = &mut stream.kind {
                passthrough.closed(&Envoy);
            }
        });
    }

    fn on_upstream_data(&mut self, size: usize, end: bool) -> Action {
        let step = with(self.0, |stream| match &mut stream.kind {
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
        let answered = with(self.0, |stream| match &mut stream.kind {
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
        let answered = with(self.0, |stream| match &mut stream.kind {
            Kind::Http(exchange) => exchange.response(&Envoy),
            // The answer that this filter gave itself.
            _ => Answer::Pass,
        });
        answer(answered.unwrap_or(Answer::Pass))
    }

    fn on_http_response_body(&mut self, size: usize, _end: bool) -> Action {
        with(self.0, |stream| {
            if let Kind::Http(exchange) = &mut stream.kind {
                exchange.response_body(size, &Envoy);
            }
        });
        Action::Continue
    }
}
