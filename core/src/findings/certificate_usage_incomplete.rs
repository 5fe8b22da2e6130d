//! A TFTP signer whose certificate limits its use, and leaves out what the CallManager service needs (A13).
//!
//! CUCM's own certificates carry serverAuth, clientAuth and ipsecEndSystem with digitalSignature, keyEncipherment and
//! dataEncipherment; certificates signed by a company's CA often lack one of them.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "certificate_usage_incomplete",
    severity: Severity::Warning,
    refs: &["A13"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        for record in &list.list.records {
            if !record.role.is_some_and(|role| role.signs_files() || role == Role::CCM) {
                continue;
            }
            let Some(certificate) = &record.certificate else { continue };
            let mut missing = Vec::new();
            // An absent extension limits nothing.
            if !certificate.key_usage.is_empty() {
                missing.extend(lacking(&certificate.key_usage, &["digitalSignature"]));
            }
            if !certificate.extended_key_usage.is_empty() {
                missing.extend(lacking(
                    &certificate.extended_key_usage,
                    &["serverAuth", "clientAuth"],
                ));
            }
            if missing.is_empty() {
                continue;
            }
            let arguments = Arguments::new()
                .text("file", list.artifact.name.as_str())
                .number("record", record.number)
                .text("subject", record.subject_text())
                .text("role", record.function())
                .text("missing", missing.join(", "));
            found.push(Found::at(Severity::Warning, list.record_evidence(record), arguments));
        }
    }
    Outcome::of(found)
}

fn lacking<'a>(present: &[String], needed: &[&'a str]) -> Vec<&'a str> {
    needed.iter().copied().filter(|name| !present.iter().any(|other| other == name)).collect()
}
