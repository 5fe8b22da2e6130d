//! `tlvet replay`: what the filter would have done to each TLS connection of a capture.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};

use anyhow::{Context as _, Result};
use serde_json::json;
use tlvet_host::engine::Engine;
use tlvet_host::envoy_abi::{Host, Limits};
use tlvet_host::replay::{Fault, Outcome, Replay, Summary, Verdict, as_passthrough};

use super::filter::{now, read};
use crate::args::{PlayFormat, Replay as Arguments};
use crate::output::{Exit, complain, print};

/// Runs the command. Exit 0 when nothing is refused, 1 when something is.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit> {
    let policy = match read(&arguments.policy) {
        Ok(policy) => policy,
        Err(error) => {
            complain(&format!("{}: {error}", arguments.policy.display()));
            return Ok(Exit::Usage);
        }
    };
    let filter =
        Engine::filter().map_err(anyhow::Error::msg).context("the filter does not load")?;
    // As it stands, so that the filter's own words name its faults.
    if let Err(error) = Host::new(filter.module(), Limits::default()).at(now()).start(&policy) {
        for line in &error.log {
            complain(&line.text);
        }
        complain(&format!("{}: {error}", arguments.policy.display()));
        return Ok(Exit::Usage);
    }
    let played = as_passthrough(&policy);
    if played.is_some() {
        complain(
            "the policy is played as role passthrough, with names from the server name indication",
        );
    }
    let mut replay = Replay::new(filter.module(), played.as_ref().unwrap_or(&policy));

    let engine = Engine::new().map_err(anyhow::Error::msg).context("the engine does not load")?;
    let mut instance = engine.instance(arguments.sandbox.limits())?;
    let name = arguments.capture.display();
    let mut bytes: Box<dyn Read> = if arguments.capture.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        match File::open(&arguments.capture) {
            Ok(file) => Box::new(file),
            Err(error) => {
                complain(&format!("{name}: {error}"));
                return Ok(Exit::Unreadable);
            }
        }
    };
    let played = instance
        .streams::<Fault>(&mut bytes, |lines| replay.take(lines))
        .and_then(|()| replay.end());
    let (outcomes, summary) = match played {
        Ok(played) => played,
        Err(fault) => {
            if let Fault::Configuration(error) = &fault {
                for line in &error.log {
                    complain(&line.text);
                }
            }
            complain(&format!("{name}: {fault}"));
            return Ok(match fault {
                Fault::Configuration(_) => Exit::Usage,
                _ => Exit::Unreadable,
            });
        }
    };
    let refused = |verdict: &Verdict| matches!(verdict, Verdict::Refused | Verdict::WouldRefuse);
    let any = summary.verdicts.keys().any(refused);
    let result = match arguments.format {
        PlayFormat::Text => text(&outcomes, &summary, arguments.quiet)?,
        PlayFormat::Json => {
            let result = json!({
                "schema": "tlvet-replay/1", "connections": outcomes, "summary": summary,
            });
            serde_json::to_string_pretty(&result)? + "\n"
        }
    };
    print(result.as_bytes()).context("writing the result")?;
    Ok(if any { Exit::Findings } else { Exit::Clean })
}

fn text(outcomes: &[Outcome], summary: &Summary, quiet: bool) -> Result<String> {
    let mut text = String::new();
    for outcome in outcomes {
        if quiet && outcome.verdict == Verdict::Passes {
            continue;
        }
        let Outcome { client, server, frame, verdict, lines, .. } = outcome;
        write!(text, "{client} -> {server}, frame {frame}")?;
        match &outcome.server_name {
            Some(name) => write!(text, ", server name {}", printable(name))?,
            None => text.push_str(", no server name"),
        }
        write!(text, ": {}", verdict.words())?;
        if let Some(reason) = &outcome.reason {
            write!(text, " ({})", printable(reason))?;
        }
        if let Some(detail) = &outcome.detail {
            write!(text, ": {}", printable(detail))?;
        }
        text.push('\n');
        for line in lines {
            writeln!(text, "    {}", printable(line))?;
        }
    }
    let count = |verdict| summary.verdicts.get(&verdict).copied().unwrap_or(0);
    write!(text, "{} TLS connections: {} pass", summary.connections, count(Verdict::Passes))?;
    for (verdict, words) in [
        (Verdict::Excepted, "by an exception"),
        (Verdict::Unchecked, "unverified"),
        (Verdict::Refused, "refused"),
        (Verdict::WouldRefuse, "would be refused in mode enforce"),
        (Verdict::Undecided, "undecided"),
    ] {
        if count(verdict) > 0 {
            write!(text, ", {} {words}", count(verdict))?;
        }
    }
    text.push('\n');
    let hidden = summary.connections.saturating_sub(outcomes.len() as u64);
    if hidden > 0 {
        writeln!(text, "{hidden} of them are not listed")?;
    }
    if summary.others > 0 {
        writeln!(text, "{} other TCP connections were not played: no TLS", summary.others)?;
    }
    if summary.restarts > 0 {
        writeln!(text, "the filter's VM died and was started again {} times", summary.restarts)?;
    }
    for problem in &summary.problems {
        writeln!(text, "the capture: {}", printable(problem))?;
    }
    Ok(text)
}

/// Names come from captures: what would move a terminal's cursor is written out.
fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            printable.extend(character.escape_default());
        } else {
            printable.push(character);
        }
    }
    printable
}
