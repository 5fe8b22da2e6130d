//! `text_speed FILE`: how fast the engine, natively, reads a text or an archive of texts. One line of JSON: megabytes (10^6 bytes) of the
//! file a second, of its reader alone (a text) and of a session that reports in the end (in its two parts), and the peak of the memory in KiB.

use std::fs::{self, File};
use std::io::Read;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tlvet_core::archive::looks_like;
use tlvet_core::report::model::InputRole;
use tlvet_core::session::Session;
use tlvet_core::text::Reader;
use tlvet_core::time::UnixTime;

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
    match measure(file) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(path: &str) -> Result<Value> {
    // Fills the file cache.
    let megabytes = push(path, |_| {})? as f64 / 1e6;
    let mut head = [0; 512];
    let length = File::open(path)?.read(&mut head)?;
    let is_archive = looks_like(head.get(..length).unwrap_or_default()).is_some();
    let mut alone = Duration::MAX;
    for _ in 0..if is_archive { 0 } else { RUNS } {
        let began = Instant::now();
        let mut reader = Reader::default();
        push(path, |chunk| reader.push(chunk))?;
        reader.end();
        alone = alone.min(began.elapsed());
    }
    let (mut reading, mut reporting) = (Duration::MAX, Duration::MAX);
    let mut understood = 0;
    for _ in 0..RUNS {
        let began = Instant::now();
        let mut session = Session::new();
        let id = session.open("input", InputRole::Observed)?;
        push(path, |chunk| session.push(id, chunk))?;
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

/// Hands the file over piece by piece; how many bytes it has.
fn push(path: &str, mut take: impl FnMut(&[u8])) -> Result<u64> {
    let mut file = File::open(path).with_context(|| path.to_owned())?;
    let mut chunk = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            return Ok(bytes);
        }
        bytes += length as u64;
        take(chunk.get(..length).unwrap_or_default());
    }
}

/// The most memory that this process ever used, in KiB.
fn peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
    let number = line.split_whitespace().next().context("VmHWM")?;
    Ok(number.parse()?)
}
