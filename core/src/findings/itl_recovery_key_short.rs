//! An ITLRecovery key of 1024 bits among longer ones: recovery with it fails (FN70613).

use crate::evidence::lists::rsa_bits;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::compare;
use crate::trustlist::record::{Record, tag};

pub(super) const CHECK: Check = Check {
    code: "itl_recovery_key_short",
    severity: Severity::Warning,
    refs: &["C20", "FN70613"],
    evaluate,
};

/// What ITLRecovery keys have when CUCM makes them properly.
const ENOUGH_BITS: u32 = 2048;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Itl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in facts.lists_of(TrustListType::Itl) {
        let bits = |record: &Record| rsa_bits(record);
        let longer = list.list.records.iter().any(|record| bits(record) >= Some(ENOUGH_BITS));
        let short = |record: &&Record| {
            compare::is_recovery(record) && bits(record).is_some_and(|bits| bits < ENOUGH_BITS)
        };
        let Some(record) = list.list.records.iter().find(short).filter(|_| longer) else {
            continue;
        };
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .text("subject", record.subject_text())
            .number("bits", bits(record).unwrap_or_default());
        let evidence = list.element_evidence(record, tag::PUBLIC_KEY);
        found.push(Found::at(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
