//! PKCS#12, or a private key, encrypted in a way that is not known here.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::x509::Protection;

pub(super) const CHECK: Check = Check {
    code: "container_unsupported",
    severity: Severity::Warning,
    refs: &["A11", "E14"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.stores.is_empty() && facts.private_keys.is_empty() {
        return Outcome::NotApplicable;
    }
    let stores = facts.stores.iter().map(|store| (store.evidence(), &store.store.protection));
    let keys = facts.private_keys.iter().map(|key| (key.evidence(), &key.key.protection));
    let locks = stores.chain(keys).filter_map(|(evidence, lock)| match lock {
        Protection::Unsupported(reason) => Some((evidence, reason.as_str())),
        _ => None,
    });
    let parts = facts.stores.iter().flat_map(|store| {
        store.store.unread.iter().map(|reason| (store.evidence(), reason.as_str()))
    });
    let mut reasons: Vec<(Evidence, &str)> = locks.chain(parts).collect();
    reasons.sort();
    reasons.dedup();
    let found = reasons.into_iter().map(|(evidence, reason)| {
        let arguments =
            Arguments::new().text("file", facts.name(evidence.input)).text("reason", reason);
        Found::at(Severity::Warning, evidence, arguments)
    });
    Outcome::of(found.collect())
}
