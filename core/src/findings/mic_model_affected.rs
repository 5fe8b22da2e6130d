//! Phones of models that left the factory with duplicated keys, and that have no LSC among the inputs (CVE-2022-20817).

use std::collections::BTreeSet;

use crate::evidence::facts::CertificateFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::names::device::device_in;
use crate::phone::derived::Derived;
use crate::phone::manufacturing;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "mic_model_affected",
    severity: Severity::Warning,
    refs: &["C3", "CVE-2022-20817", "CSCvz07149"],
    evaluate,
};

/// Beginnings of the models: 6901 and 69xx, 894x, 896x and 99xx, ATA 187.
const MODELS: [&str; 5] = ["69", "894", "896", "99", "ATA187"];

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let device = |certificate: &CertificateFacts<'_>| {
        certificate.certificate.subject.common_names().find_map(device_in)
    };
    let mut manufacturing = facts
        .certificates
        .values()
        .filter(|facts| manufacturing::issuer_of_device(facts.certificate).is_some())
        .peekable();
    if manufacturing.peek().is_none() {
        return Outcome::NotApplicable;
    }
    let with_lsc: BTreeSet<String> =
        facts.certificates.values().filter(|facts| facts.is_lsc()).filter_map(device).collect();
    let affected: Vec<_> = manufacturing
        .filter(|facts| facts.certificate.subject.common_names().any(is_affected))
        .filter(|facts| device(facts).is_none_or(|device| !with_lsc.contains(&device)))
        .collect();
    let Some(first) = affected.first() else { return Outcome::Clear };
    let arguments =
        Arguments::new().number("count", affected.len() as u64).text("name", first.label());
    let evidence = affected.iter().flat_map(|facts| facts.evidence()).collect();
    Outcome::of(vec![Found::at_all(Severity::Warning, evidence, arguments)])
}

/// Is this the common name of a phone of such a model: `CP-6941-SEP001122334455`?
fn is_affected(common_name: &str) -> bool {
    let Some((model, _)) = common_name.rsplit_once('-') else { return false };
    let model = model.strip_prefix("CP-").unwrap_or(model);
    MODELS.iter().any(|start| model.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_of_the_advisory() {
        for name in [
            "CP-6901-SEP1",
            "CP-6941-SEP1",
            "CP-8945-SEP1",
            "CP-8961-SEP1",
            "CP-9971-SEP1",
            "ATA187-ATA1",
        ] {
            assert!(is_affected(name), "{name}");
        }
        for name in ["CP-8861-SEP1", "CP-7961G-SEP1", "CP-8841-SEP1", "6941", "SEP001122334455"] {
            assert!(!is_affected(name), "{name}");
        }
    }
}
