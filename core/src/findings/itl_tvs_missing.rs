//! An ITL without a TVS record (A22). A warning where the inputs say that TVS runs, else a note: lists made by other
//! tools do without.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::record::Record;
use crate::trustlist::role::Role;

pub(super) const CHECK: Check =
    Check { code: "itl_tvs_missing", severity: Severity::Warning, refs: &["A1", "A22"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Itl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let runs = facts.context.value("tvs.nodes").is_some_and(|nodes| nodes.trim() != "0")
        || facts.configurations.iter().any(|found| !found.configuration.tvs_servers.is_empty())
        || facts
            .lists_of(TrustListType::Itl)
            .any(|list| list.list.with_role(Role::TVS).any(Record::is_usable));
    let severity = if runs { Severity::Warning } else { Severity::Info };
    let mut found = Vec::new();
    for list in facts.lists_of(TrustListType::Itl) {
        let has = list.list.with_role(Role::TVS).any(Record::is_usable);
        if has || list.has_failed() || list.list.is_rollback() {
            continue;
        }
        let arguments = Arguments::new()
            .text("file", list.name())
            .text("kind", list.kind_name())
            .text("runs", if runs { "yes" } else { "unknown" });
        found.push(Found::at(severity, list.evidence(), arguments));
    }
    Outcome::of(found)
}
