//! `text_speed FILE`: how fast the engine, natively, reads a text or an archive of texts. One line of JSON: megabytes (10^6 bytes) of the
//! file a second, of its reader alone (a text) and of a session that reports in the end (in its two parts), and the peak of the memory in KiB.

use std::fs::File;
use std::io::Read;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};
use tlvet_core::archive::looks_like;
use tlvet_core::report::model::InputRole;
use tlvet_core::session::Session;
use tlvet_core::text::Reader;
use tlvet_core::time::UnixTime;
use tlvet_tests::speed::{in_pieces, peak, tell};

/// Runs over the file; the fastest counts: what else the machine does only ever adds.
const RUNS: usize = 3;

/// Bytes handed over at a time.
const CHUNK: usize = 1 << 20;

/// 2026-11-20T00:00:00Z.
const NOW: UnixTime = UnixTime(1_795_132_800);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file] = arguments.as_slice() else {
        eprintln!("usage: text_speed FILE");
        return ExitCode::from(2);
    };
    tell(measure(file))
}

fn measure(path: &str) -> Result<Value> {
    // Fills the file cache.
    let megabytes = in_pieces(path, CHUNK, |_| {})? as f64 / 1e6;
    let mut head = [0; 512];
    let length = File::open(path)?.read(&mut head)?;
    let is_archive = looks_like(head.get(..length).unwrap_or_default()).is_some();
    let mut alone = Duration::MAX;
    for _ in 0..if is_archive { 0 } else { RUNS } {
        let began = Instant::now();
        let mut reader = Reader::default();
        in_pieces(path, CHUNK, |chunk| reader.push(chunk))?;
        reader.end();
        alone = alone.min(began.elapsed());
    }
    let (mut reading, mut reporting) = (Duration::MAX, Duration::MAX);
    let mut understood = 0;
    for _ in 0..RUNS {
        let began = Instant::now();
        let mut session = Session::new();
        let id = session.open("input", InputRole::Observed)?;
        in_pieces(path, CHUNK, |chunk| session.push(id, chunk))?;
        session.close(id);
        reading = reading.min(began.elapsed());
        let began = Instant::now();
        let report = session.report(NOW);
        reporting = reporting.min(began.elapsed());
        understood = report.logs.iter().map(|log| log.recognised).sum::<u64>();
    }
    Ok(json!({
        "mb_s": (!is_archive).then(|| megabytes / alone.as_secs_f64()),
        "session_mb_s": megabytes / reading.as_secs_f64(),
        "report_s": reporting.as_secs_f64(),
        "understood": understood,
        "peak_kib": peak()?,
    }))
}
