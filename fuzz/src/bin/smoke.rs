//! `smoke SECONDS [TARGET]...`: replays the corpus of every target and then mutates it for so many seconds,
//! on the stable compiler. Blind where cargo-fuzz sees, but it needs nothing but cargo. `smoke --list` prints
//! each target with its dictionary.
//!
//! A run is repeatable: the same corpus gives the same inputs in the same order. An input that breaks a
//! target is kept in `fuzz/artifacts/TARGET/`.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use tlvet_fuzz::mutate::mutate;
use tlvet_fuzz::random::Random;
use tlvet_fuzz::{TARGETS, Target, dictionary};

/// No input of a few KiB may take longer.
const PATIENCE: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["--list"] {
        TARGETS.iter().for_each(|target| println!("{} {}", target.name, target.dictionary));
        return ExitCode::SUCCESS;
    }
    let Some((seconds, names)) = arguments
        .split_first()
        .and_then(|(seconds, names)| Some((Duration::from_secs(seconds.parse().ok()?), names)))
    else {
        eprintln!("usage: smoke SECONDS [TARGET]... | smoke --list");
        return ExitCode::from(2);
    };
    if let Some(unknown) =
        names.iter().find(|name| TARGETS.iter().all(|target| target.name != **name))
    {
        eprintln!("no target {unknown}");
        return ExitCode::from(2);
    }
    let wanted = TARGETS
        .iter()
        .filter(|target| names.is_empty() || names.iter().any(|name| name == target.name));
    let broken: Vec<_> =
        wanted.filter(|target| !fuzz(target, seconds)).map(|target| target.name).collect();
    if broken.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("broken: {}", broken.join(", "));
    ExitCode::FAILURE
}

/// Runs one target for `time`; false when an input broke it.
fn fuzz(target: &Target, time: Duration) -> bool {
    let Material { seeds, words } = match material(target) {
        Ok(found) => found,
        Err(message) => {
            eprintln!("{}: {message}", target.name);
            return false;
        }
    };
    let watch = watchdog(target.name);
    let run = |data: &[u8]| {
        // The watchdog lives as long as the sender, so it always listens.
        let _ = watch.send(Some(data.to_vec()));
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(data)));
        let _ = watch.send(None);
        if outcome.is_err() {
            eprintln!("{}: broken by {}", target.name, keep(target.name, data).display());
        }
        outcome.is_ok()
    };
    if !seeds.iter().all(|seed| run(seed)) {
        return false;
    }
    let mut random = Random::new(0x0074_6c76_6574);
    let start = Instant::now();
    let mut runs = 0_u64;
    while start.elapsed() < time {
        let mut data = random.pick(&seeds).cloned().unwrap_or_default();
        let other = random.pick(&seeds).cloned().unwrap_or_default();
        mutate(&mut data, &mut random, &words, &other);
        runs += 1;
        if !run(&data) {
            return false;
        }
    }
    println!("{}: {} seeds, {runs} mutated inputs, nothing broke", target.name, seeds.len());
    true
}

/// What inputs are made from.
struct Material {
    /// The corpus in the order of its names.
    seeds: Vec<Vec<u8>>,
    /// The dictionary's.
    words: Vec<Vec<u8>>,
}

fn material(target: &Target) -> Result<Material, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("corpus").join(target.name);
    let mut seeds = BTreeMap::new();
    for entry in fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        let data = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        seeds.insert(path, data);
    }
    let file = here.join("dictionaries").join(target.dictionary);
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let words = dictionary::parse(&text)
        .map_err(|line| format!("{}:{line}: not of the form", file.display()))?;
    Ok(Material { seeds: seeds.into_values().collect(), words })
}

/// Ends the program when an input takes too long: nothing else can end a loop without end. Gets each input
/// before it runs, and `None` after.
fn watchdog(target: &'static str) -> Sender<Option<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel::<Option<Vec<u8>>>();
    thread::spawn(move || {
        while let Ok(message) = receiver.recv() {
            let Some(data) = message else { continue };
            match receiver.recv_timeout(PATIENCE) {
                Ok(_done) => {}
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    eprintln!(
                        "{target}: more than {PATIENCE:?} for {}",
                        keep(target, &data).display()
                    );
                    std::process::exit(1);
                }
            }
        }
    });
    sender
}

/// Writes an input where cargo-fuzz writes its own, named after its content.
fn keep(target: &str, data: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts").join(target);
    let mark = data.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let file = folder.join(format!("broken-{mark:016x}"));
    if let Err(error) = fs::create_dir_all(&folder).and_then(|()| fs::write(&file, data)) {
        eprintln!("{}: {error}", file.display());
    }
    file
}
