//! Logs of phones and of TVS say the same in one piece and in several, in whatever order the pieces come.

use std::collections::BTreeSet;
use std::fs;

use tlvet_core::report::model::{InputRole, Report};
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::{Failure, case, folder};

type Result<T> = std::result::Result<T, Failure>;

/// What of a report must not depend on how a log was cut: codes, severities, titles, the verdict.
fn essence(report: &Report) -> BTreeSet<String> {
    let findings = report.findings.iter();
    let mut all: BTreeSet<String> =
        findings.map(|one| format!("{} {:?} {}", one.code, one.severity, one.title)).collect();
    all.insert(format!("{:?}", report.summary.verdict));
    all
}

fn report(parts: &[&[u8]]) -> anyhow::Result<Report> {
    let mut session = Session::new();
    for (index, part) in parts.iter().enumerate() {
        let id = session.open(&format!("part-{index}.txt"), InputRole::Observed)?;
        session.push(id, part);
        session.close(id);
    }
    Ok(session.report(UnixTime::parse("2026-11-20T00:00:00Z").unwrap_or_default()))
}

/// Where a log may be cut: an entry begins here. TVS prints a message as many entries, and goes on to a new file between
/// messages.
fn begins(name: &str, line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    let is_entry = line.starts_with(|first: char| first.is_ascii_digit());
    let messages = ["Accepted TCP", "Incoming Phone Msg", "Sending QUERY_CERT_RES"];
    is_entry && (!name.starts_with("tvs_") || messages.iter().any(|words| line.contains(words)))
}

/// The cases whose only input is a log of a phone or of TVS.
fn logs() -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for case in case::all(&folder().join("cases"))? {
        let code = case.name.split('/').next().unwrap_or_default();
        let is_log = ["phone_log_", "phone_file_", "https_server_", "lsc_failed", "tvs_"];
        if is_log.iter().any(|prefix| code.starts_with(prefix)) {
            let names = ["console.txt", "tvs.txt"];
            let files: Vec<_> = fs::read_dir(&case.folder)?.collect::<std::io::Result<_>>()?;
            let inputs = files.iter().map(|file| file.file_name().to_string_lossy().into_owned());
            let inputs: Vec<String> = inputs
                .filter(|name| !["case.toml", "fixture.py"].contains(&name.as_str()))
                .collect();
            if let [only] = inputs.as_slice()
                && names.contains(&only.as_str())
            {
                found.push((case.name.clone(), fs::read(case.folder.join(only))?));
            }
        }
    }
    anyhow::ensure!(found.len() >= 10, "only {} logs", found.len());
    Ok(found)
}

#[test]
fn a_log_says_the_same_in_two_files_in_both_orders() -> Result<()> {
    let mut wrong = Vec::new();
    for (name, bytes) in logs()? {
        let whole = essence(&report(&[&bytes])?);
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let mut at = 0;
        for (index, line) in lines.iter().enumerate() {
            // An entry that goes on in the next line is not cut, and the phone is known by name on both sides or on one.
            if at > 0 && begins(&name, line) {
                let (one, other) = bytes.split_at(at);
                for parts in [[one, other], [other, one]] {
                    let found = essence(&report(&parts)?);
                    if found != whole {
                        wrong.push(format!(
                            "{name}, cut before line {}: {:?} instead of {:?}",
                            index + 1,
                            found.difference(&whole).collect::<Vec<_>>(),
                            whole.difference(&found).collect::<Vec<_>>()
                        ));
                    }
                }
            }
            at += line.len();
        }
    }
    Failure::unless_empty(&wrong, "logs that say something else in two files")
}

#[test]
fn a_log_says_the_same_in_pieces_of_any_size_and_with_other_line_ends() -> Result<()> {
    let mut wrong = Vec::new();
    for (name, bytes) in logs()? {
        let whole = essence(&report(&[&bytes])?);
        for size in [1, 7, 100] {
            let mut session = Session::new();
            let id =
                session.open("part-0.txt", InputRole::Observed).map_err(anyhow::Error::from)?;
            for piece in bytes.chunks(size) {
                session.push(id, piece);
            }
            session.close(id);
            let now = UnixTime::parse("2026-11-20T00:00:00Z").unwrap_or_default();
            if essence(&session.report(now)) != whole {
                wrong.push(format!("{name} in pieces of {size}"));
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let dos = text.replace('\n', "\r\n");
        let wide: Vec<u8> = dos.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (form, bytes) in [("CR LF", dos.into_bytes()), ("UTF-16", wide)] {
            if essence(&report(&[&bytes])?) != whole {
                wrong.push(format!("{name} in {form}"));
            }
        }
    }
    Failure::unless_empty(&wrong, "logs that depend on their form")
}
