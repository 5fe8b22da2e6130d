//! What the filter costs Envoy, beside the same Envoy without it, in one run.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::paths;
use crate::shell::{self, cargo, output, program};

/// New connections and requests of one round; three rounds are measured, the median counts.
const UNITS: [&str; 2] = ["3000", "40000"];

/// Adds the rows.
///
/// # Errors
/// When something cannot be built or measured.
pub(super) fn rows(text: &mut String, envoy: &Path) -> Result<()> {
    // What is measured is Envoy; the program that drives it need not be fast.
    let arguments = ["build", "--package", "tlvet-tests", "--bin", "filter_speed"];
    shell::run(cargo().args(arguments))?;
    let mut command = program(paths::target().join("debug/filter_speed"));
    let printed = output(command.args(UNITS).env("TLVET_ENVOY", envoy))?;
    let result: Value = serde_json::from_str(&printed).context("filter_speed")?;
    let number = |part: &str, key: &str| {
        let found = result.get(part).and_then(|part| part.get(key)).and_then(Value::as_f64);
        found.with_context(|| format!("{part}.{key} in {printed}"))
    };
    for (part, what, promised) in [
        ("passthrough", "new connections of TLS 1.2 in passthrough, each chain verified", "1.35"),
        ("http", "requests over pooled connections, filter in the cluster", "1.10"),
    ] {
        writeln!(
            text,
            "| Envoy with the filter, {what}: processor time | {:.0} µs, without the filter {:.0} µs; {:.2} times | \
             at most {promised} times |",
            number(part, "filter_us")?,
            number(part, "bare_us")?,
            number(part, "ratio")?,
        )?;
    }
    let idle = result.get("passthrough").and_then(|part| part.get("idle_kib"));
    let idle: Vec<f64> =
        idle.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_f64).collect();
    let [with, without] = idle.as_slice() else {
        return Err(anyhow::anyhow!("passthrough.idle_kib in {printed}"));
    };
    writeln!(
        text,
        "| the same, resident memory: idle with the filter, without it, and with it after {:.0} connections | \
         {:.1} MiB, {:.1} MiB, {:.1} MiB | 30 MiB for V8, 3 MiB for each VM |",
        number("passthrough", "connections")?,
        with / 1024.0,
        without / 1024.0,
        number("passthrough", "after_kib")? / 1024.0,
    )?;
    Ok(())
}
