//! A TFTP signer with a CA-signed certificate: the trust list pins the certificate itself, not its CA (A12).

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "certificate_ca_signed", severity: Severity::Info, refs: &["A12"], evaluate };

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.trust_lists.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for list in &facts.trust_lists {
        let signed: Vec<_> = list
            .list
            .file_signers()
            .filter(|record| {
                record.certificate.as_ref().is_some_and(|certificate| !certificate.self_issued())
            })
            .collect();
        let Some(first) = signed.first() else { continue };
        let arguments = Arguments::new()
            .text("file", list.artifact.name.as_str())
            .number("count", signed.len() as u64)
            .text("subject", first.subject_text())
            .text("issuer", first.issuer_text());
        let evidence = signed.iter().map(|record| list.record_evidence(record)).collect();
        found.push(Found::at_all(Severity::Info, evidence, arguments));
    }
    Outcome::of(found)
}
