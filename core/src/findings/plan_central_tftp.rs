//! One TFTP server for several clusters: works where all of them are before 8.0, or all of them from 8.0 on (A92 to A95).
//! Predicted.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::{Cluster, Plan, version};
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "plan_central_tftp",
    severity: Severity::Error,
    refs: &["A92", "A93", "A94", "A95", "CSCto87262"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if Plan::of(facts) != Some(Plan::CentralTftp) {
        return Outcome::NotApplicable;
    }
    let cluster = Cluster::of(facts);
    let missing = |key: &str| Outcome::NotEnoughEvidence(Arguments::new().text("key", key));
    if cluster.evidence.is_empty() {
        return missing("lists");
    }
    let versions: Option<Vec<Vec<u32>>> = facts
        .context
        .value("clusters.versions")
        .map(|value| value.split([',', ' ']).filter(|one| !one.is_empty()).map(version).collect())
        .unwrap_or_default();
    let Some(versions) = versions.filter(|versions| versions.len() >= 2) else {
        return missing("versions");
    };
    let old =
        versions.iter().filter(|version| version.first().is_some_and(|major| *major < 8)).count();
    let new = versions.len().saturating_sub(old);
    let (case, severity) = match (old, new, cluster.rollback) {
        // An ITL among the inputs proves that one of them has 8.0 or later.
        (_, 0, _) => ("contradiction", Severity::Warning),
        (0, ..) => ("new", Severity::Good),
        (_, _, Some(true)) => ("mixed-prepared", Severity::Warning),
        _ => ("mixed", Severity::Error),
    };
    let arguments = Arguments::new().text("case", case).number("old", old).number("new", new);
    Outcome::Found(vec![Found::at_all(severity, cluster.evidence, arguments)])
}
