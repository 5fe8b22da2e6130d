//! `tlvet show`: a trust list as `show itl` or `show ctl` prints it.

use anyhow::{Context as _, Result};
use tlvet_host::engine::{Engine, Role, Source as _};

use crate::args::Show;
use crate::files::expand;
use crate::output::{Exit, complain, print};

/// Runs the command.
pub(crate) fn run(arguments: &Show) -> Result<Exit> {
    let name = arguments.input.display();
    if arguments.input.is_dir() {
        complain(&format!("{name}: is a folder; give one trust list"));
        return Ok(Exit::Unreadable);
    }
    let engine = Engine::new().map_err(anyhow::Error::msg).context("the engine does not load")?;
    let mut instance = engine.instance(arguments.sandbox.limits())?;
    for input in expand(&arguments.input, Role::Observed) {
        let bytes = input.open().with_context(|| name.to_string())?;
        let number = instance.read(&input.name(), input.role(), bytes);
        match instance.listing(number.with_context(|| name.to_string())?)? {
            Some(listing) => print(&listing).context("writing the listing")?,
            None => {
                complain(&format!("{name}: is not a trust list (ITL or CTL)"));
                return Ok(Exit::Unreadable);
            }
        }
    }
    Ok(Exit::Clean)
}
