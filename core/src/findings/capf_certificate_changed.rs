//! The CAPF certificate that was given is not the one in the list: phones refuse the CAPF service (C15, C32).

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::Severity;
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "capf_certificate_changed",
    severity: Severity::Error,
    refs: &["C15", "C32"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let given = || {
        facts
            .certificates
            .values()
            .filter(|certificate| certificate.is_given() && certificate.is_capf())
    };
    let records: Vec<_> = facts
        .trust_lists
        .iter()
        .flat_map(|list| list.list.with_role(Role::CAPF).map(move |record| (list, record)))
        .filter(|(_, record)| record.is_usable())
        .collect();
    if records.is_empty() || given().next().is_none() {
        return Outcome::NotApplicable;
    }
    // One current certificate in the list is enough: an old one may lie beside it.
    if given().any(|certificate| certificate.seen_in.iter().any(|place| place.record.is_some())) {
        return Outcome::Clear;
    }
    let mut found = Vec::new();
    for certificate in given() {
        let mut evidence = certificate.evidence();
        evidence.extend(records.iter().map(|(list, record)| list.record_evidence(record)));
        let listed = records.first().map(|(_, record)| record.subject_text()).unwrap_or_default();
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("serial", certificate.certificate.serial_hex())
            .text("listed", listed);
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
