//! The facts about this machine that a measurement needs beside it.

use std::fmt;
use std::fs;

use crate::shell::{output, program};

/// What a number was measured on.
#[derive(Debug)]
pub(crate) struct Machine {
    processor: String,
    pub(crate) cores: usize,
    memory_gib: u64,
    system: String,
    rustc: String,
}

impl Machine {
    /// Reads the facts; what this system does not tell is called "unknown".
    pub(crate) fn here() -> Self {
        let unknown = || "unknown".to_owned();
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kib = field(&meminfo, "MemTotal")
            .and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
        Self {
            processor: field(&cpuinfo, "model name").unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gib: kib.unwrap_or_default() / (1024 * 1024),
            system: output(program("uname").args(["-s", "-r", "-m"])).unwrap_or_else(|_| unknown()),
            rustc: output(program("rustc").arg("--version")).unwrap_or_else(|_| unknown()),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, memory_gib, system, rustc } = self;
        write!(f, "{processor}, {cores} cores, {memory_gib} GiB; {system}; {rustc}")
    }
}

/// The value of the first line `name : value`.
fn field(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let text = "MemTotalOther:  1 kB\nMemTotal:       24576000 kB\n";
        assert_eq!(field(text, "MemTotal").as_deref(), Some("24576000 kB"));
        assert_eq!(field(text, "Mem"), None);
    }
}
