//! A certificate that was given as a file stands in a trust list: in which record, with which role (A25).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "certificate_in_trust_list",
    severity: Severity::Good,
    refs: &["A25", "C15"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let given = || facts.certificates.values().filter(|certificate| certificate.is_given());
    if facts.trust_lists.is_empty() || given().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificate in given() {
        let mut places =
            certificate.seen_in.iter().filter_map(|place| Some((place, place.record?)));
        let Some((place, record)) = places.next() else { continue };
        let more = places.count();
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .number("record", record)
            .text("list", facts.name(place.input))
            .text("role", facts.role_of(place.input, record))
            .text("case", if place.by_hash { "hash" } else { "whole" })
            .number("more", more as u64);
        found.push(Found::at_all(Severity::Good, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
