//! A password was given, and it opens neither a PKCS#12 container nor a key: another password, or a changed file. The
//! two look the same from outside.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::x509::Protection;

pub(super) const CHECK: Check = Check {
    code: "container_password_wrong",
    severity: Severity::Warning,
    refs: &["A11", "E14"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut locks: Vec<(Evidence, &Protection)> = facts.locks();
    // A key that was simply dropped: the password was meant for it too.
    let keys = facts.private_keys.iter().map(|key| (key.evidence(), &key.key.protection));
    locks.extend(keys.filter(|(_, lock)| lock.is_encrypted()));
    if locks.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut wrong: Vec<Evidence> = locks
        .into_iter()
        .filter(|(_, lock)| **lock == Protection::WrongPassword)
        .map(|(evidence, _)| evidence)
        .collect();
    wrong.sort();
    wrong.dedup();
    let found = wrong.into_iter().map(|evidence| {
        let is_store = facts
            .stores
            .iter()
            .any(|store| store.evidence() == evidence && store.store.protection.is_locked());
        let arguments = Arguments::new()
            .text("file", facts.name(evidence.input))
            .text("case", if is_store { "store" } else { "key" });
        Found::at(Severity::Warning, evidence, arguments)
    });
    Outcome::of(found.collect())
}
