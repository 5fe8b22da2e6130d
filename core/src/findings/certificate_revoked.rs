//! A certificate that a revocation list among the inputs names. The list counts in full only when its issuer's
//! certificate was given and verifies it; a list that this certificate refutes says nothing.

use std::collections::BTreeMap;

use crate::evidence::facts::{CertificateFacts, Facts, RevocationListFacts};
use crate::findings::{Arguments, Check, Found, Outcome};
use crate::limits;
use crate::phone::derived::Derived;
use crate::report::model::{Evidence, Severity};
use crate::x509::Revoked;

pub(super) const CHECK: Check =
    Check { code: "certificate_revoked", severity: Severity::Error, refs: &["B8"], evaluate };

/// Extensions of an entry (RFC 5280 section 5.3).
const REASON: &str = "2.5.29.21";
const CERTIFICATE_ISSUER: &str = "2.5.29.29";

fn evaluate(facts: &Derived<'_>) -> Outcome {
    if facts.revocation_lists.is_empty() || facts.certificates.is_empty() {
        return Outcome::NotApplicable;
    }
    let mut by_subject: BTreeMap<&[u8], Vec<&CertificateFacts<'_>>> = BTreeMap::new();
    let mut by_serial: BTreeMap<(&[u8], &[u8]), Vec<&CertificateFacts<'_>>> = BTreeMap::new();
    for facts in facts.certificates.values() {
        let certificate = facts.certificate;
        let same = by_subject.entry(&certificate.subject.raw).or_default();
        if same.len() < limits::SIGNER_CANDIDATES {
            same.push(facts);
        }
        let same = by_serial.entry((&certificate.issuer.raw, &certificate.serial)).or_default();
        if same.len() < limits::SIGNER_CANDIDATES {
            same.push(facts);
        }
    }
    let mut found = Vec::new();
    for list in &facts.revocation_lists {
        let issuers = by_subject.get(list.list.issuer.raw.as_slice());
        let (severity, case) = match issuers {
            None => (Severity::Warning, "unchecked"),
            Some(issuers) => {
                let signed = |issuer: &&CertificateFacts<'_>| {
                    list.list.verify(&issuer.certificate.public_key).is_ok()
                };
                if !issuers.iter().any(signed) {
                    continue;
                }
                (Severity::Error, "verified")
            }
        };
        for entry in &list.list.revoked {
            // From here on the entries are those of another issuer.
            if extension_of(entry, CERTIFICATE_ISSUER).is_some() {
                break;
            }
            // removeFromCRL: no longer revoked.
            if extension_of(entry, REASON) == Some(&[0x0a, 1, 8]) {
                continue;
            }
            let key = (list.list.issuer.raw.as_slice(), entry.serial.as_slice());
            for certificate in by_serial.get(&key).into_iter().flatten() {
                found.push(revoked(facts, list, entry, certificate, (severity, case)));
            }
        }
    }
    Outcome::of(found)
}

fn revoked(
    facts: &Facts<'_>,
    list: &RevocationListFacts<'_>,
    entry: &Revoked,
    certificate: &CertificateFacts<'_>,
    (severity, case): (Severity, &'static str),
) -> Found {
    let place = Evidence { input: list.input, offset: Some(list.offset), ..Evidence::default() };
    let mut evidence = vec![place];
    evidence.extend(certificate.evidence());
    let arguments = Arguments::new()
        .text("name", certificate.label())
        .text("serial", certificate.certificate.serial_hex())
        .text("file", facts.name(list.input))
        .text("made", list.list.this_update.to_string())
        .text("since", entry.since.to_string())
        .text("case", case);
    Found::at_all(severity, evidence, arguments)
}

/// Content of the extension `oid` of an entry.
fn extension_of<'a>(entry: &'a Revoked, oid: &str) -> Option<&'a [u8]> {
    let extension = entry.extensions.iter().find(|extension| extension.oid == oid)?;
    Some(&extension.value)
}
