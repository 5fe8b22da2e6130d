//! `bench`: the speed that was promised, measured, with the machine beside it.

mod captures;
mod chains;
mod check;
mod filter;
mod sample;
mod sizes;
mod texts;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::machine::Machine;
use crate::shell::{self, output, program};
use crate::stamp::Stamp;
use crate::{build, page, paths, setup};
use sample::Sample;

/// Process starts per measurement: enough that the 95th percentile is not one outlier.
const STARTS: usize = 200;
/// Files in the directory.
const FILES: usize = 10_000;
/// Chains in the batch.
const CHAINS: usize = 10_000;
/// Runs over the directory and the batch; the median counts.
const RUNS: usize = 5;

/// Measures everything and prints it as the text of docs/benchmarks.md, which `--write` writes.
///
/// # Errors
/// When something cannot be built or measured.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let write = match arguments {
        [] => false,
        ["--write"] => true,
        _ => bail!("bench takes --write and nothing else"),
    };
    let tools = setup::run()?;
    page::run()?;
    let tlvet = build::tlvet()?;
    let directory = data("itl", FILES, "bench/itl")?;
    let batch = data("chains", CHAINS, "bench/chains.jsonl")?;

    let mut text = format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench --write`; nothing here is asserted by a test.\n\n\
         Machine: {}.\n\n| what | measured | promised |\n|---|---|---|\n",
        Machine::here()
    );
    one_itl(&mut text, &tlvet)?;
    many_itls(&mut text, &tlvet, &directory)?;
    let mut told = tell(&text, 0);
    chains(&mut text, &tlvet, &batch)?;
    first_verdict(&mut text, &tlvet, &tools.chromium)?;
    told = tell(&text, told);
    captures::rows(&mut text, &tlvet, &tools.chromium)?;
    told = tell(&text, told);
    texts::rows(&mut text, &tlvet)?;
    told = tell(&text, told);
    chains::rows(&mut text)?;
    filter::rows(&mut text, &tools.envoy)?;
    sizes::rows(&mut text)?;
    tell(&text, told);

    if write {
        fs::write(paths::root().join("docs/benchmarks.md"), text)
            .context("writing docs/benchmarks.md")?;
    }
    Ok(())
}

/// Prints what of `text` was not printed yet, so that what was measured is not lost with a later row that fails. How much is printed now.
fn tell(text: &str, told: usize) -> usize {
    print!("{}", text.get(told..).unwrap_or_default());
    text.len()
}

/// Builds the programs that make what is measured and that measure the engine natively.
fn build_programs() -> Result<()> {
    shell::run(shell::cargo().args([
        "build",
        "--release",
        "--package",
        "tlvet-tests",
        "--no-default-features",
        "--bins",
    ]))
}

/// Signed data of one kind, made once.
fn data(kind: &str, count: usize, place: &str) -> Result<PathBuf> {
    let place = paths::target().join(place);
    let source = paths::root().join("xtask/src/bin/bench_data.rs");
    let count = count.to_string();
    let stamp = Stamp::of(&format!("bench-data-{kind}"), &[source], &[&count])?;
    if !stamp.is_current(std::slice::from_ref(&place)) {
        shell::run(build::tool("bench-data", &["--release"]).arg(kind).arg(count).arg(&place))?;
        stamp.save()?;
    }
    Ok(place)
}

fn one_itl(text: &mut String, tlvet: &Path) -> Result<()> {
    let itl = paths::root().join("samples/sound-itl/ITLSEP0011215A1AE3.tlv");
    let sample = Sample::take(STARTS, || check(tlvet, &[itl.as_os_str().to_owned()]))?;
    let empty = Sample::take(STARTS, || {
        let mut command = program(tlvet);
        command.arg("--version");
        command
    })?;
    writeln!(
        text,
        "| `tlvet check` of one ITL (5,438 bytes), start to exit, {STARTS} starts | {sample} | at most 25 ms |"
    )?;
    writeln!(text, "| `tlvet --version`, for comparison | {empty} | |")?;
    Ok(())
}

fn many_itls(text: &mut String, tlvet: &Path, directory: &Path) -> Result<()> {
    let cores = Machine::here().cores;
    for jobs in [1, cores] {
        let sample = Sample::take(RUNS, || {
            check(
                tlvet,
                &["--jobs".into(), jobs.to_string().into(), directory.as_os_str().to_owned()],
            )
        })?;
        let rate = FILES as f64 / sample.median().as_secs_f64();
        let per_core = sample.per_core(FILES).context("processor time")?;
        writeln!(
            text,
            "| {FILES} distinct signed ITL files in a directory, `--jobs {jobs}`, {RUNS} runs | \
             {rate:.0} files/s, {per_core:.0} for each second of processor time ({sample}) | 2,000 files/s per core |"
        )?;
    }
    Ok(())
}

/// Distinct RSA-2048 leaves below one intermediate and one root, through the sandboxed engine.
fn chains(text: &mut String, tlvet: &Path, batch: &Path) -> Result<()> {
    let cores = Machine::here().cores;
    for jobs in [1, cores] {
        let sample = Sample::take(RUNS, || {
            let mut command = program(tlvet);
            command
                .args(["chain", "--profile", "traffic-server-9", "--jobs"])
                .arg(jobs.to_string());
            command.arg("--batch").arg(batch);
            command
        })?;
        let rate = CHAINS as f64 / sample.median().as_secs_f64();
        let per_core = sample.per_core(CHAINS).context("processor time")?;
        writeln!(
            text,
            "| `tlvet chain --batch`, {CHAINS} chains of RSA-2048 leaf, intermediate and root, `--jobs {jobs}`, {RUNS} runs | \
             {rate:.0} chains/s, {per_core:.0} for each second of processor time ({sample}) | 1,500 chains/s per core |"
        )?;
    }
    Ok(())
}

/// The page's own benchmark, in Chromium: from the drop until the verdict is drawn, on a warm page.
fn first_verdict(text: &mut String, tlvet: &Path, chromium: &Path) -> Result<()> {
    let mut command = program("node");
    command.current_dir(paths::www()).args(["tests/bench/first-verdict.mjs", "--json"]);
    let printed = output(command.env("TLVET_BIN", tlvet).env("CHROMIUM", chromium))?;
    let result: Value = serde_json::from_str(&printed).context("first-verdict.mjs --json")?;
    let number = |key: &str| {
        result.get(key).and_then(Value::as_f64).with_context(|| format!("{key} in {printed}"))
    };
    writeln!(
        text,
        "| page: from the drop of one ITL to its verdict on the screen, warm, {} rounds | \
         median {:.1} ms, 95th percentile {:.1} ms | at most 100 ms |\n\
         | the same, the first drop on a page that has just been opened, {} pages | median {:.1} ms | |",
        number("rounds")?,
        number("median_ms")?,
        number("p95_ms")?,
        number("pages")?,
        number("first_ms")?
    )?;
    Ok(())
}

fn check(tlvet: &Path, arguments: &[std::ffi::OsString]) -> Command {
    let mut command = program(tlvet);
    command.args(["check", "--format", "json", "--now", "2026-11-20T00:00:00Z"]).args(arguments);
    command
}
