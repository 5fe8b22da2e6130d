//! A request and a certificate for the same name, but for different keys: the certificate was made from another
//! request, and the product that made this one has no private key for it.

use std::collections::BTreeMap;

use crate::evidence::facts::CertificateFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "certificate_request_key_differs",
    severity: Severity::Warning,
    refs: &["B50", "B51"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.requests.is_empty() || facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    // By common name: CAs write the rest of the subject as they like. Of each name the newest: an old certificate beside a request is what a renewal looks like.
    let mut by_name: BTreeMap<String, &CertificateFacts<'_>> = BTreeMap::new();
    for certificate in facts.certificates.values().filter(|certificate| {
        certificate.is_given() && !certificate.is_anchor && !certificate.certificate.ca
    }) {
        let name = certificate.label().to_ascii_lowercase();
        let newest = by_name.entry(name).or_insert(certificate);
        if newest.certificate.not_before.at() < certificate.certificate.not_before.at() {
            *newest = certificate;
        }
    }
    let mut found = Vec::new();
    for request in facts.requests.iter().filter(|request| request.certificates.is_empty()) {
        let name = request.request.label().to_ascii_lowercase();
        let Some(certificate) = by_name.get(&name) else { continue };
        let mut evidence = vec![request.evidence()];
        evidence.extend(certificate.evidence());
        // A self-signed certificate is no CA's answer: it is the one in use.
        let severity =
            if certificate.certificate.self_issued() { Severity::Info } else { Severity::Warning };
        let arguments = Arguments::new()
            .text("file", facts.name(request.input))
            .text("name", certificate.label())
            .text("serial", certificate.certificate.serial_hex())
            .text("since", certificate.certificate.not_before.to_string());
        found.push(Found::at_all(severity, evidence, arguments));
    }
    Outcome::of(found)
}
