//! The CAPF certificate that was given is not the one in the list: phones refuse the CAPF service (C15, C32). One that is
//! named as a trust anchor says nothing about what CAPF uses now.

use crate::bytes::serial_hex;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "capf_certificate_changed",
    severity: Severity::Error,
    refs: &["C15", "C32"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let given = || {
        facts
            .certificates
            .values()
            .filter(|certificate| certificate.is_given() && !certificate.is_anchor)
            .filter(|certificate| certificate.is_capf())
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
    let mut evidence: Vec<_> = given().flat_map(|certificate| certificate.evidence()).collect();
    evidence.extend(records.iter().map(|(list, record)| list.record_evidence(record)));
    let Some((first, (list, record))) = given().next().zip(records.first()) else {
        return Outcome::NotApplicable;
    };
    let arguments = Arguments::new()
        .number("count", given().count())
        .text("name", first.label())
        .text("serial", first.certificate.serial_hex())
        .text("list", list.name())
        .number("record", record.number)
        .text("listed", record.subject_text())
        .text("listed-serial", record.serial.as_deref().map(serial_hex).unwrap_or_default());
    Outcome::Found(vec![Found::at_all(Severity::Error, evidence, arguments)])
}
