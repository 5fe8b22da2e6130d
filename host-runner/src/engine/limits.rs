//! What an instance may take, and how that is enforced.

use std::ops::Range;
use std::time::Duration;

use wasmtime::{AsContextMut, Memory, ResourceLimiter};

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

/// The memory cap of one instance, and the memory itself once there is one.
#[derive(Debug)]
pub(super) struct Cap {
    pub(super) memory: usize,
    pub(super) exported: Option<Exported>,
}

/// The memory of an instance.
#[derive(Clone, Debug)]
pub(super) struct Exported {
    pub(super) memory: Memory,
    /// Its page of stops; empty where there is none.
    pub(super) stops: Range<usize>,
}

impl Exported {
    /// The bytes of a range; `None` where the memory does not reach so far, or the page of stops is in it: nobody reads what may
    /// be taken away.
    pub(super) fn bytes<'store>(
        &self,
        store: &'store mut (impl AsContextMut + 'store),
        range: Range<usize>,
    ) -> Option<&'store mut [u8]> {
        let beside = range.end <= self.stops.start || range.start >= self.stops.end;
        self.memory.data_mut(store).get_mut(range).filter(|_| beside)
    }
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
