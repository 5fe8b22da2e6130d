//! CAP-RTP-001 and CAP-RTP-002 have expired (C5): what rests on them fails where dates are checked.

use crate::evidence::facts::{CertificateFacts, Facts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::report::model::Severity;
use crate::time::UnixTime;

pub(super) const CHECK: Check =
    Check { code: "cisco_ca_expired", severity: Severity::Warning, refs: &["C5"], evaluate };

/// Common names and last days: 2023-02-07 and 2023-10-10.
const AUTHORITIES: [(&str, UnixTime); 2] =
    [("CAP-RTP-001", UnixTime(1_675_728_000)), ("CAP-RTP-002", UnixTime(1_696_896_000))];

/// Is this one of the two CAs itself?
pub(super) fn is_named(certificate: &CertificateFacts<'_>) -> bool {
    let mut names = certificate.certificate.subject.common_names();
    names.any(|name| AUTHORITIES.iter().any(|(authority, _)| *authority == name))
}

fn evaluate(facts: &Facts<'_>) -> Outcome {
    if facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut found = Vec::new();
    for certificate in facts.certificates.values() {
        let of = |name: &str| AUTHORITIES.iter().find(|(authority, _)| *authority == name);
        let subject = certificate.certificate.subject.common_names().find_map(of);
        let issuer = certificate.certificate.issuer.common_names().find_map(of);
        let Some((authority, known)) = subject.or(issuer) else { continue };
        // The CA itself says when it ends.
        let own = certificate.certificate.not_after.at().filter(|_| subject.is_some());
        let end = own.unwrap_or(*known);
        if facts.now < end {
            continue;
        }
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("authority", *authority)
            .text("end", end.to_string())
            .text("case", if subject.is_some() { "authority" } else { "issued" });
        found.push(Found::at_all(Severity::Warning, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
