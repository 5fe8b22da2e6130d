//! ITLs whose signer is also the certificate that signs files: they change hands when CallManager is renewed (A24, C20).
//! One finding for all lists.

use crate::evidence::facts::ListFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, TrustListType};
use crate::trustlist::compare;

pub(super) const CHECK: Check = Check {
    code: "itl_signed_by_callmanager",
    severity: Severity::Info,
    refs: &["A11", "A24", "C20"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.lists_of(TrustListType::Itl).next().is_none() {
        return Outcome::NotApplicable;
    }
    let lists: Vec<&ListFacts<'_>> =
        facts.lists_of(TrustListType::Itl).filter(|list| list.is_signed_by_file_signer()).collect();
    let Some(first) = lists.first() else { return Outcome::Clear };
    let recovery = lists.iter().any(|list| list.list.records.iter().any(compare::is_recovery));
    let signer = first.verified_signer();
    let evidence = lists
        .iter()
        .filter_map(|list| list.verified_signer().map(|record| list.record_evidence(record)))
        .collect();
    let arguments = Arguments::new()
        .text("file", first.name())
        .number("lists", lists.len())
        .text("signer", signer.map(|record| record.subject_text()).unwrap_or_default())
        .text("recovery", if recovery { "yes" } else { "no" });
    Outcome::Found(vec![Found::at_all(Severity::Info, evidence, arguments)])
}
