//! A whole and well-formed trust list whose signature does not fit its content (A29).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::trustlist::verify::{self, Failure};

pub(super) const CHECK: Check = Check {
    code: "trust_list_signature_invalid",
    severity: Severity::Error,
    refs: &["A18", "A29"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let verify::Outcome::Failed(Failure::SignatureMismatch { key_bits }) = list.outcome else {
            continue;
        };
        let signature = list.list.header.signature_range.as_ref().map(|range| range.start);
        let mut evidence =
            vec![Evidence { input: list.input, offset: signature, ..Evidence::default() }];
        let signer = list.list.signing_record();
        evidence.extend(signer.map(|record| list.record_evidence(record)));
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .number("bits", key_bits)
            .text("signer", signer.map(|record| record.subject_text()).unwrap_or_default());
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
