//! What tlvet writes, held against schemas: SARIF against the one of OASIS, reports against the one that tlvet publishes.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "the helpers of these tests stop at the first surprise, as the tests do"
)]

use serde_json::Value;
use tlvet_core::report::model::{InputRole, Report};
use tlvet_core::report::sarif;
use tlvet_core::session::Session;
use tlvet_core::time::UnixTime;
use tlvet_tests::{case, folder};

/// Reports on all incidents, and on a file whose name tries to be markup.
fn reports() -> Vec<(String, Report)> {
    let incidents = case::all(&folder().join("incidents")).unwrap();
    let told = |one: &case::Case| (one.name.clone(), one.report().unwrap());
    let mut reports: Vec<(String, Report)> = incidents.iter().map(told).collect();
    let mut session = Session::new();
    let name = "<b>|x\u{1b}[31m\u{202e}`\"'.tlv";
    let id = session.open(name, InputRole::Observed).unwrap();
    session.push(id, b"no trust list");
    session.close(id);
    reports.push(("hostile".to_owned(), session.report(UnixTime(1_795_000_000))));
    reports
}

/// A schema, ready to hold documents against it.
fn schema(text: &str) -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(text).unwrap();
    // The pattern of SARIF's `language` has a bracket too many, which no regular expression of ECMA 262 may have.
    for of in ["run", "toolComponent"] {
        if let Some(language) =
            schema.pointer_mut(&format!("/definitions/{of}/properties/language"))
        {
            language.as_object_mut().unwrap().remove("pattern").unwrap();
        }
    }
    jsonschema::validator_for(&schema).unwrap()
}

/// What a document does that its schema forbids.
fn against(schema: &jsonschema::Validator, document: &Value) -> Vec<String> {
    let place =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    schema.iter_errors(document).map(place).collect()
}

/// The schema of OASIS; see tests/data/schemas.
#[test]
fn sarif_fits_the_schema_of_the_standard() {
    let schema = schema(include_str!("../data/schemas/sarif-2.1.0.json"));
    for (name, report) in reports() {
        let mut log: Value = serde_json::from_str(&sarif::render(&report)).unwrap();
        assert_eq!(against(&schema, &log), [""; 0], "{name}");
        // The schema can say no.
        if log["runs"][0]["results"][0].is_object() {
            log["runs"][0]["results"][0]["level"] = Value::from("fatal");
            let found = against(&schema, &log);
            let place = "/runs/0/results/0/level: ";
            assert!(found.iter().any(|one| one.starts_with(place)), "{found:?}");
        }
    }
}

/// The schema that tlvet publishes is that of what it writes.
#[test]
fn reports_fit_the_published_schema() {
    let schema = schema(include_str!("../../docs/report.schema.json"));
    for (name, report) in reports() {
        let report = serde_json::to_value(&report).unwrap();
        assert_eq!(against(&schema, &report), [""; 0], "{name}");
    }
}
