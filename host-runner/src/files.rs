//! From arguments to inputs: files, folders with all that lies in them, standard input.

use std::fs::{self, File};
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

    /// The file that it is; pipes can be read only once, and are none.
    fn path(&self) -> Option<&Path> {
        match &self.from {
            From::File(path) => Some(path.as_path()).filter(|path| path.is_file()),
            From::StandardInput | From::Lost(..) => None,
        }
    }
}

/// Bytes of a key log that are read; a line has about 200.
pub(crate) const KEY_LOG_BYTES: u64 = 64 << 20;

/// Bytes of a private key that are read; one of RSA-16384 in PEM has about 13,000.
const KEY_BYTES: u64 = 1 << 20;

/// The files that were given as private keys, for captures, which are read as they come. One that cannot be read is
/// told when it is read as an input.
pub(crate) fn keys(inputs: &[Input]) -> Vec<Vec<u8>> {
    let given = inputs.iter().filter(|input| matches!(input.role, Role::Key));
    let read = |path: &Path| -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(KEY_BYTES).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    given.filter_map(Input::path).filter_map(|path| read(path).ok()).collect()
}

/// The TLS key logs among `inputs`: captures are read as they come, so what opens them has to be there before. A file
/// that cannot be read is no key log here; that it cannot be read is told when it is read as an input.
pub(crate) fn key_logs(inputs: &[Input]) -> Vec<Vec<u8>> {
    let paths = inputs.iter().filter_map(Input::path);
    paths.filter_map(|path| key_log(File::open(path).ok()?).ok().flatten()).collect()
}

/// All of a file that begins like a key log.
fn key_log(mut file: impl Read) -> io::Result<Option<Vec<u8>>> {
    /// A comment or two, and the first secret.
    const HEAD: u64 = 4096;
    let mut text = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut text)?;
    if !begins_like_key_log(&text) {
        return Ok(None);
    }
    file.take(KEY_LOG_BYTES).read_to_end(&mut text)?;
    Ok(Some(text))
}

/// The first line that is no comment begins with a label of a key log. The engine decides; this only keeps other files
/// from being read twice.
fn begins_like_key_log(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"));
    let label = first.and_then(|line| line.split(|byte| *byte == b' ').next());
    label.is_some_and(|label| {
        matches!(label, b"RSA" | b"CLIENT_RANDOM" | b"PMS_CLIENT_RANDOM")
            || label.ends_with(b"_TRAFFIC_SECRET")
            || label.ends_with(b"_TRAFFIC_SECRET_0")
            || label.ends_with(b"EXPORTER_SECRET")
    })
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

    fn length(&self) -> Option<u64> {
        // Of a pipe or a device the length says nothing.
        let known = fs::metadata(self.path()?).ok().filter(fs::Metadata::is_file)?;
        Some(known.len())
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        match &self.from {
            From::File(path) => Ok(Box::new(File::open(path)?)),
            From::StandardInput => Ok(Box::new(io::stdin())),
            From::Lost(_, reason) => Err(io::Error::other(reason.clone())),
        }
    }
}

/// A file inside an archive that was named as something else than the archive: `bundle.tar.gz/ITL.tlv`.
#[derive(Debug)]
pub(crate) struct Member {
    /// The archive.
    pub(crate) archive: PathBuf,
    /// The member's path in it.
    pub(crate) path: String,
    /// What it was named as.
    pub(crate) role: Role,
}

/// The member that `path` names: it goes through a file, as no path of the file system does.
pub(crate) fn member(path: &Path, role: Role) -> Option<Member> {
    if path.exists() {
        return None;
    }
    let archive = path.ancestors().skip(1).find(|above| above.is_file())?;
    let inside = path.strip_prefix(archive).ok()?;
    let names: Vec<_> = inside.iter().map(|name| name.to_string_lossy()).collect();
    Some(Member { archive: archive.to_owned(), path: names.join("/"), role })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_through_a_file_names_a_member() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let archive = here.join("Cargo.toml");
        let found = member(&archive.join("logs").join("ITL.tlv"), Role::Phone).unwrap();
        assert_eq!((found.archive, found.path.as_str()), (archive.clone(), "logs/ITL.tlv"));
        for other in [archive, here.join("src"), here.join("none").join("ITL.tlv")] {
            assert!(member(&other, Role::Phone).is_none(), "{}", other.display());
        }
    }

    #[test]
    fn key_logs_are_told_by_their_first_line() {
        let log = b"# SSL/TLS secrets log file\n\nCLIENT_RANDOM 00 11\n";
        assert_eq!(key_log(log.as_slice()).unwrap(), Some(log.to_vec()));
        let long = [log.as_slice(), &[b'#'; 10_000]].concat();
        assert_eq!(key_log(long.as_slice()).unwrap(), Some(long.clone()));
        for other in
            [&b""[..], b"\xd4\xc3\xb2\xa1", b"# only a comment", b"-----BEGIN CERTIFICATE-----"]
        {
            assert_eq!(key_log(other).unwrap(), None);
        }
    }
}
