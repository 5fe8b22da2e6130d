//! A CTL with one token only: when that key is lost or renewed, no phone accepts the next CTL.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "ctl_anchor_single",
    severity: Severity::Info,
    refs: &["A91", "FN70613"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Ctl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in facts.lists_of(TrustListType::Ctl) {
        if list.has_failed() || list.distinct(Role::SAST) != 1 {
            continue;
        }
        let Some(record) = list.list.with_role(Role::SAST).next() else { continue };
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .text("signer", record.subject_text());
        found.push(Found::at(Severity::Info, list.record_evidence(record), arguments));
    }
    Outcome::of(found)
}
