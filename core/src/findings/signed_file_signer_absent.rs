//! The signer of a file stands in no trust list: a phone has to ask TVS (A8).

use crate::evidence::facts::{Facts, SignedFacts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::{Evidence, Severity};
use crate::sgn::verify::{self, Missing};

pub(super) const CHECK: Check = Check {
    code: "signed_file_signer_absent",
    severity: Severity::Warning,
    refs: &["A8"],
    evaluate,
};

fn evaluate(facts: &Facts<'_>) -> Outcome {
    if facts.signed_files.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    let mut open = None;
    let lists: Vec<Evidence> = facts.vouching_lists().map(|list| list.evidence()).collect();
    for signed in &facts.signed_files {
        match &signed.verdict.outcome {
            verify::Outcome::Unverifiable(Missing::Signer) => {
                open.get_or_insert(signed);
            }
            verify::Outcome::Unverifiable(
                Missing::SignerCertificate { .. } | Missing::TooManyCandidates,
            ) => {
                open.get_or_insert(signed);
                continue;
            }
            verify::Outcome::Verified { role: None } => {}
            _ => continue,
        }
        if lists.is_empty() {
            continue;
        }
        let mut evidence = vec![Evidence {
            input: signed.input,
            offset: signed.signer_offset(),
            ..Evidence::default()
        }];
        evidence.extend(lists.iter().cloned());
        let arguments = arguments(signed)
            .number("lists", lists.len() as u64)
            .text("case", if signed.verdict.made_by.is_some() { "given" } else { "unknown" });
        found.push(Found::at_all(Severity::Warning, evidence, arguments));
    }
    match (found.is_empty(), open) {
        (true, Some(signed)) => Outcome::NotEnoughEvidence(arguments(signed)),
        _ => Outcome::of(found),
    }
}

fn arguments(signed: &SignedFacts<'_>) -> Arguments {
    Arguments::new()
        .text("file", signed.artifact.name.as_str())
        .text("signer", signed.signer_name())
        .text("serial", signed.signer_serial())
}
