//! A certificate request without a certificate for its key: it still has to be signed.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "certificate_request_pending",
    severity: Severity::Info,
    refs: &["B50"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.requests.is_empty() {
        return Outcome::NotApplicable;
    }
    let pending = facts.requests.iter().filter(|request| request.certificates.is_empty());
    let found = pending.map(|request| {
        let arguments = Arguments::new()
            .text("file", facts.name(request.input))
            .text("name", request.request.label());
        Found::at(Severity::Info, request.evidence(), arguments)
    });
    Outcome::of(found.collect())
}
