//! House rules that no other tool checks.

mod findings;
mod layers;
mod packages;
mod wording;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::paths;
use crate::shell::{output, program};

/// A broken rule, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// Relative to the top folder.
    file: String,
    /// 1-based; 0 for the file as a whole.
    line: usize,
    what: String,
}

impl Complaint {
    fn new(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into() }
    }
}

/// Checks every rule and prints every complaint.
///
/// # Errors
/// When a rule is broken, or the repository cannot be read.
pub(crate) fn run() -> Result<()> {
    let files = texts()?;
    let mut complaints = wording::check(&files);
    complaints.extend(layers::check(&files));
    complaints.extend(findings::check(&files));
    complaints.extend(packages::check()?);
    for Complaint { file, line, what } in &complaints {
        eprintln!("{file}:{line}: {what}");
    }
    match complaints.len() {
        0 => {
            println!("house rules: {} files, all good", files.len());
            Ok(())
        }
        count => bail!("{count} broken"),
    }
}

/// A tracked text file.
#[derive(Debug)]
struct Text {
    /// Relative to the top folder, with `/`.
    path: String,
    content: String,
}

/// Every tracked file that is text. Binary test data is left out.
fn texts() -> Result<Vec<Text>> {
    let listed = output(program("git").args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let paths = listed.split('\0').filter(|path| !path.is_empty()).map(PathBuf::from);
    Ok(paths.filter_map(|path| text(&path)).collect())
}

/// `None` for what is not text, or was deleted and not committed yet.
fn text(path: &Path) -> Option<Text> {
    let content = std::fs::read_to_string(paths::root().join(path)).ok()?;
    (!content.contains('\0')).then(|| Text { path: path.to_string_lossy().into_owned(), content })
}
