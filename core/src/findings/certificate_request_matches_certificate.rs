//! A certificate that was issued for a request: same public key, same names.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

use super::certificate_request_names_differ::missing_names;

pub(super) const CHECK: Check = Check {
    code: "certificate_request_matches_certificate",
    severity: Severity::Good,
    refs: &["B50", "B51"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.requests.is_empty() || facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for request in &facts.requests {
        for certificate in
            request.certificates.iter().filter_map(|digest| facts.certificates.get(digest))
        {
            if missing_names(request, certificate) != (Vec::new(), Vec::new()) {
                continue;
            }
            let mut evidence = vec![request.evidence()];
            evidence.extend(certificate.evidence());
            let arguments = Arguments::new()
                .text("file", facts.name(request.input))
                .text("name", certificate.label())
                .text("serial", certificate.certificate.serial_hex())
                .text("issuer", certificate.certificate.issuer.to_string());
            found.push(Found::at_all(Severity::Good, evidence, arguments));
        }
    }
    Outcome::of(found)
}
