//! Settings of wasmtime that the build script, which compiles, and the command, which runs, must share:
//! a compiled module loads only under the settings it was compiled with.
//!
//! This file is also a module of `build.rs`.

use wasmtime::Config;

/// Bytes of native stack that a guest may use; deep recursion on a hostile input ends in a trap.
const GUEST_STACK: usize = 1024 * 1024;

/// Settings of both modules, guest and filter.
pub fn config() -> Config {
    let mut config = Config::new();
    config
        // The time limit: every loop and call looks at a counter that another thread advances.
        .epoch_interruption(true)
        .max_wasm_stack(GUEST_STACK)
        // A trap is reported by what the engine was doing, never by wasm addresses: no tables for them.
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .native_unwind_info(false);
    config
}
