//! An ITL without a CAPF record (A23, C16, C30). A warning where the inputs say that CAPF is used, else a note.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;

pub(super) const CHECK: Check = Check {
    code: "itl_capf_missing",
    severity: Severity::Warning,
    refs: &["A23", "C14", "C16", "C17", "C30"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Itl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let used =
        facts.configurations.iter().any(|found| !found.configuration.capf_servers.is_empty())
            || facts
                .trust_lists
                .iter()
                .any(|list| list.list.with_role(Role::CAPF).any(Record::is_usable));
    let severity = if used { Severity::Warning } else { Severity::Info };
    let mut found = Vec::new();
    for list in facts.lists_of(TrustListType::Itl) {
        let has = list.list.with_role(Role::CAPF).any(Record::is_usable);
        if has || list.has_failed() || list.list.is_rollback() {
            continue;
        }
        let arguments = Arguments::new()
            .text("file", list.name())
            .text("kind", list.kind_name())
            .text("used", if used { "yes" } else { "unknown" });
        found.push(Found::at(severity, list.evidence(), arguments));
    }
    Outcome::of(found)
}
