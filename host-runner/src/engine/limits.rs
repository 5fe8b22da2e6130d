//! What an instance may take, and how that is enforced.

use std::thread;
use std::time::Duration;

use wasmtime::{Memory, ResourceLimiter};

/// What reading one input, or making the report, may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the instance's memory.
    pub memory: usize,
    /// Time inside the engine; time spent waiting for a file or a pipe does not count.
    pub time: Duration,
}

impl Default for Limits {
    /// For one input. It is buffered up to 64 MiB, beside what is read from it; the slowest honest
    /// inputs (bundles of thousands of certificates) take seconds.
    fn default() -> Self {
        Self { memory: 512 << 20, time: Duration::from_secs(30) }
    }
}

/// For joining all inputs of one run and making the report.
pub const REPORT_LIMITS: Limits = Limits { memory: 2 << 30, time: Duration::from_secs(120) };

/// Between two looks at the clock: a limit is met this much late at most.
const TICK: Duration = Duration::from_millis(10);

/// Ticks that `time` is worth, rounded up, and never so few that the next tick alone ends the call.
pub(super) fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(TICK.as_nanos())).unwrap_or(u64::MAX / 2) + 1
}

/// Advances the epoch of `engine` from a thread of its own, for as long as the engine lives.
pub(super) fn start_ticking(engine: &wasmtime::Engine) -> std::io::Result<()> {
    let engine = engine.weak();
    let ticker = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(TICK);
        }
    };
    thread::Builder::new().name("tlvet-clock".to_owned()).spawn(ticker).map(drop)
}

/// The memory cap of one instance, and the memory itself once there is one.
#[derive(Debug)]
pub(super) struct Cap {
    pub(super) memory: usize,
    pub(super) exported: Option<Memory>,
}

/// The error that ends a call which asked for more memory than the cap.
#[derive(Debug)]
pub(super) struct CapReached;

impl std::fmt::Display for CapReached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("memory cap reached")
    }
}

impl std::error::Error for CapReached {}

impl ResourceLimiter for Cap {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // Refusing with an error, not with `false`, ends the call here; the guest cannot try on.
        if desired > self.memory { Err(CapReached.into()) } else { Ok(true) }
    }

    fn table_growing(
        &mut self,
        _current: usize,
        _desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // The guest's table is of fixed size.
        Ok(true)
    }
}
