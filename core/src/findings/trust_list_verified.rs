//! A trust list whose own signature holds (A18, A26, A28).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::verify;

pub(super) const CHECK: Check = Check {
    code: "trust_list_verified",
    severity: Severity::Good,
    refs: &["A18", "A26", "A28"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let verify::Outcome::Verified(verified) = &list.outcome else { continue };
        let Some(record) = list.list.signing_record() else { continue };
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .number("record", record.number)
            .text("signer", record.subject_text())
            .text("certificate", crate::bytes::hex(&verified.value().certificate));
        let evidence = vec![list.evidence(), list.record_evidence(record)];
        found.push(Found::at_all(Severity::Good, evidence, arguments));
    }
    Outcome::of(found)
}
