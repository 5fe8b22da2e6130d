//! tlvet-core behind a few exported functions, for a host that runs it in a sandbox.
//!
//! The module imports two functions that compute digests inside its memory (see `digest.rs`), and nothing else: it has no clock,
//! no files, no network and no random numbers.
//!
//! # Calling convention
//! * Bytes go in through the *exchange buffer*: [`buffer`] makes it at least so long and returns its
//!   address; the host writes there and then calls a function that takes the number of bytes.
//! * Bytes come out as a *slice*: address in the upper, length in the lower 32 bits of a `u64`. The
//!   slice is valid until the next call. 0 means "nothing".
//! * Functions that can be refused return a number below 0; [`message`] then says why.
//!
//! A panic ends in a trap. [`message`] still works afterwards and says where it was; nothing else is
//! to be called then.

#![allow(
    unsafe_code,
    reason = "exported names need the attribute `unsafe(no_mangle)`; the unsafe blocks stand in digest.rs"
)]

mod chain;
mod chain_text;
mod digest;
mod jsonl;
mod options;
mod pieces;
mod state;

use state::{record_panic, with_message, with_state};

/// Makes the exchange buffer at least `length` bytes long and returns its address.
#[unsafe(no_mangle)]
pub extern "C" fn buffer(length: u32) -> *mut u8 {
    with_state(|state| state.buffer(length))
}

/// Installs the panic hook, and has the host compute digests. To be called once, first.
#[unsafe(no_mangle)]
pub extern "C" fn start() {
    std::panic::set_hook(Box::new(record_panic));
    #[cfg(target_arch = "wasm32")]
    digest::lend();
}

/// Takes the options of the report: JSON, see [`options::Options`]. 0, or below 0 when refused.
#[unsafe(no_mangle)]
pub extern "C" fn configure(length: u32) -> i32 {
    with_state(|state| state.configure(length))
}

/// The keys that the options' `context` takes, one on each line, with values and domain items, UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn context_keys() -> u64 {
    with_state(state::State::context_keys)
}

/// Opens an input; its name stands in the exchange buffer. `role`: 0 observed, 1 phone, 2 trust, 3 key.
/// Returns the input's number, or below 0 when refused.
#[unsafe(no_mangle)]
pub extern "C" fn open(role: u32, length: u32) -> i32 {
    with_state(|state| state.open(role, length))
}

/// Tells how many bytes an open input will have, where that is known.
#[unsafe(no_mangle)]
pub extern "C" fn announce(input: u32, length: u64) {
    with_state(|state| state.announce(input, length));
}

/// A TLS key log, for the captures that are opened from now on.
#[unsafe(no_mangle)]
pub extern "C" fn key_log(length: u32) {
    with_state(|state| state.key_log(length));
}

/// A password, UTF-8, for what the inputs that are closed from now on hold under one. 0, or below 0 when refused.
#[unsafe(no_mangle)]
pub extern "C" fn password(length: u32) -> i32 {
    with_state(|state| state.password(length))
}

/// The next bytes of an open input.
#[unsafe(no_mangle)]
pub extern "C" fn push(input: u32, length: u32) {
    with_state(|state| state.push(input, length));
}

/// Ends an input: it is read and judged for itself.
#[unsafe(no_mangle)]
pub extern "C" fn close(input: u32) {
    with_state(|state| state.close(input));
}

/// Ends an input that could not be read; why stands in the exchange buffer.
#[unsafe(no_mangle)]
pub extern "C" fn fail(input: u32, length: u32) {
    with_state(|state| state.fail(input, length));
}

/// Names an address that clients use; it stands in the exchange buffer. `input` holds the certificate presented
/// there; below 0 when it is not known. 0, or below 0 when refused.
#[unsafe(no_mangle)]
pub extern "C" fn expect(input: i32, length: u32) -> i32 {
    with_state(|state| state.expect(input, length))
}

/// Takes a closed input out, as a slice for [`import`] of another instance; 0 when there is none.
#[unsafe(no_mangle)]
pub extern "C" fn export(input: u32) -> u64 {
    with_state(|state| state.export(input))
}

/// Adds an input that another instance has exported. Its number, or below 0 when refused.
#[unsafe(no_mangle)]
pub extern "C" fn import(length: u32) -> i32 {
    with_state(|state| state.import(length))
}

/// Names a member of a closed archive as something else than the archive; its path stands in the exchange buffer, `role` as for
/// [`open`]. 0, or below 0 when refused.
#[unsafe(no_mangle)]
pub extern "C" fn member_role(input: u32, role: u32, length: u32) -> i32 {
    with_state(|state| state.member_role(input, role, length))
}

/// The `show itl`/`show ctl` listing of a closed trust list, UTF-8; 0 for anything else.
#[unsafe(no_mangle)]
pub extern "C" fn listing(input: u32) -> u64 {
    with_state(|state| state.listing(input))
}

/// The report on all closed inputs in the configured format, UTF-8: the first piece of it; [`report_next`] has those that follow.
#[unsafe(no_mangle)]
pub extern "C" fn report() -> u64 {
    with_state(state::State::report)
}

/// The next piece of the last report; 0 behind its end. Pieces may end inside a character.
#[unsafe(no_mangle)]
pub extern "C" fn report_next() -> u64 {
    with_state(state::State::report_next)
}

/// Findings of severity error in the last report.
#[unsafe(no_mangle)]
pub extern "C" fn errors() -> u32 {
    with_state(|state| state.errors())
}

/// Findings of severity warning in the last report.
#[unsafe(no_mangle)]
pub extern "C" fn warnings() -> u32 {
    with_state(|state| state.warnings())
}

/// Takes the options of [`chain`]: JSON, see `chain::Options`. 0, or below 0 when refused.
#[unsafe(no_mangle)]
pub extern "C" fn chain_options(length: u32) -> i32 {
    with_state(|state| state.chain_options(length))
}

/// Judges chains: JSON lines in the exchange buffer in, as many JSON lines (or text) out, UTF-8. 0 when a file could
/// not be read; [`message`] then says why.
#[unsafe(no_mangle)]
pub extern "C" fn chain(length: u32) -> u64 {
    with_state(|state| state.chain(length))
}

/// Chains in the last answer of [`chain`] that were refused.
#[unsafe(no_mangle)]
pub extern "C" fn chains_refused() -> u32 {
    with_state(|state| state.chains_refused())
}

/// Lines in the last answer of [`chain`] that could not be read; they count as refused too.
#[unsafe(no_mangle)]
pub extern "C" fn chains_unread() -> u32 {
    with_state(|state| state.chains_unread())
}

/// Begins to read a capture for the streams of its TLS connections, beside all inputs.
#[unsafe(no_mangle)]
pub extern "C" fn streams_start() {
    with_state(state::State::streams_start);
}

/// The next bytes of that capture. What happened in them: one JSON object on each line, see `tlvet_core::traffic::StreamEvent`;
/// 0 for nothing.
#[unsafe(no_mangle)]
pub extern "C" fn streams_push(length: u32) -> u64 {
    with_state(|state| state.streams_push(length))
}

/// Ends that capture: what is left to happen, then a line with `tlvet_core::traffic::StreamsFacts`.
#[unsafe(no_mangle)]
pub extern "C" fn streams_end() -> u64 {
    with_state(state::State::streams_end)
}

/// Forgets all inputs, passwords and key logs.
#[unsafe(no_mangle)]
pub extern "C" fn reset() {
    with_state(state::State::reset);
}

/// Why the last call was refused, or where the engine panicked, UTF-8; 0 when nothing was said.
#[unsafe(no_mangle)]
pub extern "C" fn message() -> u64 {
    with_message(|message| state::slice(message.as_bytes()))
}
