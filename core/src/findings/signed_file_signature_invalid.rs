//! A whole signed file whose signature does not fit its content and its signer (A7). Where the signer's certificate is
//! in none of the inputs, the question stays open.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::sgn::verify::{self, Missing, Place, Reason};
use crate::trustlist::verify::Failure;

pub(super) const CHECK: Check = Check {
    code: "signed_file_signature_invalid",
    severity: Severity::Error,
    refs: &["A7", "A10"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    let mut open = None;
    for signed in &facts.signed_files {
        let reason = match &signed.verdict.outcome {
            verify::Outcome::Failed(reason) => reason,
            verify::Outcome::Unverifiable(Missing::FirmwareRule)
            | verify::Outcome::Verified { .. } => continue,
            verify::Outcome::Unverifiable(_) => {
                open.get_or_insert(signed);
                continue;
            }
        };
        let (case, problem) = match reason {
            Reason::Signature(failure @ Failure::SignatureMismatch { .. }) => {
                ("content", failure.to_string())
            }
            Reason::Signature(failure) => ("algorithm", failure.to_string()),
            Reason::SubjectDiffers => ("subject", String::new()),
            Reason::Damaged(_) | Reason::RoleUnfit(_) => continue,
        };
        let signature = signed.file.header.signature_range.as_ref().map(|range| range.start);
        let mut evidence =
            vec![Evidence { input: signed.input, offset: signature, ..Evidence::default() }];
        for place in &signed.verdict.places {
            if let Place::Record { list, record, .. } = place {
                evidence.push(facts.record_evidence(*list, *record));
            }
        }
        let arguments = Arguments::new()
            .text("file", signed.artifact.name.as_str())
            .text("signer", signed.signer_name())
            .text("case", case)
            .text("problem", problem);
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    match open {
        Some(signed) if found.is_empty() => Outcome::NotEnoughEvidence(
            Arguments::new()
                .text("file", signed.artifact.name.as_str())
                .text("signer", signed.signer_name())
                .text("serial", signed.signer_serial()),
        ),
        _ => Outcome::of(found),
    }
}
