//! `tlvet check` of one large file: how fast, and with how much memory.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::program;

/// What the command does with a file.
#[derive(Debug)]
pub(super) struct Check {
    /// MB/s, from start to exit.
    pub(super) speed: f64,
    /// The most resident memory in MiB.
    pub(super) peak: f64,
}

impl Check {
    /// The fastest of some runs in one form of the report, and the most memory of any of them. `megabytes` is what the file holds.
    ///
    /// # Errors
    /// When the command cannot be started, or could not read the file to its end.
    pub(super) fn best(
        tlvet: &Path,
        form: &[&str],
        file: &Path,
        megabytes: f64,
        runs: usize,
    ) -> Result<Self> {
        let mut best = Self { speed: 0.0, peak: 0.0 };
        for _ in 0..runs {
            let start = Instant::now();
            let mut child = program(tlvet)
                .args(["check", "--time-limit", "600"])
                .args(form)
                .arg(file)
                .stdout(Stdio::null())
                .spawn()
                .context("tlvet")?;
            let mut peak = 0.0_f64;
            // The kernel keeps the highest mark, so that looking now and then misses little.
            let status = loop {
                if let Some(status) = child.try_wait().context("tlvet")? {
                    break status;
                }
                peak = peak.max(resident(child.id()).unwrap_or_default());
                thread::sleep(Duration::from_millis(2));
            };
            // What was given up was not measured.
            if !matches!(status.code(), Some(0 | 1)) {
                bail!("tlvet check {}: {status}", file.display());
            }
            best.speed = best.speed.max(megabytes / start.elapsed().as_secs_f64());
            best.peak = best.peak.max(peak);
        }
        Ok(best)
    }
}

/// The most memory that a process has had so far, in MiB.
fn resident(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}
