//! `tlvet context`: what can be told with `--context KEY=VALUE`.

use anyhow::{Context as _, Result};
use tlvet_host::engine::{Engine, Limits};

use crate::output::{Exit, print};

/// Runs the command.
pub(crate) fn run() -> Result<Exit> {
    let engine = Engine::new().map_err(anyhow::Error::msg).context("the engine does not load")?;
    let keys = engine.instance(Limits::default())?.context_keys()?;
    print(&keys).context("writing the keys")?;
    Ok(Exit::Clean)
}
