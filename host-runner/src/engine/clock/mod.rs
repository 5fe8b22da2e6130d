//! The clock that limits the time of instances.
//!
//! One thread for each loaded module looks every [`TICK`] for calls that have taken longer than they may. How those are stopped
//! is [`Stopping`](super::config::Stopping): wasmtime's epochs cost the engine a tenth to a fifth of its time, a page of stops next to nothing.

#[cfg_attr(target_os = "linux", path = "page.rs")]
#[cfg_attr(not(target_os = "linux"), path = "epochs.rs")]
mod watch;

use std::io;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use watch::Watched;
pub(super) use watch::{OF_ENGINE, Watch, stops};

/// Between two looks at the clock: a limit is met this much late at most.
const TICK: Duration = Duration::from_millis(10);

/// The clock of a module.
#[derive(Debug, Default)]
pub(super) struct Clock {
    watched: Watched,
}

impl Clock {
    /// Starts a thread that lives as long as the clock, and advances the epoch of `engine` too.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub(super) fn start(engine: &wasmtime::Engine) -> io::Result<Arc<Self>> {
        let clock = Arc::new(Self::default());
        let (weak, engine) = (Arc::downgrade(&clock), engine.clone());
        let tick = move || {
            while let Some(clock) = Weak::upgrade(&weak) {
                engine.increment_epoch();
                clock.watched.stop_overdue();
                drop(clock);
                thread::sleep(TICK);
            }
        };
        thread::Builder::new().name("tlvet-clock".to_owned()).spawn(tick)?;
        Ok(clock)
    }
}
