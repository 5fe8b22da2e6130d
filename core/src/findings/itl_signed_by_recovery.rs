//! ITLs signed by the cluster's ITLRecovery certificate, the way since 12.0 (A24). One finding for all lists.

use crate::evidence::facts::ListFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::compare;

pub(super) const CHECK: Check =
    Check { code: "itl_signed_by_recovery", severity: Severity::Info, refs: &["A24"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Itl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let lists: Vec<&ListFacts<'_>> = facts
        .lists_of(TrustListType::Itl)
        .filter(|list| list.verified_signer().is_some_and(compare::is_recovery))
        .collect();
    let Some(first) = lists.first() else { return Outcome::Clear };
    let signer = first.verified_signer();
    let evidence = lists
        .iter()
        .filter_map(|list| list.verified_signer().map(|record| list.record_evidence(record)))
        .collect();
    let arguments = Arguments::new()
        .text("file", first.name())
        .number("lists", lists.len())
        .text("signer", signer.map(|record| record.subject_text()).unwrap_or_default());
    Outcome::Found(vec![Found::at_all(Severity::Info, evidence, arguments)])
}
