//! The order in which files are dropped, and the places at which logs are cut into files, do not change what is found.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::fs;

use tlvet_core::report::model::{InputKind, InputRole, Log, Report};
use tlvet_core::session::Session;
use tlvet_tests::case::{self, Case};
use tlvet_tests::folder;

/// Name, role, bytes.
type File = (String, InputRole, Vec<u8>);

fn files(case: &Case) -> Vec<File> {
    let inputs = case.inputs().unwrap();
    let read = |input: &case::CaseInput| {
        let name = input
            .name
            .clone()
            .unwrap_or_else(|| input.file.rsplit('/').next().unwrap_or_default().to_owned());
        Some((name, input.role, fs::read(case.folder.join(&input.file)).ok()?))
    };
    inputs.iter().filter_map(read).collect()
}

fn report(case: &Case, files: &[File]) -> Report {
    let mut session = Session::new();
    for (name, role, bytes) in files {
        let id = session.open(name, *role).unwrap();
        session.push(id, bytes);
        session.close(id);
    }
    for (key, value) in &case.description.context {
        session.set_context(key, value).unwrap();
    }
    session.report(case.now().unwrap())
}

/// Plain cases: what is given beside the files names inputs by their place.
fn plain(case: &Case) -> bool {
    case.description.expected.is_empty() && case.description.passwords.is_empty()
}

/// What must stay: every finding with its severity and title, in the order of the report, the causes, and the first sentence.
fn told(report: &Report) -> Vec<String> {
    let mut told = vec![report.summary.sentence.clone()];
    told.extend(
        report.summary.causes.iter().map(|cause| format!("{} {}", cause.code, cause.sentence)),
    );
    told.extend(report.findings.iter().map(|finding| {
        let causes = finding.caused_by.iter().map(|index| report.findings[*index].code.as_str());
        let causes: Vec<&str> = causes.collect();
        format!("{:?} {} {} {causes:?}", finding.severity, finding.code, finding.title)
    }));
    told
}

/// Codes with severities, sorted: what a log cut in two must still say.
fn codes(report: &Report) -> Vec<String> {
    let mut codes: Vec<String> = report
        .findings
        .iter()
        .map(|finding| format!("{:?} {}", finding.severity, finding.code))
        .collect();
    codes.sort();
    codes.dedup();
    codes
}

/// What is gone and what is new; `None` when nothing changed.
fn difference(before: &[String], now: &[String]) -> Option<String> {
    let without = |all: &[String], others: &[String]| -> Vec<String> {
        all.iter().filter(|code| !others.contains(code)).cloned().collect()
    };
    let (gone, new) = (without(before, now), without(now, before));
    (before != now).then(|| format!("gone {gone:?}, new {new:?}"))
}

fn incidents() -> Vec<Case> {
    let all = case::all(&folder().join("incidents")).unwrap();
    all.into_iter().filter(plain).collect()
}

#[test]
fn the_order_of_files_does_not_change_the_story() {
    let mut several = 0;
    let mut wrong = Vec::new();
    for incident in incidents() {
        let mut files = files(&incident);
        several += usize::from(files.len() > 1);
        let expected = told(&report(&incident, &files));
        for turn in 0..files.len() {
            files.rotate_left(1);
            for reversed in [false, true] {
                let mut files = files.clone();
                if reversed {
                    files.reverse();
                }
                let told = told(&report(&incident, &files));
                if told != expected {
                    let names: Vec<&str> = files.iter().map(|(name, _, _)| name.as_str()).collect();
                    let differing = told.iter().zip(&expected).find(|(one, other)| one != other);
                    wrong
                        .push(format!("{}, turn {turn}, {names:?}: {differing:#?}", incident.name));
                }
            }
        }
    }
    assert!(several >= 12, "{several}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Cut in front of an entry into two files, in both orders. What takes several lines to say (a message of TVS in hex with
/// its answer, a request with its headers) stays in one piece, as it does when products begin a new file.
#[test]
fn logs_cut_at_line_ends_say_the_same() {
    let mut cut = 0;
    let mut wrong = Vec::new();
    for incident in incidents() {
        let files = files(&incident);
        let whole = report(&incident, &files);
        let expected = codes(&whole);
        for (place, (name, role, bytes)) in files.iter().enumerate() {
            let is_log = whole.inputs.iter().any(|input| {
                input.name == *name && input.kind == InputKind::Text && input.inside.is_none()
            }) && whole.logs.iter().any(|log| {
                whole.inputs[log.input as usize].name == *name
                    && ["phone", "traffic", "expressway", "tvs"]
                        .iter()
                        .any(|family| log.format.starts_with(family))
            });
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            if !is_log || !text.is_ascii() {
                continue;
            }
            let starts = starts(text);
            for at in starts.iter().skip(1) {
                cut += 1;
                let mut pieces = files.clone();
                let (first, second) = bytes.split_at(*at);
                pieces[place].2 = first.to_vec();
                pieces.insert(place + 1, (format!("{name}.1"), *role, second.to_vec()));
                for swapped in [false, true] {
                    let mut pieces = pieces.clone();
                    if swapped {
                        pieces.swap(place, place + 1);
                    }
                    let codes = codes(&report(&incident, &pieces));
                    if let Some(changed) = difference(&expected, &codes) {
                        wrong.push(format!(
                            "{}: {name} cut at {at}, swapped {swapped}: {changed}",
                            incident.name
                        ));
                    }
                }
            }
        }
    }
    assert!(cut > 10, "{cut}");
    assert!(wrong.is_empty(), "{} of {cut}\n{}", wrong.len(), wrong.join("\n"));
}

/// Formats whose lines are put together again.
const FAMILIES: [&str; 6] =
    ["certificate-list", "expressway", "phone-console", "registry", "traffic", "tvs"];

/// Logs, certificate lists, settings and registry keys, as terminals of 80 columns and mail programs break them, quoted and indented.
#[test]
fn wrapped_lines_say_the_same() {
    let mut wrapped = 0;
    let mut wrong = Vec::new();
    let cases = case::all(&folder().join("cases")).unwrap().into_iter().filter(plain);
    for incident in incidents().into_iter().chain(cases) {
        let files = files(&incident);
        // Whole archives say more about their texts than is compared here.
        if files.iter().any(|(_, _, bytes)| bytes.len() > 200_000) {
            continue;
        }
        let whole = report(&incident, &files);
        for (place, (name, _, bytes)) in files.iter().enumerate() {
            let formats = || {
                let own = |log: &&Log| whole.inputs[log.input as usize].name == *name;
                whole.logs.iter().filter(own).map(|log| log.format.as_str())
            };
            let is_log =
                formats().any(|format| FAMILIES.iter().any(|family| format.starts_with(family)));
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            // What is quoted already was wrapped before.
            if !is_log || text.contains("\n>") || !text.is_ascii() {
                continue;
            }
            let lines = |wrap: &dyn Fn(&str) -> String| {
                text.lines().map(wrap).collect::<Vec<String>>().join("\n")
            };
            let mut changed = vec![
                ("terminal", lines(&|line| hard(line, 80))),
                ("mail", lines(&|line| soft(line, 76, ""))),
                ("flowed", lines(&|line| soft(line, 72, " "))),
                (
                    "quoted",
                    format!("> {}", lines(&|line| soft(line, 78, "")).replace('\n', "\n> ")),
                ),
                (
                    "indented",
                    format!("    {}", lines(&|line| hard(line, 80)).replace('\n', "\n    ")),
                ),
                ("terminal of 120", lines(&|line| hard(line, 120))),
                ("terminal of 132", lines(&|line| hard(line, 132))),
                ("mail of 100", lines(&|line| soft(line, 100, ""))),
                ("mail of 120", lines(&|line| soft(line, 120, " "))),
                ("mail of 132", lines(&|line| soft(line, 132, ""))),
            ];
            // Their rows are known by what stands in them, so any width will do.
            let is_rows = text.contains("-signed");
            if is_rows && formats().all(|format| format == "certificate-list") {
                changed.push(("narrow", lines(&|line| soft(line, 60, ""))));
                changed.push(("wide", lines(&|line| soft(line, 98, ""))));
            }
            for (how, text) in changed {
                wrapped += usize::from(text.lines().count() > bytes.len() / 80);
                let mut changed = files.clone();
                changed[place].2 = text.into_bytes();
                let (now, before) = (codes(&report(&incident, &changed)), codes(&whole));
                if let Some(changed) = difference(&before, &now) {
                    wrong.push(format!("{}: {name} {how}: {changed}", incident.name));
                }
            }
        }
    }
    assert!(wrapped > 100, "{wrapped}");
    assert!(wrong.is_empty(), "{} of {wrapped}\n{}", wrong.len(), wrong.join("\n"));
}

/// Broken at a column, as a terminal does.
fn hard(line: &str, width: usize) -> String {
    let lines: Vec<&str> =
        line.as_bytes().chunks(width).map(|piece| std::str::from_utf8(piece).unwrap()).collect();
    lines.join("\n")
}

/// Broken at the last blank in front of a column, as mail programs do; the blank goes, or stays at the end (`kept`).
fn soft(line: &str, width: usize, kept: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while rest.len() > width {
        let at = rest[..=width].rfind(' ').or_else(|| rest.find(' '));
        let Some(at) = at.filter(|at| rest[..*at].contains(|character| character != ' ')) else {
            break;
        };
        out.push_str(&rest[..at]);
        out.push_str(kept);
        out.push('\n');
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out
}

/// Offsets of lines that begin an entry of their own.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let entry = line.starts_with(|character: char| character.is_ascii_digit());
        let tvs = line.contains(" | ");
        if entry && line.contains(':') && (!tvs || line.contains("Incoming Phone Msg")) {
            starts.push(at);
        }
        at += line.len();
    }
    starts
}
