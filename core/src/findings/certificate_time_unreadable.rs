//! A certificate with a date that is none (A14): validity cannot be judged.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "certificate_time_unreadable",
    severity: Severity::Warning,
    refs: &["A14"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificate in facts.certificates.values() {
        let (start, end) =
            (&certificate.certificate.not_before, &certificate.certificate.not_after);
        if start.at().is_some() && end.at().is_some() {
            continue;
        }
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("start", start.to_string())
            .text("end", end.to_string());
        found.push(Found::at_all(Severity::Warning, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
