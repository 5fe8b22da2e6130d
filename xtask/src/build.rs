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
    wasm("tlvet-filter", "wasm32-wasip1", "wasm", String::new())
}

/// Builds the engine for the browser; gives the `.wasm` as cargo leaves it.
///
/// # Errors
/// When cargo fails.
pub(crate) fn web() -> Result<PathBuf> {
    // The module is published: the folders of the machine that built it are nobody's business, and take space.
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))
        .unwrap_or_default();
    let remap = [(paths::root().display().to_string(), ""), (home, "cargo")]
        .map(|(from, to)| format!("--remap-path-prefix={from}={to}"));
    wasm("tlvet-web", "wasm32-unknown-unknown", "page", remap.join("\u{1f}"))
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

/// Builds a module where host-runner's build script builds its own. Flags are separated by U+001F; without any, what one
/// has built the other finds.
fn wasm(package: &str, target: &str, profile: &str, flags: String) -> Result<PathBuf> {
    let directory = paths::target().join("tlvet-wasm");
    let mut command = cargo();
    command
        .args(["build", "--lib", "--package", package, "--target", target, "--profile", profile])
        .arg("--target-dir")
        .arg(&directory)
        .env("CARGO_ENCODED_RUSTFLAGS", flags);
    shell::run(&mut command)?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(directory.join(target).join(profile).join(file))
}
