//! What the filter costs Envoy, beside the same Envoy without it, in one run.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::paths;
use crate::shell::{self, cargo, output, program};

/// New connections and requests of each side, in short rounds; the median counts.
const UNITS: [&str; 2] = ["8000", "40000"];

/// Connections after which memory is looked at.
const CONNECTIONS: [&str; 3] = ["20000", "100000", "200000"];

/// Adds the rows.
///
/// # Errors
/// When something cannot be built or measured.
pub(super) fn rows(text: &mut String, envoy: &Path) -> Result<()> {
    // What is measured is Envoy; the program that drives it need not be fast.
    let arguments = ["build", "--package", "tlvet-tests", "--bin", "filter_speed"];
    shell::run(cargo().args(arguments))?;
    let measure = |arguments: &[&str]| -> Result<Value> {
        let mut command = program(paths::target().join("debug/filter_speed"));
        let printed = output(command.args(arguments).env("TLVET_ENVOY", envoy))?;
        serde_json::from_str(&printed).with_context(|| format!("filter_speed printed {printed}"))
    };
    speed(text, &measure(&[&["speed"], &UNITS[..]].concat())?)?;
    if shell::which("valgrind").is_some() {
        instructions(text, &measure(&["count"])?)?;
    }
    memory(text, &measure(&[&["memory"], &CONNECTIONS[..]].concat())?)
}

fn number(of: &Value, key: &str) -> Result<f64> {
    of.get(key).and_then(Value::as_f64).with_context(|| format!("{key} in {of}"))
}

fn list<'v>(of: &'v Value, key: &str) -> Result<&'v Vec<Value>> {
    of.get(key).and_then(Value::as_array).with_context(|| format!("{key} in {of}"))
}

fn speed(text: &mut String, result: &Value) -> Result<()> {
    let of = |part| result.get(part).with_context(|| format!("{part} in {result}"));
    for (part, what, promised) in [
        (
            "passthrough",
            "new connections of TLS 1.2 in passthrough, each chain verified",
            "at most 1.35 times",
        ),
        (
            "http",
            "requests of 9 headers, answers of 4 KiB, over pooled connections, filter in the cluster",
            "at most 1.10 times",
        ),
    ] {
        let of = of(part)?;
        writeln!(
            text,
            "| Envoy with the filter, {what}: processor time | {:.0} µs, without the filter {:.0} µs; {:.2} times \
             (a filter that does nothing, mode `off`: {:.2} times) | {promised} |",
            number(of, "filter_us")?,
            number(of, "bare_us")?,
            number(of, "ratio")?,
            number(of, "off_ratio")?,
        )?;
    }
    let of = of("http_by_connection")?;
    writeln!(
        text,
        "| the same requests, judged once for each connection (`E-http-by-connection.yaml`): processor time | {:.0} µs, \
         without the filter {:.0} µs; {:.2} times; {:.2} times an Envoy without the internal listener as well ({:.0} µs) | \
         at most 1.10 times |",
        number(of, "filter_us")?,
        number(of, "bare_us")?,
        number(of, "ratio")?,
        number(of, "direct_ratio")?,
        number(of, "direct_us")?,
    )?;
    Ok(())
}

fn instructions(text: &mut String, result: &Value) -> Result<()> {
    let of = |mode: &str| {
        number(result.get(mode).with_context(|| format!("{mode} in {result}"))?, "instructions")
    };
    let [bare, enforce, off] = [of("bare")?, of("enforce")?, of("off")?];
    let [listener, judged] = [of("by_connection_bare")?, of("by_connection_enforce")?];
    writeln!(
        text,
        "| the same requests, one after another on one connection: instructions, as valgrind counts them | filter in the \
         cluster {enforce:.0}, without it {bare:.0}; {:.2} times (mode `off`: {:.2} times). Judged once for each \
         connection {judged:.0}, without the filter {listener:.0}; {:.2} times; {:.2} times an Envoy without the internal \
         listener as well | at most 1.10 times |",
        enforce / bare,
        off / bare,
        judged / listener,
        judged / bare,
    )?;
    Ok(())
}

fn memory(text: &mut String, result: &Value) -> Result<()> {
    let mebibytes = |of: &Value, key| Ok::<_, anyhow::Error>(number(of, key)? / 1024.0);
    for row in list(result, "workers")? {
        writeln!(
            text,
            "| Envoy in passthrough with {:.0} workers, resident memory after 200 connections | {:.1} MiB, without the \
             filter {:.1} MiB | 30 MiB for V8, 3 MiB for each VM (workers and 2) |",
            number(row, "workers")?,
            mebibytes(row, "with_kib")?,
            mebibytes(row, "without_kib")?,
        )?;
    }
    for row in list(result, "connections")? {
        writeln!(
            text,
            "| the same with 2 workers after {:.0} connections | {:.1} MiB, without the filter {:.1} MiB | flat |",
            number(row, "connections")?,
            mebibytes(row, "with_kib")?,
            mebibytes(row, "without_kib")?,
        )?;
    }
    Ok(())
}
