//! A certificate whose issuer is another one by name than by key identifier (B4, B5).

use crate::evidence::facts::CertificateFacts;
use crate::findings::{Arguments, Check, Found, Outcome, origins};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "chain_views_differ",
    severity: Severity::Warning,
    refs: &["B4", "B5"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.origins.list.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for origin in &facts.origins.list {
        let Some(parting) = &origin.parting else { continue };
        let Some(owner) = facts.certificates.get(&origin.sha256) else { continue };
        let Some(child) = facts.certificates.get(&parting.child) else { continue };
        let Some(by_name) = facts.certificates.get(&parting.by_name) else { continue };
        let by_key = parting.by_key_identifier.and_then(|key| facts.certificates.get(&key));
        let mut evidence = child.evidence();
        evidence.extend(by_name.evidence());
        evidence.extend(by_key.into_iter().flat_map(CertificateFacts::evidence));
        let arguments = Arguments::new()
            .text("name", owner.label())
            .text("child", child.label())
            .text("issuer", by_name.label())
            .text("by-name", described(by_name))
            .text("by-key", by_key.map(described).unwrap_or_default())
            .text("case", if by_key.is_some() { "other" } else { "unknown" })
            .text("key-identifier", origins::key_identifier(&parting.key_identifier));
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}

/// Name, serial and end: what tells two CAs of one name apart.
fn described(one: &CertificateFacts<'_>) -> String {
    let certificate = one.certificate;
    format!(
        "{} (serial {}, until {})",
        one.label(),
        certificate.serial_hex(),
        certificate.not_after
    )
}
