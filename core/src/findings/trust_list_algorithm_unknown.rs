//! The header announces a digest, algorithm or key length that no reader knows or that does not fit (A9).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::tlv::header::tag;
use crate::trustlist::verify::{self, Failure};

pub(super) const CHECK: Check = Check {
    code: "trust_list_algorithm_unknown",
    severity: Severity::Error,
    refs: &["A9", "A29"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let verify::Outcome::Failed(failure) = &list.outcome else { continue };
        let (what, element, code, detail) = match failure {
            Failure::DigestUnknown(code) => ("digest", tag::DIGEST_ALGORITHM, *code, String::new()),
            Failure::AlgorithmUnknown(code) => {
                ("algorithm", tag::SIGNATURE_ALGORITHM, *code, String::new())
            }
            Failure::ModulusContradicts { code, length } => {
                ("modulus", tag::SIGNATURE_MODULUS, *code, length.to_string())
            }
            Failure::KeyUnusable(reason) => ("key", tag::SIGNATURE, 0, reason.clone()),
            _ => continue,
        };
        let evidence = list.header_evidence(element);
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .text("what", what)
            .text("code", code.to_string())
            .text("more", detail);
        found.push(Found::at(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
