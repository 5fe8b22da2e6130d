//! A PKCS#12 container without a MAC: whoever had it could change what is in it, and nobody notices.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "container_without_mac", severity: Severity::Warning, refs: &["E14"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.stores.is_empty() {
        return Outcome::NotApplicable;
    }
    let open = facts.stores.iter().filter(|store| !store.store.protection.is_locked());
    let found = open.filter(|store| store.store.mac.is_none()).map(|store| {
        let arguments = Arguments::new().text("file", facts.name(store.input));
        Found::at(Severity::Warning, store.evidence(), arguments)
    });
    Outcome::of(found.collect())
}
