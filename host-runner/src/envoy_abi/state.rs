//! What a VM's host functions work on.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wasmtime::{Memory, ResourceLimiter, TypedFunc};

use super::exchange::Exchange;
use super::network::Connection;
use super::properties::Properties;
use super::shared::Shared;
use super::status::Status;

/// Lines that are kept of one VM's log; more are counted.
const LOG_LINES: usize = 100_000;

/// Counters of which one context's share is kept.
const COUNTERS: usize = 64;

/// Elements of a table; a filter's table holds its function pointers, some hundreds.
const TABLE_ELEMENTS: usize = 100_000;

/// The context of the plugin itself; streams count from 2.
pub(super) const ROOT: u32 = 1;

/// How grave a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The finest.
    Trace,
    /// For developers.
    Debug,
    /// News.
    Info,
    /// Something to look at.
    Warning,
    /// Something failed.
    Error,
    /// The VM or the configuration failed.
    Critical,
}

impl Level {
    pub(super) fn from_abi(level: u32) -> Result<Self, Status> {
        Ok(match level {
            0 => Self::Trace,
            1 => Self::Debug,
            2 => Self::Info,
            3 => Self::Warning,
            4 => Self::Error,
            5 => Self::Critical,
            _ => return Err(Status::BadArgument),
        })
    }
}

/// As in Envoy's log.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        })
    }
}

/// One line that the filter logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// How grave.
    pub level: Level,
    /// The text, without Envoy's prefix; invalid UTF-8 replaced.
    pub text: String,
    /// The context that the filter worked on: 1 is the plugin itself; connections and exchanges count from 2.
    pub context: u32,
}

/// What a context is.
pub(super) enum Context {
    Root,
    Network(Connection),
    Http(Box<Exchange>),
}

/// What a callback has asked for, to be done when it has returned.
#[derive(Clone, Debug)]
pub(super) enum Action {
    Close(u32),
    ContinueReading(u32),
    ContinueRequest(u32),
    ContinueResponse(u32),
    Reset(u32),
    Respond { id: u32, status: u32, headers: super::Headers, body: Vec<u8> },
}

pub(super) struct State {
    pub(super) memory: Option<Memory>,
    pub(super) allocate: Option<TypedFunc<u32, u32>>,
    pub(super) memory_cap: usize,
    pub(super) log: Vec<LogLine>,
    pub(super) log_left_out: u64,
    pub(super) shared: Arc<Mutex<Shared>>,
    pub(super) configuration: Vec<u8>,
    pub(super) vm_configuration: Vec<u8>,
    pub(super) root_properties: Properties,
    pub(super) contexts: BTreeMap<u32, Context>,
    /// The context that host functions work on.
    pub(super) effective: u32,
    pub(super) actions: Vec<Action>,
    pub(super) tick_period: u32,
    /// Nanoseconds since 1970.
    pub(super) now: u64,
    pub(super) held_cap: usize,
    pub(super) random: u64,
    pub(super) route_cache_cleared: u64,
}

impl State {
    pub(super) fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn log(&mut self, level: Level, text: &[u8]) {
        if self.log.len() < LOG_LINES {
            let text = String::from_utf8_lossy(text).into_owned();
            self.log.push(LogLine { level, text, context: self.effective.max(ROOT) });
        } else {
            self.log_left_out += 1;
        }
    }

    /// Notes what a counter got from the effective context.
    pub(super) fn count(&mut self, metric: u32, offset: i64) {
        let counted = match self.contexts.get_mut(&self.effective) {
            Some(Context::Network(connection)) => &mut connection.counted,
            Some(Context::Http(exchange)) => &mut exchange.counted,
            Some(Context::Root) | None => return,
        };
        if counted.len() < COUNTERS || counted.contains_key(&metric) {
            let sum = counted.entry(metric).or_default();
            *sum = sum.saturating_add_signed(offset);
        }
    }

    /// Whether the module may still be called with context `id`.
    pub(super) fn is_alive(&self, id: u32) -> bool {
        match self.contexts.get(&id) {
            None => false,
            Some(Context::Root) => true,
            Some(Context::Network(connection)) => connection.in_vm,
            Some(Context::Http(exchange)) => exchange.in_vm,
        }
    }

    pub(super) fn connection(&mut self) -> Option<&mut Connection> {
        self.connection_at(self.effective)
    }

    pub(super) fn connection_at(&mut self, id: u32) -> Option<&mut Connection> {
        match self.contexts.get_mut(&id) {
            Some(Context::Network(connection)) => Some(connection),
            _ => None,
        }
    }

    pub(super) fn exchange(&mut self) -> Option<&mut Exchange> {
        self.exchange_at(self.effective)
    }

    pub(super) fn exchange_at(&mut self, id: u32) -> Option<&mut Exchange> {
        match self.contexts.get_mut(&id) {
            Some(Context::Http(exchange)) => Some(exchange),
            _ => None,
        }
    }

    /// The properties of the effective context.
    pub(super) fn properties(&mut self) -> &mut Properties {
        match self.contexts.get_mut(&self.effective) {
            Some(Context::Network(connection)) => &mut connection.properties,
            Some(Context::Http(exchange)) => &mut exchange.properties,
            Some(Context::Root) | None => &mut self.root_properties,
        }
    }

    /// A property of the effective context, else of its request, else of the plugin.
    pub(super) fn property(&mut self, path: &[u8]) -> Option<Vec<u8>> {
        if let Some(value) = self.properties().at(path) {
            return Some(value.to_vec());
        }
        if let Some(value) = self.exchange().and_then(|exchange| exchange.request_property(path)) {
            return Some(value);
        }
        self.root_properties.at(path).map(<[u8]>::to_vec)
    }

    /// Pseudo-random bytes (splitmix64), the same in every run, so that a session plays the same again.
    pub(super) fn random(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.random;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            bytes.extend((mixed ^ (mixed >> 31)).to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }
}

impl ResourceLimiter for State {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= self.memory_cap)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS)
    }
}
