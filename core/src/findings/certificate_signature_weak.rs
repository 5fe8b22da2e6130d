//! Certificates signed with MD5 or older (weak) or SHA-1 (information). A self-signed certificate is trusted as it stands,
//! so its own signature does not count.

use crate::evidence::facts::CertificateFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "certificate_signature_weak",
    severity: Severity::Warning,
    refs: &["A9", "B8"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let signed_with = |hashes: &[&str]| {
        facts
            .certificates
            .values()
            .filter(|facts| {
                let name = facts.certificate.signature_algorithm.name.to_ascii_lowercase();
                hashes.iter().any(|hash| name.contains(hash)) && !facts.certificate.self_issued()
            })
            .collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    found.extend(all_of(&signed_with(&["md2", "md4", "md5"]), Severity::Warning, "MD5"));
    found.extend(all_of(&signed_with(&["sha1"]), Severity::Info, "SHA-1"));
    Outcome::of(found)
}

fn all_of(certificates: &[&CertificateFacts<'_>], severity: Severity, hash: &str) -> Option<Found> {
    let first = certificates.first()?;
    let arguments = Arguments::new()
        .number("count", certificates.len() as u64)
        .text("name", first.label())
        .text("hash", hash);
    let evidence = certificates.iter().flat_map(|facts| facts.evidence()).collect();
    Some(Found::at_all(severity, evidence, arguments))
}
