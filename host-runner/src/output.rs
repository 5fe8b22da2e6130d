//! What leaves the program: the report on standard output, messages and progress on standard error, the
//! exit code.

use std::env;
use std::io::{self, IsTerminal as _, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use tlvet_host::engine::Failure;

/// Columns of text where no terminal says how many it has.
const COLUMNS: u16 = 100;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: nothing to complain about.
    Clean,
    /// 1: findings at or above `--fail-on`.
    Findings,
    /// 2: the command line cannot be followed.
    Usage,
    /// 3: an input could not be read, or the output not be written.
    Unreadable,
}

impl Exit {
    /// Ends the program. Its memory goes back to the system as a whole: taking the engine apart first
    /// would only cost time.
    pub(crate) fn finish(self) -> ! {
        std::process::exit(match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Unreadable => 3,
        })
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.finish()
    }
}

/// Writes to standard output. A reader that has gone away (`tlvet … | head`) is no error.
pub(crate) fn print(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Has `write` write to standard output, piece by piece; ends as [`print()`] where the reader has gone away.
pub(crate) fn print_with(
    write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| Ok(out.flush()?)) {
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// A message on standard error. Where that is closed there is nobody to tell.
pub(crate) fn complain(message: &str) {
    let _ = writeln!(io::stderr().lock(), "tlvet: {message}");
}

/// Colours on standard output: on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
pub(crate) fn colour() -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || env::var_os("TERM").is_some_and(|value| value == "dumb");
    io::stdout().is_terminal() && !refused
}

/// Columns to wrap text to.
pub(crate) fn width() -> u16 {
    match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(columns), _)) => columns,
        None => COLUMNS,
    }
}

/// A line on standard error that counts inputs, when that is a terminal and there is time to read it.
pub(crate) struct Progress {
    total: usize,
    done: usize,
    next: Option<Instant>,
    shown: bool,
}

impl Progress {
    const PAUSE: Duration = Duration::from_millis(200);

    /// For `total` inputs; never shown when `quiet`.
    pub(crate) fn new(total: usize, quiet: bool) -> Self {
        let visible = !quiet && io::stderr().is_terminal();
        let next = visible.then(|| Instant::now() + Self::PAUSE);
        Self { total, done: 0, next, shown: false }
    }

    /// One more input is done.
    pub(crate) fn step(&mut self) {
        self.done += 1;
        let now = Instant::now();
        if self.next.is_some_and(|next| now >= next) {
            self.next = Some(now + Self::PAUSE);
            self.shown = true;
            let _ = write!(io::stderr().lock(), "\rtlvet: {} of {} inputs", self.done, self.total);
        }
    }

    /// Takes the line away, so that a message can stand there.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}
