//! A private key that belongs to none of the certificates. In one file that is an error: no server starts with it.
//! Elsewhere the certificate may simply not be among the inputs.

use std::collections::BTreeSet;

use crate::evidence::facts::{Facts, KeyFacts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{InputRole, Severity};

pub(super) const CHECK: Check = Check {
    code: "key_matches_nothing",
    severity: Severity::Error,
    refs: &["A11", "B50"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let readable = || facts.private_keys.iter().filter(|key| key.key.public_key.is_some());
    let given: BTreeSet<u32> = facts
        .certificates
        .values()
        .filter(|certificate| !certificate.is_anchor)
        .flat_map(|certificate| &certificate.seen_in)
        .filter(|place| place.record.is_none() && place.frame.is_none())
        .map(|place| place.input)
        .collect();
    if readable().next().is_none() || given.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for key in readable().filter(|key| key.certificates.is_empty() && key.requests.is_empty()) {
        let (severity, case) = weigh(facts, key, &given);
        let arguments = Arguments::new()
            .text("file", facts.name(key.input))
            .text("kind", key.key.kind.to_uppercase())
            .number("bits", key.key.bits)
            .text("case", case);
        found.push(Found::at(severity, key.evidence(), arguments));
    }
    Outcome::of(found)
}

fn weigh(facts: &Facts<'_>, key: &KeyFacts<'_>, given: &BTreeSet<u32>) -> (Severity, &'static str) {
    if given.contains(&key.input) {
        (Severity::Error, "same-file")
    } else if facts.role(key.input) == InputRole::Key {
        (Severity::Info, "other-file")
    } else {
        (Severity::Warning, "other-file")
    }
}
