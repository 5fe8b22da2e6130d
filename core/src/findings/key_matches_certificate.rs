//! A private key and a certificate, or a request, with its public key: they belong together.

use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::Severity;

pub(super) const CHECK: Check = Check {
    code: "key_matches_certificate",
    severity: Severity::Good,
    refs: &["A11", "B50"],
    evaluate,
};

fn evaluate(facts: &Derived<'_>) -> Outcome {
    let mut found = Vec::new();
    for key in &facts.private_keys {
        let arguments = Arguments::new()
            .text("file", facts.name(key.input))
            .text("kind", key.key.kind.to_uppercase())
            .number("bits", key.key.bits);
        let mut certificates =
            key.certificates.iter().filter_map(|digest| facts.certificates.get(digest));
        let mut evidence = vec![key.evidence()];
        if let Some(certificate) = certificates.next() {
            let more = certificates.count();
            // A store is one place for all that is in it.
            evidence.extend(certificate.evidence().into_iter().filter(|at| *at != key.evidence()));
            let arguments = arguments
                .text("case", "certificate")
                .text("name", certificate.label())
                .text("serial", certificate.certificate.serial_hex())
                .number("more", more);
            found.push(Found::at_all(Severity::Good, evidence, arguments));
        } else if let Some(request) = key.requests.first().and_then(|at| facts.requests.get(*at)) {
            evidence.push(request.evidence());
            let arguments = arguments
                .text("case", "request")
                .text("name", request.request.label())
                .text("serial", "")
                .number("more", key.requests.len().saturating_sub(1));
            found.push(Found::at_all(Severity::Good, evidence, arguments));
        }
    }
    if facts.private_keys.is_empty() { Outcome::NotApplicable } else { Outcome::of(found) }
}
