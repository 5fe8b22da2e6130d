//! CAPF handed a phone its certificate, and the phone says that it is stored (C28).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::enrolment::enrolments;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "capf_issues", severity: Severity::Good, refs: &["C28"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let all = enrolments(facts);
    if all.is_empty() {
        return Outcome::NotApplicable;
    }
    let stored = all.iter().filter_map(|one| {
        let stored = one.stored.as_ref()?;
        let kind = match stored.certificate_type {
            Some(1) => "an LSC",
            Some(2) => "a MIC",
            _ => "a certificate",
        };
        let arguments = Arguments::new()
            .text("client", one.client.as_str())
            .text("server", one.flow.server.to_string())
            .text("kind", kind);
        Some(Found::at_all(Severity::Good, stored.places.to_vec(), arguments))
    });
    Outcome::of(stored.collect())
}
