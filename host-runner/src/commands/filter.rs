//! `tlvet filter`: whether the Envoy filter takes a configuration, asked of the filter itself, and scripted sessions with it.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use tlvet_host::engine::Engine;
use tlvet_host::envoy_abi::{Host, Limits, LogLine};
use tlvet_host::script::Script;

use crate::args::{Filter, PlayFormat};
use crate::output::{Exit, complain, print};

/// Runs the command.
pub(crate) fn run(arguments: &Filter) -> Result<Exit> {
    match arguments {
        Filter::CheckConfig { file } => check_config(file),
        Filter::Run { script, format } => play(script, *format),
    }
}

/// Exit 0 when all came as expected, 1 when not.
fn play(file: &Path, format: PlayFormat) -> Result<Exit> {
    let bytes = match read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            complain(&format!("{}: {error}", file.display()));
            return Ok(Exit::Unreadable);
        }
    };
    let filter =
        Engine::filter().map_err(anyhow::Error::msg).context("the filter does not load")?;
    let played = Script::read(&bytes).and_then(|script| script.play(filter.module()));
    let transcript = match played {
        Ok(transcript) => transcript,
        Err(bad) => {
            complain(&format!("{}: {bad}", file.display()));
            return Ok(Exit::Usage);
        }
    };
    let result = match format {
        PlayFormat::Text => transcript.to_string(),
        PlayFormat::Json => serde_json::to_string_pretty(&transcript)? + "\n",
    };
    print(result.as_bytes()).context("writing the result")?;
    Ok(if transcript.differences.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// Exit 0 when the filter takes the configuration, 1 when it refuses.
fn check_config(file: &Path) -> Result<Exit> {
    let configuration = match read(file) {
        Ok(configuration) => configuration,
        Err(error) => {
            complain(&format!("{}: {error}", file.display()));
            return Ok(Exit::Unreadable);
        }
    };
    let filter =
        Engine::filter().map_err(anyhow::Error::msg).context("the filter does not load")?;
    let host = Host::new(filter.module(), Limits::default()).at(now());
    let (exit, log) = match host.start(&configuration) {
        Ok(mut vm) => (Exit::Clean, vm.take_log()),
        // The filter has said why; when it could not, the host does.
        Err(error) if error.log.is_empty() => {
            complain(&format!("{}: {error}", file.display()));
            (Exit::Findings, error.log)
        }
        Err(error) => (Exit::Findings, error.log),
    };
    print(listing(&log).as_bytes()).context("writing the result")?;
    Ok(exit)
}

/// Nanoseconds since 1970.
pub(super) fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    u64::try_from(now).unwrap_or(u64::MAX)
}

pub(super) fn read(file: &Path) -> io::Result<Vec<u8>> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    fs::read(file)
}

/// As the lines stand in Envoy's log, without its time and place.
fn listing(log: &[LogLine]) -> String {
    log.iter().map(|line| format!("[{}] {}\n", line.level, line.text)).collect()
}
