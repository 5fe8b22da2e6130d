//! What tshark, run as a program, finds in a capture: the peer to compare with.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{env, io};

use anyhow::{Context as _, Result, ensure};

/// Sender and receiver of the first packet of each connection, with what each of them said.
pub type Streams = BTreeMap<(String, String), [Vec<u8>; 2]>;

/// What tshark writes into a stream where it gave bytes up: it does so as soon as they are acknowledged, even if
/// they come later in the capture.
const GIVEN_UP: &[u8] = b" bytes missing in capture file]\0";

/// A stream of [`streams`] with zeros where tshark gave bytes up, and those places: offset and length.
pub fn without_marks(stream: &[u8]) -> (Vec<u8>, Vec<(usize, usize)>) {
    let mut plain = Vec::new();
    let mut places = Vec::new();
    let mut rest = stream;
    while let Some(end) = rest.windows(GIVEN_UP.len()).position(|window| window == GIVEN_UP) {
        let (head, tail) = rest.split_at(end);
        let Some(start) = head.iter().rposition(|byte| *byte == b'[') else { break };
        let (said, number) = head.split_at(start);
        let number = number.get(1..).and_then(|text| std::str::from_utf8(text).ok());
        let Some(length) = number.and_then(|text| text.parse().ok()) else { break };
        plain.extend(said);
        places.push((plain.len(), length));
        plain.resize(plain.len() + length, 0);
        rest = tail.get(GIVEN_UP.len()..).unwrap_or_default();
    }
    plain.extend(rest);
    (plain, places)
}

/// tshark: `TLVET_TSHARK`, or the one on `PATH`; `None` when this machine has none.
pub fn program() -> Option<Command> {
    let name = env::var_os("TLVET_TSHARK").unwrap_or_else(|| "tshark".into());
    let found = Command::new(&name).arg("--version").output();
    (!matches!(found, Err(error) if error.kind() == io::ErrorKind::NotFound))
        .then(|| Command::new(name))
}

/// Lines of `-T fields` output of the packets that `filter` selects, one list of fields each.
///
/// # Errors
/// When tshark fails.
pub fn fields(
    mut tshark: Command,
    file: &Path,
    options: &[&str],
    filter: &str,
    names: &[&str],
) -> Result<Vec<Vec<String>>> {
    tshark.arg("-n").arg("-r").arg(file).args(options);
    if !filter.is_empty() {
        tshark.args(["-Y", filter]);
    }
    tshark.args(["-T", "fields", "-E", "separator=/t"]);
    for name in names {
        tshark.args(["-e", name]);
    }
    let text = output(&mut tshark)?;
    Ok(text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

/// What each connection of a capture says, as "Follow TCP Stream" shows it.
///
/// # Errors
/// When tshark fails or prints what it never printed before.
pub fn streams(mut tshark: Command, file: &Path, count: usize) -> Result<Streams> {
    tshark.arg("-n").arg("-q").arg("-r").arg(file);
    for number in 0..count {
        tshark.arg("-z").arg(format!("follow,tcp,raw,{number}"));
    }
    let mut streams = Streams::new();
    let mut nodes = (String::new(), String::new());
    for line in output(&mut tshark)?.lines() {
        if let Some(node) = line.strip_prefix("Node 0: ") {
            nodes.0 = node.to_owned();
        } else if let Some(node) = line.strip_prefix("Node 1: ") {
            nodes.1 = node.to_owned();
            let before = streams.insert(nodes.clone(), [Vec::new(), Vec::new()]);
            ensure!(before.is_none(), "{nodes:?} twice");
        } else if line.starts_with(['=', 'F']) || line.is_empty() {
            // The frame around each stream.
        } else {
            let sides =
                streams.get_mut(&nodes).with_context(|| format!("before a node: {line}"))?;
            let [first, second] = sides;
            let (side, text) = match line.strip_prefix('\t') {
                Some(text) => (second, text),
                None => (first, line),
            };
            side.extend(bytes(text).with_context(|| format!("no hex: {line:.80}"))?);
        }
    }
    Ok(streams)
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks_exact(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().context("tshark")?;
    ensure!(output.status.success(), "tshark: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
