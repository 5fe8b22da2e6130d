//! The signer of a list or file stands in no store of CUCM's certificate list: TVS there does not vouch for it (A63, E34).

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::stores::STORES_OF_A_LIST;
use crate::findings::{Arguments, Check, Found, Outcome, certificate_in_store};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "certificate_not_in_store",
    severity: Severity::Warning,
    refs: &["A63", "E7", "E8", "E9"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.listed().next().is_none() {
        return Outcome::NotApplicable;
    }
    let stores: BTreeSet<&str> = facts.listed().map(|entry| entry.listed.store.as_str()).collect();
    if stores.len() < STORES_OF_A_LIST || !facts.lists_are_whole() {
        return Outcome::Clear;
    }
    let mut firsts: BTreeMap<u32, Evidence> = BTreeMap::new();
    for entry in facts.listed() {
        firsts.entry(entry.input).or_insert_with(|| entry.evidence());
    }
    let mut found = Vec::new();
    for (wanted, mut evidence) in certificate_in_store::wanted(facts) {
        if facts.listed().any(|entry| wanted.is(entry.listed)) {
            continue;
        }
        evidence.extend(firsts.values().cloned());
        let serial = wanted.serial.as_deref().map(crate::bytes::serial_hex);
        let arguments = Arguments::new()
            .text("name", wanted.common_name.as_str())
            .text("serial", serial.unwrap_or_default())
            .text(
                "lists",
                firsts.keys().map(|input| facts.name(*input)).collect::<Vec<_>>().join(", "),
            );
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
