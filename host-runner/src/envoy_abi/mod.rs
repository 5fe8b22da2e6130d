//! A host for proxy-wasm filters (ABI 0.2.1): what Envoy is to the filter, without Envoy.
//!
//! It runs the very `.wasm` that Envoy loads and behaves as Envoy 1.40 does wherever a filter can tell the
//! difference; each such place says so and is covered by a test:
//!
//! * Held data is cumulative: after `Pause` the next callback counts all bytes that wait, not the new ones alone.
//! * What waits is bounded: behind 1 MiB of one direction Envoy stops reading, and the filter hears nothing more.
//! * Buffers are clamped: a filter may ask for `u32::MAX` bytes and gets what is there.
//! * Closing and answering happen when the callback has returned, and *before* data that it let pass is written:
//!   an alert that is written by the callback which closes is lost.
//! * There is no way to resume data from the origin; it goes on when a later callback says `Continue`.
//! * After the end of the origin's stream `proxy_on_upstream_connection_close` is called even for a connection
//!   that the filter has just closed. The SDK panics then: a dead VM here as there.
//! * Header maps exist only while their own callback runs, or while that message is held.
//! * A trap kills the VM: all its connections are closed and every later call fails.
//! * Numbers in properties are 8 bytes, little endian; booleans 1 byte.
//!
//! * Every VM ticks, also that of the main thread, which knows none of the workers' connections.
//! * What is known of the peers grows with the phases of a connection, see [`Peers`].
//!
//! What differs from Envoy: one [`Vm`] is one worker's VM ([`Host::start`] again makes another, which shares data
//! and metrics with the first); time stands still unless [`Vm::advance`] or [`Vm::set_time`] moves it, so a session plays the same
//! every time; random bytes come from a fixed seed; `http_call`, gRPC and shared queues answer `Unimplemented`;
//! of the foreign functions there are `set_envoy_filter_state` and `clear_route_cache`.

mod exchange;
mod headers;
mod imports;
mod memory;
mod network;
mod peers;
mod properties;
mod shared;
mod state;
mod status;
#[cfg(test)]
mod tests;
mod vm;
mod wasi;

pub use exchange::{Exchange, ExchangeId, Message};
pub use headers::Headers;
pub use network::{ClosedBy, Connection, ConnectionId};
pub use peers::{OriginTls, Peers};
pub use properties::Properties;
pub use shared::{Metric, MetricKind};
pub use state::{Level, LogLine};
pub use vm::{Dead, Host, Limits, Stage, StartError, Vm};
