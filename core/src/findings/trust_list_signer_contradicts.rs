//! The signer's record is not what it says: another certificate under the signer's serial, or names that differ.
//! An impostor looks like this (A18).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;
use crate::trustlist::record::tag;
use crate::trustlist::role::Role;
use crate::trustlist::verify::{self, Contradiction, Failure};

pub(super) const CHECK: Check = Check {
    code: "trust_list_signer_contradicts",
    severity: Severity::Error,
    refs: &["A18", "A20"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let (what, element, certificates) = match &list.outcome {
            verify::Outcome::Failed(Failure::SignerContradicts(what)) => match what {
                Contradiction::Hash => ("hash", tag::CERT_HASH, 1),
                Contradiction::Issuer => ("issuer", tag::ISSUER_NAME, 1),
                Contradiction::Key => ("key", tag::PUBLIC_KEY, 1),
                Contradiction::Serial => ("serial", tag::SERIAL_NUMBER, 1),
                Contradiction::Subject => ("subject", tag::SUBJECT_NAME, 1),
            },
            verify::Outcome::Failed(Failure::SignerAmbiguous(count)) => {
                ("ambiguous", tag::SERIAL_NUMBER, *count)
            }
            _ => continue,
        };
        let tokens = list.list.signer_records().filter(|record| record.role == Some(Role::SAST));
        let evidence = tokens.map(|record| list.element_evidence(record, element)).collect();
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .text("kind", list.kind_name())
            .text("signer", list.signer_name())
            .text("what", what)
            .number("certificates", certificates);
        found.push(Found::at_all(Severity::Error, evidence, arguments));
    }
    Outcome::of(found)
}
