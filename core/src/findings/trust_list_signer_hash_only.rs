//! The signer's record holds only the hash of its certificate, and no input is that certificate.

use crate::bytes::hex;
use crate::findings::{Arguments, Check, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::verify::{self, Missing};

pub(super) const CHECK: Check = Check {
    code: "trust_list_signer_hash_only",
    severity: Severity::Info,
    refs: &["A18", "A25"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut missing = Vec::new();
    for list in &facts.trust_lists {
        if let verify::Outcome::Unverifiable(Missing::SignerCertificate { record, hash }) =
            &list.outcome
        {
            missing.push((list, *record, hex(hash)));
        }
    }
    match missing.first() {
        Some((list, record, hash)) => Outcome::NotEnoughEvidence(
            Arguments::new()
                .text("case", "given")
                .text("file", list.artifact.name.as_str())
                .number("record", *record)
                .text("hash", hash.as_str())
                .text("signer", list.signer_name())
                .number("lists", missing.len()),
        ),
        None => Outcome::Clear,
    }
}
