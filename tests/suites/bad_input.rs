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
use tlvet_core::sgn::verify::Candidate;
use tlvet_core::sgn::{self, SignedFile};
use tlvet_core::time::UnixTime;
use tlvet_core::trustlist::{self, file::TrustList};
use tlvet_core::x509::Certificate;
use tlvet_core::x509::container::{self, ItemContent};
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
    /// The certificate that a signed file is verified with; `None` for trust lists, which carry theirs.
    signer: Option<Certificate>,
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

/// Families of vectors that carry a signature; messages on the wire have suites of their own.
const SIGNED: [&str; 4] = ["ctl", "enc", "itl", "sgn"];

/// The signed vectors that are to be accepted, of both sets.
fn good_files() -> anyhow::Result<Vec<Good>> {
    let mut found = Vec::new();
    for set in ["vectors", "vectors_own"] {
        let root = folder().join(set);
        for family in SIGNED.iter().map(|family| root.join(family)).filter(|path| path.is_dir()) {
            for path in files_below(&family)? {
                if path.extension().is_some_and(|extension| extension == "json") {
                    found.extend(good_file(&root, &path)?);
                }
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
    let mut signer = None;
    if matches!(text("kind"), Some("sgn" | "enc")) {
        let certificate = text("signer_certificate").context("signer_certificate")?;
        let certificate = fs::read(root.join(certificate))?;
        signer = first_certificate(&certificate);
        ensure!(signer.is_some(), "{file}: no signer");
        others.push((InputRole::Trust, certificate));
    }
    if let Some(key) = text("device_key") {
        others.push((InputRole::Key, fs::read(root.join(key))?));
    }
    Ok(Some(Good { name: file.to_owned(), bytes, others, signer }))
}

fn first_certificate(pem: &[u8]) -> Option<Certificate> {
    container::read(pem)?.items.into_iter().find_map(|item| match item.content {
        ItemContent::Certificate(certificate) => Some(*certificate),
        _ => None,
    })
}

/// Judges the damaged forms of every good file on all cores: `form(file, n)` makes the n-th one, or `None` when there
/// is none. The parsers and verifiers see all of them; the whole report is made for one in `step`.
fn judge(
    step: usize,
    form: impl Fn(&Good, usize) -> Option<(String, Vec<u8>)> + Sync,
) -> Result<()> {
    let files = good_files()?;
    let wrong = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let judged = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(good) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let size = good.bytes.len();
                    for n in 0..size {
                        // The header and the first record are where the structure is.
                        if size > EVERY_BYTE && n >= 700 && n % (size / 500) != 0 && size - n > 40 {
                            continue;
                        }
                        let Some((what, bytes)) = form(good, n) else { continue };
                        judged.fetch_add(1, Ordering::Relaxed);
                        let whole = n % step == 0 || n < 20;
                        let problems = judge_one(good, &bytes, whole);
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
    if wrong.is_empty() && judged < 30_000 {
        wrong.push(format!("only {judged} damaged files were judged"));
    }
    println!("{judged} damaged files judged");
    Failure::unless_empty(&wrong, "damaged files that are not reported well")
}

fn judge_one(good: &Good, bytes: &[u8], whole: bool) -> Vec<String> {
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let mut wrong = judge_parsers(good, bytes);
        if whole {
            let report = good.report(bytes);
            wrong.extend(rules::broken(&report));
            if rules::claims_verified(&report) {
                wrong.push("is called verified".to_owned());
            }
        }
        wrong
    }));
    judged.unwrap_or_else(|_| vec!["panics".to_owned()])
}

/// What reads and verifies, without the report around it.
fn judge_parsers(good: &Good, bytes: &[u8]) -> Vec<String> {
    let mut wrong = Vec::new();
    let (verified, problems) = match &good.signer {
        None => {
            let list = TrustList::read(bytes);
            let outcome = trustlist::verify::verify(&list);
            let verified = matches!(outcome, trustlist::verify::Outcome::Verified(_));
            (verified, [list.header.problems, list.problems])
        }
        Some(signer) => {
            let file = SignedFile::read(bytes);
            let verdict = sgn::verify::verify(&file, std::iter::once(Candidate::Trusted(signer)));
            let verified = matches!(verdict.outcome, sgn::verify::Outcome::Verified { .. });
            (verified, [file.header.problems, file.problems])
        }
    };
    if verified {
        wrong.push("is verified".to_owned());
    }
    let places =
        problems.iter().flat_map(|problems| &problems.list).map(|problem| problem.error.at);
    for at in places.filter(|at| *at > bytes.len() as u64) {
        wrong.push(format!("names offset {at} in {} bytes", bytes.len()));
    }
    wrong
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
    judge(31, |good, length| Some((format!("cut at {length}"), good.bytes.get(..length)?.to_vec())))
}

#[test]
fn one_bit_of_every_byte() -> Result<()> {
    judge(31, |good, at| {
        // Another bit in each byte, so that all eight meet every kind of field.
        let bit = at * 5 % 8;
        let mut bytes = good.bytes.clone();
        *bytes.get_mut(at)? ^= 1 << bit;
        Some((format!("bit {bit} of byte {at}"), bytes))
    })
}

#[test]
fn lengths_that_lie() -> Result<()> {
    judge(61, |good, at| {
        let value = [[0, 0], [0, 1], [0xff, 0xff]].get(at % 3).copied()?;
        let mut bytes = good.bytes.clone();
        let place = bytes.get_mut(at..at + 2)?;
        if place == value {
            return None;
        }
        place.copy_from_slice(&value);
        Some((format!("{value:02x?} at {at}"), bytes))
    })
}

#[test]
fn bytes_behind_the_end() -> Result<()> {
    let mut wrong = Vec::new();
    for good in good_files()? {
        for tail in [&b"\0"[..], b"\r", b"\n", b"\x01\x00\x02\x00\x05", &[0xff; 300]] {
            let bytes = [good.bytes.as_slice(), tail].concat();
            let lines = judge_one(&good, &bytes, true).into_iter();
            wrong.extend(lines.map(|line| format!("{} + {tail:02x?}: {line}", good.name)));
        }
        let twice = good.bytes.repeat(2);
        wrong.extend(
            judge_one(&good, &twice, true)
                .into_iter()
                .map(|line| format!("{} twice: {line}", good.name)),
        );
    }
    Failure::unless_empty(&wrong, "files with more behind them")
}

/// JSON of reports on damaged files is JSON, and not much larger than what it reports on.
#[test]
fn json_of_damaged_files_is_json() -> Result<()> {
    let mut wrong = Vec::new();
    for good in good_files()? {
        for length in (0..good.bytes.len()).step_by(good.bytes.len() / 20 + 1) {
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

#[test]
fn more_than_is_kept_is_hashed_and_not_judged() -> Result<()> {
    let mut session = Session::new();
    let id = session
        .open("huge.tlv", InputRole::Observed)
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    // Begins like a trust list, so that only its size keeps it from being read as one.
    let chunk: Vec<u8> =
        [1, 0, 2, 1, 2].into_iter().chain(std::iter::repeat_n(0, 1 << 20)).collect();
    let chunks = tlvet_core::limits::BUFFERED_INPUT / chunk.len() + 1;
    for _ in 0..chunks {
        session.push(id, &chunk);
    }
    session.close(id);
    let report = session.report(UnixTime(1_795_000_000));
    let input = report.inputs.first().context("one input")?;
    ensure_eq(&input.bytes, &((chunks * chunk.len()) as u64))?;
    ensure_eq(&input.kind, &tlvet_core::report::model::InputKind::Unknown)?;
    ensure_eq(
        &input.sha256,
        &tlvet_core::bytes::hex(&tlvet_core::digest::sha256(&chunk.repeat(chunks))),
    )?;
    let finding = report.findings.first().context("one finding")?;
    ensure_eq(&finding.code.as_str(), &"input_unrecognised")?;
    ensure_eq(&finding.title.as_str(), &"huge.tlv is too large to be read as a whole")?;
    Ok(())
}

fn ensure_eq<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> anyhow::Result<()> {
    ensure!(found == expected, "found {found:?}, expected {expected:?}");
    Ok(())
}
