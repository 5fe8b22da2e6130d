//! A certificate was given whose subject stands in a trust list, but with another certificate: if it is the one that the
//! node uses now, phones with that list do not know it (A69, A71, A72).

use std::collections::BTreeMap;

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "certificate_not_in_trust_list",
    severity: Severity::Warning,
    refs: &["A69", "A71", "A72", "A75"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let given = || facts.certificates.values().filter(|certificate| certificate.is_given());
    if facts.trust_lists.is_empty() || given().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut by_subject: BTreeMap<&str, Vec<(usize, u32)>> = BTreeMap::new();
    for (index, list) in facts.trust_lists.iter().enumerate() {
        for record in &list.list.records {
            if !record.subject_text().is_empty() && record.is_usable() {
                by_subject.entry(record.subject_text()).or_default().push((index, record.number));
            }
        }
    }
    let mut found = Vec::new();
    for certificate in given() {
        let listed = certificate.seen_in.iter().any(|place| place.record.is_some());
        if listed || certificate.is_capf() || certificate.is_anchor {
            continue;
        }
        let subject = certificate.certificate.subject.cisco();
        let Some(records) = by_subject.get(subject.as_str()) else { continue };
        let mut evidence = certificate.evidence();
        let mut roles: Vec<String> = Vec::new();
        for (index, number) in records {
            let Some(list) = facts.trust_lists.get(*index) else { continue };
            evidence.push(facts.record_evidence(list.input, *number));
            let role = facts.role_of(list.input, *number);
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("subject", subject)
            .text("serial", certificate.certificate.serial_hex())
            .text("roles", roles.join(", "));
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
