//! `tlvet chain`: judge one certificate and its chain, or many.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tlvet_host::engine::{Chains, Engine, Instance, Limits, Stopped, map_in_order};

use crate::args::{Chain, Purpose};
use crate::output::{Exit, complain, print};

/// Bytes of one file: the largest stores hold some hundred certificates.
const FILE: u64 = 64 << 20;
/// Bytes of one line of a batch. A line of the largest public test suite has 70 KB.
const LINE: usize = 16 << 20;
/// Lines that are handed to the engine at once, and bytes after which no more are added.
const GROUP: (usize, usize) = (64, 1 << 20);

/// Runs the command.
pub(crate) fn run(arguments: &Chain) -> Result<Exit> {
    let engine = Engine::new().map_err(anyhow::Error::msg).context("the engine does not load")?;
    let options = options(arguments)?;
    let limits = arguments.sandbox.limits();
    let mut instance = engine.instance(limits)?;
    match instance.chain_options(&options) {
        Err(Stopped::Refused(reason)) => {
            complain(&reason);
            return Ok(Exit::Usage);
        }
        other => other?,
    }
    match &arguments.batch {
        Some(file) => batch(&engine, &options, limits, arguments, file),
        None => single(instance, arguments),
    }
}

fn options(arguments: &Chain) -> Result<Vec<u8>> {
    let at = match &arguments.at {
        Some(at) => at.clone(),
        None => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.context("the clock of this computer stands before 1970")?.as_secs().to_string()
        }
    };
    let options = json!({
        "profile": arguments.profile,
        "level": arguments.level,
        "at": at,
        "files": arguments.batch.is_none(),
        "text": arguments.batch.is_none() && !arguments.json,
    });
    Ok(serde_json::to_vec(&options)?)
}

/// One chain from files.
fn single(mut instance: Instance, arguments: &Chain) -> Result<Exit> {
    let mut named = Vec::new();
    for paths in [&arguments.untrusted, &arguments.trust, &arguments.crl] {
        named.push(paths.iter().map(|path| file(path)).collect::<Result<Vec<String>>>()?);
    }
    let [untrusted, trusted, crls] = named.as_slice() else { return Ok(Exit::Usage) };
    let leaf = arguments.leaf.as_deref().map(file).transpose()?;
    let name = arguments.name.as_ref().map(|name| {
        let kind = match name {
            ip if ip.parse::<std::net::IpAddr>().is_ok() => "ip",
            mailbox if mailbox.contains('@') => "email",
            _ => "dns",
        };
        json!({"kind": kind, "value": name})
    });
    let purpose = match arguments.purpose {
        Purpose::Server => "server",
        Purpose::Client => "client",
        Purpose::Any => "any",
    };
    let line = json!({
        "leaf": leaf, "untrusted": untrusted, "trusted": trusted, "crls": crls, "name": name, "purpose": purpose,
    });
    match instance.chains(&serde_json::to_vec(&line)?) {
        Ok(judged) => {
            print(&judged.answer).context("writing the answer")?;
            Ok(if judged.refused > 0 { Exit::Findings } else { Exit::Clean })
        }
        Err(Stopped::Refused(reason)) => {
            complain(&reason);
            Ok(Exit::Unreadable)
        }
        Err(stopped) => Err(stopped.into()),
    }
}

/// A file as base64; `-` is standard input.
fn file(path: &Path) -> Result<String> {
    let name = || path.display().to_string();
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().lock().take(FILE + 1).read_to_end(&mut bytes).with_context(name)?;
    } else {
        let file = File::open(path).with_context(name)?;
        file.take(FILE + 1).read_to_end(&mut bytes).with_context(name)?;
    }
    anyhow::ensure!(bytes.len() as u64 <= FILE, "{}: has more than {FILE} bytes", name());
    Ok(STANDARD.encode(bytes))
}

/// Many chains, line by line.
fn batch(
    engine: &Engine,
    options: &[u8],
    limits: Limits,
    arguments: &Chain,
    path: &Path,
) -> Result<Exit> {
    let reader: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        let name = || path.display().to_string();
        Box::new(BufReader::with_capacity(1 << 20, File::open(path).with_context(name)?))
    };
    let jobs = match arguments.jobs {
        Some(jobs) => jobs.into(),
        None => thread::available_parallelism().map_or(1, usize::from),
    };
    let mut unread = false;
    let mut lines = Groups { reader, failed: None };
    map_in_order(
        jobs,
        &mut lines,
        || None,
        |instance, group| judge(engine, options, limits, instance, &group),
        |judged| {
            unread |= judged.unread > 0;
            print(&judged.answer).context("writing the answers")
        },
    )?;
    if let Some(error) = lines.failed {
        return Err(anyhow::Error::from(error).context(path.display().to_string()));
    }
    Ok(if unread { Exit::Unreadable } else { Exit::Clean })
}

/// Judges a group of lines; when they stop the engine, each line for itself, so that one costs only itself.
fn judge(
    engine: &Engine,
    options: &[u8],
    limits: Limits,
    kept: &mut Option<Instance>,
    group: &[u8],
) -> Chains {
    let mut attempt = |lines: &[u8]| -> Result<Chains, Stopped> {
        let mut instance = match kept.take() {
            Some(mut instance) => {
                instance.limit(limits);
                instance
            }
            None => {
                let mut instance = engine.instance(limits)?;
                instance.chain_options(options)?;
                instance
            }
        };
        let judged = instance.chains(lines)?;
        *kept = Some(instance);
        Ok(judged)
    };
    if let Ok(judged) = attempt(group) {
        return judged;
    }
    let mut all = Chains::default();
    for line in group.split_inclusive(|byte| *byte == b'\n') {
        let one = attempt(line).unwrap_or_else(|stopped| refusal(line, &stopped.to_string()));
        all.answer.extend(one.answer);
        all.refused += one.refused;
        all.unread += one.unread;
    }
    all
}

/// The answer to a line that stopped the engine. 1 is OpenSSL's number for an error without a name.
fn refusal(line: &[u8], reason: &str) -> Chains {
    let id = serde_json::from_slice(line).ok().and_then(|line: Value| line.get("id").cloned());
    let answer = json!({
        "id": id, "ok": false, "code": 1, "depth": 0, "error": reason, "chain": [],
        "all": [{"code": 1, "depth": 0, "error": reason}],
    });
    Chains { answer: format!("{answer}\n").into_bytes(), refused: 1, unread: 1 }
}

/// Groups of whole lines.
struct Groups {
    reader: Box<dyn BufRead>,
    failed: Option<io::Error>,
}

impl Iterator for Groups {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut group = Vec::new();
        let (lines, bytes) = GROUP;
        for _ in 0..lines {
            let start = group.len();
            let room = (LINE + 1) as u64;
            match self.reader.by_ref().take(room).read_until(b'\n', &mut group) {
                Ok(0) => break,
                Ok(length) if length > LINE => {
                    group.truncate(start);
                    self.failed =
                        Some(io::Error::other(format!("a line has more than {LINE} bytes")));
                    break;
                }
                Ok(_) if group.ends_with(b"\n") => {}
                Ok(_) => group.push(b'\n'),
                Err(error) => {
                    group.truncate(start);
                    self.failed = Some(error);
                    break;
                }
            }
            if group.len() >= bytes {
                break;
            }
        }
        if self.failed.is_some() {
            // What was read before is still judged; then the stream ends.
            self.reader = Box::new(io::empty());
        }
        (!group.is_empty()).then_some(group)
    }
}
