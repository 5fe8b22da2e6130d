//! Will the phones move to the cluster whose lists were given? Every list that a phone meets there, and what it needs to take
//! it (E1 to E12, E18, E45). Predicted.

use crate::findings::plans::{rows, word};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::{Need, Plan, imports, is_token, moves};
use crate::report::model::{Evidence, Severity};

pub(super) const CHECK: Check = Check {
    code: "plan_migration",
    severity: Severity::Error,
    refs: &["A78", "E1", "E3", "E4", "E6", "E7", "E8", "E9", "E10", "E11", "E12", "E18", "E45"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if Plan::of(facts) != Some(Plan::Migrate) {
        return Outcome::NotApplicable;
    }
    let moves = moves(facts);
    if moves.is_empty() {
        return Outcome::NotEnoughEvidence(Arguments::new());
    }
    let mut found = Vec::new();
    for one in &moves {
        let verdict = one.verdict();
        let severity = match verdict {
            Need::Nothing | Need::Vouched => Severity::Good,
            Need::Unknown => Severity::Warning,
            Need::Missing | Need::NoTvs => Severity::Error,
        };
        let imports = imports(facts, one);
        let token = one.steps.iter().any(|step| step.list.verified_signer().is_some_and(is_token));
        let emptied = one.phone.itl.is_some_and(|itl| itl.list.is_rollback());
        let mut evidence: Vec<Evidence> =
            one.steps.iter().map(|step| step.list.evidence()).collect();
        evidence.extend(one.phone.evidence());
        evidence.extend(one.steps.iter().flat_map(|step| step.rows.iter().cloned()));
        if verdict > Need::Nothing {
            evidence.extend(imports.iter().map(|import| import.at.clone()));
        }
        let arguments = Arguments::new()
            .text("phone", one.phone.names(facts))
            .text("verdict", word(verdict))
            .text("token", if token { "yes" } else { "no" })
            .text("emptied", if emptied { "yes" } else { "no" })
            .text("ctl", if one.phone.ctl.is_some() { "yes" } else { "no" })
            .number("imports", imports.len())
            .text(
                "nodes",
                if one.nodes.is_empty() { "none".to_owned() } else { one.nodes.join(", ") },
            )
            .rows("steps", rows::steps(one))
            .rows("certificates", rows::imports(&imports));
        found.push(Found::at_all(severity, evidence, arguments));
    }
    Outcome::Found(found)
}
