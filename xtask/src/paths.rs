//! Where things stand in the repository.

use std::path::{Path, PathBuf};

/// The repository's top folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo's target directory, as cargo itself finds it.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// The page's sources and packages.
pub(crate) fn www() -> PathBuf {
    root().join("www")
}

/// The private Python environment that holds Envoy.
pub(crate) fn venv() -> PathBuf {
    root().join(".venv")
}

/// `path` as it reads from the top folder, for messages.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
