//! `capture_mix MEGABYTES FILE`: a capture of traffic as a phone system's switch sees it, for benchmarks, and the
//! truth about it in `FILE.truth.json`, one line for each part.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use tlvet_tests::capture::generate::{Certificates, Mix, generate};
use tlvet_tests::capture::write::{Order, pcap};
use tlvet_tests::{files_below, folder};

/// Conversations generated at one time: about 15 MB.
const CONVERSATIONS: usize = 300;

/// Bytes of the header of a pcap file.
const HEADER: usize = 24;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [megabytes, file] = arguments.as_slice() else {
        eprintln!("usage: capture_mix MEGABYTES FILE");
        return ExitCode::from(2);
    };
    match write(megabytes, Path::new(file)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write(megabytes: &str, path: &Path) -> Result<()> {
    let wanted = megabytes.parse::<u64>().with_context(|| format!("MEGABYTES {megabytes}"))?;
    let wanted = wanted.saturating_mul(1_000_000);
    let certificates = certificates()?;
    let mut file = BufWriter::new(File::create(path)?);
    let mut truth = BufWriter::new(File::create(path.with_added_extension("truth.json"))?);
    let mut written = 0;
    let mut begin = 1_790_000_000_000_000_000;
    for seed in 0.. {
        let mix = Mix { seed, conversations: CONVERSATIONS, begin, loss: 0, body: 300_000 };
        let (records, facts) = generate(&mix, &certificates);
        begin = records.last().map_or(begin, |record| record.time) + 1_000_000;
        let part = pcap(&records, Order::Little, false, 1, 1 << 18);
        let part = if seed == 0 { &part } else { part.get(HEADER..).unwrap_or_default() };
        file.write_all(part)?;
        written += part.len() as u64;
        serde_json::to_writer(&mut truth, &facts)?;
        truth.write_all(b"\n")?;
        if written >= wanted {
            break;
        }
    }
    file.flush()?;
    Ok(truth.flush()?)
}

fn certificates() -> Result<Certificates> {
    let files = files_below(&folder().join("fixtures/certificates"))?;
    let der = files.iter().filter(|file| file.extension().is_some_and(|kind| kind == "der"));
    der.map(|file| fs::read(file).with_context(|| file.display().to_string())).collect()
}
