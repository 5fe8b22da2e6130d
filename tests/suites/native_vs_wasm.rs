//! The engine in the sandbox and the engine in this process say the same, byte for byte.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tlvet_core::bytes::hex;
use tlvet_core::report::model::InputRole;
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_core::x509::RevocationList;
use tlvet_core::x509::chain::{ReferenceName, Request, SignatureCache, judge};
use tlvet_tests::{Failure, artifacts, case, files_below, folder, limbo};

type Result<T> = std::result::Result<T, Failure>;

const NOW: &str = "2026-11-20T00:00:00Z";

/// Runs `tlvet check --format json` in `folder`.
fn in_sandbox(folder: &Path, arguments: &[String]) -> anyhow::Result<String> {
    let mut command = Command::new(artifacts::tlvet()?);
    command.current_dir(folder).args(["check", "--format", "json"]).args(arguments);
    let output = command.output().context("tlvet check")?;
    let code = output.status.code().context("tlvet was ended by a signal")?;
    ensure!(
        // 3: an input of the case is missing on purpose.
        matches!(code, 0 | 1 | 3),
        "tlvet ends with {code}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

fn compare(what: &str, sandbox: &str, native: &str, wrong: &mut Vec<String>) {
    if sandbox.trim_end() == native.trim_end() {
        return;
    }
    // Reports are one long line: the first difference, with what stands around it.
    let at = sandbox.bytes().zip(native.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let bytes = text.as_bytes();
        let part = bytes.get(at.saturating_sub(80)..bytes.len().min(at + 80)).unwrap_or_default();
        String::from_utf8_lossy(part).into_owned()
    };
    wrong.push(format!(
        "{what}: from byte {at} on\n  sandbox …{}…\n  native  …{}…",
        around(sandbox),
        around(native)
    ));
}

#[test]
fn every_vector_gives_the_same_report() -> Result<()> {
    let mut wrong = Vec::new();
    let now = UnixTime::parse(NOW).context("now")?;
    for family in ["itl", "ctl", "sgn", "enc", "keys"] {
        let folder = folder().join("vectors").join(family);
        let mut arguments = vec!["--now".to_owned(), NOW.to_owned()];
        let mut session = Session::new();
        for path in files_below(&folder)? {
            if path.extension().is_some_and(|extension| extension == "json") {
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let id = session
                .open(&name, InputRole::Observed)
                .map_err(|error| anyhow::anyhow!("{error}"))?;
            session.push(id, &std::fs::read(&path)?);
            session.close(id);
            arguments.push(name);
        }
        compare(family, &in_sandbox(&folder, &arguments)?, &session.report_json(now), &mut wrong);
    }
    Failure::unless_empty(&wrong, "reports that differ")
}

#[test]
fn every_case_gives_the_same_report() -> Result<()> {
    let mut wrong = Vec::new();
    for case in case::all(&folder().join("cases"))? {
        let inputs = case.inputs()?;
        // The command shows paths as given: only cases whose inputs lie in their folder under their own name, in the
        // order in which the command takes them, are the same run.
        let mut arguments = vec!["--now".to_owned(), case.description.now.clone()];
        for (key, value) in &case.description.context {
            arguments.extend(["--context".to_owned(), format!("{key}={value}")]);
        }
        for expected in &case.description.expected {
            let address = match &expected.certificate {
                Some(file) => format!("{}={file}", expected.address),
                None => expected.address.clone(),
            };
            arguments.extend(["--expect".to_owned(), address]);
        }
        let mut session = Session::new();
        let mut ordered: Vec<_> =
            inputs.iter().filter(|input| input.role == InputRole::Observed).collect();
        for (role, option) in [
            (InputRole::Trust, "--trust"),
            (InputRole::Phone, "--phone"),
            (InputRole::Key, "--key"),
        ] {
            for input in inputs.iter().filter(|input| input.role == role) {
                arguments.extend([option.to_owned(), input.file.clone()]);
                ordered.push(input);
            }
        }
        arguments.extend(
            inputs
                .iter()
                .filter(|input| input.role == InputRole::Observed)
                .map(|input| input.file.clone()),
        );
        for input in &ordered {
            case.give(&mut session, input, &input.file)?;
        }
        case.expect_addresses(&mut session, &ordered)?;
        for (key, value) in &case.description.context {
            session.set_context(key, value).map_err(anyhow::Error::msg)?;
        }
        let native = session.report_json(case.now()?);
        match in_sandbox(&case.folder, &arguments) {
            Ok(sandbox) if KEYS_FIRST.contains(&case.name.as_str()) => {
                if sandbox.trim_end() == native {
                    wrong.push(format!("{}: no longer differs, take it off the list", case.name));
                }
            }
            Ok(sandbox) => compare(&case.name, &sandbox, &native, &mut wrong),
            Err(error) => wrong.push(format!("{}: {error:#}", case.name)),
        }
    }
    Failure::unless_empty(&wrong, "reports that differ")
}

/// Cases that differ because the command reads key logs and private keys before captures, wherever they stand among its
/// arguments; a session reads what it is given in the order of the giving. host-runner/tests/cli.rs shows what the
/// command makes of key logs and of keys.
const KEYS_FIRST: [&str; 3] =
    ["capf_refuses/resumed_rsa", "key_log_found/late", "tvs_vouches/private-key"];

/// Cases of x509-limbo that are judged in the sandbox too: its core set stands first.
const CHAINS: usize = 250;

#[test]
fn chains_are_judged_the_same() -> Result<()> {
    let mut cases = limbo::cases()?;
    cases.truncate(CHAINS);
    let encode = |list: &[Vec<u8>]| list.iter().map(|der| STANDARD.encode(der)).collect::<Vec<_>>();
    let mut lines = String::new();
    let mut cache = SignatureCache::new();
    let mut native = Vec::new();
    for case in &cases {
        let name = case.name.as_ref().map(|name| match name {
            ReferenceName::Dns(value) => json!({"kind": "dns", "value": value}),
            ReferenceName::Ip(value) => json!({"kind": "ip", "value": value}),
            ReferenceName::Email(value) => json!({"kind": "email", "value": value}),
        });
        let line = json!({
            "id": case.id, "leaf": STANDARD.encode(&case.leaf), "untrusted": encode(&case.untrusted),
            "trusted": encode(&case.trusted), "crls": encode(&case.crls), "name": name, "time": case.at.0,
            "max_depth": case.max_depth,
        });
        lines.push_str(&format!("{line}\n"));
        native.push(answer(case, &mut cache)?);
    }
    let answers = batch(&lines)?;
    let mut wrong = Vec::new();
    if answers.lines().count() != cases.len() {
        wrong.push(format!("{} answers to {} lines", answers.lines().count(), cases.len()));
    }
    for ((line, case), native) in answers.lines().zip(&cases).zip(native) {
        let sandbox: Value = serde_json::from_str(line)?;
        if sandbox != native {
            wrong.push(format!("{}:\n  sandbox {sandbox}\n  native  {native}", case.id));
        }
    }
    Failure::unless_empty(&wrong, "chains that are judged differently")
}

/// Runs `tlvet chain --batch`.
fn batch(lines: &str) -> anyhow::Result<String> {
    let folder = TempDir::new()?;
    let file = folder.path().join("batch.jsonl");
    std::fs::write(&file, lines)?;
    let mut command = Command::new(artifacts::tlvet()?);
    let output = command.args(["chain", "--batch"]).arg(&file).output().context("tlvet chain")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// What the engine in this process says, in the form of the command.
fn answer(case: &limbo::Case, cache: &mut SignatureCache) -> anyhow::Result<Value> {
    let mut read = |list: &[Vec<u8>]| -> anyhow::Result<Vec<_>> {
        list.iter().map(|der| Ok(cache.certificate(der)?)).collect()
    };
    let leaf = read(std::slice::from_ref(&case.leaf))?;
    let leaf = leaf.first().context("one for one")?;
    let (untrusted, trusted) = (read(&case.untrusted)?, read(&case.trusted)?);
    let crls = case.crls.iter().map(|der| RevocationList::parse(der, 0));
    let crls = crls.collect::<std::result::Result<Vec<_>, _>>()?;
    let request = Request {
        untrusted: &untrusted.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
        trusted: &trusted.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
        crls: &crls.iter().collect::<Vec<_>>(),
        name: case.name.as_ref(),
        at: Some(case.at),
        max_depth: case.max_depth,
        ..Request::of(leaf)
    };
    let judged = judge(&request, cache);
    let first = judged.first.as_ref();
    let all: Vec<Value> = judged
        .all
        .iter()
        .map(|one| json!({"code": one.code, "depth": one.depth, "error": one.text}))
        .collect();
    Ok(json!({
        "id": case.id, "ok": judged.ok,
        "code": first.map_or(u32::from(judged.unreadable.is_some()), |one| one.code),
        "depth": first.map_or(0, |one| one.depth),
        "error": first.map_or(judged.unreadable.unwrap_or("ok"), |one| &one.text),
        "chain": judged.chain.iter().map(|link| hex(&link.sha256)).collect::<Vec<_>>(),
        "all": all,
    }))
}
