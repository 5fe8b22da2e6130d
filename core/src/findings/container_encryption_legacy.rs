//! A PKCS#12 container that today's programs open only when they are told to use old algorithms.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "container_encryption_legacy",
    severity: Severity::Info,
    refs: &["A9", "E14"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.stores.is_empty() {
        return Outcome::NotApplicable;
    }
    let found = facts.stores.iter().filter(|store| store.store.legacy).map(|store| {
        let arguments = Arguments::new()
            .text("file", facts.name(store.input))
            .text("encryption", store.store.encryption.join(", "));
        Found::at(Severity::Info, store.evidence(), arguments)
    });
    Outcome::of(found.collect())
}
