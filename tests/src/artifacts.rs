//! Programs that suites run: built when they are not there.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, ensure};

/// The `tlvet` command: `TLVET_BIN`, or built by cargo into the target folder of the running test.
///
/// # Errors
/// When it cannot be built.
pub fn tlvet() -> Result<PathBuf> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| build_tlvet().map_err(|error| format!("{error:#}")));
    built.clone().map_err(anyhow::Error::msg)
}

fn build_tlvet() -> Result<PathBuf> {
    if let Some(given) = env::var_os("TLVET_BIN") {
        let path = PathBuf::from(given);
        ensure!(path.exists(), "TLVET_BIN names {}, which does not exist", path.display());
        return Ok(path);
    }
    // <target>/<profile>/deps/<test>
    let test = env::current_exe()?;
    let profile = test.ancestors().nth(2).context("a test lies in <target>/<profile>/deps")?;
    let target = profile.parent().context("a profile lies in the target folder")?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(crate::repository()).args([
        "build",
        "--quiet",
        "--package",
        "tlvet",
        "--bin",
        "tlvet",
    ]);
    command.arg("--target-dir").arg(target);
    if profile.ends_with("release") {
        command.arg("--release");
    }
    let output = command.output().context("cargo")?;
    ensure!(
        output.status.success(),
        "cargo build -p tlvet\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(profile.join(format!("tlvet{}", env::consts::EXE_SUFFIX)))
}
