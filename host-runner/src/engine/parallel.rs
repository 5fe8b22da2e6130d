//! Many inputs on many threads, each thread with an instance of its own; results in the inputs' order.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::{Engine, Failure, Instance, Limits, REPORT_LIMITS, Role, Stopped};

/// Results that may wait for an earlier input: bounds the memory when one input is slow.
const AHEAD: usize = 256;

/// An instance that has taken more memory than this for one input is not kept for the next.
const KEEP_BELOW: usize = 64 << 20;

/// Bytes that tell a capture, and an archive that may hold one.
const HEAD: u64 = 512;

/// Something that can be opened and read once.
pub trait Source: Sync {
    /// The name that the report shows.
    fn name(&self) -> String;
    /// What it is given as.
    fn role(&self) -> Role;
    /// How many bytes it has, where that is known before it is read.
    fn length(&self) -> Option<u64> {
        None
    }
    /// Opens it.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn open(&self) -> std::io::Result<Box<dyn Read + Send>>;
}

/// What opens parts of inputs that are closed to others.
#[derive(Clone, Default)]
pub struct Opening {
    /// For PKCS#12 and private keys.
    pub password: Option<String>,
    /// TLS key logs, for captures.
    pub key_logs: Vec<Vec<u8>>,
    /// Files with private keys, for captures: they open RSA key exchange. Only captures get them, because a key under a
    /// password takes long to open.
    pub keys: Vec<Vec<u8>>,
}

/// Reads `sources` on `jobs` threads and calls `take` with each exported input, in the order of
/// `sources`, on the calling thread. An input that stops the engine costs that one instance, nothing else.
/// `opening` is for what the inputs hold closed.
pub fn read_in_order<S: Source>(
    engine: &Engine,
    limits: Limits,
    jobs: usize,
    opening: &Opening,
    sources: &[S],
    mut take: impl FnMut(&S, Result<Vec<u8>, Failure>),
) {
    let queue = Queue::default();
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, sources.len().max(1)) {
            scope.spawn(|| {
                let mut reader = None;
                while let Some((number, source)) = queue.next(sources) {
                    queue.put(number, read(engine, limits, &mut reader, opening, source));
                }
            });
        }
        // A scope waits for its threads also when `take` panics; they must not wait for `take` then.
        let _closed = CloseOnDrop(&queue);
        for (number, source) in sources.iter().enumerate() {
            take(source, queue.get(number));
        }
    });
}

/// Reads one input with the thread's instance, or with a new one where there is none.
fn read(
    engine: &Engine,
    limits: Limits,
    reader: &mut Option<Instance>,
    opening: &Opening,
    source: &impl Source,
) -> Result<Vec<u8>, Failure> {
    let mut bytes = source.open()?;
    let mut instance = match reader.take() {
        Some(mut instance) => {
            instance.limit(limits);
            instance
        }
        None => engine.instance(limits)?,
    };
    open(&mut instance, opening)?;
    let mut head = Vec::new();
    if !opening.keys.is_empty() {
        bytes.by_ref().take(HEAD).read_to_end(&mut head)?;
        if may_hold_capture(&head) {
            for key in &opening.keys {
                instance.read("", Role::Key, Box::new(Cursor::new(key.clone())))?;
            }
        }
    }
    let bytes = Box::new(Cursor::new(head).chain(bytes));
    let length = source.length();
    let input = instance.read_announced(&source.name(), source.role(), bytes, length)?;
    let exported = instance.export(input)?;
    instance.reset()?;
    // Any failure above has dropped the instance: after a trap its memory is not to be trusted.
    if instance.memory_taken() < KEEP_BELOW {
        *reader = Some(instance);
    }
    Ok(exported)
}

/// Reads the only input of a run with the instance that makes the report: nothing has to travel between two, and one memory is
/// enough. After a failure the instance is not to be used any more. Not for an [`Opening`] with keys, which would
/// be inputs of the report.
///
/// # Errors
/// When `source` cannot be read, or the engine stops at it.
pub fn read_alone(
    report: &mut Instance,
    limits: Limits,
    opening: &Opening,
    source: &impl Source,
) -> Result<(), Failure> {
    let bytes = source.open()?;
    report.limit(limits);
    open(report, opening)?;
    report.read_announced(&source.name(), source.role(), bytes, source.length())?;
    report.limit(REPORT_LIMITS);
    Ok(())
}

/// Gives an instance what opens inputs; a reset forgets it.
fn open(instance: &mut Instance, opening: &Opening) -> Result<(), Stopped> {
    if let Some(password) = &opening.password {
        instance.password(password)?;
    }
    for key_log in &opening.key_logs {
        instance.key_log(key_log)?;
    }
    Ok(())
}

/// A file of pcap or pcapng, or an archive. The engine decides what it is; this only says whether it may be one.
fn may_hold_capture(head: &[u8]) -> bool {
    /// pcapng, pcap in both orders and of both kinds, gzip, zip.
    const BEGINNINGS: [&[u8]; 7] = [
        b"\x0a\x0d\x0d\x0a",
        b"\xa1\xb2\xc3\xd4",
        b"\xd4\xc3\xb2\xa1",
        b"\xa1\xb2\x3c\x4d",
        b"\x4d\x3c\xb2\xa1",
        b"\x1f\x8b",
        b"PK",
    ];
    let is_tar = head.get(257..262).is_some_and(|magic| magic == b"ustar");
    is_tar || BEGINNINGS.iter().any(|beginning| head.starts_with(beginning))
}

/// Closes a queue when it goes, so that no thread waits at it any more.
struct CloseOnDrop<'a>(&'a Queue);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.lock().next = usize::MAX;
        self.0.changed.notify_all();
    }
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The next source that a thread takes up; beyond the last when there is none.
    next: usize,
    /// Results that were handed on.
    taken: usize,
    ready: BTreeMap<usize, Result<Vec<u8>, Failure>>,
}

impl Queue {
    /// The next source to read; waits while too many results are waiting.
    fn next<'a, S>(&self, sources: &'a [S]) -> Option<(usize, &'a S)> {
        let full = |state: &mut State| {
            state.next < sources.len() && state.next >= state.taken.saturating_add(AHEAD)
        };
        let mut state =
            self.changed.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        let number = state.next;
        let source = sources.get(number)?;
        state.next += 1;
        Some((number, source))
    }

    fn put(&self, number: usize, result: Result<Vec<u8>, Failure>) {
        self.lock().ready.insert(number, result);
        self.changed.notify_all();
    }

    /// The result of source `number`; waits for it.
    fn get(&self, number: usize) -> Result<Vec<u8>, Failure> {
        let mut state = self.lock();
        loop {
            if let Some(result) = state.ready.remove(&number) {
                state.taken = number + 1;
                drop(state);
                self.changed.notify_all();
                return result;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
