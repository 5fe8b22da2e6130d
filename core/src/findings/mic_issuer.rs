//! A manufacturing installed certificate: it proves a Cisco phone, not your phone (C3, C4, C7).

use crate::evidence::facts::Facts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "mic_issuer", severity: Severity::Info, refs: &["C3", "C4", "C7"], evaluate };

/// Common names of the CAs that sign manufacturing installed certificates.
const ISSUERS: [&str; 7] = [
    "ACT2 SUDI CA",
    "CAP-RTP-001",
    "CAP-RTP-002",
    "Cisco Manufacturing CA",
    "Cisco Manufacturing CA III",
    "Cisco Manufacturing CA SHA2",
    "High Assurance SUDI CA",
];

fn evaluate(facts: &Facts<'_>) -> Outcome {
    let given = || facts.certificates.values().filter(|certificate| certificate.is_given());
    if given().next().is_none() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificate in given() {
        if certificate.certificate.self_issued() || certificate.certificate.ca {
            continue;
        }
        let mut names = certificate.certificate.issuer.common_names();
        let Some(issuer) = names.find(|name| ISSUERS.contains(name)) else { continue };
        let arguments = Arguments::new().text("name", certificate.label()).text("issuer", issuer);
        found.push(Found::at_all(Severity::Info, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
