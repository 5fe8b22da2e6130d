//! `test`: set-up, build, then every test: cargo's, the fuzz corpus, the page in Chromium, Envoy.

use std::process::Command;

use anyhow::{Result, bail};

use crate::count::Count;
use crate::shell::{self, cargo, program, timed, watch};
use crate::{page, paths, setup};

/// Runs every test and closes with `N passed, N failed`.
///
/// # Errors
/// When something cannot be built or a test fails.
pub(crate) fn run() -> Result<()> {
    let tools = setup::run()?;
    page::run()?;
    // The command comes from this build, not from one of its own: for the whole workspace cargo chooses other
    // features of shared dependencies than for one package, and would build most of them twice.
    let workspace = || {
        let mut command = cargo();
        command.args(["test", "--workspace", "--no-fail-fast"]);
        command
    };
    timed("building", || shell::run(workspace().arg("--no-run")))?;

    let mut corpus = cargo();
    corpus.args(["test", "--no-default-features", "--manifest-path", "fuzz/Cargo.toml"]);
    corpus.arg("--target-dir").arg(paths::target());
    let mut browser = program("npm");
    browser.current_dir(paths::www()).args(["run", "--silent", "test"]);

    let mut suites = Suites::default();
    for (name, mut command) in
        [("page", browser), ("fuzz corpus", corpus), ("workspace", workspace())]
    {
        command
            .env("CHROMIUM", &tools.chromium)
            .env("TLVET_BIN", paths::target().join("debug/tlvet"))
            .env("TLVET_ENVOY", &tools.envoy)
            .env("TLVET_OPENSSL", &tools.openssl);
        suites.run(name, &mut command)?;
    }
    suites.close()
}

/// The suites run so far.
#[derive(Debug, Default)]
struct Suites {
    count: Count,
    /// Suites that did not end well, with what they counted themselves.
    broken: Vec<String>,
    /// Set when a suite ended badly without a failed test: it did not run to its end, so a total would lie.
    uncounted: bool,
}

impl Suites {
    /// Runs one suite. The others still run when it fails.
    fn run(&mut self, name: &str, command: &mut Command) -> Result<()> {
        println!("\n-- {name}");
        let mut count = Count::default();
        let good = timed(name, || watch(command, |line| count.read(line)))?;
        self.add(name, good, count);
        Ok(())
    }

    fn add(&mut self, name: &str, good: bool, count: Count) {
        self.count += count;
        let nothing_ran = count.passed == 0 && count.failed == 0;
        if !good || count.failed > 0 || nothing_ran {
            self.uncounted |= count.failed == 0;
            self.broken.push(format!("{name} ({count})"));
        }
    }

    fn close(&self) -> Result<()> {
        println!();
        if self.uncounted {
            bail!("these suites did not run to their end: {}", self.broken.join(", "));
        }
        println!("{}", self.count);
        if !self.broken.is_empty() {
            bail!("tests failed: {}", self.broken.join(", "));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Count = Count { passed: 3, failed: 0, skipped: 0 };
    const BAD: Count = Count { passed: 3, failed: 1, skipped: 0 };

    fn close(suites: &[(bool, Count)]) -> Result<(), String> {
        let mut all = Suites::default();
        for (good, count) in suites {
            all.add("suite", *good, *count);
        }
        all.close().map_err(|error| error.to_string())
    }

    #[test]
    fn all_good_is_good() {
        assert_eq!(close(&[(true, GOOD), (true, GOOD)]), Ok(()));
    }

    #[test]
    fn a_failed_test_fails() {
        assert_eq!(
            close(&[(true, GOOD), (false, BAD)]),
            Err("tests failed: suite (3 passed, 1 failed)".into())
        );
    }

    #[test]
    fn a_suite_that_broke_off_or_ran_nothing_fails_without_a_total() {
        let broken =
            Err("these suites did not run to their end: suite (3 passed, 0 failed)".into());
        assert_eq!(close(&[(false, GOOD)]), broken);
        let empty = Err("these suites did not run to their end: suite (0 passed, 0 failed)".into());
        assert_eq!(close(&[(true, Count::default())]), empty);
    }
}
