//! How fast captures are read, beside tshark with the same questions on the same file.
//!
//! Measured twice: the command, which reads in its sandbox, and the engine alone, natively, by a program of its own.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;

use super::check::Check;
use crate::paths;
use crate::shell::{self, output, program, which};
use crate::stamp::Stamp;

/// Size of the capture in MB (10^6 bytes).
const MEGABYTES: u32 = 1_000;

/// Runs of the command.
const RUNS: usize = 5;

/// Times that the page reads it.
const PAGES: &str = "5";

/// Adds the rows.
///
/// # Errors
/// When something cannot be built or measured.
pub(super) fn rows(text: &mut String, tlvet: &Path, chromium: &Path) -> Result<()> {
    super::build_programs()?;
    let programs = paths::target().join("release");
    let file = paths::target().join("bench/mix.pcap");
    let maker = paths::root().join("tests/src/capture/generate.rs");
    let stamp = Stamp::of("bench-mix", &[maker], &[&MEGABYTES.to_string()])?;
    if !stamp.is_current(std::slice::from_ref(&file)) {
        let mut command = program(programs.join("capture_mix"));
        shell::run(command.arg(MEGABYTES.to_string()).arg(&file))?;
        stamp.save()?;
    }
    let printed = output(program(programs.join("capture_speed")).arg(&file))?;
    let result: Value = serde_json::from_str(&printed).context("capture_speed")?;
    let number = |key: &str| {
        result.get(key).and_then(Value::as_f64).with_context(|| format!("{key} in {printed}"))
    };
    let ours = number("analysing_mb_s")?;
    for (what, key) in [
        ("packets alone", "reading_mb_s"),
        ("connections put together", "following_mb_s"),
        ("certificates, files and names found", "analysing_mb_s"),
    ] {
        let promised = if key == "analysing_mb_s" { "1,500 MB/s" } else { "" };
        writeln!(
            text,
            "| engine, natively, {MEGABYTES} MB of mixed traffic: {what} | {:.0} MB/s | {promised} |",
            number(key)?
        )?;
    }
    writeln!(
        text,
        "| the same, most memory at one time | {:.0} MiB | 64 MiB |",
        number("peak_kib")? / 1024.0
    )?;
    let check = |form: &[&str], runs| Check::best(tlvet, form, &file, f64::from(MEGABYTES), runs);
    let command = check(&["--quiet"], RUNS)?;
    let (whole, json) = (check(&[], 1)?, check(&["--format", "json"], 1)?);
    writeln!(
        text,
        "| `tlvet check --quiet` of the same file, start to exit, best of {RUNS} runs | {:.0} MB/s | 1,500 MB/s |\n\
         | the same, most resident memory: `--quiet`, text, JSON | {:.0}, {:.0}, {:.0} MiB | 64 MiB |",
        command.speed, command.peak, whole.peak, json.peak
    )?;
    page(text, &file, chromium)?;
    if which("tshark").is_some() {
        let start = Instant::now();
        let questions = "tls.handshake.type==1||tls.handshake.type==2||tls.handshake.type==11||\
                         tls.alert_message||tftp.opcode==1";
        output(
            program("tshark")
                .arg("-n")
                .arg("-r")
                .arg(&file)
                .args(["-d", "tcp.port==3804,tls", "-o", "tcp.reassemble_out_of_order:TRUE"])
                .args(["-Y", questions, "-T", "fields"])
                .args(["-e", "tls.handshake.extensions_server_name"])
                .args(["-e", "tls.handshake.certificate", "-e", "tls.alert_message.desc"])
                .args(["-e", "tftp.source_file"]),
        )?;
        let theirs = f64::from(MEGABYTES) / start.elapsed().as_secs_f64();
        writeln!(
            text,
            "| tshark on the same file, with the same questions | {theirs:.1} MB/s; the command is {:.0} times as fast, the \
             engine {:.0} times | 60 times |",
            command.speed / theirs,
            ours / theirs
        )?;
    }
    Ok(())
}

/// The page's own benchmark, in Chromium: from the choice of the file to its last byte, and what the renderer takes.
fn page(text: &mut String, file: &Path, chromium: &Path) -> Result<()> {
    let mut command = program("node");
    command.current_dir(paths::www()).arg("tests/bench/capture.mjs").arg(file);
    let printed = output(command.args([PAGES, "--json"]).env("CHROMIUM", chromium))?;
    let rounds: Vec<Value> = serde_json::from_str(&printed).context("capture.mjs --json")?;
    let range = |key: &str| -> Result<String> {
        let numbers = rounds.iter().map(|round| round.get(key).and_then(Value::as_u64));
        let numbers: Option<Vec<u64>> = numbers.collect();
        let numbers = numbers.with_context(|| format!("{key} in {printed}"))?;
        let (least, most) = (numbers.iter().min(), numbers.iter().max());
        let range = least.zip(most).map(|(least, most)| format!("{least} to {most}"));
        range.with_context(|| format!("rounds in {printed}"))
    };
    writeln!(
        text,
        "| page: the same file chosen from the disk, to its last byte, {PAGES} rounds | {} MB/s | 600 MB/s |\n\
         | the same, most resident memory of the renderer until all is read | {} MB | 300 MB |\n\
         | the same with the whole report on the screen; after V8 was told to collect | {} MB; {} MB | 300 MB |",
        range("mb_per_s")?,
        range("renderer_read_mb")?,
        range("renderer_mb")?,
        range("renderer_collected_mb")?,
    )?;
    Ok(())
}
