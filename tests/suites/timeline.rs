//! The timeline: events of captures and logs in one order, whatever the order of the inputs and however a log was split.
#![allow(clippy::indexing_slicing, reason = "the cases are there")]

use std::fs;

use tlvet_core::report::model::{InputRole, Report, Severity};
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::{Failure, folder};

type Result<T> = std::result::Result<T, Failure>;

fn report(inputs: &[(&str, Vec<u8>)]) -> Result<Report> {
    let mut session = Session::new();
    for (name, bytes) in inputs {
        let id = session.open(name, InputRole::Observed)?;
        session.push(id, bytes);
        session.close(id);
    }
    Ok(session.report(UnixTime(1_795_132_800)))
}

fn case(name: &str) -> Result<Vec<u8>> {
    Ok(fs::read(folder().join("cases/clock_offset").join(name))?)
}

/// Time, kind and line of every event of input `input`.
fn told(report: &Report, input: u32) -> Vec<(&str, &str, u64)> {
    let events = report.timeline.iter().filter(|event| event.input == input);
    let line = |event: &tlvet_core::report::model::TimelineEvent| event.line.unwrap_or_default();
    events.map(|event| (event.time.as_str(), event.event.as_str(), line(event))).collect()
}

#[test]
fn a_log_without_date_stands_where_a_shared_event_puts_it() -> Result<()> {
    let (capture, log) =
        (case("phone_without_date/boot.pcapng")?, case("phone_without_date/console.txt")?);
    let joined = report(&[("boot.pcapng", capture), ("console.txt", log.clone())])?;
    let log_input = joined.inputs.iter().find(|one| one.name == "console.txt").map(|one| one.id);
    let lines: Vec<(&str, u64)> = told(&joined, log_input.unwrap_or(0))
        .into_iter()
        .map(|(time, _, line)| (time, line))
        .collect();
    assert_eq!(lines[0], ("2026-11-19T06:30:00.001500Z", 1));
    assert_eq!(lines[lines.len() - 1], ("2026-11-19T06:30:00.203500Z", 2));
    let transfers = joined.timeline.iter().filter(|event| event.event == "transfer");
    let devices: Vec<Option<&str>> = transfers.map(|event| event.device.as_deref()).collect();
    assert_eq!(devices, [Some("SEP001122334455"); 3]);
    let refused = joined.timeline.iter().find(|event| event.severity == Severity::Warning);
    assert!(refused.is_some_and(|event| event.text.contains("CTLSEP001122334455.tlv")));
    // Without the capture the printed time is all there is, in the order of the lines.
    let alone = report(&[("console.txt", log)])?;
    assert_eq!(told(&alone, 0)[0], ("07:30:05.01", "phone", 1));
    assert!(alone.findings.iter().all(|finding| finding.code != "clock_offset"));
    Ok(())
}

#[test]
fn neither_order_nor_splitting_changes_what_is_said_of_a_clock() -> Result<()> {
    let (capture, log) =
        (case("expressway_behind/login.pcapng")?, case("expressway_behind/log.txt")?);
    let lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
    let doubled = |line: &[u8]| [line, lines[0]].concat();
    let ways = [
        vec![("log", log.clone()), ("capture", capture.clone())],
        vec![("capture", capture.clone()), ("log", log.clone())],
        vec![("log", doubled(lines[0])), ("more", doubled(lines[1])), ("capture", capture)],
    ];
    for inputs in ways {
        let report = report(&inputs)?;
        let clocks: Vec<_> =
            report.findings.iter().filter(|one| one.code == "clock_offset").collect();
        assert_eq!(clocks.len(), 1);
        assert!(clocks[0].title.contains("37.0 s behind that of capture"), "{}", clocks[0].title);
    }
    Ok(())
}
