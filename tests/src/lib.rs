//! What the suites share: the case runner, rules that every report keeps, exceptions with reasons, built programs.

pub mod artifacts;
pub mod authority;
pub mod capture;
pub mod case;
pub mod chains;
#[cfg(feature = "hosts")]
pub mod envoy;
pub mod exceptions;
pub mod limbo;
pub mod load;
pub mod logs;
pub mod made;
#[cfg(feature = "hosts")]
pub mod origins;
#[cfg(feature = "hosts")]
pub mod peers;
pub mod random;
pub mod rules;
#[cfg(feature = "hosts")]
pub mod scenario;
pub mod second_opinion;
pub mod speed;
#[cfg(feature = "hosts")]
pub mod trial;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Why a test fails; printed as it is, so that a list of differences stays readable.
pub struct Failure(String);

impl Failure {
    /// Fails with one paragraph for each of `wrong`; succeeds when there is none.
    ///
    /// # Errors
    /// When `wrong` is not empty.
    pub fn unless_empty(wrong: &[String], title: &str) -> Result<(), Self> {
        if wrong.is_empty() {
            return Ok(());
        }
        Err(Self(format!("{title}: {}\n\n{}\n", wrong.len(), wrong.join("\n"))))
    }
}

impl std::fmt::Debug for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        Self(error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "))
    }
}

/// The folder `tests` of the repository.
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The top folder of the repository.
pub fn repository() -> PathBuf {
    folder().parent().unwrap_or(folder()).to_owned()
}

/// The content of a file that is compressed with xz.
///
/// # Errors
/// When it cannot be read or unpacked.
pub fn unpacked(path: &Path) -> anyhow::Result<Vec<u8>> {
    let packed = std::fs::read(path).with_context(|| path.display().to_string())?;
    let mut bytes = Vec::new();
    let mut reader = lzma_rust2::XzReader::new(packed.as_slice(), true);
    reader.read_to_end(&mut bytes).with_context(|| path.display().to_string())?;
    Ok(bytes)
}

/// All files below `folder`, sorted.
///
/// # Errors
/// When a folder cannot be read.
pub fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    use anyhow::Context as _;
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
