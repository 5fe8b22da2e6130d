//! Content stamps: a step is skipped when its inputs are what they were when it last succeeded.
//!
//! Contents, not times, because a fresh clone or a branch switch touches every file without changing it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::paths;

/// Directories that are made, never inputs.
const MADE: [&str; 5] = ["node_modules", "target", "dist", ".git", "__pycache__"];

/// The state of a step's inputs.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// Reads every input of the step `name`. A directory stands for all files in it; an input that does
    /// not exist counts as such. `words` are inputs that are no file (a version, an option).
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn of(name: &str, inputs: &[PathBuf], words: &[&str]) -> Result<Self> {
        let file = paths::target().join("xtask").join(format!("{name}.stamp"));
        Ok(Self { file, digest: digest(inputs, words)? })
    }

    /// Whether the step succeeded with these inputs and its `outputs` still exist.
    pub(crate) fn is_current(&self, outputs: &[PathBuf]) -> bool {
        outputs.iter().all(|output| output.exists())
            && fs::read_to_string(&self.file).is_ok_and(|saved| saved == self.digest)
    }

    /// Notes that the step succeeded.
    ///
    /// # Errors
    /// When the note cannot be written.
    pub(crate) fn save(&self) -> Result<()> {
        if let Some(directory) = self.file.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(&self.file, &self.digest)
            .with_context(|| format!("writing {}", paths::shown(&self.file)))
    }
}

/// Every file under `path`, sorted; `path` itself when it is a file.
///
/// # Errors
/// When a directory cannot be read.
pub(crate) fn files_under(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(path)
        .and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
        })
        .with_context(|| format!("listing {}", paths::shown(path)))?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        let made = entry.file_name().is_some_and(|name| MADE.iter().any(|made| name == *made));
        if !made {
            files.extend(files_under(&entry)?);
        }
    }
    Ok(files)
}

fn digest(inputs: &[PathBuf], words: &[&str]) -> Result<String> {
    let mut hasher = Sha256::new();
    for word in words {
        add(&mut hasher, word.as_bytes());
    }
    for input in inputs {
        for file in files_under(input)? {
            let content =
                fs::read(&file).with_context(|| format!("reading {}", paths::shown(&file)))?;
            add(&mut hasher, file.to_string_lossy().as_bytes());
            add(&mut hasher, &content);
        }
        add(&mut hasher, b"");
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Adds a part with its length, so that no two lists of parts give the same bytes.
fn add(hasher: &mut Sha256, part: &[u8]) {
    hasher.update((part.len() as u64).to_be_bytes());
    hasher.update(part);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_current_until_an_input_changes_or_an_output_goes() {
        let directory = tempfile::tempdir().unwrap();
        let input = directory.path().join("input");
        let output = directory.path().join("output");
        fs::write(&input, "one").unwrap();
        fs::write(&output, "").unwrap();
        let file = directory.path().join("saved/step.stamp");
        let stamp = |words: &[&str]| Stamp {
            file: file.clone(),
            digest: digest(std::slice::from_ref(&input), words).unwrap(),
        };
        let outputs = std::slice::from_ref(&output);

        assert!(!stamp(&[]).is_current(outputs), "never run");
        stamp(&[]).save().unwrap();
        assert!(stamp(&[]).is_current(outputs));
        assert!(!stamp(&["--release"]).is_current(outputs), "another option");
        fs::write(&input, "two").unwrap();
        assert!(!stamp(&[]).is_current(outputs), "another content");
        fs::write(&input, "one").unwrap();
        assert!(stamp(&[]).is_current(outputs), "the content counts, not the time");
        fs::remove_file(&output).unwrap();
        assert!(!stamp(&[]).is_current(outputs), "the output is gone");
    }

    #[test]
    fn files_are_listed_in_order_and_made_directories_left_out() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["b", "a", "node_modules/x", "sub/c"] {
            let file = directory.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        let found = files_under(directory.path()).unwrap();
        let names: Vec<_> =
            found.iter().map(|file| file.strip_prefix(directory.path()).unwrap()).collect();
        assert_eq!(names, ["a", "b", "sub/c"].map(Path::new));
    }
}
