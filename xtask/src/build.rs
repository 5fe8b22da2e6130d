//! Building with cargo. What else the page needs is in a module of its own.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::paths;
use crate::shell::{self, cargo};

/// Builds the filter that Envoy loads; gives the `.wasm`.
///
/// # Errors
/// When cargo fails.
pub(crate) fn filter() -> Result<PathBuf> {
    wasm("tlvet-filter", "wasm32-wasip1")
}

/// Builds the engine for the browser; gives the `.wasm` as cargo leaves it.
///
/// # Errors
/// When cargo fails.
pub(crate) fn web() -> Result<PathBuf> {
    wasm("tlvet-web", "wasm32-unknown-unknown")
}

/// Builds `tlvet` for people and benchmarks; gives the binary. The page must stand in `www/dist` for
/// `tlvet serve` to have it.
///
/// # Errors
/// When cargo fails.
pub(crate) fn tlvet() -> Result<PathBuf> {
    shell::run(cargo().args(["build", "--release", "--package", "tlvet"]))?;
    Ok(paths::target().join("release/tlvet"))
}

/// One of this package's other programs, ready for its arguments; each has a feature of its name.
pub(crate) fn tool(name: &str, options: &[&str]) -> Command {
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "xtask", "--features", name]).args(options);
    command.args(["--bin", &format!("xtask-{name}"), "--"]);
    command
}

/// Builds a module where host-runner's build script builds its own, with the same flags: what one has
/// built, the other finds.
fn wasm(package: &str, target: &str) -> Result<PathBuf> {
    let directory = paths::target().join("tlvet-wasm");
    let mut command = cargo();
    command
        .args(["build", "--lib", "--package", package, "--target", target, "--profile", "wasm"])
        .arg("--target-dir")
        .arg(&directory)
        .env("CARGO_ENCODED_RUSTFLAGS", "");
    shell::run(&mut command)?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(directory.join(target).join("wasm").join(file))
}
