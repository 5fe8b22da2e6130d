//! Times of repeated process starts.

use std::fmt;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::text;

/// The times of one command, ascending; never empty.
#[derive(Debug)]
pub(crate) struct Sample {
    times: Vec<Duration>,
    /// Seconds of processor time that all starts took together, where the system tells.
    processor: Option<f64>,
}

impl Sample {
    /// Starts the command `count` times, output thrown away, after one start that does not count (it fills
    /// the file cache). Exit 1 is a verdict, not a failure.
    ///
    /// # Errors
    /// When the command cannot be started or ends with anything but 0 or 1.
    pub(crate) fn take(count: usize, mut command: impl FnMut() -> Command) -> Result<Self> {
        let mut times = Vec::with_capacity(count);
        once(&mut command())?;
        let before = processor_time_of_children();
        for _ in 0..count.max(1) {
            times.push(once(&mut command())?);
        }
        let processor =
            processor_time_of_children().zip(before).map(|(after, before)| after - before);
        times.sort();
        Ok(Self { times, processor })
    }

    /// How many of `units`, which each start had, were done in a second of processor time: what one core does, however many
    /// there are.
    pub(crate) fn per_core(&self, units: usize) -> Option<f64> {
        Some((units * self.times.len()) as f64 / self.processor.filter(|seconds| *seconds > 0.0)?)
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

/// Seconds of processor time of all processes that this one has waited for; `None` where there is no procfs.
fn processor_time_of_children() -> Option<f64> {
    /// Of the times in `/proc/PID/stat`, which the kernel scales to this for every program.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold anything: fields are counted behind it, from the third.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(13).take(2).map(|field| field.parse::<f64>().ok());
    Some(ticks.sum::<Option<f64>>()? / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let times = (1..=20).map(Duration::from_millis).collect();
        let sample = Sample { times, processor: Some(2.0) };
        assert_eq!(sample.median(), Duration::from_millis(10));
        assert_eq!(sample.percentile(95), Duration::from_millis(19));
        assert_eq!(sample.percentile(100), Duration::from_millis(20));
        assert_eq!(sample.per_core(10), Some(100.0));
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
