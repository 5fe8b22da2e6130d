//! Why the engine gave no answer.

use std::fmt;
use std::io;

use wasmtime::Trap;

use super::Limits;
use super::limits::CapReached;

/// Why a call into the engine gave no answer. The instance is not to be used any more, except after
/// [`Stopped::Refused`].
#[derive(Debug)]
pub enum Stopped {
    /// It asked for more memory than it may take.
    Memory(Limits),
    /// It ran for longer than it may.
    Time(Limits),
    /// It panicked; where, and why.
    Panicked(String),
    /// It trapped without a word: stack overflow, or a fault of the engine.
    Trapped(String),
    /// It says no: a bad option, too many inputs.
    Refused(String),
}

impl Stopped {
    /// From the error of a call, and the message that the guest left.
    pub(super) fn from_call(
        error: &wasmtime::Error,
        limits: Limits,
        message: Option<String>,
    ) -> Self {
        if error.is::<CapReached>() {
            return Self::Memory(limits);
        }
        match (error.downcast_ref::<Trap>(), message) {
            (Some(Trap::Interrupt), _) => Self::Time(limits),
            (Some(Trap::UnreachableCodeReached), Some(message)) => Self::Panicked(message),
            (Some(trap), _) => Self::Trapped(trap.to_string()),
            (None, _) => Self::Trapped(format!("{error:#}")),
        }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(limits) => {
                write!(
                    f,
                    "the engine was stopped: it needs more than {} MiB of memory",
                    limits.memory >> 20
                )
            }
            Self::Time(limits) => {
                write!(
                    f,
                    "the engine was stopped: it needs more than {} s",
                    limits.time.as_secs_f64()
                )
            }
            Self::Panicked(message) => write!(f, "the engine stopped at {message}"),
            Self::Trapped(reason) => write!(f, "the engine stopped: {reason}"),
            Self::Refused(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Stopped {}

/// Why an input could not be read.
#[derive(Debug)]
pub enum Failure {
    /// The file or pipe gave no bytes.
    Io(io::Error),
    /// The engine gave no answer.
    Stopped(Stopped),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Stopped(stopped) => stopped.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        Self::Stopped(stopped)
    }
}
