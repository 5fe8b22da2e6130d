//! A locally significant certificate names a CAPF whose given certificate did not sign it (C6): the CAPF
//! certificate was renewed under the same name, or the phone certificate is not genuine.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::certificates;
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "lsc_not_from_capf", severity: Severity::Error, refs: &["C6"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let pairs = certificates::lsc_with_capf(facts);
    if pairs.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for pair in &pairs {
        if pair.issuer.is_some() {
            continue;
        }
        let mut evidence = pair.lsc.evidence();
        evidence.extend(pair.same_name.iter().flat_map(|capf| capf.evidence()));
        let capf = pair.same_name.first().map(|capf| capf.label()).unwrap_or_default();
        let arguments = Arguments::new().text("name", pair.lsc.label()).text("capf", capf);
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
