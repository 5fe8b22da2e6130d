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

/// Kind, device, severity and text of the events whose kind is one of `kinds`.
fn of_kinds<'r>(
    report: &'r Report,
    kinds: &[&str],
) -> Vec<(&'r str, Option<&'r str>, Severity, &'r str)> {
    let events = report.timeline.iter().filter(|event| kinds.contains(&event.event.as_str()));
    events
        .map(|event| {
            (event.event.as_str(), event.device.as_deref(), event.severity, event.text.as_str())
        })
        .collect()
}

#[test]
fn messages_of_tvs_and_capf_are_events() -> Result<()> {
    let read = |name: &str| fs::read(folder().join("cases").join(name));
    let tvs = report(&[("boot.pcapng", read("tvs_refuses/signer/boot.pcapng")?)])?;
    let told = of_kinds(&tvs, &["tvs-message"]);
    let device = Some("SEP001122334455");
    let ends = ("10.48.36.77:", "10.48.36.215:2445");
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!((told[0].1, told[0].2), (device, Severity::Info));
    assert!(told[0].3.starts_with(ends.0), "{}", told[0].3);
    assert!(
        told[0].3.contains("TVS_MSG_QUERY_CERT_REQ about CN=cucm-pub.example.com"),
        "{}",
        told[0].3
    );
    assert_eq!(told[1].2, Severity::Warning);
    assert!(told[1].3.starts_with(ends.1), "{}", told[1].3);
    assert!(told[1].3.ends_with("status 1, not trusted"), "{}", told[1].3);
    let capf = report(&[("capf.pcapng", read("capf_refuses/unknown_device/capf.pcapng")?)])?;
    let told = of_kinds(&capf, &["capf-message"]);
    assert!(
        told.iter().any(|one| one.2 == Severity::Warning && one.3.contains("reason 9")),
        "{told:?}"
    );
    let trace = report(&[("tvs.txt", read("tvs_refuses/trace/tvs.txt")?)])?;
    let told = of_kinds(&trace, &["tvs"]);
    let asked = told.iter().find(|one| one.1 == Some("SEPB000B4BA0AEE"));
    assert!(asked.is_some_and(|one| one.2 == Severity::Info), "{told:?}");
    assert!(told.iter().any(|one| one.2 == Severity::Warning), "{told:?}");
    Ok(())
}

#[test]
fn pasted_packets_with_a_time_of_day_are_events() -> Result<()> {
    let list = b"No.     Time            Source          Destination     Protocol Length Info\n\
        1      18:55:26.100001 10.48.36.46     10.48.36.215    TCP      74     31576 > 6972 [SYN] Seq=0 Win=29200 Len=0\n\
        4      18:55:26.100201 10.48.36.46     10.48.36.215    TLSv1.2  351    Client Hello\n\
        6      18:55:26.110201 10.48.36.46     10.48.36.215    TLSv1.2  73     Alert (Level: Fatal, Description: Unknown CA)\n";
    let report = report(&[("packets.txt", list.to_vec())])?;
    let told = of_kinds(&report, &["packet"]);
    let texts: Vec<&str> = told.iter().map(|one| one.3).collect();
    assert_eq!(
        texts,
        [
            "10.48.36.46:31576 to 10.48.36.215:6972: SYN",
            "10.48.36.46 to 10.48.36.215: ClientHello",
            "10.48.36.46 to 10.48.36.215: fatal alert: Unknown CA",
        ]
    );
    assert_eq!(told[2].2, Severity::Warning);
    Ok(())
}
