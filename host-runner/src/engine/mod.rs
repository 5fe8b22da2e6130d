//! tlvet-core in a sandbox.
//!
//! Inputs are untrusted, so the code that reads them runs as WebAssembly: it reaches nothing but its
//! own memory, cannot take more of it than [`Limits::memory`], and is stopped after [`Limits::time`].
//! Whatever happens to it ends as a [`Stopped`] for that one input.

mod ahead;
mod clock;
mod code;
mod config;
mod digest;
mod instance;
mod limits;
mod parallel;
mod stopped;
mod stream;
#[cfg(test)]
mod tests;

pub use config::{Stopping, config};
pub use instance::{Chains, Format, Instance, Options, Role};
pub use limits::{Limits, REPORT_LIMITS};
pub use parallel::{Opening, Source, read_alone, read_in_order};
pub use stopped::{Failure, Stopped};
pub use stream::map_in_order;

use std::sync::Arc;

use wasmtime::Module;

use clock::Clock;
use code::{Embedded, embedded};

/// The engine, compiled for this machine at build time.
static GUEST: Embedded = embedded!("guest.cwasm", clock::OF_ENGINE);

/// The filter as machine code, compiled at build time from [`FILTER_WASM`].
static FILTER: Embedded = embedded!("filter.cwasm", Stopping::Epochs);

/// The filter as WebAssembly, the very file that Envoy loads.
pub static FILTER_WASM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/filter.wasm"));

/// A compiled module and the clock that limits its instances.
pub struct Engine {
    module: Module,
    clock: Arc<Clock>,
}

impl Engine {
    /// The engine that tlvet was built with.
    ///
    /// # Errors
    /// When this machine lacks instructions that the engine was compiled for, or memory.
    pub fn new() -> wasmtime::Result<Self> {
        Self::load(&GUEST)
    }

    /// The filter, for the host of the proxy-wasm interface. Its stores need an epoch deadline.
    ///
    /// # Errors
    /// As [`Engine::new`].
    pub fn filter() -> wasmtime::Result<Self> {
        Self::load(&FILTER)
    }

    /// The compiled module.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// A fresh instance under `limits`.
    ///
    /// # Errors
    /// When the limits do not even allow for the instance itself.
    pub fn instance(&self, limits: Limits) -> Result<Instance, Stopped> {
        Instance::new(self, limits)
    }

    fn load(compiled: &Embedded) -> wasmtime::Result<Self> {
        let (module, clock) = compiled.load()?;
        Ok(Self { module, clock })
    }
}
