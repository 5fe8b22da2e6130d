//! The embedded machine code, run where it lies in the program's own file: it is neither copied when the program starts nor in
//! memory twice, and of its megabytes only the pages are read that are run.

use std::sync::{Arc, Mutex, PoisonError};

use wasmtime::Module;

use super::clock::Clock;
use super::config::{Stopping, config};

/// Bytes that begin where a page begins and reach to the end of one, whatever size pages have here: 64 KiB at most.
#[repr(C, align(65536))]
pub(super) struct Pages<Bytes: ?Sized>(pub(super) Bytes);

/// A module that build.rs compiled. What runs where it lies can be loaded once in a process: all share it, and the clock that
/// limits its instances.
pub(super) struct Embedded {
    pages: &'static Pages<[u8]>,
    stopping: Stopping,
    loaded: Mutex<Option<(Module, Arc<Clock>)>>,
}

/// The module in a file that build.rs made, by its name and how it is stopped.
macro_rules! embedded {
    ($name:literal, $stopping:expr) => {{
        static PAGES: &$crate::engine::code::Pages<[u8]> =
            &$crate::engine::code::Pages(*include_bytes!(concat!(env!("OUT_DIR"), "/", $name)));
        $crate::engine::code::Embedded::new(PAGES, $stopping)
    }};
}
pub(super) use embedded;

impl Embedded {
    pub(super) const fn new(pages: &'static Pages<[u8]>, stopping: Stopping) -> Self {
        Self { pages, stopping, loaded: Mutex::new(None) }
    }

    /// The module and its clock, loaded by the first who asks.
    ///
    /// # Errors
    /// When this machine lacks instructions that it was compiled for, or memory.
    pub(super) fn load(&self) -> wasmtime::Result<(Module, Arc<Clock>)> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(loaded) = &*loaded {
            return Ok(loaded.clone());
        }
        let module = load(config(self.stopping), self.pages)?;
        let clock = Clock::start(module.engine())?;
        Ok(loaded.insert((module, clock)).clone())
    }
}

/// Loads a module that build.rs compiled.
///
/// # Errors
/// When this machine lacks instructions that it was compiled for, or memory.
#[cfg(target_os = "linux")]
fn load(mut config: wasmtime::Config, compiled: &'static Pages<[u8]>) -> wasmtime::Result<Module> {
    config.with_custom_code_memory(Some(Arc::new(linux::InPlace)));
    let engine = wasmtime::Engine::new(&config)?;
    // SAFETY: `compiled` was made by wasmtime's `precompile_module` in build.rs and is part of this program's constants, which live
    // as long as it does and which nothing writes; nothing from outside reaches this call.
    #[allow(unsafe_code, reason = "the only way to run a module where it lies")]
    unsafe {
        Module::deserialize_raw(&engine, core::ptr::NonNull::from(&compiled.0))
    }
}

/// Loads a module that build.rs compiled; copied, because other systems let nobody run their constants.
///
/// # Errors
/// When this machine lacks instructions that it was compiled for, or memory.
#[cfg(not(target_os = "linux"))]
fn load(config: wasmtime::Config, compiled: &'static Pages<[u8]>) -> wasmtime::Result<Module> {
    let engine = wasmtime::Engine::new(&config)?;
    // SAFETY: `compiled` was made by wasmtime's `precompile_module` in build.rs and is part of this program; nothing from
    // outside reaches this call.
    #[allow(unsafe_code, reason = "the only way to load a module that was compiled at build time")]
    unsafe {
        Module::deserialize(&engine, &compiled.0)
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use rustix::mm::{MprotectFlags, mprotect};

    /// Makes pages of [`Pages`](super::Pages) executable.
    pub(super) struct InPlace;

    impl wasmtime::CustomCodeMemory for InPlace {
        fn required_alignment(&self) -> usize {
            rustix::param::page_size()
        }

        fn publish_executable(&self, text: *const u8, length: usize) -> wasmtime::Result<()> {
            // SAFETY: these are whole pages of constants that hold nothing but the compiled module; they stay readable, and
            // were never writable.
            #[allow(unsafe_code, reason = "wasmtime leaves it to its user where it copies nothing")]
            unsafe {
                mprotect(text.cast_mut().cast(), length, MprotectFlags::READ | MprotectFlags::EXEC)
            }
            .map_err(wasmtime::Error::from)
        }

        fn unpublish_executable(&self, _text: *const u8, _length: usize) -> wasmtime::Result<()> {
            // Another module may run the same pages, and nobody wants to write them.
            Ok(())
        }
    }
}
