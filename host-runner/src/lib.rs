//! The host side of tlvet: runs the engine and the filter, both WebAssembly, inside wasmtime.
//!
//! * [`engine`]: tlvet-core as a sandboxed module without clock, files or network, under a memory cap
//!   and a time limit.
//! * [`envoy_abi`]: a host of the proxy-wasm interface, which runs the Envoy filter without Envoy.
//! * [`replay`] and [`script`]: what is played through the filter in that host: captures, and scripts.

pub mod engine;
pub mod envoy_abi;
pub mod replay;
pub mod script;
