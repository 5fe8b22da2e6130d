//! What a phone received is not as long as the file among the inputs (A34, A40).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::received::Received;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "received_length_differs",
    severity: Severity::Warning,
    refs: &["A34", "A40"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let all = facts.received();
    if all.is_empty() {
        return Outcome::NotApplicable;
    }
    let tell = |one: &Received| {
        if one.same().is_some() {
            return None;
        }
        let expected = one.expected()?;
        let mut evidence = one.evidence.clone();
        evidence.push(expected.place.clone());
        let arguments = Arguments::new()
            .text("phone", one.phone.as_str())
            .text("name", one.name.as_str())
            .text("file", facts.name(expected.input))
            .number("bytes", one.bytes)
            .number("expected", expected.bytes)
            .text("what", if one.bytes == expected.bytes { "header" } else { "length" })
            .number("header", one.header.unwrap_or_default())
            .number("expected-header", expected.header.unwrap_or_default());
        // A file of another name, or another version, may have been dropped.
        let severity = if expected.is_named { Severity::Warning } else { Severity::Info };
        Some(Found::at_all(severity, evidence, arguments))
    };
    Outcome::of(all.iter().filter_map(tell).collect())
}
