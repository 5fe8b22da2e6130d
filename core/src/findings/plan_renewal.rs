//! What phones do, step by step, when the CallManager or the TVS certificate is renewed (A71 to A77). Predicted.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::{Cluster, Plan};
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "plan_renewal",
    severity: Severity::Warning,
    refs: &["A71", "A72", "A73", "A75", "A76", "A77"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let plan = match Plan::of(facts) {
        Some(Plan::RenewCallManager) => "callmanager",
        Some(Plan::RenewTvs) => "tvs",
        _ => return Outcome::NotApplicable,
    };
    let cluster = Cluster::of(facts);
    let missing = |key: &str| Outcome::NotEnoughEvidence(Arguments::new().text("key", key));
    if cluster.evidence.is_empty() {
        return missing("lists");
    }
    let Some(nodes) = cluster.nodes else { return missing("nodes") };
    // An emptied ITL names no TVS server, and phones that hold it check nothing.
    let (case, severity) = match (plan, cluster.rollback, cluster.signed_by_callmanager) {
        (_, Some(true), _) => ("rollback", Severity::Warning),
        ("tvs", ..) => ("tvs", Severity::Info),
        (_, _, true) if nodes == 1 || cluster.group == Some(1) => ("one-tvs", Severity::Warning),
        (_, _, true) => ("ask-tvs", Severity::Info),
        (_, _, false) => ("recovery", Severity::Info),
    };
    let arguments = Arguments::new()
        .text("plan", plan)
        .text("case", case)
        .number("nodes", nodes)
        .text("version", facts.context.value("cucm.version").unwrap_or("unknown").trim());
    Outcome::Found(vec![Found::at_all(severity, cluster.evidence, arguments)])
}
