//! A certificate past its last second (A14). Phones do not look at dates of trust-list records, so a certificate that
//! stands only there is weak, not broken; so is one in a trust store, where a successor may stand beside it. CAPF and
//! Cisco's own CAs have findings of their own.

use crate::findings::{Arguments, Check, Found, Outcome, cisco_ca_expired};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "certificate_expired",
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
        let Some(end) = certificate.certificate.not_after.at() else { continue };
        // As OpenSSL: a certificate is expired from its last second on.
        if facts.now < end || certificate.is_capf() || cisco_ca_expired::is_named(certificate) {
            continue;
        }
        let (severity, case) = match (certificate.is_anchor, certificate.is_given()) {
            (true, _) => (Severity::Warning, "anchor"),
            (false, true) => (Severity::Error, "given"),
            (false, false) => (Severity::Warning, "listed"),
        };
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("end", end.to_string())
            .text("now", facts.now.to_string())
            .number("days", end.days_until(facts.now))
            .text("case", case);
        found.push(Found::at_all(severity, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
