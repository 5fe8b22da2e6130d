//! What programs that measure share.

use std::fs::{self, File};
use std::io::Read as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// Prints the line that was measured, or why there is none.
pub fn tell(measured: Result<Value>) -> ExitCode {
    match measured {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Hands a file over, at most `piece` bytes at a time; how many it has.
///
/// # Errors
/// When it cannot be read.
pub fn in_pieces(path: &str, piece: usize, mut take: impl FnMut(&[u8])) -> Result<u64> {
    let mut file = File::open(path).with_context(|| path.to_owned())?;
    let mut chunk = vec![0; piece];
    let mut bytes = 0;
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            return Ok(bytes);
        }
        bytes += length as u64;
        take(chunk.get(..length).unwrap_or_default());
    }
}

/// The most memory that this process ever used, in KiB.
///
/// # Errors
/// Where the system does not tell it as Linux does.
pub fn peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
    let number = line.split_whitespace().next().context("VmHWM")?;
    Ok(number.parse()?)
}
