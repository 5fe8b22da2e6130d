//! A rollback ITL while a CTL exists: the parameter empties the ITL only, so phones stay bound by the CTL (E4).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::record::Record;

pub(super) const CHECK: Check = Check {
    code: "rollback_leaves_ctl",
    severity: Severity::Error,
    refs: &["A96", "E4"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let rollback: Vec<_> = facts
        .lists_of(TrustListType::Itl)
        .filter(|list| !list.has_failed() && list.list.is_rollback())
        .collect();
    let ctls: Vec<_> = facts
        .lists_of(TrustListType::Ctl)
        .filter(|list| !list.has_failed() && list.list.records.iter().any(Record::is_usable))
        .collect();
    let (Some(itl), Some(ctl)) = (rollback.first(), ctls.first()) else { return Outcome::Clear };
    let evidence = rollback.iter().chain(&ctls).map(|list| list.evidence()).collect();
    let arguments = Arguments::new()
        .text("itl", itl.artifact.name.as_str())
        .text("ctl", ctl.artifact.name.as_str());
    Outcome::Found(vec![Found::at_all(Severity::Error, evidence, arguments)])
}
