//! Counts tests by the closing lines of cargo's and node's test runners.

use std::ops::AddAssign;

/// How many tests ran, and how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// Tests that the runner left out. There should be none, so they are shown.
    pub(crate) skipped: u64,
}

impl Count {
    /// Adds what a line of output closes, if it is a closing line.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(closed) = cargo(line).or_else(|| node(line)) {
            *self += closed;
        }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s`
fn cargo(line: &str) -> Option<Count> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let number = |what: &str| {
        counts.split("; ").find_map(|part| part.strip_suffix(what)?.trim_end().parse::<u64>().ok())
    };
    Some(Count {
        passed: number("passed")?,
        failed: number("failed")?,
        skipped: number("ignored")?,
    })
}

/// `# pass 3`, or `ℹ pass 3`, by the reporter; the other numbers stand in lines of their own.
fn node(line: &str) -> Option<Count> {
    let (what, number) =
        line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?.split_once(' ')?;
    let number = number.parse().ok()?;
    let none = Count::default();
    match what {
        "pass" => Some(Count { passed: number, ..none }),
        "fail" | "cancelled" => Some(Count { failed: number, ..none }),
        "skipped" | "todo" => Some(Count { skipped: number, ..none }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(output: &str) -> Count {
        let mut count = Count::default();
        output.lines().for_each(|line| count.read(line));
        count
    }

    #[test]
    fn cargo_and_node_are_added_up() {
        let output = "\
running 4 tests
test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
test result: ok. 12 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.01s
# tests 7
# pass 5
# fail 1
# cancelled 1
# skipped 0";
        assert_eq!(count(output), Count { passed: 20, failed: 3, skipped: 2 });
        assert_eq!(count(output).to_string(), "20 passed, 3 failed, 2 skipped");
    }

    #[test]
    fn the_spec_reporter_of_node_is_read_too() {
        assert_eq!(count("ℹ tests 2\nℹ pass 2\nℹ fail 0").to_string(), "2 passed, 0 failed");
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(
            count("# pass the salt\n3 passed\ntest result: odd\n# duration_ms 17"),
            Count::default()
        );
    }
}
