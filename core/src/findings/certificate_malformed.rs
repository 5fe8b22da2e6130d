//! Certificates with parts that could not be read: the rest is shown, but verifiers may refuse them.

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "certificate_malformed", severity: Severity::Warning, refs: &["B8"], evaluate };

fn evaluate(facts: &Facts<'_>) -> Outcome {
    if facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificate in facts.certificates.values() {
        let problems = &certificate.certificate.problems;
        let Some(first) = problems.first() else { continue };
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .number("count", problems.len() as u64)
            .text("first", first.to_string());
        found.push(Found::at_all(Severity::Warning, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
