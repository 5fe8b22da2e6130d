//! Stops instances by taking their page of stops away: the next look into it is a trap (`stops.rs`).

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::mm::{MprotectFlags, mprotect};
use wasmtime::Store;

use super::Clock;
use crate::engine::config::Stopping;
use crate::engine::limits::Cap;

/// How the engine's modules are stopped here.
pub(in crate::engine) const OF_ENGINE: Stopping = Stopping::Page;

/// Bytes of a page of stops.
const PAGE: usize = 64 * 1024;

/// Where the page of stops lies in a memory that is still as large as it begins: it is its last.
pub(in crate::engine) fn stops(size: usize) -> Option<Range<usize>> {
    size.checked_sub(PAGE).map(|start| start..size)
}

/// No call is under way.
const OUTSIDE: u64 = u64::MAX;

/// The instance was stopped; it stays so.
const STOPPED: u64 = 0;

/// The instances of a module.
#[derive(Debug)]
pub(super) struct Watched {
    begun: Instant,
    places: Mutex<Vec<Arc<Place>>>,
}

impl Default for Watched {
    fn default() -> Self {
        Self { begun: Instant::now(), places: Mutex::default() }
    }
}

#[derive(Debug)]
struct Place {
    /// Address of the page of stops.
    page: usize,
    /// Nanoseconds since `begun` at which the call that is under way has to be over; or [`OUTSIDE`], or [`STOPPED`].
    until: AtomicU64,
}

impl Watched {
    /// Stops whatever has taken too long.
    pub(super) fn stop_overdue(&self) {
        // Locked for as long as this takes: a memory that is stopped here cannot be given back meanwhile.
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.nanoseconds(Duration::ZERO);
        for place in places.iter() {
            let until = place.until.load(Ordering::Acquire);
            let overdue = until != STOPPED && until <= now;
            // Where the call ends in this very moment, it or this is first.
            let first = || {
                place.until.compare_exchange(until, STOPPED, Ordering::AcqRel, Ordering::Acquire)
            };
            if overdue && first().is_ok() && !place.take_away() {
                // The system has no room for one more border between pages: the next tick tries again.
                place.until.store(until, Ordering::Release);
            }
        }
    }

    /// Nanoseconds from the start of the clock to the moment that is `later` from now.
    fn nanoseconds(&self, later: Duration) -> u64 {
        let time = self.begun.elapsed().saturating_add(later);
        u64::try_from(time.as_nanos()).unwrap_or(OUTSIDE).clamp(STOPPED + 1, OUTSIDE - 1)
    }
}

impl Place {
    fn take_away(&self) -> bool {
        let page = std::ptr::with_exposed_provenance_mut(self.page);
        // SAFETY: these are whole pages of the memory of an instance which is still there, because it leaves the list of places
        // before it goes, and this list is locked. Of the module only the looks of `stops.rs` read them, and for those
        // wasmtime knows what to do; of this program nobody does (`Exported::bytes`).
        #[allow(
            unsafe_code,
            reason = "the only way to stop a module that does not look at a counter"
        )]
        unsafe { mprotect(page, PAGE, MprotectFlags::empty()) }.is_ok()
    }
}

/// The time limit of one instance.
pub(in crate::engine) struct Watch {
    clock: Arc<Clock>,
    place: Arc<Place>,
}

impl Watch {
    /// For the instance whose page of stops begins at `page`; goes before the instance does.
    pub(in crate::engine) fn new(clock: &Arc<Clock>, page: *mut u8) -> Self {
        let place =
            Arc::new(Place { page: page.expose_provenance(), until: AtomicU64::new(OUTSIDE) });
        let mut places = clock.watched.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.push(place.clone());
        drop(places);
        Self { clock: clock.clone(), place }
    }

    /// A call into the instance begins, which may take so long.
    pub(in crate::engine) fn enter(&self, _store: &mut Store<Cap>, time: Duration) {
        let until = self.clock.watched.nanoseconds(time);
        // Nothing changes where it was stopped: the call will trap.
        let _ =
            self.place.until.compare_exchange(OUTSIDE, until, Ordering::AcqRel, Ordering::Acquire);
    }

    /// The call is over. True when it was stopped, or when the page was taken away just then: the instance is not to be
    /// used any more.
    pub(in crate::engine) fn leave(&self) -> bool {
        let until = self.place.until.load(Ordering::Acquire);
        until == STOPPED
            || self
                .place
                .until
                .compare_exchange(until, OUTSIDE, Ordering::AcqRel, Ordering::Acquire)
                .is_err()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut places = self.clock.watched.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|place| !Arc::ptr_eq(place, &self.place));
    }
}
