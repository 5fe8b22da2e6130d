//! tlvet's Envoy filter: keeps an origin out whose certificate or name does not hold.
//!
//! Start here:
//! - [`config`] reads and validates the configuration (JSON), every error with the place and what is allowed there.
//! - [`policy`] decides; it is plain Rust, knows no proxy and is tested natively.
//! - `glue` (wasm only) is the one module that talks to the proxy. It binds the proxy-wasm ABI itself, imports and exports:
//!   the SDK panics on any status and on any context that it does not expect, a remote peer can bring either about, and a
//!   panic kills the VM for every connection of the worker.

pub mod config;
#[cfg(target_arch = "wasm32")]
mod glue;
pub mod limits;
pub mod policy;
