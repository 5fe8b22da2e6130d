//! A server's certificate that is its own issuer and does not stand in the trust store (B33, B48).

use crate::evidence::facts::{CertificateFacts, Facts};
use crate::evidence::origins::Fault;
use crate::findings::{Check, Found, Outcome, origins};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "origin_self_signed",
    severity: Severity::Error,
    refs: &[
        "B15",
        "B29",
        "B30",
        "B33",
        "B34",
        "B35",
        "B37",
        "B48",
        "B50",
        "CSCwc69661",
        "CSCwa25108",
    ],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    origins::each_refused(facts, |origin, owner, failure| {
        if origin.fault(facts) != Some(Fault::SelfSigned) {
            return None;
        }
        let namesake = namesake(facts, owner).map(CertificateFacts::label);
        let arguments = origins::arguments(facts, origin, owner, failure)
            .text("ec", origins::yes_or_no(origins::is_ec(owner)))
            .text("same-name", namesake.unwrap_or_else(|| "no".to_owned()));
        Some(Found::at_all(origins::severity(facts, owner), owner.evidence(), arguments))
    })
}

/// Another certificate with the same common name (CSCwa12905).
fn namesake<'f, 'a>(
    facts: &'f Facts<'a>,
    owner: &CertificateFacts<'a>,
) -> Option<&'f CertificateFacts<'a>> {
    let name = owner.certificate.subject.common_names().next()?;
    facts.certificates.values().find(|other| {
        other.is_given()
            && other.certificate.digests.sha256 != owner.certificate.digests.sha256
            && other.certificate.subject.common_names().any(|one| one == name)
    })
}
