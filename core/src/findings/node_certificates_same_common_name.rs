//! Different certificates of servers with one common name, which Expressway's store cannot hold together (B6, B7, B53).

use std::collections::BTreeMap;

use crate::evidence::facts::CertificateFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "node_certificates_same_common_name",
    severity: Severity::Warning,
    refs: &["B6", "B7", "B53", "CSCwa12905"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.origins.list.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut by_name: BTreeMap<&str, Vec<&CertificateFacts<'_>>> = BTreeMap::new();
    for origin in &facts.origins.list {
        let Some(owner) = facts.certificates.get(&origin.sha256) else { continue };
        if let Some(name) = owner.certificate.subject.common_names().next() {
            by_name.entry(name).or_default().push(owner);
        }
    }
    let mut found = Vec::new();
    for (name, owners) in by_name.into_iter().filter(|(_, owners)| owners.len() > 1) {
        let self_signed = owners.iter().filter(|one| one.certificate.self_issued()).count();
        // Certificates of a CA need not stand in the store themselves; without a store nobody speaks of an Expressway.
        let harm = self_signed > 0 && facts.origins.has_store;
        let severity = if harm { Severity::Warning } else { Severity::Info };
        let list: Vec<String> = owners
            .iter()
            .map(|one| {
                let file = one.seen_in.iter().find(|place| place.record.is_none());
                let file = file.map(|place| facts.name(place.input)).unwrap_or_default();
                format!("{file} (serial {})", one.certificate.serial_hex())
            })
            .collect();
        let arguments = Arguments::new()
            .text("name", name)
            .number("count", owners.len())
            .number("self-signed", self_signed)
            .text("list", list.join(", "));
        let evidence = owners.iter().flat_map(|one| one.evidence()).collect();
        found.push(Found::at_all(severity, evidence, arguments));
    }
    Outcome::of(found)
}
