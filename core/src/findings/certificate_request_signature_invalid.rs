//! A certificate request whose own signature does not hold: every CA refuses it.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::signature::SignatureError;

pub(super) const CHECK: Check = Check {
    code: "certificate_request_signature_invalid",
    severity: Severity::Error,
    refs: &["B50"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.requests.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for request in &facts.requests {
        let (severity, case, reason) = match request.request.verify() {
            Ok(()) => continue,
            Err(error @ SignatureError::Mismatch) => (Severity::Error, "mismatch", error),
            // Not checked is not wrong.
            Err(error) => (Severity::Warning, "unchecked", error),
        };
        let arguments = Arguments::new()
            .text("file", facts.name(request.input))
            .text("name", request.request.label())
            .text("case", case)
            .text("reason", reason.to_string());
        found.push(Found::at(severity, request.evidence(), arguments));
    }
    Outcome::of(found)
}
