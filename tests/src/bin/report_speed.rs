//! `report_speed FILE...`: how long the engine, natively, makes the report of inputs that it has read, and what the report is. One line of
//! JSON: milliseconds of the fastest of five, brief and whole, what the forms of the whole one take and their SHA-256.

use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};
use tlvet_core::bytes::hex;
use tlvet_core::digest;
use tlvet_core::report::model::InputRole;
use tlvet_core::report::text::Style;
use tlvet_core::report::{json as json_form, markdown, text};
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::speed::{in_pieces, tell};

/// 2026-01-01, for every report.
const NOW: UnixTime = UnixTime(1_767_225_600);
const ROUNDS: usize = 5;
/// Bytes handed over at a time.
const PIECE: usize = 256 << 10;

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: report_speed FILE...");
        return ExitCode::from(2);
    }
    tell(measure(&files))
}

fn measure(files: &[String]) -> Result<Value> {
    let mut session = Session::new();
    let start = Instant::now();
    for file in files {
        read(&mut session, file)?;
    }
    let reading = milliseconds(start);
    let (brief, _) = fastest(|| session.report_brief(NOW));
    let (whole, report) = fastest(|| session.report(NOW));
    let mut line = Map::new();
    line.insert("reading_ms".to_owned(), reading.into());
    line.insert("brief_ms".to_owned(), brief.into());
    line.insert("whole_ms".to_owned(), whole.into());
    line.insert("findings".to_owned(), report.findings.len().into());
    let brief = Style { brief: true, ..Style::default() };
    line.insert("json".to_owned(), form(|| json_form::render(&report)));
    line.insert("markdown".to_owned(), form(|| markdown::render(&report)));
    line.insert("text".to_owned(), form(|| text::render(&report, Style::default())));
    line.insert("brief_text".to_owned(), form(|| text::render(&report, brief)));
    Ok(Value::Object(line))
}

/// What it takes to write one form of a report, and what is written.
fn form(render: impl Fn() -> String) -> Value {
    let (took, text) = fastest(render);
    json!({ "ms": took, "bytes": text.len(), "sha256": hex(&digest::sha256(text.as_bytes())) })
}

fn read(session: &mut Session, path: &str) -> Result<()> {
    let id = session.open(path, InputRole::Observed)?;
    session.announce(id, fs::metadata(path).with_context(|| path.to_owned())?.len());
    in_pieces(path, PIECE, |piece| session.push(id, piece))?;
    session.close(id);
    Ok(())
}

/// What `make` takes at least, in milliseconds with one decimal, and what it makes.
fn fastest<T>(make: impl Fn() -> T) -> (f64, T) {
    let start = Instant::now();
    let made = make();
    let first = milliseconds(start);
    let others = (1..ROUNDS).map(|_| {
        let start = Instant::now();
        let made = make();
        let took = milliseconds(start);
        drop(made);
        took
    });
    (others.fold(first, f64::min), made)
}

fn milliseconds(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 10_000.0).round() / 10.0
}
