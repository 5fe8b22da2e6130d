//! `page`: the engine for the browser (cargo), its bindings (wasm-bindgen), the report's types and the
//! page itself (npm), each only when what it is made from changed.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::build::Engine;
use crate::shell::{self, program};
use crate::stamp::Stamp;
use crate::{build, docs, paths};

/// Builds the page into `www/dist`.
///
/// # Errors
/// When a step fails.
pub(crate) fn run() -> Result<()> {
    bindings(Engine::First)?;
    bindings(Engine::Whole)?;
    let www = paths::www();
    let dist = www.join("dist");
    // `src/generated` is among the inputs; the types in it are made from the schema.
    let inputs = [www.clone(), paths::root().join("samples"), docs::schema_file()];
    let outputs = [
        dist.join("index.html"),
        dist.join("tlvet-whole.js"),
        dist.join("tlvet-offline.html"),
        www.join("src/generated/report.ts"),
    ];
    if Stamp::of("page", &inputs, &[])?.is_current(&outputs) {
        println!("page: {}", paths::shown(&dist));
        return Ok(());
    }
    run_npm("types")?;
    run_npm("build")?;
    // Taken anew: `types` wrote one of the inputs.
    Stamp::of("page", &inputs, &[])?.save()
}

/// Runs a script of `www/package.json`.
///
/// # Errors
/// When it fails.
pub(crate) fn run_npm(script: &str) -> Result<()> {
    shell::run(program("npm").current_dir(paths::www()).args(["run", "--silent", script]))
}

/// A build of the engine as the page embeds it.
pub(crate) fn bound_wasm(engine: Engine) -> PathBuf {
    paths::www().join(format!("node_modules/.cache/tlvet/tlvet-{}.wasm", engine.name()))
}

/// Puts the wasm and its JavaScript and TypeScript sides into `www/src/generated`, in a folder for each build.
fn bindings(engine: Engine) -> Result<()> {
    let module = build::web(engine)?;
    let generated = paths::www().join("src/generated").join(engine.name());
    let outputs =
        ["tlvet_web.js", "tlvet_web_bg.wasm", "tlvet_web.d.ts"].map(|name| generated.join(name));
    let root = paths::root();
    let inputs = [module.clone(), root.join("Cargo.lock"), root.join("xtask/src/bin/bindgen.rs")];
    let stamp = Stamp::of(&format!("bindings-{}", engine.name()), &inputs, &[])?;
    if stamp.is_current(&outputs) {
        return Ok(());
    }
    std::fs::create_dir_all(&generated)
        .with_context(|| format!("making {}", paths::shown(&generated)))?;
    shell::run(build::tool("bindgen", &[]).arg(&module).arg(&generated))?;
    stamp.save()
}
