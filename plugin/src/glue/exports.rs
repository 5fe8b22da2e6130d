//! What the proxy calls: the ABI's callbacks, by name (`plugin/exports.rs` holds the same names).
#![allow(unsafe_code, reason = "functions that the proxy calls go by their names")]

use super::{Action, VM, host};

#[cfg(target_os = "wasi")]
unsafe extern "C" {
    /// The linker's: what has to run before anything else in a module without `main`.
    fn __wasm_call_ctors();
}

impl Action {
    fn code(self) -> u32 {
        match self {
            Self::Continue => 0,
            Self::Pause => 1,
        }
    }
}

/// Called once for each VM, before anything else.
#[unsafe(no_mangle)]
extern "C" fn _initialize() {
    #[cfg(target_os = "wasi")]
    // SAFETY: it runs once, here.
    unsafe {
        __wasm_call_ctors();
    }
    // The proxy shows where a panic happened only if the text is logged before the trap.
    std::panic::set_hook(Box::new(|panic| {
        host::log(host::Level::Critical, &format!("tlvet: {panic}"));
    }));
}

#[unsafe(no_mangle)]
extern "C" fn proxy_abi_version_0_2_1() {}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_memory_allocate(size: usize) -> *mut u8 {
    host::allocate(size)
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_context_create(context: u32, root: u32) {
    VM.with(|vm| {
        if root == 0 {
            vm.add_root(context);
        } else {
            vm.created.set((context, root));
        }
    });
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_configure(root: u32, size: usize) -> u32 {
    let root = VM.with(|vm| vm.root(root));
    u32::from(root.is_some_and(|root| super::configure(&root, size)))
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_tick(root: u32) {
    if let Some(root) = VM.with(|vm| vm.root(root)) {
        super::ticks(&root);
    }
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_new_connection(context: u32) -> u32 {
    VM.with(|vm| super::new_connection(vm, context)).code()
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_downstream_data(context: u32, size: usize, end: u32) -> u32 {
    super::client_data(context, size, end != 0).code()
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_downstream_connection_close(context: u32, _by: u32) {
    VM.with(|vm| super::connection_closed(vm, context));
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_upstream_data(context: u32, size: usize, end: u32) -> u32 {
    super::origin_data(context, size, end != 0).code()
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_request_headers(context: u32, _headers: u32, _end: u32) -> u32 {
    VM.with(|vm| super::request_headers(vm, context)).code()
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_request_body(context: u32, _size: usize, _end: u32) -> u32 {
    super::rest_of_request(context).code()
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_request_trailers(context: u32, _trailers: u32) -> u32 {
    super::rest_of_request(context).code()
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_response_headers(context: u32, _headers: u32, _end: u32) -> u32 {
    super::response_headers(context).code()
}

#[unsafe(no_mangle)]
extern "C" fn proxy_on_response_body(context: u32, size: usize, _end: u32) -> u32 {
    super::response_body(context, size).code()
}
