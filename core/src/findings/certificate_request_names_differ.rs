//! A certificate for the key of a request, but for other names: CUCM compares both lists when the certificate is
//! uploaded, and refuses it ("CSR SAN and Certificate SAN does not match").

use std::collections::BTreeSet;

use crate::evidence::facts::{CertificateFacts, RequestFacts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::report::model::{Severity, SubjectAltNames};

pub(super) const CHECK: Check = Check {
    code: "certificate_request_names_differ",
    severity: Severity::Warning,
    refs: &["B50", "B51"],
    evaluate,
};

/// Names of a finding's text; the rest is counted.
const SHOWN: usize = 8;

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.requests.is_empty() || facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for request in &facts.requests {
        for certificate in
            request.certificates.iter().filter_map(|digest| facts.certificates.get(digest))
        {
            let (absent, added) = missing_names(request, certificate);
            let case = match (absent.is_empty(), added.is_empty()) {
                (true, true) => continue,
                (false, true) => "absent",
                (true, false) => "added",
                (false, false) => "both",
            };
            let mut evidence = vec![request.evidence()];
            evidence.extend(certificate.evidence());
            let arguments = Arguments::new()
                .text("file", facts.name(request.input))
                .text("name", certificate.label())
                .text("case", case)
                .text("absent", list(&absent))
                .text("added", list(&added));
            found.push(Found::at_all(Severity::Warning, evidence, arguments));
        }
    }
    Outcome::of(found)
}

/// Names that the request asks for and the certificate lacks, and names that it has beyond the request; sorted.
pub(super) fn missing_names(
    request: &RequestFacts<'_>,
    certificate: &CertificateFacts<'_>,
) -> (Vec<String>, Vec<String>) {
    let asked = names(request.request.subject_alt_names());
    let issued = names(&certificate.certificate.subject_alt_names);
    (asked.difference(&issued).cloned().collect(), issued.difference(&asked).cloned().collect())
}

/// Every name, with its kind where the text alone does not tell; letters of host names count once.
fn names(names: &SubjectAltNames) -> BTreeSet<String> {
    let lower = |names: &[String]| -> Vec<String> {
        names.iter().map(|name| name.to_ascii_lowercase()).collect()
    };
    lower(&names.dns)
        .into_iter()
        .chain(names.ip.iter().map(|address| format!("IP {address}")))
        .chain(names.uri.iter().cloned())
        .chain(lower(&names.email))
        .collect()
}

fn list(names: &[String]) -> String {
    let mut text = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(", …");
    }
    text
}
