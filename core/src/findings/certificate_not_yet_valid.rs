//! A certificate before its first second: usually a clock, sometimes a certificate made too early (A14).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "certificate_not_yet_valid",
    severity: Severity::Error,
    refs: &["A14", "B8"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificate in facts.certificates.values() {
        let Some(start) = certificate.certificate.not_before.at() else { continue };
        if start <= facts.now {
            continue;
        }
        let severity = if certificate.is_given() { Severity::Error } else { Severity::Warning };
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("start", start.to_string())
            .text("now", facts.now.to_string());
        found.push(Found::at_all(severity, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
