//! RSA keys below 1024 bits (weak), and below 2048 bits (refused under FIPS). One finding for each class.

use crate::evidence::facts::CertificateFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::PublicKey;

pub(super) const CHECK: Check = Check {
    code: "certificate_key_weak",
    severity: Severity::Warning,
    refs: &["A9", "B8", "C26"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let rsa = |range: core::ops::Range<u32>| {
        facts
            .certificates
            .values()
            .filter(|facts| matches!(facts.certificate.public_key, PublicKey::Rsa { .. }))
            .filter(|facts| range.contains(&facts.certificate.public_key.bits()))
            .collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    found.extend(all_of(&rsa(0..1024), Severity::Warning, "weak"));
    found.extend(all_of(&rsa(1024..2048), Severity::Info, "fips"));
    Outcome::of(found)
}

fn all_of(certificates: &[&CertificateFacts<'_>], severity: Severity, case: &str) -> Option<Found> {
    let smallest = certificates.iter().min_by_key(|facts| facts.certificate.public_key.bits())?;
    let arguments = Arguments::new()
        .number("count", certificates.len() as u64)
        .number("bits", smallest.certificate.public_key.bits())
        .text("name", smallest.label())
        .text("case", case);
    let evidence = certificates.iter().flat_map(|facts| facts.evidence()).collect();
    Some(Found::at_all(severity, evidence, arguments))
}
