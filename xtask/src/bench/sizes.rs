//! Sizes of what a browser or Envoy loads.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};

use crate::build::Engine;
use crate::shell::{output, program};
use crate::{build, page, paths};

/// Prints `raw gzip brotli`, in bytes, of a file; node has both compressors.
const COMPRESS: &str = "const z = require('node:zlib'), bytes = require('node:fs').readFileSync(process.argv[1]);
console.log(bytes.length, z.gzipSync(bytes, { level: 9 }).length, z.brotliCompressSync(bytes).length);";

/// A row for each wasm module and for the page.
pub(super) fn rows(text: &mut String) -> Result<()> {
    let filter = build::filter()?;
    let offline = paths::www().join("dist/tlvet-offline.html");
    let first = page::bound_wasm(Engine::First);
    row(text, "page: the wasm of the first engine", &first, "at most 350 KB compressed")?;
    row(text, "page: the wasm of the whole engine", &page::bound_wasm(Engine::Whole), "")?;
    row(text, "page: the offline file, everything in it", &offline, "")?;
    row(text, "filter's wasm", &filter, "")
}

fn row(text: &mut String, what: &str, file: &Path, promised: &str) -> Result<()> {
    let sizes = output(program("node").args(["-e", COMPRESS]).arg(file))?;
    let kib: Vec<f64> = sizes
        .split(' ')
        .filter_map(|size| size.parse().ok())
        .map(|size: f64| size / 1024.0)
        .collect();
    let [raw, gzip, brotli] = kib.as_slice() else {
        return Err(anyhow::anyhow!("sizes of {}: {sizes}", paths::shown(file)));
    };
    writeln!(
        text,
        "| {what} | {raw:.0} KiB, gzip {gzip:.0} KiB, brotli {brotli:.0} KiB | {promised} |"
    )
    .context("writing a row")
}
