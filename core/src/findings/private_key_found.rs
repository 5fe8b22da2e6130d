//! A private key among the inputs that was not handed over as one: it lies where it should not. Inside PKCS#12, under
//! a password, it lies where it belongs, and is mentioned only.

use crate::evidence::facts::{Facts, KeyFacts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{InputRole, Severity};

pub(super) const CHECK: Check =
    Check { code: "private_key_found", severity: Severity::Warning, refs: &["A11"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.inputs.is_empty() {
        return Outcome::NotApplicable;
    }
    let observed = facts.private_keys.iter().filter(|key| facts.role(key.input) != InputRole::Key);
    let found = observed.map(|key| {
        let (severity, case) = weigh(facts, key);
        let arguments = Arguments::new()
            .text("file", facts.name(key.input))
            .text("kind", key.key.kind.to_uppercase())
            .number("bits", key.key.bits)
            .text("case", case);
        Found::at(severity, key.evidence(), arguments)
    });
    Outcome::of(found.collect())
}

fn weigh(facts: &Facts<'_>, key: &KeyFacts<'_>) -> (Severity, &'static str) {
    let in_store = facts.stores.iter().any(|store| store.evidence() == key.evidence());
    match (key.key.protection.is_encrypted(), key.key.bits) {
        (true, _) if in_store => (Severity::Info, "store"),
        (true, _) => (Severity::Warning, "encrypted"),
        (false, 0) => (Severity::Warning, "unknown"),
        (false, _) => (Severity::Warning, "clear"),
    }
}
