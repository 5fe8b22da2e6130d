//! The tasks of this repository, as `cargo xtask TASK`. `.ci/run` calls `cargo xtask ci` and nothing else,
//! so what CI does can be done at a desk, by the same words.

mod bench;
mod build;
mod ci;
mod count;
mod demo;
mod docs;
mod fuzz;
mod lints;
mod machine;
mod oci;
mod page;
mod paths;
mod samples;
mod setup;
mod shell;
mod stamp;
mod test;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask TASK

  setup              install what tests and demo need: wasm targets, npm packages, Python venv, Chromium
  demo               build everything, check the bundled samples, serve the page (in a terminal)
  test               build everything, run every test, the browser and Envoy ones included
  serve [--port N]   build and serve the page on loopback
  page               build the page into www/dist
  ci [STAGE]...      what CI runs: format, rules, page, clippy, licences, docs, test
  docs [--check]     regenerate docs/findings.md and docs/report.schema.json, or fail where they are old
  bench [--write]    measure speed and sizes; --write puts the result into docs/benchmarks.md
  filter             build the filter for Envoy: target/tlvet_filter.wasm
  oci                build the filter and write it as an OCI image layout to target/oci
  fuzz-smoke [--seconds N] [TARGET]...
                     replay the corpus and mutate it for N seconds per target (default 10)

A task does only what is left to do: a second run rebuilds nothing that did not change.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        ["setup"] => setup::run().map(|_tools| ()),
        ["demo"] => demo::run(),
        ["test"] => test::run(),
        ["serve", rest @ ..] => demo::serve(rest),
        ["page"] => {
            setup::run()?;
            page::run()
        }
        ["ci", stages @ ..] => ci::run(stages),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["bench", rest @ ..] => bench::run(rest),
        ["filter"] => {
            println!("{}", build::filter()?.display());
            Ok(())
        }
        ["oci"] => oci::run(),
        ["fuzz-smoke", rest @ ..] => fuzz::smoke(rest),
        _ => bail!("not understood: {}\n\n{HELP}", arguments.join(" ")),
    }
}
