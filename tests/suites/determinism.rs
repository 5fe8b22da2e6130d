//! The same input gives the same report, byte for byte: whatever the chunks are, whoever read the input.

use std::fs;

use tlvet_core::report::model::InputRole;
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::{Failure, case, files_below, folder};

type Result<T> = std::result::Result<T, Failure>;

const NOW: UnixTime = UnixTime(1_795_000_000);

/// Name, role and bytes of many inputs of all kinds.
fn inputs() -> anyhow::Result<Vec<(String, InputRole, Vec<u8>)>> {
    let mut found = Vec::new();
    for family in ["itl", "ctl", "sgn", "enc", "keys"] {
        for path in files_below(&folder().join("vectors").join(family))? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // One in three is enough of each family; truths and cut files are no inputs of their own.
            if name.ends_with(".json") || name.contains("trunc") || found.len() >= 120 {
                continue;
            }
            let role = match (family, name.contains("good_cu_0")) {
                ("keys", _) if name == "phone.pem" => InputRole::Key,
                ("itl", true) => InputRole::Phone,
                _ => InputRole::Observed,
            };
            found.push((name, role, fs::read(&path)?));
        }
    }
    Ok(found)
}

fn read(inputs: &[(String, InputRole, Vec<u8>)], chunk: usize) -> anyhow::Result<Session> {
    let mut session = Session::new();
    for (name, role, bytes) in inputs {
        let id = session.open(name, *role).map_err(|error| anyhow::anyhow!("{error}"))?;
        for chunk in bytes.chunks(chunk) {
            session.push(id, chunk);
        }
        session.close(id);
    }
    Ok(session)
}

fn same(what: &str, expected: &str, got: &str, wrong: &mut Vec<String>) {
    if expected == got {
        return;
    }
    let line = expected.lines().zip(got.lines()).position(|(a, b)| a != b);
    wrong.push(format!(
        "{what}: {} and {} bytes, first different line {line:?}",
        expected.len(),
        got.len()
    ));
}

#[test]
fn chunks_of_any_size_give_the_same_report() -> Result<()> {
    let inputs = inputs()?;
    let expected = read(&inputs, usize::MAX)?.report_json(NOW);
    let mut wrong = Vec::new();
    for chunk in [1, 2, 7, 64, 4096, 65_536] {
        same(
            &format!("chunks of {chunk}"),
            &expected,
            &read(&inputs, chunk)?.report_json(NOW),
            &mut wrong,
        );
    }
    Failure::unless_empty(&wrong, "reports that differ")
}

#[test]
fn inputs_open_at_the_same_time_give_the_same_report() -> Result<()> {
    let inputs = inputs()?;
    let expected = read(&inputs, usize::MAX)?.report_json(NOW);
    let mut session = Session::new();
    let mut ids = Vec::new();
    for (name, role, _) in &inputs {
        ids.push(session.open(name, *role).map_err(|error| anyhow::anyhow!("{error}"))?);
    }
    // Round robin, 100 bytes at a time; closed in the opposite order.
    for start in (0..).step_by(100) {
        let mut any = false;
        for (id, (_, _, bytes)) in ids.iter().zip(&inputs) {
            if let Some(rest) = bytes.get(start..) {
                any = true;
                session.push(*id, rest.get(..100).unwrap_or(rest));
            }
        }
        if !any {
            break;
        }
    }
    for id in ids.iter().rev() {
        session.close(*id);
    }
    let mut wrong = Vec::new();
    same("interleaved", &expected, &session.report_json(NOW), &mut wrong);
    Failure::unless_empty(&wrong, "reports that differ")
}

#[test]
fn a_report_asked_for_twice_is_the_same() -> Result<()> {
    let inputs = inputs()?;
    let session = read(&inputs, 1000)?;
    let expected = session.report_json(NOW);
    let mut wrong = Vec::new();
    same("again", &expected, &session.report_json(NOW), &mut wrong);
    same("another session", &expected, &read(&inputs, 1000)?.report_json(NOW), &mut wrong);
    Failure::unless_empty(&wrong, "reports that differ")
}

/// Each input is read by a session of its own, exported, and imported by one that reports.
#[test]
fn exported_inputs_give_the_same_report() -> Result<()> {
    let inputs = inputs()?;
    let expected = read(&inputs, usize::MAX)?.report_json(NOW);
    let mut importer = Session::new();
    for input in &inputs {
        let mut reader = read(std::slice::from_ref(input), 500)?;
        let exported = reader
            .export(tlvet_core::session::InputId(0))
            .ok_or_else(|| anyhow::anyhow!("no export"))?;
        importer.import(&exported).map_err(|error| anyhow::anyhow!("{error}"))?;
    }
    let mut wrong = Vec::new();
    same("imported", &expected, &importer.report_json(NOW), &mut wrong);
    Failure::unless_empty(&wrong, "reports that differ")
}

#[test]
fn every_case_is_the_same_twice() -> Result<()> {
    let mut wrong = Vec::new();
    for case in case::all(&folder().join("cases"))? {
        let now = case.now()?;
        same(
            &case.name,
            &case.session()?.report_json(now),
            &case.session()?.report_json(now),
            &mut wrong,
        );
    }
    Failure::unless_empty(&wrong, "cases that differ")
}
