//! One VM: starting it, calling it, and what happens when it fails.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use wasmtime::{Instance, Linker, Module, Store, Trap, TypedFunc, WasmParams, WasmResults};

use super::network::ClosedBy;
use super::properties::Properties;
use super::shared::{Metric, Shared};
use super::state::{Action, Context, Level, LogLine, ROOT, State};
use super::{imports, wasi};

/// What one VM may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of its memory. Envoy has no such cap: V8 gave a filter 1 GiB before it died.
    pub memory: usize,
    /// Epochs of wasmtime's engine that one callback may last; the engines of this crate advance every 10 ms. Envoy has
    /// no such limit either: an endless loop takes the worker with it.
    pub epochs: u64,
    /// Bytes of one direction of a connection that may wait for the filter; when more wait, Envoy stops reading and calls
    /// the filter no more (`per_connection_buffer_limit_bytes`).
    pub held: usize,
}

impl Default for Limits {
    /// 64 MiB, far above what a filter with a large CA bundle needs; 5 s; 1 MiB, Envoy's own default.
    fn default() -> Self {
        Self { memory: 64 << 20, epochs: 500, held: 1 << 20 }
    }
}

/// Where VMs are started: one compiled module, and what its VMs share. Envoy starts one VM in its main thread, which has
/// no connection and ticks all the same, and one for each worker.
pub struct Host {
    module: Module,
    limits: Limits,
    shared: Arc<Mutex<Shared>>,
    now: u64,
}

/// How far a VM came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Loading: an import is unknown, an export is missing, the module traps in its initialisation.
    Load,
    /// `proxy_on_vm_start`.
    VmStart,
    /// `proxy_on_configure`.
    Configure,
}

/// Why a VM did not start. Envoy would have exited.
#[derive(Clone, Debug)]
pub struct StartError {
    /// Where.
    pub stage: Stage,
    /// Why.
    pub reason: String,
    /// What the filter logged.
    pub log: Vec<LogLine>,
}

/// A VM that can no longer be called, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    /// The callback that it died in.
    pub callback: &'static str,
    /// What it died of.
    pub reason: String,
}

/// One VM with one plugin, as on one worker of Envoy.
pub struct Vm {
    store: Store<State>,
    exports: Exports,
    limits: Limits,
    next_context: u32,
    dead: Option<Dead>,
}

impl Host {
    /// For `module`, which must have been compiled with epoch interruption; somebody has to advance its engine's epoch.
    pub fn new(module: &Module, limits: Limits) -> Self {
        Self { module: module.clone(), limits, shared: Arc::default(), now: 0 }
    }

    /// Sets the time at which VMs are started: nanoseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn at(mut self, nanoseconds: u64) -> Self {
        self.now = nanoseconds;
        self
    }

    /// The module.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// Starts a VM with the plugin's configuration, as Envoy does: `_initialize`, root context, `proxy_on_vm_start`,
    /// `proxy_on_configure`.
    ///
    /// # Errors
    /// When the module cannot be loaded, traps, or refuses; with all that it logged.
    pub fn start(&self, configuration: &[u8]) -> Result<Vm, StartError> {
        let mut vm = self.load(configuration)?;
        let failed =
            |vm: &mut Vm, stage, reason: String| StartError { stage, reason, log: vm.take_log() };
        let length = length(configuration.len());
        let (vm_start, configure) = (vm.exports.vm_start.clone(), vm.exports.configure.clone());
        match vm.call("proxy_on_vm_start", ROOT, vm_start.as_ref(), (ROOT, 0), 1) {
            Ok(0) => {
                return Err(failed(
                    &mut vm,
                    Stage::VmStart,
                    "proxy_on_vm_start returned false".to_owned(),
                ));
            }
            Ok(_) => {}
            Err(dead) => return Err(failed(&mut vm, Stage::VmStart, dead.to_string())),
        }
        match vm.call("proxy_on_configure", ROOT, configure.as_ref(), (ROOT, length), 1) {
            Ok(0) => Err(failed(
                &mut vm,
                Stage::Configure,
                "proxy_on_configure returned false".to_owned(),
            )),
            Ok(_) => Ok(vm),
            Err(dead) => Err(failed(&mut vm, Stage::Configure, dead.to_string())),
        }
    }

    /// A VM with its root context, not configured yet.
    pub(super) fn load(&self, configuration: &[u8]) -> Result<Vm, StartError> {
        let state = State {
            memory: None,
            allocate: None,
            memory_cap: self.limits.memory,
            log: Vec::new(),
            log_left_out: 0,
            shared: Arc::clone(&self.shared),
            configuration: configuration.to_vec(),
            vm_configuration: Vec::new(),
            root_properties: Properties::new(),
            contexts: BTreeMap::from([(ROOT, Context::Root)]),
            effective: 0,
            actions: Vec::new(),
            tick_period: 0,
            now: self.now,
            held_cap: self.limits.held,
            random: 0,
            route_cache_cleared: 0,
        };
        let mut store = Store::new(self.module.engine(), state);
        store.limiter(|state| state);
        store.set_epoch_deadline(self.limits.epochs);
        let failed = |store: &mut Store<State>, error: &wasmtime::Error| StartError {
            stage: Stage::Load,
            reason: reason_of(error),
            log: std::mem::take(&mut store.data_mut().log),
        };
        let instance = match self.instantiate(&mut store) {
            Ok(instance) => instance,
            Err(error) => return Err(failed(&mut store, &error)),
        };
        let exports = match Exports::new(&instance, &mut store) {
            Ok(exports) => exports,
            Err(error) => return Err(failed(&mut store, &error)),
        };
        let mut vm = Vm { store, exports, limits: self.limits, next_context: ROOT + 1, dead: None };
        let started = vm.initialise(&instance);
        match started {
            Ok(()) => Ok(vm),
            Err(dead) => {
                Err(StartError { stage: Stage::Load, reason: dead.to_string(), log: vm.take_log() })
            }
        }
    }

    fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<Instance> {
        let mut linker = Linker::new(self.module.engine());
        imports::link(&mut linker)?;
        wasi::link(&mut linker)?;
        let instance = linker.instantiate(&mut *store, &self.module)?;
        let versions = ["proxy_abi_version_0_2_1", "proxy_abi_version_0_2_0"];
        if !versions.iter().any(|version| instance.get_func(&mut *store, version).is_some()) {
            return Err(wasmtime::format_err!(
                "the module exports neither of {}",
                versions.join(", ")
            ));
        }
        let memory = instance
            .get_memory(&mut *store, "memory")
            .ok_or_else(|| wasmtime::format_err!("the module exports no memory"))?;
        let allocate = ["proxy_on_memory_allocate", "malloc"]
            .iter()
            .find_map(|name| instance.get_typed_func(&mut *store, name).ok())
            .ok_or_else(|| {
                wasmtime::format_err!(
                    "the module exports neither proxy_on_memory_allocate nor malloc"
                )
            })?;
        store.data_mut().memory = Some(memory);
        store.data_mut().allocate = Some(allocate);
        Ok(instance)
    }
}

impl Vm {
    fn initialise(&mut self, instance: &Instance) -> Result<(), Dead> {
        for name in ["_initialize", "_start"] {
            if let Ok(function) = instance.get_typed_func::<(), ()>(&mut self.store, name) {
                self.call("_initialize", ROOT, Some(&function), (), ())?;
                break;
            }
        }
        let create = self.exports.context_create.clone();
        self.call("proxy_on_context_create", ROOT, create.as_ref(), (ROOT, 0), ())
    }

    /// The timer goes off; it does so only where the filter has set one, see [`Vm::tick_period`].
    ///
    /// # Errors
    /// When the VM is dead, or dies of it.
    pub fn tick(&mut self) -> Result<(), Dead> {
        let tick = self.exports.tick.clone();
        self.call("proxy_on_tick", ROOT, tick.as_ref(), ROOT, ())?;
        self.carry_out()
    }

    /// Milliseconds between two ticks that the filter asked for; 0 for none.
    pub fn tick_period(&self) -> u32 {
        self.state_ref().tick_period
    }

    /// Lets time pass for the filter: nanoseconds.
    pub fn advance(&mut self, nanoseconds: u64) {
        let state = self.state();
        state.now = state.now.saturating_add(nanoseconds);
    }

    /// Sets the time that the filter sees: nanoseconds since 1970-01-01T00:00:00Z. It never goes back.
    pub fn set_time(&mut self, nanoseconds: u64) {
        let state = self.state();
        state.now = state.now.max(nanoseconds);
    }

    /// The time that the filter sees: nanoseconds since 1970-01-01T00:00:00Z.
    pub fn time(&self) -> u64 {
        self.state_ref().now
    }

    /// What the filter has logged so far.
    pub fn log(&self) -> &[LogLine] {
        &self.state_ref().log
    }

    /// Takes what the filter has logged since the last time.
    pub fn take_log(&mut self) -> Vec<LogLine> {
        let state = self.state();
        let mut log = std::mem::take(&mut state.log);
        let left_out = std::mem::take(&mut state.log_left_out);
        if left_out > 0 {
            let text = format!("{left_out} more lines");
            log.push(LogLine { level: Level::Warning, text, context: ROOT });
        }
        log
    }

    /// All metrics of this VM's host, in the order of their definition.
    pub fn metrics(&self) -> Vec<Metric> {
        self.state_ref().shared().metrics()
    }

    /// What the filter has added to counters while it worked on one connection or exchange: name and sum.
    pub fn counted(&self, context: u32) -> Vec<(String, u64)> {
        let counted = match self.state_ref().contexts.get(&context) {
            Some(Context::Network(connection)) => &connection.counted,
            Some(Context::Http(exchange)) => &exchange.counted,
            Some(Context::Root) | None => return Vec::new(),
        };
        let shared = self.state_ref().shared();
        counted.iter().filter_map(|(id, sum)| Some((shared.name(*id)?, *sum))).collect()
    }

    /// The shared data under `key`.
    pub fn shared_data(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.state_ref().shared().data(key).map(|(value, _)| value.to_vec())
    }

    /// How often the filter asked for a new choice of the route.
    pub fn route_cache_cleared(&self) -> u64 {
        self.state_ref().route_cache_cleared
    }

    /// Bytes of memory that the VM has taken; it never gives any back.
    pub fn memory_taken(&self) -> usize {
        self.state_ref().memory.map_or(0, |memory| memory.data_size(&self.store))
    }

    /// Why the VM can no longer be called, if so.
    pub fn dead(&self) -> Option<&Dead> {
        self.dead.as_ref()
    }

    pub(super) fn check(&self) -> Result<(), Dead> {
        match &self.dead {
            Some(dead) => Err(dead.clone()),
            None => Ok(()),
        }
    }

    pub(super) fn state(&mut self) -> &mut State {
        self.store.data_mut()
    }

    pub(super) fn state_ref(&self) -> &State {
        self.store.data()
    }

    /// A new stream context, in the host and in the module.
    pub(super) fn create(&mut self, context: Context) -> Result<u32, Dead> {
        self.check()?;
        let id = self.next_context;
        self.next_context = self.next_context.wrapping_add(1).max(ROOT + 1);
        self.state().contexts.insert(id, context);
        let create = self.exports.context_create.clone();
        self.call("proxy_on_context_create", id, create.as_ref(), (id, ROOT), ())?;
        Ok(id)
    }

    /// `proxy_on_done`, `proxy_on_log`, `proxy_on_delete`; then the module no longer knows the context.
    pub(super) fn end_of_context(&mut self, id: u32) -> Result<(), Dead> {
        let (done, log, delete) =
            (self.exports.done.clone(), self.exports.log.clone(), self.exports.delete.clone());
        self.call("proxy_on_done", id, done.as_ref(), id, 1)?;
        self.call("proxy_on_log", id, log.as_ref(), id, ())?;
        self.call("proxy_on_delete", id, delete.as_ref(), id, ())?;
        match self.state().contexts.get_mut(&id) {
            Some(Context::Network(connection)) => connection.in_vm = false,
            Some(Context::Http(exchange)) => exchange.in_vm = false,
            Some(Context::Root) | None => {}
        }
        Ok(())
    }

    /// Does what callbacks have asked for, in their order, until nothing is left.
    pub(super) fn carry_out(&mut self) -> Result<(), Dead> {
        loop {
            let actions = std::mem::take(&mut self.state().actions);
            if actions.is_empty() {
                return Ok(());
            }
            for action in actions {
                match action {
                    Action::Close(id) => self.close_by_filter(id)?,
                    Action::ContinueReading(id) => self.continue_reading(id),
                    Action::ContinueRequest(id) => self.continue_request(id)?,
                    Action::ContinueResponse(id) => self.continue_response(id)?,
                    Action::Reset(id) => self.reset_exchange(id),
                    Action::Respond { id, status, headers, body } => {
                        self.respond(id, status, &headers, &body)?;
                    }
                }
            }
        }
    }

    /// Calls the module with `id` as the context that host functions work on; `absent` when it has no such callback.
    fn call<P: WasmParams, R: WasmResults>(
        &mut self,
        callback: &'static str,
        id: u32,
        function: Option<&TypedFunc<P, R>>,
        parameters: P,
        absent: R,
    ) -> Result<R, Dead> {
        self.check()?;
        let Some(function) = function else { return Ok(absent) };
        self.state().effective = id;
        self.store.set_epoch_deadline(self.limits.epochs);
        let result = function.call(&mut self.store, parameters);
        self.state().effective = 0;
        result.map_err(|error| self.die(callback, &error))
    }

    fn die(&mut self, callback: &'static str, error: &wasmtime::Error) -> Dead {
        let dead = Dead { callback, reason: reason_of(error) };
        self.dead = Some(dead.clone());
        let state = self.state();
        state.actions.clear();
        for context in state.contexts.values_mut() {
            match context {
                Context::Network(connection) => {
                    connection.in_vm = false;
                    connection.closed.get_or_insert(ClosedBy::Trap);
                }
                Context::Http(exchange) => exchange.in_vm = false,
                Context::Root => {}
            }
        }
        dead
    }

    pub(super) fn on_new_connection(&mut self, id: u32) -> Result<bool, Dead> {
        let function = self.exports.new_connection.clone();
        self.call("proxy_on_new_connection", id, function.as_ref(), id, 0).map(passes)
    }

    pub(super) fn on_downstream_close(&mut self, id: u32, peer: u32) -> Result<(), Dead> {
        let function = self.exports.downstream_close.clone();
        self.call("proxy_on_downstream_connection_close", id, function.as_ref(), (id, peer), ())
    }

    pub(super) fn on_upstream_close(&mut self, id: u32, peer: u32) -> Result<(), Dead> {
        let function = self.exports.upstream_close.clone();
        self.call("proxy_on_upstream_connection_close", id, function.as_ref(), (id, peer), ())
    }
}

/// Callbacks with a context, a size and an end of stream.
macro_rules! sized_callbacks {
    ($($method:ident, $field:ident, $name:literal;)*) => {
        impl Vm {
            $(pub(super) fn $method(&mut self, id: u32, size: usize, end: bool) -> Result<bool, Dead> {
                let function = self.exports.$field.clone();
                self.call($name, id, function.as_ref(), (id, length(size), u32::from(end)), 0).map(passes)
            })*
        }
    };
}

sized_callbacks! {
    on_downstream_data, downstream_data, "proxy_on_downstream_data";
    on_upstream_data, upstream_data, "proxy_on_upstream_data";
    on_request_headers, request_headers, "proxy_on_request_headers";
    on_request_body, request_body, "proxy_on_request_body";
    on_response_headers, response_headers, "proxy_on_response_headers";
    on_response_body, response_body, "proxy_on_response_body";
}

impl Vm {
    pub(super) fn on_request_trailers(&mut self, id: u32, count: usize) -> Result<bool, Dead> {
        let function = self.exports.request_trailers.clone();
        self.call("proxy_on_request_trailers", id, function.as_ref(), (id, length(count)), 0)
            .map(passes)
    }

    pub(super) fn on_response_trailers(&mut self, id: u32, count: usize) -> Result<bool, Dead> {
        let function = self.exports.response_trailers.clone();
        self.call("proxy_on_response_trailers", id, function.as_ref(), (id, length(count)), 0)
            .map(passes)
    }
}

/// The callbacks of a module, each of which may be absent.
struct Exports {
    configure: Option<TypedFunc<(u32, u32), u32>>,
    context_create: Option<TypedFunc<(u32, u32), ()>>,
    delete: Option<TypedFunc<u32, ()>>,
    done: Option<TypedFunc<u32, u32>>,
    downstream_close: Option<TypedFunc<(u32, u32), ()>>,
    downstream_data: Option<TypedFunc<(u32, u32, u32), u32>>,
    log: Option<TypedFunc<u32, ()>>,
    new_connection: Option<TypedFunc<u32, u32>>,
    request_body: Option<TypedFunc<(u32, u32, u32), u32>>,
    request_headers: Option<TypedFunc<(u32, u32, u32), u32>>,
    request_trailers: Option<TypedFunc<(u32, u32), u32>>,
    response_body: Option<TypedFunc<(u32, u32, u32), u32>>,
    response_headers: Option<TypedFunc<(u32, u32, u32), u32>>,
    response_trailers: Option<TypedFunc<(u32, u32), u32>>,
    tick: Option<TypedFunc<u32, ()>>,
    upstream_close: Option<TypedFunc<(u32, u32), ()>>,
    upstream_data: Option<TypedFunc<(u32, u32, u32), u32>>,
    vm_start: Option<TypedFunc<(u32, u32), u32>>,
}

impl Exports {
    fn new(instance: &Instance, store: &mut Store<State>) -> wasmtime::Result<Self> {
        Ok(Self {
            configure: optional(instance, store, "proxy_on_configure")?,
            context_create: optional(instance, store, "proxy_on_context_create")?,
            delete: optional(instance, store, "proxy_on_delete")?,
            done: optional(instance, store, "proxy_on_done")?,
            downstream_close: optional(instance, store, "proxy_on_downstream_connection_close")?,
            downstream_data: optional(instance, store, "proxy_on_downstream_data")?,
            log: optional(instance, store, "proxy_on_log")?,
            new_connection: optional(instance, store, "proxy_on_new_connection")?,
            request_body: optional(instance, store, "proxy_on_request_body")?,
            request_headers: optional(instance, store, "proxy_on_request_headers")?,
            request_trailers: optional(instance, store, "proxy_on_request_trailers")?,
            response_body: optional(instance, store, "proxy_on_response_body")?,
            response_headers: optional(instance, store, "proxy_on_response_headers")?,
            response_trailers: optional(instance, store, "proxy_on_response_trailers")?,
            tick: optional(instance, store, "proxy_on_tick")?,
            upstream_close: optional(instance, store, "proxy_on_upstream_connection_close")?,
            upstream_data: optional(instance, store, "proxy_on_upstream_data")?,
            vm_start: optional(instance, store, "proxy_on_vm_start")?,
        })
    }
}

/// The function `name`; `None` when there is none, an error when it is of another type.
fn optional<P: WasmParams, R: WasmResults>(
    instance: &Instance,
    store: &mut Store<State>,
    name: &str,
) -> wasmtime::Result<Option<TypedFunc<P, R>>> {
    if instance.get_export(&mut *store, name).is_none() {
        return Ok(None);
    }
    instance.get_typed_func(store, name).map(Some)
}

/// `Pause` is 1; Envoy takes everything else for `Continue`.
fn passes(action: u32) -> bool {
    action != 1
}

fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn reason_of(error: &wasmtime::Error) -> String {
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => "the callback did not end in time".to_owned(),
        Some(trap) => trap.to_string(),
        None => format!("{error:#}"),
    }
}

impl fmt::Display for Dead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed: {}", self.callback, self.reason)
    }
}

impl std::error::Error for Dead {}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for StartError {}
