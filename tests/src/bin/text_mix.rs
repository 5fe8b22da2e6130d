//! `text_mix MEGABYTES FILE`: logs of Expressways, phones and TVS one after the other, with lines that belong to nobody between them, for
//! benchmarks. The same size gives the same bytes. With `FILE` ending in `.tar.gz` or `.zip` an archive of such logs of 50 MB each, of
//! MEGABYTES in all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use tlvet_tests::logs::run_of_lines;
use tlvet_tests::random::Random;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [megabytes, file] = arguments.as_slice() else {
        eprintln!("usage: text_mix MEGABYTES FILE");
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
    let mut file = BufWriter::new(File::create(path)?);
    log(&mut Random::new(1), wanted.saturating_mul(1_000_000), &mut file)?;
    Ok(file.flush()?)
}

/// Runs of lines until there are so many bytes.
fn log(random: &mut Random, wanted: u64, out: &mut impl Write) -> io::Result<()> {
    let (mut written, mut lines) = (0, String::new());
    while written < wanted {
        lines.clear();
        run_of_lines(random, &mut lines);
        out.write_all(lines.as_bytes())?;
        written += lines.len() as u64;
    }
    Ok(())
}
