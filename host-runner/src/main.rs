//! `tlvet`: why does this phone, or this Expressway, not trust that server?

mod args;
mod commands;
mod files;
mod output;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};
use output::Exit;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let exit = match arguments.command {
        Command::Chain(chain) => commands::chain::run(&chain),
        Command::Check(check) => commands::check::run(&check),
        Command::Context => commands::context::run(),
        Command::Filter(filter) => commands::filter::run(&filter),
        Command::Replay(replay) => commands::replay::run(&replay),
        Command::Serve(serve) => commands::serve::run(&serve),
        Command::Show(show) => commands::show::run(&show),
    };
    exit.unwrap_or_else(|error| {
        output::complain(&format!("{error:#}"));
        Exit::Unreadable
    })
    .finish()
}
