//! A locally significant certificate whose signature verifies with a given CAPF certificate (C6, C54).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::certificates;
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "lsc_issued_by_capf", severity: Severity::Good, refs: &["C6", "C54"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let pairs = certificates::lsc_with_capf(facts);
    if pairs.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for pair in &pairs {
        let Some(capf) = pair.issuer else { continue };
        let mut evidence = pair.lsc.evidence();
        evidence.extend(capf.evidence());
        let arguments = Arguments::new().text("name", pair.lsc.label()).text("capf", capf.label());
        found.push(Found::at_all(Severity::Good, evidence, arguments));
    }
    Outcome::of(found)
}
