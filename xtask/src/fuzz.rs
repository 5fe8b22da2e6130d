//! `fuzz-smoke`: every fuzz target for a short time, with what this machine has: cargo-fuzz and a nightly
//! compiler, which see what code an input reached; else the driver in `fuzz/src/bin/smoke.rs`, on the stable
//! compiler, which replays the corpus and mutates it blindly.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::shell::{self, cargo, output, program};

const SECONDS: u64 = 10;

/// Fuzzes the named targets, or all.
///
/// # Errors
/// When an input breaks a target, or the arguments are not understood.
pub(crate) fn smoke(arguments: &[&str]) -> Result<()> {
    let (seconds, targets) = parse(arguments)?;
    if has_cargo_fuzz() { coverage_guided(seconds, &targets) } else { blind(seconds, &targets) }
}

fn parse<'a>(arguments: &[&'a str]) -> Result<(u64, Vec<&'a str>)> {
    let (mut seconds, mut targets) = (SECONDS, Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--seconds" => {
                let value = rest.next().context("--seconds needs a number")?;
                seconds =
                    value.parse().with_context(|| format!("--seconds {value}: not a number"))?;
            }
            option if option.starts_with('-') => bail!("fuzz-smoke has no option {option}"),
            target => targets.push(target),
        }
    }
    Ok((seconds, targets))
}

fn has_cargo_fuzz() -> bool {
    let answers = |command: &mut Command| {
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    answers(program("cargo").args(["+nightly", "fuzz", "--version"]))
}

fn coverage_guided(seconds: u64, wanted: &[&str]) -> Result<()> {
    for line in output(driver().arg("--list"))?.lines() {
        let (target, dictionary) = line.split_once(' ').context("smoke --list: not of the form")?;
        if !wanted.is_empty() && !wanted.contains(&target) {
            continue;
        }
        // What libFuzzer finds goes into the first folder; the seeds stay what they are.
        let found = paths::target().join("fuzz-corpus").join(target);
        std::fs::create_dir_all(&found)?;
        // The rustup proxy: the cargo that runs this program is of one toolchain.
        let mut command = program("cargo");
        command.args(["+nightly", "fuzz", "run", target]).arg(&found);
        command.arg(paths::root().join("fuzz/corpus").join(target)).arg("--");
        command.arg(format!("-max_total_time={seconds}"));
        command.arg(format!("-dict=fuzz/dictionaries/{dictionary}"));
        shell::run(&mut command)?;
    }
    Ok(())
}

fn blind(seconds: u64, targets: &[&str]) -> Result<()> {
    shell::run(driver().arg(seconds.to_string()).args(targets))
}

/// The stable driver, ready for its arguments.
fn driver() -> Command {
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "--no-default-features", "--bin", "smoke"]);
    command.args(["--manifest-path", "fuzz/Cargo.toml", "--target-dir"]).arg(paths::target());
    command.arg("--");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read() {
        assert_eq!(parse(&[]).unwrap(), (SECONDS, vec![]));
        assert_eq!(parse(&["--seconds", "3", "session"]).unwrap(), (3, vec!["session"]));
        assert!(parse(&["--seconds"]).is_err());
        assert!(parse(&["--minutes", "3"]).is_err());
    }
}
