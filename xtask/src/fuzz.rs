//! `fuzz-smoke`: every fuzz target for a short time, with what this machine has: cargo-fuzz and a nightly
//! compiler, which see what code an input reached; else the driver in `fuzz/src/bin/smoke.rs`, on the stable
//! compiler, which replays the corpus and mutates it blindly.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::shell::{self, cargo, output};

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
    answers(Command::new("cargo").args(["+nightly", "fuzz", "--version"]))
}

fn coverage_guided(seconds: u64, targets: &[&str]) -> Result<()> {
    let listed = output(
        Command::new("cargo").current_dir(paths::root()).args(["+nightly", "fuzz", "list"]),
    )?;
    for target in listed.lines().filter(|target| targets.is_empty() || targets.contains(target)) {
        let mut command = Command::new("cargo");
        command.current_dir(paths::root()).args(["+nightly", "fuzz", "run", target, "--"]);
        command.arg(format!("-max_total_time={seconds}"));
        if let Some(dictionary) = dictionary(target) {
            command.arg(format!("-dict=fuzz/dictionaries/{dictionary}"));
        }
        shell::run(&mut command)?;
    }
    Ok(())
}

/// The dictionary of a target, as `fuzz/src/targets.rs` pairs them too.
fn dictionary(target: &str) -> Option<&'static str> {
    match target {
        "trust_list" | "signed_file" | "session" => Some("tlv.dict"),
        "certificate" => Some("der.dict"),
        "container" => Some("pem.dict"),
        "configuration" => Some("xml.dict"),
        _ => None,
    }
}

fn blind(seconds: u64, targets: &[&str]) -> Result<()> {
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "--no-default-features", "--bin", "smoke"]);
    command.args(["--manifest-path", "fuzz/Cargo.toml", "--target-dir"]).arg(paths::target());
    shell::run(command.arg("--").arg(seconds.to_string()).args(targets))
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
