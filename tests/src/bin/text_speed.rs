//! `text_speed FILE`: how fast the engine, natively, reads a text. One line of JSON: megabytes a second of the fastest of some
//! runs, lines, and lines that were understood.

use std::process::ExitCode;
use std::time::Instant;

use serde_json::json;
use tlvet_core::text::Reader;

/// Runs over the text; the fastest counts: what else the machine does only ever adds.
const RUNS: usize = 3;

/// Bytes handed over at a time, as the doors do.
const CHUNK: usize = 64 * 1024;

fn main() -> ExitCode {
    let path = std::env::args().nth(1);
    let Some(bytes) = path.and_then(|path| std::fs::read(path).ok()) else {
        eprintln!("usage: text_speed FILE");
        return ExitCode::from(2);
    };
    let mut best = f64::INFINITY;
    let (mut lines, mut understood) = (0, 0);
    for _ in 0..RUNS {
        let began = Instant::now();
        let mut reader = Reader::default();
        for chunk in bytes.chunks(CHUNK) {
            reader.push(chunk);
        }
        let text = reader.end();
        best = best.min(began.elapsed().as_secs_f64());
        (lines, understood) = (text.lines, text.understood());
    }
    let megabytes = bytes.len() as f64 / 1e6;
    println!("{}", json!({ "mb_s": megabytes / best, "lines": lines, "understood": understood }));
    ExitCode::SUCCESS
}
