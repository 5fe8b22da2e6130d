//! The incidents and healthy captures of `tests/captures`, whole and with packets missing: no report makes a claim that the
//! packets left do not show.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::fs;

use tlvet_core::report::json;
use tlvet_core::report::model::{InputRole, Report, Severity};
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::{case, folder, rules};

/// Captures, each with what is given beside it: file and role.
const INCIDENTS: [(&str, Option<(&str, InputRole)>); 3] = [
    ("incident_mra_login", Some(("incident_mra_login.store.pem", InputRole::Trust))),
    ("incident_phone_itl", Some(("incident_phone_itl.phone.tlv", InputRole::Phone))),
    ("incident_tms", None),
];

const HEALTHY: [(&str, Option<(&str, InputRole)>); 2] = [
    ("healthy_mra_login", Some(("incident_mra_login.store.pem", InputRole::Trust))),
    ("healthy_phone_boot", Some(("healthy_phone_boot.phone.tlv", InputRole::Phone))),
];

fn read(name: &str) -> Vec<u8> {
    fs::read(folder().join("captures").join(name)).unwrap()
}

fn report(capture: &[u8], beside: Option<(&str, InputRole)>, chunk: usize) -> Report {
    let mut session = Session::new();
    let id = session.open("capture.pcapng", InputRole::Observed).unwrap();
    for piece in capture.chunks(chunk) {
        session.push(id, piece);
    }
    session.close(id);
    if let Some((name, role)) = beside {
        let id = session.open(name, role).unwrap();
        session.push(id, &read(name));
        session.close(id);
    }
    // Inside the validity of every certificate.
    session.report(UnixTime::parse("2026-11-20T00:00:00Z").unwrap())
}

/// The blocks of a little-endian pcapng file (draft-ietf-opsawg-pcapng section 3.1).
fn blocks(bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let length = u32::from_le_bytes(rest[4..8].try_into().unwrap()) as usize;
        let (block, behind) = rest.split_at(length);
        found.push(block);
        rest = behind;
    }
    found
}

/// An Enhanced Packet Block.
fn is_packet(block: &[u8]) -> bool {
    block[0] == 6
}

/// Source and destination of a packet: IPv4 over Ethernet.
fn addresses(block: &[u8]) -> ([u8; 4], [u8; 4]) {
    const IP: usize = 28 + 14;
    (block[IP + 12..IP + 16].try_into().unwrap(), block[IP + 16..IP + 20].try_into().unwrap())
}

/// Errors of a report, and the rules that it breaks.
fn wrong(report: &Report) -> Vec<String> {
    let errors = report.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let mut wrong: Vec<String> =
        errors.map(|finding| format!("{}: {}", finding.code, finding.title)).collect();
    wrong.extend(rules::broken(report));
    wrong
}

#[test]
fn reports_do_not_depend_on_the_chunks() {
    for (name, beside) in INCIDENTS.into_iter().chain(HEALTHY) {
        let bytes = read(&format!("{name}.pcapng"));
        let whole = json::render(&report(&bytes, beside, usize::MAX));
        for chunk in [1, 7, 1_500] {
            assert_eq!(json::render(&report(&bytes, beside, chunk)), whole, "{name} by {chunk}");
        }
    }
}

/// A lost packet, two lost in a row, everything behind a packet, everything before it: what is missing is no error.
#[test]
fn lost_packets_make_no_errors_of_what_is_healthy() {
    for (name, beside) in HEALTHY {
        let bytes = read(&format!("{name}.pcapng"));
        let blocks = blocks(&bytes);
        let packets: Vec<usize> =
            (0..blocks.len()).filter(|index| is_packet(blocks[*index])).collect();
        assert!(packets.len() > 50, "{name}");
        type Left = fn(usize, usize) -> bool;
        let losses: [(&str, Left); 4] = [
            ("one lost", |at, index| index != at),
            ("two lost", |at, index| index != at && index != at + 1),
            ("cut behind", |at, index| index <= at),
            ("begins at", |at, index| index >= at),
        ];
        for (what, left) in losses {
            for at in &packets {
                let kept = blocks.iter().enumerate();
                let kept = kept.filter(|(index, block)| !is_packet(block) || left(*at, *index));
                let bytes: Vec<u8> = kept.flat_map(|(_, block)| block.iter().copied()).collect();
                let wrong = wrong(&report(&bytes, beside, usize::MAX));
                assert!(wrong.is_empty(), "{name}, {what} {at}: {wrong:#?}");
            }
        }
    }
}

/// Only what one host sent, or only what it received.
#[test]
fn captures_of_one_direction_make_no_errors_of_what_is_healthy() {
    for (name, beside) in HEALTHY {
        let bytes = read(&format!("{name}.pcapng"));
        let blocks = blocks(&bytes);
        let ends = |block: &&&[u8]| is_packet(block).then(|| addresses(block));
        let mut hosts: Vec<[u8; 4]> =
            blocks.iter().filter_map(|block| ends(&block)).map(|(source, _)| source).collect();
        hosts.sort_unstable();
        hosts.dedup();
        assert!(hosts.len() >= 3, "{name}");
        for host in hosts {
            for sent in [true, false] {
                let kept = blocks.iter().filter(|block| {
                    ends(block).is_none_or(|(source, destination)| match sent {
                        true => destination != host,
                        false => source != host,
                    })
                });
                let bytes: Vec<u8> = kept.flat_map(|block| block.iter().copied()).collect();
                let wrong = wrong(&report(&bytes, beside, usize::MAX));
                assert!(wrong.is_empty(), "{name}, {host:?}, sent {sent}: {wrong:#?}");
            }
        }
    }
}

/// With packets missing an incident may say less, never something else: its errors are among those of the whole.
#[test]
fn lost_packets_invent_no_errors_in_incidents() {
    for (name, beside) in INCIDENTS {
        let bytes = read(&format!("{name}.pcapng"));
        let all = report(&bytes, beside, usize::MAX);
        let codes = |report: &Report| -> Vec<String> {
            let errors =
                report.findings.iter().filter(|finding| finding.severity == Severity::Error);
            errors.map(|finding| finding.code.clone()).collect()
        };
        let known = codes(&all);
        assert!(!known.is_empty(), "{name}");
        let blocks = blocks(&bytes);
        for at in (0..blocks.len()).filter(|index| is_packet(blocks[*index])) {
            let kept = blocks.iter().enumerate().filter(|(index, _)| *index != at);
            let bytes: Vec<u8> = kept.flat_map(|(_, block)| block.iter().copied()).collect();
            let report = report(&bytes, beside, usize::MAX);
            assert_eq!(rules::broken(&report), Vec::<String>::new(), "{name} without {at}");
            for code in codes(&report) {
                assert!(known.contains(&code), "{name} without {at}: {code}");
            }
        }
    }
}

/// Any byte may be wrong: there is a report that keeps the rules.
#[test]
fn damaged_incidents_have_a_report() {
    for (name, beside) in INCIDENTS.into_iter().chain(HEALTHY) {
        let bytes = read(&format!("{name}.pcapng"));
        for at in (0..bytes.len()).step_by(61) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x41;
            let report = report(&damaged, beside, usize::MAX);
            assert_eq!(rules::broken(&report), Vec::<String>::new(), "{name}, byte {at}");
        }
    }
}

/// Every folder of `tests/incidents`: what a user would drop, and the answer.
///
/// `CASE=<part of the name>` runs some; `BLESS=1` prints an `[expect]` for each that fails, to read and paste.
#[test]
fn every_incident_is_told_by_its_cause() {
    let wanted = std::env::var("CASE").unwrap_or_default();
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = Vec::new();
    let incidents = case::all(&folder().join("incidents")).unwrap();
    assert!(!incidents.is_empty());
    for incident in incidents.iter().filter(|incident| incident.name.contains(&wanted)) {
        if let Err(error) = incident.run() {
            failures.push(format!("{error:#}"));
            if bless {
                println!("#! {}\n{}", incident.name, case::bless(&incident.report().unwrap()));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
