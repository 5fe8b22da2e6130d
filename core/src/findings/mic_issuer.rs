//! Manufacturing installed certificates: they prove a Cisco phone, not your phone (C3, C4, C7). One finding for each
//! issuer.

use std::collections::BTreeMap;

use crate::evidence::facts::{CertificateFacts, Facts};
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
    let mut by_issuer: BTreeMap<&str, Vec<&CertificateFacts<'_>>> = BTreeMap::new();
    for certificate in given() {
        // Security tokens have the same issuer.
        let is_token = certificate.label().starts_with("SAST-");
        if certificate.certificate.self_issued() || certificate.certificate.ca || is_token {
            continue;
        }
        let mut names = certificate.certificate.issuer.common_names();
        if let Some(issuer) = names.find(|name| ISSUERS.contains(name)) {
            by_issuer.entry(issuer).or_default().push(certificate);
        }
    }
    let found = by_issuer.into_iter().filter_map(|(issuer, certificates)| {
        let first = certificates.first()?;
        let evidence = certificates.iter().flat_map(|certificate| certificate.evidence()).collect();
        let arguments = Arguments::new()
            .number("count", certificates.len())
            .text("name", first.label())
            .text("issuer", issuer);
        Some(Found::at_all(Severity::Info, evidence, arguments))
    });
    Outcome::of(found.collect())
}
