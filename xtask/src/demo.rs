//! `demo` and `serve`: the product, built and shown.

use std::io::IsTerminal;

use anyhow::{Result, bail};

use crate::shell::{self, program};
use crate::{build, page, paths, samples, setup};

/// Builds everything, checks every bundled story headless and, in a terminal, serves the page.
///
/// # Errors
/// When something cannot be built, or a sample cannot be read. Findings are no error: samples have them.
pub(crate) fn run() -> Result<()> {
    setup::run()?;
    page::run()?;
    let tlvet = build::tlvet()?;

    println!("\nThe bundled samples:\n");
    for story in samples::stories()? {
        println!("## {}\n{}\n", story.title, story.shows);
        let mut command = program(&tlvet);
        command.args(["check", "--quiet"]).args(&story.arguments);
        println!("$ {}", shell::text(&command));
        let status = command.status()?;
        // 0 and 1 are verdicts; anything else means that the check itself did not work.
        if !matches!(status.code(), Some(0 | 1)) {
            bail!("tlvet check on {}: {status}", story.title);
        }
        println!();
    }

    if std::io::stdout().is_terminal() {
        return shell::run(program(&tlvet).arg("serve"));
    }
    println!("Not a terminal: the page is not served. In one: {} serve", paths::shown(&tlvet));
    Ok(())
}

/// Builds and serves the page; `arguments` are those of `tlvet serve`.
///
/// # Errors
/// When something cannot be built, or the server ends with an error.
pub(crate) fn serve(arguments: &[&str]) -> Result<()> {
    setup::wasm_targets()?;
    setup::npm_packages()?;
    page::run()?;
    let tlvet = build::tlvet()?;
    shell::run(program(&tlvet).arg("serve").args(arguments))
}
