//! The ITL names another number of TVS servers than nodes run CallManager (A22). The number comes from the user.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::role::Role;

pub(super) const CHECK: Check =
    Check { code: "itl_tvs_count_differs", severity: Severity::Warning, refs: &["A22"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Itl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let nodes =
        facts.context.value("tvs.nodes").and_then(|nodes| nodes.trim().parse::<usize>().ok());
    let Some(nodes) = nodes else { return Outcome::NotApplicable };
    let mut found = Vec::new();
    for list in facts.lists_of(TrustListType::Itl) {
        let count = list.distinct(Role::TVS);
        if count == 0 || count == nodes || list.has_failed() {
            continue;
        }
        let mut evidence = vec![list.evidence()];
        evidence.extend(list.list.with_role(Role::TVS).map(|record| list.record_evidence(record)));
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .number("servers", count)
            .number("nodes", nodes)
            .text("case", if count < nodes { "fewer" } else { "more" });
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    Outcome::of(found)
}
