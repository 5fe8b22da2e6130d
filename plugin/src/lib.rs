//! tlvet's Envoy filter: keeps an origin out whose certificate or name does not hold.
//!
//! Start here:
//! - [`config`] reads and validates the configuration (JSON), every error with the place and what is allowed there.
//! - [`policy`] decides; it is plain Rust, knows no proxy and is tested natively.
//! - `glue` (wasm only) is the one module that talks to the proxy. It binds the proxy-wasm imports itself, because the SDK's
//!   wrappers panic on any status that they do not expect, and a panic kills the VM for every connection of the worker.

pub mod config;
#[cfg(target_arch = "wasm32")]
mod glue;
pub mod limits;
pub mod policy;

#[cfg(target_arch = "wasm32")]
proxy_wasm::main! {{
    glue::start();
}}
