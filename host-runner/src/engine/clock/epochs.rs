//! Stops instances by wasmtime's epochs: the module compares them with the limit of its store.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use wasmtime::Store;

use super::{Clock, TICK};
use crate::engine::config::Stopping;
use crate::engine::limits::Cap;

/// How the engine's modules are stopped here.
pub(in crate::engine) const OF_ENGINE: Stopping = Stopping::Epochs;

/// There is no page of stops.
pub(in crate::engine) fn stops(size: usize) -> Option<Range<usize>> {
    Some(size..size)
}

/// Nothing is kept: stores know their limits.
#[derive(Debug, Default)]
pub(super) struct Watched;

impl Watched {
    pub(super) fn stop_overdue(&self) {}
}

/// The time limit of one instance.
pub(in crate::engine) struct Watch {
    /// Kept, because it ticks for as long as somebody has it.
    _clock: Arc<Clock>,
}

impl Watch {
    pub(in crate::engine) fn new(clock: &Arc<Clock>, _page: *mut u8) -> Self {
        Self { _clock: clock.clone() }
    }

    /// A call into the instance begins, which may take so long.
    pub(in crate::engine) fn enter(&self, store: &mut Store<Cap>, time: Duration) {
        // Rounded up, and never so few that the next tick alone ends the call.
        let ticks =
            u64::try_from(time.as_nanos().div_ceil(TICK.as_nanos())).unwrap_or(u64::MAX / 2);
        store.set_epoch_deadline(ticks + 1);
    }

    /// The call is over; whether it was stopped is what it ended with.
    pub(in crate::engine) fn leave(&self) -> bool {
        false
    }
}
