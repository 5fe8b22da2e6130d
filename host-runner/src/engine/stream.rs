//! A stream of pieces on many threads, each thread with an instance of its own; results in the stream's order, and no
//! more pieces in memory than threads can work on.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Pieces that wait for a thread, for each thread.
const WAITING: usize = 2;

/// Calls `work` for each of `pieces` on `jobs` threads, each with a state of its own made by `start`, and `take` with each result
/// in the order of the pieces, on the calling thread. Ends early, with its error, when `take` fails.
///
/// # Errors
/// What `take` fails with.
pub fn map_in_order<P: Send, S, R: Send, E>(
    jobs: usize,
    mut pieces: impl Iterator<Item = P>,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, P) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let jobs = jobs.max(1);
    let room = jobs.saturating_mul(WAITING);
    let (give, given) = sync_channel::<(usize, P)>(room);
    let (done, results) = sync_channel::<(usize, thread::Result<R>)>(room.saturating_add(jobs));
    let given = Mutex::new(given);
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (done, given, start, work) = (done.clone(), &given, &start, &work);
            scope.spawn(move || {
                let mut state = start();
                while let Some((number, piece)) = next(given) {
                    // A result that never comes would be waited for without end.
                    let result = catch_unwind(AssertUnwindSafe(|| work(&mut state, piece)));
                    let panicked = result.is_err();
                    if done.send((number, result)).is_err() || panicked {
                        return;
                    }
                }
            });
        }
        drop(done);
        // Moved in, so that the threads end when this closure does, also when it ends early.
        let give = give;
        let results = results;
        let (mut sent, mut taken) = (0_usize, 0_usize);
        let mut ready = BTreeMap::new();
        let mut open = true;
        loop {
            while open && sent.saturating_sub(taken) < room {
                match pieces.next() {
                    Some(piece) => {
                        if give.send((sent, piece)).is_err() {
                            return Ok(());
                        }
                        sent += 1;
                    }
                    None => open = false,
                }
            }
            if taken == sent && !open {
                return Ok(());
            }
            let Ok((number, result)) = results.recv() else { return Ok(()) };
            ready.insert(number, result);
            while let Some(result) = ready.remove(&taken) {
                taken += 1;
                take(result.unwrap_or_else(|panic| resume_unwind(panic)))?;
            }
        }
    })
}

fn next<P>(given: &Mutex<Receiver<P>>) -> Option<P> {
    given.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        for jobs in [1, 3, 8] {
            let mut seen = Vec::new();
            let done: Result<(), ()> = map_in_order(
                jobs,
                0..1000_u64,
                || 0_u64,
                |count, piece| {
                    *count += 1;
                    piece
                },
                |result| {
                    seen.push(result);
                    Ok(())
                },
            );
            assert_eq!(done, Ok(()));
            assert_eq!(seen, (0..1000).collect::<Vec<_>>());
        }
    }

    #[test]
    #[should_panic(expected = "piece 7")]
    fn a_panic_in_the_work_reaches_the_caller() {
        let work = |(): &mut (), piece: u64| assert_ne!(piece, 7, "piece 7");
        let _: Result<(), ()> = map_in_order(3, 0..100, || (), work, |()| Ok(()));
    }

    #[test]
    fn a_failing_taker_ends_everything() {
        let mut count = 0;
        let done = map_in_order(
            4,
            0..,
            || (),
            |(), piece: u64| piece,
            |result| {
                count += 1;
                if result == 10 { Err("enough") } else { Ok(()) }
            },
        );
        assert_eq!((done, count), (Err("enough"), 11));
    }
}
