//! Damaged input: every good file cut at every length, and one bit of every byte flipped.
//!
//! Whatever comes in, there is a report that keeps the rules of all reports (offsets lie in the file, evidence is
//! there, the verdict follows from the findings), nothing panics, and nothing is called verified.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tlvet_core::report::json;
use tlvet_core::report::model::{InputRole, Report};
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::{Failure, files_below, folder, rules};

type Result<T> = std::result::Result<T, Failure>;

/// Files up to this size are cut at every length and flipped at every byte.
const EVERY_BYTE: usize = 6 * 1024;

/// Reports beyond this many are enough to see what is wrong.
const REPORTED: usize = 20;

/// A file that is verified as it is, with what it takes.
struct Good {
    name: String,
    bytes: Vec<u8>,
    others: Vec<(InputRole, Vec<u8>)>,
}

impl Good {
    fn report(&self, bytes: &[u8]) -> Report {
        let mut session = Session::new();
        let main = (InputRole::Observed, bytes);
        let others = self.others.iter().map(|(role, bytes)| (*role, bytes.as_slice()));
        for (role, bytes) in std::iter::once(main).chain(others) {
            if let Ok(id) = session.open(&self.name, role) {
                session.push(id, bytes);
                session.close(id);
            }
        }
        session.report(UnixTime(1_795_000_000))
    }
}

/// The vectors that are to be accepted, of both sets.
fn good_files() -> anyhow::Result<Vec<Good>> {
    let mut found = Vec::new();
    for set in ["vectors", "vectors_own"] {
        let root = folder().join(set);
        if !root.is_dir() {
            continue;
        }
        for path in files_below(&root)? {
            if path.extension().is_some_and(|extension| extension == "json") {
                found.extend(good_file(&root, &path)?);
            }
        }
    }
    ensure!(found.len() > 15, "only {} good files", found.len());
    Ok(found)
}

fn good_file(root: &Path, truth_file: &Path) -> anyhow::Result<Option<Good>> {
    let truth: Value = serde_json::from_slice(&fs::read(truth_file)?)?;
    let text = |key: &str| truth.get(key).and_then(Value::as_str);
    if text("expected") != Some("accept") {
        return Ok(None);
    }
    let file = text("file").context("file")?;
    let bytes = fs::read(truth_file.with_file_name(file))?;
    let mut others = Vec::new();
    if matches!(text("kind"), Some("sgn" | "enc")) {
        let certificate = text("signer_certificate").context("signer_certificate")?;
        others.push((InputRole::Trust, fs::read(root.join(certificate))?));
    }
    if let Some(key) = text("device_key") {
        others.push((InputRole::Key, fs::read(root.join(key))?));
    }
    Ok(Some(Good { name: file.to_owned(), bytes, others }))
}

/// Places in a file of `length` bytes: all of them, or enough of them.
fn places(length: usize) -> impl Iterator<Item = usize> {
    let step = if length <= EVERY_BYTE { 1 } else { length / 1000 + 1 };
    // The header and the first record are where the structure is.
    (0..length).filter(move |at| *at < 700 || at % step == 0 || length - at < 40)
}

/// Judges every damaged form of every good file, on all cores.
fn judge(damaged: impl Fn(&Good) -> Vec<(String, Vec<u8>)> + Sync) -> Result<()> {
    let files = good_files()?;
    let wrong = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let judged = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(good) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for (what, bytes) in damaged(good) {
                        judged.fetch_add(1, Ordering::Relaxed);
                        let problems = judge_one(good, &bytes);
                        if let Ok(mut wrong) = wrong.lock() {
                            let lines = problems.into_iter();
                            wrong.extend(lines.map(|line| format!("{} {what}: {line}", good.name)));
                            if wrong.len() >= REPORTED {
                                return;
                            }
                        }
                    }
                }
            });
        }
    });
    let judged = judged.into_inner();
    let mut wrong = wrong.into_inner().unwrap_or_default();
    if wrong.is_empty() && judged < 10_000 {
        wrong.push(format!("only {judged} damaged files were judged"));
    }
    println!("{judged} damaged files judged");
    Failure::unless_empty(&wrong, "damaged files that are not reported well")
}

fn judge_one(good: &Good, bytes: &[u8]) -> Vec<String> {
    match catch_unwind(AssertUnwindSafe(|| good.report(bytes))) {
        Ok(report) => {
            let mut wrong = rules::broken(&report);
            if rules::claims_verified(&report) {
                wrong.push("is called verified".to_owned());
            }
            wrong
        }
        Err(_) => vec!["panics".to_owned()],
    }
}

#[test]
fn good_files_are_verified_before_they_are_damaged() -> Result<()> {
    let mut wrong = Vec::new();
    for good in good_files()? {
        let firmware = good.name.contains("firmware");
        if rules::claims_verified(&good.report(&good.bytes)) == firmware {
            wrong.push(format!("{}: firmware {firmware}, and yet", good.name));
        }
    }
    Failure::unless_empty(&wrong, "good files")
}

#[test]
fn cut_at_every_length() -> Result<()> {
    judge(|good| {
        places(good.bytes.len())
            .map(|length| {
                let cut = good.bytes.get(..length).unwrap_or_default().to_vec();
                (format!("cut at {length}"), cut)
            })
            .collect()
    })
}

#[test]
fn one_bit_of_every_byte() -> Result<()> {
    judge(|good| {
        places(good.bytes.len())
            .map(|at| {
                // Another bit in each byte, so that all eight meet every kind of field.
                let bit = at * 5 % 8;
                let mut bytes = good.bytes.clone();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
                (format!("bit {bit} of byte {at}"), bytes)
            })
            .collect()
    })
}

#[test]
fn lengths_that_lie() -> Result<()> {
    judge(|good| {
        let length = good.bytes.len();
        places(length.min(EVERY_BYTE))
            .flat_map(|at| {
                [[0, 0], [0, 1], [0xff, 0xff]].map(|value| {
                    let mut bytes = good.bytes.clone();
                    if let Some(place) = bytes.get_mut(at..at + 2)
                        && place != value
                    {
                        place.copy_from_slice(&value);
                    } else if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 0x80;
                    }
                    (format!("{value:02x?} at {at}"), bytes)
                })
            })
            .collect()
    })
}

#[test]
fn bytes_behind_the_end() -> Result<()> {
    let mut wrong = Vec::new();
    for good in good_files()? {
        for tail in [&b"\0"[..], b"\r", b"\n", b"\x01\x00\x02\x00\x05", &[0xff; 300]] {
            let bytes = [good.bytes.as_slice(), tail].concat();
            let lines = judge_one(&good, &bytes).into_iter();
            wrong.extend(lines.map(|line| format!("{} + {tail:02x?}: {line}", good.name)));
        }
        let twice = good.bytes.repeat(2);
        wrong.extend(
            judge_one(&good, &twice).into_iter().map(|line| format!("{} twice: {line}", good.name)),
        );
    }
    Failure::unless_empty(&wrong, "files with more behind them")
}

/// JSON of reports on damaged files is JSON, and not much larger than what it reports on.
#[test]
fn json_of_damaged_files_is_json() -> Result<()> {
    let mut wrong = Vec::new();
    for good in good_files()? {
        for length in places(good.bytes.len()).step_by(97) {
            let report = good.report(good.bytes.get(..length).unwrap_or_default());
            let text = json::render(&report);
            if serde_json::from_str::<Value>(&text).is_err() {
                wrong.push(format!("{} cut at {length}: no JSON", good.name));
            }
            if text.len() > 200_000 {
                wrong.push(format!("{} cut at {length}: {} bytes of JSON", good.name, text.len()));
            }
        }
    }
    Failure::unless_empty(&wrong, "reports")
}
