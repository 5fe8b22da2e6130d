//! The bulk tool between two clusters: what to do on which, and the versions between which it fails (E13 to E15, E17).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::{Plan, moves, version};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "plan_bulk_export",
    severity: Severity::Warning,
    refs: &["E13", "E14", "E15", "E17", "CSCuy43181"],
    evaluate,
};

/// The first version that the bug report names (CSCuy43181).
const FROM: [u32; 5] = [10, 5, 2, 13_900, 12];

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if Plan::of(facts) != Some(Plan::Migrate) {
        return Outcome::NotApplicable;
    }
    let moves = moves(facts);
    let lists = moves.iter().flat_map(|one| &one.steps).map(|step| step.list);
    let mut evidence: Vec<Evidence> = lists.map(|list| list.evidence()).collect();
    evidence.sort();
    evidence.dedup();
    if evidence.is_empty() {
        return Outcome::NotApplicable;
    }
    let given = |key| facts.context.value(key).and_then(version);
    let (source, destination) = (given("cucm.version"), given("destination.version"));
    let is_old = |version: &Vec<u32>| version.first().is_some_and(|major| matches!(major, 8 | 9));
    let is_new = |version: &Vec<u32>| version.as_slice() >= FROM.as_slice();
    let (case, severity) = match (&source, &destination) {
        (Some(source), Some(destination))
            if (is_old(source) && is_new(destination))
                || (is_old(destination) && is_new(source)) =>
        {
            ("affected", Severity::Warning)
        }
        (Some(_), Some(_)) => ("clear", Severity::Info),
        _ => ("unknown", Severity::Info),
    };
    let shown = |key| facts.context.value(key).unwrap_or("unknown").trim().to_owned();
    let arguments = Arguments::new()
        .text("case", case)
        .text("source", shown("cucm.version"))
        .text("destination", shown("destination.version"));
    Outcome::Found(vec![Found::at_all(severity, evidence, arguments)])
}
