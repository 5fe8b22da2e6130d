//! A CAPF certificate that has expired or will soon: no LSC work before it is renewed (C8, C9, C12).

use crate::findings::{Arguments, Check, Found, Outcome, certificate_expires_soon};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::time::DAY;

pub(super) const CHECK: Check = Check {
    code: "capf_certificate_expiring",
    severity: Severity::Error,
    refs: &["C8", "C9", "C12"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let capf = || facts.certificates.values().filter(|certificate| certificate.is_capf());
    if capf().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificate in capf() {
        let Some(end) = certificate.certificate.not_after.at() else { continue };
        let expired = end <= facts.now;
        if !expired && end > facts.now.plus(certificate_expires_soon::HORIZON * DAY) {
            continue;
        }
        let severity =
            if expired && certificate.is_given() { Severity::Error } else { Severity::Warning };
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("end", end.to_string())
            .number("days", facts.now.days_until(end))
            .text("case", if expired { "expired" } else { "soon" });
        found.push(Found::at_all(severity, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
