//! And back: would a phone that has moved take the lists of its old cluster again (E16, E46)? Predicted.

use crate::findings::plans::{rows, word};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::{Need, Plan, imports, way_back};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "plan_migration_back",
    severity: Severity::Warning,
    refs: &["E16", "E46"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if Plan::of(facts) != Some(Plan::Migrate) {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for one in way_back(facts) {
        let verdict = one.verdict();
        // No way back is no fault of the move itself.
        let severity = match verdict {
            Need::Nothing | Need::Vouched => Severity::Good,
            Need::Unknown => Severity::Info,
            Need::Missing | Need::NoTvs => Severity::Warning,
        };
        let imports = imports(facts, &one);
        let mut evidence: Vec<Evidence> =
            one.steps.iter().map(|step| step.list.evidence()).collect();
        evidence.extend(one.phone.evidence());
        evidence.extend(one.steps.iter().flat_map(|step| step.rows.iter().cloned()));
        let arguments = Arguments::new()
            .text("verdict", word(verdict))
            .text("phone", one.phone.names(facts))
            .number("imports", imports.len())
            .text(
                "nodes",
                if one.nodes.is_empty() { "none".to_owned() } else { one.nodes.join(", ") },
            )
            .rows("steps", rows::steps(&one))
            .rows("certificates", rows::imports(&imports));
        found.push(Found::at_all(severity, evidence, arguments));
    }
    if found.is_empty() { Outcome::NotApplicable } else { Outcome::Found(found) }
}
