//! The imports, and one checked wrapper for each that is used.
#![allow(
    unsafe_code,
    reason = "the proxy's functions take and give pointers into this VM's memory"
)]

use core::fmt;
use core::ptr::{null, null_mut};

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_log(level: u32, message: *const u8, size: usize) -> u32;
    fn proxy_get_current_time_nanoseconds(time: *mut u64) -> u32;
    fn proxy_set_tick_period_milliseconds(period: u32) -> u32;
    fn proxy_set_effective_context(context: u32) -> u32;
    fn proxy_get_buffer_bytes(
        buffer: u32,
        start: usize,
        size: usize,
        data: *mut *mut u8,
        data_size: *mut usize,
    ) -> u32;
    fn proxy_set_buffer_bytes(
        buffer: u32,
        start: usize,
        size: usize,
        data: *const u8,
        data_size: usize,
    ) -> u32;
    fn proxy_get_header_map_value(
        map: u32,
        name: *const u8,
        name_size: usize,
        data: *mut *mut u8,
        data_size: *mut usize,
    ) -> u32;
    fn proxy_replace_header_map_value(
        map: u32,
        name: *const u8,
        name_size: usize,
        value: *const u8,
        value_size: usize,
    ) -> u32;
    fn proxy_remove_header_map_value(map: u32, name: *const u8, name_size: usize) -> u32;
    fn proxy_get_property(
        path: *const u8,
        path_size: usize,
        data: *mut *mut u8,
        data_size: *mut usize,
    ) -> u32;
    fn proxy_set_property(
        path: *const u8,
        path_size: usize,
        value: *const u8,
        value_size: usize,
    ) -> u32;
    fn proxy_get_shared_data(
        key: *const u8,
        key_size: usize,
        data: *mut *mut u8,
        data_size: *mut usize,
        version: *mut u32,
    ) -> u32;
    fn proxy_set_shared_data(
        key: *const u8,
        key_size: usize,
        value: *const u8,
        value_size: usize,
        version: u32,
    ) -> u32;
    fn proxy_define_metric(kind: u32, name: *const u8, name_size: usize, id: *mut u32) -> u32;
    fn proxy_increment_metric(id: u32, by: i64) -> u32;
    fn proxy_record_metric(id: u32, value: u64) -> u32;
    fn proxy_call_foreign_function(
        name: *const u8,
        name_size: usize,
        argument: *const u8,
        argument_size: usize,
        data: *mut *mut u8,
        data_size: *mut usize,
    ) -> u32;
    fn proxy_continue_stream(stream: u32) -> u32;
    fn proxy_close_stream(stream: u32) -> u32;
    fn proxy_send_local_response(
        status: u32,
        details: *const u8,
        details_size: usize,
        body: *const u8,
        body_size: usize,
        headers: *const u8,
        headers_size: usize,
        grpc_status: i32,
    ) -> u32;
}

// The SDK's own exports.
unsafe extern "C" {
    fn proxy_on_context_create(context: u32, root: u32);
    fn proxy_on_delete(context: u32);
}

/// A status other than 0 (`Ok`), any of them: also those that this ABI version does not name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Status(u32);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.0)
    }
}

#[derive(Clone, Copy)]
pub(super) enum Level {
    Info = 2,
    Warn = 3,
    Error = 4,
    Critical = 5,
}

#[derive(Clone, Copy)]
pub(super) enum Stream {
    Request = 0,
    Downstream = 2,
}

#[derive(Clone, Copy)]
pub(super) enum Buffer {
    ResponseBody = 1,
    Downstream = 2,
    Upstream = 3,
    PluginConfiguration = 7,
}

#[derive(Clone, Copy)]
pub(super) enum Map {
    Request = 0,
    Response = 2,
}

#[derive(Clone, Copy)]
pub(super) enum Metric {
    Counter = 0,
    Gauge = 1,
    Histogram = 2,
}

fn check(status: u32) -> Result<(), Status> {
    if status == 0 { Ok(()) } else { Err(Status(status)) }
}

/// Takes what the proxy gives: it asked for memory by `proxy_on_memory_allocate`, which gives the SDK's boxed slice of exactly
/// the size that was asked for.
///
/// # Safety
/// `data` is null, or was allocated there with `length` bytes, and nobody else has it.
unsafe fn take(data: *mut u8, length: usize) -> Vec<u8> {
    if data.is_null() || length == 0 {
        return Vec::new();
    }
    // SAFETY: as the caller promises, this is a boxed slice of `length` bytes.
    unsafe { Vec::from_raw_parts(data, length, length) }
}

/// Runs a call that answers with bytes.
fn answered(call: impl FnOnce(*mut *mut u8, *mut usize) -> u32) -> Result<Vec<u8>, Status> {
    let mut data = null_mut();
    let mut length = 0;
    check(call(&raw mut data, &raw mut length))?;
    // SAFETY: the proxy has allocated `length` bytes for this answer alone.
    Ok(unsafe { take(data, length) })
}

/// One line of the proxy's log. A proxy that cannot log has no better place to hear of it.
pub(super) fn log(level: Level, message: &str) {
    // SAFETY: pointer and length are those of one live slice, which the proxy only reads. So below.
    let _: u32 = unsafe { proxy_log(level as u32, message.as_ptr(), message.len()) };
}

/// Nanoseconds since 1970; 0 where the proxy has no clock: no certificate is valid then.
pub(super) fn now() -> u64 {
    let mut time = 0;
    // SAFETY: the out-pointer is that of a live variable. So below.
    let _: u32 = unsafe { proxy_get_current_time_nanoseconds(&raw mut time) };
    time
}

/// Asks for a tick every so many milliseconds; 0: for none.
pub(super) fn set_tick_period(milliseconds: u32) -> Result<(), Status> {
    // SAFETY: no pointers. So below.
    check(unsafe { proxy_set_tick_period_milliseconds(milliseconds) })
}

/// Makes another context the one that calls are about.
pub(super) fn set_effective_context(context: u32) -> Result<(), Status> {
    // SAFETY: no pointers.
    check(unsafe { proxy_set_effective_context(context) })
}

/// Up to `size` bytes of a buffer from `start` on.
pub(super) fn bytes(buffer: Buffer, start: usize, size: usize) -> Result<Vec<u8>, Status> {
    answered(|data, length| {
        // SAFETY: both out-pointers are those of live variables. So below.
        unsafe { proxy_get_buffer_bytes(buffer as u32, start, size, data, length) }
    })
}

/// Replaces all `size` bytes of a buffer.
pub(super) fn replace(buffer: Buffer, size: usize, with: &[u8]) -> Result<(), Status> {
    // SAFETY: pointer and length are those of one live slice.
    check(unsafe { proxy_set_buffer_bytes(buffer as u32, 0, size, with.as_ptr(), with.len()) })
}

/// The value of a header.
pub(super) fn header(map: Map, name: &str) -> Result<Vec<u8>, Status> {
    answered(|data, length| {
        // SAFETY: live slice, live variables.
        unsafe { proxy_get_header_map_value(map as u32, name.as_ptr(), name.len(), data, length) }
    })
}

/// Gives a header one value.
pub(super) fn set_header(map: Map, name: &str, value: &str) -> Result<(), Status> {
    // SAFETY: live slices.
    check(unsafe {
        proxy_replace_header_map_value(
            map as u32,
            name.as_ptr(),
            name.len(),
            value.as_ptr(),
            value.len(),
        )
    })
}

/// Removes a header.
pub(super) fn remove_header(map: Map, name: &str) -> Result<(), Status> {
    // SAFETY: live slice.
    check(unsafe { proxy_remove_header_map_value(map as u32, name.as_ptr(), name.len()) })
}

/// A property; its path is joined by NUL.
pub(super) fn property(path: &str) -> Result<Vec<u8>, Status> {
    answered(|data, length| {
        // SAFETY: live slice, live variables.
        unsafe { proxy_get_property(path.as_ptr(), path.len(), data, length) }
    })
}

/// Sets a property; Envoy keeps it as filter state under `wasm.<path>`.
pub(super) fn set_property(path: &str, value: &str) -> Result<(), Status> {
    // SAFETY: live slices.
    check(unsafe { proxy_set_property(path.as_ptr(), path.len(), value.as_ptr(), value.len()) })
}

/// A value of the shared data, with its version.
pub(super) fn shared(key: &str) -> Result<(Vec<u8>, u32), Status> {
    let mut version = 0;
    let value = answered(|data, length| {
        // SAFETY: live slice, live variables.
        unsafe { proxy_get_shared_data(key.as_ptr(), key.len(), data, length, &raw mut version) }
    })?;
    Ok((value, version))
}

/// Sets a value of the shared data if it still has this version.
pub(super) fn share(key: &str, value: &[u8], version: u32) -> Result<(), Status> {
    // SAFETY: live slices.
    check(unsafe {
        proxy_set_shared_data(key.as_ptr(), key.len(), value.as_ptr(), value.len(), version)
    })
}

/// The number of a metric.
pub(super) fn metric(kind: Metric, name: &str) -> Result<u32, Status> {
    let mut id = 0;
    // SAFETY: live slice, live variable.
    check(unsafe { proxy_define_metric(kind as u32, name.as_ptr(), name.len(), &raw mut id) })?;
    Ok(id)
}

/// Adds one to a counter.
pub(super) fn increment(id: u32) -> Result<(), Status> {
    // SAFETY: no pointers.
    check(unsafe { proxy_increment_metric(id, 1) })
}

/// Sets a gauge, or records a value in a histogram.
pub(super) fn record(id: u32, value: u64) -> Result<(), Status> {
    // SAFETY: no pointers.
    check(unsafe { proxy_record_metric(id, value) })
}

/// Sets one of Envoy's own filter state objects for this request: its foreign function `set_envoy_filter_state` takes the
/// protobuf message {1: path, 2: value, 3: span}; span 1 is the request.
pub(super) fn set_filter_state(key: &str, value: &str) -> Result<(), Status> {
    const FUNCTION: &str = "set_envoy_filter_state";
    /// The ABI's BadArgument.
    const TOO_LONG: Status = Status(2);
    let mut argument = Vec::new();
    for (tag, text) in [(0x0a, key), (0x12, value)] {
        // Keys are constants, values names, addresses and ports: one byte holds their length as long as it is below 128,
        // two up to 16383 (protobuf's varint).
        let length = u16::try_from(text.len()).map_err(|_| TOO_LONG)?;
        let [high, low] = (length << 1).to_be_bytes();
        if length >= 1 << 14 {
            return Err(TOO_LONG);
        }
        argument.push(tag);
        if high == 0 {
            argument.push(low >> 1);
        } else {
            argument.extend_from_slice(&[low >> 1 | 0x80, high]);
        }
        argument.extend_from_slice(text.as_bytes());
    }
    argument.extend_from_slice(&[0x18, 1]);
    answered(|data, length| {
        // SAFETY: live slices, live variables.
        unsafe {
            proxy_call_foreign_function(
                FUNCTION.as_ptr(),
                FUNCTION.len(),
                argument.as_ptr(),
                argument.len(),
                data,
                length,
            )
        }
    })
    .map(drop)
}

/// Lets go on what waits: the request, or what the client has sent.
pub(super) fn resume(stream: Stream) -> Result<(), Status> {
    // SAFETY: no pointers.
    check(unsafe { proxy_continue_stream(stream as u32) })
}

/// Closes the connection, when the callback has returned.
pub(super) fn close(stream: Stream) -> Result<(), Status> {
    // SAFETY: no pointers.
    check(unsafe { proxy_close_stream(stream as u32) })
}

/// Answers the request; it goes no further.
pub(super) fn respond(status: u32, details: &str, body: &str) -> Result<(), Status> {
    const NAME: &[u8] = b"content-type";
    const VALUE: &[u8] = b"text/plain";
    // The ABI's form of a header map: number of pairs, lengths of each name and value (4 bytes each, little-endian), then
    // names and values, each with a NUL behind.
    let mut headers = Vec::new();
    for number in [1, NAME.len(), VALUE.len()] {
        // A usize is 4 bytes here.
        headers.extend_from_slice(&number.to_le_bytes());
    }
    for text in [NAME, VALUE] {
        headers.extend_from_slice(text);
        headers.push(0);
    }
    // SAFETY: each pointer and length are those of one live slice.
    check(unsafe {
        proxy_send_local_response(
            status,
            if details.is_empty() { null() } else { details.as_ptr() },
            details.len(),
            body.as_ptr(),
            body.len(),
            headers.as_ptr(),
            headers.len(),
            -1,
        )
    })
}

/// Has the SDK make a context, as if the proxy had asked for it: it asks the root context which kind it shall be.
pub(super) fn create_context(context: u32, root: u32) {
    // SAFETY: no pointers; the SDK holds nothing borrowed but the root contexts, which this only reads.
    unsafe { proxy_on_context_create(context, root) };
}

/// Has the SDK drop a context of a stream that it has.
pub(super) fn delete_context(context: u32) {
    // SAFETY: no pointers; the SDK has no stream borrowed while it asks a root context for a new one.
    unsafe { proxy_on_delete(context) };
}
