//! What a phone received has the length of the file among the inputs (A34, A40).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::received::Received;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "received_length_fits",
    severity: Severity::Good,
    refs: &["A34", "A40"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let all = facts.received();
    if all.is_empty() {
        return Outcome::NotApplicable;
    }
    let tell = |one: &Received| {
        let same = one.same()?;
        let mut evidence = one.evidence.clone();
        evidence.push(same.place.clone());
        let arguments = Arguments::new()
            .text("phone", one.phone.as_str())
            .text("name", one.name.as_str())
            .text("file", facts.name(same.input))
            .number("bytes", one.bytes)
            .number("header", one.header.unwrap_or_default());
        Some(Found::at_all(Severity::Good, evidence, arguments))
    };
    Outcome::of(all.iter().filter_map(tell).collect())
}
