//! Settings of wasmtime that the build script, which compiles, and the command, which runs, must share:
//! a compiled module loads only under the settings it was compiled with.
//!
//! This file is also a module of `build.rs`.

use wasmtime::Config;

/// Bytes of native stack that a guest may use; deep recursion on a hostile input ends in a trap.
const GUEST_STACK: usize = 1024 * 1024;

/// How a module that takes too long is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopping {
    /// Every loop and call compares a counter that another thread advances, with the counter's limit.
    Epochs,
    /// Every loop and call reads a byte of a page that another thread takes away; `stops.rs` puts that into the module.
    Page,
}

/// Settings of a module that is stopped in this way.
pub fn config(stopping: Stopping) -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(stopping == Stopping::Epochs)
        // The page of stops stays where it is.
        .memory_may_move(false)
        .max_wasm_stack(GUEST_STACK)
        // A trap is reported by what the engine was doing, never by wasm addresses: no tables for them.
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .native_unwind_info(false);
    config
}
