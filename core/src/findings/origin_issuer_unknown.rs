//! A server's certificate whose issuer the trust store does not hold: which one is missing, and where to get it
//! (B3, B33, B49).

use crate::evidence::facts::CertificateFacts;
use crate::evidence::origins::{Fault, Issuer};
use crate::findings::{Check, Found, Outcome, origins};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "origin_issuer_unknown",
    severity: Severity::Error,
    refs: &["B1", "B2", "B3", "B15", "B33", "B35", "B37", "B49", "B50", "CSCwc69661"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    origins::each_refused(facts, |origin, owner, failure| {
        let Some(Fault::IssuerUnknown(issuer)) = origin.fault(facts) else { return None };
        let top = origin.top(facts)?;
        let (case, found) = match &issuer {
            Issuer::NotInStore(root) => ("root-not-in-store", facts.certificates.get(root)),
            Issuer::OnlyIntermediateInStore(ca) => {
                ("intermediate-only", facts.certificates.get(ca))
            }
            Issuer::OtherKey(other) => ("other-key", facts.certificates.get(other)),
            Issuer::NotGiven => ("missing-intermediate", None),
        };
        let name = match (&issuer, found) {
            (Issuer::NotInStore(_), Some(root)) => root.label(),
            _ => top
                .certificate
                .issuer
                .common_names()
                .next()
                .map_or_else(|| top.certificate.issuer.to_string(), str::to_owned),
        };
        let key_identifier = |bytes: Option<&Vec<u8>>| match bytes {
            Some(bytes) => origins::key_identifier(bytes),
            None => "none".to_owned(),
        };
        let found_text = match (&issuer, found) {
            (Issuer::OtherKey(_), Some(other)) => {
                key_identifier(other.certificate.subject_key_identifier.as_ref())
            }
            (_, Some(other)) => other.label(),
            (_, None) => String::new(),
        };
        let arguments = origins::arguments(facts, origin, owner, failure)
            .text("case", case)
            .text("issuer", name)
            .text("found", found_text)
            .text(
                "key-identifier",
                key_identifier(top.certificate.authority_key_identifier.as_ref()),
            );
        let mut evidence = owner.evidence();
        evidence.extend(found.into_iter().flat_map(CertificateFacts::evidence));
        Some(Found::at_all(origins::severity(facts, owner), evidence, arguments))
    })
}
