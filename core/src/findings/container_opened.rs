//! A PKCS#12 container that opens, and whose MAC holds: what is in it is what its maker put in.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::x509::Protection;

pub(super) const CHECK: Check =
    Check { code: "container_opened", severity: Severity::Good, refs: &["E14"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let locks = facts.locks();
    if locks.is_empty() {
        return Outcome::NotApplicable;
    }
    let locked = locks.iter().filter(|(_, lock)| lock.is_locked()).map(|(at, _)| at.input);
    let unread = facts.stores.iter().filter(|store| !store.store.unread.is_empty());
    let mut closed: Vec<u32> = locked.chain(unread.map(|store| store.input)).collect();
    closed.sort_unstable();
    closed.dedup();
    if let Some((first, others)) = closed.split_first() {
        return Outcome::NotEnoughEvidence(
            Arguments::new().text("file", facts.name(*first)).number("others", others.len()),
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
