//! From arguments to inputs: files, folders with all that lies in them, standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tlvet_host::engine::{Role, Source};
use walkdir::WalkDir;

/// One input, not yet opened.
#[derive(Debug)]
pub(crate) struct Input {
    from: From,
    role: Role,
}

#[derive(Debug)]
enum From {
    File(PathBuf),
    StandardInput,
    /// Cannot even be looked at: why.
    Lost(PathBuf, String),
}

impl Input {
    /// It is what `path` names.
    pub(crate) fn is(&self, path: &Path) -> bool {
        match &self.from {
            From::File(own) | From::Lost(own, _) => own == path,
            From::StandardInput => path.as_os_str() == "-",
        }
    }
}

impl Source for Input {
    fn name(&self) -> String {
        match &self.from {
            From::File(path) | From::Lost(path, _) => path.to_string_lossy().into_owned(),
            From::StandardInput => "-".to_owned(),
        }
    }

    fn role(&self) -> Role {
        self.role
    }

    fn open(&self) -> io::Result<Box<dyn Read>> {
        match &self.from {
            From::File(path) => Ok(Box::new(File::open(path)?)),
            From::StandardInput => Ok(Box::new(io::stdin().lock())),
            From::Lost(_, reason) => Err(io::Error::other(reason.clone())),
        }
    }
}

/// The inputs that `path` stands for: itself, `-` for standard input, or, for a folder, every file in it
/// and below, sorted by name. What cannot be looked at is an input too, one that will not open.
pub(crate) fn expand(path: &Path, role: Role) -> Vec<Input> {
    if path.as_os_str() == "-" {
        return vec![Input { from: From::StandardInput, role }];
    }
    if !path.is_dir() {
        return vec![Input { from: From::File(path.to_owned()), role }];
    }
    let mut inputs = Vec::new();
    for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
        match entry {
            // Pipes, sockets and devices are read only where they are named.
            Ok(entry) if entry.file_type().is_file() => {
                inputs.push(Input { from: From::File(entry.into_path()), role });
            }
            Ok(_) => {}
            // A link to a folder above: what lies there is on the list already.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) => {
                let place = error.path().unwrap_or(path).to_owned();
                let reason =
                    error.io_error().map_or_else(|| error.to_string(), io::Error::to_string);
                inputs.push(Input { from: From::Lost(place, reason), role });
            }
        }
    }
    inputs
}

/// True when more than one of `paths` is standard input, which can be read only once.
pub(crate) fn repeats_standard_input<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> bool {
    paths.filter(|path| path.as_os_str() == "-").count() > 1
}
