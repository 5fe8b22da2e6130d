//! What becomes of phones when a node gets another host name or domain, which renews all its certificates at once (A84 to
//! A91). Predicted.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::plan::{Cluster, Plan, Rename, rename};
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "plan_rename",
    severity: Severity::Error,
    refs: &["A84", "A85", "A86", "A87", "A88", "A89", "A90", "A91", "FN70613"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if Plan::of(facts) != Some(Plan::Rename) {
        return Outcome::NotApplicable;
    }
    let cluster = Cluster::of(facts);
    let missing = |key: &str| Outcome::NotEnoughEvidence(Arguments::new().text("key", key));
    if cluster.evidence.is_empty() {
        return missing("lists");
    }
    let rename = match rename(facts, &cluster) {
        Ok(rename) => rename,
        Err(key) => return missing(key),
    };
    let (word, severity) = match rename {
        Rename::UntilCtlUpdated => ("until-ctl", Severity::Warning),
        Rename::Recoverable => ("recoverable", Severity::Info),
        Rename::Prepared => ("prepared", Severity::Info),
        Rename::Stranded => ("single", Severity::Error),
        Rename::StrandedByGroup => ("group", Severity::Error),
        Rename::StrandedAtOnce => ("at-once", Severity::Error),
        Rename::OneByOne => ("one-by-one", Severity::Good),
        Rename::Open => ("open", Severity::Warning),
    };
    let arguments = Arguments::new()
        .text("case", word)
        .number("nodes", cluster.nodes.unwrap_or_default())
        .number("group", cluster.group.unwrap_or_default())
        .text("recovery", if cluster.recovery { "yes" } else { "no" });
    Outcome::Found(vec![Found::at_all(severity, cluster.evidence, arguments)])
}
