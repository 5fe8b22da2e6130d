//! The engine in the sandbox and the engine in this process say the same, byte for byte.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use tlvet_core::report::model::InputRole;
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::{Failure, artifacts, case, files_below, folder};

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
        match in_sandbox(&case.folder, &arguments) {
            Ok(sandbox) => {
                compare(&case.name, &sandbox, &session.report_json(case.now()?), &mut wrong);
            }
            Err(error) => wrong.push(format!("{}: {error:#}", case.name)),
        }
    }
    Failure::unless_empty(&wrong, "reports that differ")
}
