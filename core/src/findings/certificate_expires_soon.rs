//! A certificate that expires within 60 days (A14, C53).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::time::DAY;

pub(super) const CHECK: Check = Check {
    code: "certificate_expires_soon",
    severity: Severity::Warning,
    refs: &["A14", "C53"],
    evaluate,
};

/// Days ahead that expiry warns at.
pub(super) const HORIZON: i64 = 60;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificate in facts.certificates.values() {
        let Some(end) = certificate.certificate.not_after.at() else { continue };
        if certificate.is_capf() || end <= facts.now || end > facts.now.plus(HORIZON * DAY) {
            continue;
        }
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("end", end.to_string())
            .number("days", facts.now.days_until(end))
            .text("case", if certificate.is_lsc() { "lsc" } else { "other" });
        found.push(Found::at_all(Severity::Warning, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
