//! A PKCS#12 container that opens, and whose MAC holds: what is in it is what its maker put in.

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::Severity;
use crate::x509::Protection;

pub(super) const CHECK: Check =
    Check { code: "container_opened", severity: Severity::Good, refs: &["E14"], evaluate };

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let locks = facts.locks();
    if locks.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut locked = locks.iter().filter(|(_, lock)| lock.is_locked());
    if let Some((evidence, _)) = locked.next() {
        return Outcome::NotEnoughEvidence(
            Arguments::new()
                .text("file", facts.name(evidence.input))
                .number("others", locked.count()),
        );
    }
    let mut found = Vec::new();
    for store in facts.stores.iter().filter(|store| store.store.mac_verified) {
        let empty = store.store.protection == Protection::Clear;
        let arguments = Arguments::new()
            .text("file", facts.name(store.input))
            .text("mac", store.store.mac.as_deref().unwrap_or_default())
            .text("case", if empty { "empty" } else { "given" })
            .number("certificates", store.certificates)
            .number("keys", store.keys);
        found.push(Found::at(Severity::Good, store.evidence(), arguments));
    }
    Outcome::of(found)
}
