//! A signed file whose signature holds, by a signer that may sign files (A5, A7, A10).

use crate::bytes::hex;
use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::{Evidence, Severity};
use crate::sgn::verify::{self, Place};

pub(super) const CHECK: Check = Check {
    code: "signed_file_verified",
    severity: Severity::Good,
    refs: &["A5", "A7", "A10"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for signed in &facts.signed_files {
        let verify::Outcome::Verified { role } = &signed.verdict.outcome else { continue };
        let Some(made_by) = &signed.verdict.made_by else { continue };
        let mut evidence =
            vec![Evidence { input: signed.input, offset: Some(0), ..Evidence::default() }];
        let mut named_by = None;
        for place in &signed.verdict.places {
            if let Place::Record { list, record, role: Some(role) } = place
                && role.signs_files()
            {
                named_by.get_or_insert((*list, *record));
                evidence.push(facts.record_evidence(*list, *record));
            }
        }
        let mut arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .text("signer", signed.signer_name())
            .text("certificate", hex(&made_by.value().certificate))
            .text("case", if named_by.is_some() { "listed" } else { "given" });
        if let (Some((list, record)), Some(role)) = (named_by, role) {
            arguments = arguments
                .text("role", role.function())
                .text("list", facts.name(list))
                .number("record", record);
        }
        found.push(Found::at_all(Severity::Good, evidence, arguments));
    }
    Outcome::of(found)
}
