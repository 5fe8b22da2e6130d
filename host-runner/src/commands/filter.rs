//! `tlvet filter check-config`: whether the Envoy filter takes a configuration, asked of the filter itself.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use tlvet_host::engine::Engine;
use tlvet_host::envoy_abi::{Host, Limits, LogLine};

use crate::args::Filter;
use crate::output::{Exit, complain, print};

/// Runs the command. Exit 0 when the filter takes the configuration, 1 when it refuses.
pub(crate) fn run(arguments: &Filter) -> Result<Exit> {
    match arguments {
        Filter::CheckConfig { file } => check_config(file),
    }
}

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
    let (exit, log) = match Host::new(filter.module(), Limits::default()).start(&configuration) {
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

fn read(file: &Path) -> io::Result<Vec<u8>> {
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
