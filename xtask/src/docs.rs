//! `docs`: the documents that are made from the code, and the check that they are up to date.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::shell::output;
use crate::{build, paths};

/// A document and the word that `xtask-docs` makes it by.
const DOCUMENTS: [(&str, &str); 2] =
    [("docs/findings.md", "findings"), ("docs/report.schema.json", "schema")];

/// The report's JSON Schema; the page's types are made from it.
pub(crate) fn schema_file() -> PathBuf {
    paths::root().join("docs/report.schema.json")
}

/// Writes every generated document.
///
/// # Errors
/// When one cannot be made or written.
pub(crate) fn write() -> Result<()> {
    for (file, word) in DOCUMENTS {
        let made = make(word)?;
        std::fs::write(paths::root().join(file), made)
            .with_context(|| format!("writing {file}"))?;
        println!("{file}");
    }
    Ok(())
}

/// Fails when a generated document is not what the code makes now.
///
/// # Errors
/// Names the documents that are old.
pub(crate) fn check() -> Result<()> {
    let mut old = Vec::new();
    for (file, word) in DOCUMENTS {
        let made = make(word)?;
        if std::fs::read_to_string(paths::root().join(file)).ok().as_ref() != Some(&made) {
            old.push(file);
        }
    }
    if old.is_empty() {
        println!("generated documents: up to date");
        return Ok(());
    }
    bail!("not what the code makes now: {}; run cargo xtask docs", old.join(", "))
}

fn make(word: &str) -> Result<String> {
    Ok(output(build::tool("docs", &[]).arg(word))? + "\n")
}
