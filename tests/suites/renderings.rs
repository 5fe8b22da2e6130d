//! The renderings of the report: what SARIF 2.1.0 demands, nothing fetched by HTML, nothing of an input is markup.

#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use std::collections::BTreeMap;

use serde_json::Value;
use tlvet_core::report::model::{Finding, InputRole, Report, Severity};
use tlvet_core::report::text::Style;
use tlvet_core::report::{html, json, markdown, sarif, text};
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::{case, folder};

/// Reports on all incidents.
fn incidents() -> Vec<(String, Report)> {
    let incidents = case::all(&folder().join("incidents")).unwrap();
    incidents.iter().map(|incident| (incident.name.clone(), incident.report().unwrap())).collect()
}

/// A report whose names try to be markup.
fn hostile() -> Report {
    let mut session = Session::new();
    let name =
        "<script>alert(1)</script>|**b**|[x](https://evil.example)\u{1b}[31m\u{202e}`\"'.tlv";
    let id = session.open(name, InputRole::Observed).unwrap();
    session.push(id, b"no trust list");
    session.close(id);
    session.report(UnixTime(1_795_000_000))
}

/// Pieces of any size are the text that is made at once, with every list of the report and of its captures.
#[test]
fn json_in_pieces_is_the_same_json() {
    let mut captures = 0;
    for (name, report) in incidents().into_iter().chain([("hostile".to_owned(), hostile())]) {
        let whole = json::render(&report);
        captures += report.captures.iter().filter(|one| one.flows.len() > 1).count();
        for size in [1, 1_000, usize::from(u16::MAX)] {
            let parts: Vec<Vec<u8>> = json::Parts::of(report.clone(), size).collect();
            let (last, others) = parts.split_last().unwrap();
            assert!(!last.is_empty() && others.iter().all(|part| part.len() >= size), "{name}");
            assert!(String::from_utf8(parts.concat()).unwrap() == whole, "{name}, {size}");
        }
    }
    assert!(captures > 3, "{captures}");
}

#[test]
fn json_lines_are_the_elements_of_the_same_json() {
    for (name, report) in incidents().into_iter().chain([("hostile".to_owned(), hostile())]) {
        let Value::Object(whole) = serde_json::to_value(&report).unwrap() else { panic!() };
        for size in [1, 1_000, usize::from(u16::MAX)] {
            let lines = json::Lines::of(report.clone(), size).collect::<Vec<_>>().concat();
            let mut told: BTreeMap<String, Value> = BTreeMap::new();
            for (number, line) in String::from_utf8(lines).unwrap().lines().enumerate() {
                let Value::Object(line) = serde_json::from_str(line).unwrap() else { panic!() };
                assert_eq!(line.len(), 1, "{name}");
                let (key, element) = line.into_iter().next().unwrap();
                assert_eq!(key == "report", number == 0, "{name}");
                if let ("report", Value::Object(head)) = (&*key, &element) {
                    told.extend(head.clone());
                    continue;
                }
                let list = match &*key {
                    "timeline_event" => "timeline".to_owned(),
                    "forecast" | "skipped" => key,
                    _ => format!("{key}s"),
                };
                let list = told.entry(list).or_insert(Value::Array(Vec::new()));
                list.as_array_mut().unwrap().push(element);
            }
            for (key, value) in &whole {
                let empty = Value::Array(Vec::new());
                assert_eq!(told.get(key).unwrap_or(&empty), value, "{name}: {key}");
            }
            assert!(told.keys().all(|key| whole.contains_key(key)), "{name}");
        }
    }
}

/// A report put together from its slices, as the page does it.
fn put_together(slices: impl IntoIterator<Item = Vec<u8>>) -> Value {
    let mut report = Value::Null;
    for slice in slices {
        let Value::Object(mut slice) = serde_json::from_slice(&slice).unwrap() else { panic!() };
        let (Some(Value::Array(items)), Some(list)) = (slice.remove("items"), slice.remove("list"))
        else {
            panic!("{slice:?}")
        };
        assert_eq!(slice["count"], items.len());
        let owner = match &slice["capture"] {
            Value::Null => &mut report,
            number => &mut report["captures"][number.as_u64().unwrap() as usize],
        };
        match list {
            Value::Null => *owner = items.into_iter().next().unwrap(),
            list => owner[list.as_str().unwrap()].as_array_mut().unwrap().extend(items),
        }
    }
    report
}

/// Slices of any size make the whole report, and are the same whether its captures were made before or are made on the way.
#[test]
fn json_in_slices_is_the_same_report() {
    let mut sessions = vec![("two captures".to_owned(), two_captures(), UnixTime(1_795_000_000))];
    for root in ["incidents", "cases/handshake_refused", "cases/transfer_failed"] {
        let cases = case::all(&folder().join(root)).unwrap();
        sessions.extend(
            cases
                .into_iter()
                .map(|case| (case.name.clone(), case.session().unwrap(), case.now().unwrap())),
        );
    }
    let mut captures = 0;
    for (name, session, now) in sessions {
        let report = session.report(now);
        let whole = serde_json::to_value(&report).unwrap();
        captures += report.captures.iter().filter(|one| one.flows.len() > 1).count();
        for size in [1, 1_000, usize::from(u16::MAX)] {
            let mut told = Vec::new();
            let end: Result<(), ()> = session.tell(now, size, &mut |slice| {
                told.push(slice.to_vec());
                Ok(())
            });
            end.unwrap();
            let made: Vec<Vec<u8>> = json::Slices::of(report.clone(), size).collect();
            assert!(made == told, "{name}, {size}");
            assert!(size > 1 || told.len() > 10, "{name}");
            assert!(put_together(told) == whole, "{name}, {size}");
        }
        assert!(put_together([json::render_slice(&report)]) == whole, "{name}");
    }
    assert!(captures > 3, "{captures}");
}

/// A session whose report has more than one capture, each with lists of its own.
fn two_captures() -> Session {
    let mut session = Session::new();
    for name in ["tftp.pcapng", "tls12_unknown_ca.pcapng"] {
        let id = session.open(name, InputRole::Observed).unwrap();
        session.push(id, &std::fs::read(folder().join("captures").join(name)).unwrap());
        session.close(id);
    }
    assert_eq!(session.report(UnixTime(1_795_000_000)).captures.len(), 2);
    session
}

/// Who wants no more is told no more.
#[test]
fn slices_end_where_nobody_listens() {
    let case = case::all(&folder().join("incidents")).unwrap().remove(0);
    let mut told = 0;
    let end = case.session().unwrap().tell(case.now().unwrap(), 1, &mut |_| {
        told += 1;
        if told == 3 { Err("enough") } else { Ok(()) }
    });
    assert_eq!((told, end), (3, Err("enough")));
}

/// `record 2 of input 1` leads to a line of the list of inputs, in every form for people.
#[test]
fn inputs_are_listed_by_the_numbers_that_sentences_use() {
    let case = case::all(&folder().join("cases/signed_file_verified/by_the_list")).unwrap();
    let report = case[0].report().unwrap();
    let reason = &report.signed_files[0].verification.reason;
    let (_, number) = reason.split_once(" of input ").expect(reason);
    let number: String = number.chars().take_while(char::is_ascii_digit).collect();
    let list = report.inputs.iter().find(|input| input.id.to_string() == number).unwrap();
    let text = text::render(&report, Style::default());
    assert!(text.contains(&format!("\ninput {number}: {}  trust-list", list.name)), "{text}");
    let table = markdown::render(&report);
    assert!(table.contains(&format!("\n| {number} | {} | ", list.name)), "{table}");
    let page = html::render(&report);
    assert!(page.contains(&format!("<tr><td>{number}</td><td>{}</td>", list.name)), "{page}");
}

/// What is left out of a brief report is nothing that its text shows, nor changes what is said first.
#[test]
fn a_brief_report_reads_as_the_whole_one_read_briefly() {
    let brief = Style { brief: true, ..Style::default() };
    let mut notes = 0;
    for root in ["incidents", "cases/handshake_refused", "cases/transfer_failed"] {
        for case in case::all(&folder().join(root)).unwrap() {
            let (session, now) = (case.session().unwrap(), case.now().unwrap());
            let (whole, short) = (session.report(now), session.report_brief(now));
            assert_eq!(text::render(&short, brief), text::render(&whole, brief), "{}", case.name);
            let codes = |report: &Report| -> Vec<(String, Severity)> {
                report.findings.iter().map(|one| (one.code.clone(), one.severity)).collect()
            };
            assert_eq!(codes(&short), codes(&whole), "{}", case.name);
            notes += short.findings.iter().filter(|one| one.remedy.is_empty()).count();
        }
    }
    assert!(notes > 20, "{notes}");
}

/// SARIF 2.1.0 sections 3.13, 3.14, 3.24, 3.27, 3.28: what must be there, and that every index leads somewhere.
#[test]
fn sarif_has_what_the_standard_demands() {
    for (name, report) in incidents() {
        let log: Value = serde_json::from_str(&sarif::render(&report)).unwrap();
        assert_eq!(log["version"], "2.1.0", "{name}");
        assert!(log["$schema"].as_str().unwrap().ends_with("sarif-schema-2.1.0.json"));
        let runs = log["runs"].as_array().unwrap();
        assert_eq!(runs.len(), 1);
        let run = &runs[0];
        let driver = &run["tool"]["driver"];
        assert_eq!(driver["name"], "tlvet");
        assert!(!driver["version"].as_str().unwrap().is_empty());
        let rules = driver["rules"].as_array().unwrap();
        let artifacts = run["artifacts"].as_array().unwrap();
        assert_eq!(artifacts.len(), report.inputs.len());
        for artifact in artifacts {
            let uri = artifact["location"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
            assert!(artifact["length"].as_i64().unwrap() >= -1);
            if let Some(parent) = artifact.get("parentIndex") {
                assert!((parent.as_u64().unwrap() as usize) < artifacts.len());
            }
        }
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), report.findings.len(), "{name}");
        for (result, finding) in results.iter().zip(&report.findings) {
            assert_eq!(result["ruleId"], finding.code);
            assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], finding.code);
            let (kind, level) =
                (result["kind"].as_str().unwrap(), result["level"].as_str().unwrap());
            assert!(["fail", "informational", "pass"].contains(&kind), "{kind}");
            // Section 3.27.10: what does not fail has the level none.
            assert_eq!(kind != "fail", level == "none", "{kind} {level}");
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            let locations = result["locations"].as_array().unwrap();
            assert_eq!(locations.len(), finding.evidence.len());
            for location in locations {
                let physical = &location["physicalLocation"];
                let index = physical["artifactLocation"]["index"].as_u64().unwrap() as usize;
                assert_eq!(
                    physical["artifactLocation"]["uri"],
                    artifacts[index]["location"]["uri"]
                );
                if let Some(region) = physical.get("region") {
                    assert!(region.get("byteOffset").or(region.get("startLine")).is_some());
                }
            }
        }
    }
}

#[test]
fn html_is_one_file_that_fetches_nothing() {
    for (name, report) in incidents() {
        let page = html::render(&report);
        assert!(page.starts_with("<!doctype html>"), "{name}");
        assert!(page.contains("default-src 'none'"), "{name}");
        for fetched in ["<script", "<link", "<img", "src=", "href=", "url(", "@import"] {
            assert!(!page.contains(fetched), "{name}: {fetched}");
        }
        for (open, close) in [
            ("<article", "</article>"),
            ("<details", "</details>"),
            ("<ul>", "</ul>"),
            ("<ol>", "</ol>"),
            ("<table>", "</table>"),
            ("<p", "</p>"),
            ("<li>", "</li>"),
        ] {
            let opened = page.matches(open).count()
                - if open == "<p" { page.matches("<pre>").count() } else { 0 };
            assert_eq!(opened, page.matches(close).count(), "{name}: {open}");
        }
    }
}

#[test]
fn every_rendering_opens_with_the_sentence() {
    for (name, report) in incidents() {
        let sentence = &report.summary.sentence;
        let first = sentence.split_whitespace().next().unwrap();
        let text = text::render(&report, Style::default());
        assert!(text.lines().next().unwrap().contains(sentence.as_str()), "{name}: {text}");
        let markdown = markdown::render(&report);
        assert!(markdown.lines().nth(2).unwrap().contains(first), "{name}: {markdown}");
        for finding in &report.findings {
            assert!(markdown.contains(&format!("`{}`", finding.code)), "{name}: {}", finding.code);
        }
        for input in report.inputs.iter().filter(|input| !input.sha256.is_empty()) {
            assert!(markdown.contains(&input.sha256), "{name}: {}", input.name);
        }
    }
}

#[test]
fn names_of_inputs_are_never_markup() {
    let report = hostile();
    let page = html::render(&report);
    assert!(!page.contains("<script"), "{page}");
    let markdown = markdown::render(&report);
    // What is left when everything that a backslash makes text is taken away.
    let markup = markdown.replace("\\<", "").replace("\\]", "").replace("\\*", "");
    assert!(!markup.contains("<script"), "{markdown}");
    assert!(!markup.contains("](http"), "{markdown}");
    assert!(!markup.contains("**b**"), "{markdown}");
    let text = text::render(&report, Style::default());
    for rendered in [&page, &markdown, &text, &sarif::render(&report)] {
        assert!(!rendered.contains(['\u{1b}', '\u{202e}']), "{rendered}");
    }
}

/// Forty firmware files that a capture holds in part: three are explained, the others named.
#[test]
fn notes_of_one_code_are_explained_three_times() {
    let (_, mut report) = incidents().remove(0);
    let note = Finding { severity: Severity::Info, ..report.findings.remove(0) };
    report.findings = vec![note.clone(); 5];
    let text = text::render(&report, Style::default());
    let heading = format!("info[{}]: {}", note.code, note.title);
    assert_eq!(text.matches(&heading).count(), 5, "{text}");
    assert_eq!(text.matches(&note.detail).count(), 3, "{text}");
}
