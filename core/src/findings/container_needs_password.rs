//! PKCS#12, or a key that was handed over, under a password that was not given: nothing in it was judged.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::Protection;

pub(super) const CHECK: Check = Check {
    code: "container_needs_password",
    severity: Severity::Warning,
    refs: &["A11", "E14"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let locks = facts.locks();
    if locks.is_empty() {
        return Outcome::NotApplicable;
    }
    let missing = locks.into_iter().filter(|(_, lock)| **lock == Protection::NeedsPassword);
    let found = missing.map(|(evidence, _)| {
        let arguments = Arguments::new().text("file", facts.name(evidence.input));
        Found::at(Severity::Warning, evidence, arguments)
    });
    Outcome::of(found.collect())
}
