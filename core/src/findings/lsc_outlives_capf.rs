//! A locally significant certificate that is valid longer than the CAPF certificate that signed it (C10).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::certificates;
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "lsc_outlives_capf", severity: Severity::Warning, refs: &["C10"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let pairs = certificates::lsc_with_capf(facts);
    if pairs.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for pair in &pairs {
        let Some(capf) = pair.issuer else { continue };
        let ends = (pair.lsc.certificate.not_after.at(), capf.certificate.not_after.at());
        let (Some(lsc_end), Some(capf_end)) = ends else { continue };
        if lsc_end <= capf_end {
            continue;
        }
        let mut evidence = pair.lsc.evidence();
        evidence.extend(capf.evidence());
        let arguments = Arguments::new()
            .text("name", pair.lsc.label())
            .text("capf", capf.label())
            .text("end", lsc_end.to_string())
            .text("capf_end", capf_end.to_string());
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
