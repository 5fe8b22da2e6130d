//! What the proxy calls for requests, before the SDK.
//!
//! To the SDK a stream is an object that it makes, looks up in each callback and drops. Most requests in role `upstream-http`
//! need none: they go on at once ([`goes_on`]). So no context is made for a stream before a callback needs it, and then
//! the SDK gets the calls that it has missed. `plugin/exports.rs` exports these functions under the names of the SDK's.
//!
//! It also keeps the SDK from panicking where a proxy names a stream that it has deleted.
#![allow(unsafe_code, reason = "exports have names of their own, and call the SDK's")]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Envoy, Place, Root};
use crate::limits;
use crate::policy::goes_on;

// The SDK's own exports.
unsafe extern "C" {
    fn proxy_on_context_create(context: u32, root: u32);
    fn proxy_on_request_headers(context: u32, headers: usize, end: u32) -> u32;
    fn proxy_on_request_body(context: u32, size: usize, end: u32) -> u32;
    fn proxy_on_request_trailers(context: u32, trailers: usize) -> u32;
    fn proxy_on_response_headers(context: u32, headers: usize, end: u32) -> u32;
    fn proxy_on_response_body(context: u32, size: usize, end: u32) -> u32;
    fn proxy_on_delete(context: u32);
}

/// The ABI's answer that lets go on.
const CONTINUE: u32 = 0;

thread_local! {
    /// Filters as configured.
    static ROOTS: RefCell<Vec<Rc<Root>>> = const { RefCell::new(Vec::new()) };
    /// Streams whose request has not come: context and root.
    static NEW: RefCell<Vec<(u32, u32)>> = const { RefCell::new(Vec::new()) };
    /// Contexts that the SDK has.
    static MADE: RefCell<BTreeSet<u32>> = const { RefCell::new(BTreeSet::new()) };
}

/// A filter is configured.
pub(super) fn enter(root: &Rc<Root>) {
    ROOTS.with(|roots| {
        if let Ok(mut roots) = roots.try_borrow_mut() {
            roots.push(Rc::clone(root));
        }
    });
}

/// A filter is no longer there.
pub(super) fn leave(id: u32) {
    ROOTS.with(|roots| {
        if let Ok(mut roots) = roots.try_borrow_mut() {
            roots.retain(|root| root.id != id);
        }
    });
}

/// Asks a root; `false` where there is none.
fn with_root(id: u32, ask: impl FnOnce(&Root) -> bool) -> bool {
    ROOTS.with(|roots| {
        let Ok(roots) = roots.try_borrow() else { return false };
        roots.iter().find(|root| root.id == id).is_some_and(|root| ask(root))
    })
}

/// Keeps a stream back from the SDK; `false`: there is no room.
fn keep_back(context: u32, root: u32) -> bool {
    NEW.with(|new| {
        let Ok(mut new) = new.try_borrow_mut() else { return false };
        let room = new.len() < limits::STREAMS_NEW;
        if room {
            new.push((context, root));
        }
        room
    })
}

/// The root of a stream that was kept back, once.
fn take_back(context: u32) -> Option<u32> {
    NEW.with(|new| {
        let mut new = new.try_borrow_mut().ok()?;
        // The request comes right behind its context: the last one is it.
        let at = new.iter().rposition(|(kept, _)| *kept == context)?;
        Some(new.swap_remove(at).1)
    })
}

/// Has the SDK make a context.
fn make(context: u32, root: u32) {
    MADE.with(|made| {
        if let Ok(mut made) = made.try_borrow_mut() {
            made.insert(context);
        }
    });
    // SAFETY: no pointers; nothing is borrowed here. So below.
    unsafe { proxy_on_context_create(context, root) };
}

/// The SDK has this context.
fn is_made(context: u32) -> bool {
    MADE.with(|made| made.try_borrow().map_or(true, |made| made.contains(&context)))
}

#[unsafe(export_name = "front_on_context_create")]
extern "C" fn on_context_create(context: u32, root: u32) {
    let late = root != 0 && with_root(root, |root| root.place.get() == Place::Http);
    if !(late && keep_back(context, root)) {
        make(context, root);
    }
}

#[unsafe(export_name = "front_on_request_headers")]
extern "C" fn on_request_headers(context: u32, headers: usize, end: u32) -> u32 {
    if let Some(root) = take_back(context) {
        if with_root(root, |root| root.policy().is_some_and(|policy| goes_on(&policy, &Envoy))) {
            return CONTINUE;
        }
        make(context, root);
    }
    // SAFETY: as above.
    unsafe { proxy_on_request_headers(context, headers, end) }
}

#[unsafe(export_name = "front_on_request_body")]
extern "C" fn on_request_body(context: u32, size: usize, end: u32) -> u32 {
    if is_made(context) {
        // SAFETY: as above.
        return unsafe { proxy_on_request_body(context, size, end) };
    }
    CONTINUE
}

#[unsafe(export_name = "front_on_request_trailers")]
extern "C" fn on_request_trailers(context: u32, trailers: usize) -> u32 {
    if is_made(context) {
        // SAFETY: as above.
        return unsafe { proxy_on_request_trailers(context, trailers) };
    }
    CONTINUE
}

#[unsafe(export_name = "front_on_response_headers")]
extern "C" fn on_response_headers(context: u32, headers: usize, end: u32) -> u32 {
    if is_made(context) {
        // SAFETY: as above.
        return unsafe { proxy_on_response_headers(context, headers, end) };
    }
    CONTINUE
}

#[unsafe(export_name = "front_on_response_body")]
extern "C" fn on_response_body(context: u32, size: usize, end: u32) -> u32 {
    if is_made(context) {
        // SAFETY: as above.
        return unsafe { proxy_on_response_body(context, size, end) };
    }
    CONTINUE
}

#[unsafe(export_name = "front_on_delete")]
extern "C" fn on_delete(context: u32) {
    // A client may break off before its request has come.
    take_back(context);
    let made =
        MADE.with(|made| made.try_borrow_mut().map_or(true, |mut made| made.remove(&context)));
    if made {
        // SAFETY: as above.
        unsafe { proxy_on_delete(context) };
    }
}
