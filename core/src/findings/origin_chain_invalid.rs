//! A server's certificate whose chain is complete and fails all the same (B14, B33).

use crate::evidence::facts::CertificateFacts;
use crate::evidence::origins::Fault;
use crate::findings::{Check, Found, Outcome, origins};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "origin_chain_invalid",
    severity: Severity::Error,
    refs: &["B14", "B33", "B35", "B37", "CSCwc69661"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    origins::each_refused(facts, |origin, owner, failure| {
        if origin.fault(facts) != Some(Fault::Other) {
            return None;
        }
        let others = origin.judgement.as_ref().map(|judgement| judgement.all.as_slice());
        let others: Vec<String> = others
            .unwrap_or_default()
            .iter()
            .filter(|other| *other != failure)
            .map(|other| format!("\"{}\" at depth {}", other.text, other.depth))
            .collect();
        let at = origin.at(facts, failure.depth);
        let arguments = origins::arguments(facts, origin, owner, failure)
            .text("case", case(failure.code))
            .text("at", at.map(CertificateFacts::label).unwrap_or_default())
            .number("more", others.len())
            .text("others", others.join(", "));
        let mut evidence = at.unwrap_or(owner).evidence();
        if failure.depth > 0 {
            evidence.extend(owner.evidence());
        }
        Some(Found::at_all(origins::severity(facts, owner), evidence, arguments))
    })
}

/// What cures an error, by OpenSSL's number.
fn case(code: u32) -> &'static str {
    match code {
        7 => "signature",
        9 => "not-yet",
        10 => "expired",
        24 | 25 | 26 | 32 | 37 | 79 => "purpose",
        47..=53 => "constraint",
        66..=68 => "weak",
        _ => "other",
    }
}
