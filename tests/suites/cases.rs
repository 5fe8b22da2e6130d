//! Every folder of `tests/cases`, and the house rules of findings.
//!
//! `CASE=<part of the name>` runs some; `BLESS=1` prints an `[expect]` for each that fails, to read and paste.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use tlvet_core::findings::{Arguments, REGISTRY, causes};
use tlvet_core::i18n::Messages;
use tlvet_core::report::model::Severity;
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::{Failure, case, rules};

type Result<T> = std::result::Result<T, Failure>;

#[test]
fn every_case_reports_what_it_expects() -> Result<()> {
    let wanted = std::env::var("CASE").unwrap_or_default();
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = Vec::new();
    let cases = case::all(&tlvet_tests::folder().join("cases"))?;
    for case in cases.iter().filter(|case| case.name.contains(&wanted)) {
        if let Err(error) = case.run() {
            failures.push(format!("{error:#}"));
            if bless {
                println!("# {}\n{}", case.name, case::bless(&case.report()?));
            }
        }
    }
    if cases.is_empty() {
        failures.push("there are no cases".to_owned());
    }
    Failure::unless_empty(&failures, "cases that fail")
}

#[test]
fn every_finding_has_a_case_that_expects_it() -> Result<()> {
    let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in case::all(&tlvet_tests::folder().join("cases"))? {
        let code = case.name.split('/').next().unwrap_or_default().to_owned();
        if let Some(expect) = &case.description.expect {
            let codes = expected.entry(code).or_default();
            codes.extend(expect.findings.iter().map(|finding| finding.code.clone()));
            codes.extend(expect.skipped.iter().map(|skipped| skipped.code.clone()));
        }
    }
    let mut wrong = Vec::new();
    for check in REGISTRY {
        match expected.get(check.code) {
            None => wrong.push(format!("{}: no folder tests/cases/{}", check.code, check.code)),
            Some(codes) if !codes.contains(check.code) => {
                wrong.push(format!("{}: no case in its folder expects it", check.code));
            }
            Some(_) => {}
        }
    }
    let codes: BTreeSet<&str> = REGISTRY.iter().map(|check| check.code).collect();
    for folder in expected.keys().filter(|folder| !codes.contains(folder.as_str())) {
        wrong.push(format!("tests/cases/{folder}: there is no such finding"));
    }
    Failure::unless_empty(&wrong, "findings without a case")
}

#[test]
fn the_registry_is_in_order_and_every_finding_has_its_texts() -> Result<()> {
    let messages = Messages::english();
    let none = Arguments::new();
    let mut wrong = Vec::new();
    for (check, next) in REGISTRY.iter().zip(REGISTRY.iter().skip(1)) {
        if check.code >= next.code {
            wrong.push(format!("{} stands before {}", check.code, next.code));
        }
    }
    for check in REGISTRY {
        let code = check.code;
        if messages.text(code, &none).is_none() {
            wrong.push(format!("{code}: no title"));
        }
        if messages.attribute(code, "detail", &none).is_none() {
            wrong.push(format!("{code}: no detail"));
        }
        let asks = matches!(check.severity, Severity::Error | Severity::Warning);
        if asks && messages.with(&none).list(code, "remedy").is_empty() {
            wrong.push(format!("{code}: no remedy"));
        }
        // An error, a warning where there is none, and whatever can be a cause, may be the first sentence of a report.
        let is_told_first = asks || causes::CAUSES.iter().any(|cause| cause.code == code);
        if is_told_first && messages.text(&format!("headline-{code}"), &none).is_none() {
            wrong.push(format!("{code}: no headline"));
        }
        if check.refs.is_empty() {
            wrong.push(format!("{code}: no reference"));
        }
    }
    Failure::unless_empty(&wrong, "house rules broken")
}

/// Findings may be graver than their check says at first: whatever really opens a report has a sentence of its own.
#[test]
fn every_cause_has_a_headline() -> Result<()> {
    let messages = Messages::english();
    let mut wrong: BTreeSet<String> = BTreeSet::new();
    for folder in ["cases", "incidents"] {
        for case in case::all(&tlvet_tests::folder().join(folder))? {
            for cause in case.report()?.summary.causes {
                let id = format!("headline-{}", cause.code);
                if messages.text(&id, &Arguments::new()).is_none() {
                    wrong.insert(format!("{}: {} has no headline", case.name, cause.code));
                }
                let is_sentence = cause.sentence.ends_with('.')
                    && !cause.sentence.contains("..")
                    && !cause.sentence.contains(['{', '}'])
                    && !cause.sentence.contains("  ");
                if !is_sentence {
                    wrong.insert(format!("{}: {:?}", case.name, cause.sentence));
                }
            }
        }
    }
    Failure::unless_empty(&Vec::from_iter(wrong), "first sentences")
}

/// Also by a report on nothing, where every check is skipped.
#[test]
fn every_skipped_check_says_what_it_needs() -> Result<()> {
    let mut wrong: BTreeSet<String> = BTreeSet::new();
    wrong.extend(rules::broken_skips(&Session::new().report(UnixTime(0))));
    for case in case::all(&tlvet_tests::folder().join("cases"))? {
        wrong.extend(rules::broken_skips(&case.report()?));
    }
    Failure::unless_empty(&Vec::from_iter(wrong), "skipped checks")
}

#[test]
fn every_finding_stands_in_the_coverage_table() -> Result<()> {
    let text = fs::read_to_string(tlvet_tests::repository().join("docs/coverage.md"))?;
    let missing: Vec<String> = REGISTRY
        .iter()
        .map(|check| check.code.to_owned())
        .filter(|code| !text.contains(&format!("`{code}`")))
        .collect();
    Failure::unless_empty(&missing, "not in docs/coverage.md")
}
