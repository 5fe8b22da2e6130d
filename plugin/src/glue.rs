//! The one file that talks to the proxy (proxy-wasm ABI 0.2.1).
//!
//! The SDK dispatches the callbacks. Its functions for hostcalls are not used: they panic on every status that
//! they do not expect, a remote peer can bring such a status about, and after a panic the VM is dead for all
//! connections of the worker. [`host`] binds the imports itself and turns every status into a `Result`.

use std::rc::Rc;

use proxy_wasm::traits::{Context, HttpContext, RootContext, StreamContext};
use proxy_wasm::types::{Action, ContextType};

use crate::policy::{Connection, Exchange, Policy, Step};
use host::{Level, Stream};

/// Called once for each VM, before anything else.
pub(crate) fn start() {
    // The proxy shows where a panic happened only if the text is logged before the trap.
    std::panic::set_hook(Box::new(|panic| host::log(Level::Critical, &format!("tlvet: {panic}"))));
    proxy_wasm::set_root_context(|_| Box::new(Root { policy: None }));
}

/// The filter as configured once in Envoy.
struct Root {
    policy: Option<Rc<Policy>>,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, size: usize) -> bool {
        let bytes = match host::plugin_configuration(size) {
            Ok(bytes) => bytes,
            Err(status) => {
                host::log(
                    Level::Critical,
                    &format!("tlvet: configuration refused: not readable, {status}"),
                );
                return false;
            }
        };
        match Policy::read(&bytes) {
            Ok(policy) => {
                host::log(Level::Warn, &format!("tlvet: {}", policy.announcement()));
                self.policy = Some(Rc::new(policy));
                true
            }
            Err(problems) => {
                for problem in problems {
                    host::log(Level::Critical, &format!("tlvet: configuration refused: {problem}"));
                }
                false
            }
        }
    }

    fn get_type(&self) -> Option<ContextType> {
        let http = self.policy.as_ref().is_some_and(|policy| policy.config().role.is_http());
        Some(if http { ContextType::HttpContext } else { ContextType::StreamContext })
    }

    fn create_stream_context(&self, _context_id: u32) -> Option<Box<dyn StreamContext>> {
        Some(Box::new(NetworkFilter(Connection::new(self.policy.clone()))))
    }

    fn create_http_context(&self, _context_id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(HttpFilter(Exchange::new(self.policy.clone()))))
    }
}

struct NetworkFilter(Connection);

impl Context for NetworkFilter {}

impl StreamContext for NetworkFilter {
    fn on_new_connection(&mut self) -> Action {
        match self.0.opened() {
            Step::Pass => Action::Continue,
            Step::Refuse => close(),
        }
    }

    fn on_downstream_data(&mut self, _size: usize, _end: bool) -> Action {
        match self.0.data() {
            Step::Pass => Action::Continue,
            Step::Refuse => close(),
        }
    }

    fn on_upstream_data(&mut self, size: usize, end: bool) -> Action {
        match self.0.data() {
            Step::Pass => Action::Continue,
            // Envoy deletes the context when it closes in this callback, and calls it once more for the end of
            // the origin's stream: the SDK would panic. Nothing passes, and the end closes the connection.
            Step::Refuse if end => match host::drop_upstream_data(size) {
                Ok(()) => Action::Continue,
                Err(_) => Action::Pause,
            },
            Step::Refuse => close(),
        }
    }
}

fn close() -> Action {
    if let Err(status) = host::close(Stream::Downstream) {
        host::log(
            Level::Error,
            &format!("tlvet: a connection could not be closed, {status}; it stays paused"),
        );
    }
    Action::Pause
}

struct HttpFilter(Exchange);

impl Context for HttpFilter {}

impl HttpContext for HttpFilter {
    fn on_http_request_headers(&mut self, _headers: usize, _end: bool) -> Action {
        match self.0.request() {
            Step::Pass => Action::Continue,
            Step::Refuse => {
                if let Err(status) = host::respond(502, b"tlvet: refused\n") {
                    host::log(
                        Level::Error,
                        &format!(
                            "tlvet: a request could not be answered, {status}; it stays paused"
                        ),
                    );
                }
                Action::Pause
            }
        }
    }
}

/// The imports, and one checked wrapper for each that is used.
#[allow(unsafe_code, reason = "the proxy's functions take and give pointers into this VM's memory")]
mod host {
    use core::fmt;
    use core::ptr::{null, null_mut};

    #[link(wasm_import_module = "env")]
    unsafe extern "C" {
        fn proxy_log(level: u32, message: *const u8, size: usize) -> u32;
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

    const UPSTREAM_DATA: u32 = 3;
    const PLUGIN_CONFIGURATION: u32 = 7;

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
        Warn = 3,
        Error = 4,
        Critical = 5,
    }

    #[derive(Clone, Copy)]
    pub(super) enum Stream {
        Downstream = 2,
    }

    fn check(status: u32) -> Result<(), Status> {
        if status == 0 { Ok(()) } else { Err(Status(status)) }
    }

    /// One line of the proxy's log. A proxy that cannot log has no better place to hear of it.
    pub(super) fn log(level: Level, message: &str) {
        // SAFETY: pointer and length are those of one live slice, which the proxy only reads.
        let _: u32 = unsafe { proxy_log(level as u32, message.as_ptr(), message.len()) };
    }

    /// The configuration; `size` is the length that the callback gave.
    pub(super) fn plugin_configuration(size: usize) -> Result<Vec<u8>, Status> {
        let mut data = null_mut();
        let mut length = 0;
        // SAFETY: both out-pointers are those of live variables.
        check(unsafe {
            proxy_get_buffer_bytes(PLUGIN_CONFIGURATION, 0, size, &raw mut data, &raw mut length)
        })?;
        if data.is_null() {
            return Ok(Vec::new());
        }
        // SAFETY: the proxy has allocated `length` bytes with `proxy_on_memory_allocate`, which is the SDK's
        // boxed slice of exactly that size, and gives them away.
        Ok(unsafe { Vec::from_raw_parts(data, length, length) })
    }

    /// Empties what is held from the origin.
    pub(super) fn drop_upstream_data(size: usize) -> Result<(), Status> {
        // SAFETY: the data is empty, so the null pointer is not read.
        check(unsafe { proxy_set_buffer_bytes(UPSTREAM_DATA, 0, size, null(), 0) })
    }

    /// Closes the connection, when the callback has returned.
    pub(super) fn close(stream: Stream) -> Result<(), Status> {
        // SAFETY: no pointers.
        check(unsafe { proxy_close_stream(stream as u32) })
    }

    /// Answers the request; it goes no further.
    pub(super) fn respond(status: u32, body: &[u8]) -> Result<(), Status> {
        // An empty header map in the ABI's form: the number of pairs, 0, as 4 bytes.
        let headers = [0_u8; 4];
        // SAFETY: each pointer and length are those of one live slice, or null with 0.
        check(unsafe {
            proxy_send_local_response(
                status,
                null(),
                0,
                body.as_ptr(),
                body.len(),
                headers.as_ptr(),
                headers.len(),
                -1,
            )
        })
    }
}
