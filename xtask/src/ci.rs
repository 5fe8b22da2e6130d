//! `ci`: what `.ci/run` runs. Every stage runs, also after a failed one, so that one run tells everything.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::shell::{self, cargo, output, program, timed, which};
use crate::{docs, lints, page, paths, setup, test};

/// The cargo-deny that `deny.toml` is written for.
const CARGO_DENY: &str = "0.20.2";

/// What a stage is called, and what it does.
type Stage = (&'static str, fn() -> Result<()>);

/// In order: cheap stages first, and the tests last: their closing line is CI's closing line.
const STAGES: [Stage; 7] = [
    ("format", format),
    ("rules", lints::run),
    ("page", set_up),
    ("clippy", clippy),
    ("licences", deny),
    ("docs", docs::check),
    ("test", test::run),
];

/// Packages that run as wasm, with their targets: code behind `cfg(target_arch)` is linted too.
const WASM: [(&str, &str); 3] = [
    ("tlvet-guest", "wasm32-unknown-unknown"),
    ("tlvet-web", "wasm32-unknown-unknown"),
    ("tlvet-filter", "wasm32-wasip1"),
];

/// Runs the named stages, or all, in their order.
///
/// # Errors
/// Names the stages that failed, or that do not exist.
pub(crate) fn run(wanted: &[&str]) -> Result<()> {
    let names = STAGES.map(|(name, _)| name);
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(name)) {
        bail!("no stage {unknown}; there are: {}", names.join(", "));
    }
    let mut failed = Vec::new();
    for (name, stage) in STAGES {
        if !wanted.is_empty() && !wanted.contains(&name) {
            continue;
        }
        println!("\n== {name}");
        if let Err(error) = timed(name, stage) {
            eprintln!("{name}: {error:#}");
            failed.push(name);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    bail!("failed: {}", failed.join(", "))
}

fn format() -> Result<()> {
    shell::run(cargo().args(["fmt", "--all", "--check"]))?;
    shell::run(cargo().args(["fmt", "--all", "--check", "--manifest-path", "fuzz/Cargo.toml"]))
}

fn set_up() -> Result<()> {
    setup::run()?;
    page::run()
}

fn clippy() -> Result<()> {
    let strict = ["--", "--deny", "warnings"];
    let tools = ["--features", "tlvet-core/schema,xtask/bench-data,xtask/bindgen,xtask/docs"];
    shell::run(cargo().args(["clippy", "--workspace", "--all-targets"]).args(tools).args(strict))?;
    for (package, target) in WASM {
        shell::run(
            cargo().args(["clippy", "--package", package, "--target", target]).args(strict),
        )?;
    }
    shell::run(
        cargo()
            .args([
                "clippy",
                "--no-default-features",
                "--all-targets",
                "--manifest-path",
                "fuzz/Cargo.toml",
                "--target-dir",
            ])
            .arg(paths::target())
            .args(strict),
    )
}

fn deny() -> Result<()> {
    shell::run(program(cargo_deny()?).args([
        "--log-level",
        "error",
        "check",
        "licenses",
        "bans",
        "sources",
    ]))
}

/// cargo-deny: the one on `PATH` if it is the right one, else our own in the target directory, built there
/// once. Unoptimised, because it takes longer to build than to run.
fn cargo_deny() -> Result<PathBuf> {
    let tools = paths::target().join("tools");
    let own = tools.join("bin/cargo-deny");
    for found in which("cargo-deny").into_iter().chain([own.clone()]) {
        if found.exists() && output(program(&found).arg("--version"))?.ends_with(CARGO_DENY) {
            return Ok(found);
        }
    }
    shell::run(
        cargo()
            .args([
                "install",
                "--quiet",
                "--locked",
                "--debug",
                "cargo-deny",
                "--version",
                CARGO_DENY,
                "--root",
            ])
            .arg(&tools)
            .arg("--target-dir")
            .arg(tools.join("build")),
    )?;
    // Only the program is of use afterwards.
    std::fs::remove_dir_all(tools.join("build"))?;
    Ok(own)
}
