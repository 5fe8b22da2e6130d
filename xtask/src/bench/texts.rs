//! How fast logs and archives of logs are read, beside grep, gzip and unzip on the same files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;

use super::check::Check;
use crate::paths;
use crate::shell::{self, output, program, which};
use crate::stamp::Stamp;

/// Size of the log in MB (10^6 bytes).
const LOG: u32 = 200;

/// What each archive holds, in MB.
const ARCHIVE: u32 = 1_000;

/// Runs of the command.
const RUNS: usize = 5;

/// Adds the rows.
///
/// # Errors
/// When something cannot be built or measured.
pub(super) fn rows(text: &mut String, tlvet: &Path) -> Result<()> {
    super::build_programs()?;
    let log = made("mix.log", LOG)?;
    let printed = output(program(paths::target().join("release/text_speed")).arg(&log))?;
    let result: Value = serde_json::from_str(&printed).context("text_speed")?;
    let number = |key: &str| {
        result.get(key).and_then(Value::as_f64).with_context(|| format!("{key} in {printed}"))
    };
    writeln!(
        text,
        "| engine, natively, {LOG} MB of logs of Expressways, phones and TVS | {:.0} MB/s | |\n\
         | the same with everything that a session does until the report stands | {:.0} MB/s | |",
        number("mb_s")?,
        f64::from(LOG) / (f64::from(LOG) / number("session_mb_s")? + number("report_s")?)
    )?;
    let command = Check::best(tlvet, &["--quiet"], &log, f64::from(LOG), RUNS)?;
    let grep = speed(LOG, || output(program("grep").args(["-c", "-F", "Action="]).arg(&log)))?;
    writeln!(
        text,
        "| `tlvet check` of the same file, start to exit, best of {RUNS} runs | {:.0} MB/s | 200 MB/s |\n\
         | the same, most resident memory | {:.0} MiB | |\n\
         | `grep -c` of one fixed string in the same file | {grep:.0} MB/s, {:.1} times as fast as the command | |",
        command.speed,
        command.peak,
        grep / command.speed
    )?;
    for (name, peer, script) in [
        ("mix.tar", "tar", "tar -xOf \"$1\" | wc -l"),
        ("mix.tar.gz", "gzip", "gzip -dc \"$1\" | wc -l"),
        ("mix.zip", "unzip", "unzip -p \"$1\" | wc -l"),
    ] {
        let file = made(name, ARCHIVE)?;
        let command = Check::best(tlvet, &["--quiet"], &file, f64::from(ARCHIVE), RUNS)?;
        let beside = match which(peer) {
            Some(_) => {
                let theirs =
                    speed(ARCHIVE, || output(program("sh").args(["-c", script, "sh"]).arg(&file)))?;
                format!(
                    "; `{peer}` and `wc -l`: {theirs:.0} MB/s, {:.1} times as fast",
                    theirs / command.speed
                )
            }
            None => String::new(),
        };
        writeln!(
            text,
            "| `tlvet check` of {ARCHIVE} MB of such logs in a `{}`, best of {RUNS} runs | {:.0} MB/s of logs, {:.0} MiB resident at most{beside} | \
             no second copy in memory |",
            name.trim_start_matches("mix"),
            command.speed,
            command.peak
        )?;
    }
    Ok(())
}

/// Megabytes a second of the fastest of some runs.
fn speed(megabytes: u32, mut run: impl FnMut() -> Result<String>) -> Result<f64> {
    let mut best = 0.0_f64;
    for _ in 0..RUNS {
        let start = Instant::now();
        run()?;
        best = best.max(f64::from(megabytes) / start.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// A made log, or an archive of them, of so many MB.
fn made(name: &str, megabytes: u32) -> Result<PathBuf> {
    let file = paths::target().join("bench").join(name);
    let makers = ["tests/src/logs.rs", "tests/src/bin/text_mix.rs"];
    let makers: Vec<PathBuf> = makers.iter().map(|maker| paths::root().join(maker)).collect();
    let stamp = Stamp::of(&format!("bench-{name}"), &makers, &[&megabytes.to_string()])?;
    if !stamp.is_current(std::slice::from_ref(&file)) {
        let mut command = program(paths::target().join("release/text_mix"));
        shell::run(command.arg(megabytes.to_string()).arg(&file))?;
        stamp.save()?;
    }
    Ok(file)
}
