//! Running other programs: echoed, timed, and with an error that names the command.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::paths;

/// The cargo that runs this program, started in the top folder.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    command
}

/// Another program, started in the top folder.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(paths::root());
    command
}

/// Runs a command with its output shown.
///
/// # Errors
/// When it cannot be started or does not end with 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    echo(command);
    let status = command.status().with_context(|| format!("cannot start {}", text(command)))?;
    if !status.success() {
        bail!("{}: {status}", text(command));
    }
    Ok(())
}

/// Runs a command whose output matters only when it fails.
///
/// # Errors
/// As [`run`]; the output is printed then.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot start {}", text(command)))?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        bail!("{}: {}", text(command), output.status);
    }
    Ok(())
}

/// What a command writes to its standard output, without the last line break.
///
/// # Errors
/// When it cannot be started, does not end with 0, or writes something that is not UTF-8.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", text(command)))?;
    if !output.status.success() {
        bail!("{}: {}", text(command), output.status);
    }
    let printed = String::from_utf8(output.stdout)
        .with_context(|| format!("{} wrote something that is not UTF-8", text(command)))?;
    Ok(printed.trim_end().to_owned())
}

/// Runs a command, shows its standard output line by line as it comes, and gives each line to `line`.
/// Returns whether it ended with 0.
///
/// # Errors
/// When it cannot be started or its output cannot be read.
pub(crate) fn watch(command: &mut Command, mut line: impl FnMut(&str)) -> Result<bool> {
    echo(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", text(command)))?;
    if let Some(stdout) = child.stdout.take() {
        for read in BufReader::new(stdout).split(b'\n') {
            let bytes = read.with_context(|| format!("reading the output of {}", text(command)))?;
            let printed = String::from_utf8_lossy(&bytes);
            println!("{printed}");
            line(&printed);
        }
    }
    Ok(child.wait()?.success())
}

/// Does `work` and says on standard error how long it took.
///
/// # Errors
/// Those of `work`.
pub(crate) fn timed<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    let result = work();
    eprintln!("-- {name}: {:.1} s", start.elapsed().as_secs_f64());
    result
}

/// The path of a program, if `PATH` holds it.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|directory| directory.join(name)).find(|file| is_program(file))
}

/// A command as a person would type it, paths shortened to the top folder.
pub(crate) fn text(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let mut words = vec![name.to_string_lossy().into_owned()];
    let root = format!("{}/", paths::root().display());
    words.extend(command.get_args().map(|word| word.to_string_lossy().replace(&root, "")));
    words.join(" ")
}

fn echo(command: &Command) {
    println!("$ {}", text(command));
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_shortens_paths_of_the_repository() {
        let mut command = program("/usr/bin/env");
        command.arg(paths::root().join("www/dist")).arg("--now");
        assert_eq!(text(&command), "env www/dist --now");
    }

    #[test]
    fn watch_gives_every_line_and_the_outcome() {
        let mut lines = Vec::new();
        let good = watch(program("sh").args(["-c", "echo one; echo two; exit 3"]), |line| {
            lines.push(line.to_owned());
        });
        assert!(!good.unwrap());
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn which_finds_programs_only() {
        assert!(which("sh").is_some());
        assert_eq!(which("no-such-program-here"), None);
    }
}
