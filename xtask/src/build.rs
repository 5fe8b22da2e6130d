//! Building with cargo. What else the page needs is in a module of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::paths;
use crate::shell::{self, cargo, output, program};
use crate::stamp::Stamp;

#[path = "../../plugin/exports.rs"]
#[allow(unreachable_pub, reason = "host-runner's build script takes the same file in")]
mod exports;

/// Builds the filter that Envoy loads, with the exports that it needs and no others; gives `target/tlvet_filter.wasm`.
///
/// # Errors
/// When cargo fails, an export is missing, or the file cannot be written.
pub(crate) fn filter() -> Result<PathBuf> {
    let built = wasm("tlvet-filter", "wasm32-wasip1", "wasm", &[])?;
    let module = fs::read(&built).with_context(|| built.display().to_string())?;
    let stripped = exports::with_exports_of_the_filter(&module)
        .context("the filter does not export what plugin/exports.rs says")?;
    let path = paths::target().join("tlvet_filter.wasm");
    fs::write(&path, stripped).with_context(|| path.display().to_string())?;
    Ok(path)
}

/// A build of the engine for the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// What the page loads first: lists, signed files, configurations.
    First,
    /// Everything.
    Whole,
}

impl Engine {
    /// Its name in folders and files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Whole => "whole",
        }
    }
}

/// Builds an engine for the browser; gives the `.wasm` as cargo leaves it, in a place of its own.
///
/// # Errors
/// When cargo fails, or its file cannot be copied.
pub(crate) fn web(engine: Engine) -> Result<PathBuf> {
    let options: &[&str] = match engine {
        Engine::First => &["--no-default-features"],
        Engine::Whole => &[],
    };
    let module = paths::target().join("tlvet-wasm/page").join(engine.name()).join("tlvet_web.wasm");
    let stamp = stamp(engine)?;
    if stamp.is_current(std::slice::from_ref(&module)) {
        return Ok(module);
    }
    let made = wasm("tlvet-web", "wasm32-unknown-unknown", "page", options)?;
    // The next build writes to the same place, which is why cargo would make each of the two anew each time.
    if let Some(folder) = module.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making {}", paths::shown(folder)))?;
    }
    fs::copy(&made, &module).with_context(|| format!("copying {}", paths::shown(&made)))?;
    stamp.save()?;
    Ok(module)
}

/// What an engine for the browser is made of.
fn stamp(engine: Engine) -> Result<Stamp> {
    let inputs =
        ["Cargo.lock", "Cargo.toml", "core/Cargo.toml", "core/src", "web/Cargo.toml", "web/src"];
    let inputs = inputs.map(|path| paths::root().join(path));
    let compiler = output(program("rustc").arg("--version"))?;
    Stamp::of(&format!("web-{}", engine.name()), &inputs, &[&compiler, &flags()])
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

/// Builds a module where host-runner's build script builds its own, and with the same flags as there: what one has built
/// the other finds.
fn wasm(package: &str, target: &str, profile: &str, options: &[&str]) -> Result<PathBuf> {
    let directory = paths::target().join("tlvet-wasm");
    let mut command = cargo();
    command
        .args(["build", "--lib", "--package", package, "--target", target, "--profile", profile])
        .args(options)
        .arg("--target-dir")
        .arg(&directory)
        .env("CARGO_ENCODED_RUSTFLAGS", flags());
    shell::run(&mut command)?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(directory.join(target).join(profile).join(file))
}

/// Modules are published: the folders of the machine that built them are nobody's business, and take space. Big integers
/// in words of 32 bits, because WebAssembly has no product of 128.
fn flags() -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let remap = [(Some(paths::root()), ""), (home, "cargo")];
    let remap = remap.into_iter().filter_map(|(from, to)| {
        from.map(|from| format!("--remap-path-prefix={}={to}", from.display()))
    });
    std::iter::once("--cfg=cpubits=\"32\"".to_owned())
        .chain(remap)
        .collect::<Vec<_>>()
        .join("\u{1f}")
}
