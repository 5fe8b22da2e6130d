//! Times of repeated process starts.

use std::fmt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::text;

/// The times of one command, ascending; never empty.
#[derive(Debug)]
pub(crate) struct Sample {
    times: Vec<Duration>,
}

impl Sample {
    /// Starts the command `count` times, output thrown away, after one start that does not count (it fills
    /// the file cache). Exit 1 is a verdict, not a failure.
    ///
    /// # Errors
    /// When the command cannot be started or ends with anything but 0 or 1.
    pub(crate) fn take(count: usize, mut command: impl FnMut() -> Command) -> Result<Self> {
        let mut times = Vec::with_capacity(count);
        for run in 0..=count.max(1) {
            let time = once(&mut command())?;
            if run > 0 {
                times.push(time);
            }
        }
        times.sort();
        Ok(Self { times })
    }

    /// The time that half of the starts needed at most.
    pub(crate) fn median(&self) -> Duration {
        self.percentile(50)
    }

    /// The time that `percent` of a hundred starts needed at most (nearest rank).
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.times.len() * percent).div_ceil(100).max(1);
        self.times.get(rank - 1).copied().unwrap_or_default()
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        write!(
            f,
            "median {:.1} ms, 95th percentile {:.1} ms",
            ms(self.median()),
            ms(self.percentile(95))
        )
    }
}

fn once(command: &mut Command) -> Result<Duration> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().with_context(|| format!("cannot start {}", text(command)))?;
    let time = start.elapsed();
    if !matches!(status.code(), Some(0 | 1)) {
        bail!("{}: {status}", text(command));
    }
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let times = (1..=20).map(Duration::from_millis).collect();
        let sample = Sample { times };
        assert_eq!(sample.median(), Duration::from_millis(10));
        assert_eq!(sample.percentile(95), Duration::from_millis(19));
        assert_eq!(sample.percentile(100), Duration::from_millis(20));
        assert_eq!(sample.to_string(), "median 10.0 ms, 95th percentile 19.0 ms");
    }

    #[test]
    fn a_failing_command_is_no_measurement() {
        let status = Sample::take(1, || {
            let mut command = Command::new("sh");
            command.args(["-c", "exit 3"]);
            command
        });
        assert!(status.unwrap_err().to_string().starts_with("sh -c exit 3"));
    }
}
