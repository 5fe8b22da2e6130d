//! One of Cisco's CAs has expired (C5): CAP-RTP-001 and CAP-RTP-002 have, the others will. What rests on them fails where
//! dates are checked.

use crate::evidence::facts::CertificateFacts;
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::phone::derived::Derived;
use crate::phone::manufacturing::{self, Recognised};
use crate::report::model::Severity;

pub(super) const CHECK: Check =
    Check { code: "cisco_ca_expired", severity: Severity::Warning, refs: &["C5"], evaluate };

/// Is this one of those CAs itself?
pub(super) fn is_named(certificate: &CertificateFacts<'_>) -> bool {
    manufacturing::subject(certificate.certificate)
        .is_some_and(|(_, recognised)| recognised != Recognised::Contradicts)
}

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let genuine = |found: &(_, Recognised)| found.1 != Recognised::Contradicts;
    let mut found = Vec::new();
    for certificate in facts.certificates.values() {
        let subject = manufacturing::subject(certificate.certificate).filter(genuine);
        let issuer = manufacturing::issuer(certificate.certificate).filter(genuine);
        let Some((authority, _)) = subject.or(issuer) else { continue };
        // The CA itself says when it ends.
        let own = certificate.certificate.not_after.at().filter(|_| subject.is_some());
        let Some(end) = own.or(authority.end) else { continue };
        if facts.now < end {
            continue;
        }
        let arguments = Arguments::new()
            .text("name", certificate.label())
            .text("authority", authority.name)
            .text("end", end.to_string())
            .text("case", if subject.is_some() { "authority" } else { "issued" });
        found.push(Found::at_all(Severity::Warning, certificate.evidence(), arguments));
    }
    Outcome::of(found)
}
